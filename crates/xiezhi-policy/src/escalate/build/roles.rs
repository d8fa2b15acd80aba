//! Rules over roles and hosts.

use super::super::probe::{Actor, Probe};
use super::super::rules::Rule;
use super::outside::pinned;
use super::{ADMINISTRATOR, Builder, Set, UNSEEN, at};
use crate::ask::Truth;
use crate::decide::Gap;
use crate::estate::{Carried, Host, HostKind, Principal};
use crate::glob::Glob;
use crate::policy::{PrincipalElement, PrincipalFamily};
use crate::switches::{Choice, Switch};
use std::collections::BTreeSet;

impl<'e> Builder<'e, '_> {
    pub(super) fn over_roles(&mut self, actor: &mut Actor<'e>, node: u32, rule: &Rule, controlled: &[usize]) {
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

    pub(super) fn role_names(&self, glob: &Glob) -> Vec<usize> {
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
    pub(super) fn pass_role(&mut self, actor: &mut Actor<'e>, node: u32, rule: &Rule, controlled: &[usize]) {
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
    pub(super) fn providers(&mut self, actor: &mut Actor<'e>, node: u32, rule: &Rule) {
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
    pub(super) fn assume(&mut self, actor: &mut Actor<'e>, node: u32, rule: &Rule, members: &[Principal]) {
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

    pub(super) fn host_arn(&self, host: &Host) -> String {
        let (code, kind) = host.kind.arn();
        if host.id.starts_with("services/") {
            return format!("acs:{code}:{}:{}:{}", host.region, self.index.estate.account, host.id);
        }
        format!("acs:{code}:{}:{}:{kind}/{}", host.region, self.index.estate.account, host.id)
    }

    /// Hosts that the actor gets code on; returned for D02.
    pub(super) fn over_hosts(&mut self, actor: &mut Actor<'e>, node: u32, rule: &Rule, kind: HostKind) -> Vec<usize> {
        let estate = self.index.estate;
        let gaps = estate.host_gaps(kind);
        if !gaps.is_empty() {
            self.unseen(actor, node, rule, &gaps);
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
            let mut probe = self.needs(actor, rule, &arn);
            if probe.truth == Truth::No && !host.has_id {
                // A grant on some that are named may be on this one.
                let some = self.needs(actor, rule, &self.host_arn(&Host { id: "*".to_owned(), ..host.clone() }));
                probe = some.and(&Probe::unknown(Gap::new(&format!("id of {}", host.id), "not in the evidence")));
            }
            if probe.truth != Truth::No {
                self.step(node, None, at(self.out.hosts_at, i), rule, &probe, Vec::new());
                controlled.push(i);
            }
        }
        controlled
    }
}
