//! The common cases of "does the new policy add anything", answered without building automata: a request on the face of a new
//! statement that the plain evaluator confirms, or an old statement that plainly covers each new one. Everything else is the engine's.

use super::{Finding, Options, Truth};
use crate::catalogue;
use crate::decide::{Outcome, StatementRef, check, reference};
use crate::glob::{Glob, wild};
use crate::keys::{self, KeyType};
use crate::matching::{self, Scope};
use crate::policy::{ActionElement, Condition, Effect, Policy, ResourceElement, ResourcePattern, Statement, Test};
use crate::request::Request;
use crate::switches::Tri;
use std::collections::BTreeSet;

/// The most requests that are tried.
const TRIES: usize = 16;
/// The most actions and resources of one statement that are tried.
const PER_STATEMENT: usize = 4;

/// The answer, where it is plain.
pub(super) fn adds(new: &[&Policy], old: &[&Policy], options: &Options) -> Option<Finding> {
    covered(new, old).or_else(|| witnessed(new, old, options))
}

/// *No*, when each new Allow is covered by an old Allow that nothing limits: no Deny and no doubt on the old side.
fn covered(new: &[&Policy], old: &[&Policy]) -> Option<Finding> {
    let old_statements =
        || old.iter().flat_map(|policy| policy.statements.iter().enumerate().map(|(at, s)| (*policy, at, s)));
    if old_statements().any(|(_, _, statement)| statement.effect != Some(Effect::Allow)) {
        return None;
    }
    // Where one condition may be enough (SW-13), fewer conditions are no wider grant.
    let sides = || new.iter().chain(old);
    if sides().any(|policy| policy.statements.iter().any(|one| matching::may_need_one(one, policy.kind))) {
        return None;
    }
    let mut cuts: BTreeSet<StatementRef> = BTreeSet::new();
    for statement in new.iter().flat_map(|policy| &policy.statements).filter(|statement| statement.may_allow()) {
        let (policy, at, _) = old_statements().find(|(_, _, wider)| covers(wider, statement))?;
        cuts.extend(reference(policy, at));
    }
    Some(Finding { cuts: cuts.into_iter().collect(), ..Finding::plain(Truth::No) })
}

/// Whether every request that the narrow statement matches, under any reading, is one that the wide statement surely matches. Says
/// *no* whenever that is not plain.
pub(crate) fn covers(wide: &Statement, narrow: &Statement) -> bool {
    let readable = |statement: &Statement| statement.doubts.is_empty() && statement.effect == Some(Effect::Allow);
    readable(wide)
        && readable(narrow)
        && wide.principal == narrow.principal
        && wide
            .conditions
            .iter()
            .all(|one| one.malformed.is_empty() && narrow.conditions.iter().any(|other| same(one, other)))
        && covers_actions(&wide.action, &narrow.action)
        && covers_resources(&wide.resource, &narrow.resource)
}

/// The same condition, wherever it stands.
fn same(one: &Condition, other: &Condition) -> bool {
    one.folded == other.folded
        && one.for_all == other.for_all
        && one.negated == other.negated
        && one.test == other.test
        && other.malformed.is_empty()
        && one.test != Test::Unreadable
}

fn covers_actions(wide: &ActionElement, narrow: &ActionElement) -> bool {
    if wide.negated {
        return false;
    }
    if wide.patterns.iter().any(|pattern| pattern.glob.is_any()) {
        return true;
    }
    let covered = |glob: &Glob| wide.patterns.iter().any(|pattern| covers_text(pattern.glob.text(), glob.text()));
    !narrow.negated && narrow.patterns.iter().all(|pattern| covered(&pattern.glob))
}

/// A pattern without `?` that matches the text of another pattern, its wildcards taken as plain characters, matches all that the other
/// matches: each of those characters falls into a run of the first.
fn covers_text(wide: &str, narrow: &str) -> bool {
    wide == narrow || !wide.contains('?') && wild(wide, narrow)
}

fn covers_resources(wide: &ResourceElement, narrow: &ResourceElement) -> bool {
    if wide.negated {
        return false;
    }
    if wide.patterns.iter().any(|pattern| pattern.whole.is_any()) {
        return true;
    }
    let covers = |wide: &ResourcePattern, narrow: &ResourcePattern| {
        wide.whole.text() == narrow.whole.text()
            || match (&wide.segments, &narrow.segments) {
                // An empty segment may mean any (SW-10): only a run, or another empty segment, covers it.
                (Some(wide), Some(narrow)) => {
                    wide.iter().zip(narrow).all(|(wide, narrow)| covers_text(wide.text(), narrow.text()))
                }
                _ => false,
            }
    };
    !narrow.negated && narrow.patterns.iter().all(|pattern| wide.patterns.iter().any(|wide| covers(wide, pattern)))
}

/// *Yes*, when a request on the face of a new statement is surely allowed by the new policies and surely not by the old.
fn witnessed(new: &[&Policy], old: &[&Policy], options: &Options) -> Option<Finding> {
    if new.iter().chain(old).any(|policy| policy.kind.has_principal()) {
        return None;
    }
    let usual = usual_keys(new, old);
    let statements = new.iter().flat_map(|policy| policy.statements.iter().enumerate().map(|(at, s)| (*policy, at, s)));
    let candidates: Vec<(&Policy, usize, Candidates)> = statements
        .filter(|(_, _, statement)| statement.effect == Some(Effect::Allow) && statement.doubts.is_empty())
        .filter_map(|(policy, at, statement)| Some((policy, at, Candidates::of(statement, &usual)?)))
        .collect();
    let mut tries = 0_usize;
    for round in 0..PER_STATEMENT {
        for (policy, at, candidates) in &candidates {
            for request in candidates.round(round) {
                tries = tries.saturating_add(1);
                if tries > TRIES {
                    return None;
                }
                if check(old, &request, "", &options.reading) == Outcome::Denied
                    && check(new, &request, "", &options.reading) == Outcome::Allowed
                {
                    let mut grants: Vec<StatementRef> = reference(policy, *at).into_iter().collect();
                    grants.extend(denying(old, &request, options));
                    grants.sort();
                    return Some(Finding {
                        known_action: catalogue::find(request.action()).is_some(),
                        grants,
                        witness: Some(request),
                        ..Finding::plain(Truth::Yes)
                    });
                }
            }
        }
    }
    None
}

/// The old Deny that keeps the old policies from allowing the request, when they would allow it but for that.
fn denying(old: &[&Policy], request: &Request, options: &Options) -> Option<StatementRef> {
    let matching = |effect: Effect| {
        old.iter().find_map(|policy| {
            let scope = Scope { kind: policy.kind, owner: "", effect: Some(effect), reading: options.reading };
            let at = policy
                .statements
                .iter()
                .position(|s| s.effect == Some(effect) && matching::statement(s, request, &scope) == Tri::Yes)?;
            reference(policy, at)
        })
    };
    matching(Effect::Allow).and_then(|_| matching(Effect::Deny))
}

/// Keys that every request carries, with a value, where a condition asks for them.
fn usual_keys(new: &[&Policy], old: &[&Policy]) -> Vec<(&'static str, &'static str)> {
    let all =
        [("acs:CurrentTime", "2026-01-01T00:00:00Z"), ("acs:SecureTransport", "true"), ("acs:SourceIp", "203.0.113.1")];
    let policies = || new.iter().chain(old).flat_map(|policy| &policy.statements).flat_map(|s| &s.conditions);
    all.into_iter().filter(|(name, _)| policies().any(|c| c.folded.eq_ignore_ascii_case(name))).collect()
}

/// Requests on the face of one statement.
struct Candidates {
    actions: Vec<String>,
    resources: Vec<String>,
    keys: Vec<(String, String)>,
}

impl Candidates {
    fn of(statement: &Statement, usual: &[(&'static str, &'static str)]) -> Option<Self> {
        if statement.action.negated || statement.resource.negated {
            return None;
        }
        let mut keys: Vec<(String, String)> =
            usual.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        for condition in statement.conditions.iter().filter(|condition| !condition.negated) {
            let typed =
                matches!(keys::known(&condition.folded), Some((_, KeyType::Ip | KeyType::Number | KeyType::Date)));
            if typed && !matches!(condition.test, Test::Ip(_)) {
                return None;
            }
            let value = match &condition.test {
                Test::Equals(list) | Test::EqualsFolded(list) => list.first()?.clone(),
                Test::Like(list) => plain(list.first()?),
                Test::Bool(list) => list.first()?.to_string(),
                Test::Ip(list) => {
                    let range = list.first()?;
                    crate::values::address_text(range.v6, range.low.saturating_add(1).min(range.high))
                }
                Test::Number(..) | Test::Date(..) | Test::Unreadable => return None,
            };
            keys.retain(|(name, _)| !name.eq_ignore_ascii_case(&condition.folded));
            let name = keys::known(&condition.folded).map_or(condition.key.as_str(), |(name, _)| name);
            keys.push((name.to_owned(), value));
        }
        let mut actions = Vec::with_capacity(PER_STATEMENT);
        for pattern in statement.action.patterns.iter().take(PER_STATEMENT) {
            match pattern.glob.is_exact() {
                true => actions.push(pattern.glob.text().to_owned()),
                false => {
                    actions.extend(catalogue::matching(&pattern.glob).take(2).map(|action| action.name.to_owned()))
                }
            }
        }
        let resources = statement.resource.patterns.iter().take(PER_STATEMENT).map(resource).collect();
        Some(Candidates { actions, resources, keys })
    }

    /// Each action with one resource; the rounds walk through the resources.
    fn round(&self, round: usize) -> impl Iterator<Item = Request> + '_ {
        let resource = self.resources.get(round).into_iter();
        resource.flat_map(|resource| {
            self.actions.iter().take(PER_STATEMENT).map(|action| {
                let code = action.split(':').next().unwrap_or("ecs");
                let request = Request::new(super::someone(), action, &resource.replace("{code}", code));
                self.keys.iter().fold(request, |request, (name, value)| request.with_key(name, value))
            })
        })
    }
}

/// A text that the pattern matches.
fn plain(glob: &Glob) -> String {
    glob.text().replace(['*', '?'], "x")
}

/// A resource that the pattern matches, with the usual region and account where it leaves them open; `{code}` stands for the action's.
fn resource(pattern: &ResourcePattern) -> String {
    let Some([code, region, account, relative]) = &pattern.segments else {
        return match pattern.whole.is_any() {
            true => "acs:{code}:cn-hangzhou:1000000000000001:x".to_owned(),
            false => plain(&pattern.whole),
        };
    };
    let filled = |glob: &Glob, usual: &str| match glob.text() {
        "*" | "" => usual.to_owned(),
        _ => plain(glob),
    };
    let code = filled(code, "{code}");
    let region = filled(region, if matches!(code.as_str(), "ram" | "sts") { "*" } else { "cn-hangzhou" });
    format!("acs:{code}:{region}:{}:{}", filled(account, "1000000000000001"), filled(relative, "x"))
}
