//! What reaches what inside the estate, over private addresses: through security groups, network ACLs, routes, peering,
//! transit routers, load balancers and the firewall between VPCs. Ways through public addresses are the question without
//! a start.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use xiezhi_model::service::{alb, nlb, slb};
use xiezhi_model::{Gap, Text};
use xiezhi_net::assume::{Readings, Reasons, Truth};
use xiezhi_net::model::{BackendTo, Balancer, Eni, Id, Network, Seen};
use xiezhi_net::plain;
use xiezhi_net::segment::{self, Crossing};
use xiezhi_net::set::{Addresses, Flow, Match, PacketSet};

use super::endpoints;
use super::outcomes::{agreed, outcomes};
use super::paths::{ports, to};
use super::premises::{self, Named};
use super::relays::{
    at_balancer, by_balancer, by_endpoints, endpoints_unread, inside as balancers_inside, named, not_followed, unread,
};
use super::senders::Senders;
use super::services;
use super::zones::Part as Zone;
use super::{Answer, AskError, Ground, Open, PREFIXES, Part, Question, Verdict, any, hops, instances, packet, short};
use crate::analyse::network::id_of;
use crate::analyse::network::links::learning;

/// The port of a packet that shows where packets stop, when the question names none.
pub(super) const SHOWN: u16 = 22;

/// What reaches a target from each start, on one port when it is given. Starts and target are instances, interfaces,
/// security groups, vSwitches, VPCs, private addresses or ranges, premises outside behind a private way.
/// The internet, or a range of it, is a target too.
pub fn reach_from(ground: &Ground, from: &[&str], name: &str, port: Option<u16>) -> Result<Answer, AskError> {
    if let Some(goal) = super::outside::outside(ground, name) {
        return super::outside::leaves_from(ground, from, (name, &goal), port);
    }
    if let Some(outside) = Named::of(ground, name)
        && Zone::of(ground, name).map_or(true, |zone| zone.interfaces.is_empty())
    {
        return to_premises(ground, from, name, &outside, port);
    }
    let goal = match (Zone::of(ground, name), services::named(ground, name)) {
        (Ok(goal), _) => goal,
        (Err(error), found) if found.is_empty() => {
            let balancers = named(ground, name);
            if !balancers.is_empty() {
                return to_balancers(ground, from, name, &balancers, port);
            }
            return match endpoints::named(ground, name) {
                Some(found) => to_private_endpoints(ground, from, name, &found, port),
                None => Err(error),
            };
        }
        (Err(_), found) => return services::to_services(ground, from, name, &found, port),
    };
    let mut parts = Vec::new();
    let mut unseen = goal.open.clone();
    let mut learned = Vec::new();
    for start in from {
        let outside = Named::of(ground, start);
        if let Some(outside) = &outside {
            parts.extend(premises::arriving(ground, outside, (name, &goal), port));
            learned.extend(premises::hidden(ground, outside, vpcs(ground, &goal).iter()));
            unseen.extend(outside.open.iter().cloned());
            for premises in &outside.premises {
                let (found, open) = handed_on(ground, Senders::Outside(outside, premises), &goal, port);
                parts.extend(found);
                unseen.extend(open);
            }
        }
        let Some(zone) = inside(ground, start, outside.is_some())? else { continue };
        learned.extend(routes(ground, &vpcs(ground, &zone), &vpcs(ground, &goal)));
        unseen.extend(zone.open.iter().cloned());
        parts.push(crossed(ground, (start, &zone), (name, &goal), port));
        let (found, open) = handed_on(ground, Senders::Inside(start, &zone), &goal, port);
        parts.extend(found);
        unseen.extend(open);
    }
    unseen.extend(learned);
    unseen.extend(unlisted(ground, &goal));
    unseen.extend(translated(ground, &goal));
    Ok(told(ground, from, (name, port), parts, unseen))
}

/// What reaches a target by load balancers that hand packets on to it, over their own addresses and by endpoints of
/// PrivateLink, and what was not looked at.
fn handed_on(ground: &Ground, from: Senders<'_>, goal: &Zone, port: Option<u16>) -> (Vec<Part>, Vec<Open>) {
    let (mut parts, mut unseen) = (Vec::new(), Vec::new());
    for balancer in relays(ground, goal) {
        match by_balancer(ground, from, goal, balancer, port) {
            Ok(found) => {
                parts.extend(found);
                unseen.extend(unread(ground, balancer));
            }
            Err(open) => unseen.push(open),
        }
        let (found, open) = by_endpoints(ground, from, Some(goal), balancer, port);
        parts.extend(found);
        unseen.extend(open);
        unseen.extend(endpoints_unread(ground));
    }
    (parts, unseen)
}

/// The part of the estate that a start names; none when it names only what is outside.
pub(super) fn inside(ground: &Ground, start: &str, outside: bool) -> Result<Option<Zone>, AskError> {
    match Zone::of(ground, start) {
        Ok(zone) if !outside || !zone.interfaces.is_empty() => Ok(Some(zone)),
        Ok(_) => Ok(None),
        Err(_) if outside => Ok(None),
        Err(error) => Err(error),
    }
}

/// The VPCs of a part.
pub(super) fn vpcs(ground: &Ground, zone: &Zone) -> BTreeSet<Id> {
    zone.enis(ground).iter().filter_map(|eni| eni.vpc.known().cloned()).collect()
}

/// What reaches premises from each start.
fn to_premises(
    ground: &Ground,
    from: &[&str],
    name: &str,
    goal: &Named<'_>,
    port: Option<u16>,
) -> Result<Answer, AskError> {
    let (mut parts, mut unseen) = (Vec::new(), goal.open.clone());
    for start in from {
        let zone = Zone::of(ground, start)?;
        unseen.extend(zone.open.iter().cloned());
        unseen.extend(premises::hidden(ground, goal, vpcs(ground, &zone).iter()));
        parts.extend(premises::leaving(ground, (start, &zone), goal, port));
    }
    Ok(told(ground, from, (name, port), parts, unseen))
}

/// The answer for every start together.
pub(super) fn told(
    ground: &Ground,
    from: &[&str],
    (name, port): (&str, Option<u16>),
    parts: Vec<Part>,
    mut unseen: Vec<Open>,
) -> Answer {
    unseen.sort();
    unseen.dedup();
    let verdict = any(&parts, &unseen);
    let from = from.iter().map(|start| (*start).to_owned()).collect();
    ground.answer(Question::ReachFrom { from, target: name.to_owned(), port }, verdict, parts, unseen)
}

/// What reaches the listeners of a load balancer from each start.
fn to_balancers(
    ground: &Ground,
    from: &[&str],
    name: &str,
    balancers: &[&Balancer],
    port: Option<u16>,
) -> Result<Answer, AskError> {
    let (mut parts, mut unseen) = (Vec::new(), Vec::new());
    let there: BTreeSet<Id> = balancers.iter().filter_map(|balancer| balancer.vpc.known().cloned()).collect();
    for start in from {
        let outside = Named::of(ground, start);
        let zone = inside(ground, start, outside.is_some())?;
        if let Some(outside) = &outside {
            unseen.extend(outside.open.iter().cloned());
            unseen.extend(premises::hidden(ground, outside, there.iter()));
        }
        if let Some(zone) = &zone {
            unseen.extend(zone.open.iter().cloned());
            unseen.extend(routes(ground, &vpcs(ground, zone), &there));
        }
        for senders in senders(start, zone.as_ref(), outside.as_ref()) {
            for balancer in balancers {
                unseen.extend(unread(ground, balancer));
                let (linked, open) = by_endpoints(ground, senders, None, balancer, port);
                unseen.extend(open);
                match at_balancer(ground, senders, balancer, port) {
                    Ok(own) => parts.extend(own),
                    Err(error) if linked.is_empty() => return Err(error),
                    // Whoever reaches it by its own address adds to those who do by an endpoint.
                    Err(_) => unseen.push(not_followed(&balancer.id)),
                }
                parts.extend(linked);
                unseen.extend(endpoints_unread(ground));
            }
        }
    }
    Ok(told(ground, from, (name, port), parts, unseen))
}

/// Who sends from a start: the part of the estate that it names, and premises.
fn senders<'q>(start: &'q str, zone: Option<&'q Zone>, outside: Option<&'q Named<'q>>) -> Vec<Senders<'q>> {
    let premises = outside.into_iter().flat_map(|named| named.premises.iter().map(move |one| (named, *one)));
    let outside = premises.map(|(named, one)| Senders::Outside(named, one));
    zone.map(|zone| Senders::Inside(start, zone)).into_iter().chain(outside).collect()
}

/// What reaches interface endpoints of PrivateLink from each start, and the listeners behind them.
fn to_private_endpoints(
    ground: &Ground,
    from: &[&str],
    name: &str,
    found: &endpoints::Named<'_>,
    port: Option<u16>,
) -> Result<Answer, AskError> {
    let (mut parts, mut unseen) = (Vec::new(), found.open.clone());
    for start in from {
        let outside = Named::of(ground, start);
        let zone = inside(ground, start, outside.is_some())?;
        let open = [zone.as_ref().map(|zone| &zone.open), outside.as_ref().map(|outside| &outside.open)];
        unseen.extend(open.into_iter().flatten().flatten().cloned());
        for senders in senders(start, zone.as_ref(), outside.as_ref()) {
            for endpoint in &found.endpoints {
                let (own, open) = endpoints::at_endpoint(ground, senders, endpoint, port);
                parts.extend(own);
                unseen.extend(open);
            }
        }
    }
    Ok(told(ground, from, (name, port), parts, unseen))
}

/// A part that holds however the addresses of some interfaces turn out that nobody knows yet.
pub(super) fn in_each_outcome(
    ground: &Ground,
    interfaces: &[&Id],
    part: impl Fn(&Network) -> Option<Part>,
) -> Option<Part> {
    match outcomes(ground, interfaces, None) {
        Ok(all) => {
            let parts: Option<Vec<Part>> =
                all.each.iter().map(|outcome| Some(outcome.written(part(&outcome.network)?))).collect();
            agreed(parts?, &all.open)
        }
        Err(open) => {
            let mut part = part(&ground.network)?;
            part.verdict = Verdict::Undecided;
            part.because.push(open);
            Some(part)
        }
    }
}

pub(super) fn crossed(
    ground: &Ground,
    (start, from): (&str, &Zone),
    (name, goal): (&str, &Zone),
    port: Option<u16>,
) -> Part {
    let everywhere = || Addresses::all();
    let asked = PacketSet::from(Match {
        source: from.addresses.clone().unwrap_or_else(everywhere),
        destination: goal.addresses.clone().unwrap_or_else(everywhere),
        ..Match::everything()
    });
    let wanted = to(port.as_slice()).intersect(&asked);
    let both: Vec<&Id> = from.interfaces.iter().chain(&goal.interfaces).collect();
    let part = in_each_outcome(ground, &both, |network| {
        let crossing = segment::within(network, &Readings::default(), &from.zone(), &goal.zone(), &wanted);
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
            .or_else(|| stops(network, from, goal, port));
        Some(Part {
            subject: arrives_at(network, name, walked.as_ref().map(|(flow, _)| flow.destination), goal),
            verdict: super::verdict(&crossing.verdict),
            facts,
            packet: walked.as_ref().map(|(flow, _)| packet(flow)),
            hops: walked.map(|(_, trace)| hops(&trace)).unwrap_or_default(),
            because: ground.because(&doubts(&crossing)),
        })
    });
    part.unwrap_or_else(|| Part {
        subject: name.to_owned(),
        verdict: Verdict::Undecided,
        facts: vec![("from", start.to_owned())],
        packet: None,
        hops: Vec::new(),
        because: Vec::new(),
    })
}

/// Why more may pass than surely does, or why nothing can be said.
pub(super) fn doubts(crossing: &Crossing) -> Reasons {
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
pub(super) fn arrives_at(network: &Network, name: &str, address: Option<IpAddr>, goal: &Zone) -> String {
    let of: BTreeMap<&Id, &Id> = instances(network);
    let at = |eni: &&Eni| {
        address.is_some_and(|address| {
            eni.addresses.iter().any(|own| IpAddr::V4(*own) == address)
                || eni.ipv6.iter().any(|own| IpAddr::V6(own.address) == address)
        })
    };
    goal.zone().interfaces(network).into_iter().find(at).map_or_else(
        || name.to_owned(),
        |eni| short(of.get(&eni.id).map_or(eni.id.as_str(), |instance| instance.as_str())),
    )
}

/// Where a packet between the first interfaces of both stops: the counter-example of a "no".
fn stops(network: &Network, from: &Zone, goal: &Zone, port: Option<u16>) -> Option<(Flow, xiezhi_net::path::Trace)> {
    let (senders, receivers) = (from.zone().interfaces(network), goal.zone().interfaces(network));
    let readings = Readings::default();
    let evaluator = plain::Evaluator::new(network, &readings);
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

/// Load balancers inside that hand packets to the target.
fn relays<'g>(ground: &'g Ground, goal: &Zone) -> Vec<&'g Balancer> {
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
    balancers_inside(&ground.network)
        .filter(|balancer| {
            let listeners = balancer.listeners.known().into_iter().flatten();
            listeners.filter(|listener| listener.running != Seen::Known(false)).any(|listener| {
                let backends = listener.backends.known().into_iter().flatten();
                backends.filter(|one| one.takes_flows != Seen::Known(false)).any(|one| mine(&one.to))
            })
        })
        .collect()
}

/// Other addresses inside that lead to the target: DNAT entries of VPC NAT gateways (NAT-5), and high-availability
/// addresses that it may hold. Who reaches them is not followed.
fn translated(ground: &Ground, goal: &Zone) -> Vec<Open> {
    let network = &ground.network;
    let enis = goal.enis(ground);
    let held = |address: &std::net::Ipv4Addr| enis.iter().any(|eni| eni.addresses.contains(address));
    let mine = |id: &Id| enis.iter().any(|eni| eni.id == *id || eni.instance.as_ref() == Some(id));
    let open = |id: &Id| Open { what: short(id.as_str()), code: "translation".to_owned() };
    let mut all = Vec::new();
    for nat in network.nats.iter().filter(|nat| nat.intranet) {
        let entries = nat.dnat.known().into_iter().flatten();
        if entries.into_iter().any(|entry| held(&entry.internal)) {
            all.push(open(&nat.id));
        }
        all.extend(nat.dnat.gap().map(|what| ground.gap(what)));
    }
    for havip in &network.havips {
        if havip.members.known().into_iter().flatten().any(mine) {
            all.push(open(&havip.id));
        }
        all.extend(havip.members.gap().map(|what| ground.gap(what)));
    }
    all
}

/// Lists of load balancers that are not complete: one that nobody saw may hand packets to the target, when it can name the
/// target or a group of servers.
fn unlisted(ground: &Ground, goal: &Zone) -> Vec<Open> {
    let concerns = |gap: &Gap| gap.about.as_ref().is_none_or(|about| leads(ground, goal, about));
    let schemas = [slb::LoadBalancer::SCHEMA, alb::LoadBalancer::SCHEMA, nlb::LoadBalancer::SCHEMA];
    let gaps =
        schemas.into_iter().flat_map(|schema| ground.inventory.gaps(schema).into_iter().map(move |gap| (schema, gap)));
    let open = gaps.filter(|(_, gap)| concerns(gap));
    open.map(|(schema, gap)| Open { what: schema.kind.to_owned(), code: gap.reason.code().to_owned() }).collect()
}

/// Whether one of some resources is the target, or something through which a load balancer may hand packets to it.
fn leads(ground: &Ground, goal: &Zone, about: &BTreeSet<Text>) -> bool {
    let enis = goal.enis(ground);
    ground.inventory.kinds().any(|(kind, table)| {
        let passes = ["slb.", "alb.", "nlb.", "ess."].iter().any(|service| kind.starts_with(service));
        (0..table.count()).filter_map(|at| table.record(at)?.resource_head()).any(|head| {
            let own = id_of(head);
            let meant = || enis.iter().any(|eni| eni.id == own || eni.instance.as_ref() == Some(&own));
            about.contains(&head.address) && (passes || meant())
        })
    })
}

/// Transit routers that may write routes between the VPCs of both sides which the evidence does not show.
pub(super) fn routes(ground: &Ground, here: &BTreeSet<Id>, there: &BTreeSet<Id>) -> Vec<Open> {
    if here.union(there).count() < 2 {
        return Vec::new();
    }
    let ends = learning(&ground.inventory).into_iter().filter(|(_, vpc)| here.contains(vpc) || there.contains(vpc));
    ends.map(|(attachment, _)| Open {
        what: short(attachment.as_str()),
        code: xiezhi_model::Reason::NotInEvidence.code().to_owned(),
    })
    .collect()
}
