# DNAT all the way in, but for the route 0.0.0.0/0, which the system adds and nobody declares.
resource "alicloud_vpc" "v" {
  vpc_name   = "v"
  cidr_block = "10.0.0.0/8"
}
resource "alicloud_vswitch" "a" {
  vpc_id     = alicloud_vpc.v.id
  cidr_block = "10.1.0.0/24"
  zone_id    = "cn-hangzhou-h"
}
resource "alicloud_security_group" "g" {
  security_group_name = "g"
  vpc_id              = alicloud_vpc.v.id
}
resource "alicloud_security_group_rule" "in" {
  type              = "ingress"
  ip_protocol       = "tcp"
  port_range        = "8000/8010"
  cidr_ip           = "0.0.0.0/0"
  policy            = "accept"
  priority          = 1
  security_group_id = alicloud_security_group.g.id
}
resource "alicloud_instance" "one" {
  instance_name   = "one"
  instance_type   = "ecs.g7.large"
  image_id        = "aliyun_3_x64_20G_alibase_20240819.vhd"
  vswitch_id      = alicloud_vswitch.a.id
  private_ip      = "10.1.0.10"
  security_groups = [alicloud_security_group.g.id]
}
resource "alicloud_nat_gateway" "n" {
  vpc_id           = alicloud_vpc.v.id
  nat_gateway_name = "n"
  nat_type         = "Enhanced"
  vswitch_id       = alicloud_vswitch.a.id
  payment_type     = "PayAsYouGo"
}
resource "alicloud_eip_address" "n" {
  address_name = "n"
}
resource "alicloud_eip_association" "n" {
  allocation_id = alicloud_eip_address.n.id
  instance_id   = alicloud_nat_gateway.n.id
}
resource "alicloud_forward_entry" "f" {
  forward_table_id = alicloud_nat_gateway.n.forward_table_ids
  external_ip      = alicloud_eip_address.n.ip_address
  external_port    = "18000/18010"
  ip_protocol      = "tcp"
  internal_ip      = "10.1.0.10"
  internal_port    = "8005/8015"
}
