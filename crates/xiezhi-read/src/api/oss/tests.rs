use super::*;
use crate::testing::{answers, only, text};

#[test]
fn one_info_answer_tells_acl_block_encryption_and_logging() {
    let estate = answers(&[(
        "oss:GetBucketInfo",
        "",
        r#"{"Bucket":{"Name":"b","Location":"oss-cn-beijing","AccessControlList":{"Grant":"public-read"},
            "BlockPublicAccess":"true","Versioning":"Enabled","DataRedundancyType":"LRS",
            "TransferAcceleration":"Disabled","BucketPolicy":{"LogBucket":"logs","LogPrefix":""},
            "ServerSideEncryptionRule":{"SSEAlgorithm":"KMS","KMSMasterKeyID":"key-1","KMSDataEncryption":"SM4"}}}"#,
    )]);
    let bucket = only::<Bucket>(&estate);
    assert_eq!(text(&bucket.head.region), "cn-beijing");
    assert_eq!(text(&bucket.acl), "public-read");
    assert_eq!(bucket.block_public_access.value(), Some(&true));
    assert_eq!(bucket.logging_bucket.value().unwrap().target, "logs");
    assert_eq!((text(&bucket.encryption), text(&bucket.encryption_algorithm)), ("kms-key", "sm4"));
    assert_eq!(bucket.encryption_key.value().unwrap().target, "key-1");
    assert!(bucket.policy.reason().is_some(), "nobody asked for the policy");
}

#[test]
fn kms_without_a_key_id_is_the_service_key_and_none_is_none() {
    for (rule, holder) in [
        (r#"{"SSEAlgorithm":"KMS","KMSMasterKeyID":""}"#, "service-key"),
        (r#"{"SSEAlgorithm":"KMS","KMSMasterKeyID":"alias/acs/oss"}"#, "service-key"),
        (r#"{"SSEAlgorithm":"AES256"}"#, "provider-key"),
        (r#"{"SSEAlgorithm":"None"}"#, "none"),
        (r#"{"SSEAlgorithm":"KMS","KMSMasterKeyID":"9468da86-****"}"#, "kms-key"),
    ] {
        let answer = format!(r#"{{"ServerSideEncryptionRule":{{"ApplyServerSideEncryptionByDefault":{rule}}}}}"#);
        let estate = answers(&[("oss:GetBucketEncryption", "BucketName=b", &answer)]);
        assert_eq!(text(&only::<Bucket>(&estate).encryption), holder, "{rule}");
    }
}

#[test]
fn an_answer_without_an_algorithm_does_not_say_that_there_is_no_encryption() {
    let estate = answers(&[("oss:GetBucketEncryption", "BucketName=b", "{}")]);
    assert!(only::<Bucket>(&estate).encryption.reason().is_some());
}

#[test]
fn the_error_that_there_is_none_is_an_answer() {
    let none = |code: &str| format!(r#"{{"Code":"{code}","Message":"none"}}"#);
    let estate = answers(&[
        ("oss:GetBucketPolicy", "BucketName=b", &none("NoSuchBucketPolicy")),
        ("oss:GetBucketEncryption", "BucketName=b", &none("NoSuchServerSideEncryptionRule")),
        ("oss:GetBucketCors", "BucketName=b", &none("NoSuchCORSConfiguration")),
        ("oss:GetBucketWorm", "BucketName=b", &none("AccessDenied")),
    ]);
    let bucket = only::<Bucket>(&estate);
    assert!(bucket.policy.is_absent());
    assert_eq!(text(&bucket.encryption), "none");
    assert!(bucket.cors_rules.value().unwrap().items.is_empty());
    assert!(bucket.worm.reason().is_some(), "a refusal is no answer");
}

#[test]
fn a_policy_answer_is_kept_as_text() {
    let policy = r#"{"Version":"1","Statement":[{"Effect":"Allow","Principal":["*"],"Action":"oss:GetObject"}]}"#;
    let estate = answers(&[("oss:GetBucketPolicy", "BucketName=b", policy)]);
    // The test's JSON reader orders keys by name.
    let expected = r#"{"Statement":[{"Action":"oss:GetObject","Effect":"Allow","Principal":["*"]}],"Version":"1"}"#;
    let kept: serde_json::Value = serde_json::from_str(text(&only::<Bucket>(&estate).policy)).unwrap();
    assert_eq!(kept, serde_json::from_str::<serde_json::Value>(expected).unwrap());
}

#[test]
fn https_that_is_not_configured_accepts_every_tls_version() {
    let versions = |answer: &str| {
        let estate = answers(&[("oss:GetBucketHttpsConfig", "BucketName=b", answer)]);
        only::<Bucket>(&estate).tls_versions.value().map(|list| list.items.len())
    };
    assert_eq!(versions(r#"{"TLS":{"Enable":"true","TLSVersion":["TLSv1.2","TLSv1.3"]}}"#), Some(2));
    assert_eq!(versions(r#"{"TLS":{"Enable":"false"}}"#), Some(4));
    assert_eq!(versions(r#"{"Code":"NoSuchHttpsConfig"}"#), Some(4));
    assert_eq!(versions("{}"), None);
}

#[test]
fn replication_names_the_region_of_the_copy() {
    let estate = answers(&[(
        "oss:GetBucketReplication",
        "BucketName=b",
        r#"{"ReplicationConfiguration":{"Rule":[{"ID":"r","Status":"doing",
            "Destination":{"Bucket":"copy","Location":"oss-ap-southeast-1"}}]}}"#,
    )]);
    let bucket = only::<Bucket>(&estate);
    let rule = &bucket.replication_rules.value().unwrap().items[0];
    assert_eq!(text(&rule.destination_region), "ap-southeast-1");
    assert_eq!(rule.active.value(), Some(&true));
}
