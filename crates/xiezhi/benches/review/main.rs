//! Whole runs of the program over generated estates: wall time, CPU time and peak memory of the process.
//!
//! `cargo bench -p xiezhi --bench review` measures 1,000 to 100,000 resources, as a bundle of API answers and as plan
//! JSON, and the start of the program with nothing to do. An argument limits the sizes: `-- 10000`; `--keep` leaves the
//! estates for a profiler. The figures are read beside the size of the input (bytes) and beside each other (growth per tenfold).

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod estate;

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use nix::sys::resource::{UsageWho, getrusage};

/// What a run took.
struct Figures {
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

fn measure(args: &[&str]) -> Figures {
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

fn print(what: &str, bytes: u64, figures: &Figures) {
    let megabytes = bytes as f64 / 1e6;
    let peak = figures.peak as f64 * 1024.0 / 1e6;
    let ratio = if bytes == 0 { "-".to_owned() } else { format!("{:.1}", peak / megabytes) };
    println!(
        "{what:<34} {megabytes:>9.1} MB {:>9.3} s wall {:>9.3} s CPU {peak:>8.1} MB peak {ratio:>6} x input",
        figures.wall.as_secs_f64(),
        figures.cpu.as_secs_f64(),
    );
}

fn write(path: &Path, content: impl FnOnce(&mut dyn Write)) -> u64 {
    let mut out = BufWriter::new(File::create(path).unwrap());
    content(&mut out);
    out.flush().unwrap();
    fs::metadata(path).unwrap().len()
}

fn main() {
    let limit: usize = std::env::args().skip(1).find_map(|arg| arg.parse().ok()).unwrap_or(100_000);
    let mut folder = tempfile::tempdir().unwrap();
    if std::env::args().any(|arg| arg == "--keep") {
        folder.disable_cleanup(true);
        println!("estates in {}", folder.path().display());
    }
    for args in [&["--version"][..], &["-h"], &["review", "no/such/path", "--no-such-option"]] {
        print(&args.join(" "), 0, &measure(args));
    }
    for (name, extension, content) in
        [("API dump", "ndjson", estate::dump as fn(usize, &mut dyn Write)), ("plan JSON", "json", estate::plan)]
    {
        for size in [1_000, 10_000, 100_000].into_iter().filter(|size| *size <= limit) {
            let path = folder.path().join(format!("{size}.{extension}"));
            let bytes = write(&path, |out| content(size, out));
            let given = path.to_str().unwrap();
            print(&format!("{name}, {size} resources, screen"), bytes, &measure(&["review", given]));
            print(&format!("{name}, {size} resources, JSON"), bytes, &measure(&["review", given, "--format", "json"]));
        }
    }
}
