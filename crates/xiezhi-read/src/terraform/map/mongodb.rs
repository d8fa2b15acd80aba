//! MongoDB in Terraform. Source: terraform-provider-alicloud, `website/docs/r/mongodb_*.html.markdown`.

use xiezhi_model::service::mongodb::Instance;
use xiezhi_model::{Fact, Reason, State};

use crate::api::mongodb::conclude;
use crate::fields::{Fields, documented};
use crate::sink::Sink;
use crate::store::{joined, two_zones};
use crate::terraform::Block;
use crate::{keys, white_list};

/// The resource types of MongoDB.
pub const BLOCKS: &[Block] = &[
    Block { name: "alicloud_mongodb_instance", kind: Some(Instance::SCHEMA), read: replica_set },
    Block { name: "alicloud_mongodb_sharding_instance", kind: Some(Instance::SCHEMA), read: sharding },
    Block { name: "alicloud_mongodb_serverless_instance", kind: Some(Instance::SCHEMA), read: serverless },
    Block { name: "alicloud_mongodb_public_network_address", kind: None, read: public_address },
    Block { name: "alicloud_mongodb_sharding_network_public_address", kind: None, read: public_address },
    Block { name: "alicloud_mongodb_audit_policy", kind: None, read: audit },
];

const INSTANCE: &str = "terraform-provider-alicloud r/mongodb_instance";
const AUDIT: &str = "terraform-provider-alicloud r/mongodb_audit_policy";
const PUBLIC: &str = "terraform-provider-alicloud r/mongodb_public_network_address";

fn replica_set(f: &Fields<'_>, sink: &mut Sink<'_>) {
    instance(f, sink, "replicate");
}

fn sharding(f: &Fields<'_>, sink: &mut Sink<'_>) {
    instance(f, sink, "sharding");
}

fn instance(f: &Fields<'_>, sink: &mut Sink<'_>, architecture: &'static str) {
    keys::assume_customer_key(sink, &keys::key(f, "encryption_key"));
    keys::assume_customer_key(sink, &keys::key(f, "cloud_disk_encryption_key"));
    sink.put(f, f.text("id"), |instance: &mut Instance| {
        instance.head.name = f.text("name");
        instance.architecture = f.known(architecture.into());
        instance.engine_version = f.text("engine_version");
        instance.charge_type = f.word_or("instance_charge_type", "postpaid", INSTANCE);
        instance.vswitch = f.link("vswitch_id");
        instance.network = network(f, instance);
        instance.vpc = f.link("vpc_id");
        if instance.vpc.is_absent() {
            instance.vpc = f.unknown(Reason::NotInEvidence);
        }
        instance.security_groups = f.links("security_group_id");
        instance.public_endpoint = documented(PUBLIC).known(false);
        instance.white_list = white_list::or_default(f.opt_texts("security_ip_list"), &documented(INSTANCE));
        instance.ssl = ssl(f);
        instance.ssl_enforced = match instance.ssl.value() {
            Some(false) => Fact::known(false, instance.ssl.origin.clone()),
            _ => f.bool("force_encryption"),
        };
        instance.tde = f.flag_or("tde_status", &["enabled"], &["disabled"], false, INSTANCE);
        (instance.tde_key_holder, instance.tde_key) = keys::under(&instance.tde, f, "encryption_key");
        let encrypted = f.bool_or("encrypted", false, INSTANCE);
        (instance.disk_encryption, instance.disk_key) = keys::under(&encrypted, f, "cloud_disk_encryption_key");
        // A companion speaks instead of this default.
        instance.audit_log = if f.has("audit_status") {
            f.unknown(Reason::not_understood("`audit_status`, which is an argument of `alicloud_mongodb_audit_policy`"))
        } else {
            documented("ApsaraDB for MongoDB, audit log: not enabled by default").known(false)
        };
        instance.release_protection = f.bool_or("db_instance_release_protection", false, INSTANCE);
        instance.log_backup = f.bool("enable_backup_log");
        instance.backup_retention_days = f.int("backup_retention_period");
        let others = [f.opt_text("secondary_zone_id"), f.opt_text("hidden_zone_id")];
        instance.multi_zone = if others.iter().all(Fact::is_absent) {
            documented(INSTANCE).known(false)
        } else {
            two_zones(&f.text("zone_id"), &others)
        };
        instance.nodes = if architecture == "sharding" { f.absent() } else { f.int("replication_factor") };
    });
    sink.batch.conclude(Instance::SCHEMA.kind, conclude);
}

/// The stated network type; a vSwitch means a VPC.
fn network(f: &Fields<'_>, instance: &Instance) -> Fact<xiezhi_model::Text> {
    let stated = f.opt_word("network_type");
    match (&stated.state, &instance.vswitch.state) {
        (State::Absent, State::Known(_)) => Fact::known("vpc".into(), instance.vswitch.origin.clone()),
        (State::Absent, State::Unknown(reason)) => f.unknown(reason.clone()),
        (State::Absent, State::Absent) => f.unknown(Reason::NotInEvidence),
        _ => stated,
    }
}

/// A state says whether TLS is on (`ssl_status`); a configuration says what to do (`ssl_action`), and nothing means off.
fn ssl(f: &Fields<'_>) -> Fact<bool> {
    let status = f.flag("ssl_status", &["Open"], &["Close", "Closed"]);
    match status.state {
        State::Known(_) => status,
        _ => f.flag_or("ssl_action", &["Open", "Update"], &["Close"], false, INSTANCE),
    }
}

fn serverless(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("id"), |instance: &mut Instance| {
        instance.head.name = f.text("db_instance_description");
        instance.architecture = f.known("serverless".into());
        instance.engine_version = f.text("engine_version");
        instance.vswitch = f.link("vswitch_id");
        instance.network = network(f, instance);
        instance.vpc = f.link("vpc_id");
        instance.public_endpoint = documented(PUBLIC).known(false);
        let groups = f.opt_records("security_ip_groups", |group| group.opt_texts("security_ip_list"));
        let list = match groups.state {
            State::Known(groups) => {
                let mut lists = groups.items;
                lists.extend(groups.more.map(|reason| f.unknown(reason)));
                joined(lists).unwrap_or_else(|| f.absent())
            }
            State::Absent => f.absent(),
            State::Unknown(reason) => f.unknown(reason),
        };
        instance.white_list = white_list::or_default(list, &documented(INSTANCE));
        instance.nodes = f.absent();
    });
    sink.batch.conclude(Instance::SCHEMA.kind, conclude);
}

fn public_address(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.on(&f.link("db_instance_id"), |instance: &mut Instance| instance.public_endpoint = f.known(true));
}

fn audit(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.on(&f.link("db_instance_id"), |instance: &mut Instance| {
        instance.audit_log = f.flag("audit_status", &["enable", "enabled"], &["disabled", "disable"]);
        instance.audit_log_days = f.int_or("storage_period", 30, AUDIT);
    });
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests;
