resource "alicloud_ram_account_password_policy" "this" {
  minimum_password_length      = 8
  require_lowercase_characters = true
  require_uppercase_characters = true
  require_numbers              = true
  require_symbols              = false
  hard_expiry                  = false
  max_login_attempts           = 5
  password_reuse_prevention    = 3
  max_password_age             = 90
}

resource "alicloud_ram_user" "ci_deployer" {
  name         = "ci-deployer"
  display_name = "ci-deployer"
}

resource "alicloud_ram_access_key" "ci_deployer" {
  user_name = alicloud_ram_user.ci_deployer.name
}

# Planted: an administrator's AccessKey in a pipeline.
resource "alicloud_ram_user_policy_attachment" "ci_deployer" {
  user_name   = alicloud_ram_user.ci_deployer.name
  policy_name = "AdministratorAccess"
  policy_type = "System"
}

resource "alicloud_ram_user" "li_na" {
  name         = "li.na"
  display_name = "li.na"
}

# Planted: console sign-in without MFA.
resource "alicloud_ram_login_profile" "li_na" {
  user_name               = alicloud_ram_user.li_na.name
  password_reset_required = false
  mfa_bind_required       = false
}

resource "alicloud_ram_user" "ops_wang" {
  name         = "ops-wang"
  display_name = "ops-wang"
}

resource "alicloud_ram_login_profile" "ops_wang" {
  user_name               = alicloud_ram_user.ops_wang.name
  password_reset_required = false
  mfa_bind_required       = true
}

resource "alicloud_ram_group" "ops" {
  group_name = "ops"
}

resource "alicloud_ram_group" "analysts" {
  group_name = "analysts"
}

resource "alicloud_ram_group_membership" "ops" {
  group_name = alicloud_ram_group.ops.group_name
  user_names = [alicloud_ram_user.ops_wang.name]
}

resource "alicloud_ram_group_membership" "analysts" {
  group_name = alicloud_ram_group.analysts.group_name
  user_names = [alicloud_ram_user.li_na.name]
}

# Planted: every ECS, VPC and SLB action on everything, and any role may be passed.
resource "alicloud_ram_policy" "ops" {
  policy_name = "lanhai-ops"
  policy_document = jsonencode({
    Version = "1"
    Statement = [
      { Effect = "Allow", Action = ["ecs:*", "vpc:*", "slb:*"], Resource = "*" },
      { Effect = "Allow", Action = "ram:PassRole", Resource = "*" },
    ]
  })
}

resource "alicloud_ram_policy" "analyst_read" {
  policy_name = "lanhai-analyst-read"
  policy_document = jsonencode({
    Version = "1"
    Statement = [{
      Effect = "Allow"
      Action = ["oss:GetObject", "oss:ListObjects"]
      Resource = [
        "acs:oss:*:*:lanhai-customer-data",
        "acs:oss:*:*:lanhai-customer-data/reports/*",
      ]
    }]
  })
}

resource "alicloud_ram_policy" "app_data" {
  policy_name = "lanhai-app-data"
  policy_document = jsonencode({
    Version = "1"
    Statement = [
      { Effect = "Allow", Action = ["oss:GetObject", "oss:PutObject"], Resource = "acs:oss:*:*:lanhai-customer-data/*" },
      { Effect = "Allow", Action = ["kms:Decrypt", "kms:GenerateDataKey"], Resource = "acs:kms:cn-hangzhou:1000000000000001:key/${alicloud_kms_key.customer_data.id}" },
    ]
  })
}

resource "alicloud_ram_group_policy_attachment" "ops" {
  group_name  = alicloud_ram_group.ops.group_name
  policy_name = alicloud_ram_policy.ops.policy_name
  policy_type = "Custom"
}

resource "alicloud_ram_group_policy_attachment" "analysts" {
  group_name  = alicloud_ram_group.analysts.group_name
  policy_name = alicloud_ram_policy.analyst_read.policy_name
  policy_type = "Custom"
}

resource "alicloud_ram_role" "app" {
  role_name            = "lanhai-app"
  max_session_duration = 3600
  assume_role_policy_document = jsonencode({
    Version   = "1"
    Statement = [{ Action = "sts:AssumeRole", Effect = "Allow", Principal = { Service = ["ecs.aliyuncs.com"] } }]
  })
}

# Planted: every identity of another company's account may take the role.
resource "alicloud_ram_role" "vendor_audit" {
  role_name            = "vendor-audit"
  max_session_duration = 3600
  assume_role_policy_document = jsonencode({
    Version   = "1"
    Statement = [{ Action = "sts:AssumeRole", Effect = "Allow", Principal = { RAM = ["acs:ram::1000000000000099:root"] } }]
  })
}

resource "alicloud_ram_role_policy_attachment" "app" {
  role_name   = alicloud_ram_role.app.role_name
  policy_name = alicloud_ram_policy.app_data.policy_name
  policy_type = "Custom"
}

resource "alicloud_ram_role_policy_attachment" "vendor_audit" {
  role_name   = alicloud_ram_role.vendor_audit.role_name
  policy_name = "ReadOnlyAccess"
  policy_type = "System"
}
