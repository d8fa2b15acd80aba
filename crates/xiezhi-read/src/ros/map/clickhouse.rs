//! ClickHouse in ROS templates. Source: ROS documentation, `ALIYUN::ClickHouse::DBCluster`.

use xiezhi_model::Reason;
use xiezhi_model::service::clickhouse::Cluster;

use crate::fields::Fields;
use crate::sink::Sink;
use crate::store::said;
use crate::terraform::Block;

/// The resource types of ClickHouse.
pub const BLOCKS: &[Block] =
    &[Block { name: "ALIYUN::ClickHouse::DBCluster", kind: Some(Cluster::SCHEMA), read: cluster }];

fn cluster(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("DBClusterId"), |cluster: &mut Cluster| {
        cluster.head.name = f.text("DBClusterDescription");
        cluster.edition = f.word("Category");
        cluster.vpc = said(f.link("VPCId"));
        cluster.ssl = f.unknown(Reason::NotInEvidence);
    });
}
