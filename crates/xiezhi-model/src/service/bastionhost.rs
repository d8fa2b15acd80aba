//! Bastionhost: the jump host through which administrators log on.

use crate::record::resource;
use crate::{List, Text};

resource! {
    /// A bastion host.
    Instance = "bastionhost.instance", Regional {
        /// The plan: `cloudbastion` (one node) or `cloudbastion_ha` (two zones). Source: Terraform `plan_code`; the answer of Yundun-bastionhost DescribeInstanceAttribute has no such field (its `LicenseCode` is no plan).
        plan: Text,
        /// Whether it can be reached from the internet. Source: DescribeInstances `PublicNetworkAccess`.
        internet: bool,
        /// The address ranges that may reach it; empty means all. Source: DescribeInstanceAttribute `PublicWhiteList`, Terraform `public_white_list`.
        white_list: List<Text>,
        /// When it ends (RFC 3339).
        expires: Text,
    }
}
