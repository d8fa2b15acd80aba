//! Tablestore in ROS templates. Source: ROS documentation, `ALIYUN::OTS::Instance`.

use xiezhi_model::service::ots::Instance;

use crate::api::ots::NO_POLICY;
use crate::fields::{Fields, documented};
use crate::sink::Sink;
use crate::terraform::Block;

/// The resource types of Tablestore.
pub const BLOCKS: &[Block] = &[Block { name: "ALIYUN::OTS::Instance", kind: Some(Instance::SCHEMA), read: instance }];

fn instance(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("InstanceName"), |instance: &mut Instance| {
        instance.head.name = f.text("InstanceName");
        // `NORMAL` takes any network; the VPC words do not take the internet.
        instance.internet_access =
            f.flag_or("Network", &["NORMAL"], &["VPC", "VPC_CONSOLE"], true, "ROS ALIYUN::OTS::Instance");
        // No property gives an instance a policy, so what a template makes has none.
        instance.policy = documented(NO_POLICY).absent();
    });
}
