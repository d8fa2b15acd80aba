//! Express Connect: leased lines and router interfaces.

use crate::Text;
use crate::record::resource;

resource! {
    /// A router interface: the older way between VPCs and to leased lines.
    RouterInterface = "expressconnect.router-interface", Regional {
        /// The account at the other end. Source: VPC DescribeRouterInterfaces `OppositeInterfaceOwnerId`.
        opposite_owner: Text,
        /// The region of the other end. Source: VPC DescribeRouterInterfaces `OppositeRegionId`.
        opposite_region: Text,
        /// The id (or `set#address`) of the router at the other end. Source: VPC DescribeRouterInterfaces `OppositeRouterId`.
        opposite_router: Text,
        /// `vrouter` (a VPC) or `vbr` at the other end. Source: VPC DescribeRouterInterfaces `OppositeRouterType`.
        opposite_router_type: Text,
        /// The id of the router it is on (VRouter or VBR). Source: VPC DescribeRouterInterfaces `RouterId`.
        router: Text,
        /// `vrouter` or `vbr`. Source: VPC DescribeRouterInterfaces `RouterType`.
        router_type: Text,
        /// `active`, `inactive`, `idle` …. Source: VPC DescribeRouterInterfaces `Status`.
        status: Text,
    }
}

resource! {
    /// A leased line (physical connection).
    PhysicalConnection = "expressconnect.physical-connection", Regional {
        /// The access point. Source: VPC DescribePhysicalConnections `AccessPointId`.
        access_point: Text,
        /// `enabled`, `allocated`, `terminated` …. Source: VPC DescribePhysicalConnections `Status`.
        status: Text,
    }
}

resource! {
    /// A virtual border router (VBR).
    BorderRouter = "expressconnect.border-router", Regional {
        /// The id (or `set#address`) of the leased line. Source: VPC DescribeVirtualBorderRouters `PhysicalConnectionId`.
        physical_connection: Text,
        /// `active`, `recovering`, `terminated` …. Source: VPC DescribeVirtualBorderRouters `Status`.
        status: Text,
    }
}
