//! MongoDB in ROS templates. Source: ROS documentation, `ALIYUN::MONGODB::*`.

use xiezhi_model::service::mongodb::Instance;
use xiezhi_model::{Fact, Reason, State};

use crate::api::mongodb::conclude;
use crate::fields::{Fields, assumed, documented};
use crate::sink::Sink;
use crate::store::{said, two_zones};
use crate::terraform::Block;
use crate::terraform::map::rds::charge_type;
use crate::{keys, white_list};

/// The resource types of MongoDB.
pub const BLOCKS: &[Block] = &[
    Block { name: "ALIYUN::MONGODB::Instance", kind: Some(Instance::SCHEMA), read: replica_set },
    Block { name: "ALIYUN::MONGODB::PrepayInstance", kind: Some(Instance::SCHEMA), read: replica_set },
    Block { name: "ALIYUN::MONGODB::ShardingInstance", kind: Some(Instance::SCHEMA), read: sharding },
    Block { name: "ALIYUN::MONGODB::PublicNetworkAddress", kind: None, read: public_address },
    Block { name: "ALIYUN::MONGODB::ShardingNetworkPublicAddress", kind: None, read: public_address },
    Block { name: "ALIYUN::MONGODB::AuditPolicy", kind: None, read: audit },
];

const INSTANCE: &str = "ROS ALIYUN::MONGODB::Instance";

fn replica_set(f: &Fields<'_>, sink: &mut Sink<'_>) {
    instance(f, sink, "replicate");
}

fn sharding(f: &Fields<'_>, sink: &mut Sink<'_>) {
    instance(f, sink, "sharding");
}

fn instance(f: &Fields<'_>, sink: &mut Sink<'_>, architecture: &'static str) {
    keys::assume_customer_key(sink, &keys::key(f, "EncryptionKey"));
    sink.put(f, f.text("DBInstanceId"), |instance: &mut Instance| {
        instance.head.name = f.text("DBInstanceDescription");
        instance.architecture = f.known(architecture.into());
        instance.engine_version = f.text("EngineVersion");
        instance.charge_type = charge_type(f.word_or("ChargeType", "postpaid", INSTANCE));
        instance.vpc = said(f.link("VpcId"));
        instance.vswitch = said(f.link("VSwitchId"));
        let stated = f.opt_word("NetworkType");
        instance.network = if stated.is_absent() {
            match (&instance.vpc.state, &instance.vswitch.state) {
                (State::Known(_), _) | (_, State::Known(_)) => f.known("vpc".into()),
                _ => f.unknown(Reason::NotInEvidence),
            }
        } else {
            stated
        };
        instance.public_endpoint = documented("ROS ALIYUN::MONGODB::PublicNetworkAddress").known(false);
        instance.white_list = white_list::or_default(
            f.opt_texts("SecurityIPArray"),
            &assumed("a new MongoDB instance admits 127.0.0.1 only"),
        );
        instance.security_groups = f.links("SecurityGroupId");
        instance.ssl = f.flag_or("SSLOptions.SSLAction", &["Open", "Update"], &["Close"], false, INSTANCE);
        instance.ssl_enforced = match instance.ssl.value() {
            Some(false) => Fact::known(false, instance.ssl.origin.clone()),
            _ => f.unknown(Reason::NotInEvidence),
        };
        instance.tde = f.flag_or("TDEStatus", &["enabled"], &["disabled"], false, INSTANCE);
        (instance.tde_key_holder, instance.tde_key) = keys::under(&instance.tde, f, "EncryptionKey");
        instance.audit_log = f.flag_or(
            "AuditPolicyOptions.AuditStatus",
            &["enable", "enabled"],
            &["disable", "disabled"],
            false,
            "ApsaraDB for MongoDB, audit log: not enabled by default",
        );
        instance.audit_log_days = f.int_or("AuditPolicyOptions.StoragePeriod", 30, "ROS ALIYUN::MONGODB::AuditPolicy");
        instance.release_protection = f.bool_or("DBInstanceReleaseProtection", false, INSTANCE);
        instance.log_backup = f.bool("BackupPolicyOptions.EnableBackupLog");
        let others = [f.opt_text("SecondaryZoneId"), f.opt_text("HiddenZoneId")];
        instance.multi_zone = if others.iter().all(Fact::is_absent) {
            documented(INSTANCE).known(false)
        } else {
            two_zones(&f.text("ZoneId"), &others)
        };
        instance.nodes = if architecture == "sharding" { f.absent() } else { f.int("ReplicationFactor") };
    });
    sink.batch.conclude(Instance::SCHEMA.kind, conclude);
}

fn public_address(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.on(&f.link("DBInstanceId"), |instance: &mut Instance| instance.public_endpoint = f.known(true));
}

fn audit(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.on(&f.link("DBInstanceId"), |instance: &mut Instance| {
        instance.audit_log = f.flag("AuditStatus", &["enable", "enabled"], &["disabled", "disable"]);
        instance.audit_log_days = f.int_or("StoragePeriod", 30, "ROS ALIYUN::MONGODB::AuditPolicy");
    });
}
