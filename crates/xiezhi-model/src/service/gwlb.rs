//! Gateway Load Balancer (GWLB).

use crate::record::resource;
use crate::service::alb::Zone;
use crate::service::vpc::Vpc;
use crate::{Link, List, Text};

resource! {
    /// A gateway load balancer: an inline middlebox without listener ports.
    LoadBalancer = "gwlb.load-balancer", Regional {
        /// The VPC. Source: GWLB ListLoadBalancers `VpcId`.
        vpc: Link<Vpc>,
        /// The zones, with vSwitch and addresses. Source: GWLB ListLoadBalancers `ZoneMappings`.
        zones: List<Zone>,
        /// `active`, `inactive` …. Source: GWLB ListLoadBalancers `LoadBalancerStatus`.
        status: Text,
    }
}
