//! Flows between interfaces of the estate as packet sets: groups, ACLs, routes and boundaries on both
//! sides, replies included.

use std::collections::BTreeMap;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::band::{Filter, packets};
use super::fields::{Bounds, Face, Reader, addresses};
use super::filters::{Class, Partition, split};
use super::side::{class_of, vswitch_of};
use crate::assume::{Assumption, Reasons, Truth, missing};
use crate::model::{Attached, Direction, Eni, Id, NextHop, Seen, ServiceEndpoint};
use crate::set::{Addresses, Cover, Family, Layer, Match, Ranges, Space};

/// How often a packet may pass from one transit router to the next before it counts as a loop.
const LONGEST: u8 = 8;

/// A set known from below and from above, with the reasons for the difference.
#[derive(Clone)]
pub(crate) struct Known<A: Family> {
    pub(crate) sure: Space<A>,
    pub(crate) may: Space<A>,
    pub(crate) doubts: Vec<(Reasons, Space<A>)>,
}

impl<A: Family> Known<A> {
    fn of(filter: &Filter<A>) -> Self {
        Self { sure: filter.sure.clone(), may: filter.may.clone(), doubts: filter.doubts.clone() }
    }

    fn exactly(rule: &Match) -> Self {
        let space = rule.blocks().iter().fold(Space::default(), |all, block| Cover::union(&all, &block.space()));
        Self { sure: space.clone(), may: space, doubts: Vec::new() }
    }

    fn everything() -> Self {
        Self::exactly(&Match::everything())
    }

    fn unknown(why: Reasons) -> Self {
        let all = Self::everything().may;
        Self { sure: Space::default(), may: all.clone(), doubts: vec![(why, all)] }
    }

    pub(crate) fn nothing() -> Self {
        Self { sure: Space::default(), may: Space::default(), doubts: Vec::new() }
    }

    fn and(&self, other: &Self) -> Self {
        let may = Cover::intersect(&self.may, &other.may);
        let doubts =
            self.doubts.iter().chain(&other.doubts).map(|(why, set)| (why.clone(), Cover::intersect(set, &may)));
        let doubts = doubts.filter(|(_, set)| !Cover::is_empty(set)).collect();
        Self { sure: Cover::intersect(&self.sure, &other.sure), may, doubts }
    }

    pub(crate) fn or(&self, other: &Self) -> Self {
        let doubts = self.doubts.iter().chain(&other.doubts).cloned().collect();
        Self { sure: Cover::union(&self.sure, &other.sure), may: Cover::union(&self.may, &other.may), doubts }
    }

    fn either(&self, other: &Self, why: &Reasons) -> Self {
        let (sure, may) = (Cover::intersect(&self.sure, &other.sure), Cover::union(&self.may, &other.may));
        let mut doubts: Vec<_> = self.doubts.iter().chain(&other.doubts).cloned().collect();
        doubts.push((why.clone(), Cover::subtract(&may, &sure)));
        Self { sure, may, doubts }
    }

    fn without(&self, block: &Match) -> Self {
        let gone = Self::exactly(block).may;
        let cut = |set: &Space<A>| Cover::subtract(set, &gone);
        Self {
            sure: cut(&self.sure),
            may: cut(&self.may),
            doubts: self.doubts.iter().map(|(why, set)| (why.clone(), cut(set))).collect(),
        }
    }

    /// The flows that are among some others.
    pub(crate) fn among(&self, wanted: &Space<A>) -> Self {
        let within = |set: &Space<A>| Cover::intersect(set, wanted);
        Self {
            sure: within(&self.sure),
            may: within(&self.may),
            doubts: self.doubts.iter().map(|(why, set)| (why.clone(), within(set))).collect(),
        }
    }

    /// The flows to some destinations.
    fn only(&self, destinations: &Ranges<A>) -> Self {
        Self {
            sure: self.sure.only(destinations),
            may: self.may.only(destinations),
            doubts: self.doubts.iter().map(|(why, set)| (why.clone(), set.only(destinations))).collect(),
        }
    }

    /// The flows to one destination that may be any of a region: sure is what is sure for each.
    fn anywhere(&self, region: &Ranges<A>, why: &Reasons) -> Self {
        let covered = region.is_subset(&self.sure.keys());
        let inner = self.sure.iter().map(|(_, _, inner)| inner.clone()).reduce(|one, other| one.intersect(&other));
        let sure = match inner.filter(|_| covered) {
            Some(inner) => Layer::over(region, &inner),
            None => Space::default(),
        };
        let mut doubts = self.doubts.clone();
        doubts.push((why.clone(), Cover::subtract(&self.may, &sure)));
        doubts.retain(|(_, set)| !Cover::is_empty(set));
        Self { sure, may: self.may.clone(), doubts }
    }

    /// Why packets may pass but not surely.
    pub(crate) fn reasons(&self) -> Reasons {
        let gap = Cover::subtract(&self.may, &self.sure);
        self.doubts
            .iter()
            .filter(|(_, set)| !Cover::is_empty(&Cover::intersect(set, &gap)))
            .flat_map(|(why, _)| why.iter().cloned())
            .collect()
    }
}

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
    reader: &'r Reader<'a>,
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
        flows = self.boundaries(s, d, flows);
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
            return Known::nothing();
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
        let mut all = Known::nothing();
        for sender in kin(from) {
            let eni = sender.first;
            let private = match &endpoint.public {
                Seen::Known(public) => Truth::known(!*public),
                Seen::Absent => Truth::Yes,
                Seen::Missing(what) => Truth::Unknown(missing(what.clone())),
            };
            let same = match (&eni.vpc, &endpoint.vpc) {
                (Seen::Known(here), Some(there)) => Truth::known(here == there),
                (Seen::Missing(what), _) => Truth::Unknown(missing(what.clone())),
                (_, None) => Truth::Unknown(missing(format!("VPC of endpoint {}", endpoint.id))),
                (Seen::Absent, Some(_)) => Truth::No,
            };
            let mut flows =
                open.and(&Known::exactly(&Match { source: sender.addresses.clone(), ..Match::everything() }));
            flows = match private.and(same) {
                Truth::Yes => flows,
                Truth::No => continue,
                Truth::Unknown(why) => flows.and(&Known::unknown(why)),
            };
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

    fn group(&mut self, eni: &Eni, direction: Direction) -> Arc<Known<A>> {
        match class_of(eni, direction, false, false) {
            Err(why) => Arc::new(Known::unknown(why)),
            Ok(class) => Arc::clone(
                self.groups
                    .entry(class)
                    .or_insert_with_key(|class| Arc::new(Known::of(&self.reader.group_filter(class, false)))),
            ),
        }
    }

    fn acl(&mut self, eni: &Eni, direction: Direction, face: Face) -> Arc<Known<A>> {
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
    fn boundaries(&self, from: &Eni, to: &Eni, flows: Known<A>) -> Known<A> {
        let (Some(here), Some(there)) = (from.vpc.known(), to.vpc.known()) else { return flows };
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

    /// Whether routes lead from one interface to addresses of a network.
    pub(super) fn way(&self, from: &Eni, to: &Seen<Id>, region: &Ranges<A>) -> Partition<A> {
        let uniform = |truth: Truth| Reader::uniform(region, truth);
        let (here, there) = match (&from.vpc, to) {
            (Seen::Known(here), Seen::Known(there)) => (here, there),
            (Seen::Absent, Seen::Absent) => return uniform(Truth::Yes),
            (Seen::Missing(what), _) | (_, Seen::Missing(what)) => {
                return uniform(Truth::Unknown(missing(what.clone())));
            }
            _ => return uniform(Truth::No),
        };
        if here == there {
            return uniform(Truth::Yes);
        }
        let near = self
            .reader
            .estate
            .net
            .vswitches
            .iter()
            .filter(|vswitch| vswitch.vpc == *here)
            .flat_map(|vswitch| vswitch.cidrs.iter().copied());
        let near = Addresses::from_nets(near);
        let far = region.subtract(A::of(&near));
        let mut out = Reader::uniform(&region.intersect(A::of(&near)), Truth::No);
        let vswitch = match vswitch_of(self.reader, from) {
            Ok(Some(vswitch)) => vswitch,
            Ok(None) => {
                return [out, Reader::uniform(&far, Truth::Unknown(missing(format!("vSwitch of {}", from.id))))]
                    .concat();
            }
            Err(why) => return [out, Reader::uniform(&far, Truth::Unknown(why))].concat(),
        };
        let table = match &vswitch.table {
            Seen::Known(id) => self.reader.estate.table(id).ok_or_else(|| missing(format!("route table {id}"))),
            Seen::Absent => Err(missing(format!("route table of {}", vswitch.id))),
            Seen::Missing(what) => Err(missing(what.clone())),
        };
        match table {
            Err(why) => out.extend(Reader::uniform(&far, Truth::Unknown(why))),
            Ok(table) => {
                out.extend(self.reader.routed(table, &far, &|hop, region| self.arrives(hop, here, there, region)))
            }
        }
        out
    }

    /// Whether a next hop of VPC `here` brings packets for a region to VPC `there`.
    fn arrives(&self, hop: &NextHop, here: &Id, there: &Id, region: &Ranges<A>) -> Partition<A> {
        let uniform = |truth: Truth| Reader::uniform(region, truth);
        match hop {
            NextHop::Peering(id) => {
                let Some(peering) = self.reader.estate.net.peerings.iter().find(|peering| peering.id == *id) else {
                    return uniform(Truth::Unknown(missing(format!("VPC peering connection {id}"))));
                };
                let active = match &peering.active {
                    Seen::Known(active) => Truth::known(*active),
                    Seen::Absent => Truth::Unknown(missing(format!("status of VPC peering connection {id}"))),
                    Seen::Missing(what) => Truth::Unknown(missing(what.clone())),
                };
                let (a, b) = &peering.vpcs;
                if (a == here && b == there) || (b == here && a == there) {
                    uniform(active)
                } else if a == here || b == here {
                    let forwarded = Truth::Unknown(missing(format!("the route table by which {id} would forward")));
                    uniform(active.and(self.reader.read(Assumption::PeeringTransit, &Truth::No, &forwarded)))
                } else {
                    uniform(Truth::No)
                }
            }
            NextHop::Attachment(id) => self.transit(id, there, region, LONGEST),
            NextHop::Vpn(id) => self.tunnelled(id, region),
            NextHop::RouterInterface(id) | NextHop::Ecr(id) => {
                uniform(Truth::Unknown(missing(format!("where {id} leads"))))
            }
            NextHop::Instance(_) | NextHop::Interface(_) | NextHop::HaVip(_) | NextHop::BalancerEndpoint(_) => {
                uniform(self.reader.read(
                    Assumption::Middlebox,
                    &Truth::Unknown(missing("where the appliance forwards to")),
                    &Truth::No,
                ))
            }
            _ => uniform(Truth::No),
        }
    }

    /// TR-3: where the selectors of a tunnel lead, a VPC of the estate may be the far side.
    fn tunnelled(&self, gateway: &Id, region: &Ranges<A>) -> Partition<A> {
        let vpns = &self.reader.estate.net.vpns;
        if let Some(what) = vpns.missing.first() {
            return Reader::uniform(region, Truth::Unknown(missing(what.clone())));
        }
        let open = vpns.iter().filter(|one| one.gateway == *gateway && one.up != Seen::Known(false));
        let far = Addresses::from_nets(open.flat_map(|one| one.remote.iter().copied()));
        let unknown = Truth::Unknown(missing(format!("the far side of VPN gateway {gateway}")));
        let selected = Reader::uniform(&region.intersect(A::of(&far)), unknown);
        [selected, Reader::uniform(&region.subtract(A::of(&far)), Truth::No)].concat()
    }

    /// TR-2: longest prefix in the table of the attachment by which packets enter.
    fn transit(&self, attachment: &Id, there: &Id, region: &Ranges<A>, left: u8) -> Partition<A> {
        let uniform = |truth: Truth| Reader::uniform(region, truth);
        let gap = |what: String| Truth::Unknown(missing(what));
        let Some(left) = left.checked_sub(1) else {
            return uniform(gap("an end of the loop of transit routers".to_owned()));
        };
        let routers = self.reader.estate.net.transit_routers.iter();
        let found = routers.filter_map(|router| Some((router, router.attachments.known()?))).find_map(
            |(router, attachments)| {
                attachments.iter().find(|item| item.id == *attachment).map(|entered| (router, attachments, entered))
            },
        );
        let Some((router, attachments, entered)) = found else {
            return uniform(gap(format!("transit router attachment {attachment}")));
        };
        let (table, tables) = match (&entered.table, &router.tables) {
            (Seen::Missing(what), _) => return uniform(gap(what.to_string())),
            (Seen::Absent, _) | (Seen::Known(_), Seen::Absent) => return uniform(Truth::No),
            (Seen::Known(_), Seen::Missing(what)) => return uniform(gap(what.to_string())),
            (Seen::Known(table), Seen::Known(tables)) => (table, tables),
        };
        let routes = match tables.iter().find(|item| item.id == *table).map(|table| &table.routes) {
            None => return uniform(gap(format!("transit router table {table}"))),
            Some(Seen::Missing(what)) => return uniform(gap(what.to_string())),
            Some(Seen::Absent) => return uniform(Truth::No),
            Some(Seen::Known(routes)) => routes,
        };
        // The last of equal prefixes is the one that the plain evaluator picks; the provider has only one.
        let mut ordered: Vec<_> = routes.iter().rev().collect();
        ordered.sort_by_key(|route| std::cmp::Reverse(route.destination.prefix_len()));
        let (mut rest, mut out) = (region.clone(), Partition::<A>::new());
        for route in ordered {
            let covered = Addresses::from_nets([route.destination]);
            let here = rest.intersect(A::of(&covered));
            if here.is_empty() {
                continue;
            }
            rest = rest.subtract(&here);
            let Some(next) = &route.next else {
                out.push((here, Truth::No));
                continue;
            };
            match attachments.iter().find(|item| item.id == *next).map(|item| &item.to) {
                None => out.push((here, gap(format!("attachment {next}")))),
                Some(Attached::Vpc(vpc)) => out.push((here, Truth::known(vpc == there))),
                Some(Attached::Router(other)) => out.extend(self.transit(other, there, &here, left)),
                Some(Attached::Edge(_)) => out.push((here, Truth::No)),
            }
        }
        out.push((rest, Truth::No));
        out
    }
}

/// Which side of a flow a partition speaks of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    Source,
    Destination,
}

/// The flows for which a partition of one of their addresses holds.
fn reached<A: Family>(partition: &Partition<A>, end: End) -> Known<A> {
    let (sure, may, doubts) = split(partition);
    let space = |ranges: &Ranges<A>| {
        let (source, destination) =
            if end == End::Source { (ranges.clone(), Ranges::all()) } else { (Ranges::all(), ranges.clone()) };
        Layer::over(&destination, &Arc::new(packets(&source, &Ranges::all(), &Ranges::all(), &Ranges::all())))
    };
    Known {
        sure: space(&sure),
        may: space(&may),
        doubts: doubts.into_iter().map(|(why, ranges)| (why, space(&ranges))).collect(),
    }
}
