//! Evaluation in three values (Kleene): an unknown becomes true or false only where the other operand decides.
//!
//! One evaluator serves speed and explanation: what an answer rests on is carried by the [`Mode`]. Bounded by the
//! depth of the predicate and a budget of steps; a predicate that runs out of it is unknown.

use std::borrow::Cow;
use std::cell::Cell;
use std::marker::PhantomData;
use std::rc::Rc;

use xiezhi_model::{FactView, Head, Reason, Record, Schema};

use super::func::{self, Func};
use super::mode::Mode;
use super::node::{Arithmetic, Node, Order, Over, Part, SizeOrder, TextTest};
use super::value::{Members, Out, Seen, Val, row};
use crate::world::{Context, Coverage, same_account};

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
    steps: Cell<u32>,
    mode: PhantomData<M>,
}

impl<'a, M: Mode> Eval<'a, M> {
    pub(crate) fn new(context: &'a Context<'a>, subject: &'a dyn Record) -> Self {
        Self { context, subject: subject.resource_head(), steps: Cell::new(BUDGET), mode: PhantomData }
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
                None => Err(self.missing(schema, out.rests)),
            },
            value => Err(Out::new(value, out.rests)),
        }
    }

    /// The target of a link that is not there: absent when its kind was listed completely.
    fn missing(&self, schema: &'static Schema, rests: M) -> Out<'a, M> {
        let (listing, complete) = self.listing(schema);
        Out::new(if complete { Val::Absent } else { Val::Unknown }, rests.and(&listing))
    }

    /// What it rests on that a kind was listed, and whether it was.
    fn listing(&self, schema: &'static Schema) -> (M, bool) {
        match self.context.coverage(schema) {
            None => (M::listing(schema.kind, None, None, Some(&Reason::NotCollected)), false),
            Some(Coverage { gaps, label, origin }) => {
                let one = |gap: Option<&Reason>| M::listing(schema.kind, *label, origin.as_ref(), gap);
                match gaps.split_first() {
                    None => (one(None), true),
                    Some((first, rest)) => {
                        (rest.iter().fold(one(Some(first)), |rests, gap| rests.and(&one(Some(gap)))), false)
                    }
                }
            }
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

    /// Every resource of a kind that belongs to the subject's account.
    fn each(&self, schema: &'static Schema) -> Out<'a, M> {
        let rows = self.context.rows(schema);
        let (listing, complete) = self.listing(schema);
        let (closed, mut more) = if complete { (listing, None) } else { (M::nothing(), Some(listing)) };
        let seen = if self.context.mixed() {
            let mut own = Vec::new();
            for record in (0..rows.count()).filter_map(|index| rows.get(index)) {
                let out = row::<M>(record);
                match same_account(self.subject, record.resource_head()) {
                    Some(true) => own.push(out),
                    Some(false) => {}
                    None => {
                        let path = || format!("{}.account", super::mode::resource_name(record, record.resource_head()));
                        let rests = M::reason(path, || Reason::not_understood("to which account it belongs"));
                        more = Some(more.map_or(rests.clone(), |more| more.and(&rests)));
                    }
                }
            }
            Seen::Built(Rc::new(own))
        } else {
            Seen::Rows(rows)
        };
        Out::new(Val::List(Members { seen, closed, more }), M::nothing())
    }

    fn over(&self, over: Over, list: Out<'a, M>, body: &'a Node, frame: &Frame<'_, 'a, M>) -> Out<'a, M> {
        let members = match list.value {
            Val::List(members) => members,
            // Without a list there are no members.
            Val::Absent => match over {
                Over::All => return Out::bool(true, list.rests),
                Over::Exists | Over::ExistsOne => return Out::bool(false, list.rests),
                Over::Filter | Over::Map => return Out::new(Val::Absent, list.rests),
            },
            _ => return Out::unknown(list.rests),
        };
        // That a member is in the list may rest on facts of its own: those of the filter that kept it.
        let ask = |member: Out<'a, M>| {
            let own = member.rests.clone();
            let mut out = self.eval(body, &Frame { up: Some(frame), out: member });
            if !out.is_unknown() {
                out.rests.add(&own);
            }
            out
        };
        let all = (0..members.count()).map_while(|index| members.member(index));
        match over {
            Over::All | Over::Exists => {
                let mut tally = Tally::new(over == Over::Exists);
                for member in all {
                    let out = ask(member);
                    tally.take(out.truth(), out.rests);
                    if tally.settled() || self.steps.get() == 0 {
                        break;
                    }
                }
                if self.steps.get() == 0 {
                    tally.take(None, M::reason(|| "the predicate".into(), || Reason::not_understood("budget")));
                }
                if let Some(more) = &members.more {
                    tally.take(None, more.clone());
                }
                let undecided = tally.decided.is_none();
                let mut out = tally.answer();
                if !out.is_unknown() {
                    out.rests.add(&list.rests);
                    if undecided {
                        out.rests.add(&members.closed);
                    }
                }
                out
            }
            Over::ExistsOne => self.exactly_one(&members, &list.rests, ask),
            Over::Map => {
                let seen = Seen::Built(Rc::new(all.map(ask).collect()));
                let members = Members { seen, closed: members.closed.clone(), more: members.more.clone() };
                Out::new(Val::List(members), list.rests)
            }
            Over::Filter => {
                let (mut closed, mut more, mut kept) = (members.closed.clone(), members.more.clone(), Vec::new());
                for member in all {
                    let asked = ask(member.clone());
                    match asked.truth() {
                        Some(true) => kept.push(Out::new(member.value, asked.rests)),
                        Some(false) => closed.add(&asked.rests),
                        None => more = Some(more.map_or(asked.rests.clone(), |more| more.and(&asked.rests))),
                    }
                }
                Out::new(Val::List(Members { seen: Seen::Built(Rc::new(kept)), closed, more }), list.rests)
            }
        }
    }

    fn exactly_one(&self, members: &Members<'a, M>, list: &M, ask: impl Fn(Out<'a, M>) -> Out<'a, M>) -> Out<'a, M> {
        let (mut found, mut rests, mut unknown) = (0_usize, list.clone(), members.more.clone());
        let mut witnesses = list.clone();
        for member in (0..members.count()).map_while(|index| members.member(index)) {
            let out = ask(member);
            match out.truth() {
                Some(true) => {
                    found = found.saturating_add(1);
                    witnesses.add(&out.rests);
                    if found > 1 {
                        return Out::bool(false, witnesses);
                    }
                    rests.add(&out.rests);
                }
                Some(false) => rests.add(&out.rests),
                None => unknown = Some(unknown.map_or(out.rests.clone(), |unknown| unknown.and(&out.rests))),
            }
        }
        match unknown {
            Some(unknown) => Out::unknown(unknown),
            None => Out::bool(found == 1, rests.and(&members.closed)),
        }
    }

    fn membership(&self, member: Out<'a, M>, list: Out<'a, M>) -> Out<'a, M> {
        if matches!(member.value, Val::Absent) {
            return Out::bool(false, member.rests);
        }
        let members = match list.value {
            Val::List(members) => members,
            Val::Absent => return Out::bool(false, list.rests),
            _ => return Out::unknown(list.rests),
        };
        let mut tally = Tally::new(true);
        for other in (0..members.count()).map_while(|index| members.member(index)) {
            let out = self.equal(&member, &other);
            tally.take(out.truth(), out.rests);
            if tally.settled() {
                break;
            }
        }
        if let Some(more) = &members.more {
            tally.take(None, more.clone());
        }
        let undecided = tally.decided.is_none();
        let mut out = tally.answer();
        if !out.is_unknown() {
            out.rests.add(&list.rests);
            if undecided {
                out.rests.add(&members.closed);
                // Nothing is in an empty list, whatever it is.
                if members.count() > 0 {
                    out.rests.add(&member.rests);
                }
            }
        }
        out
    }

    /// Whether two values are equal. An absent value equals nothing, not even another.
    fn equal(&self, a: &Out<'a, M>, b: &Out<'a, M>) -> Out<'a, M> {
        let both = || a.rests.clone().and(&b.rests);
        match (&a.value, &b.value) {
            (Val::Absent, Val::Absent) => {
                Out::bool(false, if b.rests.label() < a.rests.label() { b.rests.clone() } else { a.rests.clone() })
            }
            (Val::Absent, _) => Out::bool(false, a.rests.clone()),
            (_, Val::Absent) => Out::bool(false, b.rests.clone()),
            (Val::Unknown, Val::Unknown) => Out::unknown(both()),
            (Val::Unknown, _) => Out::unknown(a.rests.clone()),
            (_, Val::Unknown) => Out::unknown(b.rests.clone()),
            (Val::Bool(x), Val::Bool(y)) => Out::bool(x == y, both()),
            (Val::Int(x), Val::Int(y)) => Out::bool(x == y, both()),
            (Val::Text(x), Val::Text(y)) => Out::bool(x == y, both()),
            (Val::List(x), Val::List(y)) => self.same_members(x, y, both()),
            (x, y) => match self.identical(x, y) {
                Some(same) => Out::bool(same, both()),
                None => Out::unknown(both().and(&M::reason(
                    || "the link".to_owned(),
                    || Reason::not_understood("whether two links lead to one resource"),
                ))),
            },
        }
    }

    /// Whether two lists have the same members, in whatever order: sources list one thing in different orders.
    fn same_members(&self, a: &Members<'a, M>, b: &Members<'a, M>, mut rests: M) -> Out<'a, M> {
        let split = |members: &Members<'a, M>| {
            let (mut known, mut unknown) = (Vec::new(), Vec::new());
            for member in (0..members.count()).map_while(|index| members.member(index)) {
                if member.is_unknown() { unknown.push(member) } else { known.push(member) }
            }
            (known, unknown)
        };
        let ((known_a, unknown_a), (mut known_b, unknown_b)) = (split(a), split(b));
        let mut why = M::nothing();
        unknown_a.iter().chain(&unknown_b).for_each(|out| why.add(&out.rests));
        a.more.iter().chain(&b.more).for_each(|more| why.add(more));
        known_a.iter().chain(&known_b).for_each(|out| rests.add(&out.rests));
        rests.add(&a.closed);
        rests.add(&b.closed);
        let mut alone_a = 0_usize;
        for member in &known_a {
            match known_b.iter().position(|other| self.equal(member, other).truth() == Some(true)) {
                Some(at) => drop(known_b.swap_remove(at)),
                None => alone_a = alone_a.saturating_add(1),
            }
        }
        let alone_b = known_b.len();
        let differ = (b.more.is_none() && (alone_a > unknown_b.len() || a.count() > b.count()))
            || (a.more.is_none() && (alone_b > unknown_a.len() || b.count() > a.count()));
        let settled = unknown_a.is_empty() && unknown_b.is_empty() && a.more.is_none() && b.more.is_none();
        if differ {
            Out::bool(false, rests)
        } else if settled {
            Out::bool(true, rests)
        } else {
            Out::unknown(why)
        }
    }

    /// Whether two records or links are the same resource; `None` when the evidence cannot tell.
    fn identical(&self, a: &Val<'a, M>, b: &Val<'a, M>) -> Option<bool> {
        let target = |value: &Val<'a, M>| match value {
            Val::Record(record, owner, _) => Some((Some(*record), None, *owner)),
            Val::Link(schema, target, owner, _) => {
                Some((self.context.follow(*owner, schema, target), Some(*target), *owner))
            }
            _ => None,
        };
        let ((record_a, name_a, owner_a), (record_b, name_b, owner_b)) = (target(a)?, target(b)?);
        if let (Some(a), Some(b)) = (record_a, record_b) {
            return Some(std::ptr::addr_eq(a, b));
        }
        let id = |record: Option<&'a dyn Record>, name: Option<&'a xiezhi_model::Text>| match record {
            Some(record) => record.resource_head().and_then(|head| head.id.value()),
            None => name.filter(|name| !name.contains('#')),
        };
        let (id_a, id_b) = (id(record_a, name_a)?, id(record_b, name_b)?);
        if id_a != id_b { Some(false) } else { same_account(owner_a, owner_b) }
    }

    fn call(&self, func: Func, arguments: &'a [Node], frame: &Frame<'_, 'a, M>, what: &str) -> Out<'a, M> {
        let mut outs = arguments.iter().map(|node| self.eval(node, frame));
        let (Some(first), second) = (outs.next(), outs.next()) else {
            return not_understood(what, "an argument is missing");
        };
        match (func, first.value, second.map(|out| (out.value, out.rests))) {
            (_, Val::Unknown, _) => Out::unknown(first.rests),
            (Func::AgeDays | Func::MinTls, Val::Absent, _) => Out::new(Val::Absent, first.rests),
            (Func::IsPublicRange | Func::CidrContainsAny | Func::CoversInternet, Val::Absent, _) => {
                Out::bool(false, first.rests)
            }
            (Func::PortIn | Func::PortsOverlap, Val::Absent, _) => unclear(first.rests, what, "there is no port range"),
            (_, _, Some((Val::Unknown, rests))) => Out::unknown(rests),
            (Func::AgeDays, Val::Text(time), None) => match self.context.as_of {
                None => unclear(first.rests, what, "the time of evaluation is not given"),
                Some(as_of) => int_or(func::age_days(&time, as_of), first.rests, what, "this is no time in RFC 3339"),
            },
            (Func::MinTls, Val::Text(text), None) => {
                int_or(func::min_tls(&text), first.rests, what, "this names no TLS version")
            }
            (Func::IsPublicRange, Val::Text(range), None) => match func::is_public_range(&range) {
                Some(answer) => Out::bool(answer, first.rests),
                None => unclear(first.rests, what, "this is no address range"),
            },
            (Func::CoversInternet, Val::List(members), None) => covers_internet(&members, first.rests, what),
            (Func::PortIn, Val::Text(range), Some((Val::Int(port), rests))) => match func::port_range(&range) {
                Some((from, to)) => Out::bool((from..=to).contains(&port), first.rests.and(&rests)),
                None => unclear(first.rests, what, "this is no port range"),
            },
            (Func::PortIn, _, Some((Val::Absent, rests))) => Out::bool(false, rests),
            (Func::PortsOverlap, Val::Text(range), Some((list, rests))) => match func::port_range(&range) {
                Some((from, to)) => any_member(&list, first.rests, &rests, what, "this is no port", |value| {
                    if let Val::Int(port) = value { Some((from..=to).contains(port)) } else { None }
                }),
                None => unclear(first.rests, what, "this is no port range"),
            },
            (Func::CidrContainsAny, Val::Text(range), Some((list, rests))) => {
                any_member(&list, first.rests, &rests, what, "this is no address range", |value| {
                    if let Val::Text(text) = value { func::range_contains(&range, text) } else { None }
                })
            }
            _ => not_understood(what, "an argument has another type"),
        }
    }
}

/// Counts what decides a chain or a quantifier.
struct Tally<M> {
    decides: bool,
    decided: Option<M>,
    unknown: Option<M>,
    others: M,
}

impl<M: Mode> Tally<M> {
    fn new(decides: bool) -> Self {
        Self { decides, decided: None, unknown: None, others: M::nothing() }
    }

    fn take(&mut self, truth: Option<bool>, rests: M) {
        match truth {
            Some(truth) if truth == self.decides => {
                if self.decided.as_ref().is_none_or(|decided| rests.label() < decided.label()) {
                    self.decided = Some(rests);
                }
            }
            _ if self.decided.is_some() => {}
            Some(_) => self.others.add(&rests),
            None => match &mut self.unknown {
                Some(unknown) => unknown.add(&rests),
                None => self.unknown = Some(rests),
            },
        }
    }

    /// Whether it is decided by the strongest evidence there can be, so that nothing else can matter.
    fn settled(&self) -> bool {
        self.decided.as_ref().is_some_and(|decided| decided.label() <= Some(xiezhi_model::Label::Live))
    }

    fn answer<'a>(self) -> Out<'a, M> {
        match (self.decided, self.unknown) {
            (Some(decided), _) => Out::bool(self.decides, decided),
            (None, Some(unknown)) => Out::unknown(unknown),
            (None, None) => Out::bool(!self.decides, self.others),
        }
    }
}

fn fact_out<'a, M: Mode>(fact: FactView<'a>, owner: Option<&'a Head>, path: M::Path, rests: M) -> Out<'a, M> {
    let rests = rests.and(&M::fact(&path, &fact));
    let value = match fact.state {
        xiezhi_model::State::Known(value) => Val::of(value, owner, path),
        xiezhi_model::State::Absent => Val::Absent,
        xiezhi_model::State::Unknown(_) => Val::Unknown,
    };
    Out::new(value, rests)
}

fn not_understood<'a, M: Mode>(what: &str, why: &str) -> Out<'a, M> {
    unclear(M::nothing(), what, why)
}

/// Unknown, because of what the value is and not of what is missing.
fn unclear<'a, M: Mode>(rests: M, what: &str, why: &str) -> Out<'a, M> {
    Out::unknown(rests.and(&M::reason(|| what.to_owned(), || Reason::not_understood(format!("`{what}`: {why}")))))
}

fn negated<M: Mode>(out: Out<'_, M>) -> Out<'_, M> {
    match out.truth() {
        Some(truth) => Out::bool(!truth, out.rests),
        None => Out::unknown(out.rests),
    }
}

fn int_or<'a, M: Mode>(value: Option<i64>, rests: M, what: &str, why: &str) -> Out<'a, M> {
    match value {
        Some(value) => Out::new(Val::Int(value), rests),
        None => unclear(rests, what, why),
    }
}

/// What makes an operation on two numbers unknown; an absent one only when nothing is unknown.
fn missing_operand<'a, M: Mode>(a: &Out<'a, M>, b: &Out<'a, M>) -> Option<Out<'a, M>> {
    match (a.is_unknown(), b.is_unknown()) {
        (true, true) => Some(Out::unknown(a.rests.clone().and(&b.rests))),
        (true, false) => Some(Out::unknown(a.rests.clone())),
        (false, true) => Some(Out::unknown(b.rests.clone())),
        (false, false) => None,
    }
}

fn ordered<'a, M: Mode>(order: Order, a: Out<'a, M>, b: Out<'a, M>, what: &str) -> Out<'a, M> {
    if let Some(out) = missing_operand(&a, &b) {
        return out;
    }
    let rests = a.rests.and(&b.rests);
    match (a.value, b.value) {
        (Val::Int(x), Val::Int(y)) => Out::bool(order.holds(x, y), rests),
        _ => unclear(rests, what, "there is no number to compare"),
    }
}

fn arithmetic<'a, M: Mode>(operator: Arithmetic, a: Out<'a, M>, b: Out<'a, M>, what: &str) -> Out<'a, M> {
    if let Some(out) = missing_operand(&a, &b) {
        return out;
    }
    let rests = a.rests.and(&b.rests);
    match (a.value, b.value) {
        (Val::Int(x), Val::Int(y)) => {
            let result = match operator {
                Arithmetic::Add => x.checked_add(y),
                Arithmetic::Subtract => x.checked_sub(y),
                Arithmetic::Multiply => x.checked_mul(y),
                Arithmetic::Divide => x.checked_div(y),
                Arithmetic::Remainder => x.checked_rem(y),
            };
            int_or(result, rests, what, "the result is no 64-bit number")
        }
        _ => Out::new(Val::Absent, rests),
    }
}

fn text_test<'a, M: Mode>(test: TextTest, text: Out<'a, M>, part: Out<'a, M>) -> Out<'a, M> {
    match (&text.value, &part.value) {
        (Val::Absent, _) => Out::bool(false, text.rests),
        (_, Val::Absent) => Out::bool(false, part.rests),
        (Val::Text(a), Val::Text(b)) => {
            let answer = match test {
                TextTest::StartsWith => a.starts_with(b.as_ref()),
                TextTest::EndsWith => a.ends_with(b.as_ref()),
                TextTest::Contains => a.contains(b.as_ref()),
            };
            Out::bool(answer, text.rests.and(&part.rests))
        }
        _ => missing_operand(&text, &part).unwrap_or_else(|| Out::unknown(text.rests.and(&part.rests))),
    }
}

fn size<'a, M: Mode>(list: Out<'a, M>, what: &str) -> Out<'a, M> {
    match list.value {
        Val::Absent => Out::new(Val::Int(0), list.rests),
        Val::List(Members { more: Some(more), .. }) => Out::unknown(more),
        Val::List(members) => int_or(
            i64::try_from(members.count()).ok(),
            list.rests.and(&members.closed),
            what,
            "the list is too long to count",
        ),
        _ => Out::unknown(list.rests),
    }
}

/// `size(list)` against a number. An open list has at least the members that were seen, which may be enough.
fn size_ordered<'a, M: Mode>(order: SizeOrder, list: Out<'a, M>, number: Out<'a, M>, what: &str) -> Out<'a, M> {
    if let (Val::List(Members { more: Some(more), .. }), Val::Int(limit)) = (&list.value, &number.value) {
        let Val::List(members) = &list.value else { return Out::unknown(list.rests) };
        let seen = i64::try_from(members.count()).unwrap_or(i64::MAX);
        let answer = match order {
            SizeOrder::Order(Order::More) if seen > *limit => Some(true),
            SizeOrder::Order(Order::MoreOrEqual) if seen >= *limit => Some(true),
            SizeOrder::Order(Order::Less) if seen >= *limit => Some(false),
            SizeOrder::Order(Order::LessOrEqual) if seen > *limit => Some(false),
            SizeOrder::Equal if seen > *limit => Some(false),
            SizeOrder::NotEqual if seen > *limit => Some(true),
            _ => None,
        };
        return match answer {
            Some(answer) => Out::bool(answer, list.rests.and(&number.rests)),
            None => Out::unknown(more.clone()),
        };
    }
    let counted = size(list, what);
    if let SizeOrder::Order(order) = order {
        return ordered(order, counted, number, what);
    }
    if let Some(out) = missing_operand(&counted, &number) {
        return out;
    }
    let equal = match (&counted.value, &number.value) {
        (Val::Int(a), Val::Int(b)) => a == b,
        _ => false,
    };
    Out::bool(equal == (order == SizeOrder::Equal), counted.rests.and(&number.rests))
}

fn covers_internet<'a, M: Mode>(members: &Members<'a, M>, rests: M, what: &str) -> Out<'a, M> {
    let mut texts: Vec<Cow<'a, str>> = Vec::new();
    let (mut known, mut unknown) = (rests, members.more.clone());
    for member in (0..members.count()).map_while(|index| members.member(index)) {
        match member.value {
            Val::Text(text) if matches!(text.as_ref(), "0.0.0.0/0" | "::/0") => {
                return Out::bool(true, known.and(&member.rests));
            }
            Val::Text(text) => {
                known.add(&member.rests);
                texts.push(text);
            }
            Val::Absent => known.add(&member.rests),
            _ => unknown = Some(unknown.map_or(member.rests.clone(), |unknown| unknown.and(&member.rests))),
        }
    }
    match (func::covers_internet(texts.iter().map(AsRef::as_ref)), unknown) {
        (Some(true), _) => Out::bool(true, known),
        (_, Some(unknown)) => Out::unknown(unknown),
        (Some(false), None) => Out::bool(false, known.and(&members.closed)),
        (None, None) => unclear(known, what, "a member is no address range"),
    }
}

/// Whether a test holds for a member of a list.
fn any_member<'a, M: Mode>(
    list: &Val<'a, M>,
    rests: M,
    list_rests: &M,
    what: &str,
    why: &str,
    test: impl Fn(&Val<'a, M>) -> Option<bool>,
) -> Out<'a, M> {
    let members = match list {
        Val::List(members) => members,
        Val::Absent => return Out::bool(false, list_rests.clone()),
        _ => return Out::unknown(list_rests.clone()),
    };
    let mut tally = Tally::new(true);
    for member in (0..members.count()).map_while(|index| members.member(index)) {
        match (&member.value, test(&member.value)) {
            (Val::Absent, _) => tally.take(Some(false), member.rests),
            (Val::Unknown, _) => tally.take(None, member.rests),
            (_, Some(answer)) => tally.take(Some(answer), member.rests),
            (_, None) => {
                let reason = M::reason(|| what.to_owned(), || Reason::not_understood(format!("`{what}`: {why}")));
                tally.take(None, rests.clone().and(&reason));
            }
        }
    }
    if let Some(more) = &members.more {
        tally.take(None, more.clone());
    }
    let undecided = tally.decided.is_none();
    let mut out = tally.answer();
    if !out.is_unknown() {
        out.rests.add(&rests);
        out.rests.add(list_rests);
        if undecided {
            out.rests.add(&members.closed);
        }
    }
    out
}
