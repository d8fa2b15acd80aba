//! Names of the estate and where they point, public addresses under Anti-DDoS, and applications without an address in
//! the network. Source: network semantics §6.1, EDGE-3, EDGE-6.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use xiezhi_model::service::account::Account;
use xiezhi_model::service::{alidns, apigateway, cdn, ddos, ecs, eip, esa, fc, mse, oss, slb, waf};
use xiezhi_model::{Fact, Head, Inventory, List, Reason, State, Text};
use xiezhi_net::model::{AppKind, DdosCover, Id, Listing, Name, RecordTo, Seen, Threshold, WebApp};

use super::convert::{Converter, id_of};
use super::web::{listing_gaps, lower, to};

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
/// anywhere, and an address that is none of the estate's may be the proxy's own.
pub(super) fn dns(converter: &mut Converter<'_>, of: &Id, domain: Option<&Text>, cname: &Fact<Text>) -> Seen<bool> {
    let mut leads = Leads::default();
    let reason = match (&cname.state, domain) {
        (State::Known(cname), Some(domain)) => {
            follow(converter, &lower(domain), &lower(cname.trim_end_matches('.')), LONGEST, &mut leads);
            match (leads.here, leads.elsewhere, leads.unclear) {
                (_, true, _) => return Seen::Known(false),
                (true, false, None) => return Seen::Known(true),
                (_, false, unclear) => unclear.unwrap_or(Reason::NotCollected),
            }
        }
        (State::Unknown(reason), _) => reason.clone(),
        _ => Reason::NotCollected,
    };
    Seen::Missing(converter.gap(format!("DNS status of {of}"), &reason))
}

/// Adds where the records of a name lead. A name without records in evidence says nothing.
fn follow(converter: &Converter<'_>, name: &str, wanted: &str, left: usize, leads: &mut Leads) {
    let inventory = converter.inventory;
    for record in inventory.all::<alidns::Record>() {
        if full_name(converter, record).is_none_or(|full| full != name) {
            continue;
        }
        if let Some(reason) = unread(record) {
            leads.unclear = Some(reason);
            continue;
        }
        match (record_to(record), left.checked_sub(1)) {
            (None, _) => {}
            (Some(RecordTo::Address(address)), _) if own_address(inventory, address) => leads.elsewhere = true,
            (Some(RecordTo::Address(_)), _) => leads.unclear = Some(Reason::NotCollected),
            (Some(RecordTo::Name(next)), _) if next == wanted => leads.here = true,
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
    inventory.all::<eip::Eip>().iter().any(|one| is(&one.address))
        || inventory.all::<slb::LoadBalancer>().iter().any(|one| is(&one.address))
        || inventory.all::<ecs::Instance>().iter().any(|one| any(&one.public_ips))
        || inventory.all::<waf::Domain>().iter().any(|one| any(&one.origins))
        || inventory.all::<ddos::Domain>().iter().any(|one| any(&one.origins))
}

/// Whether a name is the one under which another proxy of the estate is reached.
fn other_guard(inventory: &Inventory, name: &str) -> bool {
    let is =
        |fact: &Fact<Text>| fact.value().is_some_and(|cname| cname.trim_end_matches('.').eq_ignore_ascii_case(name));
    inventory.all::<waf::Domain>().iter().any(|one| is(&one.cname))
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
fn record_to(record: &alidns::Record) -> Option<RecordTo> {
    let kind = record.record_type.value()?;
    let answered = record.enabled.value() != Some(&false);
    let points = answered && matches!(kind.as_str(), "A" | "AAAA" | "CNAME");
    record.value.value().filter(|_| points).map(|value| to(value))
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
    let items = all.into_iter().map(|(name, records)| Name { name, records: Seen::Known(records) }).collect();
    Listing { items, missing }
}

/// Public addresses with Anti-DDoS beyond the free basic protection where they are.
pub(super) fn covers(converter: &mut Converter<'_>) -> Listing<DdosCover> {
    let inventory = converter.inventory;
    let mut missing = listing_gaps::<ddos::OriginInstance>(converter);
    let mut found: BTreeSet<IpAddr> = BTreeSet::new();
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
        found.extend(addresses.into_iter().flat_map(|list| &list.items).filter_map(|ip| ip.parse::<IpAddr>().ok()));
        let gap = instance.addresses.reason().or(addresses.and_then(|list| list.more.as_ref()));
        missing.extend(gap.map(|reason| converter.gap(format!("addresses of {id}"), reason)));
    }
    for eip in inventory.all::<eip::Eip>() {
        let extra = eip
            .security_protection
            .value()
            .is_some_and(|list| list.items.iter().any(|kind| kind == "AntiDDoS_Enhanced"));
        if extra {
            found.insert(super::eips::address_of_eip(converter, eip));
        }
    }
    for public in inventory.all::<ddos::PublicAddress>() {
        if public.in_origin_instance.value() == Some(&true) {
            found.extend(public.ip.value().and_then(|ip| ip.parse::<IpAddr>().ok()));
        }
    }
    let items = found.into_iter().map(|address| DdosCover { address }).collect();
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

/// From how much traffic on each public address is scrubbed, and given up.
pub(super) fn thresholds(converter: &Converter<'_>) -> Vec<Threshold> {
    let of = |public: &ddos::PublicAddress| {
        let mbps = |fact: &Fact<i64>| {
            fact.value().and_then(|mbps| u32::try_from(*mbps).ok()).map_or(Seen::Absent, Seen::Known)
        };
        let address = public.ip.value()?.parse::<IpAddr>().ok()?;
        Some(Threshold { address, scrubbing: mbps(&public.scrubbing_mbps), black_hole: mbps(&public.blackhole_mbps) })
    };
    converter.inventory.all::<ddos::PublicAddress>().iter().filter_map(of).collect()
}

/// Applications that are reached by name: functions with an HTTP trigger, API groups, gateways, and buckets that anyone
/// reads (section 6.2, case 17; OSS-1).
pub(super) fn apps(converter: &mut Converter<'_>) -> Listing<WebApp> {
    let inventory = converter.inventory;
    let mut missing = listing_gaps::<fc::Trigger>(converter);
    missing.extend(listing_gaps::<apigateway::Group>(converter));
    missing.extend(listing_gaps::<apigateway::NativeGateway>(converter));
    missing.extend(listing_gaps::<mse::Gateway>(converter));
    missing.extend(listing_gaps::<oss::Bucket>(converter));
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
        all.push(WebApp { id, kind: AppKind::Bucket, domains: Seen::Known(Vec::new()), default_domain });
    }
    Listing { items: all, missing }
}

fn gateway_of(converter: &mut Converter<'_>, head: &Head, kind: AppKind, internet: &Fact<bool>) -> WebApp {
    let id = id_of(head);
    let default_domain = converter.seen(&id, "internet address", internet, |on| Ok(*on));
    WebApp { id, kind, domains: Seen::Known(Vec::new()), default_domain }
}

/// Whether strangers read a bucket over its endpoint, which is always on the internet: by its ACL or policy, unless
/// public access is blocked (OSS-1). Strangers who are refused are no visitors of a web application.
fn anyone_reads(inventory: &Inventory, bucket: &oss::Bucket) -> Result<bool, Reason> {
    let of_account = |account: &&Account| {
        account.head.id.value().is_none_or(|id| bucket.head.account.value().is_none_or(|own| own == id))
    };
    let account = inventory.all::<Account>().iter().find(of_account);
    let blocked = bucket.block_public_access.value() == Some(&true)
        || account.is_some_and(|account| account.oss_block_public_access.value() == Some(&true));
    if blocked {
        return Ok(false);
    }
    let by_acl = match &bucket.acl.state {
        State::Known(acl) if matches!(acl.as_str(), "public-read" | "public-read-write") => Ok(true),
        State::Known(acl) if acl == "private" => Ok(false),
        State::Known(other) => Err(Reason::not_understood(format!("the ACL `{other}`"))),
        State::Absent => Err(Reason::NotInEvidence),
        State::Unknown(reason) => Err(reason.clone()),
    };
    let by_policy = match &bucket.grants_anyone.state {
        State::Known(anyone) => Ok(*anyone),
        State::Absent => Ok(false),
        State::Unknown(reason) => Err(reason.clone()),
    };
    match (by_acl, by_policy) {
        (Ok(true), _) | (_, Ok(true)) => match bucket.block_public_access.reason() {
            // Whether it is blocked all the same nobody looked.
            Some(reason) if !reason.is_silence() => Err(reason.clone()),
            _ => Ok(true),
        },
        (Ok(false), Ok(false)) => Ok(false),
        (Err(reason), _) | (_, Err(reason)) => Err(reason),
    }
}

/// The bucket that a name is an endpoint of: `<bucket>.oss-<region>.aliyuncs.com`.
pub(super) fn bucket_named(inventory: &Inventory, name: &str) -> Option<Id> {
    let (bucket, rest) = name.split_once('.')?;
    let endpoint = rest.starts_with("oss-") && rest.trim_end_matches('.').ends_with(".aliyuncs.com");
    let mut all = inventory.all::<oss::Bucket>().iter().filter(|_| endpoint);
    all.find(|one| one.head.id.value().is_some_and(|id| *id == *bucket)).map(|one| id_of(&one.head))
}
