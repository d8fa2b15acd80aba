//! Load balancers, their listeners, access lists and the servers behind them: what is the same for every product.
//! [`classic`] and [`elastic`] hold what differs.

mod classic;
mod elastic;
mod rules;

use std::net::IpAddr;

use xiezhi_model::service::{alb, gwlb, nlb, slb};
use xiezhi_model::{Fact, Head, Inventory, Link, List, Reason, Resource, State, Text};
use xiezhi_net::model::{AccessControl, AccessKind, AccessList, Balancer, Id, Listener, Seen, net};

use super::super::evidence::Listed;
use super::convert::{Converter, each, id_of};

/// The id of the load balancer of any product that a text names.
pub(super) fn named(converter: &Converter<'_>, from: &Head, name: &Text) -> Id {
    let inventory = converter.inventory;
    if let Some(found) = inventory.follow_as::<alb::LoadBalancer>(Some(from), name) {
        return id_of(&found.head);
    }
    if let Some(found) = inventory.follow_as::<nlb::LoadBalancer>(Some(from), name) {
        return id_of(&found.head);
    }
    if let Some(found) = inventory.follow_as::<gwlb::LoadBalancer>(Some(from), name) {
        return id_of(&found.head);
    }
    converter.follow(from, &Link::<slb::LoadBalancer>::id(name.clone()))
}

/// The public address of the load balancer that a reference of a configuration names; what stands for it until the
/// provider assigns one.
pub(super) fn address_of(converter: &mut Converter<'_>, reference: &str) -> Option<IpAddr> {
    let inventory = converter.inventory;
    let (id, stated) = if let Some(one) = inventory.follow_as::<slb::LoadBalancer>(None, reference) {
        (id_of(&one.head), classic::stated_address(one))
    } else if let Some(one) = inventory.follow_as::<alb::LoadBalancer>(None, reference) {
        (id_of(&one.head), elastic::public_addresses(&one.zones).first().copied())
    } else {
        let one = inventory.follow_as::<nlb::LoadBalancer>(None, reference)?;
        (id_of(&one.head), elastic::public_addresses(&one.zones).first().copied())
    };
    Some(stated.unwrap_or_else(|| converter.placeholder_for(&id).into()))
}

/// The access control lists of classic and application load balancers.
pub(super) fn access_lists(converter: &mut Converter<'_>) -> Vec<AccessList> {
    let inventory = converter.inventory;
    let classic = inventory.all::<slb::Acl>().iter().map(|acl| (&acl.head, &acl.entries));
    let application = inventory.all::<alb::Acl>().iter().map(|acl| (&acl.head, &acl.entries));
    classic
        .chain(application)
        .map(|(head, entries)| {
            let id = id_of(head);
            let entries = converter.seen(&id, "entries", entries, |entries| each(entries, net));
            AccessList { id, entries }
        })
        .collect()
}

/// Every load balancer.
pub(super) fn balancers(converter: &mut Converter<'_>) -> Vec<Balancer> {
    let mut all = Vec::new();
    product::<slb::LoadBalancer, slb::Listener>(converter, &mut all, classic::balancer);
    product::<alb::LoadBalancer, alb::Listener>(converter, &mut all, elastic::application);
    product::<nlb::LoadBalancer, nlb::Listener>(converter, &mut all, elastic::network);
    all
}

/// The load balancers of one product. Where not all of its listeners were listed, one may lead anywhere near.
fn product<B: Resource, L: Resource>(
    converter: &mut Converter<'_>,
    all: &mut Vec<Balancer>,
    convert: impl Fn(&mut Converter<'_>, &B) -> Balancer,
) {
    let inventory: &Inventory = converter.inventory;
    let listed = Listed::of::<L>(inventory);
    for balancer in inventory.all::<B>() {
        if let Some(reason) = listed.gap_of(balancer.head()) {
            converter.blind(balancer.head(), reason);
        }
        let one = convert(converter, balancer);
        all.push(one);
    }
}

/// The listeners of a balancer. One that cannot be read, or that may be of any balancer, leaves the neighbourhood in
/// doubt.
fn listeners<L: Resource, B: Resource>(
    converter: &mut Converter<'_>,
    balancer: &Head,
    of: impl Fn(&L) -> &Fact<Link<B>>,
    convert: impl Fn(&mut Converter<'_>, &L) -> Result<Listener, Reason>,
) -> Seen<Vec<Listener>> {
    let (own, inventory): (Id, &Inventory) = (id_of(balancer), converter.inventory);
    let mut all = Vec::new();
    for stated in inventory.all::<L>() {
        match &of(stated).state {
            State::Known(link) if converter.follow(stated.head(), link) == own => match convert(converter, stated) {
                Ok(listener) => all.push(listener),
                Err(reason) => converter.blind(balancer, &reason),
            },
            State::Known(_) | State::Absent => {}
            State::Unknown(reason) => converter.blind(stated.head(), reason),
        }
    }
    Seen::Known(all)
}

/// Whether a listener takes traffic; a state on the way to another is neither.
fn running(converter: &mut Converter<'_>, id: &Id, status: &Fact<Text>) -> Seen<bool> {
    converter.seen(id, "status", status, |word| match word.as_str() {
        "running" => Ok(true),
        "stopped" => Ok(false),
        other => Err(Reason::not_understood(format!("the listener status `{other}`"))),
    })
}

/// Whether an address type is that of public addresses.
fn is_internet(word: &Text) -> Result<bool, Reason> {
    match word.as_str() {
        "internet" => Ok(true),
        "intranet" => Ok(false),
        other => Err(Reason::not_understood(format!("the address type `{other}`"))),
    }
}

/// Access control that is on. Its kind is `white` or `black`; another word decides nothing
/// (SLB DescribeLoadBalancerListeners `AclType`, ALB GetListenerAttribute `AclConfig.AclType`).
fn access<A: Resource>(
    converter: &mut Converter<'_>,
    id: &Id,
    from: &Head,
    kind: &Fact<Text>,
    lists: &Fact<List<Link<A>>>,
) -> Seen<AccessControl> {
    let kind = converter.seen(id, "kind of access control", kind, |word| match word.as_str() {
        "white" => Ok(AccessKind::White),
        "black" => Ok(AccessKind::Black),
        other => Err(Reason::not_understood(format!("the kind of access control `{other}`"))),
    });
    match kind {
        Seen::Known(kind) => {
            Seen::Known(AccessControl { kind, lists: converter.links(from, "access lists", lists), legacy: false })
        }
        Seen::Absent => Seen::Absent,
        Seen::Missing(what) => Seen::Missing(what),
    }
}

/// Whether a server gets new flows: by a weight above 0 (CLB-7).
fn takes_flows(converter: &mut Converter<'_>, id: &Id, weight: &Fact<i64>) -> Seen<bool> {
    converter.seen(id, "weight of a server", weight, |weight| Ok(*weight > 0))
}

fn port(number: i64) -> Result<u16, Reason> {
    u16::try_from(number).map_err(|_| Reason::not_understood(format!("the port `{number}`")))
}

/// The members of a list that were seen; that there may be more leaves the neighbourhood in doubt.
fn members<'l, T>(converter: &mut Converter<'_>, near: &Head, list: &'l Fact<List<T>>) -> &'l [T] {
    match &list.state {
        State::Known(list) => {
            if let Some(reason) = &list.more {
                converter.blind(near, reason);
            }
            &list.items
        }
        State::Absent => &[],
        State::Unknown(reason) => {
            converter.blind(near, reason);
            &[]
        }
    }
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests;
