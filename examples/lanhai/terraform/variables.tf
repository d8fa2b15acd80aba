variable "region" {
  type    = string
  default = "cn-hangzhou"
}

variable "office_cidr" {
  description = "Where the vendor's operators sit."
  type        = string
  default     = "198.51.100.0/24"
}

# No default on purpose: the password is given at apply time and is no evidence.
variable "orders_password" {
  type      = string
  sensitive = true
}
