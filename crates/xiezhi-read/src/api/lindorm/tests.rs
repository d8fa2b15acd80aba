use super::*;
use crate::testing::{answers, only};

#[test]
fn white_lists_go_to_lindorm_or_tsdb_by_the_id() {
    let list = r#"{"IpList":["0.0.0.0/0"]}"#;
    let estate = answers(&[
        ("hitsdb:GetLindormInstance", "", r#"{"InstanceId":"ld-1","VpcId":"vpc-1","MultiZoneCombination":""}"#),
        ("hitsdb:GetInstanceIpWhiteList", "InstanceId=ld-1", list),
        ("hitsdb:GetInstanceIpWhiteList", "InstanceId=ts-1", list),
        (
            "hitsdb:GetLindormInstanceEngineList",
            "InstanceId=ld-1",
            r#"{"EngineList":[{"EngineType":"lindorm","NetInfoList":[{"NetType":"2"},{"NetType":"0"}]}]}"#,
        ),
    ]);
    let instance = only::<Instance>(&estate);
    assert_eq!((instance.white_list_open.value(), instance.public_endpoint.value()), (Some(&true), Some(&true)));
    assert_eq!(instance.multi_zone.value(), Some(&false));
    assert_eq!(only::<TimeSeries>(&estate).white_list_open.value(), Some(&true));
}

#[test]
fn transparent_data_encryption_is_as_the_detail_answer_says() {
    let tde = |said: &str| {
        let answer = format!(r#"{{"InstanceId":"ld-1"{said}}}"#);
        only::<Instance>(&answers(&[("hitsdb:GetLindormInstance", "", &answer)])).tde.value().copied()
    };
    assert_eq!(tde(r#","EnableStoreTDE":true"#), Some(true));
    assert_eq!(tde(r#","EnableStoreTDE":false"#), Some(false));
    assert_eq!(tde(""), None);
}

#[test]
fn a_tsdb_instance_is_public_while_it_has_a_public_address() {
    let public = |said: &str| {
        let answer = format!(r#"{{"InstanceId":"ts-1"{said}}}"#);
        only::<TimeSeries>(&answers(&[("hitsdb:DescribeHiTSDBInstance", "", &answer)])).public_endpoint.value().copied()
    };
    assert_eq!(public(r#","PublicConnectionString":"ts-1-pub.hitsdb.tsdb.aliyuncs.com""#), Some(true));
    assert_eq!(public(r#","PublicConnectionString":"""#), Some(false));
    assert_eq!(public(""), None);
}
