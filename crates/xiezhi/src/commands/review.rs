//! `xiezhi review`: the main job.

use xiezhi_report::Lang;
use xiezhi_review::{Options, Outcome, Review, Severity, Waivers};

use super::{as_of, load_checks, read_evidence};
use crate::args::{Format, ReviewArgs, SeverityArg};
use crate::config::Config;
use crate::output::{COULD_NOT, FOUND, NOTHING_FOUND, Said, UNDECIDED, note, result, result_with};

/// Reads, judges, prints; the exit code says how it stands.
pub fn run(args: ReviewArgs, config: &Config, lang: Lang) -> Result<u8, Said> {
    let as_of = as_of(args.as_of.as_deref())?;
    let mut folders = config.checks.clone();
    folders.extend(args.checks.iter().cloned());
    let (checks, problems) = load_checks(&folders)?;
    let waivers = match args.waivers.as_ref().or(config.waivers.as_ref()) {
        Some(path) => {
            let text =
                std::fs::read_to_string(path).map_err(|error| Said::unread("waivers", "豁免文件", path, &error))?;
            Waivers::parse(&text, as_of).map_err(|error| {
                let path = path.display();
                Said::new(format!("the waivers `{path}`: {error}"), format!("豁免文件 `{path}`：{error}"))
            })?
        }
        None => Waivers::default(),
    };
    let batches = read_evidence(&args.evidence, problems)?;
    let review = xiezhi_review::review(batches, checks, Options { as_of, waivers });
    match if args.full && args.format == Format::Terminal { Format::Markdown } else { args.format } {
        Format::Terminal => result(&xiezhi_report::terminal::screen(&review, lang))?,
        Format::Markdown => result(&xiezhi_report::markdown::page(&review, lang))?,
        Format::Json => result_with(|out| xiezhi_report::json::write(&review, lang, out))?,
    }
    for problem in &review.assessment.problems {
        if args.format != Format::Terminal || args.full {
            note(&xiezhi_report::problems::sentence(problem, lang));
        }
    }
    if args.exit_zero {
        return Ok(NOTHING_FOUND);
    }
    let threshold = args.fail_on.map(severity).or(config.fail_on()).unwrap_or(Severity::Low);
    Ok(exit_code(&review, threshold, args.allow_unknown || config.allow_unknown))
}

/// 2 when something could not be read, else 1 for defects at or above the threshold, else 3 for what is undecided.
fn exit_code(review: &Review, threshold: Severity, allow_unknown: bool) -> u8 {
    let assessment = &review.assessment;
    if assessment.problems.iter().any(|problem| !problem.kind.is_notice()) {
        return COULD_NOT;
    }
    let found = assessment.verdicts.iter().any(|verdict| {
        verdict.outcome == Outcome::Fail
            && review.checks.checks().get(verdict.check).is_some_and(|check| check.severity >= threshold)
    });
    if found {
        FOUND
    } else if review.summary().undecided > 0 && !allow_unknown {
        UNDECIDED
    } else {
        NOTHING_FOUND
    }
}

fn severity(arg: SeverityArg) -> Severity {
    match arg {
        SeverityArg::Critical => Severity::Critical,
        SeverityArg::High => Severity::High,
        SeverityArg::Medium => Severity::Medium,
        SeverityArg::Low => Severity::Low,
        SeverityArg::Info => Severity::Info,
    }
}
