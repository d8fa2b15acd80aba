//! Values while an expression is evaluated: conversions, equality and the cost of keeping them.

use std::borrow::Cow;

use xiezhi_model::{OWN_ACCOUNT, Reason};

use crate::tree::{Node, Tree};

/// A value that owns its parts.
pub(crate) type Value = Node<'static>;

/// Why an expression has no value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Stop {
    /// The value exists and nobody can tell it here.
    Unknown(Reason),
    /// Terraform itself would refuse the expression: `try` and `can` catch that.
    Error(Reason),
}

impl Stop {
    /// An expression that cannot be resolved.
    pub(crate) fn unresolved(expression: impl AsRef<str>) -> Self {
        Stop::Unknown(Reason::unresolved(expression))
    }

    /// Why, either way.
    pub(crate) fn reason(self) -> Reason {
        match self {
            Stop::Unknown(reason) | Stop::Error(reason) => reason,
        }
    }
}

/// What evaluation gives.
pub(crate) type Eval = Result<Value, Stop>;

/// The value, or an unknown in its place.
pub(crate) fn settle(eval: Eval, line: u32) -> Value {
    eval.unwrap_or_else(|stop| Node::new(Tree::Unknown(stop.reason()), line))
}

/// The value, unless it is as a whole unknown.
pub(crate) fn solid(value: Value) -> Eval {
    match value.value {
        Tree::Unknown(reason) => Err(Stop::Unknown(reason)),
        _ => Ok(value),
    }
}

/// Text.
pub(crate) fn text(value: impl Into<String>) -> Tree<'static> {
    Tree::Text(Cow::Owned(value.into()))
}

/// A whole number.
pub(crate) fn int(value: i128) -> Tree<'static> {
    Tree::Number(Cow::Owned(value.to_string()))
}

/// A number; whole ones are written without a fraction. Infinite ones are not numbers in Terraform either.
pub(crate) fn float(value: f64) -> Option<Tree<'static>> {
    value.is_finite().then(|| Tree::Number(Cow::Owned(value.to_string())))
}

/// The own account's id, which only the account can tell: see [`OWN_ACCOUNT`].
pub(crate) fn own_account() -> Tree<'static> {
    Tree::Reference { address: OWN_ACCOUNT.into(), attribute: "id".into() }
}

/// Text as Terraform converts values to text, to be looked into: one that holds the own account's id is not known.
pub(crate) fn to_text(value: &Tree<'_>) -> Result<String, Stop> {
    let text = to_open_text(value)?;
    if text.contains(OWN_ACCOUNT) { Err(Stop::unresolved(OWN_ACCOUNT)) } else { Ok(text) }
}

/// Text as Terraform converts values to text, to be put into a longer one; the own account's id may stand in it by its
/// name.
pub(crate) fn to_open_text(value: &Tree<'_>) -> Result<String, Stop> {
    match value {
        Tree::Text(text) | Tree::Number(text) => Ok(text.to_string()),
        Tree::Bool(value) => Ok(value.to_string()),
        Tree::Unknown(reason) => Err(Stop::Unknown(reason.clone())),
        Tree::Reference { address, attribute } => Err(Stop::unresolved(format!("{address}.{attribute}"))),
        Tree::Null => Err(Stop::Error(Reason::unresolved("null where text is needed"))),
        Tree::List(..) | Tree::Map(..) => Err(Stop::Error(Reason::unresolved("a collection where text is needed"))),
    }
}

/// True or false as Terraform converts values to it.
pub(crate) fn to_bool(value: &Tree<'_>) -> Result<bool, Stop> {
    match value {
        Tree::Bool(value) => Ok(*value),
        Tree::Text(text) if text == "true" => Ok(true),
        Tree::Text(text) if text == "false" => Ok(false),
        Tree::Unknown(_) | Tree::Reference { .. } => to_text(value).map(|_| false),
        _ => Err(Stop::Error(Reason::unresolved("a value that is neither true nor false"))),
    }
}

/// A whole number, when it is one.
pub(crate) fn to_int(value: &Tree<'_>) -> Result<i128, Stop> {
    let text = to_text(value)?;
    let not_whole = || Stop::Error(Reason::unresolved("a value that is no whole number"));
    match text.parse::<i128>() {
        Ok(number) => Ok(number),
        Err(_) => {
            let number: f64 = text.parse().map_err(|_| not_whole())?;
            if number.fract() == 0.0 && number.abs() < 9e15 {
                format!("{number:.0}").parse().map_err(|_| not_whole())
            } else {
                Err(not_whole())
            }
        }
    }
}

/// A number.
pub(crate) fn to_float(value: &Tree<'_>) -> Result<f64, Stop> {
    to_text(value)?.parse().map_err(|_| Stop::Error(Reason::unresolved("a value that is no number")))
}

/// Whether two values are equal; a stop when an unknown inside them decides.
pub(crate) fn equal(a: &Tree<'_>, b: &Tree<'_>) -> Result<bool, Stop> {
    match (a, b) {
        (Tree::Unknown(reason), _) | (_, Tree::Unknown(reason)) => Err(Stop::Unknown(reason.clone())),
        (Tree::Reference { .. }, Tree::Null) | (Tree::Null, Tree::Reference { .. }) => Ok(false),
        (Tree::Reference { address, attribute }, other) | (other, Tree::Reference { address, attribute }) => {
            match other {
                Tree::Reference { address: b, attribute: c } if address == b && attribute == c => Ok(true),
                _ => Err(Stop::unresolved(format!("{address}.{attribute}"))),
            }
        }
        (Tree::Null, Tree::Null) => Ok(true),
        (Tree::Bool(a), Tree::Bool(b)) => Ok(a == b),
        (Tree::Text(a), Tree::Text(b)) if a != b && (a.contains(OWN_ACCOUNT) || b.contains(OWN_ACCOUNT)) => {
            Err(Stop::unresolved(OWN_ACCOUNT))
        }
        (Tree::Text(a), Tree::Text(b)) => Ok(a == b),
        (Tree::Number(a), Tree::Number(b)) => {
            Ok(a == b || matches!((a.parse::<f64>(), b.parse::<f64>()), (Ok(a), Ok(b)) if a == b))
        }
        (Tree::List(a, None), Tree::List(b, None)) => {
            if a.len() != b.len() {
                return Ok(false);
            }
            all_equal(a.iter().zip(b).map(|(a, b)| (&a.value, Some(&b.value))))
        }
        (Tree::Map(a, None), Tree::Map(b, None)) => {
            if a.len() != b.len() {
                return Ok(false);
            }
            all_equal(a.iter().map(|(key, node)| {
                (&node.value, b.iter().find(|(other, _)| other == key).map(|(_, node)| &node.value))
            }))
        }
        (Tree::List(_, Some(reason)) | Tree::Map(_, Some(reason)), Tree::List(..) | Tree::Map(..))
        | (Tree::List(..) | Tree::Map(..), Tree::List(_, Some(reason)) | Tree::Map(_, Some(reason))) => {
            Err(Stop::Unknown(reason.clone()))
        }
        _ => Ok(false),
    }
}

fn all_equal<'t>(pairs: impl Iterator<Item = (&'t Tree<'t>, Option<&'t Tree<'t>>)>) -> Result<bool, Stop> {
    let mut stop = None;
    for (a, b) in pairs {
        let Some(b) = b else { return Ok(false) };
        match equal(a, b) {
            Ok(true) => {}
            Ok(false) => return Ok(false),
            Err(reason) => stop = Some(reason),
        }
    }
    stop.map_or(Ok(true), Err)
}

/// The first unknown anywhere inside, as a stop: for functions that need the whole value.
pub(crate) fn all_known(value: &Tree<'_>) -> Result<(), Stop> {
    match value {
        Tree::Unknown(reason) | Tree::List(_, Some(reason)) | Tree::Map(_, Some(reason)) => {
            Err(Stop::Unknown(reason.clone()))
        }
        Tree::Reference { address, attribute } => Err(Stop::unresolved(format!("{address}.{attribute}"))),
        Tree::List(items, None) => items.iter().try_for_each(|item| all_known(&item.value)),
        Tree::Map(entries, None) => entries.iter().try_for_each(|(_, item)| all_known(&item.value)),
        Tree::Null | Tree::Bool(_) | Tree::Number(_) | Tree::Text(_) => Ok(()),
    }
}

/// How deep a value may be that has a name: it is walked and dropped by recursion.
pub(crate) const MAX_DEPTH: u32 = 128;

/// Whether a value is nested deeper than `limit`.
pub(crate) fn deeper(value: &Tree<'_>, limit: u32) -> bool {
    let Some(rest) = limit.checked_sub(1) else { return true };
    match value {
        Tree::List(items, _) => items.iter().any(|item| deeper(&item.value, rest)),
        Tree::Map(entries, _) => entries.iter().any(|(_, item)| deeper(&item.value, rest)),
        _ => false,
    }
}

/// What keeping a copy costs, in steps.
pub(crate) fn weight(value: &Tree<'_>) -> u64 {
    let own = |length: usize| u64::try_from(length).unwrap_or(u64::MAX) / 8;
    match value {
        Tree::Text(text) | Tree::Number(text) => own(text.len()).saturating_add(1),
        Tree::List(items, _) => items.iter().fold(1, |sum, item| weight(&item.value).saturating_add(sum)),
        Tree::Map(entries, _) => entries
            .iter()
            .fold(1, |sum, (key, item)| weight(&item.value).saturating_add(own(key.len())).saturating_add(sum)),
        Tree::Null | Tree::Bool(_) | Tree::Reference { .. } | Tree::Unknown(_) => 1,
    }
}

/// Puts the whole value on one line: the place where it is used, when it was written elsewhere.
pub(crate) fn place(value: &mut Value, line: u32) {
    value.line = line;
    match &mut value.value {
        Tree::List(items, _) => items.iter_mut().for_each(|item| place(item, line)),
        Tree::Map(entries, _) => entries.iter_mut().for_each(|(_, item)| place(item, line)),
        _ => {}
    }
}

/// Text as JSON writes it, quotes included.
pub(crate) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len().saturating_add(2));
    crate::tree::quote(text, &mut out);
    out
}
