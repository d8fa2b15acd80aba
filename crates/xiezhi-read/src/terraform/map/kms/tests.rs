use super::*;
use crate::testing::{blocks, only, text};

#[test]
fn a_bare_key_is_enabled_software_aes_without_rotation_or_protection() {
    let estate = blocks(&[("alicloud_kms_key.k", "{}")]);
    let key = only::<Key>(&estate);
    assert_eq!(text(&key.state), "enabled");
    assert_eq!((text(&key.algorithm), text(&key.protection_level)), ("aes", "software"));
    assert_eq!(key.automatic_rotation.value(), Some(&false));
    assert_eq!(key.deletion_protection.value(), Some(&false));
    assert!(key.rotation_interval.is_absent());
}

#[test]
fn older_spellings_of_the_state_are_read() {
    for (body, state) in [
        (r#"{"is_enabled":false}"#, "disabled"),
        (r#"{"key_state":"Disabled"}"#, "disabled"),
        (r#"{"status":"PendingDeletion","is_enabled":true}"#, "pending-deletion"),
        (r#"{"status":""}"#, "enabled"),
    ] {
        let estate = blocks(&[("alicloud_kms_key.k", body)]);
        assert_eq!(text(&only::<Key>(&estate).state), state, "{body}");
    }
}

#[test]
fn an_alias_joins_its_key() {
    let estate = blocks(&[
        ("alicloud_kms_alias.a", r#"{"alias_name":"alias/app","key_id":{"$ref":"alicloud_kms_key.k.id"}}"#),
        ("alicloud_kms_key.k", r#"{"automatic_rotation":"Enabled","rotation_interval":"365d"}"#),
    ]);
    let key = only::<Key>(&estate);
    assert_eq!(key.aliases.value().unwrap().items, ["alias/app"]);
    assert_eq!(key.rotation_interval.value(), Some(&31_536_000));
}

#[test]
fn a_secret_is_generic_unless_it_says_otherwise() {
    let estate =
        blocks(&[("alicloud_kms_secret.s", r#"{"secret_name":"s","secret_data":"hunter2","version_id":"v1"}"#)]);
    assert_eq!(text(&only::<Secret>(&estate).secret_type), "generic");
    assert!(!format!("{estate:?}").contains("hunter2"));
}
