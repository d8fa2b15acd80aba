use super::*;
use crate::testing::{answers, only, text};

#[test]
fn an_asset_tells_its_last_scan_as_a_date() {
    let asset = |time: &str| {
        let answer = format!(
            r#"{{"Items":[{{"Id":1,"Name":"bucket","ProductCode":"OSS","Labelsec":true,"RiskLevelName":"S3","LastFinishTime":{time}}}]}}"#
        );
        only::<Asset>(&answers(&[("sddp:DescribeInstances", "", &answer)])).clone()
    };
    // 2026-01-01T00:00:00Z, 2000-02-29T23:59:59Z, 1970-01-01.
    assert_eq!(text(&asset("1767225600000").last_scan), "2026-01-01");
    assert_eq!(text(&asset("951868799000").last_scan), "2000-02-29");
    assert_eq!(text(&asset("1000").last_scan), "1970-01-01");
    assert!(asset("0").last_scan.is_absent());
    assert_eq!(asset("0").bucket.value().unwrap().target, "bucket");
}

#[test]
fn the_status_is_of_the_account() {
    let estate = answers(&[("sddp:DescribeUserStatus", "", r#"{"UserStatus":{"Buyed":true,"Authed":false}}"#)]);
    let center = only::<Center>(&estate);
    assert_eq!((center.bought.value(), center.authorised.value()), (Some(&true), Some(&false)));
}
