//! One lazy automaton over many wildcard patterns: it walks all of them at once and returns one witness string for every
//! combination of patterns that some string can match.
//!
//! A state is a set of pattern positions; the last active `*` of a pattern subsumes its earlier positions, which keeps the sets small.
//! The number of combinations can be exponential by nature (`*a*`, `*b*`, `*c*` …), so the work is counted and cut off.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// One step of a pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Token {
    /// This character.
    Literal(char),
    /// This character (lower case) or its upper case.
    Folded(char),
    /// Any one character; a colon only when `colon`.
    One { colon: bool },
    /// Any run of characters; colons only when `colon`.
    Run { colon: bool },
}

/// The tokens of a wildcard pattern; `fold` lets letters match in both cases, `colon` lets wildcards cross colons.
pub(crate) fn tokens(pattern: &str, fold: bool, colon: bool) -> Vec<Token> {
    let mut out = Vec::with_capacity(pattern.len());
    for c in pattern.chars() {
        let token = match c {
            '*' => Token::Run { colon },
            '?' => Token::One { colon },
            c if fold && c.is_ascii_alphabetic() => Token::Folded(c.to_ascii_lowercase()),
            c => Token::Literal(c),
        };
        if !(matches!(token, Token::Run { .. }) && out.last() == Some(&token)) {
            out.push(token);
        }
    }
    out
}

/// The work allowed for one automaton.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Effort {
    /// Pattern positions that may be looked at.
    pub work: usize,
    /// Combinations that may be returned.
    pub atoms: usize,
}

/// A string and the patterns that it matches, in ascending order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Final {
    pub witness: String,
    pub matched: Vec<u32>,
}

/// The automaton was cut off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct CutOff;

#[derive(Clone, Copy)]
enum Cell {
    Step(Token),
    End,
}

pub(crate) struct Joint {
    cells: Vec<Cell>,
    /// Pattern of each cell; pattern 0 is the universe.
    owner: Vec<u32>,
    starts: Vec<u32>,
}

#[derive(Default)]
pub(crate) struct Mix(u64);

impl Hasher for Mix {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u32(u32::from(*byte));
        }
    }
    fn write_u32(&mut self, value: u32) {
        self.0 = (self.0.rotate_left(5) ^ u64::from(value)).wrapping_mul(0x517c_c1b7_2722_0a95);
    }
    fn write_u64(&mut self, value: u64) {
        self.0 = (self.0.rotate_left(5) ^ value).wrapping_mul(0x517c_c1b7_2722_0a95);
    }
    fn write_usize(&mut self, value: usize) {
        self.write_u32(u32::try_from(value).unwrap_or(u32::MAX));
    }
}

pub(crate) type MixMap<K, V> = HashMap<K, V, BuildHasherDefault<Mix>>;

impl Joint {
    pub fn new(universe: &[Token], patterns: &[&[Token]]) -> Self {
        let mut joint = Joint { cells: Vec::new(), owner: Vec::new(), starts: Vec::new() };
        for (index, pattern) in std::iter::once(&universe).chain(patterns).enumerate() {
            let index = u32::try_from(index).unwrap_or(u32::MAX);
            joint.starts.push(u32::try_from(joint.cells.len()).unwrap_or(u32::MAX));
            for token in *pattern {
                joint.cells.push(Cell::Step(*token));
                joint.owner.push(index);
            }
            joint.cells.push(Cell::End);
            joint.owner.push(index);
        }
        joint
    }

    fn cell(&self, at: u32) -> Cell {
        self.cells.get(at as usize).copied().unwrap_or(Cell::End)
    }

    fn owner(&self, at: u32) -> u32 {
        self.owner.get(at as usize).copied().unwrap_or(u32::MAX)
    }

    fn enter(&self, out: &mut Vec<u32>, mut at: u32) {
        loop {
            out.push(at);
            match self.cell(at) {
                Cell::Step(Token::Run { .. }) => at = at.saturating_add(1),
                _ => return,
            }
        }
    }

    /// Sorts, and drops what the last active run of the same pattern subsumes.
    fn tidy(&self, set: &mut Vec<u32>) {
        set.sort_unstable();
        set.dedup();
        let (mut pattern, mut run) = (u32::MAX, false);
        let mut kept = set.len();
        for slot in set.iter_mut().rev() {
            let owner = self.owner(*slot);
            if owner != pattern {
                pattern = owner;
                run = false;
            }
            if run {
                *slot = u32::MAX;
                kept = kept.saturating_sub(1);
            } else if matches!(self.cell(*slot), Cell::Step(Token::Run { .. })) {
                run = true;
            }
        }
        if kept < set.len() {
            set.retain(|at| *at != u32::MAX);
        }
    }

    fn start(&self) -> Vec<u32> {
        let mut set = Vec::new();
        for at in &self.starts {
            self.enter(&mut set, *at);
        }
        self.tidy(&mut set);
        set
    }

    fn step(&self, set: &[u32], c: char, out: &mut Vec<u32>) {
        out.clear();
        for at in set {
            let Cell::Step(token) = self.cell(*at) else { continue };
            let next = at.saturating_add(1);
            match token {
                Token::Literal(l) if l == c => self.enter(out, next),
                Token::Folded(l) if l == c.to_ascii_lowercase() => self.enter(out, next),
                Token::One { colon } if colon || c != ':' => self.enter(out, next),
                Token::Run { colon } if colon || c != ':' => self.enter(out, *at),
                _ => {}
            }
        }
        self.tidy(out);
    }

    fn alive(&self, set: &[u32]) -> bool {
        set.first().is_some_and(|at| self.owner(*at) == 0)
    }

    /// The patterns that accept here, without the universe; `None` when the universe does not accept.
    fn accepted(&self, set: &[u32]) -> Option<Vec<u32>> {
        let mut ends = set.iter().filter(|at| matches!(self.cell(**at), Cell::End)).map(|at| self.owner(*at));
        (ends.next() == Some(0)).then(|| ends.map(|owner| owner.saturating_sub(1)).collect())
    }
}

/// Characters tried for "any other character", in this order.
pub(crate) const OTHERS: &str = "x7zqwyvkjufgb0123456895nmhlcadesiotrp_-ABCDEFGHIJKLMNOPQRSTUVWXYZ~!@#%&=+,;é文";

impl Joint {
    /// One witness for every combination of patterns that a string of the universe can match; the shortest ones first.
    pub fn combinations(&self, effort: &mut Effort) -> Result<Vec<Final>, CutOff> {
        let joint = self;
        let mut seen: MixMap<Vec<u32>, u32> = MixMap::default();
        // (state, parent, character that led here)
        let mut states: Vec<(Vec<u32>, u32, char)> = vec![(joint.start(), u32::MAX, '\0')];
        let mut found: MixMap<Vec<u32>, ()> = MixMap::default();
        let mut finals = Vec::new();
        let mut next = Vec::new();
        let mut letters: Vec<char> = Vec::new();
        let mut index = 0_usize;
        while let Some((set, _, _)) = states.get(index) {
            let set = set.clone();
            if let Some(matched) = joint.accepted(&set)
                && !found.contains_key(&matched)
            {
                if finals.len() >= effort.atoms {
                    return Err(CutOff);
                }
                found.insert(matched.clone(), ());
                finals.push(Final { witness: spell(&states, index), matched });
            }
            letters.clear();
            let (mut colon, mut other) = (false, false);
            for at in &set {
                match joint.cell(*at) {
                    Cell::Step(Token::Literal(c)) => letters.push(c),
                    Cell::Step(Token::Folded(c)) => letters.extend([c, c.to_ascii_uppercase()]),
                    Cell::Step(Token::One { colon: wide } | Token::Run { colon: wide }) => {
                        other = true;
                        colon |= !wide;
                    }
                    Cell::End => {}
                }
            }
            if colon {
                letters.push(':');
            }
            letters.sort_unstable();
            letters.dedup();
            if other && let Some(fresh) = OTHERS.chars().find(|c| letters.binary_search(c).is_err()) {
                // Last, so that witnesses prefer characters that the patterns know only where needed.
                letters.insert(0, fresh);
            }
            let parent = u32::try_from(index).unwrap_or(u32::MAX);
            for c in &letters {
                joint.step(&set, *c, &mut next);
                effort.work =
                    effort.work.checked_sub(set.len().saturating_add(next.len()).saturating_add(1)).ok_or(CutOff)?;
                if joint.alive(&next) && !seen.contains_key(&next) {
                    seen.insert(next.clone(), parent);
                    states.push((next.clone(), parent, *c));
                }
            }
            index = index.saturating_add(1);
        }
        Ok(finals)
    }

    /// The patterns that one string matches; `None` when it is outside the universe.
    pub fn signature(&self, text: &str) -> Option<Vec<u32>> {
        let joint = self;
        let mut set = joint.start();
        let mut next = Vec::new();
        for c in text.chars() {
            joint.step(&set, c, &mut next);
            std::mem::swap(&mut set, &mut next);
            if !joint.alive(&set) {
                return None;
            }
        }
        joint.accepted(&set)
    }
}

fn spell(states: &[(Vec<u32>, u32, char)], index: usize) -> String {
    let mut letters = Vec::new();
    let mut at = index;
    while let Some((_, parent, c)) = states.get(at) {
        if *parent == u32::MAX {
            break;
        }
        letters.push(*c);
        at = *parent as usize;
    }
    letters.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::glob::wild;

    fn any() -> Vec<Token> {
        tokens("*", false, true)
    }

    fn run(patterns: &[&str]) -> Vec<Final> {
        let compiled: Vec<Vec<Token>> = patterns.iter().map(|p| tokens(p, false, true)).collect();
        let views: Vec<&[Token]> = compiled.iter().map(Vec::as_slice).collect();
        Joint::new(&any(), &views).combinations(&mut Effort { work: 10_000_000, atoms: 4096 }).unwrap()
    }

    #[test]
    fn every_combination_has_a_true_witness_and_none_is_missed_on_short_strings() {
        let alphabet = ['a', 'b', 'c'];
        let mut texts = vec![String::new()];
        let mut last = texts.clone();
        for _ in 0..6 {
            last = last.iter().flat_map(|t| alphabet.iter().map(move |c| format!("{t}{c}"))).collect();
            texts.extend(last.clone());
        }
        for patterns in [
            vec!["a*", "*b", "*ab*"],
            vec!["a?b", "a*b", "*a*", "?"],
            vec!["*a*a*", "*b*", "ab*", "abc"],
            vec!["**", "a**b", "?*?"],
            vec!["", "a", "ab", "a?", "*"],
        ] {
            let finals = run(&patterns);
            let signature = |text: &str| -> Vec<u32> {
                patterns
                    .iter()
                    .enumerate()
                    .filter(|(_, p)| wild(p, text))
                    .map(|(i, _)| u32::try_from(i).unwrap())
                    .collect()
            };
            for f in &finals {
                assert_eq!(signature(&f.witness), f.matched, "{patterns:?} {:?}", f.witness);
            }
            for text in &texts {
                assert!(finals.iter().any(|f| f.matched == signature(text)), "{patterns:?} misses {text}");
            }
        }
    }

    #[test]
    fn wildcards_that_stay_in_their_segment_do_not_match_a_colon() {
        let pattern = tokens("a*b", false, false);
        let hit = |text| Joint::new(&any(), &[&pattern]).signature(text).unwrap().len();
        assert_eq!((hit("axxb"), hit("a:b")), (1, 0));
    }

    #[test]
    fn hostile_patterns_are_cut_off_quickly() {
        let patterns: Vec<String> = ('a'..='z').map(|c| format!("*{c}*{c}?*")).collect();
        let views: Vec<&str> = patterns.iter().map(String::as_str).collect();
        let compiled: Vec<Vec<Token>> = views.iter().map(|p| tokens(p, false, true)).collect();
        let refs: Vec<&[Token]> = compiled.iter().map(Vec::as_slice).collect();
        assert_eq!(Joint::new(&any(), &refs).combinations(&mut Effort { work: 200_000, atoms: 4096 }), Err(CutOff));
    }
}
