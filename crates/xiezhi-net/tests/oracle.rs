//! The engine against the plain evaluator: random estates, packets at the edges of their rules.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::print_stderr,
    clippy::panic
)]

mod common;

use std::collections::{BTreeMap, HashMap};

use common::{Dice, Edges, GENERATORS, Generator, Holes};
use xiezhi_net::assume::{Assumption, Readings, Truth};
use xiezhi_net::path::{Entry, Target};
use xiezhi_net::plain::Evaluator;
use xiezhi_net::set::PacketSet;
use xiezhi_net::{model::Network, reach};

/// How often each outcome occurred.
#[derive(Default, Debug, Clone, Copy)]
struct Tally {
    yes: u64,
    no: u64,
    unknown: u64,
}

fn readings(dice: &mut Dice) -> Readings {
    let mut readings = Readings::default();
    if dice.once_in(2) {
        for assumption in Assumption::ALL {
            if dice.once_in(2) {
                readings = readings.with(assumption, dice.once_in(2));
            }
        }
    }
    readings
}

/// Compares both on `packets` packets of one estate.
fn compare(
    network: &Network,
    readings: &Readings,
    dice: &mut Dice,
    packets: u64,
    tally: &mut Tally,
    laws: &mut BTreeMap<String, u64>,
) {
    let report = reach::from_internet(network, readings);
    let mut sets: HashMap<(Entry, std::net::IpAddr, Target), (PacketSet, PacketSet)> = HashMap::new();
    for exposure in &report.exposures {
        let (certain, possible) = (exposure.certain(), exposure.possible());
        assert!(certain.is_subset(&possible), "certain exceeds possible at {:?}", exposure.key());
        let witness = exposure.witness.as_ref().unwrap_or_else(|| {
            panic!("{:?} has no confirmed witness in {}", exposure.key(), serde_json::to_string(network).unwrap())
        });
        assert!(possible.contains(&witness.flow));
        if let Truth::Unknown(why) = &exposure.verdict {
            assert!(!why.is_empty() && certain.is_empty());
        }
        assert_eq!(
            exposure.reasons().is_empty(),
            certain == possible,
            "reasons of {:?}: {:?}",
            exposure.key(),
            exposure.reasons()
        );
        let parts = exposure.parts();
        if !parts.is_empty() {
            let all = parts.iter().fold(PacketSet::empty(), |all, part| all.union(&part.packets));
            assert!(all.is_subset(&possible));
        }
        let (entry, destination, target) = exposure.key();
        assert!(sets.insert((entry.clone(), destination, target.clone()), (certain, possible)).is_none());
    }
    let evaluator = Evaluator::new(network, readings);
    let edges = Edges::of(network);
    for _ in 0..packets {
        let flow = edges.packet(dice);
        let mut expected: HashMap<(Entry, std::net::IpAddr, Target), Truth> = HashMap::new();
        for trace in evaluator.from_internet(&flow) {
            for hop in &trace.hops {
                *laws.entry(hop.law.0.to_string()).or_default() += 1;
            }
            let key = (trace.entry.unwrap(), flow.destination, trace.target);
            let known = expected.remove(&key).unwrap_or(Truth::No);
            expected.insert(key, known.or(trace.verdict));
        }
        for (key, truth) in &expected {
            match truth {
                Truth::Yes => tally.yes += 1,
                Truth::No => tally.no += 1,
                Truth::Unknown(_) => tally.unknown += 1,
            }
            let (certain, possible) = sets
                .get(key)
                .map_or((false, false), |(certain, possible)| (certain.contains(&flow), possible.contains(&flow)));
            assert!(
                certain == truth.is_yes() && possible != truth.is_no(),
                "{flow} by {key:?}: plain says {truth:?}, the engine certain {certain}, possible {possible}\n{readings:?}\n{}",
                serde_json::to_string(network).unwrap()
            );
        }
        for (key, (_, possible)) in &sets {
            assert!(
                expected.contains_key(key) || !possible.contains(&flow),
                "{flow} by {key:?} is known to the engine only"
            );
        }
    }
}

fn run(name: &str, generator: Generator, seeds: std::ops::Range<u64>, packets: u64) -> Tally {
    let (mut tally, mut laws) = (Tally::default(), BTreeMap::new());
    for seed in seeds {
        let mut dice = Dice::new(seed);
        let holes = Holes([0, 0, 25, 8][(seed % 4) as usize]);
        let network = generator(&mut dice, holes);
        let readings = readings(&mut dice);
        compare(&network, &readings, &mut dice, packets, &mut tally, &mut laws);
    }
    eprintln!("{name}: {tally:?}");
    eprintln!("{name}: {laws:?}");
    tally
}

/// Both outcomes must occur often, or agreement means nothing.
fn balanced(tally: Tally) {
    let all = tally.yes + tally.no + tally.unknown;
    assert!(tally.yes * 100 >= all * 5 && tally.no * 100 >= all * 20 && tally.unknown * 100 >= all, "{tally:?}");
}

const ESTATES: u64 = 1_000;
const PACKETS: u64 = 275;

#[test]
fn engine_and_plain_evaluator_agree_on_estates_of_groups() {
    balanced(run(GENERATORS[0].0, GENERATORS[0].1, 0..ESTATES, PACKETS));
}

#[test]
fn engine_and_plain_evaluator_agree_on_estates_of_acls_routes_and_nat() {
    balanced(run(GENERATORS[1].0, GENERATORS[1].1, 0..ESTATES, PACKETS));
}

#[test]
fn engine_and_plain_evaluator_agree_on_estates_of_load_balancers() {
    balanced(run(GENERATORS[2].0, GENERATORS[2].1, 0..ESTATES, PACKETS));
}

#[test]
fn engine_and_plain_evaluator_agree_on_estates_of_firewalls_and_services() {
    balanced(run(GENERATORS[3].0, GENERATORS[3].1, 0..ESTATES, PACKETS));
}

/// A thousand million packets: `cargo test --release -p xiezhi-net --test oracle -- --ignored --nocapture`.
/// `XIEZHI_NIGHT_PACKETS` sets another number.
#[test]
#[ignore = "runs for hours"]
fn engine_and_plain_evaluator_agree_for_a_night() {
    let wanted: u64 =
        std::env::var("XIEZHI_NIGHT_PACKETS").ok().and_then(|text| text.parse().ok()).unwrap_or(1_000_000_000);
    let per_estate = 2_000;
    let rounds = wanted / per_estate / GENERATORS.len() as u64;
    for (name, generator) in GENERATORS {
        balanced(run(name, generator, 1_000_000..1_000_000 + rounds.max(20), per_estate));
    }
}
