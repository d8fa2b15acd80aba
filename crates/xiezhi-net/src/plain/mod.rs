//! The plain evaluator: one packet at a time, straight from the reference, nothing clever.
//!
//! It is written to be read beside the reference and shares no ordering or set code with [`crate::reach`];
//! every witness of the engine is confirmed here, and the path of an answer is the path found here.
//!
//! ```
//! use xiezhi_net::{assume::{Readings, Truth}, model::*, plain, set::Flow};
//! let rule = RuleFields { ip_protocol: Some("tcp"), port_range: Some("22/22"), cidr: Some("0.0.0.0/0"), ..RuleFields::default() };
//! let network = Network {
//!     vpcs: vec![Vpc { id: "vpc-1".into(), cidrs: vec!["10.0.0.0/16".parse().unwrap()], ipv4_gateway: Seen::Absent, ipv6_gateway: Seen::Absent }].into(),
//!     groups: vec![SecurityGroup { id: "sg-1".into(), vpc: Some("vpc-1".into()), kind: Seen::Absent, inner: Seen::Known(Policy::Drop),
//!         rules: Seen::Known(vec![rule.rule("sgr-1", Direction::Ingress)]) }].into(),
//!     enis: vec![Eni { id: "eni-1".into(), instance: Some("i-1".into()), vpc: Seen::Known("vpc-1".into()), vswitch: Seen::Absent,
//!         addresses: vec!["10.0.0.5".parse().unwrap()], ipv6: vec![], public: vec![], groups: Seen::Known(vec!["sg-1".into()]) }].into(),
//!     eips: vec![Eip { id: "eip-1".into(), address: "47.1.2.3".parse().unwrap(), locked: false,
//!         bound: Seen::Known(Binding { to: Bound::Instance("i-1".into()), private: None, mode: EipMode::Nat }) }].into(),
//!     ..Network::default()
//! };
//! let ssh = Flow { source: "8.8.8.8".parse().unwrap(), destination: "47.1.2.3".parse().unwrap(), protocol: 6, source_port: 50_000, port: 22 };
//! let traces = plain::from_internet(&network, &Readings::default(), &ssh);
//! assert_eq!(traces[0].verdict, Truth::Yes);
//! assert_eq!(traces[0].hops.last().unwrap().rule, Some("sgr-1".into()));
//! let telnet = Flow { port: 23, ..ssh };
//! assert_eq!(plain::from_internet(&network, &Readings::default(), &telnet)[0].verdict, Truth::No);
//! ```

mod balance;
mod exits;
mod filters;
mod firewall;
mod inline;
mod inside;
mod linked;
mod matching;
mod nat;
mod outside;
mod premises;
mod relay;
mod services;
mod vpn;
mod ways;

use std::net::IpAddr;

use filters::Decision;
pub(crate) use matching::Judge;
use matching::{agree, unknown};
use ways::not;

use crate::assume::{Assumption, Readings, Truth};
use crate::model::{
    Balancer, Bound, Client, Eip, EipMode, Eni, Estate, HaVip, Id, Ipv6, Listener, Network, NextHop, Nic, Premises,
    Seen,
};
use crate::path::{Entry, Hop, Target, Trace};
use crate::set::Flow;

/// Answers for many packets over one network.
pub struct Evaluator<'a> {
    estate: Estate<'a>,
    readings: &'a Readings,
}

impl<'a> Evaluator<'a> {
    /// An evaluator for a network under some readings of the assumptions.
    #[must_use]
    pub fn new(network: &'a Network, readings: &'a Readings) -> Self {
        Self { estate: Estate::of(network), readings }
    }

    /// Every way that a flow from the internet takes through the estate: one trace for each entry and
    /// target that its destination address can mean; several backends of one listener give several
    /// traces with one target, of which the balancer chooses. A source that the internet cannot send
    /// (M-3) gives none.
    #[must_use]
    pub fn from_internet(&self, flow: &Flow) -> Vec<Trace> {
        Judge { estate: &self.estate, readings: self.readings }.internet_traces(flow)
    }

    /// The way of a flow between two interfaces, named by their ids; `None` when one is not in evidence
    /// or the flow's addresses are not theirs.
    #[must_use]
    pub fn between(&self, from: &Id, to: &Id, flow: &Flow) -> Option<Trace> {
        Judge { estate: &self.estate, readings: self.readings }.between(
            self.estate.eni(from)?,
            self.estate.eni(to)?,
            flow,
        )
    }
}

impl Evaluator<'_> {
    /// The ways of a flow from an interface to a listener of a load balancer at one of its private addresses, and by it
    /// to each server behind; none when the flow's addresses are not theirs or the listener does not take it.
    #[must_use]
    pub fn relayed(&self, from: &Id, balancer: &Id, listener: &Id, flow: &Flow) -> Vec<Trace> {
        let Some(from) = self.estate.eni(from) else { return Vec::new() };
        self.relayed_by(Client::Inside(from), balancer, listener, flow)
    }

    /// The same from premises.
    #[must_use]
    pub fn relayed_from(&self, from: &Premises, balancer: &Id, listener: &Id, flow: &Flow) -> Vec<Trace> {
        self.relayed_by(Client::Outside(from), balancer, listener, flow)
    }

    fn relayed_by(&self, from: Client<'_>, balancer: &Id, listener: &Id, flow: &Flow) -> Vec<Trace> {
        let judge = Judge { estate: &self.estate, readings: self.readings };
        let found = self.listener(balancer, listener);
        found.map_or_else(Vec::new, |(balancer, listener)| judge.relayed(from, balancer, listener, flow))
    }

    fn listener(&self, balancer: &Id, listener: &Id) -> Option<(&Balancer, &Listener)> {
        let balancer = self.estate.balancer(balancer)?;
        Some((balancer, balancer.listeners.known()?.iter().find(|known| known.id == *listener)?))
    }

    /// The ways of a flow from an interface to an interface endpoint of PrivateLink, by it to a listener of a load balancer
    /// of its service, and to each server behind; none when the flow's addresses are not theirs or the listener does not
    /// take it.
    #[must_use]
    pub fn linked(&self, from: &Id, endpoint: &Id, balancer: &Id, listener: &Id, flow: &Flow) -> Vec<Trace> {
        let Some(from) = self.estate.eni(from) else { return Vec::new() };
        self.linked_by(Client::Inside(from), endpoint, balancer, listener, flow)
    }

    /// The same from premises.
    #[must_use]
    pub fn linked_from(&self, from: &Premises, endpoint: &Id, balancer: &Id, listener: &Id, flow: &Flow) -> Vec<Trace> {
        self.linked_by(Client::Outside(from), endpoint, balancer, listener, flow)
    }

    fn linked_by(&self, from: Client<'_>, endpoint: &Id, balancer: &Id, listener: &Id, flow: &Flow) -> Vec<Trace> {
        let endpoint = self.estate.net.private_endpoints.iter().find(|known| known.id == *endpoint);
        let judge = Judge { estate: &self.estate, readings: self.readings };
        match (endpoint, self.listener(balancer, listener)) {
            (Some(endpoint), Some((balancer, listener))) => judge.linked(from, endpoint, balancer, listener, flow),
            _ => Vec::new(),
        }
    }

    /// The way of a flow from premises to an interface; `None` when the interface is not in evidence or the flow's
    /// destination is not its own.
    #[must_use]
    pub fn arriving(&self, from: &Premises, to: &Id, flow: &Flow) -> Option<Trace> {
        Judge { estate: &self.estate, readings: self.readings }.arriving(from, self.estate.eni(to)?, flow)
    }

    /// The way of a flow from premises to a private endpoint of a managed service; `None` when it is not in evidence or does
    /// not have the flow's destination.
    #[must_use]
    pub fn arriving_at(&self, from: &Premises, service: &Id, endpoint: &Id, flow: &Flow) -> Option<Trace> {
        let service = self.estate.service(service)?;
        let endpoint = service.endpoints.known()?.iter().find(|known| known.id == *endpoint)?;
        Judge { estate: &self.estate, readings: self.readings }.arriving_at(from, service, endpoint, flow)
    }

    /// The way of a flow from an interface to premises; `None` when the interface is not in evidence or the flow's source
    /// is not its own.
    #[must_use]
    pub fn leaving(&self, from: &Id, to: &Premises, flow: &Flow) -> Option<Trace> {
        Judge { estate: &self.estate, readings: self.readings }.leaving(self.estate.eni(from)?, to, flow)
    }

    /// The ways that a flow of an interface may take out to the internet, one for each; none when the interface is not in
    /// evidence, does not hold the source, or the destination is not on the internet.
    #[must_use]
    pub fn outside(&self, from: &Id, flow: &Flow) -> Vec<Trace> {
        let judge = Judge { estate: &self.estate, readings: self.readings };
        self.estate.eni(from).map_or_else(Vec::new, |from| judge.outside(from, flow))
    }

    /// The way of a flow from an interface to a private endpoint of a managed service; `None` when one
    /// is not in evidence or the flow's addresses are not theirs.
    #[must_use]
    pub fn to_endpoint(&self, from: &Id, service: &Id, endpoint: &Id, flow: &Flow) -> Option<Trace> {
        let service = self.estate.service(service)?;
        let endpoint = service.endpoints.known()?.iter().find(|known| known.id == *endpoint)?;
        Judge { estate: &self.estate, readings: self.readings }.to_endpoint(
            self.estate.eni(from)?,
            service,
            endpoint,
            flow,
        )
    }
}

/// [`Evaluator::from_internet`] for one packet.
#[must_use]
pub fn from_internet(network: &Network, readings: &Readings, flow: &Flow) -> Vec<Trace> {
    Evaluator::new(network, readings).from_internet(flow)
}

/// [`Evaluator::between`] for one packet.
#[must_use]
pub fn between(network: &Network, readings: &Readings, from: &Id, to: &Id, flow: &Flow) -> Option<Trace> {
    Evaluator::new(network, readings).between(from, to, flow)
}

/// A walk along hops; it stops at the first that surely drops.
pub(crate) struct Walk {
    hops: Vec<Hop>,
    verdict: Truth,
}

impl Walk {
    fn new() -> Self {
        Self { hops: Vec::new(), verdict: Truth::Yes }
    }

    fn stopped(&self) -> bool {
        self.verdict.is_no()
    }

    fn hop(&mut self, at: &Id, packet: &Flow, decide: impl FnOnce() -> Decision) {
        if self.stopped() {
            return;
        }
        let Decision { passes, law, rule } = decide();
        self.verdict = std::mem::replace(&mut self.verdict, Truth::No).and(passes.clone());
        self.hops.push(Hop { at: at.clone(), law, rule, packet: *packet, passes });
    }

    fn end(self, entry: Option<Entry>, target: Target) -> Trace {
        Trace { entry, target, hops: self.hops, verdict: self.verdict }
    }
}

/// The reply to a packet.
fn reply(flow: &Flow) -> Flow {
    Flow {
        source: flow.destination,
        destination: flow.source,
        protocol: flow.protocol,
        source_port: flow.port,
        port: flow.source_port,
    }
}

impl Judge<'_> {
    pub(crate) fn internet_traces(&self, flow: &Flow) -> Vec<Trace> {
        if !self.is_internet(flow.source) {
            return Vec::new();
        }
        let net = self.estate.net;
        let mut traces = Vec::new();
        for eip in net.eips.iter().filter(|eip| eip.address == flow.destination) {
            traces.extend(self.through_eip(eip, flow));
        }
        for eni in &net.enis {
            for own in eni.public.iter().filter(|own| IpAddr::V4(own.public) == flow.destination) {
                traces.push(self.through_own(eni, own.private.into(), flow));
            }
            for own in eni.ipv6.iter().filter(|own| IpAddr::V6(own.address) == flow.destination) {
                traces.push(self.through_ipv6(eni, own, flow));
            }
        }
        for nat in net.nats.iter().filter(|nat| !nat.intranet) {
            for entry in
                nat.dnat.known().into_iter().flatten().filter(|entry| IpAddr::V4(entry.external) == flow.destination)
            {
                traces.extend(self.through_dnat(nat, entry, flow));
            }
        }
        for balancer in net.balancers.iter().filter(|balancer| self.estate.fronts(balancer).contains(&flow.destination))
        {
            for listener in balancer.listeners.known().into_iter().flatten() {
                traces.extend(self.through_listener(balancer, listener, flow));
            }
        }
        for service in &net.services {
            for endpoint in service
                .endpoints
                .known()
                .into_iter()
                .flatten()
                .filter(|endpoint| endpoint.address.unwrap_or(crate::path::UNRESOLVED) == flow.destination)
            {
                traces.extend(self.through_endpoint(service, endpoint, flow));
            }
        }
        traces
    }

    /// The traces of a flow that enters at a known entry.
    pub(crate) fn through(&self, entry: &Entry, flow: &Flow) -> Vec<Trace> {
        let estate = self.estate;
        match entry {
            Entry::Eip(_) => estate.eip(flow.destination).map_or_else(Vec::new, |eip| self.through_eip(eip, flow)),
            Entry::Own(id) => {
                let eni = estate.eni(id);
                let own = eni.and_then(|eni| eni.public.iter().find(|own| IpAddr::V4(own.public) == flow.destination));
                eni.zip(own).map(|(eni, own)| self.through_own(eni, own.private.into(), flow)).into_iter().collect()
            }
            Entry::Ipv6(id) => {
                let eni = estate.eni(id);
                let own = eni.and_then(|eni| eni.ipv6.iter().find(|own| IpAddr::V6(own.address) == flow.destination));
                eni.zip(own).map(|(eni, own)| self.through_ipv6(eni, own, flow)).into_iter().collect()
            }
            Entry::Dnat(nat, id) => {
                let nat = estate.nat(nat);
                let entry = nat.and_then(|nat| nat.dnat.known()?.iter().find(|entry| entry.id == *id));
                nat.zip(entry).and_then(|(nat, entry)| self.through_dnat(nat, entry, flow)).into_iter().collect()
            }
            Entry::Listener(balancer, id) => {
                let balancer = estate.balancer(balancer);
                let listener = balancer
                    .and_then(|balancer| balancer.listeners.known()?.iter().find(|listener| listener.id == *id));
                balancer
                    .zip(listener)
                    .map_or_else(Vec::new, |(balancer, listener)| self.through_listener(balancer, listener, flow))
            }
            Entry::Endpoint(service, id) => {
                let service = estate.service(service);
                let endpoint =
                    service.and_then(|service| service.endpoints.known()?.iter().find(|endpoint| endpoint.id == *id));
                service
                    .zip(endpoint)
                    .and_then(|(service, endpoint)| self.through_endpoint(service, endpoint, flow))
                    .into_iter()
                    .collect()
            }
        }
    }

    /// PUB-3, PUB-4: an EIP that stands for an interface or a high-availability address.
    fn through_eip(&self, eip: &Eip, flow: &Flow) -> Vec<Trace> {
        let entry = Some(Entry::Eip(eip.id.clone()));
        let Some(binding) = eip.bound.known() else { return Vec::new() };
        if let Bound::HaVip(id) = &binding.to {
            return self
                .estate
                .net
                .havips
                .iter()
                .filter(|havip| havip.id == *id)
                .flat_map(|havip| self.through_havip(eip, havip, flow))
                .collect();
        }
        let Some((eni, private)) = self.estate.interface_of(eip) else {
            let Bound::Address(vpc, address) = &binding.to else { return Vec::new() };
            let mut walk = Walk::new();
            walk.hop(&eip.id, flow, || self.internet_boundary(flow));
            walk.hop(vpc, flow, || {
                Decision::new(unknown(format!("the interface that holds {address} in {vpc}")), "PUB-3", None)
            });
            return vec![walk.end(entry, Target::Address(vpc.clone(), (*address).into()))];
        };
        let cut_through = binding.mode == EipMode::CutThrough;
        let own = if cut_through { eip.address } else { private };
        let inner = Flow { destination: own, ..*flow };
        let mut walk = Walk::new();
        walk.hop(&eip.id, flow, || self.internet_boundary(flow));
        if !cut_through {
            self.gateway(&mut walk, eni, own, flow);
        }
        self.enter(&mut walk, eni, &inner, Nic::Intranet, !cut_through);
        vec![walk.end(entry, Target::Interface(eni.id.clone()))]
    }

    fn through_havip(&self, eip: &Eip, havip: &HaVip, flow: &Flow) -> Vec<Trace> {
        let members = havip.members.known().into_iter().flatten().filter_map(|id| self.estate.interface(id));
        let inner = Flow { destination: havip.address.into(), ..*flow };
        members
            .map(|eni| {
                let mut walk = Walk::new();
                walk.hop(&eip.id, flow, || self.internet_boundary(flow));
                walk.hop(&havip.id, &inner, || {
                    Decision::new(unknown(format!("which member holds {}", havip.id)), "PUB-3", None)
                });
                self.gateway(&mut walk, eni, havip.address.into(), flow);
                self.enter(&mut walk, eni, &inner, Nic::Intranet, true);
                walk.end(Some(Entry::Eip(eip.id.clone())), Target::Interface(eni.id.clone()))
            })
            .collect()
    }

    /// A public address of the instance itself; in the classic network a second interface (SG-2).
    fn through_own(&self, eni: &Eni, private: IpAddr, flow: &Flow) -> Trace {
        let mut walk = Walk::new();
        walk.hop(&eni.id, flow, || self.internet_boundary(flow));
        if eni.vpc == Seen::Absent {
            self.enter(&mut walk, eni, flow, Nic::Internet, true);
        } else {
            self.gateway(&mut walk, eni, private, flow);
            self.enter(&mut walk, eni, &Flow { destination: private, ..*flow }, Nic::Intranet, true);
        }
        walk.end(Some(Entry::Own(eni.id.clone())), Target::Interface(eni.id.clone()))
    }

    /// V6-1, V6-2: a public IPv6 address.
    fn through_ipv6(&self, eni: &Eni, own: &Ipv6, flow: &Flow) -> Trace {
        let mut walk = Walk::new();
        walk.hop(&eni.id, flow, || self.internet_boundary(flow));
        walk.hop(own.id.as_ref().unwrap_or(&eni.id), flow, || {
            let public = match &own.bandwidth {
                Seen::Known(bought) => Truth::known(*bought),
                Seen::Absent => Truth::No,
                Seen::Missing(what) => unknown(what.clone()),
            };
            Decision::new(public, "V6-1", None)
        });
        let vpc = eni.vpc.known().and_then(|id| self.estate.vpc(id));
        let gateway = match vpc.map(|vpc| &vpc.ipv6_gateway) {
            Some(seen) => seen.clone(),
            None => Seen::Missing(format!("VPC of {}", eni.id).into()),
        };
        walk.hop(own.id.as_ref().unwrap_or(&eni.id), flow, || {
            let blocked = match &own.egress_only {
                Seen::Absent => Truth::No,
                Seen::Missing(what) => unknown(what.clone()),
                Seen::Known(targets) if own.id.as_ref().is_some_and(|id| targets.contains(id)) => Truth::Yes,
                Seen::Known(targets) if gateway.known().is_some_and(|id| targets.contains(id)) => {
                    self.readings.of(Assumption::Ipv6EgressOnly)
                }
                Seen::Known(_) => Truth::No,
            };
            Decision::new(not(blocked), "V6-1", None)
        });
        self.out_by(
            &mut walk,
            eni,
            flow,
            &gateway,
            |hop, id| matches!(hop, NextHop::Ipv6Gateway(other) if other == id),
        );
        self.enter(&mut walk, eni, flow, Nic::Intranet, true);
        walk.end(Some(Entry::Ipv6(eni.id.clone())), Target::Interface(eni.id.clone()))
    }
}
