//! KMS in ROS templates. Source: ROS documentation, `ALIYUN::KMS::*`. `SecretData` is never read. A secret has no
//! property for its policy, and a new secret gets one of the service: a template cannot say what it grants.

use xiezhi_model::service::kms::{Instance, Key, Secret};
use xiezhi_model::{List, Reason, Text};

use crate::api::kms::{database, family, seconds, usage};
use crate::fields::{Fields, documented};
use crate::keys;
use crate::policy::document;
use crate::sink::Sink;
use crate::terraform::Block;

/// The resource types of KMS.
pub const BLOCKS: &[Block] = &[
    Block { name: "ALIYUN::KMS::Key", kind: Some(Key::SCHEMA), read: key },
    Block { name: "ALIYUN::KMS::Alias", kind: None, read: alias },
    Block { name: "ALIYUN::KMS::Instance", kind: Some(Instance::SCHEMA), read: instance },
    Block { name: "ALIYUN::KMS::Secret", kind: Some(Secret::SCHEMA), read: secret },
];

const KEY: &str = "ROS ALIYUN::KMS::Key";
const SECRET: &str = "ROS ALIYUN::KMS::Secret";

fn key(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("KeyId"), |key: &mut Key| {
        key.head.name = f.text("Description");
        key.state =
            f.bool_or("Enable", true, KEY).map(|enabled| Text::from(if enabled { "enabled" } else { "disabled" }));
        key.service_key = f.known(false);
        key.origin = f.word_or("Origin", "aliyun-kms", KEY);
        key.protection_level = f.word_or("ProtectionLevel", "software", KEY);
        key.spec = f.text_or("KeySpec", "Aliyun_AES_256", KEY);
        (key.algorithm, key.symmetric) = family(&key.spec);
        key.usage = usage(f.text_or("KeyUsage", "ENCRYPT/DECRYPT", KEY));
        key.automatic_rotation = f.bool_or("EnableAutomaticRotation", false, KEY);
        key.rotation_interval = seconds(f, "RotationInterval");
        key.material_expires = f.absent();
        key.delete_date = f.absent();
        key.deletion_protection = f.bool_or("DeletionProtection", false, KEY);
        key.instance = f.link("DKMSInstanceId");
        key.policy = document(f, "Policy");
    });
}

fn alias(f: &Fields<'_>, sink: &mut Sink<'_>) {
    if let Some(name) = f.text("AliasName").value() {
        sink.append(&f.link("KeyId"), |key: &mut Key| &mut key.aliases, vec![name.clone()], None);
    }
}

fn instance(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("InstanceId"), |instance: &mut Instance| {
        instance.head.name = f.text("InstanceName");
        // Source: KMS ConnectKmsInstance: an instance runs in no zone before it is connected.
        instance.zones = f.in_block(
            "Connection",
            |connection| connection.texts("ZoneIds"),
            || documented("KMS ConnectKmsInstance").known(List::complete(vec![])),
        );
        instance.vpc = f.in_block(
            "Connection",
            |connection| connection.text("VpcId"),
            || documented("KMS ConnectKmsInstance").absent(),
        );
        instance.instance_type = f.word("ProductVersion");
    });
}

fn secret(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let key = keys::key(f, "EncryptionKeyId");
    keys::assume_customer_key(sink, &key);
    sink.put(f, f.text("SecretName"), |secret: &mut Secret| {
        secret.head.name = f.text("SecretName");
        secret.secret_type = f.word_or("SecretType", "generic", SECRET);
        secret.automatic_rotation = f.bool_or("EnableAutomaticRotation", false, SECRET);
        secret.rotation_interval = seconds(f, "RotationInterval");
        secret.encryption_key = key;
        secret.database = database(&secret.secret_type, || f.parent("ExtendedConfig.DBInstanceId"));
        secret.planned_delete_time = f.absent();
        secret.policy = f.unknown(Reason::NotInEvidence);
    });
}
