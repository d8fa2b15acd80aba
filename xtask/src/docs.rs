//! Pages that the program writes about itself.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use xiezhi_model::{Scope, Type, service};
use xiezhi_report::{Lang, sentences};
use xiezhi_review::{CHECK_FILES, coverage, frameworks};
use xiezhi_rule::CheckSet;

use crate::readme;

/// Writes every generated file, or with `check` compares each with what stands there.
pub fn generate(root: &Path, check: bool) -> Result<(), String> {
    let set = CheckSet::load(CHECK_FILES.iter().copied());
    if let Some(error) = set.errors().first() {
        return Err(error.to_string());
    }
    let files = [
        ("docs/checks.md", checks(&set)),
        ("docs/frameworks.md", frameworks_page(&set)?),
        ("docs/model.md", model()),
        ("schema/result-1.json", xiezhi_report::json::schema()),
        ("README.md", readme::with_screen(root, "README.md", Lang::En)?),
        ("README.zh-CN.md", readme::with_screen(root, "README.zh-CN.md", Lang::Zh)?),
    ];
    let mut stale = Vec::new();
    for (name, text) in files {
        let path = root.join(name);
        let same = fs::read_to_string(&path).is_ok_and(|found| found == text);
        if same {
            continue;
        }
        if check {
            stale.push(name);
            continue;
        }
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(|error| format!("cannot make `{}`: {error}", folder.display()))?;
        }
        fs::write(&path, text).map_err(|error| format!("cannot write `{name}`: {error}"))?;
    }
    if stale.is_empty() { Ok(()) } else { Err(format!("stale: {}; run `cargo xtask gen`", stale.join(", "))) }
}

const NOTE: &str = "<!-- Written by `cargo xtask gen`; do not edit. -->\n\n";

fn checks(set: &CheckSet) -> String {
    let mut by_service: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for check in set.checks() {
        let service = check.path.split('/').nth(1).unwrap_or("");
        by_service.entry(service).or_default().push(format!(
            "| [{id}](../{path}) | {severity} | {en}<br>{zh} | {controls} |\n",
            id = check.id,
            path = check.path,
            severity = sentences::severity(check.severity, Lang::En),
            en = check.title.en,
            zh = check.title.zh,
            controls = check.controls.join(", ")
        ));
    }
    let mut out = format!("{NOTE}# Checks\n\n{} checks.\n", set.checks().len());
    for (service, rows) in by_service {
        out.push_str(&format!(
            "\n## {service}\n\n| check | severity | what it finds | controls |\n|---|---|---|---|\n"
        ));
        rows.iter().for_each(|row| out.push_str(row));
    }
    out
}

fn frameworks_page(set: &CheckSet) -> Result<String, String> {
    let covered = coverage(set);
    let mut out =
        format!("{NOTE}# Frameworks\n\nHow many checks give evidence to each control. 0 is an open question.\n");
    for framework in frameworks().map_err(|error| error.to_string())? {
        out.push_str(&format!("\n## {}: {} / {}\n\n", framework.id, framework.en, framework.zh));
        out.push_str("| control | what it asks | decided | checks |\n|---|---|---|---|\n");
        for control in &framework.controls {
            let count = covered.get(format!("{}:{}", framework.id, control.id).as_str()).unwrap_or(&0);
            let decided = format!("{:?}", control.decided).to_lowercase();
            out.push_str(&format!("| {} | {}<br>{} | {decided} | {count} |\n", control.id, control.en, control.zh));
        }
    }
    Ok(out)
}

fn model() -> String {
    let mut out = format!("{NOTE}# The model\n\nEvery kind of resource, its fields, and the calls that fill them.\n");
    for schema in service::KINDS {
        let scope = match schema.scope {
            Scope::Regional => "listed by region",
            Scope::Global => "listed once for the account",
            Scope::Account => "one for each account",
            Scope::Inner => "part of a resource",
        };
        out.push_str(&format!("\n## {}\n\n{} ({scope})\n\n", schema.kind, one_line(schema.doc)));
        out.push_str("| field | type | meaning | filled by |\n|---|---|---|---|\n");
        for field in schema.fields {
            let calls: Vec<&str> = xiezhi_read::fills::calls_for(schema.kind, field.name).collect();
            let filled = if field.derived { "an analysis".to_owned() } else { calls.join(", ") };
            let meaning = one_line(field.doc).replace('|', "\\|");
            out.push_str(&format!("| {} | {} | {meaning} | {filled} |\n", field.name, type_name(&field.ty)));
        }
    }
    out
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn type_name(ty: &Type) -> String {
    match ty {
        Type::Bool => "bool".to_owned(),
        Type::Int => "int".to_owned(),
        Type::Text => "text".to_owned(),
        Type::List(inner) => format!("list of {}", type_name(inner)),
        Type::Record(schema) => schema().kind.to_owned(),
        Type::Link(schema) => format!("link to {}", schema().kind),
    }
}
