//! `xiezhi list`: checks, frameworks, calls.

use xiezhi_report::{Lang, list};

use super::load_checks;
use crate::args::{ListArgs, Listed};
use crate::config::Config;
use crate::output::{COULD_NOT, NOTHING_FOUND, Said, note, result};

/// Prints a list.
pub fn run(args: ListArgs, config: &Config, lang: Lang) -> Result<u8, Said> {
    let mut folders = config.checks.clone();
    folders.extend(args.checks.iter().cloned());
    let (checks, problems) = load_checks(&folders)?;
    let text = match (args.what, args.json) {
        (Listed::Checks, false) => list::checks(&checks, lang),
        (Listed::Checks, true) => list::checks_json(&checks, lang),
        (Listed::Frameworks, json) => {
            let frameworks = xiezhi_review::frameworks().map_err(|error| Said::plain(error.to_string()))?;
            list::frameworks(&frameworks, &checks, lang, json)
        }
        (Listed::Calls, json) => list::calls(json),
    };
    result(&text)?;
    for problem in &problems {
        note(&xiezhi_report::problems::sentence(problem, lang));
    }
    Ok(if problems.is_empty() { NOTHING_FOUND } else { COULD_NOT })
}
