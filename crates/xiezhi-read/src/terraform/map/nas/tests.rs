use super::*;
use crate::testing::{blocks, only, text};

#[test]
fn a_bare_file_system_is_not_encrypted() {
    let estate = blocks(&[("alicloud_nas_file_system.f", r#"{"protocol_type":"NFS"}"#)]);
    assert_eq!(text(&only::<FileSystem>(&estate).encryption), "none");
}

#[test]
fn a_mount_target_without_a_group_takes_the_default_group() {
    let estate = blocks(&[("alicloud_nas_mount_target.m", r#"{"file_system_id":"fs-1"}"#)]);
    let mount = only::<MountTarget>(&estate);
    assert_eq!((text(&mount.access_group), text(&mount.network)), ("DEFAULT_VPC_GROUP_NAME", "vpc"));
    let own = r#"{"access_group_name":{"$ref":"alicloud_nas_access_group.g.access_group_name"}}"#;
    let estate = blocks(&[("alicloud_nas_mount_target.m", own)]);
    assert_eq!(text(&only::<MountTarget>(&estate).access_group), "main#alicloud_nas_access_group.g");
}
