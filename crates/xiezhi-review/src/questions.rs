//! The nine assessment questions, answered in sentences that count facts.

use std::sync::OnceLock;

use serde::Deserialize;
use xiezhi_model::{AnyTable, Inventory, Label, Schema, service};
use xiezhi_rule::{Condition, Context};

use crate::assessment::{Answer, Point};

/// One question and the sentences that answer it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// 1 to 9.
    pub number: u8,
    /// The area whose section answers it.
    pub area: String,
    /// In English.
    pub en: String,
    /// In Chinese.
    pub zh: String,
    /// The sentences.
    pub point: Vec<PointText>,
}

/// One sentence: what is counted, and how the count is said.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PointText {
    /// The kind that is counted.
    pub subject: String,
    /// Which of them; all when empty.
    pub of: String,
    /// What is asked of each.
    pub yes: String,
    /// The count in English; empty for a sentence about the account.
    pub en: String,
    /// The count in Chinese.
    pub zh: String,
    /// Said when a complete listing has none.
    pub none_en: String,
    /// Said when a complete listing has none.
    pub none_zh: String,
    /// Said of the account when it is so.
    pub yes_en: String,
    /// Said of the account when it is so.
    pub yes_zh: String,
    /// Said of the account when it is not so.
    pub no_en: String,
    /// Said of the account when it is not so.
    pub no_zh: String,
    /// Said of the account when nobody can tell.
    pub unknown_en: String,
    /// Said of the account when nobody can tell.
    pub unknown_zh: String,
}

#[derive(Deserialize)]
struct File {
    question: Vec<Question>,
}

struct Ready {
    questions: Vec<Question>,
    conditions: Vec<Vec<Option<Compiled>>>,
}

struct Compiled {
    schema: &'static Schema,
    of: Option<Condition>,
    yes: Condition,
}

/// The nine questions, in order.
pub fn questions() -> &'static [Question] {
    &ready().questions
}

fn ready() -> &'static Ready {
    static READY: OnceLock<Ready> = OnceLock::new();
    READY.get_or_init(|| {
        // Part of the program: a test compiles every predicate, so that nothing is silently left out here.
        let file: Result<File, _> = toml::from_str(include_str!("../data/questions.toml"));
        let questions = file.map_or_else(|_| Vec::new(), |file| file.question);
        let conditions =
            questions.iter().map(|question| question.point.iter().map(|p| compile(p).ok()).collect()).collect();
        Ready { questions, conditions }
    })
}

fn compile(point: &PointText) -> Result<Compiled, String> {
    let schema = service::kind(&point.subject).ok_or_else(|| format!("no kind `{}`", point.subject))?;
    let condition = |text: &str| Condition::new(schema, text).map_err(|error| error.to_string());
    let of = if point.of.is_empty() { None } else { Some(condition(&point.of)?) };
    Ok(Compiled { schema, of, yes: condition(&point.yes)? })
}

/// Answers the nine questions over an inventory.
pub(crate) fn answers(inventory: &Inventory, context: &Context<'_>, evidence: Label) -> Vec<Answer> {
    let ready = ready();
    ready
        .questions
        .iter()
        .zip(&ready.conditions)
        .map(|(question, conditions)| {
            let points: Vec<Point> = conditions
                .iter()
                .enumerate()
                .filter_map(|(at, compiled)| {
                    compiled.as_ref().map(|compiled| count(inventory, context, at, compiled, evidence))
                })
                .collect();
            let label = points.iter().map(|point| point.label).max().unwrap_or(evidence);
            Answer { number: question.number, label, points }
        })
        .collect()
}

fn count(inventory: &Inventory, context: &Context<'_>, at: usize, compiled: &Compiled, evidence: Label) -> Point {
    let table = inventory.table(compiled.schema.kind);
    let complete = inventory.gaps(compiled.schema).is_empty();
    let mut point = Point { point: at, all: 0, yes: 0, no: 0, unknown: 0, complete, label: evidence };
    let mut weakest: Option<Label> = None;
    for record in (0..table.map_or(0, AnyTable::count)).filter_map(|row| table?.record(row)) {
        let of = compiled.of.as_ref().map(|of| of.ask(context, record));
        let (truth, label) = match of {
            Some((Some(false), _)) => continue,
            Some((None, label)) => (None, label),
            Some((Some(true), _)) | None => compiled.yes.ask(context, record),
        };
        point.all = point.all.saturating_add(1);
        let slot = match truth {
            Some(true) => &mut point.yes,
            Some(false) => &mut point.no,
            None => &mut point.unknown,
        };
        *slot = slot.saturating_add(1);
        if truth.is_some() {
            weakest = weakest.max(Some(label));
        }
    }
    point.label = weakest.unwrap_or(evidence);
    point
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_question_has_two_or_three_sentences_that_compile() {
        assert_eq!(questions().iter().map(|q| q.number).collect::<Vec<_>>(), (1..=9).collect::<Vec<_>>());
        for question in questions() {
            assert!((2..=3).contains(&question.point.len()), "question {}", question.number);
            for point in &question.point {
                if let Err(error) = compile(point) {
                    panic!("question {}: {error}", question.number);
                }
                let account = !point.yes_en.is_empty();
                let texts: &[&str] = if account {
                    &[&point.yes_en, &point.yes_zh, &point.no_en, &point.no_zh, &point.unknown_en, &point.unknown_zh]
                } else {
                    &[&point.en, &point.zh, &point.none_en, &point.none_zh]
                };
                assert!(texts.iter().all(|text| !text.is_empty()), "question {}: a text is missing", question.number);
            }
        }
    }
}
