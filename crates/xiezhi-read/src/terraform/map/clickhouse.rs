//! ClickHouse in Terraform. Source: terraform-provider-alicloud, `website/docs/r/click_house_*.html.markdown`.

use xiezhi_model::service::clickhouse::Cluster;
use xiezhi_model::{List, Reason, State};

use crate::api::clickhouse::conclude;
use crate::fields::{Fields, assumed, documented};
use crate::sink::Sink;
use crate::store::said;
use crate::terraform::Block;
use crate::{keys, white_list};

/// The resource types of ClickHouse.
pub const BLOCKS: &[Block] = &[
    Block { name: "alicloud_click_house_db_cluster", kind: Some(Cluster::SCHEMA), read: cluster },
    Block { name: "alicloud_click_house_enterprise_db_cluster", kind: Some(Cluster::SCHEMA), read: enterprise },
    Block { name: "alicloud_click_house_enterprise_db_cluster_public_endpoint", kind: None, read: public_endpoint },
    Block { name: "alicloud_click_house_enterprise_db_cluster_security_ip", kind: None, read: security_ip },
];

const CLUSTER: &str = "terraform-provider-alicloud r/click_house_db_cluster";
const PUBLIC: &str = "terraform-provider-alicloud r/click_house_enterprise_db_cluster_public_endpoint";

fn cluster(f: &Fields<'_>, sink: &mut Sink<'_>) {
    keys::assume_customer_key(sink, &keys::key(f, "encryption_key"));
    sink.put(f, f.text("id"), |cluster: &mut Cluster| {
        cluster.head.name = f.text("db_cluster_description");
        cluster.edition = f.word("category");
        cluster.vpc = said(f.link("vpc_id"));
        cluster.public_endpoint = f.bool_or("allocate_public_connection", false, CLUSTER);
        let groups = f.opt_records("db_cluster_access_white_list", |group| (false, group.texts("security_ip_list")));
        let list = match groups.state {
            State::Known(list) if list.items.is_empty() && list.more.is_none() => f.absent(),
            State::Known(list) => {
                let mut all = white_list::union(list.items, &groups.origin);
                if let State::Known(known) = &mut all.state {
                    known.more = known.more.take().or(list.more);
                }
                all
            }
            State::Absent => f.absent(),
            State::Unknown(reason) => f.unknown(reason),
        };
        cluster.white_list = white_list::or_default(list, &assumed("a new ClickHouse cluster admits 127.0.0.1 only"));
        let encrypted = f.flag_or("encryption_type", &["CloudDisk"], &["off"], false, CLUSTER);
        (cluster.disk_encryption, cluster.disk_key) = keys::under(&encrypted, f, "encryption_key");
        cluster.ssl = f.unknown(Reason::NotInEvidence);
    });
    sink.batch.conclude(Cluster::SCHEMA.kind, conclude);
}

fn enterprise(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("id"), |cluster: &mut Cluster| {
        cluster.head.name = f.text("description");
        cluster.vpc = said(f.link("vpc_id"));
        cluster.public_endpoint = documented(PUBLIC).known(false);
        cluster.ssl = f.unknown(Reason::NotInEvidence);
    });
}

fn public_endpoint(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.on(&f.link("db_instance_id"), |cluster: &mut Cluster| cluster.public_endpoint = f.known(true));
}

/// One group more; what other groups there are is not in the configuration.
fn security_ip(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let list = match f.texts("security_ip_list").state {
        State::Known(list) => List { more: list.more.or(Some(Reason::NotInEvidence)), items: list.items },
        State::Unknown(reason) => List { items: vec![], more: Some(reason) },
        State::Absent => List { items: vec![], more: Some(Reason::NotInEvidence) },
    };
    let target = f.link("db_instance_id");
    sink.append(&target, |cluster: &mut Cluster| &mut cluster.white_list, list.items, list.more);
    sink.batch.conclude(Cluster::SCHEMA.kind, conclude);
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests;
