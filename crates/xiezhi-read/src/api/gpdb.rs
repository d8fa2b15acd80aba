//! AnalyticDB for PostgreSQL (`gpdb`) answers.

use xiezhi_model::service::gpdb::Instance;
use xiezhi_model::{Batch, Reason};

use super::Call;
use crate::fields::Fields;
use crate::sink::Sink;
use crate::store::{any, link_if_said, ports_of, target};
use crate::{keys, white_list};

/// The calls of AnalyticDB for PostgreSQL.
pub const CALLS: &[Call] = &[
    Call::listing("gpdb", "DescribeDBInstances", "Items.DBInstance", Instance::SCHEMA, instance),
    Call::each("gpdb", "DescribeDBInstanceAttribute", "Items.DBInstanceAttribute", attribute),
    Call::answer("gpdb", "DescribeDBInstanceNetInfo", net_info),
    Call::answer("gpdb", "DescribeDBInstanceIPArrayList", access),
    Call::answer("gpdb", "DescribeDBInstanceSSL", ssl),
    Call::answer("gpdb", "DescribeDataBackups", backups),
];

/// What the white list says, once it has been read to its end.
pub(crate) fn conclude(batch: &mut Batch) {
    batch.for_each(|instance: &mut Instance| instance.white_list_open = white_list::open(&instance.white_list));
}

fn instance(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("DBInstanceId"), |instance: &mut Instance| {
        instance.head.name = f.text("DBInstanceDescription");
        instance.vpc = link_if_said(f, "VpcId");
    });
}

fn attribute(f: &Fields<'_>, sink: &mut Sink<'_>) {
    instance(f, sink);
    sink.put(f, f.text("DBInstanceId"), |instance: &mut Instance| {
        // Empty or `Off` when disks are not encrypted. Source: GPDB DescribeDBInstanceAttribute `EncryptionType`.
        if f.has("EncryptionType") {
            let stated = f.opt_text("EncryptionType");
            let encrypted = if stated.is_absent() {
                f.known(false)
            } else {
                f.flag("EncryptionType", &["CloudDisk"], &["Off", "NULL", "None"])
            };
            (instance.disk_encryption, instance.disk_key) = keys::under(&encrypted, f, "EncryptionKey");
        }
        if f.has("StandbyZoneId") {
            instance.multi_zone = f.known(!f.opt_text("StandbyZoneId").is_absent());
        }
    });
}

fn net_info(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let public = any(f, "DBInstanceNetInfos.DBInstanceNetInfo", "IPType", "Public");
    let ports = |public| ports_of(f, "DBInstanceNetInfos.DBInstanceNetInfo", ("IPType", "Public"), public, "Port");
    let instance = target(f, sink, "DBInstanceId");
    sink.on(&instance, |instance: &mut Instance| {
        instance.public_endpoint = public;
        instance.public_ports = ports(true);
        instance.private_ports = ports(false);
    });
}

fn access(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let list = white_list::groups(f, "Items.DBInstanceIPArray", "SecurityIPList", "DBInstanceIPArrayAttribute");
    let instance = target(f, sink, "DBInstanceId");
    sink.on(&instance, |instance: &mut Instance| instance.white_list = list);
    sink.batch.conclude(Instance::SCHEMA.kind, conclude);
}

fn ssl(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let instance = target(f, sink, "DBInstanceId");
    sink.on(&instance, |instance: &mut Instance| instance.ssl = f.bool("SSLEnabled"));
}

/// A page with one successful backup settles it; an empty page does only when nothing more is said to exist.
fn backups(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let found = any(f, "Items", "BackupStatus", "Success");
    let found = match (found.value(), f.int("TotalCount").value()) {
        (Some(false), Some(total)) if *total == 0 => found,
        (Some(false), _) => f.unknown(Reason::NotCollected),
        _ => found,
    };
    let instance = target(f, sink, "DBInstanceId");
    sink.on(&instance, |instance: &mut Instance| instance.has_backup = found);
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests;
