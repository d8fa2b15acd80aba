//! Condition keys that the documentation names (section 3 of the reference): spelling and type.

/// The type of a key's values; decides which values the symbolic engine tries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyType {
    /// Any text.
    Text,
    /// Several texts at once.
    TextSet,
    /// `true` or `false`.
    Bool,
    /// A decimal number.
    Number,
    /// An instant.
    Date,
    /// An address.
    Ip,
}

/// (documented spelling, type, whether every request carries it).
///
/// That every request has a source address, a time and a transport is our reading of the key descriptions, not a stated rule.
const KEYS: &[(&str, KeyType, bool)] = &[
    ("acs:AccessId", KeyType::Text, false),
    ("acs:CurrentTime", KeyType::Date, true),
    ("acs:MFAPresent", KeyType::Bool, false),
    ("acs:PrincipalArn", KeyType::Text, false),
    ("acs:PrincipalRDId", KeyType::Text, false),
    ("acs:PrincipalRDPath", KeyType::Text, false),
    ("acs:ResourceGroupId", KeyType::Text, false),
    ("acs:SecureTransport", KeyType::Bool, true),
    ("acs:Service", KeyType::Text, false),
    ("acs:SourceAccount", KeyType::Text, false),
    ("acs:SourceArn", KeyType::Text, false),
    ("acs:SourceIp", KeyType::Ip, true),
    ("acs:SourceVpc", KeyType::Text, false),
    ("acs:SourceVpcId", KeyType::Text, false),
    ("acs:TLSVersion", KeyType::Number, false),
    ("acs:UserAgent", KeyType::Text, false),
    ("acs:VpcSourceIp", KeyType::Ip, false),
    ("dms:DbType", KeyType::Text, false),
    ("dms:SqlType", KeyType::Text, false),
    ("dms:TenantId", KeyType::Text, false),
    ("ecs:CommandRunAs", KeyType::Text, false),
    ("ecs:IsDiskAutoSnapshotPolicyEnabled", KeyType::Bool, false),
    ("ecs:IsSystemDiskAutoSnapshotPolicyEnabled", KeyType::Bool, false),
    ("log:Encrypted", KeyType::Bool, false),
    ("log:TLSVersion", KeyType::Number, false),
    ("odps:Encryption", KeyType::Bool, false),
    ("oidc:aud", KeyType::Text, false),
    ("oidc:iss", KeyType::Text, false),
    ("oidc:sub", KeyType::Text, false),
    ("oss:AccessPointNetworkOrigin", KeyType::Text, false),
    ("oss:DataAccessPointAccount", KeyType::Text, false),
    ("oss:DataAccessPointArn", KeyType::Text, false),
    ("oss:Delimiter", KeyType::Text, false),
    ("oss:Prefix", KeyType::Text, false),
    ("oss:object-remaining-retention-days", KeyType::Number, false),
    ("oss:x-oss-acl", KeyType::Text, false),
    ("oss:x-oss-object-acl", KeyType::Text, false),
    // `TLSv1` to `TLSv1.3`, compared as strings (Tablestore "Instance policy", condition keys).
    ("ots:TLSVersion", KeyType::Text, false),
    ("ram:ServiceName", KeyType::Text, false),
    ("ram:ServiceNames", KeyType::TextSet, false),
    ("ram:TrustedPrincipalTypes", KeyType::TextSet, false),
    ("rds:DiskEncryptionRequired", KeyType::Bool, false),
    ("saml:recipient", KeyType::Text, false),
    ("sts:ExternalId", KeyType::Text, false),
];

/// Prefixes of tag keys, whose rest is the tag's name.
const TAG_PREFIXES: &[&str] = &[
    "acs:RequestTag/",
    "acs:ResourceTag/",
    "ecs:tag/",
    "kms:tag/",
    "oss:BucketTag/",
    "oss:ExistingObjectTag/",
    "oss:RequestObjectTag/",
    "rds:ResourceTag/",
    "vpc:tag/",
];

fn find(folded: &str) -> Option<&'static (&'static str, KeyType, bool)> {
    KEYS.iter().find(|(name, _, _)| name.eq_ignore_ascii_case(folded))
}

/// The documented spelling and type of a key, by its name in lower case.
#[must_use]
pub fn known(folded: &str) -> Option<(&'static str, KeyType)> {
    find(folded).map(|(name, kind, _)| (*name, *kind))
}

/// Whether the key is documented, tag keys included.
#[must_use]
pub fn is_documented(folded: &str) -> bool {
    find(folded).is_some()
        || TAG_PREFIXES.iter().any(|p| folded.get(..p.len()).is_some_and(|head| head.eq_ignore_ascii_case(p)))
}

/// Whether every request is taken to carry the key.
#[must_use]
pub fn is_always_present(folded: &str) -> bool {
    find(folded).is_some_and(|(_, _, always)| *always)
}
