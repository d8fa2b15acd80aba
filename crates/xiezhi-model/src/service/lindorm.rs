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
        /// The white list. Source: Lindorm GetInstanceIpWhiteList.
        white_list: List<Text>,
        /// Whether the white list admits every address.
        white_list_open: bool,
        /// Whether the nodes are spread over zones. Source: Lindorm GetLindormInstance `MultiZoneCombination`.
        multi_zone: bool,
    }
}

resource! {
    /// A TSDB (time series) instance.
    TimeSeries = "lindorm.time-series", Regional {
        /// The white list. Source: HiTSDB GetInstanceIpWhiteList.
        white_list: List<Text>,
        /// Whether the white list admits every address.
        white_list_open: bool,
    }
}
