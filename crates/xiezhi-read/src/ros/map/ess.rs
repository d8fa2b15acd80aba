//! Auto Scaling, container groups, launch templates and snapshot policies in ROS templates. Source: ROS documentation,
//! `ALIYUN::ESS::*`, `ALIYUN::ECI::ContainerGroup`, `ALIYUN::ECS::{LaunchTemplate,AutoSnapshotPolicy,Command}`.

use xiezhi_model::service::eci::ContainerGroup;
use xiezhi_model::service::ecs::{AutoSnapshotPolicy, Command, Disk, LaunchTemplate, TemplateDisk};
use xiezhi_model::service::ess::{ScalingConfiguration, ScalingGroup};
use xiezhi_model::{Fact, Link, List, Reason, State};

use crate::fields::{Fields, documented};
use crate::secret::contains_credential;
use crate::sink::Sink;
use crate::terraform::Block;
use crate::terraform::map::eci::variables;
use crate::terraform::map::ecs::texts_of_records;
use crate::variables::{ask_script, holds_access_key};
use crate::words::{both_links, lower, on_each, one_link, target};

/// The resource types read here.
pub const BLOCKS: &[Block] = &[
    Block { name: "ALIYUN::ESS::ScalingGroup", kind: Some(ScalingGroup::SCHEMA), read: scaling_group },
    Block { name: "ALIYUN::ESS::ScalingConfiguration", kind: Some(ScalingConfiguration::SCHEMA), read: configuration },
    Block { name: "ALIYUN::ECI::ContainerGroup", kind: Some(ContainerGroup::SCHEMA), read: container_group },
    Block { name: "ALIYUN::ECS::LaunchTemplate", kind: Some(LaunchTemplate::SCHEMA), read: launch_template },
    Block { name: "ALIYUN::ECS::AutoSnapshotPolicy", kind: Some(AutoSnapshotPolicy::SCHEMA), read: snapshot_policy },
    Block { name: "ALIYUN::ECS::Command", kind: Some(Command::SCHEMA), read: command },
];

fn scaling_group(f: &Fields<'_>, sink: &mut Sink<'_>) {
    const PAGE: &str = "ROS ALIYUN::ESS::ScalingGroup";
    sink.put(f, f.unknown(Reason::NotInEvidence), |g: &mut ScalingGroup| {
        g.head.name = f.opt_text("ScalingGroupName");
        g.vswitches = both_links(one_link(f.link("VSwitchId")), f.links("VSwitchIds"));
        g.health_check = lower(f.text_or("HealthCheckType", "ECS", PAGE));
        g.load_balancers = if f.has("LoadBalancerIds") {
            f.links::<ScalingGroup>("LoadBalancerIds").map(|links| List {
                items: links.items.into_iter().map(|link| link.target).collect(),
                more: links.more,
            })
        } else {
            documented(PAGE).known(List::complete(vec![]))
        };
        g.cooldown = f.int_or("DefaultCooldown", 300, PAGE);
    });
}

/// Disks under `DiskMappings`; one made from a snapshot inherits its encryption.
fn disks(f: &Fields<'_>, page: &str) -> Fact<List<TemplateDisk>> {
    f.opt_records("DiskMappings", |d| {
        let snapshot = d.link("SnapshotId");
        TemplateDisk {
            encrypted: match (&snapshot.state, d.has("Encrypted")) {
                (State::Absent, false) => documented(page).known(false),
                _ => d.bool("Encrypted"),
            },
            kms_key: target(d.link::<Disk>("KMSKeyId")),
            source_snapshot: snapshot,
        }
    })
}

fn configuration(f: &Fields<'_>, sink: &mut Sink<'_>) {
    const PAGE: &str = "ROS ALIYUN::ESS::ScalingConfiguration";
    sink.put(f, f.unknown(Reason::NotInEvidence), |c: &mut ScalingConfiguration| {
        c.head.name = f.opt_text("ScalingConfigurationName");
        c.scaling_group = f.link("ScalingGroupId");
        c.security_groups = both_links(one_link(f.link("SecurityGroupId")), f.links("SecurityGroupIds"));
        c.internet_bandwidth_out = f.int_or("InternetMaxBandwidthOut", 0, PAGE);
        c.data_disks = disks(f, PAGE);
        c.system_disk_encrypted = f.bool_or("SystemDiskEncrypted", false, PAGE);
        c.system_disk_kms_key = target(f.link::<Disk>("SystemDiskKMSKeyId"));
        c.image = f.link("ImageId");
        c.ram_role = f.opt_text("RamRoleName");
        c.key_pair = f.opt_text("KeyPairName");
        c.metadata_tokens = lower(f.opt_text("HttpTokens"));
        c.user_data_has_access_key = ask_script(f.opt_text("UserData"), holds_access_key);
    });
}

fn container_group(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.unknown(Reason::NotInEvidence), |g: &mut ContainerGroup| {
        g.head.name = f.opt_text("ContainerGroupName");
        g.security_group = f.link("SecurityGroupId");
        g.vswitch = f.link("VSwitchId");
        g.ram_role = f.opt_text("RamRoleName");
        g.images = texts_of_records(f, "Container", "Image");
        g.volumes = texts_of_records(f, "Volume", "Name");
        g.secret_variables = variables(f, &["Container", "InitContainer"], "EnvironmentVar", "Key", "Value");
    });
}

fn launch_template(f: &Fields<'_>, sink: &mut Sink<'_>) {
    const PAGE: &str = "ROS ALIYUN::ECS::LaunchTemplate";
    sink.put(f, f.unknown(Reason::NotInEvidence), |t: &mut LaunchTemplate| {
        t.head.name = f.opt_text("LaunchTemplateName");
        t.network_type = lower(f.opt_text("NetworkType"));
        t.security_groups = both_links(one_link(f.link("SecurityGroupId")), f.links("SecurityGroupIds"));
        t.data_disks = disks(f, PAGE);
        t.image = f.link("ImageId");
        t.ram_role = f.opt_text("RamRoleName");
        t.internet_bandwidth_out = f.opt_int("InternetMaxBandwidthOut");
        t.user_data_has_access_key = ask_script(f.opt_text("UserData"), holds_access_key);
    });
}

fn snapshot_policy(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.unknown(Reason::NotInEvidence), |p: &mut AutoSnapshotPolicy| {
        p.head.name = f.opt_text("AutoSnapshotPolicyName");
        p.retention_days = f.int("RetentionDays");
        p.time_points = f.texts("TimePoints");
        p.weekdays = f.texts("RepeatWeekdays");
    });
    // The policy may name the disks that it is for. Source: ROS documentation, `ALIYUN::ECS::AutoSnapshotPolicy`.
    let policy = f.known(Link::address(&sink.around.set, &sink.around.address));
    on_each(sink, f.links("DiskIds"), |d: &mut Disk| d.auto_snapshot_policy = policy.clone());
}

fn command(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.unknown(Reason::NotInEvidence), |c: &mut Command| {
        c.head.name = f.opt_text("Name");
        c.has_secret = ask_script(f.text("CommandContent"), contains_credential);
    });
}
