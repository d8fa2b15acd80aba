//! What plans and states say beside the values: which are known only after apply, and which are secret.

use std::borrow::Cow;

use xiezhi_model::Reason;

use crate::tree::{Node, Tree};

/// Takes out of `unknown` (the plan's `after_unknown`) the arguments that the configuration of a new resource leaves out: of
/// them the plan says only that somebody fills them in, and what holds then is what holds for the configuration itself.
/// Source: Terraform, "JSON Output Format", configuration representation: `expressions` has every argument that is set.
pub(super) fn left_out(unknown: &mut Node<'_>, expressions: &Node<'_>) {
    match (&mut unknown.value, &expressions.value) {
        (Tree::Map(entries, _), Tree::Map(set, _)) => {
            entries.retain(|(name, _)| set.iter().any(|(argument, _)| argument == name));
            for (name, inner) in entries {
                if let Some(expression) = expressions.key(name) {
                    left_out(inner, expression);
                }
            }
        }
        // A block of which there may be one stands as it is, others as lists of blocks.
        (Tree::List(blocks, _), Tree::List(set, _)) if blocks.len() == set.len() => {
            blocks.iter_mut().zip(set).for_each(|(block, set)| left_out(block, set));
        }
        (Tree::List(blocks, _), Tree::Map(..)) => {
            for block in blocks.iter_mut().filter(|block| matches!(block.value, Tree::Map(..))) {
                left_out(block, expressions);
            }
        }
        _ => {}
    }
}

/// Looks up what an expression of the configuration stands for.
pub(super) type Resolve<'r> = dyn FnMut(&Node<'_>) -> Option<Tree<'static>> + 'r;

/// Puts unknowns into `after` where `unknown` (the plan's `after_unknown`) says `true`.
///
/// `expressions` is what the configuration says at the same place: when it refers to one resource by what identifies
/// it, the value is that reference. Source: Terraform, "JSON Output Format", change representation.
pub(super) fn unknowns<'a>(
    after: &mut Node<'a>,
    unknown: &Node<'_>,
    expressions: Option<&Node<'_>>,
    resolve: &mut Resolve<'_>,
) {
    match &unknown.value {
        Tree::Bool(true) => {
            let known = expressions.and_then(resolve);
            after.value = known.unwrap_or_else(|| Tree::Unknown(Reason::unresolved("known after apply")));
        }
        Tree::Map(entries, _) => {
            if !matches!(after.value, Tree::Map(..)) && entries.iter().any(|(_, node)| says_true(node)) {
                after.value = Tree::Map(vec![], None);
            }
            let Tree::Map(values, _) = &mut after.value else { return };
            for (key, inner) in entries.iter().filter(|(_, node)| says_true(node)) {
                let expression = part(expressions, key);
                match values.iter_mut().find(|(name, _)| name == key) {
                    Some((_, value)) => unknowns(value, inner, expression, resolve),
                    None => {
                        let mut value = Node::new(Tree::Null, after.line);
                        unknowns(&mut value, inner, expression, resolve);
                        values.push((Cow::Owned(key.to_string()), value));
                    }
                }
            }
        }
        Tree::List(items, _) => {
            if !matches!(after.value, Tree::List(..)) && items.iter().any(says_true) {
                after.value = Tree::List(vec![], None);
            }
            let Tree::List(values, _) = &mut after.value else { return };
            for (at, inner) in items.iter().enumerate().filter(|(_, node)| says_true(node)) {
                while values.len() <= at {
                    values.push(Node::new(Tree::Null, after.line));
                }
                // Elements of a plain list share its expression; nested blocks have one each.
                let expression = match expressions.map(|node| &node.value) {
                    Some(Tree::List(blocks, _)) => blocks.get(at),
                    _ if items.len() == 1 => expressions,
                    _ => None,
                };
                if let Some(value) = values.get_mut(at) {
                    unknowns(value, inner, expression, resolve);
                }
            }
        }
        _ => {}
    }
}

/// Whether `true` stands anywhere inside: most of `after_unknown` is empty objects.
fn says_true(node: &Node<'_>) -> bool {
    match &node.value {
        Tree::Bool(value) => *value,
        Tree::Map(entries, _) => entries.iter().any(|(_, node)| says_true(node)),
        Tree::List(items, _) => items.iter().any(says_true),
        _ => false,
    }
}

fn part<'n, 'a>(expressions: Option<&'n Node<'a>>, key: &str) -> Option<&'n Node<'a>> {
    let node = expressions?;
    match &node.value {
        Tree::List(blocks, _) => blocks.first()?.key(key),
        _ => node.key(key),
    }
}

/// Takes values away where `sensitive` says `true`; a secret that is not set stays not set.
pub(super) fn secrets(after: &mut Node<'_>, sensitive: &Node<'_>) {
    match (&mut after.value, &sensitive.value) {
        (Tree::Null, _) => {}
        (value, Tree::Bool(true)) => *value = Tree::Unknown(Reason::Redacted),
        (Tree::Map(values, _), Tree::Map(entries, _)) => {
            for (key, inner) in entries {
                if let Some((_, value)) = values.iter_mut().find(|(name, _)| name == key) {
                    secrets(value, inner);
                }
            }
        }
        (Tree::List(values, _), Tree::List(items, _)) => {
            values.iter_mut().zip(items).for_each(|(value, inner)| secrets(value, inner));
        }
        _ => {}
    }
}

/// Leaves out what is not set: the provider writes an unset text as empty and an unset block as an empty list, where a
/// configuration has nothing.
pub(super) fn drop_unset(node: &mut Node<'_>) {
    match &mut node.value {
        Tree::Map(entries, _) => {
            entries.retain(|(_, node)| match &node.value {
                Tree::Null => false,
                Tree::Text(text) => !text.is_empty(),
                Tree::List(items, None) => !items.is_empty(),
                Tree::Map(entries, None) => !entries.is_empty(),
                _ => true,
            });
            entries.iter_mut().for_each(|(_, node)| drop_unset(node));
        }
        Tree::List(items, _) => items.iter_mut().for_each(drop_unset),
        _ => {}
    }
}
