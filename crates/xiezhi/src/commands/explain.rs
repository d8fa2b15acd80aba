//! `xiezhi explain`: a check's page, or one finding with its facts.

use xiezhi_report::Lang;
use xiezhi_review::Options;

use super::{as_of, load_checks, read_evidence};
use crate::args::ExplainArgs;
use crate::config::Config;
use crate::output::{COULD_NOT, NOTHING_FOUND, Said, note, result};

/// Prints the page of a check, or the verdicts of `check@resource` over the evidence.
pub fn run(args: ExplainArgs, config: &Config, lang: Lang) -> Result<u8, Said> {
    let mut folders = config.checks.clone();
    folders.extend(args.checks.iter().cloned());
    let (checks, problems) = load_checks(&folders)?;
    let (id, resource) = match args.what.split_once('@') {
        Some((id, resource)) => (id, Some(resource)),
        None => (args.what.as_str(), None),
    };
    let Some(check) = checks.get(id) else {
        return Err(Said::new(
            format!("there is no check `{id}`: `xiezhi list checks` names them all"),
            format!("没有检查项 `{id}`：`xiezhi list checks` 列出全部检查项"),
        ));
    };
    let Some(resource) = resource else {
        result(&xiezhi_report::explain::check(check, lang))?;
        return Ok(NOTHING_FOUND);
    };
    if args.evidence.is_empty() {
        return Err(Said::new(
            "a finding needs its evidence: `xiezhi explain <check>@<resource> EVIDENCE…`",
            "解释一条发现需要其证据：`xiezhi explain <检查项>@<资源> <证据>…`",
        ));
    }
    let id = id.to_owned();
    let batches = read_evidence(&args.evidence, problems)?;
    let options = Options { as_of: as_of(args.as_of.as_deref())?, ..Options::default() };
    let review = xiezhi_review::review(batches, checks, options);
    let text = xiezhi_report::explain::finding(&review, &id, resource, lang);
    if text.is_empty() {
        return Err(Said::new(
            format!("the evidence has no verdict of `{id}` about `{resource}`"),
            format!("证据中没有 `{id}` 对 `{resource}` 的结论"),
        ));
    }
    result(&text)?;
    let mut code = NOTHING_FOUND;
    for problem in review.assessment.problems.iter().filter(|problem| !problem.kind.is_notice()) {
        note(&xiezhi_report::problems::sentence(problem, lang));
        code = COULD_NOT;
    }
    Ok(code)
}
