//! Builds the graph from an estate and answers the questions about it.

use super::graph::{Closure, Graph};
use super::probe::{Actor, Probe};
use super::rules::{Gives, Over, Rule, pattern, rules};
use super::{BlastRadius, Edge, Foothold, Path, Power, Proof, Start, Step};
use crate::ask::{self, Options, Target, Truth};
use crate::decide::{Gap, PolicySet, ResourceSide};
use crate::estate::{Carried, Control, Estate, Host, HostKind, Index, Principal};
use crate::exposure::{self, Surroundings};
use crate::glob::Glob;
use crate::policy::{Policy, PolicyKind, PrincipalElement, PrincipalFamily, Statement, Test};
use crate::request::{Caller, ram_principal};
use crate::switches::{Choice, Switch, Tri};
use crate::symbolic::formula::Stock;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

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
        };
        builder.run();
        builder.out
    }

    fn node(&self, start: Start) -> u32 {
        match start {
            Start::User(i) => at(self.users_at, i),
            Start::AccessKey(i) => self.keys.get(&i).copied().unwrap_or_else(|| at(self.users_at, i)),
            Start::Role(i) => at(self.roles_at, i),
            Start::Host(i) => at(self.hosts_at, i),
            Start::Outside => OUTSIDE,
        }
    }

    /// Does the start lead to administrator, and by which shortest path?
    #[must_use]
    pub fn administrator(&self, start: Start) -> Path {
        self.path(self.node(start))
    }

    fn path(&self, node: u32) -> Path {
        let sure = self.graph.closure(&[node], self.names.len(), false, Some(ADMINISTRATOR));
        if self.reached(&sure, ADMINISTRATOR) {
            return Path { truth: Truth::Yes, steps: self.steps(&sure, ADMINISTRATOR), gaps: Vec::new() };
        }
        let perhaps = self.graph.closure(&[node], self.names.len(), true, Some(ADMINISTRATOR));
        if !self.reached(&perhaps, ADMINISTRATOR) {
            return Path { truth: Truth::No, steps: Vec::new(), gaps: Vec::new() };
        }
        let mut gaps: Vec<Gap> = self
            .graph
            .derivation(&perhaps, ADMINISTRATOR)
            .into_iter()
            .filter_map(|number| self.graph.edges.get(number as usize))
            .flat_map(|edge| edge.proof.gaps.iter().cloned())
            .collect();
        gaps.sort();
        gaps.dedup();
        Path { truth: Truth::Unknown, steps: self.steps(&perhaps, ADMINISTRATOR), gaps }
    }

    fn reached(&self, closure: &Closure, node: u32) -> bool {
        closure.cost.get(node as usize).is_some_and(|cost| *cost != u32::MAX)
    }

    fn name(&self, node: u32) -> Option<Foothold> {
        self.names.get(node as usize).cloned().flatten()
    }

    fn steps(&self, closure: &Closure, goal: u32) -> Vec<Step> {
        let order = self.graph.derivation(closure, goal);
        let edge_of = |number: &u32| self.graph.edges.get(*number as usize);
        // The named foothold behind a bookkeeping node, and the one in front of it.
        let behind = |mut node: u32| loop {
            if let Some(name) = self.name(node) {
                return Some(name);
            }
            let number = closure.by.get(node as usize).copied().flatten()?;
            node = edge_of(&number)?.needs.iter().flatten().copied().next()?;
        };
        let before = |node: u32| {
            self.name(node).or_else(|| {
                let edge = order.iter().filter_map(edge_of).find(|e| e.needs.contains(&Some(node)))?;
                self.name(edge.to)
            })
        };
        order
            .iter()
            .filter_map(edge_of)
            .filter_map(|edge| {
                let id = edge.pattern?;
                let mut from: Vec<Foothold> = edge.needs.iter().flatten().filter_map(|n| behind(*n)).collect();
                from.dedup();
                Some(Step {
                    pattern: id,
                    from,
                    to: before(edge.to)?,
                    grants: edge.proof.grants.clone(),
                    conditions: edge.proof.conditions.clone(),
                    witness: edge.proof.witness.clone(),
                    depends_on: edge.proof.depends_on.clone(),
                    by_twin: edge.proof.by_twin.clone(),
                    basis: pattern(id).map(|rule| rule.basis),
                })
            })
            .collect()
    }

    /// Every principal that is, or can become, administrator, or of which that is not known; users first, in the order of the lists.
    #[must_use]
    pub fn administrators(&self) -> Vec<(Principal, Path)> {
        let users = (0..self.estate.users.items.len()).map(|i| (Principal::User(i), Start::User(i)));
        let roles = (0..self.estate.roles.items.len()).map(|i| (Principal::Role(i), Start::Role(i)));
        users
            .chain(roles)
            .map(|(principal, start)| (principal, self.administrator(start)))
            .filter(|(_, path)| path.truth != Truth::No)
            .collect()
    }

    /// Everything that a foothold leads to.
    #[must_use]
    pub fn blast_radius(&self, start: Start) -> BlastRadius {
        let node = self.node(start);
        let name = match start {
            Start::AccessKey(i) => {
                Foothold::AccessKey(self.estate.users.items.get(i).map(|u| u.name.clone()).unwrap_or_default())
            }
            _ => self.name(node).unwrap_or(Foothold::Outside),
        };
        let sure = self.graph.closure(&[node], self.names.len(), false, None);
        let mut reached: Vec<(Foothold, u32)> = Vec::new();
        let mut powers = Vec::new();
        for (other, cost) in sure.cost.iter().enumerate().filter(|(_, cost)| **cost != u32::MAX) {
            let other = u32::try_from(other).unwrap_or(u32::MAX);
            if other != node
                && let Some(foothold) = self.name(other)
            {
                reached.push((foothold, *cost));
            }
            for power in self.powers.get(&other).into_iter().flatten() {
                let whose = self.named_before(&sure, other).unwrap_or_else(|| name.clone());
                powers.push((whose, power.clone()));
            }
        }
        reached.sort_by(|a, b| a.1.cmp(&b.1).then_with(|| a.0.cmp(&b.0)));
        let perhaps = self.graph.closure(&[node], self.names.len(), true, None);
        let open = (0..self.names.len())
            .filter_map(|n| u32::try_from(n).ok())
            .filter(|n| self.reached(&perhaps, *n) && !self.reached(&sure, *n))
            .filter_map(|n| self.name(n))
            .collect();
        BlastRadius { start: name, reached, perhaps: open, powers, administrator: self.path(node) }
    }

    fn named_before(&self, closure: &Closure, mut node: u32) -> Option<Foothold> {
        loop {
            if let Some(name) = self.name(node) {
                return Some(name);
            }
            let number = closure.by.get(node as usize).copied().flatten()?;
            node = self.graph.edges.get(number as usize)?.needs.iter().flatten().copied().next()?;
        }
    }

    /// Number of nodes and edges.
    #[must_use]
    pub fn size(&self) -> (usize, usize) {
        (self.names.len(), self.graph.edges.len())
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
        self.outside();
        // What was not collected may be anything.
        let gaps: Vec<Gap> =
            [&estate.users.gaps, &estate.groups.gaps, &estate.roles.gaps, &estate.policies.gaps, &estate.hosts.gaps]
                .into_iter()
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
                let has_keys = self
                    .index
                    .estate
                    .users
                    .items
                    .get(user)
                    .is_some_and(|u| !u.access_keys.items.is_empty() || !u.access_keys.gaps.is_empty());
                if !has_keys {
                    continue;
                }
                let name = self.index.estate.users.items.get(user).map(|u| u.name.clone()).unwrap_or_default();
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
        let proof = Proof {
            grants,
            conditions,
            witness: probe.witness.clone(),
            depends_on,
            by_twin: probe.by_twin.clone(),
            gaps: probe.gaps.clone(),
        };
        self.edge([Some(node), hold], to, Some(rule.id), probe.truth == Truth::Yes, proof);
    }

    fn set(&mut self, set: Set) -> u32 {
        if let Some(node) = self.sets.get(&set) {
            return *node;
        }
        let node = self.unnamed();
        self.sets.insert(set.clone(), node);
        let estate = self.index.estate;
        let mut links: Vec<(u32, u32, Probe)> = Vec::new();
        match &set {
            Set::AnyUser => {
                links.extend((0..estate.users.items.len()).map(|i| (at(self.out.users_at, i), node, Probe::yes())))
            }
            Set::AnyRole => {
                links.extend((0..estate.roles.items.len()).map(|i| (at(self.out.roles_at, i), node, Probe::yes())))
            }
            Set::MemberOf(group) => {
                let name = estate.groups.items.get(*group).map(|g| g.name.as_str()).unwrap_or_default();
                for (i, user) in estate.users.items.iter().enumerate() {
                    if user.groups.items.iter().any(|g| g == name) {
                        links.push((at(self.out.users_at, i), node, Probe::yes()));
                    } else if let Some(gap) = user.groups.gaps.first() {
                        links.push((at(self.out.users_at, i), node, Probe::unknown(gap.clone())));
                    }
                }
                links.push((at(self.out.groups_at, *group), node, Probe::yes()));
            }
            Set::AttachedTo(policy) => {
                let stored = estate.policies.items.get(*policy);
                let is = |a: &crate::estate::Attachment| {
                    stored.is_some_and(|p| p.name == a.policy && p.system == a.system && a.resource_group.is_none())
                };
                for principal in self.index.principals() {
                    if self.index.attachments(principal).items.iter().any(|a| is(a)) {
                        links.push((self.principal(principal), node, Probe::yes()));
                    }
                }
                for (i, group) in estate.groups.items.iter().enumerate() {
                    if group.policies.items.iter().any(is) {
                        links.push((at(self.out.groups_at, i), node, Probe::yes()));
                    }
                }
            }
            Set::Users(id) => {
                if let Some(rule) = pattern(id) {
                    for i in 0..estate.users.items.len() {
                        let probe = self.user_given(rule, i);
                        links.push((node, at(self.out.users_at, i), probe));
                    }
                }
            }
            Set::Roles(id) => {
                if let Some(rule) = pattern(id) {
                    for (role, sure) in self.roles_for(rule) {
                        let probe = if sure {
                            Probe::yes()
                        } else {
                            Probe::unknown(Gap::new("trust policy of a role", "not collected"))
                        };
                        links.push((node, at(self.out.roles_at, role), probe));
                    }
                }
            }
            Set::Hosts(kind) => {
                for (i, host) in estate.hosts.items.iter().enumerate() {
                    if host.kind == *kind {
                        links.push((node, at(self.out.hosts_at, i), Probe::yes()));
                    }
                }
            }
        }
        for (from, to, probe) in links {
            if probe.truth != Truth::No {
                let proof = Proof { gaps: probe.gaps, ..Proof::default() };
                self.edge([Some(from), None], to, None, probe.truth == Truth::Yes, proof);
            }
        }
        node
    }

    /// What does not depend on an actor: hosts and their roles, trust, policies that make administrator.
    fn prepare(&mut self) {
        let estate = self.index.estate;
        for (i, host) in estate.hosts.items.iter().enumerate() {
            let from = at(self.out.hosts_at, i);
            match &host.role {
                Carried::None => {}
                Carried::Role(name) => match self.index.role(name) {
                    Some(role) => self.edge(
                        [Some(from), None],
                        at(self.out.roles_at, role),
                        Some("carries"),
                        true,
                        Proof::default(),
                    ),
                    None => {
                        let gap = Gap::new(&format!("role {name}"), "not among the collected roles");
                        self.edge(
                            [Some(from), None],
                            UNSEEN,
                            Some("carries"),
                            false,
                            Proof { gaps: vec![gap], ..Proof::default() },
                        );
                    }
                },
                Carried::Unknown(gap) => {
                    self.edge(
                        [Some(from), None],
                        UNSEEN,
                        Some("carries"),
                        false,
                        Proof { gaps: vec![gap.clone()], ..Proof::default() },
                    );
                }
            }
        }
        let admin = admin_policy();
        for (i, stored) in estate.policies.items.iter().enumerate() {
            if let Some(policy) = stored.default.as_ref().filter(|p| !stored.system && could_be_admin(p))
                && ask::adds(&[&admin], &[policy], self.options).truth == Truth::No
            {
                self.admin_policies.push(format!("acs:ram::{}:policy/{}", estate.account, stored.name));
            }
            if stored.system {
                continue;
            }
            if stored.default.is_none() {
                let gap = Gap::new(&format!("policy {}", stored.name), "text not collected");
                self.perhaps_admin.push((format!("acs:ram::{}:policy/{}", estate.account, stored.name), gap));
            }
            let strong = stored
                .others
                .items
                .iter()
                .any(|p| could_be_admin(p) && ask::adds(&[&admin], &[p], self.options).truth == Truth::No);
            if strong {
                self.admin_versions.insert(i, Truth::Yes);
            } else if !stored.others.gaps.is_empty() {
                self.admin_versions.insert(i, Truth::Unknown);
            }
        }
        if let Some(gap) = estate.policies.gaps.first() {
            self.perhaps_admin.push((format!("acs:ram::{}:policy/*", estate.account), gap.clone()));
        }
        for (i, role) in estate.roles.items.iter().enumerate() {
            self.read_trust(i, role.trust.as_ref());
        }
    }

    fn read_trust(&mut self, role: usize, trust: Option<&Policy>) {
        let estate = self.index.estate;
        let Some(policy) = trust else {
            self.odd_trust.push(role);
            return;
        };
        let plain = policy.statements.iter().all(|s| {
            s.effect == Some(crate::policy::Effect::Allow)
                && s.conditions.is_empty()
                && s.doubts.is_empty()
                && !s.action.negated
                && s.action.patterns.iter().any(|p| p.glob.matches_folded("sts:assumerole"))
        });
        let mut named = Vec::new();
        let (mut root, mut odd) = (false, !plain);
        for entry in policy.statements.iter().filter_map(|s| s.principal.as_ref()).flat_map(|p| match p {
            PrincipalElement::Anyone => Vec::new(),
            PrincipalElement::Listed(entries) => entries.iter().collect(),
        }) {
            if entry.family != PrincipalFamily::Ram {
                continue;
            }
            match ram_principal(&entry.text) {
                Some((account, "root")) if account == estate.account => root = true,
                Some((account, relative)) if account == estate.account && !relative.contains(['*', '?']) => {
                    if let Some(name) = relative.strip_prefix("user/") {
                        let user = estate.users.items.iter().position(|u| u.name.eq_ignore_ascii_case(name));
                        named.extend(user.map(Principal::User));
                    } else if let Some(name) = relative.strip_prefix("role/") {
                        named.extend(self.index.role(name).map(Principal::Role));
                    }
                }
                Some((account, _)) if !account.contains(['*', '?']) && account != estate.account => {}
                _ => odd = true,
            }
        }
        odd |= policy.statements.iter().any(|s| matches!(s.principal, Some(PrincipalElement::Anyone)));
        if odd {
            self.odd_trust.push(role);
        } else if root {
            self.root_trust.insert(role);
        } else {
            for principal in named {
                self.named_trust.entry(principal).or_default().push(role);
            }
        }
    }

    /// Roles that trust a service, with whether that is sure.
    fn trusting(&mut self, service: &'static str) -> Vec<(usize, bool)> {
        if let Some(known) = self.trusting.get(service) {
            return known.clone();
        }
        let estate = self.index.estate;
        let mut found = Vec::new();
        for i in 0..estate.roles.items.len() {
            let caller = Caller::Service { domain: service.to_owned(), for_account: None };
            let mut layers = crate::decide::Layers::identity_only(&estate.account, PolicySet::default());
            layers.resource = self.index.trust(i);
            let mut actor = Actor::new(caller, layers, false);
            let probe = actor.any(&["sts:AssumeRole"], &self.role_arn(i), None, self.options, &self.stock);
            match probe.truth {
                Truth::Yes => found.push((i, true)),
                Truth::No => {}
                _ => found.push((i, false)),
            }
        }
        self.trusting.insert(service, found.clone());
        found
    }

    /// Roles that a rule can be tried for, whoever tries.
    fn roles_for(&mut self, rule: &Rule) -> Vec<(usize, bool)> {
        if let Some((service, _)) = rule.passes() {
            return self.trusting(service);
        }
        let roles = &self.index.estate.roles.items;
        if rule.has("trusts-caller") {
            return self.root_trust.iter().map(|i| (*i, true)).collect();
        }
        if rule.has("editable") {
            return roles.iter().enumerate().filter(|(_, r)| !r.service_linked).map(|(i, _)| (i, true)).collect();
        }
        (0..roles.len()).map(|i| (i, true)).collect()
    }

    fn role_arn(&self, role: usize) -> String {
        let estate = self.index.estate;
        let name = estate.roles.items.get(role).map(|r| r.name.as_str()).unwrap_or_default();
        format!("acs:ram::{}:role/{name}", estate.account)
    }

    /// Whether a user can be taken over by the rule, by what is known of the user.
    fn user_given(&self, rule: &Rule, user: usize) -> Probe {
        let Some(user) = self.index.estate.users.items.get(user) else { return Probe::no() };
        let tri = |tri: Tri, what: &str| match tri {
            Tri::Yes => Probe::yes(),
            Tri::No => Probe::no(),
            Tri::Maybe => Probe::unknown(Gap::new(&format!("{what} of user {}", user.name), "not collected")),
        };
        if rule.has("no-login") {
            return tri(user.console.negate(), "console login");
        }
        if rule.has("login") {
            // The MFA device of the user stops a reset password alone (B04); B05 is not assumed.
            let mfa = if rule.id == "B04" { tri(user.mfa.negate(), "MFA device") } else { Probe::yes() };
            return tri(user.console, "console login").and(&mfa);
        }
        if rule.has("keys") {
            return match (user.access_keys.items.len() < 2, user.access_keys.gaps.first()) {
                (true, None) => Probe::yes(),
                (true, Some(gap)) => Probe::unknown(gap.clone()),
                (false, _) => Probe::no(),
            };
        }
        Probe::yes()
    }

    /// Everything that one actor can do.
    fn actor(&mut self, actor: &mut Actor<'e>, node: u32, members: &[Principal]) {
        let admin = self.direct_admin(actor);
        match admin.truth {
            Truth::No => {}
            truth => {
                let proof = Proof { grants: admin.grants, gaps: admin.gaps, ..Proof::default() };
                self.out.graph.add(Edge {
                    needs: [Some(node), None],
                    to: ADMINISTRATOR,
                    pattern: Some("is"),
                    sure: truth == Truth::Yes,
                    costs: 0,
                    proof: Rc::new(proof),
                });
                if truth == Truth::Yes {
                    return;
                }
            }
        }
        // D02 needs to know which hosts the actor controls, so it comes last.
        let mut controlled: Vec<usize> = Vec::new();
        let (last, first): (Vec<&Rule>, Vec<&Rule>) = rules().iter().partition(|r| r.has("controls-instance"));
        for rule in first.into_iter().chain(last) {
            if !self.could(actor, rule) {
                continue;
            }
            match (rule.gives, rule.over) {
                (Gives::Outside | Gives::Shape, _) => {}
                (Gives::Power, _) => self.power(actor, node, rule),
                (_, Over::Nothing) => self.made_new(actor, node, rule),
                (_, Over::Users) => self.over_users(actor, node, rule),
                (_, Over::Groups) => self.over_groups(actor, node, rule),
                (_, Over::Policies) => self.over_policies(actor, node, rule),
                (_, Over::Roles) if rule.has("trusts-caller") => self.assume(actor, node, rule, members),
                (_, Over::Roles) => self.over_roles(actor, node, rule, &controlled),
                (_, Over::Instances) => controlled.extend(self.over_hosts(actor, node, rule, HostKind::Instance)),
                (_, Over::Functions) => drop(self.over_hosts(actor, node, rule, HostKind::Function)),
                (_, Over::Containers) => drop(self.over_hosts(actor, node, rule, HostKind::ContainerGroup)),
            }
        }
    }

    /// Whether every need of a rule has an action of which some statement speaks: most rules end here.
    fn could(&self, actor: &mut Actor<'e>, rule: &Rule) -> bool {
        rule.needs.iter().all(|need| {
            need.actions.iter().any(|action| {
                let found = actor.mentions(action, self.options);
                let twin = crate::catalogue::twin(action).is_some_and(|t| actor_mentions(actor, &t, self.options));
                !found.allows.is_empty() || found.gaps || twin
            })
        })
    }

    /// ADMIN-TEST: all actions on all resources, without condition and after control policies.
    fn direct_admin(&mut self, actor: &mut Actor<'e>) -> Probe {
        let sets = ask::sets(&actor.layers);
        let wide = sets.iter().flat_map(|s| &s.policies).any(|p| could_be_admin(p));
        let gap = sets.iter().flat_map(|s| s.gaps.first()).next().cloned();
        if !wide && gap.is_none() {
            return Probe::no();
        }
        if !wide && let Some(gap) = gap {
            return Probe::unknown(gap);
        }
        let target = Target::new(&["*"], &["*"]);
        let refused = ask::refused(&actor.layers, &actor.caller, &target, self.options, &self.stock);
        match refused.truth {
            Truth::No => {
                let finding = ask::can_once(&actor.layers, &actor.caller, &target, self.options, &self.stock, &[]);
                Probe { grants: finding.grants, ..Probe::yes() }
            }
            Truth::Yes => Probe::no(),
            _ => Probe { truth: Truth::Unknown, gaps: refused.gaps, ..Probe::no() },
        }
    }

    fn power(&mut self, actor: &mut Actor<'e>, node: u32, rule: &Rule) {
        let mut all = Probe::yes();
        for need in &rule.needs {
            let probe = actor.any(&need.actions, "*", None, self.options, &self.stock);
            all = all.and(&probe);
            if all.truth == Truth::No {
                return;
            }
        }
        let mut grants = all.grants;
        grants.sort();
        grants.dedup();
        self.out.powers.entry(node).or_default().push(Power {
            pattern: rule.id,
            reach: rule.reach,
            truth: all.truth,
            grants,
        });
    }

    /// The resources of a place in a need; several alternatives for "a policy that makes administrator".
    fn places(&self, place: &str, name: &str) -> Vec<String> {
        let account = &self.index.estate.account;
        match place {
            "any" => vec!["*".to_owned()],
            "admin" => self.admin_policies.clone(),
            "ecs-new" => vec![format!("acs:ecs:*:{account}:instance/*")],
            "eci-new" => vec![format!("acs:eci:*:{account}:containergroup/*")],
            "fc-new" => vec![format!("acs:fc:*:{account}:*")],
            "ros-new" => vec![format!("acs:ros:*:{account}:*")],
            "oos-new" => vec![format!("acs:oos:*:{account}:*")],
            other => match other.split_once('/') {
                Some((kind, _)) => vec![format!("acs:ram::{account}:{kind}/{name}")],
                None => vec![name.to_owned()],
            },
        }
    }

    /// All needs of a rule with a name put into the places.
    fn needs(&mut self, actor: &mut Actor<'e>, rule: &Rule, name: &str) -> Probe {
        let mut all = Probe::yes();
        for need in &rule.needs {
            for place in &need.at {
                let mut best = Probe::no();
                for resource in self.places(place, name) {
                    let probe = actor.any(&need.actions, &resource, None, self.options, &self.stock);
                    if probe.truth > best.truth {
                        best = probe;
                    }
                    if best.truth == Truth::Yes {
                        break;
                    }
                }
                if *place == "admin" && best.truth != Truth::Yes {
                    for (resource, gap) in self.perhaps_admin.clone() {
                        let probe = actor
                            .any(&need.actions, &resource, None, self.options, &self.stock)
                            .and(&Probe::unknown(gap));
                        if probe.truth > best.truth {
                            best = probe;
                        }
                    }
                }
                all = all.and(&best);
                if all.truth == Truth::No {
                    return all;
                }
            }
        }
        all
    }

    /// Whether all needs are granted everywhere without condition.
    fn wide(&self, actor: &mut Actor<'e>, rule: &Rule) -> Option<Probe> {
        let mut all = Probe::yes();
        for need in &rule.needs {
            let found = need.actions.iter().find_map(|action| actor.everywhere(action, self.options))?;
            all = all.and(&found);
        }
        Some(all)
    }

    /// Items whose names a grant can speak of, from the resource patterns of the statements.
    fn candidates(
        &self,
        actor: &mut Actor<'e>,
        rule: &Rule,
        kind: &str,
        names: &dyn Fn(&Glob) -> Vec<usize>,
    ) -> Candidates {
        let Some(need) = rule.needs.iter().find(|n| n.at.iter().any(|p| p.starts_with(kind))) else {
            return Candidates::All;
        };
        let mut found: BTreeSet<usize> = BTreeSet::new();
        let mut actions: Vec<String> = need.actions.iter().map(|a| (*a).to_owned()).collect();
        actions.extend(need.actions.iter().filter_map(|a| crate::catalogue::twin(a)));
        for action in actions {
            let mentions = actor.mentions(&action, self.options);
            if mentions.gaps {
                return Candidates::All;
            }
            for statement in mentions.allows.iter().filter_map(|(p, i)| p.statements.get(*i)) {
                if statement.resource.negated {
                    return Candidates::All;
                }
                for pattern in &statement.resource.patterns {
                    match &pattern.segments {
                        Some([code, _, _, relative]) if code.matches("ram") => {
                            let tail = match relative.text().split_once('/') {
                                Some((head, tail)) if !head.contains(['*', '?']) => {
                                    if !kind.trim_end_matches('/').eq_ignore_ascii_case(head) {
                                        continue;
                                    }
                                    Glob::new(tail)
                                }
                                _ if relative.is_exact() => continue,
                                _ => return Candidates::All,
                            };
                            if tail.is_any() {
                                return Candidates::All;
                            }
                            found.extend(names(&tail));
                        }
                        Some(_) => {}
                        None => return Candidates::All,
                    }
                }
            }
        }
        Candidates::Some(found.into_iter().collect())
    }

    fn list(candidates: Candidates, count: usize) -> Vec<usize> {
        match candidates {
            Candidates::All => (0..count).collect(),
            Candidates::Some(list) => list,
        }
    }

    /// When a list is not complete, what is not on it may be taken over too.
    fn unseen(&mut self, actor: &mut Actor<'e>, node: u32, rule: &Rule, gaps: &[Gap]) {
        if gaps.is_empty() {
            return;
        }
        let probe = self.needs(actor, rule, "*");
        if probe.truth != Truth::No {
            let probe = Probe { truth: Truth::Unknown, gaps: gaps.to_vec(), ..probe };
            self.step(node, None, UNSEEN, rule, &probe, Vec::new());
        }
    }

    fn over_users(&mut self, actor: &mut Actor<'e>, node: u32, rule: &Rule) {
        let estate = self.index.estate;
        self.unseen(actor, node, rule, &estate.users.gaps);
        let holding = rule.has("hold:U");
        if let Some(probe) = self.wide(actor, rule) {
            if holding {
                let hold = self.set(Set::AnyUser);
                self.step(node, Some(hold), ADMINISTRATOR, rule, &probe, Vec::new());
            } else {
                let to = self.set(Set::Users(rule.id));
                self.step(node, None, to, rule, &probe, Vec::new());
            }
            return;
        }
        let by_name = |glob: &Glob| match glob.is_exact() {
            true => self.index.user(glob.text()).into_iter().collect(),
            false => {
                estate.users.items.iter().enumerate().filter(|(_, u)| glob.matches(&u.name)).map(|(i, _)| i).collect()
            }
        };
        let candidates = self.candidates(actor, rule, "user/", &by_name);
        for i in Self::list(candidates, estate.users.items.len()) {
            let Some(user) = estate.users.items.get(i) else { continue };
            let given = self.user_given(rule, i);
            if given.truth == Truth::No {
                continue;
            }
            let probe = self.needs(actor, rule, &user.name).and(&given);
            let to = at(self.out.users_at, i);
            if to == node && !holding {
                continue;
            }
            match holding {
                true => self.step(node, Some(to), ADMINISTRATOR, rule, &probe, Vec::new()),
                false => self.step(node, None, to, rule, &probe, Vec::new()),
            }
        }
    }

    fn over_groups(&mut self, actor: &mut Actor<'e>, node: u32, rule: &Rule) {
        let estate = self.index.estate;
        self.unseen(actor, node, rule, &estate.groups.gaps);
        let by_name = |glob: &Glob| {
            estate.groups.items.iter().enumerate().filter(|(_, g)| glob.matches(&g.name)).map(|(i, _)| i).collect()
        };
        let candidates = self.candidates(actor, rule, "group/", &by_name);
        for i in Self::list(candidates, estate.groups.items.len()) {
            let Some(group) = estate.groups.items.get(i) else { continue };
            if rule.gives == Gives::Admin {
                let probe = self.needs(actor, rule, &group.name);
                if probe.truth != Truth::No {
                    let hold = self.set(Set::MemberOf(i));
                    self.step(node, Some(hold), ADMINISTRATOR, rule, &probe, Vec::new());
                }
                continue;
            }
            // A06: the user that joins is any that the attacker is; both resources are checked in one call.
            let Some(need) = rule.needs.first() else { continue };
            let on_group = actor.any(
                &need.actions,
                &format!("acs:ram::{}:group/{}", estate.account, group.name),
                None,
                self.options,
                &self.stock,
            );
            if on_group.truth == Truth::No {
                continue;
            }
            // Denies that the joining user brings along still hold; then the group's rights are not simply added.
            let brings_deny = ask::sets(&actor.layers)
                .iter()
                .flat_map(|s| &s.policies)
                .any(|p| p.statements.iter().any(Statement::may_deny));
            let limit = |probe: Probe| {
                if brings_deny {
                    probe.and(&Probe::unknown(Gap::new(
                        "rights after joining the group",
                        "own Deny statements may cut them",
                    )))
                } else {
                    probe
                }
            };
            let to = at(self.out.groups_at, i);
            if let Some(wide) = self.wide(actor, rule) {
                let hold = self.set(Set::AnyUser);
                self.step(node, Some(hold), to, rule, &limit(wide), Vec::new());
                continue;
            }
            for (u, user) in estate.users.items.iter().enumerate() {
                let on_user = actor.any(
                    &need.actions,
                    &format!("acs:ram::{}:user/{}", estate.account, user.name),
                    None,
                    self.options,
                    &self.stock,
                );
                let probe = limit(on_user.and(&on_group));
                self.step(node, Some(at(self.out.users_at, u)), to, rule, &probe, Vec::new());
            }
        }
    }

    fn over_policies(&mut self, actor: &mut Actor<'e>, node: u32, rule: &Rule) {
        let estate = self.index.estate;
        self.unseen(actor, node, rule, &estate.policies.gaps);
        let custom = |i: &usize| estate.policies.items.get(*i).is_some_and(|p| !p.system);
        let by_name = |glob: &Glob| {
            estate.policies.items.iter().enumerate().filter(|(_, p)| glob.matches(&p.name)).map(|(i, _)| i).collect()
        };
        let candidates = self.candidates(actor, rule, "policy/", &by_name);
        for i in Self::list(candidates, estate.policies.items.len()).into_iter().filter(custom) {
            let Some(stored) = estate.policies.items.get(i) else { continue };
            let mut given = Probe::yes();
            if rule.has("admin-version") {
                given = match self.admin_versions.get(&i) {
                    Some(Truth::Yes) => Probe::yes(),
                    Some(_) => {
                        Probe::unknown(Gap::new(&format!("versions of policy {}", stored.name), "not collected"))
                    }
                    None => continue,
                };
            }
            let probe = self.needs(actor, rule, &stored.name).and(&given);
            if probe.truth != Truth::No {
                let hold = self.set(Set::AttachedTo(i));
                self.step(node, Some(hold), ADMINISTRATOR, rule, &probe, Vec::new());
            }
        }
    }

    /// Rules that make something new, or act on the account as a whole.
    fn made_new(&mut self, actor: &mut Actor<'e>, node: u32, rule: &Rule) {
        let kind = if rule.has("new-user") {
            Some("user")
        } else if rule.has("new-role") {
            Some("role")
        } else {
            None
        };
        let Some(kind) = kind else {
            let probe = self.needs(actor, rule, "");
            self.step(node, None, ADMINISTRATOR, rule, &probe, Vec::new());
            return;
        };
        // One name must pass every check: names that the statements speak of, and one that nobody has.
        let mut names: BTreeSet<String> = BTreeSet::from(["new-name".to_owned()]);
        for action in rule.needs.iter().flat_map(|n| &n.actions) {
            let mentions = actor.mentions(action, self.options);
            for pattern in
                mentions.allows.iter().filter_map(|(p, i)| p.statements.get(*i)).flat_map(|s| &s.resource.patterns)
            {
                if let Some([_, _, _, relative]) = &pattern.segments
                    && let Some(tail) = relative.text().strip_prefix(&format!("{kind}/"))
                {
                    names.insert(tail.replace('*', "new").replace('?', "n"));
                }
            }
        }
        let mut best = Probe::no();
        for name in names {
            let probe = self.needs(actor, rule, &name);
            if probe.truth > best.truth {
                best = probe;
            }
            if best.truth == Truth::Yes {
                break;
            }
        }
        self.step(node, None, ADMINISTRATOR, rule, &best, Vec::new());
    }

    fn over_roles(&mut self, actor: &mut Actor<'e>, node: u32, rule: &Rule, controlled: &[usize]) {
        let estate = self.index.estate;
        if rule.passes().is_some() {
            self.pass_role(actor, node, rule, controlled);
            return;
        }
        self.unseen(actor, node, rule, &estate.roles.gaps);
        if rule.has("saml") || rule.has("oidc-loose") {
            self.providers(actor, node, rule);
            return;
        }
        let holding = rule.has("hold:R");
        if let Some(probe) = self.wide(actor, rule) {
            if holding {
                let hold = self.set(Set::AnyRole);
                self.step(node, Some(hold), ADMINISTRATOR, rule, &probe, Vec::new());
            } else {
                let to = self.set(Set::Roles(rule.id));
                self.step(node, None, to, rule, &probe, Vec::new());
            }
            return;
        }
        let candidates = self.candidates(actor, rule, "role/", &|glob| self.role_names(glob));
        let allowed: BTreeSet<usize> = self.roles_for(rule).into_iter().map(|(i, _)| i).collect();
        for i in Self::list(candidates, estate.roles.items.len()).into_iter().filter(|i| allowed.contains(i)) {
            let Some(role) = estate.roles.items.get(i) else { continue };
            let probe = self.needs(actor, rule, &role.name);
            let to = at(self.out.roles_at, i);
            match holding {
                true => self.step(node, Some(to), ADMINISTRATOR, rule, &probe, Vec::new()),
                false if to != node => self.step(node, None, to, rule, &probe, Vec::new()),
                false => {}
            }
        }
    }

    fn role_names(&self, glob: &Glob) -> Vec<usize> {
        match glob.is_exact() {
            true => self.index.role(glob.text()).into_iter().collect(),
            false => {
                let roles = self.index.estate.roles.items.iter().enumerate();
                roles.filter(|(_, r)| glob.matches_folded(&r.name.to_ascii_lowercase())).map(|(i, _)| i).collect()
            }
        }
    }

    /// Rules that hand a role to a service: the other needs once, then `ram:PassRole` role by role. Where the service is not known to
    /// check it, the default reading of SW-7 does not ask for it, and the step says so.
    fn pass_role(&mut self, actor: &mut Actor<'e>, node: u32, rule: &Rule, controlled: &[usize]) {
        let Some((service, proven)) = rule.passes() else { return };
        let estate = self.index.estate;
        let base = if rule.has("controls-instance") {
            let mut best = Probe::no();
            for host in controlled.iter().take(64).filter_map(|i| estate.hosts.items.get(*i)) {
                let arn = self.host_arn(host);
                let actions: Vec<&str> = rule.needs.iter().flat_map(|n| n.actions.iter().copied()).collect();
                let probe = actor.any(&actions, &arn, None, self.options, &self.stock);
                // A role that is there already must be detached first.
                let probe = match host.role {
                    Carried::None => probe,
                    _ => probe.and(&actor.any(&["ecs:DetachInstanceRamRole"], &arn, None, self.options, &self.stock)),
                };
                if probe.truth > best.truth {
                    best = probe;
                }
            }
            best
        } else {
            self.needs(actor, rule, "")
        };
        if base.truth == Truth::No {
            return;
        }
        if let Some(gap) = estate.roles.gaps.first() {
            let any = actor.any(
                &["ram:PassRole"],
                &format!("acs:ram::{}:role/*", estate.account),
                Some(service),
                self.options,
                &self.stock,
            );
            if any.truth != Truth::No || !proven {
                let probe = base.clone().and(&Probe::unknown(gap.clone()));
                self.step(node, None, UNSEEN, rule, &probe, Vec::new());
            }
        }
        let asked = proven || self.options.reading.of(Switch::PassRoleProvenOnly) != Choice::First;
        if let Some(everywhere) = actor.everywhere("ram:PassRole", self.options) {
            let to = self.set(Set::Roles(rule.id));
            self.step(node, None, to, rule, &base.and(&everywhere), Vec::new());
            return;
        }
        let roles = self.trusting(service);
        for (i, sure) in roles {
            let trust = if sure {
                Probe::yes()
            } else {
                Probe::unknown(Gap::new("trust policy of a role", "not collected or in doubt"))
            };
            let pass = actor.any(&["ram:PassRole"], &self.role_arn(i), Some(service), self.options, &self.stock);
            let (probe, depends_on) = match (pass.truth, asked) {
                (Truth::Yes, _) | (_, true) => (base.clone().and(&pass).and(&trust), Vec::new()),
                _ => (base.clone().and(&trust), vec![Switch::PassRoleProvenOnly]),
            };
            self.step(node, None, at(self.out.roles_at, i), rule, &probe, depends_on);
        }
    }

    /// B09 and B11: whoever can change an identity provider takes the roles that trust it.
    fn providers(&mut self, actor: &mut Actor<'e>, node: u32, rule: &Rule) {
        let estate = self.index.estate;
        let kind = if rule.has("saml") { ":saml-provider/" } else { ":oidc-provider/" };
        for (i, role) in estate.roles.items.iter().enumerate() {
            let Some(trust) = &role.trust else {
                let any = self.needs(actor, rule, "*");
                let gap = Gap::new(&format!("trust policy of role {}", role.name), "not collected");
                self.step(node, None, at(self.out.roles_at, i), rule, &any.and(&Probe::unknown(gap)), Vec::new());
                continue;
            };
            for statement in trust.statements.iter().filter(|s| s.may_allow()) {
                let Some(PrincipalElement::Listed(entries)) = &statement.principal else { continue };
                for entry in entries.iter().filter(|e| e.family == PrincipalFamily::Federated && e.text.contains(kind))
                {
                    if rule.has("oidc-loose") && pinned(statement, "oidc:aud") && pinned(statement, "oidc:sub") {
                        continue;
                    }
                    let probe = self.needs(actor, rule, &entry.text);
                    self.step(node, None, at(self.out.roles_at, i), rule, &probe, Vec::new());
                }
            }
        }
    }

    /// C03: both sides must allow (rule TRUST-BOTH-SIDES).
    fn assume(&mut self, actor: &mut Actor<'e>, node: u32, rule: &Rule, members: &[Principal]) {
        let estate = self.index.estate;
        self.unseen(actor, node, rule, &estate.roles.gaps);
        let wide = self.wide(actor, rule);
        if let Some(probe) = &wide {
            let to = self.set(Set::Roles(rule.id));
            self.step(node, None, to, rule, probe, Vec::new());
        }
        let candidates = match wide {
            Some(_) => (0..estate.roles.items.len()).collect(),
            None => {
                let candidates = self.candidates(actor, rule, "role/", &|glob| self.role_names(glob));
                Self::list(candidates, estate.roles.items.len())
            }
        };
        let candidates: BTreeSet<usize> = candidates.into_iter().collect();
        if wide.is_none() {
            for i in candidates.iter().filter(|i| self.root_trust.contains(i)).copied().collect::<Vec<_>>() {
                let arn = self.role_arn(i);
                let probe = actor.any(&["sts:AssumeRole"], &arn, None, self.options, &self.stock);
                self.step(node, None, at(self.out.roles_at, i), rule, &probe, Vec::new());
            }
        }
        for member in members {
            let from = if members.len() == 1 { node } else { self.principal(*member) };
            for i in self.named_trust.get(member).cloned().unwrap_or_default() {
                if candidates.contains(&i) {
                    let arn = self.role_arn(i);
                    let probe = actor.any(&["sts:AssumeRole"], &arn, None, self.options, &self.stock);
                    self.step(from, None, at(self.out.roles_at, i), rule, &probe, Vec::new());
                }
            }
            for i in self.odd_trust.iter().filter(|i| candidates.contains(i)).copied().collect::<Vec<_>>() {
                let mut layers = actor.layers.clone();
                layers.resource = self.index.trust(i);
                let mut both = Actor::new(self.index.caller(*member), layers, actor.key_calls);
                let probe = both.any(&["sts:AssumeRole"], &self.role_arn(i), None, self.options, &self.stock);
                self.step(from, None, at(self.out.roles_at, i), rule, &probe, Vec::new());
            }
        }
    }

    fn host_arn(&self, host: &Host) -> String {
        let (code, kind) = host.kind.arn();
        format!("acs:{code}:{}:{}:{kind}/{}", host.region, self.index.estate.account, host.id)
    }

    /// Hosts that the actor gets code on; returned for D02.
    fn over_hosts(&mut self, actor: &mut Actor<'e>, node: u32, rule: &Rule, kind: HostKind) -> Vec<usize> {
        let estate = self.index.estate;
        if !estate.hosts.gaps.is_empty() {
            self.unseen(actor, node, rule, &estate.hosts.gaps);
        }
        let of_kind: Vec<usize> =
            estate.hosts.items.iter().enumerate().filter(|(_, h)| h.kind == kind).map(|(i, _)| i).collect();
        if of_kind.is_empty() {
            return of_kind;
        }
        if let Some(probe) = self.wide(actor, rule) {
            let to = self.set(Set::Hosts(kind));
            self.step(node, None, to, rule, &probe, Vec::new());
            return of_kind;
        }
        let mut controlled = Vec::new();
        for i in of_kind {
            let Some(host) = estate.hosts.items.get(i) else { continue };
            let arn = self.host_arn(host);
            let probe = self.needs(actor, rule, &arn);
            if probe.truth != Truth::No {
                self.step(node, None, at(self.out.hosts_at, i), rule, &probe, Vec::new());
                controlled.push(i);
            }
        }
        controlled
    }

    /// What outsiders can take: roles by their trust (C05, C06, C07, C09), hosts by request forgery (D24).
    fn outside(&mut self) {
        let estate = self.index.estate;
        for (gaps, id) in [(&estate.roles.gaps, "C06"), (&estate.hosts.gaps, "D24")] {
            if !gaps.is_empty() {
                self.edge(
                    [Some(OUTSIDE), None],
                    UNSEEN,
                    Some(id),
                    false,
                    Proof { gaps: gaps.clone(), ..Proof::default() },
                );
            }
        }
        let around = Surroundings { owner: &estate.account, organisation: &estate.organisation, own_user_ids: None };
        for (i, role) in estate.roles.items.iter().enumerate() {
            let to = at(self.out.roles_at, i);
            let Some(trust) = &role.trust else {
                let gap = Gap::new(&format!("trust policy of role {}", role.name), "not collected");
                self.edge([Some(OUTSIDE), None], to, Some("C06"), false, Proof { gaps: vec![gap], ..Proof::default() });
                continue;
            };
            if trust.statements.iter().any(loose_oidc) {
                let proof = Proof {
                    grants: (0..trust.statements.len()).filter_map(|n| crate::decide::reference(trust, n)).collect(),
                    ..Proof::default()
                };
                self.edge([Some(OUTSIDE), None], to, Some("C07"), true, proof);
            }
            if !trust.statements.iter().any(|s| names_outsiders(s, &estate.account)) {
                continue;
            }
            // A vendor that must present an agreed ExternalId is no confused deputy.
            let mut open = trust.clone();
            open.statements.retain(|s| !pinned(s, "sts:externalid") || s.may_deny());
            let mut layers = crate::decide::Layers::identity_only(&estate.account, PolicySet::default());
            layers.resource = ResourceSide::Trust(PolicySet::of(vec![&open]));
            let found =
                exposure::analyse(&layers, &around, &["sts:AssumeRole"], &[self.role_arn(i).as_str()], self.options)
                    .outside_organisation;
            if found.truth == Truth::No {
                continue;
            }
            let id = match found.witness.as_ref().map(|w| &w.caller) {
                Some(Caller::Service { .. }) => "C09",
                Some(caller) if caller.account() == Some(exposure::STRANGER) => "C06",
                _ => "C05",
            };
            let proof = Proof { grants: found.grants, witness: found.witness, gaps: found.gaps, ..Proof::default() };
            self.edge([Some(OUTSIDE), None], to, Some(id), found.truth == Truth::Yes, proof);
        }
        for (i, host) in estate.hosts.items.iter().enumerate() {
            if host.kind != HostKind::Instance || host.role == Carried::None {
                continue;
            }
            let open = host.internet.and(host.metadata_token.negate());
            if open != Tri::No {
                let gaps = if open == Tri::Maybe {
                    vec![Gap::new(&format!("exposure or metadata mode of {}", host.id), "not collected")]
                } else {
                    Vec::new()
                };
                self.edge(
                    [Some(OUTSIDE), None],
                    at(self.out.hosts_at, i),
                    Some("D24"),
                    open == Tri::Yes,
                    Proof { gaps, ..Proof::default() },
                );
            }
        }
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

/// Whether a statement fixes a key to values without wildcards.
fn pinned(statement: &Statement, folded: &str) -> bool {
    statement.conditions.iter().any(|c| {
        c.folded == folded
            && !c.negated
            && match &c.test {
                Test::Equals(list) | Test::EqualsFolded(list) => !list.is_empty(),
                Test::Like(list) => {
                    list.iter().all(|g| g.text().chars().filter(|ch| !matches!(ch, '*' | '?' | ':')).count() > 12)
                }
                _ => false,
            }
    })
}

/// C07: trust in an OIDC provider without a fixed subject admits every workload that the provider vouches for.
fn loose_oidc(statement: &Statement) -> bool {
    let Some(PrincipalElement::Listed(entries)) = &statement.principal else { return false };
    statement.effect == Some(crate::policy::Effect::Allow)
        && statement.doubts.is_empty()
        && entries.iter().any(|e| e.family == PrincipalFamily::Federated && e.text.contains(":oidc-provider/"))
        && !pinned(statement, "oidc:sub")
}

fn names_outsiders(statement: &Statement, account: &str) -> bool {
    match &statement.principal {
        Some(PrincipalElement::Listed(entries)) => entries.iter().any(|e| match e.family {
            PrincipalFamily::Service => e.text.contains('@'),
            PrincipalFamily::Federated => false,
            _ => ram_principal(&e.text).is_none_or(|(a, _)| a != account),
        }),
        _ => true,
    }
}
