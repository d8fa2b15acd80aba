//! `attest.toml`: what only people know, with who says so. See `docs/evidence.md`.
//!
//! Everything in it is labelled user-provided. A key that means nothing is a problem and changes nothing: a misspelt
//! statement must not look made.

use std::sync::Arc;

use xiezhi_model::service::account::{Account, MlpsSystem, Transfer};
use xiezhi_model::{Batch, Fact, Label, Origin, ProblemKind, Source, SourceKind, Text};

use crate::fields::Fields;
use crate::sink::{Around, Sink};
use crate::toml_tree;
use crate::tree::{Node, Tree};

/// The version of the format.
const VERSION: &str = "1";

/// A table of the file: its keys, and the tables under it.
struct Table {
    keys: &'static [&'static str],
    tables: &'static [(&'static str, &'static Table)],
}

const fn keys(keys: &'static [&'static str]) -> Table {
    Table { keys, tables: &[] }
}

static SIGNED: Table = keys(&["name", "role", "date"]);
static SYSTEM: Table = keys(&["name", "level", "record", "filing", "assessed_on"]);
static MLPS: Table = Table { keys: &[], tables: &[("system", &SYSTEM)] };
static DATA: Table = keys(&["classified", "reviewed_on"]);
static FLOW: Table = keys(&["flow", "basis", "reference", "valid_until"]);
static TRANSFER: Table = Table { keys: &["leaves_mainland", "impact_assessed"], tables: &[("flow", &FLOW)] };
static RULES: Table = keys(&["regions", "nat_vpcs", "roles", "closed_ports"]);
static FILE: Table = Table {
    keys: &["version", "account"],
    tables: &[("signed", &SIGNED), ("mlps", &MLPS), ("data", &DATA), ("transfer", &TRANSFER), ("rules", &RULES)],
};

/// Whether a text is meant as an attestation: its name says so.
pub(crate) fn is_attestation(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    name == "attest.toml" || name.ends_with(".attest.toml")
}

/// Reads an attestation; `account` is the account of the evidence when the file names none.
pub(crate) fn read(file: &str, text: &str, account: Option<&Text>) -> Batch {
    let mut batch = Batch::new();
    let node = match toml_tree::parse(text) {
        Ok(node) => node,
        Err((line, detail)) => {
            batch.problem(file, line, ProblemKind::BrokenToml, detail);
            return batch;
        }
    };
    let origin = Origin::new(Arc::new(Source::new(SourceKind::Attestation, file)), 0, Label::UserProvided);
    let fields = Fields::new(&node, &origin, "");
    match fields.plain("version") {
        Some(VERSION) => {}
        Some(_) => {
            batch.problem(file, line_of(&node, "version"), ProblemKind::Unexpected, "only version 1 is understood");
            return batch;
        }
        None => {
            batch.problem(file, 1, ProblemKind::Unexpected, "`version = 1` is missing");
            return batch;
        }
    }
    unknown_keys(&node, &FILE, "", file, &mut batch);
    let mut around = Around::nothing(origin.clone());
    if let Some(own) = fields.plain("account").map(Text::from).or_else(|| account.cloned()) {
        around.account = Fact::known(own, origin.at(line_of(&node, "account")));
    }
    for key in ["name", "date"] {
        if fields.plain(&format!("signed.{key}")).is_none_or(str::is_empty) {
            let line = line_of(&node, "signed");
            batch.problem(
                file,
                line,
                ProblemKind::Unexpected,
                format!("`signed.{key}` is missing: nobody answers for it"),
            );
            return batch;
        }
    }
    let mut sink = Sink { batch: &mut batch, around };
    sink.one(&fields, |account: &mut Account| {
        account.mlps_systems = fields.records("mlps.system", |system| MlpsSystem {
            name: system.text("name"),
            level: system.int("level"),
            record: system.text("record"),
            filing: system.opt_text("filing"),
            assessed_on: system.opt_text("assessed_on"),
        });
        account.data_classified = fields.bool("data.classified");
        account.data_classified_on = fields.text("data.reviewed_on");
        account.data_leaves_mainland = fields.bool("transfer.leaves_mainland");
        account.impact_assessed = fields.bool("transfer.impact_assessed");
        account.rule_regions = fields.texts("rules.regions");
        account.rule_nat_vpcs = fields.texts("rules.nat_vpcs");
        account.rule_roles = fields.texts("rules.roles");
        account.rule_closed_ports = fields.texts("rules.closed_ports");
        account.transfers = fields.records("transfer.flow", |flow| Transfer {
            flow: flow.text("flow"),
            basis: flow.opt_text("basis"),
            reference: flow.text("reference"),
            valid_until: flow.opt_text("valid_until"),
        });
    });
    batch.finish();
    batch
}

fn line_of(node: &Node<'_>, key: &str) -> u32 {
    node.key(key).map_or(1, |node| node.line)
}

/// Reports every key that the format does not know, with the nearest that it does.
fn unknown_keys(node: &Node<'_>, table: &Table, path: &str, file: &str, batch: &mut Batch) {
    match &node.value {
        Tree::List(items, _) => items.iter().for_each(|item| unknown_keys(item, table, path, file, batch)),
        Tree::Map(entries, _) => {
            for (key, value) in entries {
                let here = if path.is_empty() { key.to_string() } else { format!("{path}.{key}") };
                let under = table.tables.iter().find(|(name, _)| name == key);
                match under {
                    Some((_, under)) => unknown_keys(value, under, &here, file, batch),
                    None if table.keys.iter().any(|name| name == key) => {}
                    None => {
                        let known = table.keys.iter().copied().chain(table.tables.iter().map(|(name, _)| *name));
                        let mut detail = format!("the key `{}` means nothing", crate::secret::mask(&here));
                        if let Some(near) = nearest(key, known) {
                            detail.push_str(&format!("; did you mean `{near}`?"));
                        }
                        batch.problem(file, value.line, ProblemKind::UnknownKey, detail);
                    }
                }
            }
        }
        _ => {}
    }
}

/// The word that needs the fewest changes, when those are few.
fn nearest<'k>(word: &str, known: impl Iterator<Item = &'k str>) -> Option<&'k str> {
    known
        .map(|name| (distance(word, name), name))
        .filter(|(far, name)| *far <= 1.max(name.len() / 3))
        .min()
        .map(|(_, n)| n)
}

/// How many letters must change to make one word of another (Levenshtein).
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().take(64).collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().take(64).enumerate() {
        let mut next = vec![i.saturating_add(1)];
        let mut left = i.saturating_add(1);
        for (pair, y) in row.windows(2).zip(&b) {
            let (diagonal, above) = (pair.first().copied().unwrap_or(0), pair.last().copied().unwrap_or(0));
            let change = diagonal.saturating_add(usize::from(x != *y));
            left = change.min(above.saturating_add(1)).min(left.saturating_add(1));
            next.push(left);
        }
        row = next;
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use xiezhi_model::Inventory;

    use super::*;

    const GOOD: &str = r#"
version = 1
account = "1234567890123456"
[signed]
name = "Li Hua"
role = "CISO"
date = "2026-11-01"
[[mlps.system]]
name = "shop"
level = 3
record = "grading report 2026-03"
filing = "11010-26-001"
[data]
classified = true
[transfer]
leaves_mainland = false
[rules]
regions = ["cn-hangzhou"]
nat_vpcs = []
"#;

    #[test]
    fn statements_become_user_provided_facts_with_their_lines() {
        let inventory = Inventory::join(vec![read("attest.toml", GOOD, None)]);
        let account = &inventory.all::<Account>()[0];
        assert_eq!(account.head.id.value().unwrap(), "1234567890123456");
        let system = &account.mlps_systems.value().unwrap().items[0];
        assert_eq!((system.level.value(), system.assessed_on.is_absent()), (Some(&3), true));
        assert_eq!(account.data_classified.value(), Some(&true));
        assert_eq!(account.data_classified.origin.to_string(), "attest.toml:14");
        assert_eq!(account.data_classified.origin.label, Label::UserProvided);
        assert!(account.impact_assessed.reason().is_some(), "what is not stated stays unknown");
        assert_eq!(account.rule_regions.value().unwrap().items, ["cn-hangzhou"]);
        assert!(account.rule_nat_vpcs.value().unwrap().items.is_empty(), "an empty rule is a statement");
        assert!(account.rule_roles.reason().is_some());
        assert!(inventory.problems.is_empty());
    }

    #[test]
    fn a_misspelt_key_is_reported_with_the_nearest_and_states_nothing() {
        let batch = read("attest.toml", &GOOD.replace("classified", "clasified"), None);
        assert_eq!((batch.problems[0].kind, batch.problems[0].line), (ProblemKind::UnknownKey, 14));
        assert!(batch.problems[0].detail.contains("did you mean `classified`?"));
        let inventory = Inventory::join(vec![batch]);
        assert!(inventory.all::<Account>()[0].data_classified.reason().is_some());
    }

    #[test]
    fn nothing_counts_without_a_version_and_a_signature() {
        for broken in
            [GOOD.replace("version = 1", ""), GOOD.replace("version = 1", "version = 2"), GOOD.replace("Li Hua", "")]
        {
            let batch = read("attest.toml", &broken, None);
            assert_eq!(batch.problems.len(), 1);
            assert!(Inventory::join(vec![batch]).all::<Account>().is_empty());
        }
        assert_eq!(read("attest.toml", "version = ", None).problems[0].kind, ProblemKind::BrokenToml);
    }
}
