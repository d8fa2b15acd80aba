//! Gateway Load Balancer (GWLB).

use crate::record::resource;
use crate::service::alb::{Server, Zone};
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

resource! {
    /// The listener of a gateway load balancer, which has one: it takes every protocol and port.
    Listener = "gwlb.listener", Regional {
        /// The load balancer. Source: GWLB ListListeners `LoadBalancerId`.
        load_balancer: Link<LoadBalancer>,
        /// The server group. Source: GWLB ListListeners `ServerGroupId`.
        server_group: Link<ServerGroup>,
        /// `running`, `provisioning` …. Source: GWLB ListListeners `ListenerStatus`.
        status: Text,
    }
}

resource! {
    /// A server group of a gateway load balancer: the appliances that get packets.
    ServerGroup = "gwlb.server-group", Regional {
        /// `instance` or `ip`. Source: GWLB ListServerGroups `ServerGroupType`.
        group_type: Text,
        /// The VPC. Source: GWLB ListServerGroups `VpcId`.
        vpc: Link<Vpc>,
        /// The appliances; they have no weights. Source: GWLB ListServerGroupServers `Servers`.
        servers: List<Server>,
    }
}
