//! The filters of one address family, each compiled once and shared by everything that uses it.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::band::{Band, Combined, Filter, packets};
use super::fields::{Face, Reader};
use super::filters::Class;
use super::routes::split;
use crate::assume::{Assumption, Reasons, Truth, missing};
use crate::model::{AccessControl, AccessKind, Balancer, Direction, Eni, Id, NextHop, Seen, VSwitch};
use crate::set::{Addresses, Family, Ranges};

/// Where a route must lead.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(super) enum Goal {
    Ipv4Gateway(Id),
    AnyIpv4Gateway,
    Ipv6Gateway(Id),
    Nat(Id),
}

impl Goal {
    fn is(&self, hop: &NextHop) -> bool {
        match (self, hop) {
            (Self::Ipv4Gateway(a), NextHop::Ipv4Gateway(b))
            | (Self::Ipv6Gateway(a), NextHop::Ipv6Gateway(b))
            | (Self::Nat(a), NextHop::Nat(b)) => a == b,
            (Self::AnyIpv4Gateway, NextHop::Ipv4Gateway(_)) => true,
            _ => false,
        }
    }

    /// Whether a next hop brings packets there: it is the goal, or an appliance that may hand them on (RT-5).
    pub(super) fn by(&self, hop: &NextHop, reader: &Reader<'_>) -> Truth {
        if !self.is(hop) && is_appliance(hop) {
            reader.readings.of(Assumption::Middlebox)
        } else {
            Truth::known(self.is(hop))
        }
    }
}

/// Whether a next hop is an appliance in line.
pub(super) fn is_appliance(hop: &NextHop) -> bool {
    use NextHop::{BalancerEndpoint, HaVip, Instance, Interface};
    matches!(hop, Instance(_) | Interface(_) | HaVip(_) | BalancerEndpoint(_))
}

/// The compiled filters of one family.
pub(super) struct Side<A: Family> {
    groups: FxHashMap<(Class, bool), Filter<A>>,
    acls: FxHashMap<Id, Arc<Band<A>>>,
    routes: FxHashMap<(Id, Goal), Arc<Band<A>>>,
    balancers: FxHashMap<Vec<Id>, Filter<A>>,
    firewall: Option<Filter<A>>,
    combined: Combined<A>,
    open: Arc<Band<A>>,
    /// What the internet can send: its sources, and no port 0.
    pub(super) origin: Arc<Band<A>>,
}

/// The vSwitch of an interface, if it has one and it is in evidence.
pub(super) fn vswitch_of<'a>(reader: &Reader<'a>, eni: &Eni) -> Result<Option<&'a VSwitch>, Reasons> {
    match &eni.vswitch {
        Seen::Absent => Ok(None),
        Seen::Missing(what) => Err(missing(what.clone())),
        Seen::Known(id) => reader.estate.vswitch(id).map(Some).ok_or_else(|| missing(format!("vSwitch {id}"))),
    }
}

impl<A: Family> Side<A> {
    pub(super) fn new(reader: &Reader<'_>) -> Self {
        let ports = Ranges::between(1, u16::MAX);
        let sent = Arc::new(packets(A::of(&reader.internet), &Ranges::all(), &ports, &ports));
        let origin =
            Band { sure: Arc::clone(&sent), may: sent, doubts: Vec::new(), parts: Arc::default(), open: false };
        Self {
            groups: FxHashMap::default(),
            acls: FxHashMap::default(),
            routes: FxHashMap::default(),
            balancers: FxHashMap::default(),
            firewall: None,
            combined: Combined::default(),
            open: Arc::new(Band::open()),
            origin: Arc::new(origin),
        }
    }

    pub(super) fn open(&self) -> Arc<Band<A>> {
        Arc::clone(&self.open)
    }

    pub(super) fn and(&mut self, left: &Arc<Band<A>>, right: &Arc<Band<A>>) -> Arc<Band<A>> {
        self.combined.and(left, right)
    }

    pub(super) fn unknown(why: Reasons) -> Arc<Band<A>> {
        Arc::new(Band::open().given(&Truth::Unknown(why)))
    }

    /// Adds filters that were compiled elsewhere.
    pub(super) fn learn(&mut self, compiled: Vec<(Class, Filter<A>)>) {
        self.groups.extend(compiled.into_iter().map(|(class, filter)| ((class, true), filter)));
    }

    /// SG-6 and section 2.3 for one address of an interface.
    pub(super) fn groups(
        &mut self,
        reader: &Reader<'_>,
        eni: &Eni,
        own: A,
        internet_nic: bool,
        platform: bool,
        from_internet: bool,
    ) -> Arc<Band<A>> {
        match class_of(eni, Direction::Ingress, internet_nic, platform) {
            Err(why) => Self::unknown(why),
            Ok(class) => self
                .groups
                .entry((class, from_internet))
                .or_insert_with_key(|(class, _)| reader.group_filter(class, from_internet))
                .band(own),
        }
    }

    /// NACL: the flow into the vSwitch and its reply out of it.
    pub(super) fn acl(&mut self, reader: &Reader<'_>, vswitch: &VSwitch) -> Arc<Band<A>> {
        let id = match &vswitch.acl {
            Seen::Absent => return self.open(),
            Seen::Missing(what) => return Self::unknown(missing(what.clone())),
            Seen::Known(id) => id,
        };
        if let Some(known) = self.acls.get(id) {
            return Arc::clone(known);
        }
        // Entries do not look at the member's own address, so one band serves every destination.
        let into = reader.acl_filter::<A>(id, Direction::Ingress, Face::In).band(A::MIN);
        let out = reader.acl_filter::<A>(id, Direction::Egress, Face::InReply).band(A::MIN);
        let mut both = into.and(&out);
        both.parts = Arc::default();
        let both = Arc::new(both);
        self.acls.insert(id.clone(), Arc::clone(&both));
        both
    }

    /// The network ACL of an interface's vSwitch; an interface without vSwitch is not filtered.
    pub(super) fn acl_of(&mut self, reader: &Reader<'_>, eni: &Eni) -> Arc<Band<A>> {
        match vswitch_of(reader, eni) {
            Ok(None) => self.open(),
            Err(why) => Self::unknown(why),
            Ok(Some(vswitch)) => self.acl(reader, vswitch),
        }
    }

    /// RT-1, RT-2: the clients to which a vSwitch's table leads by a goal.
    pub(super) fn route(&mut self, reader: &Reader<'_>, vswitch: &VSwitch, goal: Goal) -> Arc<Band<A>> {
        let table = match reader.table_of(vswitch) {
            Ok(table) => table,
            Err(why) => return Self::unknown(why),
        };
        let key = (table.id.clone(), goal);
        if let Some(known) = self.routes.get(&key) {
            return Arc::clone(known);
        }
        let partition =
            reader.routed(table, &Ranges::all(), &|hop, region| Reader::uniform(region, key.1.by(hop, reader)));
        let (sure, may, doubts) = split(&partition);
        let band = Arc::new(Band::sources(&sure, &may, &doubts));
        self.routes.insert(key, Arc::clone(&band));
        band
    }

    pub(super) fn route_of(&mut self, reader: &Reader<'_>, eni: &Eni, goal: Goal) -> Arc<Band<A>> {
        match vswitch_of(reader, eni) {
            Ok(Some(vswitch)) => self.route(reader, vswitch, goal),
            Ok(None) => Self::unknown(missing(format!("vSwitch of {}", eni.id))),
            Err(why) => Self::unknown(why),
        }
    }

    /// CFW-1: the internet boundary before a public address; `on` is the state of its switch.
    pub(super) fn firewall(&mut self, reader: &Reader<'_>, on: &Truth, public: A) -> Arc<Band<A>> {
        if on.is_no() {
            return self.open();
        }
        let boundary = &reader.estate.net.firewall.internet;
        let filter = self.firewall.get_or_insert_with(|| reader.boundary_filter(boundary, Some(Direction::Ingress)));
        let mut band = filter.band(public);
        if !band.parts.is_empty() {
            band = Arc::new(Band { parts: Arc::default(), ..(*band).clone() });
        }
        match on {
            Truth::Unknown(why) => Arc::new(band.either(&self.open, why)),
            Truth::Yes | Truth::No => band,
        }
    }

    /// PUB-1, PUB-2, RT-5: the IPv4 gateway before a private address.
    pub(super) fn gateway(&mut self, reader: &Reader<'_>, eni: &Eni, private: A) -> Arc<Band<A>> {
        let Some(vpc) = eni.vpc.known().and_then(|id| reader.estate.vpc(id)) else {
            return Self::unknown(missing(format!("VPC of {}", eni.id)));
        };
        match &vpc.ipv4_gateway {
            Seen::Absent => self.open(),
            Seen::Missing(what) => {
                let why = missing(what.clone());
                match vswitch_of(reader, eni) {
                    Ok(Some(vswitch)) => {
                        let routed = self.route(reader, vswitch, Goal::AnyIpv4Gateway);
                        Arc::new(routed.either(&self.open, &why))
                    }
                    _ => Self::unknown(why),
                }
            }
            Seen::Known(id) => {
                let routed = self.route_of(reader, eni, Goal::Ipv4Gateway(id.clone()));
                match reader.steered(id, private) {
                    Truth::Yes => routed,
                    truth => Arc::new(routed.given(&truth)),
                }
            }
        }
    }

    /// ALB-2: the groups of an ALB or NLB.
    pub(super) fn balancer_groups(&mut self, reader: &Reader<'_>, balancer: &Balancer, front: A) -> Arc<Band<A>> {
        let key = match &balancer.groups {
            Seen::Missing(_) => return reader.balancer_filter(balancer).band(front),
            // Absent: none beside the managed group.
            Seen::Absent => Vec::new(),
            Seen::Known(groups) => groups.clone(),
        };
        // Groups are of one VPC, which is the balancer's.
        self.balancers.entry(key).or_insert_with(|| reader.balancer_filter(balancer)).band(front)
    }

    /// CLB-3, ALB-4: access control of a listener, by client.
    pub(super) fn access(&self, reader: &Reader<'_>, access: &Seen<AccessControl>) -> Arc<Band<A>> {
        let access = match access {
            Seen::Absent => return self.open(),
            Seen::Missing(what) => return Self::unknown(missing(what.clone())),
            Seen::Known(access) => access,
        };
        let ids = match &access.lists {
            Seen::Known(ids) => ids.as_slice(),
            Seen::Absent => &[],
            Seen::Missing(what) => return Self::unknown(missing(what.clone())),
        };
        let (mut nets, mut gaps) = (Vec::new(), Reasons::new());
        for id in ids {
            match reader.estate.access_list(id).map(|list| &list.entries) {
                Some(Seen::Known(entries)) => nets.extend(entries.iter().copied()),
                Some(Seen::Absent) => {}
                Some(Seen::Missing(what)) => gaps.extend(missing(what.clone())),
                None => gaps.extend(missing(format!("access control list {id}"))),
            }
        }
        let listed_set = Addresses::from_nets(nets.iter().copied());
        let listed = A::of(&listed_set);
        let white = access.kind == AccessKind::White;
        let rest = if !gaps.is_empty() {
            Truth::Unknown(gaps)
        } else if !white {
            Truth::Yes
        } else if nets.is_empty() && access.legacy {
            reader.read(Assumption::ClbLegacyList, &Truth::No, &Truth::Yes)
        } else {
            Truth::known(nets.is_empty())
        };
        let partition = vec![(listed.clone(), Truth::known(white)), (listed.complement(), rest)];
        let (sure, may, doubts) = split(&partition);
        Arc::new(Band::sources(&sure, &may, &doubts))
    }
}

/// The class of an interface, unless its groups are unknown.
pub(super) fn class_of(eni: &Eni, direction: Direction, internet_nic: bool, platform: bool) -> Result<Class, Reasons> {
    match &eni.groups {
        Seen::Known(groups) if !groups.is_empty() => {
            let mut groups = groups.clone();
            groups.sort_unstable();
            groups.dedup();
            Ok(Class { groups, vpc: eni.vpc.clone(), direction, internet_nic, platform })
        }
        Seen::Missing(what) => Err(missing(what.clone())),
        Seen::Known(_) | Seen::Absent => Err(missing(format!("security groups of {}", eni.id))),
    }
}

/// Both families.
pub(super) struct Sides {
    pub(super) v4: Side<u32>,
    pub(super) v6: Side<u128>,
}

/// A family that knows its half of the engine.
pub(super) trait Sided: Family {
    fn side(sides: &mut Sides) -> &mut Side<Self>;
    fn wrap(band: Arc<Band<Self>>) -> AnyBand;
}

/// A band of either family.
#[derive(Clone, Debug)]
pub(super) enum AnyBand {
    V4(Arc<Band<u32>>),
    V6(Arc<Band<u128>>),
}

impl Sided for u32 {
    fn side(sides: &mut Sides) -> &mut Side<Self> {
        &mut sides.v4
    }
    fn wrap(band: Arc<Band<Self>>) -> AnyBand {
        AnyBand::V4(band)
    }
}

impl Sided for u128 {
    fn side(sides: &mut Sides) -> &mut Side<Self> {
        &mut sides.v6
    }
    fn wrap(band: Arc<Band<Self>>) -> AnyBand {
        AnyBand::V6(band)
    }
}
