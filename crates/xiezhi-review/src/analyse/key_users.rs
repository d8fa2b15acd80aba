//! Who may decrypt with each key of KMS: RAM policies and the key policy together. Source: network semantics KMS-9; the
//! reasoning is `xiezhi-policy`'s, as in `xiezhi ask who kms:Decrypt`.

use std::collections::BTreeMap;

use xiezhi_model::service::kms::Key;
use xiezhi_model::service::ram::{Role, User};
use xiezhi_model::{Fact, Inventory, Label, List, Reason, State, Text};
use xiezhi_policy::ask::{Finding, Options, Target, Truth};
use xiezhi_policy::decide::{Gap, switches_that_matter};
use xiezhi_policy::estate::{Index, Principal};
use xiezhi_policy::{Policy, PolicyKind, PolicySet, Reading, ResourceSide, who};

use super::evidence::called;
use super::ram::estate::{self, Built, Premises};
use super::ram::owner::{agree_on_lists, guesses, leave_open};
use super::{Analysis, Proof, depends, derived, in_words, statements};

/// See the module.
pub(super) struct KeyUsers;

const NAME: &str = "key users";

/// How many questions (principals times keys) are asked of one account; beyond that the answer stays open.
const QUESTIONS: usize = 20_000;

impl Analysis for KeyUsers {
    fn name(&self) -> &'static str {
        NAME
    }

    fn run(&self, inventory: &mut Inventory) {
        if inventory.all::<Key>().is_empty() {
            return;
        }
        let mut concluded: Vec<Option<Fact<List<Text>>>> = vec![None; inventory.all::<Key>().len()];
        for account in estate::accounts(inventory) {
            let built = estate::build(inventory, account.as_ref());
            let guesses = guesses(inventory, &built);
            let others: Vec<_> =
                guesses.each.iter().map(|guess| of_account(inventory, account.as_ref(), guess)).collect();
            for (at, (row, mut fact)) in of_account(inventory, account.as_ref(), &built).into_iter().enumerate() {
                for (_, other) in others.iter().filter_map(|rows| rows.get(at)) {
                    agree_on_lists(&mut fact, other);
                }
                if guesses.beyond {
                    leave_open(&mut fact);
                }
                if let Some(slot) = concluded.get_mut(row) {
                    *slot = Some(fact);
                }
            }
        }
        for (key, fact) in inventory.all_mut::<Key>().iter_mut().zip(concluded) {
            let silent = || Fact::unknown(Reason::NotInEvidence, derived(NAME, "", key.head.origin.label));
            key.decrypters = fact.unwrap_or_else(silent);
        }
    }
}

/// What is concluded of each key of an account, by row.
fn of_account(inventory: &Inventory, account: Option<&Text>, built: &Built) -> Vec<(usize, Fact<List<Text>>)> {
    let own: Vec<(usize, &Key, Option<Policy>)> = inventory
        .all::<Key>()
        .iter()
        .enumerate()
        .filter(|(_, key)| estate::is_of(inventory, &key.head, account))
        .map(|(row, key)| {
            let policy = key.policy.value().map(|text| Policy::parse("key policy", PolicyKind::Key, text));
            (row, key, policy)
        })
        .collect();
    let index = Index::new(&built.estate);
    let questions = own.len().saturating_mul(index.principals().count());
    let unlisted = [inventory.gaps(User::SCHEMA), inventory.gaps(Role::SCHEMA)];
    let unlisted = unlisted.iter().flatten().find(|gap| gap.of.is_none() || gap.of.as_ref() == account);
    own.iter()
        .map(|(row, key, policy)| {
            let label = key.policy.origin.label;
            if key.service_key.value() == Some(&true) || key.usage.value().is_some_and(|usage| usage == "sign") {
                let proof = in_words("it is a product's own key or does not encrypt", "它是云产品自有密钥或不用于加密");
                return (*row, Fact::absent(derived(NAME, proof, label)));
            }
            if questions > QUESTIONS {
                let reason = Reason::not_understood("rights of this many principals over this many keys");
                return (*row, Fact::unknown(reason, derived(NAME, "", label)));
            }
            let gaps = match &key.policy.state {
                State::Unknown(reason) => vec![Gap::new("key policy", reason.code())],
                _ => Vec::new(),
            };
            let side = ResourceSide::Key(PolicySet { policies: policy.iter().collect(), gaps });
            (*row, decrypters(key, built, &index, &side, unlisted.map(|gap| gap.reason.clone())))
        })
        .collect()
}

fn decrypters<'x>(
    key: &Key,
    built: &'x Built,
    index: &Index<'x>,
    side: &ResourceSide<'x>,
    unlisted: Option<Reason>,
) -> Fact<List<Text>> {
    let id = called(&key.head);
    let account = if built.estate.account.is_empty() { "*" } else { built.estate.account.as_str() };
    let arn = format!("acs:kms:*:{account}:key/{id}");
    let mut label = key.policy.origin.label;
    let (mut items, mut proofs) = (Vec::new(), Vec::new());
    // A policy that was not read may let more in, and a principal of whom something is not known may be one of them.
    let mut more = unlisted.or_else(|| key.policy.reason().cloned());
    let target = Target::new(&["kms:Decrypt"], &[&arn]);
    let table = |reading: Reading| who::who(index, &target, side, &Options { reading, ..Options::default() });
    let truths = |table: &[(Principal, Finding)]| -> BTreeMap<Principal, Truth> {
        table.iter().map(|(principal, finding)| (*principal, finding.truth)).collect()
    };
    let found = table(Reading::standard());
    // The readings of the documentation on which it hangs who may decrypt.
    let switches = switches_that_matter(truths(&found), |reading| truths(&table(*reading)));
    if !switches.is_empty() {
        label = label.weakest(Label::Inference);
    }
    for (principal, finding) in found {
        let (name, premises) = match principal {
            Principal::User(i) => {
                (built.estate.users.items.get(i).map(|user| format!("user/{}", user.name)), built.user_premises.get(i))
            }
            Principal::Role(i) => {
                (built.estate.roles.items.get(i).map(|role| format!("role/{}", role.name)), built.role_premises.get(i))
            }
        };
        let (Some(name), Some(premises)) = (name, premises) else { continue };
        label = label.weakest(premises.label);
        match finding.truth {
            Truth::Yes => {
                let by = statements(&finding.grants);
                proofs.push(in_words(format!("{name} ({})", by.en()), format!("{name}（{}）", by.zh())));
                items.push(Text::from(name));
            }
            Truth::No => {}
            Truth::Unknown | Truth::Undecided => more = more.or_else(|| Some(why(premises, &name))),
        }
    }
    for (fact, word) in [(&key.policy_grants_other_accounts, "other-accounts"), (&key.policy_grants_anyone, "anyone")] {
        match &fact.state {
            State::Known(true) => items.push(Text::from(word)),
            State::Known(false) | State::Absent => {}
            State::Unknown(reason) => more = more.or_else(|| Some(reason.clone())),
        }
    }
    if proofs.is_empty() {
        proofs.push(in_words("no RAM identity may decrypt with it", "没有 RAM 身份可用它解密"));
    }
    proofs.push(depends(&switches));
    let proof = Proof::of(&proofs);
    Fact::known(List { items, more }, derived(NAME, proof, label))
}

fn why(premises: &Premises, name: &str) -> Reason {
    premises.reasons.first().cloned().unwrap_or_else(|| super::ram::undecided(name))
}
