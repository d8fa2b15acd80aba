//! ECS in ROS templates. Source: ROS documentation, `ALIYUN::ECS::*`; security groups stand in a file of their own.

use xiezhi_model::service::ecs::{AutoSnapshotPolicy, Disk, Image, Instance, KeyPair, NetworkInterface};
use xiezhi_model::service::ram::Role;
use xiezhi_model::{Fact, Link, List, Reason, State, Text};

use crate::fields::{Fields, documented};
use crate::keys::named;
use crate::sink::Sink;
use crate::template_disks;
use crate::terraform::Block;
use crate::terraform::map::ecs::os_of_image;
use crate::variables::{ask_script, holds_access_key};
use crate::words::{both_links, lower, on_each, one_item, one_link, target};

/// The resource types of ECS.
pub const BLOCKS: &[Block] = &[
    Block { name: "ALIYUN::ECS::Instance", kind: Some(Instance::SCHEMA), read: instance },
    Block { name: "ALIYUN::ECS::InstanceGroup", kind: Some(Instance::SCHEMA), read: instance_group },
    Block { name: "ALIYUN::ECS::Disk", kind: Some(Disk::SCHEMA), read: disk },
    Block { name: "ALIYUN::ECS::DiskAttachment", kind: None, read: disk_attachment },
    Block { name: "ALIYUN::ECS::NetworkInterface", kind: Some(NetworkInterface::SCHEMA), read: interface },
    Block { name: "ALIYUN::ECS::NetworkInterfaceAttachment", kind: None, read: interface_attachment },
    Block { name: "ALIYUN::ECS::RamRoleAttachment", kind: None, read: role_attachment },
    Block { name: "ALIYUN::ECS::SSHKeyPair", kind: Some(KeyPair::SCHEMA), read: key_pair },
    Block { name: "ALIYUN::ECS::SSHKeyPairAttachment", kind: None, read: key_pair_attachment },
    Block { name: "ALIYUN::ECS::ImageSharePermission", kind: None, read: image_share },
];

const INSTANCE: &str = "ROS ALIYUN::ECS::Instance";
const GROUP_OF_INSTANCES: &str = "ROS ALIYUN::ECS::InstanceGroup";
const DISK: &str = "ROS ALIYUN::ECS::Disk";

fn instance(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("InstanceId"), |i: &mut Instance| fill(f, i));
    let system = SystemDisk {
        // This type cannot encrypt it: the property came with `InstanceGroup`, after its last update.
        encrypted: documented(INSTANCE).known(false),
        key: f.absent(),
        snapshots: documented(INSTANCE).absent(),
        category: f.text_or("SystemDiskCategory", "cloud_efficiency", INSTANCE),
    };
    instance_disks(f, sink, system);
}

/// `MaxAmount` instances that are alike: one record stands for them all. Source: ROS documentation,
/// `ALIYUN::ECS::InstanceGroup`, which takes the place of `ALIYUN::ECS::Instance`.
fn instance_group(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let template = ["LaunchTemplateId", "LaunchTemplateName"].into_iter().find(|name| f.has(name));
    let template = template.map(Reason::unresolved);
    sink.put(f, f.unknown(Reason::NotInEvidence), |i: &mut Instance| {
        fill(f, i);
        if f.has("EniMappings") {
            i.secondary_interfaces = f.unknown(Reason::not_understood("`EniMappings`"));
        }
        if let Some(reason) = &template {
            inherit(f, i, reason);
        }
    });
    instance_disks(f, sink, system_disk(f, template.as_ref()));
}

/// The system disk of a group's instances: what the group does not say of it, its launch template may. Source: ROS
/// documentation, `ALIYUN::ECS::InstanceGroup`, `SystemDisk…`.
fn system_disk(f: &Fields<'_>, template: Option<&Reason>) -> SystemDisk {
    let default = documented(GROUP_OF_INSTANCES);
    let encrypted = f.has("SystemDiskEncrypted");
    let key_path = ["SystemDiskKMSKeyId", "SystemDiskKmsKeyId"].into_iter().find(|name| f.has(name));
    SystemDisk {
        encrypted: match template {
            Some(reason) if !encrypted => f.unknown(reason.clone()),
            _ => f.bool_or("SystemDiskEncrypted", false, GROUP_OF_INSTANCES),
        },
        key: match (key_path, template) {
            (Some(path), _) => named(f, path),
            (None, Some(reason)) => f.unknown(reason.clone()),
            (None, None) => f.absent(),
        },
        snapshots: match template {
            _ if f.has("SystemDiskAutoSnapshotPolicyId") => f.link("SystemDiskAutoSnapshotPolicyId"),
            Some(reason) => f.unknown(reason.clone()),
            None => default.absent(),
        },
        category: match template {
            Some(reason) if !f.has("SystemDiskCategory") => f.unknown(reason.clone()),
            _ => f.text_or("SystemDiskCategory", "cloud_efficiency", GROUP_OF_INSTANCES),
        },
    }
}

/// What the group does not say itself, its launch template may.
fn inherit(f: &Fields<'_>, i: &mut Instance, reason: &Reason) {
    let silent = |names: &[&str]| !names.iter().any(|name| f.has(name));
    if silent(&["VSwitchId", "VpcId"]) {
        i.network_type = f.unknown(reason.clone());
        i.vpc = f.unknown(reason.clone());
        i.vswitch = f.unknown(reason.clone());
    }
    if silent(&["SecurityGroupId", "SecurityGroupIds"]) {
        i.security_groups = f.unknown(reason.clone());
    }
    if silent(&["AllocatePublicIP", "InternetMaxBandwidthOut"]) {
        i.internet_bandwidth_out = f.unknown(reason.clone());
        i.public_ips = f.unknown(reason.clone());
    }
    if silent(&["Ipv6Addresses", "Ipv6AddressCount"]) {
        i.ipv6_addresses = f.unknown(reason.clone());
    }
    if silent(&["ImageId"]) {
        i.os_type = f.unknown(reason.clone());
        i.os_name = f.unknown(reason.clone());
        i.image = f.unknown(reason.clone());
    }
    let texts = [
        ("RamRoleName", &mut i.ram_role),
        ("KeyPairName", &mut i.key_pair),
        ("HttpTokens", &mut i.metadata_tokens),
        ("InstanceChargeType", &mut i.charge_type),
    ];
    leave_open(f, reason, texts);
    let flags = [
        ("HttpEndpoint", &mut i.metadata_endpoint),
        ("DeletionProtection", &mut i.deletion_protection),
        ("SpotStrategy", &mut i.spot),
        ("SecurityEnhancementStrategy", &mut i.security_enhancement),
        ("UserData", &mut i.user_data_has_access_key),
    ];
    leave_open(f, reason, flags);
}

/// Facts whose property is not set are unknown for the reason.
fn leave_open<T, const N: usize>(f: &Fields<'_>, reason: &Reason, facts: [(&str, &mut Fact<T>); N]) {
    for (name, fact) in facts {
        if !f.has(name) {
            *fact = f.unknown(reason.clone());
        }
    }
}

/// What instances alone and in groups say alike.
fn fill(f: &Fields<'_>, i: &mut Instance) {
    let default = documented(INSTANCE);
    i.head.name = f.opt_text(if f.has("InstanceName") { "InstanceName" } else { "HostName" });
    i.zone = f.text("ZoneId");
    i.vswitch = f.link("VSwitchId");
    // A template may name the VPC alone; only with neither is it the classic network.
    i.network_type = match (&i.vswitch.state, f.has("VpcId")) {
        (State::Known(_), _) | (_, true) => f.known("vpc".into()),
        (State::Absent, false) => default.known("classic".into()),
        (State::Unknown(reason), false) => f.unknown(reason.clone()),
    };
    i.vpc = match i.network_type.value().map(Text::as_str) {
        Some("classic") => default.absent(),
        _ if f.has("VpcId") => f.link("VpcId"),
        _ => f.unknown(Reason::NotInEvidence),
    };
    i.private_ips = f.texts("PrivateIpAddress");
    internet_of(f, i);
    i.eip = default.absent();
    i.ipv6_addresses = match f.has("Ipv6AddressCount") {
        true => f.unknown(Reason::NotInEvidence),
        false => f.texts("Ipv6Addresses"),
    };
    i.security_groups = both_links(one_link(f.link("SecurityGroupId")), f.links("SecurityGroupIds"));
    i.secondary_interfaces = default.known(List::complete(vec![]));
    i.ram_role = if f.has("RamRoleName") { target(f.link::<Role>("RamRoleName")) } else { default.absent() };
    i.key_pair = if f.has("KeyPairName") { target(f.link::<KeyPair>("KeyPairName")) } else { default.absent() };
    let image = f.text("ImageId");
    i.os_type = os_of_image(&image);
    i.os_name = image;
    i.image = f.link("ImageId");
    i.metadata_tokens = lower(f.text_or("HttpTokens", "optional", INSTANCE));
    i.metadata_endpoint = f.flag_or("HttpEndpoint", &["enabled"], &["disabled"], true, INSTANCE);
    i.deletion_protection = f.bool_or("DeletionProtection", false, INSTANCE);
    i.charge_type = lower(f.text_or("InstanceChargeType", "PostPaid", INSTANCE));
    i.spot = f.flag_or("SpotStrategy", &["SpotWithPriceLimit", "SpotAsPriceGo"], &["NoSpot", ""], false, INSTANCE);
    i.security_enhancement = f.flag("SecurityEnhancementStrategy", &["Active"], &["Deactive"]);
    i.user_data_has_access_key = ask_script(f.opt_text("UserData"), holds_access_key);
}

/// The public address. A bandwidth of 0 or `AllocatePublicIP: false` makes none. What happens when a template says
/// neither is stated in two ways (no address unless asked for; a default bandwidth of 1): then nobody can tell.
fn internet_of(f: &Fields<'_>, i: &mut Instance) {
    let asked = f.bool("AllocatePublicIP");
    let bandwidth = f.int("InternetMaxBandwidthOut");
    i.internet_bandwidth_out = match (asked.value(), bandwidth.value()) {
        (Some(false), None | Some(0)) => asked.map(|_| 0),
        (Some(true), None) if !f.has("InternetMaxBandwidthOut") => documented(INSTANCE).known(1),
        (Some(false), Some(_)) => f.unknown(Reason::not_understood("a bandwidth with `AllocatePublicIP` false")),
        _ => bandwidth,
    };
    i.public_ips = match i.internet_bandwidth_out.value() {
        Some(0) => Fact::known(List::complete(vec![]), i.internet_bandwidth_out.origin.clone()),
        _ => f.unknown(Reason::NotInEvidence),
    };
}

/// What a template says of the disk from which its instances start.
struct SystemDisk {
    encrypted: Fact<bool>,
    key: Fact<Text>,
    snapshots: Fact<Link<AutoSnapshotPolicy>>,
    category: Fact<Text>,
}

/// Disks that are made with an instance.
fn instance_disks(f: &Fields<'_>, sink: &mut Sink<'_>, system: SystemDisk) {
    let owner = f.known(Link::address(&sink.around.set, &sink.around.address));
    const TEMPLATE: template_disks::Names = template_disks::Names {
        id: "LaunchTemplateId",
        name: "LaunchTemplateName",
        version: "LaunchTemplateVersion",
        own: "DiskMappings",
        system: "SystemDisk",
    };
    template_disks::inherit(f, sink, &TEMPLATE, &owner);
    sink.part("SystemDisk", |sink| {
        sink.put(f, f.unknown(Reason::NotInEvidence), |d: &mut Disk| {
            d.use_as = f.known("system".into());
            d.kms_key = system.key;
            d.encrypted = system.encrypted;
            d.category = system.category;
            d.size = f.int("SystemDiskSize");
            d.status = f.known("in-use".into());
            d.zone = f.text("ZoneId");
            d.auto_snapshot_policy = system.snapshots;
            d.source_snapshot = f.absent();
            d.instance = owner.clone();
        });
    });
    for (at, disk) in f.each("DiskMappings").into_iter().enumerate() {
        sink.part(&format!("DiskMappings[{at}]"), |sink| {
            sink.put(&disk, disk.unknown(Reason::NotInEvidence), |d: &mut Disk| {
                d.head.name = disk.opt_text("DiskName");
                d.use_as = disk.known("data".into());
                d.source_snapshot = disk.link("SnapshotId");
                d.encrypted = encrypted(&disk, INSTANCE);
                d.kms_key = named(&disk, "KMSKeyId");
                d.category = disk.text_or("Category", "cloud_efficiency", INSTANCE);
                d.size = disk.int("Size");
                d.status = disk.known("in-use".into());
                d.zone = f.text("ZoneId");
                d.auto_snapshot_policy = disk.link("AutoSnapshotPolicyId");
                d.instance = owner.clone();
            });
        });
    }
}

/// Whether a disk is encrypted; one made from a snapshot inherits that, so silence says nothing then.
fn encrypted(f: &Fields<'_>, page: &str) -> Fact<bool> {
    if !f.has("Encrypted") && f.has("SnapshotId") {
        return f.unknown(Reason::NotInEvidence);
    }
    f.bool_or("Encrypted", false, page)
}

fn disk(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let default = documented(DISK);
    sink.put(f, f.text("DiskId"), |d: &mut Disk| {
        d.head.name = f.opt_text("DiskName");
        d.use_as = f.known("data".into());
        d.category = f.text_or("DiskCategory", "cloud", DISK);
        d.source_snapshot = f.link("SnapshotId");
        d.encrypted = encrypted(f, DISK);
        d.kms_key = named(f, "KMSKeyId");
        d.size = f.int("Size");
        d.zone = f.text("ZoneId");
        // The page of the type names no default, that of `DiskAttachment` names true: silence says nothing.
        d.delete_auto_snapshots = f.bool("DeleteAutoSnapshot");
        d.auto_snapshot_policy =
            if f.has("AutoSnapshotPolicyId") { f.link("AutoSnapshotPolicyId") } else { default.absent() };
        // An attachment speaks instead of these defaults.
        d.instance = if f.has("InstanceId") { f.link("InstanceId") } else { default.absent() };
        d.status = if f.has("InstanceId") { f.known("in-use".into()) } else { default.known("available".into()) };
    });
}

fn disk_attachment(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.on(&f.link("DiskId"), |d: &mut Disk| {
        d.instance = f.link("InstanceId");
        d.status = f.known("in-use".into());
        if f.has("DeleteAutoSnapshot") {
            d.delete_auto_snapshots = f.bool("DeleteAutoSnapshot");
        }
    });
}

fn interface(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let default = documented("ROS ALIYUN::ECS::NetworkInterface");
    sink.put(f, f.text("NetworkInterfaceId"), |n: &mut NetworkInterface| {
        n.head.name = f.opt_text("NetworkInterfaceName");
        n.use_as = f.known("secondary".into());
        n.vswitch = f.link("VSwitchId");
        n.vpc = f.unknown(Reason::NotInEvidence);
        n.security_groups = both_links(one_link(f.link("SecurityGroupId")), f.links("SecurityGroupIds"));
        n.primary_ip = f.text(if f.has("PrimaryIpAddress") { "PrimaryIpAddress" } else { "PrivateIpAddress" });
        n.service_managed = f.known(false);
        // An attachment or address association speaks instead of these defaults.
        n.instance = default.absent();
        n.public_ips = default.known(List::complete(vec![]));
    });
}

fn interface_attachment(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let interface = f.link::<NetworkInterface>("NetworkInterfaceId");
    sink.on(&interface, |n: &mut NetworkInterface| n.instance = f.link("InstanceId"));
    let (items, more) = one_item(interface);
    sink.append(&f.link("InstanceId"), |i: &mut Instance| &mut i.secondary_interfaces, items, more);
}

/// Gives instances a role. Source: ROS documentation, `ALIYUN::ECS::RamRoleAttachment`.
fn role_attachment(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let role = f.text("RamRoleName");
    on_each(sink, f.links("InstanceIds"), |i: &mut Instance| i.ram_role = role.clone());
}

fn key_pair(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("KeyPairName"), |k: &mut KeyPair| k.head.name = f.text("KeyPairName"));
}

/// Lets a key log on to instances. Source: ROS documentation, `ALIYUN::ECS::SSHKeyPairAttachment`.
fn key_pair_attachment(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let pair = target(f.link::<KeyPair>("KeyPairName"));
    on_each(sink, f.links("InstanceIds"), |i: &mut Instance| i.key_pair = pair.clone());
}

/// Shares an image with accounts or with everyone. Source: ROS documentation, `ALIYUN::ECS::ImageSharePermission`.
fn image_share(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let image = f.link::<Image>("ImageId");
    if f.has("IsPublic") {
        sink.on(&image, |i: &mut Image| i.public = f.bool("IsPublic"));
    }
    sink.extend(&image, |i: &mut Image| &mut i.shared_with, f.opt_texts("Accounts"));
}
