# Planted: one region, changes only.
resource "alicloud_actiontrail_trail" "lanhai" {
  trail_name         = "lanhai-trail"
  trail_region       = "cn-hangzhou"
  event_rw           = "Write"
  status             = "Enable"
  oss_bucket_name    = alicloud_oss_bucket.audit_logs.bucket
  oss_key_prefix     = "trail"
  oss_write_role_arn = "acs:ram::1000000000000001:role/aliyunserviceroleforactiontrail"
}

resource "alicloud_log_project" "logs" {
  project_name = "lanhai-logs"
  description  = "application and access logs"
}

# Planted: 30 days, where MLPS asks for six months.
resource "alicloud_log_store" "app" {
  project_name     = alicloud_log_project.logs.project_name
  logstore_name    = "app"
  retention_period = 30
  shard_count      = 2
}

# Planted: only one name goes through WAF, and its origin answers everyone.
resource "alicloud_wafv3_instance" "lanhai" {}

resource "alicloud_wafv3_domain" "www" {
  instance_id = alicloud_wafv3_instance.lanhai.id
  domain      = "www.lanhai.example"
  access_type = "share"
  listen {
    http_ports  = [80]
    https_ports = [443]
    tls_version = "tlsv1.2"
  }
  redirect {
    backends     = [alicloud_slb_load_balancer.shop.address]
    loadbalance  = "iphash"
  }
}
