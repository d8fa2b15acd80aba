//! Guards before web applications that are no WAF: CDN, DCDN and ESA, whose source ranges are not published (EDGE-7),
//! and Anti-DDoS Proxy, whose ranges are (EDGE-6).

use ipnet::IpNet;
use xiezhi_model::service::{cdn, ddos, esa, waf};
use xiezhi_model::{Fact, Reason, State, Text};
use xiezhi_net::model::{Guard, GuardKind, Id, Origin, RecordTo, RuleState, Seen};

use super::convert::{Converter, each};
use super::web::{Made, guard_id, lower, origins, plain, reference};
use super::web_names::{bucket_named, dns};

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
        .map(|one| (guard_id::<cdn::Domain>(&one.head), &one.head, &one.sources, &one.online, &one.cname, false));
    let dynamic = inventory.all::<cdn::DynamicDomain>().iter().map(|one| {
        let waf = one.waf.value() == Some(&true);
        (guard_id::<cdn::DynamicDomain>(&one.head), &one.head, &one.sources, &one.online, &one.cname, waf)
    });
    let mut all = Vec::new();
    for (id, head, sources, online, cname, waf) in classic.chain(dynamic) {
        let served = |source: &cdn::OriginServer| bucket_named(inventory, source.content.value()?);
        let bucket = sources.value().and_then(|list| list.items.iter().find_map(served));
        let contents = sources.value().into_iter().flat_map(|list| &list.items);
        let made = Made::of(converter, contents.filter_map(|source| source.content.value()));
        let mut origins = converter.seen(&id, "origins", sources, |list| {
            if let Some(reason) = &list.more {
                return Err(reason.clone());
            }
            let mut all = Vec::new();
            for source in &list.items {
                match (source.kind.value().map(Text::as_str), source.content.value()) {
                    // Buckets and functions are no servers of the network.
                    (Some("oss" | "fc_domain"), _) => {}
                    (_, Some(content)) => all.push(Origin { to: made.to(content)?, ports: vec![80, 443] }),
                    (_, None) => return Err(source.content.reason().cloned().unwrap_or(Reason::NotInEvidence)),
                }
            }
            Ok(all)
        });
        let name = head.id.value().or(head.name.value()).cloned();
        let dns = dns(converter, &id, head, name.as_ref(), cname);
        let next = next_guard(converter, &mut origins);
        all.push(Guard {
            domain: name.as_deref().map(lower),
            ports: Seen::Known(vec![80, 443]),
            origins,
            dns,
            running: converter.seen(&id, "state", online, |on| Ok(*on)),
            resource: bucket,
            forwards_to: next,
            // Of DCDN's own WAF it is known where it is on, and not what its rules do (EDGE-7).
            rules: match waf {
                true => Seen::Missing(converter.gap(format!("rules of DCDN's WAF for {id}"), &Reason::NotInEvidence)),
                false => Seen::Absent,
            },
            ..plain(id, if waf { GuardKind::WafProxy } else { GuardKind::Cdn })
        });
    }
    all
}

/// The WAF domain to whose own name a guard forwards: a chain (case 15). That name leaves the guard's origins: the
/// servers behind it are the next guard's.
fn next_guard(converter: &Converter<'_>, origins: &mut Seen<Vec<Origin>>) -> Option<Id> {
    let Seen::Known(origins) = origins else { return None };
    for domain in converter.inventory.all::<waf::Domain>() {
        let cname = domain.cname.value().map(|cname| RecordTo::Name(lower(cname.trim_end_matches('.'))));
        let referred = RecordTo::Name(reference(&domain.head));
        let own = |origin: &Origin| Some(&origin.to) == cname.as_ref() || origin.to == referred;
        if origins.iter().any(own) {
            origins.retain(|origin| !own(origin));
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
            Some(Some("cname")) => dns(converter, &id, &record.head, record.name.value(), &record.cname),
            _ => Seen::Missing(converter.gap(format!("DNS status of {id}"), &Reason::NotCollected)),
        };
        let mut origins = match record.source.value().map(Text::as_str) {
            // Buckets are no servers of the network.
            Some("oss" | "s3" | "other") => Seen::Known(Vec::new()),
            _ => origins(converter, &id, &record.origins, &[80, 443]),
        };
        let next = next_guard(converter, &mut origins);
        let (kind, rules) = own_waf(converter, &id, site);
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
            rules,
            ..plain(id, kind)
        });
    }
    all
}

/// What ESA's own WAF does for a site: without a managed rule the site only delivers.
fn own_waf(converter: &mut Converter<'_>, of: &Id, site: Option<&esa::Site>) -> (GuardKind, Seen<RuleState>) {
    let reason = match site.map(|site| &site.waf.state) {
        Some(State::Known(word)) => match word.as_str() {
            "block" => return (GuardKind::WafProxy, Seen::Known(RuleState::Enforcing)),
            "observe" => return (GuardKind::WafProxy, Seen::Known(RuleState::Observing)),
            "none" => return (GuardKind::Cdn, Seen::Absent),
            other => Reason::not_understood(format!("the state `{other}` of ESA's WAF")),
        },
        Some(State::Unknown(reason)) => reason.clone(),
        Some(State::Absent) | None => Reason::NotCollected,
    };
    (GuardKind::WafProxy, Seen::Missing(converter.gap(format!("rules of ESA's WAF for {of}"), &reason)))
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

/// Whether the proxy forwards a domain: the domain's switch, and an instance in service. A domain does not name its own
/// instance, so that instances of which only some are in service leave it open.
fn forwards(converter: &mut Converter<'_>, of: &Id, protected: &Fact<bool>) -> Seen<bool> {
    let own = converter.seen(of, "state", protected, |on| Ok(*on));
    if own != Seen::Known(true) {
        return own;
    }
    let (mut on, mut off, mut doubt) = (0_usize, 0_usize, None);
    for instance in converter.inventory.all::<ddos::Instance>() {
        match (&instance.active.state, &instance.forwarding.state) {
            (State::Known(false), _) | (_, State::Known(false)) => off = off.saturating_add(1),
            (State::Known(true), State::Known(true) | State::Absent) => on = on.saturating_add(1),
            // A configuration does not say it, and what it makes forwards.
            (State::Known(true), State::Unknown(_)) if !instance.head.set.is_empty() => on = on.saturating_add(1),
            (State::Unknown(reason), _) | (_, State::Unknown(reason)) => doubt = Some(reason.clone()),
            (State::Absent, _) => doubt = Some(Reason::NotInEvidence),
        }
    }
    let reason = match (on, off, doubt) {
        (_, _, Some(reason)) => reason,
        (0, 0, None) => Reason::NotCollected,
        (_, 0, None) => return Seen::Known(true),
        (0, _, None) => return Seen::Known(false),
        (_, _, None) => Reason::not_understood("which of several Anti-DDoS instances it is in"),
    };
    Seen::Missing(converter.gap(format!("state of Anti-DDoS Proxy for {of}"), &reason))
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
            dns: dns(converter, &id, &domain.head, domain.domain.value(), &domain.cname),
            running: forwards(converter, &id, &domain.protected),
            egress: proxy_ranges(converter, &id),
            forwards_to: next,
            ..plain(id, GuardKind::AntiDdosProxy)
        });
    }
    all
}
