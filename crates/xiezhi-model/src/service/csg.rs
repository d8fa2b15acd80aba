//! Cloud Storage Gateway (CSG, product code `sgw`): buckets as file shares.

use crate::Link;
use crate::record::resource;
use crate::service::oss::Bucket;

resource! {
    /// A file share of a gateway, known as `gateway:index`.
    FileShare = "csg.file-share", Regional {
        /// The bucket behind it. Source: sgw DescribeGatewayFileShares `OssBucketName`.
        bucket: Link<Bucket>,
        /// Whether the gateway speaks TLS to the bucket. Source: sgw DescribeGatewayFileShares `OssBucketSsl`.
        oss_tls: bool,
        /// Whether it asks OSS to encrypt what it stores. Source: sgw DescribeGatewayFileShares `ServerSideEncryption`.
        server_side_encryption: bool,
        /// Whether the gateway itself encrypts before it sends. Source: sgw DescribeGatewayFileShares `ClientSideEncryption`.
        client_side_encryption: bool,
    }
}
