//! Every way in: EIPs, addresses of instances, IPv6, DNAT, managed services; load balancers are in [`super::listeners`].

use std::net::IpAddr;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::band::{Band, PortMap};
use super::fields::Reader;
use super::routes::split;
use super::side::{AnyBand, Goal, Side, Sided, Sides};
use crate::assume::{Assumption, Truth, missing};
use crate::model::{
    BalancerKind, Bound, Dnat, Eip, EipMode, Eni, HaVip, Ipv6, Mapping, Nat, Protocol, Seen, Service, ServiceEndpoint,
};
use crate::path::{Entry, Target, UNRESOLVED};
use crate::set::{Addresses, Ranges};

/// One exposure before it has a witness.
pub(super) struct Found {
    pub(super) entry: Entry,
    pub(super) target: Target,
    pub(super) destination: IpAddr,
    pub(super) band: AnyBand,
}

/// Walks over everything that could let the internet in.
pub(super) struct Finder<'r, 'a> {
    pub(super) reader: &'r Reader<'a>,
    pub(super) sides: Sides,
    assets: FxHashMap<IpAddr, Truth>,
    found: Vec<Found>,
    only: Option<&'r FxHashSet<Entry>>,
    /// Whether clients are those of the internet; else those of the estate.
    pub(super) from_internet: bool,
}

pub(super) fn seen_bool(seen: &Seen<bool>, absent: Truth) -> Truth {
    match seen {
        Seen::Known(value) => Truth::known(*value),
        Seen::Absent => absent,
        Seen::Missing(what) => Truth::Unknown(missing(what.clone())),
    }
}

pub(super) fn not(truth: Truth) -> Truth {
    match truth {
        Truth::Yes => Truth::No,
        Truth::No => Truth::Yes,
        unknown @ Truth::Unknown(_) => unknown,
    }
}

pub(super) const fn number_of(protocol: Protocol) -> Option<u8> {
    match protocol {
        Protocol::Tcp => Some(6),
        Protocol::Udp => Some(17),
        Protocol::Icmp | Protocol::Icmpv6 | Protocol::Gre | Protocol::All => None,
    }
}

impl<'r, 'a> Finder<'r, 'a> {
    pub(super) fn new(reader: &'r Reader<'a>, sides: Sides, only: Option<&'r FxHashSet<Entry>>) -> Self {
        let mut assets = FxHashMap::default();
        for asset in reader.estate.net.firewall.assets.known().into_iter().flatten() {
            assets.entry(asset.address).or_insert_with(|| seen_bool(&asset.on, Truth::No));
        }
        Self { reader, sides, assets, found: Vec::new(), only, from_internet: true }
    }

    /// The same for clients of the estate.
    pub(super) fn inside(self) -> Self {
        Self { from_internet: false, ..self }
    }

    /// Whether an entry is asked for.
    fn wants(&self, entry: &Entry) -> bool {
        self.only.is_none_or(|only| only.contains(entry))
    }

    pub(super) fn everything(mut self) -> Vec<Found> {
        let net = self.reader.estate.net;
        for eip in &net.eips {
            if !self.wants(&Entry::Eip(eip.id.clone())) {
                continue;
            }
            match eip.address {
                IpAddr::V4(address) => self.eip(eip, u32::from(address)),
                IpAddr::V6(address) => self.eip(eip, u128::from(address)),
            }
        }
        for eni in &net.enis {
            let (by_own, by_ipv6) = (self.wants(&Entry::Own(eni.id.clone())), self.wants(&Entry::Ipv6(eni.id.clone())));
            for own in eni.public.iter().filter(|_| by_own) {
                self.own(eni, own.private.into(), own.public.into());
            }
            for own in eni.ipv6.iter().filter(|_| by_ipv6) {
                self.ipv6(eni, own);
            }
        }
        for nat in net.nats.iter().filter(|nat| !nat.intranet) {
            for entry in nat.dnat.known().into_iter().flatten() {
                if self.wants(&Entry::Dnat(nat.id.clone(), entry.id.clone())) {
                    self.dnat(nat, entry);
                }
            }
        }
        for balancer in net.balancers.iter().filter(|balancer| balancer.kind != BalancerKind::Gwlb) {
            for front in self.reader.estate.fronts(balancer) {
                for listener in balancer.listeners.known().into_iter().flatten() {
                    if !self.wants(&Entry::Listener(balancer.id.clone(), listener.id.clone())) {
                        continue;
                    }
                    match front {
                        IpAddr::V4(address) => self.listener(balancer, listener, u32::from(address)),
                        IpAddr::V6(address) => self.listener(balancer, listener, u128::from(address)),
                    }
                }
            }
        }
        for service in &net.services {
            for endpoint in service.endpoints.known().into_iter().flatten() {
                if !self.wants(&Entry::Endpoint(service.id.clone(), endpoint.id.clone())) {
                    continue;
                }
                match endpoint.address.unwrap_or(UNRESOLVED) {
                    IpAddr::V4(address) => self.endpoint(service, endpoint, u32::from(address)),
                    IpAddr::V6(address) => self.endpoint(service, endpoint, u128::from(address)),
                }
            }
        }
        self.found
    }

    pub(super) fn add<A: Sided>(&mut self, entry: Entry, target: Target, destination: A, band: &Arc<Band<A>>) {
        let side = A::side(&mut self.sides);
        let origin = Arc::clone(&side.origin);
        let band = side.and(band, &origin);
        if !band.is_closed() {
            self.found.push(Found { entry, target, destination: destination.address(), band: A::wrap(band) });
        }
    }

    /// The internet boundary before a public address.
    pub(super) fn boundary<A: Sided>(&mut self, public: A) -> Arc<Band<A>> {
        let on = match &self.reader.estate.net.firewall.assets {
            Seen::Absent => Truth::No,
            Seen::Missing(what) => Truth::Unknown(missing(what.clone())),
            Seen::Known(_) => self.assets.get(&public.address()).cloned().unwrap_or(Truth::No),
        };
        A::side(&mut self.sides).firewall(self.reader, &on, public)
    }

    /// The last stretch: groups, then the vSwitch's ACL both ways.
    fn enter<A: Sided>(&mut self, eni: &Eni, own: A, internet_nic: bool, acl: bool) -> Arc<Band<A>> {
        let side = A::side(&mut self.sides);
        let groups = side.groups(self.reader, eni, own, internet_nic, false, true);
        let origin = Arc::clone(&side.origin);
        let groups = side.and(&groups, &origin);
        if !acl {
            return groups;
        }
        let acl = side.acl_of(self.reader, eni);
        side.and(&groups, &acl)
    }

    fn eip<A: Sided>(&mut self, eip: &Eip, public: A) {
        let Some(binding) = eip.bound.known() else { return };
        let entry = Entry::Eip(eip.id.clone());
        let boundary = self.boundary(public);
        if let Bound::HaVip(id) = &binding.to {
            for havip in self.reader.estate.net.havips.iter().filter(|havip| havip.id == *id) {
                self.havip(&entry, havip, public, &boundary);
            }
            return;
        }
        let Some((eni, private)) = self.reader.estate.interface_of(eip) else {
            if let Bound::Address(vpc, address) = &binding.to {
                let why = missing(format!("the interface that holds {address} in {vpc}"));
                self.add(
                    entry,
                    Target::Address(vpc.clone(), (*address).into()),
                    public,
                    &Arc::new(boundary.given(&Truth::Unknown(why))),
                );
            }
            return;
        };
        let cut_through = binding.mode == EipMode::CutThrough;
        let Some(own) = A::number(if cut_through { eip.address } else { private }) else { return };
        let mut band = self.enter(eni, own, false, !cut_through);
        let side = A::side(&mut self.sides);
        if !cut_through {
            let gateway = side.gateway(self.reader, eni, own);
            band = side.and(&band, &gateway);
        }
        band = side.and(&band, &boundary);
        self.add(entry, Target::Interface(eni.id.clone()), public, &band);
    }

    fn havip<A: Sided>(&mut self, entry: &Entry, havip: &HaVip, public: A, boundary: &Arc<Band<A>>) {
        let Some(own) = A::number(havip.address.into()) else { return };
        for eni in havip.members.known().into_iter().flatten().filter_map(|id| self.reader.estate.interface(id)) {
            let band = self.enter(eni, own, false, true);
            let side = A::side(&mut self.sides);
            let gateway = side.gateway(self.reader, eni, own);
            let band = side.and(&band, &gateway);
            let band = side.and(&band, boundary);
            let why = missing(format!("which member holds {}", havip.id));
            self.add(
                entry.clone(),
                Target::Interface(eni.id.clone()),
                public,
                &Arc::new(band.given(&Truth::Unknown(why))),
            );
        }
    }

    fn own(&mut self, eni: &Eni, private: u32, public: u32) {
        let boundary = self.boundary(public);
        let classic = eni.vpc == Seen::Absent;
        let mut band = self.enter(eni, if classic { public } else { private }, classic, true);
        if !classic {
            let gateway = self.sides.v4.gateway(self.reader, eni, private);
            band = self.sides.v4.and(&band, &gateway);
        }
        band = self.sides.v4.and(&band, &boundary);
        self.add(Entry::Own(eni.id.clone()), Target::Interface(eni.id.clone()), public, &band);
    }

    fn ipv6(&mut self, eni: &Eni, own: &Ipv6) {
        let public = seen_bool(&own.bandwidth, Truth::No);
        if public.is_no() {
            return;
        }
        let gateway = match eni.vpc.known().and_then(|id| self.reader.estate.vpc(id)) {
            Some(vpc) => vpc.ipv6_gateway.clone(),
            None => Seen::Missing(format!("VPC of {}", eni.id).into()),
        };
        let blocked = match &own.egress_only {
            Seen::Absent => Truth::No,
            Seen::Missing(what) => Truth::Unknown(missing(what.clone())),
            Seen::Known(targets) if own.id.as_ref().is_some_and(|id| targets.contains(id)) => Truth::Yes,
            Seen::Known(targets) if gateway.known().is_some_and(|id| targets.contains(id)) => {
                self.reader.readings.of(Assumption::Ipv6EgressOnly)
            }
            Seen::Known(_) => Truth::No,
        };
        let address = u128::from(own.address);
        let boundary = self.boundary(address);
        let band = self.enter(eni, address, false, true);
        let side = &mut self.sides.v6;
        let routed = match &gateway {
            Seen::Absent => return,
            Seen::Missing(what) => Side::unknown(missing(what.clone())),
            Seen::Known(id) => {
                let routed = side.route_of(self.reader, eni, Goal::Ipv6Gateway(id.clone()));
                match self.reader.steered(id, address) {
                    Truth::Yes => routed,
                    truth => Arc::new(routed.given(&truth)),
                }
            }
        };
        let band = side.and(&band, &routed);
        let band = side.and(&band, &boundary);
        let band = match public.and(not(blocked)) {
            Truth::Yes => band,
            truth => Arc::new(band.given(&truth)),
        };
        self.add(Entry::Ipv6(eni.id.clone()), Target::Interface(eni.id.clone()), address, &band);
    }

    fn dnat(&mut self, nat: &Nat, entry: &Dnat) {
        let (external, internal) = (u32::from(entry.external), u32::from(entry.internal));
        let via = Entry::Dnat(nat.id.clone(), entry.id.clone());
        let boundary = self.boundary(external);
        let gateway = self.nat_gateway(nat);
        let outside = self.sides.v4.and(&boundary, &gateway);
        let mapped = |band: &Band<u32>| match &entry.mapping {
            Mapping::Whole => band.clone(),
            Mapping::Ports { protocol, external, internal } => number_of(*protocol)
                .map_or_else(Band::closed, |protocol| band.translated(protocol, *external, PortMap::Shift(*internal))),
            Mapping::Missing(what) => band.given(&Truth::Unknown(missing(what.clone()))),
        };
        let Some(eni) = self.reader.estate.at(&nat.vpc, entry.internal.into()) else {
            let why = missing(format!("the interface that holds {} in {}", entry.internal, nat.vpc));
            let band = mapped(&Band::open()).and(&outside).given(&Truth::Unknown(why));
            return self.add(via, Target::Address(nat.vpc.clone(), entry.internal.into()), external, &Arc::new(band));
        };
        let kept = self.enter(eni, internal, false, true);
        let side = &mut self.sides.v4;
        let inner = match self.reader.readings.of(Assumption::DnatSource) {
            Truth::Yes => kept,
            reading => {
                let groups = side.groups(self.reader, eni, internal, false, false, false);
                let acl = side.acl_of(self.reader, eni);
                let all = side.and(&groups, &acl);
                let rewritten = match &nat.addresses {
                    Seen::Known(own) => {
                        let why = missing(format!("which address {} uses", nat.id));
                        let each = own.iter().map(|address| all.pinned(u32::from(*address)));
                        each.reduce(|one, other| one.either(&other, &why))
                            .unwrap_or_else(|| Band::open().given(&Truth::Unknown(why)))
                    }
                    Seen::Absent => {
                        Band::open().given(&Truth::Unknown(missing(format!("private addresses of {}", nat.id))))
                    }
                    Seen::Missing(what) => Band::open().given(&Truth::Unknown(missing(what.clone()))),
                };
                match reading {
                    Truth::Unknown(why) => Arc::new(kept.either(&rewritten, &why)),
                    Truth::Yes | Truth::No => Arc::new(rewritten),
                }
            }
        };
        let routed = side.route_of(self.reader, eni, Goal::Nat(nat.id.clone()));
        let band = mapped(&inner).and(&outside).and(&routed);
        let beside = self.reader.estate.own_eip(eni, entry.internal.into()).is_some()
            || eni.public.iter().any(|own| own.private == entry.internal);
        let band = if beside { band.given(&self.reader.readings.of(Assumption::DnatBesideEip)) } else { band };
        self.add(via, Target::Interface(eni.id.clone()), external, &Arc::new(band));
    }

    /// PUB-2 for the NAT gateway's own vSwitch.
    fn nat_gateway(&mut self, nat: &Nat) -> Arc<Band<u32>> {
        let side = &mut self.sides.v4;
        let Some(vpc) = self.reader.estate.vpc(&nat.vpc) else {
            return Side::unknown(missing(format!("VPC {}", nat.vpc)));
        };
        let goal = match &vpc.ipv4_gateway {
            Seen::Absent => return side.open(),
            Seen::Known(id) => Goal::Ipv4Gateway(id.clone()),
            Seen::Missing(_) => Goal::AnyIpv4Gateway,
        };
        let routed = match nat.vswitch.known().and_then(|id| self.reader.estate.vswitch(id)) {
            Some(vswitch) => side.route(self.reader, vswitch, goal),
            None => Side::unknown(missing(format!("vSwitch of {}", nat.id))),
        };
        match vpc.ipv4_gateway.gap() {
            Some(what) => Arc::new(routed.either(&side.open(), &missing(what.clone()))),
            None => routed,
        }
    }

    /// Section 7: a public endpoint and its allow-list.
    fn endpoint<A: Sided>(&mut self, service: &Service, endpoint: &ServiceEndpoint, address: A) {
        let public = seen_bool(&endpoint.public, Truth::No);
        let ports = match &endpoint.ports {
            Seen::Known(ports) => {
                Band::by_ports(6, &ports.iter().map(|range| (*range, Truth::Yes)).collect::<Vec<_>>())
            }
            Seen::Absent => Band::closed(),
            Seen::Missing(what) => {
                let gap = Truth::Unknown(missing(what.clone()));
                let assumed = self.reader.read(Assumption::DefaultPort, &Truth::Yes, &gap);
                let usual: Ranges<u16> = Ranges::collect(endpoint.usual.iter().copied());
                let known = usual.iter().map(|range| (range, assumed.clone()));
                let rest = usual.complement();
                let all: Vec<_> = known.chain(rest.iter().map(|range| (range, gap.clone()))).collect();
                Band::by_ports(6, &all)
            }
        };
        let allowed = match &endpoint.allow {
            Seen::Absent => Band::open(),
            Seen::Missing(what) => Band::open().given(&Truth::Unknown(missing(what.clone()))),
            Seen::Known(nets) => {
                let nets = Addresses::from_nets(nets.iter().copied());
                let listed = A::of(&nets);
                let (sure, may, doubts) = split(&self.reader.admitted(endpoint, listed.clone()));
                Band::sources(&sure, &may, &doubts)
            }
        };
        let band = Arc::new(ports.and(&allowed).given(&public));
        let entry = Entry::Endpoint(service.id.clone(), endpoint.id.clone());
        self.add(entry, Target::Endpoint(service.id.clone(), endpoint.id.clone()), address, &band);
    }
}
