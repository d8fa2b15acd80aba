//! Examples as data: the policies of a request, the request, and what becomes of it.
//!
//! A request reads `<outcome> <caller> <action> <resource> [<key>=<value> ...]`. The outcome is `allowed`, `refused` (a Deny
//! decides), `denied` (nothing allows) or `unknown`; `?SW-n` behind it names the open reading on which it hangs. A caller is `ann` (a
//! user of the owner), `root`, `anonymous`, `role:<name>`, `service:<domain>`, `idp:<provider>`; `<account>/` in front makes it
//! another's. Several values of one key are parted by `|`.
#![allow(dead_code, clippy::panic, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

use super::OWNER;
use serde_json::Value;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use xiezhi_policy::values::IpRange;
use xiezhi_policy::{
    Acl, Caller, Effect, Gap, KeyNetwork, Layers, ObjectAcl, OssSide, Outcome, Policy, PolicyKind, PolicySet, Problem,
    Request, ResourceSide, Tri, judge,
};

/// The entries of a list member; none when it is not there.
pub fn list<'v>(value: &'v Value, name: &str) -> &'v [Value] {
    value.get(name).map_or(&[], |v| v.as_array().unwrap_or_else(|| panic!("`{name}` is no list in {value}")))
}

/// A text member.
pub fn text<'v>(value: &'v Value, name: &str) -> &'v str {
    value[name].as_str().unwrap_or_else(|| panic!("`{name}` is missing in {value}"))
}

/// The policy kind of a word of the examples.
pub fn kind(word: &str) -> PolicyKind {
    match word {
        "identity" | "group" => PolicyKind::Identity,
        "session" => PolicyKind::Session,
        "endpoint" => PolicyKind::Endpoint,
        "control" | "caller_control" => PolicyKind::Control,
        "trust" => PolicyKind::Trust,
        "bucket" => PolicyKind::Bucket,
        "access_point" => PolicyKind::AccessPoint,
        "project" => PolicyKind::Project,
        "instance" => PolicyKind::Instance,
        "key" => PolicyKind::Key,
        _ => panic!("no policy kind `{word}`"),
    }
}

fn policy(kind: PolicyKind, statements: &Value) -> Policy {
    let policy = Policy::parse("example", kind, &format!(r#"{{"Version":"1","Statement":{statements}}}"#));
    assert!(policy.problems.iter().all(Problem::is_note), "{:?}", policy.problems);
    policy
}

fn caller(word: &str) -> Caller {
    let (account, word) = match word.split_once('/') {
        Some((account, rest)) if account.bytes().all(|b| b.is_ascii_digit()) => (account, rest),
        _ => (OWNER, word),
    };
    let id = |name: &str| match name {
        "ann" => Some("200000000000000001".to_owned()),
        "bob" => Some("200000000000000002".to_owned()),
        _ => Some("200000000000000009".to_owned()),
    };
    match word.split_once(':') {
        Some(("role", name)) => Caller::Role { account: account.into(), name: name.into(), session: "s".into() },
        Some(("service", domain)) => {
            Caller::Service { domain: domain.into(), for_account: (account != OWNER).then(|| account.to_owned()) }
        }
        Some(("idp", provider)) => Caller::Federated { provider: provider.into() },
        _ if word == "anonymous" => Caller::Anonymous,
        _ if word == "root" => Caller::Root { account: account.into() },
        _ => Caller::User { account: account.into(), name: word.into(), id: id(word) },
    }
}

/// The policies of an example, each kind parsed as what it is.
struct Example {
    identity: Vec<Policy>,
    group: Vec<Policy>,
    session: Option<Policy>,
    endpoint: Option<Policy>,
    access_point: Option<Policy>,
    control: Vec<Policy>,
    caller_control: Vec<Policy>,
    resource: Option<(PolicyKind, Policy)>,
    acl: Option<Acl>,
    object_acl: Option<Acl>,
    key_network: Option<KeyNetwork>,
    blocked: bool,
    exempt: bool,
    missing: Vec<String>,
}

impl Example {
    /// Reads the members of an example: a policy kind with its statements (`control` and `caller_control` with a list of levels, each
    /// a list of statements), `acl`, `object_acl`, `blocked`, `exempt`, `key_network`, and `missing` for what was not collected.
    fn read(value: &Value) -> Self {
        let one = |name: &str| value.get(name).map(|statements| policy(kind(name), statements));
        let levels = |name: &str| list(value, name).iter().map(|level| policy(kind(name), level)).collect::<Vec<_>>();
        let resource = ["trust", "bucket", "project", "instance", "key"]
            .into_iter()
            .find_map(|name| one(name).map(|policy| (kind(name), policy)));
        let acl = |name: &str| {
            value.get(name).map(|word| match word.as_str() {
                Some("private") => Acl::Private,
                Some("public-read") => Acl::PublicRead,
                Some("public-read-write") => Acl::PublicReadWrite,
                _ => panic!("no ACL {word}"),
            })
        };
        let words = |value: &Value, name: &str| {
            list(value, name).iter().map(|v| v.as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        let flag = |name: &str| value.get(name).is_some_and(|v| v.as_bool().unwrap());
        Example {
            identity: one("identity").into_iter().collect(),
            group: one("group").into_iter().collect(),
            session: one("session"),
            endpoint: one("endpoint"),
            access_point: one("access_point"),
            control: levels("control"),
            caller_control: levels(if value.get("caller_control").is_some() { "caller_control" } else { "control" }),
            resource,
            acl: acl("acl"),
            object_acl: acl("object_acl"),
            key_network: value.get("key_network").map(|network| KeyNetwork {
                ranges: words(network, "ranges").iter().map(|text| IpRange::read(text).unwrap()).collect(),
                vpcs: words(network, "vpcs"),
            }),
            blocked: flag("blocked"),
            exempt: flag("exempt"),
            missing: words(value, "missing"),
        }
    }

    /// All layers of a request under these policies.
    fn layers(&self) -> Layers<'_> {
        let missing = |name: &str| {
            let is = self.missing.iter().any(|word| word == name);
            is.then(|| Gap::new(name, "not collected")).into_iter().collect::<Vec<_>>()
        };
        let set = |name: &str, policies| PolicySet { policies, gaps: missing(name) };
        let mut layers = Layers::identity_only(OWNER, set("identity", self.identity.iter().collect()));
        layers.group_identity = set("group", self.group.iter().collect());
        layers.session = self.session.as_ref().map(|p| PolicySet::of(vec![p]));
        layers.endpoint = self.endpoint.as_ref().map(|p| PolicySet::of(vec![p]));
        layers.owner_control = self.control.iter().map(|p| PolicySet::of(vec![p])).collect();
        layers.caller_control = self.caller_control.iter().map(|p| PolicySet::of(vec![p])).collect();
        layers.control_exempt = self.exempt;
        layers.key_network = self.key_network.as_ref();
        layers.resource = match &self.resource {
            Some((PolicyKind::Trust, p)) => ResourceSide::Trust(set("trust", vec![p])),
            Some((PolicyKind::Key, p)) => ResourceSide::Key(set("key", vec![p])),
            Some((PolicyKind::Bucket, p)) => self.oss(set("bucket", vec![p])),
            Some((_, p)) => ResourceSide::Default(PolicySet::of(vec![p])),
            None if self.acl.is_some() || self.access_point.is_some() => self.oss(set("bucket", Vec::new())),
            None => ResourceSide::None,
        };
        layers
    }

    fn oss<'a>(&'a self, bucket_policy: PolicySet<'a>) -> ResourceSide<'a> {
        ResourceSide::Oss(Box::new(OssSide {
            bucket_policy,
            bucket_acl: Some(self.acl.unwrap_or(Acl::Private)),
            object_acl: self.object_acl.map_or(ObjectAcl::Default, ObjectAcl::Own),
            block_public_access: [if self.blocked { Tri::Yes } else { Tri::No }, Tri::No, Tri::No, Tri::No],
            access_point: self.access_point.as_ref().map(|p| PolicySet::of(vec![p])),
        }))
    }
}

/// What a request line expects, and what the evaluator says, in the words of the lines.
fn answer(layers: &Layers<'_>, line: &str) -> (String, String) {
    let mut words = line.split(' ');
    let mut word = || words.next().unwrap_or_else(|| panic!("too few words: {line}"));
    let (expected, who, action, resource) = (word(), word(), word(), word());
    let request = words.fold(Request::new(caller(who), action, resource), |request, pair| {
        let (key, value) = pair.split_once('=').unwrap_or_else(|| panic!("`{pair}` is no key=value: {line}"));
        request.with_values(key, &value.split('|').collect::<Vec<_>>())
    });
    let verdict = judge(&request, layers);
    let by_deny = verdict.decision.statements.iter().any(|s| s.effect == Some(Effect::Deny));
    let mut found = match verdict.decision.outcome {
        Outcome::Allowed => "allowed",
        Outcome::Denied if by_deny => "refused",
        Outcome::Denied => "denied",
        Outcome::Unknown => "unknown",
    }
    .to_owned();
    for switch in verdict.depends_on {
        let _ = write!(found, "?{switch}");
    }
    (expected.to_owned(), found)
}

/// Decides the requests of an example, of which one must pass and one must not; says what comes out otherwise than it says.
pub fn examine(example: &Value, at: &str, wrong: &mut Vec<String>) -> usize {
    let policies = Example::read(example);
    let mut passes = BTreeSet::new();
    let lines = list(example, "requests");
    for line in lines {
        let line = line.as_str().unwrap();
        let (expected, found) = answer(&policies.layers(), line);
        passes.insert(expected.starts_with("allowed"));
        if expected != found {
            wrong.push(format!("{at}: {line}: found {found}"));
        }
    }
    assert_eq!(passes.len(), 2, "{at}: one request must pass and one must not: {example}");
    lines.len()
}
