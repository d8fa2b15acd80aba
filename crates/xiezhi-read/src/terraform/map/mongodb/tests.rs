use super::*;
use crate::testing::{blocks, only, text};

#[test]
fn a_bare_instance_takes_the_documented_defaults() {
    let estate = blocks(&[("alicloud_mongodb_instance.m", r#"{"vswitch_id":"vsw-1","replication_factor":3}"#)]);
    let instance = only::<Instance>(&estate);
    assert_eq!(text(&instance.network), "vpc");
    assert_eq!(instance.white_list_open.value(), Some(&false));
    assert_eq!(instance.public_endpoint.value(), Some(&false));
    assert_eq!((text(&instance.disk_encryption), instance.tde.value()), ("none", Some(&false)));
    assert_eq!(instance.audit_log.value(), Some(&false), "a policy turns it on");
}

#[test]
fn a_public_address_of_a_sharded_cluster_is_joined() {
    let estate = blocks(&[
        (
            "alicloud_mongodb_sharding_network_public_address.p",
            r#"{"db_instance_id":{"$ref":"alicloud_mongodb_sharding_instance.s.id"},"node_id":"n"}"#,
        ),
        (
            "alicloud_mongodb_sharding_instance.s",
            r#"{"security_ip_list":["0.0.0.0/0"],"encrypted":true,"cloud_disk_encryption_key":"key-1","tde_status":"enabled"}"#,
        ),
    ]);
    let instance = only::<Instance>(&estate);
    assert_eq!((instance.public_endpoint.value(), instance.white_list_open.value()), (Some(&true), Some(&true)));
    assert_eq!((text(&instance.disk_encryption), text(&instance.tde_key_holder)), ("kms-key", "service-key"));
}

#[test]
fn the_groups_of_a_serverless_instance_add_up() {
    let estate = blocks(&[(
        "alicloud_mongodb_serverless_instance.s",
        r#"{"vswitch_id":"vsw-1","security_ip_groups":[{"security_ip_list":"192.168.0.1"},{"security_ip_list":"0.0.0.0/0"}]}"#,
    )]);
    let instance = only::<Instance>(&estate);
    assert_eq!(instance.white_list_open.value(), Some(&true));
    assert!(instance.tde.reason().is_some(), "serverless instances have no such setting");
}
