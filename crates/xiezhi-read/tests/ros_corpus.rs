//! Every ROS template that others publish is read; none makes the reader panic.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stderr, clippy::arithmetic_side_effects)]

use std::path::{Path, PathBuf};

use xiezhi_model::Inventory;
use xiezhi_read::ros::read_template;

fn templates(folder: &Path, out: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            templates(&path, out);
        } else if path.extension().is_some_and(|end| end == "yaml" || end == "yml") {
            out.push(path);
        }
    }
}

#[test]
fn fixtures_of_peers_are_read() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus");
    if !root.is_dir() {
        eprintln!("SKIPPED: {} is not there", root.display());
        return;
    }
    let mut paths = Vec::new();
    templates(&root.join("infraguard"), &mut paths);
    assert!(paths.len() > 200, "{}", paths.len());
    let mut problems = Vec::new();
    let mut batches = Vec::new();
    for path in &paths {
        let text = std::fs::read_to_string(path).unwrap();
        let name = path.strip_prefix(&root).unwrap().to_string_lossy().into_owned();
        let batch = read_template(&name, &name, &text);
        problems.extend(
            batch
                .problems
                .iter()
                .map(|problem| format!("{}:{} {:?} {}", problem.file, problem.line, problem.kind, problem.detail)),
        );
        batches.push(batch);
    }
    let inventory = Inventory::join(batches);
    let resources: usize = inventory.kinds().map(|(_, table)| table.count()).sum();
    eprintln!("{} templates, {resources} resources; not read: {:?}", paths.len(), inventory.not_read);
    assert!(resources > 0);
    assert_eq!(problems, Vec::<String>::new());
}
