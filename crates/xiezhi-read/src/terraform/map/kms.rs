//! KMS in Terraform. Source: terraform-provider-alicloud, `website/docs/r/kms_*.html.markdown`. `secret_data` is never
//! read.

use xiezhi_model::service::kms::{Instance, Key, Secret};
use xiezhi_model::{Reason, Text};

use crate::api::fc::inside;
use crate::api::kms::{database, family, seconds, state, usage};
use crate::fields::Fields;
use crate::keys;
use crate::policy::document;
use crate::sink::Sink;
use crate::terraform::Block;
use crate::words::one_item;

/// The resource types of KMS.
pub const BLOCKS: &[Block] = &[
    Block { name: "alicloud_kms_key", kind: Some(Key::SCHEMA), read: key },
    Block { name: "alicloud_kms_alias", kind: None, read: alias },
    Block { name: "alicloud_kms_secret", kind: Some(Secret::SCHEMA), read: secret },
    Block { name: "alicloud_kms_instance", kind: Some(Instance::SCHEMA), read: instance },
];

const KEY: &str = "terraform-provider-alicloud r/kms_key";
const SECRET: &str = "terraform-provider-alicloud r/kms_secret";

fn key(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("id"), |key: &mut Key| {
        key.head.name = f.text("description");
        // `key_state` and `is_enabled` are older spellings of `status`.
        key.state = match () {
            () if filled(f, "status") => state(f.text("status")),
            () if filled(f, "key_state") => state(f.text("key_state")),
            () => f
                .bool_or("is_enabled", true, KEY)
                .map(|enabled| Text::from(if enabled { "enabled" } else { "disabled" })),
        };
        key.service_key = f.known(false);
        key.origin = f.word_or("origin", "aliyun-kms", KEY);
        key.protection_level = f.word_or("protection_level", "software", KEY);
        key.spec = f.text_or("key_spec", "Aliyun_AES_256", KEY);
        (key.algorithm, key.symmetric) = family(&key.spec);
        key.usage = usage(f.text_or("key_usage", "ENCRYPT/DECRYPT", KEY));
        key.automatic_rotation = f.flag_or("automatic_rotation", &["Enabled"], &["Disabled", "Suspended"], false, KEY);
        key.rotation_interval = seconds(f, "rotation_interval");
        key.material_expires = f.opt_text("material_expire_time");
        key.delete_date = f.opt_text("delete_date");
        key.deletion_protection = f.flag_or("deletion_protection", &["Enabled"], &["Disabled"], false, KEY);
        key.instance = f.link("dkms_instance_id");
        key.policy = document(f, "policy");
    });
}

/// Whether an argument has a value, known or not: null and empty text count as left out.
fn filled(f: &Fields<'_>, path: &str) -> bool {
    let fact = f.opt_text(path);
    !fact.is_absent()
}

fn alias(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let (items, more) = one_item(f.text("alias_name"));
    sink.append(&f.link("key_id"), |key: &mut Key| &mut key.aliases, items, more);
}

fn secret(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let key = keys::key(f, "encryption_key_id");
    keys::assume_customer_key(sink, &key);
    sink.put(f, f.text("secret_name"), |secret: &mut Secret| {
        secret.head.name = f.text("secret_name");
        secret.secret_type = f.word_or("secret_type", "generic", SECRET);
        secret.automatic_rotation = f.bool_or("enable_automatic_rotation", false, SECRET);
        secret.rotation_interval = seconds(f, "rotation_interval");
        secret.encryption_key = key;
        secret.database = database(&secret.secret_type, || {
            inside(&f.text("extended_config"), |config| config.parent("DBInstanceId"))
        });
        secret.planned_delete_time = f.opt_text("planned_delete_time");
        secret.policy = document(f, "policy");
    });
}

fn instance(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("id"), |instance: &mut Instance| {
        instance.head.name = f.text("instance_name");
        instance.vpc = f.text("vpc_id");
        instance.zones = f.texts("zone_ids");
        instance.end_date = f.text("end_date");
        // Source: r/kms_instance `product_version`: 3 software, 5 hardware.
        instance.instance_type = match f.plain("product_version") {
            Some("3") => f.known("software".into()),
            Some("5") => f.known("hardware".into()),
            _ => f.unknown(Reason::NotInEvidence),
        };
    });
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests;
