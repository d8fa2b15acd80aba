//! What reaches the private endpoints of managed services, from inside and from premises (network semantics, section 7).

use std::collections::BTreeSet;
use std::net::IpAddr;

use xiezhi_net::assume::Readings;
use xiezhi_net::model::{Id, Network, Service, ServiceEndpoint};
use xiezhi_net::plain;
use xiezhi_net::segment;
use xiezhi_net::set::{Addresses, Flow, Match, PacketSet};

use super::inside::{doubts, in_each_outcome, inside, routes, told, vpcs};
use super::paths::{fits, port_doubts, ports, to};
use super::premises::{self, Named};
use super::zones::Part as Zone;
use super::{Answer, AskError, Ground, INNER, PREFIXES, Part, hops, packet, short};
use crate::analyse::network::id_of;

/// The managed services that a question names, by id, name or Terraform address.
pub(super) fn named<'g>(ground: &'g Ground, name: &str) -> Vec<&'g Service> {
    let tables = ground.inventory.kinds().map(|(_, table)| table);
    let heads = tables.flat_map(|table| (0..table.count()).filter_map(|at| table.record(at)?.resource_head()));
    let ids: BTreeSet<Id> = heads.filter(|head| fits(head, name)).map(id_of).collect();
    ground.network.services.iter().filter(|one| one.id.as_str() == name || ids.contains(&one.id)).collect()
}

/// What reaches the private endpoints of a managed service from each start (section 7).
pub(super) fn to_services(
    ground: &Ground,
    from: &[&str],
    name: &str,
    services: &[&Service],
    port: Option<u16>,
) -> Result<Answer, AskError> {
    let (mut parts, mut unseen) = (Vec::new(), Vec::new());
    for start in from {
        let outside = Named::of(ground, start);
        let zone = inside(ground, start, outside.is_some())?;
        let open = [zone.as_ref().map(|zone| &zone.open), outside.as_ref().map(|outside| &outside.open)];
        unseen.extend(open.into_iter().flatten().flatten().cloned());
        for service in services {
            let endpoints = service.endpoints.known().into_iter().flatten();
            for endpoint in endpoints.filter(|endpoint| endpoint.vpc.is_some() || !endpoint.within.is_empty()) {
                if let Some(outside) = &outside {
                    parts.extend(premises::at_service(ground, outside, service, endpoint, port.as_slice()));
                    unseen.extend(premises::hidden(ground, outside, endpoint.vpc.iter()));
                }
                if let Some(zone) = &zone {
                    unseen.extend(routes(ground, &vpcs(ground, zone), &endpoint.vpc.iter().cloned().collect()));
                    parts.extend(at_endpoint(ground, (start, zone), service, endpoint, port));
                }
            }
        }
    }
    if parts.is_empty() {
        return Err(AskError::new(
            format!(
                "the evidence has no private address of `{name}`: ask without `--from` what reaches its public one"
            ),
            format!("证据中没有 `{name}` 的私网地址：去掉 `--from` 可询问何者可达其公网地址"),
        ));
    }
    Ok(told(ground, from, (name, port), parts, unseen))
}

fn at_endpoint(
    ground: &Ground,
    (start, from): (&str, &Zone),
    service: &Service,
    endpoint: &ServiceEndpoint,
    port: Option<u16>,
) -> Option<Part> {
    let asked =
        PacketSet::from(Match { source: from.addresses.clone().unwrap_or_else(Addresses::all), ..Match::everything() });
    let wanted = to(port.as_slice()).intersect(&asked);
    in_each_outcome(ground, &from.interfaces.iter().collect::<Vec<_>>(), |network| {
        let readings = Readings::default();
        let crossing = segment::to_endpoint(network, &readings, &from.zone(), &service.id, &endpoint.id, &wanted)?;
        let shown = if crossing.certain.is_empty() { &crossing.possible } else { &crossing.certain };
        let mut facts = vec![("from", start.to_owned())];
        if !shown.is_empty() {
            facts.push(("ports", ports(shown)));
            facts.push(("sources", shown.sources().describe(PREFIXES)));
        }
        let walked = crossing.witness.as_ref().map(|witness| (witness.flow, witness.trace.clone()));
        let walked = walked.or_else(|| stops_before(network, from, service, endpoint, port));
        Some(Part {
            subject: short(endpoint.id.as_str()),
            verdict: super::verdict(&crossing.verdict),
            facts,
            packet: walked.as_ref().map(|(flow, _)| to_endpoint(flow, endpoint)),
            hops: walked.map(|(_, trace)| hops(&trace)).unwrap_or_default(),
            because: ground
                .because(&doubts(&crossing).into_iter().chain(port_doubts(endpoint).unwrap_or_default()).collect()),
        })
    })
}

/// A packet to an endpoint: an address that only stands for its own is not shown.
pub(super) fn to_endpoint(flow: &Flow, endpoint: &ServiceEndpoint) -> String {
    let text = packet(flow);
    match endpoint.address {
        Some(_) => text,
        None => text.replace(&format!("> {}:", flow.destination), &format!("> {INNER}:")),
    }
}

/// Where a packet to an endpoint stops: the counter-example of a "no".
fn stops_before(
    network: &Network,
    from: &Zone,
    service: &Service,
    endpoint: &ServiceEndpoint,
    port: Option<u16>,
) -> Option<(Flow, xiezhi_net::path::Trace)> {
    let readings = Readings::default();
    let evaluator = plain::Evaluator::new(network, &readings);
    let own = endpoint.ports.known().unwrap_or(&endpoint.usual).first().map(|(low, _)| *low);
    // Any address will do that no interface holds.
    let held =
        |address: &IpAddr| network.enis.iter().flat_map(|eni| &eni.addresses).any(|own| IpAddr::V4(*own) == *address);
    let free = || endpoint.within.first()?.hosts().take(64).find(|address| !held(address));
    let destination = endpoint.address.or_else(free)?;
    from.zone().interfaces(network).into_iter().find_map(|sender| {
        let source = IpAddr::V4(*sender.addresses.first()?);
        let flow = Flow { source, destination, protocol: 6, source_port: 40_000, port: port.or(own)? };
        evaluator.to_endpoint(&sender.id, &service.id, &endpoint.id, &flow).map(|trace| (flow, trace))
    })
}
