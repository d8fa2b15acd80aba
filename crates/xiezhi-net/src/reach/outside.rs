//! What interfaces may send out to the internet, by every way out, as packet sets (sections 3.2 to 3.5, SG-23, CFW-1).

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::entries::seen_bool;
use super::fields::{Face, Reader};
use super::filters::Class;
use super::inside::Inside;
use super::known::{End, Known, reached};
use super::side::{Goal, class_of, vswitch_of};
use super::translate::Public;
use crate::assume::{Assumption, Readings, Reason, Reasons, Truth, missing};
use crate::model::{Bound, Direction, Eip, EipMode, Eni, Estate, Id, Ipv6, Nat, NextHop, Seen, VSwitch};
use crate::path::Exit;
use crate::set::{Cover, Family, Match, PacketSet, Protocols, Ranges};

/// What one interface may send out by one way.
pub(crate) struct Left {
    pub(crate) interface: Id,
    pub(crate) exit: Exit,
    /// The public addresses that the packets may carry outside, as far as they are in evidence.
    pub(crate) public: BTreeSet<IpAddr>,
    pub(crate) certain: PacketSet,
    pub(crate) possible: PacketSet,
    pub(crate) reasons: Reasons,
}

/// What interfaces may send out to the internet, of those packets that are asked about: one entry for each interface and
/// way by which some may leave.
pub(crate) fn outside_sets(estate: &Estate<'_>, readings: &Readings, from: &[&Eni], wanted: &PacketSet) -> Vec<Left> {
    let reader = Reader::new(estate, readings);
    let mut bound: FxHashMap<Id, Vec<&Eip>> = FxHashMap::default();
    for eip in &estate.net.eips {
        let holders: Vec<&Eni> = match eip.bound.known().map(|binding| &binding.to) {
            Some(Bound::HaVip(id)) => {
                let havip = estate.net.havips.iter().find(|havip| havip.id == *id);
                let members = havip.and_then(|havip| havip.members.known()).into_iter().flatten();
                members.filter_map(|id| estate.interface(id)).collect()
            }
            Some(_) => estate.interface_of(eip).map(|(eni, _)| eni).into_iter().collect(),
            None => Vec::new(),
        };
        let ids: BTreeSet<&Id> = holders.into_iter().map(|eni| &eni.id).collect();
        for id in ids {
            bound.entry(id.clone()).or_default().push(eip);
        }
    }
    let mut v4 = Outside::<u32>::new(&reader, &bound);
    let mut v6 = Outside::<u128>::new(&reader, &bound);
    let mut all = Vec::new();
    for eni in from {
        let mut found: Vec<Left> = Vec::new();
        let mut add = |exit: Exit, public: BTreeSet<IpAddr>, certain: PacketSet, possible: PacketSet, reasons| {
            if possible.is_empty() {
                return;
            }
            match found.iter_mut().find(|left| left.exit == exit) {
                Some(left) => {
                    left.public.extend(public);
                    left.certain = left.certain.union(&certain);
                    left.possible = left.possible.union(&possible);
                    left.reasons.extend(reasons);
                }
                None => {
                    found.push(Left { interface: eni.id.clone(), exit, public, certain, possible, reasons });
                }
            }
        };
        for Way { exit, public, flows } in v4.leaving(eni) {
            let flows = flows.among(&wanted.v4);
            let reasons = flows.reasons();
            let set = |v4| PacketSet { v4, ..PacketSet::empty() };
            add(exit, public, set(flows.sure), set(flows.may), reasons);
        }
        for Way { exit, public, flows } in v6.leaving(eni) {
            let flows = flows.among(&wanted.v6);
            let reasons = flows.reasons();
            let set = |v6| PacketSet { v6, ..PacketSet::empty() };
            add(exit, public, set(flows.sure), set(flows.may), reasons);
        }
        found.sort_by(|a, b| a.exit.cmp(&b.exit));
        all.extend(found);
    }
    all
}

/// Whether groups, platform and network ACLs alone keep all of these packets in, so that no way out could matter.
pub(crate) fn held_back(estate: &Estate<'_>, readings: &Readings, from: &[&Eni], wanted: &PacketSet) -> bool {
    let (reader, none) = (Reader::new(estate, readings), FxHashMap::default());
    let mut v4 = Outside::<u32>::new(&reader, &none);
    let mut v6 = Outside::<u128>::new(&reader, &none);
    from.iter().all(|eni| {
        let classic = eni.vpc == Seen::Absent;
        // Cut-through EIPs pass no network ACL.
        let acl = estate.net.eips.is_complete() && estate.net.eips.iter().all(|eip| !cuts_through(eip));
        let (v4, v6) = (v4.base(eni, classic, acl), v6.base(eni, classic, acl));
        Cover::is_empty(&v4.among(&wanted.v4).may) && Cover::is_empty(&v6.among(&wanted.v6).may)
    })
}

fn cuts_through(eip: &Eip) -> bool {
    eip.bound.gap().is_some() || eip.bound.known().is_some_and(|binding| binding.mode == EipMode::CutThrough)
}

/// What may leave by one way.
pub(super) struct Way<A: Family> {
    pub(super) exit: Exit,
    pub(super) public: BTreeSet<IpAddr>,
    pub(super) flows: Known<A>,
}

/// Interfaces with the same filters share what these let out.
type BaseKey = (Class, Seen<Id>, bool);

/// Answers for one family; filters are compiled once.
pub(super) struct Outside<'r, 'a, A: Family> {
    pub(super) inside: Inside<'r, 'a, A>,
    bound: &'r FxHashMap<Id, Vec<&'a Eip>>,
    bases: FxHashMap<BaseKey, Arc<Known<A>>>,
    pub(super) routes: FxHashMap<(Id, Seen<Id>, Exit), Arc<Known<A>>>,
    boundary: Option<Arc<Known<A>>>,
    borders: FxHashMap<Id, Known<A>>,
    assets: FxHashMap<IpAddr, Truth>,
    /// Whether the boundary stands before an address that its list does not name.
    unlisted: Truth,
}

impl<'r, 'a, A: Family> Outside<'r, 'a, A> {
    fn new(reader: &'r Reader<'a>, bound: &'r FxHashMap<Id, Vec<&'a Eip>>) -> Self {
        let listed = &reader.estate.net.firewall.assets;
        let mut assets = FxHashMap::default();
        for asset in listed.known().into_iter().flatten() {
            assets.entry(asset.address).or_insert_with(|| seen_bool(&asset.on, Truth::No));
        }
        Self {
            inside: Inside::new(reader),
            bound,
            bases: FxHashMap::default(),
            routes: FxHashMap::default(),
            boundary: None,
            borders: FxHashMap::default(),
            assets,
            unlisted: listed.gap().map_or(Truth::No, |what| Truth::Unknown(missing(what.clone()))),
        }
    }

    pub(super) fn reader(&self) -> &'r Reader<'a> {
        self.inside.reader
    }

    /// Every way out of one interface.
    fn leaving(&mut self, eni: &Eni) -> Vec<Way<A>> {
        let mut ways = Vec::new();
        let classic = eni.vpc == Seen::Absent;
        for own in &eni.public {
            let (Some(private), Some(public)) = (A::number(own.private.into()), A::number(own.public.into())) else {
                continue;
            };
            let seen = if classic { public } else { private };
            let mut flows = self.base(eni, classic, true).sending(&Ranges::one(seen));
            if !classic {
                flows = self.behind_gateway(eni, seen, &flows);
            }
            flows = self.past_boundary(public, &flows);
            ways.push(Way { exit: Exit::Own(eni.id.clone()), public: BTreeSet::from([own.public.into()]), flows });
        }
        if classic {
            return ways;
        }
        let bound = self.bound;
        for eip in bound.get(&eni.id).into_iter().flatten() {
            ways.extend(self.by_eip(eni, eip));
        }
        for own in &eni.ipv6 {
            ways.extend(self.by_ipv6(eni, own));
        }
        ways.extend(self.by_routes(eni));
        ways
    }

    /// What the groups of an interface, the platform and the network ACL of its vSwitch let out to the internet, and back
    /// in as replies.
    pub(super) fn base(&mut self, eni: &Eni, internet_nic: bool, acl: bool) -> Arc<Known<A>> {
        let class = class_of(eni, Direction::Egress, internet_nic, false);
        let key = class.as_ref().ok().map(|class| (class.clone(), eni.vswitch.clone(), acl));
        if let Some(known) = key.as_ref().and_then(|key| self.bases.get(key)) {
            return Arc::clone(known);
        }
        let reader = self.reader();
        // No packet goes from or to port 0.
        let ports = Ranges::between(1, u16::MAX);
        let sent =
            Match { destination: reader.internet.clone(), source_ports: ports.clone(), ports, ..Match::everything() };
        let mut flows = Known::exactly(&sent);
        flows = match &class {
            Ok(class) => flows.and(&Known::of(&reader.group_filter(class, true))),
            Err(why) => flows.and(&Known::unknown(why.clone())),
        };
        let mail = Match { protocols: Protocols::TCP, ports: Ranges::one(25), ..Match::everything() };
        flows = match reader.readings.of(Assumption::MailPort) {
            Truth::No => flows,
            Truth::Yes => flows.without(&mail),
            Truth::Unknown(why) => flows.either(&flows.without(&mail), &why),
        };
        if acl {
            flows = flows.and(&*self.inside.acl(eni, Direction::Egress, Face::Out));
            flows = flows.and(&*self.inside.acl(eni, Direction::Ingress, Face::OutReply));
        }
        let flows = Arc::new(flows);
        if let Some(key) = key {
            self.bases.insert(key, Arc::clone(&flows));
        }
        flows
    }

    fn by_eip(&mut self, eni: &Eni, eip: &Eip) -> Option<Way<A>> {
        let (binding, public) = (eip.bound.known()?, A::number(eip.address)?);
        let estate = self.reader().estate;
        let flows = match &binding.to {
            Bound::HaVip(id) => {
                let havip = estate.net.havips.iter().find(|havip| havip.id == *id)?;
                let own = A::number(havip.address.into())?;
                let flows = self.base(eni, false, true).sending(&Ranges::one(own));
                let flows = self.behind_gateway(eni, own, &flows);
                flows.given(&Truth::Unknown(missing(format!("which member holds {}", havip.id))))
            }
            _ if binding.mode == EipMode::CutThrough => self.base(eni, false, false).sending(&Ranges::one(public)),
            _ => {
                let (_, private) = estate.interface_of(eip)?;
                let own = A::number(private)?;
                let flows = self.base(eni, false, true).sending(&Ranges::one(own));
                self.behind_gateway(eni, own, &flows)
            }
        };
        let flows = self.past_boundary(public, &flows);
        Some(Way { exit: Exit::Eip(eip.id.clone()), public: BTreeSet::from([eip.address]), flows })
    }

    /// V6-1, V6-2: bandwidth lets out, with an egress-only rule or without.
    fn by_ipv6(&mut self, eni: &Eni, own: &Ipv6) -> Option<Way<A>> {
        let address = A::number(own.address.into())?;
        let reader = self.reader();
        let flows = self.base(eni, false, true).sending(&Ranges::one(address));
        let flows = match eni.vpc.known().and_then(|id| reader.estate.vpc(id)).map(|vpc| &vpc.ipv6_gateway) {
            None => flows.given(&Truth::Unknown(missing(format!("VPC of {}", eni.id)))),
            Some(Seen::Absent) => return None,
            Some(Seen::Missing(what)) => flows.given(&Truth::Unknown(missing(what.clone()))),
            Some(Seen::Known(id)) => {
                flows.and(&self.led_from(eni, &Goal::Ipv6Gateway(id.clone()))).given(&reader.steered(id, address))
            }
        };
        let flows = self.past_boundary(address, &flows.given(&seen_bool(&own.bandwidth, Truth::No)));
        Some(Way { exit: Exit::Ipv6(eni.id.clone()), public: BTreeSet::from([own.address.into()]), flows })
    }

    /// PUB-6: of some flows those whose source has no public address of its own, so that routes decide; behind an IPv4
    /// gateway routes decide for the others too, and `beside` says whether the way is theirs.
    pub(super) fn unpublished(&self, eni: &Eni, flows: &Known<A>, beside: &Truth) -> Known<A> {
        if A::number(Ipv4Addr::UNSPECIFIED.into()).is_none() {
            return flows.clone();
        }
        let estate = self.reader().estate;
        let bound = self.bound.get(&eni.id).into_iter().flatten().filter_map(|eip| estate.interface_of(eip));
        let bound = bound.filter(|(holder, _)| holder.id == eni.id).map(|(_, private)| private);
        let own = bound.chain(eni.public.iter().map(|own| own.private.into())).filter_map(A::number);
        let published = Ranges::collect(own.map(|one| (one, one)));
        let net = estate.net;
        let unseen = net.eips.missing.iter().chain(net.eips.iter().filter_map(|eip| eip.bound.gap()));
        let unseen: Reasons = unseen.cloned().map(Reason::Missing).collect();
        let alone = if unseen.is_empty() { Truth::Yes } else { Truth::Unknown(unseen) };
        let gap = |what: Arc<str>| match beside {
            Truth::No => Truth::No,
            Truth::Yes => Truth::Unknown(missing(what)),
            Truth::Unknown(why) => Truth::Unknown(why.iter().cloned().chain(missing(what)).collect()),
        };
        let with = match eni.vpc.known().and_then(|id| estate.vpc(id)).map(|vpc| &vpc.ipv4_gateway) {
            Some(Seen::Absent) => Truth::No,
            Some(Seen::Known(_)) => beside.clone(),
            Some(Seen::Missing(what)) => gap(Arc::clone(what)),
            None => gap(format!("VPC of {}", eni.id).into()),
        };
        let rest = flows.sending(&published.complement()).given(&alone);
        rest.or(&flows.sending(&published).given(&with))
    }

    /// The flows for whose destination the routes of an interface lead by a goal.
    fn led(&self, vswitch: Result<&VSwitch, Reasons>, goal: &Goal) -> Known<A> {
        let reader = self.reader();
        match vswitch.and_then(|vswitch| reader.table_of(vswitch)) {
            Err(why) => Known::unknown(why),
            Ok(table) => {
                let by = |hop: &NextHop, region: &Ranges<A>| Reader::uniform(region, goal.by(hop, reader));
                reached(&reader.routed(table, &Ranges::all(), &by), End::Destination)
            }
        }
    }

    fn led_from(&self, eni: &Eni, goal: &Goal) -> Known<A> {
        let vswitch = vswitch_of(self.reader(), eni);
        let vswitch = vswitch.and_then(|found| found.ok_or_else(|| missing(format!("vSwitch of {}", eni.id))));
        self.led(vswitch, goal)
    }

    /// PUB-1, PUB-2: the IPv4 gateway between an address that has a public one and the internet.
    fn behind_gateway(&self, eni: &Eni, private: A, flows: &Known<A>) -> Known<A> {
        let reader = self.reader();
        match eni.vpc.known().and_then(|id| reader.estate.vpc(id)).map(|vpc| &vpc.ipv4_gateway) {
            None => flows.given(&Truth::Unknown(missing(format!("VPC of {}", eni.id)))),
            Some(Seen::Absent) => flows.clone(),
            Some(Seen::Missing(what)) => {
                let routed = flows.and(&self.led_from(eni, &Goal::AnyIpv4Gateway));
                routed.either(flows, &missing(what.clone()))
            }
            Some(Seen::Known(id)) => {
                flows.and(&self.led_from(eni, &Goal::Ipv4Gateway(id.clone()))).given(&reader.steered(id, private))
            }
        }
    }

    /// CFW-1: the boundaries before a NAT gateway, which see the private source.
    pub(super) fn before_nat_gateway(&mut self, nat: &Id, flows: &Known<A>) -> Known<A> {
        let reader = self.reader();
        let borders = match &reader.estate.net.firewall.nats {
            Seen::Absent => return flows.clone(),
            Seen::Missing(what) => return flows.given(&Truth::Unknown(missing(what.clone()))),
            Seen::Known(borders) => borders.iter().filter(|border| border.nat == *nat),
        };
        borders.fold(flows.clone(), |flows, border| {
            let on = seen_bool(&border.on, Truth::No);
            if on.is_no() {
                return flows;
            }
            let filter = self.borders.entry(border.id.clone());
            let filter = filter.or_insert_with(|| Known::of(&reader.boundary_filter(&border.boundary, None)));
            let passed = flows.and(filter);
            match on {
                Truth::Unknown(why) => passed.either(&flows, &why),
                Truth::Yes | Truth::No => passed,
            }
        })
    }

    /// PUB-2 for the vSwitch in which a NAT gateway stands.
    pub(super) fn at_nat_gateway(&self, nat: &Nat, flows: &Known<A>) -> Known<A> {
        let estate = self.reader().estate;
        let Some(vpc) = estate.vpc(&nat.vpc) else {
            return flows.given(&Truth::Unknown(missing(format!("VPC {}", nat.vpc))));
        };
        let goal = match &vpc.ipv4_gateway {
            Seen::Absent => return flows.clone(),
            Seen::Known(id) => Goal::Ipv4Gateway(id.clone()),
            Seen::Missing(_) => Goal::AnyIpv4Gateway,
        };
        let vswitch = nat.vswitch.known().and_then(|id| estate.vswitch(id));
        let led = self.led(vswitch.ok_or_else(|| missing(format!("vSwitch of {}", nat.id))), &goal);
        match vpc.ipv4_gateway.gap() {
            Some(what) => flows.and(&led).either(flows, &missing(what.clone())),
            None => flows.and(&led),
        }
    }

    /// CFW-1: the internet boundary after a public address.
    fn past_boundary(&mut self, public: A, flows: &Known<A>) -> Known<A> {
        let on = self.assets.get(&public.address()).cloned().unwrap_or(self.unlisted.clone());
        if on.is_no() {
            return flows.clone();
        }
        let reader = self.reader();
        let filter = self.boundary.get_or_insert_with(|| {
            let outward = &reader.estate.net.firewall.outward;
            Arc::new(Known::of(&reader.boundary_filter(outward, Some(Direction::Egress))))
        });
        let passed = flows.and(&filter.sent_by(public));
        match on {
            Truth::Unknown(why) => passed.either(flows, &why),
            Truth::Yes | Truth::No => passed,
        }
    }

    /// The same for whichever address of a NAT gateway the packets get.
    pub(super) fn past_boundaries(&mut self, nat: &Nat, publics: &BTreeSet<Public<A>>, flows: &Known<A>) -> Known<A> {
        let mut each = Vec::new();
        for public in publics {
            each.push(match public {
                Ok(address) => self.past_boundary(*address, flows),
                Err(what) => self.past_unread(Arc::clone(what), flows),
            });
        }
        let why = missing(format!("which address {} uses", nat.id));
        let all = each.into_iter().reduce(|one, other| one.either(&other, &why));
        all.unwrap_or_else(|| self.past_unread(format!("public addresses of {}", nat.id).into(), flows))
    }

    /// The boundary after an address that is not in evidence.
    fn past_unread(&self, what: Arc<str>, flows: &Known<A>) -> Known<A> {
        match &self.reader().estate.net.firewall.assets {
            Seen::Absent => flows.clone(),
            Seen::Known(_) | Seen::Missing(_) => flows.given(&Truth::Unknown(missing(what))),
        }
    }
}
