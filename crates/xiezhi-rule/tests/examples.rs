//! The examples of the fixture checks: each must say what it expects.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::{Path, PathBuf};

use xiezhi_rule::{CheckSet, Shown};

fn files(folder: &Path, found: &mut Vec<(String, String)>) {
    let mut entries: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            files(&path, found);
        } else {
            found.push((path.display().to_string(), std::fs::read_to_string(&path).unwrap()));
        }
    }
}

fn fixtures() -> CheckSet {
    let mut found = Vec::new();
    files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/checks"), &mut found);
    assert!(!found.is_empty());
    CheckSet::load(found)
}

#[test]
fn every_example_of_the_fixtures_gets_the_answer_that_it_expects() {
    let set = fixtures();
    let errors: Vec<String> = set.errors().iter().map(ToString::to_string).collect();
    assert!(errors.is_empty(), "{}", errors.join("\n"));
    let (mut wrong, mut ran) = (Vec::new(), 0);
    for check in set.checks() {
        for example in &check.examples {
            let Some(explained) = check.run_example(example) else { continue };
            ran += 1;
            if explained.answer != example.expected {
                let (path, line) = (&check.path, example.line);
                wrong.push(format!("{path}:{line}: expected {}, got {explained:#?}", example.expected));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(ran >= 9);
}

#[test]
fn shipped_form_is_met_by_the_fixtures() {
    let set = fixtures();
    let found: Vec<String> =
        set.checks().iter().flat_map(|check| check.shortcomings()).map(|e| e.to_string()).collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn an_unknown_says_which_facts_made_it_so() {
    let set = fixtures();
    let check = set.get("oss-bucket-listable").unwrap();
    let example = check.examples.iter().filter(|e| e.expected == xiezhi_rule::Answer::Unknown).nth(1).unwrap();
    let explained = check.run_example(example).unwrap();
    let [premise] = explained.premises.as_slice() else { panic!("{explained:#?}") };
    assert_eq!(premise.path, "bucket.acl");
    assert!(matches!(&premise.shown, Shown::Unknown(reason) if reason.code() == "refused"));
    assert_eq!(premise.origin.as_ref().unwrap().line, example.line + 1);
}

#[test]
fn without_examples_the_same_checks_load() {
    let mut found = Vec::new();
    files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/checks"), &mut found);
    let (whole, lean) = (fixtures(), CheckSet::load_without_examples(found));
    let ids = |set: &CheckSet| set.checks().iter().map(|check| check.id.clone()).collect::<Vec<_>>();
    assert_eq!(ids(&whole), ids(&lean));
    assert!(lean.checks().iter().all(|check| check.examples.is_empty()));
}
