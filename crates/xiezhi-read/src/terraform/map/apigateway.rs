//! API Gateway in Terraform. Source: terraform-provider-alicloud, `website/docs/r/api_gateway_*`.

use xiezhi_model::service::apigateway::{Acl, Api, Group, Instance, LogConfig, NativeDomain, NativeGateway};
use xiezhi_model::{Fact, List, Reason, Text};

use crate::api::apigateway::{auth, follows_instance, oldest_tls};
use crate::api::fc::{known, protocols};
use crate::fields::{Fields, documented};
use crate::sink::Sink;
use crate::terraform::Block;
use crate::words::one_item;

/// The resource types of API Gateway.
pub const BLOCKS: &[Block] = &[
    Block { name: "alicloud_api_gateway_instance", kind: Some(Instance::SCHEMA), read: instance },
    Block { name: "alicloud_api_gateway_access_control_list", kind: Some(Acl::SCHEMA), read: acl },
    Block { name: "alicloud_api_gateway_acl_entry_attachment", kind: None, read: acl_entry },
    Block { name: "alicloud_api_gateway_instance_acl_attachment", kind: None, read: acl_of_instance },
    Block { name: "alicloud_api_gateway_group", kind: Some(Group::SCHEMA), read: group },
    Block { name: "alicloud_api_gateway_api", kind: Some(Api::SCHEMA), read: api },
    Block { name: "alicloud_api_gateway_plugin_attachment", kind: None, read: plugin },
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

fn acl(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("id"), |acl: &mut Acl| {
        acl.head.name = f.text("access_control_list_name");
        // Older configurations list the entries here, newer ones in blocks beside it.
        acl.entries = f.opt_records("acl_entrys", |entry| entry.text("acl_entry_ip")).map(known);
    });
}

fn acl_entry(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let (items, more) = one_item(f.text("entry"));
    sink.append(&f.link("acl_id"), |acl: &mut Acl| &mut acl.entries, items, more);
}

fn acl_of_instance(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let list = f.link("acl_id");
    sink.on(&f.link("instance_id"), |instance: &mut Instance| {
        instance.acl = f.known(true);
        instance.acl_type = f.text("acl_type");
        instance.acl_list = list;
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
        // A plugin is bound by a block beside it.
        api.plugins = documented("terraform-provider-alicloud r/api_gateway_api").known(List::complete(vec![]));
    });
}

/// A plugin that is bound to an API; of what type it is, its own block says.
fn plugin(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let more = Some(Reason::not_understood("`alicloud_api_gateway_plugin_attachment`"));
    sink.append(&f.link("api_id"), |api: &mut Api| &mut api.plugins, vec![], more);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{blocks, only};

    #[test]
    fn an_api_has_the_plugins_that_blocks_beside_it_bind() {
        let api = ("alicloud_api_gateway_api.a", r#"{"name":"a","auth_type":"ANONYMOUS"}"#);
        let plugins = |blocks_: &[(&str, &str)]| only::<Api>(&blocks(blocks_)).plugins.clone();
        let none = plugins(&[api]);
        assert!(none.value().is_some_and(|list| list.items.is_empty() && list.more.is_none()));
        let bound =
            ("alicloud_api_gateway_plugin_attachment.p", r#"{"api_id":{"$ref":"alicloud_api_gateway_api.a.api_id"}}"#);
        assert!(plugins(&[api, bound]).value().is_some_and(|list| list.more.is_some()));
    }

    #[test]
    fn the_access_list_of_an_instance_and_its_entries_stand_in_blocks_beside_it() {
        let estate = blocks(&[
            ("alicloud_api_gateway_instance.g", r#"{"instance_name":"shop"}"#),
            ("alicloud_api_gateway_access_control_list.l", r#"{"access_control_list_name":"callers"}"#),
            (
                "alicloud_api_gateway_acl_entry_attachment.e",
                r#"{"acl_id":{"$ref":"alicloud_api_gateway_access_control_list.l.id"},"entry":"198.51.100.0/24"}"#,
            ),
            (
                "alicloud_api_gateway_instance_acl_attachment.a",
                r#"{"acl_id":{"$ref":"alicloud_api_gateway_access_control_list.l.id"},
                    "instance_id":{"$ref":"alicloud_api_gateway_instance.g.id"},"acl_type":"white"}"#,
            ),
        ]);
        assert_eq!(only::<Acl>(&estate).entries.value().unwrap().items, ["198.51.100.0/24"]);
        let instance = only::<Instance>(&estate);
        assert_eq!((instance.acl.value(), instance.acl_type.value().unwrap().as_str()), (Some(&true), "white"));
    }
}
