//! What the questions cost at 1,000, 10,000 and 100,000 instances.
//!
//! `cargo bench -p xiezhi-net` prints the table; 100,000 instances hold a million rules.

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
