//! VPN gateways in Terraform. Source: terraform-provider-alicloud, `website/docs/r/{vpn_*,ssl_vpn_server}`.

use xiezhi_model::service::vpn::{Connection, Gateway, Route, SslServer, Tunnel};
use xiezhi_model::{Fact, Link, List, Reason, Text};

use crate::fields::{Fields, documented};
use crate::sink::Sink;
use crate::terraform::Block;
use crate::words::lower;

/// The resource types of VPN gateways.
pub const BLOCKS: &[Block] = &[
    Block { name: "alicloud_vpn_gateway", kind: Some(Gateway::SCHEMA), read: gateway },
    Block { name: "alicloud_vpn_gateway_enhanced_vpn_gateway", kind: Some(Gateway::SCHEMA), read: gateway },
    Block { name: "alicloud_vpn_connection", kind: Some(Connection::SCHEMA), read: connection },
    Block { name: "alicloud_vpn_gateway_vpn_attachment", kind: Some(Connection::SCHEMA), read: attached },
    Block { name: "alicloud_vpn_route_entry", kind: None, read: route },
    Block { name: "alicloud_vpn_pbr_route_entry", kind: None, read: policy },
    Block { name: "alicloud_ssl_vpn_server", kind: Some(SslServer::SCHEMA), read: ssl_server },
];

const GATEWAY: &str = "terraform-provider-alicloud r/vpn_gateway";
const CONNECTION: &str = "terraform-provider-alicloud r/vpn_connection";

fn gateway(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("id"), |g: &mut Gateway| {
        g.head.name = f.opt_text(if f.has("vpn_gateway_name") { "vpn_gateway_name" } else { "name" });
        g.vpc = f.link("vpc_id");
        g.vswitch = f.link("vswitch_id");
        g.second_vswitch = f.link("disaster_recovery_vswitch_id");
        g.ssl_vpn = f.bool_or("enable_ssl", false, GATEWAY);
        g.ipsec_vpn = f.bool_or("enable_ipsec", true, GATEWAY);
        g.internet_ip = f.text("internet_ip");
        g.network_type = lower(f.text_or("network_type", "public", GATEWAY));
        g.policies = documented(GATEWAY).known(List::complete(vec![]));
        g.routes = documented(GATEWAY).known(List::complete(vec![]));
    });
}

/// Source: terraform-provider-alicloud r/vpn_route_entry.
fn route(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let route = Route { source: f.absent(), destination: f.text("route_dest"), connection: f.link("next_hop") };
    sink.append(&f.link("vpn_gateway_id"), |g: &mut Gateway| &mut g.routes, vec![route], None);
}

/// Source: terraform-provider-alicloud r/vpn_pbr_route_entry.
fn policy(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let route =
        Route { source: f.text("route_source"), destination: f.text("route_dest"), connection: f.link("next_hop") };
    sink.append(&f.link("vpn_gateway_id"), |g: &mut Gateway| &mut g.policies, vec![route], None);
}

/// The encryption at a path. The provider's default is AES; a block that says nothing gets it.
fn encryption(f: &Fields<'_>, path: &str) -> Fact<Text> {
    lower(f.text_or(path, "aes", CONNECTION))
}

fn connection(f: &Fields<'_>, sink: &mut Sink<'_>) {
    ipsec(f, sink, f.link("vpn_gateway_id"));
}

/// A connection for a transit router, which has no VPN gateway. Source: terraform-provider-alicloud
/// r/vpn_gateway_vpn_attachment.
fn attached(f: &Fields<'_>, sink: &mut Sink<'_>) {
    ipsec(f, sink, f.absent());
}

fn ipsec(f: &Fields<'_>, sink: &mut Sink<'_>, gateway: Fact<Link<Gateway>>) {
    sink.put(f, f.text("id"), |c: &mut Connection| {
        let named = ["vpn_connection_name", "vpn_attachment_name"].into_iter().find(|name| f.has(name));
        c.head.name = f.opt_text(named.unwrap_or("name"));
        c.gateway = gateway;
        c.local = f.texts("local_subnet");
        c.remote = f.texts("remote_subnet");
        let tunnels = f.has("tunnel_options_specification");
        c.ike_encryption = if tunnels && !f.has("ike_config") {
            documented(CONNECTION).absent()
        } else {
            encryption(f, "ike_config.ike_enc_alg")
        };
        c.ipsec_encryption = if tunnels && !f.has("ipsec_config") {
            documented(CONNECTION).absent()
        } else {
            encryption(f, "ipsec_config.ipsec_enc_alg")
        };
        c.tunnels = f.opt_records("tunnel_options_specification", |t| Tunnel {
            role: lower(t.text("role")),
            ike_encryption: encryption(&t, "tunnel_ike_config.ike_enc_alg"),
            ipsec_encryption: encryption(&t, "tunnel_ipsec_config.ipsec_enc_alg"),
            established: t.unknown(Reason::NotInEvidence),
        });
        c.health_check = f.bool_or("health_check_config.enable", false, CONNECTION);
        c.established = f.unknown(Reason::NotInEvidence);
        c.writes_routes = f.bool_or("auto_config_route", true, CONNECTION);
        let bgp = if f.has("enable_tunnels_bgp") { "enable_tunnels_bgp" } else { "bgp_config.enable" };
        c.bgp = f.bool_or(bgp, false, CONNECTION);
    });
}

fn ssl_server(f: &Fields<'_>, sink: &mut Sink<'_>) {
    const PAGE: &str = "terraform-provider-alicloud r/ssl_vpn_server";
    sink.put(f, f.text("id"), |s: &mut SslServer| {
        s.head.name = f.opt_text("name");
        s.gateway = f.link("vpn_gateway_id");
        s.cipher = lower(f.text_or("cipher", "AES-128-CBC", PAGE));
        s.two_factor = f.unknown(Reason::NotInEvidence);
        s.local = f.texts("local_subnet");
        s.client_cidr = f.text("client_ip_pool");
    });
}
