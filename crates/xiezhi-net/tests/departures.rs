//! The platform's laws about what leaves for the internet, each by its name. Every case is judged by the plain evaluator
//! and by the engine, way by way.

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
use xiezhi_net::assume::{Assumption, Readings, Truth};
use xiezhi_net::model::*;
use xiezhi_net::outside::{self, leaving};
use xiezhi_net::path::Exit;
use xiezhi_net::segment::Zone;
use xiezhi_net::set::PacketSet;

/// A basic group that says nothing about what leaves.
fn plain_group() -> Vec<SecurityGroup> {
    vec![group("sg-1", &[])]
}

fn egress(id: &str, kind: GroupKind, rules: &[&str]) -> SecurityGroup {
    let named = rules.iter().enumerate();
    let rules = named.map(|(at, text)| rule_as(Direction::Egress, &format!("{id}/{at}"), text)).collect();
    SecurityGroup { rules: Seen::Known(rules), ..group_of(id, kind, Policy::Drop, &[]) }
}

/// Instance 1 without a public address behind a NAT gateway that translates its vSwitch into 47.1.0.9.
fn natted(groups: Vec<SecurityGroup>) -> Network {
    let mut network = estate(groups);
    network.eips = vec![eip(9, Bound::Nat("ngw-1".into()))].into();
    network.route_tables.items[0].routes = Seen::Known(vec![route("r-1", "0.0.0.0/0", NextHop::Nat("ngw-1".into()))]);
    network.nats = vec![Nat {
        id: "ngw-1".into(),
        vpc: "vpc-1".into(),
        vswitch: Seen::Known("vsw-1".into()),
        intranet: false,
        addresses: Seen::Absent,
        dnat: Seen::Known(vec![]),
        snat: Seen::Known(vec![snat("snat-1", "10.0.1.0/24", &["47.1.0.9"])]),
    }]
    .into();
    network
}

fn snat(id: &str, source: &str, addresses: &[&str]) -> Snat {
    let addresses = addresses.iter().map(|text| text.parse().unwrap()).collect();
    Snat { id: id.into(), source: Seen::Known(net(source)), addresses: Seen::Known(addresses) }
}

fn exits(network: &Network) -> Vec<(Exit, Vec<String>)> {
    let found = leaving(network, &Readings::default(), &Zone::Interface("eni-1".into()), &PacketSet::all());
    found.into_iter().map(|one| (one.exit, one.public.iter().map(ToString::to_string).collect())).collect()
}

fn dropping(address: &str, action: FirewallAction) -> Firewall {
    let policy = FirewallPolicy {
        id: "out-1".into(),
        order: 1,
        direction: Direction::Egress,
        action,
        enabled: true,
        permanent: true,
        source: Peer::Nets(vec![net("0.0.0.0/0")]),
        destination: Peer::Nets(vec![net("8.0.0.0/8")]),
        protocol: Seen::Known(Protocol::Tcp),
        ports: PortMatch::Ranges(vec![(443, 443)]),
        narrow: Seen::Known(false),
        version: IpVersion::V4,
    };
    Firewall {
        assets: Seen::Known(vec![FirewallAsset { address: ip(address), on: Seen::Known(true) }]),
        outward: Boundary { strict: Seen::Known(true), policies: Seen::Known(vec![policy]) },
        ..Firewall::default()
    }
}

#[test]
fn a_basic_group_without_rules_lets_everything_out_by_an_eip_and_an_advanced_one_nothing() {
    assert_eq!(leaves(&estate(plain_group()), 443), Truth::Yes);
    assert_eq!(leaves(&estate(vec![egress("sg-1", GroupKind::Advanced, &[])]), 443), Truth::No);
    let open = egress("sg-1", GroupKind::Advanced, &["accept tcp 443/443 8.0.0.0/8 @1"]);
    assert_eq!(leaves(&estate(vec![open.clone()]), 443), Truth::Yes);
    assert_eq!(leaves(&estate(vec![open]), 80), Truth::No);
}

#[test]
fn an_egress_drop_ties_with_an_accept_and_wins() {
    let rules = ["accept tcp 1/65535 0.0.0.0/0 @1", "drop tcp 443/443 8.8.8.8/32 @1"];
    assert_eq!(leaves(&estate(vec![egress("sg-1", GroupKind::Basic, &rules)]), 443), Truth::No);
    assert_eq!(leaves(&estate(vec![egress("sg-1", GroupKind::Basic, &rules)]), 80), Truth::Yes);
}

#[test]
fn ingress_rules_say_nothing_about_what_leaves() {
    assert_eq!(leaves(&estate(vec![group("sg-1", &["drop all -1/-1 0.0.0.0/0 @1"])]), 443), Truth::Yes);
}

#[test]
fn sg_23_mail_is_blocked_unless_the_account_was_unblocked() {
    let network = estate(plain_group());
    assert_unknown(&leaves(&network, 25), "A-TCP25");
    assert_eq!(leaves(&network, 465), Truth::Yes);
    let udp = flow("10.0.1.1", "8.8.8.8", 17, 25);
    assert_eq!(leaving_under(&network, &Readings::default(), &"eni-1".into(), &udp), Truth::Yes);
}

#[test]
fn nacl_4_the_reply_must_come_back_through_the_acl() {
    let entry = |id: &str, ports: PortMatch| AclEntry {
        id: id.into(),
        policy: Policy::Accept,
        protocol: Seen::Known(Protocol::Tcp),
        ports,
        peer: Peer::Nets(vec![net("0.0.0.0/0")]),
        version: IpVersion::V4,
    };
    let mut network = estate(plain_group());
    network.vswitches.items[0].acl = Seen::Known("nacl-1".into());
    let acl = |into: PortMatch| NetworkAcl {
        id: "nacl-1".into(),
        ingress: Seen::Known(vec![entry("in", into)]),
        egress: Seen::Known(vec![entry("out", PortMatch::Ranges(vec![(443, 443)]))]),
    };
    network.acls = vec![acl(PortMatch::Ranges(vec![(443, 443)]))].into();
    assert_eq!(leaves(&network, 443), Truth::No, "replies go to the client's port");
    network.acls = vec![acl(PortMatch::Ranges(vec![(1024, 65535)]))].into();
    assert_eq!(leaves(&network, 443), Truth::Yes);
    assert_eq!(leaves(&network, 80), Truth::No);
}

#[test]
fn pub_2_behind_an_ipv4_gateway_an_eip_needs_a_route() {
    let mut network = estate(plain_group());
    network.vpcs.items[0].ipv4_gateway = Seen::Known("igw-1".into());
    assert_eq!(leaves(&network, 443), Truth::No);
    let routed = |to: &str| Seen::Known(vec![route("r-1", to, NextHop::Ipv4Gateway("igw-1".into()))]);
    network.route_tables.items[0].routes = routed("8.0.0.0/8");
    assert_eq!(leaves(&network, 443), Truth::Yes);
    network.route_tables.items[0].routes = routed("9.0.0.0/8");
    assert_eq!(leaves(&network, 443), Truth::No);
}

#[test]
fn without_a_public_address_and_without_a_route_nothing_leaves() {
    let mut network = estate(plain_group());
    network.eips = vec![].into();
    assert_eq!(leaves(&network, 443), Truth::No);
    network.eips = Listing::partial(vec![], "vpc:DescribeEipAddresses");
    let zone = Zone::Interface("eni-1".into());
    assert!(leaving(&network, &Readings::default(), &zone, &PacketSet::all()).is_empty());
    let blind = |network: &Network| outside::blind(network, &Readings::default(), &zone, &PacketSet::all());
    assert!(!blind(&network).is_empty(), "an EIP may be bound to it that nobody saw");
    network.groups = vec![egress("sg-1", GroupKind::Advanced, &[])].into();
    assert!(blind(&network).is_empty(), "its group lets nothing out by any way");
}

#[test]
fn nat_6_and_7_snat_needs_an_entry_for_the_source_and_a_route_to_the_gateway() {
    let mut network = natted(plain_group());
    assert_eq!(leaves(&network, 443), Truth::Yes);
    assert_eq!(exits(&network), [(Exit::Nat("ngw-1".into()), vec!["47.1.0.9".to_owned()])]);
    let with = |network: &mut Network, entries: Vec<Snat>| network.nats.items[0].snat = Seen::Known(entries);
    with(&mut network, vec![snat("snat-1", "10.0.2.0/24", &["47.1.0.9"])]);
    assert_eq!(leaves(&network, 443), Truth::No);
    with(&mut network, vec![snat("snat-1", "10.0.1.1/32", &["47.1.0.9"])]);
    network.route_tables.items[0].routes = Seen::Known(vec![]);
    assert_eq!(leaves(&network, 443), Truth::No);
}

#[test]
fn the_snat_entry_with_the_longest_source_names_the_address() {
    let mut network = natted(plain_group());
    network.nats.items[0].snat = Seen::Known(vec![
        snat("snat-1", "10.0.0.0/16", &["47.1.0.8"]),
        snat("snat-2", "10.0.1.1/32", &["47.1.0.7"]),
        snat("snat-3", "10.0.1.0/24", &["47.1.0.9"]),
    ]);
    assert_eq!(exits(&network), [(Exit::Nat("ngw-1".into()), vec!["47.1.0.7".to_owned()])]);
}

#[test]
fn an_snat_entry_that_was_not_read_takes_nothing_from_one_that_was() {
    let mut network = natted(plain_group());
    let unread = Snat { source: Seen::Missing("source of snat-2".into()), ..snat("snat-2", "0.0.0.0/0", &[]) };
    network.nats.items[0].snat = Seen::Known(vec![snat("snat-1", "10.0.1.0/24", &["47.1.0.9"]), unread.clone()]);
    assert_eq!(leaves(&network, 443), Truth::Yes, "whichever entry decides, the packet leaves");
    network.nats.items[0].snat = Seen::Known(vec![snat("snat-1", "10.0.2.0/24", &["47.1.0.9"]), unread]);
    assert_unknown(&leaves(&network, 443), "source of snat-2");
}

#[test]
fn pub_6_an_eip_is_preferred_to_snat_and_so_is_a_mapping_of_the_whole_address() {
    let mut network = natted(plain_group());
    network.eips.items.push(eip(1, Bound::Instance("i-1".into())));
    assert_eq!(exits(&network), [(Exit::Eip("eip-1".into()), vec!["47.1.0.1".to_owned()])]);
    network.eips.items.pop();
    network.nats.items[0].dnat = Seen::Known(vec![Dnat {
        id: "fwd-1".into(),
        external: "47.1.0.5".parse().unwrap(),
        internal: "10.0.1.1".parse().unwrap(),
        mapping: Mapping::Whole,
    }]);
    assert_eq!(exits(&network), [(Exit::Nat("ngw-1".into()), vec!["47.1.0.5".to_owned()])]);
}

#[test]
fn an_eip_that_nobody_saw_may_take_the_place_of_snat() {
    let mut network = natted(plain_group());
    network.eips.missing.push("vpc:DescribeEipAddresses".into());
    assert_unknown(&leaves(&network, 443), "vpc:DescribeEipAddresses");
}

#[test]
fn pub_2_the_nat_gateway_needs_a_route_too_behind_an_ipv4_gateway() {
    let mut network = natted(plain_group());
    network.vpcs.items[0].ipv4_gateway = Seen::Known("igw-1".into());
    assert_eq!(leaves(&network, 443), Truth::No, "its own vSwitch leads back to itself");
    network.vswitches.items.push(VSwitch {
        id: "vsw-n".into(),
        vpc: "vpc-1".into(),
        cidrs: vec![net("10.0.9.0/24")],
        acl: Seen::Absent,
        table: Seen::Known("vtb-n".into()),
    });
    network.route_tables.items.push(RouteTable {
        id: "vtb-n".into(),
        vpc: "vpc-1".into(),
        gateway: None,
        routes: Seen::Known(vec![route("r-n", "0.0.0.0/0", NextHop::Ipv4Gateway("igw-1".into()))]),
    });
    network.nats.items[0].vswitch = Seen::Known("vsw-n".into());
    assert_eq!(leaves(&network, 443), Truth::Yes);
}

#[test]
fn a_vpc_nat_gateway_leads_to_no_internet() {
    let mut network = natted(plain_group());
    network.nats.items[0].intranet = true;
    assert_eq!(leaves(&network, 443), Truth::No);
}

#[test]
fn v6_1_bandwidth_lets_out_with_an_egress_only_rule_and_without() {
    let out = |network: &Network| {
        let flow = flow("2408:4001::5", "2400:3200::1", 6, 443);
        leaving_under(network, &Readings::default(), &"eni-1".into(), &flow)
    };
    let mut network = with_ipv6(estate(plain_group()), Seen::Known(true));
    assert_eq!(out(&network), Truth::Yes);
    network.enis.items[0].ipv6[0].egress_only = Seen::Known(vec!["ipv6-1".into()]);
    assert_eq!(out(&network), Truth::Yes);
    network.route_tables.items[0].routes = Seen::Known(vec![]);
    assert_eq!(out(&network), Truth::No);
    assert_eq!(out(&with_ipv6(estate(plain_group()), Seen::Absent)), Truth::No);
    assert_unknown(&out(&with_ipv6(estate(plain_group()), Seen::Missing("bandwidth".into()))), "bandwidth");
}

#[test]
fn cfw_1_the_internet_boundary_sees_the_public_address_that_the_packet_gets() {
    let mut network = estate(plain_group());
    network.firewall = dropping("47.1.0.1", FirewallAction::Drop);
    assert_eq!(leaves(&network, 443), Truth::No);
    assert_eq!(leaves(&network, 80), Truth::Yes);
    network.firewall = dropping("47.1.0.9", FirewallAction::Drop);
    assert_eq!(leaves(&network, 443), Truth::Yes, "another address is not filtered");
    let mut behind = natted(plain_group());
    behind.firewall = dropping("47.1.0.9", FirewallAction::Drop);
    assert_eq!(leaves(&behind, 443), Truth::No);
    behind.nats.items[0].snat = Seen::Known(vec![snat("snat-1", "10.0.1.0/24", &["47.1.0.8", "47.1.0.9"])]);
    assert_unknown(&leaves(&behind, 443), "which address ngw-1 uses");
    let read_ingress = |policy: &mut FirewallPolicy| policy.direction = Direction::Ingress;
    if let Seen::Known(policies) = &mut behind.firewall.outward.policies {
        policies.iter_mut().for_each(read_ingress);
    }
    assert_eq!(leaves(&behind, 443), Truth::Yes, "a policy for what comes in says nothing");
}

#[test]
fn cfw_1_the_boundary_before_a_nat_gateway_sees_the_private_source() {
    let mut network = natted(plain_group());
    let mut boundary = dropping("47.1.0.9", FirewallAction::Drop).outward;
    if let Seen::Known(policies) = &mut boundary.policies {
        policies[0].source = Peer::Nets(vec![net("10.0.1.0/24")]);
    }
    let border = |on: Seen<bool>| {
        let (id, nat, boundary) = ("proxy-1".into(), "ngw-1".into(), boundary.clone());
        Seen::Known(vec![NatBoundary { id, nat, on, boundary }])
    };
    network.firewall.nats = border(Seen::Known(true));
    assert_eq!(leaves(&network, 443), Truth::No);
    assert_eq!(leaves(&network, 80), Truth::Yes);
    network.firewall.nats = border(Seen::Known(false));
    assert_eq!(leaves(&network, 443), Truth::Yes);
    network.firewall.nats = border(Seen::Missing("switch of proxy-1".into()));
    assert_unknown(&leaves(&network, 443), "switch of proxy-1");
    network.firewall.nats = Seen::Missing("the list of firewalls before NAT gateways".into());
    assert_unknown(&leaves(&network, 80), "firewalls before NAT gateways");
    network.eips.items.push(eip(1, Bound::Instance("i-1".into())));
    assert_eq!(leaves(&network, 80), Truth::Yes, "an EIP does not pass it");
}

#[test]
fn rt_5_an_appliance_may_forward_and_nobody_knows_where() {
    let mut network = estate(plain_group());
    network.eips = vec![].into();
    network.route_tables.items[0].routes =
        Seen::Known(vec![route("r-1", "0.0.0.0/0", NextHop::Instance("i-2".into()))]);
    assert_unknown(&leaves(&network, 443), "A-MIDBOX");
    let nothing = Readings::default().with(Assumption::Middlebox, false);
    let flow = flow("10.0.1.1", "8.8.8.8", 6, 443);
    assert_eq!(leaving_under(&network, &nothing, &"eni-1".into(), &flow), Truth::No);
}

#[test]
fn rt_2_a_more_specific_route_elsewhere_takes_its_packets_from_the_nat_gateway() {
    let mut network = natted(plain_group());
    let mut routes = network.route_tables.items[0].routes.known().unwrap().clone();
    routes.push(route("r-2", "8.0.0.0/8", NextHop::Attachment("tr-attach-1".into())));
    network.route_tables.items[0].routes = Seen::Known(routes);
    assert_unknown(&leaves(&network, 443), "tr-attach-1");
    let other = flow("10.0.1.1", "9.9.9.9", 6, 443);
    assert_eq!(leaving_under(&network, &Readings::default(), &"eni-1".into(), &other), Truth::Yes);
}

#[test]
fn a_packet_to_an_address_of_the_estate_or_of_no_network_does_not_leave() {
    let network = estate(plain_group());
    for destination in ["10.0.1.2", "192.168.0.1", "100.100.2.136", "169.254.1.1"] {
        let flow = flow("10.0.1.1", destination, 6, 443);
        assert_eq!(leaving_under(&network, &Readings::default(), &"eni-1".into(), &flow), Truth::No);
        assert!(
            !leaving(&network, &Readings::default(), &Zone::Interface("eni-1".into()), &PacketSet::all())[0]
                .crossing
                .possible
                .contains(&flow)
        );
    }
}
