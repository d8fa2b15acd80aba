//! The predicate language: CEL's syntax, typed against the model, evaluated in three values.

pub(crate) mod compile;
pub(crate) mod eval;
pub(crate) mod func;
pub(crate) mod lex;
pub(crate) mod mode;
pub(crate) mod node;
pub(crate) mod parse;
pub(crate) mod ty;
pub(crate) mod value;
