//! The resource's own side of a question: bucket policy and ACL, key policy, project policy, trust policy.

use std::collections::BTreeSet;

use xiezhi_model::service::account::Account;
use xiezhi_model::service::kms::{Key, Secret};
use xiezhi_model::service::oss::{AccessPoint, Bucket};
use xiezhi_model::service::ots::Instance;
use xiezhi_model::service::sls::Project;
use xiezhi_model::{Fact, Head, Label, State, Text};
use xiezhi_policy::decide::{Acl, Gap, ObjectAcl};
use xiezhi_policy::estate::{Control, Index};
use xiezhi_policy::glob::Glob;
use xiezhi_policy::{Arn, Layers, OssSide, Policy, PolicyKind, PolicySet, ResourceSide, Tri, catalogue};

use super::{AskError, Assumption, Ground};
use crate::analyse::ram::estate::Built;
use crate::analyse::resource_policy::{Through, acl_of, said_besides, scope_of, tri};

/// What the resource that a question names says itself, as owned policies.
#[derive(Debug, Default)]
pub(super) struct Side<'g> {
    kind: Kind,
    /// The account that owns the resource, when it is not the one that is asked about.
    owner: Option<Owner<'g>>,
    policies: Vec<Policy>,
    gaps: Vec<Gap>,
    /// The weakest evidence of it.
    pub label: Option<Label>,
    /// What is left out.
    pub assumption: Option<Assumption>,
    /// The resource itself and what is in it, as patterns: all of its kind where its name is not known. Empty of roles and of
    /// resources that say nothing.
    pub scope: Vec<String>,
}

#[derive(Debug, Default)]
enum Kind {
    #[default]
    None,
    Bucket {
        acl: Option<Acl>,
        blocked: [Tri; 4],
    },
    /// A bucket by way of an access point.
    Through(Box<Through>),
    Key,
    Project,
    Instance,
    /// The trust policy of a role of the account that is asked about.
    Trust(usize),
    /// Another trust policy, or those of roles that the question does not name one by one.
    SomeTrust,
}

/// Another account, as the owner of a resource.
#[derive(Debug)]
struct Owner<'g> {
    id: &'g str,
    /// The control policies over it; nothing when the evidence does not hold that account.
    control: Option<&'g Control>,
}

/// How questions and answers call a resource: by its id, before it has one by its address.
pub(super) fn named(head: &Head) -> &str {
    head.id.value().unwrap_or(&head.address)
}

impl<'g> Side<'g> {
    /// Puts the side, and the account that owns the resource, into the layers of a principal. Across accounts the
    /// principal's own policies no longer decide alone, and whose control policies rule is a switch.
    pub fn place<'s, 'e: 's>(&'s self, layers: &mut Layers<'s>, index: &Index<'e>) {
        layers.resource = self.view(index);
        if let Some(owner) = &self.owner {
            layers.owner = owner.id;
            layers.owner_control = match owner.control {
                Some(control) => control.levels(),
                None => {
                    let gap = Gap::new(&format!("control policies of account {}", owner.id), "not in the evidence");
                    vec![PolicySet { policies: Vec::new(), gaps: vec![gap] }]
                }
            };
        }
    }

    /// Whether what the resource says is of this account and of one resource: then it says who gets in from outside.
    pub fn decides_alone(&self) -> bool {
        self.owner.is_none() && self.assumption.is_none() && !matches!(self.kind, Kind::SomeTrust)
    }

    /// Whether the resource has a policy of its own at all; without one it is closed to other accounts.
    pub fn speaks(&self) -> bool {
        !matches!(self.kind, Kind::None)
    }

    /// The actions that the resource's service checks.
    pub fn actions(&self) -> &'static str {
        match &self.kind {
            Kind::None => "*",
            Kind::Bucket { .. } | Kind::Through(_) => "oss:*",
            Kind::Key => "kms:*",
            Kind::Project => "log:*",
            Kind::Instance => "ots:*",
            Kind::Trust(_) | Kind::SomeTrust => "sts:AssumeRole*",
        }
    }

    /// The side in the form that the engine takes.
    pub fn view<'s, 'e: 's>(&'s self, index: &Index<'e>) -> ResourceSide<'s> {
        let set = || PolicySet { policies: self.policies.iter().collect(), gaps: self.gaps.clone() };
        match &self.kind {
            Kind::None => ResourceSide::None,
            Kind::Bucket { acl, blocked } => ResourceSide::Oss(Box::new(OssSide {
                bucket_policy: set(),
                bucket_acl: *acl,
                object_acl: ObjectAcl::Default,
                block_public_access: *blocked,
                access_point: None,
            })),
            Kind::Through(both) => both.view(),
            Kind::Key => ResourceSide::Key(set()),
            Kind::Project | Kind::Instance => ResourceSide::Default(set()),
            Kind::Trust(role) => index.trust(*role),
            Kind::SomeTrust => ResourceSide::Trust(set()),
        }
    }

    /// Takes a policy: `subject` is what its statements are quoted by (`bucket/<name>`, as in `ask lint`), `title` what it is
    /// called when it is missing.
    fn take(&mut self, subject: &str, title: &str, kind: PolicyKind, fact: &Fact<Text>) {
        self.label = Some(self.label.map_or(fact.origin.label, |label| label.weakest(fact.origin.label)));
        match &fact.state {
            State::Known(text) => self.policies.push(Policy::parse(subject, kind, text)),
            State::Absent => {}
            State::Unknown(reason) => {
                self.gaps.push(Gap::new(title, format!("{} {}", reason.code(), reason.detail()).trim()));
            }
        }
    }

    /// The side of a bucket.
    pub fn of_bucket(ground: &Ground, bucket: &Bucket) -> Self {
        let name = named(&bucket.head);
        let id = bucket.head.id.value().map(Text::as_str);
        let scope = scope_of("oss", id.unwrap_or("*"));
        let mut side = Side { scope, ..Side::default() };
        side.take(&format!("bucket/{name}"), &format!("bucket policy of {name}"), PolicyKind::Bucket, &bucket.policy);
        if id.is_none() && side.policies.iter().any(names_a_bucket) {
            side.gaps.push(Gap::new("name of the bucket", "not known, and its policy speaks of a bucket by name"));
        }
        side.label =
            side.label.map(|label| said_besides(&ground.inventory, bucket).into_iter().fold(label, Label::weakest));
        let acl = acl_of(bucket);
        let of_account = ground.inventory.account_of(&bucket.head).map(account_block);
        let blocked = [of_account.unwrap_or(Tri::Maybe), tri(&bucket.block_public_access), Tri::No, Tri::No];
        side.kind = Kind::Bucket { acl, blocked };
        side
    }

    /// The side of a key.
    pub fn of_key(key: &Key) -> Self {
        let name = named(&key.head);
        let mut side = Side { scope: within(&key.head, "kms", "key"), ..Side::default() };
        side.take(&format!("key/{name}"), &format!("key policy of {name}"), PolicyKind::Key, &key.policy);
        side.kind = Kind::Key;
        side
    }

    /// The side of a secret.
    pub fn of_secret(secret: &Secret) -> Self {
        let name = named(&secret.head);
        let mut side = Side { scope: within(&secret.head, "kms", "secret"), ..Side::default() };
        side.take(&format!("secret/{name}"), &format!("secret policy of {name}"), PolicyKind::Key, &secret.policy);
        side.kind = Kind::Key;
        side
    }

    /// The side of a Tablestore instance.
    pub fn of_instance(instance: &Instance) -> Self {
        let name = named(&instance.head);
        let mut side = Side { scope: within(&instance.head, "ots", "instance"), ..Side::default() };
        side.take(
            &format!("tablestore/{name}"),
            &format!("instance policy of {name}"),
            PolicyKind::Instance,
            &instance.policy,
        );
        side.kind = Kind::Instance;
        side
    }

    /// The side of a bucket by way of an access point.
    pub fn of_access_point(ground: &Ground, point: &AccessPoint) -> Self {
        let owner = point.head.account.value().or_else(|| ground.inventory.only_account());
        let both = Through::of(&ground.inventory, point, owner);
        let scope = scope_of("oss", both.id.as_deref().unwrap_or("*"));
        Side { label: Some(both.label), scope, kind: Kind::Through(Box::new(both)), ..Side::default() }
    }

    /// The side of a log project.
    pub fn of_project(project: &Project) -> Self {
        let name = named(&project.head);
        let mut side = Side { scope: within(&project.head, "log", "project"), ..Side::default() };
        side.take(
            &format!("project/{name}"),
            &format!("project policy of {name}"),
            PolicyKind::Project,
            &project.policy,
        );
        side.kind = Kind::Project;
        side
    }

    /// A policy text by itself, as the only thing that the resource says.
    pub fn of_policy(policy: Policy) -> Self {
        let kind = match policy.kind {
            PolicyKind::Bucket => Kind::Bucket { acl: Some(Acl::Private), blocked: [Tri::No; 4] },
            PolicyKind::Key => Kind::Key,
            PolicyKind::Instance => Kind::Instance,
            _ => Kind::Project,
        };
        let scope = spoken_of(&policy);
        Side { kind, scope, policies: vec![policy], label: Some(Label::UserProvided), ..Side::default() }
    }
}

/// What a policy text by itself is attached to: the buckets, projects or instances that its statements name, be it to except
/// something in them; where they name none, what their patterns mean.
fn spoken_of(policy: &Policy) -> Vec<String> {
    let depth = if policy.kind == PolicyKind::Bucket { 1 } else { 2 };
    let patterns = policy.statements.iter().flat_map(|statement| &statement.resource.patterns);
    let wholes = patterns.filter_map(|pattern| pattern.segments.as_ref()).map(|[code, region, account, relative]| {
        let parts: Vec<&str> = relative.text().split('/').take(depth).collect();
        format!("acs:{}:{}:{}:{}", code.text(), region.text(), account.text(), parts.join("/"))
    });
    let (open, named): (BTreeSet<String>, BTreeSet<String>) = wholes.partition(|whole| whole.ends_with([':', '*']));
    if named.is_empty() {
        return if open.is_empty() { vec!["*".to_owned()] } else { open.into_iter().collect() };
    }
    named.into_iter().flat_map(|whole| [format!("{whole}/*"), whole]).collect()
}

/// Whether a policy speaks of a bucket by its name.
fn names_a_bucket(policy: &Policy) -> bool {
    let mut patterns = policy.statements.iter().flat_map(|statement| &statement.resource.patterns);
    patterns.any(|pattern| match &pattern.segments {
        Some([.., relative]) => !relative.text().starts_with('*'),
        None => !pattern.whole.is_any(),
    })
}

/// The scope of a resource whose part of the ARN is `<kind>/<id>`; before it has an id, of all of the kind.
fn within(head: &Head, service: &str, kind: &str) -> Vec<String> {
    let id = head.id.value().map_or("*", Text::as_str);
    scope_of(service, &format!("{kind}/{id}"))
}

fn account_block(account: &Account) -> Tri {
    tri(&account.oss_block_public_access)
}

/// The resource of a question as an ARN or pattern: `oss://bucket/key`, `role/<name>` and `bucket` forms are spelt out. A
/// role whose ARN leaves the account open is one of the account that is asked about (R-1.16: an empty segment means any).
pub(super) fn spelt_out(built: &Built, action: &str, text: &str) -> String {
    let account = built.estate.account.as_str();
    let account = if account.is_empty() { "*" } else { account };
    if let Some(path) = text.strip_prefix("oss://") {
        return format!("acs:oss:*:{account}:{path}");
    }
    if let Some(role) = text.strip_prefix("role/") {
        return format!("acs:ram:*:{account}:role/{role}");
    }
    if let Some(user) = text.strip_prefix("user/") {
        return format!("acs:ram:*:{account}:user/{user}");
    }
    let arn = Arn::new(text);
    if let (Some([_, region, open, relative]), Some(_)) = (arn.segments(), arn.role())
        && matches!(open.as_str(), "" | "*")
    {
        return format!("acs:ram:{region}:{account}:{relative}");
    }
    if text == "*" || text.starts_with("acs:") {
        return text.to_owned();
    }
    let code = action.split(':').next().unwrap_or("*");
    format!("acs:{code}:*:{account}:{text}")
}

/// What the named resource says itself. A pattern of resources says nothing, and the answer names that.
pub(super) fn of_resource<'g>(
    ground: &'g Ground,
    built: &'g Built,
    index: &Index<'_>,
    action: &str,
    arn: &'g Arn,
) -> Result<Side<'g>, AskError> {
    let asked = Asked { ground, own: &built.estate.account, assumes: assumes(action) };
    let service = action.split(':').next().unwrap_or_default().to_ascii_lowercase();
    let has_own_side = matches!(service.as_str(), "oss" | "kms" | "log" | "ots" | "*");
    let Some([code, _, account, relative]) = arn.segments() else {
        let assumption = has_own_side.then_some(Assumption::NoResourcePolicy);
        return Ok(Side { assumption, ..asked.some_roles() });
    };
    let pattern = || Side { assumption: Some(Assumption::NoResourcePolicy), ..Side::default() };
    let is = |id: &Fact<Text>, wanted: &str| id.value().is_some_and(|id| id == wanted);
    match code.as_str() {
        "oss" => {
            if let Some(name) = relative.strip_prefix("accesspoint/").and_then(|rest| rest.split('/').next()) {
                return Err(AskError::new(
                    format!(
                        "requests through the access point `{name}` are judged under the bucket's name: ask about the \
                         bucket, or who outside gets through it (`ask public access-point/{name}`)"
                    ),
                    format!(
                        "经接入点 `{name}` 的请求按存储空间的名称判定：请询问该存储空间，或询问外部何人可经其访问\
                         （`ask public access-point/{name}`）"
                    ),
                ));
            }
            let name = relative.split('/').next().unwrap_or("*");
            if name.contains(['*', '?']) {
                return Ok(pattern());
            }
            let unseen = Kind::Bucket { acl: None, blocked: [Tri::Maybe, Tri::Maybe, Tri::No, Tri::No] };
            let bucket = ground.inventory.all::<Bucket>().iter().find(|bucket| is(&bucket.head.id, name));
            let found = bucket.map(|bucket| (&bucket.head, Side::of_bucket(ground, bucket)));
            Ok(asked.owned(account, found, || absent(unseen, format!("bucket {name}"))))
        }
        "kms" => {
            if let Some(name) = relative.strip_prefix("secret/").filter(|name| !name.contains(['*', '?'])) {
                let secret = ground.inventory.all::<Secret>().iter().find(|secret| is(&secret.head.id, name));
                let found = secret.map(|secret| (&secret.head, Side::of_secret(secret)));
                return Ok(asked.owned(account, found, || absent(Kind::Key, format!("secret {name}"))));
            }
            let Some(name) = relative.strip_prefix("key/").filter(|name| !name.contains(['*', '?'])) else {
                return Ok(pattern());
            };
            let key = ground.inventory.all::<Key>().iter().find(|key| is(&key.head.id, name));
            let found = key.map(|key| (&key.head, Side::of_key(key)));
            Ok(asked.owned(account, found, || absent(Kind::Key, format!("key {name}"))))
        }
        "log" => {
            let name = relative.strip_prefix("project/").and_then(|rest| rest.split('/').next()).unwrap_or("*");
            if name.contains(['*', '?']) {
                return Ok(pattern());
            }
            let project = ground.inventory.all::<Project>().iter().find(|project| is(&project.head.id, name));
            let found = project.map(|project| (&project.head, Side::of_project(project)));
            Ok(asked.owned(account, found, || absent(Kind::Project, format!("project {name}"))))
        }
        "ots" => {
            let name = relative.strip_prefix("instance/").and_then(|rest| rest.split('/').next()).unwrap_or("*");
            if name.contains(['*', '?']) {
                return Ok(pattern());
            }
            let instance = ground.inventory.all::<Instance>().iter().find(|instance| is(&instance.head.id, name));
            let found = instance.map(|instance| (&instance.head, Side::of_instance(instance)));
            Ok(asked.owned(account, found, || absent(Kind::Instance, format!("Tablestore instance {name}"))))
        }
        "ram" => match (arn.role(), asked.foreign(account)) {
            (_, true) if relative.contains(['*', '?']) => {
                Ok(Side { owner: asked.owner(account), ..asked.some_roles() })
            }
            (Some(_), true) => Ok(asked.foreign_role(account, relative)),
            (None, true) => Ok(Side { owner: asked.owner(account), ..Side::default() }),
            _ if relative.contains(['*', '?']) => Ok(asked.some_roles()),
            (Some(_), false) if asked.assumes => {
                let name = relative.get("role/".len()..).unwrap_or_default();
                let role = index.role(name).ok_or_else(|| {
                    AskError::new(
                        format!("the evidence has no role `{name}` whose trust policy could be read"),
                        format!("证据中没有可读取信任策略的角色 `{name}`"),
                    )
                })?;
                Ok(Side { kind: Kind::Trust(role), ..Side::default() })
            }
            _ => Ok(Side::default()),
        },
        _ if code.contains(['*', '?']) => {
            Ok(Side { assumption: Some(Assumption::NoResourcePolicy), ..asked.some_roles() })
        }
        // Most services are closed to other accounts, but shares are not in evidence.
        _ if asked.foreign(account) => {
            let shares = absent(Kind::Project, format!("what account {account} shares"));
            Ok(Side { owner: asked.owner(account), ..shares })
        }
        _ => Ok(Side::default()),
    }
}

/// Whether an action, or a pattern of actions, can be one on which trust policies have their say.
fn assumes(action: &str) -> bool {
    catalogue::matching(&Glob::new(action)).any(|action| action.name.starts_with("sts:"))
}

/// A resource that the evidence does not hold: its own policy may allow or deny.
fn absent<'g>(kind: Kind, what: String) -> Side<'g> {
    Side { kind, gaps: vec![Gap::new(&what, "not among the collected")], ..Side::default() }
}

/// A question about a resource.
struct Asked<'g> {
    ground: &'g Ground,
    /// The account that is asked about; empty when the evidence does not name it.
    own: &'g str,
    /// Whether the action may be one on which trust policies have their say.
    assumes: bool,
}

impl<'g> Asked<'g> {
    /// Whether the account segment of an ARN names another account than the asked one.
    fn foreign(&self, account: &str) -> bool {
        !matches!(account, "" | "*" | "system") && !self.own.is_empty() && account != self.own
    }

    fn owner(&self, account: &'g str) -> Option<Owner<'g>> {
        self.foreign(account)
            .then(|| Owner { id: account, control: self.built(account).map(|built| &built.estate.control) })
    }

    fn built(&self, account: &str) -> Option<&'g Built> {
        let mut accounts = self.ground.accounts.iter();
        accounts.find(|(name, _)| name.as_deref() == Some(account)).map(|(_, built)| built)
    }

    /// The side of a resource that was found, if it is of the account that the ARN names; else that of one not in evidence.
    fn owned(
        &self,
        account: &'g str,
        found: Option<(&'g Head, Side<'g>)>,
        absent: impl FnOnce() -> Side<'g>,
    ) -> Side<'g> {
        let open = matches!(account, "" | "*");
        match found {
            Some((head, side)) => {
                let of = head.account.value().map_or(self.own, Text::as_str);
                if open || of.is_empty() || self.own.is_empty() || of == account {
                    Side { owner: self.owner(of), ..side }
                } else {
                    Side { owner: self.owner(account), ..absent() }
                }
            }
            None => Side { owner: self.owner(account), ..absent() },
        }
    }

    /// Roles that the question does not name one by one: each trust policy would have its say.
    fn some_roles(&self) -> Side<'g> {
        if !self.assumes {
            return Side::default();
        }
        let gap = Gap::new("trust policies", "the question names no single role; ask with --on role/<name>");
        Side { kind: Kind::SomeTrust, gaps: vec![gap], ..Side::default() }
    }

    /// A role of another account: its trust policy when the evidence holds that account, else nobody can tell.
    fn foreign_role(&self, account: &'g str, relative: &str) -> Side<'g> {
        let mut side = Side { owner: self.owner(account), ..Side::default() };
        if !self.assumes {
            return side;
        }
        side.kind = Kind::SomeTrust;
        let roles = self.built(account).map(|built| built.estate.roles.items.iter().zip(&built.trust_facts));
        let name = relative.get("role/".len()..).unwrap_or_default();
        match roles.and_then(|mut roles| roles.find(|(role, _)| role.name.eq_ignore_ascii_case(name))) {
            Some((_, trust)) => {
                side.take(&format!("role/{name}"), &format!("trust policy of {name}"), PolicyKind::Trust, trust)
            }
            None => {
                let gap = Gap::new(&format!("trust policy of role {name} of account {account}"), "not in the evidence");
                side.gaps.push(gap);
            }
        }
        side
    }
}
