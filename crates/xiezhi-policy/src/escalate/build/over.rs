//! Rules over users, groups and policies, and those that make something new.

use super::super::probe::{Actor, Probe};
use super::super::rules::{Gives, Rule};
use super::{ADMINISTRATOR, Builder, Set, at};
use crate::ask;
use crate::ask::Truth;
use crate::decide::Gap;
use crate::glob::Glob;
use crate::policy::Statement;
use std::collections::BTreeSet;

impl<'e> Builder<'e, '_> {
    pub(super) fn over_users(&mut self, actor: &mut Actor<'e>, node: u32, rule: &Rule) {
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

    pub(super) fn over_groups(&mut self, actor: &mut Actor<'e>, node: u32, rule: &Rule) {
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

    pub(super) fn over_policies(&mut self, actor: &mut Actor<'e>, node: u32, rule: &Rule) {
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
    pub(super) fn made_new(&mut self, actor: &mut Actor<'e>, node: u32, rule: &Rule) {
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
}
