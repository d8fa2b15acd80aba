//! Elastic Compute Service (ECS): instances, disks, images, network interfaces, security groups.

use crate::record::{record, resource};
use crate::service::eip::Eip;
use crate::service::port::{OpenPorts, PortRange};
use crate::service::vpc::{VSwitch, Vpc};
use crate::{Link, List, Text};

resource! {
    /// An ECS instance.
    Instance = "ecs.instance", Regional {
        /// The life cycle: `running`, `stopped`, `pending`, `starting`, `stopping`. Source: ECS DescribeInstances `Status`.
        status: Text,
        /// The network it stands in: `vpc` or `classic`. Source: ECS DescribeInstances `InstanceNetworkType`.
        network_type: Text,
        /// The VPC; absent in the classic network. Source: ECS DescribeInstances `VpcAttributes.VpcId`.
        vpc: Link<Vpc>,
        /// The vSwitch; absent in the classic network. Source: ECS DescribeInstances `VpcAttributes.VSwitchId`.
        vswitch: Link<VSwitch>,
        /// The zone id. Source: ECS DescribeInstances `ZoneId`.
        zone: Text,
        /// Private IPv4 addresses, the primary one first. Source: ECS DescribeInstances `VpcAttributes.PrivateIpAddress`, `InnerIpAddress`.
        private_ips: List<Text>,
        /// IPv6 addresses of the primary interface, where no interface is stated on its own. Source: terraform-provider-alicloud r/instance `ipv6_addresses`.
        ipv6_addresses: List<Text>,
        /// Public addresses of the instance itself, EIPs not counted. Source: ECS DescribeInstances `PublicIpAddress`.
        public_ips: List<Text>,
        /// The EIP bound to the instance; absent when there is none. Source: ECS DescribeInstances `EipAddress`, VPC DescribeEipAddresses.
        eip: Link<Eip>,
        /// Outbound internet bandwidth in Mbit/s; above 0 gives the instance a public address when it starts. Source: ECS DescribeInstances `InternetMaxBandwidthOut`.
        internet_bandwidth_out: i64,
        /// The security groups of the instance. Source: ECS DescribeInstances `SecurityGroupIds`.
        security_groups: List<Link<SecurityGroup>>,
        /// The network interfaces beside the primary one. Source: ECS DescribeInstances `NetworkInterfaces`.
        secondary_interfaces: List<Link<NetworkInterface>>,
        /// The name of the instance RAM role; absent when there is none. Source: ECS DescribeInstanceRamRole.
        ram_role: Text,
        /// The key pair for SSH; absent when a password is used. Source: ECS DescribeInstances `KeyPairName`.
        key_pair: Text,
        /// The family of the operating system: `linux` or `windows`. Source: ECS DescribeInstances `OSType`.
        os_type: Text,
        /// The operating system as the console shows it. Source: ECS DescribeInstances `OSName`.
        os_name: Text,
        /// The image it was made from. Source: ECS DescribeInstances `ImageId`.
        image: Link<Image>,
        /// Whether instance metadata wants a session token: `required` (hardened mode) or `optional`. Source: ECS DescribeInstances `MetadataOptions.HttpTokens`.
        metadata_tokens: Text,
        /// Whether the metadata service answers at all. Source: ECS DescribeInstances `MetadataOptions.HttpEndpoint`.
        metadata_endpoint: bool,
        /// Whether the instance refuses to be released. Source: ECS DescribeInstances `DeletionProtection`.
        deletion_protection: bool,
        /// How it is paid for: `postpaid` or `prepaid` (subscription). Source: ECS DescribeInstances `InstanceChargeType`.
        charge_type: Text,
        /// Whether it is a spot (preemptible) instance. Source: ECS DescribeInstances `SpotStrategy`.
        spot: bool,
        /// Whether the Security Center agent is installed at creation. Source: `SecurityEnhancementStrategy` of ECS RunInstances.
        security_enhancement: bool,
        /// Whether the user data (start-up script) holds an AccessKey id or secret; the script itself is never kept. Source: ECS DescribeUserData.
        user_data_has_access_key: bool,
        /// When a subscription instance expires (RFC 3339). Source: ECS DescribeInstances `ExpiredTime`.
        expires: Text,
        /// When it was made (RFC 3339). Source: ECS DescribeInstances `CreationTime`.
        created: Text,
        /// The TCP and UDP ports on which the internet reaches the instance over any path.
        [derived] internet_ports: List<OpenPorts>,
        /// Whether the internet reaches a management port (22, 3389 and their like) of the instance over any path.
        [derived] internet_management: bool,
        /// The ports, as `tcp/443`, on which the internet reaches a web application at the instance's own public addresses without a WAF that blocks before it. Web ports of servers are the usual ones (80, 443, 8080 and their like).
        [derived] web_unguarded: List<Text>,
        /// Whether Anti-DDoS beyond the free basic protection stands before each of its public addresses: Anti-DDoS Origin, an enhanced EIP, or a proxy whose origin it is; absent when it has no public address.
        [derived] ddos_protected: bool,
        /// The steps by which code on the instance can become administrator through its role; empty when there is none.
        [derived] role_escalations: List<Text>,
        /// Whether the CloudMonitor agent runs on it. Source: Cms DescribeMonitoringAgentStatuses `NodeStatusList.NodeStatus[].Status` (`running`).
        monitor_agent: bool,
        /// Whether the agent of Security Center is online on it; false too when Security Center does not list it.
        [derived] security_agent: bool,
        /// How many baseline items it fails, as Security Center counts them; absent when Security Center does not list it.
        [derived] baseline_risks: i64,
    }
}

resource! {
    /// A disk.
    Disk = "ecs.disk", Regional {
        /// What it is for: `system` or `data`. Source: ECS DescribeDisks `Type`.
        use_as: Text,
        /// The category: `cloud_essd`, `cloud_efficiency`, `cloud_regional_disk_auto` …. Source: ECS DescribeDisks `Category`.
        category: Text,
        /// Whether it is encrypted. Source: ECS DescribeDisks `Encrypted`.
        encrypted: bool,
        /// The KMS key that encrypts it: an id, an alias or `set#address`; absent when the service key does. Source: ECS DescribeDisks `KMSKeyId`.
        kms_key: Text,
        /// The cipher: `aes-256` or `sm4-128`. Source: Terraform `encrypt_algorithm`, ECS CreateDisk `EncryptAlgorithm`; DescribeDisks does not say it.
        encryption_algorithm: Text,
        /// `in-use` or `available` (attached to nothing), or a state between. Source: ECS DescribeDisks `Status`.
        status: Text,
        /// The instance it is attached to. Source: ECS DescribeDisks `InstanceId`.
        instance: Link<Instance>,
        /// The automatic snapshot policy; absent when there is none. Source: ECS DescribeDisks `AutoSnapshotPolicyId`.
        auto_snapshot_policy: Link<AutoSnapshotPolicy>,
        /// Whether its automatic snapshots are deleted with it. Source: ECS DescribeDisks `DeleteAutoSnapshot`.
        delete_auto_snapshots: bool,
        /// The snapshot it was made from, whose encryption it inherits; absent when there is none. Source: ECS DescribeDisks `SourceSnapshotId`.
        source_snapshot: Link<Snapshot>,
        /// The size in GiB. Source: ECS DescribeDisks `Size`.
        size: i64,
        /// The zone id. Source: ECS DescribeDisks `ZoneId`.
        zone: Text,
        /// Who holds the key of data at rest, the weakest first: `none`, `provider-key` (the product's own), `service-key` (the product's key in KMS), `default-key` (a default key of KMS), `customer-key` (in a software instance), `hsm-key` (in a hardware instance or a key store outside).
        [derived] at_rest: Text,
        /// The cipher of data at rest: `aes` or `sm4`; absent when nothing encrypts it.
        [derived] at_rest_cipher: Text,
        /// Whether every KMS key that the data needs can be used: enabled, not to be deleted, with material; absent when no key is named.
        [derived] at_rest_key_usable: bool,
    }
}

resource! {
    /// A disk snapshot.
    Snapshot = "ecs.snapshot", Regional {
        /// Whether it is encrypted. Source: ECS DescribeSnapshots `Encrypted`.
        encrypted: bool,
        /// The KMS key that encrypts it; absent when the service key does. Source: ECS DescribeSnapshots `KMSKeyId`.
        kms_key: Text,
        /// The disk it was taken of. Source: ECS DescribeSnapshots `SourceDiskId`.
        source_disk: Link<Disk>,
        /// How many days it is kept; absent when forever. Source: ECS DescribeSnapshots `RetentionDays`.
        retention_days: i64,
        /// When it was taken (RFC 3339). Source: ECS DescribeSnapshots `CreationTime`.
        created: Text,
        /// Who holds the key of data at rest, the weakest first: `none`, `provider-key` (the product's own), `service-key` (the product's key in KMS), `default-key` (a default key of KMS), `customer-key` (in a software instance), `hsm-key` (in a hardware instance or a key store outside).
        [derived] at_rest: Text,
        /// The cipher of data at rest: `aes` or `sm4`; absent when nothing encrypts it.
        [derived] at_rest_cipher: Text,
        /// Whether every KMS key that the data needs can be used: enabled, not to be deleted, with material; absent when no key is named.
        [derived] at_rest_key_usable: bool,
    }
}

resource! {
    /// An automatic snapshot policy.
    AutoSnapshotPolicy = "ecs.auto-snapshot-policy", Regional {
        /// How many days its snapshots are kept; -1 is forever. Source: ECS DescribeAutoSnapshotPolicyEx `RetentionDays`.
        retention_days: i64,
        /// The hours of the day (0 to 23, UTC+8) at which it takes snapshots. Source: ECS DescribeAutoSnapshotPolicyEx `TimePoints`.
        time_points: List<Text>,
        /// The days of the week (1 is Monday) on which it takes snapshots. Source: ECS DescribeAutoSnapshotPolicyEx `RepeatWeekdays`.
        weekdays: List<Text>,
    }
}

resource! {
    /// An image.
    Image = "ecs.image", Regional {
        /// Whether everybody may use the image. Source: ECS DescribeImages `IsPublic`.
        public: bool,
        /// Whose it is: `system`, `self` (custom), `others` (shared with us), `marketplace`. Source: ECS DescribeImages `ImageOwnerAlias`.
        owner: Text,
        /// The accounts it is shared with. Source: ECS DescribeImageSharePermission `Accounts`.
        shared_with: List<Text>,
        /// The operating system as the console shows it. Source: ECS DescribeImages `OSName`.
        os_name: Text,
        /// Whether it was made as an encrypted copy of another image. Source: ECS CopyImage `Encrypted`; DescribeImages does not say it.
        encrypted: bool,
        /// The KMS key of an encrypted copy: an id, an alias or `set#address`; absent when the service key does it. Source: ECS CopyImage `KMSKeyId`.
        kms_key: Text,
        /// The snapshots that hold its disks, whose encryption is its own. Source: ECS DescribeImages `DiskDeviceMappings`.
        snapshots: List<Link<Snapshot>>,
        /// Who holds the key of data at rest, the weakest first: `none`, `provider-key` (the product's own), `service-key` (the product's key in KMS), `default-key` (a default key of KMS), `customer-key` (in a software instance), `hsm-key` (in a hardware instance or a key store outside).
        [derived] at_rest: Text,
        /// The cipher of data at rest: `aes` or `sm4`; absent when nothing encrypts it.
        [derived] at_rest_cipher: Text,
        /// Whether every KMS key that the data needs can be used: enabled, not to be deleted, with material; absent when no key is named.
        [derived] at_rest_key_usable: bool,
    }
}

resource! {
    /// A key pair for SSH.
    KeyPair = "ecs.key-pair", Regional {
        /// The fingerprint. Source: ECS DescribeKeyPairs `KeyPairFingerPrint`.
        fingerprint: Text,
        /// When it was made (RFC 3339). Source: ECS DescribeKeyPairs `CreationTime`.
        created: Text,
    }
}

resource! {
    /// An elastic network interface (ENI).
    NetworkInterface = "ecs.network-interface", Regional {
        /// `primary`, `secondary`, or the kind of a managed one. Source: ECS DescribeNetworkInterfaces `Type`.
        use_as: Text,
        /// The instance it is attached to; absent when there is none. Source: ECS DescribeNetworkInterfaces `InstanceId`.
        instance: Link<Instance>,
        /// The VPC. Source: ECS DescribeNetworkInterfaces `VpcId`.
        vpc: Link<Vpc>,
        /// The vSwitch. Source: ECS DescribeNetworkInterfaces `VSwitchId`.
        vswitch: Link<VSwitch>,
        /// The security groups that filter it: membership is read here. Source: ECS DescribeNetworkInterfaces `SecurityGroupIds`.
        security_groups: List<Link<SecurityGroup>>,
        /// The primary private IPv4 address. Source: ECS DescribeNetworkInterfaces `PrivateIpAddress`.
        primary_ip: Text,
        /// All private IPv4 addresses, the primary one among them. Source: ECS DescribeNetworkInterfaces `PrivateIpSets`.
        private_ips: List<Text>,
        /// IPv6 addresses. Source: ECS DescribeNetworkInterfaces `Ipv6Sets`.
        ipv6_addresses: List<Text>,
        /// Public addresses and the private ones they stand for. Source: ECS DescribeNetworkInterfaces `AssociatedPublicIp`.
        public_ips: List<PublicIp>,
        /// Whether a service manages it for the tenant. Source: ECS DescribeNetworkInterfaces `ServiceManaged`.
        service_managed: bool,
        /// `in-use`, `available` or a state between. Source: ECS DescribeNetworkInterfaces `Status`.
        status: Text,
    }
}

record! {
    /// A public address of a network interface.
    PublicIp = "ecs.network-interface.public-ip" {
        /// The public address.
        public: Text,
        /// The private address that it stands for.
        private: Text,
        /// The EIP that it is; absent for an address of the instance itself.
        eip: Link<Eip>,
    }
}

resource! {
    /// A security group.
    SecurityGroup = "ecs.security-group", Regional {
        /// `normal` (basic: egress open by default) or `enterprise` (advanced: closed both ways by default). Source: ECS DescribeSecurityGroups `SecurityGroupType`.
        group_type: Text,
        /// The VPC; absent in the classic network. Source: ECS DescribeSecurityGroups `VpcId`.
        vpc: Link<Vpc>,
        /// Whether members reach each other on the private network: `accept` outranks every rule, `drop` ranks last. Source: ECS DescribeSecurityGroupAttribute `InnerAccessPolicy`.
        inner_access: Text,
        /// The rules of both directions. Source: ECS DescribeSecurityGroupAttribute `Permissions`.
        rules: List<Rule>,
        /// Whether a service manages it for the tenant. Source: ECS DescribeSecurityGroups `ServiceManaged`.
        service_managed: bool,
        /// The TCP ports that its rules open to the whole internet (IPv4 or IPv6), drop rules, priorities, prefix and port lists considered.
        [derived] internet_tcp: List<PortRange>,
        /// The UDP ports that its rules open to the whole internet (IPv4 or IPv6), drop rules, priorities, prefix and port lists considered.
        [derived] internet_udp: List<PortRange>,
    }
}

record! {
    /// One rule of a security group.
    Rule = "ecs.security-group.rule" {
        /// The rule's id; absent in old rules and in configurations. Source: ECS DescribeSecurityGroupAttribute `SecurityGroupRuleId`.
        id: Text,
        /// `ingress` or `egress`.
        direction: Text,
        /// `accept` or `drop`. The default is `accept`. Source: ECS AuthorizeSecurityGroup.
        policy: Text,
        /// The smaller number wins; of equal ones, drop wins. 1 to 100, system rules before May 2020 have 110. The default is 1. Source: ECS AuthorizeSecurityGroup.
        priority: i64,
        /// `tcp`, `udp`, `icmp`, `icmpv6`, `gre` or `all`.
        protocol: Text,
        /// Destination ports; every port is `1` to `65535`; empty for protocols without ports; absent when a port list names them.
        ports: List<PortRange>,
        /// The port list that names the destination ports; ignored when the rule has ports of its own. Source: ECS AuthorizeSecurityGroup `PortRangeListId`.
        port_list: Link<PortList>,
        /// Source ports, when the rule restricts them; absent means any. Source: ECS DescribeSecurityGroupAttribute `SourcePortRange`.
        source_ports: List<PortRange>,
        /// The IPv4 range of the far side: source of ingress, destination of egress.
        cidr: Text,
        /// The IPv6 range of the far side.
        ipv6_cidr: Text,
        /// The security group whose members are the far side; their private addresses only.
        group: Link<SecurityGroup>,
        /// The account that owns that group, when the rule names it.
        group_account: Text,
        /// The prefix list of the far side.
        prefix_list: Link<PrefixList>,
        /// The IPv4 or IPv6 range of the member's own addresses to which the rule is narrowed; absent means all of them.
        own_cidr: Text,
        /// The interface of a classic instance: `internet` or `intranet`; of no meaning in a VPC, where it is `intranet`.
        nic_type: Text,
    }
}

resource! {
    /// A prefix list that security groups refer to.
    PrefixList = "ecs.prefix-list", Regional {
        /// The prefixes. Source: ECS DescribePrefixListAttributes `Entries`.
        entries: List<Text>,
        /// `ipv4` or `ipv6`. Source: ECS DescribePrefixLists `AddressFamily`.
        family: Text,
    }
}

resource! {
    /// A port list that security groups refer to.
    PortList = "ecs.port-list", Regional {
        /// The port ranges. Source: ECS DescribePortRangeListEntries `Entries`.
        entries: List<PortRange>,
    }
}

resource! {
    /// A launch template, as its default version.
    LaunchTemplate = "ecs.launch-template", Regional {
        /// The network: `vpc` or `classic`; absent when it does not set one. Source: ECS DescribeLaunchTemplateVersions `NetworkType`.
        network_type: Text,
        /// The security groups. Source: ECS DescribeLaunchTemplateVersions `SecurityGroupId`, `SecurityGroupIds`.
        security_groups: List<Link<SecurityGroup>>,
        /// The data disks. Source: ECS DescribeLaunchTemplateVersions `DataDisks`.
        data_disks: List<TemplateDisk>,
        /// Whether the system disk is encrypted. Source: ECS DescribeLaunchTemplateVersions `SystemDisk.Encrypted`.
        system_disk_encrypted: bool,
        /// The image. Source: ECS DescribeLaunchTemplateVersions `ImageId`.
        image: Link<Image>,
        /// The instance RAM role; absent when there is none. Source: ECS DescribeLaunchTemplateVersions `RamRoleName`.
        ram_role: Text,
        /// Outbound internet bandwidth in Mbit/s; absent when it does not set one. Source: ECS DescribeLaunchTemplateVersions `InternetMaxBandwidthOut`.
        internet_bandwidth_out: i64,
        /// `required` or `optional`; absent when it does not set one. Source: ECS DescribeLaunchTemplateVersions `HttpTokens`.
        metadata_tokens: Text,
        /// Whether the user data holds an AccessKey id or secret. Source: ECS DescribeLaunchTemplateVersions `UserData`.
        user_data_has_access_key: bool,
    }
}

record! {
    /// A disk that a template or scaling configuration makes.
    TemplateDisk = "ecs.launch-template.disk" {
        /// Whether it is encrypted.
        encrypted: bool,
        /// The KMS key; absent when the service key encrypts it.
        kms_key: Text,
        /// The snapshot it is made from; absent when there is none.
        source_snapshot: Link<Snapshot>,
    }
}

resource! {
    /// A stored command of Cloud Assistant.
    Command = "ecs.command", Regional {
        /// Whether the command holds an AccessKey id or secret, or gives a literal to a word such as `password`; the command itself is never kept. Source: ECS DescribeCommands `CommandContent`.
        has_secret: bool,
    }
}

resource! {
    /// What ECS does by default in one region of an account.
    RegionSettings = "ecs.region-settings", Regional {
        /// Whether new disks are encrypted by default. Source: ECS DescribeDiskEncryptionByDefaultStatus.
        disk_encryption_by_default: bool,
        /// The KMS key of that default; absent when the service key does. Source: ECS DescribeDiskDefaultKMSKeyId.
        disk_default_kms_key: Text,
    }
}
