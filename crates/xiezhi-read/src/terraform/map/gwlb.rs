//! GWLB in Terraform. Source: terraform-provider-alicloud, `website/docs/r/gwlb_load_balancer`.

use xiezhi_model::service::gwlb::LoadBalancer;

use super::alb::zone;
use crate::fields::Fields;
use crate::sink::Sink;
use crate::terraform::Block;
use crate::words::lower;

/// The resource types of GWLB.
pub const BLOCKS: &[Block] =
    &[Block { name: "alicloud_gwlb_load_balancer", kind: Some(LoadBalancer::SCHEMA), read: load_balancer }];

fn load_balancer(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("id"), |b: &mut LoadBalancer| {
        b.head.name = f.opt_text("load_balancer_name");
        b.vpc = f.link("vpc_id");
        b.zones = f.records("zone_mappings", zone);
        b.status = lower(f.text("status"));
    });
}
