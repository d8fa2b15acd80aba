//! MaxCompute answers.

use xiezhi_model::service::kms::Key;
use xiezhi_model::service::maxcompute::Project;
use xiezhi_model::{Batch, Fact, Link, Reason, State, Text};

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

/// Who holds the key of an encrypted project, and the customer's key: `Default Key` is MaxCompute's own (the API's sample
/// spells it `dafault`), `BYOK` one of the customer's that is not named. Source: terraform-provider-alicloud
/// r/maxcompute_project `properties.encryption.key`; MaxCompute GetProject.
pub(crate) fn key_of(encrypted: &Fact<bool>, stated: Fact<Text>) -> (Fact<Text>, Fact<Link<Key>>) {
    let origin = &stated.origin;
    let unknown = |reason: &Reason| {
        (Fact::unknown(reason.clone(), origin.clone()), Fact::unknown(reason.clone(), origin.clone()))
    };
    let held =
        |holder: &str, key| (Fact::known(holder.into(), origin.clone()), Fact { state: key, origin: origin.clone() });
    match (&encrypted.state, &stated.state) {
        (State::Known(false) | State::Absent, _) => {
            (Fact::known("none".into(), encrypted.origin.clone()), Fact::absent(encrypted.origin.clone()))
        }
        (State::Unknown(reason), _) | (_, State::Unknown(reason)) => unknown(reason),
        (State::Known(true), State::Absent) => unknown(&Reason::NotInEvidence),
        (State::Known(true), State::Known(word)) => match word.to_ascii_lowercase().as_str() {
            word if word.contains("default") || word.contains("dafault") => held("provider-key", State::Absent),
            "byok" => held("kms-key", State::Unknown(Reason::NotInEvidence)),
            _ => held("kms-key", State::Known(Link::id(word.clone()))),
        },
    }
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
        (project.encryption, project.encryption_key) =
            key_of(&project.encrypted, f.opt_text("properties.encryption.key"));
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
