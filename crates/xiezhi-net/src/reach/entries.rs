//! Every way in: EIPs, addresses of instances, IPv6, DNAT, load balancers, managed services.

use std::net::IpAddr;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::band::{Band, PortMap};
use super::fields::Reader;
use super::side::{AnyBand, Goal, Side, Sided, Sides, vswitch_of};
use crate::assume::{Assumption, Reasons, Truth, missing};
use crate::model::{
    Backend, BackendTo, Balancer, BalancerKind, Bound, Dnat, Eip, EipMode, Eni, HaVip, Ipv6, Listener, Mapping, Nat,
    Protocol, Seen, Service, ServiceEndpoint,
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
}

fn seen_bool(seen: &Seen<bool>, absent: Truth) -> Truth {
    match seen {
        Seen::Known(value) => Truth::known(*value),
        Seen::Absent => absent,
        Seen::Missing(what) => Truth::Unknown(missing(what.clone())),
    }
}

fn not(truth: Truth) -> Truth {
    match truth {
        Truth::Yes => Truth::No,
        Truth::No => Truth::Yes,
        unknown @ Truth::Unknown(_) => unknown,
    }
}

const fn number_of(protocol: Protocol) -> Option<u8> {
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
        Self { reader, sides, assets, found: Vec::new(), only }
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

    fn add<A: Sided>(&mut self, entry: Entry, target: Target, destination: A, band: &Arc<Band<A>>) {
        let side = A::side(&mut self.sides);
        let origin = Arc::clone(&side.origin);
        let band = side.and(band, &origin);
        if !band.is_closed() {
            self.found.push(Found { entry, target, destination: destination.address(), band: A::wrap(band) });
        }
    }

    /// The internet boundary before a public address.
    fn boundary<A: Sided>(&mut self, public: A) -> Arc<Band<A>> {
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
            Seen::Known(id) => side.route_of(self.reader, eni, Goal::Ipv6Gateway(id.clone())),
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

    fn listener<A: Sided>(&mut self, balancer: &Balancer, listener: &Listener, front: A) {
        let entry = Entry::Listener(balancer.id.clone(), listener.id.clone());
        let Some(protocol) = number_of(listener.protocol.transport()) else { return };
        let band = self.front(balancer, listener, front, protocol);
        if !listener.redirect {
            let mut targets: Vec<(Target, Band<A>)> = Vec::new();
            for backend in listener.backends.known().into_iter().flatten() {
                let (target, behind) = self.backend::<A>(balancer, listener, backend, protocol);
                let reached = behind.and(&band);
                match targets.iter_mut().find(|(known, _)| *known == target) {
                    Some((_, all)) => *all = all.or(&reached),
                    None => targets.push((target, reached)),
                }
            }
            for (target, reached) in targets {
                self.add(entry.clone(), target, front, &Arc::new(reached));
            }
        }
        self.add(entry, Target::Listener(balancer.id.clone(), listener.id.clone()), front, &band);
    }

    /// What stands before a listener.
    fn front<A: Sided>(&mut self, balancer: &Balancer, listener: &Listener, front: A, protocol: u8) -> Arc<Band<A>> {
        let boundary = self.boundary(front);
        let reader = self.reader;
        let side = A::side(&mut self.sides);
        let mut band = Arc::new(Band::open().translated(protocol, listener.ports, PortMap::Keep));
        band = side.and(&band, &boundary);
        if balancer.kind != BalancerKind::Clb {
            let groups = side.balancer_groups(reader, &balancer.groups, front);
            band = side.and(&groups, &band);
        }
        if balancer.kind == BalancerKind::Nlb {
            let acl = match &balancer.vswitches {
                Seen::Known(ids) if !ids.is_empty() => {
                    let why = missing(format!("the vSwitch of {} that serves {}", balancer.id, front.address()));
                    let each: Vec<_> = ids
                        .iter()
                        .map(|id| match reader.estate.vswitch(id) {
                            None => Side::unknown(missing(format!("vSwitch {id}"))),
                            Some(vswitch) => side.acl(reader, vswitch),
                        })
                        .collect();
                    each.into_iter()
                        .reduce(|one, other| Arc::new(one.either(&other, &why)))
                        .unwrap_or_else(|| side.open())
                }
                Seen::Missing(what) => Side::unknown(missing(what.clone())),
                Seen::Known(_) | Seen::Absent => Side::unknown(missing(format!("vSwitches of {}", balancer.id))),
            };
            band = side.and(&band, &acl);
        }
        let access = side.access(reader, &listener.access);
        band = side.and(&band, &access);
        match seen_bool(&listener.running, Truth::Unknown(missing(format!("state of listener {}", listener.id)))) {
            Truth::Yes => band,
            truth => Arc::new(band.given(&truth)),
        }
    }

    /// What a backend lets through, seen from the front.
    fn backend<A: Sided>(
        &mut self,
        balancer: &Balancer,
        listener: &Listener,
        backend: &Backend,
        protocol: u8,
    ) -> (Target, Band<A>) {
        let unknown = |why: Reasons| Band::open().given(&Truth::Unknown(why));
        let (eni, own) = match &backend.to {
            BackendTo::Other(id) => {
                return (Target::Other(id.clone()), unknown(missing(format!("what stands behind backend {id}"))));
            }
            BackendTo::Instance(id) | BackendTo::Interface(id) => {
                match self.reader.estate.interface(id).and_then(|eni| Some((eni, IpAddr::V4(*eni.addresses.first()?))))
                {
                    Some(found) => found,
                    None => return (Target::Other(id.clone()), unknown(missing(format!("interface of backend {id}")))),
                }
            }
            BackendTo::Address(address) => {
                let why = missing(format!("the interface that holds {address}"));
                match balancer.vpc.known().map(|vpc| (vpc, self.reader.estate.at(vpc, *address))) {
                    Some((_, Some(eni))) => (eni, *address),
                    Some((vpc, None)) => return (Target::Address(vpc.clone(), *address), unknown(why)),
                    None => return (Target::Other(address.to_string().into()), unknown(why)),
                }
            }
        };
        let takes = seen_bool(&backend.takes_flows, Truth::Yes);
        let map = backend.port.map_or(PortMap::Keep, PortMap::To);
        // QUIC ends at the balancer; behind it speaks HTTP over TCP.
        let back = if listener.protocol.is_layer7() { 6 } else { protocol };
        let band = match balancer.kind {
            BalancerKind::Clb if listener.protocol.is_layer7() => {
                self.balancer_leg(eni, own, (protocol, back), listener.ports, map, Sender::Platform)
            }
            BalancerKind::Clb => {
                self.client_leg(eni, own, protocol, listener.ports, map, Some(Assumption::ClbLayer4Groups))
            }
            BalancerKind::Alb => self.balancer_leg(
                eni,
                own,
                (protocol, back),
                listener.ports,
                map,
                Sender::Local(balancer, Some(Assumption::AlbLocal)),
            ),
            BalancerKind::Nlb | BalancerKind::Gwlb => {
                let local = |finder: &mut Self| {
                    finder.balancer_leg(eni, own, (protocol, back), listener.ports, map, Sender::Local(balancer, None))
                };
                match (&listener.preserve_client, self.reader.readings.of(Assumption::NlbPreserve)) {
                    (Seen::Known(true), _) | (Seen::Absent | Seen::Missing(_), Truth::Yes) => {
                        self.client_leg(eni, own, protocol, listener.ports, map, None)
                    }
                    (Seen::Known(false), _) | (_, Truth::No) => local(self),
                    (_, Truth::Unknown(why)) => {
                        let client: Band<A> = self.client_leg(eni, own, protocol, listener.ports, map, None);
                        client.either(&local(self), &why)
                    }
                }
            }
        };
        (Target::Interface(eni.id.clone()), band.given(&takes))
    }

    /// The client's own address arrives at the backend.
    fn client_leg<A: Sided>(
        &mut self,
        eni: &Eni,
        own: IpAddr,
        protocol: u8,
        front: (u16, u16),
        map: PortMap,
        doubt: Option<Assumption>,
    ) -> Band<A> {
        let Some(own) = A::number(own) else {
            return Band::open()
                .given(&Truth::Unknown(missing("the client address that backends of an IPv6 listener see")));
        };
        let side = A::side(&mut self.sides);
        let mut groups = side.groups(self.reader, eni, own, false, false, true);
        if let Some(doubt) = doubt {
            groups = match self.reader.readings.of(doubt) {
                Truth::Yes => groups,
                Truth::No => side.open(),
                Truth::Unknown(why) => Arc::new(groups.either(&side.open(), &why)),
            };
        }
        let acl = side.acl_of(self.reader, eni);
        // The universe of group filters for the internet is the internet.
        let origin = Arc::clone(&side.origin);
        let band = side.and(&groups, &origin);
        side.and(&band, &acl).translated(protocol, front, map)
    }

    /// An address of the balancer arrives at the backend; `protocol` before and `back` behind the balancer.
    fn balancer_leg<A: Sided>(
        &mut self,
        eni: &Eni,
        own: IpAddr,
        (protocol, back): (u8, u8),
        front: (u16, u16),
        map: PortMap,
        sender: Sender<'_>,
    ) -> Band<A> {
        let answers = match own {
            IpAddr::V4(own) => self.answers(eni, u32::from(own), back, front, map, sender),
            IpAddr::V6(own) => self.answers(eni, u128::from(own), back, front, map, sender),
        };
        Band::by_ports(protocol, &answers)
    }

    /// By front port: whether what the balancer sends reaches the backend.
    fn answers<A: Sided>(
        &mut self,
        eni: &Eni,
        own: A,
        protocol: u8,
        front: (u16, u16),
        map: PortMap,
        sender: Sender<'_>,
    ) -> Vec<((u16, u16), Truth)> {
        let reader = self.reader;
        let side = A::side(&mut self.sides);
        let whole = |truth: Truth| vec![(front, truth)];
        let doubt = missing("the address and port from which the balancer talks to its backend");
        // Filters with the sources that meet them.
        let mut sent: Vec<(Arc<Band<A>>, Ranges<A>)> = Vec::new();
        match sender {
            Sender::Platform => {
                let groups = side.groups(reader, eni, own, false, true, false);
                let acl = side.acl_of(reader, eni);
                sent.push((side.and(&groups, &acl), A::of(&Addresses::platform()).clone()));
            }
            Sender::Local(balancer, assumption) => {
                let local = match &balancer.local {
                    Seen::Known(local) => local,
                    Seen::Absent => {
                        return whole(Truth::Unknown(missing(format!("local addresses of {}", balancer.id))));
                    }
                    Seen::Missing(what) => return whole(Truth::Unknown(missing(what.clone()))),
                };
                let mut groups = side.groups(reader, eni, own, false, false, false);
                if let Some(assumption) = assumption {
                    groups = match reader.readings.of(assumption) {
                        Truth::Yes => groups,
                        Truth::No => side.open(),
                        Truth::Unknown(why) => Arc::new(groups.either(&side.open(), &why)),
                    };
                }
                let acl = side.acl_of(reader, eni);
                let vswitch = vswitch_of(reader, eni);
                let near = |address: &IpAddr| matches!(&vswitch, Ok(Some(vswitch)) if vswitch.cidrs.iter().any(|net| net.contains(address)));
                let pick = |wanted: bool| {
                    Ranges::collect(
                        local
                            .iter()
                            .filter(|address| near(address) == wanted)
                            .filter_map(|address| A::number(*address))
                            .map(|a| (a, a)),
                    )
                };
                sent.push((side.and(&groups, &acl), pick(false)));
                sent.push((groups, pick(true)));
            }
        }
        let known = sent.iter().any(|(_, sources)| !sources.is_empty());
        let at = |port: u16| {
            let truths = sent
                .iter()
                .filter(|(_, sources)| !sources.is_empty() || !known)
                .map(|(band, sources)| band.any_of(sources, protocol, port, &doubt));
            truths
                .reduce(|one, other| if one == other { one } else { joined(one, other, &doubt) })
                .unwrap_or_else(|| Truth::Unknown(doubt.clone()))
        };
        match map {
            PortMap::To(port) => whole(at(port)),
            PortMap::Keep | PortMap::Shift(_) => {
                let mut cuts: Vec<u16> = sent
                    .iter()
                    .flat_map(|(band, _)| band.port_cuts(protocol))
                    .filter(|cut| front.0 < *cut && *cut <= front.1)
                    .collect();
                cuts.push(front.0);
                cuts.sort_unstable();
                cuts.dedup();
                let ends = cuts.iter().skip(1).map(|next| next.saturating_sub(1)).chain([front.1]);
                cuts.iter().zip(ends).map(|(low, high)| ((*low, high), at(*low))).collect()
            }
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
                Band::sources(A::of(&nets), A::of(&nets), &[])
            }
        };
        let band = Arc::new(ports.and(&allowed).given(&public));
        let entry = Entry::Endpoint(service.id.clone(), endpoint.id.clone());
        self.add(entry, Target::Endpoint(service.id.clone(), endpoint.id.clone()), address, &band);
    }
}

/// Who talks to a backend.
#[derive(Clone, Copy)]
enum Sender<'b> {
    /// The platform's range (CLB-5).
    Platform,
    /// Local addresses of an ALB or NLB (ALB-5, NLB-2), and the assumption that concerns them.
    Local(&'b Balancer, Option<Assumption>),
}

/// Two truths of which one counts.
fn joined(one: Truth, other: Truth, doubt: &Reasons) -> Truth {
    let mut why = doubt.clone();
    for truth in [one, other] {
        if let Truth::Unknown(more) = truth {
            why.extend(more);
        }
    }
    Truth::Unknown(why)
}
