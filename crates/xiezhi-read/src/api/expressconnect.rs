//! Express Connect answers (the product code is `vpc`).

use xiezhi_model::service::expressconnect::{BorderRouter, PhysicalConnection, RouterInterface};

use super::Call;
use crate::fields::Fields;
use crate::sink::Sink;
use crate::words::lower;

/// The calls about leased lines.
pub const CALLS: &[Call] = &[
    Call::listing(
        "vpc",
        "DescribeRouterInterfaces",
        "RouterInterfaceSet.RouterInterfaceType",
        RouterInterface::SCHEMA,
        router_interface,
    ),
    Call::listing(
        "vpc",
        "DescribePhysicalConnections",
        "PhysicalConnectionSet.PhysicalConnectionType",
        PhysicalConnection::SCHEMA,
        physical_connection,
    ),
    Call::listing(
        "vpc",
        "DescribeVirtualBorderRouters",
        "VirtualBorderRouterSet.VirtualBorderRouterType",
        BorderRouter::SCHEMA,
        border_router,
    ),
];

fn router_interface(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("RouterInterfaceId"), |r: &mut RouterInterface| {
        r.head.name = f.opt_text("Name");
        r.opposite_owner = f.text("OppositeInterfaceOwnerId");
        r.opposite_region = f.text("OppositeRegionId");
        r.opposite_router = f.opt_text("OppositeRouterId");
        r.opposite_router_type = lower(f.text("OppositeRouterType"));
        r.router = f.text("RouterId");
        r.router_type = lower(f.text("RouterType"));
        r.status = lower(f.text("Status"));
    });
}

fn physical_connection(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("PhysicalConnectionId"), |p: &mut PhysicalConnection| {
        p.head.name = f.opt_text("Name");
        p.access_point = f.text("AccessPointId");
        p.status = lower(f.text("Status"));
    });
}

fn border_router(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("VbrId"), |b: &mut BorderRouter| {
        b.head.name = f.opt_text("Name");
        b.physical_connection = f.text("PhysicalConnectionId");
        b.status = lower(f.text("Status"));
    });
}
