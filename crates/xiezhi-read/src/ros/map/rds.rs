//! RDS in ROS templates. Source: ROS documentation, `ALIYUN::RDS::*`.

use xiezhi_model::service::rds::{Instance, Parameter};
use xiezhi_model::{Fact, List, Reason, State};

use crate::api::rds::conclude;
use crate::fields::{Fields, documented};
use crate::sink::Sink;
use crate::store::{one_port, two_zones};
use crate::terraform::Block;
use crate::terraform::map::rds::charge_type;
use crate::words::lower;
use crate::{keys, white_list};

/// The resource types of RDS.
pub const BLOCKS: &[Block] = &[
    Block { name: "ALIYUN::RDS::DBInstance", kind: Some(Instance::SCHEMA), read: primary },
    Block { name: "ALIYUN::RDS::PrepayDBInstance", kind: Some(Instance::SCHEMA), read: primary },
    Block { name: "ALIYUN::RDS::ReadOnlyDBInstance", kind: Some(Instance::SCHEMA), read: readonly },
    Block { name: "ALIYUN::RDS::Connection", kind: None, read: connection },
    Block { name: "ALIYUN::RDS::DBInstanceSecurityIps", kind: None, read: security_ips },
    Block { name: "ALIYUN::RDS::DBInstanceParameterGroup", kind: None, read: parameters },
];

const INSTANCE: &str = "ROS ALIYUN::RDS::DBInstance";
const READ_ONLY: &str = "ROS ALIYUN::RDS::ReadOnlyDBInstance";

fn primary(f: &Fields<'_>, sink: &mut Sink<'_>) {
    keys::assume_customer_key(sink, &keys::key(f, "EncryptionKey"));
    let default = documented(INSTANCE);
    sink.put(f, f.text("DBInstanceId"), |instance: &mut Instance| {
        instance.head.name = f.text("DBInstanceDescription");
        instance.role = f.known("primary".into());
        instance.engine = f.word("Engine");
        instance.engine_version = f.text("EngineVersion");
        instance.edition = f.word("Category");
        instance.charge_type = charge_type(f.word_or("PayType", "postpaid", INSTANCE));
        instance.storage_type = f.word("DBInstanceStorageType");
        instance.connection_mode = f.word("ConnectionMode");
        instance.vswitches = f.links("VSwitchId");
        instance.network = network(f);
        instance.vpc = if f.has("VpcId") { f.link("VpcId") } else { f.unknown(Reason::NotInEvidence) };
        instance.public_endpoint = public_endpoint(f);
        instance.white_list = white_list::or_default(f.opt_texts("SecurityIPList"), &default);
        instance.security_groups = f.links("SecurityGroupId");
        instance.ssl = f.flag_or(
            "SSLSetting",
            &["EnabledForPublicConnection", "EnabledForInnerConnection"],
            &["Disabled"],
            false,
            INSTANCE,
        );
        instance.ssl_enforced = match instance.ssl.value() {
            Some(false) => Fact::known(false, instance.ssl.origin.clone()),
            _ => f.unknown(Reason::NotInEvidence),
        };
        // A template cannot switch transparent encryption on: it has no property for it.
        instance.tde = default.known(false);
        instance.tde_key_holder = default.absent();
        instance.tde_key = default.absent();
        instance.disk_encryption = match keys::holder(f, "EncryptionKey", "") {
            none if none.value().is_some_and(|word| word.is_empty()) => default.known("none".into()),
            stated => stated,
        };
        instance.disk_key = keys::key(f, "EncryptionKey");
        instance.sql_audit =
            f.flag_or("SQLCollectorStatus", &["Enabled", "Enable"], &["Disabled", "Disable"], false, INSTANCE);
        instance.deletion_protection = f.bool_or("DeletionProtection", false, INSTANCE);
        instance.auto_minor_upgrade = f.flag_or("AutoUpgradeMinorVersion", &["Auto"], &["Manual"], true, INSTANCE);
        instance.multi_zone = multi_zone(f);
        instance.log_backup = f.bool("EnableBackupLog");
        instance.backup_days = f.texts("PreferredBackupPeriod");
        instance.backup_retention_days = f.int("BackupRetentionPeriod");
        instance.cross_region_backup = default.known(false);
        instance.cross_backup_region = default.absent();
        instance.guard_instance = default.absent();
        // A parameter template may set any of them; its own page says what is in it.
        instance.parameters = if f.has("DBParamGroupId") {
            f.unknown(Reason::not_understood("`DBParamGroupId`"))
        } else {
            default.known(List::complete(vec![]))
        };
    });
    sink.batch.conclude(Instance::SCHEMA.kind, conclude);
}

/// The network as stated, else as it follows from a vSwitch or VPC; nothing at all leaves it open.
fn network(f: &Fields<'_>) -> Fact<xiezhi_model::Text> {
    if f.has("InstanceNetworkType") {
        f.word("InstanceNetworkType")
    } else if f.has("VSwitchId") || f.has("VpcId") {
        f.known("vpc".into())
    } else {
        f.unknown(Reason::NotInEvidence)
    }
}

/// A public endpoint is made when the template asks for one, by either of two properties.
fn public_endpoint(f: &Fields<'_>) -> Fact<bool> {
    let asked = f.bool_or("AllocatePublicConnection", false, INSTANCE);
    let net = f.flag("DBInstanceNetType", &["Internet"], &["Intranet"]);
    match (asked.value(), &net.state) {
        (Some(false), State::Known(true)) => net,
        _ => asked,
    }
}

fn multi_zone(f: &Fields<'_>) -> Fact<bool> {
    if f.has("MultiAZ") {
        return f.bool("MultiAZ");
    }
    let slaves: Vec<Fact<xiezhi_model::Text>> = f.each("SlaveZoneIds").iter().map(|zone| zone.opt_text("")).collect();
    if slaves.is_empty() && !f.has("SlaveZoneIds") && f.plain("ZoneId").is_none() {
        return f.unknown(Reason::NotInEvidence);
    }
    two_zones(&f.text("ZoneId"), &slaves)
}

fn connection(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.on(&f.link("DBInstanceId"), |instance: &mut Instance| {
        instance.public_endpoint = f.known(true);
        instance.public_ports = one_port(f.int("Port"));
    });
}

/// A read-only instance: what it takes over from the instance that it copies, its block does not say. Source: ROS
/// documentation, `ALIYUN::RDS::ReadOnlyDBInstance`.
fn readonly(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("DBInstanceId"), |instance: &mut Instance| {
        instance.head.name = f.text("DBInstanceDescription");
        instance.role = f.known("readonly".into());
        instance.engine_version = f.text("EngineVersion");
        instance.edition = f.word("Category");
        instance.charge_type = charge_type(f.word("PayType"));
        instance.storage_type = f.word("DBInstanceStorageType");
        instance.vswitches = f.links("VSwitchId");
        instance.network = network(f);
        instance.vpc = if f.has("VpcId") { f.link("VpcId") } else { f.unknown(Reason::NotInEvidence) };
        instance.deletion_protection = f.bool_or("DeletionProtection", false, READ_ONLY);
    });
    sink.batch.conclude(Instance::SCHEMA.kind, conclude);
}

/// Adds to the white list of an instance. Source: ROS documentation, `ALIYUN::RDS::DBInstanceSecurityIps`.
fn security_ips(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let entries = f.texts("DBInstanceIPArrayAttribute");
    sink.extend(&f.link("DBInstanceId"), |instance: &mut Instance| &mut instance.white_list, entries);
}

/// Sets parameters of an instance. Source: ROS documentation, `ALIYUN::RDS::DBInstanceParameterGroup`.
fn parameters(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let set = f.records("Parameters", |parameter| Parameter {
        name: parameter.text("Key"),
        value: lower(parameter.text("Value")),
    });
    sink.extend(&f.link("DBInstanceId"), |instance: &mut Instance| &mut instance.parameters, set);
}
