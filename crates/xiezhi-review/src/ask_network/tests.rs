use xiezhi_model::Label;

use super::{Answer, Ground, Verdict, encrypted, reach, reach_from};
use crate::analyse::tests::{estate, terraform};

/// Two instances in vSwitches of their own whose addresses nobody knows yet; rules go beside.
fn two(rules: &str) -> Ground {
    Ground::of(terraform(&format!(
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
resource "alicloud_security_group" "h" {{ vpc_id = alicloud_vpc.v.id }}
resource "alicloud_instance" "i" {{
  vswitch_id      = alicloud_vswitch.s.id
  security_groups = [alicloud_security_group.g.id]
}}
resource "alicloud_instance" "j" {{
  vswitch_id      = alicloud_vswitch.t.id
  security_groups = [alicloud_security_group.h.id]
}}
{rules}
"#
    )))
}

fn rule(name: &str, group: &str, direction: &str, policy: &str, cidr: &str) -> String {
    format!(
        r#"
resource "alicloud_security_group_rule" "{name}" {{
  security_group_id = alicloud_security_group.{group}.id
  type              = "{direction}"
  policy            = "{policy}"
  ip_protocol       = "tcp"
  port_range        = "22/22"
  cidr_ip           = "{cidr}"
}}
"#
    )
}

fn ssh(rules: &str) -> Answer {
    reach_from(&two(rules), &["alicloud_instance.i"], "alicloud_instance.j", Some(22)).unwrap()
}

#[test]
fn an_address_that_nobody_knows_yet_is_one_of_its_vswitch() {
    let open = |cidr: &str| rule("a", "h", "ingress", "accept", cidr);
    assert_eq!(ssh(&open("10.0.1.0/24")).verdict, Verdict::Yes);
    assert_eq!(ssh(&open("10.0.0.0/16")).verdict, Verdict::Yes);
    assert_eq!(ssh(&open("10.0.9.0/24")).verdict, Verdict::No);
    let drop = rule("b", "g", "egress", "drop", "10.0.2.0/24");
    assert_eq!(ssh(&format!("{}{drop}", open("10.0.1.0/24"))).verdict, Verdict::No);
}

#[test]
fn a_rule_for_a_part_of_the_vswitch_leaves_an_address_that_nobody_knows_yet_open() {
    let answer = ssh(&rule("a", "h", "ingress", "accept", "10.0.1.0/25"));
    assert_eq!(answer.verdict, Verdict::Undecided);
    assert!(answer.parts[0].because.iter().any(|open| open.what == "address of alicloud_instance.i/primary"));
}

#[test]
fn no_answer_shows_an_address_that_only_stands_for_another() {
    let answer = ssh(&rule("a", "h", "ingress", "accept", "10.0.1.0/24"));
    let shown = format!("{:?}", answer.parts);
    assert!(!shown.contains("240.0.") && !shown.contains("10.0.1.1") && shown.contains(super::NOT_YET), "{shown}");
}

#[test]
fn an_answer_that_rests_on_an_open_rule_of_the_platform_is_an_inference() {
    let appliance = r#"
resource "alicloud_eip_address" "e" {}
resource "alicloud_eip_association" "a" {
  allocation_id = alicloud_eip_address.e.id
  instance_id   = alicloud_instance.j.id
}
resource "alicloud_vpc_ipv4_gateway" "w" {
  vpc_id  = alicloud_vpc.v.id
  enabled = true
}
resource "alicloud_route_table" "t" { vpc_id = alicloud_vpc.v.id }
resource "alicloud_route_table_attachment" "a" {
  vswitch_id     = alicloud_vswitch.t.id
  route_table_id = alicloud_route_table.t.id
}
resource "alicloud_route_entry" "r" {
  route_table_id        = alicloud_route_table.t.id
  destination_cidrblock = "0.0.0.0/0"
  nexthop_type          = "GatewayLoadBalancerEndpoint"
  nexthop_id            = "ep-1"
}
"#;
    let open = rule("a", "h", "ingress", "accept", "0.0.0.0/0");
    let answer = reach(&two(&format!("{open}{appliance}")), "alicloud_instance.j", Some(22)).unwrap();
    assert_eq!((answer.verdict, answer.label), (Verdict::Undecided, Label::Inference));
    assert_eq!(answer.assumptions[0].code(), "A-MIDBOX");
}

const DATABASE: &str = r#"
resource "alicloud_db_instance" "d" {
  engine       = "MySQL"
  vswitch_id   = alicloud_vswitch.t.id
  security_ips = ["LIST"]
}
"#;

#[test]
fn a_database_is_reached_inside_by_those_whom_its_list_admits() {
    let ask = |list: &str, port: Option<u16>| {
        let ground = two(&DATABASE.replace("LIST", list));
        reach_from(&ground, &["alicloud_instance.i"], "alicloud_db_instance.d", port).unwrap()
    };
    let reached = ask("10.0.1.0/24", None);
    assert_eq!(reached.verdict, Verdict::Yes);
    assert!(reached.parts[0].packet.as_ref().is_some_and(|packet| packet.contains("> (private-endpoint):3306")));
    // Nothing states the port: it may be any.
    assert_eq!(ask("10.0.1.0/24", Some(22)).verdict, Verdict::Undecided);
    let stated = two(&DATABASE.replace("LIST", "10.0.1.0/24").replace("engine ", "port = \"3306\"\n  engine "));
    let ssh = reach_from(&stated, &["alicloud_instance.i"], "alicloud_db_instance.d", Some(22)).unwrap();
    assert_eq!(ssh.verdict, Verdict::No);
    assert_eq!(ask("10.0.9.0/24", Some(3306)).verdict, Verdict::No);
    assert_eq!(ask("moon", Some(3306)).verdict, Verdict::Undecided);
    let stopped = ask("127.0.0.1", None);
    let last = stopped.parts[0].hops.last().unwrap();
    assert_eq!((stopped.verdict, last.law.as_str()), (Verdict::No, "DB-1"));
}

#[test]
fn a_refused_packet_shows_where_it_stops_at_a_load_balancer() {
    let balanced = r#"
resource "alicloud_slb_load_balancer" "l" { address_type = "internet" }
resource "alicloud_slb_server_group" "g" { load_balancer_id = alicloud_slb_load_balancer.l.id }
resource "alicloud_slb_server_group_server_attachment" "a" {
  server_group_id = alicloud_slb_server_group.g.id
  server_id       = alicloud_instance.i.id
  port            = 8080
  weight          = 0
}
resource "alicloud_slb_listener" "h" {
  load_balancer_id = alicloud_slb_load_balancer.l.id
  frontend_port    = 80
  protocol         = "http"
  server_group_id  = alicloud_slb_server_group.g.id
}
"#;
    let answer = reach(&two(balanced), "alicloud_instance.i", None).unwrap();
    assert_eq!(answer.verdict, Verdict::No);
    assert_eq!(answer.parts[0].hops.last().unwrap().law, "CLB-7");
}

#[test]
fn an_address_that_is_translated_to_the_target_inside_keeps_a_no_open() {
    use xiezhi_net::model::{Dnat, HaVip, Mapping, Nat, Seen};
    let ask = |ground: &Ground| reach_from(ground, &["alicloud_instance.i"], "alicloud_instance.j", Some(22)).unwrap();
    let mut ground = two("");
    assert_eq!(ask(&ground).verdict, Verdict::No);
    let server = ground.network.enis.items.iter().find(|eni| eni.id.as_str().contains("instance.j")).unwrap().clone();
    ground.network.nats.items.push(Nat {
        id: "ngw-vpc".into(),
        vpc: server.vpc.known().unwrap().clone(),
        vswitch: Seen::Absent,
        intranet: true,
        addresses: Seen::Absent,
        dnat: Seen::Known(vec![Dnat {
            id: "fwd-1".into(),
            external: "10.0.1.250".parse().unwrap(),
            internal: server.addresses[0],
            mapping: Mapping::Whole,
        }]),
        snat: Seen::Absent,
    });
    let answer = ask(&ground);
    assert_eq!(answer.verdict, Verdict::Undecided);
    assert!(answer.unseen.iter().any(|open| open.what == "ngw-vpc" && open.code == "translation"));
    ground.network.nats.items.clear();
    let member = server.instance.unwrap_or(server.id);
    ground.network.havips.items.push(HaVip {
        id: "havip-1".into(),
        vpc: server.vpc.known().unwrap().clone(),
        address: "10.0.2.200".parse().unwrap(),
        members: Seen::Known(vec![member]),
    });
    assert!(ask(&ground).unseen.iter().any(|open| open.what == "havip-1" && open.code == "translation"));
}

#[test]
fn an_eip_on_a_high_availability_address_leads_to_its_members_whichever_holds_it() {
    let beside = r#"
resource "alicloud_havip" "v" {
  vswitch_id = alicloud_vswitch.t.id
  ip_address = "10.0.2.200"
}
resource "alicloud_havip_attachment" "v" {
  havip_id    = alicloud_havip.v.id
  instance_id = alicloud_instance.j.id
}
resource "alicloud_eip_address" "v" {}
resource "alicloud_eip_association" "v" {
  allocation_id = alicloud_eip_address.v.id
  instance_id   = alicloud_havip.v.id
  instance_type = "HaVip"
}
"#;
    let open = rule("a", "h", "ingress", "accept", "0.0.0.0/0");
    let answer = reach(&two(&format!("{open}{beside}")), "alicloud_instance.j", Some(22)).unwrap();
    assert_eq!(answer.verdict, Verdict::Undecided);
    let part = answer.parts.iter().find(|part| part.facts.contains(&("address", super::NOT_YET.to_owned()))).unwrap();
    assert!(part.because.iter().any(|open| open.what == "which member holds alicloud_havip.v"), "{part:?}");
    let closed = reach(&two(beside), "alicloud_instance.j", Some(22)).unwrap();
    assert_eq!(closed.verdict, Verdict::No);
}

#[test]
fn instances_that_a_scaling_group_makes_leave_the_parts_open_to_which_they_may_belong() {
    let scaling = |bandwidth: u8| {
        two(&format!(
            r#"
resource "alicloud_ess_scaling_group" "w" {{
  min_size    = 1
  max_size    = 4
  vswitch_ids = [alicloud_vswitch.s.id]
}}
resource "alicloud_ess_scaling_configuration" "w" {{
  scaling_group_id           = alicloud_ess_scaling_group.w.id
  security_group_id          = alicloud_security_group.g.id
  internet_max_bandwidth_out = {bandwidth}
}}
"#
        ))
    };
    let ground = scaling(0);
    let open = |from: &str, to: &str| {
        let answer = reach_from(&ground, &[from], to, Some(22)).unwrap();
        let made = answer.unseen.iter().any(|open| open.code == "scaled");
        (answer.verdict, made)
    };
    let (s, t) = ("alicloud_vswitch.s", "alicloud_vswitch.t");
    assert_eq!(open(s, t), (Verdict::Undecided, true));
    assert_eq!(open("alicloud_security_group.g", "alicloud_instance.j"), (Verdict::Undecided, true));
    // They are in no other vSwitch and in no other group, and what has a name is none of them.
    assert_eq!(open(t, "alicloud_instance.i"), (Verdict::No, false));
    assert_eq!(open("alicloud_security_group.h", "alicloud_instance.i"), (Verdict::No, false));
    assert_eq!(open("alicloud_instance.i", "alicloud_instance.j"), (Verdict::No, false));
    let exposed = |ground: &Ground| super::exposed(ground, &[]).unseen.iter().any(|open| open.code == "scaled");
    assert_eq!((exposed(&ground), exposed(&scaling(5))), (false, true));
}

#[test]
fn nodes_that_a_pool_of_a_configuration_makes_are_missing_where_the_pool_puts_them_and_nowhere_else() {
    let pool = |more: &str| {
        two(&format!(
            r#"
resource "alicloud_cs_kubernetes_node_pool" "n" {{
  cluster_id         = "c-1"
  node_pool_name     = "n"
  vswitch_ids        = [alicloud_vswitch.s.id]
  security_group_ids = [alicloud_security_group.g.id]
  {more}
}}
"#
        ))
    };
    let ground = pool("");
    let open = |from: &str, to: &str| {
        let answer = reach_from(&ground, &[from], to, Some(22)).unwrap();
        (answer.verdict, answer.unseen.iter().any(|open| open.code == "scaled"))
    };
    assert_eq!(open("alicloud_vswitch.s", "alicloud_vswitch.t"), (Verdict::Undecided, true));
    assert_eq!(open("alicloud_security_group.g", "alicloud_instance.j"), (Verdict::Undecided, true));
    assert_eq!(open("alicloud_vswitch.t", "alicloud_instance.i"), (Verdict::No, false));
    assert_eq!(open("alicloud_security_group.h", "alicloud_instance.i"), (Verdict::No, false));
    let exposed = |ground: &Ground| super::exposed(ground, &[]).unseen.iter().any(|open| open.code == "scaled");
    assert_eq!((exposed(&ground), exposed(&pool("internet_max_bandwidth_out = 5"))), (false, true));
}

/// §11.4: a policy of the tenant's own accepts what it lists; one that is not in evidence may accept anything. Databases
/// say their oldest version, where they offer TLS.
#[test]
fn listeners_under_a_policy_of_the_tenant_and_databases_are_judged_by_the_versions_that_they_accept() {
    let listeners = r#"{"TotalCount":3,"Listeners":[
        {"ListenerId":"new","LoadBalancerId":"a","ListenerProtocol":"HTTPS","ListenerPort":443,"SecurityPolicyId":"spy-new"},
        {"ListenerId":"old","LoadBalancerId":"a","ListenerProtocol":"HTTPS","ListenerPort":444,"SecurityPolicyId":"spy-old"},
        {"ListenerId":"gone","LoadBalancerId":"a","ListenerProtocol":"HTTPS","ListenerPort":445,"SecurityPolicyId":"spy-gone"}]}"#;
    let policies = r#"{"TotalCount":2,"SecurityPolicies":[
        {"SecurityPolicyId":"spy-new","TLSVersions":["TLSv1.2","TLSv1.3"]},{"SecurityPolicyId":"spy-old","TLSVersions":["TLSv1.0","TLSv1.2"]}]}"#;
    let databases = r#"{"TotalRecordCount":2,"PageNumber":1,"PageRecordCount":2,"Items":{"DBInstance":[
        {"DBInstanceId":"rm-old","Engine":"MySQL","RegionId":"cn-hangzhou"},{"DBInstanceId":"rm-off","Engine":"MySQL","RegionId":"cn-hangzhou"}]}}"#;
    let ground = Ground::of(estate(&[
        ("alb-ListListeners-cn-hangzhou.json", listeners),
        ("alb-ListSecurityPolicies-cn-hangzhou.json", policies),
        ("rds-DescribeDBInstances-cn-hangzhou.json", databases),
        ("rds-DescribeDBInstanceSSL-cn-hangzhou-rm-old.json", r#"{"SSLEnabled":"Yes","TlsVersion":"1.0,1.1,1.2"}"#),
        ("rds-DescribeDBInstanceSSL-cn-hangzhou-rm-off.json", r#"{"SSLEnabled":"No"}"#),
    ]));
    let answer = encrypted(&ground);
    let of = |subject: &str| {
        let part = answer.parts.iter().find(|part| part.subject == subject).unwrap();
        let fact = |name: &str| part.facts.iter().find(|(known, _)| *known == name).map(|(_, value)| value.clone());
        (fact("tls-from-1-2"), fact("tls-below-1-2"), part.because.len())
    };
    let told = |good: &str, old: &str, open| (Some(good.to_owned()), Some(old.to_owned()), open);
    assert_eq!(of("alb.listener"), told("1", "old", 1));
    assert_eq!(of("rds.instance"), told("0", "rm-old", 0));
}
