//! Keys that one object states twice: equal values are one, different ones are unknown.

use std::borrow::Cow;

use xiezhi_model::{ProblemKind, Reason};

use super::JsonError;
use crate::tree::{Node, Tree};

/// Leaves each key once, and says which were stated twice; `None` when none was.
pub(super) fn settle_twice(entries: &mut Vec<(Cow<'_, str>, Node<'_>)>) -> Option<Vec<JsonError>> {
    let mut order: Vec<usize> = (0..entries.len()).collect();
    if entries.len() > 16 {
        order.sort_by(|&a, &b| entries.get(a).map(|e| &e.0).cmp(&entries.get(b).map(|e| &e.0)).then(a.cmp(&b)));
        let any = order.windows(2).any(|pair| match pair {
            [a, b] => entries.get(*a).map(|e| &e.0) == entries.get(*b).map(|e| &e.0),
            _ => false,
        });
        if !any {
            return None;
        }
    } else {
        let any =
            entries.iter().enumerate().any(|(at, (key, _))| entries.iter().take(at).any(|(other, _)| other == key));
        if !any {
            return None;
        }
    }
    let mut found = vec![];
    let mut kept: Vec<(Cow<'_, str>, Node<'_>)> = Vec::with_capacity(entries.len());
    let mut places: rustc_hash::FxHashMap<String, usize> = rustc_hash::FxHashMap::default();
    for (key, node) in entries.drain(..) {
        match places.get(key.as_ref()).copied() {
            None => {
                places.insert(key.to_string(), kept.len());
                kept.push((key, node));
            }
            Some(at) => {
                found.push(JsonError {
                    line: node.line,
                    kind: ProblemKind::Unexpected,
                    detail: format!("the key `{}` is stated twice", crate::secret::mask(&key)),
                });
                if let Some((_, first)) = kept.get_mut(at)
                    && !same(&first.value, &node.value)
                {
                    first.value = Tree::Unknown(Reason::unreadable("the key is stated twice with different values"));
                }
            }
        }
    }
    *entries = kept;
    Some(found)
}

/// Whether two values say the same, wherever they stand.
fn same(a: &Tree<'_>, b: &Tree<'_>) -> bool {
    match (a, b) {
        (Tree::List(a, _), Tree::List(b, _)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(&a.value, &b.value))
        }
        (Tree::Map(a, _), Tree::Map(b, _)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.0 == b.0 && same(&a.1.value, &b.1.value))
        }
        _ => a == b,
    }
}
