//! The examples of the official pages, as data: `official/*.json` lists the pages that were read, how many examples each has, the
//! examples themselves with requests and their outcomes, and why an example is left out. What needs more than policies and requests
//! is a test of its own, which the list names.
//!
//! How an example is written: `said/example.rs`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod said;

use said::example::{examine, list, text};
use serde_json::Value;

const PAGES: [&str; 5] = [
    include_str!("official/ram_examples.json"),
    include_str!("official/role_trust.json"),
    include_str!("official/directory.json"),
    include_str!("official/oss.json"),
    include_str!("official/services.json"),
];

/// Where the tests stand that the list names.
const TESTS: [&str; 4] = [
    include_str!("examples.rs"),
    include_str!("outsiders.rs"),
    include_str!("documented.rs"),
    include_str!("official_pages.rs"),
];

fn pages() -> Vec<Value> {
    PAGES.iter().flat_map(|text| serde_json::from_str::<Vec<Value>>(text).unwrap()).collect()
}

#[test]
fn every_example_decides_as_its_page_says() {
    let (mut wrong, mut requests) = (Vec::new(), 0_usize);
    for page in pages() {
        for example in list(&page, "examples") {
            let at = format!("{}, {}", text(&page, "page"), text(example, "title"));
            requests += examine(example, &at, &mut wrong);
        }
    }
    assert!(wrong.is_empty(), "{} of {requests} requests:\n{}", wrong.len(), wrong.join("\n"));
    assert!(requests >= 200, "{requests} requests");
}

#[test]
fn the_list_of_pages_is_complete_and_every_test_that_it_names_exists() {
    let (mut examples, mut left_out, mut named) = (0, 0, 0);
    for page in pages() {
        let title = text(&page, "page");
        assert!(!text(&page, "source").is_empty(), "{title}: where does it stand?");
        let here = list(&page, "examples").len();
        let not_here: u64 = list(&page, "left_out")
            .iter()
            .map(|entry| {
                assert!(text(entry, "why").len() > 20 && !text(entry, "title").is_empty(), "{title}: say why");
                entry.get("count").map_or(1, |n| n.as_u64().unwrap())
            })
            .sum();
        let also = list(&page, "also");
        for test in also {
            let test = test.as_str().unwrap();
            assert!(TESTS.iter().any(|file| file.contains(&format!("fn {test}()"))), "{title}: no test `{test}`");
        }
        let on_the_page = page["on_the_page"].as_u64().unwrap_or_else(|| panic!("{title}: how many examples?"));
        let accounted = here as u64 + not_here;
        assert!(
            if also.is_empty() { accounted == on_the_page } else { accounted <= on_the_page },
            "{title}: {on_the_page} on the page, {accounted} here"
        );
        assert!(accounted > 0 || !also.is_empty(), "{title}: nothing is held against it");
        examples += here;
        left_out += not_here;
        named += also.len();
    }
    assert!(examples >= 60 && named >= 25, "{examples} examples, {named} tests, {left_out} left out");
}
