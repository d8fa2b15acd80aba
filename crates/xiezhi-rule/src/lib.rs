//! Check files and their predicate language: parse, type-check, evaluate in three values, trace.
//!
//! A check is a Markdown file that says in TOML what it judges and when that is a defect, explains itself in two
//! languages, and carries examples that are its tests. Predicates have CEL's syntax and three values: an unknown
//! becomes true or false only where the other operand decides. No clock, no I/O: texts and the time of evaluation
//! are given by the caller.
//!
//! # What differs from CEL
//! - A value that the source states not to exist is *absent*: it equals nothing, a field of it is absent, a condition
//!   that is absent does not hold, a quantifier over it finds no members, `size` of it is 0, and an order with it is
//!   unknown (guard it: `has(a.b) && a.b > 3`).
//! - `has(a.b)` is true for a known value, false for an absent one, unknown for an unknown one.
//! - Lists of which members may be missing are *open*: `exists` may still be true and `all` false.
//! - Lists are equal when they have the same members in whatever order.
//! - `each("kind")` are all resources of a kind of the subject's account; links are followed by `.field`.
//! - Helpers: `age_days(time)`, `covers_internet(ranges)`, `is_public_range(range)`, `cidr_contains_any(range, ranges)`,
//!   `port_in(ports, port)` and `ports_overlap(ports, [port, …])` over a list of port ranges or a text such as `22/22`,
//!   `min_tls(text)` (12 for TLS 1.2), `lower(text)`.

mod check;
mod condition;
mod error;
mod facts;
mod lang;
mod markdown;
mod world;

pub use check::{Answer, Check, CheckSet, Example, Explanation, Outcome, Phase, Severity, Words};
pub use condition::Condition;
pub use error::CheckError;
pub use facts::Facts;
pub use lang::func::{min_tls, unix_seconds};
pub use lang::mode::{Premise, Shown};
pub use world::Context;
