//! Analyses: what follows from the facts of several resources, added as derived facts with their proof.
//!
//! An analysis reads the inventory and fills fields that the model marks `derived`. A check cannot tell such a fact
//! from one that a source states: it has a value or a reason, an origin that names the analysis and its proof, and
//! the weakest label of its premises.

use std::sync::Arc;

use xiezhi_model::{Inventory, Label, Origin, Source, SourceKind};

mod audit;
mod encryption;
mod evidence;
mod flow_log;
mod group_ports;
pub mod network;
mod oss_policy;
pub(crate) mod ram;
mod security_center;

pub(crate) use evidence::called;

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
        Box::new(ram::Ram),
        Box::new(flow_log::FlowLogs),
        Box::new(network::Reachability),
        Box::new(encryption::Encryption),
        Box::new(audit::Audit),
        Box::new(security_center::SecurityCenter),
    ]
}

/// The origin of a derived fact: the analysis, its proof in a sentence, and the weakest label of its premises.
pub fn derived(analysis: &str, proof: &str, label: Label) -> Origin {
    let name = if proof.is_empty() { analysis.to_owned() } else { format!("{analysis}: {proof}") };
    Origin::new(Arc::new(Source::new(SourceKind::Derived, name)), 0, label)
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests;

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod coverage_tests;
