use super::*;
use crate::testing::{blocks, only, text};
use xiezhi_model::Label;

const ON: &str = r#""db_cluster_id":{"$ref":"alicloud_polardb_cluster.c.id"}"#;

#[test]
fn a_bare_cluster_is_private_plain_and_unlocked() {
    let estate = blocks(&[("alicloud_polardb_cluster.c", r#"{"db_type":"MySQL"}"#)]);
    let cluster = only::<Cluster>(&estate);
    assert_eq!(cluster.white_list_open.value(), Some(&false));
    assert_eq!(cluster.white_list_open.origin.label, Label::Inference);
    assert_eq!(cluster.public_endpoint.value(), Some(&false));
    assert_eq!((cluster.tde.value(), cluster.ssl.value()), (Some(&false), Some(&false)));
    assert_eq!((cluster.sql_audit.value(), cluster.deletion_lock.value()), (Some(&false), Some(&false)));
    assert!(cluster.multi_zone.reason().is_some());
}

#[test]
fn groups_and_the_older_list_add_up() {
    let estate = blocks(&[(
        "alicloud_polardb_cluster.c",
        r#"{"security_ips":["10.0.0.1"],"db_cluster_ip_array":[{"db_cluster_ip_array_name":"a","security_ips":["0.0.0.0/0"]}]}"#,
    )]);
    let cluster = only::<Cluster>(&estate);
    assert_eq!(cluster.white_list.value().unwrap().items, ["0.0.0.0/0", "10.0.0.1"]);
    assert_eq!(cluster.white_list_open.value(), Some(&true));
}

#[test]
fn tls_on_every_endpoint_needs_the_primary_and_the_cluster_endpoint() {
    let tls = |endpoints: &[(&str, &str)]| {
        let bodies: Vec<(String, String)> = endpoints
            .iter()
            .map(|(kind, word)| (format!("alicloud_polardb_{kind}.e"), format!(r#"{{{ON},"ssl_enabled":"{word}"}}"#)))
            .collect();
        let mut all = vec![("alicloud_polardb_cluster.c", "{}")];
        all.extend(bodies.iter().map(|(address, body)| (address.as_str(), body.as_str())));
        only::<Cluster>(&blocks(&all)).ssl.value().copied()
    };
    assert_eq!(tls(&[]), Some(false));
    assert_eq!(tls(&[("primary_endpoint", "Enable"), ("cluster_endpoint", "Enable")]), Some(true));
    assert_eq!(tls(&[("cluster_endpoint", "Enable")]), None);
    assert_eq!(tls(&[("primary_endpoint", "Enable"), ("cluster_endpoint", "Disable")]), Some(false));
}

#[test]
fn an_endpoint_address_is_public() {
    let body = format!(r#"{{{ON},"db_endpoint_id":"e","net_type":"Public"}}"#);
    let estate = blocks(&[
        ("alicloud_polardb_endpoint_address.a", &body),
        ("alicloud_polardb_cluster.c", r#"{"tde_status":"Enabled"}"#),
    ]);
    let cluster = only::<Cluster>(&estate);
    assert_eq!(cluster.public_endpoint.value(), Some(&true));
    assert_eq!(text(&cluster.tde_key_holder), "service-key");
}

#[test]
fn a_block_of_database_autonomy_service_says_how_long_sql_audit_of_its_cluster_is_kept() {
    let kept = |address: &str, body: &str| {
        let estate = blocks(&[("alicloud_polardb_cluster.c", "{}"), (address, body)]);
        let cluster = only::<Cluster>(&estate);
        (cluster.sql_audit.value().copied(), cluster.sql_audit_days.value().copied())
    };
    let ours = r#""instance_id":{"$ref":"alicloud_polardb_cluster.c.id"}"#;
    let config = "alicloud_das_sql_log_config.d";
    assert_eq!(kept(config, &format!(r#"{{{ours},"enable":true,"retention":180}}"#)), (Some(true), Some(180)));
    assert_eq!(kept("alicloud_das_switch_das_pro.d", &format!("{{{ours}}}")), (Some(true), Some(30)));
    let other = r#"{"instance_id":{"$ref":"alicloud_db_instance.r.id"},"enable":true,"retention":180}"#;
    assert_eq!(kept(config, other), (Some(false), None), "an RDS instance is no cluster");
}
