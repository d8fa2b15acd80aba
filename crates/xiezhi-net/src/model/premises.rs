//! Premises: networks outside the estate that private ways lead to (TR-3).

use ipnet::IpNet;
use serde::{Deserialize, Serialize};

use super::{Eni, Id, Seen};

/// A network outside the estate behind one private way: an office or data centre behind an IPsec connection, the clients
/// of an SSL-VPN server, what a leased line leads to.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Premises {
    /// The id of the connection, server, border router or router that leads there.
    pub id: Id,
    /// Where the way joins the estate.
    pub door: Door,
    /// Ranges of the cloud side that the way carries, as an IPsec connection's `LocalSubnet`; absent for a way that
    /// carries whatever is routed to it.
    #[serde(default)]
    pub local: Seen<Vec<IpNet>>,
    /// Ranges of the far side, as an IPsec connection's `RemoteSubnet` or a pool of client addresses; absent when nothing
    /// states them, and the routes that lead there do. A range of length 0 states nothing either.
    #[serde(default)]
    pub remote: Seen<Vec<IpNet>>,
    /// Whether the way is up: an IPsec connection established, a border router active; absent counts as not collected.
    #[serde(default)]
    pub up: Seen<bool>,
}

/// Who sends packets over private addresses.
#[derive(Clone, Copy)]
pub(crate) enum Client<'a> {
    /// An interface of the estate.
    Inside(&'a Eni),
    /// Somebody in premises.
    Outside(&'a Premises),
}

/// Where a way from premises joins the estate.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Door {
    /// A VPN gateway in a VPC.
    Gateway {
        /// The VPN gateway.
        gateway: Id,
        /// Its VPC; absent counts as not collected.
        vpc: Seen<Id>,
    },
    /// An attachment of a transit router (TR-2).
    Attachment(Id),
    /// A router interface of a VPC whose other end is a border router.
    Interface(Id),
    /// An Express Connect Router with which a VPC is associated.
    Ecr(Id),
}

/// The routes by which a VPN gateway hands packets to its IPsec connections (TR-3). Clients of its SSL-VPN servers need
/// none.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct VpnTable {
    /// The VPN gateway.
    pub gateway: Id,
    /// Its policy-based routes, which come before all others. Source: help centre, "Configure policy-based routes",
    /// April 2024.
    pub policies: Seen<Vec<VpnRoute>>,
    /// Its destination-based routes, and those that it learned by BGP.
    pub routes: Seen<Vec<VpnRoute>>,
}

/// One route of a VPN gateway.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct VpnRoute {
    /// The route's id, or any name that is unique within the network.
    pub id: Id,
    /// The addresses of the cloud side that a policy-based route is for; none for every address.
    #[serde(default)]
    pub source: Option<IpNet>,
    /// The addresses of the far side.
    pub destination: IpNet,
    /// The IPsec connection.
    pub next: Seen<Id>,
}
