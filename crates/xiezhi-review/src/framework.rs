//! Frameworks: every control of each, bilingual, with how it is decided. Checks name controls as `framework:control`.

use std::collections::BTreeMap;

use serde::Deserialize;
use xiezhi_rule::CheckSet;

use crate::{FRAMEWORK_FILES, ReviewError};

/// A framework: a standard, a benchmark, or the review itself.
#[derive(Debug, Clone, Deserialize)]
pub struct Framework {
    /// The id, equal to the file's name: `review`, `mlps-2-level-3`.
    pub id: String,
    /// The name in English.
    pub en: String,
    /// The name in Chinese.
    pub zh: String,
    /// Its controls, in its own order.
    pub controls: Vec<Control>,
}

/// One control of a framework.
#[derive(Debug, Clone, Deserialize)]
pub struct Control {
    /// The id inside the framework: `4`, `8.1.4.2`.
    pub id: String,
    /// What it asks, in our own words, in English.
    pub en: String,
    /// The same in Chinese.
    pub zh: String,
    /// How it is decided.
    pub decided: Decided,
}

/// How a control is decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Decided {
    /// Configuration evidence decides it.
    Automated,
    /// Configuration evidence supports a part of it.
    Partial,
    /// People state it (`attest.toml`).
    Attested,
    /// Nothing that this program reads decides it: an open question for people.
    NotDecidable,
}

/// Every framework of the program, in order of id.
///
/// # Errors
/// When a framework file is not of the form that this module declares; a test reads them all.
pub fn frameworks() -> Result<Vec<Framework>, ReviewError> {
    FRAMEWORK_FILES
        .iter()
        .map(|(path, text)| toml::from_str(text).map_err(|error| ReviewError::Framework(format!("`{path}`: {error}"))))
        .collect()
}

/// How many checks give evidence to each control that has any, as `framework:control`.
pub fn coverage(checks: &CheckSet) -> BTreeMap<&str, usize> {
    let mut counts = BTreeMap::new();
    for control in checks.checks().iter().flat_map(|check| check.controls.iter()) {
        let count = counts.entry(control.as_str()).or_insert(0_usize);
        *count = count.saturating_add(1);
    }
    counts
}
