//! Evidence to inventory to analyses to verdicts to assessment.
//!
//! [`review`] is the one library call behind every way of asking. It never depends on the order of its inputs and never
//! makes a pass or a fail out of missing evidence. The same evidence, checks and time give the same answer.

pub mod analyse;
mod area;
pub mod ask;
pub mod ask_network;
mod assess;
mod assessment;
mod examples;
mod framework;
mod judge;
mod questions;
pub mod region;
mod verdicts;
mod waiver;

use std::collections::BTreeSet;

pub use area::area_of_item;
pub use assessment::{
    Action, Answer, Area, Assessment, CheckSummary, Item, ItemState, OpenQuestion, Outcome, Point, Scope, Tally, Waiver,
};
pub use examples::{Mismatch, run_examples};
pub use framework::{Control, Decided, Framework, coverage, frameworks};
pub use questions::{PointText, Question, questions};
pub use verdicts::{Subject, Verdict, Verdicts};
pub use waiver::Waivers;
pub use xiezhi_rule::{Phase, Severity};

use xiezhi_model::service::account::Account;
use xiezhi_model::{Batch, Fact, Head, Inventory, Label, ListingScope, Origin, Resource, Source, SourceKind, Text};
use xiezhi_rule::{CheckSet, Context, Explanation};

/// The check files that are part of the program, as (path, text), in order of path.
pub const CHECK_FILES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/checks.rs"));

/// The framework files that are part of the program, as (path, text), in order of path.
pub const FRAMEWORK_FILES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/frameworks.rs"));

/// What can go wrong before a review.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum ReviewError {
    /// The waiver file cannot be used.
    #[error("{0}")]
    Waivers(String),
    /// A framework file cannot be used.
    #[error("{0}")]
    Framework(String),
}

/// What a review takes besides the evidence.
#[derive(Debug, Default)]
pub struct Options {
    /// The time that ages are counted to, in seconds since 1970-01-01T00:00:00Z; without it ages are unknown.
    pub as_of: Option<i64>,
    /// Defects that were accepted.
    pub waivers: Waivers,
}

/// A review: the answer, and what it was made of, so that each verdict can be explained.
#[derive(Debug)]
pub struct Review {
    /// The answer.
    pub assessment: Assessment,
    /// The resources and their facts.
    pub inventory: Inventory,
    /// The checks.
    pub checks: CheckSet,
    as_of: Option<i64>,
}

/// How many defects of which gravity are proven, and how many checks stay undecided.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Summary {
    /// Proven critical defects.
    pub critical: usize,
    /// Proven high defects.
    pub high: usize,
    /// Proven lesser defects.
    pub other: usize,
    /// Checks that are undecided for some resource or for want of a complete listing.
    pub undecided: usize,
}

/// Judges evidence.
pub fn review(batches: Vec<Batch>, checks: CheckSet, mut options: Options) -> Review {
    let inventory = prepare(batches);
    let scope = scope_of(&inventory);
    let (verdicts, summaries) = judge::judge(&inventory, &checks, options.as_of, scope.label, &mut options.waivers);
    let answers = questions::answers(&inventory, &Context::new(&inventory, options.as_of), scope.label);
    let assessment = Assessment {
        items: assess::items(&checks, &summaries, scope.label),
        actions: assess::actions(&checks, &verdicts),
        open: assess::open_questions(&checks, &verdicts, &summaries),
        problems: inventory.problems.clone(),
        stale_waivers: options.waivers.stale(),
        checks: summaries,
        answers,
        verdicts,
        scope,
    };
    Review { assessment, inventory, checks, as_of: options.as_of }
}

/// From batches to an inventory that knows what the analyses conclude.
pub(crate) fn prepare(batches: Vec<Batch>) -> Inventory {
    let mut inventory = join(batches);
    for analysis in analyse::all() {
        analysis.run(&mut inventory);
    }
    inventory
}

/// From batches to an inventory, without what the analyses conclude.
pub(crate) fn join(batches: Vec<Batch>) -> Inventory {
    let mut inventory = Inventory::join(batches);
    add_accounts(&mut inventory);
    inventory
}

impl Review {
    /// The facts that a verdict rests on; nothing when it is about no resource.
    pub fn because(&self, verdict: Verdict<'_>) -> Option<Explanation> {
        let check = self.checks.checks().get(verdict.check)?;
        let record = self.inventory.table(verdict.subject.kind)?.record(verdict.subject.row?)?;
        Some(check.explain(&Context::new(&self.inventory, self.as_of), record))
    }

    /// How many defects of which gravity are proven.
    pub fn summary(&self) -> Summary {
        let mut summary = Summary::default();
        for verdict in self.assessment.verdicts.iter().filter(|verdict| verdict.outcome == Outcome::Fail) {
            let slot = match self.checks.checks().get(verdict.check).map(|check| check.severity) {
                Some(Severity::Critical) => &mut summary.critical,
                Some(Severity::High) => &mut summary.high,
                _ => &mut summary.other,
            };
            *slot = slot.saturating_add(1);
        }
        let undecided = |summary: &&CheckSummary| summary.tally.unknown > 0 || !summary.gaps.is_empty();
        summary.undecided = self.assessment.checks.iter().filter(undecided).count();
        summary
    }

    /// The proven defects, the gravest first, then in order of check and resource: indexes into the verdicts.
    pub fn findings(&self) -> Vec<usize> {
        let severity = |at: &usize| {
            let verdict = self.assessment.verdicts.get(*at);
            verdict.and_then(|verdict| self.checks.checks().get(verdict.check)).map(|check| check.severity)
        };
        let mut found: Vec<usize> = (0..self.assessment.verdicts.len())
            .filter(|at| self.assessment.verdicts.get(*at).is_some_and(|verdict| verdict.outcome == Outcome::Fail))
            .collect();
        found.sort_by_key(|at| (std::cmp::Reverse(severity(at)), *at));
        found
    }
}

/// Every account that the evidence names has an account resource, spoken of or not; evidence that names none is of
/// one account whose name is not known.
pub(crate) fn add_accounts(inventory: &mut Inventory) {
    let mut named: BTreeSet<Text> = BTreeSet::new();
    for (_, table) in inventory.kinds() {
        for head in (0..table.count()).filter_map(|row| table.record(row)?.resource_head()) {
            named.extend(head.account.value().cloned());
        }
    }
    // An account of which nothing was found was still asked.
    named.extend(inventory.listings().iter().filter_map(|listing| match &listing.scope {
        ListingScope::Account { account, .. } => account.clone(),
        ListingScope::Set(_) => None,
    }));
    named.extend(inventory.regions_asked().keys().flatten().cloned());
    let known: BTreeSet<Option<Text>> =
        inventory.all::<Account>().iter().map(|account| account.head.id.value().cloned()).collect();
    let origin = Origin::new(std::sync::Arc::new(Source::new(SourceKind::Derived, "")), 0, evidence_label(inventory));
    let mut add = |id: Option<Text>| {
        let mut head = Head::new(origin.clone());
        if let Some(id) = id {
            head.id = Fact::known(id.clone(), origin.clone());
            head.account = Fact::known(id, origin.clone());
        }
        head.region = Fact::known("global".into(), origin.clone());
        inventory.add(Account::new(head));
    };
    if named.is_empty() && known.is_empty() {
        add(None);
    }
    // One account resource without a name is the account that the rest of the evidence names.
    let nameless_only = known.len() == 1 && known.contains(&None);
    for id in named.into_iter().filter(|id| !nameless_only && !known.contains(&Some(id.clone()))) {
        add(Some(id));
    }
}

/// The weakest label among the evidence that was given; without evidence only documentation is left.
fn evidence_label(inventory: &Inventory) -> Label {
    let listed = inventory.listings().iter().map(|listing| listing.origin.label);
    let stated = inventory.kinds().flat_map(|(_, table)| {
        (0..table.count()).filter_map(|row| {
            let origin = &table.record(row)?.resource_head()?.origin;
            (origin.source.kind != SourceKind::Derived).then_some(origin.label)
        })
    });
    listed.chain(stated).max().unwrap_or(Label::Documentation)
}

fn scope_of(inventory: &Inventory) -> Scope {
    let mut accounts = BTreeSet::new();
    let mut evidence = BTreeSet::new();
    let mut kinds = std::collections::BTreeMap::new();
    let mut live = false;
    for (kind, table) in inventory.kinds() {
        let mut seen = 0_usize;
        for head in (0..table.count()).filter_map(|row| table.record(row)?.resource_head()) {
            accounts.extend(head.account.value().cloned());
            if head.origin.source.kind != SourceKind::Derived {
                evidence.insert(head.origin.source.kind);
                live |= head.origin.label == Label::Live;
                seen = seen.saturating_add(1);
            }
        }
        if seen > 0 {
            kinds.insert(kind, seen);
        }
    }
    for listing in inventory.listings() {
        evidence.insert(listing.origin.source.kind);
        live |= listing.origin.label == Label::Live;
    }
    Scope {
        accounts: accounts.into_iter().collect(),
        legal: region::Legal::of(inventory),
        kinds,
        not_read: inventory.not_read.clone(),
        evidence: evidence.into_iter().collect(),
        live,
        label: evidence_label(inventory),
    }
}
