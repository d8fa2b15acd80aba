use super::*;
use crate::testing::{answers, only, text};

#[test]
fn addresses_and_white_lists_join_their_cluster() {
    let estate = answers(&[
        (
            "hbase:DescribeInstance",
            "ClusterId=hb-1",
            r#"{"InstanceId":"hb-1","VpcId":"vpc-1","IsDeletionProtection":false,"CoreNodeCount":2}"#,
        ),
        ("hbase:DescribeEndpoints", "ClusterId=hb-1", r#"{"ConnAddrs":{"ConnAddr":[{"NetType":"PUBLIC"}]}}"#),
        (
            "hbase:DescribeIpWhitelist",
            "ClusterId=hb-1",
            r#"{"Groups":{"Group":[{"GroupName":"default","IpList":{"Ip":["0.0.0.0/0"]}}]}}"#,
        ),
    ]);
    let cluster = only::<Cluster>(&estate);
    assert_eq!(text(&cluster.network), "vpc");
    assert_eq!((cluster.public_endpoint.value(), cluster.white_list_open.value()), (Some(&true), Some(&true)));
    assert_eq!(cluster.core_nodes.value(), Some(&2));
}
