# IPv6 all the way in, but for the route `::/0`, which the system adds and nobody declares.
resource "alicloud_vpc" "v" {
  vpc_name    = "v"
  cidr_block  = "10.0.0.0/8"
  enable_ipv6 = true
}
resource "alicloud_vswitch" "s" {
  vpc_id               = alicloud_vpc.v.id
  cidr_block           = "10.1.0.0/16"
  zone_id              = "cn-hangzhou-h"
  enable_ipv6          = true
  ipv6_cidr_block_mask = 64
}
resource "alicloud_vpc_ipv6_gateway" "g" {
  ipv6_gateway_name = "g"
  vpc_id            = alicloud_vpc.v.id
}
resource "alicloud_security_group" "g" {
  vpc_id = alicloud_vpc.v.id
}
resource "alicloud_security_group_rule" "r" {
  type              = "ingress"
  ip_protocol       = "tcp"
  port_range        = "22/22"
  security_group_id = alicloud_security_group.g.id
  ipv6_cidr_ip      = "::/0"
}
resource "alicloud_instance" "i" {
  instance_type   = "ecs.g7.large"
  image_id        = "x"
  security_groups = [alicloud_security_group.g.id]
  vswitch_id      = alicloud_vswitch.s.id
  ipv6_addresses  = ["2408:4000:1::10"]
}
resource "alicloud_vpc_ipv6_address" "a" {
  vswitch_id   = alicloud_vswitch.s.id
  ipv6_address = "2408:4000:1::10"
}
resource "alicloud_vpc_ipv6_internet_bandwidth" "b" {
  ipv6_address_id      = alicloud_vpc_ipv6_address.a.id
  ipv6_gateway_id      = alicloud_vpc_ipv6_gateway.g.id
  internet_charge_type = "PayByBandwidth"
  bandwidth            = 10
}
