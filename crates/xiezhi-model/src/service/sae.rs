//! Serverless App Engine (SAE).

use super::slb::LoadBalancer;
use crate::record::resource;
use crate::{Link, List, Text};

resource! {
    /// An application.
    Application = "sae.application", Regional {
        /// The load balancer by which the internet reaches it; absent when none is bound. Source: SAE DescribeApplicationSlbs `Data.InternetSlbId`.
        internet_balancer: Link<LoadBalancer>,
        /// The ports of that load balancer that lead to it. Source: SAE DescribeApplicationSlbs `Data.Internet[].Port`.
        internet_ports: List<Text>,
    }
}
