//! Effective rights: what the caller of some layers can do, action by action of the catalogue.

use super::{Options, Truth, gaps_of};
use crate::catalogue;
use crate::decide::{Gap, Layers};
use crate::request::Caller;
use crate::symbolic::automaton::CutOff;
use crate::symbolic::encode::{Dim, encode};
use crate::symbolic::formula::{Arena, Side, Stock};
use crate::symbolic::search::Search;
use crate::symbolic::space::Mask;
use serde::Serialize;

/// What a principal can do, by access level.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Rights {
    /// Actions of the catalogue that some request may perform, with the level.
    pub surely: Vec<(&'static str, catalogue::Level)>,
    /// Actions that may be possible, but for missing or doubtful evidence.
    pub perhaps: Vec<(&'static str, catalogue::Level)>,
    /// Whether actions that nobody has named yet are granted too.
    pub future_actions: Truth,
    /// Why something is undecided; empty otherwise.
    pub gaps: Vec<Gap>,
}

/// What can the caller of these layers do? Every action of the catalogue is decided on its own, over all resources and conditions.
#[must_use]
pub fn rights(layers: &Layers<'_>, caller: &Caller, options: &Options) -> Rights {
    let (groups, future_actions, gaps) = rights_by_group(layers, caller, options);
    let mut out = Rights { surely: Vec::new(), perhaps: Vec::new(), future_actions, gaps };
    for (position, action) in catalogue::actions().iter().enumerate() {
        let truth = groups.iter().find(|(group, _)| group.has(position)).map_or(Truth::No, |(_, truth)| *truth);
        match truth {
            Truth::Yes => out.surely.push((action.name, action.level)),
            Truth::Unknown | Truth::Undecided => out.perhaps.push((action.name, action.level)),
            Truth::No => {}
        }
    }
    out
}

/// The catalogue positions that an action element covers.
pub(crate) fn action_bits(element: &crate::policy::ActionElement) -> Mask {
    let count = catalogue::actions().len();
    let mut mask = Mask::none(count);
    for pattern in &element.patterns {
        catalogue::positions(&pattern.glob).for_each(|at| mask.set(at));
    }
    if element.negated { mask.complement(&Mask::all(count)) } else { mask }
}

/// Catalogue actions that the same statements speak of, each group with its truth; then the truth of names that nobody has named yet,
/// and the gaps.
pub(crate) fn rights_by_group(
    layers: &Layers<'_>,
    caller: &Caller,
    options: &Options,
) -> (Vec<(Mask, Truth)>, Truth, Vec<Gap>) {
    let stock = Stock::new();
    let mut arena = Arena::new(layers.owner, options.reading);
    let may = arena.allowed(layers, caller, Side::May, &stock);
    let must = arena.allowed(layers, caller, Side::Must, &stock);
    let mut gaps = gaps_of(layers);
    let everything = Mask::all(catalogue::actions().len());
    let encoded = match encode(&arena.items, std::slice::from_ref(caller), &[], &mut options.budget.effort()) {
        Ok(encoded) => encoded,
        Err(CutOff) => {
            gaps.push(Gap::new("wildcard patterns", "too many combinations for the budget"));
            return (vec![(everything, Truth::Undecided)], Truth::Undecided, gaps);
        }
    };
    let Some((Dim::Action, atoms)) = encoded.dims.first() else { return (Vec::new(), Truth::Undecided, gaps) };
    // Which statements speak of an action: the key by which catalogue actions and atoms meet.
    let row = |folded: &str| -> Vec<u64> {
        let mut row = Mask::none(arena.items.len());
        for (index, item) in arena.items.iter().enumerate() {
            let element = &item.statement.action;
            if element.patterns.iter().any(|p| p.glob.matches_folded(folded)) != element.negated {
                row.set(index);
            }
        }
        row.0
    };
    let mut by_row: std::collections::BTreeMap<Vec<u64>, Truth> = std::collections::BTreeMap::new();
    for (number, atom) in atoms.iter().enumerate() {
        let crate::symbolic::encode::Atom::Text(text) = atom else { continue };
        let mut mask = Mask::none(atoms.len());
        mask.set(number);
        let mut start = encoded.start.clone();
        encoded.space.narrow(&mut start, 0, &mask);
        let possible = Search::new(&encoded, options.budget.steps).first_in(&start, &may);
        let truth = match possible {
            Ok(None) if encoded.inexact.is_empty() => Truth::No,
            Ok(Some(_)) => match Search::new(&encoded, options.budget.steps).first_in(&start, &must) {
                Ok(Some(_)) => Truth::Yes,
                Ok(None) => Truth::Unknown,
                Err(CutOff) => Truth::Undecided,
            },
            _ => Truth::Undecided,
        };
        let slot = by_row.entry(row(&text.to_ascii_lowercase())).or_insert(truth);
        *slot = (*slot).max(truth);
    }
    let mut groups = vec![everything];
    for item in &arena.items {
        let bits = action_bits(&item.statement.action);
        groups = groups
            .iter()
            .flat_map(|group| [group.and(&bits), group.zip(&bits, |g, b| g & !b)])
            .filter(|group| group.0.iter().any(|word| *word != 0))
            .collect();
    }
    let actions = catalogue::actions();
    let truths = groups
        .into_iter()
        .map(|group| {
            let first = group.first().and_then(|at| actions.get(at)).map_or("", |action| action.name);
            let truth = by_row.get(&row(&first.to_ascii_lowercase())).copied().unwrap_or(Truth::No);
            (group, truth)
        })
        .collect();
    let future = by_row.get(&row("future-service:futureaction")).copied().unwrap_or(Truth::No);
    (truths, future, gaps)
}
