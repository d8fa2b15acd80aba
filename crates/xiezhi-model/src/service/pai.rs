//! Platform for AI (PAI): model services of EAS.

use crate::record::resource;
use crate::{List, Text};

resource! {
    /// A model service.
    Service = "pai.service", Regional {
        /// How many copies of it run. Source: eas ListServices `TotalInstance`; `metadata.instance` of the service's configuration.
        replicas: i64,
        /// The zones in which copies run. Source: eas ListServiceInstances `Instances[].Zone`.
        zones: List<Text>,
    }
}
