//! What one API call checks (R-2.6): several actions, or one action on several resources, and all must pass.
//!
//! The data stands in `data/calls.tsv`, one call per line with its source. It holds what documentation that could be read names;
//! the lists of dependent actions per product are not public in one piece, so a call that is not listed may have further checks.

use crate::decide::{Layers, Outcome, decide};
use crate::request::{Arn, Request};
use crate::switches::Reading;
use serde::Serialize;
use std::sync::OnceLock;

/// When a check of a call is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case", tag = "when", content = "parameter")]
pub enum Need {
    /// In every call.
    Always,
    /// Documentation names it, but not plainly for every call: where it fails, nobody can tell.
    Unsure,
    /// When the request gives this parameter.
    Given(&'static str),
}

/// One check of a call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Check {
    /// The action that is checked.
    pub action: &'static str,
    /// The kind of resource that it is checked on, as a pattern; `@` stands for the caller's account.
    pub resource: &'static str,
    /// When it is made.
    pub need: Need,
    /// Condition keys that the service sets: name and value.
    pub keys: Vec<(&'static str, &'static str)>,
}

impl Check {
    /// The pattern of resources that is checked for a caller of the account (empty when it is not known).
    #[must_use]
    pub fn pattern(&self, account: &str) -> String {
        self.resource.replace('@', if account.is_empty() { "*" } else { account })
    }

    /// The resource to ask about when the question names `asked`: itself where it is of this check's kind, what it leaves of the
    /// check's kind where it covers several kinds, nothing where it is of another kind.
    ///
    /// ```
    /// use xiezhi_policy::{Arn, call};
    /// let run = call::find("ecs:RunInstances").unwrap();
    /// let of = |at: usize, asked: &str| run.checks[at].on(&Arn::new(asked), "1001");
    /// assert_eq!(of(1, "acs:ecs:cn-beijing:1001:image/m-1").unwrap(), "acs:ecs:cn-beijing:1001:image/m-1");
    /// assert_eq!(of(1, "acs:ecs:cn-beijing:1001:*").unwrap(), "acs:ecs:cn-beijing:1001:image/*");
    /// assert_eq!(of(1, "acs:ecs:*:1001:instance/*"), None);
    /// ```
    #[must_use]
    pub fn on(&self, asked: &Arn, account: &str) -> Option<String> {
        let pattern = self.pattern(account);
        let own = Arn::new(&pattern);
        let Some([code, region, owner, relative]) = asked.segments() else {
            return (asked.text() == "*").then_some(pattern);
        };
        let [own_code, _, _, own_relative] = own.segments()?;
        if code != own_code && code != "*" {
            return None;
        }
        if relative == "*" {
            return Some(format!("acs:{own_code}:{region}:{owner}:{own_relative}"));
        }
        let of_kind = match own_relative.split_once('/') {
            None => true,
            Some(("?*", _)) => relative.contains(['/', '*']),
            Some((kind, _)) => relative.split('/').next().is_some_and(|other| other == kind),
        };
        of_kind.then(|| asked.text().to_owned())
    }
}

/// One API call with its checks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Call {
    /// `code:Name`, as the catalogue writes it.
    pub name: &'static str,
    /// Its checks; the first is on what the call is about.
    pub checks: Vec<Check>,
    /// Where the facts come from.
    pub source: &'static str,
}

/// All calls that are known to make other checks than their own action on one resource, or of whose one resource the form is known, by
/// name.
#[must_use]
pub fn calls() -> &'static [Call] {
    static CALLS: OnceLock<Vec<Call>> = OnceLock::new();
    CALLS.get_or_init(|| include_str!("../data/calls.tsv").lines().filter_map(call).collect())
}

impl Call {
    /// The one check of a call that checks nothing but its own action.
    #[must_use]
    pub fn own_check(&self) -> Option<&Check> {
        match self.checks.as_slice() {
            [check] if check.action == self.name => Some(check),
            _ => None,
        }
    }
}

/// The call of this name, whatever its case (R-1.12).
#[must_use]
pub fn find(name: &str) -> Option<&'static Call> {
    calls().iter().find(|call| call.name.eq_ignore_ascii_case(name))
}

fn call(line: &'static str) -> Option<Call> {
    let mut columns = line.split('\t');
    let (name, checks, source) = (columns.next()?, columns.next()?, columns.next()?);
    Some(Call { name, checks: checks.split(" & ").filter_map(check).collect(), source })
}

fn check(text: &'static str) -> Option<Check> {
    let (need, text) = match (text.split_once("=>"), text.strip_prefix('?')) {
        (Some((parameter, rest)), _) => (Need::Given(parameter), rest),
        (None, Some(rest)) => (Need::Unsure, rest),
        (None, None) => (Need::Always, text),
    };
    let mut words = text.split(' ');
    let (action, resource) = words.next()?.split_once('@')?;
    Some(Check { action, resource, need, keys: words.filter_map(|word| word.split_once('=')).collect() })
}

/// Whether a condition key says something about the request as a whole, and not about one of its resources or actions.
fn of_request(folded: &str) -> bool {
    matches!(
        folded,
        "acs:sourceip"
            | "acs:securetransport"
            | "acs:mfapresent"
            | "acs:currenttime"
            | "acs:sourcevpc"
            | "acs:sourcevpcid"
            | "acs:vpcsourceip"
            | "acs:accessid"
            | "acs:useragent"
            | "acs:tlsversion"
    )
}

/// Shows that checks which pass one by one pass in one call: the requests of a call whose conditions agree, each confirmed by the
/// plain evaluator. Each part is the layers of a check and a request that passes it.
///
/// Nothing is returned when no such call is found: that proves nothing, for only the conditions of the parts themselves are tried.
#[must_use]
pub fn together(parts: &[(&Layers<'_>, &Request)], reading: &Reading) -> Option<Vec<Request>> {
    let shared = |request: &Request| -> Vec<(String, Vec<String>)> {
        let keys = request.keys().iter().filter(|key| of_request(key.folded()));
        keys.map(|key| (key.name().to_owned(), key.values().to_vec())).collect()
    };
    let mut joint: Vec<(String, Vec<String>)> = Vec::new();
    for (name, values) in parts.iter().flat_map(|(_, request)| shared(request)) {
        if !joint.iter().any(|(other, _)| other.eq_ignore_ascii_case(&name)) {
            joint.push((name, values));
        }
    }
    let candidates = std::iter::once(joint).chain(parts.iter().map(|(_, request)| shared(request)));
    candidates.into_iter().find_map(|keys| {
        let requests: Vec<Request> = parts.iter().map(|(_, request)| under(request, &keys)).collect();
        let all = parts
            .iter()
            .zip(&requests)
            .all(|((layers, _), request)| decide(request, layers, reading).outcome == Outcome::Allowed);
        (all && one_region(&requests)).then_some(requests)
    })
}

/// The request under the conditions of another.
fn under(request: &Request, keys: &[(String, Vec<String>)]) -> Request {
    let own: Vec<String> = request.keys().iter().map(|key| key.folded().to_owned()).collect();
    let bare = own.iter().filter(|key| of_request(key)).fold(request.clone(), |request, key| request.without_key(key));
    keys.iter().fold(bare, |request, (name, values)| {
        let values: Vec<&str> = values.iter().map(String::as_str).collect();
        request.with_values(name, &values)
    })
}

/// Whether the regional resources of a call lie in one region: an instance and its image do.
fn one_region(requests: &[Request]) -> bool {
    let mut regions: Vec<&str> = requests
        .iter()
        .filter_map(|request| request.resource().segments())
        .filter(|[code, ..]| matches!(code.as_str(), "ecs" | "vpc" | "eci"))
        .map(|[_, region, ..]| region.as_str())
        .filter(|region| !matches!(*region, "" | "*"))
        .collect();
    regions.sort_unstable();
    regions.dedup();
    regions.len() <= 1
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests;
