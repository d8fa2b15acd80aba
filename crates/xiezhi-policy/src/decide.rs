//! The plain evaluator: one request through all layers, written to be read beside section 2 of the reference.
//!
//! Each layer yields the *set* of outcomes that the evidence leaves open (explicit deny, allow, implicit deny). A missing policy or a
//! statement in doubt leaves more than one; the layers are combined outcome by outcome, and a request of which both ends remain open is
//! unknown. So missing evidence can only turn a decision into unknown.

use crate::json::Position;
use crate::matching::{self, Scope};
use crate::policy::{Effect, Policy, Statement};
use crate::request::{Caller, Request};
use crate::switches::{Choice, Reading, Switch, Tri};
use crate::values::{self};
use serde::Serialize;

mod layers;
mod oss;
mod readings;

pub use layers::{Acl, Gap, KeyNetwork, Layers, ObjectAcl, OssSide, PolicySet, ResourceSide};
pub use oss::is_public_statement;
pub use readings::{Verdict, judge, switches_that_matter};

/// The layer that decided, with the names that a denial can carry (R-2.4) and the service-side ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum Layer {
    /// Network rule of the AccessKey.
    AccessKeyNetwork,
    /// Control policies.
    ControlPolicy,
    /// Session policy.
    SessionPolicy,
    /// Account-level identity policies.
    AccountLevelIdentityBasedPolicy,
    /// Resource-group-level identity policies.
    ResourceGroupLevelIdentityBasedPolicy,
    /// Trust policy.
    AssumeRolePolicy,
    /// Resource-based policy.
    ResourceBasedPolicy,
    /// Policy of a VPC gateway endpoint.
    EndpointPolicy,
    /// Access-point policy.
    AccessPointPolicy,
    /// Bucket or object ACL.
    Acl,
    /// Full control of the account itself (R-2.19).
    AccountRoot,
    /// No layer allows it.
    Default,
}

/// The answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The request is allowed.
    Allowed,
    /// The request is denied.
    Denied,
    /// The evidence leaves both open.
    Unknown,
}

impl Outcome {
    /// Whether the request is allowed.
    #[must_use]
    pub fn allowed(self) -> Tri {
        match self {
            Outcome::Allowed => Tri::Yes,
            Outcome::Unknown => Tri::Maybe,
            Outcome::Denied => Tri::No,
        }
    }
}

/// A statement that an answer rests on.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct StatementRef {
    /// Name of the policy.
    pub policy: String,
    /// Number of the statement, from 0.
    pub statement: usize,
    /// Where it stands in the policy text.
    pub at: Position,
    /// What it does; `None` when its effect cannot be read.
    pub effect: Option<Effect>,
}

/// The answer to one request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Decision {
    /// The answer.
    pub outcome: Outcome,
    /// The layer that decided, or that left it open.
    pub layer: Layer,
    /// The statements that decided.
    pub statements: Vec<StatementRef>,
    /// What is missing, when the answer is unknown.
    pub gaps: Vec<Gap>,
}

/// The set of outcomes that a layer leaves open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Open(u8);

const EXPLICIT: u8 = 1;
const ALLOW: u8 = 2;
const IMPLICIT: u8 = 4;

impl Open {
    fn has(self, outcome: u8) -> bool {
        self.0 & outcome != 0
    }

    fn is(self, outcome: u8) -> bool {
        self.0 == outcome
    }

    /// Every combination of what is open on both sides.
    fn with(self, other: Open, rule: impl Fn(u8, u8) -> u8) -> Open {
        let mut all = 0;
        for a in [EXPLICIT, ALLOW, IMPLICIT] {
            for b in [EXPLICIT, ALLOW, IMPLICIT] {
                if self.has(a) && other.has(b) {
                    all |= rule(a, b);
                }
            }
        }
        Open(all)
    }
}

/// What one layer said, and why.
struct Said<'a> {
    open: Open,
    layer: Layer,
    deny: Vec<(&'a Policy, usize)>,
    allow: Vec<(&'a Policy, usize)>,
    gaps: Vec<Gap>,
}

impl<'a> Said<'a> {
    fn nothing(layer: Layer) -> Self {
        Said { open: Open(IMPLICIT), layer, deny: Vec::new(), allow: Vec::new(), gaps: Vec::new() }
    }
}

/// The basic step over one set of policies (R-2.1).
fn step<'a>(
    set: &PolicySet<'a>,
    layer: Layer,
    request: &Request,
    owner: &str,
    reading: Reading,
    weaken: impl Fn(&Statement) -> Tri,
) -> Said<'a> {
    let (mut deny, mut allow) = (Tri::No, Tri::No);
    let mut said = Said::nothing(layer);
    for policy in &set.policies {
        for (index, statement) in policy.statements.iter().enumerate() {
            let scope = Scope { kind: policy.kind, owner, effect: statement.effect, reading };
            let unread = statement.effect.is_none();
            let fits = matching::statement(statement, request, &scope);
            let fits = if unread { fits.doubted() } else { fits };
            if fits == Tri::No {
                continue;
            }
            if statement.may_deny() {
                keep(&mut deny, &mut said.deny, fits, policy, index);
            }
            if statement.may_allow() {
                let fits = fits.and(weaken(statement));
                keep(&mut allow, &mut said.allow, fits, policy, index);
            }
        }
    }
    if !set.gaps.is_empty() {
        deny = deny.or(Tri::Maybe);
        allow = allow.or(Tri::Maybe);
        said.gaps.clone_from(&set.gaps);
    }
    said.open = Open(match (deny, allow) {
        (Tri::Yes, _) => EXPLICIT,
        (Tri::Maybe, Tri::Yes) => EXPLICIT | ALLOW,
        (Tri::Maybe, Tri::Maybe) => EXPLICIT | ALLOW | IMPLICIT,
        (Tri::Maybe, Tri::No) => EXPLICIT | IMPLICIT,
        (Tri::No, Tri::Yes) => ALLOW,
        (Tri::No, Tri::Maybe) => ALLOW | IMPLICIT,
        (Tri::No, Tri::No) => IMPLICIT,
    });
    said
}

/// Keeps the statements of the strongest truth seen: sure ones push out the doubtful.
fn keep<'a>(best: &mut Tri, list: &mut Vec<(&'a Policy, usize)>, fits: Tri, policy: &'a Policy, index: usize) {
    if fits > *best {
        *best = fits;
        list.clear();
    }
    if fits == *best && fits != Tri::No {
        list.push((policy, index));
    }
}

fn everything(_: &Statement) -> Tri {
    Tri::Yes
}

/// Combination by default: an explicit deny on either side, else an Allow on either side (R-2.2 step 4, R-2.5).
fn either_allows(a: u8, b: u8) -> u8 {
    match (a, b) {
        (EXPLICIT, _) | (_, EXPLICIT) => EXPLICIT,
        (ALLOW, _) | (_, ALLOW) => ALLOW,
        _ => IMPLICIT,
    }
}

/// Both sides must allow (sts:AssumeRole, KMS across accounts, access points).
fn both_allow(a: u8, b: u8) -> u8 {
    match (a, b) {
        (EXPLICIT, _) | (_, EXPLICIT) => EXPLICIT,
        (ALLOW, ALLOW) => ALLOW,
        _ => IMPLICIT,
    }
}

/// Whether an action on a role needs the role's trust policy to allow it too: `sts:AssumeRole` and its forms for SSO (R-1.23, R-2.2).
/// They are all that `sts` checks: `sts:GetCallerIdentity` needs no permission (R-2.7).
pub(crate) fn asks_trust(folded_action: &str) -> bool {
    folded_action.starts_with("sts:")
}

/// Decides one request under one reading of the switches.
///
/// ```
/// use xiezhi_policy::{Caller, Layers, Outcome, Policy, PolicyKind, PolicySet, Reading, Request, decide};
/// let text = r#"{"Version": "1", "Statement": [
///   {"Effect": "Allow", "Action": "oss:*", "Resource": "*"},
///   {"Effect": "Deny", "Action": "oss:Delete*", "Resource": "acs:oss:*:*:logs/*"}]}"#;
/// let policy = Policy::parse("writer", PolicyKind::Identity, text);
/// let layers = Layers::identity_only("1001", PolicySet::of(vec![&policy]));
/// let ann = Caller::User { account: "1001".into(), name: "ann".into(), id: None };
/// let request = Request::new(ann, "ecs:DeleteInstance", "acs:ecs:cn-hangzhou:1001:instance/i-1");
/// let decision = decide(&request, &layers, &Reading::standard());
/// assert_eq!(decision.outcome, Outcome::Denied);
/// ```
#[must_use]
pub fn decide(request: &Request, layers: &Layers<'_>, reading: &Reading) -> Decision {
    let owner = layers.owner;
    let mut narrow: Vec<Said<'_>> = Vec::new();

    // R-2.20: the network rule of the AccessKey comes before everything.
    if let Some(network) = layers.key_network {
        let fits = key_network(network, request);
        if fits == Tri::No {
            return denied(Layer::AccessKeyNetwork);
        }
        if fits == Tri::Maybe {
            let gap = Gap::new("source network of the request", "the request states no readable source address");
            narrow.push(Said {
                open: Open(ALLOW | IMPLICIT),
                gaps: vec![gap],
                ..Said::nothing(Layer::AccessKeyNetwork)
            });
        }
    }

    // Step 1: control policies, level by level; each must allow (R-2.8, R-2.9). SW-8: whose, across accounts.
    if !layers.control_exempt && matches!(request.caller, Caller::User { .. } | Caller::Role { .. }) {
        let (first, second) = match reading.of(Switch::ControlOfOwner) {
            Choice::First => (Some(&layers.owner_control), None),
            Choice::Second => (Some(&layers.caller_control), None),
            Choice::Either => (Some(&layers.owner_control), Some(&layers.caller_control)),
        };
        let same = request.caller.account() == Some(owner);
        for (levels, certain) in [(first, second.is_none() || same), (second.filter(|_| !same), false)] {
            for level in levels.into_iter().flatten() {
                let mut said = step(level, Layer::ControlPolicy, request, owner, *reading, everything);
                if !certain {
                    said.open = Open(said.open.0 | ALLOW);
                }
                narrow.push(said);
            }
        }
    }

    // Step 2: a session policy must allow (R-2.13); so must the endpoint that the request passes (R-2.29).
    if let Some(session) = &layers.session {
        narrow.push(step(session, Layer::SessionPolicy, request, owner, *reading, everything));
    }
    if let Some(endpoint) = &layers.endpoint {
        narrow.push(step(endpoint, Layer::EndpointPolicy, request, owner, *reading, everything));
    }
    if let Some(said) = narrow.iter().find(|said| !said.open.has(ALLOW)) {
        return answer(Outcome::Denied, said.layer, &said.deny, Vec::new());
    }

    // Step 3A: account-level identity policies, then those of the resource group.
    let own = request.caller.account() == Some(owner) || owner.is_empty() || owner == "system";
    let root = matches!(request.caller, Caller::Root { .. });
    let mut identity = if root && own {
        // R-2.19: full control of its own account.
        Said { open: Open(ALLOW), ..Said::nothing(Layer::AccountRoot) }
    } else {
        step(&layers.identity, Layer::AccountLevelIdentityBasedPolicy, request, owner, *reading, everything)
    };
    let grouped = !layers.group_identity.policies.is_empty() || !layers.group_identity.gaps.is_empty();
    if grouped && !(root && own) {
        let group = step(
            &layers.group_identity,
            Layer::ResourceGroupLevelIdentityBasedPolicy,
            request,
            owner,
            *reading,
            everything,
        );
        identity = with_group(identity, group, reading);
    }

    // Step 3B and 4: the resource side and how it combines.
    let (combined, parts) = combine(request, layers, reading, identity, own);
    let mut open = combined;
    for said in &narrow {
        open = open.with(said.open, |a, b| if b == ALLOW { a } else { IMPLICIT });
    }
    let all: Vec<&Said<'_>> = parts.iter().chain(narrow.iter()).collect();
    if open.is(ALLOW) {
        let by = parts.iter().find(|said| said.open.has(ALLOW));
        let statements: Vec<_> = parts.iter().flat_map(|said| said.allow.iter().copied()).collect();
        return answer(Outcome::Allowed, by.map_or(Layer::Default, |s| s.layer), &statements, Vec::new());
    }
    if !open.has(ALLOW) {
        return match parts.iter().find(|said| said.open.is(EXPLICIT)) {
            Some(said) => answer(Outcome::Denied, said.layer, &said.deny, Vec::new()),
            None => denied(Layer::Default),
        };
    }
    let doubtful = all.iter().find(|said| !matches!(said.open.0, EXPLICIT | ALLOW | IMPLICIT));
    let statements: Vec<_> = all
        .iter()
        .filter(|s| !matches!(s.open.0, EXPLICIT | IMPLICIT))
        .flat_map(|s| s.deny.iter().chain(&s.allow).copied())
        .collect();
    let gaps = all.iter().flat_map(|said| said.gaps.iter().cloned()).collect();
    answer(Outcome::Unknown, doubtful.map_or(Layer::Default, |s| s.layer), &statements, gaps)
}

/// R-2.3: account-level Allow or explicit deny wins; resource-group policies speak only when the account level is silent. SW-4 lets
/// a resource-group Deny count in any case.
fn with_group<'a>(account: Said<'a>, group: Said<'a>, reading: &Reading) -> Said<'a> {
    let ignored = |a: u8, g: u8| if a == IMPLICIT { g } else { a };
    let counted = |a: u8, g: u8| match (a, g) {
        (EXPLICIT, _) | (_, EXPLICIT) => EXPLICIT,
        (IMPLICIT, g) => g,
        _ => a,
    };
    let open = match reading.of(Switch::GroupDenyIgnored) {
        Choice::First => account.open.with(group.open, ignored),
        Choice::Second => account.open.with(group.open, counted),
        Choice::Either => Open(account.open.with(group.open, ignored).0 | account.open.with(group.open, counted).0),
    };
    let layer = if account.open.is(IMPLICIT) { group.layer } else { account.layer };
    Said {
        open,
        layer,
        deny: account.deny.into_iter().chain(group.deny).collect(),
        allow: account.allow.into_iter().chain(group.allow).collect(),
        gaps: account.gaps.into_iter().chain(group.gaps).collect(),
    }
}

/// Step 4 by service.
fn combine<'a>(
    request: &Request,
    layers: &Layers<'a>,
    reading: &Reading,
    identity: Said<'a>,
    own: bool,
) -> (Open, Vec<Said<'a>>) {
    let owner = layers.owner;
    // R-2.22, R-2.38: an Allow in another account's identity policy does not open a resource by itself.
    let inside = |a: Open| {
        if own { a } else { Open(if a.has(ALLOW) { (a.0 & !ALLOW) | IMPLICIT } else { a.0 }) }
    };
    match &layers.resource {
        ResourceSide::None => {
            let open = inside(identity.open);
            (open, vec![Said { open, ..identity }])
        }
        ResourceSide::Default(set) => {
            let said = step(set, Layer::ResourceBasedPolicy, request, owner, *reading, everything);
            (inside(identity.open).with(said.open, either_allows), vec![identity, said])
        }
        ResourceSide::Key(set) => {
            // R-2.33: either side inside the account, both sides across accounts.
            let said = step(set, Layer::ResourceBasedPolicy, request, owner, *reading, everything);
            let rule = if own { either_allows } else { both_allow };
            (identity.open.with(said.open, rule), vec![identity, said])
        }
        // A trust policy speaks of `sts:` actions alone; other actions on a role need no word of it.
        ResourceSide::Trust(_) if !asks_trust(request.folded_action()) => {
            let open = match request.caller {
                Caller::User { .. } | Caller::Role { .. } | Caller::Root { .. } => inside(identity.open),
                Caller::Federated { .. } | Caller::Service { .. } | Caller::Anonymous => Open(IMPLICIT),
            };
            (open, vec![Said { open, ..identity }])
        }
        ResourceSide::Trust(set) => {
            let said = step(set, Layer::AssumeRolePolicy, request, owner, *reading, everything);
            match request.caller {
                // Role SSO and services: the trust policy alone, no identity exists yet (R-2.2).
                Caller::Federated { .. } | Caller::Service { .. } => (said.open, vec![said]),
                // R-1.24: the account itself cannot assume a role.
                Caller::Root { .. } | Caller::Anonymous => {
                    (Open(IMPLICIT), vec![Said { open: Open(IMPLICIT), ..said }])
                }
                _ => (identity.open.with(said.open, both_allow), vec![identity, said]),
            }
        }
        ResourceSide::Oss(side) => oss::oss(request, owner, reading, identity, own, side),
    }
}

fn key_network(network: &KeyNetwork, request: &Request) -> Tri {
    if let Some(vpc) = request.key("acs:sourcevpc") {
        return vpc.iter().any(|v| network.vpcs.contains(v)).into();
    }
    match request.key("acs:sourceip").and_then(|values| values.first()).and_then(|v| values::address(v)) {
        Some((v6, number)) => network.ranges.iter().any(|range| range.holds(v6, number)).into(),
        None => Tri::Maybe,
    }
}

fn denied(layer: Layer) -> Decision {
    answer(Outcome::Denied, layer, &[], Vec::new())
}

fn answer(outcome: Outcome, layer: Layer, statements: &[(&Policy, usize)], gaps: Vec<Gap>) -> Decision {
    Decision {
        outcome,
        layer,
        statements: statements.iter().filter_map(|(policy, index)| reference(policy, *index)).collect(),
        gaps,
    }
}

/// The reference to a statement of a policy.
#[must_use]
pub fn reference(policy: &Policy, index: usize) -> Option<StatementRef> {
    // What may be granted beside what is known stands nowhere; a gap says so (`ask::gaps_of`).
    let statement = policy.statements.get(index).filter(|statement| !statement.is_beyond())?;
    Some(StatementRef { policy: policy.name.clone(), statement: index, at: statement.at, effect: statement.effect })
}

/// Decides a request against policies of one kind alone: the basic step, as three outcomes (R-2.1, R-2.5).
#[must_use]
pub fn check(policies: &[&Policy], request: &Request, owner: &str, reading: &Reading) -> Outcome {
    let (mut deny, mut allow) = (Tri::No, Tri::No);
    for policy in policies {
        for statement in &policy.statements {
            let scope = Scope { kind: policy.kind, owner, effect: statement.effect, reading: *reading };
            let fits = matching::statement(statement, request, &scope);
            match statement.effect {
                Some(Effect::Deny) => deny = deny.or(fits),
                Some(Effect::Allow) => allow = allow.or(fits),
                None => {
                    deny = deny.or(fits.doubted());
                    allow = allow.or(fits.doubted());
                }
            }
            if deny == Tri::Yes {
                return Outcome::Denied;
            }
        }
    }
    match allow.and(deny.negate()) {
        Tri::Yes => Outcome::Allowed,
        Tri::Maybe => Outcome::Unknown,
        Tri::No => Outcome::Denied,
    }
}
