//! The organisation in ROS templates. Source: ROS documentation, `ALIYUN::ResourceManager::*`.

use xiezhi_model::service::ram::Grant;
use xiezhi_model::service::resourcedirectory::{ControlPolicy, Directory, ResourceGroup};
use xiezhi_model::{List, State};

use super::ram::grant;
use crate::fields::{Fields, documented};
use crate::policy::{document, statements};
use crate::sink::Sink;
use crate::terraform::Block;
use crate::terraform::map::ram::{attached, by_resource_management, scope};

/// The resource types about the organisation.
pub const BLOCKS: &[Block] = &[
    Block { name: "ALIYUN::ResourceManager::ResourceDirectory", kind: Some(Directory::SCHEMA), read: directory },
    Block { name: "ALIYUN::ResourceManager::ControlPolicy", kind: Some(ControlPolicy::SCHEMA), read: control_policy },
    Block { name: "ALIYUN::ResourceManager::ControlPolicyAttachment", kind: None, read: attachment },
    Block { name: "ALIYUN::ResourceManager::PolicyAttachment", kind: None, read: any_policy },
    Block { name: "ALIYUN::ResourceManager::ResourceGroup", kind: Some(ResourceGroup::SCHEMA), read: resource_group },
];

/// A template makes a directory of its own account; whether control policies are in force is no property of it.
fn directory(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.one(f, |directory: &mut Directory| {
        directory.master = f.text("MasterAccountId");
        directory.root_folder = f.text("RootFolderId");
    });
}

fn control_policy(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let text = document(f, "PolicyDocument");
    sink.put(f, f.text("PolicyId"), |policy: &mut ControlPolicy| {
        policy.head.name = f.text("ControlPolicyName");
        policy.kind = f.known("custom".into());
        policy.scope = f.text("EffectScope").map(|scope| scope.to_ascii_lowercase());
        policy.statements = statements(&text);
        policy.document = text;
        policy.targets = documented("ROS ALIYUN::ResourceManager::ControlPolicy").known(List::complete(vec![]));
    });
}

fn attachment(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let (items, more) = match f.text("TargetId").state {
        State::Known(id) => (vec![id], None),
        State::Absent => return,
        State::Unknown(reason) => (vec![], Some(reason)),
    };
    sink.append(&f.link("PolicyId"), |policy: &mut ControlPolicy| &mut policy.targets, items, more);
}

fn any_policy(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let scope = scope(f, "ResourceGroupId", sink);
    attached(sink, &grant(f).policy);
    by_resource_management(f, sink, ["PrincipalType", "PrincipalName"], &|| {
        vec![Grant { resource_group: scope.clone(), ..grant(f) }]
    });
}

fn resource_group(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("Id"), |group: &mut ResourceGroup| {
        group.head.name = f.text(if f.has("DisplayName") { "DisplayName" } else { "Name" });
        group.active = f.known(true);
    });
}
