resource "alicloud_kms_key" "customer_data" {
  description                     = "customer data"
  key_usage                       = "ENCRYPT/DECRYPT"
  key_spec                        = "Aliyun_AES_256"
  origin                          = "Aliyun_KMS"
  protection_level                = "SOFTWARE"
  dkms_instance_id                = "kst-hzz65f3a8b1lanhai"
  status                          = "Enabled"
  # Planted: the key is never rotated.
  automatic_rotation              = "Disabled"
  deletion_protection             = "Enabled"
  deletion_protection_description = "encrypts customer data"
}

# Planted: anyone may read.
resource "alicloud_oss_bucket" "media" {
  bucket        = "lanhai-media"
  redundancy_type = "ZRS"
  storage_class = "Standard"
}

resource "alicloud_oss_bucket_acl" "media" {
  bucket = alicloud_oss_bucket.media.bucket
  acl    = "public-read"
}

resource "alicloud_oss_bucket" "customer_data" {
  bucket = "lanhai-customer-data"
  redundancy_type = "ZRS"
  versioning {
    status = "Enabled"
  }
  server_side_encryption_rule {
    sse_algorithm     = "KMS"
    kms_master_key_id = alicloud_kms_key.customer_data.id
  }
  logging {
    target_bucket = alicloud_oss_bucket.audit_logs.bucket
    target_prefix = "access/"
  }
  policy = jsonencode({
    Version = "1"
    Statement = [{
      Effect    = "Deny"
      Action    = ["oss:*"]
      Principal = ["*"]
      Resource  = ["acs:oss:*:1000000000000001:lanhai-customer-data", "acs:oss:*:1000000000000001:lanhai-customer-data/*"]
      Condition = { Bool = { "acs:SecureTransport" = ["false"] } }
    }]
  })
}

resource "alicloud_oss_bucket_public_access_block" "customer_data" {
  bucket              = alicloud_oss_bucket.customer_data.bucket
  block_public_access = true
}

# Planted: the audit log's bucket has no versioning and no access log of its own.
resource "alicloud_oss_bucket" "audit_logs" {
  bucket = "lanhai-audit-logs"
  redundancy_type = "ZRS"
  server_side_encryption_rule {
    sse_algorithm = "AES256"
  }
}

resource "alicloud_oss_bucket_public_access_block" "audit_logs" {
  bucket              = alicloud_oss_bucket.audit_logs.bucket
  block_public_access = true
}

# Planted: customer data analysed in Singapore, unencrypted, and the policy lets anyone read it.
resource "alicloud_oss_bucket" "singapore_analytics" {
  provider = alicloud.singapore
  bucket   = "lanhai-sgp-analytics"
  redundancy_type = "ZRS"
  versioning {
    status = "Suspended"
  }
}

resource "alicloud_oss_bucket_policy" "singapore_analytics" {
  provider = alicloud.singapore
  bucket   = alicloud_oss_bucket.singapore_analytics.bucket
  policy = jsonencode({
    Version = "1"
    Statement = [{
      Effect    = "Allow"
      Action    = ["oss:GetObject", "oss:ListObjects"]
      Principal = ["*"]
      Resource  = ["acs:oss:*:1000000000000001:lanhai-sgp-analytics", "acs:oss:*:1000000000000001:lanhai-sgp-analytics/*"]
    }]
  })
}

# Planted: a public address, a white list of 0.0.0.0/0, no TDE, no TLS, no audit.
resource "alicloud_db_instance" "orders" {
  instance_name            = "orders"
  engine                   = "MySQL"
  engine_version           = "8.0"
  instance_type            = "mysql.n2.medium.1"
  instance_storage         = 100
  db_instance_storage_type = "cloud_essd"
  vswitch_id               = alicloud_vswitch.data.id
  security_ips             = ["0.0.0.0/0"]
  tde_status               = "Disabled"
  ssl_action               = "Close"
  sql_collector_status     = "Disabled"
  deletion_protection      = false
}

resource "alicloud_db_connection" "orders" {
  instance_id       = alicloud_db_instance.orders.id
  connection_prefix = "rm-hz0orders-pub"
}

resource "alicloud_db_account" "orders" {
  db_instance_id   = alicloud_db_instance.orders.id
  account_name     = "orders"
  account_password = var.orders_password
}

resource "alicloud_db_instance" "members" {
  instance_name              = "members"
  engine                     = "MySQL"
  engine_version             = "8.0"
  instance_type              = "mysql.n2.medium.1"
  instance_storage           = 100
  db_instance_storage_type   = "cloud_essd"
  vswitch_id                 = alicloud_vswitch.data.id
  security_ips               = [alicloud_vswitch.app.cidr_block]
  tde_status                 = "Enabled"
  ssl_action                 = "Open"
  force_encryption           = "1"
  sql_collector_status       = "Enabled"
  sql_collector_config_value = 180
  deletion_protection        = true
}

resource "alicloud_kvstore_instance" "cache" {
  db_instance_name            = "cache"
  instance_class              = "redis.master.small.default"
  instance_type               = "Redis"
  engine_version              = "6.0"
  zone_id                     = "cn-hangzhou-i"
  vswitch_id                  = alicloud_vswitch.data.id
  security_ips                = [alicloud_vswitch.app.cidr_block]
  vpc_auth_mode               = "Open"
  ssl_enable                  = "Disable"
  instance_release_protection = true
}
