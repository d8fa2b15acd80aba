//! Hologres (the hologram product).

use crate::record::resource;
use crate::{Link, List, Text};

resource! {
    /// An instance.
    Instance = "hologram.instance", Regional {
        /// The networks it has endpoints in: `internet`, `intranet`, `vpcsingletunnel`, `vpcanytunnel`. Source: Hologres GetInstance `Endpoints`.
        endpoints: List<Text>,
    }
}

resource! {
    /// A backup (snapshot) of an instance.
    Backup = "hologram.backup", Regional {
        /// The instance.
        instance: Link<Instance>,
        /// The region of the instance. Source: Hologres ListBackupData `InstanceRegion`.
        instance_region: Text,
        /// The region in which it is stored. Source: Hologres ListBackupData `SnapshotRegion`.
        stored_in: Text,
        /// Whether it is complete. Source: Hologres ListBackupData `Status` (`completed`, `processing`, `failed`).
        done: bool,
    }
}
