//! An answer for programs, version 1. Field names are stable; a change that breaks a reader makes version 2.

use serde::Serialize;
use xiezhi_review::ask_network::Answer;

use crate::ask::json::{VERSION, masked};
use crate::words::Lang;

#[derive(Serialize)]
struct Envelope<'a> {
    format: &'static str,
    language: &'static str,
    sentence: String,
    #[serde(flatten)]
    answer: &'a Answer,
}

/// The answer as JSON text, everything that looks like a credential masked.
///
/// # Errors
/// Never for an [`Answer`]; whatever the writer reports otherwise.
pub fn text(answer: &Answer, lang: Lang) -> Result<String, serde_json::Error> {
    let sentence = super::headline(answer, lang);
    let envelope = Envelope { format: VERSION, language: lang.pick("en", "zh"), sentence, answer };
    let mut value = serde_json::to_value(envelope)?;
    let told = value.get_mut("assumptions").and_then(|all| all.as_array_mut()).into_iter().flatten();
    for (rule, told) in answer.assumptions.iter().zip(told) {
        if let Some(readings) = told.get_mut(1) {
            *readings = super::assumed::readings(*rule, lang).as_slice().into();
        }
    }
    masked(&mut value);
    let mut text = serde_json::to_string_pretty(&value)?;
    text.push('\n');
    Ok(text)
}
