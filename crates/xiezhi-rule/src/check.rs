//! A check: what it is called, what it asks, how it explains itself.

mod form;
mod load;

use std::collections::BTreeSet;
use std::fmt;

use xiezhi_model::{Label, Reason, Record, Schema};

use crate::error::CheckError;
use crate::facts::Facts;
use crate::lang::compile::Predicate;
use crate::lang::eval::Eval;
use crate::lang::mode::{Mode, Premise, Quick, Shown, Traced};
use crate::world::Context;

/// How bad it is when a check fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing, not a defect by itself.
    Info,
    /// Little harm, or only together with others.
    Low,
    /// Harm in circumstances that do occur.
    Medium,
    /// An attacker or an auditor gets something that matters.
    High,
    /// The account or its data are open now.
    Critical,
}

impl Severity {
    /// Every severity, worst first.
    pub const ALL: [Severity; 5] =
        [Severity::Critical, Severity::High, Severity::Medium, Severity::Low, Severity::Info];

    /// The severity as check files and results write it.
    pub fn as_str(self) -> &'static str {
        match self {
            Severity::Critical => "critical",
            Severity::High => "high",
            Severity::Medium => "medium",
            Severity::Low => "low",
            Severity::Info => "info",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// How disruptive a fix is, and so when it is due: first look and record, then take away what nobody uses, then change
/// what something may rely on, then move data. In this order nothing breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Phase {
    /// Turn on recording, detection, copies and guards against deletion; write down what is decided. Nothing depends on
    /// their absence.
    Observe,
    /// Strengthen sign-in and take away rights and credentials, after looking at their use.
    Restrict,
    /// Close ways in, after making sure of another.
    Close,
    /// Encrypt, migrate or rebuild, with a backup and a window.
    Migrate,
}

impl Phase {
    /// Every phase, in order.
    pub const ALL: [Phase; 4] = [Phase::Observe, Phase::Restrict, Phase::Close, Phase::Migrate];

    /// The phase as check files and results write it.
    pub fn as_str(self) -> &'static str {
        match self {
            Phase::Observe => "observe",
            Phase::Restrict => "restrict",
            Phase::Close => "close",
            Phase::Migrate => "migrate",
        }
    }
}

/// What a check says of one resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Answer {
    /// The evidence proves the defect.
    Fail,
    /// The evidence proves that there is none.
    Pass,
    /// The evidence cannot tell.
    Unknown,
    /// The check is not about this resource.
    NotApplicable,
}

impl Answer {
    /// Every answer.
    pub const ALL: [Answer; 4] = [Answer::Fail, Answer::Pass, Answer::Unknown, Answer::NotApplicable];

    /// The answer as examples write it.
    pub fn as_str(self) -> &'static str {
        match self {
            Answer::Fail => "fail",
            Answer::Pass => "pass",
            Answer::Unknown => "unknown",
            Answer::NotApplicable => "not-applicable",
        }
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A text in both languages; empty where the file has none.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Words {
    /// English.
    pub en: String,
    /// Simplified Chinese.
    pub zh: String,
}

/// An example of a check: evidence, and what the check must say about it.
#[derive(Debug)]
pub struct Example {
    /// What the evidence is: `facts`, `terraform`, `json oss:GetBucketInfo` …
    pub kind: String,
    /// The evidence as written.
    pub text: String,
    /// What the check must say.
    pub expected: Answer,
    /// The line of the fence in the check file, from 1.
    pub line: u32,
    /// The evidence read, when it is `facts`; other kinds are run by whoever has their readers.
    pub facts: Option<Facts>,
}

/// What a check says of one resource, and how strong the evidence for it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outcome {
    /// The answer.
    pub answer: Answer,
    /// The weakest label of the facts that the answer rests on.
    pub label: Label,
}

/// The same with the facts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// The answer.
    pub answer: Answer,
    /// The weakest label of the facts that the answer rests on.
    pub label: Label,
    /// The facts that the answer rests on, in the order in which they were read; for an unknown, those that made it
    /// so.
    pub premises: Vec<Premise>,
}

impl Explanation {
    /// Why nobody can tell, each reason once and in order; empty unless the answer is unknown.
    pub fn reasons(&self) -> BTreeSet<&Reason> {
        let reason = |premise: &'_ Premise| matches!(premise.shown, Shown::Unknown(_));
        let reasons = self.premises.iter().filter(|premise| reason(premise));
        reasons
            .filter_map(|premise| if let Shown::Unknown(reason) = &premise.shown { Some(reason) } else { None })
            .collect()
    }
}

/// A check, ready to be evaluated.
#[derive(Debug)]
pub struct Check {
    /// The id: names the defect, service first; equals the file's name.
    pub id: String,
    /// The file, as it was given.
    pub path: String,
    /// How bad a fail is.
    pub severity: Severity,
    /// When its fix is due, where that differs from what is usual for the area of the check.
    pub phase: Option<Phase>,
    /// The kind of resource that it judges.
    pub subject: &'static Schema,
    /// For what no machine can see: the question of `attest.toml` that answers it. Attested checks judge the account,
    /// whose attested fields are filled from the answers; nothing else is special about them.
    pub question: Option<String>,
    /// Controls that it gives evidence to: `framework:control`.
    pub controls: Vec<String>,
    /// Ids in the catalogue of known checks that mean the same.
    pub catalogue: Vec<String>,
    /// Official documents.
    pub refs: Vec<String>,
    /// Unconfirmed assumptions that it stands on; with any, its fails and passes are inference.
    pub assumptions: Vec<String>,
    /// The title: one line that names the defect.
    pub title: Words,
    /// Why it matters (Markdown).
    pub why: Words,
    /// How to fix it (Markdown).
    pub fix: Words,
    /// When a fail may be meant so (Markdown); mostly empty.
    pub false_alarms: Words,
    /// The condition under which it applies, as written.
    pub when: Option<String>,
    /// The condition that is the defect, as written.
    pub fail: String,
    /// Its examples, in the order of the file; none when it was loaded without them.
    pub examples: Vec<Example>,
    applies: Option<Predicate>,
    defect: Predicate,
}

impl Check {
    /// What the check says of a resource of its subject's kind.
    pub fn judge<'a>(&'a self, context: &'a Context<'a>, subject: &'a dyn Record) -> Outcome {
        let (answer, rests) = self.run::<Quick>(context, subject);
        Outcome { answer, label: self.label(answer, rests.label(), subject) }
    }

    /// What the check says of a resource, with the facts that the answer rests on. Says the same as [`Self::judge`].
    pub fn explain<'a>(&'a self, context: &'a Context<'a>, subject: &'a dyn Record) -> Explanation {
        let (answer, rests) = self.run::<Traced>(context, subject);
        Explanation { answer, label: self.label(answer, rests.label(), subject), premises: rests.premises() }
    }

    /// What the check says of one of its `facts` examples; `None` for other kinds.
    pub fn run_example(&self, example: &Example) -> Option<Explanation> {
        let facts = example.facts.as_ref()?;
        Some(self.explain(&facts.context(), facts.subject()?))
    }

    fn run<'a, M: Mode>(&'a self, context: &'a Context<'a>, subject: &'a dyn Record) -> (Answer, M) {
        let eval = Eval::<M>::new(context, subject);
        let mut applies = M::nothing();
        if let Some(when) = &self.applies {
            let (truth, rests) = eval.ask(&when.node, subject);
            match truth {
                Some(true) => applies = rests,
                Some(false) => return (Answer::NotApplicable, rests),
                None => return (Answer::Unknown, rests),
            }
        }
        let (truth, rests) = eval.ask(&self.defect.node, subject);
        match truth {
            Some(true) => (Answer::Fail, applies.and(&rests)),
            Some(false) => (Answer::Pass, applies.and(&rests)),
            None => (Answer::Unknown, rests),
        }
    }

    fn label(&self, answer: Answer, label: Option<Label>, subject: &dyn Record) -> Label {
        let label = label.or_else(|| subject.resource_head().map(|head| head.origin.label)).unwrap_or(Label::Inference);
        if !self.assumptions.is_empty() && answer != Answer::Unknown { Label::Inference } else { label }
    }

    /// The fields that the check reads, as (kind, field), in order. `id` of a kind other than the subject also means
    /// that the kind must be listed.
    pub fn reads(&self) -> BTreeSet<(&'static str, &'static str)> {
        let when = self.applies.iter().flat_map(|when| when.reads.iter());
        when.chain(&self.defect.reads).copied().collect()
    }
}

/// Checks by id, and what is wrong with the files of those that could not be loaded.
#[derive(Debug, Default)]
pub struct CheckSet {
    checks: Vec<Check>,
    errors: Vec<CheckError>,
}

impl CheckSet {
    /// Loads check files, given as (path, text), typed against the kinds of the model. A file with an error is left
    /// out and its errors are kept; a second check with one id is an error.
    pub fn load<P: AsRef<str>, T: AsRef<str>>(files: impl IntoIterator<Item = (P, T)>) -> Self {
        Self::load_for(xiezhi_model::service::KINDS, files)
    }

    /// The same for other kinds.
    pub fn load_for<P: AsRef<str>, T: AsRef<str>>(
        kinds: &[&'static Schema],
        files: impl IntoIterator<Item = (P, T)>,
    ) -> Self {
        Self::load_with(kinds, true, files)
    }

    /// The same without the examples, which only tests and pages need: most of the time of loading is theirs.
    pub fn load_without_examples<P: AsRef<str>, T: AsRef<str>>(files: impl IntoIterator<Item = (P, T)>) -> Self {
        Self::load_with(xiezhi_model::service::KINDS, false, files)
    }

    fn load_with<P: AsRef<str>, T: AsRef<str>>(
        kinds: &[&'static Schema],
        examples: bool,
        files: impl IntoIterator<Item = (P, T)>,
    ) -> Self {
        let mut set = Self::default();
        for (path, text) in files {
            match load::check(path.as_ref(), text.as_ref(), kinds, examples) {
                Ok(check) => set.checks.push(check),
                Err(errors) => set.errors.extend(errors),
            }
        }
        set.checks.sort_by(|a, b| (&a.id, &a.path).cmp(&(&b.id, &b.path)));
        let mut kept: Vec<Check> = Vec::with_capacity(set.checks.len());
        for check in set.checks {
            match kept.last() {
                Some(first) if first.id == check.id => set.errors.push(CheckError {
                    path: check.path,
                    line: 1,
                    column: 1,
                    message: format!("`{}` is also the id of {}", check.id, first.path),
                    help: Some("give one of them another id; ids are never reused".to_owned()),
                    source: String::new(),
                    marked: 0,
                }),
                _ => kept.push(check),
            }
        }
        set.checks = kept;
        set.errors.sort_by(|a, b| (&a.path, a.line, a.column).cmp(&(&b.path, b.line, b.column)));
        set
    }

    /// The checks, in order of id.
    pub fn checks(&self) -> &[Check] {
        &self.checks
    }

    /// The checks themselves, in order of id.
    pub fn into_checks(self) -> Vec<Check> {
        self.checks
    }

    /// What is wrong, in order of file and place.
    pub fn errors(&self) -> &[CheckError] {
        &self.errors
    }

    /// The check with an id.
    pub fn get(&self, id: &str) -> Option<&Check> {
        let at = self.checks.binary_search_by(|check| check.id.as_str().cmp(id)).ok()?;
        self.checks.get(at)
    }
}
