//! HBase in ROS templates. Source: ROS documentation, `ALIYUN::HBase::Cluster`.

use xiezhi_model::service::hbase::Cluster;
use xiezhi_model::{Reason, State};

use crate::api::hbase::conclude;
use crate::fields::Fields;
use crate::sink::Sink;
use crate::store::said;
use crate::terraform::Block;

/// The resource types of HBase.
pub const BLOCKS: &[Block] = &[Block { name: "ALIYUN::HBase::Cluster", kind: Some(Cluster::SCHEMA), read: cluster }];

const CLUSTER: &str = "ROS ALIYUN::HBase::Cluster";

fn cluster(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("ClusterId"), |cluster: &mut Cluster| {
        cluster.head.name = f.text("ClusterName");
        cluster.vpc = said(f.link("VpcId"));
        cluster.network = match &cluster.vpc.state {
            State::Known(_) => f.known("vpc".into()),
            State::Unknown(reason) => f.unknown(reason.clone()),
            State::Absent => f.unknown(Reason::NotInEvidence),
        };
        cluster.white_list = f.texts("SecurityIPList");
        cluster.deletion_protection = f.bool_or("DeletionProtection", false, CLUSTER);
        cluster.core_nodes = f.int("NodeCount");
    });
    sink.batch.conclude(Cluster::SCHEMA.kind, conclude);
}
