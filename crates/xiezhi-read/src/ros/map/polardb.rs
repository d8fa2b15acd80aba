//! PolarDB in ROS templates. Source: ROS documentation, `ALIYUN::POLARDB::*`.

use xiezhi_model::service::polardb::{Cluster, EndpointSsl};
use xiezhi_model::{Fact, List, Reason, State};

use crate::api::polardb::{conclude, standby};
use crate::fields::{Fields, assumed, documented};
use crate::sink::Sink;
use crate::terraform::Block;
use crate::white_list;

/// The resource types of PolarDB.
pub const BLOCKS: &[Block] = &[
    Block { name: "ALIYUN::POLARDB::DBCluster", kind: Some(Cluster::SCHEMA), read: cluster },
    Block { name: "ALIYUN::POLARDB::DBClusterEndpointAddress", kind: None, read: address },
    Block { name: "ALIYUN::POLARDB::DBClusterAccessWhiteList", kind: None, read: access_list },
];

const CLUSTER: &str = "ROS ALIYUN::POLARDB::DBCluster";

fn cluster(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let default = documented(CLUSTER);
    sink.put(f, f.text("DBClusterId"), |cluster: &mut Cluster| {
        cluster.head.name = f.text("DBClusterDescription");
        cluster.engine = f.word("DBType");
        cluster.engine_version = f.text("DBVersion");
        cluster.charge_type = f.word_or("PayType", "postpaid", CLUSTER);
        cluster.network = f.word_or("ClusterNetworkType", "vpc", CLUSTER);
        cluster.vpc = if f.has("VpcId") { f.link("VpcId") } else { f.unknown(Reason::NotInEvidence) };
        cluster.vswitch = if f.has("VSwitchId") { f.link("VSwitchId") } else { f.unknown(Reason::NotInEvidence) };
        cluster.public_endpoint = default.known(false);
        cluster.white_list = white_list::or_default(
            f.opt_texts("SecurityIPList"),
            &assumed("a new PolarDB cluster admits 127.0.0.1 only"),
        );
        cluster.security_groups = f.links("SecurityGroupIds");
        cluster.endpoint_ssl = ssl(f);
        cluster.tde = f.bool_or("TDEStatus", false, CLUSTER);
        cluster.deletion_lock = f.bool_or("DeletionProtection", false, CLUSTER);
        cluster.hot_standby = f.word("HotStandbyCluster");
        cluster.multi_zone = match (f.text("StandbyAZ").value(), f.text("ZoneId").value()) {
            (Some(standby), Some(primary)) => f.known(standby != primary),
            _ => standby(&cluster.hot_standby),
        };
    });
    sink.batch.conclude(Cluster::SCHEMA.kind, conclude);
}

/// The template has one word for the whole cluster; without it, or with `Disable`, TLS stays off. That `Enable` reaches
/// every endpoint is an inference: the property does not name any.
fn ssl(f: &Fields<'_>) -> Fact<List<EndpointSsl>> {
    let asked = f.flag_or("SSLEnabled", &["Enable", "Enabled"], &["Disable", "Disabled"], false, CLUSTER);
    match asked.state {
        State::Known(false) => Fact::known(List::complete(vec![]), asked.origin),
        State::Known(true) => {
            let meant = assumed("ROS ALIYUN::POLARDB::DBCluster `SSLEnabled` is meant for every endpoint");
            let all = EndpointSsl { endpoint: meant.known("all".into()), ssl: meant.known(true) };
            meant.known(List::complete(vec![all]))
        }
        State::Absent => Fact::absent(asked.origin),
        State::Unknown(reason) => Fact::unknown(reason, asked.origin),
    }
}

fn address(f: &Fields<'_>, sink: &mut Sink<'_>) {
    if f.plain("NetType") != Some("Private") {
        let public = f.flag_or("NetType", &["Public"], &["Private"], true, CLUSTER);
        sink.on(&f.link("DBClusterId"), |cluster: &mut Cluster| cluster.public_endpoint = public);
    }
}

fn access_list(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.extend(&f.link("DBClusterId"), |cluster: &mut Cluster| &mut cluster.white_list, f.texts("SecurityIps"));
    sink.batch.conclude(Cluster::SCHEMA.kind, conclude);
}
