//! Log Service in Terraform. Source: terraform-provider-alicloud, `website/docs/r/log_*` and `sls_*`.

use xiezhi_model::service::sls::{Alert, CollectionPolicy, Logstore, Project};
use xiezhi_model::{Fact, Text};

use crate::api::sls::cipher;
use crate::api::sls::{AlertParts, days, inside};
use crate::fields::{Fields, documented};
use crate::keys::named;
use crate::policy::document;
use crate::sink::Sink;
use crate::terraform::Block;
use crate::tree::Tree;

/// The resource types of Log Service.
pub const BLOCKS: &[Block] = &[
    Block { name: "alicloud_log_project", kind: Some(Project::SCHEMA), read: project },
    Block { name: "alicloud_log_store", kind: Some(Logstore::SCHEMA), read: logstore },
    Block { name: "alicloud_log_alert", kind: Some(Alert::SCHEMA), read: alert },
    Block { name: "alicloud_sls_alert", kind: Some(Alert::SCHEMA), read: new_alert },
    Block { name: "alicloud_sls_collection_policy", kind: Some(CollectionPolicy::SCHEMA), read: collection_policy },
    Block { name: "alicloud_log_audit", kind: Some(CollectionPolicy::SCHEMA), read: audit },
    Block { name: "alicloud_log_project_logging", kind: None, read: logging },
];

fn either<'k>(f: &Fields<'_>, now: &'k str, before: &'k str) -> &'k str {
    if f.has(now) || !f.has(before) { now } else { before }
}

fn project(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let name = f.text(either(f, "project_name", "name"));
    sink.put(f, name.clone(), |project: &mut Project| {
        project.head.name = name;
        project.description = f.opt_text("description");
        project.policy = if f.has("policy") {
            document(f, "policy")
        } else {
            documented("terraform-provider-alicloud r/log_project").absent()
        };
    });
}

fn logging(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let target = f.link("project_name");
    sink.on(&target, |project: &mut Project| project.logging_project = f.opt_text("logging_project"));
}

fn logstore(f: &Fields<'_>, sink: &mut Sink<'_>) {
    const PAGE: &str = "terraform-provider-alicloud r/log_store";
    let project = either(f, "project_name", "project");
    let name = f.text(either(f, "logstore_name", "name"));
    sink.put(f, inside(&f.text(project), &name), |logstore: &mut Logstore| {
        logstore.head.name = name;
        logstore.project = f.link(project);
        logstore.ttl_days = days(f.int_or("retention_period", 30, PAGE));
        logstore.hot_ttl_days = f.opt_int("hot_ttl");
        logstore.encrypted = if f.has("encrypt_conf") {
            f.bool_or("encrypt_conf.enable", false, PAGE)
        } else {
            documented(PAGE).known(false)
        };
        logstore.encryption_key = named(f, "encrypt_conf.user_cmk_info.cmk_key_id");
        logstore.encryption_algorithm = cipher(f.opt_text("encrypt_conf.encrypt_type"));
        logstore.shards = f.int_or("shard_count", 2, PAGE);
        logstore.web_tracking = f.bool_or("enable_web_tracking", false, PAGE);
    });
}

/// The parts of an alert rule, which both resources name alike.
fn parts(queries: &'static str, triggers: &'static str, older: &'static str, times: &'static str) -> AlertParts {
    let trigger = ["eval_condition.condition", "eval_condition.count_condition"];
    AlertParts { queries, query: ["query", "project", "store", "logstore"], triggers, trigger, older, times }
}

fn alert(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let name = f.text("alert_name");
    sink.put(f, inside(&f.text("project_name"), &name), |alert: &mut Alert| {
        alert.head.name = if f.has("alert_displayname") { f.text("alert_displayname") } else { name };
        alert.project = f.link("project_name");
        // The older resource has no switch: what it declares is evaluated.
        alert.enabled = documented("terraform-provider-alicloud r/log_alert").known(true);
        parts("query_list", "severity_configurations", "condition", "threshold").read(f, alert);
    });
}

fn new_alert(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let name = f.text("alert_name");
    sink.put(f, inside(&f.text("project_name"), &name), |alert: &mut Alert| {
        alert.head.name = if f.has("display_name") { f.text("display_name") } else { name };
        alert.project = f.link("project_name");
        alert.enabled = f.flag("status", &["ENABLED"], &["DISABLED"]);
        let triggers = "configuration.severity_configurations";
        let (older, times) = ("configuration.condition_configuration.condition", "configuration.threshold");
        parts("configuration.query_list", triggers, older, times).read(f, alert);
    });
}

fn collection_policy(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("policy_name"), |policy: &mut CollectionPolicy| {
        policy.head.name = f.text("policy_name");
        policy.enabled = f.bool("enabled");
        policy.product = f.text("product_code").map(|code| code.to_ascii_lowercase());
        policy.data = f.text("data_code");
        policy.centralized =
            f.bool_or("centralize_enabled", false, "terraform-provider-alicloud r/sls_collection_policy");
    });
}

/// The switch of the log audit application for the SQL of databases.
const RDS: &str = "rds_enabled";

/// The older log audit application: one map of switches such as `actiontrail_enabled = "true"`. Each switch that is on
/// or off collects one product's logs.
fn audit(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let Some(map) = f.sub("variable_map") else { return };
    let Tree::Map(entries, _) = &map.node().value else { return };
    let address = std::mem::take(&mut sink.around.address);
    // A switch that the map leaves out is off. Source: r/log_audit `variable_map`.
    if !entries.iter().any(|(key, _)| key == RDS) {
        sink.put(f, f.known(format!("{address}:rds").into()), |policy: &mut CollectionPolicy| {
            policy.head.name = f.known("rds".into());
            policy.enabled = documented("terraform-provider-alicloud r/log_audit").known(false);
            policy.product = f.known("rds".into());
            policy.data = f.known("logs".into());
            policy.centralized = f.known(true);
        });
    }
    for (key, _) in entries {
        let Some(logs) = key.strip_suffix("_enabled") else { continue };
        let (product, data) = logs.split_once('_').unwrap_or((logs, "logs"));
        let id: Fact<Text> = f.known(format!("{address}:{logs}").into());
        sink.put(f, id, |policy: &mut CollectionPolicy| {
            policy.head.name = f.known(logs.into());
            policy.enabled = map.bool(key);
            policy.product = f.known(product.into());
            policy.data = f.known(data.into());
            policy.centralized = f.known(true);
        });
    }
    sink.around.address = address;
}

#[cfg(test)]
mod tests {
    use xiezhi_model::Link;

    use super::*;
    use crate::testing::{blocks, only};

    #[test]
    fn a_logstore_without_arguments_keeps_logs_for_thirty_days_in_the_clear() {
        let inventory = blocks(&[("alicloud_log_store.s", r#"{"project":"p","name":"s"}"#)]);
        let logstore: &Logstore = only(&inventory);
        assert_eq!((logstore.ttl_days.value(), logstore.encrypted.value()), (Some(&30), Some(&false)));
        assert_eq!(logstore.project.value(), Some(&Link::id("p")));
    }

    #[test]
    fn each_switch_of_log_audit_collects_one_kind_of_logs() {
        let inventory = blocks(&[(
            "alicloud_log_audit.a",
            r#"{"display_name":"a","variable_map":{"actiontrail_enabled":"true","rds_enabled":"false","rds_ttl":"180"}}"#,
        )]);
        let found: Vec<_> = inventory
            .all::<CollectionPolicy>()
            .iter()
            .map(|policy| (policy.product.value().map(Text::as_str), policy.enabled.value()))
            .collect();
        assert_eq!(found, [(Some("actiontrail"), Some(&true)), (Some("rds"), Some(&false))]);
    }
}
