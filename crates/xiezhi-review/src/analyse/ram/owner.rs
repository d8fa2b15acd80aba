//! The account's own id, where the evidence does not say it: any account that its policies name may be this one.
//!
//! A configuration often writes its own account's id into trust policies and ARNs and says nowhere whose it is. What
//! holds whichever of them it is, and if it is none of them, holds; the rest is open.

use std::collections::BTreeSet;

use xiezhi_model::{Fact, Inventory, List, OWN_ACCOUNT, Reason, State, Text};
use xiezhi_policy::Policy;
use xiezhi_policy::policy::{PrincipalElement, Statement, Test};
use xiezhi_policy::request::{principal_account, ram_principal};

use super::estate::Built;
use super::texts::written;

/// How many accounts are tried: a policy may name any number.
const MOST: usize = 12;

/// The estates that may be meant beside the one whose account nobody names.
pub(crate) struct Guesses {
    /// One for each account that the policies name.
    pub each: Vec<Built>,
    /// Whether there are more than are tried: then nothing holds whichever it is.
    pub beyond: bool,
}

/// The estates that `built` may be, when the evidence does not say whose it is.
pub(crate) fn guesses(inventory: &Inventory, built: &Built) -> Guesses {
    // Who means the own account without its id writes none out for it: see `Built::others_are_named`.
    let named = if built.estate.account.is_empty() { named_accounts(inventory) } else { BTreeSet::new() };
    let beyond = named.len() > MOST;
    let each = named.iter().take(MOST).map(|account| built.owned_by(account));
    Guesses { each: each.collect(), beyond }
}

/// The accounts that some policy of the inventory names.
pub(crate) fn named_accounts(inventory: &Inventory) -> BTreeSet<String> {
    let texts = written(inventory).into_iter().filter_map(|one| Some((one.name, one.kind, one.text.value()?)));
    texts.flat_map(|(name, kind, text)| accounts(&Policy::parse(&name, kind, text))).collect()
}

/// Whether some policy means the own account without saying its id.
pub(crate) fn is_meant(inventory: &Inventory) -> bool {
    written(inventory).iter().any(|one| one.text.value().is_some_and(|text| text.contains(OWN_ACCOUNT)))
}

impl Built {
    /// The same estate as that of an account.
    pub fn owned_by(&self, account: &str) -> Built {
        let mut owned = self.clone();
        owned.estate.account = account.to_owned();
        owned
    }
}

/// The accounts that a policy names in principals, resources and conditions on the caller.
pub(crate) fn accounts(policy: &Policy) -> BTreeSet<String> {
    policy.statements.iter().flat_map(named).filter(|account| is_account(account)).map(str::to_owned).collect()
}

fn named(statement: &Statement) -> Vec<&str> {
    let mut names: Vec<&str> = Vec::new();
    if let Some(PrincipalElement::Listed(entries)) = &statement.principal {
        names.extend(entries.iter().filter_map(|entry| principal_account(entry.family, &entry.text)));
    }
    let segments = statement.resource.patterns.iter().filter_map(|pattern| pattern.segments.as_ref());
    names.extend(segments.map(|[_, _, account, _]| account.text()));
    for condition in statement.conditions.iter().filter(|condition| condition.folded == "acs:principalarn") {
        let values: Vec<&str> = match &condition.test {
            Test::Equals(list) | Test::EqualsFolded(list) => list.iter().map(String::as_str).collect(),
            Test::Like(list) => list.iter().map(xiezhi_policy::glob::Glob::text).collect(),
            _ => Vec::new(),
        };
        names.extend(values.into_iter().filter_map(ram_principal).map(|(account, _)| account));
    }
    names
}

/// Whether a text is the id of one account.
pub(crate) fn is_account(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Leaves of a fact what the other says too.
pub(crate) fn agree<T: PartialEq>(fact: &mut Fact<T>, other: &Fact<T>) {
    if let Some(reason) = differs(fact, other) {
        fact.state = State::Unknown(reason);
    }
    fact.origin.label = fact.origin.label.weakest(other.origin.label);
}

/// Leaves of a list what the other holds too; what only one of them holds may be missing.
pub(crate) fn agree_on_lists(fact: &mut Fact<List<Text>>, other: &Fact<List<Text>>) {
    match (&mut fact.state, &other.state) {
        (State::Known(list), State::Known(others)) => {
            let before = list.items.len();
            list.items.retain(|item| others.items.contains(item));
            if list.items.len() < before.max(others.items.len()) {
                list.more = Some(Reason::NotInEvidence);
            }
            list.more = list.more.take().or_else(|| others.more.clone());
        }
        _ => {
            if let Some(reason) = differs(fact, other) {
                fact.state = State::Unknown(reason);
            }
        }
    }
    fact.origin.label = fact.origin.label.weakest(other.origin.label);
}

/// Takes away what a fact says.
pub(crate) fn leave_open<T>(fact: &mut Fact<T>) {
    if !matches!(fact.state, State::Unknown(_)) {
        fact.state = State::Unknown(Reason::NotInEvidence);
    }
}

/// Why two facts do not say the same, where the first says anything.
fn differs<T: PartialEq>(fact: &Fact<T>, other: &Fact<T>) -> Option<Reason> {
    match (&fact.state, &other.state) {
        (State::Unknown(_), _) => None,
        (_, State::Unknown(reason)) => Some(reason.clone()),
        (one, two) => (one != two).then_some(Reason::NotInEvidence),
    }
}
