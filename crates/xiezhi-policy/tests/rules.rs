//! The numbered rules of the reference on RAM, each with what fits it and what does not: `rules/*.json`. A rule without one is a
//! failure here, so the list of the rules is the report on what is held.
//!
//! `documents` are policy texts with the fault or the note that each must have, or none; what has a fault is never decided. `examples`
//! are policies and requests (`said/example.rs`) of which one passes and one does not. `lints` fire on one statement and keep quiet on
//! the other. `tests` name tests elsewhere, for what needs more than a policy and a request; `none` says why there is nothing to decide.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod said;

use said::OWNER;
use said::example::{examine, kind, list, text};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use xiezhi_policy::{Caller, Outcome, Policy, PolicyKind, Reading, Request, Switch, check, lint};

const FILES: [&str; 3] =
    [include_str!("rules/language.json"), include_str!("rules/evaluation.json"), include_str!("rules/switches.json")];

/// How many rules each chapter of the reference has.
const CHAPTERS: [(&str, usize); 3] = [("R-1", 46), ("R-2", 38), ("R-3", 2)];

/// Where the tests stand that the rules name.
const TESTS: [&str; 8] = [
    include_str!("documented.rs"),
    include_str!("escalation_lab.rs"),
    include_str!("examples.rs"),
    include_str!("language.rs"),
    include_str!("lint_and_least.rs"),
    include_str!("outsiders.rs"),
    include_str!("official_pages.rs"),
    include_str!("../src/call/tests.rs"),
];

fn rules() -> Vec<Value> {
    FILES.iter().flat_map(|text| serde_json::from_str::<Vec<Value>>(text).unwrap()).collect()
}

fn kind_of(value: &Value) -> PolicyKind {
    value.get("kind").map_or(PolicyKind::Identity, |word| kind(word.as_str().unwrap()))
}

#[test]
fn every_rule_of_the_reference_is_held_by_something() {
    let mut held: BTreeMap<String, usize> = BTreeMap::new();
    for rule in rules() {
        let number = text(&rule, "rule").to_owned();
        assert!(!text(&rule, "says").is_empty(), "{number}: what does it say?");
        let tests = list(&rule, "tests");
        for test in tests {
            let test = test.as_str().unwrap();
            assert!(TESTS.iter().any(|file| file.contains(&format!("fn {test}()"))), "{number}: no test `{test}`");
        }
        let proofs = ["documents", "examples", "lints"].iter().map(|name| list(&rule, name).len()).sum::<usize>();
        match rule.get("none") {
            Some(why) => {
                assert!(why.as_str().unwrap().len() > 60, "{number}: why is there nothing?");
                assert_eq!(proofs + tests.len(), 0, "{number}: there is something");
            }
            None => assert!(proofs + tests.len() > 0, "{number} is held by nothing"),
        }
        let before = held.insert(number.clone(), proofs);
        assert!(before.is_none(), "{number} stands twice");
    }
    let wanted: BTreeSet<String> = CHAPTERS
        .iter()
        .flat_map(|(chapter, count)| (1..=*count).map(move |number| format!("{chapter}.{number}")))
        .chain(Switch::ALL.iter().map(ToString::to_string))
        .collect();
    let there: BTreeSet<String> = held.keys().cloned().collect();
    assert_eq!(there, wanted);
    assert!(held.values().filter(|proofs| **proofs > 0).count() >= 85, "{held:?}");
}

#[test]
fn every_text_has_the_fault_or_the_note_of_its_rule_and_what_is_faulty_is_never_decided() {
    for rule in rules() {
        let number = text(&rule, "rule");
        let (mut faulty, mut sound) = (0, 0);
        for document in list(&rule, "documents") {
            let whole = match (document.get("text"), document.get("document"), document.get("statement")) {
                (Some(text), ..) => text.as_str().unwrap().to_owned(),
                (_, Some(whole), _) => whole.to_string(),
                (.., Some(statement)) => format!(r#"{{"Version":"1","Statement":[{statement}]}}"#),
                _ => panic!("{number}: no text in {document}"),
            };
            let policy = Policy::parse("p", kind_of(document), &whole);
            let said: Vec<String> = policy.problems.iter().map(|problem| format!("{:?}", problem.fault)).collect();
            let wanted = document.get("fault").or_else(|| document.get("note")).map(|v| v.as_str().unwrap());
            match wanted {
                Some(word) => assert!(said.iter().any(|fault| fault.starts_with(word)), "{number}: {whole}: {said:?}"),
                None => assert!(said.is_empty(), "{number}: {whole}: {said:?}"),
            }
            for problem in &policy.problems {
                assert!(problem.at.line > 0 && problem.at.column > 0 && !problem.remedy().is_empty(), "{number}");
            }
            if document.get("fault").is_none() {
                sound += 1;
                continue;
            }
            faulty += 1;
            // Keys that the conditions of these texts ask for: the doubt must come from the fault, not from them.
            let ann = Caller::User { account: OWNER.into(), name: "ann".into(), id: None };
            let request = ["k", "l", "a", "n"]
                .iter()
                .fold(Request::new(ann, "oss:GetObject", "acs:oss:oss-cn-hangzhou:1001:b/k"), |request, key| {
                    request.with_key(key, "1")
                });
            let request = request.with_key("acs:SourceIp", "10.0.0.1").with_key("acs:MFAPresent", "true");
            if kind_of(document) == PolicyKind::Identity {
                let outcome = check(&[&policy], &request, OWNER, &Reading::standard());
                let deny_alone = whole.contains(r#""Effect":"Deny""#) && !whole.contains(r#""Effect":"Allow""#);
                let want = if deny_alone { Outcome::Denied } else { Outcome::Unknown };
                assert_eq!(outcome, want, "{number}: {whole}");
            }
        }
        let expected = list(&rule, "documents").iter().any(|d| d.get("note").is_some());
        assert!(faulty + sound == 0 || faulty > 0 || expected, "{number}: nothing here breaks the rule");
    }
}

#[test]
fn every_example_decides_as_its_rule_says() {
    let (mut wrong, mut requests) = (Vec::new(), 0_usize);
    for rule in rules() {
        let number = text(&rule, "rule");
        for example in list(&rule, "examples") {
            requests += examine(example, number, &mut wrong);
        }
    }
    assert!(wrong.is_empty(), "{} of {requests} requests:\n{}", wrong.len(), wrong.join("\n"));
    assert!(requests >= 230, "{requests} requests");
}

#[test]
fn every_remark_of_a_rule_is_made_where_it_belongs_and_nowhere_else() {
    for rule in rules() {
        let number = text(&rule, "rule");
        for case in list(&rule, "lints") {
            let said = |name: &str| {
                let whole = format!(r#"{{"Version":"1","Statement":[{}]}}"#, case[name]);
                let policy = Policy::parse("p", kind_of(case), &whole);
                assert!(policy.problems.is_empty(), "{number}: {:?}", policy.problems);
                let remarks = lint::policy(&policy, &Default::default());
                remarks.iter().any(|remark| format!("{:?}", remark.lint) == text(case, "lint"))
            };
            assert!(said("bad"), "{number}: {case}: silent");
            assert!(!said("good"), "{number}: {case}: the good one is remarked on");
        }
    }
}
