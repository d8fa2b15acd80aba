resource "alicloud_cloud_firewall_nat_firewall" "n" {
  nat_gateway_id  = alicloud_nat_gateway.n.id
  vpc_id          = alicloud_vpc.v.id
  proxy_name      = "border"
  region_no       = "cn-hangzhou"
  status          = "normal"
  strict_mode     = 1
  nat_route_entry_list {
    nexthop_type     = "NatGateway"
    route_table_id   = alicloud_route_table.r.id
    nexthop_id       = alicloud_nat_gateway.n.id
    destination_cidr = "0.0.0.0/0"
  }
}
resource "alicloud_cloud_firewall_nat_firewall_control_policy" "partner" {
  nat_gateway_id        = alicloud_nat_gateway.n.id
  acl_action            = "accept"
  application_name_list = ["ANY"]
  description           = "partner"
  destination           = "47.110.0.0/24"
  destination_type      = "net"
  direction             = "out"
  proto                 = "TCP"
  source                = "10.1.1.0/24"
  source_type           = "net"
  dest_port             = "5432/5432"
  dest_port_type        = "port"
  new_order             = 1
}
resource "alicloud_cloud_firewall_nat_firewall_control_policy" "rest" {
  nat_gateway_id        = alicloud_nat_gateway.n.id
  acl_action            = "drop"
  application_name_list = ["ANY"]
  description           = "rest"
  destination           = "0.0.0.0/0"
  destination_type      = "net"
  direction             = "out"
  proto                 = "ANY"
  source                = "0.0.0.0/0"
  source_type           = "net"
  new_order             = 2
}
