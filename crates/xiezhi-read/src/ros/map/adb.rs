//! AnalyticDB for MySQL in ROS templates. Source: ROS documentation, `ALIYUN::ADBLake::DBCluster`.

use xiezhi_model::State;
use xiezhi_model::service::adb::Cluster;

use crate::fields::{Fields, documented};
use crate::sink::Sink;
use crate::store::said;
use crate::terraform::Block;

/// The resource types of AnalyticDB for MySQL.
pub const BLOCKS: &[Block] =
    &[Block { name: "ALIYUN::ADBLake::DBCluster", kind: Some(Cluster::SCHEMA), read: cluster }];

fn cluster(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("DBClusterId"), |cluster: &mut Cluster| {
        cluster.head.name = f.text("DBClusterDescription");
        cluster.vpc = said(f.link("VPCId"));
        cluster.multi_zone = match f.opt_text("SecondaryZoneId").state {
            State::Known(_) => f.known(true),
            State::Absent => documented("ROS ALIYUN::ADBLake::DBCluster").known(false),
            State::Unknown(reason) => f.unknown(reason),
        };
    });
}
