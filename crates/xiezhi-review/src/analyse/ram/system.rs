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
    /// What it may grant beside.
    pub beside: Beside,
    /// The page, with the version of the policy and its date where the page says them.
    pub page: String,
}

/// What a policy may grant beside the text that its page shows.
pub(crate) enum Beside {
    /// Nothing: that is all.
    Nothing,
    /// Nobody knows what.
    Anything,
    /// What these statements allow at most: the page rules the rest out.
    AtMost(String),
}

/// Stands for the version of a policy whose page says what it is for and does not show its text, or not all of it.
const AT_LEAST: &str = "at least";

/// Stands for the rest of a policy that is read-only by its page or description.
const READS: &str = "reads";

/// How operations begin that read. What else there is of them in the pages of read-only policies is no more than this
/// (`Check`, `Search`, `Lookup` …), and the verbs that metadata of the API calls reading stand here, but for those that
/// mostly name changes.
const READING: &[&str] = &[
    "Analyze",
    "BatchDescribe",
    "BatchGet",
    "BatchQuery",
    "Check",
    "Compare",
    "Count",
    "Cursor",
    "Desc",
    "Detect",
    "Diagnose",
    "Download",
    "Estimate",
    "Evaluate",
    "Export",
    "Fetch",
    "Find",
    "Generate*Report",
    "Get",
    "Has",
    "Head",
    "Is",
    "List",
    "Lookup",
    "Page",
    "Preview",
    "Pull",
    "Query",
    "Read",
    "Recognize",
    "Retrieve",
    "Scan",
    "Search",
    "Select",
    "Sender",
    "Show",
    "Test",
    "Validate",
    "Verify",
    "View",
];

static DOCUMENTED: LazyLock<Vec<Documented>> = LazyLock::new(|| {
    let table = include_str!("../../../data/system_policies.tsv");
    table.lines().filter(|line| !line.starts_with('#')).filter_map(row).collect()
});

fn row(row: &'static str) -> Option<Documented> {
    let fields: Vec<&'static str> = row.split('\t').collect();
    let (fields, rest) = fields.split_at_checked(5)?;
    let &[name, version, date, page, statements] = fields else { return None };
    let text = |statements: &str| format!(r#"{{"Version":"1","Statement":{statements}}}"#);
    Some(Documented {
        name,
        version,
        text: text(statements),
        beside: match rest {
            [] if version != AT_LEAST => Beside::Nothing,
            [] => Beside::Anything,
            [READS] => {
                let verbs: Vec<String> = READING.iter().map(|verb| format!(r#""*:{verb}*""#)).collect();
                let reads = verbs.join(",");
                Beside::AtMost(text(&format!(r#"[{{"Effect":"Allow","Action":[{reads}],"Resource":"*"}}]"#)))
            }
            [statements] => Beside::AtMost(text(statements)),
            _ => return None,
        },
        page: match version {
            "" | AT_LEAST => page.to_owned(),
            version => format!("{page} ({version}, {date})"),
        },
    })
}

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
        match &self.beside {
            Beside::Nothing => policy,
            Beside::Anything => policy.at_least(),
            Beside::AtMost(rest) => policy.at_least_and_at_most(Policy::parse(self.name, PolicyKind::Identity, rest)),
        }
    }
}

/// The policies whose text documentation gives, or of which it says what they grant at least.
pub(crate) fn documented() -> &'static [Documented] {
    &DOCUMENTED
}

#[cfg(test)]
mod tests {
    use xiezhi_policy::decide::Outcome;

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
            if let Beside::AtMost(rest) = &one.beside {
                let rest = Policy::parse(one.name, PolicyKind::Identity, rest);
                assert!(rest.problems.is_empty() && !rest.statements.is_empty(), "{}: {:?}", one.name, rest.problems);
            }
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
        let statements = policies.iter().flat_map(|policy| &policy.statements).filter(|one| !one.is_beyond());
        let patterns = statements.flat_map(|one| &one.action.patterns);
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

    /// What a policy of the table decides of a user who has nothing else.
    fn decided(policy: &str, action: &str, resource: &str) -> xiezhi_policy::decide::Outcome {
        use xiezhi_policy::decide::{Layers, PolicySet, decide};
        use xiezhi_policy::{Caller, Reading, Request};
        let policy = documented().iter().find(|one| one.name == policy).unwrap().policy();
        let layers = Layers::identity_only("1001", PolicySet::of(vec![&policy]));
        let caller = Caller::User { account: "1001".into(), name: "ann".into(), id: None };
        decide(&Request::new(caller, action, resource), &layers, &Reading::standard()).outcome
    }

    #[test]
    fn a_policy_that_grants_a_product_at_least_denies_nothing_and_may_grant_more() {
        let row = documented().iter().find(|one| one.name == "AliyunOSSFullAccess").unwrap();
        assert!(matches!(row.beside, Beside::Anything) && row.is_of_version(Some("v9")));
        let of = |action: &str, resource: &str| decided("AliyunOSSFullAccess", action, resource);
        assert_eq!(of("oss:GetObject", "acs:oss:cn-hangzhou:1001:b/x"), Outcome::Allowed);
        assert_eq!(of("ram:CreateUser", "acs:ram:*:1001:user/x"), Outcome::Unknown);
    }

    #[test]
    fn a_policy_that_is_read_only_by_its_page_may_read_more_than_is_known_and_changes_nothing() {
        let of = |action: &str| decided("ReadOnlyAccess", action, "*");
        assert_eq!((of("ecs:DescribeInstances"), of("oss:GetObject")), (Outcome::Allowed, Outcome::Allowed));
        assert_eq!(
            (of("actiontrail:CheckTrail"), of("ram:GenerateCredentialReport")),
            (Outcome::Unknown, Outcome::Unknown)
        );
        for change in ["ram:CreateUser", "ram:PassRole", "sts:AssumeRole", "ecs:RunCommand", "kms:Decrypt"] {
            assert_eq!(of(change), Outcome::Denied, "{change}");
        }
        let permissions = xiezhi_policy::catalogue::actions().iter();
        let permissions = permissions.filter(|action| action.level == xiezhi_policy::catalogue::Level::Permissions);
        let granted: Vec<&str> =
            permissions.map(|action| action.name).filter(|name| of(name) == Outcome::Allowed).collect();
        assert_eq!(granted, [""; 0], "rights are changed by none of the reading verbs");
    }

    #[test]
    fn a_power_user_changes_everything_but_identities_and_what_else_the_page_rules_out() {
        let of = |action: &str| decided("PowerUserAccess", action, "*");
        assert_eq!((of("ecs:RunInstances"), of("ram:ListRoles")), (Outcome::Allowed, Outcome::Allowed));
        assert_eq!((of("ram:PassRole"), of("ram:GetUser")), (Outcome::Unknown, Outcome::Unknown));
        for change in
            ["ram:CreateUser", "ram:AttachPolicyToUser", "ims:CreateAccessKey", "resourcemanager:DeleteAccount"]
        {
            assert_eq!(of(change), Outcome::Denied, "{change}");
        }
    }
}
