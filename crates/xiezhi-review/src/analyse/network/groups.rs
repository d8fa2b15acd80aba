//! Security groups, prefix lists and port lists.

use xiezhi_model::service::ecs::{self, Rule};
use xiezhi_model::service::vpc;
use xiezhi_model::{Head, Reason, State, Text};
use xiezhi_net::model::{
    Direction, GroupKind, Id, Nic, Peer, Policy, PortList, PortMatch, PrefixList, Protocol, Rule as NetRule,
    SecurityGroup, Seen, net,
};

use super::super::evidence::called;
use super::convert::{Converter, each, id_of, ranges};

/// The security groups of the inventory, in its order.
pub(super) fn groups(converter: &mut Converter<'_>) -> Vec<SecurityGroup> {
    converter.inventory.all::<ecs::SecurityGroup>().iter().map(|group| one(converter, group)).collect()
}

/// The prefix lists that security groups, routes and network ACLs refer to.
pub(super) fn prefix_lists(converter: &mut Converter<'_>) -> Vec<PrefixList> {
    let inventory = converter.inventory;
    let of_ecs = inventory.all::<ecs::PrefixList>().iter().map(|list| (&list.head, &list.entries));
    let of_vpc = inventory.all::<vpc::PrefixList>().iter().map(|list| (&list.head, &list.entries));
    of_ecs
        .chain(of_vpc)
        .map(|(head, entries)| {
            let id = id_of(head);
            let entries = converter.seen(&id, "entries", entries, |entries| each(entries, net));
            PrefixList { id, entries }
        })
        .collect()
}

/// The port lists that security groups refer to.
pub(super) fn port_lists(converter: &mut Converter<'_>) -> Vec<PortList> {
    let lists = converter.inventory.all::<ecs::PortList>();
    lists
        .iter()
        .map(|list| {
            let id = id_of(&list.head);
            let entries = converter.seen(&id, "entries", &list.entries, ranges);
            PortList { id, entries }
        })
        .collect()
}

fn one(converter: &mut Converter<'_>, group: &ecs::SecurityGroup) -> SecurityGroup {
    let id = id_of(&group.head);
    let vpc = converter.link(&group.head, "VPC", &group.vpc);
    let kind = converter.seen(&id, "type", &group.group_type, |kind| match kind.as_str() {
        "normal" => Ok(GroupKind::Basic),
        "enterprise" => Ok(GroupKind::Advanced),
        other => Err(Reason::not_understood(format!("the security group type `{other}`"))),
    });
    let inner = converter.seen(&id, "inner access policy", &group.inner_access, policy);
    // A partial list of rules decides nothing: a rule that is not shown may come first.
    let listed = converter.seen(&id, "rules", &group.rules, |rules| match &rules.more {
        Some(reason) => Err(reason.clone()),
        None => Ok(()),
    });
    let rules = match (listed, group.rules.value()) {
        (Seen::Missing(what), _) => Seen::Missing(what),
        (_, None) => Seen::Absent,
        (_, Some(rules)) => Seen::Known(
            rules
                .items
                .iter()
                .enumerate()
                .flat_map(|(at, item)| rule(converter, group, at.saturating_add(1), item))
                .collect(),
        ),
    };
    SecurityGroup { id, vpc: vpc.known().cloned(), kind, inner, rules }
}

pub(super) fn policy(word: &Text) -> Result<Policy, Reason> {
    match word.as_str() {
        "accept" => Ok(Policy::Accept),
        "drop" => Ok(Policy::Drop),
        other => Err(Reason::not_understood(format!("the policy `{other}`"))),
    }
}

/// One rule; two when its direction is not known, each in doubt.
fn rule(converter: &mut Converter<'_>, group: &ecs::SecurityGroup, at: usize, rule: &Rule) -> Vec<NetRule> {
    let classic = group.vpc.is_absent();
    let group = &group.head;
    let owner = id_of(group);
    let name = match rule.id.value() {
        Some(id) => Id::from(id.as_str()),
        None => Id::from(format!("{} rule {at}", called(group))),
    };
    let missing = |converter: &mut Converter<'_>, field: &str, reason: &Reason| {
        converter.gap(format!("{field} of {name} in {owner}"), reason)
    };
    let mut policy_seen = converter.seen(&owner, &format!("policy of {name}"), &rule.policy, policy);
    let priority = converter.seen(&owner, &format!("priority of {name}"), &rule.priority, |value| {
        u32::try_from(*value).ok().filter(|p| *p > 0).ok_or_else(|| Reason::not_understood("the priority"))
    });
    let protocol = converter.seen(&owner, &format!("protocol of {name}"), &rule.protocol, |word| {
        Protocol::parse(word).ok_or_else(|| Reason::not_understood(format!("the protocol `{word}`")))
    });
    let ported = !matches!(protocol, Seen::Known(Protocol::Icmp | Protocol::Icmpv6 | Protocol::Gre | Protocol::All));
    converter.rests(&owner, &rule.ports);
    let ports = match (&rule.ports.state, &rule.port_list.state) {
        _ if !ported => PortMatch::All,
        (State::Known(list), _) => match ranges(list) {
            Ok(ranges) => PortMatch::Ranges(ranges),
            Err(reason) => PortMatch::Missing(missing(converter, "ports", &reason)),
        },
        (State::Absent, State::Known(link)) => PortMatch::List(converter.follow(group, link)),
        (State::Absent, State::Absent) => PortMatch::Missing(missing(converter, "ports", &Reason::NotInEvidence)),
        (State::Unknown(reason), _) | (State::Absent, State::Unknown(reason)) => {
            PortMatch::Missing(missing(converter, "ports", reason))
        }
    };
    let source_ports = match &rule.source_ports.state {
        State::Absent => PortMatch::All,
        _ if !ported => PortMatch::All,
        State::Known(list) => match ranges(list) {
            Ok(ranges) => PortMatch::Ranges(ranges),
            Err(reason) => PortMatch::Missing(missing(converter, "source ports", &reason)),
        },
        State::Unknown(reason) => PortMatch::Missing(missing(converter, "source ports", reason)),
    };
    let own = converter.seen(&owner, &format!("own addresses of {name}"), &rule.own_cidr, |text| {
        net(text).map(|net| vec![net]).ok_or_else(|| Reason::not_understood(format!("the range `{text}`")))
    });
    let peer = match peer(converter, group, rule) {
        Ok(peer) => peer,
        Err(reason) => Peer::Missing(missing(converter, "far side", &reason)),
    };
    // In a VPC every rule governs public traffic too; in the classic network only those of the public interface do (SG-2).
    let nic = if classic && rule.nic_type.value().is_some_and(|nic| nic == "internet") {
        Nic::Internet
    } else {
        Nic::Intranet
    };
    let direction = match &rule.direction.state {
        State::Known(word) if word == "ingress" => vec![Direction::Ingress],
        State::Known(word) if word == "egress" => vec![Direction::Egress],
        State::Known(_) | State::Absent => vec![Direction::Ingress, Direction::Egress],
        State::Unknown(_) => vec![Direction::Ingress, Direction::Egress],
    };
    if direction.len() > 1 {
        let reason = rule.direction.reason().cloned().unwrap_or_else(|| Reason::not_understood("the direction"));
        policy_seen = Seen::Missing(missing(converter, "direction", &reason));
    }
    direction
        .into_iter()
        .map(|direction| NetRule {
            id: name.clone(),
            direction,
            policy: policy_seen.clone(),
            priority: priority.clone(),
            protocol: protocol.clone(),
            ports: ports.clone(),
            source_ports: source_ports.clone(),
            peer: peer.clone(),
            own: own.clone(),
            nic,
        })
        .collect()
}

/// The far side, by the precedence of SG-12: ranges, then a group, then a prefix list.
fn peer(converter: &Converter<'_>, group: &Head, rule: &Rule) -> Result<Peer, Reason> {
    let mut nets = Vec::new();
    for cidr in [&rule.cidr, &rule.ipv6_cidr] {
        match &cidr.state {
            State::Known(text) => {
                nets.push(net(text).ok_or_else(|| Reason::not_understood(format!("the range `{text}`")))?);
            }
            State::Absent => {}
            State::Unknown(reason) => return Err(reason.clone()),
        }
    }
    if !nets.is_empty() {
        return Ok(Peer::Nets(nets));
    }
    match &rule.group.state {
        State::Known(link) => {
            let id = converter.follow(group, link);
            let own = group.account.value().or(converter.inventory.only_account());
            let foreign = rule.group_account.value().is_some_and(|account| Some(account) != own);
            return Ok(if foreign { Peer::ForeignGroup(id) } else { Peer::Group(id) });
        }
        State::Absent => {}
        State::Unknown(reason) => return Err(reason.clone()),
    }
    match &rule.prefix_list.state {
        State::Known(link) => Ok(Peer::Prefixes(converter.follow(group, link))),
        State::Absent => Err(Reason::NotInEvidence),
        State::Unknown(reason) => Err(reason.clone()),
    }
}
