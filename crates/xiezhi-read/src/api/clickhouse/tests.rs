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

#[test]
fn https_is_offered_where_an_address_has_a_port_for_it_and_unknown_where_the_answer_is_silent() {
    let offered = |items: &str| {
        let text = format!(r#"{{"NetInfoItems":{{"NetInfoItem":[{items}]}}}}"#);
        let estate = answers(&[("clickhouse:DescribeDBClusterNetInfoItems", "DBClusterId=cc-1", &text)]);
        only::<Cluster>(&estate).ssl.value().copied()
    };
    let (with, without) = (r#"{"NetType":"VPC","HttpsPort":"8443"}"#, r#"{"NetType":"Public","HttpsPort":""}"#);
    let silent = r#"{"NetType":"VPC","HttpPort":"8123"}"#;
    assert_eq!(offered(with), Some(true));
    assert_eq!(offered(&format!("{silent},{with}")), Some(true));
    assert_eq!(offered(without), Some(false));
    assert_eq!(offered(&format!("{without},{silent}")), None);
    assert_eq!(offered(""), None);
}
