//! What may leave the estate for the internet, from a named part of it or from every interface: by which way out, to
//! which ports and destinations, and what decides at each hop.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use ipnet::IpNet;
use xiezhi_model::service::{eci, ecs};
use xiezhi_model::{Head, Resource};
use xiezhi_net::assume::Readings;
use xiezhi_net::model::{Eni, Id, Network, net};
use xiezhi_net::outside::{Departure, USUAL_PORTS, blind, kept_in, leaving};
use xiezhi_net::path::{Exit, Target, Trace};
use xiezhi_net::plain;
use xiezhi_net::segment::Zone;
use xiezhi_net::set::{Addresses, Flow, Match, PacketSet, Protocols, Ranges, internet};

use super::inside::doubts;
use super::outcomes::{agreed, outcomes};
use super::paths::{ports, to};
use super::zones::Part as Start;
use super::{Answer, AskError, Ground, Open, PREFIXES, Part, Question, Verdict, any, hops, instances, packet, short};
use crate::analyse::network::links::learning;
use crate::analyse::network::{id_of, is_placeholder};

/// What the question calls everything outside.
pub const INTERNET: &str = "internet";
/// A destination that stands for any, where packets that stop are shown.
const SOMEWHERE: [&str; 2] = ["8.8.8.8", "2400:3200::1"];
/// Of how many interfaces it is shown where packets stop.
const STOPPED: usize = 3;
/// How many groups of ports and destinations a part names one by one.
const GROUPS: usize = 6;

/// A range of protocols and one of ports.
type Span = ((u8, u8), (u16, u16));

/// The protocols that answers name.
const NAMED: [(u8, Protocols); 5] =
    [(6, Protocols::TCP), (17, Protocols::UDP), (1, Protocols::ICMP), (58, Protocols::ICMPV6), (47, Protocols::GRE)];

/// The destinations on the internet that a target names: the word for all of it, or a range that is outside the estate.
pub(super) fn outside(ground: &Ground, target: &str) -> Option<Addresses> {
    if target == INTERNET {
        return Some(world(&ground.network));
    }
    let range = Addresses::from_nets(net(target));
    (!range.is_empty() && range.is_subset(&world(&ground.network))).then_some(range)
}

fn world(network: &Network) -> Addresses {
    let own: Vec<IpNet> = network.vpcs.iter().flat_map(|vpc| vpc.cidrs.iter().copied()).collect();
    internet().subtract(&Addresses::from_nets(own))
}

/// What may leave for the internet from everywhere, to some ports when they are given.
#[must_use]
pub fn leaves(ground: &Ground, wanted: &[u16]) -> Answer {
    let start = Start::everywhere(ground);
    let mut parts = merged(departures(ground, &start, &to(wanted)));
    let mut unseen = start.open.clone();
    unseen.extend(further(ground, &start, &to(wanted), None));
    tidy(&mut parts, &mut unseen);
    let verdict = any(&parts, &unseen);
    let question = Question::Leaves { from: Vec::new(), to: INTERNET.to_owned(), ports: wanted.to_vec() };
    ground.answer(question, verdict, parts, unseen)
}

/// What may leave for the internet from named parts, to a part of it and on one port when these are given.
pub(super) fn leaves_from(
    ground: &Ground,
    from: &[&str],
    (name, goal): (&str, &Addresses),
    port: Option<u16>,
) -> Result<Answer, AskError> {
    let (mut parts, mut unseen, mut stops) = (Vec::new(), Vec::new(), Vec::new());
    for name in from {
        let start = Start::of(ground, name)?;
        let sent = Match {
            source: start.addresses.clone().unwrap_or_else(Addresses::all),
            destination: goal.clone(),
            ..Match::everything()
        };
        let wanted = to(port.as_slice()).intersect(&PacketSet::from(sent));
        let found = departures(ground, &start, &wanted);
        if found.is_empty() {
            stops.extend(stopped(ground, &start, goal, port));
        }
        parts.extend(found);
        unseen.extend(start.open.iter().cloned());
        unseen.extend(further(ground, &start, &wanted, Some(&heads(ground, &start))));
    }
    let mut parts = merged(parts);
    tidy(&mut parts, &mut unseen);
    let verdict = any(&parts, &unseen);
    parts.extend(stops);
    let from = from.iter().map(|start| (*start).to_owned()).collect();
    let ports = port.into_iter().collect();
    Ok(ground.answer(Question::Leaves { from, to: name.to_owned(), ports }, verdict, parts, unseen))
}

/// Why there may be further ways out; nothing where groups and network ACLs let no packet to any.
fn further(ground: &Ground, start: &Start, wanted: &PacketSet, heads: Option<&[&Head]>) -> Vec<Open> {
    let (network, readings, zone) = (&ground.network, Readings::default(), start.zone());
    if heads.is_some() && kept_in(network, &readings, &zone, wanted) {
        return Vec::new();
    }
    let mut all = ground.unseen(&blind(network, &readings, &zone, wanted), heads, heads.is_none());
    all.extend(learned(ground, start));
    all
}

fn tidy(parts: &mut [Part], unseen: &mut Vec<Open>) {
    parts.sort_by_key(|part| part.verdict != Verdict::Yes);
    unseen.sort();
    unseen.dedup();
}

/// Every way out of a part of the estate. An interface without an address has what it has under each that it may get.
fn departures(ground: &Ground, start: &Start, wanted: &PacketSet) -> Vec<Part> {
    let open = |eni: &&Eni| eni.addresses.iter().any(|own| is_placeholder(IpAddr::V4(*own)));
    let (unassigned, assigned): (Vec<&Eni>, Vec<&Eni>) = start.enis(ground).into_iter().partition(open);
    let zone = Zone::Interfaces(assigned.iter().map(|eni| eni.id.clone()).collect());
    let found = leaving(&ground.network, &Readings::default(), &zone, wanted);
    let mut parts: Vec<Part> = found.iter().map(|departure| part(ground, departure)).collect();
    for eni in unassigned {
        parts.extend(in_any_case(ground, eni, wanted));
    }
    parts
}

/// The ways out of an interface whose address nobody knows yet.
fn in_any_case(ground: &Ground, eni: &Eni, wanted: &PacketSet) -> Vec<Part> {
    let zone = Zone::Interface(eni.id.clone());
    let told = |network: &Network| -> BTreeMap<Exit, Part> {
        let found = leaving(network, &Readings::default(), &zone, wanted);
        found.into_iter().map(|departure| (departure.exit.clone(), part(ground, &departure))).collect()
    };
    let outcomes = match outcomes(ground, &[&eni.id], None) {
        Ok(outcomes) => outcomes,
        Err(open) => {
            let undecided = |mut part: Part| {
                part.verdict = Verdict::Undecided;
                part.because.push(open.clone());
                part
            };
            let found: Vec<Part> = told(&ground.network).into_values().map(undecided).collect();
            // No address, no way that the evidence could name; that is no word on whether there is one.
            return if found.is_empty() { vec![undecided(no_way(&ground.network, eni))] } else { found };
        }
    };
    let mut by_exit: BTreeMap<Exit, Vec<Part>> = BTreeMap::new();
    for outcome in &outcomes.each {
        for (exit, part) in told(&outcome.network) {
            by_exit.entry(exit).or_default().push(outcome.written(part));
        }
    }
    let ways = by_exit.into_values().filter_map(|mut parts| {
        if parts.len() < outcomes.each.len() {
            let none = Part { verdict: Verdict::No, ..parts.first()?.clone() };
            parts.push(none);
        }
        agreed(parts, &outcomes.open)
    });
    ways.collect()
}

/// One way out of one interface.
fn part(ground: &Ground, departure: &Departure) -> Part {
    let crossing = &departure.crossing;
    let shown = if crossing.certain.is_empty() { &crossing.possible } else { &crossing.certain };
    let mut facts = vec![("through", exit(&ground.network, &departure.exit))];
    let public: Vec<String> = departure.public.iter().map(|one| super::address(*one)).collect();
    if !public.is_empty() {
        facts.push(("seen-as", public.join(" ")));
    }
    for (ports, destinations) in opened(&ground.network, shown) {
        facts.push(("ports", ports));
        facts.push(("destinations", destinations));
    }
    Part {
        subject: sender(&ground.network, &departure.interface),
        verdict: super::verdict(&crossing.verdict),
        facts,
        packet: crossing.witness.as_ref().map(|witness| packet(&witness.flow)),
        hops: crossing.witness.as_ref().map(|witness| hops(&witness.trace)).unwrap_or_default(),
        because: ground.because(&doubts(crossing)),
    }
}

/// The ports of a set with the destinations that they lead to; ports with one set of destinations stand together.
fn opened(network: &Network, set: &PacketSet) -> Vec<(String, String)> {
    let mut by_ports: BTreeMap<Span, Addresses> = BTreeMap::new();
    for part in set.boxes() {
        let all = by_ports.entry((part.protocols, part.ports)).or_default();
        *all = all.union(&part.destination);
    }
    let mut groups: Vec<(Addresses, PacketSet)> = Vec::new();
    for ((protocols, range), destination) in by_ports {
        for (number, named) in NAMED {
            if !(protocols.0..=protocols.1).contains(&number) {
                continue;
            }
            let one = PacketSet::from(Match {
                destination: destination.clone(),
                protocols: named,
                ports: Ranges::between(range.0, range.1),
                ..Match::everything()
            });
            match groups.iter_mut().find(|(known, _)| *known == destination) {
                Some((_, all)) => *all = all.union(&one),
                None => groups.push((destination.clone(), one)),
            }
        }
    }
    if groups.len() > GROUPS {
        return vec![(ports(set), destinations(network, &set.destinations()))];
    }
    groups.iter().map(|(destination, set)| (ports(set), destinations(network, destination))).collect()
}

/// Destinations: all of the internet, all but a few ranges, or the first ranges.
fn destinations(network: &Network, all: &Addresses) -> String {
    let said = super::places(network, all);
    let rest = world(network).subtract(all);
    let (v4, v6) = (!all.v4.is_empty(), !all.v6.is_empty());
    let left = Addresses {
        v4: if v4 { rest.v4.clone() } else { Addresses::empty().v4 },
        v6: if v6 { rest.v6.clone() } else { Addresses::empty().v6 },
    };
    let few = left.nets().len();
    match said.as_str() {
        INTERNET => said,
        _ if few > 0 && few < all.nets().len() && few <= PREFIXES => {
            format!("{INTERNET}-except {}", left.describe(PREFIXES))
        }
        _ => said,
    }
}

/// Ways with everything in common but who sends stand together.
fn merged(parts: Vec<Part>) -> Vec<Part> {
    let mut out: Vec<(Part, Vec<String>)> = Vec::new();
    for part in parts {
        let same =
            |known: &Part| (known.verdict, &known.facts, &known.because) == (part.verdict, &part.facts, &part.because);
        match out.iter_mut().find(|(known, _)| same(known)) {
            Some((first, others)) if first.subject != part.subject => others.push(part.subject),
            Some(_) => {}
            None => out.push((part, Vec::new())),
        }
    }
    let with = |(mut part, mut others): (Part, Vec<String>)| {
        others.sort();
        others.dedup();
        if !others.is_empty() {
            part.facts.insert(0, ("also-from", others.join(" ")));
        }
        part
    };
    out.into_iter().map(with).collect()
}

/// A way out: a word, then an id; the words are left to whoever prints.
fn exit(network: &Network, way: &Exit) -> String {
    match way {
        Exit::Eip(id) => format!("eip {}", short(id.as_str())),
        Exit::Own(_) => "own-address".to_owned(),
        Exit::Ipv6(_) => "ipv6-address".to_owned(),
        Exit::Nat(id) => format!("snat {}", short(id.as_str())),
        // The table itself, or the interface whose table is not in evidence.
        Exit::Route(id) if network.route_tables.iter().any(|table| table.id == *id) => {
            format!("routes {}", short(id.as_str()))
        }
        Exit::Route(id) if network.enis.iter().any(|eni| eni.id == *id) => "unknown".to_owned(),
        Exit::Route(id) => format!("next-hop {}", short(id.as_str())),
    }
}

fn sender(network: &Network, interface: &Id) -> String {
    let of = instances(network);
    short(of.get(interface).map_or(interface.as_str(), |instance| instance.as_str()))
}

/// Where packets of the first interfaces stop: the counter-example of a "no".
fn stopped(ground: &Ground, start: &Start, goal: &Addresses, port: Option<u16>) -> Vec<Part> {
    let mut out = Vec::new();
    for eni in start.enis(ground).into_iter().take(STOPPED) {
        let outcome = outcomes(ground, &[&eni.id], None).ok().and_then(|all| all.each.into_iter().next());
        let Some(outcome) = outcome else { continue };
        let network = &outcome.network;
        let traces = walked(network, eni, goal, port);
        if traces.is_empty() {
            out.push(no_way(network, eni));
        }
        for (flow, trace) in traces {
            let Target::Internet(way) = &trace.target else { continue };
            out.push(outcome.written(Part {
                subject: sender(network, &eni.id),
                verdict: super::verdict(&trace.verdict),
                facts: vec![("through", exit(network, way))],
                packet: Some(packet(&flow)),
                hops: hops(&trace),
                because: Vec::new(),
            }));
        }
    }
    out
}

/// An interface without any way out that the evidence names.
fn no_way(network: &Network, eni: &Eni) -> Part {
    Part {
        subject: sender(network, &eni.id),
        verdict: Verdict::No,
        facts: vec![("through", "none".to_owned())],
        packet: None,
        hops: Vec::new(),
        because: Vec::new(),
    }
}

/// A packet of an interface to the goal by each way that its addresses have.
fn walked(network: &Network, eni: &Eni, goal: &Addresses, port: Option<u16>) -> Vec<(Flow, Trace)> {
    let readings = Readings::default();
    let evaluator = plain::Evaluator::new(network, &readings);
    let Some(eni) = network.enis.iter().find(|found| found.id == eni.id) else { return Vec::new() };
    let public = eni.public.iter().map(|own| IpAddr::V4(own.public));
    let v4 = eni.addresses.iter().map(|own| IpAddr::V4(*own));
    let sources = v4.chain(eni.ipv6.iter().map(|own| IpAddr::V6(own.address))).chain(public);
    let (mut out, mut seen) = (Vec::new(), BTreeSet::new());
    for source in sources {
        let any = SOMEWHERE.iter().filter_map(|text| text.parse::<IpAddr>().ok());
        let named = goal.nets().into_iter().map(|net| net.addr());
        let fits = |address: &IpAddr| address.is_ipv4() == source.is_ipv4() && goal.contains(*address);
        let Some(destination) = any.chain(named).find(fits) else { continue };
        let port = port.or(USUAL_PORTS.first().copied()).unwrap_or_default();
        let flow = Flow { source, destination, protocol: 6, source_port: 40_000, port };
        for trace in evaluator.outside(&eni.id, &flow) {
            if let Target::Internet(way) = &trace.target
                && seen.insert(way.clone())
            {
                out.push((flow, trace));
            }
        }
    }
    out
}

/// The instances, interfaces and container groups of a part.
fn heads<'g>(ground: &'g Ground, start: &Start) -> Vec<&'g Head> {
    let of = instances(&ground.network);
    let mut ids: BTreeSet<&Id> = start.interfaces.iter().collect();
    ids.extend(start.interfaces.iter().filter_map(|id| of.get(id).copied()));
    fn all<R: Resource>(rows: &[R]) -> impl Iterator<Item = &Head> {
        rows.iter().map(Resource::head)
    }
    let inventory = &ground.inventory;
    let machines = all(inventory.all::<ecs::Instance>())
        .chain(all(inventory.all::<ecs::NetworkInterface>()))
        .chain(all(inventory.all::<eci::ContainerGroup>()));
    machines.filter(|head| ids.contains(&id_of(head))).collect()
}

/// Transit routers that may write routes into the networks of a part which the evidence does not show.
fn learned(ground: &Ground, start: &Start) -> Vec<Open> {
    let here: BTreeSet<&Id> = start.enis(ground).into_iter().filter_map(|eni| eni.vpc.known()).collect();
    let ends = learning(&ground.inventory).into_iter().filter(|(_, vpc)| here.contains(vpc));
    let open = |(attachment, _): (Id, Id)| Open {
        what: short(attachment.as_str()),
        code: xiezhi_model::Reason::NotInEvidence.code().to_owned(),
    };
    ends.map(open).collect()
}
