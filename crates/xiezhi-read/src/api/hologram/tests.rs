use super::*;
use crate::testing::{answers, only};

#[test]
fn the_networks_of_the_endpoints_are_listed() {
    let answer = r#"{"Instance":{"InstanceId":"h","Endpoints":[{"Type":"Internet"},{"Type":"VPCSingleTunnel"}]}}"#;
    let estate = answers(&[("hologram:GetInstance", "", answer)]);
    assert_eq!(only::<Instance>(&estate).endpoints.value().unwrap().items, ["internet", "vpcsingletunnel"]);
}

#[test]
fn a_backup_says_where_it_is_stored() {
    let answer = r#"{"BackupDataList":[{"Id":7,"InstanceId":"h","InstanceRegion":"cn-hangzhou","SnapshotRegion":"cn-shanghai"}]}"#;
    let estate = answers(&[("hologram:ListBackupData", "", answer)]);
    let backup = only::<Backup>(&estate);
    assert_eq!(backup.instance.value().unwrap().target, "h");
    assert_eq!(backup.stored_in.value().unwrap(), "cn-shanghai");
}
