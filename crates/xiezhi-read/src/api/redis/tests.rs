use super::*;
use crate::testing::{answers, only, text};

#[test]
fn an_instance_without_a_password_and_a_public_address_are_seen() {
    let estate = answers(&[
        (
            "r-kvstore:DescribeInstances",
            "",
            r#"{"Instances":{"KVStoreInstance":[{"InstanceId":"r-1","InstanceType":"Redis","NetworkType":"VPC","NodeType":"double"}]}}"#,
        ),
        (
            "r-kvstore:DescribeInstanceAttribute",
            "InstanceId=r-1",
            r#"{"Instances":{"DBInstanceAttribute":[{"InstanceId":"r-1","VpcAuthMode":"Close","ZoneId":"a","InstanceReleaseProtection":false}]}}"#,
        ),
        (
            "r-kvstore:DescribeDBInstanceNetInfo",
            "InstanceId=r-1",
            r#"{"NetInfoItems":{"InstanceNetInfo":[{"IPType":"Private"},{"IPType":"Public"}]}}"#,
        ),
        (
            "r-kvstore:DescribeSecurityIps",
            "InstanceId=r-1",
            r#"{"SecurityIpGroups":{"SecurityIpGroup":[{"SecurityIpGroupName":"default","SecurityIpList":"10.0.0.0/8"}]}}"#,
        ),
        ("r-kvstore:DescribeInstanceTDEStatus", "InstanceId=r-1", r#"{"TDEStatus":"Enabled"}"#),
        ("r-kvstore:DescribeEncryptionKey", "InstanceId=r-1", r#"{"EncryptionKey":"key-1","Creator":"Kvstore"}"#),
    ]);
    let instance = only::<Instance>(&estate);
    assert_eq!(instance.password_required.value(), Some(&false));
    assert_eq!(instance.public_endpoint.value(), Some(&true));
    assert_eq!(instance.white_list_open.value(), Some(&false));
    assert_eq!(instance.multi_zone.value(), Some(&false));
    assert_eq!(text(&instance.tde_key_holder), "kms-key");
    let key = only::<xiezhi_model::service::kms::Key>(&estate);
    assert_eq!(key.service_key.value(), Some(&true), "the product made it");
}

#[test]
fn commands_that_no_parameter_switches_off_are_on() {
    let commands = |value: &str| {
        let answer = format!(r#"{{"RunningParameters":{{"Parameter":[{value}]}}}}"#);
        let estate = answers(&[("r-kvstore:DescribeParameters", "InstanceId=r-1", &answer)]);
        only::<Instance>(&estate).disabled_commands.value().map(|list| list.items.len())
    };
    assert_eq!(
        commands(r##"{"ParameterName":"#no_loose_disabled-commands","ParameterValue":"FLUSHALL,keys"}"##),
        Some(2)
    );
    assert_eq!(commands(r#"{"ParameterName":"appendonly","ParameterValue":"yes"}"#), Some(0));
}

#[test]
fn the_lowest_tls_version_is_the_parameter_s_and_unknown_of_instances_without_it() {
    let lowest = |parameters: &str| {
        let answer = format!(r#"{{"RunningParameters":{{"Parameter":[{parameters}]}}}}"#);
        let estate = answers(&[("r-kvstore:DescribeParameters", "InstanceId=r-1", &answer)]);
        only::<Instance>(&estate).tls_min.value().map(ToString::to_string)
    };
    let said =
        |version: &str| format!(r##"{{"ParameterName":"#no_loose_tls-min-version","ParameterValue":"{version}"}}"##);
    assert_eq!(lowest(&said("TLSv1")).as_deref(), Some("1.0"));
    assert_eq!(lowest(&said("TLSv1.2")).as_deref(), Some("1.2"));
    assert_eq!(lowest(&said("SSLv3")), None);
    assert_eq!(lowest(""), None);
}
