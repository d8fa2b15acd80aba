//! ECS answers.

use xiezhi_model::service::ecs::{
    AutoSnapshotPolicy, Command, Disk, Image, Instance, KeyPair, LaunchTemplate, NetworkInterface, PortList,
    PrefixList, PublicIp, RegionSettings, Rule, SecurityGroup, Snapshot, TemplateDisk,
};
use xiezhi_model::{Fact, Link, List, State, Text};

use super::Call;
use crate::fields::Fields;
use crate::secret::contains_credential;
use crate::sink::Sink;
use crate::variables::{ask_script, holds_access_key};
use crate::words::{
    both_links, kebab, links_said, lower, members, one_link, port_text, ports, subject, target, time, values,
};

/// The calls of ECS.
pub const CALLS: &[Call] = &[
    Call::listing("ecs", "DescribeInstances", "Instances.Instance", Instance::SCHEMA, instance),
    Call::each("ecs", "DescribeInstanceRamRole", "InstanceRamRoleSets.InstanceRamRoleSet", ram_role),
    Call::answer("ecs", "DescribeUserData", user_data),
    Call::listing("ecs", "DescribeDisks", "Disks.Disk", Disk::SCHEMA, disk),
    Call::listing("ecs", "DescribeSnapshots", "Snapshots.Snapshot", Snapshot::SCHEMA, snapshot),
    Call::listing(
        "ecs",
        "DescribeAutoSnapshotPolicyEx",
        "AutoSnapshotPolicies.AutoSnapshotPolicy",
        AutoSnapshotPolicy::SCHEMA,
        snapshot_policy,
    ),
    Call::listing("ecs", "DescribeImages", "Images.Image", Image::SCHEMA, image),
    Call::answer("ecs", "DescribeImageSharePermission", image_share),
    Call::listing("ecs", "DescribeKeyPairs", "KeyPairs.KeyPair", KeyPair::SCHEMA, key_pair),
    Call::listing(
        "ecs",
        "DescribeNetworkInterfaces",
        "NetworkInterfaceSets.NetworkInterfaceSet",
        NetworkInterface::SCHEMA,
        network_interface,
    ),
    Call::listing("ecs", "DescribeSecurityGroups", "SecurityGroups.SecurityGroup", SecurityGroup::SCHEMA, group),
    Call::answer("ecs", "DescribeSecurityGroupAttribute", group_attribute),
    Call::listing("ecs", "DescribePrefixLists", "PrefixLists.PrefixList", PrefixList::SCHEMA, prefix_list),
    Call::answer("ecs", "DescribePrefixListAttributes", prefix_list_attributes),
    Call::listing("ecs", "DescribePortRangeLists", "PortRangeLists", PortList::SCHEMA, port_list),
    Call::answer("ecs", "DescribePortRangeListEntries", port_list_entries),
    Call::listing(
        "ecs",
        "DescribeLaunchTemplates",
        "LaunchTemplateSets.LaunchTemplateSet",
        LaunchTemplate::SCHEMA,
        launch_template,
    ),
    Call::each(
        "ecs",
        "DescribeLaunchTemplateVersions",
        "LaunchTemplateVersionSets.LaunchTemplateVersionSet",
        launch_template_version,
    ),
    Call::listing("ecs", "DescribeCommands", "Commands.Command", Command::SCHEMA, command),
    Call {
        product: "ecs",
        action: "DescribeDiskEncryptionByDefaultStatus",
        list: "",
        lists: Some(RegionSettings::SCHEMA),
        read: disk_encryption_by_default,
    },
    Call::answer("ecs", "DescribeDiskDefaultKMSKeyId", disk_default_key),
];

/// What ECS documents for a metadata option that an answer leaves empty.
const METADATA: &str = "ECS DescribeInstances MetadataOptions: optional and enabled unless set";

fn instance(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("InstanceId"), |i: &mut Instance| {
        i.head.name = f.opt_text("InstanceName");
        if f.has("RegionId") {
            i.head.region = f.text("RegionId");
        }
        i.status = lower(f.text("Status"));
        i.network_type = lower(f.text("InstanceNetworkType"));
        i.vpc = f.link("VpcAttributes.VpcId");
        i.vswitch = f.link("VpcAttributes.VSwitchId");
        i.zone = f.text("ZoneId");
        let private = "VpcAttributes.PrivateIpAddress.IpAddress";
        i.private_ips = if f.has(private) { f.texts(private) } else { f.texts("InnerIpAddress.IpAddress") };
        i.public_ips = f.texts("PublicIpAddress.IpAddress");
        i.eip = f.link("EipAddress.AllocationId");
        i.internet_bandwidth_out = f.int("InternetMaxBandwidthOut");
        i.security_groups = links_said(f, "SecurityGroupIds.SecurityGroupId");
        i.secondary_interfaces = f
            .records("NetworkInterfaces.NetworkInterface", |n| {
                let primary = n.plain("Type").is_some_and(|kind| kind.eq_ignore_ascii_case("primary"));
                if primary { n.absent() } else { n.link("NetworkInterfaceId") }
            })
            .map(values);
        i.key_pair = f.opt_text("KeyPairName");
        i.os_type = lower(f.text("OSType"));
        i.os_name = f.text(if f.has("OSNameEn") { "OSNameEn" } else { "OSName" });
        i.image = f.link("ImageId");
        i.metadata_tokens = lower(f.text_or("MetadataOptions.HttpTokens", "optional", METADATA));
        i.metadata_endpoint =
            f.flag_or("MetadataOptions.HttpEndpoint", &["enabled", ""], &["disabled"], true, METADATA);
        i.deletion_protection = f.bool("DeletionProtection");
        i.charge_type = lower(f.text("InstanceChargeType"));
        i.spot = f.flag("SpotStrategy", &["SpotWithPriceLimit", "SpotAsPriceGo"], &["NoSpot", ""]);
        i.expires = time(f.opt_text("ExpiredTime"));
        i.created = time(f.text("CreationTime"));
    });
}

fn ram_role(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.on(&f.link("InstanceId"), |i: &mut Instance| i.ram_role = f.opt_text("RamRoleName"));
}

fn user_data(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let of = subject(f, sink, "InstanceId");
    sink.on(&of, |i: &mut Instance| {
        i.user_data_has_access_key = ask_script(f.opt_text("UserData"), holds_access_key);
    });
}

fn disk(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("DiskId"), |d: &mut Disk| {
        d.head.name = f.opt_text("DiskName");
        d.use_as = lower(f.text("Type"));
        d.category = lower(f.text("Category"));
        d.encrypted = f.bool("Encrypted");
        d.kms_key = f.opt_text("KMSKeyId");
        d.status = kebab(f.text("Status"));
        d.instance = f.link("InstanceId");
        d.auto_snapshot_policy = f.link("AutoSnapshotPolicyId");
        d.delete_auto_snapshots = f.bool("DeleteAutoSnapshot");
        d.source_snapshot = f.link("SourceSnapshotId");
        d.size = f.int("Size");
        d.zone = f.text("ZoneId");
    });
}

fn snapshot(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("SnapshotId"), |s: &mut Snapshot| {
        s.head.name = f.opt_text("SnapshotName");
        s.encrypted = f.bool("Encrypted");
        s.kms_key = f.opt_text("KMSKeyId");
        s.source_disk = f.link("SourceDiskId");
        s.retention_days = f.opt_int("RetentionDays");
        s.created = time(f.text("CreationTime"));
    });
}

/// Lists that an answer writes as JSON in a text: `["1","7"]`.
fn json_texts(fact: Fact<Text>) -> Fact<List<Text>> {
    fact.map(|text| {
        let inner = text.trim().trim_start_matches('[').trim_end_matches(']');
        let parts = inner.split(',').map(|part| part.trim().trim_matches('"')).filter(|part| !part.is_empty());
        List::complete(parts.map(Text::from).collect())
    })
}

fn snapshot_policy(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("AutoSnapshotPolicyId"), |p: &mut AutoSnapshotPolicy| {
        p.head.name = f.opt_text("AutoSnapshotPolicyName");
        p.retention_days = f.int("RetentionDays");
        p.time_points = json_texts(f.text("TimePoints"));
        p.weekdays = json_texts(f.text("RepeatWeekdays"));
    });
}

fn image(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("ImageId"), |i: &mut Image| {
        i.head.name = f.opt_text("ImageName");
        i.public = f.bool("IsPublic");
        i.owner = lower(f.text("ImageOwnerAlias"));
        i.os_name = f.text("OSName");
        let disks = f.records("DiskDeviceMappings.DiskDeviceMapping", |disk| disk.parent("SnapshotId"));
        i.snapshots = disks.map(values);
    });
}

fn image_share(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let of = subject(f, sink, "ImageId");
    let (items, more) = members(f.opt_records("Accounts.Account", |a| a.text("AliyunId")).map(values));
    sink.append(&of, |i: &mut Image| &mut i.shared_with, items, more);
}

fn key_pair(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("KeyPairName"), |k: &mut KeyPair| {
        k.head.name = f.text("KeyPairName");
        k.fingerprint = f.text("KeyPairFingerPrint");
        k.created = time(f.text("CreationTime"));
    });
}

fn network_interface(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("NetworkInterfaceId"), |n: &mut NetworkInterface| {
        n.head.name = f.opt_text("NetworkInterfaceName");
        n.use_as = lower(f.text("Type"));
        n.instance = f.link("InstanceId");
        n.vpc = f.link("VpcId");
        n.vswitch = f.link("VSwitchId");
        n.security_groups = links_said(f, "SecurityGroupIds.SecurityGroupId");
        n.primary_ip = f.text("PrivateIpAddress");
        n.private_ips = f.records("PrivateIpSets.PrivateIpSet", |p| p.text("PrivateIpAddress")).map(values);
        n.ipv6_addresses = f.opt_records("Ipv6Sets.Ipv6Set", |p| p.text("Ipv6Address")).map(values);
        n.public_ips = f
            .records("PrivateIpSets.PrivateIpSet", |p| {
                let public = p.opt_text("AssociatedPublicIp.PublicIpAddress");
                public.map(|_| PublicIp {
                    public: p.text("AssociatedPublicIp.PublicIpAddress"),
                    private: p.text("PrivateIpAddress"),
                    eip: p.link("AssociatedPublicIp.AllocationId"),
                })
            })
            .map(values);
        n.service_managed = f.bool("ServiceManaged");
        n.status = kebab(f.text("Status"));
    });
}

fn group(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("SecurityGroupId"), |g: &mut SecurityGroup| {
        g.head.name = f.opt_text("SecurityGroupName");
        g.group_type = lower(f.text("SecurityGroupType"));
        g.vpc = f.link("VpcId");
        g.service_managed = f.bool_or("ServiceManaged", false, "ECS DescribeSecurityGroups");
    });
}

fn group_attribute(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let of: Fact<Link<SecurityGroup>> = subject(f, sink, "SecurityGroupId");
    sink.on(&of, |g: &mut SecurityGroup| {
        if f.has("SecurityGroupName") {
            g.head.name = f.opt_text("SecurityGroupName");
        }
        g.vpc = if f.has("VpcId") { f.link("VpcId") } else { f.unknown(xiezhi_model::Reason::NotInEvidence) };
        g.inner_access = lower(f.text("InnerAccessPolicy"));
    });
    if f.has("Permissions") {
        let (items, more) = members(f.opt_records("Permissions.Permission", |p| rule(&p)));
        sink.append(&of, |g: &mut SecurityGroup| &mut g.rules, items, more);
    }
}

/// One rule. The far side of an egress rule is its destination, its own side the source. Source: ECS
/// DescribeSecurityGroupAttribute. ENS writes its rules in the same words.
pub(crate) fn rule(p: &Fields<'_>) -> Rule {
    const PAGE: &str = "ECS AuthorizeSecurityGroup";
    let direction = lower(p.text("Direction"));
    let protocol = lower(p.text("IpProtocol"));
    let egress = direction.value().is_some_and(|way| way == "egress");
    let (far, own) = if egress { ("Dest", "Source") } else { ("Source", "Dest") };
    let own_v4 = p.opt_text(&format!("{own}CidrIp"));
    let own_v6 = p.opt_text(&format!("Ipv6{own}CidrIp"));
    Rule {
        id: p.opt_text("SecurityGroupRuleId"),
        policy: lower(p.text_or("Policy", "accept", PAGE)),
        priority: p.int_or("Priority", 1, PAGE),
        ports: ports(p.opt_text("PortRange"), &protocol),
        port_list: p.link("PortRangeListId"),
        source_ports: whole_range(port_text(p.opt_text("SourcePortRange"))),
        cidr: p.opt_text(&format!("{far}CidrIp")),
        ipv6_cidr: p.opt_text(&format!("Ipv6{far}CidrIp")),
        group: p.link(&format!("{far}GroupId")),
        group_account: p.opt_text(&format!("{far}GroupOwnerAccount")),
        prefix_list: p.link(&format!("{far}PrefixListId")),
        own_cidr: if own_v4.is_absent() { own_v6 } else { own_v4 },
        nic_type: lower(p.opt_text("NicType")),
        direction,
        protocol,
    }
}

/// Source ports that are every port restrict nothing: absent.
fn whole_range(
    fact: Fact<List<xiezhi_model::service::port::PortRange>>,
) -> Fact<List<xiezhi_model::service::port::PortRange>> {
    let every = fact.value().is_some_and(|list| {
        list.items.iter().any(|range| range.first.value() == Some(&1) && range.last.value() == Some(&65535))
    });
    if every { Fact::absent(fact.origin) } else { fact }
}

fn prefix_list(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("PrefixListId"), |p: &mut PrefixList| {
        p.head.name = f.opt_text("PrefixListName");
        p.family = lower(f.text("AddressFamily"));
    });
}

fn prefix_list_attributes(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let of = subject(f, sink, "PrefixListId");
    sink.on(&of, |p: &mut PrefixList| p.entries = f.records("Entries.Entry", |e| e.text("Cidr")).map(values));
}

fn port_list(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("PortRangeListId"), |p: &mut PortList| p.head.name = f.opt_text("PortRangeListName"));
}

fn port_list_entries(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let of = subject(f, sink, "PortRangeListId");
    let entries = f.records("Entries", |e| port_text(e.text("PortRange"))).map(values).map(|lists| {
        let mut all = List { items: vec![], more: lists.more };
        for list in lists.items {
            all.items.extend(list.items);
        }
        all
    });
    sink.on(&of, |p: &mut PortList| p.entries = entries);
}

fn launch_template(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("LaunchTemplateId"), |t: &mut LaunchTemplate| t.head.name = f.opt_text("LaunchTemplateName"));
}

/// Only the default version counts: it is the one used when nobody names another.
fn launch_template_version(f: &Fields<'_>, sink: &mut Sink<'_>) {
    if f.bool("DefaultVersion").value() != Some(&true) {
        return;
    }
    let Some(d) = f.sub("LaunchTemplateData") else { return };
    sink.on(&f.link("LaunchTemplateId"), |t: &mut LaunchTemplate| {
        t.network_type = lower(d.opt_text("NetworkType"));
        t.security_groups =
            both_links(one_link(d.link("SecurityGroupId")), d.links("SecurityGroupIds.SecurityGroupId"));
        t.data_disks = disks(&d, "DataDisks.DataDisk");
        t.system_disk_encrypted = d.bool("SystemDisk.Encrypted");
        t.image = d.link("ImageId");
        t.ram_role = d.opt_text("RamRoleName");
        t.internet_bandwidth_out = d.opt_int("InternetMaxBandwidthOut");
        t.metadata_tokens = lower(d.opt_text("HttpTokens"));
        t.user_data_has_access_key = ask_script(d.opt_text("UserData"), holds_access_key);
    });
}

/// Disks of a template or scaling configuration; an answer without the switch means not encrypted, but for a disk
/// made from a snapshot.
pub(crate) fn disks(f: &Fields<'_>, list: &str) -> Fact<List<TemplateDisk>> {
    f.opt_records(list, |d| {
        let snapshot = d.link("SnapshotId");
        TemplateDisk {
            encrypted: match (&snapshot.state, d.has("Encrypted")) {
                (State::Absent, false) => d.bool_or("Encrypted", false, "ECS CreateLaunchTemplate"),
                _ => d.bool("Encrypted"),
            },
            kms_key: target(d.link::<Disk>("KMSKeyId")),
            source_snapshot: snapshot,
        }
    })
}

fn command(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("CommandId"), |c: &mut Command| {
        c.head.name = f.opt_text("Name");
        c.has_secret = ask_script(f.text("CommandContent"), contains_credential);
    });
}

fn disk_encryption_by_default(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let region = sink.around.region.clone();
    sink.put(f, region, |r: &mut RegionSettings| r.disk_encryption_by_default = f.bool("Encrypted"));
}

fn disk_default_key(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let region = sink.around.region.clone().map(Link::id);
    sink.on(&region, |r: &mut RegionSettings| r.disk_default_kms_key = f.opt_text("KMSKeyId"));
}
