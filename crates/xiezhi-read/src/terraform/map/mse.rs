//! Microservices Engine in Terraform. Source: terraform-provider-alicloud, `website/docs/r/mse_*`.

use xiezhi_model::Fact;
use xiezhi_model::service::mse::{Cluster, Gateway};

use crate::fields::Fields;
use crate::sink::Sink;
use crate::terraform::Block;

/// The resource types of Microservices Engine.
pub const BLOCKS: &[Block] = &[
    Block { name: "alicloud_mse_cluster", kind: Some(Cluster::SCHEMA), read: cluster },
    Block { name: "alicloud_mse_gateway", kind: Some(Gateway::SCHEMA), read: gateway },
];

fn cluster(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("id"), |cluster: &mut Cluster| {
        cluster.head.name = f.text("cluster_alias_name");
        cluster.engine = f.text("cluster_type");
        cluster.version = f.text("cluster_version");
        cluster.nodes = f.int("instance_count");
        cluster.edition = f.text("mse_version");
        cluster.internet = internet(f);
        cluster.acl_entries = f.opt_texts("acl_entry_list");
    });
}

/// On the internet by the network type, or by bandwidth for it. Source: r/mse_cluster `net_type`, `pub_network_flow`.
fn internet(f: &Fields<'_>) -> Fact<bool> {
    if f.plain("net_type") == Some("pubnet") {
        return f.known(true);
    }
    let flow = f.int_or("pub_network_flow", 0, "terraform-provider-alicloud r/mse_cluster").map(|flow| flow > 0);
    let net = f.text("net_type").map(|net| net == "pubnet");
    match (flow.value(), net.value()) {
        (Some(true), _) => flow,
        (Some(false), Some(_)) => net,
        (None, _) => flow,
        (_, None) => net,
    }
}

fn gateway(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("id"), |gateway: &mut Gateway| {
        gateway.head.name = f.text("gateway_name");
        gateway.nodes = f.int("replica");
        gateway.backup_vswitch = f.opt_text("backup_vswitch_id");
        gateway.internet = f.opt_text("internet_slb_spec").map(|spec| !spec.is_empty());
        if gateway.internet.is_absent() {
            gateway.internet = f.known(false);
        }
    });
}
