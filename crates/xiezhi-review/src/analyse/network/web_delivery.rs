//! Guards before web applications that are no WAF: CDN, DCDN and ESA, whose source ranges are not published (EDGE-7),
//! and Anti-DDoS Proxy, whose ranges are (EDGE-6).

use ipnet::IpNet;
use xiezhi_model::service::{cdn, ddos, esa, waf};
use xiezhi_model::{Reason, Text};
use xiezhi_net::model::{Guard, GuardKind, Id, Origin, RecordTo, Seen};

use super::convert::{Converter, each};
use super::web::{guard_id, lower, origins, plain, to};
use super::web_names::dns;

/// Every guard that is no WAF: CDN, DCDN, ESA and Anti-DDoS Proxy.
pub(super) fn guards(converter: &mut Converter<'_>) -> Vec<Guard> {
    let mut all = content_delivery(converter);
    all.extend(edge_records(converter));
    all.extend(anti_ddos_proxies(converter));
    all
}

fn content_delivery(converter: &mut Converter<'_>) -> Vec<Guard> {
    let inventory = converter.inventory;
    let classic = inventory
        .all::<cdn::Domain>()
        .iter()
        .map(|one| (guard_id::<cdn::Domain>(&one.head), &one.head, &one.sources, &one.online, &one.cname));
    let dynamic = inventory
        .all::<cdn::DynamicDomain>()
        .iter()
        .map(|one| (guard_id::<cdn::DynamicDomain>(&one.head), &one.head, &one.sources, &one.online, &one.cname));
    let mut all = Vec::new();
    for (id, head, sources, online, cname) in classic.chain(dynamic) {
        let mut origins = converter.seen(&id, "origins", sources, |list| {
            if let Some(reason) = &list.more {
                return Err(reason.clone());
            }
            let mut all = Vec::new();
            for source in &list.items {
                match (source.kind.value().map(Text::as_str), source.content.value()) {
                    // Buckets and functions are no servers of the network.
                    (Some("oss" | "fc_domain"), _) => {}
                    (_, Some(content)) => all.push(Origin { to: to(content), ports: vec![80, 443] }),
                    (_, None) => return Err(source.content.reason().cloned().unwrap_or(Reason::NotInEvidence)),
                }
            }
            Ok(all)
        });
        let name = head.id.value().or(head.name.value()).cloned();
        let dns = dns(converter, &id, name.as_ref(), cname);
        let next = next_guard(converter, &mut origins);
        all.push(Guard {
            domain: name.as_deref().map(lower),
            ports: Seen::Known(vec![80, 443]),
            origins,
            dns,
            running: converter.seen(&id, "state", online, |on| Ok(*on)),
            forwards_to: next,
            ..plain(id, GuardKind::Cdn)
        });
    }
    all
}

/// The WAF domain to whose own name a guard forwards: a chain (case 15). That name leaves the guard's origins: the
/// servers behind it are the next guard's.
fn next_guard(converter: &Converter<'_>, origins: &mut Seen<Vec<Origin>>) -> Option<Id> {
    let Seen::Known(origins) = origins else { return None };
    for domain in converter.inventory.all::<waf::Domain>() {
        let Some(cname) = domain.cname.value() else { continue };
        let own = RecordTo::Name(lower(cname.trim_end_matches('.')));
        if origins.iter().any(|origin| origin.to == own) {
            origins.retain(|origin| origin.to != own);
            return Some(guard_id::<waf::Domain>(&domain.head));
        }
    }
    None
}

/// Names that ESA answers for and proxies. Where ESA is the name server of the site, DNS points at it by itself.
fn edge_records(converter: &mut Converter<'_>) -> Vec<Guard> {
    let mut all = Vec::new();
    for record in converter.inventory.all::<esa::Record>() {
        if record.proxied.value() == Some(&false) || record.proxied.is_absent() {
            continue;
        }
        let id = guard_id::<esa::Record>(&record.head);
        let site = record
            .site
            .value()
            .and_then(|link| converter.inventory.follow_as::<esa::Site>(Some(&record.head), &link.target));
        let proxied = converter.seen(&id, "proxy switch", &record.proxied, |on| Ok(*on));
        let active = match site {
            Some(site) => converter.seen(&id, "state of the site", &site.active, |on| Ok(*on)),
            None => Seen::Missing(converter.gap(format!("the site of {id}"), &Reason::NotCollected)),
        };
        let dns = match site.map(|site| site.access.value().map(Text::as_str)) {
            Some(Some("ns")) => active.clone(),
            Some(Some("cname")) => dns(converter, &id, record.name.value(), &record.cname),
            _ => Seen::Missing(converter.gap(format!("DNS status of {id}"), &Reason::NotCollected)),
        };
        let mut origins = match record.source.value().map(Text::as_str) {
            // Buckets are no servers of the network.
            Some("oss" | "s3" | "other") => Seen::Known(Vec::new()),
            _ => origins(converter, &id, &record.origins, &[80, 443]),
        };
        let next = next_guard(converter, &mut origins);
        all.push(Guard {
            domain: record.name.value().map(|name| lower(name)),
            ports: Seen::Known(vec![80, 443]),
            origins,
            dns,
            running: match proxied {
                Seen::Known(true) => active,
                doubt => doubt,
            },
            forwards_to: next,
            ..plain(id, GuardKind::Cdn)
        });
    }
    all
}

/// The ranges from which Anti-DDoS Proxy talks to origins: the same for every instance of the account (EDGE-6).
fn proxy_ranges(converter: &mut Converter<'_>, of: &Id) -> Seen<Vec<IpNet>> {
    let mut all = Vec::new();
    for instance in converter.inventory.all::<ddos::Instance>() {
        let id = guard_id::<ddos::Instance>(&instance.head);
        match converter.seen(&id, "source ranges", &instance.source_ranges, |list| each(list, xiezhi_net::model::net)) {
            Seen::Known(ranges) => all.extend(ranges),
            Seen::Absent => {}
            Seen::Missing(what) => return Seen::Missing(what),
        }
    }
    all.sort_unstable();
    all.dedup();
    match all.is_empty() {
        true => Seen::Missing(converter.gap(format!("source ranges of {of}"), &Reason::NotCollected)),
        false => Seen::Known(all),
    }
}

fn anti_ddos_proxies(converter: &mut Converter<'_>) -> Vec<Guard> {
    let mut all = Vec::new();
    for domain in converter.inventory.all::<ddos::Domain>() {
        let id = guard_id::<ddos::Domain>(&domain.head);
        let mut origins = origins(converter, &id, &domain.origins, &[80, 443]);
        let next = next_guard(converter, &mut origins);
        all.push(Guard {
            domain: domain.domain.value().map(|name| lower(name)),
            ports: Seen::Known(vec![80, 443]),
            origins,
            dns: dns(converter, &id, domain.domain.value(), &domain.cname),
            running: converter.seen(&id, "state", &domain.protected, |on| Ok(*on)),
            egress: proxy_ranges(converter, &id),
            forwards_to: next,
            ..plain(id, GuardKind::AntiDdosProxy)
        });
    }
    all
}
