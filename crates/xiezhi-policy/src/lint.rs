//! What is odd about a policy although it can be read: names that do not exist, statements without effect, shapes that grant more than
//! they seem to.

use crate::ask::{self, Options, Truth};
use crate::catalogue;
use crate::glob::Glob;
use crate::json::Position;
use crate::keys;
use crate::policy::{Condition, Effect, Fault, Policy, PolicyKind, PrincipalElement, PrincipalFamily, Statement, Test};
use crate::request::ram_principal;
use crate::switches::{Choice, Switch};
use serde::Serialize;
use std::fmt;

mod kinds;

pub use kinds::Lint;

/// One remark.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Remark {
    /// What.
    pub lint: Lint,
    /// Which statement, from 0.
    pub statement: usize,
    /// Where.
    pub at: Position,
    /// The user's word that it is about; may be empty.
    pub word: String,
    /// A better word, where there is one.
    pub suggestion: Option<String>,
}

impl fmt::Display for Remark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.at, self.lint.meaning().en)?;
        if !self.word.is_empty() {
            write!(f, ": `{}`", self.word)?;
        }
        match &self.suggestion {
            Some(better) => write!(f, "; did you mean `{better}`"),
            None => Ok(()),
        }
    }
}

/// Everything odd about a policy, in the order of its statements.
///
/// ```
/// use xiezhi_policy::{Policy, PolicyKind, lint::{self, Lint}};
/// let policy = Policy::parse("p", PolicyKind::Identity,
///     r#"{"Version":"1","Statement":[{"Effect":"Allow","Action":"ecs:RunInstance","Resource":"*"}]}"#);
/// let remarks = lint::policy(&policy, &Default::default());
/// assert_eq!(remarks[0].lint, Lint::UnknownAction);
/// assert_eq!(remarks[0].suggestion.as_deref(), Some("ecs:RunInstances"));
/// ```
#[must_use]
pub fn policy(policy: &Policy, options: &Options) -> Vec<Remark> {
    let mut out = Vec::new();
    for (index, statement) in policy.statements.iter().enumerate() {
        let mut say = |lint, at, word: &str, suggestion: Option<String>| {
            out.push(Remark { lint, statement: index, at, word: word.to_owned(), suggestion });
        };
        actions(statement, &mut say);
        resources(policy.kind, statement, &mut say);
        if policy.kind.has_resource() {
            unchecked(statement, &mut say);
        }
        conditions(statement, &mut say);
        // What stands in place of an element that cannot be read is not what the policy says.
        let unread = |faults: &[Fault]| statement.doubts.iter().any(|doubt| faults.contains(&doubt.fault));
        if policy.kind == PolicyKind::Trust && !unread(&[Fault::Principal, Fault::Strings]) {
            trust(statement, &mut say);
        }
        if !unread(&[Fault::ActionCount, Fault::ResourceCount, Fault::Strings]) {
            shapes(policy.kind, statement, &mut say);
        }
        if statement.doubts.is_empty() {
            effect(policy, index, options, &mut say);
        }
    }
    out
}

type Say<'s> = &'s mut dyn FnMut(Lint, Position, &str, Option<String>);

fn actions(statement: &Statement, say: Say<'_>) {
    for pattern in &statement.action.patterns {
        let text = pattern.glob.text();
        if !pattern.glob.is_exact() {
            if catalogue::matching(&pattern.glob).next().is_none() {
                say(Lint::UnknownAction, pattern.at, text, None);
            }
            continue;
        }
        match catalogue::find(text) {
            None => say(Lint::UnknownAction, pattern.at, text, catalogue::nearest(text).map(str::to_owned)),
            Some(action) if action.name != text => {
                say(Lint::ActionCase, pattern.at, text, Some(action.name.to_owned()))
            }
            Some(_) => {}
        }
    }
}

fn resources(kind: PolicyKind, statement: &Statement, say: Say<'_>) {
    for pattern in &statement.resource.patterns {
        let text = pattern.whole.text();
        if text.contains("${") {
            say(Lint::Variable, pattern.at, text, None);
        }
        if pattern.whole.is_any() {
            continue;
        }
        if kind == PolicyKind::Key {
            // R-1.22: the policy of a key speaks of this key, which is written `*`.
            say(Lint::ResourceMatchesNothing, pattern.at, text, Some("*".to_owned()));
            continue;
        }
        let Some([code, _, _, relative]) = &pattern.segments else {
            // Short patterns are one glob over the whole string (R-1.18); without `acs:` in reach they match no ARN.
            let reaches = Glob::new("acs:*")
                .text()
                .starts_with(&text.chars().take_while(|c| !matches!(c, '*' | '?')).take(4).collect::<String>());
            if !reaches {
                say(Lint::ResourceMatchesNothing, pattern.at, text, None);
            }
            continue;
        };
        let fits = statement.action.negated
            || statement.action.patterns.iter().any(|p| {
                let action_code = p.glob.folded().split(':').next().unwrap_or("*").to_owned();
                let same = code.folded() == action_code
                    || action_code.contains(['*', '?'])
                    || code.text().contains(['*', '?']);
                // sts:AssumeRole and ram:PassRole work on RAM roles; twins share resources.
                same || (action_code == "sts" && code.folded() == "ram")
                    || matches!(
                        (action_code.as_str(), code.folded()),
                        ("ims", "ram") | ("resourcemanager", "ram") | ("ecs-workbench", "ecs")
                    )
                    || !catalogue::knows_code(&action_code)
            });
        if !fits && kind != PolicyKind::Trust {
            say(Lint::ResourceMatchesNothing, pattern.at, text, None);
        }
        let bare_prefix =
            relative.text().strip_suffix('*').is_some_and(|head| !head.is_empty() && !head.contains(['/', '*', '?']));
        if code.text() == "oss" && bare_prefix && statement.effect == Some(Effect::Allow) {
            say(Lint::BucketPrefix, pattern.at, text, None);
        }
    }
}

/// Actions that are checked against `*` only and stand in an Allow of narrower resources (R-1.21).
fn unchecked(statement: &Statement, say: Say<'_>) {
    let narrow = !statement.resource.negated && !statement.resource.patterns.iter().any(|p| p.whole.is_any());
    if statement.effect != Some(Effect::Allow) || statement.action.negated || !narrow {
        return;
    }
    for pattern in statement.action.patterns.iter().filter(|p| p.glob.is_exact()) {
        if catalogue::find(pattern.glob.text()).is_some_and(|action| action.without_resource) {
            say(Lint::ResourceNotChecked, pattern.at, pattern.glob.text(), None);
        }
    }
}

/// Services that have condition keys of their own (section 3); `sts:`, `saml:` and `oidc:` keys belong to trust policies.
const KEY_OWNERS: &[&str] = &["dms", "ecs", "kms", "log", "odps", "oss", "ots", "ram", "rds", "vpc"];

/// Whether a key belongs to a service none of whose actions the statement names.
fn foreign_key(statement: &Statement, folded: &str) -> bool {
    let Some((owner, _)) = folded.split_once(':').filter(|(code, _)| KEY_OWNERS.contains(code)) else { return false };
    !statement.action.negated
        && !statement.action.patterns.iter().any(|pattern| match pattern.glob.folded().split_once(':') {
            // `ims:` and `resourcemanager:` calls are twins of `ram:` calls.
            Some(("ims" | "resourcemanager", _)) if owner == "ram" => true,
            Some((code, _)) => Glob::new(code).matches(owner),
            None => true,
        })
}

fn conditions(statement: &Statement, say: Say<'_>) {
    for condition in &statement.conditions {
        if foreign_key(statement, &condition.folded) {
            say(Lint::KeyOfOtherService, condition.at, &condition.key, None);
        }
        if !keys::is_documented(&condition.folded) {
            say(Lint::UndocumentedKey, condition.at, &condition.key, None);
        }
        if let Some((_, kind)) = keys::known(&condition.folded)
            && !fits(condition, kind)
        {
            say(Lint::OperatorDoesNotFit, condition.at, &format!("{} {}", condition.operator, condition.key), None);
        }
        if let Test::Equals(list) | Test::EqualsFolded(list) = &condition.test
            && let Some(value) = list.iter().find(|v| v.contains(['*', '?']))
        {
            say(Lint::WildcardInEquality, condition.at, value, None);
        }
        let variable = match &condition.test {
            Test::Equals(list) | Test::EqualsFolded(list) => list.iter().find(|v| v.contains("${")).cloned(),
            Test::Like(list) => list.iter().find(|g| g.text().contains("${")).map(|g| g.text().to_owned()),
            _ => None,
        };
        if let Some(text) = variable {
            say(Lint::Variable, condition.at, &text, None);
        }
        let false_mfa = condition.folded == "acs:mfapresent"
            && !condition.negated
            && matches!(&condition.test, Test::Bool(list) if list.contains(&false));
        if statement.effect == Some(Effect::Deny) && false_mfa {
            say(Lint::MfaDenyMissesKeys, condition.at, &condition.key, None);
        }
    }
}

fn fits(condition: &Condition, kind: keys::KeyType) -> bool {
    use keys::KeyType as K;
    match &condition.test {
        Test::Equals(_) | Test::EqualsFolded(_) | Test::Like(_) => matches!(kind, K::Text | K::TextSet | K::Bool),
        Test::Number(..) => kind == K::Number,
        Test::Date(..) => kind == K::Date,
        Test::Bool(_) => kind == K::Bool,
        Test::Ip(_) => kind == K::Ip,
        Test::Unreadable => true,
    }
}

fn trust(statement: &Statement, say: Say<'_>) {
    if statement.effect != Some(Effect::Allow) {
        return;
    }
    match &statement.principal {
        Some(PrincipalElement::Anyone) => say(Lint::TrustsEveryone, statement.at, "*", None),
        Some(PrincipalElement::Listed(entries)) => {
            for entry in entries {
                let wildcard = entry.text.contains(['*', '?']);
                match entry.family {
                    PrincipalFamily::Service if entry.text.contains('@') => {
                        say(Lint::TrustsServiceOfOtherAccount, entry.at, &entry.text, None)
                    }
                    PrincipalFamily::Ram => match ram_principal(&entry.text) {
                        Some((account, _)) if account.contains(['*', '?']) => {
                            say(Lint::TrustsEveryone, entry.at, &entry.text, None)
                        }
                        Some((_, "root" | "*" | "user/*" | "role/*")) => {
                            say(Lint::TrustsAccount, entry.at, &entry.text, None)
                        }
                        _ if wildcard => say(Lint::TrustsPattern, entry.at, &entry.text, None),
                        _ => {}
                    },
                    _ if wildcard => say(Lint::TrustsPattern, entry.at, &entry.text, None),
                    _ => {}
                }
            }
        }
        None => {}
    }
}

fn shapes(kind: PolicyKind, statement: &Statement, say: Say<'_>) {
    if statement.effect != Some(Effect::Allow) || kind == PolicyKind::Control {
        return;
    }
    if statement.action.negated {
        say(Lint::AllowNotAction, statement.at, "", None);
    }
    let any_resource = !statement.resource.negated && statement.resource.patterns.iter().any(|p| p.whole.is_any());
    let open = any_resource && statement.conditions.is_empty() && !statement.action.negated && !kind.has_principal();
    if open && statement.action.patterns.iter().any(|p| p.glob.is_any()) {
        say(Lint::Administrator, statement.at, "", None);
    } else if open && statement.action.patterns.iter().any(|p| p.glob.matches_folded("ram:passrole")) {
        say(Lint::PassRoleOpen, statement.at, "ram:PassRole", None);
    }
}

/// Redundant, shadowed and empty statements, proven by the engine.
fn effect(policy: &Policy, index: usize, options: &Options, say: Say<'_>) {
    let Some(statement) = policy.statements.get(index) else { return };
    // What is said of an instance policy holds however the conditions of its Allows combine (SW-13).
    let mut options = *options;
    if policy.kind == PolicyKind::Instance {
        options.reading = options.reading.with(Switch::InstanceConditionsTogether, Choice::Either);
    }
    let options = &options;
    let only = |keep: &dyn Fn(usize, &Statement) -> bool| {
        let mut copy = policy.clone();
        let mut number = 0_usize;
        copy.statements.retain(|s| {
            let kept = keep(number, s);
            number = number.saturating_add(1);
            kept
        });
        copy
    };
    let nothing = only(&|_, _| false);
    let mut alone = only(&|i, _| i == index);
    let was_deny = statement.effect == Some(Effect::Deny);
    for s in &mut alone.statements {
        s.effect = Some(Effect::Allow);
    }
    if ask::adds(&[&alone], &[&nothing], options).truth == Truth::No {
        say(Lint::MatchesNothing, statement.at, "", None);
        return;
    }
    let rest = only(&|i, _| i != index);
    if was_deny {
        // Without the Deny nothing more is granted. A Deny of any other kind of policy is there to limit what others grant.
        if policy.kind == PolicyKind::Identity && ask::adds(&[&rest], &[policy], options).truth == Truth::No {
            say(Lint::DenyWithoutEffect, statement.at, "", None);
        }
        return;
    }
    let with_denies = only(&|i, s| i == index || s.effect != Some(Effect::Allow));
    if ask::adds(&[&with_denies], &[&nothing], options).truth == Truth::No {
        say(Lint::Shadowed, statement.at, "", None);
    } else if ask::adds(&[policy], &[&rest], options).truth == Truth::No {
        say(Lint::Redundant, statement.at, "", None);
    }
}
