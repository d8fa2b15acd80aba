//! The typed helpers of the language: address ranges, ports, TLS versions, ages.
//!
//! Each takes plain values and answers, or says what it did not understand; none guesses.

use std::net::IpAddr;

use ipnet::{IpNet, Ipv4Net, Ipv6Net};

use super::ty::Ty;

/// A helper function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Func {
    AgeDays,
    CidrContainsAny,
    IsPublicRange,
    CoversInternet,
    PortIn,
    PortsOverlap,
    MinTls,
}

/// The type of a helper's parameter.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Param {
    Text,
    Int,
    Texts,
    Ints,
}

impl Param {
    pub(crate) fn ty(self) -> Ty {
        match self {
            Param::Text => Ty::Text,
            Param::Int => Ty::Int,
            Param::Texts => Ty::List(Box::new(Ty::Text)),
            Param::Ints => Ty::List(Box::new(Ty::Int)),
        }
    }
}

const ALL: &[Func] = &[
    Func::AgeDays,
    Func::CidrContainsAny,
    Func::IsPublicRange,
    Func::CoversInternet,
    Func::PortIn,
    Func::PortsOverlap,
    Func::MinTls,
];

impl Func {
    pub(crate) fn named(name: &str) -> Option<Self> {
        ALL.iter().copied().find(|func| func.name() == name)
    }

    pub(crate) fn names() -> impl Iterator<Item = &'static str> {
        ALL.iter().map(|func| func.name())
    }

    fn name(self) -> &'static str {
        self.usage().split('(').next().unwrap_or_default()
    }

    pub(crate) fn usage(self) -> &'static str {
        match self {
            Func::AgeDays => "age_days(time)",
            Func::CidrContainsAny => "cidr_contains_any(range, [range, …])",
            Func::IsPublicRange => "is_public_range(range)",
            Func::CoversInternet => "covers_internet([range, …])",
            Func::PortIn => "port_in(port_range, port)",
            Func::PortsOverlap => "ports_overlap(port_range, [port, …])",
            Func::MinTls => "min_tls(text)",
        }
    }

    pub(crate) fn parameters(self) -> &'static [Param] {
        match self {
            Func::AgeDays | Func::IsPublicRange | Func::MinTls => &[Param::Text],
            Func::CidrContainsAny => &[Param::Text, Param::Texts],
            Func::CoversInternet => &[Param::Texts],
            Func::PortIn => &[Param::Text, Param::Int],
            Func::PortsOverlap => &[Param::Text, Param::Ints],
        }
    }

    pub(crate) fn result(self) -> Ty {
        match self {
            Func::AgeDays | Func::MinTls => Ty::Int,
            _ => Ty::Bool,
        }
    }
}

/// Seconds since 1970-01-01T00:00:00Z of a time in RFC 3339, or of the start of a date (UTC); `None` when it is
/// neither.
pub fn unix_seconds(time: &str) -> Option<i64> {
    let time = time.trim();
    let date = || jiff::tz::Offset::UTC.to_timestamp(time.parse::<jiff::civil::Date>().ok()?.at(0, 0, 0, 0)).ok();
    time.parse::<jiff::Timestamp>().ok().or_else(date).map(|time| time.as_second())
}

/// Whole days from a time to the time of evaluation; negative for a time to come.
pub(crate) fn age_days(time: &str, as_of: i64) -> Option<i64> {
    Some(as_of.saturating_sub(unix_seconds(time)?).div_euclid(86_400))
}

/// A range as sources write it: `10.0.0.0/8`, `2001:db8::/32`, or one address.
fn range(text: &str) -> Option<IpNet> {
    let text = text.trim();
    let net = text.parse::<IpNet>().ok().or_else(|| text.parse::<IpAddr>().ok().map(IpNet::from))?;
    Some(net.trunc())
}

/// Ranges of IPv4 that are not reachable through the internet: "this network", private, shared, loopback,
/// link-local, multicast, reserved. Source: RFC 6890 and its registry, RFC 5771, RFC 1112.
const NOT_INTERNET_V4: &[(u32, u8)] = &[
    (0x0000_0000, 8),
    (0x0a00_0000, 8),
    (0x6440_0000, 10),
    (0x7f00_0000, 8),
    (0xa9fe_0000, 16),
    (0xac10_0000, 12),
    (0xc0a8_0000, 16),
    (0xe000_0000, 4),
    (0xf000_0000, 4),
];

fn not_internet_v4() -> impl Iterator<Item = Ipv4Net> {
    NOT_INTERNET_V4.iter().filter_map(|(bits, length)| Ipv4Net::new((*bits).into(), *length).ok())
}

/// Global unicast IPv6: what the internet uses. Source: RFC 4291 section 2.4, IANA IPv6 address space registry.
fn global_v6() -> Option<Ipv6Net> {
    "2000::/3".parse().ok()
}

/// Whether a range has an address that the internet can reach; `None` when it is not a range.
pub(crate) fn is_public_range(text: &str) -> Option<bool> {
    Some(match range(text)? {
        IpNet::V4(net) => !covered(not_internet_v4().collect(), &[net]),
        IpNet::V6(net) => global_v6().is_some_and(|global| global.contains(&net) || net.contains(&global)),
    })
}

/// Whether all of `wanted` lies within the union of `have`.
fn covered(mut have: Vec<Ipv4Net>, wanted: &[Ipv4Net]) -> bool {
    have = Ipv4Net::aggregate(&have);
    wanted.iter().all(|net| have.iter().any(|one| one.contains(net)))
}

/// Whether the ranges together cover all of the internet's IPv4 or IPv6 addresses; `None` when they do not so far
/// and one of them is not a range.
///
/// Whole means every address that the internet uses: `0.0.0.0/1` with `128.0.0.0/1` is whole, and so is everything
/// but private ranges.
pub(crate) fn covers_internet<'t>(texts: impl Iterator<Item = &'t str> + Clone) -> Option<bool> {
    if texts.clone().any(|text| matches!(text, "0.0.0.0/0" | "::/0")) {
        return Some(true);
    }
    let (mut v4, mut v6, mut strange) = (Vec::new(), Vec::new(), false);
    for text in texts {
        match range(text) {
            Some(IpNet::V4(net)) => v4.push(net),
            Some(IpNet::V6(net)) => v6.push(net),
            None => strange = true,
        }
    }
    // The width of what is covered says whether a union is worth computing: a single host never is.
    if v4.iter().any(|net| net.prefix_len() < 8) || v4.len() > 32 {
        v4.extend(not_internet_v4());
        if let Ok(whole) = Ipv4Net::new(0.into(), 0)
            && covered(v4, &[whole])
        {
            return Some(true);
        }
    }
    if let Some(global) = global_v6()
        && Ipv6Net::aggregate(&v6).iter().any(|net| net.contains(&global))
    {
        return Some(true);
    }
    if strange { None } else { Some(false) }
}

/// Whether a range contains another range or address; `None` when either is not one.
pub(crate) fn range_contains(outer: &str, inner: &str) -> Option<bool> {
    Some(range(outer)?.contains(&range(inner)?))
}

/// The first and last port of a range: `22/22`, `1/65535`, `22`; `-1/-1` is every port.
///
/// Source: ECS AuthorizeSecurityGroup, `PortRange`: "-1/-1 indicates that the port is unlimited".
pub(crate) fn port_range(text: &str) -> Option<(i64, i64)> {
    let text = text.trim();
    let (from, to) = text.split_once('/').unwrap_or((text, text));
    let (from, to): (i64, i64) = (from.trim().parse().ok()?, to.trim().parse().ok()?);
    match (from, to) {
        (-1, -1) => Some((0, 65_535)),
        (0..=65_535, 0..=65_535) if from <= to => Some((from, to)),
        _ => None,
    }
}

/// The lowest TLS version that a setting allows, times ten: 12 for TLS 1.2, 3 for any SSL.
///
/// Understands what products write: `TLSv1.2`, `TLS1.2`, `TLSv1`, `tls_cipher_policy_1_2_strict_with_1_3`, and lists
/// of such. Source: CLB, ALB and NLB listener `TLSCipherPolicy`/`SecurityPolicyId`; WAF and CDN `TLSVersion`.
#[must_use]
pub fn min_tls(text: &str) -> Option<i64> {
    let lower = text.to_ascii_lowercase();
    if lower.contains("ssl") {
        return Some(3);
    }
    if !lower.contains("tls") {
        return None;
    }
    let words = lower.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let mut lowest: Option<i64> = None;
    let mut note = |version: i64| lowest = Some(lowest.map_or(version, |known| known.min(version)));
    // A `1` that a digit follows is 1.x; a bare one is 1.0.
    let mut one = false;
    for word in words {
        let bare = word.strip_prefix("tls").map(|rest| rest.strip_prefix('v').unwrap_or(rest));
        let starts_version = bare.is_some();
        let word = bare.unwrap_or(word);
        if std::mem::take(&mut one) {
            if !starts_version && matches!(word, "0" | "1" | "2" | "3") {
                note(10_i64.saturating_add(word.parse().unwrap_or(0)));
                continue;
            }
            note(10);
        }
        match word {
            "1" => one = true,
            "10" | "11" | "12" | "13" => note(word.parse().unwrap_or(0)),
            _ => {}
        }
    }
    if one {
        note(10);
    }
    lowest
}
