//! Classic load balancers in Terraform. Source: terraform-provider-alicloud, `website/docs/r/slb_*`.

use xiezhi_model::service::slb::{Acl, Backend, Certificate, Listener, LoadBalancer, ServerGroup, TlsPolicy};
use xiezhi_model::{Fact, List, Reason, State, Text};

use super::ecs::texts_of_records;
use crate::fields::{Fields, documented};
use crate::sink::Sink;
use crate::terraform::Block;
use crate::tls;
use crate::words::{both_links, lower, members, one_item, one_link, target};

/// The resource types of classic load balancers.
pub const BLOCKS: &[Block] = &[
    Block { name: "alicloud_slb_load_balancer", kind: Some(LoadBalancer::SCHEMA), read: load_balancer },
    Block { name: "alicloud_slb", kind: Some(LoadBalancer::SCHEMA), read: load_balancer },
    Block { name: "alicloud_slb_listener", kind: Some(Listener::SCHEMA), read: listener },
    Block { name: "alicloud_slb_acl", kind: Some(Acl::SCHEMA), read: acl },
    Block { name: "alicloud_slb_acl_entry_attachment", kind: None, read: acl_entry },
    Block { name: "alicloud_slb_backend_server", kind: None, read: backend_server },
    Block { name: "alicloud_slb_attachment", kind: None, read: attachment },
    Block { name: "alicloud_slb_server_group", kind: Some(ServerGroup::SCHEMA), read: server_group },
    Block { name: "alicloud_slb_server_group_server_attachment", kind: None, read: group_server },
    Block { name: "alicloud_slb_master_slave_server_group", kind: Some(ServerGroup::SCHEMA), read: master_slave },
    Block { name: "alicloud_slb_server_certificate", kind: Some(Certificate::SCHEMA), read: certificate },
    Block { name: "alicloud_slb_tls_cipher_policy", kind: Some(TlsPolicy::SCHEMA), read: tls_policy },
];

const BALANCER: &str = "terraform-provider-alicloud r/slb_load_balancer";
const LISTENER: &str = "terraform-provider-alicloud r/slb_listener";

fn load_balancer(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("id"), |b: &mut LoadBalancer| {
        b.head.name = f.opt_text(if f.has("load_balancer_name") { "load_balancer_name" } else { "name" });
        b.vswitch = f.link("vswitch_id");
        b.address_type = address_type(f, &b.vswitch.state);
        b.address = f.text("address");
        b.ip_version = lower(f.text_or("address_ip_version", "ipv4", BALANCER));
        b.network_type = match &b.vswitch.state {
            State::Known(_) => f.known("vpc".into()),
            State::Absent => documented(BALANCER).known("classic".into()),
            State::Unknown(reason) => f.unknown(reason.clone()),
        };
        b.vpc = if f.has("vpc_id") { f.link("vpc_id") } else { f.unknown(Reason::NotInEvidence) };
        b.status = lower(f.text_or("status", "active", BALANCER));
        // Which zones the provider picks when none is named is nobody's plan: not set is none.
        b.master_zone = f.opt_text("master_zone_id");
        b.slave_zone = f.opt_text("slave_zone_id");
        b.deletion_protection = f.flag_or("delete_protection", &["on"], &["off", ""], false, BALANCER);
        b.modification_protection = f.flag_or(
            "modification_protection_status",
            &["ConsoleProtection"],
            &["NonProtection", ""],
            false,
            BALANCER,
        );
        b.bandwidth = f.int("bandwidth");
        b.internet_charge_type = lower(f.text_or("internet_charge_type", "PayByTraffic", BALANCER));
        b.backends = documented(BALANCER).known(List::complete(vec![]));
    });
}

/// Without an address type, a vSwitch makes the instance internal (provider), and nothing makes it public (SLB
/// CreateLoadBalancer). The deprecated `internet` switch says it too.
fn address_type<T>(f: &Fields<'_>, vswitch: &State<T>) -> Fact<Text> {
    if f.has("address_type") {
        return lower(f.text_or("address_type", "internet", "SLB CreateLoadBalancer"));
    }
    if f.has("internet") {
        return f.bool("internet").map(|public| if public { "internet".into() } else { "intranet".into() });
    }
    match vswitch {
        State::Known(_) => documented(BALANCER).known("intranet".into()),
        State::Absent => documented("SLB CreateLoadBalancer").known("internet".into()),
        State::Unknown(reason) => f.unknown(reason.clone()),
    }
}

fn listener(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("id"), |l: &mut Listener| {
        l.load_balancer = f.link("load_balancer_id");
        l.port = f.int("frontend_port");
        l.protocol = lower(f.text("protocol"));
        l.backend_port = f.opt_int("backend_port");
        l.status =
            documented("SLB StartLoadBalancerListener: the provider starts what it makes").known("running".into());
        l.acl_enabled = f.flag_or("acl_status", &["on"], &["off", ""], false, LISTENER);
        l.acl_type = lower(f.opt_text("acl_type"));
        l.acls = both_links(one_link(f.link("acl_id")), f.links("acl_ids"));
        l.redirects = f.flag_or("listener_forward", &["on"], &["off", ""], false, LISTENER);
        let https = l.protocol.value().map(|word| word == "https");
        (l.tls_policy, l.custom_tls_policy) =
            tls::of_listener(f, "tls_cipher_policy", LISTENER, &l.protocol, &["https"]);
        let certificate = if f.has("server_certificate_id") { "server_certificate_id" } else { "ssl_certificate_id" };
        l.certificate = if https == Some(false) { f.absent() } else { f.link(certificate) };
        l.health_check = match l.protocol.value().map(Text::as_str) {
            Some("tcp" | "udp") => documented("SLB: TCP and UDP listeners always probe").known(true),
            _ => f.flag_or("health_check", &["on"], &["off"], true, LISTENER),
        };
        l.server_group = f.link(if f.has("master_slave_server_group_id") {
            "master_slave_server_group_id"
        } else {
            "server_group_id"
        });
        l.x_forwarded_for = f.unknown(Reason::NotInEvidence);
    });
}

fn acl(f: &Fields<'_>, sink: &mut Sink<'_>) {
    const PAGE: &str = "terraform-provider-alicloud r/slb_acl";
    sink.put(f, f.text("id"), |a: &mut Acl| {
        a.head.name = f.opt_text("name");
        a.ip_version = lower(f.text_or("ip_version", "ipv4", PAGE));
        a.entries = if f.has("entry_list") {
            texts_of_records(f, "entry_list", "entry")
        } else {
            documented(PAGE).known(List::complete(vec![]))
        };
    });
}

fn acl_entry(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let (items, more) = one_item(f.text("entry"));
    sink.append(&f.link("acl_id"), |a: &mut Acl| &mut a.entries, items, more);
}

/// One server: its id, and the link when it is an ECS instance, which is the provider's default type.
fn server(f: &Fields<'_>, id: &str, kind: &str) -> Backend {
    let server_type = lower(f.text_or(kind, "ecs", "terraform-provider-alicloud r/slb_backend_server"));
    Backend {
        server: target(f.link::<LoadBalancer>(id)),
        port: f.opt_int("port"),
        weight: f.int_or("weight", 100, "SLB AddBackendServers"),
        instance: match server_type.value().map(Text::as_str) {
            Some("ecs") => f.link(id),
            Some(_) => f.absent(),
            None => f.unknown(Reason::NotInEvidence),
        },
        server_type,
    }
}

fn backend_server(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let (items, more) = members(f.opt_records("backend_servers", |s| server(&s, "server_id", "type")));
    sink.append(&f.link("load_balancer_id"), |b: &mut LoadBalancer| &mut b.backends, items, more);
}

fn attachment(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let (items, more) = members(f.links("instance_ids"));
    let weight = f.int_or("weight", 100, "SLB AddBackendServers");
    let items = items
        .into_iter()
        .map(|link| Backend {
            server_type: f.known("ecs".into()),
            server: f.known(link.target.clone()),
            port: f.absent(),
            weight: weight.clone(),
            instance: f.known(link),
        })
        .collect();
    sink.append(&f.link("load_balancer_id"), |b: &mut LoadBalancer| &mut b.backends, items, more);
}

fn server_group(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("id"), |g: &mut ServerGroup| {
        g.head.name = f.opt_text("name");
        g.load_balancer = f.link("load_balancer_id");
        g.group_type = f.known("vserver".into());
        g.backends = if f.has("servers") {
            servers(f)
        } else {
            documented("terraform-provider-alicloud r/slb_server_group").known(List::complete(vec![]))
        };
    });
}

/// Each `servers` block names several servers with one port and weight.
fn servers(f: &Fields<'_>) -> Fact<List<Backend>> {
    f.opt_records("servers", |s| {
        let (links, more) = members(s.links::<xiezhi_model::service::ecs::Instance>("server_ids"));
        let kind = lower(s.text_or("type", "ecs", "terraform-provider-alicloud r/slb_server_group"));
        let each = links
            .into_iter()
            .map(|link| Backend {
                server: s.known(link.target.clone()),
                port: s.opt_int("port"),
                weight: s.int_or("weight", 100, "SLB AddBackendServers"),
                instance: if kind.value().is_some_and(|kind| kind == "ecs") { s.known(link) } else { s.absent() },
                server_type: kind.clone(),
            })
            .collect::<Vec<_>>();
        (each, more)
    })
    .map(|blocks| {
        let mut all = List { items: vec![], more: blocks.more };
        for (items, more) in blocks.items {
            all.items.extend(items);
            all.more = all.more.or(more);
        }
        all
    })
}

fn group_server(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let one = server(f, "server_id", "type");
    sink.append(&f.link("server_group_id"), |g: &mut ServerGroup| &mut g.backends, vec![one], None);
}

fn master_slave(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("id"), |g: &mut ServerGroup| {
        g.head.name = f.opt_text("name");
        g.load_balancer = f.link("load_balancer_id");
        g.group_type = f.known("master-slave".into());
        g.backends = f.opt_records("servers", |s| server(&s, "server_id", "type"));
    });
}

fn certificate(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("id"), |c: &mut Certificate| {
        c.head.name = f.opt_text("name");
        c.managed = f.known(!f.opt_text(managed_id(f)).is_absent());
    });
}

/// The id of the certificate in Certificate Management Service, under its present or former name.
fn managed_id(f: &Fields<'_>) -> &'static str {
    if f.has("alicloud_certifacte_id") { "alicloud_certifacte_id" } else { "alicloud_certificate_id" }
}

fn tls_policy(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("id"), |p: &mut TlsPolicy| {
        p.head.name = f.opt_text("tls_cipher_policy_name");
        p.versions = f.texts("tls_versions");
        p.ciphers = f.texts("ciphers");
    });
}
