//! Everything that the internet reaches, exhaustively, with proof.
//!
//! ```
//! use xiezhi_net::{assume::{Readings, Truth}, model::*, reach};
//! // One instance with an EIP; the group drops 22 for one range and accepts it for all others.
//! let network: Network = serde_json::from_str(r#"{
//!     "vpcs": {"items": [{"id": "vpc-1", "cidrs": ["10.0.0.0/16"], "ipv4_gateway": "absent"}]},
//!     "enis": {"items": [{"id": "eni-1", "instance": "i-1", "vpc": {"known": "vpc-1"}, "addresses": ["10.0.0.5"], "groups": {"known": ["sg-1"]}}]},
//!     "eips": {"items": [{"id": "eip-1", "address": "47.1.2.3", "bound": {"known": {"to": {"instance": "i-1"}}}}]},
//!     "groups": {"items": [{"id": "sg-1", "vpc": "vpc-1", "kind": {"known": "basic"}, "inner": {"known": "drop"}, "rules": {"known": [
//!         {"id": "r-1", "direction": "ingress", "priority": {"known": 1}, "policy": {"known": "drop"},
//!          "protocol": {"known": "all"}, "peer": {"nets": ["8.0.0.0/8"]}},
//!         {"id": "r-2", "direction": "ingress", "priority": {"known": 2}, "protocol": {"known": "tcp"},
//!          "ports": {"ranges": [[22, 22]]}, "peer": {"nets": ["0.0.0.0/0"]}}]}}]}
//! }"#).unwrap();
//! let report = reach::from_internet(&network, &Readings::default());
//! let exposure = &report.exposures[0];
//! assert_eq!(exposure.verdict, Truth::Yes);
//! let witness = exposure.witness.as_ref().unwrap();
//! assert_eq!(witness.flow.port, 22);
//! assert!(!exposure.certain().sources().contains("8.8.8.8".parse().unwrap()));
//! assert_eq!(exposure.parts()[0].rule, Some("r-2".into()));
//! assert!(report.is_exhaustive());
//! ```

mod band;
mod entries;
mod exits;
mod fields;
mod filters;
mod firewall;
mod inside;
mod known;
mod linked;
mod links;
mod listeners;
mod outside;
mod premises;
mod relays;
mod routes;
mod side;
mod translate;
mod vpn;

use std::collections::BTreeSet;
use std::net::IpAddr;
use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::FxHashSet;

use band::{Band, Decided};
use entries::{Finder, Found};
use fields::Reader;
use filters::Class;
use inside::Inside;
use known::Known;
pub(crate) use linked::linked_sets;
pub(crate) use outside::{Left, held_back, outside_sets};
pub(crate) use premises::{Bearing, premises_sets, premises_to_service};
pub(crate) use relays::{Relayed, relayed_sets};
use side::{AnyBand, Side, Sides, class_of};

use crate::assume::{Assumption, Readings, Reason, Reasons, Truth, missing};
use crate::model::{BackendTo, Bound, Direction, Eni, Estate, Id, Listing, Network, Seen, ServiceEndpoint};
use crate::path::{Entry, Law, Target, Trace};
use crate::plain::Judge;
use crate::set::{Family, Flow, Inner, Layer, PacketSet, Ranges, Space};

/// Ports for administration and data stores; witnesses go to them first (section 9.2, query 3).
pub const MANAGEMENT_PORTS: [u16; 20] = [
    22, 3389, 5985, 5986, 2375, 2376, 6443, 10250, 2379, 3306, 5432, 1433, 1521, 6379, 27017, 9200, 9300, 5601, 11211,
    8443,
];

/// Everything that the internet reaches.
#[derive(Clone, Debug)]
pub struct Report {
    /// One exposure for each entry, destination address and target, in that order.
    pub exposures: Vec<Exposure>,
    /// The evidence without which more could be reachable than is listed.
    pub blind: Reasons,
    /// The assumptions whose reading was fixed; every verdict rests on them.
    pub assumed: Vec<Assumption>,
}

impl Report {
    /// Whether nothing beyond [`Self::exposures`] can be reachable.
    #[must_use]
    pub fn is_exhaustive(&self) -> bool {
        self.blind.is_empty()
    }

    /// The exposures that reach one of `ports` over TCP or UDP, surely or possibly.
    pub fn on_ports<'a>(&'a self, ports: &'a [u16]) -> impl Iterator<Item = &'a Exposure> {
        self.exposures.iter().filter(|exposure| {
            let open = exposure.possible();
            [6, 17].into_iter().any(|protocol| {
                let open = open.ports(protocol);
                ports.iter().any(|port| open.contains(*port))
            })
        })
    }
}

/// What the internet reaches at one target through one entry.
#[derive(Clone, Debug)]
pub struct Exposure {
    /// How it gets in.
    pub entry: Entry,
    /// What it reaches.
    pub target: Target,
    /// The public address; [`crate::path::UNRESOLVED`] for an endpoint whose address is not in evidence.
    pub destination: IpAddr,
    /// Whether an operation lock cuts the address off at present; the exposure is that without the lock (PUB-5).
    pub locked: bool,
    /// Yes when some packet surely arrives; unknown when packets only may arrive.
    pub verdict: Truth,
    /// A packet with its way, confirmed by the plain evaluator.
    pub witness: Option<Witness>,
    band: AnyBand,
}

/// A packet that proves an exposure, and its way.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Witness {
    /// The packet as the client sends it.
    pub flow: Flow,
    /// The way that the plain evaluator finds for it, with the deciding rule at every hop.
    pub trace: Trace,
}

/// The packets of an exposure that one rule lets in.
#[derive(Clone, Debug)]
pub struct Part {
    /// The deciding security-group rule; `None` when a default decides.
    pub rule: Option<Id>,
    /// The rule of the reference by which it decides.
    pub law: Law,
    /// What it lets in, surely or possibly.
    pub packets: PacketSet,
}

fn placed<A: Family>(destination: IpAddr, inner: &Arc<Inner<A>>) -> Space<A> {
    A::number(destination).map_or_else(Space::default, |destination| Layer::over(&Ranges::one(destination), inner))
}

impl Exposure {
    /// The packets that arrive in every reading and whatever the missing evidence says.
    #[must_use]
    pub fn certain(&self) -> PacketSet {
        match &self.band {
            AnyBand::V4(band) => PacketSet { v4: placed(self.destination, &band.sure), ..PacketSet::default() },
            AnyBand::V6(band) => PacketSet { v6: placed(self.destination, &band.sure), ..PacketSet::default() },
        }
    }

    /// The packets that may arrive: holds [`Self::certain`].
    #[must_use]
    pub fn possible(&self) -> PacketSet {
        match &self.band {
            AnyBand::V4(band) => PacketSet { v4: placed(self.destination, &band.may), ..PacketSet::default() },
            AnyBand::V6(band) => PacketSet { v6: placed(self.destination, &band.may), ..PacketSet::default() },
        }
    }

    /// Why [`Self::possible`] holds more than [`Self::certain`]; empty when they are equal.
    #[must_use]
    pub fn reasons(&self) -> Reasons {
        match &self.band {
            AnyBand::V4(band) => band.reasons(),
            AnyBand::V6(band) => band.reasons(),
        }
    }

    /// The same for some packets only: an open rule that bears on other packets is no reason.
    #[must_use]
    pub fn reasons_among(&self, wanted: &PacketSet) -> Reasons {
        fn meeting<A: Family>(band: &Band<A>, meets: impl Fn(&Arc<Inner<A>>) -> bool) -> Reasons {
            let doubts = band.doubts.iter().filter(|(_, set)| meets(set));
            doubts.flat_map(|(why, _)| why.iter().cloned()).collect()
        }
        let gap = self.possible().subtract(&self.certain()).intersect(wanted);
        if gap.is_empty() {
            return Reasons::new();
        }
        let at = self.destination;
        let meets = |set: PacketSet| !set.intersect(&gap).is_empty();
        match &self.band {
            AnyBand::V4(band) => meeting(band, |set| meets(PacketSet { v4: placed(at, set), ..PacketSet::default() })),
            AnyBand::V6(band) => meeting(band, |set| meets(PacketSet { v6: placed(at, set), ..PacketSet::default() })),
        }
    }

    /// The possible packets by deciding security-group rule, in evaluation order. Empty where no group
    /// decides, as at a load balancer's listener.
    #[must_use]
    pub fn parts(&self) -> Vec<Part> {
        fn of<A: Family>(parts: &[Decided<A>], set: impl Fn(&Arc<Inner<A>>) -> PacketSet) -> Vec<Part> {
            parts
                .iter()
                .map(|part| Part { rule: part.rule.clone(), law: part.law.clone(), packets: set(&part.packets) })
                .collect()
        }
        match &self.band {
            AnyBand::V4(band) => {
                of(&band.decided(), |inner| PacketSet { v4: placed(self.destination, inner), ..PacketSet::default() })
            }
            AnyBand::V6(band) => {
                of(&band.decided(), |inner| PacketSet { v6: placed(self.destination, inner), ..PacketSet::default() })
            }
        }
    }

    /// What stays the same when evidence, order and unrelated objects change: for comparing snapshots.
    #[must_use]
    pub fn key(&self) -> (&Entry, IpAddr, &Target) {
        (&self.entry, self.destination, &self.target)
    }
}

/// Everything that the internet reaches in a network.
#[must_use]
pub fn from_internet(network: &Network, readings: &Readings) -> Report {
    let estate = Estate::of(network);
    Report { exposures: exposures(&estate, readings, None), blind: blind(network), assumed: readings.fixed() }
}

/// What the internet reaches through one entry.
#[must_use]
pub fn through(network: &Network, readings: &Readings, entry: &Entry) -> Vec<Exposure> {
    exposures(&Estate::of(network), readings, Some(&FxHashSet::from_iter([entry.clone()])))
}

/// The report after rules, inner policy or kind of these security groups changed and nothing else did: only ways in that
/// lead to a member are looked at again, the rest is taken from the report before. The same as [`from_internet`] of the
/// network as it is now; `readings` must be those of the report before.
#[must_use]
pub fn again(before: Report, network: &Network, readings: &Readings, groups: &BTreeSet<Id>) -> Report {
    let estate = Estate::of(network);
    let touched = touched(&estate, groups);
    let Report { exposures: mut all, blind, assumed } = before;
    all.retain(|exposure| !touched.contains(&exposure.entry));
    all.extend(exposures(&estate, readings, Some(&touched)));
    all.sort_by(|a, b| a.key().cmp(&b.key()));
    Report { exposures: all, blind, assumed }
}

/// The ways in whose verdict can hang on what these groups say. Their members are the same as before.
fn touched(estate: &Estate<'_>, groups: &BTreeSet<Id>) -> FxHashSet<Entry> {
    let members = groups.iter().flat_map(|id| estate.members(id)).chain(estate.ungrouped());
    let members: FxHashSet<&Id> = members.map(|eni| &eni.id).collect();
    let inside = |eni: Option<&Eni>| eni.is_some_and(|eni| members.contains(&eni.id));
    let mut all = FxHashSet::default();
    for eip in &estate.net.eips {
        let by_havip = |id: &Id| {
            let named = estate.net.havips.iter().filter(|havip| havip.id == *id);
            named.filter_map(|havip| havip.members.known()).flatten().any(|id| inside(estate.interface(id)))
        };
        let hit = match eip.bound.known().map(|binding| &binding.to) {
            Some(Bound::HaVip(id)) => by_havip(id),
            _ => inside(estate.interface_of(eip).map(|(eni, _)| eni)),
        };
        if hit {
            all.insert(Entry::Eip(eip.id.clone()));
        }
    }
    for id in &members {
        all.extend([Entry::Own((*id).clone()), Entry::Ipv6((*id).clone())]);
    }
    for nat in &estate.net.nats {
        let entries = nat.dnat.known().into_iter().flatten();
        let hit = entries.filter(|entry| inside(estate.at(&nat.vpc, entry.internal.into())));
        all.extend(hit.map(|entry| Entry::Dnat(nat.id.clone(), entry.id.clone())));
    }
    for balancer in &estate.net.balancers {
        let own = match &balancer.groups {
            Seen::Known(own) => own.iter().any(|id| groups.contains(id)),
            Seen::Absent => false,
            Seen::Missing(_) => true,
        };
        let behind = |to: &BackendTo| match to {
            BackendTo::Instance(id) | BackendTo::Interface(id) => inside(estate.interface(id)),
            BackendTo::Address(address) => inside(balancer.vpc.known().and_then(|vpc| estate.at(vpc, *address))),
            BackendTo::Other(_) => false,
        };
        for listener in balancer.listeners.known().into_iter().flatten() {
            if own || listener.backends.known().into_iter().flatten().any(|backend| behind(&backend.to)) {
                all.insert(Entry::Listener(balancer.id.clone(), listener.id.clone()));
            }
        }
    }
    all
}

fn exposures(estate: &Estate<'_>, readings: &Readings, only: Option<&FxHashSet<Entry>>) -> Vec<Exposure> {
    let reader = Reader::new(estate, readings);
    let mut sides = Sides { v4: Side::new(&reader), v6: Side::new(&reader) };
    sides.v4.learn(compiled(&reader, |entry| only.is_none_or(|only| only.contains(entry))));
    let mut found = Finder::new(&reader, sides, only).everything();
    found.sort_by(|a, b| (&a.entry, a.destination, &a.target).cmp(&(&b.entry, b.destination, &b.target)));
    let judge = Judge { estate, readings };
    found.into_par_iter().map(|found| exposure(&judge, found)).collect()
}

/// The flows between interfaces of the estate, of those that are asked about: certain, possible, and why they differ.
pub(crate) fn inside_sets(
    estate: &Estate<'_>,
    readings: &Readings,
    from: &[&Eni],
    to: &[&Eni],
    wanted: &PacketSet,
) -> (PacketSet, PacketSet, Reasons) {
    let reader = Reader::new(estate, readings);
    let v4 = Inside::<u32>::new(&reader).between(from, to);
    let v6 = Inside::<u128>::new(&reader).between(from, to);
    among(v4, v6, wanted)
}

/// The flows from interfaces to a private endpoint, of those that are asked about.
pub(crate) fn endpoint_sets(
    estate: &Estate<'_>,
    readings: &Readings,
    from: &[&Eni],
    to: &ServiceEndpoint,
    wanted: &PacketSet,
) -> (PacketSet, PacketSet, Reasons) {
    let reader = Reader::new(estate, readings);
    let v4 = Inside::<u32>::new(&reader).endpoint(from, to);
    let v6 = Inside::<u128>::new(&reader).endpoint(from, to);
    among(v4, v6, wanted)
}

/// What of both families is asked about.
fn among(v4: Known<u32>, v6: Known<u128>, wanted: &PacketSet) -> (PacketSet, PacketSet, Reasons) {
    let (v4, v6) = (v4.among(&wanted.v4), v6.among(&wanted.v6));
    let reasons = v4.reasons().into_iter().chain(v6.reasons()).collect();
    (PacketSet { v4: v4.sure, v6: v6.sure }, PacketSet { v4: v4.may, v6: v6.may }, reasons)
}

/// The ingress filters of every class of interfaces that has one of these public ways in, compiled side by side.
fn compiled(reader: &Reader<'_>, wanted: impl Fn(&Entry) -> bool) -> Vec<(Class, band::Filter<u32>)> {
    let estate = reader.estate;
    let eips = estate.net.eips.iter().filter(|eip| wanted(&Entry::Eip(eip.id.clone())));
    let bound = eips.filter_map(|eip| estate.interface_of(eip)).map(|(eni, _)| eni);
    let own = estate.net.enis.iter().filter(|eni| !eni.public.is_empty() && wanted(&Entry::Own(eni.id.clone())));
    let classes: BTreeSet<Class> = bound
        .chain(own)
        .filter_map(|eni| class_of(eni, Direction::Ingress, eni.vpc == Seen::Absent, false).ok())
        .collect();
    classes
        .into_par_iter()
        .map(|class| {
            let filter = reader.group_filter(&class, true);
            (class, filter)
        })
        .collect()
}

/// Finds a witness and has the plain evaluator confirm it.
fn exposure(judge: &Judge<'_>, found: Found) -> Exposure {
    let Found { entry, target, destination, band } = found;
    let locked = judge.estate.eip(destination).is_some_and(|eip| eip.locked);
    let mut exposure = Exposure { entry, target, destination, locked, verdict: Truth::No, witness: None, band };
    let (set, sure) = match exposure.certain() {
        empty if empty.is_empty() => (exposure.possible(), false),
        certain => (certain, true),
    };
    let verdict = if sure { Truth::Yes } else { Truth::Unknown(exposure.reasons()) };
    let witness = set.witness_on(&MANAGEMENT_PORTS).and_then(|flow| {
        let traces = judge.through(&exposure.entry, &flow).into_iter().filter(|trace| trace.target == exposure.target);
        traces
            .filter(|trace| trace.verdict.is_yes() == sure && !trace.verdict.is_no())
            .map(|trace| Witness { flow, trace })
            .next()
    });
    exposure.verdict = match (&witness, verdict) {
        (None, _) => Truth::Unknown(missing("a confirmation of the witness by the plain evaluator")),
        (Some(_), verdict) => verdict,
    };
    exposure.witness = witness;
    exposure
}

/// What evidence is missing that could hold further ways in: [`Report::blind`] without the rest of a report.
#[must_use]
pub fn blind(network: &Network) -> Reasons {
    fn listing<T>(reasons: &mut Reasons, listing: &Listing<T>) {
        reasons.extend(listing.missing.iter().cloned().map(Reason::Missing));
    }
    fn gap<T>(reasons: &mut Reasons, seen: &Seen<T>) {
        reasons.extend(seen.gap().cloned().map(Reason::Missing));
    }
    let mut reasons = Reasons::new();
    listing(&mut reasons, &network.eips);
    listing(&mut reasons, &network.enis);
    listing(&mut reasons, &network.nats);
    listing(&mut reasons, &network.balancers);
    listing(&mut reasons, &network.services);
    for eip in &network.eips {
        gap(&mut reasons, &eip.bound);
        if let Some(Bound::HaVip(_)) = eip.bound.known().map(|binding| &binding.to) {
            listing(&mut reasons, &network.havips);
        }
    }
    for havip in &network.havips {
        gap(&mut reasons, &havip.members);
    }
    for nat in network.nats.iter().filter(|nat| !nat.intranet) {
        gap(&mut reasons, &nat.dnat);
    }
    for balancer in &network.balancers {
        gap(&mut reasons, &balancer.public);
        gap(&mut reasons, &balancer.listeners);
        for listener in balancer.listeners.known().into_iter().flatten() {
            gap(&mut reasons, &listener.backends);
        }
    }
    for service in &network.services {
        gap(&mut reasons, &service.endpoints);
    }
    reasons
}
