//! GWLB in Terraform. Source: terraform-provider-alicloud, `website/docs/r/gwlb_*`.

use xiezhi_model::service::alb::Server;
use xiezhi_model::service::gwlb::{Listener, LoadBalancer, ServerGroup};

use super::alb::{server, zone};
use crate::fields::Fields;
use crate::sink::Sink;
use crate::terraform::Block;
use crate::words::lower;

/// The resource types of GWLB.
pub const BLOCKS: &[Block] = &[
    Block { name: "alicloud_gwlb_load_balancer", kind: Some(LoadBalancer::SCHEMA), read: load_balancer },
    Block { name: "alicloud_gwlb_listener", kind: Some(Listener::SCHEMA), read: listener },
    Block { name: "alicloud_gwlb_server_group", kind: Some(ServerGroup::SCHEMA), read: server_group },
];

fn load_balancer(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("id"), |b: &mut LoadBalancer| {
        b.head.name = f.opt_text("load_balancer_name");
        b.vpc = f.link("vpc_id");
        b.zones = f.records("zone_mappings", zone);
        b.status = lower(f.text("status"));
    });
}

fn listener(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("id"), |l: &mut Listener| {
        l.head.name = f.opt_text("listener_description");
        l.load_balancer = f.link("load_balancer_id");
        l.server_group = f.link("server_group_id");
        l.status = lower(f.text("status"));
    });
}

fn server_group(f: &Fields<'_>, sink: &mut Sink<'_>) {
    const PAGE: &str = "terraform-provider-alicloud r/gwlb_server_group";
    sink.put(f, f.text("id"), |g: &mut ServerGroup| {
        g.head.name = f.opt_text("server_group_name");
        g.group_type = lower(f.text_or("server_group_type", "Instance", PAGE));
        g.vpc = f.link("vpc_id");
        g.servers = f.opt_records("servers", |s| Server { weight: s.absent(), ..server(&s) });
    });
}
