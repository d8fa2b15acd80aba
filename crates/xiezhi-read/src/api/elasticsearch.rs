//! Elasticsearch answers.

use xiezhi_model::service::elasticsearch::Instance;
use xiezhi_model::{Batch, Fact, List, Reason, Text};

use super::Call;
use crate::fields::Fields;
use crate::sink::Sink;
use crate::store::target;
use crate::white_list;

/// The calls of Elasticsearch.
pub const CALLS: &[Call] = &[
    Call::listing("elasticsearch", "ListInstance", "Result", Instance::SCHEMA, listed),
    Call::answer("elasticsearch", "DescribeInstance", instance),
    Call::answer("elasticsearch", "DescribeSnapshotSetting", snapshots),
];

/// What the white lists say, once they have been read to their end.
pub(crate) fn conclude(batch: &mut Batch) {
    batch.for_each(|instance: &mut Instance| {
        instance.public_white_list_open = white_list::open(&instance.public_white_list);
        instance.kibana_white_list_open = white_list::open(&instance.kibana_white_list);
    });
}

/// The version without the edition: `7.10_with_X-Pack` is `7.10`.
pub(crate) fn version(stated: Fact<Text>) -> Fact<Text> {
    stated.map(|text| text.split('_').next().map_or(text.clone(), Text::from))
}

fn listed(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("instanceId"), |instance: &mut Instance| common(f, instance));
}

fn common(f: &Fields<'_>, instance: &mut Instance) {
    instance.head.name = f.text("description");
    instance.version = version(f.text("esVersion"));
    if f.has("networkConfig") {
        instance.vpc = f.link("networkConfig.vpcId");
        instance.vswitch = f.link("networkConfig.vswitchId");
    }
    instance.data_disk_encrypted = f.bool("nodeSpec.diskEncryption");
}

fn instance(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let f = &f.sub("Result").unwrap_or(*f);
    sink.put(f, f.text("instanceId"), |instance: &mut Instance| {
        common(f, instance);
        instance.https = f.flag("protocol", &["HTTPS"], &["HTTP"]);
        instance.public_endpoint = f.bool("enablePublic");
        instance.kibana_public = f.bool("enableKibanaPublicNetwork");
        instance.public_white_list = list(f, "PUBLIC_ES", "publicIpWhitelist");
        instance.kibana_white_list = list(f, "PUBLIC_KIBANA", "kibanaIPWhitelist");
        instance.zones = f.int("zoneCount");
        instance.warm_disk_encrypted = nodes(f, "warmNodeConfiguration", "warmNode");
        instance.elastic_disk_encrypted = nodes(f, "elasticDataNodeConfiguration", "haveElasticDataNode");
    });
    sink.batch.conclude(Instance::SCHEMA.kind, conclude);
}

/// All groups of one type together; answers of older instances have one list instead of groups.
fn list(f: &Fields<'_>, kind: &str, older: &str) -> Fact<List<Text>> {
    let path = "networkConfig.whiteIpGroupList";
    let groups = f.records(path, |group| {
        let of_kind = group.plain("whiteIpType") == Some(kind);
        (false, if of_kind { group.texts("ips") } else { group.known(List::complete(vec![])) })
    });
    match groups.value() {
        Some(groups_list) if !groups_list.items.is_empty() => {
            white_list::union(groups_list.items.clone(), &groups.origin)
        }
        _ => f.texts(older),
    }
}

/// Whether the disks of a group of nodes are encrypted; absent when the answer says that there is no such group.
fn nodes(f: &Fields<'_>, configuration: &str, switch: &str) -> Fact<bool> {
    match f.sub(configuration) {
        Some(nodes) if nodes.int("amount").value() == Some(&0) => f.absent(),
        Some(nodes) if nodes.has("diskEncryption") => nodes.bool("diskEncryption"),
        _ if f.bool(switch).value() == Some(&false) => f.absent(),
        _ => f.unknown(Reason::NotInEvidence),
    }
}

fn snapshots(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let instance = target(f, sink, "InstanceId");
    sink.on(&instance, |instance: &mut Instance| instance.snapshots = f.bool("Result.Enable"));
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests;
