//! A policy as it was written, with every doubt about it kept beside the statement that it concerns.

use crate::glob::Glob;
use crate::json::Position;
use crate::values::{Decimal, IpRange};
use serde::Serialize;

mod fault;

pub use fault::{Fault, Problem};

/// Where a policy stands; decides which elements it may have and how long it may be (section 1.7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PolicyKind {
    /// A system or custom policy attached to users, groups or roles.
    Identity,
    /// Who may assume a role.
    Trust,
    /// A policy passed with `AssumeRole`; it only narrows.
    Session,
    /// A control policy of a resource directory.
    Control,
    /// OSS bucket policy.
    Bucket,
    /// OSS access-point policy.
    AccessPoint,
    /// KMS key or secret policy.
    Key,
    /// SLS project policy.
    Project,
    /// Policy of a VPC gateway endpoint.
    Endpoint,
    /// Tablestore instance policy.
    Instance,
}

impl PolicyKind {
    /// Whether statements of this kind name a principal.
    #[must_use]
    pub fn has_principal(self) -> bool {
        !matches!(self, PolicyKind::Identity | PolicyKind::Session | PolicyKind::Control)
    }

    /// Whether statements of this kind name resources; a trust policy speaks of its own role only.
    #[must_use]
    pub fn has_resource(self) -> bool {
        self != PolicyKind::Trust
    }

    /// Documented longest text in characters (bytes for keys), section 1.7 of the reference; `None` where nothing is documented.
    #[must_use]
    pub fn longest(self) -> Option<usize> {
        match self {
            PolicyKind::Identity => Some(6_144),
            PolicyKind::Session => Some(2_048),
            PolicyKind::Control => Some(4_096),
            PolicyKind::Key => Some(32_768),
            PolicyKind::Project => Some(16_384),
            _ => None,
        }
    }

    /// Whether an absent or empty principal list is read as everyone (R-1.25, OSS).
    #[must_use]
    pub fn empty_principal_is_anyone(self) -> bool {
        matches!(self, PolicyKind::Bucket | PolicyKind::AccessPoint)
    }
}

/// A parsed policy. It always has statements to reason about: a text that cannot be read is one statement of which nothing is known.
#[derive(Debug, Clone, PartialEq)]
pub struct Policy {
    /// Name used in answers.
    pub name: String,
    /// Where the policy stands.
    pub kind: PolicyKind,
    /// Statements in the order written.
    pub statements: Vec<Statement>,
    /// Everything that was wrong or odd, in the order of the text.
    pub problems: Vec<Problem>,
}

impl Policy {
    /// The same policy when its text is not known, only that it grants at least this: it may allow anything beside, and
    /// denies nothing that it does not say.
    #[must_use]
    pub fn at_least(self) -> Policy {
        let at = Position { line: 1, column: 1 };
        let beyond = Statement::unread(at, vec![]);
        self.with_beyond(vec![Statement { effect: Some(Effect::Allow), principal: None, ..beyond }])
    }

    /// The same when it is known what the rest can be: beside what the policy grants it may allow what `rest` allows, and
    /// nothing else.
    #[must_use]
    pub fn at_least_and_at_most(self, rest: Policy) -> Policy {
        self.with_beyond(rest.statements)
    }

    fn with_beyond(mut self, rest: Vec<Statement>) -> Policy {
        self.statements.extend(rest.into_iter().map(|mut statement| {
            let doubt = Problem { at: statement.at, statement: None, fault: Fault::AtLeast, word: String::new() };
            statement.doubts.push(doubt);
            statement
        }));
        self
    }
}

/// One statement.
#[derive(Debug, Clone, PartialEq)]
pub struct Statement {
    /// Where it starts.
    pub at: Position,
    /// `Sid`, when written.
    pub sid: Option<String>,
    /// `None` when the effect cannot be read: the statement may allow or deny.
    pub effect: Option<Effect>,
    /// Actions; all actions when the element cannot be read.
    pub action: ActionElement,
    /// Resources; all resources when the kind has none or the element cannot be read.
    pub resource: ResourceElement,
    /// Principals, for the kinds that have them.
    pub principal: Option<PrincipalElement>,
    /// Conditions; all must hold.
    pub conditions: Vec<Condition>,
    /// Why the service may read this statement otherwise, or refuse it. Not empty: it matches at most *maybe* (R-1.9, R-1.10).
    pub doubts: Vec<Problem>,
}

impl Statement {
    /// Whether the statement can allow.
    #[must_use]
    pub fn may_allow(&self) -> bool {
        self.effect != Some(Effect::Deny)
    }

    /// Whether the statement can deny.
    #[must_use]
    pub fn may_deny(&self) -> bool {
        self.effect != Some(Effect::Allow)
    }

    /// Whether it stands for what a policy may grant beside what is known ([`Policy::at_least`],
    /// [`Policy::at_least_and_at_most`]).
    #[must_use]
    pub fn is_beyond(&self) -> bool {
        self.doubts.iter().any(|doubt| doubt.fault == Fault::AtLeast)
    }

    /// A statement of which nothing is known: it may allow and may deny anything.
    #[must_use]
    pub fn unread(at: Position, doubts: Vec<Problem>) -> Self {
        Statement {
            at,
            sid: None,
            effect: None,
            action: ActionElement::any(at),
            resource: ResourceElement::any(at),
            principal: Some(PrincipalElement::Anyone),
            conditions: Vec::new(),
            doubts,
        }
    }
}

/// What a statement does when it matches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum Effect {
    /// Grants.
    Allow,
    /// Refuses, stronger than any Allow.
    Deny,
}

/// `Action` or `NotAction`.
#[derive(Debug, Clone, PartialEq)]
pub struct ActionElement {
    /// Whether it was `NotAction`: every action except the listed.
    pub negated: bool,
    /// Patterns as written.
    pub patterns: Vec<ActionPattern>,
}

impl ActionElement {
    fn any(at: Position) -> Self {
        ActionElement { negated: false, patterns: vec![ActionPattern { at, glob: Glob::new("*") }] }
    }
}

/// One action pattern.
#[derive(Debug, Clone, PartialEq)]
pub struct ActionPattern {
    /// Where it stands.
    pub at: Position,
    /// The pattern, matched against `code:Name` without case.
    pub glob: Glob,
}

/// `Resource` or `NotResource`.
#[derive(Debug, Clone, PartialEq)]
pub struct ResourceElement {
    /// Whether it was `NotResource` (R-1.5, SW-11).
    pub negated: bool,
    /// Patterns as written.
    pub patterns: Vec<ResourcePattern>,
}

impl ResourceElement {
    /// The element that covers everything.
    #[must_use]
    pub fn any(at: Position) -> Self {
        ResourceElement { negated: false, patterns: vec![ResourcePattern::new(at, "*")] }
    }
}

/// One resource pattern, split into its segments when it has five.
#[derive(Debug, Clone, PartialEq)]
pub struct ResourcePattern {
    /// Where it stands.
    pub at: Position,
    /// The whole pattern.
    pub whole: Glob,
    /// `code, region, account, relative id` of an `acs:` pattern with all five segments.
    pub segments: Option<[Glob; 4]>,
}

impl ResourcePattern {
    /// Splits a pattern.
    #[must_use]
    pub fn new(at: Position, text: &str) -> Self {
        let mut parts = text.splitn(5, ':');
        let segments = match (parts.next(), parts.next(), parts.next(), parts.next(), parts.next()) {
            (Some("acs"), Some(code), Some(region), Some(account), Some(relative)) => {
                Some([Glob::new(code), Glob::new(region), Glob::new(account), Glob::new(relative)])
            }
            _ => None,
        };
        ResourcePattern { at, whole: Glob::new(text), segments }
    }
}

/// `Principal`.
#[derive(Debug, Clone, PartialEq)]
pub enum PrincipalElement {
    /// `*`, or an empty list where that means everyone.
    Anyone,
    /// The listed entries.
    Listed(Vec<PrincipalEntry>),
}

/// One principal entry.
#[derive(Debug, Clone, PartialEq)]
pub struct PrincipalEntry {
    /// Where it stands.
    pub at: Position,
    /// Under which key it was listed.
    pub family: PrincipalFamily,
    /// The entry as written.
    pub text: String,
}

/// The key under which a principal was listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum PrincipalFamily {
    /// `RAM`
    #[serde(rename = "RAM")]
    Ram,
    /// `Service`
    Service,
    /// `Federated`
    Federated,
    /// A bare string of a list (OSS, SLS).
    #[serde(rename = "list")]
    Bare,
}

/// One operator over one key.
#[derive(Debug, Clone, PartialEq)]
pub struct Condition {
    /// Where the key stands.
    pub at: Position,
    /// The operator as written.
    pub operator: String,
    /// The key as written.
    pub key: String,
    /// The key in lower case.
    pub folded: String,
    /// Whether the operator has the `ForAllValues:` prefix.
    pub for_all: bool,
    /// Whether the operator is one of the `Not…` forms.
    pub negated: bool,
    /// The readable values, under the positive form of the operator.
    pub test: Test,
    /// Values that the operator cannot read (R-1.41, SW-12).
    pub malformed: Vec<String>,
}

/// The positive form of an operator with its values.
#[derive(Debug, Clone, PartialEq)]
pub enum Test {
    /// `StringEquals`
    Equals(Vec<String>),
    /// `StringEqualsIgnoreCase`, values in lower case
    EqualsFolded(Vec<String>),
    /// `StringLike`
    Like(Vec<Glob>),
    /// `Numeric…`
    Number(Comparison, Vec<Decimal>),
    /// `Date…`, instants in milliseconds since 1970
    Date(Comparison, Vec<i64>),
    /// `Bool`
    Bool(Vec<bool>),
    /// `IpAddress`
    Ip(Vec<IpRange>),
    /// An operator that does not exist; the condition is *maybe*.
    Unreadable,
}

/// How a number or date is compared with the value of the policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Comparison {
    /// equal
    Equal,
    /// request value is less
    Less,
    /// request value is less or equal
    LessOrEqual,
    /// request value is greater
    Greater,
    /// request value is greater or equal
    GreaterOrEqual,
}

impl Comparison {
    /// Compares the request's value (left) with the policy's.
    #[must_use]
    pub fn holds<T: Ord>(self, left: &T, right: &T) -> bool {
        match self {
            Comparison::Equal => left == right,
            Comparison::Less => left < right,
            Comparison::LessOrEqual => left <= right,
            Comparison::Greater => left > right,
            Comparison::GreaterOrEqual => left >= right,
        }
    }
}
