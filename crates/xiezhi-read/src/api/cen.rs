//! CEN answers (the product code is `cbn`).

use xiezhi_model::service::cen::{
    Attachment, AttachmentZone, Cen, Child, Route, RouteTable, TransitRouter, VbrHealthCheck,
};
use xiezhi_model::{Fact, Link, List, Text};

use super::Call;
use crate::fields::Fields;
use crate::sink::Sink;
use crate::words::{lower, members, subject, values};

/// The calls of CEN.
pub const CALLS: &[Call] = &[
    Call::listing("cbn", "DescribeCens", "Cens.Cen", Cen::SCHEMA, cen),
    Call::each("cbn", "DescribeCenAttachedChildInstances", "ChildInstances.ChildInstance", child),
    Call::listing("cbn", "ListTransitRouters", "TransitRouters", TransitRouter::SCHEMA, transit_router),
    Call::listing("cbn", "ListTransitRouterVpcAttachments", "TransitRouterAttachments", Attachment::SCHEMA, vpc),
    Call::answer("cbn", "ListTransitRouterVbrAttachments", vbrs),
    Call::answer("cbn", "ListTransitRouterVpnAttachments", vpns),
    Call::answer("cbn", "ListTransitRouterEcrAttachments", ecrs),
    Call::each("cbn", "ListTransitRouterPeerAttachments", "TransitRouterAttachments", peer),
    Call::listing("cbn", "ListTransitRouterRouteTables", "TransitRouterRouteTables", RouteTable::SCHEMA, route_table),
    Call::answer("cbn", "ListTransitRouterRouteTableAssociations", associations),
    Call::answer("cbn", "ListTransitRouterRouteEntries", route_entries),
    Call::listing(
        "cbn",
        "DescribeCenVbrHealthCheck",
        "VbrHealthChecks.VbrHealthCheck",
        VbrHealthCheck::SCHEMA,
        vbr_health_check,
    ),
];

fn cen(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("CenId"), |c: &mut Cen| c.head.name = f.opt_text("Name"));
}

fn child(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let of = subject(f, sink, "CenId");
    let child = Child {
        child_type: lower(f.text("ChildInstanceType")),
        child: f.text("ChildInstanceId"),
        region: f.text("ChildInstanceRegionId"),
        owner: f.text("ChildInstanceOwnerId"),
    };
    sink.append(&of, |c: &mut Cen| &mut c.children, vec![child], None);
}

fn transit_router(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("TransitRouterId"), |t: &mut TransitRouter| {
        t.head.name = f.opt_text("TransitRouterName");
        t.cen = f.parent("CenId");
        t.router_type = lower(f.text("Type"));
    });
}

fn attachment(f: &Fields<'_>, sink: &mut Sink<'_>, kind: &str, attached: Fact<Text>) {
    let router =
        if f.has("TransitRouterId") { f.link("TransitRouterId") } else { sink.param("TransitRouterId").map(Link::id) };
    sink.put(f, f.text("TransitRouterAttachmentId"), |a: &mut Attachment| {
        a.head.name = f.opt_text("TransitRouterAttachmentName");
        a.transit_router = router;
        a.attached_type = f.known(kind.into());
        a.vpc = if kind == "vpc" { f.link("VpcId") } else { f.absent() };
        a.attached = attached;
        a.zones = if kind == "vpc" {
            f.records("ZoneMappings", |z| AttachmentZone { zone: z.text("ZoneId"), vswitch: z.link("VSwitchId") })
        } else {
            f.known(List::complete(vec![]))
        };
        a.bandwidth = if kind == "peer" { f.int("Bandwidth") } else { f.absent() };
        a.status = lower(f.text("Status"));
        a.publishes_routes = if kind == "vpc" { f.bool("AutoPublishRouteEnabled") } else { f.absent() };
    });
}

fn vpc(f: &Fields<'_>, sink: &mut Sink<'_>) {
    attachment(f, sink, "vpc", f.text("VpcId"));
}

/// The attachments of one kind of way to premises, and which they are.
fn edges(
    f: &Fields<'_>,
    sink: &mut Sink<'_>,
    (kind, attached): (&str, &str),
    list: fn(&mut TransitRouter) -> &mut Fact<List<Link<Attachment>>>,
) {
    for one in f.each("TransitRouterAttachments") {
        attachment(&one, sink, kind, one.text(attached));
    }
    let router = sink.param("TransitRouterId").map(Link::id);
    let (items, more) =
        members(f.opt_records("TransitRouterAttachments", |a| a.link("TransitRouterAttachmentId")).map(values));
    sink.append(&router, list, items, more);
}

fn vbrs(f: &Fields<'_>, sink: &mut Sink<'_>) {
    edges(f, sink, ("vbr", "VbrId"), |t| &mut t.vbrs);
}

fn vpns(f: &Fields<'_>, sink: &mut Sink<'_>) {
    edges(f, sink, ("vpn", "VpnId"), |t| &mut t.vpns);
}

fn ecrs(f: &Fields<'_>, sink: &mut Sink<'_>) {
    edges(f, sink, ("ecr", "EcrId"), |t| &mut t.ecrs);
}

fn peer(f: &Fields<'_>, sink: &mut Sink<'_>) {
    attachment(f, sink, "peer", f.text("PeerTransitRouterId"));
}

fn route_table(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let router = sink.param("TransitRouterId").map(Link::id);
    sink.put(f, f.text("TransitRouterRouteTableId"), |t: &mut RouteTable| {
        t.head.name = f.opt_text("TransitRouterRouteTableName");
        t.transit_router = router;
    });
}

fn associations(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let table = sink.param("TransitRouterRouteTableId").map(Link::id);
    let (items, more) =
        members(f.opt_records("TransitRouterAssociations", |a| a.link("TransitRouterAttachmentId")).map(values));
    sink.append(&table, |t: &mut RouteTable| &mut t.attachments, items, more);
}

fn route_entries(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let table = sink.param("TransitRouterRouteTableId").map(Link::id);
    let (items, more) = members(f.opt_records("TransitRouterRouteEntries", |e| Route {
        destination: e.text("TransitRouterRouteEntryDestinationCidrBlock"),
        status: lower(e.text("TransitRouterRouteEntryStatus")),
        hop_type: lower(e.text("TransitRouterRouteEntryNextHopType")),
        attachment: e.link("TransitRouterRouteEntryNextHopId"),
    }));
    sink.append(&table, |t: &mut RouteTable| &mut t.routes, items, more);
}

fn vbr_health_check(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let id = f.text("VbrInstanceId");
    sink.put(f, id.clone(), |h: &mut VbrHealthCheck| {
        h.cen = f.parent("CenId");
        h.vbr = id;
    });
}
