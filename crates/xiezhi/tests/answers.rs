//! What people and programs read, as snapshots over a small estate and a few checks, in both languages.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::path::Path;

use xiezhi_read::{Input, Options as ReadOptions};
use xiezhi_report::Lang;
use xiezhi_review::{CHECK_FILES, Options, Review};
use xiezhi_rule::CheckSet;

/// The checks of the snapshots: a defect, a pass, a refusal, something nobody looked at, something that is not there.
const CHECKS: [&str; 5] = [
    "checks/account/account-root-mfa-off.md",
    "checks/oss/oss-bucket-public-read.md",
    "checks/oss/oss-bucket-not-encrypted.md",
    "checks/rds/rds-open-to-internet.md",
    "checks/actiontrail/actiontrail-regions-missing.md",
];

/// The review of the small estate. It is named from the folder of this crate, so that no path of a machine shows.
fn review() -> Review {
    std::env::set_current_dir(env!("CARGO_MANIFEST_DIR")).unwrap();
    let reading = xiezhi_read::read(&[Input::path("tests/evidence/site")], &ReadOptions::default());
    assert_eq!(reading.problems, vec![]);
    let files: Vec<(&str, &str)> = CHECK_FILES.iter().copied().filter(|(path, _)| CHECKS.contains(path)).collect();
    assert_eq!(files.len(), CHECKS.len(), "the checks of the snapshots exist");
    let options = Options { as_of: xiezhi_rule::unix_seconds("2026-11-25T00:00:00Z"), ..Options::default() };
    xiezhi_review::review(reading.batches, CheckSet::load(files), options)
}

fn json(review: &Review, lang: Lang) -> String {
    let mut out = Vec::new();
    xiezhi_report::json::write(review, lang, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn the_first_screen_is_short_and_says_what_is_unknown() {
    let review = review();
    let screen = |lang| anstream::adapter::strip_str(&xiezhi_report::terminal::screen(&review, lang)).to_string();
    insta::assert_snapshot!("screen-en", screen(Lang::En));
    insta::assert_snapshot!("screen-zh", screen(Lang::Zh));
}

#[test]
fn the_page_has_eight_sections_in_their_order() {
    let review = review();
    for lang in [Lang::En, Lang::Zh] {
        let page = xiezhi_report::markdown::page(&review, lang);
        let numbers: Vec<&str> = page
            .lines()
            .filter_map(|line| line.strip_prefix("## ")?.split_once(". "))
            .map(|(number, _)| number)
            .collect();
        assert_eq!(numbers, ["1", "2", "3", "4", "5", "6", "7", "8"]);
    }
    insta::assert_snapshot!("page-en", xiezhi_report::markdown::page(&review, Lang::En));
    insta::assert_snapshot!("page-zh", xiezhi_report::markdown::page(&review, Lang::Zh));
}

#[test]
fn the_json_answer_holds_everything_and_fits_its_published_schema() {
    let review = review();
    let version = format!("\"{}\"", env!("CARGO_PKG_VERSION"));
    insta::assert_snapshot!("json-en", json(&review, Lang::En).replace(&version, "\"VERSION\""));
    let schema = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../schema/result-1.json");
    let schema: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(schema).unwrap()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    for lang in [Lang::En, Lang::Zh] {
        let answer: serde_json::Value = serde_json::from_str(&json(&review, lang)).unwrap();
        let errors: Vec<String> = validator.iter_errors(&answer).map(|error| error.to_string()).collect();
        assert_eq!(errors, Vec::<String>::new());
    }
    let wrong = serde_json::json!({"format": "xiezhi-result/1"});
    assert!(!validator.is_valid(&wrong), "the schema asks for more than a name");
}

#[test]
fn a_finding_is_explained_with_the_fact_the_place_and_the_predicate() {
    let review = review();
    insta::assert_snapshot!(
        "finding-en",
        xiezhi_report::explain::finding(&review, "oss-bucket-public-read", "pages", Lang::En)
    );
    insta::assert_snapshot!(
        "finding-unknown-zh",
        xiezhi_report::explain::finding(&review, "oss-bucket-public-read", "archive", Lang::Zh)
    );
}

#[test]
fn a_title_that_speaks_of_an_access_key_still_names_the_resource() {
    let estate = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/lanhai/api");
    let reading = xiezhi_read::read(&[Input::path(estate)], &ReadOptions::default());
    let check = "checks/ecs/ecs-instance-user-data-access-key.md";
    let files = CHECK_FILES.iter().copied().filter(|(path, _)| *path == check);
    let review = xiezhi_review::review(reading.batches, CheckSet::load(files), Options::default());
    let page = xiezhi_report::markdown::page(&review, Lang::En);
    assert!(page.contains("User data of the instance holds an AccessKey: i-hz0bastion"), "{page}");
}
