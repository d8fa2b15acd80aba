//! ApsaraDB RDS: MySQL, SQL Server, PostgreSQL and MariaDB instances.

use super::ecs::SecurityGroup;
use super::kms::Key;
use super::vpc::{VSwitch, Vpc};
use crate::record::{record, resource};
use crate::{Link, List, Text};

resource! {
    /// A database instance.
    Instance = "rds.instance", Regional {
        /// `mysql`, `sqlserver`, `postgresql` or `mariadb`. Source: RDS DescribeDBInstances `Engine`.
        engine: Text,
        /// The engine's version as RDS writes it: `8.0`, `2017_std_ha`. Source: RDS DescribeDBInstances `EngineVersion`.
        engine_version: Text,
        /// The edition in lower case: `basic` (one node), `highavailability`, `cluster`, `alwayson`, `finance`,
        /// `serverless-basic`, `serverless-standard`, `serverless-ha`. Source: RDS DescribeDBInstances `Category`.
        edition: Text,
        /// `primary`, `readonly`, `guard` or `temp`. Source: RDS DescribeDBInstances `DBInstanceType`.
        role: Text,
        /// `prepaid`, `postpaid` or `serverless`. Source: RDS DescribeDBInstances `PayType`.
        charge_type: Text,
        /// The storage in lower case: `local-ssd`, `cloud-ssd`, `cloud-essd`, `general-essd`. Source: RDS DescribeDBInstances `DBInstanceStorageType`.
        storage_type: Text,
        /// `vpc` or `classic`. Source: RDS DescribeDBInstances `InstanceNetworkType`.
        network: Text,
        /// The VPC. Source: RDS DescribeDBInstances `VpcId`.
        vpc: Link<Vpc>,
        /// The vSwitches of the instance. Source: RDS DescribeDBInstances `VSwitchId`.
        vswitches: List<Link<VSwitch>>,
        /// Whether the instance has a public connection address. Source: RDS DescribeDBInstanceNetInfo `IPType` Public.
        public_endpoint: bool,
        /// The ports of its public addresses. Source: RDS DescribeDBInstanceNetInfo `Port`.
        public_ports: List<i64>,
        /// The ports of its private addresses. Source: RDS DescribeDBInstanceNetInfo `Port`.
        private_ports: List<i64>,
        /// Its public addresses, as they were when somebody looked. Source: RDS DescribeDBInstanceNetInfo `IPAddress`.
        public_addresses: List<Text>,
        /// Its private addresses, as they were when somebody looked. Source: RDS DescribeDBInstanceNetInfo `IPAddress`.
        private_addresses: List<Text>,
        /// The entries of all white list groups, without those that RDS hides for its own services: the groups add up.
        /// Source: RDS DescribeDBInstanceIPArrayList.
        white_list: List<Text>,
        /// Whether the white list admits every address, alone or as a union of its entries.
        white_list_open: bool,
        /// Whether the white list holds private, shared, link-local and loopback addresses only.
        white_list_internal: bool,
        /// Whether white lists tell networks apart: `normal` (one list for all) or `safety`. Source: RDS DescribeDBInstanceAttribute `SecurityIPMode`.
        isolation_mode: Text,
        /// The security groups whose members may connect. Source: RDS DescribeSecurityGroupConfiguration.
        security_groups: List<Link<SecurityGroup>>,
        /// SQL Server's connection mode: `standard` or `safe` (through the database proxy). Source: RDS DescribeDBInstances `ConnectionMode`.
        connection_mode: Text,
        /// Whether TLS is offered. Source: RDS DescribeDBInstanceSSL `SSLEnabled`.
        ssl: bool,
        /// Whether connections without TLS are refused. Source: RDS DescribeDBInstanceSSL `ForceEncryption`.
        ssl_enforced: bool,
        /// The lowest TLS version accepted: `1.0`, `1.1`, `1.2`, `1.3`. Source: RDS DescribeDBInstanceSSL `TlsVersion`.
        tls_min: Text,
        /// Whether Transparent Data Encryption is on. Source: RDS DescribeDBInstanceTDE `TDEStatus`.
        tde: bool,
        /// Who holds the TDE key: `none`, `service-key` or `kms-key` (see `tde_key`). Source: RDS DescribeDBInstanceTDE.
        tde_key_holder: Text,
        /// The KMS key of TDE; absent when none is named. Source: RDS DescribeDBInstanceTDE `EncryptionKey`.
        tde_key: Link<Key>,
        /// Who holds the key of the cloud disk: `none`, `service-key` or `kms-key` (see `disk_key`). Source: RDS DescribeDBInstanceEncryptionKey.
        disk_encryption: Text,
        /// The KMS key of the cloud disk; absent when none is named. Source: RDS DescribeDBInstanceEncryptionKey `EncryptionKey`.
        disk_key: Link<Key>,
        /// Whether SQL audit (SQL Explorer) is on. Source: RDS DescribeSQLCollectorPolicy `SQLCollectorStatus`.
        sql_audit: bool,
        /// How many days SQL audit keeps its records. Source: RDS DescribeSQLCollectorRetention `ConfigValue`.
        sql_audit_days: i64,
        /// Whether the instance is protected from release. Source: RDS DescribeDBInstanceAttribute `DeletionProtection`.
        deletion_protection: bool,
        /// Whether minor versions are upgraded automatically. Source: RDS DescribeDBInstanceAttribute `AutoUpgradeMinorVersion`.
        auto_minor_upgrade: bool,
        /// Whether log backup is on. Source: RDS DescribeBackupPolicy `EnableBackupLog`.
        log_backup: bool,
        /// The weekdays of data backup. Source: RDS DescribeBackupPolicy `PreferredBackupPeriod`.
        backup_days: List<Text>,
        /// How many days data backups are kept. Source: RDS DescribeBackupPolicy `BackupRetentionPeriod`.
        backup_retention_days: i64,
        /// Whether backups are copied to another region. Source: RDS DescribeInstanceCrossBackupPolicy `BackupEnabled`.
        cross_region_backup: bool,
        /// The region that receives the copies; absent when there are none. Source: RDS DescribeInstanceCrossBackupPolicy `CrossBackupRegion`.
        cross_backup_region: Text,
        /// The disaster recovery instance; absent when there is none. Source: RDS DescribeDBInstanceAttribute `GuardDBInstanceId`.
        guard_instance: Link<Instance>,
        /// Whether primary and standby stand in different zones. Source: RDS DescribeDBInstanceAttribute `ZoneId`, `SlaveZones`.
        multi_zone: bool,
        /// Whether a failure of the primary switches to the standby by itself. Source: RDS DescribeHASwitchConfig `HAConfig`.
        auto_failover: bool,
        /// How the standby follows: `sync`, `semi-sync` or `async`. Source: RDS DescribeDBInstanceHAConfig `SyncMode`.
        sync_mode: Text,
        /// The running parameters that the evidence states. Source: RDS DescribeParameters `RunningParameters`.
        parameters: List<Parameter>,
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

record! {
    /// One parameter of a database engine.
    Parameter = "rds.instance.parameter" {
        /// Its name, as the engine spells it.
        name: Text,
        /// Its value, in lower case.
        value: Text,
    }
}

resource! {
    /// What RDS does in one region of an account.
    RegionSettings = "rds.region-settings", Regional {
        /// Whether the history of operations on instances is kept. Source: RDS DescribeActionEventPolicy `EnableEventLog` (`True`, `False`).
        event_history: bool,
    }
}
