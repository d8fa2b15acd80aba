//! Container Service in Terraform. Source: terraform-provider-alicloud, `website/docs/r/cs_*`.

use xiezhi_model::service::ack::{Addon, Cluster, NodePool};
use xiezhi_model::{Fact, List, Reason, State};

use crate::api::ack::{network_plugin, network_policy};
use crate::fields::{Fields, assumed, documented};
use crate::keys::named;
use crate::sink::Sink;
use crate::store::{first_of, link_if_said};
use crate::terraform::Block;
use crate::words::links_said;

/// The resource types of Container Service.
pub const BLOCKS: &[Block] = &[
    Block { name: "alicloud_cs_managed_kubernetes", kind: Some(Cluster::SCHEMA), read: managed },
    Block { name: "alicloud_cs_kubernetes", kind: Some(Cluster::SCHEMA), read: dedicated },
    Block { name: "alicloud_cs_serverless_kubernetes", kind: Some(Cluster::SCHEMA), read: serverless },
    Block { name: "alicloud_cs_edge_kubernetes", kind: Some(Cluster::SCHEMA), read: edge },
    Block { name: "alicloud_cs_kubernetes_node_pool", kind: Some(NodePool::SCHEMA), read: node_pool },
    Block { name: "alicloud_cs_kubernetes_addon", kind: None, read: addon_block },
];

const PAGE: &str = "terraform-provider-alicloud r/cs_managed_kubernetes";

fn addon(f: Fields<'_>) -> Addon {
    Addon {
        name: f.text("name"),
        version: f.text("version"),
        config: f.opt_text("config"),
        disabled: f.bool_or("disabled", false, PAGE),
    }
}

fn common(f: &Fields<'_>, cluster: &mut Cluster, kind: &str) {
    cluster.head.name = f.text("name");
    cluster.kind = f.known(kind.into());
    cluster.version = f.text("version");
    cluster.addons = f.opt_records("addons", addon);
    cluster.installed_addons = installed(f);
    cluster.network = network_plugin(&cluster.addons);
    cluster.network_policy = network_policy(&cluster.addons, &cluster.network);
    // Both fields are needed: the key alone does not switch encryption on. Source: r/cs_managed_kubernetes.
    cluster.secrets_key = match (f.has("encryption_provider_key"), f.bool("disable_encryption").state) {
        (false, _) | (true, State::Known(true)) => f.absent(),
        (true, State::Known(false)) => named(f, "encryption_provider_key"),
        (true, State::Absent) => f.unknown(Reason::NotInEvidence),
        (true, State::Unknown(reason)) => f.unknown(reason),
    };
    cluster.deletion_protection = f.bool_or("deletion_protection", false, PAGE);
    cluster.rrsa = f.bool_or("enable_rrsa", false, PAGE);
    cluster.vswitches = ["vswitch_ids", "master_vswitch_ids", "worker_vswitch_ids"]
        .into_iter()
        .find(|path| f.has(path))
        .map_or_else(|| f.unknown(xiezhi_model::Reason::NotInEvidence), |path| f.links(path));
    cluster.security_group = f.opt_text("security_group_id");
    if f.has("audit_log_config") {
        cluster.audit = f.bool("audit_log_config.enabled");
        cluster.audit_project = f.opt_text("audit_log_config.sls_project_name");
    }
    cluster.control_plane_logs = f.opt_texts("control_plane_log_components");
}

/// Components that the block declares; others may be added by blocks of their own.
fn installed(f: &Fields<'_>) -> Fact<List<Addon>> {
    if f.has("addons") { f.opt_records("addons", addon) } else { documented(PAGE).known(List::complete(vec![])) }
}

fn managed(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("id"), |cluster: &mut Cluster| {
        common(f, cluster, "ManagedKubernetes");
        cluster.spec = f.text("cluster_spec");
        cluster.public_api = f.bool_or("slb_internet_enabled", true, PAGE);
        // An attribute, known once the cluster is made.
        cluster.api_load_balancer = link_if_said(f, "slb_internet");
    });
}

fn dedicated(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("id"), |cluster: &mut Cluster| {
        common(f, cluster, "Kubernetes");
        cluster.spec = f.absent();
        cluster.public_api = f.bool_or("slb_internet_enabled", true, "terraform-provider-alicloud r/cs_kubernetes");
    });
}

fn edge(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("id"), |cluster: &mut Cluster| {
        common(f, cluster, "Edge");
        cluster.public_api =
            f.bool_or("slb_internet_enabled", true, "terraform-provider-alicloud r/cs_edge_kubernetes");
    });
}

fn serverless(f: &Fields<'_>, sink: &mut Sink<'_>) {
    const SERVERLESS: &str = "terraform-provider-alicloud r/cs_serverless_kubernetes";
    sink.put(f, f.text("id"), |cluster: &mut Cluster| {
        common(f, cluster, "Ask");
        cluster.spec = f.text("cluster_spec");
        cluster.public_api = f.bool_or("endpoint_public_access_enabled", false, SERVERLESS);
        // The plugin of virtual nodes has nothing to do with Flannel.
        if f.peek("addons").is_none() {
            cluster.network = f.unknown(xiezhi_model::Reason::NotInEvidence);
            cluster.network_policy = f.unknown(xiezhi_model::Reason::NotInEvidence);
        }
    });
}

fn node_pool(f: &Fields<'_>, sink: &mut Sink<'_>) {
    const POOL: &str = "terraform-provider-alicloud r/cs_kubernetes_node_pool";
    sink.put(f, f.text("node_pool_id"), |pool: &mut NodePool| {
        pool.head.name = f.text(if f.has("node_pool_name") { "node_pool_name" } else { "name" });
        pool.cluster = f.link("cluster_id");
        // The versions of the provider without `enable` take the block itself for the wish. Source: its
        // `setManagedNodepoolConfig`.
        pool.managed = match (f.has("management"), f.has("management.enable")) {
            (true, true) => f.bool("management.enable"),
            (true, false) => assumed("a `management` block asks for a managed node pool").known(true),
            (false, _) => documented(POOL).known(false),
        };
        pool.auto_repair = if f.has("management") {
            f.bool_or("management.auto_repair", false, POOL)
        } else {
            documented(POOL).known(false)
        };
        pool.cloud_monitor = f.bool_or("install_cloud_monitor", false, POOL);
        pool.public_ip = f.int_or("internet_max_bandwidth_out", 0, POOL).map(|bandwidth| bandwidth > 0);
        pool.mlps_hardening = f.bool_or("soc_enabled", false, POOL);
        pool.vswitches = links_said(f, "vswitch_ids");
        // Without a choice the nodes are in the cluster's own group.
        pool.security_groups = links_said(f, first_of(f, &["security_group_ids", "security_group_id"]));
    });
}

fn addon_block(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let addon = Addon {
        name: f.text("name"),
        version: f.text("version"),
        config: f.opt_text("config"),
        disabled: f.known(false),
    };
    sink.append(&f.link("cluster_id"), |cluster: &mut Cluster| &mut cluster.installed_addons, vec![addon], None);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{blocks, only};

    #[test]
    fn a_managed_cluster_without_arguments_is_public_on_flannel() {
        let inventory = blocks(&[("alicloud_cs_managed_kubernetes.c", r#"{"name":"c"}"#)]);
        let cluster: &Cluster = only(&inventory);
        assert_eq!((cluster.public_api.value(), cluster.network_policy.value()), (Some(&true), Some(&false)));
        assert_eq!(cluster.network.value().map(xiezhi_model::Text::as_str), Some("flannel"));
        assert!(cluster.audit.reason().is_some());
    }

    #[test]
    fn an_addon_block_adds_to_the_components() {
        let inventory = blocks(&[
            ("alicloud_cs_managed_kubernetes.c", r#"{"name":"c"}"#),
            (
                "alicloud_cs_kubernetes_addon.l",
                r#"{"cluster_id":{"$ref":"alicloud_cs_managed_kubernetes.c.id"},"name":"logtail-ds"}"#,
            ),
        ]);
        let cluster: &Cluster = only(&inventory);
        assert_eq!(cluster.installed_addons.value().map(|list| list.items.len()), Some(1));
    }
}
