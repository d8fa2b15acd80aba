//! The network of the estate, and what the internet reaches in it.
//!
//! The inventory is turned into a [`xiezhi_net::model::Network`] once; what was not collected is carried over by name,
//! so that a verdict that hangs on it leads back to the reason that the fact itself gives.

mod balancers;
mod convert;
mod eips;
mod exposure;
mod firewall;
mod groups;
mod inline;
mod interfaces;
mod ipv6;
pub(crate) mod links;
mod nats;
pub(crate) mod plan;
mod premises;
mod privatelink;
mod services;
mod ways;
mod web;
mod web_bypass;
mod web_chain;
mod web_delivery;
mod web_facts;
mod web_names;
mod web_templates;
mod web_waf;

use std::collections::BTreeMap;
use std::sync::Arc;

use xiezhi_model::service::expressconnect::RouterInterface;
use xiezhi_model::service::privatelink::Endpoint;
use xiezhi_model::service::{alb, cen, eci, ecs, eip, nat, nlb, slb, vpc, vpn};
use xiezhi_model::{Head, Inventory, Reason, Schema};
use xiezhi_net::assume::Readings;
use xiezhi_net::model::{Listing, Network};
use xiezhi_net::reach;

use super::Analysis;
use convert::Converter;
pub(crate) use convert::{id_of, is_placeholder, near};

/// How gaps in the lists of managed services are named: they hide no way in to what is no managed service.
pub(crate) const SERVICES: &str = "endpoints of managed services";

/// The kinds whose resources are, or have, interfaces.
pub(crate) const INTERFACES: [&Schema; 3] =
    [ecs::Instance::SCHEMA, ecs::NetworkInterface::SCHEMA, eci::ContainerGroup::SCHEMA];

/// The kinds of load balancers. That not all listeners of one were listed is said beside it.
const BALANCERS: [&Schema; 3] = [slb::LoadBalancer::SCHEMA, alb::LoadBalancer::SCHEMA, nlb::LoadBalancer::SCHEMA];

/// The kinds from which premises other than those behind IPsec connections are known.
const EDGES: [&Schema; 3] = [vpn::SslServer::SCHEMA, cen::Attachment::SCHEMA, RouterInterface::SCHEMA];

/// See the module.
pub(crate) struct Reachability;

impl Analysis for Reachability {
    fn name(&self) -> &'static str {
        "network"
    }

    fn run(&self, inventory: &mut Inventory) {
        let concluded = {
            let mut converter = Converter::new(inventory);
            let network = converted(&mut converter);
            let report = reach::from_internet(&network, &Readings::default());
            let web = web_facts::conclude(self.name(), &converter, &network, &report);
            let plan = plan::conclude(self.name(), &converter, &network);
            (exposure::conclude(self.name(), &converter, &network, &report), web, plan)
        };
        exposure::fill(inventory, concluded.0);
        web_facts::fill(inventory, concluded.1);
        plan::fill(inventory, concluded.2);
    }
}

/// The network of an inventory, as questions about reachability want it.
pub fn network(inventory: &Inventory) -> Network {
    build(inventory).network
}

/// A network, and why each piece of evidence that it names as missing is so.
pub(crate) struct Built {
    pub(crate) network: Network,
    pub(crate) missing: BTreeMap<Arc<str>, Reason>,
    /// What could not be read near which resource, and may be a way in to what stands beside it.
    pub(crate) blind: Vec<(Head, Reason)>,
}

/// The network of an inventory, with the reasons of its gaps.
pub(crate) fn build(inventory: &Inventory) -> Built {
    let mut converter = Converter::new(inventory);
    let network = converted(&mut converter);
    converter.built(network)
}

/// A list that is complete when each of these kinds was listed to the end.
fn listing<T>(converter: &mut Converter<'_>, kinds: &[&'static Schema], items: Vec<T>) -> Listing<T> {
    let mut missing = Vec::new();
    for kind in kinds {
        for gap in converter.inventory.gaps(kind) {
            let place = [gap.of.as_deref(), gap.region.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(" ");
            missing.push(converter.gap(format!("the list of {} {place}", kind.kind), &gap.reason));
        }
    }
    Listing { missing, items }
}

/// The same of what could be read only in part.
fn read<T>(converter: &mut Converter<'_>, kinds: &[&'static Schema], stated: links::Read<T>) -> Listing<T> {
    let mut all = listing(converter, kinds, stated.items);
    all.missing.extend(stated.unread);
    all
}

fn converted(converter: &mut Converter<'_>) -> Network {
    let enis = interfaces::enis(converter);
    let eips = eips::eips(converter);
    let nats = nats::nats(converter);
    let havips = eips::havips(converter);
    let balancers = balancers::balancers(converter);
    let groups = groups::groups(converter);
    let vpcs = ways::vpcs(converter);
    let vswitches = ways::vswitches(converter);
    let acls = ways::acls(converter);
    let vpns = premises::vpns(converter);
    let clients = premises::clients(converter);
    let behind: Vec<_> = premises::published(vpns.items.iter().chain(&clients.items)).collect();
    let tables = ways::route_tables(converter, behind);
    let edges = premises::edges(converter, clients, &tables);
    let (peerings, routers) = (links::peerings(converter), links::transit_routers(converter));
    let endpoints = privatelink::endpoints(converter);
    let inline = inline::endpoints(converter);
    // Without a gateway there are no entries.
    let nat_kinds: &[&Schema] = match nats.is_empty() {
        true => &[nat::Gateway::SCHEMA],
        false => &[nat::Gateway::SCHEMA, nat::ForwardEntry::SCHEMA],
    };
    Network {
        vpcs: listing(converter, &[vpc::Vpc::SCHEMA], vpcs),
        vswitches: listing(converter, &[vpc::VSwitch::SCHEMA], vswitches),
        enis: listing(converter, &[ecs::Instance::SCHEMA, ecs::NetworkInterface::SCHEMA], enis),
        groups: listing(converter, &[ecs::SecurityGroup::SCHEMA], groups),
        prefix_lists: groups::prefix_lists(converter).into(),
        port_lists: groups::port_lists(converter).into(),
        acls: listing(converter, &[vpc::NetworkAcl::SCHEMA], acls),
        route_tables: listing(converter, &[vpc::RouteTable::SCHEMA], tables),
        eips: listing(converter, &[eip::Eip::SCHEMA], eips),
        havips: listing(converter, &[vpc::HaVip::SCHEMA], havips),
        nats: listing(converter, nat_kinds, nats),
        balancers: listing(converter, &BALANCERS, balancers),
        access_lists: balancers::access_lists(converter).into(),
        peerings: read(converter, &[vpc::PeerConnection::SCHEMA], peerings),
        transit_routers: read(converter, &[cen::TransitRouter::SCHEMA, cen::Attachment::SCHEMA], routers),
        vpns: read(converter, &[vpn::Connection::SCHEMA], vpns),
        vpn_tables: premises::tables(converter).into(),
        edges: read(converter, &EDGES, edges),
        private_endpoints: read(converter, &[Endpoint::SCHEMA], endpoints),
        inline_endpoints: read(converter, &[Endpoint::SCHEMA], inline),
        services: services::services(converter),
        firewall: firewall::firewall(converter),
        web: web::web(converter),
    }
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod assumption_tests;
#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests;
#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod web_tests;
