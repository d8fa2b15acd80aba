//! OSS answers (`aliyun oss` and `ossutil api` print them as JSON). Some printers keep the root element of the XML
//! answer, some leave it out: both are read.

use xiezhi_model::service::kms::Key;
use xiezhi_model::service::oss::{AccessPoint, Bucket, CorsRule, Inventory, LifecycleRule, Object, ReplicationRule};
use xiezhi_model::{Fact, Link, List, Reason, State, Text};

use super::Call;
use crate::fields::Fields;
use crate::keys;
use crate::sink::Sink;

/// The calls of OSS.
pub const CALLS: &[Call] = &[
    Call { product: "oss", action: "ListBuckets", list: "Buckets.Bucket", lists: Some(Bucket::SCHEMA), read: bucket },
    Call { product: "oss", action: "GetBucketInfo", list: "", lists: None, read: info },
    Call { product: "oss", action: "GetBucketAcl", list: "", lists: None, read: acl },
    Call { product: "oss", action: "GetBucketPublicAccessBlock", list: "", lists: None, read: public_access_block },
    Call { product: "oss", action: "GetBucketPolicy", list: "", lists: None, read: policy },
    Call { product: "oss", action: "GetBucketPolicyStatus", list: "", lists: None, read: policy_status },
    Call { product: "oss", action: "GetBucketVersioning", list: "", lists: None, read: versioning },
    Call { product: "oss", action: "GetBucketLogging", list: "", lists: None, read: logging },
    Call { product: "oss", action: "GetBucketEncryption", list: "", lists: None, read: bucket_encryption },
    Call { product: "oss", action: "GetBucketHttpsConfig", list: "", lists: None, read: https_config },
    Call { product: "oss", action: "GetBucketCors", list: "", lists: None, read: cors },
    Call { product: "oss", action: "GetBucketReferer", list: "", lists: None, read: referer },
    Call { product: "oss", action: "GetBucketLifecycle", list: "", lists: None, read: lifecycle },
    Call { product: "oss", action: "GetBucketWorm", list: "", lists: None, read: worm },
    Call { product: "oss", action: "GetBucketReplication", list: "", lists: None, read: replication },
    Call { product: "oss", action: "GetBucketWebsite", list: "", lists: None, read: website },
    Call { product: "oss", action: "ListBucketInventory", list: "", lists: None, read: inventories },
    Call { product: "oss", action: "ListCname", list: "", lists: None, read: cnames },
    Call { product: "oss", action: "GetBucketTags", list: "", lists: None, read: tags },
    Call {
        product: "oss",
        action: "ListAccessPoints",
        list: "AccessPoints.AccessPoint",
        lists: Some(AccessPoint::SCHEMA),
        read: access_point,
    },
    Call { product: "oss", action: "GetAccessPoint", list: "", lists: None, read: access_point },
    Call { product: "oss", action: "GetAccessPointPolicy", list: "", lists: None, read: access_point_policy },
    Call { product: "oss", action: "GetObjectAcl", list: "", lists: None, read: object_acl },
];

/// Every TLS version that an endpoint speaks when HTTPS is not configured for the bucket. Source: OSS PutBucketHttpsConfig.
pub const ALL_TLS: &[&str] = &["TLSv1.0", "TLSv1.1", "TLSv1.2", "TLSv1.3"];

/// The bucket that the call was for.
fn target(sink: &Sink<'_>) -> Fact<Link<Bucket>> {
    let named = sink.param("BucketName");
    let named = if named.value().is_some() { named } else { sink.param("Bucket") };
    named.map(Link::id)
}

/// The answer without the root element of its XML.
fn inside<'t>(f: &Fields<'t>, root: &str) -> Fields<'t> {
    f.sub(root).unwrap_or(*f)
}

/// Whether the answer is the error by which OSS says that there is no such configuration.
fn says_none(f: &Fields<'_>, code: &str) -> bool {
    f.plain("Code") == Some(code) || f.plain("Error.Code") == Some(code)
}

/// The region of an OSS location: `oss-cn-beijing` is in `cn-beijing`.
pub(crate) fn region_of(location: Fact<Text>) -> Fact<Text> {
    location.map(|text| text.strip_prefix("oss-").map_or(text.clone(), Text::from))
}

/// Who holds the key, with which cipher, and which key: from the three values that every source states.
///
/// Source: OSS PutBucketEncryption: `SSEAlgorithm` AES256 or SM4 is OSS's own key; KMS without a key id is the key that
/// OSS makes in KMS; `KMSDataEncryption` SM4 is the cipher under a KMS key, else AES.
pub(crate) fn encryption(
    f: &Fields<'_>,
    algorithm: &str,
    key: &str,
    data: &str,
) -> (Fact<Text>, Fact<Text>, Fact<Link<Key>>) {
    let stated = f.word(algorithm);
    let origin = stated.origin.clone();
    let say = |holder: &str, cipher: Option<&str>| {
        let cipher = match cipher {
            Some(cipher) => Fact::known(Text::from(cipher), origin.clone()),
            None => Fact::absent(origin.clone()),
        };
        (Fact::known(Text::from(holder), origin.clone()), cipher, Fact::absent(origin.clone()))
    };
    let unknown = |reason: Reason| {
        (
            Fact::unknown(reason.clone(), origin.clone()),
            Fact::unknown(reason.clone(), origin.clone()),
            Fact::unknown(reason, origin.clone()),
        )
    };
    match &stated.state {
        State::Known(word) => match word.as_str() {
            "none" => say("none", None),
            "aes256" => say("provider-key", Some("aes")),
            "sm4" => say("provider-key", Some("sm4")),
            "kms" => {
                let cipher = f.opt_word(data);
                let cipher = match cipher.state {
                    State::Absent => Fact::known("aes".into(), origin.clone()),
                    _ => cipher,
                };
                (keys::holder(f, key, "service-key"), cipher, keys::key(f, key))
            }
            other => unknown(Reason::not_understood(format!("the encryption algorithm `{other}`"))),
        },
        State::Absent => unknown(Reason::NotInEvidence),
        State::Unknown(reason) => unknown(reason.clone()),
    }
}

/// The versions that the endpoints accept: those that the configuration names when it is on, all of them when it is off.
pub(crate) fn tls_versions(enabled: &Fact<bool>, versions: Fact<List<Text>>) -> Fact<List<Text>> {
    match &enabled.state {
        State::Known(true) => versions,
        State::Known(false) => {
            let all = ALL_TLS.iter().map(|version| Text::from(*version)).collect();
            Fact::known(List::complete(all), enabled.origin.clone())
        }
        State::Absent => Fact::unknown(Reason::NotInEvidence, enabled.origin.clone()),
        State::Unknown(reason) => Fact::unknown(reason.clone(), enabled.origin.clone()),
    }
}

/// The state of a retention policy, spelt our way.
pub(crate) fn worm_state(state: Fact<Text>) -> Fact<Text> {
    state.try_map(|state| match state.to_ascii_lowercase().as_str() {
        "inprogress" => Ok("in-progress".into()),
        "locked" => Ok("locked".into()),
        "expired" => Ok("expired".into()),
        other => Err(Reason::not_understood(format!("the retention state `{other}`"))),
    })
}

fn bucket(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("Name"), |bucket: &mut Bucket| {
        bucket.head.name = f.text("Name");
        bucket.head.region = if f.has("Region") { f.text("Region") } else { region_of(f.text("Location")) };
    });
}

fn info(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let f = &inside(&inside(f, "BucketInfo"), "Bucket");
    sink.put(f, f.text("Name"), |bucket: &mut Bucket| {
        bucket.head.name = f.text("Name");
        bucket.head.region = region_of(f.text("Location"));
        bucket.acl = f.text("AccessControlList.Grant");
        bucket.block_public_access = f.bool("BlockPublicAccess");
        // The answer leaves the status out when versioning was never set.
        bucket.versioning = f.opt_text("Versioning");
        if f.has("BucketPolicy") {
            bucket.logging_bucket = f.link("BucketPolicy.LogBucket");
        }
        if let Some(rule) = f.sub("ServerSideEncryptionRule") {
            (bucket.encryption, bucket.encryption_algorithm, bucket.encryption_key) =
                encryption(&rule, "SSEAlgorithm", "KMSMasterKeyID", "KMSDataEncryption");
        }
        bucket.redundancy = f.text("DataRedundancyType");
        bucket.transfer_acceleration = f.flag("TransferAcceleration", &["Enabled"], &["Disabled"]);
    });
}

fn acl(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let f = &inside(f, "AccessControlPolicy");
    sink.on(&target(sink), |bucket: &mut Bucket| bucket.acl = f.text("AccessControlList.Grant"));
}

fn public_access_block(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let f = &inside(f, "PublicAccessBlockConfiguration");
    sink.on(&target(sink), |bucket: &mut Bucket| bucket.block_public_access = f.bool("BlockPublicAccess"));
}

/// A policy that is the answer itself, or stands in it as text.
fn policy_text(f: &Fields<'_>, none: &str) -> Fact<Text> {
    if says_none(f, none) {
        f.absent()
    } else if f.has("Statement") {
        match f.node().json() {
            Ok(text) => f.known(text.into()),
            Err(reason) => f.unknown(reason),
        }
    } else {
        f.text("Policy")
    }
}

fn access_point_policy(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let policy = policy_text(f, "NoSuchAccessPointPolicy");
    let point = sink.param("AccessPointName").map(Link::id);
    sink.on(&point, |point: &mut AccessPoint| point.policy = policy);
}

fn policy(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let policy = policy_text(f, "NoSuchBucketPolicy");
    sink.on(&target(sink), |bucket: &mut Bucket| bucket.policy = policy);
}

fn policy_status(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let f = &inside(f, "PolicyStatus");
    let public = if says_none(f, "NoSuchBucketPolicy") { f.known(false) } else { f.bool("IsPublic") };
    sink.on(&target(sink), |bucket: &mut Bucket| bucket.policy_public = public);
}

fn versioning(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let f = &inside(f, "VersioningConfiguration");
    // An answer without a status means that versioning was never set. Source: OSS GetBucketVersioning.
    sink.on(&target(sink), |bucket: &mut Bucket| bucket.versioning = f.opt_text("Status"));
}

fn logging(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let f = &inside(f, "BucketLoggingStatus");
    // An answer without `LoggingEnabled` means that logging is off. Source: OSS GetBucketLogging.
    sink.on(&target(sink), |bucket: &mut Bucket| {
        bucket.logging_bucket = f.link("LoggingEnabled.TargetBucket");
        bucket.logging_prefix = f.opt_text("LoggingEnabled.TargetPrefix");
    });
}

fn bucket_encryption(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let rule = inside(&inside(f, "ServerSideEncryptionRule"), "ApplyServerSideEncryptionByDefault");
    sink.on(&target(sink), |bucket: &mut Bucket| {
        if says_none(f, "NoSuchServerSideEncryptionRule") {
            bucket.encryption = f.known("none".into());
            bucket.encryption_algorithm = f.absent();
            bucket.encryption_key = f.absent();
        } else {
            (bucket.encryption, bucket.encryption_algorithm, bucket.encryption_key) =
                encryption(&rule, "SSEAlgorithm", "KMSMasterKeyID", "KMSDataEncryption");
        }
    });
}

fn https_config(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let none = says_none(f, "NoSuchHttpsConfig");
    let f = &inside(f, "HttpsConfiguration");
    sink.on(&target(sink), |bucket: &mut Bucket| {
        let enabled = if none { f.known(false) } else { f.bool("TLS.Enable") };
        bucket.tls_versions = tls_versions(&enabled, f.texts("TLS.TLSVersion"));
    });
}

/// The domains that are bound and switched on. Source: OSS ListCname `ListCnameResult.Cname[]`.
fn cnames(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let f = &inside(f, "ListCnameResult");
    let domains = f.opt_records("Cname", |cname| {
        let on = cname.flag("Status", &["Enabled"], &["Disabled"]);
        match on.state {
            State::Known(true) => cname.text("Domain"),
            State::Known(false) => cname.absent(),
            State::Absent => cname.unknown(Reason::NotInEvidence),
            State::Unknown(reason) => Fact::unknown(reason, on.origin),
        }
    });
    sink.on(&target(sink), |bucket: &mut Bucket| bucket.domains = domains.map(crate::words::values));
}

fn cors(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let none = says_none(f, "NoSuchCORSConfiguration");
    let f = &inside(f, "CORSConfiguration");
    sink.on(&target(sink), |bucket: &mut Bucket| {
        bucket.cors_rules = if none {
            f.known(List::complete(vec![]))
        } else {
            f.records("CORSRule", |rule| CorsRule {
                allowed_origins: rule.texts("AllowedOrigin"),
                allowed_methods: rule.texts("AllowedMethod"),
            })
        };
    });
}

fn referer(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let f = &inside(f, "RefererConfiguration");
    sink.on(&target(sink), |bucket: &mut Bucket| {
        bucket.referers =
            if f.has("RefererList.Referer") { f.opt_texts("RefererList.Referer") } else { referer_list(f) };
        bucket.allow_empty_referer = f.bool("AllowEmptyReferer");
    });
}

/// An empty `RefererList` element is printed as an empty text, list or object.
fn referer_list(f: &Fields<'_>) -> Fact<List<Text>> {
    if f.sub("RefererList").is_some() { f.known(List::complete(vec![])) } else { f.texts("RefererList") }
}

fn lifecycle(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let none = says_none(f, "NoSuchLifecycle");
    let f = &inside(f, "LifecycleConfiguration");
    sink.on(&target(sink), |bucket: &mut Bucket| {
        bucket.lifecycle_rules = if none {
            f.known(List::complete(vec![]))
        } else {
            f.records("Rule", |rule| LifecycleRule {
                enabled: rule.flag("Status", &["Enabled"], &["Disabled"]),
                prefix: rule.text("Prefix"),
                expiration_days: rule.opt_int("Expiration.Days"),
                noncurrent_days: rule.opt_int("NoncurrentVersionExpiration.NoncurrentDays"),
            })
        };
    });
}

fn worm(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let none = says_none(f, "NoSuchWORMConfiguration");
    let f = &inside(f, "WormConfiguration");
    sink.on(&target(sink), |bucket: &mut Bucket| {
        if none {
            bucket.worm = f.absent();
            bucket.worm_days = f.absent();
        } else {
            bucket.worm = worm_state(f.text("State"));
            bucket.worm_days = f.int("RetentionPeriodInDays");
        }
    });
}

fn replication(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let none = says_none(f, "NoSuchReplicationConfiguration");
    let f = &inside(f, "ReplicationConfiguration");
    sink.on(&target(sink), |bucket: &mut Bucket| {
        bucket.replication_rules = if none {
            f.known(List::complete(vec![]))
        } else {
            f.records("Rule", |rule| ReplicationRule {
                destination: rule.link("Destination.Bucket"),
                destination_region: region_of(rule.text("Destination.Location")),
                active: rule.flag("Status", &["starting", "doing"], &["closing"]),
                replica_key: keys::key(&rule, "EncryptionConfiguration.ReplicaKmsKeyID"),
            })
        };
    });
}

fn website(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let none = says_none(f, "NoSuchWebsiteConfiguration");
    let f = &inside(f, "WebsiteConfiguration");
    sink.on(&target(sink), |bucket: &mut Bucket| {
        bucket.website_index = if none { f.absent() } else { f.text("IndexDocument.Suffix") };
    });
}

fn inventories(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let none = says_none(f, "NoSuchInventory");
    let f = &inside(f, "ListInventoryConfigurationsResult");
    // A bucket may have up to 1,000 of them; a page holds 100 (`IsTruncated`).
    let more = (f.plain("IsTruncated") == Some("true")).then_some(Reason::NotCollected);
    let read = |one: Fields<'_>| Inventory {
        enabled: one.bool("IsEnabled"),
        destination: one.link::<Bucket>("Destination.OSSBucketDestination.Bucket").map(|link| {
            // acs:oss:::<bucket>
            link.target.rsplit_once(':').map_or(link.clone(), |(_, name)| Link::id(name))
        }),
        destination_account: one.text("Destination.OSSBucketDestination.AccountId"),
    };
    let list = if none { f.known(List::complete(vec![])) } else { f.records("InventoryConfiguration", read) };
    match list.state {
        State::Known(known) => {
            let more = known.more.or(more);
            sink.append(&target(sink), |bucket: &mut Bucket| &mut bucket.inventories, known.items, more);
        }
        _ => sink.on(&target(sink), |bucket: &mut Bucket| bucket.inventories = list),
    }
}

fn tags(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let f = &inside(&inside(f, "Tagging"), "TagSet");
    let keys = f.opt_records("Tag", |tag| tag.text("Key"));
    sink.on(&target(sink), |bucket: &mut Bucket| {
        bucket.tag_keys = keys.map(|list| {
            let mut known = List { items: Vec::new(), more: list.more };
            for key in list.items {
                match key.state {
                    State::Known(key) => known.items.push(key),
                    State::Absent => {}
                    State::Unknown(reason) => known.more = Some(reason),
                }
            }
            known
        });
    });
}

fn access_point(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let f = &inside(f, "GetAccessPointResult");
    sink.put(f, f.text("AccessPointName"), |point: &mut AccessPoint| {
        point.head.name = f.text("AccessPointName");
        point.bucket = f.parent("Bucket");
        point.network_origin = f.word("NetworkOrigin");
        point.block_public_access = f.bool("PublicAccessBlockConfiguration.BlockPublicAccess");
    });
}

fn object_acl(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let f = &inside(f, "AccessControlPolicy");
    let bucket = target(sink);
    let name = sink.param("ObjectName");
    let name = if name.value().is_some() { name } else { sink.param("Key") };
    let id = match (&bucket.state, &name.state) {
        (State::Known(bucket), State::Known(name)) => f.known(format!("{}/{name}", bucket.target).into()),
        _ => f.unknown(Reason::NotInEvidence),
    };
    sink.put(f, id, |object: &mut Object| {
        object.head.name = name;
        object.bucket = bucket;
        object.acl = f.text("AccessControlList.Grant");
    });
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests;
