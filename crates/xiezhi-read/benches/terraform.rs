//! How fast plans and configurations are read: generated estates of 1,000 to some 30,000 resources (76 MB of plan).
#![allow(missing_docs, clippy::unwrap_used, clippy::arithmetic_side_effects)]

use std::fmt::Write;

use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use xiezhi_read::SourceFile;
use xiezhi_read::terraform::{read_json, read_module};

fn main() {
    divan::main();
}

/// One bucket, one security group, two rules of it, in the words of `terraform show -json`.
fn resources(at: usize) -> [(String, &'static str, String, &'static str, &'static str); 4] {
    let cidr =
        if at.is_multiple_of(10) { "0.0.0.0/0".to_owned() } else { format!("10.{}.{}.0/24", at / 256 % 256, at % 256) };
    let rule = |port: u32| {
        format!(
            r#"{{"cidr_ip":"{cidr}","description":null,"dest_cidr_ip":null,"ip_protocol":"tcp","ipv6_cidr_ip":null,"nic_type":"internet","policy":"accept","port_range":"{port}/{port}","prefix_list_id":null,"priority":1,"source_group_owner_account":null,"source_security_group_id":null,"type":"ingress"}}"#
        )
    };
    let bucket = format!(
        r#"{{"access_monitor":[],"acl":null,"bucket":"bucket-{at}","cors_rule":[{{"allowed_headers":[],"allowed_methods":["GET","PUT"],"allowed_origins":["https://www{at}.example.com"],"expose_headers":[],"max_age_seconds":null}}],"force_destroy":false,"lifecycle_rule":[],"logging":[{{"target_bucket":"logs","target_prefix":"b{at}/"}}],"logging_isenable":null,"policy":"{{\"Version\":\"1\",\"Statement\":[{{\"Effect\":\"Allow\",\"Action\":[\"oss:GetObject\"],\"Principal\":[\"20214760404935xxxx\"],\"Resource\":[\"acs:oss:*:1234567890:bucket-{at}/*\"]}}]}}","redundancy_type":"LRS","referer_config":[],"server_side_encryption_rule":[{{"kms_data_encryption":null,"kms_master_key_id":"","sse_algorithm":"AES256"}}],"storage_class":"Standard","tags":{{"env":"prod","team":"team-{at}","cost":"12345"}},"timeouts":null,"transfer_acceleration":[],"versioning":[{{"status":"Enabled"}}],"website":[]}}"#
    );
    let group = format!(
        r#"{{"description":"group {at}","inner_access_policy":"Accept","name":"sg-{at}","resource_group_id":null,"security_group_name":"sg-{at}","security_group_type":"normal","tags":{{"env":"prod","team":"team-{at}","cost":"12345"}},"timeouts":null,"vpc_id":"vpc-bp1{at:012}"}}"#
    );
    [
        (
            format!("alicloud_oss_bucket.b{at}"),
            "alicloud_oss_bucket",
            bucket,
            r#"{"id":true,"creation_date":true,"owner":true,"location":true}"#,
            "{}",
        ),
        (
            format!("alicloud_security_group.g{at}"),
            "alicloud_security_group",
            group,
            r#"{"id":true,"create_time":true}"#,
            "{}",
        ),
        (
            format!("alicloud_security_group_rule.r{at}"),
            "alicloud_security_group_rule",
            rule(22),
            r#"{"id":true,"security_group_id":true}"#,
            "ref",
        ),
        (
            format!("alicloud_security_group_rule.s{at}"),
            "alicloud_security_group_rule",
            rule(443),
            r#"{"id":true,"security_group_id":true}"#,
            "ref",
        ),
    ]
}

fn plan(quads: usize) -> String {
    let (mut planned, mut changes, mut configuration) = (String::new(), String::new(), String::new());
    for at in 0..quads {
        for (address, kind, values, unknown, expressions) in resources(at) {
            let comma = if planned.is_empty() { "" } else { "," };
            let name = address.rsplit('.').next().unwrap();
            let provider = "registry.terraform.io/aliyun/alicloud";
            write!(planned, r#"{comma}{{"address":"{address}","mode":"managed","type":"{kind}","name":"{name}","provider_name":"{provider}","schema_version":0,"values":{values},"sensitive_values":{{}}}}"#).unwrap();
            write!(changes, r#"{comma}{{"address":"{address}","mode":"managed","type":"{kind}","name":"{name}","provider_name":"{provider}","change":{{"actions":["create"],"before":null,"after":{values},"after_unknown":{unknown},"before_sensitive":false,"after_sensitive":{{"tags":{{}}}}}}}}"#).unwrap();
            let expressions = if expressions == "ref" {
                format!(
                    r#"{{"security_group_id":{{"references":["alicloud_security_group.g{at}.id","alicloud_security_group.g{at}"]}},"type":{{"constant_value":"ingress"}},"ip_protocol":{{"constant_value":"tcp"}}}}"#
                )
            } else {
                format!(r#"{{"name":{{"constant_value":"{name}"}},"tags":{{"references":["local.tags"]}}}}"#)
            };
            write!(configuration, r#"{comma}{{"address":"{address}","mode":"managed","type":"{kind}","name":"{name}","provider_config_key":"alicloud","expressions":{expressions},"schema_version":0}}"#).unwrap();
        }
    }
    format!(
        r#"{{"format_version":"1.2","terraform_version":"1.9.5","planned_values":{{"root_module":{{"resources":[{planned}]}}}},"resource_changes":[{changes}],"configuration":{{"provider_config":{{"alicloud":{{"name":"alicloud","expressions":{{"region":{{"constant_value":"cn-hangzhou"}}}}}}}},"root_module":{{"resources":[{configuration}]}}}},"complete":true,"errored":false}}"#
    )
}

fn configuration(quads: usize) -> SourceFile {
    let mut text =
        String::from("variable \"env\" {\n  default = \"prod\"\n}\nlocals {\n  tags = { env = var.env }\n}\n");
    for at in 0..quads {
        write!(text, "resource \"alicloud_oss_bucket\" \"b{at}\" {{\n  bucket = \"bucket-${{var.env}}-{at}\"\n  tags   = local.tags\n  cors_rule {{\n    allowed_origins = [\"https://www{at}.example.com\"]\n    allowed_methods = [\"GET\", \"PUT\"]\n  }}\n}}\nresource \"alicloud_security_group\" \"g{at}\" {{\n  name = \"sg-{at}\"\n}}\n").unwrap();
        for port in [22, 443] {
            write!(text, "resource \"alicloud_security_group_rule\" \"r{at}_{port}\" {{\n  security_group_id = alicloud_security_group.g{at}.id\n  type        = \"ingress\"\n  ip_protocol = \"tcp\"\n  port_range  = \"{port}/{port}\"\n  cidr_ip     = \"10.0.0.0/8\"\n}}\n").unwrap();
        }
    }
    SourceFile { path: "main.tf".into(), bytes: text.into_bytes() }
}

#[divan::bench(args = [250, 2_500, 13_000], sample_count = 3, sample_size = 1)]
fn plan_json(bencher: Bencher<'_, '_>, quads: usize) {
    let text = plan(quads);
    bencher.counter(BytesCount::new(text.len())).bench_local(|| read_json("", "plan.json", black_box(&text)));
}

#[divan::bench(args = [250, 2_500], sample_count = 3, sample_size = 1)]
fn hcl(bencher: Bencher<'_, '_>, quads: usize) {
    let files = [configuration(quads)];
    bencher.counter(BytesCount::new(files[0].bytes.len())).bench_local(|| read_module("", black_box(&files)));
}
