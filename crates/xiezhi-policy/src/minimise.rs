//! Least privilege: from the actions that were used to a policy that grants them and provably nothing more than before.

use crate::ask::{self, Options, Truth};
use crate::catalogue::{self, Level};
use crate::decide::{StatementRef, reference};
use crate::glob::Glob;
use crate::policy::{Condition, Effect, Policy, PolicyKind, ResourceElement, ResourcePattern, Statement, Test};
use crate::values::{self, IpRange};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// One use of a right.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Use {
    /// `code:Name`.
    pub action: String,
    /// The resource, when the trail names it; `None` keeps the resources that the statement grants.
    pub resource: Option<String>,
}

/// A smaller policy with its proof.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Minimised {
    /// The new policy text; empty when the old policies grant nothing that was used and nothing of them must stay: they are
    /// not needed then.
    pub text: String,
    /// Uses that the old policies do not grant; they cannot be kept.
    pub not_granted: Vec<Use>,
    /// Whether the engine proved that nothing more than before is granted; anything but *no* means: do not use the text.
    pub adds: Truth,
    /// Whether every granted use is still granted; *yes* when proven.
    pub keeps: Truth,
    /// Granted actions of the catalogue that were not used, by statement.
    pub unused: Vec<Unused>,
}

/// Grants of one statement that were not used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Unused {
    /// The statement.
    pub statement: StatementRef,
    /// Number of unused actions by RAM code and level.
    pub by_service: BTreeMap<String, BTreeMap<Level, usize>>,
}

/// Rewrites identity policies to what was used. Statements keep their conditions and Denies stay as they are; only action lists and
/// resources shrink. Data calls that trails do not record must be among the uses, or they are lost.
///
/// ```
/// use xiezhi_policy::{Policy, PolicyKind, ask::Truth, minimise::{self, Use}};
/// let old = Policy::parse("wide", PolicyKind::Identity,
///     r#"{"Version":"1","Statement":[{"Effect":"Allow","Action":"ecs:*","Resource":"*"}]}"#);
/// let used = Use { action: "ecs:DescribeInstances".into(), resource: None };
/// let small = minimise::policies(&[&old], &[used], &Default::default());
/// assert_eq!((small.adds, small.keeps), (Truth::No, Truth::Yes));
/// assert!(small.text.contains("ecs:DescribeInstances") && !small.text.contains("ecs:*"));
/// ```
#[must_use]
pub fn policies(old: &[&Policy], used: &[Use], options: &Options) -> Minimised {
    let mut statements: Vec<Statement> = Vec::new();
    let mut granted: BTreeSet<&Use> = BTreeSet::new();
    let mut unused = Vec::new();
    for policy in old {
        for (index, statement) in policy.statements.iter().enumerate() {
            if statement.effect != Some(Effect::Allow) || !statement.doubts.is_empty() {
                // Denies stay; what is in doubt is not touched.
                statements.push(statement.clone());
                continue;
            }
            // Resources by the uses that this statement grants: action names per set of resources.
            let mut lists: BTreeMap<Vec<String>, BTreeSet<String>> = BTreeMap::new();
            let mut names: BTreeSet<String> = BTreeSet::new();
            for one in used {
                if !matches_action(statement, &one.action) {
                    continue;
                }
                let resources = match &one.resource {
                    Some(resource) if matches_resource(statement, resource, options) => vec![resource.clone()],
                    Some(_) => continue,
                    None => statement.resource.patterns.iter().map(|p| p.whole.text().to_owned()).collect(),
                };
                granted.insert(one);
                names.insert(one.action.to_ascii_lowercase());
                let spelling = catalogue::find(&one.action).map_or(one.action.as_str(), |a| a.name);
                lists.entry(resources).or_default().insert(spelling.to_owned());
            }
            for (resources, actions) in lists {
                let mut smaller = statement.clone();
                smaller.action.negated = false;
                smaller.action.patterns = actions
                    .iter()
                    .map(|a| crate::policy::ActionPattern { at: statement.at, glob: Glob::new(a) })
                    .collect();
                let same = resources.iter().eq(statement
                    .resource
                    .patterns
                    .iter()
                    .map(|p| p.whole.text())
                    .collect::<Vec<_>>()
                    .iter());
                if !same {
                    smaller.resource = ResourceElement {
                        negated: false,
                        patterns: resources.iter().map(|r| ResourcePattern::new(statement.at, r)).collect(),
                    };
                }
                statements.push(smaller);
            }
            unused.extend(unused_of(policy, index, statement, &names));
        }
    }
    let mut not_granted: Vec<Use> = used.iter().filter(|u| !granted.contains(u)).cloned().collect();
    not_granted.sort();
    not_granted.dedup();
    if statements.is_empty() {
        // RAM takes no policy without statements, and nothing is what grants nothing.
        return Minimised {
            text: String::new(),
            not_granted: used.to_vec(),
            adds: Truth::No,
            keeps: Truth::Yes,
            unused,
        };
    }
    let text = write(&statements);
    let new = Policy::parse("minimised", PolicyKind::Identity, &text);
    let adds = ask::adds(&[&new], old, options).truth;
    let mut keeps = Truth::Yes;
    for one in &granted {
        // What the old policies grant of this use, the new one grants too.
        let narrowed: Vec<Policy> = old.iter().map(|p| only(p, one, options)).collect();
        let narrowed: Vec<&Policy> = narrowed.iter().collect();
        match ask::adds(&narrowed, &[&new], options).truth {
            Truth::No => {}
            Truth::Yes => keeps = Truth::No,
            other if keeps == Truth::Yes => keeps = other,
            _ => {}
        }
    }
    Minimised { text, not_granted, adds, keeps, unused }
}

/// The policy with its Allows narrowed to one use.
fn only(policy: &Policy, one: &Use, options: &Options) -> Policy {
    let mut copy = policy.clone();
    copy.statements.retain_mut(|statement| {
        if statement.effect != Some(Effect::Allow) {
            return true;
        }
        if !matches_action(statement, &one.action) {
            return false;
        }
        if let Some(resource) = &one.resource
            && !matches_resource(statement, resource, options)
        {
            return false;
        }
        statement.action.negated = false;
        statement.action.patterns =
            vec![crate::policy::ActionPattern { at: statement.at, glob: Glob::new(&one.action) }];
        if let Some(resource) = &one.resource {
            statement.resource =
                ResourceElement { negated: false, patterns: vec![ResourcePattern::new(statement.at, resource)] };
        }
        true
    });
    copy
}

fn matches_action(statement: &Statement, action: &str) -> bool {
    let lower = action.to_ascii_lowercase();
    statement.action.patterns.iter().any(|p| p.glob.matches_folded(&lower)) != statement.action.negated
}

fn matches_resource(statement: &Statement, resource: &str, options: &Options) -> bool {
    let arn = crate::request::Arn::new(resource);
    crate::matching::resource(&statement.resource, &arn, &options.reading) == crate::switches::Tri::Yes
}

fn unused_of(policy: &Policy, index: usize, statement: &Statement, used: &BTreeSet<String>) -> Option<Unused> {
    let mut by_service: BTreeMap<String, BTreeMap<Level, usize>> = BTreeMap::new();
    let mut count = |action: &catalogue::Action| {
        if used.contains(&action.name.to_ascii_lowercase()) {
            return;
        }
        let code = action.name.split(':').next().unwrap_or_default().to_owned();
        let slot = by_service.entry(code).or_default().entry(action.level).or_default();
        *slot = slot.saturating_add(1);
    };
    if statement.action.negated || statement.action.patterns.len() > 1 {
        catalogue::actions().iter().filter(|a| matches_action(statement, a.name)).for_each(&mut count);
    } else {
        statement.action.patterns.iter().flat_map(|p| catalogue::matching(&p.glob)).for_each(&mut count);
    }
    let statement = reference(policy, index)?;
    (!by_service.is_empty()).then_some(Unused { statement, by_service })
}

/// Writes statements as policy text, two spaces deep.
#[must_use]
pub fn write(statements: &[Statement]) -> String {
    let mut out = String::from("{\n  \"Version\": \"1\",\n  \"Statement\": [");
    for (index, statement) in statements.iter().enumerate() {
        out.push_str(if index == 0 { "\n    {" } else { ",\n    {" });
        let effect = if statement.effect == Some(Effect::Deny) { "Deny" } else { "Allow" };
        let _ = write!(out, "\n      \"Effect\": \"{effect}\",");
        let actions: Vec<&str> = statement.action.patterns.iter().map(|p| p.glob.text()).collect();
        let _ = write!(
            out,
            "\n      \"{}\": {},",
            if statement.action.negated { "NotAction" } else { "Action" },
            list(&actions)
        );
        let resources: Vec<&str> = statement.resource.patterns.iter().map(|p| p.whole.text()).collect();
        let _ = write!(
            out,
            "\n      \"{}\": {}",
            if statement.resource.negated { "NotResource" } else { "Resource" },
            list(&resources)
        );
        if !statement.conditions.is_empty() {
            let _ = write!(out, ",\n      \"Condition\": {}", conditions(&statement.conditions));
        }
        out.push_str("\n    }");
    }
    out.push_str("\n  ]\n}\n");
    out
}

fn conditions(all: &[Condition]) -> String {
    let mut by_operator: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for condition in all {
        let mut values = texts(&condition.test);
        values.extend(condition.malformed.iter().cloned());
        let views: Vec<&str> = values.iter().map(String::as_str).collect();
        by_operator.entry(&condition.operator).or_default().push(format!(
            "{}: {}",
            quoted(&condition.key),
            list(&views)
        ));
    }
    let blocks: Vec<String> =
        by_operator.iter().map(|(operator, keys)| format!("{}: {{{}}}", quoted(operator), keys.join(", "))).collect();
    format!("{{{}}}", blocks.join(", "))
}

/// The values of a test, in a form that reads back to the same test.
fn texts(test: &Test) -> Vec<String> {
    match test {
        Test::Equals(list) | Test::EqualsFolded(list) => list.clone(),
        Test::Like(list) => list.iter().map(|g| g.text().to_owned()).collect(),
        Test::Number(_, list) => list.iter().map(|d| d.text()).collect(),
        Test::Date(_, list) => list.iter().map(|d| values::instant_text(*d)).collect(),
        Test::Bool(list) => list.iter().map(bool::to_string).collect(),
        Test::Ip(list) => list.iter().map(range).collect(),
        Test::Unreadable => Vec::new(),
    }
}

fn range(range: &IpRange) -> String {
    let size = range.low ^ range.high;
    let host = 128_u32.saturating_sub(size.leading_zeros());
    let width: u32 = if range.v6 { 128 } else { 32 };
    format!("{}/{}", values::address_text(range.v6, range.low), width.saturating_sub(host))
}

fn list(texts: &[&str]) -> String {
    format!("[{}]", texts.iter().map(|t| quoted(t)).collect::<Vec<_>>().join(", "))
}

fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            c if c < ' ' => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
