# A client reaches the shop of another VPC by an interface endpoint; no route joins the two VPCs.

variable "zone" {
  default = "cn-hangzhou-h"
}

resource "alicloud_vpc" "client" {
  vpc_name   = "client"
  cidr_block = "10.1.0.0/16"
}

resource "alicloud_vpc" "shop" {
  vpc_name   = "shop"
  cidr_block = "10.2.0.0/16"
}

resource "alicloud_vswitch" "client" {
  vpc_id     = alicloud_vpc.client.id
  cidr_block = "10.1.1.0/24"
  zone_id    = var.zone
}

resource "alicloud_vswitch" "shop" {
  vpc_id     = alicloud_vpc.shop.id
  cidr_block = "10.2.1.0/24"
  zone_id    = var.zone
}

resource "alicloud_security_group" "client" {
  security_group_name = "client"
  vpc_id              = alicloud_vpc.client.id
}

resource "alicloud_security_group" "endpoint" {
  security_group_name = "endpoint"
  vpc_id              = alicloud_vpc.client.id
}

resource "alicloud_security_group_rule" "endpoint_web" {
  security_group_id = alicloud_security_group.endpoint.id
  type              = "ingress"
  ip_protocol       = "tcp"
  port_range        = "80/80"
  cidr_ip           = "10.1.1.0/24"
}

resource "alicloud_security_group" "shop" {
  security_group_name = "shop"
  vpc_id              = alicloud_vpc.shop.id
}

resource "alicloud_instance" "client" {
  instance_name     = "client"
  image_id          = "aliyun_3_x64_20G_alibase_20240528.vhd"
  instance_type     = "ecs.g7.large"
  availability_zone = var.zone
  vswitch_id        = alicloud_vswitch.client.id
  security_groups   = [alicloud_security_group.client.id]
}

resource "alicloud_instance" "server" {
  instance_name     = "server"
  image_id          = "aliyun_3_x64_20G_alibase_20240528.vhd"
  instance_type     = "ecs.g7.large"
  availability_zone = var.zone
  vswitch_id        = alicloud_vswitch.shop.id
  security_groups   = [alicloud_security_group.shop.id]
}

resource "alicloud_slb_load_balancer" "shop" {
  load_balancer_name = "shop"
  address_type       = "intranet"
  load_balancer_spec = "slb.s2.small"
  vswitch_id         = alicloud_vswitch.shop.id
}

resource "alicloud_slb_server_group" "shop" {
  load_balancer_id = alicloud_slb_load_balancer.shop.id
  name             = "shop"
}

resource "alicloud_slb_server_group_server_attachment" "server" {
  server_group_id = alicloud_slb_server_group.shop.id
  server_id       = alicloud_instance.server.id
  port            = 8080
  weight          = 100
}

resource "alicloud_slb_listener" "web" {
  load_balancer_id = alicloud_slb_load_balancer.shop.id
  frontend_port    = 80
  protocol         = "http"
  bandwidth        = -1
  server_group_id  = alicloud_slb_server_group.shop.id
}

resource "alicloud_privatelink_vpc_endpoint_service" "shop" {
  vpc_endpoint_service_name = "shop-service"
  auto_accept_connection    = false
}

resource "alicloud_privatelink_vpc_endpoint_service_resource" "shop" {
  service_id    = alicloud_privatelink_vpc_endpoint_service.shop.id
  resource_id   = alicloud_slb_load_balancer.shop.id
  resource_type = "slb"
  zone_id       = var.zone
}

resource "alicloud_privatelink_vpc_endpoint" "shop" {
  vpc_endpoint_name  = "to-shop"
  service_id         = alicloud_privatelink_vpc_endpoint_service.shop.id
  vpc_id             = alicloud_vpc.client.id
  security_group_ids = [alicloud_security_group.endpoint.id]
}

resource "alicloud_privatelink_vpc_endpoint_zone" "shop" {
  endpoint_id = alicloud_privatelink_vpc_endpoint.shop.id
  vswitch_id  = alicloud_vswitch.client.id
  zone_id     = var.zone
}

resource "alicloud_privatelink_vpc_endpoint_connection" "shop" {
  endpoint_id = alicloud_privatelink_vpc_endpoint.shop.id
  service_id  = alicloud_privatelink_vpc_endpoint_service.shop.id
}

# Somebody else's service: what stands behind it is not in evidence.
resource "alicloud_privatelink_vpc_endpoint" "other" {
  vpc_endpoint_name  = "to-other"
  service_name       = "com.aliyuncs.privatelink.cn-hangzhou.epsrv-bp1other"
  vpc_id             = alicloud_vpc.client.id
  security_group_ids = [alicloud_security_group.endpoint.id]
}

resource "alicloud_privatelink_vpc_endpoint_zone" "other" {
  endpoint_id = alicloud_privatelink_vpc_endpoint.other.id
  vswitch_id  = alicloud_vswitch.client.id
  zone_id     = var.zone
}
