//! KMS answers. Secret values and key material are never asked for, and not read if they stand in the evidence.

use xiezhi_model::service::kms::{Instance, Key, Secret};
use xiezhi_model::service::rds::Instance as Database;
use xiezhi_model::{Fact, Link, List, Reason, State, Text};

use super::Call;
use super::fc::inside;
use crate::fields::Fields;
use crate::sink::Sink;
use crate::words::one_item;

/// The calls of KMS.
pub const CALLS: &[Call] = &[
    Call { product: "kms", action: "ListKeys", list: "Keys.Key", lists: Some(Key::SCHEMA), read: listed_key },
    Call { product: "kms", action: "DescribeKey", list: "", lists: None, read: key },
    Call { product: "kms", action: "GetKeyPolicy", list: "", lists: None, read: key_policy },
    Call { product: "kms", action: "ListAliases", list: "Aliases.Alias", lists: None, read: alias },
    Call {
        product: "kms",
        action: "ListSecrets",
        list: "SecretList.Secret",
        lists: Some(Secret::SCHEMA),
        read: listed_secret,
    },
    Call { product: "kms", action: "DescribeSecret", list: "", lists: None, read: secret },
    Call { product: "kms", action: "GetSecretPolicy", list: "", lists: None, read: secret_policy },
    Call {
        product: "kms",
        action: "ListKmsInstances",
        list: "KmsInstances.KmsInstance",
        lists: Some(Instance::SCHEMA),
        read: listed_instance,
    },
    Call { product: "kms", action: "GetKmsInstance", list: "", lists: None, read: instance },
];

/// A period as KMS writes it (`604800s`, `7d`), in seconds. Source: KMS CreateKey `RotationInterval`.
pub(crate) fn seconds(f: &Fields<'_>, path: &str) -> Fact<i64> {
    f.opt_text(path).try_map(|text| {
        let unit = match text.chars().last() {
            Some('s') => 1,
            Some('m') => 60,
            Some('h') => 3_600,
            Some('d') => 86_400,
            _ => 0,
        };
        let digits = text.trim_end_matches(['s', 'm', 'h', 'd']);
        digits
            .parse::<i64>()
            .ok()
            .and_then(|count| count.checked_mul(if unit == 0 { 1 } else { unit }))
            .ok_or_else(|| Reason::not_understood(format!("the period `{text}`")))
    })
}

/// The cipher family that a key's type names, and whether it is symmetric. Source: KMS, "Key types and specifications".
pub(crate) fn family(spec: &Fact<Text>) -> (Fact<Text>, Fact<bool>) {
    let family = |spec: &Text| {
        let upper = spec.to_ascii_uppercase();
        Some(match () {
            () if upper.contains("AES") => ("aes", true),
            () if upper.contains("SM4") => ("sm4", true),
            () if upper.contains("SM2") => ("sm2", false),
            () if upper.starts_with("RSA") => ("rsa", false),
            () if upper.starts_with("EC") => ("ec", false),
            () if upper.starts_with("HMAC") => ("hmac", true),
            () => return None,
        })
    };
    let strange = |spec: &Text| Reason::not_understood(format!("the key type `{spec}`"));
    (
        spec.clone().try_map(|spec| family(&spec).map(|(name, _)| name.into()).ok_or_else(|| strange(&spec))),
        spec.clone().try_map(|spec| family(&spec).map(|(_, symmetric)| symmetric).ok_or_else(|| strange(&spec))),
    )
}

/// The state of a key, spelt our way: `PendingDeletion` is `pending-deletion`.
pub(crate) fn state(stated: Fact<Text>) -> Fact<Text> {
    stated.try_map(|word| match word.to_ascii_lowercase().as_str() {
        "enabled" => Ok("enabled".into()),
        "disabled" => Ok("disabled".into()),
        "pendingdeletion" => Ok("pending-deletion".into()),
        "pendingimport" => Ok("pending-import".into()),
        "unavailable" => Ok("unavailable".into()),
        other => Err(Reason::not_understood(format!("the key state `{other}`"))),
    })
}

/// What a key is for: `ENCRYPT/DECRYPT` is `encrypt`, `SIGN/VERIFY` is `sign`.
pub(crate) fn usage(stated: Fact<Text>) -> Fact<Text> {
    stated.try_map(|word| match word.to_ascii_uppercase() {
        word if word.starts_with("ENCRYPT") => Ok("encrypt".into()),
        word if word.starts_with("SIGN") || word.starts_with("GENERATE") => Ok("sign".into()),
        word => Err(Reason::not_understood(format!("the key usage `{word}`"))),
    })
}

fn listed_key(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("KeyId"), |_: &mut Key| {});
}

fn key(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let f = &f.sub("KeyMetadata").unwrap_or(*f);
    sink.put(f, f.text("KeyId"), |key: &mut Key| {
        key.state = state(f.text("KeyState"));
        // An account id for a key that people made, the product's code (`Ecs`, `Oss`) for one that a product made.
        key.service_key = crate::keys::made_by_product(f.text("Creator"));
        key.origin = f.word("Origin");
        key.protection_level = match f.word("ProtectionLevel").value().map(Text::as_str) {
            Some("external-vpc") => f.known("external".into()),
            _ => f.word("ProtectionLevel"),
        };
        key.spec = f.text("KeySpec");
        (key.algorithm, key.symmetric) = family(&key.spec);
        key.usage = usage(f.text("KeyUsage"));
        key.automatic_rotation = f.flag("AutomaticRotation", &["Enabled"], &["Disabled", "Suspended"]);
        key.rotation_interval = seconds(f, "RotationInterval");
        key.material_expires = f.opt_text("MaterialExpireTime");
        key.delete_date = f.opt_text("DeleteDate");
        key.deletion_protection = f.flag("DeletionProtection", &["Enabled"], &["Disabled"]);
        key.instance = f.link("DKMSInstanceId");
    });
}

fn key_policy(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let key = sink.param("KeyId").map(Link::id);
    sink.on(&key, |key: &mut Key| key.policy = f.text("Policy"));
}

fn alias(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let name = f.text("AliasName");
    let key: Fact<Link<Key>> = f.link("KeyId");
    if name.value().is_some_and(|name| name.starts_with("alias/acs/")) {
        sink.on(&key, |key: &mut Key| key.service_key = f.known(true));
    }
    let (items, more) = one_item(name);
    sink.append(&key, |key: &mut Key| &mut key.aliases, items, more);
}

fn secret_name(f: &Fields<'_>, secret: &mut Secret) {
    secret.head.name = f.text("SecretName");
    secret.secret_type = f.word("SecretType");
    secret.planned_delete_time = f.opt_text("PlannedDeleteTime");
}

fn listed_secret(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("SecretName"), |secret: &mut Secret| secret_name(f, secret));
}

fn secret(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("SecretName"), |secret: &mut Secret| {
        secret_name(f, secret);
        // `Invalid` stands for secrets that cannot rotate by themselves. Source: KMS DescribeSecret.
        secret.automatic_rotation = f.flag("AutomaticRotation", &["Enabled"], &["Disabled", "Invalid"]);
        secret.rotation_interval = seconds(f, "RotationInterval");
        secret.last_rotation = f.opt_text("LastRotationDate");
        secret.next_rotation = f.opt_text("NextRotationDate");
        secret.encryption_key = crate::keys::key(f, "EncryptionKeyId");
        secret.database =
            database(&secret.secret_type, || inside(&f.text("ExtendedConfig"), |config| config.parent("DBInstanceId")));
    });
}

/// The database of a secret for RDS: `said` tells it; other kinds of secrets have none.
pub(crate) fn database(kind: &Fact<Text>, said: impl FnOnce() -> Fact<Link<Database>>) -> Fact<Link<Database>> {
    match &kind.state {
        State::Known(kind) if kind == "rds" => said(),
        State::Unknown(reason) => Fact::unknown(reason.clone(), kind.origin.clone()),
        _ => Fact::absent(kind.origin.clone()),
    }
}

fn secret_policy(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let secret = sink.param("SecretName").map(Link::id);
    sink.on(&secret, |secret: &mut Secret| secret.policy = f.text("Policy"));
}

fn listed_instance(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("KmsInstanceId"), |_: &mut Instance| {});
}

fn instance(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let f = &f.sub("KmsInstance").unwrap_or(*f);
    sink.put(f, f.text("InstanceId"), |instance: &mut Instance| {
        instance.head.name = f.text("InstanceName");
        instance.vpc = f.text("VpcId");
        instance.zones = zones(f, "ZoneIds");
        instance.end_date = f.text("EndDate");
    });
}

fn zones(f: &Fields<'_>, path: &str) -> Fact<List<Text>> {
    if f.has(&format!("{path}.ZoneId")) { f.texts(&format!("{path}.ZoneId")) } else { f.texts(path) }
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests;
