//! Whole runs of the program, measured: wall time, CPU time and peak memory of the process.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use nix::sys::resource::{UsageWho, getrusage};

/// Where estates are written: kept for a profiler with `--keep`.
pub fn folder() -> tempfile::TempDir {
    let mut folder = tempfile::tempdir().unwrap();
    if std::env::args().any(|arg| arg == "--keep") {
        folder.disable_cleanup(true);
        println!("estates in {}", folder.path().display());
    }
    folder
}

/// What a run took.
pub struct Figures {
    wall: Duration,
    cpu: Duration,
    /// The largest resident set of any child so far, KiB: runs go from small to large.
    peak: i64,
}

fn cpu() -> Duration {
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).unwrap();
    let of = |time: nix::sys::time::TimeVal| {
        Duration::new(u64::try_from(time.tv_sec()).unwrap(), u32::try_from(time.tv_usec()).unwrap() * 1_000)
    };
    of(usage.user_time()) + of(usage.system_time())
}

/// Runs the program and waits for its end.
pub fn measure(args: &[&str]) -> Figures {
    let (started, before) = (Instant::now(), cpu());
    let status = Command::new(env!("CARGO_BIN_EXE_xiezhi"))
        .args(args)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .unwrap();
    assert!(status.code().is_some(), "the program ended by a signal");
    let wall = started.elapsed();
    Figures { wall, cpu: cpu() - before, peak: getrusage(UsageWho::RUSAGE_CHILDREN).unwrap().max_rss() }
}

/// One line of figures.
pub fn print(what: &str, bytes: u64, figures: &Figures) {
    let megabytes = bytes as f64 / 1e6;
    let peak = figures.peak as f64 * 1024.0 / 1e6;
    let ratio = if bytes == 0 { "-".to_owned() } else { format!("{:.1}", peak / megabytes) };
    println!(
        "{what:<34} {megabytes:>9.1} MB {:>9.3} s wall {:>9.3} s CPU {peak:>8.1} MB peak {ratio:>6} x input",
        figures.wall.as_secs_f64(),
        figures.cpu.as_secs_f64(),
    );
}

/// Writes a file and says how large it is.
pub fn write(path: &Path, content: impl FnOnce(&mut dyn Write)) -> u64 {
    let mut out = BufWriter::new(File::create(path).unwrap());
    content(&mut out);
    out.flush().unwrap();
    fs::metadata(path).unwrap().len()
}
