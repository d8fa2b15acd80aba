//! Load balancers inside: who reaches their listeners, and by them the servers behind.

use super::{Answer, Ground, Verdict, reach, reach_from};
use crate::analyse::tests::{estate as estate_of, terraform};

/// A client, a server that admits nobody directly, and a classic load balancer inside between them.
fn estate(protocol: &str, rules: &str) -> Ground {
    Ground::of(terraform(&text(protocol, rules)))
}

/// The same before anything is applied, when nobody knows an address yet.
fn planned(protocol: &str, rules: &str) -> Ground {
    let text = text(protocol, rules);
    let kept = text.lines().filter(|line| !line.contains("private_ip") && !line.trim_start().starts_with("address  "));
    Ground::of(terraform(&kept.collect::<Vec<_>>().join("\n")))
}

fn text(protocol: &str, rules: &str) -> String {
    format!(
        r#"
resource "alicloud_vpc" "v" {{ cidr_block = "10.0.0.0/16" }}
resource "alicloud_vswitch" "s" {{
  vpc_id     = alicloud_vpc.v.id
  cidr_block = "10.0.1.0/24"
  zone_id    = "cn-hangzhou-h"
}}
resource "alicloud_vswitch" "t" {{
  vpc_id     = alicloud_vpc.v.id
  cidr_block = "10.0.2.0/24"
  zone_id    = "cn-hangzhou-h"
}}
resource "alicloud_security_group" "g" {{ vpc_id = alicloud_vpc.v.id }}
resource "alicloud_security_group" "h" {{
  vpc_id              = alicloud_vpc.v.id
  inner_access_policy = "Drop"
}}
resource "alicloud_instance" "client" {{
  vswitch_id      = alicloud_vswitch.s.id
  security_groups = [alicloud_security_group.g.id]
  private_ip      = "10.0.1.10"
}}
resource "alicloud_instance" "server" {{
  vswitch_id      = alicloud_vswitch.t.id
  security_groups = [alicloud_security_group.h.id]
  private_ip      = "10.0.2.10"
}}
resource "alicloud_slb_load_balancer" "inner" {{
  load_balancer_name = "inner"
  address_type       = "intranet"
  address            = "10.0.2.50"
  vswitch_id         = alicloud_vswitch.t.id
}}
resource "alicloud_slb_backend_server" "inner" {{
  load_balancer_id = alicloud_slb_load_balancer.inner.id
  backend_servers {{
    server_id = alicloud_instance.server.id
    weight    = 100
  }}
}}
resource "alicloud_slb_listener" "inner" {{
  load_balancer_id = alicloud_slb_load_balancer.inner.id
  frontend_port    = 80
  backend_port     = 8080
  protocol         = "{protocol}"
}}
{rules}
"#
    )
}

fn ask(ground: &Ground, target: &str, port: u16) -> Answer {
    reach_from(ground, &["alicloud_instance.client"], target, Some(port)).unwrap()
}

const SERVER: &str = "alicloud_instance.server";
const BALANCER: &str = "alicloud_slb_load_balancer.inner";

const CLIENT_ADMITTED: &str = r#"
resource "alicloud_security_group_rule" "r" {
  security_group_id = alicloud_security_group.h.id
  type              = "ingress"
  ip_protocol       = "tcp"
  port_range        = "8080/8080"
  cidr_ip           = "10.0.1.0/24"
}
"#;

#[test]
fn a_listener_inside_is_reached_on_its_port_and_on_no_other() {
    let ground = estate("http", "");
    let answer = ask(&ground, BALANCER, 80);
    assert_eq!(answer.verdict, Verdict::Yes, "{answer:?}");
    assert_eq!(answer.parts[0].packet.as_deref(), Some("tcp 10.0.1.10:40000 > 10.0.2.50:80"));
    let closed = ask(&ground, BALANCER, 443);
    assert_eq!(closed.verdict, Verdict::No);
    assert_eq!(closed.parts[0].facts, [("listens-on", "tcp/80".to_owned())], "the reason is said");
}

/// A public application load balancer before nobody knows its addresses, with a listener on TCP 80.
fn public(kinds: &str) -> Ground {
    let more = format!(
        r#"
resource "alicloud_alb_load_balancer" "p" {{
  vpc_id                = alicloud_vpc.v.id
  load_balancer_edition = "Basic"
  {kinds}
  zone_mappings {{
    vswitch_id = alicloud_vswitch.t.id
    zone_id    = "cn-hangzhou-h"
  }}
}}
resource "alicloud_alb_server_group" "p" {{
  vpc_id            = alicloud_vpc.v.id
  server_group_name = "p"
  protocol          = "HTTP"
  servers {{
    server_id   = alicloud_instance.server.id
    server_type = "Ecs"
    port        = 8080
    weight      = 100
  }}
}}
resource "alicloud_alb_listener" "p" {{
  load_balancer_id  = alicloud_alb_load_balancer.p.id
  listener_protocol = "HTTP"
  listener_port     = 80
  default_actions {{
    type = "ForwardGroup"
    forward_group_config {{
      server_group_tuples {{ server_group_id = alicloud_alb_server_group.p.id }}
    }}
  }}
}}
"#
    );
    estate("http", &more)
}

#[test]
fn the_internet_reaches_the_ipv6_side_of_a_dual_stack_load_balancer_that_has_no_address_yet() {
    let ask = |kinds: &str, port: u16| reach(&public(kinds), "alicloud_alb_load_balancer.p", Some(port)).unwrap();
    let dual = "address_type = \"Intranet\"\n  address_ip_version = \"DualStack\"\n  ipv6_address_type = ";
    let open = ask(&format!("{dual}\"Internet\""), 80);
    assert_eq!(open.verdict, Verdict::Yes, "{open:#?}");
    let packet = open.parts[0].packet.as_deref().unwrap();
    assert!(packet.contains(super::NOT_YET) && packet.contains("::") && !packet.contains("100::"), "{packet}");
    assert_eq!(ask(&format!("{dual}\"Intranet\""), 80).verdict, Verdict::No);
    let closed = ask(&format!("{dual}\"Internet\""), 443);
    assert_eq!(closed.verdict, Verdict::No);
    assert!(closed.parts.iter().any(|part| part.facts == [("listens-on", "tcp/80".to_owned())]), "{closed:#?}");
}

#[test]
fn a_server_that_admits_no_client_is_reached_by_a_layer_7_listener_all_the_same() {
    let ground = estate("http", "");
    // On the listener's port and on the server's: CLB-5, the platform's addresses arrive.
    for port in [80, 8080] {
        let answer = ask(&ground, SERVER, port);
        let through = answer.parts.iter().find(|part| part.verdict == Verdict::Yes).expect("a way");
        assert!(through.facts.iter().any(|(name, value)| *name == "through" && value.contains(":80/http")));
        assert_eq!(answer.verdict, Verdict::Yes);
    }
    assert_eq!(ask(&ground, SERVER, 22).verdict, Verdict::No);
}

#[test]
fn a_layer_4_listener_hands_on_the_client_address_and_the_group_decides_under_a_named_assumption() {
    let closed = ask(&estate("tcp", ""), SERVER, 8080);
    assert_eq!(closed.verdict, Verdict::Undecided);
    assert_eq!(closed.assumptions[0].code(), "A-CLB4SG");
    assert_eq!(ask(&estate("tcp", CLIENT_ADMITTED), SERVER, 80).verdict, Verdict::Yes);
}

#[test]
fn a_client_whose_own_group_drops_reaches_no_listener_and_the_way_shows_where_it_stops() {
    let answer = ask(&estate("http", &egress_drop("10.0.2.50/32")), BALANCER, 80);
    let last = answer.parts[0].hops.last().expect("a hop");
    assert_eq!((answer.verdict, last.law.as_str()), (Verdict::No, "SG-6"));
}

fn egress_drop(cidr: &str) -> String {
    format!(
        r#"
resource "alicloud_security_group_rule" "d" {{
  security_group_id = alicloud_security_group.g.id
  type              = "egress"
  policy            = "drop"
  ip_protocol       = "all"
  port_range        = "-1/-1"
  cidr_ip           = "{cidr}"
}}
"#
    )
}

#[test]
fn a_load_balancer_that_has_no_address_yet_will_have_one_of_its_vswitch() {
    let ground = planned("http", "");
    let answer = ask(&ground, BALANCER, 80);
    assert_eq!(answer.verdict, Verdict::Yes, "{answer:#?}");
    let packet = answer.parts[0].packet.as_deref().unwrap();
    assert!(packet.contains(super::NOT_YET) && !packet.contains("10.0."), "{packet}");
    assert_eq!(ask(&ground, BALANCER, 443).verdict, Verdict::No);
    for port in [80, 8080] {
        assert_eq!(ask(&ground, SERVER, port).verdict, Verdict::Yes, "{port}");
    }
    assert_eq!(ask(&ground, SERVER, 22).verdict, Verdict::No);
}

#[test]
fn a_rule_for_a_part_of_the_vswitch_leaves_a_load_balancer_open_that_has_no_address_yet() {
    let of = |cidr: &str| ask(&planned("http", &egress_drop(cidr)), BALANCER, 80);
    assert_eq!(of("10.0.2.0/24").verdict, Verdict::No);
    let open = of("10.0.2.0/25");
    assert_eq!(open.verdict, Verdict::Undecided, "{open:#?}");
    let what: Vec<&str> = open.parts.iter().flat_map(|part| &part.because).map(|open| open.what.as_str()).collect();
    assert!(what.contains(&"address of alicloud_slb_load_balancer.inner"), "{what:?}");
}

#[test]
fn load_balancers_that_nobody_listed_keep_a_no_open() {
    let instance = |id: &str, address: &str| {
        format!(
            r#"{{"InstanceId":"{id}","Status":"Running","VpcAttributes":{{"VpcId":"vpc-1","VSwitchId":"vsw-1",
                "PrivateIpAddress":{{"IpAddress":["{address}"]}}}},"SecurityGroupIds":{{"SecurityGroupId":["sg-1"]}},
                "NetworkInterfaces":{{"NetworkInterface":[{{"NetworkInterfaceId":"eni-{id}","PrimaryIpAddress":"{address}"}}]}}}}"#
        )
    };
    let both = format!(
        r#"{{"TotalCount":2,"Instances":{{"Instance":[{},{}]}}}}"#,
        instance("i-1", "10.0.1.10"),
        instance("i-2", "10.0.1.11")
    );
    let ground = Ground::of(estate_of(&[("ecs-DescribeInstances-cn-hangzhou.json", &both)]));
    let answer = reach_from(&ground, &["i-1"], "i-2", Some(22)).unwrap();
    for kind in ["slb.load-balancer", "alb.load-balancer", "nlb.load-balancer"] {
        assert!(
            answer.unseen.iter().any(|open| open.what == kind && open.code == "not-collected"),
            "{:?}",
            answer.unseen
        );
    }
    assert_eq!(answer.verdict, Verdict::Undecided);
}
