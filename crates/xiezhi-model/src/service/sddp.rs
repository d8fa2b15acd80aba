//! Data Security Center (SDDP): sensitive data discovery.

use crate::record::resource;
use crate::{Link, Text};

resource! {
    /// The service itself, once for the account.
    Center = "sddp.center", Account {
        /// Whether the service is bought. Source: SDDP DescribeUserStatus `Buyed`.
        bought: bool,
        /// Whether it may read the account's data. Source: SDDP DescribeUserStatus `Authed`.
        authorised: bool,
    }
}

resource! {
    /// A store that the service knows: a bucket, a database, a project.
    Asset = "sddp.asset", Global {
        /// The product: `oss`, `rds`, `odps` … Source: SDDP DescribeInstances `ProductCode`.
        product: Text,
        /// Whether scans label the data with levels. Source: SDDP DescribeInstances `Labelsec`.
        labelled: bool,
        /// The highest level found, such as `S3`; absent when nothing sensitive was found. Source: SDDP DescribeInstances `RiskLevelName`.
        level: Text,
        /// When the last scan ended (RFC 3339); absent when there was none. Source: SDDP DescribeInstances `LastFinishTime`.
        last_scan: Text,
        /// The bucket, when the asset is one; absent otherwise.
        bucket: Link<super::oss::Bucket>,
    }
}
