use super::*;
use crate::testing::{blocks, only, text};

#[test]
fn a_connection_makes_a_cluster_public() {
    let estate = blocks(&[
        ("alicloud_adb_db_cluster.c", r#"{"security_ips":["10.0.0.1"],"disk_encryption":true}"#),
        ("alicloud_adb_connection.x", r#"{"db_cluster_id":{"$ref":"alicloud_adb_db_cluster.c.id"}}"#),
    ]);
    let cluster = only::<Cluster>(&estate);
    assert_eq!((cluster.public_endpoint.value(), cluster.white_list_open.value()), (Some(&true), Some(&false)));
    assert_eq!(text(&cluster.disk_encryption), "service-key");
    assert!(cluster.multi_zone.reason().is_some());
}

#[test]
fn a_lake_cluster_tells_its_second_zone() {
    let estate = blocks(&[("alicloud_adb_db_cluster_lake_version.c", r#"{"secondary_zone_id":"b"}"#)]);
    assert_eq!(only::<Cluster>(&estate).multi_zone.value(), Some(&true));
}
