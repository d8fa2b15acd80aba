//! What may leave the estate for the internet, by which way out and to which ports.
//!
//! ```
//! use xiezhi_net::{assume::{Readings, Truth}, model::*, outside, path::Exit, segment::Zone, set::PacketSet};
//! // An instance without a public address; a route leads to a NAT gateway that translates its vSwitch.
//! let network: Network = serde_json::from_str(r#"{
//!     "vpcs": {"items": [{"id": "vpc-1", "cidrs": ["10.0.0.0/16"]}]},
//!     "vswitches": {"items": [{"id": "vsw-1", "vpc": "vpc-1", "cidrs": ["10.0.1.0/24"], "table": {"known": "vtb-1"}}]},
//!     "route-tables": {"items": [{"id": "vtb-1", "vpc": "vpc-1", "routes": {"known": [
//!         {"id": "r-1", "destination": "0.0.0.0/0", "next": {"known": [{"nat": "ngw-1"}]}}]}}]},
//!     "nats": {"items": [{"id": "ngw-1", "vpc": "vpc-1", "snat": {"known": [
//!         {"id": "snat-1", "source": {"known": "10.0.1.0/24"}, "addresses": {"known": ["47.1.0.9"]}}]}}]},
//!     "enis": {"items": [{"id": "eni-1", "vpc": {"known": "vpc-1"}, "vswitch": {"known": "vsw-1"}, "addresses": ["10.0.1.5"], "groups": {"known": ["sg-1"]}}]},
//!     "groups": {"items": [{"id": "sg-1", "vpc": "vpc-1", "kind": {"known": "basic"}, "inner": {"known": "drop"}, "rules": {"known": [
//!         {"id": "r-2", "direction": "egress", "policy": {"known": "drop"}, "protocol": {"known": "udp"}, "peer": {"nets": ["0.0.0.0/0"]}}]}}]}
//! }"#).unwrap();
//! let found = outside::leaving(&network, &Readings::default(), &Zone::Vpc("vpc-1".into()), &PacketSet::all());
//! assert_eq!(found[0].exit, Exit::Nat("ngw-1".into()));
//! assert_eq!(found[0].crossing.verdict, Truth::Yes);
//! assert_eq!(found[0].crossing.witness.as_ref().unwrap().flow.port, 443);
//! assert!(found[0].crossing.possible.ports(17).is_empty());
//! ```

use std::collections::BTreeSet;
use std::net::IpAddr;

use crate::assume::{Readings, Reason, Reasons};
use crate::model::{Bound, Estate, Id, Network};
use crate::path::{Exit, Target};
use crate::plain::Judge;
use crate::reach::{held_back, outside_sets};
use crate::segment::{Crossing, Zone, crossing_for};
use crate::set::PacketSet;

/// Ports to which a witness goes first: what clients mostly use.
pub const USUAL_PORTS: [u16; 6] = [443, 80, 53, 22, 21, 123];

/// What one interface may send out by one way.
#[derive(Clone, Debug)]
pub struct Departure {
    /// The interface.
    pub interface: Id,
    /// The way out.
    pub exit: Exit,
    /// The public addresses that the packets may carry outside, as far as they are in evidence.
    pub public: BTreeSet<IpAddr>,
    /// The packets, as the interface sends them.
    pub crossing: Crossing,
}

/// Whether groups, platform and network ACLs of the interfaces alone keep all of these packets in.
#[must_use]
pub fn kept_in(network: &Network, readings: &Readings, from: &Zone, wanted: &PacketSet) -> bool {
    held_back(&Estate::of(network), readings, &from.interfaces(network), wanted)
}

/// What the interfaces of a zone may send out to the internet, of those packets that are asked about: one departure for
/// each interface and way by which some may leave, in the order of the network.
#[must_use]
pub fn leaving(network: &Network, readings: &Readings, from: &Zone, wanted: &PacketSet) -> Vec<Departure> {
    let estate = Estate::of(network);
    let judge = Judge { estate: &estate, readings };
    let found = outside_sets(&estate, readings, &from.interfaces(network), wanted);
    let departure = |left: crate::reach::Left| {
        let goal = Target::Internet(left.exit.clone());
        let traces = |flow: &_| {
            let traces = estate.eni(&left.interface).map_or_else(Vec::new, |eni| judge.outside(eni, flow));
            traces.into_iter().filter(|trace| trace.target == goal).collect()
        };
        let sets = (left.certain, left.possible, left.reasons);
        let crossing = crossing_for(sets, Reasons::new(), &USUAL_PORTS, traces, |trace, sure| {
            trace.verdict.is_yes() == sure && !trace.verdict.is_no()
        });
        Departure { interface: left.interface, exit: left.exit, public: left.public, crossing }
    };
    found.into_iter().map(departure).collect()
}

/// What evidence is missing that could hold further ways out of a zone for these packets, or further interfaces of it.
/// Where groups and network ACLs keep all of them in, no way could matter.
#[must_use]
pub fn blind(network: &Network, readings: &Readings, from: &Zone, wanted: &PacketSet) -> Reasons {
    let mut reasons = from.gaps(network);
    if held_back(&Estate::of(network), readings, &from.interfaces(network), wanted) {
        return reasons;
    }
    let mut note = |what: &std::sync::Arc<str>| {
        reasons.insert(Reason::Missing(std::sync::Arc::clone(what)));
    };
    network.eips.missing.iter().for_each(&mut note);
    for eip in &network.eips {
        eip.bound.gap().into_iter().for_each(&mut note);
        if matches!(eip.bound.known().map(|binding| &binding.to), Some(Bound::HaVip(_))) {
            network.havips.missing.iter().for_each(&mut note);
            network.havips.iter().filter_map(|havip| havip.members.gap()).for_each(&mut note);
        }
    }
    reasons
}
