//! `xiezhi ask public|diff|minimise|lint`: policies by themselves, of the evidence and in files.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod asking;

use asking::{ODD, ask, ask_of, json, scratch, terraform};
use serde_json::Value;
use std::path::Path;
use std::process::Command;

#[test]
fn a_role_that_trusts_another_account_can_be_used_from_outside_and_a_guarded_bucket_cannot() {
    let (code, answer) = json(&["public", "role/vendor-audit"]);
    assert_eq!((code, &answer["verdict"]), (0, &"yes".into()));
    let outside = answer["entries"].as_array().unwrap().iter().find(|e| e["subject"] == "outside-account").unwrap();
    assert_eq!(outside["witness"]["caller"]["account"], "1000000000000099");
    assert!(outside["statements"].as_array().unwrap().iter().all(|s| s["policy"] != "outsider"));
    let (code, text, _) = ask(&["public", "lanhai-customer-data"]);
    assert_eq!(code, 0);
    assert!(text.starts_with("No: nobody outside the account can use bucket/lanhai-customer-data"), "{text}");
}

#[test]
fn a_policy_file_that_lets_everyone_in_is_public() {
    let open = scratch(
        r#"{"Version":"1","Statement":[{"Effect":"Allow","Principal":["*"],"Action":["oss:GetObject"],"Resource":["acs:oss:*:*:site/*"]}]}"#,
    );
    let file = open.path().to_str().unwrap();
    let (code, text, notes) = ask_of(None, &["public", file, "--policy-of", "bucket", "--account", "1001"]);
    assert_eq!(code, 0, "{notes}");
    assert!(text.contains("It counts as public"), "{text}");
}

#[test]
fn a_network_of_the_question_is_where_use_must_not_come_from_outside() {
    let policy = |deny: &str| {
        scratch(&format!(
            r#"{{"Version":"1","Statement":[{{"Effect":"Allow","Principal":["2002"],"Action":["oss:GetObject"],"Resource":["acs:oss:*:*:site/*"]}}{deny}]}}"#
        ))
    };
    let fence = r#",{"Effect":"Deny","Principal":["*"],"Action":["oss:*"],"Resource":["acs:oss:*:*:site","acs:oss:*:*:site/*"],"Condition":{"StringNotEquals":{"acs:SourceVpc":["vpc-office"]},"NotIpAddress":{"acs:SourceIp":["203.0.113.0/24"]}}}"#;
    let of_file = |file: &Path, networks: &[&str]| {
        let mut args =
            vec!["public", file.to_str().unwrap(), "--policy-of", "bucket", "--account", "1001", "--format", "json"];
        args.extend(networks.iter().flat_map(|network| ["--network", network]));
        let (code, text, notes) = ask_of(None, &args);
        assert_eq!(code, 0, "{notes}");
        let answer: Value = serde_json::from_str(&text).unwrap();
        let of = |subject: &str| {
            let all = answer["entries"].as_array().unwrap();
            all.iter().find(|entry| entry["subject"] == subject).unwrap()["verdict"].as_str().unwrap().to_owned()
        };
        (of("outside-account-and-network"), of("own-outside-network"))
    };
    let (open, fenced) = (policy(""), policy(fence));
    let both = |verdict: &str| (verdict.to_owned(), verdict.to_owned());
    assert_eq!(of_file(open.path(), &["203.0.113.0/24"]), both("yes"));
    assert_eq!(of_file(fenced.path(), &["203.0.113.0/24", "vpc-office"]), both("no"));
    assert_eq!(of_file(fenced.path(), &["203.0.113.0/25", "vpc-office"]), both("yes"));
    assert_eq!(of_file(fenced.path(), &["203.0.113.0/24"]), both("yes"), "the VPC is outside then");
    // What a statement excepts lies in the bucket too.
    let excepting = fence.replace(
        r#""Resource":["acs:oss:*:*:site","acs:oss:*:*:site/*"]"#,
        r#""NotResource":["acs:oss:*:*:site/a/*"]"#,
    );
    let excepted = policy(&excepting);
    assert_eq!(of_file(excepted.path(), &["203.0.113.0/24", "vpc-office"]), both("yes"));
    let (code, text, _) = ask_of(
        None,
        &[
            "public",
            fenced.path().to_str().unwrap(),
            "--policy-of",
            "bucket",
            "--account",
            "1001",
            "--network",
            "vpc-other",
        ],
    );
    assert_eq!(code, 0);
    assert!(text.starts_with("Yes: someone can use") && text.contains("from outside vpc-other"), "{text}");
    let (code, _, notes) = ask(&["public", "lanhai-media", "--network", "the office"]);
    assert!(code == 2 && notes.contains("`the office` is no network"), "{notes}");
    let (code, answer) = json(&["public", "lanhai-customer-data", "--network", "203.0.113.0/24"]);
    assert_eq!((code, &answer["question"]["network"][0]), (0, &"203.0.113.0/24".into()));
}

#[test]
fn a_wider_policy_is_named_with_a_request_and_a_narrower_one_is_not() {
    let (code, text, _) = ask(&["diff", "lanhai-ops", "AdministratorAccess"]);
    assert_eq!(code, 0);
    assert!(text.starts_with("Yes: AdministratorAccess grants something that lanhai-ops does not"), "{text}");
    let (_, text, _) = ask(&["diff", "AdministratorAccess", "lanhai-ops"]);
    assert!(text.starts_with("No: lanhai-ops grants nothing that AdministratorAccess does not"), "{text}");
    let (_, text, _) = ask(&["diff", "lanhai-ops", "lanhai-ops"]);
    assert!(text.starts_with("No: lanhai-ops and lanhai-ops grant the same"), "{text}");
}

#[test]
fn a_policy_file_that_is_not_json_is_refused_with_its_place() {
    let broken = scratch("{\"Version\": \"1\",\n \"Statement\": [}");
    let file = broken.path().to_str().unwrap();
    let (code, _, notes) = ask_of(None, &["diff", file, file]);
    assert_eq!(code, 2);
    assert!(notes.contains(":2:16"), "{notes}");
}

#[test]
fn a_smaller_policy_keeps_what_was_used_and_names_what_was_never_granted() {
    let used = scratch("# from the trail\necs:DescribeInstances\nvpc:DescribeVpcs\noss:GetObject\n");
    let (code, text, notes) = ask(&["minimise", "lanhai-ops", "--used", used.path().to_str().unwrap()]);
    assert_eq!(code, 0, "{notes}");
    assert!(text.contains("\"ecs:DescribeInstances\"") && text.contains("\"vpc:DescribeVpcs\""), "{text}");
    assert!(!text.contains("ecs:*") && !text.contains("ram:PassRole"), "{text}");
    assert!(text.contains("used but not granted by this policy: oss:GetObject"), "{text}");
}

#[test]
fn used_actions_may_come_from_trail_events_of_which_the_refused_do_not_count() {
    let events = scratch(
        r#"[{"eventName":"DescribeInstances","serviceName":"Ecs"},
            {"eventName":"DeleteInstance","serviceName":"Ecs","errorCode":"NoPermission"}]"#,
    );
    let (code, text, notes) = ask(&["minimise", "lanhai-ops", "--used", events.path().to_str().unwrap()]);
    assert_eq!(code, 0, "{notes}");
    assert!(text.contains("\"ecs:DescribeInstances\"") && !text.contains("ecs:DeleteInstance"), "{text}");
}

#[test]
fn what_is_odd_in_policies_is_said_with_line_column_and_remedy_in_both_languages() {
    let folder = terraform(ODD);
    let place = folder.path().to_str().unwrap();
    let (code, text, notes) = ask_of(None, &["lint", place]);
    assert_eq!(code, 0, "{notes}");
    for said in [
        "policy `bad` (",
        "main.tf:10):",
        "line 2, column 25: `Effect` must be exactly Allow or Deny: `allow`",
        "write \"Effect\": \"Allow\" or \"Effect\": \"Deny\"",
        "no known action has this name: `ecs:RunInstance`",
        "did you mean `ecs:RunInstances`?",
        "no resource of these actions has such an ARN: `acs:oss:*:*:b`",
        "policy `role/r` (",
        "every user and role of the account may assume the role",
    ] {
        assert!(text.contains(said), "{said}\n{text}");
    }
    let (_, text, _) = ask_of(None, &["lint", place, "--lang", "zh"]);
    assert!(text.contains("第 2 行第 25 列：`Effect` 必须恰为 Allow 或 Deny：`allow`"), "{text}");
    let (_, text, _) = ask_of(None, &["lint", place, "--format", "json"]);
    let answer: Value = serde_json::from_str(&text).unwrap();
    let remarks = answer["detail"]["remarks"].as_array().unwrap();
    let bad = remarks.iter().find(|remark| remark["code"] == "effect").unwrap();
    assert_eq!((&bad["policy"], &bad["at"]["line"], &bad["malformed"]), (&"bad".into(), &2.into(), &true.into()));
    assert!(remarks.iter().all(|remark| remark["remedy"]["en"] != "" && remark["remedy"]["zh"] != ""));
}

#[test]
fn a_policy_file_of_each_kind_is_read_by_the_rules_of_its_kind() {
    let trust = scratch(
        r#"{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"Service":["2002@log.aliyuncs.com"]}}]}"#,
    );
    let file = trust.path().to_str().unwrap();
    let (code, text, _) = ask_of(None, &["lint", file, "--policy-of", "role"]);
    assert!(code == 0 && text.contains("the service acts for another account: `2002@log.aliyuncs.com`"), "{text}");
    let (_, text, _) = ask_of(None, &["lint", file, "--policy-of", "identity"]);
    assert!(text.contains("`Principal` cannot stand in this policy"), "{text}");
    let good = scratch(r#"{"Version":"1","Statement":[{"Effect":"Allow","Action":"oss:GetObject","Resource":"*"}]}"#);
    let (code, text, _) = ask_of(None, &["lint", good.path().to_str().unwrap(), "--policy-of", "identity"]);
    assert!(code == 0 && text.starts_with("No: nothing is wrong or odd"), "{text}");
}

#[test]
fn a_bucket_whose_owner_is_not_known_is_not_public_for_that() {
    let folder = terraform(ODD);
    let (code, text, notes) = ask_of(None, &["public", "b", folder.path().to_str().unwrap()]);
    assert_eq!(code, 3, "{notes}");
    assert!(text.contains("anyone, named or not: no") && text.contains("It does not count as public"), "{text}");
    assert!(text.contains("the id of the owner's account: not in the evidence"), "{text}");
}

#[test]
fn a_malformed_policy_is_named_by_a_review_with_its_place_and_what_to_write() {
    let folder = terraform(ODD);
    let done = Command::new(env!("CARGO_BIN_EXE_xiezhi"))
        .env("LC_ALL", "C")
        .env_remove("LANG")
        .args(["review", folder.path().to_str().unwrap(), "--exit-zero"])
        .output()
        .unwrap();
    let text = String::from_utf8(done.stdout).unwrap();
    assert_eq!(done.status.code(), Some(0), "the evidence itself was read");
    let said = "`Effect` must be exactly Allow or Deny (bad 2:25 `allow`): write \"Effect\": \"Allow\"";
    assert!(text.contains(said) && text.contains("main.tf:10"), "{text}");
}

const OPENED: &str = r#"
provider "alicloud" { region = "cn-hangzhou" }
resource "alicloud_oss_bucket" "b" {
  bucket = "shared"
  policy = jsonencode({ Version = "1", Statement = [{
    Effect = "Allow", Principal = ["*"], Action = ["oss:*"], Resource = ["acs:oss:*:*:shared", "acs:oss:*:*:shared/*"]
    Condition = { StringEquals = { "oss:AccessPointNetworkOrigin" = ["internet"] } } }] })
}
resource "alicloud_oss_bucket_public_access_block" "b" {
  bucket              = alicloud_oss_bucket.b.bucket
  block_public_access = false
}
resource "alicloud_oss_access_point" "p" {
  access_point_name = "partner"
  bucket            = alicloud_oss_bucket.b.bucket
  network_origin    = "internet"
  public_access_block_configuration { block_public_access = false }
}
resource "alicloud_oss_access_point_policy" "p" {
  access_point_name = alicloud_oss_access_point.p.access_point_name
  bucket            = alicloud_oss_bucket.b.bucket
  policy = jsonencode({ Version = "1", Statement = [{
    Effect = "Allow", Principal = ["*"], Action = ["oss:GetObject"]
    Resource = ["acs:oss:cn-hangzhou:*:accesspoint/partner/object/*"] }] })
}
resource "alicloud_kms_secret" "s" {
  secret_name = "db"
  secret_data = "x"
  version_id  = "v1"
  policy = jsonencode({ Version = "1", Statement = [{
    Effect = "Allow", Principal = { RAM = ["*"] }, Action = ["kms:GetSecretValue"], Resource = ["*"] }] })
}
"#;

#[test]
fn access_points_and_secrets_are_asked_about_by_name_and_the_delegating_bucket_is_not_open_itself() {
    let folder = terraform(OPENED);
    let public = |name: &str| ask_of(None, &["public", name, folder.path().to_str().unwrap()]);
    let (code, text, notes) = public("shared");
    assert_eq!((code, text.starts_with("No: nobody outside")), (0, true), "{text}{notes}");
    let (code, text, notes) = public("access-point/partner");
    assert_eq!((code, text.starts_with("Yes: someone outside")), (0, true), "{text}{notes}");
    assert!(
        text.contains("`access-point/partner`, statement 1") && text.contains("`bucket/shared`, statement 1"),
        "{text}"
    );
    let (code, text, notes) = public("secret/db");
    assert_eq!(code, 0, "{notes}");
    // Whoever the owner is: anyone includes someone of another account; KMS takes no anonymous call.
    assert!(text.contains("someone of another account: yes") && !text.contains("anonymous"), "{text}");
    assert!(text.contains("It counts as public"), "{text}");
}

#[test]
fn a_tablestore_policy_file_is_asked_about_without_evidence() {
    let file = scratch(
        r#"{"Version":"1","Statement":[{"Effect":"Allow","Principal":["2002"],"Action":["ots:GetRow"],"Resource":["*"]}]}"#,
    );
    let path = file.path().to_str().unwrap();
    let (code, text, notes) = ask_of(None, &["public", path, "--policy-of", "tablestore", "--account", "1001"]);
    assert_eq!(code, 0, "{notes}");
    assert!(text.contains("anyone, named or not: no") && text.contains("someone of another account: yes"), "{text}");
}

#[test]
fn a_tablestore_policy_whose_conditions_may_combine_in_two_ways_is_answered_with_the_reading() {
    let file = scratch(
        r#"{"Version":"1","Statement":[{"Effect":"Allow","Principal":["*"],"Action":["ots:*"],"Resource":["*"],
            "Condition":{"StringEquals":{"acs:SourceVpc":["vpc-a"]},"Bool":{"acs:SecureTransport":"true"}}}]}"#,
    );
    let path = file.path().to_str().unwrap();
    let args = ["public", path, "--policy-of", "tablestore", "--account", "1001"];
    let (code, text, notes) = ask_of(None, &args);
    assert_eq!(code, 0, "{notes}");
    assert!(text.contains("SW-13") && text.contains("all conditions of an Allow in an instance policy"), "{text}");
    let (_, text, _) = ask_of(None, &[&args[..], &["--lang", "zh"]].concat());
    assert!(text.contains("SW-13") && text.contains("实例策略中允许语句的多个条件"), "{text}");
    let (_, text, _) = ask_of(None, &[&args[..], &["--format", "json"]].concat());
    let answer: Value = serde_json::from_str(&text).unwrap();
    let anyone = answer["entries"].as_array().unwrap().iter().find(|entry| entry["subject"] == "anyone").unwrap();
    assert_eq!((&anyone["verdict"], &anyone["label"]), (&"no".into(), &"inference".into()), "{anyone}");
    assert_eq!(anyone["depends_on"], serde_json::json!(["SW-13"]), "{anyone}");
}

#[test]
fn a_policy_that_grants_nothing_of_what_was_used_is_not_needed_and_without_uses_nothing_is_said() {
    let policy = scratch(r#"{"Version":"1","Statement":[{"Effect":"Allow","Action":"oss:*","Resource":"*"}]}"#);
    let policy = policy.path().to_str().unwrap();
    let minimised = |uses: &str, lang: &str| {
        let used = scratch(uses);
        ask_of(None, &["minimise", policy, "--used", used.path().to_str().unwrap(), "--lang", lang])
    };
    for (lang, said) in [("en", "grants nothing that was used"), ("zh", "未授予任何已使用的权限")] {
        let (code, text, notes) = minimised("ecs:RunInstances\n", lang);
        assert!(code == 0 && text.contains(said) && !text.contains("Statement"), "{code} {text} {notes}");
    }
    for uses in ["", "ecs:NeverHeardOf\n"] {
        let (code, text, _) = minimised(uses, "en");
        assert!(code == 3 && text.starts_with("Undecided"), "{uses:?}: {code} {text}");
    }
}
