//! `xiezhi ask reach --from` and `xiezhi ask separated` over estates kept as files, as a user runs them.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

fn estate(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/estates").join(name)
}

/// Exit code, standard output and standard error of `xiezhi --lang <lang> ask <args> <evidence>`.
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

fn fact<'a>(part: &'a Value, name: &str) -> Option<&'a str> {
    part["facts"].as_array().unwrap().iter().find(|fact| fact["name"] == name)?["value"].as_str()
}

/// The three tiers with one text of the configuration replaced.
fn tiers_with(old: &str, new: &str) -> tempfile::TempDir {
    let text = fs::read_to_string(estate("tiers").join("main.tf")).unwrap();
    assert!(text.contains(old), "{old}");
    let copy = tempfile::tempdir().unwrap();
    fs::write(copy.path().join("main.tf"), text.replace(old, new)).unwrap();
    copy
}

#[test]
fn a_tier_reaches_the_next_one_with_the_deciding_rule_at_every_hop() {
    let (code, out) = ask(&estate("tiers"), &["reach", "db1:3306", "--from", "app-group"]);
    assert_eq!(code, 0);
    assert!(out.starts_with("Yes: packets from app-group reach port 3306 of db1 inside the network.\n"), "{out}");
    let way = "    ○ app-group
    │ alicloud_instance.app/primary   passes  (2.3)
    │ alicloud_vswitch.app            passes  (NACL-1)
    │ alicloud_instance.app/primary   passes  (RT-2)
    │ alicloud_network_acl.data       passes  by alicloud_network_acl.data ingress entries 1 (NACL-5)
    │ alicloud_instance.data/primary  passes  by alicloud_security_group.data rule 1 (SG-6)
    │ alicloud_network_acl.data       passes  by alicloud_network_acl.data egress entries 1 (NACL-5)
    │ alicloud_instance.data/primary  passes  (RT-2)
    │ alicloud_vswitch.app            passes  (NACL-1)
    ● alicloud_instance.data answers
";
    assert!(out.contains(way), "{out}");
    assert!(out.contains("witness: tcp 10.0.2.10:40000 > 10.0.3.10:3306\n"), "{out}");
}

#[test]
fn a_name_longer_than_the_column_leaves_the_words_of_the_others_in_line() {
    let text = fs::read_to_string(estate("tiers").join("main.tf")).unwrap();
    let long = "data_of_the_shop_and_of_the_warehouse";
    let text = text.replace(" \"data\" {", &format!(" \"{long}\" {{")).replace(".data.", &format!(".{long}."));
    let copy = tempfile::tempdir().unwrap();
    fs::write(copy.path().join("main.tf"), text).unwrap();
    let (_, out) = ask(copy.path(), &["reach", "db1:3306", "--from", "app-group"]);
    let columns: std::collections::BTreeSet<usize> =
        out.lines().filter_map(|line| Some(line[..line.find("passes")?].chars().count())).collect();
    assert!(
        columns.len() == 1 && out.contains("alicloud_network_acl.data_of_the_shop_and_of_the_warehouse\n"),
        "{out}"
    );
}

#[test]
fn the_same_part_is_named_by_instance_group_vswitch_vpc_address_and_range() {
    for from in ["app1", "alicloud_instance.app", "app-group", "app-subnet", "shop", "10.0.2.10", "10.0.2.0/24"] {
        for to in ["db1:3306", "data-group:3306", "data-subnet:3306", "10.0.3.10:3306", "10.0.3.0/24:3306"] {
            let answer = json(&estate("tiers"), &["reach", to, "--from", from]);
            assert_eq!(answer["verdict"], "yes", "{from} {to}");
            assert_eq!(answer["parts"][0]["packet"], "tcp 10.0.2.10:40000 > 10.0.3.10:3306", "{from} {to}");
        }
    }
}

#[test]
fn a_no_shows_the_network_acl_at_which_packets_stop() {
    let (code, out) = ask(&estate("tiers"), &["reach", "db1:22", "--from", "app1"]);
    assert_eq!(code, 0);
    assert!(out.starts_with("No: no packet from app1 reaches port 22 of db1 inside the network.\n"), "{out}");
    assert!(out.contains("✕ alicloud_network_acl.data") && out.contains("stops here  (NACL-6)"), "{out}");
    let open = tiers_with("3306/3306\"\n    source_cidr_ip", "22/3306\"\n    source_cidr_ip");
    assert_eq!(verdict(open.path(), &["reach", "db1:22", "--from", "app1"]), "yes");
}

#[test]
fn each_start_has_a_part_of_its_own_with_all_of_its_ports() {
    let answer = json(&estate("tiers"), &["reach", "data-subnet", "--from", "web-subnet", "--from", "app-subnet"]);
    let parts = answer["parts"].as_array().unwrap();
    let shown: Vec<_> = parts.iter().map(|part| (fact(part, "from").unwrap(), &part["verdict"])).collect();
    assert_eq!(shown, [("web-subnet", &Value::from("no")), ("app-subnet", &Value::from("yes"))]);
    assert_eq!((fact(&parts[0], "ports"), fact(&parts[1], "ports")), (None, Some("tcp/3306")));
    assert_eq!(answer["question"]["kind"], "reach_from");
}

#[test]
fn vpcs_that_nothing_joins_do_not_reach_each_other() {
    let (code, out) = ask(&estate("tiers"), &["reach", "lab1", "--from", "shop"]);
    assert_eq!(code, 0);
    assert!(out.contains("stops here  (RT-2)"), "{out}");
}

#[test]
fn a_group_whose_rules_nobody_saw_leaves_the_question_open() {
    let other = tiers_with("[alicloud_security_group.data.id]", "[\"sg-elsewhere\"]");
    let (code, out) = ask(other.path(), &["reach", "db1:3306", "--from", "app1"]);
    assert_eq!(code, 3, "{out}");
    assert!(out.contains("sg-elsewhere"), "{out}");
}

#[test]
fn a_load_balancer_before_the_target_is_followed_before_it_has_an_address() {
    let balancer = tiers_with(
        "resource \"alicloud_eip_address\" \"web\" {}",
        r#"resource "alicloud_eip_address" "web" {}
resource "alicloud_slb_load_balancer" "inner" {
  address_type = "intranet"
  vswitch_id   = alicloud_vswitch.app.id
}
resource "alicloud_slb_backend_server" "inner" {
  load_balancer_id = alicloud_slb_load_balancer.inner.id
  backend_servers {
    server_id = alicloud_instance.data.id
    weight    = 100
  }
}
resource "alicloud_slb_listener" "inner" {
  load_balancer_id = alicloud_slb_load_balancer.inner.id
  frontend_port    = 22
  backend_port     = 3306
  protocol         = "tcp"
}"#,
    );
    // At layer 4 the server's network ACL sees the client, whom it admits from one tier only.
    let of = |from: &str, port: u16| {
        json(balancer.path(), &["reach", &format!("db1:{port}"), "--from", from])["verdict"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    assert_eq!((of("app1", 22), of("web1", 22), of("app1", 23)), ("yes".into(), "no".into(), "no".into()));
}

#[test]
fn what_is_not_in_the_evidence_or_ambiguous_cannot_be_asked() {
    let (code, _, err) = ask_in("en", &estate("tiers"), &["reach", "db1", "--from", "nosuch"]);
    assert!(code == 2 && err.contains("`nosuch`"), "{err}");
    let twice = tiers_with("vpc_name   = \"lab\"", "vpc_name   = \"web-group\"");
    let (code, _, err) = ask_in("en", twice.path(), &["reach", "db1", "--from", "web-group"]);
    assert!(code == 2 && err.contains("name of 2 security groups, vSwitches or VPCs"), "{err}");
}

#[test]
fn answers_are_in_chinese_when_asked() {
    let (code, out, _) = ask_in("zh", &estate("tiers"), &["reach", "db1:3306", "--from", "app1"]);
    assert_eq!(code, 0);
    assert!(out.starts_with("是：来自 app1 的数据包可在内网到达 db1 的 3306 端口。\n"), "{out}");
    let (_, out, _) = ask_in("zh", &estate("tiers"), &["separated"]);
    assert!(out.contains("层级：公网") && out.contains("层级：内部（既无公网地址，也无通往互联网的路由）"), "{out}");
}

#[test]
fn the_plan_shows_the_tier_of_every_vswitch_and_what_stands_in_it() {
    let answer = json(&estate("tiers"), &["separated"]);
    let tier = |name: &str| {
        let parts = answer["parts"].as_array().unwrap();
        let part = parts.iter().find(|part| part["subject"] == format!("alicloud_vswitch.{name}")).unwrap();
        (fact(part, "tier").unwrap().to_owned(), part["verdict"].as_str().unwrap().to_owned())
    };
    assert_eq!(tier("web"), ("public".into(), "yes".into()));
    assert_eq!(tier("data"), ("intra".into(), "yes".into()));
}

#[test]
fn what_leaves_open_whether_a_vswitch_is_kept_apart_is_named() {
    let old = "resource \"alicloud_eip_address\" \"web\" {}";
    let store = "variable \"somewhere\" { type = string }\nresource \"alicloud_db_instance\" \"orders\" {\n  \
                 engine = \"MySQL\"\n  vswitch_id = var.somewhere\n}";
    let copy = tiers_with(old, &format!("{old}\n{store}"));
    let answer = json(copy.path(), &["separated"]);
    let parts = answer["parts"].as_array().unwrap();
    let web = parts.iter().find(|part| part["subject"] == "alicloud_vswitch.web").unwrap();
    assert_eq!(web["verdict"], "undecided");
    assert_eq!(web["because"][0]["what"], "alicloud_db_instance.orders", "{web}");
}

#[test]
fn a_database_or_a_private_server_in_a_public_vswitch_is_not_kept_apart() {
    let mixed = |old: &str, new: &str| {
        let copy = tiers_with(old, new);
        let (_, out) = ask(copy.path(), &["separated"]);
        (verdict(copy.path(), &["separated"]), out)
    };
    let (verdict, out) =
        mixed("vswitch_id      = alicloud_vswitch.app.id", "vswitch_id      = alicloud_vswitch.web.id");
    assert_eq!(verdict, "no");
    assert!(out.contains("without a public address: alicloud_instance.app/primary"), "{out}");
    let (verdict, out) = mixed(
        "resource \"alicloud_eip_address\" \"web\" {}",
        r#"resource "alicloud_eip_address" "web" {}
resource "alicloud_db_instance" "orders" {
  engine         = "MySQL"
  engine_version = "8.0"
  instance_type  = "mysql.n2.medium.1"
  vswitch_id     = alicloud_vswitch.web.id
}"#,
    );
    assert_eq!(verdict, "no");
    assert!(out.contains("data stores: alicloud_db_instance.orders"), "{out}");
}

/// The joined VPCs, with a database in the second, and one answer changed, or left out.
fn joined_with(file: &str, change: impl Fn(String) -> Option<String>) -> tempfile::TempDir {
    let copy = tempfile::tempdir().unwrap();
    let mut seen = false;
    let parts = ["joined", "joined-store"].into_iter().flat_map(|part| fs::read_dir(estate(part)).unwrap());
    for entry in parts {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        let text = fs::read_to_string(entry.path()).unwrap();
        let text = if name == file {
            seen = true;
            change(text)
        } else {
            Some(text)
        };
        if let Some(text) = text {
            fs::write(copy.path().join(name), text).unwrap();
        }
    }
    assert!(seen, "{file}");
    copy
}

fn with(file: &str, old: &str, new: &str) -> tempfile::TempDir {
    joined_with(file, |text| {
        assert!(text.contains(old), "{old}");
        Some(text.replacen(old, new, 1))
    })
}

/// Such VPCs with a load balancer in the third.
fn balanced(joined: tempfile::TempDir) -> tempfile::TempDir {
    for entry in fs::read_dir(estate("joined-balancer")).unwrap() {
        let path = entry.unwrap().path();
        fs::copy(&path, joined.path().join(path.file_name().unwrap())).unwrap();
    }
    joined
}

const PEERING: &str = "vpcpeer-ListVpcPeerConnections-cn-hangzhou.json";
const ROUTES: &str = "cbn-ListTransitRouterRouteEntries-vtb-tr.json";

#[test]
fn an_active_peering_with_routes_on_both_sides_joins_two_vpcs() {
    let question = ["reach", "host-b:22", "--from", "host-a"];
    let (code, out) = ask(&estate("joined"), &question);
    assert_eq!(code, 0);
    assert!(out.starts_with("Yes: packets from host-a reach port 22 of host-b inside the network.\n"), "{out}");
    assert!(out.contains("passes  by rte-a-1 (RT-2)") && out.contains("passes  by rte-b-1 (RT-2)"), "{out}");
    assert_eq!(verdict(with(PEERING, "Activated", "Accepting").path(), &question), "no");
    assert_eq!(verdict(joined_with(PEERING, |_| None).path(), &question), "undecided");
    let one_way = with("vpc-DescribeRouteEntryList-cn-hangzhou-vtb-b.json", "10.1.0.0/16", "10.9.0.0/16");
    assert_eq!(verdict(one_way.path(), &question), "no");
}

#[test]
fn a_load_balancer_is_reached_from_a_joined_vpc_where_routes_lead_there_and_back() {
    let whole = balanced(joined_with(PEERING, Some));
    for (target, from, expected) in [
        ("lb-c:80", "host-a", "yes"),
        ("inner:443", "host-a", "no"),
        ("i-c:8080", "host-a", "yes"),
        ("lb-c:80", "host-b", "no"),
    ] {
        assert_eq!(verdict(whole.path(), &["reach", target, "--from", from]), expected, "{target} {from}");
    }
    // Without a route back the balancer may still answer: no document says how it does.
    let one_way = balanced(with("vpc-DescribeRouteEntryList-cn-hangzhou-vtb-c.json", "10.1.0.0/16", "10.9.0.0/16"));
    let (code, out) = ask(one_way.path(), &["reach", "lb-c:80", "--from", "host-a"]);
    assert!(code == 3 && out.contains("the way back from lb-c"), "{out}");
}

#[test]
fn peering_does_not_carry_packets_on_to_a_third_network() {
    let (code, out) = ask(&estate("joined"), &["reach", "net-c", "--from", "net-b"]);
    assert_eq!(code, 0);
    assert!(out.contains("stops here  (RT-2)"), "{out}");
}

#[test]
fn a_database_is_reached_from_a_joined_vpc_whose_range_its_white_list_names() {
    let whole = joined_with(PEERING, Some);
    let question = ["reach", "rm-b:3306", "--from", "host-a"];
    let (code, out) = ask(whole.path(), &question);
    assert_eq!(code, 0);
    assert!(out.starts_with("Yes: packets from host-a reach port 3306 of rm-b inside the network.\n"), "{out}");
    assert!(out.contains("passes  by rte-a-1 (RT-2)") && out.contains("passes  by rte-b-1 (RT-2)"), "{out}");
    assert_eq!(verdict(whole.path(), &["reach", "orders:3306", "--from", "host-a"]), "yes");
    // The list refuses the rest, and no route leads on from the third network.
    assert_eq!(verdict(whole.path(), &["reach", "rm-b:22", "--from", "host-a"]), "no");
    assert_eq!(verdict(whole.path(), &["reach", "rm-b", "--from", "net-c"]), "no");
    let list = with("rds-DescribeDBInstanceIPArrayList-cn-hangzhou-rm-b.json", "10.1.1.0/24", "10.2.0.0/16");
    assert_eq!(verdict(list.path(), &question), "no");
    assert_eq!(verdict(with(PEERING, "Activated", "Deleted").path(), &question), "no");
    let one_way = with("vpc-DescribeRouteEntryList-cn-hangzhou-vtb-b.json", "10.1.0.0/16", "10.9.0.0/16");
    assert_eq!(verdict(one_way.path(), &question), "no");
    // Without a list, the routes of either side, or the state of the connection, nothing is claimed.
    for file in [
        "rds-DescribeDBInstanceIPArrayList-cn-hangzhou-rm-b.json",
        "vpc-DescribeRouteEntryList-cn-hangzhou-vtb-a.json",
        "vpc-DescribeRouteEntryList-cn-hangzhou-vtb-b.json",
        PEERING,
    ] {
        assert_eq!(verdict(joined_with(file, |_| None).path(), &question), "undecided", "{file}");
    }
}

#[test]
fn a_transit_router_forwards_by_the_active_entries_of_the_associated_table() {
    let question = ["reach", "subnet-c:22", "--from", "subnet-a"];
    assert_eq!(verdict(&estate("joined"), &question), "yes");
    assert_eq!(verdict(with(ROUTES, "Active", "Rejected").path(), &question), "no");
    assert_eq!(
        verdict(
            with(
                ROUTES,
                "\"TransitRouterRouteEntryNextHopType\": \"Attachment\"",
                "\"TransitRouterRouteEntryNextHopType\": \"BlackHole\""
            )
            .path(),
            &question
        ),
        "no"
    );
    assert_eq!(verdict(joined_with(ROUTES, |_| None).path(), &question), "undecided");
    let associations = "cbn-ListTransitRouterRouteTableAssociations-vtb-tr.json";
    assert_eq!(verdict(joined_with(associations, |_| None).path(), &question), "undecided");
}

#[test]
fn a_firewall_between_vpcs_that_nobody_read_leaves_joined_vpcs_open() {
    let on = with("cloudfw-DescribeUserBuyVersion.json", "\"UserStatus\": false", "\"UserStatus\": true");
    let (code, out) = ask(on.path(), &["reach", "host-b:22", "--from", "host-a"]);
    assert_eq!(code, 3, "{out}");
    assert!(out.contains("firewalls between VPCs"), "{out}");
}

#[test]
fn a_route_into_a_tunnel_or_a_leased_line_may_lead_back_into_the_estate() {
    let through = |kind: &str| {
        with(
            "vpc-DescribeRouteEntryList-cn-hangzhou-vtb-a.json",
            "\"NextHopType\": \"VpcPeer\"",
            &format!("\"NextHopType\": \"{kind}\""),
        )
    };
    let question = ["reach", "host-b:22", "--from", "host-a"];
    assert_eq!(verdict(through("VpnGateway").path(), &question), "undecided");
    assert_eq!(verdict(through("RouterInterface").path(), &question), "undecided");
}

#[test]
fn joined_vpcs_that_overlap_are_named_and_unjoined_ones_are_no_fault() {
    let overlap = |joins: &str| {
        let estate = with("vpc-DescribeVpcs-cn-hangzhou.json", joins, "10.1.0.0/16");
        let answer = json(estate.path(), &["separated"]);
        let parts = answer["parts"].as_array().unwrap();
        let part = parts.iter().find(|part| fact(part, "joined").is_some()).unwrap();
        (part["subject"].as_str().unwrap().to_owned(), part["verdict"].as_str().unwrap().to_owned())
    };
    assert_eq!(overlap("10.2.0.0/16"), ("vpc-a vpc-b".into(), "no".into()));
    assert_eq!(overlap("10.3.0.0/16"), ("vpc-a vpc-c".into(), "no".into()));
    // The lab of the shop uses the same addresses and is joined with nothing.
    assert_eq!(verdict(&self::estate("tiers"), &["separated"]), "yes");
}
