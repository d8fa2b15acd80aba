//! A second evaluator for the layers, in another style: whole sentences of the documentation as boolean tables over
//! "denies" and "allows" of complete evidence. The product's evaluator folds sets of open outcomes; both must agree.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::arithmetic_side_effects
)]

mod support;

use support::Dice;
use support::layered::{aimed, callers, layers, stock};
use xiezhi_policy::decide::is_public_statement;
use xiezhi_policy::{
    Acl, Caller, Effect, Layers, ObjectAcl, Outcome, Policy, PolicySet, Reading, Request, ResourceSide, Tri, check,
    decide,
};

/// Whether the statements of one effect match the request.
fn speaks(
    set: &PolicySet<'_>,
    effect: Effect,
    request: &Request,
    owner: &str,
    counts: &dyn Fn(&Policy, usize) -> bool,
) -> bool {
    set.policies.iter().any(|policy| {
        (0..policy.statements.len())
            .filter(|at| policy.statements[*at].effect == Some(effect) && counts(policy, *at))
            .any(|at| {
                let mut alone = (*policy).clone();
                alone.statements = vec![alone.statements[at].clone()];
                alone.statements[0].effect = Some(Effect::Allow);
                check(&[&alone], request, owner, &Reading::standard()) == Outcome::Allowed
            })
    })
}

fn denies(set: &PolicySet<'_>, request: &Request, owner: &str) -> bool {
    speaks(set, Effect::Deny, request, owner, &|_, _| true)
}

fn allows(set: &PolicySet<'_>, request: &Request, owner: &str) -> bool {
    speaks(set, Effect::Allow, request, owner, &|_, _| true)
}

/// Is the request allowed? Complete evidence, the default reading of every switch.
fn allowed(request: &Request, layers: &Layers<'_>) -> bool {
    let owner = layers.owner;
    let person = matches!(request.caller, Caller::User { .. } | Caller::Role { .. });
    let inside = request.caller.account() == Some(owner);
    let root_at_home = inside && matches!(request.caller, Caller::Root { .. });

    // "Each level of control policies must allow, and none may deny".
    let controls = layers.control_exempt
        || !person
        || layers.owner_control.iter().all(|level| allows(level, request, owner) && !denies(level, request, owner));
    // "A session has at most what its session policy allows".
    let session =
        layers.session.iter().all(|session| allows(session, request, owner) && !denies(session, request, owner));
    if !controls || !session {
        return false;
    }

    // "Resource-group grants count where the account level is silent"; "the account owns itself".
    let silent =
        !root_at_home && !denies(&layers.identity, request, owner) && !allows(&layers.identity, request, owner);
    let refused = !root_at_home
        && (denies(&layers.identity, request, owner) || silent && denies(&layers.group_identity, request, owner));
    let granted = root_at_home
        || !refused
            && (allows(&layers.identity, request, owner) || silent && allows(&layers.group_identity, request, owner));

    match &layers.resource {
        ResourceSide::None => granted && inside,
        // "Either side may allow, neither may deny" (R-2.2 step 4); "another account's own policies open nothing".
        ResourceSide::Default(set) => {
            !refused && !denies(set, request, owner) && (granted && inside || allows(set, request, owner))
        }
        // "Across accounts both sides must allow".
        ResourceSide::Key(set) => {
            let by_key = allows(set, request, owner);
            let both = if inside { granted || by_key } else { granted && by_key };
            !refused && !denies(set, request, owner) && both
        }
        // "A trust policy speaks of assuming the role, and of nothing else".
        ResourceSide::Trust(_) if !request.folded_action().starts_with("sts:") => granted && inside,
        // "The trust policy must allow, and the caller's own too; services have none of their own; root assumes nothing".
        ResourceSide::Trust(set) => {
            let trusted = allows(set, request, owner) && !denies(set, request, owner);
            match request.caller {
                Caller::Federated { .. } | Caller::Service { .. } => trusted,
                Caller::User { .. } | Caller::Role { .. } => trusted && granted && !refused,
                Caller::Root { .. } | Caller::Anonymous => false,
            }
        }
        ResourceSide::Oss(side) => {
            let blocked = side.block_public_access.contains(&Tri::Yes);
            let bucket = &side.bucket_policy;
            let counts = |policy: &Policy, at: usize| !blocked || !is_public_statement(&policy.statements[at]);
            let by_bucket = speaks(bucket, Effect::Allow, request, owner, &counts);
            let (own_refused, own_granted) = (refused && inside, granted && inside);
            let public = |acl: Acl| match request.folded_action() {
                "oss:getobject" => acl != Acl::Private,
                "oss:putobject" | "oss:deleteobject" | "oss:abortmultipartupload" => acl == Acl::PublicReadWrite,
                _ => false,
            };
            let by_acl = !blocked
                && match (side.object_acl, side.bucket_acl) {
                    (ObjectAcl::Own(acl), _) | (ObjectAcl::Default, Some(acl)) => public(acl),
                    other => panic!("the generator makes complete evidence: {other:?}"),
                };
            let open = !own_refused && !denies(bucket, request, owner) && (own_granted || by_bucket || by_acl);
            // "Through an access point both must allow, and nobody is anonymous there".
            open && side.access_point.iter().all(|point| {
                request.caller != Caller::Anonymous && allows(point, request, owner) && !denies(point, request, owner)
            })
        }
    }
}

#[test]
fn both_evaluators_agree_on_random_layers() {
    let mut dice = Dice(0x005E_C04D);
    let (mut yes, mut no, mut open) = (0_usize, 0_usize, 0_usize);
    for round in 0..250 {
        let stock = stock(&mut dice);
        let layers = layers(&mut dice, &stock, false);
        for caller in callers() {
            for _ in 0..12 {
                let request = aimed(&mut dice, &caller);
                let decision = decide(&request, &layers, &Reading::standard());
                match decision.outcome {
                    // A bare account id leaves open whether it covers that account's users.
                    Outcome::Unknown => {
                        open += 1;
                        continue;
                    }
                    Outcome::Allowed => yes += 1,
                    Outcome::Denied => no += 1,
                }
                assert_eq!(
                    allowed(&request, &layers),
                    decision.outcome == Outcome::Allowed,
                    "round {round}: {request}\n{decision:#?}\n{layers:#?}"
                );
            }
        }
    }
    assert!(yes + no >= 20_000 && yes > 3_000 && no > 3_000, "yes {yes} no {no} open {open}");
    assert!(open * 10 < yes + no, "open {open}");
}
