//! Ways between networks: peering, transit routers, PrivateLink (section 3.6).

use std::net::IpAddr;

use ipnet::IpNet;
use serde::{Deserialize, Serialize};

use super::{Eni, Id, IpVersion, Seen, VSwitch};

/// A VPC peering connection (TR-1).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Peering {
    /// The connection's id.
    pub id: Id,
    /// The two VPCs.
    pub vpcs: (Id, Id),
    /// Whether its status is `Activated`; absent counts as not collected.
    pub active: Seen<bool>,
}

/// A transit router of CEN (TR-2).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct TransitRouter {
    /// The router's id.
    pub id: Id,
    /// Its attachments.
    pub attachments: Seen<Vec<Attachment>>,
    /// Its route tables.
    pub tables: Seen<Vec<TransitTable>>,
}

/// An attachment of a transit router.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Attachment {
    /// The attachment's id.
    pub id: Id,
    /// What is attached.
    pub to: Attached,
    /// The route table associated with it, which forwards what enters here (TR-2).
    pub table: Seen<Id>,
    /// The vSwitches of an attached VPC in which the router has interfaces: their tables forward what it brings. Source:
    /// CEN, "Create a VPC connection". Absent where there is none.
    #[serde(default)]
    pub vswitches: Seen<Vec<Id>>,
}

/// What is attached to a transit router.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Attached {
    /// A VPC.
    Vpc(Id),
    /// Another transit router's attachment, of the same connection between regions.
    Router(Id),
    /// Premises behind VPN, VBR or ECR: an external zone (TR-3).
    Edge(Id),
}

/// A route table of a transit router.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct TransitTable {
    /// The table's id.
    pub id: Id,
    /// The entries whose status is `Active` (TR-2).
    pub routes: Seen<Vec<TransitRoute>>,
}

/// An active entry of a transit router's table.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct TransitRoute {
    /// The entry's id, or any name that is unique within the network.
    pub id: Id,
    /// The destination prefix.
    pub destination: IpNet,
    /// The attachment it leads to; `None` for `BlackHole`.
    pub next: Option<Id>,
}

/// An interface endpoint of PrivateLink (PL-1): consumer to provider only.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PrivateEndpoint {
    /// The endpoint's id.
    pub id: Id,
    /// The endpoint's interfaces in the consumer's VPC.
    pub interfaces: Vec<Id>,
    /// The endpoint service.
    pub service: Id,
    /// Whether the provider accepted the connection; absent counts as not collected.
    #[serde(default)]
    pub connected: Seen<bool>,
    /// The load balancers of the service; which of several serves the endpoint no evidence says.
    #[serde(default)]
    pub balancers: Seen<Vec<Id>>,
}

/// An endpoint of a Gateway Load Balancer, a next hop of routes (GWLB-1): what routes bring to it passes the appliances
/// behind the load balancer unchanged, comes back to the endpoint, and goes on by the table of its vSwitch. Source:
/// PrivateLink, "Access network virtual appliances"; GWLB, "Use a GWLB instance to create a security check system for IPv4
/// traffic".
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct InlineEndpoint {
    /// The endpoint's id.
    pub id: Id,
    /// The vSwitches in which it stands.
    #[serde(default)]
    pub vswitches: Seen<Vec<Id>>,
    /// Whether the provider accepted the connection; absent counts as not collected.
    #[serde(default)]
    pub connected: Seen<bool>,
    /// The appliances that get packets from the load balancers of the service; absent where the service is somebody else's.
    #[serde(default)]
    pub appliances: Seen<Vec<Id>>,
}

/// A managed service with endpoints and allow-lists (section 7).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Service {
    /// The instance's id.
    pub id: Id,
    /// The product, as in `rds` or `kvstore`.
    pub product: String,
    /// Its endpoints.
    pub endpoints: Seen<Vec<ServiceEndpoint>>,
}

/// One endpoint of a managed service.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ServiceEndpoint {
    /// The endpoint's name or connection string.
    pub id: Id,
    /// Whether it is public (DB-3).
    pub public: Seen<bool>,
    /// Its address, when evidence has it.
    #[serde(default)]
    pub address: Option<IpAddr>,
    /// The ranges that hold the address of a private endpoint when evidence does not have it; of each packet it is
    /// then sure only what holds for all of their addresses.
    #[serde(default)]
    pub within: Vec<IpNet>,
    /// The VPC of a private endpoint.
    #[serde(default)]
    pub vpc: Option<Id>,
    /// Its TCP ports.
    pub ports: Seen<Vec<(u16, u16)>>,
    /// The ports that documentation gives the product, on which it is assumed to listen when evidence has no port.
    #[serde(default)]
    pub usual: Vec<(u16, u16)>,
    /// The union of the IP groups that apply to this endpoint (DB-1, DB-2); absent means that the
    /// product has no allow-list here.
    pub allow: Seen<Vec<IpNet>>,
    /// Whether the allow-list also holds `0.0.0.0`, or `::`, without a prefix (DB-1); what it is for is assumed.
    #[serde(default)]
    pub bare: Vec<IpVersion>,
    /// Security groups whose members' private addresses are admitted as well (DB-1).
    #[serde(default)]
    pub allow_groups: Seen<Vec<Id>>,
}

impl ServiceEndpoint {
    /// What stands for the endpoint in a vSwitch, where routes are asked for: an interface without groups.
    pub(crate) fn interface(&self, vpc: &Id, vswitch: &VSwitch) -> Eni {
        Eni::placed(self.id.clone(), Seen::Known(vpc.clone()), Seen::Known(vswitch.id.clone()))
    }

    /// Whether a packet's destination can be this endpoint.
    #[must_use]
    pub fn answers_at(&self, destination: IpAddr) -> bool {
        match self.address {
            Some(address) => address == destination,
            None => self.within.iter().any(|net| net.trunc().contains(&destination)),
        }
    }
}
