//! How long predicates take to evaluate and checks to load.
//!
//! `cargo bench -p xiezhi-rule`
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]
#![allow(clippy::arithmetic_side_effects)]

#[path = "../tests/common/mod.rs"]
mod common;

use common::{KINDS, file};
use divan::Bencher;
use xiezhi_rule::CheckSet;

fn main() {
    divan::main();
}

const FACTS: &str = "thing.flag = false\nthing.mode = \"public-read\"\nthing.other = true\nthing.count = 90\n\
                     thing.tags = [\"10.0.0.0/8\", \"192.168.0.0/16\"]\n\
                     thing.parts = [{on: true, size: 1, name: \"a\"}, {on: false, size: 2, name: \"b\"}, \
                     {on: true, size: 3, name: \"c\"}, {on: true, size: 4, name: \"d\"}]\n\
                     thing.ports = [{first: 80, last: 80}, {first: 443, last: 443}]\n";

const PREDICATES: &[(&str, &str)] = &[
    ("one comparison", "thing.mode == \"private\""),
    (
        "three conditions",
        "thing.flag != true && thing.mode in [\"public-read\", \"public-read-write\"] && !thing.other",
    ),
    ("four members", "thing.parts.exists(p, p.on && p.size > 3 && p.name == \"x\")"),
    ("two ranges", "covers_internet(thing.tags)"),
    ("ports", "ports_overlap(thing.ports, [22, 3389])"),
    ("unknown", "thing.limit > 3 || thing.label == \"x\""),
];

fn set(predicate: &str) -> CheckSet {
    let set = CheckSet::load_for(KINDS, [("t.md", file("t", predicate, &format!("```facts => pass\n{FACTS}```\n")))]);
    assert!(set.errors().is_empty(), "{:?}", set.errors());
    set
}

#[divan::bench(args = PREDICATES.iter().map(|(name, _)| *name))]
fn judge(bencher: Bencher, name: &str) {
    let set = set(PREDICATES.iter().find(|(n, _)| *n == name).unwrap().1);
    let check = &set.checks()[0];
    let facts = check.examples[0].facts.as_ref().unwrap();
    let (context, subject) = (facts.context(), facts.subject().unwrap());
    bencher.bench_local(|| check.judge(&context, divan::black_box(subject)));
}

#[divan::bench(args = PREDICATES.iter().map(|(name, _)| *name))]
fn explain(bencher: Bencher, name: &str) {
    let set = set(PREDICATES.iter().find(|(n, _)| *n == name).unwrap().1);
    let check = &set.checks()[0];
    let facts = check.examples[0].facts.as_ref().unwrap();
    let (context, subject) = (facts.context(), facts.subject().unwrap());
    bencher.bench_local(|| check.explain(&context, divan::black_box(subject)));
}

/// Check files as long as real ones: three examples and a page of text.
fn files(examples: bool) -> Vec<(String, String)> {
    let page = format!("## Why\n{}\n## 原因\n{}\n", "Some words. ".repeat(60), "一些说明。".repeat(60));
    let facts = "```facts => pass\nthing.flag = false\nthing.mode = \"x\"\nthing.tags = [\"a\", \"b\"]\n```\n";
    (0..500)
        .map(|n| {
            let (_, predicate) = PREDICATES[n % PREDICATES.len()];
            let id = format!("t-{n}");
            let examples = if examples { facts.repeat(3) } else { String::new() };
            (format!("{id}.md"), file(&id, predicate, &examples).replace("## Examples", &format!("{page}## Examples")))
        })
        .collect()
}

#[divan::bench(args = [true, false])]
fn load_500_checks_with_examples(bencher: Bencher, examples: bool) {
    let files = files(examples);
    bencher.bench_local(|| {
        let set = CheckSet::load_for(KINDS, files.iter().map(|(path, text)| (path, text)));
        assert!(set.errors().is_empty());
        set
    });
}
