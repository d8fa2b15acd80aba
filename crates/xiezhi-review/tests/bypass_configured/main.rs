//! The catalogue of bypasses (network semantics §6.2) in configurations: a pair (bypass, closed) for every case that
//! Terraform and ROS can express, through reading, `ask waf` and the checks; and for the others why they cannot.
//!
//! A configuration never knows the ranges from which WAF talks to origins, nor (WAF 3) the name that DNS has to point to.
//! So the closed side of a pair has no proven way around, and what stays open is said to be open.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod ros;
mod terraform;

use std::collections::BTreeSet;

use xiezhi_model::Batch;
use xiezhi_read::Input;
use xiezhi_review::ask_network::{Ground, Verdict, waf};
use xiezhi_review::{CHECK_FILES, Outcome};
use xiezhi_rule::CheckSet;

use ros::ROS;
use terraform::TERRAFORM;

const SHOP: &str = include_str!("shop.tf");
const TEMPLATE: &str = include_str!("shop.yaml");

/// What is done to the shop: texts that are replaced, and resources beside.
struct Change {
    replaced: &'static [(&'static str, &'static str)],
    beside: &'static str,
}

/// How a format expresses a case.
enum Told {
    /// What both sides have, and what differs: the text `@@` in `both` becomes the first on the side of the bypass, the
    /// second on the closed side.
    Pair { both: Change, differs: [&'static str; 2], check: &'static str },
    /// Not at all, and why.
    Never(&'static str),
}

const RANGES: &str = "the ranges from which WAF talks to origins are no attribute of any resource";
const PLAIN: Change = Change { replaced: &[], beside: "" };

fn evidence(base: &str, name: &str, both: &Change, differs: &str) -> Vec<Batch> {
    let mut text = base.to_owned();
    for (from, to) in both.replaced {
        assert!(text.contains(from), "the shop has no {from}");
        text = text.replace(from, &to.replace("@@", differs));
    }
    text.push_str(&both.beside.replace("@@", differs));
    let inputs = [Input::Bytes { name: name.to_owned(), bytes: text.into_bytes(), live: false }];
    let reading = xiezhi_read::read(&inputs, &xiezhi_read::Options::default());
    assert!(reading.problems.is_empty(), "{:?}", reading.problems);
    for batch in &reading.batches {
        assert!(batch.problems.is_empty(), "{:?}", batch.problems);
    }
    reading.batches
}

/// The cases that are proven.
fn proven(batches: Vec<Batch>) -> BTreeSet<String> {
    let answer = waf(&Ground::new(batches));
    let bypass = |part: &xiezhi_review::ask_network::Part| {
        let of = part.facts.iter().filter(|_| part.verdict == Verdict::No).find(|(name, _)| *name == "bypass");
        of.map(|(_, case)| case.split(' ').next().unwrap_or_default().to_owned())
    };
    answer.parts.iter().filter_map(bypass).collect()
}

/// What a check says of every resource.
fn said(batches: Vec<Batch>, check: &str) -> BTreeSet<&'static str> {
    let set = CheckSet::load(CHECK_FILES.iter().copied());
    let review = xiezhi_review::review(batches, set, xiezhi_review::Options::default());
    let index = review.checks.checks().iter().position(|one| one.id == check).unwrap_or_else(|| panic!("no {check}"));
    let of = review.assessment.verdicts.iter().filter(|verdict| verdict.check == index);
    of.filter(|verdict| verdict.outcome != Outcome::NotApplicable).map(|verdict| verdict.outcome.as_str()).collect()
}

fn every_pair(base: &str, name: &str, cases: &[(u8, Told)]) {
    let mut wrong = Vec::new();
    for (case, told) in cases {
        let Told::Pair { both, differs, check } = told else { continue };
        let [open, closed] = differs.map(|differs| proven(evidence(base, name, both, differs)));
        if open != BTreeSet::from([case.to_string()]) {
            wrong.push(format!("case {case} with the bypass proves {open:?}"));
        }
        if !closed.is_empty() {
            wrong.push(format!("case {case} closed proves {closed:?}"));
        }
        let [open, closed] = differs.map(|differs| said(evidence(base, name, both, differs), check));
        if open != BTreeSet::from(["fail"]) || closed.is_empty() || closed.contains("fail") {
            wrong.push(format!("case {case}: {check} says {open:?} of the bypass and {closed:?} of the closed side"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_shop_as_it_is_has_no_proven_way_around() {
    assert_eq!(proven(evidence(SHOP, "root/main.tf", &PLAIN, "")), BTreeSet::new());
    assert_eq!(proven(evidence(TEMPLATE, "stack.yaml", &PLAIN, "")), BTreeSet::new());
}

#[test]
fn terraform_proves_every_bypass_that_it_can_express_and_no_closed_one() {
    every_pair(SHOP, "root/main.tf", &TERRAFORM);
}

#[test]
fn a_template_proves_every_bypass_that_it_can_express_and_no_closed_one() {
    every_pair(TEMPLATE, "stack.yaml", &ROS);
}

#[test]
fn every_case_of_the_catalogue_has_a_pair_or_a_reason_in_either_format() {
    for cases in [&TERRAFORM, &ROS] {
        let numbers: Vec<u8> = cases.iter().map(|(case, _)| *case).collect();
        assert_eq!(numbers, (1..=17).collect::<Vec<u8>>());
        for (case, told) in cases {
            if let Told::Never(why) = told {
                assert!(why.len() > 20, "case {case}: {why}");
            }
        }
    }
}
