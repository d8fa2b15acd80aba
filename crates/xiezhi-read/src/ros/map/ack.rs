//! Container Service in ROS templates. Source: ROS documentation, `ALIYUN::CS::*`.

use xiezhi_model::List;
use xiezhi_model::service::ack::{Addon, Cluster, NodePool};

use crate::api::ack::{network_plugin, network_policy};
use crate::fields::{Fields, documented};
use crate::keys::named;
use crate::sink::Sink;
use crate::store::first_of;
use crate::terraform::Block;
use crate::words::links_said;

/// The resource types of Container Service.
pub const BLOCKS: &[Block] = &[
    Block { name: "ALIYUN::CS::ManagedKubernetesCluster", kind: Some(Cluster::SCHEMA), read: managed },
    Block { name: "ALIYUN::CS::KubernetesCluster", kind: Some(Cluster::SCHEMA), read: dedicated },
    Block { name: "ALIYUN::CS::ASKCluster", kind: Some(Cluster::SCHEMA), read: serverless },
    Block { name: "ALIYUN::CS::ClusterNodePool", kind: Some(NodePool::SCHEMA), read: node_pool },
    Block { name: "ALIYUN::CS::ClusterAddons", kind: None, read: addons },
];

const PAGE: &str = "ROS ALIYUN::CS::ManagedKubernetesCluster";

fn addon(f: Fields<'_>) -> Addon {
    Addon {
        name: f.text("Name"),
        version: f.text("Version"),
        config: f.opt_text("Config"),
        disabled: f.bool_or("Disabled", false, PAGE),
    }
}

fn common(f: &Fields<'_>, cluster: &mut Cluster, kind: &str) {
    cluster.head.name = f.text("Name");
    cluster.kind = f.known(kind.into());
    cluster.spec = f.text("ClusterSpec");
    cluster.version = f.text("KubernetesVersion");
    cluster.addons = f.opt_records("Addons", addon);
    cluster.installed_addons =
        if f.has("Addons") { f.opt_records("Addons", addon) } else { documented(PAGE).known(List::complete(vec![])) };
    cluster.rrsa = f.bool_or("RrsaConfig.Enabled", false, PAGE);
    cluster.secrets_key = named(f, "EncryptionProviderKey");
    cluster.deletion_protection = f.bool_or("DeletionProtection", false, PAGE);
    cluster.control_plane_logs = f.opt_texts("ControlPlaneLogComponents");
    cluster.vswitches = links_said(f, if f.has("VSwitchIds") { "VSwitchIds" } else { "MasterVSwitchIds" });
    cluster.security_group = f.opt_text("SecurityGroupId");
}

fn managed(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("ClusterId"), |cluster: &mut Cluster| {
        common(f, cluster, "ManagedKubernetes");
        cluster.network = network_plugin(&cluster.addons);
        cluster.network_policy = network_policy(&cluster.addons, &cluster.network);
        cluster.public_api = f.bool_or("EndpointPublicAccess", false, PAGE);
    });
}

fn dedicated(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("ClusterId"), |cluster: &mut Cluster| {
        common(f, cluster, "Kubernetes");
        cluster.network = network_plugin(&cluster.addons);
        cluster.network_policy = network_policy(&cluster.addons, &cluster.network);
        cluster.public_api = f.bool("EndpointPublicAccess");
    });
}

fn serverless(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("ClusterId"), |cluster: &mut Cluster| {
        common(f, cluster, "Ask");
        cluster.public_api = f.bool_or("EndpointPublicAccess", true, "ROS ALIYUN::CS::ASKCluster");
    });
}

fn node_pool(f: &Fields<'_>, sink: &mut Sink<'_>) {
    const POOL: &str = "ROS ALIYUN::CS::ClusterNodePool";
    sink.put(f, f.text("NodePoolId"), |pool: &mut NodePool| {
        pool.head.name = f.text("NodePoolInfo.Name");
        pool.cluster = f.link("ClusterId");
        pool.managed = if f.has("Management") { f.bool("Management.Enable") } else { documented(POOL).known(false) };
        pool.auto_repair = if f.has("Management") {
            f.bool_or("Management.AutoRepair", false, POOL)
        } else {
            documented(POOL).known(false)
        };
        pool.cloud_monitor = f.bool_or("KubernetesConfig.CmsEnabled", false, POOL);
        pool.public_ip = f.int_or("ScalingGroup.InternetMaxBandwidthOut", 0, POOL).map(|bandwidth| bandwidth > 0);
        pool.vswitches = links_said(f, "ScalingGroup.VSwitchIds");
        let groups = ["ScalingGroup.SecurityGroupIds", "ScalingGroup.SecurityGroupId"];
        pool.security_groups = links_said(f, first_of(f, &groups));
    });
}

fn addons(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let addons = f.opt_records("Addons", addon);
    sink.extend(&f.link("ClusterId"), |cluster: &mut Cluster| &mut cluster.installed_addons, addons);
}

#[cfg(test)]
mod tests {
    use xiezhi_model::service::ack::Cluster;
    use xiezhi_model::{Inventory, State};

    use crate::ros::read_template;

    #[test]
    fn the_plug_in_is_told_from_the_components_that_serve_it_and_an_unknown_name_leaves_it_open() {
        for (addons, plugin) in [
            ("[{Name: coredns}]", Some("flannel")),
            ("[{Name: terway-eniip}]", Some("terway-eniip")),
            ("[{Name: terway-controlplane}, {Name: terway-eniip}]", Some("terway-eniip")),
            ("[{Name: terway-controlplane}]", Some("flannel")),
            ("[{Name: terway-of-tomorrow}]", None),
            ("[{Name: !Ref Plugin}]", None),
            ("[{Name: !Ref Plugin}, {Name: terway-eni}]", Some("terway-eni")),
        ] {
            let text = format!(
                "ROSTemplateFormatVersion: '2015-09-01'\nParameters:\n  Plugin: {{Type: String}}\nResources:\n  C:\n    \
                 Type: ALIYUN::CS::ManagedKubernetesCluster\n    Properties:\n      Name: c\n      Addons: {addons}\n"
            );
            let inventory = Inventory::join(vec![read_template("stack", "stack.yaml", &text)]);
            let [cluster] = inventory.all::<Cluster>() else { panic!("one cluster: {addons}") };
            match plugin {
                Some(name) => {
                    assert_eq!(cluster.network.value().map(xiezhi_model::Text::as_str), Some(name), "{addons}")
                }
                None => assert!(matches!(cluster.network.state, State::Unknown(_)), "{addons}"),
            }
        }
    }
}
