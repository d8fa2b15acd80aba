use super::*;
use crate::testing::{blocks, only, text};

#[test]
fn a_bare_instance_asks_for_a_password_and_offers_no_tls() {
    let estate = blocks(&[("alicloud_kvstore_instance.r", r#"{"vswitch_id":{"$ref":"alicloud_vswitch.v.id"}}"#)]);
    let instance = only::<Instance>(&estate);
    assert_eq!(instance.password_required.value(), Some(&true));
    assert_eq!((instance.ssl.value(), instance.tde.value()), (Some(&false), Some(&false)));
    assert_eq!((text(&instance.network), text(&instance.node_type)), ("vpc", "double"));
    assert_eq!(instance.audit_log.value(), Some(&false));
    assert_eq!(instance.multi_zone.value(), Some(&false));
}

#[test]
fn companions_open_and_audit_an_instance() {
    let on = r#""instance_id":{"$ref":"alicloud_kvstore_instance.r.id"}"#;
    let estate = blocks(&[
        ("alicloud_kvstore_connection.c", &format!(r#"{{{on},"port":"6370"}}"#)),
        ("alicloud_kvstore_audit_log_config.a", &format!(r#"{{{on},"db_audit":true,"retention":30}}"#)),
        (
            "alicloud_kvstore_instance.r",
            r##"{"vpc_auth_mode":"Close","tde_status":"Enabled","config":{"#no_loose_disabled-commands":"flushall,KEYS"}}"##,
        ),
    ]);
    let instance = only::<Instance>(&estate);
    assert_eq!(instance.public_endpoint.value(), Some(&true));
    assert_eq!((instance.audit_log.value(), instance.audit_log_days.value()), (Some(&true), Some(&30)));
    assert_eq!(instance.password_required.value(), Some(&false));
    assert_eq!(text(&instance.tde_key_holder), "service-key");
    assert_eq!(instance.disabled_commands.value().unwrap().items, ["flushall", "keys"]);
}

#[test]
fn without_a_vswitch_the_provider_asks_for_the_classic_network() {
    let network = |body: &str| {
        let estate = blocks(&[("alicloud_kvstore_instance.r", body)]);
        text(&only::<Instance>(&estate).network).to_owned()
    };
    assert_eq!(network(r#"{"instance_class":"redis.master.small.default"}"#), "classic");
    assert_eq!(network(r#"{"vswitch_id":"vsw-1"}"#), "vpc");
}

#[test]
fn the_lowest_tls_version_is_the_parameter_s_or_its_default_where_proxies_stand_before_the_nodes() {
    let lowest = |body: &str| {
        let estate = blocks(&[("alicloud_kvstore_instance.r", body)]);
        let instance = only::<Instance>(&estate);
        (instance.tls_min.value().map(ToString::to_string), instance.tls_min.origin.is_default())
    };
    let set = r##"{"instance_class":"redis.master.small.default","config":{"#no_loose_tls-min-version":"TLSv1.2"}}"##;
    assert_eq!(lowest(set), (Some("1.2".into()), false));
    assert_eq!(lowest(r#"{"instance_class":"redis.sharding.small.default"}"#), (Some("1.0".into()), true));
    assert_eq!(lowest(r#"{"instance_class":"redis.master.small.default"}"#).0, None);
}
