//! NAT gateway answers (the product code is `vpc`).

use xiezhi_model::service::nat::{ForwardEntry, Gateway, SnatEntry};
use xiezhi_model::{Batch, Fact, Key, Link, List, Reason, Text};

use super::Call;
use crate::fields::Fields;
use crate::sink::Sink;
use crate::words::{lower, ports};

/// The calls about NAT gateways.
pub const CALLS: &[Call] = &[
    Call::listing("vpc", "DescribeNatGateways", "NatGateways.NatGateway", Gateway::SCHEMA, gateway),
    Call::listing(
        "vpc",
        "DescribeForwardTableEntries",
        "ForwardTableEntries.ForwardTableEntry",
        ForwardEntry::SCHEMA,
        forward_entry,
    ),
    Call::listing("vpc", "DescribeSnatTableEntries", "SnatTableEntries.SnatTableEntry", SnatEntry::SCHEMA, snat_entry),
];

fn gateway(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("NatGatewayId"), |g: &mut Gateway| {
        g.head.name = f.opt_text("Name");
        g.vpc = f.link("VpcId");
        g.vswitch = f.link("NatGatewayPrivateInfo.VswitchId");
        g.network_type = lower(f.text("NetworkType"));
        g.nat_type = lower(f.text("NatType"));
        g.private_ips = f.texts("NatGatewayPrivateInfo.PrivateIpAddress");
        g.deletion_protection = f.bool("DeletionProtection");
        g.forward_tables = f.texts("ForwardTableIds.ForwardTableId");
        g.snat_tables = f.texts("SnatTableIds.SnatTableId");
    });
}

/// The gateway with that table: answers name the table always, the gateway not always.
fn gateway_with(
    batch: &mut Batch,
    table: &str,
    tables: fn(&Gateway) -> &Fact<List<Text>>,
) -> Option<Fact<Link<Gateway>>> {
    batch.resources::<Gateway>().into_iter().find_map(|gateway| {
        let has = tables(gateway).value().is_some_and(|list| list.items.iter().any(|id| id == table));
        has.then(|| gateway.head.id.clone().map(Link::id))
    })
}

fn forward_entry(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let id = f.text("ForwardEntryId");
    let gateway = said_gateway(f, sink);
    sink.put(f, id.clone(), |e: &mut ForwardEntry| {
        e.head.name = f.opt_text("ForwardEntryName");
        e.table = f.text("ForwardTableId");
        e.gateway = gateway;
        e.protocol = lower(f.text("IpProtocol"));
        e.external_ip = f.text("ExternalIp");
        e.external_ports = ports(f.text("ExternalPort"), &e.protocol);
        e.internal_ip = f.text("InternalIp");
        e.internal_ports = ports(f.text("InternalPort"), &e.protocol);
        e.status = lower(f.text("Status"));
    });
    if let (false, Some(id), Some(table)) =
        (f.has("NatGatewayId"), id.value().cloned(), f.text("ForwardTableId").value().cloned())
    {
        let origin = f.origin();
        sink.batch.later(move |batch| {
            if let Some(link) = gateway_with(batch, &table, |g| &g.forward_tables) {
                batch.edit::<ForwardEntry>(&Key::id(id), &origin, |e| e.gateway.merge(link));
            }
        });
    }
}

/// The gateway that the entry names, or the one whose entries were asked for: a file may be called after the table
/// instead, so that only an id of a gateway counts.
fn said_gateway(f: &Fields<'_>, sink: &Sink<'_>) -> Fact<Link<Gateway>> {
    if f.has("NatGatewayId") {
        return f.link("NatGatewayId");
    }
    match sink.param("NatGatewayId").map(Link::id) {
        asked if asked.value().is_some_and(|link: &Link<Gateway>| link.target.starts_with("ngw-")) => asked,
        _ => f.unknown(Reason::NotInEvidence),
    }
}

fn snat_entry(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let id = f.text("SnatEntryId");
    let gateway = said_gateway(f, sink);
    sink.put(f, id.clone(), |e: &mut SnatEntry| {
        e.head.name = f.opt_text("SnatEntryName");
        e.table = f.text("SnatTableId");
        e.gateway = gateway;
        e.source_cidr = f.opt_text("SourceCIDR");
        e.source_vswitch = f.link("SourceVSwitchId");
        e.addresses = f.texts("SnatIp");
    });
    if let (false, Some(id), Some(table)) =
        (f.has("NatGatewayId"), id.value().cloned(), f.text("SnatTableId").value().cloned())
    {
        let origin = f.origin();
        sink.batch.later(move |batch| {
            if let Some(link) = gateway_with(batch, &table, |g| &g.snat_tables) {
                batch.edit::<SnatEntry>(&Key::id(id), &origin, |e| e.gateway.merge(link));
            }
        });
    }
}
