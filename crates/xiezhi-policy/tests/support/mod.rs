//! Random policies over a small language, and requests taken from the policies' own boundaries.
#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::arithmetic_side_effects
)]

pub mod layered;

use std::fmt::Write as _;
use xiezhi_policy::{Caller, Policy, PolicyKind, Request};

/// A small deterministic generator (xorshift), so that a failure can be repeated by its seed.
pub struct Dice(pub u64);

impl Dice {
    pub fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from((self.0 >> 11) % sides as u64).unwrap()
    }
    pub fn pick<T: Copy>(&mut self, list: &[T]) -> T {
        list[self.roll(list.len())]
    }
    pub fn chance(&mut self, percent: usize) -> bool {
        self.roll(100) < percent
    }
}

pub const ACTIONS: &[&str] = &[
    "*", "a:*", "a:b", "a:B*", "a:?b", "*:b*", "b:*a*", "b:*ab", "a:ab", "a:a*b", "?:a", "b*", "a:*b*a", "b:bb",
    "A:AA", "b:a?*",
];
pub const RESOURCES: &[&str] = &[
    "*",
    "acs:a:*:*:x",
    "acs:a:*:*:x/*",
    "acs:a:r:*:x/y",
    "acs:a:*:1:*",
    "acs:*:*:*:x*",
    "acs:ram::1:role/Ab",
    "acs:ram:*:1:role/a*",
    "acs:ram:*:*:*/aB",
    "acs:a:r:1:x:y",
    "acs:b:?:*:*y",
    "acs:a:*",
    "acs:ram:*:1:user/Ab",
    "acs:*:r:*:*y*",
];
/// (key, operator, values)
pub const CONDITIONS: &[(&str, &str, &[&str])] = &[
    ("k:s", "StringEquals", &["a", "b", "a*", "?b"]),
    ("k:s", "StringNotEquals", &["a", "ab"]),
    ("k:s", "StringLike", &["a*", "*b", "?"]),
    ("k:s", "StringNotLike", &["a*", "*b*", "ab"]),
    ("k:s", "StringEqualsIgnoreCase", &["A", "aB", "B*"]),
    ("k:s", "StringNotEqualsIgnoreCase", &["AB"]),
    ("k:n", "NumericLessThan", &["2", "5"]),
    ("k:n", "NumericGreaterThanEquals", &["2", "3.5"]),
    ("k:n", "NumericNotEquals", &["2", "4"]),
    ("k:d", "DateGreaterThan", &["2026-01-01T00:00:00Z"]),
    ("k:d", "DateLessThanEquals", &["2026-06-01T00:00:00+08:00", "2026-01-01T00:00:00Z"]),
    ("acs:MFAPresent", "Bool", &["true", "false"]),
    ("acs:SecureTransport", "Bool", &["true", "false"]),
    ("acs:SourceIp", "IpAddress", &["10.0.0.0/8", "10.1.0.0/16", "203.0.113.7", "2001:db8::/32"]),
    ("acs:SourceIp", "NotIpAddress", &["10.0.0.0/9", "0.0.0.0/1", "::/1"]),
    ("ram:ServiceNames", "ForAllValues:StringEquals", &["a", "b"]),
    ("ram:ServiceNames", "StringLike", &["a*", "c"]),
    ("ram:ServiceNames", "ForAllValues:StringNotEquals", &["c"]),
    ("acs:PrincipalArn", "StringLike", &["acs:ram:*:*:role/A*", "*b"]),
    ("acs:PrincipalArn", "StringNotEquals", &["acs:ram::1:user/a"]),
];

fn list(dice: &mut Dice, pool: &[&str], most: usize) -> String {
    let count = 1 + dice.roll(most);
    let items: Vec<String> = (0..count).map(|_| format!("\"{}\"", dice.pick(pool))).collect();
    format!("[{}]", items.join(","))
}

/// A policy text of a few statements.
pub fn policy_text(dice: &mut Dice, conditions: bool) -> String {
    let mut statements = Vec::new();
    for _ in 0..1 + dice.roll(4) {
        let effect = if dice.chance(65) { "Allow" } else { "Deny" };
        let action = if dice.chance(12) { "NotAction" } else { "Action" };
        let resource = if dice.chance(6) { "NotResource" } else { "Resource" };
        let mut text = format!(
            r#"{{"Effect":"{effect}","{action}":{},"{resource}":{}"#,
            list(dice, ACTIONS, 3),
            if dice.chance(40) { "[\"*\"]".to_owned() } else { list(dice, RESOURCES, 3) }
        );
        if conditions && dice.chance(55) {
            let mut seen: Vec<(&str, &str)> = Vec::new();
            let mut blocks = Vec::new();
            for _ in 0..1 + dice.roll(2) {
                let (key, operator, values) = dice.pick(CONDITIONS);
                if seen.iter().any(|(_, o)| *o == operator) {
                    continue;
                }
                seen.push((key, operator));
                blocks.push(format!(r#""{operator}":{{"{key}":{}}}"#, list(dice, values, 2)));
            }
            let _ = write!(text, r#","Condition":{{{}}}"#, blocks.join(","));
        }
        text.push('}');
        statements.push(text);
    }
    format!(r#"{{"Version":"1","Statement":[{}]}}"#, statements.join(","))
}

pub fn policy(dice: &mut Dice, name: &str, conditions: bool) -> Policy {
    let text = policy_text(dice, conditions);
    let policy = Policy::parse(name, PolicyKind::Identity, &text);
    assert!(policy.problems.iter().all(xiezhi_policy::Problem::is_note), "{text}: {:?}", policy.problems);
    policy
}

/// A string that a pattern matches, or nearly.
fn instance(dice: &mut Dice, pattern: &str) -> String {
    let mut out = String::new();
    for c in pattern.chars() {
        match c {
            '*' => out.push_str(dice.pick(&["", "", "a", "b", "ab", "x/y", "y", "q", ":"][..])),
            '?' => out.push_str(dice.pick(&["a", "b", "r", "z"][..])),
            c if dice.chance(4) => {
                out.push(if c.is_ascii_lowercase() { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() })
            }
            c => out.push(c),
        }
    }
    if dice.chance(6) {
        out.push('b');
    }
    out
}

fn action(dice: &mut Dice) -> String {
    loop {
        let text = match dice.roll(4) {
            0 => format!("{}:{}", dice.pick(&["a", "b", "c"]), dice.pick(&["a", "b", "ab", "ba", "bb", "aab", "q"])),
            _ => {
                let pattern = dice.pick(ACTIONS);
                instance(dice, if pattern == "*" || pattern == "b*" { "a:*" } else { pattern })
            }
        };
        if text.matches(':').count() == 1 && !text.starts_with(':') && !text.ends_with(':') {
            return text;
        }
    }
}

fn resource(dice: &mut Dice) -> String {
    if dice.chance(8) {
        return "*".to_owned();
    }
    loop {
        let pattern = dice.pick(RESOURCES);
        let pattern = if pattern == "*" || pattern == "acs:a:*" { "acs:?:*:*:x*" } else { pattern };
        let text = instance(dice, pattern);
        if text.starts_with("acs:") && text.matches(':').count() >= 4 {
            return text;
        }
    }
}

const KEY_VALUES: &[(&str, &[&str])] = &[
    ("k:s", &["", "a", "b", "ab", "A", "a*", "bb", "aab", "q"]),
    ("k:n", &["1", "2", "2.5", "3.5", "4", "5", "6"]),
    (
        "k:d",
        &[
            "2025-12-31T23:59:59Z",
            "2026-01-01T00:00:00Z",
            "2026-03-01T00:00:00Z",
            "2026-05-31T16:00:00Z",
            "2027-01-01T00:00:00Z",
        ],
    ),
    ("acs:MFAPresent", &["true", "false"]),
    ("acs:SecureTransport", &["true", "false"]),
    (
        "acs:SourceIp",
        &["10.0.0.1", "10.1.2.3", "10.200.0.1", "203.0.113.7", "127.0.0.1", "128.0.0.1", "2001:db8::1", "fe80::1"],
    ),
];

/// A request near the boundaries of the language that [`policy`] speaks.
pub fn request(dice: &mut Dice) -> Request {
    let caller = Caller::User { account: "1".into(), name: "u".into(), id: None };
    let (action, resource) = (action(dice), resource(dice));
    let mut request = Request::new(caller, &action, &resource);
    for (key, values) in KEY_VALUES {
        let always = matches!(*key, "acs:SecureTransport" | "acs:SourceIp");
        if always || dice.chance(75) {
            request = request.with_key(key, dice.pick(values));
        }
    }
    request = match dice.roll(4) {
        0 => request.without_key("acs:PrincipalArn"),
        1 => request.with_key("acs:PrincipalArn", "acs:ram::1:role/ab"),
        2 => request.with_key("acs:PrincipalArn", "acs:ram::1:user/a"),
        _ => request,
    };
    match dice.roll(5) {
        0 => request,
        1 => request.with_values("ram:ServiceNames", &["a"]),
        2 => request.with_values("ram:ServiceNames", &["a", "b"]),
        3 => request.with_values("ram:ServiceNames", &["c", "ab"]),
        _ => request.with_values("ram:ServiceNames", &["q"]),
    }
}
