//! What is wrong or odd in policies: what the service refuses, names that do not exist, statements without effect, shapes
//! that grant more than they seem to. Each remark has its line, column and remedy.

use serde::Serialize;
use xiezhi_model::{Label, State, Text};
use xiezhi_policy::ask::Options;
use xiezhi_policy::decide::Gap;
use xiezhi_policy::words::Words;
use xiezhi_policy::{Policy, PolicyKind, Position, lint as rules};

use super::{Answer, AskError, Detail, Ground, Question, Verdict};
use crate::analyse::ram::texts::written;

/// One remark on a policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Remark {
    /// The policy, or the resource that it guards.
    pub policy: String,
    /// What kind of policy it is.
    pub kind: PolicyKind,
    /// Where the evidence holds the text: a file and line, a call; empty for a policy file.
    pub source: String,
    /// The statement, from 1; nothing for the document as a whole.
    pub statement: Option<usize>,
    /// The place in the policy text.
    pub at: Position,
    /// A stable name of what it says.
    pub code: String,
    /// Whether the service refuses the text, or may read it otherwise than it is written.
    pub malformed: bool,
    /// What it says.
    pub message: Words,
    /// The word of the policy that it is about; may be empty.
    pub word: String,
    /// A better word, where there is one.
    pub suggestion: Option<String>,
    /// What to do.
    pub remedy: Words,
}

/// The name of an enumerator as JSON writes it.
fn code(value: impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(name)) => name,
        Ok(serde_json::Value::Object(fields)) => fields.keys().next().cloned().unwrap_or_default(),
        _ => String::new(),
    }
}

fn remarks(policy: &Policy, name: &str, source: &str) -> Vec<Remark> {
    let remark = |statement: Option<usize>, at: Position, word: &str| Remark {
        policy: name.to_owned(),
        kind: policy.kind,
        source: source.to_owned(),
        statement: statement.map(|number| number.saturating_add(1)),
        at,
        code: String::new(),
        malformed: false,
        message: Words { en: "", zh: "" },
        word: word.to_owned(),
        suggestion: None,
        remedy: Words { en: "", zh: "" },
    };
    let faults = policy.problems.iter().map(|problem| Remark {
        code: code(problem.fault),
        malformed: !problem.is_note(),
        message: problem.fault.message(),
        remedy: problem.fault.remedy(),
        ..remark(problem.statement, problem.at, &problem.word)
    });
    let odd = rules::policy(policy, &Options::default()).into_iter().map(|found| Remark {
        code: code(found.lint),
        message: found.lint.meaning(),
        suggestion: found.suggestion.clone(),
        remedy: found.lint.remedy(),
        ..remark(Some(found.statement), found.at, &found.word)
    });
    let mut all: Vec<Remark> = faults.chain(odd).collect();
    all.sort_by(|a, b| (a.at, &a.code).cmp(&(b.at, &b.code)));
    all
}

fn answer(policy: Option<String>, policies: usize, remarks: Vec<Remark>, gaps: Vec<Gap>, label: Label) -> Answer {
    let mut answer = Answer::of(Question::Lint { policy }, Vec::new(), gaps, label);
    if !remarks.is_empty() {
        answer.verdict = Verdict::Yes;
    }
    answer.detail = Detail::Lint { policies, remarks };
    answer
}

/// What is wrong or odd in the policies of the evidence; of one account, when it is named.
///
/// # Errors
/// The evidence holds no policy text at all.
pub fn lint(ground: &Ground, account: Option<&str>) -> Result<Answer, AskError> {
    let (mut all, mut gaps, mut policies, mut label) = (Vec::new(), Vec::new(), 0_usize, None);
    // Evidence that names no account is of the one that the question names.
    let several = account.map(|account| ground.account(Some(account))).transpose()?.is_some() && !ground.is_nobody_s();
    for one in written(&ground.inventory) {
        let whose = one.head.account.value().or_else(|| ground.inventory.only_account()).map(Text::as_str);
        if several && whose != account {
            continue;
        }
        match &one.text.state {
            State::Known(text) => {
                policies = policies.saturating_add(1);
                let own = one.text.origin.label;
                label = Some(label.map_or(own, |so_far: Label| so_far.weakest(own)));
                let source = match one.text.origin.line {
                    0 => one.text.origin.source.name.to_string(),
                    line => format!("{}:{line}", one.text.origin.source.name),
                };
                all.extend(remarks(&Policy::parse(&one.name, one.kind, text), &one.name, &source));
            }
            State::Absent => {}
            State::Unknown(reason) => {
                gaps.push(Gap::new(
                    &format!("policy {}", one.name),
                    format!("{} {}", reason.code(), reason.detail()).trim(),
                ));
            }
        }
    }
    if policies == 0 && gaps.is_empty() {
        return Err(AskError::new(
            "the evidence holds no policy that people write; a policy file is asked with --policy-of",
            "证据中没有人工编写的策略；检查策略文件请用 --policy-of",
        ));
    }
    gaps.sort();
    gaps.dedup();
    let answer = answer(None, policies, all, gaps, label.unwrap_or(Label::UserProvided));
    Ok(answer.grounded(&ground.inventory))
}

/// What is wrong or odd in one policy.
#[must_use]
pub fn lint_policy(policy: &Policy) -> Answer {
    let found = remarks(policy, &policy.name, "");
    answer(Some(policy.name.clone()), 1, found, Vec::new(), Label::UserProvided)
}
