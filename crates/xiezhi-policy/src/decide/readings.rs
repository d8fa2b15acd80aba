//! Decisions under every reading of the switches.

use super::{Decision, Layers, decide};
use crate::request::Request;
use crate::switches::{Choice, Reading, Switch};
use serde::Serialize;

/// A decision with the switches that it depends on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Verdict {
    /// The decision under the default reading.
    pub decision: Decision,
    /// The switches whose other reading changes the answer. Not empty: the verdict is an inference.
    pub depends_on: Vec<Switch>,
}

/// Decides one request and names the switches on which the answer depends.
#[must_use]
pub fn judge(request: &Request, layers: &Layers<'_>) -> Verdict {
    let standard = Reading::standard();
    let decision = decide(request, layers, &standard);
    let depends_on = switches_that_matter(decision.outcome, |reading| decide(request, layers, reading).outcome);
    Verdict { decision, depends_on }
}

/// The switches on which an answer depends, found by flipping one at a time; when only several together change it, all open ones.
pub fn switches_that_matter<T: PartialEq>(standard: T, ask: impl Fn(&Reading) -> T) -> Vec<Switch> {
    if ask(&Reading::either()) == standard {
        return Vec::new();
    }
    let base = Reading::standard();
    let single: Vec<Switch> =
        Switch::ALL.into_iter().filter(|s| ask(&base.with(*s, Choice::Second)) != standard).collect();
    if !single.is_empty() {
        return single;
    }
    // No single flip matters: the smallest set of open switches that leaves the answer open, found by closing one after another.
    let mut reading = Reading::either();
    for switch in Switch::ALL {
        let closed = reading.with(switch, Choice::First);
        if ask(&closed) != standard {
            reading = closed;
        }
    }
    Switch::ALL.into_iter().filter(|s| reading.of(*s) == Choice::Either).collect()
}
