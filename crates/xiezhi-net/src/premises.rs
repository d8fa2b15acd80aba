//! Ways between premises outside the estate and what is in it: what is behind VPN, leased lines and their routers (TR-3).
//!
//! ```
//! use xiezhi_net::{assume::{Readings, Truth}, model::*, premises, segment::Zone, set::PacketSet};
//! // An office behind an IPsec connection; the group admits it to SSH, and the route table leads back to it.
//! let network: Network = serde_json::from_str(r#"{
//!     "vpcs": {"items": [{"id": "vpc-1", "cidrs": ["10.0.0.0/16"]}]},
//!     "vswitches": {"items": [{"id": "vsw-1", "vpc": "vpc-1", "cidrs": ["10.0.1.0/24"], "table": {"known": "vtb-1"}}]},
//!     "route-tables": {"items": [{"id": "vtb-1", "vpc": "vpc-1", "routes": {"known": [
//!         {"id": "rte-1", "destination": "192.168.0.0/16", "next": {"known": [{"vpn": "vpn-1"}]}}]}}]},
//!     "enis": {"items": [{"id": "eni-1", "vpc": {"known": "vpc-1"}, "vswitch": {"known": "vsw-1"}, "addresses": ["10.0.1.5"], "groups": {"known": ["sg-1"]}}]},
//!     "groups": {"items": [{"id": "sg-1", "vpc": "vpc-1", "kind": {"known": "basic"}, "inner": {"known": "drop"}, "rules": {"known": [
//!         {"id": "r-1", "direction": "ingress", "protocol": {"known": "tcp"}, "ports": {"ranges": [[22, 22]]}, "peer": {"nets": ["192.168.7.0/24"]}}]}}]},
//!     "vpns": {"items": [{"id": "vco-1", "door": {"gateway": {"gateway": "vpn-1", "vpc": {"known": "vpc-1"}}},
//!         "local": {"known": ["10.0.0.0/16"]}, "remote": {"known": ["192.168.0.0/16"]}, "up": {"known": true}}]},
//!     "vpn-tables": {"items": [{"gateway": "vpn-1", "policies": {"known": [
//!         {"id": "pbr-1", "source": "10.0.0.0/16", "destination": "192.168.0.0/16", "next": {"known": "vco-1"}}]}, "routes": "absent"}]}
//! }"#).unwrap();
//! let office = network.premises().next().unwrap();
//! let target = Zone::Interface("eni-1".into());
//! let crossing = premises::arriving(&network, &Readings::default(), office, &target, &PacketSet::all());
//! assert_eq!(crossing.verdict, Truth::Yes);
//! let witness = crossing.witness.unwrap().flow;
//! assert_eq!((witness.destination.to_string().as_str(), witness.port), ("10.0.1.5", 22));
//! ```

use crate::assume::{Readings, Reasons, missing};
use crate::model::{Eni, Estate, Id, Network, Premises};
use crate::path::Trace;
use crate::plain::Judge;
use crate::reach::{Bearing, MANAGEMENT_PORTS, premises_sets, premises_to_service};
use crate::segment::{Crossing, Zone, crossing, crossing_for};
use crate::set::{Flow, PacketSet};

/// What passes from premises to a zone, of these packets. The verdict is no only when the zone's members are all in
/// evidence.
#[must_use]
pub fn arriving(network: &Network, readings: &Readings, from: &Premises, to: &Zone, wanted: &PacketSet) -> Crossing {
    over(network, readings, (from, to, Bearing::In), wanted, |judge, eni, flow| judge.arriving(from, eni, flow))
}

/// What passes from a zone to premises, of these packets.
#[must_use]
pub fn leaving(network: &Network, readings: &Readings, from: &Zone, to: &Premises, wanted: &PacketSet) -> Crossing {
    over(network, readings, (to, from, Bearing::Out), wanted, |judge, eni, flow| judge.leaving(eni, to, flow))
}

/// What passes from premises to a private endpoint of a managed service, of these packets. `None` when the endpoint is not
/// in evidence, or in no VPC.
#[must_use]
pub fn to_endpoint(
    network: &Network,
    readings: &Readings,
    from: &Premises,
    service: &Id,
    endpoint: &Id,
    wanted: &PacketSet,
) -> Option<Crossing> {
    let estate = Estate::of(network);
    let service = estate.service(service)?;
    let endpoint = service.endpoints.known()?.iter().find(|known| known.id == *endpoint)?;
    endpoint.vpc.as_ref()?;
    let (certain, possible, reasons) = premises_to_service(&estate, readings, from, endpoint, wanted);
    let judge = Judge { estate: &estate, readings };
    let traces = |flow: &Flow| judge.arriving_at(from, service, endpoint, flow).into_iter().collect();
    let gaps = match endpoint.address.is_none() && endpoint.within.is_empty() {
        true => missing(format!("address of endpoint {}", endpoint.id)),
        false => Reasons::new(),
    };
    Some(match endpoint.address {
        Some(_) => crossing(certain, possible, reasons, gaps, traces),
        // For the address that the witness names all may be sure.
        None => crossing_for((certain, possible, reasons), gaps, &MANAGEMENT_PORTS, traces, |trace, _| {
            !trace.verdict.is_no()
        }),
    })
}

fn over(
    network: &Network,
    readings: &Readings,
    (premises, zone, bearing): (&Premises, &Zone, Bearing),
    wanted: &PacketSet,
    walk: impl Fn(&Judge<'_>, &Eni, &Flow) -> Option<Trace>,
) -> Crossing {
    let estate = Estate::of(network);
    let enis = zone.interfaces(network);
    let (certain, possible, reasons) = premises_sets(&estate, readings, premises, &enis, bearing, wanted);
    let judge = Judge { estate: &estate, readings };
    let traces = |flow: &Flow| enis.iter().filter_map(|eni| walk(&judge, eni, flow)).collect();
    crossing(certain, possible, reasons, zone.gaps(network), traces)
}
