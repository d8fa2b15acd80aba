# An office behind an IPsec connection and home workers behind an SSL-VPN server of one gateway; stores whose white lists
# name the office, or not.

resource "alicloud_vpc" "shop" {
  vpc_name   = "shop"
  cidr_block = "10.0.0.0/16"
}

resource "alicloud_vswitch" "data" {
  vswitch_name = "data-subnet"
  vpc_id       = alicloud_vpc.shop.id
  cidr_block   = "10.0.3.0/24"
  zone_id      = "cn-hangzhou-h"
}

resource "alicloud_vpn_gateway" "office" {
  vpn_gateway_name = "office"
  vpc_id           = alicloud_vpc.shop.id
  bandwidth        = 10
  enable_ssl       = true
  vswitch_id       = alicloud_vswitch.data.id
}

resource "alicloud_vpn_customer_gateway" "hq" {
  ip_address = "203.0.113.50"
}

resource "alicloud_vpn_connection" "hq" {
  vpn_connection_name = "hq"
  vpn_gateway_id      = alicloud_vpn_gateway.office.id
  customer_gateway_id = alicloud_vpn_customer_gateway.hq.id
  local_subnet        = ["10.0.0.0/16"]
  remote_subnet       = ["192.168.0.0/16"]
}

resource "alicloud_ssl_vpn_server" "home" {
  name           = "home"
  vpn_gateway_id = alicloud_vpn_gateway.office.id
  client_ip_pool = "10.250.0.0/24"
  local_subnet   = "10.0.3.0/24"
}

resource "alicloud_route_entry" "hq" {
  route_table_id        = alicloud_vpc.shop.route_table_id
  destination_cidrblock = "192.168.0.0/16"
  nexthop_type          = "VpnGateway"
  nexthop_id            = alicloud_vpn_gateway.office.id
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
  cidr_ip           = "192.168.7.0/24"
}

resource "alicloud_instance" "app" {
  instance_name   = "app1"
  instance_type   = "ecs.g7.large"
  image_id        = "aliyun_3_x64_20G_alibase.vhd"
  vswitch_id      = alicloud_vswitch.data.id
  security_groups = [alicloud_security_group.app.id]
  private_ip      = "10.0.3.10"
}

resource "alicloud_polardb_cluster" "orders" {
  db_type       = "MySQL"
  db_version    = "8.0"
  db_node_class = "polar.mysql.x4.medium"
  vswitch_id    = alicloud_vswitch.data.id
  security_ips  = ["192.168.7.0/24", "10.0.3.0/24"]
}

resource "alicloud_mongodb_instance" "carts" {
  engine_version      = "5.0"
  db_instance_class   = "mdb.shard.2x.xlarge.d"
  db_instance_storage = 20
  vswitch_id          = alicloud_vswitch.data.id
  vpc_id              = alicloud_vpc.shop.id
  security_ip_list    = ["10.0.3.10"]
}

resource "alicloud_alikafka_instance" "events" {
  name        = "events"
  disk_type   = 1
  disk_size   = 500
  deploy_type = 5
  io_max      = 20
  vswitch_id  = alicloud_vswitch.data.id
  vpc_id      = alicloud_vpc.shop.id
}

resource "alicloud_alikafka_instance_allowed_ip_attachment" "office" {
  instance_id  = alicloud_alikafka_instance.events.id
  allowed_type = "vpc"
  port_range   = "9092/9092"
  allowed_ip   = "192.168.0.0/16"
}
