//! The golden vectors of the reference, section 2.5, each by its number: small estates with packets and what becomes of
//! them, in `vectors.json`. Every packet is judged by the plain evaluator and by the engine.

#![allow(
    clippy::panic,
    clippy::unreachable,
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::missing_docs_in_private_items
)]

mod common;

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr};

use common::small::*;
use common::{flow, ip, net};
use serde::Deserialize;
use xiezhi_net::assume::{Readings, Truth};
use xiezhi_net::model::*;
use xiezhi_net::reach::{self, Exposure};
use xiezhi_net::set::Flow;

/// How many vectors the reference has, and how many packets the file judges; both are counted.
const VECTORS: u8 = 20;
const PACKETS: usize = 49;

#[derive(Deserialize)]
struct Vectors {
    vectors: Vec<Vector>,
}

#[derive(Deserialize)]
struct Vector {
    number: u8,
    what: String,
    estates: Vec<Stated>,
}

/// Instance 1 with an EIP, in every group unless members are named; what else is stated changes that.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Stated {
    /// Ingress rules by group; groups are basic and their policy is Drop.
    groups: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    advanced: Vec<String>,
    #[serde(default)]
    accept: Vec<String>,
    /// The groups of instances 1, 2 and so on.
    members: Option<Vec<Vec<String>>>,
    /// How many of the instances have an EIP; one unless stated.
    eips: Option<u8>,
    /// The address of the second instance.
    second: Option<Ipv4Addr>,
    /// A second address of the first instance, with an EIP of its own.
    secondary: Option<Ipv4Addr>,
    ipv6_bandwidth: Option<Seen<bool>>,
    prefix_list: Option<Seen<Vec<ipnet::IpNet>>>,
    port_list: Option<Seen<Vec<(u16, u16)>>>,
    #[serde(default)]
    classic: bool,
    /// Protocol, source, destination, port and perhaps source port; `open`, `closed` or `unknown: why`.
    packets: Vec<(String, String)>,
    /// Groups under which the internet reaches exactly the same.
    same_as: Option<BTreeMap<String, Vec<String>>>,
    witness: Option<Witness>,
}

/// What the witness of the one exposure must be.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Witness {
    #[serde(default)]
    not_from: Vec<ipnet::IpNet>,
    source_ports: Option<(u16, u16)>,
}

impl Stated {
    fn network(&self, groups: &BTreeMap<String, Vec<String>>) -> Network {
        let made = groups.iter().map(|(id, rules)| {
            let kind = if self.advanced.contains(id) { GroupKind::Advanced } else { GroupKind::Basic };
            let inner = if self.accept.contains(id) { Policy::Accept } else { Policy::Drop };
            group_of(id, kind, inner, &rules.iter().map(String::as_str).collect::<Vec<_>>())
        });
        let mut network = estate(made.collect());
        if let Some(members) = &self.members {
            let of = |(at, groups): (u8, &Vec<String>)| eni(at, &groups.iter().map(String::as_str).collect::<Vec<_>>());
            network.enis = (1..).zip(members).map(of).collect::<Vec<_>>().into();
        }
        let bound = 2..=self.eips.unwrap_or(1);
        network.eips.items.extend(bound.map(|at| eip(at, Bound::Instance(format!("i-{at}").into()))));
        if let Some(address) = self.second {
            network.enis.items[1].addresses = vec![address];
        }
        if let Some(address) = self.secondary {
            network.enis.items[0].addresses.push(address);
            let to = Bound::Interface("eni-1".into());
            let binding = Binding { to: to.clone(), private: Some(address), mode: EipMode::Multi };
            network.eips.items.push(Eip { bound: Seen::Known(binding), ..eip(2, to) });
        }
        if let Some(entries) = &self.prefix_list {
            network.prefix_lists.items.push(PrefixList { id: "pl-1".into(), entries: entries.clone() });
        }
        if let Some(entries) = &self.port_list {
            network.port_lists.items.push(PortList { id: "prl-1".into(), entries: entries.clone() });
        }
        if self.classic {
            network.groups.items[0].vpc = None;
            network.eips.items.clear();
            let only = &mut network.enis.items[0];
            (only.vpc, only.vswitch) = (Seen::Absent, Seen::Absent);
            only.public = vec![Mapped { public: "47.1.0.1".parse().unwrap(), private: "10.0.1.1".parse().unwrap() }];
        }
        match &self.ipv6_bandwidth {
            Some(bandwidth) => with_ipv6(network, bandwidth.clone()),
            None => network,
        }
    }
}

fn packet(text: &str) -> Flow {
    let words: Vec<&str> = text.split(' ').collect();
    let protocol = if words[0] == "tcp" { 6 } else { panic!("{text}") };
    let flow = flow(words[1], words[2], protocol, words[3].parse().unwrap());
    match words.get(4) {
        Some(port) => Flow { source_port: port.parse().unwrap(), ..flow },
        None => flow,
    }
}

/// Whether the packet arrives: between interfaces when one of them sends it, else from the internet.
fn judged(network: &Network, flow: &Flow) -> Truth {
    let holder = |address: IpAddr| {
        let found = network.enis.iter().find(|eni| eni.addresses.iter().any(|own| IpAddr::V4(*own) == address));
        found.map(|eni| eni.id.clone())
    };
    match (holder(flow.source), holder(flow.destination)) {
        (Some(from), Some(to)) => between_under(network, &Readings::default(), &from, &to, flow),
        _ => reached(network, flow),
    }
}

fn exposures(network: &Network) -> Vec<Exposure> {
    reach::from_internet(network, &Readings::default()).exposures
}

#[test]
fn every_golden_vector_holds_for_the_plain_evaluator_and_the_engine() {
    let Vectors { vectors } = serde_json::from_str(include_str!("vectors.json")).unwrap();
    let numbers: Vec<u8> = vectors.iter().map(|vector| vector.number).collect();
    assert_eq!(numbers, (1..=VECTORS).collect::<Vec<_>>());
    let mut judged_packets = 0;
    for Vector { number, what, estates } in &vectors {
        assert!(!estates.is_empty(), "vector {number} has no case");
        for stated in estates {
            let network = stated.network(&stated.groups);
            for (text, becomes) in &stated.packets {
                let truth = judged(&network, &packet(text));
                match (becomes.as_str(), becomes.strip_prefix("unknown: ")) {
                    ("open", _) => assert_eq!(truth, Truth::Yes, "vector {number}, {what}: {text}"),
                    ("closed", _) => assert_eq!(truth, Truth::No, "vector {number}, {what}: {text}"),
                    (_, Some(why)) => assert_unknown(&truth, why),
                    (other, None) => panic!("vector {number}: {other}"),
                }
                judged_packets += 1;
            }
            if let Some(groups) = &stated.same_as {
                let (this, that) = (exposures(&network), exposures(&stated.network(groups)));
                let sets = |all: &[Exposure]| all.iter().map(|one| (one.certain(), one.possible())).collect::<Vec<_>>();
                assert_eq!(sets(&this), sets(&that), "vector {number}");
            }
            if let Some(wanted) = &stated.witness {
                let flow = exposures(&network)[0].witness.as_ref().unwrap().flow;
                let excluded = wanted.not_from.iter().any(|range| range.contains(&flow.source));
                let fits = wanted.source_ports.is_none_or(|(low, high)| (low..=high).contains(&flow.source_port));
                assert!(!excluded && fits, "vector {number}: {flow}");
            }
        }
    }
    assert_eq!(judged_packets, PACKETS);
}

#[test]
fn an_address_of_a_vector_is_read_as_it_is_written() {
    assert_eq!(packet("tcp 8.8.8.8 47.1.0.1 22 1023"), Flow { source_port: 1023, ..tcp(22) });
    assert_eq!((tcp(22).source, net("10.159.6.18/12").trunc()), (ip("8.8.8.8"), net("10.144.0.0/12")));
}
