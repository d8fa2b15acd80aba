//! Statements → products over the atoms of each dimension.
//!
//! Every statement gets two products: `lower`, the requests that it surely matches, and `upper`, those that it may match. They differ
//! only where a statement is in doubt or a switch is open.

use super::automaton::{CutOff, Effort, Token, tokens};
use super::space::{Cube, Mask, Space};
use super::strings::{self, Pattern, Universe};
use crate::keys::{self, KeyType};
use crate::matching::{self, Scope};
use crate::policy::{ActionElement, Condition, Policy, PolicyKind, ResourceElement, ResourcePattern, Statement, Test};
use crate::request::{Arn, Caller, Request};
use crate::switches::{Choice, Reading, Switch, Tri};
use crate::values::{self, Decimal, IpRange};
use std::collections::BTreeMap;

/// A statement under the scope in which it stands.
#[derive(Clone, Copy)]
pub(crate) struct Item<'a> {
    pub statement: &'a Statement,
    pub kind: PolicyKind,
    pub owner: &'a str,
    pub reading: Reading,
    /// The policy and number, for answers; `None` for the question's own bounds.
    pub source: Option<(&'a Policy, usize)>,
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

/// Largest number of single values of a key of which all subsets are tried.
const SUBSETS_OF: usize = 5;

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
        for condition in &item.statement.conditions {
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

/// Actions are one dimension over the whole `code:Name`; without case the canonical form is lower case.
fn actions(items: &[Item<'_>], effort: &mut Effort) -> Result<Atomised, CutOff> {
    let exact_case = items.iter().any(|item| item.reading.of(Switch::FoldCase) != Choice::First);
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

fn literal(text: &str) -> impl Iterator<Item = Token> + '_ {
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

fn resources(items: &[Item<'_>], effort: &mut Effort) -> Result<Atomised, CutOff> {
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
                for condition in item.statement.conditions.iter().filter(|c| c.folded == "acs:principalarn") {
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
    let conditions: Vec<&Condition> = item.statement.conditions.iter().filter(|c| c.folded == key).collect();
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

/// The values of a key that its tests can tell apart, and whether they are all.
fn key_atoms(key: &str, tests: &[&Test], for_all: bool, effort: &mut Effort) -> Result<(Vec<Atom>, bool), CutOff> {
    let known = keys::known(key).map(|(_, kind)| kind);
    let texts = tests.iter().any(|t| matches!(t, Test::Equals(_) | Test::EqualsFolded(_) | Test::Like(_)));
    let numbers = tests.iter().any(|t| matches!(t, Test::Number(..)));
    let dates = tests.iter().any(|t| matches!(t, Test::Date(..)));
    let bools = tests.iter().any(|t| matches!(t, Test::Bool(_)));
    let ips = tests.iter().any(|t| matches!(t, Test::Ip(_)));
    let kinds = [texts, numbers, dates, bools, ips].iter().filter(|used| **used).count();
    let mut exact = kinds <= 1;
    let mut values: Vec<String> = Vec::new();
    if known == Some(KeyType::Bool) {
        values.extend(["true".to_owned(), "false".to_owned()]);
        exact = true;
    } else {
        let typed = matches!(known, Some(KeyType::Number | KeyType::Date | KeyType::Ip));
        if texts {
            // Text operators on a typed key only see texts of that type; which of them exist is not worked out.
            exact &= !typed;
            let found = text_values(key, tests, effort)?;
            values.extend(found.into_iter().filter(|text| match known {
                Some(KeyType::Ip) => values::address(text).is_some(),
                Some(KeyType::Number) => Decimal::read(text).is_some(),
                Some(KeyType::Date) => values::instant(text).is_some(),
                _ => true,
            }));
        }
        if numbers || known == Some(KeyType::Number) {
            values.extend(number_values(tests));
        }
        if dates || known == Some(KeyType::Date) {
            values.extend(date_values(tests));
        }
        if bools {
            values.extend(["true".to_owned(), "false".to_owned()]);
        }
        if ips || known == Some(KeyType::Ip) {
            values.extend(ip_values(tests));
        }
        if values.is_empty() {
            values.push("x".to_owned());
        }
    }
    let mut atoms = Vec::new();
    if !keys::is_always_present(key) {
        atoms.push(Atom::Absent);
    }
    if for_all || known == Some(KeyType::TextSet) {
        if values.len() <= SUBSETS_OF {
            for subset in 1..1_usize.wrapping_shl(u32::try_from(values.len()).unwrap_or(0)) {
                let chosen = values
                    .iter()
                    .enumerate()
                    .filter(|(i, _)| subset.wrapping_shr(u32::try_from(*i).unwrap_or(0)) & 1 == 1);
                atoms.push(Atom::Values(chosen.map(|(_, v)| v.clone()).collect()));
            }
        } else {
            exact = false;
            atoms.extend(values.iter().map(|v| Atom::Values(vec![v.clone()])));
            atoms.extend(values.windows(2).map(|pair| Atom::Values(pair.to_vec())));
            atoms.push(Atom::Values(values));
        }
    } else {
        atoms.extend(values.into_iter().map(Atom::Text));
    }
    Ok((atoms, exact))
}

fn text_values(key: &str, tests: &[&Test], effort: &mut Effort) -> Result<Vec<String>, CutOff> {
    let arn = key == "acs:principalarn";
    let mut groups: Vec<Vec<Pattern>> = Vec::new();
    for test in tests {
        match test {
            Test::Equals(list) => {
                groups.extend(list.iter().map(|v| vec![literal(v).collect()]));
                if arn {
                    groups.extend(list.iter().map(|v| vec![folded_literal(v)]));
                }
            }
            Test::EqualsFolded(list) => groups.extend(list.iter().map(|v| vec![folded_literal(v)])),
            Test::Like(list) => {
                groups.extend(list.iter().map(|g| vec![tokens(g.text(), false, true)]));
                if arn {
                    groups.extend(list.iter().map(|g| vec![tokens(g.text(), true, true)]));
                }
            }
            _ => {}
        }
    }
    Ok(strings::atoms_of(Universe::Text, &groups, effort)?.witnesses)
}

fn folded_literal(text: &str) -> Pattern {
    text.chars()
        .map(|c| if c.is_ascii_alphabetic() { Token::Folded(c.to_ascii_lowercase()) } else { Token::Literal(c) })
        .collect()
}

/// Every cut and one value between and beyond the cuts.
fn around(mut cuts: Vec<i128>, middle: i128, step: i128) -> Vec<i128> {
    cuts.sort_unstable();
    cuts.dedup();
    let (Some(first), Some(last)) = (cuts.first().copied(), cuts.last().copied()) else { return vec![middle] };
    let mut all = vec![last.saturating_add(step), first.saturating_sub(step)];
    for pair in cuts.windows(2) {
        if let [a, b] = pair {
            let between = a.saturating_add(b.saturating_sub(*a).div_euclid(2));
            if between != *a {
                all.push(between);
            }
        }
    }
    all.extend(cuts);
    all
}

fn number_values(tests: &[&Test]) -> Vec<String> {
    let cuts = tests
        .iter()
        .flat_map(|t| if let Test::Number(_, list) = t { list.iter().map(|d| d.0).collect() } else { Vec::new() })
        .collect();
    around(cuts, 0, 1_000_000_000_000_000_000).into_iter().map(|n| Decimal(n).text()).collect()
}

fn date_values(tests: &[&Test]) -> Vec<String> {
    let cuts = tests
        .iter()
        .flat_map(
            |t| if let Test::Date(_, list) = t { list.iter().map(|d| i128::from(*d)).collect() } else { Vec::new() },
        )
        .collect();
    around(cuts, 1_767_225_600_000, 86_400_000)
        .into_iter()
        .map(|n| values::instant_text(i64::try_from(n).unwrap_or(0)))
        .collect()
}

fn ip_values(tests: &[&Test]) -> Vec<String> {
    let ranges: Vec<IpRange> =
        tests.iter().flat_map(|t| if let Test::Ip(list) = t { list.clone() } else { Vec::new() }).collect();
    let mut all = Vec::new();
    for (v6, top, usual) in [(false, u128::from(u32::MAX), "203.0.113.1"), (true, u128::MAX, "2001:db8::1")] {
        let mut starts = vec![0_u128];
        for range in ranges.iter().filter(|r| r.v6 == v6) {
            starts.push(range.low);
            starts.extend(range.high.checked_add(1).filter(|n| *n <= top));
        }
        starts.sort_unstable();
        starts.dedup();
        let usual_number = values::address(usual).map_or(0, |(_, n)| n);
        for (index, low) in starts.iter().enumerate() {
            let high = starts.get(index.saturating_add(1)).map_or(top, |next| next.saturating_sub(1));
            // The usual documentation address stands for its interval; else the first address that is not the network itself.
            let chosen =
                if (*low..=high).contains(&usual_number) { usual_number } else { low.saturating_add(1).min(high) };
            all.push(values::address_text(v6, chosen));
        }
    }
    all
}

/// Start and size of the interval of IPv4 addresses that an atom of this key stands for.
pub(crate) fn ip_interval(tests: &[&Test], v6: bool, number: u128) -> (u128, u128) {
    let top = if v6 { u128::MAX } else { u128::from(u32::MAX) };
    let (mut low, mut high) = (0, top);
    for test in tests {
        if let Test::Ip(list) = test {
            for range in list.iter().filter(|r| r.v6 == v6) {
                for cut in [Some(range.low), range.high.checked_add(1)].into_iter().flatten() {
                    if cut <= number {
                        low = low.max(cut);
                    } else {
                        high = high.min(cut.saturating_sub(1));
                    }
                }
            }
        }
    }
    (low, high)
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
