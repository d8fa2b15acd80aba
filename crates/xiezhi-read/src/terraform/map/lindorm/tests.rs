use super::*;
use crate::testing::{blocks, only, text};

#[test]
fn a_public_network_joins_its_instance() {
    let estate = blocks(&[
        (
            "alicloud_lindorm_public_network.p",
            r#"{"instance_id":{"$ref":"alicloud_lindorm_instance.l.id"},"enable_public_network":"1","engine_type":"lindorm"}"#,
        ),
        ("alicloud_lindorm_instance.l", r#"{"vswitch_id":"vsw-1","ip_white_list":["10.0.0.0/8"]}"#),
    ]);
    let instance = only::<Instance>(&estate);
    assert_eq!(instance.public_endpoint.value(), Some(&true));
    assert_eq!((instance.white_list_open.value(), instance.multi_zone.value()), (Some(&false), Some(&false)));
    assert_eq!(text(&instance.network), "vpc");
}
