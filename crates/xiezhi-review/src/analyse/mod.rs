//! Analyses: what follows from the facts of several resources, added as derived facts with their proof.
//!
//! An analysis reads the inventory and fills fields that the model marks `derived`. A check cannot tell such a fact
//! from one that a source states: it has a value or a reason, an origin that names the analysis and its proof, and
//! the weakest label of its premises.

use xiezhi_model::{Inventory, Label, Origin, Source, SourceKind};
use xiezhi_policy::{StatementRef, Switch};

mod alerts;
mod audit;
mod bucket_names;
mod call_logs;
mod cluster_zones;
pub(crate) mod encryption;
mod evidence;
mod flow_log;
mod group_ports;
mod house_rules;
mod key_users;
mod listener_certificates;
mod log_retention;
pub mod network;
mod oss_network;
mod oss_policy;
pub(crate) mod ram;
pub(crate) mod resource_policy;
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
        Box::new(ram::PolicyTexts),
        Box::new(group_ports::GroupPorts),
        Box::new(oss_policy::OssPolicy),
        Box::new(oss_network::OssNetwork),
        Box::new(resource_policy::ResourcePolicies),
        Box::new(flow_log::FlowLogs),
        Box::new(network::Reachability),
        // What the internet reaches decides whether an instance's role can be taken from outside.
        Box::new(ram::Ram),
        Box::new(key_users::KeyUsers),
        Box::new(encryption::Encryption),
        Box::new(log_retention::LogRetention),
        Box::new(audit::Audit),
        Box::new(alerts::Alerts),
        Box::new(bucket_names::BucketNames),
        Box::new(call_logs::CallLogs),
        Box::new(cluster_zones::ClusterZones),
        Box::new(security_center::SecurityCenter),
        Box::new(listener_certificates::ListenerCertificates),
        Box::new(house_rules::HouseRules),
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
    /// In English; empty when nothing is said.
    pub(crate) fn en(&self) -> &str {
        &self.en
    }

    /// In Chinese; a proof in signs reads the same.
    pub(crate) fn zh(&self) -> &str {
        if self.zh.is_empty() { &self.en } else { &self.zh }
    }

    /// One proof of several parts; empty ones say nothing.
    pub fn of(parts: &[Self]) -> Self {
        let said = || parts.iter().filter(|part| !part.en.is_empty());
        let en: Vec<&str> = said().map(|part| part.en.as_str()).collect();
        let zh: Vec<&str> = said().map(Self::zh).collect();
        Self { en: en.join("; "), zh: zh.join("；") }
    }
}

/// The statements of policies that an answer rests on, each named once.
pub(crate) fn statements(found: &[StatementRef]) -> Proof {
    let mut places: Vec<(&str, usize)> =
        found.iter().map(|one| (one.policy.as_str(), one.statement.saturating_add(1))).collect();
    places.sort_unstable();
    places.dedup();
    let en: Vec<String> = places.iter().map(|(policy, number)| format!("{policy} statement {number}")).collect();
    let zh: Vec<String> = places.iter().map(|(policy, number)| format!("{policy} 第 {number} 条语句")).collect();
    in_words(en.join(", "), zh.join("、"))
}

/// The readings of the documentation on which a claim hangs, as a part of its proof; nothing when it hangs on none.
pub(crate) fn depends(switches: &[Switch]) -> Proof {
    let mut list: Vec<Switch> = switches.to_vec();
    list.sort_unstable();
    list.dedup();
    let one = |pick: &dyn Fn(Switch) -> &'static str, open: &str, close: &str| {
        list.iter().map(|switch| format!("{switch}{open}{}{close}", pick(*switch))).collect::<Vec<_>>()
    };
    if list.is_empty() {
        return Proof::default();
    }
    let en = one(&|switch| switch.meaning().en, " (", ")").join(", ");
    let zh = one(&|switch| switch.meaning().zh, "（", "）").join("、");
    in_words(format!("depends on {en}"), format!("取决于 {zh}"))
}

/// A proof in signs.
impl<T: AsRef<str>> From<T> for Proof {
    fn from(signs: T) -> Self {
        Self { en: signs.as_ref().to_owned(), zh: String::new() }
    }
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
pub(crate) mod tests;

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod coverage_tests;
