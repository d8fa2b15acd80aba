//! Flows between interfaces of the estate as packet sets: groups, ACLs, routes and boundaries on both
//! sides, replies included.

use std::collections::BTreeMap;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::band::packets;
use super::fields::{Bounds, Face, Reader, addresses};
use super::filters::Class;
use super::known::{End, Known, reached};
use super::routes::Partition;
use super::side::{class_of, vswitch_of};
use crate::assume::{Assumption, Truth, missing};
use crate::model::{Direction, Eni, Id, Seen, ServiceEndpoint, VSwitch};
use crate::set::{Addresses, Cover, Family, Layer, Match, Ranges};

/// Interfaces that no filter between them tells apart, but by address.
pub(super) struct Kin<'a> {
    pub(super) first: &'a Eni,
    all: Vec<&'a Eni>,
    pub(super) addresses: Addresses,
}

/// What tells classes apart: groups, network, and the interface itself when something is unknown.
type KinKey = (Option<Vec<Id>>, String, Option<Id>);

pub(super) fn kin<'a>(enis: &[&'a Eni]) -> Vec<Kin<'a>> {
    let mut classes: BTreeMap<KinKey, Vec<&'a Eni>> = BTreeMap::new();
    for eni in enis {
        let mut groups = eni.groups.known().cloned();
        if let Some(groups) = &mut groups {
            groups.sort_unstable();
        }
        // What is not known is not shared.
        let own = if groups.is_none() || eni.vpc.gap().is_some() { Some(eni.id.clone()) } else { None };
        classes.entry((groups, format!("{:?} {:?}", eni.vpc, eni.vswitch), own)).or_default().push(eni);
    }
    classes
        .into_values()
        .filter_map(|all| Some(Kin { first: all.first()?, addresses: addresses(all.iter().copied()), all }))
        .collect()
}

/// Answers questions between interfaces; filters are compiled once.
pub(crate) struct Inside<'r, 'a, A: Family> {
    pub(super) reader: &'r Reader<'a>,
    groups: FxHashMap<Class, Arc<Known<A>>>,
    acls: FxHashMap<(Id, Face), Arc<Known<A>>>,
}

impl<'r, 'a, A: Family> Inside<'r, 'a, A> {
    pub(crate) fn new(reader: &'r Reader<'a>) -> Self {
        Self { reader, groups: FxHashMap::default(), acls: FxHashMap::default() }
    }

    /// The flows from any of `from` to any other of `to`.
    pub(crate) fn between(&mut self, from: &[&Eni], to: &[&Eni]) -> Known<A> {
        let receivers = kin(to);
        let mut parts = Vec::new();
        for sender in kin(from) {
            for receiver in &receivers {
                let part = self.pair(&sender, receiver);
                if !Cover::is_empty(&part.may) {
                    parts.push(part);
                }
            }
        }
        // Two by two, so that no large set is copied for every small one.
        while parts.len() > 1 {
            parts = parts
                .chunks(2)
                .map(|two| match two {
                    [one, other] => one.or(other),
                    rest => rest.first().cloned().unwrap_or_else(Known::nothing),
                })
                .collect();
        }
        parts.pop().unwrap_or_else(Known::nothing)
    }

    fn pair(&mut self, from: &Kin<'_>, to: &Kin<'_>) -> Known<A> {
        let (s, d) = (from.first, to.first);
        if A::of(&from.addresses).is_empty() || A::of(&to.addresses).is_empty() {
            return Known::nothing();
        }
        let mut flows = Known::exactly(&Match {
            source: from.addresses.clone(),
            destination: to.addresses.clone(),
            ..Match::everything()
        });
        for eni in from.all.iter().filter(|eni| to.all.iter().any(|other| other.id == eni.id)) {
            let own = addresses(std::iter::once(*eni));
            flows = flows.without(&Match { source: own.clone(), destination: own, ..Match::everything() });
        }
        // The way first: most interfaces of an estate have none to each other, and no filter need be looked at.
        flows = flows.and(&reached(&self.way(s, &d.vpc, A::of(&to.addresses)), End::Destination));
        if Cover::is_empty(&flows.may) {
            return flows;
        }
        flows = flows.and(&reached(&self.way(d, &s.vpc, A::of(&from.addresses)), End::Source));
        flows = flows.and(&*self.group(s, Direction::Egress));
        flows = flows.and(&*self.group(d, Direction::Ingress));
        if Cover::is_empty(&flows.may) {
            return flows;
        }
        flows = self.boundaries(s, &d.vpc, flows);
        // NACL-3: within one vSwitch nothing is filtered.
        if s.vswitch.known().is_some() && s.vswitch == d.vswitch {
            return flows;
        }
        for (eni, direction, face) in [
            (s, Direction::Egress, Face::Out),
            (d, Direction::Ingress, Face::In),
            (d, Direction::Egress, Face::InReply),
            (s, Direction::Ingress, Face::OutReply),
        ] {
            if Cover::is_empty(&flows.may) {
                break;
            }
            flows = flows.and(&*self.acl(eni, direction, face));
        }
        flows
    }

    /// The flows from any of `from` to a private endpoint of a managed service (section 7).
    pub(crate) fn endpoint(&mut self, from: &[&Eni], endpoint: &ServiceEndpoint) -> Known<A> {
        let Some((region, open)) = self.listening(endpoint) else { return Known::nothing() };
        let mut all = Known::nothing();
        for sender in kin(from) {
            let eni = sender.first;
            let flows = open.and(&Known::exactly(&Match { source: sender.addresses.clone(), ..Match::everything() }));
            let mut flows = match (&eni.vpc, &endpoint.vpc) {
                (Seen::Known(here), Some(there)) if here == there => flows,
                (Seen::Known(_), Some(there)) => {
                    self.across(eni, A::of(&sender.addresses), (endpoint, there), &region, flows)
                }
                (Seen::Missing(what), _) => flows.and(&Known::unknown(missing(what.clone()))),
                (_, None) => flows.and(&Known::unknown(missing(format!("VPC of endpoint {}", endpoint.id)))),
                (Seen::Absent, Some(_)) => continue,
            };
            if Cover::is_empty(&flows.may) {
                continue;
            }
            flows = flows.and(&*self.group(eni, Direction::Egress));
            // NACL-3: an address of the client's vSwitch is not filtered.
            let near = match vswitch_of(self.reader, eni) {
                Ok(Some(vswitch)) => A::of(&Addresses::from_nets(vswitch.cidrs.iter().copied())).intersect(&region),
                Ok(None) | Err(_) => Ranges::empty(),
            };
            let mut filtered = flows.only(&region.subtract(&near));
            if !Cover::is_empty(&filtered.may) {
                filtered = filtered.and(&*self.acl(eni, Direction::Egress, Face::Out));
                filtered = filtered.and(&*self.acl(eni, Direction::Ingress, Face::OutReply));
            }
            flows = filtered.or(&flows.only(&near));
            if endpoint.address.is_none() {
                flows = flows.anywhere(&region, &missing(format!("address of {}", endpoint.id)));
            }
            all = all.or(&flows);
        }
        all
    }

    /// What of some flows gets to a private endpoint in another VPC than the client's; replies go by the table of the
    /// vSwitch that holds its address.
    fn across(
        &self,
        client: &Eni,
        own: &Ranges<A>,
        (endpoint, there): (&ServiceEndpoint, &Id),
        region: &Ranges<A>,
        flows: Known<A>,
    ) -> Known<A> {
        let network = Seen::Known(there.clone());
        let flows = flows.and(&reached(&self.way(client, &network, region), End::Destination));
        if Cover::is_empty(&flows.may) {
            return flows;
        }
        let flows = self.boundaries(client, &network, flows);
        let (held, rest) = self.by_vswitch(there, region);
        let beside = flows.only(&rest).and(&Known::unknown(missing(format!("vSwitch of {}", endpoint.id))));
        held.into_iter().fold(beside, |all, (vswitch, here)| {
            let back = self.way(&endpoint.interface(there, vswitch), &client.vpc, own);
            all.or(&flows.only(&here).and(&reached(&back, End::Source)))
        })
    }

    /// The addresses of a region by the vSwitch of a VPC that holds them, and those that none holds.
    pub(super) fn by_vswitch(&self, vpc: &Id, region: &Ranges<A>) -> (Vec<(&'a VSwitch, Ranges<A>)>, Ranges<A>) {
        let (mut held, mut rest) = (Vec::new(), region.clone());
        for vswitch in self.reader.estate.net.vswitches.iter().filter(|vswitch| vswitch.vpc == *vpc) {
            let here = rest.intersect(A::of(&Addresses::from_nets(vswitch.cidrs.iter().copied())));
            if !here.is_empty() {
                rest = rest.subtract(&here);
                held.push((vswitch, here));
            }
        }
        (held, rest)
    }

    /// Where a private endpoint may be, and what it takes there from whom: its ports and its allow-list. `None` when it is
    /// public only, or nowhere.
    pub(super) fn listening(&self, endpoint: &ServiceEndpoint) -> Option<(Ranges<A>, Known<A>)> {
        let region = match endpoint.address {
            Some(address) => A::number(address).map_or_else(Ranges::empty, Ranges::one),
            None => {
                // What an interface holds is nobody else's.
                let same = |eni: &&Eni| endpoint.vpc.is_some() && eni.vpc.known() == endpoint.vpc.as_ref();
                let held = addresses(self.reader.estate.net.enis.iter().filter(same));
                A::of(&Addresses::from_nets(endpoint.within.iter().copied()).subtract(&held)).clone()
            }
        };
        if region.is_empty() {
            return None;
        }
        let ports = match &endpoint.ports {
            Seen::Known(ports) => Bounds::exact(Ranges::collect(ports.iter().copied())),
            Seen::Absent => Bounds::exact(Ranges::empty()),
            Seen::Missing(what) => {
                let assumed = self.reader.readings.of(Assumption::DefaultPort).is_yes();
                let usual = endpoint.usual.iter().copied().filter(|_| assumed);
                Bounds::between(Ranges::collect(usual), Ranges::all(), missing(what.clone()))
            }
        };
        let at = |ports: &Ranges<u16>| {
            let inner = packets(&Ranges::all(), &Ranges::one(6), &Ranges::all(), ports);
            let space = Layer::over(&region, &Arc::new(inner));
            Known { sure: space.clone(), may: space, doubts: Vec::new() }
        };
        let open = match &ports.possible {
            None => at(&ports.sure),
            Some((most, why)) => at(&ports.sure).either(&at(most), why),
        };
        let open = open.and(&reached(&self.clients(endpoint), End::Source));
        match &endpoint.public {
            Seen::Known(true) => None,
            Seen::Known(false) | Seen::Absent => Some((region, open)),
            Seen::Missing(what) => Some((region, open.and(&Known::unknown(missing(what.clone()))))),
        }
    }

    /// DB-1: the clients that the allow-list or a linked group admits.
    fn clients(&self, endpoint: &ServiceEndpoint) -> Partition<A> {
        let (mut sure, mut doubts) = (Ranges::empty(), Vec::new());
        match &endpoint.allow {
            Seen::Absent => sure = Ranges::all(),
            Seen::Known(nets) => {
                let listed = A::of(&Addresses::from_nets(nets.iter().copied())).clone();
                for (region, truth) in self.reader.admitted(endpoint, listed) {
                    match truth {
                        Truth::Yes => sure = sure.union(&region),
                        Truth::Unknown(why) => doubts.push((region, why)),
                        Truth::No => {}
                    }
                }
            }
            Seen::Missing(what) => doubts.push((Ranges::all(), missing(what.clone()))),
        }
        let inside = A::of(&self.reader.inside);
        match &endpoint.allow_groups {
            Seen::Absent => {}
            Seen::Missing(what) => doubts.push((inside.clone(), missing(what.clone()))),
            Seen::Known(groups) => {
                let members =
                    groups.iter().flat_map(|id| self.reader.estate.members(id)).flat_map(|eni| eni.addresses.iter());
                let members = Addresses::from_nets(members.map(|own| ipnet::IpNet::from(std::net::IpAddr::V4(*own))));
                sure = sure.union(&A::of(&members).intersect(inside));
                if let (Some(what), false) = (self.reader.estate.net.enis.missing.first(), groups.is_empty()) {
                    doubts.push((inside.clone(), missing(what.clone())));
                }
            }
        }
        let rest = sure.complement();
        let doubtful = doubts.into_iter().map(|(region, why)| (region.intersect(&rest), Truth::Unknown(why)));
        std::iter::once((sure, Truth::Yes)).chain(doubtful).collect()
    }

    pub(super) fn group(&mut self, eni: &Eni, direction: Direction) -> Arc<Known<A>> {
        match class_of(eni, direction, false, false) {
            Err(why) => Arc::new(Known::unknown(why)),
            Ok(class) => Arc::clone(
                self.groups
                    .entry(class)
                    .or_insert_with_key(|class| Arc::new(Known::of(&self.reader.group_filter(class, false)))),
            ),
        }
    }

    pub(super) fn acl(&mut self, eni: &Eni, direction: Direction, face: Face) -> Arc<Known<A>> {
        let vswitch = match vswitch_of(self.reader, eni) {
            Ok(None) => return Arc::new(Known::everything()),
            Err(why) => return Arc::new(Known::unknown(why)),
            Ok(Some(vswitch)) => vswitch,
        };
        match &vswitch.acl {
            Seen::Absent => Arc::new(Known::everything()),
            Seen::Missing(what) => Arc::new(Known::unknown(missing(what.clone()))),
            Seen::Known(id) => {
                let reader = self.reader;
                Arc::clone(
                    self.acls
                        .entry((id.clone(), face))
                        .or_insert_with(|| Arc::new(Known::of(&reader.acl_filter(id, direction, face)))),
                )
            }
        }
    }

    /// CFW-1: boundaries between VPCs.
    pub(super) fn boundaries(&self, from: &Eni, to: &Seen<Id>, flows: Known<A>) -> Known<A> {
        let (Some(here), Some(there)) = (from.vpc.known(), to.known()) else { return flows };
        if here == there {
            return flows;
        }
        match &self.reader.estate.net.firewall.between_vpcs {
            Seen::Absent => flows,
            Seen::Missing(what) => flows.and(&Known::unknown(missing(what.clone()))),
            Seen::Known(boundaries) => boundaries.iter().filter(|boundary| boundary.stands_between(here, there)).fold(
                flows,
                |flows, boundary| {
                    let filter = || Known::of(&self.reader.boundary_filter(&boundary.boundary, None));
                    match &boundary.on {
                        Seen::Known(true) if self.reader.estate.peered(here, there) => {
                            let why = missing(format!("whether the peering leads past {}", boundary.id));
                            flows.and(&filter().either(&Known::everything(), &why))
                        }
                        Seen::Known(true) => flows.and(&filter()),
                        Seen::Known(false) | Seen::Absent => flows,
                        Seen::Missing(what) => {
                            flows.and(&filter().either(&Known::everything(), &missing(what.clone())))
                        }
                    }
                },
            ),
        }
    }
}
