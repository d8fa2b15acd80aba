//! API Gateway answers (`cloudapi`, `apig`).

use xiezhi_model::service::apigateway::{
    Acl, Api, CustomDomain, Group, Instance, LogConfig, NativeDomain, NativeGateway,
};
use xiezhi_model::{Fact, Link, Reason, Text};

use super::Call;
use super::fc::{known, protocols};
use crate::fields::{Fields, documented};
use crate::sink::Sink;

/// The calls of API Gateway.
pub const CALLS: &[Call] = &[
    Call::listing("cloudapi", "DescribeInstances", "Instances.InstanceAttribute", Instance::SCHEMA, instance),
    Call::answer("cloudapi", "DescribeAccessControlListAttribute", acl),
    Call::listing("cloudapi", "DescribeApiGroups", "ApiGroupAttributes.ApiGroupAttribute", Group::SCHEMA, group),
    Call::answer("cloudapi", "DescribeApiGroup", group_detail),
    Call::listing("cloudapi", "DescribeApis", "ApiSummarys.ApiSummary", Api::SCHEMA, api_summary),
    Call::answer("cloudapi", "DescribeApi", api),
    Call::answer("cloudapi", "DescribePluginsByApi", plugins),
    Call::listing("cloudapi", "DescribeLogConfig", "LogInfos.LogInfo", LogConfig::SCHEMA, log_config),
    Call::listing("apig", "ListGateways", "data.items", NativeGateway::SCHEMA, native_gateway),
    Call::listing("apig", "ListDomains", "data.items", NativeDomain::SCHEMA, native_domain),
];

fn instance(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("InstanceId"), |instance: &mut Instance| {
        instance.head.name = f.text("InstanceName");
        instance.zone = f.text("ZoneId");
        instance.https_policy = f.text(if f.has("HttpsPolicies") { "HttpsPolicies" } else { "HttpsPolicy" });
        instance.acl = f.flag("AclStatus", &["on"], &["off"]);
        instance.acl_type = f.opt_text("AclType");
        instance.acl_list = if f.has("AclStatus") { f.link("AclId") } else { f.unknown(Reason::NotInEvidence) };
        instance.ipv6 = f.bool("SupportIpv6");
        instance.ipv6_acl = f.flag("IPV6AclStatus", &["on"], &["off"]);
        instance.ipv6_acl_type = f.opt_text("IPV6AclType");
        instance.ipv6_acl_list =
            if f.has("IPV6AclStatus") { f.link("IPV6AclId") } else { f.unknown(Reason::NotInEvidence) };
        instance.internet_address = f.opt_text("InternetEgressAddress");
    });
}

fn acl(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("AclId"), |acl: &mut Acl| {
        acl.head.name = f.opt_text("AclName");
        acl.entries = f.opt_records("AclEntrys.AclEntry", |entry| entry.text("AclEntryIp")).map(known);
    });
}

fn native_domain(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("domainId"), |domain: &mut NativeDomain| {
        domain.head.name = f.text("name");
        domain.name = f.text("name");
        domain.protocol = f.word("protocol");
        domain.https_forced = f.bool("forceHttps");
        domain.tls_min = oldest_tls(&domain.protocol, f.text("tlsMin"));
    });
}

/// A domain that speaks HTTP alone has no oldest TLS.
pub(crate) fn oldest_tls(protocol: &Fact<Text>, stated: Fact<Text>) -> Fact<Text> {
    if protocol.value().is_some_and(|protocol| protocol == "http") {
        return Fact::absent(protocol.origin.clone());
    }
    stated
}

fn log_config(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("SlsLogStore"), |config: &mut LogConfig| {
        config.project = f.opt_text("SlsProject");
        config.logstore = f.opt_text("SlsLogStore");
    });
}

fn group(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("GroupId"), |group: &mut Group| {
        group.head.name = f.text("GroupName");
        group.instance = shared(f);
        group.https_policy = f.text("HttpsPolicy");
        group.default_domain = f.opt_text("SubDomain");
    });
}

/// Shared instances have a name of the service's own (`api-shared-vpc-001`), not an id of the account.
fn shared(f: &Fields<'_>) -> Fact<Link<Instance>> {
    let link: Fact<Link<Instance>> = f.link("InstanceId");
    if link.value().is_some_and(|link| link.target.starts_with("api-shared")) { f.absent() } else { link }
}

fn group_detail(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("GroupId"), |group: &mut Group| {
        group.head.name = f.text("GroupName");
        group.instance = shared(f);
        group.https_policy = f.text("HttpsPolicy");
        group.default_domain = f.opt_text("SubDomain");
        group.domains = f.opt_records("CustomDomains.DomainItem", |domain| CustomDomain {
            name: domain.text("DomainName"),
            certificate: domain.opt_text("CertificateId"),
            https_forced: domain.bool("IsHttpRedirectToHttps"),
            network: domain.text("CustomDomainType").map(|word| word.to_ascii_lowercase()),
        });
    });
}

fn api_summary(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("ApiId"), |api: &mut Api| {
        api.head.name = f.text("ApiName");
        api.group = f.parent("GroupId");
        api.visibility = f.text("Visibility").map(|word| word.to_ascii_lowercase());
    });
}

fn api(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("ApiId"), |api: &mut Api| {
        api.head.name = f.text("ApiName");
        api.group = f.parent("GroupId");
        api.auth = auth(f.text("AuthType"));
        api.openid = openid(f.opt_text("OpenIdConnectConfig.OpenIdApiType"));
        api.protocols = protocols(f, "RequestConfig.RequestProtocol");
        api.visibility = f.text("Visibility").map(|word| word.to_ascii_lowercase());
    });
}

/// `APP`, `APPOPENID`, `ANONYMOUS` as our words. Source: CloudAPI, CreateApi `AuthType`.
pub(crate) fn auth(word: Fact<Text>) -> Fact<Text> {
    word.try_map(|word| match word.to_ascii_uppercase().as_str() {
        "APP" => Ok("app".into()),
        "APPOPENID" | "OPENID" => Ok("openid".into()),
        "ANONYMOUS" => Ok("anonymous".into()),
        _ => Err(Reason::not_understood(format!("the authentication type `{word}`"))),
    })
}

/// `IDTOKEN`, `BUSINESS` as our words. Source: CloudAPI CreateApi `OpenIdConnectConfig.OpenIdApiType`.
pub(crate) fn openid(word: Fact<Text>) -> Fact<Text> {
    word.try_map(|word| match word.to_ascii_uppercase().as_str() {
        "IDTOKEN" => Ok("issues-token".into()),
        "BUSINESS" => Ok("checks-token".into()),
        _ => Err(Reason::not_understood(format!("the OpenID Connect type `{word}`"))),
    })
}

/// The TLS policy of a group for which a configuration sets none: a group on a dedicated instance has its instance's
/// until somebody sets one. Source: CloudAPI ModifyApiGroupNetworkPolicy, CreateInstance `HttpsPolicy`.
pub(crate) fn follows_instance(instance: &Fact<Link<Instance>>) -> Fact<Text> {
    match instance.value() {
        Some(_) => documented("CloudAPI ModifyApiGroupNetworkPolicy: a group follows its instance unless set").absent(),
        None => Fact::unknown(Reason::NotInEvidence, instance.origin.clone()),
    }
}

fn plugins(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let target = sink.param("ApiId").map(Link::id);
    let plugins = f.opt_records("Plugins.PluginAttribute", |plugin| plugin.text("PluginType")).map(known);
    sink.on(&target, |api: &mut Api| api.plugins = super::whole(f, plugins));
}

fn native_gateway(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("gatewayId"), |gateway: &mut NativeGateway| {
        gateway.head.name = f.text("name");
        let balancers = f.records("loadBalancers", |balancer| (balancer.text("addressType"), balancer.text("address")));
        gateway.internet = balancers.clone().try_map(|list| {
            let mut open = list.more;
            for (kind, _) in &list.items {
                match (kind.value(), kind.reason()) {
                    (Some(kind), _) if kind.eq_ignore_ascii_case("Internet") => return Ok(true),
                    (None, Some(reason)) => open = Some(reason.clone()),
                    _ => {}
                }
            }
            open.map_or(Ok(false), Err)
        });
        gateway.addresses = balancers.map(|list| {
            known(xiezhi_model::List {
                items: list.items.into_iter().map(|(_, address)| address).collect(),
                more: list.more,
            })
        });
    });
}
