use super::*;
use crate::testing::{blocks, only, text};

#[test]
fn plans_name_bucket_and_vault() {
    let estate = blocks(&[
        ("alicloud_hbr_vault.v", r#"{"vault_name":"v"}"#),
        (
            "alicloud_hbr_oss_backup_plan.p",
            r#"{"bucket":{"$ref":"alicloud_oss_bucket.b.bucket"},"vault_id":{"$ref":"alicloud_hbr_vault.v.id"}}"#,
        ),
    ]);
    let backup = only::<Backup>(&estate);
    assert_eq!(backup.bucket.value().unwrap().target, "main#alicloud_oss_bucket.b");
    assert_eq!(backup.enabled.value(), Some(&true));
    assert_eq!(text(&only::<Vault>(&estate).encryption), "provider-key");
}

#[test]
fn a_server_is_backed_up_whole_or_by_its_files() {
    for (block, kind) in
        [("alicloud_hbr_ecs_backup_plan.p", "ecs-file"), ("alicloud_hbr_server_backup_plan.p", "udm-ecs")]
    {
        let estate = blocks(&[(block, r#"{"instance_id":{"$ref":"alicloud_instance.i.id"},"disabled":true}"#)]);
        let backup = only::<Backup>(&estate);
        assert_eq!(text(&backup.source_type), kind);
        assert_eq!(backup.instance.value().unwrap().target, "main#alicloud_instance.i");
        assert_eq!(backup.enabled.value(), Some(&false));
        assert!(backup.bucket.is_absent());
    }
    let estate = blocks(&[("alicloud_hbr_policy_binding.b", r#"{"source_type":"UDM_ECS","data_source_id":"i-1"}"#)]);
    assert_eq!(only::<Backup>(&estate).instance.value().unwrap().target, "i-1");
}
