//! Network questions through the whole program, from a bundle of API answers: everything that the internet reaches with
//! witness, path and deciding rules; what changed between two snapshots; what would close one way in. And inside the
//! program: everything that the internet reaches verified again after one rule was edited.
//!
//! `cargo bench -p xiezhi --bench network` measures 1,000 to 100,000 instances with ten rules for each. An argument limits the
//! sizes: `-- 10000`; `--keep` leaves the estates for a profiler. The figures are read beside the size of the input and
//! beside each other (growth per tenfold).

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod estate;
#[path = "../measure/mod.rs"]
mod measure;

use std::collections::BTreeSet;
use std::time::Instant;

use xiezhi_net::assume::Readings;
use xiezhi_net::model::{PortMatch, Seen};
use xiezhi_net::reach::{self, Report};

use crate::measure::{folder, measure, print, write};

fn main() {
    if measure::once() {
        return;
    }
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
        one_rule(&name("one rule edited"), before);
    }
}

/// Opens a port of one security group and verifies everything that the internet reaches again; the answer is the same as
/// that of a whole run.
fn one_rule(what: &str, evidence: &str) {
    let reading = xiezhi_read::read(&[xiezhi_read::Input::path(evidence)], &xiezhi_read::Options::default());
    let inventory = xiezhi_model::Inventory::join(reading.batches);
    let mut network = xiezhi_review::analyse::network::network(&inventory);
    let readings = Readings::default();
    let before = reach::from_internet(&network, &readings);
    let group = network.groups.items[0].id.clone();
    let Seen::Known(rules) = &mut network.groups.items[0].rules else { panic!("the rules of {group}") };
    let mut rule = rules[0].clone();
    (rule.id, rule.ports) = ("sgr-edited".into(), PortMatch::Ranges(vec![(3389, 3389)]));
    rules.push(rule);
    let mut times = Vec::new();
    let mut after = before.clone();
    for _ in 0..5 {
        let report = before.clone();
        let started = Instant::now();
        after = reach::again(report, &network, &readings, &BTreeSet::from([group.clone()]));
        times.push(started.elapsed());
    }
    times.sort();
    let started = Instant::now();
    let whole = reach::from_internet(&network, &readings);
    let sets = |report: &Report| report.exposures.iter().map(|one| (one.certain(), one.possible())).collect::<Vec<_>>();
    let opened = after.exposures.iter().filter(|one| one.certain().ports(6).contains(3389)).count();
    let whole_time = started.elapsed();
    assert!(opened > 0 && sets(&after) == sets(&whole), "the edit must show, as in a whole run");
    println!(
        "{what:<34} {:>9.1} ms of {:>9.1} ms for a whole run; {opened} ways in opened, {} in all",
        times[2].as_secs_f64() * 1e3,
        whole_time.as_secs_f64() * 1e3,
        after.exposures.len(),
    );
}
