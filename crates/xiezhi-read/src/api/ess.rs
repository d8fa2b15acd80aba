//! Auto Scaling answers.

use xiezhi_model::List;
use xiezhi_model::service::ess::{ScalingConfiguration, ScalingGroup};

use super::Call;
use super::ecs::disks;
use crate::fields::Fields;
use crate::sink::Sink;
use crate::variables::{ask_script, holds_access_key};
use crate::words::{both_links, lower, members, one_link, values};

/// The calls of Auto Scaling.
pub const CALLS: &[Call] = &[
    Call::listing("ess", "DescribeScalingGroups", "ScalingGroups", ScalingGroup::SCHEMA, scaling_group),
    Call::listing(
        "ess",
        "DescribeScalingConfigurations",
        "ScalingConfigurations",
        ScalingConfiguration::SCHEMA,
        configuration,
    ),
];

fn scaling_group(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("ScalingGroupId"), |g: &mut ScalingGroup| {
        g.head.name = f.opt_text("ScalingGroupName");
        g.vswitches = both_links(one_link(f.link("VSwitchId")), f.links("VSwitchIds"));
        g.health_check = lower(f.text_or("HealthCheckType", "ECS", "ESS CreateScalingGroup"));
        let (mut items, mut more) = members(f.opt_texts("LoadBalancerIds"));
        for (list, id) in [
            ("AlbServerGroups", "AlbServerGroupId"),
            ("ServerGroups", "ServerGroupId"),
            ("VServerGroups", "LoadBalancerId"),
        ] {
            let (ids, open) = members(f.opt_records(list, |s| s.text(id)).map(values));
            items.extend(ids);
            more = more.or(open);
        }
        g.load_balancers = f.known(List { items, more });
        g.configuration = f.link("ActiveScalingConfigurationId");
        g.cooldown = f.int("DefaultCooldown");
    });
}

fn configuration(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("ScalingConfigurationId"), |c: &mut ScalingConfiguration| {
        c.head.name = f.opt_text("ScalingConfigurationName");
        c.scaling_group = f.parent("ScalingGroupId");
        c.security_groups = both_links(one_link(f.link("SecurityGroupId")), f.links("SecurityGroupIds"));
        c.internet_bandwidth_out = f.int("InternetMaxBandwidthOut");
        c.data_disks = disks(f, "DataDisks");
        c.system_disk_encrypted =
            f.bool(if f.has("SystemDisk.Encrypted") { "SystemDisk.Encrypted" } else { "SystemDiskEncrypted" });
        c.system_disk_kms_key = f.opt_text("SystemDiskKMSKeyId");
        c.image = f.link("ImageId");
        c.ram_role = f.opt_text("RamRoleName");
        c.key_pair = f.opt_text("KeyPairName");
        c.metadata_tokens = lower(f.opt_text("HttpTokens"));
        c.user_data_has_access_key = ask_script(f.opt_text("UserData"), holds_access_key);
    });
}
