use super::*;
use crate::testing::{answers, only, text};

#[test]
fn a_key_is_described_with_state_owner_and_rotation() {
    let estate = answers(&[
        ("kms:ListKeys", "", r#"{"Keys":{"Key":[{"KeyId":"key-1","KeyArn":"acs:kms:cn-hangzhou:1000:key/key-1"}]}}"#),
        (
            "kms:DescribeKey",
            "KeyId=key-1",
            r#"{"KeyMetadata":{"KeyId":"key-1","KeyState":"PendingDeletion","Creator":"1000","Origin":"Aliyun_KMS",
                "ProtectionLevel":"HSM","KeySpec":"Aliyun_SM4","KeyUsage":"ENCRYPT/DECRYPT","AutomaticRotation":"Enabled",
                "RotationInterval":"31536000s","DeletionProtection":"Disabled","DeleteDate":"2026-12-01T00:00:00Z"}}"#,
        ),
    ]);
    let key = only::<Key>(&estate);
    assert_eq!(text(&key.state), "pending-deletion");
    assert_eq!(key.service_key.value(), Some(&false));
    assert_eq!((text(&key.algorithm), key.symmetric.value()), ("sm4", Some(&true)));
    assert_eq!(key.rotation_interval.value(), Some(&31_536_000));
    assert_eq!(text(&key.protection_level), "hsm");
}

#[test]
fn a_key_that_a_product_made_is_a_service_key_by_creator_or_alias() {
    let estate = answers(&[("kms:DescribeKey", "", r#"{"KeyMetadata":{"KeyId":"k","Creator":"Oss"}}"#)]);
    assert_eq!(only::<Key>(&estate).service_key.value(), Some(&true));
    let aliases = r#"{"Aliases":{"Alias":[{"KeyId":"k","AliasName":"alias/acs/oss"}]}}"#;
    let estate = answers(&[("kms:ListAliases", "", aliases)]);
    assert_eq!(only::<Key>(&estate).service_key.value(), Some(&true));
    let estate = answers(&[("kms:DescribeKey", "", r#"{"KeyMetadata":{"KeyId":"k","Creator":"1000****2222"}}"#)]);
    assert_eq!(only::<Key>(&estate).service_key.reason(), Some(&Reason::Redacted));
}

#[test]
fn a_secret_says_whether_it_rotates_and_never_its_value() {
    let estate = answers(&[(
        "kms:DescribeSecret",
        "",
        r#"{"SecretName":"db","SecretType":"Rds","AutomaticRotation":"Enabled","RotationInterval":"7d",
            "LastRotationDate":"2026-01-01T00:00:00Z","SecretData":"hunter2"}"#,
    )]);
    let secret = only::<Secret>(&estate);
    assert_eq!(text(&secret.secret_type), "rds");
    assert_eq!(secret.automatic_rotation.value(), Some(&true));
    assert_eq!(secret.rotation_interval.value(), Some(&604_800));
    assert!(!format!("{estate:?}").contains("hunter2"));
}

#[test]
fn a_secret_of_a_database_names_it_and_another_kind_has_none() {
    let database = |kind: &str| {
        let answer = format!(
            r#"{{"SecretName":"db","SecretType":"{kind}","ExtendedConfig":"{{\"SecretSubType\":\"SingleUser\",\"DBInstanceId\":\"rm-1\"}}"}}"#
        );
        only::<Secret>(&answers(&[("kms:DescribeSecret", "", &answer)])).database.clone()
    };
    assert_eq!(database("Rds").value().unwrap().target, "rm-1");
    assert!(database("Generic").is_absent());
}
