//! AnalyticDB for PostgreSQL in Terraform. Source: terraform-provider-alicloud, `website/docs/r/gpdb_*.html.markdown`.

use xiezhi_model::service::gpdb::Instance;
use xiezhi_model::{Fact, List, Reason, State, Text};

use crate::api::gpdb::conclude;
use crate::fields::{Fields, documented};
use crate::sink::Sink;
use crate::store::{joined, said};
use crate::terraform::Block;
use crate::words::one_item;
use crate::{keys, white_list};

/// The resource types of AnalyticDB for PostgreSQL.
pub const BLOCKS: &[Block] = &[
    Block { name: "alicloud_gpdb_instance", kind: Some(Instance::SCHEMA), read: instance },
    Block { name: "alicloud_gpdb_elastic_instance", kind: Some(Instance::SCHEMA), read: instance },
    Block { name: "alicloud_gpdb_connection", kind: None, read: connection },
    Block { name: "alicloud_gpdb_db_instance_ip_array", kind: None, read: ip_array },
];

const INSTANCE: &str = "terraform-provider-alicloud r/gpdb_instance";
const CONNECTION: &str = "terraform-provider-alicloud r/gpdb_connection";

fn instance(f: &Fields<'_>, sink: &mut Sink<'_>) {
    keys::assume_customer_key(sink, &keys::key(f, "encryption_key"));
    sink.put(f, f.text("id"), |instance: &mut Instance| {
        instance.head.name = f.text("description");
        instance.vpc = said(f.link("vpc_id"));
        instance.public_endpoint = documented(CONNECTION).known(false);
        instance.public_ports = documented(CONNECTION).known(List::complete(vec![]));
        instance.white_list = white_list::or_default(groups(f), &documented(INSTANCE));
        // State and configuration write the switch as 0, 1 or 2 (update the certificate).
        instance.ssl = f.flag_or("ssl_enabled", &["1", "2"], &["0"], false, INSTANCE);
        let encrypted = f.flag_or("encryption_type", &["CloudDisk"], &["Off", "NULL"], false, INSTANCE);
        (instance.disk_encryption, instance.disk_key) = keys::under(&encrypted, f, "encryption_key");
    });
    sink.batch.conclude(Instance::SCHEMA.kind, conclude);
}

/// All groups together; `security_ip_list` is the older spelling of the default group.
fn groups(f: &Fields<'_>) -> Fact<List<Text>> {
    let mut lists = Vec::new();
    let groups = f.opt_records("ip_whitelist", |group| group.opt_texts("security_ip_list"));
    match groups.state {
        State::Known(list) => {
            lists.extend(list.items);
            lists.extend(list.more.map(|reason| f.unknown(reason)));
        }
        State::Absent => {}
        State::Unknown(reason) => lists.push(f.unknown(reason)),
    }
    lists.push(f.opt_texts("security_ip_list"));
    joined(lists).unwrap_or_else(|| f.unknown(Reason::NotInEvidence))
}

fn connection(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.on(&f.link("instance_id"), |instance: &mut Instance| instance.public_endpoint = f.known(true));
    let (items, more) = one_item(f.int_or("port", 3306, CONNECTION));
    sink.append(&f.link("instance_id"), |instance: &mut Instance| &mut instance.public_ports, items, more);
}

fn ip_array(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let list = f.texts("security_ip_list");
    sink.extend(&f.link("db_instance_id"), |instance: &mut Instance| &mut instance.white_list, list);
    sink.batch.conclude(Instance::SCHEMA.kind, conclude);
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests;
