//! ApsaraDB for ClickHouse: community and enterprise clusters.

use super::kms::Key;
use super::vpc::Vpc;
use crate::record::resource;
use crate::{Link, List, Text};

resource! {
    /// A cluster.
    Cluster = "clickhouse.cluster", Regional {
        /// `basic` or `highavailability` (two replicas). Source: ClickHouse DescribeDBClusters `Category`.
        edition: Text,
        /// The VPC. Source: ClickHouse DescribeDBClusters `VpcId`.
        vpc: Link<Vpc>,
        /// Whether an address is public. Source: ClickHouse DescribeDBClusterNetInfoItems `NetType` Public.
        public_endpoint: bool,
        /// Whether an address offers HTTPS beside HTTP. Source: ClickHouse DescribeDBClusterNetInfoItems `HttpsPort`.
        ssl: bool,
        /// The entries of all white list groups. Source: ClickHouse DescribeDBClusterAccessWhiteList.
        white_list: List<Text>,
        /// Whether the white list admits every address.
        white_list_open: bool,
        /// The prefix length of the widest IPv4 entry: 0 for everyone, 32 for single addresses only; absent for none.
        widest_prefix: i64,
        /// Who holds the key of the disks: `none`, `service-key` or `kms-key`. Source: ClickHouse DescribeDBClusterAttribute `EncryptionType`.
        disk_encryption: Text,
        /// The KMS key of the disks; absent when there is none. Source: ClickHouse DescribeDBClusterAttribute `EncryptionKey`.
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
