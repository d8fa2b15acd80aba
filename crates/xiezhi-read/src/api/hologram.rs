//! Hologres (`hologram`) answers.

use xiezhi_model::service::hologram::Instance;
use xiezhi_model::{List, State};

use super::Call;
use crate::fields::Fields;
use crate::sink::Sink;

/// The calls of Hologres.
pub const CALLS: &[Call] = &[
    Call::listing("hologram", "ListInstances", "InstanceList", Instance::SCHEMA, instance),
    Call::answer("hologram", "GetInstance", detail),
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

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests;
