//! AnalyticDB for MySQL (`adb`) answers.

use xiezhi_model::service::adb::Cluster;
use xiezhi_model::{Batch, Fact, Reason};

use super::Call;
use crate::fields::{Fields, documented};
use crate::sink::Sink;
use crate::store::{any, link_if_said, ports_of, target};
use crate::{keys, white_list};

/// The calls of AnalyticDB for MySQL.
pub const CALLS: &[Call] = &[
    Call::listing("adb", "DescribeDBClusters", "Items.DBCluster", Cluster::SCHEMA, cluster),
    Call::each("adb", "DescribeDBClusterAttribute", "Items.DBCluster", attribute),
    Call::answer("adb", "DescribeDBClusterNetInfo", net_info),
    Call::answer("adb", "DescribeDBClusterAccessWhiteList", access),
    Call::answer("adb", "DescribeAuditLogConfig", audit),
    Call::answer("adb", "DescribeBackupPolicy", backup),
];

/// What the white list says, once it has been read to its end.
pub(crate) fn conclude(batch: &mut Batch) {
    batch.for_each(|cluster: &mut Cluster| cluster.white_list_open = white_list::open(&cluster.white_list));
}

fn common(f: &Fields<'_>, cluster: &mut Cluster) {
    cluster.head.name = f.text("DBClusterDescription");
    cluster.vpc = link_if_said(f, "VPCId");
    if f.has("DiskEncryption") {
        let encrypted: Fact<bool> = f.bool("DiskEncryption");
        (cluster.disk_encryption, cluster.disk_key) = keys::under(&encrypted, f, "KmsId");
    }
}

fn cluster(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("DBClusterId"), |cluster: &mut Cluster| common(f, cluster));
}

fn attribute(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("DBClusterId"), |cluster: &mut Cluster| {
        common(f, cluster);
        cluster.multi_zone = if f.has("SecondaryZoneId") {
            f.known(!f.opt_text("SecondaryZoneId").is_absent())
        } else {
            f.unknown(Reason::NotInEvidence)
        };
    });
}

fn net_info(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let public = any(f, "Items.Address", "NetType", "Public");
    let ports = |public| ports_of(f, "Items.Address", ("NetType", "Public"), public, "Port");
    let cluster = target(f, sink, "DBClusterId");
    sink.on(&cluster, |cluster: &mut Cluster| {
        cluster.public_endpoint = public;
        cluster.public_ports = ports(true);
        cluster.private_ports = ports(false);
    });
}

fn access(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let list = white_list::groups(f, "Items.IPArray", "SecurityIPList", "DBClusterIPArrayAttribute");
    let cluster = target(f, sink, "DBClusterId");
    sink.on(&cluster, |cluster: &mut Cluster| cluster.white_list = list);
    sink.batch.conclude(Cluster::SCHEMA.kind, conclude);
}

fn audit(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let cluster = target(f, sink, "DBClusterId");
    sink.on(&cluster, |cluster: &mut Cluster| {
        cluster.sql_audit = f.flag("AuditLogStatus", &["on"], &["off"]);
        cluster.sql_audit_days =
            documented("AnalyticDB DescribeAuditLogRecords: records of the last 30 days").known(30);
    });
}

fn backup(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let cluster = target(f, sink, "DBClusterId");
    sink.on(&cluster, |cluster: &mut Cluster| {
        cluster.log_backup = f.flag("EnableBackupLog", &["Enable", "1"], &["Disable", "0"]);
    });
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests;
