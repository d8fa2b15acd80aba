//! Edge Node Service (ENS).

use crate::record::resource;
use crate::service::ecs::Rule;
use crate::service::port::PortRange;
use crate::service::vpc::AclEntry;
use crate::{Link, List, Text};

resource! {
    /// An ENS instance.
    Instance = "ens.instance", Global {
        /// Public addresses. Source: ENS DescribeInstances `PublicIpAddresses`.
        public_ips: List<Text>,
        /// The security groups. Source: ENS DescribeInstances `SecurityGroupIds`.
        security_groups: List<Link<SecurityGroup>>,
        /// `running`, `stopped`, `expired` …. Source: ENS DescribeInstances `Status`.
        status: Text,
        /// Whether the agent of Security Center is online on it; false too when Security Center does not list it.
        [derived] security_agent: bool,
    }
}

resource! {
    /// A security group of ENS.
    SecurityGroup = "ens.security-group", Global {
        /// The rules. Source: ENS DescribeSecurityGroupAttribute `Permissions`.
        rules: List<Rule>,
        /// The TCP ports that its rules open to the whole internet, drop rules and priorities considered.
        [derived] internet_tcp: List<PortRange>,
        /// The UDP ports that its rules open to the whole internet, drop rules and priorities considered.
        [derived] internet_udp: List<PortRange>,
    }
}

resource! {
    /// A network of ENS in one edge region.
    Network = "ens.network", Global {
        /// The access control list of the network; absent when there is none. Source: ENS DescribeNetworks `NetworkAclId`.
        acl: Link<NetworkAcl>,
    }
}

resource! {
    /// An access control list of ENS networks.
    NetworkAcl = "ens.network-acl", Global {
        /// Its entries for what comes in, by priority: the smallest that matches decides. Source: ENS DescribeNetworkAcls `IngressAclEntries`.
        ingress: List<AclEntry>,
    }
}

resource! {
    /// A NAT gateway of ENS.
    NatGateway = "ens.nat-gateway", Global {
        /// The network that it stands in. Source: ENS DescribeNatGateways `NetworkId`.
        network: Link<Network>,
    }
}

resource! {
    /// A DNAT entry of ENS: a public port leads to a server at the edge.
    ForwardEntry = "ens.forward-entry", Global {
        /// The NAT gateway. Source: ENS DescribeForwardTableEntries `NatGatewayId`.
        gateway: Link<NatGateway>,
        /// The public address. Source: ENS DescribeForwardTableEntries `ExternalIp`.
        external_ip: Text,
        /// The public ports; every port is `1` to `65535`. Source: ENS DescribeForwardTableEntries `ExternalPort`.
        external_ports: List<PortRange>,
        /// `tcp`, `udp` or `any`. Source: ENS DescribeForwardTableEntries `IpProtocol`.
        protocol: Text,
    }
}
