//! Classic load balancer answers.

use xiezhi_model::service::slb::{Acl, Backend, Certificate, Listener, LoadBalancer, ServerGroup, TlsPolicy};
use xiezhi_model::{Fact, Link, Reason, State, Text};

use super::Call;
use crate::fields::Fields;
use crate::sink::Sink;
use crate::tls;
use crate::words::{both_links, lower, members, none_if, one_link, subject, time, values};

/// The calls of classic load balancers.
pub const CALLS: &[Call] = &[
    Call::listing("slb", "DescribeLoadBalancers", "LoadBalancers.LoadBalancer", LoadBalancer::SCHEMA, load_balancer),
    Call::answer("slb", "DescribeLoadBalancerAttribute", load_balancer_attribute),
    Call::listing("slb", "DescribeLoadBalancerListeners", "Listeners", Listener::SCHEMA, listener),
    Call::answer("slb", "DescribeLoadBalancerHTTPListenerAttribute", http_listener),
    Call::answer("slb", "DescribeLoadBalancerHTTPSListenerAttribute", https_listener),
    Call::listing("slb", "DescribeAccessControlLists", "Acls.Acl", Acl::SCHEMA, acl),
    Call::answer("slb", "DescribeAccessControlListAttribute", acl_attribute),
    Call::each("slb", "DescribeVServerGroups", "VServerGroups.VServerGroup", vserver_group),
    Call::answer("slb", "DescribeVServerGroupAttribute", vserver_group_attribute),
    Call::answer("slb", "DescribeMasterSlaveServerGroupAttribute", master_slave_attribute),
    Call::listing(
        "slb",
        "DescribeServerCertificates",
        "ServerCertificates.ServerCertificate",
        Certificate::SCHEMA,
        certificate,
    ),
    Call::listing("slb", "ListTLSCipherPolicies", "TLSCipherPolicies", TlsPolicy::SCHEMA, tls_policy),
    Call::answer("slb", "DescribeAccessLogsDownloadAttribute", access_logs),
];

fn load_balancer(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("LoadBalancerId"), |b: &mut LoadBalancer| fill(f, b));
}

fn fill(f: &Fields<'_>, b: &mut LoadBalancer) {
    b.head.name = f.opt_text("LoadBalancerName");
    b.address_type = lower(f.text("AddressType"));
    b.address = f.text("Address");
    b.ip_version = lower(f.text("AddressIPVersion"));
    b.network_type = lower(f.text("NetworkType"));
    b.vpc = f.link("VpcId");
    b.vswitch = f.link("VSwitchId");
    b.status = lower(f.text("LoadBalancerStatus"));
    b.master_zone = f.text("MasterZoneId");
    b.slave_zone = if f.has("SlaveZoneId") { f.opt_text("SlaveZoneId") } else { f.unknown(Reason::NotInEvidence) };
    b.deletion_protection = f.flag("DeleteProtection", &["on"], &["off"]);
    b.modification_protection = f.flag("ModificationProtectionStatus", &["ConsoleProtection"], &["NonProtection", ""]);
    b.bandwidth = f.int("Bandwidth");
    b.internet_charge_type = charge_type(f);
}

/// The list answer writes 3 for bandwidth and 4 for traffic, other answers the words. Source: SLB
/// DescribeLoadBalancers `InternetChargeType`.
fn charge_type(f: &Fields<'_>) -> Fact<Text> {
    if f.has("InternetChargeTypeAlias") {
        return lower(f.text("InternetChargeTypeAlias"));
    }
    lower(f.text("InternetChargeType")).map(|word| match word.as_str() {
        "3" => "paybybandwidth".into(),
        "4" => "paybytraffic".into(),
        _ => word,
    })
}

fn load_balancer_attribute(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let of: Fact<Link<LoadBalancer>> = subject(f, sink, "LoadBalancerId");
    sink.on(&of, |b: &mut LoadBalancer| {
        fill(f, b);
        b.backends = f.records("BackendServers.BackendServer", |s| server(&s));
    });
}

/// A server of a group: an ECS instance unless the answer says otherwise.
fn server(s: &Fields<'_>) -> Backend {
    let server_type = lower(s.text_or("Type", "ecs", "SLB AddBackendServers"));
    Backend {
        server: s.text("ServerId"),
        port: s.opt_int("Port"),
        weight: s.int("Weight"),
        instance: match server_type.value().map(Text::as_str) {
            Some("ecs") => s.link("ServerId"),
            Some(_) => s.absent(),
            None => s.unknown(Reason::NotInEvidence),
        },
        server_type,
    }
}

/// Listeners have no id of their own: the balancer's, the protocol and the port make one, as Terraform writes it.
fn listener_id(balancer: &Fact<Text>, protocol: &str, port: &Fact<i64>) -> Fact<Text> {
    match (&balancer.state, &port.state) {
        (State::Known(balancer), State::Known(at)) => {
            Fact::known(format!("{balancer}:{protocol}:{at}").into(), port.origin.clone())
        }
        (State::Unknown(reason), _) | (_, State::Unknown(reason)) => Fact::unknown(reason.clone(), port.origin.clone()),
        _ => Fact::unknown(Reason::NotInEvidence, port.origin.clone()),
    }
}

fn listener(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let protocol = lower(f.text("ListenerProtocol"));
    let port = f.int("ListenerPort");
    let id = match protocol.value() {
        Some(word) => listener_id(&f.text("LoadBalancerId"), word, &port),
        None => f.unknown(Reason::NotInEvidence),
    };
    let config = |name: &str| {
        let block = match protocol.value().map(Text::as_str) {
            Some("http") => "HTTPListenerConfig",
            Some("https") => "HTTPSListenerConfig",
            Some("udp") => "UDPListenerConfig",
            _ => "TCPListenerConfig",
        };
        format!("{block}.{name}")
    };
    sink.put(f, id, |l: &mut Listener| {
        l.head.name = f.opt_text("Description");
        l.load_balancer = f.parent("LoadBalancerId");
        l.port = port.clone();
        l.backend_port = f.opt_int("BackendServerPort");
        l.status = lower(f.text("Status"));
        access_control(f, l);
        let http = protocol.value().is_some_and(|word| word == "http");
        let https = protocol.value().is_some_and(|word| word == "https");
        let layer7 = http || https;
        let redirect = config("ListenerForward");
        l.redirects = match (http, f.has(&redirect)) {
            (true, true) => f.flag(&redirect, &["on"], &["off", ""]),
            (true, false) => f.unknown(Reason::NotInEvidence),
            (false, _) if protocol.value().is_some() => f.known(false),
            _ => f.unknown(Reason::NotInEvidence),
        };
        l.tls_policy = if https { f.text(&config("TLSCipherPolicy")) } else { not_tls(f, &protocol) };
        l.custom_tls_policy = tls::own(f, &l.tls_policy, &config("TLSCipherPolicy"));
        l.certificate = if https { f.link(&config("ServerCertificateId")) } else { f.absent() };
        l.health_check = if layer7 { f.flag(&config("HealthCheck"), &["on"], &["off"]) } else { f.known(true) };
        l.x_forwarded_for = f.flag(&config("XForwardedFor"), &["on"], &["off"]);
        let master_slave = config("MasterSlaveServerGroupId");
        l.server_group = match f.opt_text("VServerGroupId").is_absent() {
            true => f.link(&master_slave),
            false => f.link("VServerGroupId"),
        };
        l.protocol = protocol.clone();
    });
}

fn not_tls<T>(f: &Fields<'_>, protocol: &Fact<Text>) -> Fact<T> {
    if protocol.value().is_some() { f.absent() } else { f.unknown(Reason::NotInEvidence) }
}

fn access_control(f: &Fields<'_>, l: &mut Listener) {
    l.acl_enabled = f.flag("AclStatus", &["on"], &["off"]);
    l.acl_type = none_if(lower(f.opt_text("AclType")), &["none"]);
    l.acls =
        both_links(one_link(f.link("AclId")), f.links(if f.has("AclIds.AclId") { "AclIds.AclId" } else { "AclIds" }));
}

fn attribute_target(f: &Fields<'_>, sink: &Sink<'_>, protocol: &str) -> Fact<Link<Listener>> {
    let balancer = if f.has("LoadBalancerId") { f.text("LoadBalancerId") } else { sink.param("LoadBalancerId") };
    listener_id(&balancer, protocol, &f.int("ListenerPort")).map(Link::id)
}

fn http_listener(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let of = attribute_target(f, sink, "http");
    sink.on(&of, |l: &mut Listener| {
        l.redirects = f.flag_or("ListenerForward", &["on"], &["off", ""], false, "SLB CreateLoadBalancerHTTPListener");
        l.x_forwarded_for = f.flag("XForwardedFor", &["on"], &["off"]);
    });
}

fn https_listener(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let of = attribute_target(f, sink, "https");
    sink.on(&of, |l: &mut Listener| {
        l.tls_policy = f.text_or("TLSCipherPolicy", "tls_cipher_policy_1_0", "SLB CreateLoadBalancerHTTPSListener");
        l.custom_tls_policy = tls::own(f, &l.tls_policy, "TLSCipherPolicy");
        l.certificate = f.link("ServerCertificateId");
        l.x_forwarded_for = f.flag("XForwardedFor", &["on"], &["off"]);
    });
}

fn acl(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("AclId"), |a: &mut Acl| {
        a.head.name = f.opt_text("AclName");
        a.ip_version = lower(f.text("AddressIPVersion"));
    });
}

fn acl_attribute(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let of = subject(f, sink, "AclId");
    let (items, more) = members(f.opt_records("AclEntrys.AclEntry", |e| e.text("AclEntryIP")).map(values));
    sink.append(&of, |a: &mut Acl| &mut a.entries, items, more);
}

fn vserver_group(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let balancer = sink.param("LoadBalancerId").map(Link::id);
    sink.put(f, f.text("VServerGroupId"), |g: &mut ServerGroup| {
        g.head.name = f.opt_text("VServerGroupName");
        g.group_type = f.known("vserver".into());
        g.load_balancer = balancer;
    });
}

fn vserver_group_attribute(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let of = subject(f, sink, "VServerGroupId");
    sink.on(&of, |g: &mut ServerGroup| {
        g.group_type = f.known("vserver".into());
        g.backends = f.records("BackendServers.BackendServer", |s| server(&s));
        if f.has("LoadBalancerId") {
            g.load_balancer = f.parent("LoadBalancerId");
        }
    });
}

fn master_slave_attribute(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.on(&f.link("MasterSlaveServerGroupId"), |g: &mut ServerGroup| {
        g.group_type = f.known("master-slave".into());
        g.backends = f.records("MasterSlaveBackendServers.MasterSlaveBackendServer", |s| server(&s));
        if f.has("LoadBalancerId") {
            g.load_balancer = f.parent("LoadBalancerId");
        }
    });
}

fn certificate(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("ServerCertificateId"), |c: &mut Certificate| {
        c.head.name = f.opt_text("ServerCertificateName");
        c.managed = f.bool("IsAliCloudCertificate");
        c.expires = time(f.text("ExpireTime"));
        c.common_name = f.text("CommonName");
    });
}

fn tls_policy(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("InstanceId"), |p: &mut TlsPolicy| {
        p.head.name = f.opt_text("Name");
        p.versions = f.texts("TLSVersions");
        p.ciphers = f.texts("Ciphers");
    });
}

/// The answer lists the balancers whose access logs are delivered; when it lists all of them, the others have none.
fn access_logs(f: &Fields<'_>, sink: &mut Sink<'_>) {
    const LIST: &str = "LogsDownloadAttributes.LogsDownloadAttribute";
    if let State::Unknown(reason) = f.records(LIST, |_| ()).state {
        let whichever = f.unknown::<Link<LoadBalancer>>(reason.clone());
        sink.on(&whichever, |b: &mut LoadBalancer| {
            b.access_log = f.unknown(reason.clone());
            b.access_log_project = f.unknown(reason.clone());
            b.access_log_store = f.unknown(reason);
        });
    }
    let logged = f.each(LIST);
    for one in &logged {
        sink.on(&one.link("LoadBalancerId"), |b: &mut LoadBalancer| {
            b.access_log = one.known(true);
            b.access_log_project = one.text("LogProject");
            b.access_log_store = one.text("LogStore");
        });
    }
    let whole =
        f.int("TotalCount").value().is_some_and(|total| usize::try_from(*total).is_ok_and(|n| n <= logged.len()));
    if whole && let Some(region) = sink.around.region.value().cloned() {
        let (none, nowhere) = (f.known(false), f.absent::<Text>());
        sink.batch.later(move |batch| {
            batch.for_each::<LoadBalancer>(|b| {
                let here = b.head.region.value() == Some(&region);
                if here && b.access_log.reason().is_some_and(Reason::is_silence) {
                    b.access_log = none.clone();
                    b.access_log_project = nowhere.clone();
                    b.access_log_store = nowhere.clone();
                }
            });
        });
    }
}
