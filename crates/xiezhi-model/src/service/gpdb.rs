//! AnalyticDB for PostgreSQL (the gpdb product).

use super::kms::Key;
use super::vpc::Vpc;
use crate::record::resource;
use crate::{Link, List, Text};

resource! {
    /// An instance.
    Instance = "gpdb.instance", Regional {
        /// The VPC. Source: GPDB DescribeDBInstances `VpcId`.
        vpc: Link<Vpc>,
        /// Whether a connection is public. Source: GPDB DescribeDBInstanceNetInfo `IPType` Public.
        public_endpoint: bool,
        /// The ports of its public addresses. Source: GPDB DescribeDBInstanceNetInfo `Port`.
        public_ports: List<i64>,
        /// The ports of its private addresses. Source: GPDB DescribeDBInstanceNetInfo `Port`.
        private_ports: List<i64>,
        /// The entries of all white list groups. Source: GPDB DescribeDBInstanceIPArrayList.
        white_list: List<Text>,
        /// Whether the white list admits every address.
        white_list_open: bool,
        /// Whether TLS is offered. Source: GPDB DescribeDBInstanceSSL `SSLEnabled`.
        ssl: bool,
        /// Who holds the key of the disks: `none`, `service-key` or `kms-key`. Source: GPDB DescribeDBInstanceAttribute `EncryptionType`.
        disk_encryption: Text,
        /// The KMS key of the disks; absent when there is none. Source: GPDB DescribeDBInstanceAttribute `EncryptionKey`.
        disk_key: Link<Key>,
        /// Whether a standby zone is set. Source: GPDB DescribeDBInstanceAttribute `StandbyZoneId`.
        multi_zone: bool,
        /// Whether a data backup succeeded. Source: GPDB DescribeDataBackups `BackupStatus`.
        has_backup: bool,
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
