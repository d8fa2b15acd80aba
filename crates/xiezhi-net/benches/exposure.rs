//! What the questions cost at 1,000, 10,000 and 100,000 instances.
//!
//! `cargo bench -p xiezhi-net` prints the table; 100,000 instances hold a million rules. Measured in release on two shared
//! cores on 2026-11-26, the network alone, without reading a dump:
//!
//! | instances | exposure, CPU s | wall s | one rule again, ms | two snapshots, CPU s | peak, MB |
//! |---|---|---|---|---|---|
//! | 1,000 | 0.08 | 0.06 | 1.7 | 0.09 | 31 |
//! | 10,000 | 0.98 | 0.65 | 8.9 | 1.22 | 331 |
//! | 100,000 | 14.1 | 10.0 | 258 | 20.1 | 3,400 |

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects, missing_docs)]

mod estate;

use xiezhi_net::assume::Readings;
use xiezhi_net::reach;

fn main() {
    divan::main();
}

/// All internet exposure with witness, path and deciding rules.
#[divan::bench(args = [1_000, 10_000, 100_000], sample_count = 3, sample_size = 1)]
fn all_internet_exposure(bencher: divan::Bencher<'_, '_>, size: u32) {
    let network = estate::estate(size);
    bencher.bench_local(|| reach::from_internet(&network, &Readings::default()).exposures.len());
}
