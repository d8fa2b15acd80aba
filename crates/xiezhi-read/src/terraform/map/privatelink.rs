//! PrivateLink in Terraform. Source: terraform-provider-alicloud, `website/docs/r/privatelink_*`.

use xiezhi_model::service::privatelink::{Endpoint, EndpointPlace, Service};
use xiezhi_model::{List, Reason};

use crate::fields::{Fields, documented};
use crate::sink::Sink;
use crate::terraform::Block;
use crate::words::{lower, one_item, target};

/// The resource types of PrivateLink.
pub const BLOCKS: &[Block] = &[
    Block { name: "alicloud_privatelink_vpc_endpoint", kind: Some(Endpoint::SCHEMA), read: endpoint },
    Block { name: "alicloud_privatelink_vpc_endpoint_zone", kind: None, read: endpoint_zone },
    Block { name: "alicloud_privatelink_vpc_endpoint_connection", kind: None, read: connection },
    Block { name: "alicloud_privatelink_vpc_endpoint_service", kind: Some(Service::SCHEMA), read: service },
    Block { name: "alicloud_privatelink_vpc_endpoint_service_resource", kind: None, read: service_resource },
    Block { name: "alicloud_privatelink_vpc_endpoint_service_user", kind: None, read: service_user },
];

const ENDPOINT: &str = "terraform-provider-alicloud r/privatelink_vpc_endpoint";
const SERVICE: &str = "terraform-provider-alicloud r/privatelink_vpc_endpoint_service";

fn endpoint(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("id"), |e: &mut Endpoint| {
        e.head.name = f.opt_text("vpc_endpoint_name");
        e.vpc = f.link("vpc_id");
        e.endpoint_type = lower(f.text_or("endpoint_type", "Interface", ENDPOINT));
        e.service = f.link("service_id");
        e.service_name = f.opt_text("service_name");
        e.security_groups = f.links("security_group_ids");
        // The service makes them, and no resource of a configuration is one: `places` says where they stand.
        e.interfaces = f.unknown(Reason::NotInEvidence);
        e.policy = f.opt_text("policy_document");
        e.connection = lower(f.text("connection_status"));
    });
}

fn endpoint_zone(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let (items, more) = one_item(f.text("zone_id"));
    let of = f.link("endpoint_id");
    sink.append(&of, |e: &mut Endpoint| &mut e.zones, items, more);
    let place = EndpointPlace { zone: f.text("zone_id"), vswitch: f.link("vswitch_id"), address: f.text("eni_ip") };
    sink.append(&of, |e: &mut Endpoint| &mut e.places, vec![place], None);
}

/// The provider's side accepts the endpoint. Source: PrivateLink EnableVpcEndpointConnection.
fn connection(f: &Fields<'_>, sink: &mut Sink<'_>) {
    const PAGE: &str = "terraform-provider-alicloud r/privatelink_vpc_endpoint_connection";
    sink.on(&f.link("endpoint_id"), |e: &mut Endpoint| {
        e.connection = lower(f.text_or("status", "Connected", PAGE));
    });
}

fn service(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("id"), |s: &mut Service| {
        s.head.name = f.opt_text("vpc_endpoint_service_name");
        s.auto_accept = f.bool_or("auto_accept_connection", false, SERVICE);
        s.resource_type = lower(f.text_or("service_resource_type", "slb", SERVICE));
        s.resources = documented(SERVICE).known(List::complete(vec![]));
        s.users = documented(SERVICE).known(List::complete(vec![]));
    });
}

fn service_resource(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let of = f.link::<Service>("service_id");
    let (items, more) = one_item(target(f.link::<Service>("resource_id")));
    sink.append(&of, |s: &mut Service| &mut s.resources, items, more);
    let (items, more) = one_item(f.text("zone_id"));
    sink.append(&of, |s: &mut Service| &mut s.zones, items, more);
}

fn service_user(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let user = f.text(if f.has("user_id") { "user_id" } else { "user_arn" });
    let (items, more) = one_item(user);
    sink.append(&f.link("service_id"), |s: &mut Service| &mut s.users, items, more);
}
