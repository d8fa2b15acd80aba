//! Questions about permissions, answered from evidence with proof: who can do what, what is public, who can become
//! administrator, what one foothold leads to, what a change of policy adds.
//!
//! The reasoning is `xiezhi-policy`'s; here evidence becomes its estate, and its findings become answers that carry an
//! evidence label. An answer never turns what was not looked at into yes or no.

mod calls;
mod enforced;
mod ground;
mod lint;
mod owner;
mod paths;
mod placed;
mod plan;
mod policies;
mod public;
mod rights;
mod side;

use std::collections::BTreeMap;

use serde::Serialize;
use xiezhi_model::{Inventory, Label};
use xiezhi_policy::ask::{Finding, Safeguard, Truth};
use xiezhi_policy::catalogue::Level;
use xiezhi_policy::decide::Gap;
use xiezhi_policy::escalate::Step;
use xiezhi_policy::{Request, StatementRef, Switch};

pub use calls::{CallCheck, CallChecks, Checked};
pub use enforced::{Calls, enforced};
pub use ground::Ground;
pub use lint::{Remark, lint, lint_policy};
pub use paths::{blast, escalate};
pub use placed::Placed;
pub use policies::{Used, diff, minimise, policy_of, read_uses};
pub use public::{PolicyUse, public, public_policy};
pub use rights::{Wish, can, what, who};

/// Why a question cannot be asked of the evidence, in both languages; shown in English unless asked otherwise.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{en}")]
pub struct AskError {
    /// English.
    pub en: String,
    /// 简体中文.
    pub zh: String,
}

impl AskError {
    pub(crate) fn new(en: impl Into<String>, zh: impl Into<String>) -> Self {
        AskError { en: en.into(), zh: zh.into() }
    }
}

/// The answer in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Proven not to be so.
    No,
    /// The evidence, or the budget, leaves it open.
    Undecided,
    /// Proven to be so, with a witness.
    Yes,
}

impl From<Truth> for Verdict {
    fn from(truth: Truth) -> Self {
        match truth {
            Truth::Yes => Verdict::Yes,
            Truth::No => Verdict::No,
            Truth::Unknown | Truth::Undecided => Verdict::Undecided,
        }
    }
}

/// What an answer takes for granted because the evidence does not speak of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Assumption {
    /// No control policy of a resource directory limits the account: the evidence holds none.
    NoControlPolicy,
    /// Policies of single buckets, keys and projects are left out: the question names a pattern of resources.
    NoResourcePolicy,
    /// The answer holds for resources in one resource group only.
    InResourceGroup,
    /// One action on one resource was decided: the call may check further actions or resources, which documentation lists per
    /// product and the program does not know for this one.
    OneCheck,
    /// The checks that documentation names for the call were counted; there may be more.
    DocumentedChecks,
    /// The proof rests on a way of attack that was reasoned from documentation and not executed.
    DerivedPattern,
    /// Whom an identity provider of the account vouches for is not counted as outside.
    ProvidersVouch,
    /// The policies mean the own account without its id; accounts that they name by id are taken for others.
    OwnAccountByReference,
}

/// What was asked, in the words of the question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Question {
    /// Can the principal do the action on the resource?
    Can {
        /// The principal.
        principal: String,
        /// The action.
        action: String,
        /// The resource.
        resource: String,
        /// The session policy, by its file.
        #[serde(skip_serializing_if = "Option::is_none")]
        session: Option<String>,
    },
    /// Who can do the action on the resource?
    Who {
        /// The action.
        action: String,
        /// The resource.
        resource: String,
    },
    /// What can the principal do?
    What {
        /// The principal.
        principal: String,
    },
    /// Does every call that the principal may make come with the safeguard?
    Enforced {
        /// The principal.
        principal: String,
        /// The action.
        action: String,
        /// The resource.
        resource: String,
        /// The safeguard.
        safeguard: Safeguard,
        /// Whether only calls signed with an AccessKey count.
        access_key_calls: bool,
    },
    /// Can anyone outside use the resource?
    Public {
        /// The resource.
        resource: String,
        /// From outside this network, when one was given: ranges of addresses and VPCs.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        network: Vec<String>,
    },
    /// Who can become administrator?
    Escalate {
        /// One foothold, or everyone.
        from: Option<String>,
    },
    /// What does the foothold lead to?
    Blast {
        /// The foothold.
        start: String,
    },
    /// Does the new policy grant what the old one does not?
    Diff {
        /// The old policy.
        old: String,
        /// The new policy.
        new: String,
    },
    /// What is wrong or odd in the policies?
    Lint {
        /// The policy; nothing for all of the evidence.
        policy: Option<String>,
    },
    /// What is the smallest policy that still grants what was used?
    Minimise {
        /// The policy.
        policy: String,
    },
}

/// One part of an answer with its proof: about a principal, a kind of outsider, a direction of a comparison.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// What the part is about: `user/ann`, `anyone`, `added` …
    pub subject: String,
    /// The answer.
    pub verdict: Verdict,
    /// The weakest evidence that it rests on.
    #[serde(serialize_with = "label_text")]
    pub label: Label,
    /// The statements that decide: those that grant for *yes*, those that cut off for *no*.
    pub statements: Vec<StatementRef>,
    /// A request that proves *yes*, or that may be it when undecided.
    pub witness: Option<Request>,
    /// A request of the same kind that is denied: the answer is *yes*, but not always.
    pub denied: Option<Request>,
    /// Whether every such request is allowed; only where that was asked.
    pub always: Option<Verdict>,
    /// Conditions of the granting statements: operator and key.
    pub conditions: Vec<(String, String)>,
    /// Readings of the documentation on which the answer hangs: then it is an inference.
    pub depends_on: Vec<Switch>,
    /// The other spelling of the action that alone is granted (`ims:` for `ram:`).
    pub by_twin: Option<String>,
    /// The resource group to which the answer is limited.
    pub resource_group: Option<String>,
    /// The steps to administrator.
    pub steps: Vec<Step>,
    /// The checks of the call, where it makes several: all that are made in every call must pass.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub checks: Vec<Checked>,
    /// What is missing.
    pub gaps: Vec<Gap>,
}

/// Labels stand in JSON as reports write them.
fn label_text<S: serde::Serializer>(label: &Label, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(label.as_str())
}

impl Entry {
    /// An entry without proof.
    fn new(subject: &str, verdict: Verdict, label: Label) -> Self {
        Entry {
            subject: subject.to_owned(),
            verdict,
            label,
            statements: Vec::new(),
            witness: None,
            denied: None,
            always: None,
            conditions: Vec::new(),
            depends_on: Vec::new(),
            by_twin: None,
            resource_group: None,
            steps: Vec::new(),
            checks: Vec::new(),
            gaps: Vec::new(),
        }
    }

    /// The one of two that is less sure to be so.
    fn min_by_verdict(self, other: Self) -> Self {
        if other.verdict < self.verdict { other } else { self }
    }

    /// What the engine found, over evidence of this label.
    fn of(subject: &str, finding: Finding, label: Label) -> Self {
        let weak = !finding.depends_on.is_empty() || finding.by_twin.is_some();
        let label = if weak { label.weakest(Label::Inference) } else { label };
        Entry {
            statements: if finding.truth == Truth::No { finding.cuts } else { finding.grants },
            witness: finding.witness,
            depends_on: finding.depends_on,
            by_twin: finding.by_twin,
            gaps: finding.gaps,
            ..Entry::new(subject, finding.truth.into(), label)
        }
    }
}

/// What an answer holds beside its entries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Detail {
    /// Nothing more.
    None,
    /// Effective rights.
    Rights {
        /// Number of actions that are surely possible, by service and access level.
        surely: BTreeMap<String, BTreeMap<Level, usize>>,
        /// Number of actions that missing evidence may open.
        perhaps: BTreeMap<String, BTreeMap<Level, usize>>,
        /// Whether actions that do not exist yet are granted too.
        future_actions: Verdict,
        /// The actions that change rights or return a credential, among the sure ones.
        powerful: Vec<&'static str>,
    },
    /// Whether a safeguard is enforced.
    Enforced {
        /// Whether the principal can make such a call at all: of none, every one comes with the safeguard.
        possible: Verdict,
    },
    /// What a foothold leads to.
    Blast {
        /// Footholds that are surely reached, with the weight of the way.
        reached: Vec<(String, u32)>,
        /// Footholds that missing evidence may open.
        perhaps: Vec<String>,
        /// What matters beside footholds: whose, pattern, what it reaches, answer, statements.
        powers: Vec<Power>,
    },
    /// How open a resource is.
    Exposure {
        /// Whether it counts as public.
        public: Verdict,
        /// From how many IPv4 addresses strangers get in.
        ipv4_addresses: Option<u64>,
    },
    /// What is wrong or odd.
    Lint {
        /// How many policy texts were read.
        policies: usize,
        /// The remarks, policy by policy in the order of the text.
        remarks: Vec<Remark>,
    },
    /// A smaller policy.
    Minimised {
        /// Its text; nothing when the proof failed.
        text: Option<String>,
        /// Uses that the policy does not grant.
        not_granted: Vec<String>,
        /// Granted actions that were not used, by statement number and service.
        unused: Vec<(StatementRef, BTreeMap<String, usize>)>,
        /// How many uses were counted.
        used: usize,
    },
}

/// A right that is no foothold but matters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Power {
    /// Who has it.
    pub whose: String,
    /// The pattern's id.
    pub pattern: &'static str,
    /// What it reaches: `data`, `public`, `blind` …
    pub reach: &'static str,
    /// *Yes* or *undecided*.
    pub verdict: Verdict,
    /// The statements that grant it.
    pub statements: Vec<StatementRef>,
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Answer {
    /// What was asked.
    pub question: Question,
    /// The answer in one word.
    pub verdict: Verdict,
    /// The weakest evidence that it rests on.
    #[serde(serialize_with = "label_text")]
    pub label: Label,
    /// What the call that is asked about checks, where that is more than its own action on one resource.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub call: Option<CallChecks>,
    /// Its parts with their proofs.
    pub entries: Vec<Entry>,
    /// What more there is to say.
    pub detail: Detail,
    /// What is taken for granted.
    pub assumptions: Vec<Assumption>,
    /// What the answer as a whole misses: there may be more principals, policies …
    pub gaps: Vec<Gap>,
    /// Where the policies stand that the statements are of.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub policies: Vec<Placed>,
    /// Types of resources that the evidence declares and nothing reads, with how many: no answer speaks of them.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub not_read: BTreeMap<String, u64>,
}

/// Types of resources that the evidence declares and nothing reads, with how many.
pub(crate) fn not_read(inventories: &[&Inventory]) -> BTreeMap<String, u64> {
    let mut all = BTreeMap::new();
    for (kind, count) in inventories.iter().flat_map(|inventory| &inventory.not_read) {
        let sum: &mut u64 = all.entry(kind.to_string()).or_default();
        *sum = sum.saturating_add(*count);
    }
    all
}

impl Answer {
    /// An answer whose verdict is the strongest of its entries; *no* becomes undecided when something is missing.
    fn of(question: Question, entries: Vec<Entry>, gaps: Vec<Gap>, label: Label) -> Self {
        let strongest = entries.iter().map(|entry| entry.verdict).max().unwrap_or(Verdict::No);
        let verdict = if strongest == Verdict::No && !gaps.is_empty() { Verdict::Undecided } else { strongest };
        let deciding = entries.iter().filter(|entry| entry.verdict == strongest).map(|entry| entry.label);
        let label = deciding.min().unwrap_or(label);
        Answer {
            question,
            verdict,
            label,
            call: None,
            entries,
            detail: Detail::None,
            assumptions: Vec::new(),
            gaps,
            policies: Vec::new(),
            not_read: BTreeMap::new(),
        }
    }

    fn assuming(mut self, assumptions: impl IntoIterator<Item = Assumption>) -> Self {
        // Control policies only take away: what is not granted is not granted under any.
        let denied = self.verdict == Verdict::No;
        let matters = |one: &Assumption| !(denied && *one == Assumption::NoControlPolicy);
        self.assumptions.extend(assumptions.into_iter().filter(matters));
        self.assumptions.sort();
        self.assumptions.dedup();
        // That no control policy stands over the account is a documented default (see `analyse/ram/control.rs`): it carries
        // every right that is found, and no denial.
        if self.assumptions.contains(&Assumption::OwnAccountByReference) {
            self.entries.iter_mut().for_each(|entry| entry.label = entry.label.weakest(Label::Inference));
            self.label = self.label.weakest(Label::Inference);
        }
        if self.assumptions.contains(&Assumption::NoControlPolicy) {
            for entry in self.entries.iter_mut().filter(|entry| entry.verdict == Verdict::Yes) {
                entry.label = entry.label.weakest(Label::Documentation);
            }
            if self.verdict == Verdict::Yes {
                self.label = self.label.weakest(Label::Documentation);
            }
        }
        self
    }
}
