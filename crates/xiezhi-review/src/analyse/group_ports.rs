//! What the rules of each security group open to the whole internet, by themselves.
//!
//! Source: the catalogue's rule-level criteria; semantics of rules in [`xiezhi_net::grant`].

use std::sync::Arc;

use xiezhi_model::service::ecs::{PortList, PrefixList, Rule, SecurityGroup};
use xiezhi_model::service::ens;
use xiezhi_model::service::port::PortRange;
use xiezhi_model::{Fact, Head, Inventory, Label, Link, List, Origin, Reason, Resource, State, Text};
use xiezhi_net::grant::{Opened, internet_ports};
use xiezhi_net::model as net;
use xiezhi_net::set::Ports;

use super::{Analysis, Proof, derived, in_words};

/// Fills `internet_tcp` and `internet_udp` of security groups of ECS and ENS.
pub struct GroupPorts;

const NAME: &str = "group-ports";

impl Analysis for GroupPorts {
    fn name(&self) -> &'static str {
        NAME
    }

    fn run(&self, inventory: &mut Inventory) {
        let groups: Vec<[Fact<List<PortRange>>; 2]> = inventory
            .all::<SecurityGroup>()
            .iter()
            .map(|group| {
                let lists = Lists::of(inventory, &group.head, &group.rules);
                both(&group.rules, group.vpc.is_absent(), &lists)
            })
            .collect();
        for (group, [tcp, udp]) in inventory.all_mut::<SecurityGroup>().iter_mut().zip(groups) {
            group.internet_tcp = tcp;
            group.internet_udp = udp;
        }
        for group in inventory.all_mut::<ens::SecurityGroup>() {
            let [tcp, udp] = both(&group.rules, false, &Lists::default());
            group.internet_tcp = tcp;
            group.internet_udp = udp;
        }
    }
}

/// The prefix and port lists that the rules of one group name.
#[derive(Default)]
struct Lists {
    prefixes: Vec<net::PrefixList>,
    ports: Vec<net::PortList>,
}

impl Lists {
    fn of(inventory: &Inventory, from: &Head, rules: &Fact<List<Rule>>) -> Self {
        let mut lists = Self::default();
        for rule in rules.value().into_iter().flat_map(|rules| &rules.items) {
            if let Some(list) = follow::<PrefixList>(inventory, from, &rule.prefix_list) {
                let entries = seen(&list.entries, "the entries of a prefix list", |text| net::net(text));
                lists.prefixes.push(net::PrefixList { id: id_of(&rule.prefix_list), entries });
            }
            if let Some(list) = follow::<PortList>(inventory, from, &rule.port_list) {
                let entries = seen(&list.entries, "the entries of a port list", range);
                lists.ports.push(net::PortList { id: id_of(&rule.port_list), entries });
            }
        }
        lists
    }
}

fn follow<'i, R: Resource>(inventory: &'i Inventory, from: &Head, link: &Fact<Link<R>>) -> Option<&'i R> {
    inventory.follow_as::<R>(Some(from), &link.value()?.target)
}

fn id_of<R>(link: &Fact<Link<R>>) -> net::Id {
    link.value().map_or("", |link| link.target.as_str()).into()
}

/// A whole list that is understood, or what is missing of it.
fn seen<T, N>(fact: &Fact<List<T>>, what: &str, read: impl Fn(&T) -> Option<N>) -> net::Seen<Vec<N>> {
    match &fact.state {
        State::Known(list) if list.more.is_none() => match list.items.iter().map(read).collect() {
            Some(all) => net::Seen::Known(all),
            None => net::Seen::Missing(what.into()),
        },
        State::Absent => net::Seen::Absent,
        State::Known(_) | State::Unknown(_) => net::Seen::Missing(what.into()),
    }
}

fn range(range: &PortRange) -> Option<(u16, u16)> {
    let port = |fact: &Fact<i64>| fact.value().and_then(|port| u16::try_from(*port).ok());
    Some((port(&range.first)?, port(&range.last)?))
}

fn both(rules: &Fact<List<Rule>>, classic: bool, lists: &Lists) -> [Fact<List<PortRange>>; 2] {
    [net::Protocol::Tcp, net::Protocol::Udp].map(|protocol| opened(rules, classic, lists, protocol))
}

fn opened(rules: &Fact<List<Rule>>, classic: bool, lists: &Lists, protocol: net::Protocol) -> Fact<List<PortRange>> {
    let list = match &rules.state {
        State::Known(list) => list,
        State::Absent => return nothing(&rules.origin),
        State::Unknown(reason) => return Fact::unknown(reason.clone(), rules.origin.clone()),
    };
    let of_internet = |rule: &&Rule| !(classic && rule.nic_type.value().is_some_and(|nic| nic == "intranet"));
    let converted: Vec<net::Rule> =
        list.items.iter().filter(of_internet).enumerate().map(|(at, rule)| convert(at, rule)).collect();
    let Opened { must, may, missing } = internet_ports(&converted, protocol, &lists.prefixes, &lists.ports);
    let (items, more) = match &list.more {
        // The configuration does not declare the group: it shows what it opens, not what else there is.
        Some(Reason::NotInEvidence) => (must, list.more.clone()),
        // A rule that was not read may be a drop before all the others.
        Some(reason) => (Ports::empty(), Some(reason.clone())),
        None if may == must => (must, None),
        None => {
            let what: Vec<&str> = missing.iter().map(AsRef::as_ref).collect();
            (must, Some(reason_of(&list.items).unwrap_or_else(|| Reason::not_understood(what.join(", ")))))
        }
    };
    let origin = derived(NAME, proof(&items), label(rules, list));
    let range = |(first, last): (u16, u16)| PortRange {
        first: Fact::known(first.into(), origin.clone()),
        last: Fact::known(last.into(), origin.clone()),
    };
    Fact::known(List { items: items.iter().map(range).collect(), more }, origin.clone())
}

fn nothing(origin: &Origin) -> Fact<List<PortRange>> {
    Fact::known(List::complete(vec![]), derived(NAME, in_words("there are no rules", "没有任何规则"), origin.label))
}

/// The ports in a sentence.
fn proof(ports: &Ports) -> Proof {
    let list: Vec<String> = ports.iter().take(8).map(|(first, last)| format!("{first}/{last}")).collect();
    if list.is_empty() {
        return in_words(
            "no accept rule from the whole internet is left after the drop rules",
            "扣除拒绝规则后，没有对整个互联网放行的规则",
        );
    }
    let list = list.join(", ");
    in_words(
        format!("accept rules from the whole internet leave {list} open after the drop rules"),
        format!("扣除拒绝规则后，对整个互联网放行的规则仍开放 {list}"),
    )
}

/// The weakest label of what the conclusion rests on; a documented default of a policy or priority counts too.
fn label(rules: &Fact<List<Rule>>, list: &List<Rule>) -> Label {
    let parts = list.items.iter().flat_map(|rule| {
        [rule.policy.origin.label, rule.priority.origin.label, rule.protocol.origin.label, rule.cidr.origin.label]
    });
    parts.fold(rules.origin.label, Label::weakest)
}

/// The first reason for which a rule is not known.
fn reason_of(rules: &[Rule]) -> Option<Reason> {
    rules.iter().find_map(|rule| {
        let ports = (rule.ports.reason(), rule.ports.value().and_then(|list| list.more.as_ref()));
        [
            rule.direction.reason(),
            rule.policy.reason(),
            rule.priority.reason(),
            rule.protocol.reason(),
            ports.0.or(ports.1),
            rule.cidr.reason(),
            rule.ipv6_cidr.reason(),
            rule.group.reason(),
            rule.prefix_list.reason(),
            rule.own_cidr.reason(),
        ]
        .into_iter()
        .flatten()
        .next()
        .cloned()
    })
}

/// The text of a fact for the common reading of rules: an unknown one is a text that nothing can be read from.
fn said(fact: &Fact<Text>) -> Option<&str> {
    match &fact.state {
        State::Known(text) => Some(text.as_str()),
        State::Absent => None,
        State::Unknown(_) => Some("?"),
    }
}

/// A rule as the engine reads it. An ingress rule whose direction is not known is taken as one, with its policy in
/// doubt.
fn convert(at: usize, rule: &Rule) -> net::Rule {
    let priority = match &rule.priority.state {
        State::Known(number) => Some(number.to_string()),
        State::Absent => None,
        State::Unknown(_) => Some("?".to_owned()),
    };
    let target = |reason: Option<&Reason>, known: Option<&Text>| match (reason, known) {
        (Some(_), _) => Some(Text::from("?")),
        (None, known) => known.cloned(),
    };
    let group = target(rule.group.reason(), rule.group.value().map(|link| &link.target));
    let prefix_list = target(rule.prefix_list.reason(), rule.prefix_list.value().map(|link| &link.target));
    let direction_known = rule.direction.value().is_some();
    let fields = net::RuleFields {
        policy: if direction_known { said(&rule.policy) } else { Some("?") },
        priority: priority.as_deref(),
        ip_protocol: said(&rule.protocol),
        cidr: said(&rule.cidr),
        ipv6_cidr: said(&rule.ipv6_cidr),
        group: group.as_deref(),
        prefix_list: prefix_list.as_deref(),
        own_cidr: said(&rule.own_cidr),
        ..net::RuleFields::default()
    };
    let egress = rule.direction.value().is_some_and(|way| way == "egress");
    let direction = if egress { net::Direction::Egress } else { net::Direction::Ingress };
    let mut out = fields.rule(&format!("rule {}", at.saturating_add(1)), direction);
    out.ports = ports(rule);
    out.source_ports = match &rule.source_ports.state {
        State::Absent => net::PortMatch::All,
        State::Known(_) => net::PortMatch::Ranges(vec![]),
        State::Unknown(_) => net::PortMatch::Missing(Arc::from("source ports of a rule")),
    };
    out
}

fn ports(rule: &Rule) -> net::PortMatch {
    let missing = || net::PortMatch::Missing(Arc::from("ports of a rule"));
    match (&rule.ports.state, &rule.port_list.state) {
        (State::Known(list), _) if list.more.is_none() => {
            list.items.iter().map(range).collect::<Option<Vec<_>>>().map_or_else(missing, net::PortMatch::Ranges)
        }
        (State::Absent, State::Known(link)) => net::PortMatch::List(link.target.as_str().into()),
        _ => missing(),
    }
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests;
