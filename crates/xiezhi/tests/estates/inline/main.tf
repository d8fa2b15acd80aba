# A shop whose internet traffic passes a firewall in line: an IPv4 gateway hands what enters to the endpoint of a Gateway
# Load Balancer, and the shop's vSwitch sends what leaves there too; the appliances stand in a VPC of their own.

resource "alicloud_vpc" "shop" { cidr_block = "10.0.0.0/16" }

resource "alicloud_vswitch" "app" {
  vpc_id     = alicloud_vpc.shop.id
  cidr_block = "10.0.1.0/24"
  zone_id    = "cn-wulanchabu-b"
}

resource "alicloud_vswitch" "gate" {
  vpc_id     = alicloud_vpc.shop.id
  cidr_block = "10.0.9.0/24"
  zone_id    = "cn-wulanchabu-b"
}

resource "alicloud_vpc_ipv4_gateway" "w" {
  vpc_id  = alicloud_vpc.shop.id
  enabled = true
}

# what enters: by the firewall
resource "alicloud_route_table" "entering" {
  vpc_id         = alicloud_vpc.shop.id
  associate_type = "Gateway"
}

resource "alicloud_vpc_gateway_route_table_attachment" "entering" {
  route_table_id  = alicloud_route_table.entering.id
  ipv4_gateway_id = alicloud_vpc_ipv4_gateway.w.id
}

resource "alicloud_route_entry" "entering" {
  route_table_id        = alicloud_route_table.entering.id
  destination_cidrblock = "10.0.1.0/24"
  nexthop_type          = "GatewayLoadBalancerEndpoint"
  nexthop_id            = alicloud_privatelink_vpc_endpoint.gate.id
}

# what leaves: by the firewall, then by the gateway
resource "alicloud_route_table" "app" { vpc_id = alicloud_vpc.shop.id }

resource "alicloud_route_table_attachment" "app" {
  vswitch_id     = alicloud_vswitch.app.id
  route_table_id = alicloud_route_table.app.id
}

resource "alicloud_route_entry" "app" {
  route_table_id        = alicloud_route_table.app.id
  destination_cidrblock = "0.0.0.0/0"
  nexthop_type          = "GatewayLoadBalancerEndpoint"
  nexthop_id            = alicloud_privatelink_vpc_endpoint.gate.id
}

resource "alicloud_route_table" "gate" { vpc_id = alicloud_vpc.shop.id }

resource "alicloud_route_table_attachment" "gate" {
  vswitch_id     = alicloud_vswitch.gate.id
  route_table_id = alicloud_route_table.gate.id
}

resource "alicloud_route_entry" "gate" {
  route_table_id        = alicloud_route_table.gate.id
  destination_cidrblock = "0.0.0.0/0"
  nexthop_type          = "Ipv4Gateway"
  nexthop_id            = alicloud_vpc_ipv4_gateway.w.id
}

resource "alicloud_security_group" "app" {
  security_group_name = "app-group"
  vpc_id              = alicloud_vpc.shop.id
}

resource "alicloud_security_group_rule" "web" {
  security_group_id = alicloud_security_group.app.id
  type              = "ingress"
  ip_protocol       = "tcp"
  port_range        = "443/443"
  cidr_ip           = "0.0.0.0/0"
}

resource "alicloud_instance" "app" {
  instance_name   = "app1"
  vswitch_id      = alicloud_vswitch.app.id
  security_groups = [alicloud_security_group.app.id]
  image_id        = "aliyun_3_x64_20G_alibase.vhd"
  private_ip      = "10.0.1.10"
}

resource "alicloud_eip_address" "app" {}

resource "alicloud_eip_association" "app" {
  allocation_id = alicloud_eip_address.app.id
  instance_id   = alicloud_instance.app.id
}

# the appliances
resource "alicloud_vpc" "security" { cidr_block = "172.16.0.0/16" }

resource "alicloud_vswitch" "security" {
  vpc_id     = alicloud_vpc.security.id
  cidr_block = "172.16.1.0/24"
  zone_id    = "cn-wulanchabu-b"
}

resource "alicloud_security_group" "security" { vpc_id = alicloud_vpc.security.id }

resource "alicloud_instance" "fw" {
  instance_name   = "fw1"
  vswitch_id      = alicloud_vswitch.security.id
  security_groups = [alicloud_security_group.security.id]
  image_id        = "aliyun_3_x64_20G_alibase.vhd"
  private_ip      = "172.16.1.10"
}

resource "alicloud_gwlb_load_balancer" "fw" {
  load_balancer_name = "firewalls"
  vpc_id             = alicloud_vpc.security.id
  address_ip_version = "Ipv4"
  zone_mappings {
    vswitch_id = alicloud_vswitch.security.id
    zone_id    = "cn-wulanchabu-b"
  }
}

resource "alicloud_gwlb_server_group" "fw" {
  vpc_id            = alicloud_vpc.security.id
  server_group_name = "firewalls"
  server_group_type = "Instance"
  protocol          = "GENEVE"
  servers {
    server_id   = alicloud_instance.fw.id
    server_type = "Ecs"
  }
}

resource "alicloud_gwlb_listener" "fw" {
  load_balancer_id = alicloud_gwlb_load_balancer.fw.id
  server_group_id  = alicloud_gwlb_server_group.fw.id
}

resource "alicloud_privatelink_vpc_endpoint_service" "fw" {
  service_resource_type  = "gwlb"
  auto_accept_connection = true
}

resource "alicloud_privatelink_vpc_endpoint_service_resource" "fw" {
  service_id    = alicloud_privatelink_vpc_endpoint_service.fw.id
  resource_id   = alicloud_gwlb_load_balancer.fw.id
  resource_type = "gwlb"
  zone_id       = "cn-wulanchabu-b"
}

resource "alicloud_privatelink_vpc_endpoint" "gate" {
  endpoint_type = "GatewayLoadBalancer"
  service_id    = alicloud_privatelink_vpc_endpoint_service.fw.id
  vpc_id        = alicloud_vpc.shop.id
}

resource "alicloud_privatelink_vpc_endpoint_zone" "gate" {
  endpoint_id = alicloud_privatelink_vpc_endpoint.gate.id
  vswitch_id  = alicloud_vswitch.gate.id
  zone_id     = "cn-wulanchabu-b"
}
