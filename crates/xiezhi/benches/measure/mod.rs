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
    /// The largest resident set, KiB.
    peak: i64,
}

/// The first argument of the process that runs the program once and says what it took.
const ONCE: &str = "--measure-once";

/// Runs the program once and prints its figures, when this process was started for that.
///
/// The system keeps one peak for all children of a process, so each run gets a parent of its own.
pub fn once() -> bool {
    let mut args = std::env::args().skip(1);
    if args.next().as_deref() != Some(ONCE) {
        return false;
    }
    let started = Instant::now();
    let status = Command::new(env!("CARGO_BIN_EXE_xiezhi"))
        .args(args)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .unwrap();
    assert!(status.code().is_some(), "the program ended by a signal");
    let wall = started.elapsed();
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).unwrap();
    let micros = |time: nix::sys::time::TimeVal| time.tv_sec() * 1_000_000 + time.tv_usec();
    println!("{} {} {}", wall.as_micros(), micros(usage.user_time()) + micros(usage.system_time()), usage.max_rss());
    true
}

/// Runs the program and waits for its end.
pub fn measure(args: &[&str]) -> Figures {
    let said = Command::new(std::env::current_exe().unwrap()).arg(ONCE).args(args).output().unwrap();
    assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
    let figures: Vec<u64> =
        String::from_utf8(said.stdout).unwrap().split_whitespace().map(|figure| figure.parse().unwrap()).collect();
    Figures {
        wall: Duration::from_micros(figures[0]),
        cpu: Duration::from_micros(figures[1]),
        peak: i64::try_from(figures[2]).unwrap(),
    }
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
