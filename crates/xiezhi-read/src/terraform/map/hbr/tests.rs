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
