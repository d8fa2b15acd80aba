//! PolarDB in Terraform. Source: terraform-provider-alicloud, `website/docs/r/polardb_*.html.markdown`,
//! `drds_polardbx_instance.html.markdown`.

use xiezhi_model::service::polardb::{Cluster, DistributedInstance, EndpointSsl};
use xiezhi_model::{Fact, Link, List, Reason, State, Text};

use crate::api::polardb::{conclude, standby};
use crate::fields::{Fields, assumed, documented};
use crate::sink::Sink;
use crate::store::joined;
use crate::terraform::Block;
use crate::words::one_item;
use crate::{keys, white_list};

/// The resource types of PolarDB.
pub const BLOCKS: &[Block] = &[
    Block { name: "alicloud_polardb_cluster", kind: Some(Cluster::SCHEMA), read: cluster },
    Block { name: "alicloud_polardb_endpoint_address", kind: None, read: address },
    Block { name: "alicloud_polardb_endpoint", kind: None, read: custom_endpoint },
    Block { name: "alicloud_polardb_cluster_endpoint", kind: None, read: cluster_endpoint },
    Block { name: "alicloud_polardb_primary_endpoint", kind: None, read: primary_endpoint },
    Block { name: "alicloud_polardb_backup_policy", kind: None, read: backup },
    Block { name: "alicloud_das_sql_log_config", kind: None, read: sql_log },
    Block { name: "alicloud_das_switch_das_pro", kind: None, read: das_pro },
    Block { name: "alicloud_drds_polardbx_instance", kind: Some(DistributedInstance::SCHEMA), read: distributed },
];

const CLUSTER: &str = "terraform-provider-alicloud r/polardb_cluster";
const ADDRESS: &str = "terraform-provider-alicloud r/polardb_endpoint_address";
const ENDPOINT: &str = "terraform-provider-alicloud r/polardb_endpoint";

fn cluster(f: &Fields<'_>, sink: &mut Sink<'_>) {
    keys::assume_customer_key(sink, &keys::key(f, "encryption_key"));
    sink.put(f, f.text("id"), |cluster: &mut Cluster| {
        cluster.head.name = f.text("description");
        cluster.engine = f.word("db_type");
        cluster.engine_version = f.text("db_version");
        cluster.charge_type = f.word_or("pay_type", "postpaid", CLUSTER);
        // Without a vSwitch the system picks one: a cluster is always made in a VPC. Source: r/polardb_cluster `vswitch_id`.
        cluster.network = documented(CLUSTER).known("vpc".into());
        cluster.vpc = said(f.link("vpc_id"));
        cluster.vswitch = said(f.link("vswitch_id"));
        cluster.public_endpoint = documented(ADDRESS).known(false);
        cluster.public_ports = documented(ADDRESS).known(List::complete(vec![]));
        cluster.white_list = white_list_of(f);
        cluster.security_groups = f.links("security_group_ids");
        cluster.endpoint_ssl = documented(ENDPOINT).known(List::complete(vec![]));
        cluster.tde = f.flag_or("tde_status", &["Enabled"], &["Disabled"], false, CLUSTER);
        (cluster.tde_key_holder, cluster.tde_key) = keys::under(&cluster.tde, f, "encryption_key");
        cluster.encrypt_new_tables = f.flag("encrypt_new_tables", &["ON"], &["OFF"]);
        cluster.sql_audit =
            f.flag_or("collector_status", &["Enable", "Enabled"], &["Disable", "Disabled"], false, CLUSTER);
        cluster.deletion_lock = f.bool_or("deletion_lock", false, CLUSTER);
        cluster.hot_standby = f.word("hot_standby_cluster");
        cluster.multi_zone = match (f.text("standby_az").value(), f.text("zone_id").value()) {
            (Some(standby), Some(primary)) if !standby.is_empty() && !primary.is_empty() => f.known(standby != primary),
            _ => standby(&cluster.hot_standby),
        };
    });
    sink.batch.conclude(Cluster::SCHEMA.kind, conclude);
}

/// What the configuration leaves out is the service's choice, not nothing.
fn said<T>(fact: Fact<T>) -> Fact<T> {
    if fact.is_absent() { Fact::unknown(Reason::NotInEvidence, fact.origin) } else { fact }
}

/// All groups together; `security_ips` is the older spelling of the group `default`.
fn white_list_of(f: &Fields<'_>) -> Fact<List<Text>> {
    let mut lists = Vec::new();
    let groups = f.opt_records("db_cluster_ip_array", |group| group.opt_texts("security_ips"));
    match groups.state {
        State::Known(list) => {
            lists.extend(list.items);
            if let Some(reason) = list.more {
                lists.push(f.unknown(reason));
            }
        }
        State::Absent => {}
        State::Unknown(reason) => lists.push(f.unknown(reason)),
    }
    lists.push(f.opt_texts("security_ips"));
    let all = joined(lists).unwrap_or_else(|| f.unknown(Reason::NotInEvidence));
    white_list::or_default(all, &assumed("a new PolarDB cluster admits 127.0.0.1 only"))
}

fn address(f: &Fields<'_>, sink: &mut Sink<'_>) {
    // The only type that the resource offers is `Public`, its default.
    let public = f.flag_or("net_type", &["Public"], &["Private", "Inner"], true, ADDRESS);
    let public = match public.state {
        State::Known(false) => return,
        State::Known(true) => f.known(true),
        _ => public,
    };
    sink.on(&f.link("db_cluster_id"), |cluster: &mut Cluster| cluster.public_endpoint = public);
    let (items, more) = one_item(f.int("port"));
    sink.append(&f.link("db_cluster_id"), |cluster: &mut Cluster| &mut cluster.public_ports, items, more);
}

fn endpoint_ssl(f: &Fields<'_>, sink: &mut Sink<'_>, kind: &'static str) {
    let endpoint = EndpointSsl {
        endpoint: f.known(kind.into()),
        ssl: f.flag_or("ssl_enabled", &["Enable", "Update"], &["Disable"], false, ENDPOINT),
    };
    sink.append(&f.link("db_cluster_id"), |cluster: &mut Cluster| &mut cluster.endpoint_ssl, vec![endpoint], None);
    let net = f.opt_text("net_type");
    if net.reason().is_some() || net.value().is_some_and(|net| net == "Public") {
        let public = net.map(|_| true);
        let port = if public.value().is_some() { f.int("port") } else { public.clone().map(|_| 0) };
        sink.on(&f.link("db_cluster_id"), |cluster: &mut Cluster| cluster.public_endpoint = public);
        let (items, more) = one_item(port);
        sink.append(&f.link("db_cluster_id"), |cluster: &mut Cluster| &mut cluster.public_ports, items, more);
    }
    sink.batch.conclude(Cluster::SCHEMA.kind, conclude);
}

fn custom_endpoint(f: &Fields<'_>, sink: &mut Sink<'_>) {
    endpoint_ssl(f, sink, "custom");
}

fn cluster_endpoint(f: &Fields<'_>, sink: &mut Sink<'_>) {
    endpoint_ssl(f, sink, "cluster");
}

fn primary_endpoint(f: &Fields<'_>, sink: &mut Sink<'_>) {
    endpoint_ssl(f, sink, "primary");
}

fn backup(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.on(&f.link("db_cluster_id"), |cluster: &mut Cluster| {
        cluster.backup_level1_days = f.int("data_level1_backup_retention_period");
        cluster.backup_level2_days = f.int("data_level2_backup_retention_period");
        cluster.log_backup_days = f.int("log_backup_retention_period");
    });
}

/// The cluster that a block of Database Autonomy Service speaks of; absent when it speaks of another database.
fn of_das(f: &Fields<'_>) -> Fact<Link<Cluster>> {
    let link = f.link::<Cluster>("instance_id");
    let ours =
        |link: &Link<Cluster>| link.target.starts_with("pc-") || link.target.contains("alicloud_polardb_cluster.");
    match link.value() {
        Some(target) if !ours(target) => Fact::absent(link.origin),
        _ => link,
    }
}

fn sql_log(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.on(&of_das(f), |cluster: &mut Cluster| {
        cluster.sql_audit = f.bool("enable");
        cluster.sql_audit_days = f.int("retention");
    });
}

fn das_pro(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.on(&of_das(f), |cluster: &mut Cluster| {
        cluster.sql_audit = f.known(true);
        cluster.sql_audit_days = f.int_or("sql_retention", 30, "terraform-provider-alicloud r/das_switch_das_pro");
    });
}

fn distributed(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("id"), |instance: &mut DistributedInstance| {
        instance.head.name = f.text("description");
        instance.topology = f.word("topology_type");
        instance.vpc = said(f.link("vpc_id"));
    });
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests;
