//! Data Management (DMS): the databases that people reach through its console.

use crate::Text;
use crate::record::resource;

resource! {
    /// A database instance that is registered in DMS.
    Instance = "dms.instance", Global {
        /// What it is for: `product`, `dev`, `pre`, `test`, `sit`, `uat`, `pet`, `stag`. Source: dms-enterprise ListInstances `EnvType`.
        environment: Text,
        /// Whether sensitive data protection is on: columns are classified and masked to people. Source: dms-enterprise ListInstances `SellSitd`.
        sensitive_data_protection: bool,
    }
}
