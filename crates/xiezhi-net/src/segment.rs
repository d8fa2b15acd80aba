//! East-west: what reaches what inside the estate, which tier a vSwitch belongs to, and whether
//! address plans overlap.
//!
//! ```
//! use xiezhi_net::{assume::{Readings, Truth}, model::*, segment::{self, Zone}};
//! let network: Network = serde_json::from_str(r#"{
//!     "vpcs": {"items": [{"id": "vpc-1", "cidrs": ["10.0.0.0/16"]}]},
//!     "enis": {"items": [
//!         {"id": "eni-web", "vpc": {"known": "vpc-1"}, "addresses": ["10.0.1.5"], "groups": {"known": ["sg-web"]}},
//!         {"id": "eni-db", "vpc": {"known": "vpc-1"}, "addresses": ["10.0.2.5"], "groups": {"known": ["sg-db"]}}]},
//!     "groups": {"items": [
//!         {"id": "sg-web", "vpc": "vpc-1", "kind": {"known": "basic"}, "inner": {"known": "drop"}, "rules": {"known": []}},
//!         {"id": "sg-db", "vpc": "vpc-1", "kind": {"known": "basic"}, "inner": {"known": "drop"}, "rules": {"known": [
//!             {"id": "r-1", "direction": "ingress", "protocol": {"known": "tcp"}, "ports": {"ranges": [[3306, 3306]]}, "peer": {"group": "sg-web"}}]}}]}
//! }"#).unwrap();
//! let readings = Readings::default();
//! let to_db = segment::between(&network, &readings, &Zone::Group("sg-web".into()), &Zone::Group("sg-db".into()));
//! assert_eq!(to_db.verdict, Truth::Yes);
//! assert_eq!(to_db.witness.unwrap().flow.port, 3306);
//! let back = segment::between(&network, &readings, &Zone::Group("sg-db".into()), &Zone::Group("sg-web".into()));
//! assert_eq!(back.verdict, Truth::No);
//! ```

use std::net::IpAddr;

use rustc_hash::FxHashSet;

use crate::assume::{Assumption, Readings, Reason, Reasons, Truth, missing};
use crate::model::{Attached, BalancerKind, Eni, Estate, Id, Network, NextHop, Seen, VSwitch};
use crate::path::Trace;
use crate::plain::Judge;
use crate::reach::{MANAGEMENT_PORTS, Witness, endpoint_sets, inside_sets};
use crate::set::{Addresses, Flow, PacketSet};

/// A part of the estate.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Zone {
    /// One interface.
    Interface(Id),
    /// The interfaces in a security group.
    Group(Id),
    /// The interfaces in a vSwitch.
    VSwitch(Id),
    /// The interfaces in a VPC.
    Vpc(Id),
    /// These interfaces, as for a tag or an account.
    Interfaces(Vec<Id>),
}

impl Zone {
    /// The interfaces of the zone that evidence lists, in the order of the network.
    #[must_use]
    pub fn interfaces<'a>(&self, network: &'a Network) -> Vec<&'a Eni> {
        let named: FxHashSet<&Id> = match self {
            Self::Interfaces(ids) => ids.iter().collect(),
            _ => FxHashSet::default(),
        };
        let inside = |eni: &Eni| match self {
            Self::Interface(id) => eni.id == *id,
            Self::Group(id) => eni.groups.known().is_some_and(|groups| groups.contains(id)),
            Self::VSwitch(id) => eni.vswitch.known() == Some(id),
            Self::Vpc(id) => eni.vpc.known() == Some(id),
            Self::Interfaces(_) => named.contains(&eni.id),
        };
        network.enis.iter().filter(|eni| inside(eni)).collect()
    }

    /// Interfaces that may belong to the zone as well, by the name of what is missing. A zone that names its interfaces
    /// has no others.
    pub(crate) fn gaps(&self, network: &Network) -> Reasons {
        if matches!(self, Self::Interface(_) | Self::Interfaces(_)) {
            return Reasons::new();
        }
        let mut reasons: Reasons = network.enis.missing.iter().cloned().map(Reason::Missing).collect();
        for eni in &network.enis {
            let gap = match self {
                Self::Group(_) => eni.groups.gap(),
                Self::VSwitch(_) => eni.vswitch.gap(),
                Self::Vpc(_) => eni.vpc.gap(),
                Self::Interface(_) | Self::Interfaces(_) => None,
            };
            reasons.extend(gap.cloned().map(Reason::Missing));
        }
        reasons
    }
}

/// What reaches one zone from another.
#[derive(Clone, Debug)]
pub struct Crossing {
    /// Yes when some packet surely passes, no when surely none does.
    pub verdict: Truth,
    /// The packets that pass in every reading and whatever the missing evidence says.
    pub certain: PacketSet,
    /// The packets that may pass.
    pub possible: PacketSet,
    /// Why the two differ.
    pub reasons: Reasons,
    /// A packet with its way, confirmed by the plain evaluator.
    pub witness: Option<Witness>,
}

/// What passes from one zone to another, between different interfaces. The verdict is no only when
/// the zones' members are all in evidence.
#[must_use]
pub fn between(network: &Network, readings: &Readings, from: &Zone, to: &Zone) -> Crossing {
    within(network, readings, from, to, &PacketSet::all())
}

/// The same for some packets only, as those to one port.
#[must_use]
pub fn within(network: &Network, readings: &Readings, from: &Zone, to: &Zone, wanted: &PacketSet) -> Crossing {
    let estate = Estate::of(network);
    let (senders, receivers) = (from.interfaces(network), to.interfaces(network));
    let (certain, possible, reasons) = inside_sets(&estate, readings, &senders, &receivers, wanted);
    let judge = Judge { estate: &estate, readings };
    let pairs = |flow: &Flow| {
        let found = senders.iter().filter(|eni| holds(eni, flow.source));
        let found =
            found.flat_map(|s| receivers.iter().filter(|eni| holds(eni, flow.destination)).map(move |d| (s, d)));
        found.filter(|(s, d)| s.id != d.id).filter_map(|(s, d)| judge.between(s, d, flow)).collect()
    };
    let gaps = from.gaps(network).into_iter().chain(to.gaps(network)).collect();
    crossing(certain, possible, reasons, gaps, pairs)
}

/// What passes from a zone to a private endpoint of a managed service (section 7): the question
/// behind a database without password (DB-4); of these packets only. `None` when the endpoint is not in evidence.
#[must_use]
pub fn to_endpoint(
    network: &Network,
    readings: &Readings,
    from: &Zone,
    service: &Id,
    endpoint: &Id,
    wanted: &PacketSet,
) -> Option<Crossing> {
    let estate = Estate::of(network);
    let senders = from.interfaces(network);
    let service = estate.service(service)?;
    let endpoint = service.endpoints.known()?.iter().find(|known| known.id == *endpoint)?;
    let (certain, possible, reasons) = endpoint_sets(&estate, readings, &senders, endpoint, wanted);
    let judge = Judge { estate: &estate, readings };
    let traces =
        |flow: &Flow| senders.iter().filter_map(|eni| judge.to_endpoint(eni, service, endpoint, flow)).collect();
    let mut gaps = from.gaps(network);
    if endpoint.address.is_none() && endpoint.within.is_empty() {
        gaps.extend(missing(format!("address of endpoint {}", endpoint.id)));
    }
    Some(match endpoint.address {
        Some(_) => crossing(certain, possible, reasons, gaps, traces),
        // For the address that the witness names all may be sure.
        None => {
            let sets = (certain, possible, reasons);
            crossing_for(sets, gaps, &MANAGEMENT_PORTS, traces, |trace, _| !trace.verdict.is_no())
        }
    })
}

fn holds(eni: &Eni, address: IpAddr) -> bool {
    let own =
        eni.addresses.iter().map(|own| IpAddr::V4(*own)).chain(eni.ipv6.iter().map(|own| IpAddr::V6(own.address)));
    own.into_iter().any(|own| own == address)
}

/// Joins sets and a witness that the plain evaluator confirms into an answer.
pub(crate) fn crossing(
    certain: PacketSet,
    possible: PacketSet,
    reasons: Reasons,
    gaps: Reasons,
    traces: impl Fn(&Flow) -> Vec<Trace>,
) -> Crossing {
    let fits = |trace: &Trace, sure: bool| trace.verdict.is_yes() == sure && !trace.verdict.is_no();
    crossing_for((certain, possible, reasons), gaps, &MANAGEMENT_PORTS, traces, fits)
}

/// The same with the ports that a witness goes to first, and another word on which traces confirm it, sure or not.
pub(crate) fn crossing_for(
    (certain, possible, reasons): (PacketSet, PacketSet, Reasons),
    gaps: Reasons,
    ports: &[u16],
    traces: impl Fn(&Flow) -> Vec<Trace>,
    fits: impl Fn(&Trace, bool) -> bool,
) -> Crossing {
    let sure = !certain.is_empty();
    let flow = if sure { &certain } else { &possible }.witness_on(ports);
    let witness = flow.and_then(|flow| {
        let fitting = traces(&flow).into_iter().find(|trace| fits(trace, sure));
        fitting.map(|trace| Witness { flow, trace })
    });
    let verdict = match (&witness, flow) {
        (None, Some(_)) => Truth::Unknown(missing("a confirmation of the witness by the plain evaluator")),
        (Some(_), _) if sure => Truth::Yes,
        (Some(_), _) => Truth::Unknown(reasons.clone()),
        (None, None) if gaps.is_empty() => Truth::No,
        (None, None) => Truth::Unknown(gaps),
    };
    Crossing { verdict, certain, possible, reasons, witness }
}

/// The tier of a vSwitch.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Tier {
    /// Something in it has a public address.
    Public,
    /// Nothing in it has one, but its routes lead to the internet.
    Private,
    /// Neither: traffic stays inside.
    Intra,
    /// Cannot be told.
    Unknown(Reasons),
}

/// A vSwitch with its tier and what makes it so.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Subnet {
    /// The vSwitch.
    pub vswitch: Id,
    /// Its VPC.
    pub vpc: Id,
    /// Its tier.
    pub tier: Tier,
    /// Interfaces and load balancers in it that have a public address.
    pub published: Vec<Id>,
    /// Interfaces in it that have none; beside published ones they show that the plan does not
    /// separate public from private.
    pub unpublished: Vec<Id>,
    /// The route that leads to the internet, if any.
    pub way_out: Option<Id>,
    /// What is missing that could hold further interfaces with a public address.
    pub gaps: Reasons,
}

impl Subnet {
    /// Whether public and other interfaces share the vSwitch.
    #[must_use]
    pub fn is_mixed(&self) -> bool {
        !self.published.is_empty() && !self.unpublished.is_empty()
    }
}

/// Every vSwitch with its tier, in the order of the network.
#[must_use]
pub fn subnets(network: &Network) -> Vec<Subnet> {
    let estate = Estate::of(network);
    network.vswitches.iter().map(|vswitch| subnet(&estate, vswitch)).collect()
}

fn subnet(estate: &Estate<'_>, vswitch: &VSwitch) -> Subnet {
    let network = estate.net;
    let (mut published, mut unpublished, mut gaps) = (Vec::new(), Vec::new(), Reasons::new());
    let lists = [&network.enis.missing, &network.eips.missing, &network.balancers.missing];
    gaps.extend(lists.into_iter().flatten().cloned().map(Reason::Missing));
    for eip in &network.eips {
        gaps.extend(eip.bound.gap().cloned().map(Reason::Missing));
    }
    for eni in network.enis.iter().filter(|eni| eni.vswitch.known() == Some(&vswitch.id)) {
        let bound = eni.addresses.iter().any(|own| estate.own_eip(eni, IpAddr::V4(*own)).is_some());
        let ipv6 = eni.ipv6.iter().any(|own| own.bandwidth == Seen::Known(true));
        gaps.extend(eni.ipv6.iter().filter_map(|own| own.bandwidth.gap()).cloned().map(Reason::Missing));
        if bound || ipv6 || !eni.public.is_empty() {
            published.push(eni.id.clone())
        } else {
            unpublished.push(eni.id.clone())
        }
    }
    for balancer in network.balancers.iter().filter(|balancer| balancer.kind != BalancerKind::Clb) {
        if balancer.vswitches.known().is_some_and(|ids| !ids.contains(&vswitch.id)) {
            continue;
        }
        match (estate.fronts(balancer).is_empty(), balancer.vswitches.gap(), balancer.public.gap()) {
            (false, None, _) => published.push(balancer.id.clone()),
            (false, Some(what), _) | (true, _, Some(what)) => gaps.extend(missing(what.clone())),
            (true, _, None) => {}
        }
    }
    let (way_out, leads) = way_out(estate, vswitch);
    let tier = if !published.is_empty() {
        Tier::Public
    } else if !gaps.is_empty() {
        Tier::Unknown(gaps.clone())
    } else {
        match leads {
            Truth::Yes => Tier::Private,
            Truth::No => Tier::Intra,
            Truth::Unknown(why) => Tier::Unknown(why),
        }
    };
    Subnet { vswitch: vswitch.id.clone(), vpc: vswitch.vpc.clone(), tier, published, unpublished, way_out, gaps }
}

/// Whether a vSwitch's routes lead to the internet, and the first that surely does.
fn way_out(estate: &Estate<'_>, vswitch: &VSwitch) -> (Option<Id>, Truth) {
    let routes = match vswitch.table.known().map(|id| (id, estate.table(id))) {
        None => {
            let what = vswitch.table.gap().cloned();
            let why = what.unwrap_or_else(|| format!("route table of {}", vswitch.id).into());
            return (None, Truth::Unknown(missing(why)));
        }
        Some((id, None)) => return (None, Truth::Unknown(missing(format!("route table {id}")))),
        Some((_, Some(table))) => match &table.routes {
            Seen::Known(routes) => routes.as_slice(),
            Seen::Absent => &[],
            Seen::Missing(what) => return (None, Truth::Unknown(missing(what.clone()))),
        },
    };
    let own = estate.net.vpcs.iter().flat_map(|vpc| vpc.cidrs.iter().copied());
    let internet = crate::set::internet().subtract(&Addresses::from_nets(own));
    let outward = routes.iter().filter(|route| Addresses::from_nets([route.destination]).meets(&internet));
    let (mut sure, mut all) = (None, Truth::No);
    for route in outward {
        let leads = match &route.next {
            Seen::Known(hops) => hops.iter().map(|hop| leads_out(estate, hop)).fold(Truth::No, Truth::or),
            Seen::Absent => Truth::No,
            Seen::Missing(what) => Truth::Unknown(missing(what.clone())),
        };
        if leads.is_yes() && sure.is_none() {
            sure = Some(route.id.clone());
        }
        all = all.or(leads);
    }
    (sure, all)
}

/// Whether a next hop hands packets for the internet to it (RT-4, RT-5): what another network or an appliance does with
/// them is not followed.
fn leads_out(estate: &Estate<'_>, hop: &NextHop) -> Truth {
    match hop {
        NextHop::Ipv4Gateway(_) | NextHop::Ipv6Gateway(_) => Truth::Yes,
        NextHop::Nat(id) => match estate.nat(id) {
            Some(nat) => Truth::known(!nat.intranet),
            None => Truth::Unknown(missing(format!("NAT gateway {id}"))),
        },
        NextHop::Instance(_) | NextHop::Interface(_) | NextHop::HaVip(_) | NextHop::BalancerEndpoint(_) => {
            Truth::Unknown(Reasons::from([Reason::Assumption(Assumption::Middlebox)]))
        }
        NextHop::RouterInterface(id)
        | NextHop::Vpn(id)
        | NextHop::Attachment(id)
        | NextHop::Peering(id)
        | NextHop::Ecr(id) => Truth::Unknown(missing(format!("where {id} leads"))),
        NextHop::Local | NextHop::GatewayEndpoint(_) => Truth::No,
    }
}

/// Two VPCs whose address plans overlap.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Overlap {
    /// The two VPCs, in the order of the network.
    pub vpcs: (Id, Id),
    /// The addresses that both use.
    pub addresses: Addresses,
    /// Whether peering or a transit router joins them, so that one hides the other; unknown when a connection may be
    /// missing from evidence.
    pub joined: Truth,
}

/// Every pair of VPCs whose address plans overlap.
#[must_use]
pub fn overlaps(network: &Network) -> Vec<Overlap> {
    let plans: Vec<(&Id, Addresses)> =
        network.vpcs.iter().map(|vpc| (&vpc.id, Addresses::from_nets(vpc.cidrs.iter().copied()))).collect();
    let attached = |id: &Id| {
        let routers = network.transit_routers.iter().filter(|router| {
            router
                .attachments
                .known()
                .into_iter()
                .flatten()
                .any(|attachment| matches!(&attachment.to, Attached::Vpc(vpc) if vpc == id))
        });
        routers.map(|router| &router.id).collect::<Vec<_>>()
    };
    let mut gaps: Reasons =
        network.peerings.missing.iter().chain(&network.transit_routers.missing).cloned().map(Reason::Missing).collect();
    gaps.extend(
        network.transit_routers.iter().filter_map(|router| router.attachments.gap()).cloned().map(Reason::Missing),
    );
    let mut found = Vec::new();
    for (at, (a, first)) in plans.iter().enumerate() {
        for (b, second) in plans.iter().skip(at.saturating_add(1)) {
            let addresses = first.intersect(second);
            if addresses.is_empty() {
                continue;
            }
            let peered = network.peerings.iter().filter(|peering| {
                (peering.vpcs.0 == **a && peering.vpcs.1 == **b) || (peering.vpcs.1 == **a && peering.vpcs.0 == **b)
            });
            let peered = peered.map(|peering| match &peering.active {
                Seen::Known(active) => Truth::known(*active),
                Seen::Absent => Truth::Unknown(missing(format!("status of {}", peering.id))),
                Seen::Missing(what) => Truth::Unknown(missing(what.clone())),
            });
            let routed = Truth::known(attached(a).iter().any(|router| attached(b).contains(router)));
            let more = if gaps.is_empty() { Truth::No } else { Truth::Unknown(gaps.clone()) };
            let joined = peered.chain([routed, more]).fold(Truth::No, Truth::or);
            found.push(Overlap { vpcs: ((*a).clone(), (*b).clone()), addresses, joined });
        }
    }
    found
}
