//! Values while a predicate is evaluated: borrowed from the evidence wherever possible.

use std::borrow::Cow;
use std::rc::Rc;

use xiezhi_model::{Head, Items, Record, Schema, Text, Value};

use super::mode::Mode;
use super::node::Const;
use crate::world::Rows;

/// The value of an expression and what it rests on; for an unknown, what made it so.
#[derive(Clone)]
pub(crate) struct Out<'a, M: Mode> {
    pub(crate) value: Val<'a, M>,
    pub(crate) rests: M,
}

impl<'a, M: Mode> Out<'a, M> {
    pub(crate) fn new(value: Val<'a, M>, rests: M) -> Self {
        Self { value, rests }
    }

    pub(crate) fn bool(value: bool, rests: M) -> Self {
        Self { value: Val::Bool(value), rests }
    }

    pub(crate) fn unknown(rests: M) -> Self {
        Self { value: Val::Unknown, rests }
    }

    pub(crate) fn is_unknown(&self) -> bool {
        matches!(self.value, Val::Unknown)
    }

    /// The answer of a condition: a flag that the source states not to exist is not set.
    pub(crate) fn truth(&self) -> Option<bool> {
        match self.value {
            Val::Bool(b) => Some(b),
            Val::Absent => Some(false),
            _ => None,
        }
    }
}

#[derive(Clone)]
pub(crate) enum Val<'a, M: Mode> {
    Bool(bool),
    Int(i64),
    Text(Cow<'a, str>),
    List(Members<'a, M>),
    /// A record, the resource that it belongs to, and the way to it.
    Record(&'a dyn Record, Option<&'a Head>, M::Path),
    /// A link: the kind and name of the target, the resource that it belongs to, and the way to it.
    Link(&'static Schema, &'a Text, Option<&'a Head>, M::Path),
    Absent,
    Unknown,
}

impl<'a, M: Mode> Val<'a, M> {
    pub(crate) fn of(value: Value<'a>, owner: Option<&'a Head>, path: M::Path) -> Self {
        match value {
            Value::Bool(b) => Val::Bool(b),
            Value::Int(n) => Val::Int(n),
            Value::Text(text) => Val::Text(Cow::Borrowed(text)),
            Value::Record(record) => Val::Record(record, owner, path),
            Value::Link(schema, target) => Val::Link(schema, target, owner, path),
            Value::List(list) => {
                let more = list.more.map(|reason| M::reason(|| M::text(&path), || reason.clone()));
                Val::List(Members { seen: Seen::View(list.items, owner, path), closed: M::nothing(), more })
            }
        }
    }

    pub(crate) fn constant(value: &'a Const) -> Self {
        match value {
            Const::Bool(b) => Val::Bool(*b),
            Const::Int(n) => Val::Int(*n),
            Const::Text(text) => Val::Text(Cow::Borrowed(text)),
            Const::List(all) => Val::List(Members { seen: Seen::Constants(all), closed: M::nothing(), more: None }),
        }
    }
}

/// The members of a list.
#[derive(Clone)]
pub(crate) struct Members<'a, M: Mode> {
    pub(crate) seen: Seen<'a, M>,
    /// What it rests on that there are no others, beyond what the list itself rests on.
    pub(crate) closed: M,
    /// Why there may be others.
    pub(crate) more: Option<M>,
}

#[derive(Clone)]
pub(crate) enum Seen<'a, M: Mode> {
    View(&'a dyn Items, Option<&'a Head>, M::Path),
    Constants(&'a [Const]),
    Built(Rc<Vec<Out<'a, M>>>),
    Rows(Rows<'a>),
}

impl<'a, M: Mode> Members<'a, M> {
    pub(crate) fn count(&self) -> usize {
        match &self.seen {
            Seen::View(items, ..) => items.count(),
            Seen::Constants(all) => all.len(),
            Seen::Built(all) => all.len(),
            Seen::Rows(rows) => rows.count(),
        }
    }

    /// One member. What the list itself rests on is not repeated in it.
    pub(crate) fn member(&self, index: usize) -> Option<Out<'a, M>> {
        match &self.seen {
            Seen::View(items, owner, path) => {
                Some(Out::new(Val::of(items.item(index)?, *owner, M::member(path, index)), M::nothing()))
            }
            Seen::Constants(all) => Some(Out::new(Val::constant(all.get(index)?), M::nothing())),
            Seen::Built(all) => all.get(index).cloned(),
            Seen::Rows(rows) => rows.get(index).map(row),
        }
    }
}

/// A resource of the inventory that no link led to.
pub(crate) fn row<'a, M: Mode>(record: &'a dyn Record) -> Out<'a, M> {
    let head = record.resource_head();
    let path = M::root(|| super::mode::resource_name(record, head));
    Out::new(Val::Record(record, head, path), M::nothing())
}
