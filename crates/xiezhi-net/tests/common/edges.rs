//! Packets that aim at the edges of rules.

#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::missing_docs_in_private_items
)]

use std::net::IpAddr;

use xiezhi_net::model::Network;
use xiezhi_net::set::Flow;

use super::{Dice, NETS, NETS6, PORTS, ip, net};

/// Addresses and ports at which some rule changes, each with its neighbours.
pub struct Edges {
    pub sources: Vec<IpAddr>,
    pub destinations: Vec<IpAddr>,
    pub ports: Vec<u16>,
}

impl Edges {
    pub fn of(network: &Network) -> Self {
        let mut sources = vec![ip("2400:3200::1"), ip("2001:4860::8888")];
        for _ in 0..40 {
            sources.extend([ip("1.1.1.1"), ip("223.5.5.5"), ip("8.8.8.8"), ip("47.9.9.9")]);
        }
        for text in NETS.iter().chain(&NETS6) {
            let net = net(text);
            match (net.network(), net.broadcast()) {
                (IpAddr::V4(low), IpAddr::V4(high)) => {
                    let (low, high) = (u32::from(low), u32::from(high));
                    sources
                        .extend([low, low.wrapping_sub(1), high, high.wrapping_add(1)].map(|a| IpAddr::V4(a.into())));
                }
                (IpAddr::V6(low), IpAddr::V6(high)) => {
                    let (low, high) = (u128::from(low), u128::from(high));
                    sources
                        .extend([low, low.wrapping_sub(1), high, high.wrapping_add(1)].map(|a| IpAddr::V6(a.into())));
                }
                _ => {}
            }
        }
        let mut destinations: Vec<IpAddr> = network.eips.iter().map(|eip| eip.address).collect();
        for eni in &network.enis {
            destinations.extend(eni.public.iter().map(|own| IpAddr::V4(own.public)));
            destinations.extend(eni.ipv6.iter().map(|own| IpAddr::V6(own.address)));
        }
        for balancer in &network.balancers {
            destinations.extend(balancer.public.known().into_iter().flatten());
        }
        for service in &network.services {
            destinations.extend(
                service
                    .endpoints
                    .known()
                    .into_iter()
                    .flatten()
                    .map(|endpoint| endpoint.address.unwrap_or(xiezhi_net::path::UNRESOLVED)),
            );
        }
        let mut ports: Vec<u16> =
            PORTS.iter().flat_map(|(low, high)| [*low, *high, low.saturating_sub(1), high.saturating_add(1)]).collect();
        ports.extend([53, 60, 61, 8000, 8100, 8101, 1000, 1060, 1061]);
        let listening: Vec<u16> = network
            .balancers
            .iter()
            .flat_map(|balancer| balancer.listeners.known().into_iter().flatten())
            .flat_map(|listener| [listener.ports.0, listener.ports.1, listener.ports.1 + 1, listener.ports.0 + 1])
            .collect();
        if !listening.is_empty() {
            // Elsewhere a balancer has nothing to say.
            ports = listening.iter().copied().cycle().take(120).chain(ports).collect();
        }
        ports.retain(|port| *port > 0);
        destinations.sort_unstable();
        destinations.dedup();
        Self { sources, destinations, ports }
    }

    /// A packet whose source and destination are of one family.
    pub fn packet(&self, dice: &mut Dice) -> Flow {
        let destination = *dice.pick(&self.destinations);
        let source = loop {
            let source = *dice.pick(&self.sources);
            if source.is_ipv4() == destination.is_ipv4() {
                break source;
            }
        };
        let protocol = *dice.pick(&[6, 6, 6, 6, 17, 17, 1, 58, 47, 50]);
        let ported = protocol == 6 || protocol == 17;
        let mut port = || if ported { *dice.pick(&self.ports) } else { 0 };
        Flow { source, destination, protocol, source_port: port(), port: port() }
    }
}
