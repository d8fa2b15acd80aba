//! Classic load balancers (CLB, the API's SLB).

use std::net::IpAddr;

use xiezhi_model::service::slb;
use xiezhi_model::{Reason, State, Text};
use xiezhi_net::model::{Backend, BackendTo, Balancer, BalancerKind, Id, Listener, ListenerProtocol, Seen};

use super::super::convert::{Converter, id_of};
use super::super::interfaces::{member, vpc_of};
use super::super::ways::known;
use super::{access, is_internet, listeners, members, port, running, takes_flows};

/// A classic load balancer.
pub(super) fn balancer(converter: &mut Converter<'_>, balancer: &slb::LoadBalancer) -> Balancer {
    let id = id_of(&balancer.head);
    let address = stated_address(balancer);
    let kind = converter.seen(&id, "address type", &balancer.address_type, is_internet);
    let public = match kind {
        Seen::Known(true) => Seen::Known(vec![address.unwrap_or_else(|| converter.placeholder_for(&id).into())]),
        Seen::Known(false) | Seen::Absent => Seen::Known(Vec::new()),
        Seen::Missing(what) => Seen::Missing(what),
    };
    if let Seen::Missing(what) = &public {
        let reason = converter.reason_of(what);
        converter.blind(&balancer.head, &reason);
    }
    let private = if public.known().is_some_and(Vec::is_empty) { address.into_iter().collect() } else { Vec::new() };
    // One with a public address of its own stands in no vSwitch.
    let vswitches = match converter.link(&balancer.head, "vSwitch", &balancer.vswitch) {
        _ if public != Seen::Known(Vec::new()) => Seen::Absent,
        Seen::Known(vswitch) => Seen::Known(vec![vswitch]),
        Seen::Absent => Seen::Absent,
        Seen::Missing(what) => Seen::Missing(what),
    };
    let vpc = match balancer.network_type.value().map(Text::as_str) {
        Some("classic") => Seen::Absent,
        _ => vpc_of(converter, &balancer.head, &balancer.vpc, &balancer.vswitch),
    };
    let listeners = listeners(
        converter,
        &balancer.head,
        |listener: &slb::Listener| &listener.load_balancer,
        |converter, stated| listener(converter, balancer, stated),
    );
    Balancer {
        id,
        kind: BalancerKind::Clb,
        vpc,
        public,
        private,
        local: Seen::Absent,
        vswitches,
        groups: Seen::Absent,
        listeners,
    }
}

/// The address that evidence states.
pub(super) fn stated_address(balancer: &slb::LoadBalancer) -> Option<IpAddr> {
    balancer.address.value().and_then(|text| text.parse().ok())
}

fn listener(
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
        Seen::Known(true) => match access(converter, &id, &stated.head, &stated.acl_type, &stated.acls) {
            Seen::Absent => Seen::Missing(converter.gap(format!("access control of {id}"), &Reason::NotInEvidence)),
            seen => seen,
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
                takes_flows: takes_flows(converter, &id, &server.weight),
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
