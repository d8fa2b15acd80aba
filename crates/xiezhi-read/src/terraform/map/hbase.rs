//! HBase in Terraform. Source: terraform-provider-alicloud, `website/docs/r/hbase_instance.html.markdown`.

use xiezhi_model::service::hbase::Cluster;
use xiezhi_model::{Fact, State};

use crate::api::hbase::conclude;
use crate::fields::{Fields, documented};
use crate::sink::Sink;
use crate::store::said;
use crate::terraform::Block;

/// The resource types of HBase.
pub const BLOCKS: &[Block] = &[Block { name: "alicloud_hbase_instance", kind: Some(Cluster::SCHEMA), read: cluster }];

const CLUSTER: &str = "terraform-provider-alicloud r/hbase_instance";

fn cluster(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("id"), |cluster: &mut Cluster| {
        cluster.head.name = f.text("name");
        cluster.vpc = said(f.link("vpc_id"));
        let vswitch: Fact<xiezhi_model::Link<xiezhi_model::service::vpc::VSwitch>> = f.link("vswitch_id");
        cluster.network = match (&cluster.vpc.state, &vswitch.state) {
            (State::Known(_), _) | (_, State::Known(_)) => f.known("vpc".into()),
            // Without a vSwitch the cluster is made in the classic network. Source: r/hbase_instance `vswitch_id`.
            (_, State::Absent) if f.opt_text("vpc_id").is_absent() => documented(CLUSTER).known("classic".into()),
            (State::Unknown(reason), _) | (_, State::Unknown(reason)) => f.unknown(reason.clone()),
            _ => f.unknown(xiezhi_model::Reason::NotInEvidence),
        };
        cluster.white_list = f.texts("ip_white");
        cluster.deletion_protection = f.bool_or("deletion_protection", false, CLUSTER);
        cluster.core_nodes = f.int("core_instance_quantity");
    });
    sink.batch.conclude(Cluster::SCHEMA.kind, conclude);
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests;
