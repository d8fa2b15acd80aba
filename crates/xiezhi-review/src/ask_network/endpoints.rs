//! Interface endpoints of PrivateLink as the target of a question: what reaches their interfaces, and by them the load
//! balancers of the service (PL-1). What somebody else's service does with packets is not in evidence.

use std::net::IpAddr;

use xiezhi_model::service::privatelink::{Endpoint, Service};
use xiezhi_model::{Reason, State};
use xiezhi_net::model::{Balancer, Id, Listener, PrivateEndpoint, Protocol};
use xiezhi_net::path::Trace;
use xiezhi_net::set::Flow;

use super::paths::fits;
use super::relays::{by_endpoint, unread};
use super::senders::Senders;
use super::zones::Part as Zone;
use super::{Ground, Hop, Open, Part, Verdict, hops, packet, short};
use crate::analyse::network::id_of;

/// The endpoints that a question names by themselves, and those that lead to a service that it names.
pub(super) struct Named<'g> {
    pub(super) endpoints: Vec<&'g PrivateEndpoint>,
    /// Why there may be more of them, or why not all of their interfaces are known.
    pub(super) open: Vec<Open>,
}

/// What a question names; nothing when it is neither an endpoint nor a service of PrivateLink.
pub(super) fn named<'g>(ground: &'g Ground, name: &str) -> Option<Named<'g>> {
    let inventory = &ground.inventory;
    let services: Vec<Id> = inventory
        .all::<Service>()
        .iter()
        .filter(|service| fits(&service.head, name))
        .map(|service| id_of(&service.head))
        .collect();
    let all = inventory.all::<Endpoint>();
    let own: Vec<Id> = all.iter().filter(|one| fits(&one.head, name)).map(|one| id_of(&one.head)).collect();
    let by_name = |one: &&Endpoint| one.service_name.value().is_some_and(|service| service == name);
    let named: Vec<Id> = all.iter().filter(by_name).map(|one| id_of(&one.head)).collect();
    let listed = &ground.network.private_endpoints;
    let leads = |endpoint: &PrivateEndpoint| {
        services.contains(&endpoint.service) || endpoint.service.as_str() == name || named.contains(&endpoint.id)
    };
    let endpoints: Vec<&PrivateEndpoint> = match own.is_empty() {
        true => listed.iter().filter(|endpoint| leads(endpoint)).collect(),
        false => listed.iter().filter(|endpoint| own.contains(&endpoint.id)).collect(),
    };
    if endpoints.is_empty() && own.is_empty() && services.is_empty() {
        return None;
    }
    // Further endpoints may lead to a service; of an endpoint by itself only its own gaps count.
    let concerns = |what: &str| own.is_empty() || own.iter().any(|id| what.ends_with(&format!(" {id}")));
    let gaps = listed.missing.iter().filter(|what| concerns(what));
    Some(Named { endpoints, open: gaps.map(|what| ground.gap(what)).collect() })
}

/// What a start reaches of an endpoint: the listeners behind it, or its interfaces where nothing is known behind.
pub(super) fn at_endpoint(
    ground: &Ground,
    from: Senders<'_>,
    endpoint: &PrivateEndpoint,
    port: Option<u16>,
) -> (Vec<Part>, Vec<Open>) {
    let known = endpoint.balancers.known().map_or(&[][..], Vec::as_slice);
    let found = |id: &Id| ground.network.balancers.iter().find(|balancer| balancer.id == *id);
    let mut unseen: Vec<Open> = Vec::new();
    let mut parts = Vec::new();
    for id in known {
        let Some(balancer) = found(id) else {
            unseen.push(Open { what: short(id.as_str()), code: Reason::NotCollected.code().to_owned() });
            continue;
        };
        unseen.extend(unread(ground, balancer));
        match by_endpoint(ground, from, None, (endpoint, balancer), port) {
            Ok(found) => parts.extend(found),
            Err(open) => unseen.push(open),
        }
    }
    if !parts.is_empty() {
        return (parts, unseen);
    }
    let at = Zone { interfaces: endpoint.interfaces.clone(), addresses: None, open: Vec::new() };
    let own = short(endpoint.id.as_str());
    let Some(mut part) = from.crossed(ground, (&own, &at), port) else { return (parts, unseen) };
    part.facts.extend(policy_of(ground, endpoint));
    if part.verdict == Verdict::No || known.is_empty() {
        let behind = match endpoint.balancers.gap() {
            Some(what) => ground.gap(what),
            None => Open { what: format!("what stands behind {own}"), code: Reason::NotInEvidence.code().to_owned() },
        };
        if part.verdict != Verdict::No {
            part.verdict = Verdict::Undecided;
            part.because.push(behind);
            // The packet arrives at the interface, which is not yet an answer.
            if part.packet.is_some() {
                part.hops.push(Hop {
                    at: own,
                    law: "PL-1".to_owned(),
                    rule: Some(short(endpoint.service.as_str())),
                    passes: Verdict::Undecided,
                });
            }
        }
        return (vec![part], unseen);
    }
    // Packets arrive at the interface, and no listener behind it takes them.
    let balancers = known.iter().filter_map(found);
    let stop = balancers.into_iter().find_map(|balancer| stops(ground, from, endpoint, balancer, port));
    let (witness, stopped) = stop.map_or((None, Vec::new()), |(flow, trace)| (Some(packet(&flow)), hops(&trace)));
    let refused = Part {
        subject: own,
        verdict: Verdict::No,
        facts: vec![("from", from.name())],
        packet: witness,
        hops: stopped,
        because: Vec::new(),
    };
    (vec![refused], unseen)
}

/// What an endpoint's own policy leaves to be said: it refuses requests by who asks and for what, and lets every packet by.
/// Nothing when there is none, or one that admits everybody to everything. Source: PL-1; PrivateLink CreateVpcEndpoint
/// `PolicyDocument`.
pub(super) fn policy_of(ground: &Ground, endpoint: &PrivateEndpoint) -> Option<(&'static str, String)> {
    let stated = ground.inventory.all::<Endpoint>().iter().find(|one| id_of(&one.head) == endpoint.id)?;
    let word = match &stated.policy.state {
        State::Absent => return None,
        State::Known(text) if admits_everything(text) => return None,
        State::Known(_) => "by-request",
        State::Unknown(_) => "policy-unknown",
    };
    Some(("endpoint-policy", word.to_owned()))
}

/// Whether a policy has a statement that admits everybody to everything, and none that refuses.
fn admits_everything(text: &str) -> bool {
    let Ok(policy) = serde_json::from_str::<serde_json::Value>(text) else { return false };
    let statements = match policy.get("Statement") {
        Some(serde_json::Value::Array(all)) => all.iter().collect(),
        Some(one) => vec![one],
        None => return false,
    };
    let any = |value: Option<&serde_json::Value>| match value {
        Some(serde_json::Value::String(one)) => one == "*",
        Some(serde_json::Value::Array(all)) => all.iter().any(|one| one == "*"),
        _ => false,
    };
    let effect = |one: &serde_json::Value, word: &str| one.get("Effect").is_some_and(|effect| effect == word);
    let whole = |one: &&serde_json::Value| {
        let parts = ["Action", "Resource", "Principal"];
        effect(one, "Allow") && one.get("Condition").is_none() && parts.iter().all(|part| any(one.get(part)))
    };
    statements.iter().any(whole) && statements.iter().all(|one| effect(one, "Allow"))
}

/// Where a packet to a listener behind an endpoint stops: the counter-example of a "no".
fn stops(
    ground: &Ground,
    from: Senders<'_>,
    endpoint: &PrivateEndpoint,
    balancer: &Balancer,
    port: Option<u16>,
) -> Option<(Flow, Trace)> {
    let network = &ground.network;
    let at: Vec<IpAddr> = network
        .enis
        .iter()
        .filter(|eni| endpoint.interfaces.contains(&eni.id))
        .filter_map(|eni| eni.addresses.first().map(|own| IpAddr::V4(*own)))
        .collect();
    let takes = |one: &&Listener| port.is_none_or(|port| one.ports.0 <= port && port <= one.ports.1);
    let mut listeners = balancer.listeners.known().into_iter().flatten().filter(takes);
    listeners.find_map(|listener| {
        let protocol = if listener.protocol.transport() == Protocol::Udp { 17 } else { 6 };
        let port = port.unwrap_or(listener.ports.0);
        let sources = from.sources(network);
        let mut pairs = sources.iter().flat_map(|source| at.iter().map(move |destination| (*source, *destination)));
        pairs.find_map(|(source, destination)| {
            let flow = Flow { source, destination, protocol, source_port: 40_000, port };
            let traces = from.walked(network, Some(&endpoint.id), (&balancer.id, &listener.id), &flow);
            traces.into_iter().find(|trace| trace.verdict.is_no()).map(|trace| (flow, trace))
        })
    })
}
