//! Load balancers: CLB, ALB, NLB and GWLB (reference, section 4).

use std::net::IpAddr;

use ipnet::IpNet;
use serde::{Deserialize, Serialize};

use super::{Id, Protocol, Seen};

/// A load balancer instance.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Balancer {
    /// The instance's id.
    pub id: Id,
    /// The product.
    pub kind: BalancerKind,
    /// The VPC; absent for a CLB in the classic network.
    pub vpc: Seen<Id>,
    /// Public addresses of its own (`AddressType=internet`, per-zone addresses of ALB and NLB). EIPs
    /// bound to it are found through [`super::Eip::bound`] (CLB-1).
    #[serde(default)]
    pub public: Seen<Vec<IpAddr>>,
    /// Private addresses on which clients inside the VPC reach it.
    #[serde(default)]
    pub private: Vec<IpAddr>,
    /// The addresses from which an ALB or NLB talks to backends (ALB-5); absent counts as not collected.
    #[serde(default)]
    pub local: Seen<Vec<IpAddr>>,
    /// The vSwitches in which an ALB or NLB has interfaces (NLB-3).
    #[serde(default)]
    pub vswitches: Seen<Vec<Id>>,
    /// Custom security groups of an ALB or NLB; pooled with the managed default-allow group (ALB-2).
    #[serde(default)]
    pub groups: Seen<Vec<Id>>,
    /// The listeners.
    pub listeners: Seen<Vec<Listener>>,
}

/// The product of a load balancer.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BalancerKind {
    /// Classic load balancer.
    Clb,
    /// Application load balancer.
    Alb,
    /// Network load balancer.
    Nlb,
    /// Gateway load balancer: an inline middlebox without listeners of its own (GWLB-1).
    Gwlb,
}

/// The protocol of a listener.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ListenerProtocol {
    /// TCP, layer 4.
    Tcp,
    /// UDP, layer 4.
    Udp,
    /// TLS terminated by an NLB.
    TcpSsl,
    /// HTTP.
    Http,
    /// HTTPS.
    Https,
    /// QUIC, over UDP.
    Quic,
}

impl ListenerProtocol {
    /// The transport that clients use.
    #[must_use]
    pub const fn transport(self) -> Protocol {
        match self {
            Self::Udp | Self::Quic => Protocol::Udp,
            Self::Tcp | Self::TcpSsl | Self::Http | Self::Https => Protocol::Tcp,
        }
    }

    /// Whether the balancer speaks HTTP itself, so that backends see its own addresses (CLB-5).
    #[must_use]
    pub const fn is_layer7(self) -> bool {
        matches!(self, Self::Http | Self::Https | Self::Quic)
    }
}

/// A listener.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Listener {
    /// The listener's id, or any name that is unique within the network.
    pub id: Id,
    /// The protocol.
    pub protocol: ListenerProtocol,
    /// First and last port; the same but for NLB port ranges (NLB-1).
    pub ports: (u16, u16),
    /// Whether it is running (CLB-2); absent counts as not collected.
    pub running: Seen<bool>,
    /// Whether it answers by itself, as `ListenerForward=on` redirects, and forwards nothing (CLB-2).
    #[serde(default)]
    pub redirect: bool,
    /// Its access control; absent means off, the default (CLB-3).
    #[serde(default)]
    pub access: Seen<AccessControl>,
    /// The servers behind it.
    pub backends: Seen<Vec<Backend>>,
    /// `PreserveClientIpEnabled` of the server group of an NLB (NLB-2).
    #[serde(default)]
    pub preserve_client: Seen<bool>,
}

/// Access control of a listener (CLB-3, ALB-4).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct AccessControl {
    /// White or black list.
    pub kind: AccessKind,
    /// The lists it names.
    pub lists: Seen<Vec<Id>>,
    /// Whether it is the legacy white list of a CLB listener, whose empty case is disputed (CLB-3).
    #[serde(default)]
    pub legacy: bool,
}

/// White or black list.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AccessKind {
    /// Only listed sources pass; a list without entries lets everything pass.
    White,
    /// Listed sources are refused.
    Black,
}

/// An access control list of load balancers.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct AccessList {
    /// The list's id.
    pub id: Id,
    /// Its entries; absent means empty.
    pub entries: Seen<Vec<IpNet>>,
}

/// A server behind a listener (CLB-7).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Backend {
    /// The server.
    pub to: BackendTo,
    /// The server's port; `None` keeps the destination port (NLB-1).
    pub port: Option<u16>,
    /// Whether it gets new flows (weight above 0); absent counts as yes, the default weight being 100.
    #[serde(default)]
    pub takes_flows: Seen<bool>,
}

/// The kinds of servers.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BackendTo {
    /// An instance; its first interface and primary address.
    Instance(Id),
    /// An interface; its primary address.
    Interface(Id),
    /// An address, looked for in the balancer's VPC.
    Address(IpAddr),
    /// Something else (a function, another balancer), which has no interface of its own.
    Other(Id),
}
