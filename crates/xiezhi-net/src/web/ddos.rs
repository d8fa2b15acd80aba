//! Anti-DDoS beyond the free basic protection: which addresses it covers, and where it covers a load balancer but not
//! the servers behind it (reference, EDGE-6 and case 16).

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use super::resolve::{self, Origins};
use super::{Case, Effect, Way};
use crate::assume::{Reason, Reasons, Truth};
use crate::model::{Estate, GuardKind, Id, Network, Seen};
use crate::set::PacketSet;

/// The addresses before which Anti-DDoS stands: where they are (Origin, enhanced EIPs), or as a proxy's origin.
#[derive(Clone, Debug)]
pub struct Scrubbed {
    surely: BTreeSet<IpAddr>,
    perhaps: BTreeMap<IpAddr, Reasons>,
    gaps: Reasons,
}

impl Scrubbed {
    /// Of a network.
    #[must_use]
    pub fn of(network: &Network) -> Self {
        let estate = Estate::of(network);
        let origins = Origins::of(&estate);
        let web = &network.web;
        let mut all = Self {
            surely: web.ddos.iter().map(|cover| cover.address).chain(web.relayed.iter().copied()).collect(),
            perhaps: BTreeMap::new(),
            gaps: web.ddos.missing.iter().chain(&web.relayed.missing).cloned().map(Reason::Missing).collect(),
        };
        for guard in web.guards.iter().filter(|guard| guard.kind == GuardKind::AntiDdosProxy) {
            let behind = origins.behind(guard);
            match &guard.running {
                Seen::Known(true) => all.surely.extend(behind.addresses),
                Seen::Known(false) | Seen::Absent => {}
                Seen::Missing(what) => {
                    for address in behind.addresses {
                        all.perhaps.entry(address).or_default().insert(Reason::Missing(what.clone()));
                    }
                }
            }
            // Where an origin cannot be found, it may be any address.
            all.gaps.extend(guard.origins.gap().cloned().map(Reason::Missing));
            let unresolved = behind.unresolved.iter();
            all.gaps
                .extend(unresolved.flat_map(|name| crate::assume::missing(format!("the address of origin {name}"))));
        }
        all
    }

    /// Whether it stands before an address.
    #[must_use]
    pub fn before(&self, address: IpAddr) -> Truth {
        if self.surely.contains(&address) {
            return Truth::Yes;
        }
        let open: Reasons = self.perhaps.get(&address).into_iter().flatten().chain(&self.gaps).cloned().collect();
        if open.is_empty() { Truth::No } else { Truth::Unknown(open) }
    }
}

/// The load balancers of which Anti-DDoS covers a public address.
#[must_use]
pub fn ddos_covered(network: &Network) -> BTreeSet<Id> {
    let estate = Estate::of(network);
    let covers = |front: &IpAddr| network.web.ddos.iter().any(|cover| cover.address == *front);
    let covered = network.balancers.iter().filter(|balancer| estate.fronts(balancer).iter().any(covers));
    covered.map(|balancer| balancer.id.clone()).collect()
}

/// Anti-DDoS before a load balancer but not before public addresses of its backends (case 16).
#[must_use]
pub fn ddos_gaps(network: &Network) -> Vec<Way> {
    let estate = Estate::of(network);
    let fronted = ddos_covered(network);
    let covered: BTreeSet<IpAddr> = network.web.ddos.iter().map(|cover| cover.address).collect();
    let mut ways = Vec::new();
    for balancer in &network.balancers {
        if !fronted.contains(&balancer.id) {
            continue;
        }
        for eni in resolve::backends(&estate, balancer) {
            let open: Vec<IpAddr> = resolve::public_addresses(&estate, eni)
                .into_iter()
                .filter(|address| !covered.contains(address))
                .collect();
            if open.is_empty() {
                continue;
            }
            let verdict = if network.web.ddos.is_complete() {
                Truth::Yes
            } else {
                Truth::Unknown(network.web.ddos.missing.iter().cloned().map(Reason::Missing).collect())
            };
            let subjects = [balancer.id.to_string(), eni.id.to_string()]
                .into_iter()
                .chain(open.iter().map(IpAddr::to_string))
                .collect();
            ways.push(Way {
                case: Case::DdosBackends,
                effect: Effect::Bypass,
                verdict,
                subjects,
                packets: PacketSet::empty(),
                witness: None,
            });
        }
    }
    ways
}
