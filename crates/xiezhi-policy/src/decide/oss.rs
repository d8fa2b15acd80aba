//! Section 2.5: RAM and bucket policy together, ACLs, Block Public Access, access points.

use super::{
    ALLOW, Acl, Gap, IMPLICIT, Layer, ObjectAcl, Open, OssSide, Said, both_allow, either_allows, everything, step,
};
use crate::policy::{Condition, Effect, PrincipalElement, Statement, Test};
use crate::request::{Caller, Request};
use crate::switches::{Reading, Tri};

/// What OSS makes of a request.
pub(super) fn oss<'a>(
    request: &Request,
    owner: &str,
    reading: &Reading,
    identity: Said<'a>,
    own: bool,
    side: &OssSide<'a>,
) -> (Open, Vec<Said<'a>>) {
    // with Block Public Access on, public grants stop working.
    let blocked = side.block_public_access.iter().fold(Tri::No, |so_far, level| so_far.or(*level));
    let bucket = step(&side.bucket_policy, Layer::ResourceBasedPolicy, request, owner, *reading, |statement| {
        if blocked != Tri::No && is_public_statement(statement) { blocked.negate() } else { Tri::Yes }
    });
    // any explicit deny; any Allow; an outside caller's own RAM policies do not count, nor do they exist for nobody.
    let counts = own && request.caller != Caller::Anonymous;
    let identity = if counts { identity } else { Said::nothing(Layer::AccountLevelIdentityBasedPolicy) };
    let mut open = identity.open.with(bucket.open, either_allows);
    let mut parts = vec![identity, bucket];
    if open.has(IMPLICIT) {
        let by_acl = acl(request, side, blocked);
        open = Open((open.0 & !IMPLICIT) | by_acl.open.0);
        parts.push(by_acl);
    }
    if let Some(set) = &side.access_point {
        // the access point must allow too; no anonymous access.
        let said = step(set, Layer::AccessPointPolicy, request, owner, *reading, everything);
        let nobody = request.caller == Caller::Anonymous;
        open = if nobody { Open(IMPLICIT) } else { open.with(said.open, both_allow) };
        parts.push(said);
    }
    (open, parts)
}

/// what an ACL grants to anyone; object ACL over bucket ACL.
fn acl<'a>(request: &Request, side: &OssSide<'_>, blocked: Tri) -> Said<'a> {
    let read = request.folded_action() == "oss:getobject";
    let write = matches!(request.folded_action(), "oss:putobject" | "oss:deleteobject" | "oss:abortmultipartupload");
    let mut said = Said::nothing(Layer::Acl);
    if !read && !write {
        return said;
    }
    let grants = |acl: Acl| match acl {
        Acl::Private => false,
        Acl::PublicRead => read,
        Acl::PublicReadWrite => true,
    };
    let granted = match (side.object_acl, side.bucket_acl) {
        (ObjectAcl::Own(acl), _) | (ObjectAcl::Default, Some(acl)) => Tri::from(grants(acl)),
        _ => {
            said.gaps.push(Gap::new("ACL of the bucket or object", "not collected"));
            Tri::Maybe
        }
    };
    said.open = Open(match granted.and(blocked.negate()) {
        Tri::Yes => ALLOW,
        Tri::Maybe => ALLOW | IMPLICIT,
        Tri::No => IMPLICIT,
    });
    said
}

/// a bucket-policy Allow is public unless its principals are fixed or a condition limits the source to fixed values.
/// Deny statements and statements of unknown effect never count as public.
#[must_use]
pub fn is_public_statement(statement: &Statement) -> bool {
    if statement.effect != Some(Effect::Allow) {
        return false;
    }
    let open_principal = match &statement.principal {
        None | Some(PrincipalElement::Anyone) => true,
        Some(PrincipalElement::Listed(entries)) => {
            entries.iter().any(|e| e.text.contains(['*', '?']) && !e.text.starts_with("arn:sts:"))
        }
    };
    open_principal && !statement.conditions.iter().any(limits_source)
}

/// Whether a condition limits who asks to fixed values without wildcards.
fn limits_source(condition: &Condition) -> bool {
    let key = condition.folded.as_str();
    let named = matches!(key, "acs:sourcevpc" | "acs:sourcevpcid" | "acs:accessid");
    if condition.negated || condition.for_all {
        return false;
    }
    match &condition.test {
        Test::Equals(list) | Test::EqualsFolded(list) => named && list.iter().all(|v| !v.contains('*')),
        Test::Like(list) => named && list.iter().all(|g| g.is_exact()),
        // Assumed to belong to the list of the page (R-2.26, unconfirmed): a source range that is not the whole world.
        Test::Ip(list) => key == "acs:sourceip" && list.iter().all(|range| range.low != 0),
        _ => false,
    }
}
