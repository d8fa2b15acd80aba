//! Tablestore (OTS).

use super::kms::Key;
use crate::record::resource;
use crate::{Link, Text};

resource! {
    /// An instance.
    Instance = "ots.instance", Regional {
        /// Whether requests from the internet are taken. Source: Tablestore GetInstance `NetworkTypeACL` INTERNET.
        internet_access: bool,
        /// Redundancy: `LRS` (one zone) or `ZRS` (several). Source: Tablestore GetInstance `StorageType`.
        redundancy: Text,
        /// The instance policy as JSON; absent when there is none. Source: Tablestore GetInstance `Policy`.
        policy: Text,
        /// Whether the instance policy lets strangers use the instance, no condition pinning them to known networks or ids.
        [derived] policy_grants_anyone: bool,
        /// Whether the instance policy allows anything to principals of other accounts.
        [derived] policy_grants_other_accounts: bool,
    }
}

resource! {
    /// A table.
    Table = "ots.table", Regional {
        /// The instance.
        instance: Link<Instance>,
        /// Who holds the key of data at rest: `none`, `service-key` or `kms-key`. Source: Tablestore DescribeTable `sseDetails`.
        encryption: Text,
        /// The KMS key; absent when none is named. Source: Tablestore DescribeTable `sseDetails.keyId`.
        encryption_key: Link<Key>,
        /// Who holds the key of data at rest, the weakest first: `none`, `provider-key` (the product's own), `service-key` (the product's key in KMS), `default-key` (a default key of KMS), `customer-key` (in a software instance), `hsm-key` (in a hardware instance or a key store outside).
        [derived] at_rest: Text,
        /// The cipher of data at rest: `aes` or `sm4`; absent when nothing encrypts it.
        [derived] at_rest_cipher: Text,
        /// Whether every KMS key that the data needs can be used: enabled, not to be deleted, with material; absent when no key is named.
        [derived] at_rest_key_usable: bool,
        /// TLS towards clients: `off`, `offered` or `enforced`.
        [derived] in_transit: Text,
    }
}
