//! The organisation: resource directory, resource groups, CloudSSO.

use xiezhi_model::service::cloudsso::{AccessConfiguration, Assignment, Directory as SsoDirectory, Expiring};
use xiezhi_model::service::resourcedirectory::{ControlPolicy, Directory, Member, ResourceGroup};
use xiezhi_model::{Fact, Link, Reason, Text};

use super::Call;
use crate::fields::Fields;
use crate::policy::{document, statements};
use crate::sink::Sink;

/// The calls about the organisation.
pub const CALLS: &[Call] = &[
    Call::answer("resourcedirectorymaster", "GetResourceDirectory", directory),
    Call::answer("resourcedirectorymaster", "GetControlPolicyEnablementStatus", enablement),
    Call::listing("resourcedirectorymaster", "ListAccounts", "Accounts.Account", Member::SCHEMA, member),
    Call::listing(
        "resourcedirectorymaster",
        "ListControlPolicies",
        "ControlPolicies.ControlPolicy",
        ControlPolicy::SCHEMA,
        control_policy,
    ),
    Call::answer("resourcedirectorymaster", "GetControlPolicy", get_control_policy),
    Call::answer("resourcedirectorymaster", "ListTargetAttachmentsForControlPolicy", targets),
    Call::listing(
        "resourcemanager",
        "ListResourceGroups",
        "ResourceGroups.ResourceGroup",
        ResourceGroup::SCHEMA,
        resource_group,
    ),
    Call::listing("cloudsso", "ListDirectories", "Directories", SsoDirectory::SCHEMA, sso_directory),
    Call::answer("cloudsso", "GetMFAAuthenticationStatus", sso_mfa),
    Call::answer("cloudsso", "ListExternalSAMLIdPCertificates", sso_certificates),
    Call::answer("cloudsso", "ListSCIMServerCredentials", sso_credentials),
    Call::listing(
        "cloudsso",
        "ListAccessConfigurations",
        "AccessConfigurations",
        AccessConfiguration::SCHEMA,
        access_configuration,
    ),
    Call::listing("cloudsso", "ListAccessAssignments", "AccessAssignments", Assignment::SCHEMA, assignment),
];

fn directory(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let Some(inner) = f.sub("ResourceDirectory") else { return };
    sink.one(&inner, |directory: &mut Directory| {
        directory.master = inner.text("MasterAccountId");
        directory.root_folder = inner.text("RootFolderId");
        if inner.has("ControlPolicyStatus") {
            directory.control_policies = inner.text("ControlPolicyStatus").map(|status| status == "Enabled");
        }
    });
}

fn enablement(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.one(f, |directory: &mut Directory| {
        directory.control_policies = f.text("EnablementStatus").map(|status| status == "Enabled");
    });
}

fn member(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("AccountId"), |member: &mut Member| {
        member.head.name = f.text("DisplayName");
        member.kind = f
            .flag("Type", &["ResourceAccount"], &["CloudAccount"])
            .map(|made| Text::from(if made { "resource" } else { "cloud" }));
        member.folder = f.text("FolderId");
        member.path = f.text("ResourceDirectoryPath");
        member.joined = f.text("Status").map(|status| status.ends_with("Success"));
    });
}

fn control_policy(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("PolicyId"), |policy: &mut ControlPolicy| {
        policy.head.name = f.text("PolicyName");
        policy.kind = f.text("PolicyType").map(|kind| kind.to_ascii_lowercase());
        policy.scope = f.text("EffectScope").map(|scope| scope.to_ascii_lowercase());
    });
}

fn get_control_policy(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let Some(inner) = f.sub("ControlPolicy") else { return };
    control_policy(&inner, sink);
    let text = document(&inner, "PolicyDocument");
    sink.on(&inner.text("PolicyId").map(Link::id), |policy: &mut ControlPolicy| {
        policy.statements = statements(&text);
        policy.document = text;
    });
}

fn targets(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let target = sink.param("PolicyId").map(Link::id);
    let targets = f.opt_records("TargetAttachments.TargetAttachment", |one| one.text("TargetId")).map(super::fc::known);
    sink.extend(&target, |policy: &mut ControlPolicy| &mut policy.targets, targets);
}

fn resource_group(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("Id"), |group: &mut ResourceGroup| {
        group.head.name = f.text(if f.has("DisplayName") { "DisplayName" } else { "Name" });
        group.active = f.text("Status").map(|status| status == "OK");
    });
}

fn sso_directory(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("DirectoryId"), |directory: &mut SsoDirectory| {
        directory.head.name = f.text("DirectoryName");
        if f.has("MFAAuthenticationStatus") {
            directory.mfa = f.text("MFAAuthenticationStatus");
        }
        if f.has("SAMLIdentityProviderConfiguration") {
            directory.sso = f.flag("SAMLIdentityProviderConfiguration.SSOStatus", &["Enabled"], &["Disabled"]);
        }
    });
}

fn asked(sink: &Sink<'_>) -> Fact<Link<SsoDirectory>> {
    sink.param("DirectoryId").map(Link::id)
}

fn sso_mfa(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.on(&asked(sink), |directory: &mut SsoDirectory| directory.mfa = f.text("MFAAuthenticationStatus"));
}

fn sso_certificates(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let list = f.records("SAMLIdPCertificates", |certificate| Expiring {
        id: certificate.text("CertificateId"),
        expires: certificate.text("NotAfter"),
        enabled: certificate.known(true),
    });
    sink.on(&asked(sink), |directory: &mut SsoDirectory| directory.saml_certificates = list);
}

fn sso_credentials(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let list = f.records("SCIMServerCredentials", |credential| Expiring {
        id: credential.text("CredentialId"),
        expires: credential.text("ExpireTime"),
        enabled: credential.flag("Status", &["Enabled"], &["Disabled"]),
    });
    sink.on(&asked(sink), |directory: &mut SsoDirectory| directory.scim_credentials = list);
}

fn access_configuration(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let directory = sink.param("DirectoryId");
    sink.put(f, f.text("AccessConfigurationId"), |configuration: &mut AccessConfiguration| {
        configuration.head.name = f.text("AccessConfigurationName");
        configuration.directory = directory;
        configuration.session_seconds = f.int("SessionDuration");
    });
}

fn assignment(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let parts = [f.text("AccessConfigurationId"), f.text("PrincipalId"), f.text("TargetId")];
    let known: Vec<&str> = parts.iter().filter_map(|part| part.value().map(Text::as_str)).collect();
    let id = match parts.iter().find_map(|part| part.reason()) {
        None if known.len() == parts.len() => f.known(known.join(":").into()),
        reason => f.unknown(reason.cloned().unwrap_or(Reason::NotInEvidence)),
    };
    sink.put(f, id, |assignment: &mut Assignment| {
        assignment.configuration = f.text("AccessConfigurationId");
        assignment.principal_kind = f.text("PrincipalType").map(|kind| kind.to_ascii_lowercase());
        assignment.principal = f.text("PrincipalName");
        assignment.target_account = f.text("TargetId");
    });
}
