//! What stands before every web application, and the ways around it.

use xiezhi_net::assume::{Readings, Truth};
use xiezhi_net::model::{GuardKind, Seen};
use xiezhi_net::web::{self, Application, Effect, Guarded, Way, What};

use super::paths::ports;
use super::{Answer, Ground, Open, Part, Question, Verdict, all, hops, instances, packet, short};

/// Whether WAF stands before every web application that the internet reaches, and what leads around each guard.
#[must_use]
pub fn waf(ground: &Ground) -> Answer {
    let report = ground.report();
    let mut parts: Vec<Part> =
        web::applications(&ground.network, &report).iter().map(|one| application(ground, one)).collect();
    for guarded in web::guards(&ground.network, &Readings::default(), &report) {
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
    let mut unseen = ground.unseen(&report, None, false);
    unseen.extend(ground.network.web.guards.missing.iter().map(|what| Open {
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

fn application(ground: &Ground, one: &Application) -> Part {
    let of = instances(&ground.network);
    let subject = match &one.what {
        What::Interface(id) => of.get(id).map_or_else(|| short(id.as_str()), |instance| short(instance.as_str())),
        What::Listener(_, id) | What::App(id, _) => short(id.as_str()),
    };
    let mut facts = Vec::new();
    if let Some(address) = one.address {
        facts.push(("address", super::address(address)));
        facts.push(("ports", ports(&one.possible)));
    }
    let mut guarded = Truth::No;
    let mut because = Vec::new();
    for cover in &one.guards {
        let state = match &cover.enforcing {
            Truth::Yes => "enforcing",
            Truth::No => "not-enforcing",
            Truth::Unknown(_) => "enforcing-unknown",
        };
        facts.push(("guard", format!("{} {} {state}", kind(cover.kind), short(cover.guard.as_str()))));
        if !matches!(cover.kind, GuardKind::Cdn | GuardKind::AntiDdosProxy) {
            let covers = cover.ports.as_ref().is_none_or(|ports| one.ports.subtract(ports).is_empty());
            guarded = guarded.or(if covers { cover.enforcing.clone() } else { Truth::No });
        }
    }
    facts.push((
        "ddos",
        match &one.ddos {
            Truth::Yes => "protected",
            Truth::No => "basic",
            Truth::Unknown(_) => "unknown",
        }
        .to_owned(),
    ));
    if let Some(address) = one.address
        && let Some(cover) = ground.network.web.ddos.iter().find(|cover| cover.address == address)
        && let Seen::Known(mbps) = &cover.threshold
    {
        facts.push(("scrubbing-mbps", mbps.to_string()));
    }
    if let Truth::Unknown(reasons) = &guarded {
        because = ground.because(reasons);
    }
    let verdict = match (&one.reached, super::verdict(&guarded)) {
        (_, Verdict::Yes) => Verdict::Yes,
        (Truth::Yes, Verdict::No) if ground.network.web.guards.is_complete() => Verdict::No,
        (Truth::Unknown(reasons), _) => {
            because.extend(ground.because(reasons));
            Verdict::Undecided
        }
        _ => Verdict::Undecided,
    };
    Part { because, ..plain(subject, verdict, facts) }
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
    way.subjects.iter().map(|one| short(one)).collect::<Vec<_>>().join(" ")
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
