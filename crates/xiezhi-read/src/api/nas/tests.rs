use super::*;
use crate::testing::{answers, only, text};

#[test]
fn a_file_system_tells_encryption_and_its_mount_targets() {
    let estate = answers(&[
        (
            "nas:DescribeFileSystems",
            "",
            r#"{"FileSystems":{"FileSystem":[{"FileSystemId":"fs-1","ProtocolType":"NFS","FileSystemType":"standard",
                "EncryptType":2,"KMSKeyId":"key-1","MountTargets":{"MountTarget":[{"MountTargetDomain":"m.example","NetworkType":"Vpc"}]}}]}}"#,
        ),
        (
            "nas:DescribeMountTargets",
            "FileSystemId=fs-1",
            r#"{"MountTargets":{"MountTarget":[{"MountTargetDomain":"m.example","NetworkType":"Vpc","AccessGroup":"DEFAULT_VPC_GROUP_NAME"}]}}"#,
        ),
    ]);
    let system = only::<FileSystem>(&estate);
    assert_eq!((text(&system.encryption), text(&system.protocol)), ("kms-key", "nfs"));
    let mount = only::<MountTarget>(&estate);
    assert_eq!((text(&mount.network), text(&mount.access_group)), ("vpc", "DEFAULT_VPC_GROUP_NAME"));
}

#[test]
fn rules_belong_to_the_group_of_the_call() {
    let estate = answers(&[(
        "nas:DescribeAccessRules",
        "AccessGroupName=app",
        r#"{"AccessRules":{"AccessRule":[{"AccessRuleId":"1","SourceCidrIp":"0.0.0.0/0","RWAccess":"RDWR","UserAccess":"no_squash"}]}}"#,
    )]);
    let rule = only::<AccessRule>(&estate);
    assert_eq!((text(&rule.access_group), text(&rule.source)), ("app", "0.0.0.0/0"));
    assert!(rule.ipv6_source.is_absent());
}
