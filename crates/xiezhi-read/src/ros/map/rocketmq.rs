//! RocketMQ 5 in ROS templates. Source: ROS documentation, `ALIYUN::ROCKETMQ5::Instance`.

use xiezhi_model::service::rocketmq::Instance;

use crate::api::rocketmq::conclude;
use crate::fields::Fields;
use crate::sink::Sink;
use crate::store::said;
use crate::terraform::Block;

/// The resource types of RocketMQ.
pub const BLOCKS: &[Block] =
    &[Block { name: "ALIYUN::ROCKETMQ5::Instance", kind: Some(Instance::SCHEMA), read: instance }];

fn instance(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("InstanceId"), |instance: &mut Instance| {
        instance.head.name = f.text("InstanceName");
        instance.series = f.word("SeriesCode");
        instance.sub_series = f.word("SubSeriesCode");
        instance.vpc = said(f.link("VpcInfo.VpcId"));
        instance.public_endpoint = f.flag("InternetInfo.InternetSpec", &["enable"], &["disable"]);
        instance.internet_white_list = f.opt_texts("InternetInfo.IpWhitelist");
    });
    sink.batch.conclude(Instance::SCHEMA.kind, conclude);
}
