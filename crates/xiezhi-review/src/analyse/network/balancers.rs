//! Load balancers, their listeners, access lists and the servers behind them.

use std::net::IpAddr;

use xiezhi_model::service::{alb, nlb, slb};
use xiezhi_model::{Fact, Head, Link, List, Reason, Resource, State, Text};
use xiezhi_net::model::{
    AccessControl, AccessKind, AccessList, Backend, BackendTo, Balancer, BalancerKind, Id, Listener, ListenerProtocol,
    Seen, net,
};

use super::super::evidence::Listed;
use super::convert::{Converter, each, id_of};
use super::interfaces::{member, vpc_of};
use super::ways::known;

/// The id of the load balancer of any product that a text names.
pub(super) fn named(converter: &Converter<'_>, from: &Head, name: &Text) -> Id {
    let inventory = converter.inventory;
    if let Some(found) = inventory.follow_as::<alb::LoadBalancer>(Some(from), name) {
        return id_of(&found.head);
    }
    if let Some(found) = inventory.follow_as::<nlb::LoadBalancer>(Some(from), name) {
        return id_of(&found.head);
    }
    converter.follow(from, &Link::<slb::LoadBalancer>::id(name.clone()))
}

/// The access control lists of classic and application load balancers.
pub(super) fn access_lists(converter: &mut Converter<'_>) -> Vec<AccessList> {
    let inventory = converter.inventory;
    let classic = inventory.all::<slb::Acl>().iter().map(|acl| (&acl.head, &acl.entries));
    let application = inventory.all::<alb::Acl>().iter().map(|acl| (&acl.head, &acl.entries));
    classic
        .chain(application)
        .map(|(head, entries)| {
            let id = id_of(head);
            let entries = converter.seen(&id, "entries", entries, |entries| each(entries, net));
            AccessList { id, entries }
        })
        .collect()
}

/// Every load balancer.
pub(super) fn balancers(converter: &mut Converter<'_>) -> Vec<Balancer> {
    let inventory = converter.inventory;
    let mut all = Vec::new();
    let listed = Listed::of::<slb::Listener>(inventory);
    for balancer in inventory.all::<slb::LoadBalancer>() {
        gap(converter, &listed, &balancer.head);
        let one = classic(converter, balancer);
        all.push(one);
    }
    let listed = Listed::of::<alb::Listener>(inventory);
    for balancer in inventory.all::<alb::LoadBalancer>() {
        gap(converter, &listed, &balancer.head);
        // Forwarding rules beside a listener's default action may lead to further servers.
        converter.blind(&balancer.head, &Reason::NotCollected);
        let one = application(converter, balancer);
        all.push(one);
    }
    let listed = Listed::of::<nlb::Listener>(inventory);
    for balancer in inventory.all::<nlb::LoadBalancer>() {
        gap(converter, &listed, &balancer.head);
        let one = network(converter, balancer);
        all.push(one);
    }
    all
}

fn gap(converter: &mut Converter<'_>, listed: &Listed, head: &Head) {
    if let Some(reason) = listed.gap(head) {
        converter.blind(head, &reason.clone());
    }
}

/// Whether a listener is of a balancer; one that names none may be of any, which leaves the neighbourhood in doubt.
fn of<R: Resource>(converter: &mut Converter<'_>, own: &Id, head: &Head, link: &Fact<Link<R>>) -> bool {
    match &link.state {
        State::Known(link) => converter.follow(head, link) == *own,
        State::Absent => false,
        State::Unknown(reason) => {
            converter.blind(head, &reason.clone());
            false
        }
    }
}

fn running(converter: &mut Converter<'_>, id: &Id, status: &Fact<Text>) -> Seen<bool> {
    converter.seen(id, "status", status, |word| Ok(word == "running"))
}

fn port(number: i64) -> Result<u16, Reason> {
    u16::try_from(number).map_err(|_| Reason::not_understood(format!("the port `{number}`")))
}

fn classic(converter: &mut Converter<'_>, balancer: &slb::LoadBalancer) -> Balancer {
    let id = id_of(&balancer.head);
    let address: Option<IpAddr> = balancer.address.value().and_then(|text| text.parse().ok());
    let kind = converter.seen(&id, "address type", &balancer.address_type, |word| Ok(word == "internet"));
    let public = match kind {
        Seen::Known(true) => Seen::Known(vec![address.unwrap_or_else(|| converter.placeholder().into())]),
        Seen::Known(false) | Seen::Absent => Seen::Known(Vec::new()),
        Seen::Missing(what) => Seen::Missing(what),
    };
    if let Seen::Missing(what) = &public {
        let reason = converter.reason_of(what);
        converter.blind(&balancer.head, &reason);
    }
    let private = if public.known().is_some_and(Vec::is_empty) { address.into_iter().collect() } else { Vec::new() };
    let vpc = match balancer.network_type.value().map(Text::as_str) {
        Some("classic") => Seen::Absent,
        _ => vpc_of(converter, &balancer.head, &balancer.vpc, &balancer.vswitch),
    };
    let mut listeners = Vec::new();
    for stated in converter.inventory.all::<slb::Listener>() {
        if !of(converter, &id, &stated.head, &stated.load_balancer) {
            continue;
        }
        match classic_listener(converter, balancer, stated) {
            Ok(listener) => listeners.push(listener),
            Err(reason) => converter.blind(&balancer.head, &reason),
        }
    }
    Balancer {
        id,
        kind: BalancerKind::Clb,
        vpc,
        public,
        private,
        local: Seen::Absent,
        vswitches: Seen::Absent,
        groups: Seen::Absent,
        listeners: Seen::Known(listeners),
    }
}

fn classic_listener(
    converter: &mut Converter<'_>,
    balancer: &slb::LoadBalancer,
    stated: &slb::Listener,
) -> Result<Listener, Reason> {
    let number = port(known(&stated.port, "the port")?)?;
    let word = known(&stated.protocol, "the protocol")?;
    let protocol = match word.as_str() {
        "tcp" => ListenerProtocol::Tcp,
        "udp" => ListenerProtocol::Udp,
        "http" => ListenerProtocol::Http,
        "https" => ListenerProtocol::Https,
        other => return Err(Reason::not_understood(format!("the listener protocol `{other}`"))),
    };
    let id = Id::from(format!("{}:{number}/{word}", id_of(&balancer.head)));
    let access = match converter.seen(&id, "access control", &stated.acl_enabled, |on| Ok(*on)) {
        Seen::Known(false) | Seen::Absent => Seen::Absent,
        Seen::Missing(what) => Seen::Missing(what),
        Seen::Known(true) => match known(&stated.acl_type, "the kind of access control") {
            Ok(kind) => Seen::Known(AccessControl {
                kind: if kind == "black" { AccessKind::Black } else { AccessKind::White },
                lists: converter.links(&stated.head, "access lists", &stated.acls),
                legacy: false,
            }),
            Err(reason) => Seen::Missing(converter.gap(format!("access control of {id}"), &reason)),
        },
    };
    let (servers, own_port) = match &stated.server_group.state {
        State::Absent => (&balancer.backends, stated.backend_port.value().copied()),
        State::Unknown(reason) => return Err(reason.clone()),
        State::Known(link) => {
            match converter.inventory.follow_as::<slb::ServerGroup>(Some(&stated.head), &link.target) {
                Some(group) => (&group.backends, None),
                None => return Err(Reason::NotCollected),
            }
        }
    };
    let mut backends = Vec::new();
    for server in members(converter, &balancer.head, servers) {
        let port_of = server.port.value().copied().or(own_port);
        match (server.server.value(), port_of.map(port)) {
            (Some(name), Some(Ok(port))) => backends.push(Backend {
                to: BackendTo::Instance(member(converter, &balancer.head, name)),
                port: Some(port),
                takes_flows: converter.seen(&id, "weight of a server", &server.weight, |weight| Ok(*weight > 0)),
            }),
            _ => converter.blind(&balancer.head, &server.server.reason().cloned().unwrap_or(Reason::NotInEvidence)),
        }
    }
    let redirect = protocol == ListenerProtocol::Http && stated.redirects.value() == Some(&true);
    Ok(Listener {
        running: running(converter, &id, &stated.status),
        id,
        protocol,
        ports: (number, number),
        redirect,
        access,
        backends: Seen::Known(backends),
        preserve_client: Seen::Absent,
    })
}

/// The members of a list that were seen; that there may be more leaves the neighbourhood in doubt.
fn members<'l, T>(converter: &mut Converter<'_>, near: &Head, list: &'l Fact<List<T>>) -> &'l [T] {
    match &list.state {
        State::Known(list) => {
            if let Some(reason) = &list.more {
                converter.blind(near, reason);
            }
            &list.items
        }
        State::Absent => &[],
        State::Unknown(reason) => {
            converter.blind(near, reason);
            &[]
        }
    }
}

/// What application and network load balancers have in common.
struct Front {
    public: Seen<Vec<IpAddr>>,
    local: Seen<Vec<IpAddr>>,
    vswitches: Seen<Vec<Id>>,
}

fn front(
    converter: &mut Converter<'_>,
    head: &Head,
    v4: &Fact<Text>,
    v6: &Fact<Text>,
    zones: &Fact<List<alb::Zone>>,
) -> Front {
    let id = id_of(head);
    let zone_list = members(converter, head, zones);
    let addresses = |pick: fn(&alb::Zone) -> &Fact<List<Text>>| -> Vec<IpAddr> {
        let texts = zone_list.iter().filter_map(|zone| pick(zone).value()).flat_map(|list| &list.items);
        texts.filter_map(|text| text.split('/').next()?.parse().ok()).collect()
    };
    let mut public = Vec::new();
    let mut doubt = None;
    match converter.seen(&id, "address type", v4, |word| Ok(word == "internet")) {
        Seen::Known(true) => {
            let stated = addresses(|zone| &zone.public_ips);
            if stated.is_empty() {
                public.push(converter.placeholder().into());
            }
            public.extend(stated);
        }
        Seen::Known(false) | Seen::Absent => {}
        Seen::Missing(what) => doubt = Some(what),
    }
    match converter.seen(&id, "IPv6 address type", v6, |word| Ok(word == "internet")) {
        Seen::Known(true) => public.extend(addresses(|zone| &zone.ipv6_addresses)),
        Seen::Known(false) | Seen::Absent => {}
        Seen::Missing(what) => doubt = Some(what),
    }
    if let Some(what) = &doubt {
        let reason = converter.reason_of(what);
        converter.blind(head, &reason);
    }
    let local = addresses(|zone| &zone.private_ips);
    let local = if local.is_empty() {
        Seen::Missing(converter.gap(format!("local addresses of {id}"), &Reason::NotInEvidence))
    } else {
        Seen::Known(local)
    };
    let vswitches =
        zone_list.iter().filter_map(|zone| zone.vswitch.value()).map(|link| converter.follow(head, link)).collect();
    Front { public: Seen::Known(public), local, vswitches: Seen::Known(vswitches) }
}

fn servers(
    converter: &mut Converter<'_>,
    id: &Id,
    head: &Head,
    list: &Fact<List<alb::Server>>,
    keep: bool,
) -> Vec<Backend> {
    let mut out = Vec::new();
    for server in members(converter, head, list) {
        let number = if keep { Ok(None) } else { known(&server.port, "the port").and_then(port).map(Some) };
        let kind = server.server_type.value().map(Text::as_str);
        let name = server.server.value();
        let to = match (kind, name) {
            (Some("ecs" | "eni" | "eci"), Some(name)) => Some(BackendTo::Instance(member(converter, head, name))),
            (Some("ip"), Some(name)) => name.parse().ok().map(BackendTo::Address),
            (Some(_), Some(name)) => Some(BackendTo::Other(Id::from(name.as_str()))),
            _ => None,
        };
        match (to, number) {
            (Some(to), Ok(port)) => out.push(Backend {
                to,
                port,
                takes_flows: converter.seen(id, "weight of a server", &server.weight, |weight| Ok(*weight > 0)),
            }),
            (_, Err(reason)) => converter.blind(head, &reason),
            (None, _) => converter.blind(head, &server.server.reason().cloned().unwrap_or(Reason::NotInEvidence)),
        }
    }
    out
}

fn application(converter: &mut Converter<'_>, balancer: &alb::LoadBalancer) -> Balancer {
    let id = id_of(&balancer.head);
    let front = front(converter, &balancer.head, &balancer.address_type, &balancer.ipv6_address_type, &balancer.zones);
    let mut listeners = Vec::new();
    for stated in converter.inventory.all::<alb::Listener>() {
        if !of(converter, &id, &stated.head, &stated.load_balancer) {
            continue;
        }
        match application_listener(converter, &balancer.head, stated) {
            Ok(listener) => listeners.push(listener),
            Err(reason) => converter.blind(&balancer.head, &reason),
        }
    }
    Balancer {
        vpc: converter.link(&balancer.head, "VPC", &balancer.vpc),
        groups: converter.links(&balancer.head, "security groups", &balancer.security_groups),
        id,
        kind: BalancerKind::Alb,
        public: front.public,
        private: Vec::new(),
        local: front.local,
        vswitches: front.vswitches,
        listeners: Seen::Known(listeners),
    }
}

fn application_listener(
    converter: &mut Converter<'_>,
    balancer: &Head,
    stated: &alb::Listener,
) -> Result<Listener, Reason> {
    let number = port(known(&stated.port, "the port")?)?;
    let word = known(&stated.protocol, "the protocol")?;
    let protocol = match word.as_str() {
        "http" => ListenerProtocol::Http,
        "https" => ListenerProtocol::Https,
        "quic" => ListenerProtocol::Quic,
        other => return Err(Reason::not_understood(format!("the listener protocol `{other}`"))),
    };
    let id = Id::from(format!("{}:{number}/{word}", id_of(balancer)));
    let access = match &stated.acl_type.state {
        State::Absent => Seen::Absent,
        State::Known(kind) => Seen::Known(AccessControl {
            kind: if kind == "black" { AccessKind::Black } else { AccessKind::White },
            lists: converter.links(&stated.head, "access lists", &stated.acls),
            legacy: false,
        }),
        State::Unknown(reason) => Seen::Missing(converter.gap(format!("access control of {id}"), reason)),
    };
    let forwards =
        stated.action_types.value().is_none_or(|kinds| kinds.items.iter().any(|kind| kind.starts_with("forward")));
    let mut backends = Vec::new();
    for link in members(converter, balancer, &stated.server_groups) {
        match converter.inventory.follow_as::<alb::ServerGroup>(Some(&stated.head), &link.target) {
            Some(group) => backends.extend(servers(converter, &id, balancer, &group.servers, false)),
            None => converter.blind(balancer, &Reason::NotCollected),
        }
    }
    Ok(Listener {
        running: running(converter, &id, &stated.status),
        id,
        protocol,
        ports: (number, number),
        redirect: !forwards,
        access,
        backends: Seen::Known(backends),
        preserve_client: Seen::Absent,
    })
}

fn network(converter: &mut Converter<'_>, balancer: &nlb::LoadBalancer) -> Balancer {
    let id = id_of(&balancer.head);
    let front = front(converter, &balancer.head, &balancer.address_type, &balancer.ipv6_address_type, &balancer.zones);
    let mut listeners = Vec::new();
    for stated in converter.inventory.all::<nlb::Listener>() {
        if !of(converter, &id, &stated.head, &stated.load_balancer) {
            continue;
        }
        match network_listener(converter, &balancer.head, stated) {
            Ok(listener) => listeners.push(listener),
            Err(reason) => converter.blind(&balancer.head, &reason),
        }
    }
    Balancer {
        vpc: converter.link(&balancer.head, "VPC", &balancer.vpc),
        groups: converter.links(&balancer.head, "security groups", &balancer.security_groups),
        id,
        kind: BalancerKind::Nlb,
        public: front.public,
        private: Vec::new(),
        local: front.local,
        vswitches: front.vswitches,
        listeners: Seen::Known(listeners),
    }
}

fn network_listener(
    converter: &mut Converter<'_>,
    balancer: &Head,
    stated: &nlb::Listener,
) -> Result<Listener, Reason> {
    let one = port(known(&stated.port, "the port")?)?;
    let ports = if one == 0 {
        (port(known(&stated.start_port, "the first port")?)?, port(known(&stated.end_port, "the last port")?)?)
    } else {
        (one, one)
    };
    let word = known(&stated.protocol, "the protocol")?;
    let protocol = match word.as_str() {
        "tcp" => ListenerProtocol::Tcp,
        "udp" => ListenerProtocol::Udp,
        "tcpssl" => ListenerProtocol::TcpSsl,
        other => return Err(Reason::not_understood(format!("the listener protocol `{other}`"))),
    };
    let id = Id::from(format!("{}:{}/{word}", id_of(balancer), ports.0));
    let link = known(&stated.server_group, "the server group")?;
    let group = converter.inventory.follow_as::<nlb::ServerGroup>(Some(&stated.head), &link.target);
    let group = group.ok_or(Reason::NotCollected)?;
    let keep = group.any_port.value() == Some(&true);
    let preserve =
        converter.seen(&id_of(&group.head), "client address setting", &group.preserve_client_ip, |on| Ok(*on));
    Ok(Listener {
        running: running(converter, &id, &stated.status),
        backends: Seen::Known(servers(converter, &id, balancer, &group.servers, keep)),
        id,
        protocol,
        ports,
        redirect: false,
        access: Seen::Absent,
        preserve_client: preserve,
    })
}
