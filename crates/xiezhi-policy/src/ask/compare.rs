//! What one policy grants beyond another.

use super::{Finding, Options, Query, Truth, over_switches, quick, settle};
use crate::decide::check;
use crate::policy::Policy;
use crate::request::Request;
use crate::switches::{Choice, Reading, Switch};
use crate::symbolic::Budget;
use crate::symbolic::automaton::CutOff;
use crate::symbolic::formula::{Arena, Side, Terms};
use crate::symbolic::search::{Clause, Formula, and, not};
use serde::Serialize;

fn terms<'a>(arena: &mut Arena<'a>, policies: &[&'a Policy], side: Side) -> Terms {
    let mut terms = Terms::default();
    for policy in policies {
        arena.policy(policy, side, &mut terms);
    }
    terms
}

fn allowed_by(terms: Terms) -> Formula {
    vec![Clause { all_of: vec![terms.allow], none_of: terms.deny }]
}

/// Does `new` grant anything that `old` does not? Both are policies of one layer for the same principal.
///
/// ```
/// use xiezhi_policy::{Policy, PolicyKind, ask::{self, Truth}};
/// let policy = |name, action: &str| Policy::parse(name, PolicyKind::Identity,
///     &format!(r#"{{"Version":"1","Statement":[{{"Effect":"Allow","Action":"{action}","Resource":"*"}}]}}"#));
/// let (narrow, wide) = (policy("narrow", "oss:Get*"), policy("wide", "oss:*"));
/// assert_eq!(ask::adds(&[&narrow], &[&wide], &Default::default()).truth, Truth::No);
/// let finding = ask::adds(&[&wide], &[&narrow], &Default::default());
/// assert_eq!(finding.truth, Truth::Yes);
/// assert!(finding.witness.unwrap().action().starts_with("oss:"));
/// ```
#[must_use]
pub fn adds(new: &[&Policy], old: &[&Policy], options: &Options) -> Finding {
    quick::adds(new, old, options).unwrap_or_else(|| adds_by_engine(new, old, options))
}

/// As [`adds`], without its short ways for the common cases: the same answer, against which they are tested.
#[must_use]
pub fn adds_by_engine(new: &[&Policy], old: &[&Policy], options: &Options) -> Finding {
    let mut arena = Arena::new("", options.reading);
    let new_may = allowed_by(terms(&mut arena, new, Side::May));
    let old_must = allowed_by(terms(&mut arena, old, Side::Must));
    let doubt = new.iter().chain(old).any(|p| {
        p.statements.iter().any(|s| !s.doubts.is_empty() || s.conditions.iter().any(|c| !c.malformed.is_empty()))
    });
    let may = and(&new_may, &not(&old_must));
    let must = if doubt || open_switch(&options.reading) {
        let new_must = allowed_by(terms(&mut arena, new, Side::Must));
        let old_may = allowed_by(terms(&mut arena, old, Side::May));
        and(&new_must, &not(&old_may))
    } else {
        may.clone()
    };
    let principals = new.iter().chain(old).any(|p| p.kind.has_principal());
    let callers = if principals {
        match crate::exposure::callers(
            &new.iter().chain(old).copied().collect::<Vec<_>>(),
            "",
            &[],
            None,
            &options.budget,
        ) {
            Ok(callers) => callers,
            Err(CutOff) => return Finding::undecided("principals", "too many combinations for the budget"),
        }
    } else {
        Vec::new()
    };
    let query = Query { arena, may, must, callers, rules: Vec::new(), gaps: Vec::new() };
    let confirm = |request: &Request| {
        let in_old = check(old, request, "", &options.reading).allowed();
        check(new, request, "", &options.reading).allowed().and(in_old.negate())
    };
    settle(&query, &options.budget, &confirm)
}

fn open_switch(reading: &Reading) -> bool {
    Switch::ALL.iter().any(|s| reading.of(*s) == Choice::Either)
}

/// Whether two sets of policies grant the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Comparison {
    /// What the second grants and the first does not.
    pub added: Finding,
    /// What the first grants and the second does not.
    pub removed: Finding,
}

impl Comparison {
    /// Whether both directions are proven empty.
    #[must_use]
    pub fn is_equivalent(&self) -> bool {
        self.added.truth == Truth::No && self.removed.truth == Truth::No
    }
}

/// Compares two sets of policies in both directions, with the switches on which either answer depends.
#[must_use]
pub fn compare(old: &[&Policy], new: &[&Policy], budget: &Budget) -> Comparison {
    let both = |a: &[&Policy], b: &[&Policy]| {
        over_switches(|reading| adds(a, b, &Options { reading: *reading, budget: *budget }))
    };
    Comparison { added: both(new, old), removed: both(old, new) }
}
