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

struct Collector {
    groups: usize,
    whole: Vec<bool>,
    witnesses: Vec<String>,
    rows: Vec<Vec<u64>>,
    seen: MixMap<Vec<u64>, ()>,
}

impl Collector {
    fn add<'m>(&mut self, witness: String, members: impl Iterator<Item = &'m Vec<usize>>) {
        let mut row = Mask::none(self.groups);
        members.flatten().for_each(|group| row.set(*group));
        if !self.seen.contains_key(&row.0) {
            self.seen.insert(row.0.clone(), ());
            self.rows.push(row.0);
            self.witnesses.push(witness);
        }
    }

    fn finish(self) -> Atoms {
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
