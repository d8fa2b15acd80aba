//! What system policies grant by documentation, so that evidence that only names them still says it: code and templates never
//! carry their texts. The provider may have changed a policy since its page was read: what rests on a page is
//! `documentation-based`, and says which page and version; a text in the evidence goes before it.

use std::sync::LazyLock;

use xiezhi_policy::{Policy, PolicyKind};

/// A system policy as its page gives it.
pub(crate) struct Documented {
    /// The policy.
    pub name: &'static str,
    /// The version that the page shows; empty where it shows none.
    pub version: &'static str,
    /// The text; where the page has none, what the policy grants at least.
    pub text: String,
    /// Whether that is all.
    pub whole: bool,
    /// The page, with the version of the policy and its date where the page says them.
    pub page: String,
}

/// Stands for the version of a policy whose page says what it is for and does not show its text, or not all of it.
const AT_LEAST: &str = "at least";

static DOCUMENTED: LazyLock<Vec<Documented>> = LazyLock::new(|| {
    let table = include_str!("../../../data/system_policies.tsv");
    let rows = table.lines().filter(|line| !line.starts_with('#'));
    rows.filter_map(|row| match row.split('\t').collect::<Vec<_>>().as_slice() {
        [name, version, date, page, statements] => Some(Documented {
            name,
            version,
            text: format!(r#"{{"Version":"1","Statement":{statements}}}"#),
            whole: *version != AT_LEAST,
            page: match *version {
                "" | AT_LEAST => (*page).to_owned(),
                version => format!("{page} ({version}, {date})"),
            },
        }),
        _ => None,
    })
    .collect()
});

impl Documented {
    /// Whether the page still speaks of the policy: not when the evidence says that another version is in force.
    pub fn is_of_version(&self, in_force: Option<&str>) -> bool {
        self.version.is_empty() || self.version == AT_LEAST || in_force.is_none_or(|version| version == self.version)
    }
}

impl Documented {
    /// The policy as statements.
    pub fn policy(&self) -> Policy {
        let policy = Policy::parse(self.name, PolicyKind::Identity, &self.text);
        if self.whole { policy } else { policy.at_least() }
    }
}

/// The policies whose text documentation gives, or of which it says what they grant at least.
pub(crate) fn documented() -> &'static [Documented] {
    &DOCUMENTED
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_a_policy_without_fault_with_its_page() {
        let rows = include_str!("../../../data/system_policies.tsv").lines().filter(|line| !line.starts_with('#'));
        assert_eq!(documented().len(), rows.count());
        assert!(documented().iter().any(|one| one.name == "AdministratorAccess"));
        for one in documented() {
            let policy = Policy::parse(one.name, PolicyKind::Identity, &one.text);
            assert!(policy.problems.is_empty() && !policy.statements.is_empty(), "{}: {:?}", one.name, policy.problems);
            assert!(one.page.starts_with("https://"), "{}", one.name);
        }
        let names: std::collections::BTreeSet<_> = documented().iter().map(|one| one.name).collect();
        assert_eq!(names.len(), documented().len(), "one row for each");
    }

    #[test]
    fn every_action_pattern_matches_an_action_of_the_catalogue_or_is_listed_as_beyond_it() {
        use std::collections::BTreeSet;
        let list = include_str!("../../../data/system_policies.beyond.txt");
        let listed: BTreeSet<_> = list.lines().filter(|line| !line.starts_with('#')).collect();
        let policies: Vec<_> = documented().iter().map(Documented::policy).collect();
        let patterns = policies.iter().flat_map(|policy| &policy.statements).flat_map(|one| &one.action.patterns);
        let beyond: BTreeSet<_> = patterns
            .map(|pattern| &pattern.glob)
            .filter(|pattern| xiezhi_policy::catalogue::matching(pattern).next().is_none())
            .map(xiezhi_policy::glob::Glob::text)
            .collect();
        let new: Vec<_> = beyond.difference(&listed).collect();
        assert!(new.is_empty(), "a slip of the pen, or one more for the list: {new:?}");
        let stale: Vec<_> = listed.difference(&beyond).collect();
        assert!(stale.is_empty(), "the catalogue knows them, or no row has them: {stale:?}");
    }

    #[test]
    fn a_policy_that_grants_a_product_at_least_denies_nothing_and_may_grant_more() {
        use xiezhi_policy::decide::{Layers, Outcome, PolicySet, decide};
        use xiezhi_policy::{Caller, Reading, Request};
        let row = documented().iter().find(|one| one.name == "AliyunOSSFullAccess").unwrap();
        assert!(!row.whole && row.is_of_version(Some("v9")));
        let policy = row.policy();
        let layers = Layers::identity_only("1001", PolicySet::of(vec![&policy]));
        let decided = |action: &str, resource: &str| {
            let caller = Caller::User { account: "1001".into(), name: "ann".into(), id: None };
            decide(&Request::new(caller, action, resource), &layers, &Reading::standard()).outcome
        };
        assert_eq!(decided("oss:GetObject", "acs:oss:cn-hangzhou:1001:b/x"), Outcome::Allowed);
        assert_eq!(decided("ram:CreateUser", "acs:ram:*:1001:user/x"), Outcome::Unknown);
    }
}
