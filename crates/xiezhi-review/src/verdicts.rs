//! Every check's answer about every resource: millions on a large estate, so they are kept as columns.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use xiezhi_model::{Label, Origin, Reason, Text};

use crate::assessment::{Outcome, Tally, Waiver};

/// What a verdict is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Subject {
    /// The kind, `oss.bucket`.
    pub kind: &'static str,
    /// The row in the inventory's table of that kind; `None` when there is no resource of the kind to speak of.
    pub row: Option<usize>,
    /// The provider's id; empty when unknown.
    pub id: Text,
    /// The name that people gave it; empty when unknown.
    pub name: Text,
    /// The address in the source; empty for API answers.
    pub address: Text,
    /// The account; empty when unknown.
    pub account: Text,
    /// The region; empty when unknown.
    pub region: Text,
    /// Where the resource stands in the evidence; `None` when there is no resource.
    pub origin: Option<Origin>,
}

impl Subject {
    /// What to call it: the address, else the id, else the name, else the place.
    pub fn display(&self) -> Cow<'_, str> {
        let named = [&self.address, &self.id, &self.name].into_iter().find(|text| !text.is_empty());
        match (named, &self.origin) {
            (Some(name), _) => Cow::Borrowed(name),
            (None, Some(_)) => Cow::Owned(self.place()),
            (None, None) => Cow::Borrowed("*"),
        }
    }

    /// Where the resource stands in the evidence, as text; empty when there is no resource.
    pub fn place(&self) -> String {
        self.origin.as_ref().map_or_else(String::new, ToString::to_string)
    }
}

/// One check's answer about one resource.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Verdict<'v> {
    /// The check's index in the check set.
    pub check: usize,
    /// The resource.
    pub subject: &'v Subject,
    /// The answer.
    pub outcome: Outcome,
    /// The label of the answer: the weakest of what it rests on.
    pub label: Label,
    /// Why nobody can tell; empty unless unknown.
    pub reasons: &'v [Reason],
    /// Who accepted the defect and why; only when waived.
    pub waiver: Option<&'v Waiver>,
}

/// Every verdict, in order of check, then of resource.
#[derive(Debug, Default)]
pub struct Verdicts {
    columns: Vec<Column>,
    /// The number of verdicts before each column.
    starts: Vec<usize>,
    count: usize,
}

impl Verdicts {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The one at an index.
    pub fn get(&self, at: usize) -> Option<Verdict<'_>> {
        let check = self.starts.partition_point(|start| *start <= at).checked_sub(1)?;
        let start = self.starts.get(check)?;
        self.columns.get(check)?.verdict(check, at.checked_sub(*start)?)
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = Verdict<'_>> {
        self.columns.iter().enumerate().flat_map(|(check, column)| column.verdicts(check))
    }

    /// The next check's answers.
    pub(crate) fn push(&mut self, column: Column) {
        self.starts.push(self.count);
        self.count = self.count.saturating_add(column.cells.len());
        self.columns.push(column);
    }
}

/// One check's answers about the resources of its kind.
#[derive(Debug)]
pub(crate) struct Column {
    /// The resources, shared by all checks of the kind.
    subjects: Arc<[Subject]>,
    /// The answers, in the order of the resources.
    cells: Vec<Cell>,
    /// Every list of reasons that some answer has, once.
    reasons: Vec<Vec<Reason>>,
    seen: BTreeMap<Vec<Reason>, u32>,
    waivers: BTreeMap<usize, Waiver>,
}

#[derive(Debug, Clone, Copy)]
struct Cell {
    outcome: Outcome,
    label: Label,
    /// The place of its reasons in the column; `NO_REASON` for none.
    reasons: u32,
}

const NO_REASON: u32 = u32::MAX;

impl Column {
    /// A column without answers yet.
    pub(crate) fn new(subjects: Arc<[Subject]>) -> Self {
        let cells = Vec::with_capacity(subjects.len());
        Self { subjects, cells, reasons: Vec::new(), seen: BTreeMap::new(), waivers: BTreeMap::new() }
    }

    /// Adds the answer about the next resource.
    pub(crate) fn push(&mut self, outcome: Outcome, label: Label, reasons: Vec<Reason>) {
        let reasons = if reasons.is_empty() {
            NO_REASON
        } else if let Some(at) = self.seen.get(&reasons) {
            *at
        } else {
            let at = u32::try_from(self.reasons.len()).unwrap_or(NO_REASON);
            self.reasons.push(reasons.clone());
            self.seen.insert(reasons, at);
            at
        };
        self.cells.push(Cell { outcome, label, reasons });
    }

    /// No more answers will come.
    pub(crate) fn close(mut self) -> Self {
        self.seen = BTreeMap::new();
        self.reasons.shrink_to_fit();
        self
    }

    /// Accepts proven defects: `accept` names the waiver of a resource, if there is one.
    pub(crate) fn waive(&mut self, mut accept: impl FnMut(&Subject) -> Option<Waiver>) {
        for (at, (cell, subject)) in self.cells.iter_mut().zip(self.subjects.iter()).enumerate() {
            if cell.outcome == Outcome::Fail
                && let Some(waiver) = accept(subject)
            {
                cell.outcome = Outcome::Waived;
                self.waivers.insert(at, waiver);
            }
        }
    }

    /// How often each answer was given.
    pub(crate) fn tally(&self) -> Tally {
        let mut tally = Tally::default();
        self.cells.iter().for_each(|cell| tally.add(cell.outcome));
        tally
    }

    /// The weakest label among the answers that `deciding` picks.
    pub(crate) fn weakest(&self, deciding: impl Fn(Outcome) -> bool) -> Option<Label> {
        self.cells.iter().filter(|cell| deciding(cell.outcome)).map(|cell| cell.label).max()
    }

    /// The answers as those of the check at that index.
    pub(crate) fn verdicts(&self, check: usize) -> impl Iterator<Item = Verdict<'_>> {
        (0..self.cells.len()).filter_map(move |at| self.verdict(check, at))
    }

    fn verdict(&self, check: usize, at: usize) -> Option<Verdict<'_>> {
        let cell = self.cells.get(at)?;
        let reasons = usize::try_from(cell.reasons).ok().and_then(|at| self.reasons.get(at));
        Some(Verdict {
            check,
            subject: self.subjects.get(at)?,
            outcome: cell.outcome,
            label: cell.label,
            reasons: reasons.map_or(&[], Vec::as_slice),
            waiver: self.waivers.get(&at),
        })
    }
}
