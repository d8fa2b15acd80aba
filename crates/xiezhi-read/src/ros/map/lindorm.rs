//! Lindorm and TSDB in ROS templates. Source: ROS documentation, `ALIYUN::Lindorm::Instance`, `ALIYUN::TSDB::HiTSDBInstance`.

use xiezhi_model::service::lindorm::{Instance, TimeSeries};
use xiezhi_model::{Reason, State};

use crate::api::lindorm::conclude;
use crate::fields::Fields;
use crate::sink::Sink;
use crate::store::said;
use crate::terraform::Block;

/// The resource types of Lindorm and TSDB.
pub const BLOCKS: &[Block] = &[
    Block { name: "ALIYUN::Lindorm::Instance", kind: Some(Instance::SCHEMA), read: instance },
    Block { name: "ALIYUN::TSDB::HiTSDBInstance", kind: Some(TimeSeries::SCHEMA), read: time_series },
];

fn instance(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("InstanceId"), |instance: &mut Instance| {
        instance.head.name = f.text("InstanceName");
        instance.vpc = said(f.link("VpcId"));
        instance.network = match &instance.vpc.state {
            State::Known(_) => f.known("vpc".into()),
            State::Unknown(reason) => f.unknown(reason.clone()),
            State::Absent => f.unknown(Reason::NotInEvidence),
        };
        instance.white_list = f.texts("SecurityIpList");
        // The type has no property for several zones: it makes instances of one zone.
        instance.multi_zone = f.known(false);
    });
    sink.batch.conclude(Instance::SCHEMA.kind, conclude);
}

fn time_series(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("InstanceId"), |series: &mut TimeSeries| {
        series.head.name = f.text("InstanceAlias");
        series.white_list = f.texts("SecurityIpList");
    });
    sink.batch.conclude(Instance::SCHEMA.kind, conclude);
}
