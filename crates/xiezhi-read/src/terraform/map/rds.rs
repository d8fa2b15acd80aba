//! RDS in Terraform. Source: terraform-provider-alicloud, `website/docs/r/db_*.html.markdown`, `rds_*.html.markdown`.

use xiezhi_model::service::rds::{Instance, Parameter};
use xiezhi_model::{Fact, Link, List, Reason, State, Text};

use crate::api::rds::conclude;
use crate::fields::{Fields, documented};
use crate::sink::Sink;
use crate::store::{first_of, one_port, two_zones};
use crate::terraform::Block;
use crate::words::{lower, one_item};
use crate::{keys, white_list};

/// The resource types of RDS.
pub const BLOCKS: &[Block] = &[
    Block { name: "alicloud_db_instance", kind: Some(Instance::SCHEMA), read: primary },
    Block { name: "alicloud_rds_ddr_instance", kind: Some(Instance::SCHEMA), read: primary },
    Block { name: "alicloud_db_readonly_instance", kind: Some(Instance::SCHEMA), read: readonly },
    Block { name: "alicloud_rds_clone_db_instance", kind: Some(Instance::SCHEMA), read: copy },
    Block { name: "alicloud_rds_upgrade_db_instance", kind: Some(Instance::SCHEMA), read: copy },
    Block { name: "alicloud_db_connection", kind: None, read: connection },
    Block { name: "alicloud_rds_db_instance_endpoint_address", kind: None, read: endpoint },
    Block { name: "alicloud_rds_db_proxy_public", kind: None, read: endpoint },
    Block { name: "alicloud_db_backup_policy", kind: None, read: backup },
    Block { name: "alicloud_rds_instance_cross_backup_policy", kind: None, read: cross_backup },
];

const INSTANCE: &str = "terraform-provider-alicloud r/db_instance";
const CONNECTION: &str = "terraform-provider-alicloud r/db_connection";
const BACKUP: &str = "terraform-provider-alicloud r/db_backup_policy";
const CROSS: &str = "terraform-provider-alicloud r/rds_instance_cross_backup_policy";

fn primary(f: &Fields<'_>, sink: &mut Sink<'_>) {
    instance(f, sink, "primary");
}

fn readonly(f: &Fields<'_>, sink: &mut Sink<'_>) {
    instance(f, sink, "readonly");
}

fn instance(f: &Fields<'_>, sink: &mut Sink<'_>, role: &'static str) {
    let tde_key = if f.opt_text("tde_encryption_key").is_absent() { "encryption_key" } else { "tde_encryption_key" };
    keys::assume_customer_key(sink, &keys::key(f, "encryption_key"));
    keys::assume_customer_key(sink, &keys::key(f, "tde_encryption_key"));
    sink.put(f, f.text("id"), |instance: &mut Instance| {
        instance.head.name = f.text("instance_name");
        instance.role = f.known(role.into());
        instance.engine = f.word("engine");
        instance.engine_version = f.text("engine_version");
        instance.edition = f.word("category");
        let charge = first_of(f, &["instance_charge_type", "payment_type"]);
        instance.charge_type = charge_type(f.word_or(charge, "postpaid", INSTANCE));
        instance.storage_type = f.word("db_instance_storage_type");
        (instance.vswitches, instance.network) = place(f);
        instance.vpc = f.link("vpc_id");
        if instance.vpc.is_absent() {
            instance.vpc = f.unknown(Reason::NotInEvidence);
        }
        instance.public_endpoint = documented(CONNECTION).known(false);
        instance.public_ports = documented(CONNECTION).known(List::complete(vec![]));
        instance.private_ports = one_port(f.int("port"));
        instance.white_list = white_list_of(f);
        instance.isolation_mode = f.word_or("security_ip_mode", "normal", INSTANCE);
        instance.security_groups = f.links(first_of(f, &["security_group_ids", "security_group_id"]));
        instance.ssl = ssl(f);
        instance.ssl_enforced = match instance.ssl.value() {
            Some(false) => Fact::known(false, instance.ssl.origin.clone()),
            _ => f.bool("force_encryption"),
        };
        instance.tde = f.flag_or("tde_status", &["Enabled"], &["Disabled"], false, INSTANCE);
        (instance.tde_key_holder, instance.tde_key) = keys::under(&instance.tde, f, tde_key);
        instance.disk_encryption = match keys::holder(f, "encryption_key", "") {
            none if none.value().is_some_and(|word| word.is_empty()) => documented(INSTANCE).known("none".into()),
            stated => stated,
        };
        instance.disk_key = keys::key(f, "encryption_key");
        instance.sql_audit =
            f.flag_or("sql_collector_status", &["Enabled", "Enable"], &["Disabled", "Disable"], false, INSTANCE);
        instance.sql_audit_days = f.int_or("sql_collector_config_value", 30, INSTANCE);
        instance.deletion_protection = f.bool_or("deletion_protection", false, INSTANCE);
        instance.auto_minor_upgrade = f.flag("auto_upgrade_minor_version", &["Auto"], &["Manual"]);
        instance.cross_region_backup = documented(CROSS).known(false);
        instance.cross_backup_region = documented(CROSS).absent();
        instance.guard_instance = documented(INSTANCE).absent();
        instance.multi_zone =
            two_zones(&f.text("zone_id"), &[f.opt_text("zone_id_slave_a"), f.opt_text("zone_id_slave_b")]);
        instance.auto_failover = f.flag_or("ha_config", &["Auto"], &["Manual"], true, INSTANCE);
        instance.parameters = parameters(f);
    });
    sink.batch.conclude(Instance::SCHEMA.kind, conclude);
}

/// `PayAsYouGo` and `Subscription` are newer spellings of `Postpaid` and `Prepaid`.
pub(crate) fn charge_type(word: Fact<Text>) -> Fact<Text> {
    word.map(|word| match word.as_str() {
        "payasyougo" => "postpaid".into(),
        "subscription" => "prepaid".into(),
        _ => word,
    })
}

/// The vSwitches, and the network that follows: without a vSwitch the instance is made in the classic network.
/// Source: r/db_instance, note on `zone_id_slave_a`.
fn place(f: &Fields<'_>) -> (Fact<List<Link<xiezhi_model::service::vpc::VSwitch>>>, Fact<Text>) {
    let vswitches = f.links("vswitch_id");
    let network = match &vswitches.state {
        State::Known(list) if list.items.is_empty() && list.more.is_none() => {
            documented(INSTANCE).known("classic".into())
        }
        State::Known(list) if list.items.is_empty() => f.unknown(Reason::NotInEvidence),
        State::Known(_) => Fact::known("vpc".into(), vswitches.origin.clone()),
        State::Absent => documented(INSTANCE).known("classic".into()),
        State::Unknown(reason) => f.unknown(reason.clone()),
    };
    (vswitches, network)
}

/// The white list that the configuration leaves behind: `Append` adds to what is there, `Delete` takes away from it.
fn white_list_of(f: &Fields<'_>) -> Fact<List<Text>> {
    let mut list = white_list::or_default(f.opt_texts("security_ips"), &documented(INSTANCE));
    let mode = f.opt_text("modify_mode");
    if let State::Unknown(reason) = mode.state {
        return f.unknown(reason);
    }
    match mode.value().map(Text::as_str) {
        Some("Append") => {
            if let State::Known(known) = &mut list.state {
                known.more = Some(Reason::NotInEvidence);
            }
            list
        }
        Some("Delete") => f.unknown(Reason::NotInEvidence),
        _ => list,
    }
}

/// A state says whether TLS is on (`ssl_status`); a configuration says what to do (`ssl_action`), and nothing means off.
fn ssl(f: &Fields<'_>) -> Fact<bool> {
    let status = f.flag("ssl_status", &["Yes", "on"], &["No", "off"]);
    match status.state {
        State::Known(_) => status,
        _ => f.flag_or("ssl_action", &["Open", "Update"], &["Close"], false, INSTANCE),
    }
}

fn parameters(f: &Fields<'_>) -> Fact<List<Parameter>> {
    f.opt_records("parameters", |parameter| Parameter {
        name: parameter.text("name"),
        value: lower(parameter.text("value")),
    })
}

/// An instance made from another: what it does not state it takes over from there, or not; nobody can tell.
fn copy(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("id"), |instance: &mut Instance| {
        instance.head.name = f.text("db_instance_description");
        instance.role = f.known("primary".into());
        instance.engine = f.word("engine");
        instance.engine_version = f.text(first_of(f, &["engine_version", "target_major_version"]));
        instance.charge_type = charge_type(f.word("payment_type"));
        instance.storage_type = f.word("db_instance_storage_type");
        instance.network = f.word("instance_network_type");
        instance.public_endpoint = documented(CONNECTION).known(false);
        instance.public_ports = documented(CONNECTION).known(List::complete(vec![]));
        instance.private_ports = one_port(f.int("port"));
        instance.white_list = f.texts("security_ips");
        instance.ssl = f.flag("ssl_enabled", &["Open"], &["Close"]);
        instance.tde = f.flag("tde_status", &["Enabled"], &["Disabled"]);
        instance.deletion_protection = f.bool_or("deletion_protection", false, INSTANCE);
    });
    sink.batch.conclude(Instance::SCHEMA.kind, conclude);
}

fn connection(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.on(&f.link("instance_id"), |instance: &mut Instance| instance.public_endpoint = f.known(true));
    let (items, more) = one_item(f.int_or("port", 3306, CONNECTION));
    sink.append(&f.link("instance_id"), |instance: &mut Instance| &mut instance.public_ports, items, more);
}

fn endpoint(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.on(&f.link("db_instance_id"), |instance: &mut Instance| instance.public_endpoint = f.known(true));
    let (items, more) = one_item(f.int("port"));
    sink.append(&f.link("db_instance_id"), |instance: &mut Instance| &mut instance.public_ports, items, more);
}

fn backup(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.on(&f.link("instance_id"), |instance: &mut Instance| {
        instance.log_backup = f.bool_or(first_of(f, &["enable_backup_log", "log_backup"]), true, BACKUP);
        let days = if f.has("preferred_backup_period") { "preferred_backup_period" } else { "backup_period" };
        instance.backup_days = f.texts(days);
        instance.backup_retention_days =
            f.int_or(first_of(f, &["backup_retention_period", "retention_period"]), 7, BACKUP);
    });
}

fn cross_backup(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.on(&f.link("instance_id"), |instance: &mut Instance| {
        instance.cross_region_backup = f.known(true);
        instance.cross_backup_region = f.text("cross_backup_region");
    });
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests;
