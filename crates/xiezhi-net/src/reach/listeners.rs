//! Load balancers as ways in: what stands before a listener, and what its servers let through (section 4).

use std::net::IpAddr;
use std::sync::Arc;

use super::band::{Band, PortMap};
use super::entries::{Finder, number_of, seen_bool};
use super::side::{Side, Sided, vswitch_of};
use crate::assume::{Assumption, Reasons, Truth, missing};
use crate::model::{Backend, BackendTo, Balancer, BalancerKind, Eni, Listener, Seen};
use crate::path::{Entry, Target};
use crate::set::{Addresses, Ranges};

impl Finder<'_, '_> {
    pub(super) fn listener<A: Sided>(&mut self, balancer: &Balancer, listener: &Listener, front: A) {
        let entry = Entry::Listener(balancer.id.clone(), listener.id.clone());
        let Some(protocol) = number_of(listener.protocol.transport()) else { return };
        let band = self.front(balancer, listener, front, protocol);
        for (target, reached) in self.behind(balancer, listener, &band, protocol) {
            self.add(entry.clone(), target, front, &Arc::new(reached));
        }
        self.add(entry, Target::Listener(balancer.id.clone(), listener.id.clone()), front, &band);
    }

    /// The servers behind a listener, with what reaches each of the packets that reach the listener.
    pub(super) fn behind<A: Sided>(
        &mut self,
        balancer: &Balancer,
        listener: &Listener,
        band: &Band<A>,
        protocol: u8,
    ) -> Vec<(Target, Band<A>)> {
        let mut targets: Vec<(Target, Band<A>)> = Vec::new();
        if listener.redirect {
            return targets;
        }
        for backend in listener.backends.known().into_iter().flatten() {
            let (target, behind) = self.backend::<A>(balancer, listener, backend, protocol);
            let reached = behind.and(band);
            match targets.iter_mut().find(|(known, _)| *known == target) {
                Some((_, all)) => *all = all.or(&reached),
                None => targets.push((target, reached)),
            }
        }
        targets
    }

    /// What stands before a listener. Of clients inside only what does not hang on where they are.
    pub(super) fn front<A: Sided>(
        &mut self,
        balancer: &Balancer,
        listener: &Listener,
        front: A,
        protocol: u8,
    ) -> Arc<Band<A>> {
        let boundary = self.from_internet.then(|| self.boundary(front));
        let reader = self.reader;
        let side = A::side(&mut self.sides);
        let mut band = Arc::new(Band::open().translated(protocol, listener.ports, PortMap::Keep));
        if let Some(boundary) = boundary {
            band = side.and(&band, &boundary);
            if balancer.kind != BalancerKind::Clb {
                let groups = side.balancer_groups(reader, balancer, front);
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
        let mut groups = side.groups(self.reader, eni, own, false, false, self.from_internet);
        if let Some(doubt) = doubt {
            groups = match self.reader.readings.of(doubt) {
                Truth::Yes => groups,
                Truth::No => side.open(),
                Truth::Unknown(why) => Arc::new(groups.either(&side.open(), &why)),
            };
        }
        let acl = side.acl_of(self.reader, eni);
        // The universe of group filters for the internet is the internet.
        let band = if self.from_internet {
            let origin = Arc::clone(&side.origin);
            side.and(&groups, &origin)
        } else {
            groups
        };
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
