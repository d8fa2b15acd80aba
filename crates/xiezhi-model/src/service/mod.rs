//! The kinds of resources, one file per service.
//!
//! To add a kind: declare it in its service's file with `resource!` and name it in [`KINDS`]. To add a field: one line
//! in the struct, one line in each adapter of `xiezhi-read` that can fill it.

pub mod account;
pub mod oss;

use crate::Schema;

/// Every kind of resource, in order of name.
pub const KINDS: &[&Schema] = &[account::Account::SCHEMA, oss::Bucket::SCHEMA];

/// The kind with that name.
pub fn kind(name: &str) -> Option<&'static Schema> {
    KINDS.iter().copied().find(|schema| schema.kind == name)
}
