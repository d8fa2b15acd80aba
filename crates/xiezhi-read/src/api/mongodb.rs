//! ApsaraDB for MongoDB (`dds`) answers.

use xiezhi_model::service::mongodb::Instance;
use xiezhi_model::{Batch, Fact, Link};

use super::Call;
use crate::fields::Fields;
use crate::sink::Sink;
use crate::store::{any, links_of, two_zones};
use crate::{keys, white_list};

/// The calls of MongoDB.
pub const CALLS: &[Call] = &[
    // Without `DBInstanceType` the answer holds replica sets only: no single answer lists every instance. Source: MongoDB
    // DescribeDBInstances, operation description.
    Call::each("dds", "DescribeDBInstances", "DBInstances.DBInstance", instance),
    Call::each("dds", "DescribeDBInstanceAttribute", "DBInstances.DBInstance", attribute),
    Call::answer("dds", "DescribeReplicaSetRole", replica_sets),
    Call::answer("dds", "DescribeShardingNetworkAddress", sharding_addresses),
    Call::answer("dds", "DescribeSecurityIps", security_ips),
    Call::answer("dds", "DescribeSecurityGroupConfiguration", security_groups),
    Call::answer("dds", "DescribeDBInstanceSSL", ssl),
    Call::answer("dds", "DescribeDBInstanceTDEInfo", tde),
    Call::answer("dds", "DescribeDBInstanceEncryptionKey", encryption_key),
    Call::answer("dds", "DescribeAuditPolicy", audit),
    Call::answer("dds", "DescribeBackupPolicy", backup),
];

fn target(f: &Fields<'_>, sink: &Sink<'_>) -> Fact<Link<Instance>> {
    let named = sink.param("DBInstanceId");
    let named = if named.value().is_some() { named } else { f.text("DBInstanceId") };
    named.map(Link::id)
}

/// What the white list says, once it has been read to its end.
pub(crate) fn conclude(batch: &mut Batch) {
    batch.for_each(|instance: &mut Instance| instance.white_list_open = white_list::open(&instance.white_list));
}

fn common(f: &Fields<'_>, instance: &mut Instance) {
    instance.head.name = f.text("DBInstanceDescription");
    if f.has("RegionId") {
        instance.head.region = f.text("RegionId");
    }
    instance.architecture = f.word("DBInstanceType");
    instance.engine_version = f.text("EngineVersion");
    instance.charge_type = f.word("ChargeType");
    instance.network = f.word("NetworkType");
    instance.lock_mode = f.word("LockMode");
    if f.has("VPCId") {
        instance.vpc = f.link("VPCId");
    }
    if f.has("VSwitchId") {
        instance.vswitch = f.link("VSwitchId");
    }
}

fn instance(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("DBInstanceId"), |instance: &mut Instance| common(f, instance));
}

fn attribute(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("DBInstanceId"), |instance: &mut Instance| {
        common(f, instance);
        instance.release_protection = f.bool("DBInstanceReleaseProtection");
        if instance.architecture.value().is_some_and(|word| word == "sharding") {
            instance.nodes = f.absent();
        } else {
            instance.nodes = f.int("ReplicationFactor");
            if f.has("ReplicaSets.ReplicaSet") {
                instance.public_endpoint = any(f, "ReplicaSets.ReplicaSet", "NetworkType", "Public");
            }
        }
        if f.has("ZoneId") {
            instance.multi_zone =
                two_zones(&f.text("ZoneId"), &[f.opt_text("SecondaryZoneId"), f.opt_text("HiddenZoneId")]);
        }
        // The answer names a key only for instances whose disks are encrypted with it.
        if f.has("Encrypted") || f.has("EncryptionKey") {
            let encrypted = if f.has("Encrypted") { f.bool("Encrypted") } else { f.known(true) };
            (instance.disk_encryption, instance.disk_key) = keys::under(&encrypted, f, "EncryptionKey");
        }
    });
}

fn replica_sets(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.on(&target(f, sink), |instance: &mut Instance| {
        instance.public_endpoint = any(f, "ReplicaSets.ReplicaSet", "NetworkType", "Public");
    });
}

fn sharding_addresses(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.on(&target(f, sink), |instance: &mut Instance| {
        instance.public_endpoint = any(f, "NetworkAddresses.NetworkAddress", "NetworkType", "Public");
    });
}

fn security_ips(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let list = white_list::groups(f, "SecurityIpGroups.SecurityIpGroup", "SecurityIpList", "SecurityIpGroupAttribute");
    sink.on(&target(f, sink), |instance: &mut Instance| instance.white_list = list);
    sink.batch.conclude(Instance::SCHEMA.kind, conclude);
}

fn security_groups(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let groups = links_of(f, "Items.RdsEcsSecurityGroupRel", "SecurityGroupId");
    sink.on(&target(f, sink), |instance: &mut Instance| instance.security_groups = groups);
}

fn ssl(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.on(&target(f, sink), |instance: &mut Instance| {
        instance.ssl = f.flag("SSLStatus", &["Open", "Enabled"], &["Close", "Closed", "Disabled"]);
        instance.ssl_enforced = match instance.ssl.value() {
            Some(false) => f.known(false),
            _ => f.bool("ForceEncryption"),
        };
    });
}

fn tde(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let tde = f.flag("TDEStatus", &["enabled", "enable"], &["disabled", "disable"]);
    let (holder, key) = keys::under(&tde, f, "EncryptionKey");
    sink.on(&target(f, sink), |instance: &mut Instance| {
        if f.has("EncryptionKey") || tde.value() == Some(&false) {
            instance.tde_key_holder = holder;
            instance.tde_key = key;
        }
        instance.tde = tde;
    });
}

fn encryption_key(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let key = keys::key(f, "EncryptionKey");
    sink.on(&target(f, sink), |instance: &mut Instance| {
        if f.has("EncryptionKey") {
            instance.tde_key_holder = keys::holder(f, "EncryptionKey", "service-key");
            instance.tde_key = key.clone();
        }
    });
    keys::creator(sink, f, &key);
}

fn audit(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.on(&target(f, sink), |instance: &mut Instance| {
        instance.audit_log = f.flag("LogAuditStatus", &["Enable", "Enabled"], &["Disable", "Disabled"]);
    });
}

fn backup(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.on(&target(f, sink), |instance: &mut Instance| {
        instance.log_backup = f.bool("EnableBackupLog");
        instance.backup_retention_days = f.int("BackupRetentionPeriod");
    });
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests;
