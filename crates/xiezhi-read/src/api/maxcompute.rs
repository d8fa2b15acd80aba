//! MaxCompute answers.

use xiezhi_model::Batch;
use xiezhi_model::service::maxcompute::Project;

use super::Call;
use crate::fields::Fields;
use crate::sink::Sink;
use crate::white_list;

/// The calls of MaxCompute.
pub const CALLS: &[Call] = &[
    Call::listing("maxcompute", "ListProjects", "data.projects", Project::SCHEMA, project),
    Call::answer("maxcompute", "GetProject", detail),
];

/// What the white list says, once it has been read to its end.
pub(crate) fn conclude(batch: &mut Batch) {
    batch.for_each(|project: &mut Project| project.white_list_open = white_list::open(&project.white_list));
}

fn project(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("name"), |project: &mut Project| {
        project.head.name = f.text("name");
        if f.has("regionId") {
            project.head.region = f.text("regionId");
        }
        if f.has("ipWhiteList") {
            // An empty or missing list means that the white list is off. Source: MaxCompute GetProject.
            project.white_list = f.opt_texts("ipWhiteList.ipList");
        }
        project.encrypted = f.bool("properties.encryption.enable");
        project.encryption_algorithm = f.word("properties.encryption.algorithm");
        project.zone_redundant = f.bool("properties.enableDr");
    });
    sink.batch.conclude(Project::SCHEMA.kind, conclude);
}

fn detail(f: &Fields<'_>, sink: &mut Sink<'_>) {
    project(&f.sub("data").unwrap_or(*f), sink);
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests;
