//! `xiezhi ask` about calls that check several actions or resources (R-2.6): all of them must pass.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod asking;

use serde_json::Value;

/// A Terraform configuration of a user `ann` with one policy of these statements, and what else is in it.
fn estate(statements: &str, more: &str) -> tempfile::TempDir {
    let text = format!(
        r#"
resource "alicloud_ram_user" "ann" {{ name = "ann" }}
resource "alicloud_ram_policy" "p" {{
  policy_name     = "p"
  policy_document = <<EOT
{{"Version":"1","Statement":[{statements}]}}
EOT
}}
resource "alicloud_ram_user_policy_attachment" "a" {{
  user_name   = alicloud_ram_user.ann.name
  policy_name = alicloud_ram_policy.p.policy_name
  policy_type = "Custom"
}}
{more}
"#
    );
    asking::terraform(&text)
}

fn run(folder: &tempfile::TempDir, args: &[&str]) -> (i32, String, String) {
    asking::run(&[args, &[folder.path().to_str().unwrap()]].concat())
}

fn json(folder: &tempfile::TempDir, args: &[&str]) -> Value {
    let mut all = args.to_vec();
    all.extend(["--format", "json"]);
    let (_, text, notes) = run(folder, &all);
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text} {notes}"))
}

fn allow(action: &str, resources: &[&str]) -> String {
    let list: Vec<String> = resources.iter().map(|resource| format!("\"{resource}\"")).collect();
    format!(r#"{{"Effect":"Allow","Action":"{action}","Resource":[{}]}}"#, list.join(","))
}

const ALL_OF_RUN: [&str; 4] =
    ["acs:ecs:*:*:instance/*", "acs:ecs:*:*:image/*", "acs:ecs:*:*:securitygroup/*", "acs:vpc:*:*:vswitch/*"];

fn verdict_of(answer: &Value, action: &str, kind: &str) -> Value {
    let checks = answer["entries"][0]["checks"].as_array().unwrap();
    let of = |check: &&Value| check["action"] == action && check["resource"].as_str().unwrap().contains(kind);
    checks.iter().find(of).unwrap_or_else(|| panic!("{checks:?}"))["verdict"].clone()
}

#[test]
fn an_instance_is_run_only_where_every_resource_of_the_call_is_granted() {
    let all = estate(&allow("ecs:RunInstances", &ALL_OF_RUN), "");
    let answer = json(&all, &["can", "ann", "ecs:RunInstances"]);
    assert_eq!((&answer["verdict"], &answer["entries"][0]["always"]), (&"yes".into(), &"yes".into()), "{answer}");
    assert_eq!(verdict_of(&answer, "ram:PassRole", "role/"), "no", "a role is not needed to run an instance");
    assert_eq!(answer["call"]["checks"].as_array().unwrap().len(), 7);
    for (at, wanted) in [(0, "no"), (1, "no"), (2, "no"), (3, "undecided")] {
        let mut some = ALL_OF_RUN.to_vec();
        let left_out = some.remove(at);
        let without = estate(&allow("ecs:RunInstances", &some), "");
        for question in [["can", "ann", "ecs:RunInstances"].as_slice(), &["who", "ecs:RunInstances"]] {
            let answer = json(&without, question);
            assert_eq!(answer["verdict"], wanted, "{left_out}: {answer}");
        }
    }
}

#[test]
fn the_named_image_of_an_instance_must_be_granted_and_a_named_key_pair_too() {
    let one = estate(
        &allow("ecs:RunInstances", &["acs:ecs:*:*:instance/*", "acs:ecs:*:*:image/m-1", ALL_OF_RUN[2], ALL_OF_RUN[3]]),
        "",
    );
    let ask = |with: &[&str]| {
        let mut args = vec!["can", "ann", "ecs:RunInstances", "--on", "instance/*"];
        args.extend(with.iter().flat_map(|with| ["--with", with]));
        json(&one, &args)["verdict"].clone()
    };
    assert_eq!((ask(&[]), ask(&["image/m-1"]), ask(&["image/m-2"])), ("yes".into(), "yes".into(), "no".into()));
    assert_eq!(ask(&["image/m-1", "keypair/k"]), "no");
    let (code, _, notes) = run(&one, &["can", "ann", "ecs:RunInstances", "--with", "acs:oss:*:*:b/k"]);
    assert!(code == 2 && notes.contains("makes no further check on `acs:oss:*:*:b/k`"), "{notes}");
}

#[test]
fn a_role_is_passed_to_an_instance_only_for_the_service_of_instances() {
    let pass = |service: &str| {
        let pass = format!(
            r#"{{"Effect":"Allow","Action":"ram:PassRole","Resource":"*","Condition":{{"StringEquals":{{"acs:Service":"{service}"}}}}}}"#
        );
        let run = allow("ecs:AttachInstanceRamRole", &["*"]);
        json(&estate(&format!("{run},{pass}"), ""), &["can", "ann", "ecs:AttachInstanceRamRole"])["verdict"].clone()
    };
    assert_eq!((pass("ecs.aliyuncs.com"), pass("fc.aliyuncs.com")), ("yes".into(), "no".into()));
    let alone = estate(&allow("ecs:AttachInstanceRamRole", &["*"]), "");
    let (_, text, _) = run(&alone, &["can", "ann", "ecs:AttachInstanceRamRole"]);
    assert!(text.starts_with("No:") && text.contains("ram:PassRole on acs:ram:*:*:role/*: no"), "{text}");
}

#[test]
fn a_copy_needs_reading_its_source_and_writing_its_target() {
    let read = allow("oss:GetObject", &["acs:oss:*:*:source/*"]);
    let both = estate(&format!("{read},{}", allow("oss:PutObject", &["acs:oss:*:*:target/*"])), "");
    let copy = |to: &str, from: &str| {
        let (to, from) = (format!("oss://{to}/k"), format!("oss://{from}/k"));
        json(&both, &["can", "ann", "oss:CopyObject", "--on", &to, "--with", &from])["entries"][0]["checks"].clone()
    };
    let said = |checks: &Value| [checks[0]["verdict"].clone(), checks[1]["verdict"].clone()];
    // Neither bucket is in the evidence: what grants stays open to their policies, what nothing grants to their policies too.
    assert_eq!(said(&copy("target", "source")), ["undecided", "undecided"]);
    let buckets = r#"
resource "alicloud_oss_bucket" "s" { bucket = "source" }
resource "alicloud_oss_bucket" "t" { bucket = "target" }"#;
    let whole = estate(&format!("{read},{}", allow("oss:PutObject", &["acs:oss:*:*:target/*"])), buckets);
    let verdict = |folder: &tempfile::TempDir, to: &str, from: &str| {
        let args = ["can", "ann", "oss:CopyObject", "--on", to, "--with", from];
        json(folder, &args)["verdict"].clone()
    };
    assert_eq!(verdict(&whole, "oss://target/k", "oss://source/k"), "yes");
    assert_eq!(verdict(&whole, "oss://source/k", "oss://target/k"), "no");
    let only_name = estate(&allow("oss:CopyObject", &["*"]), buckets);
    assert_eq!(
        verdict(&only_name, "oss://target/k", "oss://source/k"),
        "no",
        "the API's name is no action that is checked"
    );
}

#[test]
fn a_call_of_ims_is_granted_by_the_spelling_of_ims_on_all_its_resources() {
    let ims = estate(&allow("ims:AddUserToGroup", &["*"]), "");
    let answer = json(&ims, &["can", "ann", "ram:AddUserToGroup"]);
    assert_eq!((&answer["verdict"], &answer["entries"][0]["by_twin"]), (&"yes".into(), &"ims:AddUserToGroup".into()));
    let mixed = format!(
        "{},{}",
        allow("ims:AddUserToGroup", &["acs:ram:*:*:user/*"]),
        allow("ram:AddUserToGroup", &["acs:ram:*:*:group/*"])
    );
    let mixed = estate(&mixed, "");
    for question in [["can", "ann", "ram:AddUserToGroup"].as_slice(), &["who", "ram:AddUserToGroup"]] {
        assert_eq!(json(&mixed, question)["verdict"], "no", "one call uses one spelling");
    }
    assert_eq!(json(&ims, &["who", "ram:AddUserToGroup"])["verdict"], "yes");
}

#[test]
fn checks_that_pass_only_under_different_conditions_leave_the_call_undecided() {
    let from = |kind: &str, range: &str| {
        format!(
            r#"{{"Effect":"Allow","Action":"ecs:JoinSecurityGroup","Resource":"acs:ecs:*:*:{kind}/*","Condition":{{"IpAddress":{{"acs:SourceIp":"{range}"}}}}}}"#
        )
    };
    let of = |one: &str, other: &str| {
        let folder = estate(&format!("{},{}", from("instance", one), from("securitygroup", other)), "");
        let (code, text, _) = run(&folder, &["can", "ann", "ecs:JoinSecurityGroup"]);
        (code, text)
    };
    let (code, text) = of("203.0.113.0/25", "203.0.113.128/25");
    assert!(code == 3 && text.contains("no one request was found that passes all"), "{text}");
    let (code, text) = of("203.0.113.0/25", "203.0.113.0/24");
    assert!(code == 0 && text.starts_with("Yes:"), "{text}");
}

#[test]
fn what_is_not_known_to_check_more_is_answered_for_its_one_check_and_says_so() {
    let folder = estate(&allow("slb:CreateLoadBalancer", &["*"]), "");
    let (_, text, _) = run(&folder, &["can", "ann", "slb:CreateLoadBalancer"]);
    assert!(text.contains("dependent actions"), "{text}");
    let (_, text, _) = run(&folder, &["can", "ann", "slb:DescribeLoadBalancers"]);
    assert!(text.starts_with("No:") && !text.contains("dependent actions"), "{text}");
    let (code, _, notes) = run(&folder, &["can", "ann", "slb:CreateLoadBalancer", "--with", "acs:vpc:*:*:vswitch/v"]);
    assert!(code == 2 && notes.contains("is not known to check several resources"), "{notes}");
    let folder = estate(&allow("oss:*", &["*"]), "");
    let (code, _, notes) = run(&folder, &["can", "ann", "oss:CopyObject", "--on", "oss://bucket"]);
    assert!(code == 2 && notes.contains("`oss:CopyObject` checks nothing on `acs:oss:*:*:bucket`"), "{notes}");
}

#[test]
fn a_grant_on_the_bucket_alone_reads_no_object_and_the_proof_names_one() {
    // R-1.17: `b` does not cover `b/key`, and an object is what `oss:GetObject` is checked on.
    let bucket = estate(&allow("oss:GetObject", &["acs:oss:*:*:b"]), "");
    assert_eq!(json(&bucket, &["can", "ann", "oss:GetObject"])["verdict"], "no");
    // An object whose key ends with `:b` fits only where `*` crosses colons, which is open (SW-1).
    let who = json(&bucket, &["who", "oss:GetObject"]);
    assert_eq!(
        (&who["verdict"], &who["entries"][0]["depends_on"]),
        (&"no".into(), &serde_json::json!(["SW-1"])),
        "{who}"
    );
    let objects = estate(&allow("oss:GetObject", &["acs:oss:*:*:b", "acs:oss:*:*:b/*"]), "");
    let answer = json(&objects, &["can", "ann", "oss:GetObject"]);
    let proof = answer["entries"][0]["witness"]["resource"].as_str().unwrap();
    assert!(answer["verdict"] == "yes" && proof.contains(":b/"), "{answer}");
}
