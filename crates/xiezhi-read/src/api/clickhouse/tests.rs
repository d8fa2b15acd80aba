use super::*;
use crate::testing::{answers, only, text};

#[test]
fn the_widest_entry_and_a_public_address_are_concluded() {
    let estate = answers(&[
        (
            "clickhouse:DescribeDBClusterNetInfoItems",
            "DBClusterId=cc-1",
            r#"{"NetInfoItems":{"NetInfoItem":[{"NetType":"Public"},{"NetType":"VPC"}]}}"#,
        ),
        (
            "clickhouse:DescribeDBClusterAccessWhiteList",
            "DBClusterId=cc-1",
            r#"{"DBClusterAccessWhiteList":{"IPArray":[{"DBClusterIPArrayName":"default","SecurityIPList":"20.0.0.0/7,10.0.0.1"}]}}"#,
        ),
        (
            "clickhouse:DescribeDBClusterAttribute",
            "DBClusterId=cc-1",
            r#"{"DBCluster":{"DBClusterId":"cc-1","Category":"HighAvailability","EncryptionType":"CloudDisk","EncryptionKey":"key-1"}}"#,
        ),
    ]);
    let cluster = only::<Cluster>(&estate);
    assert_eq!((cluster.public_endpoint.value(), cluster.widest_prefix.value()), (Some(&true), Some(&7)));
    assert_eq!(cluster.white_list_open.value(), Some(&false));
    assert_eq!((text(&cluster.disk_encryption), text(&cluster.edition)), ("kms-key", "highavailability"));
}
