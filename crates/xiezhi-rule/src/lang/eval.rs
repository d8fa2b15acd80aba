//! Evaluation in three values (Kleene): an unknown becomes true or false only where the other operand decides.
//!
//! One evaluator serves speed and explanation: what an answer rests on is carried by the [`Mode`]. Bounded by the
//! depth of the predicate and a budget of steps; a predicate that runs out of it is unknown.

mod equal;
mod helpers;
mod lists;
mod ops;
mod tally;

use std::borrow::Cow;
use std::cell::Cell;
use std::marker::PhantomData;
use std::rc::Rc;

use xiezhi_model::{FactView, Head, Reason, Record, Schema, Scope};

use super::mode::Mode;
use super::node::{Arithmetic, Node, Over, Part};
use super::value::{Members, Out, Seen, Val};
use crate::world::Context;
use ops::{arithmetic, fact_out, negated, not_understood, ordered, size, size_ordered, text_test, unclear};
use tally::Tally;

/// Steps of one evaluation: some hundred milliseconds.
const BUDGET: u32 = 2_000_000;

/// A variable and those bound before it.
pub(crate) struct Frame<'e, 'a, M: Mode> {
    up: Option<&'e Frame<'e, 'a, M>>,
    out: Out<'a, M>,
}

/// A record, the resource that it belongs to, the way to it, and what the way rests on.
type Reached<'a, M> = (&'a dyn Record, Option<&'a Head>, <M as Mode>::Path, M);

pub(crate) struct Eval<'a, M> {
    context: &'a Context<'a>,
    subject: Option<&'a Head>,
    /// Whether the subject is of the whole account, of which a configuration declares only a part.
    of_account: bool,
    steps: Cell<u32>,
    mode: PhantomData<M>,
}

impl<'a, M: Mode> Eval<'a, M> {
    pub(crate) fn new(context: &'a Context<'a>, subject: &'a dyn Record) -> Self {
        Self {
            context,
            subject: subject.resource_head(),
            of_account: subject.schema().scope == Scope::Account,
            steps: Cell::new(BUDGET),
            mode: PhantomData,
        }
    }

    /// The answer of a predicate about a resource.
    pub(crate) fn ask(&self, node: &'a Node, subject: &'a dyn Record) -> (Option<bool>, M) {
        let path = M::root(|| subject.schema().short_name());
        let out = Out::new(Val::Record(subject, subject.resource_head(), path), M::nothing());
        let answer = self.eval(node, &Frame { up: None, out });
        (answer.truth(), answer.rests)
    }

    fn eval(&self, node: &'a Node, frame: &Frame<'_, 'a, M>) -> Out<'a, M> {
        let Some(left) = self.steps.get().checked_sub(1) else {
            return not_understood("the predicate", "the budget of steps ran out");
        };
        self.steps.set(left);
        match node {
            Node::Const(value) => Out::new(Val::constant(value), M::nothing()),
            Node::Variable(up) => self.variable(*up, frame),
            Node::Field(base, index, name) => self.field(self.eval(base, frame), *index, name),
            Node::Head(base, part) => self.head(self.eval(base, frame), *part),
            Node::Account(base) => self.account(self.eval(base, frame)),
            Node::Index(list, index, what) => self.index(self.eval(list, frame), self.eval(index, frame), what),
            Node::Not(inner) => negated(self.eval(inner, frame)),
            Node::Minus(inner, what) => {
                let out = self.eval(inner, frame);
                let zero = Out::new(Val::Int(0), M::nothing());
                arithmetic(Arithmetic::Subtract, zero, out, what)
            }
            Node::And(all) => self.chain(all, frame, false),
            Node::Or(all) => self.chain(all, frame, true),
            Node::Equal(a, b, negate) => {
                let out = self.equal(&self.eval(a, frame), &self.eval(b, frame));
                if *negate { negated(out) } else { out }
            }
            Node::Order(order, a, b, what) => ordered(*order, self.eval(a, frame), self.eval(b, frame), what),
            Node::SizeOrder(order, list, number, what) => {
                size_ordered(*order, self.eval(list, frame), self.eval(number, frame), what)
            }
            Node::In(member, list) => self.membership(self.eval(member, frame), self.eval(list, frame)),
            Node::Arithmetic(operator, a, b, what) => {
                arithmetic(*operator, self.eval(a, frame), self.eval(b, frame), what)
            }
            Node::If(parts, what) => self.choice(parts, frame, what),
            Node::Has(inner) => {
                let out = self.eval(inner, frame);
                let value = match out.value {
                    Val::Unknown => Val::Unknown,
                    Val::Absent => Val::Bool(false),
                    _ => Val::Bool(true),
                };
                Out::new(value, out.rests)
            }
            Node::Size(list, what) => size(self.eval(list, frame), what),
            Node::List(all) => {
                let members = all.iter().map(|node| self.eval(node, frame)).collect();
                let members = Members { seen: Seen::Built(Rc::new(members)), closed: M::nothing(), more: None };
                Out::new(Val::List(members), M::nothing())
            }
            Node::Each(schema) => self.each(schema),
            Node::Over(over, list, body) => self.over(*over, self.eval(list, frame), body, frame),
            Node::TextTest(test, text, part) => text_test(*test, self.eval(text, frame), self.eval(part, frame)),
            Node::Matches(text, pattern) => {
                let out = self.eval(text, frame);
                let value = match &out.value {
                    Val::Text(text) => Val::Bool(pattern.is_match(text)),
                    Val::Absent => Val::Bool(false),
                    _ => Val::Unknown,
                };
                Out::new(value, out.rests)
            }
            Node::Lower(text) => {
                let out = self.eval(text, frame);
                match out.value {
                    Val::Text(text) => Out::new(Val::Text(Cow::Owned(text.to_lowercase())), out.rests),
                    value => Out::new(value, out.rests),
                }
            }
            Node::Call(func, arguments, what) => self.call(*func, arguments, frame, what),
            Node::PortsOverlap(list, body, what) => {
                let out = self.eval(list, frame);
                // Ports that are not stated may be all ports, or stand in a port list: never "no port".
                if matches!(out.value, Val::Absent) {
                    return unclear(out.rests, what, "there is no port range");
                }
                self.over(Over::Exists, out, body, frame)
            }
        }
    }

    fn variable(&self, up: usize, frame: &Frame<'_, 'a, M>) -> Out<'a, M> {
        let mut frame = frame;
        for _ in 0..up {
            match frame.up {
                Some(outer) => frame = outer,
                None => return not_understood("the predicate", "a variable is not bound"),
            }
        }
        frame.out.clone()
    }

    /// The record that a value is or leads to.
    fn record(&self, out: Out<'a, M>) -> Result<Reached<'a, M>, Out<'a, M>> {
        match out.value {
            Val::Record(record, owner, path) => Ok((record, owner, path, out.rests)),
            Val::Link(schema, target, owner, path) => match self.context.follow(owner, schema, target) {
                Some(record) => Ok((record, record.resource_head(), path, out.rests)),
                None => Err(self.missing(schema, owner, out.rests)),
            },
            value => Err(Out::new(value, out.rests)),
        }
    }

    /// The target of a link that is not there: absent when its kind was listed completely.
    fn missing(&self, schema: &'static Schema, owner: Option<&Head>, rests: M) -> Out<'a, M> {
        if let Some(coverage) = self.context.coverage(schema).filter(|coverage| coverage.declared) {
            // A configuration lists what it declares; an id in it may name what stands elsewhere.
            let gap = Some(&Reason::NotInEvidence);
            let listing = M::listing(schema.kind, coverage.label, coverage.origin.as_ref(), gap);
            return Out::new(Val::Unknown, rests.and(&listing));
        }
        let (listing, complete) = self.listing(schema, owner);
        Out::new(if complete { Val::Absent } else { Val::Unknown }, rests.and(&listing))
    }

    /// What it rests on that a kind was listed in the account of a resource, and whether it was.
    fn listing(&self, schema: &'static Schema, of: Option<&Head>) -> (M, bool) {
        let Some(coverage) = self.context.coverage(schema) else {
            return (M::listing(schema.kind, None, None, Some(&Reason::NotCollected)), false);
        };
        let one = |gap: Option<&Reason>| M::listing(schema.kind, coverage.label, coverage.origin.as_ref(), gap);
        if coverage.declared && self.of_account {
            return (one(Some(&Reason::NotInEvidence)), false);
        }
        match coverage.gaps_of(of.and_then(|head| head.account.value())).split_first() {
            None => (one(None), true),
            Some((first, rest)) => (rest.iter().fold(one(Some(first)), |rests, gap| rests.and(&one(Some(gap)))), false),
        }
    }

    fn field(&self, base: Out<'a, M>, index: usize, name: &'static str) -> Out<'a, M> {
        match self.record(base) {
            Ok((record, owner, path, rests)) => match record.fact(index) {
                Some(fact) => fact_out(fact, owner, M::field(&path, name), rests),
                None => not_understood(name, "the evidence has no such field"),
            },
            Err(out) => out,
        }
    }

    fn head(&self, base: Out<'a, M>, part: Part) -> Out<'a, M> {
        // A link by id says the target's id, whether or not the target is part of the evidence.
        if let (Val::Link(_, target, ..), Part::Id) = (&base.value, part)
            && !target.contains('#')
        {
            return Out::new(Val::Text(Cow::Borrowed(target.as_str())), base.rests);
        }
        match self.record(base) {
            Ok((_, Some(head), path, rests)) => {
                let fact = match part {
                    Part::Id => &head.id,
                    Part::Name => &head.name,
                    Part::Region => &head.region,
                };
                fact_out(FactView::of(fact), Some(head), M::field(&path, part.name()), rests)
            }
            Ok((_, None, path, rests)) => {
                Out::unknown(rests.and(&M::reason(|| M::text(&M::field(&path, part.name())), || Reason::NotCollected)))
            }
            Err(out) => out,
        }
    }

    fn account(&self, base: Out<'a, M>) -> Out<'a, M> {
        match self.record(base) {
            Ok((_, head, path, rests)) => {
                let path = M::field(&path, "account");
                match head.and_then(|head| self.context.account_of(head)) {
                    Some(account) => Out::new(Val::Record(account, account.resource_head(), path), rests),
                    None => Out::unknown(rests.and(&M::reason(|| M::text(&path), || Reason::NotCollected))),
                }
            }
            Err(out) => out,
        }
    }

    fn index(&self, list: Out<'a, M>, index: Out<'a, M>, what: &str) -> Out<'a, M> {
        match (list.value, index.value) {
            (Val::Unknown, _) => Out::unknown(list.rests),
            (Val::Absent, _) => Out::new(Val::Absent, list.rests),
            (_, Val::Unknown) => Out::unknown(index.rests),
            (Val::List(Members { more: Some(more), .. }), _) => Out::unknown(list.rests.and(&more)),
            (Val::List(members), Val::Int(at)) => {
                let rests = list.rests.and(&members.closed).and(&index.rests);
                match usize::try_from(at).ok().and_then(|at| members.member(at)) {
                    Some(out) => Out::new(out.value, rests.and(&out.rests)),
                    None => Out::new(Val::Absent, rests),
                }
            }
            _ => not_understood(what, "the index has no value"),
        }
    }

    /// `&&` (decided by a false) and `||` (decided by a true). Where several operands decide, the one with the
    /// strongest label speaks.
    fn chain(&self, all: &'a [Node], frame: &Frame<'_, 'a, M>, decides: bool) -> Out<'a, M> {
        let mut tally = Tally::new(decides);
        for node in all {
            let out = self.eval(node, frame);
            let truth = out.truth();
            tally.take(truth, out.rests);
            if tally.settled() {
                break;
            }
        }
        tally.answer()
    }

    fn choice(&self, parts: &'a [Node; 3], frame: &Frame<'_, 'a, M>, what: &str) -> Out<'a, M> {
        let [condition, then, otherwise] = parts;
        let asked = self.eval(condition, frame);
        let branch = match asked.truth() {
            Some(true) => then,
            Some(false) => otherwise,
            None if asked.is_unknown() => return Out::unknown(asked.rests),
            None => return not_understood(what, "the condition is no condition"),
        };
        let out = self.eval(branch, frame);
        Out::new(out.value, asked.rests.and(&out.rests))
    }
}
