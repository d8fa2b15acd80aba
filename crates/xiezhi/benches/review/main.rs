//! Whole runs of the program over generated estates: wall time, CPU time and peak memory of the process.
//!
//! `cargo bench -p xiezhi --bench review` measures 1,000 to 100,000 resources, as a bundle of API answers and as plan
//! JSON, and the start of the program with nothing to do. An argument limits the sizes: `-- 10000`; `--keep` leaves the
//! estates for a profiler. The figures are read beside the size of the input (bytes) and beside each other (growth per tenfold).

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod estate;
#[path = "../measure/mod.rs"]
mod measure;

use std::io::Write;

use crate::measure::{folder, measure, print, write};

fn main() {
    if measure::once() {
        return;
    }
    let limit: usize = std::env::args().skip(1).find_map(|arg| arg.parse().ok()).unwrap_or(100_000);
    let folder = folder();
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
