//! MaxCompute projects.

use crate::record::resource;
use crate::{List, Text};

resource! {
    /// A project.
    Project = "maxcompute.project", Regional {
        /// The addresses that may use the project from outside a VPC; empty when the white list is off, which admits everyone.
        /// Source: MaxCompute GetProject `ipWhiteList.ipList`.
        white_list: List<Text>,
        /// Whether that list, when it has entries, admits every address.
        white_list_open: bool,
        /// Whether data is encrypted. Source: MaxCompute GetProject `properties.encryption.enable`.
        encrypted: bool,
        /// The cipher: `aes`, `sm4` or as MaxCompute writes it. Source: MaxCompute GetProject `properties.encryption.algorithm`.
        encryption_algorithm: Text,
        /// Whether storage spans zones. Source: MaxCompute GetProject `properties.enableDr`.
        zone_redundant: bool,
    }
}
