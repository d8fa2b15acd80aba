//! ApsaraMQ for Kafka (alikafka).

use super::kms::Key;
use super::vpc::{VSwitch, Vpc};
use crate::record::resource;
use crate::{Link, List, Text};

resource! {
    /// An instance.
    Instance = "kafka.instance", Regional {
        /// Whether the instance is bought by use, without disks of its own. Source: Kafka GetInstanceList `PaidType` 3, `SpecType` serverless.
        serverless: bool,
        /// Whether it has a public endpoint: deployment type 4 (public and VPC), not 5 (VPC). Source: Kafka StartInstance `DeployModule`, GetInstanceList `DeployType`.
        public_endpoint: bool,
        /// The VPC. Source: Kafka GetInstanceList `VpcId`.
        vpc: Link<Vpc>,
        /// The vSwitch. Source: Kafka GetInstanceList `VSwitchId`.
        vswitch: Link<VSwitch>,
        /// The white list of the public endpoint. Source: Kafka GetAllowedIpList `InternetList`.
        internet_white_list: List<Text>,
        /// Whether that list admits every address.
        internet_white_list_open: bool,
        /// Who holds the key of the disks: `none`, `service-key` or `kms-key` (see `encryption_key`). Source: Kafka GetInstanceList `KmsKeyId`.
        encryption: Text,
        /// The KMS key of the disks; absent when there is none. Source: Kafka GetInstanceList `KmsKeyId`.
        encryption_key: Link<Key>,
        /// Whether an endpoint speaks TLS: the public one always, one in the VPC when it is asked for. Source: Kafka GetInstanceList `SslEndPoint`, `SslDomainEndpoint`; StartInstance `Config` `enable.vpc_sasl_ssl`.
        ssl: bool,
        /// Whether the nodes stand in two zones. Source: Kafka GetInstanceList `ZoneId`, `BackupZoneId`.
        multi_zone: bool,
        /// Who holds the key of data at rest, the weakest first: `none`, `provider-key` (the product's own), `service-key` (the product's key in KMS), `default-key` (a default key of KMS), `customer-key` (in a software instance), `hsm-key` (in a hardware instance or a key store outside).
        [derived] at_rest: Text,
        /// The cipher of data at rest: `aes` or `sm4`; absent when nothing encrypts it.
        [derived] at_rest_cipher: Text,
        /// Whether every KMS key that the data needs can be used: enabled, not to be deleted, with material; absent when no key is named.
        [derived] at_rest_key_usable: bool,
        /// TLS towards clients: `off`, `offered` or `enforced`.
        [derived] in_transit: Text,
    }
}
