//! Load balancers and interface endpoints of PrivateLink over private addresses: the engine against the plain evaluator on
//! random estates, from interfaces and from premises.

#![allow(
    clippy::panic,
    clippy::unreachable,
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::missing_docs_in_private_items,
    clippy::print_stderr
)]

mod common;

use std::collections::BTreeMap;

use common::{Dice, Edges, Holes, Tally, abroad, balanced, balancers, ip, readings};
use xiezhi_net::assume::Truth;
use xiezhi_net::model::*;
use xiezhi_net::path::{Target, Trace};
use xiezhi_net::plain::Evaluator;
use xiezhi_net::relay::{Relay, linked, linked_from, relays, relays_from};
use xiezhi_net::segment::Zone;
use xiezhi_net::set::Flow;

/// Compares what the plain evaluator says of one packet to a listener with the engine's sets, target by target; how many
/// servers it surely reaches.
fn held(
    traces: Vec<Trace>,
    found: &[Relay],
    listener: &Id,
    flow: &Flow,
    tally: &mut Tally,
    about: impl Fn() -> String,
) -> u64 {
    let mut truths: BTreeMap<Target, Truth> = BTreeMap::new();
    for trace in traces {
        let known = truths.remove(&trace.target).unwrap_or(Truth::No);
        truths.insert(trace.target, known.or(trace.verdict));
    }
    let mine = |relay: &&Relay| relay.listener == *listener && relay.front == flow.destination;
    for relay in found.iter().filter(mine) {
        truths.entry(relay.target.clone()).or_insert(Truth::No);
    }
    let mut servers = 0;
    for (target, truth) in truths {
        match truth {
            Truth::Yes => tally.yes += 1,
            Truth::No => tally.no += 1,
            Truth::Unknown(_) => tally.unknown += 1,
        }
        servers += u64::from(matches!(target, Target::Interface(_)) && truth.is_yes());
        let sets = found.iter().filter(mine).find(|relay| relay.target == target).map(|relay| &relay.crossing);
        let certain = sets.is_some_and(|sets| sets.certain.contains(flow));
        let possible = sets.is_some_and(|sets| sets.possible.contains(flow));
        assert!(
            certain == truth.is_yes() && possible != truth.is_no(),
            "{flow} to {target:?}: plain says {truth:?}, the engine {certain} {possible}\n{}",
            about()
        );
    }
    servers
}

/// What holds for whatever the engine finds.
fn sound(found: &[Relay], network: &Network) {
    for relay in found {
        let crossing = &relay.crossing;
        assert!(crossing.certain.is_subset(&crossing.possible) && !crossing.possible.is_empty());
        assert!(crossing.witness.is_some(), "{:?} {}", relay.target, serde_json::to_string(network).unwrap());
        assert_eq!(crossing.reasons.is_empty(), crossing.certain == crossing.possible);
    }
}

/// Opens what would hide the rest: most lists name clients, and most groups drop.
fn opened(network: &mut Network, dice: &mut Dice) {
    for balancer in &mut network.balancers.items {
        if !dice.once_in(4) {
            balancer.groups = Seen::Absent;
        }
        if let Seen::Known(listeners) = &mut balancer.listeners {
            listeners.iter_mut().filter(|_| !dice.once_in(4)).for_each(|listener| listener.access = Seen::Absent);
        }
    }
}

#[test]
fn engine_and_plain_evaluator_agree_on_balancers_that_interfaces_reach_inside() {
    let (mut tally, mut behind) = (Tally::default(), 0_u64);
    for seed in 0..400 {
        let mut dice = Dice::new(seed ^ 0xba1a);
        let holes = Holes([0, 0, 30, 8][(seed % 4) as usize]);
        let mut network = balancers(&mut dice, holes);
        for balancer in &mut network.balancers.items {
            balancer.private = vec![ip(dice.pick::<&str>(&["10.0.1.30", "10.0.2.30", "10.0.9.30"]))];
            match dice.roll(8) {
                0 => balancer.vpc = Seen::Known("vpc-2".into()),
                1 => balancer.vpc = Seen::Missing("VPC of a balancer".into()),
                _ => {}
            }
        }
        let readings = readings(&mut dice);
        let evaluator = Evaluator::new(&network, &readings);
        let edges = Edges::of(&network);
        for balancer in &network.balancers.items {
            let from = dice.pick(&network.enis.items);
            let found = relays(&network, &readings, &Zone::Interface(from.id.clone()), &balancer.id);
            sound(&found, &network);
            for listener in balancer.listeners.known().into_iter().flatten() {
                for _ in 0..40 {
                    let mut flow = edges.packet(&mut dice);
                    flow.source = std::net::IpAddr::V4(*dice.pick(&from.addresses));
                    flow.destination = balancer.private[0];
                    flow.protocol = if dice.once_in(4) { 17 } else { 6 };
                    flow.source_port = *dice.pick(&edges.ports);
                    flow.port = *dice.pick(&[listener.ports.0, listener.ports.1, listener.ports.0, flow.port]);
                    let traces = evaluator.relayed(&from.id, &balancer.id, &listener.id, &flow);
                    behind += held(traces, &found, &listener.id, &flow, &mut tally, || {
                        format!("{} {readings:?}\n{}", from.id, serde_json::to_string(&network).unwrap())
                    });
                }
            }
        }
    }
    eprintln!("balancers inside: {tally:?}, {behind} at servers");
    balanced(tally);
    assert!(behind > 500);
}

#[test]
fn engine_and_plain_evaluator_agree_on_interface_endpoints_of_privatelink() {
    let (mut tally, mut behind) = (Tally::default(), 0_u64);
    for seed in 0..400 {
        let mut dice = Dice::new(seed ^ 0x9114);
        let holes = Holes([0, 0, 30, 8][(seed % 4) as usize]);
        let mut network = balancers(&mut dice, holes);
        let balancer = dice.pick(&network.balancers.items).clone();
        let (from, at) = (dice.pick(&network.enis.items).clone(), dice.pick(&network.enis.items).clone());
        opened(&mut network, &mut dice);
        // Where filters drop everything nothing is compared behind them: half of the estates let the two talk.
        if dice.once_in(2) {
            let mut open = network.groups.items[0].clone();
            (open.id, open.kind) = ("sg-open".into(), Seen::Known(GroupKind::Basic));
            (open.inner, open.rules) = (Seen::Known(Policy::Accept), Seen::Known(vec![]));
            network.groups.items.push(open);
            for eni in network.enis.items.iter_mut().filter(|eni| eni.id == from.id || eni.id == at.id) {
                eni.groups = Seen::Known(vec!["sg-open".into()]);
                (eni.vpc, eni.vswitch) = (from.vpc.clone(), from.vswitch.clone());
            }
        }
        let mut balancers = vec![balancer.id.clone()];
        if dice.once_in(6) {
            balancers.push("lb-elsewhere".into());
        }
        network.private_endpoints.items.push(PrivateEndpoint {
            id: "ep-1".into(),
            interfaces: vec![at.id.clone()],
            service: "epsrv-1".into(),
            connected: match dice.roll(10) {
                0 => Seen::Known(false),
                1 => Seen::Missing("state of ep-1".into()),
                _ => Seen::Known(true),
            },
            balancers: Seen::Known(balancers),
        });
        let balancer = network.balancers.items.iter().find(|one| one.id == balancer.id).unwrap();
        let readings = readings(&mut dice);
        let evaluator = Evaluator::new(&network, &readings);
        let edges = Edges::of(&network);
        let found = linked(&network, &readings, &Zone::Interface(from.id.clone()), &"ep-1".into(), &balancer.id);
        sound(&found, &network);
        for listener in balancer.listeners.known().into_iter().flatten() {
            for _ in 0..60 {
                let mut flow = edges.packet(&mut dice);
                flow.source = std::net::IpAddr::V4(*dice.pick(&from.addresses));
                flow.destination = std::net::IpAddr::V4(*dice.pick(&at.addresses));
                flow.protocol = if dice.once_in(6) { 17 } else { 6 };
                flow.source_port = *dice.pick(&edges.ports);
                flow.port = *dice.pick(&[listener.ports.0, listener.ports.1, listener.ports.0, flow.port]);
                let traces = evaluator.linked(&from.id, &"ep-1".into(), &balancer.id, &listener.id, &flow);
                behind += held(traces, &found, &listener.id, &flow, &mut tally, || {
                    format!("{} {readings:?}\n{}", from.id, serde_json::to_string(&network).unwrap())
                });
            }
        }
    }
    eprintln!("interface endpoints: {tally:?}, {behind} at servers");
    balanced(tally);
    assert!(behind > 100);
}

#[test]
fn engine_and_plain_evaluator_agree_on_balancers_and_endpoints_that_other_networks_reach() {
    let far = ["192.168.7.9", "192.168.7.200", "192.168.8.1", "10.1.2.7", "172.16.0.1", "25.1.1.1", "8.8.8.8"];
    let mut tallies = [Tally::default(), Tally::default(), Tally::default()];
    let mut servers = [0_u64; 3];
    for seed in 0..500 {
        let mut dice = Dice::new(seed ^ 0xfa2);
        let holes = Holes([0, 0, 40, 12][(seed % 4) as usize]);
        let mut network = abroad(&mut dice, holes);
        let other = balancers(&mut dice, holes);
        (network.balancers, network.access_lists) = (other.balancers, other.access_lists);
        for balancer in &mut network.balancers.items {
            let (vpc, at) = *dice.pick(&[
                ("vpc-1", "10.0.1.30"),
                ("vpc-1", "10.0.2.30"),
                ("vpc-1", "10.0.9.30"),
                ("vpc-2", "10.1.2.30"),
            ]);
            balancer.private = vec![ip(at)];
            balancer.vpc =
                if dice.once_in(10) { Seen::Missing("VPC of a balancer".into()) } else { Seen::Known(vpc.into()) };
        }
        opened(&mut network, &mut dice);
        let at = dice.pick(&network.enis.items).clone();
        network.private_endpoints.items.push(PrivateEndpoint {
            id: "ep-1".into(),
            interfaces: vec![at.id.clone()],
            service: "epsrv-1".into(),
            connected: Seen::Known(true),
            balancers: Seen::Known(network.balancers.iter().map(|balancer| balancer.id.clone()).take(1).collect()),
        });
        let readings = readings(&mut dice);
        let evaluator = Evaluator::new(&network, &readings);
        let edges = Edges::of(&network);
        for balancer in &network.balancers.items {
            let abroad = |eni: &&Eni| eni.vpc != balancer.vpc;
            let inside = network.enis.iter().filter(abroad).nth(dice.roll(3) as usize);
            let premises: Vec<&Premises> = network.premises().collect();
            let premises = *dice.pick(&premises);
            for way in 0..3 {
                let (found, destination) = match (way, inside) {
                    (0, Some(from)) => (
                        relays(&network, &readings, &Zone::Interface(from.id.clone()), &balancer.id),
                        balancer.private[0],
                    ),
                    (0, None) => continue,
                    (1, _) => (relays_from(&network, &readings, premises, &balancer.id), balancer.private[0]),
                    _ => (
                        linked_from(&network, &readings, premises, &"ep-1".into(), &balancer.id),
                        at.addresses[0].into(),
                    ),
                };
                sound(&found, &network);
                for listener in balancer.listeners.known().into_iter().flatten() {
                    for _ in 0..30 {
                        let mut flow = edges.packet(&mut dice);
                        flow.source = match (way, inside) {
                            (0, Some(from)) => (*dice.pick(&from.addresses)).into(),
                            _ => ip(dice.pick::<&str>(&far)),
                        };
                        // Most packets between two networks go nowhere: most of these keep to those that get somewhere.
                        let known = found.iter().find_map(|relay| relay.crossing.witness.as_ref());
                        if let Some(witness) = known.filter(|_| way > 0 && !dice.once_in(4)) {
                            flow.source = witness.flow.source;
                        }
                        flow.destination = destination;
                        flow.protocol = match listener.protocol.transport() {
                            Protocol::Udp => 17,
                            _ => 6,
                        };
                        if dice.once_in(8) {
                            flow.protocol ^= 23;
                        }
                        flow.source_port = *dice.pick(&edges.ports);
                        flow.port = *dice.pick(&[listener.ports.0, listener.ports.1, listener.ports.0, flow.port]);
                        let (own, id) = (&balancer.id, &listener.id);
                        let traces = match (way, inside) {
                            (0, Some(from)) => evaluator.relayed(&from.id, own, id, &flow),
                            (1, _) => evaluator.relayed_from(premises, own, id, &flow),
                            _ => evaluator.linked_from(premises, &"ep-1".into(), own, id, &flow),
                        };
                        if way == 2 && own.as_str() != network.balancers.items[0].id.as_str() {
                            continue;
                        }
                        servers[way] += held(traces, &found, id, &flow, &mut tallies[way], || {
                            format!("{way} {} {readings:?}\n{}", premises.id, serde_json::to_string(&network).unwrap())
                        });
                    }
                }
            }
        }
    }
    eprintln!("from other VPCs, from premises, by endpoints from premises: {tallies:?}, {servers:?} at servers");
    for Tally { yes, no, unknown } in tallies {
        let all = yes + no + unknown;
        assert!(yes * 100 > all * 3 && no * 100 > all * 20 && unknown * 100 > all * 3, "{tallies:?}");
    }
    assert!(servers.iter().all(|count| *count > 20), "{servers:?}");
}
