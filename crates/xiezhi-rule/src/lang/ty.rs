//! The types of expressions.

use std::fmt;

use xiezhi_model::{Schema, Scope, Type};

/// The type of an expression.
#[derive(Debug, Clone)]
pub(crate) enum Ty {
    Bool,
    Int,
    Text,
    List(Box<Ty>),
    /// A record, a resource, or a link to one.
    Record(&'static Schema),
    /// The members of `[]`.
    Nothing,
}

impl Ty {
    pub(crate) fn of(ty: &Type) -> Self {
        match ty {
            Type::Bool => Ty::Bool,
            Type::Int => Ty::Int,
            Type::Text => Ty::Text,
            Type::List(inner) => Ty::List(Box::new(Ty::of(inner))),
            Type::Record(schema) | Type::Link(schema) => Ty::Record(schema()),
        }
    }

    pub(crate) fn fits(&self, other: &Ty) -> bool {
        match (self, other) {
            (Ty::Nothing, _) | (_, Ty::Nothing) => true,
            (Ty::Bool, Ty::Bool) | (Ty::Int, Ty::Int) | (Ty::Text, Ty::Text) => true,
            (Ty::List(a), Ty::List(b)) => a.fits(b),
            (Ty::Record(a), Ty::Record(b)) => a.kind == b.kind,
            _ => false,
        }
    }

    pub(crate) fn is_plain(&self) -> bool {
        matches!(self, Ty::Bool | Ty::Int | Ty::Text | Ty::Nothing)
    }

    pub(crate) fn is_resource(&self) -> bool {
        matches!(self, Ty::Record(schema) if schema.scope != Scope::Inner)
    }
}

impl fmt::Display for Ty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Ty::Bool => f.write_str("true or false"),
            Ty::Int => f.write_str("a whole number"),
            Ty::Text => f.write_str("text"),
            Ty::List(inner) => write!(f, "a list of {}", Plural(inner)),
            Ty::Record(schema) => write!(f, "`{}`", schema.kind),
            Ty::Nothing => f.write_str("nothing"),
        }
    }
}

pub(crate) struct Plural<'t>(pub(crate) &'t Ty);

impl fmt::Display for Plural<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Ty::Int => f.write_str("whole numbers"),
            Ty::Text => f.write_str("texts"),
            Ty::List(inner) => write!(f, "lists of {}", Plural(inner)),
            other => other.fmt(f),
        }
    }
}
