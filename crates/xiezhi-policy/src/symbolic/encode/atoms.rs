//! The values of a condition key that a question can tell apart.

use super::Atom;
use super::names::literal;
use crate::keys::{self, KeyType};
use crate::policy::Test;
use crate::symbolic::automaton::{CutOff, Effort, Token, tokens};
use crate::symbolic::strings::{self, Pattern, Universe};
use crate::values::{self, Decimal, IpRange};

/// Largest number of single values of a key of which all subsets are tried.
const SUBSETS_OF: usize = 5;

/// The values of a key that its tests can tell apart, and whether they are all.
pub(super) fn key_atoms(
    key: &str,
    tests: &[&Test],
    for_all: bool,
    effort: &mut Effort,
) -> Result<(Vec<Atom>, bool), CutOff> {
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
                groups.extend(with_wildcards(list).map(|v| vec![tokens(v, false, true)]));
                if arn {
                    groups.extend(list.iter().map(|v| vec![folded_literal(v)]));
                    groups.extend(with_wildcards(list).map(|v| vec![tokens(v, true, true)]));
                }
            }
            Test::EqualsFolded(list) => {
                groups.extend(list.iter().map(|v| vec![folded_literal(v)]));
                groups.extend(with_wildcards(list).map(|v| vec![tokens(v, true, true)]));
            }
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

/// Values of an equality that may be patterns (SW-14).
fn with_wildcards(list: &[String]) -> impl Iterator<Item = &str> {
    list.iter().map(String::as_str).filter(|v| v.contains(['*', '?']))
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

/// 1.0.0.1: the lowest address that hosts have.
const FIRST_SENDER: u128 = 0x0100_0001;

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
        let from = all.len();
        for (index, low) in starts.iter().enumerate() {
            let high = starts.get(index.saturating_add(1)).map_or(top, |next| next.saturating_sub(1));
            // The usual documentation address stands for its interval and is the first to be shown; else the first address that is not
            // the network itself. Nobody sends from 0.0.0.0/8 (RFC 791).
            let usual = (*low..=high).contains(&usual_number);
            let first = if *low == 0 && !v6 { FIRST_SENDER } else { low.saturating_add(1) };
            let text = values::address_text(v6, if usual { usual_number } else { first.min(high) });
            all.insert(if usual { from } else { all.len() }, text);
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
