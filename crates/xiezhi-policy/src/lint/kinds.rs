//! The kinds of remarks, in both languages.

use crate::words::Words;
use serde::Serialize;

/// The kinds of [`Remark`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Lint {
    /// No catalogue action has this name or matches this pattern.
    UnknownAction,
    /// The action exists in another case (R-1.12 advises exact case).
    ActionCase,
    /// The resource is neither `*` nor an ARN that the statement's actions can have.
    ResourceMatchesNothing,
    /// The action is checked against `*` only, so that a narrower Resource does not grant it.
    ResourceNotChecked,
    /// `bucket*` also covers every other bucket whose name starts so.
    BucketPrefix,
    /// The statement matches no request: its conditions contradict each other or its patterns are impossible.
    MatchesNothing,
    /// An Allow that other Allows of the policy cover.
    Redundant,
    /// An Allow that Denies of the policy cut away completely.
    Shadowed,
    /// A Deny that takes nothing away from this policy; it may be meant against other policies.
    DenyWithoutEffect,
    /// `Allow` with `NotAction` grants every other action, future ones included (R-1.3, H01).
    AllowNotAction,
    /// All actions on all resources.
    Administrator,
    /// A key that the documentation does not name; a condition on an unknown key is a silent no-op.
    UndocumentedKey,
    /// A key of one service on actions of another, whose requests do not carry it.
    KeyOfOtherService,
    /// `*` or `?` in a value of an equality: literal by the page on operators, a pattern in some examples (R-1.34, SW-14).
    WildcardInEquality,
    /// `${…}` is literal text: RAM has no policy variables.
    Variable,
    /// A Deny that only holds when `acs:MFAPresent` is there and false; AccessKey calls do not carry it (H02).
    MfaDenyMissesKeys,
    /// `ram:PassRole` on every role to every service (H05).
    PassRoleOpen,
    /// The trust policy admits everyone (C06).
    TrustsEveryone,
    /// The trust policy admits every user and role of an account.
    TrustsAccount,
    /// The trust policy admits whoever's name fits a wildcard.
    TrustsPattern,
    /// The trust policy admits a service that acts for another account (C09).
    TrustsServiceOfOtherAccount,
    /// An operator that does not fit the type of a documented key.
    OperatorDoesNotFit,
}

impl Lint {
    /// What it means.
    #[must_use]
    pub fn meaning(self) -> Words {
        self.texts().0
    }

    /// What to do about it.
    #[must_use]
    pub fn remedy(self) -> Words {
        self.texts().1
    }

    /// Whether it says how wide a grant is, and not that the text does something else than it seems to.
    #[must_use]
    pub fn is_about_width(self) -> bool {
        matches!(
            self,
            Lint::AllowNotAction
                | Lint::Administrator
                | Lint::PassRoleOpen
                | Lint::TrustsEveryone
                | Lint::TrustsAccount
                | Lint::TrustsPattern
                | Lint::TrustsServiceOfOtherAccount
        )
    }

    fn texts(self) -> (Words, Words) {
        let both = |en, zh, fix, fix_zh| (Words::new(en, zh), Words::new(fix, fix_zh));
        match self {
            Lint::UnknownAction => both(
                "no known action has this name",
                "没有已知操作叫这个名称",
                "correct the name, or remove it if the action is gone",
                "更正名称；若操作已下线则删除",
            ),
            Lint::ActionCase => both(
                "the action is documented in another case",
                "文档中该操作的大小写不同",
                "write it as documented; RAM ignores case in most cases only",
                "按文档的大小写书写；RAM 仅在多数情况下忽略大小写",
            ),
            Lint::ResourceMatchesNothing => both(
                "no resource of these actions has such an ARN",
                "这些操作的资源都没有这样的 ARN",
                "write the ARN of the service whose actions the statement names",
                "写成语句中操作所属服务的 ARN",
            ),
            Lint::ResourceNotChecked => both(
                "the action has no resource-level support and is checked against `*`: a narrower Resource does not grant it",
                "该操作不支持资源级授权，按 `*` 鉴权：更窄的 Resource 不会授予它",
                "give the action a statement of its own with \"Resource\": \"*\"",
                "为该操作单独写一条 \"Resource\": \"*\" 的语句",
            ),
            Lint::BucketPrefix => both(
                "also covers other buckets whose names start the same",
                "也覆盖名称以此开头的其他存储空间",
                "list the bucket and its objects apart: `…:name` and `…:name/*`",
                "分别列出存储空间及其对象：`…:name` 和 `…:name/*`",
            ),
            Lint::MatchesNothing => both(
                "the statement matches no request",
                "该语句不匹配任何请求",
                "correct the conditions or patterns that contradict each other, or remove the statement",
                "更正互相矛盾的条件或模式，或删除该语句",
            ),
            Lint::Redundant => both(
                "other statements already grant all of this",
                "其他语句已授予其全部权限",
                "remove the statement; nothing is lost",
                "删除该语句，不会损失权限",
            ),
            Lint::Shadowed => both(
                "Deny statements take all of this away",
                "Deny 语句拿走了其全部权限",
                "remove the statement, or narrow the Deny if the right is meant",
                "删除该语句；若确需该权限则收窄 Deny",
            ),
            Lint::DenyWithoutEffect => both(
                "takes nothing away from this policy",
                "没有从本策略中拿走任何权限",
                "keep it if it is meant against other policies, else correct or remove it",
                "若意在约束其他策略则保留，否则更正或删除",
            ),
            Lint::AllowNotAction => both(
                "grants every action that is not listed, future ones included",
                "授予未列出的全部操作，包括未来新增的",
                "list the actions that are meant under `Action`",
                "在 `Action` 下列出所需的操作",
            ),
            Lint::Administrator => both(
                "grants all actions on all resources",
                "授予所有资源上的所有操作",
                "list the actions and resources that are needed",
                "列出所需的操作和资源",
            ),
            Lint::UndocumentedKey => both(
                "the documentation names no such condition key",
                "文档中没有这个条件键",
                "correct the key: a key that requests do not carry makes an Allow void and a negated Deny fire always",
                "更正条件键：请求中不存在的键会使 Allow 失效、使否定条件的 Deny 恒成立",
            ),
            Lint::KeyOfOtherService => both(
                "the key belongs to another service than the statement's actions, so requests do not carry it",
                "该条件键属于其他服务，语句中操作的请求不会携带它",
                "use a key of the service, or move the actions to statements of their own",
                "使用本服务的条件键，或将操作移到单独的语句",
            ),
            Lint::Variable => both(
                "RAM has no policy variables; the text is taken literally",
                "RAM 没有策略变量，该文本按字面处理",
                "write the value itself",
                "写出实际的值",
            ),
            Lint::MfaDenyMissesKeys => both(
                "calls signed with an AccessKey carry no `acs:MFAPresent`, so this Deny does not bind them",
                "AccessKey 签名的调用不携带 `acs:MFAPresent`，此 Deny 对其无效",
                "put \"Bool\": {\"acs:MFAPresent\": \"true\"} on the Allow instead",
                "改为在 Allow 上加 \"Bool\": {\"acs:MFAPresent\": \"true\"}",
            ),
            Lint::WildcardInEquality => both(
                "a wildcard under an equality: the page on operators reads it to the letter",
                "相等运算符的取值含通配符：运算符文档按字面解读",
                "use `StringLike` or `StringNotLike` when a pattern is meant",
                "若要表示模式，使用 `StringLike` 或 `StringNotLike`",
            ),
            Lint::PassRoleOpen => both(
                "any role may be handed to any service",
                "可将任意角色交给任意服务",
                "name the roles under `Resource` and the service with `acs:Service`",
                "在 `Resource` 中写明角色，并用 `acs:Service` 限定服务",
            ),
            Lint::TrustsEveryone => both(
                "everyone may assume the role",
                "任何人都可扮演该角色",
                "name the accounts, users or roles that are meant",
                "写明允许的账号、用户或角色",
            ),
            Lint::TrustsAccount => both(
                "every user and role of the account may assume the role, given an Allow of its own",
                "该账号的每个用户和角色只要自身有授权即可扮演该角色",
                "name the users or roles that are meant: `acs:ram::<uid>:role/<name>`",
                "写明允许的用户或角色：`acs:ram::<uid>:role/<name>`",
            ),
            Lint::TrustsPattern => both(
                "whoever's name fits the wildcard may assume the role, whoever comes later included",
                "名称符合通配符的任何身份（包括日后新建的）都可扮演该角色",
                "write each name in full",
                "写出每个完整名称",
            ),
            Lint::TrustsServiceOfOtherAccount => both(
                "the service acts for another account",
                "该服务代表另一个账号行事",
                "trust the service alone, or make sure that the account is yours",
                "只信任服务本身，或确认该账号归您所有",
            ),
            Lint::OperatorDoesNotFit => both(
                "the operator does not fit the type of this key",
                "运算符与该条件键的类型不符",
                "use an operator of the key's type: `IpAddress` for addresses, `Date…`, `Numeric…`, `Bool`",
                "使用与类型相符的运算符：地址用 `IpAddress`，以及 `Date…`、`Numeric…`、`Bool`",
            ),
        }
    }
}
