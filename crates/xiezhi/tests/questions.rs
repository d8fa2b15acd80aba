//! `docs/questions.md` says what a user can ask: each of its lines runs, and it leaves no question out.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::Path;
use std::process::{Command, Output};

fn xiezhi(args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xiezhi"));
    command.current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../.."));
    command.env("LC_ALL", "C").env_remove("LANG").args(args).output().unwrap()
}

fn page() -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/questions.md")).unwrap()
}

/// The words of a line of the page, without what stands behind `#`.
fn words(line: &str) -> Option<Vec<String>> {
    let call = line.split_once(" #").map_or(line, |(call, _)| call).strip_prefix("xiezhi ")?;
    Some(call.split_whitespace().map(|word| word.trim_matches('\'').to_owned()).collect())
}

#[test]
fn every_question_of_the_page_is_answered_over_the_example() {
    let page = page();
    let calls: Vec<Vec<String>> = page.lines().filter_map(words).collect();
    assert!(calls.len() > 20, "the page asks {} questions", calls.len());
    let half = calls.len().div_ceil(2);
    let answer = |calls: &[Vec<String>]| {
        for call in calls {
            let args: Vec<&str> = call.iter().map(String::as_str).collect();
            let done = xiezhi(&args);
            let notes = String::from_utf8_lossy(&done.stderr);
            assert!(matches!(done.status.code(), Some(0 | 3)), "{call:?}: {notes}");
            assert!(!done.stdout.is_empty() && notes.is_empty(), "{call:?}: {notes}");
        }
    };
    std::thread::scope(|scope| calls.chunks(half).for_each(|some| drop(scope.spawn(move || answer(some)))));
}

#[test]
fn no_question_is_left_out_of_the_page() {
    let page = page();
    let help = String::from_utf8(xiezhi(&["ask", "--help"]).stdout).unwrap();
    let listed = help.split_once("Commands:").and_then(|(_, rest)| rest.split_once("Options:")).expect("a list").0;
    let names = listed.lines().filter_map(|line| line.strip_prefix("  ").filter(|line| !line.starts_with(' ')));
    let names: Vec<&str> = names.filter_map(|line| line.split_whitespace().next()).collect();
    assert!(names.len() > 15, "{listed}");
    for name in names.into_iter().filter(|name| *name != "help") {
        assert!(page.contains(&format!("xiezhi ask {name} ")) || page.contains(&format!("`ask {name} ")), "{name}");
    }
}
