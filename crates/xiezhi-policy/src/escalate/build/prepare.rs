//! What does not depend on an actor: sets of footholds, hosts, trust, policies that make administrator.

use super::super::Proof;
use super::super::probe::{Actor, Probe};
use super::super::rules::{Rule, pattern};
use super::{Builder, Set, UNSEEN, admin_policy, at, could_be_admin};
use crate::ask;
use crate::ask::Truth;
use crate::decide::{Gap, PolicySet};
use crate::estate::{Carried, Principal};
use crate::policy::{Policy, PrincipalElement, PrincipalFamily};
use crate::request::{Caller, ram_principal};
use crate::switches::Tri;

impl<'e> Builder<'e, '_> {
    pub(super) fn set(&mut self, set: Set) -> u32 {
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
                let group_name = estate.groups.items.get(*group).map(|g| &g.name);
                for (i, user) in estate.users.items.iter().enumerate() {
                    if user.groups.items.iter().any(|g| Some(g) == group_name) {
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
    pub(super) fn prepare(&mut self) {
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

    pub(super) fn read_trust(&mut self, role: usize, trust: Option<&Policy>) {
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
    pub(super) fn trusting(&mut self, service: &'static str) -> Vec<(usize, bool)> {
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
    pub(super) fn roles_for(&mut self, rule: &Rule) -> Vec<(usize, bool)> {
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

    pub(super) fn role_arn(&self, role: usize) -> String {
        let estate = self.index.estate;
        // The numbers of roles are those of the estate; an ARN of any role would stand for one that is not there.
        let name = estate.roles.items.get(role).map_or("*", |r| r.name.as_str());
        format!("acs:ram::{}:role/{name}", estate.account)
    }

    /// Whether a user can be taken over by the rule, by what is known of the user.
    pub(super) fn user_given(&self, rule: &Rule, user: usize) -> Probe {
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
}
