//! OSS in Terraform. Source: terraform-provider-alicloud, `website/docs/r/oss_*.html.markdown`.

use xiezhi_model::service::oss::{AccessPoint, Bucket, CorsRule, Inventory, LifecycleRule, Object, ReplicationRule};
use xiezhi_model::{Fact, List, Reason, State, Text};

use crate::api::oss::{ALL_TLS, encryption, region_of};
use crate::fields::{Fields, documented};
use crate::keys;
use crate::policy::{document, opt_document};
use crate::sink::Sink;
use crate::terraform::Block;

/// The resource types of OSS.
pub const BLOCKS: &[Block] = &[
    Block { name: "alicloud_oss_bucket", kind: Some(Bucket::SCHEMA), read: bucket },
    Block { name: "alicloud_oss_bucket_acl", kind: None, read: acl },
    Block { name: "alicloud_oss_bucket_public_access_block", kind: None, read: public_access_block },
    Block { name: "alicloud_oss_bucket_policy", kind: None, read: policy },
    Block { name: "alicloud_oss_bucket_versioning", kind: None, read: versioning },
    Block { name: "alicloud_oss_bucket_logging", kind: None, read: logging },
    Block { name: "alicloud_oss_bucket_server_side_encryption", kind: None, read: server_side_encryption },
    Block { name: "alicloud_oss_bucket_https_config", kind: None, read: https_config },
    Block { name: "alicloud_oss_bucket_cname", kind: None, read: cname },
    Block { name: "alicloud_oss_bucket_cors", kind: None, read: cors },
    Block { name: "alicloud_oss_bucket_referer", kind: None, read: referer },
    Block { name: "alicloud_oss_bucket_worm", kind: None, read: worm },
    Block { name: "alicloud_oss_bucket_website", kind: None, read: website },
    Block { name: "alicloud_oss_bucket_replication", kind: None, read: replication },
    Block { name: "alicloud_oss_bucket_inventory", kind: None, read: inventory },
    Block { name: "alicloud_oss_bucket_transfer_acceleration", kind: None, read: acceleration },
    Block { name: "alicloud_oss_access_point", kind: Some(AccessPoint::SCHEMA), read: access_point },
    Block { name: "alicloud_oss_access_point_policy", kind: None, read: access_point_policy },
    Block { name: "alicloud_oss_bucket_object", kind: Some(Object::SCHEMA), read: object },
];

const BUCKET: &str = "terraform-provider-alicloud r/oss_bucket";
const ACCESS_POINT: &str = "terraform-provider-alicloud r/oss_access_point";
const OBJECT: &str = "terraform-provider-alicloud r/oss_bucket_object";
const HTTPS: &str = "terraform-provider-alicloud r/oss_bucket_https_config";
const PUBLIC_ACCESS: &str = "terraform-provider-alicloud r/oss_bucket_public_access_block";

fn bucket(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let default = documented(BUCKET);
    let rule = f.sub("server_side_encryption_rule");
    if let Some(rule) = &rule {
        keys::assume_customer_key(sink, &keys::key(rule, "kms_master_key_id"));
    }
    sink.put(f, f.text("bucket"), |bucket: &mut Bucket| {
        bucket.head.name = f.text("bucket");
        // Each of these may also be set by a companion resource, which then speaks instead of the default.
        bucket.acl = f.text_or("acl", "private", BUCKET);
        bucket.block_public_access = documented(PUBLIC_ACCESS).known(false);
        bucket.policy = or_default(opt_document(f, "policy"), || default.absent());
        bucket.versioning = f.in_block("versioning", |block| block.text("status"), || default.absent());
        bucket.logging_bucket =
            logged(f, f.in_block("logging", |block| block.link("target_bucket"), || default.absent()));
        bucket.logging_prefix =
            logged(f, f.in_block("logging", |block| block.opt_text("target_prefix"), || default.absent()));
        let sse = |part: fn(Sse) -> Fact<Text>, none: Fact<Text>| {
            f.in_block("server_side_encryption_rule", |block| part(sse_of(&block)), || none)
        };
        bucket.encryption = sse(|sse| sse.0, default.known("none".into()));
        bucket.encryption_algorithm = sse(|sse| sse.1, default.absent());
        bucket.encryption_key =
            f.in_block("server_side_encryption_rule", |block| sse_of(&block).2, || default.absent());
        bucket.tls_versions = documented(HTTPS).known(all_tls());
        bucket.cors_rules = listed(f, "cors_rule", cors_rule);
        bucket.referers =
            f.in_block("referer_config", |block| block.texts("referers"), || default.known(List::complete(vec![])));
        bucket.allow_empty_referer =
            f.in_block("referer_config", |block| block.bool_or("allow_empty", false, BUCKET), || default.known(true));
        bucket.lifecycle_rules = listed(f, "lifecycle_rule", |rule| LifecycleRule {
            enabled: rule.bool("enabled"),
            prefix: rule.text_or("prefix", "", BUCKET),
            expiration_days: rule.opt_int("expiration.days"),
            noncurrent_days: rule.opt_int("noncurrent_version_expiration.days"),
        });
        bucket.worm = default.absent();
        bucket.worm_days = default.absent();
        bucket.replication_rules = default.known(List::complete(vec![]));
        bucket.website_index = f.in_block("website", |block| block.text("index_document"), || default.absent());
        bucket.inventories = default.known(List::complete(vec![]));
        bucket.redundancy = f.text_or("redundancy_type", "LRS", BUCKET);
        bucket.transfer_acceleration =
            f.in_block("transfer_acceleration", |block| block.bool("enabled"), || default.known(false));
    });
}

/// What a `logging` block says, as far as it counts: `logging_isenable = false` beside it switched logging off before
/// provider 1.37.0 and does nothing since, and the version that applies it is not in evidence. Source:
/// terraform-provider-alicloud, `resource_alicloud_oss_bucket.go` (`logging_isenable`, deprecated from 1.37.0).
fn logged<T>(f: &Fields<'_>, said: Fact<T>) -> Fact<T> {
    match f.bool_or("logging_isenable", true, BUCKET).state {
        State::Known(true) | State::Absent => said,
        _ if said.is_absent() => said,
        State::Known(false) => f.unknown(Reason::not_understood("`logging_isenable = false` beside `logging`")),
        State::Unknown(reason) => f.unknown(reason),
    }
}

type Sse = (Fact<Text>, Fact<Text>, Fact<xiezhi_model::Link<xiezhi_model::service::kms::Key>>);

fn sse_of(f: &Fields<'_>) -> Sse {
    encryption(f, "sse_algorithm", "kms_master_key_id", "kms_data_encryption")
}

/// A list that blocks of the resource make up; without any the default holds, which companions override.
fn listed<'t, T>(f: &Fields<'t>, path: &str, each: impl FnMut(Fields<'t>) -> T) -> Fact<List<T>> {
    let list = f.opt_records(path, each);
    match list.value() {
        Some(known) if known.items.is_empty() && known.more.is_none() => {
            documented(BUCKET).known(List::complete(vec![]))
        }
        _ => list,
    }
}

fn or_default<T>(fact: Fact<T>, default: impl FnOnce() -> Fact<T>) -> Fact<T> {
    if fact.is_absent() { default() } else { fact }
}

fn all_tls() -> List<Text> {
    List::complete(ALL_TLS.iter().map(|version| Text::from(*version)).collect())
}

fn cors_rule(rule: Fields<'_>) -> CorsRule {
    CorsRule { allowed_origins: rule.texts("allowed_origins"), allowed_methods: rule.texts("allowed_methods") }
}

fn acl(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.on(&f.link("bucket"), |bucket: &mut Bucket| bucket.acl = f.text("acl"));
}

fn public_access_block(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.on(&f.link("bucket"), |bucket: &mut Bucket| {
        bucket.block_public_access = f.bool_or("block_public_access", false, PUBLIC_ACCESS);
    });
}

fn policy(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.on(&f.link("bucket"), |bucket: &mut Bucket| bucket.policy = document(f, "policy"));
}

fn versioning(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.on(&f.link("bucket"), |bucket: &mut Bucket| bucket.versioning = f.text("status"));
}

fn logging(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.on(&f.link("bucket"), |bucket: &mut Bucket| {
        bucket.logging_bucket = f.link("target_bucket");
        bucket.logging_prefix = f.opt_text("target_prefix");
    });
}

fn server_side_encryption(f: &Fields<'_>, sink: &mut Sink<'_>) {
    keys::assume_customer_key(sink, &keys::key(f, "kms_master_key_id"));
    sink.on(&f.link("bucket"), |bucket: &mut Bucket| {
        (bucket.encryption, bucket.encryption_algorithm, bucket.encryption_key) = sse_of(f);
    });
}

fn https_config(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.on(&f.link("bucket"), |bucket: &mut Bucket| {
        bucket.tls_versions = crate::api::oss::tls_versions(&f.bool("enable"), f.texts("tls_versions"));
    });
}

/// A domain that leads to the bucket. Source: terraform-provider-alicloud r/oss_bucket_cname.
fn cname(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let (items, more) = crate::words::one_item(f.text("domain"));
    sink.append(&f.link("bucket"), |bucket: &mut Bucket| &mut bucket.domains, items, more);
}

fn cors(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.on(&f.link("bucket"), |bucket: &mut Bucket| bucket.cors_rules = f.records("cors_rule", cors_rule));
}

fn referer(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.on(&f.link("bucket"), |bucket: &mut Bucket| {
        bucket.referers = f.opt_texts("referer_list");
        bucket.allow_empty_referer = f.bool("allow_empty_referer");
    });
}

fn worm(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.on(&f.link("bucket"), |bucket: &mut Bucket| {
        // A new policy is not locked until somebody sets the status.
        let state = or_default(f.opt_text("status"), || f.known("InProgress".into()));
        bucket.worm = crate::api::oss::worm_state(state);
        bucket.worm_days = f.int("retention_period_in_days");
    });
}

fn website(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.on(&f.link("bucket"), |bucket: &mut Bucket| bucket.website_index = f.opt_text("index_document.suffix"));
}

fn replication(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let rule = ReplicationRule {
        destination: f.link("destination.bucket"),
        destination_region: region_of(f.text("destination.location")),
        active: f.known(true),
        replica_key: keys::key(f, "encryption_configuration.replica_kms_key_id"),
    };
    sink.append(&f.link("bucket"), |bucket: &mut Bucket| &mut bucket.replication_rules, vec![rule], None);
}

fn inventory(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let inventory = Inventory {
        enabled: f.bool("is_enabled"),
        destination: f.link("destination.oss_bucket_destination.bucket"),
        destination_account: f.text("destination.oss_bucket_destination.account_id"),
    };
    sink.append(&f.link("bucket"), |bucket: &mut Bucket| &mut bucket.inventories, vec![inventory], None);
}

fn acceleration(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.on(&f.link("bucket"), |bucket: &mut Bucket| bucket.transfer_acceleration = f.bool("enabled"));
}

fn access_point(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("access_point_name"), |point: &mut AccessPoint| {
        point.head.name = f.text("access_point_name");
        point.bucket = f.link("bucket");
        point.network_origin = f.word("network_origin");
        point.block_public_access = f.bool("public_access_block_configuration.block_public_access");
        // The policy is a resource of its own; not declared, there is none.
        point.policy = documented(ACCESS_POINT).absent();
    });
}

fn access_point_policy(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.on(&f.link("access_point_name"), |point: &mut AccessPoint| point.policy = document(f, "policy"));
}

fn object(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.unknown(Reason::NotInEvidence), |object: &mut Object| {
        object.head.name = f.text("key");
        object.bucket = f.link("bucket");
        object.acl = f.text_or("acl", "private", OBJECT);
    });
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests;
