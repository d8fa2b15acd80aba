//! Statements → products over the atoms of each dimension.
//!
//! Every statement gets two products: `lower`, the requests that it surely matches, and `upper`, those that it may match. They differ
//! only where a statement is in doubt or a switch is open.

use super::automaton::{CutOff, Effort};
use super::space::{Cube, Mask, Space};
use crate::keys::{self};
use crate::matching::{self, Scope};
use crate::policy::{Condition, Policy, PolicyKind, Statement, Test};
use crate::request::{Caller, Request};
use crate::switches::{Choice, Reading, Switch, Tri};
use std::collections::BTreeMap;

mod atoms;
mod names;

pub(crate) use atoms::ip_interval;

use atoms::key_atoms;
use names::{actions, resources};

/// A statement under the scope in which it stands.
#[derive(Clone, Copy)]
pub(crate) struct Item<'a> {
    pub statement: &'a Statement,
    pub kind: PolicyKind,
    pub owner: &'a str,
    pub reading: Reading,
    /// The policy and number, for answers; `None` for the question's own bounds.
    pub source: Option<(&'a Policy, usize)>,
    /// The one condition that counts, where each is enough by itself (SW-13); `None` when all must hold.
    pub alone: Option<usize>,
    /// Whether every request of the question fits it.
    pub limits: bool,
}

impl<'a> Item<'a> {
    /// The conditions that must hold.
    fn conditions(&self) -> impl Iterator<Item = &'a Condition> + use<'a> {
        let alone = self.alone;
        let all = self.statement.conditions.iter().enumerate();
        all.filter(move |(index, _)| alone.is_none_or(|only| only == *index)).map(|(_, condition)| condition)
    }
}

/// A bound that the question sets on one key, with values at which the key's atoms must be cut.
pub(crate) struct KeyRule<'q> {
    pub key: &'q str,
    pub cuts: Vec<Test>,
    pub holds: &'q dyn Fn(Option<&[String]>) -> bool,
}

/// One value of a dimension.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Atom {
    Absent,
    Text(String),
    Values(Vec<String>),
    Caller(Caller),
}

/// What a dimension is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Dim {
    Action,
    Resource,
    Caller,
    /// Name as it is put into witnesses.
    Key(String),
}

/// The encoded question.
pub(crate) struct Encoded {
    pub space: Space,
    pub dims: Vec<(Dim, Vec<Atom>)>,
    pub lower: Vec<Option<Cube>>,
    pub upper: Vec<Option<Cube>>,
    /// Requests that the question speaks of.
    pub start: Cube,
    /// Keys whose atoms may be incomplete: a "no" that rests on them is undecided.
    pub inexact: Vec<String>,
}

/// The atoms of a dimension, and (lower, upper) per item.
type Atomised = (Vec<Atom>, Vec<(Mask, Mask)>);

/// Encodes statements; `callers` is the closed list of who may ask, or empty when the caller does not matter.
pub(crate) fn encode(
    items: &[Item<'_>],
    callers: &[Caller],
    rules: &[KeyRule<'_>],
    effort: &mut Effort,
) -> Result<Encoded, CutOff> {
    let mut dims: Vec<(Dim, Vec<Atom>)> = Vec::new();
    let mut sizes = Vec::new();
    // (lower, upper) masks per dimension and item.
    let mut masks: Vec<Vec<(Mask, Mask)>> = Vec::new();

    let (atoms, of_items) = actions(items, effort)?;
    sizes.push(atoms.len());
    dims.push((Dim::Action, atoms));
    masks.push(of_items);
    let (atoms, of_items) = resources(items, effort)?;
    sizes.push(atoms.len());
    dims.push((Dim::Resource, atoms));
    masks.push(of_items);
    if !callers.is_empty() {
        let (atoms, of_items) = callers_dim(items, callers);
        sizes.push(atoms.len());
        dims.push((Dim::Caller, atoms));
        masks.push(of_items);
    }

    let mut by_key: BTreeMap<&str, Vec<&Condition>> = BTreeMap::new();
    for item in items {
        for condition in item.conditions() {
            if callers.is_empty() || condition.folded != "acs:principalarn" {
                by_key.entry(&condition.folded).or_default().push(condition);
            }
        }
    }
    for rule in rules {
        by_key.entry(rule.key).or_default();
    }
    let mut inexact = Vec::new();
    let mut starts: Vec<(usize, Mask)> = Vec::new();
    for (key, conditions) in by_key {
        let cuts: Vec<&Test> = conditions
            .iter()
            .map(|c| &c.test)
            .chain(rules.iter().filter(|r| r.key == key).flat_map(|r| &r.cuts))
            .collect();
        let for_all = conditions.iter().any(|c| c.for_all);
        let (atoms, exact) = key_atoms(key, &cuts, for_all, effort)?;
        let name = keys::known(key)
            .map_or_else(|| conditions.first().map_or(key, |c| c.key.as_str()), |(name, _)| name)
            .to_owned();
        if !exact {
            inexact.push(name.clone());
        }
        let of_items = items.iter().map(|item| key_masks(item, key, &name, &atoms)).collect();
        for rule in rules.iter().filter(|r| r.key == key) {
            starts.push((masks.len(), mask_of(&atoms, |values| (rule.holds)(values))));
        }
        sizes.push(atoms.len());
        dims.push((Dim::Key(name), atoms));
        masks.push(of_items);
    }

    let space = Space::new(&sizes);
    let mut start = space.full();
    for (dim, mask) in &starts {
        space.narrow(&mut start, *dim, mask);
    }
    let (mut lower, mut upper) = (Vec::new(), Vec::new());
    for (index, item) in items.iter().enumerate() {
        let (mut low, mut high) = (space.full(), space.full());
        for (dim, of_items) in masks.iter().enumerate() {
            if let Some((l, h)) = of_items.get(index) {
                space.narrow(&mut low, dim, l);
                space.narrow(&mut high, dim, h);
            }
        }
        let doubted = !item.statement.doubts.is_empty() || item.statement.effect.is_none();
        lower.push((!doubted && !space.is_empty(&low)).then_some(low));
        upper.push((!space.is_empty(&high)).then_some(high));
    }
    Ok(Encoded { space, dims, lower, upper, start, inexact })
}

/// Masks of a truth over the values of a key dimension.
fn mask_of(atoms: &[Atom], truth: impl Fn(Option<&[String]>) -> bool) -> Mask {
    let mut mask = Mask::none(atoms.len());
    for (index, atom) in atoms.iter().enumerate() {
        let holds = match atom {
            Atom::Absent => truth(None),
            Atom::Text(text) => truth(Some(std::slice::from_ref(text))),
            Atom::Values(list) => truth(Some(list)),
            Atom::Caller(_) => false,
        };
        if holds {
            mask.set(index);
        }
    }
    mask
}

/// The settled readings inside a reading, over the switches that a dimension depends on.
fn settled(reading: Reading, switches: &[Switch]) -> Vec<Reading> {
    let mut all = vec![reading];
    for switch in switches {
        if reading.of(*switch) == Choice::Either {
            all = all.iter().flat_map(|r| [r.with(*switch, Choice::First), r.with(*switch, Choice::Second)]).collect();
        }
    }
    all
}

/// Lower bound: in every reading; upper bound: in some. A mask that is missing, or no reading at all, is no evidence that
/// nothing matches: then the question stays undecided.
fn bounds(all: impl Iterator<Item = Option<Mask>>) -> Result<(Mask, Mask), CutOff> {
    let mut out: Option<(Mask, Mask)> = None;
    for mask in all {
        let mask = mask.ok_or(CutOff)?;
        out = Some(match out {
            None => (mask.clone(), mask),
            Some((low, high)) => (low.and(&mask), high.or(&mask)),
        });
    }
    out.ok_or(CutOff)
}

fn callers_dim(items: &[Item<'_>], callers: &[Caller]) -> (Vec<Atom>, Vec<(Mask, Mask)>) {
    let requests: Vec<Request> = callers.iter().map(|caller| Request::new(caller.clone(), "", "")).collect();
    let masks = items
        .iter()
        .map(|item| {
            let scope =
                Scope { kind: item.kind, owner: item.owner, effect: item.statement.effect, reading: item.reading };
            let (mut low, mut high) = (Mask::none(callers.len()), Mask::none(callers.len()));
            for (index, request) in requests.iter().enumerate() {
                let mut truth = match &item.statement.principal {
                    Some(element) => {
                        matching::principal(element, &request.caller, item.statement.conditions.is_empty(), &scope)
                    }
                    None => Tri::Yes,
                };
                for condition in item.conditions().filter(|c| c.folded == "acs:principalarn") {
                    truth = truth.and(matching::condition(condition, request, &scope));
                }
                if truth != Tri::No {
                    high.set(index);
                }
                if truth == Tri::Yes {
                    low.set(index);
                }
            }
            (low, high)
        })
        .collect();
    (callers.iter().cloned().map(Atom::Caller).collect(), masks)
}

fn key_masks(item: &Item<'_>, key: &str, name: &str, atoms: &[Atom]) -> (Mask, Mask) {
    let conditions: Vec<&Condition> = item.conditions().filter(|c| c.folded == key).collect();
    if conditions.is_empty() {
        return (Mask::all(atoms.len()), Mask::all(atoms.len()));
    }
    let scope = Scope { kind: item.kind, owner: item.owner, effect: item.statement.effect, reading: item.reading };
    let truth = |values: Option<&[String]>| {
        conditions
            .iter()
            .fold(Tri::Yes, |so_far, c| so_far.and(matching::condition_on(c, values.map(|v| (name, v)), &scope)))
    };
    (mask_of(atoms, |v| truth(v) == Tri::Yes), mask_of(atoms, |v| truth(v) != Tri::No))
}

impl Encoded {
    /// The request of the first atom of every dimension of a cube; `caller` stands in when the caller does not matter.
    pub fn request(&self, cube: &Cube, caller: &Caller) -> Option<Request> {
        let mut action = String::new();
        let mut unset: Option<&str> = None;
        let mut resource = String::new();
        let mut who = caller.clone();
        let mut given: Vec<(&str, Vec<&str>)> = Vec::new();
        for (index, (dim, atoms)) in self.dims.iter().enumerate() {
            let atom = self.space.atoms(cube, index).into_iter().find_map(|a| atoms.get(a))?;
            match (dim, atom) {
                (Dim::Action, Atom::Text(text)) => action.clone_from(text),
                (Dim::Resource, Atom::Text(text)) => resource.clone_from(text),
                (Dim::Caller, Atom::Caller(caller)) => who = caller.clone(),
                (Dim::Key(name), Atom::Text(text)) => given.push((name, vec![text])),
                (Dim::Key(name), Atom::Absent) if name.eq_ignore_ascii_case("acs:PrincipalArn") => unset = Some(name),
                (Dim::Key(name), Atom::Values(list)) => given.push((name, list.iter().map(String::as_str).collect())),
                _ => {}
            }
        }
        let mut request = Request::new(who, &action, &resource);
        if let Some(name) = unset {
            request = request.without_key(name);
        }
        Some(given.into_iter().fold(request, |request, (name, values)| request.with_values(name, &values)))
    }
}
