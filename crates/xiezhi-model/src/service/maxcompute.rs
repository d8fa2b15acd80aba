//! MaxCompute projects.

use super::kms::Key;
use crate::record::resource;
use crate::{Link, List, Text};

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
        /// Who holds the key: `none`, `provider-key` (MaxCompute's own) or `kms-key` (one of the customer's). Source: MaxCompute GetProject `properties.encryption.key`.
        encryption: Text,
        /// The customer's key; absent when it is none of theirs. Source: MaxCompute GetProject `properties.encryption.key`.
        encryption_key: Link<Key>,
        /// Whether storage spans zones. Source: MaxCompute GetProject `properties.enableDr`.
        zone_redundant: bool,
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
