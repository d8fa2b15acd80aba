//! Atoms without an automaton, for the patterns that people write most: exact strings, prefixes, and ARNs whose first segments are exact
//! or `*`. Everything else goes to the automaton; both must give the same atoms, which a test checks.

use super::automaton::{CutOff, Effort, OTHERS, Token};
use super::strings::{Atoms, Collector, Pattern, Universe};
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

fn segments(pattern: &[Token]) -> Option<([Segment; 3], Tail)> {
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
    Some((found, tail(rest)?))
}

/// The atoms, or `None` when some pattern is not of the simple kind.
pub(crate) fn atoms(universe: Universe, groups: &[Vec<Pattern>], effort: &mut Effort) -> Option<Result<Atoms, CutOff>> {
    let mut out = Collector::new(groups);
    match universe {
        Universe::Action | Universe::Text => {
            let mut list: Vec<(Tail, usize)> = Vec::new();
            for (group, patterns) in groups.iter().enumerate() {
                for pattern in patterns {
                    list.push((tail(pattern)?, group));
                }
            }
            let views: Vec<(&Tail, usize)> = list.iter().map(|(t, g)| (t, *g)).collect();
            if universe == Universe::Action {
                walk(&views, &mut |text, fresh| action(text, fresh), &mut out);
            } else {
                walk(
                    &views,
                    &mut |text, fresh| Some(fresh.map_or_else(|| text.to_owned(), |c| format!("{text}{c}"))),
                    &mut out,
                );
            }
        }
        Universe::Arn => arns(groups, &mut out)?,
    }
    Some(if out.len() > effort.atoms { Err(CutOff) } else { Ok(out.finish()) })
}

/// An action made of a text, with a fresh character when it must differ from every longer pattern.
fn action(text: &str, fresh: Option<char>) -> Option<String> {
    let whole = fresh.map_or_else(|| text.to_owned(), |c| format!("{text}{c}"));
    match whole.split_once(':') {
        Some((code, name)) => (!code.is_empty() && !name.is_empty() && !name.contains(':')).then_some(whole),
        // An exact pattern without a colon matches no action; an open one can go on.
        None => fresh.map(|_| format!("{whole}:x")),
    }
}

fn arns(groups: &[Vec<Pattern>], out: &mut Collector) -> Option<()> {
    let mut list: Vec<([Segment; 3], Tail, usize)> = Vec::new();
    let mut exact: [BTreeSet<String>; 3] = Default::default();
    for (group, patterns) in groups.iter().enumerate() {
        for pattern in patterns {
            if matches!(pattern.as_slice(), [Token::Run { colon: true }]) {
                continue;
            }
            let (parts, tail) = segments(pattern)?;
            for (slot, part) in exact.iter_mut().zip(&parts) {
                slot.extend(part.iter().cloned());
            }
            list.push((parts, tail, group));
        }
    }
    let combinations = exact.iter().fold(1_usize, |n, set| n.saturating_mul(set.len().saturating_add(1)));
    if combinations > COMBINATIONS {
        return None;
    }
    // One value more than the listed ones stands for all others.
    let values: Vec<Vec<String>> = exact
        .iter()
        .map(|set| {
            let other =
                ["x", "y", "z", "xx", "xyx"].into_iter().find(|o| !set.contains(*o)).unwrap_or("xyxy").to_owned();
            std::iter::once(other).chain(set.iter().cloned()).collect()
        })
        .collect();
    let [codes, regions, accounts] = values.as_slice() else { return None };
    let mut seen: BTreeMap<Vec<usize>, ()> = BTreeMap::new();
    for code in codes {
        for region in regions {
            for account in accounts {
                let fits = |part: &Segment, value: &String| part.as_ref().is_none_or(|p| p == value);
                let active: Vec<usize> = list
                    .iter()
                    .enumerate()
                    .filter(|(_, (parts, _, _))| {
                        let [c, r, a] = parts;
                        fits(c, code) && fits(r, region) && fits(a, account)
                    })
                    .map(|(index, _)| index)
                    .collect();
                if seen.contains_key(&active) {
                    continue;
                }
                let views: Vec<(&Tail, usize)> =
                    active.iter().filter_map(|i| list.get(*i)).map(|(_, tail, group)| (tail, *group)).collect();
                let head = format!("acs:{code}:{region}:{account}:");
                walk(
                    &views,
                    &mut |text, fresh| {
                        Some(fresh.map_or_else(|| format!("{head}{text}"), |c| format!("{head}{text}{c}")))
                    },
                    out,
                );
                seen.insert(active, ());
            }
        }
    }
    Some(())
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
