//! Tair and Redis in Terraform. Source: terraform-provider-alicloud, `website/docs/r/kvstore_*.html.markdown`,
//! `redis_*.html.markdown`.

use xiezhi_model::service::redis::Instance;
use xiezhi_model::{Fact, List, Reason, State, Text};

use crate::api::redis::{DISABLED_COMMANDS, LOWEST_TLS, conclude, lower, node_type};
use crate::fields::{Fields, assumed, documented};
use crate::sink::Sink;
use crate::store::{first_of, lowest_tls, one_port, two_zones};
use crate::terraform::Block;
use crate::words::one_item;
use crate::{keys, white_list};

/// The resource types of Tair and Redis.
pub const BLOCKS: &[Block] = &[
    Block { name: "alicloud_kvstore_instance", kind: Some(Instance::SCHEMA), read: instance },
    Block { name: "alicloud_redis_tair_instance", kind: Some(Instance::SCHEMA), read: tair },
    Block { name: "alicloud_kvstore_connection", kind: None, read: connection },
    Block { name: "alicloud_kvstore_audit_log_config", kind: None, read: audit },
    Block { name: "alicloud_kvstore_backup_policy", kind: None, read: backup },
];

const INSTANCE: &str = "terraform-provider-alicloud r/kvstore_instance";
const TAIR: &str = "terraform-provider-alicloud r/redis_tair_instance";
const CONNECTION: &str = "terraform-provider-alicloud r/kvstore_connection";
const PARAMETERS: &str = "Tair (Redis) help, Configuration parameters, #no_loose_tls-min-version";
const AUDIT: &str = "terraform-provider-alicloud r/kvstore_audit_log_config";

fn instance(f: &Fields<'_>, sink: &mut Sink<'_>) {
    keys::assume_customer_key(sink, &keys::key(f, "encryption_key"));
    sink.put(f, f.text("id"), |instance: &mut Instance| {
        instance.head.name = f.text(first_of(f, &["db_instance_name", "instance_name"]));
        instance.engine = f.word_or("instance_type", "redis", INSTANCE);
        instance.engine_version = f.text_or("engine_version", "5.0", INSTANCE);
        instance.class = f.text("instance_class");
        instance.charge_type = f.word_or(first_of(f, &["payment_type", "instance_charge_type"]), "postpaid", INSTANCE);
        place(f, instance);
        instance.security_groups = f.links("security_group_id");
        instance.public_endpoint = f.bool_or("enable_public", false, CONNECTION);
        instance.public_ports = documented(CONNECTION).known(List::complete(vec![]));
        instance.private_ports = one_port(f.int(first_of(f, &["private_connection_port", "port"])));
        instance.password_required = f.flag_or("vpc_auth_mode", &["Open"], &["Close"], true, INSTANCE);
        instance.ssl = f.flag_or("ssl_enable", &["Enable", "Update"], &["Disable"], false, INSTANCE);
        instance.tde = f.flag_or("tde_status", &["Enabled"], &["Disabled"], false, INSTANCE);
        (instance.tde_key_holder, instance.tde_key) = keys::under(&instance.tde, f, "encryption_key");
        instance.audit_log = documented(AUDIT).known(false);
        instance.release_protection = f.bool_or("instance_release_protection", false, INSTANCE);
        instance.backup_days = f.texts("backup_period");
        instance.log_backup = f.bool_or("enable_backup_log", false, INSTANCE);
        let zone = first_of(f, &["zone_id", "availability_zone"]);
        instance.multi_zone = second_zone(f, zone);
        instance.node_type = node_type(f.word_or("node_type", "double", INSTANCE));
        instance.architecture = architecture(f);
        let commands = format!("config.{DISABLED_COMMANDS}");
        instance.disabled_commands = if f.has(&commands) {
            lower(f.opt_texts(&commands))
        } else {
            documented(INSTANCE).known(List::complete(vec![]))
        };
        instance.tls_min = lowest(f, &instance.architecture);
    });
    sink.batch.conclude(Instance::SCHEMA.kind, conclude);
}

/// The lowest TLS version: what the parameter says, or its default where proxies stand before the nodes; what others
/// accept no page that was read states.
fn lowest(f: &Fields<'_>, architecture: &Fact<Text>) -> Fact<Text> {
    let parameter = format!("config.{LOWEST_TLS}");
    match (f.has(&parameter), architecture.value().map(Text::as_str)) {
        (true, _) => lowest_tls(f.text(&parameter)),
        (false, Some("cluster" | "rwsplit")) => documented(PARAMETERS).known("1.0".into()),
        (false, _) => f.unknown(Reason::NotInEvidence),
    }
}

/// The network: a vSwitch puts the instance into its VPC; without one the provider asks for the classic network.
/// Source: terraform-provider-alicloud, `resource_alicloud_kvstore_instance.go`, `NetworkType`.
fn place(f: &Fields<'_>, instance: &mut Instance) {
    instance.vswitch = f.link("vswitch_id");
    instance.network = match &instance.vswitch.state {
        State::Known(_) => Fact::known("vpc".into(), instance.vswitch.origin.clone()),
        State::Absent => documented(INSTANCE).known("classic".into()),
        State::Unknown(reason) => f.unknown(reason.clone()),
    };
    instance.white_list =
        white_list::or_default(f.opt_texts("security_ips"), &assumed("a new Redis instance admits 127.0.0.1 only"));
}

/// Nodes stand in two zones when a second one is set that differs.
fn second_zone(f: &Fields<'_>, first: &str) -> Fact<bool> {
    let second = f.opt_text("secondary_zone_id");
    if second.is_absent() {
        return documented(INSTANCE).known(false);
    }
    two_zones(&f.text(first), &[second])
}

/// Two shards or more make a cluster; otherwise the class names the architecture only in part. Source:
/// r/kvstore_instance `shard_count`.
fn architecture(f: &Fields<'_>) -> Fact<Text> {
    match (f.int("shard_count").value(), f.plain("instance_class")) {
        (Some(shards), _) if *shards >= 2 => f.known("cluster".into()),
        (_, Some(class)) if class.contains(".sharding.") => f.known("cluster".into()),
        (_, Some(class)) if class.contains(".master.") => f.known("standard".into()),
        _ => f.unknown(Reason::NotInEvidence),
    }
}

fn tair(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("id"), |instance: &mut Instance| {
        instance.head.name = f.text("tair_instance_name");
        instance.engine = f.word("instance_type");
        instance.engine_version = f.text("engine_version");
        instance.class = f.text("instance_class");
        instance.charge_type = crate::terraform::map::rds::charge_type(f.word("payment_type"));
        place(f, instance);
        instance.vpc = f.link("vpc_id");
        instance.security_groups = f.links("security_group_id");
        instance.public_endpoint = documented(CONNECTION).known(false);
        instance.public_ports = documented(CONNECTION).known(List::complete(vec![]));
        instance.private_ports = one_port(f.int_or("port", 6379, TAIR));
        instance.password_required = f.flag_or("vpc_auth_mode", &["Open"], &["Close"], true, TAIR);
        instance.ssl = f.flag_or("ssl_enabled", &["Enable", "Update"], &["Disable"], false, TAIR);
        instance.audit_log = documented(AUDIT).known(false);
        instance.multi_zone = second_zone(f, "zone_id");
        instance.node_type = node_type(f.word_or("node_type", "double", TAIR));
        instance.architecture = architecture(f);
    });
    sink.batch.conclude(Instance::SCHEMA.kind, conclude);
}

fn connection(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.on(&f.link("instance_id"), |instance: &mut Instance| instance.public_endpoint = f.known(true));
    let (items, more) = one_item(f.int("port"));
    sink.append(&f.link("instance_id"), |instance: &mut Instance| &mut instance.public_ports, items, more);
}

fn audit(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.on(&f.link("instance_id"), |instance: &mut Instance| {
        instance.audit_log = f.bool_or("db_audit", false, AUDIT);
        instance.audit_log_days = f.int("retention");
    });
}

fn backup(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.on(&f.link("instance_id"), |instance: &mut Instance| instance.backup_days = f.texts("backup_period"));
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests;
