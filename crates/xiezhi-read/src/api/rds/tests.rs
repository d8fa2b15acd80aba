use super::*;
use crate::testing::{answers, only, text};

const LISTED: (&str, &str, &str) = (
    "rds:DescribeDBInstances",
    "RegionId=cn-hangzhou",
    r#"{"Items":{"DBInstance":[{"DBInstanceId":"rm-1","Engine":"MySQL","EngineVersion":"8.0","PayType":"Postpaid",
        "DBInstanceType":"Primary","InstanceNetworkType":"VPC","VpcId":"vpc-1","VSwitchId":"vsw-1",
        "DBInstanceNetType":"Intranet","ConnectionMode":"Standard","DBInstanceStorageType":"cloud_essd"}]}}"#,
);

#[test]
fn a_listed_instance_keeps_unknown_what_only_detail_calls_tell() {
    let estate = answers(&[LISTED]);
    let instance = only::<Instance>(&estate);
    assert_eq!((text(&instance.engine), text(&instance.network)), ("mysql", "vpc"));
    assert!(instance.public_endpoint.reason().is_some(), "an intranet address does not exclude a public one");
    assert!(instance.white_list_open.reason().is_some());
    assert!(instance.tde.reason().is_some());
}

#[test]
fn white_list_groups_add_up_and_hidden_ones_do_not_count() {
    let estate = answers(&[
        LISTED,
        (
            "rds:DescribeDBInstanceIPArrayList",
            "DBInstanceId=rm-1",
            r#"{"Items":{"DBInstanceIPArray":[
                {"DBInstanceIPArrayName":"default","SecurityIPList":"0.0.0.0/1,10.0.0.1","DBInstanceIPArrayAttribute":""},
                {"DBInstanceIPArrayName":"dts","SecurityIPList":"47.96.0.0/16","DBInstanceIPArrayAttribute":"hidden"},
                {"DBInstanceIPArrayName":"app","SecurityIPList":"128.0.0.0/1"}]}}"#,
        ),
        (
            "rds:DescribeDBInstanceNetInfo",
            "DBInstanceId=rm-1",
            r#"{"DBInstanceNetInfos":{"DBInstanceNetInfo":[{"IPType":"Private"},{"IPType":"Public"}]}}"#,
        ),
    ]);
    let instance = only::<Instance>(&estate);
    assert_eq!(instance.white_list.value().unwrap().items, ["0.0.0.0/1", "10.0.0.1", "128.0.0.0/1"]);
    assert_eq!(instance.white_list_open.value(), Some(&true));
    assert_eq!(instance.public_endpoint.value(), Some(&true));
}

#[test]
fn encryption_is_told_by_switch_holder_and_key() {
    let estate = answers(&[
        ("rds:DescribeDBInstanceTDE", "DBInstanceId=rm-1", r#"{"TDEStatus":"Enabled","Databases":{"Database":[]}}"#),
        (
            "rds:DescribeDBInstanceEncryptionKey",
            "DBInstanceId=rm-1",
            r#"{"EncryptionKey":"key-1","Creator":"1000","EncryptionKeyStatus":"Enabled"}"#,
        ),
    ]);
    let instance = only::<Instance>(&estate);
    assert_eq!(instance.tde.value(), Some(&true));
    assert!(instance.tde_key_holder.reason().is_some(), "this answer does not name the key");
    assert_eq!(text(&instance.disk_encryption), "kms-key");
    let key = only::<xiezhi_model::service::kms::Key>(&estate);
    assert_eq!(key.service_key.value(), Some(&false));
}

#[test]
fn tls_is_off_offered_or_enforced() {
    let ssl = |answer: &str| {
        let estate = answers(&[("rds:DescribeDBInstanceSSL", "DBInstanceId=rm-1", answer)]);
        let instance = only::<Instance>(&estate);
        (instance.ssl.value().copied(), instance.ssl_enforced.value().copied())
    };
    assert_eq!(ssl(r#"{"SSLEnabled":"No"}"#), (Some(false), Some(false)));
    assert_eq!(ssl(r#"{"SSLEnabled":"Yes","ForceEncryption":"0"}"#), (Some(true), Some(false)));
    assert_eq!(ssl(r#"{"SSLEnabled":"Yes","ForceEncryption":"1"}"#), (Some(true), Some(true)));
    assert_eq!(ssl(r#"{"SSLEnabled":"Yes"}"#), (Some(true), None));
}

#[test]
fn zones_are_compared() {
    let zones = |body: &str| {
        let answer = format!(r#"{{"Items":{{"DBInstanceAttribute":[{{"DBInstanceId":"rm-1",{body}}}]}}}}"#);
        let estate = answers(&[("rds:DescribeDBInstanceAttribute", "", &answer)]);
        only::<Instance>(&estate).multi_zone.value().copied()
    };
    assert_eq!(zones(r#""ZoneId":"a","SlaveZones":{"SlaveZone":[{"ZoneId":"b"}]}"#), Some(true));
    assert_eq!(zones(r#""ZoneId":"a","SlaveZones":{"SlaveZone":[{"ZoneId":"a"}]}"#), Some(false));
    assert_eq!(zones(r#""ZoneId":"cn-hangzhou-MAZ5(b,c)""#), Some(true));
    assert_eq!(zones(r#""ZoneId":"a""#), None);
}

#[test]
fn the_history_of_operations_is_a_setting_of_the_region() {
    let answer = r#"{"RegionId":"cn-hangzhou","EnableEventLog":"False"}"#;
    let estate = answers(&[("rds:DescribeActionEventPolicy", "", answer)]);
    let settings = only::<RegionSettings>(&estate);
    assert_eq!(settings.head.region.value().unwrap(), "cn-hangzhou");
    assert_eq!(settings.event_history.value(), Some(&false));
}
