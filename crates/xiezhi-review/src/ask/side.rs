//! The resource's own side of a question: bucket policy and ACL, key policy, project policy, trust policy.

use xiezhi_model::service::account::Account;
use xiezhi_model::service::kms::Key;
use xiezhi_model::service::oss::Bucket;
use xiezhi_model::service::sls::Project;
use xiezhi_model::{Fact, Label, State, Text};
use xiezhi_policy::decide::{Acl, Gap, ObjectAcl};
use xiezhi_policy::estate::Index;
use xiezhi_policy::{Arn, OssSide, Policy, PolicyKind, PolicySet, ResourceSide, Tri};

use super::{AskError, Assumption, Ground};
use crate::analyse::ram::estate::Built;

/// What the resource that a question names says itself, as owned policies.
#[derive(Debug, Default)]
pub(super) struct Side {
    kind: Kind,
    policies: Vec<Policy>,
    gaps: Vec<Gap>,
    /// The weakest evidence of it.
    pub label: Option<Label>,
    /// What is left out.
    pub assumption: Option<Assumption>,
}

#[derive(Debug, Default)]
enum Kind {
    #[default]
    None,
    Bucket {
        acl: Option<Acl>,
        blocked: [Tri; 4],
    },
    Key,
    Project,
    Trust(usize),
    /// Trust policies of roles that the question does not name one by one.
    SomeTrust,
}

impl Side {
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
            Kind::Key => ResourceSide::Key(set()),
            Kind::Project => ResourceSide::Default(set()),
            Kind::Trust(role) => index.trust(*role),
            Kind::SomeTrust => ResourceSide::Trust(set()),
        }
    }

    fn take(&mut self, name: &str, kind: PolicyKind, fact: &Fact<Text>) {
        self.label = Some(self.label.map_or(fact.origin.label, |label| label.weakest(fact.origin.label)));
        match &fact.state {
            State::Known(text) => self.policies.push(Policy::parse(name, kind, text)),
            State::Absent => {}
            State::Unknown(reason) => {
                self.gaps.push(Gap::new(name, format!("{} {}", reason.code(), reason.detail()).trim()));
            }
        }
    }

    /// The side of a bucket.
    pub fn of_bucket(ground: &Ground, bucket: &Bucket) -> Side {
        let mut side = Side::default();
        let name = bucket.head.id.value().map_or("", Text::as_str);
        side.take(&format!("bucket policy of {name}"), PolicyKind::Bucket, &bucket.policy);
        let acl = bucket.acl.value().and_then(|acl| match acl.as_str() {
            "private" => Some(Acl::Private),
            "public-read" => Some(Acl::PublicRead),
            "public-read-write" => Some(Acl::PublicReadWrite),
            _ => None,
        });
        let of_account = ground.inventory.account_of(&bucket.head).map(account_block);
        let blocked = [of_account.unwrap_or(Tri::Maybe), tri(&bucket.block_public_access), Tri::No, Tri::No];
        side.kind = Kind::Bucket { acl, blocked };
        side
    }

    /// The side of a key.
    pub fn of_key(key: &Key) -> Side {
        let mut side = Side::default();
        let name = key.head.id.value().map_or("", Text::as_str);
        side.take(&format!("key policy of {name}"), PolicyKind::Key, &key.policy);
        side.kind = Kind::Key;
        side
    }

    /// The side of a log project.
    pub fn of_project(project: &Project) -> Side {
        let mut side = Side::default();
        let name = project.head.id.value().map_or("", Text::as_str);
        side.take(&format!("project policy of {name}"), PolicyKind::Project, &project.policy);
        side.kind = Kind::Project;
        side
    }

    /// A policy text by itself, as the only thing that the resource says.
    pub fn of_policy(policy: Policy) -> Side {
        let kind = match policy.kind {
            PolicyKind::Bucket => Kind::Bucket { acl: Some(Acl::Private), blocked: [Tri::No; 4] },
            PolicyKind::Key => Kind::Key,
            _ => Kind::Project,
        };
        Side { kind, policies: vec![policy], label: Some(Label::UserProvided), ..Side::default() }
    }
}

fn account_block(account: &Account) -> Tri {
    tri(&account.oss_block_public_access)
}

fn tri(fact: &Fact<bool>) -> Tri {
    match &fact.state {
        State::Known(true) => Tri::Yes,
        State::Known(false) | State::Absent => Tri::No,
        State::Unknown(_) => Tri::Maybe,
    }
}

/// The resource of a question as an ARN or pattern: `oss://bucket/key`, `role/<name>` and `bucket` forms are spelt out.
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
    if text == "*" || text.starts_with("acs:") {
        return text.to_owned();
    }
    let code = action.split(':').next().unwrap_or("*");
    format!("acs:{code}:*:{account}:{text}")
}

/// What the named resource says itself. A pattern of resources says nothing, and the answer names that.
pub(super) fn of_resource(ground: &Ground, index: &Index<'_>, action: &str, arn: &str) -> Result<Side, AskError> {
    let service = action.split(':').next().unwrap_or_default().to_ascii_lowercase();
    let has_own_side = matches!(service.as_str(), "oss" | "kms" | "log" | "*");
    // A role is assumed only when its trust policy agrees too, and which policy that is depends on the role.
    let assumes = action.eq_ignore_ascii_case("sts:AssumeRole");
    let some_trust = || Side {
        kind: Kind::SomeTrust,
        gaps: vec![Gap::new("trust policies", "the question names no single role; ask with --on role/<name>")],
        ..Side::default()
    };
    let parsed = Arn::new(arn);
    let Some([code, _, _, relative]) = parsed.segments() else {
        if assumes {
            return Ok(some_trust());
        }
        let assumption = has_own_side.then_some(Assumption::NoResourcePolicy);
        return Ok(Side { assumption, ..Side::default() });
    };
    let absent = |kind: Kind, what: String| Side {
        kind,
        gaps: vec![Gap::new(&what, "not among the collected")],
        ..Side::default()
    };
    let pattern = || Side { assumption: Some(Assumption::NoResourcePolicy), ..Side::default() };
    match code.as_str() {
        "oss" => {
            let name = relative.split('/').next().unwrap_or_default();
            if name.contains(['*', '?']) {
                return Ok(pattern());
            }
            let buckets = ground.inventory.all::<Bucket>();
            Ok(match buckets.iter().find(|bucket| bucket.head.id.value().is_some_and(|id| id == name)) {
                Some(bucket) => Side::of_bucket(ground, bucket),
                None => {
                    let kind = Kind::Bucket { acl: None, blocked: [Tri::Maybe, Tri::Maybe, Tri::No, Tri::No] };
                    absent(kind, format!("bucket {name}"))
                }
            })
        }
        "kms" => {
            let Some(name) = relative.strip_prefix("key/").filter(|name| !name.contains(['*', '?'])) else {
                return Ok(pattern());
            };
            let keys = ground.inventory.all::<Key>();
            Ok(match keys.iter().find(|key| key.head.id.value().is_some_and(|id| id == name)) {
                Some(key) => Side::of_key(key),
                None => absent(Kind::Key, format!("key {name}")),
            })
        }
        "log" => {
            let name = relative.strip_prefix("project/").and_then(|rest| rest.split('/').next()).unwrap_or("*");
            if name.contains(['*', '?']) {
                return Ok(pattern());
            }
            let projects = ground.inventory.all::<Project>();
            Ok(match projects.iter().find(|project| project.head.id.value().is_some_and(|id| id == name)) {
                Some(project) => Side::of_project(project),
                None => absent(Kind::Project, format!("project {name}")),
            })
        }
        "ram" if assumes => {
            let name = relative.strip_prefix("role/").unwrap_or_default();
            if relative.contains(['*', '?']) {
                return Ok(some_trust());
            }
            match index.role(name) {
                Some(role) => Ok(Side { kind: Kind::Trust(role), ..Side::default() }),
                None => Err(AskError(format!("the evidence has no role `{name}` whose trust policy could be read"))),
            }
        }
        _ => Ok(Side::default()),
    }
}
