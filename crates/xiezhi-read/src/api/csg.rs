//! Cloud Storage Gateway (`sgw`) answers.

use xiezhi_model::service::csg::FileShare;

use super::Call;
use crate::fields::Fields;
use crate::sink::Sink;

/// The calls of Cloud Storage Gateway.
pub const CALLS: &[Call] = &[Call::each("sgw", "DescribeGatewayFileShares", "FileShares.FileShare", share)];

/// `IndexId` counts the shares of one gateway, which the answer does not name.
fn share(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let gateway = sink.param("GatewayId");
    let index = f.text("IndexId");
    let id = gateway.clone().try_map(|gateway| match (index.value(), index.reason()) {
        (Some(index), _) => Ok(format!("{gateway}:{index}").into()),
        (None, reason) => Err(reason.cloned().unwrap_or(xiezhi_model::Reason::NotInEvidence)),
    });
    sink.put(f, id, |share: &mut FileShare| {
        share.head.name = f.text("Name");
        share.bucket = f.link("OssBucketName");
        share.oss_tls = f.bool("OssBucketSsl");
        share.server_side_encryption = f.bool("ServerSideEncryption");
        share.client_side_encryption = f.bool("ClientSideEncryption");
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{answers, only};

    #[test]
    fn a_share_is_known_by_its_gateway_and_its_number() {
        let answer = r#"{"Success":true,"FileShares":{"FileShare":[{"IndexId":"0","Name":"docs","OssBucketName":"docs-bucket",
            "OssBucketSsl":false,"ServerSideEncryption":false,"ClientSideEncryption":true}]}}"#;
        let estate = answers(&[("sgw:DescribeGatewayFileShares", "GatewayId=gw-1", answer)]);
        let share = only::<FileShare>(&estate);
        assert_eq!(share.head.id.value().unwrap(), "gw-1:0");
        assert_eq!(share.oss_tls.value(), Some(&false));
        assert_eq!(share.client_side_encryption.value(), Some(&true));
    }
}
