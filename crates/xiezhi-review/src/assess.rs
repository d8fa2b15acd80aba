//! From verdicts to the reviewer's answer: items, actions, open questions.

use std::collections::{BTreeMap, BTreeSet};

use xiezhi_model::{Label, Reason};
use xiezhi_rule::{CheckSet, Severity};

use crate::area::{items_of, phase_of};
use crate::assessment::{Action, CheckSummary, Item, ItemState, OpenQuestion, Outcome, Tally};
use crate::verdicts::Verdicts;

/// The twelve checklist items. An item is met when every check that gives evidence to it is decided, none fails and
/// at least one resource passes; one proven defect is enough for "not met"; anything undecided else leaves it open. An
/// item of which the evidence holds nothing is open too: nothing was seen to be right.
pub(crate) fn items(checks: &CheckSet, summaries: &[CheckSummary], evidence: Label) -> Vec<Item> {
    (1..=12)
        .map(|number| {
            let of_item: Vec<&CheckSummary> = summaries
                .iter()
                .filter(|summary| {
                    checks.checks().get(summary.check).is_some_and(|check| items_of(check).any(|item| item == number))
                })
                .collect();
            let mut tally = Tally::default();
            of_item.iter().for_each(|summary| tally.join(&summary.tally));
            let any = |outcome: Outcome| of_item.iter().any(|summary| summary.outcome == outcome);
            let state = if any(Outcome::Fail) {
                ItemState::NotMet
            } else if any(Outcome::Unknown) || any(Outcome::Waived) || tally.pass == 0 {
                ItemState::CannotTell
            } else {
                ItemState::Met
            };
            let deciding = of_item.iter().filter(|summary| match state {
                ItemState::NotMet => summary.outcome == Outcome::Fail,
                ItemState::CannotTell => summary.outcome == Outcome::Unknown,
                ItemState::Met => true,
            });
            let label = deciding.map(|summary| summary.label).max().unwrap_or(evidence);
            Item { number, state, label, checks: of_item.iter().map(|summary| summary.check).collect(), tally }
        })
        .collect()
}

/// What to do: one action per failing check, the least disruptive phase first among equals in gravity.
///
/// Critical and high defects come before lesser ones whatever the phase; inside each half the phases follow each
/// other, so that recording is on before anything is closed and ways in are closed before data moves.
pub(crate) fn actions(checks: &CheckSet, verdicts: &Verdicts) -> Vec<Action> {
    let mut by_check: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (at, verdict) in verdicts.iter().enumerate().filter(|(_, verdict)| verdict.outcome == Outcome::Fail) {
        by_check.entry(verdict.check).or_default().push(at);
    }
    let mut actions: Vec<(bool, Severity, Action)> = by_check
        .into_iter()
        .filter_map(|(index, verdicts)| {
            let check = checks.checks().get(index)?;
            let lesser = check.severity < Severity::High;
            Some((lesser, check.severity, Action { check: index, phase: phase_of(check), verdicts }))
        })
        .collect();
    actions.sort_by(|(lesser_a, severity_a, a), (lesser_b, severity_b, b)| {
        (lesser_a, a.phase, std::cmp::Reverse(severity_a), a.check).cmp(&(
            lesser_b,
            b.phase,
            std::cmp::Reverse(severity_b),
            b.check,
        ))
    });
    actions.into_iter().map(|(_, _, action)| action).collect()
}

/// What nobody can tell, grouped by what would settle it: the gravest first, then the most.
pub(crate) fn open_questions(checks: &CheckSet, verdicts: &Verdicts, summaries: &[CheckSummary]) -> Vec<OpenQuestion> {
    struct Group {
        kinds: BTreeSet<&'static str>,
        checks: BTreeSet<usize>,
        verdicts: usize,
        severity: Severity,
    }
    let mut groups: BTreeMap<Reason, Group> = BTreeMap::new();
    let mut add = |reason: &Reason, index: usize, verdicts: usize| {
        let Some(check) = checks.checks().get(index) else { return };
        let group = groups.entry(reason.clone()).or_insert_with(|| Group {
            kinds: BTreeSet::new(),
            checks: BTreeSet::new(),
            verdicts: 0,
            severity: Severity::Info,
        });
        group.kinds.insert(check.subject.kind);
        group.checks.insert(index);
        group.verdicts = group.verdicts.saturating_add(verdicts);
        group.severity = group.severity.max(check.severity);
    };
    for verdict in verdicts.iter().filter(|verdict| verdict.outcome == Outcome::Unknown) {
        verdict.reasons.iter().for_each(|reason| add(reason, verdict.check, 1));
    }
    for summary in summaries.iter().filter(|summary| summary.tally.unknown == 0) {
        summary.gaps.iter().for_each(|gap| add(&gap.reason, summary.check, 0));
    }
    let mut open: Vec<OpenQuestion> = groups
        .into_iter()
        .map(|(reason, group)| OpenQuestion {
            reason,
            kinds: group.kinds.into_iter().collect(),
            checks: group.checks.into_iter().collect(),
            verdicts: group.verdicts,
            severity: group.severity,
        })
        .collect();
    open.sort_by(|a, b| {
        (std::cmp::Reverse(a.severity), std::cmp::Reverse(a.checks.len()), &a.reason).cmp(&(
            std::cmp::Reverse(b.severity),
            std::cmp::Reverse(b.checks.len()),
            &b.reason,
        ))
    });
    open
}
