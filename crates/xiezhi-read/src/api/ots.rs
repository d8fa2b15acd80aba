//! Tablestore answers. The command line knows the product as `tablestore`, the catalogue of APIs as `ots`.

use xiezhi_model::service::ots::{Instance, Table};
use xiezhi_model::{Fact, Link, List, Reason, State, Text};

use super::Call;
use crate::fields::Fields;
use crate::keys;
use crate::sink::Sink;

/// The calls of Tablestore.
pub const CALLS: &[Call] = &[
    Call::listing("tablestore", "ListInstances", "Instances", Instance::SCHEMA, instance),
    Call::answer("tablestore", "GetInstance", whole),
    Call::listing("ots", "ListInstances", "Instances", Instance::SCHEMA, instance),
    Call::answer("ots", "GetInstance", whole),
    Call::answer("ots", "DescribeTable", table),
];

/// An instance that is made has no policy until one is set on it. Source: Tablestore, "Use instance policies to restrict the access
/// sources of an instance"; neither r/ots_instance of the Terraform provider nor ROS `ALIYUN::OTS::Instance` can set one.
pub(crate) const NO_POLICY: &str = "Tablestore instance policies: none until one is set";

/// Whether a list of networks lets the internet in.
pub(crate) fn lets_in(networks: &Fact<List<Text>>) -> Fact<bool> {
    let state = match &networks.state {
        State::Known(list) if list.items.iter().any(|network| network.eq_ignore_ascii_case("INTERNET")) => {
            State::Known(true)
        }
        State::Known(list) => list.more.clone().map_or(State::Known(false), State::Unknown),
        State::Absent => State::Unknown(Reason::NotInEvidence),
        State::Unknown(reason) => State::Unknown(reason.clone()),
    };
    Fact { state, origin: networks.origin.clone() }
}

/// `LRS` and `ZRS`, however the source writes them.
fn redundancy(stated: Fact<Text>) -> Fact<Text> {
    stated.try_map(|word| match () {
        () if word.to_ascii_uppercase().contains("ZRS") => Ok("ZRS".into()),
        () if word.to_ascii_uppercase().contains("LRS") => Ok("LRS".into()),
        () => Err(Reason::not_understood(format!("the storage type `{word}`"))),
    })
}

fn instance(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("InstanceName"), |instance: &mut Instance| {
        instance.head.name = f.text("InstanceName");
        instance.internet_access = lets_in(&f.texts("NetworkTypeACL"));
        instance.redundancy = redundancy(f.text("StorageType"));
    });
}

/// Only the answer about one instance has its policy; lists leave it out.
fn whole(f: &Fields<'_>, sink: &mut Sink<'_>) {
    instance(f, sink);
    sink.on(&f.text("InstanceName").map(Link::id), |instance: &mut Instance| {
        // The older version of the API (`ots`) knows no instance policies.
        instance.policy =
            if f.has("Policy") || f.has("PolicyVersion") { f.opt_text("Policy") } else { f.text("Policy") };
    });
}

fn table(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let instance = sink.param("InstanceName");
    let name = sink.param("TableName");
    let id = match (instance.value(), name.value()) {
        (Some(instance), Some(name)) => f.known(Text::from(format!("{instance}/{name}"))),
        _ => f.unknown(Reason::NotInEvidence),
    };
    let encrypted = f.bool("sseDetails.enable");
    sink.put(f, id, |table: &mut Table| {
        table.head.name = name;
        table.instance = instance.map(Link::id);
        (table.encryption, table.encryption_key) = keys::under(&encrypted, f, "sseDetails.keyId");
        if encrypted.value() == Some(&true) && f.plain("sseDetails.keyType") == Some("SSE_KMS_SERVICE") {
            table.encryption = f.known("service-key".into());
        }
    });
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests;
