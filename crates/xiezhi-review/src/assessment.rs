//! The answer of a review, as plain data: every output format writes this and decides nothing.

use std::collections::BTreeMap;

use xiezhi_model::{Gap, Label, Problem, Reason, SourceKind, Text};
use xiezhi_rule::{Phase, Severity};

use crate::region::Legal;
use crate::verdicts::Verdicts;

/// What a check says of one resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// The evidence proves the defect.
    Fail,
    /// Nobody can tell.
    Unknown,
    /// A proven defect that somebody accepted, with a reason and an end date.
    Waived,
    /// The evidence proves the absence of the defect.
    Pass,
    /// A complete listing has nothing of the kind, or the check does not apply to the resource.
    NotApplicable,
}

impl Outcome {
    /// The word in the JSON result.
    pub fn as_str(self) -> &'static str {
        match self {
            Outcome::Fail => "fail",
            Outcome::Unknown => "unknown",
            Outcome::Waived => "waived",
            Outcome::Pass => "pass",
            Outcome::NotApplicable => "not-applicable",
        }
    }
}

/// A defect that somebody accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiver {
    /// The check's id.
    pub check: String,
    /// The resource's id or address.
    pub resource: String,
    /// Why it is accepted.
    pub reason: String,
    /// Who accepted it.
    pub owner: String,
    /// Until when, `YYYY-MM-DD`.
    pub expires: String,
}

/// How often a check or a group of checks gave each answer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Proven defects.
    pub fail: usize,
    /// Undecided.
    pub unknown: usize,
    /// Accepted defects.
    pub waived: usize,
    /// Proven absences.
    pub pass: usize,
    /// Does not apply.
    pub not_applicable: usize,
}

impl Tally {
    /// Counts one answer.
    pub fn add(&mut self, outcome: Outcome) {
        let slot = match outcome {
            Outcome::Fail => &mut self.fail,
            Outcome::Unknown => &mut self.unknown,
            Outcome::Waived => &mut self.waived,
            Outcome::Pass => &mut self.pass,
            Outcome::NotApplicable => &mut self.not_applicable,
        };
        *slot = slot.saturating_add(1);
    }

    /// Counts the answers of another tally.
    pub fn join(&mut self, other: &Tally) {
        self.fail = self.fail.saturating_add(other.fail);
        self.unknown = self.unknown.saturating_add(other.unknown);
        self.waived = self.waived.saturating_add(other.waived);
        self.pass = self.pass.saturating_add(other.pass);
        self.not_applicable = self.not_applicable.saturating_add(other.not_applicable);
    }
}

/// What one check says of the whole estate.
#[derive(Debug, Clone, PartialEq)]
pub struct CheckSummary {
    /// The check's index in the check set.
    pub check: usize,
    /// Fail if any resource fails; else unknown if any is undecided or the listing has gaps; else pass or not applicable.
    pub outcome: Outcome,
    /// The weakest label among the verdicts that decide the outcome.
    pub label: Label,
    /// How often it gave each answer.
    pub tally: Tally,
    /// Why the listing of its subject is not complete.
    pub gaps: Vec<Gap>,
    /// The section it belongs to.
    pub section: Area,
}

/// The six areas of the review; the seventh and eighth section are about all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Area {
    /// 1. Identity and access.
    Identity,
    /// 2. Network.
    Network,
    /// 3. Data protection and encryption.
    Data,
    /// 4. Threat detection.
    Detection,
    /// 5. Regulatory compliance (MLPS, DSL, PIPL).
    Compliance,
    /// 6. Web application protection.
    Web,
}

impl Area {
    /// All, in the order of the response.
    pub const ALL: [Area; 6] =
        [Area::Identity, Area::Network, Area::Data, Area::Detection, Area::Compliance, Area::Web];

    /// The word in the JSON result.
    pub fn as_str(self) -> &'static str {
        match self {
            Area::Identity => "identity-and-access",
            Area::Network => "network",
            Area::Data => "data-protection",
            Area::Detection => "threat-detection",
            Area::Compliance => "regulatory-compliance",
            Area::Web => "web-application-protection",
        }
    }
}

/// The answer to a checklist item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ItemState {
    /// The evidence proves it.
    Met,
    /// The evidence proves the contrary.
    NotMet,
    /// Nobody can tell from this evidence.
    CannotTell,
}

impl ItemState {
    /// The word in the JSON result.
    pub fn as_str(self) -> &'static str {
        match self {
            ItemState::Met => "met",
            ItemState::NotMet => "not-met",
            ItemState::CannotTell => "cannot-tell",
        }
    }
}

/// One of the twelve checklist items, answered.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// 1 to 12.
    pub number: u8,
    /// The answer.
    pub state: ItemState,
    /// The weakest label of what it rests on.
    pub label: Label,
    /// The checks that decide it (indexes into the summaries).
    pub checks: Vec<usize>,
    /// What the checks found.
    pub tally: Tally,
}

/// One of the nine assessment questions, answered from facts.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// 1 to 9.
    pub number: u8,
    /// The weakest label of the facts that the sentences rest on.
    pub label: Label,
    /// What is said, sentence by sentence.
    pub points: Vec<Point>,
}

/// One sentence of an answer: how many of a kind are so, are not, and cannot be told.
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    /// The sentence's index among the points of `data/questions.toml`, which holds its words.
    pub point: usize,
    /// How many there are.
    pub all: usize,
    /// Of how many it is true.
    pub yes: usize,
    /// Of how many it is false.
    pub no: usize,
    /// Of how many nobody can tell.
    pub unknown: usize,
    /// Whether the listing is complete, so that there are no others.
    pub complete: bool,
    /// The weakest label of the facts counted.
    pub label: Label,
}

/// A safe next action: the fix of a check, for all resources that fail it.
#[derive(Debug, Clone, PartialEq)]
pub struct Action {
    /// The check's index in the check set.
    pub check: usize,
    /// How disruptive the fix is: lower comes first.
    pub phase: Phase,
    /// The verdicts it answers (indexes into the assessment's verdicts), in order.
    pub verdicts: Vec<usize>,
}

/// What nobody can tell, grouped by what would settle it.
#[derive(Debug, Clone, PartialEq)]
pub struct OpenQuestion {
    /// Why nobody can tell.
    pub reason: Reason,
    /// The kinds of resources concerned, in order.
    pub kinds: Vec<&'static str>,
    /// The checks that stay undecided for it.
    pub checks: Vec<usize>,
    /// How many verdicts.
    pub verdicts: usize,
    /// The gravest severity among the checks: a critical risk until proven otherwise (operating rule O6).
    pub severity: Severity,
}

/// What was looked at.
#[derive(Debug, Clone, PartialEq)]
pub struct Scope {
    /// The accounts that the evidence names.
    pub accounts: Vec<Text>,
    /// Where the estate lives.
    pub legal: Legal,
    /// How many resources of each kind.
    pub kinds: BTreeMap<&'static str, usize>,
    /// Resource types that the evidence declares and that nothing here reads, with how many of each: no verdict speaks of
    /// them.
    pub not_read: BTreeMap<Text, u64>,
    /// The kinds of evidence.
    pub evidence: Vec<SourceKind>,
    /// Whether this program read the account itself in this run.
    pub live: bool,
    /// The weakest label among the evidence.
    pub label: Label,
}

/// The answer of a review.
#[derive(Debug)]
pub struct Assessment {
    /// What was looked at.
    pub scope: Scope,
    /// Every verdict, in order of check, then of resource.
    pub verdicts: Verdicts,
    /// Every check, in order of id.
    pub checks: Vec<CheckSummary>,
    /// The twelve items.
    pub items: Vec<Item>,
    /// The nine questions.
    pub answers: Vec<Answer>,
    /// What to do, in order.
    pub actions: Vec<Action>,
    /// What nobody can tell.
    pub open: Vec<OpenQuestion>,
    /// What could not be read.
    pub problems: Vec<Problem>,
    /// Waivers that matched nothing or have expired.
    pub stale_waivers: Vec<Waiver>,
}
