use super::*;
use crate::testing::{blocks, only, text};

#[test]
fn groups_and_companions_add_up() {
    let estate = blocks(&[
        ("alicloud_gpdb_instance.g", r#"{"ip_whitelist":[{"security_ip_list":"10.0.0.1"}],"ssl_enabled":1}"#),
        (
            "alicloud_gpdb_db_instance_ip_array.a",
            r#"{"db_instance_id":{"$ref":"alicloud_gpdb_instance.g.id"},"security_ip_list":["0.0.0.0/0"]}"#,
        ),
        ("alicloud_gpdb_connection.c", r#"{"instance_id":{"$ref":"alicloud_gpdb_instance.g.id"}}"#),
    ]);
    let instance = only::<Instance>(&estate);
    assert_eq!((instance.white_list_open.value(), instance.public_endpoint.value()), (Some(&true), Some(&true)));
    assert_eq!(instance.ssl.value(), Some(&true));
    assert_eq!(text(&instance.disk_encryption), "none");
}

#[test]
fn a_bare_instance_admits_nobody() {
    let estate = blocks(&[("alicloud_gpdb_instance.g", "{}")]);
    let instance = only::<Instance>(&estate);
    assert_eq!((instance.white_list_open.value(), instance.ssl.value()), (Some(&false), Some(&false)));
}
