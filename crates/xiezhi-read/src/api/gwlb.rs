//! GWLB answers.

use xiezhi_model::service::gwlb::LoadBalancer;

use super::Call;
use super::alb::zone;
use crate::fields::Fields;
use crate::sink::Sink;
use crate::words::lower;

/// The calls of GWLB.
pub const CALLS: &[Call] =
    &[Call::listing("gwlb", "ListLoadBalancers", "LoadBalancers", LoadBalancer::SCHEMA, load_balancer)];

fn load_balancer(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("LoadBalancerId"), |b: &mut LoadBalancer| {
        b.head.name = f.opt_text("LoadBalancerName");
        b.vpc = f.link("VpcId");
        b.zones = f.records("ZoneMappings", |z| zone(&z));
        b.status = lower(f.text("LoadBalancerStatus"));
    });
}
