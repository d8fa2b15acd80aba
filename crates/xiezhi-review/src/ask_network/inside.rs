//! What reaches what inside the estate, over private addresses: through security groups, network ACLs, routes, peering,
//! transit routers and the firewall between VPCs. Ways through public addresses are the question without a start; ways
//! through load balancers are named and left open.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use xiezhi_net::assume::{Readings, Reasons, Truth};
use xiezhi_net::model::{BackendTo, Balancer, BalancerKind, Eni, Id, Seen};
use xiezhi_net::plain;
use xiezhi_net::segment::{self, Crossing};
use xiezhi_net::set::{Addresses, Flow, Match, PacketSet};

use super::paths::{ports, to};
use super::zones::Part as Zone;
use super::{Answer, AskError, Ground, Open, PREFIXES, Part, Question, any, hops, instances, packet, short};
use crate::analyse::network::links::learning;

/// The port of a packet that shows where packets stop, when the question names none.
const SHOWN: u16 = 22;

/// What reaches a target from each start, on one port when it is given. Starts and target are instances, interfaces,
/// security groups, vSwitches, VPCs, private addresses or ranges.
pub fn reach_from(ground: &Ground, from: &[&str], name: &str, port: Option<u16>) -> Result<Answer, AskError> {
    let goal = Zone::of(ground, name)?;
    let mut parts = Vec::new();
    let mut unseen = goal.open.clone();
    let mut learned = Vec::new();
    for start in from {
        let zone = Zone::of(ground, start)?;
        learned.extend(routes(ground, &zone, &goal));
        unseen.extend(zone.open.iter().cloned());
        parts.push(crossed(ground, (start, &zone), (name, &goal), port));
    }
    unseen.extend(relays(ground, &goal));
    unseen.extend(learned);
    unseen.sort();
    unseen.dedup();
    let verdict = any(&parts, &unseen);
    let question = Question::ReachFrom {
        from: from.iter().map(|start| (*start).to_owned()).collect(),
        target: name.to_owned(),
        port,
    };
    Ok(ground.answer(question, verdict, parts, unseen))
}

fn crossed(ground: &Ground, (start, from): (&str, &Zone), (name, goal): (&str, &Zone), port: Option<u16>) -> Part {
    let everywhere = || Addresses::all();
    let asked = PacketSet::from(Match {
        source: from.addresses.clone().unwrap_or_else(everywhere),
        destination: goal.addresses.clone().unwrap_or_else(everywhere),
        ..Match::everything()
    });
    let wanted = to(port.as_slice()).intersect(&asked);
    let crossing = segment::within(&ground.network, &Readings::default(), &from.zone(), &goal.zone(), &wanted);
    let shown = if crossing.certain.is_empty() { &crossing.possible } else { &crossing.certain };
    let mut facts = vec![("from", start.to_owned())];
    if shown.is_empty() {
        facts.push(("interfaces", format!("{} > {}", from.interfaces.len(), goal.interfaces.len())));
    } else {
        facts.push(("ports", ports(shown)));
        facts.push(("sources", shown.sources().describe(PREFIXES)));
        facts.push(("destinations", shown.destinations().describe(PREFIXES)));
    }
    let walked = crossing
        .witness
        .as_ref()
        .map(|witness| (witness.flow, witness.trace.clone()))
        .or_else(|| stops(ground, from, goal, port));
    Part {
        subject: arrives_at(ground, name, walked.as_ref().map(|(flow, _)| flow.destination), goal),
        verdict: super::verdict(&crossing.verdict),
        facts,
        packet: walked.as_ref().map(|(flow, _)| packet(flow)),
        hops: walked.map(|(_, trace)| hops(&trace)).unwrap_or_default(),
        because: ground.because(&doubts(&crossing)),
    }
}

/// Why more may pass than surely does, or why nothing can be said.
fn doubts(crossing: &Crossing) -> Reasons {
    let mut all = Reasons::new();
    if crossing.certain != crossing.possible {
        all.extend(crossing.reasons.iter().cloned());
    }
    if let Truth::Unknown(more) = &crossing.verdict {
        all.extend(more.iter().cloned());
    }
    all
}

/// The instance, or else the interface, at which a witness arrives; the name in the question when there is none.
fn arrives_at(ground: &Ground, name: &str, address: Option<IpAddr>, goal: &Zone) -> String {
    let of: BTreeMap<&Id, &Id> = instances(&ground.network);
    let at = |eni: &&Eni| {
        address.is_some_and(|address| {
            eni.addresses.iter().any(|own| IpAddr::V4(*own) == address)
                || eni.ipv6.iter().any(|own| IpAddr::V6(own.address) == address)
        })
    };
    goal.enis(ground).into_iter().find(at).map_or_else(
        || name.to_owned(),
        |eni| short(of.get(&eni.id).map_or(eni.id.as_str(), |instance| instance.as_str())),
    )
}

/// Where a packet between the first interfaces of both stops: the counter-example of a "no".
fn stops(ground: &Ground, from: &Zone, goal: &Zone, port: Option<u16>) -> Option<(Flow, xiezhi_net::path::Trace)> {
    let (senders, receivers) = (from.enis(ground), goal.enis(ground));
    let readings = Readings::default();
    let evaluator = plain::Evaluator::new(&ground.network, &readings);
    let pairs = senders.iter().flat_map(|sender| receivers.iter().map(move |receiver| (sender, receiver)));
    let mut apart = pairs.filter(|(sender, receiver)| sender.id != receiver.id);
    apart.find_map(|(sender, receiver)| {
        let flow = Flow {
            source: IpAddr::V4(*sender.addresses.first()?),
            destination: IpAddr::V4(*receiver.addresses.first()?),
            protocol: 6,
            source_port: 40_000,
            port: port.unwrap_or(SHOWN),
        };
        evaluator.between(&sender.id, &receiver.id, &flow).map(|trace| (flow, trace))
    })
}

/// Load balancers that hand packets to the target. Who reaches them inside is not followed, so that nothing is proven
/// not to arrive by them.
fn relays(ground: &Ground, goal: &Zone) -> Vec<Open> {
    let of = instances(&ground.network);
    let enis = goal.enis(ground);
    let mine = |to: &BackendTo| {
        enis.iter().any(|eni| match to {
            BackendTo::Instance(id) | BackendTo::Interface(id) => *id == eni.id || of.get(&eni.id) == Some(&id),
            BackendTo::Address(IpAddr::V4(address)) => eni.addresses.contains(address),
            BackendTo::Address(IpAddr::V6(address)) => eni.ipv6.iter().any(|own| own.address == *address),
            BackendTo::Other(_) => false,
        })
    };
    // A classic load balancer with a public address of its own has no private one (CLB-1).
    let outside = |balancer: &Balancer| {
        balancer.kind == BalancerKind::Clb && balancer.public.known().is_some_and(|addresses| !addresses.is_empty())
    };
    let inside = ground.network.balancers.iter().filter(|balancer| !outside(balancer));
    inside
        .filter(|balancer| {
            let listeners = balancer.listeners.known().into_iter().flatten();
            listeners.filter(|listener| listener.running != Seen::Known(false)).any(|listener| {
                let backends = listener.backends.known().into_iter().flatten();
                backends.filter(|one| one.takes_flows != Seen::Known(false)).any(|one| mine(&one.to))
            })
        })
        .map(|balancer| Open { what: short(balancer.id.as_str()), code: "relay".to_owned() })
        .collect()
}

/// Transit routers that may write routes between the VPCs of both sides which the evidence does not show.
fn routes(ground: &Ground, from: &Zone, goal: &Zone) -> Vec<Open> {
    let vpcs =
        |zone: &Zone| zone.enis(ground).iter().filter_map(|eni| eni.vpc.known().cloned()).collect::<BTreeSet<Id>>();
    let (here, there) = (vpcs(from), vpcs(goal));
    if here.union(&there).count() < 2 {
        return Vec::new();
    }
    let ends = learning(&ground.inventory).into_iter().filter(|(_, vpc)| here.contains(vpc) || there.contains(vpc));
    ends.map(|(attachment, _)| Open {
        what: short(attachment.as_str()),
        code: xiezhi_model::Reason::NotInEvidence.code().to_owned(),
    })
    .collect()
}
