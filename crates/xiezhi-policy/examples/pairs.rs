//! Prints policy pairs with the engine's answers as JSON lines, for oracles in other languages:
//! `cargo run -p xiezhi-policy --example pairs -- 300 7` (number of pairs, seed).
//!
//! Each line holds two policy texts, whether the first adds anything to the second, and the witness.
#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

#[path = "../tests/support/mod.rs"]
mod support;

use std::time::Instant;
use support::{Dice, policy_text};
use xiezhi_policy::{Policy, PolicyKind, ask};

fn main() {
    let mut arguments = std::env::args().skip(1);
    let count: usize = arguments.next().map_or(300, |a| a.parse().unwrap());
    let seed: u64 = arguments.next().map_or(7, |a| a.parse().unwrap());
    let mut dice = Dice(seed | 1 << 40);
    for _ in 0..count {
        let (a, b) = (policy_text(&mut dice, true), policy_text(&mut dice, true));
        let (pa, pb) = (Policy::parse("a", PolicyKind::Identity, &a), Policy::parse("b", PolicyKind::Identity, &b));
        let start = Instant::now();
        let finding = ask::adds_by_engine(&[&pa], &[&pb], &Default::default());
        let micros = start.elapsed().as_micros();
        let line = serde_json::json!({"a": a, "b": b, "truth": finding.truth, "witness": finding.witness, "micros": u64::try_from(micros).unwrap()});
        println!("{line}");
    }
}
