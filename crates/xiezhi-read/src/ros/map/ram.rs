//! RAM in ROS templates. Source: ROS documentation, `ALIYUN::RAM::*`.

use xiezhi_model::service::account::Account;
use xiezhi_model::service::ram::{AccessKey, Grant, Group, Policy, Role, SamlProvider, User};
use xiezhi_model::{Fact, Link, List, Reason, Resource, State, Text};

use crate::api::account::{mfa_word, networks};
use crate::api::ram::{is_service_linked, policy_id};
use crate::fields::{Fields, documented};
use crate::policy::{document, statements};
use crate::sink::Sink;
use crate::terraform::Block;
use crate::terraform::map::ram::attached;
use crate::words::{members, targets};

/// The resource types of RAM.
pub const BLOCKS: &[Block] = &[
    Block { name: "ALIYUN::RAM::User", kind: Some(User::SCHEMA), read: user },
    Block { name: "ALIYUN::RAM::LoginProfile", kind: None, read: login_profile },
    Block { name: "ALIYUN::RAM::AccessKey", kind: None, read: access_key },
    Block { name: "ALIYUN::RAM::Group", kind: Some(Group::SCHEMA), read: group },
    Block { name: "ALIYUN::RAM::UserToGroupAddition", kind: None, read: addition },
    Block { name: "ALIYUN::RAM::AttachPolicyToUser", kind: None, read: to_user },
    Block { name: "ALIYUN::RAM::AttachPolicyToGroup", kind: None, read: to_group },
    Block { name: "ALIYUN::RAM::AttachPolicyToRole", kind: None, read: to_role },
    Block { name: "ALIYUN::RAM::Role", kind: Some(Role::SCHEMA), read: role },
    Block { name: "ALIYUN::RAM::ManagedPolicy", kind: Some(Policy::SCHEMA), read: policy },
    Block { name: "ALIYUN::RAM::SAMLProvider", kind: Some(SamlProvider::SCHEMA), read: saml_provider },
    Block { name: "ALIYUN::RAM::SecurityPreference", kind: Some(Account::SCHEMA), read: preference },
];

const USER: &str = "ROS ALIYUN::RAM::User";

/// The grants that a user, group or role declares itself: system and custom policies by name, and policies written inside.
/// `None` when it declares none.
fn grants(f: &Fields<'_>) -> Option<Fact<List<Grant>>> {
    let parts = [("PolicyAttachments.System", "system"), ("PolicyAttachments.Custom", "custom")];
    if !f.has("PolicyAttachments") && !f.has("Policies") {
        return None;
    }
    let mut all = List::complete(vec![]);
    for (path, kind) in parts {
        match f.opt_texts(path).state {
            State::Known(names) => {
                all.items.extend(names.items.into_iter().map(|name| Grant {
                    policy: f.known(Link::id(policy_id(&name, kind))),
                    name: f.known(name),
                    kind: f.known(kind.into()),
                    resource_group: f.absent(),
                }));
                all.more = names.more.or(all.more);
            }
            State::Absent => {}
            State::Unknown(reason) => all.more = Some(reason),
        }
    }
    let inner = f.opt_records("Policies", |inner| Grant {
        policy: inner.text("PolicyName").map(Link::id),
        name: inner.text("PolicyName"),
        kind: inner.known("custom".into()),
        resource_group: inner.absent(),
    });
    match inner.state {
        State::Known(list) => {
            all.items.extend(list.items);
            all.more = list.more.or(all.more);
        }
        State::Absent => {}
        State::Unknown(reason) => all.more = Some(reason),
    }
    Some(f.known(all))
}

/// The document of a policy. Source: ROS documentation, ALIYUN::RAM::ManagedPolicy: `PolicyDocument` is ignored where
/// `PolicyDocumentUnchecked` is given.
fn text_of(f: &Fields<'_>) -> Fact<Text> {
    document(f, if f.has("PolicyDocumentUnchecked") { "PolicyDocumentUnchecked" } else { "PolicyDocument" })
}

/// The policies that a user or role writes inside itself, as policies of their own; those that it only names are
/// attached once more.
fn inner_policies(f: &Fields<'_>, sink: &mut Sink<'_>) {
    for policy in targets(f.links::<Policy>("PolicyAttachments.Custom")) {
        attached(sink, &policy);
    }
    let address = std::mem::take(&mut sink.around.address);
    for inner in f.each("Policies") {
        let text = text_of(&inner);
        sink.put(&inner, inner.text("PolicyName"), |policy: &mut Policy| {
            policy.head.name = inner.text("PolicyName");
            policy.kind = inner.known("custom".into());
            policy.attachments = inner.known(1);
            policy.statements = statements(&text);
            policy.document = text;
        });
    }
    sink.around.address = address;
}

fn user(f: &Fields<'_>, sink: &mut Sink<'_>) {
    inner_policies(f, sink);
    let none = documented(USER);
    let groups = f.links::<Group>("Groups");
    sink.put(f, f.text("UserName"), |user: &mut User| {
        user.head.name = f.text("UserName");
        user.console_login = if f.has("LoginProfile") { f.known(true) } else { none.known(false) };
        if f.has("LoginProfile") {
            user.mfa_required = f.bool_or("LoginProfile.MFABindRequired", false, USER);
        }
        user.access_keys = none.known(List::complete(vec![]));
        user.policies = grants(f).unwrap_or_else(|| none.known(List::complete(vec![])));
        user.groups = if f.has("Groups") { groups.clone() } else { none.known(List::complete(vec![])) };
    });
    let me = if sink.around.address.is_empty() {
        f.text("UserName").map(Link::id)
    } else {
        f.known(Link::address(&sink.around.set, &sink.around.address))
    };
    if let (State::Known(groups), State::Known(me)) = (&groups.state, me.state) {
        for group in &groups.items {
            let target = f.known(group.clone());
            sink.append(&target, |group: &mut Group| &mut group.members, vec![me.clone()], None);
        }
    }
    preference_default(f, sink);
}

/// The preference of the account is a resource of its own; not declared, the service's default holds.
fn preference_default(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let address = std::mem::take(&mut sink.around.address);
    sink.one(f, |account: &mut Account| {
        account.mfa_for_login = documented("RAM, SetSecurityPreference").known("independent".into());
    });
    sink.around.address = address;
}

fn login_profile(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.on(&f.link("UserName"), |user: &mut User| {
        user.console_login = f.known(true);
        user.mfa_required = f.bool_or("MFABindRequired", false, "ROS ALIYUN::RAM::LoginProfile");
    });
    preference_default(f, sink);
}

fn access_key(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let key = AccessKey {
        id: f.unknown(Reason::NotInEvidence),
        active: f.flag_or("Status", &["Active"], &["Inactive"], true, "ROS ALIYUN::RAM::AccessKey"),
        created: f.unknown(Reason::NotInEvidence),
        last_used: f.unknown(Reason::NotInEvidence),
    };
    sink.append(&f.link("UserName"), |user: &mut User| &mut user.access_keys, vec![key], None);
}

fn group(f: &Fields<'_>, sink: &mut Sink<'_>) {
    inner_policies(f, sink);
    let none = documented("ROS ALIYUN::RAM::Group");
    sink.put(f, f.text("GroupName"), |group: &mut Group| {
        group.head.name = f.text("GroupName");
        group.members = none.known(List::complete(vec![]));
        group.policies = grants(f).unwrap_or_else(|| none.known(List::complete(vec![])));
    });
}

fn addition(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let (group, users) = (f.link::<Group>("GroupName"), f.links::<User>("Users"));
    let (groups, unknown) = match &group.state {
        State::Known(link) => (vec![link.clone()], None),
        State::Absent => return,
        State::Unknown(reason) => (vec![], Some(reason.clone())),
    };
    let more = match &users.state {
        State::Known(list) => {
            for user in &list.items {
                let target = f.known(user.clone());
                sink.append(&target, |user: &mut User| &mut user.groups, groups.clone(), unknown.clone());
            }
            list.more.clone()
        }
        State::Absent => None,
        State::Unknown(reason) => Some(reason.clone()),
    };
    if let Some(reason) = more {
        let target: Fact<Link<User>> = f.unknown(reason);
        sink.append(&target, |user: &mut User| &mut user.groups, groups, unknown);
    }
    sink.extend(&group, |group: &mut Group| &mut group.members, users);
}

pub(super) fn grant(f: &Fields<'_>) -> Grant {
    let kind = f.text("PolicyType").map(|kind| kind.to_ascii_lowercase());
    let link = f.link::<Policy>("PolicyName");
    let policy = match (&link.state, kind.value()) {
        (State::Known(link), Some(kind)) if !link.target.contains('#') => {
            f.known(Link::id(policy_id(&link.target, kind)))
        }
        _ => link,
    };
    Grant { policy, name: f.text("PolicyName"), kind, resource_group: f.absent() }
}

fn to_user(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let grant = grant(f);
    attached(sink, &grant.policy);
    sink.append(&f.link("UserName"), |user: &mut User| &mut user.policies, vec![grant], None);
}

fn to_group(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let grant = grant(f);
    attached(sink, &grant.policy);
    sink.append(&f.link("GroupName"), |group: &mut Group| &mut group.policies, vec![grant], None);
}

fn to_role(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let grant = grant(f);
    attached(sink, &grant.policy);
    sink.append(&f.link("RoleName"), |role: &mut Role| &mut role.policies, vec![grant], None);
}

fn role(f: &Fields<'_>, sink: &mut Sink<'_>) {
    inner_policies(f, sink);
    let none = documented("ROS ALIYUN::RAM::Role");
    sink.put(f, f.text("RoleName"), |role: &mut Role| {
        role.head.name = f.text("RoleName");
        role.service_linked = f.text("RoleName").map(|name| is_service_linked(&name));
        role.trust_policy = document(f, "AssumeRolePolicyDocument");
        role.max_session_seconds = f.int_or("MaxSessionDuration", 3600, "ROS ALIYUN::RAM::Role");
        role.policies = grants(f).unwrap_or_else(|| none.known(List::complete(vec![])));
    });
}

fn policy(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let text = text_of(f);
    sink.put(f, f.text("PolicyName"), |policy: &mut Policy| {
        policy.head.name = f.text("PolicyName");
        policy.kind = f.known("custom".into());
        policy.attachments = attachments(f);
        policy.statements = statements(&text);
        policy.document = text;
    });
    let grant = || {
        vec![Grant {
            policy: f.text("PolicyName").map(Link::id),
            name: f.text("PolicyName"),
            kind: f.known("custom".into()),
            resource_group: f.absent(),
        }]
    };
    give::<User>(f, sink, "Users", |user| &mut user.policies, &grant);
    give::<Group>(f, sink, "Groups", |group| &mut group.policies, &grant);
    give::<Role>(f, sink, "Roles", |role| &mut role.policies, &grant);
}

/// A grant to each principal that a list names; where the list is not known to its end, any other may have it too.
fn give<R: Resource>(
    f: &Fields<'_>,
    sink: &mut Sink<'_>,
    path: &str,
    policies: fn(&mut R) -> &mut Fact<List<Grant>>,
    grant: &dyn Fn() -> Vec<Grant>,
) {
    let (names, more) = match f.links::<R>(path).state {
        State::Known(list) => (list.items, list.more),
        State::Absent => return,
        State::Unknown(reason) => (vec![], Some(reason)),
    };
    for name in names {
        sink.append(&f.known(name), policies, grant(), None);
    }
    if let Some(reason) = more {
        sink.append(&f.unknown::<Link<R>>(reason), policies, grant(), None);
    }
}

/// Whether the policy names somebody itself, as 1 or 0; others are attached by blocks beside it.
fn attachments(f: &Fields<'_>) -> Fact<i64> {
    let mut attachments = documented("ROS ALIYUN::RAM::ManagedPolicy").known(0);
    let named = [some(f.links::<User>("Users")), some(f.links::<Group>("Groups")), some(f.links::<Role>("Roles"))];
    for somebody in named {
        match somebody {
            Ok(true) => attachments.state = State::Known(1),
            Err(reason) if attachments.value() == Some(&0) => attachments.state = State::Unknown(reason),
            _ => {}
        }
    }
    attachments
}

/// Whether a list names somebody.
fn some<R: Resource>(principals: Fact<List<Link<R>>>) -> Result<bool, Reason> {
    match members(principals) {
        (named, _) if !named.is_empty() => Ok(true),
        (_, Some(reason)) => Err(reason),
        _ => Ok(false),
    }
}

fn saml_provider(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("SAMLProviderName"), |provider: &mut SamlProvider| {
        provider.head.name = f.text("SAMLProviderName");
    });
}

fn preference(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.one(f, |account: &mut Account| {
        account.mfa_for_login = mfa_word(f, "MFAOperationForLogin", "EnforceMFAForLogin");
        account.user_sso = documented("RAM, user-based SSO").known(false);
        account.login_networks = networks(f.opt_text("LoginNetworkMasks"));
    });
}
