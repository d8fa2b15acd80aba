//! Whether a bucket answers only to networks that its policy names. Source: CIS Alibaba Cloud Foundation Benchmark 2.0,
//! 5.7; OSS documentation, "Bucket policy", condition keys `acs:SourceIp`, `acs:SourceVpc`, `acs:SourceVpcIp`.
//!
//! Two ways count: a Deny that stops everybody from elsewhere (proven by the engine for a user with every right and for
//! an anonymous caller), and statements that allow only under such a condition. A bucket without a policy leaves the
//! choice of the network to whoever has rights in RAM.

use std::collections::BTreeSet;

use xiezhi_model::service::oss::Bucket;
use xiezhi_model::{Fact, Inventory, Label, Reason, State, Text};
use xiezhi_policy::ask::{self, Safeguard, Target, Truth};
use xiezhi_policy::decide::Acl;
use xiezhi_policy::exposure::NAMELESS_OWNER;
use xiezhi_policy::policy::{Condition, Test};
use xiezhi_policy::values::IpRange;
use xiezhi_policy::{Budget, Caller, Effect, Policy, PolicyKind, PolicySet, Statement};

use super::oss_policy::layers_of;
use super::{Analysis, derived, in_words};

/// See the module.
pub(crate) struct OssNetwork;

impl Analysis for OssNetwork {
    fn name(&self) -> &'static str {
        "bucket networks"
    }

    fn run(&self, inventory: &mut Inventory) {
        let only = inventory.only_account().cloned();
        for bucket in inventory.all_mut::<Bucket>() {
            let owner = bucket.head.account.value().or(only.as_ref()).cloned();
            bucket.network_restricted = restricted(self.name(), bucket, owner.as_ref());
            bucket.trusts_any_vpc = trusts_any_vpc(self.name(), bucket);
        }
    }
}

/// Whether a statement takes any VPC for a known network: everybody can have a VPC.
fn trusts_any_vpc(analysis: &str, bucket: &Bucket) -> Fact<bool> {
    let origin = &bucket.policy.origin;
    let known = |value: bool, en: &str, zh: &str| Fact::known(value, derived(analysis, in_words(en, zh), origin.label));
    let text = match &bucket.policy.state {
        State::Known(text) => text,
        State::Absent => return known(false, "there is no bucket policy", "没有存储空间授权策略"),
        State::Unknown(reason) => return Fact::unknown(reason.clone(), origin.clone()),
    };
    let policy = Policy::parse("bucket policy", PolicyKind::Bucket, text);
    let vague = policy.statements.iter().find(|statement| {
        // An Allow trusts whom the condition lets through; a Deny spares whom it does not catch.
        let turned = statement.effect == Some(Effect::Deny);
        let any = |condition: &Condition| {
            condition.negated == turned
                && condition.folded == "acs:sourcevpc"
                && matches!(&condition.test, Test::Like(ids) if ids.iter().any(|id| any_vpc(id.text())))
        };
        let limits = |condition: &Condition| {
            condition.negated == turned
                && condition.folded == "acs:sourceip"
                && matches!(&condition.test, Test::Ip(ranges) if !ranges.iter().any(whole))
        };
        statement.conditions.iter().any(any) && !statement.conditions.iter().any(limits)
    });
    match vague {
        Some(at) => {
            let en = format!("the statement on line {} takes any VPC", at.at.line);
            known(true, &en, &format!("第 {} 行的语句接受任意 VPC", at.at.line))
        }
        None if policy.statements.iter().any(|one| one.effect.is_none() || !one.doubts.is_empty()) => {
            Fact::unknown(Reason::not_understood("a statement of the policy"), origin.clone())
        }
        None => known(false, "no statement takes any VPC", "没有语句接受任意 VPC"),
    }
}

fn any_vpc(pattern: &str) -> bool {
    matches!(pattern, "*" | "vpc-*" | "vpc*")
}

fn restricted(analysis: &str, bucket: &Bucket, owner: Option<&Text>) -> Fact<bool> {
    let origin = &bucket.policy.origin;
    let say = |value: bool, label: Label, en: &str, zh: &str| {
        Fact::known(value, derived(analysis, in_words(en, zh), origin.label.weakest(label)))
    };
    let text = match &bucket.policy.state {
        State::Known(text) => text,
        State::Absent => return say(false, origin.label, "there is no bucket policy", "没有存储空间授权策略"),
        State::Unknown(reason) => return Fact::unknown(reason.clone(), origin.clone()),
    };
    let policy = Policy::parse("bucket policy", PolicyKind::Bucket, text);
    if policy.statements.iter().any(|statement| statement.effect.is_none() || !statement.doubts.is_empty()) {
        return Fact::unknown(Reason::not_understood("a statement of the policy"), origin.clone());
    }
    let allows = || policy.statements.iter().filter(|statement| statement.may_allow());
    let open = allows().find(|statement| !statement.conditions.iter().any(names_network));
    if allows().next().is_some() && open.is_none() {
        return say(true, origin.label, "every statement that allows names networks", "每条允许语句都限定了网络");
    }
    let Some(name) = bucket.head.id.value() else {
        return Fact::unknown(Reason::NotInEvidence, origin.clone());
    };
    match stopped_elsewhere(&policy, name, owner.map_or(NAMELESS_OWNER, Text::as_str)) {
        Some((true, label)) => say(true, label, "a statement denies every other network", "有语句拒绝其他所有网络"),
        Some((false, label)) => match open {
            Some(open) => {
                let en = format!("the statement on line {} allows from any network", open.at.line);
                let zh = format!("第 {} 行的语句允许来自任何网络的访问", open.at.line);
                say(false, label, &en, &zh)
            }
            None => say(false, label, "no statement limits the network", "没有语句限制网络"),
        },
        None => Fact::unknown(Reason::not_understood("a condition on the network"), origin.clone()),
    }
}

/// Whether the condition lets through only requests of networks that it names: `0.0.0.0/0` and `vpc-*` name none.
fn names_network(condition: &Condition) -> bool {
    if condition.negated || condition.for_all {
        return false;
    }
    match (&condition.test, condition.folded.as_str()) {
        (Test::Ip(ranges), "acs:sourceip" | "acs:sourcevpcip" | "acs:vpcsourceip") => {
            !ranges.is_empty() && !ranges.iter().any(whole)
        }
        (Test::Equals(ids) | Test::EqualsFolded(ids), "acs:sourcevpc" | "acs:sourcevpcid") => !ids.is_empty(),
        (Test::Like(ids), "acs:sourcevpc" | "acs:sourcevpcid") => {
            !ids.is_empty() && !ids.iter().any(|id| any_vpc(id.text()))
        }
        _ => false,
    }
}

fn whole(range: &IpRange) -> bool {
    let widest = if range.v6 { u128::MAX } else { u128::from(u32::MAX) };
    range.low == 0 && range.high == widest
}

/// Whether no request for an object from outside the named addresses is left, for a user of the account with every right and for an
/// anonymous caller of a bucket that its ACL opens to all; nothing when only a VPC is named, which addresses do not show.
fn stopped_elsewhere(policy: &Policy, bucket: &str, owner: &str) -> Option<(bool, Label)> {
    let denies = || policy.statements.iter().filter(|statement| statement.may_deny());
    let conditions = || denies().flat_map(|statement: &Statement| &statement.conditions);
    let addresses: BTreeSet<String> = conditions()
        .filter(|condition| condition.negated && condition.folded == "acs:sourceip")
        .filter_map(|condition| match &condition.test {
            Test::Ip(ranges) => Some(ranges.iter().filter(|range| !whole(range)).map(IpRange::cidr)),
            _ => None,
        })
        .flatten()
        .collect();
    let by_vpc = conditions().any(|condition| {
        matches!(condition.folded.as_str(), "acs:sourcevpc" | "acs:sourcevpcid" | "acs:sourcevpcip" | "acs:vpcsourceip")
    });
    if addresses.is_empty() && !by_vpc {
        return Some((false, Label::Live));
    }
    let everything = Policy::parse(
        "every right",
        PolicyKind::Identity,
        r#"{"Version":"1","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#,
    );
    let target = Target::new(&["oss:*"], &[&format!("acs:oss:*:*:{bucket}/*")]);
    let network = Safeguard::Network(addresses.into_iter().collect());
    let budget = Budget::default();
    let mut inside = layers_of(owner, policy, Acl::Private);
    inside.identity = PolicySet::of(vec![&everything]);
    let user = Caller::User { account: owner.to_owned(), name: "any-user".to_owned(), id: None };
    let outside = layers_of(owner, policy, Acl::PublicReadWrite);
    let escapes = [
        ask::escapes_in_all_readings(&inside, &user, &target, &network, false, &budget),
        ask::escapes_in_all_readings(&outside, &Caller::Anonymous, &target, &network, false, &budget),
    ];
    let worst = escapes.into_iter().max_by_key(|finding| finding.truth)?;
    let label = if worst.depends_on.is_empty() { Label::Live } else { Label::Inference };
    match worst.truth {
        Truth::No => Some((true, label)),
        Truth::Yes if !by_vpc => Some((false, label)),
        _ => None,
    }
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests {
    use xiezhi_model::service::oss::Bucket;

    use crate::analyse::tests::{one, shown, terraform};

    /// What a bucket with these statements (HCL) comes out as.
    fn of(statements: &str) -> String {
        shown(&bucket(statements).network_restricted)
    }

    fn bucket(statements: &str) -> Bucket {
        let policy = if statements.is_empty() {
            String::new()
        } else {
            format!("  policy = jsonencode({{ Version = \"1\", Statement = [{statements}] }})\n")
        };
        let text = format!("resource \"alicloud_oss_bucket\" \"b\" {{\n  bucket = \"b\"\n{policy}}}\n");
        one::<Bucket>(&terraform(&text), "b").clone()
    }

    fn allow(condition: &str) -> String {
        format!(
            "{{ Effect = \"Allow\", Principal = [\"2002\"], Action = [\"oss:GetObject\"], \
             Resource = [\"acs:oss:*:*:b/*\"]{condition} }}"
        )
    }

    fn deny(condition: &str) -> String {
        format!(
            "{{ Effect = \"Deny\", Principal = [\"*\"], Action = [\"oss:*\"], Resource = [\"acs:oss:*:*:*\"]{condition} }}"
        )
    }

    #[test]
    fn a_bucket_without_a_policy_or_condition_answers_any_network() {
        assert_eq!(of(""), "false");
        assert_eq!(of(&allow("")), "false");
    }

    #[test]
    fn every_allowing_statement_must_name_networks() {
        let here = allow(", Condition = { IpAddress = { \"acs:SourceIp\" = [\"198.51.100.0/24\"] } }");
        let vpc = allow(", Condition = { StringEquals = { \"acs:SourceVpc\" = [\"vpc-1\"] } }");
        assert_eq!(of(&here), "true");
        assert_eq!(of(&format!("{here}, {vpc}")), "true");
        assert_eq!(of(&format!("{here}, {}", allow(""))), "false");
    }

    #[test]
    fn the_whole_internet_and_any_vpc_are_no_limit() {
        let all = allow(", Condition = { IpAddress = { \"acs:SourceIp\" = [\"0.0.0.0/0\"] } }");
        let any = allow(", Condition = { StringLike = { \"acs:SourceVpc\" = [\"vpc-*\"] } }");
        assert_eq!((of(&all), of(&any)), ("false".to_owned(), "false".to_owned()));
    }

    #[test]
    fn any_vpc_is_named_as_such_unless_addresses_stand_beside_it() {
        let any = allow(", Condition = { StringLike = { \"acs:SourceVpc\" = [\"vpc-*\"] } }");
        let spared = deny(", Condition = { StringNotLike = { \"acs:SourceVpc\" = [\"vpc-*\"] } }");
        let beside = deny(
            ", Condition = { StringNotLike = { \"acs:SourceVpc\" = [\"vpc-*\"] }, NotIpAddress = { \"acs:SourceIp\" = [\"198.51.100.0/24\"] } }",
        );
        let one = allow(", Condition = { StringEquals = { \"acs:SourceVpc\" = [\"vpc-1\"] } }");
        let found = [&any, &spared, &beside, &one].map(|text| shown(&bucket(text).trusts_any_vpc));
        assert_eq!(found, ["true", "true", "false", "false"]);
    }

    #[test]
    fn a_deny_for_everybody_elsewhere_limits_whoever_has_rights_in_ram() {
        let elsewhere = deny(", Condition = { NotIpAddress = { \"acs:SourceIp\" = [\"198.51.100.0/24\"] } }");
        assert_eq!(of(&elsewhere), "true");
        assert_eq!(of(&format!("{elsewhere}, {}", allow(""))), "true");
        let part = elsewhere.replace("oss:*", "oss:PutObject");
        assert_eq!(of(&part), "false");
    }

    #[test]
    fn a_deny_by_vpc_is_not_judged_by_addresses() {
        let vpc = deny(", Condition = { StringNotEquals = { \"acs:SourceVpc\" = [\"vpc-1\"] } }");
        assert_eq!(of(&vpc), "unknown: not-understood");
    }
}
