//! RAM in Terraform. Source: terraform-provider-alicloud, `website/docs/r/ram_*.html.markdown`,
//! `resource_manager_policy_attachment`, `ims_oidc_provider`.

use xiezhi_model::service::account::Account;
use xiezhi_model::service::ram::{
    AccessKey, Grant, Group, OidcProvider, PasswordPolicy, Policy, Role, SamlProvider, User,
};
use xiezhi_model::service::resourcedirectory::ResourceGroup;
use xiezhi_model::{Fact, Link, List, OWN_ACCOUNT, Reason, Resource, State, Text};

use crate::api::ram::{is_service_linked, policy_id, principal_kind};
use crate::fields::{Fields, documented};
use crate::policy::{document, statements};
use crate::sink::Sink;
use crate::terraform::Block;
use crate::tree::{Node, Tree};

/// The resource types of RAM.
pub const BLOCKS: &[Block] = &[
    Block { name: "alicloud_ram_user", kind: Some(User::SCHEMA), read: user },
    Block { name: "alicloud_ram_login_profile", kind: None, read: login_profile },
    Block { name: "alicloud_ram_access_key", kind: None, read: access_key },
    Block { name: "alicloud_ram_group", kind: Some(Group::SCHEMA), read: group },
    Block { name: "alicloud_ram_group_membership", kind: None, read: membership },
    Block { name: "alicloud_ram_user_group_attachment", kind: None, read: user_group },
    Block { name: "alicloud_ram_user_policy_attachment", kind: None, read: user_policy },
    Block { name: "alicloud_ram_group_policy_attachment", kind: None, read: group_policy },
    Block { name: "alicloud_ram_role_policy_attachment", kind: None, read: role_policy },
    Block { name: "alicloud_resource_manager_policy_attachment", kind: None, read: any_policy },
    Block { name: "alicloud_ram_role", kind: Some(Role::SCHEMA), read: role },
    Block { name: "alicloud_resource_manager_role", kind: Some(Role::SCHEMA), read: role },
    Block { name: "alicloud_ram_policy", kind: Some(Policy::SCHEMA), read: policy },
    Block { name: "alicloud_resource_manager_policy", kind: Some(Policy::SCHEMA), read: policy },
    Block { name: "alicloud_ram_account_password_policy", kind: Some(PasswordPolicy::SCHEMA), read: password_policy },
    Block { name: "alicloud_ram_password_policy", kind: Some(PasswordPolicy::SCHEMA), read: new_password_policy },
    Block { name: "alicloud_ram_saml_provider", kind: Some(SamlProvider::SCHEMA), read: saml_provider },
    Block { name: "alicloud_ims_oidc_provider", kind: Some(OidcProvider::SCHEMA), read: oidc_provider },
];

/// The first of two spellings that the block has: the current one, then the deprecated one.
fn either<'k>(f: &Fields<'_>, now: &'k str, before: &'k str) -> &'k str {
    if f.has(now) || !f.has(before) { now } else { before }
}

const USER: &str = "terraform-provider-alicloud r/ram_user";

fn user(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let name = f.text(either(f, "name", "user_name"));
    // Keys, groups, policies and the login profile are resources of their own: none of them declared is none.
    let none = documented(USER);
    sink.put(f, name.clone(), |user: &mut User| {
        user.head.name = name;
        user.console_login = none.known(false);
        user.access_keys = none.known(List::complete(vec![]));
        user.policies = none.known(List::complete(vec![]));
        user.groups = none.known(List::complete(vec![]));
    });
}

fn login_profile(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.on(&f.link("user_name"), |user: &mut User| {
        user.console_login = if f.has("status") { f.flag("status", &["Active"], &["Inactive"]) } else { f.known(true) };
        // The default was false and became true in May 2024 (notice mfa20240524): which of them holds depends on the
        // provider's version, so an omitted argument is unknown.
        user.mfa_required = f.bool("mfa_bind_required");
        user.login_profile_created = f.text("create_time");
    });
    // The preference of the account is a resource of its own; not declared, the service's default holds.
    let address = std::mem::take(&mut sink.around.address);
    sink.one(f, |account: &mut Account| {
        account.mfa_for_login = documented("RAM, SetSecurityPreference").known("independent".into());
    });
    sink.around.address = address;
}

fn access_key(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let key = AccessKey {
        id: f.text("id"),
        active: f.flag_or("status", &["Active"], &["Inactive"], true, "terraform-provider-alicloud r/ram_access_key"),
        created: f.text("create_time"),
        last_used: f.unknown(Reason::NotInEvidence),
    };
    sink.append(&f.link("user_name"), |user: &mut User| &mut user.access_keys, vec![key], None);
}

fn group(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let name = f.text(either(f, "group_name", "name"));
    let none = documented("terraform-provider-alicloud r/ram_group");
    sink.put(f, name.clone(), |group: &mut Group| {
        group.head.name = name;
        group.members = none.known(List::complete(vec![]));
        group.policies = none.known(List::complete(vec![]));
    });
}

fn membership(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let group = f.link::<Group>("group_name");
    let members = f.links::<User>("user_names");
    if let State::Known(list) = &members.state {
        for user in &list.items {
            join_group(&Fact::known(user.clone(), members.origin.clone()), &group, sink);
        }
    }
    let some_user_unknown = match &members.state {
        State::Known(list) => list.more.clone(),
        State::Absent => None,
        State::Unknown(reason) => Some(reason.clone()),
    };
    if let Some(reason) = some_user_unknown {
        join_group(&Fact::unknown(reason, members.origin.clone()), &group, sink);
    }
    sink.extend(&group, |group: &mut Group| &mut group.members, members);
}

/// One more group of a user; when the group is not resolved, there may be one more.
fn join_group(user: &Fact<Link<User>>, group: &Fact<Link<Group>>, sink: &mut Sink<'_>) {
    let (items, more) = match &group.state {
        State::Known(link) => (vec![link.clone()], None),
        State::Absent => return,
        State::Unknown(reason) => (vec![], Some(reason.clone())),
    };
    sink.append(user, |user: &mut User| &mut user.groups, items, more);
}

fn user_group(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let (user, group) = (f.link::<User>("user_name"), f.link::<Group>("group_name"));
    join_group(&user, &group, sink);
    let (items, more) = match &user.state {
        State::Known(link) => (vec![link.clone()], None),
        State::Absent => return,
        State::Unknown(reason) => (vec![], Some(reason.clone())),
    };
    sink.append(&group, |group: &mut Group| &mut group.members, items, more);
}

fn grant(f: &Fields<'_>, resource_group: Fact<Text>) -> Grant {
    let kind = f.text("policy_type").map(|kind| kind.to_ascii_lowercase());
    let link = f.link::<Policy>("policy_name");
    let policy = match (&link.state, kind.value()) {
        (State::Known(link), Some(kind)) if !link.target.contains('#') => {
            f.known(Link::id(policy_id(&link.target, kind)))
        }
        _ => link,
    };
    Grant { policy, name: f.text("policy_name"), kind, resource_group }
}

/// Notes that a policy which this evidence declares is attached; an attachment that is not resolved may be of any of them.
/// How often stays open, as others may attach it too: once stands for once or more.
pub(crate) fn attached(sink: &mut Sink<'_>, policy: &Fact<Link<Policy>>) {
    let state = policy.state.clone();
    sink.batch.later(move |batch| {
        batch.for_each::<Policy>(|policy| {
            // What a state counts needs no counting.
            if !policy.attachments.origin.is_default() {
                return;
            }
            match &state {
                State::Known(link) if policy.head.is(&link.target) => policy.attachments.state = State::Known(1),
                State::Unknown(reason) if policy.attachments.value() == Some(&0) => {
                    policy.attachments.state = State::Unknown(reason.clone());
                }
                _ => {}
            }
        });
    });
}

fn user_policy(f: &Fields<'_>, sink: &mut Sink<'_>) {
    attached(sink, &grant(f, f.absent()).policy);
    sink.append(&f.link("user_name"), |user: &mut User| &mut user.policies, vec![grant(f, f.absent())], None);
}

fn group_policy(f: &Fields<'_>, sink: &mut Sink<'_>) {
    attached(sink, &grant(f, f.absent()).policy);
    sink.append(&f.link("group_name"), |group: &mut Group| &mut group.policies, vec![grant(f, f.absent())], None);
}

fn role_policy(f: &Fields<'_>, sink: &mut Sink<'_>) {
    attached(sink, &grant(f, f.absent()).policy);
    sink.append(&f.link("role_name"), |role: &mut Role| &mut role.policies, vec![grant(f, f.absent())], None);
}

fn any_policy(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let scope = scope(f, "resource_group_id", sink);
    attached(sink, &grant(f, scope.clone()).policy);
    by_resource_management(f, sink, ["principal_type", "principal_name"], &|| vec![grant(f, scope.clone())]);
}

/// The scope of a grant by Resource Management: a resource group or, with the account's id, the whole account. A group
/// of the same set has no id yet and is known by its address.
pub(crate) fn scope(f: &Fields<'_>, path: &str, sink: &mut Sink<'_>) -> Fact<Text> {
    if let Some(Tree::Reference { address, .. }) = f.peek(path).map(|node| &node.value) {
        if address == OWN_ACCOUNT {
            return f.absent();
        }
        let mut groups = sink.batch.resources::<ResourceGroup>().into_iter();
        if groups.any(|group| group.head.address == address.as_ref()) {
            return f.known(address.as_ref().into());
        }
    }
    let scope = f.opt_text(path);
    if scope.value().is_some_and(|id| !id.starts_with("rg-")) { f.absent() } else { scope }
}

/// Grants by Resource Management, whose principal is of any kind and is named `alice@example.onaliyun.com`.
pub(crate) fn by_resource_management(
    f: &Fields<'_>,
    sink: &mut Sink<'_>,
    [kind, name]: [&str; 2],
    grants: &dyn Fn() -> Vec<Grant>,
) {
    let kind = principal_kind(f.text(kind));
    let may_be = |word: &str| kind.value().is_none_or(|kind| kind == word);
    if may_be("user") {
        sink.append(&principal(f, name), |user: &mut User| &mut user.policies, grants(), None);
    }
    if may_be("group") {
        sink.append(&principal(f, name), |group: &mut Group| &mut group.policies, grants(), None);
    }
    if may_be("role") {
        sink.append(&principal(f, name), |role: &mut Role| &mut role.policies, grants(), None);
    }
}

/// The principal of a grant: the name before the `@`, whatever domain the account has.
fn principal<R: Resource>(f: &Fields<'_>, path: &str) -> Fact<Link<R>> {
    let whole = f.open_text(path);
    match whole.value().and_then(|name| name.split_once('@')) {
        Some((name, _)) if !name.contains(OWN_ACCOUNT) => f.known(Link::id(name)),
        _ => f.link::<R>(path),
    }
}

fn role(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let name = f.text(either(f, "role_name", "name"));
    let trust = if f.has("assume_role_policy_document") {
        document(f, "assume_role_policy_document")
    } else if f.has("document") {
        document(f, "document")
    } else {
        trust_of(f)
    };
    sink.put(f, name.clone(), |role: &mut Role| {
        role.service_linked = name.clone().map(|name| is_service_linked(&name));
        role.head.name = name;
        role.arn = f.text("arn");
        role.trust_policy = trust;
        role.max_session_seconds = f.int_or("max_session_duration", 3600, "terraform-provider-alicloud r/ram_role");
        role.policies = documented("terraform-provider-alicloud r/ram_role").known(List::complete(vec![]));
    });
}

/// The trust policy that the older arguments `ram_users` and `services` stand for.
fn trust_of(f: &Fields<'_>) -> Fact<Text> {
    let (users, services) = (f.opt_texts("ram_users"), f.opt_texts("services"));
    for list in [&users, &services] {
        match &list.state {
            State::Unknown(reason) => return f.unknown(reason.clone()),
            State::Known(list) => {
                if let Some(reason) = &list.more {
                    return f.unknown(reason.clone());
                }
            }
            State::Absent => {}
        }
    }
    let (Some(users), Some(services)) = (users.value(), services.value()) else {
        return f.unknown(Reason::NotInEvidence);
    };
    if users.items.is_empty() && services.items.is_empty() {
        return f.unknown(Reason::NotInEvidence);
    }
    let mut principals = vec![];
    for (key, list) in [("RAM", users), ("Service", services)] {
        if !list.items.is_empty() {
            principals.push((key.into(), Node::new(texts(&list.items), 0)));
        }
    }
    let statement = map(vec![
        ("Action", text("sts:AssumeRole")),
        ("Effect", text("Allow")),
        ("Principal", Tree::Map(principals, None)),
    ]);
    written(f, vec![statement])
}

/// The `statement` blocks of the older `alicloud_ram_policy` and the roles' arguments, as the document they stand for.
fn written(f: &Fields<'_>, statements: Vec<Tree<'_>>) -> Fact<Text> {
    let statements = statements.into_iter().map(|statement| Node::new(statement, 0)).collect();
    let document = map(vec![("Statement", Tree::List(statements, None)), ("Version", text("1"))]);
    match crate::policy::json(&Node::new(document, 0)) {
        Ok(json) => f.known(json.into()),
        Err(reason) => f.unknown(reason),
    }
}

fn map<'t>(entries: Vec<(&'t str, Tree<'t>)>) -> Tree<'t> {
    Tree::Map(entries.into_iter().map(|(key, value)| (key.into(), Node::new(value, 0))).collect(), None)
}

fn text(text: &str) -> Tree<'_> {
    Tree::Text(text.into())
}

fn texts(items: &[Text]) -> Tree<'_> {
    Tree::List(items.iter().map(|item| Node::new(text(item), 0)).collect(), None)
}

fn policy(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let name = f.text(either(f, "policy_name", "name"));
    let text = if f.has("policy_document") {
        document(f, "policy_document")
    } else if f.has("document") {
        document(f, "document")
    } else {
        statement_blocks(f)
    };
    sink.put(f, name.clone(), |policy: &mut Policy| {
        policy.head.name = name;
        policy.kind = f.known("custom".into());
        policy.default_version = f.text("default_version");
        // Attachments are resources of their own: none of them declared is none.
        policy.attachments = if f.has("attachment_count") {
            f.int("attachment_count")
        } else {
            documented("terraform-provider-alicloud r/ram_policy").known(0)
        };
        policy.statements = statements(&text);
        policy.document = text;
    });
}

fn statement_blocks(f: &Fields<'_>) -> Fact<Text> {
    let Some(node) = f.peek("statement") else { return f.unknown(Reason::NotInEvidence) };
    if let Tree::List(_, Some(reason)) = &node.value {
        return f.unknown(reason.clone());
    }
    let blocks = f.each("statement");
    let mut statements = vec![];
    for block in &blocks {
        let mut entries = vec![];
        for (key, path) in [("Effect", "effect"), ("Action", "action"), ("Resource", "resource")] {
            if let Some(node) = block.peek(path) {
                entries.push((key.into(), node.clone()));
            }
        }
        statements.push(Tree::Map(entries, None));
    }
    written(f, statements)
}

fn password_policy(f: &Fields<'_>, sink: &mut Sink<'_>) {
    const PAGE: &str = "terraform-provider-alicloud r/ram_account_password_policy";
    sink.one(f, |policy: &mut PasswordPolicy| {
        policy.min_length = f.int_or("minimum_password_length", 12, PAGE);
        policy.lowercase_required = f.bool_or("require_lowercase_characters", true, PAGE);
        policy.uppercase_required = f.bool_or("require_uppercase_characters", true, PAGE);
        policy.number_required = f.bool_or("require_numbers", true, PAGE);
        policy.symbol_required = f.bool_or("require_symbols", true, PAGE);
        policy.max_age_days = f.int_or("max_password_age", 0, PAGE);
        policy.remembered = f.int_or("password_reuse_prevention", 0, PAGE);
        policy.max_login_attempts = f.int_or("max_login_attempts", 5, PAGE);
        policy.hard_expire = f.bool_or("hard_expiry", false, PAGE);
    });
}

/// The newer resource type: its arguments are computed, so an omitted one is not known before it is applied.
fn new_password_policy(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.one(f, |policy: &mut PasswordPolicy| {
        policy.min_length = f.int("minimum_password_length");
        policy.lowercase_required = f.bool("require_lowercase_characters");
        policy.uppercase_required = f.bool("require_uppercase_characters");
        policy.number_required = f.bool("require_numbers");
        policy.symbol_required = f.bool("require_symbols");
        policy.max_age_days = f.int("max_password_age");
        policy.remembered = f.int("password_reuse_prevention");
        policy.max_login_attempts = f.int(either(f, "max_login_attemps", "max_login_attempts"));
        policy.hard_expire = f.bool("hard_expire");
    });
}

fn saml_provider(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("saml_provider_name"), |provider: &mut SamlProvider| {
        provider.head.name = f.text("saml_provider_name");
        provider.arn = f.text("arn");
        provider.updated = f.text("update_date");
    });
}

fn oidc_provider(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("oidc_provider_name"), |provider: &mut OidcProvider| {
        provider.head.name = f.text("oidc_provider_name");
        provider.arn = f.text("arn");
        provider.issuer = f.text("issuer_url");
        provider.client_ids = f.texts("client_ids");
    });
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
#[path = "ram_tests.rs"]
mod tests;
