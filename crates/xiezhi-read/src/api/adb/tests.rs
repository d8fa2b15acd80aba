use super::*;
use crate::testing::{answers, only, text};

#[test]
fn detail_answers_join_their_cluster() {
    let estate = answers(&[
        ("adb:DescribeDBClusters", "", r#"{"Items":{"DBCluster":[{"DBClusterId":"am-1","VPCId":"vpc-1"}]}}"#),
        (
            "adb:DescribeDBClusterAttribute",
            "",
            r#"{"Items":{"DBCluster":[{"DBClusterId":"am-1","DiskEncryption":true,"KmsId":"key-1","SecondaryZoneId":""}]}}"#,
        ),
        ("adb:DescribeAuditLogConfig", "DBClusterId=am-1", r#"{"AuditLogStatus":"off"}"#),
        ("adb:DescribeDBClusterNetInfo", "DBClusterId=am-1", r#"{"Items":{"Address":[{"NetType":"VPC"}]}}"#),
    ]);
    let cluster = only::<Cluster>(&estate);
    assert_eq!((cluster.sql_audit.value(), cluster.public_endpoint.value()), (Some(&false), Some(&false)));
    assert_eq!((text(&cluster.disk_encryption), cluster.multi_zone.value()), ("kms-key", Some(&false)));
    assert!(cluster.white_list_open.reason().is_some());
}
