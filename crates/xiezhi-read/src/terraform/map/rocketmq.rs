//! RocketMQ in Terraform. Source: terraform-provider-alicloud, `website/docs/r/rocketmq_instance.html.markdown`.

use xiezhi_model::service::rocketmq::Instance;
use xiezhi_model::{List, State};

use crate::api::rocketmq::conclude;
use crate::fields::{Fields, documented};
use crate::keys::named;
use crate::sink::Sink;
use crate::store::said;
use crate::terraform::Block;

/// The resource types of RocketMQ.
pub const BLOCKS: &[Block] =
    &[Block { name: "alicloud_rocketmq_instance", kind: Some(Instance::SCHEMA), read: instance }];

const INSTANCE: &str = "terraform-provider-alicloud r/rocketmq_instance";

fn instance(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("id"), |instance: &mut Instance| {
        instance.head.name = f.text("instance_name");
        instance.series = f.word("series_code");
        instance.sub_series = f.word("sub_series_code");
        instance.vpc = said(f.link("network_info.vpc_info.vpc_id"));
        instance.public_endpoint = f.flag("network_info.internet_info.internet_spec", &["enable"], &["disable"]);
        // `ip_whitelists` replaces the list inside `internet_info`.
        let newer = f.opt_texts("ip_whitelists");
        let older = f.opt_texts("network_info.internet_info.ip_whitelist");
        let has = |list: &xiezhi_model::Fact<List<xiezhi_model::Text>>| match &list.state {
            State::Known(known) => !known.items.is_empty() || known.more.is_some(),
            State::Absent => false,
            State::Unknown(_) => true,
        };
        instance.internet_white_list = if has(&newer) {
            newer
        } else if has(&older) {
            older
        } else {
            documented(INSTANCE).known(List::complete(vec![]))
        };
        instance.encrypted = f.bool_or("product_info.storage_encryption", false, INSTANCE);
        instance.encryption_key = named(f, "product_info.storage_secret_key");
    });
    sink.batch.conclude(Instance::SCHEMA.kind, conclude);
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests;
