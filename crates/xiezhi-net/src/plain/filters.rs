//! Security groups (section 2.4), network ACLs (3.1), routes (3.2) and Cloud Firewall (5), one packet at a time.

use std::net::IpAddr;

use ipnet::IpNet;

use super::inline::INLINE;
use super::matching::{Judge, agree, number_of, unknown};
use crate::assume::{Assumption, Reasons, Truth};
use crate::model::{
    AclEntry, Balancer, Direction, Eni, GroupKind, Id, IpVersion, NextHop, Nic, Policy, Protocol, Route, RouteOrigin,
    RouteTable, Rule, Seen, VSwitch,
};
use crate::path::Law;
use crate::set::Flow;

/// A verdict with what decided it.
pub(super) struct Decision {
    pub(super) passes: Truth,
    pub(super) law: Law,
    pub(super) rule: Option<Id>,
}

impl Decision {
    pub(super) fn new(passes: Truth, law: &'static str, rule: Option<&Id>) -> Self {
        Self { passes, law: law.into(), rule: rule.cloned() }
    }
}

/// What stands at the end of a pool of group rules.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum GroupDefault {
    /// As section 2.3 says for the groups.
    OfGroups,
    /// Accept: the platform path of CLB-6.
    Accept,
}

/// The result of rules that were met in some order, some of them uncertain.
pub(super) struct Outcome {
    pub(super) sure: Option<(Truth, Law, Option<Id>)>,
    pub(super) possible: Vec<(bool, Reasons)>,
}

impl Outcome {
    /// One verdict: sure when the uncertain rules would not change it.
    pub(super) fn decision(self, default: Decision) -> Decision {
        let (passes, law, rule) = self.sure.unwrap_or((default.passes, default.law, default.rule));
        let others = self.possible.into_iter();
        let mut reasons = Reasons::new();
        let mut changed = false;
        for (accept, why) in others {
            changed |= passes != Truth::known(accept);
            reasons.extend(why);
        }
        if !changed {
            return Decision { passes, law, rule };
        }
        if let Truth::Unknown(more) = passes {
            reasons.extend(more);
        }
        Decision { passes: Truth::Unknown(reasons), law, rule }
    }
}

impl Judge<'_> {
    /// The reference evaluator of section 2.4 for an interface: `own` and `peer` follow from the direction.
    pub(super) fn groups(
        &self,
        eni: &Eni,
        direction: Direction,
        nic: Nic,
        flow: &Flow,
        default: GroupDefault,
    ) -> Decision {
        let groups = match &eni.groups {
            Seen::Known(groups) if !groups.is_empty() => groups,
            Seen::Missing(what) => return Decision::new(unknown(what.clone()), "SG-6", None),
            _ => return Decision::new(unknown(format!("security groups of {}", eni.id)), "SG-6", None),
        };
        let mut outcome = Outcome { sure: None, possible: Vec::new() };
        let peer = if direction == Direction::Ingress { flow.source } else { flow.destination };
        // SG-18, SG-19, SG-25: the intra-group accept outranks every rule.
        for group in groups {
            let mut inner = self.inner_accept(group).and(self.is_member(group, &eni.vpc, peer));
            if direction == Direction::Egress && !inner.is_no() {
                inner = inner.and(self.readings.of(Assumption::InnerEgress));
            }
            match inner {
                Truth::Yes => return Decision::new(Truth::Yes, "SG-18", Some(group)),
                Truth::No => {}
                Truth::Unknown(why) => outcome.possible.push((true, why)),
            }
        }
        let mut rules: Vec<&Rule> = Vec::new();
        for group in groups {
            match self.estate.group(group).map(|group| &group.rules) {
                Some(Seen::Known(known)) => rules.extend(known),
                Some(Seen::Absent) => {}
                Some(Seen::Missing(what)) => outcome.possible.extend(either(unknown(what.clone()))),
                None => outcome.possible.extend(either(unknown(format!("security group {group}")))),
            }
        }
        self.pool(&mut outcome, &rules, &eni.vpc, direction, nic, flow);
        let end = match (default, direction) {
            (GroupDefault::Accept, _) => Decision::new(Truth::Yes, "CLB-6", None),
            (GroupDefault::OfGroups, Direction::Ingress) => Decision::new(Truth::No, "2.3", None),
            (GroupDefault::OfGroups, Direction::Egress) => Decision::new(
                agree(groups.iter().map(|group| self.egress_default(group)), || {
                    unknown(format!("types of the groups of {}", eni.id))
                }),
                "2.3",
                None,
            ),
        };
        outcome.decision(end)
    }

    /// SG-4 to SG-6: pools rules and keeps the one with the smallest key (priority, then drop first).
    fn pool(
        &self,
        outcome: &mut Outcome,
        rules: &[&Rule],
        vpc: &Seen<Id>,
        direction: Direction,
        nic: Nic,
        flow: &Flow,
    ) {
        let mut best: Option<(u32, bool, &Id)> = None;
        let mut uncertain: Vec<(Option<u32>, bool, Reasons)> = Vec::new();
        for rule in rules.iter().filter(|rule| rule.direction == direction && rule.nic == nic) {
            let matched = self.rule(rule, vpc, direction, flow);
            if matched.is_no() {
                continue;
            }
            let policy = match &rule.policy {
                Seen::Known(policy) => Some(*policy == Policy::Accept),
                Seen::Absent => Some(true),
                Seen::Missing(_) => None,
            };
            let priority = match &rule.priority {
                Seen::Known(priority) => Some(*priority),
                Seen::Absent => Some(1),
                Seen::Missing(_) => None,
            };
            if let (Truth::Yes, Some(accept), Some(priority)) = (&matched, policy, priority) {
                let key = (priority, accept);
                if best.is_none_or(|(p, a, _)| key < (p, a)) {
                    best = Some((priority, accept, &rule.id));
                }
                continue;
            }
            let mut why = match matched {
                Truth::Unknown(why) => why,
                Truth::Yes | Truth::No => Reasons::new(),
            };
            for gap in [rule.policy.gap(), rule.priority.gap()].into_iter().flatten() {
                why.extend(crate::assume::missing(gap.clone()));
            }
            for accept in policy.map_or(vec![true, false], |accept| vec![accept]) {
                uncertain.push((priority, accept, why.clone()));
            }
        }
        for (priority, accept, why) in uncertain {
            let outranks = match (priority, best) {
                (Some(priority), Some((p, a, _))) => (priority, accept) < (p, a),
                (None, _) | (_, None) => true,
            };
            if outranks {
                outcome.possible.push((accept, why));
            }
        }
        outcome.sure = best.map(|(_, accept, id)| (Truth::known(accept), "SG-6".into(), Some(id.clone())));
    }

    /// Whether one group rule matches (SG-8 to SG-14).
    fn rule(&self, rule: &Rule, vpc: &Seen<Id>, direction: Direction, flow: &Flow) -> Truth {
        let (own, peer) = if direction == Direction::Ingress {
            (flow.destination, flow.source)
        } else {
            (flow.source, flow.destination)
        };
        let narrowed = match &rule.own {
            Seen::Absent => Truth::Yes,
            Seen::Known(nets) => Truth::known(nets.iter().any(|net| net.trunc().contains(&own))),
            Seen::Missing(what) => unknown(what.clone()),
        };
        // Field by field; the first that does not match settles it.
        let fields: [&dyn Fn() -> Truth; 4] = [
            &|| self.protocol(&rule.protocol, &rule.id, flow.protocol),
            &|| self.port(&rule.ports, flow.protocol, flow.port),
            &|| self.port(&rule.source_ports, flow.protocol, flow.source_port),
            &|| self.peer(&rule.peer, Some(vpc), peer),
        ];
        let mut matched = narrowed;
        for field in fields {
            if matched.is_no() {
                return Truth::No;
            }
            matched = matched.and(field());
        }
        matched
    }

    fn kind(&self, group: &Id) -> Result<GroupKind, Truth> {
        match self.estate.group(group).map(|group| &group.kind) {
            Some(Seen::Known(kind)) => Ok(*kind),
            Some(Seen::Absent) => Ok(GroupKind::Basic),
            Some(Seen::Missing(what)) => Err(unknown(what.clone())),
            None => Err(unknown(format!("security group {group}"))),
        }
    }

    /// Section 2.3: whether members of a group reach each other by policy.
    fn inner_accept(&self, group: &Id) -> Truth {
        let basic = self.kind(group).map_or_else(|why| why, |kind| Truth::known(kind == GroupKind::Basic));
        let accepts = match self.estate.group(group).map(|group| &group.inner) {
            Some(Seen::Known(policy)) => Truth::known(*policy == Policy::Accept),
            Some(Seen::Absent) => unknown(format!("inner access policy of {group}")),
            Some(Seen::Missing(what)) => unknown(what.clone()),
            None => unknown(format!("security group {group}")),
        };
        basic.and(accepts)
    }

    /// Section 2.3: egress is open by default in basic groups only.
    fn egress_default(&self, group: &Id) -> Truth {
        self.kind(group).map_or_else(|why| why, |kind| Truth::known(kind == GroupKind::Basic))
    }

    /// ALB-2: groups of an ALB or NLB, pooled with the managed default-allow group.
    pub(super) fn balancer_groups(&self, balancer: &Balancer, flow: &Flow) -> Decision {
        let mut outcome = Outcome { sure: None, possible: Vec::new() };
        let mut rules: Vec<&Rule> = Vec::new();
        match &balancer.groups {
            Seen::Absent => {}
            Seen::Missing(what) => outcome.possible.extend(either(unknown(what.clone()))),
            Seen::Known(groups) => {
                for group in groups {
                    match self.estate.group(group).map(|group| &group.rules) {
                        Some(Seen::Known(known)) => rules.extend(known),
                        Some(Seen::Absent) => {}
                        Some(Seen::Missing(what)) => outcome.possible.extend(either(unknown(what.clone()))),
                        None => outcome.possible.extend(either(unknown(format!("security group {group}")))),
                    }
                }
            }
        }
        let managed = Rule {
            id: format!("{} managed accept", balancer.id).into(),
            direction: Direction::Ingress,
            policy: Seen::Known(Policy::Accept),
            priority: Seen::Known(100),
            protocol: Seen::Known(Protocol::All),
            ports: crate::model::PortMatch::All,
            source_ports: crate::model::PortMatch::All,
            peer: crate::model::Peer::Nets(
                [crate::model::net("0.0.0.0/0"), crate::model::net("::/0")].into_iter().flatten().collect(),
            ),
            own: Seen::Absent,
            nic: Nic::Intranet,
        };
        rules.push(&managed);
        self.pool(&mut outcome, &rules, &balancer.vpc, Direction::Ingress, Nic::Intranet, flow);
        if let Some((_, law, _)) = &mut outcome.sure {
            *law = "ALB-2".into();
        }
        outcome.decision(Decision::new(Truth::No, "ALB-2", None))
    }

    /// NACL-5, NACL-6: first match wins; no match denies; some destinations are exempt.
    pub(super) fn acl(&self, vswitch: &VSwitch, direction: Direction, flow: &Flow) -> (Id, Decision) {
        let id = match &vswitch.acl {
            Seen::Absent => return (vswitch.id.clone(), Decision::new(Truth::Yes, "NACL-1", None)),
            Seen::Missing(what) => return (vswitch.id.clone(), Decision::new(unknown(what.clone()), "NACL-1", None)),
            Seen::Known(id) => id,
        };
        let exempt = ["100.100.2.128/28", "100.100.2.112/28", "100.100.100.200/32"];
        if direction == Direction::Egress
            && exempt.iter().filter_map(|text| text.parse::<IpNet>().ok()).any(|net| net.contains(&flow.destination))
        {
            return (id.clone(), Decision::new(Truth::Yes, "NACL-6", None));
        }
        let Some(acl) = self.estate.acl(id) else {
            return (id.clone(), Decision::new(unknown(format!("network ACL {id}")), "NACL-5", None));
        };
        let entries = match if direction == Direction::Ingress { &acl.ingress } else { &acl.egress } {
            Seen::Known(entries) => entries.as_slice(),
            Seen::Absent => &[],
            Seen::Missing(what) => return (id.clone(), Decision::new(unknown(what.clone()), "NACL-5", None)),
        };
        let mut outcome = Outcome { sure: None, possible: Vec::new() };
        for entry in entries {
            let accept = entry.policy == Policy::Accept;
            match self.acl_entry(entry, direction, flow) {
                Truth::No => {}
                Truth::Unknown(why) => outcome.possible.push((accept, why)),
                Truth::Yes => {
                    outcome.sure = Some((Truth::known(accept), "NACL-5".into(), Some(entry.id.clone())));
                    break;
                }
            }
        }
        (id.clone(), outcome.decision(Decision::new(Truth::No, "NACL-6", None)))
    }

    /// NACL-7, NACL-8: `Port` is the destination port in both directions.
    fn acl_entry(&self, entry: &AclEntry, direction: Direction, flow: &Flow) -> Truth {
        let peer = if direction == Direction::Ingress { flow.source } else { flow.destination };
        if IpVersion::of(peer) != entry.version {
            return Truth::No;
        }
        let protocol = match &entry.protocol {
            Seen::Known(Protocol::All) => Truth::Yes,
            Seen::Known(Protocol::Icmp) if entry.version == IpVersion::V6 && flow.protocol == 58 => {
                unknown(format!("whether `icmp` in IPv6 entry {} covers ICMPv6", entry.id))
            }
            Seen::Known(protocol) => Truth::known(number_of(*protocol) == Some(flow.protocol)),
            Seen::Absent => unknown(format!("protocol of {}", entry.id)),
            Seen::Missing(what) => unknown(what.clone()),
        };
        protocol.and(self.port(&entry.ports, flow.protocol, flow.port)).and(self.peer(&entry.peer, None, peer))
    }

    /// RT-2: longest prefix match, then whether the next hop is the wanted one, past appliances in line too (any of several,
    /// RT-4).
    pub(super) fn leads(&self, table: &RouteTable, address: IpAddr, wanted: &dyn Fn(&NextHop) -> Truth) -> Decision {
        self.by_table(table, address, &|hop| self.by_hop(hop, address, wanted, INLINE))
    }

    /// RT-2 to RT-4: what the next hops of the longest prefix make of an address.
    pub(super) fn by_table(&self, table: &RouteTable, address: IpAddr, wanted: &dyn Fn(&NextHop) -> Truth) -> Decision {
        let routes = match &table.routes {
            Seen::Known(routes) => routes.as_slice(),
            Seen::Absent => &[],
            Seen::Missing(what) => return Decision::new(unknown(what.clone()), "RT-2", None),
        };
        let longest = routes
            .iter()
            .filter(|route| route.destination.trunc().contains(&address))
            .map(|route| route.destination.prefix_len())
            .max();
        let matching: Vec<&Route> = routes
            .iter()
            .filter(|route| {
                route.destination.trunc().contains(&address) && Some(route.destination.prefix_len()) == longest
            })
            .collect();
        let of = |origin: RouteOrigin| {
            let same: Vec<&&Route> = matching.iter().filter(|route| route.origin == origin).collect();
            let truth = same.iter().map(|route| through(route, wanted)).fold(Truth::No, Truth::or);
            (!same.is_empty()).then_some(truth)
        };
        let passes = match (of(RouteOrigin::Own), of(RouteOrigin::Propagated)) {
            (None, None) => Truth::No,
            (Some(one), None) | (None, Some(one)) => one,
            (Some(own), Some(propagated)) => self.choose(Assumption::RouteTie, own, propagated),
        };
        Decision::new(passes, "RT-2", matching.first().map(|route| &route.id))
    }

    /// The truth under the readings of an assumption: `first` if it holds, `second` if not.
    pub(super) fn choose(&self, assumption: Assumption, first: Truth, second: Truth) -> Truth {
        match self.readings.of(assumption) {
            Truth::Yes => first,
            Truth::No => second,
            both @ Truth::Unknown(_) => agree([first, second], || both),
        }
    }
}

/// Rules that were not collected may accept and may drop.
fn either(truth: Truth) -> Vec<(bool, Reasons)> {
    match truth {
        Truth::Unknown(why) => vec![(true, why.clone()), (false, why)],
        Truth::Yes | Truth::No => Vec::new(),
    }
}

/// RT-4: any of a route's next hops.
fn through(route: &Route, wanted: &dyn Fn(&NextHop) -> Truth) -> Truth {
    match &route.next {
        Seen::Known(hops) => hops.iter().map(wanted).fold(Truth::No, Truth::or),
        Seen::Absent => Truth::No,
        Seen::Missing(what) => unknown(what.clone()),
    }
}
