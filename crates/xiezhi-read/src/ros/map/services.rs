//! The smaller services in ROS templates: registries, API gateways, delivery, DNS, MSE, EMR, bastion hosts, Security
//! Center, WAF, Cloud Firewall. Source: ROS documentation, the page of each type.

use xiezhi_model::service::apigateway::{Api, CustomDomain, Group, Instance as ApiInstance, LogConfig, NativeGateway};
use xiezhi_model::service::cdn::{Domain as CdnDomain, DynamicDomain, Function, OriginServer};
use xiezhi_model::service::sas::{Center, Strategy};
use xiezhi_model::service::{alidns, bastionhost, cloudfw, cr, emr, mse, waf};
use xiezhi_model::{Fact, Key, List, Reason, State};

use crate::api::alidns::name as record_name;
use crate::api::apigateway::{auth, follows_instance, openid};
use crate::api::cdn::pair;
use crate::api::cloudfw::{applications, ports};
use crate::api::fc::{inside, known, protocols};
use crate::fields::{Fields, documented};
use crate::sink::Sink;
use crate::terraform::Block;
use crate::terraform::map::apigateway::on_the_internet;
use crate::terraform::map::sas::edition;
use crate::terraform::map::waf::servers;
use crate::tree::Tree;
use crate::words::{lower, target};

/// The resource types of the smaller services.
pub const BLOCKS: &[Block] = &[
    Block { name: "ALIYUN::CR::Instance", kind: Some(cr::Instance::SCHEMA), read: registry },
    Block { name: "ALIYUN::CR::InstanceEndpointAclPolicy", kind: None, read: registry_entry },
    Block { name: "ALIYUN::CR::Repository", kind: Some(cr::Repository::SCHEMA), read: repository },
    Block { name: "ALIYUN::ApiGateway::Instance", kind: Some(ApiInstance::SCHEMA), read: api_instance },
    Block { name: "ALIYUN::ApiGateway::Group", kind: Some(Group::SCHEMA), read: api_group },
    Block { name: "ALIYUN::ApiGateway::CustomDomain", kind: None, read: api_domain },
    Block { name: "ALIYUN::ApiGateway::Api", kind: Some(Api::SCHEMA), read: api },
    Block { name: "ALIYUN::ApiGateway::PluginAttachment", kind: None, read: api_plugin },
    Block { name: "ALIYUN::ApiGateway::LogConfig", kind: Some(LogConfig::SCHEMA), read: api_log_config },
    Block { name: "ALIYUN::CDN::Domain", kind: Some(CdnDomain::SCHEMA), read: cdn_domain },
    Block { name: "ALIYUN::CDN::DomainConfig", kind: None, read: cdn_config },
    Block { name: "ALIYUN::DCDN::Domain", kind: Some(DynamicDomain::SCHEMA), read: dcdn_domain },
    Block { name: "ALIYUN::DNS::Domain", kind: Some(alidns::Domain::SCHEMA), read: dns_domain },
    Block { name: "ALIYUN::DNS::DomainRecord", kind: Some(alidns::Record::SCHEMA), read: dns_record },
    Block { name: "ALIYUN::APIG::Gateway", kind: Some(NativeGateway::SCHEMA), read: native_gateway },
    Block { name: "ALIYUN::MSE::Cluster", kind: Some(mse::Cluster::SCHEMA), read: mse_cluster },
    Block { name: "ALIYUN::MSE::Gateway", kind: Some(mse::Gateway::SCHEMA), read: mse_gateway },
    Block { name: "ALIYUN::EMR::Cluster", kind: Some(emr::Cluster::SCHEMA), read: emr_cluster },
    Block { name: "ALIYUN::BastionHost::Instance", kind: Some(bastionhost::Instance::SCHEMA), read: bastion },
    Block { name: "ALIYUN::ThreatDetection::Instance", kind: Some(Center::SCHEMA), read: center },
    Block { name: "ALIYUN::ThreatDetection::BaselineStrategy", kind: None, read: strategy },
    Block { name: "ALIYUN::WAF::Instance", kind: Some(waf::Instance::SCHEMA), read: waf_2 },
    Block { name: "ALIYUN::WAF::Domain", kind: Some(waf::Domain::SCHEMA), read: waf_domain },
    Block { name: "ALIYUN::WAF3::Instance", kind: Some(waf::Instance::SCHEMA), read: waf_3 },
    Block {
        name: "ALIYUN::CLOUDFW::NatFirewallControlPolicy",
        kind: Some(cloudfw::NatPolicy::SCHEMA),
        read: nat_policy,
    },
    Block { name: "ALIYUN::CLOUDFW::Instance", kind: Some(cloudfw::Firewall::SCHEMA), read: firewall },
];

fn registry(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let none = documented("ROS ALIYUN::CR::Instance");
    sink.put(f, f.text("InstanceId"), |instance: &mut cr::Instance| {
        instance.head.name = f.text("InstanceName");
        instance.edition = f.text("InstanceType").map(|edition| edition.to_ascii_lowercase());
        instance.scanner = f.text("ImageScanner").map(|scanner| scanner.to_ascii_lowercase());
        instance.scan_rules = none.known(List::complete(vec![]));
        instance.internet_acl_entries = none.known(List::complete(vec![]));
        instance.bucket = f.link("InstanceStorageName");
    });
}

fn registry_entry(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let (items, more) = match f.text("Entry").state {
        State::Known(entry) => (vec![entry], None),
        State::Absent => (vec![], None),
        State::Unknown(reason) => (vec![], Some(reason)),
    };
    let target = f.link("InstanceId");
    sink.append(&target, |instance: &mut cr::Instance| &mut instance.internet_acl_entries, items, more);
    sink.on(&target, |instance: &mut cr::Instance| {
        instance.internet_endpoint = f.known(true);
        instance.internet_acl = f.known(true);
    });
}

fn repository(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("RepoId"), |repository: &mut cr::Repository| {
        repository.head.name = f.text("RepoName");
        repository.instance = f.link("InstanceId");
        repository.namespace = f.text(if f.has("RepoNamespaceName") { "RepoNamespaceName" } else { "RepoNamespace" });
        repository.public = f.flag("RepoType", &["PUBLIC"], &["PRIVATE"]);
        repository.tag_immutable = f.bool_or("TagImmutability", false, "ROS ALIYUN::CR::Repository");
    });
}

fn api_instance(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("InstanceId"), |instance: &mut ApiInstance| {
        instance.head.name = f.text("InstanceName");
        instance.zone = f.text("ZoneId");
        instance.https_policy = f.text("HttpsPolicy");
    });
}

fn api_log_config(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, documented("ROS ALIYUN::ApiGateway::LogConfig").absent(), |config: &mut LogConfig| {
        config.project = f.text("SlsProject");
        config.logstore = f.text("SlsLogStore");
    });
}

fn api_group(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("GroupId"), |group: &mut Group| {
        group.head.name = f.text("GroupName");
        group.instance = f.link("InstanceId");
        // A template cannot set a policy for the group itself.
        group.https_policy = follows_instance(&group.instance);
        // A companion speaks instead of this default.
        group.domains = documented("ROS ALIYUN::ApiGateway::Group").known(List::complete(vec![]));
    });
}

fn api_domain(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let certificate = ["CertificateId", "CertificateName"].into_iter().find(|name| f.has(name)).map_or_else(
        // A body without a name is a certificate whose id nobody has said yet.
        || if f.has("CertificateBody") { f.unknown(Reason::NotInEvidence) } else { f.absent() },
        |name| f.text(name),
    );
    let domain = CustomDomain {
        name: f.text("DomainName"),
        // A template has no property for it; without a certificate there is no HTTPS to send callers to.
        https_forced: if certificate.is_absent() { f.known(false) } else { f.unknown(Reason::NotInEvidence) },
        certificate,
        network: f.text_or("CustomDomainType", "INTERNET", "CloudAPI SetDomain").map(|word| word.to_ascii_lowercase()),
    };
    sink.append(&f.link("GroupId"), |group: &mut Group| &mut group.domains, vec![domain], None);
}

fn api(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("ApiId"), |api: &mut Api| {
        api.head.name = f.text("ApiName");
        api.group = f.link("GroupId");
        api.auth = auth(f.text("AuthType"));
        api.openid = openid(f.opt_text("OpenIdConnectConfig.OpenIdApiType"));
        api.protocols = protocols(f, "RequestConfig.RequestProtocol");
        api.visibility = f.text("Visibility").map(|word| word.to_ascii_lowercase());
        // A plugin is bound by a block beside it.
        api.plugins = documented("ROS ALIYUN::ApiGateway::Api").known(List::complete(vec![]));
    });
}

/// A plugin that is bound to an API; of what type it is, its own block says.
fn api_plugin(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let more = Some(Reason::not_understood("`ALIYUN::ApiGateway::PluginAttachment`"));
    sink.append(&f.link("ApiId"), |api: &mut Api| &mut api.plugins, vec![], more);
}

/// The origins: a list, or its JSON as text. Source: ROS documentation, `ALIYUN::CDN::Domain`, `Sources`.
fn sources(f: &Fields<'_>) -> Fact<List<OriginServer>> {
    match f.peek("Sources").map(|node| &node.value) {
        Some(Tree::Text(_)) => inside(&f.text("Sources"), |list| sources_at(list, "")),
        _ => sources_at(f, "Sources"),
    }
}

fn sources_at(f: &Fields<'_>, path: &str) -> Fact<List<OriginServer>> {
    f.records(path, |source| OriginServer {
        kind: source.text(if source.has("Type") { "Type" } else { "type" }),
        content: target(source.link::<CdnDomain>(if source.has("Content") { "Content" } else { "content" })),
    })
}

fn cdn_domain(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let none = documented("ROS ALIYUN::CDN::Domain");
    sink.put(f, f.text("DomainName"), |domain: &mut CdnDomain| {
        domain.head.name = f.text("DomainName");
        domain.sources = sources(f);
        domain.functions = none.known(List::complete(vec![]));
    });
}

fn cdn_config(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let functions = f.opt_records("FunctionList", |function| Function {
        name: function.text(if function.has("FunctionName") { "FunctionName" } else { "functionName" }),
        arguments: function
            .opt_records(if function.has("FunctionArgs") { "FunctionArgs" } else { "functionArgs" }, |argument| {
                let of =
                    |capital: &str, small: &str| argument.text(if argument.has(capital) { capital } else { small });
                pair(of("ArgName", "argName"), of("ArgValue", "argValue"))
            })
            .map(known),
    });
    let target = f.link(if f.has("DomainName") { "DomainName" } else { "DomainNames" });
    sink.extend(&target, |domain: &mut CdnDomain| &mut domain.functions, functions);
}

fn dcdn_domain(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("DomainName"), |domain: &mut DynamicDomain| {
        domain.head.name = f.text("DomainName");
        domain.sources = sources(f);
    });
}

fn dns_domain(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("DomainName"), |domain: &mut alidns::Domain| {
        domain.head.name = f.text("DomainName");
        domain.domain = f.text("DomainName");
    });
}

fn dns_record(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("RecordId"), |record: &mut alidns::Record| {
        record.head.name = record_name(&f.text("RR"), &f.text("DomainName"));
        record.zone = f.link("DomainName");
        record.host = f.text("RR");
        record.record_type = f.text("Type").map(|kind| kind.to_ascii_uppercase());
        record.value = target(f.link::<alidns::Record>("Value"));
        record.enabled = documented("ROS ALIYUN::DNS::DomainRecord").known(true);
    });
}

fn mse_cluster(f: &Fields<'_>, sink: &mut Sink<'_>) {
    const PAGE: &str = "ROS ALIYUN::MSE::Cluster";
    let public = [
        f.text("NetType").map(|net| net == "pubnet"),
        f.int_or("PubNetworkFlow", 0, PAGE).map(|flow| flow > 0),
        f.bool_or("EipEnabled", false, PAGE),
    ];
    let internet = match public.iter().find(|fact| fact.value() == Some(&true)) {
        Some(fact) => fact.clone(),
        None => match public.iter().find(|fact| fact.reason().is_some()) {
            Some(fact) => fact.clone(),
            None => f.known(false),
        },
    };
    sink.put(f, f.text("InstanceId"), |cluster: &mut mse::Cluster| {
        cluster.head.name = f.text("ClusterAliasName");
        cluster.engine = f.text("ClusterType");
        cluster.version = f.text("ClusterVersion");
        cluster.nodes = f.int("InstanceCount");
        cluster.edition = f.text_or("MseVersion", "mse_basic", PAGE);
        cluster.internet = internet;
    });
}

/// Source: ROS ALIYUN::APIG::Gateway `NetworkAccessConfig`.
fn native_gateway(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("GatewayId"), |gateway: &mut NativeGateway| {
        gateway.head.name = f.text("GatewayName");
        gateway.internet = on_the_internet(f.text("NetworkAccessConfig.Type"));
    });
}

fn mse_gateway(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("GatewayUniqueId"), |gateway: &mut mse::Gateway| {
        gateway.head.name = f.text("Name");
        gateway.nodes = f.int("Replica");
        gateway.backup_vswitch = f.opt_text("BackupVSwitchId");
        let spec = f.opt_text("InternetSlbSpec");
        gateway.internet = if spec.is_absent() { f.known(false) } else { spec.map(|spec| !spec.is_empty()) };
    });
}

fn emr_cluster(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("ClusterId"), |cluster: &mut emr::Cluster| {
        cluster.head.name = f.text("Name");
        cluster.public_ip = f.bool_or("IsOpenPublicIp", false, "ROS ALIYUN::EMR::Cluster");
    });
}

fn bastion(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("InstanceId"), |instance: &mut bastionhost::Instance| {
        instance.plan = f.text("Version").map(|version| match version.as_str() {
            "EnterpriseDoubleEngine" | "cloudbastion_ha" => "cloudbastion_ha".into(),
            _ => version,
        });
    });
}

fn center(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.one(f, |center: &mut Center| {
        center.edition = edition(f.text("VersionCode"));
        // What is bought by edition is a subscription.
        center.pay_as_you_go = f.known(false);
    });
}

fn strategy(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let strategy = Strategy {
        name: f.text("BaselineStrategyName"),
        cycle_days: f.int("CycleDays"),
        servers: f.unknown(Reason::NotInEvidence),
        pass_rate: f.unknown(Reason::NotInEvidence),
    };
    let (key, more) = (Key::address("sas.center", ""), Some(Reason::NotInEvidence));
    sink.batch.append::<Center, _>(&key, &f.origin(), |center| &mut center.strategies, vec![strategy], more);
}

fn waf_2(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("InstanceId"), |instance: &mut waf::Instance| {
        instance.version = f.known(2);
        instance.active = f.known(true);
        instance.paused = f.absent();
        instance.log_service = f.bool("WafLog");
    });
}

/// Source: ROS ALIYUN::WAF::Domain (WAF 2), `DomainName`, `SourceIps`, `HttpPort`, `HttpsPort`, `HttpsRedirect`.
fn waf_domain(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("DomainName"), |domain: &mut waf::Domain| {
        domain.head.name = f.text("DomainName");
        domain.domain = f.text("DomainName");
        domain.http_ports = f.opt_texts("HttpPort");
        domain.https_ports = f.opt_texts("HttpsPort");
        domain.https_forced = f.flag_or("HttpsRedirect", &["1"], &["0"], false, "ROS ALIYUN::WAF::Domain");
        domain.origins = servers(f, "SourceIps");
    });
}

fn waf_3(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("InstanceId"), |instance: &mut waf::Instance| {
        instance.version = f.known(3);
        instance.active = f.known(true);
        // What is made is not paused; only the console pauses it later.
        instance.paused = documented("waf-openapi DescribePauseProtectionStatus").known(false);
        instance.log_service = f.bool("LogService");
    });
}

fn firewall(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.one(f, |firewall: &mut cloudfw::Firewall| {
        firewall.active = f.known(true);
        firewall.log_service = f.bool("LogAnalysis");
    });
}

/// Source: ROS ALIYUN::CLOUDFW::NatFirewallControlPolicy. Address and port books are not read: what stands behind one is
/// unknown.
fn nat_policy(f: &Fields<'_>, sink: &mut Sink<'_>) {
    const PAGE: &str = "ROS ALIYUN::CLOUDFW::NatFirewallControlPolicy";
    let side = |side: &str, kind: &str| match f.plain(kind) {
        Some("net") => f.texts(side),
        Some(kind) => f.unknown(Reason::not_understood(format!("the addresses behind a `{kind}`"))),
        None => f.unknown(Reason::NotInEvidence),
    };
    sink.put(f, f.unknown(Reason::NotInEvidence), |policy: &mut cloudfw::NatPolicy| {
        policy.head.name = f.text("Description");
        policy.gateway = f.link("NatGatewayId");
        policy.action = lower(f.text("AclAction"));
        policy.protocol = lower(f.text("Proto"));
        policy.application = applications(f.texts("ApplicationNameList"));
        policy.source_cidrs = side("Source", "SourceType");
        policy.destination_cidrs = side("Destination", "DestinationType");
        policy.ports = match f.plain("DestPortType") {
            Some("group") => f.unknown(Reason::not_understood("the ports of a port book")),
            _ if f.has("DestPort") => ports(f.text("DestPort")),
            _ => f.known(List::complete(vec!["0/0".into()])),
        };
        policy.order = f.int("NewOrder");
        policy.enabled = f.bool_or("Release", true, PAGE);
        policy.repeat = lower(f.text_or("RepeatType", "Permanent", PAGE));
    });
}
