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
