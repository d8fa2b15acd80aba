//! Names of the estate and where they point, public addresses under Anti-DDoS, and applications without an address in
//! the network. Source: network semantics §6.1, EDGE-3, EDGE-6.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use xiezhi_model::service::{alidns, apigateway, cdn, ddos, ecs, eip, esa, fc, mse, oss, slb, waf};
use xiezhi_model::{Fact, Head, Inventory, List, Reason, State, Text};
use xiezhi_net::model::{AppKind, DdosCover, DdosKind, Id, Listing, Name, RecordTo, Seen, Threshold, WebApp};

use super::convert::{Converter, id_of, is_placeholder};
use super::web::{is_proxy, listing_gaps, lower, made, reference, to};
use crate::analyse::bucket_names::bucket_of;
use crate::analyse::oss_policy::anyone_reads;

/// How many names of the estate may follow one another before it counts as a loop.
const LONGEST: usize = 16;

/// Where the records of a name lead.
#[derive(Default)]
struct Leads {
    here: bool,
    elsewhere: bool,
    unclear: Option<Reason>,
}

/// Whether public DNS of a domain points at its proxy, by the records of the estate's own zones (EDGE-3): every record
/// that is answered has to, since each line of resolution may have its own. A name outside these zones may lead
/// anywhere, and an address that is none of the estate's may be the proxy's own. Where nobody knows the proxy's name, a
/// configuration may refer to it, and a record that leads to an address of the estate leads past it all the same.
pub(super) fn dns(
    converter: &mut Converter<'_>,
    of: &Id,
    head: &Head,
    domain: Option<&Text>,
    cname: &Fact<Text>,
) -> Seen<bool> {
    let mut wanted = vec![reference(head)];
    wanted.extend(cname.value().map(|cname| lower(cname.trim_end_matches('.'))));
    let mut leads = Leads::default();
    let reason = match domain {
        Some(domain) => {
            follow(converter, &lower(domain), &wanted, LONGEST, &mut leads);
            match (leads.here, leads.elsewhere, leads.unclear) {
                (_, true, _) => return Seen::Known(false),
                (true, false, None) => return Seen::Known(true),
                (_, false, unclear) => cname.reason().cloned().or(unclear).unwrap_or(Reason::NotCollected),
            }
        }
        None => cname.reason().cloned().unwrap_or(Reason::NotCollected),
    };
    Seen::Missing(converter.gap(format!("DNS status of {of}"), &reason))
}

/// Adds where the records of a name lead. A name without records in evidence says nothing.
fn follow(converter: &mut Converter<'_>, name: &str, wanted: &[String], left: usize, leads: &mut Leads) {
    let inventory = converter.inventory;
    for record in inventory.all::<alidns::Record>() {
        if full_name(converter, record).is_none_or(|full| full != name) {
            continue;
        }
        if let Some(reason) = unread(record) {
            leads.unclear = Some(reason);
            continue;
        }
        match (record_to(converter, record), left.checked_sub(1)) {
            (None, _) => {}
            (Some(RecordTo::Address(address)), _) if own_address(inventory, address) => leads.elsewhere = true,
            (Some(RecordTo::Address(_)), _) => leads.unclear = Some(Reason::NotCollected),
            (Some(RecordTo::Name(next)), _) if wanted.contains(&next) => leads.here = true,
            (Some(RecordTo::Name(next)), _) if other_guard(inventory, &next) => leads.elsewhere = true,
            (Some(RecordTo::Name(next)), Some(left)) => {
                let mut further = Leads::default();
                follow(converter, &next, wanted, left, &mut further);
                leads.here |= further.here;
                leads.elsewhere |= further.elsewhere;
                let known = further.here || further.elsewhere;
                leads.unclear = further.unclear.or((!known).then_some(Reason::NotCollected)).or(leads.unclear.take());
            }
            (Some(RecordTo::Name(_)), None) => leads.unclear = Some(Reason::not_understood("DNS records in a circle")),
        }
    }
}

/// Whether an address is a public one of the estate.
fn own_address(inventory: &Inventory, address: IpAddr) -> bool {
    let is = |fact: &Fact<Text>| fact.value().is_some_and(|text| text.parse() == Ok(address));
    let any = |fact: &Fact<List<Text>>| {
        fact.value().is_some_and(|list| list.items.iter().any(|text| text.parse() == Ok(address)))
    };
    // What stands for an address that the provider will assign is one of the configuration.
    is_placeholder(address)
        || inventory.all::<eip::Eip>().iter().any(|one| is(&one.address))
        || inventory.all::<slb::LoadBalancer>().iter().any(|one| is(&one.address))
        || inventory.all::<ecs::Instance>().iter().any(|one| any(&one.public_ips))
        || inventory.all::<waf::Domain>().iter().any(|one| any(&one.origins))
        || inventory.all::<ddos::Domain>().iter().any(|one| any(&one.origins))
}

/// Whether a name is the one under which another proxy of the estate is reached.
fn other_guard(inventory: &Inventory, name: &str) -> bool {
    let is =
        |fact: &Fact<Text>| fact.value().is_some_and(|cname| cname.trim_end_matches('.').eq_ignore_ascii_case(name));
    is_proxy(inventory, name)
        || inventory.all::<waf::Domain>().iter().any(|one| is(&one.cname))
        || inventory.all::<ddos::Domain>().iter().any(|one| is(&one.cname))
        || inventory.all::<cdn::Domain>().iter().any(|one| is(&one.cname))
        || inventory.all::<cdn::DynamicDomain>().iter().any(|one| is(&one.cname))
        || inventory.all::<esa::Record>().iter().any(|one| is(&one.cname))
}

fn full_name(converter: &Converter<'_>, record: &alidns::Record) -> Option<String> {
    let zone = record.zone.value()?;
    let found = converter.inventory.follow_as::<alidns::Domain>(Some(&record.head), &zone.target);
    let zone = found.and_then(|zone| zone.domain.value()).unwrap_or(&zone.target);
    let host = record.host.value()?;
    Some(if host == "@" { lower(zone) } else { format!("{host}.{zone}").to_ascii_lowercase() })
}

/// Where a record that is answered points; `None` for records that point nowhere.
fn record_to(converter: &mut Converter<'_>, record: &alidns::Record) -> Option<RecordTo> {
    let kind = record.record_type.value()?;
    let answered = record.enabled.value() != Some(&false);
    let points = answered && matches!(kind.as_str(), "A" | "AAAA" | "CNAME");
    let value = record.value.value().filter(|_| points)?;
    match value.contains('#') {
        true => Some(made(converter, value).unwrap_or_else(|| RecordTo::Name(value.as_str().to_owned()))),
        false => Some(to(value)),
    }
}

/// Why nobody can tell where a record points; `None` for one that is read or does not matter.
fn unread(record: &alidns::Record) -> Option<Reason> {
    let points = record.record_type.value().is_none_or(|kind| matches!(kind.as_str(), "A" | "AAAA" | "CNAME"));
    if !points || record.enabled.value() == Some(&false) {
        return None;
    }
    let parts = [record.record_type.reason(), record.value.reason(), record.host.reason(), record.zone.reason()];
    parts.into_iter().flatten().next().cloned()
}

/// The names of the estate's zones and where they point. A record that cannot be read may be any name's.
pub(super) fn names(converter: &mut Converter<'_>) -> Listing<Name> {
    let mut all: BTreeMap<String, Vec<RecordTo>> = BTreeMap::new();
    let mut missing = listing_gaps::<alidns::Record>(converter);
    for record in converter.inventory.all::<alidns::Record>() {
        if let Some(reason) = unread(record) {
            missing.push(converter.gap(format!("DNS record {}", id_of(&record.head)), &reason));
        }
        if let (Some(name), Some(to)) = (full_name(converter, record), record_to(converter, record)) {
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
    let items = all.into_iter().map(|(name, records)| Name { name, records: Seen::Known(records) }).collect();
    Listing { items, missing }
}

/// Public addresses with Anti-DDoS beyond the free basic protection where they are.
pub(super) fn covers(converter: &mut Converter<'_>) -> Listing<DdosCover> {
    let inventory = converter.inventory;
    let mut missing = listing_gaps::<ddos::OriginInstance>(converter);
    let mut found: BTreeMap<IpAddr, DdosKind> = BTreeMap::new();
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
        for text in addresses.into_iter().flat_map(|list| &list.items) {
            match address_named(converter, text) {
                Ok(address) => {
                    found.insert(address, DdosKind::Origin);
                }
                Err(reason) => missing.push(converter.gap(format!("addresses of {id}"), &reason)),
            }
        }
        let gap = instance.addresses.reason().or(addresses.and_then(|list| list.more.as_ref()));
        missing.extend(gap.map(|reason| converter.gap(format!("addresses of {id}"), reason)));
    }
    for eip in inventory.all::<eip::Eip>() {
        let extra = eip
            .security_protection
            .value()
            .is_some_and(|list| list.items.iter().any(|kind| kind == "AntiDDoS_Enhanced"));
        if extra {
            found.insert(super::eips::address_of_eip(converter, eip), DdosKind::Enhanced);
        }
    }
    for public in inventory.all::<ddos::PublicAddress>() {
        if public.in_origin_instance.value() == Some(&true) {
            let address = public.ip.value().and_then(|ip| ip.parse::<IpAddr>().ok());
            found.extend(address.map(|address| (address, DdosKind::Origin)));
        }
    }
    let items = found.into_iter().map(|(address, by)| DdosCover { address, by }).collect();
    Listing { items, missing }
}

/// Addresses to which Anti-DDoS Proxy relays single ports; and why there may be more of them. Without an instance of
/// the proxy in service there is nothing behind it.
pub(super) fn relayed(converter: &mut Converter<'_>) -> Listing<IpAddr> {
    let inventory = converter.inventory;
    let mut missing = listing_gaps::<ddos::Instance>(converter);
    let instances = inventory.all::<ddos::Instance>();
    if instances.iter().any(|one| one.active.value() != Some(&false)) {
        missing.extend(listing_gaps::<ddos::Domain>(converter));
        missing.extend(listing_gaps::<ddos::PortRule>(converter));
    }
    let mut items = BTreeSet::new();
    for rule in inventory.all::<ddos::PortRule>() {
        let id = id_of(&rule.head);
        match converter
            .seen(&id, "origins", &rule.origins, |list| list.more.clone().map_or_else(|| Ok(list.items.clone()), Err))
        {
            Seen::Known(origins) => items.extend(origins.iter().filter_map(|text| text.parse::<IpAddr>().ok())),
            Seen::Missing(what) => missing.push(what),
            Seen::Absent => {}
        }
    }
    Listing { items: items.into_iter().collect(), missing }
}

/// The address that a text is, or refers to.
fn address_named(converter: &mut Converter<'_>, text: &Text) -> Result<IpAddr, Reason> {
    if let Some(RecordTo::Address(address)) = text.contains('#').then(|| made(converter, text)).flatten() {
        return Ok(address);
    }
    text.parse().map_err(|_| Reason::unresolved(text.as_str()))
}

/// From how much traffic on each public address is scrubbed, and given up. A configuration states the two apart.
pub(super) fn thresholds(converter: &mut Converter<'_>) -> Vec<Threshold> {
    let mut all: BTreeMap<IpAddr, Threshold> = BTreeMap::new();
    for public in converter.inventory.all::<ddos::PublicAddress>() {
        let Some(address) = public.ip.value().and_then(|ip| address_named(converter, ip).ok()) else { continue };
        let empty = Threshold { address, scrubbing: Seen::Absent, black_hole: Seen::Absent };
        let threshold = all.entry(address).or_insert(empty);
        let mbps = |fact: &Fact<i64>| fact.value().and_then(|mbps| u32::try_from(*mbps).ok());
        if let Some(mbps) = mbps(&public.scrubbing_mbps) {
            threshold.scrubbing = Seen::Known(mbps);
        }
        if let Some(mbps) = mbps(&public.blackhole_mbps) {
            threshold.black_hole = Seen::Known(mbps);
        }
    }
    all.into_values().collect()
}

/// Applications that are reached by name: functions with an HTTP trigger, API groups, gateways, and buckets that anyone
/// reads (section 6.2, case 17; OSS-1).
pub(super) fn apps(converter: &mut Converter<'_>) -> Listing<WebApp> {
    let inventory = converter.inventory;
    let mut missing = listing_gaps::<fc::Trigger>(converter);
    let unlisted_domains = listing_gaps::<fc::CustomDomain>(converter).into_iter().next();
    missing.extend(listing_gaps::<apigateway::Group>(converter));
    missing.extend(listing_gaps::<apigateway::NativeGateway>(converter));
    missing.extend(listing_gaps::<mse::Gateway>(converter));
    missing.extend(listing_gaps::<oss::Bucket>(converter));
    let mut all = Vec::new();
    for trigger in inventory.all::<fc::Trigger>() {
        let id = id_of(&trigger.head);
        match &trigger.kind.state {
            State::Known(kind) if kind == "http" => {}
            State::Known(_) | State::Absent => continue,
            State::Unknown(reason) => {
                missing.push(converter.gap(format!("what calls {id}"), reason));
                continue;
            }
        }
        let function = trigger.function.value();
        let domains: Vec<String> = inventory
            .all::<fc::CustomDomain>()
            .iter()
            .filter(|domain| {
                let targets = domain.targets.value().into_iter().flat_map(|list| &list.items);
                function.is_some_and(|function| targets.into_iter().any(|target| target == function))
            })
            .filter_map(|domain| domain.domain.value().map(|name| lower(name)))
            .collect();
        let default_domain = converter.seen(&id, "internet address", &trigger.internet_disabled, |off| Ok(!*off));
        // A domain that nobody listed may lead to it.
        let domains = unlisted_domains.clone().map_or(Seen::Known(domains), Seen::Missing);
        all.push(WebApp { id, kind: AppKind::Function, domains, default_domain });
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
    for gateway in inventory.all::<apigateway::NativeGateway>() {
        all.push(gateway_of(converter, &gateway.head, AppKind::ApiGateway, &gateway.internet));
    }
    for gateway in inventory.all::<mse::Gateway>() {
        all.push(gateway_of(converter, &gateway.head, AppKind::Application, &gateway.internet));
    }
    for bucket in inventory.all::<oss::Bucket>() {
        let id = id_of(&bucket.head);
        let default_domain = match anyone_reads(converter.inventory, bucket) {
            Ok(answers) => Seen::Known(answers),
            Err(reason) => Seen::Missing(converter.gap(format!("who reads {id}"), &reason)),
        };
        // Whom the bucket refuses it refuses under every name.
        let domains = match default_domain {
            Seen::Known(false) => Seen::Known(Vec::new()),
            _ => converter.seen(&id, "domains", &bucket.domains, |list| match &list.more {
                Some(reason) => Err(reason.clone()),
                None => Ok(list.items.iter().map(|name| lower(name)).collect()),
            }),
        };
        all.push(WebApp { id, kind: AppKind::Bucket, domains, default_domain });
    }
    Listing { items: all, missing }
}

fn gateway_of(converter: &mut Converter<'_>, head: &Head, kind: AppKind, internet: &Fact<bool>) -> WebApp {
    let id = id_of(head);
    let default_domain = converter.seen(&id, "internet address", internet, |on| Ok(*on));
    WebApp { id, kind, domains: Seen::Known(Vec::new()), default_domain }
}

/// The bucket that a name is an endpoint of: `<bucket>.oss-<region>.aliyuncs.com`.
pub(super) fn bucket_named(inventory: &Inventory, name: &str) -> Option<Id> {
    let bucket = bucket_of(name)?;
    let mut all = inventory.all::<oss::Bucket>().iter();
    all.find(|one| one.head.id.value().is_some_and(|id| *id == *bucket)).map(|one| id_of(&one.head))
}
