//! What joins networks: peering, transit routers (network semantics §3.6). What cannot be read is left out by
//! name, so that a route that leads there is unknown and never a dead end.

use std::sync::Arc;

use rustc_hash::FxHashMap;
use xiezhi_model::service::{cen, vpc};
use xiezhi_model::{Fact, Head, Link, List, Reason, State, Text};
use xiezhi_net::model::{Attached, Attachment, Id, Peering, Seen, TransitRoute, TransitRouter, TransitTable, net};

use super::super::evidence::Listed;
use super::convert::{Converter, id_of};
use super::premises::edge;
use super::ways::known;

/// Resources that could be read, and the names of those that could not.
pub(super) struct Read<T> {
    pub(super) items: Vec<T>,
    pub(super) unread: Vec<Arc<str>>,
}

/// The peering connections (TR-1). Only `Activated` forwards (VpcPeer ListVpcPeerConnections `Status`).
pub(super) fn peerings(converter: &mut Converter<'_>) -> Read<Peering> {
    let inventory = converter.inventory;
    let mut all = Read { items: Vec::new(), unread: Vec::new() };
    for stated in inventory.all::<vpc::PeerConnection>() {
        let id = id_of(&stated.head);
        let ends = (
            converter.link(&stated.head, "VPC", &stated.vpc),
            converter.link(&stated.head, "accepting VPC", &stated.accepting_vpc),
        );
        let active = converter.seen(&id, "status", &stated.status, |word| Ok(word == "activated"));
        match ends {
            (Seen::Known(one), Seen::Known(other)) => all.items.push(Peering { id, vpcs: (one, other), active }),
            _ => all.unread.push(converter.gap(format!("the VPCs of {id}"), &Reason::NotInEvidence)),
        }
    }
    all
}

/// The transit routers with their attachments and tables (TR-2).
pub(super) fn transit_routers(converter: &mut Converter<'_>) -> Read<TransitRouter> {
    let inventory = converter.inventory;
    let mut unread = Vec::new();
    let mut tables: FxHashMap<Id, Vec<&cen::RouteTable>> = FxHashMap::default();
    for table in inventory.all::<cen::RouteTable>() {
        match converter.link(&table.head, "transit router", &table.transit_router) {
            Seen::Known(router) => tables.entry(router).or_default().push(table),
            Seen::Absent => {}
            Seen::Missing(what) => unread.push(what),
        }
    }
    let listed = Listed::of::<cen::RouteTable>(inventory);
    let mut attachments: FxHashMap<Id, Vec<Attachment>> = FxHashMap::default();
    for stated in inventory.all::<cen::Attachment>() {
        let router = match converter.link(&stated.head, "transit router", &stated.transit_router) {
            Seen::Known(router) => router,
            Seen::Absent => continue,
            Seen::Missing(what) => {
                unread.push(what);
                continue;
            }
        };
        let own = tables.get(&router).map_or(&[][..], Vec::as_slice);
        let attached = attachment(converter, &router, stated, own, &listed);
        match attached {
            Ok(attached) => attachments.entry(router).or_default().push(attached),
            Err(reason) => {
                unread.push(converter.gap(format!("what {} attaches", id_of(&stated.head)), &reason));
            }
        }
    }
    let stated = inventory.all::<cen::TransitRouter>().iter().map(|router| id_of(&router.head));
    let mut ids: Vec<Id> = stated.chain(attachments.keys().cloned()).chain(tables.keys().cloned()).collect();
    ids.sort_unstable();
    ids.dedup();
    let mut items = Vec::with_capacity(ids.len());
    for id in ids {
        let tables = tables.remove(&id).unwrap_or_default();
        let tables = tables.into_iter().map(|table| TransitTable {
            id: id_of(&table.head),
            routes: converter.seen(&id_of(&table.head), "transit router routes", &table.routes, |list| {
                let learned = learned(inventory, table)?;
                routes(inventory, table, list).map(|own| own.into_iter().chain(learned).collect())
            }),
        });
        let tables = Seen::Known(tables.collect());
        let attachments = Seen::Known(attachments.remove(&id).unwrap_or_default());
        items.push(TransitRouter { id, attachments, tables });
    }
    Read { items, unread }
}

fn attachment(
    converter: &mut Converter<'_>,
    router: &Id,
    stated: &cen::Attachment,
    tables: &[&cen::RouteTable],
    listed: &Listed,
) -> Result<Attachment, Reason> {
    let id = id_of(&stated.head);
    let to = match known(&stated.attached_type, "the kind of attachment")?.as_str() {
        "vpc" => match converter.link(&stated.head, "VPC", &stated.vpc) {
            Seen::Known(vpc) => Attached::Vpc(vpc),
            Seen::Absent => return Err(Reason::NotInEvidence),
            Seen::Missing(what) => return Err(converter.reason_of(&what)),
        },
        // The far end of a connection between regions is the attachment there that names this router.
        "peer" => {
            let far = known(&stated.attached, "the far transit router")?;
            Attached::Router(far_end(converter, router, &stated.head, &far))
        }
        "vbr" | "vpn" | "ecr" => {
            Attached::Edge(edge(converter, &stated.head, &known(&stated.attached, "what is attached")?))
        }
        other => return Err(Reason::not_understood(format!("the attachment `{other}`"))),
    };
    let vswitches = match &to {
        Attached::Vpc(_) => entered_by(converter, stated),
        Attached::Router(_) | Attached::Edge(_) => Seen::Absent,
    };
    Ok(Attachment { table: table_of(converter, &stated.head, tables, listed), vswitches, to, id })
}

/// The vSwitches in which the router stands in an attached VPC.
fn entered_by(converter: &mut Converter<'_>, stated: &cen::Attachment) -> Seen<Vec<Id>> {
    let inventory = converter.inventory;
    converter.seen(&id_of(&stated.head), "zones", &stated.zones, |zones| {
        each_vswitch(inventory, &stated.head, zones, |zone| &zone.vswitch)
    })
}

/// The vSwitch of every place in a list.
pub(super) fn each_vswitch<T>(
    inventory: &xiezhi_model::Inventory,
    head: &Head,
    places: &List<T>,
    vswitch: impl Fn(&T) -> &Fact<Link<vpc::VSwitch>>,
) -> Result<Vec<Id>, Reason> {
    if let Some(reason) = &places.more {
        return Err(reason.clone());
    }
    let id = |place: &T| {
        let link = known(vswitch(place), "a vSwitch")?;
        let found = inventory.follow_as::<vpc::VSwitch>(Some(head), &link.target);
        Ok(found.map_or_else(|| Id::from(link.target.as_str()), |found| id_of(&found.head)))
    };
    places.items.iter().map(id).collect()
}

fn far_end(converter: &Converter<'_>, router: &Id, own: &Head, far: &Text) -> Id {
    let inventory = converter.inventory;
    let far = match inventory.follow_as::<cen::TransitRouter>(Some(own), far) {
        Some(found) => id_of(&found.head),
        None => Id::from(far.as_str()),
    };
    let mut ends = inventory.all::<cen::Attachment>().iter().filter(|other| {
        let there = other.transit_router.value().map(|link| converter.follow(&other.head, link));
        let back = other.attached.value().map(|text| {
            let found = inventory.follow_as::<cen::TransitRouter>(Some(&other.head), text);
            found.map_or_else(|| Id::from(text.as_str()), |found| id_of(&found.head))
        });
        other.attached_type.value().is_some_and(|kind| kind == "peer")
            && there.as_ref() == Some(&far)
            && back.as_ref() == Some(router)
            && id_of(&other.head) != id_of(own)
    });
    match (ends.next(), ends.next()) {
        (Some(end), None) => id_of(&end.head),
        // None or several: a name that nothing has.
        _ => Id::from(format!("far end of {} at {far}", id_of(own))),
    }
}

/// The table that forwards for an attachment: the one that names it. A configuration does not show what the router's
/// own table is associated with.
fn table_of(converter: &mut Converter<'_>, own: &Head, tables: &[&cen::RouteTable], listed: &Listed) -> Seen<Id> {
    let id = id_of(own);
    let mut doubt = listed.gap(own).cloned();
    for table in tables {
        match &table.attachments.state {
            State::Known(list) => {
                if list.items.iter().any(|link| converter.follow(&table.head, link) == id) {
                    converter.rests(&id, &table.attachments);
                    return Seen::Known(id_of(&table.head));
                }
                doubt = doubt.or_else(|| list.more.clone());
            }
            State::Absent => {}
            State::Unknown(reason) => doubt = doubt.or_else(|| Some(reason.clone())),
        }
    }
    if doubt.is_none() && !own.set.is_empty() {
        doubt = Some(Reason::NotInEvidence);
    }
    match doubt {
        Some(reason) => Seen::Missing(converter.gap(format!("route table of {id}"), &reason)),
        None => Seen::Absent,
    }
}

/// The entries that a table of code learns: of an attached VPC the blocks of its vSwitches. What premises and other
/// routers announce no code shows. Source: CEN, "Route learning" (an enabled learning adds the routes of the attached
/// network instance).
fn learned(inventory: &xiezhi_model::Inventory, table: &cen::RouteTable) -> Result<Vec<TransitRoute>, Reason> {
    if table.head.set.is_empty() {
        return Ok(Vec::new());
    }
    let links = known(&table.learns, "what it learns")?;
    if let Some(reason) = &links.more {
        return Err(reason.clone());
    }
    let own = id_of(&table.head);
    let mut all = Vec::new();
    for link in &links.items {
        let found = inventory.follow_as::<cen::Attachment>(Some(&table.head), &link.target);
        let attachment = found.ok_or(Reason::NotInEvidence)?;
        let vpc = attachment.vpc.value().ok_or(Reason::NotInEvidence)?;
        let vpc = inventory.follow_as::<vpc::Vpc>(Some(&attachment.head), &vpc.target).ok_or(Reason::NotInEvidence)?;
        for vswitch in inventory.all::<vpc::VSwitch>() {
            if let Some(reason) = vswitch.vpc.reason() {
                // It may be in this one.
                return Err(reason.clone());
            }
            let link = vswitch.vpc.value();
            let of = link.and_then(|link| inventory.follow_as::<vpc::Vpc>(Some(&vswitch.head), &link.target));
            if of.is_none_or(|of| id_of(&of.head) != id_of(&vpc.head)) {
                continue;
            }
            known(&vswitch.cidr, "its range")?;
            for text in [&vswitch.cidr, &vswitch.ipv6_cidr].into_iter().filter_map(Fact::value) {
                let destination = net(text).ok_or_else(|| Reason::not_understood(format!("the range `{text}`")))?;
                let id = format!("{own} from {}", id_of(&vswitch.head)).into();
                all.push(TransitRoute { id, destination, next: Some(id_of(&attachment.head)) });
            }
        }
    }
    Ok(all)
}

/// The active entries of a table (CEN ListTransitRouterRouteEntries `TransitRouterRouteEntryStatus`).
fn routes(
    inventory: &xiezhi_model::Inventory,
    table: &cen::RouteTable,
    list: &List<cen::Route>,
) -> Result<Vec<TransitRoute>, Reason> {
    if let Some(reason) = &list.more {
        return Err(reason.clone());
    }
    let mut all = Vec::new();
    for (at, route) in list.items.iter().enumerate() {
        if known(&route.status, "the status of a route")? != "active" {
            continue;
        }
        let text = known(&route.destination, "the destination")?;
        let destination = net(&text).ok_or_else(|| Reason::not_understood(format!("the destination `{text}`")))?;
        let next = match known(&route.hop_type, "the kind of next hop")?.as_str() {
            "attachment" => {
                let link = known(&route.attachment, "the next hop")?;
                let found = inventory.follow_as::<cen::Attachment>(Some(&table.head), &link.target);
                Some(found.map_or_else(|| Id::from(link.target.as_str()), |found| id_of(&found.head)))
            }
            "blackhole" => None,
            other => return Err(Reason::not_understood(format!("the next hop `{other}`"))),
        };
        let id = format!("{} route {}", id_of(&table.head), at.saturating_add(1)).into();
        all.push(TransitRoute { id, destination, next });
    }
    Ok(all)
}

/// The VPCs into whose tables a transit router may write routes that a configuration does not show
/// (`AutoPublishRouteEnabled`), by attachment.
pub(crate) fn learning(inventory: &xiezhi_model::Inventory) -> Vec<(Id, Id)> {
    let writes = |fact: &Fact<bool>| fact.value() != Some(&false);
    let attachments = inventory.all::<cen::Attachment>().iter();
    let silent = attachments.filter(|one| !one.head.set.is_empty() && writes(&one.publishes_routes));
    silent
        .filter_map(|one| {
            let link = one.vpc.value()?;
            let found = inventory.follow_as::<vpc::Vpc>(Some(&one.head), &link.target);
            Some((id_of(&one.head), found.map_or_else(|| Id::from(link.target.as_str()), |vpc| id_of(&vpc.head))))
        })
        .collect()
}
