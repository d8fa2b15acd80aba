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

use xiezhi_model::service::{cloudfw, ecs, eip, nat, slb, vpc};
use xiezhi_model::{Inventory, Reason, Resource};
use xiezhi_net::assume::Readings;
use xiezhi_net::model::{Firewall, FirewallAsset, Listing, Network, Seen};
use xiezhi_net::reach;

use super::Analysis;
use convert::Converter;
pub(crate) use convert::{id_of, is_placeholder};

/// How gaps in the lists of managed services are named: they hide no way in to what is no managed service.
pub(crate) const SERVICES: &str = "endpoints of managed services";

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
            (exposure::conclude(self.name(), &converter, &network, &report), web)
        };
        exposure::fill(inventory, concluded.0);
        web_facts::fill(inventory, concluded.1);
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
}

/// The network of an inventory, with the reasons of its gaps.
pub(crate) fn build(inventory: &Inventory) -> Built {
    let mut converter = Converter::new(inventory);
    let network = converted(&mut converter);
    Built { network, missing: converter.into_missing() }
}

fn converted(converter: &mut Converter<'_>) -> Network {
    fn listing<R: Resource, T>(converter: &mut Converter<'_>, items: Vec<T>) -> Listing<T> {
        let gaps = converter.inventory.gaps(R::SCHEMA);
        let missing = gaps.iter().map(|gap| {
            let place = [gap.of.as_deref(), gap.region.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(" ");
            converter.gap(format!("the list of {} {place}", R::SCHEMA.kind), &gap.reason)
        });
        Listing { missing: missing.collect(), items }
    }
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
    Network {
        vpcs: listing::<vpc::Vpc, _>(converter, vpcs),
        vswitches: listing::<vpc::VSwitch, _>(converter, vswitches),
        enis: listing::<ecs::Instance, _>(converter, enis),
        groups: listing::<ecs::SecurityGroup, _>(converter, groups),
        prefix_lists: groups::prefix_lists(converter).into(),
        port_lists: groups::port_lists(converter).into(),
        acls: listing::<vpc::NetworkAcl, _>(converter, acls),
        route_tables: listing::<vpc::RouteTable, _>(converter, tables),
        eips: listing::<eip::Eip, _>(converter, eips),
        havips: listing::<vpc::HaVip, _>(converter, havips),
        nats: listing::<nat::Gateway, _>(converter, nats),
        balancers: listing::<slb::LoadBalancer, _>(converter, balancers),
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
