//! `xiezhi ask` of configurations and templates that mean their own account without its id (`data.alicloud_account`,
//! `ALIYUN::TenantId`), name roles by their ARN, or grant by Resource Management.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod asking;

use asking::{run, terraform};
use serde_json::{Value, json};

/// A folder with a ROS template in it.
fn stack(resources: &Value) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let template = json!({"ROSTemplateFormatVersion": "2015-09-01", "Resources": resources});
    std::fs::write(folder.path().join("stack.json"), template.to_string()).unwrap();
    folder
}

fn says(folder: &tempfile::TempDir, args: &[&str], start: &str) -> String {
    let (_, text, notes) = run(&[args, &[folder.path().to_str().unwrap()]].concat());
    assert!(text.starts_with(start), "{args:?}: {text}{notes}");
    text
}

/// A user that may assume roles, a role that trusts the own account and one that trusts the first role by its ARN.
const CHAIN: &str = r#"
data "alicloud_account" "this" {}
data "alicloud_caller_identity" "me" {}
locals { owner = data.alicloud_account.this.id }
resource "alicloud_ram_user" "ann" { name = "ann" }
resource "alicloud_ram_policy" "p" {
  policy_name     = "p"
  policy_document = jsonencode({ Version = "1", Statement = [
    { Effect = "Allow", Action = "sts:AssumeRole", Resource = "acs:ram::${local.owner}:role/*" } ] })
}
resource "alicloud_ram_user_policy_attachment" "a" {
  user_name   = alicloud_ram_user.ann.name
  policy_name = alicloud_ram_policy.p.id
  policy_type = alicloud_ram_policy.p.type
}
resource "alicloud_ram_role" "first" {
  role_name                   = "first"
  assume_role_policy_document = <<-EOF
    { "Version": "1", "Statement": [ { "Effect": "Allow", "Action": "sts:AssumeRole",
      "Principal": { "RAM": [ "acs:ram::${data.alicloud_caller_identity.me.account_id}:root" ] } } ] }
  EOF
}
resource "alicloud_ram_role_policy_attachment" "b" {
  role_name   = alicloud_ram_role.first.id
  policy_name = alicloud_ram_policy.p.policy_name
  policy_type = "Custom"
}
resource "alicloud_ram_role" "second" {
  role_name                   = "second"
  assume_role_policy_document = jsonencode({ Version = "1", Statement = [
    { Effect = "Allow", Action = "sts:AssumeRole", Principal = { RAM = [alicloud_ram_role.first.arn] } } ] })
}
resource "alicloud_ram_role_policy_attachment" "c" {
  role_name   = alicloud_ram_role.second.role_name
  policy_name = "AdministratorAccess"
  policy_type = "System"
}
"#;

#[test]
fn the_own_account_is_one_account_whether_or_not_somebody_says_which() {
    let folder = terraform(CHAIN);
    for account in [&["--account", "1000000000001001"][..], &[]] {
        let of = |args: &[&str], start: &str| says(&folder, &[args, account].concat(), start);
        of(&["can", "ann", "sts:AssumeRole", "--on", "role/first"], "Yes");
        of(&["can", "ann", "sts:AssumeRole", "--on", "role/second"], "No");
        of(&["public", "role/first"], "No");
        let text = of(&["escalate", "--from", "ann"], "Yes");
        assert!(text.contains("role/first") && text.contains("role/second"), "{text}");
    }
    let by_arn = &["can", "acs:ram::1000000000001001:user/ann", "sts:AssumeRole", "--on", "role/first"];
    says(&folder, by_arn, "Yes");
}

#[test]
fn ids_beside_the_own_account_are_taken_for_others_and_the_answer_says_so() {
    let folder =
        terraform(&CHAIN.replace(
            "[alicloud_ram_role.first.arn]",
            "[alicloud_ram_role.first.arn, \"acs:ram::2000000000002002:root\"]",
        ));
    let text = says(&folder, &["can", "ann", "sts:AssumeRole", "--on", "role/second"], "No");
    assert!(text.contains("accounts that it names by id are other accounts"), "{text}");
    assert!(text.contains("Evidence label: inference"), "{text}");
    // Whoever owns it, somebody whom the policy names gets in; without the owner's id nobody can tell whether from outside.
    let stated = &["public", "role/second", "--account", "1000000000001001"];
    says(&folder, stated, "Yes");
}

#[test]
fn another_provider_s_account_is_not_the_own_one() {
    let elsewhere = CHAIN.replace("\"this\" {}", "\"this\" { provider = alicloud.other }");
    says(&terraform(&elsewhere), &["can", "ann", "sts:AssumeRole", "--on", "role/first"], "Undecided");
}

#[test]
fn no_other_text_takes_the_stand_in_for_the_account_s_id_for_a_fact() {
    let folder = terraform(
        r#"
data "alicloud_account" "this" {}
resource "alicloud_oss_bucket" "logs" {
  bucket = "logs-${data.alicloud_account.this.id}"
  policy = jsonencode({ Version = "1", Statement = [
    { Effect = "Allow", Principal = [data.alicloud_account.this.id], Action = ["oss:GetObject"], Resource = ["acs:oss:*:*:*/*"] } ] })
}
resource "alicloud_oss_bucket" "copies" {
  count  = data.alicloud_account.this.id == "1000000000001001" ? 1 : 0
  bucket = "copies"
}
"#,
    );
    let path = folder.path().to_str().unwrap();
    let (_, text, _) = run(&["public", "alicloud_oss_bucket.logs", path]);
    assert!(text.starts_with("No"), "{text}");
    let review = std::process::Command::new(env!("CARGO_BIN_EXE_xiezhi"))
        .env("LC_ALL", "C")
        .args(["review", "--format", "json", path])
        .output()
        .unwrap();
    let text = String::from_utf8(review.stdout).unwrap();
    assert!(!text.contains("logs-owner-not-known"), "the bucket's name is not known");
    assert!(text.contains("copies"), "whether there is a second bucket is not known");
}

#[test]
fn policies_in_files_beside_a_configuration_are_read_as_it_reads_them() {
    let with = |document: &str, name: &str, text: &str| {
        let folder = terraform(&format!(
            r#"
data "alicloud_account" "this" {{}}
resource "alicloud_ram_user" "ann" {{ name = "ann" }}
resource "alicloud_ram_policy" "p" {{
  policy_name     = "p"
  policy_document = {document}
}}
resource "alicloud_ram_user_policy_attachment" "a" {{
  user_name   = alicloud_ram_user.ann.name
  policy_name = alicloud_ram_policy.p.policy_name
  policy_type = "Custom"
}}
"#
        ));
        std::fs::create_dir(folder.path().join("policies")).unwrap();
        std::fs::write(folder.path().join("policies").join(name), text).unwrap();
        folder
    };
    let policy = |account: &str| {
        format!(
            r#"{{"Version":"1","Statement":[{{"Effect":"Allow","Action":"ecs:*","Resource":"acs:ecs:*:{account}:*"}}]}}"#
        )
    };
    let plain = with(r#"file("${path.module}/policies/p.json")"#, "p.json", &policy("*"));
    says(&plain, &["can", "ann", "ecs:RunCommand"], "Yes");
    let filled = r#"templatefile("policies/p.tftpl", { account = data.alicloud_account.this.id })"#;
    says(&with(filled, "p.tftpl", &policy("${account}")), &["can", "ann", "ecs:RunCommand"], "Yes");
    says(&with(filled, "p.tftpl", &policy("${other}")), &["can", "ann", "ecs:RunCommand"], "Undecided");
    says(&with(filled, "other.tftpl", &policy("*")), &["can", "ann", "ecs:RunCommand"], "Undecided");
}

#[test]
fn a_function_carries_the_role_that_its_arn_names() {
    let folder = terraform(&format!(
        "{CHAIN}\nresource \"alicloud_fcv3_function\" \"f\" {{\n  function_name = \"f\"\n  runtime = \"python3.10\"\n  handler = \
         \"i.h\"\n  role = alicloud_ram_role.second.arn\n}}\n"
    ));
    says(&folder, &["escalate", "--from", "function/f"], "Yes");
}

#[test]
fn a_grant_by_resource_management_reaches_its_principal_and_its_group_alone() {
    let grant = |scope: &str| {
        format!(
            r#"
data "alicloud_account" "this" {{}}
resource "alicloud_ram_user" "ann" {{ name = "ann" }}
resource "alicloud_ram_user" "bob" {{ name = "bob" }}
resource "alicloud_resource_manager_resource_group" "g" {{ resource_group_name = "g" }}
resource "alicloud_resource_manager_policy_attachment" "a" {{
  policy_name       = "AdministratorAccess"
  policy_type       = "System"
  principal_name    = format("%s@%s.onaliyun.com", alicloud_ram_user.ann.name, data.alicloud_account.this.id)
  principal_type    = "IMSUser"
  resource_group_id = {scope}
}}
"#
        )
    };
    let whole = terraform(&grant("data.alicloud_account.this.id"));
    says(&whole, &["can", "ann", "ram:CreateUser"], "Yes");
    says(&whole, &["can", "bob", "ram:CreateUser"], "No");
    let group = terraform(&grant("alicloud_resource_manager_resource_group.g.id"));
    says(&group, &["can", "ann", "ram:CreateUser"], "No");
    says(&group, &["can", "bob", "ecs:RunInstances"], "No");
}

#[test]
fn a_template_s_own_account_and_its_organisation_are_read() {
    let resources = json!({
        "Ann": {"Type": "ALIYUN::RAM::User", "Properties": {"UserName": "ann"}},
        "Bob": {"Type": "ALIYUN::RAM::User", "Properties": {"UserName": "bob"}},
        "Give": {"Type": "ALIYUN::ResourceManager::PolicyAttachment", "Properties": {
            "PolicyName": "AdministratorAccess", "PolicyType": "System", "PrincipalType": "IMSUser",
            "PrincipalName": {"Fn::Sub": "${Ann.UserName}@${ALIYUN::TenantId}.onaliyun.com"},
            "ResourceGroupId": {"Ref": "ALIYUN::TenantId"}}},
        "Role": {"Type": "ALIYUN::RAM::Role", "Properties": {"RoleName": "r", "AssumeRolePolicyDocument": {
            "Version": "1", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {
                "RAM": [{"Fn::Join": ["", ["acs:ram::", {"Ref": "ALIYUN::TenantId"}, ":root"]]}]}}]}}},
    });
    let folder = stack(&resources);
    says(&folder, &["can", "ann", "sts:AssumeRole", "--on", "role/r"], "Yes");
    says(&folder, &["can", "bob", "ecs:RunInstances"], "No");
    says(&folder, &["public", "role/r"], "No");
    let mut controlled = resources;
    controlled["Guard"] = json!({"Type": "ALIYUN::ResourceManager::ControlPolicy", "Properties": {
        "ControlPolicyName": "guard", "EffectScope": "RAM",
        "PolicyDocument": r#"{"Version":"1","Statement":[{"Effect":"Deny","Action":"ecs:*","Resource":"*"}]}"#}});
    controlled["Over"] = json!({"Type": "ALIYUN::ResourceManager::ControlPolicyAttachment", "Properties": {
        "PolicyId": {"Fn::GetAtt": ["Guard", "PolicyId"]}, "TargetId": "fd-1"}});
    says(&stack(&controlled), &["can", "ann", "ecs:RunInstances"], "Undecided");
}

#[test]
fn what_a_template_leaves_open_of_its_grants_is_open() {
    let of = |extra: Value| {
        let mut resources = json!({"Ann": {"Type": "ALIYUN::RAM::User", "Properties": {"UserName": "ann"}}});
        resources.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        stack(&resources)
    };
    let policy = |users: Value| {
        json!({"P": {"Type": "ALIYUN::RAM::ManagedPolicy", "Properties": {"PolicyName": "p", "Users": users,
            "PolicyDocument": {"Version": "1", "Statement": [{"Effect": "Allow", "Action": "oss:*", "Resource": "*"}]},
            "PolicyDocumentUnchecked": {"Version": "1", "Statement": [{"Effect": "Allow", "Action": "ecs:*", "Resource": "*"}]}}}})
    };
    // Source: ROS documentation: `PolicyDocument` is ignored where the unchecked one is given.
    let named = of(policy(json!(["ann"])));
    says(&named, &["can", "ann", "ecs:RunInstances"], "Yes");
    says(&named, &["can", "ann", "oss:GetBucketAcl"], "No");
    let open = of(policy(json!({"Ref": "WhoEver"})));
    says(&open, &["can", "ann", "ecs:RunInstances"], "Undecided");
    let inner =
        json!({"Bob": {"Type": "ALIYUN::RAM::User", "Properties": {"UserName": "bob", "Policies": {"Ref": "Rights"}}}});
    says(&of(inner), &["can", "bob", "ecs:RunInstances"], "Undecided");
}
