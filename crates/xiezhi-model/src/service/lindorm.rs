//! Lindorm and its predecessor TSDB (the hitsdb product).

use super::vpc::Vpc;
use crate::record::resource;
use crate::{Link, List, Text};

resource! {
    /// A Lindorm instance.
    Instance = "lindorm.instance", Regional {
        /// `vpc` or `classic`. Source: Lindorm GetLindormInstance `VpcId`.
        network: Text,
        /// The VPC. Source: Lindorm GetLindormInstance `VpcId`.
        vpc: Link<Vpc>,
        /// Whether an engine has a public address. Source: Lindorm GetLindormInstanceEngineList `NetType`.
        public_endpoint: bool,
        /// The ports of its public addresses. Source: Lindorm GetLindormInstanceEngineList `Port`.
        public_ports: List<i64>,
        /// The ports of its private addresses. Source: Lindorm GetLindormInstanceEngineList `Port`.
        private_ports: List<i64>,
        /// The white list. Source: Lindorm GetInstanceIpWhiteList.
        white_list: List<Text>,
        /// Whether the white list admits every address.
        white_list_open: bool,
        /// Whether the nodes are spread over zones. Source: Lindorm GetLindormInstance `MultiZoneCombination`.
        multi_zone: bool,
        /// Whether transparent data encryption is on; its key is one of KMS that no answer names. Source: Lindorm GetLindormInstance `EnableStoreTDE`.
        tde: bool,
        /// Who holds the key of data at rest, the weakest first: `none`, `provider-key` (the product's own), `service-key` (the product's key in KMS), `default-key` (a default key of KMS), `customer-key` (in a software instance), `hsm-key` (in a hardware instance or a key store outside). The key of an encrypted instance no source names.
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
    /// A TSDB (time series) instance.
    TimeSeries = "lindorm.time-series", Regional {
        /// Whether it has a public address. Source: TSDB DescribeHiTSDBInstance `PublicConnectionString`.
        public_endpoint: bool,
        /// The white list. Source: HiTSDB GetInstanceIpWhiteList.
        white_list: List<Text>,
        /// Whether the white list admits every address.
        white_list_open: bool,
    }
}
