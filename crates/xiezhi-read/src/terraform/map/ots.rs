//! Tablestore in Terraform. Source: terraform-provider-alicloud, `website/docs/r/ots_*.html.markdown`.

use xiezhi_model::service::ots::{Instance, Table};
use xiezhi_model::{Fact, State};

use crate::api::ots::{NO_POLICY, lets_in};
use crate::fields::{Fields, documented};
use crate::keys;
use crate::sink::Sink;
use crate::terraform::Block;

/// The resource types of Tablestore.
pub const BLOCKS: &[Block] = &[
    Block { name: "alicloud_ots_instance", kind: Some(Instance::SCHEMA), read: instance },
    Block { name: "alicloud_ots_table", kind: Some(Table::SCHEMA), read: table },
];

const INSTANCE: &str = "terraform-provider-alicloud r/ots_instance";
const TABLE: &str = "terraform-provider-alicloud r/ots_table";

fn instance(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("name"), |instance: &mut Instance| {
        instance.head.name = f.text("name");
        instance.internet_access = internet(f);
        // No argument of the provider gives an instance a policy, so what it makes has none.
        instance.policy = documented(NO_POLICY).absent();
    });
}

/// `network_type_acl` names the networks; the older `accessed_by` names who is let in, `Any` unless stated.
fn internet(f: &Fields<'_>) -> Fact<bool> {
    let networks = f.opt_texts("network_type_acl");
    match &networks.state {
        State::Known(list) if list.items.is_empty() && list.more.is_none() => {
            f.flag_or("accessed_by", &["Any"], &["Vpc", "ConsoleOrVpc"], true, INSTANCE)
        }
        _ => lets_in(&networks),
    }
}

fn table(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let key = keys::key(f, "sse_key_id");
    keys::assume_customer_key(sink, &key);
    sink.put(f, f.text("id"), |table: &mut Table| {
        table.head.name = f.text("table_name");
        table.instance = f.link("instance_name");
        let encrypted = f.bool_or("enable_sse", false, TABLE);
        (table.encryption, table.encryption_key) = keys::under(&encrypted, f, "sse_key_id");
    });
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests;
