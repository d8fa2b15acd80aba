//! Names of the estate and where they point, public addresses under Anti-DDoS, and applications without an address in
//! the network. Source: network semantics §6.1, EDGE-3, EDGE-6.

use std::collections::BTreeMap;
use std::net::IpAddr;

use xiezhi_model::service::{alidns, apigateway, ddos, eip, esa, fc};
use xiezhi_model::{Fact, Reason, State, Text};
use xiezhi_net::model::{AppKind, DdosCover, Id, Listing, Name, RecordTo, Seen, WebApp};

use super::convert::{Converter, id_of};
use super::web::{listing_gaps, lower, to};

/// Whether public DNS of a domain points at its proxy, by the records of the estate's own zones (EDGE-3).
pub(super) fn dns(converter: &mut Converter<'_>, of: &Id, domain: Option<&Text>, cname: &Fact<Text>) -> Seen<bool> {
    let records = domain.map(|domain| records_of(converter, domain)).unwrap_or_default();
    let missing = |converter: &mut Converter<'_>, reason: &Reason| {
        Seen::Missing(converter.gap(format!("DNS status of {of}"), reason))
    };
    match &cname.state {
        State::Known(cname) if !records.is_empty() => {
            let wanted = RecordTo::Name(cname.trim_end_matches('.').to_ascii_lowercase());
            Seen::Known(records.contains(&wanted))
        }
        State::Unknown(reason) => missing(converter, reason),
        _ => missing(converter, &Reason::NotCollected),
    }
}

fn records_of(converter: &Converter<'_>, domain: &Text) -> Vec<RecordTo> {
    let all = converter.inventory.all::<alidns::Record>().iter();
    let named = all.filter(|record| full_name(converter, record).is_some_and(|name| name.eq_ignore_ascii_case(domain)));
    named.filter_map(record_to).collect()
}

fn full_name(converter: &Converter<'_>, record: &alidns::Record) -> Option<String> {
    let zone = record.zone.value()?;
    let found = converter.inventory.follow_as::<alidns::Domain>(Some(&record.head), &zone.target);
    let zone = found.and_then(|zone| zone.domain.value()).unwrap_or(&zone.target);
    let host = record.host.value()?;
    Some(if host == "@" { lower(zone) } else { format!("{host}.{zone}").to_ascii_lowercase() })
}

/// Where a record that is answered points; `None` for records that point nowhere.
fn record_to(record: &alidns::Record) -> Option<RecordTo> {
    let kind = record.record_type.value()?;
    let answered = record.enabled.value() != Some(&false);
    let points = answered && matches!(kind.as_str(), "A" | "AAAA" | "CNAME");
    record.value.value().filter(|_| points).map(|value| to(value))
}

pub(super) fn names(converter: &mut Converter<'_>) -> Vec<Name> {
    let mut all: BTreeMap<String, Vec<RecordTo>> = BTreeMap::new();
    for record in converter.inventory.all::<alidns::Record>() {
        if let (Some(name), Some(to)) = (full_name(converter, record), record_to(record)) {
            all.entry(name).or_default().push(to);
        }
    }
    // What ESA only answers for leads to its server like any other name.
    for record in converter.inventory.all::<esa::Record>() {
        if let (Some(false), Some(name), Some(origins)) =
            (record.proxied.value(), record.name.value(), record.origins.value())
        {
            all.entry(lower(name)).or_default().extend(origins.items.iter().map(|origin| to(origin)));
        }
    }
    all.into_iter().map(|(name, records)| Name { name, records: Seen::Known(records) }).collect()
}

/// Public addresses with Anti-DDoS beyond the free basic protection, with the traffic above which scrubbing begins.
pub(super) fn covers(converter: &mut Converter<'_>) -> Listing<DdosCover> {
    let inventory = converter.inventory;
    let mut missing = listing_gaps::<ddos::OriginInstance>(converter);
    let mut found: BTreeMap<IpAddr, Seen<u32>> = BTreeMap::new();
    for instance in inventory.all::<ddos::OriginInstance>() {
        let id = id_of(&instance.head);
        match converter.seen(&id, "state", &instance.active, |on| Ok(*on)) {
            Seen::Known(false) | Seen::Absent => continue,
            Seen::Missing(what) => {
                missing.push(what);
                continue;
            }
            Seen::Known(true) => {}
        }
        let addresses = instance.addresses.value();
        found.extend(
            addresses.into_iter().flat_map(|list| &list.items).filter_map(|ip| Some((ip.parse().ok()?, Seen::Absent))),
        );
        let gap = instance.addresses.reason().or(addresses.and_then(|list| list.more.as_ref()));
        missing.extend(gap.map(|reason| converter.gap(format!("addresses of {id}"), reason)));
    }
    for eip in inventory.all::<eip::Eip>() {
        let extra = eip
            .security_protection
            .value()
            .is_some_and(|list| list.items.iter().any(|kind| kind == "AntiDDoS_Enhanced"));
        if extra {
            found.entry(super::eips::address_of_eip(converter, eip)).or_insert(Seen::Absent);
        }
    }
    for public in inventory.all::<ddos::PublicAddress>() {
        let Some(address) = public.ip.value().and_then(|ip| ip.parse::<IpAddr>().ok()) else { continue };
        let threshold = public.scrubbing_mbps.value().and_then(|mbps| u32::try_from(*mbps).ok());
        let threshold = threshold.map_or(Seen::Absent, Seen::Known);
        if public.in_origin_instance.value() == Some(&true) {
            found.insert(address, threshold);
        } else if let Some(known) = found.get_mut(&address) {
            *known = threshold;
        }
    }
    let items = found.into_iter().map(|(address, threshold)| DdosCover { address, threshold }).collect();
    Listing { items, missing }
}

/// Functions with an HTTP trigger and API groups: reached by name (section 6.2, case 17).
pub(super) fn apps(converter: &mut Converter<'_>) -> Vec<WebApp> {
    let inventory = converter.inventory;
    let mut all = Vec::new();
    for trigger in inventory.all::<fc::Trigger>() {
        if trigger.kind.value().is_none_or(|kind| kind != "http") {
            continue;
        }
        let id = id_of(&trigger.head);
        let function = trigger.function.value();
        let domains = inventory
            .all::<fc::CustomDomain>()
            .iter()
            .filter(|domain| {
                let targets = domain.targets.value().into_iter().flat_map(|list| &list.items);
                function.is_some_and(|function| targets.into_iter().any(|target| target == function))
            })
            .filter_map(|domain| domain.domain.value().map(|name| lower(name)))
            .collect();
        let default_domain = converter.seen(&id, "internet address", &trigger.internet_disabled, |off| Ok(!*off));
        all.push(WebApp { id, kind: AppKind::Function, domains: Seen::Known(domains), default_domain });
    }
    for group in inventory.all::<apigateway::Group>() {
        let id = id_of(&group.head);
        let domains = converter.seen(&id, "domains", &group.domains, |list| {
            if let Some(reason) = &list.more {
                return Err(reason.clone());
            }
            let public =
                list.items.iter().filter(|domain| domain.network.value().is_none_or(|kind| kind != "intranet"));
            Ok(public.filter_map(|domain| domain.name.value().map(|name| lower(name))).collect())
        });
        let default_domain = match &group.default_domain.state {
            State::Known(_) => Seen::Known(true),
            State::Absent => Seen::Known(false),
            State::Unknown(reason) => Seen::Missing(converter.gap(format!("default domain of {id}"), reason)),
        };
        all.push(WebApp { id, kind: AppKind::ApiGateway, domains, default_domain });
    }
    all
}
