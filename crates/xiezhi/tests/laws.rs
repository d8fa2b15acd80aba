//! The laws of ARCHITECTURE.md over the bundled estate.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use xiezhi_read::{Input, Options as ReadOptions};
use xiezhi_report::Lang;
use xiezhi_review::{CHECK_FILES, Options, Outcome, Review};
use xiezhi_rule::CheckSet;

/// The time of the estate: ages in it are counted to this.
const AS_OF: &str = "2026-11-25T00:00:00Z";

fn estate(part: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/lanhai").join(part)
}

fn review(paths: &[PathBuf]) -> Review {
    let inputs: Vec<Input> = paths.iter().map(Input::path).collect();
    let reading = xiezhi_read::read(&inputs, &ReadOptions::default());
    let mut batches = reading.batches;
    let mut unread = xiezhi_model::Batch::new();
    unread.problems = reading.problems;
    batches.push(unread);
    let checks = CheckSet::load(CHECK_FILES.iter().copied());
    assert_eq!(checks.errors().first().map(ToString::to_string), None);
    xiezhi_review::review(batches, checks, Options { as_of: xiezhi_rule::unix_seconds(AS_OF), ..Options::default() })
}

/// What each check says of each resource, by (check, kind, id or place).
fn verdicts(review: &Review) -> BTreeMap<(String, &'static str, String), Outcome> {
    let name = |verdict: xiezhi_review::Verdict<'_>| {
        let id = &review.checks.checks()[verdict.check].id;
        // What has no id is known by its place; the folder that the evidence was copied to is no part of it.
        let place = verdict.subject.display().split("/api/").last().unwrap_or_default().to_owned();
        (id.clone(), verdict.subject.kind, place)
    };
    review.assessment.verdicts.iter().map(|verdict| (name(verdict), verdict.outcome)).collect()
}

/// A copy of a folder by links, with one file left out or replaced.
fn changed(folder: &Path, file: &str, content: Option<&str>) -> tempfile::TempDir {
    let copy = tempfile::tempdir().unwrap();
    let inside = copy.path().join("api");
    fs::create_dir(&inside).unwrap();
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let to = inside.join(entry.file_name());
        if entry.file_name().to_string_lossy() == file {
            if let Some(content) = content {
                fs::write(to, content).unwrap();
            }
        } else {
            fs::copy(entry.path(), to).unwrap();
        }
    }
    copy
}

fn files(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// What less evidence may not do: a verdict stays or turns unknown, and what is no longer there is not called complete. A
/// subject that a check does not apply to may go: a system policy that only the grants of a user name says nothing of the
/// custom ones.
fn not_towards_unknown(full: &Review, less: &Review, what: &str) -> Vec<String> {
    let (before, after) = (verdicts(full), verdicts(less));
    let mut wrong = Vec::new();
    for (key, was) in &before {
        match after.get(key) {
            Some(is) if is == was || *is == Outcome::Unknown => {}
            Some(is) => wrong.push(format!("{what}: {key:?} was {was:?} and is {is:?}")),
            None if *was == Outcome::NotApplicable => {}
            None => {
                let mut summaries = less.assessment.checks.iter();
                let summary = summaries.find(|one| less.checks.checks()[one.check].id == key.0).unwrap();
                if !matches!(summary.outcome, Outcome::Unknown | Outcome::Fail) {
                    wrong.push(format!("{what}: {key:?} is gone and the check says {:?}", summary.outcome));
                }
            }
        }
    }
    for (key, is) in after.iter().filter(|(key, is)| !before.contains_key(*key) && **is != Outcome::Unknown) {
        wrong.push(format!("{what}: {key:?} is new and {is:?}"));
    }
    wrong
}

#[test]
fn law_1_every_file_taken_away_in_turn_only_makes_unknown() {
    let folder = estate("api");
    let full = review(std::slice::from_ref(&folder));
    let mut wrong = Vec::new();
    for file in files(&folder) {
        let copy = changed(&folder, &file, None);
        wrong.extend(not_towards_unknown(&full, &review(&[copy.path().join("api")]), &format!("without {file}")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn law_1_every_call_refused_in_turn_only_makes_unknown() {
    let folder = estate("api");
    let full = review(std::slice::from_ref(&folder));
    let refused = r#"{"Code":"NoPermission","Message":"You are not authorized to do this action.","RequestId":"0A","HostId":"x"}"#;
    let mut wrong = Vec::new();
    for file in files(&folder).into_iter().filter(|file| file.ends_with(".json")) {
        let copy = changed(&folder, &file, Some(refused));
        wrong.extend(not_towards_unknown(&full, &review(&[copy.path().join("api")]), &format!("{file} refused")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn law_1_with_every_call_refused_nothing_is_decided() {
    let folder = estate("api");
    let refused = r#"{"Code":"NoPermission","Message":"You are not authorized to do this action.","RequestId":"0A","HostId":"x"}"#;
    let copy = tempfile::tempdir().unwrap();
    for file in files(&folder).into_iter().filter(|file| file.ends_with(".json")) {
        fs::write(copy.path().join(file), refused).unwrap();
    }
    let review = review(&[copy.path().to_owned()]);
    for verdict in review.assessment.verdicts.iter() {
        let check = &review.checks.checks()[verdict.check].id;
        assert_eq!(verdict.outcome, Outcome::Unknown, "{check} about {}", verdict.subject.display());
    }
    assert!(review.assessment.items.iter().all(|item| item.state == xiezhi_review::ItemState::CannotTell));
}

#[test]
fn law_2_answers_and_terraform_of_one_estate_agree_where_both_decide() {
    let named = |review: &Review| {
        let mut by_name: BTreeMap<(String, &'static str, String), Outcome> = BTreeMap::new();
        for verdict in review.assessment.verdicts.iter() {
            let name = if verdict.subject.name.is_empty() { &verdict.subject.id } else { &verdict.subject.name };
            if verdict.subject.row.is_some() && !name.is_empty() {
                let check = review.checks.checks()[verdict.check].id.clone();
                by_name.insert((check, verdict.subject.kind, name.to_string()), verdict.outcome);
            }
        }
        by_name
    };
    let (api, terraform) = (named(&review(&[estate("api")])), named(&review(&[estate("terraform")])));
    let decided = |outcome: &Outcome| matches!(outcome, Outcome::Fail | Outcome::Pass);
    let mut compared = 0;
    let mut differ = Vec::new();
    for (key, of_api) in api.iter().filter(|(_, outcome)| decided(outcome)) {
        if let Some(of_terraform) = terraform.get(key).filter(|outcome| decided(outcome)) {
            compared += 1;
            if of_api != of_terraform {
                differ.push(format!("{key:?}: answers {of_api:?}, Terraform {of_terraform:?}"));
            }
        }
    }
    assert!(differ.is_empty(), "{}", differ.join("\n"));
    assert!(compared >= 60, "only {compared} verdicts could be compared");
}

#[test]
fn law_3_every_fail_names_the_facts_that_prove_it_and_where_they_stand() {
    let review = review(&[estate("api")]);
    let mut fails = 0;
    for verdict in review.assessment.verdicts.iter().filter(|verdict| verdict.outcome == Outcome::Fail) {
        let check = &review.checks.checks()[verdict.check].id;
        let because = review.because(verdict).unwrap();
        assert!(because.premises.iter().any(|premise| premise.origin.is_some()), "{check} has no premise with a place");
        assert_eq!(because.label, verdict.label, "{check}");
        fails += 1;
    }
    assert!(fails >= 20, "the planted defects are found: {fails}");
}

#[test]
fn law_4_the_order_of_inputs_changes_no_byte() {
    let json = |paths: &[PathBuf]| {
        let mut out = Vec::new();
        xiezhi_report::json::write(&review(paths), Lang::En, &mut out).unwrap();
        out
    };
    let (api, terraform) = (estate("api"), estate("terraform"));
    let first = json(&[api.clone(), terraform.clone()]);
    assert_eq!(first, json(&[terraform.clone(), api.clone()]));
    let mut single: Vec<PathBuf> = files(&api).iter().map(|file| api.join(file)).collect();
    let forwards = json(&single);
    single.reverse();
    assert_eq!(forwards, json(&single));
}

#[test]
fn law_5_no_planted_secret_is_in_any_output() {
    let base64 = "RXhhbXBsZU9ubHlOb3RBUmVhbFNlY3JldD";
    let planted = ["LTAI5tEXAMPLExiezhi00001", "ExampleOnlyNotARealSecret00001", base64];
    let in_evidence: String = files(&estate("terraform"))
        .iter()
        .map(|file| fs::read_to_string(estate("terraform").join(file)).unwrap())
        .collect();
    assert!(in_evidence.contains(planted[0]) && in_evidence.contains(planted[1]), "they are planted");
    for part in ["api", "terraform"] {
        let review = review(&[estate(part)]);
        for lang in [Lang::En, Lang::Zh] {
            let mut outputs =
                vec![xiezhi_report::terminal::screen(&review, lang), xiezhi_report::markdown::page(&review, lang)];
            let mut json = Vec::new();
            xiezhi_report::json::write(&review, lang, &mut json).unwrap();
            outputs.push(String::from_utf8(json).unwrap());
            for check in review.checks.checks() {
                for verdict in review.assessment.verdicts.iter().filter(|v| v.subject.row.is_some()).take(50) {
                    outputs.push(xiezhi_report::explain::finding(&review, &check.id, &verdict.subject.display(), lang));
                }
            }
            for secret in planted {
                assert!(outputs.iter().all(|output| !output.contains(secret)), "{part}: {secret}");
            }
        }
    }
}

#[test]
fn law_7_one_broken_file_costs_itself_and_is_named() {
    let folder = estate("api");
    let full = review(std::slice::from_ref(&folder));
    let file = "oss-GetBucketAcl-lanhai-media.json";
    let copy = changed(&folder, file, Some("{\"AccessControlList\": {"));
    let broken = review(&[copy.path().join("api")]);
    assert!(
        broken.assessment.problems.iter().any(|problem| problem.file.ends_with(file)),
        "{:?}",
        broken.assessment.problems
    );
    assert_eq!(not_towards_unknown(&full, &broken, "a broken file"), Vec::<String>::new());
    let decided = |review: &Review| review.assessment.verdicts.iter().filter(|v| v.outcome != Outcome::Unknown).count();
    assert!(decided(&broken) * 100 >= decided(&full) * 95, "the rest is judged");
}
