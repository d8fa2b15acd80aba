//! Application and network load balancers (ALB, NLB): alike but for their listeners.

use std::net::IpAddr;

use xiezhi_model::service::ecs::SecurityGroup;
use xiezhi_model::service::vpc::Vpc;
use xiezhi_model::service::{alb, nlb};
use xiezhi_model::{Fact, Head, Link, List, Reason, Resource, Text};
use xiezhi_net::model::{Backend, BackendTo, Balancer, BalancerKind, Id, Listener, ListenerProtocol, Seen};

use super::super::super::evidence::Listed;
use super::super::convert::{Converter, id_of};
use super::super::interfaces::member;
use super::super::ways::known;
use super::rules;
use super::{access, is_internet, listeners, members, port, running, takes_flows};

/// What both products say of a load balancer.
struct Stated<'a> {
    kind: BalancerKind,
    head: &'a Head,
    address_type: &'a Fact<Text>,
    ipv6_address_type: &'a Fact<Text>,
    zones: &'a Fact<List<alb::Zone>>,
    vpc: &'a Fact<Link<Vpc>>,
    groups: &'a Fact<List<Link<SecurityGroup>>>,
}

/// An application load balancer.
pub(super) fn application(converter: &mut Converter<'_>, stated: &alb::LoadBalancer) -> Balancer {
    let head = &stated.head;
    if let Some(reason) = Listed::of::<alb::Rule>(converter.inventory).gap_of(head) {
        // Rules that were not listed may lead to further servers.
        converter.blind(head, reason);
    }
    let stated = Stated {
        kind: BalancerKind::Alb,
        head,
        address_type: &stated.address_type,
        ipv6_address_type: &stated.ipv6_address_type,
        zones: &stated.zones,
        vpc: &stated.vpc,
        groups: &stated.security_groups,
    };
    balancer(
        converter,
        &stated,
        |one: &alb::Listener| &one.load_balancer,
        |converter, one| application_listener(converter, head, one),
    )
}

/// A network load balancer.
pub(super) fn network(converter: &mut Converter<'_>, stated: &nlb::LoadBalancer) -> Balancer {
    let head = &stated.head;
    let stated = Stated {
        kind: BalancerKind::Nlb,
        head,
        address_type: &stated.address_type,
        ipv6_address_type: &stated.ipv6_address_type,
        zones: &stated.zones,
        vpc: &stated.vpc,
        groups: &stated.security_groups,
    };
    balancer(
        converter,
        &stated,
        |one: &nlb::Listener| &one.load_balancer,
        |converter, one| network_listener(converter, head, one),
    )
}

fn balancer<L: Resource, B: Resource>(
    converter: &mut Converter<'_>,
    stated: &Stated<'_>,
    of: impl Fn(&L) -> &Fact<Link<B>>,
    convert: impl Fn(&mut Converter<'_>, &L) -> Result<Listener, Reason>,
) -> Balancer {
    let head = stated.head;
    let front = front(converter, stated);
    Balancer {
        listeners: listeners(converter, head, of, convert),
        vpc: converter.link(head, "VPC", stated.vpc),
        groups: converter.links(head, "security groups", stated.groups),
        id: id_of(head),
        kind: stated.kind,
        public: front.public,
        private: front.private,
        local: front.local,
        vswitches: front.vswitches,
    }
}

/// Where clients meet a load balancer, and from where it talks to servers.
struct Front {
    public: Seen<Vec<IpAddr>>,
    /// Those of all zones, or none when one is not known. A public load balancer answers inside as well.
    private: Vec<IpAddr>,
    local: Seen<Vec<IpAddr>>,
    vswitches: Seen<Vec<Id>>,
}

/// Addresses of one sort in every zone.
fn addresses(zones: &[alb::Zone], pick: fn(&alb::Zone) -> &Fact<List<Text>>) -> Vec<IpAddr> {
    let texts = zones.iter().filter_map(|zone| pick(zone).value()).flat_map(|list| &list.items);
    texts.filter_map(|text| text.split('/').next()?.parse().ok()).collect()
}

/// The public IPv4 addresses that evidence states.
pub(super) fn public_addresses(zones: &Fact<List<alb::Zone>>) -> Vec<IpAddr> {
    zones.value().map(|list| addresses(&list.items, |zone| &zone.public_ips)).unwrap_or_default()
}

fn front(converter: &mut Converter<'_>, stated: &Stated<'_>) -> Front {
    let head = stated.head;
    let id = id_of(head);
    let zone_list = members(converter, head, stated.zones);
    let addresses = |pick| addresses(zone_list, pick);
    let mut public = Vec::new();
    let mut doubt = None;
    match converter.seen(&id, "address type", stated.address_type, is_internet) {
        Seen::Known(true) => {
            let stated = addresses(|zone| &zone.public_ips);
            if stated.is_empty() {
                public.push(converter.placeholder_for(&id).into());
            }
            public.extend(stated);
        }
        Seen::Known(false) | Seen::Absent => {}
        Seen::Missing(what) => doubt = Some(what),
    }
    match converter.seen(&id, "IPv6 address type", stated.ipv6_address_type, is_internet) {
        Seen::Known(true) => {
            let stated = addresses(|zone| &zone.ipv6_addresses);
            if stated.is_empty() {
                public.push(converter.placeholder_v6().into());
            }
            public.extend(stated);
        }
        Seen::Known(false) | Seen::Absent => {}
        Seen::Missing(what) => doubt = Some(what),
    }
    if let Some(what) = &doubt {
        let reason = converter.reason_of(what);
        converter.blind(head, &reason);
    }
    let local = addresses(|zone| &zone.private_ips);
    let whole = zone_list.iter().all(|zone| zone.private_ips.value().is_some_and(|list| !list.items.is_empty()));
    let mut private = if whole { local.clone() } else { Vec::new() };
    if whole {
        private.extend(addresses(|zone| &zone.ipv6_addresses));
    }
    let local = if local.is_empty() {
        Seen::Missing(converter.gap(format!("local addresses of {id}"), &Reason::NotInEvidence))
    } else {
        Seen::Known(local)
    };
    let vswitches =
        zone_list.iter().filter_map(|zone| zone.vswitch.value()).map(|link| converter.follow(head, link)).collect();
    Front { public: Seen::Known(public), private, local, vswitches: Seen::Known(vswitches) }
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
            (Some(to), Ok(port)) => {
                out.push(Backend { to, port, takes_flows: takes_flows(converter, id, &server.weight) })
            }
            (_, Err(reason)) => converter.blind(head, &reason),
            (None, _) => converter.blind(head, &server.server.reason().cloned().unwrap_or(Reason::NotInEvidence)),
        }
    }
    out
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
    let access = access(converter, &id, &stated.head, &stated.acl_type, &stated.acls);
    let forwards = forwards(converter, &id, balancer, &stated.action_types);
    let rules = rules::of(converter, balancer, &stated.head);
    let rest = both(&rules.rest, &forwards);
    // Default actions and rules that all redirect or answer by themselves forward nothing.
    let whole = rules.whole && Listed::of::<alb::Rule>(converter.inventory).gap_of(balancer).is_none();
    let redirect = forwards == Seen::Known(false) && rules.groups.is_empty() && whole;
    let mut groups = rules.groups;
    groups.extend(members(converter, balancer, &stated.server_groups).iter().map(|link| (link.clone(), rest.clone())));
    let mut backends: Vec<Backend> = Vec::new();
    for (link, reached) in groups {
        let Some(group) = converter.inventory.follow_as::<alb::ServerGroup>(Some(&stated.head), &link.target) else {
            converter.blind(balancer, &Reason::NotCollected);
            continue;
        };
        for server in servers(converter, &id, balancer, &group.servers, false) {
            join(&mut backends, Backend { takes_flows: both(&server.takes_flows, &reached), ..server });
        }
    }
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

/// Whether default actions hand requests to servers. An action of another word may do anything, so that servers may be
/// reached that nothing names (ALB CreateListener and CreateRule, `Actions.Type`).
fn forwards(converter: &mut Converter<'_>, id: &Id, balancer: &Head, kinds: &Fact<List<Text>>) -> Seen<bool> {
    let forwards = converter.seen(id, "default actions", kinds, |list| {
        let mut forwards = false;
        for kind in &list.items {
            match kind.as_str() {
                "forwardgroup" => forwards = true,
                "redirect" | "fixedresponse" => {}
                other => return Err(Reason::not_understood(format!("the action `{other}`"))),
            }
        }
        list.more.clone().map_or(Ok(forwards), Err)
    });
    if let Seen::Missing(what) = &forwards {
        let reason = converter.reason_of(what);
        converter.blind(balancer, &reason);
    }
    forwards
}

/// Whether both hold; absent counts as yes, as for the weight of a server.
fn both(one: &Seen<bool>, other: &Seen<bool>) -> Seen<bool> {
    match (one, other) {
        (Seen::Known(false), _) | (_, Seen::Known(false)) => Seen::Known(false),
        (Seen::Missing(what), _) | (_, Seen::Missing(what)) => Seen::Missing(what.clone()),
        _ => Seen::Known(true),
    }
}

/// Adds a server; one that several ways lead to is reached when one of them reaches it.
fn join(backends: &mut Vec<Backend>, server: Backend) {
    let Some(known) = backends.iter_mut().find(|known| known.to == server.to && known.port == server.port) else {
        return backends.push(server);
    };
    known.takes_flows = match (&known.takes_flows, server.takes_flows) {
        (Seen::Known(false), other) => other,
        (Seen::Missing(_), other @ (Seen::Known(true) | Seen::Absent)) => other,
        (own, _) => own.clone(),
    };
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
