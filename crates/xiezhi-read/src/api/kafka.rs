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
        instance.ssl = speaks_tls(f);
        if f.has("BackupZoneId") {
            instance.multi_zone = two_zones(&f.text("ZoneId"), &[f.opt_text("BackupZoneId")]);
        }
    });
}

/// Whether an endpoint for TLS is there. Source: Kafka GetInstanceList `SslEndPoint`, `SslDomainEndpoint`.
fn speaks_tls(f: &Fields<'_>) -> Fact<bool> {
    let endpoints = [f.opt_text("SslEndPoint"), f.opt_text("SslDomainEndpoint")];
    if !f.has("SslEndPoint") && !f.has("SslDomainEndpoint") {
        return f.unknown(Reason::NotInEvidence);
    }
    if endpoints.iter().any(|endpoint| endpoint.value().is_some()) {
        return f.known(true);
    }
    match endpoints.iter().find_map(|endpoint| endpoint.reason()) {
        Some(reason) => f.unknown(reason.clone()),
        None => f.known(false),
    }
}

/// Whether an endpoint speaks TLS as a configuration asks for it: the public endpoint does (port 9093), one in the VPC
/// when `enable.vpc_sasl_ssl` is true, which is off by default. Source: Kafka StartInstance `Config`; network semantics
/// §11.4.
pub(crate) fn asks_for_tls(public: &Fact<bool>, config: &Fact<Text>, unset: Fact<bool>) -> Fact<bool> {
    if let State::Known(true) = public.state {
        return Fact::known(true, public.origin.clone());
    }
    let state = match &config.state {
        State::Absent => return unset,
        State::Unknown(reason) => State::Unknown(reason.clone()),
        State::Known(text) => match serde_json::from_str::<serde_json::Value>(text) {
            Ok(settings) => match settings.get("enable.vpc_sasl_ssl") {
                None => return unset,
                Some(value) if value == "true" || value == true => State::Known(true),
                Some(value) if value == "false" || value == false => State::Known(false),
                Some(value) => State::Unknown(Reason::not_understood(format!("`enable.vpc_sasl_ssl` of {value}"))),
            },
            Err(_) => State::Unknown(Reason::not_understood("the configuration of the instance, which is no JSON")),
        },
    };
    match (state, &public.state) {
        (State::Known(false), State::Unknown(reason)) => Fact::unknown(reason.clone(), public.origin.clone()),
        (state, _) => Fact { state, origin: config.origin.clone() },
    }
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
