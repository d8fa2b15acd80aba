//! Atoms for the patterns that people write most: actions whose code is exact or `*`, ARNs whose first segments are, and exact strings and
//! prefixes, which need no automaton at all. Everything else goes to one automaton over all patterns; both must give the same atoms, which
//! a test checks.

use super::automaton::{CutOff, Effort, OTHERS, Token};
use super::strings::{self, Atoms, Collector, Pattern, Universe};
use std::collections::{BTreeMap, BTreeSet};

/// Largest number of (code, region, account) combinations that are worked out one by one.
const COMBINATIONS: usize = 512;

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Tail {
    Exact(String),
    /// Everything that starts with this.
    Prefix(String),
}

impl Tail {
    fn text(&self) -> &str {
        match self {
            Tail::Exact(text) | Tail::Prefix(text) => text,
        }
    }
}

fn tail(tokens: &[Token]) -> Option<Tail> {
    let (head, open) = match tokens.split_last() {
        Some((Token::Run { colon: true }, head)) => (head, true),
        _ => (tokens, false),
    };
    let text: Option<String> = head.iter().map(|t| if let Token::Literal(c) = t { Some(*c) } else { None }).collect();
    Some(if open { Tail::Prefix(text?) } else { Tail::Exact(text?) })
}

/// A segment that is exact (`Some`) or anything (`None`).
type Segment = Option<String>;

fn segments(pattern: &[Token]) -> Option<([Segment; 3], &[Token])> {
    let mut rest = pattern;
    for wanted in "acs:".chars() {
        let (first, others) = rest.split_first()?;
        if *first != Token::Literal(wanted) {
            return None;
        }
        rest = others;
    }
    let mut found: [Segment; 3] = [None, None, None];
    for slot in &mut found {
        let end = rest.iter().position(|t| *t == Token::Literal(':'))?;
        let (segment, others) = rest.split_at_checked(end)?;
        *slot = match segment {
            [Token::Run { colon: false }] => None,
            exact => Some(
                exact
                    .iter()
                    .map(|t| if let Token::Literal(c) = t { Some(*c) } else { None })
                    .collect::<Option<String>>()?,
            ),
        };
        rest = others.get(1..)?;
    }
    Some((found, rest))
}

/// The atoms, or `None` when some pattern is not of the simple kind.
pub(crate) fn atoms(universe: Universe, groups: &[Vec<Pattern>], effort: &mut Effort) -> Option<Result<Atoms, CutOff>> {
    let mut out = Collector::new(groups);
    let done = match universe {
        Universe::Action => actions(groups, effort, &mut out)?,
        Universe::Text | Universe::Name => {
            let list: Vec<(&[Token], usize)> = groups
                .iter()
                .enumerate()
                .flat_map(|(group, list)| list.iter().map(move |p| (p.as_slice(), group)))
                .collect();
            if list.iter().any(|(tokens, _)| tail(tokens).is_none()) {
                return None;
            }
            part(&list, "", universe, effort, &mut out)
        }
        Universe::Arn => arns(groups, effort, &mut out)?,
    };
    Some(match done {
        Err(CutOff) => Err(CutOff),
        Ok(()) if out.len() > effort.atoms => Err(CutOff),
        Ok(()) => Ok(out.finish()),
    })
}

/// Adds the atoms of a last part (action name, relative id) after a fixed head: by walking when all patterns are exact or prefixes, else
/// by an automaton over these patterns alone.
fn part(
    list: &[(&[Token], usize)],
    head: &str,
    universe: Universe,
    effort: &mut Effort,
    out: &mut Collector,
) -> Result<(), CutOff> {
    let tails: Option<Vec<(Tail, usize)>> = list.iter().map(|(tokens, group)| Some((tail(tokens)?, *group))).collect();
    if let Some(tails) = tails {
        let views: Vec<(&Tail, usize)> = tails.iter().map(|(tail, group)| (tail, *group)).collect();
        let named = universe == Universe::Name;
        let mut spell = |text: &str, fresh: Option<char>| {
            let fits = !named || (!text.contains(':') && (fresh.is_some() || !text.is_empty()));
            fits.then(|| fresh.map_or_else(|| format!("{head}{text}"), |c| format!("{head}{text}{c}")))
        };
        walk(&views, &mut spell, out);
        return Ok(());
    }
    let mut places: Vec<usize> = list.iter().map(|(_, group)| *group).collect();
    places.sort_unstable();
    places.dedup();
    let few: Vec<Vec<Pattern>> = places
        .iter()
        .map(|place| list.iter().filter(|(_, group)| group == place).map(|(tokens, _)| tokens.to_vec()).collect())
        .collect();
    let found = strings::atoms(&universe.tokens(), &few, effort)?;
    for (atom, witness) in found.witnesses.iter().enumerate() {
        let groups: Vec<usize> =
            places.iter().zip(&found.masks).filter(|(_, mask)| mask.has(atom)).map(|(place, _)| *place).collect();
        out.add_groups(format!("{head}{witness}"), &groups);
    }
    Ok(())
}

/// A value that is none of the listed ones.
fn other(listed: &BTreeSet<String>) -> String {
    let mut value = "x".to_owned();
    while listed.contains(&value) {
        value.push('y');
    }
    value
}

/// Actions code by code: patterns of different services never meet.
fn actions(groups: &[Vec<Pattern>], effort: &mut Effort, out: &mut Collector) -> Option<Result<(), CutOff>> {
    let mut list: Vec<(Segment, &[Token], usize)> = Vec::new();
    let mut codes: BTreeSet<String> = BTreeSet::new();
    for (group, patterns) in groups.iter().enumerate() {
        for pattern in patterns {
            if matches!(pattern.as_slice(), [Token::Run { colon: true }]) {
                continue;
            }
            let end = pattern.iter().position(|t| *t == Token::Literal(':'))?;
            let (code, name) = pattern.split_at_checked(end)?;
            let code: Segment = match code {
                [Token::Run { .. }] => None,
                exact => Some(
                    exact
                        .iter()
                        .map(|t| if let Token::Literal(c) = t { Some(*c) } else { None })
                        .collect::<Option<String>>()?,
                ),
            };
            codes.extend(code.iter().filter(|c| !c.is_empty()).cloned());
            list.push((code, name.get(1..)?, group));
        }
    }
    for code in std::iter::once(other(&codes)).chain(codes) {
        let active: Vec<(&[Token], usize)> = list
            .iter()
            .filter(|(c, _, _)| c.as_ref().is_none_or(|c| *c == code))
            .map(|(_, name, group)| (*name, *group))
            .collect();
        if let Err(CutOff) = part(&active, &format!("{code}:"), Universe::Name, effort, out) {
            return Some(Err(CutOff));
        }
    }
    Some(Ok(()))
}

fn arns(groups: &[Vec<Pattern>], effort: &mut Effort, out: &mut Collector) -> Option<Result<(), CutOff>> {
    let mut list: Vec<([Segment; 3], &[Token], usize)> = Vec::new();
    let mut exact: [BTreeSet<String>; 3] = Default::default();
    for (group, patterns) in groups.iter().enumerate() {
        for pattern in patterns {
            if matches!(pattern.as_slice(), [Token::Run { colon: true }]) {
                continue;
            }
            let (parts, relative) = segments(pattern)?;
            for (slot, part) in exact.iter_mut().zip(&parts) {
                slot.extend(part.iter().cloned());
            }
            list.push((parts, relative, group));
        }
    }
    let combinations = exact.iter().fold(1_usize, |n, set| n.saturating_mul(set.len().saturating_add(1)));
    if combinations > COMBINATIONS {
        return None;
    }
    // One value more than the listed ones stands for all others.
    let values: Vec<Vec<String>> =
        exact.iter().map(|set| std::iter::once(other(set)).chain(set.iter().cloned()).collect()).collect();
    let [codes, regions, accounts] = values.as_slice() else { return None };
    let mut seen: BTreeSet<Vec<usize>> = BTreeSet::new();
    for code in codes {
        for region in regions {
            for account in accounts {
                let fits = |part: &Segment, value: &String| part.as_ref().is_none_or(|p| p == value);
                let active: Vec<usize> = list
                    .iter()
                    .enumerate()
                    .filter(|(_, ([c, r, a], _, _))| fits(c, code) && fits(r, region) && fits(a, account))
                    .map(|(index, _)| index)
                    .collect();
                if seen.contains(&active) {
                    continue;
                }
                let views: Vec<(&[Token], usize)> = active
                    .iter()
                    .filter_map(|i| list.get(*i))
                    .map(|(_, relative, group)| (*relative, *group))
                    .collect();
                if let Err(CutOff) =
                    part(&views, &format!("acs:{code}:{region}:{account}:"), Universe::Text, effort, out)
                {
                    return Some(Err(CutOff));
                }
                seen.insert(active);
            }
        }
    }
    Some(Ok(()))
}

/// Walks exact strings and prefixes in order: each exact string is an atom, each prefix another (what starts with it and continues like
/// no longer pattern), and so is everything that starts like none.
fn walk(list: &[(&Tail, usize)], spell: &mut dyn FnMut(&str, Option<char>) -> Option<String>, out: &mut Collector) {
    // Groups and kinds by text; the empty prefix is the root.
    let mut by_text: BTreeMap<&str, (Vec<usize>, Vec<usize>, bool)> = BTreeMap::new();
    by_text.insert("", (Vec::new(), Vec::new(), true));
    for (tail, group) in list {
        let slot = by_text.entry(tail.text()).or_default();
        match tail {
            Tail::Exact(_) => slot.0.push(*group),
            Tail::Prefix(_) => {
                slot.1.push(*group);
                slot.2 = true;
            }
        }
    }
    // Open prefixes: text, groups of it and of all shorter ones, characters by which longer patterns continue.
    let mut open: Vec<(&str, Vec<usize>, Vec<char>)> = Vec::new();
    let close = |(text, groups, next): (&str, Vec<usize>, Vec<char>),
                 spell: &mut dyn FnMut(&str, Option<char>) -> Option<String>,
                 out: &mut Collector| {
        if let Some(fresh) = OTHERS.chars().find(|c| !next.contains(c))
            && let Some(witness) = spell(text, Some(fresh))
        {
            out.add_groups(witness, &groups);
        }
    };
    for (text, (exact, prefix, is_open)) in by_text {
        while open.last().is_some_and(|(head, _, _)| !text.starts_with(head)) {
            if let Some(done) = open.pop() {
                close(done, spell, out);
            }
        }
        let mut groups: Vec<usize> = Vec::new();
        if let Some((head, above, next)) = open.last_mut() {
            groups.extend(above.iter());
            if let Some(c) = text.get(head.len()..).and_then(|rest| rest.chars().next()) {
                next.push(c);
            }
        }
        groups.extend(prefix);
        if !exact.is_empty()
            && let Some(witness) = spell(text, None)
        {
            let mut all = groups.clone();
            all.extend(exact);
            out.add_groups(witness, &all);
        }
        if is_open {
            open.push((text, groups, Vec::new()));
        }
    }
    while let Some(done) = open.pop() {
        close(done, spell, out);
    }
}
