use super::*;
use crate::testing::{blocks, only, text};

#[test]
fn a_cluster_without_a_vswitch_is_in_the_classic_network() {
    let one = |body: &str| only::<Cluster>(&blocks(&[("alicloud_hbase_instance.h", body)])).clone();
    assert_eq!(text(&one("{}").network), "classic");
    assert_eq!(text(&one(r#"{"vswitch_id":"vsw-1"}"#).network), "vpc");
    assert!(one(r#"{"vswitch_id":{"$unknown":"var.v"}}"#).network.reason().is_some());
    assert_eq!(one(r#"{"ip_white":"10.0.0.1,0.0.0.0/0"}"#).white_list_open.value(), Some(&true));
    assert_eq!(one("{}").deletion_protection.value(), Some(&false));
}
