//! Elasticsearch in Terraform. Source: terraform-provider-alicloud, `website/docs/r/elasticsearch_instance.html.markdown`.

use xiezhi_model::service::elasticsearch::Instance;
use xiezhi_model::{Fact, Reason, State};

use crate::api::elasticsearch::{conclude, version};
use crate::fields::{Fields, assumed, documented};
use crate::sink::Sink;
use crate::store::{first_of, said};
use crate::terraform::Block;
use crate::white_list;

/// The resource types of Elasticsearch.
pub const BLOCKS: &[Block] =
    &[Block { name: "alicloud_elasticsearch_instance", kind: Some(Instance::SCHEMA), read: instance }];

const INSTANCE: &str = "terraform-provider-alicloud r/elasticsearch_instance";

fn instance(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("id"), |instance: &mut Instance| {
        instance.head.name = f.text("description");
        instance.version = version(f.text("version"));
        instance.https = f.flag_or("protocol", &["HTTPS"], &["HTTP"], false, INSTANCE);
        instance.vswitch = said(f.link("vswitch_id"));
        instance.public_endpoint = f.bool_or("enable_public", false, INSTANCE);
        let loopback = assumed("the white list of a public Elasticsearch address starts with 127.0.0.1");
        let kibana = f.opt_texts("kibana_whitelist");
        let named = kibana.value().is_some_and(|list| !list.items.is_empty());
        instance.public_white_list = white_list::or_default(f.opt_texts("public_whitelist"), &loopback);
        instance.kibana_white_list = white_list::or_default(kibana, &loopback);
        instance.kibana_public = f.bool("enable_kibana_public_network");
        if named && instance.kibana_public.reason() == Some(&Reason::NotInEvidence) {
            // The list has no other use.
            instance.kibana_public = assumed("a white list of public Kibana is set for a public Kibana").known(true);
        }
        instance.data_disk_encrypted = either(f, "data_node_configuration", first_of(f, &["data_node_disk_encrypted"]));
        let has_warm = !f.opt_text("warm_node_spec").is_absent()
            || !f.opt_text("warm_node_amount").is_absent()
            || !f.each("warm_node_configuration").is_empty();
        instance.warm_disk_encrypted = if has_warm {
            either(f, "warm_node_configuration", "warm_node_disk_encrypted")
        } else {
            documented(INSTANCE).absent()
        };
        instance.zones = f.int_or("zone_count", 1, INSTANCE);
    });
    sink.batch.conclude(Instance::SCHEMA.kind, conclude);
}

/// The newer block's switch, else the older argument; neither means not encrypted.
fn either(f: &Fields<'_>, block: &str, older: &str) -> Fact<bool> {
    let newer = f.in_block(block, |nodes| nodes.bool("disk_encryption"), || f.unknown(Reason::NotInEvidence));
    match &newer.state {
        State::Unknown(Reason::NotInEvidence) => f.bool_or(older, false, INSTANCE),
        _ => newer,
    }
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests;
