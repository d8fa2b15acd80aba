//! NLB in Terraform. Source: terraform-provider-alicloud, `website/docs/r/nlb_*`.

use xiezhi_model::List;
use xiezhi_model::service::ecs::SecurityGroup;
use xiezhi_model::service::nlb::{Listener, LoadBalancer, ServerGroup, TlsPolicy};

use super::alb::{deletion_protection, ipv6_address_type, server, zone};
use crate::fields::{Fields, documented};
use crate::sink::Sink;
use crate::terraform::Block;
use crate::tls;
use crate::words::{lower, one_item};

/// The resource types of NLB.
pub const BLOCKS: &[Block] = &[
    Block { name: "alicloud_nlb_load_balancer", kind: Some(LoadBalancer::SCHEMA), read: load_balancer },
    Block { name: "alicloud_nlb_load_balancer_security_group_attachment", kind: None, read: group_attachment },
    Block { name: "alicloud_nlb_listener", kind: Some(Listener::SCHEMA), read: listener },
    Block { name: "alicloud_nlb_security_policy", kind: Some(TlsPolicy::SCHEMA), read: tls_policy },
    Block { name: "alicloud_nlb_server_group", kind: Some(ServerGroup::SCHEMA), read: server_group },
    Block { name: "alicloud_nlb_server_group_server_attachment", kind: None, read: group_server },
];

const BALANCER: &str = "terraform-provider-alicloud r/nlb_load_balancer";
const LISTENER: &str = "terraform-provider-alicloud r/nlb_listener";
const GROUP: &str = "terraform-provider-alicloud r/nlb_server_group";

fn load_balancer(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("id"), |b: &mut LoadBalancer| {
        b.head.name = f.opt_text("load_balancer_name");
        b.address_type = lower(f.text("address_type"));
        let ip_version = lower(f.text_or("address_ip_version", "ipv4", BALANCER));
        b.ipv6_address_type = ipv6_address_type(f, &ip_version, BALANCER);
        b.vpc = f.link("vpc_id");
        b.zones = f.records("zone_mappings", nlb_zone);
        b.deletion_protection = deletion_protection(f, BALANCER);
        b.security_groups = if f.has("security_group_ids") {
            f.links("security_group_ids")
        } else {
            documented(BALANCER).known(List::complete(vec![]))
        };
        b.status = lower(f.text("status"));
    });
}

/// The provider writes the addresses of a zone beside the zone, where ALB nests them.
fn nlb_zone(z: Fields<'_>) -> xiezhi_model::service::alb::Zone {
    let mut out = zone(z);
    let one = |path: &str| z.text(path).map(|text| List::complete(if text.is_empty() { vec![] } else { vec![text] }));
    out.public_ips = one("public_ipv4_address");
    out.private_ips = one("private_ipv4_address");
    out.ipv6_addresses = one("ipv6_address");
    out
}

fn group_attachment(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let (items, more) = one_item(f.link::<SecurityGroup>("security_group_id"));
    sink.append(&f.link("load_balancer_id"), |b: &mut LoadBalancer| &mut b.security_groups, items, more);
}

fn tls_policy(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("id"), |p: &mut TlsPolicy| {
        p.head.name = f.opt_text("security_policy_name");
        p.versions = f.texts("tls_versions");
    });
}

fn listener(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("id"), |l: &mut Listener| {
        l.head.name = f.opt_text("listener_description");
        l.load_balancer = f.link("load_balancer_id");
        l.port = f.int("listener_port");
        l.start_port = f.opt_int("start_port");
        l.end_port = f.opt_int("end_port");
        l.protocol = lower(f.text("listener_protocol"));
        l.status = lower(f.text_or("status", "Running", LISTENER));
        (l.security_policy, l.own_policy) =
            tls::of_listener(f, "security_policy_id", LISTENER, &l.protocol, &["tcpssl"]);
        l.server_group = f.link("server_group_id");
        l.certificates = f.opt_texts("certificate_ids");
    });
}

fn server_group(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("id"), |g: &mut ServerGroup| {
        g.head.name = f.opt_text("server_group_name");
        g.group_type = lower(f.text_or("server_group_type", "Instance", GROUP));
        g.vpc = f.link("vpc_id");
        g.protocol = lower(f.text_or("protocol", "TCP", GROUP));
        g.preserve_client_ip = f.bool("preserve_client_ip_enabled");
        g.any_port = f.bool_or("any_port_enabled", false, GROUP);
        g.health_check = f.bool("health_check.health_check_enabled");
        g.servers = documented(GROUP).known(List::complete(vec![]));
    });
}

fn group_server(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let one = server(f);
    sink.append(&f.link("server_group_id"), |g: &mut ServerGroup| &mut g.servers, vec![one], None);
}
