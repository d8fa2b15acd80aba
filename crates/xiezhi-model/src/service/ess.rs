//! Auto Scaling (ESS).

use crate::record::resource;
use crate::service::ecs::{Image, SecurityGroup, TemplateDisk};
use crate::service::vpc::VSwitch;
use crate::{Link, List, Text};

resource! {
    /// A scaling group.
    ScalingGroup = "ess.scaling-group", Regional {
        /// The vSwitches. Source: ESS DescribeScalingGroups `VSwitchIds`.
        vswitches: List<Link<VSwitch>>,
        /// How instances are judged healthy: `ecs`, `none`, `load_balancer` …. The default is `ecs`. Source: ESS CreateScalingGroup.
        health_check: Text,
        /// The ids (or `set#address`) of classic load balancers and of ALB and NLB server groups that instances join. Source: ESS DescribeScalingGroups `LoadBalancerIds`, `AlbServerGroups`, `ServerGroups`.
        load_balancers: List<Text>,
        /// The configuration in force; absent when there is none. Source: ESS DescribeScalingGroups `ActiveScalingConfigurationId`.
        configuration: Link<ScalingConfiguration>,
        /// Seconds between two scaling actions. Source: ESS DescribeScalingGroups `DefaultCooldown`.
        cooldown: i64,
    }
}

resource! {
    /// A scaling configuration: what new instances are like.
    ScalingConfiguration = "ess.scaling-configuration", Regional {
        /// The scaling group. Source: ESS DescribeScalingConfigurations `ScalingGroupId`.
        scaling_group: Link<ScalingGroup>,
        /// The security groups. Source: ESS DescribeScalingConfigurations `SecurityGroupId`, `SecurityGroupIds`.
        security_groups: List<Link<SecurityGroup>>,
        /// Outbound internet bandwidth in Mbit/s: above 0 gives a public address. Source: ESS DescribeScalingConfigurations `InternetMaxBandwidthOut`.
        internet_bandwidth_out: i64,
        /// The data disks. Source: ESS DescribeScalingConfigurations `DataDisks`.
        data_disks: List<TemplateDisk>,
        /// Whether the system disk is encrypted. Source: ESS DescribeScalingConfigurations `SystemDiskEncrypted`.
        system_disk_encrypted: bool,
        /// The KMS key of the system disk; absent when there is none. Source: ESS DescribeScalingConfigurations `SystemDiskKMSKeyId`.
        system_disk_kms_key: Text,
        /// The image. Source: ESS DescribeScalingConfigurations `ImageId`.
        image: Link<Image>,
        /// The instance RAM role; absent when there is none. Source: ESS DescribeScalingConfigurations `RamRoleName`.
        ram_role: Text,
        /// The key pair; absent when there is none. Source: ESS DescribeScalingConfigurations `KeyPairName`.
        key_pair: Text,
        /// `required` or `optional`; absent when it does not set one. Source: ESS DescribeScalingConfigurations `HttpTokens`.
        metadata_tokens: Text,
        /// Whether the user data holds an AccessKey id or secret; the script itself is never kept. Source: ESS DescribeScalingConfigurations `UserData`.
        user_data_has_access_key: bool,
    }
}
