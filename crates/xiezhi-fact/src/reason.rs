//! Why nobody can tell: a closed list, so that "cannot tell" in a report is a group-by.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use crate::Origin;

/// Why a fact is unknown. Each reason has one remedy sentence in `xiezhi-report`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// Nobody looked: the call or file that would tell is not part of the evidence.
    NotCollected,
    /// This kind of evidence cannot say it (a Terraform configuration does not know a CVE count).
    NotInEvidence,
    /// The region or account was not asked.
    NotAsked(Words),
    /// The call was refused.
    Refused(Arc<Refusal>),
    /// The call was throttled or timed out: `product:Action`.
    Throttled(Words),
    /// The value was masked by whoever handed it over.
    Redacted,
    /// An expression that could not be resolved, as it stands in the source.
    Unresolved(Words),
    /// The evidence that would tell is broken, cut short or contradicts itself. Says what: a file, a page, a key.
    Unreadable(Words),
    /// The value is there and this program does not understand it: our gap. Says what.
    NotUnderstood(Words),
    /// Sources state different things; the places.
    Disagree(Places),
}

impl Reason {
    /// A value that this program does not understand; `what` names it in a few words.
    pub fn not_understood(what: impl AsRef<str>) -> Self {
        Reason::NotUnderstood(what.as_ref().into())
    }

    /// Evidence that is broken or cut short; `what` names it in a few words.
    pub fn unreadable(what: impl AsRef<str>) -> Self {
        Reason::Unreadable(what.as_ref().into())
    }

    /// An expression that could not be resolved.
    pub fn unresolved(expression: impl AsRef<str>) -> Self {
        Reason::Unresolved(expression.as_ref().into())
    }

    /// A refused call.
    pub fn refused(call: impl AsRef<str>, action: Option<&str>) -> Self {
        Reason::Refused(Arc::new(Refusal { call: call.as_ref().into(), action: action.map(Box::from) }))
    }

    /// Whether the source simply said nothing, so that any other source may fill the gap.
    pub fn is_silence(&self) -> bool {
        matches!(self, Reason::NotCollected | Reason::NotInEvidence | Reason::NotAsked(_))
    }

    /// The reason's name in the JSON result: stable, lower case, hyphens.
    pub fn code(&self) -> &'static str {
        match self {
            Reason::NotCollected => "not-collected",
            Reason::NotInEvidence => "not-in-this-evidence",
            Reason::NotAsked(_) => "not-asked",
            Reason::Refused(_) => "refused",
            Reason::Throttled(_) => "throttled",
            Reason::Redacted => "redacted",
            Reason::Unresolved(_) => "unresolved",
            Reason::Unreadable(_) => "unreadable",
            Reason::NotUnderstood(_) => "not-understood",
            Reason::Disagree(_) => "sources-disagree",
        }
    }

    /// What the reason is about: the call, the expression, the region, the places; empty when there is nothing to add.
    pub fn detail(&self) -> String {
        match self {
            Reason::NotCollected | Reason::NotInEvidence | Reason::Redacted => String::new(),
            Reason::NotAsked(what)
            | Reason::Throttled(what)
            | Reason::Unresolved(what)
            | Reason::Unreadable(what)
            | Reason::NotUnderstood(what) => what.to_string(),
            Reason::Refused(refusal) => refusal.to_string(),
            Reason::Disagree(places) => places.0.join("; "),
        }
    }
}

/// A few words, shared. One pointer wide: a reason is part of every fact, and most facts are known.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Words(Arc<Box<str>>);

impl From<&str> for Words {
    fn from(words: &str) -> Self {
        Self(Arc::new(words.into()))
    }
}

impl From<String> for Words {
    fn from(words: String) -> Self {
        Self(Arc::new(words.into()))
    }
}

impl Deref for Words {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self)
    }
}

/// Which call was refused, and what the caller lacks.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Refusal {
    /// The call, `product:Action`.
    pub call: Box<str>,
    /// The RAM action that the caller lacks, when known.
    pub action: Option<Box<str>>,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.action {
            Some(action) if *action != self.call => write!(f, "{} ({action})", self.call),
            _ => f.write_str(&self.call),
        }
    }
}

/// The places whose statements differ, sorted and without repeats.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Places(Arc<Vec<String>>);

impl Places {
    pub(crate) fn of(a: &Origin, b: &Origin) -> Self {
        let mut all = vec![a.to_string(), b.to_string()];
        all.sort();
        all.dedup();
        Self(Arc::new(all))
    }

    /// The places as text, in order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}
