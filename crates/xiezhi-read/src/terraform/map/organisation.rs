//! The organisation in Terraform. Source: terraform-provider-alicloud, `website/docs/r/resource_manager_*` and
//! `cloud_sso_*`.

use xiezhi_model::service::cloudsso::{AccessConfiguration, Directory as SsoDirectory, Expiring, PermissionPolicy};
use xiezhi_model::service::resourcedirectory::{ControlPolicy, Directory, ResourceGroup};
use xiezhi_model::{List, State};

use crate::fields::{Fields, documented};
use crate::policy::{document, statements};
use crate::sink::Sink;
use crate::terraform::Block;

/// The resource types about the organisation.
pub const BLOCKS: &[Block] = &[
    Block { name: "alicloud_resource_manager_resource_directory", kind: Some(Directory::SCHEMA), read: directory },
    Block { name: "alicloud_resource_manager_control_policy", kind: Some(ControlPolicy::SCHEMA), read: control_policy },
    Block { name: "alicloud_resource_manager_control_policy_attachment", kind: None, read: attachment },
    Block { name: "alicloud_resource_manager_resource_group", kind: Some(ResourceGroup::SCHEMA), read: resource_group },
    Block { name: "alicloud_cloud_sso_directory", kind: Some(SsoDirectory::SCHEMA), read: sso_directory },
    Block { name: "alicloud_cloud_sso_scim_server_credential", kind: None, read: sso_credential },
    Block {
        name: "alicloud_cloud_sso_access_configuration",
        kind: Some(AccessConfiguration::SCHEMA),
        read: access_configuration,
    },
];

fn directory(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.one(f, |directory: &mut Directory| {
        directory.master = f.text("master_account_id");
        directory.root_folder = f.text("root_folder_id");
        directory.control_policies = f.flag("status", &["Enabled"], &["Disabled"]);
    });
}

fn control_policy(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let text = document(f, "policy_document");
    sink.put(f, f.text("id"), |policy: &mut ControlPolicy| {
        policy.head.name = f.text("control_policy_name");
        policy.kind = f.known("custom".into());
        policy.scope = f.text("effect_scope").map(|scope| scope.to_ascii_lowercase());
        policy.statements = statements(&text);
        policy.document = text;
        policy.targets =
            documented("terraform-provider-alicloud r/resource_manager_control_policy").known(List::complete(vec![]));
    });
}

fn attachment(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let (items, more) = match f.text("target_id").state {
        State::Known(id) => (vec![id], None),
        State::Absent => return,
        State::Unknown(reason) => (vec![], Some(reason)),
    };
    sink.append(&f.link("policy_id"), |policy: &mut ControlPolicy| &mut policy.targets, items, more);
}

fn resource_group(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("id"), |group: &mut ResourceGroup| {
        group.head.name = f.text(if f.has("display_name") { "display_name" } else { "name" });
        group.active = f.known(true);
    });
}

fn sso_directory(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("id"), |directory: &mut SsoDirectory| {
        directory.head.name = f.text("directory_name");
        directory.mfa = f.text("mfa_authentication_status");
        directory.sso = f.flag("saml_identity_provider_configuration.sso_status", &["Enabled"], &["Disabled"]);
    });
}

fn sso_credential(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let credential = Expiring {
        id: f.text("credential_id"),
        expires: f.text("expire_time"),
        enabled: f.flag_or(
            "status",
            &["Enabled"],
            &["Disabled"],
            true,
            "terraform-provider-alicloud r/cloud_sso_scim_server_credential",
        ),
    };
    let target = f.link("directory_id");
    sink.append(&target, |directory: &mut SsoDirectory| &mut directory.scim_credentials, vec![credential], None);
}

fn access_configuration(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("access_configuration_id"), |configuration: &mut AccessConfiguration| {
        configuration.head.name = f.text("access_configuration_name");
        configuration.directory = f.text("directory_id");
        configuration.session_seconds = f.int("session_duration");
        configuration.policies = f.opt_records("permission_policies", |policy| PermissionPolicy {
            kind: policy.text("permission_policy_type").map(|kind| kind.to_ascii_lowercase()),
            name: policy.text("permission_policy_name"),
            document: policy.opt_text("permission_policy_document"),
        });
    });
}
