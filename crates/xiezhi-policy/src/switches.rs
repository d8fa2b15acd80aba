//! Semantic switches: places where the documentation is silent or contradicts itself.
//!
//! A [`Reading`] fixes one choice per switch. [`Choice::Either`] evaluates both readings at once: what the two agree on stays
//! decided, the rest becomes *maybe*. A verdict that changes when one switch is flipped names that switch, and is an inference.

use crate::words::Words;
use serde::Serialize;
use std::fmt;

/// The switches, by their number: twelve of the reference, and what pages read since contradict each other in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum Switch {
    /// SW-1: `*` stays inside one ARN segment (first), or crosses colons (second).
    #[serde(rename = "SW-1")]
    StarInSegment,
    /// SW-2: actions, condition keys and role names compare without case (first), or exactly (second).
    #[serde(rename = "SW-2")]
    FoldCase,
    /// SW-3: a negated operator on an absent key is true (first), or false (second).
    #[serde(rename = "SW-3")]
    NegatedOnAbsent,
    /// SW-4: a resource-group Deny is ignored after an account-level Allow (first), or counted (second).
    #[serde(rename = "SW-4")]
    GroupDenyIgnored,
    /// SW-5: `ForAllValues` on an absent key is true (first), or false (second).
    #[serde(rename = "SW-5")]
    ForAllOnAbsent,
    /// SW-6: a bucket policy also binds users of the owner's account (first), or not (second).
    #[serde(rename = "SW-6")]
    BucketPolicyBindsOwner,
    /// SW-7: `ram:PassRole` is checked at the proven operations only (first), or wherever a role is handed over (second).
    #[serde(rename = "SW-7")]
    PassRoleProvenOnly,
    /// SW-8: control policies of the resource's owner rule a cross-account request (first), or those of the caller (second).
    #[serde(rename = "SW-8")]
    ControlOfOwner,
    /// SW-9: `acs:PrincipalArn` limits no grant of a bucket policy, since one field test saw it accepted and ignored (first), or it
    /// is enforced (second). A Deny is read as written in both.
    #[serde(rename = "SW-9")]
    PrincipalArnInBucketPolicy,
    /// SW-10: an empty ARN segment of a `ram` or `sts` pattern means `*` (first), or only the empty segment (second).
    #[serde(rename = "SW-10")]
    EmptySegmentIsAny,
    /// SW-11: `NotResource` is honoured as a complement (first), or the service refuses the statement (second).
    #[serde(rename = "SW-11")]
    NotResourceHonoured,
    /// SW-12: a malformed condition value makes the statement unknown (first), or never matches (second).
    #[serde(rename = "SW-12")]
    MalformedUnknown,
    /// SW-13: the conditions of an Allow in a Tablestore instance policy must all hold, as everywhere (first), or one of them is enough
    /// (second). Tablestore "Use instance policies to restrict the access sources of an instance" (January 2025) says that one is enough;
    /// "Instance policy" (August 2026) no longer does, and has `acs:SourceIp` paired with `acs:SourceVpc` to narrow the source, which
    /// works only where both must hold. A condition is one operator over one key. A Deny is read as everywhere in both.
    #[serde(rename = "SW-13")]
    InstanceConditionsTogether,
    /// SW-14: `*` and `?` in a value of `StringEquals` and its kin are ordinary characters (first), or wildcards (second). "Conditional
    /// operators" keeps wildcards to `StringLike` (R-1.34); three official examples use them under `StringEquals` and say that they match:
    /// ECS "Manage resource permissions with tags" (`acs:ResourceTag/...: ["*"]`), SLS "Use project policies" (`StringNotEquals`
    /// `acs:SourceVpc` `vpc-*` for the internet), OSS "Tutorial: Use RAM policies to control access to OSS" (`oss:Prefix`
    /// `Development/*`).
    #[serde(rename = "SW-14")]
    EqualsLiteral,
}

impl Switch {
    /// All switches in order.
    pub const ALL: [Switch; 14] = [
        Switch::StarInSegment,
        Switch::FoldCase,
        Switch::NegatedOnAbsent,
        Switch::GroupDenyIgnored,
        Switch::ForAllOnAbsent,
        Switch::BucketPolicyBindsOwner,
        Switch::PassRoleProvenOnly,
        Switch::ControlOfOwner,
        Switch::PrincipalArnInBucketPolicy,
        Switch::EmptySegmentIsAny,
        Switch::NotResourceHonoured,
        Switch::MalformedUnknown,
        Switch::InstanceConditionsTogether,
        Switch::EqualsLiteral,
    ];

    /// The question that the documentation leaves open.
    #[must_use]
    pub fn meaning(self) -> Words {
        match self {
            Switch::StarInSegment => {
                Words::new("whether `*` of a resource crosses colons", "资源中的 `*` 是否跨越冒号")
            }
            Switch::FoldCase => Words::new("whether names compare without case", "名称比较是否忽略大小写"),
            Switch::NegatedOnAbsent => Words::new(
                "whether a negated operator is true when the request lacks the key",
                "请求缺少条件键时否定运算符是否为真",
            ),
            Switch::GroupDenyIgnored => Words::new(
                "whether a Deny at a resource group counts after an account-level Allow",
                "账号级允许之后资源组级拒绝是否生效",
            ),
            Switch::ForAllOnAbsent => Words::new(
                "whether `ForAllValues` is true when the request lacks the key",
                "请求缺少条件键时 `ForAllValues` 是否为真",
            ),
            Switch::BucketPolicyBindsOwner => Words::new(
                "whether a bucket policy also binds users of the owner's account",
                "存储空间策略是否约束所有者账号内的用户",
            ),
            Switch::PassRoleProvenOnly => Words::new("where `ram:PassRole` is checked", "在何处检查 `ram:PassRole`"),
            Switch::ControlOfOwner => {
                Words::new("whose control policies rule a request across accounts", "跨账号请求由谁的管控策略约束")
            }
            Switch::PrincipalArnInBucketPolicy => Words::new(
                "whether `acs:PrincipalArn` is enforced in a bucket policy",
                "存储空间策略是否执行 `acs:PrincipalArn`",
            ),
            Switch::EmptySegmentIsAny => {
                Words::new("whether an empty segment of a RAM ARN means any", "RAM ARN 的空段是否表示任意")
            }
            Switch::NotResourceHonoured => Words::new("whether `NotResource` is honoured", "`NotResource` 是否有效"),
            Switch::MalformedUnknown => {
                Words::new("how a malformed condition value is read", "格式错误的条件值如何解读")
            }
            Switch::InstanceConditionsTogether => Words::new(
                "whether all conditions of an Allow in an instance policy must hold, or one is enough",
                "实例策略中允许语句的多个条件须同时满足，还是满足其一即可",
            ),
            Switch::EqualsLiteral => Words::new(
                "whether `*` in a value of `StringEquals` is a wildcard",
                "`StringEquals` 取值中的 `*` 是否为通配符",
            ),
        }
    }
}

impl fmt::Display for Switch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = Switch::ALL.iter().position(|s| s == self).unwrap_or(0).saturating_add(1);
        write!(f, "SW-{number}")
    }
}

/// Which reading of a switch is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Choice {
    /// The first reading, the default of the reference.
    #[default]
    First,
    /// The second reading.
    Second,
    /// Both at once: where they differ the answer is *maybe*.
    Either,
}

/// One choice for every switch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Reading {
    choices: [Choice; 14],
}

impl Reading {
    /// Every switch at its default, the first reading.
    #[must_use]
    pub fn standard() -> Self {
        Self::default()
    }

    /// Every switch open: what stays decided here does not depend on any switch.
    #[must_use]
    pub fn either() -> Self {
        Reading { choices: [Choice::Either; 14] }
    }

    /// The same reading with one switch set.
    #[must_use]
    pub fn with(mut self, switch: Switch, choice: Choice) -> Self {
        if let Some(slot) = self.choices.get_mut(switch as usize) {
            *slot = choice;
        }
        self
    }

    /// The choice for a switch.
    #[must_use]
    pub fn of(&self, switch: Switch) -> Choice {
        // Every switch has its slot; were one without, both readings would count.
        self.choices.get(switch as usize).copied().unwrap_or(Choice::Either)
    }
}

/// Truth with a third value for what the evidence does not decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Tri {
    /// Surely not.
    No,
    /// Not decided by what is known.
    Maybe,
    /// Surely.
    Yes,
}

impl Tri {
    /// Both must hold.
    #[must_use]
    pub fn and(self, other: Tri) -> Tri {
        self.min(other)
    }

    /// One must hold.
    #[must_use]
    pub fn or(self, other: Tri) -> Tri {
        self.max(other)
    }

    /// The complement; *maybe* stays.
    #[must_use]
    pub fn negate(self) -> Tri {
        match self {
            Tri::No => Tri::Yes,
            Tri::Maybe => Tri::Maybe,
            Tri::Yes => Tri::No,
        }
    }

    /// At most *maybe*: for a statement that the service may have read otherwise.
    #[must_use]
    pub fn doubted(self) -> Tri {
        self.min(Tri::Maybe)
    }

    /// The value under a switch: `first` and `second` are computed only when needed.
    pub fn under(choice: Choice, first: impl FnOnce() -> Tri, second: impl FnOnce() -> Tri) -> Tri {
        match choice {
            Choice::First => first(),
            Choice::Second => second(),
            Choice::Either => {
                let (first, second) = (first(), second());
                if first == second { first } else { Tri::Maybe }
            }
        }
    }
}

impl From<bool> for Tri {
    fn from(value: bool) -> Tri {
        if value { Tri::Yes } else { Tri::No }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn switches_print_their_number_in_the_reference() {
        assert_eq!(Switch::StarInSegment.to_string(), "SW-1");
        assert_eq!(Switch::MalformedUnknown.to_string(), "SW-12");
        assert_eq!(Switch::InstanceConditionsTogether.to_string(), "SW-13");
        assert_eq!(Switch::EqualsLiteral.to_string(), "SW-14");
    }

    #[test]
    fn every_switch_has_a_slot_of_its_own() {
        for switch in Switch::ALL {
            let one = Reading::standard().with(switch, Choice::Second);
            let second: Vec<Switch> = Switch::ALL.into_iter().filter(|s| one.of(*s) == Choice::Second).collect();
            assert_eq!(second, [switch]);
            assert_eq!(Reading::standard().of(switch), Choice::First);
        }
    }

    #[test]
    fn either_keeps_what_both_readings_agree_on() {
        assert_eq!(Tri::under(Choice::Either, || Tri::Yes, || Tri::Yes), Tri::Yes);
        assert_eq!(Tri::under(Choice::Either, || Tri::Yes, || Tri::No), Tri::Maybe);
        assert_eq!(Tri::under(Choice::Second, || Tri::Yes, || Tri::No), Tri::No);
    }
}
