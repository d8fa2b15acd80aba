# A shop behind WAF whose origin, a classic load balancer, admits WAF's ranges only.
resource "alicloud_vpc" "v" {
  cidr_block = "10.0.0.0/16"
}
resource "alicloud_vswitch" "s" {
  vpc_id     = alicloud_vpc.v.id
  cidr_block = "10.0.1.0/24"
  zone_id    = "cn-hangzhou-h"
}
resource "alicloud_security_group" "g" {
  vpc_id = alicloud_vpc.v.id
}
resource "alicloud_security_group_rule" "web" {
  security_group_id = alicloud_security_group.g.id
  type              = "ingress"
  ip_protocol       = "tcp"
  port_range        = "80/80"
  cidr_ip           = "10.0.0.0/8"
}
resource "alicloud_instance" "i" {
  image_id        = "aliyun_3"
  instance_type   = "ecs.g7.large"
  security_groups = [alicloud_security_group.g.id]
  vswitch_id      = alicloud_vswitch.s.id
}
resource "alicloud_slb_load_balancer" "b" {
  load_balancer_name = "shop"
  address_type       = "internet"
}
resource "alicloud_slb_backend_server" "b" {
  load_balancer_id = alicloud_slb_load_balancer.b.id
  backend_servers {
    server_id = alicloud_instance.i.id
    weight    = 100
  }
}
resource "alicloud_slb_acl" "waf" {
  name = "waf"
}
resource "alicloud_slb_acl_entry_attachment" "waf" {
  acl_id = alicloud_slb_acl.waf.id
  entry  = "39.96.130.0/24"
}
resource "alicloud_slb_listener" "l" {
  load_balancer_id = alicloud_slb_load_balancer.b.id
  frontend_port    = 80
  backend_port     = 80
  protocol         = "http"
  acl_status       = "on"
  acl_type         = "white"
  acl_id           = alicloud_slb_acl.waf.id
}
resource "alicloud_wafv3_instance" "w" {}
resource "alicloud_wafv3_domain" "d" {
  instance_id = alicloud_wafv3_instance.w.id
  domain      = "www.shop.example"
  listen {
    http_ports = [80]
  }
  redirect {
    backends    = [alicloud_slb_load_balancer.b.address]
    loadbalance = "iphash"
  }
}
resource "alicloud_wafv3_defense_template" "t" {
  instance_id           = alicloud_wafv3_instance.w.id
  defense_template_name = "base"
  defense_scene         = "waf_base"
  template_type         = "user_default"
  template_origin       = "custom"
  status                = "1"
}
resource "alicloud_wafv3_defense_rule" "r" {
  instance_id   = alicloud_wafv3_instance.w.id
  template_id   = alicloud_wafv3_defense_template.t.defense_template_id
  defense_scene = "waf_base"
  defense_type  = "template"
  rule_status   = 1
  config {
    rule_action = "block"
  }
}
