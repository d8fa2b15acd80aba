//! What a change of policy adds, and the smallest policy that still grants what was used.

use std::collections::{BTreeMap, BTreeSet};

use xiezhi_model::Label;
use xiezhi_policy::ask::{self, Options, Truth};
use xiezhi_policy::catalogue;
use xiezhi_policy::decide::Gap;
use xiezhi_policy::estate::Index;
use xiezhi_policy::minimise::{self as least, Use};
use xiezhi_policy::{Budget, Policy};

use super::{Answer, AskError, Detail, Entry, Ground, Question, Verdict};

/// The policy of this name in the evidence, custom before system, with the label of its text.
///
/// # Errors
/// The evidence has no such policy, or not its text.
pub fn policy_of(ground: &Ground, account: Option<&str>, name: &str) -> Result<Policy, AskError> {
    let built = ground.account(account)?;
    let index = Index::new(&built.estate);
    let stored = index.policy(name, false).or_else(|| index.policy(name, true));
    match stored.map(|stored| stored.default.clone()) {
        Some(Some(policy)) => Ok(policy),
        Some(None) => Err(AskError::new(
            format!("the evidence names the policy `{name}` but does not hold its text: hand over `ram GetPolicy`"),
            format!("证据提到策略 `{name}`，但没有其内容：请提供 `ram GetPolicy` 的结果"),
        )),
        None => Err(AskError::new(
            format!("`{name}` is no file, and the evidence has no policy of this name"),
            format!("`{name}` 不是文件，证据中也没有同名策略"),
        )),
    }
}

/// Does the new policy grant anything that the old one does not, and the other way round?
#[must_use]
pub fn diff(old: &Policy, new: &Policy) -> Answer {
    let compared = ask::compare(&[old], &[new], &Budget::default());
    let label = Label::UserProvided;
    let entries = vec![Entry::of("added", compared.added, label), Entry::of("removed", compared.removed, label)];
    let question = Question::Diff { old: old.name.clone(), new: new.name.clone() };
    let added = entries.first().map_or((Verdict::Undecided, label), |entry| (entry.verdict, entry.label));
    let mut answer = Answer::of(question, entries, Vec::new(), label);
    // The question is what is added; what is removed stands beside it.
    (answer.verdict, answer.label) = added;
    answer
}

/// The actions that were used.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Used {
    /// The uses.
    pub uses: Vec<Use>,
    /// Entries of the list that name no action that is known.
    pub unknown: Vec<String>,
}

/// Products that ActionTrail names otherwise than RAM does. Source: ActionTrail, "Structure of an event" (`serviceName`)
/// against the RAM codes of the products.
const CODES: &[(&str, &str)] = &[("sls", "log"), ("resourcemanager", "ram"), ("cbn", "cen")];

/// Reads a list of used actions: one `code:Name`, and a resource if wanted, per line (`#` starts a comment); or
/// ActionTrail events as a JSON list, as `{"Events": […]}`, or one event per line. Events that ended with an error used no right.
///
/// # Errors
/// The text is neither.
pub fn read_uses(name: &str, text: &str) -> Result<Used, AskError> {
    let start = text.trim_start();
    let mut used = Used::default();
    if start.starts_with(['{', '[']) {
        let events: Vec<serde_json::Value> = match serde_json::from_str::<serde_json::Value>(text) {
            Ok(serde_json::Value::Array(list)) => list,
            Ok(mut one) => match one.get_mut("Events").map(serde_json::Value::take) {
                Some(serde_json::Value::Array(list)) => list,
                _ => vec![one],
            },
            Err(_) => {
                let mut list = Vec::new();
                for (number, line) in (1_usize..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty()) {
                    let event = serde_json::from_str(line).map_err(|error| {
                        AskError::new(
                            format!("`{name}` line {number} is no ActionTrail event: {error}"),
                            format!("`{name}` 第 {number} 行不是操作审计事件：{error}"),
                        )
                    })?;
                    list.push(event);
                }
                list
            }
        };
        for event in &events {
            take_event(event, &mut used);
        }
        if used.uses.is_empty() && used.unknown.is_empty() && !events.is_empty() {
            return Err(AskError::new(
                format!("`{name}` holds no ActionTrail event (`serviceName`, `eventName`)"),
                format!("`{name}` 中没有操作审计事件（`serviceName`、`eventName`）"),
            ));
        }
    } else {
        for (number, line) in (1_usize..).zip(text.lines()) {
            let line = line.split('#').next().unwrap_or_default().trim();
            let mut words = line.split_whitespace();
            let Some(action) = words.next() else { continue };
            if !action.contains(':') || action.contains(['*', '?']) {
                return Err(AskError::new(
                    format!("`{name}` line {number}: `{action}` is no action; write `oss:GetObject`, one per line"),
                    format!("`{name}` 第 {number} 行：`{action}` 不是操作；请每行写一个，如 `oss:GetObject`"),
                ));
            }
            take(action.to_owned(), words.next().map(str::to_owned), &mut used);
        }
    }
    used.uses.sort();
    used.uses.dedup();
    used.unknown.sort();
    used.unknown.dedup();
    Ok(used)
}

fn take(action: String, resource: Option<String>, used: &mut Used) {
    match catalogue::find(&action) {
        Some(known) => used.uses.push(Use { action: known.name.to_owned(), resource }),
        None => used.unknown.push(action),
    }
}

fn take_event(event: &serde_json::Value, used: &mut Used) {
    let event = event.get("event").unwrap_or(event);
    let text = |field: &str| event.get(field).and_then(serde_json::Value::as_str).filter(|text| !text.is_empty());
    let (Some(service), Some(name)) = (text("serviceName"), text("eventName")) else { return };
    if text("errorCode").is_some() {
        return;
    }
    let service = service.to_ascii_lowercase();
    let code = CODES.iter().find(|(trail, _)| *trail == service).map_or(service.as_str(), |(_, code)| code);
    take(format!("{code}:{name}"), None, used);
}

/// A smaller policy that still grants what was used, and provably nothing more than before.
#[must_use]
pub fn minimise(policy: &Policy, used: &Used) -> Answer {
    let small = least::policies(&[policy], &used.uses, &Options::default());
    let proven = small.adds == Truth::No && small.keeps == Truth::Yes && !small.text.is_empty();
    // That nothing was used at all, or only what nobody knows, is no ground to call a policy needless.
    let groundless = small.text.is_empty() && (used.uses.is_empty() || !used.unknown.is_empty());
    let label = Label::UserProvided;
    let verdict = match (small.adds, small.keeps) {
        _ if groundless => Verdict::Undecided,
        (Truth::No, Truth::Yes) => Verdict::Yes,
        (Truth::Yes, _) | (_, Truth::No) => Verdict::No,
        _ => Verdict::Undecided,
    };
    let mut entry = Entry::new(&policy.name, verdict, label);
    entry.gaps =
        used.unknown.iter().map(|action| Gap::new(action, "no such action is known; it was not counted")).collect();
    let mut answer = Answer::of(Question::Minimise { policy: policy.name.clone() }, vec![entry], Vec::new(), label);
    let not_granted: BTreeSet<String> = small.not_granted.iter().map(|one| one.action.clone()).collect();
    let unused = small.unused.into_iter().map(|unused| {
        let counts: BTreeMap<String, usize> = unused
            .by_service
            .into_iter()
            .map(|(code, levels)| (code, levels.values().fold(0_usize, |sum, count| sum.saturating_add(*count))))
            .collect();
        (unused.statement, counts)
    });
    answer.detail = Detail::Minimised {
        text: proven.then_some(small.text),
        not_granted: not_granted.into_iter().collect(),
        unused: unused.collect(),
        used: used.uses.len(),
    };
    answer
}
