#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::print_stdout,
    missing_docs
)]
#[path = "../benches/estate/mod.rs"]
mod estate;
use std::time::Instant;
fn cpu() -> f64 {
    let s = std::fs::read_to_string("/proc/self/stat").unwrap();
    let f: Vec<&str> = s.rsplit(')').next().unwrap().split_whitespace().collect();
    (f[11].parse::<f64>().unwrap() + f[12].parse::<f64>().unwrap()) / 100.0
}
fn main() {
    let size: u32 = std::env::args().nth(1).unwrap().parse().unwrap();
    let network = estate::estate(size);
    let (t, c) = (Instant::now(), cpu());
    let report = xiezhi_net::reach::from_internet(&network, &xiezhi_net::assume::Readings::default());
    let yes = report.exposures.iter().filter(|e| e.verdict.is_yes()).count();
    let boxes: usize = report.exposures.iter().take(100).map(|e| e.parts().len()).sum();
    println!(
        "{size}: {} exposures, {yes} sure, {boxes} parts in first 100, wall {:?}, cpu {:.2}",
        report.exposures.len(),
        t.elapsed(),
        cpu() - c
    );
    println!(
        "{}",
        std::fs::read_to_string("/proc/self/status")
            .unwrap()
            .lines()
            .filter(|l| l.starts_with("VmHWM"))
            .collect::<String>()
    );
}
