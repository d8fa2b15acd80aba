//! The examples of the official pages, as data: `official/*.json` lists the pages that were read, how many examples each has, the
//! examples themselves with requests and their outcomes, and why an example is left out. What needs more than policies and requests
//! is a test of its own, which the list names.
//!
//! A request reads `<outcome> <caller> <action> <resource> [<key>=<value> ...]`. The outcome is `allowed`, `refused` (a Deny
//! decides) or `denied` (nothing allows); `?SW-n` behind it names the open reading on which it hangs. A caller is `ann` (a user of
//! the owner), `root`, `anonymous`, `role:<name>`, `service:<domain>`, `idp:<provider>`; `<account>/` in front makes it another's.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use serde_json::Value;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use xiezhi_policy::{
    Acl, Caller, Layers, ObjectAcl, OssSide, Outcome, Policy, PolicyKind, PolicySet, Request, ResourceSide, Tri, judge,
};

const OWNER: &str = "1001";

const PAGES: [&str; 5] = [
    include_str!("official/ram_examples.json"),
    include_str!("official/role_trust.json"),
    include_str!("official/directory.json"),
    include_str!("official/oss.json"),
    include_str!("official/services.json"),
];

/// Where the tests stand that the list names.
const TESTS: [&str; 4] = [
    include_str!("examples.rs"),
    include_str!("outsiders.rs"),
    include_str!("documented.rs"),
    include_str!("official_pages.rs"),
];

fn pages() -> Vec<Value> {
    PAGES.iter().flat_map(|text| serde_json::from_str::<Vec<Value>>(text).unwrap()).collect()
}

fn list<'v>(value: &'v Value, name: &str) -> &'v [Value] {
    value.get(name).map_or(&[], |v| v.as_array().unwrap())
}

fn text<'v>(value: &'v Value, name: &str) -> &'v str {
    value[name].as_str().unwrap_or_else(|| panic!("`{name}` is missing in {value}"))
}

fn policy(kind: PolicyKind, statements: &Value) -> Policy {
    let policy = Policy::parse("example", kind, &format!(r#"{{"Version":"1","Statement":{statements}}}"#));
    assert!(policy.problems.iter().all(xiezhi_policy::Problem::is_note), "{:?}", policy.problems);
    policy
}

fn caller(word: &str) -> Caller {
    let (account, word) = match word.split_once('/') {
        Some((account, rest)) if account.bytes().all(|b| b.is_ascii_digit()) => (account, rest),
        _ => (OWNER, word),
    };
    let id = |name: &str| match name {
        "ann" => Some("200000000000000001".to_owned()),
        "bob" => Some("200000000000000002".to_owned()),
        _ => Some("200000000000000009".to_owned()),
    };
    match word.split_once(':') {
        Some(("role", name)) => Caller::Role { account: account.into(), name: name.into(), session: "s".into() },
        Some(("service", domain)) => {
            Caller::Service { domain: domain.into(), for_account: (account != OWNER).then(|| account.to_owned()) }
        }
        Some(("idp", provider)) => Caller::Federated { provider: provider.into() },
        _ if word == "anonymous" => Caller::Anonymous,
        _ if word == "root" => Caller::Root { account: account.into() },
        _ => Caller::User { account: account.into(), name: word.into(), id: id(word) },
    }
}

/// The policies of an example, each kind parsed as what it is.
struct Example {
    identity: Vec<Policy>,
    session: Option<Policy>,
    endpoint: Option<Policy>,
    control: Vec<Policy>,
    resource: Option<(PolicyKind, Policy)>,
}

impl Example {
    fn read(value: &Value) -> Self {
        let one = |name: &str, kind| value.get(name).map(|statements| policy(kind, statements));
        let resource = [("trust", PolicyKind::Trust), ("bucket", PolicyKind::Bucket), ("project", PolicyKind::Project)]
            .into_iter()
            .find_map(|(name, kind)| one(name, kind).map(|policy| (kind, policy)));
        Example {
            identity: one("identity", PolicyKind::Identity).into_iter().collect(),
            session: one("session", PolicyKind::Session),
            endpoint: one("endpoint", PolicyKind::Endpoint),
            control: list(value, "control").iter().map(|level| policy(PolicyKind::Control, level)).collect(),
            resource,
        }
    }

    fn layers(&self) -> Layers<'_> {
        let mut layers = Layers::identity_only(OWNER, PolicySet::of(self.identity.iter().collect()));
        layers.session = self.session.as_ref().map(|p| PolicySet::of(vec![p]));
        layers.endpoint = self.endpoint.as_ref().map(|p| PolicySet::of(vec![p]));
        layers.owner_control = self.control.iter().map(|p| PolicySet::of(vec![p])).collect();
        layers.caller_control.clone_from(&layers.owner_control);
        layers.resource = match &self.resource {
            None => ResourceSide::None,
            Some((PolicyKind::Trust, p)) => ResourceSide::Trust(PolicySet::of(vec![p])),
            Some((PolicyKind::Bucket, p)) => ResourceSide::Oss(Box::new(OssSide {
                bucket_policy: PolicySet::of(vec![p]),
                bucket_acl: Some(Acl::Private),
                object_acl: ObjectAcl::Default,
                block_public_access: [Tri::No; 4],
                access_point: None,
            })),
            Some((_, p)) => ResourceSide::Default(PolicySet::of(vec![p])),
        };
        layers
    }
}

/// What the evaluator says of a request, in the words of the list.
fn answer(layers: &Layers<'_>, line: &str) -> (String, String) {
    let mut words = line.split(' ');
    let mut word = || words.next().unwrap_or_else(|| panic!("too few words: {line}"));
    let (expected, who, action, resource) = (word(), word(), word(), word());
    let request = words.fold(Request::new(caller(who), action, resource), |request, pair| {
        let (key, value) = pair.split_once('=').unwrap_or_else(|| panic!("`{pair}` is no key=value: {line}"));
        request.with_key(key, value)
    });
    let verdict = judge(&request, layers);
    let by_deny = verdict.decision.statements.iter().any(|s| s.effect == Some(xiezhi_policy::Effect::Deny));
    let mut found = match verdict.decision.outcome {
        Outcome::Allowed => "allowed",
        Outcome::Denied if by_deny => "refused",
        Outcome::Denied => "denied",
        Outcome::Unknown => "unknown",
    }
    .to_owned();
    for switch in verdict.depends_on {
        let _ = write!(found, "?{switch}");
    }
    (expected.to_owned(), found)
}

#[test]
fn every_example_decides_as_its_page_says() {
    let (mut wrong, mut requests) = (Vec::new(), 0_usize);
    for page in pages() {
        for example in list(&page, "examples") {
            let policies = Example::read(example);
            let mut outcomes = BTreeSet::new();
            for line in list(example, "requests") {
                let line = line.as_str().unwrap();
                let (expected, found) = answer(&policies.layers(), line);
                outcomes.insert(expected.starts_with("allowed"));
                requests += 1;
                if expected != found {
                    wrong.push(format!("{}, {}: {line}: found {found}", text(&page, "page"), text(example, "title")));
                }
            }
            assert_eq!(outcomes.len(), 2, "{}: one request must pass and one must not", text(example, "title"));
        }
    }
    assert!(wrong.is_empty(), "{} of {requests} requests:\n{}", wrong.len(), wrong.join("\n"));
    assert!(requests >= 200, "{requests} requests");
}

#[test]
fn the_list_of_pages_is_complete_and_every_test_that_it_names_exists() {
    let (mut examples, mut left_out, mut named) = (0, 0, 0);
    for page in pages() {
        let title = text(&page, "page");
        assert!(!text(&page, "source").is_empty(), "{title}: where does it stand?");
        let here = list(&page, "examples").len();
        let not_here: u64 = list(&page, "left_out")
            .iter()
            .map(|entry| {
                assert!(text(entry, "why").len() > 20 && !text(entry, "title").is_empty(), "{title}: say why");
                entry.get("count").map_or(1, |n| n.as_u64().unwrap())
            })
            .sum();
        let also = list(&page, "also");
        for test in also {
            let test = test.as_str().unwrap();
            assert!(TESTS.iter().any(|file| file.contains(&format!("fn {test}()"))), "{title}: no test `{test}`");
        }
        let on_the_page = page["on_the_page"].as_u64().unwrap_or_else(|| panic!("{title}: how many examples?"));
        let accounted = here as u64 + not_here;
        assert!(
            if also.is_empty() { accounted == on_the_page } else { accounted <= on_the_page },
            "{title}: {on_the_page} on the page, {accounted} here"
        );
        assert!(accounted > 0 || !also.is_empty(), "{title}: nothing is held against it");
        examples += here;
        left_out += not_here;
        named += also.len();
    }
    assert!(examples >= 60 && named >= 25, "{examples} examples, {named} tests, {left_out} left out");
}
