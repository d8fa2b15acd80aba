//! `xiezhi ask can|who|what|escalate|blast` over the bundled estate: answers, proofs, exit codes, both languages, JSON.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod asking;

use asking::{ODD, ask, ask_of, json, run, terraform};
use serde_json::Value;

#[test]
fn an_answer_says_where_the_policies_stand_that_decide() {
    let (_, text, _) = ask(&["can", "ops-wang", "ecs:RunInstances"]);
    let place = text.split("Where these policies stand:").nth(1).unwrap();
    assert!(place.contains("`lanhai-ops`: ram:GetPolicy, request 4F2C9D1E-0000-4000-8000-000000000034"), "{text}");
    let folder = terraform(
        r#"
resource "alicloud_oss_bucket" "b" {
  bucket = "b"
  policy = jsonencode({ Version = "1", Statement = [
    { Effect = "Allow", Principal = ["*"], Action = ["oss:GetObject"], Resource = ["acs:oss:*:*:b/*"] } ] })
}
"#,
    );
    let path = folder.path().to_str().unwrap();
    let (_, text, _) = run(&["public", "b", path, "--format", "json"]);
    let answer: Value = serde_json::from_str(&text).unwrap();
    let placed = &answer["policies"][0];
    assert_eq!((&placed["policy"], &placed["label"]), (&"bucket/b".into(), &"user-provided sanitized evidence".into()));
    assert!(placed["source"].as_str().unwrap().ends_with("main.tf:4"), "{placed}");
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

/// A user with a system policy of which no page is known.
const UNSHOWN: &str = r#"
resource "alicloud_ram_user" "ops" { name = "ops" }
resource "alicloud_ram_user_policy_attachment" "unshown" {
  user_name   = alicloud_ram_user.ops.name
  policy_name = "AliyunNoPageAccess"
  policy_type = "System"
}
"#;

#[test]
fn a_user_whose_system_policy_has_no_text_is_undecided_and_says_so() {
    let folder = terraform(UNSHOWN);
    let path = folder.path().to_str().unwrap();
    let (code, text, _) = run(&["can", "ops", "ecs:RunInstances", path]);
    assert_eq!(code, 3);
    assert!(text.starts_with("Undecided:") && text.contains("policy AliyunNoPageAccess"), "{text}");
    assert!(run(&["who", "ram:CreateUser", path]).1.contains("user/ops: undecided"));
    let (_, text, _) = run(&["escalate", path, "--format", "json"]);
    let answer: Value = serde_json::from_str(&text).unwrap();
    let part = &answer["entries"][0];
    assert_eq!((&part["subject"], &part["verdict"]), (&"user/ops".into(), &"undecided".into()), "{answer}");
}

#[test]
fn a_role_with_the_read_only_policy_changes_nothing_by_its_description_and_reads_what_its_text_says() {
    for part in ["api", "terraform"] {
        let of = |action: &str| ask_of(Some(part), &["can", "vendor-audit", action]);
        let (code, text, _) = of("ecs:RunInstances");
        assert!(code == 0 && text.starts_with("No: role/vendor-audit cannot call ecs:RunInstances"), "{part}: {text}");
        let (_, text, _) = of("ecs:DescribeInstances");
        assert!(text.starts_with("Yes") && text.contains("Evidence label: documentation-based"), "{part}: {text}");
        let (code, text, _) = of("ram:GenerateCredentialReport");
        assert!(code == 3 && text.contains("policy ReadOnlyAccess"), "{part}: {text}");
    }
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
fn who_names_every_principal_that_can() {
    for part in ["api", "terraform"] {
        let (code, text, notes) = ask_of(Some(part), &["who", "ram:CreateUser"]);
        assert_eq!(code, 0, "{notes}");
        assert!(text.contains("user/ci-deployer: yes"), "{part}: {text}");
        assert!(!text.contains("user/ops-wang") && !text.contains("vendor-audit"), "{part}: {text}");
    }
}

#[test]
fn who_can_use_a_resource_counts_those_outside_the_account() {
    let (_, text, _) = ask(&["who", "sts:AssumeRole", "--on", "role/vendor-audit"]);
    assert!(text.contains("someone of another account: yes"), "{text}");
    assert!(text.contains("proof: acs:ram::1000000000000099:"), "{text}");
    let folder = terraform(
        r#"
resource "alicloud_oss_bucket" "b" {
  bucket = "b"
  policy = jsonencode({ Version = "1", Statement = [
    { Effect = "Allow", Principal = ["*"], Action = ["oss:GetObject"], Resource = ["acs:oss:*:*:b/*"] } ] })
}
"#,
    );
    let path = folder.path().to_str().unwrap();
    let of = |action: &str| run(&["who", action, "--on", "oss://b/k", path]).1;
    let (read, write) = (of("oss:GetObject"), of("oss:PutObject"));
    assert!(read.contains("anyone, named or not: yes") && !read.contains("another account"), "{read}");
    assert!(!write.contains("anyone, named or not: yes"), "{write}");
    // Copying also reads a source, which the question does not name: of outsiders nothing is said.
    let (code, copy, notes) = run(&["who", "oss:CopyObject", "--on", "oss://b/new", path]);
    assert!(code != 2 && !copy.contains("anyone, named or not"), "{copy}{notes}");
}

#[test]
fn a_system_policy_that_code_only_names_grants_what_its_page_says_unless_another_version_is_in_force() {
    let folder = terraform(
        r#"
resource "alicloud_ram_user" "ops" { name = "ops" }
resource "alicloud_ram_user_policy_attachment" "ro" {
  user_name   = alicloud_ram_user.ops.name
  policy_name = "AliyunOSSReadOnlyAccess"
  policy_type = "System"
}
"#,
    );
    let path = folder.path().to_str().unwrap();
    let (_, read, _) = run(&["can", "ops", "oss:GetObject", path]);
    assert!(read.starts_with("Yes") && read.contains("aliyunossreadonlyaccess (v1, 2017-08-17)"), "{read}");
    assert!(run(&["can", "ops", "oss:PutObject", path]).1.starts_with("No"));
    // The service changes system policies: their lists say the version, and so do the answers about their holders.
    let listed = |version: &str, with_list: bool| {
        let folder = tempfile::tempdir().unwrap();
        let policy =
            format!(r#"{{"PolicyName":"AliyunOSSReadOnlyAccess","PolicyType":"System","DefaultVersion":"{version}"}}"#);
        for (name, text) in [
            ("ram-ListUsers", r#"{"IsTruncated":false,"Users":{"User":[{"UserName":"ops","UserId":"1"}]}}"#.to_owned()),
            ("ram-ListPoliciesForUser-ops", format!(r#"{{"Policies":{{"Policy":[{policy}]}}}}"#)),
            ("ram-ListGroupsForUser-ops", r#"{"Groups":{"Group":[]}}"#.to_owned()),
            ("ram-ListPolicies", format!(r#"{{"IsTruncated":false,"Policies":{{"Policy":[{policy}]}}}}"#)),
        ] {
            if name == "ram-ListPolicies" && !with_list {
                continue;
            }
            std::fs::write(folder.path().join(format!("{name}.json")), text).unwrap();
        }
        run(&["can", "ops", "oss:GetObject", folder.path().to_str().unwrap()])
    };
    for with_list in [true, false] {
        for (version, start) in [("v1", "Yes"), ("v2", "Undecided")] {
            let (_, text, notes) = listed(version, with_list);
            assert!(text.starts_with(start), "{version} {with_list}: {text}{notes}");
        }
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
fn escalation_names_the_administrator_and_nobody_who_cannot_become_one() {
    let (code, answer) = json(&["escalate"]);
    assert_eq!(code, 0);
    let parts = answer["entries"].as_array().unwrap();
    let of = |name: &str| parts.iter().find(|part| part["subject"] == name).map(|part| part["verdict"].clone());
    assert_eq!(of("user/ci-deployer"), Some("yes".into()));
    assert_eq!(of("role/vendor-audit"), None);
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
    // Code says nothing of a directory over the account: that there is none is the documented default, of which a "no" is free.
    let answer = asked(&["can", "bob", "ecs:RunInstances"]);
    assert_eq!((&answer["verdict"], &answer["label"]), (&"yes".into(), &"documentation-based".into()));
    assert_eq!(answer["assumptions"][0], "no_control_policy");
    let answer = asked(&["can", "bob", "ecs:StopInstance"]);
    assert_eq!((&answer["verdict"], &answer["label"]), (&"no".into(), &"user-provided sanitized evidence".into()));
    assert_eq!(answer["assumptions"], serde_json::json!([]));
}

#[test]
fn a_session_policy_narrows_what_the_role_can_do_and_a_user_has_none() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("session.json");
    let text = r#"{"Version":"1","Statement":[{"Effect":"Allow","Action":["oss:GetObject","ecs:*"],"Resource":"*"}]}"#;
    std::fs::write(&file, text).unwrap();
    let session = file.to_str().unwrap();
    let of_role = |action: &str| {
        let on = ["--on", "oss://lanhai-customer-data/x", "--session", session];
        json(&[&["can", "role/lanhai-app", action], &on[..]].concat()).1["verdict"].clone()
    };
    assert_eq!((of_role("oss:GetObject"), of_role("oss:PutObject")), ("yes".into(), "no".into()));
    // What the role itself does not hold the session does not give.
    assert_eq!(json(&["can", "role/lanhai-app", "ecs:RunInstances", "--session", session]).1["verdict"], "no");
    let (_, said, _) = ask(&["can", "role/lanhai-app", "oss:PutObject", "--session", session, "--lang", "zh"]);
    assert!(said.starts_with("否：role/lanhai-app 在会话策略 `"), "{said}");
    let (code, _, notes) = ask(&["can", "user/li.na", "oss:GetObject", "--session", session]);
    assert!(code == 2 && notes.contains("`user/li.na` is a user"), "{code} {notes}");
}
