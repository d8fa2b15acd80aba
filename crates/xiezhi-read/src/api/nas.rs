//! NAS answers.

use xiezhi_model::service::nas::{AccessPoint, AccessRule, FileSystem, MountTarget};
use xiezhi_model::{Fact, Reason, Text};

use super::Call;
use crate::fields::Fields;
use crate::keys;
use crate::sink::Sink;
use crate::store::target;
use crate::words::kebab;

/// The calls of NAS.
pub const CALLS: &[Call] = &[
    Call::listing("nas", "DescribeFileSystems", "FileSystems.FileSystem", FileSystem::SCHEMA, file_system),
    Call::each("nas", "DescribeMountTargets", "MountTargets.MountTarget", mount_target),
    Call::each("nas", "DescribeAccessRules", "AccessRules.AccessRule", access_rule),
    Call::listing("nas", "DescribeAccessPoints", "AccessPoints", AccessPoint::SCHEMA, access_point),
    Call::answer("nas", "DescribeNfsAcl", nfs_acl),
    Call::answer("nas", "DescribeSmbAcl", smb_acl),
    Call::answer("nas", "GetRecycleBinAttribute", recycle_bin),
];

/// Who holds the key: `EncryptType` 0 nobody, 1 NAS, 2 the customer in KMS. Source: NAS CreateFileSystem.
pub(crate) fn encryption(stated: Fact<Text>) -> Fact<Text> {
    stated.try_map(|word| match word.as_str() {
        "0" => Ok("none".into()),
        "1" => Ok("provider-key".into()),
        "2" => Ok("kms-key".into()),
        other => Err(Reason::not_understood(format!("the encryption type `{other}`"))),
    })
}

fn file_system(f: &Fields<'_>, sink: &mut Sink<'_>) {
    for mount in f.each("MountTargets.MountTarget") {
        let file_system = f.parent("FileSystemId");
        sink.put(&mount, mount.text("MountTargetDomain"), |target: &mut MountTarget| {
            target.file_system = file_system;
            target.network = mount.word("NetworkType");
            if mount.has("AccessGroupName") {
                target.access_group = mount.text("AccessGroupName");
            }
        });
    }
    sink.put(f, f.text("FileSystemId"), |system: &mut FileSystem| {
        system.head.name = f.text("Description");
        if f.has("RegionId") {
            system.head.region = f.text("RegionId");
        }
        system.protocol = f.word("ProtocolType");
        system.file_system_type = f.word("FileSystemType");
        system.encryption = encryption(f.text("EncryptType"));
        system.encryption_key = match system.encryption.value().map(Text::as_str) {
            Some("kms-key") => keys::key(f, "KMSKeyId"),
            Some(_) => f.absent(),
            None => f.unknown(Reason::NotInEvidence),
        };
    });
}

fn mount_target(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let file_system = target(f, sink, "FileSystemId");
    sink.put(f, f.text("MountTargetDomain"), |target: &mut MountTarget| {
        target.file_system = file_system;
        target.network = f.word("NetworkType");
        target.access_group = f.text("AccessGroup");
    });
}

fn access_rule(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let group = sink.param("AccessGroupName");
    let id = match (group.value(), f.text("AccessRuleId").value()) {
        (Some(group), Some(rule)) => f.known(Text::from(format!("{group}/{rule}"))),
        _ => f.unknown(Reason::NotInEvidence),
    };
    sink.put(f, id, |rule: &mut AccessRule| {
        rule.access_group = group;
        rule.source = f.opt_text("SourceCidrIp");
        rule.ipv6_source = f.opt_text("Ipv6SourceCidrIp");
        rule.access = f.word("RWAccess");
        rule.squash = kebab(f.text("UserAccess"));
    });
}

fn access_point(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("AccessPointId"), |point: &mut AccessPoint| {
        point.head.name = f.text("AccessPointName");
        point.file_system = f.parent("FileSystemId");
        point.ram_enabled = f.bool("EnabledRam");
        point.root_path = f.text("RootPath");
    });
}

fn nfs_acl(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let system = target(f, sink, "FileSystemId");
    sink.on(&system, |system: &mut FileSystem| system.nfs_acl = f.bool("Acl.Enabled"));
}

fn smb_acl(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let system = target(f, sink, "FileSystemId");
    sink.on(&system, |system: &mut FileSystem| {
        system.smb_acl = f.bool("Acl.Enabled");
        system.smb_encryption = f.bool("Acl.EncryptData");
        system.smb_encryption_only = f.bool("Acl.RejectUnencryptedAccess");
    });
}

fn recycle_bin(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let system = target(f, sink, "FileSystemId");
    sink.on(&system, |system: &mut FileSystem| {
        system.recycle_bin = f.flag("RecycleBinAttribute.Status", &["Enable"], &["Disable"]);
    });
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests;
