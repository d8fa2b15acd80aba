//! Realtime Compute for Apache Flink (product code `foasconsole`).

use crate::record::resource;
use crate::{List, Text};

resource! {
    /// A workspace.
    Workspace = "flink.workspace", Regional {
        /// The zones that it can run in: its own, and the second one of zone disaster recovery. Source: foasconsole DescribeInstances `ZoneId`, `Ha`, `HaZoneId`.
        zones: List<Text>,
    }
}
