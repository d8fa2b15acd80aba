//! What an answer rests on: for speed only its label, for an explanation the facts themselves.

use std::fmt::Write as _;
use std::rc::Rc;

use xiezhi_model::{FactView, Head, Label, Origin, Reason, Record, State, Value};

/// What an answer rests on.
pub(crate) trait Mode: Clone {
    /// Where a value stands, for the explanation.
    type Path: Clone;
    /// The start of a path.
    fn root(name: impl FnOnce() -> String) -> Self::Path;
    /// A field of it.
    fn field(path: &Self::Path, name: &'static str) -> Self::Path;
    /// A member of it.
    fn member(path: &Self::Path, index: usize) -> Self::Path;
    /// The path as text.
    fn text(path: &Self::Path) -> String;
    /// Rests on nothing.
    fn nothing() -> Self;
    /// Rests on a fact.
    fn fact(path: &Self::Path, fact: &FactView<'_>) -> Self;
    /// Cannot be told, for a reason that is not a fact's.
    fn reason(path: impl FnOnce() -> String, reason: impl FnOnce() -> Reason) -> Self;
    /// Rests on a listing that is complete, or is not for a reason.
    fn listing(kind: &'static str, label: Option<Label>, origin: Option<&Origin>, gap: Option<&Reason>) -> Self;
    /// Rests on both.
    fn add(&mut self, other: &Self);
    /// The weakest label; `None` when it rests on no fact.
    fn label(&self) -> Option<Label>;

    fn and(mut self, other: &Self) -> Self {
        self.add(other);
        self
    }
}

/// Only the weakest label.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Quick(Option<Label>);

impl Mode for Quick {
    type Path = ();

    fn root(_: impl FnOnce() -> String) {}

    fn field((): &(), _: &'static str) {}

    fn member((): &(), _: usize) {}

    fn text((): &()) -> String {
        String::new()
    }

    fn nothing() -> Self {
        Self(None)
    }

    fn fact((): &(), fact: &FactView<'_>) -> Self {
        Self(Some(fact.origin.label))
    }

    fn reason(_: impl FnOnce() -> String, _: impl FnOnce() -> Reason) -> Self {
        Self(None)
    }

    fn listing(_: &'static str, label: Option<Label>, _: Option<&Origin>, _: Option<&Reason>) -> Self {
        Self(label)
    }

    fn add(&mut self, other: &Self) {
        self.0 = self.0.max(other.0);
    }

    fn label(&self) -> Option<Label> {
        self.0
    }
}

/// What a trace shows of a fact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shown {
    /// The value as predicates write it; long texts and lists are cut.
    Known(String),
    /// The source states that there is none.
    Absent,
    /// Nobody can tell, and why.
    Unknown(Reason),
}

/// One fact that an answer rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Premise {
    /// The fact, as the predicate reaches it: `security_group.rules[3].port_range`; the expression when it is the
    /// evaluation that could not tell.
    pub path: String,
    /// What is said of it.
    pub shown: Shown,
    /// Where it stands; `None` when the evaluation itself could not tell, or nothing says.
    pub origin: Option<Origin>,
}

#[derive(Debug)]
struct Entry {
    premise: Premise,
    /// A list, a record or a link: only the way to the facts inside.
    container: bool,
}

/// The facts themselves, each once, in the order of reading.
#[derive(Debug, Clone)]
pub(crate) struct Traced {
    entries: Rc<Vec<Rc<Entry>>>,
    label: Option<Label>,
}

/// A path from its end.
#[derive(Debug, Clone)]
pub(crate) struct Way(Rc<Step>);

#[derive(Debug)]
enum Step {
    Root(String),
    Field(Way, &'static str),
    Member(Way, usize),
}

impl Way {
    fn text(&self) -> String {
        match &*self.0 {
            Step::Root(name) => name.clone(),
            Step::Field(way, name) => format!("{}.{name}", way.text()),
            Step::Member(way, index) => format!("{}[{index}]", way.text()),
        }
    }
}

impl Traced {
    fn one(premise: Premise, container: bool, label: Option<Label>) -> Self {
        Self { entries: Rc::new(vec![Rc::new(Entry { premise, container })]), label }
    }

    /// The facts, each once. The way to a fact is left out when the fact itself is there.
    pub(crate) fn premises(&self) -> Vec<Premise> {
        let mut seen = std::collections::BTreeSet::new();
        let mut prefixes = std::collections::BTreeSet::new();
        for entry in self.entries.iter() {
            let path = entry.premise.path.as_str();
            for (at, _) in path.char_indices().filter(|(_, c)| matches!(c, '.' | '[')) {
                prefixes.insert(path.get(..at).unwrap_or_default());
            }
        }
        self.entries
            .iter()
            .filter(|entry| seen.insert(entry.premise.path.as_str()))
            .filter(|entry| !(entry.container && prefixes.contains(entry.premise.path.as_str())))
            .map(|entry| entry.premise.clone())
            .collect()
    }
}

impl Mode for Traced {
    type Path = Way;

    fn root(name: impl FnOnce() -> String) -> Way {
        Way(Rc::new(Step::Root(name())))
    }

    fn field(path: &Way, name: &'static str) -> Way {
        Way(Rc::new(Step::Field(path.clone(), name)))
    }

    fn member(path: &Way, index: usize) -> Way {
        Way(Rc::new(Step::Member(path.clone(), index)))
    }

    fn text(path: &Way) -> String {
        path.text()
    }

    fn nothing() -> Self {
        Self { entries: Rc::new(Vec::new()), label: None }
    }

    fn fact(path: &Way, fact: &FactView<'_>) -> Self {
        let (shown, container) = match &fact.state {
            State::Known(value) => {
                let container = matches!(value, Value::List(_) | Value::Record(_) | Value::Link(..));
                let mut text = String::new();
                show(value, &mut text, 0);
                (Shown::Known(text), container)
            }
            State::Absent => (Shown::Absent, false),
            State::Unknown(reason) => (Shown::Unknown(reason.clone()), false),
        };
        let premise = Premise { path: path.text(), shown, origin: Some(fact.origin.clone()) };
        Self::one(premise, container, Some(fact.origin.label))
    }

    fn reason(path: impl FnOnce() -> String, reason: impl FnOnce() -> Reason) -> Self {
        Self::one(Premise { path: path(), shown: Shown::Unknown(reason()), origin: None }, false, None)
    }

    fn listing(kind: &'static str, label: Option<Label>, origin: Option<&Origin>, gap: Option<&Reason>) -> Self {
        let shown = match gap {
            Some(reason) => Shown::Unknown(reason.clone()),
            None => Shown::Known("complete".to_owned()),
        };
        let path = format!("listing(\"{kind}\")");
        Self::one(Premise { path, shown, origin: origin.cloned() }, false, label)
    }

    fn add(&mut self, other: &Self) {
        self.label = self.label.max(other.label);
        if other.entries.is_empty() || Rc::ptr_eq(&self.entries, &other.entries) {
            return;
        }
        if self.entries.is_empty() {
            self.entries = Rc::clone(&other.entries);
        } else {
            Rc::make_mut(&mut self.entries).extend(other.entries.iter().cloned());
        }
    }

    fn label(&self) -> Option<Label> {
        self.label
    }
}

/// The longest text and the most members that a trace shows.
const MOST_SHOWN: usize = 200;
const MOST_MEMBERS: usize = 10;

fn show(value: &Value<'_>, out: &mut String, depth: usize) {
    match value {
        Value::Bool(b) => out.push_str(if *b { "true" } else { "false" }),
        Value::Int(n) => {
            let _ = write!(out, "{n}");
        }
        Value::Text(text) => {
            let cut = text.char_indices().nth(MOST_SHOWN).map(|(at, _)| at);
            let shown = cut.and_then(|at| text.get(..at)).unwrap_or(text);
            let _ = write!(out, "{shown:?}");
            if cut.is_some() {
                out.push('…');
            }
        }
        Value::Link(_, target) => {
            let _ = write!(out, "{target:?}");
        }
        Value::Record(_) => out.push_str("{…}"),
        Value::List(_) if depth > 2 => out.push_str("[…]"),
        Value::List(list) => {
            out.push('[');
            let count = list.items.count();
            for index in 0..count.min(MOST_MEMBERS) {
                if index > 0 {
                    out.push_str(", ");
                }
                if let Some(item) = list.items.item(index) {
                    show(&item, out, depth.saturating_add(1));
                }
            }
            if count > MOST_MEMBERS || list.more.is_some() {
                out.push_str(if count == 0 { "…" } else { ", …" });
            }
            out.push(']');
        }
    }
}

/// How a trace names a resource that is not the subject: the word of its kind and its id or address.
pub(crate) fn resource_name(record: &dyn Record, head: Option<&Head>) -> String {
    let short = record.schema().short_name();
    match head {
        Some(head) => match (head.id.value(), head.address.is_empty()) {
            (Some(id), _) => format!("{short}({id})"),
            (None, false) => format!("{short}({})", head.address),
            (None, true) => short,
        },
        None => short,
    }
}
