//! The evidence that a question is asked of, and the names in it.

use xiezhi_model::service::ecs::Instance;
use xiezhi_model::{Batch, Inventory, Label, OWN_ACCOUNT, Text};
use xiezhi_policy::escalate::Start;
use xiezhi_policy::estate::{HostKind, Index, Principal};
use xiezhi_policy::request::ram_principal;

use super::{AskError, Assumption};
use crate::analyse::Analysis;
use crate::analyse::network::Reachability;
use crate::analyse::ram::estate::{self, Built};

/// Evidence, joined, with the accounts in it.
#[derive(Debug)]
pub struct Ground {
    pub(super) inventory: Inventory,
    pub(super) accounts: Vec<(Option<Text>, Built)>,
}

impl Ground {
    /// Joins evidence.
    #[must_use]
    pub fn new(batches: Vec<Batch>) -> Self {
        Self::of(batches, None)
    }

    /// Joins evidence; what names no account is of the one that is stated.
    #[must_use]
    pub fn of(batches: Vec<Batch>, account: Option<&str>) -> Self {
        let mut inventory = Inventory::join(batches);
        crate::add_accounts(&mut inventory);
        if let (Some(account), [None]) = (account, estate::accounts(&inventory).as_slice()) {
            inventory.name_owner(account);
        }
        // What the internet reaches is where attacks from outside start.
        Reachability.run(&mut inventory);
        let accounts = estate::accounts(&inventory)
            .into_iter()
            .map(|account| {
                let built = estate::build(&inventory, account.as_ref());
                (account, built)
            })
            .collect();
        Ground { inventory, accounts }
    }

    /// Whether the evidence names no account at all.
    pub(super) fn is_nobody_s(&self) -> bool {
        matches!(self.accounts.as_slice(), [(None, _)])
    }

    /// What could not be read.
    #[must_use]
    pub fn problems(&self) -> &[xiezhi_model::Problem] {
        &self.inventory.problems
    }

    /// The one account that is asked about: the named one, else the only one.
    pub(super) fn account(&self, wanted: Option<&str>) -> Result<&Built, AskError> {
        let with_identities = || {
            self.accounts
                .iter()
                .filter(|(_, built)| !built.estate.users.items.is_empty() || !built.estate.roles.items.is_empty())
        };
        let names = || self.accounts.iter().filter_map(|(name, _)| name.as_deref()).collect::<Vec<_>>().join("`, `");
        if let Some(wanted) = wanted {
            let found = self.accounts.iter().find(|(name, _)| name.as_deref() == Some(wanted));
            return match (found, self.accounts.as_slice()) {
                // Evidence that names no account is of the one that the question names.
                (Some((_, built)), _) | (None, [(None, built)]) => Ok(built),
                _ => Err(AskError::new(
                    format!("the evidence has no account `{wanted}`; it has `{}`", names()),
                    format!("证据中没有账号 `{wanted}`；有 `{}`", names()),
                )),
            };
        }
        match (self.accounts.as_slice(), with_identities().count()) {
            ([(_, built)], _) => Ok(built),
            (_, 1) => with_identities().next().map(|(_, built)| built).ok_or_else(no_account),
            ([], _) => Err(no_account()),
            _ => Err(AskError::new(
                format!("the evidence has several accounts; choose one with --account: `{}`", names()),
                format!("证据中有多个账号；请用 --account 选择其一：`{}`", names()),
            )),
        }
    }

    /// Says of every policy without text why it has none, where the evidence says so; and of the others where they stand.
    pub(super) fn explained(&self, built: &Built, mut answer: super::Answer) -> super::Answer {
        let parts = answer.entries.iter_mut().flat_map(|entry| &mut entry.gaps);
        for gap in parts.chain(&mut answer.gaps) {
            let reason = gap.what.strip_prefix("policy ").and_then(|name| built.textless.get(name));
            if let Some(reason) = reason {
                gap.why.clone_from(reason);
            }
        }
        answer.grounded(&self.inventory)
    }

    /// What every answer about this account takes for granted.
    pub(super) fn assumptions(built: &Built) -> Vec<Assumption> {
        if built.uncontrolled { vec![Assumption::NoControlPolicy] } else { Vec::new() }
    }
}

fn no_account() -> AskError {
    AskError::new("the evidence names no account", "证据未注明账号")
}

/// A principal by the name that the user gives: `user/ann`, `role/deploy`, an ARN, or the bare name where only one fits.
pub(super) fn principal(built: &Built, index: &Index<'_>, text: &str) -> Result<Principal, AskError> {
    let (account, relative) = match ram_principal(text) {
        Some((account, relative)) => (Some(account), relative),
        None => (None, text),
    };
    let own = built.estate.account.as_str();
    let whose = !own.is_empty() && own != OWN_ACCOUNT;
    if let Some(account) = account.filter(|account| whose && *account != own) {
        return Err(AskError::new(
            format!("`{text}` is of account `{account}`, the evidence of `{own}`"),
            format!("`{text}` 属于账号 `{account}`，证据属于 `{own}`"),
        ));
    }
    let as_user = |name: &str| index.user(name).map(Principal::User);
    let as_role = |name: &str| index.role(name).map(Principal::Role);
    let found = match relative.split_once('/') {
        Some(("user", name)) => as_user(name),
        Some(("role", name)) => as_role(name),
        _ => match (as_user(relative), as_role(relative)) {
            (Some(_), Some(_)) => {
                return Err(AskError::new(
                    format!("a user and a role are named `{relative}`: write `user/{relative}` or `role/{relative}`"),
                    format!("用户和角色同名 `{relative}`：请写成 `user/{relative}` 或 `role/{relative}`"),
                ));
            }
            (user, role) => user.or(role),
        },
    };
    found.ok_or_else(|| nobody(built, text))
}

fn nobody(built: &Built, text: &str) -> AskError {
    let (users, roles) = (&built.estate.users, &built.estate.roles);
    let seen = users.items.len().saturating_add(roles.items.len());
    let [whole, whole_zh] = if users.gaps.is_empty() && roles.gaps.is_empty() {
        ["and it lists all of them", "且已全部列出"]
    } else {
        ["but it does not list all of them", "但并未全部列出"]
    };
    let known = users.items.iter().map(|user| format!("user/{}", user.name));
    let known: Vec<String> =
        known.chain(roles.items.iter().map(|role| format!("role/{}", role.name))).take(8).collect();
    let known = if known.is_empty() { String::new() } else { format!(" (`{}` …)", known.join("`, `")) };
    AskError::new(
        format!(
            "the evidence has no user and no role `{text}`, {whole}: it has {seen}{known}; write `user/<name>` or \
             `role/<name>`"
        ),
        format!(
            "证据中没有名为 `{text}` 的用户或角色，{whole_zh}：共 {seen} 个{known}；请写成 `user/<名称>` 或 `role/<名称>`"
        ),
    )
}

/// How a principal is written in answers.
pub(super) fn name_of(built: &Built, principal: Principal) -> String {
    match principal {
        Principal::User(i) => format!("user/{}", built.estate.users.items.get(i).map_or("", |user| user.name.as_str())),
        Principal::Role(i) => format!("role/{}", built.estate.roles.items.get(i).map_or("", |role| role.name.as_str())),
    }
}

/// The weakest evidence about a principal.
pub(super) fn label_of(built: &Built, principal: Principal) -> Label {
    let premises = match principal {
        Principal::User(i) => built.user_premises.get(i),
        Principal::Role(i) => built.role_premises.get(i),
    };
    premises.map_or(Label::UserProvided, |premises| premises.label)
}

/// A foothold by the name that the user gives: a principal, `key/<user>` for the AccessKey of a user, the end of an
/// AccessKey id (four characters or more), an instance's id, or `outside`.
pub(super) fn start(
    ground: &Ground,
    built: &Built,
    index: &Index<'_>,
    text: &str,
) -> Result<(Start, String, Label), AskError> {
    if text == "outside" {
        return Ok((Start::Outside, text.to_owned(), Label::UserProvided));
    }
    if let Some(found) = host(ground, built, text)? {
        return Ok(found);
    }
    if let Some(key) = text.strip_prefix("key/") {
        let at = key_holder(built, index, key)?;
        let user = built.estate.users.items.get(at);
        let name = user.map_or("", |user| user.name.as_str());
        if user.is_some_and(|user| user.access_keys.items.is_empty() && user.access_keys.is_complete()) {
            return Err(AskError::new(
                format!("the user `{name}` has no active AccessKey"),
                format!("用户 `{name}` 没有启用的 AccessKey"),
            ));
        }
        return Ok((Start::AccessKey(at), format!("key/{name}"), label_of(built, Principal::User(at))));
    }
    let found = principal(built, index, text)?;
    let start = match found {
        Principal::User(at) => Start::User(at),
        Principal::Role(at) => Start::Role(at),
    };
    Ok((start, name_of(built, found), label_of(built, found)))
}

/// A host by `instance/<id>`, `function/<name>`, `container-group/<id>`, or the bare id where only one fits; nothing when the
/// text is no host's.
fn host(ground: &Ground, built: &Built, text: &str) -> Result<Option<(Start, String, Label)>, AskError> {
    let kinds = [HostKind::Instance, HostKind::Function, HostKind::ContainerGroup];
    let asked = kinds.iter().find_map(|kind| Some((*kind, text.strip_prefix(host_word(*kind))?.strip_prefix('/')?)));
    let hosts = built.estate.hosts.items.iter().enumerate();
    let fits = |kind: HostKind, id: &str| match asked {
        Some((wanted, name)) => kind == wanted && id == name,
        None => id == text,
    };
    let found: Vec<_> = hosts.filter(|(_, host)| fits(host.kind, &host.id)).collect();
    match found.as_slice() {
        [(at, host)] => {
            let label = built.host_premises.get(*at).map_or(Label::UserProvided, |premises| premises.label);
            Ok(Some((Start::Host(*at), format!("{}/{}", host_word(host.kind), host.id), label)))
        }
        [] if text.starts_with("i-") || asked.is_some_and(|(kind, _)| kind == HostKind::Instance) => {
            let name = asked.map_or(text, |(_, name)| name);
            let seen = ground.inventory.all::<Instance>().len();
            Err(AskError::new(
                format!("the evidence has no instance `{name}`: it has {seen}"),
                format!("证据中没有实例 `{name}`：共有 {seen} 个实例"),
            ))
        }
        [] => match asked {
            Some((kind, name)) => {
                let seen = built.estate.hosts.items.iter().filter(|host| host.kind == kind).count();
                let [en, zh] = match kind {
                    HostKind::Instance => ["instance", "实例"],
                    HostKind::Function => ["function", "函数"],
                    HostKind::ContainerGroup => ["container group", "容器组"],
                };
                Err(AskError::new(
                    format!("the evidence has no {en} `{name}`: it has {seen}"),
                    format!("证据中没有{zh} `{name}`：共有 {seen} 个"),
                ))
            }
            None => Ok(None),
        },
        _ => {
            let hosts = found.iter().map(|(_, host)| format!("`{}/{}`", host_word(host.kind), host.id));
            let hosts: Vec<String> = hosts.collect();
            Err(AskError::new(
                format!("several hosts are named `{text}`: write {}", hosts.join(" or ")),
                format!("有多个主机名为 `{text}`：请写成 {}", hosts.join(" 或 ")),
            ))
        }
    }
}

/// How a kind of host is written in questions and answers.
pub(super) fn host_word(kind: HostKind) -> &'static str {
    match kind {
        HostKind::Instance => "instance",
        HostKind::Function => "function",
        HostKind::ContainerGroup => "container-group",
    }
}

/// The user who holds an AccessKey: by name, or by the end of the key's id, of which evidence may hold no more than that.
fn key_holder(built: &Built, index: &Index<'_>, key: &str) -> Result<usize, AskError> {
    if let Some(at) = index.user(key) {
        return Ok(at);
    }
    let end = key.trim_start_matches(['*', '…', '.']);
    let ends = |id: &String| id.ends_with(end);
    let users = built.estate.users.items.iter().enumerate();
    let holders: Vec<usize> =
        users.filter(|(_, user)| end.len() >= 4 && user.access_keys.items.iter().any(ends)).map(|(at, _)| at).collect();
    match holders.as_slice() {
        [at] => Ok(*at),
        [] => Err(AskError::new(
            format!(
                "the evidence has no active AccessKey `{key}`: write `key/<user>`, or `key/` and the last four characters \
                 or more of its id"
            ),
            format!("证据中没有启用的 AccessKey `{key}`：请写成 `key/<用户>`，或 `key/` 加其 ID 末尾至少四个字符"),
        )),
        _ => Err(AskError::new(
            format!("several users have an AccessKey that ends in `{end}`: write `key/<user>`"),
            format!("有多个用户的 AccessKey 以 `{end}` 结尾：请写成 `key/<用户>`"),
        )),
    }
}
