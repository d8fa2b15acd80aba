//! Kafka in ROS templates. Source: ROS documentation, `ALIYUN::KAFKA::Instance`.

use xiezhi_model::service::kafka::Instance;
use xiezhi_model::{Fact, Reason};

use crate::api::kafka::{conclude, public};
use crate::fields::{Fields, documented};
use crate::keys;
use crate::sink::Sink;
use crate::terraform::Block;
use crate::terraform::map::kafka::zone_groups;
use crate::tree::Tree;

/// The resource types of Kafka.
pub const BLOCKS: &[Block] = &[Block { name: "ALIYUN::KAFKA::Instance", kind: Some(Instance::SCHEMA), read: instance }];

const INSTANCE: &str = "ROS ALIYUN::KAFKA::Instance";

fn instance(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let key = keys::key(f, "DeployOption.KMSKeyId");
    keys::assume_customer_key(sink, &key);
    sink.put(f, f.text("InstanceId"), |instance: &mut Instance| {
        instance.head.name = f.text("InstanceName");
        // The type makes instances with disks of their own; serverless ones have another.
        instance.serverless = documented(INSTANCE).known(false);
        instance.public_endpoint = public(f.text("DeployType"));
        instance.vswitch = if f.has("DeployOption.VSwitchId") {
            f.link("DeployOption.VSwitchId")
        } else {
            f.unknown(Reason::NotInEvidence)
        };
        instance.encryption = match keys::holder(f, "DeployOption.KMSKeyId", "") {
            none if none.value().is_some_and(|word| word.is_empty()) => documented(INSTANCE).known("none".into()),
            stated => stated,
        };
        instance.encryption_key = key;
        instance.multi_zone = multi_zone(f);
    });
    sink.batch.conclude(Instance::SCHEMA.kind, conclude);
}

/// Whether the instance is deployed across zones: as stated, or by two groups of zones to choose from. Source: ROS
/// documentation, `ALIYUN::KAFKA::Instance`, `DeployOption.CrossZone`, `DeployOption.SelectedZones`.
fn multi_zone(f: &Fields<'_>) -> Fact<bool> {
    if f.has("DeployOption.CrossZone") {
        return f.bool("DeployOption.CrossZone");
    }
    match f.peek("DeployOption.SelectedZones").map(|node| &node.value) {
        Some(Tree::List(groups, None)) if groups.iter().all(|group| matches!(group.value, Tree::List(..))) => f.known(
            groups.iter().filter(|group| matches!(&group.value, Tree::List(zones, _) if !zones.is_empty())).count() > 1,
        ),
        Some(_) => f.text("DeployOption.SelectedZones").try_map(|zones| zone_groups(&zones)),
        None => f.unknown(Reason::NotInEvidence),
    }
}
