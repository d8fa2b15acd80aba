//! Hologres (`hologram`) answers.

use xiezhi_model::service::hologram::{Backup, Instance};
use xiezhi_model::{List, State};

use super::Call;
use crate::fields::Fields;
use crate::sink::Sink;

/// The calls of Hologres.
pub const CALLS: &[Call] = &[
    Call::listing("hologram", "ListInstances", "InstanceList", Instance::SCHEMA, instance),
    Call::answer("hologram", "GetInstance", detail),
    Call::listing("hologram", "ListBackupData", "BackupDataList", Backup::SCHEMA, backup),
];

/// The networks of the endpoints at `path`, in lower case.
pub(crate) fn endpoints(f: &Fields<'_>, path: &str, kind: &str) -> xiezhi_model::Fact<List<xiezhi_model::Text>> {
    f.records(path, |endpoint| endpoint.word(kind)).map(|list| {
        let mut words = List { items: vec![], more: list.more };
        for word in list.items {
            match word.state {
                State::Known(word) => words.items.push(word),
                State::Absent => {}
                State::Unknown(reason) => words.more = Some(reason),
            }
        }
        words
    })
}

fn instance(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("InstanceId"), |instance: &mut Instance| {
        instance.head.name = f.text("InstanceName");
        instance.endpoints = endpoints(f, "Endpoints", "Type");
    });
}

fn detail(f: &Fields<'_>, sink: &mut Sink<'_>) {
    instance(&f.sub("Instance").unwrap_or(*f), sink);
}

fn backup(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("Id"), |backup: &mut Backup| {
        backup.instance = f.parent("InstanceId");
        backup.instance_region = f.text("InstanceRegion");
        backup.stored_in = f.text("SnapshotRegion");
        backup.done = f.flag("Status", &["completed"], &["processing", "failed"]);
    });
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests;
