//! Databases, stores and queues. Source: CloudRec, collector for Alibaba Cloud, `db`, `redis`, `hitsdb`, `hologram`,
//! `elasticsearch`, `maxcompute`, `tablestore`, `oss`, `nas`, `sls`, `kafka`, `rocketmq`.

use super::asset::{Asset, asset, member, whole};

pub(super) const ASSETS: &[Asset] = &[
    // The collector names the members of its own structures, not those of the API's XML.
    asset(
        &["BucketProperties"],
        ("BucketProperties", "Name"),
        "BucketName",
        &[
            member("BucketProperties", "oss:ListBuckets", "Buckets.Bucket"),
            whole("BucketInfo.ACL", "oss:GetBucketAcl", "AccessControlList.Grant"),
            whole("BucketInfo.BlockPublicAccess", "oss:GetBucketPublicAccessBlock", "BlockPublicAccess"),
            whole("BucketInfo.SseRule", "oss:GetBucketEncryption", "ApplyServerSideEncryptionByDefault"),
            whole("LoggingEnabled", "oss:GetBucketLogging", "LoggingEnabled"),
            whole("BucketPolicy", "oss:GetBucketPolicy", ""),
            whole("SSEDefaultRule", "oss:GetBucketEncryption", "ApplyServerSideEncryptionByDefault"),
            whole("VersioningConfig", "oss:GetBucketVersioning", "Status"),
            whole("RefererConfiguration.AllowEmptyReferer", "oss:GetBucketReferer", "AllowEmptyReferer"),
            whole("RefererConfiguration.RefererList.Referers", "oss:GetBucketReferer", "RefererList.Referer"),
            whole("CORSConfiguration.CORSRules", "oss:GetBucketCors", "CORSRule")
                .renamed(&[("AllowedOrigins", "AllowedOrigin"), ("AllowedMethods", "AllowedMethod")]),
        ],
    ),
    asset(
        &["FileSystem", "NfsAcl|SmbAcl|AccessPoint"],
        ("FileSystem", "FileSystemId"),
        "FileSystemId",
        &[
            member("FileSystem", "nas:DescribeFileSystems", "FileSystems.FileSystem"),
            whole("AccessPoint", "nas:DescribeAccessPoints", "AccessPoints").of("FileSystemId"),
            whole("NfsAcl", "nas:DescribeNfsAcl", "Acl"),
            whole("SmbAcl", "nas:DescribeSmbAcl", "Acl"),
        ],
    ),
    asset(
        &["InstanceInfo.InstanceName|InstanceInfo.NetworkTypeACL|InstanceInfo.SPInstanceId"],
        ("InstanceInfo", "InstanceName"),
        "InstanceName",
        &[whole("InstanceInfo", "tablestore:GetInstance", "")],
    ),
    // At most ten alerts are asked for.
    asset(
        &["LogProject", "LogStore|PolicyStatus|Alert"],
        ("LogProject", "projectName"),
        "project",
        &[
            whole("LogProject", "sls:GetProject", ""),
            whole("PolicyStatus", "sls:GetProjectPolicy", ""),
            whole("LogStore[]", "sls:GetLogStore", ""),
            whole("Alert", "sls:ListAlerts", "results"),
        ],
    ),
    asset(
        &["DBInstanceAttribute", "LogAuditStatus|TDEInfo|RdsEcsSecurityGroupRel"],
        ("DBInstance", "DBInstanceId"),
        "DBInstanceId",
        &[
            member("DBInstance", "dds:DescribeDBInstances", "DBInstances.DBInstance"),
            member("DBInstanceAttribute", "dds:DescribeDBInstanceAttribute", "DBInstances.DBInstance")
                .of("DBInstanceId"),
            whole("SecurityIpGroups", "dds:DescribeSecurityIps", "SecurityIpGroups.SecurityIpGroup"),
            whole("RdsEcsSecurityGroupRel", "dds:DescribeSecurityGroupConfiguration", "Items.RdsEcsSecurityGroupRel"),
            whole("DBInstanceSSL", "dds:DescribeDBInstanceSSL", ""),
            whole("TDEInfo", "dds:DescribeDBInstanceTDEInfo", ""),
            whole("LogAuditStatus", "dds:DescribeAuditPolicy", "LogAuditStatus"),
        ],
    ),
    asset(
        &["DBInstance", "DBInstanceNetInfos"],
        ("DBInstance", "DBInstanceId"),
        "DBInstanceId",
        &[
            member("DBInstance", "gpdb:DescribeDBInstances", "Items.DBInstance"),
            member("DBInstanceAttribute", "gpdb:DescribeDBInstanceAttribute", "Items.DBInstanceAttribute")
                .of("DBInstanceId"),
            whole("DBInstanceIPArray", "gpdb:DescribeDBInstanceIPArrayList", "Items.DBInstanceIPArray"),
            whole("DBInstanceNetInfos", "gpdb:DescribeDBInstanceNetInfo", "DBInstanceNetInfos"),
        ],
    ),
    asset(
        &["DBInstanceAttribute", "DBInstanceSSL"],
        ("DBInstance", "DBInstanceId"),
        "DBInstanceId",
        &[
            member("DBInstance", "rds:DescribeDBInstances", "Items.DBInstance"),
            member("DBInstanceAttribute", "rds:DescribeDBInstanceAttribute", "Items.DBInstanceAttribute")
                .of("DBInstanceId"),
            whole("DBInstanceIPArray", "rds:DescribeDBInstanceIPArrayList", "Items.DBInstanceIPArray"),
            whole(
                "EcsSecurityGroupRelation",
                "rds:DescribeSecurityGroupConfiguration",
                "Items.EcsSecurityGroupRelation",
            ),
            whole("DBInstanceSSL", "rds:DescribeDBInstanceSSL", ""),
            whole("DBInstanceTDE", "rds:DescribeDBInstanceTDE", ""),
            whole("BackupPolicy", "rds:DescribeBackupPolicy", ""),
            whole("SQLCollectorPolicy", "rds:DescribeSQLCollectorPolicy", ""),
        ],
    ),
    asset(
        &["KVStoreInstance"],
        ("KVStoreInstance", "InstanceId"),
        "InstanceId",
        &[
            member("KVStoreInstance", "r-kvstore:DescribeInstances", "Instances.KVStoreInstance"),
            whole("DBInstanceAttribute", "r-kvstore:DescribeInstanceAttribute", "Instances.DBInstanceAttribute")
                .of("InstanceId"),
            whole("InstanceNetInfo", "r-kvstore:DescribeDBInstanceNetInfo", "NetInfoItems.InstanceNetInfo"),
            whole("SecurityIpGroups", "r-kvstore:DescribeSecurityIps", "SecurityIpGroups.SecurityIpGroup"),
            whole("InstanceSSL", "r-kvstore:DescribeInstanceSSL", ""),
            whole("TDEStatus", "r-kvstore:DescribeInstanceTDEStatus", "TDEStatus"),
            whole("AuditLogConfig", "r-kvstore:DescribeAuditLogConfig", ""),
            whole("BackupPolicy", "r-kvstore:DescribeBackupPolicy", ""),
        ],
    ),
    asset(
        &["DBCluster", "DBClusterAccessWhitelist|DBClusterEndpoints|DBClusterSSL|DBClusterTDE"],
        ("DBCluster", "DBClusterId"),
        "DBClusterId",
        &[
            member("DBCluster", "polardb:DescribeDBClusters", "Items.DBCluster"),
            whole("DBClusterAttribute", "polardb:DescribeDBClusterAttribute", "").of("DBClusterId"),
            whole("DBClusterEndpoints", "polardb:DescribeDBClusterEndpoints", "Items"),
            whole("DBClusterAccessWhitelist", "polardb:DescribeDBClusterAccessWhitelist", ""),
            whole("DBClusterSSL", "polardb:DescribeDBClusterSSL", "Items"),
            whole("DBClusterTDE", "polardb:DescribeDBClusterTDE", "").of("DBClusterId"),
            whole("DBClusterAuditLogCollector", "polardb:DescribeDBClusterAuditLogCollector", ""),
            whole("LogBackupPolicy", "polardb:DescribeLogBackupPolicy", ""),
        ],
    ),
    asset(
        &["DBCluster", "NetInfoItem"],
        ("DBCluster", "DBClusterId"),
        "DBClusterId",
        &[
            member("DBCluster", "clickhouse:DescribeDBClusters", "DBClusters.DBCluster"),
            whole("NetInfoItem", "clickhouse:DescribeDBClusterNetInfoItems", "NetInfoItems.NetInfoItem"),
            whole("IPArray", "clickhouse:DescribeDBClusterAccessWhiteList", "DBClusterAccessWhiteList.IPArray"),
        ],
    ),
    asset(
        &["DBCluster", "DBClusterAttribute", "IPArray"],
        ("DBCluster", "DBClusterId"),
        "DBClusterId",
        &[
            member("DBCluster", "adb:DescribeDBClusters", "Items.DBCluster"),
            member("DBClusterAttribute", "adb:DescribeDBClusterAttribute", "Items.DBCluster").of("DBClusterId"),
            whole("IPArray", "adb:DescribeDBClusterAccessWhiteList", "Items.IPArray"),
        ],
    ),
    asset(
        &["Instance", "ConnAddrInfo"],
        ("Instance", "InstanceId"),
        "ClusterId",
        &[
            member("Instance", "hbase:DescribeInstances", "Instances.Instance"),
            whole("ConnAddrInfo", "hbase:DescribeEndpoints", "ConnAddrs.ConnAddr"),
            whole("Group", "hbase:DescribeIpWhitelist", "Groups.Group"),
        ],
    ),
    asset(
        &["Instance", "EngineList"],
        ("Instance", "InstanceId"),
        "InstanceId",
        &[
            member("Instance", "hitsdb:GetLindormInstanceList", "InstanceList"),
            whole("EngineList", "hitsdb:GetLindormInstanceEngineList", "EngineList"),
            whole("InstanceIpWhiteList", "hitsdb:GetInstanceIpWhiteList", ""),
        ],
    ),
    asset(
        &["Instance", "InstanceDetail", "SnapshotSetting"],
        ("Instance", "instanceId"),
        "InstanceId",
        &[
            member("Instance", "elasticsearch:ListInstance", "Result"),
            whole("InstanceDetail", "elasticsearch:DescribeInstance", "Result").of("instanceId"),
            whole("SnapshotSetting", "elasticsearch:DescribeSnapshotSetting", "Result"),
        ],
    ),
    asset(
        &["Project", "GetProjectResponseBodyData"],
        ("Project", "name"),
        "projectName",
        &[
            member("Project", "maxcompute:ListProjects", "data.projects"),
            whole("GetProjectResponseBodyData", "maxcompute:GetProject", "data").of("name"),
        ],
    ),
    asset(
        &["InstanceVO", "AllowedList"],
        ("InstanceVO", "InstanceId"),
        "InstanceId",
        &[
            member("InstanceVO", "alikafka:GetInstanceList", "InstanceList.InstanceVO"),
            whole("AllowedList", "alikafka:GetAllowedIpList", "AllowedList"),
        ],
    ),
    asset(
        &["Instance", "Acl|WhiteList", "!LogInfo"],
        ("Instance", "instanceId"),
        "instanceId",
        &[whole("Instance", "rocketmq:GetInstance", "data")],
    ),
    asset(
        &["Instance.InstanceChargeType", "Instance.EnableHiveAccess|Instance.LeaderInstanceId|Instance.Endpoints"],
        ("Instance", "InstanceId"),
        "InstanceId",
        &[member("Instance", "hologram:ListInstances", "InstanceList")],
    ),
];
