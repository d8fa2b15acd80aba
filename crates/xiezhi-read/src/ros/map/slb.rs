//! Classic load balancers in ROS templates. Source: ROS documentation, `ALIYUN::SLB::*`.

use xiezhi_model::service::slb::{Acl, Backend, Listener, LoadBalancer, ServerGroup};
use xiezhi_model::{Fact, List, Reason, State, Text};

use crate::fields::{Fields, documented};
use crate::sink::Sink;
use crate::terraform::Block;
use crate::terraform::map::ecs::texts_of_records;
use crate::tls;
use crate::words::{lower, members, one_link, target};

/// The resource types of classic load balancers.
pub const BLOCKS: &[Block] = &[
    Block { name: "ALIYUN::SLB::LoadBalancer", kind: Some(LoadBalancer::SCHEMA), read: load_balancer },
    Block { name: "ALIYUN::SLB::Listener", kind: Some(Listener::SCHEMA), read: listener },
    Block { name: "ALIYUN::SLB::AccessControl", kind: Some(Acl::SCHEMA), read: acl },
    Block { name: "ALIYUN::SLB::BackendServerAttachment", kind: None, read: attachment },
    Block { name: "ALIYUN::SLB::VServerGroup", kind: Some(ServerGroup::SCHEMA), read: server_group },
    Block { name: "ALIYUN::SLB::MasterSlaveServerGroup", kind: Some(ServerGroup::SCHEMA), read: master_slave },
];

const BALANCER: &str = "ROS ALIYUN::SLB::LoadBalancer";
const LISTENER: &str = "ROS ALIYUN::SLB::Listener";

fn load_balancer(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("LoadBalancerId"), |b: &mut LoadBalancer| {
        b.head.name = f.opt_text("LoadBalancerName");
        b.vswitch = f.link("VSwitchId");
        b.address_type = lower(f.text_or("AddressType", "internet", BALANCER));
        b.ip_version = lower(f.text_or("AddressIPVersion", "ipv4", BALANCER));
        b.network_type = match (&b.vswitch.state, f.has("VpcId")) {
            (State::Known(_), _) | (_, true) => f.known("vpc".into()),
            (State::Absent, false) => documented(BALANCER).known("classic".into()),
            (State::Unknown(reason), false) => f.unknown(reason.clone()),
        };
        b.vpc = if f.has("VpcId") { f.link("VpcId") } else { f.unknown(Reason::NotInEvidence) };
        b.status = documented(BALANCER).known("active".into());
        b.master_zone = f.opt_text("MasterZoneId");
        b.slave_zone = f.opt_text("SlaveZoneId");
        b.deletion_protection = f.flag_or("DeletionProtection", &["on", "true"], &["off", "false"], false, BALANCER);
        b.modification_protection =
            f.flag_or("ModificationProtectionStatus", &["ConsoleProtection"], &["NonProtection"], false, BALANCER);
        b.bandwidth = f.int("Bandwidth");
        b.internet_charge_type = lower(f.text_or("InternetChargeType", "paybytraffic", BALANCER));
        b.backends = documented(BALANCER).known(List::complete(vec![]));
    });
}

fn listener(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.unknown(Reason::NotInEvidence), |l: &mut Listener| {
        l.load_balancer = f.link("LoadBalancerId");
        l.port = f.int("ListenerPort");
        l.protocol = lower(f.text("Protocol"));
        l.backend_port = f.opt_int("BackendServerPort");
        l.status = f.bool_or("StartListener", true, LISTENER).map(|on| if on { "running" } else { "stopped" }.into());
        l.acl_enabled = f.flag_or("AclStatus", &["on"], &["off"], false, LISTENER);
        l.acl_type = lower(f.opt_text("AclType"));
        l.acls = one_link(f.link("AclId"));
        l.redirects = f.flag_or("HttpConfig.ListenerForward", &["on"], &["off"], false, LISTENER);
        let https = l.protocol.value().map(|word| word == "https");
        let page = "SLB CreateLoadBalancerHTTPSListener";
        (l.tls_policy, l.custom_tls_policy) = tls::of_listener(f, "TLSCipherPolicy", page, &l.protocol, &["https"]);
        l.certificate = if https == Some(false) { f.absent() } else { f.link("ServerCertificateId") };
        l.health_check = match l.protocol.value().map(Text::as_str) {
            Some("tcp" | "udp") => documented("SLB: TCP and UDP listeners always probe").known(true),
            _ => f.flag_or("HealthCheck.Switch", &["on"], &["off"], true, LISTENER),
        };
        let group = if f.has("MasterSlaveServerGroupId") { "MasterSlaveServerGroupId" } else { "VServerGroupId" };
        l.server_group = f.link(group);
    });
}

fn acl(f: &Fields<'_>, sink: &mut Sink<'_>) {
    const PAGE: &str = "ROS ALIYUN::SLB::AccessControl";
    sink.put(f, f.text("AclId"), |a: &mut Acl| {
        a.head.name = f.opt_text("AclName");
        a.ip_version = lower(f.text_or("AddressIPVersion", "ipv4", PAGE));
        // The documentation spells the property in both ways.
        let entries = if f.has("AclEntrys") { "AclEntrys" } else { "AclEntries" };
        a.entries = texts_of_records(f, entries, "Entry");
    });
}

/// One server: its id, and the link when it is an ECS instance, which is the default type.
fn server(f: &Fields<'_>) -> Backend {
    let server_type = lower(f.text_or("Type", "ecs", "SLB AddBackendServers"));
    Backend {
        server: target(f.link::<LoadBalancer>("ServerId")),
        port: f.opt_int("Port"),
        weight: f.int_or("Weight", 100, "SLB AddBackendServers"),
        instance: match server_type.value().map(Text::as_str) {
            Some("ecs") => f.link("ServerId"),
            Some(_) => f.absent(),
            None => f.unknown(Reason::NotInEvidence),
        },
        server_type,
    }
}

fn attachment(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let (mut items, mut more) = members(f.opt_records("BackendServers", |one| server(&one)));
    // A plain list of instances shares one weight.
    let (links, also) = members(f.links("BackendServerList"));
    let weight: Fact<i64> = f.int_or("BackendServerWeightList", 100, "SLB AddBackendServers");
    items.extend(links.into_iter().map(|link| Backend {
        server_type: f.known("ecs".into()),
        server: f.known(link.target.clone()),
        port: f.absent(),
        weight: weight.clone(),
        instance: f.known(link),
    }));
    more = more.or(also);
    sink.append(&f.link("LoadBalancerId"), |b: &mut LoadBalancer| &mut b.backends, items, more);
}

fn server_group(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("VServerGroupId"), |g: &mut ServerGroup| {
        g.head.name = f.opt_text("VServerGroupName");
        g.load_balancer = f.link("LoadBalancerId");
        g.group_type = f.known("vserver".into());
        g.backends = f.opt_records("BackendServers", |one| server(&one));
    });
}

fn master_slave(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("MasterSlaveServerGroupId"), |g: &mut ServerGroup| {
        g.head.name = f.opt_text("MasterSlaveServerGroupName");
        g.load_balancer = f.link("LoadBalancerId");
        g.group_type = f.known("master-slave".into());
        g.backends = f.opt_records("MasterSlaveBackendServers", |one| server(&one));
    });
}
