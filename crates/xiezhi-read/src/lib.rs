//! Bytes to resources: API answers, Terraform, attestations; redaction.
//!
//! Readers return resources *and* problems, never only an error: one bad file costs itself. Nothing here touches the
//! network, the clock or the environment. Every source is first seen as a [`tree::Node`] and mapped to typed resources
//! through [`fields::Fields`], so that an API answer, Terraform and a template are read by the same words.

mod among;
pub mod api;
mod attest;
pub mod bundle;
pub mod calls;
mod cloudrec;
mod cloudsploit;
pub mod fields;
pub mod fills;
mod input;
pub mod json;
pub mod keys;
#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod network_tests;
mod policy;
mod read;
mod recognise;
pub mod region;
pub mod ros;
pub mod secret;
pub mod sink;
mod store;
mod template_disks;
pub mod terraform;
#[cfg(test)]
mod testing;
mod time;
mod tls;
mod toml_tree;
pub mod tree;
pub mod variables;
mod walk;
pub mod white_list;
pub mod words;
mod xml;

pub use input::{Input, SourceFile};
pub use read::{FileRead, Options, Reading, TakenFor, read, read_answer};
