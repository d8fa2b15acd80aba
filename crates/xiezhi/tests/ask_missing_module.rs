//! `xiezhi ask` over a configuration that calls a module which is not among its files.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod asking;

use std::path::Path;

use asking::run;
use serde_json::Value;

const ESTATE: &str = r#"
resource "alicloud_vpc" "main" { cidr_block = "10.0.0.0/16" }
resource "alicloud_vswitch" "a" {
  vpc_id     = alicloud_vpc.main.id
  cidr_block = "10.0.1.0/24"
  zone_id    = "cn-hangzhou-h"
}
resource "alicloud_vswitch" "other" {
  vpc_id     = alicloud_vpc.main.id
  cidr_block = "10.0.2.0/24"
  zone_id    = "cn-hangzhou-h"
}
resource "alicloud_security_group" "web" {
  vpc_id              = alicloud_vpc.main.id
  inner_access_policy = "Drop"
}
resource "alicloud_security_group_rule" "http" {
  type              = "ingress"
  ip_protocol       = "tcp"
  port_range        = "80/80"
  cidr_ip           = "10.0.1.0/24"
  security_group_id = alicloud_security_group.web.id
}
resource "alicloud_instance" "client" {
  instance_name   = "client"
  vswitch_id      = alicloud_vswitch.a.id
  security_groups = [alicloud_security_group.web.id]
  private_ip      = "10.0.1.10"
}
resource "alicloud_instance" "server" {
  instance_name   = "server"
  vswitch_id      = alicloud_vswitch.a.id
  security_groups = [alicloud_security_group.web.id]
  private_ip      = "10.0.1.20"
}
"#;

fn estate(arguments: &str) -> tempfile::TempDir {
    asking::terraform(&format!("{ESTATE}module \"far\" {{\n  source = \"example/far/alicloud\"\n  {arguments}\n}}\n"))
}

fn verdict(evidence: &Path, target: &str) -> String {
    let asked = ["reach", target, "--from", "client", "--format", "json", evidence.to_str().unwrap()];
    let (_, out, notes) = run(&asked);
    let answer: Value = serde_json::from_str(&out).unwrap_or_else(|error| panic!("{error}: {out} {notes}"));
    answer["verdict"].as_str().unwrap().to_owned()
}

#[test]
fn a_module_that_is_handed_neither_the_group_nor_the_vswitch_leaves_the_ways_between_instances() {
    for arguments in ["", "vswitch = alicloud_vswitch.other.id", "zone = \"cn-hangzhou-h\""] {
        let folder = estate(arguments);
        assert_eq!(verdict(folder.path(), "server:80"), "yes", "{arguments}");
        assert_eq!(verdict(folder.path(), "server:22"), "no", "{arguments}");
    }
}

#[test]
fn a_module_that_is_handed_the_group_may_open_and_close_it() {
    let folder = estate("group = alicloud_security_group.web.id");
    assert_eq!(verdict(folder.path(), "server:80"), "undecided");
    assert_eq!(verdict(folder.path(), "server:22"), "undecided");
}

#[test]
fn a_module_that_is_handed_an_instance_may_put_a_load_balancer_before_it() {
    let folder = estate("instance = alicloud_instance.server.id");
    assert_eq!(verdict(folder.path(), "server:22"), "undecided");
    assert_eq!(verdict(folder.path(), "server:80"), "yes");
}

#[test]
fn a_module_that_is_handed_the_vswitch_may_put_a_network_acl_before_it_and_opens_nothing() {
    // Between two interfaces of one vSwitch no network ACL stands: NACL-3.
    let folder = estate("vswitch = alicloud_vswitch.a.id");
    assert_eq!(verdict(folder.path(), "server:80"), "yes");
    assert_eq!(verdict(folder.path(), "server:22"), "no");
    let (_, out, _) = run(&["exposed", folder.path().to_str().unwrap()]);
    assert!(!out.contains("alicloud_instance.server"), "{out}");
}

#[test]
fn what_is_taken_of_the_module_is_said_in_both_languages() {
    let folder = estate("");
    let evidence = folder.path().to_str().unwrap();
    let (_, _, notes) = run(&["exposed", evidence]);
    assert!(notes.contains("it is taken to change nothing but what it is given"), "{notes}");
    let (_, _, notes) = run(&["--lang", "zh", "exposed", evidence]);
    assert!(notes.contains("并假定它只改动传给它的资源"), "{notes}");
}
