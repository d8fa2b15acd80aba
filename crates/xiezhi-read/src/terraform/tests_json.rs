use serde_json::json;
use xiezhi_model::service::oss::Bucket;
use xiezhi_model::service::ram::User;
use xiezhi_model::{Batch, Inventory, Label, ProblemKind, Reason, Record, Resource, SourceKind, State, Text};

use super::{read_json, read_module, read_tree};
use crate::SourceFile;

fn read(text: &str) -> Batch {
    read_json("", "tf.json", text)
}

/// One estate: a private bucket with logging to the second one, whose ACL is a companion that refers to it.
const HCL: &str = r#"
provider "alicloud" {
  region = var.region
}
variable "region" { default = "cn-hangzhou" }
resource "alicloud_oss_bucket" "a" {
  bucket = "a"
  logging {
    target_bucket = alicloud_oss_bucket.logs.id
  }
  cors_rule {
    allowed_origins = ["*"]
    allowed_methods = ["GET", "PUT"]
  }
}
resource "alicloud_oss_bucket" "logs" {
  bucket = "logs"
}
resource "alicloud_oss_bucket_acl" "logs" {
  bucket = alicloud_oss_bucket.logs.id
  acl    = "public-read"
}
"#;

fn plan() -> serde_json::Value {
    let change = |after: serde_json::Value, unknown: serde_json::Value| {
        json!({"actions": ["create"], "before": null, "after": after, "after_unknown": unknown,
               "before_sensitive": false, "after_sensitive": {}})
    };
    json!({
        "format_version": "1.2", "terraform_version": "1.9.5", "complete": true, "errored": false,
        "variables": {"region": {"value": "cn-hangzhou"}},
        "planned_values": {"root_module": {"resources": []}},
        "resource_changes": [
            {"address": "alicloud_oss_bucket.a", "mode": "managed", "type": "alicloud_oss_bucket", "name": "a",
             "provider_name": "registry.terraform.io/aliyun/alicloud",
             "change": change(
                json!({"bucket": "a", "acl": null, "logging": [{"target_prefix": null}], "versioning": [],
                       "cors_rule": [{"allowed_origins": ["*"], "allowed_methods": ["GET", "PUT"], "max_age_seconds": null}]}),
                json!({"id": true, "logging": [{"target_bucket": true}], "cors_rule": [{"allowed_origins": [false]}]}))},
            {"address": "alicloud_oss_bucket.logs", "mode": "managed", "type": "alicloud_oss_bucket", "name": "logs",
             "change": change(json!({"bucket": "logs", "acl": null, "logging": []}), json!({"id": true}))},
            {"address": "alicloud_oss_bucket_acl.logs", "mode": "managed", "type": "alicloud_oss_bucket_acl", "name": "logs",
             "change": change(json!({"acl": "public-read"}), json!({"bucket": true, "id": true}))},
            {"address": "alicloud_oss_bucket.gone", "mode": "managed", "type": "alicloud_oss_bucket", "name": "gone",
             "change": {"actions": ["delete"], "before": {"bucket": "gone"}, "after": null, "after_unknown": {}}},
            {"address": "data.alicloud_zones.z", "mode": "data", "type": "alicloud_zones", "name": "z",
             "change": {"actions": ["read"], "after": {}}},
        ],
        "configuration": {
            "provider_config": {"alicloud": {"name": "alicloud", "expressions": {"region": {"references": ["var.region"]}}}},
            "root_module": {"resources": [
                {"address": "alicloud_oss_bucket.a", "provider_config_key": "alicloud", "expressions": {
                    "bucket": {"constant_value": "a"},
                    "logging": [{"target_bucket": {"references": ["alicloud_oss_bucket.logs.id", "alicloud_oss_bucket.logs"]}}]}},
                {"address": "alicloud_oss_bucket.logs", "provider_config_key": "alicloud", "expressions": {"bucket": {"constant_value": "logs"}}},
                {"address": "alicloud_oss_bucket_acl.logs", "provider_config_key": "alicloud", "expressions": {
                    "bucket": {"references": ["alicloud_oss_bucket.logs.id", "alicloud_oss_bucket.logs"]}}},
            ]}
        }
    })
}

fn state() -> serde_json::Value {
    json!({
        "format_version": "1.0", "terraform_version": "1.9.5",
        "values": {"root_module": {"resources": [
            {"address": "alicloud_oss_bucket.a", "mode": "managed", "type": "alicloud_oss_bucket", "name": "a",
             "values": {"id": "a", "bucket": "a", "acl": "private", "logging": [{"target_bucket": "logs", "target_prefix": ""}],
                        "versioning": [], "policy": "",
                        "cors_rule": [{"allowed_origins": ["*"], "allowed_methods": ["GET", "PUT"]}]},
             "sensitive_values": {}},
            {"address": "alicloud_oss_bucket.logs", "mode": "managed", "type": "alicloud_oss_bucket", "name": "logs",
             "values": {"id": "logs", "bucket": "logs", "acl": "public-read", "logging": []}, "sensitive_values": {}},
        ]}}
    })
}

fn raw_state() -> serde_json::Value {
    let instance = |attributes: serde_json::Value| json!([{"schema_version": 0, "attributes": attributes, "sensitive_attributes": []}]);
    json!({
        "version": 4, "terraform_version": "1.9.5", "serial": 3,
        "resources": [
            {"mode": "managed", "type": "alicloud_oss_bucket", "name": "a", "provider": "p",
             "instances": instance(json!({"id": "a", "bucket": "a", "acl": "private", "logging": [{"target_bucket": "logs"}],
                        "cors_rule": [{"allowed_origins": ["*"], "allowed_methods": ["GET", "PUT"]}]}))},
            {"mode": "managed", "type": "alicloud_oss_bucket", "name": "logs", "provider": "p",
             "instances": instance(json!({"id": "logs", "bucket": "logs", "acl": "public-read"}))},
            {"mode": "data", "type": "alicloud_oss_buckets", "name": "all", "provider": "p", "instances": instance(json!({}))},
        ]
    })
}

/// What a batch says of its buckets: address, then each field that is known or absent. A link shows as the bucket
/// that it leads to.
fn facts(batch: Batch) -> Vec<String> {
    let inventory = Inventory::join(vec![batch]);
    let mut out = Vec::new();
    for bucket in inventory.all::<Bucket>() {
        let mut line = bucket.head.address.to_string();
        for (at, field) in Bucket::SCHEMA.fields.iter().enumerate() {
            let fact = bucket.fact(at).unwrap();
            match fact.state {
                State::Known(xiezhi_model::Value::Link(schema, target)) => {
                    let record =
                        inventory.follow(Some(bucket.head()), schema, target).expect("a link that leads somewhere");
                    line.push_str(&format!(" {}={}", field.name, record.resource_head().unwrap().address));
                }
                State::Known(xiezhi_model::Value::List(list)) if field.name == "cors_rules" => {
                    line.push_str(&format!(" cors_rules={}", list.items.count()));
                }
                State::Known(xiezhi_model::Value::Text(text)) => line.push_str(&format!(" {}={text}", field.name)),
                State::Known(xiezhi_model::Value::Bool(value)) => line.push_str(&format!(" {}={value}", field.name)),
                State::Absent => line.push_str(&format!(" {}=absent", field.name)),
                _ => {}
            }
        }
        out.push(line);
    }
    out
}

#[test]
fn configuration_plan_and_state_of_one_estate_say_the_same() {
    let hcl = facts(read_module("", &[SourceFile { path: "main.tf".into(), bytes: HCL.into() }]));
    assert_eq!(hcl.len(), 2);
    assert!(hcl[0].starts_with("alicloud_oss_bucket.a ") && hcl[0].contains("acl=private"), "{}", hcl[0]);
    assert!(
        hcl[0].contains("logging_bucket=alicloud_oss_bucket.logs") && hcl[0].contains("cors_rules=1"),
        "{}",
        hcl[0]
    );
    assert!(hcl[1].contains("acl=public-read"), "{}", hcl[1]);
    assert_eq!(facts(read(&plan().to_string())), hcl, "plan");
    assert_eq!(facts(read(&state().to_string())), hcl, "state");
    assert_eq!(facts(read(&raw_state().to_string())), hcl, "raw state");
}

#[test]
fn a_plan_names_its_region_and_its_places() {
    let batch = read(&serde_json::to_string_pretty(&plan()).unwrap());
    assert_eq!(batch.problems, vec![]);
    let inventory = Inventory::join(vec![batch]);
    let bucket = &inventory.all::<Bucket>()[0];
    assert_eq!(bucket.head.region.state, State::Known("cn-hangzhou".into()));
    assert_eq!(bucket.head.origin.source.kind, SourceKind::TerraformPlan);
    assert_eq!(bucket.head.origin.label, Label::UserProvided);
    assert!(bucket.head.origin.line > 1);
    assert_eq!(inventory.gaps(Bucket::SCHEMA), vec![]);
}

#[test]
fn what_a_plan_does_not_know_yet_is_unresolved_and_secrets_are_redacted() {
    let mut plan = plan();
    plan["resource_changes"][0]["change"]["after_unknown"]["acl"] = json!(true);
    plan["configuration"]["root_module"]["resources"][0]["expressions"]["acl"] = json!({"references": ["var.acl"]});
    plan["resource_changes"][1]["change"]["after"]["acl"] = json!("private");
    plan["resource_changes"][1]["change"]["after_sensitive"] = json!({"acl": true});
    plan["resource_changes"].as_array_mut().unwrap().truncate(2);
    let inventory = Inventory::join(vec![read(&plan.to_string())]);
    let [a, logs] = inventory.all::<Bucket>() else { panic!("two buckets") };
    assert_eq!(a.acl.reason(), Some(&Reason::unresolved("known after apply")));
    assert_eq!(logs.acl.reason(), Some(&Reason::Redacted));

    let mut raw = raw_state();
    raw["resources"][1]["instances"][0]["sensitive_attributes"] = json!([[{"type": "get_attr", "value": "acl"}]]);
    let inventory = Inventory::join(vec![read(&raw.to_string())]);
    assert_eq!(inventory.all::<Bucket>()[1].acl.reason(), Some(&Reason::Redacted));
}

#[test]
fn references_cross_module_borders_and_conditions_do_not_become_links() {
    let logging = |references: serde_json::Value, module: serde_json::Value| {
        let mut plan = plan();
        plan["configuration"]["root_module"]["resources"][0]["expressions"]["logging"][0]["target_bucket"] =
            json!({"references": references});
        plan["configuration"]["root_module"]["module_calls"] = module;
        let inventory = Inventory::join(vec![read(&plan.to_string())]);
        let fact = inventory.all::<Bucket>()[0].logging_bucket.clone();
        match fact.state {
            State::Known(link) => link.target.to_string(),
            other => format!("{other:?}"),
        }
    };
    let module = json!({"store": {"source": "./store",
        "expressions": {"given": {"references": ["alicloud_oss_bucket.logs.id", "alicloud_oss_bucket.logs"]}},
        "module": {"outputs": {
            "own": {"expression": {"references": ["alicloud_oss_bucket.x.bucket", "alicloud_oss_bucket.x"]}},
            "back": {"expression": {"references": ["var.given"]}}}}}});
    assert_eq!(
        logging(json!(["module.store.own", "module.store"]), module.clone()),
        "#module.store.alicloud_oss_bucket.x"
    );
    assert_eq!(logging(json!(["module.store.back", "module.store"]), module.clone()), "#alicloud_oss_bucket.logs");
    let keyed = json!(["module.store[\"a.b\"].own", "module.store[\"a.b\"]", "module.store"]);
    assert_eq!(logging(keyed, module), "#module.store[\"a.b\"].alicloud_oss_bucket.x");
    for open in [
        json!(["alicloud_oss_bucket.logs.id", "alicloud_oss_bucket.logs", "var.on"]),
        json!(["alicloud_oss_bucket.logs", "count.index"]),
        json!(["alicloud_instance.i.vpc_id", "alicloud_instance.i"]),
        json!(["local.logs"]),
    ] {
        assert!(logging(open.clone(), json!({})).contains("known after apply"), "{open}");
    }
}

#[test]
fn a_plan_cut_short_keeps_what_was_read_and_opens_the_listing() {
    let text = plan().to_string();
    let cut = text.rfind("alicloud_oss_bucket_acl.logs").unwrap();
    let batch = read(text.split_at(cut).0);
    assert_eq!(batch.problems[0].kind, ProblemKind::Truncated);
    let inventory = Inventory::join(vec![batch]);
    assert!(!inventory.all::<Bucket>().is_empty());
    assert!(!inventory.gaps(Bucket::SCHEMA).is_empty());
    assert!(inventory.all::<Bucket>()[0].acl.reason().is_some(), "a companion behind the cut may set the ACL");
}

#[test]
fn what_is_no_plan_or_state_of_this_provider_is_named() {
    let other = json!({"format_version": "1.0", "values": {"root_module": {"resources": [
        {"address": "aws_s3_bucket.b", "mode": "managed", "type": "aws_s3_bucket", "name": "b", "values": {}}]}}});
    for (text, kind) in [
        (other.to_string(), ProblemKind::OtherProvider),
        (json!({"planned_values": {}}).to_string(), ProblemKind::NotRecognised),
        (json!({"version": 3, "resources": []}).to_string(), ProblemKind::NotRecognised),
        ("{".to_owned(), ProblemKind::Truncated),
        (format!("{}{}", "{\"a\":".repeat(10_000), "1"), ProblemKind::TooDeep),
    ] {
        let batch = read(&text);
        assert_eq!(batch.problems.iter().map(|problem| problem.kind).next(), Some(kind), "{:.40}", text);
    }
    let partial = json!({"format_version": "1.2", "complete": false, "resource_changes": []});
    assert!(!Inventory::join(vec![read(&partial.to_string())]).gaps(Bucket::SCHEMA).is_empty());
    let without = json!({"format_version": "1.2", "planned_values": {"root_module": {"resources": [{"address": "alicloud_oss_bucket.b"}]}}});
    assert_eq!(read(&without.to_string()).problems[0].kind, ProblemKind::Unexpected);
}

#[test]
fn the_type_of_a_policy_that_is_made_here_is_custom_before_and_after_planning() {
    let hcl = r#"
        resource "alicloud_ram_user" "ann" { name = "ann" }
        resource "alicloud_ram_policy" "p" { policy_name = "p" }
        resource "alicloud_ram_user_policy_attachment" "a" {
          user_name   = alicloud_ram_user.ann.name
          policy_name = alicloud_ram_policy.p.policy_name
          policy_type = alicloud_ram_policy.p.type
        }"#;
    let change = |after: serde_json::Value, unknown: serde_json::Value| json!({"actions": ["create"], "after": after, "after_unknown": unknown});
    let refers = |attribute: &str| json!({"references": [format!("alicloud_ram_policy.p.{attribute}"), "alicloud_ram_policy.p"]});
    let plan = json!({
        "format_version": "1.2", "terraform_version": "1.9.5",
        "resource_changes": [
            {"address": "alicloud_ram_user.ann", "mode": "managed", "type": "alicloud_ram_user",
             "change": change(json!({"name": "ann"}), json!({"id": true}))},
            {"address": "alicloud_ram_policy.p", "mode": "managed", "type": "alicloud_ram_policy",
             "change": change(json!({"policy_name": "p"}), json!({"id": true, "type": true}))},
            {"address": "alicloud_ram_user_policy_attachment.a", "mode": "managed", "type": "alicloud_ram_user_policy_attachment",
             "change": change(json!({"user_name": "ann", "policy_name": "p"}), json!({"id": true, "policy_type": true}))},
        ],
        "configuration": {"root_module": {"resources": [
            {"address": "alicloud_ram_user_policy_attachment.a", "expressions": {
                "user_name": {"constant_value": "ann"}, "policy_name": refers("policy_name"), "policy_type": refers("type")}},
        ]}}
    });
    let configuration = SourceFile { path: "main.tf".into(), bytes: hcl.as_bytes().to_vec() };
    let written = read_tree(&[configuration]).into_iter().map(|(_, batch)| batch).next().unwrap();
    for mut batch in [written, read_json("plan.json", "plan.json", &plan.to_string())] {
        let users = batch.resources::<User>();
        let grant = &users[0].policies.value().unwrap().items[0];
        assert_eq!(grant.kind.value().map(Text::as_str), Some("custom"));
    }
}

#[test]
fn an_argument_that_the_configuration_of_a_new_resource_leaves_out_is_left_out_of_its_plan() {
    let plan = |actions: serde_json::Value, expressions: serde_json::Value| {
        let plan = json!({
            "format_version": "1.2", "terraform_version": "1.9.5",
            "resource_changes": [
                {"address": "alicloud_oss_bucket.a", "mode": "managed", "type": "alicloud_oss_bucket",
                 "change": {"actions": actions, "after": {"bucket": "a", "server_side_encryption_rule": [{"sse_algorithm": "KMS"}]},
                            "after_unknown": {"id": true, "acl": true, "server_side_encryption_rule": [{"kms_master_key_id": true}]}}},
            ],
            "configuration": {"root_module": {"resources": [
                {"address": "alicloud_oss_bucket.a", "expressions": expressions},
            ]}}
        });
        let inventory = Inventory::join(vec![read(&plan.to_string())]);
        let [bucket] = inventory.all::<Bucket>() else { panic!("one bucket") };
        (bucket.acl.clone(), bucket.encryption.clone())
    };
    let rule = |key: serde_json::Value| json!([{"sse_algorithm": {"constant_value": "KMS"}, "kms_master_key_id": key}]);
    let (acl, encryption) = plan(
        json!(["create"]),
        json!({"bucket": {"constant_value": "a"}, "server_side_encryption_rule": [{"sse_algorithm": {"constant_value": "KMS"}}]}),
    );
    assert_eq!(acl.value().map(Text::as_str), Some("private"));
    assert!(encryption.value().is_some(), "{encryption:?}");
    // What is written and not known yet stays so, and what a resource has already may differ from what is left out.
    let refers = json!({"references": ["var.acl"]});
    let (acl, encryption) = plan(
        json!(["create"]),
        json!({"acl": refers, "server_side_encryption_rule": rule(json!({"references": ["var.key"]}))}),
    );
    assert_eq!((acl.value(), encryption.value()), (None, None));
    let (acl, _) = plan(json!(["update"]), json!({"bucket": {"constant_value": "a"}}));
    assert_eq!(acl.value(), None);
    let (acl, _) = plan(json!(["delete", "create"]), json!({"bucket": {"constant_value": "a"}}));
    assert_eq!(acl.value().map(Text::as_str), Some("private"));
}
