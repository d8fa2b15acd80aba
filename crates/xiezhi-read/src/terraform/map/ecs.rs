//! ECS in Terraform. Source: terraform-provider-alicloud, `website/docs/r/{instance,ecs_*,image*}; security groups stand in a file of their own`.

use xiezhi_model::service::ecs::{
    AutoSnapshotPolicy, Command, Disk, Image, Instance, KeyPair, LaunchTemplate, NetworkInterface, RegionSettings,
    Snapshot, TemplateDisk,
};
use xiezhi_model::service::ram::Role;
use xiezhi_model::{Fact, Link, List, Reason, Resource, State, Text};

use crate::fields::{Fields, documented};
use crate::keys::named;
use crate::secret::contains_credential;
use crate::sink::Sink;
use crate::template_disks;
use crate::terraform::Block;
use crate::variables::{ask_script, holds_access_key};
use crate::words::{both_links, kebab, lower, on_each, one_item, one_link, target, values};

/// The resource types of ECS.
pub const BLOCKS: &[Block] = &[
    Block { name: "alicloud_instance", kind: Some(Instance::SCHEMA), read: instance },
    Block { name: "alicloud_ecs_ram_role_attachment", kind: None, read: role_attachment },
    Block { name: "alicloud_ram_role_attachment", kind: None, read: role_attachment },
    Block { name: "alicloud_ecs_key_pair_attachment", kind: None, read: key_pair_attachment },
    Block { name: "alicloud_key_pair_attachment", kind: None, read: key_pair_attachment },
    Block { name: "alicloud_ecs_disk", kind: Some(Disk::SCHEMA), read: disk },
    Block { name: "alicloud_disk", kind: Some(Disk::SCHEMA), read: disk },
    Block { name: "alicloud_ecs_disk_attachment", kind: None, read: disk_attachment },
    Block { name: "alicloud_disk_attachment", kind: None, read: disk_attachment },
    Block { name: "alicloud_ecs_auto_snapshot_policy", kind: Some(AutoSnapshotPolicy::SCHEMA), read: snapshot_policy },
    Block { name: "alicloud_snapshot_policy", kind: Some(AutoSnapshotPolicy::SCHEMA), read: snapshot_policy },
    Block { name: "alicloud_ecs_auto_snapshot_policy_attachment", kind: None, read: snapshot_policy_attachment },
    Block { name: "alicloud_ecs_snapshot", kind: Some(Snapshot::SCHEMA), read: snapshot },
    Block { name: "alicloud_snapshot", kind: Some(Snapshot::SCHEMA), read: snapshot },
    Block { name: "alicloud_image", kind: Some(Image::SCHEMA), read: image },
    Block { name: "alicloud_image_copy", kind: Some(Image::SCHEMA), read: image_copy },
    Block { name: "alicloud_ecs_image_copy", kind: Some(Image::SCHEMA), read: image_copy },
    Block { name: "alicloud_image_share_permission", kind: None, read: image_share },
    Block { name: "alicloud_ecs_key_pair", kind: Some(KeyPair::SCHEMA), read: key_pair },
    Block { name: "alicloud_key_pair", kind: Some(KeyPair::SCHEMA), read: key_pair },
    Block { name: "alicloud_ecs_network_interface", kind: Some(NetworkInterface::SCHEMA), read: network_interface },
    Block { name: "alicloud_network_interface", kind: Some(NetworkInterface::SCHEMA), read: network_interface },
    Block { name: "alicloud_ecs_network_interface_attachment", kind: None, read: network_interface_attachment },
    Block { name: "alicloud_network_interface_attachment", kind: None, read: network_interface_attachment },
    Block { name: "alicloud_ecs_launch_template", kind: Some(LaunchTemplate::SCHEMA), read: launch_template },
    Block { name: "alicloud_launch_template", kind: Some(LaunchTemplate::SCHEMA), read: launch_template },
    Block { name: "alicloud_ecs_command", kind: Some(Command::SCHEMA), read: command },
    Block {
        name: "alicloud_ecs_disk_encryption_by_default",
        kind: Some(RegionSettings::SCHEMA),
        read: disk_encryption_by_default,
    },
    Block { name: "alicloud_ecs_disk_default_kms_key", kind: None, read: disk_default_key },
];

const INSTANCE: &str = "terraform-provider-alicloud r/instance";
const DISK: &str = "terraform-provider-alicloud r/ecs_disk";

/// The fact, unless a launch template may say it and the block does not.
fn unless_template<T>(f: &Fields<'_>, path: &str, fact: Fact<T>) -> Fact<T> {
    let template = f.has("launch_template_id") || f.has("launch_template_name");
    if template && !f.has(path) { f.unknown(Reason::NotInEvidence) } else { fact }
}

/// The family of the operating system by the name of a public image: `win2022_…`, `ubuntu_24_04_…`. A custom
/// image's id (`m-…`) says nothing. Source: ECS "Overview of public images".
pub(crate) fn os_of_image(image: &Fact<Text>) -> Fact<Text> {
    const LINUX: &[&str] = &[
        "aliyun",
        "alinux",
        "centos",
        "ubuntu",
        "debian",
        "suse",
        "sles",
        "opensuse",
        "rockylinux",
        "almalinux",
        "anolisos",
        "fedora",
        "redhat",
        "rhel",
        "freebsd",
        "coreos",
        "gentoo",
        "kylin",
        "uos",
    ];
    image.clone().try_map(|id| {
        let id = id.to_ascii_lowercase();
        if id.starts_with("win") {
            Ok(Text::from("windows"))
        } else if LINUX.iter().any(|name| id.starts_with(name)) {
            Ok(Text::from("linux"))
        } else {
            Err(Reason::NotInEvidence)
        }
    })
}

fn instance(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("id"), |i: &mut Instance| {
        i.head.name = f.opt_text(if f.has("instance_name") { "instance_name" } else { "host_name" });
        i.status = lower(f.text_or("status", "Running", INSTANCE));
        network_of(f, i);
        i.ram_role = unless_template(
            f,
            "role_name",
            if f.has("role_name") { target(f.link::<Role>("role_name")) } else { documented(INSTANCE).absent() },
        );
        i.key_pair = unless_template(
            f,
            "key_name",
            if f.has("key_name") { target(f.link::<KeyPair>("key_name")) } else { documented(INSTANCE).absent() },
        );
        let image = f.text("image_id");
        i.os_type = if f.has("os_type") { lower(f.text("os_type")) } else { os_of_image(&image) };
        i.os_name = if f.has("os_name") { f.text("os_name") } else { image };
        i.image = unless_template(f, "image_id", f.link("image_id"));
        i.metadata_tokens = unless_template(f, "http_tokens", lower(f.text_or("http_tokens", "optional", INSTANCE)));
        i.metadata_endpoint = unless_template(
            f,
            "http_endpoint",
            f.flag_or("http_endpoint", &["enabled"], &["disabled"], true, INSTANCE),
        );
        i.deletion_protection = f.bool_or("deletion_protection", false, INSTANCE);
        i.charge_type = lower(f.text_or("instance_charge_type", "PostPaid", INSTANCE));
        i.spot = f.flag_or("spot_strategy", &["SpotWithPriceLimit", "SpotAsPriceGo"], &["NoSpot", ""], false, INSTANCE);
        i.security_enhancement = f.flag("security_enhancement_strategy", &["Active"], &["Deactive"]);
        i.user_data_has_access_key =
            unless_template(f, "user_data", ask_script(f.opt_text("user_data"), holds_access_key));
    });
    instance_disks(f, sink);
}

fn network_of(f: &Fields<'_>, i: &mut Instance) {
    i.zone = f.text("availability_zone");
    i.vswitch = unless_template(f, "vswitch_id", f.link("vswitch_id"));
    i.network_type = if f.has("vswitch_id") {
        match &i.vswitch.state {
            State::Known(_) => f.known("vpc".into()),
            State::Absent => f.known("classic".into()),
            State::Unknown(reason) => f.unknown(reason.clone()),
        }
    } else if f.has("network_interfaces") {
        f.unknown(Reason::NotInEvidence)
    } else {
        unless_template(f, "vswitch_id", documented(INSTANCE).known("classic".into()))
    };
    i.vpc = if f.has("vpc_id") { f.link("vpc_id") } else { f.unknown(Reason::NotInEvidence) };
    i.private_ips = one_text(f, if f.has("primary_ip_address") { "primary_ip_address" } else { "private_ip" });
    i.ipv6_addresses = if f.has("ipv6_addresses") {
        f.opt_texts("ipv6_addresses")
    } else {
        match f.int_or("ipv6_address_count", 0, INSTANCE).state {
            State::Known(0) => documented(INSTANCE).known(List::complete(vec![])),
            State::Unknown(reason) => f.unknown(reason),
            State::Known(_) | State::Absent => f.unknown(Reason::NotInEvidence),
        }
    };
    i.internet_bandwidth_out =
        unless_template(f, "internet_max_bandwidth_out", f.int_or("internet_max_bandwidth_out", 0, INSTANCE));
    i.public_ips = if f.has("public_ip") {
        one_text(f, "public_ip")
    } else if i.internet_bandwidth_out.value() == Some(&0) {
        documented(INSTANCE).known(List::complete(vec![]))
    } else {
        f.unknown(Reason::NotInEvidence)
    };
    i.eip = documented(INSTANCE).absent();
    i.security_groups = unless_template(f, "security_groups", f.links("security_groups"));
    i.secondary_interfaces = if f.has("network_interfaces") {
        let mut at = 0_usize;
        f.opt_records("network_interfaces", |n| {
            let made_here = format!("network_interfaces[{at}]");
            at = at.saturating_add(1);
            match n.link::<NetworkInterface>("network_interface_id").value() {
                Some(link) => link.clone(),
                None => Link::address(n.set(), &made_here),
            }
        })
    } else {
        documented(INSTANCE).known(List::complete(vec![]))
    };
}

/// A list of the one text at a path; empty text is the empty list, missing is unknown.
fn one_text(f: &Fields<'_>, path: &str) -> Fact<List<Text>> {
    f.text(path).map(|text| List::complete(if text.is_empty() { vec![] } else { vec![text] }))
}

/// Disks that are made with an instance.
fn instance_disks(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let owner = own_link::<Instance>(f, sink);
    const TEMPLATE: template_disks::Names = template_disks::Names {
        id: "launch_template_id",
        name: "launch_template_name",
        version: "launch_template_version",
        own: "data_disks",
        system: "system_disk",
    };
    template_disks::inherit(f, sink, &TEMPLATE, &owner);
    sink.part("system_disk", |sink| {
        sink.put(f, f.text("system_disk_id"), |d: &mut Disk| {
            d.use_as = f.known("system".into());
            d.encrypted =
                unless_template(f, "system_disk_encrypted", f.bool_or("system_disk_encrypted", false, INSTANCE));
            d.kms_key = unless_template(f, "system_disk_kms_key_id", named(f, "system_disk_kms_key_id"));
            d.category = f.text("system_disk_category");
            d.size = f.int("system_disk_size");
            d.status = f.known("in-use".into());
            d.zone = f.text("availability_zone");
            let snapshots = "system_disk_auto_snapshot_policy_id";
            let policy = if f.has(snapshots) { f.link(snapshots) } else { documented(INSTANCE).absent() };
            d.auto_snapshot_policy = unless_template(f, snapshots, policy);
            d.delete_auto_snapshots = f.unknown(Reason::NotInEvidence);
            d.source_snapshot = f.absent();
            d.instance = owner.clone();
        });
    });
    for (at, disk) in f.each("data_disks").into_iter().enumerate() {
        sink.part(&format!("data_disks[{at}]"), |sink| {
            sink.put(&disk, disk.unknown(Reason::NotInEvidence), |d: &mut Disk| {
                d.head.name = disk.opt_text("name");
                d.use_as = disk.known("data".into());
                d.source_snapshot = disk.link("snapshot_id");
                d.encrypted = encrypted(&disk, INSTANCE);
                d.kms_key = named(&disk, "kms_key_id");
                d.category = disk.text_or("category", "cloud_efficiency", INSTANCE);
                d.size = disk.int("size");
                d.status = disk.known("in-use".into());
                d.zone = f.text("availability_zone");
                d.auto_snapshot_policy = if disk.has("auto_snapshot_policy_id") {
                    disk.link("auto_snapshot_policy_id")
                } else {
                    documented(INSTANCE).absent()
                };
                d.delete_auto_snapshots = disk.unknown(Reason::NotInEvidence);
                d.instance = owner.clone();
            });
        });
    }
}

/// The link to the resource that a block is, for its parts.
pub(crate) fn own_link<R: Resource>(f: &Fields<'_>, sink: &Sink<'_>) -> Fact<Link<R>> {
    match f.text("id").value() {
        Some(id) => f.known(Link::id(id.clone())),
        None if !sink.around.address.is_empty() => f.known(Link::address(&sink.around.set, &sink.around.address)),
        None => f.unknown(Reason::NotInEvidence),
    }
}

/// Whether a disk is encrypted; one made from a snapshot inherits that, so a silent block says nothing then.
pub(crate) fn encrypted(f: &Fields<'_>, page: &str) -> Fact<bool> {
    if !f.has("encrypted") && f.has("snapshot_id") {
        return f.unknown(Reason::NotInEvidence);
    }
    f.bool_or("encrypted", false, page)
}

fn role_attachment(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let role = target(f.parent::<Role>(if f.has("ram_role_name") { "ram_role_name" } else { "role_name" }));
    for_instances(f, sink, |i| i.ram_role = role.clone());
}

fn key_pair_attachment(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let pair = target(f.link::<KeyPair>(if f.has("key_pair_name") { "key_pair_name" } else { "key_name" }));
    for_instances(f, sink, |i| i.key_pair = pair.clone());
}

/// Says facts of each instance in `instance_ids` or `instance_id`.
fn for_instances(f: &Fields<'_>, sink: &mut Sink<'_>, change: impl Fn(&mut Instance)) {
    let several = if f.has("instance_ids") { f.links("instance_ids") } else { one_link(f.link("instance_id")) };
    on_each(sink, several, change);
}

fn disk(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("id"), |d: &mut Disk| {
        d.head.name = f.opt_text(if f.has("disk_name") { "disk_name" } else { "name" });
        d.use_as = f.known("data".into());
        d.category = f.text_or("category", "cloud_efficiency", DISK);
        d.source_snapshot = f.link("snapshot_id");
        d.encrypted = encrypted(f, DISK);
        d.kms_key = named(f, "kms_key_id");
        d.encryption_algorithm = f.opt_text("encrypt_algorithm");
        d.size = f.int("size");
        d.zone = f.text(if f.has("zone_id") { "zone_id" } else { "availability_zone" });
        d.delete_auto_snapshots = f.bool_or("delete_auto_snapshot", false, DISK);
        // An attachment block speaks instead of these defaults.
        d.instance = if f.has("instance_id") { f.link("instance_id") } else { documented(DISK).absent() };
        d.status = if f.has("status") {
            kebab(f.text("status"))
        } else if f.has("instance_id") {
            f.known("in-use".into())
        } else {
            documented(DISK).known("available".into())
        };
        d.auto_snapshot_policy = documented(DISK).absent();
    });
}

fn disk_attachment(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.on(&f.link("disk_id"), |d: &mut Disk| {
        d.instance = f.link("instance_id");
        d.status = f.known("in-use".into());
    });
}

fn snapshot_policy(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("id"), |p: &mut AutoSnapshotPolicy| {
        p.head.name = f.opt_text(if f.has("auto_snapshot_policy_name") { "auto_snapshot_policy_name" } else { "name" });
        p.retention_days = f.int("retention_days");
        p.time_points = f.texts("time_points");
        p.weekdays = f.texts("repeat_weekdays");
    });
}

fn snapshot_policy_attachment(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.on(&f.link("disk_id"), |d: &mut Disk| d.auto_snapshot_policy = f.link("auto_snapshot_policy_id"));
}

fn snapshot(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("id"), |s: &mut Snapshot| {
        s.head.name = f.opt_text(if f.has("snapshot_name") { "snapshot_name" } else { "name" });
        s.source_disk = f.link("disk_id");
        s.retention_days = f.opt_int("retention_days");
    });
}

fn image(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("id"), |i: &mut Image| {
        i.head.name = f.opt_text(if f.has("image_name") { "image_name" } else { "name" });
        i.owner = f.known("self".into());
        i.public = documented("ECS CreateImage: a custom image is private until it is published").known(false);
        i.shared_with = documented("terraform-provider-alicloud r/image").known(List::complete(vec![]));
        i.snapshots = held(f);
    });
}

/// The snapshots that an image is made of: one for the system disk, or one for each disk. An instance's snapshots are
/// taken when the image is made.
fn held(f: &Fields<'_>) -> Fact<List<Link<Snapshot>>> {
    if f.has("disk_device_mapping") {
        f.records("disk_device_mapping", |disk| disk.parent("snapshot_id")).map(values)
    } else if f.has("snapshot_id") {
        f.parent("snapshot_id").map(|snapshot| List::complete(vec![snapshot]))
    } else {
        f.unknown(Reason::NotInEvidence)
    }
}

/// A copy is encrypted when it is asked for; one that asks for nothing inherits. Source: r/image_copy.
fn image_copy(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("id"), |i: &mut Image| {
        i.head.name = f.opt_text(if f.has("image_name") { "image_name" } else { "name" });
        i.owner = f.known("self".into());
        i.public = documented("ECS CopyImage: a copy is a custom image, private until it is published").known(false);
        i.shared_with = documented("terraform-provider-alicloud r/image_copy").known(List::complete(vec![]));
        i.encrypted = f.bool("encrypted");
        i.kms_key = named(f, "kms_key_id");
    });
}

fn image_share(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let (items, more) = one_item(f.text("account_id"));
    sink.append(&f.link("image_id"), |i: &mut Image| &mut i.shared_with, items, more);
}

fn key_pair(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let name = f.opt_text(if f.has("key_pair_name") { "key_pair_name" } else { "key_name" });
    sink.put(f, if name.is_absent() { f.text("id") } else { name.clone() }, |k: &mut KeyPair| {
        k.head.name = name.clone();
        k.fingerprint = f.text("finger_print");
    });
}

fn network_interface(f: &Fields<'_>, sink: &mut Sink<'_>) {
    const PAGE: &str = "terraform-provider-alicloud r/ecs_network_interface";
    sink.put(f, f.text("id"), |n: &mut NetworkInterface| {
        n.head.name = f.opt_text(if f.has("network_interface_name") { "network_interface_name" } else { "name" });
        n.use_as = f.known("secondary".into());
        n.vswitch = f.link("vswitch_id");
        n.vpc = if f.has("vpc_id") { f.link("vpc_id") } else { f.unknown(Reason::NotInEvidence) };
        n.security_groups = f.links(if f.has("security_group_ids") { "security_group_ids" } else { "security_groups" });
        n.primary_ip = f.text(if f.has("primary_ip_address") { "primary_ip_address" } else { "private_ip" });
        n.private_ips = f.texts(if f.has("private_ip_addresses") { "private_ip_addresses" } else { "private_ips" });
        n.ipv6_addresses = f.opt_texts("ipv6_addresses");
        n.instance = documented(PAGE).absent();
        n.service_managed = f.known(false);
        n.public_ips = documented(PAGE).known(List::complete(vec![]));
        n.status = kebab(f.text("status"));
    });
}

fn network_interface_attachment(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let interface = f.link::<NetworkInterface>("network_interface_id");
    sink.on(&interface, |n: &mut NetworkInterface| n.instance = f.link("instance_id"));
    let (items, more) = one_item(interface);
    sink.append(&f.link("instance_id"), |i: &mut Instance| &mut i.secondary_interfaces, items, more);
}

/// The texts at a path inside each record of a list; one that cannot be read leaves the list open.
pub(crate) fn texts_of_records(f: &Fields<'_>, list: &str, path: &str) -> Fact<List<Text>> {
    f.opt_records(list, |record| record.text(path)).map(values)
}

fn launch_template(f: &Fields<'_>, sink: &mut Sink<'_>) {
    const PAGE: &str = "terraform-provider-alicloud r/ecs_launch_template";
    sink.put(f, f.text("id"), |t: &mut LaunchTemplate| {
        t.head.name = f.opt_text(if f.has("launch_template_name") { "launch_template_name" } else { "name" });
        t.network_type = lower(f.opt_text("network_type"));
        t.security_groups = both_links(one_link(f.link("security_group_id")), f.links("security_group_ids"));
        t.data_disks = template_disks(f, "data_disks", PAGE);
        t.system_disk_encrypted = if f.has("system_disk.encrypted") {
            f.bool("system_disk.encrypted")
        } else {
            documented("ECS CreateLaunchTemplate: disks are not encrypted unless asked").known(false)
        };
        t.image = f.link("image_id");
        t.ram_role = f.opt_text("ram_role_name");
        t.internet_bandwidth_out = f.opt_int("internet_max_bandwidth_out");
        t.metadata_tokens = lower(f.opt_text("http_tokens"));
        t.user_data_has_access_key =
            ask_script(f.opt_text(if f.has("user_data") { "user_data" } else { "userdata" }), holds_access_key);
    });
}

/// Disks of a template or scaling configuration.
pub(crate) fn template_disks(f: &Fields<'_>, list: &str, page: &str) -> Fact<List<TemplateDisk>> {
    f.opt_records(list, |d| TemplateDisk {
        encrypted: encrypted(&d, page),
        kms_key: named(&d, "kms_key_id"),
        source_snapshot: d.link("snapshot_id"),
    })
}

fn command(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("id"), |c: &mut Command| {
        c.head.name = f.opt_text("name");
        c.has_secret = ask_script(f.text("command_content"), contains_credential);
    });
}

fn disk_encryption_by_default(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("id"), |r: &mut RegionSettings| r.disk_encryption_by_default = f.bool("encrypted"));
}

fn disk_default_key(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let region = sink.around.region.clone().map(Link::id);
    sink.on(&region, |r: &mut RegionSettings| r.disk_default_kms_key = named(f, "kms_key_id"));
}
