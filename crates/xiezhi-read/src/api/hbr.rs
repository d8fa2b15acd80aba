//! Cloud Backup (`hbr`) answers.

use xiezhi_model::service::hbr::{Backup, Vault};
use xiezhi_model::{Fact, Link, Reason, Resource, Text};

use super::Call;
use crate::fields::Fields;
use crate::keys;
use crate::sink::Sink;

/// The calls of Cloud Backup.
pub const CALLS: &[Call] = &[
    Call::listing("hbr", "DescribeVaults", "Vaults.Vault", Vault::SCHEMA, vault),
    Call::each("hbr", "DescribeBackupPlans", "BackupPlans.BackupPlan", plan),
    // Plans and policy bindings are two generations of one thing: neither answer alone lists what is backed up.
    Call::each("hbr", "DescribePolicyBindings", "PolicyBindings", binding),
];

/// Who holds the key of a vault. Source: Cloud Backup CreateVault `EncryptType`.
pub(crate) fn encryption(stated: Fact<Text>) -> Fact<Text> {
    stated.try_map(|word| match word.to_ascii_uppercase().as_str() {
        "NONE" => Ok("none".into()),
        "HBR_PRIVATE" => Ok("provider-key".into()),
        "KMS" => Ok("kms-key".into()),
        other => Err(Reason::not_understood(format!("the encryption type `{other}`"))),
    })
}

/// The types of source that are a server: the whole of it, and files on it. Source: Cloud Backup
/// CreatePolicyBindings, `DataSourceId` ("ECS instance ID" for both).
pub(crate) const SERVER: &[&str] = &["udm-ecs", "ecs-file"];

/// A link that holds only for some types of source.
pub(crate) fn source<R: Resource>(kind: &Fact<Text>, wanted: &[&str], id: Fact<Link<R>>) -> Fact<Link<R>> {
    match kind.value().map(Text::as_str) {
        Some(word) if wanted.contains(&word) => id,
        Some(_) => Fact::absent(kind.origin.clone()),
        None => Fact::unknown(Reason::NotInEvidence, kind.origin.clone()),
    }
}

/// A plan of an older type, which is for one kind of thing: it names none of the others.
pub(crate) fn of_one_kind(f: &Fields<'_>, backup: &mut Backup, kind: &str) {
    backup.source_type = f.known(kind.into());
    backup.bucket = f.absent();
    backup.file_system = f.absent();
    backup.instance = f.absent();
    backup.table_store = f.absent();
}

fn vault(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("VaultId"), |vault: &mut Vault| {
        vault.head.name = f.text("VaultName");
        if f.has("VaultRegionId") {
            vault.head.region = f.text("VaultRegionId");
        }
        vault.encryption = encryption(f.text("EncryptType"));
        vault.encryption_key = match vault.encryption.value().map(Text::as_str) {
            Some("kms-key") => keys::key(f, "KmsKeyId"),
            Some(_) => f.absent(),
            None => f.unknown(Reason::NotInEvidence),
        };
        vault.worm = f.bool("WormEnabled");
        vault.is_copy = f.bool("Replication");
        if vault.is_copy.value().is_some() {
            vault.copy_of = f.link("ReplicationSourceVaultId");
            vault.copy_of_region = f.opt_text("ReplicationSourceRegionId");
        }
    });
}

fn plan(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("PlanId"), |backup: &mut Backup| {
        backup.head.name = f.text("PlanName");
        backup.source_type = f.word("SourceType");
        backup.bucket = source(&backup.source_type, &["oss"], f.link("Bucket"));
        backup.file_system = source(&backup.source_type, &["nas"], f.link("FileSystemId"));
        let server = if f.has("InstanceId") { f.link("InstanceId") } else { f.unknown(Reason::NotInEvidence) };
        backup.instance = source(&backup.source_type, SERVER, server);
        let tables = if f.has("InstanceName") { f.link("InstanceName") } else { f.unknown(Reason::NotInEvidence) };
        backup.table_store = source(&backup.source_type, &["ots"], tables);
        backup.enabled = f.bool("Disabled").map(|disabled| !disabled);
        backup.vault = f.link("VaultId");
    });
}

fn binding(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("PolicyBindingId"), |backup: &mut Backup| {
        backup.source_type = f.word("SourceType");
        backup.bucket = source(&backup.source_type, &["oss"], f.link("DataSourceId"));
        backup.file_system = source(&backup.source_type, &["nas"], f.link("DataSourceId"));
        backup.instance = source(&backup.source_type, SERVER, f.link("DataSourceId"));
        backup.table_store = source(&backup.source_type, &["ots"], f.link("DataSourceId"));
        backup.enabled = f.bool("Disabled").map(|disabled| !disabled);
    });
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests;
