use super::*;
use crate::testing::{answers, only, text};

#[test]
fn a_replica_set_tells_address_zones_and_protection() {
    let estate = answers(&[
        (
            "dds:DescribeDBInstanceAttribute",
            "DBInstanceId=dds-1",
            r#"{"DBInstances":{"DBInstance":[{"DBInstanceId":"dds-1","DBInstanceType":"replicate","NetworkType":"VPC",
                "ReplicationFactor":"3","ZoneId":"a","SecondaryZoneId":"b","HiddenZoneId":"c","LockMode":"Unlock",
                "DBInstanceReleaseProtection":true,
                "ReplicaSets":{"ReplicaSet":[{"NetworkType":"VPC"},{"NetworkType":"Public"}]}}]}}"#,
        ),
        (
            "dds:DescribeSecurityIps",
            "DBInstanceId=dds-1",
            r#"{"SecurityIpGroups":{"SecurityIpGroup":[{"SecurityIpGroupName":"default","SecurityIpList":"::/0"}]}}"#,
        ),
        ("dds:DescribeDBInstanceTDEInfo", "DBInstanceId=dds-1", r#"{"TDEStatus":"disabled"}"#),
    ]);
    let instance = only::<Instance>(&estate);
    assert_eq!(instance.public_endpoint.value(), Some(&true));
    assert_eq!(instance.white_list_open.value(), Some(&true));
    assert_eq!(instance.multi_zone.value(), Some(&true));
    assert_eq!((instance.nodes.value(), text(&instance.lock_mode)), (Some(&3), "unlock"));
    assert_eq!((instance.tde.value(), text(&instance.tde_key_holder)), (Some(&false), "none"));
    assert!(instance.disk_encryption.reason().is_some());
}

#[test]
fn the_addresses_of_a_sharded_cluster_come_from_its_own_call() {
    let estate = answers(&[
        (
            "dds:DescribeDBInstanceAttribute",
            "",
            r#"{"DBInstances":{"DBInstance":[{"DBInstanceId":"dds-2","DBInstanceType":"sharding"}]}}"#,
        ),
        (
            "dds:DescribeShardingNetworkAddress",
            "DBInstanceId=dds-2",
            r#"{"NetworkAddresses":{"NetworkAddress":[{"NetworkType":"VPC"}]}}"#,
        ),
    ]);
    let instance = only::<Instance>(&estate);
    assert_eq!(instance.public_endpoint.value(), Some(&false));
    assert!(instance.nodes.is_absent());
}

#[test]
fn the_audit_log_is_kept_as_the_edition_that_is_on_says() {
    let kept = |config: &str| {
        let estate = answers(&[
            (
                "dds:DescribeDBInstanceAttribute",
                "",
                r#"{"DBInstances":{"DBInstance":[{"DBInstanceId":"dds-1","DBInstanceType":"replicate"}]}}"#,
            ),
            ("dds:DescribeMongoDBLogConfig", "DBInstanceId=dds-1", config),
        ]);
        only::<Instance>(&estate).audit_log_days.value().copied()
    };
    assert_eq!(kept(r#"{"ServiceType":"Standard","TtlForStandard":180,"TtlForTrail":1}"#), Some(180));
    assert_eq!(kept(r#"{"ServiceType":"Trail","TtlForStandard":180,"TtlForTrail":1}"#), Some(1));
    assert_eq!(kept(r#"{"ServiceType":"V2_Standard","TtlForV2Standard":365,"HotTtlForV2Standard":7}"#), Some(365));
    assert_eq!(kept(r#"{"ServiceType":"Other","TtlForStandard":180}"#), None);
    assert_eq!(kept(r#"{"TtlForStandard":180}"#), None, "nothing says which edition is on");
}

#[test]
fn the_list_tells_how_many_nodes_a_replica_set_has_and_says_nothing_of_shards() {
    let nodes = |kind: &str| {
        let list = format!(
            r#"{{"DBInstances":{{"DBInstance":[{{"DBInstanceId":"dds-1","DBInstanceType":"{kind}","ReplicationFactor":"3"}}]}},"TotalCount":1,"PageNumber":1,"PageSize":30}}"#
        );
        only::<Instance>(&answers(&[("dds:DescribeDBInstances", "", &list)])).nodes.value().copied()
    };
    assert_eq!((nodes("replicate"), nodes("sharding")), (Some(3), None));
}
