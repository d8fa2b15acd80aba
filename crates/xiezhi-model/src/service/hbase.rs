//! ApsaraDB for HBase.

use super::vpc::Vpc;
use crate::record::resource;
use crate::{Link, List, Text};

resource! {
    /// A cluster.
    Cluster = "hbase.cluster", Regional {
        /// `vpc` or `classic`. Source: HBase DescribeInstance `NetworkType`, `VpcId`.
        network: Text,
        /// The VPC. Source: HBase DescribeInstance `VpcId`.
        vpc: Link<Vpc>,
        /// Whether a connection address is public. Source: HBase DescribeEndpoints `NetType` PUBLIC.
        public_endpoint: bool,
        /// The ports of its public addresses. Source: HBase DescribeEndpoints `ConnAddrPort`.
        public_ports: List<i64>,
        /// The ports of its private addresses. Source: HBase DescribeEndpoints `ConnAddrPort`.
        private_ports: List<i64>,
        /// The entries of all white list groups. Source: HBase DescribeIpWhitelist.
        white_list: List<Text>,
        /// Whether the white list admits every address.
        white_list_open: bool,
        /// Whether the cluster is protected from release. Source: HBase DescribeInstance `IsDeletionProtection`.
        deletion_protection: bool,
        /// How many core nodes there are. Source: HBase DescribeInstance `CoreNodeCount`.
        core_nodes: i64,
    }
}
