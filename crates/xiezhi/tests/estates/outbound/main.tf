resource "alicloud_vpc" "v" {
  cidr_block = "10.1.0.0/16"
}

resource "alicloud_vswitch" "public" {
  vpc_id     = alicloud_vpc.v.id
  cidr_block = "10.1.0.0/24"
  zone_id    = "cn-hangzhou-i"
}

resource "alicloud_vswitch" "app" {
  vpc_id     = alicloud_vpc.v.id
  cidr_block = "10.1.1.0/24"
  zone_id    = "cn-hangzhou-i"
}

resource "alicloud_vswitch" "data" {
  vpc_id     = alicloud_vpc.v.id
  cidr_block = "10.1.2.0/24"
  zone_id    = "cn-hangzhou-i"
}

resource "alicloud_nat_gateway" "n" {
  vpc_id     = alicloud_vpc.v.id
  vswitch_id = alicloud_vswitch.public.id
  nat_type   = "Enhanced"
}

resource "alicloud_eip_address" "nat" {
  address_name = "nat"
}

resource "alicloud_eip_association" "nat" {
  allocation_id = alicloud_eip_address.nat.id
  instance_id   = alicloud_nat_gateway.n.id
  instance_type = "Nat"
}

# Only the application tier is translated.
resource "alicloud_snat_entry" "app" {
  snat_table_id     = alicloud_nat_gateway.n.snat_table_ids
  source_vswitch_id = alicloud_vswitch.app.id
  snat_ip           = alicloud_eip_address.nat.ip_address
}

resource "alicloud_route_table" "r" {
  vpc_id = alicloud_vpc.v.id
}

resource "alicloud_route_table_attachment" "app" {
  vswitch_id     = alicloud_vswitch.app.id
  route_table_id = alicloud_route_table.r.id
}

resource "alicloud_route_table_attachment" "data" {
  vswitch_id     = alicloud_vswitch.data.id
  route_table_id = alicloud_route_table.r.id
}

resource "alicloud_route_entry" "out" {
  route_table_id        = alicloud_route_table.r.id
  destination_cidrblock = "0.0.0.0/0"
  nexthop_type          = "NatGateway"
  nexthop_id            = alicloud_nat_gateway.n.id
}

resource "alicloud_security_group" "basic" {
  vpc_id              = alicloud_vpc.v.id
  security_group_type = "normal"
}

resource "alicloud_security_group_rule" "no_ssh_out" {
  security_group_id = alicloud_security_group.basic.id
  type              = "egress"
  policy            = "drop"
  ip_protocol       = "tcp"
  port_range        = "22/22"
  cidr_ip           = "0.0.0.0/0"
  priority          = 1
}

resource "alicloud_security_group_rule" "no_ssh_out_by_udp" {
  security_group_id = alicloud_security_group.basic.id
  type              = "egress"
  policy            = "drop"
  ip_protocol       = "udp"
  port_range        = "22/22"
  cidr_ip           = "0.0.0.0/0"
  priority          = 1
}

resource "alicloud_security_group" "strict" {
  vpc_id              = alicloud_vpc.v.id
  security_group_type = "enterprise"
}

resource "alicloud_security_group_rule" "https_out" {
  security_group_id = alicloud_security_group.strict.id
  type              = "egress"
  policy            = "accept"
  ip_protocol       = "tcp"
  port_range        = "443/443"
  cidr_ip           = "0.0.0.0/0"
  priority          = 1
}

resource "alicloud_security_group_rule" "partner_out" {
  security_group_id = alicloud_security_group.strict.id
  type              = "egress"
  policy            = "accept"
  ip_protocol       = "tcp"
  port_range        = "5432/5432"
  cidr_ip           = "47.110.0.0/24"
  priority          = 1
}

resource "alicloud_instance" "web" {
  vswitch_id      = alicloud_vswitch.public.id
  security_groups = [alicloud_security_group.basic.id]
  private_ip      = "10.1.0.10"
}

resource "alicloud_eip_address" "web" {
  address_name = "web"
}

resource "alicloud_eip_association" "web" {
  allocation_id = alicloud_eip_address.web.id
  instance_id   = alicloud_instance.web.id
}

resource "alicloud_instance" "app" {
  count           = 2
  vswitch_id      = alicloud_vswitch.app.id
  security_groups = [alicloud_security_group.strict.id]
}

resource "alicloud_instance" "data" {
  vswitch_id      = alicloud_vswitch.data.id
  security_groups = [alicloud_security_group.basic.id]
}
