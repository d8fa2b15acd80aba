use super::*;
use crate::testing::{answers, only, text};

#[test]
fn a_vault_tells_key_and_copy() {
    let estate = answers(&[(
        "hbr:DescribeVaults",
        "",
        r#"{"Vaults":{"Vault":[{"VaultId":"v-2","EncryptType":"HBR_PRIVATE","WormEnabled":false,"Replication":true,
            "ReplicationSourceVaultId":"v-1","ReplicationSourceRegionId":"cn-beijing"}]}}"#,
    )]);
    let vault = only::<Vault>(&estate);
    assert_eq!((text(&vault.encryption), text(&vault.copy_of_region)), ("provider-key", "cn-beijing"));
    assert_eq!(vault.copy_of.value().unwrap().target, "v-1");
}

#[test]
fn a_binding_names_what_it_backs_up() {
    let answer =
        r#"{"PolicyBindings":[{"PolicyBindingId":"b-1","SourceType":"OSS","DataSourceId":"bucket","Disabled":false}]}"#;
    let estate = answers(&[("hbr:DescribePolicyBindings", "", answer)]);
    let backup = only::<Backup>(&estate);
    assert_eq!(backup.bucket.value().unwrap().target, "bucket");
    assert!(backup.file_system.is_absent());
    assert_eq!(backup.enabled.value(), Some(&true));
}

#[test]
fn a_plan_or_binding_of_a_server_names_it() {
    let answer = r#"{"PolicyBindings":[{"PolicyBindingId":"b-1","SourceType":"UDM_ECS","DataSourceId":"i-1","Disabled":false}]}"#;
    let estate = answers(&[("hbr:DescribePolicyBindings", "", answer)]);
    assert_eq!(only::<Backup>(&estate).instance.value().unwrap().target, "i-1");
    let answer = r#"{"BackupPlans":{"BackupPlan":[{"PlanId":"p-1","SourceType":"ECS_FILE","InstanceId":"i-2","Disabled":false}]}}"#;
    let estate = answers(&[("hbr:DescribeBackupPlans", "", answer)]);
    let backup = only::<Backup>(&estate);
    assert_eq!(backup.instance.value().unwrap().target, "i-2");
    assert!(backup.bucket.is_absent() && backup.file_system.is_absent());
}

#[test]
fn a_plan_or_binding_of_tables_names_their_instance() {
    let answer =
        r#"{"PolicyBindings":[{"PolicyBindingId":"b-1","SourceType":"OTS","DataSourceId":"shop","Disabled":false}]}"#;
    let estate = answers(&[("hbr:DescribePolicyBindings", "", answer)]);
    let backup = only::<Backup>(&estate);
    assert_eq!(backup.table_store.value().unwrap().target, "shop");
    assert!(backup.instance.is_absent());
}
