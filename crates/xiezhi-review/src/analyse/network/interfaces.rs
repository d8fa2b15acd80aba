//! Network interfaces, those that instances imply, EIPs, high-availability addresses and NAT gateways.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use xiezhi_model::service::{eci, ecs, eip, nat, vpc};
use xiezhi_model::{Fact, Head, Link, List, Reason, State, Text};
use xiezhi_net::model::{
    Binding, Bound, Dnat, Eip, EipMode, Eni, HaVip, Id, Ipv6, Mapped, Mapping, Nat, Protocol, Seen, Snat, net,
};

use super::super::evidence::Listed;
use super::convert::{Converter, id_of, ranges};
use super::ways::known;

/// The interfaces that the evidence states, and the primary one of each instance for which it states none.
pub(super) fn enis(converter: &mut Converter<'_>) -> Vec<Eni> {
    let inventory = converter.inventory;
    let addresses = V6::of(converter);
    let mut all = Vec::new();
    let mut primary: rustc_hash::FxHashSet<Id> = rustc_hash::FxHashSet::default();
    for stated in inventory.all::<ecs::NetworkInterface>() {
        let id = id_of(&stated.head);
        let instance = match converter.link(&stated.head, "instance", &stated.instance) {
            Seen::Known(instance) => Some(instance),
            Seen::Absent => None,
            Seen::Missing(what) => {
                let reason = converter.reason_of(&what);
                converter.blind(&stated.head, &reason);
                None
            }
        };
        if stated.use_as.value().is_some_and(|kind| kind == "primary") {
            primary.extend(instance.clone());
        }
        let vswitch = converter.link(&stated.head, "vSwitch", &stated.vswitch);
        let vpc = vpc_of(converter, &stated.head, &stated.vpc, &stated.vswitch);
        let private = private(converter, &id, stated.primary_ip.value(), &stated.private_ips);
        let mut public = Vec::new();
        for own in stated.public_ips.value().into_iter().flat_map(|list| &list.items) {
            if own.eip.is_absent()
                && let Some(address) = own.public.value().and_then(|text| text.parse().ok())
            {
                let inside = own.private.value().and_then(|text| text.parse().ok());
                let first = inside.or_else(|| private.first().copied());
                public.extend(first.map(|private| Mapped { public: address, private }));
            }
        }
        let ipv6 = addresses.on(converter, &stated.head, &id, &stated.ipv6_addresses, vpc.known());
        if stated.ipv6_addresses.reason().is_some() {
            addresses.unseen(converter, &stated.head, &stated.vswitch);
        }
        let groups = converter.links(&stated.head, "security groups", &stated.security_groups);
        all.push(Eni { id, instance, vpc, vswitch, addresses: private, ipv6, public, groups });
    }
    // The last stated interface of each instance takes its own addresses.
    let stated_of: rustc_hash::FxHashMap<Id, usize> =
        all.iter().enumerate().filter_map(|(at, eni): (usize, &Eni)| Some((eni.instance.clone()?, at))).collect();
    for instance in inventory.all::<ecs::Instance>() {
        let own = id_of(&instance.head);
        if primary.contains(&own) {
            let first = stated_of.get(&own).copied();
            public_of_instance(converter, instance, &own, first, &mut all);
            continue;
        }
        let id = Id::from(format!("{own}/primary"));
        addresses.unseen(converter, &instance.head, &instance.vswitch);
        let vswitch = converter.link(&instance.head, "vSwitch", &instance.vswitch);
        let vpc = match instance.network_type.value().map(Text::as_str) {
            Some("classic") => Seen::Absent,
            _ => vpc_of(converter, &instance.head, &instance.vpc, &instance.vswitch),
        };
        let private = private(converter, &id, None, &instance.private_ips);
        let groups = converter.links(&instance.head, "security groups", &instance.security_groups);
        let label = converter.label(&own);
        converter.inherit(&id, label);
        all.push(Eni {
            id,
            instance: Some(own.clone()),
            vpc,
            vswitch,
            addresses: private,
            ipv6: Vec::new(),
            public: Vec::new(),
            groups,
        });
        let first = all.len().checked_sub(1);
        public_of_instance(converter, instance, &own, first, &mut all);
    }
    for group in inventory.all::<eci::ContainerGroup>() {
        all.push(container_group(converter, group));
    }
    all
}

/// The instance's own public addresses, on its first interface. Bandwidth above 0 gives it one when it starts
/// (ECS RunInstances `InternetMaxBandwidthOut`), though nobody knows yet which.
fn public_of_instance(
    converter: &mut Converter<'_>,
    instance: &ecs::Instance,
    own: &Id,
    first: Option<usize>,
    all: &mut [Eni],
) {
    let mut found: Vec<Ipv4Addr> = Vec::new();
    converter.rests(own, &instance.public_ips);
    let doubt = match (&instance.public_ips.state, &instance.internet_bandwidth_out.state) {
        (State::Known(list), _) => {
            found.extend(list.items.iter().filter_map(|text| text.parse::<Ipv4Addr>().ok()));
            list.more.clone()
        }
        (State::Absent, _) => None,
        (State::Unknown(_), State::Known(0)) => None,
        (State::Unknown(Reason::NotInEvidence), State::Known(_)) => {
            converter.rests(own, &instance.internet_bandwidth_out);
            found.push(converter.placeholder());
            None
        }
        (State::Unknown(reason), _) => Some(reason.clone()),
    };
    if let Some(reason) = doubt {
        converter.blind(&instance.head, &reason);
    }
    if let Some(reason) = instance.secondary_interfaces.reason() {
        converter.blind(&instance.head, &reason.clone());
    }
    for link in instance.secondary_interfaces.value().into_iter().flat_map(|list| &list.items) {
        let found = converter.inventory.follow_as::<ecs::NetworkInterface>(Some(&instance.head), &link.target);
        if found.is_none() {
            converter.blind(&instance.head, &Reason::NotCollected);
        }
    }
    let Some(eni) = first.and_then(|at| all.get_mut(at)) else { return };
    let Some(private) = eni.addresses.first().copied() else { return };
    for public in found {
        if eni.public.iter().all(|known| known.public != public) {
            eni.public.push(Mapped { public, private });
        }
    }
}

fn container_group(converter: &mut Converter<'_>, group: &eci::ContainerGroup) -> Eni {
    let own = id_of(&group.head);
    let id = Id::from(format!("{own}/primary"));
    let vswitch = converter.link(&group.head, "vSwitch", &group.vswitch);
    let silent = Fact::unknown(Reason::NotInEvidence, group.head.origin.clone());
    let vpc = vpc_of(converter, &group.head, &silent, &group.vswitch);
    let address = group.private_ip.value().and_then(|text| text.parse().ok());
    let private = address.unwrap_or_else(|| converter.placeholder_for(&id));
    let public = match (&group.public_ip.state, group.auto_create_eip.value()) {
        (State::Known(text), _) => text.parse().ok(),
        (State::Absent | State::Unknown(_), Some(true)) => Some(converter.placeholder()),
        (State::Absent, _) | (State::Unknown(_), Some(false)) => None,
        (State::Unknown(reason), None) => {
            converter.blind(&group.head, &reason.clone());
            None
        }
    };
    let groups = converter.link(&group.head, "security group", &group.security_group);
    let groups = match groups {
        Seen::Known(group) => Seen::Known(vec![group]),
        Seen::Absent => Seen::Absent,
        Seen::Missing(what) => Seen::Missing(what),
    };
    let label = converter.label(&own);
    converter.inherit(&id, label);
    Eni {
        id,
        instance: Some(own),
        vpc,
        vswitch,
        addresses: vec![private],
        ipv6: Vec::new(),
        public: public.map(|public| Mapped { public, private }).into_iter().collect(),
        groups,
    }
}

/// The VPC that a resource names, else the one of its vSwitch.
pub(super) fn vpc_of(
    converter: &mut Converter<'_>,
    head: &Head,
    vpc: &Fact<Link<vpc::Vpc>>,
    vswitch: &Fact<Link<vpc::VSwitch>>,
) -> Seen<Id> {
    if vpc.reason().is_some()
        && let Some(link) = vswitch.value()
        && let Some(vswitch) = converter.inventory.follow_as::<vpc::VSwitch>(Some(head), &link.target)
    {
        return converter.link(&vswitch.head, "VPC", &vswitch.vpc);
    }
    converter.link(head, "VPC", vpc)
}

/// Private addresses, the primary one first; one that stands for the address that nobody knows before there is any.
fn private(converter: &mut Converter<'_>, id: &Id, primary: Option<&Text>, all: &Fact<List<Text>>) -> Vec<Ipv4Addr> {
    let listed = all.value().into_iter().flat_map(|list| &list.items).filter_map(|text| text.parse().ok());
    let mut out: Vec<Ipv4Addr> = primary.and_then(|text| text.parse().ok()).into_iter().chain(listed).collect();
    let mut seen = std::collections::BTreeSet::new();
    out.retain(|address| seen.insert(*address));
    match out.first() {
        Some(first) => converter.name_address(id, *first),
        None => out.push(converter.placeholder_for(id)),
    }
    out
}

/// The IPv6 addresses that the evidence states, and what it says of their bandwidth.
struct V6 {
    bought: rustc_hash::FxHashMap<Ipv6Addr, (Id, Result<bool, Reason>)>,
    listed: Listed,
}

impl V6 {
    fn of(converter: &Converter<'_>) -> Self {
        let inventory = converter.inventory;
        let bought = inventory
            .all::<vpc::Ipv6Address>()
            .iter()
            .filter_map(|address| {
                let number = address.address.value()?.parse().ok()?;
                let bandwidth = match &address.internet_bandwidth.state {
                    State::Known(mbit) => Ok(*mbit > 0),
                    State::Absent => Ok(false),
                    State::Unknown(reason) => Err(reason.clone()),
                };
                Some((number, (id_of(&address.head), bandwidth)))
            })
            .collect();
        Self { bought, listed: Listed::of::<vpc::Ipv6Address>(inventory) }
    }

    /// Interfaces whose IPv6 addresses the evidence does not state may have some, unless their vSwitch has no IPv6 block
    /// or no address of the region has internet bandwidth.
    fn unseen(&self, converter: &mut Converter<'_>, head: &Head, vswitch: &Fact<Link<vpc::VSwitch>>) {
        let stands = vswitch.value().and_then(|link| {
            converter.inventory.follow_as::<vpc::VSwitch>(Some(head), &link.target).map(|vswitch| &vswitch.ipv6_cidr)
        });
        if vswitch.is_absent() || stands.is_some_and(Fact::is_absent) {
            return;
        }
        let none_bought =
            self.listed.gap(head).is_none() && self.bought.values().all(|(_, bought)| *bought == Ok(false));
        if !none_bought {
            converter.blind(head, &Reason::NotCollected);
        }
    }

    fn on(
        &self,
        converter: &mut Converter<'_>,
        head: &Head,
        eni: &Id,
        stated: &Fact<List<Text>>,
        vpc: Option<&Id>,
    ) -> Vec<Ipv6> {
        let numbers: Vec<Ipv6Addr> = stated
            .value()
            .into_iter()
            .flat_map(|list| &list.items)
            .filter_map(|text| text.split('/').next()?.parse().ok())
            .collect();
        if numbers.is_empty() {
            return Vec::new();
        }
        let egress_only = self.egress_only(converter, vpc);
        numbers
            .into_iter()
            .map(|address| {
                let found = self.bought.get(&address);
                let bandwidth = match (found, self.listed.gap(head)) {
                    (Some((_, Ok(bought))), _) => Seen::Known(*bought),
                    (Some((_, Err(reason))), _) | (None, Some(reason)) => {
                        Seen::Missing(converter.gap(format!("internet bandwidth of {address} on {eni}"), reason))
                    }
                    (None, None) => Seen::Absent,
                };
                Ipv6 { id: found.map(|(id, _)| id.clone()), address, bandwidth, egress_only: egress_only.clone() }
            })
            .collect()
    }

    fn egress_only(&self, converter: &mut Converter<'_>, vpc: Option<&Id>) -> Seen<Vec<Id>> {
        let mut targets = Vec::new();
        for gateway in converter.inventory.all::<vpc::Ipv6Gateway>() {
            let of = gateway.vpc.value().map(|link| converter.follow(&gateway.head, link));
            if of.is_some() && of.as_ref() != vpc {
                continue;
            }
            let id = id_of(&gateway.head);
            let seen = converter.seen(&id, "egress-only rules", &gateway.egress_only, |list| match &list.more {
                Some(reason) => Err(reason.clone()),
                None => Ok(list.items.clone()),
            });
            match seen {
                Seen::Known(items) => targets.extend(items.iter().map(|target| {
                    let found = converter.inventory.follow_as::<vpc::Ipv6Address>(Some(&gateway.head), target);
                    found.map_or_else(|| Id::from(target.as_str()), |address| id_of(&address.head))
                })),
                Seen::Absent => {}
                Seen::Missing(what) => return Seen::Missing(what),
            }
        }
        Seen::Known(targets)
    }
}

/// The elastic IP addresses.
pub(super) fn eips(converter: &mut Converter<'_>) -> Vec<Eip> {
    let inventory = converter.inventory;
    inventory
        .all::<eip::Eip>()
        .iter()
        .map(|stated| {
            let id = id_of(&stated.head);
            converter.rests(&id, &stated.bound_to);
            let address = address_of_eip(converter, stated);
            if let IpAddr::V4(v4) = address {
                converter.name_address(&id, v4);
            }
            let bound = match binding(converter, stated) {
                Ok(Some(binding)) => Seen::Known(binding),
                Ok(None) => Seen::Absent,
                Err(reason) => {
                    converter.blind(&stated.head, &reason);
                    Seen::Missing(converter.gap(format!("what {id} is bound to"), &reason))
                }
            };
            let locked = stated.locks.value().is_some_and(|locks| !locks.items.is_empty());
            Eip { id, address, bound, locked }
        })
        .collect()
}

/// The address of an EIP; one that stands for it before the provider assigns it.
pub(super) fn address_of_eip(converter: &mut Converter<'_>, stated: &eip::Eip) -> IpAddr {
    let address: Option<IpAddr> = stated.address.value().and_then(|text| text.parse().ok());
    address.unwrap_or_else(|| converter.placeholder_for(&id_of(&stated.head)).into())
}

fn binding(converter: &Converter<'_>, stated: &eip::Eip) -> Result<Option<Binding>, Reason> {
    let to = match &stated.bound_to.state {
        State::Known(to) => to.clone(),
        State::Absent => return Ok(None),
        State::Unknown(reason) => return Err(reason.clone()),
    };
    let kind = known(&stated.bound_type, "what the EIP is bound to")?;
    let private = match &stated.private_ip.state {
        State::Known(text) => {
            Some(text.parse::<Ipv4Addr>().map_err(|_| Reason::not_understood(format!("the address `{text}`")))?)
        }
        State::Absent => None,
        // Which of its addresses the EIP stands for matters to rules that are narrowed to own addresses only.
        State::Unknown(_) => None,
    };
    let head = &stated.head;
    let to = match kind.as_str() {
        "ecs-instance" => Bound::Instance(converter.follow(head, &Link::<ecs::Instance>::id(to))),
        "network-interface" => Bound::Interface(converter.follow(head, &Link::<ecs::NetworkInterface>::id(to))),
        "ha-vip" => Bound::HaVip(converter.follow(head, &Link::<vpc::HaVip>::id(to))),
        "nat" => Bound::Nat(converter.follow(head, &Link::<nat::Gateway>::id(to))),
        "slb-instance" => Bound::Balancer(super::balancers::named(converter, head, &to)),
        "ip-address" => match private {
            Some(address) => Bound::Address(converter.follow(head, &Link::<vpc::Vpc>::id(to)), address),
            None => return Err(Reason::NotInEvidence),
        },
        other => return Err(Reason::not_understood(format!("the EIP binding `{other}`"))),
    };
    let mode = match &stated.mode.state {
        State::Known(word) if word == "cut-through" => EipMode::CutThrough,
        State::Known(word) if word == "multi-bound" => EipMode::Multi,
        State::Known(_) | State::Absent => EipMode::Nat,
        State::Unknown(reason) => return Err(reason.clone()),
    };
    Ok(Some(Binding { to, private, mode }))
}

/// The high-availability virtual addresses that can be placed.
pub(super) fn havips(converter: &mut Converter<'_>) -> Vec<HaVip> {
    let inventory = converter.inventory;
    let mut all = Vec::new();
    for stated in inventory.all::<vpc::HaVip>() {
        let id = id_of(&stated.head);
        let (Seen::Known(vpc), Some(address)) = (
            converter.link(&stated.head, "VPC", &stated.vpc),
            stated.address.value().and_then(|text| text.parse().ok()),
        ) else {
            converter.blind(&stated.head, &Reason::NotInEvidence);
            continue;
        };
        let members = converter.seen(&id, "members", &stated.members, |list| match &list.more {
            Some(reason) => Err(reason.clone()),
            None => Ok(list.items.clone()),
        });
        let members = match members {
            Seen::Known(items) => Seen::Known(items.iter().map(|name| member(converter, &stated.head, name)).collect()),
            Seen::Absent => Seen::Absent,
            Seen::Missing(what) => {
                converter.blind(&stated.head, &converter.reason_of(&what));
                Seen::Missing(what)
            }
        };
        all.push(HaVip { id, vpc, address, members });
    }
    all
}

/// The id of an instance or interface by its name.
pub(super) fn member(converter: &Converter<'_>, from: &Head, name: &Text) -> Id {
    let inventory = converter.inventory;
    if let Some(found) = inventory.follow_as::<ecs::Instance>(Some(from), name) {
        return id_of(&found.head);
    }
    if let Some(found) = inventory.follow_as::<eci::ContainerGroup>(Some(from), name) {
        return id_of(&found.head);
    }
    converter.follow(from, &Link::<ecs::NetworkInterface>::id(name.clone()))
}

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
        let intranet = gateway.network_type.value().is_some_and(|kind| kind == "intranet");
        let dnat = match dnat_entries(converter, gateway) {
            Ok(entries) => Seen::Known(entries),
            Err(reason) => {
                converter.blind(&gateway.head, &reason);
                Seen::Missing(converter.gap(format!("DNAT entries of {id}"), &reason))
            }
        };
        let snat = match snat_entries(converter, gateway) {
            Ok(entries) => Seen::Known(entries),
            Err(reason) => Seen::Missing(converter.gap(format!("SNAT entries of {id}"), &reason)),
        };
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
        ([external], [(internal, _)]) => Ok(Mapping::Ports { protocol, external: *external, internal: *internal }),
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

fn snat_entries(converter: &mut Converter<'_>, gateway: &nat::Gateway) -> Result<Vec<Snat>, Reason> {
    let inventory = converter.inventory;
    let mut out = Vec::new();
    for entry in inventory.all::<nat::SnatEntry>() {
        if !of_gateway(converter, gateway, &entry.head, &entry.gateway, &entry.table, &gateway.snat_tables)? {
            continue;
        }
        let source = match (&entry.source_cidr.state, &entry.source_vswitch.state) {
            (State::Known(text), _) => net(text),
            (_, State::Known(link)) => {
                let vswitch = inventory.follow_as::<vpc::VSwitch>(Some(&entry.head), &link.target);
                vswitch.and_then(|vswitch| net(vswitch.cidr.value()?))
            }
            _ => None,
        };
        let source = source.ok_or(Reason::NotInEvidence)?;
        let list = known(&entry.addresses, "the addresses")?;
        let addresses = list
            .items
            .iter()
            .map(|text| address(converter, &entry.head, &Fact::known(text.clone(), entry.addresses.origin.clone())));
        out.push(Snat { id: id_of(&entry.head), source, addresses: addresses.collect::<Result<_, _>>()? });
    }
    Ok(out)
}
