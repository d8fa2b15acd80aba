//! `xiezhi ask` over the bundled estate: answers, proofs, exit codes, both languages, JSON.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

fn estate(part: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/lanhai").join(part)
}

/// Asks with the estate's API answers as evidence unless `evidence` is another part; gives code, answer and notes.
fn ask_of(evidence: Option<&str>, args: &[&str]) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xiezhi"));
    command.env("LC_ALL", "C").env_remove("LANG").arg("ask").args(args);
    if let Some(part) = evidence {
        command.arg(estate(part));
    }
    let done = command.output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (done.status.code().unwrap(), text(done.stdout), text(done.stderr))
}

fn ask(args: &[&str]) -> (i32, String, String) {
    ask_of(Some("api"), args)
}

fn json(args: &[&str]) -> (i32, Value) {
    let mut all = args.to_vec();
    all.extend(["--format", "json"]);
    let (code, text, notes) = ask(&all);
    (code, serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text} {notes}")))
}

fn scratch(text: &str) -> tempfile::NamedTempFile {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), text).unwrap();
    file
}

#[test]
fn a_granted_action_is_yes_with_the_statement_and_a_request() {
    let (code, text, _) = ask(&["can", "ops-wang", "ecs:RunInstances"]);
    assert_eq!(code, 0);
    assert!(text.starts_with("Yes: user/ops-wang can call ecs:RunInstances"), "{text}");
    assert!(text.contains("policy `lanhai-ops`, statement 1"), "{text}");
    assert!(text.contains("proof: acs:ram::1000000000000001:user/ops-wang ecs:RunInstances"), "{text}");
}

#[test]
fn an_action_that_nothing_grants_is_no() {
    let (code, text, _) = ask(&["can", "user/ops-wang", "ram:CreateUser"]);
    assert_eq!(code, 0);
    assert!(text.starts_with("No: user/ops-wang cannot call ram:CreateUser"), "{text}");
    assert!(text.contains("no statement grants it"), "{text}");
}

#[test]
fn a_bucket_policy_that_refuses_plain_http_is_a_condition_of_the_answer() {
    let (code, answer) = json(&["can", "role/lanhai-app", "oss:GetObject", "--on", "oss://lanhai-customer-data/x"]);
    assert_eq!(code, 0);
    let part = &answer["entries"][0];
    assert_eq!((&answer["verdict"], &part["always"]), (&"yes".into(), &"no".into()));
    assert_eq!(part["witness"]["keys"]["acs:SecureTransport"][0], "true");
    assert_eq!(part["denied"]["keys"]["acs:SecureTransport"][0], "false");
}

#[test]
fn a_role_whose_system_policy_has_no_text_is_undecided_and_says_so() {
    let (code, text, _) = ask(&["can", "vendor-audit", "ecs:RunInstances"]);
    assert_eq!(code, 3);
    assert!(text.starts_with("Undecided:") && text.contains("policy ReadOnlyAccess"), "{text}");
}

#[test]
fn a_question_about_nobody_or_about_no_action_cannot_be_asked() {
    let (code, text, notes) = ask(&["can", "bob", "oss:GetObject"]);
    assert_eq!((code, text.as_str()), (2, ""));
    assert!(notes.contains("no user and no role `bob`, and it lists all of them"), "{notes}");
    let (code, _, notes) = ask(&["who", "oss:GetObjct"]);
    assert_eq!(code, 2);
    assert!(notes.contains("did you mean `oss:GetObject`"), "{notes}");
}

#[test]
fn who_names_every_principal_that_can_and_those_that_may() {
    for part in ["api", "terraform"] {
        let (code, text, notes) = ask_of(Some(part), &["who", "ram:CreateUser"]);
        assert_eq!(code, 0, "{notes}");
        assert!(text.contains("user/ci-deployer: yes"), "{part}: {text}");
        assert!(text.contains("role/vendor-audit: undecided"), "{part}: {text}");
        assert!(!text.contains("user/ops-wang"), "{part}: {text}");
    }
}

#[test]
fn assuming_no_single_role_is_undecided_because_each_trust_policy_has_its_say() {
    for on in ["*", "role/*"] {
        let (code, answer) = json(&["can", "ci-deployer", "sts:AssumeRole", "--on", on]);
        assert_eq!((code, &answer["verdict"]), (3, &"undecided".into()), "{on}");
        assert!(answer["entries"][0]["gaps"].to_string().contains("trust policies"), "{answer}");
    }
    let (code, answer) = json(&["can", "ops-wang", "sts:AssumeRole"]);
    assert_eq!((code, &answer["verdict"]), (0, &"no".into()));
    let (code, answer) = json(&["can", "ci-deployer", "sts:AssumeRole", "--on", "role/lanhai-app"]);
    assert_eq!((code, &answer["verdict"]), (0, &"no".into()));
}

#[test]
fn what_counts_rights_by_service_and_names_the_powerful_ones() {
    let (code, answer) = json(&["what", "ops-wang"]);
    assert_eq!(code, 0);
    let services: Vec<&String> = answer["detail"]["surely"].as_object().unwrap().keys().collect();
    assert_eq!(services, ["ecs", "ram", "slb", "vpc"]);
    let powerful = answer["detail"]["powerful"].as_array().unwrap();
    assert!(powerful.contains(&"ram:PassRole".into()) && powerful.contains(&"ecs:AttachInstanceRamRole".into()));
}

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
fn escalation_names_the_administrator_and_what_may_become_one() {
    let (code, answer) = json(&["escalate"]);
    assert_eq!(code, 0);
    let parts = answer["entries"].as_array().unwrap();
    let of = |name: &str| parts.iter().find(|part| part["subject"] == name).map(|part| part["verdict"].clone());
    assert_eq!(of("user/ci-deployer"), Some("yes".into()));
    assert_eq!(of("role/vendor-audit"), Some("undecided".into()));
    assert_eq!(of("user/li.na"), None);
    let (code, text, _) = ask(&["escalate", "--from", "li.na"]);
    assert_eq!(code, 0);
    assert!(text.starts_with("No: user/li.na cannot become administrator"), "{text}");
}

#[test]
fn code_on_an_instance_reaches_its_role_and_an_administrators_key_reaches_everything() {
    let (code, answer) = json(&["blast", "i-hz0app1"]);
    assert_eq!(code, 0);
    let reached = answer["detail"]["reached"].as_array().unwrap();
    assert!(reached.iter().any(|one| one[0] == "role/lanhai-app"), "{reached:?}");
    assert!(!reached.iter().any(|one| one[0] == "administrator"), "{reached:?}");
    let (_, answer) = json(&["blast", "key/ci-deployer"]);
    assert!(answer["detail"]["reached"].as_array().unwrap().iter().any(|one| one[0] == "administrator"));
}

#[test]
fn an_access_key_id_is_found_by_its_end_and_never_said_again() {
    let id = ["LTAI5t", "ExampleExample", "xmpl"].concat();
    for start in ["key/****xmpl".to_owned(), "key/xmpl".to_owned(), id.clone(), format!("key/{id}")] {
        let (code, text, notes) = ask(&["blast", &start]);
        assert_eq!(code, 0, "{notes}");
        assert!(text.contains("key/ci-deployer"), "{text}");
        assert!(!text.contains(&id) && !notes.contains(&id), "{text}{notes}");
    }
    let (code, text, _) = ask(&["escalate", "--from", &id]);
    assert!(code == 0 && text.starts_with("Yes: key/ci-deployer"), "{text}");
    let other = id.replace("xmpl", "none");
    let (code, _, notes) = ask(&["blast", &other]);
    assert!(code == 2 && notes.contains("no active AccessKey `****none`") && !notes.contains(&other), "{notes}");
    let (code, _, notes) = ask(&["blast", "key/****"]);
    assert!(code == 2 && notes.contains("last four characters"), "{notes}");
    let (code, _, notes) = ask(&["can", &id, "oss:GetObject"]);
    assert!(code == 2 && notes.contains("looks like a credential") && !notes.contains(&id), "{notes}");
}

#[test]
fn actions_of_sts_on_a_role_ask_its_trust_policy_however_they_are_written() {
    for action in ["sts:AssumeRole", "sts:*", "sts:Assume*"] {
        let (code, answer) = json(&["can", "ci-deployer", action, "--on", "role/lanhai-app"]);
        assert_eq!((code, &answer["verdict"]), (0, &"no".into()), "{action}");
        let (code, answer) = json(&["can", "ci-deployer", action]);
        assert_eq!((code, &answer["verdict"]), (3, &"undecided".into()), "{action}");
    }
    let (_, answer) = json(&["can", "ci-deployer", "*", "--on", "role/lanhai-app"]);
    assert_eq!(answer["verdict"], "yes", "other actions on the role need no word of its trust policy");
    let (code, answer) = json(&["who", "sts:*", "--on", "role/lanhai-app"]);
    assert_eq!((code, &answer["verdict"]), (0, &"no".into()));
}

#[test]
fn a_role_of_another_account_is_not_the_own_role_of_that_name() {
    let foreign = "acs:ram::1000000000000077:role/lanhai-app";
    let (code, answer) = json(&["can", "ci-deployer", "sts:AssumeRole", "--on", foreign]);
    assert_eq!((code, &answer["verdict"]), (3, &"undecided".into()));
    let gaps = answer["entries"][0]["gaps"].to_string();
    assert!(gaps.contains("trust policy of role lanhai-app of account 1000000000000077"), "{gaps}");
    let (code, answer) = json(&["can", "ci-deployer", "ram:GetRole", "--on", foreign]);
    assert_eq!((code, &answer["verdict"]), (0, &"no".into()), "RAM is closed to other accounts");
    let (code, answer) = json(&["can", "li.na", "sts:AssumeRole", "--on", foreign]);
    assert_eq!((code, &answer["verdict"]), (0, &"no".into()), "nothing of its own allows it");
    let (code, answer) = json(&["who", "sts:AssumeRole", "--on", foreign]);
    assert_eq!((code, &answer["verdict"]), (3, &"undecided".into()));
    for own in ["acs:ram::1000000000000001:role/lanhai-app", "acs:ram:*:*:role/lanhai-app", "acs:ram:::role/Lanhai-App"]
    {
        let (_, answer) = json(&["can", "ci-deployer", "sts:AssumeRole", "--on", own]);
        assert_eq!(answer["verdict"], "no", "{own}");
    }
    let stranger = "acs:oss:*:1000000000000077:lanhai-customer-data/x";
    let (code, answer) = json(&["can", "ci-deployer", "oss:GetObject", "--on", stranger]);
    assert_eq!((code, &answer["verdict"]), (3, &"undecided".into()), "no such bucket is in the evidence");
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
fn answers_speak_chinese_and_json_has_its_version() {
    let (code, text, _) = ask(&["can", "ops-wang", "ecs:RunInstances", "--lang", "zh"]);
    assert_eq!(code, 0);
    assert!(text.starts_with("是：user/ops-wang 可以"), "{text}");
    let (_, answer) = json(&["can", "ops-wang", "ecs:RunInstances"]);
    assert_eq!(answer["format"], "xiezhi-answer/1");
    assert_eq!(answer["question"]["kind"], "can");
    assert_eq!(answer["label"], "documentation-based", "no control policy is a documented default");
    let (_, answer) = json(&["can", "ops-wang", "ram:CreateUser"]);
    assert_eq!(answer["label"], "user-provided sanitized evidence", "what it lacks rests on no default");
}

/// A folder with Terraform in it.
fn terraform(text: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("main.tf"), text).unwrap();
    folder
}

const ODD: &str = r#"
resource "alicloud_ram_policy" "p" {
  policy_name     = "p"
  policy_document = jsonencode({ Version = "1", Statement = [
    { Effect = "Allow", Action = ["ecs:RunInstance", "sts:AssumeRole"], Resource = "*" },
    { Effect = "Allow", Action = "ecs:*", Resource = "acs:oss:*:*:b" } ] })
}
resource "alicloud_ram_policy" "bad" {
  policy_name     = "bad"
  policy_document = "{\"Version\":\"1\",\n \"Statement\":[{\"Effect\":\"allow\",\"Action\":\"*\",\"Resource\":\"*\"}]}"
}
resource "alicloud_ram_user" "ann" { name = "ann" }
resource "alicloud_resource_manager_policy_attachment" "a" {
  policy_name       = "p"
  policy_type       = "Custom"
  principal_name    = "ann@1001.onaliyun.com"
  principal_type    = "IMSUser"
  resource_group_id = "rg-1"
}
resource "alicloud_ram_role" "r" {
  role_name                   = "r"
  assume_role_policy_document = jsonencode({ Version = "1", Statement = [
    { Effect = "Allow", Action = "sts:AssumeRole", Principal = { RAM = ["acs:ram::1001:root"] } } ] })
}
resource "alicloud_oss_bucket" "b" {
  bucket = "b"
  policy = jsonencode({ Version = "1", Statement = [
    { Effect = "Allow", Principal = ["2002"], Action = ["oss:GetObject"], Resource = ["acs:oss:*:*:b/*"] } ] })
}
"#;

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
fn rights_at_a_resource_group_are_named_with_it_and_do_not_let_assume_a_role() {
    let folder = terraform(ODD);
    let place = folder.path().to_str().unwrap();
    let (code, text, notes) = ask_of(None, &["who", "ecs:StopInstance", place]);
    assert_eq!(code, 0, "{notes}");
    assert!(text.contains("No: nobody"), "its resource is of another service\n{text}");
    let wide = terraform(&ODD.replace("acs:oss:*:*:b\" }", "acs:ecs:*:*:*\" }"));
    let place = wide.path().to_str().unwrap();
    let (_, text, _) = ask_of(None, &["who", "ecs:StopInstance", place]);
    assert!(text.contains("user/ann: yes") || text.starts_with("Yes: 1 can call"), "{text}");
    assert!(text.contains("only for resources in the resource group `rg-1`"), "{text}");
    let (code, text, _) = ask_of(None, &["can", "ann", "sts:AssumeRole", "--on", "role/r", place]);
    assert!(code == 0 && text.starts_with("No:"), "{text}");
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

/// `AdministratorAccess` is known from the documentation alone, and the way to it passes through the role that has it.
#[test]
fn a_way_to_administrator_is_labelled_by_everything_that_it_passes() {
    let folder = terraform(
        r#"
resource "alicloud_ram_user" "bob" {
  name = "bob"
}
resource "alicloud_ram_group" "all" {
  group_name = "all"
}
resource "alicloud_ram_group_membership" "all" {
  group_name = alicloud_ram_group.all.id
  user_names = [alicloud_ram_user.bob.name]
}
resource "alicloud_ram_group_policy_attachment" "all" {
  group_name  = alicloud_ram_group.all.id
  policy_name = alicloud_ram_policy.start.policy_name
  policy_type = "Custom"
}
data "alicloud_ram_policy_document" "start" {
  statement {
    action   = ["ecs:RunInstances", "ram:PassRole"]
    resource = ["*"]
  }
}
resource "alicloud_ram_policy" "start" {
  policy_name     = "start"
  policy_document = data.alicloud_ram_policy_document.start.document
}
resource "alicloud_ram_user_policy_attachment" "bob" {
  policy_name = alicloud_ram_policy.start.policy_name
  policy_type = "Custom"
  user_name   = alicloud_ram_user.bob.name
}
data "alicloud_ram_policy_document" "ecs" {
  statement {
    action = ["sts:AssumeRole"]
    principal {
      entity      = "Service"
      identifiers = ["ecs.aliyuncs.com"]
    }
  }
}
resource "alicloud_ram_role" "admin" {
  role_name                   = "admin"
  assume_role_policy_document = data.alicloud_ram_policy_document.ecs.document
}
resource "alicloud_ram_role_policy_attachment" "admin" {
  role_name   = alicloud_ram_role.admin.id
  policy_name = "AdministratorAccess"
  policy_type = "System"
}
"#,
    );
    let path = folder.path().to_str().unwrap();
    let asked = |args: &[&str]| {
        let (code, text, notes) = ask_of(None, &[args, &[path, "--format", "json"]].concat());
        assert_eq!(code, 0, "{notes}");
        serde_json::from_str::<Value>(&text).unwrap()
    };
    let answer = asked(&["escalate", "--from", "bob"]);
    assert_eq!((&answer["verdict"], &answer["label"]), (&"yes".into(), &"documentation-based".into()));
    let answer = asked(&["can", "bob", "ecs:RunInstances"]);
    assert_eq!((&answer["verdict"], &answer["label"]), (&"yes".into(), &"user-provided sanitized evidence".into()));
}
