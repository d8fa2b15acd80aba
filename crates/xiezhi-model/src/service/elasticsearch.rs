//! Elasticsearch.

use super::vpc::{VSwitch, Vpc};
use crate::record::resource;
use crate::{Link, List, Text};

resource! {
    /// An instance.
    Instance = "elasticsearch.instance", Regional {
        /// The version, such as `7.10`. Source: Elasticsearch DescribeInstance `esVersion` (without `_with_X-Pack`).
        version: Text,
        /// Whether clients connect over HTTPS. Source: Elasticsearch DescribeInstance `protocol`.
        https: bool,
        /// The VPC. Source: Elasticsearch DescribeInstance `networkConfig.vpcId`.
        vpc: Link<Vpc>,
        /// The vSwitch. Source: Elasticsearch DescribeInstance `networkConfig.vswitchId`.
        vswitch: Link<VSwitch>,
        /// Whether the cluster has a public address. Source: Elasticsearch DescribeInstance `enablePublic`.
        public_endpoint: bool,
        /// The white list of the public address. Source: Elasticsearch DescribeInstance `publicIpWhitelist`, `whiteIpGroupList` PUBLIC_ES.
        public_white_list: List<Text>,
        /// Whether that list admits every address.
        public_white_list_open: bool,
        /// Whether Kibana has a public address. Source: Elasticsearch DescribeInstance `enableKibanaPublicNetwork`.
        kibana_public: bool,
        /// The white list of Kibana's public address. Source: Elasticsearch DescribeInstance `kibanaIPWhitelist`, `whiteIpGroupList` PUBLIC_KIBANA.
        kibana_white_list: List<Text>,
        /// Whether that list admits every address.
        kibana_white_list_open: bool,
        /// Whether the disks of data nodes are encrypted. Source: Elasticsearch DescribeInstance `nodeSpec.diskEncryption`.
        data_disk_encrypted: bool,
        /// Whether the disks of warm (cold) nodes are encrypted; absent when there are none. Source: Elasticsearch DescribeInstance `warmNodeConfiguration`.
        warm_disk_encrypted: bool,
        /// Whether the disks of elastic nodes are encrypted; absent when there are none. Source: Elasticsearch DescribeInstance `elasticDataNodeConfiguration`.
        elastic_disk_encrypted: bool,
        /// How many zones the nodes stand in. Source: Elasticsearch DescribeInstance `zoneCount`.
        zones: i64,
        /// Whether snapshots are made automatically. Source: Elasticsearch DescribeSnapshotSetting `Enable`.
        snapshots: bool,
        /// Who holds the key of data at rest, the weakest first: `none`, `provider-key` (the product's own), `service-key` (the product's key in KMS), `default-key` (a default key of KMS), `customer-key` (in a software instance), `hsm-key` (in a hardware instance or a key store outside). Of several groups of nodes the weakest counts.
        [derived] at_rest: Text,
        /// The cipher of data at rest: `aes` or `sm4`; absent when nothing encrypts it.
        [derived] at_rest_cipher: Text,
        /// Whether every KMS key that the data needs can be used: enabled, not to be deleted, with material; absent when no key is named.
        [derived] at_rest_key_usable: bool,
        /// TLS towards clients: `off`, `offered` or `enforced`. HTTPS is the only way in when it is on (`protocol`).
        [derived] in_transit: Text,
    }
}
