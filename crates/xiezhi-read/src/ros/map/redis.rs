//! Tair and Redis in ROS templates. Source: ROS documentation, `ALIYUN::REDIS::*`.

use xiezhi_model::service::redis::Instance;
use xiezhi_model::{Fact, Reason, State, Text};

use crate::api::redis::{conclude, node_type};
use crate::fields::{Fields, assumed, documented};
use crate::sink::Sink;
use crate::store::{one_port, two_zones};
use crate::terraform::Block;
use crate::terraform::map::rds::charge_type;
use crate::white_list;

/// The resource types of Tair and Redis.
pub const BLOCKS: &[Block] = &[
    Block { name: "ALIYUN::REDIS::Instance", kind: Some(Instance::SCHEMA), read: instance },
    Block { name: "ALIYUN::REDIS::PrepayInstance", kind: Some(Instance::SCHEMA), read: instance },
    Block { name: "ALIYUN::REDIS::Connection", kind: None, read: connection },
    Block { name: "ALIYUN::REDIS::Whitelist", kind: None, read: whitelist },
    Block { name: "ALIYUN::REDIS::AuditLogConfig", kind: None, read: audit },
];

const INSTANCE: &str = "ROS ALIYUN::REDIS::Instance";
const NOBODY: &str = "a new Redis instance admits 127.0.0.1 only";

fn instance(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let default = documented(INSTANCE);
    sink.put(f, f.text("InstanceId"), |instance: &mut Instance| {
        instance.head.name = f.text("InstanceName");
        instance.engine = default.known("redis".into());
        instance.engine_version = f.text("EngineVersion");
        instance.class = f.text("InstanceClass");
        instance.charge_type = charge_type(f.word_or("ChargeType", "postpaid", INSTANCE));
        instance.vswitch = f.link("VSwitchId");
        instance.vpc = if f.has("VpcId") { f.link("VpcId") } else { f.unknown(Reason::NotInEvidence) };
        instance.network = match (&instance.vswitch.state, f.has("VpcId")) {
            (State::Known(_), _) | (_, true) => f.known("vpc".into()),
            (State::Absent, false) => f.unknown(Reason::NotInEvidence),
            (State::Unknown(reason), false) => f.unknown(reason.clone()),
        };
        instance.white_list = white_list::or_default(f.absent(), &assumed(NOBODY));
        instance.security_groups = f.links("SecurityGroupId");
        instance.public_endpoint = if f.has("Connections.PublicConnection") {
            f.known(true)
        } else if f.has("Connections") {
            f.unknown(Reason::NotInEvidence)
        } else {
            default.known(false)
        };
        instance.password_required = f.bool_or("VpcPasswordFree", false, INSTANCE).map(|free| !free);
        instance.ssl = f.flag_or("SSLEnabled", &["Enable", "Update"], &["Disable"], false, INSTANCE);
        instance.tls_min = f.opt_text("TLSProtocol").try_map(|word| {
            word.strip_prefix("TLSv")
                .map(Text::from)
                .ok_or_else(|| Reason::not_understood(format!("the TLS version `{word}`")))
        });
        // Nothing documents the version that is accepted when none is named.
        if instance.tls_min.is_absent() {
            instance.tls_min = f.unknown(Reason::NotInEvidence);
        }
        instance.tde = default.known(false);
        instance.tde_key_holder = default.absent();
        instance.tde_key = default.absent();
        instance.audit_log = default.known(false);
        instance.release_protection = f.bool_or("DeletionProtection", false, INSTANCE);
        instance.backup_days = f.texts("BackupPolicy.PreferredBackupPeriod");
        instance.log_backup = f.bool("BackupPolicy.EnableBackupLog");
        instance.multi_zone = second_zone(f);
        instance.node_type = node_type(f.word_or("NodeType", "double", INSTANCE));
        instance.architecture = match (f.int("ShardCount").value(), f.plain("InstanceClass")) {
            (Some(shards), _) if *shards >= 2 => f.known("cluster".into()),
            (_, Some(class)) if class.contains(".sharding.") => f.known("cluster".into()),
            (_, Some(class)) if class.contains(".master.") => f.known("standard".into()),
            _ => f.unknown(Reason::NotInEvidence),
        };
    });
    sink.batch.conclude(Instance::SCHEMA.kind, conclude);
}

/// Nodes stand in two zones when a second one is set that differs.
fn second_zone(f: &Fields<'_>) -> Fact<bool> {
    let second: Fact<Text> = f.opt_text("SecondaryZoneId");
    if second.is_absent() { documented(INSTANCE).known(false) } else { two_zones(&f.text("ZoneId"), &[second]) }
}

fn connection(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.on(&f.link("InstanceId"), |instance: &mut Instance| {
        instance.public_endpoint = f.known(true);
        instance.public_ports = one_port(f.int("Port"));
    });
}

fn whitelist(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.extend(&f.link("InstanceId"), |instance: &mut Instance| &mut instance.white_list, f.texts("SecurityIps"));
}

fn audit(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.on(&f.link("InstanceId"), |instance: &mut Instance| {
        instance.audit_log = f.bool("DbAudit");
        instance.audit_log_days = f.int("Retention");
    });
}
