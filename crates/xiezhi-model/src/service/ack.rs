//! Container Service for Kubernetes (ACK; product code `cs`).

use crate::record::{record, resource};
use crate::service::ecs::SecurityGroup;
use crate::service::slb::LoadBalancer;
use crate::service::vpc::VSwitch;
use crate::{Link, List, Text};

resource! {
    /// A Kubernetes cluster.
    Cluster = "ack.cluster", Regional {
        /// The kind: `ManagedKubernetes`, `Kubernetes` (dedicated), `Ask` (serverless), `ExternalKubernetes`, `Edge`. Source: CS DescribeClustersV1 `cluster_type`.
        kind: Text,
        /// The edition of a managed cluster: `ack.standard` or `ack.pro.small` and larger. Source: `cluster_spec`.
        spec: Text,
        /// The Kubernetes version, `1.32.1-aliyun.1`. Source: `current_version`.
        version: Text,
        /// The newer version that is offered; absent when there is none. Source: CS DescribeClusterDetail `next_version`.
        next_version: Text,
        /// The public address of the API server; absent when there is none. Source: `master_url.api_server_endpoint`.
        public_endpoint: Text,
        /// Whether the API server can be reached from the internet. Source: `master_url`, Terraform `slb_internet_enabled`.
        public_api: bool,
        /// The load balancer before the public address of the API server; absent when there is none. Source: CS DescribeClusterDetail `external_loadbalancer_id`, Terraform `slb_internet`.
        api_load_balancer: Link<LoadBalancer>,
        /// The public address of the Kubernetes dashboard; absent when there is none. Source: `master_url` `dashboard_endpoint`.
        dashboard_endpoint: Text,
        /// Whether pods get RAM roles through RRSA. Source: CS DescribeClusterDetail `rrsa_config.enabled`.
        rrsa: bool,
        /// Whether authorization is by roles (RBAC), not by the older attributes. Source: `meta_data` `RBACEnabled`.
        rbac: bool,
        /// The components that the cluster was made with. Source: CS DescribeClusterDetail `meta_data` `Addons`.
        addons: List<Addon>,
        /// The components that are installed now. Source: CS ListClusterAddonInstances; in templates what they declare.
        installed_addons: List<Addon>,
        /// The network plugin: `flannel`, `terway-eniip`, `terway-controlplane`. Source: `meta_data` `Capabilities.Network`, the addons.
        network: Text,
        /// Whether network policies are enforced. Source: the Terway addon's `NetworkPolicy`; Flannel cannot.
        network_policy: bool,
        /// The KMS key that encrypts Secrets; absent when they are not encrypted. Source: `meta_data` `EncryptionProviderKey`, Terraform `encryption_provider_key`.
        secrets_key: Text,
        /// Whether calls to the API server are audited. Source: CS GetClusterAuditProject `audit_enabled`.
        audit: bool,
        /// The log project of the audit; absent when there is none. Source: `sls_project_name`.
        audit_project: Text,
        /// The control-plane components whose logs are kept: `apiserver`, `kcm`, `scheduler`, `ccm`. Source: CS CheckControlPlaneLogEnable `components`.
        control_plane_logs: List<Text>,
        /// Whether the cluster cannot be deleted by accident. Source: `deletion_protection`.
        deletion_protection: bool,
        /// The vSwitches of the control plane and the nodes. Source: `vswitch_ids`, `vswitch_id`.
        vswitches: List<Link<VSwitch>>,
        /// The zones of nodes and control plane, by the vSwitches of the cluster and of its node pools. Where these are fewer than three, one whose zone nobody tells stands for a zone of its own, as `that of vsw-…`: there are no more than so many.
        [derived] zones: List<Text>,
        /// When a cluster inspection last ended well (RFC 3339); absent when never. Source: CS ListClusterChecks `finished_at`.
        last_check: Text,
        /// How many policies of high severity are enforced on pods. Source: CS DescribePolicyGovernanceInCluster `on_state`.
        enforced_policies: i64,
        /// The security group of the nodes; absent when the cluster makes its own.
        security_group: Text,
        /// Who holds the key of Secrets in the store of the control plane, the weakest first: `none`, `provider-key` (the product's own), `service-key` (the product's key in KMS), `default-key` (a default key of KMS), `customer-key` (in a software instance), `hsm-key` (in a hardware instance or a key store outside).
        [derived] at_rest: Text,
        /// The cipher of Secrets in the store of the control plane: `aes` or `sm4`; absent when nothing encrypts it.
        [derived] at_rest_cipher: Text,
        /// Whether every KMS key that the data needs can be used: enabled, not to be deleted, with material; absent when no key is named.
        [derived] at_rest_key_usable: bool,
    }
}

record! {
    /// A component of a cluster.
    Addon = "ack.cluster.addon" {
        /// The name, `terway-eniip`.
        name: Text,
        /// The version; unknown in most templates.
        version: Text,
        /// Its configuration, as JSON text.
        config: Text,
        /// Whether it is kept from being installed. Source: `disabled`.
        disabled: bool,
    }
}

resource! {
    /// A pool of worker nodes.
    NodePool = "ack.node-pool", Regional {
        /// The cluster it is in.
        cluster: Link<Cluster>,
        /// Whether failing nodes are repaired by themselves. Source: CS DescribeClusterNodePools `management.auto_repair`.
        auto_repair: bool,
        /// Whether the pool is managed, so that repair and upgrade may be on. Source: `management.enable`.
        managed: bool,
        /// Whether CloudMonitor runs on the nodes. Source: `kubernetes_config.cms_enabled`.
        cloud_monitor: bool,
        /// Whether nodes get public addresses. Source: `scaling_group.internet_max_bandwidth_out`.
        public_ip: bool,
        /// Whether the security reinforcement of MLPS is on for the nodes. Source: `scaling_group.soc_enabled`, Terraform `soc_enabled`.
        mlps_hardening: bool,
        /// The vSwitches of the nodes. Source: CS DescribeClusterNodePools `scaling_group.vswitch_ids`.
        vswitches: List<Link<VSwitch>>,
        /// The security groups of the nodes. Source: CS DescribeClusterNodePools `scaling_group.security_group_ids`.
        security_groups: List<Link<SecurityGroup>>,
    }
}
