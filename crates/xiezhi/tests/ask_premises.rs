//! `xiezhi ask` about ways from and to premises behind VPN and leased lines, as a user runs it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

fn estate(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/estates").join(name)
}

/// Three joined VPCs with a VPN gateway in the first (an office, a branch that is down, home workers) and a leased line at
/// the transit router of the first and third; one answer changed, or left out.
fn offices(file: &str, change: impl Fn(&str) -> Option<String>) -> TempDir {
    let copy = tempfile::tempdir().unwrap();
    for part in ["joined", "offices"] {
        for entry in fs::read_dir(estate(part)).unwrap() {
            let path = entry.unwrap().path();
            fs::copy(&path, copy.path().join(path.file_name().unwrap())).unwrap();
        }
    }
    if !file.is_empty() {
        let path = copy.path().join(file);
        let text = fs::read_to_string(&path).unwrap();
        match change(&text) {
            Some(new) => {
                assert_ne!(text, new, "{file}");
                fs::write(&path, new).unwrap();
            }
            None => fs::remove_file(&path).unwrap(),
        }
    }
    copy
}

fn whole() -> TempDir {
    offices("", |_| None)
}

/// The same with a load balancer in the third VPC.
fn balanced() -> TempDir {
    let copy = whole();
    for entry in fs::read_dir(estate("joined-balancer")).unwrap() {
        let path = entry.unwrap().path();
        fs::copy(&path, copy.path().join(path.file_name().unwrap())).unwrap();
    }
    copy
}

fn ask_in(lang: &str, evidence: &Path, args: &[&str]) -> (i32, String, String) {
    let home = tempfile::tempdir().unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_xiezhi"))
        .args(["--lang", lang, "ask"])
        .args(args)
        .arg(evidence)
        .env_clear()
        .env("HOME", home.path())
        .output()
        .unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().expect("no signal"), text(output.stdout), text(output.stderr))
}

fn ask(evidence: &Path, args: &[&str]) -> (i32, String) {
    let (code, out, err) = ask_in("en", evidence, args);
    assert_eq!(err, "", "{args:?}");
    (code, out)
}

fn json(evidence: &Path, args: &[&str]) -> Value {
    let (_, out) = ask(evidence, &[args, &["--format", "json"]].concat());
    serde_json::from_str(&out).unwrap()
}

fn verdict(evidence: &Path, args: &[&str]) -> String {
    json(evidence, args)["verdict"].as_str().unwrap().to_owned()
}

const TUNNELS: &str = "vpc-DescribeVpnConnections-cn-hangzhou.json";

#[test]
fn an_office_reaches_what_the_group_and_the_route_back_let_it() {
    let estate = whole();
    let (code, out) = ask(estate.path(), &["reach", "i-a:3389", "--from", "head-office"]);
    assert_eq!(code, 0);
    let way = "    ○ vco-1
    │ vco-1  passes  (TR-3)
    │ vpn-1  passes  (RT-2)
    │ vsw-a  passes  (NACL-1)
    │ eni-a  passes  by sgr-office (SG-6)
    │ vsw-a  passes  (NACL-1)
    │ eni-a  passes  by rte-a-3 (RT-2)
    │ vpn-1  passes  by vpn-1 policy 1 (TR-3)
    ● i-a answers
";
    assert!(out.contains(way), "{out}");
    assert_eq!(verdict(estate.path(), &["reach", "i-a:22", "--from", "head-office"]), "no");
}

#[test]
fn premises_are_named_by_gateway_connection_server_router_attachment_address_and_all_together() {
    let estate = whole();
    let of = |from: &str, target: &str| verdict(estate.path(), &["reach", target, "--from", from]);
    for from in ["premises", "vpn-1", "office", "vco-1", "192.168.7.9", "192.168.7.0/24"] {
        assert_eq!(of(from, "i-a:3389"), "yes", "{from}");
    }
    assert_eq!(of("192.168.8.9", "i-a:3389"), "no");
    for from in ["premises", "vbr-1", "data-centre", "line", "10.8.0.5"] {
        assert_eq!(of(from, "i-c:22"), "yes", "{from}");
    }
    for from in ["vss-1", "home-workers", "10.250.0.7"] {
        assert_eq!(of(from, "i-a:22"), "yes", "{from}");
    }
    let (code, _, err) = ask_in("en", estate.path(), &["reach", "i-a", "--from", "nosuch"]);
    assert!(code == 2 && err.contains("`nosuch`"), "{err}");
}

#[test]
fn a_connection_that_is_down_carries_nothing_and_one_whose_state_nobody_saw_may() {
    let estate = whole();
    let answer = json(estate.path(), &["reach", "i-a:22", "--from", "branch"]);
    assert_eq!(answer["verdict"], "no");
    assert!(answer["parts"][0]["facts"].as_array().unwrap().iter().any(|fact| fact["value"] == "down"));
    let unseen = offices(TUNNELS, |text| Some(text.replace("\"Status\": \"ike_sa_not_established\",", "")));
    let (code, out) = ask(unseen.path(), &["reach", "i-a:22", "--from", "branch"]);
    assert_eq!(code, 3);
    assert!(out.contains("state of vco-2") && out.contains("vpc:DescribeVpnConnections"), "{out}");
}

#[test]
fn a_gateway_that_hands_the_reply_to_another_connection_or_to_none_keeps_an_office_out() {
    const POLICIES: &str = "vpc-DescribeVpnPbrRouteEntries-cn-hangzhou-vpn-1.json";
    const ROUTES: &str = "vpc-DescribeVpnRouteEntries-cn-hangzhou-vpn-1.json";
    let question = ["reach", "i-a:3389", "--from", "head-office"];
    let of = |file: &str, old: &str, new: &str| {
        verdict(offices(file, |text| Some(text.replace(old, new))).path(), &question)
    };
    assert_eq!(of(POLICIES, "\"NextHop\": \"vco-1\"", "\"NextHop\": \"vco-2\""), "no");
    assert_eq!(of(POLICIES, "192.168.0.0/16", "192.168.0.0/28"), "no");
    // Two policies that both match: which decides is not said.
    assert_eq!(of(POLICIES, "172.16.8.0/24", "192.168.7.0/24"), "undecided");
    for file in [POLICIES, ROUTES] {
        let without = offices(file, |_| None);
        let (code, out) = ask(without.path(), &question);
        // The policies alone decide on what they name.
        assert_eq!(code, if file == ROUTES { 0 } else { 3 }, "{file}: {out}");
    }
    let (_, out) = ask(offices(POLICIES, |_| None).path(), &question);
    assert!(out.contains("policy-based routes of vpn-1") && out.contains("vpc:DescribeVpnPbrRouteEntries"), "{out}");
}

#[test]
fn premises_reach_a_listener_and_by_it_a_server_that_admits_nobody_directly() {
    let estate = balanced();
    let of = |target: &str, from: &str| json(estate.path(), &["reach", target, "--from", from]);
    let listener = of("lb-c:80", "data-centre");
    assert_eq!(listener["verdict"], "yes", "{listener:#}");
    let way: Vec<&str> =
        listener["parts"][0]["hops"].as_array().unwrap().iter().map(|hop| hop["law"].as_str().unwrap()).collect();
    assert_eq!(way, ["TR-3", "TR-2", "RT-2", "CLB-2", "CLB-3"], "{listener:#}");
    assert_eq!(of("lb-c:443", "data-centre")["verdict"], "no");
    assert_eq!(of("i-c:8080", "data-centre")["verdict"], "yes");
    // The connection of the office is for the first VPC alone.
    assert_eq!(of("lb-c:80", "head-office")["verdict"], "no");
    let answer = json(estate.path(), &["exposed", "--from", "data-centre"]);
    let subjects: Vec<&str> =
        answer["parts"].as_array().unwrap().iter().map(|part| part["subject"].as_str().unwrap()).collect();
    assert!(subjects.contains(&"lb-c:80/http"), "{subjects:?}");
}

#[test]
fn leased_lines_that_nobody_listed_keep_a_no_about_premises_open() {
    let question = ["reach", "i-b:22", "--from", "premises"];
    assert_eq!(verdict(whole().path(), &question), "no");
    let without = offices("cbn-ListTransitRouterVbrAttachments-tr-1.json", |_| None);
    let (code, out) = ask(without.path(), &question);
    assert_eq!(code, 3);
    assert!(out.contains("VBR attachments of tr-1") && out.contains("cbn:ListTransitRouterVbrAttachments"), "{out}");
}

#[test]
fn a_leased_line_without_a_learned_route_reaches_nothing() {
    let entries = "cbn-ListTransitRouterRouteEntries-vtb-tr.json";
    let elsewhere = offices(entries, |text| Some(text.replace("10.8.0.0/16", "10.9.0.0/16")));
    assert_eq!(verdict(elsewhere.path(), &["reach", "i-c:22", "--from", "vbr-1"]), "no");
    let without = offices(entries, |_| None);
    assert_eq!(verdict(without.path(), &["reach", "i-c:22", "--from", "vbr-1"]), "undecided");
}

#[test]
fn an_address_of_a_vswitch_is_the_estates_own_and_one_of_nowhere_may_be_behind_what_nobody_listed() {
    let estate = whole();
    let inside = json(estate.path(), &["reach", "i-b:22", "--from", "10.1.1.10"]);
    let starts: Vec<&str> =
        inside["parts"].as_array().unwrap().iter().map(|part| part["facts"][0]["value"].as_str().unwrap()).collect();
    assert_eq!((inside["verdict"].as_str(), starts), (Some("yes"), vec!["10.1.1.10"]));
    for from in ["10.99.0.1", "vpn-1"] {
        assert_eq!(verdict(estate.path(), &["reach", "i-b:22", "--from", from]), "no", "{from}");
    }
    let without = offices(TUNNELS, |_| None);
    assert_eq!(verdict(without.path(), &["reach", "i-b:22", "--from", "vpn-1"]), "undecided");
    assert_eq!(verdict(without.path(), &["reach", "i-b:22", "--from", "10.99.0.1"]), "undecided");
}

#[test]
fn an_instance_reaches_an_address_behind_a_connection_when_routes_lead_there_and_back() {
    let estate = whole();
    let of = |from: &str, target: &str| verdict(estate.path(), &["reach", target, "--from", from]);
    assert_eq!(of("i-a", "192.168.7.9:443"), "yes");
    assert_eq!(of("i-a", "172.16.8.9:443"), "no");
    assert_eq!(of("i-c", "10.8.0.5"), "yes");
    assert_eq!(of("i-b", "10.8.0.5"), "no");
    assert_eq!(of("i-a", "head-office"), "yes");
}

#[test]
fn what_premises_reach_is_listed_in_both_languages() {
    let estate = whole();
    let answer = json(estate.path(), &["exposed", "--from", "premises"]);
    let ways: Vec<(&str, &str)> = answer["parts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|part| (part["subject"].as_str().unwrap(), part["facts"][0]["value"].as_str().unwrap()))
        .collect();
    assert_eq!(ways, [("i-a", "vco-1"), ("i-a", "vss-1"), ("i-c", "vbr-1")]);
    assert_eq!(answer["question"]["from"], "premises");
    let (code, out) = ask(estate.path(), &["exposed", "--from", "premises", "--port", "3389"]);
    assert!(code == 0 && out.starts_with("Ways in from premises that are proven: 1; that stay open: 0.\n"), "{out}");
    let (code, out, _) = ask_in("zh", estate.path(), &["exposed", "--from", "premises"]);
    assert!(code == 0 && out.starts_with("来自 外部网络（VPN、专线之后） 的入口：已证实 3 处"), "{out}");
}

#[test]
fn stores_are_reached_from_premises_that_their_white_lists_name() {
    let estate = estate("office-stores");
    let of = |target: &str, from: &str| json(&estate, &["reach", target, "--from", from]);
    // Nothing in code says that a connection stands: what it would carry may pass and is never claimed.
    let cluster = of("alicloud_polardb_cluster.orders:3306", "hq");
    assert_eq!(cluster["verdict"], "undecided");
    let part = &cluster["parts"][0];
    assert!(part["facts"].as_array().unwrap().iter().any(|fact| fact["value"] == "192.168.7.0/24"), "{part}");
    let open: Vec<&str> =
        part["because"].as_array().unwrap().iter().map(|open| open["what"].as_str().unwrap()).collect();
    assert!(open.contains(&"state of alicloud_vpn_connection.hq"), "{open:?}");
    // A list without the office's range refuses it whatever else is open.
    assert_eq!(of("alicloud_mongodb_instance.carts", "premises")["verdict"], "no");
    // The pool of home workers is on no list but may be on the one of Kafka, which code does not show whole.
    assert_eq!(of("alicloud_polardb_cluster.orders", "home")["verdict"], "no");
    assert_eq!(of("alicloud_alikafka_instance.events", "home")["verdict"], "undecided");
}

#[test]
fn a_leased_line_in_code_has_the_routes_that_code_learns_or_leaves_them_open() {
    let estate = estate("leased-line");
    let question = ["reach", "app1:22", "--from", "data-centre"];
    let answer = json(&estate, &question);
    assert_eq!(answer["verdict"], "undecided", "{answer}");
    let open = answer["parts"][0]["because"].to_string();
    assert!(open.contains("transit router routes of alicloud_cen_transit_router_route_table.hub"), "{open}");
    // With a route of its own to the line, and nothing learned from it, the table is known.
    let text = fs::read_to_string(estate.join("main.tf")).unwrap();
    let stated = text.replace(
        "# the line's own routes: learned",
        "resource \"alicloud_cen_transit_router_route_entry\" \"line\" {
  transit_router_route_table_id                     = alicloud_cen_transit_router_route_table.hub.transit_router_route_table_id
  transit_router_route_entry_destination_cidr_block = \"10.8.0.0/16\"
  transit_router_route_entry_next_hop_type          = \"Attachment\"
  transit_router_route_entry_next_hop_id            = alicloud_cen_transit_router_vbr_attachment.line.transit_router_attachment_id
}",
    );
    let (from, to) =
        ("attachment.line.transit_router_attachment_id # learned", "attachment.shop.transit_router_attachment_id");
    assert!(stated != text && stated.contains(from));
    let copy = tempfile::tempdir().unwrap();
    fs::write(copy.path().join("main.tf"), stated.replace(&format!("vbr_{from}"), &format!("vpc_{to}"))).unwrap();
    let answer = json(copy.path(), &question);
    let open = answer["parts"][0]["because"].to_string();
    // Whether the line is up code cannot say; every route is known.
    assert!(answer["verdict"] == "undecided" && !open.contains("routes of"), "{answer}");
    let elsewhere = fs::read_to_string(copy.path().join("main.tf"))
        .unwrap()
        .replace("\"10.8.0.0/16\"\n  transit", "\"10.9.0.0/16\"\n  transit");
    fs::write(copy.path().join("main.tf"), elsewhere).unwrap();
    assert_eq!(verdict(copy.path(), &question), "no");
}
