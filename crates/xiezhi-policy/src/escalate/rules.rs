//! The ways to gain rights, as data: `data/escalation.tsv`, each with its source and how strong its evidence is.

use serde::Serialize;
use std::sync::OnceLock;

/// How strong the evidence of a pattern is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// A help page or an official policy states the mechanism.
    Documented,
    /// The API's parameters or error codes show it.
    Metadata,
    /// A public tool performs it.
    Tool,
    /// Reasoned, not executed: a claim that rests on it is an inference.
    Derived,
}

/// What a rule is tried for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Over {
    Nothing,
    Users,
    Groups,
    Roles,
    Policies,
    Instances,
    Functions,
    Containers,
}

/// What the attacker has afterwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Gives {
    Admin,
    User,
    Role,
    Group,
    Host,
    /// Not an identity, but something that matters: data, loss of sight, a guardrail gone.
    Power,
    /// Found by analysis of trust policies or of hosts, not from a principal's rights.
    Outside,
    /// A shape of a statement, found by the lint.
    Shape,
}

/// One thing that must be allowed: any of the actions, at every one of the places.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Need {
    pub actions: Vec<&'static str>,
    pub at: Vec<&'static str>,
}

/// One way to gain something. Patterns of the list with two ways are two rules of one id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Id of the pattern, `A01` to `H06`.
    pub id: &'static str,
    /// What is reached, in the words of the list: `self_plus`, `user`, `role`, `host`, `data` …
    pub reach: &'static str,
    /// How strong the evidence is.
    pub basis: Basis,
    /// English title.
    pub title: &'static str,
    /// Chinese title.
    pub zh: &'static str,
    /// Where the facts come from.
    pub source: &'static str,
    pub(crate) over: Over,
    pub(crate) given: Vec<&'static str>,
    pub(crate) needs: Vec<Need>,
    pub(crate) gives: Gives,
}

impl Rule {
    pub(crate) fn has(&self, given: &str) -> bool {
        self.given.contains(&given)
    }

    /// The service whose role the rule passes, and whether the pass-role check is proven there.
    pub(crate) fn passes(&self) -> Option<(&'static str, bool)> {
        let service = self.given.iter().find_map(|g| g.strip_prefix("trusts:"))?;
        Some((service, self.has("pass:yes")))
    }
}

/// All rules in the order of the list.
#[must_use]
pub fn rules() -> &'static [Rule] {
    static RULES: OnceLock<Vec<Rule>> = OnceLock::new();
    RULES.get_or_init(|| include_str!("../../data/escalation.tsv").lines().filter_map(rule).collect())
}

/// The first rule of a pattern.
#[must_use]
pub fn pattern(id: &str) -> Option<&'static Rule> {
    rules().iter().find(|rule| rule.id == id)
}

fn rule(line: &'static str) -> Option<Rule> {
    let mut columns = line.split('\t');
    let mut next = || columns.next();
    let (id, reach, basis, over, given, needs, gives) = (next()?, next()?, next()?, next()?, next()?, next()?, next()?);
    let (title, zh, source) = (next()?, next()?, next()?);
    Some(Rule {
        id,
        reach,
        basis: match basis {
            "documented" => Basis::Documented,
            "metadata" => Basis::Metadata,
            "tool" => Basis::Tool,
            _ => Basis::Derived,
        },
        title,
        zh,
        source,
        over: match over {
            "U" => Over::Users,
            "G" => Over::Groups,
            "R" => Over::Roles,
            "P" => Over::Policies,
            "I" => Over::Instances,
            "F" => Over::Functions,
            "E" => Over::Containers,
            _ => Over::Nothing,
        },
        given: given.split(' ').filter(|g| !g.is_empty()).collect(),
        needs: needs.split(" & ").filter_map(need).collect(),
        gives: match gives {
            "admin" => Gives::Admin,
            "user" => Gives::User,
            "role" => Gives::Role,
            "group" => Gives::Group,
            "host" => Gives::Host,
            "outside" => Gives::Outside,
            "shape" => Gives::Shape,
            _ => Gives::Power,
        },
    })
}

fn need(item: &'static str) -> Option<Need> {
    let (actions, at) = item.split_once('@')?;
    Some(Need { actions: actions.split('|').collect(), at: at.split('+').collect() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue;

    #[test]
    fn all_patterns_are_there_and_name_actions_of_the_catalogue() {
        let ids: std::collections::BTreeSet<&str> = rules().iter().map(|r| r.id).collect();
        assert_eq!(ids.len(), 101);
        for rule in rules() {
            assert!(!rule.title.is_empty() && !rule.zh.is_empty() && !rule.source.is_empty(), "{}", rule.id);
            for action in rule.needs.iter().flat_map(|n| &n.actions) {
                assert!(catalogue::find(action).is_some(), "{}: {action}", rule.id);
            }
        }
    }
}
