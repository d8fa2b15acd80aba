//! NAT gateways in Terraform. Source: terraform-provider-alicloud, `website/docs/r/{nat_gateway,forward_entry,snat_entry}`.

use xiezhi_model::service::eip::Eip;
use xiezhi_model::service::nat::{ForwardEntry, Gateway, SnatEntry};
use xiezhi_model::{Fact, Link, List, Reason, State, Text};

use crate::fields::Fields;
use crate::sink::Sink;
use crate::terraform::Block;
use crate::words::{lower, ports, target};

/// The resource types of NAT gateways.
pub const BLOCKS: &[Block] = &[
    Block { name: "alicloud_nat_gateway", kind: Some(Gateway::SCHEMA), read: gateway },
    Block { name: "alicloud_forward_entry", kind: Some(ForwardEntry::SCHEMA), read: forward_entry },
    Block { name: "alicloud_snat_entry", kind: Some(SnatEntry::SCHEMA), read: snat_entry },
];

const GATEWAY: &str = "terraform-provider-alicloud r/nat_gateway";

fn gateway(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("id"), |g: &mut Gateway| {
        g.head.name = f.opt_text(if f.has("nat_gateway_name") { "nat_gateway_name" } else { "name" });
        g.vpc = f.link("vpc_id");
        g.vswitch = f.link("vswitch_id");
        g.network_type = lower(f.text_or("network_type", "internet", GATEWAY));
        g.nat_type = lower(f.text("nat_type"));
        g.private_ips = f.unknown(Reason::NotInEvidence);
        g.deletion_protection = f.bool_or("deletion_protection", false, GATEWAY);
        g.forward_tables = f.texts("forward_table_ids");
        g.snat_tables = f.texts("snat_table_ids");
    });
}

/// The gateway whose table a reference names (`alicloud_nat_gateway.n.forward_table_ids`); a table's own id names none.
fn gateway_of(f: &Fields<'_>, path: &str) -> Fact<Link<Gateway>> {
    let link = f.link::<Gateway>(path);
    match &link.state {
        State::Known(to) if !to.target.contains('#') => f.unknown(Reason::NotInEvidence),
        _ => link,
    }
}

fn forward_entry(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("id"), |e: &mut ForwardEntry| {
        e.head.name = f.opt_text("forward_entry_name");
        e.table = target(f.link::<Gateway>("forward_table_id"));
        e.gateway = gateway_of(f, "forward_table_id");
        e.protocol = lower(f.text("ip_protocol"));
        e.external_ip = target(f.link::<Eip>("external_ip"));
        e.external_ports = ports(f.text("external_port"), &e.protocol);
        e.internal_ip = target(f.link::<Eip>("internal_ip"));
        e.internal_ports = ports(f.text("internal_port"), &e.protocol);
        e.status = lower(f.text_or("status", "Available", "terraform-provider-alicloud r/forward_entry"));
    });
}

fn snat_entry(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("id"), |e: &mut SnatEntry| {
        e.head.name = f.opt_text("snat_entry_name");
        e.table = target(f.link::<Gateway>("snat_table_id"));
        e.gateway = gateway_of(f, "snat_table_id");
        e.source_cidr = f.opt_text("source_cidr");
        e.source_vswitch = f.link("source_vswitch_id");
        e.addresses = addresses(f, "snat_ip");
    });
}

/// Addresses, or the addresses of EIPs of the same configuration as `set#address`.
fn addresses(f: &Fields<'_>, path: &str) -> Fact<List<Text>> {
    match target(f.link::<Eip>(path)).state {
        State::Known(one) if one.contains('#') => f.known(List::complete(vec![one])),
        _ => f.texts(path),
    }
}
