//! AnalyticDB for MySQL.

use super::kms::Key;
use super::vpc::Vpc;
use crate::record::resource;
use crate::{Link, List, Text};

resource! {
    /// A cluster.
    Cluster = "adb.cluster", Regional {
        /// The VPC. Source: AnalyticDB DescribeDBClusterAttribute `VPCId`.
        vpc: Link<Vpc>,
        /// Whether an address is public. Source: AnalyticDB DescribeDBClusterNetInfo `NetType` Public.
        public_endpoint: bool,
        /// The ports of its public addresses. Source: AnalyticDB DescribeDBClusterNetInfo `Port`.
        public_ports: List<i64>,
        /// The ports of its private addresses. Source: AnalyticDB DescribeDBClusterNetInfo `Port`.
        private_ports: List<i64>,
        /// The entries of all white list groups. Source: AnalyticDB DescribeDBClusterAccessWhiteList.
        white_list: List<Text>,
        /// Whether the white list admits every address.
        white_list_open: bool,
        /// Whether SQL audit is on. Source: AnalyticDB DescribeAuditLogConfig `AuditLogStatus`.
        sql_audit: bool,
        /// How many days records of SQL audit can be looked up: 30 by documentation, no setting changes it. Source:
        /// AnalyticDB DescribeAuditLogRecords, operation description.
        sql_audit_days: i64,
        /// Whether log backup is on. Source: AnalyticDB DescribeBackupPolicy `EnableBackupLog`.
        log_backup: bool,
        /// Whether a second zone is set. Source: AnalyticDB DescribeDBClusterAttribute `SecondaryZoneId`.
        multi_zone: bool,
        /// Whether TLS is offered. Source: terraform-provider-alicloud r/adb_db_cluster `enable_ssl`.
        ssl: bool,
        /// Who holds the key of the disks: `none`, `service-key` or `kms-key`. Source: AnalyticDB DescribeDBClusterAttribute `DiskEncryption`.
        disk_encryption: Text,
        /// The KMS key of the disks; absent when there is none. Source: AnalyticDB DescribeDBClusterAttribute `KmsId`.
        disk_key: Link<Key>,
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
