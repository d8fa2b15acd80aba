use super::*;
use crate::testing::{blocks, only, text};

#[test]
fn groups_add_up_and_the_default_is_nobody() {
    let one = |body: &str| only::<Cluster>(&blocks(&[("alicloud_click_house_db_cluster.c", body)])).clone();
    assert_eq!(one("{}").white_list_open.value(), Some(&false));
    assert_eq!(one("{}").public_endpoint.value(), Some(&false));
    assert_eq!(text(&one("{}").disk_encryption), "none");
    let open =
        one(r#"{"db_cluster_access_white_list":[{"security_ip_list":"10.0.0.1"},{"security_ip_list":"0.0.0.0/0"}]}"#);
    assert_eq!((open.white_list_open.value(), open.widest_prefix.value()), (Some(&true), Some(&0)));
}

#[test]
fn an_enterprise_cluster_becomes_public_by_its_companion() {
    let estate = blocks(&[
        ("alicloud_click_house_enterprise_db_cluster.c", "{}"),
        (
            "alicloud_click_house_enterprise_db_cluster_public_endpoint.p",
            r#"{"db_instance_id":{"$ref":"alicloud_click_house_enterprise_db_cluster.c.id"}}"#,
        ),
        (
            "alicloud_click_house_enterprise_db_cluster_security_ip.s",
            r#"{"db_instance_id":{"$ref":"alicloud_click_house_enterprise_db_cluster.c.id"},"security_ip_list":"10.0.0.1"}"#,
        ),
    ]);
    let cluster = only::<Cluster>(&estate);
    assert_eq!(cluster.public_endpoint.value(), Some(&true));
    assert!(cluster.white_list_open.reason().is_some(), "other groups are not in the configuration");
}
