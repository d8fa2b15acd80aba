//! VPCs, vSwitches, network interfaces, network ACLs, routes, EIPs and NAT gateways (reference, section 3).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::Arc;

use ipnet::IpNet;
use serde::{Deserialize, Serialize};

use super::{Id, Peer, Policy, PortMatch, Protocol, Seen};

/// A VPC.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Vpc {
    /// The VPC's id.
    pub id: Id,
    /// Primary, secondary, IPv6 and user CIDR blocks; all of them are never "internet" (M-3).
    #[serde(default)]
    pub cidrs: Vec<IpNet>,
    /// The activated IPv4 gateway. Absent means the default mode, in which route tables do not gate
    /// public addresses (PUB-1, PUB-2).
    #[serde(default)]
    pub ipv4_gateway: Seen<Id>,
    /// The IPv6 gateway; absent means that IPv6 has no way to the internet.
    #[serde(default)]
    pub ipv6_gateway: Seen<Id>,
}

/// A vSwitch: a subnet in one zone.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct VSwitch {
    /// The vSwitch's id.
    pub id: Id,
    /// The VPC it belongs to.
    pub vpc: Id,
    /// Its IPv4 block and, when it has one, its IPv6 block.
    pub cidrs: Vec<IpNet>,
    /// The network ACL bound to it; absent means unfiltered (NACL-1).
    #[serde(default)]
    pub acl: Seen<Id>,
    /// The route table it uses (RT-1).
    #[serde(default)]
    pub table: Seen<Id>,
}

/// An elastic network interface, or the network side of a classic instance.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Eni {
    /// The interface's id.
    pub id: Id,
    /// The instance it is attached to.
    #[serde(default)]
    pub instance: Option<Id>,
    /// The VPC; absent means classic network (SG-2).
    pub vpc: Seen<Id>,
    /// The vSwitch; absent for classic network.
    #[serde(default)]
    pub vswitch: Seen<Id>,
    /// Private IPv4 addresses, the primary one first.
    #[serde(default)]
    pub addresses: Vec<Ipv4Addr>,
    /// IPv6 addresses.
    #[serde(default)]
    pub ipv6: Vec<Ipv6>,
    /// Public addresses that belong to the instance itself, without an EIP.
    #[serde(default)]
    pub public: Vec<Mapped>,
    /// The security groups (section 2.1: read from the interface, not from the instance).
    pub groups: Seen<Vec<Id>>,
}

impl Eni {
    /// What stands for something else in a vSwitch where routes are asked for: an interface without groups and addresses.
    pub(crate) fn placed(id: Id, vpc: Seen<Id>, vswitch: Seen<Id>) -> Self {
        let (addresses, ipv6, public) = (Vec::new(), Vec::new(), Vec::new());
        Self { id, instance: None, vpc, vswitch, addresses, ipv6, public, groups: Seen::Absent }
    }
}

/// A public address and the private address it stands for (PUB-4).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Mapped {
    /// The public address.
    pub public: Ipv4Addr,
    /// The private address of the interface.
    pub private: Ipv4Addr,
}

/// An IPv6 address of an interface (section 3.4).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Ipv6 {
    /// The id of the address, if it has one.
    #[serde(default)]
    pub id: Option<Id>,
    /// The address.
    pub address: Ipv6Addr,
    /// Whether internet bandwidth above 0 is bought (V6-1, V6-2); absent means not.
    #[serde(default)]
    pub bandwidth: Seen<bool>,
    /// The targets of egress-only rules that may concern this address: ids of addresses or gateways.
    #[serde(default)]
    pub egress_only: Seen<Vec<Id>>,
}

/// A network ACL: ordered, stateless (NACL-4, NACL-5).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct NetworkAcl {
    /// The ACL's id.
    pub id: Id,
    /// Entries for packets into the vSwitch, in order.
    pub ingress: Seen<Vec<AclEntry>>,
    /// Entries for packets out of the vSwitch, in order.
    pub egress: Seen<Vec<AclEntry>>,
}

/// IPv4 or IPv6.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum IpVersion {
    /// IPv4; the meaning of an absent `IpVersion` (NACL-8).
    #[default]
    V4,
    /// IPv6.
    V6,
}

impl IpVersion {
    /// The version of an address.
    #[must_use]
    pub const fn of(address: IpAddr) -> Self {
        if address.is_ipv4() { Self::V4 } else { Self::V6 }
    }
}

/// One entry of a network ACL.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct AclEntry {
    /// The entry's id, or any name that is unique within the network.
    pub id: Id,
    /// Accept or drop.
    pub policy: Policy,
    /// The protocol; `icmp` in an IPv6 entry has no documented meaning and makes the entry unknown.
    pub protocol: Seen<Protocol>,
    /// Destination ports, in both directions (NACL-7, SG-30).
    #[serde(default)]
    pub ports: PortMatch,
    /// Source for ingress, destination for egress; groups do not occur here.
    pub peer: Peer,
    /// The family it applies to (NACL-8).
    #[serde(default)]
    pub version: IpVersion,
}

/// A route table of a VPC. The local routes of its vSwitches need not be listed: no other route can
/// divert traffic between vSwitches (RT-2).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct RouteTable {
    /// The table's id.
    pub id: Id,
    /// The VPC it belongs to.
    pub vpc: Id,
    /// The IPv4 or IPv6 gateway whose inbound traffic it steers (RT-1).
    #[serde(default)]
    pub gateway: Option<Id>,
    /// Its routes.
    pub routes: Seen<Vec<Route>>,
}

impl RouteTable {
    /// The next hops of its routes, as far as they are known.
    pub(crate) fn next_hops(&self) -> impl Iterator<Item = &NextHop> {
        self.routes.known().into_iter().flatten().filter_map(|route| route.next.known()).flatten()
    }
}

/// One route.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Route {
    /// The route's id, or any name that is unique within the network.
    pub id: Id,
    /// The destination prefix.
    pub destination: IpNet,
    /// Where it leads; several for equal-cost paths (RT-4).
    pub next: Seen<Vec<NextHop>>,
    /// Where it comes from (RT-3).
    #[serde(default)]
    pub origin: RouteOrigin,
}

/// Where a route comes from (RT-3).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RouteOrigin {
    /// Written by the tenant or by the system.
    #[default]
    Own,
    /// Learned from CEN, ECR or BGP.
    Propagated,
}

/// The next hop of a route (RT-4).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NextHop {
    /// Inside the VPC.
    Local,
    /// An ECS instance: a middlebox (RT-5).
    Instance(Id),
    /// An interface: a middlebox (RT-5).
    Interface(Id),
    /// A high-availability virtual address.
    HaVip(Id),
    /// A router interface (Express Connect, the older way between VPCs).
    RouterInterface(Id),
    /// A VPN gateway.
    Vpn(Id),
    /// A NAT gateway.
    Nat(Id),
    /// An IPv6 gateway.
    Ipv6Gateway(Id),
    /// An IPv4 gateway.
    Ipv4Gateway(Id),
    /// A transit router, through one of its attachments.
    Attachment(Id),
    /// A VPC peering connection.
    Peering(Id),
    /// A gateway endpoint (PL-2).
    GatewayEndpoint(Id),
    /// An express connect router.
    Ecr(Id),
    /// An endpoint of a Gateway Load Balancer: appliances in line (GWLB-1), a middlebox (RT-5).
    BalancerEndpoint(Id),
}

impl NextHop {
    /// The resource that it names.
    #[must_use]
    pub const fn id(&self) -> Option<&Id> {
        match self {
            Self::Local => None,
            Self::Instance(id)
            | Self::Interface(id)
            | Self::HaVip(id)
            | Self::RouterInterface(id)
            | Self::Vpn(id)
            | Self::Nat(id)
            | Self::Ipv6Gateway(id)
            | Self::Ipv4Gateway(id)
            | Self::Attachment(id)
            | Self::Peering(id)
            | Self::GatewayEndpoint(id)
            | Self::Ecr(id)
            | Self::BalancerEndpoint(id) => Some(id),
        }
    }
}

/// An elastic IP address.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Eip {
    /// The allocation id.
    pub id: Id,
    /// The public address.
    pub address: IpAddr,
    /// What it is bound to; absent means unbound.
    #[serde(default)]
    pub bound: Seen<Binding>,
    /// Whether an operation lock cuts it off at present (PUB-5). Reachability is that without the lock.
    #[serde(default)]
    pub locked: bool,
}

/// The binding of an EIP (PUB-3).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Binding {
    /// The resource.
    pub to: Bound,
    /// The private address that it stands for; absent means the primary one.
    #[serde(default)]
    pub private: Option<Ipv4Addr>,
    /// How it is bound.
    #[serde(default)]
    pub mode: EipMode,
}

/// What an EIP can be bound to (PUB-3).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Bound {
    /// An interface.
    Interface(Id),
    /// An instance; its first interface.
    Instance(Id),
    /// A high-availability virtual address.
    HaVip(Id),
    /// A load balancer.
    Balancer(Id),
    /// A NAT gateway.
    Nat(Id),
    /// An address of a VPC.
    Address(Id, Ipv4Addr),
}

/// The binding mode of an EIP (PUB-3).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EipMode {
    /// Translated to a private address.
    #[default]
    Nat,
    /// Several EIPs on one interface, translated.
    Multi,
    /// Cut-through: the interface holds the public address and network ACLs do not apply (NACL-2).
    CutThrough,
}

/// A high-availability virtual address.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct HaVip {
    /// The address's id.
    pub id: Id,
    /// The VPC.
    pub vpc: Id,
    /// The virtual private address.
    pub address: Ipv4Addr,
    /// The interfaces or instances that may hold it; which one does is never in evidence.
    pub members: Seen<Vec<Id>>,
}

/// A NAT gateway.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Nat {
    /// The gateway's id.
    pub id: Id,
    /// The VPC.
    pub vpc: Id,
    /// The vSwitch it stands in.
    #[serde(default)]
    pub vswitch: Seen<Id>,
    /// Whether it is a VPC NAT gateway, whose addresses are private (NAT-5).
    #[serde(default)]
    pub intranet: bool,
    /// Its own private addresses, for the second reading of `A-DNATSRC`; absent counts as not collected.
    #[serde(default)]
    pub addresses: Seen<Vec<Ipv4Addr>>,
    /// The destination translation entries.
    #[serde(default)]
    pub dnat: Seen<Vec<Dnat>>,
    /// The source translation entries.
    #[serde(default)]
    pub snat: Seen<Vec<Snat>>,
}

impl Nat {
    /// What stands for the gateway in its vSwitch, where routes are asked for.
    pub(crate) fn interface(&self) -> Eni {
        let vswitch = match &self.vswitch {
            Seen::Absent => Seen::Missing(format!("vSwitch of {}", self.id).into()),
            seen => seen.clone(),
        };
        Eni::placed(self.id.clone(), Seen::Known(self.vpc.clone()), vswitch)
    }
}

/// A DNAT entry (NAT-1).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Dnat {
    /// The entry's id.
    pub id: Id,
    /// The public address.
    pub external: Ipv4Addr,
    /// The private address.
    pub internal: Ipv4Addr,
    /// What of the address is mapped.
    pub mapping: Mapping,
}

/// The ports of a DNAT entry (NAT-1).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mapping {
    /// The whole address, every protocol.
    Whole,
    /// A port range of TCP or UDP, mapped by offset onto a range of the same length.
    Ports {
        /// TCP or UDP.
        protocol: Protocol,
        /// First and last external port.
        external: (u16, u16),
        /// First internal port.
        internal: u16,
    },
    /// Not collected or not understood.
    Missing(Arc<str>),
}

/// An SNAT entry (NAT-6). The longest source decides: help centre, "Create and manage SNAT entries".
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Snat {
    /// The entry's id.
    pub id: Id,
    /// The source vSwitch's block or the source CIDR; absent counts as not collected. A source that is not known may
    /// hold every address.
    pub source: Seen<IpNet>,
    /// The public addresses used; absent counts as not collected.
    pub addresses: Seen<Vec<Ipv4Addr>>,
}
