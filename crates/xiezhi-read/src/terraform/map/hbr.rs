//! Cloud Backup in Terraform. Source: terraform-provider-alicloud, `website/docs/r/hbr_*.html.markdown`.

use xiezhi_model::service::hbr::{Backup, Vault};

use crate::api::hbr::{SERVER, encryption, of_one_kind, source};
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
    Block { name: "alicloud_hbr_ecs_backup_plan", kind: Some(Backup::SCHEMA), read: files_plan },
    Block { name: "alicloud_hbr_server_backup_plan", kind: Some(Backup::SCHEMA), read: server_plan },
    Block { name: "alicloud_hbr_ots_backup_plan", kind: Some(Backup::SCHEMA), read: tables_plan },
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
        backup.bucket = source(&backup.source_type, &["oss"], f.link("data_source_id"));
        backup.file_system = source(&backup.source_type, &["nas"], f.link("data_source_id"));
        backup.instance = source(&backup.source_type, SERVER, f.link("data_source_id"));
        backup.table_store = source(&backup.source_type, &["ots"], f.link("data_source_id"));
        backup.enabled = f.bool_or("disabled", false, PLAN).map(|disabled| !disabled);
    });
}

/// A plan of one of the older types, each of which backs up one kind of thing; it says of which.
fn plan(f: &Fields<'_>, sink: &mut Sink<'_>, name: &str, kind: &str, say: impl FnOnce(&mut Backup)) {
    sink.put(f, f.text("id"), |backup: &mut Backup| {
        backup.head.name = f.text(name);
        backup.enabled = f.bool_or("disabled", false, PLAN).map(|disabled| !disabled);
        backup.vault = f.link("vault_id");
        of_one_kind(f, backup, kind);
        say(backup);
    });
}

fn oss_plan(f: &Fields<'_>, sink: &mut Sink<'_>) {
    plan(f, sink, "oss_backup_plan_name", "oss", |backup| backup.bucket = f.link("bucket"));
}

fn nas_plan(f: &Fields<'_>, sink: &mut Sink<'_>) {
    plan(f, sink, "nas_backup_plan_name", "nas", |backup| backup.file_system = f.link("file_system_id"));
}

fn files_plan(f: &Fields<'_>, sink: &mut Sink<'_>) {
    plan(f, sink, "ecs_backup_plan_name", "ecs-file", |backup| backup.instance = f.link("instance_id"));
}

fn server_plan(f: &Fields<'_>, sink: &mut Sink<'_>) {
    plan(f, sink, "ecs_server_backup_plan_name", "udm-ecs", |backup| backup.instance = f.link("instance_id"));
}

fn tables_plan(f: &Fields<'_>, sink: &mut Sink<'_>) {
    plan(f, sink, "ots_backup_plan_name", "ots", |backup| backup.table_store = f.link("instance_name"));
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests;
