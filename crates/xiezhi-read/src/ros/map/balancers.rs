//! ALB, NLB and GWLB in ROS templates. Source: ROS documentation, `ALIYUN::ALB::*`, `ALIYUN::NLB::*`, `ALIYUN::GWLB::*`.

use xiezhi_model::service::{alb, gwlb, nlb};
use xiezhi_model::{Fact, List, Reason};

use crate::api::alb::{WITH_TLS, fill_rule, forwarded, server, zone};
use crate::fields::{Fields, documented};
use crate::sink::Sink;
use crate::terraform::Block;
use crate::terraform::map::ecs::texts_of_records;
use crate::tls;
use crate::words::{lower, members, one_item, values};

/// The resource types of ALB, NLB and GWLB.
pub const BLOCKS: &[Block] = &[
    Block { name: "ALIYUN::ALB::LoadBalancer", kind: Some(alb::LoadBalancer::SCHEMA), read: alb_balancer },
    Block { name: "ALIYUN::ALB::SecurityGroupAttachment", kind: None, read: alb_groups },
    Block { name: "ALIYUN::ALB::Listener", kind: Some(alb::Listener::SCHEMA), read: alb_listener },
    Block { name: "ALIYUN::ALB::Rule", kind: Some(alb::Rule::SCHEMA), read: alb_rule },
    Block { name: "ALIYUN::ALB::AclAssociation", kind: None, read: alb_acl_association },
    Block { name: "ALIYUN::ALB::Acl", kind: Some(alb::Acl::SCHEMA), read: alb_acl },
    Block { name: "ALIYUN::ALB::ServerGroup", kind: Some(alb::ServerGroup::SCHEMA), read: alb_server_group },
    Block { name: "ALIYUN::ALB::BackendServerAttachment", kind: None, read: alb_servers },
    Block { name: "ALIYUN::ALB::SecurityPolicy", kind: Some(alb::TlsPolicy::SCHEMA), read: alb_tls_policy },
    Block { name: "ALIYUN::NLB::LoadBalancer", kind: Some(nlb::LoadBalancer::SCHEMA), read: nlb_balancer },
    Block { name: "ALIYUN::NLB::Listener", kind: Some(nlb::Listener::SCHEMA), read: nlb_listener },
    Block { name: "ALIYUN::NLB::ServerGroup", kind: Some(nlb::ServerGroup::SCHEMA), read: nlb_server_group },
    Block { name: "ALIYUN::NLB::SecurityPolicy", kind: Some(nlb::TlsPolicy::SCHEMA), read: nlb_tls_policy },
    Block { name: "ALIYUN::NLB::BackendServerAttachment", kind: None, read: nlb_servers },
    Block { name: "ALIYUN::GWLB::LoadBalancer", kind: Some(gwlb::LoadBalancer::SCHEMA), read: gwlb_balancer },
    Block { name: "ALIYUN::GWLB::Listener", kind: Some(gwlb::Listener::SCHEMA), read: gwlb_listener },
    Block { name: "ALIYUN::GWLB::ServerGroup", kind: Some(gwlb::ServerGroup::SCHEMA), read: gwlb_server_group },
];

const ALB: &str = "ROS ALIYUN::ALB::LoadBalancer";
const NLB: &str = "ROS ALIYUN::NLB::LoadBalancer";
const ALB_LISTENER: &str = "ROS ALIYUN::ALB::Listener";

fn deletion_protection(f: &Fields<'_>, page: &str) -> Fact<bool> {
    if f.has("DeletionProtectionConfig.Enabled") {
        f.bool("DeletionProtectionConfig.Enabled")
    } else {
        f.bool_or("DeletionProtectionEnabled", false, page)
    }
}

fn alb_balancer(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.unknown(Reason::NotInEvidence), |b: &mut alb::LoadBalancer| {
        b.head.name = f.opt_text("LoadBalancerName");
        b.address_type = lower(f.text("AddressType"));
        b.ip_version = lower(f.text_or("AddressIpVersion", "IPv4", ALB));
        b.edition = lower(f.text("LoadBalancerEdition"));
        b.vpc = f.link("VpcId");
        b.zones = f.records("ZoneMappings", |z| zone(&z));
        b.deletion_protection = deletion_protection(f, ALB);
        b.security_groups = if f.has("SecurityGroupIds") {
            f.links("SecurityGroupIds")
        } else {
            documented(ALB).known(List::complete(vec![]))
        };
        let logs = f.has("AccessLogConfig");
        b.access_log_project = if logs { f.text("AccessLogConfig.LogProject") } else { documented(ALB).absent() };
        b.access_log_store = if logs { f.text("AccessLogConfig.LogStore") } else { documented(ALB).absent() };
    });
}

fn alb_groups(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let (items, more) = members(f.links("SecurityGroupIds"));
    sink.append(&f.link("LoadBalancerId"), |b: &mut alb::LoadBalancer| &mut b.security_groups, items, more);
}

fn alb_listener(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.unknown(Reason::NotInEvidence), |l: &mut alb::Listener| {
        l.head.name = f.opt_text("ListenerDescription");
        l.load_balancer = f.link("LoadBalancerId");
        l.port = f.int("ListenerPort");
        l.protocol = lower(f.text("ListenerProtocol"));
        l.status = lower(f.text_or("ListenerStatus", "Running", ALB_LISTENER));
        (l.security_policy, l.own_policy) =
            tls::of_listener(f, "SecurityPolicyId", "ALB CreateListener", &l.protocol, WITH_TLS);
        l.certificates = texts_of_records(f, "Certificates", "CertificateId");
        l.acl_type = documented(ALB_LISTENER).absent();
        l.acls = documented(ALB_LISTENER).known(List::complete(vec![]));
        l.action_types = f.records("DefaultActions", |a| lower(a.text("Type"))).map(values);
        l.server_groups = forwarded(f, "DefaultActions");
    });
}

fn alb_tls_policy(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.unknown(Reason::NotInEvidence), |p: &mut alb::TlsPolicy| {
        p.head.name = f.opt_text("SecurityPolicyName");
        p.versions = f.texts("TLSVersions");
    });
}

fn nlb_tls_policy(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.unknown(Reason::NotInEvidence), |p: &mut nlb::TlsPolicy| {
        p.head.name = f.opt_text("SecurityPolicyName");
        p.versions = f.texts("TlsVersions");
    });
}

fn alb_rule(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.unknown(Reason::NotInEvidence), |r: &mut alb::Rule| {
        r.head.name = f.opt_text("RuleName");
        r.listener = f.link("ListenerId");
        fill_rule(f, r);
    });
}

fn alb_acl_association(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let listener = f.link::<alb::Listener>("ListenerId");
    sink.on(&listener, |l: &mut alb::Listener| l.acl_type = lower(f.text("AclType")));
    let (items, more) =
        if f.has("AclIds") { members(f.links("AclIds")) } else { one_item(f.link::<alb::Acl>("AclId")) };
    sink.append(&listener, |l: &mut alb::Listener| &mut l.acls, items, more);
}

fn alb_acl(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.unknown(Reason::NotInEvidence), |a: &mut alb::Acl| {
        a.head.name = f.opt_text("AclName");
        a.entries = texts_of_records(f, "AclEntries", "Entry");
    });
}

fn alb_server_group(f: &Fields<'_>, sink: &mut Sink<'_>) {
    const PAGE: &str = "ROS ALIYUN::ALB::ServerGroup";
    sink.put(f, f.unknown(Reason::NotInEvidence), |g: &mut alb::ServerGroup| {
        g.head.name = f.opt_text("ServerGroupName");
        g.group_type = lower(f.text_or("ServerGroupType", "Instance", PAGE));
        g.vpc = f.link("VpcId");
        g.protocol = lower(f.text_or("Protocol", "HTTP", PAGE));
        g.health_check = f.bool("HealthCheckConfig.HealthCheckEnabled");
        g.servers = documented(PAGE).known(List::complete(vec![]));
    });
}

fn alb_servers(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let (items, more) = members(f.records("Servers", |s| server(&s)));
    sink.append(&f.link("ServerGroupId"), |g: &mut alb::ServerGroup| &mut g.servers, items, more);
}

fn nlb_balancer(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.unknown(Reason::NotInEvidence), |b: &mut nlb::LoadBalancer| {
        b.head.name = f.opt_text("LoadBalancerName");
        b.address_type = lower(f.text("AddressType"));
        b.vpc = f.link("VpcId");
        b.zones = f.records("ZoneMappings", |z| zone(&z));
        b.deletion_protection = deletion_protection(f, NLB);
        b.security_groups = if f.has("SecurityGroupIds") {
            f.links("SecurityGroupIds")
        } else {
            documented(NLB).known(List::complete(vec![]))
        };
    });
}

fn nlb_listener(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.unknown(Reason::NotInEvidence), |l: &mut nlb::Listener| {
        l.head.name = f.opt_text("ListenerDescription");
        l.load_balancer = f.link("LoadBalancerId");
        l.port = f.int("ListenerPort");
        l.start_port = f.opt_int("StartPort");
        l.end_port = f.opt_int("EndPort");
        l.protocol = lower(f.text("ListenerProtocol"));
        (l.security_policy, l.own_policy) =
            tls::of_listener(f, "SecurityPolicyId", "NLB CreateListener", &l.protocol, &["tcpssl"]);
        l.server_group = f.link("ServerGroupId");
        l.certificates = f.opt_texts("CertificateIds");
    });
}

fn nlb_server_group(f: &Fields<'_>, sink: &mut Sink<'_>) {
    const PAGE: &str = "ROS ALIYUN::NLB::ServerGroup";
    sink.put(f, f.unknown(Reason::NotInEvidence), |g: &mut nlb::ServerGroup| {
        g.head.name = f.opt_text("ServerGroupName");
        g.group_type = lower(f.text_or("ServerGroupType", "Instance", PAGE));
        g.vpc = f.link("VpcId");
        g.protocol = lower(f.text_or("Protocol", "TCP", PAGE));
        g.preserve_client_ip = f.bool("PreserveClientIpEnabled");
        g.any_port = f.bool_or("AnyPortEnabled", false, PAGE);
        g.health_check = f.bool("HealthCheckConfig.HealthCheckEnabled");
        g.servers = if f.has("Servers") {
            f.records("Servers", |s| server(&s))
        } else {
            documented(PAGE).known(List::complete(vec![]))
        };
    });
}

fn nlb_servers(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let (items, more) = members(f.records("Servers", |s| server(&s)));
    sink.append(&f.link("ServerGroupId"), |g: &mut nlb::ServerGroup| &mut g.servers, items, more);
}

fn gwlb_balancer(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.unknown(Reason::NotInEvidence), |b: &mut gwlb::LoadBalancer| {
        b.head.name = f.opt_text("LoadBalancerName");
        b.vpc = f.link("VpcId");
        b.zones = f.records("ZoneMappings", |z| zone(&z));
    });
}

fn gwlb_listener(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.unknown(Reason::NotInEvidence), |l: &mut gwlb::Listener| {
        l.head.name = f.opt_text("ListenerDescription");
        l.load_balancer = f.link("LoadBalancerId");
        l.server_group = f.link("ServerGroupId");
    });
}

fn gwlb_server_group(f: &Fields<'_>, sink: &mut Sink<'_>) {
    const PAGE: &str = "ROS ALIYUN::GWLB::ServerGroup";
    sink.put(f, f.unknown(Reason::NotInEvidence), |g: &mut gwlb::ServerGroup| {
        g.head.name = f.opt_text("ServerGroupName");
        g.group_type = lower(f.text_or("ServerGroupType", "Instance", PAGE));
        g.vpc = f.link("VpcId");
        g.servers = f.opt_records("Servers", |s| alb::Server { weight: s.absent(), ..server(&s) });
    });
}
