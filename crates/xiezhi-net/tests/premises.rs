//! Ways between premises outside and the estate: the platform's laws by name, and the engine against the plain evaluator
//! on random estates.

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
use std::net::IpAddr;

use common::small::*;
use common::{Dice, Edges, Holes, Tally, abroad, balanced, endpoint, flow, ip, net, readings};
use xiezhi_net::assume::{Readings, Truth};
use xiezhi_net::model::*;
use xiezhi_net::plain::Evaluator;
use xiezhi_net::premises::{arriving, leaving, to_endpoint};
use xiezhi_net::segment::Zone;
use xiezhi_net::set::{Flow, PacketSet};

/// What both say of a packet from premises to instance 1; they must agree.
fn comes(network: &Network, flow: &Flow) -> Truth {
    let readings = Readings::default();
    let from = network.premises().next().unwrap();
    let found = arriving(network, &readings, from, &Zone::Interface("eni-1".into()), &PacketSet::all());
    let truth = Evaluator::new(network, &readings).arriving(from, &"eni-1".into(), flow).unwrap().verdict;
    let engine = (found.certain.contains(flow), found.possible.contains(flow));
    assert_eq!(engine, (truth.is_yes(), !truth.is_no()), "the engine disagrees on {flow}: {truth:?}");
    truth
}

/// What both say of a packet from instance 1 to premises.
fn goes(network: &Network, flow: &Flow) -> Truth {
    let readings = Readings::default();
    let to = network.premises().next().unwrap();
    let found = leaving(network, &readings, &Zone::Interface("eni-1".into()), to, &PacketSet::all());
    let truth = Evaluator::new(network, &readings).leaving(&"eni-1".into(), to, flow).unwrap().verdict;
    let engine = (found.certain.contains(flow), found.possible.contains(flow));
    assert_eq!(engine, (truth.is_yes(), !truth.is_no()), "the engine disagrees on {flow}: {truth:?}");
    truth
}

fn route(to: &str, hop: NextHop) -> Route {
    Route {
        id: format!("to {to}").into(),
        destination: net(to),
        next: Seen::Known(vec![hop]),
        origin: RouteOrigin::Own,
    }
}

/// An office 192.168.0.0/16 behind an IPsec connection of a VPN gateway in the VPC; the group admits it to SSH.
fn office() -> Network {
    let mut network = estate(vec![group("sg-1", &["accept tcp 22/22 192.168.0.0/16 @1"])]);
    network.route_tables.items[0].routes = Seen::Known(vec![route("192.168.0.0/16", NextHop::Vpn("vpn-1".into()))]);
    network.vpns = vec![Premises {
        id: "vco-1".into(),
        door: Door::Gateway { gateway: "vpn-1".into(), vpc: Seen::Known("vpc-1".into()) },
        local: Seen::Known(vec![net("10.0.0.0/16")]),
        remote: Seen::Known(vec![net("192.168.0.0/16")]),
        up: Seen::Known(true),
    }]
    .into();
    network.vpn_tables = vec![handing("vpn-1", "vco-1")].into();
    network
}

/// The routes of a VPN gateway that hands everything to one connection.
fn handing(gateway: &str, to: &str) -> VpnTable {
    let route =
        VpnRoute { id: "vr-1".into(), source: None, destination: net("0.0.0.0/0"), next: Seen::Known(to.into()) };
    VpnTable { gateway: gateway.into(), policies: Seen::Absent, routes: Seen::Known(vec![route]) }
}

/// The same office behind a leased line at a transit router, whose table leads to the VPC and back.
fn line() -> Network {
    let mut network = office();
    network.vpns.items.clear();
    network.edges = vec![Premises {
        id: "vbr-1".into(),
        door: Door::Attachment("att-line".into()),
        local: Seen::Absent,
        remote: Seen::Absent,
        up: Seen::Known(true),
    }]
    .into();
    let attachment = |id: &str, to: Attached| Attachment {
        id: id.into(),
        to,
        table: Seen::Known("rtb-1".into()),
        vswitches: Seen::Absent,
    };
    let learned =
        |id: &str, to: &str, next: &str| TransitRoute { id: id.into(), destination: net(to), next: Some(next.into()) };
    network.transit_routers = vec![TransitRouter {
        id: "tr-1".into(),
        attachments: Seen::Known(vec![
            attachment("att-vpc", Attached::Vpc("vpc-1".into())),
            attachment("att-line", Attached::Edge("vbr-1".into())),
        ]),
        tables: Seen::Known(vec![TransitTable {
            id: "rtb-1".into(),
            routes: Seen::Known(vec![
                learned("t-1", "10.0.0.0/16", "att-vpc"),
                learned("t-2", "192.168.7.0/24", "att-line"),
            ]),
        }]),
    }]
    .into();
    let out = route("192.168.0.0/16", NextHop::Attachment("att-vpc".into()));
    network.route_tables.items[0].routes = Seen::Known(vec![out]);
    network
}

fn ssh(source: &str) -> Flow {
    flow(source, "10.0.1.1", 6, 22)
}

#[test]
fn tr_3_an_established_connection_lets_the_far_side_in_where_the_group_does() {
    let network = office();
    assert_eq!(comes(&network, &ssh("192.168.7.9")), Truth::Yes);
    assert_eq!(comes(&network, &flow("192.168.7.9", "10.0.1.1", 6, 23)), Truth::No);
}

#[test]
fn tr_3_selectors_of_either_side_bound_the_traffic() {
    let mut network = office();
    network.vpns.items[0].remote = Seen::Known(vec![net("192.168.8.0/24")]);
    assert_eq!(comes(&network, &ssh("192.168.7.9")), Truth::No);
    assert_eq!(comes(&network, &ssh("192.168.8.9")), Truth::Yes);
    network.vpns.items[0].local = Seen::Known(vec![net("10.0.2.0/24")]);
    assert_eq!(comes(&network, &ssh("192.168.8.9")), Truth::No);
}

#[test]
fn tr_3_only_an_established_connection_is_a_claim() {
    let mut network = office();
    network.vpns.items[0].up = Seen::Known(false);
    assert_eq!(comes(&network, &ssh("192.168.7.9")), Truth::No);
    for up in [Seen::Missing("state of vco-1".into()), Seen::Absent] {
        network.vpns.items[0].up = up;
        assert_unknown(&comes(&network, &ssh("192.168.7.9")), "state of vco-1");
        assert_eq!(comes(&network, &flow("192.168.7.9", "10.0.1.1", 6, 23)), Truth::No);
    }
}

#[test]
fn tr_3_selectors_that_were_not_collected_may_name_every_private_range() {
    let mut network = office();
    network.vpns.items[0].remote = Seen::Missing("ranges of vco-1".into());
    assert_unknown(&comes(&network, &ssh("192.168.7.9")), "ranges of vco-1");
    network.groups = vec![group("sg-1", &["accept tcp 22/22 0.0.0.0/0 @1"])].into();
    network.route_tables.items[0].routes = Seen::Known(vec![route("0.0.0.0/0", NextHop::Vpn("vpn-1".into()))]);
    assert_unknown(&comes(&network, &ssh("172.16.0.1")), "ranges of vco-1");
    assert_eq!(comes(&network, &ssh("8.8.8.8")), Truth::No);
}

#[test]
fn tr_3_a_selector_for_everything_states_no_range_and_does_not_make_the_internet_premises() {
    let mut network = office();
    network.groups = vec![group("sg-1", &["accept tcp 22/22 0.0.0.0/0 @1"])].into();
    network.vpns.items[0].remote = Seen::Known(vec![net("0.0.0.0/0")]);
    network.route_tables.items[0].routes = Seen::Known(vec![route("0.0.0.0/0", NextHop::Vpn("vpn-1".into()))]);
    assert_eq!(comes(&network, &ssh("192.168.7.9")), Truth::Yes);
    assert_eq!(comes(&network, &ssh("8.8.8.8")), Truth::No);
    assert_eq!(comes(&network, &ssh("100.64.1.1")), Truth::No);
}

#[test]
fn m_1_without_a_route_back_nothing_is_reached() {
    let mut network = office();
    network.route_tables.items[0].routes = Seen::Known(vec![route("192.168.7.0/24", NextHop::Vpn("vpn-1".into()))]);
    assert_eq!(comes(&network, &ssh("192.168.7.9")), Truth::Yes);
    assert_eq!(comes(&network, &ssh("192.168.8.9")), Truth::No);
    network.route_tables.items[0].routes = Seen::Known(vec![route("192.168.7.0/24", NextHop::Vpn("vpn-2".into()))]);
    assert_eq!(comes(&network, &ssh("192.168.7.9")), Truth::No);
    network.route_tables.items[0].routes = Seen::Missing("routes of vtb-1".into());
    assert_unknown(&comes(&network, &ssh("192.168.7.9")), "routes of vtb-1");
}

#[test]
fn nacl_4_the_reply_to_premises_needs_an_entry_too() {
    let mut network = office();
    let entry = |ports: PortMatch| AclEntry {
        id: "e-1".into(),
        policy: Policy::Accept,
        protocol: Seen::Known(Protocol::Tcp),
        ports,
        peer: Peer::Nets(vec![net("192.168.0.0/16")]),
        version: IpVersion::V4,
    };
    network.vswitches.items[0].acl = Seen::Known("nacl-1".into());
    network.acls = vec![NetworkAcl {
        id: "nacl-1".into(),
        ingress: Seen::Known(vec![entry(PortMatch::All)]),
        egress: Seen::Known(vec![entry(PortMatch::Ranges(vec![(22, 22)]))]),
    }]
    .into();
    assert_eq!(comes(&network, &ssh("192.168.7.9")), Truth::No);
    network.acls.items[0].egress = Seen::Known(vec![entry(PortMatch::Ranges(vec![(1024, 65535)]))]);
    assert_eq!(comes(&network, &ssh("192.168.7.9")), Truth::Yes);
}

#[test]
fn tr_3_the_far_side_of_a_leased_line_has_the_prefixes_that_were_learned() {
    let network = line();
    assert_eq!(comes(&network, &ssh("192.168.7.9")), Truth::Yes);
    assert_eq!(comes(&network, &ssh("192.168.8.9")), Truth::No);
}

#[test]
fn tr_2_what_enters_from_premises_is_forwarded_by_the_table_of_their_attachment() {
    let mut network = line();
    let Seen::Known(attachments) = &mut network.transit_routers.items[0].attachments else { unreachable!() };
    attachments[1].table = Seen::Absent;
    assert_eq!(comes(&network, &ssh("192.168.7.9")), Truth::No);
    let Seen::Known(attachments) = &mut network.transit_routers.items[0].attachments else { unreachable!() };
    attachments[1].table = Seen::Missing("route table of att-line".into());
    assert_unknown(&comes(&network, &ssh("192.168.7.9")), "route table of att-line");
}

#[test]
fn tr_3_a_route_that_leads_to_other_premises_is_no_way_back() {
    let mut network = line();
    let mut other = network.edges.items[0].clone();
    (other.id, other.door) = ("vbr-2".into(), Door::Interface("ri-2".into()));
    network.edges.items.push(other);
    let out = |hop: NextHop| Seen::Known(vec![route("192.168.0.0/16", hop)]);
    network.route_tables.items[0].routes = out(NextHop::RouterInterface("ri-2".into()));
    assert_eq!(comes(&network, &ssh("192.168.7.9")), Truth::No);
    network.route_tables.items[0].routes = out(NextHop::RouterInterface("ri-unseen".into()));
    assert_unknown(&comes(&network, &ssh("192.168.7.9")), "where ri-unseen leads");
}

#[test]
fn rt_4_a_router_interface_and_an_express_connect_router_lead_to_their_premises() {
    let doors = [
        (Door::Interface("x-1".into()), NextHop::RouterInterface("x-1".into())),
        (Door::Ecr("x-1".into()), NextHop::Ecr("x-1".into())),
    ];
    for (door, hop) in doors {
        let mut network = line();
        network.edges.items[0].door = door;
        network.route_tables.items[0].routes = Seen::Known(vec![route("192.168.7.0/24", hop)]);
        assert_eq!(comes(&network, &ssh("192.168.7.9")), Truth::Yes);
        assert_eq!(comes(&network, &ssh("192.168.8.9")), Truth::No);
    }
}

#[test]
fn tr_1_beyond_the_vpc_of_a_vpn_gateway_the_way_is_open_and_never_claimed() {
    let mut network = office();
    network.vpns.items[0].door = Door::Gateway { gateway: "vpn-1".into(), vpc: Seen::Known("vpc-2".into()) };
    network.peerings =
        vec![Peering { id: "pcc-1".into(), vpcs: ("vpc-1".into(), "vpc-2".into()), active: Seen::Known(true) }].into();
    let back = route("192.168.0.0/16", NextHop::Peering("pcc-1".into()));
    network.route_tables.items[0].routes = Seen::Known(vec![back]);
    assert_unknown(&comes(&network, &ssh("192.168.7.9")), "the way from vpc-2 on to vpn-1");
    network.route_tables.items[0].routes = Seen::Known(vec![]);
    assert_eq!(comes(&network, &ssh("192.168.7.9")), Truth::No);
}

#[test]
fn cfw_1_a_firewall_of_the_vpc_may_stand_before_a_leased_line() {
    let mut network = line();
    network.firewall.between_vpcs = Seen::Known(vec![VpcBoundary {
        id: "vfw-1".into(),
        vpcs: vec!["vpc-1".into()],
        pair: false,
        on: Seen::Known(true),
        boundary: Boundary { strict: Seen::Known(true), policies: Seen::Missing("policies of vfw-1".into()) },
    }]);
    assert_unknown(&comes(&network, &ssh("192.168.7.9")), "whether vfw-1 stands before vbr-1");
}

#[test]
fn m_1_a_packet_to_premises_needs_the_way_in_for_its_reply() {
    let mut network = line();
    network.groups.items[0].rules = Seen::Known(vec![]);
    let out = flow("10.0.1.1", "192.168.7.9", 6, 443);
    assert_eq!(goes(&network, &out), Truth::Yes);
    assert_eq!(goes(&network, &flow("10.0.1.1", "192.168.8.9", 6, 443)), Truth::No);
    let Seen::Known(tables) = &mut network.transit_routers.items[0].tables else { unreachable!() };
    let Seen::Known(routes) = &mut tables[0].routes else { unreachable!() };
    routes.retain(|route| route.destination != net("10.0.0.0/16"));
    assert_eq!(goes(&network, &out), Truth::No);
}

#[test]
fn tr_3_a_gateway_hands_packets_to_the_connection_that_its_routes_name() {
    let route = |id: &str, source: Option<&str>, destination: &str, to: &str| VpnRoute {
        id: id.into(),
        source: source.map(net),
        destination: net(destination),
        next: Seen::Known(to.into()),
    };
    let with = |policies: Vec<VpnRoute>, routes: Vec<VpnRoute>| {
        let mut network = office();
        network.vpn_tables.items[0].policies = Seen::Known(policies);
        network.vpn_tables.items[0].routes = Seen::Known(routes);
        comes(&network, &ssh("192.168.7.9"))
    };
    let ours = |to: &str| route("vr-1", None, "192.168.0.0/16", to);
    assert_eq!(with(vec![], vec![ours("vco-1")]), Truth::Yes);
    assert_eq!(with(vec![], vec![ours("vco-2")]), Truth::No);
    assert_eq!(with(vec![], vec![]), Truth::No);
    // The longest prefix decides, and a policy before any.
    assert_eq!(with(vec![], vec![ours("vco-2"), route("vr-2", None, "192.168.7.0/24", "vco-1")]), Truth::Yes);
    let policy = |source: &str, to: &str| route("pbr-1", Some(source), "192.168.0.0/16", to);
    assert_eq!(with(vec![policy("10.0.1.0/24", "vco-1")], vec![ours("vco-2")]), Truth::Yes);
    assert_eq!(with(vec![policy("10.0.1.0/24", "vco-2")], vec![ours("vco-1")]), Truth::No);
    assert_eq!(with(vec![policy("10.0.2.0/24", "vco-2")], vec![ours("vco-1")]), Truth::Yes);
    // Of several that match, the priority or the state of the tunnels decides.
    let both = with(vec![policy("10.0.1.0/24", "vco-1"), policy("10.0.0.0/16", "vco-2")], vec![]);
    assert_unknown(&both, "which route of vpn-1 decides");
}

#[test]
fn tr_3_routes_of_a_gateway_that_nobody_read_leave_its_connections_open() {
    let mut network = office();
    network.vpn_tables.items.clear();
    assert_unknown(&comes(&network, &ssh("192.168.7.9")), "VPN routes of vpn-1");
    for table in [
        VpnTable { policies: Seen::Missing("policies".into()), ..handing("vpn-1", "vco-1") },
        VpnTable { routes: Seen::Missing("policies".into()), ..handing("vpn-1", "vco-1") },
    ] {
        network.vpn_tables = vec![table].into();
        assert_unknown(&comes(&network, &ssh("192.168.7.9")), "policies");
        assert_eq!(comes(&network, &flow("192.168.7.9", "10.0.1.1", 6, 23)), Truth::No);
    }
    // The clients of an SSL-VPN server have addresses that the gateway gave them.
    network.edges.items.push(Premises { id: "vss-1".into(), ..network.vpns.items[0].clone() });
    network.vpns.items.clear();
    assert_eq!(comes(&network, &ssh("192.168.7.9")), Truth::Yes);
}

#[test]
fn engine_and_plain_evaluator_agree_on_premises() {
    let (mut tally, mut laws) = (Tally::default(), BTreeMap::<String, u64>::new());
    let mut sure: BTreeMap<String, u64> = BTreeMap::new();
    let far =
        ["192.168.7.9", "192.168.7.200", "192.168.8.1", "10.1.2.7", "10.1.9.9", "172.16.0.1", "25.1.1.1", "8.8.8.8"];
    for seed in 0..700 {
        let mut dice = Dice::new(seed ^ 0x7e1e);
        let holes = Holes([0, 0, 40, 12][(seed % 4) as usize]);
        let network = abroad(&mut dice, holes);
        let readings = readings(&mut dice);
        let evaluator = Evaluator::new(&network, &readings);
        let edges = Edges::of(&network);
        for premises in network.premises() {
            let eni = &network.enis.items[if dice.once_in(5) { 3 } else { dice.roll(3) as usize }];
            let zone = Zone::Interface(eni.id.clone());
            let inward = dice.once_in(2);
            let found = match inward {
                true => arriving(&network, &readings, premises, &zone, &PacketSet::all()),
                false => leaving(&network, &readings, &zone, premises, &PacketSet::all()),
            };
            assert!(found.certain.is_subset(&found.possible));
            assert_eq!(found.witness.is_some(), !found.possible.is_empty(), "{}", premises.id);
            assert_eq!(found.reasons.is_empty(), found.certain == found.possible, "{:?}", found.reasons);
            for _ in 0..40 {
                let mut flow = edges.packet(&mut dice);
                let (own, theirs) = (IpAddr::V4(*dice.pick(&eni.addresses)), ip(dice.pick::<&str>(&far)));
                (flow.source, flow.destination) = if inward { (theirs, own) } else { (own, theirs) };
                // Most packets between any two addresses go nowhere: half of them keep to those that something passes between.
                if let Some(witness) = found.witness.as_ref().filter(|_| dice.once_in(2)) {
                    (flow.source, flow.destination) = (witness.flow.source, witness.flow.destination);
                }
                let trace = match inward {
                    true => evaluator.arriving(premises, &eni.id, &flow).unwrap(),
                    false => evaluator.leaving(&eni.id, premises, &flow).unwrap(),
                };
                for hop in &trace.hops {
                    *laws.entry(hop.law.0.to_string()).or_default() += 1;
                }
                tally.count(&trace.verdict);
                *sure.entry(premises.id.to_string()).or_default() += u64::from(trace.verdict.is_yes());
                let (certain, possible) = (found.certain.contains(&flow), found.possible.contains(&flow));
                assert!(
                    certain == trace.verdict.is_yes() && possible != trace.verdict.is_no(),
                    "{flow} {} {}: plain says {:?}, the engine {certain} {possible}\n{readings:?}\n{}",
                    premises.id,
                    eni.id,
                    trace.verdict,
                    serde_json::to_string(&network).unwrap()
                );
            }
        }
    }
    eprintln!("premises: {tally:?}, {laws:?}, {sure:?}");
    balanced(tally);
    assert!(sure.len() == 6 && sure.values().all(|count| *count > 100), "{sure:?}");
}

/// The office with a database at 10.0.1.90 that admits these ranges.
fn store(allow: &[&str]) -> Network {
    let mut network = office();
    network.services = vec![Service {
        id: "rm-1".into(),
        product: "rds".into(),
        endpoints: Seen::Known(vec![ServiceEndpoint {
            id: "e-1".into(),
            public: Seen::Known(false),
            address: Some(ip("10.0.1.90")),
            within: vec![],
            vpc: Some("vpc-1".into()),
            ports: Seen::Known(vec![(3306, 3306)]),
            usual: vec![],
            allow: Seen::Known(allow.iter().map(|text| net(text)).collect()),
            bare: vec![],
            allow_groups: Seen::Absent,
        }]),
    }]
    .into();
    network
}

fn queries(network: &Network, source: &str) -> Truth {
    let (readings, flow) = (Readings::default(), flow(source, "10.0.1.90", 6, 3306));
    let from = network.premises().next().unwrap();
    let (service, at) = ("rm-1".into(), "e-1".into());
    let found = to_endpoint(network, &readings, from, &service, &at, &PacketSet::all()).unwrap();
    let truth = Evaluator::new(network, &readings).arriving_at(from, &service, &at, &flow).unwrap().verdict;
    let engine = (found.certain.contains(&flow), found.possible.contains(&flow));
    assert_eq!(engine, (truth.is_yes(), !truth.is_no()), "the engine disagrees on {flow}: {truth:?}");
    truth
}

#[test]
fn db_1_a_white_list_that_names_the_office_lets_it_in_and_a_route_back_is_needed() {
    assert_eq!(queries(&store(&["192.168.7.0/24"]), "192.168.7.9"), Truth::Yes);
    assert_eq!(queries(&store(&["192.168.7.0/24"]), "192.168.8.9"), Truth::No);
    assert_eq!(queries(&store(&["127.0.0.1/32"]), "192.168.7.9"), Truth::No);
    let mut network = store(&["192.168.0.0/16"]);
    network.route_tables.items[0].routes = Seen::Known(vec![]);
    assert_eq!(queries(&network, "192.168.7.9"), Truth::No);
    network.vswitches.items.clear();
    assert_unknown(&queries(&network, "192.168.7.9"), "vSwitch of e-1");
}

#[test]
fn nacl_2_no_network_acl_stands_before_a_managed_service() {
    let mut network = store(&["192.168.0.0/16"]);
    network.vswitches.items[0].acl = Seen::Known("nacl-1".into());
    network.acls =
        vec![NetworkAcl { id: "nacl-1".into(), ingress: Seen::Known(vec![]), egress: Seen::Known(vec![]) }].into();
    assert_eq!(queries(&network, "192.168.7.9"), Truth::Yes);
    assert_eq!(comes(&network, &ssh("192.168.7.9")), Truth::No);
}

#[test]
fn engine_and_plain_evaluator_agree_on_services_that_premises_reach() {
    let mut tally = Tally::default();
    let far = ["192.168.7.9", "192.168.7.200", "192.168.8.1", "10.1.9.9", "172.16.0.1", "25.1.1.1", "8.8.8.8"];
    let anywhere = ["10.0.1.1", "10.0.1.90", "10.0.1.255", "10.0.2.0", "10.0.2.90", "10.0.200.7"];
    for seed in 0..900 {
        let mut dice = Dice::new(seed ^ 0x0ff1);
        let mut network = abroad(&mut dice, Holes([0, 0, 40, 12][(seed % 4) as usize]));
        let mut endpoint = endpoint(&mut dice);
        // A list that admits nobody from outside compares nothing.
        if !dice.once_in(4) {
            endpoint.allow = Seen::Known(vec![net(dice.pick::<&str>(&["192.168.0.0/16", "0.0.0.0/0", "0.0.0.0/0"]))]);
        }
        let endpoints = Seen::Known(vec![endpoint.clone()]);
        network.services.items.push(Service { id: "rm-1".into(), product: "rds".into(), endpoints });
        let (service, at) = (Id::from("rm-1"), Id::from("e-1"));
        let readings = readings(&mut dice);
        let evaluator = Evaluator::new(&network, &readings);
        let edges = Edges::of(&network);
        for premises in network.premises() {
            let Some(found) = to_endpoint(&network, &readings, premises, &service, &at, &PacketSet::all()) else {
                assert!(endpoint.vpc.is_none());
                continue;
            };
            assert_eq!(found.witness.is_some(), !found.possible.is_empty());
            assert_eq!(found.reasons.is_empty(), found.certain == found.possible, "{:?}", found.reasons);
            for _ in 0..30 {
                let mut flow = edges.packet(&mut dice);
                (flow.protocol, flow.source) = (6, ip(dice.pick::<&str>(&far)));
                flow.destination = endpoint.address.unwrap_or_else(|| ip(dice.pick::<&str>(&anywhere)));
                if let Some(witness) = found.witness.as_ref().filter(|_| !dice.once_in(4)) {
                    (flow.source, flow.destination) = (witness.flow.source, witness.flow.destination);
                }
                flow.port = *dice.pick(&[3306, 3306, 80, 443, 22, 8080, 8081]);
                let Some(trace) = evaluator.arriving_at(premises, &service, &at, &flow) else {
                    assert!(endpoint.address.is_none() && !found.possible.contains(&flow), "{flow}");
                    continue;
                };
                tally.count(&trace.verdict);
                let (certain, possible) = (found.certain.contains(&flow), found.possible.contains(&flow));
                // Of an endpoint that may be anywhere only what holds everywhere is sure.
                let sure = match endpoint.address {
                    Some(_) => certain == trace.verdict.is_yes(),
                    None => !certain || trace.verdict.is_yes(),
                };
                assert!(
                    sure && possible != trace.verdict.is_no(),
                    "{flow} {}: plain says {:?}, the engine {certain} {possible}\n{readings:?}\n{}",
                    premises.id,
                    trace.verdict,
                    serde_json::to_string(&network).unwrap()
                );
            }
        }
    }
    eprintln!("services from premises: {tally:?}");
    balanced(tally);
}
