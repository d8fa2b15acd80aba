//! ApsaraDB for OceanBase: clusters, and the tenants (databases) in them.

use crate::record::resource;
use crate::{Link, List, Text};

resource! {
    /// A cluster.
    Cluster = "oceanbase.cluster", Regional {
        /// Whether connections can be encrypted. Source: OceanBasePro DescribeInstanceSSL `EnableSSL` (`OPEN`, `CLOSE`) of the cluster.
        ssl: bool,
        /// What made each finished backup that is kept: `automated` (the backup policy) or a person. Source: OceanBasePro DescribeDataBackupSet `Data[].Policy` of those whose `Status` is `DONE`.
        backups: List<Text>,
    }
}

resource! {
    /// A tenant: what applications connect to.
    Tenant = "oceanbase.tenant", Regional {
        /// The cluster.
        cluster: Link<Cluster>,
        /// Whether its data is encrypted (TDE). Source: OceanBasePro DescribeTenantEncryption `EnableEncryption`.
        encrypted: bool,
        /// Whether one of its addresses is public. Source: OceanBasePro DescribeTenant `TenantConnections[].InternetAddressStatus` (`ONLINE` while it serves).
        public_endpoint: bool,
        /// The entries of all white list groups, its own and the cluster's. Source: OceanBasePro DescribeTenantSecurityIpGroups `SecurityIps`.
        white_list: List<Text>,
        /// Whether the white list admits every address.
        white_list_open: bool,
    }
}
