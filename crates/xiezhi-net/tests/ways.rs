//! The platform's laws about groups beyond the golden vectors, network ACLs, routes, gateways, IPv6 and NAT, each by its
//! name. Every case is judged by the plain evaluator and by the engine.

#![allow(
    clippy::panic,
    clippy::unreachable,
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::missing_docs_in_private_items
)]

mod common;

use common::small::*;
use common::{flow, net};
use xiezhi_net::assume::{Assumption, Readings, Reason, Truth};
use xiezhi_net::model::*;
use xiezhi_net::reach;

#[test]
fn m_3_a_rule_for_private_ranges_is_not_an_internet_exposure() {
    let network = estate(vec![group("sg-1", &["accept tcp 22/22 10.0.0.0/8 @1", "accept tcp 22/22 100.64.0.0/10 @1"])]);
    assert!(reach::from_internet(&network, &Readings::default()).exposures.is_empty());
}

#[test]
fn m_3_the_estates_own_user_ranges_are_not_the_internet() {
    let mut network = estate(vec![group("sg-1", &["accept tcp 22/22 9.0.0.0/8 @1"])]);
    assert_eq!(reached(&network, &flow("9.1.1.1", "47.1.0.1", 6, 22)), Truth::Yes);
    network.vpcs.items[0].cidrs.push(net("9.0.0.0/8"));
    assert!(reach::from_internet(&network, &Readings::default()).exposures.is_empty());
}

#[test]
fn sg_14_a_member_whose_network_is_not_in_evidence_may_be_of_the_same_one() {
    let groups = vec![group("sg-1", &["accept tcp 22/22 sg-2 @1"]), group("sg-2", &[])];
    for at in [0, 1] {
        let mut network = pair(groups.clone(), &["sg-1"], &["sg-2"]);
        network.enis.items[at].vpc = Seen::Missing("VPC of the instance".into());
        assert_unknown(&inside(&network, 2, 1, 6, 22), "VPC of the instance");
        assert_eq!(inside(&network, 2, 1, 6, 23), Truth::No);
    }
}

#[test]
fn sg_14_an_interface_that_was_not_listed_holds_no_address_of_one_that_was() {
    let groups = vec![group("sg-1", &["accept tcp 22/22 sg-2 @1"]), group("sg-2", &[]), group("sg-3", &[])];
    let mut network = pair(groups, &["sg-1"], &["sg-3"]);
    network.enis.missing.push("ecs:DescribeNetworkInterfaces page 2".into());
    assert_eq!(inside(&network, 2, 1, 6, 22), Truth::No);
    network.vpcs.items.clear();
    assert_unknown(&inside(&network, 2, 1, 6, 22), "page 2");
}

#[test]
fn sg_14_members_of_a_group_of_another_account_are_unknown() {
    let mut network = pair(vec![group("sg-1", &[]), group("sg-2", &[])], &["sg-1"], &["sg-2"]);
    let fields =
        RuleFields { ip_protocol: Some("all"), group: Some("sg-x"), foreign_group: true, ..RuleFields::default() };
    network.groups.items[0].rules = Seen::Known(vec![fields.rule("r", Direction::Ingress)]);
    assert_unknown(&inside(&network, 2, 1, 6, 22), "sg-x");
}

fn filtered(ingress: Vec<AclEntry>, egress: Vec<AclEntry>) -> Network {
    let mut network = estate(vec![group("sg-1", &["accept tcp 22/22 0.0.0.0/0 @1"])]);
    network.vswitches.items[0].acl = Seen::Known("nacl-1".into());
    network.acls =
        vec![NetworkAcl { id: "nacl-1".into(), ingress: Seen::Known(ingress), egress: Seen::Known(egress) }].into();
    network
}

fn entry(policy: Policy, ports: PortMatch) -> AclEntry {
    AclEntry {
        id: format!("{policy:?}").into(),
        policy,
        protocol: Seen::Known(Protocol::Tcp),
        ports,
        peer: Peer::Nets(vec![net("0.0.0.0/0")]),
        version: IpVersion::V4,
    }
}

#[test]
fn nacl_4_without_an_entry_for_the_reply_nothing_is_reachable() {
    let accept = |ports: PortMatch| vec![entry(Policy::Accept, ports)];
    assert_eq!(
        is_open(&filtered(accept(PortMatch::All), accept(PortMatch::Ranges(vec![(1024, 65535)]))), 22),
        Truth::Yes
    );
    assert_eq!(is_open(&filtered(accept(PortMatch::All), accept(PortMatch::Ranges(vec![(22, 22)]))), 22), Truth::No);
    assert_eq!(is_open(&filtered(accept(PortMatch::All), vec![]), 22), Truth::No);
}

#[test]
fn nacl_5_the_first_matching_entry_decides() {
    let out = || vec![entry(Policy::Accept, PortMatch::All)];
    let (drop, accept) =
        (entry(Policy::Drop, PortMatch::Ranges(vec![(22, 22)])), entry(Policy::Accept, PortMatch::All));
    assert_eq!(is_open(&filtered(vec![drop.clone(), accept.clone()], out()), 22), Truth::No);
    assert_eq!(is_open(&filtered(vec![accept, drop], out()), 22), Truth::Yes);
}

#[test]
fn nacl_3_two_interfaces_of_one_vswitch_are_not_filtered() {
    let mut network = filtered(vec![], vec![]);
    network.enis.items.push(eni(2, &["sg-1"]));
    assert_eq!(inside(&network, 2, 1, 6, 22), Truth::Yes);
    network.vswitches.items.push(VSwitch {
        id: "vsw-2".into(),
        cidrs: vec![net("10.0.2.0/24")],
        ..network.vswitches.items[0].clone()
    });
    network.enis.items[1].vswitch = Seen::Known("vsw-2".into());
    assert_eq!(inside(&network, 2, 1, 6, 22), Truth::No);
}

#[test]
fn pub_2_an_activated_ipv4_gateway_needs_a_route_from_the_vswitch() {
    let mut network = estate(vec![group("sg-1", &["accept tcp 22/22 0.0.0.0/0 @1"])]);
    network.vpcs.items[0].ipv4_gateway = Seen::Known("igw-1".into());
    assert_eq!(is_open(&network, 22), Truth::No);
    let route = Route {
        id: "rte".into(),
        destination: net("0.0.0.0/0"),
        next: Seen::Known(vec![NextHop::Ipv4Gateway("igw-1".into())]),
        origin: RouteOrigin::Own,
    };
    network.route_tables.items[0].routes = Seen::Known(vec![route]);
    assert_eq!(is_open(&network, 22), Truth::Yes);
    network.vpcs.items[0].ipv4_gateway = Seen::Missing("vpc:ListIpv4Gateways".into());
    network.route_tables.items[0].routes = Seen::Known(vec![]);
    assert_unknown(&is_open(&network, 22), "ListIpv4Gateways");
}

#[test]
fn rt_5_and_gwlb_1_a_reply_that_goes_to_an_appliance_rests_on_what_the_appliance_does() {
    for hop in [NextHop::Instance("i-fw".into()), NextHop::BalancerEndpoint("ep-1".into())] {
        let mut network = estate(vec![group("sg-1", &["accept tcp 22/22 0.0.0.0/0 @1"])]);
        network.vpcs.items[0].ipv4_gateway = Seen::Known("igw-1".into());
        let route = Route {
            id: "rte".into(),
            destination: net("0.0.0.0/0"),
            next: Seen::Known(vec![hop]),
            origin: RouteOrigin::Own,
        };
        network.route_tables.items[0].routes = Seen::Known(vec![route]);
        assert_unknown(&is_open(&network, 22), "A-MIDBOX");
        assert_eq!(is_open(&network, 23), Truth::No);
    }
}

#[test]
fn v6_1_an_egress_only_rule_on_the_address_blocks_and_on_the_gateway_is_an_assumption() {
    let with = |target: &str| {
        let mut network = with_ipv6(estate(vec![group("sg-1", &["accept tcp 22/22 ::/0 @1"])]), Seen::Known(true));
        network.enis.items[0].ipv6[0].egress_only = Seen::Known(vec![target.into()]);
        reached(&network, &flow("2400:3200::1", "2408:4001::5", 6, 22))
    };
    assert_eq!(with("ipv6-1"), Truth::No);
    assert_eq!(with("ipv6-other"), Truth::Yes);
    assert_unknown(&with("ipv6gw-1"), "A-V6EGRESS");
}

fn published(mapping: Mapping, routed: bool) -> Network {
    let mut network = estate(vec![group("sg-1", &["accept tcp 20/30 0.0.0.0/0 @1"])]);
    network.eips = vec![eip(6, Bound::Nat("ngw-1".into()))].into();
    network.nats = vec![Nat {
        id: "ngw-1".into(),
        vpc: "vpc-1".into(),
        vswitch: Seen::Known("vsw-1".into()),
        intranet: false,
        addresses: Seen::Known(vec!["10.0.1.250".parse().unwrap()]),
        dnat: Seen::Known(vec![Dnat {
            id: "fwd-1".into(),
            external: "47.1.0.6".parse().unwrap(),
            internal: "10.0.1.1".parse().unwrap(),
            mapping,
        }]),
        snat: Seen::Absent,
    }]
    .into();
    if routed {
        let route = Route {
            id: "rte".into(),
            destination: net("0.0.0.0/0"),
            next: Seen::Known(vec![NextHop::Nat("ngw-1".into())]),
            origin: RouteOrigin::Own,
        };
        network.route_tables.items[0].routes = Seen::Known(vec![route]);
    }
    network
}

#[test]
fn nat_1_a_port_range_maps_by_offset() {
    let network = published(Mapping::Ports { protocol: Protocol::Tcp, external: (2000, 2020), internal: 10 }, true);
    let at = |port| reached(&network, &flow("8.8.8.8", "47.1.0.6", 6, port));
    assert_eq!((at(2009), at(2010), at(2020), at(2021)), (Truth::No, Truth::Yes, Truth::Yes, Truth::No));
}

#[test]
fn nat_7_without_a_route_to_the_gateway_the_reply_is_lost() {
    let mapping = Mapping::Ports { protocol: Protocol::Tcp, external: (22, 22), internal: 22 };
    assert_eq!(reached(&published(mapping, false), &flow("8.8.8.8", "47.1.0.6", 6, 22)), Truth::No);
}

#[test]
fn nat_4_a_rule_for_client_addresses_rests_on_the_assumption_about_dnat() {
    let mut network = published(Mapping::Ports { protocol: Protocol::Tcp, external: (22, 22), internal: 22 }, true);
    network.groups = vec![group("sg-1", &["accept tcp 22/22 8.0.0.0/8 @1"])].into();
    let ssh = flow("8.8.8.8", "47.1.0.6", 6, 22);
    assert_unknown(&reached(&network, &ssh), "A-DNATSRC");
    let kept = Readings::default().with(Assumption::DnatSource, true);
    assert_eq!(reached_under(&network, &kept, &ssh), Truth::Yes);
    assert_eq!(reached_under(&network, &Readings::default().with(Assumption::DnatSource, false), &ssh), Truth::No);
    assert_eq!(reach::from_internet(&network, &kept).assumed, vec![Assumption::DnatSource]);
}

#[test]
fn nat_3_a_dnat_entry_beside_an_eip_is_an_assumption() {
    let mut network = published(Mapping::Whole, true);
    network.eips.items.push(eip(1, Bound::Instance("i-1".into())));
    assert_unknown(&reached(&network, &flow("8.8.8.8", "47.1.0.6", 6, 22)), "A-DNATEIP");
}

#[test]
fn pub_5_a_locked_address_is_reported_as_reachable_when_unlocked() {
    let mut network = estate(vec![group("sg-1", &["accept tcp 22/22 0.0.0.0/0 @1"])]);
    network.eips.items[0].locked = true;
    let report = reach::from_internet(&network, &Readings::default());
    assert!(report.exposures[0].locked && report.exposures[0].verdict.is_yes());
}

#[test]
fn a_listing_that_was_not_completed_makes_the_answer_not_exhaustive() {
    let mut network = estate(vec![group("sg-1", &[])]);
    assert!(reach::from_internet(&network, &Readings::default()).is_exhaustive());
    network.eips.missing.push("vpc:DescribeEipAddresses page 2".into());
    let report = reach::from_internet(&network, &Readings::default());
    assert!(report.blind.contains(&Reason::Missing("vpc:DescribeEipAddresses page 2".into())));
}
