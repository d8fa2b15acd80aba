//! `xiezhi ask` about packets that pass an appliance in line, or a transit router on their way to the internet, as a user
//! asks it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod asking;

use std::fs;
use std::path::{Path, PathBuf};

use asking::run;
use serde_json::Value;

/// An estate with some texts of its configuration replaced.
fn with(estate: &str, changes: &[(&str, &str)]) -> tempfile::TempDir {
    let path: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/estates").join(estate).join("main.tf");
    let mut text = fs::read_to_string(path).unwrap();
    for (old, new) in changes {
        assert!(text.contains(old), "{old}");
        text = text.replace(old, new);
    }
    asking::terraform(&text)
}

/// The verdict, the laws of the first part's path, and why it is open.
fn told(estate: &str, changes: &[(&str, &str)], args: &[&str]) -> (String, Vec<String>, Vec<String>) {
    let folder = with(estate, changes);
    let (_, out, notes) = run(&[args, &["--format", "json", folder.path().to_str().unwrap()]].concat());
    let answer: Value = serde_json::from_str(&out).unwrap_or_else(|error| panic!("{error}: {out} {notes}"));
    let texts = |list: &Value, name: &str| {
        list.as_array().unwrap().iter().map(|one| one[name].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let part = &answer["parts"][0];
    let because = texts(&part["because"], "what").into_iter().chain(texts(&answer["unseen"], "what")).collect();
    (answer["verdict"].as_str().unwrap().to_owned(), texts(&part["hops"], "law"), because)
}

const IN: &[&str] = &["reach", "app1:443"];
const OUT: &[&str] = &["reach", "internet:443", "--from", "app1"];

#[test]
fn a_firewall_in_line_stands_on_the_path_both_ways_and_what_it_does_stays_an_assumption() {
    for args in [IN, OUT] {
        let (verdict, laws, because) = told("inline", &[], args);
        assert_eq!(verdict, "undecided", "{args:?}");
        let at = laws.iter().position(|law| law == "GWLB-1").expect("the endpoint is a hop");
        assert_eq!(laws[at - 1..=at + 1], ["RT-2", "GWLB-1", "RT-2"], "{laws:?}");
        assert!(laws.contains(&"RT-5".to_owned()), "what enters passes it too: {laws:?}");
        assert_eq!(because, ["A-MIDBOX"], "{args:?}");
    }
}

#[test]
fn behind_the_firewall_the_table_of_its_endpoint_decides() {
    let astray = (
        "destination_cidrblock = \"0.0.0.0/0\"\n  nexthop_type          = \"Ipv4Gateway\"",
        "destination_cidrblock = \"192.0.2.0/24\"\n  nexthop_type          = \"Ipv4Gateway\"",
    );
    for args in [IN, OUT] {
        assert_eq!(told("inline", &[astray], args).0, "no", "{args:?}");
    }
    let placed = "vswitch_id  = alicloud_vswitch.gate.id";
    let (verdict, _, because) = told("inline", &[(placed, "vswitch_id  = \"vsw-elsewhere\"")], IN);
    assert_eq!(verdict, "undecided");
    assert!(because.iter().any(|what| what.contains("vsw-elsewhere")), "{because:?}");
}

#[test]
fn an_endpoint_that_is_not_connected_or_leads_to_no_appliance_is_told() {
    let manual = ("auto_accept_connection = true", "auto_accept_connection = false");
    let refused = r#"resource "alicloud_privatelink_vpc_endpoint_connection" "c" {
  endpoint_id = alicloud_privatelink_vpc_endpoint.gate.id
  service_id  = alicloud_privatelink_vpc_endpoint_service.fw.id
  status      = "Disconnected"
}
# the appliances"#;
    assert_eq!(told("inline", &[manual, ("# the appliances", refused)], IN).0, "no");
    let server = "  servers {\n    server_id   = alicloud_instance.fw.id\n    server_type = \"Ecs\"\n  }\n";
    let (verdict, _, because) = told("inline", &[(server, "")], IN);
    assert_eq!(verdict, "undecided");
    assert!(because.iter().any(|what| what.contains("without an appliance")), "{because:?}");
}

#[test]
fn a_dnat_entry_of_a_port_range_is_followed_on_its_ports_and_on_no_other() {
    let folder = asking::terraform(
        r#"
resource "alicloud_vpc" "v" { cidr_block = "10.0.0.0/16" }
resource "alicloud_vswitch" "s" {
  vpc_id     = alicloud_vpc.v.id
  cidr_block = "10.0.1.0/24"
  zone_id    = "cn-hangzhou-h"
}
resource "alicloud_security_group" "g" {
  vpc_id              = alicloud_vpc.v.id
  inner_access_policy = "Drop"
}
resource "alicloud_security_group_rule" "r" {
  security_group_id = alicloud_security_group.g.id
  type              = "ingress"
  ip_protocol       = "tcp"
  port_range        = "22/22"
  cidr_ip           = "0.0.0.0/0"
}
resource "alicloud_instance" "i" {
  instance_name   = "app1"
  vswitch_id      = alicloud_vswitch.s.id
  security_groups = [alicloud_security_group.g.id]
  image_id        = "aliyun_3_x64_20G_alibase.vhd"
  private_ip      = "10.0.1.5"
}
resource "alicloud_nat_gateway" "n" {
  vpc_id     = alicloud_vpc.v.id
  vswitch_id = alicloud_vswitch.s.id
  nat_type   = "Enhanced"
}
resource "alicloud_route_entry" "d" {
  route_table_id        = alicloud_vpc.v.route_table_id
  destination_cidrblock = "0.0.0.0/0"
  nexthop_type          = "NatGateway"
  nexthop_id            = alicloud_nat_gateway.n.id
}
resource "alicloud_forward_entry" "f" {
  forward_table_id = alicloud_nat_gateway.n.forward_table_ids
  external_ip      = "47.1.2.3"
  external_port    = "2220/2230"
  ip_protocol      = "tcp"
  internal_ip      = "10.0.1.5"
  internal_port    = "20/30"
}
"#,
    );
    let ask = |target: &str| {
        let (_, out, _) = run(&["reach", target, folder.path().to_str().unwrap()]);
        out
    };
    // Whether the server sees the client or the gateway, whose address no configuration shows, is open (NAT-4).
    let whole = ask("app1");
    assert!(whole.contains("ports: tcp/2220-2230\n") && whole.contains("forward_entry.f (NAT-1)"), "{whole}");
    let last = ask("app1:2230");
    assert!(last.starts_with("Cannot tell") && last.contains("A-DNATSRC"), "{last}");
    for closed in ["app1:2219", "app1:2231", "app1:22"] {
        assert!(ask(closed).starts_with("No"), "{closed}: {}", ask(closed));
    }
}

#[test]
fn a_spoke_leaves_by_the_nat_gateway_of_the_hub_at_its_transit_router() {
    let (verdict, laws, because) = told("shared-nat", &[], OUT);
    assert_eq!((verdict.as_str(), because), ("yes", Vec::new()));
    let router = laws.iter().position(|law| law == "TR-2").expect("the router is a hop");
    assert_eq!(laws[router + 1], "NAT-6", "{laws:?}");
}

#[test]
fn every_link_of_the_way_over_the_transit_router_must_be_there() {
    let out = "transit_router_route_entry_destination_cidr_block = \"0.0.0.0/0\"";
    let learned = "transit_router_attachment_id  = alicloud_cen_transit_router_vpc_attachment.spoke.transit_router_attachment_id\n}\n\n# and";
    for (link, change) in [
        (
            "the router's route to the hub",
            (out, "transit_router_route_entry_destination_cidr_block = \"192.0.2.0/24\""),
        ),
        (
            "the router's route back",
            (
                learned,
                "transit_router_attachment_id  = alicloud_cen_transit_router_vpc_attachment.hub.transit_router_attachment_id\n}\n\n# and",
            ),
        ),
        (
            "the hub's route to its gateway",
            ("nexthop_type          = \"NatGateway\"", "nexthop_type          = \"Ipv4Gateway\""),
        ),
        (
            "the hub's route back",
            ("destination_cidrblock = \"10.1.0.0/16\"", "destination_cidrblock = \"10.9.0.0/16\""),
        ),
        ("the entry for the spoke", ("source_cidr   = \"10.1.0.0/16\"", "source_cidr   = \"10.0.0.0/16\"")),
    ] {
        assert_eq!(told("shared-nat", &[change], OUT).0, "no", "{link}");
    }
}

#[test]
fn what_is_missing_of_the_way_over_the_transit_router_leaves_it_open_and_is_named() {
    let placed = "zone_id    = \"cn-chengdu-a\"\n    vswitch_id = alicloud_vswitch.hub.id";
    let (verdict, _, because) =
        told("shared-nat", &[(placed, "zone_id    = \"cn-chengdu-a\"\n    vswitch_id = \"vsw-9\"")], OUT);
    assert_eq!(verdict, "undecided");
    assert!(because.iter().any(|what| what.contains("vsw-9")), "{because:?}");
    let own = "vpc_id                     = alicloud_vpc.spoke.id\n  auto_publish_route_enabled = false";
    let (verdict, ..) = told(
        "shared-nat",
        &[
            (own, &own.replace("false", "true")),
            (
                "\"0.0.0.0/0\"\n  nexthop_type          = \"Attachment\"",
                "\"192.0.2.0/24\"\n  nexthop_type          = \"Attachment\"",
            ),
        ],
        OUT,
    );
    assert_eq!(verdict, "undecided", "the router may write the route that code leaves out");
}
