//! ClickHouse answers (version 2019-11-11, community edition).

use xiezhi_model::service::clickhouse::Cluster;
use xiezhi_model::{Batch, Fact, Link, Reason, State, Text};

use super::Call;
use crate::fields::Fields;
use crate::sink::Sink;
use crate::store::{any, link_if_said, target};
use crate::{keys, white_list};

/// The calls of ClickHouse.
pub const CALLS: &[Call] = &[
    Call::listing("clickhouse", "DescribeDBClusters", "DBClusters.DBCluster", Cluster::SCHEMA, cluster),
    Call::answer("clickhouse", "DescribeDBClusterAttribute", attribute),
    Call::answer("clickhouse", "DescribeDBClusterNetInfoItems", net_info),
    Call::answer("clickhouse", "DescribeDBClusterAccessWhiteList", access),
];

/// What the white list says, once it has been read to its end.
pub(crate) fn conclude(batch: &mut Batch) {
    batch.for_each(|cluster: &mut Cluster| {
        cluster.white_list_open = white_list::open(&cluster.white_list);
        cluster.widest_prefix = white_list::widest_prefix(&cluster.white_list);
    });
}

/// The holder and the key of the disks: `CloudDisk` with a key, or nothing.
pub(crate) fn disk(f: &Fields<'_>, kind: &str, key: &str) -> (Fact<Text>, Fact<Link<xiezhi_model::service::kms::Key>>) {
    let encrypted = f.flag(kind, &["CloudDisk"], &["off", "none"]);
    keys::under(&encrypted, f, key)
}

fn cluster(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("DBClusterId"), |cluster: &mut Cluster| {
        cluster.head.name = f.text("DBClusterDescription");
        cluster.edition = f.word("Category");
        cluster.vpc = link_if_said(f, "VpcId");
        if f.has("EncryptionType") {
            (cluster.disk_encryption, cluster.disk_key) = disk(f, "EncryptionType", "EncryptionKey");
        }
    });
}

fn attribute(f: &Fields<'_>, sink: &mut Sink<'_>) {
    cluster(&f.sub("DBCluster").unwrap_or(*f), sink);
}

fn net_info(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let public = any(f, "NetInfoItems.NetInfoItem", "NetType", "Public");
    let ssl = https(f);
    let cluster = target(f, sink, "DBClusterId");
    sink.on(&cluster, |cluster: &mut Cluster| (cluster.public_endpoint, cluster.ssl) = (public, ssl));
}

/// Whether an address has a port for HTTPS. An address that says nothing of one leaves it open.
fn https(f: &Fields<'_>) -> Fact<bool> {
    let read = f.records("NetInfoItems.NetInfoItem", |item| match item.has("HttpsPort") {
        true => item.opt_text("HttpsPort").state,
        false => State::Unknown(Reason::NotInEvidence),
    });
    read.try_map(|ports| {
        if ports.items.iter().any(|port| matches!(port, State::Known(_))) {
            return Ok(true);
        }
        let unsaid = ports.items.iter().find_map(|port| match port {
            State::Unknown(reason) => Some(reason.clone()),
            _ => None,
        });
        match unsaid.or(ports.more) {
            Some(reason) => Err(reason),
            None if ports.items.is_empty() => Err(Reason::NotInEvidence),
            None => Ok(false),
        }
    })
}

fn access(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let list = white_list::groups(f, "DBClusterAccessWhiteList.IPArray", "SecurityIPList", "DBClusterIPArrayAttribute");
    let cluster = target(f, sink, "DBClusterId");
    sink.on(&cluster, |cluster: &mut Cluster| cluster.white_list = list);
    sink.batch.conclude(Cluster::SCHEMA.kind, conclude);
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests;
