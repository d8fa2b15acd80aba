//! What is odd about a policy although it can be read: names that do not exist, statements without effect, shapes that grant more than
//! they seem to.

use crate::ask::{self, Options, Truth};
use crate::catalogue;
use crate::glob::Glob;
use crate::json::Position;
use crate::keys;
use crate::policy::{Condition, Effect, Policy, PolicyKind, PrincipalElement, PrincipalFamily, Statement, Test};
use crate::request::ram_principal;
use crate::words::Words;
use serde::Serialize;
use std::fmt;

/// One remark.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Remark {
    /// What.
    pub lint: Lint,
    /// Which statement, from 0.
    pub statement: usize,
    /// Where.
    pub at: Position,
    /// The user's word that it is about; may be empty.
    pub word: String,
    /// A better word, where there is one.
    pub suggestion: Option<String>,
}

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
    /// The action is checked against `*` only, so that a narrower Resource does not grant it (R-1.21).
    ResourceNotChecked,
    /// `bucket*` also covers every other bucket whose name starts so (R-1.17).
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
    /// A key that the documentation does not name; a condition on an unknown key is a silent no-op (R-3.1).
    UndocumentedKey,
    /// A key of one service on actions of another, whose requests do not carry it (R-3.1).
    KeyOfOtherService,
    /// `${…}` is literal text: RAM has no policy variables (R-1.46).
    Variable,
    /// A Deny that only holds when `acs:MFAPresent` is there and false; AccessKey calls do not carry it (H02).
    MfaDenyMissesKeys,
    /// `ram:PassRole` on every role to every service (H05).
    PassRoleOpen,
    /// The trust policy admits everyone (C06).
    TrustsEveryone,
    /// The trust policy admits every user and role of an account (R-1.24).
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

impl fmt::Display for Remark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.at, self.lint.meaning().en)?;
        if !self.word.is_empty() {
            write!(f, ": `{}`", self.word)?;
        }
        match &self.suggestion {
            Some(better) => write!(f, "; did you mean `{better}`"),
            None => Ok(()),
        }
    }
}

/// Everything odd about a policy, in the order of its statements.
///
/// ```
/// use xiezhi_policy::{Policy, PolicyKind, lint::{self, Lint}};
/// let policy = Policy::parse("p", PolicyKind::Identity,
///     r#"{"Version":"1","Statement":[{"Effect":"Allow","Action":"ecs:RunInstance","Resource":"*"}]}"#);
/// let remarks = lint::policy(&policy, &Default::default());
/// assert_eq!(remarks[0].lint, Lint::UnknownAction);
/// assert_eq!(remarks[0].suggestion.as_deref(), Some("ecs:RunInstances"));
/// ```
#[must_use]
pub fn policy(policy: &Policy, options: &Options) -> Vec<Remark> {
    let mut out = Vec::new();
    for (index, statement) in policy.statements.iter().enumerate() {
        let mut say = |lint, at, word: &str, suggestion: Option<String>| {
            out.push(Remark { lint, statement: index, at, word: word.to_owned(), suggestion });
        };
        actions(statement, &mut say);
        resources(policy.kind, statement, &mut say);
        if policy.kind.has_resource() {
            unchecked(statement, &mut say);
        }
        conditions(statement, &mut say);
        if policy.kind == PolicyKind::Trust {
            trust(statement, &mut say);
        }
        shapes(policy.kind, statement, &mut say);
        if statement.doubts.is_empty() {
            effect(policy, index, options, &mut say);
        }
    }
    out
}

type Say<'s> = &'s mut dyn FnMut(Lint, Position, &str, Option<String>);

fn actions(statement: &Statement, say: Say<'_>) {
    for pattern in &statement.action.patterns {
        let text = pattern.glob.text();
        if !pattern.glob.is_exact() {
            if catalogue::matching(&pattern.glob).next().is_none() {
                say(Lint::UnknownAction, pattern.at, text, None);
            }
            continue;
        }
        match catalogue::find(text) {
            None => say(Lint::UnknownAction, pattern.at, text, catalogue::nearest(text).map(str::to_owned)),
            Some(action) if action.name != text => {
                say(Lint::ActionCase, pattern.at, text, Some(action.name.to_owned()))
            }
            Some(_) => {}
        }
    }
}

fn resources(kind: PolicyKind, statement: &Statement, say: Say<'_>) {
    for pattern in &statement.resource.patterns {
        let text = pattern.whole.text();
        if text.contains("${") {
            say(Lint::Variable, pattern.at, text, None);
        }
        if pattern.whole.is_any() {
            continue;
        }
        if kind == PolicyKind::Key {
            // R-1.22: the policy of a key speaks of this key, which is written `*`.
            say(Lint::ResourceMatchesNothing, pattern.at, text, Some("*".to_owned()));
            continue;
        }
        let Some([code, _, _, relative]) = &pattern.segments else {
            // Short patterns are one glob over the whole string (R-1.18); without `acs:` in reach they match no ARN.
            let reaches = Glob::new("acs:*")
                .text()
                .starts_with(&text.chars().take_while(|c| !matches!(c, '*' | '?')).take(4).collect::<String>());
            if !reaches {
                say(Lint::ResourceMatchesNothing, pattern.at, text, None);
            }
            continue;
        };
        let fits = statement.action.negated
            || statement.action.patterns.iter().any(|p| {
                let action_code = p.glob.folded().split(':').next().unwrap_or("*").to_owned();
                let same = code.folded() == action_code
                    || action_code.contains(['*', '?'])
                    || code.text().contains(['*', '?']);
                // sts:AssumeRole and ram:PassRole work on RAM roles; twins share resources.
                same || (action_code == "sts" && code.folded() == "ram")
                    || matches!(
                        (action_code.as_str(), code.folded()),
                        ("ims", "ram") | ("resourcemanager", "ram") | ("ecs-workbench", "ecs")
                    )
                    || !catalogue::knows_code(&action_code)
            });
        if !fits && kind != PolicyKind::Trust {
            say(Lint::ResourceMatchesNothing, pattern.at, text, None);
        }
        let bare_prefix =
            relative.text().strip_suffix('*').is_some_and(|head| !head.is_empty() && !head.contains(['/', '*', '?']));
        if code.text() == "oss" && bare_prefix && statement.effect == Some(Effect::Allow) {
            say(Lint::BucketPrefix, pattern.at, text, None);
        }
    }
}

/// Actions that are checked against `*` only and stand in an Allow of narrower resources (R-1.21).
fn unchecked(statement: &Statement, say: Say<'_>) {
    let narrow = !statement.resource.negated && !statement.resource.patterns.iter().any(|p| p.whole.is_any());
    if statement.effect != Some(Effect::Allow) || statement.action.negated || !narrow {
        return;
    }
    for pattern in statement.action.patterns.iter().filter(|p| p.glob.is_exact()) {
        if catalogue::find(pattern.glob.text()).is_some_and(|action| action.without_resource) {
            say(Lint::ResourceNotChecked, pattern.at, pattern.glob.text(), None);
        }
    }
}

/// Services that have condition keys of their own (section 3); `sts:`, `saml:` and `oidc:` keys belong to trust policies.
const KEY_OWNERS: &[&str] = &["dms", "ecs", "kms", "log", "odps", "oss", "ots", "ram", "rds", "vpc"];

/// Whether a key belongs to a service none of whose actions the statement names.
fn foreign_key(statement: &Statement, folded: &str) -> bool {
    let Some((owner, _)) = folded.split_once(':').filter(|(code, _)| KEY_OWNERS.contains(code)) else { return false };
    !statement.action.negated
        && !statement.action.patterns.iter().any(|pattern| match pattern.glob.folded().split_once(':') {
            // `ims:` and `resourcemanager:` calls are twins of `ram:` calls.
            Some(("ims" | "resourcemanager", _)) if owner == "ram" => true,
            Some((code, _)) => Glob::new(code).matches(owner),
            None => true,
        })
}

fn conditions(statement: &Statement, say: Say<'_>) {
    for condition in &statement.conditions {
        if foreign_key(statement, &condition.folded) {
            say(Lint::KeyOfOtherService, condition.at, &condition.key, None);
        }
        if !keys::is_documented(&condition.folded) {
            say(Lint::UndocumentedKey, condition.at, &condition.key, None);
        }
        if let Some((_, kind)) = keys::known(&condition.folded)
            && !fits(condition, kind)
        {
            say(Lint::OperatorDoesNotFit, condition.at, &format!("{} {}", condition.operator, condition.key), None);
        }
        let variable = match &condition.test {
            Test::Equals(list) | Test::EqualsFolded(list) => list.iter().find(|v| v.contains("${")).cloned(),
            Test::Like(list) => list.iter().find(|g| g.text().contains("${")).map(|g| g.text().to_owned()),
            _ => None,
        };
        if let Some(text) = variable {
            say(Lint::Variable, condition.at, &text, None);
        }
        let false_mfa = condition.folded == "acs:mfapresent"
            && !condition.negated
            && matches!(&condition.test, Test::Bool(list) if list.contains(&false));
        if statement.effect == Some(Effect::Deny) && false_mfa {
            say(Lint::MfaDenyMissesKeys, condition.at, &condition.key, None);
        }
    }
}

fn fits(condition: &Condition, kind: keys::KeyType) -> bool {
    use keys::KeyType as K;
    match &condition.test {
        Test::Equals(_) | Test::EqualsFolded(_) | Test::Like(_) => matches!(kind, K::Text | K::TextSet | K::Bool),
        Test::Number(..) => kind == K::Number,
        Test::Date(..) => kind == K::Date,
        Test::Bool(_) => kind == K::Bool,
        Test::Ip(_) => kind == K::Ip,
        Test::Unreadable => true,
    }
}

fn trust(statement: &Statement, say: Say<'_>) {
    if statement.effect != Some(Effect::Allow) {
        return;
    }
    match &statement.principal {
        Some(PrincipalElement::Anyone) => say(Lint::TrustsEveryone, statement.at, "*", None),
        Some(PrincipalElement::Listed(entries)) => {
            for entry in entries {
                let wildcard = entry.text.contains(['*', '?']);
                match entry.family {
                    PrincipalFamily::Service if entry.text.contains('@') => {
                        say(Lint::TrustsServiceOfOtherAccount, entry.at, &entry.text, None)
                    }
                    PrincipalFamily::Ram => match ram_principal(&entry.text) {
                        Some((account, _)) if account.contains(['*', '?']) => {
                            say(Lint::TrustsEveryone, entry.at, &entry.text, None)
                        }
                        Some((_, "root" | "*" | "user/*" | "role/*")) => {
                            say(Lint::TrustsAccount, entry.at, &entry.text, None)
                        }
                        _ if wildcard => say(Lint::TrustsPattern, entry.at, &entry.text, None),
                        _ => {}
                    },
                    _ if wildcard => say(Lint::TrustsPattern, entry.at, &entry.text, None),
                    _ => {}
                }
            }
        }
        None => {}
    }
}

fn shapes(kind: PolicyKind, statement: &Statement, say: Say<'_>) {
    if statement.effect != Some(Effect::Allow) || kind == PolicyKind::Control {
        return;
    }
    if statement.action.negated {
        say(Lint::AllowNotAction, statement.at, "", None);
    }
    let any_resource = !statement.resource.negated && statement.resource.patterns.iter().any(|p| p.whole.is_any());
    let open = any_resource && statement.conditions.is_empty() && !statement.action.negated && !kind.has_principal();
    if open && statement.action.patterns.iter().any(|p| p.glob.is_any()) {
        say(Lint::Administrator, statement.at, "", None);
    } else if open && statement.action.patterns.iter().any(|p| p.glob.matches_folded("ram:passrole")) {
        say(Lint::PassRoleOpen, statement.at, "ram:PassRole", None);
    }
}

/// Redundant, shadowed and empty statements, proven by the engine.
fn effect(policy: &Policy, index: usize, options: &Options, say: Say<'_>) {
    let Some(statement) = policy.statements.get(index) else { return };
    let only = |keep: &dyn Fn(usize, &Statement) -> bool| {
        let mut copy = policy.clone();
        let mut number = 0_usize;
        copy.statements.retain(|s| {
            let kept = keep(number, s);
            number = number.saturating_add(1);
            kept
        });
        copy
    };
    let nothing = only(&|_, _| false);
    let mut alone = only(&|i, _| i == index);
    let was_deny = statement.effect == Some(Effect::Deny);
    for s in &mut alone.statements {
        s.effect = Some(Effect::Allow);
    }
    if ask::adds(&[&alone], &[&nothing], options).truth == Truth::No {
        say(Lint::MatchesNothing, statement.at, "", None);
        return;
    }
    let rest = only(&|i, _| i != index);
    if was_deny {
        // Without the Deny nothing more is granted. A Deny of any other kind of policy is there to limit what others grant.
        if policy.kind == PolicyKind::Identity && ask::adds(&[&rest], &[policy], options).truth == Truth::No {
            say(Lint::DenyWithoutEffect, statement.at, "", None);
        }
        return;
    }
    let with_denies = only(&|i, s| i == index || s.effect != Some(Effect::Allow));
    if ask::adds(&[&with_denies], &[&nothing], options).truth == Truth::No {
        say(Lint::Shadowed, statement.at, "", None);
    } else if ask::adds(&[policy], &[&rest], options).truth == Truth::No {
        say(Lint::Redundant, statement.at, "", None);
    }
}
