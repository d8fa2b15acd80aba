//! Cloud Firewall.

use crate::record::resource;
use crate::{List, Text};

resource! {
    /// Cloud Firewall of an account.
    Firewall = "cloudfw.firewall", Account {
        /// Whether Cloud Firewall is in use. Source: Cloudfw DescribeUserBuyVersion `UserStatus`.
        active: bool,
        /// The edition as the API numbers it: `2` premium, `3` enterprise, `4` ultimate, `10` paid as used. Source: DescribeUserBuyVersion `Version`.
        edition: Text,
        /// Whether log analysis is on. Source: DescribeUserBuyVersion `LogStatus`.
        log_service: bool,
        /// Whether intrusion prevention blocks (else it only watches). Source: DescribeDefaultIPSConfig `RunMode` (1 block, 0 monitor).
        ips_blocks: bool,
        /// Whether the basic rules are on. Source: DescribeDefaultIPSConfig `BasicRules`.
        ips_basic_rules: bool,
        /// Whether threat intelligence is on. Source: DescribeDefaultIPSConfig `CtiRules`.
        ips_threat_intelligence: bool,
        /// Whether virtual patches are on. Source: DescribeDefaultIPSConfig `PatchRules`.
        ips_virtual_patches: bool,
        /// Whether new public assets are protected by themselves. Source: DescribePolicyAdvancedConfig, Terraform `auto_asset_protection`.
        auto_protection: bool,
    }
}

resource! {
    /// A public address as Cloud Firewall sees it.
    Asset = "cloudfw.asset", Global {
        /// The address. Source: Cloudfw DescribeAssetList `InternetAddress`.
        ip: Text,
        /// The instance that has it. Source: `BindInstanceId`, `ResourceInstanceId`.
        instance: Text,
        /// The type of the resource: `EcsPublicIP`, `EcsEIP`, `SlbEIP`, `NatEIP`, … Source: `ResourceType`.
        resource_type: Text,
        /// Whether its traffic goes through the firewall. Source: `ProtectStatus` (`open`; `opening`, `closing` and `closed` do not count).
        protected: bool,
    }
}

resource! {
    /// An access rule at the internet border.
    Policy = "cloudfw.policy", Global {
        /// `in` or `out`.
        direction: Text,
        /// `accept`, `drop` or `log` (let pass and note).
        action: Text,
        /// `tcp`, `udp`, `icmp` or `any`.
        protocol: Text,
        /// The application: `HTTP`, `SSH`, `ANY`, … Source: `ApplicationName`.
        application: Text,
        /// The source as written: a CIDR, an address book, regions. Source: `Source`, `SourceType`.
        source: Text,
        /// The source as address ranges: the CIDR itself or the address book's members; unknown for regions. Source: `SourceGroupCidrs`.
        source_cidrs: List<Text>,
        /// The destination as written.
        destination: Text,
        /// The destination as address ranges; unknown for domains and regions. Source: `DestinationGroupCidrs`.
        destination_cidrs: List<Text>,
        /// The destination ports as `from/to`; `0/0` is every port. Source: `DestPort`, `DestPortGroupPorts`.
        ports: List<Text>,
        /// The place in the order; 1 is looked at first. Source: `Order`.
        order: i64,
        /// Whether the rule is in force. Source: `Release`.
        enabled: bool,
        /// When it holds: `permanent`, else only at times. Source: `RepeatType`.
        repeat: Text,
    }
}
