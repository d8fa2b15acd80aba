//! NAS in Terraform. Source: terraform-provider-alicloud, `website/docs/r/nas_*.html.markdown`.

use xiezhi_model::service::nas::{AccessPoint, AccessRule, FileSystem, MountTarget};
use xiezhi_model::{Fact, State, Text};

use crate::api::nas::encryption;
use crate::fields::{Fields, documented};
use crate::keys;
use crate::sink::Sink;
use crate::terraform::Block;
use crate::words::kebab;

/// The resource types of NAS.
pub const BLOCKS: &[Block] = &[
    Block { name: "alicloud_nas_file_system", kind: Some(FileSystem::SCHEMA), read: file_system },
    Block { name: "alicloud_nas_mount_target", kind: Some(MountTarget::SCHEMA), read: mount_target },
    Block { name: "alicloud_nas_access_rule", kind: Some(AccessRule::SCHEMA), read: access_rule },
    Block { name: "alicloud_nas_access_point", kind: Some(AccessPoint::SCHEMA), read: access_point },
    Block { name: "alicloud_nas_recycle_bin", kind: None, read: recycle_bin },
    Block { name: "alicloud_nas_smb_acl_attachment", kind: None, read: smb_acl },
];

const FILE_SYSTEM: &str = "terraform-provider-alicloud r/nas_file_system";
const MOUNT: &str = "terraform-provider-alicloud r/nas_mount_target";
const POINT: &str = "terraform-provider-alicloud r/nas_access_point";
const SMB: &str = "NAS ModifySmbAcl: encryption in transit is off by default";
const BIN: &str = "terraform-provider-alicloud r/nas_recycle_bin";

fn file_system(f: &Fields<'_>, sink: &mut Sink<'_>) {
    keys::assume_customer_key(sink, &keys::key(f, "kms_key_id"));
    sink.put(f, f.text("id"), |system: &mut FileSystem| {
        system.head.name = f.text("description");
        system.protocol = f.word("protocol_type");
        system.file_system_type = f.word_or("file_system_type", "standard", FILE_SYSTEM);
        system.encryption = encryption(f.text_or("encrypt_type", "0", FILE_SYSTEM));
        system.encryption_key = keys::key(f, "kms_key_id");
        system.nfs_acl = f.in_block("nfs_acl", |acl| acl.bool("enabled"), || documented(FILE_SYSTEM).known(false));
        system.smb_acl = f.in_block("smb_acl", |acl| acl.bool("enabled"), || documented(FILE_SYSTEM).known(false));
        (system.smb_encryption, system.smb_encryption_only) = match f.sub("smb_acl") {
            Some(acl) => in_transit(&acl),
            None => (documented(SMB).known(false), documented(SMB).known(false)),
        };
        system.recycle_bin = f.in_block(
            "recycle_bin",
            |bin| bin.flag("status", &["Enable"], &["Disable"]),
            || documented(BIN).known(false),
        );
    });
}

fn mount_target(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("id"), |target: &mut MountTarget| {
        target.file_system = f.link("file_system_id");
        // A mount target is made in a VPC unless the configuration says otherwise. Source: r/nas_mount_target.
        target.network = f.word_or("network_type", "vpc", MOUNT);
        target.access_group = group(f, "access_group_name");
    });
}

/// The access group's name; a reference to a group of the same configuration is one that somebody made.
fn group(f: &Fields<'_>, path: &str) -> Fact<Text> {
    let link: Fact<xiezhi_model::Link<FileSystem>> = f.link(path);
    match link.state {
        State::Absent => documented(MOUNT).known("DEFAULT_VPC_GROUP_NAME".into()),
        State::Known(link) => f.known(link.target),
        State::Unknown(reason) => f.unknown(reason),
    }
}

fn access_rule(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("id"), |rule: &mut AccessRule| {
        rule.access_group = group(f, "access_group_name");
        rule.source = f.opt_text("source_cidr_ip");
        rule.ipv6_source = f.opt_text("ipv6_source_cidr_ip");
        rule.access = f.word("rw_access_type");
        rule.squash = kebab(f.text("user_access_type"));
    });
}

fn access_point(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("id"), |point: &mut AccessPoint| {
        point.head.name = f.text("access_point_name");
        point.file_system = f.link("file_system_id");
        point.ram_enabled = f.bool_or("enabled_ram", false, POINT);
        point.root_path = f.text_or("root_path", "/", POINT);
    });
}

fn recycle_bin(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.on(&f.link("file_system_id"), |system: &mut FileSystem| system.recycle_bin = f.known(true));
}

fn smb_acl(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.on(&f.link("file_system_id"), |system: &mut FileSystem| {
        system.smb_acl = f.known(true);
        (system.smb_encryption, system.smb_encryption_only) = in_transit(f);
    });
}

/// Whether SMB clients may encrypt, and whether they must. Source: NAS ModifySmbAcl `EncryptData`,
/// `RejectUnencryptedAccess`: both off by default.
fn in_transit(f: &Fields<'_>) -> (Fact<bool>, Fact<bool>) {
    (f.bool_or("encrypt_data", false, SMB), f.bool_or("reject_unencrypted_access", false, SMB))
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests;
