//! What a bucket policy by itself lets strangers do, and whether it refuses plain HTTP. Source: RAM semantics R-1.25,
//! R-1.26 (principals of bucket policies), R-2.26 (what is public); the reasoning is `xiezhi-policy`'s.

use xiezhi_model::service::account::Account;
use xiezhi_model::service::oss::Bucket;
use xiezhi_model::{Fact, Inventory, Label, Origin, Reason, State, Text};
use xiezhi_policy::ask::{self, Finding, Safeguard, Target, Truth};
use xiezhi_policy::exposure::{self, NAMELESS_OWNER, Surroundings};
use xiezhi_policy::{Budget, Caller, Layers, OssSide, Policy, PolicyKind, PolicySet, ResourceSide, Tri};
use xiezhi_policy::{decide::Acl, decide::ObjectAcl};

use super::resource_policy::{names_another, others_of, scope_of, unless_odd};
use super::{Analysis, Proof, depends, derived, in_words, statements};

/// See the module.
pub(crate) struct OssPolicy;

impl Analysis for OssPolicy {
    fn name(&self) -> &'static str {
        "bucket policy"
    }

    fn run(&self, inventory: &mut Inventory) {
        let only = inventory.only_account().cloned();
        for bucket in inventory.all_mut::<Bucket>() {
            let owner = bucket.head.account.value().or(only.as_ref()).cloned();
            conclude(self.name(), bucket, owner.as_ref());
        }
    }
}

fn conclude(analysis: &str, bucket: &mut Bucket, owner: Option<&Text>) {
    let origin = &bucket.policy.origin;
    let text = match &bucket.policy.state {
        State::Known(text) => text.clone(),
        State::Absent => {
            let none = || {
                Fact::known(
                    false,
                    derived(analysis, in_words("there is no bucket policy", "没有存储空间授权策略"), origin.label),
                )
            };
            let facts = [none(), none(), none(), none(), none(), none()];
            return set(bucket, facts);
        }
        State::Unknown(reason) => {
            let unknown = || Fact::unknown(reason.clone(), origin.clone());
            let facts = [unknown(), unknown(), unknown(), unknown(), unknown(), unknown()];
            return set(bucket, facts);
        }
    };
    let origin = origin.clone();
    let policy = Policy::parse("bucket policy", PolicyKind::Bucket, &text);
    let named = owner.map_or(NAMELESS_OWNER, Text::as_str);
    let layers = layers_of(named, &policy, Acl::Private);
    let around = Surroundings { owner: named, ..Surroundings::default() };
    let id = bucket.head.id.value().map(Text::as_str);
    let scope = scope_of("oss", id.unwrap_or("*"));
    let scope: Vec<&str> = scope.iter().map(String::as_str).collect();
    let anyone = |actions: &[&str]| exposure::in_all_readings(&layers, &around, actions, &scope, &Budget::default());
    let odd = names_another(&policy, id);
    let say = |truth: Truth, finding: &Finding| unless_odd(odd, say(analysis, &origin, truth, finding), &origin);
    let all = anyone(&["*"]);
    let list = anyone(&["oss:ListObjects", "oss:ListObjectVersions"]);
    let put = anyone(&["oss:PutObject"]);
    let delete = anyone(&["oss:DeleteObject", "oss:DeleteObjectVersion"]);
    let others = others_of(&all, owner, &origin, say);
    let facts = [
        say(all.public, &all.anyone),
        say(list.public, &list.anyone),
        say(put.public, &put.anyone),
        say(delete.public, &delete.anyone),
        others,
        refuses_plain_http(analysis, &origin, named, bucket, &policy),
    ];
    set(bucket, facts);
}

fn set(bucket: &mut Bucket, [anyone, list, put, delete, others, https]: [Fact<bool>; 6]) {
    bucket.grants_anyone = anyone;
    bucket.anyone_may_list = list;
    bucket.anyone_may_put = put;
    bucket.anyone_may_delete = delete;
    bucket.grants_other_accounts = others;
    bucket.denies_plain_http = https;
}

pub(super) fn layers_of<'a>(owner: &'a str, policy: &'a Policy, acl: Acl) -> Layers<'a> {
    let mut layers = Layers::identity_only(owner, PolicySet::default());
    layers.resource = ResourceSide::Oss(Box::new(OssSide {
        bucket_policy: PolicySet::of(vec![policy]),
        bucket_acl: Some(acl),
        object_acl: ObjectAcl::Default,
        block_public_access: [Tri::No; 4],
        access_point: None,
    }));
    layers
}

/// Is there a request for an object over plain HTTP that the policy leaves allowed, for a user of the account with every
/// right and for an anonymous caller of a bucket whose ACL would let anyone in? Requests for the bucket itself do not
/// carry its data.
fn refuses_plain_http(analysis: &str, origin: &Origin, owner: &str, bucket: &Bucket, policy: &Policy) -> Fact<bool> {
    let Some(name) = bucket.head.id.value() else {
        return Fact::unknown(Reason::NotInEvidence, origin.clone());
    };
    let objects = format!("acs:oss:*:*:{name}/*");
    let target = Target::new(&["oss:*"], &[&objects]);
    let everything = Policy::parse(
        "every right",
        PolicyKind::Identity,
        r#"{"Version":"1","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#,
    );
    let mut inside = layers_of(owner, policy, Acl::Private);
    inside.identity = PolicySet::of(vec![&everything]);
    let user = Caller::User { account: owner.to_owned(), name: "any-user".to_owned(), id: None };
    let outside = layers_of(owner, policy, Acl::PublicReadWrite);
    let budget = Budget::default();
    let escapes = [
        ask::escapes_in_all_readings(&inside, &user, &target, &Safeguard::Tls, false, &budget),
        ask::escapes_in_all_readings(&outside, &Caller::Anonymous, &target, &Safeguard::Tls, false, &budget),
    ];
    let worst = escapes.into_iter().max_by_key(|finding| finding.truth);
    match worst {
        Some(finding) => say(analysis, origin, finding.truth, &finding).map(|escapes| !escapes),
        None => Fact::unknown(Reason::not_understood("plain HTTP"), origin.clone()),
    }
}

/// The finding as a fact, with its proof; a finding that hangs on a semantic switch is inference.
pub(super) fn say(analysis: &str, origin: &Origin, truth: Truth, finding: &Finding) -> Fact<bool> {
    let label = if finding.depends_on.is_empty() { origin.label } else { origin.label.weakest(Label::Inference) };
    let known = |value: bool, said: Proof| {
        Fact::known(value, derived(analysis, Proof::of(&[said, depends(&finding.depends_on)]), label))
    };
    match truth {
        Truth::Yes => known(true, statements(&finding.grants)),
        Truth::No => known(false, in_words("no statement allows it", "没有语句允许")),
        Truth::Undecided => Fact::unknown(Reason::not_understood("the policy is over the budget"), origin.clone()),
        Truth::Unknown => Fact::unknown(Reason::not_understood("a statement of the policy"), origin.clone()),
    }
}

/// Whether strangers read a bucket over its endpoint, which is always on the internet: by its ACL or policy, unless
/// public access is blocked (OSS-1). Strangers who are refused are no visitors of a web application.
pub(super) fn anyone_reads(inventory: &Inventory, bucket: &Bucket) -> Result<bool, Reason> {
    let of_account = |account: &&Account| {
        account.head.id.value().is_none_or(|id| bucket.head.account.value().is_none_or(|own| own == id))
    };
    let account = inventory.all::<Account>().iter().find(of_account);
    let blocked = bucket.block_public_access.value() == Some(&true)
        || account.is_some_and(|account| account.oss_block_public_access.value() == Some(&true));
    if blocked {
        return Ok(false);
    }
    let by_acl = match &bucket.acl.state {
        State::Known(acl) if matches!(acl.as_str(), "public-read" | "public-read-write") => Ok(true),
        State::Known(acl) if acl == "private" => Ok(false),
        State::Known(other) => Err(Reason::not_understood(format!("the ACL `{other}`"))),
        State::Absent => Err(Reason::NotInEvidence),
        State::Unknown(reason) => Err(reason.clone()),
    };
    let by_policy = match &bucket.grants_anyone.state {
        State::Known(anyone) => Ok(*anyone),
        State::Absent => Ok(false),
        State::Unknown(reason) => Err(reason.clone()),
    };
    match (by_acl, by_policy) {
        (Ok(true), _) | (_, Ok(true)) => match bucket.block_public_access.reason() {
            // Whether it is blocked all the same nobody looked.
            Some(reason) if !reason.is_silence() => Err(reason.clone()),
            _ => Ok(true),
        },
        (Ok(false), Ok(false)) => Ok(false),
        (Err(reason), _) | (_, Err(reason)) => Err(reason),
    }
}

#[cfg(test)]
mod tests {
    use xiezhi_model::service::oss::Bucket;

    use crate::analyse::tests::{one, shown, terraform};

    #[test]
    fn a_statement_that_names_its_resource_in_no_form_of_oss_is_not_read_as_harmless() {
        let grants = |resource: &str| {
            let text = format!(
                "resource \"alicloud_oss_bucket\" \"b\" {{\n  bucket = \"b\"\n  policy = jsonencode({{ Version = \"1\", \
                 Statement = [{{ Effect = \"Allow\", Principal = [\"*\"], Action = [\"oss:GetObject\"], Resource = [\"{resource}\"] }}] }})\n}}\n"
            );
            shown(&one::<Bucket>(&terraform(&text), "b").grants_anyone)
        };
        assert_eq!(grants("acs:oss:*:*:b/*"), "true");
        assert_eq!(grants("b/*"), "unknown: not-understood");
        assert_eq!(grants("acs:oss:*:*:another/*"), "unknown: not-understood");
        assert_eq!(grants("acs:oss:*:*:b-too/*"), "unknown: not-understood");
        assert_eq!(grants("acs:oss:*:*:*/public/*"), "true");
    }

    #[test]
    fn a_claim_that_hangs_on_a_reading_is_an_inference_and_names_it() {
        let fenced = "resource \"alicloud_oss_bucket\" \"b\" {\n  bucket = \"b\"\n  policy = jsonencode({ Version = \"1\", \
             Statement = [{ Effect = \"Allow\", Principal = [\"*\"], Action = [\"oss:GetObject\"], Resource = [\"acs:oss:*:*:b/*\"], \
             Condition = { StringLike = { \"acs:PrincipalArn\" = [\"acs:ram::2002:role/*\"] } } }] })\n}\n";
        let inventory = terraform(fenced);
        let bucket = one::<Bucket>(&inventory, "b");
        // R-2.31: the key is no restriction to rely on.
        let anyone = &bucket.grants_anyone;
        assert_eq!((shown(anyone), anyone.origin.label), ("true".to_owned(), xiezhi_model::Label::Inference));
        assert!(anyone.origin.source.name.contains("SW-9") && anyone.origin.source.chinese.contains("SW-9"));
        assert_eq!(shown(&bucket.anyone_may_list), "false");
        assert_ne!(bucket.anyone_may_list.origin.label, xiezhi_model::Label::Inference);
    }
}
