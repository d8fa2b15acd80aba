//! Terraform states: `terraform show -json` of one, and raw state files of version 4.
//!
//! Source: Terraform, "JSON Output Format", state representation; a raw file's format is read as Terraform writes it.

use xiezhi_model::Reason;

use super::plan::{Found, JsonReader, Secret, join};
use super::value::quoted;
use crate::json::{Entries, Raw};
use crate::tree::{Node, Tree};

/// Reads `values` of `terraform show -json`.
pub(super) fn shown<'a>(reader: &mut JsonReader, top: &Entries<'a>) {
    let root = top.get("values").and_then(|values| values.entries().get("root_module"));
    let mut modules: Vec<Raw<'a>> = root.into_iter().collect();
    let mut found = Vec::new();
    while let Some(module) = modules.pop() {
        let entries = module.entries();
        if let Some(error) = &entries.error {
            reader.broken(error);
        }
        let path = entries.plain("address").unwrap_or_default().into_owned();
        modules.extend(members(reader, &entries, "child_modules"));
        for member in members(reader, &entries, "resources") {
            let entries = member.entries();
            let kind = entries.plain("type").unwrap_or_default().into_owned();
            if entries.plain("mode").as_deref() == Some("data")
                || entries.get("deposed_key").is_some()
                || !reader.is_ours(&kind)
            {
                continue;
            }
            let Some(values) = entries.get("values") else {
                reader.lacking(member.line, "a resource without `values`");
                continue;
            };
            found.push(Found {
                address: entries.plain("address").unwrap_or_default().into_owned(),
                module: path.clone(),
                kind,
                line: member.line,
                values,
                new: false,
                unknown: None,
                secret: Secret::Tree(entries.get("sensitive_values").filter(|raw| raw.text.contains("true"))),
            });
        }
    }
    reader.read_all(found, None);
}

/// Reads `resources` of a raw state file.
pub(super) fn raw<'a>(reader: &mut JsonReader, top: &Entries<'a>) {
    let mut found = Vec::new();
    for member in members(reader, top, "resources") {
        let entries = member.entries();
        let kind = entries.plain("type").unwrap_or_default().into_owned();
        if entries.plain("mode").as_deref() != Some("managed") || !reader.is_ours(&kind) {
            continue;
        }
        let module = entries.plain("module").unwrap_or_default().into_owned();
        let name = entries.plain("name").unwrap_or_default();
        for instance in members(reader, &entries, "instances") {
            let entries = instance.entries();
            if entries.get("deposed").is_some() {
                continue;
            }
            let suffix = match entries.get("index_key").and_then(|key| key.node().ok()).map(|key| key.value) {
                Some(Tree::Number(index)) => format!("[{index}]"),
                Some(Tree::Text(key)) => format!("[{}]", quoted(&key)),
                _ => String::new(),
            };
            let Some(values) = entries.get("attributes") else {
                reader.lacking(instance.line, "a resource without `attributes`");
                continue;
            };
            found.push(Found {
                address: join(&module, &format!("{kind}.{name}{suffix}")),
                module: module.clone(),
                kind: kind.clone(),
                line: instance.line,
                values,
                new: false,
                unknown: None,
                secret: Secret::Paths(entries.get("sensitive_attributes")),
            });
        }
    }
    reader.read_all(found, None);
}

fn members<'a>(reader: &mut JsonReader, entries: &Entries<'a>, name: &str) -> Vec<Raw<'a>> {
    let (members, error) = entries.get(name).map(|raw| raw.members()).unwrap_or_default();
    if let Some(error) = error {
        reader.broken(&error);
    }
    members
}

/// Takes away what the paths of `sensitive_attributes` name: each is a list of steps `{type, value}`.
pub(super) fn hide(node: &mut Node<'_>, paths: &Node<'_>) {
    let Tree::List(paths, _) = &paths.value else { return };
    for path in paths {
        let steps = match &path.value {
            Tree::List(steps, _) => steps.as_slice(),
            _ => std::slice::from_ref(path),
        };
        hide_one(node, steps);
    }
}

fn hide_one(node: &mut Node<'_>, steps: &[Node<'_>]) {
    let Some((step, rest)) = steps.split_first() else {
        if node.value != Tree::Null {
            node.value = Tree::Unknown(Reason::Redacted);
        }
        return;
    };
    // An index step holds its key as `{value, type}`.
    let key = step.key("value").map(|value| value.key("value").unwrap_or(value));
    match (&mut node.value, key.map(|key| &key.value)) {
        (Tree::Map(entries, _), Some(Tree::Text(name))) => {
            if let Some((_, inner)) = entries.iter_mut().find(|(key, _)| key == name) {
                hide_one(inner, rest);
            }
        }
        (Tree::List(items, _), Some(Tree::Number(index))) => {
            let inner = index.parse::<usize>().ok().and_then(|index| items.get_mut(index));
            if let Some(inner) = inner {
                hide_one(inner, rest);
            }
        }
        // A path that leads nowhere we can follow: the whole value is hidden rather than a part of it shown.
        (value, _) => *value = Tree::Unknown(Reason::Redacted),
    }
}
