//! Kafka in Terraform. Source: terraform-provider-alicloud, `website/docs/r/alikafka_*.html.markdown`.

use xiezhi_model::service::kafka::Instance;
use xiezhi_model::{Fact, List, Reason, State, Text};

use crate::api::kafka::{asks_for_tls, conclude, public};
use crate::fields::{Fields, documented};
use crate::keys;
use crate::sink::Sink;
use crate::store::said;
use crate::terraform::Block;
use crate::tree::Tree;

/// The resource types of Kafka.
pub const BLOCKS: &[Block] = &[
    Block { name: "alicloud_alikafka_instance", kind: Some(Instance::SCHEMA), read: instance },
    Block { name: "alicloud_alikafka_instance_allowed_ip_attachment", kind: None, read: allowed_ip },
];

const INSTANCE: &str = "terraform-provider-alicloud r/alikafka_instance";

fn instance(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let key = keys::key(f, "kms_key_id");
    keys::assume_customer_key(sink, &key);
    sink.put(f, f.text("id"), |instance: &mut Instance| {
        instance.head.name = f.text("name");
        instance.serverless = f.word_or("instance_type", "alikafka", INSTANCE).map(|word| word.contains("serverless"));
        instance.public_endpoint = public(f.text("deploy_type"));
        instance.vpc = said(f.link("vpc_id"));
        instance.vswitch = said(f.link("vswitch_id"));
        let unset = match &instance.public_endpoint.state {
            State::Unknown(reason) => f.unknown(reason.clone()),
            _ => documented(INSTANCE).known(false),
        };
        instance.ssl = asks_for_tls(&instance.public_endpoint, &f.opt_text("config"), unset);
        instance.encryption = match keys::holder(f, "kms_key_id", "") {
            none if none.value().is_some_and(|word| word.is_empty()) => documented(INSTANCE).known("none".into()),
            stated => stated,
        };
        instance.encryption_key = key;
        instance.multi_zone = match f.peek("selected_zones").map(|node| &node.value) {
            Some(Tree::List(..)) => among_zones(f.texts("selected_zones")),
            _ => f.text("selected_zones").try_map(|zones| zone_groups(&zones)),
        };
    });
    sink.batch.conclude(Instance::SCHEMA.kind, conclude);
}

/// The zones among which the instance is deployed. Source: r/alikafka_instance `selected_zones`.
fn among_zones(zones: Fact<List<Text>>) -> Fact<bool> {
    let two = |list: &List<Text>| list.items.iter().any(|zone| Some(zone) != list.items.first());
    match zones.state {
        State::Known(list) if two(&list) => Fact::known(true, zones.origin),
        State::Known(List { more: None, .. }) | State::Absent => Fact::known(false, zones.origin),
        State::Known(List { more: Some(reason), .. }) | State::Unknown(reason) => Fact::unknown(reason, zones.origin),
    }
}

/// Two groups of zones (JSON text of two lists) make a cross-zone instance. Source: alikafka StartInstance
/// `SelectedZones`.
pub(crate) fn zone_groups(zones: &str) -> Result<bool, Reason> {
    let groups = zones.trim().trim_start_matches('[').trim_end_matches(']');
    match groups.split_once("],") {
        Some((_, second)) => Ok(second.contains('"')),
        None if zones.contains("[[") => Ok(false),
        None => Err(Reason::NotInEvidence),
    }
}

/// One entry more; what the service itself puts on a new list is not in the configuration.
fn allowed_ip(f: &Fields<'_>, sink: &mut Sink<'_>) {
    if f.plain("allowed_type").is_some_and(|kind| !kind.eq_ignore_ascii_case("internet")) {
        return;
    }
    let (items, more) = match f.text("allowed_ip").state {
        xiezhi_model::State::Known(ip) => (vec![ip], Reason::NotInEvidence),
        xiezhi_model::State::Unknown(reason) => (vec![], reason),
        xiezhi_model::State::Absent => (vec![], Reason::NotInEvidence),
    };
    sink.append(&f.link("instance_id"), |instance: &mut Instance| &mut instance.internet_white_list, items, Some(more));
    sink.batch.conclude(Instance::SCHEMA.kind, conclude);
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests;
