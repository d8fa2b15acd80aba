use super::*;
use crate::testing::{answers, only, text};

#[test]
fn four_is_the_public_deployment() {
    let instance = |deploy: i32| {
        let answer = format!(
            r#"{{"InstanceList":{{"InstanceVO":[{{"InstanceId":"k","DeployType":{deploy},"KmsKeyId":"","PaidType":1}}]}}}}"#
        );
        only::<Instance>(&answers(&[("alikafka:GetInstanceList", "", &answer)])).clone()
    };
    assert_eq!(instance(4).public_endpoint.value(), Some(&true));
    assert_eq!(instance(5).public_endpoint.value(), Some(&false));
    assert_eq!(text(&instance(5).encryption), "none");
    assert_eq!(instance(5).serverless.value(), Some(&false));
}

#[test]
fn the_internet_list_is_the_union_over_ports() {
    let answer =
        r#"{"AllowedList":{"InternetList":[{"PortRange":"9093/9093","AllowedIpList":["0.0.0.0/0"]}],"VpcList":[]}}"#;
    let estate = answers(&[("alikafka:GetAllowedIpList", "InstanceId=k", answer)]);
    assert_eq!(only::<Instance>(&estate).internet_white_list_open.value(), Some(&true));
}
