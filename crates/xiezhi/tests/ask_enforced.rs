//! `xiezhi ask enforced`: whether MFA, TLS or a network is enforced, for all calls and for those signed with an AccessKey.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod asking;

/// `ann` may create users with MFA from 10.0.0.0/8; `bob` may, and a Deny on a false `acs:MFAPresent` stops the console but not
/// an AccessKey, whose calls do not carry the key (R-1.42); `eve` may not; `kim` may delete users under the other spelling
/// without MFA, write objects, and read them over TLS.
const ESTATE: &str = r#"
resource "alicloud_ram_user" "all" {
  for_each = toset(["ann", "bob", "eve", "kim"])
  name     = each.key
}
locals {
  statements = {
    ann = [{ Effect = "Allow", Action = "ram:CreateUser", Resource = "*", Condition = {
      Bool = { "acs:MFAPresent" = "true" }, IpAddress = { "acs:SourceIp" = "10.0.0.0/8" } } }]
    bob = [
      { Effect = "Allow", Action = "ram:CreateUser", Resource = "*" },
      { Effect = "Deny", Action = "*", Resource = "*", Condition = { Bool = { "acs:MFAPresent" = "false" } } }]
    kim = [
      { Effect = "Allow", Action = "ims:DeleteUser", Resource = "*" },
      { Effect = "Allow", Action = "ram:*", Resource = "*", Condition = { Bool = { "acs:MFAPresent" = "true" } } },
      { Effect = "Allow", Action = "oss:PutObject", Resource = "*" },
      { Effect = "Allow", Action = "oss:GetObject", Resource = "*", Condition = { Bool = { "acs:SecureTransport" = "true" } } }]
  }
}
resource "alicloud_ram_policy" "p" {
  for_each        = local.statements
  policy_name     = each.key
  policy_document = jsonencode({ Version = "1", Statement = each.value })
}
resource "alicloud_ram_user_policy_attachment" "p" {
  for_each    = local.statements
  policy_name = alicloud_ram_policy.p[each.key].policy_name
  policy_type = "Custom"
  user_name   = each.key
}
"#;

fn ask(args: &[&str]) -> (i32, String, String) {
    let folder = asking::terraform(ESTATE);
    asking::run(&[&["enforced"], args, &[folder.path().to_str().unwrap()]].concat())
}

#[test]
fn a_safeguard_is_enforced_when_no_allowed_call_goes_without_it() {
    for (args, first) in [
        (&["mfa", "ann", "ram:CreateUser"][..], "Yes: user/ann can call ram:CreateUser on * only with MFA."),
        (&["tls", "ann", "ram:CreateUser"], "No: user/ann can call ram:CreateUser on * without TLS."),
        (&["network", "ann", "ram:*", "--network", "10.0.0.0/8"], "Yes: "),
        (&["network", "ann", "ram:*", "--network", "10.1.0.0/16"], "No: "),
        (&["console-mfa", "bob", "ram:CreateUser"], "Yes: "),
        (&["mfa", "bob", "ram:CreateUser"], "No: "),
        (&["mfa", "bob", "ram:CreateUser", "--access-key"], "No: "),
        (&["mfa", "eve", "ram:CreateUser"], "Yes, for want of the right itself"),
        (&["tls", "ann", "ram:CreateUser", "--access-key"], "Yes, for want of the right itself"),
    ] {
        let (code, text, notes) = ask(args);
        assert_eq!(code, 0, "{args:?}: {notes}");
        assert!(text.starts_with(first), "{args:?}: {text}");
    }
}

#[test]
fn what_gets_by_is_shown_as_a_request_with_the_statement_that_lets_it_in() {
    let (_, text, _) = ask(&["mfa", "bob", "ram:CreateUser"]);
    assert!(text.contains("policy `bob`, statement 1") && text.contains("gets by, for example: "), "{text}");
    let (_, text, _) = ask(&["network", "ann", "ram:CreateUser", "--network", "10.1.0.0/16", "--lang", "zh"]);
    assert!(
        text.starts_with("否：user/ann 不满足“来源地址属于 10.1.0.0/16”") && text.contains("可绕过的例子："),
        "{text}"
    );
    let (_, text, _) = ask(&["network", "ann", "ram:CreateUser", "--network", "10.1.0.0/16", "--format", "json"]);
    let answer: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!((&answer["verdict"], &answer["question"]["kind"]), (&"no".into(), &"enforced".into()));
    let source = answer["entries"][0]["witness"]["keys"]["acs:SourceIp"][0].as_str().unwrap();
    assert!(source.starts_with("10.") && !source.starts_with("10.1."), "{source}");
}

/// A call that documentation says is checked as other actions gets by when all of those do; a right under the other spelling of
/// an action (`ims:` for `ram:`) is a right too.
#[test]
fn other_spellings_and_the_checks_of_a_call_count() {
    let verdict = |args: &[&str]| {
        let (code, text, notes) = ask(&[args, &["--format", "json"]].concat());
        assert!(code == 0 || code == 3, "{args:?}: {notes}");
        let answer: serde_json::Value = serde_json::from_str(&text).unwrap();
        (answer["verdict"].as_str().unwrap().to_owned(), answer["detail"]["possible"].as_str().unwrap().to_owned())
    };
    let said = |verdict: &str, possible: &str| (verdict.to_owned(), possible.to_owned());
    for action in ["ram:DeleteUser", "ram:Delete*", "ram:*"] {
        assert_eq!(verdict(&["mfa", "kim", action]), said("no", "yes"), "{action}");
    }
    // The object is written with TLS or without, and read with TLS only.
    assert_eq!(verdict(&["tls", "kim", "oss:PutObject"]), said("no", "yes"));
    assert_eq!(verdict(&["tls", "kim", "oss:GetObject"]), said("yes", "yes"));
    assert_eq!(verdict(&["tls", "kim", "oss:HeadObject"]), said("yes", "yes"));
    assert_eq!(verdict(&["tls", "kim", "oss:UploadPart"]), said("no", "yes"));
    assert_eq!(verdict(&["tls", "kim", "oss:CopyObject"]), said("yes", "yes"));
    assert_eq!(verdict(&["mfa", "kim", "oss:CopyObject"]), said("no", "yes"));
}

#[test]
fn a_network_must_be_named_and_be_one() {
    let (code, _, notes) = ask(&["network", "ann", "ram:CreateUser"]);
    assert!(code == 2 && notes.contains("--network"), "{notes}");
    let (code, _, notes) = ask(&["network", "ann", "ram:CreateUser", "--network", "office"]);
    assert!(code == 2 && notes.contains("`office` is no range of addresses"), "{notes}");
}
