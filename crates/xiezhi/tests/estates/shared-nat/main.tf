# Two VPCs at a transit router: the spoke sends what is for the internet to the hub, whose NAT gateway translates it.

resource "alicloud_vpc" "hub" { cidr_block = "10.0.0.0/16" }
resource "alicloud_vpc" "spoke" { cidr_block = "10.1.0.0/16" }

resource "alicloud_vswitch" "hub" {
  vpc_id     = alicloud_vpc.hub.id
  cidr_block = "10.0.1.0/24"
  zone_id    = "cn-chengdu-a"
}

resource "alicloud_vswitch" "spoke" {
  vpc_id     = alicloud_vpc.spoke.id
  cidr_block = "10.1.1.0/24"
  zone_id    = "cn-chengdu-a"
}

resource "alicloud_security_group" "app" {
  security_group_name = "app-group"
  vpc_id              = alicloud_vpc.spoke.id
}

resource "alicloud_instance" "app" {
  instance_name   = "app1"
  vswitch_id      = alicloud_vswitch.spoke.id
  security_groups = [alicloud_security_group.app.id]
  image_id        = "aliyun_3_x64_20G_alibase.vhd"
  private_ip      = "10.1.1.10"
}

resource "alicloud_nat_gateway" "hub" {
  vpc_id       = alicloud_vpc.hub.id
  vswitch_id   = alicloud_vswitch.hub.id
  nat_type     = "Enhanced"
  network_type = "internet"
}

resource "alicloud_eip_address" "hub" {}

resource "alicloud_eip_association" "hub" {
  allocation_id = alicloud_eip_address.hub.id
  instance_id   = alicloud_nat_gateway.hub.id
}

resource "alicloud_snat_entry" "spoke" {
  snat_table_id = alicloud_nat_gateway.hub.snat_table_ids
  source_cidr   = "10.1.0.0/16"
  snat_ip       = alicloud_eip_address.hub.ip_address
}

resource "alicloud_cen_instance" "c" { cen_instance_name = "c" }
resource "alicloud_cen_transit_router" "tr" { cen_id = alicloud_cen_instance.c.id }

resource "alicloud_cen_transit_router_vpc_attachment" "hub" {
  transit_router_id          = alicloud_cen_transit_router.tr.transit_router_id
  vpc_id                     = alicloud_vpc.hub.id
  auto_publish_route_enabled = false
  zone_mappings {
    zone_id    = "cn-chengdu-a"
    vswitch_id = alicloud_vswitch.hub.id
  }
}

resource "alicloud_cen_transit_router_vpc_attachment" "spoke" {
  transit_router_id          = alicloud_cen_transit_router.tr.transit_router_id
  vpc_id                     = alicloud_vpc.spoke.id
  auto_publish_route_enabled = false
  zone_mappings {
    zone_id    = "cn-chengdu-a"
    vswitch_id = alicloud_vswitch.spoke.id
  }
}

resource "alicloud_cen_transit_router_route_table" "t" {
  transit_router_id = alicloud_cen_transit_router.tr.transit_router_id
}

resource "alicloud_cen_transit_router_route_table_association" "hub" {
  transit_router_route_table_id = alicloud_cen_transit_router_route_table.t.transit_router_route_table_id
  transit_router_attachment_id  = alicloud_cen_transit_router_vpc_attachment.hub.transit_router_attachment_id
}

resource "alicloud_cen_transit_router_route_table_association" "spoke" {
  transit_router_route_table_id = alicloud_cen_transit_router_route_table.t.transit_router_route_table_id
  transit_router_attachment_id  = alicloud_cen_transit_router_vpc_attachment.spoke.transit_router_attachment_id
}

# what the router knows: the spoke's range
resource "alicloud_cen_transit_router_route_table_propagation" "spoke" {
  transit_router_route_table_id = alicloud_cen_transit_router_route_table.t.transit_router_route_table_id
  transit_router_attachment_id  = alicloud_cen_transit_router_vpc_attachment.spoke.transit_router_attachment_id
}

# and the way out, by the hub
resource "alicloud_cen_transit_router_route_entry" "out" {
  transit_router_route_table_id                     = alicloud_cen_transit_router_route_table.t.transit_router_route_table_id
  transit_router_route_entry_destination_cidr_block = "0.0.0.0/0"
  transit_router_route_entry_next_hop_type          = "Attachment"
  transit_router_route_entry_next_hop_id            = alicloud_cen_transit_router_vpc_attachment.hub.transit_router_attachment_id
}

resource "alicloud_route_entry" "spoke" {
  route_table_id        = alicloud_vpc.spoke.route_table_id
  destination_cidrblock = "0.0.0.0/0"
  nexthop_type          = "Attachment"
  nexthop_id            = alicloud_cen_transit_router_vpc_attachment.spoke.transit_router_attachment_id
}

resource "alicloud_route_entry" "hub-out" {
  route_table_id        = alicloud_vpc.hub.route_table_id
  destination_cidrblock = "0.0.0.0/0"
  nexthop_type          = "NatGateway"
  nexthop_id            = alicloud_nat_gateway.hub.id
}

resource "alicloud_route_entry" "hub-back" {
  route_table_id        = alicloud_vpc.hub.route_table_id
  destination_cidrblock = "10.1.0.0/16"
  nexthop_type          = "Attachment"
  nexthop_id            = alicloud_cen_transit_router_vpc_attachment.hub.transit_router_attachment_id
}
