//! Network interfaces, and those that instances imply.

use std::net::Ipv4Addr;

use rustc_hash::{FxHashMap, FxHashSet};
use xiezhi_model::service::{eci, ecs, vpc};
use xiezhi_model::{Fact, Head, Link, List, Reason, State, Text};
use xiezhi_net::model::{Eni, Id, Mapped, Seen};

use super::convert::{Converter, id_of};
use super::ipv6::V6;
use super::privatelink;
use super::ways::known;

/// The interfaces that the evidence states, and the primary one of each instance for which it states none.
pub(super) fn enis(converter: &mut Converter<'_>) -> Vec<Eni> {
    let inventory = converter.inventory;
    let addresses = V6::of(converter);
    let mut all = Vec::new();
    let mut primary: FxHashSet<Id> = FxHashSet::default();
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
        let public = public_of_interface(converter, stated, &private);
        let ipv6 = addresses.on(converter, &stated.head, &id, &stated.ipv6_addresses, vpc.known());
        if stated.ipv6_addresses.reason().is_some() {
            addresses.unseen(converter, &stated.head, &stated.vswitch);
        }
        let groups = converter.links(&stated.head, "security groups", &stated.security_groups);
        all.push(Eni { id, instance, vpc, vswitch, addresses: private, ipv6, public, groups });
    }
    // The last stated interface of each instance takes its own addresses.
    let stated_of: FxHashMap<Id, usize> =
        all.iter().enumerate().filter_map(|(at, eni): (usize, &Eni)| Some((eni.instance.clone()?, at))).collect();
    for instance in inventory.all::<ecs::Instance>() {
        let own = id_of(&instance.head);
        if primary.contains(&own) {
            let first = stated_of.get(&own).copied();
            public_of_instance(converter, instance, &own, first, &mut all);
            continue;
        }
        let id = Id::from(format!("{own}/primary"));
        if instance.ipv6_addresses.reason().is_some() {
            addresses.unseen(converter, &instance.head, &instance.vswitch);
        }
        let vswitch = converter.link(&instance.head, "vSwitch", &instance.vswitch);
        let vpc = match instance.network_type.value().map(Text::as_str) {
            Some("classic") => Seen::Absent,
            _ => vpc_of(converter, &instance.head, &instance.vpc, &instance.vswitch),
        };
        let private = private(converter, &id, None, &instance.private_ips);
        let groups = converter.links(&instance.head, "security groups", &instance.security_groups);
        let ipv6 = addresses.on(converter, &instance.head, &id, &instance.ipv6_addresses, vpc.known());
        let label = converter.label(&own);
        converter.inherit(&id, label);
        all.push(Eni {
            id,
            instance: Some(own.clone()),
            vpc,
            vswitch,
            addresses: private,
            ipv6,
            public: Vec::new(),
            groups,
        });
        let first = all.len().checked_sub(1);
        public_of_instance(converter, instance, &own, first, &mut all);
    }
    for group in inventory.all::<eci::ContainerGroup>() {
        all.push(container_group(converter, group));
    }
    all.extend(privatelink::interfaces(converter));
    all
}

/// The public addresses of an interface that are no EIPs; EIPs come by themselves. One that cannot be read, or of which
/// nobody knows whether it is an EIP, leaves the neighbourhood in doubt.
fn public_of_interface(
    converter: &mut Converter<'_>,
    stated: &ecs::NetworkInterface,
    private: &[Ipv4Addr],
) -> Vec<Mapped> {
    let list = match &stated.public_ips.state {
        State::Known(list) => list,
        State::Absent => return Vec::new(),
        State::Unknown(reason) => {
            converter.blind(&stated.head, reason);
            return Vec::new();
        }
    };
    if let Some(reason) = &list.more {
        converter.blind(&stated.head, reason);
    }
    let mut found = Vec::new();
    for own in &list.items {
        let public = match &own.eip.state {
            State::Known(_) => continue,
            State::Unknown(reason) => Err(reason.clone()),
            State::Absent => known(&own.public, "the public address").and_then(|text| v4(&text)),
        };
        let inside = own.private.value().and_then(|text| text.parse().ok()).or_else(|| private.first().copied());
        match (public, inside) {
            (Ok(public), Some(private)) => found.push(Mapped { public, private }),
            (Ok(_), None) => converter.blind(&stated.head, &Reason::NotInEvidence),
            (Err(reason), _) => converter.blind(&stated.head, &reason),
        }
    }
    found
}

fn v4(text: &str) -> Result<Ipv4Addr, Reason> {
    text.parse().map_err(|_| Reason::not_understood(format!("the address `{text}`")))
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
            let mut doubt = list.more.clone();
            for text in &list.items {
                match v4(text) {
                    Ok(address) => found.push(address),
                    Err(reason) => doubt = Some(reason),
                }
            }
            doubt
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
        (State::Known(text), _) => match v4(text) {
            Ok(address) => Some(address),
            Err(reason) => {
                converter.blind(&group.head, &reason);
                None
            }
        },
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
