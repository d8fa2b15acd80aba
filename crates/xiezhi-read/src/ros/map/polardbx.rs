//! PolarDB-X in ROS templates. Source: ROS documentation, `ALIYUN::PolarDBX::DBInstance`.

use xiezhi_model::service::polardb::DistributedInstance;

use crate::fields::Fields;
use crate::sink::Sink;
use crate::store::said;
use crate::terraform::Block;

/// The resource types of PolarDB-X.
pub const BLOCKS: &[Block] =
    &[Block { name: "ALIYUN::PolarDBX::DBInstance", kind: Some(DistributedInstance::SCHEMA), read: instance }];

fn instance(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("DBInstanceName"), |instance: &mut DistributedInstance| {
        instance.head.name = f.text("Description");
        instance.topology = f.word("TopologyType");
        instance.vpc = said(f.link("VPCId"));
    });
}
