//! The atoms of one string dimension: the coarsest partition of all strings that every group of patterns is a union of.

use super::automaton::{CutOff, Effort, Joint, MixMap, Token};
use super::space::Mask;

/// One pattern: its tokens.
pub(crate) type Pattern = Vec<Token>;

/// Witness strings of the atoms, and for every group of patterns the atoms it covers.
pub(crate) struct Atoms {
    pub witnesses: Vec<String>,
    pub masks: Vec<Mask>,
}

/// A pattern without wildcards and without folded letters is one string.
fn exact(pattern: &[Token]) -> Option<String> {
    pattern
        .iter()
        .map(|token| match token {
            Token::Literal(c) => Some(*c),
            Token::Folded(c) if !c.is_ascii_alphabetic() => Some(*c),
            _ => None,
        })
        .collect()
}

fn is_everything(pattern: &[Token]) -> bool {
    matches!(pattern, [Token::Run { colon: true }])
}

/// All strings of a dimension.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Universe {
    /// `code:Name`
    Action,
    /// `acs:` and four more segments
    Arn,
    /// The name of an action: not empty, without a colon
    Name,
    /// Any text
    Text,
}

impl Universe {
    pub fn tokens(self) -> Vec<Token> {
        let (one, run) = (Token::One { colon: false }, Token::Run { colon: false });
        match self {
            Universe::Action => vec![one, run, Token::Literal(':'), one, run],
            Universe::Arn => {
                let mut all: Vec<Token> = "acs:".chars().map(Token::Literal).collect();
                for _ in 0..3 {
                    all.extend([run, Token::Literal(':')]);
                }
                all.push(Token::Run { colon: true });
                all
            }
            Universe::Name => vec![one, run],
            Universe::Text => vec![Token::Run { colon: true }],
        }
    }
}

/// The atoms of a universe: by the short way when the patterns are simple, else by the automaton.
pub(crate) fn atoms_of(universe: Universe, groups: &[Vec<Pattern>], effort: &mut Effort) -> Result<Atoms, CutOff> {
    match super::simple::atoms(universe, groups, effort) {
        Some(found) => found,
        None => atoms(&universe.tokens(), groups, effort),
    }
}

/// Computes the atoms. Exact strings are atoms of their own and never enter the automaton, unless a witness of the wildcard patterns
/// happens to be one of them.
pub(crate) fn atoms(universe: &[Token], groups: &[Vec<Pattern>], effort: &mut Effort) -> Result<Atoms, CutOff> {
    let mut ids: MixMap<Vec<u32>, usize> = MixMap::default();
    let mut patterns: Vec<&Pattern> = Vec::new();
    // Groups of each distinct pattern.
    let mut members: Vec<Vec<usize>> = Vec::new();
    let mut whole = vec![false; groups.len()];
    for (group, list) in groups.iter().enumerate() {
        for pattern in list {
            if is_everything(pattern) {
                if let Some(slot) = whole.get_mut(group) {
                    *slot = true;
                }
                continue;
            }
            let id = *ids.entry(name(pattern)).or_insert_with(|| {
                patterns.push(pattern);
                members.push(Vec::new());
                patterns.len().saturating_sub(1)
            });
            if let Some(of) = members.get_mut(id)
                && of.last() != Some(&group)
            {
                of.push(group);
            }
        }
    }
    let mut exacts: Vec<(String, usize)> = Vec::new();
    let mut walked: Vec<usize> = Vec::new();
    for (id, pattern) in patterns.iter().enumerate() {
        match exact(pattern) {
            Some(text) => exacts.push((text, id)),
            None => walked.push(id),
        }
    }
    exacts.sort();
    let (joint, finals) = loop {
        let views: Vec<&[Token]> = walked.iter().filter_map(|id| patterns.get(*id)).map(|p| p.as_slice()).collect();
        let joint = Joint::new(universe, &views);
        let finals = joint.combinations(effort)?;
        let mut clash: Vec<usize> = Vec::new();
        for found in &finals {
            if let Ok(at) = exacts.binary_search_by(|(text, _)| text.as_str().cmp(&found.witness))
                && let Some((_, id)) = exacts.get(at)
                && !walked.contains(id)
            {
                clash.push(*id);
            }
        }
        if clash.is_empty() {
            break (joint, finals);
        }
        walked.extend(clash);
    };
    let mut out =
        Collector { groups: groups.len(), whole, witnesses: Vec::new(), rows: Vec::new(), seen: MixMap::default() };
    let ids_of =
        |matched: &[u32]| -> Vec<usize> { matched.iter().filter_map(|m| walked.get(*m as usize).copied()).collect() };
    for found in finals {
        out.add(found.witness, ids_of(&found.matched).iter().filter_map(|id| members.get(*id)));
    }
    for (text, id) in exacts.iter().filter(|(_, id)| !walked.contains(id)) {
        effort.work =
            effort.work.checked_sub(text.len().saturating_mul(walked.len().saturating_add(1))).ok_or(CutOff)?;
        if let Some(matched) = joint.signature(text) {
            let mut ids = ids_of(&matched);
            ids.push(*id);
            out.add(text.clone(), ids.iter().filter_map(|id| members.get(*id)));
        }
    }
    if out.witnesses.len() > effort.atoms {
        return Err(CutOff);
    }
    Ok(out.finish())
}

/// A key that tells apart patterns with different tokens: classes lie beyond the range of characters.
fn name(pattern: &[Token]) -> Vec<u32> {
    pattern
        .iter()
        .map(|token| match token {
            Token::Literal(c) => u32::from(*c),
            Token::Folded(c) => 0x0020_0000 | u32::from(*c),
            Token::One { colon } => 0x0040_0000 | u32::from(*colon),
            Token::Run { colon } => 0x0080_0000 | u32::from(*colon),
        })
        .collect()
}

pub(crate) struct Collector {
    groups: usize,
    whole: Vec<bool>,
    witnesses: Vec<String>,
    rows: Vec<Vec<u64>>,
    seen: MixMap<Vec<u64>, ()>,
}

impl Collector {
    pub fn new(groups: &[Vec<Pattern>]) -> Self {
        let whole = groups.iter().map(|list| list.iter().any(|p| is_everything(p))).collect();
        Collector { groups: groups.len(), whole, witnesses: Vec::new(), rows: Vec::new(), seen: MixMap::default() }
    }

    pub fn len(&self) -> usize {
        self.witnesses.len()
    }

    pub fn add_groups(&mut self, witness: String, groups: &[usize]) {
        let mut row = Mask::none(self.groups);
        groups.iter().for_each(|group| row.set(*group));
        self.add_row(witness, row);
    }

    fn add_row(&mut self, witness: String, mut row: Mask) {
        self.whole.iter().enumerate().filter(|(_, all)| **all).for_each(|(group, _)| row.set(group));
        if !self.seen.contains_key(&row.0) {
            self.seen.insert(row.0.clone(), ());
            self.rows.push(row.0);
            self.witnesses.push(witness);
        }
    }

    fn add<'m>(&mut self, witness: String, members: impl Iterator<Item = &'m Vec<usize>>) {
        let mut row = Mask::none(self.groups);
        members.flatten().for_each(|group| row.set(*group));
        self.add_row(witness, row);
    }

    pub fn finish(self) -> Atoms {
        let count = self.witnesses.len();
        let mut masks: Vec<Mask> =
            self.whole.iter().map(|all| if *all { Mask::all(count) } else { Mask::none(count) }).collect();
        for (atom, row) in self.rows.into_iter().enumerate() {
            let row = Mask(row);
            for (group, mask) in masks.iter_mut().enumerate() {
                if row.has(group) {
                    mask.set(atom);
                }
            }
        }
        Atoms { witnesses: self.witnesses, masks }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::symbolic::automaton::tokens;

    /// Group signatures of all atoms, sorted.
    fn rows(atoms: &Atoms) -> Vec<Vec<bool>> {
        let mut rows: Vec<Vec<bool>> =
            (0..atoms.witnesses.len()).map(|atom| atoms.masks.iter().map(|mask| mask.has(atom)).collect()).collect();
        rows.sort();
        rows
    }

    #[test]
    fn the_short_way_finds_the_same_atoms_as_the_automaton() {
        let mut state = 0x2545_F491_4F6C_DD1D_u64;
        let mut roll = |n: usize| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            usize::try_from((state >> 9) % n as u64).unwrap()
        };
        let effort = || Effort { work: 50_000_000, atoms: 4096 };
        let words = ["a", "ab", "b", "", "abc", "x", "xx"];
        for round in 0..600 {
            let universe = [Universe::Action, Universe::Arn, Universe::Text][round % 3];
            let mut groups: Vec<Vec<Pattern>> = Vec::new();
            for _ in 0..1 + roll(4) {
                let mut group = Vec::new();
                for _ in 0..1 + roll(3) {
                    let star = if roll(2) == 0 { "*" } else { "" };
                    let pattern = match universe {
                        Universe::Name => Vec::new(),
                        Universe::Action => match roll(5) {
                            0 => tokens(&format!("*:{}*", words[roll(7)]), false, true),
                            1 => tokens(&format!("a:*{}*{}", words[roll(7)], words[roll(7)]), false, true),
                            _ => tokens(&format!("{}:{}{star}", words[roll(7)], words[roll(7)]), false, true),
                        },
                        Universe::Text => tokens(&format!("{}{star}", words[roll(7)]), false, true),
                        Universe::Arn => {
                            let mut list: Pattern = "acs:".chars().map(Token::Literal).collect();
                            for _ in 0..3 {
                                let part = ["*", "a", "x", ""][roll(4)];
                                list.extend(tokens(part, false, false));
                                list.push(Token::Literal(':'));
                            }
                            let inner = if roll(4) == 0 { "*b" } else { "" };
                            list.extend(tokens(&format!("{}{inner}{star}", words[roll(7)]), false, true));
                            list
                        }
                    };
                    group.push(pattern);
                }
                groups.push(group);
            }
            let quick = super::super::simple::atoms(universe, &groups, &mut effort()).unwrap().unwrap();
            let slow = atoms(&universe.tokens(), &groups, &mut effort()).unwrap();
            assert_eq!(
                rows(&quick),
                rows(&slow),
                "{universe:?} {groups:?}\n{:?}\n{:?}",
                quick.witnesses,
                slow.witnesses
            );
            // Witnesses of the short way lie in the universe and have the signature that is claimed.
            for (atom, witness) in quick.witnesses.iter().enumerate() {
                let flat: Vec<&[Token]> = groups.iter().flatten().map(Vec::as_slice).collect();
                let matched = Joint::new(&universe.tokens(), &flat).signature(witness).unwrap();
                let mut id = 0;
                for (group, list) in groups.iter().enumerate() {
                    let hit = (id..id + list.len()).any(|i| matched.contains(&u32::try_from(i).unwrap()));
                    assert_eq!(hit, quick.masks[group].has(atom), "{witness}");
                    id += list.len();
                }
            }
        }
    }
}
