//! The inventory's users, groups, roles and policies as the estate of `xiezhi-policy`, with what is missing.

use std::collections::{BTreeMap, BTreeSet};

use xiezhi_model::service::account::Account;
use xiezhi_model::service::eci::ContainerGroup;
use xiezhi_model::service::ecs::Instance;
use xiezhi_model::service::fc::{Function, Service};
use xiezhi_model::service::ram::{Grant, Group, Policy, Role, User};
use xiezhi_model::{Fact, Head, Inventory, Label, List, OWN_ACCOUNT, Origin, Reason, Resource, State, Text};
use xiezhi_policy::decide::Gap;
use xiezhi_policy::estate::{self, Attachment, Carried, Estate, HostKind, Listing, StoredPolicy};
use xiezhi_policy::{Policy as Parsed, PolicyKind, Tri};

use super::owner;
use super::system::documented;

/// What the answer about one principal rests on.
#[derive(Debug, Clone)]
pub(crate) struct Premises {
    /// The weakest label.
    pub label: Label,
    /// Why something is not known.
    pub reasons: Vec<Reason>,
    /// Where the principal stands.
    pub origin: Origin,
    /// Whether it is taken for granted that no control policy stands over the account.
    pub uncontrolled: bool,
}

impl Premises {
    fn new(head: &Head) -> Self {
        Self { label: head.origin.label, reasons: Vec::new(), origin: head.origin.clone(), uncontrolled: false }
    }

    /// The label of a claim that a right is there: what is taken for granted is a documented default.
    pub fn label_of_right(&self) -> Label {
        if self.uncontrolled { self.label.weakest(Label::Documentation) } else { self.label }
    }

    fn rests_on<T>(&mut self, fact: &Fact<T>) {
        self.label = self.label.weakest(fact.origin.label);
        if let Some(reason) = fact.reason() {
            self.reasons.push(reason.clone());
        }
    }

    fn lacks(&mut self, reason: &Reason) {
        self.reasons.push(reason.clone());
    }

    /// Nobody can tell: for the first reason among the premises, else for what the reasoning itself names.
    pub fn unknown<T>(&self, missing: Option<&str>) -> Fact<T> {
        Fact::unknown(self.reason(missing), self.origin.clone())
    }

    /// Why nobody can tell.
    pub fn reason(&self, missing: Option<&str>) -> Reason {
        match self.reasons.first() {
            Some(reason) => reason.clone(),
            None => super::undecided(missing.unwrap_or("the policies")),
        }
    }
}

/// An estate, and which row of the inventory each of its members is.
#[derive(Debug, Clone, Default)]
pub(crate) struct Built {
    pub estate: Estate,
    pub user_rows: Vec<usize>,
    pub user_premises: Vec<Premises>,
    pub role_rows: Vec<usize>,
    pub role_premises: Vec<Premises>,
    /// The trust policy of each role as the inventory has it.
    pub trust_facts: Vec<Fact<Text>>,
    /// Whether it is taken for granted that no control policy stands over the account.
    pub uncontrolled: bool,
    /// Whether policies mean the own account without its id and also name accounts by their ids, of which none is taken
    /// for the own one.
    pub others_are_named: bool,
    /// Why the text of a policy is not known, by name.
    pub textless: BTreeMap<String, String>,
    pub host_rows: Vec<usize>,
    pub host_premises: Vec<Premises>,
}

/// The accounts of the inventory; `None` for evidence that names none.
pub(crate) fn accounts(inventory: &Inventory) -> Vec<Option<Text>> {
    let mut accounts: Vec<Option<Text>> =
        inventory.all::<Account>().iter().map(|account| account.head.id.value().cloned()).collect();
    if accounts.len() == 1 && inventory.only_account().is_some() {
        accounts = vec![inventory.only_account().cloned()];
    }
    accounts.sort();
    accounts.dedup();
    accounts
}

pub(crate) fn is_of(inventory: &Inventory, head: &Head, account: Option<&Text>) -> bool {
    head.account.value().or_else(|| inventory.only_account()) == account
}

/// Builds the estate of one account.
pub(crate) fn build(inventory: &Inventory, account: Option<&Text>) -> Built {
    let mut built = Built::default();
    built.estate.account = match account {
        Some(account) => account.to_string(),
        None if owner::is_meant(inventory) => OWN_ACCOUNT.to_owned(),
        None => String::new(),
    };
    built.others_are_named = built.estate.account == OWN_ACCOUNT && !owner::named_accounts(inventory).is_empty();
    let policies = stored(inventory, account, &mut built.estate);
    for ((name, _), (_, reason)) in &policies {
        if let Some(reason) = reason {
            built.textless.insert(name.clone(), gap_of("", reason).why);
        }
    }
    let groups: BTreeMap<&str, &Group> = inventory
        .all::<Group>()
        .iter()
        .filter(|group| is_of(inventory, &group.head, account))
        .filter_map(|group| Some((name_of(&group.head)?, group)))
        .collect();
    for (name, group) in &groups {
        let policies = attachments(inventory, &group.policies, &mut Premises::new(&group.head));
        built.estate.groups.items.push(estate::Group { name: (*name).to_owned(), policies });
    }
    built.estate.groups.gaps = gaps::<Group>(inventory);
    for (row, user) in inventory.all::<User>().iter().enumerate() {
        let Some(name) = name_of(&user.head).filter(|_| is_of(inventory, &user.head, account)) else { continue };
        let mut premises = Premises::new(&user.head);
        let mut out = estate::User::new(name);
        out.id = user.uid.value().map(ToString::to_string);
        out.policies = attachments(inventory, &user.policies, &mut premises);
        out.groups = memberships(inventory, user, &groups, &policies, &mut premises);
        rests_on_documents(inventory, &user.policies, &policies, &mut premises);
        out.access_keys = keys(user);
        out.console = tri(&user.console_login);
        out.mfa = tri(&user.mfa_device);
        built.estate.users.items.push(out);
        built.user_rows.push(row);
        built.user_premises.push(premises);
    }
    built.estate.users.gaps = gaps::<User>(inventory);
    for (row, role) in inventory.all::<Role>().iter().enumerate() {
        let Some(name) = name_of(&role.head).filter(|_| is_of(inventory, &role.head, account)) else { continue };
        let mut premises = Premises::new(&role.head);
        let attached = attachments(inventory, &role.policies, &mut premises);
        rests_on_documents(inventory, &role.policies, &policies, &mut premises);
        let trust =
            role.trust_policy.value().map(|text| Parsed::parse(&format!("role/{name}"), PolicyKind::Trust, text));
        built.estate.roles.items.push(estate::Role {
            name: name.to_owned(),
            trust,
            policies: attached,
            service_linked: role.service_linked.value() == Some(&true),
        });
        built.role_rows.push(row);
        built.role_premises.push(premises);
        built.trust_facts.push(role.trust_policy.clone());
    }
    built.estate.roles.gaps = gaps::<Role>(inventory);
    hosts(inventory, account, &mut built);
    let (control, missing) = super::control::over(inventory, account);
    built.uncontrolled = super::control::silent(inventory, &control);
    built.estate.control = control;
    built.estate.organisation = super::control::organisation(inventory);
    let principals = built.user_premises.iter_mut().chain(&mut built.role_premises);
    for premises in principals.chain(&mut built.host_premises) {
        premises.uncontrolled = built.uncontrolled;
        if built.others_are_named {
            premises.label = premises.label.weakest(Label::Inference);
        }
        missing.iter().for_each(|reason| premises.lacks(reason));
    }
    built
}

fn name_of(head: &Head) -> Option<&str> {
    head.id.value().or_else(|| head.name.value()).map(Text::as_str)
}

pub(crate) fn gap_of(what: &str, reason: &Reason) -> Gap {
    Gap::new(what, format!("{} {}", reason.code(), reason.detail()).trim())
}

pub(super) fn gaps<R: Resource>(inventory: &Inventory) -> Vec<Gap> {
    inventory.gaps(R::SCHEMA).iter().map(|gap| gap_of(R::SCHEMA.kind, &gap.reason)).collect()
}

/// A policy document and how strong the evidence for it is, by (name, system).
type Documents = BTreeMap<(String, bool), (Label, Option<Reason>)>;

const ADMINISTRATOR: &str = "AdministratorAccess";

/// The system policies that somebody has.
fn attached(inventory: &Inventory) -> BTreeSet<&str> {
    let users = inventory.all::<User>().iter().map(|user| &user.policies);
    let groups = inventory.all::<Group>().iter().map(|group| &group.policies);
    let roles = inventory.all::<Role>().iter().map(|role| &role.policies);
    let lists = users.chain(groups).chain(roles).filter_map(Fact::value);
    let grants =
        lists.flat_map(|list| &list.items).filter(|grant| grant.kind.value().is_some_and(|kind| kind == "system"));
    grants.filter_map(|grant| grant.name.value().map(Text::as_str)).collect()
}

/// The name of a policy; of a system policy that only answers about its holders name, by its ARN.
fn title(head: &Head) -> Option<&str> {
    let id = || head.id.value().map(|id| id.strip_prefix("acs:ram:*:system:policy/").unwrap_or(id));
    head.name.value().map(Text::as_str).or_else(id)
}

fn stored(inventory: &Inventory, account: Option<&Text>, estate: &mut Estate) -> Documents {
    let mut documents = Documents::new();
    for policy in inventory.all::<Policy>() {
        let system = policy.kind.value().is_some_and(|kind| kind == "system");
        let own = system || is_of(inventory, &policy.head, account);
        let Some(name) = title(&policy.head).filter(|_| own) else { continue };
        let default = policy.document.value().map(|text| Parsed::parse(name, PolicyKind::Identity, text));
        documents.insert((name.to_string(), system), (policy.document.origin.label, policy.document.reason().cloned()));
        estate.policies.items.push(StoredPolicy {
            name: name.to_string(),
            system,
            default,
            others: if system { Listing::default() } else { other_versions(name, policy) },
        });
    }
    let attached = attached(inventory);
    let in_force = |name: &str| {
        let known = inventory.all::<Policy>().iter().find(|policy| {
            title(&policy.head) == Some(name) && policy.kind.value().is_some_and(|kind| kind == "system")
        });
        known.and_then(|policy| policy.default_version.value()).map(Text::as_str)
    };
    for one in documented() {
        let name = one.name;
        let key = (name.to_owned(), true);
        // Administrator's rights are what every way up is measured by.
        let wanted = name == ADMINISTRATOR || attached.contains(name) && one.is_of_version(in_force(name));
        if wanted && documents.get(&key).is_none_or(|(_, reason)| reason.is_some()) {
            documents.insert(key, (Label::Documentation, None));
            estate.policies.items.retain(|policy| !(policy.system && policy.name == name));
            estate.policies.items.push(StoredPolicy {
                name: name.to_owned(),
                system: true,
                default: Some(one.policy()),
                others: Listing::default(),
            });
        }
    }
    estate.policies.gaps = gaps::<Policy>(inventory);
    documents
}

/// The versions of a custom policy that can be put in force again (`ram:SetDefaultPolicyVersion`).
fn other_versions(name: &str, policy: &Policy) -> Listing<Parsed> {
    let what = format!("other versions of policy {name}");
    let list = match &policy.versions.state {
        State::Known(list) => list,
        State::Absent => return Listing::default(),
        State::Unknown(reason) => return Listing::partial(vec![], gap_of(&what, reason)),
    };
    let mut others = Listing::default();
    for version in &list.items {
        match (&version.default.state, &version.document.state) {
            (State::Known(true), _) | (_, State::Absent) => {}
            (_, State::Known(text)) => {
                let id = version.id.value().map_or("", Text::as_str);
                others.items.push(Parsed::parse(&format!("{name} {id}"), PolicyKind::Identity, text));
            }
            (_, State::Unknown(reason)) => others.gaps.push(gap_of(&what, reason)),
        }
    }
    others.gaps.extend(list.more.iter().map(|reason| gap_of(&what, reason)));
    others
}

/// The name of a granted policy; a configuration may refer to one that it declares.
fn policy_name<'i>(inventory: &'i Inventory, grant: &'i Grant) -> Option<&'i str> {
    let declared = || title(&inventory.follow_as::<Policy>(None, &grant.policy.value()?.target)?.head);
    grant.name.value().map(Text::as_str).or_else(declared)
}

fn attachments(inventory: &Inventory, grants: &Fact<List<Grant>>, premises: &mut Premises) -> Listing<Attachment> {
    premises.rests_on(grants);
    let list = match &grants.state {
        State::Known(list) => list,
        State::Absent => return Listing::complete(vec![]),
        State::Unknown(reason) => return Listing::partial(vec![], gap_of("attached policies", reason)),
    };
    let mut out = Listing::complete(Vec::with_capacity(list.items.len()));
    for grant in &list.items {
        let name = policy_name(inventory, grant);
        let nameless = grant.name.reason().filter(|_| name.is_none());
        let reason = nameless.or_else(|| grant.kind.reason()).or_else(|| grant.resource_group.reason());
        match (name, grant.kind.value(), reason) {
            (Some(name), Some(kind), None) => out.items.push(Attachment {
                policy: name.to_string(),
                system: kind == "system",
                resource_group: grant.resource_group.value().map(ToString::to_string),
            }),
            (_, _, reason) => {
                let reason = reason.cloned().unwrap_or(Reason::NotInEvidence);
                premises.lacks(&reason);
                out.gaps.push(gap_of("an attached policy", &reason));
            }
        }
    }
    if let Some(reason) = &list.more {
        premises.lacks(reason);
        out.gaps.push(gap_of("attached policies", reason));
    }
    out
}

fn rests_on_documents(
    inventory: &Inventory,
    grants: &Fact<List<Grant>>,
    documents: &Documents,
    premises: &mut Premises,
) {
    for grant in grants.value().into_iter().flat_map(|list| &list.items) {
        let (Some(name), Some(kind)) = (policy_name(inventory, grant), grant.kind.value()) else { continue };
        match documents.get(&(name.to_string(), kind == "system")) {
            Some((label, reason)) => {
                premises.label = premises.label.weakest(*label);
                reason.iter().for_each(|reason| premises.lacks(reason));
            }
            None => premises.lacks(&Reason::NotCollected),
        }
    }
}

fn memberships(
    inventory: &Inventory,
    user: &User,
    groups: &BTreeMap<&str, &Group>,
    documents: &Documents,
    premises: &mut Premises,
) -> Listing<String> {
    premises.rests_on(&user.groups);
    let list = match &user.groups.state {
        State::Known(list) => list,
        State::Absent => return Listing::complete(vec![]),
        State::Unknown(reason) => return Listing::partial(vec![], gap_of("groups", reason)),
    };
    let mut out = Listing::complete(Vec::with_capacity(list.items.len()));
    for link in &list.items {
        let group = inventory.follow_as::<Group>(Some(&user.head), &link.target);
        let name = group.and_then(|group| name_of(&group.head)).unwrap_or(&link.target);
        match groups.get(name) {
            Some(group) => {
                premises.rests_on(&group.policies);
                rests_on_documents(inventory, &group.policies, documents, premises);
            }
            None => premises.lacks(&Reason::NotCollected),
        }
        out.items.push(name.to_owned());
    }
    if let Some(reason) = &list.more {
        premises.lacks(reason);
        out.gaps.push(gap_of("groups", reason));
    }
    out
}

fn keys(user: &User) -> Listing<String> {
    match &user.access_keys.state {
        State::Known(list) => {
            // A key that is switched off is no foothold; one of which that is not known may be.
            let live = list.items.iter().filter(|key| key.active.value() != Some(&false));
            let items = live.map(|key| key.id.value().map_or_else(|| "key".to_owned(), ToString::to_string)).collect();
            let gaps = list.more.iter().map(|reason| gap_of("AccessKeys", reason)).collect();
            Listing { items, gaps }
        }
        State::Absent => Listing::complete(vec![]),
        State::Unknown(reason) => Listing::partial(vec![], gap_of("AccessKeys", reason)),
    }
}

fn tri(fact: &Fact<bool>) -> Tri {
    match &fact.state {
        State::Known(true) => Tri::Yes,
        State::Known(false) | State::Absent => Tri::No,
        State::Unknown(_) => Tri::Maybe,
    }
}

/// What carries roles: instances (the nodes of Kubernetes clusters among them), functions, container groups. Instances come
/// first, so that `host_rows` are theirs.
fn hosts(inventory: &Inventory, account: Option<&Text>, built: &mut Built) {
    for (row, instance) in inventory.all::<Instance>().iter().enumerate() {
        if !is_of(inventory, &instance.head, account) {
            continue;
        }
        built.host_rows.push(row);
        let internet = match &instance.internet_ports.state {
            State::Known(ports) if !ports.items.is_empty() => Tri::Yes,
            State::Known(ports) if ports.more.is_none() => Tri::No,
            State::Absent => Tri::No,
            State::Known(_) | State::Unknown(_) => Tri::Maybe,
        };
        let token = match instance.metadata_tokens.value().map(Text::as_str) {
            Some("required") => Tri::Yes,
            Some(_) => Tri::No,
            None => Tri::Maybe,
        };
        let id = instance.head.id.value().map_or_else(|| instance.head.address.to_string(), ToString::to_string);
        push(inventory, built, HostKind::Instance, id, &instance.head, &instance.ram_role, [internet, token]);
    }
    for function in inventory.all::<Function>().iter().filter(|one| is_of(inventory, &one.head, account)) {
        // The service of version 2 carries the role; a function of version 3 is its own service.
        let service = function
            .service
            .value()
            .and_then(|link| inventory.follow_as::<Service>(Some(&function.head), &link.target));
        let id = function.head.id.value().map_or_else(|| function.head.address.to_string(), ToString::to_string);
        let id = match (function.version.value(), id.split_once('/')) {
            (Some(2), Some((service, name))) => format!("services/{service}/functions/{name}"),
            _ => id,
        };
        let silent = Fact::unknown(Reason::NotInEvidence, function.head.origin.clone());
        let role = service.map_or(&silent, |service| &service.role);
        push(inventory, built, HostKind::Function, id, &function.head, role, [Tri::No, Tri::No]);
    }
    for group in inventory.all::<ContainerGroup>().iter().filter(|one| is_of(inventory, &one.head, account)) {
        let id = group.head.id.value().map_or_else(|| group.head.address.to_string(), ToString::to_string);
        push(inventory, built, HostKind::ContainerGroup, id, &group.head, &group.ram_role, [Tri::No, Tri::No]);
    }
    built.estate.unlisted = BTreeMap::from([
        (HostKind::Instance, gaps::<Instance>(inventory)),
        (HostKind::Function, gaps::<Function>(inventory)),
        (HostKind::ContainerGroup, gaps::<ContainerGroup>(inventory)),
    ]);
}

fn push(
    inventory: &Inventory,
    built: &mut Built,
    kind: HostKind,
    id: String,
    head: &Head,
    role: &Fact<Text>,
    [internet, metadata_token]: [Tri; 2],
) {
    let mut premises = Premises::new(head);
    premises.rests_on(role);
    let role = match &role.state {
        // Function Compute names the role by its ARN; a configuration may refer to one that has no ARN yet.
        State::Known(role) => {
            let declared = inventory.follow_as::<Role>(Some(head), role).and_then(|role| name_of(&role.head));
            let name = declared.or_else(|| Some(role.rsplit_once(":role/")?.1)).unwrap_or(role);
            Carried::Role(name.to_owned())
        }
        State::Absent => Carried::None,
        State::Unknown(reason) => Carried::Unknown(gap_of(&format!("role of {id}"), reason)),
    };
    if let Carried::Role(name) = &role {
        let carried = built.estate.roles.items.iter().position(|r| r.name.eq_ignore_ascii_case(name));
        match carried.and_then(|at| built.role_premises.get(at)) {
            Some(of_role) => {
                premises.label = premises.label.weakest(of_role.label);
                premises.reasons.extend(of_role.reasons.iter().cloned());
            }
            None => premises.lacks(&Reason::NotCollected),
        }
    }
    let region = head.region.value().map_or_else(|| "*".to_owned(), ToString::to_string);
    let has_id = kind == HostKind::Function || head.id.value().is_some();
    built.estate.hosts.items.push(estate::Host { kind, has_id, id, region, role, internet, metadata_token });
    built.host_premises.push(premises);
}
