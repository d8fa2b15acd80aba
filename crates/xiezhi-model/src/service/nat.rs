//! NAT gateways.

use crate::record::resource;
use crate::service::port::PortRange;
use crate::service::vpc::{VSwitch, Vpc};
use crate::{Link, List, Text};

resource! {
    /// A NAT gateway.
    Gateway = "nat.gateway", Regional {
        /// The VPC. Source: VPC DescribeNatGateways `VpcId`.
        vpc: Link<Vpc>,
        /// The vSwitch it stands in. Source: VPC DescribeNatGateways `NatGatewayPrivateInfo.VswitchId`.
        vswitch: Link<VSwitch>,
        /// `internet`, or `intranet` for a VPC NAT gateway, whose addresses are private. Source: VPC DescribeNatGateways `NetworkType`.
        network_type: Text,
        /// `enhanced` or `normal` (the older kind). Source: VPC DescribeNatGateways `NatType`.
        nat_type: Text,
        /// Its own private addresses. Source: VPC DescribeNatGateways `NatGatewayPrivateInfo.PrivateIpAddress`.
        private_ips: List<Text>,
        /// Whether it refuses to be deleted. Source: VPC DescribeNatGateways `DeletionProtection`.
        deletion_protection: bool,
        /// Its DNAT table's id. Source: VPC DescribeNatGateways `ForwardTableIds`.
        forward_tables: List<Text>,
        /// Its SNAT table's id. Source: VPC DescribeNatGateways `SnatTableIds`.
        snat_tables: List<Text>,
    }
}

resource! {
    /// A DNAT entry: a public port leads to a private one.
    ForwardEntry = "nat.forward-entry", Regional {
        /// The id (or `set#address`) of the DNAT table or of its gateway. Source: VPC DescribeForwardTableEntries `ForwardTableId`, `NatGatewayId`.
        table: Text,
        /// The gateway; unknown when only the table is named. Source: VPC DescribeForwardTableEntries `NatGatewayId`.
        gateway: Link<Gateway>,
        /// The public address. Source: VPC DescribeForwardTableEntries `ExternalIp`.
        external_ip: Text,
        /// The public ports; every port is `1` to `65535`. Source: VPC DescribeForwardTableEntries `ExternalPort`.
        external_ports: List<PortRange>,
        /// The private address. Source: VPC DescribeForwardTableEntries `InternalIp`.
        internal_ip: Text,
        /// The private ports; every port is `1` to `65535`. Source: VPC DescribeForwardTableEntries `InternalPort`.
        internal_ports: List<PortRange>,
        /// `tcp`, `udp` or `any` (the whole address). Source: VPC DescribeForwardTableEntries `IpProtocol`.
        protocol: Text,
        /// `available`, `pending`, `modifying`. Source: VPC DescribeForwardTableEntries `Status`.
        status: Text,
    }
}

resource! {
    /// An SNAT entry: how private addresses go out.
    SnatEntry = "nat.snat-entry", Regional {
        /// The id (or `set#address`) of the SNAT table. Source: VPC DescribeSnatTableEntries `SnatTableId`.
        table: Text,
        /// The gateway; unknown when only the table is named. Source: VPC DescribeSnatTableEntries `NatGatewayId`.
        gateway: Link<Gateway>,
        /// The private range; absent when a vSwitch names it. Source: VPC DescribeSnatTableEntries `SourceCIDR`.
        source_cidr: Text,
        /// The vSwitch whose range it is; absent when a range is given. Source: VPC DescribeSnatTableEntries `SourceVSwitchId`.
        source_vswitch: Link<VSwitch>,
        /// The public addresses used. Source: VPC DescribeSnatTableEntries `SnatIp`.
        addresses: List<Text>,
    }
}
