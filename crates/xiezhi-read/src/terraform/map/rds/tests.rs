use super::*;
use crate::testing::{blocks, only, text};

fn one(body: &str) -> Instance {
    only::<Instance>(&blocks(&[("alicloud_db_instance.d", body)])).clone()
}

#[test]
fn a_bare_instance_admits_nobody_and_encrypts_nothing() {
    let instance = one(r#"{"engine":"MySQL","vswitch_id":{"$ref":"alicloud_vswitch.v.id"}}"#);
    assert_eq!(instance.white_list_open.value(), Some(&false));
    assert_eq!(instance.public_endpoint.value(), Some(&false));
    assert_eq!(text(&instance.network), "vpc");
    assert_eq!((instance.ssl.value(), instance.tde.value()), (Some(&false), Some(&false)));
    assert_eq!((text(&instance.disk_encryption), text(&instance.tde_key_holder)), ("none", "none"));
    assert!(instance.auto_minor_upgrade.reason().is_some(), "computed by the service");
}

#[test]
fn a_connection_makes_an_instance_public() {
    let estate = blocks(&[
        ("alicloud_db_connection.c", r#"{"instance_id":{"$ref":"alicloud_db_instance.d.id"}}"#),
        ("alicloud_db_instance.d", r#"{"engine":"MySQL","security_ips":["0.0.0.0/1","128.0.0.0/1"]}"#),
    ]);
    let instance = only::<Instance>(&estate);
    assert_eq!(instance.public_endpoint.value(), Some(&true));
    assert_eq!(instance.white_list_open.value(), Some(&true));
    assert_eq!(text(&instance.network), "classic");
}

#[test]
fn appending_to_a_white_list_leaves_what_was_there() {
    let instance = one(r#"{"security_ips":["10.0.0.1"],"modify_mode":"Append"}"#);
    assert!(instance.white_list_open.reason().is_some());
    let instance = one(r#"{"security_ips":["0.0.0.0/0"],"modify_mode":"Append"}"#);
    assert_eq!(instance.white_list_open.value(), Some(&true));
}

#[test]
fn a_state_that_says_whether_tls_is_on_beats_the_action() {
    assert_eq!(one(r#"{"ssl_status":"Yes","ssl_action":""}"#).ssl.value(), Some(&true));
    assert_eq!(one(r#"{"ssl_action":"Update"}"#).ssl.value(), Some(&true));
    assert_eq!(one(r#"{"ssl_action":{"$unknown":"var.ssl"}}"#).ssl.value(), None);
}

#[test]
fn service_key_and_named_key_are_told_apart() {
    assert_eq!(text(&one(r#"{"encryption_key":"ServiceKey"}"#).disk_encryption), "service-key");
    assert_eq!(text(&one(r#"{"encryption_key":"disabled"}"#).disk_encryption), "none");
    let named = one(r#"{"tde_status":"Enabled","encryption_key":{"$ref":"alicloud_kms_key.k.id"}}"#);
    assert_eq!((text(&named.disk_encryption), text(&named.tde_key_holder)), ("kms-key", "kms-key"));
    assert_eq!(text(&one(r#"{"tde_status":"Enabled"}"#).tde_key_holder), "service-key");
}

#[test]
fn a_backup_policy_backs_up_logs_unless_it_says_not() {
    let estate = blocks(&[
        ("alicloud_db_instance.d", "{}"),
        (
            "alicloud_db_backup_policy.p",
            r#"{"instance_id":{"$ref":"alicloud_db_instance.d.id"},"backup_period":["Monday","Friday"]}"#,
        ),
    ]);
    let instance = only::<Instance>(&estate);
    assert_eq!(instance.log_backup.value(), Some(&true));
    assert_eq!(instance.backup_days.value().unwrap().items.len(), 2);
    assert_eq!(instance.backup_retention_days.value(), Some(&7));
    assert!(one("{}").log_backup.reason().is_some());
}

#[test]
fn two_zones_need_two_known_zones() {
    assert_eq!(one(r#"{"zone_id":"a","zone_id_slave_a":"b"}"#).multi_zone.value(), Some(&true));
    assert_eq!(one(r#"{"zone_id":"a"}"#).multi_zone.value(), Some(&false));
    assert_eq!(one(r#"{"zone_id":"a","zone_id_slave_a":"Auto"}"#).multi_zone.value(), None);
}
