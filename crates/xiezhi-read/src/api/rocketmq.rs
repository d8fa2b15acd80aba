//! RocketMQ 5 answers.

use xiezhi_model::service::rocketmq::Instance;
use xiezhi_model::{Batch, Fact, List, State, Text};

use super::Call;
use crate::fields::Fields;
use crate::sink::Sink;
use crate::store::link_if_said;
use crate::white_list;

/// The calls of RocketMQ.
pub const CALLS: &[Call] = &[
    Call::listing("rocketmq", "ListInstances", "data.list", Instance::SCHEMA, instance),
    Call::answer("rocketmq", "GetInstance", detail),
];

/// What the white list says, once it has been read to its end: an empty one admits everyone.
/// Source: RocketMQ CreateInstance `internetInfo.ipWhitelist`.
pub(crate) fn conclude(batch: &mut Batch) {
    batch.for_each(|instance: &mut Instance| {
        instance.internet_white_list_open = match &instance.internet_white_list.state {
            State::Known(list) if list.items.is_empty() && list.more.is_none() => {
                Fact::known(true, instance.internet_white_list.origin.clone())
            }
            _ => white_list::open(&instance.internet_white_list),
        };
    });
}

fn instance(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("instanceId"), |instance: &mut Instance| {
        instance.head.name = f.text("instanceName");
        if f.has("regionId") {
            instance.head.region = f.text("regionId");
        }
        instance.series = f.word("seriesCode");
        instance.sub_series = f.word("subSeriesCode");
        instance.vpc = link_if_said(f, "networkInfo.vpcInfo.vpcId");
        instance.public_endpoint = f.flag("networkInfo.internetInfo.internetSpec", &["enable"], &["disable"]);
        let list: Fact<List<Text>> = f.texts("networkInfo.internetInfo.ipWhitelist");
        instance.internet_white_list = list;
        instance.encrypted = f.bool("productInfo.storageEncryption");
        instance.encryption_key = f.opt_text("productInfo.storageSecretKey");
    });
    sink.batch.conclude(Instance::SCHEMA.kind, conclude);
}

fn detail(f: &Fields<'_>, sink: &mut Sink<'_>) {
    instance(&f.sub("data").unwrap_or(*f), sink);
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests;
