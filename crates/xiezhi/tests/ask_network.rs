//! `xiezhi ask reach|exposed|close|changed|waf|encrypted|audited` over the bundled estate, as a user runs it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Exit code, standard output and standard error of `xiezhi --lang <lang> ask …`.
fn ask_in(lang: &str, args: &[&str]) -> (i32, String, String) {
    let home = tempfile::tempdir().unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_xiezhi"))
        .args(["--lang", lang, "ask"])
        .args(args)
        .env_clear()
        .env("HOME", home.path())
        .current_dir(root())
        .output()
        .unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().expect("no signal"), text(output.stdout), text(output.stderr))
}

fn ask(args: &[&str]) -> (i32, String) {
    let (code, out, err) = ask_in("en", args);
    assert_eq!(err, "", "{args:?}");
    (code, out)
}

fn json(args: &[&str]) -> Value {
    let (_, out) = ask(&[args, &["--format", "json"]].concat());
    serde_json::from_str(&out).unwrap()
}

const API: &str = "examples/lanhai/api";
const TERRAFORM: &str = "examples/lanhai/terraform";

/// A copy of the estate's answers with one file changed.
fn changed(file: &str, change: impl Fn(String) -> Option<String>) -> tempfile::TempDir {
    let copy = tempfile::tempdir().unwrap();
    for entry in fs::read_dir(root().join(API)).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        let text = fs::read_to_string(entry.path()).unwrap();
        let text = if name == file { change(text) } else { Some(text) };
        if let Some(text) = text {
            fs::write(copy.path().join(name), text).unwrap();
        }
    }
    copy
}

#[test]
fn reach_draws_the_way_of_the_witness_with_the_deciding_rule() {
    let (code, out) = ask(&["reach", "bastion:22", API]);
    assert_eq!(code, 0);
    let way = "    ○ internet
    │ eip-hz0bastion  passes  (CFW-1)
    │ vpc-hz0lanhai   passes  (PUB-1)
    │ vsw-hz0public   passes  (NACL-1)
    │ eni-hz0bastion  passes  by sgr-22-22-42 (SG-6)
    │ vsw-hz0public   passes  (NACL-1)
    ● i-hz0bastion answers
";
    assert!(out.starts_with("Yes: the internet reaches port 22 of bastion.\n"), "{out}");
    assert!(out.contains("witness: tcp 1.0.0.0:40000 > 203.0.113.15:22\n"), "{out}");
    assert!(out.contains(way), "{out}");
}

#[test]
fn reach_names_the_same_target_by_id_name_and_address() {
    for target in ["i-hz0bastion:22", "bastion:22", "203.0.113.15:22"] {
        let answer = json(&["reach", target, API]);
        assert_eq!(answer["verdict"], "yes", "{target}");
        assert_eq!(answer["parts"][0]["packet"], "tcp 1.0.0.0:40000 > 203.0.113.15:22", "{target}");
    }
}

#[test]
fn what_no_packet_reaches_is_a_no_and_shows_where_packets_stop() {
    let (code, out) = ask(&["reach", "i-hz0app1", API]);
    assert_eq!((code, out.lines().next()), (0, Some("No: the internet does not reach i-hz0app1.")));
    let (code, out) = ask(&["reach", "bastion:443", API]);
    assert_eq!(code, 0);
    assert!(out.starts_with("No: the internet does not reach port 443 of bastion.\n"), "{out}");
    assert!(out.contains("✕ eni-hz0bastion") && out.contains("stops here"), "{out}");
}

#[test]
fn without_the_rules_of_the_group_nobody_can_tell() {
    let without = changed("ecs-DescribeSecurityGroupAttribute-cn-hangzhou-sg-hz0bastion.json", |_| None);
    let (code, out, _) = ask_in("en", &["reach", "bastion:22", without.path().to_str().unwrap()]);
    assert_eq!(code, 3);
    assert!(out.starts_with("Cannot tell whether the internet reaches port 22 of bastion.\n"), "{out}");
}

#[test]
fn what_is_not_in_the_evidence_cannot_be_asked() {
    let (code, out, err) = ask_in("en", &["reach", "nosuch", API]);
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(err.contains("`nosuch`"), "{err}");
}

#[test]
fn exposed_lists_every_way_in_and_management_ports_first() {
    let answer = json(&["exposed", API]);
    let parts = answer["parts"].as_array().unwrap();
    let first: Vec<&str> = parts.iter().take(2).map(|part| part["packet"].as_str().unwrap()).collect();
    assert!(first.iter().all(|packet| packet.ends_with(":22") || packet.ends_with(":3389")), "{first:?}");
    let only = json(&["exposed", API, "--port", "3389"]);
    let of = |verdict: &str| -> Vec<&str> {
        let parts = only["parts"].as_array().unwrap().iter().filter(|part| part["verdict"] == verdict);
        parts.map(|part| part["subject"].as_str().unwrap()).collect()
    };
    // Neither whether the cache has a public endpoint nor its port is in evidence.
    assert_eq!((of("yes"), of("undecided")), (vec!["i-sgp0app1"], vec!["r-hz0cache"]));
    // A managed database whose public endpoint admits everyone; other kinds of services were not listed.
    let databases = json(&["exposed", API, "--port", "3306"]);
    let sure = databases["parts"].as_array().unwrap().iter().filter(|part| part["verdict"] == "yes");
    assert_eq!(sure.map(|part| part["subject"].as_str().unwrap()).collect::<Vec<_>>(), ["rm-hz0orders"]);
    assert!(!databases["unseen"].as_array().unwrap().is_empty());
}

#[test]
fn the_port_of_a_database_is_that_of_its_connection() {
    let file = "rds-DescribeDBInstanceNetInfo-cn-hangzhou-rm-hz0orders.json";
    let moved = changed(file, |text| Some(text.replace("\"3306\"", "\"3307\"")));
    let on = |target: &str| json(&["reach", target, moved.path().to_str().unwrap()])["verdict"].clone();
    assert_eq!((on("rm-hz0orders:3307"), on("rm-hz0orders:3306")), ("yes".into(), "no".into()));
}

#[test]
fn terraform_of_the_same_estate_gives_the_same_ways_in() {
    let ways = |evidence: &str| -> Vec<(String, String)> {
        let answer = json(&["exposed", evidence]);
        let fact = |part: &Value, name: &str| {
            let facts = part["facts"].as_array().unwrap();
            facts.iter().find(|fact| fact["name"] == name).unwrap()["value"].as_str().unwrap().to_owned()
        };
        let mut all: Vec<(String, String)> = answer["parts"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|part| !fact(part, "through").starts_with("endpoint "))
            .map(|part| {
                (
                    fact(part, "ports"),
                    part["hops"].as_array().unwrap().last().unwrap()["law"].as_str().unwrap().to_owned(),
                )
            })
            .collect();
        all.sort();
        all
    };
    assert_eq!(ways(API), ways(TERRAFORM));
}

/// Addresses that Terraform does not know before it applies are stood for by numbers of our own, which nobody may read.
#[test]
fn no_edit_or_witness_names_an_address_that_stands_for_an_unassigned_one() {
    for target in ["alicloud_instance.bastion", "alicloud_instance.singapore_app"] {
        let (code, text) = ask(&["close", target, TERRAFORM]);
        assert_eq!(code, 0, "{text}");
        assert!(text.contains("(not yet assigned)") && !text.contains(" 240."), "{text}");
    }
}

#[test]
fn close_gives_the_rule_to_narrow_and_keeps_the_office() {
    let answer = json(&["close", "bastion:22", API, "--keep", "198.51.100.0/24"]);
    assert_eq!(answer["verdict"], "yes");
    let edits: Vec<&str> = answer["parts"][0]["facts"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|fact| fact["name"] == "edit")
        .map(|fact| fact["value"].as_str().unwrap())
        .collect();
    let narrowed = "ModifySecurityGroupRule SecurityGroupId=sg-hz0bastion SecurityGroupRuleId=sgr-22-22-42: \
                    SourceCidrIp=198.51.100.0/24";
    assert_eq!(edits, [narrowed]);
    let (_, out) = ask(&["close", "i-hz0app1", API]);
    assert!(out.starts_with("Nothing to close: "), "{out}");
}

#[test]
fn an_edit_of_code_names_the_rule_by_what_it_says_and_where_it_is_declared() {
    let (code, text) = ask(&["close", "alicloud_instance.singapore_app", TERRAFORM]);
    assert_eq!(code, 0, "{text}");
    let edit = "RevokeSecurityGroup SecurityGroupId=alicloud_security_group.singapore_app IpProtocol=TCP \
                PortRange=3389/3389 SourceCidrIp=0.0.0.0/0 Policy=accept Priority=1";
    let after = text.split(edit).nth(1).unwrap_or_else(|| panic!("{text}"));
    let place = after.lines().nth(1).unwrap();
    assert!(place.trim().starts_with("declared at: ") && place.contains(".tf:"), "{place}");
}

#[test]
fn changed_names_the_port_that_opened_and_the_group_that_did_it() {
    let file = "ecs-DescribeSecurityGroupAttribute-cn-hangzhou-sg-hz0bastion.json";
    let later = changed(file, |text| Some(text.replace("22/22", "22/23")));
    let answer = json(&["changed", API, later.path().to_str().unwrap()]);
    assert_eq!(answer["verdict"], "yes");
    let part = &answer["parts"][0];
    assert_eq!(part["packet"], "tcp 1.0.0.0:40000 > 203.0.113.15:23");
    let facts = part["facts"].to_string();
    assert!(facts.contains("tcp/23 from internet") && facts.contains("sg-hz0bastion"), "{facts}");
    // Some kinds of services were listed in neither: no proof that nothing changed.
    let (code, out) = ask(&["changed", API, API]);
    assert_eq!(code, 3);
    assert!(out.starts_with("Cannot tell whether what the internet reaches changed"), "{out}");
}

#[test]
fn waf_shows_the_origin_that_answers_directly() {
    let (code, out) = ask(&["waf", API]);
    assert_eq!(code, 0);
    assert!(out.contains("way around: 2: the origin's listener has no access control, or an empty list"), "{out}");
    assert!(out.contains("witness: tcp 1.0.0.0:40000 > 203.0.113.40:443"), "{out}");
}

#[test]
fn encrypted_grades_every_store_and_audited_names_regions_and_classes() {
    let stores = json(&["encrypted", API]);
    assert_eq!(stores["verdict"], "no");
    let of = |name: &str| {
        let parts = stores["parts"].as_array().unwrap();
        parts.iter().find(|part| part["subject"] == name).unwrap_or_else(|| panic!("{name}"))["verdict"].clone()
    };
    assert_eq!(
        (of("oss.bucket lanhai-sgp-analytics"), of("oss.bucket lanhai-customer-data")),
        ("no".into(), "yes".into())
    );
    let (code, out) = ask(&["audited", API]);
    assert_eq!(code, 0);
    assert!(out.lines().next().unwrap().ends_with("kept too short: 5."), "{out}");
    for gap in ["ap-southeast-1: reads", "ap-southeast-1: writes", "cn-hangzhou: reads"] {
        assert!(out.contains(&format!("not kept: {gap}\n")), "{out}");
    }
    assert!(!out.contains("not kept: cn-hangzhou: writes"), "{out}");
    assert!(out.contains("log: SQL audit\n  on for: 1\n  off for: rm-hz0orders\n"), "{out}");
    assert!(
        out.contains("to settle it: sas:DescribeNoticeConfig, sas:DescribeStrategy, sas:DescribeSuspEvents, sas:DescribeVulConfig\n"),
        "{out}"
    );
}

#[test]
fn answers_are_in_chinese_when_asked() {
    let (code, out, _) = ask_in("zh", &["reach", "bastion:22", API]);
    assert_eq!(code, 0);
    assert!(out.starts_with("是：互联网可到达 bastion 的 22 端口。\n"), "{out}");
    assert!(out.contains("依据 sgr-22-22-42（SG-6）") && out.contains("来源：整个互联网"), "{out}");
}

#[test]
fn an_error_begins_in_the_language_of_the_run() {
    for (lang, start) in [("en", "error: "), ("zh", "错误：")] {
        let (code, out, notes) = ask_in(lang, &["reach", "nobody:22", API]);
        assert_eq!((code, out.as_str()), (2, ""), "{notes}");
        assert!(notes.starts_with(start), "{notes}");
    }
    let (_, _, notes) = ask_in("zh", &["can", "nobody", "oss:GetObject", API, "--session", "no-such-file"]);
    assert!(notes.starts_with("错误：无法读取策略 `no-such-file`："), "{notes}");
}

/// A default route that the system adds is open in code that leaves it out: neither that it stands nor that it does not.
#[test]
fn a_route_of_the_system_that_nobody_declares_leaves_the_way_open() {
    for (estate, target, vpc) in [
        ("ipv6-without-route", "alicloud_instance.i", "alicloud_vpc.v"),
        ("nat-without-route", "alicloud_instance.one", "alicloud_vpc.v"),
    ] {
        let (code, text) = ask(&["reach", target, &format!("crates/xiezhi/tests/estates/{estate}")]);
        assert_eq!(code, 3, "{text}");
        assert!(text.starts_with(&format!("Cannot tell whether the internet reaches {target}")), "{text}");
        assert!(text.contains(&format!("routes of {vpc}")), "{text}");
    }
}
