//! Cloud Firewall.

use crate::record::resource;
use crate::service::nat::Gateway;
use crate::service::vpc::Vpc;
use crate::{Link, List, Text};

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
        /// Whether the internet border is in strict mode: what it cannot identify goes on to the next policy instead of passing. Source: DescribePolicyAdvancedConfig `InternetSwitch`, Terraform `internet_switch`.
        strict: bool,
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
        /// The family it is for: `ipv4` or `ipv6`. Source: DescribeControlPolicy `IpVersion` of the request, Terraform `ip_version`.
        ip_version: Text,
    }
}

resource! {
    /// A firewall before a VPC of a CEN: what passes between it and the rest of the CEN goes through it.
    CenFirewall = "cloudfw.cen-firewall", Global {
        /// The VPC. Source: Cloudfw DescribeVpcFirewallCenList `LocalVpc.NetworkInstanceId`.
        vpc: Link<Vpc>,
        /// The id (or `set#address`) of the CEN, under which the access rules stand. Source: `CenId`.
        cen: Text,
        /// Whether it is switched on. Source: `FirewallSwitchStatus` (`opened`).
        active: bool,
        /// Whether it is in strict mode. Source: `AclConfig.StrictMode`.
        strict: bool,
    }
}

resource! {
    /// A firewall between two VPCs that Express Connect joins.
    ExpressFirewall = "cloudfw.express-firewall", Global {
        /// The first VPC. Source: Cloudfw DescribeVpcFirewallList `LocalVpc.VpcId`.
        vpc: Link<Vpc>,
        /// The second VPC. Source: `PeerVpc.VpcId`.
        peer_vpc: Link<Vpc>,
        /// Whether it is switched on. Source: `FirewallSwitchStatus` (`opened`).
        active: bool,
        /// Whether it is in strict mode. Source: `AclConfig.StrictMode`.
        strict: bool,
    }
}

resource! {
    /// A firewall at an enterprise transit router: route policies decide what passes it.
    TransitFirewall = "cloudfw.transit-firewall", Global {
        /// The id (or `set#address`) of the transit router. Source: Cloudfw DescribeTrFirewallsV2List `TransitRouterId`.
        transit_router: Text,
        /// Whether it is switched on. Source: `FirewallSwitchStatus` (`opened`).
        active: bool,
    }
}

resource! {
    /// An access rule of a firewall between VPCs.
    VpcPolicy = "cloudfw.vpc-policy", Global {
        /// The id (or `set#address`) of what it is a rule of: a CEN, else a firewall. Source: Cloudfw DescribeVpcFirewallControlPolicy `VpcFirewallId` of the request.
        firewall: Text,
        /// `accept`, `drop` or `log` (let pass and note). Source: `AclAction`.
        action: Text,
        /// `tcp`, `udp`, `icmp` or `any`. Source: `Proto`.
        protocol: Text,
        /// The application: `HTTP`, `SSH`, `ANY`, … Source: `ApplicationName`.
        application: Text,
        /// The source as address ranges: the CIDR itself or the address book's members. Source: `Source`, `SourceGroupCidrs`.
        source_cidrs: List<Text>,
        /// The destination as address ranges; unknown for domains. Source: `Destination`, `DestinationGroupCidrs`.
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

resource! {
    /// A firewall before a NAT gateway: what its network sends to the gateway goes through it.
    NatFirewall = "cloudfw.nat-firewall", Global {
        /// The NAT gateway. Source: Cloudfw DescribeNatFirewallList `NatGatewayId`.
        gateway: Link<Gateway>,
        /// Whether it is switched on. Source: `ProxyStatus` (`normal`; `closed` is off).
        active: bool,
        /// Whether it is in strict mode. Source: `StrictMode`.
        strict: bool,
        /// The routes that lead through it while it is on, each as route table and destination. Source: `NatRouteEntryList`.
        routes: List<Text>,
    }
}

resource! {
    /// An access rule of a firewall before a NAT gateway.
    NatPolicy = "cloudfw.nat-policy", Global {
        /// The NAT gateway. Source: Cloudfw DescribeNatFirewallControlPolicy `NatGatewayId`.
        gateway: Link<Gateway>,
        /// `accept`, `drop` or `log` (let pass and note). Source: `AclAction`.
        action: Text,
        /// `tcp`, `udp`, `icmp` or `any`. Source: `Proto`.
        protocol: Text,
        /// The applications, with commas between them: `HTTP`, `SSH`, `ANY`, … Source: `ApplicationNameList`.
        application: Text,
        /// The private source as address ranges: the CIDR itself or the address book's members. Source: `Source`, `SourceGroupCidrs`.
        source_cidrs: List<Text>,
        /// The destination as address ranges; unknown for domains. Source: `Destination`, `DestinationGroupCidrs`.
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
