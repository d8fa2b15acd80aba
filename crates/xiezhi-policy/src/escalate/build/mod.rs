//! Builds the graph from an estate.

mod actors;
mod answers;
mod outside;
mod over;
mod prepare;
mod roles;

pub use outside::loose_oidc;

use super::graph::{Graph, Ways};
use super::probe::{Actor, Probe};
use super::rules::Rule;
use super::{Edge, Foothold, Power, Proof};
use crate::ask;
use crate::ask::{Options, Truth};
use crate::decide::Gap;
use crate::estate::{Control, Estate, HostKind, Index, Principal};
use crate::policy::{Policy, PolicyKind};
use crate::request::Caller;
use crate::switches::Switch;
use crate::symbolic::formula::Stock;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::OnceLock;

const ADMINISTRATOR: u32 = 0;
const OUTSIDE: u32 = 1;
const UNSEEN: u32 = 2;

/// Weight of a step, and of one that depends on a switch: two proven steps are better than one inferred step.
const PROVEN_STEP: u8 = 2;
const INFERRED_STEP: u8 = 5;

/// The ARN of the policy that makes its holder administrator (rule SYSTEM-POLICY-ARN of the list: account segment `system`).
const ADMIN_POLICY: &str = "acs:ram::system:policy/AdministratorAccess";

/// Sets of footholds that share an edge, so that a wide grant costs one edge and not one per target.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Set {
    /// Whoever is any user: needed by edges that act on whatever user the attacker is.
    AnyUser,
    AnyRole,
    MemberOf(usize),
    AttachedTo(usize),
    /// Every user that a rule can take over.
    Users(&'static str),
    /// Every role that a rule can take over.
    Roles(&'static str),
    Hosts(HostKind),
}

/// The escalation graph of an estate.
///
/// ```
/// use xiezhi_policy::{Policy, PolicyKind, ask::Truth};
/// use xiezhi_policy::estate::{Attachment, Estate, Index, Listing, StoredPolicy, User};
/// use xiezhi_policy::escalate::{Escalation, Start};
/// let text = r#"{"Version":"1","Statement":[{"Effect":"Allow","Action":"ram:AttachPolicyToUser","Resource":"*"}]}"#;
/// let helper = StoredPolicy { name: "helper".into(), system: false, others: Listing::default(),
///     default: Some(Policy::parse("helper", PolicyKind::Identity, text)) };
/// let mut ann = User::new("ann");
/// ann.policies.items.push(Attachment::custom("helper"));
/// let estate = Estate { account: "1001".into(), users: Listing::complete(vec![ann]),
///     policies: Listing::complete(vec![helper]), ..Default::default() };
/// let index = Index::new(&estate);
/// let path = Escalation::build(&index, &Default::default()).administrator(Start::User(0));
/// assert_eq!((path.truth, path.steps[0].pattern), (Truth::Yes, "A01"));
/// ```
pub struct Escalation<'e> {
    estate: &'e Estate,
    graph: Graph,
    names: Vec<Option<Foothold>>,
    keys: BTreeMap<usize, u32>,
    powers: BTreeMap<u32, Vec<Power>>,
    users_at: u32,
    roles_at: u32,
    hosts_at: u32,
    groups_at: u32,
    /// The ways to administrator that are sure, and those that also walk what missing evidence leaves open; found when first asked.
    sure_ways: OnceLock<Ways>,
    ways: OnceLock<Ways>,
}

impl std::fmt::Debug for Escalation<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Escalation")
            .field("nodes", &self.names.len())
            .field("edges", &self.graph.edges.len())
            .finish_non_exhaustive()
    }
}

fn at(base: u32, index: usize) -> u32 {
    base.saturating_add(u32::try_from(index).unwrap_or(u32::MAX))
}

/// Which items a grant can speak of.
enum Candidates {
    All,
    Some(Vec<usize>),
}

/// Attachments, control exemption, gaps, and the principal itself when some condition names principals.
type Class<'e> = (Vec<&'e crate::estate::Attachment>, bool, Vec<Gap>, Option<Principal>);

struct Builder<'e, 'o> {
    index: &'e Index<'e>,
    options: &'o Options,
    stock: Stock,
    out: Escalation<'e>,
    sets: BTreeMap<Set, u32>,
    admin_policies: Vec<String>,
    /// Policies that may make administrator, but were not collected.
    perhaps_admin: Vec<(String, Gap)>,
    /// Roles by the service that they trust.
    trusting: BTreeMap<&'static str, Vec<(usize, bool)>>,
    /// Roles that trust the whole account without condition, roles that plainly trust a named principal, and all others.
    root_trust: BTreeSet<usize>,
    named_trust: BTreeMap<Principal, Vec<usize>>,
    odd_trust: Vec<usize>,
    /// Custom policies of which another version makes administrator.
    admin_versions: BTreeMap<usize, Truth>,
    /// Why every step that is added now is open at best.
    limited: Option<Gap>,
}

impl<'e> Escalation<'e> {
    /// Builds the graph.
    #[must_use]
    pub fn build(index: &'e Index<'e>, options: &Options) -> Self {
        let estate = index.estate;
        let mut names: Vec<Option<Foothold>> =
            vec![Some(Foothold::Administrator), Some(Foothold::Outside), Some(Foothold::Unseen)];
        let users_at = at(0, names.len());
        names.extend(estate.users.items.iter().map(|u| Some(Foothold::User(u.name.clone()))));
        let roles_at = at(0, names.len());
        names.extend(estate.roles.items.iter().map(|r| Some(Foothold::Role(r.name.clone()))));
        let hosts_at = at(0, names.len());
        names.extend(estate.hosts.items.iter().map(|h| Some(Foothold::Host(h.kind, h.id.clone()))));
        let groups_at = at(0, names.len());
        names.extend(estate.groups.items.iter().map(|g| Some(Foothold::Group(g.name.clone()))));
        let out = Escalation {
            estate,
            graph: Graph::default(),
            names,
            keys: BTreeMap::new(),
            powers: BTreeMap::new(),
            users_at,
            roles_at,
            hosts_at,
            groups_at,
            sure_ways: OnceLock::new(),
            ways: OnceLock::new(),
        };
        let mut builder = Builder {
            index,
            options,
            stock: Stock::new(),
            out,
            sets: BTreeMap::new(),
            admin_policies: vec![ADMIN_POLICY.to_owned()],
            perhaps_admin: Vec::new(),
            trusting: BTreeMap::new(),
            root_trust: BTreeSet::new(),
            named_trust: BTreeMap::new(),
            odd_trust: Vec::new(),
            admin_versions: BTreeMap::new(),
            limited: None,
        };
        builder.run();
        builder.out
    }
}

impl<'e> Builder<'e, '_> {
    fn run(&mut self) {
        let estate = self.index.estate;
        self.prepare();
        // Principals with the same attachments share one actor.
        let mut classes: BTreeMap<Class<'e>, Vec<Principal>> = BTreeMap::new();
        let control_names_principals = match &estate.control {
            Control::Levels(levels) => levels.iter().flat_map(|l| &l.items).any(names_principals),
            Control::None => false,
        };
        for principal in self.index.principals() {
            let (attachments, exempt, gaps) = self.index.class(principal);
            if attachments.is_empty() && gaps.is_empty() {
                continue;
            }
            let personal = control_names_principals
                || attachments
                    .iter()
                    .filter_map(|a| self.index.policy(&a.policy, a.system)?.default.as_ref())
                    .any(names_principals);
            classes.entry((attachments, exempt, gaps, personal.then_some(principal))).or_default().push(principal);
        }
        for members in classes.into_values() {
            self.class(&members);
        }
        for (number, group) in estate.groups.items.iter().enumerate() {
            if group.policies.items.is_empty() && group.policies.gaps.is_empty() {
                continue;
            }
            let caller =
                Caller::User { account: estate.account.clone(), name: format!("(member of {})", group.name), id: None };
            let mut actor = Actor::new(caller, self.index.group_layers(group), false);
            self.actor(&mut actor, at(self.out.groups_at, number), &[]);
        }
        self.in_resource_groups();
        self.outside();
        // What was not collected may be anything.
        let gaps: Vec<Gap> =
            [&estate.users.gaps, &estate.groups.gaps, &estate.roles.gaps, &estate.policies.gaps, &estate.hosts.gaps]
                .into_iter()
                .chain(estate.unlisted.values())
                .flatten()
                .cloned()
                .collect();
        if !gaps.is_empty() || self.unseen_used() {
            self.edge([Some(UNSEEN), None], ADMINISTRATOR, None, false, Proof { gaps, ..Proof::default() });
        }
    }

    fn unseen_used(&self) -> bool {
        self.out.graph.edges.iter().any(|e| e.to == UNSEEN)
    }

    fn class(&mut self, members: &[Principal]) {
        let Some(first) = members.first().copied() else { return };
        let node = match members {
            [only] => self.principal(*only),
            _ => {
                let node = self.unnamed();
                for member in members {
                    let from = self.principal(*member);
                    self.edge([Some(from), None], node, None, true, Proof::default());
                }
                node
            }
        };
        let mut actor = Actor::new(self.index.caller(first), self.index.layers(first, None), false);
        self.actor(&mut actor, node, members);
        // AccessKeys whose calls differ, because some condition asks for MFA.
        if ask::sets(&actor.layers).iter().flat_map(|s| &s.policies).any(|p| mentions_key(p, "acs:mfapresent")) {
            let users: Vec<usize> =
                members.iter().filter_map(|m| if let Principal::User(i) = m { Some(*i) } else { None }).collect();
            for user in users {
                let Some(user_of_keys) = self.index.estate.users.items.get(user) else { continue };
                if user_of_keys.access_keys.items.is_empty() && user_of_keys.access_keys.gaps.is_empty() {
                    continue;
                }
                let name = user_of_keys.name.clone();
                let key = self.unnamed();
                if let Some(slot) = self.out.names.last_mut() {
                    *slot = Some(Foothold::AccessKey(name));
                }
                self.out.keys.insert(user, key);
                let mut actor = Actor::new(self.index.caller(Principal::User(user)), actor.layers.clone(), true);
                self.actor(&mut actor, key, &[Principal::User(user)]);
            }
        }
    }

    fn principal(&self, principal: Principal) -> u32 {
        match principal {
            Principal::User(i) => at(self.out.users_at, i),
            Principal::Role(i) => at(self.out.roles_at, i),
        }
    }

    fn unnamed(&mut self) -> u32 {
        self.out.names.push(None);
        at(0, self.out.names.len().saturating_sub(1))
    }

    fn edge(&mut self, needs: [Option<u32>; 2], to: u32, pattern: Option<&'static str>, sure: bool, proof: Proof) {
        let needs = if needs.first() == needs.last() { [needs.first().copied().flatten(), None] } else { needs };
        let costs = match pattern {
            None => 0,
            Some(_) if proof.depends_on.is_empty() => PROVEN_STEP,
            Some(_) => INFERRED_STEP,
        };
        self.out.graph.add(Edge { needs, to, pattern, sure, costs, proof: Rc::new(proof) });
    }

    fn step(&mut self, node: u32, hold: Option<u32>, to: u32, rule: &Rule, probe: &Probe, depends_on: Vec<Switch>) {
        if probe.truth == Truth::No {
            return;
        }
        let mut grants = probe.grants.clone();
        grants.sort();
        grants.dedup();
        let mut conditions = probe.conditions.clone();
        conditions.sort();
        conditions.dedup();
        let gaps = probe.gaps.iter().chain(&self.limited).cloned().collect();
        let sure = probe.truth == Truth::Yes && self.limited.is_none();
        let proof = Proof {
            grants,
            conditions,
            witness: probe.witness.clone(),
            depends_on,
            by_twin: probe.by_twin.clone(),
            gaps,
            basis: Some(rule.basis),
        };
        self.edge([Some(node), hold], to, Some(rule.id), sure, proof);
    }
}

fn actor_mentions(actor: &mut Actor<'_>, action: &str, options: &Options) -> bool {
    let found = actor.mentions(action, options);
    !found.allows.is_empty() || found.gaps
}

/// The policy that grants everything.
pub(crate) fn admin_policy() -> Policy {
    Policy::parse(
        "administrator",
        PolicyKind::Identity,
        r#"{"Version":"1","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#,
    )
}

/// A cheap test before the exact one: some Allow covers every resource, and names every service.
fn could_be_admin(policy: &Policy) -> bool {
    policy.statements.iter().any(|s| {
        s.may_allow()
            && (s.action.negated
                || s.action.patterns.iter().any(|p| p.glob.text().starts_with('*'))
                || !s.doubts.is_empty())
    })
}

fn mentions_key(policy: &Policy, folded: &str) -> bool {
    policy.statements.iter().flat_map(|s| &s.conditions).any(|c| c.folded == folded)
}

fn names_principals(policy: &Policy) -> bool {
    mentions_key(policy, "acs:principalarn")
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod usage_tests;
