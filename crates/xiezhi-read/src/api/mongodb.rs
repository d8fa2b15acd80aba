//! ApsaraDB for MongoDB (`dds`) answers.

use xiezhi_model::service::ecs::SecurityGroup;
use xiezhi_model::service::kms::Key;
use xiezhi_model::service::mongodb::Instance;
use xiezhi_model::{Batch, Fact, Link, List, Reason, State, Text};

use super::Call;
use super::database::{self, Database, target};
use crate::fields::Fields;
use crate::sink::Sink;
use crate::store::{any, ports_of, two_zones};
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
    Call::answer("dds", "DescribeDBInstanceEncryptionKey", database::encryption_key::<Instance>),
    Call::answer("dds", "DescribeAuditPolicy", audit),
    Call::answer("dds", "DescribeMongoDBLogConfig", log_config),
    Call::answer("dds", "DescribeBackupPolicy", backup),
];

impl Database for Instance {
    const ID: &'static str = "DBInstanceId";

    fn white_list(&mut self) -> &mut Fact<List<Text>> {
        &mut self.white_list
    }

    fn security_groups(&mut self) -> &mut Fact<List<Link<SecurityGroup>>> {
        &mut self.security_groups
    }

    fn tde(&mut self) -> (&mut Fact<bool>, &mut Fact<Text>, &mut Fact<Link<Key>>) {
        (&mut self.tde, &mut self.tde_key_holder, &mut self.tde_key)
    }
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
    sink.put(f, f.text("DBInstanceId"), |instance: &mut Instance| {
        common(f, instance);
        // Source: DDS DescribeDBInstances `SecondaryZoneId`, `HiddenZoneId`, which only instances of several zones have.
        if f.has("SecondaryZoneId") || f.has("HiddenZoneId") {
            instance.multi_zone = zones(f);
        }
        // Source: DDS DescribeDBInstances `ReplicationFactor`, the nodes of a replica set.
        if f.has("ReplicationFactor") && instance.architecture.value().is_some_and(|word| word != "sharding") {
            instance.nodes = f.int("ReplicationFactor");
        }
    });
}

fn zones(f: &Fields<'_>) -> Fact<bool> {
    two_zones(&f.text("ZoneId"), &[f.opt_text("SecondaryZoneId"), f.opt_text("HiddenZoneId")])
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
                instance.public_ports = replica_ports(f, true);
                instance.private_ports = replica_ports(f, false);
            }
        }
        if f.has("ZoneId") {
            instance.multi_zone = zones(f);
        }
        // The answer names a key only for instances whose disks are encrypted with it.
        if f.has("Encrypted") || f.has("EncryptionKey") {
            let encrypted = if f.has("Encrypted") { f.bool("Encrypted") } else { f.known(true) };
            (instance.disk_encryption, instance.disk_key) = keys::under(&encrypted, f, "EncryptionKey");
        }
    });
}

/// The ports of the nodes that have, or have no, public address.
fn replica_ports(f: &Fields<'_>, public: bool) -> Fact<List<i64>> {
    ports_of(f, "ReplicaSets.ReplicaSet", ("NetworkType", "Public"), public, "ConnectionPort")
}

fn replica_sets(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.on(&target(f, sink), |instance: &mut Instance| {
        instance.public_endpoint = any(f, "ReplicaSets.ReplicaSet", "NetworkType", "Public");
        instance.public_ports = replica_ports(f, true);
        instance.private_ports = replica_ports(f, false);
    });
}

fn sharding_addresses(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.on(&target(f, sink), |instance: &mut Instance| {
        instance.public_endpoint = any(f, "NetworkAddresses.NetworkAddress", "NetworkType", "Public");
        instance.public_ports = ports_of(f, "NetworkAddresses.NetworkAddress", ("NetworkType", "Public"), true, "Port");
        instance.private_ports =
            ports_of(f, "NetworkAddresses.NetworkAddress", ("NetworkType", "Public"), false, "Port");
    });
}

fn security_ips(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let paths = ["SecurityIpGroups.SecurityIpGroup", "SecurityIpList", "SecurityIpGroupAttribute"];
    database::security_ips::<Instance>(f, sink, paths, conclude);
}

fn security_groups(f: &Fields<'_>, sink: &mut Sink<'_>) {
    database::security_groups::<Instance>(f, sink, "Items.RdsEcsSecurityGroupRel");
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
    database::tde::<Instance>(f, sink, [&["enabled", "enable"], &["disabled", "disable"]]);
}

fn audit(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.on(&target(f, sink), |instance: &mut Instance| {
        instance.audit_log = f.flag("LogAuditStatus", &["Enable", "Enabled"], &["Disable", "Disabled"]);
    });
}

/// Each edition of the audit log keeps it for a time of its own; `Trial` is also written `Trail`. Source: MongoDB
/// DescribeMongoDBLogConfig `ServiceType`.
fn log_config(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let edition = f.word("ServiceType");
    let days = match &edition.state {
        State::Known(word) => match word.as_str() {
            "trial" | "trail" => f.int("TtlForTrail"),
            "standard" => f.int("TtlForStandard"),
            "v2-standard" => f.int("TtlForV2Standard"),
            other => f.unknown(Reason::not_understood(format!("the audit log edition `{other}`"))),
        },
        State::Absent => f.unknown(Reason::NotInEvidence),
        State::Unknown(reason) => f.unknown(reason.clone()),
    };
    sink.on(&target(f, sink), |instance: &mut Instance| instance.audit_log_days = days);
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
