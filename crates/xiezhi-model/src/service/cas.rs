//! Certificate Management Service (CAS).

use crate::record::resource;
use crate::{List, Text};

resource! {
    /// A TLS certificate, bought or uploaded. Its private key is never read.
    Certificate = "cas.certificate", Global {
        /// The common name.
        domain: Text,
        /// Every name that the certificate is for. Source: `Sans`.
        names: List<Text>,
        /// When it ends (RFC 3339, or a date). Source: cas ListUserCertificateOrder `EndDate`.
        expires: Text,
        /// Whether it has ended. Source: `Expired`.
        expired: bool,
        /// Whether it was uploaded, rather than bought. Source: `Upload`, `BuyInAliyun`.
        uploaded: bool,
    }
}
