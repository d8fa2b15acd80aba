use super::*;
use crate::testing::{blocks, only};
use xiezhi_model::Label;

fn one(body: &str) -> Instance {
    only::<Instance>(&blocks(&[("alicloud_elasticsearch_instance.e", body)])).clone()
}

#[test]
fn a_bare_instance_is_private_over_http_and_says_nothing_of_kibana() {
    let instance = one(r#"{"version":"7.10_with_X-Pack","vswitch_id":"vsw-1"}"#);
    assert_eq!((instance.public_endpoint.value(), instance.https.value()), (Some(&false), Some(&false)));
    assert_eq!(instance.kibana_public.reason(), Some(&Reason::NotInEvidence));
    assert_eq!(instance.kibana_white_list_open.value(), Some(&false));
    assert_eq!(instance.data_disk_encrypted.value(), Some(&false));
    assert!(instance.warm_disk_encrypted.is_absent());
}

#[test]
fn a_white_list_of_public_kibana_means_public_kibana_as_an_inference() {
    let instance = one(r#"{"kibana_whitelist":["0.0.0.0/0"]}"#);
    assert_eq!(instance.kibana_public.value(), Some(&true));
    assert_eq!(instance.kibana_public.origin.label, Label::Inference);
    assert_eq!(
        one(r#"{"kibana_whitelist":["0.0.0.0/0"],"enable_kibana_public_network":false}"#).kibana_public.value(),
        Some(&false)
    );
}

#[test]
fn the_block_speaks_before_the_older_argument() {
    let instance =
        one(r#"{"data_node_configuration":[{"spec":"x","disk_encryption":true}],"data_node_disk_encrypted":false}"#);
    assert_eq!(instance.data_disk_encrypted.value(), Some(&true));
    assert_eq!(one(r#"{"data_node_disk_encrypted":true}"#).data_disk_encrypted.value(), Some(&true));
    assert_eq!(one(r#"{"warm_node_spec":"x"}"#).warm_disk_encrypted.value(), Some(&false));
}
