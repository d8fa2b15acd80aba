//! Ports of managed services: those of the evidence, and the documented one as an assumption without any.

use xiezhi_model::Label;

use super::{Answer, Ground, Verdict, reach, reach_from};
use crate::analyse::tests::terraform;

/// A Redis that anyone may use, an instance beside it, and what `more` adds.
fn estate(own: &str, more: &str) -> Ground {
    Ground::of(terraform(&format!(
        r#"
resource "alicloud_vpc" "v" {{ cidr_block = "10.0.0.0/16" }}
resource "alicloud_vswitch" "s" {{
  vpc_id     = alicloud_vpc.v.id
  cidr_block = "10.0.1.0/24"
  zone_id    = "cn-hangzhou-h"
}}
resource "alicloud_security_group" "g" {{ vpc_id = alicloud_vpc.v.id }}
resource "alicloud_instance" "i" {{
  vswitch_id      = alicloud_vswitch.s.id
  security_groups = [alicloud_security_group.g.id]
}}
resource "alicloud_kvstore_instance" "cache" {{
  db_instance_name = "cache"
  vswitch_id       = alicloud_vswitch.s.id
  security_ips     = ["0.0.0.0/0"]
  {own}
}}
{more}
"#
    )))
}

const CACHE: &str = "alicloud_kvstore_instance.cache";

fn public(port: &str) -> String {
    format!(
        r#"
resource "alicloud_kvstore_connection" "open" {{
  connection_string_prefix = "cacheopen"
  instance_id              = alicloud_kvstore_instance.cache.id
  port                     = "{port}"
}}
"#
    )
}

fn on(ground: &Ground, port: u16) -> Answer {
    reach(ground, CACHE, Some(port)).unwrap()
}

#[test]
fn the_port_of_a_public_connection_is_the_one_that_the_evidence_states() {
    let ground = estate("", &public("6380"));
    assert_eq!(on(&ground, 6380).verdict, Verdict::Yes);
    assert_eq!(on(&ground, 6379).verdict, Verdict::No);
    assert!(on(&ground, 6380).assumptions.is_empty());
    assert_eq!(reach(&ground, CACHE, None).unwrap().parts[0].facts[2], ("ports", "tcp/6380".to_owned()));
}

#[test]
fn without_a_port_in_evidence_the_documented_one_is_a_named_assumption_and_others_stay_open() {
    let ground = estate("enable_public = true", "");
    let usual = on(&ground, 6379);
    assert_eq!((usual.verdict, usual.label), (Verdict::Yes, Label::Inference));
    assert_eq!(usual.assumptions[0].code(), "A-DEFAULTPORT");
    assert_eq!(on(&ground, 6380).verdict, Verdict::Undecided);
    let somewhere = reach(&ground, CACHE, None).unwrap();
    assert_eq!((somewhere.verdict, somewhere.label), (Verdict::Yes, Label::Inference));
}

#[test]
fn the_private_port_is_read_by_itself() {
    let inside = |own: &str, port: u16| {
        reach_from(&estate(own, &public("6380")), &["alicloud_instance.i"], CACHE, Some(port)).unwrap()
    };
    let own = "private_connection_port = \"7000\"";
    assert_eq!(inside(own, 7000).verdict, Verdict::Yes);
    assert_eq!(inside(own, 6379).verdict, Verdict::No);
    assert_eq!((inside("", 6379).verdict, inside("", 6379).label), (Verdict::Yes, Label::Inference));
    assert_eq!(inside("", 7000).verdict, Verdict::Undecided);
}

#[test]
fn a_public_connection_of_rds_without_a_port_has_the_one_that_the_provider_documents() {
    let ground = Ground::of(terraform(
        r#"
resource "alicloud_db_instance" "d" {
  engine           = "PostgreSQL"
  engine_version   = "15.0"
  instance_type    = "pg.n2.2c.1m"
  instance_storage = 20
  security_ips     = ["0.0.0.0/0"]
}
resource "alicloud_db_connection" "c" { instance_id = alicloud_db_instance.d.id }
"#,
    ));
    let on = |port: u16| reach(&ground, "alicloud_db_instance.d", Some(port)).unwrap().verdict;
    assert_eq!((on(3306), on(5432)), (Verdict::Yes, Verdict::No));
}
