//! Who sends the packets that a question is about: a part of the estate, or somebody in premises outside it.

use std::net::IpAddr;

use xiezhi_net::assume::Readings;
use xiezhi_net::model::{Id, Network, Premises};
use xiezhi_net::path::Trace;
use xiezhi_net::plain::Evaluator;
use xiezhi_net::relay::{self, Relay};
use xiezhi_net::set::{Addresses, Flow, Match, PacketSet};

use super::inside::crossed;
use super::premises::{self, Named};
use super::zones::Part as Zone;
use super::{Ground, Part, short};

/// Who sends.
#[derive(Clone, Copy)]
pub(super) enum Senders<'q> {
    /// Interfaces, and what the question calls them.
    Inside(&'q str, &'q Zone),
    /// Somebody behind one private way, of those that the question names.
    Outside(&'q Named<'q>, &'q Premises),
}

impl Senders<'_> {
    /// What an answer calls them.
    pub(super) fn name(self) -> String {
        match self {
            Self::Inside(start, _) => start.to_owned(),
            Self::Outside(_, premises) => short(premises.id.as_str()),
        }
    }

    /// Their packets.
    pub(super) fn asked(self) -> PacketSet {
        let addresses = match self {
            Self::Inside(_, zone) => &zone.addresses,
            Self::Outside(named, _) => &named.addresses,
        };
        let source = addresses.clone().unwrap_or_else(Addresses::all);
        PacketSet::from(Match { source, ..Match::everything() })
    }

    /// The interfaces of the estate among them.
    pub(super) fn interfaces(&self) -> &[Id] {
        match self {
            Self::Inside(_, zone) => &zone.interfaces,
            Self::Outside(..) => &[],
        }
    }

    /// What they reach by a load balancer over its private addresses.
    pub(super) fn relays(self, network: &Network, balancer: &Id) -> Vec<Relay> {
        match self {
            Self::Inside(_, zone) => relay::relays(network, &Readings::default(), &zone.zone(), balancer),
            Self::Outside(_, premises) => relay::relays_from(network, &Readings::default(), premises, balancer),
        }
    }

    /// What they reach by an interface endpoint that leads to a load balancer.
    pub(super) fn linked(self, network: &Network, endpoint: &Id, balancer: &Id) -> Vec<Relay> {
        let readings = Readings::default();
        match self {
            Self::Inside(_, zone) => relay::linked(network, &readings, &zone.zone(), endpoint, balancer),
            Self::Outside(_, premises) => relay::linked_from(network, &readings, premises, endpoint, balancer),
        }
    }

    /// The ways of a packet to a listener, by an endpoint when one is given.
    pub(super) fn walked(
        self,
        network: &Network,
        endpoint: Option<&Id>,
        (balancer, listener): (&Id, &Id),
        flow: &Flow,
    ) -> Vec<Trace> {
        let readings = Readings::default();
        let evaluator = Evaluator::new(network, &readings);
        match (self, endpoint) {
            (Self::Inside(_, zone), endpoint) => {
                let senders = zone.zone().interfaces(network).into_iter();
                let traces = senders.flat_map(|eni| match endpoint {
                    Some(endpoint) => evaluator.linked(&eni.id, endpoint, balancer, listener, flow),
                    None => evaluator.relayed(&eni.id, balancer, listener, flow),
                });
                traces.collect()
            }
            (Self::Outside(_, premises), Some(endpoint)) => {
                evaluator.linked_from(premises, endpoint, balancer, listener, flow)
            }
            (Self::Outside(_, premises), None) => evaluator.relayed_from(premises, balancer, listener, flow),
        }
    }

    /// An address of each sender, for a packet that shows where packets stop.
    pub(super) fn sources(self, network: &Network) -> Vec<IpAddr> {
        match self {
            Self::Inside(_, zone) => {
                let first = |eni: &xiezhi_net::model::Eni| eni.addresses.first().map(|own| IpAddr::V4(*own));
                zone.zone().interfaces(network).into_iter().filter_map(first).collect()
            }
            Self::Outside(named, premises) => named.sample(network, premises).into_iter().collect(),
        }
    }

    /// What of theirs arrives at a part of the estate.
    pub(super) fn crossed(self, ground: &Ground, goal: (&str, &Zone), port: Option<u16>) -> Option<Part> {
        match self {
            Self::Inside(start, zone) => Some(crossed(ground, (start, zone), goal, port)),
            Self::Outside(named, premises) => premises::arriving_by(ground, named, premises, goal, port),
        }
    }
}
