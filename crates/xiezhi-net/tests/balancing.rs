//! The platform's laws about load balancers, each by its name. Every case is judged by the plain evaluator and by the
//! engine.

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
use xiezhi_net::assume::{Readings, Truth};
use xiezhi_net::model::*;
use xiezhi_net::plain;

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

#[test]
fn an_open_rule_that_bears_on_other_packets_is_no_reason() {
    use xiezhi_net::path::Target;
    let mut network = balanced(BalancerKind::Alb, ListenerProtocol::Https, &["accept tcp 8080/8080 0.0.0.0/0 @1"]);
    network.balancers.items[0].local = Seen::Missing("local addresses of lb-1".into());
    let report = xiezhi_net::reach::from_internet(&network, &Readings::default());
    let server = report.exposures.iter().find(|one| one.target == Target::Interface("eni-1".into())).unwrap();
    let reasons: Vec<String> = server.reasons().iter().map(ToString::to_string).collect();
    // The group of the ALB accepts `ALL`: what that means for ESP is nothing to a listener on TCP.
    assert_eq!(reasons, ["not collected: local addresses of lb-1"]);
}
