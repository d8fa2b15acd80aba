//! Cloud Firewall as the network crate wants it: public addresses with their switches, and the policies of the internet
//! boundary (CFW-1 to CFW-8). What stands between VPCs is not read: where Cloud Firewall is in use it stays open.

use std::net::IpAddr;

use xiezhi_model::service::cloudfw;
use xiezhi_model::{Fact, List, Reason, Text};
use xiezhi_net::model::{
    Boundary, Direction, Firewall, FirewallAction, FirewallAsset, FirewallPolicy, IpVersion, Peer, PortMatch, Protocol,
    Seen, net, port_ranges,
};

use super::convert::{Converter, each, id_of};
use super::ways::known;

/// Cloud Firewall of the account: not in use when the evidence says so.
pub(super) fn firewall(converter: &mut Converter<'_>) -> Firewall {
    let inventory = converter.inventory;
    let in_use = inventory.all::<cloudfw::Firewall>();
    // Every account has exactly one: where it was looked at there is no other.
    let looked = |gap: &xiezhi_model::Gap| {
        let of = |firewall: &cloudfw::Firewall| firewall.head.account.value().cloned();
        in_use.iter().any(|firewall| gap.of.is_none() || of(firewall) == gap.of)
    };
    let mut doubt =
        inventory.gaps(cloudfw::Firewall::SCHEMA).into_iter().find(|gap| !looked(gap)).map(|gap| gap.reason);
    let mut active = false;
    for firewall in in_use {
        match (firewall.active.value(), firewall.active.reason()) {
            (Some(on), _) => active |= *on,
            (None, reason) => doubt = doubt.or_else(|| reason.cloned()),
        }
    }
    if !active {
        // A configuration that declares no firewall has none before its addresses.
        return match doubt {
            None => Firewall::default(),
            Some(reason) => Firewall {
                assets: Seen::Missing(converter.gap("whether Cloud Firewall guards public addresses", &reason)),
                between_vpcs: Seen::Missing(converter.gap("whether Cloud Firewall stands between VPCs", &reason)),
                internet: Boundary::default(),
            },
        };
    }
    let unread = Reason::not_understood("the firewalls between VPCs");
    Firewall {
        assets: assets(converter),
        internet: internet(converter),
        between_vpcs: Seen::Missing(converter.gap("firewalls between VPCs", &unread)),
    }
}

fn assets(converter: &mut Converter<'_>) -> Seen<Vec<FirewallAsset>> {
    let inventory = converter.inventory;
    if let Some(gap) = inventory.gaps(cloudfw::Asset::SCHEMA).first() {
        return Seen::Missing(converter.gap("which public addresses Cloud Firewall guards", &gap.reason));
    }
    let mut assets = Vec::new();
    for asset in inventory.all::<cloudfw::Asset>() {
        let Some(address) = asset.ip.value().and_then(|text| text.parse::<IpAddr>().ok()) else { continue };
        let on = match converter.seen(&id_of(&asset.head), "firewall switch", &asset.protected, |on| Ok(*on)) {
            // DescribeControlPolicy answers for IPv4 unless it is asked for IPv6.
            Seen::Known(true) if address.is_ipv6() => {
                let reason = Reason::NotCollected;
                Seen::Missing(converter.gap(format!("policies of Cloud Firewall before {address}"), &reason))
            }
            other => other,
        };
        assets.push(FirewallAsset { address, on });
    }
    Seen::Known(assets)
}

/// The policies for traffic from the internet. One that cannot be read may come before any other, so that none decides.
fn internet(converter: &mut Converter<'_>) -> Boundary {
    let inventory = converter.inventory;
    let strict = Seen::Missing(converter.gap("engine mode of the internet boundary", &Reason::NotInEvidence));
    let policies = match inventory.gaps(cloudfw::Policy::SCHEMA).first() {
        Some(gap) => Err(gap.reason.clone()),
        None => inventory.all::<cloudfw::Policy>().iter().map(|stated| policy(converter, stated)).collect(),
    };
    let policies: Result<Vec<Option<FirewallPolicy>>, Reason> = policies;
    // DescribeControlPolicy answers for one direction: without a policy for this one, nobody may have asked for it.
    let asked = policies.and_then(|all| match all.iter().any(Option::is_some) {
        true => Ok(all),
        false => Err(Reason::NotCollected),
    });
    Boundary {
        strict,
        policies: match asked {
            Ok(all) => Seen::Known(all.into_iter().flatten().collect()),
            Err(reason) => Seen::Missing(converter.gap("policies of the internet boundary", &reason)),
        },
    }
}

/// A policy; none for traffic to the internet.
fn policy(converter: &mut Converter<'_>, stated: &cloudfw::Policy) -> Result<Option<FirewallPolicy>, Reason> {
    match known(&stated.direction, "the direction of a policy")?.as_str() {
        "in" => {}
        "out" => return Ok(None),
        other => return Err(Reason::not_understood(format!("the direction `{other}`"))),
    }
    let id = id_of(&stated.head);
    let action = match known(&stated.action, "the action of a policy")?.as_str() {
        "accept" => FirewallAction::Accept,
        "drop" => FirewallAction::Drop,
        "log" => FirewallAction::Monitor,
        other => return Err(Reason::not_understood(format!("the action `{other}`"))),
    };
    let order = known(&stated.order, "the order of a policy")?;
    let order = u32::try_from(order).map_err(|_| Reason::not_understood(format!("the order `{order}`")))?;
    let protocol = converter.seen(&id, "protocol", &stated.protocol, |word| match word.as_str() {
        "any" => Ok(Protocol::All),
        other => Protocol::parse(other).ok_or_else(|| Reason::not_understood(format!("the protocol `{other}`"))),
    });
    let ported = matches!(protocol, Seen::Known(Protocol::Tcp | Protocol::Udp));
    let ports = match converter.seen(&id, "ports", &stated.ports, ranges) {
        _ if !ported => PortMatch::All,
        Seen::Known(ranges) => PortMatch::Ranges(ranges),
        Seen::Absent => PortMatch::All,
        Seen::Missing(what) => PortMatch::Missing(what),
    };
    // CFW-4: an application other than ANY narrows what the policy is sure to meet.
    let narrow = match converter.seen(&id, "application", &stated.application, |word| Ok(word != "ANY")) {
        Seen::Absent => Seen::Missing(converter.gap(format!("application of {id}"), &Reason::NotInEvidence)),
        seen => seen,
    };
    Ok(Some(FirewallPolicy {
        order,
        direction: Direction::Ingress,
        action,
        enabled: known(&stated.enabled, "whether a policy is in force")?,
        permanent: known(&stated.repeat, "the times of a policy")? == "permanent",
        source: side(converter, stated, "source", &stated.source_cidrs),
        destination: side(converter, stated, "destination", &stated.destination_cidrs),
        protocol,
        ports,
        narrow,
        version: IpVersion::V4,
        id,
    }))
}

fn side(converter: &mut Converter<'_>, stated: &cloudfw::Policy, what: &str, ranges: &Fact<List<Text>>) -> Peer {
    let id = id_of(&stated.head);
    match converter.seen(&id, what, ranges, |list| each(list, net)) {
        Seen::Known(nets) => Peer::Nets(nets),
        Seen::Absent => Peer::Missing(converter.gap(format!("{what} of {id}"), &Reason::NotInEvidence)),
        Seen::Missing(what) => Peer::Missing(what),
    }
}

/// Ports as `from/to`; `0/0` is every port.
fn ranges(list: &List<Text>) -> Result<Vec<(u16, u16)>, Reason> {
    if let Some(reason) = &list.more {
        return Err(reason.clone());
    }
    let mut all = Vec::new();
    for text in &list.items {
        match text.as_str() {
            "0/0" => all.push((0, u16::MAX)),
            other => match port_ranges(other) {
                Some(PortMatch::Ranges(ranges)) => all.extend(ranges),
                Some(PortMatch::All) => all.push((0, u16::MAX)),
                _ => return Err(Reason::not_understood(format!("the ports `{other}`"))),
            },
        }
    }
    Ok(all)
}
