//! `xiezhi ask leaves` and `xiezhi ask reach --from … internet`: what may leave for the internet, as a user asks it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod asking;

use std::fs;
use std::path::{Path, PathBuf};

use asking::run;
use serde_json::Value;

fn estate() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/estates/outbound")
}

/// The estate with one text of its configuration replaced.
fn with(old: &str, new: &str) -> tempfile::TempDir {
    let text = fs::read_to_string(estate().join("main.tf")).unwrap();
    assert!(text.contains(old), "{old}");
    asking::terraform(&text.replace(old, new))
}

fn told(evidence: &Path, args: &[&str]) -> Value {
    let (_, out, notes) = run(&[args, &["--format", "json", evidence.to_str().unwrap()]].concat());
    serde_json::from_str(&out).unwrap_or_else(|error| panic!("{error}: {out} {notes}"))
}

fn verdict(evidence: &Path, from: &str, target: &str) -> String {
    told(evidence, &["reach", "--from", from, target])["verdict"].as_str().unwrap().to_owned()
}

/// The facts of a part as `name: value`.
fn facts(part: &Value) -> Vec<String> {
    let facts = part["facts"].as_array().unwrap().iter();
    facts.map(|fact| format!("{}: {}", fact["name"].as_str().unwrap(), fact["value"].as_str().unwrap())).collect()
}

fn laws(part: &Value) -> Vec<&str> {
    part["hops"].as_array().unwrap().iter().map(|hop| hop["law"].as_str().unwrap()).collect()
}

#[test]
fn what_leaves_is_told_by_way_ports_and_destinations_and_senders_with_one_way_stand_together() {
    let answer = told(&estate(), &["leaves"]);
    assert_eq!(answer["verdict"], "yes");
    let parts = answer["parts"].as_array().unwrap();
    assert_eq!(parts.len(), 2, "the data tier has a route to the gateway and no SNAT entry");
    assert_eq!(parts[0]["subject"], "alicloud_instance.web");
    assert_eq!(
        facts(&parts[0]),
        [
            "through: eip alicloud_eip_address.web",
            "seen-as: (not-yet-assigned)",
            "ports: tcp/1-21 tcp/23-24 tcp/26-65535 udp/1-21 udp/23-65535 icmp icmpv6 gre",
            "destinations: internet"
        ]
    );
    assert_eq!(parts[1]["subject"], "alicloud_instance.app[0]");
    assert_eq!(
        facts(&parts[1]),
        [
            "also-from: alicloud_instance.app[1]",
            "through: snat alicloud_nat_gateway.n",
            "seen-as: (not-yet-assigned)",
            "ports: tcp/443",
            "destinations: internet",
            "ports: tcp/5432",
            "destinations: 47.110.0.0/24"
        ]
    );
    assert_eq!(laws(&parts[1]), ["SG-6", "NACL-1", "PUB-6", "RT-2", "NAT-6", "PUB-1", "CFW-1", "NACL-1"]);
}

#[test]
fn one_port_of_the_internet_or_of_a_range_is_asked_about_by_itself() {
    let estate = estate();
    for (from, target, expected) in [
        ("alicloud_instance.web", "internet:443", "yes"),
        ("alicloud_instance.web", "internet:22", "no"),
        ("alicloud_instance.web", "internet:25", "yes"),
        ("alicloud_instance.app[0]", "internet:443", "yes"),
        ("alicloud_instance.app[0]", "internet:80", "no"),
        ("alicloud_vswitch.app", "47.110.0.9:5432", "yes"),
        ("alicloud_vswitch.app", "47.110.0.0/23:5432", "yes"),
        ("alicloud_vswitch.app", "47.110.1.0/24:5432", "no"),
        ("alicloud_security_group.strict", "internet:5432", "yes"),
        ("alicloud_instance.data", "internet", "no"),
        ("10.1.0.0/24", "internet:443", "yes"),
    ] {
        assert_eq!(verdict(&estate, from, target), expected, "{from} to {target}");
    }
}

#[test]
fn a_no_shows_where_packets_stop() {
    let answer = told(&estate(), &["reach", "--from", "alicloud_instance.data", "internet:443"]);
    let stop = &answer["parts"][0];
    assert_eq!((stop["verdict"].as_str(), laws(stop).pop()), (Some("no"), Some("NAT-6")));
    let answer = told(&estate(), &["reach", "--from", "alicloud_instance.web", "internet:22"]);
    let hop = answer["parts"][0]["hops"][0].clone();
    assert_eq!((hop["law"].as_str(), hop["passes"].as_str()), (Some("SG-6"), Some("no")));
}

#[test]
fn without_its_route_the_application_stays_inside_and_a_route_elsewhere_is_not_followed() {
    const HOP: &str = "nexthop_type          = \"NatGateway\"\n  nexthop_id            = alicloud_nat_gateway.n.id";
    let appliance =
        with(HOP, "nexthop_type          = \"Instance\"\n  nexthop_id            = alicloud_instance.web.id");
    assert_eq!(verdict(appliance.path(), "alicloud_instance.app[0]", "internet:443"), "undecided");
    let narrow = with("destination_cidrblock = \"0.0.0.0/0\"", "destination_cidrblock = \"9.0.0.0/8\"");
    assert_eq!(verdict(narrow.path(), "alicloud_instance.app[0]", "internet:443"), "yes");
    assert_eq!(verdict(narrow.path(), "alicloud_instance.app[0]", "8.8.8.8:443"), "no");
    let beside = with(
        "resource \"alicloud_route_table\" \"r\" {",
        "resource \"alicloud_route_entry\" \"far\" {\n  route_table_id = alicloud_route_table.r.id\n  \
         destination_cidrblock = \"9.0.0.0/8\"\n  nexthop_type = \"Ipv4Gateway\"\n  nexthop_id = \"igw-1\"\n}\n\
         resource \"alicloud_route_table\" \"r\" {",
    );
    let answer = told(beside.path(), &["reach", "--from", "alicloud_instance.app[0]", "internet:443"]);
    assert!(facts(&answer["parts"][0]).contains(&"destinations: internet-except 9.0.0.0/8".to_owned()), "{answer:#}");
}

#[test]
fn an_snat_entry_whose_source_nobody_knows_leaves_only_the_rest_open() {
    const ENTRY: &str = "resource \"alicloud_route_table\" \"r\" {";
    let second = "resource \"alicloud_snat_entry\" \"other\" {\n  snat_table_id = \
                  alicloud_nat_gateway.n.snat_table_ids\n  source_cidr = var.other\n  snat_ip = \
                  alicloud_eip_address.nat.ip_address\n}\nvariable \"other\" {}\n";
    let estate = with(ENTRY, &format!("{second}{ENTRY}"));
    assert_eq!(verdict(estate.path(), "alicloud_instance.app[0]", "internet:443"), "yes");
    assert_eq!(verdict(estate.path(), "alicloud_instance.data", "internet:443"), "undecided");
}

#[test]
fn a_firewall_before_the_nat_gateway_lets_only_what_its_policies_name_through() {
    let files =
        ["main.tf", "../outbound-border/border.tf"].map(|name| fs::read_to_string(estate().join(name)).unwrap());
    let guarded = asking::terraform(&files.concat());
    let from = "alicloud_instance.app[0]";
    assert_eq!(verdict(guarded.path(), from, "47.110.0.0/24:5432"), "yes");
    assert_eq!(verdict(guarded.path(), from, "internet:443"), "no");
    let stop = told(guarded.path(), &["reach", "--from", from, "8.8.8.8:443"])["parts"][0]["hops"].clone();
    let last = stop.as_array().unwrap().last().unwrap();
    assert_eq!(
        (last["at"].as_str(), last["rule"].as_str()),
        (
            Some("alicloud_cloud_firewall_nat_firewall.n"),
            Some("alicloud_cloud_firewall_nat_firewall_control_policy.rest")
        )
    );
    // Who leaves by an EIP does not pass it.
    assert_eq!(verdict(guarded.path(), "alicloud_instance.web", "internet:443"), "yes");
    let off = asking::terraform(&files.concat().replace("status          = \"normal\"", "status = \"closed\""));
    assert_eq!(verdict(off.path(), from, "internet:443"), "yes");
    let silent = asking::terraform(&files.concat().replace("status          = \"normal\"", ""));
    assert_eq!(verdict(silent.path(), from, "internet:443"), "undecided");
}

#[test]
fn the_answer_speaks_the_readers_language() {
    let path = estate();
    let evidence = path.to_str().unwrap();
    let (code, out, _) = run(&["reach", "--from", "alicloud_instance.data", "internet:443", evidence]);
    assert_eq!(code, 0);
    assert!(
        out.starts_with("No: no packet from alicloud_instance.data may leave for port 443 of the internet."),
        "{out}"
    );
    let (_, out, _) = run(&["--lang", "zh", "leaves", evidence]);
    for words in [
        "已证实的互联网出口：2 处；无法判定：0 处。",
        "经由：SNAT alicloud_nat_gateway.n",
        "公网侧地址：（尚未分配）",
        "同样来自：alicloud_instance.app[1]",
        "● 互联网 应答",
    ] {
        assert!(out.contains(words), "{words}: {out}");
    }
}
