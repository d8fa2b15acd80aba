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

/// CPU seconds of this process so far; none where the system does not say it in the way of Linux.
fn cpu() -> Option<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    let fields: Vec<&str> = stat.rsplit(')').next()?.split_whitespace().collect();
    let times = fields.get(11..13)?.iter().map(|field| field.parse::<f64>().ok());
    Some(times.sum::<Option<f64>>()? / 100.0)
}

fn peak() -> Option<String> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    status.lines().find_map(|line| line.strip_prefix("VmHWM:")).map(|peak| peak.trim().to_owned())
}

/// A figure, or a dash for one that nobody measured.
fn shown(seconds: Option<f64>) -> String {
    seconds.map_or_else(|| "-".to_owned(), |seconds| format!("{seconds:.2}"))
}

/// Runs a question and gives its CPU and wall seconds with the answer.
fn timed<T>(question: impl FnOnce() -> T) -> (T, Option<f64>, f64) {
    let (start, before) = (Instant::now(), cpu());
    let answer = question();
    let used = cpu().zip(before).map(|(after, before)| after - before);
    (answer, used, start.elapsed().as_secs_f64())
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
            "{size:>9}  {:>9}  {:>5}  {wall:>6.2}  {:>11.1}  {:>10}  {}",
            report.exposures.len(),
            shown(cpu),
            one * 1000.0,
            shown(diff),
            peak().unwrap_or_else(|| "-".to_owned())
        );
    }
}
