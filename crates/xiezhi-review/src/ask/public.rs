//! Can anyone outside use a resource: bucket, key, log project, role, or a policy text by itself.

use xiezhi_model::service::kms::Key;
use xiezhi_model::service::oss::Bucket;
use xiezhi_model::service::ram::Role;
use xiezhi_model::service::sls::Project;
use xiezhi_model::{Label, Text};
use xiezhi_policy::ask::{Finding, Options};
use xiezhi_policy::estate::Index;
use xiezhi_policy::exposure::{self, Surroundings};
use xiezhi_policy::switches::{Choice, Reading, Switch};
use xiezhi_policy::{Budget, Layers, Policy, PolicyKind, PolicySet, ResourceSide};

use super::side::Side;
use super::{Answer, AskError, Detail, Entry, Ground, Question, Verdict};

/// What a policy text is attached to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PolicyUse {
    /// An OSS bucket whose ACL is private.
    Bucket,
    /// A KMS key or secret.
    Key,
    /// An SLS project.
    Project,
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
            PolicyUse::Trust => PolicyKind::Trust,
        }
    }
}

/// The policy of the stand-in outsider, as `xiezhi_policy::exposure` names it.
pub(super) const STAND_IN: &str = "outsider";

struct Outsiders<'a> {
    owner: &'a str,
    organisation: &'a [String],
    users: Option<Vec<String>>,
}

fn exposed(resource: ResourceSide<'_>, trust: bool, around: &Outsiders<'_>, label: Label) -> (Vec<Entry>, Detail) {
    let mut layers = Layers::identity_only(around.owner, PolicySet::default());
    layers.resource = resource;
    let surroundings =
        Surroundings { owner: around.owner, organisation: around.organisation, own_user_ids: around.users.as_deref() };
    let actions: &[&str] = if trust { &["sts:AssumeRole*"] } else { &["*"] };
    let ask = |reading: Reading| {
        let options = Options { reading, budget: Budget::default() };
        exposure::analyse(&layers, &surroundings, actions, &["*"], &options)
    };
    let base = ask(Reading::standard());
    let others: Vec<(Switch, exposure::Exposure)> = Switch::ALL
        .into_iter()
        .filter(|switch| *switch != Switch::PassRoleProvenOnly)
        .map(|switch| (switch, ask(Reading::standard().with(switch, Choice::Second))))
        .collect();
    let entry = |subject: &str, pick: &dyn Fn(&exposure::Exposure) -> &Finding| {
        let found = pick(&base);
        let differs =
            |(switch, other): &(Switch, exposure::Exposure)| (pick(other).truth != found.truth).then_some(*switch);
        let depends_on = others.iter().filter_map(differs).collect();
        let mut entry = Entry::of(subject, Finding { depends_on, ..found.clone() }, label);
        // What the stand-in outsider may do at home is no evidence.
        entry.statements.retain(|statement| statement.policy != STAND_IN);
        entry
    };
    let mut entries = vec![entry("anyone", &|exposure| &exposure.anyone)];
    if !around.organisation.is_empty() {
        entries.push(entry("outside-organisation", &|exposure| &exposure.outside_organisation));
    }
    entries.push(entry("outside-account", &|exposure| &exposure.external));
    let public: Verdict = base.public.into();
    (entries, Detail::Exposure { public, ipv4_addresses: base.ipv4_addresses })
}

fn answer(resource: String, (entries, detail): (Vec<Entry>, Detail), label: Label) -> Answer {
    let mut answer = Answer::of(Question::Public { resource }, entries, Vec::new(), label);
    answer.detail = detail;
    answer
}

/// Can anyone outside the account use this bucket, key, log project or role (`role/<name>`) of the evidence?
///
/// # Errors
/// The evidence has no such resource, or several of the name.
pub fn public(ground: &Ground, account: Option<&str>, resource: &str) -> Result<Answer, AskError> {
    let built = ground.account(account)?;
    let owner = built.estate.account.as_str();
    let index = Index::new(&built.estate);
    let ids = built.estate.users.items.iter().map(|user| user.id.clone()).collect::<Option<Vec<String>>>();
    let around = Outsiders {
        owner,
        organisation: &built.estate.organisation,
        users: ids.filter(|_| built.estate.users.is_complete()),
    };
    let name = resource.trim_start_matches("oss://").trim_end_matches('/');
    let name = name.rsplit(':').next().filter(|_| name.starts_with("acs:")).unwrap_or(name);
    let is = |id: &xiezhi_model::Fact<Text>, wanted: &str| id.value().is_some_and(|id| id == wanted);
    if let Some(role) = name.strip_prefix("role/") {
        let Some(at) = index.role(role) else {
            return Err(AskError(format!(
                "the evidence has no role `{role}`: it has {}",
                built.estate.roles.items.len()
            )));
        };
        let row = built.role_rows.get(at).and_then(|row| ground.inventory.all::<Role>().get(*row));
        let label = row.map_or(Label::UserProvided, |role| role.trust_policy.origin.label);
        return Ok(nameless(
            answer(format!("role/{role}"), exposed(index.trust(at), true, &around, label), label),
            owner,
        ));
    }
    let bare = name.strip_prefix("key/").or_else(|| name.strip_prefix("project/")).unwrap_or(name);
    let sides: Vec<(String, Side)> = [
        ground
            .inventory
            .all::<Bucket>()
            .iter()
            .find(|bucket| is(&bucket.head.id, name))
            .map(|bucket| (format!("bucket/{name}"), Side::of_bucket(ground, bucket))),
        ground
            .inventory
            .all::<Key>()
            .iter()
            .find(|key| is(&key.head.id, bare))
            .map(|key| (format!("key/{bare}"), Side::of_key(key))),
        ground
            .inventory
            .all::<Project>()
            .iter()
            .find(|project| is(&project.head.id, bare))
            .map(|project| (format!("project/{bare}"), Side::of_project(project))),
    ]
    .into_iter()
    .flatten()
    .filter(|(found, _)| !name.contains('/') || found.as_str() == name)
    .collect();
    match sides.as_slice() {
        [(found, side)] => {
            let label = side.label.unwrap_or(Label::UserProvided);
            let view = side.view(&index);
            Ok(nameless(answer(found.clone(), exposed(view, false, &around, label), label), owner))
        }
        [] => Err(AskError(format!(
            "the evidence has no bucket, key, log project or role `{resource}`; a role is written `role/<name>`"
        ))),
        _ => Err(AskError(format!(
            "several resources are named `{name}`: write {}",
            sides.iter().map(|(found, _)| format!("`{found}`")).collect::<Vec<_>>().join(" or ")
        ))),
    }
}

/// Without the owner's id, an account that a policy names may be the owner itself: only "nobody" and "anyone" are certain.
fn nameless(mut answer: Answer, owner: &str) -> Answer {
    if owner.is_empty() {
        for entry in answer.entries.iter_mut().filter(|entry| entry.subject != "anyone") {
            if entry.verdict == Verdict::Yes {
                entry.verdict = Verdict::Undecided;
                entry.gaps.push(xiezhi_policy::Gap::new("the id of the owner's account", "not in the evidence"));
            }
        }
        answer.verdict = answer.entries.iter().map(|entry| entry.verdict).max().unwrap_or(Verdict::No);
    }
    answer
}

/// Can anyone outside the account `owner` use what this policy is attached to?
#[must_use]
pub fn public_policy(policy: Policy, attached: PolicyUse, owner: &str) -> Answer {
    let around = Outsiders { owner, organisation: &[], users: None };
    let name = policy.name.clone();
    let label = Label::UserProvided;
    let found = match attached {
        PolicyUse::Trust => exposed(ResourceSide::Trust(PolicySet::of(vec![&policy])), true, &around, label),
        _ => {
            let side = Side::of_policy(policy.clone());
            let estate = xiezhi_policy::estate::Estate::default();
            exposed(side.view(&Index::new(&estate)), false, &around, label)
        }
    };
    nameless(answer(name, found, label), owner)
}
