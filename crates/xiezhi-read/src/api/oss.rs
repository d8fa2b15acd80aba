//! OSS answers (`aliyun oss` and `ossutil api` print them as JSON).

use xiezhi_model::Link;
use xiezhi_model::service::oss::Bucket;

use super::Call;
use crate::fields::Fields;
use crate::sink::Sink;

/// The calls of OSS.
pub const CALLS: &[Call] = &[
    Call { product: "oss", action: "ListBuckets", list: "Buckets.Bucket", lists: Some(Bucket::SCHEMA), read: bucket },
    Call { product: "oss", action: "GetBucketAcl", list: "", lists: None, read: acl },
];

fn bucket(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("Name"), |bucket: &mut Bucket| {
        bucket.head.name = f.text("Name");
        bucket.head.region = f.text("Region");
    });
}

fn acl(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let bucket = sink.param("BucketName").map(Link::id);
    sink.on(&bucket, |bucket: &mut Bucket| bucket.acl = f.text("AccessControlList.Grant"));
}
