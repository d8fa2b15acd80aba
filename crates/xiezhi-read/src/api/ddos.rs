//! Anti-DDoS answers: Proxy (`ddoscoo`), Origin (`ddosbgp`), basic protection (`antiddos-public`).

use xiezhi_model::service::ddos::{Address, Domain, Instance, OriginInstance, PortRule, PublicAddress};
use xiezhi_model::{Fact, Link, List, Reason, State, Text};

use super::Call;
use crate::fields::Fields;
use crate::sink::Sink;
use crate::time::millis;

/// The calls of Anti-DDoS.
pub const CALLS: &[Call] = &[
    Call::listing("ddoscoo", "DescribeInstanceIds", "InstanceIds", Instance::SCHEMA, instance_id),
    Call::listing("ddoscoo", "DescribeInstances", "Instances", Instance::SCHEMA, instance),
    Call::each("ddoscoo", "DescribeInstanceDetails", "InstanceDetails", details),
    Call::answer("ddoscoo", "DescribeSlsOpenStatus", log_service),
    Call::answer("ddoscoo", "DescribeBackSourceCidr", source_ranges),
    Call::listing("ddoscoo", "DescribeWebRules", "WebRules", Domain::SCHEMA, domain),
    Call::listing("ddoscoo", "DescribeDomainResource", "WebRules", Domain::SCHEMA, domain),
    Call::answer("ddoscoo", "DescribeWebAccessLogStatus", domain_log),
    Call::listing("ddoscoo", "DescribeNetworkRules", "NetworkRules", PortRule::SCHEMA, port_rule),
    Call::listing("ddosbgp", "DescribeInstanceList", "InstanceList", OriginInstance::SCHEMA, origin_instance),
    Call::answer("ddosbgp", "DescribePackIpList", origin_addresses),
    Call::listing(
        "antiddos-public",
        "DescribeInstance",
        "InstanceList.Instance",
        PublicAddress::SCHEMA,
        public_instance,
    ),
    Call::listing(
        "antiddos-public",
        "DescribeInstanceIpAddress",
        "InstanceList",
        PublicAddress::SCHEMA,
        public_addresses,
    ),
    Call::answer("antiddos-public", "DescribeIpDdosThreshold", threshold),
];

fn instance_id(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("InstanceId"), |instance: &mut Instance| instance.head.name = f.text("Remark"));
}

fn instance(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("InstanceId"), |instance: &mut Instance| {
        instance.head.name = f.text("Remark");
        // Source: ddoscoo DescribeInstances `Status`: 1 normal, 2 expired; `Enabled`: 1 forwards, 0 does not.
        instance.active = f.flag("Status", &["1"], &["2"]);
        instance.forwarding = f.bool("Enabled");
        instance.expires = millis(f, "ExpireTime");
    });
}

fn details(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let target = f.text("InstanceId").map(Link::id);
    sink.on(&target, |instance: &mut Instance| {
        instance.addresses = f.records("EipInfos", |info| Address {
            ip: info.text("Eip"),
            // Source: ddoscoo DescribeInstanceDetails `EipInfos[].Status`.
            normal: info.flag("Status", &["normal", "defense"], &["expired", "blackhole"]),
        });
    });
}

/// The switch holds for every instance of the account.
fn log_service(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let on = f.bool("SlsOpenStatus");
    sink.batch.later(move |batch| {
        batch.for_each::<Instance>(|instance| instance.log_service.merge(on.clone()));
    });
}

/// The ranges hold for every instance of the account.
fn source_ranges(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let ranges = f.texts("Cidrs");
    sink.batch.later(move |batch| {
        batch.for_each::<Instance>(|instance| instance.source_ranges.merge(ranges.clone()));
    });
}

fn domain(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("Domain"), |domain: &mut Domain| {
        domain.head.name = f.text("Domain");
        domain.domain = f.text("Domain");
        domain.cname = f.text("Cname");
        domain.tls_min = f.opt_text("SslProtocols").try_map(|word| match word.as_str() {
            "tls1.0" | "tls1.1" | "tls1.2" | "tls1.3" => Ok(word.trim_start_matches("tls").into()),
            _ => Err(Reason::not_understood(format!("the TLS version `{word}`"))),
        });
        // A domain that is punished is not forwarded either (EDGE-6).
        domain.protected = match f.has("PunishStatus").then(|| f.bool("PunishStatus")) {
            Some(punished) if punished.value() == Some(&true) => f.known(false),
            _ => f.bool("ProxyEnabled"),
        };
        domain.origins = texts_in(f, "RealServers", "RealServer");
        domain.protocols = texts_in(f, "ProxyTypes", "ProxyType");
        domain.cc_protection = f.bool("CcEnabled");
    });
}

/// One text out of each member of a list; plain members are taken as they are.
fn texts_in(f: &Fields<'_>, list: &str, key: &str) -> Fact<List<Text>> {
    f.records(list, |member| member.text(if member.has(key) { key } else { "" })).map(|members| {
        let mut texts = List { items: vec![], more: members.more };
        for member in members.items {
            match member.state {
                State::Known(text) => texts.items.push(text),
                State::Absent => {}
                State::Unknown(reason) => texts.more = Some(reason),
            }
        }
        texts
    })
}

fn domain_log(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let domain = sink.param("Domain").map(Link::id);
    sink.on(&domain, |domain: &mut Domain| domain.logged = f.bool("SlsStatus"));
}

fn port_rule(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let id = match (f.plain("InstanceId"), f.plain("Protocol"), f.plain("FrontendPort")) {
        (Some(instance), Some(protocol), Some(port)) => f.known(Text::from(format!("{instance}:{port}:{protocol}"))),
        _ => f.unknown(Reason::NotInEvidence),
    };
    sink.put(f, id, |rule: &mut PortRule| {
        rule.instance = f.text("InstanceId");
        rule.protocol = f.text("Protocol").map(|protocol| protocol.to_ascii_lowercase());
        rule.port = f.int("FrontendPort");
        rule.origins = f.texts("RealServers");
    });
}

fn origin_instance(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("InstanceId"), |instance: &mut OriginInstance| {
        instance.head.name = f.text("Remark");
        // Source: ddosbgp DescribeInstanceList `Status`: 1 normal, 2 expired, 3 released.
        instance.active = f.flag("Status", &["1"], &["2", "3"]);
        instance.expires = millis(f, "ExpireTime");
    });
}

fn origin_addresses(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let target = sink.param("InstanceId").map(Link::id);
    sink.extend(&target, |instance: &mut OriginInstance| &mut instance.addresses, texts_in(f, "IpList", "Ip"));
}

/// Source: Anti-DDoS, DescribeInstanceIpAddress `IpStatus`: `normal`, `blackhole`, `defense`.
fn status(word: Fact<Text>) -> Fact<Text> {
    word.try_map(|word| match word.to_ascii_lowercase().as_str() {
        "normal" => Ok("normal".into()),
        "blackhole" | "blackholed" | "black_hole" | "hole_begin" => Ok("blackhole".into()),
        "defense" | "defending" => Ok("defense".into()),
        _ => Err(Reason::not_understood(format!("the state `{word}`"))),
    })
}

fn public_instance(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let ip = f.text(if f.has("InternetIp") { "InternetIp" } else { "InstanceIp" });
    sink.put(f, ip.clone(), |address: &mut PublicAddress| {
        address.head.name = f.text("InstanceName");
        address.ip = ip;
        address.instance = f.text("InstanceId");
        address.product = f.text("InstanceType");
        address.status = status(f.text(if f.has("InstanceStatus") { "InstanceStatus" } else { "IpStatus" }));
        address.blackhole_mbps = f.int("BlackholeThreshold");
        address.scrubbing_mbps = f.int("DefenseBpsThreshold");
        address.in_origin_instance = f.bool("IsBgppack");
    });
}

fn public_addresses(f: &Fields<'_>, sink: &mut Sink<'_>) {
    for config in f.each("IpAddressConfig") {
        sink.put(&config, config.text("InstanceIp"), |address: &mut PublicAddress| {
            address.head.name = f.text("InstanceName");
            address.ip = config.text("InstanceIp");
            address.instance = f.text("InstanceId");
            address.product = f.text("InstanceType");
            address.status = status(config.text("IpStatus"));
            address.blackhole_mbps = config.int("BlackholeThreshold");
            address.scrubbing_mbps = config.int("DefenseBpsThreshold");
            address.in_origin_instance = config.bool("IsBgpPack");
        });
    }
}

/// The same call answers for the scrubbing threshold (`DdosType` `defense`) and for that of the black hole. Source:
/// antiddos-public DescribeIpDdosThreshold.
fn threshold(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let either = |path: &str, name: &str| if f.has(path) { f.text(path) } else { sink.param(name) };
    let kind = either("Threshold.DdosType", "DdosType");
    let ip = either("Threshold.InternetIp", "InternetIp");
    let address = ip.clone().map(Link::id);
    if kind.value().is_some_and(|kind| kind.eq_ignore_ascii_case("blackhole")) {
        return;
    }
    let scrubbing = kind.try_map(|_| Ok(())).state;
    sink.on(&address, |address: &mut PublicAddress| {
        address.ip = ip;
        address.scrubbing_mbps = match scrubbing {
            State::Unknown(reason) => f.unknown(reason),
            _ => f.int("Threshold.Bps"),
        };
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{answers, only};

    #[test]
    fn an_instance_has_its_addresses_and_the_account_wide_log_switch() {
        let inventory = answers(&[
            ("ddoscoo:DescribeSlsOpenStatus", "", r#"{"SlsOpenStatus":false}"#),
            (
                "ddoscoo:DescribeInstances",
                "",
                r#"{"Instances":[{"InstanceId":"ddoscoo-1","Status":1,"Enabled":1,"ExpireTime":1767225600000}]}"#,
            ),
            (
                "ddoscoo:DescribeInstanceDetails",
                "",
                r#"{"InstanceDetails":[{"InstanceId":"ddoscoo-1","EipInfos":[{"Eip":"203.0.113.1","Status":"expired"}]}]}"#,
            ),
        ]);
        let instance: &Instance = only(&inventory);
        assert_eq!((instance.active.value(), instance.log_service.value()), (Some(&true), Some(&false)));
        assert_eq!(instance.addresses.value().unwrap().items[0].normal.value(), Some(&false));
    }

    #[test]
    fn the_two_answers_about_public_addresses_speak_of_the_same_address() {
        let inventory = answers(&[
            (
                "antiddos-public:DescribeInstanceIpAddress",
                "",
                r#"{"InstanceList":[{"InstanceId":"i-1","InstanceType":"ecs","InstanceName":"web",
                "IpAddressConfig":[{"InstanceIp":"203.0.113.7","IpStatus":"blackhole","BlackholeThreshold":500}]}]}"#,
            ),
            (
                "antiddos-public:DescribeIpDdosThreshold",
                "DdosType=defense",
                r#"{"Threshold":{"DdosType":"defense","InternetIp":"203.0.113.7","Bps":300}}"#,
            ),
            (
                "antiddos-public:DescribeIpDdosThreshold",
                "DdosType=blackhole",
                r#"{"Threshold":{"DdosType":"blackhole","InternetIp":"203.0.113.7","Bps":5000}}"#,
            ),
        ]);
        let address: &PublicAddress = only(&inventory);
        assert_eq!(address.status.value().map(Text::as_str), Some("blackhole"));
        assert_eq!((address.blackhole_mbps.value(), address.scrubbing_mbps.value()), (Some(&500), Some(&300)));
    }
}
