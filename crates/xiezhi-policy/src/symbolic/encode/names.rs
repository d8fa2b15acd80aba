//! The dimensions of actions and of resources.

use super::{Atom, Atomised, Item, bounds, settled};
use crate::matching;
use crate::policy::{ActionElement, ResourceElement, ResourcePattern};
use crate::request::Arn;
use crate::switches::{Choice, Reading, Switch, Tri};
use crate::symbolic::automaton::{CutOff, Effort, Token, tokens};
use crate::symbolic::space::Mask;
use crate::symbolic::strings::{self, Pattern, Universe};

/// The actions that a question is limited to, where it names them without wildcards.
fn named<'a>(items: &[Item<'a>]) -> Option<Vec<&'a str>> {
    let bound = items.iter().find(|item| item.limits)?;
    let element = &bound.statement.action;
    if element.negated || !element.patterns.iter().all(|pattern| pattern.glob.is_exact()) {
        return None;
    }
    let mut names: Vec<&str> = element.patterns.iter().map(|pattern| pattern.glob.folded()).collect();
    names.sort_unstable();
    names.dedup();
    Some(names)
}

/// Each of these actions is an atom, whatever patterns there are.
fn of_names(names: &[&str], items: &[Item<'_>]) -> Atomised {
    let speaks = |item: &Item<'_>| {
        let element = &item.statement.action;
        let mut mask = Mask::none(names.len());
        for (at, name) in names.iter().enumerate() {
            if element.patterns.iter().any(|pattern| pattern.glob.matches_folded(name)) != element.negated {
                mask.set(at);
            }
        }
        (mask.clone(), mask)
    };
    (names.iter().map(|name| Atom::Text((*name).to_owned())).collect(), items.iter().map(speaks).collect())
}

/// Actions are one dimension over the whole `code:Name`; without case the canonical form is lower case.
pub(super) fn actions(items: &[Item<'_>], effort: &mut Effort) -> Result<Atomised, CutOff> {
    let exact_case = items.iter().any(|item| item.reading.of(Switch::FoldCase) != Choice::First);
    if let Some(names) = named(items).filter(|_| !exact_case) {
        return Ok(of_names(&names, items));
    }
    let mut groups: Vec<Vec<Pattern>> = Vec::new();
    let mut of_items: Vec<Vec<(usize, bool)>> = Vec::new();
    let mut known: Vec<(&ActionElement, bool, usize)> = Vec::new();
    for item in items {
        let element = &item.statement.action;
        let mut of_item = Vec::new();
        for reading in settled(item.reading, &[Switch::FoldCase]) {
            let fold = reading.of(Switch::FoldCase) == Choice::First;
            let same =
                known.iter().find(|(e, f, _)| *f == fold && (std::ptr::eq(*e, element) || e.patterns_equal(element)));
            let group = match same {
                Some((_, _, group)) => *group,
                None => {
                    let patterns = element
                        .patterns
                        .iter()
                        .map(|p| match (exact_case, fold) {
                            (false, _) => tokens(p.glob.folded(), false, true),
                            (true, fold) => tokens(p.glob.text(), fold, true),
                        })
                        .collect();
                    groups.push(patterns);
                    let group = groups.len().saturating_sub(1);
                    known.push((element, fold, group));
                    group
                }
            };
            of_item.push((group, element.negated));
        }
        of_items.push(of_item);
    }
    let atoms = strings::atoms_of(Universe::Action, &groups, effort)?;
    let all = Mask::all(atoms.witnesses.len());
    let masks = of_items
        .iter()
        .map(|list| {
            bounds(list.iter().map(|(group, negated)| {
                let mask = atoms.masks.get(*group)?;
                Some(if *negated { mask.complement(&all) } else { mask.clone() })
            }))
        })
        .collect::<Result<_, _>>()?;
    Ok((atoms.witnesses.into_iter().map(Atom::Text).collect(), masks))
}

pub(super) fn literal(text: &str) -> impl Iterator<Item = Token> + '_ {
    text.chars().map(Token::Literal)
}

/// The ARNs of RAM roles, whose names compare without case.
fn role_universe() -> Vec<Token> {
    let segment = Token::Run { colon: false };
    let mut all: Vec<Token> = literal("acs:ram:").collect();
    for _ in 0..2 {
        all.extend([segment, Token::Literal(':')]);
    }
    all.extend("role".chars().map(Token::Folded));
    all.extend([Token::Literal('/'), Token::Run { colon: true }]);
    all
}

/// The token lists of one pattern under a settled reading, for role resources or for the rest.
fn resource_tokens(pattern: &ResourcePattern, reading: &Reading, role: bool, out: &mut Vec<Pattern>) {
    let fold = role && reading.of(Switch::FoldCase) == Choice::First;
    let Some([code, region, account, relative]) = &pattern.segments else {
        out.push(tokens(pattern.whole.text(), false, true));
        return;
    };
    let empty_is_any = reading.of(Switch::EmptySegmentIsAny) == Choice::First
        && (region.text().is_empty() || account.text().is_empty());
    // SW-10: an empty segment means `*` when the resource is of ram or sts.
    let mut codes: Vec<(&str, bool)> = vec![(code.text(), false)];
    if empty_is_any {
        codes.extend(["ram", "sts"].into_iter().filter(|c| code.matches(c)).map(|c| (c, true)));
        if matches!(code.text(), "ram" | "sts") {
            codes.remove(0);
        }
    }
    for (code, open) in codes {
        let mut list: Pattern = literal("acs:").collect();
        list.extend(tokens(code, false, false));
        list.push(Token::Literal(':'));
        for segment in [region, account] {
            if open && segment.text().is_empty() {
                list.push(Token::Run { colon: false });
            } else {
                list.extend(tokens(segment.text(), false, false));
            }
            list.push(Token::Literal(':'));
        }
        list.extend(tokens(relative.text(), fold, true));
        out.push(list);
    }
    if reading.of(Switch::StarInSegment) == Choice::Second {
        out.push(tokens(pattern.whole.text(), fold, true));
    }
}

pub(super) fn resources(items: &[Item<'_>], effort: &mut Effort) -> Result<Atomised, CutOff> {
    // Group 0 is "is a RAM role".
    let mut groups: Vec<Vec<Pattern>> = vec![vec![role_universe()]];
    let mut known: Vec<(&ResourceElement, Reading, (usize, usize))> = Vec::new();
    // (plain group, role group, honoured complement, refused complement) per settled reading.
    let mut of_items: Vec<Vec<(usize, usize, bool, bool)>> = Vec::new();
    let mut roles = false;
    for item in items {
        let element = &item.statement.resource;
        let mut of_item = Vec::new();
        let switches =
            [Switch::StarInSegment, Switch::FoldCase, Switch::EmptySegmentIsAny, Switch::NotResourceHonoured];
        for reading in settled(item.reading, &switches) {
            let same = known
                .iter()
                .find(|(e, r, _)| *r == reading && (std::ptr::eq(*e, element) || e.patterns_equal(element)));
            let (plain, role) = match same {
                Some((_, _, pair)) => *pair,
                None => {
                    let (mut plain, mut role) = (Vec::new(), Vec::new());
                    for pattern in &element.patterns {
                        resource_tokens(pattern, &reading, false, &mut plain);
                        resource_tokens(pattern, &reading, true, &mut role);
                    }
                    let first = groups.len();
                    // Without a letter that folds, or a code that may be ram, both groups are the same.
                    let distinct = plain != role && element.patterns.iter().any(may_be_role);
                    roles |= distinct;
                    groups.push(plain);
                    let pair = if distinct {
                        groups.push(role);
                        (first, first.saturating_add(1))
                    } else {
                        (first, first)
                    };
                    known.push((element, reading, pair));
                    pair
                }
            };
            let refused = element.negated && reading.of(Switch::NotResourceHonoured) == Choice::Second;
            of_item.push((plain, role, element.negated, refused));
        }
        of_items.push(of_item);
    }
    if !roles && let Some(first) = groups.first_mut() {
        first.clear();
    }
    let atoms = strings::atoms_of(Universe::Arn, &groups, effort)?;
    let count = atoms.witnesses.len().saturating_add(1);
    let all = Mask::all(atoms.witnesses.len());
    let is_role = atoms.masks.first().cloned().ok_or(CutOff)?;
    let star = Arn::new("*");
    let masks = of_items
        .iter()
        .zip(items)
        .map(|(list, item)| {
            let (low, high) = bounds(list.iter().map(|(plain, role, negated, refused)| {
                let (plain, role) = (atoms.masks.get(*plain)?, atoms.masks.get(*role)?);
                let listed = role.and(&is_role).or(&plain.and(&is_role.complement(&all)));
                Some(match (negated, refused) {
                    (false, _) => listed,
                    (true, false) => listed.complement(&all),
                    (true, true) => Mask::none(atoms.witnesses.len()),
                })
            }))?;
            // The resource `*` of actions without resource-level support is an atom of its own.
            let truth = matching::resource(&item.statement.resource, &star, &item.reading);
            Ok((grown(low, count, truth == Tri::Yes), grown(high, count, truth != Tri::No)))
        })
        .collect::<Result<_, CutOff>>()?;
    let mut texts: Vec<Atom> = atoms.witnesses.into_iter().map(Atom::Text).collect();
    texts.push(Atom::Text("*".to_owned()));
    Ok((texts, masks))
}

fn may_be_role(pattern: &ResourcePattern) -> bool {
    match &pattern.segments {
        Some([code, ..]) => code.matches("ram"),
        None => true,
    }
}

/// The mask with one more atom at the end.
fn grown(mask: Mask, atoms: usize, last: bool) -> Mask {
    let mut grown = Mask::none(atoms);
    for (word, old) in grown.0.iter_mut().zip(&mask.0) {
        *word = *old;
    }
    if last {
        grown.set(atoms.saturating_sub(1));
    }
    grown
}

impl ActionElement {
    fn patterns_equal(&self, other: &ActionElement) -> bool {
        self.patterns.len() == other.patterns.len()
            && self.patterns.iter().zip(&other.patterns).all(|(a, b)| a.glob.text() == b.glob.text())
    }
}

impl ResourceElement {
    fn patterns_equal(&self, other: &ResourceElement) -> bool {
        self.patterns.len() == other.patterns.len()
            && self.patterns.iter().zip(&other.patterns).all(|(a, b)| a.whole.text() == b.whole.text())
    }
}
