//! Kafka (`alikafka`) answers.

use xiezhi_model::service::kafka::Instance;
use xiezhi_model::{Batch, Fact, Reason, State, Text};

use super::Call;
use crate::fields::Fields;
use crate::sink::Sink;
use crate::store::{link_if_said, target, two_zones};
use crate::{keys, white_list};

/// The calls of Kafka.
pub const CALLS: &[Call] = &[
    Call::listing("alikafka", "GetInstanceList", "InstanceList.InstanceVO", Instance::SCHEMA, instance),
    Call::answer("alikafka", "GetAllowedIpList", allowed_ips),
];

/// What the white list says, once it has been read to its end.
pub(crate) fn conclude(batch: &mut Batch) {
    batch.for_each(|instance: &mut Instance| {
        instance.internet_white_list_open = white_list::open(&instance.internet_white_list);
    });
}

/// Whether the deployment has a public endpoint: 4 is public and VPC, 5 is VPC. Source: Kafka StartInstance and
/// GetInstanceList; terraform-provider-alicloud r/alikafka_instance `deploy_type`.
pub(crate) fn public(deploy_type: Fact<Text>) -> Fact<bool> {
    deploy_type.try_map(|word| match word.as_str() {
        "4" => Ok(true),
        "5" => Ok(false),
        other => Err(Reason::not_understood(format!("the deployment type `{other}`"))),
    })
}

fn instance(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("InstanceId"), |instance: &mut Instance| {
        instance.head.name = f.text("Name");
        if f.has("RegionId") {
            instance.head.region = f.text("RegionId");
        }
        // 0 subscription, 1 pay-as-you-go, 3 serverless. Source: Kafka GetInstanceList `PaidType`.
        instance.serverless = f.flag("PaidType", &["3"], &["0", "1"]);
        instance.public_endpoint = public(f.text("DeployType"));
        instance.vpc = link_if_said(f, "VpcId");
        instance.vswitch = link_if_said(f, "VSwitchId");
        if f.has("KmsKeyId") {
            instance.encryption = keys::holder(f, "KmsKeyId", "none");
            instance.encryption_key = keys::key(f, "KmsKeyId");
        }
        if f.has("BackupZoneId") {
            instance.multi_zone = two_zones(&f.text("ZoneId"), &[f.opt_text("BackupZoneId")]);
        }
    });
}

fn allowed_ips(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let ports = f.records("AllowedList.InternetList", |port| (false, port.texts("AllowedIpList")));
    let list = match ports.state {
        State::Known(list) => white_list::union(list.items, &ports.origin),
        State::Absent => f.unknown(Reason::NotInEvidence),
        State::Unknown(reason) => f.unknown(reason),
    };
    let instance = target(f, sink, "InstanceId");
    sink.on(&instance, |instance: &mut Instance| instance.internet_white_list = list);
    sink.batch.conclude(Instance::SCHEMA.kind, conclude);
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests;
