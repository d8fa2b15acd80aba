//! What evidence says: known, absent or missing; and listings that may be incomplete.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// The id of a resource, as the provider writes it. Cheap to copy.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Id(Arc<str>);

impl Id {
    /// The text of the id.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Id {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl From<String> for Id {
    fn from(text: String) -> Self {
        Self(text.into())
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One value of the evidence.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Seen<T> {
    /// The evidence states it.
    Known(T),
    /// The evidence states that there is none.
    #[default]
    Absent,
    /// It was not collected or not understood; the name of the evidence that is missing.
    Missing(Arc<str>),
}

impl<T> Seen<T> {
    /// The value when it is known.
    pub const fn known(&self) -> Option<&T> {
        match self {
            Self::Known(value) => Some(value),
            Self::Absent | Self::Missing(_) => None,
        }
    }

    /// What is missing, when it is.
    #[must_use]
    pub const fn gap(&self) -> Option<&Arc<str>> {
        match self {
            Self::Missing(what) => Some(what),
            Self::Known(_) | Self::Absent => None,
        }
    }
}

impl<T> From<T> for Seen<T> {
    fn from(value: T) -> Self {
        Self::Known(value)
    }
}

/// All resources of one kind that were seen, and what stands in the way of "all there are".
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Listing<T> {
    /// The resources that were seen.
    pub items: Vec<T>,
    /// The evidence without which the list may be incomplete; empty for a complete list.
    #[serde(default = "Vec::new", skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<Arc<str>>,
}

impl<T> Default for Listing<T> {
    fn default() -> Self {
        Self { items: Vec::new(), missing: Vec::new() }
    }
}

impl<T> Listing<T> {
    /// A list that holds everything there is.
    #[must_use]
    pub const fn complete(items: Vec<T>) -> Self {
        Self { items, missing: Vec::new() }
    }

    /// A list that may lack resources, with the name of what was not collected.
    #[must_use]
    pub fn partial(items: Vec<T>, missing: &str) -> Self {
        Self { items, missing: vec![missing.into()] }
    }

    /// Whether the list holds everything there is.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.missing.is_empty()
    }

    /// The resources that were seen.
    pub fn iter(&self) -> std::slice::Iter<'_, T> {
        self.items.iter()
    }
}

impl<T> From<Vec<T>> for Listing<T> {
    fn from(items: Vec<T>) -> Self {
        Self::complete(items)
    }
}

impl<'a, T> IntoIterator for &'a Listing<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;
    fn into_iter(self) -> Self::IntoIter {
        self.items.iter()
    }
}
