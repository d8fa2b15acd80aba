//! Cloud Backup in ROS templates. Source: ROS documentation, `ALIYUN::HBR::*`.

use xiezhi_model::Reason;
use xiezhi_model::service::hbr::Backup;

use crate::api::hbr::of_one_kind;
use crate::fields::Fields;
use crate::sink::Sink;
use crate::terraform::Block;

/// The resource types of Cloud Backup.
pub const BLOCKS: &[Block] = &[
    Block { name: "ALIYUN::HBR::EcsBackupPlan", kind: Some(Backup::SCHEMA), read: files_plan },
    Block { name: "ALIYUN::HBR::OtsBackupPlan", kind: Some(Backup::SCHEMA), read: tables_plan },
    Block { name: "ALIYUN::HBR::NasBackupPlan", kind: Some(Backup::SCHEMA), read: nas_plan },
];

const PLAN: &str = "ROS ALIYUN::HBR::EcsBackupPlan";

fn plan(f: &Fields<'_>, sink: &mut Sink<'_>, kind: &str, say: impl FnOnce(&mut Backup)) {
    sink.put(f, f.unknown(Reason::NotInEvidence), |backup: &mut Backup| {
        backup.head.name = f.text("PlanName");
        backup.enabled = f.bool_or("Disabled", false, PLAN).map(|disabled| !disabled);
        backup.vault = f.link("VaultId");
        of_one_kind(f, backup, kind);
        say(backup);
    });
}

fn files_plan(f: &Fields<'_>, sink: &mut Sink<'_>) {
    plan(f, sink, "ecs-file", |backup| backup.instance = f.link("InstanceId"));
}

fn tables_plan(f: &Fields<'_>, sink: &mut Sink<'_>) {
    plan(f, sink, "ots", |backup| backup.table_store = f.link("InstanceName"));
}

fn nas_plan(f: &Fields<'_>, sink: &mut Sink<'_>) {
    plan(f, sink, "nas", |backup| backup.file_system = f.link("FileSystemId"));
}
