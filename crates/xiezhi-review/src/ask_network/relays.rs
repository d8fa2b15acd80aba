//! What is reached inside by load balancers: their listeners over private addresses, and the servers behind (section 4).

use std::collections::BTreeMap;
use std::net::IpAddr;

use xiezhi_net::assume::{Readings, Reason as Doubt, Reasons};
use xiezhi_net::model::{BackendTo, Balancer, BalancerKind, Eni, Id, Listener, Network, PrivateEndpoint};
use xiezhi_net::path::{Target, Trace};
use xiezhi_net::plain;
use xiezhi_net::reach::{MANAGEMENT_PORTS, Witness};
use xiezhi_net::segment::{self, Relay};
use xiezhi_net::set::{Addresses, Flow, Match, PacketSet};

use super::endpoints::policy_of;
use super::inside::{doubts, in_each_outcome};
use super::paths::{Meant, ports, to};
use super::zones::Part as Zone;
use super::{AskError, Ground, Open, PREFIXES, Part, Verdict, hops, instances, packet, short, target};
use crate::analyse::network::{id_of, is_placeholder};

/// The load balancers that a question names, by id, name or Terraform address.
pub(super) fn named<'g>(ground: &'g Ground, name: &str) -> Vec<&'g Balancer> {
    let Ok(meant) = Meant::of(ground, name) else { return Vec::new() };
    let ids: Vec<Id> = meant.heads(ground).into_iter().map(id_of).collect();
    ground.network.balancers.iter().filter(|balancer| ids.contains(&balancer.id)).collect()
}

/// What could not be read of a balancer: listeners, servers, its address type.
pub(super) fn unread(ground: &Ground, balancer: &Balancer) -> Vec<Open> {
    let own = ground.blind.iter().filter(|(head, _)| id_of(head) == balancer.id);
    own.map(|(head, reason)| Open::near(head, reason)).collect()
}

/// Whether everything that decides who reaches a balancer inside has a known address: the balancer, and the interfaces
/// that are asked about.
pub(super) fn followed(ground: &Ground, balancer: &Balancer, zones: [&Zone; 2]) -> bool {
    let known = |eni: &&Eni| !eni.addresses.iter().any(|own| is_placeholder(IpAddr::V4(*own)));
    balancer.kind != BalancerKind::Gwlb
        && !balancer.private.is_empty()
        && zones.into_iter().flat_map(|zone| zone.enis(ground)).all(|eni| known(&eni))
}

/// What a start reaches of a goal by a balancer. A port is the one at the server or at the listener.
pub(super) fn by_balancer(
    ground: &Ground,
    (start, from): (&str, &Zone),
    goal: &Zone,
    balancer: &Balancer,
    port: Option<u16>,
) -> Vec<Part> {
    let of = instances(&ground.network);
    let mine = |eni: &Id| goal.interfaces.contains(eni);
    let asked = asked(from);
    let listener = |relay: &Relay| {
        let id = relay.listener.clone();
        balancer.listeners.known().into_iter().flatten().filter(move |one| one.id == id)
    };
    let relays = segment::relays(&ground.network, &Readings::default(), &from.zone(), &balancer.id);
    relays
        .into_iter()
        .filter(|relay| matches!(&relay.target, Target::Interface(eni) if mine(eni)))
        .filter_map(|relay| {
            let leads = |port| listener(&relay).any(|one| leads_to(one, &relay.target, &of, port));
            let wanted = if port.is_some_and(leads) { asked.clone() } else { to(port.as_slice()).intersect(&asked) };
            part((ground, &ground.network), (start, from), (balancer, None), &relay, &wanted)
        })
        .collect()
}

/// What a start reaches by the interface endpoints of PrivateLink that lead to a balancer (PL-1): of a goal behind it when
/// one is given, else its listeners.
pub(super) fn by_endpoints(
    ground: &Ground,
    (start, from): (&str, &Zone),
    goal: Option<&Zone>,
    balancer: &Balancer,
    port: Option<u16>,
) -> Vec<Part> {
    let leads = |endpoint: &&PrivateEndpoint| endpoint.balancers.known().is_some_and(|ids| ids.contains(&balancer.id));
    let endpoints = ground.network.private_endpoints.iter().filter(leads);
    endpoints.flat_map(|endpoint| by_endpoint(ground, (start, from), goal, (endpoint, balancer), port)).collect()
}

/// What a start reaches by one endpoint: of a goal behind the balancer when one is given, else the balancer's listeners.
pub(super) fn by_endpoint(
    ground: &Ground,
    (start, from): (&str, &Zone),
    goal: Option<&Zone>,
    (endpoint, balancer): (&PrivateEndpoint, &Balancer),
    port: Option<u16>,
) -> Vec<Part> {
    let of = instances(&ground.network);
    let mut all = Vec::new();
    for listener in balancer.listeners.known().into_iter().flatten() {
        let targets: Vec<Target> = match goal {
            Some(goal) => goal.interfaces.iter().cloned().map(Target::Interface).collect(),
            None => vec![Target::Listener(balancer.id.clone(), listener.id.clone())],
        };
        let taken = port.is_none_or(|port| listener.ports.0 <= port && port <= listener.ports.1);
        for target in &targets {
            let behind = port.is_some_and(|port| leads_to(listener, target, &of, port));
            if !taken && !behind {
                continue;
            }
            let wanted = if behind { asked(from) } else { to(port.as_slice()).intersect(&asked(from)) };
            let way = Way { endpoint, balancer, listener, target };
            let found = endpoint.interfaces.iter();
            let found = found.filter_map(|at| by_interface(ground, (start, from), &way, at, &wanted));
            all.extend(found.map(|mut part| {
                part.facts.extend(policy_of(ground, endpoint));
                part
            }));
        }
    }
    all
}

/// A way by an endpoint to a listener or to what stands behind it.
struct Way<'g> {
    endpoint: &'g PrivateEndpoint,
    balancer: &'g Balancer,
    listener: &'g Listener,
    target: &'g Target,
}

/// What of a way leads by one interface of the endpoint, however the addresses turn out that nobody knows yet.
fn by_interface(
    ground: &Ground,
    (start, from): (&str, &Zone),
    way: &Way<'_>,
    at: &Id,
    wanted: &PacketSet,
) -> Option<Part> {
    let own = match way.target {
        Target::Interface(id) => Some(id),
        _ => None,
    };
    let interfaces: Vec<&Id> = from.interfaces.iter().chain([at]).chain(own).collect();
    let found = in_each_outcome(ground, &interfaces, |network| {
        let relays = segment::linked(network, &Readings::default(), &from.zone(), &way.endpoint.id, &way.balancer.id)
            .into_iter();
        let here = |relay: &Relay| network.enis.iter().any(|eni| eni.id == *at && holds(eni, relay.front));
        let mut relays =
            relays.filter(|relay| relay.listener == way.listener.id && relay.target == *way.target && here(relay));
        let by = (way.balancer, Some(&way.endpoint.id));
        let none = Part {
            subject: short(way.listener.id.as_str()),
            verdict: Verdict::No,
            facts: Vec::new(),
            packet: None,
            hops: Vec::new(),
            because: Vec::new(),
        };
        Some(relays.find_map(|relay| part((ground, network), (start, from), by, &relay, wanted)).unwrap_or(none))
    });
    found.filter(|part| part.verdict != Verdict::No)
}

fn holds(eni: &Eni, address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => eni.addresses.contains(&address),
        IpAddr::V6(address) => eni.ipv6.iter().any(|own| own.address == address),
    }
}

/// Why there may be endpoints that lead to a balancer beside those that are read.
pub(super) fn endpoints_unread(ground: &Ground) -> Vec<Open> {
    let endpoints = &ground.network.private_endpoints;
    let leads = endpoints.iter().filter_map(|endpoint| endpoint.balancers.gap());
    let reasons: Reasons = endpoints.missing.iter().chain(leads).cloned().map(Doubt::Missing).collect();
    ground.because(&reasons)
}

/// Whether a listener hands packets to this port of a target.
fn leads_to(listener: &Listener, target: &Target, of: &BTreeMap<&Id, &Id>, port: u16) -> bool {
    let Target::Interface(eni) = target else { return false };
    listener.backends.known().into_iter().flatten().any(|backend| {
        let same = match &backend.to {
            BackendTo::Instance(id) | BackendTo::Interface(id) => id == eni || of.get(eni) == Some(&id),
            BackendTo::Address(_) => true,
            BackendTo::Other(_) => false,
        };
        same && backend.port == Some(port)
    })
}

/// What a start reaches at the listeners of a balancer.
pub(super) fn at_balancer(
    ground: &Ground,
    (start, from): (&str, &Zone),
    balancer: &Balancer,
    port: Option<u16>,
) -> Result<Vec<Part>, AskError> {
    if !followed(ground, balancer, [from, from]) {
        let id = short(balancer.id.as_str());
        return Err(AskError::new(
            format!(
                "the evidence has no private address of `{id}` or of `{start}`: give the answers of the API beside the \
                 configuration"
            ),
            format!("证据中没有 `{id}` 或 `{start}` 的私网地址：请在配置之外同时提供 API 结果"),
        ));
    }
    let wanted = to(port.as_slice()).intersect(&asked(from));
    let relays = segment::relays(&ground.network, &Readings::default(), &from.zone(), &balancer.id);
    let listeners = relays.iter().filter(|relay| matches!(relay.target, Target::Listener(..)));
    let all = (ground, &ground.network);
    let parts: Vec<Part> =
        listeners.filter_map(|relay| part(all, (start, from), (balancer, None), relay, &wanted)).collect();
    Ok(if parts.is_empty() { stops(ground, (start, from), balancer, port).into_iter().collect() } else { parts })
}

fn asked(from: &Zone) -> PacketSet {
    PacketSet::from(Match { source: from.addresses.clone().unwrap_or_else(Addresses::all), ..Match::everything() })
}

/// A part of the answer for one relay, by an endpoint when one is given.
fn part(
    (ground, network): (&Ground, &Network),
    (start, from): (&str, &Zone),
    by: (&Balancer, Option<&Id>),
    relay: &Relay,
    wanted: &PacketSet,
) -> Option<Part> {
    let crossing = &relay.crossing;
    let (certain, possible) = (crossing.certain.intersect(wanted), crossing.possible.intersect(wanted));
    if possible.is_empty() {
        return None;
    }
    let sure = !certain.is_empty();
    let shown = if sure { &certain } else { &possible };
    // Without a packet that the plain evaluator confirms nothing is claimed; the crossing's own may not be among those
    // that are asked about.
    let own = crossing.witness.as_ref().filter(|witness| shown.contains(&witness.flow));
    let witness = own.cloned().or_else(|| walked(network, from, by, relay, shown, sure));
    let of = instances(network);
    let facts = vec![
        ("from", start.to_owned()),
        ("address", super::address(relay.front)),
        (
            "through",
            match by.1 {
                Some(endpoint) => format!("endpoint {}", short(endpoint.as_str())),
                None => format!("listener {}", short(relay.listener.as_str())),
            },
        ),
        ("ports", ports(shown)),
        ("sources", shown.sources().describe(PREFIXES)),
    ];
    Some(Part {
        subject: target(&of, &relay.target),
        verdict: if sure && witness.is_some() { Verdict::Yes } else { Verdict::Undecided },
        facts,
        packet: witness.as_ref().map(|witness| packet(&witness.flow)),
        hops: witness.map(|witness| hops(&witness.trace)).unwrap_or_default(),
        because: if certain == possible { Vec::new() } else { ground.because(&doubts(crossing)) },
    })
}

/// One of some packets to a listener, walked by the plain evaluator.
fn walked(
    network: &Network,
    from: &Zone,
    (balancer, endpoint): (&Balancer, Option<&Id>),
    relay: &Relay,
    shown: &PacketSet,
    sure: bool,
) -> Option<Witness> {
    let flow = shown.witness_on(&MANAGEMENT_PORTS)?;
    let readings = Readings::default();
    let evaluator = plain::Evaluator::new(network, &readings);
    let senders = from.zone().interfaces(network).into_iter();
    let mut traces = senders.flat_map(|eni| match endpoint {
        Some(endpoint) => evaluator.linked(&eni.id, endpoint, &balancer.id, &relay.listener, &flow),
        None => evaluator.relayed(&eni.id, &balancer.id, &relay.listener, &flow),
    });
    let fits = |trace: &Trace| trace.target == relay.target && trace.verdict.is_yes() == sure && !trace.verdict.is_no();
    traces.find(fits).map(|trace| Witness { flow, trace })
}

/// Where a packet to a listener stops: the counter-example of a "no".
fn stops(ground: &Ground, (start, from): (&str, &Zone), balancer: &Balancer, port: Option<u16>) -> Option<Part> {
    let network = &ground.network;
    let readings = Readings::default();
    let evaluator = plain::Evaluator::new(network, &readings);
    let senders = from.zone().interfaces(network);
    let listeners = balancer.listeners.known().into_iter().flatten();
    let mut taking = listeners.filter(|one| port.is_none_or(|port| one.ports.0 <= port && port <= one.ports.1));
    taking.find_map(|listener| {
        let protocol = if listener.protocol.transport() == xiezhi_net::model::Protocol::Udp { 17 } else { 6 };
        senders.iter().find_map(|sender| {
            let flow = Flow {
                source: IpAddr::V4(*sender.addresses.first()?),
                destination: *balancer.private.first()?,
                protocol,
                source_port: 40_000,
                port: port.unwrap_or(listener.ports.0),
            };
            let trace = evaluator.relayed(&sender.id, &balancer.id, &listener.id, &flow).into_iter().next()?;
            Some(Part {
                subject: short(listener.id.as_str()),
                verdict: super::verdict(&trace.verdict),
                facts: vec![("from", start.to_owned()), ("address", flow.destination.to_string())],
                packet: Some(packet(&flow)),
                hops: hops(&trace),
                because: Vec::new(),
            })
        })
    })
}
