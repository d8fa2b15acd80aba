//! The network of an estate as plain data: the input of every question in this crate.
//!
//! Each field says what an absent value means and which rule of the reference it comes from. A value
//! that was not collected is [`Seen::Missing`] with the name of the missing evidence, a list that may
//! be incomplete is a [`Listing`] with `missing` entries; both make verdicts unknown, never passes.
//!
//! ```
//! use xiezhi_net::model::{Network, SecurityGroup, Seen};
//! let network: Network = serde_json::from_str(r#"{
//!     "groups": {"items": [{"id": "sg-1", "vpc": "vpc-1", "inner": {"known": "drop"}, "rules": {"missing": "ecs:DescribeSecurityGroupAttribute sg-1"}}]}
//! }"#).unwrap();
//! assert!(network.groups.items[0].rules.gap().is_some());
//! ```

mod balancer;
mod estate;
mod firewall;
mod group;
mod links;
mod premises;
mod seen;
mod vpc;
mod web;

use std::net::IpAddr;

use ipnet::IpNet;
use serde::{Deserialize, Serialize};

pub use balancer::{
    AccessControl, AccessKind, AccessList, Backend, BackendTo, Balancer, BalancerKind, Listener, ListenerProtocol,
};
pub(crate) use estate::Estate;
pub use firewall::{Boundary, Firewall, FirewallAction, FirewallAsset, FirewallPolicy, NatBoundary, VpcBoundary};
pub use group::{
    Direction, GroupKind, Nic, Peer, Policy, PortList, PortMatch, PrefixList, Protocol, Rule, RuleFields,
    SecurityGroup, port_ranges,
};
pub use links::{
    Attached, Attachment, InlineEndpoint, Peering, PrivateEndpoint, Service, ServiceEndpoint, TransitRoute,
    TransitRouter, TransitTable,
};
pub(crate) use premises::Client;
pub use premises::{Door, Premises, VpnRoute, VpnTable};
pub use seen::{Id, Listing, Seen};
pub use vpc::{
    AclEntry, Binding, Bound, Dnat, Eip, EipMode, Eni, HaVip, IpVersion, Ipv6, Mapped, Mapping, Nat, NetworkAcl,
    NextHop, Route, RouteOrigin, RouteTable, Snat, VSwitch, Vpc,
};

pub use web::{
    AppKind, DdosCover, DdosKind, Guard, GuardKind, Name, Origin, RecordTo, RuleState, Threshold, Web, WebApp,
};

/// The network of one estate.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub struct Network {
    /// VPCs.
    pub vpcs: Listing<Vpc>,
    /// vSwitches.
    pub vswitches: Listing<VSwitch>,
    /// Network interfaces.
    pub enis: Listing<Eni>,
    /// Security groups.
    pub groups: Listing<SecurityGroup>,
    /// Prefix lists, and address books of Cloud Firewall.
    pub prefix_lists: Listing<PrefixList>,
    /// Port lists.
    pub port_lists: Listing<PortList>,
    /// Network ACLs.
    pub acls: Listing<NetworkAcl>,
    /// Route tables.
    pub route_tables: Listing<RouteTable>,
    /// Elastic IP addresses.
    pub eips: Listing<Eip>,
    /// High-availability virtual addresses.
    pub havips: Listing<HaVip>,
    /// NAT gateways.
    pub nats: Listing<Nat>,
    /// Load balancers.
    pub balancers: Listing<Balancer>,
    /// Access control lists of load balancers.
    pub access_lists: Listing<AccessList>,
    /// VPC peering connections.
    pub peerings: Listing<Peering>,
    /// Transit routers.
    pub transit_routers: Listing<TransitRouter>,
    /// Premises behind IPsec connections.
    pub vpns: Listing<Premises>,
    /// The routes of VPN gateways, by gateway; one without them hands packets to nobody knows which connection.
    pub vpn_tables: Listing<VpnTable>,
    /// Other premises: the clients of SSL-VPN servers, and what leased lines lead to.
    pub edges: Listing<Premises>,
    /// Interface endpoints of PrivateLink.
    pub private_endpoints: Listing<PrivateEndpoint>,
    /// Endpoints of Gateway Load Balancers.
    pub inline_endpoints: Listing<InlineEndpoint>,
    /// Managed services.
    pub services: Listing<Service>,
    /// Cloud Firewall.
    pub firewall: Firewall,
    /// WAF, CDN, Anti-DDoS, names and serverless applications.
    pub web: Web,
}

impl Network {
    /// All premises, in order.
    pub fn premises(&self) -> impl Iterator<Item = &Premises> {
        self.vpns.iter().chain(&self.edges)
    }
}

/// Reads a prefix or a bare address and masks host bits (SG-13).
#[must_use]
pub fn net(text: &str) -> Option<IpNet> {
    let text = text.trim();
    text.parse::<IpNet>().ok().or_else(|| text.parse::<IpAddr>().ok().map(IpNet::from)).map(|net| net.trunc())
}
