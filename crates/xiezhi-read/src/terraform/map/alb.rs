//! ALB in Terraform. Source: terraform-provider-alicloud, `website/docs/r/alb_*`.

use xiezhi_model::service::alb::{Acl, Condition, Listener, LoadBalancer, Rule, Server, ServerGroup, TlsPolicy, Zone};
use xiezhi_model::service::ecs::SecurityGroup;
use xiezhi_model::{Fact, Link, List, Reason, State, Text};

use super::ecs::texts_of_records;
use crate::api::alb::{WITH_TLS, joined};
use crate::fields::{Fields, documented};
use crate::sink::Sink;
use crate::terraform::Block;
use crate::tls;
use crate::words::{lower, members, one_item, target, values};

/// The resource types of ALB.
pub const BLOCKS: &[Block] = &[
    Block { name: "alicloud_alb_load_balancer", kind: Some(LoadBalancer::SCHEMA), read: load_balancer },
    Block { name: "alicloud_alb_load_balancer_security_group_attachment", kind: None, read: group_attachment },
    Block { name: "alicloud_alb_load_balancer_access_log_config_attachment", kind: None, read: access_log },
    Block { name: "alicloud_alb_listener", kind: Some(Listener::SCHEMA), read: listener },
    Block { name: "alicloud_alb_rule", kind: Some(Rule::SCHEMA), read: rule },
    Block { name: "alicloud_alb_listener_acl_attachment", kind: None, read: listener_acl },
    Block { name: "alicloud_alb_acl", kind: Some(Acl::SCHEMA), read: acl },
    Block { name: "alicloud_alb_acl_entry_attachment", kind: None, read: acl_entry },
    Block { name: "alicloud_alb_security_policy", kind: Some(TlsPolicy::SCHEMA), read: tls_policy },
    Block { name: "alicloud_alb_server_group", kind: Some(ServerGroup::SCHEMA), read: server_group },
];

const BALANCER: &str = "terraform-provider-alicloud r/alb_load_balancer";
const LISTENER: &str = "terraform-provider-alicloud r/alb_listener";

fn load_balancer(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("id"), |b: &mut LoadBalancer| {
        b.head.name = f.opt_text("load_balancer_name");
        b.address_type = lower(f.text("address_type"));
        b.ip_version = lower(f.text_or("address_ip_version", "IPv4", BALANCER));
        b.ipv6_address_type = ipv6_address_type(f, &b.ip_version, BALANCER);
        b.edition = lower(f.text("load_balancer_edition"));
        b.vpc = f.link("vpc_id");
        b.zones = f.records("zone_mappings", zone);
        b.deletion_protection = deletion_protection(f, BALANCER);
        b.modification_protection = f.flag_or(
            "modification_protection_config.status",
            &["ConsoleProtection"],
            &["NonProtection"],
            false,
            BALANCER,
        );
        // Attachments speak instead of these defaults.
        b.security_groups = documented(BALANCER).known(List::complete(vec![]));
        let logs = f.has("access_log_config");
        b.access_log_project =
            if logs { target(f.link::<Acl>("access_log_config.log_project")) } else { documented(BALANCER).absent() };
        b.access_log_store =
            if logs { target(f.link::<Acl>("access_log_config.log_store")) } else { documented(BALANCER).absent() };
        b.status = lower(f.text("status"));
    });
}

/// The IPv6 address type: absent without IPv6, internal unless stated. Source: provider pages of ALB and NLB.
pub(crate) fn ipv6_address_type(f: &Fields<'_>, ip_version: &Fact<Text>, page: &str) -> Fact<Text> {
    if f.has("ipv6_address_type") {
        return lower(f.opt_text("ipv6_address_type"));
    }
    match &ip_version.state {
        State::Known(version) if version == "ipv4" => documented(page).absent(),
        State::Known(_) => documented(page).known("intranet".into()),
        State::Absent => f.absent(),
        State::Unknown(reason) => f.unknown(reason.clone()),
    }
}

pub(crate) fn deletion_protection(f: &Fields<'_>, page: &str) -> Fact<bool> {
    if f.has("deletion_protection_config") {
        f.bool_or("deletion_protection_config.enabled", false, page)
    } else {
        f.bool_or("deletion_protection_enabled", false, page)
    }
}

pub(crate) fn zone(z: Fields<'_>) -> Zone {
    let addresses = |path: &str| z.records("load_balancer_addresses", |a| a.opt_text(path)).map(values);
    Zone {
        zone: z.text("zone_id"),
        vswitch: z.link("vswitch_id"),
        public_ips: addresses("address"),
        private_ips: addresses("intranet_address"),
        ipv6_addresses: addresses("ipv6_address"),
    }
}

fn group_attachment(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let (items, more) = one_item(f.link::<SecurityGroup>("security_group_id"));
    sink.append(&f.link("load_balancer_id"), |b: &mut LoadBalancer| &mut b.security_groups, items, more);
}

fn access_log(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.on(&f.link("load_balancer_id"), |b: &mut LoadBalancer| {
        b.access_log_project = target(f.link::<Acl>("log_project"));
        b.access_log_store = target(f.link::<Acl>("log_store"));
    });
}

fn tls_policy(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("id"), |p: &mut TlsPolicy| {
        p.head.name = f.opt_text("security_policy_name");
        p.versions = f.texts("tls_versions");
    });
}

fn listener(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("id"), |l: &mut Listener| {
        l.head.name = f.opt_text("listener_description");
        l.load_balancer = f.link("load_balancer_id");
        l.port = f.int("listener_port");
        l.protocol = lower(f.text("listener_protocol"));
        l.status = lower(f.text_or("status", "Running", LISTENER));
        (l.security_policy, l.own_policy) =
            tls::of_listener(f, "security_policy_id", "ALB CreateListener", &l.protocol, WITH_TLS);
        l.certificates = texts_of_records(f, "certificates", "certificate_id");
        if f.has("acl_config") {
            l.acl_type = lower(f.opt_text("acl_config.acl_type"));
            l.acls = f.opt_records("acl_config.acl_relations", |r| r.link::<Acl>("acl_id")).map(values);
        } else {
            l.acl_type = documented(LISTENER).absent();
            l.acls = documented(LISTENER).known(List::complete(vec![]));
        }
        l.action_types = f.records("default_actions", |a| lower(a.text("type"))).map(values);
        l.server_groups = forwarded(f, "default_actions");
    });
}

/// The server groups to which actions forward requests or send copies of them. A group of weight 0 gets none.
fn forwarded(f: &Fields<'_>, actions: &str) -> Fact<List<Link<ServerGroup>>> {
    const GROUPS: [&str; 2] =
        ["forward_group_config.server_group_tuples", "traffic_mirror_config.mirror_group_config.server_group_tuples"];
    let group =
        |t: Fields<'_>| if t.int("weight").value() == Some(&0) { t.absent() } else { t.link("server_group_id") };
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

fn rule(f: &Fields<'_>, sink: &mut Sink<'_>) {
    const PAGE: &str = "terraform-provider-alicloud r/alb_rule";
    sink.put(f, f.text("id"), |r: &mut Rule| {
        r.head.name = f.opt_text("rule_name");
        r.listener = f.link("listener_id");
        r.priority = f.int("priority");
        r.direction = lower(f.text_or("direction", "Request", PAGE));
        r.action_types = f.records("rule_actions", |a| lower(a.text("type"))).map(values);
        r.server_groups = forwarded(f, "rule_actions");
        r.conditions = f.records("rule_conditions", |c| {
            let condition_type = lower(c.text("type"));
            let path = match condition_type.value().map(Text::as_str) {
                Some("host") => Some("host_config.values"),
                Some("path") => Some("path_config.values"),
                Some("method") => Some("method_config.values"),
                Some("sourceip") => Some("source_ip_config.values"),
                _ => None,
            };
            Condition { values: path.map_or_else(|| c.absent(), |path| c.texts(path)), condition_type }
        });
    });
}

fn listener_acl(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let listener = f.link::<Listener>("listener_id");
    sink.on(&listener, |l: &mut Listener| l.acl_type = lower(f.text("acl_type")));
    let (items, more) = one_item(f.link::<Acl>("acl_id"));
    sink.append(&listener, |l: &mut Listener| &mut l.acls, items, more);
}

fn acl(f: &Fields<'_>, sink: &mut Sink<'_>) {
    const PAGE: &str = "terraform-provider-alicloud r/alb_acl";
    sink.put(f, f.text("id"), |a: &mut Acl| {
        a.head.name = f.opt_text("acl_name");
        a.entries = if f.has("acl_entries") {
            texts_of_records(f, "acl_entries", "entry")
        } else {
            documented(PAGE).known(List::complete(vec![]))
        };
    });
}

fn acl_entry(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let (items, more) = one_item(f.text("entry"));
    sink.append(&f.link("acl_id"), |a: &mut Acl| &mut a.entries, items, more);
}

/// A server of an ALB or NLB group.
pub(crate) fn server(f: &Fields<'_>) -> Server {
    let server_type = lower(f.text("server_type"));
    Server {
        server: target(f.link::<LoadBalancer>("server_id")),
        ip: f.opt_text("server_ip"),
        port: f.opt_int("port"),
        weight: f.int_or("weight", 100, "ALB AddServersToServerGroup"),
        instance: match server_type.value().map(Text::as_str) {
            Some("ecs") => f.link("server_id"),
            Some(_) => f.absent(),
            None => f.unknown(Reason::NotInEvidence),
        },
        zone: f.text("zone_id"),
        server_type,
    }
}

fn server_group(f: &Fields<'_>, sink: &mut Sink<'_>) {
    const PAGE: &str = "terraform-provider-alicloud r/alb_server_group";
    sink.put(f, f.text("id"), |g: &mut ServerGroup| {
        g.head.name = f.opt_text("server_group_name");
        g.group_type = lower(f.text_or("server_group_type", "Instance", PAGE));
        g.vpc = f.link("vpc_id");
        g.protocol = lower(f.text_or("protocol", "HTTP", PAGE));
        g.health_check = f.bool("health_check_config.health_check_enabled");
        g.servers = f.opt_records("servers", |s| server(&s));
    });
}
