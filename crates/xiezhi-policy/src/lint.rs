//! What is odd about a policy although it can be read: names that do not exist, statements without effect, shapes that grant more than
//! they seem to.

use crate::ask::{self, Options, Truth};
use crate::catalogue;
use crate::glob::Glob;
use crate::json::Position;
use crate::keys;
use crate::policy::{Condition, Effect, Policy, PolicyKind, PrincipalElement, PrincipalFamily, Statement, Test};
use crate::request::ram_principal;
use serde::Serialize;
use std::fmt;

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

/// The kinds of [`Remark`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Lint {
    /// No catalogue action has this name or matches this pattern.
    UnknownAction,
    /// The action exists in another case (R-1.12 advises exact case).
    ActionCase,
    /// The resource is neither `*` nor an ARN that the statement's actions can have.
    ResourceMatchesNothing,
    /// `bucket*` also covers every other bucket whose name starts so (R-1.17).
    BucketPrefix,
    /// The statement matches no request: its conditions contradict each other or its patterns are impossible.
    MatchesNothing,
    /// An Allow that other Allows of the policy cover.
    Redundant,
    /// An Allow that Denies of the policy cut away completely.
    Shadowed,
    /// A Deny that takes nothing away from this policy; it may be meant against other policies.
    DenyWithoutEffect,
    /// `Allow` with `NotAction` grants every other action, future ones included (R-1.3, H01).
    AllowNotAction,
    /// All actions on all resources.
    Administrator,
    /// A key that the documentation does not name; a condition on an unknown key is a silent no-op (R-3.1).
    UndocumentedKey,
    /// `${…}` is literal text: RAM has no policy variables (R-1.46).
    Variable,
    /// A Deny that only holds when `acs:MFAPresent` is there and false; AccessKey calls do not carry it (H02).
    MfaDenyMissesKeys,
    /// `ram:PassRole` on every role to every service (H05).
    PassRoleOpen,
    /// The trust policy admits everyone (C06).
    TrustsEveryone,
    /// The trust policy admits every user and role of an account (R-1.24).
    TrustsAccount,
    /// The trust policy admits a service that acts for another account (C09).
    TrustsServiceOfOtherAccount,
    /// An operator that does not fit the type of a documented key.
    OperatorDoesNotFit,
}

impl Lint {
    /// What it means, in English.
    #[must_use]
    pub fn meaning(self) -> &'static str {
        match self {
            Lint::UnknownAction => "no known action has this name",
            Lint::ActionCase => "the action is documented in another case",
            Lint::ResourceMatchesNothing => "no resource of these actions has such an ARN",
            Lint::BucketPrefix => "also covers other buckets whose names start the same",
            Lint::MatchesNothing => "the statement matches no request",
            Lint::Redundant => "other statements already grant all of this",
            Lint::Shadowed => "Deny statements take all of this away",
            Lint::DenyWithoutEffect => "takes nothing away from this policy",
            Lint::AllowNotAction => "grants every action that is not listed, future ones included",
            Lint::Administrator => "grants all actions on all resources",
            Lint::UndocumentedKey => "the documentation names no such condition key",
            Lint::Variable => "RAM has no policy variables; the text is taken literally",
            Lint::MfaDenyMissesKeys => {
                "calls signed with an AccessKey carry no `acs:MFAPresent`, so this Deny does not bind them"
            }
            Lint::PassRoleOpen => "any role may be handed to any service",
            Lint::TrustsEveryone => "everyone may assume the role",
            Lint::TrustsAccount => "every user and role of the account may assume the role, given an Allow of its own",
            Lint::TrustsServiceOfOtherAccount => "the service acts for another account",
            Lint::OperatorDoesNotFit => "the operator does not fit the type of this key",
        }
    }
}

impl fmt::Display for Remark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.at, self.lint.meaning())?;
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
        conditions(statement, &mut say);
        if policy.kind == PolicyKind::Trust {
            trust(statement, &mut say);
        }
        shapes(policy.kind, statement, &mut say);
        if policy.kind == PolicyKind::Identity && statement.doubts.is_empty() {
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

fn conditions(statement: &Statement, say: Say<'_>) {
    for condition in &statement.conditions {
        if !keys::is_documented(&condition.folded) {
            say(Lint::UndocumentedKey, condition.at, &condition.key, None);
        }
        if let Some((_, kind)) = keys::known(&condition.folded)
            && !fits(condition, kind)
        {
            say(Lint::OperatorDoesNotFit, condition.at, &format!("{} {}", condition.operator, condition.key), None);
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
                match entry.family {
                    PrincipalFamily::Service if entry.text.contains('@') => {
                        say(Lint::TrustsServiceOfOtherAccount, entry.at, &entry.text, None)
                    }
                    PrincipalFamily::Ram => match ram_principal(&entry.text) {
                        Some((account, _)) if account.contains(['*', '?']) => {
                            say(Lint::TrustsEveryone, entry.at, &entry.text, None)
                        }
                        Some((_, "root")) => say(Lint::TrustsAccount, entry.at, &entry.text, None),
                        _ => {}
                    },
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
        // Without the Deny nothing more is granted.
        if ask::adds(&[&rest], &[policy], options).truth == Truth::No {
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
