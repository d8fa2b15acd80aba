//! How strong the evidence behind a claim is.

use std::fmt;

/// The evidence label of a claim, strongest first: the weakest of two is their maximum.
///
/// Source: reference review, operating rule O5.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Label {
    /// Read from the provider's API by this program in this run.
    Live,
    /// Handed over by somebody: dumps, Terraform, templates, attestations.
    UserProvided,
    /// Stated by official documentation, such as a provider default.
    Documentation,
    /// Concluded under an unconfirmed rule or a heuristic, which the claim names.
    Inference,
}

impl Label {
    /// The label of a claim that rests on both.
    #[must_use]
    pub fn weakest(self, other: Label) -> Label {
        self.max(other)
    }

    /// The label as reports and the JSON result write it, in every language.
    pub fn as_str(self) -> &'static str {
        match self {
            Label::Live => "live evidence",
            Label::UserProvided => "user-provided sanitized evidence",
            Label::Documentation => "documentation-based",
            Label::Inference => "inference",
        }
    }
}

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
