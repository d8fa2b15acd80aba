//! `data "alicloud_ram_policy_document"`: a policy that the provider writes from blocks, without asking the service.
//!
//! Source: terraform-provider-alicloud, `d/ram_policy_document`: arguments, their defaults and how `document` is made.

use super::value::{Stop, Value, text, to_open_text, to_text};
use crate::tree::{Node, Tree};

/// The type of the data source.
pub(super) const KIND: &str = "alicloud_ram_policy_document";

/// The values of one condition key of one operator.
type Values = (String, Vec<Value>);

/// The policy that the evaluated body of the data source makes, as JSON text; a stop when any part of it is unknown.
pub(super) fn document(body: &Value) -> Result<Value, Stop> {
    let mut statements = Vec::new();
    for block in blocks(body, "statement")? {
        let mut entries = vec![("Effect".into(), single(block, "effect", "Allow")?)];
        entries.push(("Action".into(), Node::new(Tree::List(texts(block, "action")?, None), 0)));
        let resources = texts(block, "resource")?;
        if !resources.is_empty() {
            entries.push(("Resource".into(), Node::new(Tree::List(resources, None), 0)));
        }
        let mut principals: Vec<Values> = Vec::new();
        for principal in blocks(block, "principal")? {
            let identifiers = texts(principal, "identifiers")?;
            gather(&mut principals, needed(principal, "entity")?, identifiers);
        }
        if !principals.is_empty() {
            entries.push(("Principal".into(), lists(principals)));
        }
        let conditions = conditions(block)?;
        if !conditions.is_empty() {
            let operators = conditions.into_iter().map(|(operator, keys)| (operator.into(), lists(keys)));
            entries.push(("Condition".into(), Node::new(Tree::Map(operators.collect(), None), 0)));
        }
        statements.push(Node::new(Tree::Map(entries, None), 0));
    }
    if statements.is_empty() {
        return Err(Stop::unresolved(format!("data.{KIND} without any statement")));
    }
    let policy = vec![
        ("Version".into(), single(body, "version", "1")?),
        ("Statement".into(), Node::new(Tree::List(statements, None), 0)),
    ];
    let policy = Node::new(Tree::Map(policy, None), body.line);
    Ok(Node::new(text(policy.json().map_err(Stop::Unknown)?), body.line))
}

/// Operators with their keys. Several blocks of one key add up when each has several values; the provider lets a lone
/// value take the place of others, in an order that it does not promise.
fn conditions(block: &Value) -> Result<Vec<(String, Vec<Values>)>, Stop> {
    let mut all: Vec<(String, Vec<Values>)> = Vec::new();
    for condition in blocks(block, "condition")? {
        let (operator, key) = (needed(condition, "operator")?, needed(condition, "variable")?);
        let values = texts(condition, "values")?;
        let mut keys = match all.iter().position(|(known, _)| *known == operator) {
            Some(at) => all.remove(at).1,
            None => Vec::new(),
        };
        if keys.iter().any(|(known, before)| *known == key && (before.len() == 1 || values.len() == 1)) {
            return Err(Stop::unresolved(format!("two blocks of {operator} {key}, of which the provider keeps one")));
        }
        gather(&mut keys, key, values);
        all.push((operator, keys));
    }
    Ok(all)
}

/// Adds to the list under a name.
fn gather(all: &mut Vec<Values>, name: String, more: Vec<Value>) {
    match all.iter_mut().find(|(known, _)| *known == name) {
        Some((_, values)) => values.extend(more),
        None => all.push((name, more)),
    }
}

fn lists(all: Vec<Values>) -> Value {
    let entries = all.into_iter().map(|(name, values)| (name.into(), Node::new(Tree::List(values, None), 0)));
    Node::new(Tree::Map(entries.collect(), None), 0)
}

/// The nested blocks of a name; JSON syntax writes a lone one without a list.
fn blocks<'n>(node: &'n Value, name: &str) -> Result<Vec<&'n Value>, Stop> {
    match node.key(name) {
        None => Ok(vec![]),
        Some(found) => match &found.value {
            Tree::Null => Ok(vec![]),
            Tree::Map(..) => Ok(vec![found]),
            Tree::List(items, None) => Ok(items.iter().collect()),
            Tree::List(_, Some(reason)) | Tree::Unknown(reason) => Err(Stop::Unknown(reason.clone())),
            _ => Err(Stop::unresolved(format!("data.{KIND}: {name} is no block"))),
        },
    }
}

/// The members of a list of texts, none when it is not set.
fn texts(node: &Value, name: &str) -> Result<Vec<Value>, Stop> {
    match node.key(name).map(|found| &found.value) {
        None | Some(Tree::Null) => Ok(vec![]),
        Some(Tree::List(items, None)) => {
            items.iter().map(|item| Ok(Node::new(text(to_open_text(&item.value)?), item.line))).collect()
        }
        Some(Tree::List(_, Some(reason)) | Tree::Unknown(reason)) => Err(Stop::Unknown(reason.clone())),
        Some(_) => Err(Stop::unresolved(format!("data.{KIND}: {name} is no list"))),
    }
}

fn needed(node: &Value, name: &str) -> Result<String, Stop> {
    match node.key(name) {
        Some(found) => to_text(&found.value),
        None => Err(Stop::unresolved(format!("data.{KIND}: a block without {name}"))),
    }
}

fn single(node: &Value, name: &str, default: &str) -> Result<Value, Stop> {
    let found = node.key(name).filter(|found| found.value != Tree::Null);
    Ok(Node::new(text(found.map_or(Ok(default.to_owned()), |found| to_text(&found.value))?), 0))
}
