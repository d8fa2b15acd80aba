//! A table of what the questions cost by size: `cargo run --release -p xiezhi-net --example growth -- 1000 10000`.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::print_stdout,
    clippy::cast_precision_loss,
    missing_docs
)]

#[path = "../benches/estate/mod.rs"]
mod estate;

use std::time::Instant;

use xiezhi_net::assume::Readings;
use xiezhi_net::model::{Policy, Seen};
use xiezhi_net::path::Entry;
use xiezhi_net::{changed, reach};

/// CPU seconds of this process so far, on Linux.
fn cpu() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<f64> = stat
        .rsplit(')')
        .next()
        .unwrap_or_default()
        .split_whitespace()
        .map(|field| field.parse().unwrap_or(0.0))
        .collect();
    fields.get(11..13).map_or(0.0, |times| times.iter().sum::<f64>() / 100.0)
}

fn peak() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or("?").trim().to_owned()
}

/// Runs a question and gives its CPU and wall seconds with the answer.
fn timed<T>(question: impl FnOnce() -> T) -> (T, f64, f64) {
    let (start, before) = (Instant::now(), cpu());
    let answer = question();
    (answer, cpu() - before, start.elapsed().as_secs_f64())
}

fn main() {
    println!("instances  exposures  CPU s  wall s  one rule ms  diff CPU s  peak memory");
    for size in std::env::args().skip(1).filter_map(|text| text.parse().ok()) {
        let network = estate::estate(size);
        let readings = Readings::default();
        let (report, cpu, wall) = timed(|| reach::from_internet(&network, &readings));
        let mut after = network.clone();
        if let Seen::Known(rules) = &mut after.groups.items[0].rules {
            rules[0].policy = Seen::Known(Policy::Accept);
            rules[0].priority = Seen::Known(1);
        }
        let (_, _, one) = timed(|| reach::through(&after, &readings, &Entry::Eip("eip-0".into())));
        let (_, diff, _) = timed(|| changed::between(&network, &after, &readings));
        println!(
            "{size:>9}  {:>9}  {cpu:>5.2}  {wall:>6.2}  {:>11.1}  {diff:>10.2}  {}",
            report.exposures.len(),
            one * 1000.0,
            peak()
        );
    }
}
