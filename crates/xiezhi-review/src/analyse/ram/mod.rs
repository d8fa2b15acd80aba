//! What RAM users and roles end up with: administrator, products, dangerous actions, ways up, trust from outside.
//!
//! The reasoning is `xiezhi-policy`'s; here the inventory becomes its estate, and its findings become facts with proof.
//! Rules by number are those of the RAM reference named there.

pub(crate) mod control;
pub(crate) mod estate;
pub(crate) mod labels;
pub(crate) mod owner;
mod rights;
pub(crate) mod system;
pub(crate) mod texts;
mod trust;

use std::collections::BTreeMap;

use xiezhi_model::service::ecs::Instance;
use xiezhi_model::service::ram::{Role, User};
use xiezhi_model::{Fact, Inventory, Label, List, Reason, Text};
use xiezhi_policy::Budget;
use xiezhi_policy::ask::Truth;
use xiezhi_policy::escalate::{Readings, Start};
use xiezhi_policy::estate::{Attachment, Control, Estate, Index, Principal};
use xiezhi_policy::exposure::STAND_IN;

use super::{Analysis, Proof, depends, derived, in_words, statements};
use estate::{Built, Premises};
use labels::Labels;
pub(crate) use texts::PolicyTexts;

/// See the module.
pub(crate) struct Ram;

const NAME: &str = "RAM reasoning";

impl Analysis for Ram {
    fn name(&self) -> &'static str {
        NAME
    }

    fn run(&self, inventory: &mut Inventory) {
        for account in estate::accounts(inventory) {
            let built = estate::build(inventory, account.as_ref());
            let mut concluded = conclude(&built);
            let guesses = owner::guesses(inventory, &built);
            guesses.each.iter().for_each(|guess| concluded.keep_common(&conclude(guess)));
            if guesses.beyond {
                concluded.leave_open();
            }
            for (at, facts) in built.user_rows.iter().zip(concluded.users) {
                if let Some(user) = inventory.all_mut::<User>().get_mut(*at) {
                    facts.write(user);
                }
            }
            for (at, facts) in built.role_rows.iter().zip(concluded.roles) {
                if let Some(role) = inventory.all_mut::<Role>().get_mut(*at) {
                    role.admin = facts.rights.admin;
                    role.administered_products = facts.rights.products;
                    role.escalations = facts.escalations;
                    role.external_trust = facts.external_trust;
                    role.trusts_people = facts.trusts_people;
                }
            }
            for (at, fact) in built.host_rows.iter().zip(concluded.hosts) {
                if let Some(instance) = inventory.all_mut::<Instance>().get_mut(*at) {
                    instance.role_escalations = fact;
                }
            }
        }
    }
}

struct Concluded {
    users: Vec<UserFacts>,
    roles: Vec<RoleFacts>,
    hosts: Vec<Fact<List<Text>>>,
}

struct UserFacts {
    rights: rights::Rights,
    escalations: Fact<List<Text>>,
}

impl UserFacts {
    fn write(self, user: &mut User) {
        user.admin = self.rights.admin;
        user.administered_products = self.rights.products;
        user.high_risk_actions = self.rights.high_risk;
        user.key_networks_restricted = self.rights.networks_restricted;
        user.acts_without_mfa = self.rights.without_mfa;
        user.oss_access = self.rights.oss;
        user.escalations = self.escalations;
    }
}

struct RoleFacts {
    rights: rights::Rights,
    escalations: Fact<List<Text>>,
    external_trust: Fact<List<Text>>,
    trusts_people: Fact<bool>,
}

impl Concluded {
    /// Leaves of each fact what the other says too: the same rows under another owner.
    fn keep_common(&mut self, other: &Concluded) {
        for (user, other) in self.users.iter_mut().zip(&other.users) {
            user.rights.keep_common(&other.rights);
            same_ways(&mut user.escalations, &other.escalations);
        }
        // What a trust policy says of outsiders is said without the owner's id (`trust::external`).
        for (role, other) in self.roles.iter_mut().zip(&other.roles) {
            role.rights.keep_common(&other.rights);
            same_ways(&mut role.escalations, &other.escalations);
        }
        for (host, other) in self.hosts.iter_mut().zip(&other.hosts) {
            same_ways(host, other);
        }
    }

    /// Nothing holds: the policies name more accounts than are tried.
    fn leave_open(&mut self) {
        for user in &mut self.users {
            user.rights.leave_open();
            owner::leave_open(&mut user.escalations);
        }
        for role in &mut self.roles {
            role.rights.leave_open();
            owner::leave_open(&mut role.escalations);
        }
        self.hosts.iter_mut().for_each(owner::leave_open);
    }
}

/// A way up is one, whichever it is.
fn same_ways(ways: &mut Fact<List<Text>>, others: &Fact<List<Text>>) {
    let some = |fact: &Fact<List<Text>>| fact.value().is_some_and(|list| !list.items.is_empty());
    if some(ways) && some(others) {
        ways.origin.label = ways.origin.label.weakest(others.origin.label);
    } else {
        owner::agree(ways, others);
    }
}

fn conclude(built: &Built) -> Concluded {
    let index = Index::new(&built.estate);
    let escalation = Readings::build(&index, &Budget::default());
    let labels = Labels::of(built);
    // Principals with the same attachments have the same rights, unless a policy asks who they are: the question is asked
    // once. Control policies leave service-linked roles alone.
    let mut asked: BTreeMap<(bool, Vec<Attachment>), rights::Rights> = BTreeMap::new();
    let by_name = asks_who(&built.estate);
    let mut rights_of = |principal: Principal, premises: &Premises| {
        let attachments = index.attachments(principal);
        let mut key: Vec<Attachment> = attachments.items.iter().map(|a| (*a).clone()).collect();
        key.sort();
        key.dedup();
        if premises.reasons.is_empty() && attachments.gaps.is_empty() && !by_name {
            let exempt = match principal {
                Principal::Role(i) => built.estate.roles.items.get(i).is_some_and(|role| role.service_linked),
                Principal::User(_) => false,
            };
            let rights = asked.entry((exempt, key)).or_insert_with(|| rights::of(&index, principal, premises));
            rights.with_label(premises.label)
        } else {
            rights::of(&index, principal, premises)
        }
    };
    let users = built
        .user_premises
        .iter()
        .enumerate()
        .map(|(i, premises)| UserFacts {
            rights: rights_of(Principal::User(i), premises),
            escalations: ways_up(&escalation, &labels, Start::User(i), premises),
        })
        .collect();
    let roles = built
        .role_premises
        .iter()
        .enumerate()
        .map(|(i, premises)| {
            let trust = built.estate.roles.items.get(i).and_then(|role| role.trust.as_ref());
            RoleFacts {
                rights: rights_of(Principal::Role(i), premises),
                escalations: ways_up(&escalation, &labels, Start::Role(i), premises),
                external_trust: trust::external(trust, &built.estate, built.trust_facts.get(i)),
                trusts_people: trust::people(trust, built.trust_facts.get(i)),
            }
        })
        .collect();
    let hosts = built
        .host_premises
        .iter()
        .enumerate()
        .map(|(i, premises)| ways_up(&escalation, &labels, Start::Host(i), premises))
        .collect();
    Concluded { users, roles, hosts }
}

/// Whether some policy speaks of the caller's own name (`acs:PrincipalArn`).
fn asks_who(estate: &Estate) -> bool {
    let stored = estate.policies.items.iter().filter_map(|policy| policy.default.as_ref());
    let levels = match &estate.control {
        Control::Levels(levels) => levels.as_slice(),
        Control::None => &[],
    };
    let mut all = stored.chain(levels.iter().flat_map(|level| &level.items));
    all.any(|policy| {
        policy.statements.iter().flat_map(|one| &one.conditions).any(|one| one.folded == "acs:principalarn")
    })
}

/// The steps by which a foothold becomes administrator, one text each: pattern, action, statements as `policy#number`; empty
/// when there is no way. A principal that is administrator already has no way *up*: `admin` says that.
fn ways_up(escalation: &Readings<'_>, labels: &Labels<'_>, start: Start, premises: &Premises) -> Fact<List<Text>> {
    let mut path = escalation.standard().administrator(start);
    let along = |label: Label| labels.along(&path, label);
    let (of_right, of_none) = (along(premises.label_of_right()), along(premises.label));
    // What the stand-in outsider may do at home is no evidence.
    path.steps.iter_mut().for_each(|step| step.grants.retain(|grant| grant.policy != STAND_IN));
    // An administrator has no way up: `admin` says what it is.
    if path.truth == Truth::Yes && path.steps.iter().all(|step| step.pattern == "is") {
        let proof = granted(premises, in_words("it is administrator", "它已是管理员"));
        return Fact::known(List::complete(vec![]), derived(NAME, proof, of_right));
    }
    let mut switches = escalation.deciding(start, path.truth);
    switches.extend(path.steps.iter().flat_map(|step| step.depends_on.iter().copied()));
    let weak = !switches.is_empty() || path.steps.iter().any(|step| weak(step.basis));
    let weakened = |label: Label| if weak { label.weakest(Label::Inference) } else { label };
    match path.truth {
        Truth::Yes => {
            let (mut steps, mut signs, mut words) = (Vec::new(), Vec::new(), (Vec::new(), Vec::new()));
            for step in &path.steps {
                let action = step.witness.as_ref().map(|request| format!(" {}", request.action())).unwrap_or_default();
                let mut places: Vec<String> = step
                    .grants
                    .iter()
                    .map(|grant| format!("{}#{}", grant.policy, grant.statement.saturating_add(1)))
                    .collect();
                places.sort();
                places.dedup();
                let by = if places.is_empty() { String::new() } else { format!(" ({})", places.join(", ")) };
                steps.push(Text::from(format!("{}{action}{by}", step.pattern)));
                let by = statements(&step.grants);
                let said = |text: &str, [open, close]: [&str; 2]| match text.is_empty() {
                    true => format!("{}{action}", step.pattern),
                    false => format!("{}{action}{open}{text}{close}", step.pattern),
                };
                words.0.push(said(by.en(), [" (", ")"]));
                words.1.push(said(by.zh(), ["（", "）"]));
            }
            signs.push(in_words(words.0.join(" -> "), words.1.join(" -> ")));
            signs.push(depends(&switches));
            let proof = granted(premises, Proof::of(&signs));
            Fact::known(List::complete(steps), derived(NAME, proof, weakened(of_right)))
        }
        Truth::No => {
            let proof = Proof::of(&[in_words("no way to administrator", "没有通往管理员的路径"), depends(&switches)]);
            Fact::known(List::complete(vec![]), derived(NAME, proof, weakened(of_none)))
        }
        Truth::Unknown | Truth::Undecided => {
            let missing = path.gaps.first().map(|gap| format!("{}: {}", gap.what, gap.why));
            premises.unknown(missing.as_deref())
        }
    }
}

/// The proof of a right, with what it takes for granted.
pub(super) fn granted(premises: &Premises, proof: Proof) -> Proof {
    let assumed = match premises.uncontrolled {
        true => in_words(
            "taken for granted: no control policy, the evidence has no word of a resource directory",
            "前提：没有管控策略，证据未提及资源目录",
        ),
        false => Proof::default(),
    };
    Proof::of(&[proof, assumed])
}

/// Whether a pattern is shown by nothing but our own derivation.
fn weak(basis: Option<xiezhi_policy::escalate::Basis>) -> bool {
    matches!(basis, Some(xiezhi_policy::escalate::Basis::Derived))
}

/// What the reasoning could not be given, when no premise says why.
pub(super) fn undecided(what: &str) -> Reason {
    Reason::not_understood(what)
}
