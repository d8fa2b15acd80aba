//! What may leave for the internet: the engine against the plain evaluator on random estates, and small estates that
//! state one fact each.

#![allow(
    clippy::panic,
    clippy::unreachable,
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::print_stderr
)]

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use common::{Dice, Edges, Holes, Tally, balanced, outbound, readings};
use xiezhi_net::assume::{Readings, Truth};
use xiezhi_net::model::{Eni, Id, Network};
use xiezhi_net::outside::{Departure, leaving};
use xiezhi_net::path::{Exit, Target};
use xiezhi_net::plain::Evaluator;
use xiezhi_net::segment::Zone;
use xiezhi_net::set::{Flow, PacketSet};

/// The sources that an interface may send from, and one that it may not.
fn sources(network: &Network, eni: &Eni) -> Vec<IpAddr> {
    let own = eni.addresses.iter().map(|own| IpAddr::V4(*own));
    let mut all: Vec<IpAddr> = own.chain(eni.ipv6.iter().map(|own| IpAddr::V6(own.address))).collect();
    all.extend(all.clone().into_iter().cycle().take(all.len() * 4).collect::<Vec<_>>());
    all.extend(eni.public.iter().map(|own| IpAddr::V4(own.public)));
    all.extend(network.havips.iter().map(|havip| IpAddr::V4(havip.address)));
    all.extend(["47.1.0.3", "10.0.1.99"].map(common::ip));
    all
}

/// What the plain evaluator says of a packet, way by way, and how many ways no route leads to.
fn plainly(
    evaluator: &Evaluator<'_>,
    eni: &Id,
    flow: &Flow,
    laws: &mut BTreeMap<String, u64>,
) -> (BTreeMap<Exit, Truth>, BTreeSet<Exit>) {
    let (mut truths, mut unrouted) = (BTreeMap::new(), BTreeSet::new());
    for trace in evaluator.outside(eni, flow) {
        for hop in &trace.hops {
            *laws.entry(hop.law.0.to_string()).or_default() += 1;
        }
        let Target::Internet(exit) = trace.target else { panic!("{:?}", trace.target) };
        if trace.hops.last().is_some_and(|hop| hop.passes.is_no() && ["RT-2", "TR-2"].contains(&&*hop.law.0)) {
            unrouted.insert(exit.clone());
        }
        let known = truths.remove(&exit).unwrap_or(Truth::No);
        truths.insert(exit, known.or(trace.verdict));
    }
    (truths, unrouted)
}

fn compare(
    network: &Network,
    readings: &Readings,
    dice: &mut Dice,
    packets: u64,
    tally: &mut BTreeMap<String, Tally>,
    laws: &mut BTreeMap<String, u64>,
) {
    let evaluator = Evaluator::new(network, readings);
    let edges = Edges::of(network);
    let found = leaving(
        network,
        readings,
        &Zone::Interfaces(network.enis.iter().map(|eni| eni.id.clone()).collect()),
        &PacketSet::all(),
    );
    for Departure { interface, exit, crossing, .. } in &found {
        let about = || format!("{interface} by {exit:?} {}", serde_json::to_string(network).unwrap());
        assert!(crossing.certain.is_subset(&crossing.possible) && !crossing.possible.is_empty(), "{}", about());
        assert!(crossing.witness.is_some(), "no confirmed witness: {}", about());
        assert_eq!(crossing.reasons.is_empty(), crossing.certain == crossing.possible, "{}", about());
        assert_eq!(crossing.verdict.is_yes(), !crossing.certain.is_empty());
    }
    for eni in &network.enis {
        let sources = sources(network, eni);
        let mine: Vec<&Departure> = found.iter().filter(|departure| departure.interface == eni.id).collect();
        for _ in 0..packets {
            let mut flow = edges.packet(dice);
            flow.source = *dice.pick(&sources);
            flow.destination = loop {
                let destination = *dice.pick(&edges.sources);
                if destination.is_ipv4() == flow.source.is_ipv4() {
                    break destination;
                }
            };
            if flow.protocol == 6 && dice.once_in(8) {
                flow.port = 25;
            }
            let (mut truths, unrouted) = plainly(&evaluator, &eni.id, &flow, laws);
            for (exit, truth) in &truths {
                // Of every NAT gateway near it is asked; most have no route.
                if matches!(exit, Exit::Nat(_)) && unrouted.contains(exit) && !dice.once_in(12) {
                    continue;
                }
                let kind = match exit {
                    Exit::Nat(id) if id.as_str() == "ngw-9" => "Nat elsewhere".to_owned(),
                    exit => format!("{exit:?}").split('(').next().unwrap().to_owned(),
                };
                tally.entry(kind).or_default().count(truth);
            }
            // By a way that is not this source's, nothing leaves.
            for departure in &mine {
                truths.entry(departure.exit.clone()).or_insert(Truth::No);
            }
            for (exit, truth) in truths {
                let sets = mine.iter().find(|departure| departure.exit == exit).map(|departure| &departure.crossing);
                let certain = sets.is_some_and(|sets| sets.certain.contains(&flow));
                let possible = sets.is_some_and(|sets| sets.possible.contains(&flow));
                assert!(
                    certain == truth.is_yes() && possible != truth.is_no(),
                    "{flow} of {} by {exit:?}: plain says {truth:?}, the engine {certain} {possible}\n{readings:?}\n{}",
                    eni.id,
                    serde_json::to_string(network).unwrap()
                );
            }
        }
    }
}

#[test]
fn engine_and_plain_evaluator_agree_on_what_leaves_for_the_internet() {
    let (mut tally, mut laws) = (BTreeMap::new(), BTreeMap::new());
    for seed in 0..600 {
        let mut dice = Dice::new(seed ^ 0x0bad);
        let holes = Holes([0, 0, 40, 10][(seed % 4) as usize]);
        let network = outbound(&mut dice, holes);
        let readings = readings(&mut dice);
        compare(&network, &readings, &mut dice, 80, &mut tally, &mut laws);
    }
    eprintln!("{tally:?}\n{laws:?}");
    for (exit, tally) in &tally {
        // No packet surely leaves by a hop that nobody follows.
        match exit.as_str() {
            "Route" => assert!(tally.yes == 0 && tally.unknown > 1_000 && tally.no > 1_000, "{tally:?}"),
            _ => balanced(*tally),
        }
    }
    assert_eq!(tally.len(), 6);
    for law in [
        "SG-6", "2.3", "SG-23", "NACL-5", "PUB-1", "PUB-2", "PUB-6", "V6-1", "RT-2", "RT-5", "GWLB-1", "TR-2", "NAT-6",
        "NAT-7", "CFW-1", "CFW-2",
    ] {
        assert!(laws.get(law).is_some_and(|times| *times > 200), "{law} {:?}", laws.get(law));
    }
}
