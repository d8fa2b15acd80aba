//! ApsaraMQ for RocketMQ 5.

use super::vpc::Vpc;
use crate::record::resource;
use crate::{Link, List, Text};

resource! {
    /// An instance.
    Instance = "rocketmq.instance", Regional {
        /// `standard`, `professional`, `ultimate`. Source: RocketMQ GetInstance `seriesCode`.
        series: Text,
        /// `cluster-ha`, `single-node` or `serverless`. Source: RocketMQ GetInstance `subSeriesCode`.
        sub_series: Text,
        /// The VPC. Source: RocketMQ GetInstance `networkInfo.vpcInfo.vpcId`.
        vpc: Link<Vpc>,
        /// Whether the public endpoint is on. Source: RocketMQ GetInstance `networkInfo.internetInfo.internetSpec`.
        public_endpoint: bool,
        /// The white list of the public endpoint; empty admits everyone. Source: RocketMQ GetInstance `internetInfo.ipWhitelist`.
        internet_white_list: List<Text>,
        /// Whether that list admits every address.
        internet_white_list_open: bool,
        /// Whether storage is encrypted. Source: RocketMQ GetInstance `productInfo.storageEncryption`.
        encrypted: bool,
        /// The KMS key that encrypts it; absent when none is named. Source: RocketMQ GetInstance `productInfo.storageSecretKey`.
        encryption_key: Text,
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
