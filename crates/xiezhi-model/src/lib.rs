//! The inventory: typed resources of facts, listings, regions, links.
//!
//! One file per service under [`service`] says what a resource is and what each of its fields means. Never parses,
//! does I/O or knows a clock; has no default for a fact: a fresh resource knows nothing and says so.

mod arrange;
mod batch;
mod inventory;
mod owner;
mod record;
pub mod service;
mod vocabulary;

pub use batch::{Batch, Key, Problem, ProblemKind, Wording};
pub use inventory::{AnyTable, Gap, Inventory, Listing, ListingScope, Table};
pub use owner::OWN_ACCOUNT;
pub use record::{
    FactView, Field, FieldType, Head, Items, Link, ListView, Record, Resource, Schema, Scope, Type, Value,
};
pub use xiezhi_fact::{Call, Fact, Label, List, Origin, Reason, Source, SourceKind, State, Text};

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests;
