//! Analyses: what follows from the facts of several resources, added as derived facts with their proof.
//!
//! An analysis reads the inventory and fills fields that the model marks `derived`. A check cannot tell such a fact
//! from one that a source states: it has a value or a reason, an origin that names the analysis and its proof, and
//! the weakest label of its premises.

use xiezhi_model::{Inventory, Label, Origin, Source, SourceKind};

mod audit;
pub(crate) mod encryption;
mod evidence;
mod flow_log;
mod group_ports;
mod key_users;
mod log_retention;
pub mod network;
mod oss_policy;
pub(crate) mod ram;
mod resource_policy;
mod security_center;

pub(crate) use evidence::{called, gap as evidence_gap};

/// One analysis.
pub trait Analysis: Sync {
    /// Its name, as origins of derived facts write it.
    fn name(&self) -> &'static str;
    /// Adds what it concludes.
    fn run(&self, inventory: &mut Inventory);
}

/// Every analysis, in the order in which they run: later ones may read what earlier ones concluded.
pub fn all() -> Vec<Box<dyn Analysis>> {
    vec![
        Box::new(group_ports::GroupPorts),
        Box::new(oss_policy::OssPolicy),
        Box::new(resource_policy::ResourcePolicies),
        Box::new(flow_log::FlowLogs),
        Box::new(network::Reachability),
        // What the internet reaches decides whether an instance's role can be taken from outside.
        Box::new(ram::Ram),
        Box::new(key_users::KeyUsers),
        Box::new(encryption::Encryption),
        Box::new(log_retention::LogRetention),
        Box::new(audit::Audit),
        Box::new(security_center::SecurityCenter),
    ]
}

/// The origin of a derived fact: the analysis, its proof, and the weakest label of its premises.
pub fn derived(analysis: &str, proof: impl Into<Proof>, label: Label) -> Origin {
    let proof = proof.into();
    let name = if proof.en.is_empty() { analysis.to_owned() } else { format!("{analysis}: {}", proof.en) };
    let chinese = if proof.zh.is_empty() { String::new() } else { format!("{analysis}: {}", proof.zh) };
    Origin::new(Source::shared(SourceKind::Derived, &name, &chinese), 0, label)
}

/// Why a derived fact is what it is: in words of both languages, or in signs (names, ports, paths) that need none.
#[derive(Debug, Clone, Default)]
pub struct Proof {
    en: String,
    zh: String,
}

/// A proof in words.
pub fn in_words(en: impl Into<String>, zh: impl Into<String>) -> Proof {
    Proof { en: en.into(), zh: zh.into() }
}

impl Proof {
    /// One proof of several parts.
    pub fn of(parts: &[Self]) -> Self {
        let en: Vec<&str> = parts.iter().map(|part| part.en.as_str()).collect();
        let zh: Vec<&str> =
            parts.iter().map(|part| if part.zh.is_empty() { &part.en } else { &part.zh }.as_str()).collect();
        Self { en: en.join("; "), zh: zh.join("；") }
    }
}

/// A proof in signs.
impl<T: AsRef<str>> From<T> for Proof {
    fn from(signs: T) -> Self {
        Self { en: signs.as_ref().to_owned(), zh: String::new() }
    }
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests;

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod coverage_tests;
