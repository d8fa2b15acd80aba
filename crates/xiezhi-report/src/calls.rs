//! Which API calls would settle an open question.

use std::collections::BTreeSet;

use xiezhi_model::Reason;
use xiezhi_review::{OpenQuestion, Review};

/// How many calls a remedy names at the most.
const MOST: usize = 6;

/// The calls that fill the facts which an open question's checks read, `product:Action`, in order; only for reasons
/// that a call can settle.
pub(crate) fn settling(review: &Review, open: &OpenQuestion) -> Vec<String> {
    if !matches!(open.reason, Reason::NotCollected | Reason::NotInEvidence) {
        return Vec::new();
    }
    let mut calls: BTreeSet<String> = BTreeSet::new();
    for check in open.checks.iter().filter_map(|at| review.checks.checks().get(*at)) {
        for (kind, field) in check.reads() {
            calls.extend(xiezhi_read::fills::calls_for(kind, field).map(str::to_owned));
        }
    }
    let more = calls.len() > MOST;
    let mut named: Vec<String> = calls.into_iter().take(MOST).collect();
    if more {
        named.push("…".to_owned());
    }
    named
}
