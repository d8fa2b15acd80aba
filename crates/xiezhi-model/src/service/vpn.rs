//! VPN gateways: IPsec and SSL-VPN.

use crate::record::{record, resource};
use crate::service::vpc::{VSwitch, Vpc};
use crate::{Link, List, Text};

resource! {
    /// A VPN gateway.
    Gateway = "vpn.gateway", Regional {
        /// The VPC. Source: VPC DescribeVpnGateways `VpcId`.
        vpc: Link<Vpc>,
        /// The vSwitch. Source: VPC DescribeVpnGateways `VSwitchId`.
        vswitch: Link<VSwitch>,
        /// The second vSwitch, for disaster recovery; absent when there is none. Source: VPC DescribeVpnGateways `DisasterRecoveryVSwitchId`.
        second_vswitch: Link<VSwitch>,
        /// Whether SSL-VPN is on. Source: VPC DescribeVpnGateways `SslVpn`.
        ssl_vpn: bool,
        /// Whether IPsec is on. Source: VPC DescribeVpnGateways `IpsecVpn`.
        ipsec_vpn: bool,
        /// Its public address. Source: VPC DescribeVpnGateways `InternetIp`.
        internet_ip: Text,
        /// `public` or `private`. Source: VPC DescribeVpnGateways `NetworkType`.
        network_type: Text,
        /// Its policy-based routes, which come before all others. Source: VPC DescribeVpnPbrRouteEntries.
        policies: List<Route>,
        /// Its destination-based routes, and those that it learned by BGP. Source: VPC DescribeVpnRouteEntries.
        routes: List<Route>,
    }
}

record! {
    /// A route by which a VPN gateway hands packets to an IPsec connection.
    Route = "vpn.gateway.route" {
        /// The range of the cloud side; absent for a destination-based route. Source: VPC DescribeVpnPbrRouteEntries `RouteSource`.
        source: Text,
        /// The range of the far side. Source: VPC DescribeVpnRouteEntries `RouteDest`.
        destination: Text,
        /// The connection. Source: VPC DescribeVpnRouteEntries `NextHop`.
        connection: Link<Connection>,
    }
}

resource! {
    /// An IPsec connection.
    Connection = "vpn.connection", Regional {
        /// The VPN gateway; absent when it is attached to a transit router. Source: VPC DescribeVpnConnections `VpnGatewayId`.
        gateway: Link<Gateway>,
        /// Ranges of the cloud side. Source: VPC DescribeVpnConnections `LocalSubnet`.
        local: List<Text>,
        /// Ranges of the far side. Source: VPC DescribeVpnConnections `RemoteSubnet`.
        remote: List<Text>,
        /// Encryption of phase 1 of a connection with one tunnel: `aes`, `aes192`, `aes256`, `des`, `3des`; absent when its tunnels say it. Source: VPC DescribeVpnConnections `IkeConfig.IkeEncAlg`.
        ike_encryption: Text,
        /// Encryption of phase 2 of a connection with one tunnel; absent when its tunnels say it. Source: VPC DescribeVpnConnections `IpsecConfig.IpsecEncAlg`.
        ipsec_encryption: Text,
        /// The tunnels of a connection with two; empty for one with one. Source: VPC DescribeVpnConnections `TunnelOptionsSpecification`.
        tunnels: List<Tunnel>,
        /// Whether it probes the far side. Source: VPC DescribeVpnConnections `VcoHealthCheck.Enable`.
        health_check: bool,
        /// Whether it is established. Source: VPC DescribeVpnConnections `Status` `ipsec_sa_established`.
        established: bool,
        /// Whether its making writes a policy-based route for each pair of its ranges; absent where the routes themselves are listed. Source: VPC CreateVpnConnection `AutoConfigRoute`.
        writes_routes: bool,
        /// Whether it learns routes by BGP. Source: VPC CreateVpnConnection `EnableTunnelsBgp`, `BgpConfig.EnableBgp`.
        bgp: bool,
    }
}

record! {
    /// One tunnel of an IPsec connection.
    Tunnel = "vpn.connection.tunnel" {
        /// `master` or `slave`.
        role: Text,
        /// Encryption of phase 1.
        ike_encryption: Text,
        /// Encryption of phase 2.
        ipsec_encryption: Text,
        /// Whether it is established. Source: VPC DescribeVpnConnections `TunnelOptions.Status`.
        established: bool,
    }
}

resource! {
    /// An SSL-VPN server.
    SslServer = "vpn.ssl-server", Regional {
        /// The VPN gateway. Source: VPC DescribeSslVpnServers `VpnGatewayId`.
        gateway: Link<Gateway>,
        /// The encryption: `aes-128-cbc`, `none` …. Source: VPC DescribeSslVpnServers `Cipher`.
        cipher: Text,
        /// Whether clients also log on with a second factor (IDaaS). Source: VPC DescribeSslVpnServers `EnableMultiFactorAuth`.
        two_factor: bool,
        /// Ranges of the cloud side that clients reach. Source: VPC DescribeSslVpnServers `LocalSubnet`.
        local: List<Text>,
        /// The addresses given to clients. Source: VPC DescribeSslVpnServers `ClientIpPool`.
        client_cidr: Text,
    }
}
