//! CDN and DCDN answers.

use xiezhi_model::service::cdn::{Domain, DynamicDomain, Function, OriginServer};
use xiezhi_model::{Fact, Link, List, Text};

use super::Call;
use crate::fields::Fields;
use crate::sink::Sink;

/// The calls of CDN and DCDN.
pub const CALLS: &[Call] = &[
    Call::listing("cdn", "DescribeUserDomains", "Domains.PageData", Domain::SCHEMA, domain),
    Call::answer("cdn", "DescribeCdnDomainDetail", detail),
    Call::answer("cdn", "DescribeCdnDomainConfigs", configs),
    Call::each("cdn", "DescribeDomainCertificateInfo", "CertInfos.CertInfo", certificate),
    Call::listing("dcdn", "DescribeDcdnUserDomains", "Domains.PageData", DynamicDomain::SCHEMA, dynamic),
    Call::answer("dcdn", "DescribeDcdnDomainDetail", dynamic_detail),
    Call::answer("dcdn", "DescribeDcdnDomainConfigs", dynamic_configs),
    Call::each("dcdn", "DescribeDcdnWafDomains", "Domains", dynamic_waf),
];

fn sources(f: &Fields<'_>, path: &str) -> Fact<List<OriginServer>> {
    f.records(path, |source| OriginServer { kind: source.text("Type"), content: source.text("Content") })
}

/// Whether a domain serves. Source: CDN, DescribeUserDomains `DomainStatus`; while it is configured or checked, what
/// was deployed before serves on, or nothing does: nobody can tell.
fn online(f: &Fields<'_>) -> Fact<bool> {
    f.flag("DomainStatus", &["online"], &["offline", "stopping", "deleting", "configure_failed", "check_failed"])
}

fn domain(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("DomainName"), |domain: &mut Domain| {
        domain.head.name = f.text("DomainName");
        domain.online = online(f);
        domain.cname = f.text("Cname");
        domain.https = f.flag("SslProtocol", &["on"], &["off"]);
        domain.sources = sources(f, "Sources.Source");
    });
}

fn detail(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let Some(model) = f.sub("GetDomainDetailModel") else { return };
    sink.put(&model, model.text("DomainName"), |domain: &mut Domain| {
        domain.head.name = model.text("DomainName");
        domain.online = online(&model);
        domain.cname = model.text("Cname");
        domain.https = model.flag("ServerCertificateStatus", &["on"], &["off"]);
        domain.sources = sources(&model, "SourceModels.SourceModel");
    });
}

fn configs(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let (target, functions) = (sink.param("DomainName").map(Link::id), functions(f, sink));
    sink.on(&target, |domain: &mut Domain| domain.functions = functions);
}

fn dynamic_configs(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let (target, functions) = (sink.param("DomainName").map(Link::id), functions(f, sink));
    sink.on(&target, |domain: &mut DynamicDomain| domain.functions = functions);
}

/// The functions of a domain; a request that names functions is answered for those alone.
fn functions(f: &Fields<'_>, sink: &Sink<'_>) -> Fact<List<Function>> {
    let narrowed = sink.param("FunctionNames").value().is_some_and(|names| !names.is_empty());
    let mut functions = f.records("DomainConfigs.DomainConfig", |config| Function {
        name: config.text("FunctionName"),
        arguments: config.opt_records("FunctionArgs.FunctionArg", argument_of).map(super::fc::known),
    });
    if narrowed && let xiezhi_model::State::Known(list) = &mut functions.state {
        list.more.get_or_insert(xiezhi_model::Reason::NotAsked("other functions".into()));
    }
    functions
}

fn argument_of(argument: Fields<'_>) -> Fact<Text> {
    pair(argument.text("ArgName"), argument.text("ArgValue"))
}

/// `name=value`.
pub(crate) fn pair(name: Fact<Text>, value: Fact<Text>) -> Fact<Text> {
    match (name.value().cloned(), value.reason()) {
        (Some(name), None) => {
            let origin = value.origin.clone();
            let value = value.value().map_or("", Text::as_str);
            Fact::known(format!("{name}={value}").into(), origin)
        }
        (None, None) => name,
        (_, Some(_)) => value,
    }
}

fn certificate(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let target = f.text("DomainName").map(Link::id);
    sink.on(&target, |domain: &mut Domain| domain.certificate_expires = f.opt_text("CertExpireTime"));
}

fn dynamic(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("DomainName"), |domain: &mut DynamicDomain| {
        domain.head.name = f.text("DomainName");
        domain.online = online(f);
        domain.cname = f.text("Cname");
        domain.https = f.flag("SSLProtocol", &["on"], &["off"]);
        domain.sources = sources(f, "Sources.Source");
    });
}

fn dynamic_detail(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let Some(model) = f.sub("DomainDetail") else { return };
    sink.put(&model, model.text("DomainName"), |domain: &mut DynamicDomain| {
        domain.head.name = model.text("DomainName");
        domain.online = online(&model);
        domain.cname = model.text("Cname");
        domain.https = model.flag("SSLProtocol", &["on"], &["off"]);
        domain.sources = sources(&model, "Sources.Source");
    });
}

fn dynamic_waf(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let target = f.text(if f.has("DomainName") { "DomainName" } else { "Domain" }).map(Link::id);
    sink.on(&target, |domain: &mut DynamicDomain| domain.waf = f.known(true));
}
