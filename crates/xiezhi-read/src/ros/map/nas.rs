//! NAS in ROS templates. Source: ROS documentation, `ALIYUN::NAS::*`.

use xiezhi_model::service::nas::{AccessRule, FileSystem, MountTarget};
use xiezhi_model::{Fact, Link, State, Text};

use crate::api::nas::encryption;
use crate::fields::{Fields, documented};
use crate::keys;
use crate::sink::Sink;
use crate::terraform::Block;
use crate::words::kebab;

/// The resource types of NAS.
pub const BLOCKS: &[Block] = &[
    Block { name: "ALIYUN::NAS::FileSystem", kind: Some(FileSystem::SCHEMA), read: file_system },
    Block { name: "ALIYUN::NAS::MountTarget", kind: Some(MountTarget::SCHEMA), read: mount_target },
    Block { name: "ALIYUN::NAS::AccessRule", kind: Some(AccessRule::SCHEMA), read: access_rule },
];

const FILE_SYSTEM: &str = "ROS ALIYUN::NAS::FileSystem";
const MOUNT: &str = "ROS ALIYUN::NAS::MountTarget";

fn file_system(f: &Fields<'_>, sink: &mut Sink<'_>) {
    keys::assume_customer_key(sink, &keys::key(f, "KmsKeyId"));
    sink.put(f, f.text("FileSystemId"), |system: &mut FileSystem| {
        system.head.name = f.text("Description");
        system.protocol = f.word("ProtocolType");
        system.file_system_type = f.word_or("FileSystemType", "standard", FILE_SYSTEM);
        system.encryption = encryption(f.text_or("EncryptType", "0", FILE_SYSTEM));
        system.encryption_key = keys::key(f, "KmsKeyId");
    });
}

/// The access group's name; a reference to a group of the same template is one that somebody made.
fn group(f: &Fields<'_>, path: &str) -> Fact<Text> {
    let link: Fact<Link<FileSystem>> = f.link(path);
    match link.state {
        State::Absent => documented(MOUNT).known("DEFAULT_VPC_GROUP_NAME".into()),
        State::Known(link) => f.known(link.target),
        State::Unknown(reason) => f.unknown(reason),
    }
}

fn mount_target(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("MountTargetDomain"), |target: &mut MountTarget| {
        target.file_system = f.link("FileSystemId");
        target.network = f.word("NetworkType");
        target.access_group = group(f, "AccessGroupName");
    });
}

fn access_rule(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("AccessRuleId"), |rule: &mut AccessRule| {
        rule.access_group = group(f, "AccessGroupName");
        rule.source = f.opt_text("SourceCidrIp");
        rule.ipv6_source = f.opt_text("Ipv6SourceCidrIp");
        rule.access = f.word("RWAccessType");
        rule.squash = kebab(f.text("UserAccessType"));
    });
}
