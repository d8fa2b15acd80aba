//! Cloud Firewall as the network crate wants it: public addresses with their switches, the policies of the internet
//! boundary, and the firewalls between VPCs with theirs (CFW-1 to CFW-8).

use std::net::IpAddr;

use xiezhi_model::service::cloudfw::{self, CenFirewall, ExpressFirewall, NatFirewall, NatPolicy, TransitFirewall};
use xiezhi_model::service::vpc;
use xiezhi_model::{Fact, Head, Link, List, Reason, Text};
use xiezhi_net::model::{
    Boundary, Direction, Firewall, FirewallAction, FirewallAsset, FirewallPolicy, Id, IpVersion, NatBoundary, Peer,
    PortMatch, Protocol, Seen, VpcBoundary, net, port_ranges,
};

use super::convert::{Converter, each, id_of};
use super::ways::known;

/// What policies of every boundary say.
struct Stated<'a> {
    head: &'a Head,
    action: &'a Fact<Text>,
    protocol: &'a Fact<Text>,
    application: &'a Fact<Text>,
    source_cidrs: &'a Fact<List<Text>>,
    destination_cidrs: &'a Fact<List<Text>>,
    ports: &'a Fact<List<Text>>,
    order: &'a Fact<i64>,
    enabled: &'a Fact<bool>,
    repeat: &'a Fact<Text>,
    version: IpVersion,
}

/// All kinds of policy say the same under the same names.
macro_rules! said {
    ($stated:ident, $version:expr) => {
        Stated {
            head: &$stated.head,
            action: &$stated.action,
            protocol: &$stated.protocol,
            application: &$stated.application,
            source_cidrs: &$stated.source_cidrs,
            destination_cidrs: &$stated.destination_cidrs,
            ports: &$stated.ports,
            order: &$stated.order,
            enabled: &$stated.enabled,
            repeat: &$stated.repeat,
            version: $version,
        }
    };
}

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
    // What a configuration declares of it is there even if the purchase is not declared beside it.
    let mut active = !inventory.all::<cloudfw::Policy>().is_empty()
        || !inventory.all::<CenFirewall>().is_empty()
        || !inventory.all::<ExpressFirewall>().is_empty()
        || !inventory.all::<TransitFirewall>().is_empty()
        || !inventory.all::<NatFirewall>().is_empty();
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
            // Nobody looked: a policy that nobody read may drop.
            Some(reason) => {
                let guards = converter.gap("whether Cloud Firewall guards public addresses", &reason);
                let unread =
                    Boundary { strict: Seen::Missing(guards.clone()), policies: Seen::Missing(guards.clone()) };
                Firewall {
                    assets: Seen::Missing(guards),
                    between_vpcs: Seen::Missing(converter.gap("whether Cloud Firewall stands between VPCs", &reason)),
                    nats: Seen::Missing(converter.gap(BEFORE_NATS, &reason)),
                    internet: unread.clone(),
                    outward: unread,
                }
            }
        };
    }
    Firewall {
        assets: assets(converter),
        internet: internet(converter, Direction::Ingress),
        outward: internet(converter, Direction::Egress),
        nats: before_nats(converter),
        between_vpcs: between(converter),
    }
}

/// What stands before NAT gateways, when nobody looked.
const BEFORE_NATS: &str = "whether Cloud Firewall stands before NAT gateways";

/// The firewalls before NAT gateways (CFW-1).
fn before_nats(converter: &mut Converter<'_>) -> Seen<Vec<NatBoundary>> {
    let inventory = converter.inventory;
    if let Some(gap) = inventory.gaps(NatFirewall::SCHEMA).first() {
        return Seen::Missing(converter.gap(BEFORE_NATS, &gap.reason));
    }
    let mut all = Vec::new();
    for stated in inventory.all::<NatFirewall>() {
        let id = id_of(&stated.head);
        let nat = match converter.link(&stated.head, "NAT gateway", &stated.gateway) {
            Seen::Known(nat) => nat,
            // Before which gateway it stands nobody knows.
            Seen::Absent => return Seen::Missing(converter.gap(BEFORE_NATS, &Reason::NotInEvidence)),
            Seen::Missing(what) => return Seen::Missing(what),
        };
        let on = converter.seen(&id, "switch", &stated.active, |on| Ok(*on));
        let strict = mode(converter, &id, &stated.strict);
        let policies = match nat_policies(converter, &nat) {
            Ok(all) => Seen::Known(all),
            Err(reason) => Seen::Missing(converter.gap(format!("policies of {id}"), &reason)),
        };
        all.push(NatBoundary { id, nat, on, boundary: Boundary { strict, policies } });
    }
    Seen::Known(all)
}

/// The policies before one NAT gateway.
fn nat_policies(converter: &mut Converter<'_>, nat: &Id) -> Result<Vec<FirewallPolicy>, Reason> {
    let inventory = converter.inventory;
    if let Some(gap) = inventory.gaps(NatPolicy::SCHEMA).first() {
        return Err(gap.reason.clone());
    }
    let mut all = Vec::new();
    for stated in inventory.all::<NatPolicy>() {
        let link = known(&stated.gateway, "what a policy is of")?;
        if converter.follow(&stated.head, &link) == *nat {
            all.push(policy(converter, &said!(stated, IpVersion::V4), Direction::Egress)?);
        }
    }
    Ok(all)
}

/// The engine mode of a firewall.
fn mode(converter: &mut Converter<'_>, id: &Id, strict: &Fact<bool>) -> Seen<bool> {
    match converter.seen(id, "engine mode", strict, |on| Ok(*on)) {
        Seen::Absent => Seen::Missing(converter.gap(format!("engine mode of {id}"), &Reason::NotInEvidence)),
        seen => seen,
    }
}

/// The firewalls between VPCs (CFW-1). What passes one at a transit router hangs on route policies that are not read, so
/// that one in use leaves every way between VPCs open.
fn between(converter: &mut Converter<'_>) -> Seen<Vec<VpcBoundary>> {
    let inventory = converter.inventory;
    for kind in [CenFirewall::SCHEMA, ExpressFirewall::SCHEMA, TransitFirewall::SCHEMA] {
        if let Some(gap) = inventory.gaps(kind).first() {
            return Seen::Missing(
                converter.gap(format!("firewalls between VPCs: the list of {}", kind.kind), &gap.reason),
            );
        }
    }
    for stated in inventory.all::<TransitFirewall>() {
        if stated.active.value() != Some(&false) {
            let reason = stated.active.reason().cloned();
            let reason = reason.unwrap_or_else(|| Reason::not_understood("what passes a firewall at a transit router"));
            return Seen::Missing(converter.gap(format!("what passes {}", id_of(&stated.head)), &reason));
        }
    }
    let mut all = Vec::new();
    for stated in inventory.all::<CenFirewall>() {
        let vpc = converter.link(&stated.head, "VPC", &stated.vpc);
        let group = stated.cen.value().cloned();
        match boundary(converter, &stated.head, vec![vpc], group, &stated.active, &stated.strict) {
            Ok(one) => all.push(one),
            Err(what) => return Seen::Missing(what),
        }
    }
    for stated in inventory.all::<ExpressFirewall>() {
        let ends =
            [&stated.vpc, &stated.peer_vpc].map(|vpc: &Fact<Link<vpc::Vpc>>| converter.link(&stated.head, "VPC", vpc));
        let group = Some(Text::from(id_of(&stated.head).as_str()));
        match boundary(converter, &stated.head, ends.into(), group, &stated.active, &stated.strict) {
            Ok(one) => all.push(VpcBoundary { pair: true, ..one }),
            Err(what) => return Seen::Missing(what),
        }
    }
    Seen::Known(all)
}

/// A firewall between VPCs with its policies; the name of what is missing when nobody knows before what it stands.
fn boundary(
    converter: &mut Converter<'_>,
    head: &Head,
    ends: Vec<Seen<Id>>,
    group: Option<Text>,
    active: &Fact<bool>,
    strict: &Fact<bool>,
) -> Result<VpcBoundary, std::sync::Arc<str>> {
    let id = id_of(head);
    let mut vpcs = Vec::new();
    for end in ends {
        match end {
            Seen::Known(vpc) => vpcs.push(vpc),
            Seen::Absent => {}
            Seen::Missing(what) => return Err(what),
        }
    }
    let on = converter.seen(&id, "switch", active, |on| Ok(*on));
    let strict = mode(converter, &id, strict);
    let policies = vpc_policies(converter, group.as_ref());
    let policies = match policies {
        Ok(all) => Seen::Known(all),
        Err(reason) => Seen::Missing(converter.gap(format!("policies of {id}"), &reason)),
    };
    Ok(VpcBoundary { id, vpcs, pair: false, on, boundary: Boundary { strict, policies } })
}

/// The policies under one group.
fn vpc_policies(converter: &mut Converter<'_>, group: Option<&Text>) -> Result<Vec<FirewallPolicy>, Reason> {
    let inventory = converter.inventory;
    if let Some(gap) = inventory.gaps(cloudfw::VpcPolicy::SCHEMA).first() {
        return Err(gap.reason.clone());
    }
    let Some(group) = group else { return Err(Reason::NotInEvidence) };
    let mut all = Vec::new();
    for stated in inventory.all::<cloudfw::VpcPolicy>() {
        if known(&stated.firewall, "what a policy is of")? == *group {
            all.push(policy(converter, &Stated::of_vpc(stated), Direction::Ingress)?);
        }
    }
    Ok(all)
}

impl<'a> Stated<'a> {
    fn of_vpc(stated: &'a cloudfw::VpcPolicy) -> Self {
        said!(stated, IpVersion::V4)
    }

    /// A policy for one direction; none for the other.
    fn of_internet(stated: &'a cloudfw::Policy, wanted: Direction) -> Result<Option<Self>, Reason> {
        let direction = match known(&stated.direction, "the direction of a policy")?.as_str() {
            "in" => Direction::Ingress,
            "out" => Direction::Egress,
            other => return Err(Reason::not_understood(format!("the direction `{other}`"))),
        };
        if direction != wanted {
            return Ok(None);
        }
        let version = match known(&stated.ip_version, "the family of a policy")?.as_str() {
            "ipv4" => IpVersion::V4,
            "ipv6" => IpVersion::V6,
            other => return Err(Reason::not_understood(format!("the family `{other}`"))),
        };
        Ok(Some(said!(stated, version)))
    }
}

fn declared(firewall: &cloudfw::Firewall) -> bool {
    !firewall.head.set.is_empty()
}

fn assets(converter: &mut Converter<'_>) -> Seen<Vec<FirewallAsset>> {
    let inventory = converter.inventory;
    if let Some(gap) = inventory.gaps(cloudfw::Asset::SCHEMA).first() {
        return Seen::Missing(converter.gap("which public addresses Cloud Firewall guards", &gap.reason));
    }
    // A configuration cannot say which addresses are switched in.
    if inventory.all::<cloudfw::Asset>().is_empty() && inventory.all::<cloudfw::Firewall>().iter().any(declared) {
        let reason = Reason::NotInEvidence;
        return Seen::Missing(converter.gap("which public addresses Cloud Firewall guards", &reason));
    }
    let v6 = |policy: &cloudfw::Policy| policy.ip_version.value().is_some_and(|version| version == "ipv6");
    let asked_v6 = inventory.all::<cloudfw::Policy>().iter().any(v6);
    let mut assets = Vec::new();
    for asset in inventory.all::<cloudfw::Asset>() {
        let Some(address) = asset.ip.value().and_then(|text| text.parse::<IpAddr>().ok()) else { continue };
        let on = match converter.seen(&id_of(&asset.head), "firewall switch", &asset.protected, |on| Ok(*on)) {
            // DescribeControlPolicy answers for IPv4 unless it is asked for IPv6.
            Seen::Known(true) if address.is_ipv6() && !asked_v6 => {
                let reason = Reason::NotCollected;
                Seen::Missing(converter.gap(format!("policies of Cloud Firewall before {address}"), &reason))
            }
            other => other,
        };
        assets.push(FirewallAsset { address, on });
    }
    Seen::Known(assets)
}

/// The policies for traffic from the internet or to it. One that cannot be read may come before any other, so that none
/// decides.
fn internet(converter: &mut Converter<'_>, direction: Direction) -> Boundary {
    let inventory = converter.inventory;
    let modes = inventory.all::<cloudfw::Firewall>().iter();
    let strict =
        modes.filter(|firewall| firewall.active.value() != Some(&false)).map(|firewall| &firewall.strict).next();
    let strict = match strict {
        Some(fact) => converter.seen(&Id::from("the internet boundary"), "engine mode", fact, |on| Ok(*on)),
        None => Seen::Absent,
    };
    let strict = match strict {
        Seen::Absent => Seen::Missing(converter.gap("engine mode of the internet boundary", &Reason::NotInEvidence)),
        seen => seen,
    };
    let policies = match inventory.gaps(cloudfw::Policy::SCHEMA).first() {
        Some(gap) => Err(gap.reason.clone()),
        None => {
            let stated = inventory.all::<cloudfw::Policy>().iter().map(|one| Stated::of_internet(one, direction));
            let read = stated.map(|stated| stated?.map(|stated| policy(converter, &stated, direction)).transpose());
            read.collect()
        }
    };
    let policies: Result<Vec<Option<FirewallPolicy>>, Reason> = policies;
    // DescribeControlPolicy answers for one direction: without a policy for this one, nobody may have asked for it.
    // A configuration shows all of its policies.
    let stated = |head: &Head| !head.set.is_empty();
    let whole = inventory.all::<cloudfw::Firewall>().iter().any(declared)
        || inventory.all::<NatFirewall>().iter().any(|one| stated(&one.head));
    let asked = policies.and_then(|all| match whole || all.iter().any(Option::is_some) {
        true => Ok(all),
        false => Err(Reason::NotCollected),
    });
    Boundary {
        strict,
        policies: match asked {
            Ok(all) => Seen::Known(all.into_iter().flatten().collect()),
            Err(reason) => {
                let what = match direction {
                    Direction::Ingress => "policies of the internet boundary",
                    Direction::Egress => "outbound policies of the internet boundary",
                };
                Seen::Missing(converter.gap(what, &reason))
            }
        },
    }
}

/// A policy for one direction.
fn policy(converter: &mut Converter<'_>, stated: &Stated<'_>, direction: Direction) -> Result<FirewallPolicy, Reason> {
    let id = id_of(stated.head);
    let action = match known(stated.action, "the action of a policy")?.as_str() {
        "accept" => FirewallAction::Accept,
        "drop" => FirewallAction::Drop,
        "log" => FirewallAction::Monitor,
        other => return Err(Reason::not_understood(format!("the action `{other}`"))),
    };
    let order = known(stated.order, "the order of a policy")?;
    let order = u32::try_from(order).map_err(|_| Reason::not_understood(format!("the order `{order}`")))?;
    let protocol = converter.seen(&id, "protocol", stated.protocol, |word| match word.as_str() {
        "any" => Ok(Protocol::All),
        other => Protocol::parse(other).ok_or_else(|| Reason::not_understood(format!("the protocol `{other}`"))),
    });
    let ported = matches!(protocol, Seen::Known(Protocol::Tcp | Protocol::Udp));
    let ports = match converter.seen(&id, "ports", stated.ports, ranges) {
        _ if !ported => PortMatch::All,
        Seen::Known(ranges) => PortMatch::Ranges(ranges),
        Seen::Absent => PortMatch::All,
        Seen::Missing(what) => PortMatch::Missing(what),
    };
    // CFW-4: an application other than ANY narrows what the policy is sure to meet.
    let narrow = match converter.seen(&id, "application", stated.application, |word| Ok(word != "ANY")) {
        Seen::Absent => Seen::Missing(converter.gap(format!("application of {id}"), &Reason::NotInEvidence)),
        seen => seen,
    };
    Ok(FirewallPolicy {
        order,
        direction,
        action,
        enabled: known(stated.enabled, "whether a policy is in force")?,
        permanent: known(stated.repeat, "the times of a policy")? == "permanent",
        source: side(converter, &id, "source", stated.source_cidrs),
        destination: side(converter, &id, "destination", stated.destination_cidrs),
        protocol,
        ports,
        narrow,
        version: stated.version,
        id,
    })
}

fn side(converter: &mut Converter<'_>, id: &Id, what: &str, ranges: &Fact<List<Text>>) -> Peer {
    match converter.seen(id, what, ranges, |list| each(list, net)) {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analyse::tests::estate;

    const REGIONS: (&str, &str) =
        ("ecs-DescribeRegions.json", r#"{"Regions":{"Region":[{"RegionId":"cn-hangzhou"}]}}"#);

    #[test]
    fn a_firewall_at_which_nobody_looked_may_drop_what_it_guards() {
        let firewall = super::super::network(&estate(&[REGIONS])).firewall;
        assert!(firewall.assets.gap().is_some() && firewall.internet.policies.gap().is_some());
        assert!(firewall.between_vpcs.gap().is_some());
    }

    #[test]
    fn an_account_without_the_product_has_none() {
        let version = ("cloudfw-DescribeUserBuyVersion.json", r#"{"UserStatus":false}"#);
        assert_eq!(super::super::network(&estate(&[REGIONS, version])).firewall, Firewall::default());
    }
}
