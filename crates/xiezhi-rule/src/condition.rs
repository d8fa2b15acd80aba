//! A predicate by itself, for counting facts outside a check.

use xiezhi_model::{Label, Record, Schema};

use crate::error::CheckError;
use crate::lang::compile::{Predicate, compile};
use crate::lang::eval::Eval;
use crate::lang::mode::{Mode, Quick};
use crate::world::Context;

/// A predicate about resources of one kind, in the language of check files.
#[derive(Debug)]
pub struct Condition(Predicate);

impl Condition {
    /// Parses and type-checks a predicate.
    ///
    /// # Errors
    /// What is wrong with it, placed in the predicate itself.
    pub fn new(subject: &'static Schema, text: &str) -> Result<Self, CheckError> {
        compile(text, xiezhi_model::service::KINDS, subject)
            .map(Self)
            .map_err(|fault| fault.in_file(subject.kind, text))
    }

    /// Whether it holds of a resource, `None` when nobody can tell, and the weakest label of what that rests on.
    pub fn ask<'a>(&'a self, context: &'a Context<'a>, subject: &'a dyn Record) -> (Option<bool>, Label) {
        let (truth, rests) = Eval::<Quick>::new(context, subject).ask(&self.0.node, subject);
        let own = subject.resource_head().map(|head| head.origin.label);
        (truth, rests.label().or(own).unwrap_or(Label::Inference))
    }
}
