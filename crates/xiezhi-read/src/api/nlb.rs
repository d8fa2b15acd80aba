//! NLB answers.

use xiezhi_model::service::nlb::{Listener, LoadBalancer, ServerGroup, TlsPolicy};
use xiezhi_model::{Fact, Link, Reason};

use super::Call;
use super::alb::{ipv6_address_type, servers, zone};
use crate::fields::Fields;
use crate::sink::Sink;
use crate::tls;
use crate::words::lower;

/// The calls of NLB.
pub const CALLS: &[Call] = &[
    Call::listing("nlb", "ListLoadBalancers", "LoadBalancers", LoadBalancer::SCHEMA, load_balancer),
    Call::answer("nlb", "GetLoadBalancerAttribute", load_balancer_attribute),
    Call::listing("nlb", "ListListeners", "Listeners", Listener::SCHEMA, listener),
    Call::listing("nlb", "ListServerGroups", "ServerGroups", ServerGroup::SCHEMA, server_group),
    Call::answer("nlb", "ListServerGroupServers", server_group_servers),
    Call::listing("nlb", "ListSecurityPolicy", "SecurityPolicies", TlsPolicy::SCHEMA, tls_policy),
];

fn load_balancer(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("LoadBalancerId"), |b: &mut LoadBalancer| fill(f, b));
}

fn load_balancer_attribute(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let of: Fact<Link<LoadBalancer>> = f.link("LoadBalancerId");
    sink.on(&of, |b: &mut LoadBalancer| fill(f, b));
}

fn fill(f: &Fields<'_>, b: &mut LoadBalancer) {
    b.head.name = f.opt_text("LoadBalancerName");
    b.address_type = lower(f.text("AddressType"));
    b.ipv6_address_type = ipv6_address_type(f, &lower(f.text("AddressIpVersion")));
    b.vpc = f.link("VpcId");
    // The list answer carries the groups of those that have any (reference of calls); the key says that it looked.
    b.security_groups =
        if f.has("SecurityGroupIds") { f.links("SecurityGroupIds") } else { f.unknown(Reason::NotInEvidence) };
    b.zones = f.records("ZoneMappings", |z| zone(&z));
    b.deletion_protection = f.bool("DeletionProtectionConfig.Enabled");
    b.status = lower(f.text("LoadBalancerStatus"));
}

fn listener(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("ListenerId"), |l: &mut Listener| {
        l.head.name = f.opt_text("ListenerDescription");
        l.load_balancer = f.parent("LoadBalancerId");
        l.port = f.int("ListenerPort");
        l.start_port = port_or_none(f, "StartPort");
        l.end_port = port_or_none(f, "EndPort");
        l.protocol = lower(f.text("ListenerProtocol"));
        l.status = lower(f.text("ListenerStatus"));
        (l.security_policy, l.own_policy) =
            tls::of_listener(f, "SecurityPolicyId", "NLB CreateListener", &l.protocol, &["tcpssl"]);
        l.server_group = f.link("ServerGroupId");
        l.certificates = f.opt_texts("CertificateIds");
    });
}

/// A TLS policy of the tenant's own; its versions stand in one text. Source: NLB ListSecurityPolicy `TlsVersion`.
fn tls_policy(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("SecurityPolicyId"), |p: &mut TlsPolicy| {
        p.head.name = f.opt_text("SecurityPolicyName");
        p.versions = f.texts("TlsVersion");
    });
}

/// A port that is left out, empty or 0 when the listener has one port only.
fn port_or_none(f: &Fields<'_>, path: &str) -> Fact<i64> {
    match f.opt_text(path).value().map(|text| text.as_str()) {
        None | Some("0") => f.absent(),
        Some(_) => f.int(path),
    }
}

fn server_group(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("ServerGroupId"), |g: &mut ServerGroup| {
        g.head.name = f.opt_text("ServerGroupName");
        g.group_type = lower(f.text("ServerGroupType"));
        g.vpc = f.link("VpcId");
        g.protocol = lower(f.text("Protocol"));
        g.preserve_client_ip = f.bool("PreserveClientIpEnabled");
        g.any_port = f.bool("AnyPortEnabled");
        g.health_check = f.bool("HealthCheck.HealthCheckEnabled");
    });
}

fn server_group_servers(f: &Fields<'_>, sink: &mut Sink<'_>) {
    servers::<ServerGroup>(f, sink, |g| &mut g.servers);
}
