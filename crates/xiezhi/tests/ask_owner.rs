//! `xiezhi ask` over evidence that does not say whose it is: a configuration that names accounts, one of which may be its own.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod asking;

use asking::{run, terraform};
use serde_json::Value;

/// A user who may assume roles, roles that trust an account, a user of it, two accounts, and a bucket open to one of them.
const NAMELESS: &str = r#"
resource "alicloud_ram_user" "eve" { name = "eve" }
resource "alicloud_ram_policy" "assume" {
  policy_name     = "assume"
  policy_document = jsonencode({ Version = "1", Statement = [
    { Effect = "Allow", Action = "sts:AssumeRole", Resource = "acs:ram::1234567890123456:role/*" },
    { Effect = "Allow", Action = "oss:GetObject", Resource = "*" } ] })
}
resource "alicloud_ram_user_policy_attachment" "eve" {
  policy_name = alicloud_ram_policy.assume.policy_name
  policy_type = alicloud_ram_policy.assume.type
  user_name   = alicloud_ram_user.eve.name
}
resource "alicloud_ram_role" "all" {
  role_name                   = "all"
  assume_role_policy_document = jsonencode({ Version = "1", Statement = [
    { Effect = "Allow", Action = "sts:AssumeRole", Principal = { RAM = ["acs:ram::1234567890123456:root"] } } ] })
}
resource "alicloud_ram_role" "both" {
  role_name                   = "both"
  assume_role_policy_document = jsonencode({ Version = "1", Statement = [
    { Effect = "Allow", Action = "sts:AssumeRole",
      Principal = { RAM = ["acs:ram::1234567890123456:root", "acs:ram::2345678901234567:root"] } } ] })
}
resource "alicloud_ram_role" "machines" {
  role_name                   = "machines"
  assume_role_policy_document = jsonencode({ Version = "1", Statement = [
    { Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = ["ecs.aliyuncs.com"] } } ] })
}
resource "alicloud_ram_role_policy_attachment" "all" {
  policy_name = "AdministratorAccess"
  policy_type = "System"
  role_name   = alicloud_ram_role.all.role_name
}
resource "alicloud_oss_bucket" "b" { bucket = "shared" }
resource "alicloud_oss_bucket_policy" "b" {
  bucket = alicloud_oss_bucket.b.bucket
  policy = jsonencode({ Version = "1", Statement = [
    { Effect = "Allow", Action = ["oss:GetObject"], Principal = ["2345678901234567"],
      Resource = ["acs:oss:*:*:shared/*"] } ] })
}
"#;

const QUESTIONS: &[&[&str]] = &[
    &["can", "eve", "sts:AssumeRole", "--on", "role/all"],
    &["can", "eve", "sts:AssumeRole", "--on", "role/both"],
    &["can", "eve", "sts:AssumeRole", "--on", "role/machines"],
    &["can", "role/all", "sts:AssumeRole", "--on", "role/both"],
    &["can", "eve", "oss:GetObject", "--on", "oss://shared/x"],
    &["who", "sts:AssumeRole", "--on", "role/all"],
    &["who", "sts:AssumeRole", "--on", "role/both"],
    &["who", "oss:GetObject", "--on", "oss://shared/x"],
    &["escalate"],
    &["escalate", "--from", "user/eve"],
    &["public", "role/all"],
    &["public", "role/both"],
    &["public", "role/machines"],
    &["public", "shared"],
    &["blast", "user/eve"],
];

fn answer(folder: &str, question: &[&str], account: Option<&str>) -> Value {
    let account = account.map_or(vec![], |id| vec!["--account", id]);
    let (code, text, notes) = run(&[question, &account, &["--format", "json", folder]].concat());
    assert!(matches!(code, 0 | 3), "{notes}");
    serde_json::from_str(&text).unwrap()
}

/// The verdict about a subject; a list of those who can leaves out those who cannot.
fn about<'a>(answer: &'a Value, subject: &str) -> &'a str {
    let entries = answer["entries"].as_array().unwrap();
    entries.iter().find(|one| one["subject"] == subject).map_or("no", |one| one["verdict"].as_str().unwrap())
}

#[test]
fn what_is_said_without_the_owners_id_holds_whoever_the_owner_is() {
    let folder = terraform(NAMELESS);
    let folder = folder.path().to_str().unwrap();
    let (mut open, mut settled) = (0, 0);
    for question in QUESTIONS {
        let nameless = answer(folder, question, None);
        for owner in ["1234567890123456", "2345678901234567", "3456789012345678"] {
            let owned = answer(folder, question, Some(owner));
            let both = nameless["entries"].as_array().unwrap().iter().chain(owned["entries"].as_array().unwrap());
            for subject in both.map(|entry| entry["subject"].as_str().unwrap()) {
                let (without, with) = (about(&nameless, subject), about(&owned, subject));
                assert!(without == "undecided" || without == with, "{question:?} {subject} {owner}: {without}, {with}");
                open += usize::from(without == "undecided");
                settled += usize::from(without != "undecided");
            }
            let (without, with) = (&nameless["verdict"], &owned["verdict"]);
            assert!(without == "undecided" || without == with, "{question:?} {owner}: {without}, {with}");
        }
    }
    assert!(open > 10 && settled > 10, "{open} open, {settled} settled");
}

#[test]
fn an_account_that_a_trust_policy_names_may_be_the_own_one() {
    let folder = terraform(NAMELESS);
    let folder = folder.path().to_str().unwrap();
    let ask = |question: &[&str], owner: Option<&str>| answer(folder, question, owner)["verdict"].clone();
    let assume = ["can", "eve", "sts:AssumeRole", "--on", "role/all"];
    assert_eq!(ask(&assume, None), "undecided");
    assert_eq!(ask(&assume, Some("1234567890123456")), "yes");
    assert_eq!(ask(&assume, Some("3456789012345678")), "no");
    // An ARN says whose the user is.
    assert_eq!(ask(&["can", "acs:ram::1234567890123456:user/eve", "sts:AssumeRole", "--on", "role/all"], None), "yes");
    // Of two accounts one at least is another's.
    assert_eq!(ask(&["public", "role/all"], None), "undecided");
    assert_eq!(ask(&["public", "role/both"], None), "yes");
    assert_eq!(ask(&["public", "role/machines"], None), "no");
    let (_, text, _) = run(&[&assume[..], &[folder]].concat());
    assert!(text.contains("the id of the owner's account: not in the evidence: say it with `--account`"), "{text}");
    let (_, text, _) = run(&[&assume[..], &["--lang", "zh", folder]].concat());
    assert!(text.contains("资源所有者的账号 ID：证据中没有：可用 `--account` 说明"), "{text}");
}

#[test]
fn the_checks_leave_open_what_hangs_on_the_owner() {
    let folder = terraform(NAMELESS);
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_xiezhi"));
    let done = command.args(["review", "--format", "json", "--exit-zero"]).arg(folder.path()).output().unwrap();
    let review: Value = serde_json::from_slice(&done.stdout).unwrap();
    let verdict = |check: &str, address: &str| {
        let all = review["verdicts"].as_array().unwrap();
        all.iter().find(|one| one["check"] == check && one["resource"]["address"] == address).unwrap()["verdict"]
            .clone()
    };
    // Eve becomes administrator through the role when the account is the one that it trusts.
    assert_eq!(verdict("ram-user-escalation", "alicloud_ram_user.eve"), "unknown");
    assert_eq!(verdict("ram-user-admin", "alicloud_ram_user.eve"), "pass");
    assert_eq!(verdict("ram-role-external-trust", "alicloud_ram_role.all"), "unknown");
}
