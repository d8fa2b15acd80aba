//! `xiezhi ask changed` over two states of one estate that lie in two places.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod asking;

use asking::run;

#[test]
fn changed_compares_two_checkouts_of_one_configuration_by_their_addresses() {
    const MAIN: &str = r#"
resource "alicloud_vpc" "v" { cidr_block = "10.0.0.0/16" }
resource "alicloud_vswitch" "a" {
  vpc_id     = alicloud_vpc.v.id
  cidr_block = "10.0.1.0/24"
}
resource "alicloud_security_group" "g" { vpc_id = alicloud_vpc.v.id }
resource "alicloud_security_group_rule" "in" {
  type              = "ingress"
  ip_protocol       = "tcp"
  port_range        = "443/443"
  cidr_ip           = "0.0.0.0/0"
  security_group_id = alicloud_security_group.g.id
}
resource "alicloud_instance" "web" {
  vswitch_id                 = alicloud_vswitch.a.id
  security_groups            = [alicloud_security_group.g.id]
  internet_max_bandwidth_out = 5
}
"#;
    let (old, new) = (asking::terraform(MAIN), asking::terraform(&MAIN.replace("443/443", "443/444")));
    let path = |folder: &tempfile::TempDir| folder.path().to_str().unwrap().to_owned();
    let (_, text, notes) = run(&["changed", &path(&old), &path(&new), "--format", "json"]);
    let answer: serde_json::Value =
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text} {notes}"));
    let parts = answer["parts"].as_array().unwrap();
    assert_eq!(parts.len(), 1, "{answer:#}");
    assert_eq!(parts[0]["subject"], "alicloud_instance.web");
    let file = |folder: &tempfile::TempDir| folder.path().join("main.tf").to_str().unwrap().to_owned();
    let (_, text, _) = run(&["changed", &file(&old), &file(&new), "--lang", "zh"]);
    assert!(text.contains("新增可达：tcp/444（来源：整个互联网）"), "{text}");
}
