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
        /// The entries of all white list groups. Source: AnalyticDB DescribeDBClusterAccessWhiteList.
        white_list: List<Text>,
        /// Whether the white list admits every address.
        white_list_open: bool,
        /// Whether SQL audit is on. Source: AnalyticDB DescribeAuditLogConfig `AuditLogStatus`.
        sql_audit: bool,
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
    }
}
