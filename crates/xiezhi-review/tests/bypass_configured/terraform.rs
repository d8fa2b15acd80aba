//! The cases in Terraform.

use super::{Change, RANGES, Told};

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

pub const TERRAFORM: [(u8, Told); 17] = [
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
