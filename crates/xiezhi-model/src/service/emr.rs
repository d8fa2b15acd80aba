//! E-MapReduce (EMR).

use crate::record::resource;
use crate::{List, Text};

resource! {
    /// An EMR cluster.
    Cluster = "emr.cluster", Regional {
        /// Whether nodes have public addresses: for the older kind the master nodes, for the newer any node group. Source: Emr ListNodes `PublicIp`, Terraform `is_open_public_ip`, `with_public_ip`.
        public_ip: bool,
        /// The security groups of its nodes. Source: emr GetCluster `NodeAttributes.SecurityGroupId`.
        security_groups: List<Text>,
        /// The RAM role of its nodes. Source: `NodeAttributes.RamRole`.
        role: Text,
    }
}
