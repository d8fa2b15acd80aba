//! The arguments of `ask`. The doc comments are the help text.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

/// The arguments of `ask`.
#[derive(Debug, Args)]
pub struct AskArgs {
    /// What is asked.
    #[command(subcommand)]
    pub question: Question,
}

/// The questions.
#[derive(Debug, Subcommand)]
pub enum Question {
    /// Can this user or role do that, and under which conditions?
    Can(CanArgs),
    /// Who can do that?
    Who(WhoArgs),
    /// What can this user or role do, by service and access level?
    What(WhatArgs),
    /// Does every call that this user or role may make come with MFA, over TLS or from a network?
    Enforced(EnforcedArgs),
    /// Can anyone outside use this bucket, access point, key, secret, log project, Tablestore instance or role?
    Public(PublicArgs),
    /// Who is or can become administrator, and by which steps?
    Escalate(EscalateArgs),
    /// What does this user, role, AccessKey or instance lead to?
    Blast(BlastArgs),
    /// Does the new policy grant anything that the old one does not?
    Diff(DiffArgs),
    /// What is wrong or odd in the policies, with line, column and remedy?
    Lint(LintArgs),
    /// Rewrite a policy to what was used, provably nothing more than before.
    Minimise(MinimiseArgs),
    /// Questions about network, web protection, encryption and audit.
    #[command(flatten)]
    Network(super::network::Question),
}

/// What every question about evidence takes.
#[derive(Debug, Args)]
pub struct Common {
    /// The account that is asked about, when the evidence has several or names none.
    #[arg(long, value_name = "ID")]
    pub account: Option<String>,
    #[command(flatten)]
    pub output: OutputArgs,
}

/// How the answer is written.
#[derive(Debug, Args)]
pub struct OutputArgs {
    /// How to write the answer.
    #[arg(long, value_enum, default_value_t = AskFormat::Terminal)]
    pub format: AskFormat,
}

/// How an answer is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum AskFormat {
    /// Sentences.
    Terminal,
    /// Everything, for programs (`xiezhi-answer/1`).
    Json,
}

/// Calls of a principal.
#[derive(Debug, Args)]
pub struct CallArgs {
    /// The principal: `user/<name>`, `role/<name>`, an ARN, or the bare name where only one fits.
    #[arg(value_name = "PRINCIPAL")]
    pub principal: String,
    /// The action, for example `oss:GetObject`; wildcards ask for any that fits.
    #[arg(value_name = "ACTION")]
    pub action: String,
    /// Files or folders of evidence; `-` reads standard input.
    #[arg(required = true, value_name = "EVIDENCE")]
    pub evidence: Vec<PathBuf>,
    /// The resource: an ARN, a pattern, `oss://<bucket>/<key>` or `role/<name>`; any resource when it is not given.
    #[arg(long = "on", value_name = "RESOURCE", default_value = "*", hide_default_value = true)]
    pub resource: String,
}

/// The arguments of `ask can`.
#[derive(Debug, Args)]
pub struct CanArgs {
    /// The calls that are asked about.
    #[command(flatten)]
    pub calls: CallArgs,
    /// A further resource of the same call, where it checks several: the source of a copy, the image of an instance; may be
    /// given several times.
    #[arg(long, value_name = "RESOURCE")]
    pub with: Vec<String>,
    /// The policy that was passed with `AssumeRole`, as a file: a session can do no more than it and the role allow together.
    #[arg(long, value_name = "FILE")]
    pub session: Option<PathBuf>,
    #[command(flatten)]
    pub common: Common,
}

/// The arguments of `ask who`.
#[derive(Debug, Args)]
pub struct WhoArgs {
    /// The action, for example `oss:GetObject`; wildcards ask for any that fits.
    #[arg(value_name = "ACTION")]
    pub action: String,
    /// Files or folders of evidence; `-` reads standard input.
    #[arg(required = true, value_name = "EVIDENCE")]
    pub evidence: Vec<PathBuf>,
    /// The resource: an ARN, a pattern, `oss://<bucket>/<key>` or `role/<name>`; any resource when it is not given.
    #[arg(long = "on", value_name = "RESOURCE", default_value = "*", hide_default_value = true)]
    pub resource: String,
    #[command(flatten)]
    pub common: Common,
}

/// The arguments of `ask what`.
#[derive(Debug, Args)]
pub struct WhatArgs {
    /// The principal: `user/<name>`, `role/<name>`, an ARN, or the bare name where only one fits.
    #[arg(value_name = "PRINCIPAL")]
    pub principal: String,
    /// Files or folders of evidence; `-` reads standard input.
    #[arg(required = true, value_name = "EVIDENCE")]
    pub evidence: Vec<PathBuf>,
    #[command(flatten)]
    pub common: Common,
}

/// The arguments of `ask enforced`.
#[derive(Debug, Args)]
pub struct EnforcedArgs {
    /// What calls must come with.
    #[arg(value_enum, value_name = "SAFEGUARD")]
    pub safeguard: SafeguardKind,
    /// The calls that are asked about.
    #[command(flatten)]
    pub calls: CallArgs,
    /// The network that calls must come from: a range of addresses; may be given several times.
    #[arg(long, value_name = "CIDR", required_if_eq("safeguard", "network"))]
    pub network: Vec<String>,
    /// Only calls signed with an AccessKey count.
    #[arg(long)]
    pub access_key: bool,
    #[command(flatten)]
    pub common: Common,
}

/// A safeguard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SafeguardKind {
    /// Multi-factor authentication (`acs:MFAPresent`), of every call.
    Mfa,
    /// Multi-factor authentication, of calls in the console.
    ConsoleMfa,
    /// Encrypted transport (`acs:SecureTransport`).
    Tls,
    /// An address of the network that `--network` gives (`acs:SourceIp`).
    Network,
}

/// The arguments of `ask public`.
#[derive(Debug, Args)]
pub struct PublicArgs {
    /// The resource: a bucket, access point, key id, secret, log project or Tablestore instance, `role/<name>`; with `--policy-of`, a file that holds a policy.
    #[arg(value_name = "RESOURCE|FILE")]
    pub resource: String,
    /// Files or folders of evidence; `-` reads standard input.
    #[arg(required_unless_present = "policy_of", value_name = "EVIDENCE")]
    pub evidence: Vec<PathBuf>,
    /// The file is the policy of such a resource; no evidence is needed.
    #[arg(long, value_enum, value_name = "KIND", conflicts_with = "evidence")]
    pub policy_of: Option<AttachedTo>,
    /// Ask about use from outside this network instead, by outsiders and by principals of the account: a range of addresses
    /// or a VPC; may be given several times.
    #[arg(long, value_name = "CIDR|VPC")]
    pub network: Vec<String>,
    #[command(flatten)]
    pub common: Common,
}

/// What a policy file is attached to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum AttachedTo {
    /// An OSS bucket whose ACL is private.
    Bucket,
    /// A KMS key or secret.
    Key,
    /// An SLS project.
    Project,
    /// A Tablestore instance.
    Tablestore,
    /// A RAM role, as its trust policy.
    Role,
}

/// The arguments of `ask escalate`.
#[derive(Debug, Args)]
pub struct EscalateArgs {
    /// Files or folders of evidence; `-` reads standard input.
    #[arg(required = true, value_name = "EVIDENCE")]
    pub evidence: Vec<PathBuf>,
    /// Only this foothold: a user, role, `key/<user>` or `key/` and the end of an AccessKey id, instance id, `outside`.
    #[arg(long, value_name = "FOOTHOLD")]
    pub from: Option<String>,
    #[command(flatten)]
    pub common: Common,
}

/// The arguments of `ask blast`.
#[derive(Debug, Args)]
pub struct BlastArgs {
    /// The foothold: a user, role, `key/<user>` or `key/` and the last four characters of an AccessKey id (a whole id is cut
    /// to them; a secret is refused), instance id, `outside`.
    #[arg(value_name = "FOOTHOLD")]
    pub start: String,
    /// Files or folders of evidence; `-` reads standard input.
    #[arg(required = true, value_name = "EVIDENCE")]
    pub evidence: Vec<PathBuf>,
    #[command(flatten)]
    pub common: Common,
}

/// The arguments of `ask diff`.
#[derive(Debug, Args)]
pub struct DiffArgs {
    /// The old policy: a file, or a policy's name in the evidence.
    #[arg(value_name = "OLD")]
    pub old: String,
    /// The new policy: a file, or a policy's name in the evidence.
    #[arg(value_name = "NEW")]
    pub new: String,
    /// Evidence that holds the named policies.
    #[arg(value_name = "EVIDENCE")]
    pub evidence: Vec<PathBuf>,
    #[command(flatten)]
    pub common: Common,
}

/// The arguments of `ask minimise`.
#[derive(Debug, Args)]
pub struct MinimiseArgs {
    /// The policy: a file, or a policy's name in the evidence.
    #[arg(value_name = "POLICY")]
    pub policy: String,
    /// Evidence that holds the named policy.
    #[arg(value_name = "EVIDENCE")]
    pub evidence: Vec<PathBuf>,
    /// The used actions: one per line, or ActionTrail events as JSON.
    #[arg(long, value_name = "FILE")]
    pub used: PathBuf,
    #[command(flatten)]
    pub common: Common,
}

/// The arguments of `ask lint`.
#[derive(Debug, Args)]
pub struct LintArgs {
    /// Files or folders of evidence, of which every policy is read; with `--policy-of`, one file that holds a policy.
    #[arg(required = true, value_name = "EVIDENCE|FILE")]
    pub evidence: Vec<PathBuf>,
    /// The file is a policy of this kind; no evidence is needed.
    #[arg(long, value_enum, value_name = "KIND")]
    pub policy_of: Option<LintKind>,
    #[command(flatten)]
    pub common: Common,
}

/// Where a policy file stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LintKind {
    /// Attached to users, groups or roles.
    Identity,
    /// A RAM role's trust policy.
    Role,
    /// An OSS bucket.
    Bucket,
    /// An OSS access point.
    AccessPoint,
    /// A KMS key or secret.
    Key,
    /// An SLS project.
    Project,
    /// A Tablestore instance.
    Tablestore,
    /// A VPC gateway endpoint.
    Endpoint,
    /// A resource directory, as a control policy.
    Directory,
    /// A session of a role.
    Session,
}
