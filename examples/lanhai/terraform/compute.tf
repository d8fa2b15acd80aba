resource "alicloud_instance" "web1" {
  instance_name                 = "web-1"
  instance_type                 = "ecs.g7.large"
  image_id                      = "aliyun_3_x64_20G_alibase_20250117.vhd"
  vswitch_id                    = alicloud_vswitch.public.id
  private_ip                    = "10.10.0.11"
  security_groups               = [alicloud_security_group.web.id]
  role_name                     = alicloud_ram_role.app.role_name
  key_name                      = "lanhai-ops"
  http_endpoint                 = "enabled"
  http_tokens                   = "required"
  deletion_protection           = true
  system_disk_encrypted         = true
  system_disk_kms_key_id        = alicloud_kms_key.customer_data.id
  user_data                     = base64encode("#!/bin/sh\n/opt/start.sh\n")
  tags                          = local.prod
}

# Planted: an AccessKey in user data, metadata without token, no instance role, an unencrypted disk.
resource "alicloud_instance" "bastion" {
  instance_name         = "bastion"
  instance_type         = "ecs.g7.large"
  image_id              = "aliyun_3_x64_20G_alibase_20250117.vhd"
  vswitch_id            = alicloud_vswitch.public.id
  private_ip            = "10.10.0.5"
  security_groups       = [alicloud_security_group.bastion.id]
  http_endpoint         = "enabled"
  http_tokens           = "optional"
  deletion_protection   = false
  system_disk_encrypted = false
  user_data             = base64encode("#!/bin/sh\nexport ALIBABA_CLOUD_ACCESS_KEY_ID=LTAI5tEXAMPLExiezhi00001\nexport ALIBABA_CLOUD_ACCESS_KEY_SECRET=ExampleOnlyNotARealSecret00001\n/opt/backup.sh\n")
  tags                  = local.prod
}

resource "alicloud_instance" "app1" {
  instance_name          = "app-1"
  instance_type          = "ecs.g7.large"
  image_id               = "aliyun_3_x64_20G_alibase_20250117.vhd"
  vswitch_id             = alicloud_vswitch.app.id
  private_ip             = "10.10.10.21"
  security_groups        = [alicloud_security_group.data.id]
  role_name              = alicloud_ram_role.app.role_name
  key_name               = "lanhai-ops"
  http_endpoint          = "enabled"
  http_tokens            = "required"
  deletion_protection    = true
  system_disk_encrypted  = true
  system_disk_kms_key_id = alicloud_kms_key.customer_data.id
  user_data              = base64encode("#!/bin/sh\n/opt/start.sh\n")
  tags                   = local.prod
}

resource "alicloud_ecs_disk" "app1_data" {
  disk_name   = "d-hz0app1data"
  zone_id     = "cn-hangzhou-h"
  category    = "cloud_essd"
  size        = 200
  encrypted   = true
  kms_key_id  = alicloud_kms_key.customer_data.id
}

resource "alicloud_ecs_auto_snapshot_policy" "daily" {
  name            = "lanhai-daily"
  repeat_weekdays = ["1", "2", "3", "4", "5", "6", "7"]
  time_points     = ["2"]
  retention_days  = 30
}

resource "alicloud_ecs_auto_snapshot_policy_attachment" "app1_data" {
  auto_snapshot_policy_id = alicloud_ecs_auto_snapshot_policy.daily.id
  disk_id                 = alicloud_ecs_disk.app1_data.id
}

resource "alicloud_ecs_disk_attachment" "app1_data" {
  disk_id     = alicloud_ecs_disk.app1_data.id
  instance_id = alicloud_instance.app1.id
}

# Planted: a Windows host with RDP from the internet, no role, no key pair, nothing encrypted.
resource "alicloud_instance" "singapore_app" {
  provider              = alicloud.singapore
  instance_name         = "sgp-app-1"
  instance_type         = "ecs.g7.large"
  image_id              = "win2022_21H2_x64_dtc_zh-cn_40G_alibase_20250116.vhd"
  vswitch_id            = alicloud_vswitch.singapore_app.id
  private_ip            = "10.20.10.11"
  security_groups       = [alicloud_security_group.singapore_app.id]
  http_endpoint         = "enabled"
  http_tokens           = "optional"
  deletion_protection   = true
  system_disk_encrypted = false
  user_data             = base64encode("#!/bin/sh\n/opt/start.sh\n")
  tags                  = local.prod
}

resource "alicloud_ecs_disk" "singapore_app_data" {
  provider  = alicloud.singapore
  disk_name = "d-sgp0app1data"
  zone_id   = "ap-southeast-1a"
  category  = "cloud_essd"
  size      = 200
  encrypted = false
}

resource "alicloud_ecs_disk_attachment" "singapore_app_data" {
  provider    = alicloud.singapore
  disk_id     = alicloud_ecs_disk.singapore_app_data.id
  instance_id = alicloud_instance.singapore_app.id
}
