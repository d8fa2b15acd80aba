//! AnalyticDB for MySQL in Terraform. Source: terraform-provider-alicloud, `website/docs/r/adb_*.html.markdown`.

use xiezhi_model::service::adb::Cluster;

use crate::api::adb::conclude;
use crate::fields::{Fields, assumed, documented};
use crate::sink::Sink;
use crate::store::{one_port, said};
use crate::terraform::Block;
use crate::{keys, white_list};

/// The resource types of AnalyticDB for MySQL.
pub const BLOCKS: &[Block] = &[
    Block { name: "alicloud_adb_db_cluster", kind: Some(Cluster::SCHEMA), read: warehouse },
    Block { name: "alicloud_adb_cluster", kind: Some(Cluster::SCHEMA), read: warehouse },
    Block { name: "alicloud_adb_db_cluster_lake_version", kind: Some(Cluster::SCHEMA), read: lake },
    Block { name: "alicloud_adb_connection", kind: None, read: connection },
];

const CLUSTER: &str = "terraform-provider-alicloud r/adb_db_cluster";
const LAKE: &str = "terraform-provider-alicloud r/adb_db_cluster_lake_version";
const CONNECTION: &str = "terraform-provider-alicloud r/adb_connection";

fn common(f: &Fields<'_>, cluster: &mut Cluster, page: &'static str) {
    cluster.vpc = said(f.link("vpc_id"));
    cluster.public_endpoint = documented(CONNECTION).known(false);
    cluster.white_list =
        white_list::or_default(f.opt_texts("security_ips"), &assumed("a new AnalyticDB cluster admits 127.0.0.1 only"));
    let encrypted = f.bool_or("disk_encryption", false, page);
    (cluster.disk_encryption, cluster.disk_key) = keys::under(&encrypted, f, "kms_id");
}

fn warehouse(f: &Fields<'_>, sink: &mut Sink<'_>) {
    keys::assume_customer_key(sink, &keys::key(f, "kms_id"));
    sink.put(f, f.text("id"), |cluster: &mut Cluster| {
        cluster.head.name = f.text("description");
        common(f, cluster, CLUSTER);
        cluster.ssl = f.bool("enable_ssl");
    });
    sink.batch.conclude(Cluster::SCHEMA.kind, conclude);
}

fn lake(f: &Fields<'_>, sink: &mut Sink<'_>) {
    keys::assume_customer_key(sink, &keys::key(f, "kms_id"));
    sink.put(f, f.text("id"), |cluster: &mut Cluster| {
        cluster.head.name = f.text("db_cluster_description");
        common(f, cluster, LAKE);
        let second = f.opt_text("secondary_zone_id");
        cluster.multi_zone = match second.reason() {
            Some(reason) => f.unknown(reason.clone()),
            None if second.is_absent() => documented(LAKE).known(false),
            None => f.known(true),
        };
    });
    sink.batch.conclude(Cluster::SCHEMA.kind, conclude);
}

fn connection(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.on(&f.link("db_cluster_id"), |cluster: &mut Cluster| {
        cluster.public_endpoint = f.known(true);
        cluster.public_ports = one_port(f.int("port"));
    });
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests;
