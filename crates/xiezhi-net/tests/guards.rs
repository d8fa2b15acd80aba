//! The platform's laws about Cloud Firewall and about allow-lists of managed services, each by its name. Every case is
//! judged by the plain evaluator and by the engine.

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
use xiezhi_net::assume::Truth;
use xiezhi_net::model::*;

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
            bare: vec![],
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
