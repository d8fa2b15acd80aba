# A shop in three tiers. The network ACL of the data tier admits only the application's subnet on the database port,
# though the data group admits SSH from the whole VPC. A second VPC uses the same addresses and is not joined.

resource "alicloud_vpc" "shop" {
  vpc_name   = "shop"
  cidr_block = "10.0.0.0/16"
}

resource "alicloud_vpc" "lab" {
  vpc_name   = "lab"
  cidr_block = "10.0.128.0/17"
}

resource "alicloud_vswitch" "web" {
  vswitch_name = "web-subnet"
  vpc_id       = alicloud_vpc.shop.id
  cidr_block   = "10.0.1.0/24"
  zone_id      = "cn-hangzhou-h"
}

resource "alicloud_vswitch" "app" {
  vswitch_name = "app-subnet"
  vpc_id       = alicloud_vpc.shop.id
  cidr_block   = "10.0.2.0/24"
  zone_id      = "cn-hangzhou-h"
}

resource "alicloud_vswitch" "data" {
  vswitch_name = "data-subnet"
  vpc_id       = alicloud_vpc.shop.id
  cidr_block   = "10.0.3.0/24"
  zone_id      = "cn-hangzhou-h"
}

resource "alicloud_vswitch" "lab" {
  vswitch_name = "lab-subnet"
  vpc_id       = alicloud_vpc.lab.id
  cidr_block   = "10.0.129.0/24"
  zone_id      = "cn-hangzhou-h"
}

resource "alicloud_network_acl" "data" {
  vpc_id           = alicloud_vpc.shop.id
  network_acl_name = "data"
  ingress_acl_entries {
    network_acl_entry_name = "from-app"
    protocol               = "tcp"
    port                   = "3306/3306"
    source_cidr_ip         = "10.0.2.0/24"
    policy                 = "accept"
  }
  egress_acl_entries {
    network_acl_entry_name = "replies"
    protocol               = "tcp"
    port                   = "1024/65535"
    destination_cidr_ip    = "10.0.2.0/24"
    policy                 = "accept"
  }
  resources {
    resource_id   = alicloud_vswitch.data.id
    resource_type = "VSwitch"
  }
}

resource "alicloud_security_group" "web" {
  security_group_name = "web-group"
  vpc_id              = alicloud_vpc.shop.id
  inner_access_policy = "Drop"
}

resource "alicloud_security_group" "app" {
  security_group_name = "app-group"
  vpc_id              = alicloud_vpc.shop.id
  inner_access_policy = "Drop"
}

resource "alicloud_security_group" "data" {
  security_group_name = "data-group"
  vpc_id              = alicloud_vpc.shop.id
  inner_access_policy = "Drop"
}

resource "alicloud_security_group" "lab" {
  security_group_name = "lab-group"
  vpc_id              = alicloud_vpc.lab.id
  inner_access_policy = "Drop"
}

resource "alicloud_security_group_rule" "web_https" {
  security_group_id = alicloud_security_group.web.id
  type              = "ingress"
  ip_protocol       = "tcp"
  port_range        = "443/443"
  cidr_ip           = "0.0.0.0/0"
}

resource "alicloud_security_group_rule" "app_from_web" {
  security_group_id        = alicloud_security_group.app.id
  type                     = "ingress"
  ip_protocol              = "tcp"
  port_range               = "8080/8080"
  source_security_group_id = alicloud_security_group.web.id
}

resource "alicloud_security_group_rule" "data_from_app" {
  security_group_id        = alicloud_security_group.data.id
  type                     = "ingress"
  ip_protocol              = "tcp"
  port_range               = "3306/3306"
  source_security_group_id = alicloud_security_group.app.id
}

resource "alicloud_security_group_rule" "data_ssh" {
  security_group_id = alicloud_security_group.data.id
  type              = "ingress"
  ip_protocol       = "tcp"
  port_range        = "22/22"
  cidr_ip           = "10.0.0.0/16"
}

resource "alicloud_security_group_rule" "lab_all" {
  security_group_id = alicloud_security_group.lab.id
  type              = "ingress"
  ip_protocol       = "all"
  port_range        = "-1/-1"
  cidr_ip           = "0.0.0.0/0"
}

resource "alicloud_instance" "web" {
  instance_name   = "web1"
  vswitch_id      = alicloud_vswitch.web.id
  private_ip      = "10.0.1.10"
  security_groups = [alicloud_security_group.web.id]
  image_id        = "ubuntu_24_04_x64"
}

resource "alicloud_instance" "app" {
  instance_name   = "app1"
  vswitch_id      = alicloud_vswitch.app.id
  private_ip      = "10.0.2.10"
  security_groups = [alicloud_security_group.app.id]
  image_id        = "ubuntu_24_04_x64"
}

resource "alicloud_instance" "data" {
  instance_name   = "db1"
  vswitch_id      = alicloud_vswitch.data.id
  private_ip      = "10.0.3.10"
  security_groups = [alicloud_security_group.data.id]
  image_id        = "ubuntu_24_04_x64"
}

resource "alicloud_instance" "lab" {
  instance_name   = "lab1"
  vswitch_id      = alicloud_vswitch.lab.id
  private_ip      = "10.0.129.10"
  security_groups = [alicloud_security_group.lab.id]
  image_id        = "ubuntu_24_04_x64"
}

resource "alicloud_eip_address" "web" {}

resource "alicloud_eip_association" "web" {
  allocation_id = alicloud_eip_address.web.id
  instance_id   = alicloud_instance.web.id
}
