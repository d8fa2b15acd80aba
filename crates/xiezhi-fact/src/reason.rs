//! Why nobody can tell: a closed list, so that "cannot tell" in a report is a group-by.

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
    NotAsked(Arc<str>),
    /// The call was refused: `product:Action`, and the RAM action it wants where that is known.
    Refused {
        /// The call, `product:Action`.
        call: Arc<str>,
        /// The RAM action that the caller lacks, when known.
        action: Option<Arc<str>>,
    },
    /// The call was throttled or timed out: `product:Action`.
    Throttled(Arc<str>),
    /// The value was masked by whoever handed it over.
    Redacted,
    /// An expression that could not be resolved, as it stands in the source.
    Unresolved(Arc<str>),
    /// The value is there and this program does not understand it: our gap. Says what.
    NotUnderstood(Arc<str>),
    /// Sources state different things; the places.
    Disagree(Places),
}

impl Reason {
    /// A value that this program does not understand; `what` names it in a few words.
    pub fn not_understood(what: impl AsRef<str>) -> Self {
        Reason::NotUnderstood(Arc::from(what.as_ref()))
    }

    /// An expression that could not be resolved.
    pub fn unresolved(expression: impl AsRef<str>) -> Self {
        Reason::Unresolved(Arc::from(expression.as_ref()))
    }

    /// A refused call.
    pub fn refused(call: impl AsRef<str>, action: Option<&str>) -> Self {
        Reason::Refused { call: Arc::from(call.as_ref()), action: action.map(Arc::from) }
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
            Reason::Refused { .. } => "refused",
            Reason::Throttled(_) => "throttled",
            Reason::Redacted => "redacted",
            Reason::Unresolved(_) => "unresolved",
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
            | Reason::NotUnderstood(what) => what.to_string(),
            Reason::Refused { call, action: Some(action) } if action != call => format!("{call} ({action})"),
            Reason::Refused { call, .. } => call.to_string(),
            Reason::Disagree(places) => places.0.join("; "),
        }
    }
}

/// The places whose statements differ, sorted and without repeats.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Places(Arc<[String]>);

impl Places {
    pub(crate) fn of(a: &Origin, b: &Origin) -> Self {
        let mut all = vec![a.to_string(), b.to_string()];
        all.sort();
        all.dedup();
        Self(all.into())
    }

    /// The places as text, in order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}
