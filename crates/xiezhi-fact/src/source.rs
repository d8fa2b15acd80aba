//! Where a fact comes from.

use std::cell::RefCell;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use rustc_hash::FxHasher;

use crate::{Label, Text};

/// What kind of evidence a source is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SourceKind {
    /// The answer of an API call.
    Api,
    /// Terraform configuration (HCL).
    TerraformConfig,
    /// `terraform show -json` of a plan.
    TerraformPlan,
    /// Terraform state, or `terraform show -json` of one.
    TerraformState,
    /// A ROS template.
    Ros,
    /// `attest.toml`: what only people know.
    Attestation,
    /// Official documentation: a provider default.
    Documentation,
    /// Concluded by an analysis from other facts.
    Derived,
}

/// One place that states facts: a file, an answer, a documentation page, an analysis.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Source {
    /// What kind of evidence it is.
    pub kind: SourceKind,
    /// The file as it was given, the documentation page, or the analysis and its proof.
    pub name: Text,
    /// The same in Chinese, for a proof in words; empty where `name` reads the same in every language.
    pub chinese: Text,
    /// The call, for an API answer.
    pub call: Option<Box<Call>>,
}

/// The call whose answer a source is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Call {
    /// The call, `product:Action`.
    pub name: Text,
    /// The region asked.
    pub region: Option<Text>,
    /// The provider's request id, when the answer carries it.
    pub request_id: Option<Text>,
    /// When the answer was taken, as the evidence writes it (RFC 3339).
    pub time: Option<Text>,
}

/// How many sources a thread keeps at hand for [`Source::shared`], and the last of their places.
const KEPT: usize = 1024;
const LAST_SLOT: u64 = 1023;

thread_local! {
    static RECENT: RefCell<Vec<Option<Arc<Source>>>> = const { RefCell::new(Vec::new()) };
}

impl Source {
    /// A source with a kind and a name and nothing else.
    pub fn new(kind: SourceKind, name: impl Into<Text>) -> Self {
        Self { kind, name: name.into(), chinese: Text::default(), call: None }
    }

    /// A source that many facts share: a documentation page, a proof in words. Equal ones that a thread makes within a
    /// short while are one, so that a default that is stated of a hundred thousand resources is in memory once.
    pub fn shared(kind: SourceKind, name: &str, chinese: &str) -> Arc<Self> {
        let make = || Arc::new(Self { kind, name: name.into(), chinese: chinese.into(), call: None });
        let mut hasher = FxHasher::default();
        (kind, name, chinese).hash(&mut hasher);
        let slot = usize::try_from(hasher.finish() & LAST_SLOT).unwrap_or(0);
        RECENT.with(|recent| {
            let Ok(mut recent) = recent.try_borrow_mut() else { return make() };
            recent.resize(KEPT, None);
            let Some(slot) = recent.get_mut(slot) else { return make() };
            match slot {
                Some(kept) if kept.kind == kind && kept.name == name && kept.chinese == chinese => Arc::clone(kept),
                _ => Arc::clone(slot.insert(make())),
            }
        })
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.call {
            None => f.write_str(&self.name),
            Some(call) => {
                f.write_str(&call.name)?;
                if let Some(region) = &call.region {
                    write!(f, " in {region}")?;
                }
                if let Some(id) = &call.request_id {
                    write!(f, ", request {id}")?;
                }
                if !self.name.is_empty() {
                    write!(f, " ({})", self.name)?;
                }
                Ok(())
            }
        }
    }
}

/// Where one fact stands: the source, the line in it (1-based; 0 when lines mean nothing there) and the label.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Origin {
    /// The source.
    pub source: Arc<Source>,
    /// The line, from 1; 0 when the source has no lines.
    pub line: u32,
    /// How strong the evidence is.
    pub label: Label,
}

impl Origin {
    /// A place in a source.
    pub fn new(source: Arc<Source>, line: u32, label: Label) -> Self {
        Self { source, line, label }
    }

    /// The same source at another line.
    #[must_use]
    pub fn at(&self, line: u32) -> Self {
        Self { source: Arc::clone(&self.source), line, label: self.label }
    }

    /// Whether this is a documented default: true until somebody looks.
    pub fn is_default(&self) -> bool {
        self.source.kind == SourceKind::Documentation
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.source)?;
        if self.line > 0 {
            write!(f, ":{}", self.line)?;
        }
        Ok(())
    }
}
