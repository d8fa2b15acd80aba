//! HBase answers.

use xiezhi_model::service::hbase::Cluster;
use xiezhi_model::{Batch, Reason, State};

use super::Call;
use crate::fields::Fields;
use crate::sink::Sink;
use crate::store::{any, link_if_said, network_of, ports_of, target};
use crate::white_list;

/// The calls of HBase.
pub const CALLS: &[Call] = &[
    Call::listing("hbase", "DescribeInstances", "Instances.Instance", Cluster::SCHEMA, cluster),
    Call::answer("hbase", "DescribeInstance", cluster),
    Call::answer("hbase", "DescribeEndpoints", endpoints),
    Call::answer("hbase", "DescribeIpWhitelist", white_lists),
];

/// What the white list says, once it has been read to its end.
pub(crate) fn conclude(batch: &mut Batch) {
    batch.for_each(|cluster: &mut Cluster| cluster.white_list_open = white_list::open(&cluster.white_list));
}

fn cluster(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("InstanceId"), |cluster: &mut Cluster| {
        cluster.head.name = f.text("InstanceName");
        cluster.vpc = link_if_said(f, "VpcId");
        cluster.network = network_of(f, &cluster.vpc, "VpcId");
        cluster.deletion_protection = f.bool("IsDeletionProtection");
        cluster.core_nodes = f.int("CoreNodeCount");
    });
}

fn endpoints(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let public = any(f, "ConnAddrs.ConnAddr", "NetType", "PUBLIC");
    let ports = |public| ports_of(f, "ConnAddrs.ConnAddr", ("NetType", "PUBLIC"), public, "ConnAddrPort");
    let cluster = target(f, sink, "ClusterId");
    sink.on(&cluster, |cluster: &mut Cluster| {
        cluster.public_endpoint = public;
        cluster.public_ports = ports(true);
        cluster.private_ports = ports(false);
    });
}

fn white_lists(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let groups = f.records("Groups.Group", |group| (false, group.texts("IpList.Ip")));
    let list = match groups.state {
        State::Known(list) => white_list::union(list.items, &groups.origin),
        State::Absent => f.unknown(Reason::NotInEvidence),
        State::Unknown(reason) => f.unknown(reason),
    };
    let cluster = target(f, sink, "ClusterId");
    sink.on(&cluster, |cluster: &mut Cluster| cluster.white_list = list);
    sink.batch.conclude(Cluster::SCHEMA.kind, conclude);
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests;
