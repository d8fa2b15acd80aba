//! The layers of a request, and what is missing of them.

use crate::policy::Policy;
use crate::switches::Tri;
use crate::values::IpRange;
use serde::Serialize;

/// A piece of evidence that is missing: what, and why.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Gap {
    /// What was not looked at, for example `groups of ann`.
    pub what: String,
    /// Why, for example `call refused: ram:ListGroupsForUser`.
    pub why: String,
}

impl Gap {
    /// A gap.
    #[must_use]
    pub fn new(what: &str, why: &str) -> Self {
        Gap { what: what.to_owned(), why: why.to_owned() }
    }
}

/// The policies of one layer, and what is missing of them.
#[derive(Debug, Clone, Default)]
pub struct PolicySet<'a> {
    /// The policies that were read.
    pub policies: Vec<&'a Policy>,
    /// What could not be looked at: any of it may allow or deny.
    pub gaps: Vec<Gap>,
}

impl<'a> PolicySet<'a> {
    /// A complete set.
    #[must_use]
    pub fn of(policies: Vec<&'a Policy>) -> Self {
        PolicySet { policies, gaps: Vec::new() }
    }
}

/// An access control list of a bucket or object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Acl {
    /// Owner only.
    Private,
    /// Anyone reads objects.
    PublicRead,
    /// Anyone reads, writes and deletes objects.
    PublicReadWrite,
}

/// The ACL of an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ObjectAcl {
    /// Follows the bucket.
    Default,
    /// Its own, which overrides the bucket's.
    Own(Acl),
    /// Not collected.
    Unknown,
}

/// What OSS looks at beside identity policies (section 2.5).
#[derive(Debug, Clone)]
pub struct OssSide<'a> {
    /// The bucket policy; an empty complete set when there is none.
    pub bucket_policy: PolicySet<'a>,
    /// The bucket's ACL; `None` when it was not collected.
    pub bucket_acl: Option<Acl>,
    /// The object's ACL.
    pub object_acl: ObjectAcl,
    /// Block Public Access at account, bucket, access-point and function-access-point level.
    pub block_public_access: [Tri; 4],
    /// Policy of the access point that the request uses.
    pub access_point: Option<PolicySet<'a>>,
}

/// The resource-based side of a request.
#[derive(Debug, Clone)]
pub enum ResourceSide<'a> {
    /// The service has no resource-based policy.
    None,
    /// SLS project or Tablestore instance: merged by the default rule.
    Default(PolicySet<'a>),
    /// KMS key or secret.
    Key(PolicySet<'a>),
    /// The trust policy of a role: it has its say on `sts:` actions, which both sides must allow.
    Trust(PolicySet<'a>),
    /// OSS.
    Oss(Box<OssSide<'a>>),
}

/// Network rule of an AccessKey; STS credentials are never covered.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct KeyNetwork {
    /// Allowed public ranges.
    pub ranges: Vec<IpRange>,
    /// Allowed VPC ids.
    pub vpcs: Vec<String>,
}

/// All layers of a request.
#[derive(Debug, Clone)]
pub struct Layers<'a> {
    /// Account that owns the resource; empty when the resource belongs to none (`*`).
    pub owner: &'a str,
    /// Network rule of the AccessKey that signs, when there is an active one.
    pub key_network: Option<&'a KeyNetwork>,
    /// Control policies over the resource's owner, level by level from the member to the root; empty when it is not subject to any.
    pub owner_control: Vec<PolicySet<'a>>,
    /// Control policies over the caller's account; the same as the owner's inside one account.
    pub caller_control: Vec<PolicySet<'a>>,
    /// Whether the caller escapes control policies: root, management account, service-linked role.
    pub control_exempt: bool,
    /// The session policy of a role session that was made with one.
    pub session: Option<PolicySet<'a>>,
    /// Account-level policies of the user and its groups, or of the role.
    pub identity: PolicySet<'a>,
    /// Policies attached at the resource group of this resource, when the action supports it.
    pub group_identity: PolicySet<'a>,
    /// Policy of the VPC gateway endpoint that the request passes.
    pub endpoint: Option<PolicySet<'a>>,
    /// The resource side.
    pub resource: ResourceSide<'a>,
}

impl<'a> Layers<'a> {
    /// Only account-level identity policies, inside one account.
    #[must_use]
    pub fn identity_only(owner: &'a str, identity: PolicySet<'a>) -> Self {
        Layers {
            owner,
            key_network: None,
            owner_control: Vec::new(),
            caller_control: Vec::new(),
            control_exempt: false,
            session: None,
            identity,
            group_identity: PolicySet::default(),
            endpoint: None,
            resource: ResourceSide::None,
        }
    }
}
