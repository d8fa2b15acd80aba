//! What is recorded beside management events, and for how long it is kept: accesses of buckets and load balancers, WAF,
//! flow logs, SQL audit, configurations; and what Security Center sees. Source: network semantics §12.3; six months by
//! Cybersecurity Law art. 21(3).

use xiezhi_model::service::{adb, alb, config, ecs, mongodb, oss, polardb, rds, redis, sas, slb, vpc, waf};
use xiezhi_model::{Fact, Head, List, Reason, Resource, State, Text};

use super::coverage::{gaps, open};
use super::{Ground, Open, Part, Verdict};

/// For how many days records have to be kept: six months.
pub(super) const DAYS: i64 = 180;
/// How many resources a line names.
const NAMED: usize = 6;

/// What one resource says of its log.
struct Row<'a> {
    head: &'a Head,
    /// Whether it is on; none when the resource has no such log.
    on: Result<Option<bool>, Reason>,
    days: Option<&'a Fact<i64>>,
}

fn switch(on: &Fact<bool>) -> Result<Option<bool>, Reason> {
    match &on.state {
        State::Known(on) => Ok(Some(*on)),
        State::Absent => Ok(None),
        State::Unknown(reason) => Err(reason.clone()),
    }
}

/// On when it leads somewhere.
fn target<T>(to: &Fact<T>) -> Result<Option<bool>, Reason> {
    match &to.state {
        State::Known(_) => Ok(Some(true)),
        State::Absent => Ok(Some(false)),
        State::Unknown(reason) => Err(reason.clone()),
    }
}

/// A part for each kind of log of which there is something in evidence, and why there may be more.
pub(super) fn parts(ground: &Ground) -> (Vec<Part>, Vec<Open>) {
    let mut told = Told { ground, parts: Vec::new(), unseen: Vec::new() };
    told.of("access-log", |one: &oss::Bucket| Row {
        head: &one.head,
        on: target(&one.logging_bucket),
        days: Some(&one.access_log_days),
    });
    let layer7 = |balancer: &Head| {
        let of = |listener: &&slb::Listener| {
            let link = listener.load_balancer.value();
            let found = link
                .and_then(|link| ground.inventory.follow_as::<slb::LoadBalancer>(Some(&listener.head), &link.target));
            found.is_some_and(|found| found.head == *balancer)
        };
        let mut listeners = ground.inventory.all::<slb::Listener>().iter().filter(of).peekable();
        listeners.peek().is_none()
            || listeners.any(|one| one.protocol.value().is_none_or(|word| matches!(word.as_str(), "http" | "https")))
    };
    // Layer 4 has flow logs only.
    told.of("access-log", |one: &slb::LoadBalancer| Row {
        head: &one.head,
        on: if layer7(&one.head) { switch(&one.access_log) } else { Ok(None) },
        days: Some(&one.access_log_days),
    });
    told.of("access-log", |one: &alb::LoadBalancer| Row {
        head: &one.head,
        on: target(&one.access_log_project),
        days: Some(&one.access_log_days),
    });
    told.of("log-service", |one: &waf::Instance| Row {
        head: &one.head,
        on: switch(&one.log_service),
        days: Some(&one.log_days),
    });
    // That WAF's log service is bought does not log an object.
    told.of("access-log", |one: &waf::ProtectedObject| Row { head: &one.head, on: switch(&one.logged), days: None });
    told.of("flow-log", |one: &vpc::Vpc| Row { head: &one.head, on: switch(&one.flow_log_delivered), days: None });
    told.of("flow-log", |one: &vpc::FlowLog| Row {
        head: &one.head,
        on: switch(&one.active),
        days: Some(&one.retention_days),
    });
    told.of("sql-audit", |one: &rds::Instance| Row {
        head: &one.head,
        on: switch(&one.sql_audit),
        days: Some(&one.sql_audit_days),
    });
    told.of("sql-audit", |one: &polardb::Cluster| Row {
        head: &one.head,
        on: switch(&one.sql_audit),
        days: Some(&one.sql_audit_days),
    });
    told.of("sql-audit", |one: &adb::Cluster| Row {
        head: &one.head,
        on: switch(&one.sql_audit),
        days: Some(&one.sql_audit_days),
    });
    told.of("audit-log", |one: &redis::Instance| Row {
        head: &one.head,
        on: switch(&one.audit_log),
        days: Some(&one.audit_log_days),
    });
    told.of("audit-log", |one: &mongodb::Instance| Row {
        head: &one.head,
        on: switch(&one.audit_log),
        days: Some(&one.audit_log_days),
    });
    told.of("recorder", |one: &config::Recorder| Row { head: &one.head, on: switch(&one.recording), days: None });
    told.of("security-agent", |one: &ecs::Instance| Row {
        head: &one.head,
        on: switch(&one.security_agent),
        days: None,
    });
    told.parts.extend(ground.inventory.all::<sas::Center>().iter().map(|one| center(ground, one)));
    if ground.inventory.all::<sas::Center>().is_empty() {
        told.unseen.extend(gaps::<sas::Center>(ground));
    }
    (told.parts, told.unseen)
}

struct Told<'g> {
    ground: &'g Ground,
    parts: Vec<Part>,
    unseen: Vec<Open>,
}

impl Told<'_> {
    fn of<'r, R: Resource>(&'r mut self, log: &'static str, row: impl Fn(&'r R) -> Row<'r>)
    where
        Self: 'r,
    {
        let ground = self.ground;
        let rows: Vec<Row<'_>> = ground.inventory.all::<R>().iter().map(row).collect();
        let part = summary(R::SCHEMA.kind, log, &rows);
        self.parts.extend(part);
        self.unseen.extend(gaps::<R>(ground));
    }
}

/// The first of several resources by what they are called, and how many more there are.
pub(super) fn names(heads: &[&Head]) -> String {
    let mut all: Vec<String> = heads.iter().take(NAMED).map(|head| crate::analyse::called(head).to_string()).collect();
    if heads.len() > NAMED {
        all.push(format!("+{}", heads.len().saturating_sub(NAMED)));
    }
    all.join(", ")
}

/// One kind of log of all resources of a kind: how many have it, which do not, and for how long it is kept.
fn summary(kind: &str, log: &'static str, rows: &[Row<'_>]) -> Option<Part> {
    let (mut on, mut off, mut short, mut because, mut least) = (0_usize, Vec::new(), Vec::new(), Vec::new(), None);
    for row in rows {
        match &row.on {
            Ok(None) => continue,
            Ok(Some(false)) => {
                off.push(row.head);
                continue;
            }
            Ok(Some(true)) => on = on.saturating_add(1),
            Err(reason) => {
                because.push(open(&format!("{kind} {log}"), reason));
                continue;
            }
        }
        match row.days.map(|days| &days.state) {
            Some(State::Known(days)) => {
                least = Some(least.map_or(*days, |least: i64| least.min(*days)));
                if *days < DAYS {
                    short.push(row.head);
                }
            }
            Some(State::Unknown(reason)) => because.push(open(&format!("{kind} kept-days"), reason)),
            Some(State::Absent) | None => {}
        }
    }
    if on == 0 && off.is_empty() && because.is_empty() {
        return None;
    }
    because.sort();
    because.dedup();
    let mut facts = vec![("log", log.to_owned()), ("recorded", on.to_string())];
    if !off.is_empty() {
        facts.push(("not-recorded", names(&off)));
    }
    facts.extend(least.map(|days| ("kept-days", days.to_string())));
    if !short.is_empty() {
        facts.push(("kept-too-short", names(&short)));
    }
    let verdict = match (off.is_empty() && short.is_empty(), because.is_empty()) {
        (false, _) => Verdict::No,
        (true, false) => Verdict::Undecided,
        (true, true) => Verdict::Yes,
    };
    Some(Part { subject: kind.to_owned(), verdict, facts, packet: None, hops: Vec::new(), because })
}

/// What Security Center does: its edition, the scans that are on, baseline checks, whom it tells.
fn center(ground: &Ground, one: &sas::Center) -> Part {
    let (mut facts, mut because, mut missing) = (Vec::new(), Vec::new(), false);
    match &one.edition.state {
        State::Known(edition) => {
            facts.push(("edition", edition.to_string()));
            missing |= edition == "basic";
        }
        State::Absent => {}
        State::Unknown(reason) => because.push(open("sas.center edition", reason)),
    }
    let scans = switches(&one.vulnerability_scans, |scan| (scan.name.value(), &scan.on));
    missing |= told(scans, "scans-off", "sas.center vulnerability-scans", true, &mut facts, &mut because);
    let notices = switches(&one.notices, |notice| (notice.project.value(), &notice.on));
    missing |= told(notices, "notices-off", "sas.center notices", false, &mut facts, &mut because);
    match &one.strategies.state {
        State::Known(list) if !list.items.is_empty() => facts.push(("baseline-checks", list.items.len().to_string())),
        State::Known(List { more: Some(reason), .. }) | State::Unknown(reason) => {
            because.push(open("sas.center baseline-checks", reason));
        }
        State::Known(_) | State::Absent => {
            facts.push(("baseline-checks", "none".to_owned()));
            missing = true;
        }
    }
    missing |= alerts(ground, one, &mut facts, &mut because);
    let verdict = match (missing, because.is_empty()) {
        (true, _) => Verdict::No,
        (false, false) => Verdict::Undecided,
        (false, true) => Verdict::Yes,
    };
    Part { subject: "sas.center".to_owned(), verdict, facts, packet: None, hops: Vec::new(), because }
}

/// Counts the alerts that nobody dealt with, those of grave level apart; whether there is a grave one (§12.3: a blocker).
fn alerts(
    ground: &Ground,
    center: &sas::Center,
    facts: &mut Vec<(&'static str, String)>,
    because: &mut Vec<Open>,
) -> bool {
    const WHAT: &str = "sas.center alerts";
    let of = center.head.account.value();
    let (mut open_ones, mut grave) = (0_usize, 0_usize);
    for alert in ground.inventory.all::<sas::Alert>() {
        let theirs = alert.head.account.value();
        if of.is_some() && theirs.is_some() && of != theirs {
            continue;
        }
        match (&alert.open.state, &alert.level.state) {
            (State::Known(false) | State::Absent, _) => {}
            (State::Known(true), State::Known(level)) => {
                open_ones = open_ones.saturating_add(1);
                grave = grave.saturating_add(usize::from(level == "serious"));
            }
            (State::Known(true), State::Absent) => open_ones = open_ones.saturating_add(1),
            (State::Unknown(reason), _) | (_, State::Unknown(reason)) => because.push(open(WHAT, reason)),
        }
    }
    let gaps = ground.inventory.gaps(sas::Alert::SCHEMA);
    let gap = gaps.into_iter().find(|gap| gap.of.is_none() || of.is_none() || gap.of.as_ref() == of);
    because.extend(gap.map(|gap| open(WHAT, &gap.reason)));
    if open_ones > 0 {
        facts.push(("open-alerts", open_ones.to_string()));
    }
    if grave > 0 {
        facts.push(("grave-alerts", grave.to_string()));
    }
    grave > 0
}

/// The names of switches that are off and how many there are; why there may be more of them.
type Off = Result<(Vec<Text>, usize, Option<Reason>), Reason>;

fn switches<T>(list: &Fact<List<T>>, of: impl Fn(&T) -> (Option<&Text>, &Fact<bool>)) -> Off {
    let list = match &list.state {
        State::Known(list) => list,
        State::Absent => return Ok((Vec::new(), 0, None)),
        State::Unknown(reason) => return Err(reason.clone()),
    };
    let (mut off, mut more) = (Vec::new(), list.more.clone());
    for one in &list.items {
        let (name, on) = of(one);
        match &on.state {
            State::Known(true) => {}
            State::Known(false) | State::Absent => off.push(name.cloned().unwrap_or_default()),
            State::Unknown(reason) => more = more.or_else(|| Some(reason.clone())),
        }
    }
    Ok((off, list.items.len(), more))
}

/// Writes which switches are off; whether that is a gap: one of them when each counts, else only all of them.
fn told(
    off: Off,
    name: &'static str,
    what: &str,
    each: bool,
    facts: &mut Vec<(&'static str, String)>,
    because: &mut Vec<Open>,
) -> bool {
    match off {
        Ok((off, all, more)) => {
            because.extend(more.iter().map(|reason| open(what, reason)));
            if !off.is_empty() {
                facts.push((name, off.iter().map(Text::as_str).collect::<Vec<_>>().join(", ")));
            }
            if each { !off.is_empty() } else { all > 0 && off.len() == all && more.is_none() }
        }
        Err(reason) => {
            because.push(open(what, &reason));
            false
        }
    }
}
