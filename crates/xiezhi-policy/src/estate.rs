//! One account as far as permissions go: who there is, what is attached to whom, and what was not looked at.

use crate::decide::{Gap, Layers, PolicySet, ResourceSide};
use crate::policy::Policy;
use crate::request::Caller;
use crate::switches::Tri;
use std::collections::BTreeMap;

/// Things of one kind, and what is missing of the list. Without gaps the list is complete.
#[derive(Debug, Clone, PartialEq)]
pub struct Listing<T> {
    /// What was seen.
    pub items: Vec<T>,
    /// Why there may be more; empty for a complete list.
    pub gaps: Vec<Gap>,
}

impl<T> Listing<T> {
    /// A complete list.
    #[must_use]
    pub fn complete(items: Vec<T>) -> Self {
        Listing { items, gaps: Vec::new() }
    }

    /// A list of which nothing, or only a part, was seen.
    #[must_use]
    pub fn partial(items: Vec<T>, gap: Gap) -> Self {
        Listing { items, gaps: vec![gap] }
    }

    /// Whether everything was seen.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.gaps.is_empty()
    }
}

impl<T> Default for Listing<T> {
    fn default() -> Self {
        Listing { items: Vec::new(), gaps: Vec::new() }
    }
}

/// A policy attached to an identity.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Attachment {
    /// Name of the policy.
    pub policy: String,
    /// Whether it is a system policy.
    pub system: bool,
    /// The resource group at which it is attached; `None` for the whole account.
    pub resource_group: Option<String>,
}

impl Attachment {
    /// An account-level attachment of a custom policy.
    #[must_use]
    pub fn custom(policy: &str) -> Self {
        Attachment { policy: policy.to_owned(), system: false, resource_group: None }
    }

    /// An account-level attachment of a system policy.
    #[must_use]
    pub fn system(policy: &str) -> Self {
        Attachment { policy: policy.to_owned(), system: true, resource_group: None }
    }
}

/// A policy of the account or of the system, with its versions.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredPolicy {
    /// Name.
    pub name: String,
    /// Whether it is a system policy.
    pub system: bool,
    /// The default version, which alone is in force; `None` when its text was not collected.
    pub default: Option<Policy>,
    /// The other versions: a principal may switch back to one.
    pub others: Listing<Policy>,
}

/// A RAM user.
#[derive(Debug, Clone, PartialEq)]
pub struct User {
    /// Name.
    pub name: String,
    /// Numeric id, when known.
    pub id: Option<String>,
    /// Policies attached to the user itself.
    pub policies: Listing<Attachment>,
    /// Groups that the user is in.
    pub groups: Listing<String>,
    /// Number of AccessKeys; a user has at most two (section 1.7).
    pub access_keys: Listing<String>,
    /// Whether the user has a console password.
    pub console: Tri,
    /// Whether an MFA device is bound.
    pub mfa: Tri,
}

impl User {
    /// A user without anything, all of it looked at.
    #[must_use]
    pub fn new(name: &str) -> Self {
        User {
            name: name.to_owned(),
            id: None,
            policies: Listing::default(),
            groups: Listing::default(),
            access_keys: Listing::default(),
            console: Tri::No,
            mfa: Tri::No,
        }
    }
}

/// A group of users.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// Name.
    pub name: String,
    /// Attached policies.
    pub policies: Listing<Attachment>,
}

/// A RAM role.
#[derive(Debug, Clone, PartialEq)]
pub struct Role {
    /// Name.
    pub name: String,
    /// Trust policy; `None` when it was not collected.
    pub trust: Option<Policy>,
    /// Attached policies.
    pub policies: Listing<Attachment>,
    /// Whether the service fixed it: not editable, outside control policies.
    pub service_linked: bool,
}

/// What runs code with a role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum HostKind {
    /// ECS instance.
    Instance,
    /// Function of Function Compute.
    Function,
    /// ECI container group.
    ContainerGroup,
}

impl HostKind {
    /// RAM code and type of its ARN.
    #[must_use]
    pub fn arn(self) -> (&'static str, &'static str) {
        match self {
            HostKind::Instance => ("ecs", "instance"),
            HostKind::Function => ("fc", "functions"),
            HostKind::ContainerGroup => ("eci", "containergroup"),
        }
    }
}

/// The role that a host carries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Carried {
    /// None.
    None,
    /// This role of the account.
    Role(String),
    /// Not collected.
    Unknown(Gap),
}

/// A host.
#[derive(Debug, Clone, PartialEq)]
pub struct Host {
    /// What it is.
    pub kind: HostKind,
    /// Id or name; a function of version 2 of the product is `services/<service>/functions/<name>`, as its ARN ends.
    pub id: String,
    /// Whether that is its id, as policies name it; not so of one that a configuration declares and nobody has made.
    pub has_id: bool,
    /// Region.
    pub region: String,
    /// The role it carries.
    pub role: Carried,
    /// Whether something on it answers the internet.
    pub internet: Tri,
    /// Whether the metadata service demands a token, which stops plain request forgery.
    pub metadata_token: Tri,
}

/// The control policies over the account.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Control {
    /// The account is no member, or is the management account: no control policy applies.
    #[default]
    None,
    /// Levels from the member up to the root; each must allow.
    Levels(Vec<Listing<Policy>>),
}

impl Control {
    /// The levels as the evaluator takes them; none when nothing applies.
    #[must_use]
    pub fn levels(&self) -> Vec<PolicySet<'_>> {
        match self {
            Control::None => Vec::new(),
            Control::Levels(levels) => levels
                .iter()
                .map(|level| PolicySet { policies: level.items.iter().collect(), gaps: level.gaps.clone() })
                .collect(),
        }
    }
}

/// One account.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Estate {
    /// Account id.
    pub account: String,
    /// Accounts of the same resource directory; empty when there is none or it is not known.
    pub organisation: Vec<String>,
    /// Users.
    pub users: Listing<User>,
    /// Groups.
    pub groups: Listing<Group>,
    /// Roles.
    pub roles: Listing<Role>,
    /// Policies, system and custom.
    pub policies: Listing<StoredPolicy>,
    /// Hosts.
    pub hosts: Listing<Host>,
    /// Why there may be more hosts of one kind than were seen; gaps of `hosts` itself concern every kind.
    pub unlisted: BTreeMap<HostKind, Vec<Gap>>,
    /// Control policies.
    pub control: Control,
}

impl Estate {
    /// Why there may be more hosts of a kind.
    pub(crate) fn host_gaps(&self, kind: HostKind) -> Vec<Gap> {
        self.hosts.gaps.iter().chain(self.unlisted.get(&kind).into_iter().flatten()).cloned().collect()
    }
}

/// A principal of the estate, by its place in the lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Principal {
    /// A user.
    User(usize),
    /// A role.
    Role(usize),
}

/// The estate with its names looked up once.
#[derive(Debug)]
pub struct Index<'e> {
    /// The estate.
    pub estate: &'e Estate,
    policies: BTreeMap<(&'e str, bool), usize>,
    groups: BTreeMap<&'e str, usize>,
    users: BTreeMap<String, usize>,
    roles: BTreeMap<String, usize>,
}

impl<'e> Index<'e> {
    /// Looks the names up.
    #[must_use]
    pub fn new(estate: &'e Estate) -> Self {
        Index {
            estate,
            policies: estate.policies.items.iter().enumerate().map(|(i, p)| ((p.name.as_str(), p.system), i)).collect(),
            groups: estate.groups.items.iter().enumerate().map(|(i, g)| (g.name.as_str(), i)).collect(),
            users: estate.users.items.iter().enumerate().map(|(i, u)| (u.name.clone(), i)).collect(),
            roles: estate.roles.items.iter().enumerate().map(|(i, r)| (r.name.to_ascii_lowercase(), i)).collect(),
        }
    }

    /// The user of this name.
    #[must_use]
    pub fn user(&self, name: &str) -> Option<usize> {
        self.users.get(name).copied()
    }

    /// The role of this name, without case.
    #[must_use]
    pub fn role(&self, name: &str) -> Option<usize> {
        self.roles.get(&name.to_ascii_lowercase()).copied()
    }

    /// The group of this name.
    #[must_use]
    pub fn group(&self, name: &str) -> Option<&'e Group> {
        self.groups.get(name).and_then(|i| self.estate.groups.items.get(*i))
    }

    /// The policy of this name.
    #[must_use]
    pub fn policy(&self, name: &str, system: bool) -> Option<&'e StoredPolicy> {
        self.policies.get(&(name, system)).and_then(|i| self.estate.policies.items.get(*i))
    }

    /// Every principal: users, then roles.
    pub fn principals(&self) -> impl Iterator<Item = Principal> + use<> {
        let (users, roles) = (self.estate.users.items.len(), self.estate.roles.items.len());
        (0..users).map(Principal::User).chain((0..roles).map(Principal::Role))
    }

    /// The caller that a principal is; nobody's name (empty, as no user or role is called) for a number that the estate does
    /// not have, whose [`attachments`](Self::attachments) are then not known.
    #[must_use]
    pub fn caller(&self, principal: Principal) -> Caller {
        let account = self.estate.account.clone();
        match principal {
            Principal::User(i) => {
                let user = self.estate.users.items.get(i);
                let name = user.map_or_else(String::new, |user| user.name.clone());
                Caller::User { account, name, id: user.and_then(|user| user.id.clone()) }
            }
            Principal::Role(i) => {
                let name = self.estate.roles.items.get(i).map_or_else(String::new, |role| role.name.clone());
                Caller::Role { account, name, session: "session".into() }
            }
        }
    }

    /// The attachments of a principal: its own, and those of its groups; with what is missing.
    #[must_use]
    pub fn attachments(&self, principal: Principal) -> Listing<&'e Attachment> {
        let mut all = Listing { items: Vec::new(), gaps: Vec::new() };
        let mut take = |listing: &'e Listing<Attachment>| {
            all.items.extend(&listing.items);
            all.gaps.extend(listing.gaps.iter().cloned());
        };
        match principal {
            Principal::User(i) => {
                let Some(user) = self.estate.users.items.get(i) else {
                    all.gaps.push(first_gap(&self.estate.users.gaps, &format!("user number {i}")));
                    return all;
                };
                take(&user.policies);
                let mut gaps = user.groups.gaps.clone();
                for name in &user.groups.items {
                    match self.group(name) {
                        Some(group) => take(&group.policies),
                        None => gaps.push(first_gap(&self.estate.groups.gaps, &format!("group {name}"))),
                    }
                }
                all.gaps.extend(gaps);
            }
            Principal::Role(i) => match self.estate.roles.items.get(i) {
                Some(role) => take(&role.policies),
                None => all.gaps.push(first_gap(&self.estate.roles.gaps, &format!("role number {i}"))),
            },
        }
        all
    }

    /// The policies in force of some attachments; those at a resource group only when it is the asked one.
    fn set<'x>(&self, attachments: &Listing<&'x Attachment>, resource_group: Option<&str>) -> PolicySet<'e> {
        let mut set = PolicySet { policies: Vec::new(), gaps: Vec::new() };
        for attachment in attachments.items.iter().filter(|a| a.resource_group.as_deref() == resource_group) {
            match self.policy(&attachment.policy, attachment.system).and_then(|p| p.default.as_ref()) {
                Some(policy) => {
                    if !set.policies.iter().any(|p| std::ptr::eq(*p, policy)) {
                        set.policies.push(policy);
                    }
                }
                None => set.gaps.push(first_gap(&self.estate.policies.gaps, &format!("policy {}", attachment.policy))),
            }
        }
        set.gaps.extend(attachments.gaps.iter().cloned());
        set
    }

    /// The layers over a principal for requests inside its account; `resource_group` is that of the resource, when it has one.
    #[must_use]
    pub fn layers(&self, principal: Principal, resource_group: Option<&str>) -> Layers<'e> {
        let attachments = self.attachments(principal);
        let mut layers = Layers::identity_only(&self.estate.account, self.set(&attachments, None));
        if let Some(group) = resource_group {
            layers.group_identity = self.set(&attachments, Some(group));
        }
        layers.control_exempt = self.layers_exempt(principal);
        self.add_control(&mut layers);
        layers
    }

    /// The trust policy of a role as the resource side of `sts:AssumeRole`.
    #[must_use]
    pub fn trust(&self, role: usize) -> ResourceSide<'e> {
        let Some(role) = self.estate.roles.items.get(role) else { return ResourceSide::None };
        ResourceSide::Trust(match &role.trust {
            Some(policy) => PolicySet::of(vec![policy]),
            None => PolicySet {
                policies: Vec::new(),
                gaps: vec![first_gap(&self.estate.roles.gaps, &format!("trust policy of role {}", role.name))],
            },
        })
    }

    /// Principals with the same attachments and exemption have the same rights: the key by which they are grouped.
    pub(crate) fn class(&self, principal: Principal) -> (Vec<&'e Attachment>, bool, Vec<Gap>) {
        let attachments = self.attachments(principal);
        let mut items: Vec<&'e Attachment> =
            attachments.items.iter().copied().filter(|a| a.resource_group.is_none()).collect();
        items.sort_unstable();
        items.dedup();
        (items, self.layers_exempt(principal), attachments.gaps)
    }

    fn layers_exempt(&self, principal: Principal) -> bool {
        match principal {
            Principal::Role(i) => self.estate.roles.items.get(i).is_some_and(|r| r.service_linked),
            Principal::User(_) => false,
        }
    }

    /// The layers over a stand-in member of a group that has nothing but the group's policies.
    #[must_use]
    pub fn group_layers(&self, group: &'e Group) -> Layers<'e> {
        let attachments = Listing { items: group.policies.items.iter().collect(), gaps: group.policies.gaps.clone() };
        let mut layers = Layers::identity_only(&self.estate.account, self.set(&attachments, None));
        self.add_control(&mut layers);
        layers
    }

    fn add_control(&self, layers: &mut Layers<'e>) {
        layers.owner_control = self.estate.control.levels();
        layers.caller_control.clone_from(&layers.owner_control);
    }
}

fn first_gap(gaps: &[Gap], what: &str) -> Gap {
    Gap::new(what, gaps.first().map_or("not among the collected", |g| g.why.as_str()))
}
