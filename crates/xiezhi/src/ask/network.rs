//! `xiezhi ask` about network, web protection, encryption and audit: arguments and printing. Yes and no end with 0,
//! undecided with 3, what cannot be asked or read with 2.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use xiezhi_model::Problem;
use xiezhi_report::Lang;
use xiezhi_review::ask_network::{self, Answer, Ground, Verdict};

use super::args::{AskFormat, OutputArgs};
use crate::commands::{read_beside, read_evidence};
use crate::output::{COULD_NOT, NOTHING_FOUND, Said, UNDECIDED, note, result};

/// The questions.
#[derive(Debug, Subcommand)]
pub enum Question {
    /// Does the internet, or with `--from` a part of the estate, reach this target, by which way and which rule at each
    /// hop?
    Reach(TargetArgs),
    /// Does the address plan keep public, private and inner vSwitches and joined VPCs apart?
    Separated(EvidenceArgs),
    /// What does the internet, or with `--from` what do premises reach? Management ports come first.
    Exposed(ExposedArgs),
    /// What may leave for the internet, by which way out and to which ports?
    Leaves(LeavesArgs),
    /// Which smallest edits end what the internet reaches here, and what else would they cut?
    Close(CloseArgs),
    /// What does the internet reach in the new evidence and not in the old, or the other way round?
    Changed(ChangedArgs),
    /// Does WAF stand before every web application, and can it be bypassed?
    Waf(EvidenceArgs),
    /// Which key encrypts every store, and can it be used?
    Encrypted(EvidenceArgs),
    /// Are the management events of every region kept?
    Audited(EvidenceArgs),
}

/// The arguments of a question about all of the evidence.
#[derive(Debug, Args)]
pub struct EvidenceArgs {
    /// Files or folders of evidence; `-` reads standard input.
    #[arg(required = true, value_name = "EVIDENCE")]
    pub evidence: Vec<PathBuf>,
    #[command(flatten)]
    pub output: OutputArgs,
}

/// The arguments of `ask reach`.
#[derive(Debug, Args)]
pub struct TargetArgs {
    /// An instance, interface, load balancer or managed service by id, name or Terraform address, or a public address;
    /// with `--from` what that takes, a load balancer, a managed service, a PrivateLink endpoint or its service,
    /// `internet` for everything outside, or a public range; `:<port>` asks for one port.
    #[arg(value_name = "TARGET[:PORT]")]
    pub target: String,
    /// Where packets start, instead of the internet: an instance, interface, security group, vSwitch or VPC by id, name or
    /// Terraform address, a private address or a range; `premises` for everything behind VPN and leased lines, or a VPN
    /// gateway, connection or border router. May be given several times.
    #[arg(long, value_name = "SOURCE")]
    pub from: Vec<String>,
    #[command(flatten)]
    pub common: EvidenceArgs,
}

/// The arguments of `ask exposed`.
#[derive(Debug, Args)]
pub struct ExposedArgs {
    /// Only these ports.
    #[arg(long, value_name = "PORT")]
    pub port: Vec<u16>,
    /// What premises reach, instead of the internet: `premises` for everything behind VPN and leased lines, or a VPN
    /// gateway, connection or border router, or an address or range outside.
    #[arg(long, value_name = "PREMISES")]
    pub from: Option<String>,
    #[command(flatten)]
    pub common: EvidenceArgs,
}

/// The arguments of `ask leaves`.
#[derive(Debug, Args)]
pub struct LeavesArgs {
    /// Only to these ports.
    #[arg(long, value_name = "PORT")]
    pub port: Vec<u16>,
    #[command(flatten)]
    pub common: EvidenceArgs,
}

/// The arguments of `ask close`.
#[derive(Debug, Args)]
pub struct CloseArgs {
    /// An instance, interface or load balancer by id, name or Terraform address, or a public address; `:<port>` closes
    /// one port.
    #[arg(value_name = "TARGET[:PORT]")]
    pub target: String,
    /// Sources that go on, as a range of addresses.
    #[arg(long, value_name = "CIDR")]
    pub keep: Vec<String>,
    #[command(flatten)]
    pub common: EvidenceArgs,
}

/// The arguments of `ask changed`.
#[derive(Debug, Args)]
pub struct ChangedArgs {
    /// The earlier evidence.
    #[arg(value_name = "OLD")]
    pub old: PathBuf,
    /// The later evidence.
    #[arg(value_name = "NEW")]
    pub new: PathBuf,
    #[command(flatten)]
    pub output: OutputArgs,
}

/// Asks and prints.
pub fn run(question: Question, lang: Lang) -> Result<u8, Said> {
    match question {
        Question::Reach(args) => {
            let ground = joined(&args.common.evidence)?;
            let (target, port) = target(&args.target);
            let from: Vec<&str> = args.from.iter().map(String::as_str).collect();
            let answer = match from.is_empty() {
                true => ask_network::reach(&ground, target, port),
                false => ask_network::reach_from(&ground, &from, target, port),
            };
            let answer = answer?;
            say(&answer, args.common.output.format, lang, &[&ground])
        }
        Question::Separated(args) => {
            let ground = joined(&args.evidence)?;
            say(&ask_network::separated(&ground), args.output.format, lang, &[&ground])
        }
        Question::Exposed(args) => {
            let ground = joined(&args.common.evidence)?;
            let answer = match &args.from {
                None => ask_network::exposed(&ground, &args.port),
                Some(from) => ask_network::exposed_from(&ground, from, &args.port)?,
            };
            say(&answer, args.common.output.format, lang, &[&ground])
        }
        Question::Leaves(args) => {
            let ground = joined(&args.common.evidence)?;
            say(&ask_network::leaves(&ground, &args.port), args.common.output.format, lang, &[&ground])
        }
        Question::Close(args) => {
            let ground = joined(&args.common.evidence)?;
            let (target, port) = target(&args.target);
            let keep: Vec<&str> = args.keep.iter().map(String::as_str).collect();
            let answer = ask_network::close(&ground, target, port, &keep)?;
            say(&answer, args.common.output.format, lang, &[&ground])
        }
        Question::Changed(args) => {
            let (old, new) = both(args.old, args.new)?;
            say(&ask_network::changed(&old, &new), args.output.format, lang, &[&old, &new])
        }
        Question::Waf(args) => {
            let ground = ground(&args.evidence)?;
            say(&ask_network::waf(&ground), args.output.format, lang, &[&ground])
        }
        Question::Encrypted(args) => {
            let ground = ground(&args.evidence)?;
            say(&ask_network::encrypted(&ground), args.output.format, lang, &[&ground])
        }
        Question::Audited(args) => {
            let ground = ground(&args.evidence)?;
            say(&ask_network::audited(&ground), args.output.format, lang, &[&ground])
        }
    }
}

/// A target and the port after its last colon; an IPv6 address has colons of its own.
fn target(text: &str) -> (&str, Option<u16>) {
    if text.parse::<std::net::Ipv6Addr>().is_ok() {
        return (text, None);
    }
    match text.rsplit_once(':').map(|(name, port)| (name, port.parse())) {
        Some((name, Ok(port))) => (name.trim_start_matches('[').trim_end_matches(']'), Some(port)),
        _ => (text, None),
    }
}

fn ground(evidence: &[PathBuf]) -> Result<Ground, Said> {
    Ok(Ground::new(read_evidence(evidence, Vec::<Problem>::new())?))
}

fn joined(evidence: &[PathBuf]) -> Result<Ground, Said> {
    Ok(Ground::joined(read_evidence(evidence, Vec::<Problem>::new())?))
}

/// Two pieces of evidence, read side by side.
fn both(old: PathBuf, new: PathBuf) -> Result<(Ground, Ground), Said> {
    let (old, new) = std::thread::scope(|scope| {
        let old = scope.spawn(|| read_beside(old));
        let new = read_beside(new);
        (old.join(), new)
    });
    let old = old.map_err(|_| Said::new("the reading of the earlier evidence broke off", "读取较早的证据时中断"))?;
    Ok((Ground::joined(old?), Ground::joined(new?)))
}

/// Prints an answer; evidence that could not be read is said, and makes the exit code 2.
fn say(answer: &Answer, format: AskFormat, lang: Lang, grounds: &[&Ground]) -> Result<u8, Said> {
    let mut code = if answer.verdict == Verdict::Undecided { UNDECIDED } else { NOTHING_FOUND };
    let problems = grounds.iter().flat_map(|ground| ground.problems());
    for problem in problems.filter(|problem| !problem.kind.is_notice()) {
        note(&xiezhi_report::problems::sentence(problem, lang));
        code = COULD_NOT;
    }
    match format {
        AskFormat::Terminal => result(&xiezhi_report::ask_network::screen(answer, lang))?,
        AskFormat::Json => {
            let text = xiezhi_report::ask_network::json::text(answer, lang);
            result(&text.map_err(|error| Said::unwritten(&error))?)?;
        }
    }
    Ok(code)
}
