//! Lint, least privilege and the tables over an estate.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod support;

use support::{Dice, policy as random_policy};
use xiezhi_policy::ask::{self, Target, Truth};
use xiezhi_policy::catalogue::Level;
use xiezhi_policy::estate::{Attachment, Estate, Group, Index, Listing, Principal, StoredPolicy, User};
use xiezhi_policy::lint::{self, Lint};
use xiezhi_policy::minimise::{self, Use};
use xiezhi_policy::who;
use xiezhi_policy::{Gap, Policy, PolicyKind, ResourceSide};

fn policy(name: &str, kind: PolicyKind, statements: &str) -> Policy {
    Policy::parse(name, kind, &format!(r#"{{"Version":"1","Statement":[{statements}]}}"#))
}

fn lints(kind: PolicyKind, statements: &str) -> Vec<(Lint, String)> {
    lint::policy(&policy("p", kind, statements), &Default::default()).into_iter().map(|r| (r.lint, r.word)).collect()
}

#[test]
fn every_lint_fires_on_its_example_and_stays_quiet_on_the_corrected_one() {
    use PolicyKind::{Identity, Trust};
    for (lint, kind, bad, good) in [
        (
            Lint::UnknownAction,
            Identity,
            r#"{"Effect":"Allow","Action":"ecs:RunInstance","Resource":"*"}"#,
            r#"{"Effect":"Allow","Action":"ecs:RunInstances","Resource":"*"}"#,
        ),
        (
            Lint::UnknownAction,
            Identity,
            r#"{"Effect":"Allow","Action":"ecs:Frobnicate*","Resource":"*"}"#,
            r#"{"Effect":"Allow","Action":"ecs:Describe*","Resource":"*"}"#,
        ),
        (
            Lint::ActionCase,
            Identity,
            r#"{"Effect":"Allow","Action":"ecs:runinstances","Resource":"*"}"#,
            r#"{"Effect":"Allow","Action":"ecs:RunInstances","Resource":"*"}"#,
        ),
        (
            Lint::ResourceMatchesNothing,
            Identity,
            r#"{"Effect":"Allow","Action":"ecs:RunInstances","Resource":"acs:oss:*:*:b"}"#,
            r#"{"Effect":"Allow","Action":"ecs:RunInstances","Resource":"acs:ecs:*:*:instance/*"}"#,
        ),
        (
            Lint::ResourceMatchesNothing,
            Identity,
            r#"{"Effect":"Allow","Action":"oss:GetObject","Resource":"bucket/key"}"#,
            r#"{"Effect":"Allow","Action":"oss:GetObject","Resource":"acs:oss:*:*:bucket/key"}"#,
        ),
        (
            Lint::BucketPrefix,
            Identity,
            r#"{"Effect":"Allow","Action":"oss:GetObject","Resource":"acs:oss:*:*:logs*"}"#,
            r#"{"Effect":"Allow","Action":"oss:GetObject","Resource":"acs:oss:*:*:logs/*"}"#,
        ),
        (
            Lint::MatchesNothing,
            Identity,
            r#"{"Effect":"Allow","Action":"ecs:RunInstances","Resource":"*","Condition":{"NumericLessThan":{"k":"1"},"NumericGreaterThan":{"k":"2"}}}"#,
            r#"{"Effect":"Allow","Action":"ecs:RunInstances","Resource":"*","Condition":{"NumericLessThan":{"k":"3"},"NumericGreaterThan":{"k":"2"}}}"#,
        ),
        (
            Lint::Redundant,
            Identity,
            r#"{"Effect":"Allow","Action":"ecs:*","Resource":"*"},{"Effect":"Allow","Action":"ecs:RunInstances","Resource":"*"}"#,
            r#"{"Effect":"Allow","Action":"ecs:*","Resource":"*"},{"Effect":"Allow","Action":"oss:GetObject","Resource":"*"}"#,
        ),
        (
            Lint::Shadowed,
            Identity,
            r#"{"Effect":"Allow","Action":"ecs:RunInstances","Resource":"*"},{"Effect":"Deny","Action":"ecs:*","Resource":"*"}"#,
            r#"{"Effect":"Allow","Action":"ecs:RunInstances","Resource":"*"},{"Effect":"Deny","Action":"ecs:Delete*","Resource":"*"}"#,
        ),
        (
            Lint::DenyWithoutEffect,
            Identity,
            r#"{"Effect":"Allow","Action":"ecs:RunInstances","Resource":"*"},{"Effect":"Deny","Action":"oss:*","Resource":"*"}"#,
            r#"{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"oss:*","Resource":"*"}"#,
        ),
        (
            Lint::AllowNotAction,
            Identity,
            r#"{"Effect":"Allow","NotAction":"ram:*","Resource":"*"}"#,
            r#"{"Effect":"Deny","NotAction":"ram:*","Resource":"*"}"#,
        ),
        (
            Lint::Administrator,
            Identity,
            r#"{"Effect":"Allow","Action":"*","Resource":"*"}"#,
            r#"{"Effect":"Allow","Action":"oss:*","Resource":"*"}"#,
        ),
        (
            Lint::UndocumentedKey,
            Identity,
            r#"{"Effect":"Allow","Action":"ecs:RunInstances","Resource":"*","Condition":{"StringEquals":{"acs:SourceIP4":"x"}}}"#,
            r#"{"Effect":"Allow","Action":"ecs:RunInstances","Resource":"*","Condition":{"StringEquals":{"ecs:tag/team":"x"}}}"#,
        ),
        (
            Lint::KeyOfOtherService,
            Identity,
            r#"{"Effect":"Allow","Action":"ecs:RunInstances","Resource":"*","Condition":{"StringEquals":{"oss:Prefix":"x"}}}"#,
            r#"{"Effect":"Allow","Action":"oss:ListObjects","Resource":"*","Condition":{"StringEquals":{"oss:Prefix":"x"}}}"#,
        ),
        (
            Lint::ResourceNotChecked,
            Identity,
            r#"{"Effect":"Allow","Action":"actiontrail:CreateServiceTrail","Resource":"acs:actiontrail:*:*:trail/t"}"#,
            r#"{"Effect":"Allow","Action":"actiontrail:CreateServiceTrail","Resource":"*"}"#,
        ),
        (
            Lint::ResourceMatchesNothing,
            PolicyKind::Key,
            r#"{"Effect":"Allow","Action":"kms:Decrypt","Principal":{"RAM":["acs:ram::1001:*"]},"Resource":"acs:kms:*:1001:key/k"}"#,
            r#"{"Effect":"Allow","Action":"kms:Decrypt","Principal":{"RAM":["acs:ram::1001:*"]},"Resource":"*"}"#,
        ),
        (
            Lint::MatchesNothing,
            PolicyKind::Bucket,
            r#"{"Effect":"Allow","Action":"oss:GetObject","Principal":["*"],"Resource":"acs:oss:*:*:b/*","Condition":{"NumericLessThan":{"acs:TLSVersion":"1"},"NumericGreaterThan":{"acs:TLSVersion":"2"}}}"#,
            r#"{"Effect":"Allow","Action":"oss:GetObject","Principal":["*"],"Resource":"acs:oss:*:*:b/*","Condition":{"NumericGreaterThan":{"acs:TLSVersion":"1.1"}}}"#,
        ),
        (
            Lint::Redundant,
            PolicyKind::Bucket,
            r#"{"Effect":"Allow","Action":"oss:*","Principal":["*"],"Resource":"acs:oss:*:*:b/*"},{"Effect":"Allow","Action":"oss:GetObject","Principal":["2002"],"Resource":"acs:oss:*:*:b/*"}"#,
            r#"{"Effect":"Allow","Action":"oss:Put*","Principal":["*"],"Resource":"acs:oss:*:*:b/*"},{"Effect":"Allow","Action":"oss:GetObject","Principal":["2002"],"Resource":"acs:oss:*:*:b/*"}"#,
        ),
        (
            Lint::Shadowed,
            PolicyKind::Control,
            r#"{"Effect":"Allow","Action":"ecs:RunInstances","Resource":"*"},{"Effect":"Deny","Action":"ecs:*","Resource":"*"}"#,
            r#"{"Effect":"Allow","Action":"ecs:RunInstances","Resource":"*"},{"Effect":"Deny","Action":"ecs:Delete*","Resource":"*"}"#,
        ),
        (
            Lint::Variable,
            Identity,
            r#"{"Effect":"Allow","Action":"oss:GetObject","Resource":"acs:oss:*:*:b/${user}/*"}"#,
            r#"{"Effect":"Allow","Action":"oss:GetObject","Resource":"acs:oss:*:*:b/ann/*"}"#,
        ),
        (
            Lint::WildcardInEquality,
            Identity,
            r#"{"Effect":"Allow","Action":"oss:GetObject","Resource":"*","Condition":{"StringEquals":{"acs:SourceVpc":["vpc-*"]}}}"#,
            r#"{"Effect":"Allow","Action":"oss:GetObject","Resource":"*","Condition":{"StringLike":{"acs:SourceVpc":["vpc-*"]}}}"#,
        ),
        (
            Lint::MfaDenyMissesKeys,
            Identity,
            r#"{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"Bool":{"acs:MFAPresent":"false"}}}"#,
            r#"{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"Bool":{"acs:MFAPresent":"true"}}}"#,
        ),
        (
            Lint::PassRoleOpen,
            Identity,
            r#"{"Effect":"Allow","Action":"ram:PassRole","Resource":"*"}"#,
            r#"{"Effect":"Allow","Action":"ram:PassRole","Resource":"*","Condition":{"StringEquals":{"acs:Service":"ecs.aliyuncs.com"}}}"#,
        ),
        (
            Lint::TrustsEveryone,
            Trust,
            r#"{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"RAM":["*"]}}"#,
            r#"{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"RAM":["acs:ram::1001:user/ann"]}}"#,
        ),
        (
            Lint::TrustsAccount,
            Trust,
            r#"{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"RAM":["acs:ram::1001:root"]}}"#,
            r#"{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"Service":["ecs.aliyuncs.com"]}}"#,
        ),
        (
            Lint::TrustsPattern,
            Trust,
            r#"{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"RAM":["acs:ram::1001:role/ci-*"]}}"#,
            r#"{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"RAM":["acs:ram::1001:role/ci-main"]}}"#,
        ),
        (
            Lint::TrustsServiceOfOtherAccount,
            Trust,
            r#"{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"Service":["2002@log.aliyuncs.com"]}}"#,
            r#"{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"Service":["log.aliyuncs.com"]}}"#,
        ),
        (
            Lint::OperatorDoesNotFit,
            Identity,
            r#"{"Effect":"Allow","Action":"ecs:RunInstances","Resource":"*","Condition":{"StringEquals":{"acs:SourceIp":"10.0.0.1"}}}"#,
            r#"{"Effect":"Allow","Action":"ecs:RunInstances","Resource":"*","Condition":{"IpAddress":{"acs:SourceIp":"10.0.0.1"}}}"#,
        ),
    ] {
        assert!(lints(kind, bad).iter().any(|(l, _)| *l == lint), "{lint:?} on {bad}: {:?}", lints(kind, bad));
        assert!(lints(kind, good).iter().all(|(l, _)| *l != lint), "{lint:?} on {good}");
        assert!(!lint.meaning().zh.is_ascii() && !lint.remedy().zh.is_ascii());
    }
}

/// R-1.23: `RAM` names accounts, users and roles, so its `*` does not make the word on a service superfluous.
#[test]
fn trust_in_every_ram_identity_does_not_cover_the_trust_in_a_service() {
    let both = r#"{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"RAM":["*"]}},
        {"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"Service":["ecs.aliyuncs.com"]}}"#;
    let found = lints(PolicyKind::Trust, both);
    assert!(found.iter().any(|(lint, _)| *lint == Lint::TrustsEveryone), "{found:?}");
    assert!(found.iter().all(|(lint, _)| *lint != Lint::Redundant), "{found:?}");
    let covered = r#"{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"RAM":["*"]}},
        {"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"RAM":["acs:ram::1001:user/ann"]}}"#;
    assert!(lints(PolicyKind::Trust, covered).iter().any(|(lint, _)| *lint == Lint::Redundant));
}

#[test]
fn conditions_that_exclude_each_other_empty_a_bucket_policy_and_perhaps_not_an_instance_policy() {
    let of = |kind, service: &str| {
        let found = lints(
            kind,
            &format!(
                r#"{{"Effect":"Allow","Principal":["2002"],"Action":["{service}:*"],"Resource":["acs:{service}:*:1001:*"],
                    "Condition":{{"StringEquals":{{"acs:SourceVpc":["vpc-a"]}},"StringLike":{{"acs:SourceVpc":["vpc-b*"]}}}}}}"#
            ),
        );
        found.iter().any(|(lint, _)| *lint == Lint::MatchesNothing)
    };
    assert!(of(PolicyKind::Bucket, "oss"));
    assert!(!of(PolicyKind::Instance, "ots"), "one condition may be enough (SW-13)");
}

#[test]
fn a_minimised_policy_keeps_what_was_used_and_adds_nothing() {
    let old = policy(
        "wide",
        PolicyKind::Identity,
        r#"{"Effect":"Allow","Action":["ecs:*","oss:*"],"Resource":"*","Condition":{"IpAddress":{"acs:SourceIp":["203.0.113.0/24"]}}},
           {"Effect":"Deny","Action":"oss:Delete*","Resource":"*"}"#,
    );
    let used =
        |action: &str, resource: Option<&str>| Use { action: action.into(), resource: resource.map(str::to_owned) };
    let uses = [
        used("ecs:DescribeInstances", None),
        used("oss:GetObject", Some("acs:oss:*:*:logs/*")),
        used("rds:DescribeDBInstances", None),
    ];
    let small = minimise::policies(&[&old], &uses, &Default::default());
    assert_eq!((small.adds, small.keeps), (Truth::No, Truth::Yes), "{}", small.text);
    assert_eq!(small.not_granted, [used("rds:DescribeDBInstances", None)]);
    assert!(small.unused[0].by_service["ecs"][&Level::Write] > 50);
    let new = Policy::parse("new", PolicyKind::Identity, &small.text);
    assert!(new.problems.is_empty(), "{:?}", new.problems);
    assert_eq!(ask::adds(&[&old], &[&new], &Default::default()).truth, Truth::Yes, "it is really smaller");
    assert!(small.text.contains("203.0.113.0/24") && small.text.contains("oss:Delete*"));
}

#[test]
fn written_policies_read_back_to_the_same_meaning() {
    let mut dice = Dice(0x3713E);
    for _ in 0..100 {
        let a = random_policy(&mut dice, "a", true);
        let b = Policy::parse("b", PolicyKind::Identity, &minimise::write(&a.statements));
        let comparison = ask::compare(&[&a], &[&b], &Default::default());
        assert!(comparison.is_equivalent(), "{}\n{comparison:?}", minimise::write(&a.statements));
    }
}

fn estate() -> Estate {
    let stored = |name: &str, statements: &str| StoredPolicy {
        name: name.into(),
        system: false,
        default: Some(policy(name, PolicyKind::Identity, statements)),
        others: Listing::default(),
    };
    let user = |name: &str, policies: &[&str], groups: &[&str]| {
        let mut user = User::new(name);
        user.policies.items = policies.iter().map(|p| Attachment::custom(p)).collect();
        user.groups.items = groups.iter().map(|g| (*g).to_owned()).collect();
        user
    };
    Estate {
        account: "1001".into(),
        users: Listing::complete(vec![
            user("ann", &["reader"], &[]),
            user("bob", &[], &["ops"]),
            user("eve", &["denied"], &["ops"]),
            user("zoe", &[], &[]),
        ]),
        groups: Listing::complete(vec![Group {
            name: "ops".into(),
            policies: Listing::complete(vec![Attachment::custom("operator")]),
        }]),
        policies: Listing::complete(vec![
            stored("reader", r#"{"Effect":"Allow","Action":"ecs:Describe*","Resource":"*"}"#),
            stored(
                "operator",
                r#"{"Effect":"Allow","Action":["ecs:StopInstance","ecs:StartInstance"],"Resource":"*"}"#,
            ),
            stored("denied", r#"{"Effect":"Deny","Action":"ecs:StopInstance","Resource":"*"}"#),
        ]),
        ..Default::default()
    }
}

#[test]
fn who_can_follows_groups_and_denies() {
    let mut estate = estate();
    let ask = |estate: &Estate| {
        let index = Index::new(estate);
        let target = Target::new(&["ecs:StopInstance"], &["acs:ecs:cn-hangzhou:1001:instance/i-1"]);
        who::who(&index, &target, &ResourceSide::None, &Default::default())
            .into_iter()
            .map(|(p, f)| (p, f.truth))
            .collect::<Vec<_>>()
    };
    assert_eq!(ask(&estate), [(Principal::User(1), Truth::Yes)]);
    estate.users.items[3].groups = Listing::partial(Vec::new(), Gap::new("groups of zoe", "call refused"));
    assert_eq!(ask(&estate), [(Principal::User(1), Truth::Yes), (Principal::User(3), Truth::Unknown)]);
}

#[test]
fn what_everyone_can_do_is_counted_by_level_and_the_quick_way_agrees_with_the_exact_one() {
    let estate = estate();
    let index = Index::new(&estate);
    let table = who::what(&index, &Default::default());
    assert_eq!(table.len(), 4);
    for (principal, counts) in &table {
        let rights = ask::rights(&index.layers(*principal, None), &index.caller(*principal), &Default::default());
        assert_eq!(counts.surely.values().sum::<usize>(), rights.surely.len(), "{principal:?}");
        assert!(rights.perhaps.is_empty());
    }
    assert_eq!(table[1].1.surely[&Level::Write], 2);
    assert_eq!(table[2].1.surely[&Level::Write], 1, "the Deny takes one away");
    assert!(table[3].1.surely.is_empty());
}
