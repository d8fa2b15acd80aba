//! OSS in Terraform. Source: terraform-provider-alicloud, `website/docs/r/oss_bucket*.html.markdown`.

use xiezhi_model::service::oss::{Bucket, CorsRule};

use crate::fields::{Fields, documented};
use crate::sink::Sink;
use crate::terraform::Block;

/// The resource types of OSS.
pub const BLOCKS: &[Block] = &[
    Block { name: "alicloud_oss_bucket", kind: Some(Bucket::SCHEMA), read: bucket },
    Block { name: "alicloud_oss_bucket_acl", kind: None, read: acl },
];

const BUCKET: &str = "terraform-provider-alicloud r/oss_bucket";

fn bucket(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("bucket"), |bucket: &mut Bucket| {
        bucket.head.name = f.text("bucket");
        bucket.acl = f.text_or("acl", "private", BUCKET);
        // Each of these may also be set by a companion resource, which then speaks instead of the default.
        bucket.versioning = if f.has("versioning") { f.text("versioning.status") } else { documented(BUCKET).absent() };
        bucket.logging_bucket =
            if f.has("logging") { f.text("logging.target_bucket") } else { documented(BUCKET).absent() };
        bucket.cors_rules = f.opt_records("cors_rule", |rule| CorsRule {
            allowed_origins: rule.texts("allowed_origins"),
            allowed_methods: rule.texts("allowed_methods"),
        });
    });
}

fn acl(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.on(&f.link("bucket"), |bucket: &mut Bucket| bucket.acl = f.text("acl"));
}
