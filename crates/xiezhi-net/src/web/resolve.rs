//! From origins and protected resources to addresses, load balancers and interfaces of the estate.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use crate::model::{BackendTo, Balancer, Bound, Eni, Estate, Guard, GuardKind, Id, RecordTo, Seen};
use crate::path::Entry;
use crate::reach::Exposure;

/// How many names may follow one another before it counts as a loop.
const LONGEST: usize = 16;

/// The interfaces behind a load balancer that evidence names.
pub(super) fn backends<'a>(estate: &Estate<'a>, balancer: &Balancer) -> Vec<&'a Eni> {
    let mut found: BTreeMap<&Id, &Eni> = BTreeMap::new();
    for backend in
        balancer.listeners.known().into_iter().flatten().filter_map(|listener| listener.backends.known()).flatten()
    {
        let eni = match &backend.to {
            BackendTo::Instance(id) | BackendTo::Interface(id) => estate.interface(id),
            BackendTo::Address(address) => balancer.vpc.known().and_then(|vpc| estate.at(vpc, *address)),
            BackendTo::Other(_) => None,
        };
        if let Some(eni) = eni {
            found.insert(&eni.id, eni);
        }
    }
    found.into_values().collect()
}

/// The public addresses of an interface: EIPs, its own, and IPv6 with bandwidth.
pub(super) fn public_addresses(estate: &Estate<'_>, eni: &Eni) -> Vec<IpAddr> {
    let eips = eni.addresses.iter().filter_map(|own| estate.own_eip(eni, IpAddr::V4(*own))).map(|eip| eip.address);
    let own = eni.public.iter().map(|own| IpAddr::V4(own.public));
    let ipv6 = eni.ipv6.iter().filter(|own| own.bandwidth == Seen::Known(true)).map(|own| IpAddr::V6(own.address));
    eips.chain(own).chain(ipv6).collect()
}

/// Interfaces and load balancers that serve one origin.
#[derive(Clone, Default)]
pub(super) struct Behind {
    /// Public addresses of the origin.
    pub(super) addresses: BTreeSet<IpAddr>,
    /// Interfaces that serve it, directly or behind a balancer.
    pub(super) interfaces: BTreeSet<Id>,
    /// Load balancers that serve it.
    pub(super) balancers: BTreeSet<Id>,
    /// Ports on which the interfaces serve it.
    pub(super) ports: BTreeSet<u16>,
    /// Names that could not be followed to an address.
    pub(super) unresolved: BTreeSet<String>,
}

/// Names of the estate, followed to addresses.
pub(super) struct Origins<'e, 'a> {
    estate: &'e Estate<'a>,
    names: BTreeMap<&'a str, &'a [RecordTo]>,
}

impl<'e, 'a> Origins<'e, 'a> {
    pub(super) fn of(estate: &'e Estate<'a>) -> Self {
        let names = estate
            .net
            .web
            .names
            .iter()
            .filter_map(|name| Some((name.name.as_str(), name.records.known()?.as_slice())))
            .collect();
        Self { estate, names }
    }

    /// The addresses to which something points, or the names that lead nowhere.
    pub(super) fn addresses(
        &self,
        to: &RecordTo,
        left: usize,
        addresses: &mut BTreeSet<IpAddr>,
        unresolved: &mut BTreeSet<String>,
    ) {
        match (to, left.checked_sub(1)) {
            (RecordTo::Address(address), _) => {
                addresses.insert(*address);
            }
            (RecordTo::Name(name), left) => match left.zip(self.names.get(name.as_str())) {
                Some((left, records)) => {
                    for next in *records {
                        self.addresses(next, left, addresses, unresolved);
                    }
                }
                None => {
                    unresolved.insert(name.clone());
                }
            },
        }
    }

    /// What serves the application that a guard protects.
    pub(super) fn behind(&self, guard: &Guard) -> Behind {
        let mut behind = Behind::default();
        for origin in guard.origins.known().into_iter().flatten() {
            behind.ports.extend(&origin.ports);
            self.addresses(&origin.to, LONGEST, &mut behind.addresses, &mut behind.unresolved);
        }
        if let Some(id) = &guard.resource {
            if let Some(balancer) = self.estate.balancer(id) {
                behind.balancers.insert(balancer.id.clone());
                behind.addresses.extend(self.estate.fronts(balancer));
            } else if let Some(eni) = self.estate.interface(id) {
                behind.interfaces.insert(eni.id.clone());
                behind.addresses.extend(public_addresses(self.estate, eni).iter().filter(|address| address.is_ipv4()));
            }
            behind.ports.extend(guard.ports.known().into_iter().flatten());
        }
        let net = self.estate.net;
        for address in behind.addresses.clone() {
            if let Some(eip) = self.estate.eip(address) {
                behind.interfaces.extend(self.estate.interface_of(eip).map(|(eni, _)| eni.id.clone()));
                if let Some(Bound::Nat(_)) = eip.bound.known().map(|binding| &binding.to) {
                    for entry in net
                        .nats
                        .iter()
                        .filter_map(|nat| Some((nat, nat.dnat.known()?)))
                        .flat_map(|(nat, entries)| entries.iter().map(move |entry| (nat, entry)))
                    {
                        if IpAddr::V4(entry.1.external) == address {
                            behind.interfaces.extend(
                                self.estate.at(&entry.0.vpc, entry.1.internal.into()).map(|eni| eni.id.clone()),
                            );
                        }
                    }
                }
            }
            behind.interfaces.extend(
                net.enis
                    .iter()
                    .filter(|eni| eni.public.iter().any(|own| IpAddr::V4(own.public) == address))
                    .map(|eni| eni.id.clone()),
            );
            behind.interfaces.extend(
                net.enis
                    .iter()
                    .filter(|eni| eni.ipv6.iter().any(|own| IpAddr::V6(own.address) == address))
                    .map(|eni| eni.id.clone()),
            );
            behind.balancers.extend(
                net.balancers
                    .iter()
                    .filter(|balancer| self.estate.fronts(balancer).contains(&address))
                    .map(|balancer| balancer.id.clone()),
            );
        }
        for balancer in behind.balancers.iter().filter_map(|id| self.estate.balancer(id)) {
            behind.interfaces.extend(backends(self.estate, balancer).iter().map(|eni| eni.id.clone()));
            let listeners = balancer.listeners.known().into_iter().flatten();
            behind.ports.extend(
                listeners.filter_map(|listener| listener.backends.known()).flatten().filter_map(|backend| backend.port),
            );
        }
        behind
    }
}

/// Whether a guard with what it serves stands before an exposure.
pub(super) fn protects(guard: &Guard, behind: &Behind, exposure: &Exposure) -> bool {
    match guard.kind {
        GuardKind::WafNative => {
            matches!(&exposure.entry, Entry::Listener(balancer, _) if guard.resource.as_ref() == Some(balancer))
        }
        GuardKind::WafTransparent => exposure.destination.is_ipv4() && behind.addresses.contains(&exposure.destination),
        GuardKind::WafProxy | GuardKind::Cdn | GuardKind::AntiDdosProxy => {
            behind.addresses.contains(&exposure.destination)
        }
    }
}
