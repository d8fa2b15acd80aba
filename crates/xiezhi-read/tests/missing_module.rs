//! What stands in a module that is not in evidence may turn a fact into an unknown and into nothing else.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stderr,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing
)]

use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;

use hcl_edit::structure::{Block, Body, Structure};
use xiezhi_model::{Inventory, Record, State, Value};
use xiezhi_read::SourceFile;
use xiezhi_read::ros::read_template;
use xiezhi_read::terraform::read_module;

fn read(text: String) -> Inventory {
    Inventory::join(vec![read_module("", &[SourceFile { path: "main.tf".into(), bytes: text.into_bytes() }])])
}

fn resource_of(block: &Block) -> Option<(&str, &str)> {
    match (block.ident.as_str(), block.labels.as_slice()) {
        ("resource", [kind, name]) => Some((kind.as_str(), name.as_str())),
        _ => None,
    }
}

/// The text without the resource `moved`: it stands in a module that is handed everything which stays, and gives it back.
fn with_moved(body: &Body, moved: &str) -> String {
    let is_moved = |block: &Block| resource_of(block).is_some_and(|(kind, name)| moved == format!("{kind}.{name}"));
    let stays = |structure: &&Structure| !structure.as_block().is_some_and(is_moved);
    let left: Body = body.iter().filter(stays).cloned().collect();
    let all: Vec<String> = left.blocks().filter_map(resource_of).map(|(kind, name)| format!("{kind}.{name}")).collect();
    let left = left.to_string().replace(&format!("{moved}."), "module.moved.it.");
    let left = left.replace(&format!("{moved}["), "module.moved.it[");
    format!("{left}\nmodule \"moved\" {{\n  source = \"example/moved/alicloud\"\n  all = [{}]\n}}\n", all.join(", "))
}

/// Whether what is said of a value with part of the evidence gone is no other than what is said with it.
fn agrees(less: &State<Value<'_>>, whole: &State<Value<'_>>) -> bool {
    match (less, whole) {
        (State::Unknown(_), _) | (State::Absent, State::Absent) => true,
        (State::Known(less), State::Known(whole)) => same(less, whole),
        _ => false,
    }
}

fn same(less: &Value<'_>, whole: &Value<'_>) -> bool {
    match (less, whole) {
        (Value::Bool(a), Value::Bool(b)) => a == b,
        (Value::Int(a), Value::Int(b)) => a == b,
        (Value::Text(a), Value::Text(b)) => a == b,
        (Value::Link(_, a), Value::Link(_, b)) => a == b,
        (Value::Record(a), Value::Record(b)) => differing(*a, *b).is_none(),
        (Value::List(a), Value::List(b)) => {
            let members = (0..a.items.count()).all(|at| match (a.items.item(at), b.items.item(at)) {
                (Some(a), Some(b)) => same(&a, &b),
                _ => false,
            });
            a.more.is_some() || (b.more.is_none() && a.items.count() == b.items.count() && members)
        }
        _ => false,
    }
}

fn differing(less: &dyn Record, whole: &dyn Record) -> Option<&'static str> {
    less.schema().fields.iter().enumerate().find_map(|(at, field)| {
        let (less, whole) = (less.fact(at).unwrap(), whole.fact(at).unwrap());
        (!agrees(&less.state, &whole.state)).then_some(field.name)
    })
}

/// Every field that says another thing, by what was moved away.
fn contradictions(less: &Inventory, whole: &Inventory, moved: &str, out: &mut BTreeMap<String, String>) {
    for (kind, table) in less.kinds() {
        for at in 0..table.count() {
            let record = table.record(at).unwrap();
            let head = record.resource_head().unwrap();
            let name = format!("{}#{}", head.set, head.address);
            let Some(same) = whole.table(kind).and_then(|all| all.record(all.find(&name)?)) else { continue };
            if let Some(field) = differing(record, same) {
                out.entry(format!("{moved} > {kind}.{field}")).or_insert_with(|| head.address.to_string());
            }
        }
    }
}

#[test]
fn no_block_of_a_module_that_is_missing_changes_what_is_still_known() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus/unlabelled/provider-hcl.ndjson.gz");
    let Ok(packed) = std::fs::read(&root) else {
        eprintln!("SKIPPED: {} is not there", root.display());
        return;
    };
    let mut text = String::new();
    flate2::read::GzDecoder::new(packed.as_slice()).read_to_string(&mut text).unwrap();
    let (mut found, mut compared) = (BTreeMap::new(), 0_usize);
    for (at, line) in text.lines().enumerate() {
        let entry: serde_json::Value = serde_json::from_str(line).unwrap();
        let Ok(body) = entry["hcl"].as_str().unwrap().parse::<Body>() else { continue };
        let whole = read(body.to_string());
        let kinds: Vec<String> =
            body.blocks().filter_map(resource_of).map(|(kind, name)| format!("{kind}.{name}")).collect();
        for one in &kinds {
            let kind = one.split('.').next().unwrap();
            // Blocks that only speak of others all stand in, of the rest those of some configurations.
            if xiezhi_read::terraform::block(kind).is_none_or(|block| block.kind.is_some()) && at % 8 > 0 {
                continue;
            }
            contradictions(&read(with_moved(&body, one)), &whole, kind, &mut found);
            compared += 1;
        }
    }
    eprintln!("{compared} configurations with a block moved away");
    assert!(compared > 500, "{compared}");
    assert_eq!(found, BTreeMap::new());
}

/// The resources of a template as (name, first line, line behind the last one).
fn resources_of(lines: &[&str]) -> Vec<(String, usize, usize)> {
    let Some(start) = lines.iter().position(|line| line.trim_end() == "Resources:") else { return vec![] };
    let ends = lines.iter().skip(start + 1).position(|line| line.starts_with(|letter: char| letter.is_alphabetic()));
    let end = ends.map_or(lines.len(), |at| start + 1 + at);
    let names: Vec<(String, usize)> = (start + 1..end)
        .filter_map(|at| {
            let name = lines[at].strip_prefix("  ")?.trim_end().strip_suffix(':')?;
            name.starts_with(|letter: char| letter.is_alphanumeric()).then(|| (name.to_owned(), at))
        })
        .collect();
    let next = |at: usize| names.get(at + 1).map_or(end, |(_, line)| *line);
    names.iter().enumerate().map(|(at, (name, line))| (name.clone(), *line, next(at))).collect()
}

/// The template without a resource: it stands in a nested stack that is given all others.
fn nested(lines: &[&str], moved: &(String, usize, usize), all: &[(String, usize, usize)]) -> String {
    let others = all.iter().filter(|one| *one != moved).enumerate();
    let given: String = others.map(|(at, (name, ..))| format!("        P{at}: {{Ref: {name}}}\n")).collect();
    let stack = format!(
        "  Moved:\n    Type: ALIYUN::ROS::Stack\n    Properties:\n      TemplateURL: 'oss://t/t.yaml'\n      Parameters:\n{given}"
    );
    format!("{}\n{stack}{}\n", lines[..moved.1].join("\n"), lines[moved.2..].join("\n"))
}

#[test]
fn no_resource_of_a_nested_stack_that_is_missing_changes_what_is_still_known() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus/infraguard");
    if !root.is_dir() {
        eprintln!("SKIPPED: {} is not there", root.display());
        return;
    }
    let mut files = Vec::new();
    let mut folders = vec![root];
    while let Some(folder) = folders.pop() {
        let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        for path in paths {
            match path.extension().and_then(|end| end.to_str()) {
                _ if path.is_dir() => folders.push(path),
                Some("yaml" | "yml") => files.push(path),
                _ => {}
            }
        }
    }
    let (mut found, mut compared) = (BTreeMap::new(), 0_usize);
    for path in files {
        let text = std::fs::read_to_string(&path).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        let all = resources_of(&lines);
        let read = |text: &str| Inventory::join(vec![read_template("s", "s.yaml", text)]);
        let whole = read(&text);
        for moved in all.iter().filter(|_| all.len() > 1) {
            let kind = lines[moved.1..moved.2].iter().find_map(|line| line.trim().strip_prefix("Type: "));
            contradictions(&read(&nested(&lines, moved, &all)), &whole, kind.unwrap_or_default(), &mut found);
            compared += 1;
        }
    }
    eprintln!("{compared} templates with a resource moved away");
    assert!(compared > 100, "{compared}");
    assert_eq!(found, BTreeMap::new());
}
