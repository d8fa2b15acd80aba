//! What the rules of one security group open to the whole internet, whoever is in the group and whatever stands
//! before it. Reachability ([`crate::reach`]) asks more; checklists ask this.
//!
//! A port is open when accept rules with sources that together cover the internet of one family admit it, and no drop
//! rule of an equal or smaller priority number takes all of such a source away (SG-4, SG-5). A drop that leaves a part
//! of the internet leaves the port open.

use std::sync::Arc;

use crate::model::{Direction, Peer, Policy, PortList, PortMatch, PrefixList, Protocol, Rule, Seen};
use crate::set::internet;
use crate::set::{Addresses, Ports, Ranges};

/// Ports that are open to the whole internet.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Opened {
    /// Open whatever is missing from the evidence.
    pub must: Ports,
    /// Open for some way of completing the evidence; the same as `must` when nothing is missing.
    pub may: Ports,
    /// What is missing, in order; empty when `may` is `must`.
    pub missing: Vec<Arc<str>>,
}

/// Between what is certain and what is possible.
struct Bounds<T> {
    must: T,
    may: T,
}

/// One ingress rule, as far as it can matter to a protocol.
struct View {
    accept: Option<bool>,
    priority: Option<u32>,
    /// Whether the rule certainly speaks of the protocol.
    speaks: bool,
    ports: Bounds<Ports>,
    sources: Bounds<Addresses>,
    /// Whether the rule is narrowed to own addresses or source ports: `None` when that is not known.
    narrowed: Option<bool>,
}

/// The TCP or UDP ports that ingress rules open to the whole internet. Rules of a classic group that govern only its
/// private interface are left out by the caller (SG-2).
#[must_use]
pub fn internet_ports(
    rules: &[Rule],
    protocol: Protocol,
    prefix_lists: &[PrefixList],
    port_lists: &[PortList],
) -> Opened {
    let mut missing = Vec::new();
    let views: Vec<View> = rules
        .iter()
        .filter(|rule| rule.direction == Direction::Ingress)
        .filter_map(|rule| view(rule, protocol, prefix_lists, port_lists, &mut missing))
        .collect();
    let internet = internet();
    let (mut must, mut may) = (Ports::empty(), Ports::empty());
    for (low, high) in classes(&views) {
        let class = Ports::between(low, high);
        if open(&views, low, &internet, true) {
            must = must.union(&class);
        }
        if open(&views, low, &internet, false) {
            may = may.union(&class);
        }
    }
    if must == may {
        missing.clear();
    }
    missing.sort();
    missing.dedup();
    Opened { must, may, missing }
}

fn view(
    rule: &Rule,
    protocol: Protocol,
    prefix_lists: &[PrefixList],
    port_lists: &[PortList],
    missing: &mut Vec<Arc<str>>,
) -> Option<View> {
    let mut gap = |what: &Arc<str>| missing.push(Arc::clone(what));
    let speaks = match &rule.protocol {
        Seen::Known(known) if *known == Protocol::All || *known == protocol => true,
        Seen::Known(_) => return None,
        Seen::Absent => false,
        Seen::Missing(what) => {
            gap(what);
            false
        }
    };
    let accept = match &rule.policy {
        Seen::Known(policy) => Some(*policy == Policy::Accept),
        Seen::Absent => Some(true),
        Seen::Missing(what) => {
            gap(what);
            None
        }
    };
    let priority = match &rule.priority {
        Seen::Known(priority) => Some(*priority),
        Seen::Absent => Some(1),
        Seen::Missing(what) => {
            gap(what);
            None
        }
    };
    let whole = matches!(rule.protocol, Seen::Known(Protocol::All));
    let ports = if whole { exactly(every_port()) } else { ports(&rule.ports, port_lists, &mut gap) };
    let sources = match &rule.peer {
        Peer::Nets(nets) => exactly(Addresses::from_nets(nets.iter().copied())),
        // Members' private addresses: never the internet (SG-14).
        Peer::Group(_) | Peer::ForeignGroup(_) => exactly(Addresses::empty()),
        Peer::Prefixes(id) => match prefix_lists.iter().find(|list| list.id == *id).map(|list| &list.entries) {
            Some(Seen::Known(nets)) => exactly(Addresses::from_nets(nets.iter().copied())),
            Some(Seen::Absent) => exactly(Addresses::empty()),
            Some(Seen::Missing(what)) => {
                gap(what);
                Bounds { must: Addresses::empty(), may: Addresses::all() }
            }
            None => {
                gap(&format!("the entries of prefix list {id}").into());
                Bounds { must: Addresses::empty(), may: Addresses::all() }
            }
        },
        Peer::Missing(what) => {
            gap(what);
            Bounds { must: Addresses::empty(), may: Addresses::all() }
        }
    };
    let own = match &rule.own {
        Seen::Absent => Some(false),
        Seen::Known(_) => Some(true),
        Seen::Missing(what) => {
            gap(what);
            None
        }
    };
    let from = match &rule.source_ports {
        PortMatch::All => Some(false),
        PortMatch::Ranges(_) | PortMatch::List(_) => Some(true),
        PortMatch::Missing(what) => {
            gap(what);
            None
        }
    };
    let narrowed = match (own, from) {
        (Some(true), _) | (_, Some(true)) => Some(true),
        (Some(false), Some(false)) => Some(false),
        _ => None,
    };
    Some(View { accept, priority, speaks, ports, sources, narrowed })
}

fn every_port() -> Ports {
    Ports::between(1, u16::MAX)
}

fn exactly<T: Clone>(value: T) -> Bounds<T> {
    Bounds { must: value.clone(), may: value }
}

fn ports(ports: &PortMatch, lists: &[PortList], gap: &mut impl FnMut(&Arc<str>)) -> Bounds<Ports> {
    let unknown = || Bounds { must: Ports::empty(), may: every_port() };
    match ports {
        PortMatch::All => exactly(every_port()),
        PortMatch::Ranges(ranges) => exactly(Ranges::collect(ranges.iter().copied())),
        PortMatch::List(id) => match lists.iter().find(|list| list.id == *id).map(|list| &list.entries) {
            Some(Seen::Known(ranges)) => exactly(Ranges::collect(ranges.iter().copied())),
            Some(Seen::Absent) => exactly(Ports::empty()),
            Some(Seen::Missing(what)) => {
                gap(what);
                unknown()
            }
            None => {
                gap(&format!("the entries of port list {id}").into());
                unknown()
            }
        },
        PortMatch::Missing(what) => {
            gap(what);
            unknown()
        }
    }
}

/// Ranges of ports that no rule tells apart.
fn classes(views: &[View]) -> Vec<(u16, u16)> {
    let mut starts: Vec<u16> = vec![1];
    for view in views {
        for (low, high) in view.ports.must.iter().chain(view.ports.may.iter()) {
            starts.push(low.max(1));
            starts.extend(high.checked_add(1));
        }
    }
    starts.sort_unstable();
    starts.dedup();
    let ends = starts.iter().skip(1).map(|next| next.saturating_sub(1)).chain([u16::MAX]);
    starts.iter().copied().zip(ends).collect()
}

/// Whether a port is open: certainly, or for some way of completing the evidence.
fn open(views: &[View], port: u16, internet: &Addresses, certainly: bool) -> bool {
    let mut opened = Addresses::empty();
    for rule in views {
        let admits = if certainly {
            rule.accept == Some(true) && rule.speaks && rule.ports.must.contains(port)
        } else {
            rule.accept != Some(false) && rule.ports.may.contains(port)
        };
        if !admits {
            continue;
        }
        let source = if certainly { &rule.sources.must } else { &rule.sources.may };
        let mut left = source.intersect(internet);
        for drop in views.iter().filter(|drop| takes(drop, rule, port, certainly)) {
            left = left.subtract(if certainly { &drop.sources.may } else { &drop.sources.must });
        }
        let families = Addresses {
            v4: if left.v4.is_empty() { Ranges::empty() } else { source.v4.clone() },
            v6: if left.v6.is_empty() { Ranges::empty() } else { source.v6.clone() },
        };
        opened = opened.union(&families);
    }
    internet.v4.is_subset(&opened.v4) || internet.v6.is_subset(&opened.v6)
}

/// Whether a drop rule stands before an accept rule at a port. For a certain opening every drop that may stand before
/// it counts; for a possible one only those that certainly do. A narrowed drop leaves other members or clients alone.
fn takes(drop: &View, rule: &View, port: u16, certainly: bool) -> bool {
    if certainly {
        let before = drop.priority.zip(rule.priority).is_none_or(|(drop, rule)| drop <= rule);
        drop.accept != Some(true) && drop.ports.may.contains(port) && drop.narrowed != Some(true) && before
    } else {
        let before = drop.priority.zip(rule.priority).is_some_and(|(drop, rule)| drop <= rule);
        drop.accept == Some(false)
            && drop.speaks
            && drop.ports.must.contains(port)
            && drop.narrowed == Some(false)
            && before
    }
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests {
    use super::*;
    use crate::model::RuleFields;

    fn rule(policy: &str, priority: &str, ports: &str, source: &str) -> Rule {
        let fields = RuleFields {
            policy: Some(policy),
            priority: Some(priority),
            ip_protocol: Some(if ports == "-1/-1" { "all" } else { "tcp" }),
            port_range: Some(ports),
            cidr: (!source.contains(':')).then_some(source),
            ipv6_cidr: source.contains(':').then_some(source),
            ..RuleFields::default()
        };
        fields.rule(&format!("{policy} {ports} {source}"), Direction::Ingress)
    }

    type Open = Vec<(u16, u16)>;

    fn tcp(rules: &[Rule]) -> (Open, Open) {
        let opened = internet_ports(rules, Protocol::Tcp, &[], &[]);
        (opened.must.iter().collect(), opened.may.iter().collect())
    }

    fn exactly_open(rules: &[Rule], ports: &[(u16, u16)]) {
        let (must, may) = tcp(rules);
        assert_eq!(must, ports);
        assert_eq!(may, ports);
    }

    #[test]
    fn a_drop_of_the_same_priority_closes_the_port_and_a_later_one_does_not() {
        let accept = rule("accept", "10", "22/22", "0.0.0.0/0");
        exactly_open(&[accept.clone(), rule("drop", "10", "22/22", "0.0.0.0/0")], &[]);
        exactly_open(&[accept.clone(), rule("drop", "5", "22/22", "0.0.0.0/0")], &[]);
        exactly_open(&[accept, rule("drop", "11", "22/22", "0.0.0.0/0")], &[(22, 22)]);
    }

    #[test]
    fn two_halves_of_the_internet_are_the_internet_vector_4() {
        exactly_open(
            &[rule("accept", "1", "22/22", "0.0.0.0/1"), rule("accept", "1", "22/22", "128.0.0.0/1")],
            &[(22, 22)],
        );
        exactly_open(&[rule("accept", "1", "22/22", "0.0.0.0/1")], &[]);
    }

    #[test]
    fn a_drop_of_one_port_leaves_the_others_of_accept_all_vector_5() {
        exactly_open(
            &[rule("drop", "1", "22/22", "0.0.0.0/0"), rule("accept", "1", "-1/-1", "0.0.0.0/0")],
            &[(1, 21), (23, 65535)],
        );
    }

    #[test]
    fn a_drop_of_a_part_of_the_internet_leaves_the_port_open_vector_6() {
        exactly_open(
            &[rule("drop", "40", "-1/-1", "203.0.113.0/24"), rule("accept", "50", "1/65535", "0.0.0.0/0")],
            &[(1, 65535)],
        );
    }

    #[test]
    fn an_exception_for_one_network_before_a_drop_of_all_is_not_the_internet() {
        exactly_open(
            &[
                rule("accept", "1", "22/22", "198.51.101.0/24"),
                rule("drop", "2", "22/22", "0.0.0.0/0"),
                rule("accept", "3", "22/22", "0.0.0.0/0"),
            ],
            &[],
        );
    }

    #[test]
    fn ipv6_alone_is_the_internet_and_a_drop_of_ipv4_does_not_close_it_vector_7() {
        exactly_open(&[rule("accept", "1", "22/22", "::/0"), rule("drop", "1", "22/22", "0.0.0.0/0")], &[(22, 22)]);
    }

    #[test]
    fn private_sources_and_group_members_are_not_the_internet() {
        exactly_open(&[rule("accept", "1", "-1/-1", "10.0.0.0/8")], &[]);
        let group = RuleFields { ip_protocol: Some("all"), group: Some("sg-2"), ..RuleFields::default() };
        exactly_open(&[group.rule("r", Direction::Ingress)], &[]);
    }

    #[test]
    fn a_prefix_list_opens_stays_shut_or_leaves_it_open_to_doubt_vector_8() {
        let fields = RuleFields {
            ip_protocol: Some("tcp"),
            port_range: Some("22/22"),
            prefix_list: Some("pl-1"),
            ..RuleFields::default()
        };
        let rules = [fields.rule("r", Direction::Ingress)];
        let list = |entries| [PrefixList { id: "pl-1".into(), entries }];
        let ask = |lists: &[PrefixList]| internet_ports(&rules, Protocol::Tcp, lists, &[]);
        assert!(ask(&list(Seen::Known(vec!["0.0.0.0/0".parse().unwrap()]))).must.contains(22));
        assert!(ask(&list(Seen::Absent)).may.is_empty());
        let unread = ask(&[]);
        assert!(unread.must.is_empty() && unread.may.contains(22));
        assert_eq!(unread.missing, vec![Arc::from("the entries of prefix list pl-1")]);
    }

    #[test]
    fn a_drop_that_is_not_understood_leaves_the_port_in_doubt() {
        let mut drop = rule("drop", "1", "22/22", "0.0.0.0/0");
        drop.peer = Peer::Missing("source".into());
        let (must, may) = tcp(&[rule("accept", "1", "22/22", "0.0.0.0/0"), drop]);
        assert!(must.is_empty());
        assert_eq!(may, vec![(22, 22)]);
    }

    #[test]
    fn a_drop_for_one_own_address_leaves_the_others_open() {
        let mut drop = rule("drop", "1", "22/22", "0.0.0.0/0");
        drop.own = Seen::Known(vec!["10.0.0.5/32".parse().unwrap()]);
        exactly_open(&[rule("accept", "1", "22/22", "0.0.0.0/0"), drop], &[(22, 22)]);
    }
}
