//! Virtual Private Cloud (VPC): networks, vSwitches, network ACLs, routes, gateways, flow logs, peering.

use crate::record::{record, resource};
use crate::service::ecs::NetworkInterface;
use crate::service::port::PortRange;
use crate::{Link, List, Text};

resource! {
    /// A VPC.
    Vpc = "vpc.vpc", Regional {
        /// The IPv4 block. Source: VPC DescribeVpcs `CidrBlock`.
        cidr: Text,
        /// Further IPv4 blocks. Source: VPC DescribeVpcs `SecondaryCidrBlocks`.
        secondary_cidrs: List<Text>,
        /// Blocks that the tenant declares private, which are never the internet. Source: VPC DescribeVpcs `UserCidrs`.
        user_cidrs: List<Text>,
        /// The IPv6 block; absent when it has none. Source: VPC DescribeVpcs `Ipv6CidrBlock`.
        ipv6_cidr: Text,
        /// Whether an active flow log records the VPC, all of its traffic or part of it.
        [derived] flow_log_active: bool,
        /// Whether its addresses overlap those of another VPC that peering or a transit router joins with it.
        [derived] overlaps_joined: bool,
        /// Whether an active flow log of the VPC delivers to a Log Service project and Logstore.
        [derived] flow_log_delivered: bool,
    }
}

resource! {
    /// A vSwitch: a subnet in one zone.
    VSwitch = "vpc.vswitch", Regional {
        /// The VPC. Source: VPC DescribeVSwitches `VpcId`.
        vpc: Link<Vpc>,
        /// The IPv4 block. Source: VPC DescribeVSwitches `CidrBlock`.
        cidr: Text,
        /// The IPv6 block; absent when it has none. Source: VPC DescribeVSwitches `Ipv6CidrBlock`.
        ipv6_cidr: Text,
        /// The zone id. Source: VPC DescribeVSwitches `ZoneId`.
        zone: Text,
        /// The network ACL; absent when traffic is not filtered. Source: VPC DescribeVSwitches `NetworkAclId`.
        network_acl: Link<NetworkAcl>,
        /// The route table. Source: VPC DescribeVSwitches `RouteTable.RouteTableId`.
        route_table: Link<RouteTable>,
        /// `public` when something in it has a public address, `private` when its routes lead to the internet all the same, else `intra`.
        [derived] tier: Text,
        /// Whether interfaces without a public address, or data stores, stand in it beside something that has one.
        [derived] mixed: bool,
    }
}

resource! {
    /// A network ACL: ordered, stateless.
    NetworkAcl = "vpc.network-acl", Regional {
        /// The VPC. Source: VPC DescribeNetworkAcls `VpcId`.
        vpc: Link<Vpc>,
        /// Entries for packets into the vSwitch; the first that matches decides, and none denies. Source: VPC DescribeNetworkAcls `IngressAclEntries`.
        ingress: List<AclEntry>,
        /// Entries for packets out of the vSwitch; the first that matches decides, and none denies. Source: VPC DescribeNetworkAcls `EgressAclEntries`.
        egress: List<AclEntry>,
        /// The vSwitches it is bound to. Source: VPC DescribeNetworkAcls `Resources`.
        vswitches: List<Link<VSwitch>>,
    }
}

record! {
    /// One entry of a network ACL.
    AclEntry = "vpc.network-acl.entry" {
        /// The place in the order, from 1: the smallest that matches decides.
        order: i64,
        /// The entry's id; absent in configurations. Source: VPC DescribeNetworkAcls `NetworkAclEntryId`.
        id: Text,
        /// Who wrote it: `custom`, `system` or `service`.
        entry_type: Text,
        /// `accept` or `drop`.
        policy: Text,
        /// `tcp`, `udp`, `icmp`, `gre` or `all`.
        protocol: Text,
        /// Destination ports, in both directions; every port is `1` to `65535`; empty for protocols without ports. Source: VPC DescribeNetworkAclAttributes.
        ports: List<PortRange>,
        /// The range of the far side (source of ingress, destination of egress), or a prefix list's id.
        cidr: Text,
        /// The family: `ipv4` or `ipv6`. The default is `ipv4`. Source: VPC UpdateNetworkAclEntries.
        ip_version: Text,
    }
}

resource! {
    /// A route table.
    RouteTable = "vpc.route-table", Regional {
        /// The VPC. Source: VPC DescribeRouteTableList `VpcId`.
        vpc: Link<Vpc>,
        /// `system` or `custom`. Source: VPC DescribeRouteTableList `RouteTableType`.
        table_type: Text,
        /// `vswitch`, or `gateway` when it steers what enters through a gateway. Source: VPC DescribeRouteTableList `AssociateType`.
        associate_type: Text,
        /// The gateway whose inbound traffic it steers; absent when there is none. Source: VPC DescribeRouteTableList `GatewayIds`.
        gateway: Text,
        /// The vSwitches that use it. Source: VPC DescribeRouteTableList `VSwitchIds`.
        vswitches: List<Link<VSwitch>>,
        /// The routes. Source: VPC DescribeRouteEntryList.
        routes: List<Route>,
    }
}

record! {
    /// One route.
    Route = "vpc.route-table.route" {
        /// The entry's id; absent in configurations. Source: VPC DescribeRouteEntryList `RouteEntryId`.
        id: Text,
        /// The destination prefix.
        destination: Text,
        /// Where it comes from: `custom`, `system`, `bgp`, `cen`, `ecr`. Source: VPC DescribeRouteEntryList `Type`.
        route_type: Text,
        /// `available`, `pending`, `modifying`. Source: VPC DescribeRouteEntryList `Status`.
        status: Text,
        /// Where it leads; several for equal-cost paths.
        next_hops: List<NextHop>,
    }
}

record! {
    /// One next hop of a route.
    NextHop = "vpc.route-table.route.next-hop" {
        /// `local`, `instance`, `ha-vip`, `network-interface`, `router-interface`, `vpn-gateway`, `nat-gateway`, `ipv6-gateway`, `ipv4-gateway`, `attachment`, `vpc-peer`, `gateway-endpoint`, `gateway-load-balancer-endpoint`, `ecr`.
        hop_type: Text,
        /// The id (or `set#address`) of the hop; absent for `local`.
        target: Text,
    }
}

resource! {
    /// An IPv4 gateway: once active, only routed vSwitches have the internet.
    Ipv4Gateway = "vpc.ipv4-gateway", Regional {
        /// The VPC. Source: VPC ListIpv4Gateways `VpcId`.
        vpc: Link<Vpc>,
        /// Whether it is activated. Source: VPC ListIpv4Gateways `Enabled`.
        enabled: bool,
        /// The gateway route table; absent when there is none. Source: VPC ListIpv4Gateways `Ipv4GatewayRouteTableId`.
        route_table: Link<RouteTable>,
    }
}

resource! {
    /// An IPv6 gateway.
    Ipv6Gateway = "vpc.ipv6-gateway", Regional {
        /// The VPC. Source: VPC DescribeIpv6Gateways `VpcId`.
        vpc: Link<Vpc>,
        /// The ids of the IPv6 addresses (or gateways) whose flows may only begin inside. Source: VPC DescribeIpv6EgressOnlyRules `InstanceId`.
        egress_only: List<Text>,
    }
}

resource! {
    /// An IPv6 address.
    Ipv6Address = "vpc.ipv6-address", Regional {
        /// The address. Source: VPC DescribeIpv6Addresses `Ipv6Address`.
        address: Text,
        /// The VPC. Source: VPC DescribeIpv6Addresses `VpcId`.
        vpc: Link<Vpc>,
        /// The instance or interface that has it; absent when none. Source: VPC DescribeIpv6Addresses `AssociatedInstanceId`.
        instance: Text,
        /// Internet bandwidth in Mbit/s; 0 keeps the address private. Source: VPC DescribeIpv6Addresses `Ipv6InternetBandwidth`.
        internet_bandwidth: i64,
    }
}

resource! {
    /// A high-availability virtual address.
    HaVip = "vpc.ha-vip", Regional {
        /// The VPC. Source: VPC DescribeHaVips `VpcId`.
        vpc: Link<Vpc>,
        /// The vSwitch that its address is of. Source: VPC DescribeHaVips `VSwitchId`.
        vswitch: Link<VSwitch>,
        /// The private address. Source: VPC DescribeHaVips `IpAddress`.
        address: Text,
        /// The ids of the instances or interfaces that may hold it. Source: VPC DescribeHaVips `AssociatedInstances`.
        members: List<Text>,
    }
}

resource! {
    /// A prefix list of VPC, which routes and network ACLs refer to.
    PrefixList = "vpc.prefix-list", Regional {
        /// The prefixes. Source: VPC GetVpcPrefixListEntries `PrefixListEntry`.
        entries: List<Text>,
    }
}

resource! {
    /// A flow log.
    FlowLog = "vpc.flow-log", Regional {
        /// What it records: `vpc`, `vswitch` or `network-interface`. Source: VPC DescribeFlowLogs `ResourceType`.
        resource_type: Text,
        /// The VPC it records; absent when it records something smaller. Source: VPC DescribeFlowLogs `ResourceId`.
        vpc: Link<Vpc>,
        /// The vSwitch it records; absent when it records something else. Source: VPC DescribeFlowLogs `ResourceId`.
        vswitch: Link<VSwitch>,
        /// The network interface it records; absent when it records something else. Source: VPC DescribeFlowLogs `ResourceId`.
        network_interface: Link<NetworkInterface>,
        /// Whether it is active. Source: VPC DescribeFlowLogs `Status`.
        active: bool,
        /// Which traffic: `all`, `allow` or `drop`. Source: VPC DescribeFlowLogs `TrafficType`.
        traffic: Text,
        /// The Log Service project; absent when there is none. Source: VPC DescribeFlowLogs `ProjectName`.
        project: Text,
        /// The Logstore; absent when there is none. Source: VPC DescribeFlowLogs `LogStoreName`.
        logstore: Text,
        /// For how many days the log is kept, by the Logstore; 3650 means for ever; absent when it is delivered nowhere.
        [derived] retention_days: i64,
    }
}

resource! {
    /// A VPC peering connection.
    PeerConnection = "vpc.peer-connection", Regional {
        /// The VPC that asked. Source: VpcPeer ListVpcPeerConnections `Vpc.VpcId`.
        vpc: Link<Vpc>,
        /// The VPC that accepts. Source: VpcPeer ListVpcPeerConnections `AcceptingVpc.VpcId`.
        accepting_vpc: Link<Vpc>,
        /// The account of the accepting VPC. Source: VpcPeer ListVpcPeerConnections `AcceptingOwnerUid`.
        accepting_account: Text,
        /// `activated`, `accepting`, `rejected` …. Source: VpcPeer ListVpcPeerConnections `Status`.
        status: Text,
    }
}

resource! {
    /// A gateway endpoint: the private way from a VPC to a service such as OSS.
    GatewayEndpoint = "vpc.gateway-endpoint", Regional {
        /// The VPC. Source: VPC ListVpcGatewayEndpoints `VpcId`.
        vpc: Link<Vpc>,
        /// The service. Source: VPC ListVpcGatewayEndpoints `ServiceName`.
        service: Text,
        /// The policy as JSON; absent when there is none. Source: VPC ListVpcGatewayEndpoints `PolicyDocument`.
        policy: Text,
    }
}
