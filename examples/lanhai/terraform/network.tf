resource "alicloud_vpc" "prod" {
  vpc_name   = "lanhai-prod"
  cidr_block = "10.10.0.0/16"
}

resource "alicloud_vswitch" "public" {
  vswitch_name = "public-h"
  vpc_id       = alicloud_vpc.prod.id
  cidr_block   = "10.10.0.0/24"
  zone_id      = "cn-hangzhou-h"
}

resource "alicloud_vswitch" "app" {
  vswitch_name = "app-h"
  vpc_id       = alicloud_vpc.prod.id
  cidr_block   = "10.10.10.0/24"
  zone_id      = "cn-hangzhou-h"
}

resource "alicloud_vswitch" "data" {
  vswitch_name = "data-i"
  vpc_id       = alicloud_vpc.prod.id
  cidr_block   = "10.10.20.0/24"
  zone_id      = "cn-hangzhou-i"
}

resource "alicloud_vpc" "singapore" {
  provider   = alicloud.singapore
  vpc_name   = "lanhai-sgp"
  cidr_block = "10.20.0.0/16"
}

resource "alicloud_vswitch" "singapore_app" {
  provider     = alicloud.singapore
  vswitch_name = "app-a"
  vpc_id       = alicloud_vpc.singapore.id
  cidr_block   = "10.20.10.0/24"
  zone_id      = "ap-southeast-1a"
}

resource "alicloud_security_group" "web" {
  security_group_name = "web"
  vpc_id              = alicloud_vpc.prod.id
  inner_access_policy = "Accept"
}

resource "alicloud_security_group_rule" "web_https" {
  security_group_id = alicloud_security_group.web.id
  type              = "ingress"
  ip_protocol       = "tcp"
  port_range        = "443/443"
  cidr_ip           = "0.0.0.0/0"
}

resource "alicloud_security_group_rule" "web_http" {
  security_group_id = alicloud_security_group.web.id
  type              = "ingress"
  ip_protocol       = "tcp"
  port_range        = "80/80"
  cidr_ip           = "0.0.0.0/0"
}

resource "alicloud_security_group" "bastion" {
  security_group_name = "bastion"
  vpc_id              = alicloud_vpc.prod.id
  inner_access_policy = "Accept"
}

# Planted: SSH from everywhere, "temporary".
resource "alicloud_security_group_rule" "bastion_ssh" {
  security_group_id = alicloud_security_group.bastion.id
  type              = "ingress"
  ip_protocol       = "tcp"
  port_range        = "22/22"
  cidr_ip           = "0.0.0.0/0"
  description       = "ssh, temporary"
}

resource "alicloud_security_group" "data" {
  security_group_name = "data"
  vpc_id              = alicloud_vpc.prod.id
  inner_access_policy = "Drop"
}

resource "alicloud_security_group_rule" "data_mysql" {
  security_group_id = alicloud_security_group.data.id
  type              = "ingress"
  ip_protocol       = "tcp"
  port_range        = "3306/3306"
  cidr_ip           = alicloud_vswitch.app.cidr_block
}

resource "alicloud_security_group_rule" "data_redis" {
  security_group_id = alicloud_security_group.data.id
  type              = "ingress"
  ip_protocol       = "tcp"
  port_range        = "6379/6379"
  cidr_ip           = alicloud_vswitch.app.cidr_block
}

resource "alicloud_security_group" "singapore_app" {
  provider            = alicloud.singapore
  security_group_name = "app"
  vpc_id              = alicloud_vpc.singapore.id
  inner_access_policy = "Accept"
}

# Planted: RDP from everywhere but, by a drop of higher priority, the one office that should have it.
resource "alicloud_security_group_rule" "singapore_rdp" {
  provider          = alicloud.singapore
  security_group_id = alicloud_security_group.singapore_app.id
  type              = "ingress"
  ip_protocol       = "tcp"
  port_range        = "3389/3389"
  cidr_ip           = "0.0.0.0/0"
  priority          = 10
}

resource "alicloud_security_group_rule" "singapore_rdp_office" {
  provider          = alicloud.singapore
  security_group_id = alicloud_security_group.singapore_app.id
  type              = "ingress"
  ip_protocol       = "tcp"
  policy            = "drop"
  port_range        = "3389/3389"
  cidr_ip           = var.office_cidr
  priority          = 1
}

resource "alicloud_security_group_rule" "singapore_https" {
  provider          = alicloud.singapore
  security_group_id = alicloud_security_group.singapore_app.id
  type              = "ingress"
  ip_protocol       = "tcp"
  port_range        = "443/443"
  cidr_ip           = "0.0.0.0/0"
}

resource "alicloud_eip_address" "bastion" {
  bandwidth = "10"
}

resource "alicloud_eip_association" "bastion" {
  allocation_id = alicloud_eip_address.bastion.id
  instance_id   = alicloud_instance.bastion.id
}

resource "alicloud_eip_address" "singapore_app" {
  provider  = alicloud.singapore
  bandwidth = "10"
}

resource "alicloud_eip_association" "singapore_app" {
  provider      = alicloud.singapore
  allocation_id = alicloud_eip_address.singapore_app.id
  instance_id   = alicloud_instance.singapore_app.id
}

resource "alicloud_slb_load_balancer" "shop" {
  load_balancer_name             = "shop"
  address_type                   = "internet"
  load_balancer_spec             = "slb.s2.small"
  master_zone_id                 = "cn-hangzhou-h"
  slave_zone_id                  = "cn-hangzhou-i"
  delete_protection              = "on"
  modification_protection_status = "ConsoleProtection"
}

# Planted: plain HTTP that is not redirected.
resource "alicloud_slb_listener" "http" {
  load_balancer_id = alicloud_slb_load_balancer.shop.id
  frontend_port    = 80
  backend_port     = 80
  protocol         = "http"
  bandwidth        = -1
  listener_forward = "off"
  acl_status       = "off"
  health_check     = "on"
}

# Planted: TLS 1.0 is still offered.
resource "alicloud_slb_listener" "https" {
  load_balancer_id      = alicloud_slb_load_balancer.shop.id
  frontend_port         = 443
  backend_port          = 80
  protocol              = "https"
  bandwidth             = -1
  tls_cipher_policy     = "tls_cipher_policy_1_0"
  acl_status            = "off"
  health_check          = "on"
  server_certificate_id = "1000000000000001_xmpl"
}

resource "alicloud_slb_backend_server" "shop" {
  load_balancer_id = alicloud_slb_load_balancer.shop.id
  backend_servers {
    server_id = alicloud_instance.web1.id
    weight    = 100
  }
}
