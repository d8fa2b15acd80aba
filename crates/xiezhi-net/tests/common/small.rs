//! Small estates for tests that state one fact.

#![allow(
    dead_code,
    clippy::panic,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::missing_docs_in_private_items
)]

use xiezhi_net::assume::{Readings, Truth};
use xiezhi_net::model::*;
use xiezhi_net::outside;
use xiezhi_net::path::Target;
use xiezhi_net::plain;
use xiezhi_net::reach;
use xiezhi_net::segment::{self, Zone};
use xiezhi_net::set::{Addresses, Flow, Match, PacketSet};

use super::{ip, net};

/// A rule written as `accept tcp 22/22 0.0.0.0/0 @10`, from the fields that the provider gives. After the priority:
/// `own=` an address of the member, `from-ports=` of the client, `list=` of ports beside a range, `nic=`.
pub fn rule_as(direction: Direction, id: &str, text: &str) -> Rule {
    let words: Vec<&str> = text.split_whitespace().collect();
    let more = |name: &str| words.iter().find_map(|word| word.strip_prefix(name)?.strip_prefix('='));
    let v6 = words[3].contains(':');
    RuleFields {
        policy: Some(words[0]),
        ip_protocol: Some(words[1]),
        port_range: Some(words[2]).filter(|ports| !ports.starts_with("prl-")),
        port_range_list: more("list").or(Some(words[2]).filter(|ports| ports.starts_with("prl-"))),
        source_port_range: more("from-ports"),
        cidr: Some(words[3]).filter(|peer| !v6 && !peer.starts_with("sg-") && !peer.starts_with("pl-")),
        ipv6_cidr: Some(words[3]).filter(|_| v6),
        group: Some(words[3]).filter(|peer| peer.starts_with("sg-")),
        prefix_list: Some(words[3]).filter(|peer| peer.starts_with("pl-")),
        own_cidr: more("own"),
        nic_type: more("nic"),
        priority: words.get(4).map(|priority| priority.trim_start_matches('@')),
        ..RuleFields::default()
    }
    .rule(id, direction)
}

pub fn group_of(id: &str, kind: GroupKind, inner: Policy, ingress: &[&str]) -> SecurityGroup {
    let rules = ingress
        .iter()
        .enumerate()
        .map(|(at, text)| rule_as(Direction::Ingress, &format!("{id}/{}", at + 1), text))
        .collect();
    SecurityGroup {
        id: id.into(),
        vpc: Some("vpc-1".into()),
        kind: kind.into(),
        inner: inner.into(),
        rules: Seen::Known(rules),
    }
}

/// A basic group with isolated members.
pub fn group(id: &str, ingress: &[&str]) -> SecurityGroup {
    group_of(id, GroupKind::Basic, Policy::Drop, ingress)
}

pub fn eni(at: u8, groups: &[&str]) -> Eni {
    Eni {
        id: format!("eni-{at}").into(),
        instance: Some(format!("i-{at}").into()),
        vpc: Seen::Known("vpc-1".into()),
        vswitch: Seen::Known("vsw-1".into()),
        addresses: vec![format!("10.0.1.{at}").parse().unwrap()],
        ipv6: vec![],
        public: vec![],
        groups: Seen::Known(groups.iter().map(|id| Id::from(*id)).collect()),
    }
}

pub fn eip(at: u8, to: Bound) -> Eip {
    Eip {
        id: format!("eip-{at}").into(),
        address: ip(&format!("47.1.0.{at}")),
        bound: Seen::Known(Binding { to, private: None, mode: EipMode::Nat }),
        locked: false,
    }
}

/// One VPC with one vSwitch; instance 1 has the public address 47.1.0.1 and these groups.
pub fn estate(groups: Vec<SecurityGroup>) -> Network {
    let ids: Vec<String> = groups.iter().map(|group| group.id.to_string()).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    Network {
        vpcs: vec![Vpc {
            id: "vpc-1".into(),
            cidrs: vec![net("10.0.0.0/16")],
            ipv4_gateway: Seen::Absent,
            ipv6_gateway: Seen::Absent,
        }]
        .into(),
        vswitches: vec![VSwitch {
            id: "vsw-1".into(),
            vpc: "vpc-1".into(),
            cidrs: vec![net("10.0.1.0/24")],
            acl: Seen::Absent,
            table: Seen::Known("vtb-1".into()),
        }]
        .into(),
        route_tables: vec![RouteTable {
            id: "vtb-1".into(),
            vpc: "vpc-1".into(),
            gateway: None,
            routes: Seen::Known(vec![]),
        }]
        .into(),
        enis: vec![eni(1, &ids)].into(),
        eips: vec![eip(1, Bound::Instance("i-1".into()))].into(),
        groups: groups.into(),
        ..Network::default()
    }
}

/// What plain evaluator and engine say about a packet from the internet; they must agree.
pub fn reached_under(network: &Network, readings: &Readings, flow: &Flow) -> Truth {
    let plain =
        plain::from_internet(network, readings, flow).into_iter().map(|trace| trace.verdict).fold(Truth::No, Truth::or);
    let report = reach::from_internet(network, readings);
    let certain = report.exposures.iter().any(|exposure| exposure.certain().contains(flow));
    let possible = report.exposures.iter().any(|exposure| exposure.possible().contains(flow));
    assert_eq!((certain, possible), (plain.is_yes(), !plain.is_no()), "the engine disagrees on {flow}: {plain:?}");
    plain
}

pub fn reached(network: &Network, flow: &Flow) -> Truth {
    reached_under(network, &Readings::default(), flow)
}

/// TCP from a public address to instance 1.
pub fn tcp(port: u16) -> Flow {
    super::flow("8.8.8.8", "47.1.0.1", 6, port)
}

/// Whether instance 1's port is open, closed or unknown, from 8.8.8.8.
pub fn is_open(network: &Network, port: u16) -> Truth {
    reached(network, &tcp(port))
}

/// What plain evaluator and engine say about a packet between two interfaces; they must agree.
pub fn between_under(network: &Network, readings: &Readings, from: &Id, to: &Id, flow: &Flow) -> Truth {
    let one = PacketSet::from(Match {
        source: Addresses::from_nets([flow.source.into()]),
        destination: Addresses::from_nets([flow.destination.into()]),
        ..Match::everything()
    });
    let zone = |id: &Id| Zone::Interface(id.clone());
    let engine = segment::within(network, readings, &zone(from), &zone(to), &one);
    let plain = plain::between(network, readings, from, to, flow).unwrap().verdict;
    let at = |set: &PacketSet| set.contains(flow);
    assert_eq!(
        (at(&engine.certain), at(&engine.possible)),
        (plain.is_yes(), !plain.is_no()),
        "the engine disagrees on {flow}: {plain:?}"
    );
    plain
}

/// What plain evaluator and engine say about a packet from an interface to the internet by each way out, together; they
/// must agree on each.
pub fn leaving_under(network: &Network, readings: &Readings, from: &Id, flow: &Flow) -> Truth {
    let found = outside::leaving(network, readings, &Zone::Interface(from.clone()), &PacketSet::all());
    let mut all = Truth::No;
    let traces = plain::Evaluator::new(network, readings).outside(from, flow);
    for trace in &traces {
        let Target::Internet(exit) = &trace.target else { panic!("{:?}", trace.target) };
        let sets = found.iter().find(|one| one.exit == *exit).map(|one| &one.crossing);
        let (certain, possible) =
            sets.map_or((false, false), |sets| (sets.certain.contains(flow), sets.possible.contains(flow)));
        let plain = &trace.verdict;
        assert_eq!(
            (certain, possible),
            (plain.is_yes(), !plain.is_no()),
            "the engine disagrees on {flow} by {exit:?}: {plain:?}"
        );
        all = all.or(plain.clone());
    }
    all
}

/// TCP of instance 1 to 8.8.8.8.
pub fn leaves(network: &Network, port: u16) -> Truth {
    leaving_under(network, &Readings::default(), &"eni-1".into(), &super::flow("10.0.1.1", "8.8.8.8", 6, port))
}

/// A route with one next hop.
pub fn route(id: &str, to: &str, next: NextHop) -> Route {
    Route { id: id.into(), destination: net(to), next: Seen::Known(vec![next]), origin: RouteOrigin::Own }
}

/// A flow from one instance to another on the private network.
pub fn inside(network: &Network, from: u8, to: u8, protocol: u8, port: u16) -> Truth {
    let flow = super::flow(&format!("10.0.1.{from}"), &format!("10.0.1.{to}"), protocol, port);
    let id = |at: u8| Id::from(format!("eni-{at}"));
    between_under(network, &Readings::default(), &id(from), &id(to), &flow)
}

/// Two instances with these groups; the first has the public address 47.1.0.1.
pub fn pair(groups: Vec<SecurityGroup>, first: &[&str], second: &[&str]) -> Network {
    let mut network = estate(groups);
    network.enis = vec![eni(1, first), eni(2, second)].into();
    network
}

/// The first interface with the IPv6 address 2408:4001::5 and a route to an IPv6 gateway.
pub fn with_ipv6(mut network: Network, bandwidth: Seen<bool>) -> Network {
    network.vpcs.items[0].ipv6_gateway = Seen::Known("ipv6gw-1".into());
    network.vpcs.items[0].cidrs.push(net("2408:4001::/56"));
    network.enis.items[0].ipv6.push(Ipv6 {
        id: Some("ipv6-1".into()),
        address: "2408:4001::5".parse().unwrap(),
        bandwidth,
        egress_only: Seen::Absent,
    });
    let route = Route {
        id: "r6".into(),
        destination: net("::/0"),
        next: Seen::Known(vec![NextHop::Ipv6Gateway("ipv6gw-1".into())]),
        origin: RouteOrigin::Own,
    };
    network.route_tables.items[0].routes = Seen::Known(vec![route]);
    network
}

/// Asserts that a verdict is unknown and names something.
pub fn assert_unknown(truth: &Truth, part: &str) {
    match truth {
        Truth::Unknown(why) => {
            assert!(why.iter().any(|reason| reason.to_string().contains(part)), "{why:?} does not name {part}")
        }
        other => panic!("{other:?} instead of unknown because of {part}"),
    }
}
