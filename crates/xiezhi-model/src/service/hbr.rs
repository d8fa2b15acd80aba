//! Cloud Backup (HBR): vaults, and what is backed up.

use super::ecs::Instance;
use super::kms::Key;
use super::nas::FileSystem;
use super::oss::Bucket;
use super::ots::Instance as TableStore;
use crate::record::resource;
use crate::{Link, Text};

resource! {
    /// A backup vault.
    Vault = "hbr.vault", Regional {
        /// Who holds the key: `none`, `provider-key` (Cloud Backup's own) or `kms-key`. Source: Cloud Backup DescribeVaults `EncryptType`.
        encryption: Text,
        /// The KMS key; absent when none is named. Source: Cloud Backup DescribeVaults `KmsKeyId`.
        encryption_key: Link<Key>,
        /// Whether backups cannot be deleted before they expire. Source: Cloud Backup DescribeVaults `WormEnabled`.
        worm: bool,
        /// Whether this vault is itself the copy of another. Source: Cloud Backup DescribeVaults `Replication`.
        is_copy: bool,
        /// The vault of which this one is the copy; absent when it is none. Source: Cloud Backup DescribeVaults `ReplicationSourceVaultId`.
        copy_of: Link<Vault>,
        /// The region of the vault of which this one is the copy; absent when it is none. Source: Cloud Backup DescribeVaults `ReplicationSourceRegionId`.
        copy_of_region: Text,
        /// Who holds the key of data at rest, the weakest first: `none`, `provider-key` (the product's own), `service-key` (the product's key in KMS), `default-key` (a default key of KMS), `customer-key` (in a software instance), `hsm-key` (in a hardware instance or a key store outside).
        [derived] at_rest: Text,
        /// The cipher of data at rest: `aes` or `sm4`; absent when nothing encrypts it.
        [derived] at_rest_cipher: Text,
        /// Whether every KMS key that the data needs can be used: enabled, not to be deleted, with material; absent when no key is named.
        [derived] at_rest_key_usable: bool,
    }
}

resource! {
    /// A backup plan or policy binding: one thing that is backed up.
    Backup = "hbr.backup", Regional {
        /// `oss`, `nas`, `ots`, `ecs-file`, `udm-ecs` … Source: Cloud Backup DescribePolicyBindings `SourceType`.
        source_type: Text,
        /// The bucket; absent for other sources.
        bucket: Link<Bucket>,
        /// The file system; absent for other sources.
        file_system: Link<FileSystem>,
        /// The server, whole (`udm-ecs`) or its files (`ecs-file`); absent for other sources.
        instance: Link<Instance>,
        /// The Tablestore instance; absent for other sources.
        table_store: Link<TableStore>,
        /// Whether it runs. Source: Cloud Backup DescribePolicyBindings `Disabled`.
        enabled: bool,
        /// The vault. Source: Cloud Backup DescribeBackupPlans `VaultId`.
        vault: Link<Vault>,
    }
}
