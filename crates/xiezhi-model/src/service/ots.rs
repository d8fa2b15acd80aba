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
    }
}
