use super::*;
use crate::testing::{blocks, only, text};
use xiezhi_model::service::kms::Key;
use xiezhi_model::{Label, Reason};

const B: (&str, &str) = ("alicloud_oss_bucket.b", r#"{"bucket":"b"}"#);

#[test]
fn a_bare_bucket_takes_the_documented_defaults() {
    let estate = blocks(&[B]);
    let bucket = only::<Bucket>(&estate);
    assert_eq!(text(&bucket.acl), "private");
    assert_eq!(bucket.acl.origin.label, Label::Documentation);
    assert_eq!(text(&bucket.encryption), "none");
    assert_eq!(bucket.block_public_access.value(), Some(&false));
    assert!(bucket.policy.is_absent() && bucket.versioning.is_absent() && bucket.logging_bucket.is_absent());
    assert_eq!(bucket.tls_versions.value().unwrap().items.len(), 4);
}

#[test]
fn companions_speak_instead_of_the_defaults() {
    let on = r#""bucket":{"$ref":"alicloud_oss_bucket.b.bucket"}"#;
    let estate = blocks(&[
        ("alicloud_oss_bucket_acl.a", &format!(r#"{{{on},"acl":"public-read"}}"#)),
        B,
        ("alicloud_oss_bucket_versioning.v", &format!(r#"{{{on},"status":"Enabled"}}"#)),
        ("alicloud_oss_bucket_public_access_block.p", &format!(r#"{{{on},"block_public_access":true}}"#)),
        ("alicloud_oss_bucket_https_config.h", &format!(r#"{{{on},"enable":true,"tls_versions":["TLSv1.2"]}}"#)),
        (
            "alicloud_oss_bucket_server_side_encryption.s",
            &format!(r#"{{{on},"sse_algorithm":"KMS","kms_data_encryption":"SM4"}}"#),
        ),
        ("alicloud_oss_bucket_logging.l", &format!(r#"{{{on},"target_bucket":"logs"}}"#)),
        ("alicloud_oss_bucket_worm.w", &format!(r#"{{{on},"retention_period_in_days":"30"}}"#)),
    ]);
    let bucket = only::<Bucket>(&estate);
    assert_eq!(text(&bucket.acl), "public-read");
    assert_eq!(text(&bucket.versioning), "Enabled");
    assert_eq!(bucket.block_public_access.value(), Some(&true));
    assert_eq!(bucket.tls_versions.value().unwrap().items, ["TLSv1.2"]);
    assert_eq!((text(&bucket.encryption), text(&bucket.encryption_algorithm)), ("service-key", "sm4"));
    assert_eq!(bucket.logging_bucket.value().unwrap().target, "logs");
    assert_eq!((text(&bucket.worm), bucket.worm_days.value()), ("in-progress", Some(&30)));
}

#[test]
fn a_companion_of_an_unresolved_bucket_puts_every_default_in_doubt() {
    let estate = blocks(&[B, ("alicloud_oss_bucket_acl.a", r#"{"bucket":{"$unknown":"var.b"},"acl":"public-read"}"#)]);
    let bucket = only::<Bucket>(&estate);
    assert_eq!(bucket.acl.reason(), Some(&Reason::unresolved("var.b")));
    assert_eq!(text(&bucket.encryption), "none");
}

#[test]
fn a_dynamic_block_that_nobody_can_resolve_is_not_a_missing_block() {
    let estate = blocks(&[(
        "alicloud_oss_bucket.b",
        r#"{"bucket":"b","versioning":{"$unknown":"var.v"},"server_side_encryption_rule":{"$unknown":"var.s"}}"#,
    )]);
    let bucket = only::<Bucket>(&estate);
    assert!(bucket.versioning.reason().is_some());
    assert!(bucket.encryption.reason().is_some());
}

#[test]
fn empty_blocks_of_a_plan_are_no_blocks() {
    let estate = blocks(&[(
        "alicloud_oss_bucket.b",
        r#"{"bucket":"b","versioning":[],"logging":[],"server_side_encryption_rule":[],"cors_rule":[],"policy":null}"#,
    )]);
    let bucket = only::<Bucket>(&estate);
    assert!(bucket.versioning.is_absent() && bucket.logging_bucket.is_absent() && bucket.policy.is_absent());
    assert_eq!(text(&bucket.encryption), "none");
}

#[test]
fn a_key_named_by_its_id_is_taken_for_the_customers_own_as_an_inference() {
    let rule = r#"{"bucket":"b","server_side_encryption_rule":[{"sse_algorithm":"KMS","kms_master_key_id":"key-1"}]}"#;
    let estate = blocks(&[("alicloud_oss_bucket.b", rule)]);
    assert_eq!(text(&only::<Bucket>(&estate).encryption), "kms-key");
    let key = only::<Key>(&estate);
    assert_eq!(key.service_key.value(), Some(&false));
    assert_eq!(key.service_key.origin.label, Label::Inference);
}

#[test]
fn replications_and_inventories_add_up() {
    let rule = |to: &str| format!(r#"{{"bucket":"b","destination":[{{"bucket":"{to}","location":"oss-{to}"}}]}}"#);
    let (first, second) = (rule("cn-beijing"), rule("eu-central-1"));
    let estate =
        blocks(&[("alicloud_oss_bucket_replication.x", &first), B, ("alicloud_oss_bucket_replication.y", &second)]);
    let rules = &only::<Bucket>(&estate).replication_rules.value().unwrap().items;
    let regions: Vec<&str> = rules.iter().map(|rule| text(&rule.destination_region)).collect();
    assert_eq!(regions, ["cn-beijing", "eu-central-1"]);
}

#[test]
fn logging_that_is_named_and_switched_off_depends_on_the_version_of_the_provider() {
    let logged = |flag: &str| {
        let body = format!(r#"{{"bucket":"b",{flag}"logging":[{{"target_bucket":"logs","target_prefix":"b/"}}]}}"#);
        let estate = blocks(&[("alicloud_oss_bucket.b", &body)]);
        let bucket = only::<Bucket>(&estate);
        (bucket.logging_bucket.value().is_some(), bucket.logging_prefix.reason().is_some())
    };
    assert_eq!(logged(""), (true, false));
    assert_eq!(logged("\"logging_isenable\":null,"), (true, false));
    assert_eq!(logged("\"logging_isenable\":true,"), (true, false));
    assert_eq!(logged("\"logging_isenable\":false,"), (false, true));
    let estate = blocks(&[("alicloud_oss_bucket.b", r#"{"bucket":"b","logging_isenable":false}"#)]);
    assert!(only::<Bucket>(&estate).logging_bucket.is_absent());
}
