# An ALB and an NLB inside one VPC, each with its servers, and a client that reaches them.

variable "zone" {
  default = "cn-hangzhou-h"
}

resource "alicloud_vpc" "shop" {
  vpc_name   = "shop"
  cidr_block = "10.0.0.0/16"
}

resource "alicloud_vswitch" "client" {
  vswitch_name = "clients"
  vpc_id       = alicloud_vpc.shop.id
  cidr_block   = "10.0.1.0/24"
  zone_id      = var.zone
}

resource "alicloud_vswitch" "balancers" {
  vswitch_name = "balancers"
  vpc_id       = alicloud_vpc.shop.id
  cidr_block   = "10.0.2.0/24"
  zone_id      = var.zone
}

resource "alicloud_vswitch" "servers" {
  vswitch_name = "servers"
  vpc_id       = alicloud_vpc.shop.id
  cidr_block   = "10.0.3.0/24"
  zone_id      = var.zone
}

resource "alicloud_security_group" "client" {
  security_group_name = "client"
  vpc_id              = alicloud_vpc.shop.id
}

# Only what comes from the balancers' vSwitch may reach the servers.
resource "alicloud_security_group" "servers" {
  security_group_name = "servers"
  vpc_id              = alicloud_vpc.shop.id
  inner_access_policy = "Drop"
}

resource "alicloud_security_group_rule" "from_balancers" {
  security_group_id = alicloud_security_group.servers.id
  type              = "ingress"
  ip_protocol       = "tcp"
  port_range        = "8080/8081"
  cidr_ip           = "10.0.2.0/24"
}

resource "alicloud_instance" "client" {
  instance_name     = "client"
  image_id          = "aliyun_3_x64_20G_alibase_20240528.vhd"
  instance_type     = "ecs.g7.large"
  availability_zone = var.zone
  vswitch_id        = alicloud_vswitch.client.id
  security_groups   = [alicloud_security_group.client.id]
  private_ip        = "10.0.1.10"
}

resource "alicloud_instance" "web" {
  instance_name     = "web"
  image_id          = "aliyun_3_x64_20G_alibase_20240528.vhd"
  instance_type     = "ecs.g7.large"
  availability_zone = var.zone
  vswitch_id        = alicloud_vswitch.servers.id
  security_groups   = [alicloud_security_group.servers.id]
  private_ip        = "10.0.3.10"
}

resource "alicloud_instance" "beta" {
  instance_name     = "beta"
  image_id          = "aliyun_3_x64_20G_alibase_20240528.vhd"
  instance_type     = "ecs.g7.large"
  availability_zone = var.zone
  vswitch_id        = alicloud_vswitch.servers.id
  security_groups   = [alicloud_security_group.servers.id]
  private_ip        = "10.0.3.11"
}

resource "alicloud_alb_load_balancer" "web" {
  load_balancer_name    = "web-alb"
  address_type          = "Intranet"
  load_balancer_edition = "Basic"
  vpc_id                = alicloud_vpc.shop.id
  zone_mappings {
    zone_id    = var.zone
    vswitch_id = alicloud_vswitch.balancers.id
    load_balancer_addresses {
      intranet_address = "10.0.2.20"
    }
  }
}

resource "alicloud_alb_server_group" "web" {
  server_group_name = "web"
  vpc_id            = alicloud_vpc.shop.id
  protocol          = "HTTP"
  health_check_config {
    health_check_enabled = true
  }
  servers {
    server_id   = alicloud_instance.web.id
    server_type = "Ecs"
    port        = 8080
    weight      = 100
  }
}

resource "alicloud_alb_server_group" "beta" {
  server_group_name = "beta"
  vpc_id            = alicloud_vpc.shop.id
  protocol          = "HTTP"
  health_check_config {
    health_check_enabled = true
  }
  servers {
    server_id   = alicloud_instance.beta.id
    server_type = "Ecs"
    port        = 8081
    weight      = 100
  }
}

resource "alicloud_alb_listener" "web" {
  load_balancer_id  = alicloud_alb_load_balancer.web.id
  listener_protocol = "HTTP"
  listener_port     = 80
  default_actions {
    type = "ForwardGroup"
    forward_group_config {
      server_group_tuples {
        server_group_id = alicloud_alb_server_group.web.id
      }
    }
  }
}

resource "alicloud_alb_rule" "beta" {
  rule_name   = "beta"
  listener_id = alicloud_alb_listener.web.id
  priority    = 10
  rule_conditions {
    type = "Path"
    path_config {
      values = ["/beta/*"]
    }
  }
  rule_actions {
    order = 1
    type  = "ForwardGroup"
    forward_group_config {
      server_group_tuples {
        server_group_id = alicloud_alb_server_group.beta.id
      }
    }
  }
}

resource "alicloud_nlb_load_balancer" "tcp" {
  load_balancer_name = "tcp-nlb"
  address_type       = "Intranet"
  vpc_id             = alicloud_vpc.shop.id
  zone_mappings {
    zone_id              = var.zone
    vswitch_id           = alicloud_vswitch.balancers.id
    private_ipv4_address = "10.0.2.30"
  }
}

resource "alicloud_nlb_server_group" "tcp" {
  server_group_name          = "tcp"
  vpc_id                     = alicloud_vpc.shop.id
  protocol                   = "TCP"
  preserve_client_ip_enabled = false
  health_check {
    health_check_enabled = true
  }
}

resource "alicloud_nlb_server_group_server_attachment" "web" {
  server_group_id = alicloud_nlb_server_group.tcp.id
  server_id       = alicloud_instance.web.id
  server_type     = "Ecs"
  port            = 8080
  weight          = 100
}

resource "alicloud_nlb_listener" "tcp" {
  load_balancer_id  = alicloud_nlb_load_balancer.tcp.id
  listener_protocol = "TCP"
  listener_port     = 443
  server_group_id   = alicloud_nlb_server_group.tcp.id
}
