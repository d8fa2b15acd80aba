//! What the policies of KMS keys and secrets, log projects, Tablestore instances and OSS access points let strangers do.
//! Source: RAM semantics, R-2.34 (key and secret policies), R-2.35 (project policies), R-2.36 (instance policies),
//! R-2.28 (access points), R-2.26 (what is public); the reasoning is `xiezhi-policy`'s.

use xiezhi_model::service::kms::{Key, Secret};
use xiezhi_model::service::oss::{AccessPoint, Bucket};
use xiezhi_model::service::ots::Instance;
use xiezhi_model::service::sls::Project;
use xiezhi_model::{Fact, Head, Inventory, Label, Origin, Reason, State, Text};
use xiezhi_policy::access_point;
use xiezhi_policy::ask::{Finding, Truth};
use xiezhi_policy::decide::{Acl, Gap, ObjectAcl};
use xiezhi_policy::exposure::{self, Exposure, NAMELESS_OWNER, Surroundings};
use xiezhi_policy::{Budget, Effect, Layers, OssSide, Policy, PolicyKind, PolicySet, ResourceSide, Tri};

use super::oss_policy::say;
use super::{Analysis, derived, in_words};

/// See the module.
pub(crate) struct ResourcePolicies;

const NAME: &str = "resource policy";

impl Analysis for ResourcePolicies {
    fn name(&self) -> &'static str {
        NAME
    }

    fn run(&self, inventory: &mut Inventory) {
        let only = inventory.only_account().cloned();
        for key in inventory.all_mut::<Key>() {
            let owner = key.head.account.value().or(only.as_ref()).cloned();
            let [anyone, others] = conclude(PolicyKind::Key, &key.policy, &key.head, "kms", "key", owner.as_ref());
            key.policy_grants_anyone = anyone;
            key.policy_grants_other_accounts = others;
        }
        for secret in inventory.all_mut::<Secret>() {
            let owner = secret.head.account.value().or(only.as_ref()).cloned();
            let [anyone, others] =
                conclude(PolicyKind::Key, &secret.policy, &secret.head, "kms", "secret", owner.as_ref());
            secret.policy_grants_anyone = anyone;
            secret.policy_grants_other_accounts = others;
        }
        for project in inventory.all_mut::<Project>() {
            let owner = project.head.account.value().or(only.as_ref()).cloned();
            let [anyone, others] =
                conclude(PolicyKind::Project, &project.policy, &project.head, "log", "project", owner.as_ref());
            project.policy_grants_anyone = anyone;
            project.policy_grants_other_accounts = others;
        }
        for instance in inventory.all_mut::<Instance>() {
            let owner = instance.head.account.value().or(only.as_ref()).cloned();
            let [anyone, others] =
                conclude(PolicyKind::Instance, &instance.policy, &instance.head, "ots", "instance", owner.as_ref());
            instance.policy_grants_anyone = anyone;
            instance.policy_grants_other_accounts = others;
        }
        let points = inventory.all::<AccessPoint>().iter();
        let concluded: Vec<_> = points.map(|point| through(inventory, point, only.as_ref())).collect();
        for (point, [anyone, others]) in inventory.all_mut::<AccessPoint>().iter_mut().zip(concluded) {
            point.grants_anyone = anyone;
            point.grants_other_accounts = others;
        }
    }
}

/// What an access point and the bucket behind it say together about requests that come through it, as owned policies.
#[derive(Debug)]
pub(crate) struct Through {
    /// The bucket policy, keys of delegation decided.
    pub bucket: Vec<Policy>,
    /// What is not known of the bucket.
    pub bucket_gaps: Vec<Gap>,
    /// The access point's own policy, in the bucket's names.
    pub own: Vec<Policy>,
    /// What is not known of the access point.
    pub own_gaps: Vec<Gap>,
    /// The bucket's ACL.
    pub acl: Option<Acl>,
    /// Block Public Access, at the levels of [`OssSide`].
    pub blocked: [Tri; 4],
    /// The bucket's name, when that is known.
    pub id: Option<String>,
    /// The weakest label of all that.
    pub label: Label,
    /// The first reason why something is not known.
    pub reason: Option<Reason>,
}

impl Through {
    /// Collects what is known of both.
    pub fn of(inventory: &Inventory, point: &AccessPoint, owner: Option<&Text>) -> Self {
        let called = point.head.id.value().or_else(|| point.head.name.value()).map_or("", Text::as_str);
        let link = point.bucket.value();
        let bucket = link.and_then(|link| inventory.follow_as::<Bucket>(Some(&point.head), &link.target));
        let name = bucket.and_then(|bucket| bucket.head.id.value()).map(Text::as_str);
        let name = name.or_else(|| link.map(|link| link.target.as_str())).unwrap_or("*").to_owned();
        // An access point lies in the region of its bucket.
        let region = point.head.region.value().or_else(|| bucket.and_then(|bucket| bucket.head.region.value()));
        let seen = access_point::AccessPoint {
            name: called,
            bucket: &name,
            account: owner.map(Text::as_str),
            region: region.map(Text::as_str),
            network_origin: point.network_origin.value().map(Text::as_str),
        };
        let mut all = Through {
            bucket: Vec::new(),
            bucket_gaps: Vec::new(),
            own: Vec::new(),
            own_gaps: Vec::new(),
            acl: None,
            blocked: [Tri::Maybe, Tri::Maybe, tri(&point.block_public_access), Tri::No],
            id: Some(name.clone()).filter(|name| is_bucket_name(name)),
            label: point.policy.origin.label,
            reason: None,
        };
        let (subject, title) = (format!("access-point/{called}"), format!("policy of access point {called}"));
        match &point.policy.state {
            State::Known(text) => all.own.push(seen.at_bucket(&Policy::parse(&subject, PolicyKind::AccessPoint, text))),
            State::Absent => {}
            State::Unknown(reason) => {
                all.own_gaps.push(super::ram::estate::gap_of(&title, reason));
                all.reason = Some(reason.clone());
            }
        }
        let (subject, title) = (format!("bucket/{name}"), format!("bucket policy of {name}"));
        let Some(bucket) = bucket else {
            all.bucket_gaps.push(Gap::new(&title, "not among the collected"));
            all.reason.get_or_insert(Reason::NotCollected);
            return all;
        };
        all.label = all.label.weakest(bucket.policy.origin.label);
        match &bucket.policy.state {
            State::Known(text) => all.bucket.push(seen.delegated(&Policy::parse(&subject, PolicyKind::Bucket, text))),
            State::Absent => {}
            State::Unknown(reason) => {
                all.bucket_gaps.push(super::ram::estate::gap_of(&title, reason));
                all.reason.get_or_insert_with(|| reason.clone());
            }
        }
        all.label = said_besides(inventory, bucket).into_iter().fold(all.label, Label::weakest);
        all.acl = acl_of(bucket);
        let account = inventory.account_of(&bucket.head).map(|account| tri(&account.oss_block_public_access));
        let [of_account, of_bucket, ..] = &mut all.blocked;
        *of_account = account.unwrap_or(Tri::Maybe);
        *of_bucket = tri(&bucket.block_public_access);
        all
    }

    /// The side of a request through the access point.
    pub fn view(&self) -> ResourceSide<'_> {
        ResourceSide::Oss(Box::new(OssSide {
            bucket_policy: PolicySet { policies: self.bucket.iter().collect(), gaps: self.bucket_gaps.clone() },
            bucket_acl: self.acl,
            object_acl: ObjectAcl::Default,
            block_public_access: self.blocked,
            access_point: Some(PolicySet { policies: self.own.iter().collect(), gaps: self.own_gaps.clone() }),
        }))
    }
}

/// A resource and what is in it, as patterns of the service's ARNs; `relative` is its part of the ARN, as `<bucket>` or
/// `project/<name>`. The account is left open: no service takes a policy about a resource of another account, and evidence
/// from which ids were struck out may spell one account in two ways.
pub(crate) fn scope_of(service: &str, relative: &str) -> Vec<String> {
    let whole = format!("acs:{service}:*:*:{relative}");
    if whole.ends_with('*') { vec![whole] } else { vec![format!("{whole}/*"), whole] }
}

/// Whether a statement that allows names its resource otherwise than the service does, as in `bucket/*`, or names another
/// resource than the one that the policy is attached to: read to the letter it reaches nothing, but whoever wrote it meant
/// something, and the service may refuse the policy as a whole. Source: OSS, "Bucket policy", elements: resources are
/// `acs:oss:<region>:<account>:<bucket>/<object>`, of the bucket itself.
pub(super) fn names_another(policy: &Policy, relative: Option<&str>) -> bool {
    let allows = policy.statements.iter().filter(|statement| statement.effect != Some(Effect::Deny));
    let mut patterns = allows.flat_map(|statement| &statement.resource.patterns);
    patterns.any(|pattern| match (&pattern.segments, relative) {
        (Some([.., named]), Some(relative)) => !may_mean(named.text(), relative),
        (Some(_), None) => false,
        (None, _) => !pattern.whole.text().starts_with(['*', '?']),
    })
}

/// Whether the last part of an ARN pattern can mean `relative` or something in it, as far as the pattern's text before its
/// first wildcard says.
fn may_mean(pattern: &str, relative: &str) -> bool {
    let inside = format!("{relative}/");
    match pattern.find(['*', '?']) {
        None => pattern == relative || pattern.starts_with(&inside),
        Some(at) => {
            let literal = pattern.get(..at).unwrap_or(pattern);
            inside.starts_with(literal) || literal.starts_with(&inside)
        }
    }
}

/// Whether a text can be a bucket's name, and no address of code. Source: OSS, "Bucket naming conventions".
fn is_bucket_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
}

/// The ACL of a bucket, when it is known.
pub(crate) fn acl_of(bucket: &Bucket) -> Option<Acl> {
    match bucket.acl.value()?.as_str() {
        "private" => Some(Acl::Private),
        "public-read" => Some(Acl::PublicRead),
        "public-read-write" => Some(Acl::PublicReadWrite),
        _ => None,
    }
}

/// What says beside a bucket's policy who gets in: its ACL and Block Public Access of the bucket and its account.
pub(crate) fn said_besides(inventory: &Inventory, bucket: &Bucket) -> Vec<Label> {
    let of_account = inventory.account_of(&bucket.head).map(|account| &account.oss_block_public_access);
    let blocks = [Some(&bucket.block_public_access), of_account].into_iter().flatten();
    let blocks = blocks.filter(|fact| fact.reason().is_none()).map(|fact| fact.origin.label);
    blocks.chain([bucket.acl.origin.label].into_iter().filter(|_| bucket.acl.reason().is_none())).collect()
}

/// A fact as the engine takes it.
pub(crate) fn tri(fact: &Fact<bool>) -> Tri {
    match &fact.state {
        State::Known(true) => Tri::Yes,
        State::Known(false) | State::Absent => Tri::No,
        State::Unknown(_) => Tri::Maybe,
    }
}

/// Whether any account, and whether a principal of another account, gets through an access point.
fn through(inventory: &Inventory, point: &AccessPoint, only: Option<&Text>) -> [Fact<bool>; 2] {
    let owner = point.head.account.value().or(only);
    let origin = &point.policy.origin;
    if point.policy.is_absent() {
        let none = || {
            let said = in_words("the access point has no policy and lets nobody in", "接入点没有策略，不允许任何人");
            Fact::known(false, derived(NAME, said, origin.label))
        };
        return [none(), none()];
    }
    let both = Through::of(inventory, point, owner);
    let named = owner.map_or(NAMELESS_OWNER, Text::as_str);
    let mut layers = Layers::identity_only(named, PolicySet::default());
    layers.resource = both.view();
    let around = Surroundings { owner: named, ..Surroundings::default() };
    let scope = scope_of("oss", both.id.as_deref().unwrap_or("*"));
    let scope: Vec<&str> = scope.iter().map(String::as_str).collect();
    let found = exposure::in_all_readings(&layers, &around, &["oss:*"], &scope, &Budget::default());
    let weakest = |mut fact: Fact<bool>| {
        fact.origin.label = fact.origin.label.weakest(both.label);
        match (&both.reason, fact.reason()) {
            (Some(reason), Some(_)) => Fact::unknown(reason.clone(), fact.origin),
            _ => fact,
        }
    };
    said(origin, &found, owner).map(weakest)
}

/// Whether anyone at all, and whether anyone of another account, is let in.
///
/// The resource's ARN ends in `<part>/<id>`, of the service of code `service`.
fn conclude(
    kind: PolicyKind,
    fact: &Fact<Text>,
    head: &Head,
    service: &str,
    part: &str,
    owner: Option<&Text>,
) -> [Fact<bool>; 2] {
    let origin = &fact.origin;
    let text = match &fact.state {
        State::Known(text) => text,
        State::Absent => {
            let none =
                || Fact::known(false, derived(NAME, in_words("there is no policy", "没有资源策略"), origin.label));
            return [none(), none()];
        }
        State::Unknown(reason) => {
            let unknown = || Fact::unknown(reason.clone(), origin.clone());
            return [unknown(), unknown()];
        }
    };
    let policy = Policy::parse("resource policy", kind, text);
    let named = owner.map_or(NAMELESS_OWNER, Text::as_str);
    let set = PolicySet::of(vec![&policy]);
    let mut layers = Layers::identity_only(named, PolicySet::default());
    layers.resource = if kind == PolicyKind::Key { ResourceSide::Key(set) } else { ResourceSide::Default(set) };
    let around = Surroundings { owner: named, ..Surroundings::default() };
    let id = head.id.value().map(|id| format!("{part}/{id}"));
    let scope = scope_of(service, id.as_deref().unwrap_or("*"));
    let scope: Vec<&str> = scope.iter().map(String::as_str).collect();
    let found = exposure::in_all_readings(&layers, &around, &["*"], &scope, &Budget::default());
    let odd = names_another(&policy, id.as_deref());
    said(origin, &found, owner).map(|fact| unless_odd(odd, fact, origin))
}

/// A policy that speaks of something else is no proof that it lets nobody in.
pub(super) fn unless_odd(odd: bool, fact: Fact<bool>, origin: &Origin) -> Fact<bool> {
    match fact.state {
        State::Known(false) if odd => {
            Fact::unknown(Reason::not_understood("a statement about another resource than its own"), origin.clone())
        }
        _ => fact,
    }
}

/// The two facts that an exposure comes to.
fn said(origin: &Origin, found: &Exposure, owner: Option<&Text>) -> [Fact<bool>; 2] {
    let others = others_of(found, owner, origin, |truth, finding| say(NAME, origin, truth, finding));
    [say(NAME, origin, found.public, &found.anyone), others]
}

/// Whether anyone of another account gets in. Without the owner's id, an account that a policy names may be the owner itself:
/// only "nobody at all" is certain, and "anyone", which other accounts are part of.
pub(super) fn others_of(
    found: &Exposure,
    owner: Option<&Text>,
    origin: &Origin,
    say: impl Fn(Truth, &Finding) -> Fact<bool>,
) -> Fact<bool> {
    match owner {
        Some(_) => say(found.external.truth, &found.external),
        None if found.external.truth == Truth::No => say(Truth::No, &found.external),
        None if found.anyone.truth == Truth::Yes => say(Truth::Yes, &found.anyone),
        None => Fact::unknown(Reason::NotInEvidence, origin.clone()),
    }
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests {
    use xiezhi_model::service::kms::Secret;
    use xiezhi_model::service::oss::{AccessPoint, Bucket};
    use xiezhi_model::service::ots::Instance;

    use crate::analyse::tests::{one, shown, terraform};

    fn bucket(principal: &str, condition: &str) -> String {
        format!(
            "resource \"alicloud_oss_bucket\" \"b\" {{\n  bucket = \"b\"\n  policy = jsonencode({{ Version = \"1\", Statement = [{{ \
             Effect = \"Allow\", Principal = [\"{principal}\"], Action = [\"oss:GetObject\"], Resource = [\"acs:oss:*:*:b/*\"]{condition} }}] \
             }})\n}}\n"
        )
    }

    #[test]
    fn where_anyone_gets_in_another_account_does_even_when_the_owner_is_not_known() {
        let of = |principal: &str, condition: &str| {
            let inventory = terraform(&bucket(principal, condition));
            let bucket = one::<Bucket>(&inventory, "b");
            [shown(&bucket.grants_anyone), shown(&bucket.grants_other_accounts)]
        };
        assert_eq!(of("*", ""), ["true", "true"]);
        // A named account may be the owner's own.
        assert_eq!(of("2002", ""), ["false", "unknown: not-in-this-evidence"]);
        // A small range is not public, but strangers get in from there.
        let narrow = ", Condition = { IpAddress = { \"acs:SourceIp\" = [\"203.0.113.0/24\"] } }";
        assert_eq!(of("*", narrow), ["false", "true"]);
        // From a VPC only: anyone's VPC that the policy does not name is kept out, and nobody comes over the internet.
        let inside = ", Condition = { StringEquals = { \"acs:SourceVpc\" = [\"vpc-1\"] } }";
        assert_eq!(of("*", inside), ["false", "unknown: not-in-this-evidence"]);
    }

    #[test]
    fn a_secret_that_anyone_may_use_is_open_to_other_accounts_whoever_owns_it() {
        let of = |principal: &str| {
            let text = format!(
                "resource \"alicloud_kms_secret\" \"s\" {{\n  secret_name = \"s\"\n  policy = jsonencode({{ Version = \"1\", \
                 Statement = [{{ Effect = \"Allow\", Principal = {{ RAM = [\"{principal}\"] }}, Action = [\"kms:*\"], Resource = [\"*\"] \
                 }}] }})\n}}\n"
            );
            let inventory = terraform(&text);
            let secret = one::<Secret>(&inventory, "s");
            [shown(&secret.policy_grants_anyone), shown(&secret.policy_grants_other_accounts)]
        };
        assert_eq!(of("*"), ["true", "true"]);
        assert_eq!(of("acs:ram::2002:*"), ["false", "unknown: not-in-this-evidence"]);
    }

    #[test]
    fn an_access_point_that_anyone_gets_through_is_open_to_other_accounts_whoever_owns_it() {
        let text = format!(
            "{}resource \"alicloud_oss_access_point\" \"p\" {{\n  access_point_name = \"p\"\n  bucket = \
             alicloud_oss_bucket.b.bucket\n  network_origin = \"internet\"\n  public_access_block_configuration {{\n    \
             block_public_access = false\n  }}\n}}\nresource \"alicloud_oss_access_point_policy\" \"p\" {{\n  access_point_name = \
             alicloud_oss_access_point.p.access_point_name\n  bucket = alicloud_oss_bucket.b.bucket\n  policy = jsonencode({{ Version = \
             \"1\", Statement = [{{ Effect = \"Allow\", Principal = [\"*\"], Action = [\"oss:GetObject\"], Resource = [\"*\"] }}] }})\n}}\n",
            bucket("*", "")
        );
        let inventory = terraform(&text);
        let point = one::<AccessPoint>(&inventory, "p");
        assert_eq!([shown(&point.grants_anyone), shown(&point.grants_other_accounts)], ["true", "true"]);
    }

    #[test]
    fn an_instance_of_tablestore_that_code_declares_has_no_policy_and_lets_nobody_in() {
        let text = "resource \"alicloud_ots_instance\" \"o\" {\n  name = \"o\"\n}\n";
        let inventory = terraform(text);
        let instance = one::<Instance>(&inventory, "o");
        assert_eq!(
            [shown(&instance.policy_grants_anyone), shown(&instance.policy_grants_other_accounts)],
            ["false", "false"]
        );
    }
}
