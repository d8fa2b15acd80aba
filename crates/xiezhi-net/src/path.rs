//! Paths: where a flow enters, what it reaches, and every decision on the way.

use std::net::{IpAddr, Ipv4Addr};

use serde::{Deserialize, Serialize};

use crate::assume::Truth;
use crate::model::Id;
use crate::set::Flow;

/// How a flow from the internet enters the estate.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Entry {
    /// An EIP that stands for an interface or a high-availability virtual address.
    Eip(Id),
    /// A public IPv4 address of the interface itself.
    Own(Id),
    /// A public IPv6 address of the interface.
    Ipv6(Id),
    /// A DNAT entry of a NAT gateway.
    Dnat(Id, Id),
    /// A listener of a load balancer.
    Listener(Id, Id),
    /// An endpoint of a managed service.
    Endpoint(Id, Id),
}

/// What a flow reaches.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Target {
    /// A network interface.
    Interface(Id),
    /// A listener of a load balancer: the balancer itself answers here.
    Listener(Id, Id),
    /// An endpoint of a managed service.
    Endpoint(Id, Id),
    /// A private address of a VPC whose interface is not in evidence.
    Address(Id, IpAddr),
    /// A backend that is no interface: a function or another balancer.
    Other(Id),
    /// The internet, by this way out.
    Internet(Exit),
}

/// How a flow of the estate leaves it for the internet.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Exit {
    /// An EIP that stands for the sender's address.
    Eip(Id),
    /// A public IPv4 address of the interface itself.
    Own(Id),
    /// A public IPv6 address of the interface.
    Ipv6(Id),
    /// A NAT gateway that translates the sender's address.
    Nat(Id),
    /// A next hop from which on nobody follows the packet: another network, an appliance, or the route table of which
    /// not every next hop is in evidence.
    Route(Id),
}

/// The number of a rule of the reference, such as `SG-6`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Law(pub std::borrow::Cow<'static, str>);

impl From<&'static str> for Law {
    fn from(number: &'static str) -> Self {
        Self(number.into())
    }
}

/// One decision on a path.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Hop {
    /// The resource that decides.
    pub at: Id,
    /// The rule of the reference by which it decides, such as `SG-6`.
    pub law: Law,
    /// The deciding rule, entry, route or policy; `None` when a default or a state decides.
    pub rule: Option<Id>,
    /// The packet as it looks here; replies have both sides swapped.
    pub packet: Flow,
    /// Whether the packet passes.
    pub passes: Truth,
}

/// The way of one flow.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Trace {
    /// Where it enters; `None` inside the estate.
    pub entry: Option<Entry>,
    /// What it is meant for.
    pub target: Target,
    /// The decisions in order, up to the first that stops it.
    pub hops: Vec<Hop>,
    /// Whether the flow and its reply arrive.
    pub verdict: Truth,
}

impl Trace {
    /// The hop at which the flow stops, if it surely stops.
    #[must_use]
    pub fn stopped_at(&self) -> Option<&Hop> {
        self.hops.iter().find(|hop| hop.passes.is_no())
    }
}

/// The destination that stands for an endpoint whose address is not in evidence.
pub const UNRESOLVED: IpAddr = IpAddr::V4(Ipv4Addr::UNSPECIFIED);
