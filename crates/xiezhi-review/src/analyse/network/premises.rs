//! Premises outside the estate (network semantics TR-3): what is behind IPsec connections, the clients of SSL-VPN servers,
//! and what leased lines lead to over a transit router, a router interface or an Express Connect Router.

use std::collections::BTreeMap;

use xiezhi_model::service::expressconnect::{BorderRouter, RouterInterface};
use xiezhi_model::service::{cen, vpn};
use xiezhi_model::{Fact, Head, Link, List, Reason, State, Text};
use xiezhi_net::model::{Door, Id, NextHop, Premises, RouteOrigin, RouteTable, Seen, VpnRoute, VpnTable, net};

use super::convert::{Converter, each, id_of};
use super::links::Read;
use super::ways::known;

/// What is behind IPsec connections of VPN gateways and of transit routers.
pub(super) fn vpns(converter: &mut Converter<'_>) -> Read<Premises> {
    let inventory = converter.inventory;
    let mut all = Read { items: Vec::new(), unread: Vec::new() };
    for stated in inventory.all::<vpn::Connection>() {
        let id = id_of(&stated.head);
        let door = match &stated.gateway.state {
            State::Absent => match attached(converter, "vpn", &id) {
                Some(attachment) => Door::Attachment(attachment),
                // Attached to nothing: no way in.
                None => continue,
            },
            _ => match gateway(converter, &stated.head, &stated.gateway) {
                Ok(door) => door,
                Err(what) => {
                    all.unread.push(what);
                    continue;
                }
            },
        };
        let local = converter.seen(&id, "ranges of the cloud side", &stated.local, |list| each(list, net));
        let remote = converter.seen(&id, "ranges of the far side", &stated.remote, |list| each(list, net));
        let up = converter.seen(&id, "state", &stated.established, |up| Ok(*up));
        // Of two tunnels one is enough.
        let tunnels = stated.tunnels.value().into_iter().flat_map(|list| &list.items);
        let some = tunnels.into_iter().any(|tunnel| tunnel.established.value() == Some(&true));
        let up = if some { Seen::Known(true) } else { up };
        all.items.push(Premises { id, door, local, remote, up });
    }
    all
}

/// The routes of every VPN gateway with connections. What the making of a connection writes code does not show: a policy
/// for each pair of its ranges, unless they are for everything. Source: help centre, "Create and manage an IPsec-VPN
/// connection" (a connection by protected data flows gets policy-based routes by itself).
pub(super) fn tables(converter: &mut Converter<'_>) -> Vec<VpnTable> {
    let inventory = converter.inventory;
    let mut all: BTreeMap<Id, VpnTable> = BTreeMap::new();
    for gateway in inventory.all::<vpn::Gateway>() {
        let id = id_of(&gateway.head);
        let policies = vpn_routes(converter, &gateway.head, "policy-based routes", &gateway.policies);
        let routes = vpn_routes(converter, &gateway.head, "VPN routes", &gateway.routes);
        all.insert(id.clone(), VpnTable { gateway: id, policies, routes });
    }
    for stated in inventory.all::<vpn::Connection>() {
        let own = id_of(&stated.head);
        let Some(link) = stated.gateway.value() else { continue };
        let gateway = converter.follow(&stated.head, link);
        let Some(table) = all.get_mut(&gateway) else { continue };
        if stated.bgp.value() == Some(&true) && !stated.head.set.is_empty() {
            let what = converter.gap(format!("VPN routes of {gateway}"), &Reason::NotInEvidence);
            table.routes = Seen::Missing(what);
        }
        match converter.seen(&own, "whether it writes routes", &stated.writes_routes, |on| Ok(*on)) {
            Seen::Known(true) => {}
            Seen::Known(false) | Seen::Absent => continue,
            Seen::Missing(what) => {
                table.policies = Seen::Missing(what);
                continue;
            }
        }
        let (near, far) = (&stated.local, &stated.remote);
        let ranges = converter.seen(&own, "ranges of the cloud side", near, |list| each(list, net));
        let remote = converter.seen(&own, "ranges of the far side", far, |list| each(list, net));
        table.policies = match (std::mem::take(&mut table.policies), ranges, remote) {
            (Seen::Missing(what), ..) | (_, Seen::Missing(what), _) | (_, _, Seen::Missing(what)) => {
                Seen::Missing(what)
            }
            (known, Seen::Known(ranges), Seen::Known(remote)) => {
                let mut policies = known.known().cloned().unwrap_or_default();
                let pairs = ranges.iter().flat_map(|near| remote.iter().map(move |far| (*near, *far)));
                policies.extend(pairs.filter(|(_, far)| far.prefix_len() > 0).map(|(source, destination)| VpnRoute {
                    id: Id::from(format!("{own} {source} > {destination}")),
                    source: Some(source),
                    destination,
                    next: Seen::Known(own.clone()),
                }));
                Seen::Known(policies)
            }
            (known, ..) => known,
        };
    }
    all.into_values().collect()
}

fn vpn_routes(
    converter: &mut Converter<'_>,
    head: &Head,
    field: &str,
    list: &Fact<List<vpn::Route>>,
) -> Seen<Vec<VpnRoute>> {
    let id = id_of(head);
    let inventory = converter.inventory;
    converter.seen(&id, field, list, |list| {
        if let Some(reason) = &list.more {
            return Err(reason.clone());
        }
        let range = |text: &Text| net(text).ok_or_else(|| Reason::not_understood(format!("the range `{text}`")));
        let one = |(at, route): (usize, &vpn::Route)| {
            let link = known(&route.connection, "the connection")?;
            let found = inventory.follow_as::<vpn::Connection>(Some(head), &link.target);
            let source = match &route.source.state {
                State::Known(text) => Some(range(text)?),
                State::Absent => None,
                State::Unknown(reason) => return Err(reason.clone()),
            };
            let kind = if source.is_some() { "policy" } else { "route" };
            Ok(VpnRoute {
                id: Id::from(format!("{id} {kind} {}", at.saturating_add(1))),
                source,
                destination: range(&known(&route.destination, "the destination")?)?,
                next: Seen::Known(found.map_or_else(|| Id::from(link.target.as_str()), |found| id_of(&found.head))),
            })
        };
        list.items.iter().enumerate().map(one).collect()
    })
}

/// All other premises. Routes that were learned from an Express Connect Router show that it is up.
pub(super) fn edges(converter: &mut Converter<'_>, clients: Read<Premises>, tables: &[RouteTable]) -> Read<Premises> {
    let mut all = clients;
    unlisted(converter, &mut all);
    attachments(converter, &mut all);
    interfaces(converter, &mut all.items);
    let mut routers: BTreeMap<&Id, bool> = BTreeMap::new();
    for route in tables.iter().filter_map(|table| table.routes.known()).flatten() {
        for hop in route.next.known().into_iter().flatten() {
            if let NextHop::Ecr(id) = hop {
                *routers.entry(id).or_default() |= route.origin == RouteOrigin::Propagated;
            }
        }
    }
    for (id, learned) in routers {
        let up = match learned {
            true => Seen::Known(true),
            false => Seen::Missing(converter.gap(format!("state of {id}"), &Reason::NotInEvidence)),
        };
        let door = Door::Ecr(id.clone());
        all.items.push(Premises { id: id.clone(), door, local: Seen::Absent, remote: Seen::Absent, up });
    }
    all
}

/// The clients of SSL-VPN servers: each gets an address of the pool. Source: VPC CreateSslVpnServer `ClientIpPool`,
/// `LocalSubnet`.
pub(super) fn clients(converter: &mut Converter<'_>) -> Read<Premises> {
    let inventory = converter.inventory;
    let mut all = Read { items: Vec::new(), unread: Vec::new() };
    for stated in inventory.all::<vpn::SslServer>() {
        let id = id_of(&stated.head);
        let door = match gateway(converter, &stated.head, &stated.gateway) {
            Ok(door) => door,
            Err(what) => {
                all.unread.push(what);
                continue;
            }
        };
        let local = converter.seen(&id, "ranges of the cloud side", &stated.local, |list| each(list, net));
        let remote = converter.seen(&id, "ranges of the far side", &stated.client_cidr, |text| {
            net(text).map(|net| vec![net]).ok_or_else(|| Reason::not_understood(format!("`{text}`")))
        });
        // A server waits for its clients; only a gateway whose SSL-VPN is off has none.
        let link = stated.gateway.value();
        let found = link.and_then(|link| inventory.follow_as::<vpn::Gateway>(Some(&stated.head), &link.target));
        let off = found.is_some_and(|gateway| gateway.ssl_vpn.value() == Some(&false));
        all.items.push(Premises { id, door, local, remote, up: Seen::Known(!off) });
    }
    all
}

/// Ways at a transit router that nobody listed. A configuration declares all of its own.
fn unlisted(converter: &mut Converter<'_>, all: &mut Read<Premises>) {
    let inventory = converter.inventory;
    for router in inventory.all::<cen::TransitRouter>().iter().filter(|router| router.head.set.is_empty()) {
        let id = id_of(&router.head);
        for (kind, fact) in [("VBR", &router.vbrs), ("VPN", &router.vpns), ("ECR", &router.ecrs)] {
            let gap = match &fact.state {
                State::Known(list) => list.more.as_ref(),
                State::Absent => None,
                State::Unknown(reason) => Some(reason),
            };
            all.unread.extend(gap.map(|reason| converter.gap(format!("{kind} attachments of {id}"), reason)));
        }
    }
}

/// Leased lines and routers attached to transit routers; of a connection that is not in evidence itself, what its
/// attachment says.
fn attachments(converter: &mut Converter<'_>, all: &mut Read<Premises>) {
    let inventory = converter.inventory;
    for stated in inventory.all::<cen::Attachment>() {
        let own = id_of(&stated.head);
        let Some(kind @ ("vbr" | "ecr" | "vpn")) = stated.attached_type.value().map(Text::as_str) else { continue };
        let id = match known(&stated.attached, "what is attached") {
            Ok(text) => edge(converter, &stated.head, &text),
            Err(reason) => {
                all.unread.push(converter.gap(format!("what {own} attaches"), &reason));
                continue;
            }
        };
        let seen = kind == "vpn" && inventory.all::<vpn::Connection>().iter().any(|one| id_of(&one.head) == id);
        if seen {
            continue;
        }
        let remote = match kind {
            "vpn" => Seen::Missing(converter.gap(format!("ranges of the far side of {id}"), &Reason::NotCollected)),
            _ => Seen::Absent,
        };
        let up = match converter.seen(&own, "status", &stated.status, |word| Ok(word == "attached")) {
            Seen::Known(true) if kind == "vpn" => {
                Seen::Missing(converter.gap(format!("state of {id}"), &Reason::NotCollected))
            }
            Seen::Known(true) if kind == "vbr" => active(converter, &id),
            other => other,
        };
        all.items.push(Premises { id, door: Door::Attachment(own), local: Seen::Absent, remote, up });
    }
}

/// Router interfaces of VPCs whose other end is a border router, or may be.
fn interfaces(converter: &mut Converter<'_>, all: &mut Vec<Premises>) {
    let inventory = converter.inventory;
    for stated in inventory.all::<RouterInterface>() {
        let own = id_of(&stated.head);
        if stated.router_type.value().is_some_and(|kind| kind == "vbr") {
            continue;
        }
        let far = stated.opposite_router.value();
        let id = far.map_or_else(|| own.clone(), |text| edge(converter, &stated.head, text));
        let up = match stated.opposite_router_type.value().map(Text::as_str) {
            Some("vbr") => converter.seen(&own, "status", &stated.status, |word| Ok(word == "active")),
            Some(_) => continue,
            None => Seen::Missing(converter.gap(format!("where {own} leads"), &Reason::NotInEvidence)),
        };
        all.push(Premises { id, door: Door::Interface(own), local: Seen::Absent, remote: Seen::Absent, up });
    }
}

/// Whether a border router is active (VPC DescribeVirtualBorderRouters `Status`).
fn active(converter: &mut Converter<'_>, id: &Id) -> Seen<bool> {
    let inventory = converter.inventory;
    match inventory.all::<BorderRouter>().iter().find(|router| id_of(&router.head) == *id) {
        Some(router) => converter.seen(id, "status", &router.status, |word| Ok(word == "active")),
        None => Seen::Missing(converter.gap(format!("status of {id}"), &Reason::NotCollected)),
    }
}

/// The door at a VPN gateway, with its VPC.
fn gateway(
    converter: &mut Converter<'_>,
    own: &Head,
    fact: &Fact<Link<vpn::Gateway>>,
) -> Result<Door, std::sync::Arc<str>> {
    let gateway = match converter.link(own, "VPN gateway", fact) {
        Seen::Known(gateway) => gateway,
        Seen::Absent => return Err(converter.gap(format!("VPN gateway of {}", id_of(own)), &Reason::NotInEvidence)),
        Seen::Missing(what) => return Err(what),
    };
    let inventory = converter.inventory;
    let link = fact.value();
    let found = link.and_then(|link| inventory.follow_as::<vpn::Gateway>(Some(own), &link.target));
    let vpc = match found {
        Some(found) => converter.link(&found.head, "VPC", &found.vpc),
        None => Seen::Missing(converter.gap(format!("VPC of {gateway}"), &Reason::NotCollected)),
    };
    Ok(Door::Gateway { gateway, vpc })
}

/// The attachment of a transit router that names what is attached.
fn attached(converter: &Converter<'_>, kind: &str, id: &Id) -> Option<Id> {
    let mut all = converter.inventory.all::<cen::Attachment>().iter();
    let names = |one: &&cen::Attachment| {
        one.attached_type.value().is_some_and(|own| own == kind)
            && one.attached.value().is_some_and(|text| edge(converter, &one.head, text) == *id)
    };
    all.find(names).map(|one| id_of(&one.head))
}

/// What a text names that leads to premises: a border router or connection of the evidence, or the text itself.
pub(super) fn edge(converter: &Converter<'_>, from: &Head, text: &Text) -> Id {
    let inventory = converter.inventory;
    let router = inventory.follow_as::<BorderRouter>(Some(from), text).map(|one| id_of(&one.head));
    let connection = || inventory.follow_as::<vpn::Connection>(Some(from), text).map(|one| id_of(&one.head));
    router.or_else(connection).unwrap_or_else(|| Id::from(text.as_str()))
}

/// The ranges behind VPN gateways, with the VPCs to whose tables a gateway may publish routes that code does not declare.
/// Source: terraform-provider-alicloud r/vpn_route_entry `publish_vpc`.
pub(super) fn published<'p>(
    premises: impl Iterator<Item = &'p Premises>,
) -> impl Iterator<Item = (ipnet::IpNet, Seen<Id>)> {
    premises.flat_map(|one| match &one.door {
        Door::Gateway { vpc, .. } => {
            let ranges = one.remote.known().into_iter().flatten().filter(|net| net.prefix_len() > 0);
            ranges.map(|net| (net.trunc(), vpc.clone())).collect::<Vec<_>>()
        }
        _ => Vec::new(),
    })
}
