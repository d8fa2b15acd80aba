//! PolarDB clusters.

use super::ecs::SecurityGroup;
use super::kms::Key;
use super::vpc::{VSwitch, Vpc};
use crate::record::{record, resource};
use crate::{Link, List, Text};

resource! {
    /// A cluster.
    Cluster = "polardb.cluster", Regional {
        /// `mysql`, `postgresql` or `oracle`. Source: PolarDB DescribeDBClusters `DBType`.
        engine: Text,
        /// The engine's version. Source: PolarDB DescribeDBClusters `DBVersion`.
        engine_version: Text,
        /// `prepaid` or `postpaid`. Source: PolarDB DescribeDBClusters `PayType`.
        charge_type: Text,
        /// `vpc` or `classic`. Source: PolarDB DescribeDBClusters `DBClusterNetworkType`.
        network: Text,
        /// The VPC. Source: PolarDB DescribeDBClusterAttribute `VPCId`.
        vpc: Link<Vpc>,
        /// The vSwitch. Source: PolarDB DescribeDBClusterAttribute `VSwitchId`.
        vswitch: Link<VSwitch>,
        /// Whether an endpoint of the cluster has a public address. Source: PolarDB DescribeDBClusterEndpoints `NetType` Public.
        public_endpoint: bool,
        /// The ports of its public addresses. Source: PolarDB DescribeDBClusterEndpoints `Port`.
        public_ports: List<i64>,
        /// The ports of its private addresses. Source: PolarDB DescribeDBClusterEndpoints `Port`.
        private_ports: List<i64>,
        /// The entries of all white list groups, without those that PolarDB hides for its own services.
        /// Source: PolarDB DescribeDBClusterAccessWhitelist.
        white_list: List<Text>,
        /// Whether the white list admits every address, alone or as a union of its entries.
        white_list_open: bool,
        /// The security groups whose members may connect. Source: PolarDB DescribeDBClusterAccessWhitelist.
        security_groups: List<Link<SecurityGroup>>,
        /// Whether each endpoint that the evidence states offers TLS. Source: PolarDB DescribeDBClusterSSL `SSLEnabled`.
        endpoint_ssl: List<EndpointSsl>,
        /// Whether every endpoint of the cluster offers TLS.
        ssl: bool,
        /// Whether Transparent Data Encryption is on. Source: PolarDB DescribeDBClusterTDE `TDEStatus`.
        tde: bool,
        /// Who holds the TDE key: `none`, `service-key` or `kms-key` (see `tde_key`). Source: PolarDB DescribeDBClusterTDE.
        tde_key_holder: Text,
        /// The KMS key of TDE; absent when none is named. Source: PolarDB DescribeDBClusterTDE `EncryptionKey`.
        tde_key: Link<Key>,
        /// Whether new tables are encrypted by themselves (MySQL 8.0); with TDE on and this off, tables may be plain.
        /// Source: PolarDB DescribeDBClusterTDE `EncryptNewTables`.
        encrypt_new_tables: bool,
        /// Whether SQL audit is on. Source: PolarDB DescribeDBClusterAuditLogCollector `CollectorStatus`.
        sql_audit: bool,
        /// How many days records of SQL audit are kept, hot and cold together. Source: DAS DescribeSqlLogConfig `Retention`.
        sql_audit_days: i64,
        /// Whether the cluster is locked against release. Source: PolarDB DescribeDBClusterAttribute `DeletionLock`.
        deletion_lock: bool,
        /// The hot standby: `on`, `off` or `equal`. Source: PolarDB DescribeDBClusterAttribute `HotStandbyCluster`.
        hot_standby: Text,
        /// Whether a hot standby stands in another zone than the primary. Source: PolarDB DescribeDBClusterAttribute.
        multi_zone: bool,
        /// How many days level-one backups are kept. Source: PolarDB DescribeBackupPolicy `DataLevel1BackupRetentionPeriod`.
        backup_level1_days: i64,
        /// How many days level-two backups are kept: 0 for none, -1 for ever. Source: PolarDB DescribeBackupPolicy
        /// `DataLevel2BackupRetentionPeriod`.
        backup_level2_days: i64,
        /// How many days log backups are kept, -1 for ever. Source: PolarDB DescribeLogBackupPolicy `LogBackupRetentionPeriod`.
        log_backup_days: i64,
        /// The state of the kernel version: `stable`, `old` or `highrisk`. Source: PolarDB DescribeDBClusterVersion `DBVersionStatus`.
        version_status: Text,
        /// Who holds the key of data at rest, the weakest first: `none`, `provider-key` (the product's own), `service-key` (the product's key in KMS), `default-key` (a default key of KMS), `customer-key` (in a software instance), `hsm-key` (in a hardware instance or a key store outside).
        [derived] at_rest: Text,
        /// The cipher of data at rest: `aes` or `sm4`; absent when nothing encrypts it.
        [derived] at_rest_cipher: Text,
        /// Whether every KMS key that the data needs can be used: enabled, not to be deleted, with material; absent when no key is named.
        [derived] at_rest_key_usable: bool,
        /// TLS towards clients: `off`, `offered` or `enforced`.
        [derived] in_transit: Text,
    }
}

resource! {
    /// A PolarDB-X (distributed) instance.
    DistributedInstance = "polardb.distributed-instance", Regional {
        /// How many zones it spans: `1azone` or `3azones`. Source: PolarDB-X DescribeDBInstanceAttribute `TopologyType`.
        topology: Text,
        /// The VPC. Source: PolarDB-X DescribeDBInstanceAttribute `VPCId`.
        vpc: Link<Vpc>,
    }
}

record! {
    /// Whether one endpoint offers TLS.
    EndpointSsl = "polardb.cluster.endpoint-ssl" {
        /// `primary`, `cluster`, `custom`, or `all` where the source states all of them.
        endpoint: Text,
        /// Whether TLS is offered.
        ssl: bool,
    }
}
