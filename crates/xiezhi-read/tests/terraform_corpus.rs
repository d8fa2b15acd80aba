//! Every Terraform file that others publish is parsed; none makes the reader panic.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stderr, clippy::arithmetic_side_effects)]

use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};

use xiezhi_model::{Inventory, Problem, ProblemKind};
use xiezhi_read::SourceFile;
use xiezhi_read::terraform::{read_module, read_tree};

fn corpus() -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus");
    if !root.is_dir() {
        eprintln!("SKIPPED: {} is not there", root.display());
        return None;
    }
    Some(root)
}

fn terraform_files(folder: &Path, out: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            terraform_files(&path, out);
        } else if path.extension().is_some_and(|end| end == "tf") {
            out.push(path);
        }
    }
}

fn not_parsed(problems: &[Problem]) -> Vec<String> {
    problems
        .iter()
        .filter(|problem| matches!(problem.kind, ProblemKind::BrokenHcl | ProblemKind::TooDeep | ProblemKind::NotUtf8))
        .map(|problem| format!("{}:{} {}", problem.file, problem.line, problem.detail))
        .collect()
}

#[test]
fn fixtures_of_peers_are_parsed() {
    let Some(root) = corpus() else { return };
    let mut paths = Vec::new();
    terraform_files(&root.join("infraguard"), &mut paths);
    terraform_files(&root.join("infraguard-packs"), &mut paths);
    terraform_files(&root.join("checkov"), &mut paths);
    assert!(paths.len() > 300, "{}", paths.len());
    let mut sets: BTreeMap<PathBuf, Vec<SourceFile>> = BTreeMap::new();
    for path in paths {
        let bytes = std::fs::read(&path).unwrap();
        let name = path.strip_prefix(&root).unwrap().to_string_lossy().into_owned();
        let set = path.parent().unwrap().strip_prefix(&root).unwrap().to_path_buf();
        sets.entry(set).or_default().push(SourceFile { path: name.into(), bytes });
    }
    let mut broken = Vec::new();
    let mut batches = Vec::new();
    for (set, files) in &sets {
        let batch = read_module(&set.to_string_lossy(), files);
        broken.extend(not_parsed(&batch.problems));
        batches.push(batch);
    }
    let inventory = Inventory::join(batches);
    let resources: usize = inventory.kinds().map(|(_, table)| table.count()).sum();
    eprintln!("{} modules, {resources} resources; not read: {:?}", sets.len(), inventory.not_read);
    assert!(resources > 0);
    assert_eq!(broken, Vec::<String>::new());
}

#[test]
fn examples_of_the_provider_are_parsed() {
    let Some(root) = corpus() else { return };
    let packed = std::fs::read(root.join("unlabelled/provider-hcl.ndjson.gz")).unwrap();
    let mut text = String::new();
    flate2::read::GzDecoder::new(packed.as_slice()).read_to_string(&mut text).unwrap();
    let mut broken = Vec::new();
    let (mut files, mut resources) = (0_usize, 0_usize);
    for line in text.lines() {
        let entry: serde_json::Value = serde_json::from_str(line).unwrap();
        let path = entry["path"].as_str().unwrap();
        let file = SourceFile {
            path: if path.ends_with(".tf") { path.into() } else { format!("{path}.tf").into() },
            bytes: entry["hcl"].as_str().unwrap().as_bytes().to_vec(),
        };
        files += 1;
        for (_, batch) in read_tree(std::slice::from_ref(&file)) {
            broken.extend(not_parsed(&batch.problems));
            let inventory = Inventory::join(vec![batch]);
            resources += inventory.kinds().map(|(_, table)| table.count()).sum::<usize>();
            resources += usize::try_from(inventory.not_read.values().sum::<u64>()).unwrap();
        }
    }
    eprintln!("{files} files, {resources} resources");
    assert!(files > 2000 && resources > files, "most examples hold more than one resource");
    assert_eq!(broken, Vec::<String>::new());
}
