//! NAT gateways and their entries (network semantics §3.5).

use std::net::Ipv4Addr;

use xiezhi_model::service::{eip, nat, vpc};
use xiezhi_model::{Fact, Gap, Head, Link, List, Reason, State, Text};
use xiezhi_net::model::{Dnat, Id, Mapping, Nat, Protocol, Seen, Snat, net};

use super::convert::{Converter, id_of, ranges};
use super::interfaces::member;
use super::ways::known;

/// The NAT gateways with their entries. `enis` and `eips` must have been converted before: entries name their addresses.
pub(super) fn nats(converter: &mut Converter<'_>) -> Vec<Nat> {
    let inventory = converter.inventory;
    let mut all = Vec::new();
    for gateway in inventory.all::<nat::Gateway>() {
        let id = id_of(&gateway.head);
        let Seen::Known(vpc) = converter.link(&gateway.head, "VPC", &gateway.vpc) else {
            converter.blind(&gateway.head, &Reason::NotInEvidence);
            continue;
        };
        let kind = converter.seen(&id, "network type", &gateway.network_type, |kind| match kind.as_str() {
            "internet" => Ok(false),
            "intranet" => Ok(true),
            other => Err(Reason::not_understood(format!("the network type `{other}`"))),
        });
        // Of a gateway that may be either, nobody knows whether its entries lead in from the internet.
        let (intranet, entries) = match &kind {
            Seen::Known(intranet) => (*intranet, dnat_entries(converter, gateway)),
            Seen::Absent => (false, Err(Reason::NotInEvidence)),
            Seen::Missing(what) => (false, Err(converter.reason_of(what))),
        };
        let dnat = match entries {
            Ok(entries) => Seen::Known(entries),
            Err(reason) => {
                converter.blind(&gateway.head, &reason);
                Seen::Missing(converter.gap(format!("DNAT entries of {id}"), &reason))
            }
        };
        let snat = snat_entries(converter, gateway);
        let vswitch = converter.link(&gateway.head, "vSwitch", &gateway.vswitch);
        let addresses = converter.seen(&id, "private addresses", &gateway.private_ips, |list| {
            super::convert::each(list, |text| text.parse().ok())
        });
        all.push(Nat { id, vpc, vswitch, intranet, addresses, dnat, snat });
    }
    all
}

/// Whether an entry is of a gateway: by its own word, or by its table's.
fn of_gateway(
    converter: &Converter<'_>,
    gateway: &nat::Gateway,
    entry: &Head,
    named: &Fact<Link<nat::Gateway>>,
    table: &Fact<Text>,
    tables: &Fact<List<Text>>,
) -> Result<bool, Reason> {
    if let Some(link) = named.value() {
        return Ok(converter.follow(entry, link) == id_of(&gateway.head));
    }
    match (&table.state, &tables.state) {
        (State::Known(table), State::Known(tables)) if tables.more.is_none() => Ok(tables.items.contains(table)),
        (State::Known(table), State::Known(tables)) if tables.items.contains(table) => Ok(true),
        (State::Unknown(reason), _) | (_, State::Unknown(reason)) => Err(reason.clone()),
        _ => Err(Reason::NotInEvidence),
    }
}

fn dnat_entries(converter: &mut Converter<'_>, gateway: &nat::Gateway) -> Result<Vec<Dnat>, Reason> {
    let inventory = converter.inventory;
    let mut out = Vec::new();
    for entry in inventory.all::<nat::ForwardEntry>() {
        if !of_gateway(converter, gateway, &entry.head, &entry.gateway, &entry.table, &gateway.forward_tables)? {
            continue;
        }
        let id = id_of(&entry.head);
        converter.rests(&id, &entry.internal_ports);
        let external = address(converter, &entry.head, &entry.external_ip)?;
        let internal = address(converter, &entry.head, &entry.internal_ip)?;
        let mapping = match mapping(entry) {
            Ok(mapping) => mapping,
            Err(reason) => Mapping::Missing(converter.gap(format!("ports of {id}"), &reason)),
        };
        out.push(Dnat { id, external, internal, mapping });
    }
    Ok(out)
}

fn mapping(entry: &nat::ForwardEntry) -> Result<Mapping, Reason> {
    let protocol = match known(&entry.protocol, "the protocol")?.as_str() {
        "tcp" => Protocol::Tcp,
        "udp" => Protocol::Udp,
        "any" => return Ok(Mapping::Whole),
        other => return Err(Reason::not_understood(format!("the protocol `{other}`"))),
    };
    let external = ranges(&known(&entry.external_ports, "the external ports")?)?;
    let internal = ranges(&known(&entry.internal_ports, "the internal ports")?)?;
    match (external.as_slice(), internal.as_slice()) {
        // NAT-1: ranges of equal length.
        ([external], [(internal, last)])
            if external.1.checked_sub(external.0) == last.checked_sub(*internal) && external.0 <= external.1 =>
        {
            Ok(Mapping::Ports { protocol, external: *external, internal: *internal })
        }
        _ => Err(Reason::not_understood("the ports of a DNAT entry")),
    }
}

/// An IPv4 address, or that of the resource that the text names.
fn address(converter: &Converter<'_>, from: &Head, fact: &Fact<Text>) -> Result<Ipv4Addr, Reason> {
    let text = known(fact, "the address")?;
    if let Ok(address) = text.parse() {
        return Ok(address);
    }
    let eip = converter.follow(from, &Link::<eip::Eip>::id(text.clone()));
    let inside = member(converter, from, &text);
    let named = [eip, Id::from(format!("{inside}/primary")), inside];
    named.iter().find_map(|id| converter.address_of(id)).ok_or_else(|| Reason::unresolved(text.as_str()))
}

/// The SNAT entries that are of a gateway or may be: what is not known of one leaves the others as they are.
fn snat_entries(converter: &mut Converter<'_>, gateway: &nat::Gateway) -> Seen<Vec<Snat>> {
    let inventory = converter.inventory;
    let mut out = Vec::new();
    let region = gateway.head.region.value();
    let gaps = inventory.gaps(nat::SnatEntry::SCHEMA);
    let here = |gap: &&Gap| match (gap.region.as_deref(), region) {
        (Some(one), Some(other)) => one == other.as_str(),
        _ => true,
    };
    if let Some(gap) = gaps.iter().find(here) {
        // Entries that were not listed may hold every address.
        let id = format!("SNAT entries of {}", id_of(&gateway.head));
        let what = converter.gap(id.as_str(), &gap.reason);
        out.push(Snat { id: id.into(), source: Seen::Missing(what.clone()), addresses: Seen::Missing(what) });
    }
    for entry in inventory.all::<nat::SnatEntry>() {
        let id = id_of(&entry.head);
        let source =
            match of_gateway(converter, gateway, &entry.head, &entry.gateway, &entry.table, &gateway.snat_tables) {
                Ok(false) => continue,
                Ok(true) => source(converter, entry),
                Err(reason) => Err(reason),
            };
        let source = match source {
            Ok(source) => Seen::Known(source),
            Err(reason) => Seen::Missing(converter.gap(format!("source of {id}"), &reason)),
        };
        let addresses = match known(&entry.addresses, "the addresses") {
            Ok(List { more: Some(reason), .. }) => Err(reason),
            Ok(list) => {
                let texts = list.items.iter().map(|text| Fact::known(text.clone(), entry.addresses.origin.clone()));
                texts.map(|text| address(converter, &entry.head, &text)).collect()
            }
            Err(reason) => Err(reason),
        };
        let addresses = match addresses {
            Ok(all) => Seen::Known(all),
            Err(reason) => Seen::Missing(converter.gap(format!("addresses of {id}"), &reason)),
        };
        out.push(Snat { id, source, addresses });
    }
    Seen::Known(out)
}

fn source(converter: &Converter<'_>, entry: &nat::SnatEntry) -> Result<ipnet::IpNet, Reason> {
    match (&entry.source_cidr.state, &entry.source_vswitch.state) {
        (State::Known(text), _) => net(text).ok_or_else(|| Reason::not_understood(format!("the block `{text}`"))),
        (_, State::Known(link)) => {
            let vswitch = converter.inventory.follow_as::<vpc::VSwitch>(Some(&entry.head), &link.target);
            let cidr = vswitch.ok_or(Reason::NotInEvidence).and_then(|vswitch| known(&vswitch.cidr, "the block"))?;
            net(&cidr).ok_or_else(|| Reason::not_understood(format!("the block `{cidr}`")))
        }
        (State::Unknown(reason), _) | (_, State::Unknown(reason)) => Err(reason.clone()),
        _ => Err(Reason::NotInEvidence),
    }
}
