use super::*;
use crate::testing::{answers, only};

#[test]
fn an_empty_white_list_is_a_white_list_that_is_off() {
    let project = |list: &str| {
        let answer = format!(
            r#"{{"data":{{"name":"p","ipWhiteList":{list},"properties":{{"encryption":{{"enable":false}}}}}}}}"#
        );
        only::<Project>(&answers(&[("maxcompute:GetProject", "", &answer)])).clone()
    };
    assert_eq!(project("{}").white_list.value().unwrap().items.len(), 0);
    assert_eq!(project(r#"{"ipList":"10.0.0.0/8,0.0.0.0/0"}"#).white_list_open.value(), Some(&true));
    assert_eq!(project("{}").encrypted.value(), Some(&false));
}

#[test]
fn the_key_of_a_project_is_maxcompute_s_own_or_one_of_the_customer_s() {
    let holder = |said: &str| {
        let answer = format!(r#"{{"data":{{"name":"p","properties":{{"encryption":{{{said}}}}}}}}}"#);
        let inventory = answers(&[("maxcompute:GetProject", "", &answer)]);
        let project = only::<Project>(&inventory);
        let key = project.encryption_key.value().map(|link| link.target.to_string());
        (project.encryption.value().map(|word| word.to_string()), key)
    };
    let held = |holder: &str, key: Option<&str>| (Some(holder.to_owned()), key.map(str::to_owned));
    assert_eq!(holder(r#""enable":false"#), held("none", None));
    assert_eq!(holder(r#""enable":true,"key":"Default Key""#), held("provider-key", None));
    assert_eq!(holder(r#""enable":true,"key":"BYOK""#), held("kms-key", None));
    assert_eq!(holder(r#""enable":true,"key":"key-hzz1""#), held("kms-key", Some("key-hzz1")));
    assert_eq!(holder(r#""enable":true"#), (None, None));
}
