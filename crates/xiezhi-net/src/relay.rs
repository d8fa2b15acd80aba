//! What is reached by load balancers over their private addresses, and by the interface endpoints of PrivateLink that
//! lead to them: from a part of the estate or from premises outside it (section 4, PL-1, TR-3).

use std::net::IpAddr;

use crate::assume::{Readings, Reasons};
use crate::model::{Balancer, Client, Estate, Id, Listener, Network, Premises};
use crate::path::{Target, Trace};
use crate::plain::Judge;
use crate::reach::{Relayed, linked_sets, relayed_sets};
use crate::segment::{Crossing, Zone, crossing};
use crate::set::Flow;

/// What is reached by a load balancer over one of its private addresses: the listener itself, or a server behind it.
#[derive(Clone, Debug)]
pub struct Relay {
    /// The listener.
    pub listener: Id,
    /// The private address of the balancer, or of the endpoint that leads to it.
    pub front: IpAddr,
    /// The listener itself, or what stands behind it.
    pub target: Target,
    /// The packets, as the clients send them.
    pub crossing: Crossing,
}

/// What a zone reaches at the listeners of a load balancer over its private addresses, and by them at the servers behind
/// (section 4): one relay for each listener, address and target that some packet may reach. A balancer with a public
/// address only gives none.
#[must_use]
pub fn relays(network: &Network, readings: &Readings, from: &Zone, balancer: &Id) -> Vec<Relay> {
    relayed(&Estate::of(network), readings, &senders(network, from), from.gaps(network), balancer)
}

/// The same from premises.
#[must_use]
pub fn relays_from(network: &Network, readings: &Readings, from: &Premises, balancer: &Id) -> Vec<Relay> {
    relayed(&Estate::of(network), readings, &[Client::Outside(from)], Reasons::new(), balancer)
}

/// What a zone reaches by an interface endpoint of PrivateLink at the listeners of one load balancer of its service, and by
/// them at the servers behind (PL-1): consumer to provider only. An endpoint that the evidence does not lead to the
/// balancer gives none.
#[must_use]
pub fn linked(network: &Network, readings: &Readings, from: &Zone, endpoint: &Id, balancer: &Id) -> Vec<Relay> {
    by_endpoint(&Estate::of(network), readings, &senders(network, from), from.gaps(network), (endpoint, balancer))
}

/// The same from premises.
#[must_use]
pub fn linked_from(
    network: &Network,
    readings: &Readings,
    from: &Premises,
    endpoint: &Id,
    balancer: &Id,
) -> Vec<Relay> {
    let clients = [Client::Outside(from)];
    by_endpoint(&Estate::of(network), readings, &clients, Reasons::new(), (endpoint, balancer))
}

fn senders<'n>(network: &'n Network, from: &Zone) -> Vec<Client<'n>> {
    from.interfaces(network).into_iter().map(Client::Inside).collect()
}

fn relayed(estate: &Estate<'_>, readings: &Readings, from: &[Client<'_>], gaps: Reasons, balancer: &Id) -> Vec<Relay> {
    let judge = Judge { estate, readings };
    let found = |balancer: &Balancer, listener: &Listener| relayed_sets(estate, readings, from, balancer, listener);
    let walked = |client: Client<'_>, balancer: &Balancer, listener: &Listener, flow: &Flow| {
        judge.relayed(client, balancer, listener, flow)
    };
    each(estate, from, gaps, balancer, found, walked)
}

fn by_endpoint(
    estate: &Estate<'_>,
    readings: &Readings,
    from: &[Client<'_>],
    gaps: Reasons,
    (endpoint, balancer): (&Id, &Id),
) -> Vec<Relay> {
    let endpoint = estate.net.private_endpoints.iter().find(|known| known.id == *endpoint);
    let Some(endpoint) = endpoint.filter(|known| known.balancers.known().is_some_and(|ids| ids.contains(balancer)))
    else {
        return Vec::new();
    };
    let judge = Judge { estate, readings };
    let found =
        |balancer: &Balancer, listener: &Listener| linked_sets(estate, readings, from, endpoint, balancer, listener);
    let walked = |client: Client<'_>, balancer: &Balancer, listener: &Listener, flow: &Flow| {
        judge.linked(client, endpoint, balancer, listener, flow)
    };
    each(estate, from, gaps, balancer, found, walked)
}

/// Every listener of a balancer with what the engine finds there, and a witness that the plain evaluator walks.
fn each(
    estate: &Estate<'_>,
    from: &[Client<'_>],
    gaps: Reasons,
    balancer: &Id,
    found: impl Fn(&Balancer, &Listener) -> Vec<Relayed>,
    walked: impl Fn(Client<'_>, &Balancer, &Listener, &Flow) -> Vec<Trace>,
) -> Vec<Relay> {
    let Some(balancer) = estate.balancer(balancer) else { return Vec::new() };
    let mut all = Vec::new();
    for listener in balancer.listeners.known().into_iter().flatten() {
        for Relayed { front, target, certain, possible, reasons } in found(balancer, listener) {
            let traces = |flow: &Flow| {
                let traces = from.iter().flat_map(|client| walked(*client, balancer, listener, flow));
                traces.filter(|trace| trace.target == target).collect()
            };
            let crossing = crossing(certain, possible, reasons, gaps.clone(), traces);
            all.push(Relay { listener: listener.id.clone(), front, target, crossing });
        }
    }
    all
}
