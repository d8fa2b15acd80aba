//! `xiezhi test-checks`: the examples of check files are their tests.

use xiezhi_report::Lang;
use xiezhi_report::list::tested;
use xiezhi_rule::CheckSet;

use super::check_files;
use crate::args::TestChecksArgs;
use crate::output::{COULD_NOT, FOUND, NOTHING_FOUND, Said, note, result};

/// Runs every example of every check file in a folder. 0: all as expected; 1: some example says something else or is
/// missing; 2: a file cannot be used.
pub fn run(args: &TestChecksArgs, lang: Lang) -> Result<u8, Said> {
    let files = check_files(&args.dir)?;
    if files.is_empty() {
        let dir = args.dir.display();
        return Err(Said::new(
            format!("`{dir}` has no check files (`.md`)"),
            format!("`{dir}` 中没有检查项文件（`.md`）"),
        ));
    }
    let set = CheckSet::load(files);
    set.errors().iter().for_each(|error| note(&error.to_string()));
    let mismatches = xiezhi_review::run_examples(&set);
    let missing: Vec<String> =
        set.checks().iter().flat_map(|check| check.shortcomings()).map(|error| error.to_string()).collect();
    let examples = set.checks().iter().map(|check| check.examples.len()).sum();
    result(&tested(&mismatches, &missing, set.checks().len(), examples, lang))?;
    Ok(if !set.errors().is_empty() {
        COULD_NOT
    } else if mismatches.is_empty() && missing.is_empty() {
        NOTHING_FOUND
    } else {
        FOUND
    })
}
