//! Route tables, routes and gateways in ROS templates. Source: ROS documentation, `ALIYUN::ECS::Route`, `ALIYUN::VPC::RouteTable*`,
//! `ALIYUN::VPC::Ipv4Gateway`, `ALIYUN::VPC::Ipv6Gateway`, `ALIYUN::VPC::Ipv6InternetBandwidth`.
//!
//! A VPC without an IPv4 gateway is in the default mode: the internet works by public addresses alone. So a template that
//! declares none says that there is none, as code does everywhere here.

use xiezhi_model::service::vpc::{Ipv4Gateway, Ipv6Gateway, NextHop, Route, RouteTable, VSwitch, Vpc};
use xiezhi_model::{Fact, List, Reason};

use crate::fields::{Fields, documented};
use crate::sink::Sink;
use crate::terraform::Block;
use crate::terraform::map::ecs::own_link;
use crate::terraform::map::vpc::{bandwidth_of, hop_type};
use crate::words::{lower, one_item, target};

/// The resource types of routes.
pub const BLOCKS: &[Block] = &[
    Block { name: "ALIYUN::VPC::RouteTable", kind: Some(RouteTable::SCHEMA), read: route_table },
    Block { name: "ALIYUN::VPC::RouteTableAssociation", kind: None, read: attachment },
    Block { name: "ALIYUN::VPC::RouteTableAttachment", kind: None, read: attachment },
    Block { name: "ALIYUN::VPC::RouteTableWithGatewayAssociation", kind: None, read: gateway_attachment },
    Block { name: "ALIYUN::ECS::Route", kind: None, read: route },
    Block { name: "ALIYUN::VPC::Ipv4Gateway", kind: Some(Ipv4Gateway::SCHEMA), read: ipv4_gateway },
    Block { name: "ALIYUN::VPC::Ipv6Gateway", kind: Some(Ipv6Gateway::SCHEMA), read: ipv6_gateway },
    Block { name: "ALIYUN::VPC::Ipv6InternetBandwidth", kind: None, read: ipv6_bandwidth },
];

const TABLE: &str = "ROS ALIYUN::VPC::RouteTable";

/// The system route table, which comes with a VPC; routes name it by the `RouteTableId` of the VPC.
pub fn system_table(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let vpc = own_link::<Vpc>(f, sink);
    sink.put(f, f.unknown(Reason::NotInEvidence), |t: &mut RouteTable| {
        t.table_type = f.known("system".into());
        t.associate_type = f.known("vswitch".into());
        t.vpc = vpc;
        t.gateway = f.absent();
        t.vswitches = f.unknown(Reason::NotInEvidence);
        t.routes = documented("ROS ALIYUN::ECS::VPC").known(List::complete(vec![]));
    });
}

fn route_table(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.unknown(Reason::NotInEvidence), |t: &mut RouteTable| {
        t.head.name = f.opt_text("RouteTableName");
        t.vpc = f.link("VpcId");
        t.table_type = f.known("custom".into());
        t.associate_type = lower(f.text_or("AssociateType", "VSwitch", TABLE));
        t.gateway = documented(TABLE).absent();
        t.vswitches = documented(TABLE).known(List::complete(vec![]));
        t.routes = documented(TABLE).known(List::complete(vec![]));
    });
}

fn attachment(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let vswitch = f.link::<VSwitch>("VSwitchId");
    sink.on(&vswitch, |v: &mut VSwitch| v.route_table = f.link("RouteTableId"));
    let (items, more) = one_item(vswitch);
    sink.append(&f.link("RouteTableId"), |t: &mut RouteTable| &mut t.vswitches, items, more);
}

fn gateway_attachment(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let gateway = f.link::<Ipv4Gateway>("GatewayId");
    sink.on(&f.link("RouteTableId"), |t: &mut RouteTable| t.gateway = target(gateway.clone()));
    sink.on(&gateway, |g: &mut Ipv4Gateway| g.route_table = f.link("RouteTableId"));
}

fn route(f: &Fields<'_>, sink: &mut Sink<'_>) {
    const PAGE: &str = "ROS ALIYUN::ECS::Route";
    let hop = |f: &Fields<'_>| NextHop {
        hop_type: hop_type(f.text_or("NextHopType", "Instance", PAGE)),
        target: target(f.link::<Vpc>("NextHopId")),
    };
    let next_hops: Fact<List<NextHop>> = if f.has("NextHopList") {
        f.records("NextHopList", |n| hop(&n))
    } else {
        f.known(List::complete(vec![hop(f)]))
    };
    let route = Route {
        id: f.absent(),
        destination: f.text("DestinationCidrBlock"),
        route_type: f.known("custom".into()),
        status: documented(PAGE).known("available".into()),
        next_hops,
    };
    sink.append(&f.link("RouteTableId"), |t: &mut RouteTable| &mut t.routes, vec![route], None);
}

/// A template cannot say whether the gateway is activated: the type has no property for it.
fn ipv4_gateway(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.unknown(Reason::NotInEvidence), |g: &mut Ipv4Gateway| {
        g.head.name = f.opt_text("Ipv4GatewayName");
        g.vpc = f.link("VpcId");
        g.enabled = f.unknown(Reason::NotInEvidence);
        g.route_table = documented("ROS ALIYUN::VPC::Ipv4Gateway").absent();
    });
}

fn ipv6_gateway(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.unknown(Reason::NotInEvidence), |g: &mut Ipv6Gateway| {
        g.head.name = f.opt_text("Name");
        g.vpc = f.link("VpcId");
        g.egress_only = documented("ROS ALIYUN::VPC::Ipv6Gateway").known(List::complete(vec![]));
    });
}

fn ipv6_bandwidth(f: &Fields<'_>, sink: &mut Sink<'_>) {
    bandwidth_of(f, sink, &f.link("Ipv6AddressId"), f.int("Bandwidth"));
}
