//! Policies, callers and layers as the example tests say them: account 1001 owns what is asked for.
#![allow(dead_code, clippy::panic)]

pub mod example;

use xiezhi_policy::{
    Acl, Caller, Layer, Layers, ObjectAcl, OssSide, Outcome, Policy, PolicyKind, PolicySet, Reading, Request,
    ResourceSide, Tri, decide,
};

pub const OWNER: &str = "1001";
pub const OBJECT: &str = "acs:oss:oss-cn-hangzhou:1001:b/k";

pub fn policy(kind: PolicyKind, statements: &str) -> Policy {
    let policy = Policy::parse("p", kind, &format!(r#"{{"Version":"1","Statement":[{statements}]}}"#));
    assert!(policy.problems.iter().all(xiezhi_policy::Problem::is_note), "{:?}", policy.problems);
    policy
}

pub fn identity(statements: &str) -> Policy {
    policy(PolicyKind::Identity, statements)
}

pub fn user(account: &str) -> Caller {
    Caller::User { account: account.into(), name: "ann".into(), id: Some(format!("2{account}")) }
}

pub fn role(account: &str, name: &str) -> Caller {
    Caller::Role { account: account.into(), name: name.into(), session: "s".into() }
}

pub fn outcome(layers: &Layers<'_>, request: &Request) -> (Outcome, Layer) {
    let decision = decide(request, layers, &Reading::standard());
    (decision.outcome, decision.layer)
}

/// The side of a private bucket with this policy, nothing blocked.
pub fn bucket(policy: &Policy) -> OssSide<'_> {
    OssSide {
        bucket_policy: PolicySet::of(vec![policy]),
        bucket_acl: Some(Acl::Private),
        object_acl: ObjectAcl::Default,
        block_public_access: [Tri::No; 4],
        access_point: None,
    }
}

pub fn oss<'a>(identity: Vec<&'a Policy>, side: OssSide<'a>) -> Layers<'a> {
    let mut layers = Layers::identity_only(OWNER, PolicySet::of(identity));
    layers.resource = ResourceSide::Oss(Box::new(side));
    layers
}
