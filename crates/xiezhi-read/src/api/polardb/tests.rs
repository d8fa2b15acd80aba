use super::*;
use crate::testing::{answers, only, text};

#[test]
fn white_list_endpoints_and_tls_are_concluded_over_the_whole_answer() {
    let estate = answers(&[
        (
            "polardb:DescribeDBClusters",
            "",
            r#"{"Items":{"DBCluster":[{"DBClusterId":"pc-1","DBType":"MySQL","DBVersion":"8.0","DBClusterNetworkType":"VPC","DeletionLock":0}]}}"#,
        ),
        (
            "polardb:DescribeDBClusterAccessWhitelist",
            "DBClusterId=pc-1",
            r#"{"Items":{"DBClusterIPArray":[{"DBClusterIPArrayName":"default","SecurityIps":"0.0.0.0/0"}]},
                "DBClusterSecurityGroups":{"DBClusterSecurityGroup":[{"SecurityGroupId":"sg-1"}]}}"#,
        ),
        (
            "polardb:DescribeDBClusterEndpoints",
            "DBClusterId=pc-1",
            r#"{"Items":[{"EndpointType":"Primary","AddressItems":[{"NetType":"Private"}]},
                {"EndpointType":"Cluster","AddressItems":[{"NetType":"Public"}]}]}"#,
        ),
        (
            "polardb:DescribeDBClusterSSL",
            "DBClusterId=pc-1",
            r#"{"Items":[{"DBEndpointId":"a","SSLEnabled":"Enabled"},{"DBEndpointId":"b","SSLEnabled":"Disable"}]}"#,
        ),
        (
            "polardb:DescribeDBClusterTDE",
            "DBClusterId=pc-1",
            r#"{"TDEStatus":"Enabled","EncryptNewTables":"OFF","EncryptionKey":"key-1"}"#,
        ),
    ]);
    let cluster = only::<Cluster>(&estate);
    assert_eq!(cluster.white_list_open.value(), Some(&true));
    assert_eq!(cluster.public_endpoint.value(), Some(&true));
    assert_eq!(cluster.ssl.value(), Some(&false));
    assert_eq!(cluster.deletion_lock.value(), Some(&false));
    assert_eq!((text(&cluster.tde_key_holder), cluster.encrypt_new_tables.value()), ("kms-key", Some(&false)));
    assert_eq!(cluster.security_groups.value().unwrap().items[0].target, "sg-1");
}

#[test]
fn a_distributed_instance_tells_its_topology() {
    let answer = r#"{"DBInstance":{"Id":"pxc-1","TopologyType":"3azones","VPCId":"vpc-1"}}"#;
    let estate = answers(&[("polardbx:DescribeDBInstanceAttribute", "", answer)]);
    assert_eq!(text(&only::<DistributedInstance>(&estate).topology), "3azones");
}

#[test]
fn database_autonomy_service_says_how_long_sql_audit_is_kept() {
    let estate = answers(&[
        ("polardb:DescribeDBClusterAuditLogCollector", "DBClusterId=pc-1", r#"{"CollectorStatus":"Enable"}"#),
        (
            "das:DescribeSqlLogConfig",
            "InstanceId=pc-1",
            r#"{"Data":{"SqlLogEnable":true,"Retention":30,"HotRetention":7}}"#,
        ),
        ("das:DescribeSqlLogConfig", "InstanceId=rm-1", r#"{"Data":{"SqlLogEnable":true,"Retention":180}}"#),
    ]);
    assert_eq!(only::<Cluster>(&estate).sql_audit_days.value(), Some(&30), "an RDS instance is no cluster");
}
