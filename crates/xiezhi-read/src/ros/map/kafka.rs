//! Kafka in ROS templates. Source: ROS documentation, `ALIYUN::KAFKA::Instance`.

use xiezhi_model::Reason;
use xiezhi_model::service::kafka::Instance;

use crate::api::kafka::{conclude, public};
use crate::fields::{Fields, documented};
use crate::keys;
use crate::sink::Sink;
use crate::terraform::Block;

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
    });
    sink.batch.conclude(Instance::SCHEMA.kind, conclude);
}
