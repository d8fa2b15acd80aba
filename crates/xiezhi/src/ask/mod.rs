//! `xiezhi ask`: questions answered with proof. Yes and no end with 0, undecided with 3, what cannot be asked with 2.

pub mod args;
pub mod network;

use std::path::{Path, PathBuf};

use xiezhi_model::Problem;
use xiezhi_policy::ask::Safeguard;
use xiezhi_policy::{Fault, Policy, PolicyKind};
use xiezhi_report::Lang;
use xiezhi_review::ask::{self, Answer, AskError, Calls, Ground, PolicyUse, Verdict, Wish};

use crate::commands::read_evidence;
use crate::output::{COULD_NOT, NOTHING_FOUND, Said, UNDECIDED, note, result};
use args::{AskArgs, AskFormat, AttachedTo, CallArgs, Common, LintKind, Question, SafeguardKind};

/// Asks and prints.
pub fn run(args: AskArgs, lang: Lang) -> Result<u8, Said> {
    match args.question {
        Question::Network(question) => network::run(question, lang),
        Question::Can(args) => {
            let CallArgs { principal, action, evidence, resource } = &args.calls;
            let ground = ground(evidence, &args.common)?;
            let account = args.common.account.as_deref();
            let session = args.session.as_deref().map(|file| policy_file(file, PolicyKind::Session)).transpose()?;
            let wish = Wish { who: principal, action, resource, others: &args.with, session: session.as_ref() };
            let answer = ask::can(&ground, account, wish);
            say(answer, args.common.output.format, lang, Some(&ground))
        }
        Question::Who(args) => {
            let ground = ground(&args.evidence, &args.common)?;
            let answer = ask::who(&ground, args.common.account.as_deref(), &args.action, &args.resource);
            say(answer, args.common.output.format, lang, Some(&ground))
        }
        Question::What(args) => {
            let ground = ground(&args.evidence, &args.common)?;
            let answer = ask::what(&ground, args.common.account.as_deref(), &args.principal);
            say(answer, args.common.output.format, lang, Some(&ground))
        }
        Question::Enforced(args) => {
            let CallArgs { principal, action, evidence, resource } = &args.calls;
            let ground = ground(evidence, &args.common)?;
            let safeguard = match args.safeguard {
                SafeguardKind::Mfa => Safeguard::Mfa,
                SafeguardKind::ConsoleMfa => Safeguard::ConsoleMfa,
                SafeguardKind::Tls => Safeguard::Tls,
                SafeguardKind::Network => Safeguard::Network(args.network),
            };
            let calls = Calls { who: principal, action, resource, with_access_key: args.access_key };
            let answer = ask::enforced(&ground, args.common.account.as_deref(), &safeguard, calls);
            say(answer, args.common.output.format, lang, Some(&ground))
        }
        Question::Public(args) => match args.policy_of {
            Some(kind) => {
                let attached = match kind {
                    AttachedTo::Bucket => PolicyUse::Bucket,
                    AttachedTo::Key => PolicyUse::Key,
                    AttachedTo::Project => PolicyUse::Project,
                    AttachedTo::Tablestore => PolicyUse::Instance,
                    AttachedTo::Role => PolicyUse::Trust,
                };
                let policy = policy_file(Path::new(&args.resource), attached.kind())?;
                let owner = args.common.account.as_deref().unwrap_or_default();
                let answer = ask::public_policy(policy, attached, owner, &args.network);
                say(answer, args.common.output.format, lang, None)
            }
            None => {
                let ground = ground(&args.evidence, &args.common)?;
                let answer = ask::public(&ground, args.common.account.as_deref(), &args.resource, &args.network);
                say(answer, args.common.output.format, lang, Some(&ground))
            }
        },
        Question::Escalate(args) => {
            let ground = ground(&args.evidence, &args.common)?;
            let answer = ask::escalate(&ground, args.common.account.as_deref(), args.from.as_deref());
            say(answer, args.common.output.format, lang, Some(&ground))
        }
        Question::Blast(args) => {
            let ground = ground(&args.evidence, &args.common)?;
            let answer = ask::blast(&ground, args.common.account.as_deref(), &args.start);
            say(answer, args.common.output.format, lang, Some(&ground))
        }
        Question::Diff(args) => {
            let ground = given(&args.evidence, &args.common)?;
            let account = args.common.account.as_deref();
            let old = policy(&args.old, ground.as_ref(), account)?;
            let new = policy(&args.new, ground.as_ref(), account)?;
            say(Ok(ask::diff(&old, &new)), args.common.output.format, lang, ground.as_ref())
        }
        Question::Lint(args) => match (args.policy_of, args.evidence.as_slice()) {
            (Some(kind), [file]) => {
                let policy =
                    Policy::parse(&file.display().to_string(), kind_of(kind), &read_text(file, "policy", "策略")?);
                say(Ok(ask::lint_policy(&policy)), args.common.output.format, lang, None)
            }
            (Some(_), _) => {
                Err(Said::new("`--policy-of` takes one file that holds a policy", "`--policy-of` 只接受一个策略文件"))
            }
            (None, evidence) => {
                let ground = ground(evidence, &args.common)?;
                let answer = ask::lint(&ground, args.common.account.as_deref());
                say(answer, args.common.output.format, lang, Some(&ground))
            }
        },
        Question::Minimise(args) => {
            let ground = given(&args.evidence, &args.common)?;
            let old = policy(&args.policy, ground.as_ref(), args.common.account.as_deref())?;
            let name = args.used.display().to_string();
            let text = read_text(&args.used, "list of used actions", "已使用操作的列表")?;
            let used = ask::read_uses(&name, &text)?;
            say(Ok(ask::minimise(&old, &used)), args.common.output.format, lang, ground.as_ref())
        }
    }
}

fn kind_of(kind: LintKind) -> PolicyKind {
    match kind {
        LintKind::Identity => PolicyKind::Identity,
        LintKind::Role => PolicyKind::Trust,
        LintKind::Bucket => PolicyKind::Bucket,
        LintKind::AccessPoint => PolicyKind::AccessPoint,
        LintKind::Key => PolicyKind::Key,
        LintKind::Project => PolicyKind::Project,
        LintKind::Tablestore => PolicyKind::Instance,
        LintKind::Endpoint => PolicyKind::Endpoint,
        LintKind::Directory => PolicyKind::Control,
        LintKind::Session => PolicyKind::Session,
    }
}

fn ground(evidence: &[PathBuf], common: &Common) -> Result<Ground, Said> {
    Ok(Ground::of(read_evidence(evidence, Vec::<Problem>::new())?, common.account.as_deref()))
}

fn given(evidence: &[PathBuf], common: &Common) -> Result<Option<Ground>, Said> {
    if evidence.is_empty() { Ok(None) } else { ground(evidence, common).map(Some) }
}

fn read_text(path: &Path, en: &str, zh: &str) -> Result<String, Said> {
    std::fs::read_to_string(path).map_err(|error| Said::unread(en, zh, path, &error))
}

/// A policy by file or, with evidence, by name.
fn policy(text: &str, ground: Option<&Ground>, account: Option<&str>) -> Result<Policy, Said> {
    let path = Path::new(text);
    match ground {
        Some(ground) if !path.exists() => ask::policy_of(ground, account, text).map_err(Said::from),
        _ => policy_file(path, PolicyKind::Identity),
    }
}

/// A policy file. What the service would refuse as a whole is no policy to ask about; lesser problems are said.
fn policy_file(path: &Path, kind: PolicyKind) -> Result<Policy, Said> {
    let text = read_text(path, "policy", "策略")?;
    let name = path.display().to_string();
    let policy = Policy::parse(&name, kind, &text);
    for problem in policy.problems.iter().filter(|problem| !problem.is_note()) {
        let said = format!("{name}:{problem}; {}", problem.remedy());
        if matches!(problem.fault, Fault::NotJson(_) | Fault::NotAnObject | Fault::Statements) {
            return Err(Said::plain(said));
        }
        note(&xiezhi_report::safe::visible(&said));
    }
    Ok(policy)
}

/// Prints an answer; evidence that could not be read is said, and makes the exit code 2.
fn say(answer: Result<Answer, AskError>, format: AskFormat, lang: Lang, ground: Option<&Ground>) -> Result<u8, Said> {
    let mut code = NOTHING_FOUND;
    for problem in ground.into_iter().flat_map(Ground::problems).filter(|problem| !problem.kind.is_notice()) {
        note(&xiezhi_report::problems::sentence(problem, lang));
        code = COULD_NOT;
    }
    let answer = answer?;
    match format {
        AskFormat::Terminal => result(&xiezhi_report::ask::screen(&answer, lang))?,
        AskFormat::Json => {
            let text = xiezhi_report::ask::json::text(&answer, lang);
            result(&text.map_err(|error| Said::unwritten(&error))?)?;
        }
    }
    Ok(if code == NOTHING_FOUND && answer.verdict == Verdict::Undecided { UNDECIDED } else { code })
}
