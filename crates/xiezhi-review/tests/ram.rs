//! What RAM users and roles end up with, over the bundled estate and with evidence taken away.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

use std::path::Path;

use xiezhi_model::service::ecs::Instance;
use xiezhi_model::service::ram::{Role, User};
use xiezhi_model::{Inventory, Label, Reason, Text};
use xiezhi_read::{Input, Options as ReadOptions};
use xiezhi_review::{Options, review};
use xiezhi_rule::CheckSet;

fn inventory(files: &[(&str, &str)]) -> Inventory {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    of(folder.path())
}

fn of(path: &Path) -> Inventory {
    let reading = xiezhi_read::read(&[Input::path(path)], &ReadOptions::default());
    let none = CheckSet::load(Vec::<(String, String)>::new());
    review(reading.batches, none, Options::default()).inventory
}

fn estate(part: &str) -> Inventory {
    of(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/lanhai").join(part))
}

fn user<'i>(inventory: &'i Inventory, name: &str) -> &'i User {
    inventory.all::<User>().iter().find(|user| user.head.name.value().is_some_and(|n| n == name)).unwrap()
}

fn role<'i>(inventory: &'i Inventory, name: &str) -> &'i Role {
    inventory.all::<Role>().iter().find(|role| role.head.name.value().is_some_and(|n| n == name)).unwrap()
}

#[test]
fn the_planted_administrator_is_found_with_the_statement_that_makes_it_one() {
    for part in ["api", "terraform"] {
        let inventory = estate(part);
        let deployer = user(&inventory, "ci-deployer");
        assert_eq!(deployer.admin.value(), Some(&true), "{part}: {:?}", deployer.admin);
        assert!(
            deployer.admin.origin.source.name.contains("AdministratorAccess statement 1"),
            "{:?}",
            deployer.admin.origin
        );
        let ops = user(&inventory, "ops-wang");
        assert_eq!(ops.admin.value(), Some(&false), "{part}: {:?}", ops.admin);
        let products: Vec<&str> = ops.administered_products.value().unwrap().items.iter().map(Text::as_str).collect();
        assert_eq!(products, ["ecs", "slb", "vpc"], "{part}");
        assert_eq!(user(&inventory, "li.na").oss_access.value(), Some(&true), "{part}");
    }
}

#[test]
fn the_role_that_another_company_may_take_is_external_and_the_instance_role_is_not() {
    for part in ["api", "terraform"] {
        let inventory = estate(part);
        assert_eq!(
            role(&inventory, "lanhai-app").external_trust.value().map(|list| list.items.len()),
            Some(0),
            "{part}"
        );
        assert_eq!(role(&inventory, "lanhai-app").trusts_people.value(), Some(&false), "{part}");
        let vendor = role(&inventory, "vendor-audit");
        assert_eq!(vendor.trusts_people.value(), Some(&true), "{part}");
        if part == "api" {
            let who: Vec<&str> = vendor.external_trust.value().unwrap().items.iter().map(Text::as_str).collect();
            assert_eq!(who, ["acs:ram::1000000000000099:root"]);
        } else {
            // The configuration does not say which account it makes: the named one may be it.
            assert!(vendor.external_trust.reason().is_some());
        }
    }
}

const USERS: (&str, &str) =
    ("ram-ListUsers.json", r#"{"IsTruncated":false,"Users":{"User":[{"UserName":"ann","UserId":"2001"}]}}"#);
const CALLER: (&str, &str) =
    ("sts-GetCallerIdentity.json", r#"{"AccountId":"1001","Arn":"acs:ram::1001:user/r","IdentityType":"RAMUser"}"#);

#[test]
fn a_policy_whose_text_was_not_collected_leaves_the_rights_unknown() {
    let attached = (
        "ram-ListPoliciesForUser-ann.json",
        r#"{"Policies":{"Policy":[{"PolicyName":"own","PolicyType":"Custom","DefaultVersion":"v1"}]}}"#,
    );
    let groups = ("ram-ListGroupsForUser-ann.json", r#"{"Groups":{"Group":[]}}"#);
    let without = inventory(&[CALLER, USERS, attached, groups]);
    assert_eq!(user(&without, "ann").admin.reason(), Some(&Reason::NotCollected));
    let document = (
        "ram-GetPolicy-own.json",
        r#"{"Policy":{"PolicyName":"own","PolicyType":"Custom","DefaultVersion":"v1"},"DefaultPolicyVersion":{"VersionId":"v1","IsDefaultVersion":true,"PolicyDocument":"{\"Version\":\"1\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"},{\"Effect\":\"Deny\",\"Action\":\"ram:*\",\"Resource\":\"*\"}]}"}}"#,
    );
    let with = inventory(&[CALLER, USERS, attached, groups, document]);
    assert_eq!(user(&with, "ann").admin.value(), Some(&false), "a Deny takes RAM away: {:?}", user(&with, "ann").admin);
    assert_eq!(user(&with, "ann").high_risk_actions.value().map(|list| list.items.len()), Some(8));
}

#[test]
fn groups_that_were_not_collected_leave_the_rights_unknown() {
    let none = ("ram-ListPoliciesForUser-ann.json", r#"{"Policies":{"Policy":[]}}"#);
    let without = inventory(&[CALLER, USERS, none]);
    assert!(user(&without, "ann").admin.reason().is_some());
    let groups = ("ram-ListGroupsForUser-ann.json", r#"{"Groups":{"Group":[]}}"#);
    let with = inventory(&[CALLER, USERS, none, groups]);
    assert_eq!(user(&with, "ann").admin.value(), Some(&false));
}

/// Whether ann is an administrator, and whether she reads objects, with each of these files taken away in turn.
fn with_each_file_taken_away(files: &[(&str, &str)]) -> Vec<(String, [Option<bool>; 2])> {
    let of = |files: &[(&str, &str)]| {
        let inventory = inventory(files);
        let ann = user(&inventory, "ann");
        [&ann.admin, &ann.oss_access].map(|fact| {
            assert!(fact.value().is_some() || fact.reason().is_some(), "{fact:?}");
            fact.value().copied()
        })
    };
    let mut all = vec![("all".to_owned(), of(files))];
    for (name, _) in files.iter().filter(|(name, _)| *name != USERS.0) {
        let left: Vec<(&str, &str)> = files.iter().filter(|(other, _)| other != name).copied().collect();
        all.push(((*name).to_owned(), of(&left)));
    }
    let whole = all[0].1;
    for (name, less) in &all {
        for (had, has) in whole.iter().zip(less) {
            assert!(has.is_none() || has == had, "without {name}: {had:?} became {has:?}");
        }
    }
    all
}

fn known(all: &[(String, [Option<bool>; 2])], name: &str) -> [Option<bool>; 2] {
    all.iter().find(|(one, _)| one == name).unwrap().1
}

#[test]
fn a_policy_version_taken_away_leaves_only_the_unknown_whichever_version_is_in_force() {
    let small =
        r#"{\"Version\":\"1\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"ecs:Describe*\",\"Resource\":\"*\"}]}"#;
    let large = r#"{\"Version\":\"1\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}]}"#;
    for (in_force, before, admin) in [(large, small, true), (small, large, false)] {
        let text = |id: &str, default: bool, document: &str| {
            format!(
                r#"{{"PolicyVersion":{{"VersionId":"{id}","IsDefaultVersion":{default},"PolicyDocument":"{document}"}}}}"#
            )
        };
        let (first, second) = (text("v1", false, before), text("v2", true, in_force));
        let files = [
            CALLER,
            USERS,
            (
                "ram-ListPoliciesForUser-ann.json",
                r#"{"Policies":{"Policy":[{"PolicyName":"own","PolicyType":"Custom","DefaultVersion":"v2"}]}}"#,
            ),
            ("ram-ListGroupsForUser-ann.json", r#"{"Groups":{"Group":[]}}"#),
            (
                "ram-ListPolicyVersions-PolicyName=own,PolicyType=Custom.json",
                r#"{"PolicyVersions":{"PolicyVersion":[{"VersionId":"v2","IsDefaultVersion":true},{"VersionId":"v1","IsDefaultVersion":false}]}}"#,
            ),
            ("ram-GetPolicyVersion-PolicyName=own,PolicyType=Custom,VersionId=v1.json", first.as_str()),
            ("ram-GetPolicyVersion-PolicyName=own,PolicyType=Custom,VersionId=v2.json", second.as_str()),
        ];
        let all = with_each_file_taken_away(&files);
        assert_eq!(known(&all, "all"), [Some(admin); 2]);
        assert_eq!(known(&all, files[6].0), [None; 2], "the text in force is missing");
        assert_eq!(known(&all, files[5].0), [Some(admin); 2], "an older text is not in force");
    }
}

#[test]
fn the_rights_of_a_group_taken_away_leave_only_the_unknown() {
    let everything = r#"{"Policy":{"PolicyName":"own","PolicyType":"Custom","DefaultVersion":"v1"},"DefaultPolicyVersion":{"VersionId":"v1","IsDefaultVersion":true,"PolicyDocument":"{\"Version\":\"1\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}]}"}}"#;
    let files = [
        CALLER,
        USERS,
        ("ram-ListPoliciesForUser-ann.json", r#"{"Policies":{"Policy":[]}}"#),
        ("ram-ListGroupsForUser-ann.json", r#"{"Groups":{"Group":[{"GroupName":"staff"}]}}"#),
        ("ram-ListGroups.json", r#"{"IsTruncated":false,"Groups":{"Group":[{"GroupName":"staff"}]}}"#),
        (
            "ram-ListPoliciesForGroup-staff.json",
            r#"{"Policies":{"Policy":[{"PolicyName":"own","PolicyType":"Custom","DefaultVersion":"v1"}]}}"#,
        ),
        ("ram-GetPolicy-own.json", everything),
    ];
    let all = with_each_file_taken_away(&files);
    assert_eq!(known(&all, "all"), [Some(true); 2]);
    for taken in [files[3].0, files[5].0, files[6].0] {
        assert_eq!(known(&all, taken), [None; 2], "{taken}");
    }
}

#[test]
fn a_control_policy_taken_away_leaves_only_the_unknown_for_an_account_in_a_folder() {
    let caller = (
        CALLER.0,
        r#"{"AccountId":"1000000000001001","Arn":"acs:ram::1000000000001001:user/r","IdentityType":"RAMUser"}"#,
    );
    let attached = |count: usize, targets: &str| {
        format!(
            r#"{{"TotalCount":{count},"PageNumber":1,"PageSize":100,"TargetAttachments":{{"TargetAttachment":[{targets}]}}}}"#
        )
    };
    let everywhere = attached(
        3,
        r#"{"TargetId":"r-1","TargetType":"Root"},{"TargetId":"fd-1","TargetType":"Folder"},{"TargetId":"1000000000001001","TargetType":"Account"}"#,
    );
    let at_folder = attached(1, r#"{"TargetId":"fd-1","TargetType":"Folder"}"#);
    // An administrator may do every action: one Deny of any is enough to be none.
    for (effect, denied, admin, oss) in
        [("Deny", "ram:*", false, true), ("Allow", "ram:*", true, true), ("Deny", "*", false, false)]
    {
        let control = format!(
            r#"{{"ControlPolicy":{{"PolicyId":"cp-1","PolicyName":"fence","PolicyType":"Custom","EffectScope":"RAM","PolicyDocument":"{{\"Version\":\"1\",\"Statement\":[{{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}},{{\"Effect\":\"{effect}\",\"Action\":\"{denied}\",\"Resource\":\"*\"}}]}}"}}}}"#
        );
        let files = [
            caller,
            USERS,
            (
                "ram-ListPoliciesForUser-ann.json",
                r#"{"Policies":{"Policy":[{"PolicyName":"AdministratorAccess","PolicyType":"System"}]}}"#,
            ),
            ("ram-ListGroupsForUser-ann.json", r#"{"Groups":{"Group":[]}}"#),
            (
                "resourcedirectorymaster-GetResourceDirectory.json",
                r#"{"ResourceDirectory":{"MasterAccountId":"1000000000009009","RootFolderId":"r-1","ResourceDirectoryId":"rd-1","ControlPolicyStatus":"Enabled"}}"#,
            ),
            (
                "resourcedirectorymaster-ListAccounts.json",
                r#"{"TotalCount":1,"PageNumber":1,"PageSize":100,"Accounts":{"Account":[{"AccountId":"1000000000001001","Type":"ResourceAccount","FolderId":"fd-1","Status":"CreateSuccess","ResourceDirectoryPath":"rd-1/r-1/fd-1/1000000000001001"}]}}"#,
            ),
            (
                "resourcedirectorymaster-ListControlPolicies.json",
                r#"{"TotalCount":2,"PageNumber":1,"PageSize":100,"ControlPolicies":{"ControlPolicy":[{"PolicyId":"FullAliyunAccess","PolicyName":"FullAliyunAccess","PolicyType":"System","EffectScope":"RAM"},{"PolicyId":"cp-1","PolicyName":"fence","PolicyType":"Custom","EffectScope":"RAM"}]}}"#,
            ),
            ("resourcedirectorymaster-GetControlPolicy-cp-1.json", control.as_str()),
            ("resourcedirectorymaster-ListTargetAttachmentsForControlPolicy-cp-1.json", at_folder.as_str()),
            (
                "resourcedirectorymaster-ListTargetAttachmentsForControlPolicy-FullAliyunAccess.json",
                everywhere.as_str(),
            ),
        ];
        let all = with_each_file_taken_away(&files);
        assert_eq!(known(&all, "all"), [Some(admin), Some(oss)], "{effect} {denied}");
        for taken in [files[7].0, files[8].0] {
            assert_eq!(known(&all, taken), [None; 2], "{effect} {denied} {taken}");
        }
        assert_eq!(known(&all, files[4].0), [None; 2], "members and control policies are word of a directory");
        assert_ne!(known(&all, files[6].0), [Some(true); 2], "{effect} {denied}: the listing");
    }
}

#[test]
fn the_way_up_through_an_instance_role_is_told_step_by_step() {
    let inventory = estate("api");
    let app =
        inventory.all::<Instance>().iter().find(|i| i.head.id.value().is_some_and(|id| id == "i-hz0app1")).unwrap();
    assert_eq!(app.role_escalations.value().map(|list| list.items.len()), Some(0), "{:?}", app.role_escalations);
    let deployer = user(&inventory, "ci-deployer");
    assert!(deployer.escalations.value().is_some(), "{:?}", deployer.escalations);
}

#[test]
fn a_right_names_that_no_control_policy_is_taken_for_granted_and_a_denial_does_not() {
    let inventory = estate("api");
    let deployer = user(&inventory, "ci-deployer");
    let assumed = "no control policy, the evidence has no word of a resource directory";
    assert!(deployer.admin.origin.source.name.contains(assumed), "{:?}", deployer.admin.origin);
    assert!(deployer.admin.origin.source.chinese.contains("没有管控策略"), "{:?}", deployer.admin.origin);
    assert_eq!(deployer.admin.origin.label, Label::Documentation);
    let ops = user(&inventory, "ops-wang");
    assert!(!ops.admin.origin.source.name.contains(assumed), "{:?}", ops.admin.origin);
    assert_eq!(ops.admin.origin.label, Label::UserProvided);
    let products = &ops.administered_products;
    assert!(products.origin.source.name.contains(assumed), "{:?}", products.origin);
    assert_eq!(products.origin.label, Label::Documentation);
}

#[test]
fn an_account_whose_id_begins_like_ones_own_is_another_account() {
    let trust = |account: &str| {
        format!(
            r#"{{"Role": {{"RoleName": "r", "AssumeRolePolicyDocument": "{{\"Version\":\"1\",\"Statement\":[{{\"Effect\":\"Allow\",\"Action\":\"sts:AssumeRole\",\"Principal\":{{\"RAM\":[\"acs:ram::{account}:root\"]}}}}]}}"}}}}"#
        )
    };
    let of = |account: &str| {
        let inventory = inventory(&[
            (
                "sts-GetCallerIdentity.json",
                r#"{"AccountId": "100100100100100", "Arn": "acs:ram::100100100100100:user/a", "UserId": "1"}"#,
            ),
            ("ram-GetRole-r.json", &trust(account)),
        ]);
        role(&inventory, "r").external_trust.value().map(|list| list.items.clone())
    };
    assert_eq!(of("100100100100100").unwrap(), Vec::<Text>::new());
    assert_eq!(of("1001001001001001").unwrap(), [Text::from("acs:ram::1001001001001001:root")]);
}

/// The user ann with one policy of her own; no group, no control policy.
fn ann(statements: &str) -> Inventory {
    let document = format!(r#"{{"Version":"1","Statement":[{statements}]}}"#);
    let answer = serde_json::json!({"Policy": {"PolicyName": "own", "PolicyType": "Custom", "DefaultVersion": "v1"},
        "DefaultPolicyVersion": {"VersionId": "v1", "IsDefaultVersion": true, "PolicyDocument": document}});
    let attached = (
        "ram-ListPoliciesForUser-ann.json",
        r#"{"Policies":{"Policy":[{"PolicyName":"own","PolicyType":"Custom","DefaultVersion":"v1"}]}}"#,
    );
    let groups = ("ram-ListGroupsForUser-ann.json", r#"{"Groups":{"Group":[]}}"#);
    inventory(&[CALLER, USERS, attached, groups, ("ram-GetPolicy-own.json", &answer.to_string())])
}

#[test]
fn whoever_may_do_all_but_one_product_administers_the_others() {
    for statements in [
        r#"{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"ram:*","Resource":"*"}"#,
        r#"{"Effect":"Allow","NotAction":"ram:*","Resource":"*"}"#,
    ] {
        let inventory = ann(statements);
        let products = user(&inventory, "ann").administered_products.value().unwrap();
        let has = |code: &str| products.items.iter().any(|one| one == code);
        assert!(has("ecs") && has("oss") && has("kms") && !has("ram"), "{statements}: {:?}", products.items);
    }
}

#[test]
fn a_word_that_cannot_be_read_leaves_every_conclusion_open() {
    let small = ann(
        r#"{"Effect":"Allow","Action":"oss:GetObject","Resource":"*"},{"Effect":"allow","Action":"*","Resource":"*"}"#,
    );
    let found = user(&small, "ann");
    assert!(found.admin.reason().is_some(), "{:?}", found.admin);
    assert!(found.administered_products.reason().is_some(), "{:?}", found.administered_products);
    assert!(found.high_risk_actions.reason().is_some(), "{:?}", found.high_risk_actions);
    assert!(found.escalations.reason().is_some(), "{:?}", found.escalations);
    assert!(found.oss_access.reason().is_some(), "the word may have meant a Deny: {:?}", found.oss_access);
    // An unread statement that speaks of one product leaves that product open and no other.
    let one =
        ann(r#"{"Effect":"Allow","Action":"oss:*","Resource":"*"},{"Effect":"allow","Action":"ecs:*","Resource":"*"}"#);
    let products = user(&one, "ann").administered_products.value().unwrap();
    assert_eq!((products.items.as_slice(), products.more.is_some()), (&["oss".into()][..], true));
    assert_eq!(user(&one, "ann").admin.value(), Some(&false));
}

#[test]
fn a_condition_on_mfa_keeps_a_console_session_without_it_from_everything() {
    let left = |statements: &str| user(&ann(statements), "ann").acts_without_mfa.value().copied();
    let all = r#"{"Effect":"Allow","Action":"*","Resource":"*"}"#;
    assert_eq!(left(all), Some(true));
    let denied = r#"{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"Bool":{"acs:MFAPresent":"false"}}}"#;
    assert_eq!(left(&format!("{all},{denied}")), Some(false));
    let allowed = r#"{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"Bool":{"acs:MFAPresent":"true"}}}"#;
    assert_eq!(left(allowed), Some(false));
    let but_one =
        r#"{"Effect":"Deny","NotAction":"ecs:*","Resource":"*","Condition":{"Bool":{"acs:MFAPresent":"false"}}}"#;
    assert_eq!(left(&format!("{all},{but_one}")), Some(true));
    assert_eq!(left(r#"{"Effect":"Deny","Action":"*","Resource":"*"}"#), Some(false));
}
