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
