//! The network of the estate, and what the internet reaches in it.
//!
//! The inventory is turned into a [`xiezhi_net::model::Network`] once; what was not collected is carried over by name,
//! so that a verdict that hangs on it leads back to the reason that the fact itself gives.

mod balancers;
mod convert;
mod eips;
mod exposure;
mod groups;
mod interfaces;
mod ipv6;
mod nats;
pub(crate) mod plan;
mod services;
mod ways;
mod web;
mod web_bypass;
mod web_chain;
mod web_delivery;
mod web_facts;
mod web_names;

use std::collections::BTreeMap;
use std::sync::Arc;

use xiezhi_model::service::{alb, cloudfw, eci, ecs, eip, nat, nlb, slb, vpc};
use xiezhi_model::{Head, Inventory, Reason, Schema};
use xiezhi_net::assume::Readings;
use xiezhi_net::model::{Firewall, FirewallAsset, Listing, Network, Seen};
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
    let tables = ways::route_tables(converter);
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
        peerings: Listing::partial(Vec::new(), "peering connections"),
        transit_routers: Listing::partial(Vec::new(), "transit routers"),
        vpns: Listing::partial(Vec::new(), "IPsec connections"),
        private_endpoints: Listing::partial(Vec::new(), "interface endpoints"),
        services: services::services(converter),
        firewall: Firewall { assets: firewall(converter), ..Firewall::default() },
        web: web::web(converter),
    }
}

/// Cloud Firewall: not in use when the evidence says so. Where it is in use, which of its policies meet a packet is
/// not read, and what it guards stays in doubt (CFW-1, CFW-2).
fn firewall(converter: &mut Converter<'_>) -> Seen<Vec<FirewallAsset>> {
    let inventory = converter.inventory;
    let in_use = inventory.all::<cloudfw::Firewall>();
    // Every account has exactly one: where it was looked at there is no other.
    let looked = |gap: &xiezhi_model::Gap| {
        let of = |firewall: &cloudfw::Firewall| firewall.head.account.value().cloned();
        in_use.iter().any(|firewall| gap.of.is_none() || of(firewall) == gap.of)
    };
    let mut doubt =
        inventory.gaps(cloudfw::Firewall::SCHEMA).into_iter().find(|gap| !looked(gap)).map(|gap| gap.reason);
    let mut active = false;
    for firewall in in_use {
        match (firewall.active.value(), firewall.active.reason()) {
            (Some(on), _) => active |= *on,
            (None, reason) => doubt = doubt.or_else(|| reason.cloned()),
        }
    }
    if !active {
        // A configuration that declares no firewall has none before its addresses.
        return match doubt {
            None => Seen::Absent,
            Some(reason) => Seen::Missing(converter.gap("whether Cloud Firewall guards public addresses", &reason)),
        };
    }
    if let Some(gap) = inventory.gaps(cloudfw::Asset::SCHEMA).first() {
        return Seen::Missing(converter.gap("which public addresses Cloud Firewall guards", &gap.reason));
    }
    let mut assets = Vec::new();
    for asset in inventory.all::<cloudfw::Asset>() {
        let Some(address) = asset.ip.value().and_then(|text| text.parse().ok()) else { continue };
        let on = match converter.seen(&convert::id_of(&asset.head), "firewall switch", &asset.protected, |on| Ok(*on)) {
            Seen::Known(true) => {
                let reason = Reason::not_understood("policies of Cloud Firewall");
                Seen::Missing(converter.gap(format!("policies of Cloud Firewall before {address}"), &reason))
            }
            other => other,
        };
        assets.push(FirewallAsset { address, on });
    }
    Seen::Known(assets)
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests;
#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod web_tests;
