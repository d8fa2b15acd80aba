//! Security groups, network ACLs, routes and Cloud Firewall as filters over packet sets.

use super::band::{Clause, Filter};
use super::fields::{Bounds, Face, Fields, Reader, plain_protocols};
use crate::assume::{Assumption, Reasons, Truth, missing};
use crate::model::{AclEntry, Balancer, Direction, GroupKind, Id, IpVersion, Nic, Policy, Protocol, Rule, Seen};
use crate::set::{Addresses, Family, Match, Protocols, Ranges};

/// Interfaces with the same pooled rules share one filter.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub(super) struct Class {
    pub(super) groups: Vec<Id>,
    pub(super) vpc: Seen<Id>,
    pub(super) direction: Direction,
    pub(super) internet_nic: bool,
    /// The platform path of CLB-6: what no rule decides passes.
    pub(super) platform: bool,
}

/// The position of a clause: priority (0 when it was not read), then drop before accept (SG-5).
type Key = (u32, bool);

impl Reader<'_> {
    /// The clauses of a class of interfaces, in evaluation order (SG-6). With `from_internet` the
    /// rules that no packet from the internet can match are left out.
    pub(super) fn group_filter<A: Family>(&self, class: &Class, from_internet: bool) -> Filter<A> {
        let mut keyed: Vec<(Key, Clause<A>)> = Vec::new();
        let vpc = &class.vpc;
        let everything = || Match::everything().blocks();
        let mut unread = |why: Reasons| {
            for accept in [false, true] {
                keyed.push((
                    (0, accept),
                    Clause {
                        accept,
                        sure: Vec::new(),
                        possible: Some((everything(), why.clone())),
                        rule: None,
                        law: "SG-6",
                    },
                ));
            }
        };
        let mut rules: Vec<&Rule> = Vec::new();
        for id in &class.groups {
            match self.estate.group(id).map(|group| &group.rules) {
                Some(Seen::Known(known)) => rules.extend(known),
                Some(Seen::Absent) => {}
                Some(Seen::Missing(what)) => unread(missing(what.clone())),
                None => unread(missing(format!("security group {id}"))),
            }
        }
        let nic = if class.internet_nic { Nic::Internet } else { Nic::Intranet };
        let face = if class.direction == Direction::Ingress { Face::In } else { Face::Out };
        for rule in rules.into_iter().filter(|rule| rule.direction == class.direction && rule.nic == nic) {
            keyed.extend(self.rule_clauses(rule, vpc, face, from_internet));
        }
        keyed.sort_by_key(|(key, _)| *key);
        // SG-18: the intra-group accept stands above all; it concerns private addresses only (SG-25).
        let mut clauses: Vec<Clause<A>> = if from_internet {
            Vec::new()
        } else {
            class.groups.iter().filter_map(|id| self.inner_clause(id, vpc, face)).collect()
        };
        clauses.extend(keyed.into_iter().map(|(_, clause)| clause));
        let default = if class.platform {
            Truth::Yes
        } else if class.direction == Direction::Ingress {
            Truth::No
        } else {
            self.egress_default(&class.groups)
        };
        let law = if class.platform { "CLB-6" } else { "2.3" };
        match default {
            Truth::Yes => clauses.push(Clause { accept: true, sure: everything(), possible: None, rule: None, law }),
            Truth::Unknown(why) => clauses.push(Clause {
                accept: true,
                sure: Vec::new(),
                possible: Some((everything(), why)),
                rule: None,
                law,
            }),
            Truth::No => {}
        }
        Filter::first_match(&clauses)
    }

    /// One rule as one clause, or two when its policy was not read.
    fn rule_clauses<A: Family>(
        &self,
        rule: &Rule,
        vpc: &Seen<Id>,
        face: Face,
        from_internet: bool,
    ) -> Vec<(Key, Clause<A>)> {
        let peer = self.peer(&rule.peer, Some(vpc));
        if from_internet && !peer.most().meets(&self.internet) {
            return Vec::new();
        }
        let own = match &rule.own {
            Seen::Absent => Bounds::exact(Addresses::all()),
            Seen::Known(nets) => Bounds::exact(Addresses::from_nets(nets.iter().copied())),
            Seen::Missing(what) => Bounds::between(Addresses::empty(), Addresses::all(), missing(what.clone())),
        };
        let fields = Fields {
            protocols: self.group_protocols(&rule.protocol, &rule.id),
            ports: self.ports(&rule.ports),
            source_ports: self.ports(&rule.source_ports),
            own,
            peer,
        };
        let matches = fields.matches(face);
        let mut gaps = Reasons::new();
        for gap in [rule.policy.gap(), rule.priority.gap()].into_iter().flatten() {
            gaps.extend(missing(gap.clone()));
        }
        let mut possible = matches.possible.as_ref().map(|(set, why)| (set.blocks(), why.clone()));
        let mut sure = matches.sure.blocks();
        if !gaps.is_empty() {
            let (blocks, mut why) = possible.unwrap_or_else(|| (sure.clone(), Reasons::new()));
            why.extend(gaps);
            possible = Some((blocks, why));
            sure.clear();
        }
        let policies = match &rule.policy {
            Seen::Known(policy) => vec![*policy],
            Seen::Absent => vec![Policy::Accept],
            Seen::Missing(_) => vec![Policy::Drop, Policy::Accept],
        };
        let priority = match &rule.priority {
            Seen::Known(priority) => *priority,
            Seen::Absent => 1,
            Seen::Missing(_) => 0,
        };
        let clause = |policy: Policy| {
            let accept = policy == Policy::Accept;
            (
                (priority, accept),
                Clause {
                    accept,
                    sure: sure.clone(),
                    possible: possible.clone(),
                    rule: Some(rule.id.clone()),
                    law: "SG-6",
                },
            )
        };
        policies.into_iter().map(clause).collect()
    }

    /// SG-18, SG-19, SG-24: members of a basic group with `Accept` reach each other.
    fn inner_clause<A: Family>(&self, group: &Id, vpc: &Seen<Id>, face: Face) -> Option<Clause<A>> {
        let known = self.estate.group(group);
        let kind = match known.map(|group| &group.kind) {
            Some(Seen::Known(kind)) => Truth::known(*kind == GroupKind::Basic),
            Some(Seen::Absent) => Truth::Yes,
            Some(Seen::Missing(what)) => Truth::Unknown(missing(what.clone())),
            None => Truth::Unknown(missing(format!("security group {group}"))),
        };
        let accepts = match known.map(|group| &group.inner) {
            Some(Seen::Known(policy)) => Truth::known(*policy == Policy::Accept),
            Some(Seen::Absent) => Truth::Unknown(missing(format!("inner access policy of {group}"))),
            Some(Seen::Missing(what)) => Truth::Unknown(missing(what.clone())),
            None => Truth::Unknown(missing(format!("security group {group}"))),
        };
        let mut holds = kind.and(accepts);
        if face == Face::Out {
            holds = holds.and(self.readings.of(Assumption::InnerEgress));
        }
        if holds.is_no() {
            return None;
        }
        let members = self.members(group, vpc);
        let blocks = |peer: &Addresses| {
            let all = Match::everything();
            if face == Face::In {
                Match { source: peer.clone(), ..all }.blocks()
            } else {
                Match { destination: peer.clone(), ..all }.blocks()
            }
        };
        let most = blocks(members.most());
        let why_members = members.possible.as_ref().map(|(_, why)| why.clone());
        let (sure, possible) = match (holds, why_members) {
            (Truth::Unknown(mut why), more) => {
                why.extend(more.into_iter().flatten());
                (Vec::new(), Some((most, why)))
            }
            (_, Some(why)) => (blocks(&members.sure), Some((most, why))),
            (_, None) => (most, None),
        };
        Some(Clause { accept: true, sure, possible, rule: Some(group.clone()), law: "SG-18" })
    }

    /// Section 2.3: open in basic groups, closed in advanced ones (SG-7: one type per interface).
    fn egress_default(&self, groups: &[Id]) -> Truth {
        let (mut basic, mut advanced, mut why) = (false, false, Reasons::new());
        for id in groups {
            match self.estate.group(id).map(|group| &group.kind) {
                Some(Seen::Known(GroupKind::Advanced)) => advanced = true,
                Some(Seen::Known(GroupKind::Basic) | Seen::Absent) => basic = true,
                Some(Seen::Missing(what)) => why.extend(missing(what.clone())),
                None => why.extend(missing(format!("security group {id}"))),
            }
        }
        match (basic, advanced) {
            (true, false) if why.is_empty() => Truth::Yes,
            (false, true) if why.is_empty() => Truth::No,
            _ => {
                why.extend(missing("types of the groups of one interface"));
                Truth::Unknown(why)
            }
        }
    }

    /// ALB-2: custom groups of an ALB or NLB pooled with the managed accept at priority 100.
    pub(super) fn balancer_filter<A: Family>(&self, balancer: &Balancer) -> Filter<A> {
        let everything = || Match::everything().blocks();
        let mut keyed: Vec<(Key, Clause<A>)> = Vec::new();
        let mut unread = |why: Reasons| {
            for accept in [false, true] {
                keyed.push((
                    (0, accept),
                    Clause {
                        accept,
                        sure: Vec::new(),
                        possible: Some((everything(), why.clone())),
                        rule: None,
                        law: "ALB-2",
                    },
                ));
            }
        };
        let mut rules: Vec<&Rule> = Vec::new();
        match &balancer.groups {
            Seen::Absent => {}
            Seen::Missing(what) => unread(missing(what.clone())),
            Seen::Known(ids) => {
                for id in ids {
                    match self.estate.group(id).map(|group| &group.rules) {
                        Some(Seen::Known(known)) => rules.extend(known),
                        Some(Seen::Absent) => {}
                        Some(Seen::Missing(what)) => unread(missing(what.clone())),
                        None => unread(missing(format!("security group {id}"))),
                    }
                }
            }
        }
        for rule in rules.into_iter().filter(|rule| rule.direction == Direction::Ingress && rule.nic == Nic::Intranet) {
            keyed.extend(self.rule_clauses(rule, &balancer.vpc, Face::In, false));
        }
        let managed = self.group_protocols(&Seen::Known(Protocol::All), &Id::from("managed"));
        let all = |protocols| Match { protocols, ..Match::everything() }.blocks();
        let possible = managed.possible.as_ref().map(|(protocols, why)| (all(*protocols), why.clone()));
        keyed.push(((100, true), Clause { accept: true, sure: all(managed.sure), possible, rule: None, law: "ALB-2" }));
        keyed.sort_by_key(|(key, _)| *key);
        let clauses: Vec<_> = keyed.into_iter().map(|(_, clause)| clause).collect();
        Filter::first_match(&clauses)
    }

    /// NACL-5 to NACL-8: the entries of one direction, applied to the flow or to its reply.
    pub(super) fn acl_filter<A: Family>(&self, id: &Id, direction: Direction, face: Face) -> Filter<A> {
        let mut clauses: Vec<Clause<A>> = Vec::new();
        let entries = match self.estate.acl(id) {
            None => Err(missing(format!("network ACL {id}"))),
            Some(acl) => match if direction == Direction::Ingress { &acl.ingress } else { &acl.egress } {
                Seen::Known(entries) => Ok(entries.as_slice()),
                Seen::Absent => Ok(&[] as &[AclEntry]),
                Seen::Missing(what) => Err(missing(what.clone())),
            },
        };
        if direction == Direction::Egress {
            // NACL-6: the resolver and the metadata service are never filtered.
            let fields = Fields {
                protocols: Bounds::exact(Protocols::ALL),
                ports: Bounds::exact(Ranges::all()),
                source_ports: Bounds::exact(Ranges::all()),
                own: Bounds::exact(Addresses::all()),
                peer: Bounds::exact(Addresses::never_filtered()),
            };
            clauses.push(Clause {
                accept: true,
                sure: fields.matches(face).sure.blocks(),
                possible: None,
                rule: None,
                law: "NACL-6",
            });
        }
        match entries {
            Err(why) => clauses.push(Clause {
                accept: true,
                sure: Vec::new(),
                possible: Some((Match::everything().blocks(), why)),
                rule: None,
                law: "NACL-5",
            }),
            Ok(entries) => {
                for entry in entries {
                    let matches = self.entry_fields(entry).matches(face);
                    let possible = matches.possible.as_ref().map(|(set, why)| (set.blocks(), why.clone()));
                    clauses.push(Clause {
                        accept: entry.policy == Policy::Accept,
                        sure: matches.sure.blocks(),
                        possible,
                        rule: Some(entry.id.clone()),
                        law: "NACL-5",
                    });
                }
            }
        }
        Filter::first_match(&clauses)
    }

    fn entry_fields(&self, entry: &AclEntry) -> Fields {
        let family = of_version(entry.version);
        let mut peer = self.peer(&entry.peer, None);
        peer.sure = peer.sure.intersect(&family);
        peer.possible = peer.possible.map(|(set, why)| (set.intersect(&family), why));
        let protocols = match (&entry.protocol, entry.version) {
            (Seen::Known(Protocol::Icmp), IpVersion::V6) => Bounds::between(
                Protocols::ICMP,
                // ICMP is number 1 and ICMPv6 number 58; the entry may mean the second.
                union(Protocols::ICMP, Protocols::ICMPV6),
                missing(format!("whether `icmp` in IPv6 entry {} covers ICMPv6", entry.id)),
            ),
            (protocol, _) => plain_protocols(protocol, &entry.id),
        };
        Fields {
            protocols,
            ports: self.ports(&entry.ports),
            source_ports: Bounds::exact(Ranges::all()),
            own: Bounds::exact(Addresses::all()),
            peer,
        }
    }
}

fn union(a: Protocols, b: Protocols) -> Protocols {
    Protocols::ALL.subtract(Protocols::ALL.subtract(a).subtract(b))
}

pub(super) fn of_version(version: IpVersion) -> Addresses {
    match version {
        IpVersion::V4 => Addresses { v4: Ranges::all(), v6: Ranges::empty() },
        IpVersion::V6 => Addresses { v4: Ranges::empty(), v6: Ranges::all() },
    }
}
