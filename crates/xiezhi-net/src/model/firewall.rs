//! Cloud Firewall: boundaries, their switches and policies (reference, section 5).

use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use super::{Direction, Id, IpVersion, Peer, PortMatch, Protocol, Seen};

/// Cloud Firewall of the account.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Firewall {
    /// The assets of the internet boundary; one that is not listed is not protected (CFW-1). Absent
    /// means that Cloud Firewall is not in use.
    #[serde(default)]
    pub assets: Seen<Vec<FirewallAsset>>,
    /// The internet boundary, for what comes in.
    #[serde(default)]
    pub internet: Boundary,
    /// The internet boundary, for what leaves: its policies are collected by themselves.
    #[serde(default)]
    pub outward: Boundary,
    /// Boundaries before NAT gateways (CFW-1): they see what leaves with its private source.
    #[serde(default)]
    pub nats: Seen<Vec<NatBoundary>>,
    /// Boundaries between VPCs (CFW-1).
    #[serde(default)]
    pub between_vpcs: Seen<Vec<VpcBoundary>>,
}

/// A public address that the internet boundary knows.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct FirewallAsset {
    /// The public address.
    pub address: IpAddr,
    /// Whether its switch is on; `opening` and `closing` count as not collected (CFW-1).
    pub on: Seen<bool>,
}

/// One boundary: policies and engine mode.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Boundary {
    /// Strict (`true`) or loose engine mode (CFW-4).
    #[serde(default)]
    pub strict: Seen<bool>,
    /// The policies in any order (CFW-2).
    #[serde(default)]
    pub policies: Seen<Vec<FirewallPolicy>>,
}

/// A boundary before a NAT gateway: what its network sends to the gateway passes it first.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct NatBoundary {
    /// The firewall's id.
    pub id: Id,
    /// The NAT gateway.
    pub nat: Id,
    /// Whether its switch is on; absent counts as off.
    pub on: Seen<bool>,
    /// Its policies and mode.
    pub boundary: Boundary,
}

/// A boundary between VPCs.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct VpcBoundary {
    /// The firewall's id.
    pub id: Id,
    /// The VPCs whose traffic through transit routers passes it.
    pub vpcs: Vec<Id>,
    /// Whether it stands only between these VPCs, as at Express Connect, and not before each of them.
    #[serde(default)]
    pub pair: bool,
    /// Whether its switch is on.
    pub on: Seen<bool>,
    /// Its policies and mode.
    pub boundary: Boundary,
}

impl VpcBoundary {
    /// Whether what goes from one VPC to another can pass it.
    #[must_use]
    pub fn stands_between(&self, here: &Id, there: &Id) -> bool {
        let (from, to) = (self.vpcs.contains(here), self.vpcs.contains(there));
        if self.pair { from && to } else { from || to }
    }
}

/// What a policy does.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FirewallAction {
    /// Allows.
    Accept,
    /// Drops.
    Drop,
    /// Records and allows (CFW-2, `A-CFWLOG`).
    Monitor,
}

/// An access control policy (CFW-2).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct FirewallPolicy {
    /// The policy's id.
    pub id: Id,
    /// Smaller first.
    pub order: u32,
    /// Ingress for traffic from the internet.
    pub direction: Direction,
    /// What it does.
    pub action: FirewallAction,
    /// `Release`: false means disabled.
    pub enabled: bool,
    /// Whether it holds at all times (`RepeatType` Permanent or absent).
    pub permanent: bool,
    /// The source; a location without a table of addresses is missing evidence (CFW-8).
    pub source: Peer,
    /// The destination; a domain name is expressed by [`Self::narrow`] and every address.
    pub destination: Peer,
    /// The protocol.
    pub protocol: Seen<Protocol>,
    /// Destination ports.
    #[serde(default)]
    pub ports: PortMatch,
    /// Whether it names an application other than ANY, or a domain (CFW-4).
    pub narrow: Seen<bool>,
    /// The family it applies to.
    #[serde(default)]
    pub version: IpVersion,
}
