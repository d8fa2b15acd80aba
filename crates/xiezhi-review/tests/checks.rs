//! Every check of the program: it loads, its examples say what they say, its controls exist.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

use std::collections::BTreeSet;

use xiezhi_review::{CHECK_FILES, Decided, coverage, frameworks, run_examples};
use xiezhi_rule::CheckSet;

fn checks() -> CheckSet {
    CheckSet::load(CHECK_FILES.iter().copied())
}

#[test]
fn every_check_loads() {
    let errors: Vec<String> = checks().errors().iter().map(ToString::to_string).collect();
    assert!(errors.is_empty(), "{}", errors.join("\n"));
}

#[test]
fn every_example_says_what_the_file_expects() {
    let wrong: Vec<String> = run_examples(&checks())
        .into_iter()
        .map(|m| format!("{}: expected {}, said {:?} ({})", m.place, m.expected, m.said, m.detail))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_check_has_an_example_of_each_answer_and_texts_in_both_languages() {
    let set = checks();
    let missing: Vec<String> =
        set.checks().iter().flat_map(|check| check.shortcomings()).map(|error| error.to_string()).collect();
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}

#[test]
fn every_control_that_a_check_names_exists() {
    let known: BTreeSet<String> = frameworks()
        .unwrap()
        .iter()
        .flat_map(|framework| framework.controls.iter().map(|control| format!("{}:{}", framework.id, control.id)))
        .collect();
    let set = checks();
    let mut unknown = Vec::new();
    for check in set.checks() {
        unknown.extend(check.controls.iter().filter(|c| !known.contains(*c)).map(|c| format!("{}: {c}", check.path)));
    }
    assert!(unknown.is_empty(), "no such control:\n{}", unknown.join("\n"));
}

#[test]
fn every_one_of_the_twelve_items_has_a_check() {
    let set = checks();
    let covered = coverage(&set);
    for item in 1..=12 {
        assert!(covered.contains_key(format!("review:{item}").as_str()), "item {item} has no check");
    }
}

#[test]
fn framework_files_are_named_by_their_id_and_have_texts_in_both_languages() {
    let all = frameworks().unwrap();
    let files: Vec<String> = xiezhi_review::FRAMEWORK_FILES
        .iter()
        .map(|(path, _)| path.trim_start_matches("frameworks/").trim_end_matches(".toml").to_owned())
        .collect();
    assert_eq!(all.iter().map(|framework| framework.id.clone()).collect::<Vec<_>>(), files);
    for framework in &all {
        let ids: BTreeSet<&str> = framework.controls.iter().map(|control| control.id.as_str()).collect();
        assert_eq!(ids.len(), framework.controls.len(), "{}: a control id is repeated", framework.id);
        for control in &framework.controls {
            assert!(!control.en.is_empty() && !control.zh.is_empty(), "{}:{}", framework.id, control.id);
        }
        assert!(framework.controls.iter().any(|control| control.decided != Decided::NotDecidable), "{}", framework.id);
    }
}

#[test]
fn every_field_is_filled_by_a_reader_or_declared_derived() {
    let mut orphans = Vec::new();
    for schema in xiezhi_model::service::KINDS {
        // What only people know is filled by `attest.toml`.
        for field in schema.fields.iter().filter(|field| !field.derived && !field.doc.contains("attest.toml")) {
            let by_call = xiezhi_read::fills::calls_for(schema.kind, field.name).next().is_some();
            let by_template = xiezhi_read::fills::templates_for(schema.kind, field.name).next().is_some();
            let by_ros = xiezhi_read::fills::ros_types_for(schema.kind, field.name).next().is_some();
            if !by_call && !by_template && !by_ros {
                orphans.push(format!("{}.{}", schema.kind, field.name));
            }
        }
    }
    assert!(orphans.is_empty(), "nothing fills: {}", orphans.join(", "));
}
