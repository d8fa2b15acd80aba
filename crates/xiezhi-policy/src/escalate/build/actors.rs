//! One actor: which rules to try, and whether their needs are granted.

use super::super::probe::{Actor, Probe};
use super::super::rules::{Gives, Over, Rule, rules};
use super::super::{Edge, Power, Proof};
use super::{ADMINISTRATOR, Builder, Candidates, UNSEEN, actor_mentions, could_be_admin};
use crate::ask;
use crate::ask::{Target, Truth};
use crate::decide::Gap;
use crate::estate::{HostKind, Principal};
use crate::glob::Glob;
use std::collections::BTreeSet;
use std::rc::Rc;

impl<'e> Builder<'e, '_> {
    /// Everything that one actor can do.
    pub(super) fn actor(&mut self, actor: &mut Actor<'e>, node: u32, members: &[Principal]) {
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

    /// Rights at a resource group reach the resources in it: hosts, and what is started there. Which resources lie in a
    /// group is not part of an estate, so what such rights open is never sure. RAM and STS do not know resource groups: there they
    /// are void, `ram:PassRole` included.
    pub(super) fn in_resource_groups(&mut self) {
        let principals: Vec<Principal> = self.index.principals().collect();
        for principal in principals {
            let groups: BTreeSet<String> =
                self.index.attachments(principal).items.iter().filter_map(|a| a.resource_group.clone()).collect();
            for group in groups {
                let why = "which resources lie in it is not known";
                self.limited = Some(Gap::new(&format!("resource group {group}"), why));
                let mut own = Actor::new(self.index.caller(principal), self.index.layers(principal, None), false);
                let passes = actor_mentions(&mut own, "ram:PassRole", self.options);
                let layers = self.index.layers(principal, Some(&group));
                let mut actor = Actor::new(self.index.caller(principal), layers, false);
                let node = self.principal(principal);
                let mut controlled = Vec::new();
                for rule in rules().iter().filter(|rule| matches!(rule.gives, Gives::Host | Gives::Role)) {
                    if !self.could(&mut actor, rule) {
                        continue;
                    }
                    match rule.over {
                        Over::Instances => {
                            controlled.extend(self.over_hosts(&mut actor, node, rule, HostKind::Instance))
                        }
                        Over::Functions => drop(self.over_hosts(&mut actor, node, rule, HostKind::Function)),
                        Over::Containers => drop(self.over_hosts(&mut actor, node, rule, HostKind::ContainerGroup)),
                        Over::Roles if passes && rule.passes().is_some() => {
                            self.over_roles(&mut actor, node, rule, &controlled);
                        }
                        _ => {}
                    }
                }
            }
        }
        self.limited = None;
    }

    /// Whether every need of a rule has an action of which some statement speaks: most rules end here.
    pub(super) fn could(&self, actor: &mut Actor<'e>, rule: &Rule) -> bool {
        rule.needs.iter().all(|need| {
            need.actions.iter().any(|action| {
                let found = actor.mentions(action, self.options);
                let twin = crate::catalogue::twin(action).is_some_and(|t| actor_mentions(actor, &t, self.options));
                !found.allows.is_empty() || found.gaps || twin
            })
        })
    }

    /// ADMIN-TEST: all actions on all resources, without condition and after control policies.
    pub(super) fn direct_admin(&mut self, actor: &mut Actor<'e>) -> Probe {
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

    pub(super) fn power(&mut self, actor: &mut Actor<'e>, node: u32, rule: &Rule) {
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
    pub(super) fn places(&self, place: &str, name: &str) -> Vec<String> {
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
                Some((kind, _)) => match kind.strip_prefix("ims-") {
                    Some(kind) => vec![format!("acs:ims::{account}:{kind}/{name}")],
                    None => vec![format!("acs:ram::{account}:{kind}/{name}")],
                },
                None => vec![name.to_owned()],
            },
        }
    }

    /// All needs of a rule with a name put into the places.
    pub(super) fn needs(&mut self, actor: &mut Actor<'e>, rule: &Rule, name: &str) -> Probe {
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

    /// The one answer that all needs have for every resource: granted everywhere without condition, or hidden by missing
    /// evidence alone.
    pub(super) fn wide(&self, actor: &mut Actor<'e>, rule: &Rule) -> Option<Probe> {
        let mut all = Probe::yes();
        for need in &rule.needs {
            let granted = need.actions.iter().find_map(|action| actor.everywhere(action, self.options));
            let found = match granted {
                Some(granted) => granted,
                None => actor.hidden(&need.actions, self.options)?,
            };
            all = all.and(&found);
        }
        Some(all)
    }

    /// Items whose names a grant can speak of, from the resource patterns of the statements.
    pub(super) fn candidates(
        &self,
        actor: &mut Actor<'e>,
        rule: &Rule,
        kind: &str,
        names: &dyn Fn(&Glob) -> Vec<usize>,
    ) -> Candidates {
        let of_kind = |place: &&str| place.strip_prefix("ims-").unwrap_or(place).starts_with(kind);
        let Some(need) = rule.needs.iter().find(|need| need.at.iter().any(of_kind)) else {
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
                        Some([code, _, _, relative]) if code.matches("ram") || code.matches("ims") => {
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

    pub(super) fn list(candidates: Candidates, count: usize) -> Vec<usize> {
        match candidates {
            Candidates::All => (0..count).collect(),
            Candidates::Some(list) => list,
        }
    }

    /// When a list is not complete, what is not on it may be taken over too.
    pub(super) fn unseen(&mut self, actor: &mut Actor<'e>, node: u32, rule: &Rule, gaps: &[Gap]) {
        if gaps.is_empty() {
            return;
        }
        let probe = self.needs(actor, rule, "*");
        if probe.truth != Truth::No {
            let probe = Probe { truth: Truth::Unknown, gaps: gaps.to_vec(), ..probe };
            self.step(node, None, UNSEEN, rule, &probe, Vec::new());
        }
    }
}
