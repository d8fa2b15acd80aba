//! Who a trust policy lets in. Source: RAM semantics, R-1.24 (forms of principals, what `:root` means).

use std::collections::BTreeSet;

use xiezhi_model::{Fact, Label, List, OWN_ACCOUNT, Origin, Reason, State, Text};
use xiezhi_policy::ask::Truth;
use xiezhi_policy::estate::Estate;
use xiezhi_policy::exposure::{self, Surroundings};
use xiezhi_policy::policy::{Effect, PrincipalElement, PrincipalFamily, Statement};
use xiezhi_policy::request::principal_account;
use xiezhi_policy::{Budget, Layers, Policy, PolicySet, ResourceSide};

use super::NAME;
use crate::analyse::{Proof, depends, derived, in_words, statements};

fn unless_known<T>(fact: Option<&Fact<Text>>) -> Result<Origin, Option<Fact<T>>> {
    match fact.map(|fact| (&fact.state, &fact.origin)) {
        Some((State::Known(_), origin)) => Ok(origin.clone()),
        Some((State::Absent, origin)) => Err(Some(Fact::unknown(Reason::NotInEvidence, origin.clone()))),
        Some((State::Unknown(reason), origin)) => Err(Some(Fact::unknown(reason.clone(), origin.clone()))),
        None => Err(None),
    }
}

/// The principals outside the account that may assume the role; empty when nobody outside may.
pub(super) fn external(trust: Option<&Policy>, estate: &Estate, fact: Option<&Fact<Text>>) -> Fact<List<Text>> {
    let (origin, policy) = match (unless_known(fact), trust) {
        (Ok(origin), Some(policy)) => (origin, policy),
        (Err(Some(unknown)), _) => return unknown,
        _ => return Fact::unknown(Reason::NotCollected, derived(NAME, "", Label::Inference)),
    };
    let mut layers = Layers::identity_only(&estate.account, PolicySet::default());
    layers.resource = ResourceSide::Trust(PolicySet::of(vec![policy]));
    let around = Surroundings { owner: &estate.account, organisation: &estate.organisation, ..Surroundings::default() };
    let found = exposure::in_all_readings(&layers, &around, &["sts:AssumeRole*"], &["*"], &Budget::default()).external;
    // Where the own account is meant without its id, ids are taken for others: see `Built::others_are_named`.
    let weak = !found.depends_on.is_empty() || estate.account == OWN_ACCOUNT && found.truth == Truth::Yes;
    let label = if weak { origin.label.weakest(Label::Inference) } else { origin.label };
    let names = named_outside(policy, &estate.account);
    match found.truth {
        Truth::No => Fact::known(
            List::complete(vec![]),
            derived(
                NAME,
                Proof::of(&[in_words("nobody outside is let in", "未允许账号外的主体"), depends(&found.depends_on)]),
                label,
            ),
        ),
        // Without the account's own id, a named account may be this one.
        Truth::Yes if estate.account.is_empty() && !names.contains("*") => Fact::unknown(Reason::NotInEvidence, origin),
        Truth::Yes => {
            let proof = Proof::of(&[statements(&found.grants), depends(&found.depends_on)]);
            // A statement that cannot be read may let in more.
            let more = unread(policy).then(|| Reason::not_understood("a statement of the trust policy"));
            let items = names.into_iter().map(Text::from).collect();
            Fact::known(List { items, more }, derived(NAME, proof, label))
        }
        Truth::Unknown | Truth::Undecided => {
            Fact::unknown(Reason::not_understood("a statement of the trust policy"), origin)
        }
    }
}

/// Whether a statement that may allow cannot be read.
fn unread(policy: &Policy) -> bool {
    let mut statements = policy.statements.iter();
    statements.any(|statement| statement.may_allow() && (statement.effect.is_none() || !statement.doubts.is_empty()))
}

fn named_outside(policy: &Policy, account: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for statement in policy.statements.iter().filter(|statement| statement.effect == Some(Effect::Allow)) {
        match &statement.principal {
            Some(PrincipalElement::Anyone) => {
                names.insert("*".to_owned());
            }
            Some(PrincipalElement::Listed(entries)) => {
                for entry in entries {
                    let own = entry.text.contains(OWN_ACCOUNT)
                        || !account.is_empty() && principal_account(entry.family, &entry.text) == Some(account);
                    let plain_service = entry.family == PrincipalFamily::Service && !entry.text.contains('@');
                    if !own && !plain_service {
                        names.insert(entry.text.clone());
                    }
                }
            }
            None => {}
        }
    }
    names
}

/// Whether the trust policy lets RAM users, roles or accounts in, not only services or identity providers.
pub(super) fn people(trust: Option<&Policy>, fact: Option<&Fact<Text>>) -> Fact<bool> {
    let (origin, policy) = match (unless_known(fact), trust) {
        (Ok(origin), Some(policy)) => (origin, policy),
        (Err(Some(unknown)), _) => return unknown,
        _ => return Fact::unknown(Reason::NotCollected, derived(NAME, "", Label::Inference)),
    };
    if policy.statements.iter().any(|statement| statement.effect.is_none() || !statement.doubts.is_empty()) {
        return Fact::unknown(Reason::not_understood("a statement of the trust policy"), origin);
    }
    let assumes = |statement: &Statement| {
        let named = statement.action.patterns.iter().any(|pattern| pattern.glob.matches_folded("sts:assumerole"));
        named != statement.action.negated
    };
    let lets_people_in = policy.statements.iter().enumerate().find(|(_, statement)| {
        statement.effect == Some(Effect::Allow)
            && assumes(statement)
            && match &statement.principal {
                Some(PrincipalElement::Anyone) => true,
                Some(PrincipalElement::Listed(entries)) => {
                    entries.iter().any(|entry| entry.family == PrincipalFamily::Ram)
                }
                None => false,
            }
    });
    if lets_people_in.is_some() && policy.statements.iter().any(|statement| statement.effect == Some(Effect::Deny)) {
        // Whom a Deny leaves is a question about one principal, not about people as such.
        return Fact::unknown(Reason::not_understood("a Deny of the trust policy"), origin);
    }
    let proof = match lets_people_in.map(|(at, _)| at.saturating_add(1)) {
        Some(number) => in_words(format!("statement {number}"), format!("第 {number} 条语句")),
        None => in_words("only services or identity providers are let in", "仅允许云服务或身份提供商"),
    };
    Fact::known(lets_people_in.is_some(), derived(NAME, proof, origin.label))
}
