use super::*;
use crate::testing::{blocks, only};

#[test]
fn encryption_and_white_list_are_off_unless_stated() {
    let project = |body: &str| only::<Project>(&blocks(&[("alicloud_maxcompute_project.p", body)])).clone();
    let bare = project(r#"{"project_name":"p"}"#);
    assert_eq!((bare.encrypted.value(), bare.white_list.value().unwrap().items.len()), (Some(&false), 0));
    let on = project(
        r#"{"properties":[{"encryption":[{"enable":true,"algorithm":"AESCTR"}]}],"ip_white_list":[{"ip_list":"10.0.0.0/8"}]}"#,
    );
    assert_eq!((on.encrypted.value(), on.white_list_open.value()), (Some(&true), Some(&false)));
    assert_eq!(project(r#"{"properties":{"$unknown":"var.p"}}"#).encrypted.value(), None);
}
