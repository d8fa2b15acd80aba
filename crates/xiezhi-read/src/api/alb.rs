//! ALB answers.

use xiezhi_model::service::alb::{Acl, Condition, Listener, LoadBalancer, Rule, Server, ServerGroup, TlsPolicy, Zone};
use xiezhi_model::{Fact, Link, List, Reason, Resource, State, Text};

use super::Call;
use crate::fields::Fields;
use crate::sink::Sink;
use crate::tls;
use crate::words::{lower, members, target, values};

/// The calls of ALB.
pub const CALLS: &[Call] = &[
    Call::listing("alb", "ListLoadBalancers", "LoadBalancers", LoadBalancer::SCHEMA, load_balancer),
    Call::answer("alb", "GetLoadBalancerAttribute", load_balancer_attribute),
    Call::listing("alb", "ListListeners", "Listeners", Listener::SCHEMA, listener),
    Call::answer("alb", "GetListenerAttribute", listener_attribute),
    Call::listing("alb", "ListRules", "Rules", Rule::SCHEMA, rule),
    Call::listing("alb", "ListAcls", "Acls", Acl::SCHEMA, acl),
    Call::answer("alb", "ListAclEntries", acl_entries),
    Call::listing("alb", "ListServerGroups", "ServerGroups", ServerGroup::SCHEMA, server_group),
    Call::answer("alb", "ListServerGroupServers", server_group_servers),
    Call::listing("alb", "ListSecurityPolicies", "SecurityPolicies", TlsPolicy::SCHEMA, tls_policy),
    Call::answer("alb", "ListListenerCertificates", listener_certificates),
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
    b.ip_version = lower(f.text("AddressIpVersion"));
    b.ipv6_address_type = ipv6_address_type(f, &b.ip_version);
    b.edition = lower(f.text("LoadBalancerEdition"));
    b.vpc = f.link("VpcId");
    // The list answer leaves out what the detail answer has: silence there is unknown.
    b.security_groups =
        if f.has("SecurityGroupIds") { f.links("SecurityGroupIds") } else { f.unknown(Reason::NotInEvidence) };
    b.zones = f.records("ZoneMappings", |z| zone(&z));
    b.deletion_protection = f.bool("DeletionProtectionConfig.Enabled");
    b.modification_protection =
        f.flag("ModificationProtectionConfig.Status", &["ConsoleProtection"], &["NonProtection"]);
    b.access_log_project = f.opt_text("AccessLogConfig.LogProject");
    b.access_log_store = f.opt_text("AccessLogConfig.LogStore");
    b.status = lower(f.text("LoadBalancerStatus"));
}

/// Without an IPv6 type an IPv4 balancer has no IPv6; a dual-stack one must say it.
pub(crate) fn ipv6_address_type(f: &Fields<'_>, ip_version: &Fact<Text>) -> Fact<Text> {
    match ip_version.value().map(Text::as_str) {
        Some("ipv4") if !f.has("Ipv6AddressType") => f.absent(),
        _ if f.has("Ipv6AddressType") => lower(f.opt_text("Ipv6AddressType")),
        _ => f.unknown(Reason::NotInEvidence),
    }
}

/// One zone of ALB, NLB or GWLB: the products name the addresses a little differently.
pub(crate) fn zone(z: &Fields<'_>) -> Zone {
    let addresses = |paths: &[&str]| {
        z.records("LoadBalancerAddresses", |a| {
            let path = paths.iter().find(|path| a.has(path)).copied().unwrap_or_default();
            if path.is_empty() { a.absent() } else { a.opt_text(path) }
        })
        .map(values)
    };
    Zone {
        zone: z.text("ZoneId"),
        vswitch: z.link("VSwitchId"),
        public_ips: addresses(&["Address", "PublicIPv4Address"]),
        private_ips: addresses(&["IntranetAddress", "PrivateIPv4Address", "PrivateIpv4Address"]),
        ipv6_addresses: addresses(&["Ipv6Address", "PrivateIpv6Address"]),
    }
}

fn listener(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("ListenerId"), |l: &mut Listener| {
        l.head.name = f.opt_text("ListenerDescription");
        l.load_balancer = f.parent("LoadBalancerId");
        l.port = f.int("ListenerPort");
        l.protocol = lower(f.text("ListenerProtocol"));
        l.status = lower(f.text("ListenerStatus"));
        (l.security_policy, l.own_policy) = tls::of_listener(f, "SecurityPolicyId", TLS_PAGE, &l.protocol, WITH_TLS);
        l.action_types = f.records("DefaultActions", |a| lower(a.text("Type"))).map(values);
        l.server_groups = forwarded(f, "DefaultActions");
    });
}

/// The protocols of listeners that have TLS.
pub(crate) const WITH_TLS: &[&str] = &["https", "quic"];

const TLS_PAGE: &str = "ALB CreateListener";

/// A TLS policy of the tenant's own. Source: ALB ListSecurityPolicies.
fn tls_policy(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("SecurityPolicyId"), |p: &mut TlsPolicy| {
        p.head.name = f.opt_text("SecurityPolicyName");
        p.versions = f.texts("TLSVersions");
    });
}

/// The server groups to which actions forward requests or send copies of them. A group of weight 0 gets none.
/// Source: ALB CreateRule `RuleActions.ForwardGroupConfig`, `TrafficMirrorConfig`.
pub(crate) fn forwarded(f: &Fields<'_>, actions: &str) -> Fact<List<Link<ServerGroup>>> {
    const GROUPS: [&str; 2] =
        ["ForwardGroupConfig.ServerGroupTuples", "TrafficMirrorConfig.MirrorGroupConfig.ServerGroupTuples"];
    let group = |t: Fields<'_>| if t.int("Weight").value() == Some(&0) { t.absent() } else { t.link("ServerGroupId") };
    f.records(actions, |a| {
        let mut all = List { items: vec![], more: None };
        for path in GROUPS {
            let (items, more) = members(a.opt_records(path, group).map(values));
            all.items.extend(items);
            all.more = all.more.or(more);
        }
        all
    })
    .map(joined)
}

/// The members of lists, one after the other.
pub(crate) fn joined<T>(lists: List<List<T>>) -> List<T> {
    let mut all = List { items: vec![], more: lists.more };
    for list in lists.items {
        all.items.extend(list.items);
        all.more = all.more.or(list.more);
    }
    all
}

fn rule(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("RuleId"), |r: &mut Rule| {
        r.head.name = f.opt_text("RuleName");
        r.listener = f.parent("ListenerId");
        fill_rule(f, r);
    });
}

/// What the API and ROS say of a rule in the same words.
pub(crate) fn fill_rule(f: &Fields<'_>, r: &mut Rule) {
    r.priority = f.int("Priority");
    r.direction = lower(f.text_or("Direction", "Request", "ALB CreateRule"));
    r.action_types = f.records("RuleActions", |a| lower(a.text("Type"))).map(values);
    r.server_groups = forwarded(f, "RuleActions");
    r.conditions = f.records("RuleConditions", |c| {
        let condition_type = lower(c.text("Type"));
        let path = match condition_type.value().map(Text::as_str) {
            Some("host") => Some("HostConfig.Values"),
            Some("path") => Some("PathConfig.Values"),
            Some("method") => Some("MethodConfig.Values"),
            Some("sourceip") => Some("SourceIpConfig.Values"),
            _ => None,
        };
        Condition { values: path.map_or_else(|| c.absent(), |path| c.texts(path)), condition_type }
    });
}

/// Access control is only in this answer; without it there is none.
fn listener_attribute(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.on(&f.link("ListenerId"), |l: &mut Listener| {
        l.acl_type = lower(f.opt_text("AclConfig.AclType"));
        l.acls = f.opt_records("AclConfig.AclRelations", |r| r.link("AclId")).map(values);
        l.certificates = f.opt_records("Certificates", |c| c.text("CertificateId")).map(values);
    });
}

fn listener_certificates(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let listener = sink.param("ListenerId").map(Link::id);
    let (items, more) = members(f.opt_records("Certificates", |c| c.text("CertificateId")).map(values));
    sink.on(&listener, |l: &mut Listener| {
        let list = List { items, more };
        l.certificates = f.known(list);
    });
}

fn acl(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("AclId"), |a: &mut Acl| a.head.name = f.opt_text("AclName"));
}

fn acl_entries(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let of = sink.param("AclId").map(Link::id);
    let (items, more) = members(f.opt_records("AclEntries", |e| e.text("Entry")).map(values));
    sink.append(&of, |a: &mut Acl| &mut a.entries, items, more);
}

fn server_group(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("ServerGroupId"), |g: &mut ServerGroup| {
        g.head.name = f.opt_text("ServerGroupName");
        g.group_type = lower(f.text("ServerGroupType"));
        g.vpc = f.link("VpcId");
        g.protocol = lower(f.text("Protocol"));
        g.health_check = f.bool("HealthCheckConfig.HealthCheckEnabled");
    });
}

/// A server of an ALB or NLB group.
pub(crate) fn server(s: &Fields<'_>) -> Server {
    let server_type = lower(s.text("ServerType"));
    Server {
        // A template names it by reference.
        server: target(s.link::<LoadBalancer>("ServerId")),
        ip: s.opt_text("ServerIp"),
        port: s.opt_int("Port"),
        weight: s.int("Weight"),
        instance: match server_type.value().map(Text::as_str) {
            Some("ecs") => s.link("ServerId"),
            Some(_) => s.absent(),
            None => s.unknown(Reason::NotInEvidence),
        },
        zone: s.text("ZoneId"),
        server_type,
    }
}

fn server_group_servers(f: &Fields<'_>, sink: &mut Sink<'_>) {
    servers::<ServerGroup>(f, sink, |g| &mut g.servers);
}

/// Servers of one group, or of every group of the region: then a group that no server names has none.
pub(crate) fn servers<G: Resource>(f: &Fields<'_>, sink: &mut Sink<'_>, list: fn(&mut G) -> &mut Fact<List<Server>>) {
    for one in f.each("Servers") {
        sink.append(&one.link::<G>("ServerGroupId"), list, vec![server(&one)], None);
    }
    let more = members(f.opt_records("Servers", |_| ())).1;
    let one_group = sink.param("ServerGroupId");
    if one_group.value().is_some() {
        sink.append(&one_group.map(Link::id), list, vec![], more);
        return;
    }
    let Some(region) = sink.around.region.value().cloned() else { return };
    let origin = f.origin();
    sink.batch.later(move |batch| {
        batch.for_each::<G>(|group| {
            if group.head().region.value() != Some(&region) {
                return;
            }
            let fact = list(group);
            match &mut fact.state {
                State::Unknown(reason) if reason.is_silence() && more.is_none() => {
                    *fact = Fact::known(List::complete(vec![]), origin.clone());
                }
                State::Known(list) => list.more = list.more.take().or_else(|| more.clone()),
                _ => {}
            }
        });
    });
}
