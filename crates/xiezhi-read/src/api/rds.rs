//! RDS answers.

use xiezhi_model::service::ecs::SecurityGroup;
use xiezhi_model::service::kms::Key;
use xiezhi_model::service::rds::{Instance, Parameter, RegionSettings};
use xiezhi_model::{Batch, Fact, Link, List, State, Text};

use super::Call;
use super::database::{self, Database, target};
use crate::fields::Fields;
use crate::sink::Sink;
use crate::store::{any, lowest_tls, of_members, ports_of, two_zones};
use crate::words::lower;
use crate::{keys, white_list};

/// The calls of RDS.
pub const CALLS: &[Call] = &[
    Call::listing("rds", "DescribeDBInstances", "Items.DBInstance", Instance::SCHEMA, instance),
    Call::each("rds", "DescribeDBInstanceAttribute", "Items.DBInstanceAttribute", attribute),
    Call::answer("rds", "DescribeDBInstanceNetInfo", net_info),
    Call::answer("rds", "DescribeDBInstanceIPArrayList", ip_arrays),
    Call::answer("rds", "DescribeSecurityGroupConfiguration", security_groups),
    Call::answer("rds", "DescribeDBInstanceSSL", ssl),
    Call::answer("rds", "DescribeDBInstanceTDE", tde),
    Call::answer("rds", "DescribeDBInstanceEncryptionKey", disk_key),
    Call::answer("rds", "DescribeSQLCollectorPolicy", sql_policy),
    Call::answer("rds", "DescribeSQLCollectorRetention", sql_retention),
    Call::answer("rds", "DescribeBackupPolicy", backup),
    Call::answer("rds", "DescribeInstanceCrossBackupPolicy", cross_backup),
    Call::answer("rds", "DescribeHASwitchConfig", switch_config),
    Call::answer("rds", "DescribeDBInstanceHAConfig", ha_config),
    Call::answer("rds", "DescribeParameters", parameters),
    // One answer for a region: it lists what there is of these settings.
    Call::listing("rds", "DescribeActionEventPolicy", "", RegionSettings::SCHEMA, event_history),
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
    batch.for_each(|instance: &mut Instance| {
        instance.white_list_open = white_list::open(&instance.white_list);
        instance.white_list_internal = white_list::internal_only(&instance.white_list);
    });
}

fn instance(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("DBInstanceId"), |instance: &mut Instance| common(f, instance));
}

fn common(f: &Fields<'_>, instance: &mut Instance) {
    instance.head.name = f.text("DBInstanceDescription");
    if f.has("RegionId") {
        instance.head.region = f.text("RegionId");
    }
    instance.engine = f.word("Engine");
    instance.engine_version = f.text("EngineVersion");
    instance.edition = f.word("Category");
    instance.role = f.word("DBInstanceType");
    instance.charge_type = f.word("PayType");
    instance.storage_type = f.word("DBInstanceStorageType");
    instance.network = f.word("InstanceNetworkType");
    if f.has("VpcId") {
        instance.vpc = f.link("VpcId");
    }
    if f.has("VSwitchId") {
        instance.vswitches = f.links("VSwitchId");
    }
    instance.connection_mode = f.word("ConnectionMode");
    instance.deletion_protection = f.bool("DeletionProtection");
    // The answer names a disaster recovery instance only when there is one.
    instance.guard_instance = f.link("GuardDBInstanceId");
    // `Internet` means that the only address is public; `Intranet` does not exclude a public one.
    if f.plain("DBInstanceNetType") == Some("Internet") {
        instance.public_endpoint = f.known(true);
    }
}

fn attribute(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("DBInstanceId"), |instance: &mut Instance| {
        common(f, instance);
        instance.isolation_mode = f.word("SecurityIPMode");
        instance.auto_minor_upgrade = f.flag("AutoUpgradeMinorVersion", &["Auto"], &["Manual"]);
        let zone = f.text("ZoneId");
        instance.multi_zone = match f.records("SlaveZones.SlaveZone", |zone| zone.text("ZoneId")).state {
            State::Known(list) => two_zones(&zone, &list.items),
            _ if zone.value().is_some_and(|zone| zone.contains("MAZ")) => f.known(true),
            State::Absent => f.known(false),
            State::Unknown(reason) => f.unknown(reason),
        };
    });
}

fn net_info(f: &Fields<'_>, sink: &mut Sink<'_>) {
    const LIST: &str = "DBInstanceNetInfos.DBInstanceNetInfo";
    const PUBLIC: (&str, &str) = ("IPType", "Public");
    let addresses = |public| of_members(f, LIST, PUBLIC, public, |member| member.text("IPAddress"));
    sink.on(&target(f, sink), |instance: &mut Instance| {
        instance.public_endpoint = any(f, LIST, PUBLIC.0, PUBLIC.1);
        instance.public_ports = ports_of(f, LIST, PUBLIC, true, "Port");
        instance.private_ports = ports_of(f, LIST, PUBLIC, false, "Port");
        (instance.public_addresses, instance.private_addresses) = (addresses(true), addresses(false));
    });
}

fn ip_arrays(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let paths = ["Items.DBInstanceIPArray", "SecurityIPList", "DBInstanceIPArrayAttribute"];
    database::security_ips::<Instance>(f, sink, paths, conclude);
}

fn security_groups(f: &Fields<'_>, sink: &mut Sink<'_>) {
    database::security_groups::<Instance>(f, sink, "Items.EcsSecurityGroupRelation");
}

fn ssl(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.on(&target(f, sink), |instance: &mut Instance| {
        instance.ssl = f.flag("SSLEnabled", &["Yes", "on", "Enabled", "Enable"], &["No", "off", "Disabled", "Disable"]);
        instance.ssl_enforced = match instance.ssl.value() {
            Some(false) => f.known(false),
            _ => f.bool("ForceEncryption"),
        };
        instance.tls_min = lowest_tls(f.text("TlsVersion"));
    });
}

fn tde(f: &Fields<'_>, sink: &mut Sink<'_>) {
    database::tde::<Instance>(f, sink, [&["Enabled", "Enable"], &["Disabled", "Disable"]]);
}

fn disk_key(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let key = keys::key(f, "EncryptionKey");
    sink.on(&target(f, sink), |instance: &mut Instance| {
        if f.has("EncryptionKey") {
            instance.disk_encryption = keys::holder(f, "EncryptionKey", "none");
            instance.disk_key = key.clone();
        }
    });
    keys::creator(sink, f, &key);
}

fn sql_policy(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.on(&target(f, sink), |instance: &mut Instance| {
        instance.sql_audit = f.flag("SQLCollectorStatus", &["Enable", "Enabled"], &["Disable", "Disabled"]);
    });
}

fn sql_retention(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.on(&target(f, sink), |instance: &mut Instance| instance.sql_audit_days = f.int("ConfigValue"));
}

fn backup(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.on(&target(f, sink), |instance: &mut Instance| {
        let path = if f.has("EnableBackupLog") { "EnableBackupLog" } else { "BackupLog" };
        instance.log_backup = f.flag(path, &["1", "Enable", "Enabled"], &["0", "Disable", "Disabled"]);
        instance.backup_days = f.texts("PreferredBackupPeriod");
        instance.backup_retention_days = f.int("BackupRetentionPeriod");
    });
}

fn cross_backup(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.on(&target(f, sink), |instance: &mut Instance| {
        instance.cross_region_backup =
            f.flag("BackupEnabled", &["Enable", "Enabled", "1"], &["Disable", "Disabled", "0"]);
        instance.cross_backup_region = f.opt_text("CrossBackupRegion");
    });
}

fn switch_config(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.on(&target(f, sink), |instance: &mut Instance| {
        instance.auto_failover = f.flag("HAConfig", &["Auto"], &["Manual"]);
    });
}

fn ha_config(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.on(&target(f, sink), |instance: &mut Instance| instance.sync_mode = f.word("SyncMode"));
}

fn parameters(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.on(&target(f, sink), |instance: &mut Instance| {
        instance.parameters = f.records("RunningParameters.DBInstanceParameter", |parameter| Parameter {
            name: parameter.text("ParameterName"),
            value: lower(parameter.text("ParameterValue")),
        });
    });
}

fn event_history(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let region = if f.has("RegionId") { f.text("RegionId") } else { sink.around.region.clone() };
    sink.put(f, region, |settings: &mut RegionSettings| {
        if f.has("RegionId") {
            settings.head.region = f.text("RegionId");
        }
        settings.event_history = f.bool("EnableEventLog");
    });
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests;
