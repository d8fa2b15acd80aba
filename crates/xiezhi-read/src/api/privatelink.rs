//! PrivateLink answers.

use xiezhi_model::service::privatelink::{Endpoint, EndpointPlace, Service};
use xiezhi_model::{Fact, Link};

use super::Call;
use crate::fields::Fields;
use crate::sink::Sink;
use crate::words::{lower, members, values};

/// The calls of PrivateLink.
pub const CALLS: &[Call] = &[
    Call::listing("privatelink", "ListVpcEndpoints", "Endpoints", Endpoint::SCHEMA, endpoint),
    Call::answer("privatelink", "GetVpcEndpointAttribute", endpoint_attribute),
    Call::answer("privatelink", "ListVpcEndpointZones", endpoint_zones),
    Call::answer("privatelink", "ListVpcEndpointSecurityGroups", endpoint_groups),
    Call::listing("privatelink", "ListVpcEndpointServices", "Services", Service::SCHEMA, service),
    Call::answer("privatelink", "ListVpcEndpointServiceResources", service_resources),
    Call::answer("privatelink", "ListVpcEndpointServiceUsers", service_users),
];

fn endpoint(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("EndpointId"), |e: &mut Endpoint| {
        e.head.name = f.opt_text("EndpointName");
        e.vpc = f.link("VpcId");
        e.endpoint_type = lower(f.text("EndpointType"));
        e.service = f.link("ServiceId");
        e.service_name = f.opt_text("ServiceName");
        e.connection = lower(f.text("ConnectionStatus"));
    });
}

fn endpoint_attribute(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.on(&f.link("EndpointId"), |e: &mut Endpoint| e.policy = f.opt_text("PolicyDocument"));
}

fn of_endpoint(sink: &Sink<'_>) -> Fact<Link<Endpoint>> {
    sink.param("EndpointId").map(Link::id)
}

fn endpoint_zones(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let (items, more) = members(f.opt_records("Zones", |z| z.text("ZoneId")).map(values));
    let of = of_endpoint(sink);
    sink.append(&of, |e: &mut Endpoint| &mut e.zones, items, more);
    let (items, more) = members(f.opt_records("Zones", |z| z.parent("EniId")).map(values));
    sink.append(&of, |e: &mut Endpoint| &mut e.interfaces, items, more);
    let place = |z: Fields<'_>| EndpointPlace {
        zone: z.text("ZoneId"),
        vswitch: z.link("VSwitchId"),
        address: z.opt_text("EniIp"),
    };
    let (items, more) = members(f.opt_records("Zones", place));
    sink.append(&of, |e: &mut Endpoint| &mut e.places, items, more);
}

fn endpoint_groups(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let (items, more) = members(f.opt_records("SecurityGroups", |g| g.link("SecurityGroupId")).map(values));
    let of = of_endpoint(sink);
    sink.append(&of, |e: &mut Endpoint| &mut e.security_groups, items, more);
}

fn service(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("ServiceId"), |s: &mut Service| {
        s.head.name = f.opt_text("ServiceName");
        s.auto_accept = f.bool("AutoAcceptEnabled");
        s.resource_type = lower(f.text("ServiceResourceType"));
    });
}

fn service_resources(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let of: Fact<Link<Service>> = sink.param("ServiceId").map(Link::id);
    let (items, more) = members(f.opt_records("Resources", |r| r.text("ResourceId")).map(values));
    sink.append(&of, |s: &mut Service| &mut s.resources, items, more);
    let (items, more) = members(f.opt_records("Resources", |r| r.text("ZoneId")).map(values));
    sink.append(&of, |s: &mut Service| &mut s.zones, items, more);
}

fn service_users(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let of: Fact<Link<Service>> = sink.param("ServiceId").map(Link::id);
    let (mut items, more) = members(f.opt_records("Users", |u| u.text("UserId")).map(values));
    let (arns, more_arns) = members(f.opt_records("UserARNs", |u| u.text("UserARN")).map(values));
    items.extend(arns);
    let more = more.or(more_arns);
    sink.append(&of, |s: &mut Service| &mut s.users, items, more);
}
