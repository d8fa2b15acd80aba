//! The wrong answers of other tools (reference, sections 2.6 and 8), each as the case that shows it.

#![allow(
    clippy::panic,
    clippy::unreachable,
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::missing_docs_in_private_items
)]

mod common;

use common::flow;
use common::small::*;
use xiezhi_net::assume::{Readings, Truth};
use xiezhi_net::model::*;
use xiezhi_net::reach;

#[test]
fn prowler_and_steampipe_flag_an_accept_that_a_drop_with_higher_rank_shadows() {
    let network = estate(vec![group("sg-1", &["accept tcp 22/22 0.0.0.0/0 @10", "drop all -1/-1 0.0.0.0/0 @1"])]);
    assert!(reach::from_internet(&network, &Readings::default()).exposures.is_empty());
}

#[test]
fn prowler_and_steampipe_miss_the_internet_when_it_is_written_as_two_halves() {
    assert_eq!(
        is_open(
            &estate(vec![group("sg-1", &["accept tcp 22/22 0.0.0.0/1 @1", "accept tcp 22/22 128.0.0.0/1 @1"])]),
            22
        ),
        Truth::Yes
    );
}

#[test]
fn prowler_misses_the_internet_inside_a_prefix_list() {
    let mut network = estate(vec![group("sg-1", &["accept tcp 22/22 pl-1 @1"])]);
    network
        .prefix_lists
        .items
        .push(PrefixList { id: "pl-1".into(), entries: Seen::Known(vec!["0.0.0.0/0".parse().unwrap()]) });
    assert_eq!(is_open(&network, 22), Truth::Yes);
}

#[test]
fn prowler_flags_a_group_that_no_interface_uses() {
    let mut network = estate(vec![group("sg-1", &["accept tcp 22/22 0.0.0.0/0 @1"])]);
    network.enis.items[0].groups = Seen::Known(vec!["sg-2".into()]);
    network.groups.items.push(group("sg-2", &[]));
    assert!(reach::from_internet(&network, &Readings::default()).exposures.is_empty());
}

#[test]
fn cloudrec_skips_a_rule_for_all_ports() {
    assert_eq!(is_open(&estate(vec![group("sg-1", &["accept tcp -1/-1 0.0.0.0/0 @1"])]), 22), Truth::Yes);
}

#[test]
fn cloudsploit_reports_a_drop_rule_as_open() {
    assert_eq!(is_open(&estate(vec![group("sg-1", &["drop tcp 22/22 0.0.0.0/0 @1"])]), 22), Truth::No);
}

#[test]
fn checkov_passes_protocol_all_to_the_world() {
    assert_eq!(is_open(&estate(vec![group("sg-1", &["accept all -1/-1 0.0.0.0/0 @1"])]), 22), Truth::Yes);
}

#[test]
fn checkov_passes_a_rule_whose_port_range_is_missing() {
    let mut network = estate(vec![group("sg-1", &[])]);
    let fields = RuleFields { ip_protocol: Some("tcp"), cidr: Some("0.0.0.0/0"), ..RuleFields::default() };
    network.groups.items[0].rules = Seen::Known(vec![fields.rule("r", Direction::Ingress)]);
    assert!(matches!(is_open(&network, 22), Truth::Unknown(_)));
}

#[test]
fn infraguard_does_not_flag_protocol_all_on_risky_ports() {
    let network = estate(vec![group("sg-1", &["accept ALL -1/-1 0.0.0.0/0 @1"])]);
    let report = reach::from_internet(&network, &Readings::default());
    assert_eq!(report.on_ports(&[3389]).count(), 1);
}

#[test]
fn network_diagnose_judges_each_group_alone() {
    let network = estate(vec![
        group("sg-1", &["accept tcp 22/22 0.0.0.0/0 @2"]),
        group("sg-2", &["drop tcp 22/22 0.0.0.0/0 @1"]),
    ]);
    assert_eq!(is_open(&network, 22), Truth::No);
}

#[test]
fn network_diagnose_skips_group_sources_and_calls_advanced_groups_stateless() {
    let mut advanced = group_of("sg-1", GroupKind::Advanced, Policy::Drop, &["accept tcp 22/22 0.0.0.0/0 @1"]);
    advanced.vpc = Some("vpc-1".into());
    // No egress rule: a stateless reading would lose the reply (SG-31).
    assert_eq!(is_open(&estate(vec![advanced]), 22), Truth::Yes);
}

#[test]
fn every_peer_ignores_that_the_intra_group_policy_outranks_custom_drops() {
    let mut network =
        estate(vec![group_of("sg-1", GroupKind::Basic, Policy::Accept, &["drop all -1/-1 10.0.0.0/8 @1"])]);
    network.enis = vec![eni(1, &["sg-1"]), eni(2, &["sg-1"])].into();
    assert_eq!(inside(&network, 1, 2, 6, 3306), Truth::Yes);
}

#[test]
fn every_peer_ignores_network_acls() {
    let mut network = estate(vec![group("sg-1", &["accept tcp 22/22 0.0.0.0/0 @1"])]);
    network.vswitches.items[0].acl = Seen::Known("nacl-1".into());
    network.acls = vec![NetworkAcl { id: "nacl-1".into(), ingress: Seen::Absent, egress: Seen::Absent }].into();
    assert_eq!(is_open(&network, 22), Truth::No);
}

#[test]
fn every_peer_reads_the_internet_into_a_private_range() {
    assert_eq!(
        reach::from_internet(
            &estate(vec![group("sg-1", &["accept tcp 22/22 192.168.0.0/16 @1"])]),
            &Readings::default()
        )
        .exposures
        .len(),
        0
    );
    assert!(
        xiezhi_net::plain::from_internet(
            &estate(vec![group("sg-1", &[])]),
            &Readings::default(),
            &flow("192.168.1.1", "47.1.0.1", 6, 22)
        )
        .is_empty()
    );
}
