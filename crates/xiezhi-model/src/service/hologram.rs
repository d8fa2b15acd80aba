//! Hologres (the hologram product).

use crate::record::resource;
use crate::{List, Text};

resource! {
    /// An instance.
    Instance = "hologram.instance", Regional {
        /// The networks it has endpoints in: `internet`, `intranet`, `vpcsingletunnel`, `vpcanytunnel`. Source: Hologres GetInstance `Endpoints`.
        endpoints: List<Text>,
    }
}
