//! Microservices Engine (MSE): registries and gateways.

use crate::record::resource;
use crate::{List, Text};

resource! {
    /// A registry and configuration centre (Nacos, ZooKeeper, Eureka).
    Cluster = "mse.cluster", Regional {
        /// The engine: `Nacos-Ans`, `ZooKeeper`, `Eureka`. Source: mse ListClusters `ClusterType`.
        engine: Text,
        /// The engine's version, `NACOS_2_0_0` or `2.0.0.1`. Source: mse QueryClusterDetail `AppVersion`.
        version: Text,
        /// Whether it can be reached from the internet. Source: ListClusters `InternetAddress`, `InternetDomain`; Terraform `net_type`, `pub_network_flow`.
        internet: bool,
        /// The address ranges that may call it; empty means all. Source: QueryClusterDetail `AclEntryList`.
        acl_entries: List<Text>,
        /// Whether the configuration centre asks for RAM credentials. Source: mse QueryConfig `ConfigAuthEnabled`.
        config_auth: bool,
        /// How many nodes it has. Source: `InstanceCount`.
        nodes: i64,
        /// The edition: `mse_basic`, `mse_pro`, `mse_dev`, `mse_serverless`. Source: `MseVersion`.
        edition: Text,
    }
}

resource! {
    /// A cloud-native gateway of MSE.
    Gateway = "mse.gateway", Regional {
        /// How many nodes it has. Source: mse ListGateway `Replica`.
        nodes: i64,
        /// The second vSwitch; absent when there is none. Source: `Vswitch2`.
        backup_vswitch: Text,
        /// Whether it can be reached from the internet. Source: `InternetSlb`.
        internet: bool,
        /// Whether a WAF that blocks stands before it; absent when the internet does not reach it.
        [derived] waf: bool,
    }
}
