//! Whether MFA, TLS or a network is enforced.

use super::{Finding, Options, Target, can_twins};
use crate::decide::Layers;
use crate::policy::Test;
use crate::request::Caller;
use crate::symbolic::encode::KeyRule;
use crate::symbolic::formula::Stock;
use serde::Serialize;

/// A safeguard that conditions may enforce.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Safeguard {
    /// `acs:MFAPresent` is true.
    Mfa,
    /// As `Mfa`, for sessions of the console, which carry the key with a value in any case.
    ConsoleMfa,
    /// `acs:SecureTransport` is true.
    Tls,
    /// The source address lies in one of these ranges.
    Network(Vec<String>),
}

/// Is the safeguard enforced: is there **no** allowed request of the target without it, under either spelling of its actions? *No*
/// comes with the request that escapes.
///
/// With `access_key_calls`, only calls signed with an AccessKey count; they carry no `acs:MFAPresent` at all, so a Deny
/// on a false value does not stop them.
#[must_use]
pub fn escapes(
    layers: &Layers<'_>,
    caller: &Caller,
    target: &Target,
    safeguard: &Safeguard,
    access_key_calls: bool,
    options: &Options,
) -> Finding {
    let stock = Stock::new();
    let is =
        |values: Option<&[String]>, text: &str| values.is_some_and(|v| v.iter().any(|x| x.eq_ignore_ascii_case(text)));
    let ranges: Vec<crate::values::IpRange> = match safeguard {
        Safeguard::Network(list) => list.iter().filter_map(|t| crate::values::IpRange::read(t)).collect(),
        _ => Vec::new(),
    };
    let without_mfa = |values: Option<&[String]>| !is(values, "true");
    let said_no = |values: Option<&[String]>| is(values, "false");
    let without_tls = |values: Option<&[String]>| !is(values, "true");
    let outside = |values: Option<&[String]>| {
        values.is_none_or(|list| {
            list.iter().any(|v| {
                crate::values::address(v).is_some_and(|(v6, n)| !ranges.iter().any(|range| range.holds(v6, n)))
            })
        })
    };
    let absent = |values: Option<&[String]>| values.is_none();
    let mut rules: Vec<KeyRule<'_>> = Vec::new();
    match safeguard {
        Safeguard::Mfa => {
            rules.push(KeyRule { key: "acs:mfapresent", cuts: vec![Test::Bool(vec![true])], holds: &without_mfa })
        }
        Safeguard::ConsoleMfa => {
            rules.push(KeyRule { key: "acs:mfapresent", cuts: vec![Test::Bool(vec![true])], holds: &said_no })
        }
        Safeguard::Tls => {
            rules.push(KeyRule { key: "acs:securetransport", cuts: vec![Test::Bool(vec![true])], holds: &without_tls })
        }
        Safeguard::Network(_) => {
            rules.push(KeyRule { key: "acs:sourceip", cuts: vec![Test::Ip(ranges.clone())], holds: &outside })
        }
    }
    if access_key_calls {
        rules.push(KeyRule { key: "acs:mfapresent", cuts: Vec::new(), holds: &absent });
    }
    can_twins(layers, caller, target, options, &stock, &rules)
}
