//! The golden vectors of the reference, section 2.5, each by its number, and the platform's other
//! laws, each by its name. Every vector is judged by the plain evaluator and by the engine.

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
use common::{flow, ip, net};
use xiezhi_net::assume::{Assumption, Readings, Reason, Truth};
use xiezhi_net::model::*;
use xiezhi_net::{plain, reach};

fn assert_unknown(truth: &Truth, part: &str) {
    match truth {
        Truth::Unknown(why) => {
            assert!(why.iter().any(|reason| reason.to_string().contains(part)), "{why:?} does not name {part}")
        }
        other => panic!("{other:?} instead of unknown because of {part}"),
    }
}

#[test]
fn vector_01_a_drop_with_a_smaller_priority_in_another_group_closes() {
    let network = estate(vec![
        group("sg-1", &["accept tcp 22/22 0.0.0.0/0 @10"]),
        group("sg-2", &["drop tcp 22/22 0.0.0.0/0 @5"]),
    ]);
    assert_eq!(is_open(&network, 22), Truth::No);
}

#[test]
fn vector_02_at_equal_priority_the_drop_wins() {
    let network = estate(vec![
        group("sg-1", &["accept tcp 22/22 0.0.0.0/0 @10"]),
        group("sg-2", &["drop tcp 22/22 0.0.0.0/0 @10"]),
    ]);
    assert_eq!(is_open(&network, 22), Truth::No);
}

#[test]
fn vector_03_a_drop_with_a_larger_priority_does_not_close() {
    let network = estate(vec![
        group("sg-1", &["accept tcp 22/22 0.0.0.0/0 @10"]),
        group("sg-2", &["drop tcp 22/22 0.0.0.0/0 @11"]),
    ]);
    assert_eq!(is_open(&network, 22), Truth::Yes);
}

#[test]
fn vector_04_two_halves_of_the_address_space_are_the_internet() {
    let network = estate(vec![group("sg-1", &["accept tcp 22/22 0.0.0.0/1 @1", "accept tcp 22/22 128.0.0.0/1 @1"])]);
    assert_eq!(is_open(&network, 22), Truth::Yes);
    assert_eq!(reached(&network, &flow("200.1.1.1", "47.1.0.1", 6, 22)), Truth::Yes);
    let report = reach::from_internet(&network, &Readings::default());
    let whole = estate(vec![group("sg-1", &["accept tcp 22/22 0.0.0.0/0 @1"])]);
    assert_eq!(
        report.exposures[0].certain(),
        reach::from_internet(&whole, &Readings::default()).exposures[0].certain()
    );
}

#[test]
fn vector_05_a_drop_for_one_port_beside_an_accept_for_all_closes_that_port_only() {
    let network = estate(vec![group("sg-1", &["drop tcp 22/22 0.0.0.0/0 @1", "accept all -1/-1 0.0.0.0/0 @1"])]);
    assert_eq!((is_open(&network, 22), is_open(&network, 23)), (Truth::No, Truth::Yes));
}

#[test]
fn vector_06_the_witness_avoids_a_range_that_is_dropped_first() {
    let network = estate(vec![group(
        "sg-1",
        &["accept tcp 1/65535 0.0.0.0/0 @50", "drop all -1/-1 1.0.0.0/8 @40", "drop all -1/-1 203.0.113.0/24 @40"],
    )]);
    assert_eq!(reached(&network, &flow("1.2.3.4", "47.1.0.1", 6, 443)), Truth::No);
    assert_eq!(reached(&network, &flow("203.0.113.9", "47.1.0.1", 6, 443)), Truth::No);
    let report = reach::from_internet(&network, &Readings::default());
    let source = report.exposures[0].witness.as_ref().unwrap().flow.source;
    assert!(!net("1.0.0.0/8").contains(&source) && !net("203.0.113.0/24").contains(&source), "{source}");
}

fn with_ipv6(mut network: Network, bandwidth: Seen<bool>) -> Network {
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

#[test]
fn vector_07_ipv6_is_open_iff_the_address_has_internet_bandwidth() {
    let groups = || vec![group("sg-1", &["accept tcp 22/22 ::/0 @1"])];
    let ssh = flow("2400:3200::1", "2408:4001::5", 6, 22);
    assert_eq!(reached(&with_ipv6(estate(groups()), Seen::Known(true)), &ssh), Truth::Yes);
    assert_eq!(reached(&with_ipv6(estate(groups()), Seen::Known(false)), &ssh), Truth::No);
    assert_eq!(reached(&with_ipv6(estate(groups()), Seen::Absent), &ssh), Truth::No);
    assert_unknown(
        &reached(&with_ipv6(estate(groups()), Seen::Missing("vpc:DescribeIpv6Addresses".into())), &ssh),
        "DescribeIpv6Addresses",
    );
    assert_eq!(is_open(&with_ipv6(estate(groups()), Seen::Known(true)), 22), Truth::No);
}

#[test]
fn vector_08_a_prefix_list_is_open_empty_or_unknown() {
    let with = |entries: Seen<Vec<ipnet::IpNet>>| {
        let mut network = estate(vec![group("sg-1", &["accept tcp 22/22 pl-1 @1"])]);
        network.prefix_lists.items.push(PrefixList { id: "pl-1".into(), entries });
        is_open(&network, 22)
    };
    assert_eq!(with(Seen::Known(vec![net("0.0.0.0/0")])), Truth::Yes);
    assert_eq!(with(Seen::Known(vec![])), Truth::No);
    assert_unknown(
        &with(Seen::Missing("ecs:DescribePrefixListAttributes pl-1".into())),
        "DescribePrefixListAttributes pl-1",
    );
    assert_unknown(&is_open(&estate(vec![group("sg-1", &["accept tcp 22/22 pl-1 @1"])]), 22), "prefix list pl-1");
}

#[test]
fn vector_09_a_port_list_counts_only_without_a_port_range() {
    let with = |rule: Rule| {
        let mut network = estate(vec![group("sg-1", &[])]);
        network.groups.items[0].rules = Seen::Known(vec![rule]);
        network.port_lists.items.push(PortList { id: "prl-1".into(), entries: Seen::Known(vec![(22, 22)]) });
        (is_open(&network, 22), is_open(&network, 80))
    };
    let list = RuleFields {
        ip_protocol: Some("tcp"),
        port_range_list: Some("prl-1"),
        cidr: Some("0.0.0.0/0"),
        ..RuleFields::default()
    };
    assert_eq!(with(list.rule("r", Direction::Ingress)), (Truth::Yes, Truth::No));
    let both = RuleFields { port_range: Some("80/80"), ..list };
    assert_eq!(with(both.rule("r", Direction::Ingress)), (Truth::No, Truth::Yes));
}

fn pair(groups: Vec<SecurityGroup>, first: &[&str], second: &[&str]) -> Network {
    let mut network = estate(groups);
    network.enis = vec![eni(1, first), eni(2, second)].into();
    network
}

#[test]
fn vector_10_the_intra_group_accept_overrides_a_custom_drop() {
    let groups = vec![group_of("sg-1", GroupKind::Basic, Policy::Accept, &["drop all -1/-1 10.0.0.0/8 @1"])];
    assert_eq!(inside(&pair(groups, &["sg-1"], &["sg-1"]), 2, 1, 6, 22), Truth::Yes);
}

#[test]
fn vector_11_with_policy_drop_the_members_are_not_connected() {
    let groups = vec![group_of("sg-1", GroupKind::Basic, Policy::Drop, &["drop all -1/-1 10.0.0.0/8 @1"])];
    assert_eq!(inside(&pair(groups, &["sg-1"], &["sg-1"]), 2, 1, 6, 22), Truth::No);
    let opened = vec![group_of("sg-1", GroupKind::Basic, Policy::Drop, &["accept tcp 22/22 10.0.0.0/8 @1"])];
    assert_eq!(inside(&pair(opened, &["sg-1"], &["sg-1"]), 2, 1, 6, 22), Truth::Yes);
}

#[test]
fn vector_12_one_shared_group_with_accept_connects_although_another_drops() {
    let groups = vec![
        group_of("sg-1", GroupKind::Basic, Policy::Drop, &[]),
        group_of("sg-2", GroupKind::Basic, Policy::Accept, &[]),
    ];
    assert_eq!(inside(&pair(groups.clone(), &["sg-1", "sg-2"], &["sg-1", "sg-2"]), 1, 2, 6, 22), Truth::Yes);
    assert_eq!(inside(&pair(groups, &["sg-1", "sg-2"], &["sg-1"]), 1, 2, 6, 22), Truth::No);
}

#[test]
fn vector_13_an_advanced_group_without_rules_lets_nothing_in_or_out() {
    let groups = || {
        vec![
            group_of("sg-1", GroupKind::Advanced, Policy::Accept, &[]),
            group_of("sg-2", GroupKind::Basic, Policy::Drop, &["accept all -1/-1 0.0.0.0/0 @1"]),
        ]
    };
    assert_eq!(is_open(&estate(vec![groups().remove(0)]), 22), Truth::No);
    assert_eq!(inside(&pair(groups(), &["sg-1"], &["sg-2"]), 1, 2, 6, 22), Truth::No);
    assert_eq!(inside(&pair(groups(), &["sg-1"], &["sg-1"]), 1, 2, 6, 22), Truth::No);
}

#[test]
fn vector_14_a_basic_group_without_rules_lets_nothing_in_and_everything_out() {
    let groups = vec![group("sg-1", &[]), group("sg-2", &["accept all -1/-1 0.0.0.0/0 @1"])];
    assert_eq!(is_open(&estate(vec![group("sg-1", &[])]), 22), Truth::No);
    let network = pair(groups, &["sg-1"], &["sg-2"]);
    assert_eq!((inside(&network, 1, 2, 6, 22), inside(&network, 2, 1, 6, 22)), (Truth::Yes, Truth::No));
}

#[test]
fn vector_15_priority_110_ranks_below_a_drop_at_100() {
    let network = estate(vec![group("sg-1", &["accept tcp 22/22 0.0.0.0/0 @110", "drop tcp 22/22 0.0.0.0/0 @100"])]);
    assert_eq!(is_open(&network, 22), Truth::No);
    assert_eq!(is_open(&estate(vec![group("sg-1", &["accept tcp 22/22 0.0.0.0/0 @110"])]), 22), Truth::Yes);
}

#[test]
fn vector_16_a_rule_narrowed_to_the_secondary_address_leaves_the_primary_closed() {
    let mut network = estate(vec![group("sg-1", &["accept tcp 22/22 0.0.0.0/0 @1"])]);
    if let Seen::Known(rules) = &mut network.groups.items[0].rules {
        rules[0].own = Seen::Known(vec![net("10.0.1.101/32")]);
    }
    network.enis.items[0].addresses.push("10.0.1.101".parse().unwrap());
    let mut second = eip(2, Bound::Interface("eni-1".into()));
    second.bound = Seen::Known(Binding {
        to: Bound::Interface("eni-1".into()),
        private: Some("10.0.1.101".parse().unwrap()),
        mode: EipMode::Multi,
    });
    network.eips.items.push(second);
    assert_eq!(is_open(&network, 22), Truth::No);
    assert_eq!(reached(&network, &flow("8.8.8.8", "47.1.0.2", 6, 22)), Truth::Yes);
}

#[test]
fn vector_17_a_source_port_range_stays_in_the_witness() {
    let mut network = estate(vec![group("sg-1", &["accept tcp 22/22 0.0.0.0/0 @1"])]);
    if let Seen::Known(rules) = &mut network.groups.items[0].rules {
        rules[0].source_ports = PortMatch::Ranges(vec![(1, 1023)]);
    }
    assert_eq!(is_open(&network, 22), Truth::No);
    assert_eq!(reached(&network, &xiezhi_net::set::Flow { source_port: 1023, ..tcp(22) }), Truth::Yes);
    let report = reach::from_internet(&network, &Readings::default());
    assert!(report.exposures[0].witness.as_ref().unwrap().flow.source_port <= 1023);
}

#[test]
fn vector_18_a_group_source_means_private_addresses_not_eips() {
    let groups = vec![group("sg-1", &["accept tcp 22/22 sg-2 @1"]), group("sg-2", &[])];
    let mut network = pair(groups, &["sg-1"], &["sg-2"]);
    network.eips.items.push(eip(2, Bound::Instance("i-2".into())));
    assert_eq!(inside(&network, 2, 1, 6, 22), Truth::Yes);
    assert_eq!(reached(&network, &flow("47.1.0.2", "47.1.0.1", 6, 22)), Truth::No);
}

#[test]
fn vector_19_host_bits_of_a_range_are_masked() {
    let groups = vec![group("sg-1", &["accept tcp 22/22 10.159.6.18/12 @1"]), group("sg-2", &[])];
    let mut network = pair(groups, &["sg-1"], &["sg-2"]);
    network.enis.items[1].addresses = vec!["10.144.0.1".parse().unwrap()];
    let from = |source: &str| {
        let mut network = network.clone();
        network.enis.items[1].addresses = vec![source.parse().unwrap()];
        plain::between(
            &network,
            &Readings::default(),
            &"eni-2".into(),
            &"eni-1".into(),
            &flow(source, "10.0.1.1", 6, 22),
        )
        .unwrap()
        .verdict
    };
    assert_eq!((from("10.144.0.1"), from("10.159.255.255"), from("10.160.0.0")), (Truth::Yes, Truth::Yes, Truth::No));
}

#[test]
fn vector_20_a_classic_intranet_rule_does_not_expose_to_the_internet() {
    let with = |nic: Nic| {
        let mut network = estate(vec![group("sg-1", &["accept tcp 22/22 0.0.0.0/0 @1"])]);
        network.groups.items[0].vpc = None;
        if let Seen::Known(rules) = &mut network.groups.items[0].rules {
            rules[0].nic = nic;
        }
        network.eips.items.clear();
        let classic = &mut network.enis.items[0];
        (classic.vpc, classic.vswitch) = (Seen::Absent, Seen::Absent);
        classic.public = vec![Mapped { public: "47.1.0.1".parse().unwrap(), private: "10.0.1.1".parse().unwrap() }];
        is_open(&network, 22)
    };
    assert_eq!((with(Nic::Intranet), with(Nic::Internet)), (Truth::No, Truth::Yes));
}

// Beyond section 2.5.

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

fn balanced(kind: BalancerKind, protocol: ListenerProtocol, ingress: &[&str]) -> Network {
    let mut network = estate(vec![group("sg-1", ingress)]);
    network.eips.items.clear();
    network.balancers = vec![Balancer {
        id: "lb-1".into(),
        kind,
        vpc: Seen::Known("vpc-1".into()),
        public: Seen::Known(vec![ip("47.2.0.1")]),
        private: vec![],
        local: Seen::Known(vec![ip("10.0.1.20")]),
        vswitches: Seen::Known(vec!["vsw-1".into()]),
        groups: Seen::Absent,
        listeners: Seen::Known(vec![Listener {
            id: "lb-1/443".into(),
            protocol,
            ports: (443, 443),
            running: Seen::Known(true),
            redirect: false,
            access: Seen::Absent,
            backends: Seen::Known(vec![Backend {
                to: BackendTo::Instance("i-1".into()),
                port: Some(8080),
                takes_flows: Seen::Absent,
            }]),
            preserve_client: Seen::Known(true),
        }]),
    }]
    .into();
    network
}

fn behind(network: &Network, source: &str) -> Truth {
    let flow = flow(source, "47.2.0.1", 6, 443);
    reached(network, &flow);
    let traces = plain::from_internet(network, &Readings::default(), &flow).into_iter();
    traces
        .filter(|trace| trace.target == xiezhi_net::path::Target::Interface("eni-1".into()))
        .map(|trace| trace.verdict)
        .fold(Truth::No, Truth::or)
}

fn listener(network: &mut Network) -> &mut Listener {
    match &mut network.balancers.items[0].listeners {
        Seen::Known(listeners) => &mut listeners[0],
        _ => unreachable!(),
    }
}

#[test]
fn clb_6_layer_7_needs_no_rule_but_a_custom_drop_breaks_it() {
    assert_eq!(behind(&balanced(BalancerKind::Clb, ListenerProtocol::Https, &[]), "8.8.8.8"), Truth::Yes);
    assert_eq!(
        behind(&balanced(BalancerKind::Clb, ListenerProtocol::Https, &["drop all -1/-1 100.64.0.0/10 @1"]), "8.8.8.8"),
        Truth::No
    );
    assert_unknown(
        &behind(&balanced(BalancerKind::Clb, ListenerProtocol::Https, &["drop all -1/-1 100.64.0.0/11 @1"]), "8.8.8.8"),
        "address and port from which the balancer",
    );
}

#[test]
fn clb_6_layer_4_is_reachable_if_the_strict_reading_agrees_and_an_assumption_otherwise() {
    assert_eq!(
        behind(&balanced(BalancerKind::Clb, ListenerProtocol::Tcp, &["accept tcp 8080/8080 0.0.0.0/0 @1"]), "8.8.8.8"),
        Truth::Yes
    );
    assert_unknown(&behind(&balanced(BalancerKind::Clb, ListenerProtocol::Tcp, &[]), "8.8.8.8"), "A-CLB4SG");
}

#[test]
fn clb_3_an_enabled_white_list_without_entries_admits_everybody() {
    let mut network = balanced(BalancerKind::Clb, ListenerProtocol::Https, &[]);
    let with = |network: &mut Network, entries: Vec<ipnet::IpNet>, legacy: bool| {
        network.access_lists = vec![AccessList { id: "acl-1".into(), entries: Seen::Known(entries) }].into();
        listener(network).access =
            Seen::Known(AccessControl { kind: AccessKind::White, lists: Seen::Known(vec!["acl-1".into()]), legacy });
        behind(network, "8.8.8.8")
    };
    assert_eq!(with(&mut network, vec![], false), Truth::Yes);
    assert_eq!(with(&mut network, vec![net("9.0.0.0/8")], false), Truth::No);
    assert_eq!(with(&mut network, vec![net("8.0.0.0/8")], false), Truth::Yes);
    assert_unknown(&with(&mut network, vec![], true), "A-CLBLEGACY");
}

#[test]
fn clb_2_a_stopped_listener_and_a_redirect_forward_nothing() {
    let mut network = balanced(BalancerKind::Clb, ListenerProtocol::Http, &[]);
    listener(&mut network).redirect = true;
    assert_eq!(behind(&network, "8.8.8.8"), Truth::No);
    listener(&mut network).redirect = false;
    listener(&mut network).running = Seen::Known(false);
    assert_eq!(behind(&network, "8.8.8.8"), Truth::No);
}

#[test]
fn alb_2_allow_rules_alone_leave_a_balancer_open_and_a_drop_at_100_closes_it() {
    let mut network = balanced(BalancerKind::Alb, ListenerProtocol::Https, &["accept tcp 8080/8080 10.0.0.0/8 @1"]);
    let mut with = |ingress: &[&str]| {
        network.groups.items.truncate(1);
        network.groups.items.push(group("sg-lb", ingress));
        network.balancers.items[0].groups = Seen::Known(vec!["sg-lb".into()]);
        behind(&network, "8.8.8.8")
    };
    assert_eq!(with(&["accept tcp 443/443 9.0.0.0/8 @1"]), Truth::Yes);
    assert_eq!(with(&["accept tcp 443/443 9.0.0.0/8 @1", "drop all -1/-1 0.0.0.0/0 @100"]), Truth::No);
    assert_eq!(with(&["accept tcp 443/443 8.0.0.0/8 @1", "drop all -1/-1 0.0.0.0/0 @100"]), Truth::Yes);
}

#[test]
fn alb_5_backends_that_do_not_admit_local_addresses_rest_on_an_assumption() {
    assert_unknown(&behind(&balanced(BalancerKind::Alb, ListenerProtocol::Https, &[]), "8.8.8.8"), "A-ALBLOCAL");
}

#[test]
fn nlb_2_preserved_client_addresses_must_be_admitted_and_a_missing_setting_is_unknown() {
    let mut network = balanced(BalancerKind::Nlb, ListenerProtocol::Tcp, &["accept tcp 8080/8080 10.0.0.0/8 @1"]);
    assert_eq!(behind(&network, "8.8.8.8"), Truth::No);
    listener(&mut network).preserve_client = Seen::Known(false);
    assert_eq!(behind(&network, "8.8.8.8"), Truth::Yes);
    listener(&mut network).preserve_client = Seen::Absent;
    assert_unknown(&behind(&network, "8.8.8.8"), "A-NLBPRESERVE");
}

fn guarded(policies: Vec<FirewallPolicy>, strict: Seen<bool>) -> Network {
    let mut network = estate(vec![group("sg-1", &["accept tcp 1/65535 0.0.0.0/0 @1"])]);
    network.firewall.assets = Seen::Known(vec![FirewallAsset { address: ip("47.1.0.1"), on: Seen::Known(true) }]);
    network.firewall.internet = Boundary { strict, policies: Seen::Known(policies) };
    network
}

fn policy(order: u32, action: FirewallAction, narrow: bool) -> FirewallPolicy {
    FirewallPolicy {
        id: format!("p-{order}").into(),
        order,
        direction: Direction::Ingress,
        action,
        enabled: true,
        permanent: true,
        source: Peer::Nets(vec![net("0.0.0.0/0")]),
        destination: Peer::Nets(vec![net("0.0.0.0/0")]),
        protocol: Seen::Known(Protocol::Tcp),
        ports: PortMatch::All,
        narrow: Seen::Known(narrow),
        version: IpVersion::V4,
    }
}

#[test]
fn cfw_1_an_address_whose_switch_is_off_is_not_filtered() {
    let mut network = guarded(vec![policy(1, FirewallAction::Drop, false)], Seen::Known(true));
    assert_eq!(is_open(&network, 22), Truth::No);
    network.firewall.assets = Seen::Known(vec![]);
    assert_eq!(is_open(&network, 22), Truth::Yes);
}

#[test]
fn cfw_2_and_3_policies_go_by_order_and_no_match_allows() {
    assert_eq!(
        is_open(
            &guarded(
                vec![policy(2, FirewallAction::Drop, false), policy(1, FirewallAction::Accept, false)],
                Seen::Known(true)
            ),
            22
        ),
        Truth::Yes
    );
    assert_eq!(is_open(&guarded(vec![], Seen::Known(true)), 22), Truth::Yes);
}

#[test]
fn cfw_4_a_drop_for_an_application_is_no_guarantee_in_either_mode() {
    for strict in [true, false] {
        assert_eq!(is_open(&guarded(vec![policy(1, FirewallAction::Drop, true)], Seen::Known(strict)), 22), Truth::Yes);
    }
    let then_all = |strict| {
        is_open(
            &guarded(
                vec![policy(1, FirewallAction::Accept, true), policy(2, FirewallAction::Drop, false)],
                Seen::Known(strict),
            ),
            22,
        )
    };
    assert_eq!((then_all(true), then_all(false)), (Truth::Yes, Truth::Yes));
    let drop_then_all = |strict| {
        is_open(
            &guarded(vec![policy(1, FirewallAction::Drop, true), policy(2, FirewallAction::Drop, false)], strict),
            22,
        )
    };
    assert_eq!((drop_then_all(Seen::Known(true)), drop_then_all(Seen::Known(false))), (Truth::No, Truth::Yes));
    assert_unknown(
        &drop_then_all(Seen::Missing("cloudfw:DescribePolicyAdvancedConfig".into())),
        "DescribePolicyAdvancedConfig",
    );
}

#[test]
fn cfw_2_a_monitor_policy_before_a_drop_is_an_assumption() {
    assert_unknown(
        &is_open(
            &guarded(
                vec![policy(1, FirewallAction::Monitor, false), policy(2, FirewallAction::Drop, false)],
                Seen::Known(true),
            ),
            22,
        ),
        "A-CFWLOG",
    );
}

#[test]
fn db_1_an_endpoint_is_open_to_its_allow_list_and_only_when_public() {
    let with = |public: bool, allow: Seen<Vec<ipnet::IpNet>>| {
        let mut network = estate(vec![]);
        network.enis.items.clear();
        network.eips.items.clear();
        let endpoint = ServiceEndpoint {
            id: "e-1".into(),
            public: Seen::Known(public),
            address: Some(ip("47.3.0.1")),
            within: vec![],
            vpc: None,
            ports: Seen::Known(vec![(3306, 3306)]),
            usual: vec![],
            allow,
            allow_groups: Seen::Absent,
        };
        network.services =
            vec![Service { id: "rm-1".into(), product: "rds".into(), endpoints: Seen::Known(vec![endpoint]) }].into();
        reached(&network, &flow("8.8.8.8", "47.3.0.1", 6, 3306))
    };
    assert_eq!(with(true, Seen::Known(vec![net("0.0.0.0/0")])), Truth::Yes);
    assert_eq!(with(true, Seen::Known(vec![net("127.0.0.1/32")])), Truth::No);
    assert_eq!(with(false, Seen::Known(vec![net("0.0.0.0/0")])), Truth::No);
    assert_unknown(
        &with(true, Seen::Missing("rds:DescribeDBInstanceIPArrayList".into())),
        "DescribeDBInstanceIPArrayList",
    );
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
