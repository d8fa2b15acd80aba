//! The bypass catalogue of the reference, section 6.2: for each case an estate that can be bypassed
//! and the same estate closed.

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
use common::{ip, net};
use xiezhi_net::assume::{Readings, Truth};
use xiezhi_net::model::*;
use xiezhi_net::reach;
use xiezhi_net::web::{self, Case, Effect, Guarded, What};

const LOCKED: &str = "accept tcp 80/80 39.96.0.0/16 @1";

fn guard(kind: GuardKind) -> Guard {
    Guard {
        id: "guard-1".into(),
        kind,
        domain: Some("shop.example".to_owned()),
        resource: None,
        ports: Seen::Known(vec![80]),
        origins: Seen::Known(vec![Origin { to: RecordTo::Address(ip("47.1.0.1")), ports: vec![80] }]),
        egress: Seen::Known(vec![net("39.96.0.0/16")]),
        shared_egress: Seen::Known(false),
        marks_requests: Seen::Known(false),
        dns: Seen::Known(true),
        running: Seen::Known(true),
        rules: Seen::Known(RuleState::Enforcing),
        forwards_to: None,
        only_from_upstream: Seen::Absent,
    }
}

/// One instance behind a WAF in CNAME mode, with these rules.
fn proxied(ingress: &[&str]) -> Network {
    let mut network = estate(vec![group("sg-1", ingress)]);
    network.web.guards.items.push(guard(GuardKind::WafProxy));
    network
}

fn of(network: &Network) -> Guarded {
    let readings = Readings::default();
    let report = reach::from_internet(network, &readings);
    web::guards(network, &readings, &report).remove(0)
}

/// The first network is bypassed by the case, the second is closed.
fn pair(case: Case, bypass: &Network, closed: &Network) {
    let (open, shut) = (of(bypass), of(closed));
    let way = open
        .ways
        .iter()
        .find(|way| way.case == case)
        .unwrap_or_else(|| panic!("case {} is missing in {:?}", case.number(), open.ways));
    assert_eq!((way.effect, &way.verdict), (Effect::Bypass, &Truth::Yes), "case {}: {way:?}", case.number());
    assert_eq!(way.witness.is_some(), !way.packets.is_empty());
    assert_eq!(open.bypassable, Truth::Yes);
    assert_eq!(shut.bypassable, Truth::No, "case {} closed: {:?}", case.number(), shut.ways);
}

#[test]
fn case_01_an_origin_group_open_beyond_the_guards_addresses() {
    pair(Case::OriginGroup, &proxied(&["accept tcp 80/80 0.0.0.0/0 @1"]), &proxied(&[LOCKED]));
}

fn with_balancer(kind: BalancerKind, protocol: ListenerProtocol, port: u16) -> Network {
    let mut network = estate(vec![group("sg-1", &["accept tcp 8080/8080 10.0.0.0/8 @1"])]);
    network.eips.items.clear();
    network.balancers = vec![Balancer {
        id: "lb-1".into(),
        kind,
        vpc: Seen::Known("vpc-1".into()),
        public: Seen::Known(vec![ip("47.1.0.1")]),
        private: vec![],
        local: Seen::Known(vec![ip("10.0.1.20")]),
        vswitches: Seen::Known(vec!["vsw-1".into()]),
        groups: Seen::Absent,
        listeners: Seen::Known(vec![listener(protocol, port)]),
    }]
    .into();
    network.web.guards.items.push(guard(GuardKind::WafProxy));
    network
}

fn listener(protocol: ListenerProtocol, port: u16) -> Listener {
    Listener {
        id: format!("lb-1/{port}").into(),
        protocol,
        ports: (port, port),
        running: Seen::Known(true),
        redirect: false,
        access: Seen::Absent,
        backends: Seen::Known(vec![Backend {
            to: BackendTo::Instance("i-1".into()),
            port: Some(8080),
            takes_flows: Seen::Absent,
        }]),
        preserve_client: Seen::Absent,
    }
}

fn listeners(network: &mut Network) -> &mut Vec<Listener> {
    match &mut network.balancers.items[0].listeners {
        Seen::Known(listeners) => listeners,
        _ => unreachable!(),
    }
}

fn white_list(network: &mut Network, entries: Vec<ipnet::IpNet>) {
    network.access_lists = vec![AccessList { id: "acl-1".into(), entries: Seen::Known(entries) }].into();
    for listener in listeners(network) {
        listener.access = Seen::Known(AccessControl {
            kind: AccessKind::White,
            lists: Seen::Known(vec!["acl-1".into()]),
            legacy: false,
        });
    }
}

#[test]
fn case_02_a_clb_listener_with_access_control_off_or_an_empty_white_list() {
    let off = with_balancer(BalancerKind::Clb, ListenerProtocol::Http, 80);
    let mut closed = off.clone();
    white_list(&mut closed, vec![net("39.96.0.0/16")]);
    pair(Case::ClbAccess, &off, &closed);
    let mut empty = off.clone();
    white_list(&mut empty, vec![]);
    pair(Case::ClbAccess, &empty, &closed);
}

#[test]
fn case_03_groups_of_an_alb_or_nlb_that_only_allow() {
    let mut allows = with_balancer(BalancerKind::Alb, ListenerProtocol::Http, 80);
    allows.balancers.items[0].groups = Seen::Known(vec!["sg-lb".into()]);
    let mut closed = allows.clone();
    allows.groups.items.push(group("sg-lb", &[LOCKED]));
    closed.groups.items.push(group("sg-lb", &[LOCKED, "drop all -1/-1 0.0.0.0/0 @100"]));
    pair(Case::BalancerGroup, &allows, &closed);
}

#[test]
fn case_04_another_eip_on_the_same_interface() {
    let closed = proxied(&[LOCKED]);
    let mut second = proxied(&[]);
    second.enis.items[0].addresses.push("10.0.1.101".parse().unwrap());
    let binding = Binding {
        to: Bound::Interface("eni-1".into()),
        private: Some("10.0.1.101".parse().unwrap()),
        mode: EipMode::Multi,
    };
    second.eips.items.push(Eip {
        id: "eip-2".into(),
        address: ip("47.1.0.2"),
        bound: Seen::Known(binding),
        locked: false,
    });
    if let Seen::Known(rules) = &mut second.groups.items[0].rules {
        rules.push(rule_as(Direction::Ingress, "r-1", LOCKED));
        rules.push(Rule {
            own: Seen::Known(vec![net("10.0.1.101/32")]),
            ..rule_as(Direction::Ingress, "r-2", "accept tcp 80/80 0.0.0.0/0 @1")
        });
    }
    pair(Case::OtherAddress, &second, &closed);
}

#[test]
fn case_05_a_dnat_entry_to_the_same_private_port() {
    let with = |rule: &str| {
        let mut network = proxied(&[rule]);
        network.eips.items.push(eip(6, Bound::Nat("ngw-1".into())));
        network.eips.items[0].bound =
            Seen::Known(Binding { to: Bound::Nat("ngw-1".into()), private: None, mode: EipMode::Nat });
        let entry = |id: &str, external: &str, port: u16| Dnat {
            id: id.into(),
            external: external.parse().unwrap(),
            internal: "10.0.1.1".parse().unwrap(),
            mapping: Mapping::Ports { protocol: Protocol::Tcp, external: (port, port), internal: 80 },
        };
        network.nats = vec![Nat {
            id: "ngw-1".into(),
            vpc: "vpc-1".into(),
            vswitch: Seen::Known("vsw-1".into()),
            intranet: false,
            addresses: Seen::Known(vec!["10.0.1.250".parse().unwrap()]),
            dnat: Seen::Known(vec![entry("fwd-1", "47.1.0.1", 80), entry("fwd-2", "47.1.0.6", 18080)]),
            snat: Seen::Absent,
        }]
        .into();
        let route = Route {
            id: "rte".into(),
            destination: net("0.0.0.0/0"),
            next: Seen::Known(vec![NextHop::Nat("ngw-1".into())]),
            origin: RouteOrigin::Own,
        };
        network.route_tables.items[0].routes = Seen::Known(vec![route]);
        network
    };
    let found = of(&with("accept tcp 80/80 0.0.0.0/0 @1"));
    let way = found.ways.iter().find(|way| way.case == Case::DnatEntry).unwrap();
    assert_eq!((way.verdict.clone(), way.witness.as_ref().unwrap().flow.port), (Truth::Yes, 18080));
    let mut closed = with("accept tcp 80/80 0.0.0.0/0 @1");
    closed.nats.items.clear();
    closed.eips.items.truncate(1);
    assert!(of(&closed).ways.iter().all(|way| way.case != Case::DnatEntry));
}

#[test]
fn case_06_a_public_ipv6_address() {
    let with = |bandwidth: bool| {
        let mut network = proxied(&[LOCKED, "accept tcp 80/80 ::/0 @1"]);
        network.vpcs.items[0].ipv6_gateway = Seen::Known("ipv6gw-1".into());
        network.enis.items[0].ipv6.push(Ipv6 {
            id: None,
            address: "2408:4001::5".parse().unwrap(),
            bandwidth: Seen::Known(bandwidth),
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
    };
    pair(Case::Ipv6, &with(true), &with(false));
}

#[test]
fn case_07_a_port_that_transparent_mode_does_not_redirect() {
    let with = |redirected: Vec<u16>| {
        let mut network = with_balancer(BalancerKind::Clb, ListenerProtocol::Tcp, 80);
        listeners(&mut network).push(listener(ListenerProtocol::Tcp, 8443));
        network.web.guards.items[0] = Guard {
            resource: Some("lb-1".into()),
            ports: Seen::Known(redirected),
            origins: Seen::Absent,
            ..guard(GuardKind::WafTransparent)
        };
        network
    };
    pair(Case::UnredirectedPort, &with(vec![80]), &with(vec![80, 8443]));
}

#[test]
fn case_07_an_open_web_port_of_an_instance_counts_as_an_application_as_it_does_without_a_guard() {
    let with = |rules: &[&str], redirected: &[Seen<Vec<u16>>]| {
        let mut network = proxied(rules);
        let object = |(number, ports): (usize, &Seen<Vec<u16>>)| Guard {
            id: format!("waf-{number}").into(),
            resource: Some("i-1".into()),
            origins: Seen::Absent,
            ports: ports.clone(),
            ..guard(GuardKind::WafTransparent)
        };
        network.web.guards = redirected.iter().enumerate().map(object).collect::<Vec<_>>().into();
        network
    };
    let web = ["accept tcp 80/80 0.0.0.0/0 @1", "accept tcp 8080/8080 0.0.0.0/0 @1", "accept tcp 22/22 0.0.0.0/0 @1"];
    let port = |port: u16| Seen::Known(vec![port]);
    let (open, closed) = (with(&web, &[port(80)]), with(&web, &[Seen::Known(vec![80, 8080])]));
    pair(Case::UnredirectedPort, &open, &closed);
    let report = reach::from_internet(&open, &Readings::default());
    assert_eq!(web::applications(&open, &report)[0].behind_waf(), Truth::No);
    // An object for each port covers both together; one whose ports nobody knows may.
    assert_eq!(of(&with(&web, &[port(80), port(8080)])).bypassable, Truth::No);
    let unread = Seen::Missing("waf-openapi:DescribeCloudResourceAccessedPorts".into());
    assert!(matches!(of(&with(&web, &[port(80), unread])).bypassable, Truth::Unknown(_)));
}

#[test]
fn case_07_an_object_that_was_not_listed_may_redirect_the_port() {
    let mut network = proxied(&["accept tcp 8080/8080 0.0.0.0/0 @1"]);
    network.web.guards.items[0] =
        Guard { resource: Some("i-1".into()), origins: Seen::Absent, ..guard(GuardKind::WafTransparent) };
    assert_eq!(of(&network).bypassable, Truth::Yes);
    network.web.guards.missing.push("waf-openapi:DescribeDefenseResources".into());
    assert!(matches!(of(&network).bypassable, Truth::Unknown(_)));
}

#[test]
fn case_08_a_second_listener_before_the_same_backend() {
    let mut closed = with_balancer(BalancerKind::Clb, ListenerProtocol::Http, 80);
    white_list(&mut closed, vec![net("39.96.0.0/16")]);
    let mut open = closed.clone();
    listeners(&mut open).push(listener(ListenerProtocol::Http, 8080));
    pair(Case::OtherListener, &open, &closed);
}

#[test]
fn case_09_dns_that_does_not_point_at_the_guard() {
    let closed = proxied(&[LOCKED]);
    let mut open = closed.clone();
    open.web.guards.items[0].dns = Seen::Known(false);
    pair(Case::Dns, &open, &closed);
}

#[test]
fn case_10_a_guard_that_is_paused_or_expired() {
    let closed = proxied(&[LOCKED]);
    let mut open = closed.clone();
    open.web.guards.items[0].running = Seen::Known(false);
    pair(Case::Paused, &open, &closed);
    open.web.guards.items[0].running = Seen::Missing("waf-openapi:DescribePauseProtectionStatus".into());
    assert!(matches!(of(&open).bypassable, Truth::Unknown(_)));
}

#[test]
fn case_11_no_rules_or_rules_that_only_observe() {
    let closed = proxied(&[LOCKED]);
    for state in [RuleState::None, RuleState::Observing] {
        let mut open = closed.clone();
        open.web.guards.items[0].rules = Seen::Known(state);
        pair(Case::NotEnforcing, &open, &closed);
    }
}

#[test]
fn case_12_a_sibling_name_on_the_same_origin() {
    let with = |target: &str| {
        let mut network = proxied(&[LOCKED]);
        network.web.names = vec![
            Name {
                name: "old.shop.example".to_owned(),
                records: Seen::Known(vec![RecordTo::Name("a.shop.example".to_owned())]),
            },
            Name { name: "a.shop.example".to_owned(), records: Seen::Known(vec![RecordTo::Address(ip(target))]) },
        ]
        .into();
        network
    };
    pair(Case::SiblingName, &with("47.1.0.1"), &with("47.1.0.9"));
}

#[test]
fn case_13_an_allow_list_with_extra_ranges_is_a_hole_and_with_missing_ranges_an_outage() {
    let closed = proxied(&[LOCKED]);
    pair(Case::Drift, &proxied(&[LOCKED, "accept tcp 80/80 39.97.0.0/24 @1"]), &closed);
    let outage = of(&proxied(&["accept tcp 80/80 39.96.0.0/17 @1"]));
    let way = outage.ways.iter().find(|way| way.case == Case::Drift).unwrap();
    assert_eq!((way.effect, &way.verdict), (Effect::Outage, &Truth::Yes));
    assert!(way.subjects.iter().any(|subject| subject.contains("39.96.128.0/17")), "{:?}", way.subjects);
    assert_eq!(outage.bypassable, Truth::No);
}

#[test]
fn case_14_an_allow_list_of_shared_addresses_is_a_residual_risk_unless_requests_are_marked() {
    let with = |shared: bool, marked: bool| {
        let mut network = proxied(&[LOCKED]);
        network.web.guards.items[0].shared_egress = Seen::Known(shared);
        network.web.guards.items[0].marks_requests = Seen::Known(marked);
        of(&network)
    };
    let open = with(true, false);
    let way = open.ways.iter().find(|way| way.case == Case::SharedEgress).unwrap();
    assert_eq!((way.effect, &way.verdict, &open.bypassable), (Effect::Residual, &Truth::Yes, &Truth::No));
    for closed in [with(true, true), with(false, false)] {
        assert!(closed.ways.is_empty(), "{:?}", closed.ways);
    }
}

#[test]
fn case_15_a_chain_in_which_only_the_last_hop_is_locked() {
    let with = |locked: bool| {
        let mut network = proxied(&[LOCKED]);
        let waf = network.web.guards.items.remove(0);
        let cdn = Guard {
            id: "cdn-1".into(),
            forwards_to: Some("guard-1".into()),
            origins: Seen::Known(vec![]),
            ..guard(GuardKind::Cdn)
        };
        network.web.guards = vec![cdn, Guard { only_from_upstream: Seen::Known(locked), ..waf }].into();
        network
    };
    pair(Case::Chain, &with(false), &with(true));
}

#[test]
fn case_16_anti_ddos_on_the_balancer_but_not_on_addresses_of_its_backends() {
    let mut network = with_balancer(BalancerKind::Clb, ListenerProtocol::Http, 80);
    network.web.ddos = vec![DdosCover { address: ip("47.1.0.1"), by: DdosKind::Origin }].into();
    assert!(web::ddos_gaps(&network).is_empty());
    network.eips.items.push(eip(2, Bound::Instance("i-1".into())));
    let ways = web::ddos_gaps(&network);
    assert_eq!((ways[0].case, &ways[0].verdict), (Case::DdosBackends, &Truth::Yes));
    assert_eq!(ways[0].subjects, ["lb-1", "eni-1", "47.1.0.2"]);
    network.web.ddos.items.push(DdosCover { address: ip("47.1.0.2"), by: DdosKind::Origin });
    assert!(web::ddos_gaps(&network).is_empty());
}

#[test]
fn case_17_a_default_domain_beside_the_protected_one() {
    let with = |default: bool| {
        let mut network = estate(vec![group("sg-1", &[])]);
        network.web.guards.items.push(Guard {
            resource: Some("fc-1".into()),
            origins: Seen::Absent,
            ..guard(GuardKind::WafNative)
        });
        network.web.apps = vec![WebApp {
            id: "fc-1".into(),
            kind: AppKind::Function,
            domains: Seen::Known(vec!["shop.example".to_owned()]),
            default_domain: Seen::Known(default),
        }]
        .into();
        network
    };
    pair(Case::DefaultDomain, &with(true), &with(false));
}

#[test]
fn without_the_guards_addresses_only_an_origin_open_to_the_whole_internet_is_proven() {
    let with = |rule: &str| {
        let mut network = proxied(&[rule]);
        network.web.guards.items[0].egress = Seen::Missing("waf-openapi:DescribeWafSourceIpSegment".into());
        of(&network).bypassable
    };
    assert_eq!(with("accept tcp 80/80 0.0.0.0/0 @1"), Truth::Yes);
    assert!(
        matches!(with(LOCKED), Truth::Unknown(why) if why.iter().any(|reason| reason.to_string().contains("DescribeWafSourceIpSegment")))
    );
}

#[test]
fn a_native_guard_on_an_alb_is_bypassed_by_an_address_of_its_backend() {
    let mut network = with_balancer(BalancerKind::Alb, ListenerProtocol::Http, 80);
    network.web.guards.items[0] =
        Guard { resource: Some("lb-1".into()), origins: Seen::Absent, ..guard(GuardKind::WafNative) };
    let closed = network.clone();
    network.eips.items.push(eip(2, Bound::Instance("i-1".into())));
    network.groups.items[0] = group("sg-1", &["accept tcp 8080/8080 0.0.0.0/0 @1"]);
    pair(Case::OtherAddress, &network, &closed);
}

#[test]
fn an_application_lists_its_guards_and_whether_they_block() {
    let mut network = proxied(&["accept tcp 80/80 0.0.0.0/0 @1"]);
    network.web.guards.items[0].rules = Seen::Known(RuleState::Observing);
    network.eips.items.push(eip(2, Bound::Instance("i-1".into())));
    let report = reach::from_internet(&network, &Readings::default());
    let all = web::applications(&network, &report);
    assert_eq!(all[0].what, What::Interface("eni-1".into()));
    assert_eq!((all[0].guards[0].kind, &all[0].guards[0].enforcing), (GuardKind::WafProxy, &Truth::No));
    assert_eq!((&all[0].ddos, all[0].ports.iter().collect::<Vec<_>>()), (&Truth::No, vec![(80, 80)]));
}

/// EDGE-2: who redirects ports has to say which; a guard that does not say so is no cover of any port.
#[test]
fn a_transparent_guard_of_unknown_ports_covers_no_port_and_two_of_one_port_each_cover_both() {
    let mut network = proxied(&["accept tcp 80/80 0.0.0.0/0 @1", "accept tcp 443/443 0.0.0.0/0 @1"]);
    let address = network.eips.items[0].address;
    let transparent = |ports: Seen<Vec<u16>>| Guard {
        resource: Some("eni-1".into()),
        ports,
        origins: Seen::Absent,
        domain: None,
        ..guard(GuardKind::WafTransparent)
    };
    let behind = |network: &Network| {
        let report = reach::from_internet(network, &Readings::default());
        let all = web::applications(network, &report);
        let one = all.iter().find(|one| one.address == Some(address)).unwrap();
        assert_eq!(one.ports.iter().collect::<Vec<_>>(), [(80, 80), (443, 443)]);
        one.behind_waf()
    };
    network.web.guards = vec![transparent(Seen::Absent)].into();
    assert!(matches!(behind(&network), Truth::Unknown(_)));
    network.web.guards = vec![transparent(Seen::Known(vec![80]))].into();
    assert_eq!(behind(&network), Truth::No);
    let other = Guard { id: "waf-2".into(), ..transparent(Seen::Known(vec![443])) };
    network.web.guards = vec![transparent(Seen::Known(vec![80])), other].into();
    assert_eq!(behind(&network), Truth::Yes);
}

#[test]
fn a_guard_of_a_wildcard_covers_the_names_below_it_and_no_other() {
    assert!(web::covers_name("*.shop.example", "www.shop.example"));
    assert!(web::covers_name("www.shop.example", "www.shop.example"));
    for other in ["shop.example", "www.workshop.example", ".shop.example", "www.shop.example.org"] {
        assert!(!web::covers_name("*.shop.example", other), "{other}");
    }
}

/// EDGE-6: Anti-DDoS stands before an address where it is, as the origin of a proxy, or as the end of a relayed port; a
/// list that was not read leaves every other address open.
#[test]
fn anti_ddos_stands_before_listed_addresses_and_origins_of_running_proxies() {
    let before = |network: &Network, address: &str| web::Scrubbed::of(network).before(ip(address));
    let mut network = proxied(&["accept tcp 80/80 0.0.0.0/0 @1"]);
    network.web.guards.items.clear();
    assert_eq!(before(&network, "47.1.2.3"), Truth::No);
    network.web.ddos.items = vec![DdosCover { address: ip("47.1.2.3"), by: DdosKind::Origin }];
    assert_eq!(before(&network, "47.1.2.3"), Truth::Yes);
    network.web.ddos.items.clear();
    network.web.relayed.items = vec![ip("47.1.2.3")];
    assert_eq!(before(&network, "47.1.2.3"), Truth::Yes);
    network.web.relayed.items.clear();
    let origins = Seen::Known(vec![Origin { to: RecordTo::Address(ip("47.1.2.3")), ports: vec![80] }]);
    let proxy = |running: Seen<bool>| Guard { origins: origins.clone(), running, ..guard(GuardKind::AntiDdosProxy) };
    for (running, answer) in [(Seen::Known(true), Truth::Yes), (Seen::Known(false), Truth::No)] {
        network.web.guards.items = vec![proxy(running)];
        assert_eq!(before(&network, "47.1.2.3"), answer);
    }
    network.web.guards.items = vec![proxy(Seen::Missing("state of the proxy".into()))];
    assert!(matches!(before(&network, "47.1.2.3"), Truth::Unknown(_)));
    assert_eq!(before(&network, "47.9.9.9"), Truth::No);
    network.web.ddos.missing = vec!["the list of Anti-DDoS Origin".into()];
    assert!(matches!(before(&network, "47.9.9.9"), Truth::Unknown(_)));
}
