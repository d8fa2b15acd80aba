# A data centre behind a leased line at a transit router, whose table learns what the line announces.

resource "alicloud_vpc" "shop" {
  vpc_name   = "shop"
  cidr_block = "10.0.0.0/16"
}

resource "alicloud_vswitch" "app" {
  vpc_id       = alicloud_vpc.shop.id
  cidr_block   = "10.0.3.0/24"
  zone_id      = "cn-hangzhou-h"
}

resource "alicloud_cen_instance" "c" { cen_instance_name = "c" }
resource "alicloud_cen_transit_router" "tr" { cen_id = alicloud_cen_instance.c.id }
resource "alicloud_cen_transit_router_route_table" "hub" { transit_router_id = alicloud_cen_transit_router.tr.transit_router_id }
resource "alicloud_express_connect_physical_connection" "line" { access_point_id = "ap-1" }
resource "alicloud_express_connect_virtual_border_router" "v" {
  virtual_border_router_name = "data-centre"
  physical_connection_id = alicloud_express_connect_physical_connection.line.id
  vlan_id = 1
  local_gateway_ip = "169.254.0.1"
  peer_gateway_ip = "169.254.0.2"
  peering_subnet_mask = "255.255.255.252"
}

resource "alicloud_cen_transit_router_vbr_attachment" "line" {
  cen_id = alicloud_cen_instance.c.id
  transit_router_id = alicloud_cen_transit_router.tr.transit_router_id
  vbr_id = alicloud_express_connect_virtual_border_router.v.id
  auto_publish_route_enabled = true
}

resource "alicloud_cen_transit_router_vpc_attachment" "shop" {
  cen_id = alicloud_cen_instance.c.id
  transit_router_id = alicloud_cen_transit_router.tr.transit_router_id
  vpc_id = alicloud_vpc.shop.id
  auto_publish_route_enabled = false
  zone_mappings {
    zone_id = "cn-hangzhou-h"
    vswitch_id = alicloud_vswitch.app.id
  }
}

resource "alicloud_cen_transit_router_route_table_association" "v" {
  transit_router_route_table_id = alicloud_cen_transit_router_route_table.hub.transit_router_route_table_id
  transit_router_attachment_id  = alicloud_cen_transit_router_vbr_attachment.line.transit_router_attachment_id
}

resource "alicloud_cen_transit_router_route_table_association" "s" {
  transit_router_route_table_id = alicloud_cen_transit_router_route_table.hub.transit_router_route_table_id
  transit_router_attachment_id  = alicloud_cen_transit_router_vpc_attachment.shop.transit_router_attachment_id
}

resource "alicloud_cen_transit_router_route_table_propagation" "v" {
  transit_router_route_table_id = alicloud_cen_transit_router_route_table.hub.transit_router_route_table_id
  transit_router_attachment_id  = alicloud_cen_transit_router_vbr_attachment.line.transit_router_attachment_id # learned
}

resource "alicloud_cen_transit_router_route_entry" "s" {
  transit_router_route_table_id = alicloud_cen_transit_router_route_table.hub.transit_router_route_table_id
  transit_router_route_entry_destination_cidr_block = "10.0.0.0/16"
  transit_router_route_entry_next_hop_type = "Attachment"
  transit_router_route_entry_next_hop_id = alicloud_cen_transit_router_vpc_attachment.shop.transit_router_attachment_id
}

# the line's own routes: learned
resource "alicloud_route_entry" "line" {
  route_table_id        = alicloud_vpc.shop.route_table_id
  destination_cidrblock = "10.8.0.0/16"
  nexthop_type          = "Attachment"
  nexthop_id            = alicloud_cen_transit_router_vpc_attachment.shop.transit_router_attachment_id
}

resource "alicloud_security_group" "app" {
  security_group_name = "app"
  vpc_id              = alicloud_vpc.shop.id
}

resource "alicloud_security_group_rule" "ssh" {
  type              = "ingress"
  ip_protocol       = "tcp"
  port_range        = "22/22"
  policy            = "accept"
  priority          = 1
  security_group_id = alicloud_security_group.app.id
  cidr_ip           = "10.0.0.0/8"
}

resource "alicloud_instance" "app" {
  instance_name   = "app1"
  instance_type   = "ecs.g7.large"
  image_id        = "aliyun_3_x64_20G_alibase.vhd"
  vswitch_id      = alicloud_vswitch.app.id
  security_groups = [alicloud_security_group.app.id]
  private_ip      = "10.0.3.10"
}
