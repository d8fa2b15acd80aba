//! Formulas over statements, and the search for a request that satisfies one.
//!
//! A formula is an OR of clauses; a clause asks for one statement out of each of several lists and for none of a list of statements.
//! That is the shape of RAM evaluation: every layer must allow, no Deny may match.

use super::automaton::CutOff;
use super::encode::Encoded;
use super::space::Cube;
use std::collections::BTreeSet;

/// A statement by its lower or its upper product.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Term {
    pub item: usize,
    pub upper: bool,
}

/// One of each list, and none of the last.
#[derive(Debug, Clone, Default)]
pub(crate) struct Clause {
    pub all_of: Vec<Vec<Term>>,
    pub none_of: Vec<Term>,
}

/// An OR of clauses; empty means never.
pub(crate) type Formula = Vec<Clause>;

/// Both formulas hold.
pub(crate) fn and(a: &Formula, b: &Formula) -> Formula {
    a.iter()
        .flat_map(|x| {
            b.iter().map(|y| Clause {
                all_of: x.all_of.iter().chain(&y.all_of).cloned().collect(),
                none_of: x.none_of.iter().chain(&y.none_of).copied().collect(),
            })
        })
        .collect()
}

/// The formula does not hold: every clause fails, by an empty list or by one of its exclusions.
pub(crate) fn not(formula: &Formula) -> Formula {
    let mut out: Formula = vec![Clause::default()];
    for clause in formula {
        let mut ways: Formula =
            clause.all_of.iter().map(|list| Clause { all_of: Vec::new(), none_of: list.clone() }).collect();
        if !clause.none_of.is_empty() {
            ways.push(Clause { all_of: vec![clause.none_of.clone()], none_of: Vec::new() });
        }
        out = and(&out, &ways);
    }
    out
}

/// Steps that a search may still take.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Steps(pub usize);

impl Steps {
    fn take(&mut self) -> Result<(), CutOff> {
        self.0 = self.0.checked_sub(1).ok_or(CutOff)?;
        Ok(())
    }
}

/// A cube that satisfies a formula, with the statements chosen from its lists.
#[derive(Debug, Clone)]
pub(crate) struct Hit {
    pub cube: Cube,
    pub chosen: Vec<usize>,
}

pub(crate) struct Search<'e> {
    pub encoded: &'e Encoded,
    pub steps: Steps,
    /// Exclusions that took something away: the proof of a "no".
    pub cuts: BTreeSet<usize>,
}

impl<'e> Search<'e> {
    pub fn new(encoded: &'e Encoded, steps: usize) -> Self {
        Search { encoded, steps: Steps(steps), cuts: BTreeSet::new() }
    }

    fn product(&self, term: Term) -> Option<&'e Cube> {
        let list = if term.upper { &self.encoded.upper } else { &self.encoded.lower };
        list.get(term.item).and_then(Option::as_ref)
    }

    /// The first request of the question's bounds that satisfies the formula.
    pub fn first(&mut self, formula: &Formula) -> Result<Option<Hit>, CutOff> {
        let start = self.encoded.start.clone();
        self.first_in(&start, formula)
    }

    /// The same inside a cube.
    pub fn first_in(&mut self, start: &Cube, formula: &Formula) -> Result<Option<Hit>, CutOff> {
        if self.encoded.space.is_empty(start) {
            return Ok(None);
        }
        for clause in formula {
            let covers: Vec<(usize, &Cube)> =
                clause.none_of.iter().filter_map(|t| Some((t.item, self.product(*t)?))).collect();
            if let Some(hit) = self.choose(start, &clause.all_of, &covers, &mut Vec::new())? {
                return Ok(Some(hit));
            }
        }
        Ok(None)
    }

    fn choose(
        &mut self,
        cube: &Cube,
        lists: &[Vec<Term>],
        covers: &[(usize, &Cube)],
        chosen: &mut Vec<usize>,
    ) -> Result<Option<Hit>, CutOff> {
        self.steps.take()?;
        let Some((list, rest)) = lists.split_first() else {
            return self.uncovered(cube, covers, chosen);
        };
        for term in list {
            self.steps.take()?;
            let Some(product) = self.product(*term) else { continue };
            let Some(next) = self.encoded.space.meet(cube, product) else { continue };
            chosen.push(term.item);
            let hit = self.choose(&next, rest, covers, chosen)?;
            chosen.pop();
            if hit.is_some() {
                return Ok(hit);
            }
        }
        Ok(None)
    }

    /// The first piece of a cube outside all covers. Depth first, so that the first hole ends the search.
    fn uncovered(&mut self, cube: &Cube, covers: &[(usize, &Cube)], chosen: &[usize]) -> Result<Option<Hit>, CutOff> {
        let space = &self.encoded.space;
        let mut open: Vec<(Cube, usize)> = vec![(cube.clone(), 0)];
        while let Some((piece, from)) = open.pop() {
            self.steps.take()?;
            let next = covers.iter().enumerate().skip(from).find(|(_, (_, cover))| space.overlaps(&piece, cover));
            self.steps.0 = self.steps.0.saturating_sub(covers.len().saturating_sub(from).wrapping_shr(4));
            match next {
                None => {
                    return Ok(Some(Hit { cube: piece, chosen: chosen.to_vec() }));
                }
                Some((index, (item, cover))) => {
                    self.cuts.insert(*item);
                    open.extend(space.minus(&piece, cover).into_iter().rev().map(|p| (p, index.saturating_add(1))));
                }
            }
        }
        Ok(None)
    }
}
