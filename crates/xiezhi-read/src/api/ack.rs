//! Container Service (ACK) answers; product code `cs`.

use xiezhi_model::service::ack::{Addon, Cluster, NodePool};
use xiezhi_model::{Fact, Link, List, Reason, State, Text};

use super::Call;
use crate::fields::{Fields, documented};
use crate::json::Raw;
use crate::sink::Sink;
use crate::store::link_if_said;
use crate::words::links_said;

/// The calls of Container Service.
pub const CALLS: &[Call] = &[
    Call::listing("cs", "DescribeClustersV1", "clusters", Cluster::SCHEMA, cluster),
    Call::answer("cs", "DescribeClusterDetail", cluster),
    Call::each("cs", "DescribeClusterNodePools", "nodepools", node_pool),
    Call::answer("cs", "ListClusterAddonInstances", addon_instances),
    Call::answer("cs", "GetClusterAuditProject", audit),
    Call::answer("cs", "CheckControlPlaneLogEnable", control_plane_logs),
    Call::answer("cs", "ListClusterChecks", checks),
    Call::answer("cs", "DescribePolicyGovernanceInCluster", governance),
];

/// A part of the answer that is JSON written as text.
fn inside<T>(text: &Fact<Text>, read: impl FnOnce(&Fields<'_>) -> Fact<T>) -> Fact<T> {
    match &text.state {
        State::Known(json) if json.is_empty() => Fact::unknown(Reason::NotInEvidence, text.origin.clone()),
        State::Known(json) => match Raw::whole(json).node() {
            Ok(node) => {
                let origin = text.origin.clone();
                let mut fact = read(&Fields::new(&node, &origin, ""));
                // Lines of the inner text mean nothing in the file.
                fact.origin = origin;
                fact
            }
            Err(error) => Fact::unknown(error.reason(), text.origin.clone()),
        },
        State::Absent => Fact::absent(text.origin.clone()),
        State::Unknown(reason) => Fact::unknown(reason.clone(), text.origin.clone()),
    }
}

fn cluster(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let (master, meta) = (f.text("master_url"), f.text("meta_data"));
    sink.put(f, f.text("cluster_id"), |cluster: &mut Cluster| {
        cluster.head.name = f.text("name");
        if f.has("region_id") {
            cluster.head.region = f.text("region_id");
        }
        cluster.kind = f.text("cluster_type");
        cluster.spec = f.opt_text("cluster_spec");
        cluster.version = f.text("current_version");
        cluster.next_version = f.opt_text("next_version");
        cluster.api_load_balancer = link_if_said(f, "external_loadbalancer_id");
        cluster.public_endpoint = inside(&master, |url| url.opt_text("api_server_endpoint"));
        cluster.public_api = match &cluster.public_endpoint.state {
            State::Known(_) => cluster.public_endpoint.clone().map(|_| true),
            State::Absent => Fact::known(false, cluster.public_endpoint.origin.clone()),
            State::Unknown(reason) => Fact::unknown(reason.clone(), cluster.public_endpoint.origin.clone()),
        };
        cluster.dashboard_endpoint = inside(&master, |url| url.opt_text("dashboard_endpoint"));
        cluster.rrsa = f.bool("rrsa_config.enabled");
        // The list leaves the detail's metadata out; the detail leaves out what was never set.
        if f.has("meta_data") {
            cluster.rbac = inside(&meta, |meta| meta.bool_or("RBACEnabled", true, "CS, DescribeClusterDetail"));
            cluster.addons = inside(&meta, |meta| meta.opt_records("Addons", addon));
            cluster.network =
                inside(&meta, |meta| meta.text("Capabilities.Network")).map(|word| word.to_ascii_lowercase());
            cluster.network_policy = network_policy(&cluster.addons, &cluster.network);
            cluster.secrets_key = inside(&meta, secrets_key);
        }
        cluster.deletion_protection = f.bool("deletion_protection");
        cluster.vswitches = links_said(f, if f.has("vswitch_ids") { "vswitch_ids" } else { "vswitch_id" });
        cluster.security_group = f.opt_text("security_group_id");
    });
}

/// The key of Secrets. No official page says where the answer shows it, nor that it always does: a key that is named is
/// known, and without one nothing is.
fn secrets_key(meta: &Fields<'_>) -> Fact<Text> {
    let named = ["EncryptionProviderKey", "Capabilities.EncryptionKMSKeyId"].map(|name| meta.opt_text(name));
    named
        .into_iter()
        .find(|key| key.value().is_some_and(|key| !key.is_empty()))
        .unwrap_or_else(|| meta.unknown(Reason::NotInEvidence))
}

fn addon(f: Fields<'_>) -> Addon {
    Addon {
        name: f.text("name"),
        version: f.text("version"),
        config: f.opt_text("config"),
        disabled: f.bool_or("disabled", false, "CS, CreateCluster `addons[].disabled`"),
    }
}

/// The components that are a network plug-in; `terway-controlplane` and others beside them only serve one. Source: ACK,
/// "Create an ACK managed cluster", `addons`.
const PLUGINS: [&str; 4] = ["terway-eniip", "terway-eni", "terway", "flannel"];

/// The network plug-in among the components that a template asks for; without one the cluster is made with Flannel.
/// Source: as above.
pub(crate) fn network_plugin(addons: &Fact<List<Addon>>) -> Fact<Text> {
    let origin = addons.origin.clone();
    let State::Known(list) = &addons.state else { return Fact::unknown(Reason::NotInEvidence, origin) };
    let mut open = list.more.clone();
    for addon in &list.items {
        match &addon.name.state {
            State::Known(name) if PLUGINS.contains(&name.as_str()) => return Fact::known(name.clone(), origin),
            // A spelling of Terway that this list lacks may be the plug-in.
            State::Known(name) if name.starts_with("terway") && name != "terway-controlplane" => {
                open = Some(Reason::not_understood(format!("`{name}`")));
            }
            State::Known(_) => {}
            State::Absent | State::Unknown(_) => open = Some(Reason::NotInEvidence),
        }
    }
    match open {
        Some(reason) => Fact::unknown(reason, origin),
        None => documented("ACK, Create an ACK managed cluster").known("flannel".into()),
    }
}

/// Whether network policies are enforced: Terway with `NetworkPolicy` on; Flannel never does. Source: ACK, "Use network
/// policies".
pub(crate) fn network_policy(addons: &Fact<List<Addon>>, network: &Fact<Text>) -> Fact<bool> {
    let origin = addons.origin.clone();
    let list = match &addons.state {
        State::Known(list) => list,
        State::Absent => return Fact::known(false, origin),
        State::Unknown(reason) => return Fact::unknown(reason.clone(), origin),
    };
    let mut open = list.more.clone();
    for addon in &list.items {
        match &addon.name.state {
            State::Known(name) if name.starts_with("terway") => {
                let on = match &addon.config.state {
                    State::Known(config) if config.is_empty() => Some(false),
                    State::Known(_) => {
                        let fact =
                            inside(&addon.config, |config| config.bool_or("NetworkPolicy", false, "ACK, Terway"));
                        match fact.state {
                            State::Known(on) => Some(on),
                            State::Absent => Some(false),
                            State::Unknown(reason) => {
                                open = Some(reason);
                                None
                            }
                        }
                    }
                    State::Absent => Some(false),
                    State::Unknown(reason) => {
                        open = Some(reason.clone());
                        None
                    }
                };
                if let Some(on) = on {
                    return Fact::known(on, origin);
                }
            }
            State::Known(_) | State::Absent => {}
            State::Unknown(reason) => open = Some(reason.clone()),
        }
    }
    if network.value().is_some_and(|network| network.contains("flannel")) {
        return Fact::known(false, origin);
    }
    match open {
        Some(reason) => Fact::unknown(reason, origin),
        None => Fact::known(false, origin),
    }
}

/// The cluster that the parameters of the call name.
fn asked(sink: &Sink<'_>) -> Fact<Link<Cluster>> {
    let id = sink.param("ClusterId");
    if id.value().is_some() { id.map(Link::id) } else { sink.param("cluster_id").map(Link::id) }
}

fn node_pool(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let cluster = asked(sink);
    sink.put(f, f.text("nodepool_info.nodepool_id"), |pool: &mut NodePool| {
        pool.head.name = f.text("nodepool_info.name");
        pool.cluster = cluster;
        pool.managed = f.bool("management.enable");
        pool.auto_repair = f.bool("management.auto_repair");
        pool.cloud_monitor = f.bool("kubernetes_config.cms_enabled");
        pool.public_ip = f.int("scaling_group.internet_max_bandwidth_out").map(|bandwidth| bandwidth > 0);
        pool.mlps_hardening = f.bool("scaling_group.soc_enabled");
        pool.vswitches = links_said(f, "scaling_group.vswitch_ids");
        pool.security_groups = links_said(f, "scaling_group.security_group_ids");
    });
}

/// The components that really run, which the detail's metadata may not name.
fn addon_instances(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let addons = f.records("addons", |addon| Addon {
        name: addon.text("name"),
        version: addon.text("version"),
        config: addon.opt_text("config"),
        disabled: addon.known(false),
    });
    sink.on(&asked(sink), |cluster: &mut Cluster| cluster.installed_addons = addons);
}

fn audit(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.on(&asked(sink), |cluster: &mut Cluster| {
        cluster.audit = f.bool("audit_enabled");
        cluster.audit_project = f.opt_text("sls_project_name");
    });
}

fn control_plane_logs(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.on(&asked(sink), |cluster: &mut Cluster| cluster.control_plane_logs = f.opt_texts("components"));
}

/// The newest check that ended well.
fn checks(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let runs = f.records("checks", |run| (run.opt_text("finished_at"), run.text("status")));
    let last = runs.map(|runs| {
        let ended = runs
            .items
            .into_iter()
            .filter(|(_, status)| status.value().is_some_and(|status| status.eq_ignore_ascii_case("Succeeded")));
        ended.filter_map(|(at, _)| at.value().cloned()).max()
    });
    let last = match last.state {
        State::Known(Some(at)) => f.known(at),
        State::Known(None) | State::Absent => f.absent(),
        State::Unknown(reason) => f.unknown(reason),
    };
    sink.on(&asked(sink), |cluster: &mut Cluster| cluster.last_check = last);
}

fn governance(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let states = f.records("on_state", |state| (state.text("severity"), state.int("enabled_count")));
    let high = states.try_map(|states| {
        let mut count = 0_i64;
        for (severity, enabled) in &states.items {
            if severity.value().is_some_and(|severity| severity == "high") {
                match &enabled.state {
                    State::Known(enabled) => count = count.saturating_add(*enabled),
                    State::Absent => {}
                    State::Unknown(reason) => return Err(reason.clone()),
                }
            }
        }
        states.more.map_or(Ok(count), Err)
    });
    sink.on(&asked(sink), |cluster: &mut Cluster| cluster.enforced_policies = high);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{answers, only};

    const DETAIL: &str = r#"{"cluster_id":"c1","name":"prod","cluster_type":"ManagedKubernetes","cluster_spec":"ack.pro.small",
        "current_version":"1.32.1-aliyun.1","deletion_protection":false,
        "master_url":"{\"api_server_endpoint\":\"https://203.0.113.7:6443\",\"intranet_api_server_endpoint\":\"https://10.0.0.1:6443\"}",
        "meta_data":"{\"Addons\":[{\"name\":\"terway-eniip\",\"config\":\"{\\\"NetworkPolicy\\\":\\\"true\\\"}\"}],\"Capabilities\":{\"Network\":\"terway-eniip\"}}"}"#;

    #[test]
    fn json_inside_the_answer_is_read() {
        let inventory = answers(&[("cs:DescribeClusterDetail", "ClusterId=c1", DETAIL)]);
        let cluster: &Cluster = only(&inventory);
        assert_eq!((cluster.public_api.value(), cluster.network_policy.value()), (Some(&true), Some(&true)));
        assert_eq!(cluster.secrets_key.reason(), Some(&Reason::NotInEvidence));
        assert!(cluster.dashboard_endpoint.is_absent());
        assert!(cluster.rrsa.reason().is_some());
    }

    #[test]
    fn the_list_without_metadata_says_nothing_about_components() {
        let inventory = answers(&[(
            "cs:DescribeClustersV1",
            "",
            r#"{"clusters":[{"cluster_id":"c1","name":"n","master_url":"{\"api_server_endpoint\":\"\"}"}]}"#,
        )]);
        let cluster: &Cluster = only(&inventory);
        assert_eq!(cluster.public_api.value(), Some(&false));
        assert_eq!(cluster.addons.reason(), Some(&Reason::NotCollected));
    }
}
