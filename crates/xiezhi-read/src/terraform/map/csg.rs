//! Cloud Storage Gateway in Terraform. Source: terraform-provider-alicloud, `website/docs/r/cloud_storage_gateway_gateway_file_share.html.markdown`.

use xiezhi_model::service::csg::FileShare;

use crate::fields::Fields;
use crate::sink::Sink;
use crate::terraform::Block;

/// The resource types of Cloud Storage Gateway.
pub const BLOCKS: &[Block] =
    &[Block { name: "alicloud_cloud_storage_gateway_gateway_file_share", kind: Some(FileShare::SCHEMA), read: share }];

/// What the gateway encrypts is no argument of the resource.
fn share(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("id"), |share: &mut FileShare| {
        share.head.name = f.text("gateway_file_share_name");
        share.bucket = f.link("oss_bucket_name");
        share.oss_tls = f.bool("oss_bucket_ssl");
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{blocks, only};

    #[test]
    fn a_share_says_whether_its_bucket_is_reached_over_tls_and_not_what_encrypts_it() {
        let estate = blocks(&[(
            "alicloud_cloud_storage_gateway_gateway_file_share.s",
            r#"{"gateway_file_share_name":"docs","oss_bucket_name":"docs-bucket","oss_bucket_ssl":true}"#,
        )]);
        let share = only::<FileShare>(&estate);
        assert_eq!(share.oss_tls.value(), Some(&true));
        assert!(share.server_side_encryption.reason().is_some());
    }
}
