//! Cloud Backup in Terraform. Source: terraform-provider-alicloud, `website/docs/r/hbr_*.html.markdown`.

use xiezhi_model::service::hbr::{Backup, Vault};

use crate::api::hbr::{encryption, source};
use crate::fields::{Fields, documented};
use crate::keys;
use crate::sink::Sink;
use crate::terraform::Block;

/// The resource types of Cloud Backup.
pub const BLOCKS: &[Block] = &[
    Block { name: "alicloud_hbr_vault", kind: Some(Vault::SCHEMA), read: vault },
    Block { name: "alicloud_hbr_replication_vault", kind: Some(Vault::SCHEMA), read: copy },
    Block { name: "alicloud_hbr_policy_binding", kind: Some(Backup::SCHEMA), read: binding },
    Block { name: "alicloud_hbr_oss_backup_plan", kind: Some(Backup::SCHEMA), read: oss_plan },
    Block { name: "alicloud_hbr_nas_backup_plan", kind: Some(Backup::SCHEMA), read: nas_plan },
];

const VAULT: &str = "terraform-provider-alicloud r/hbr_vault";
const PLAN: &str = "terraform-provider-alicloud r/hbr_oss_backup_plan";

fn common(f: &Fields<'_>, vault: &mut Vault) {
    vault.head.name = f.text("vault_name");
    vault.encryption = encryption(f.text_or("encrypt_type", "HBR_PRIVATE", VAULT));
    vault.encryption_key = keys::key(f, "kms_key_id");
    vault.worm = f.bool_or("worm_enabled", false, VAULT);
}

fn vault(f: &Fields<'_>, sink: &mut Sink<'_>) {
    keys::assume_customer_key(sink, &keys::key(f, "kms_key_id"));
    sink.put(f, f.text("id"), |vault: &mut Vault| {
        common(f, vault);
        vault.is_copy = f.known(false);
        vault.copy_of = documented(VAULT).absent();
        vault.copy_of_region = documented(VAULT).absent();
    });
}

fn copy(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("id"), |vault: &mut Vault| {
        common(f, vault);
        vault.is_copy = f.known(true);
        vault.copy_of = f.link("replication_source_vault_id");
        vault.copy_of_region = f.text("replication_source_region_id");
    });
}

fn binding(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("id"), |backup: &mut Backup| {
        backup.source_type = f.word("source_type");
        backup.bucket = source(&backup.source_type, "oss", f.link("data_source_id"));
        backup.file_system = source(&backup.source_type, "nas", f.link("data_source_id"));
        backup.enabled = f.bool_or("disabled", false, PLAN).map(|disabled| !disabled);
    });
}

fn plan(f: &Fields<'_>, backup: &mut Backup) {
    backup.enabled = f.bool_or("disabled", false, PLAN).map(|disabled| !disabled);
    backup.vault = f.link("vault_id");
}

fn oss_plan(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("id"), |backup: &mut Backup| {
        backup.head.name = f.text("oss_backup_plan_name");
        plan(f, backup);
        backup.source_type = f.known("oss".into());
        backup.bucket = f.link("bucket");
        backup.file_system = f.absent();
    });
}

fn nas_plan(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("id"), |backup: &mut Backup| {
        backup.head.name = f.text("nas_backup_plan_name");
        plan(f, backup);
        backup.source_type = f.known("nas".into());
        backup.bucket = f.absent();
        backup.file_system = f.link("file_system_id");
    });
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests;
