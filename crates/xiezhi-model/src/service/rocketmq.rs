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
    }
}
