//! Policies of keys and log projects, and control policies, from evidence to facts.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

use serde_json::{Value, json};
use xiezhi_model::service::kms::{Key, Secret};
use xiezhi_model::service::oss::{AccessPoint, Bucket};
use xiezhi_model::service::ots::Instance;
use xiezhi_model::service::ram::User;
use xiezhi_model::service::sls::Project;
use xiezhi_model::{Fact, Inventory, Label};
use xiezhi_read::{Input, Options as ReadOptions};
use xiezhi_review::{Options, review};
use xiezhi_rule::CheckSet;

const ACCOUNT: &str = "1000000000001001";

fn inventory(files: &[(&str, Value)]) -> Inventory {
    let folder = tempfile::tempdir().unwrap();
    let caller = json!({"AccountId": ACCOUNT, "Arn": format!("acs:ram::{ACCOUNT}:root"), "IdentityType": "Account"});
    std::fs::write(folder.path().join("sts-GetCallerIdentity.json"), caller.to_string()).unwrap();
    for (name, value) in files {
        std::fs::write(folder.path().join(format!("{name}.json")), value.to_string()).unwrap();
    }
    let reading = xiezhi_read::read(&[Input::path(folder.path())], &ReadOptions::default());
    let none = CheckSet::load(Vec::<(String, String)>::new());
    review(reading.batches, none, Options::default()).inventory
}

fn said(fact: &Fact<bool>) -> &'static str {
    match (fact.value(), fact.reason()) {
        (Some(true), _) => "yes",
        (Some(false), _) => "no",
        (None, Some(_)) => "unknown",
        (None, None) => "absent",
    }
}

fn policy(principal: Value, condition: Option<Value>) -> String {
    let mut statement = json!({"Effect": "Allow", "Action": ["kms:*"], "Resource": ["*"], "Principal": principal});
    if let Some(condition) = condition {
        statement["Condition"] = condition;
    }
    json!({"Version": "1", "Statement": [statement]}).to_string()
}

fn key_with(document: Option<String>) -> (&'static str, &'static str) {
    let mut files = vec![(
        "kms-DescribeKey-cn-hangzhou-key-hz1",
        json!({"KeyMetadata": {"KeyId": "key-hz1", "KeyState": "Enabled", "Creator": ACCOUNT}}),
    )];
    if let Some(document) = document {
        files.push(("kms-GetKeyPolicy-cn-hangzhou-key-hz1", json!({"Policy": document})));
    }
    let inventory = inventory(&files);
    let key = inventory.all::<Key>().first().unwrap();
    (said(&key.policy_grants_anyone), said(&key.policy_grants_other_accounts))
}

#[test]
fn a_key_policy_says_whom_it_lets_in() {
    let own = format!("acs:ram::{ACCOUNT}:*");
    assert_eq!(key_with(Some(policy(json!({"RAM": [own]}), None))), ("no", "no"));
    let partner = "acs:ram::1000000000002002:*";
    assert_eq!(key_with(Some(policy(json!({"RAM": [partner]}), None))), ("no", "yes"));
    assert_eq!(key_with(Some(policy(json!({"RAM": ["*"]}), None))), ("yes", "yes"));
    let office = json!({"IpAddress": {"acs:SourceIp": ["203.0.113.0/24"]}});
    assert_eq!(key_with(Some(policy(json!({"RAM": ["*"]}), Some(office)))), ("no", "yes"));
    assert_eq!(key_with(None), ("unknown", "unknown"));
}

#[test]
fn a_project_policy_says_whom_it_lets_in() {
    let of = |document: Option<Value>| {
        let mut files = vec![(
            "sls-ListProject-cn-hangzhou",
            json!({"count": 1, "total": 1, "projects": [{"projectName": "logs", "region": "cn-hangzhou"}]}),
        )];
        if let Some(document) = document {
            files.push(("sls-GetProjectPolicy-cn-hangzhou-logs", document));
        }
        let inventory = inventory(&files);
        let project = inventory.all::<Project>().first().unwrap();
        (said(&project.policy_grants_anyone), said(&project.policy_grants_other_accounts))
    };
    let statement = |principal: &str| {
        json!({"Version": "1", "Statement": [{"Effect": "Allow", "Action": ["log:GetLogStoreLogs"],
            "Resource": "acs:log:*:*:project/logs/*", "Principal": [principal]}]})
    };
    assert_eq!(of(Some(statement("*"))), ("yes", "yes"));
    assert_eq!(of(Some(statement(ACCOUNT))), ("no", "no"));
    assert_eq!(of(Some(statement("1000000000002002"))), ("no", "yes"));
    assert_eq!(of(None), ("unknown", "unknown"));
}

#[test]
fn a_secret_policy_says_whom_it_lets_in() {
    let of = |document: Option<String>| {
        let mut files =
            vec![("kms-DescribeSecret-cn-hangzhou-db", json!({"SecretName": "db", "SecretType": "Generic"}))];
        if let Some(document) = document {
            files.push(("kms-GetSecretPolicy-cn-hangzhou-db", json!({"Policy": document})));
        }
        let inventory = inventory(&files);
        let secret = inventory.all::<Secret>().first().unwrap();
        (said(&secret.policy_grants_anyone), said(&secret.policy_grants_other_accounts))
    };
    assert_eq!(of(Some(policy(json!({"RAM": [format!("acs:ram::{ACCOUNT}:*")]}), None))), ("no", "no"));
    assert_eq!(of(Some(policy(json!({"RAM": ["acs:ram::1000000000002002:user/x"]}), None))), ("no", "yes"));
    assert_eq!(of(Some(policy(json!({"RAM": ["*"]}), None))), ("yes", "yes"));
    assert_eq!(of(None), ("unknown", "unknown"));
}

#[test]
fn a_tablestore_instance_policy_says_whom_it_lets_in() {
    let of = |document: Value| {
        let answer = json!({"InstanceName": "orders", "PolicyVersion": 1, "Policy": document});
        let inventory = inventory(&[("tablestore-GetInstance-cn-hangzhou-orders", answer)]);
        let instance = inventory.all::<Instance>().first().unwrap();
        (said(&instance.policy_grants_anyone), said(&instance.policy_grants_other_accounts))
    };
    let statement = |principal: &str| {
        let text = json!({"Version": "1", "Statement": [{"Effect": "Allow", "Action": ["ots:GetRow"],
            "Resource": ["acs:ots:*:*:instance/orders*"], "Principal": [principal]}]});
        json!(text.to_string())
    };
    assert_eq!(of(statement("*")), ("yes", "yes"));
    assert_eq!(of(statement(ACCOUNT)), ("no", "no"));
    assert_eq!(of(statement("1000000000002002")), ("no", "yes"));
    assert_eq!(of(json!("")), ("no", "no"));
    let small =
        json!({"Version": "1", "Statement": [{"Effect": "allow", "Action": "*", "Resource": "*", "Principal": ["*"]}]});
    assert_eq!(of(json!(small.to_string())), ("unknown", "unknown"));
    let silent = inventory(&[("ots-GetInstance-cn-hangzhou-orders", json!({"InstanceName": "orders"}))]);
    assert_eq!(said(&silent.all::<Instance>().first().unwrap().policy_grants_anyone), "unknown");
}

#[test]
fn an_instance_policy_whose_answer_hangs_on_how_its_conditions_combine_is_an_inference_that_says_so() {
    let of = |condition: Value| {
        let text = json!({"Version": "1", "Statement": [{"Effect": "Allow", "Action": ["ots:GetRow"],
            "Resource": ["acs:ots:*:*:instance/orders*"], "Principal": ["*"], "Condition": condition}]});
        let answer = json!({"InstanceName": "orders", "PolicyVersion": 1, "Policy": text.to_string()});
        let inventory = inventory(&[("tablestore-GetInstance-cn-hangzhou-orders", answer)]);
        let anyone = &inventory.all::<Instance>().first().unwrap().policy_grants_anyone;
        let named = anyone.origin.source.name.contains("SW-13") && anyone.origin.source.chinese.contains("SW-13");
        (said(anyone), anyone.origin.label == Label::Inference, named)
    };
    let (vpc, tls) = (json!({"acs:SourceVpc": ["vpc-a"]}), json!({"acs:SecureTransport": "true"}));
    assert_eq!(of(json!({"StringEquals": vpc})), ("no", false, false));
    assert_eq!(of(json!({"Bool": tls})), ("yes", false, false));
    // From the internet no VPC is named: nobody meets both, anyone over TLS meets one.
    assert_eq!(of(json!({"StringEquals": vpc, "Bool": tls})), ("no", true, true));
    let versions = json!({"acs:SourceVpc": ["vpc-a"], "ots:TLSVersion": ["TLSv1.2", "TLSv1.3"]});
    assert_eq!(of(json!({"StringEquals": versions})), ("no", true, true));
    let two_vpcs = json!({"StringEquals": vpc, "StringLike": {"acs:SourceVpc": ["vpc-*"]}});
    assert_eq!(of(two_vpcs), ("no", false, false));
}

/// The access point `partner` of the bucket `shared`: through it, anyone and other accounts; directly, anyone.
fn partner(bucket: Value, point: Option<Value>, blocked: bool) -> [&'static str; 3] {
    let mut files = vec![
        ("oss-ListBuckets", json!({"Buckets": {"Bucket": [{"Name": "shared", "Location": "oss-cn-hangzhou"}]}})),
        ("oss-GetBucketAcl-shared", json!({"AccessControlList": {"Grant": "private"}})),
        ("oss-GetPublicAccessBlock", json!({"BlockPublicAccess": false})),
        ("oss-GetBucketPublicAccessBlock-shared", json!({"BlockPublicAccess": false})),
        ("oss-GetBucketPolicy-shared", bucket),
        (
            "oss-GetAccessPoint-partner",
            json!({"AccessPointName": "partner", "Bucket": "shared", "NetworkOrigin": "internet",
                "PublicAccessBlockConfiguration": {"BlockPublicAccess": blocked}}),
        ),
    ];
    if let Some(point) = point {
        files.push(("oss-GetAccessPointPolicy-partner", point));
    }
    let inventory = inventory(&files);
    let point = inventory.all::<AccessPoint>().first().unwrap();
    let bucket = inventory.all::<Bucket>().first().unwrap();
    [said(&point.grants_anyone), said(&point.grants_other_accounts), said(&bucket.grants_anyone)]
}

fn delegating(key: &str, value: &str) -> Value {
    json!({"Version": "1", "Statement": [{"Effect": "Allow", "Principal": ["*"], "Action": ["oss:*"],
        "Resource": ["acs:oss:*:*:shared", "acs:oss:*:*:shared/*"], "Condition": {"StringEquals": {key: [value]}}}]})
}

fn at_point(principal: &str) -> Option<Value> {
    Some(
        json!({"Version": "1", "Statement": [{"Effect": "Allow", "Principal": [principal], "Action": ["oss:GetObject"],
        "Resource": [format!("acs:oss:cn-hangzhou:{ACCOUNT}:accesspoint/partner/object/*")]}]}),
    )
}

/// Source: OSS, "Access points", step 2: the three documented ways of delegation.
#[test]
fn a_bucket_that_delegates_to_an_access_point_is_as_open_as_the_access_point_and_not_open_by_itself() {
    let arn = format!("acs:oss:oss-cn-hangzhou:{ACCOUNT}:accesspoint/partner");
    for (key, value) in [
        ("oss:DataAccessPointArn", arn.as_str()),
        ("oss:DataAccessPointAccount", ACCOUNT),
        ("oss:AccessPointNetworkOrigin", "internet"),
    ] {
        assert_eq!(partner(delegating(key, value), at_point("*"), false), ["yes", "yes", "no"], "{key}");
        assert_eq!(partner(delegating(key, value), at_point("1000000000002002"), false), ["no", "yes", "no"], "{key}");
        assert_eq!(partner(delegating(key, value), at_point(ACCOUNT), false), ["no", "no", "no"], "{key}");
    }
    let own = delegating("oss:DataAccessPointAccount", ACCOUNT);
    assert_eq!(partner(own.clone(), None, false), ["unknown", "unknown", "no"], "the policy was not collected");
    let none = json!({"Code": "NoSuchAccessPointPolicy"});
    assert_eq!(partner(own.clone(), Some(none), false), ["no", "no", "no"]);
    // Delegated to others, or not at all: nothing comes through.
    let other = delegating("oss:DataAccessPointAccount", "1000000000002002");
    assert_eq!(partner(other, at_point("*"), false), ["no", "no", "no"]);
    assert_eq!(partner(json!({"Code": "NoSuchBucketPolicy"}), at_point("*"), false), ["no", "no", "no"]);
    // Block Public Access at the access point takes the public grant of the bucket policy away.
    assert_eq!(partner(own, at_point("*"), true), ["no", "no", "no"]);
}

/// A member account with one user that has every right, under a root that allows all and a folder that denies RAM.
fn member_files() -> Vec<(&'static str, Value)> {
    let deny = json!({"Version": "1", "Statement": [
        {"Effect": "Allow", "Action": "*", "Resource": "*"},
        {"Effect": "Deny", "Action": "ram:*", "Resource": "*"}]});
    let master = "1000000000009009";
    vec![
        (
            "ram-ListUsers",
            json!({"IsTruncated": false, "Users": {"User": [{"UserName": "ann", "UserId": "200000000000000001"}]}}),
        ),
        ("ram-ListGroups", json!({"IsTruncated": false, "Groups": {"Group": []}})),
        ("ram-ListRoles", json!({"IsTruncated": false, "Roles": {"Role": []}})),
        ("ram-ListPolicies", json!({"IsTruncated": false, "Policies": {"Policy": []}})),
        ("ram-ListGroupsForUser-ann", json!({"Groups": {"Group": []}})),
        (
            "ram-ListPoliciesForUser-ann",
            json!({"Policies": {"Policy": [{"PolicyName": "AdministratorAccess", "PolicyType": "System"}]}}),
        ),
        (
            "resourcedirectorymaster-GetResourceDirectory",
            json!({"ResourceDirectory": {"MasterAccountId": master, "RootFolderId": "r-1", "ResourceDirectoryId": "rd-1",
                "ControlPolicyStatus": "Enabled"}}),
        ),
        (
            "resourcedirectorymaster-ListAccounts",
            json!({"TotalCount": 1, "PageNumber": 1, "PageSize": 100, "Accounts": {"Account": [
                {"AccountId": ACCOUNT, "Type": "ResourceAccount", "FolderId": "fd-1", "Status": "CreateSuccess",
                 "ResourceDirectoryPath": format!("rd-1/r-1/fd-1/{ACCOUNT}")}]}}),
        ),
        (
            "resourcedirectorymaster-ListControlPolicies",
            json!({"TotalCount": 2, "PageNumber": 1, "PageSize": 100, "ControlPolicies": {"ControlPolicy": [
                {"PolicyId": "FullAliyunAccess", "PolicyName": "FullAliyunAccess", "PolicyType": "System", "EffectScope": "RAM"},
                {"PolicyId": "cp-1", "PolicyName": "no-ram", "PolicyType": "Custom", "EffectScope": "RAM"}]}}),
        ),
        (
            "resourcedirectorymaster-GetControlPolicy-cp-1",
            json!({"ControlPolicy": {"PolicyId": "cp-1", "PolicyName": "no-ram", "PolicyType": "Custom", "EffectScope": "RAM",
                "PolicyDocument": deny.to_string()}}),
        ),
        (
            "resourcedirectorymaster-ListTargetAttachmentsForControlPolicy-cp-1",
            json!({"TotalCount": 1, "PageNumber": 1, "PageSize": 100,
                "TargetAttachments": {"TargetAttachment": [{"TargetId": "fd-1", "TargetType": "Folder"}]}}),
        ),
        (
            "resourcedirectorymaster-ListTargetAttachmentsForControlPolicy-FullAliyunAccess",
            json!({"TotalCount": 3, "PageNumber": 1, "PageSize": 100, "TargetAttachments": {"TargetAttachment": [
                {"TargetId": "r-1", "TargetType": "Root"}, {"TargetId": "fd-1", "TargetType": "Folder"},
                {"TargetId": ACCOUNT, "TargetType": "Account"}]}}),
        ),
    ]
}

fn admin(files: &[(&str, Value)]) -> (&'static str, String) {
    let inventory = inventory(files);
    let user = inventory.all::<User>().iter().find(|user| user.head.id.value().is_some_and(|id| id == "ann"));
    user.map_or(("gone", String::new()), |user| (said(&user.admin), format!("{:?}", user.admin)))
}

#[test]
fn a_control_policy_that_denies_takes_administrator_away_and_missing_parts_of_it_leave_it_open() {
    let files = member_files();
    let (whole, why) = admin(&files);
    assert_eq!(whole, "no", "{why}");
    let without = |name: &str| admin(&files.iter().filter(|(file, _)| *file != name).cloned().collect::<Vec<_>>());
    for name in [
        "resourcedirectorymaster-GetControlPolicy-cp-1",
        "resourcedirectorymaster-ListTargetAttachmentsForControlPolicy-cp-1",
        "resourcedirectorymaster-ListControlPolicies",
        "resourcedirectorymaster-ListAccounts",
    ] {
        let (left, why) = without(name);
        assert!(matches!(left, "unknown" | "no"), "without {name}: {left} {why}");
    }
    assert_eq!(without("resourcedirectorymaster-GetControlPolicy-cp-1").0, "unknown");
    let mut harmless = files.clone();
    harmless.retain(|(name, _)| !name.ends_with("cp-1"));
    let list = harmless.iter_mut().find(|(name, _)| name.ends_with("ListControlPolicies")).unwrap();
    list.1["ControlPolicies"]["ControlPolicy"].as_array_mut().unwrap().pop();
    list.1["TotalCount"] = json!(1);
    let (left, why) = admin(&harmless);
    assert_eq!(left, "yes", "{why}");
}

/// The users ann, whom a RAM policy lets decrypt, and bob, and the key under a key policy.
fn decrypters(document: &str) -> String {
    let listed = |list: &str, item: &str, all: Value| json!({"IsTruncated": false, list: {item: all}});
    let granted = json!({"Version": "1", "Statement": [{"Effect": "Allow", "Action": "kms:Decrypt", "Resource": "*"}]});
    let named = json!([{"PolicyName": "decrypt", "PolicyType": "Custom"}]);
    let inventory = inventory(&[
        (
            "kms-DescribeKey-cn-hangzhou-key-hz1",
            json!({"KeyMetadata": {"KeyId": "key-hz1", "KeyState": "Enabled", "Creator": ACCOUNT, "KeyUsage": "ENCRYPT/DECRYPT"}}),
        ),
        ("kms-GetKeyPolicy-cn-hangzhou-key-hz1", json!({"Policy": document})),
        (
            "ram-ListUsers",
            listed("Users", "User", json!([{"UserName": "ann", "UserId": "1"}, {"UserName": "bob", "UserId": "2"}])),
        ),
        ("ram-ListRoles", listed("Roles", "Role", json!([]))),
        ("ram-ListGroups", listed("Groups", "Group", json!([]))),
        ("ram-ListPolicies", listed("Policies", "Policy", named.clone())),
        (
            "ram-GetPolicy-decrypt",
            json!({"Policy": {"PolicyName": "decrypt", "PolicyType": "Custom", "DefaultVersion": "v1"},
                "DefaultPolicyVersion": {"VersionId": "v1", "IsDefaultVersion": true, "PolicyDocument": granted.to_string()}}),
        ),
        ("ram-ListPoliciesForUser-ann", json!({"Policies": {"Policy": named}})),
        ("ram-ListPoliciesForUser-bob", json!({"Policies": {"Policy": []}})),
        ("ram-ListGroupsForUser-ann", json!({"Groups": {"Group": []}})),
        ("ram-ListGroupsForUser-bob", json!({"Groups": {"Group": []}})),
    ]);
    let key = inventory.all::<Key>().first().unwrap();
    let list = key.decrypters.value().unwrap();
    let more = list.more.as_ref().map(|reason| format!(" + {}", reason.code())).unwrap_or_default();
    format!("{}{more}", list.items.join(" "))
}

#[test]
fn who_may_decrypt_follows_from_ram_and_the_key_policy_together() {
    // A key policy that lets every identity of the account in does so by itself.
    let everyone = policy(json!({"RAM": [format!("acs:ram::{ACCOUNT}:*")]}), None);
    assert_eq!(decrypters(&everyone), "user/ann user/bob");
    let denied = json!({"Version": "1", "Statement": [
        {"Effect": "Allow", "Action": ["kms:*"], "Resource": ["*"], "Principal": {"RAM": [format!("acs:ram::{ACCOUNT}:*")]}},
        {"Effect": "Deny", "Action": ["kms:Decrypt"], "Resource": ["*"], "Principal": {"RAM": [format!("acs:ram::{ACCOUNT}:user/bob")]}}]});
    assert_eq!(decrypters(&denied.to_string()), "user/ann");
    let other = policy(json!({"RAM": ["acs:ram::1000000000001009:root"]}), None);
    assert!(decrypters(&other).ends_with("other-accounts"), "{}", decrypters(&other));
}
