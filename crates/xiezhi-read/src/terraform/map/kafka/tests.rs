use super::*;
use crate::testing::{blocks, only, text};

#[test]
fn an_entry_of_the_internet_list_leaves_open_what_else_is_on_it() {
    let on = r#""instance_id":{"$ref":"alicloud_alikafka_instance.k.id"}"#;
    let open = |ip: &str, kind: &str| {
        let body = format!(r#"{{{on},"allowed_type":"{kind}","allowed_ip":"{ip}"}}"#);
        let estate = blocks(&[
            ("alicloud_alikafka_instance.k", r#"{"deploy_type":4}"#),
            ("alicloud_alikafka_instance_allowed_ip_attachment.a", &body),
        ]);
        only::<Instance>(&estate).internet_white_list_open.value().copied()
    };
    assert_eq!(open("0.0.0.0/0", "internet"), Some(true));
    assert_eq!(open("1.2.3.4/32", "internet"), None);
    assert_eq!(open("0.0.0.0/0", "vpc"), None);
}

#[test]
fn zones_are_told_by_two_groups() {
    let zones = |text: &str| {
        let body = format!(r#"{{"deploy_type":5,"selected_zones":"{text}"}}"#);
        only::<Instance>(&blocks(&[("alicloud_alikafka_instance.k", &body)])).multi_zone.value().copied()
    };
    assert_eq!(zones(r#"[[\"zonea\"],[\"zoneb\"]]"#), Some(true));
    assert_eq!(zones(r#"[[\"zonea\"],[]]"#), Some(false));
    let estate = blocks(&[("alicloud_alikafka_instance.k", r#"{"kms_key_id":"key-1"}"#)]);
    assert_eq!(text(&only::<Instance>(&estate).encryption), "kms-key");
}

#[test]
fn zones_may_also_stand_as_a_list_of_those_to_deploy_among() {
    let zones = |list: &str| {
        let body = format!(r#"{{"deploy_type":5,"selected_zones":{list}}}"#);
        only::<Instance>(&blocks(&[("alicloud_alikafka_instance.k", &body)])).multi_zone.value().copied()
    };
    assert_eq!(zones(r#"["zonea","zoneb"]"#), Some(true));
    assert_eq!(zones(r#"["zonea"]"#), Some(false));
    assert_eq!(zones(r#"["zonea","zonea"]"#), Some(false));
}
