//! ApsaraDB for MongoDB: replica sets, sharded clusters, serverless instances.

use super::ecs::SecurityGroup;
use super::kms::Key;
use super::vpc::{VSwitch, Vpc};
use crate::record::resource;
use crate::{Link, List, Text};

resource! {
    /// An instance.
    Instance = "mongodb.instance", Regional {
        /// `replicate`, `sharding` or `serverless`. Source: MongoDB DescribeDBInstances `DBInstanceType`.
        architecture: Text,
        /// The engine's version. Source: MongoDB DescribeDBInstances `EngineVersion`.
        engine_version: Text,
        /// `prepaid` or `postpaid`. Source: MongoDB DescribeDBInstances `ChargeType`.
        charge_type: Text,
        /// `vpc` or `classic`. Source: MongoDB DescribeDBInstances `NetworkType`.
        network: Text,
        /// The VPC. Source: MongoDB DescribeDBInstanceAttribute `VPCId`.
        vpc: Link<Vpc>,
        /// The vSwitch. Source: MongoDB DescribeDBInstanceAttribute `VSwitchId`.
        vswitch: Link<VSwitch>,
        /// Whether a node of the instance has a public address. Source: MongoDB DescribeDBInstanceAttribute `NetworkType` Public.
        public_endpoint: bool,
        /// The ports of its public addresses. Source: MongoDB DescribeDBInstanceAttribute `ConnectionPort`.
        public_ports: List<i64>,
        /// The ports of its private addresses. Source: MongoDB DescribeDBInstanceAttribute `ConnectionPort`.
        private_ports: List<i64>,
        /// The entries of all white list groups, without those that are hidden for the provider's services.
        /// Source: MongoDB DescribeSecurityIps.
        white_list: List<Text>,
        /// Whether the white list admits every address, alone or as a union of its entries.
        white_list_open: bool,
        /// The security groups whose members may connect. Source: MongoDB DescribeSecurityGroupConfiguration.
        security_groups: List<Link<SecurityGroup>>,
        /// Whether TLS is offered. Source: MongoDB DescribeDBInstanceSSL `SSLStatus`.
        ssl: bool,
        /// Whether connections without TLS are refused. Source: MongoDB DescribeDBInstanceSSL `ForceEncryption`.
        ssl_enforced: bool,
        /// Whether Transparent Data Encryption is on. Source: MongoDB DescribeDBInstanceTDEInfo `TDEStatus`.
        tde: bool,
        /// Who holds the TDE key: `none`, `service-key` or `kms-key` (see `tde_key`). Source: MongoDB DescribeDBInstanceEncryptionKey.
        tde_key_holder: Text,
        /// The KMS key of TDE; absent when none is named. Source: MongoDB DescribeDBInstanceEncryptionKey `EncryptionKey`.
        tde_key: Link<Key>,
        /// Who holds the key of the cloud disk: `none`, `service-key` or `kms-key` (see `disk_key`). Source: MongoDB
        /// DescribeDBInstanceAttribute `EncryptionKey`.
        disk_encryption: Text,
        /// The KMS key of the cloud disk; absent when none is named. Source: MongoDB DescribeDBInstanceAttribute.
        disk_key: Link<Key>,
        /// Whether the audit log is on. Source: MongoDB DescribeAuditPolicy `LogAuditStatus`.
        audit_log: bool,
        /// How many days the audit log is kept, under the edition that is on. Source: MongoDB DescribeMongoDBLogConfig
        /// `ServiceType` and `TtlForTrail`, `TtlForStandard` or `TtlForV2Standard`.
        audit_log_days: i64,
        /// Whether the instance is protected from release. Source: MongoDB DescribeDBInstanceAttribute `DBInstanceReleaseProtection`.
        release_protection: bool,
        /// Whether log backup is on. Source: MongoDB DescribeBackupPolicy `EnableBackupLog`.
        log_backup: bool,
        /// How many days full backups are kept. Source: MongoDB DescribeBackupPolicy `BackupRetentionPeriod`.
        backup_retention_days: i64,
        /// Whether nodes stand in different zones. Source: MongoDB DescribeDBInstanceAttribute `SecondaryZoneId`, `HiddenZoneId`.
        multi_zone: bool,
        /// How many nodes a replica set has; absent for sharded clusters. Source: MongoDB DescribeDBInstanceAttribute `ReplicationFactor`.
        nodes: i64,
        /// Why the instance is locked: `unlock` when it is not. Source: MongoDB DescribeDBInstanceAttribute `LockMode`.
        lock_mode: Text,
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
