//! Object Storage Service (OSS).

use crate::record::{record, resource};
use crate::{List, Text};

resource! {
    /// A bucket.
    Bucket = "oss.bucket", Global {
        /// The bucket's ACL: `private`, `public-read` or `public-read-write`. Source: OSS GetBucketAcl, GetBucketInfo.
        acl: Text,
        /// Whether public access is blocked for this bucket. Source: OSS GetBucketPublicAccessBlock.
        block_public_access: bool,
        /// Versioning: `Enabled` or `Suspended`; absent when it was never set. Source: OSS GetBucketVersioning.
        versioning: Text,
        /// The bucket that access logs go to; absent when access logging is off. Source: OSS GetBucketLogging.
        logging_bucket: Text,
        /// Encryption at rest of new objects: `AES256`, `KMS` or `SM4`; absent when there is no rule. Source: OSS GetBucketEncryption.
        encryption: Text,
        /// The KMS key that encrypts new objects; absent when OSS or the service key does. Source: OSS GetBucketEncryption.
        encryption_key: Text,
        /// The cross-origin rules. Source: OSS GetBucketCors.
        cors_rules: List<CorsRule>,
        /// The bucket policy as JSON; absent when there is none. Source: OSS GetBucketPolicy.
        policy: Text,
    }
}

record! {
    /// One cross-origin (CORS) rule.
    CorsRule = "oss.bucket.cors-rule" {
        /// The origins that the rule allows.
        allowed_origins: List<Text>,
        /// The methods that the rule allows.
        allowed_methods: List<Text>,
    }
}
