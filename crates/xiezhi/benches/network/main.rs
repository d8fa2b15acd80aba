//! Network questions through the whole program, from a bundle of API answers: everything that the internet reaches with
//! witness, path and deciding rules; what changed between two snapshots; what would close one way in.
//!
//! `cargo bench -p xiezhi --bench network` measures 1,000 to 100,000 instances with ten rules for each. An argument limits the
//! sizes: `-- 10000`; `--keep` leaves the estates for a profiler. The figures are read beside the size of the input and
//! beside each other (growth per tenfold).

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod estate;
#[path = "../measure/mod.rs"]
mod measure;

use crate::measure::{folder, measure, print, write};

fn main() {
    let limit: usize = std::env::args().skip(1).find_map(|arg| arg.parse().ok()).unwrap_or(100_000);
    let folder = folder();
    for size in [1_000, 10_000, 100_000].into_iter().filter(|size| *size <= limit) {
        let (before, after) =
            (folder.path().join(format!("{size}.ndjson")), folder.path().join(format!("{size}b.ndjson")));
        let bytes = write(&before, |out| estate::dump(size, false, out));
        write(&after, |out| estate::dump(size, true, out));
        let (before, after) = (before.to_str().unwrap(), after.to_str().unwrap());
        let name = |what: &str| format!("{size} instances, {what}");
        print(&name("exposed"), bytes, &measure(&["ask", "exposed", before]));
        print(&name("exposed, JSON"), bytes, &measure(&["ask", "exposed", before, "--format", "json"]));
        print(&name("changed"), bytes, &measure(&["ask", "changed", before, after]));
        print(&name("close one"), bytes, &measure(&["ask", "close", "i-000000", before]));
    }
}
