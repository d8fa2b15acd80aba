//! The command line. The doc comments are the only help text.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// A security reviewer for Alibaba Cloud: evidence in, an honest verdict out.
///
/// Reads what you hand over (API answers as JSON, Terraform, attestations), judges it, and says what it cannot tell.
/// It never asks for a credential and never changes anything.
#[derive(Debug, Parser)]
#[command(name = "xiezhi", version, max_term_width = 110)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// The language of everything that is printed; the locale decides when it is not given.
    #[arg(long, global = true, value_enum, value_name = "LANG")]
    pub lang: Option<LangArg>,
    /// Configuration: language, threshold, check folders, waivers. Nothing that lies in the evidence is ever obeyed.
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Judge evidence: files, folders, or `-` for standard input.
    Review(ReviewArgs),
    /// Explain a check, or one finding with the facts that prove it.
    Explain(ExplainArgs),
    /// Answer a question with proof: who can do what, what the internet reaches, what is encrypted and kept.
    Ask(crate::ask::args::AskArgs),
    /// List checks, frameworks or the read-only calls that evidence may come from.
    List(ListArgs),
    /// Run the examples of every check file in a folder.
    TestChecks(TestChecksArgs),
}

/// The arguments of `review`.
#[derive(Debug, Args)]
pub struct ReviewArgs {
    /// Files or folders of evidence; `-` reads standard input.
    #[arg(required = true, value_name = "EVIDENCE")]
    pub evidence: Vec<PathBuf>,
    /// How to write the answer.
    #[arg(long, value_enum, default_value_t = Format::Terminal)]
    pub format: Format,
    /// The whole eight-section answer instead of the first screen (the same as `--format markdown`).
    #[arg(long)]
    pub full: bool,
    /// Exit with 1 when a defect of this severity or a graver one is proven.
    #[arg(long, value_enum, value_name = "SEVERITY")]
    pub fail_on: Option<SeverityArg>,
    /// Exit with 0 instead of 3 when nothing is proven but something stays undecided.
    #[arg(long)]
    pub allow_unknown: bool,
    /// Always exit with 0 when an answer was written: for those who only want the file.
    #[arg(long)]
    pub exit_zero: bool,
    /// More checks: a folder of check files.
    #[arg(long, value_name = "DIR")]
    pub checks: Vec<PathBuf>,
    /// Defects that were accepted, with reason, owner and end date (TOML).
    #[arg(long, value_name = "FILE")]
    pub waivers: Option<PathBuf>,
    /// The time that ages are counted to, RFC 3339; now when it is not given.
    #[arg(long, value_name = "TIME")]
    pub as_of: Option<String>,
}

/// The arguments of `explain`.
#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// A check's id, or a finding `<check>@<resource>` as the review prints it.
    #[arg(value_name = "CHECK|FINDING")]
    pub what: String,
    /// The evidence that a finding is about.
    #[arg(value_name = "EVIDENCE")]
    pub evidence: Vec<PathBuf>,
    /// More checks: a folder of check files.
    #[arg(long, value_name = "DIR")]
    pub checks: Vec<PathBuf>,
    /// The time that ages are counted to, RFC 3339; now when it is not given.
    #[arg(long, value_name = "TIME")]
    pub as_of: Option<String>,
}

/// The arguments of `list`.
#[derive(Debug, Args)]
pub struct ListArgs {
    /// What to list.
    #[arg(value_enum)]
    pub what: Listed,
    /// More checks: a folder of check files.
    #[arg(long, value_name = "DIR")]
    pub checks: Vec<PathBuf>,
    /// Write JSON.
    #[arg(long)]
    pub json: bool,
}

/// The arguments of `test-checks`.
#[derive(Debug, Args)]
pub struct TestChecksArgs {
    /// The folder of check files.
    #[arg(value_name = "DIR")]
    pub dir: PathBuf,
}

/// What can be listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Listed {
    /// Every check, with severity and title.
    Checks,
    /// Every framework, with how many of its controls have a check.
    Frameworks,
    /// Every call that evidence may come from.
    Calls,
}

/// How an answer is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// The short first screen.
    Terminal,
    /// The eight sections.
    Markdown,
    /// Everything, for programs: `schema/result-1.json` describes it.
    Json,
}

/// A language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LangArg {
    /// English.
    En,
    /// 简体中文.
    Zh,
}

/// A severity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SeverityArg {
    /// Only critical defects.
    Critical,
    /// High and critical.
    High,
    /// Medium and graver.
    Medium,
    /// Low and graver (the default).
    Low,
    /// Anything at all.
    Info,
}
