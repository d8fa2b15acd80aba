//! Object Storage Service (OSS).

use super::kms::Key;
use crate::record::{record, resource};
use crate::{Link, List, Text};

resource! {
    /// A bucket.
    Bucket = "oss.bucket", Global {
        /// The bucket's ACL: `private`, `public-read` or `public-read-write`. Source: OSS GetBucketAcl, GetBucketInfo.
        acl: Text,
        /// Whether public access is blocked for this bucket. Source: OSS GetBucketPublicAccessBlock, GetBucketInfo.
        block_public_access: bool,
        /// The bucket policy as JSON; absent when there is none. Source: OSS GetBucketPolicy.
        policy: Text,
        /// Whether OSS itself judges the bucket policy to be public. Source: OSS GetBucketPolicyStatus `IsPublic`.
        policy_public: bool,
        /// Whether the bucket policy allows anything to anonymous callers, no condition pinning them to known networks or ids.
        [derived] grants_anyone: bool,
        /// Whether the bucket policy lets anonymous callers list the bucket.
        [derived] anyone_may_list: bool,
        /// Whether the bucket policy lets anonymous callers write objects.
        [derived] anyone_may_put: bool,
        /// Whether the bucket policy lets anonymous callers delete objects.
        [derived] anyone_may_delete: bool,
        /// Whether the bucket policy allows anything to principals of other accounts.
        [derived] grants_other_accounts: bool,
        /// Whether the bucket policy refuses every request for an object that does not come over TLS (`acs:SecureTransport` false).
        [derived] denies_plain_http: bool,
        /// Whether the bucket policy lets in only requests from networks that it names: each statement that allows names them, or one denies all others.
        [derived] network_restricted: bool,
        /// Whether a statement takes any VPC at all for a known network (`acs:SourceVpc` like `vpc-*`) and names no addresses beside it.
        [derived] trusts_any_vpc: bool,
        /// Versioning: `Enabled` or `Suspended`; absent when it was never set. Source: OSS GetBucketVersioning.
        versioning: Text,
        /// The bucket that access logs go to; absent when access logging is off. Source: OSS GetBucketLogging.
        logging_bucket: Link<Bucket>,
        /// The prefix of the names of access logs there. Source: OSS GetBucketLogging `TargetPrefix`.
        logging_prefix: Text,
        /// For how many days access logs are kept, by the lifecycle of the bucket that they go to; 3650 means for ever; absent when access logging is off.
        [derived] access_log_days: i64,
        /// Who holds the key that encrypts new objects: `none`, `provider-key` (OSS's own, SSE-OSS), `service-key` (OSS's
        /// key in KMS, alias `acs/oss`) or `kms-key` (see `encryption_key`). Source: OSS GetBucketEncryption.
        encryption: Text,
        /// The cipher of new objects: `aes` or `sm4`; absent when they are not encrypted. Source: OSS GetBucketEncryption.
        encryption_algorithm: Text,
        /// The KMS key that encrypts new objects; absent when none is named. Source: OSS GetBucketEncryption `KMSMasterKeyID`.
        encryption_key: Link<Key>,
        /// The TLS versions that the bucket's endpoints accept: `TLSv1.0` to `TLSv1.3`; all of them when HTTPS is not
        /// configured. Source: OSS GetBucketHttpsConfig.
        tls_versions: List<Text>,
        /// The cross-origin rules. Source: OSS GetBucketCors.
        cors_rules: List<CorsRule>,
        /// The referers that hotlink protection admits; empty when it is off. Source: OSS GetBucketReferer.
        referers: List<Text>,
        /// Whether requests without a referer are admitted. Source: OSS GetBucketReferer `AllowEmptyReferer`.
        allow_empty_referer: bool,
        /// The lifecycle rules. Source: OSS GetBucketLifecycle.
        lifecycle_rules: List<LifecycleRule>,
        /// The retention (WORM) policy: `in-progress` (not yet locked), `locked` or `expired`; absent when there is none.
        /// Source: OSS GetBucketWorm `State`.
        worm: Text,
        /// How many days the retention policy keeps every object; absent without one. Source: OSS GetBucketWorm.
        worm_days: i64,
        /// The replication rules. Source: OSS GetBucketReplication.
        replication_rules: List<ReplicationRule>,
        /// The index document of static website hosting; absent when hosting is off. Source: OSS GetBucketWebsite.
        website_index: Text,
        /// Where inventory lists are written. Source: OSS ListBucketInventory.
        inventories: List<Inventory>,
        /// The customer's domains that lead to the bucket and are switched on. Source: OSS ListCname `Cname[].Domain`, `Status` (`Enabled`).
        domains: List<Text>,
        /// Redundancy: `LRS` (one zone) or `ZRS` (several). Source: OSS GetBucketInfo `DataRedundancyType`.
        redundancy: Text,
        /// Whether transfer acceleration opens the global endpoint. Source: OSS GetBucketInfo `TransferAcceleration`.
        transfer_acceleration: bool,
        /// The keys of the bucket's tags. Source: OSS GetBucketTags.
        tag_keys: List<Text>,
        /// Who holds the key of data at rest, the weakest first: `none`, `provider-key` (the product's own), `service-key` (the product's key in KMS), `default-key` (a default key of KMS), `customer-key` (in a software instance), `hsm-key` (in a hardware instance or a key store outside).
        [derived] at_rest: Text,
        /// The cipher of data at rest: `aes` or `sm4`; absent when nothing encrypts it.
        [derived] at_rest_cipher: Text,
        /// Whether every KMS key that the data needs can be used: enabled, not to be deleted, with material; absent when no key is named.
        [derived] at_rest_key_usable: bool,
        /// TLS towards clients: `off`, `offered` or `enforced`. Enforced by a bucket policy that refuses plain HTTP.
        [derived] in_transit: Text,
    }
}

resource! {
    /// An access point of a bucket.
    AccessPoint = "oss.access-point", Regional {
        /// The bucket.
        bucket: Link<Bucket>,
        /// Where requests may come from: `vpc` or `internet`. Source: OSS GetAccessPoint `NetworkOrigin`.
        network_origin: Text,
        /// Whether public access is blocked. Source: OSS GetAccessPoint `PublicAccessBlockConfiguration`.
        block_public_access: bool,
        /// The access point's policy as JSON; absent when there is none, and then it lets nobody in. Source: OSS GetAccessPointPolicy.
        policy: Text,
        /// Whether any account of Alibaba Cloud may use the bucket through the access point: its policy and the bucket's together, no condition pinning callers to known networks or ids. Anonymous callers never may. Source: RAM semantics.
        [derived] grants_anyone: bool,
        /// Whether principals of other accounts may use the bucket through the access point.
        [derived] grants_other_accounts: bool,
    }
}

resource! {
    /// An object whose own ACL the evidence states (a bucket's objects are never listed as a whole).
    Object = "oss.object", Global {
        /// The bucket.
        bucket: Link<Bucket>,
        /// The object's own ACL: `default` (the bucket's), `private`, `public-read`, `public-read-write`. Source: OSS GetObjectAcl.
        acl: Text,
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

record! {
    /// One lifecycle rule.
    LifecycleRule = "oss.bucket.lifecycle-rule" {
        /// Whether the rule is in force.
        enabled: bool,
        /// The prefix of the names that the rule is for; empty for all objects.
        prefix: Text,
        /// After how many days objects expire; absent when the rule expires none by age.
        expiration_days: i64,
        /// After how many days earlier versions expire; absent when the rule does not expire them.
        noncurrent_days: i64,
    }
}

record! {
    /// One replication rule.
    ReplicationRule = "oss.bucket.replication-rule" {
        /// The bucket that is written to.
        destination: Link<Bucket>,
        /// The region id of that bucket, such as `cn-beijing`.
        destination_region: Text,
        /// Whether the rule is in force (status `starting` or `doing`, or declared).
        active: bool,
        /// The KMS key that encrypts the copies; absent when none is named.
        replica_key: Link<Key>,
    }
}

record! {
    /// Where one inventory list is written.
    Inventory = "oss.bucket.inventory" {
        /// Whether the list is made.
        enabled: bool,
        /// The bucket that receives the lists.
        destination: Link<Bucket>,
        /// The account (UID) that owns that bucket.
        destination_account: Text,
    }
}
