//! The examples of check files, run: each is a test of its check.

use xiezhi_model::{Batch, Label};
use xiezhi_read::{Input, Options};
use xiezhi_rule::{Answer, Check, CheckSet, Context, Example};

use crate::assessment::Outcome;
use crate::judge::{judge_check, subjects_of};
use crate::prepare;

/// An example whose check says something else than the file expects, or that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mismatch {
    /// The check file and the line of the example, `checks/oss/x.md:40`.
    pub place: String,
    /// What the file expects.
    pub expected: Answer,
    /// What the check says; `None` when the example cannot be read.
    pub said: Option<Answer>,
    /// Why, in a few words: the facts it rests on, or what cannot be read.
    pub detail: String,
}

/// Runs every example of every check.
///
/// `facts` examples are judged as they are. Others are read as a user's file would be: `terraform` as a root module of
/// one file, `json product:Action [resource]` as that call's answer, `ros` as a template; the check then says the worst
/// of what it says of the resources.
pub fn run_examples(set: &CheckSet) -> Vec<Mismatch> {
    let mut wrong = Vec::new();
    for check in set.checks() {
        for example in &check.examples {
            let place = format!("{}:{}", check.path, example.line);
            let (said, detail) = match check.run_example(example) {
                Some(explained) => {
                    let facts: Vec<&str> = explained.premises.iter().map(|premise| premise.path.as_str()).collect();
                    (Some(explained.answer), facts.join(", "))
                }
                None => run_read(check, example),
            };
            if said != Some(example.expected) {
                wrong.push(Mismatch { place, expected: example.expected, said, detail });
            }
        }
    }
    wrong
}

fn run_read(check: &Check, example: &Example) -> (Option<Answer>, String) {
    let Some(name) = file_name(&example.kind) else {
        return (
            None,
            format!("`{}` is no kind of example: write facts, terraform, ros or json product:Action", example.kind),
        );
    };
    let input = Input::Bytes { name, bytes: example.text.clone().into_bytes(), live: false };
    let reading = xiezhi_read::read(&[input], &Options::default());
    let problems =
        reading.problems.iter().chain(reading.batches.iter().flat_map(|batch: &Batch| batch.problems.iter()));
    let broken: Vec<String> =
        problems.map(|problem| format!("line {}: {:?} {}", problem.line, problem.kind, problem.detail)).collect();
    if !broken.is_empty() {
        return (None, broken.join("; "));
    }
    let inventory = prepare(reading.batches);
    let context = Context::new(&inventory, None);
    let subjects = subjects_of(&inventory, check.subject);
    let (column, _) = judge_check(&inventory, &context, subjects, check, Label::UserProvided);
    let worst = column.verdicts(0).map(|verdict| verdict.outcome).min();
    let said = worst.map(|outcome| match outcome {
        Outcome::Fail | Outcome::Waived => Answer::Fail,
        Outcome::Unknown => Answer::Unknown,
        Outcome::Pass => Answer::Pass,
        Outcome::NotApplicable => Answer::NotApplicable,
    });
    let reasons: Vec<String> = column
        .verdicts(0)
        .flat_map(|verdict| verdict.reasons.iter())
        .map(|reason| format!("{} {}", reason.code(), reason.detail()))
        .collect();
    (said, reasons.join("; "))
}

/// The file name under which the readers know the example.
fn file_name(kind: &str) -> Option<String> {
    let mut words = kind.split_whitespace();
    match words.next()? {
        "terraform" | "hcl" => Some("example/main.tf".to_owned()),
        "ros" => Some("example/template.yaml".to_owned()),
        "json" => {
            let (product, action) = words.next()?.split_once(':')?;
            let rest: Vec<&str> = words.collect();
            let rest = if rest.is_empty() { String::new() } else { format!("-{}", rest.join("-")) };
            Some(format!("{}-{action}{rest}.json", product.to_lowercase()))
        }
        _ => None,
    }
}
