//! From facts and checks to verdicts: one per check and resource.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;
use xiezhi_model::{AnyTable, Gap, Inventory, Label, Reason, Record, Schema, Scope, Text};
use xiezhi_rule::{Answer, Check, CheckSet, Context};

use crate::area::area_of;
use crate::assessment::{CheckSummary, Outcome, Tally};
use crate::verdicts::{Column, Subject, Verdicts};
use crate::waiver::Waivers;

/// Judges every check over every resource of its kind.
///
/// A resource is judged by its own facts. That there is nothing of a kind is only known over a complete listing; the
/// listing's gaps are part of the check's summary, so that "no resource fails" is not read as "none could".
pub(crate) fn judge(
    inventory: &Inventory,
    checks: &CheckSet,
    as_of: Option<i64>,
    evidence: Label,
    waivers: &mut Waivers,
) -> (Verdicts, Vec<CheckSummary>) {
    let context = Context::new(inventory, as_of);
    let kinds: BTreeMap<&'static str, &'static Schema> =
        checks.checks().iter().map(|check| (check.subject.kind, check.subject)).collect();
    let kinds: Vec<&'static Schema> = kinds.into_values().collect();
    let subjects: BTreeMap<&'static str, Arc<[Subject]>> =
        kinds.into_par_iter().map(|schema| (schema.kind, subjects_of(inventory, schema))).collect();
    let judged: Vec<(Column, Vec<Gap>)> = checks
        .checks()
        .par_iter()
        .map(|check| {
            let of_kind = subjects.get(check.subject.kind).map_or_else(|| Arc::from([]), Arc::clone);
            judge_check(inventory, &context, of_kind, check, evidence)
        })
        .collect();
    let mut verdicts = Verdicts::default();
    let mut summaries = Vec::with_capacity(judged.len());
    for ((index, check), (mut column, gaps)) in checks.checks().iter().enumerate().zip(judged) {
        column.waive(|subject| waivers.accept(&check.id, subject));
        summaries.push(summarise(index, check, &column, gaps, evidence));
        verdicts.push(column);
    }
    (verdicts, summaries)
}

pub(crate) fn judge_check(
    inventory: &Inventory,
    context: &Context<'_>,
    subjects: Arc<[Subject]>,
    check: &Check,
    evidence: Label,
) -> (Column, Vec<Gap>) {
    let gaps = gaps_of(inventory, check.subject);
    let Some(table) = inventory.table(check.subject.kind).filter(|_| !subjects.is_empty()) else {
        return (about_nothing(check.subject, &gaps, evidence), gaps);
    };
    let mut column = Column::new(Arc::clone(&subjects));
    for subject in subjects.iter() {
        let Some(record) = subject.row.and_then(|row| table.record(row)) else {
            column.push(Outcome::Unknown, evidence, vec![Reason::NotCollected]);
            continue;
        };
        let judged = check.judge(context, record);
        let outcome = match judged.answer {
            Answer::Fail => Outcome::Fail,
            Answer::Pass => Outcome::Pass,
            Answer::Unknown => Outcome::Unknown,
            Answer::NotApplicable => Outcome::NotApplicable,
        };
        let reasons = match outcome {
            Outcome::Unknown => check.explain(context, record).reasons().into_iter().cloned().collect(),
            _ => Vec::new(),
        };
        column.push(outcome, judged.label, reasons);
    }
    (column.close(), gaps)
}

/// The gaps of a kind's listing. What every account has exactly one of is not listed: there is no gap in an account
/// whose one is there.
fn gaps_of(inventory: &Inventory, schema: &'static Schema) -> Vec<Gap> {
    let mut gaps = inventory.gaps(schema);
    if let (Scope::Account, Some(table)) = (schema.scope, inventory.table(schema.kind)) {
        let heads = || (0..table.count()).filter_map(|row| table.record(row)?.resource_head());
        let account = |head: &xiezhi_model::Head| head.account.value().or_else(|| inventory.only_account()).cloned();
        gaps.retain(|gap| heads().all(|head| account(head) != gap.of));
    }
    gaps
}

/// The verdict where there is no resource to judge: not applicable over a complete listing, else unknown.
fn about_nothing(schema: &'static Schema, gaps: &[Gap], evidence: Label) -> Column {
    let mut reasons: Vec<Reason> = gaps.iter().map(|gap| gap.reason.clone()).collect();
    if schema.scope == Scope::Account && reasons.is_empty() {
        // Every account has one: that the evidence does not speak of it says nothing about it.
        reasons.push(Reason::NotInEvidence);
    }
    reasons.sort();
    reasons.dedup();
    let outcome = if reasons.is_empty() { Outcome::NotApplicable } else { Outcome::Unknown };
    let subject = Subject {
        kind: schema.kind,
        row: None,
        id: "*".into(),
        name: Text::default(),
        address: Text::default(),
        account: Text::default(),
        region: Text::default(),
        origin: None,
    };
    let mut column = Column::new(Arc::from([subject]));
    column.push(outcome, evidence, reasons);
    column.close()
}

/// Every resource of a kind as verdicts name it; made once, and shared by all verdicts about it.
pub(crate) fn subjects_of(inventory: &Inventory, schema: &'static Schema) -> Arc<[Subject]> {
    let table = inventory.table(schema.kind);
    (0..table.map_or(0, AnyTable::count))
        .filter_map(|row| Some(subject_of(inventory, schema, row, table?.record(row)?)))
        .collect()
}

fn subject_of(inventory: &Inventory, schema: &'static Schema, row: usize, record: &dyn Record) -> Subject {
    let head = record.resource_head();
    let text = |fact: Option<&Text>| fact.cloned().unwrap_or_else(Text::default);
    Subject {
        kind: schema.kind,
        row: Some(row),
        id: text(head.and_then(|head| head.id.value())),
        name: text(head.and_then(|head| head.name.value())),
        address: text(head.map(|head| &head.address)),
        account: text(head.and_then(|head| head.account.value()).or_else(|| inventory.only_account())),
        region: text(head.and_then(|head| head.region.value())),
        origin: head.map(|head| head.origin.clone()),
    }
}

fn summarise(index: usize, check: &Check, column: &Column, gaps: Vec<Gap>, evidence: Label) -> CheckSummary {
    let tally = column.tally();
    let outcome = match tally {
        Tally { fail: 1.., .. } => Outcome::Fail,
        Tally { unknown: 1.., .. } => Outcome::Unknown,
        _ if !gaps.is_empty() => Outcome::Unknown,
        Tally { pass: 1.., .. } => Outcome::Pass,
        Tally { waived: 1.., .. } => Outcome::Waived,
        _ => Outcome::NotApplicable,
    };
    let label = column.weakest(|of| of == outcome || outcome == Outcome::Pass).unwrap_or(evidence);
    CheckSummary { check: index, outcome, label, tally, gaps, section: area_of(check) }
}
