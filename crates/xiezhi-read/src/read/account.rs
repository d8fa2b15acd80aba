//! Whose the answers are, and one batch for each account.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;
use xiezhi_model::{Batch, Fact, Label, List, Origin, Reason, Source, SourceKind, State, Text};

use super::open::Loaded;
use crate::api::driver::{Taken, read_answers};
use crate::api::outcome::Outcome;
use crate::bundle::Manifest;
use crate::json::walk as walk_list;
use crate::tree::{Node, Tree};

/// An answer and what is known of its account.
pub(super) struct Answer<'a> {
    pub(super) account: Option<Text>,
    pub(super) root: &'a str,
    pub(super) taken: Taken<'a>,
}

/// Gives every answer the account that its folder's evidence names: the nearest folder above it that holds the answer
/// of `sts:GetCallerIdentity`, or another answer that says plainly whose it is. Returns the accounts, in order.
pub(super) fn settle_accounts(answers: &mut [Answer<'_>]) -> Vec<Text> {
    let mut named: BTreeMap<String, BTreeSet<Text>> = BTreeMap::new();
    let mut hinted: BTreeMap<String, BTreeSet<Text>> = BTreeMap::new();
    for answer in answers.iter().filter(|answer| answer.account.is_none()) {
        let folder = folder_of(answer.taken.file);
        match stated_account(&answer.taken) {
            Some((account, true)) => named.entry(folder.to_owned()).or_default().insert(account),
            Some((account, false)) => hinted.entry(folder.to_owned()).or_default().insert(account),
            None => false,
        };
    }
    for answer in answers.iter_mut().filter(|answer| answer.account.is_none()) {
        answer.account = nearest(&named, answer).or_else(|| nearest(&hinted, answer));
    }
    let mut accounts: Vec<Text> = answers.iter().filter_map(|answer| answer.account.clone()).collect();
    accounts.sort();
    accounts.dedup();
    accounts
}

pub(super) fn folder_of(file: &str) -> &str {
    file.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// The account of the nearest folder, when just one is named there; not above the folder that was given.
fn nearest(of: &BTreeMap<String, BTreeSet<Text>>, answer: &Answer<'_>) -> Option<Text> {
    let mut folder = folder_of(answer.taken.file);
    loop {
        if let Some(accounts) = of.get(folder) {
            return if accounts.len() == 1 { accounts.first().cloned() } else { None };
        }
        if folder.len() <= answer.root.len() {
            return None;
        }
        folder = folder_of(folder);
    }
}

/// The account that an answer states, and whether it states it of the caller.
fn stated_account(taken: &Taken<'_>) -> Option<(Text, bool)> {
    let Outcome::Answer(raw) = &taken.outcome else { return None };
    let plain = |text: Option<Cow<'_, str>>| {
        text.filter(|id| id.len() >= 8 && id.bytes().all(|byte| byte.is_ascii_digit()))
            .map(|id| Text::from(id.as_ref()))
    };
    match (taken.product.as_str(), taken.action.as_str()) {
        ("sts", "GetCallerIdentity") => Some((plain(raw.entries().plain("AccountId"))?, true)),
        ("oss", "ListBuckets") => {
            let owner = raw.entries().get("Owner")?.entries();
            Some((plain(owner.plain("ID").or_else(|| owner.plain("Id")))?, false))
        }
        ("ram", "ListRoles") => {
            let mut owners: BTreeSet<Text> = BTreeSet::new();
            let mut each = |node: Node<'_>| {
                if let Some(Tree::Text(arn)) = node.key("Arn").map(|node| &node.value) {
                    let owner = arn.strip_prefix("acs:ram::").and_then(|rest| rest.split(':').next());
                    owners.extend(plain(owner.map(Cow::Borrowed)));
                }
            };
            let _ = walk_list(*raw, "Roles.Role", &mut each, &mut vec![]);
            if owners.len() == 1 { owners.pop_first().map(|owner| (owner, false)) } else { None }
        }
        _ => None,
    }
}

/// One batch per account. Answers that name no account are of the only one that is named, as in the inventory.
pub(super) fn account_batches(
    answers: Vec<Answer<'_>>,
    manifests: &[(Option<Text>, Manifest, &Loaded)],
    only: Option<&Text>,
) -> Vec<Batch> {
    let mut by_account: BTreeMap<Option<Text>, Vec<Taken<'_>>> = BTreeMap::new();
    for answer in answers {
        by_account.entry(answer.account.or_else(|| only.cloned())).or_default().push(answer.taken);
    }
    by_account
        .into_par_iter()
        .map(|(account, taken)| {
            let mut batch = Batch::new();
            let identity = taken.iter().find(|taken| taken.product == "sts").or_else(|| taken.first());
            let place = identity.map_or("", |taken| taken.file);
            let label = taken.iter().map(|taken| taken.label).max().unwrap_or(Label::UserProvided);
            let origin = Origin::new(std::sync::Arc::new(Source::new(SourceKind::Api, place)), 0, label);
            let fact = match &account {
                Some(id) if crate::fields::is_masked(id) => Fact::unknown(Reason::Redacted, origin),
                Some(id) => Fact::known(id.clone(), origin),
                None => Fact::unknown(Reason::NotInEvidence, origin),
            };
            read_answers(&mut batch, &fact, taken);
            for (of, manifest, file) in manifests {
                if of.as_ref().or(only) == account.as_ref() {
                    regions(&mut batch, manifest, file);
                }
            }
            batch.account = account.is_some().then_some(fact);
            batch.finish();
            batch
        })
        .collect()
}

/// The regions that a collection says it asked.
fn regions(batch: &mut Batch, manifest: &Manifest, file: &Loaded) {
    let Some(asked) = &manifest.regions else { return };
    let origin = Origin::new(std::sync::Arc::new(Source::new(SourceKind::Api, file.shown.as_str())), 1, file.label);
    let more = (!asked.complete).then(|| Reason::NotAsked("other regions".into()));
    let said = List { items: asked.asked.clone(), more };
    match &mut batch.regions {
        Some(Fact { state: State::Known(list), .. }) => {
            list.items.extend(said.items);
            list.items.sort();
            list.items.dedup();
            // Either may be the whole list; then nothing is missing.
            list.more = list.more.take().and(said.more);
        }
        regions => *regions = Some(Fact::known(said, origin)),
    }
}
