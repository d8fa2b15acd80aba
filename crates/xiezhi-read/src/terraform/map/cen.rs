//! CEN in Terraform. Source: terraform-provider-alicloud, `website/docs/r/cen_*`.

use xiezhi_model::service::cen::{
    Attachment, AttachmentZone, Cen, Child, Route, RouteTable, TransitRouter, VbrHealthCheck,
};
use xiezhi_model::{Fact, Link, List, Text};

use crate::fields::{Fields, documented};
use crate::sink::Sink;
use crate::terraform::Block;
use crate::words::{lower, one_item, target};

/// The resource types of CEN.
pub const BLOCKS: &[Block] = &[
    Block { name: "alicloud_cen_instance", kind: Some(Cen::SCHEMA), read: cen },
    Block { name: "alicloud_cen_instance_attachment", kind: None, read: child },
    Block { name: "alicloud_cen_transit_router", kind: Some(TransitRouter::SCHEMA), read: transit_router },
    Block { name: "alicloud_cen_transit_router_vpc_attachment", kind: Some(Attachment::SCHEMA), read: vpc_attachment },
    Block { name: "alicloud_cen_transit_router_vbr_attachment", kind: Some(Attachment::SCHEMA), read: vbr_attachment },
    Block { name: "alicloud_cen_transit_router_vpn_attachment", kind: Some(Attachment::SCHEMA), read: vpn_attachment },
    Block { name: "alicloud_cen_transit_router_ecr_attachment", kind: Some(Attachment::SCHEMA), read: ecr_attachment },
    Block {
        name: "alicloud_cen_transit_router_peer_attachment",
        kind: Some(Attachment::SCHEMA),
        read: peer_attachment,
    },
    Block { name: "alicloud_cen_transit_router_route_table", kind: Some(RouteTable::SCHEMA), read: route_table },
    Block { name: "alicloud_cen_transit_router_route_table_association", kind: None, read: association },
    Block { name: "alicloud_cen_transit_router_route_table_propagation", kind: None, read: propagation },
    Block { name: "alicloud_cen_transit_router_route_entry", kind: None, read: route_entry },
    Block { name: "alicloud_cen_vbr_health_check", kind: Some(VbrHealthCheck::SCHEMA), read: vbr_health_check },
];

const VPC: &str = "terraform-provider-alicloud r/cen_transit_router_vpc_attachment";

fn cen(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("id"), |c: &mut Cen| {
        c.head.name = f.opt_text(if f.has("cen_instance_name") { "cen_instance_name" } else { "name" });
        c.children = documented("terraform-provider-alicloud r/cen_instance").known(List::complete(vec![]));
    });
}

fn child(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let child = Child {
        child_type: lower(f.text("child_instance_type")),
        child: target(f.link::<Cen>("child_instance_id")),
        region: f.text("child_instance_region_id"),
        owner: f.text("child_instance_owner_id"),
    };
    let cen = f.link(if f.has("instance_id") { "instance_id" } else { "cen_id" });
    sink.append(&cen, |c: &mut Cen| &mut c.children, vec![child], None);
}

fn transit_router(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("transit_router_id"), |t: &mut TransitRouter| {
        t.head.name = f.opt_text("transit_router_name");
        t.cen = f.link("cen_id");
        t.router_type = lower(f.text("type"));
    });
}

fn attachment(f: &Fields<'_>, sink: &mut Sink<'_>, kind: &str, attached: Fact<Text>) {
    sink.put(f, f.text("transit_router_attachment_id"), |a: &mut Attachment| {
        a.head.name = f.opt_text("transit_router_attachment_name");
        a.transit_router = f.link("transit_router_id");
        a.attached_type = f.known(kind.into());
        a.vpc = if kind == "vpc" { f.link("vpc_id") } else { f.absent() };
        a.attached = attached;
        a.zones = if kind == "vpc" {
            f.records("zone_mappings", |z| AttachmentZone { zone: z.text("zone_id"), vswitch: z.link("vswitch_id") })
        } else {
            f.known(List::complete(vec![]))
        };
        a.bandwidth = if kind == "peer" { f.int("bandwidth") } else { f.absent() };
        a.status = lower(f.text("status"));
        a.publishes_routes =
            if kind == "vpc" { f.bool_or("auto_publish_route_enabled", false, VPC) } else { f.absent() };
    });
}

fn vpc_attachment(f: &Fields<'_>, sink: &mut Sink<'_>) {
    attachment(f, sink, "vpc", target(f.link::<Cen>("vpc_id")));
}

fn vbr_attachment(f: &Fields<'_>, sink: &mut Sink<'_>) {
    attachment(f, sink, "vbr", target(f.link::<Cen>("vbr_id")));
}

fn vpn_attachment(f: &Fields<'_>, sink: &mut Sink<'_>) {
    attachment(f, sink, "vpn", target(f.link::<Cen>("vpn_id")));
}

fn ecr_attachment(f: &Fields<'_>, sink: &mut Sink<'_>) {
    attachment(f, sink, "ecr", target(f.link::<Cen>("ecr_id")));
}

fn peer_attachment(f: &Fields<'_>, sink: &mut Sink<'_>) {
    attachment(f, sink, "peer", target(f.link::<TransitRouter>("peer_transit_router_id")));
}

fn route_table(f: &Fields<'_>, sink: &mut Sink<'_>) {
    const PAGE: &str = "terraform-provider-alicloud r/cen_transit_router_route_table";
    sink.put(f, f.text("transit_router_route_table_id"), |t: &mut RouteTable| {
        t.head.name = f.opt_text("transit_router_route_table_name");
        t.transit_router = f.link("transit_router_id");
        t.attachments = documented(PAGE).known(List::complete(vec![]));
        // A table of code's own learns only what code says; what that adds up to depends on what is attached.
        t.learns = documented(PAGE).known(List::complete(vec![]));
        t.routes = documented(PAGE).known(List::complete(vec![]));
    });
}

fn association(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let (items, more) = one_item(f.link::<Attachment>("transit_router_attachment_id"));
    sink.append(&f.link("transit_router_route_table_id"), |t: &mut RouteTable| &mut t.attachments, items, more);
}

/// Source: terraform-provider-alicloud r/cen_transit_router_route_table_propagation.
fn propagation(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let (items, more) = one_item(f.link::<Attachment>("transit_router_attachment_id"));
    sink.append(&f.link("transit_router_route_table_id"), |t: &mut RouteTable| &mut t.learns, items, more);
}

fn route_entry(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let hop: Fact<Link<Attachment>> = f.link("transit_router_route_entry_next_hop_id");
    let route = Route {
        destination: f.text("transit_router_route_entry_destination_cidr_block"),
        status: lower(f.text_or("status", "Active", "terraform-provider-alicloud r/cen_transit_router_route_entry")),
        hop_type: lower(f.text("transit_router_route_entry_next_hop_type")),
        attachment: hop,
    };
    sink.append(&f.link("transit_router_route_table_id"), |t: &mut RouteTable| &mut t.routes, vec![route], None);
}

fn vbr_health_check(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("id"), |h: &mut VbrHealthCheck| {
        h.cen = f.link("cen_id");
        h.vbr = target(f.link::<Cen>("vbr_instance_id"));
    });
}
