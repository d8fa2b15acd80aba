use super::*;
use crate::testing::{answers, only, text};

#[test]
fn groups_are_told_by_their_type() {
    let estate = answers(&[(
        "elasticsearch:DescribeInstance",
        "",
        r#"{"Result":{"instanceId":"es-1","esVersion":"7.10_with_X-Pack","protocol":"HTTP","enablePublic":true,
            "enableKibanaPublicNetwork":true,"zoneCount":2,"nodeSpec":{"diskEncryption":true},"warmNode":false,
            "networkConfig":{"vpcId":"vpc-1","vswitchId":"vsw-1","whiteIpGroupList":[
                {"groupName":"default","whiteIpType":"PUBLIC_ES","ips":["10.0.0.1"]},
                {"groupName":"default","whiteIpType":"PUBLIC_KIBANA","ips":["0.0.0.0/0"]}]}}}"#,
    )]);
    let instance = only::<Instance>(&estate);
    assert_eq!(text(&instance.version), "7.10");
    assert_eq!(instance.public_white_list_open.value(), Some(&false));
    assert_eq!(instance.kibana_white_list_open.value(), Some(&true));
    assert_eq!((instance.https.value(), instance.zones.value()), (Some(&false), Some(&2)));
    assert!(instance.warm_disk_encrypted.is_absent());
    assert!(instance.elastic_disk_encrypted.reason().is_some());
}
