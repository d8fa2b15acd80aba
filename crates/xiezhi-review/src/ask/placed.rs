//! Where the policies stand that an answer names: file and line, or the call and its request id.

use std::collections::BTreeSet;

use serde::Serialize;
use xiezhi_model::service::ram::Policy as Stored;
use xiezhi_model::{Fact, Inventory, Label, Resource, Text};
use xiezhi_policy::StatementRef;

use super::{Answer, Detail, Entry, label_text};
use crate::analyse::ram::system::{Documented, documented};
use crate::analyse::ram::texts::written;

/// A policy that an answer names, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Placed {
    /// The policy, as the statements name it.
    pub policy: String,
    /// File and line, or the call with its request id, or the documentation page.
    pub source: String,
    /// How strong the evidence of its text is.
    #[serde(serialize_with = "label_text")]
    pub label: Label,
}

impl Answer {
    /// Says where each policy stands that the answer names, and of which resources nothing was read.
    pub(super) fn grounded(mut self, inventory: &Inventory) -> Self {
        let named: BTreeSet<String> = names(&self).into_iter().map(str::to_owned).collect();
        let mut placed = BTreeSet::new();
        let mut add = |name: &str, text: &Fact<Text>| {
            // Where a text came from is said of a text that is there.
            if named.contains(name) && text.value().is_some() {
                let source = text.origin.to_string();
                placed.insert(Placed { policy: name.to_owned(), source, label: text.origin.label });
            }
        };
        for one in written(inventory) {
            add(&one.name, one.text);
        }
        for policy in inventory.all::<Stored>() {
            if let Some(name) = policy.head().name.value().or_else(|| policy.head().id.value()) {
                add(name, &policy.document);
            }
        }
        for Documented { name, page, .. } in documented() {
            if named.contains(*name) && !placed.iter().any(|known| known.policy == *name) {
                placed.insert(Placed { policy: (*name).to_owned(), source: page.clone(), label: Label::Documentation });
            }
        }
        self.policies = placed.into_iter().collect();
        self.not_read = crate::ask::not_read(&[inventory]);
        self
    }
}

/// The names of the policies whose statements the answer shows.
fn names(answer: &Answer) -> BTreeSet<&str> {
    let mut names: BTreeSet<&str> = answer.entries.iter().flat_map(statements).map(|s| s.policy.as_str()).collect();
    if let Detail::Blast { powers, .. } = &answer.detail {
        names.extend(powers.iter().flat_map(|power| &power.statements).map(|s| s.policy.as_str()));
    }
    names
}

fn statements(entry: &Entry) -> Vec<&StatementRef> {
    let of_checks = entry.checks.iter().flat_map(|check| &check.statements);
    let of_steps = entry.steps.iter().flat_map(|step| &step.grants);
    entry.statements.iter().chain(of_checks).chain(of_steps).collect()
}
