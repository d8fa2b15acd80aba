use super::*;
use crate::testing::{answers, only, text};

#[test]
fn an_empty_encryption_type_is_no_encryption() {
    let encryption = |body: &str| {
        let answer = format!(r#"{{"Items":{{"DBInstanceAttribute":[{{"DBInstanceId":"gp-1"{body}}}]}}}}"#);
        only::<Instance>(&answers(&[("gpdb:DescribeDBInstanceAttribute", "", &answer)])).disk_encryption.clone()
    };
    assert_eq!(text(&encryption(r#","EncryptionType":"""#)), "none");
    assert_eq!(text(&encryption(r#","EncryptionType":"CloudDisk","EncryptionKey":"key-1""#)), "kms-key");
    assert!(encryption("").reason().is_some());
}

#[test]
fn no_backup_on_this_page_is_not_no_backup() {
    let backup = |answer: &str| {
        let estate = answers(&[("gpdb:DescribeDataBackups", "DBInstanceId=gp-1", answer)]);
        only::<Instance>(&estate).has_backup.value().copied()
    };
    assert_eq!(backup(r#"{"Items":[{"BackupStatus":"Success"}],"TotalCount":1}"#), Some(true));
    assert_eq!(backup(r#"{"Items":[],"TotalCount":0}"#), Some(false));
    assert_eq!(backup(r#"{"Items":[{"BackupStatus":"Failed"}],"TotalCount":9}"#), None);
}
