//! What stands before every web application, and the ways around it.

use std::net::IpAddr;

use xiezhi_model::service::ddos::PublicAddress;
use xiezhi_net::assume::{Readings, Truth};
use xiezhi_net::model::{AppKind, DdosKind, GuardKind, RuleState, Seen};
use xiezhi_net::set::Ranges;
use xiezhi_net::web::{self, Application, Cover, Effect, Guarded, Way, What};

use super::paths::ports;
use super::{Answer, Ground, Open, Part, Question, Verdict, all, hops, instances, packet, short};

/// Whether WAF stands before every web application that the internet reaches, and what leads around each guard.
#[must_use]
pub fn waf(ground: &Ground) -> Answer {
    let report = ground.report();
    let guarded = web::guards(&ground.network, &Readings::default(), &report);
    let mut parts: Vec<Part> =
        web::applications(&ground.network, &report).iter().map(|one| application(ground, one, &guarded)).collect();
    for guarded in guarded {
        let mut ways = guarded.ways.iter().filter(|way| way.effect == Effect::Bypass).peekable();
        if ways.peek().is_none() {
            parts.extend(closed(ground, &guarded));
        }
        for one in ways {
            parts.push(way(ground, &short(guarded.guard.as_str()), one));
        }
    }
    for gap in web::ddos_gaps(&ground.network) {
        let balancer = gap.subjects.first().map(|id| short(id)).unwrap_or_default();
        parts.push(way(ground, &balancer, &gap));
    }
    let mut unseen = ground.unseen(&report.blind, None, false);
    let web = &ground.network.web;
    unseen.extend(web.guards.missing.iter().chain(&web.apps.missing).map(|what| Open {
        what: short(what),
        code: ground.missing.get(what).map_or("not-collected", |reason| reason.code()).to_owned(),
    }));
    unseen.sort();
    unseen.dedup();
    let verdict = all(&parts, &unseen);
    ground.answer(Question::Waf, verdict, parts, unseen)
}

fn plain(subject: String, verdict: Verdict, facts: Vec<(&'static str, String)>) -> Part {
    Part { subject, verdict, facts, packet: None, hops: Vec::new(), because: Vec::new() }
}

fn kind(kind: GuardKind) -> &'static str {
    match kind {
        GuardKind::WafProxy => "waf-cname",
        GuardKind::WafNative => "waf-native",
        GuardKind::WafTransparent => "waf-transparent",
        GuardKind::Cdn => "cdn",
        GuardKind::AntiDdosProxy => "anti-ddos",
    }
}

/// What a guard before an application does, in a word.
fn state(ground: &Ground, cover: &Cover) -> &'static str {
    let guard = ground.network.web.guards.iter().find(|guard| guard.id == cover.guard);
    let waf = cover.is_waf();
    match (guard.map(|guard| (&guard.running, &guard.rules)), &cover.enforcing) {
        (Some((Seen::Known(false), _)), _) => "not-in-service",
        (Some((_, Seen::Known(RuleState::None))), _) if waf => "no-rule",
        (Some((_, Seen::Known(RuleState::Observing))), _) if waf => "observing",
        (_, Truth::Yes) if waf => "enforcing",
        (_, Truth::Yes) => "in-service",
        (_, Truth::No) => "not-enforcing",
        (_, Truth::Unknown(_)) => "enforcing-unknown",
    }
}

/// The ways around the proxies before an address that lead to this very address; none where WAF inside the product or
/// on its ports filters whatever arrives.
fn direct<'g>(one: &Application, guarded: &'g [Guarded]) -> Vec<&'g Way> {
    let filtered =
        one.guards.iter().any(|cover| cover.is_waf() && cover.kind != GuardKind::WafProxy && !cover.enforcing.is_no());
    let proxies = one.guards.iter().filter(|cover| cover.kind == GuardKind::WafProxy && !filtered);
    let ways = proxies.flat_map(|cover| guarded.iter().filter(|guarded| guarded.guard == cover.guard));
    let here = |way: &&Way| {
        let flow = way.witness.as_ref().map(|witness| witness.flow);
        flow.is_some_and(|flow| Some(flow.destination) == one.address && one.possible.contains(&flow))
    };
    ways.flat_map(|guarded| &guarded.ways).filter(|way| way.effect == Effect::Bypass).filter(here).collect()
}

fn application(ground: &Ground, one: &Application, guarded: &[Guarded]) -> Part {
    let of = instances(&ground.network);
    let subject = match &one.what {
        What::Interface(id) => of.get(id).map_or_else(|| short(id.as_str()), |instance| short(instance.as_str())),
        What::Listener(_, id) | What::App(id, _) => short(id.as_str()),
    };
    let mut facts = Vec::new();
    if let What::App(_, kind) = &one.what {
        facts.push(("application", app_kind(*kind).to_owned()));
    }
    if let Some(address) = one.address {
        facts.push(("address", super::address(address)));
        facts.push(("ports", ports(&one.possible)));
    }
    for cover in &one.guards {
        let name = short(cover.guard.as_str());
        facts.push(("guard", format!("{} {name} {}", kind(cover.kind), state(ground, cover))));
        if let Some(ports) = cover.ports.as_ref().filter(|_| cover.kind == GuardKind::WafTransparent) {
            facts.push(("guarded-ports", numbers(ports)));
        }
    }
    let mut behind = match &one.what {
        What::App(id, _) => {
            let app = ground.network.web.apps.iter().find(|app| app.id == *id);
            app.and_then(|app| web::app_behind_waf(app, &ground.network.web.guards.items))
                .map_or(Truth::No, |(truth, _)| truth)
        }
        _ => one.behind_waf(),
    };
    for way in direct(one, guarded) {
        facts.push(("bypass", way.case.number().to_string()));
        behind = behind.and(match &way.verdict {
            Truth::Yes => Truth::No,
            Truth::No => Truth::Yes,
            open => open.clone(),
        });
    }
    facts.push(("ddos", scrubbed(ground, one).to_owned()));
    facts.extend(thresholds(ground, one));
    let mut because = match &behind {
        Truth::Unknown(reasons) => ground.because(reasons),
        _ => Vec::new(),
    };
    let verdict = match (&one.reached, super::verdict(&behind)) {
        (_, Verdict::Yes) => Verdict::Yes,
        (Truth::Yes, Verdict::No) if ground.network.web.guards.is_complete() => Verdict::No,
        (Truth::Unknown(reasons), _) => {
            because.extend(ground.because(reasons));
            Verdict::Undecided
        }
        // No guard was found, and there may be some that nobody listed.
        (Truth::Yes, Verdict::No) => {
            because.extend(ground.network.web.guards.missing.iter().map(|what| ground.gap(what)));
            Verdict::Undecided
        }
        _ => Verdict::Undecided,
    };
    if let Truth::Unknown(reasons) = &one.ddos {
        because.extend(ground.because(reasons));
    }
    because.sort();
    because.dedup();
    Part { because, ..plain(subject, verdict, facts) }
}

/// What stands against floods before an application: the product, the free basic protection alone, or nobody knows.
fn scrubbed(ground: &Ground, one: &Application) -> &'static str {
    let cover = ground.network.web.ddos.iter().find(|cover| Some(cover.address) == one.address);
    match (&one.ddos, cover.map(|cover| cover.by)) {
        (Truth::Yes, Some(DdosKind::Origin)) => "ddos-origin",
        (Truth::Yes, Some(DdosKind::Enhanced)) => "ddos-enhanced",
        (Truth::Yes, None) => "anti-ddos",
        // Buckets, functions and gateways stand behind addresses of the platform.
        (Truth::No, _) if one.address.is_none() => "ddos-platform",
        (Truth::No, _) => "basic",
        (Truth::Unknown(_), _) => "unknown",
    }
}

/// From how much traffic on the address is scrubbed, and given up.
fn thresholds(ground: &Ground, one: &Application) -> Vec<(&'static str, String)> {
    let mut facts = Vec::new();
    let own = one
        .address
        .and_then(|address| ground.network.web.thresholds.iter().find(|threshold| threshold.address == address));
    let said = |value: Option<&Seen<u32>>| value.and_then(Seen::known).map(u32::to_string);
    let (scrubbing, hole) = (said(own.map(|own| &own.scrubbing)), said(own.map(|own| &own.black_hole)));
    facts.extend(scrubbing.map(|mbps| ("scrubbing-mbps", mbps)));
    facts.extend(hole.clone().map(|mbps| ("black-hole-mbps", mbps)));
    let lost = |public: &&PublicAddress| {
        let address = public.ip.value().and_then(|ip| ip.parse::<IpAddr>().ok());
        address.is_some() && address == one.address && public.status.value().is_some_and(|status| status == "blackhole")
    };
    if ground.inventory.all::<PublicAddress>().iter().any(|public| lost(&public)) {
        facts.push(("in-black-hole", "true".to_owned()));
    }
    // What stays although something scrubs: a proxy hides an address that answers whoever knows it.
    let proxied = scrubbed(ground, one) == "anti-ddos";
    facts.extend(match (&one.ddos, hole) {
        (Truth::No, _) if one.address.is_none() => None,
        (Truth::No, Some(mbps)) => Some(("flood", format!("black-hole {mbps}"))),
        (Truth::No, None) => Some(("flood", "black-hole".to_owned())),
        (Truth::Yes, _) if proxied => Some(("flood", "origin-known".to_owned())),
        (Truth::Yes, _) => Some(("flood", "beyond-plan".to_owned())),
        (Truth::Unknown(_), _) => None,
    });
    facts
}

fn numbers(ports: &Ranges<u16>) -> String {
    let one = |(low, high): (u16, u16)| if low == high { low.to_string() } else { format!("{low}-{high}") };
    ports.iter().map(one).collect::<Vec<_>>().join(", ")
}

fn app_kind(kind: AppKind) -> &'static str {
    match kind {
        AppKind::Function => "function",
        AppKind::ApiGateway => "api-gateway",
        AppKind::Bucket => "bucket",
        AppKind::Application => "gateway",
    }
}

/// A guard around which nothing leads: that no way exists, where it is proven, and what still matters beside: shared
/// ranges, requests that are refused.
fn closed(ground: &Ground, guarded: &Guarded) -> Option<Part> {
    let mut facts = Vec::new();
    if guarded.bypassable.is_no() {
        facts.push(("bypass", "none".to_owned()));
    }
    for one in guarded.ways.iter().filter(|way| way.verdict.is_yes()) {
        let name = if one.effect == Effect::Residual { "residual" } else { "outage" };
        facts.push((name, format!("{} {}", one.case.number(), concerns(one))));
    }
    let (verdict, because) = match &guarded.bypassable {
        Truth::Unknown(reasons) => (Verdict::Undecided, ground.because(reasons)),
        _ => (Verdict::Yes, Vec::new()),
    };
    let subject = short(guarded.guard.as_str());
    (!facts.is_empty()).then(|| Part { because, ..plain(subject, verdict, facts) })
}

fn concerns(way: &Way) -> String {
    let named = |one: &String| one.parse().map_or_else(|_| short(one), super::address);
    way.subjects.iter().map(named).collect::<Vec<_>>().join(" ")
}

/// A way around a guard: it is not protected.
fn way(ground: &Ground, guard: &str, way: &Way) -> Part {
    let mut facts = vec![("bypass", way.case.number().to_string())];
    facts.push(("concerns", concerns(way)));
    let (verdict, because) = match &way.verdict {
        Truth::Yes => (Verdict::No, Vec::new()),
        Truth::No => (Verdict::Yes, Vec::new()),
        Truth::Unknown(reasons) => (Verdict::Undecided, ground.because(reasons)),
    };
    Part {
        packet: way.witness.as_ref().map(|witness| packet(&witness.flow)),
        hops: way.witness.as_ref().map(|witness| hops(&witness.trace)).unwrap_or_default(),
        because,
        ..plain(guard.to_owned(), verdict, facts)
    }
}
