//! API Gateway in Terraform. Source: terraform-provider-alicloud, `website/docs/r/api_gateway_*`.

use xiezhi_model::service::apigateway::{Api, Group, Instance, LogConfig, NativeDomain, NativeGateway};
use xiezhi_model::{Fact, Reason, Text};

use crate::api::apigateway::{auth, follows_instance, oldest_tls};
use crate::api::fc::protocols;
use crate::fields::Fields;
use crate::sink::Sink;
use crate::terraform::Block;

/// The resource types of API Gateway.
pub const BLOCKS: &[Block] = &[
    Block { name: "alicloud_api_gateway_instance", kind: Some(Instance::SCHEMA), read: instance },
    Block { name: "alicloud_api_gateway_group", kind: Some(Group::SCHEMA), read: group },
    Block { name: "alicloud_api_gateway_api", kind: Some(Api::SCHEMA), read: api },
    Block { name: "alicloud_api_gateway_log_config", kind: Some(LogConfig::SCHEMA), read: log_config },
    Block { name: "alicloud_apig_gateway", kind: Some(NativeGateway::SCHEMA), read: native_gateway },
    Block { name: "alicloud_apig_domain", kind: Some(NativeDomain::SCHEMA), read: native_domain },
];

fn instance(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("id"), |instance: &mut Instance| {
        instance.head.name = f.text("instance_name");
        instance.zone = f.text("zone_id");
        instance.https_policy = f.text("https_policy");
        instance.ipv6 = f.bool("support_ipv6");
    });
}

fn log_config(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("id"), |config: &mut LogConfig| {
        config.project = f.text("sls_project");
        config.logstore = f.text("sls_log_store");
    });
}

fn group(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("id"), |group: &mut Group| {
        group.head.name = f.text("name");
        group.instance = f.link("instance_id");
        // The provider cannot set a policy for the group itself, nor bind a domain.
        group.https_policy = follows_instance(&group.instance);
    });
}

fn api(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("api_id"), |api: &mut Api| {
        api.head.name = f.text("name");
        api.group = f.link("group_id");
        api.auth = auth(f.text("auth_type"));
        api.protocols = protocols(f, "request_config.protocol");
    });
}

/// Source: terraform-provider-alicloud r/apig_gateway `network_access_config`; apig CreateGateway `networkAccessConfig.type`.
fn native_gateway(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("id"), |gateway: &mut NativeGateway| {
        gateway.head.name = f.text("gateway_name");
        gateway.internet = on_the_internet(f.text("network_access_config.type"));
    });
}

/// Source: terraform-provider-alicloud r/apig_domain; the page states no default of the versions.
fn native_domain(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("id"), |domain: &mut NativeDomain| {
        domain.head.name = f.text("domain_name");
        domain.name = f.text("domain_name");
        domain.protocol = f.word("protocol");
        domain.https_forced = f.bool("force_https");
        domain.tls_min = oldest_tls(&domain.protocol, f.text("tls_min"));
    });
}

/// Whether a cloud-native gateway takes calls from the internet, by its network access type.
pub(crate) fn on_the_internet(kind: Fact<Text>) -> Fact<bool> {
    kind.try_map(|kind| match kind.to_ascii_lowercase().as_str() {
        "internet" | "internetandintranet" => Ok(true),
        "intranet" => Ok(false),
        _ => Err(Reason::not_understood(format!("the network access `{kind}`"))),
    })
}
