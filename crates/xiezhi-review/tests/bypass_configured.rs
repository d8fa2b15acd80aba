//! The catalogue of bypasses (network semantics §6.2) in configurations: a pair (bypass, closed) for every case that
//! Terraform and ROS can express, through reading, `ask waf` and the checks; and for the others why they cannot.
//!
//! A configuration never knows the ranges from which WAF talks to origins, nor (WAF 3) the name that DNS has to point to.
//! So the closed side of a pair has no proven way around, and what stays open is said to be open.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

use std::collections::BTreeSet;

use xiezhi_model::Batch;
use xiezhi_read::Input;
use xiezhi_review::ask_network::{Ground, Verdict, waf};
use xiezhi_review::{CHECK_FILES, Outcome};
use xiezhi_rule::CheckSet;

const SHOP: &str = include_str!("bypass_configured/shop.tf");
const TEMPLATE: &str = include_str!("bypass_configured/shop.yaml");

/// What is done to the shop: texts that are replaced, and resources beside.
struct Change {
    replaced: &'static [(&'static str, &'static str)],
    beside: &'static str,
}

/// How a format expresses a case.
enum Told {
    /// What both sides have, and what differs: the text `@@` in `both` becomes the first on the side of the bypass, the
    /// second on the closed side.
    Pair { both: Change, differs: [&'static str; 2], check: &'static str },
    /// Not at all, and why.
    Never(&'static str),
}

const RANGES: &str = "the ranges from which WAF talks to origins are no attribute of any resource";
const PLAIN: Change = Change { replaced: &[], beside: "" };

const GROUP: (&str, &str) = (
    "  port_range        = \"80/80\"\n  cidr_ip           = \"10.0.0.0/8\"",
    "  port_range        = \"80/80\"\n  cidr_ip           = \"@@\"",
);
const ANYONE_OR_WAF: [&str; 2] = ["0.0.0.0/0", "39.96.130.0/24"];
/// The same domain in WAF 2, which says under which name it is reached.
const OLDER: [(&str, &str); 3] = [
    ("resource \"alicloud_wafv3_domain\" \"d\" {", "resource \"alicloud_waf_domain\" \"d\" {"),
    (
        "  domain      = \"www.shop.example\"\n  listen {\n    http_ports = [80]\n  }\n",
        "  domain_name = \"www.shop.example\"\n  http_port = [80]\n",
    ),
    (
        "  redirect {\n    backends    = [alicloud_slb_load_balancer.b.address]\n    loadbalance = \"iphash\"\n  }\n",
        "  source_ips = [alicloud_slb_load_balancer.b.address]\n",
    ),
];

const TERRAFORM: [(u8, Told); 17] = [
    (
        1,
        Told::Pair {
            both: Change {
                replaced: &[
                    GROUP,
                    (
                        "backends    = [alicloud_slb_load_balancer.b.address]",
                        "backends    = [alicloud_eip_address.e.ip_address]",
                    ),
                ],
                beside: r#"
resource "alicloud_eip_address" "e" {}
resource "alicloud_eip_association" "e" {
  allocation_id = alicloud_eip_address.e.id
  instance_id   = alicloud_instance.i.id
}
"#,
            },
            differs: ANYONE_OR_WAF,
            check: "waf-domain-bypassed",
        },
    ),
    (
        2,
        Told::Pair {
            both: Change { replaced: &[("acl_status       = \"on\"", "acl_status       = \"@@\"")], beside: "" },
            differs: ["off", "on"],
            check: "waf-domain-bypassed",
        },
    ),
    (
        3,
        Told::Pair {
            both: Change {
                replaced: &[(
                    "backends    = [alicloud_slb_load_balancer.b.address]",
                    "backends    = [alicloud_alb_load_balancer.a.dns_name]",
                )],
                beside: r#"
resource "alicloud_security_group" "front" {
  vpc_id              = alicloud_vpc.v.id
  security_group_type = "enterprise"
}
resource "alicloud_security_group_rule" "front" {
  security_group_id = alicloud_security_group.front.id
  type              = "ingress"
  ip_protocol       = "tcp"
  port_range        = "80/80"
  cidr_ip           = "39.96.130.0/24"
}
@@
resource "alicloud_alb_load_balancer" "a" {
  address_type           = "Internet"
  address_allocated_mode = "Fixed"
  load_balancer_edition  = "Standard"
  vpc_id                 = alicloud_vpc.v.id
  zone_mappings {
    zone_id    = "cn-hangzhou-h"
    vswitch_id = alicloud_vswitch.s.id
  }
}
resource "alicloud_alb_load_balancer_security_group_attachment" "a" {
  load_balancer_id  = alicloud_alb_load_balancer.a.id
  security_group_id = alicloud_security_group.front.id
}
resource "alicloud_alb_server_group" "a" {
  server_group_name = "a"
  vpc_id            = alicloud_vpc.v.id
  protocol          = "HTTP"
  servers {
    server_type = "Ecs"
    server_id   = alicloud_instance.i.id
    port        = 80
  }
}
resource "alicloud_alb_listener" "a" {
  load_balancer_id  = alicloud_alb_load_balancer.a.id
  listener_protocol = "HTTP"
  listener_port     = 80
  default_actions {
    type = "ForwardGroup"
    forward_group_config {
      server_group_tuples {
        server_group_id = alicloud_alb_server_group.a.id
      }
    }
  }
}
"#,
            },
            differs: [
                "",
                r#"
resource "alicloud_security_group_rule" "rest" {
  security_group_id = alicloud_security_group.front.id
  type              = "ingress"
  policy            = "drop"
  priority          = 100
  ip_protocol       = "all"
  port_range        = "-1/-1"
  cidr_ip           = "0.0.0.0/0"
}
"#,
            ],
            check: "waf-domain-bypassed",
        },
    ),
    (
        4,
        Told::Pair {
            both: Change {
                replaced: &[GROUP],
                beside: r#"
resource "alicloud_eip_address" "e" {}
resource "alicloud_eip_association" "e" {
  allocation_id = alicloud_eip_address.e.id
  instance_id   = alicloud_instance.i.id
}
"#,
            },
            differs: ANYONE_OR_WAF,
            check: "waf-domain-bypassed",
        },
    ),
    (
        5,
        Told::Never(
            "stays undecided: no configuration knows the private address of a NAT gateway, and whether DNAT keeps that of the client is open",
        ),
    ),
    (
        6,
        Told::Pair {
            both: Change {
                replaced: &[
                    (
                        "  vswitch_id      = alicloud_vswitch.s.id\n}",
                        "  vswitch_id      = alicloud_vswitch.s.id\n  ipv6_addresses  = [\"2408:4000:0:1::5\"]\n}",
                    ),
                    ("  cidr_block = \"10.0.0.0/16\"\n", "  cidr_block = \"10.0.0.0/16\"\n  enable_ipv6 = true\n"),
                    (
                        "  cidr_block = \"10.0.1.0/24\"\n",
                        "  cidr_block = \"10.0.1.0/24\"\n  ipv6_cidr_block = \"2408:4000:0:1::/64\"\n",
                    ),
                ],
                beside: r#"
resource "alicloud_security_group_rule" "six" {
  security_group_id = alicloud_security_group.g.id
  type              = "ingress"
  ip_protocol       = "tcp"
  port_range        = "80/80"
  ipv6_cidr_ip      = "@@"
}
resource "alicloud_vpc_ipv6_gateway" "six" {
  vpc_id = alicloud_vpc.v.id
}
resource "alicloud_vpc_ipv6_address" "six" {
  vswitch_id   = alicloud_vswitch.s.id
  ipv6_address = "2408:4000:0:1::5"
}
resource "alicloud_vpc_ipv6_internet_bandwidth" "six" {
  ipv6_address_id = alicloud_vpc_ipv6_address.six.id
  ipv6_gateway_id = alicloud_vpc_ipv6_gateway.six.id
  bandwidth       = 10
}
resource "alicloud_route_table" "r" {
  vpc_id         = alicloud_vpc.v.id
  associate_type = "VSwitch"
}
resource "alicloud_route_table_attachment" "r" {
  vswitch_id     = alicloud_vswitch.s.id
  route_table_id = alicloud_route_table.r.id
}
resource "alicloud_route_entry" "six" {
  route_table_id        = alicloud_route_table.r.id
  destination_cidrblock = "::/0"
  nexthop_type          = "IPv6Gateway"
  nexthop_id            = alicloud_vpc_ipv6_gateway.six.id
}
"#,
            },
            differs: ["::/0", "fd00::/8"],
            check: "waf-domain-bypassed",
        },
    ),
    (7, Told::Never("no resource connects a port of an instance to WAF in transparent mode")),
    (
        8,
        Told::Pair {
            both: Change {
                replaced: &[],
                beside: r#"
resource "alicloud_slb_listener" "other" {
  load_balancer_id = alicloud_slb_load_balancer.b.id
  frontend_port    = 8080
  backend_port     = 80
  protocol         = "http"
  acl_status       = "@@"
  acl_type         = "white"
  acl_id           = alicloud_slb_acl.waf.id
}
"#,
            },
            differs: ["off", "on"],
            check: "waf-domain-bypassed",
        },
    ),
    (
        9,
        Told::Pair {
            both: Change {
                replaced: &OLDER,
                beside: r#"
resource "alicloud_alidns_record" "www" {
  domain_name = "shop.example"
  rr          = "www"
  @@
}
"#,
            },
            differs: [
                "type = \"A\"\n  value = alicloud_slb_load_balancer.b.address",
                "type = \"CNAME\"\n  value = alicloud_waf_domain.d.cname",
            ],
            check: "waf-domain-bypassed",
        },
    ),
    (
        10,
        Told::Never(
            "a configuration neither pauses an instance of WAF nor lets it end; only the API says that somebody did",
        ),
    ),
    (
        11,
        Told::Pair {
            both: Change { replaced: &[("rule_action = \"block\"", "rule_action = \"@@\"")], beside: "" },
            differs: ["monitor", "block"],
            check: "waf-domain-bypassed",
        },
    ),
    (
        12,
        Told::Pair {
            both: Change {
                replaced: &OLDER,
                beside: r#"
resource "alicloud_alidns_record" "www" {
  domain_name = "shop.example"
  rr          = "www"
  type        = "CNAME"
  value       = alicloud_waf_domain.d.cname
}
resource "alicloud_alidns_record" "sibling" {
  domain_name = "shop.example"
  rr          = "old"
  @@
}
"#,
            },
            differs: [
                "type = \"A\"\n  value = alicloud_slb_load_balancer.b.address",
                "type = \"CNAME\"\n  value = alicloud_waf_domain.d.cname",
            ],
            check: "waf-domain-bypassed",
        },
    ),
    (13, Told::Never(RANGES)),
    (14, Told::Never(RANGES)),
    (
        15,
        Told::Never(
            "WAF 3 has no attribute for the name to which another guard forwards, and WAF 2 none for its rules",
        ),
    ),
    (
        16,
        Told::Pair {
            both: Change {
                replaced: &[],
                beside: r#"
resource "alicloud_ddosbgp_instance" "o" {
  bandwidth = -1
}
resource "alicloud_ddosbgp_ip" "front" {
  instance_id = alicloud_ddosbgp_instance.o.id
  ip          = alicloud_slb_load_balancer.b.address
}
resource "alicloud_eip_address" "e" {}
resource "alicloud_eip_association" "e" {
  allocation_id = alicloud_eip_address.e.id
  instance_id   = alicloud_instance.i.id
}
@@
"#,
            },
            differs: [
                "",
                r#"
resource "alicloud_ddosbgp_ip" "back" {
  instance_id = alicloud_ddosbgp_instance.o.id
  ip          = alicloud_eip_address.e.ip_address
}
"#,
            ],
            check: "slb-load-balancer-backend-outside-ddos",
        },
    ),
    (
        17,
        Told::Pair {
            both: Change {
                replaced: &[],
                beside: r#"
resource "alicloud_fcv3_function" "f" {
  function_name = "cart"
  runtime       = "python3.12"
  handler       = "index.handler"
}
resource "alicloud_fcv3_trigger" "h" {
  function_name  = "cart"
  trigger_name   = "http"
  trigger_type   = "http"
  qualifier      = "LATEST"
  trigger_config = jsonencode({ authType = "anonymous", methods = ["GET"], disableURLInternet = @@ })
}
resource "alicloud_fcv3_custom_domain" "c" {
  custom_domain_name = "www.shop.example"
  protocol           = "HTTP"
  route_config {
    routes {
      path          = "/*"
      function_name = "cart"
    }
  }
}
"#,
            },
            differs: ["false", "true"],
            check: "waf-domain-bypassed",
        },
    ),
];

const NO_ROUTES: &str =
    "stays undecided: a template does not say by which route table packets to an instance's own address come in";
const NO_RULES: &str =
    "no resource type makes a rule or a protected object of WAF 3, or says what a rule of WAF 2 does";

const ROS: [(u8, Told); 17] = [
    (1, Told::Never(NO_ROUTES)),
    (
        2,
        Told::Pair {
            both: Change { replaced: &[("AclStatus: 'on'", "AclStatus: '@@'")], beside: "" },
            differs: ["off", "on"],
            check: "waf-domain-bypassed",
        },
    ),
    (
        3,
        Told::Pair {
            both: Change {
                replaced: &[("SourceIps: [!GetAtt B.IpAddress]", "SourceIps: [!GetAtt ALB.DNSName]")],
                beside: r#"
  F:
    Type: ALIYUN::ECS::SecurityGroup
    Properties:
      VpcId: !Ref V
      SecurityGroupType: enterprise
      SecurityGroupIngress:
        - {IpProtocol: tcp, PortRange: 80/80, SourceCidrIp: 39.96.130.0/24}
        @@
  ALB:
    Type: ALIYUN::ALB::LoadBalancer
    Properties:
      AddressType: Internet
      LoadBalancerEdition: Standard
      VpcId: !Ref V
      ZoneMappings:
        - {ZoneId: cn-hangzhou-h, VSwitchId: !Ref S}
  AG:
    Type: ALIYUN::ALB::SecurityGroupAttachment
    Properties: {LoadBalancerId: !Ref ALB, SecurityGroupIds: [!Ref F]}
  SG:
    Type: ALIYUN::ALB::ServerGroup
    Properties: {ServerGroupName: a, VpcId: !Ref V, Protocol: HTTP, HealthCheckConfig: {HealthCheckEnabled: false}}
  SA:
    Type: ALIYUN::ALB::BackendServerAttachment
    Properties:
      ServerGroupId: !Ref SG
      BackendServers:
        - {ServerId: !Ref I, ServerType: Ecs, Port: 80}
  AL:
    Type: ALIYUN::ALB::Listener
    Properties:
      LoadBalancerId: !Ref ALB
      ListenerProtocol: HTTP
      ListenerPort: 80
      DefaultActions:
        - Type: ForwardGroup
          ForwardGroupConfig:
            ServerGroupTuples:
              - {ServerGroupId: !Ref SG}
"#,
            },
            differs: [
                "",
                "- {IpProtocol: all, PortRange: -1/-1, SourceCidrIp: 0.0.0.0/0, Policy: drop, Priority: 100}",
            ],
            check: "waf-domain-bypassed",
        },
    ),
    (4, Told::Never(NO_ROUTES)),
    (5, Told::Never(NO_ROUTES)),
    (6, Told::Never(NO_ROUTES)),
    (7, Told::Never(NO_RULES)),
    (
        8,
        Told::Pair {
            both: Change {
                replaced: &[],
                beside: r#"
  L2:
    Type: ALIYUN::SLB::Listener
    Properties: {LoadBalancerId: !Ref B, ListenerPort: 8080, BackendServerPort: 80, Protocol: http, AclStatus: '@@', AclType: white, AclId: !Ref A, Bandwidth: -1}
"#,
            },
            differs: ["off", "on"],
            check: "waf-domain-bypassed",
        },
    ),
    (
        9,
        Told::Pair {
            both: Change {
                replaced: &[],
                beside: r#"
  R:
    Type: ALIYUN::DNS::DomainRecord
    Properties: {DomainName: shop.example, RR: www, @@}
"#,
            },
            differs: ["Type: A, Value: !GetAtt B.IpAddress", "Type: CNAME, Value: xmpl.yundunwaf.com"],
            check: "waf-domain-bypassed",
        },
    ),
    (
        10,
        Told::Never(
            "a template neither pauses an instance of WAF nor lets it end; only the API says that somebody did",
        ),
    ),
    (11, Told::Never(NO_RULES)),
    (
        12,
        Told::Pair {
            both: Change {
                replaced: &[],
                beside: r#"
  R:
    Type: ALIYUN::DNS::DomainRecord
    Properties: {DomainName: shop.example, RR: old, @@}
"#,
            },
            differs: ["Type: A, Value: !GetAtt B.IpAddress", "Type: CNAME, Value: xmpl.yundunwaf.com"],
            check: "waf-domain-bypassed",
        },
    ),
    (13, Told::Never(RANGES)),
    (14, Told::Never(RANGES)),
    (15, Told::Never(NO_RULES)),
    (16, Told::Never("no resource type puts an address under Anti-DDoS Origin")),
    (
        17,
        Told::Pair {
            both: Change {
                replaced: &[],
                beside: r#"
  FN:
    Type: ALIYUN::FC3::Function
    Properties: {FunctionName: cart, Runtime: python3.12, Handler: index.handler}
  T:
    Type: ALIYUN::FC3::Trigger
    Properties: {FunctionName: cart, TriggerName: http, TriggerType: http, TriggerConfig: '{"authType": "anonymous", "disableURLInternet": @@}'}
  C:
    Type: ALIYUN::FC3::CustomDomain
    Properties:
      DomainName: www.shop.example
      Protocol: HTTP
      RouteConfig:
        Routes:
          - {Path: '/*', FunctionName: cart}
"#,
            },
            differs: ["false", "true"],
            check: "waf-domain-bypassed",
        },
    ),
];

fn evidence(base: &str, name: &str, both: &Change, differs: &str) -> Vec<Batch> {
    let mut text = base.to_owned();
    for (from, to) in both.replaced {
        assert!(text.contains(from), "the shop has no {from}");
        text = text.replace(from, &to.replace("@@", differs));
    }
    text.push_str(&both.beside.replace("@@", differs));
    let inputs = [Input::Bytes { name: name.to_owned(), bytes: text.into_bytes(), live: false }];
    let reading = xiezhi_read::read(&inputs, &xiezhi_read::Options::default());
    assert!(reading.problems.is_empty(), "{:?}", reading.problems);
    for batch in &reading.batches {
        assert!(batch.problems.is_empty(), "{:?}", batch.problems);
    }
    reading.batches
}

/// The cases that are proven.
fn proven(batches: Vec<Batch>) -> BTreeSet<String> {
    let answer = waf(&Ground::new(batches));
    let bypass = |part: &xiezhi_review::ask_network::Part| {
        let of = part.facts.iter().filter(|_| part.verdict == Verdict::No).find(|(name, _)| *name == "bypass");
        of.map(|(_, case)| case.split(' ').next().unwrap_or_default().to_owned())
    };
    answer.parts.iter().filter_map(bypass).collect()
}

/// What a check says of every resource.
fn said(batches: Vec<Batch>, check: &str) -> BTreeSet<&'static str> {
    let set = CheckSet::load(CHECK_FILES.iter().copied());
    let review = xiezhi_review::review(batches, set, xiezhi_review::Options::default());
    let index = review.checks.checks().iter().position(|one| one.id == check).unwrap_or_else(|| panic!("no {check}"));
    let of = review.assessment.verdicts.iter().filter(|verdict| verdict.check == index);
    of.filter(|verdict| verdict.outcome != Outcome::NotApplicable).map(|verdict| verdict.outcome.as_str()).collect()
}

fn every_pair(base: &str, name: &str, cases: &[(u8, Told)]) {
    let mut wrong = Vec::new();
    for (case, told) in cases {
        let Told::Pair { both, differs, check } = told else { continue };
        let [open, closed] = differs.map(|differs| proven(evidence(base, name, both, differs)));
        if open != BTreeSet::from([case.to_string()]) {
            wrong.push(format!("case {case} with the bypass proves {open:?}"));
        }
        if !closed.is_empty() {
            wrong.push(format!("case {case} closed proves {closed:?}"));
        }
        let [open, closed] = differs.map(|differs| said(evidence(base, name, both, differs), check));
        if open != BTreeSet::from(["fail"]) || closed.is_empty() || closed.contains("fail") {
            wrong.push(format!("case {case}: {check} says {open:?} of the bypass and {closed:?} of the closed side"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_shop_as_it_is_has_no_proven_way_around() {
    assert_eq!(proven(evidence(SHOP, "root/main.tf", &PLAIN, "")), BTreeSet::new());
    assert_eq!(proven(evidence(TEMPLATE, "stack.yaml", &PLAIN, "")), BTreeSet::new());
}

#[test]
fn terraform_proves_every_bypass_that_it_can_express_and_no_closed_one() {
    every_pair(SHOP, "root/main.tf", &TERRAFORM);
}

#[test]
fn a_template_proves_every_bypass_that_it_can_express_and_no_closed_one() {
    every_pair(TEMPLATE, "stack.yaml", &ROS);
}

#[test]
fn every_case_of_the_catalogue_has_a_pair_or_a_reason_in_either_format() {
    for cases in [&TERRAFORM, &ROS] {
        let numbers: Vec<u8> = cases.iter().map(|(case, _)| *case).collect();
        assert_eq!(numbers, (1..=17).collect::<Vec<u8>>());
        for (case, told) in cases {
            if let Told::Never(why) = told {
                assert!(why.len() > 20, "case {case}: {why}");
            }
        }
    }
}
