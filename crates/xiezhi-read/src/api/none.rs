//! Errors by which the provider says that there is none: a known answer, not a failure.
//!
//! An adapter that is named here is given an answer that holds only the `Code` and says what is absent; every other
//! path is missing. Any other error makes everything that a call would tell unknown, without asking its adapter.
//!
//! Sources: reference on live collection, section 4.2; the "Error codes" section of each operation in the OSS and RAM
//! API references.

use super::Call;

/// Product, action and the codes that mean "there is none".
const NONE: &[(&str, &str, &[&str])] = &[
    ("ims", "GetLoginProfile", &["EntityNotExist.User.LoginProfile"]),
    ("ims", "GetUserMFAInfo", &["EntityNotExist.User.MFADevice"]),
    ("oss", "GetAccessPointPolicy", &["NoSuchAccessPointPolicy"]),
    ("oss", "GetBucketCors", &["NoSuchCORSConfiguration"]),
    ("oss", "GetBucketEncryption", &["NoSuchServerSideEncryptionRule"]),
    ("oss", "GetBucketHttpsConfig", &["NoSuchHttpsConfig"]),
    ("oss", "GetBucketLifecycle", &["NoSuchLifecycle"]),
    ("oss", "GetBucketPolicy", &["NoSuchBucketPolicy"]),
    ("oss", "GetBucketPolicyStatus", &["NoSuchBucketPolicy"]),
    ("oss", "GetBucketReplication", &["NoSuchReplicationConfiguration"]),
    ("oss", "GetBucketWebsite", &["NoSuchWebsiteConfiguration"]),
    ("oss", "GetBucketWorm", &["NoSuchWORMConfiguration"]),
    ("oss", "ListBucketInventory", &["NoSuchInventory"]),
    ("ram", "GetLoginProfile", &["EntityNotExist.User.LoginProfile"]),
    ("ram", "GetUserMFAInfo", &["EntityNotExist.User.MFADevice"]),
];

/// Whether an error code of a call means that there is none.
pub(super) fn means_none(call: &Call, code: &str) -> bool {
    NONE.iter()
        .any(|(product, action, codes)| *product == call.product && *action == call.action && codes.contains(&code))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_call_of_the_table_has_an_adapter() {
        for (product, action, _) in NONE {
            assert!(crate::api::calls(product, action).next().is_some(), "{product}:{action}");
        }
    }
}
