//! GWLB answers.

use xiezhi_model::service::gwlb::{Listener, LoadBalancer, ServerGroup};

use super::Call;
use super::alb::{servers, zone};
use crate::fields::Fields;
use crate::sink::Sink;
use crate::words::lower;

/// The calls of GWLB.
pub const CALLS: &[Call] = &[
    Call::listing("gwlb", "ListLoadBalancers", "LoadBalancers", LoadBalancer::SCHEMA, load_balancer),
    Call::listing("gwlb", "ListListeners", "Listeners", Listener::SCHEMA, listener),
    Call::listing("gwlb", "ListServerGroups", "ServerGroups", ServerGroup::SCHEMA, server_group),
    Call::answer("gwlb", "ListServerGroupServers", server_group_servers),
];

fn load_balancer(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("LoadBalancerId"), |b: &mut LoadBalancer| {
        b.head.name = f.opt_text("LoadBalancerName");
        b.vpc = f.link("VpcId");
        b.zones = f.records("ZoneMappings", |z| zone(&z));
        b.status = lower(f.text("LoadBalancerStatus"));
    });
}

fn listener(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("ListenerId"), |l: &mut Listener| {
        l.head.name = f.opt_text("ListenerDescription");
        l.load_balancer = f.parent("LoadBalancerId");
        l.server_group = f.link("ServerGroupId");
        l.status = lower(f.text("ListenerStatus"));
    });
}

fn server_group(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("ServerGroupId"), |g: &mut ServerGroup| {
        g.head.name = f.opt_text("ServerGroupName");
        g.group_type = lower(f.text("ServerGroupType"));
        g.vpc = f.link("VpcId");
    });
}

fn server_group_servers(f: &Fields<'_>, sink: &mut Sink<'_>) {
    servers::<ServerGroup>(f, sink, |g| &mut g.servers);
}
