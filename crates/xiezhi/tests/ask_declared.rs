//! `xiezhi ask` of what a configuration declares and nobody has made: resources without ids, trust in identity providers,
//! policies of evidence that names no account.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod asking;

use asking::{ask_of, run, scratch, terraform};

const ACCOUNT: &str = "1000000000001001";

/// A user, what it may do where, and a declared instance that carries an administrator's role.
fn with_instance(action: &str, resource: &str) -> tempfile::TempDir {
    terraform(&format!(
        r#"
resource "alicloud_ram_user" "ann" {{ name = "ann" }}
resource "alicloud_ram_policy" "p" {{
  policy_name     = "p"
  policy_document = jsonencode({{ Version = "1", Statement = [{{ Effect = "Allow", Action = "{action}", Resource = "{resource}" }}] }})
}}
resource "alicloud_ram_user_policy_attachment" "a" {{
  user_name   = alicloud_ram_user.ann.name
  policy_name = alicloud_ram_policy.p.policy_name
  policy_type = "Custom"
}}
resource "alicloud_ram_role" "boss" {{
  role_name                   = "boss"
  assume_role_policy_document = jsonencode({{ Version = "1", Statement = [
    {{ Effect = "Allow", Action = "sts:AssumeRole", Principal = {{ Service = ["ecs.aliyuncs.com"] }} }}] }})
}}
resource "alicloud_ram_role_policy_attachment" "b" {{
  role_name   = alicloud_ram_role.boss.role_name
  policy_name = "AdministratorAccess"
  policy_type = "System"
}}
resource "alicloud_instance" "i" {{ role_name = alicloud_ram_role.boss.id }}
"#
    ))
}

#[test]
fn a_grant_on_one_instance_may_be_on_a_declared_one_whose_id_is_not_known() {
    let of = |resource: &str| {
        let folder = with_instance("ecs:RunCommand", resource);
        run(&["escalate", "--from", "ann", folder.path().to_str().unwrap(), "--account", ACCOUNT]).1
    };
    assert!(of("acs:ecs:*:*:instance/*").starts_with("Yes"));
    let one = of("acs:ecs:*:*:instance/i-bp1example");
    assert!(one.starts_with("Undecided") && one.contains("id of alicloud_instance.i"), "{one}");
    assert!(of("acs:ecs:*:*:disk/*").starts_with("No"));
}

#[test]
fn a_resource_without_an_id_is_asked_by_its_address() {
    let key = |principal: &str| {
        terraform(&format!(
            r#"
resource "alicloud_kms_key" "k" {{
  policy = jsonencode({{ Version = "1", Statement = [
    {{ Effect = "Allow", Principal = {{ RAM = ["{principal}"] }}, Action = ["kms:*"], Resource = ["*"] }}] }})
}}
"#
        ))
    };
    let of = |principal: &str| {
        let folder = key(principal);
        run(&["public", "alicloud_kms_key.k", folder.path().to_str().unwrap(), "--account", ACCOUNT]).1
    };
    let own = of(&format!("acs:ram::{ACCOUNT}:*"));
    assert!(own.starts_with("No: nobody outside the account can use key/alicloud_kms_key.k"), "{own}");
    assert!(of("acs:ram::2000000000002002:*").starts_with("Yes"));
}

#[test]
fn the_policies_of_evidence_that_names_no_account_are_those_of_the_account_that_is_asked_about() {
    let folder = with_instance("ecs:RunComand", "*");
    let path = folder.path().to_str().unwrap();
    for args in [&["lint", path, "--account", ACCOUNT][..], &["lint", path]] {
        let (_, text, notes) = run(args);
        assert!(text.contains("did you mean `ecs:RunCommand`"), "{text}{notes}");
    }
    // Evidence of another account has no such policies.
    let (code, _, notes) = ask_of(Some("api"), &["lint", "--account", ACCOUNT]);
    assert!(code == 2 && notes.contains("no account"), "{notes}");
}

#[test]
fn an_identity_provider_lets_in_whom_it_vouches_for_and_the_answer_says_whom_that_counts() {
    let of = |condition: &str, provider: &str| {
        let file = scratch(&format!(
            r#"{{"Version":"1","Statement":[{{"Effect":"Allow","Action":"sts:AssumeRole",
                "Principal":{{"Federated":["acs:ram::{ACCOUNT}:{provider}"]}},"Condition":{{"StringEquals":{{{condition}}}}}}}]}}"#
        ));
        let path = file.path().to_str().unwrap();
        ask_of(None, &["public", path, "--policy-of", "role", "--account", ACCOUNT]).1
    };
    let loose = of(r#""oidc:aud":"sts""#, "oidc-provider/ci");
    assert!(loose.starts_with("Yes") && loose.contains("does not fix `oidc:sub`"), "{loose}");
    let fixed = of(r#""oidc:aud":"sts","oidc:sub":"repo:acme/site:ref:refs/heads/main""#, "oidc-provider/ci");
    assert!(fixed.starts_with("No") && fixed.contains("vouches for is not counted as outside"), "{fixed}");
    let saml = of(r#""saml:recipient":"https://signin.aliyun.com/saml-role/sso""#, "saml-provider/idp");
    assert!(saml.starts_with("No") && saml.contains("vouches for is not counted as outside"), "{saml}");
}

#[test]
fn what_stands_in_place_of_an_unreadable_element_is_no_remark() {
    let lint = |statement: &str, kind: &str| {
        let file = scratch(&format!(r#"{{"Version":"1","Statement":[{{{statement}}}]}}"#));
        ask_of(None, &["lint", file.path().to_str().unwrap(), "--policy-of", kind]).1
    };
    let text = lint(r#""Effect":"Allow","Resource":"*""#, "identity");
    assert!(text.contains("exactly one of `Action`") && !text.contains("grants all actions"), "{text}");
    let trust = r#""Effect":"Allow","Action":"sts:AssumeRole","Principal":{"AWS":["arn:aws:iam::1:root"]}"#;
    let text = lint(trust, "role");
    assert!(text.contains("`Principal` has not the form") && !text.contains("everyone may assume"), "{text}");
}

#[test]
fn a_proof_names_a_resource_of_the_account_that_is_asked_about() {
    let folder = with_instance("ecs:RunCommand", "*");
    let (_, text, _) = run(&["who", "ecs:RunCommand", folder.path().to_str().unwrap(), "--account", ACCOUNT]);
    assert!(text.contains(&format!("ecs:RunCommand acs:ecs:cn-hangzhou:{ACCOUNT}:")), "{text}");
}

#[test]
fn who_gets_into_a_bucket_is_said_of_that_bucket_and_proven_in_it() {
    let folder = terraform(
        r#"
resource "alicloud_oss_bucket" "speaks_of_another" {
  bucket = "mine-a"
  policy = jsonencode({ Version = "1", Statement = [
    { Effect = "Allow", Principal = ["*"], Action = ["oss:GetObject"], Resource = ["acs:oss:*:*:other-b/*"] }] })
}
resource "alicloud_oss_bucket" "by_acl" { bucket = "mine-c" }
resource "alicloud_oss_bucket_acl" "c" {
  bucket = "mine-c"
  acl    = "public-read"
}
resource "alicloud_oss_bucket" "made_up_name" {
  policy = jsonencode({ Version = "1", Statement = [
    { Effect = "Allow", Principal = ["*"], Action = ["oss:GetObject"], Resource = ["acs:oss:*:*:other-b/*"] }] })
}
resource "alicloud_log_project" "p" {
  project_name = "mine-p"
  policy = jsonencode({ Version = "1", Statement = [
    { Effect = "Allow", Principal = ["*"], Action = ["log:GetLogStoreLogs"], Resource = ["acs:log:*:*:project/other-p/*"] }] })
}
"#,
    );
    let of = |resource: &str| run(&["public", resource, folder.path().to_str().unwrap(), "--account", ACCOUNT]).1;
    let another = of("mine-a");
    assert!(another.starts_with("No: nobody outside") && another.contains("It does not count as public"), "{another}");
    let open = of("mine-c");
    assert!(open.contains("anyone, named or not: yes\n  proof: anonymous oss:GetObject"), "{open}");
    assert!(open.contains(":root oss:GetObject"), "{open}");
    let proofs: Vec<&str> = open.lines().filter(|line| line.contains("proof:")).collect();
    assert!(proofs.len() == 2 && proofs.iter().all(|line| line.contains(":mine-c/")), "{open}");
    let unnamed = of("alicloud_oss_bucket.made_up_name");
    assert!(unnamed.starts_with("Undecided") && unnamed.contains("name of the bucket"), "{unnamed}");
    assert!(of("project/mine-p").starts_with("No: nobody outside"));
}
