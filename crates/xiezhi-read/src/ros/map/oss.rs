//! OSS in ROS templates. Source: ROS documentation, `ALIYUN::OSS::*`.

use xiezhi_model::service::oss::{Bucket, CorsRule, LifecycleRule, Object, ReplicationRule};
use xiezhi_model::{Fact, List, Reason, Text};

use crate::api::oss::{ALL_TLS, encryption, region_of, worm_state};
use crate::fields::{Fields, documented};
use crate::keys;
use crate::policy::opt_document;
use crate::sink::Sink;
use crate::terraform::Block;
use crate::words::one_item;

/// The resource types of OSS.
pub const BLOCKS: &[Block] = &[
    Block { name: "ALIYUN::OSS::Bucket", kind: Some(Bucket::SCHEMA), read: bucket },
    Block { name: "ALIYUN::OSS::BucketPublicAccessBlock", kind: None, read: public_access_block },
    Block { name: "ALIYUN::OSS::BucketLogging", kind: None, read: logging },
    Block { name: "ALIYUN::OSS::BucketReplication", kind: None, read: replication },
    Block { name: "ALIYUN::OSS::BucketWorm", kind: None, read: worm },
    Block { name: "ALIYUN::OSS::Domain", kind: None, read: domain },
    Block { name: "ALIYUN::OSS::Website", kind: None, read: website },
    Block { name: "ALIYUN::OSS::ObjectAcl", kind: Some(Object::SCHEMA), read: object_acl },
];

const BUCKET: &str = "ROS ALIYUN::OSS::Bucket";
const PUBLIC_ACCESS: &str = "OSS PutBucketPublicAccessBlock: off unless set";
const HTTPS: &str = "OSS PutBucketHttpsConfig: every TLS version unless set";

fn bucket(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let default = documented(BUCKET);
    const SSE: &str = "ServerSideEncryptionConfiguration";
    if let Some(rule) = f.sub(SSE) {
        keys::assume_customer_key(sink, &keys::key(&rule, "KMSMasterKeyID"));
    }
    sink.put(f, f.text("BucketName"), |bucket: &mut Bucket| {
        bucket.head.name = f.text("BucketName");
        bucket.acl = f.text_or("AccessControl", "private", BUCKET);
        // Each of these may also be set by a companion resource, which then speaks instead of the default.
        bucket.block_public_access = if f.has("BlockPublicAccess") {
            f.bool("BlockPublicAccess")
        } else {
            documented(PUBLIC_ACCESS).known(false)
        };
        bucket.logging_bucket =
            f.in_block("LoggingConfiguration", |block| block.link("TargetBucket"), || default.absent());
        bucket.policy = policy(f);
        bucket.versioning = f.in_block("VersioningConfiguration", |block| block.text("Status"), || default.absent());
        let sse =
            |part: fn(&Fields<'_>) -> Fact<Text>, none: Fact<Text>| f.in_block(SSE, |block| part(&block), || none);
        bucket.encryption = sse(|block| sse_of(block).0, default.known("none".into()));
        bucket.encryption_algorithm = sse(|block| sse_of(block).1, default.absent());
        bucket.encryption_key = f.in_block(SSE, |block| sse_of(&block).2, || default.absent());
        // A template cannot configure HTTPS.
        bucket.tls_versions =
            documented(HTTPS).known(List::complete(ALL_TLS.iter().map(|version| Text::from(*version)).collect()));
        bucket.cors_rules = f.opt_records("CORSConfiguration.CORSRule", |rule| CorsRule {
            allowed_origins: rule.texts("AllowedOrigin"),
            allowed_methods: rule.texts("AllowedMethod"),
        });
        bucket.referers = f.in_block(
            "RefererConfiguration",
            |block| block.opt_texts("RefererList"),
            || default.known(List::complete(vec![])),
        );
        bucket.allow_empty_referer = f.in_block(
            "RefererConfiguration",
            |block| block.bool_or("AllowEmptyReferer", true, BUCKET),
            || default.known(true),
        );
        bucket.lifecycle_rules = f.opt_records("LifecycleConfiguration.Rule", |rule| LifecycleRule {
            enabled: rule.flag_or("Status", &["Enabled"], &["Disabled"], true, BUCKET),
            prefix: rule.text_or("Prefix", "", BUCKET),
            expiration_days: rule.opt_int("Expiration.Days"),
            noncurrent_days: rule.absent(),
        });
        bucket.worm = default.absent();
        bucket.worm_days = default.absent();
        bucket.replication_rules = default.known(List::complete(vec![]));
        bucket.website_index =
            f.in_block("WebsiteConfigurationV2", |block| block.opt_text("IndexDocument.Suffix"), || default.absent());
        bucket.inventories = default.known(List::complete(vec![]));
        bucket.redundancy = f.text_or("RedundancyType", "LRS", BUCKET);
        bucket.transfer_acceleration = default.known(false);
    });
}

type Sse = (Fact<Text>, Fact<Text>, Fact<xiezhi_model::Link<xiezhi_model::service::kms::Key>>);

fn sse_of(f: &Fields<'_>) -> Sse {
    encryption(f, "SSEAlgorithm", "KMSMasterKeyID", "KMSDataEncryption")
}

/// The policy: a map, or its JSON as text.
fn policy(f: &Fields<'_>) -> Fact<Text> {
    if f.has("Policy") { opt_document(f, "Policy") } else { documented(BUCKET).absent() }
}

fn public_access_block(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.on(&f.link("BucketName"), |bucket: &mut Bucket| {
        bucket.block_public_access = f.bool_or("BlockPublicAccess", false, PUBLIC_ACCESS);
    });
}

fn logging(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.on(&f.link("Bucket"), |bucket: &mut Bucket| bucket.logging_bucket = f.link("TargetBucket"));
}

fn replication(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let rules = f.records("ReplicationConfiguration.Rule", |rule| ReplicationRule {
        destination: rule.link("Destination.Bucket"),
        destination_region: region_of(rule.text("Destination.Location")),
        active: rule.known(true),
        replica_key: keys::key(&rule, "EncryptionConfiguration.ReplicaKmsKeyID"),
    });
    sink.extend(&f.link("BucketName"), |bucket: &mut Bucket| &mut bucket.replication_rules, rules);
}

fn worm(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.on(&f.link("Bucket"), |bucket: &mut Bucket| {
        // A template makes the policy and does not lock it. Source: OSS InitiateBucketWorm.
        bucket.worm = worm_state(f.known("InProgress".into()));
        bucket.worm_days = f.int("RetentionPeriodInDays");
    });
}

/// A domain of the customer that leads to the bucket. Source: ROS documentation, `ALIYUN::OSS::Domain`.
fn domain(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let (items, more) = one_item(f.text("DomainName"));
    sink.append(&f.link("BucketName"), |bucket: &mut Bucket| &mut bucket.domains, items, more);
}

fn website(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.on(&f.link("BucketName"), |bucket: &mut Bucket| {
        bucket.website_index = f.opt_text("WebsiteConfiguration.IndexDocument.Suffix");
    });
}

/// The ACL of one object, which a template can give and not make. Source: ROS documentation, `ALIYUN::OSS::ObjectAcl`.
fn object_acl(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.unknown(Reason::NotInEvidence), |object: &mut Object| {
        object.head.name = f.text("ObjectKey");
        object.bucket = f.link("Bucket");
        object.acl = f.text("ObjectAcl");
    });
}
