//! VPN gateway answers (the product code is `vpc`). Pre-shared keys in them are never read.

use xiezhi_model::service::vpn::{Connection, Gateway, Route, SslServer, Tunnel};
use xiezhi_model::{Fact, Link, Text};

use super::{Call, whole};
use crate::fields::Fields;
use crate::sink::Sink;
use crate::words::{lower, members};

/// The calls about VPN gateways.
pub const CALLS: &[Call] = &[
    Call::listing("vpc", "DescribeVpnGateways", "VpnGateways.VpnGateway", Gateway::SCHEMA, gateway),
    Call::listing("vpc", "DescribeVpnConnections", "VpnConnections.VpnConnection", Connection::SCHEMA, connection),
    Call::answer("vpc", "DescribeVpnRouteEntries", routes),
    Call::answer("vpc", "DescribeVpnPbrRouteEntries", policies),
    Call::listing("vpc", "DescribeSslVpnServers", "SslVpnServers.SslVpnServer", SslServer::SCHEMA, ssl_server),
];

fn gateway(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("VpnGatewayId"), |g: &mut Gateway| {
        g.head.name = f.opt_text("Name");
        g.vpc = f.link("VpcId");
        g.vswitch = f.link("VSwitchId");
        g.second_vswitch = f.link("DisasterRecoveryVSwitchId");
        g.ssl_vpn = f.flag("SslVpn", &["enable"], &["disable"]);
        g.ipsec_vpn = f.flag("IpsecVpn", &["enable"], &["disable"]);
        g.internet_ip = f.text("InternetIp");
        g.network_type = lower(f.text("NetworkType"));
    });
}

fn connection(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("VpnConnectionId"), |c: &mut Connection| {
        c.head.name = f.opt_text("Name");
        c.gateway = f.parent("VpnGatewayId");
        c.local = f.texts("LocalSubnet");
        c.remote = f.texts("RemoteSubnet");
        let tunnels = "TunnelOptionsSpecification.TunnelOptions";
        c.tunnels = f.opt_records(tunnels, |t| Tunnel {
            role: lower(t.text("Role")),
            ike_encryption: lower(t.text("TunnelIkeConfig.IkeEncAlg")),
            ipsec_encryption: lower(t.text("TunnelIpsecConfig.IpsecEncAlg")),
            established: established(t.text("Status")),
        });
        let two = c.tunnels.value().is_some_and(|list| !list.items.is_empty());
        let own = |path: &str| if two && !f.has(path) { f.absent() } else { lower(f.text(path)) };
        c.ike_encryption = own("IkeConfig.IkeEncAlg");
        c.ipsec_encryption = own("IpsecConfig.IpsecEncAlg");
        c.health_check = f.flag("VcoHealthCheck.Enable", &["true"], &["false", ""]);
        c.established = established(f.text("Status"));
        c.writes_routes = f.absent();
    });
}

fn routes(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let (items, more) = members(whole(
        f,
        f.opt_records("VpnRouteEntries.VpnRouteEntry", |r| Route {
            source: r.absent(),
            destination: r.text("RouteDest"),
            connection: r.link("NextHop"),
        }),
    ));
    let gateway = sink.param("VpnGatewayId").map(Link::id);
    sink.append(&gateway, |g: &mut Gateway| &mut g.routes, items, more);
}

fn policies(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let (items, more) = members(whole(
        f,
        f.opt_records("VpnPbrRouteEntries.VpnPbrRouteEntry", |r| Route {
            source: r.text("RouteSource"),
            destination: r.text("RouteDest"),
            connection: r.link("NextHop"),
        }),
    ));
    let gateway = sink.param("VpnGatewayId").map(Link::id);
    sink.append(&gateway, |g: &mut Gateway| &mut g.policies, items, more);
}

/// Whether phase 2 stands. Source: VPC DescribeVpnConnections `Status`.
fn established(status: Fact<Text>) -> Fact<bool> {
    status.map(|word| word == "ipsec_sa_established")
}

fn ssl_server(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("SslVpnServerId"), |s: &mut SslServer| {
        s.head.name = f.opt_text("Name");
        s.gateway = f.parent("VpnGatewayId");
        s.cipher = lower(f.text("Cipher"));
        s.two_factor = f.bool("EnableMultiFactorAuth");
        s.local = f.texts("LocalSubnet");
        s.client_cidr = f.text("ClientIpPool");
    });
}
