//! Elastic IP addresses (EIP).

use crate::record::resource;
use crate::service::slb::LoadBalancer;
use crate::{Link, List, Text};

resource! {
    /// An elastic IP address.
    Eip = "eip.address", Regional {
        /// The public address. Source: VPC DescribeEipAddresses `IpAddress`.
        address: Text,
        /// What it is bound to: `ecs-instance`, `network-interface`, `ha-vip`, `slb-instance`, `nat`, `ip-address`; absent when bound to nothing. Source: VPC DescribeEipAddresses `InstanceType`.
        bound_type: Text,
        /// The id (or `set#address`) of what it is bound to; absent when bound to nothing. Source: VPC DescribeEipAddresses `InstanceId`.
        bound_to: Text,
        /// The classic load balancer it is bound to; absent when it is bound to something else or to nothing.
        load_balancer: Link<LoadBalancer>,
        /// The private address that it stands for; absent means the primary one. Source: VPC DescribeEipAddresses `PrivateIpAddress`.
        private_ip: Text,
        /// `nat`, `multi-bound` or `cut-through` (network ACLs do not apply). Source: VPC DescribeEipAddresses `Mode`.
        mode: Text,
        /// Peak bandwidth in Mbit/s. Source: VPC DescribeEipAddresses `Bandwidth`.
        bandwidth: i64,
        /// The shared bandwidth package; absent when there is none. Source: VPC DescribeEipAddresses `BandwidthPackageId`.
        bandwidth_package: Text,
        /// Whether it refuses to be released. Source: VPC DescribeEipAddresses `DeletionProtection`.
        deletion_protection: bool,
        /// Extra protection: `AntiDDoS_Enhanced`; empty for Anti-DDoS Basic only. Source: VPC DescribeEipAddresses `SecurityProtectionTypes`.
        security_protection: List<Text>,
        /// Why operations are locked (`financial`, `security`), which cuts it off at present; empty when not. Source: VPC DescribeEipAddresses `OperationLocks`.
        locks: List<Text>,
        /// Whether Anti-DDoS beyond the free basic protection stands before the address: Anti-DDoS Origin, an enhanced EIP, or a proxy whose origin it is; absent when it is bound to nothing.
        [derived] ddos_protected: bool,
    }
}
