//! An answer for programs, version 1. Field names are stable; a change that breaks a reader makes version 2.

use serde::Serialize;
use serde_json::Value;
use xiezhi_read::secret::mask;
use xiezhi_review::ask::Answer;

use crate::words::Lang;

/// The version of the envelope.
pub const VERSION: &str = "xiezhi-answer/1";

#[derive(Serialize)]
struct Envelope<'a> {
    format: &'static str,
    tool: Tool,
    language: &'static str,
    sentence: String,
    #[serde(flatten)]
    answer: &'a Answer,
}

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

/// The answer as JSON text, everything that looks like a credential masked.
///
/// # Errors
/// Never for an [`Answer`]; whatever the writer reports otherwise.
pub fn text(answer: &Answer, lang: Lang) -> Result<String, serde_json::Error> {
    let envelope = Envelope {
        format: VERSION,
        tool: Tool { name: "xiezhi", version: env!("CARGO_PKG_VERSION") },
        language: lang.pick("en", "zh"),
        sentence: super::headline(answer, lang),
        answer,
    };
    let mut value = serde_json::to_value(envelope)?;
    masked(&mut value);
    let mut text = serde_json::to_string_pretty(&value)?;
    text.push('\n');
    Ok(text)
}

/// Masks whatever looks like a credential in every string of a value.
pub(crate) fn masked(value: &mut Value) {
    match value {
        Value::String(text) => {
            if let std::borrow::Cow::Owned(safe) = mask(text) {
                *text = safe;
            }
        }
        Value::Array(list) => list.iter_mut().for_each(masked),
        Value::Object(fields) => fields.values_mut().for_each(masked),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
