//! Microservices Engine answers.

use xiezhi_model::service::mse::{Cluster, Gateway};
use xiezhi_model::{Fact, Reason, Text};

use super::Call;
use crate::fields::Fields;
use crate::sink::Sink;

/// The calls of Microservices Engine.
pub const CALLS: &[Call] = &[
    Call::listing("mse", "ListClusters", "Data", Cluster::SCHEMA, cluster),
    Call::answer("mse", "QueryClusterDetail", detail),
    Call::answer("mse", "QueryConfig", config),
    Call::listing("mse", "ListGateway", "Data.Result", Gateway::SCHEMA, gateway),
];

/// Whether one of the places where a public address or name stands holds one.
fn internet(f: &Fields<'_>) -> Fact<bool> {
    if !f.has("InternetAddress") && !f.has("InternetDomain") {
        return f.unknown(Reason::NotInEvidence);
    }
    let (address, domain) = (f.opt_text("InternetAddress"), f.opt_text("InternetDomain"));
    f.known(address.value().is_some() || domain.value().is_some())
}

fn cluster(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("InstanceId"), |cluster: &mut Cluster| {
        cluster.head.name = f.text(if f.has("ClusterAliasName") { "ClusterAliasName" } else { "ClusterName" });
        cluster.engine = f.text("ClusterType");
        cluster.version = f.text(if f.has("AppVersion") { "AppVersion" } else { "VersionCode" });
        cluster.internet = internet(f);
        cluster.nodes = f.int("InstanceCount");
        cluster.edition = f.text("MseVersion");
    });
}

fn detail(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let Some(data) = f.sub("Data") else { return };
    sink.put(&data, data.text("InstanceId"), |cluster: &mut Cluster| {
        cluster.engine = data.text("ClusterType");
        cluster.version = data.text("AppVersion");
        cluster.internet = internet(&data);
        cluster.acl_entries = data.texts("AclEntryList");
        cluster.nodes = data.int("InstanceCount");
        cluster.edition = data.text("MseVersion");
    });
}

fn config(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let id: Fact<Text> = sink.param("InstanceId");
    sink.on(&id.map(xiezhi_model::Link::id), |cluster: &mut Cluster| {
        cluster.config_auth = f.bool("Data.ConfigAuthEnabled");
    });
}

fn gateway(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("GatewayUniqueId"), |gateway: &mut Gateway| {
        gateway.head.name = f.text("Name");
        gateway.nodes = f.int("Replica");
        gateway.backup_vswitch = f.opt_text("Vswitch2");
        gateway.internet = f
            .records("InternetSlb", |balancer| balancer.opt_text("SlbId"))
            .map(|list| list.items.iter().any(|id| id.value().is_some()));
    });
}
