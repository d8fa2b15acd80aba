//! Express Connect in Terraform. Source: terraform-provider-alicloud, `website/docs/r/{router_interface,express_connect_*}`.

use xiezhi_model::service::expressconnect::{BorderRouter, PhysicalConnection, RouterInterface};

use crate::fields::Fields;
use crate::sink::Sink;
use crate::terraform::Block;
use crate::words::{lower, target};

/// The resource types of Express Connect.
pub const BLOCKS: &[Block] = &[
    Block { name: "alicloud_router_interface", kind: Some(RouterInterface::SCHEMA), read: router_interface },
    Block {
        name: "alicloud_express_connect_router_interface",
        kind: Some(RouterInterface::SCHEMA),
        read: router_interface,
    },
    Block { name: "alicloud_router_interface_connection", kind: None, read: interface_connection },
    Block {
        name: "alicloud_express_connect_physical_connection",
        kind: Some(PhysicalConnection::SCHEMA),
        read: physical_connection,
    },
    Block {
        name: "alicloud_express_connect_virtual_border_router",
        kind: Some(BorderRouter::SCHEMA),
        read: border_router,
    },
];

fn router_interface(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("id"), |r: &mut RouterInterface| {
        r.head.name = f.opt_text(if f.has("router_interface_name") { "router_interface_name" } else { "name" });
        r.opposite_owner = f.text("opposite_interface_owner_id");
        r.opposite_region = f.text(if f.has("opposite_region_id") { "opposite_region_id" } else { "opposite_region" });
        r.opposite_router = target(f.link::<RouterInterface>("opposite_router_id"));
        r.opposite_router_type = lower(f.text("opposite_router_type"));
        r.router = target(f.link::<RouterInterface>("router_id"));
        r.router_type = lower(f.text("router_type"));
        r.status = lower(f.text("status"));
    });
}

fn interface_connection(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.on(&f.link("interface_id"), |r: &mut RouterInterface| {
        if f.has("opposite_interface_owner_id") {
            r.opposite_owner = f.text("opposite_interface_owner_id");
        }
        if f.has("opposite_router_id") {
            r.opposite_router = target(f.link::<RouterInterface>("opposite_router_id"));
        }
        if f.has("opposite_router_type") {
            r.opposite_router_type = lower(f.text("opposite_router_type"));
        }
    });
}

fn physical_connection(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("id"), |p: &mut PhysicalConnection| {
        p.head.name = f.opt_text("physical_connection_name");
        p.access_point = f.text("access_point_id");
        p.status = lower(f.text("status"));
    });
}

fn border_router(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("id"), |b: &mut BorderRouter| {
        b.head.name = f.opt_text("virtual_border_router_name");
        b.physical_connection = target(f.link::<PhysicalConnection>("physical_connection_id"));
        b.status = lower(f.text("status"));
    });
}
