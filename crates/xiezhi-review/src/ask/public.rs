//! Can anyone outside use a resource: bucket, key, log project, role, or a policy text by itself.

use xiezhi_model::service::kms::{Key, Secret};
use xiezhi_model::service::oss::{AccessPoint, Bucket};
use xiezhi_model::service::ots::Instance;
use xiezhi_model::service::ram::Role;
use xiezhi_model::service::sls::Project;
use xiezhi_model::{Head, Label};
use xiezhi_policy::ask::{Finding, Options, Truth};
use xiezhi_policy::escalate::loose_oidc;
use xiezhi_policy::estate::Index;
use xiezhi_policy::exposure::{self, Network, Surroundings};
use xiezhi_policy::policy::{PrincipalElement, PrincipalFamily, Statement};
use xiezhi_policy::switches::{Choice, Reading, Switch};
use xiezhi_policy::{Budget, Gap, Layers, Policy, PolicyKind, PolicySet, ResourceSide};

use super::calls::Parts;
use super::owner::whoever;
use super::side::{Side, named};
use super::{Answer, AskError, Assumption, Detail, Entry, Ground, Question, Verdict};
use crate::analyse::ram::estate::Built;
use crate::analyse::ram::owner::accounts;

/// What a policy text is attached to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PolicyUse {
    /// An OSS bucket whose ACL is private.
    Bucket,
    /// A KMS key or secret.
    Key,
    /// An SLS project.
    Project,
    /// A Tablestore instance.
    Instance,
    /// A role, as its trust policy.
    Trust,
}

impl PolicyUse {
    /// The kind of policy.
    #[must_use]
    pub fn kind(self) -> PolicyKind {
        match self {
            PolicyUse::Bucket => PolicyKind::Bucket,
            PolicyUse::Key => PolicyKind::Key,
            PolicyUse::Project => PolicyKind::Project,
            PolicyUse::Instance => PolicyKind::Instance,
            PolicyUse::Trust => PolicyKind::Trust,
        }
    }
}

struct Outsiders<'a> {
    owner: &'a str,
    organisation: &'a [String],
    users: Option<Vec<String>>,
    /// The network that requests are expected to come from, and as it was written.
    network: Option<(Network, &'a [String])>,
}

/// The network of a question; nothing when none was given.
fn network(texts: &[String]) -> Result<Option<(Network, &[String])>, AskError> {
    if texts.is_empty() {
        return Ok(None);
    }
    let network = Network::read(texts).map_err(|text| {
        AskError::new(
            format!("`{text}` is no network: write addresses as `203.0.113.0/24`, or a VPC as `vpc-…`"),
            format!("`{text}` 不是网络：地址请写成 `203.0.113.0/24`，专有网络请写成 `vpc-…`"),
        )
    })?;
    Ok(Some((network, texts)))
}

/// What is asked about: the resource's side and its service's actions.
struct Asked<'a> {
    resource: ResourceSide<'a>,
    actions: &'a str,
    /// The resource and what is in it, as patterns: what a policy says about others does not count, and what a principal may do
    /// elsewhere neither. `*` of a trust policy.
    scope: Vec<&'a str>,
    /// The trust policy, of a role.
    trust: Option<&'a Policy>,
}

fn exposed(asked: Asked<'_>, around: &Outsiders<'_>, label: Label) -> (Vec<Entry>, Detail) {
    let Asked { resource, actions: of_service, scope, trust } = asked;
    let mut layers = Layers::identity_only(around.owner, PolicySet::default());
    layers.resource = resource;
    let surroundings =
        Surroundings { owner: around.owner, organisation: around.organisation, own_user_ids: around.users.as_deref() };
    let readings: Vec<Switch> =
        Switch::ALL.into_iter().filter(|switch| *switch != Switch::PassRoleProvenOnly).collect();
    let options = |reading: Reading| Options { reading, budget: Budget::default() };
    let entry = |subject: &str, found: &Finding, others: &[Finding]| {
        let differs = |(switch, other): (&Switch, &Finding)| (other.truth != found.truth).then_some(*switch);
        let depends_on = readings.iter().zip(others).filter_map(differs).collect();
        Entry::of(subject, Finding { depends_on, ..found.clone() }, label)
    };
    let each = || readings.iter().map(|switch| Reading::standard().with(*switch, Choice::Second));
    if let Some((network, _)) = &around.network {
        let ask = |reading: Reading| {
            exposure::beyond(&layers, &surroundings, network, &[of_service], &scope, &options(reading))
        };
        let base = ask(Reading::standard());
        let (outsiders, own) =
            each().map(ask).map(|other| (other.outsiders, other.own)).unzip::<_, _, Vec<_>, Vec<_>>();
        let entries = vec![
            entry("outside-account-and-network", &base.outsiders, &outsiders),
            entry("own-outside-network", &base.own, &own),
        ];
        return (entries, Detail::None);
    }
    let ask =
        |scope: &[&str]| exposure::in_all_readings(&layers, &surroundings, &[of_service], scope, &Budget::default());
    let mut found = ask(&scope);
    if let [inside, _] = scope.as_slice()
        && of_service == "oss:*"
        && found.external.truth == Truth::Yes
    {
        // An object proves more than its bucket does: nobody reads a bucket as an object.
        let within = ask(&[inside]);
        for (finding, better) in [
            (&mut found.anyone, within.anyone),
            (&mut found.outside_organisation, within.outside_organisation),
            (&mut found.external, within.external),
        ] {
            if better.truth == Truth::Yes && finding.truth == Truth::Yes {
                let depends_on = std::mem::take(&mut finding.depends_on);
                *finding = Finding { depends_on, ..better };
            }
        }
    }
    let mut entries = vec![Entry::of("anyone", found.anyone, label)];
    if !around.organisation.is_empty() {
        entries.push(Entry::of("outside-organisation", found.outside_organisation, label));
    }
    entries.push(Entry::of("outside-account", found.external, label));
    if let Some(trust) = trust {
        let loose = loose_oidc(trust);
        if loose.truth != Truth::No {
            entries.push(Entry::of("workloads-of-a-provider", loose, label));
        }
    }
    (entries, Detail::Exposure { public: found.public.into(), ipv4_addresses: found.ipv4_addresses })
}

fn answer(resource: String, around: &Outsiders<'_>, (entries, detail): (Vec<Entry>, Detail), label: Label) -> Answer {
    let network = around.network.iter().flat_map(|(_, texts)| texts.iter().cloned()).collect();
    let mut answer = Answer::of(Question::Public { resource, network }, entries, Vec::new(), label);
    answer.detail = detail;
    answer
}

/// Can anyone outside the account use this bucket, access point, key, secret, log project, Tablestore instance or role
/// (`role/<name>`) of the evidence? With a network
/// (ranges of addresses, VPCs): can anyone use it from outside that network, be it a stranger or a principal of the account
/// to whom RAM allows everything?
///
/// # Errors
/// The evidence has no such resource, or several of the name; the network cannot be read.
pub fn public(
    ground: &Ground,
    account: Option<&str>,
    resource: &str,
    from_outside: &[String],
) -> Result<Answer, AskError> {
    let network = network(from_outside)?;
    whoever(ground, account, None, |built| public_of(ground, built, resource, network.clone()))
}

fn public_of(
    ground: &Ground,
    built: &Built,
    resource: &str,
    network: Option<(Network, &[String])>,
) -> Result<Answer, AskError> {
    let owner = built.estate.account.as_str();
    let index = Index::new(&built.estate);
    let around = Outsiders { owner, organisation: &built.estate.organisation, users: user_ids(built), network };
    let name = resource.trim_start_matches("oss://").trim_end_matches('/');
    let name = name.rsplit(':').next().filter(|_| name.starts_with("acs:")).unwrap_or(name);
    let is = |head: &Head, wanted: &str| named(head) == wanted;
    if let Some(role) = name.strip_prefix("role/") {
        let Some(at) = index.role(role) else {
            let seen = built.estate.roles.items.len();
            return Err(AskError::new(
                format!("the evidence has no role `{role}`: it has {seen}"),
                format!("证据中没有角色 `{role}`：共有 {seen} 个角色"),
            ));
        };
        let row = built.role_rows.get(at).and_then(|row| ground.inventory.all::<Role>().get(*row));
        let label = row.map_or(Label::UserProvided, |role| role.trust_policy.origin.label);
        let trust = built.estate.roles.items.get(at).and_then(|role| role.trust.as_ref());
        let asked = Asked { resource: index.trust(at), actions: "sts:AssumeRole*", scope: vec!["*"], trust };
        let answer = answer(format!("role/{role}"), &around, exposed(asked, &around, label), label);
        let answer = answer.assuming(trust.and_then(vouched_for));
        return Ok(answer.grounded(&ground.inventory));
    }
    let relative = name.split_once("/object/").map_or(name, |(point, _)| point);
    let name = &relative.replacen("accesspoint/", "access-point/", 1).replacen("instance/", "tablestore/", 1);
    let kinds = ["bucket/", "key/", "secret/", "project/", "access-point/", "tablestore/"];
    let bare = kinds.iter().find_map(|kind| name.strip_prefix(kind)).unwrap_or(name);
    let sides: Vec<(String, Side)> = [
        ground
            .inventory
            .all::<Bucket>()
            .iter()
            .find(|bucket| is(&bucket.head, bare))
            .map(|bucket| (format!("bucket/{bare}"), Side::of_bucket(ground, bucket))),
        ground
            .inventory
            .all::<Key>()
            .iter()
            .find(|key| is(&key.head, bare))
            .map(|key| (format!("key/{bare}"), Side::of_key(key))),
        ground
            .inventory
            .all::<Secret>()
            .iter()
            .find(|secret| is(&secret.head, bare))
            .map(|secret| (format!("secret/{bare}"), Side::of_secret(secret))),
        ground
            .inventory
            .all::<AccessPoint>()
            .iter()
            .find(|point| is(&point.head, bare))
            .map(|point| (format!("access-point/{bare}"), Side::of_access_point(ground, point))),
        ground
            .inventory
            .all::<Instance>()
            .iter()
            .find(|instance| is(&instance.head, bare))
            .map(|instance| (format!("tablestore/{bare}"), Side::of_instance(instance))),
        ground
            .inventory
            .all::<Project>()
            .iter()
            .find(|project| is(&project.head, bare))
            .map(|project| (format!("project/{bare}"), Side::of_project(project))),
    ]
    .into_iter()
    .flatten()
    .filter(|(found, _)| !name.contains('/') || found.as_str() == name)
    .collect();
    match sides.as_slice() {
        [(found, side)] => {
            let label = side.label.unwrap_or(Label::UserProvided);
            let asked = Asked {
                resource: side.view(&index),
                actions: side.actions(),
                scope: side.scope.iter().map(String::as_str).collect(),
                trust: None,
            };
            let answer = answer(found.clone(), &around, exposed(asked, &around, label), label);
            Ok(answer.grounded(&ground.inventory))
        }
        [] => Err(AskError::new(
            format!(
                "the evidence has no bucket, access point, key, secret, log project, Tablestore instance or role \
                 `{resource}`; a role is written `role/<name>`"
            ),
            format!(
                "证据中没有名为 `{resource}` 的存储空间、接入点、密钥、凭据、日志项目、表格存储实例或角色；\
                 角色写作 `role/<名称>`"
            ),
        )),
        _ => {
            let found: Vec<String> = sides.iter().map(|(found, _)| format!("`{found}`")).collect();
            Err(AskError::new(
                format!("several resources are named `{name}`: write {}", found.join(" or ")),
                format!("有多个资源名为 `{name}`：请写成 {}", found.join(" 或 ")),
            ))
        }
    }
}

/// Who outside the account can make a call: anyone at all, and someone of another account. Nothing where that is not to be said of
/// the call: a resource of another account, a pattern of resources.
pub(super) fn outsiders(built: &Built, index: &Index<'_>, parts: &Parts<'_>) -> Vec<Entry> {
    let checks: Vec<_> = parts.counted().collect();
    if !checks.iter().all(|(side, ..)| side.decides_alone()) || !checks.iter().any(|(side, ..)| side.speaks()) {
        return Vec::new();
    }
    if !checks.iter().all(|(side, ..)| side.speaks()) {
        // Some resource of the call is closed to other accounts.
        return Vec::new();
    }
    let owner = built.estate.account.as_str();
    let ids = user_ids(built);
    let around = Surroundings { owner, organisation: &built.estate.organisation, own_user_ids: ids.as_deref() };
    let mut whole: Option<[Entry; 2]> = None;
    for (side, action, resource) in &checks {
        let mut layers = Layers::identity_only(owner, PolicySet::default());
        layers.resource = side.view(index);
        let found = exposure::in_all_readings(&layers, &around, &[action], &[resource], &Budget::default());
        let label = side.label.unwrap_or(Label::UserProvided);
        let these = [Entry::of("anyone", found.anyone, label), Entry::of("outside-account", found.external, label)];
        whole = Some(match whole {
            None => these,
            Some([anyone, other]) => {
                let [anyone_too, other_too] = these;
                [anyone.min_by_verdict(anyone_too), other.min_by_verdict(other_too)]
            }
        });
    }
    let Some([anyone, other]) = whole else { return Vec::new() };
    let open = anyone.verdict == Verdict::Yes;
    let mut entries = vec![anyone, other];
    if checks.len() > 1 {
        for entry in entries.iter_mut().filter(|entry| entry.verdict == Verdict::Yes) {
            entry.verdict = Verdict::Undecided;
            entry.gaps.push(Gap::new("a check that may fail", "not by the same outsider in all of them"));
        }
    }
    // Where anyone gets in, so does someone of another account.
    entries.retain(|entry| entry.verdict != Verdict::No && !(open && entry.subject == "outside-account"));
    entries
}

/// The ids of the account's own users, when all of them are known.
fn user_ids(built: &Built) -> Option<Vec<String>> {
    let ids = built.estate.users.items.iter().map(|user| user.id.clone()).collect::<Option<Vec<String>>>();
    ids.filter(|_| built.estate.users.is_complete())
}

/// Can anyone outside the account `owner` use what this policy is attached to? With a network as in [`public`].
///
/// # Errors
/// The network cannot be read.
pub fn public_policy(
    policy: Policy,
    attached: PolicyUse,
    owner: &str,
    from_outside: &[String],
) -> Result<Answer, AskError> {
    let network = network(from_outside)?;
    let of = |owner: &str| of_policy(&policy, attached, owner, network.clone());
    let mut answer = of(owner);
    if owner.is_empty() {
        // Whoever is named may be the owner.
        accounts(&policy).iter().for_each(|account| answer.keep_common(&of(account)));
    }
    Ok(answer)
}

fn of_policy(policy: &Policy, attached: PolicyUse, owner: &str, network: Option<(Network, &[String])>) -> Answer {
    let around = Outsiders { owner, organisation: &[], users: None, network };
    let name = policy.name.clone();
    let label = Label::UserProvided;
    let found = match attached {
        PolicyUse::Trust => {
            let resource = ResourceSide::Trust(PolicySet::of(vec![policy]));
            exposed(
                Asked { resource, actions: "sts:AssumeRole*", scope: vec!["*"], trust: Some(policy) },
                &around,
                label,
            )
        }
        _ => {
            let side = Side::of_policy(policy.clone());
            let estate = xiezhi_policy::estate::Estate::default();
            exposed(
                Asked {
                    resource: side.view(&Index::new(&estate)),
                    actions: side.actions(),
                    scope: side.scope.iter().map(String::as_str).collect(),
                    trust: None,
                },
                &around,
                label,
            )
        }
    };
    let answer = answer(name, &around, found, label);
    answer.assuming((attached == PolicyUse::Trust).then(|| vouched_for(policy)).flatten())
}

/// What is taken for granted of a trust policy that lets identity providers in.
fn vouched_for(trust: &Policy) -> Option<Assumption> {
    let federated = |statement: &Statement| {
        statement.may_allow()
            && matches!(&statement.principal, Some(PrincipalElement::Listed(entries))
                if entries.iter().any(|entry| entry.family == PrincipalFamily::Federated))
    };
    trust.statements.iter().any(federated).then_some(Assumption::ProvidersVouch)
}
