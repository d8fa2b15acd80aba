//! Of what an alert of Log Service would tell: whether an enabled rule on the Logstore of a trail selects the events of a
//! topic and fires on them. Decided by running its search over such an event, not by looking for words in it. Source:
//! network semantics §13 (the alert list of CIS 2.10 to 2.22, "to test by execution").

mod search;
#[cfg(test)]
mod tests;
mod topics;

use xiezhi_model::service::account::Account;
use xiezhi_model::service::actiontrail::Trail;
use xiezhi_model::service::sls::{Alert, AlertQuery, CollectionPolicy, Project};
use xiezhi_model::{Fact, Inventory, Label, Link, Reason, Resource, State, Text};
use xiezhi_policy::Tri;

use super::evidence::called;
use super::ram::estate::is_of;
use super::{Analysis, derived, in_words};
use search::Search;
use topics::{Event, TOPICS, Topic};

/// See the module.
pub(super) struct Alerts;

const NAME: &str = "alerts";

impl Analysis for Alerts {
    fn name(&self) -> &'static str {
        NAME
    }

    fn run(&self, inventory: &mut Inventory) {
        let concluded: Vec<Vec<Fact<bool>>> = inventory
            .all::<Account>()
            .iter()
            .map(|account| {
                let rules = rules(inventory, account);
                let concerns = |gap: &xiezhi_model::Gap| gap.of.is_none() || gap.of.as_ref() == account.head.id.value();
                let gap = inventory.gaps(Alert::SCHEMA).into_iter().find(concerns).map(|gap| gap.reason);
                TOPICS.iter().map(|topic| concluded(topic, &rules, gap.as_ref())).collect()
            })
            .collect();
        for (account, facts) in inventory.all_mut::<Account>().iter_mut().zip(concluded) {
            for (topic, fact) in TOPICS.iter().zip(facts) {
                *(topic.fact)(account) = fact;
            }
        }
    }
}

/// An alert of which it is not known that it tells of nothing.
struct Rule<'a> {
    alert: &'a Alert,
    /// Whether it runs over the events of a trail.
    heard: Tri,
    /// Its search; why it is not known.
    search: Result<Search, Reason>,
}

/// The alerts of an account that run, or may, over the events of a trail, or what may be them.
fn rules<'a>(inventory: &'a Inventory, account: &Account) -> Vec<Rule<'a>> {
    let ours = |alert: &&Alert| is_of(inventory, &alert.head, account.head.id.value());
    let all = inventory.all::<Alert>().iter().filter(ours);
    all.filter_map(|alert| {
        let on = match &alert.enabled.state {
            State::Known(true) => Tri::Yes,
            State::Known(false) => return None,
            State::Absent | State::Unknown(_) => Tri::Maybe,
        };
        let queries = match &alert.queries.state {
            State::Known(list) => list,
            // A rule that is made from a template names no query.
            State::Absent => {
                let reason = Reason::not_understood("an alert that is made from a template");
                return Some(Rule { alert, heard: Tri::Maybe, search: Err(reason) });
            }
            State::Unknown(reason) => return Some(Rule { alert, heard: Tri::Maybe, search: Err(reason.clone()) }),
        };
        match (queries.items.as_slice(), &queries.more) {
            ([query], None) => {
                let heard = on.and(hears(inventory, alert, query));
                let search = match &query.query.state {
                    State::Known(text) => search::parse(text)
                        .ok_or_else(|| Reason::not_understood(format!("the query of alert `{}`", called(&alert.head)))),
                    State::Absent => Err(Reason::NotInEvidence),
                    State::Unknown(reason) => Err(reason.clone()),
                };
                (heard != Tri::No).then_some(Rule { alert, heard, search })
            }
            (several, more) => {
                let heard = several.iter().map(|query| hears(inventory, alert, query)).max();
                if more.is_none() && heard == Some(Tri::No) {
                    return None;
                }
                let reason = Reason::not_understood(format!("the queries of alert `{}` together", called(&alert.head)));
                Some(Rule { alert, heard: Tri::Maybe, search: Err(more.clone().unwrap_or(reason)) })
            }
        }
    })
    .collect()
}

/// Whether a query runs over a Logstore to which events of ActionTrail are delivered: `actiontrail_<trail>` of a trail that
/// runs, or `actiontrail_log` of the log audit, which collects them centrally.
fn hears(inventory: &Inventory, alert: &Alert, query: &AlertQuery) -> Tri {
    let project = if query.project.is_absent() { &alert.project } else { &query.project };
    let (State::Known(project), State::Known(store)) = (&project.state, &query.store.state) else { return Tri::Maybe };
    let delivered = |trail: &&Trail| {
        let to = trail.project.value();
        let name = trail.head.name.value().or(trail.head.id.value());
        name.is_some_and(|name| *store == format!("actiontrail_{name}"))
            && to.is_some_and(|to| named(inventory, *trail, to) == named(inventory, alert, project))
    };
    let trails = inventory.all::<Trail>().iter().filter(delivered).map(|trail| match &trail.enabled.state {
        State::Known(true) => Tri::Yes,
        State::Known(false) => Tri::No,
        State::Absent | State::Unknown(_) => Tri::Maybe,
    });
    if let Some(best) = trails.max() {
        return best;
    }
    if store == "actiontrail_log" {
        let collects = |one: &CollectionPolicy| {
            one.enabled.value() == Some(&true) && one.product.value().is_some_and(|product| product == "actiontrail")
        };
        return if inventory.all::<CollectionPolicy>().iter().any(collects) { Tri::Yes } else { Tri::Maybe };
    }
    // Changes of buckets are in their access logs too, which nothing here reads.
    if store.starts_with("actiontrail_") || store.starts_with("oss") { Tri::Maybe } else { Tri::No }
}

/// What a project is called, wherever it is declared.
fn named<R: Resource>(inventory: &Inventory, from: &R, link: &Link<Project>) -> Text {
    let found = inventory.follow_as::<Project>(Some(from.head()), &link.target);
    found.and_then(|one| one.head.id.value().or(one.head.name.value())).unwrap_or(&link.target).clone()
}

/// Whether some alert tells of every event of a topic.
fn concluded(topic: &Topic, rules: &[Rule<'_>], gap: Option<&Reason>) -> Fact<bool> {
    let (mut by, mut missing, mut doubt) = (Vec::new(), Vec::new(), None);
    for event in topic.events.all() {
        let told: Vec<(Tri, &Rule<'_>)> = rules.iter().map(|rule| (tells(rule, &event, topic.burst), rule)).collect();
        if let Some((_, rule)) = told.iter().find(|(told, _)| *told == Tri::Yes) {
            by.push(called(&rule.alert.head));
            continue;
        }
        match told.iter().find(|(told, _)| *told == Tri::Maybe) {
            Some((_, rule)) => doubt = doubt.or_else(|| Some(why(rule))),
            None => missing.push(event.name),
        }
    }
    let label = rules.iter().map(|rule| rule.alert.head.origin.label).fold(Label::Inference, Label::weakest);
    if doubt.is_none() && missing.is_empty() {
        by.sort();
        by.dedup();
        let proof = in_words(
            format!("alert {} fires on every such event", by.join(", ")),
            format!("告警 {} 会对每种此类事件触发", by.join("、")),
        );
        return Fact::known(true, derived(NAME, proof, label));
    }
    // One event that surely nothing tells of decides, where every alert is in evidence.
    if missing.is_empty() || gap.is_some() {
        let reason = doubt.or_else(|| gap.cloned()).unwrap_or(Reason::NotInEvidence);
        return Fact::unknown(reason, derived(NAME, "", label));
    }
    let names: Vec<&str> = missing.iter().take(4).copied().collect();
    let proof = in_words(
        format!("no enabled alert on the Logstore of a trail fires on {}", names.join(", ")),
        format!("跟踪的日志库上没有已启用的告警会对 {} 触发", names.join("、")),
    );
    Fact::known(false, derived(NAME, proof, label))
}

/// Whether an alert tells of an event.
fn tells(rule: &Rule<'_>, event: &Event, burst: bool) -> Tri {
    let selected = match &rule.search {
        Ok(search) => search.selects(&|key| event.holds(key)),
        Err(_) => Tri::Maybe,
    };
    let fires = if selected == Tri::No { Tri::No } else { fires(rule.alert, burst) };
    rule.heard.and(selected).and(fires)
}

/// Whether an alert fires when one event was found; a rule of attempts may ask for more of them.
fn fires(alert: &Alert, burst: bool) -> Tri {
    let once = match &alert.consecutive.state {
        State::Known(times) if *times <= 1 || burst => Tri::Yes,
        _ => Tri::Maybe,
    };
    let State::Known(triggers) = &alert.triggers.state else { return Tri::Maybe };
    let holds = |text: &Fact<Text>| match &text.state {
        State::Known(text) => search::fires_on(text, burst),
        State::Absent => Some(true),
        State::Unknown(_) => None,
    };
    let sure = triggers.items.iter().any(|one| holds(&one.condition) == Some(true) && holds(&one.count) == Some(true));
    once.and(if sure { Tri::Yes } else { Tri::Maybe })
}

/// Why it is not known whether an alert tells of something.
fn why(rule: &Rule<'_>) -> Reason {
    let alert = rule.alert;
    let silent = [alert.enabled.reason(), alert.triggers.reason(), alert.consecutive.reason()];
    let reason = rule.search.as_ref().err().or_else(|| silent.into_iter().flatten().next()).cloned();
    reason.unwrap_or_else(|| Reason::not_understood(format!("what alert `{}` fires on", called(&alert.head))))
}
