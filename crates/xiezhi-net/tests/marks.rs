//! What the reference leaves open: every marked rule has its assumption, both readings of each are evaluated by the
//! plain evaluator and the engine, and a verdict that depends on one names it.

#![allow(
    clippy::panic,
    clippy::unreachable,
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::missing_docs_in_private_items
)]

mod common;

use std::collections::BTreeSet;

use common::small::{between_under, leaving_under};
use common::{Dice, GENERATORS, Holes};
use serde::Deserialize;
use xiezhi_net::assume::{Assumption, Readings, Truth};
use xiezhi_net::model::{Id, Network};
use xiezhi_net::path::Target;
use xiezhi_net::set::Flow;
use xiezhi_net::{plain, reach};

/// Assumptions that speak of flows out to the internet only.
const OUTBOUND: [Assumption; 2] = [Assumption::MailPort, Assumption::SnatBesideEip];

struct Mark {
    rule: &'static str,
    answer: &'static str,
}

fn marks() -> Vec<Mark> {
    let lines = include_str!("marks.tsv").lines().filter(|line| !line.starts_with('#'));
    let read = |line: &'static str| {
        let [rule, mark, answer, open] = line.split('\t').collect::<Vec<_>>()[..] else { panic!("{line}") };
        assert!(matches!(mark, "X" | "U") && !open.is_empty(), "{line}");
        Mark { rule, answer }
    };
    lines.map(read).collect()
}

/// A small estate in which one assumption decides on one packet.
#[derive(Deserialize)]
struct Case {
    code: String,
    what: String,
    change: serde_json::Map<String, serde_json::Value>,
    from: Option<Id>,
    to: Option<Id>,
    flow: Flow,
    stated: String,
    other: String,
}

#[derive(Deserialize)]
struct Cases {
    base: serde_json::Map<String, serde_json::Value>,
    cases: Vec<Case>,
}

impl Case {
    /// What both evaluators say about the packet: between two interfaces, from one to the internet, or from the internet
    /// to an interface or whatever takes it.
    fn verdict(&self, network: &Network, readings: &Readings) -> Truth {
        let (plain, certain, possible) = match (&self.from, &self.to) {
            (Some(from), Some(to)) => return between_under(network, readings, from, to, &self.flow),
            (Some(from), None) => return leaving_under(network, readings, from, &self.flow),
            (None, to) => {
                let meant = |target: &Target| to.as_ref().is_none_or(|id| *target == Target::Interface(id.clone()));
                let traces = plain::from_internet(network, readings, &self.flow).into_iter();
                let traces = traces.filter(|trace| meant(&trace.target));
                let report = reach::from_internet(network, readings);
                let ways = || report.exposures.iter().filter(|one| meant(&one.target));
                (
                    traces.map(|trace| trace.verdict).fold(Truth::No, Truth::or),
                    ways().any(|one| one.certain().contains(&self.flow)),
                    ways().any(|one| one.possible().contains(&self.flow)),
                )
            }
        };
        assert_eq!((certain, possible), (plain.is_yes(), !plain.is_no()), "the engine disagrees: {}", self.what);
        plain
    }
}

fn cases() -> Vec<(Assumption, Network, Case)> {
    let Cases { base, cases } = serde_json::from_str(include_str!("assumptions.json")).unwrap();
    let read = |case: Case| {
        let assumption = Assumption::ALL.into_iter().find(|one| one.code() == case.code).unwrap();
        let mut network = base.clone();
        network.extend(case.change.clone());
        (assumption, serde_json::from_value(network.into()).unwrap(), case)
    };
    cases.into_iter().map(read).collect()
}

fn word(truth: &Truth) -> &'static str {
    match truth {
        Truth::Yes => "yes",
        Truth::No => "no",
        Truth::Unknown(_) => "unknown",
    }
}

#[test]
fn every_marked_rule_names_an_assumption_or_is_answered_unknown_and_every_assumption_belongs_to_a_marked_rule() {
    let marks = marks();
    let rules: BTreeSet<&str> = marks.iter().map(|mark| mark.rule).collect();
    assert_eq!(rules.len(), marks.len(), "a rule is marked twice");
    let named: BTreeSet<&str> = marks.iter().map(|mark| mark.answer).filter(|answer| *answer != "unknown").collect();
    let known: BTreeSet<&str> = Assumption::ALL.iter().map(|assumption| assumption.code()).collect();
    assert_eq!(named, known);
}

#[test]
fn every_assumption_has_a_case() {
    let shown: BTreeSet<Assumption> = cases().into_iter().map(|(assumption, ..)| assumption).collect();
    assert_eq!(shown, BTreeSet::from(Assumption::ALL));
}

#[test]
fn the_two_readings_differ_and_without_one_the_verdict_is_unknown_and_names_the_assumption() {
    for (assumption, network, case) in cases() {
        let under = |holds: bool| case.verdict(&network, &Readings::default().with(assumption, holds));
        assert_eq!((word(&under(true)), word(&under(false))), (&*case.stated, &*case.other), "{}", case.what);
        assert_ne!(case.stated, case.other);
        match case.verdict(&network, &Readings::default()) {
            // A documented default is taken, and named by whoever answers.
            Truth::Yes => assert_eq!(assumption, Assumption::DefaultPort),
            Truth::Unknown(why) => assert!(why.iter().any(|reason| reason.to_string() == case.code), "{why:?}"),
            Truth::No => panic!("{}: no without a reading", case.what),
        }
    }
}

#[test]
fn a_report_made_under_a_fixed_reading_says_so() {
    for (assumption, network, _) in cases() {
        let report = reach::from_internet(&network, &Readings::default().with(assumption, false));
        assert_eq!(report.assumed, vec![assumption]);
    }
}

#[test]
fn an_open_exposure_gives_the_assumption_as_its_reason() {
    for (assumption, network, case) in cases().into_iter().filter(|(_, _, case)| case.from.is_none()) {
        let report = reach::from_internet(&network, &Readings::default());
        let at: Vec<_> = report.exposures.iter().filter(|one| one.possible().contains(&case.flow)).collect();
        let named = at.iter().flat_map(|one| one.reasons()).any(|reason| reason.to_string() == case.code);
        // Of an assumed port only the other ports are open.
        assert_eq!(named, assumption != Assumption::DefaultPort, "{}", case.what);
    }
}

#[test]
fn no_verdict_about_ways_in_rests_on_what_is_assumed_of_flows_out() {
    for (name, generate) in GENERATORS {
        for seed in 0..20 {
            let network = generate(&mut Dice::new(seed), Holes(20));
            for assumption in OUTBOUND {
                let under = |holds: bool| {
                    let report = reach::from_internet(&network, &Readings::default().with(assumption, holds));
                    report.exposures.iter().map(|one| (one.certain(), one.possible())).collect::<Vec<_>>()
                };
                assert_eq!(under(true), under(false), "{name} {seed}");
            }
        }
    }
}
