//! RAM and IMS answers: users, groups, roles, policies, attachments, the password policy, providers.
//!
//! `ram` names users by `UserName`, `ims` by `UserPrincipalName` (`alice@example.onaliyun.com`): the name before the
//! `@` is the id in both. Lists inside an answer are read as a whole, so that an empty one says that there is none.

use xiezhi_model::service::ram::{
    AccessKey, Attachment, Grant, Group, OidcProvider, PasswordPolicy, Policy, PolicyVersion, Role, SamlProvider,
    ServiceCredential, User,
};
use xiezhi_model::{Fact, Link, List, Reason, Resource, State, Text};

mod join;

use self::join::join;
use super::{Call, credential_report};
use crate::fields::Fields;
use crate::policy::{document, statements};
use crate::sink::Sink;

/// The calls of RAM.
pub const CALLS: &[Call] = &[
    Call::listing("ram", "ListUsers", "Users.User", User::SCHEMA, user),
    Call::listing("ims", "ListUsers", "Users.User", User::SCHEMA, user),
    Call::answer("ram", "GetUser", |f, sink| each(f, sink, "User", user)),
    Call::answer("ims", "GetUser", |f, sink| each(f, sink, "User", user)),
    Call::answer("ram", "GetLoginProfile", login_profile),
    Call::answer("ims", "GetLoginProfile", login_profile),
    Call::answer("ram", "GetUserMFAInfo", mfa_info),
    Call::answer("ims", "GetUserMFAInfo", mfa_info),
    Call::answer("ram", "ListAccessKeys", access_keys),
    Call::answer("ims", "ListAccessKeys", access_keys),
    Call::answer("ram", "GetAccessKeyLastUsed", last_used),
    Call::answer("ims", "GetAccessKeyLastUsed", last_used),
    Call::answer("ims", "GetCredentialReport", credential_report::read),
    Call::answer("ram", "ListPoliciesForUser", user_policies),
    Call::answer("ram", "ListGroupsForUser", user_groups),
    Call::answer("ims", "ListGroupsForUser", user_groups),
    Call::listing("ram", "ListGroups", "Groups.Group", Group::SCHEMA, group),
    Call::listing("ims", "ListGroups", "Groups.Group", Group::SCHEMA, group),
    Call::answer("ram", "ListUsersForGroup", members),
    Call::answer("ims", "ListUsersForGroup", members),
    Call::answer("ram", "ListPoliciesForGroup", group_policies),
    Call::listing("ram", "ListRoles", "Roles.Role", Role::SCHEMA, role),
    Call::answer("ram", "GetRole", |f, sink| each(f, sink, "Role", role)),
    Call::answer("ram", "ListPoliciesForRole", role_policies),
    Call::listing("ram", "ListPolicies", "Policies.Policy", Policy::SCHEMA, policy),
    Call::answer("ram", "GetPolicy", get_policy),
    Call::answer("ram", "GetPolicyVersion", policy_version),
    Call::answer("ram", "ListPolicyVersions", policy_versions),
    Call::answer("ram", "ListEntitiesForPolicy", entities),
    Call::listing(
        "resourcemanager",
        "ListPolicyAttachments",
        "PolicyAttachments.PolicyAttachment",
        Attachment::SCHEMA,
        attachment,
    ),
    Call::answer("ram", "GetPasswordPolicy", password_policy),
    Call::answer("ims", "GetPasswordPolicy", password_policy),
    Call::listing("ims", "ListSAMLProviders", "SAMLProviders.SAMLProvider", SamlProvider::SCHEMA, saml_provider),
    Call::listing("ims", "ListOIDCProviders", "OIDCProviders.OIDCProvider", OidcProvider::SCHEMA, oidc_provider),
    Call::listing("ims", "ListServiceCredentials", "ServiceCredentials", ServiceCredential::SCHEMA, service_credential),
];

fn each(f: &Fields<'_>, sink: &mut Sink<'_>, path: &str, read: fn(&Fields<'_>, &mut Sink<'_>)) {
    if let Some(inner) = f.sub(path) {
        read(&inner, sink);
    }
}

/// The name before the `@` of a principal name.
pub(crate) fn short_name(name: &str) -> Text {
    Text::from(name.split('@').next().unwrap_or(name))
}

fn user_name(f: &Fields<'_>) -> Fact<Text> {
    if f.has("UserName") { f.text("UserName") } else { f.text("UserPrincipalName").map(|name| short_name(&name)) }
}

/// The user that the parameters of the call name.
fn user_asked(sink: &Sink<'_>) -> Fact<Link<User>> {
    let by_name = sink.param("UserName");
    if by_name.value().is_some() {
        return by_name.map(Link::id);
    }
    sink.param("UserPrincipalName").map(|name| Link::id(short_name(&name)))
}

/// An answer's time; never stated as an empty text or a word for "never".
fn time(f: &Fields<'_>, path: &str) -> Fact<Text> {
    never(f.opt_text(path))
}

/// A time in which a word stands for "never".
pub(crate) fn never(fact: Fact<Text>) -> Fact<Text> {
    match fact.value().map(Text::as_str) {
        Some("-" | "N/A" | "n/a" | "null" | "no_information") => Fact::absent(fact.origin),
        _ => fact,
    }
}

fn user(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.batch.conclude("ram", join);
    sink.put(f, user_name(f), |user: &mut User| {
        user.head.name = user_name(f);
        user.uid = f.text("UserId");
        user.created = f.text("CreateDate");
        // Only the detail answer says when; lists leave the key out.
        if f.has("LastLoginDate") {
            user.last_login = time(f, "LastLoginDate");
        }
    });
}

fn login_profile(f: &Fields<'_>, sink: &mut Sink<'_>) {
    if f.has("Code") {
        // The only error that gets here says that there is no profile: no password, no console.
        sink.on(&user_asked(sink), |user: &mut User| user.console_login = f.known(false));
        return;
    }
    let Some(profile) = f.sub("LoginProfile") else { return };
    let target = user_name(&profile).map(Link::id);
    sink.on(&target, |user: &mut User| {
        // The older API has no status: a profile that exists is in use.
        user.console_login = if profile.has("Status") {
            profile.flag("Status", &["Active"], &["Inactive"])
        } else {
            profile.known(true)
        };
        user.login_profile_created = profile.text("CreateDate");
        user.mfa_required = profile.bool("MFABindRequired");
        if profile.has("LastLoginTime") {
            user.last_login = time(&profile, "LastLoginTime");
        }
    });
}

fn mfa_info(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let target = user_asked(sink);
    sink.on(&target, |user: &mut User| {
        user.mfa_device = if f.has("IsMFAEnable") {
            f.bool("IsMFAEnable")
        } else {
            f.opt_text("MFADevice.SerialNumber").map(|serial| !serial.is_empty())
        };
        if user.mfa_device.is_absent() {
            user.mfa_device = f.known(false);
        }
    });
}

fn access_keys(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.batch.conclude("ram", join);
    let keys = f.records("AccessKeys.AccessKey", |key| AccessKey {
        id: key_id(&key),
        active: key.flag("Status", &["Active"], &["Inactive"]),
        created: key.text("CreateDate"),
        last_used: key.unknown(Reason::NotCollected),
    });
    sink.extend(&user_asked(sink), |user: &mut User| &mut user.access_keys, keys);
}

/// The id of a key; of one that somebody masked what is left: four characters tell a user's two keys apart.
fn key_id(key: &Fields<'_>) -> Fact<Text> {
    let id = key.text("AccessKeyId");
    let masked = key.plain("AccessKeyId").filter(|_| id.reason() == Some(&Reason::Redacted));
    match masked.and_then(|text| text.rsplit_once('*')) {
        Some((_, end)) if end.len() >= 4 => key.known(format!("****{end}").into()),
        _ => id,
    }
}

/// The answer names neither key nor user: both are parameters.
fn last_used(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let path = if f.has("AccessKeyLastUsed") { "AccessKeyLastUsed.LastUsedDate" } else { "LastUsedDate" };
    let (key, used) = (sink.param("UserAccessKeyId"), time(f, path));
    let Some(key) = key.value().cloned() else { return };
    sink.batch.later(move |batch| {
        batch.for_each::<User>(|user| {
            if let State::Known(keys) = &mut user.access_keys.state {
                keys.items
                    .iter_mut()
                    .filter(|item| item.id.value() == Some(&key))
                    .for_each(|item| item.last_used.merge(used.clone()));
            }
        });
    });
}

/// How a policy is known: a custom one by its name, a system one by its ARN.
pub(crate) fn policy_id(name: &str, kind: &str) -> Text {
    if kind == "system" { format!("acs:ram:*:system:policy/{name}").into() } else { name.into() }
}

fn policy_kind(f: &Fields<'_>, path: &str) -> Fact<Text> {
    f.text(path).map(|kind| kind.to_ascii_lowercase())
}

fn policy_link(f: &Fields<'_>) -> Fact<Link<Policy>> {
    let (name, kind) = (f.text("PolicyName"), policy_kind(f, "PolicyType"));
    match (kind.value().cloned(), kind.reason()) {
        (Some(kind), _) => name.map(|name| Link::id(policy_id(&name, &kind))),
        (None, Some(reason)) => f.unknown(reason.clone()),
        (None, None) => f.absent(),
    }
}

fn grants(f: &Fields<'_>) -> Fact<List<Grant>> {
    f.records("Policies.Policy", |policy| Grant {
        policy: policy_link(&policy),
        name: policy.text("PolicyName"),
        kind: policy_kind(&policy, "PolicyType"),
        resource_group: policy.absent(),
    })
}

/// The versions that answers about principals name. The service changes system policies without notice, and the lists of
/// policies may not be in evidence. Source: RAM ListPoliciesForUser, ListPoliciesForGroup, ListPoliciesForRole
/// `DefaultVersion`.
fn versions(f: &Fields<'_>, sink: &mut Sink<'_>) {
    for policy in f.each("Policies.Policy") {
        let (kind, version) = (policy_kind(&policy, "PolicyType"), policy.text("DefaultVersion"));
        if kind.value().is_some_and(|kind| kind == "system") && version.value().is_some() {
            sink.on(&policy_link(&policy), |said: &mut Policy| {
                said.kind = kind;
                said.default_version = version;
            });
        }
    }
}

fn user_policies(f: &Fields<'_>, sink: &mut Sink<'_>) {
    versions(f, sink);
    sink.extend(&user_asked(sink), |user: &mut User| &mut user.policies, grants(f));
}

fn group_policies(f: &Fields<'_>, sink: &mut Sink<'_>) {
    versions(f, sink);
    let group = sink.param("GroupName").map(Link::id);
    sink.extend(&group, |group: &mut Group| &mut group.policies, grants(f));
}

fn role_policies(f: &Fields<'_>, sink: &mut Sink<'_>) {
    versions(f, sink);
    let role = sink.param("RoleName").map(Link::id);
    sink.extend(&role, |role: &mut Role| &mut role.policies, grants(f));
}

fn user_groups(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let groups = f.records("Groups.Group", |group| group.text("GroupName"));
    sink.extend(&user_asked(sink), |user: &mut User| &mut user.groups, links(groups));
}

fn members(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.batch.conclude("ram", join);
    let users = f.records("Users.User", |user| user_name(&user));
    let group = sink.param("GroupName").map(Link::id);
    sink.extend(&group, |group: &mut Group| &mut group.members, links(users));
}

/// Names as links; a name that cannot be read may be any further member.
fn links<R: Resource>(names: Fact<List<Fact<Text>>>) -> Fact<List<Link<R>>> {
    names.map(|names| {
        let mut list = List { items: vec![], more: names.more };
        for name in names.items {
            match name.state {
                State::Known(name) => list.items.push(Link::id(name)),
                State::Absent => {}
                State::Unknown(reason) => list.more = Some(reason),
            }
        }
        list
    })
}

fn group(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.batch.conclude("ram", join);
    sink.put(f, f.text("GroupName"), |group: &mut Group| group.head.name = f.text("GroupName"));
}

/// The prefix is reserved: roles with it are service-linked. Source: RAM, "service-linked roles".
pub(crate) fn is_service_linked(name: &str) -> bool {
    name.to_ascii_lowercase().starts_with("aliyunservicerolefor")
}

fn role(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.batch.conclude("ram", join);
    sink.put(f, f.text("RoleName"), |role: &mut Role| {
        role.head.name = f.text("RoleName");
        role.arn = f.text("Arn");
        role.created = f.text("CreateDate");
        role.trust_policy = document(f, "AssumeRolePolicyDocument");
        role.max_session_seconds = f.int("MaxSessionDuration");
        role.service_linked = if f.has("IsServiceLinkedRole") {
            f.bool("IsServiceLinkedRole")
        } else {
            f.text("RoleName").map(|name| is_service_linked(&name))
        };
    });
}

fn policy(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let kind = policy_kind(f, "PolicyType");
    let id = policy_link(f).map(|link| link.target);
    sink.put(f, id, |policy: &mut Policy| {
        policy.head.name = f.text("PolicyName");
        policy.kind = kind;
        policy.default_version = f.text("DefaultVersion");
        policy.attachments = f.int("AttachmentCount");
    });
}

fn get_policy(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let Some(inner) = f.sub("Policy") else { return };
    policy(&inner, sink);
    let target = policy_link(&inner);
    let path =
        if f.has("DefaultPolicyVersion") { "DefaultPolicyVersion.PolicyDocument" } else { "Policy.PolicyDocument" };
    say_document(f, path, &target, sink);
}

/// The policy that the request names.
fn asked_policy(sink: &Sink<'_>) -> Fact<Link<Policy>> {
    let kind = sink.param("PolicyType").map(|kind| kind.to_ascii_lowercase());
    match kind.value() {
        Some(kind) => sink.param("PolicyName").map(|name| Link::id(policy_id(&name, kind))),
        None => sink.param("PolicyName").map(Link::id),
    }
}

fn policy_version(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let target = asked_policy(sink);
    // A version that is not in force says nothing of what the policy grants.
    if f.bool("PolicyVersion.IsDefaultVersion").value() != Some(&false) {
        say_document(f, "PolicyVersion.PolicyDocument", &target, sink);
        return;
    }
    // It can be put in force again; the list says how many there are, in whatever order the answers come.
    let (Some(link), Some(id)) = (target.value().cloned(), f.text("PolicyVersion.VersionId").value().cloned()) else {
        return;
    };
    let text = document(f, "PolicyVersion.PolicyDocument");
    sink.batch.later(move |batch| {
        batch.for_each::<Policy>(|policy| {
            let named = policy.head.id.value() == Some(&link.target) || policy.head.name.value() == Some(&link.target);
            if let (true, State::Known(list)) = (named, &mut policy.versions.state) {
                let same = list.items.iter_mut().filter(|version| version.id.value() == Some(&id));
                same.for_each(|version| version.document.merge(text.clone()));
            }
        });
    });
}

/// The versions of a policy; of the documents, `GetPolicyVersion` speaks.
fn policy_versions(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let versions = f.records("PolicyVersions.PolicyVersion", |version| PolicyVersion {
        id: version.text("VersionId"),
        default: version.bool("IsDefaultVersion"),
        document: match version.has("PolicyDocument") {
            true => document(&version, "PolicyDocument"),
            false => version.unknown(Reason::NotCollected),
        },
    });
    sink.extend(&asked_policy(sink), |policy: &mut Policy| &mut policy.versions, versions);
}

fn say_document(f: &Fields<'_>, path: &str, target: &Fact<Link<Policy>>, sink: &mut Sink<'_>) {
    let text = document(f, path);
    sink.on(target, |policy: &mut Policy| {
        policy.statements = statements(&text);
        policy.document = text;
    });
}

/// Who a policy is attached to, each principal on its own: the answer speaks of one policy, so it says of a principal
/// that there is one more grant, and nothing of the others.
fn entities(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let kind = sink.param("PolicyType").map(|kind| kind.to_ascii_lowercase());
    let name = sink.param("PolicyName");
    for (list, key, principal) in
        [("Users.User", "UserName", "user"), ("Groups.Group", "GroupName", "group"), ("Roles.Role", "RoleName", "role")]
    {
        for entity in f.each(list) {
            let id = entity.text(key);
            let place = match (name.value(), kind.value(), id.value()) {
                (Some(name), Some(kind), Some(id)) => f.known(Text::from(format!("{kind}:{name}:{principal}:{id}"))),
                _ => f.unknown(Reason::NotInEvidence),
            };
            let link = match kind.value() {
                Some(kind) => name.clone().map(|name| Link::id(policy_id(&name, kind))),
                None => f.unknown(Reason::NotInEvidence),
            };
            sink.put(&entity, place, |attachment: &mut Attachment| {
                attachment.policy = link;
                attachment.principal_kind = entity.known(principal.into());
                attachment.principal = id;
            });
        }
    }
}

fn attachment(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.batch.conclude("ram", join);
    let principal = f.text("PrincipalName").map(|name| short_name(&name));
    let kind = principal_kind(f.text("PrincipalType"));
    // The account id stands for the whole account. Source: ResourceManager, ListPolicyAttachments.
    let group = f.opt_text("ResourceGroupId");
    let group = if group.value().is_some_and(|id| !id.starts_with("rg-")) { f.absent() } else { group };
    let place = match (f.text("PolicyName").value(), f.plain("PolicyType"), principal.value(), kind.value()) {
        (Some(policy), Some(policy_type), Some(name), Some(kind)) => {
            let scope = group.value().map_or("", Text::as_str);
            f.known(Text::from(format!("{}:{policy}:{kind}:{name}:{scope}", policy_type.to_ascii_lowercase())))
        }
        _ => f.unknown(Reason::NotInEvidence),
    };
    sink.put(f, place, |attachment: &mut Attachment| {
        attachment.head.name = f.text("PolicyName");
        attachment.policy = policy_link(f);
        attachment.principal_kind = kind;
        attachment.principal = principal;
        attachment.resource_group = group;
    });
}

/// `IMSUser`, `IMSGroup`, `ServiceRole` as our words.
pub(crate) fn principal_kind(word: Fact<Text>) -> Fact<Text> {
    word.try_map(|word| match word.as_str() {
        "IMSUser" => Ok("user".into()),
        "IMSGroup" => Ok("group".into()),
        "ServiceRole" => Ok("role".into()),
        _ => Err(Reason::not_understood(format!("the principal type `{word}`"))),
    })
}

fn password_policy(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let Some(p) = f.sub("PasswordPolicy") else { return };
    sink.one(&p, |policy: &mut PasswordPolicy| {
        policy.min_length = p.int("MinimumPasswordLength");
        policy.lowercase_required = p.bool("RequireLowercaseCharacters");
        policy.uppercase_required = p.bool("RequireUppercaseCharacters");
        policy.number_required = p.bool("RequireNumbers");
        policy.symbol_required = p.bool("RequireSymbols");
        policy.max_age_days = p.int("MaxPasswordAge");
        policy.remembered = p.int("PasswordReusePrevention");
        policy.max_login_attempts = p.int("MaxLoginAttemps");
        policy.hard_expire = p.bool(if p.has("HardExpire") { "HardExpire" } else { "HardExpiry" });
    });
}

fn saml_provider(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("SAMLProviderName"), |provider: &mut SamlProvider| {
        provider.head.name = f.text("SAMLProviderName");
        provider.arn = f.text("Arn");
        provider.updated = f.text("UpdateDate");
    });
}

fn oidc_provider(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("OIDCProviderName"), |provider: &mut OidcProvider| {
        provider.head.name = f.text("OIDCProviderName");
        provider.arn = f.text("Arn");
        provider.issuer = f.text("IssuerUrl");
        provider.client_ids = f.texts("ClientIds");
    });
}

fn service_credential(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("ServiceCredentialId"), |credential: &mut ServiceCredential| {
        credential.head.name = f.text("ServiceCredentialName");
        credential.user = f.text("UserPrincipalName").map(|name| Link::id(short_name(&name)));
        credential.service = f.text("ServiceName");
        credential.active = f.flag("Status", &["Active"], &["Inactive"]);
        credential.created = f.text("CreateTime");
        credential.expires = time(f, "ExpirationTime");
    });
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests;
