//! What a path through the account rests on: every identity and host that it passes.

use rustc_hash::FxHashMap;
use xiezhi_model::Label;
use xiezhi_policy::ask::Truth;
use xiezhi_policy::escalate::{Foothold, Path};
use xiezhi_policy::estate::HostKind;

use super::estate::{Built, Premises};

/// The labels of an account's identities and hosts by name.
pub(crate) struct Labels<'b> {
    users: FxHashMap<&'b str, Label>,
    roles: FxHashMap<&'b str, Label>,
    hosts: FxHashMap<(HostKind, &'b str), Label>,
    account: Label,
}

impl<'b> Labels<'b> {
    /// The labels of an account.
    pub(crate) fn of(built: &'b Built) -> Self {
        let label = |premises: &Premises| premises.label;
        let users = built.estate.users.items.iter().map(|user| user.name.as_str());
        let roles = built.estate.roles.items.iter().map(|role| role.name.as_str());
        let hosts = built.estate.hosts.items.iter().map(|host| (host.kind, host.id.as_str()));
        let all = [&built.user_premises, &built.role_premises, &built.host_premises];
        Labels {
            users: users.zip(built.user_premises.iter().map(label)).collect(),
            roles: roles.zip(built.role_premises.iter().map(label)).collect(),
            hosts: hosts.zip(built.host_premises.iter().map(label)).collect(),
            account: all.into_iter().flatten().map(label).fold(Label::Live, Label::weakest),
        }
    }

    /// The weakest evidence that a path rests on, beside `label`, the evidence about its start. That there is no way
    /// rests on everything in the account.
    pub(crate) fn along(&self, path: &Path, label: Label) -> Label {
        if path.truth == Truth::No {
            return label.weakest(self.account);
        }
        let passed = path.steps.iter().flat_map(|step| step.from.iter().chain([&step.to]));
        passed.filter_map(|foothold| self.foothold(foothold)).fold(label, Label::weakest)
    }

    fn foothold(&self, foothold: &Foothold) -> Option<Label> {
        match foothold {
            Foothold::User(name) | Foothold::AccessKey(name) => self.users.get(name.as_str()).copied(),
            Foothold::Role(name) => self.roles.get(name.as_str()).copied(),
            Foothold::Host(kind, id) => self.hosts.get(&(*kind, id.as_str())).copied(),
            Foothold::Administrator | Foothold::Outside | Foothold::Group(_) | Foothold::Unseen => None,
        }
    }
}
