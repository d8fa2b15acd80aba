//! Terraform: configuration (HCL), plan and state, seen as blocks of [`crate::tree::Node`]; `map/` has one file per
//! service that says what each resource type means.

use xiezhi_model::Schema;

use crate::fields::Fields;
use crate::sink::Sink;

mod body;
pub(crate) mod collect;
mod config;
mod eval;
mod func;
mod func_number;
mod func_text;
mod handed;
mod joined;
mod json_syntax;
pub mod map;
mod module;
mod overlay;
mod parse;
mod plan;
mod policy_document;
mod refer;
mod scope;
mod state;
pub(crate) mod value;

pub use config::{read_module, read_tree};
pub use plan::read_json;

/// How one resource type is read.
pub struct Block {
    /// The type: `alicloud_oss_bucket`.
    pub name: &'static str,
    /// The kind that a block of this type is; `None` for companions, which only speak of other resources. A
    /// configuration without any such block lists none of the kind.
    pub kind: Option<&'static Schema>,
    /// Reads one block. `id` stands among its fields when the source knows it (state).
    pub read: fn(&Fields<'_>, &mut Sink<'_>),
}

/// How the resource type with that name is read.
pub fn block(name: &str) -> Option<&'static Block> {
    map::BLOCKS.iter().flat_map(|blocks| blocks.iter()).find(|block| block.name == name)
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests;
#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests_json;
#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests_open;
#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests_templates;
