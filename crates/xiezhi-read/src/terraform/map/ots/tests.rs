use super::*;
use crate::testing::{blocks, only, text};

#[test]
fn an_instance_takes_any_network_unless_stated() {
    let internet =
        |body: &str| only::<Instance>(&blocks(&[("alicloud_ots_instance.o", body)])).internet_access.value().copied();
    assert_eq!(internet(r#"{"name":"o"}"#), Some(true));
    assert_eq!(internet(r#"{"name":"o","accessed_by":"Vpc"}"#), Some(false));
    assert_eq!(internet(r#"{"name":"o","network_type_acl":["VPC"],"accessed_by":"Any"}"#), Some(false));
    assert_eq!(internet(r#"{"name":"o","network_type_acl":{"$unknown":"var.n"}}"#), None);
}

#[test]
fn a_table_is_plain_unless_stated() {
    let table = |body: &str| only::<Table>(&blocks(&[("alicloud_ots_table.t", body)])).encryption.clone();
    assert_eq!(text(&table("{}")), "none");
    assert_eq!(text(&table(r#"{"enable_sse":true,"sse_key_type":"SSE_KMS_SERVICE"}"#)), "service-key");
    assert_eq!(text(&table(r#"{"enable_sse":true,"sse_key_type":"SSE_BYOK","sse_key_id":"key-1"}"#)), "kms-key");
}

#[test]
fn an_instance_that_is_declared_has_no_policy_because_no_argument_sets_one() {
    let batch = blocks(&[("alicloud_ots_instance.o", r#"{"name":"o"}"#)]);
    let instance = only::<Instance>(&batch);
    assert!(instance.policy.is_absent());
    assert_eq!(instance.policy.origin.label, xiezhi_model::Label::Documentation);
}
