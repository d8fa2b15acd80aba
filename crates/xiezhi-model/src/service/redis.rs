//! Tair and Redis (the kvstore product).

use super::ecs::SecurityGroup;
use super::kms::Key;
use super::vpc::{VSwitch, Vpc};
use crate::record::resource;
use crate::{Link, List, Text};

resource! {
    /// An instance.
    Instance = "redis.instance", Regional {
        /// `redis`, `memcache` or the Tair edition (`tair-rdb`, `tair-scm`, `tair-essd`). Source: Redis DescribeInstances `InstanceType`.
        engine: Text,
        /// The engine's version. Source: Redis DescribeInstances `EngineVersion`.
        engine_version: Text,
        /// The instance class, which names edition and size. Source: Redis DescribeInstances `InstanceClass`.
        class: Text,
        /// `prepaid` or `postpaid`. Source: Redis DescribeInstances `ChargeType`.
        charge_type: Text,
        /// `vpc` or `classic`. Source: Redis DescribeInstances `NetworkType`.
        network: Text,
        /// The VPC. Source: Redis DescribeInstances `VpcId`.
        vpc: Link<Vpc>,
        /// The vSwitch. Source: Redis DescribeInstances `VSwitchId`.
        vswitch: Link<VSwitch>,
        /// Whether the instance has a public address. Source: Redis DescribeDBInstanceNetInfo `IPType` Public.
        public_endpoint: bool,
        /// The ports of its public addresses. Source: Redis DescribeDBInstanceNetInfo `Port`.
        public_ports: List<i64>,
        /// The ports of its private addresses. Source: Redis DescribeDBInstanceNetInfo `Port`.
        private_ports: List<i64>,
        /// The entries of all white list groups, without those that are hidden for the provider's services.
        /// Source: Redis DescribeSecurityIps.
        white_list: List<Text>,
        /// Whether the white list admits every address, alone or as a union of its entries.
        white_list_open: bool,
        /// The security groups whose members may connect. Source: Redis DescribeSecurityGroupConfiguration.
        security_groups: List<Link<SecurityGroup>>,
        /// Whether hosts of the VPC need a password (`VpcAuthMode` Open). Source: Redis DescribeInstanceAttribute.
        password_required: bool,
        /// Whether TLS is offered. Source: Redis DescribeInstanceSSL `SSLEnabled`.
        ssl: bool,
        /// The lowest TLS version accepted: `1.0`, `1.1`, `1.2`, `1.3`. Source: Redis DescribeParameters
        /// `#no_loose_tls-min-version`; ROS `ALIYUN::REDIS::Instance` `TLSProtocol`.
        tls_min: Text,
        /// Whether Transparent Data Encryption is on. Source: Redis DescribeInstanceTDEStatus `TDEStatus`.
        tde: bool,
        /// Who holds the TDE key: `none`, `service-key` or `kms-key` (see `tde_key`). Source: Redis DescribeEncryptionKey.
        tde_key_holder: Text,
        /// The KMS key of TDE; absent when none is named. Source: Redis DescribeEncryptionKey `EncryptionKey`.
        tde_key: Link<Key>,
        /// Whether the audit log is on. Source: Redis DescribeAuditLogConfig `DbAudit`.
        audit_log: bool,
        /// How many days the audit log is kept. Source: Redis DescribeAuditLogConfig `Retention`.
        audit_log_days: i64,
        /// Whether the instance is protected from release. Source: Redis DescribeInstanceAttribute `InstanceReleaseProtection`.
        release_protection: bool,
        /// The weekdays of backup. Source: Redis DescribeBackupPolicy `PreferredBackupPeriod`.
        backup_days: List<Text>,
        /// Whether the append-only log is backed up. Source: Redis DescribeBackupPolicy `EnableBackupLog`.
        log_backup: bool,
        /// Whether nodes stand in two zones. Source: Redis DescribeInstanceAttribute `ZoneId`, `SecondaryZoneId`.
        multi_zone: bool,
        /// `double` (with a replica) or `single`. Source: Redis DescribeInstances `NodeType`.
        node_type: Text,
        /// `cluster`, `standard` or `rwsplit`. Source: Redis DescribeInstances `ArchitectureType`.
        architecture: Text,
        /// The commands that are switched off (`#no_loose_disabled-commands`), in lower case. Source: Redis DescribeParameters.
        disabled_commands: List<Text>,
        /// Whether the newest minor version runs. Source: Redis DescribeEngineVersion `IsLatestVersion`.
        latest_version: bool,
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
