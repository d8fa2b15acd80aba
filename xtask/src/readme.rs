//! The first screen of the bundled example, in the README of each language.

use std::fs;
use std::path::Path;

use xiezhi_read::{Input, Options as ReadOptions};
use xiezhi_report::Lang;
use xiezhi_review::{CHECK_FILES, Options};
use xiezhi_rule::CheckSet;

/// The time that ages of the example are counted to: the day of its answers.
const AS_OF: &str = "2026-11-25T00:00:00Z";
const EXAMPLE: &str = "examples/lanhai/api";
const END: &str = "<!-- end of screen -->";

/// A README with its screen brought up to date.
pub fn with_screen(root: &Path, name: &str, lang: Lang) -> Result<String, String> {
    let text = fs::read_to_string(root.join(name)).map_err(|error| format!("cannot read `{name}`: {error}"))?;
    let code = if lang == Lang::En { "en" } else { "zh" };
    let start = format!("<!-- screen {code}: written by `cargo xtask gen` -->\n");
    let missing = || format!("`{name}` has no place for the screen, between `{}` and `{END}`", start.trim_end());
    let (before, rest) = text.split_once(&start).ok_or_else(missing)?;
    let (_, after) = rest.split_once(END).ok_or_else(missing)?;
    Ok(format!("{before}{start}```\n{}```\n{END}{after}", screen(root, lang)?))
}

/// The screen, without colours, naming files as one does who stands at the root.
fn screen(root: &Path, lang: Lang) -> Result<String, String> {
    std::env::set_current_dir(root).map_err(|error| format!("cannot enter `{}`: {error}", root.display()))?;
    let reading = xiezhi_read::read(&[Input::path(EXAMPLE)], &ReadOptions::default());
    if let Some(problem) = reading.problems.first() {
        return Err(format!("the example: {}", xiezhi_report::problems::sentence(problem, lang)));
    }
    let checks = CheckSet::load(CHECK_FILES.iter().copied());
    let options = Options { as_of: xiezhi_rule::unix_seconds(AS_OF), ..Options::default() };
    let review = xiezhi_review::review(reading.batches, checks, options);
    Ok(anstream::adapter::strip_str(&xiezhi_report::terminal::screen(&review, lang)).to_string())
}
