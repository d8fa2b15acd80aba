//! What a white list of addresses admits: exact conclusions about unions of prefixes.

use std::net::IpAddr;

use xiezhi_model::{Fact, List, Origin, Reason, State, Text};

use crate::fields::{Documented, Fields};

/// The whole of IPv4, as old white lists write it. Source: Alibaba Cloud help, "Set whitelist" (RDS, 2017): `%` or
/// `0.0.0.0/0` admits any address.
const EVERYONE: &str = "%";

/// Whether an entry is the zero address without a prefix. Old exports are said to mean everyone by it; "Whitelist common
/// cases and issues" (RDS) lists an entry without its prefix among the errors. So nobody knows whom it admits.
fn is_bare(entry: &str) -> bool {
    matches!(entry.trim(), "0.0.0.0" | "::")
}

/// An inclusive range of addresses of one family, as numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Range {
    v6: bool,
    low: u128,
    high: u128,
}

fn number(address: IpAddr) -> (bool, u128) {
    match address {
        IpAddr::V4(address) => (false, u128::from(u32::from(address))),
        IpAddr::V6(address) => (true, u128::from(address)),
    }
}

/// The addresses that one entry admits; `None` when the entry is not understood.
fn range(entry: &str) -> Option<Range> {
    let entry = entry.trim();
    let whole = |v6| Range { v6, low: 0, high: if v6 { u128::MAX } else { u128::from(u32::MAX) } };
    if entry == EVERYONE {
        return Some(whole(false));
    }
    if is_bare(entry) {
        return None;
    }
    let (address, prefix) = match entry.split_once('/') {
        Some((address, prefix)) => (address, Some(prefix.parse::<u32>().ok()?)),
        None => (entry, None),
    };
    let (v6, value) = number(address.parse().ok()?);
    let bits: u32 = if v6 { 128 } else { 32 };
    let free = bits.checked_sub(prefix.unwrap_or(bits))?;
    if free >= bits {
        return Some(whole(v6));
    }
    let mask = 1_u128.checked_shl(free)?.checked_sub(1)?;
    Some(Range { v6, low: value & !mask, high: value | mask })
}

/// Whether these entries together admit every IPv4 or every IPv6 address. An entry that is not understood is the
/// error, unless the others admit everyone without it.
fn admits_everyone<'a>(entries: impl Iterator<Item = &'a str>) -> Result<bool, &'a str> {
    let mut ranges = Vec::new();
    let mut strange = None;
    for entry in entries {
        match range(entry) {
            Some(range) => ranges.push(range),
            None => strange = Some(entry),
        }
    }
    ranges.sort_unstable();
    for (v6, top) in [(false, u128::from(u32::MAX)), (true, u128::MAX)] {
        let mut next = Some(0_u128);
        for range in ranges.iter().filter(|range| range.v6 == v6) {
            match next {
                Some(free) if range.low <= free => {
                    if range.high >= top {
                        return Ok(true);
                    }
                    next = Some(free.max(range.high.saturating_add(1)));
                }
                _ => next = None,
            }
        }
    }
    strange.map_or(Ok(false), Err)
}

/// Private, shared, link-local and loopback space. Source: RFC 1918, RFC 6598, RFC 3927, RFC 1122, RFC 4193, RFC 4291.
const INTERNAL: &[&str] = &[
    "10.0.0.0/8",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "100.64.0.0/10",
    "169.254.0.0/16",
    "127.0.0.0/8",
    "fc00::/7",
    "fe80::/10",
    "::1/128",
];

fn is_internal(entry: &str) -> Option<bool> {
    let range_of = range(entry)?;
    Some(
        INTERNAL
            .iter()
            .filter_map(|block| range(block))
            .any(|block| block.v6 == range_of.v6 && block.low <= range_of.low && range_of.high <= block.high),
    )
}

fn not_understood(entry: &str) -> Reason {
    Reason::not_understood(format!("the white list entry `{entry}`"))
}

/// The entries of a list. A source that lists texts may hold several in one of them: they are sent joined by commas.
/// Source: RDS ModifySecurityIps `SecurityIps`; terraform-provider-alicloud joins `security_ips` by commas.
fn entries_of(list: &List<Text>) -> impl Iterator<Item = &str> {
    list.items.iter().flat_map(|item| item.split(',')).map(str::trim).filter(|entry| !entry.is_empty())
}

/// Whether a white list admits everyone: every IPv4 or every IPv6 address, alone or as a union of its entries.
pub fn open(list: &Fact<List<Text>>) -> Fact<bool> {
    let state = match &list.state {
        State::Known(known) => match (admits_everyone(entries_of(known)), &known.more) {
            (Ok(true), _) => State::Known(true),
            (_, Some(reason)) => State::Unknown(reason.clone()),
            (Ok(false), None) => State::Known(false),
            (Err(entry), None) => State::Unknown(not_understood(entry)),
        },
        State::Absent => State::Known(false),
        State::Unknown(reason) => State::Unknown(reason.clone()),
    };
    Fact { state, origin: list.origin.clone() }
}

/// Whether every entry lies inside private, shared, link-local or loopback space.
pub fn internal_only(list: &Fact<List<Text>>) -> Fact<bool> {
    let state = match &list.state {
        State::Known(known) => {
            let mut verdict = known.more.clone().map_or(State::Known(true), State::Unknown);
            for entry in entries_of(known) {
                match is_internal(entry) {
                    Some(true) => {}
                    Some(false) => {
                        verdict = State::Known(false);
                        break;
                    }
                    None => verdict = State::Unknown(not_understood(entry)),
                }
            }
            verdict
        }
        State::Absent => State::Known(true),
        State::Unknown(reason) => State::Unknown(reason.clone()),
    };
    Fact { state, origin: list.origin.clone() }
}

/// The narrowest prefix length that bounds the widest IPv4 entry: 0 for everyone, 32 for single addresses only; absent
/// for a list without IPv4 entries.
pub fn widest_prefix(list: &Fact<List<Text>>) -> Fact<i64> {
    let state = match &list.state {
        State::Known(known) => {
            let mut widest: Option<u32> = None;
            let mut doubt = known.more.clone();
            for entry in entries_of(known) {
                match range(entry) {
                    Some(range) if range.v6 => {}
                    Some(range) => {
                        let size = range.high.saturating_sub(range.low).saturating_add(1);
                        let prefix = 32_u32.saturating_sub(size.ilog2());
                        widest = Some(widest.map_or(prefix, |other| other.min(prefix)));
                    }
                    None => doubt = Some(not_understood(entry)),
                }
            }
            match (doubt, widest) {
                (Some(reason), _) => State::Unknown(reason),
                (None, Some(prefix)) => State::Known(i64::from(prefix)),
                (None, None) => State::Absent,
            }
        }
        State::Absent => State::Absent,
        State::Unknown(reason) => State::Unknown(reason.clone()),
    };
    Fact { state, origin: list.origin.clone() }
}

/// The entries of the groups at a path, joined by [`union`]: `entries` names a group's addresses, `attribute` the word
/// that is `hidden` for the provider's own groups.
pub fn groups(f: &Fields<'_>, path: &str, entries: &str, attribute: &str) -> Fact<List<Text>> {
    let read = f.records(path, |group| {
        let hidden = group.plain(attribute).is_some_and(|word| word.eq_ignore_ascii_case("hidden"));
        (hidden, group.texts(entries))
    });
    match read.state {
        State::Known(list) => {
            let mut all = union(list.items, &read.origin);
            if let State::Known(known) = &mut all.state {
                known.more = known.more.take().or(list.more);
            }
            all
        }
        State::Absent => Fact::absent(read.origin),
        State::Unknown(reason) => Fact::unknown(reason, read.origin),
    }
}

/// The white list that a service has until somebody sets one: the loopback address, which admits nobody.
pub fn nobody() -> List<Text> {
    List::complete(vec!["127.0.0.1".into()])
}

/// A list that a configuration states; without one (or with an empty one) what holds then.
pub fn or_default(list: Fact<List<Text>>, default: &Documented) -> Fact<List<Text>> {
    match &list.state {
        State::Known(known) if known.items.is_empty() && known.more.is_none() => default.known(nobody()),
        State::Absent => default.known(nobody()),
        _ => list,
    }
}

/// Joins the entries of the groups of one list, leaving out the groups that the provider hides for its own services
/// (DTS, backup …) unless they admit everyone: the name of a group carries no meaning, all groups add up.
pub fn union(groups: impl IntoIterator<Item = (bool, Fact<List<Text>>)>, origin: &Origin) -> Fact<List<Text>> {
    let mut all = List::complete(vec![]);
    for (hidden, entries) in groups {
        match entries.state {
            State::Known(list) => {
                if !hidden || admits_everyone(entries_of(&list)) == Ok(true) {
                    all.items.extend(list.items);
                    all.more = all.more.or(list.more);
                }
            }
            State::Absent => {}
            State::Unknown(reason) => all.more = Some(reason),
        }
    }
    Fact::known(all, origin.clone())
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests;
