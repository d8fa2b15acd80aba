//! Key Management Service (KMS): keys, secrets, instances.

use super::rds::Instance as Database;
use crate::record::resource;
use crate::{Link, List, Text};

resource! {
    /// A key (customer master key).
    Key = "kms.key", Regional {
        /// `enabled`, `disabled`, `pending-deletion`, `pending-import` (no material yet) or `unavailable`. Source: KMS DescribeKey `KeyState`.
        state: Text,
        /// Whether a cloud product made the key for itself (alias `acs/<product>`): the tenant cannot disable, rotate or
        /// delete it. Source: KMS DescribeKey `Creator` (an account id, or the product's code).
        service_key: bool,
        /// Where the key material comes from: `aliyun-kms` or `external`. Source: KMS DescribeKey `Origin`.
        origin: Text,
        /// `software`, `hsm`, or `external` (a key store outside). Source: KMS DescribeKey `ProtectionLevel`.
        protection_level: Text,
        /// The key's type as KMS writes it: `Aliyun_AES_256`, `Aliyun_SM4`, `RSA_2048`, `EC_SM2`. Source: KMS DescribeKey `KeySpec`.
        spec: Text,
        /// The cipher family: `aes`, `sm4`, `rsa`, `ec`, `sm2` or `hmac`, as `spec` says.
        algorithm: Text,
        /// Whether the key is symmetric, as `spec` says.
        symmetric: bool,
        /// What the key is for: `encrypt` or `sign`. Source: KMS DescribeKey `KeyUsage`.
        usage: Text,
        /// Whether automatic rotation runs (`Suspended` is false). Source: KMS DescribeKey `AutomaticRotation`.
        automatic_rotation: bool,
        /// The time between two rotations, in seconds; absent when the key does not rotate. Source: KMS DescribeKey `RotationInterval`.
        rotation_interval: i64,
        /// When imported material expires (RFC 3339); absent when it does not. Source: KMS DescribeKey `MaterialExpireTime`.
        material_expires: Text,
        /// When the key is deleted (RFC 3339); absent when no deletion is scheduled. Source: KMS DescribeKey `DeleteDate`.
        delete_date: Text,
        /// Whether the key is protected from deletion. Source: KMS DescribeKey `DeletionProtection`.
        deletion_protection: bool,
        /// The KMS instance that holds the key; absent for a default key. Source: KMS DescribeKey `DKMSInstanceId`.
        instance: Link<Instance>,
        /// The key policy as JSON. Source: KMS GetKeyPolicy.
        policy: Text,
        /// Whether the key policy lets strangers use the key, no condition pinning them to known networks or ids.
        [derived] policy_grants_anyone: bool,
        /// Whether the key policy allows anything to principals of other accounts.
        [derived] policy_grants_other_accounts: bool,
        /// Who may decrypt with the key (`kms:Decrypt`), by RAM policies and the key policy together: `user/…` and `role/…` of the account, `other-accounts` and `anyone` as the key policy lets them. Absent for keys of a product and for keys that do not encrypt. Source: network semantics KMS-9.
        [derived] decrypters: List<Text>,
        /// The aliases that point at the key, as `alias/…`. Source: KMS ListAliases.
        aliases: List<Text>,
    }
}

resource! {
    /// A managed secret: its settings; the value is never read.
    Secret = "kms.secret", Regional {
        /// `generic`, `rds`, `redis`, `polardb`, `ramcredentials` or `ecs`. Source: KMS DescribeSecret `SecretType`.
        secret_type: Text,
        /// Whether KMS rotates the secret by itself. Source: KMS DescribeSecret `AutomaticRotation`.
        automatic_rotation: bool,
        /// The time between two rotations, in seconds; absent when the secret does not rotate. Source: KMS DescribeSecret.
        rotation_interval: i64,
        /// When the secret last rotated (RFC 3339); absent when never. Source: KMS DescribeSecret `LastRotationDate`.
        last_rotation: Text,
        /// When the next rotation is due (RFC 3339); absent when the secret does not rotate. Source: KMS DescribeSecret `NextRotationDate`.
        next_rotation: Text,
        /// The key that encrypts the secret; absent when the service key does. Source: KMS DescribeSecret `EncryptionKeyId`.
        encryption_key: Link<Key>,
        /// The RDS instance whose account it holds; absent for other kinds of secrets. Source: KMS DescribeSecret `ExtendedConfig` (JSON) `DBInstanceId`.
        database: Link<Database>,
        /// When the secret is deleted (RFC 3339); absent when no deletion is scheduled. Source: KMS DescribeSecret `PlannedDeleteTime`.
        planned_delete_time: Text,
        /// The secret policy as JSON. Source: KMS GetSecretPolicy.
        policy: Text,
        /// Whether the secret policy lets strangers use the secret, no condition pinning them to known networks or ids.
        [derived] policy_grants_anyone: bool,
        /// Whether the secret policy allows anything to principals of other accounts.
        [derived] policy_grants_other_accounts: bool,
    }
}

resource! {
    /// A KMS instance: a dedicated place for keys and secrets.
    Instance = "kms.instance", Regional {
        /// `software`, `hardware` or `external`. Source: KMS ListKmsInstances, GetKmsInstance `ProductType`.
        instance_type: Text,
        /// The VPC of the instance. Source: KMS GetKmsInstance `VpcId`.
        vpc: Text,
        /// The zones that the instance runs in. Source: KMS GetKmsInstance `ZoneIds`.
        zones: List<Text>,
        /// When the subscription ends (RFC 3339). Source: KMS GetKmsInstance `EndDate`.
        end_date: Text,
    }
}
