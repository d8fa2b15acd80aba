//! Flows from interfaces and premises to an interface endpoint of PrivateLink, by it to the listeners of the load balancer behind the
//! service, and to the servers behind those (PL-1). Which address the far side sees no document says: what hangs on it is
//! open.

use std::net::IpAddr;

use ipnet::IpNet;

use super::band::Band;
use super::entries::{Finder, number_of, seen_bool};
use super::fields::Reader;
use super::inside_sets;
use super::premises::{Bearing, premises_sets};
use super::relays::{Relayed, sets};
use super::side::{Side, Sided, Sides};
use crate::assume::{Readings, Reasons, Truth, missing};
use crate::model::{Balancer, BalancerKind, Client, Eni, Estate, Listener, Premises, PrivateEndpoint, Seen};
use crate::path::Target;
use crate::set::{Addresses, Match, PacketSet, Protocols, Ranges};

/// Packets that surely and perhaps arrive, and why the two differ.
#[derive(Clone)]
struct Sets {
    certain: PacketSet,
    possible: PacketSet,
    reasons: Reasons,
}

impl From<(PacketSet, PacketSet, Reasons)> for Sets {
    fn from((certain, possible, reasons): (PacketSet, PacketSet, Reasons)) -> Self {
        Self { certain, possible, reasons }
    }
}

impl Sets {
    fn given(&self, condition: &Truth) -> Self {
        match condition {
            Truth::Yes => self.clone(),
            Truth::No => Self { certain: PacketSet::empty(), possible: PacketSet::empty(), reasons: Reasons::new() },
            Truth::Unknown(why) => {
                let reasons = self.reasons.iter().chain(why).cloned().collect();
                Self { certain: PacketSet::empty(), possible: self.possible.clone(), reasons }
            }
        }
    }

    fn and(&self, certain: &PacketSet, possible: &PacketSet, why: Reasons) -> Self {
        Self {
            certain: self.certain.intersect(certain),
            possible: self.possible.intersect(possible),
            reasons: self.reasons.iter().cloned().chain(why).collect(),
        }
    }

    fn or(&self, other: &Self) -> Self {
        Self {
            certain: self.certain.union(&other.certain),
            possible: self.possible.union(&other.possible),
            reasons: self.reasons.iter().chain(&other.reasons).cloned().collect(),
        }
    }
}

/// What clients reach at a listener by an endpoint and, by it, at the servers behind.
pub(crate) fn linked_sets(
    estate: &Estate<'_>,
    readings: &Readings,
    from: &[Client<'_>],
    endpoint: &PrivateEndpoint,
    balancer: &Balancer,
    listener: &Listener,
) -> Vec<Relayed> {
    let Some(protocol) = number_of(listener.protocol.transport()) else { return Vec::new() };
    if balancer.kind == BalancerKind::Gwlb {
        return Vec::new();
    }
    let reader = Reader::new(estate, readings);
    let sides = Sides { v4: Side::new(&reader), v6: Side::new(&reader) };
    let mut finder = Finder::new(&reader, sides, None).inside();
    let gate = gate(estate, endpoint, balancer, listener);
    let mut all = Vec::new();
    for at in endpoint.interfaces.iter().filter_map(|id| estate.eni(id)) {
        let senders = from.iter().filter_map(|client| match client {
            Client::Inside(eni) if eni.id != at.id => Some(*eni),
            Client::Inside(_) | Client::Outside(_) => None,
        });
        let senders: Vec<&Eni> = senders.collect();
        let outside = from.iter().filter_map(|client| match client {
            Client::Outside(premises) => Some(*premises),
            Client::Inside(_) => None,
        });
        let outside: Vec<&Premises> = outside.collect();
        let own =
            at.addresses.iter().map(|own| IpAddr::V4(*own)).chain(at.ipv6.iter().map(|own| IpAddr::V6(own.address)));
        for front in own {
            let asked = PacketSet::from(Match {
                destination: Addresses::from_nets([IpNet::from(front)]),
                protocols: if protocol == 6 { Protocols::TCP } else { Protocols::UDP },
                ports: Ranges::collect([listener.ports]),
                ..Match::everything()
            });
            let here = Sets::from(inside_sets(estate, readings, &senders, &[at], &asked));
            let arriving = outside
                .iter()
                .map(|premises| Sets::from(premises_sets(estate, readings, premises, &[at], Bearing::In, &asked)));
            let base = arriving.fold(here, |all, one| all.or(&one)).given(&gate);
            let mut found = match front {
                IpAddr::V4(own) => {
                    servers(&mut finder, endpoint, balancer, listener, (u32::from(own), protocol), &base)
                }
                IpAddr::V6(own) => {
                    servers(&mut finder, endpoint, balancer, listener, (u128::from(own), protocol), &base)
                }
            };
            found.insert(0, (Target::Listener(balancer.id.clone(), listener.id.clone()), base));
            all.extend(found.into_iter().filter(|(_, sets)| !sets.possible.is_empty()).map(|(target, sets)| {
                let Sets { certain, possible, reasons } = sets;
                let reasons = if certain == possible { Reasons::new() } else { reasons };
                Relayed { front, target, certain, possible, reasons }
            }));
        }
    }
    all
}

/// What holds for every packet: the connection, the balancer that serves it, the state of the listener, and what refuses
/// clients by an address that nobody knows.
fn gate(estate: &Estate<'_>, endpoint: &PrivateEndpoint, balancer: &Balancer, listener: &Listener) -> Truth {
    let open = |what: String| Truth::Unknown(missing(what));
    let client = || open(format!("the client address behind {}", endpoint.id));
    let connected = seen_bool(&endpoint.connected, open(format!("state of {}", endpoint.id)));
    let several = endpoint.balancers.known().is_some_and(|ids| ids.len() > 1);
    let which = if several { open(format!("which load balancer serves {}", endpoint.id)) } else { Truth::Yes };
    let running = seen_bool(&listener.running, open(format!("state of listener {}", listener.id)));
    let access = match &listener.access {
        Seen::Absent => Truth::Yes,
        Seen::Known(_) => client(),
        Seen::Missing(what) => Truth::Unknown(missing(what.clone())),
    };
    let mut all = connected.and(which).and(running).and(access);
    if balancer.kind != BalancerKind::Clb {
        all = all.and(match &balancer.groups {
            Seen::Known(groups) if !groups.is_empty() => client(),
            Seen::Known(_) | Seen::Absent => Truth::Yes,
            Seen::Missing(what) => Truth::Unknown(missing(what.clone())),
        });
    }
    if balancer.kind == BalancerKind::Nlb {
        all = all.and(match &balancer.vswitches {
            Seen::Known(ids) if !ids.is_empty() => {
                ids.iter().fold(Truth::Yes, |all, id| match estate.vswitch(id).map(|vswitch| &vswitch.acl) {
                    Some(Seen::Absent) => all,
                    Some(Seen::Known(_)) => all.and(client()),
                    Some(Seen::Missing(what)) => all.and(Truth::Unknown(missing(what.clone()))),
                    None => all.and(open(format!("vSwitch {id}"))),
                })
            }
            Seen::Missing(what) => Truth::Unknown(missing(what.clone())),
            _ => open(format!("vSwitches of {}", balancer.id)),
        });
    }
    all
}

/// Whether servers behind a listener see the client's own address, which no document names behind an endpoint.
fn shows_client(balancer: &Balancer, listener: &Listener) -> bool {
    match balancer.kind {
        BalancerKind::Clb => !listener.protocol.is_layer7(),
        BalancerKind::Nlb => listener.preserve_client != Seen::Known(false),
        BalancerKind::Alb | BalancerKind::Gwlb => false,
    }
}

fn servers<A: Sided>(
    finder: &mut Finder<'_, '_>,
    endpoint: &PrivateEndpoint,
    balancer: &Balancer,
    listener: &Listener,
    (front, protocol): (A, u8),
    base: &Sets,
) -> Vec<(Target, Sets)> {
    let mut all: Vec<(Target, Sets)> = Vec::new();
    let mut add = |target: Target, sets: Sets| match all.iter_mut().find(|(known, _)| *known == target) {
        Some((_, known)) => *known = known.or(&sets),
        None => all.push((target, sets)),
    };
    if listener.redirect {
        return Vec::new();
    }
    if shows_client(balancer, listener) {
        for backend in listener.backends.known().into_iter().flatten() {
            let target = finder.reader.estate.backend_target(balancer, backend);
            let why = missing(format!("the client address behind {}", endpoint.id));
            add(target, base.given(&seen_bool(&backend.takes_flows, Truth::Yes).and(Truth::Unknown(why))));
        }
        return all;
    }
    for (target, band) in finder.behind::<A>(balancer, listener, &Band::open(), protocol) {
        let reasons = band.reasons();
        let (certain, possible) = sets(front, band);
        add(target, base.and(&certain, &possible, reasons));
    }
    all
}
