//! What would close an exposure: small edits, proven by running the engine again, with what else they cut.
//!
//! ```
//! use xiezhi_net::{assume::Readings, close::{self, Edit, Goal}, model::*, reach, set::Addresses};
//! let network: Network = serde_json::from_str(r#"{
//!     "vpcs": {"items": [{"id": "vpc-1"}]},
//!     "enis": {"items": [{"id": "eni-1", "vpc": {"known": "vpc-1"}, "addresses": ["10.0.0.5"], "groups": {"known": ["sg-1"]}}]},
//!     "eips": {"items": [{"id": "eip-1", "address": "47.1.2.3", "bound": {"known": {"to": {"interface": "eni-1"}}}}]},
//!     "groups": {"items": [{"id": "sg-1", "vpc": "vpc-1", "kind": {"known": "basic"}, "inner": {"known": "drop"}, "rules": {"known": [
//!         {"id": "r-1", "direction": "ingress", "protocol": {"known": "tcp"}, "ports": {"ranges": [[22, 22]]}, "peer": {"nets": ["0.0.0.0/0"]}}]}}]}
//! }"#).unwrap();
//! let readings = Readings::default();
//! let report = reach::from_internet(&network, &readings);
//! let goal = Goal::ports(&report.exposures[0], &[22], Addresses::empty());
//! let plans = close::plans(&network, &readings, &report, &goal);
//! assert_eq!(plans[0].edits, [Edit::RemoveRule { group: "sg-1".into(), rule: "r-1".into() }]);
//! assert!(plans[0].also_cut.is_empty());
//! ```

use std::collections::BTreeSet;
use std::net::IpAddr;

use ipnet::IpNet;

use crate::assume::Readings;
use crate::changed;
use crate::model::{
    AccessControl, AccessKind, AccessList, Direction, Estate, Id, Listener, Network, Nic, Peer, Policy, PortMatch,
    Protocol, Rule, SecurityGroup, Seen, ServiceEndpoint,
};
use crate::path::{Entry, Target};
use crate::reach::{self, Exposure, Report, inside_sets};
use crate::set::{Addresses, Match, PacketSet, Protocols, Ranges};

/// What to close.
#[derive(Clone, Debug)]
pub struct Goal {
    /// The entry of the exposure.
    pub entry: Entry,
    /// Its public address.
    pub destination: IpAddr,
    /// Its target.
    pub target: Target,
    /// The packets that must no longer arrive.
    pub packets: PacketSet,
    /// Sources that may stay; rules are narrowed to them instead of removed.
    pub keep: Addresses,
}

impl Goal {
    /// Closes everything that may arrive by an exposure, but from `keep`.
    #[must_use]
    pub fn everything(exposure: &Exposure, keep: Addresses) -> Self {
        let kept = PacketSet::from(Match { source: keep.clone(), ..Match::everything() });
        let packets = exposure.possible().subtract(&kept);
        Self {
            entry: exposure.entry.clone(),
            destination: exposure.destination,
            target: exposure.target.clone(),
            packets,
            keep,
        }
    }

    /// Closes these TCP and UDP ports of an exposure, but from `keep`.
    #[must_use]
    pub fn ports(exposure: &Exposure, ports: &[u16], keep: Addresses) -> Self {
        let wanted = Match {
            protocols: Protocols::PORTED,
            ports: Ranges::collect(ports.iter().map(|port| (*port, *port))),
            ..Match::everything()
        };
        let goal = Self::everything(exposure, keep);
        Self { packets: goal.packets.intersect(&PacketSet::from(wanted)), ..goal }
    }
}

/// One change to the network.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Edit {
    /// Remove a rule of a security group.
    RemoveRule {
        /// The group.
        group: Id,
        /// The rule.
        rule: Id,
    },
    /// Replace the source of a rule.
    NarrowRule {
        /// The group.
        group: Id,
        /// The rule.
        rule: Id,
        /// The sources that stay.
        to: Vec<IpNet>,
    },
    /// Add a rule to a security group.
    AddRule {
        /// The group.
        group: Id,
        /// The new rule.
        rule: Box<Rule>,
    },
    /// Unbind an EIP.
    UnbindEip(Id),
    /// Give up a public address of an interface itself.
    ReleaseAddress {
        /// The interface.
        interface: Id,
        /// The address.
        address: IpAddr,
    },
    /// Remove a DNAT entry.
    RemoveDnat {
        /// The NAT gateway.
        nat: Id,
        /// The entry.
        entry: Id,
    },
    /// Stop a listener.
    StopListener {
        /// The load balancer.
        balancer: Id,
        /// The listener.
        listener: Id,
    },
    /// Give a listener a white list with these entries.
    WhiteList {
        /// The load balancer.
        balancer: Id,
        /// The listener.
        listener: Id,
        /// The sources that stay.
        to: Vec<IpNet>,
    },
    /// Replace the allow-list of an endpoint of a managed service.
    NarrowAllowList {
        /// The service.
        service: Id,
        /// The endpoint.
        endpoint: Id,
        /// The sources that stay.
        to: Vec<IpNet>,
    },
    /// Release the public endpoint of a managed service.
    ReleaseEndpoint {
        /// The service.
        service: Id,
        /// The endpoint.
        endpoint: Id,
    },
}

/// What an exposure would lose beside the goal.
#[derive(Clone, Debug)]
pub struct Loss {
    /// The entry.
    pub entry: Entry,
    /// The public address.
    pub destination: IpAddr,
    /// The target.
    pub target: Target,
    /// The packets that would no longer arrive.
    pub packets: PacketSet,
}

/// Edits that close the goal; the engine ran again and found nothing left, under any reading and
/// whatever the missing evidence says.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The edits, in order.
    pub edits: Vec<Edit>,
    /// What the internet would lose beside the goal.
    pub also_cut: Vec<Loss>,
    /// What interfaces of the estate would no longer reach at members of the edited groups.
    pub cut_inside: PacketSet,
}

/// The plans that close a goal, fewest edits first; at equal number those that change rules before
/// those that give up the entry. A plan that the engine does not prove is not returned.
#[must_use]
pub fn plans(network: &Network, readings: &Readings, report: &Report, goal: &Goal) -> Vec<Plan> {
    let mut candidates: Vec<Vec<Edit>> = Vec::new();
    candidates.extend(by_rules(network, readings, goal));
    candidates.extend(drop_above(network, goal).map(|edit| vec![edit]));
    candidates.extend(at_entry(network, goal).into_iter().map(|edit| vec![edit]));
    let proven = candidates.into_iter().filter(|edits| is_closed(&edited(network, edits), readings, goal));
    let mut plans: Vec<Plan> = proven.map(|edits| plan(network, readings, report, goal, edits)).collect();
    plans.sort_by_key(|plan| plan.edits.len());
    plans
}

/// The network with edits applied. Edits that name an object that does not exist change nothing.
#[must_use]
pub fn edited(network: &Network, edits: &[Edit]) -> Network {
    let mut network = network.clone();
    for edit in edits {
        apply(&mut network, edit);
    }
    network
}

/// Whether no packet of the goal may arrive any more.
fn is_closed(network: &Network, readings: &Readings, goal: &Goal) -> bool {
    left(network, readings, goal).is_none()
}

fn left(network: &Network, readings: &Readings, goal: &Goal) -> Option<Exposure> {
    let open = |exposure: &Exposure| {
        exposure.target == goal.target
            && exposure.destination == goal.destination
            && !exposure.possible().intersect(&goal.packets).is_empty()
    };
    reach::through(network, readings, &goal.entry).into_iter().find(open)
}

/// Removes or narrows every rule that decides a packet of the goal, until none does. Such a rule must
/// go in every plan that only removes and narrows, so the result is the smallest of these.
fn by_rules(network: &Network, readings: &Readings, goal: &Goal) -> Option<Vec<Edit>> {
    let (mut edits, mut now) = (Vec::new(), network.clone());
    while let Some(exposure) = left(&now, readings, goal) {
        let mut new = Vec::new();
        for part in exposure.parts().iter().filter(|part| !part.packets.intersect(&goal.packets).is_empty()) {
            let id = part.rule.as_ref()?;
            let (group, rule) = owner(&now, id)?;
            let kept = match &rule.peer {
                Peer::Nets(nets) => Addresses::from_nets(nets.iter().copied()).intersect(&goal.keep).nets(),
                Peer::Group(_) | Peer::ForeignGroup(_) | Peer::Prefixes(_) | Peer::Missing(_) => goal.keep.nets(),
            };
            let (group, rule) = (group.id.clone(), id.clone());
            let edit = if kept.is_empty() {
                Edit::RemoveRule { group, rule }
            } else {
                Edit::NarrowRule { group, rule, to: kept }
            };
            if !edits.contains(&edit) && !new.contains(&edit) {
                new.push(edit);
            }
        }
        if new.is_empty() {
            return None;
        }
        now = edited(&now, &new);
        edits.append(&mut new);
    }
    Some(edits).filter(|edits| !edits.is_empty())
}

fn owner<'n>(network: &'n Network, rule: &Id) -> Option<(&'n SecurityGroup, &'n Rule)> {
    network
        .groups
        .iter()
        .find_map(|group| group.rules.known()?.iter().find(|known| known.id == *rule).map(|found| (group, found)))
}

/// SG-5: a drop at priority 1 outranks every accept. Only where ports are not translated on the way,
/// one protocol is concerned and no source stays; in the group that the fewest interfaces use.
fn drop_above(network: &Network, goal: &Goal) -> Option<Edit> {
    let (Target::Interface(id), Entry::Eip(_) | Entry::Own(_) | Entry::Ipv6(_)) = (&goal.target, &goal.entry) else {
        return None;
    };
    if !goal.keep.is_empty() {
        return None;
    }
    let protocols: Vec<(u8, u8)> = goal.packets.protocols().iter().collect();
    let (protocol, number) = match protocols.as_slice() {
        [(6, 6)] => (Protocol::Tcp, 6),
        [(17, 17)] => (Protocol::Udp, 17),
        [(1, 1)] => (Protocol::Icmp, 1),
        _ => return None,
    };
    let eni = network.enis.iter().find(|eni| eni.id == *id)?;
    let users = |group: &Id| {
        network.enis.iter().filter(|eni| eni.groups.known().is_some_and(|groups| groups.contains(group))).count()
    };
    let group = eni
        .groups
        .known()?
        .iter()
        .filter(|id| network.groups.iter().any(|group| group.id == **id && group.rules.known().is_some()))
        .min_by_key(|id| users(id))?;
    let everyone = if matches!(goal.entry, Entry::Ipv6(_)) { "::/0" } else { "0.0.0.0/0" };
    let rule = Rule {
        id: format!("{group}/new-drop").into(),
        direction: Direction::Ingress,
        policy: Seen::Known(Policy::Drop),
        priority: Seen::Known(1),
        protocol: Seen::Known(protocol),
        ports: if number == 1 {
            PortMatch::All
        } else {
            PortMatch::Ranges(goal.packets.ports(number).iter().collect())
        },
        source_ports: PortMatch::All,
        peer: Peer::Nets(crate::model::net(everyone).into_iter().collect()),
        own: Seen::Absent,
        nic: Nic::Intranet,
    };
    Some(Edit::AddRule { group: group.clone(), rule: Box::new(rule) })
}

/// Edits at the entry itself.
fn at_entry(network: &Network, goal: &Goal) -> Vec<Edit> {
    let kept = goal.keep.nets();
    match &goal.entry {
        Entry::Eip(id) if kept.is_empty() => vec![Edit::UnbindEip(id.clone())],
        Entry::Own(id) | Entry::Ipv6(id) if kept.is_empty() => {
            vec![Edit::ReleaseAddress { interface: id.clone(), address: goal.destination }]
        }
        Entry::Dnat(nat, entry) if kept.is_empty() => vec![Edit::RemoveDnat { nat: nat.clone(), entry: entry.clone() }],
        Entry::Listener(balancer, listener) => {
            let (balancer, listener) = (balancer.clone(), listener.clone());
            if kept.is_empty() {
                vec![Edit::StopListener { balancer, listener }]
            } else {
                vec![Edit::WhiteList { balancer, listener, to: kept }]
            }
        }
        Entry::Endpoint(service, endpoint) => {
            // The private ranges of the list are none of the goal's business.
            let internet = crate::set::internet();
            let listed = network
                .services
                .iter()
                .filter(|item| item.id == *service)
                .filter_map(|item| item.endpoints.known())
                .flatten();
            let listed =
                listed.filter(|item| item.id == *endpoint).filter_map(|item| item.allow.known()).flatten().copied();
            let to = Addresses::from_nets(listed).subtract(&internet).union(&goal.keep).nets();
            let (service, endpoint) = (service.clone(), endpoint.clone());
            let narrow = Edit::NarrowAllowList { service: service.clone(), endpoint: endpoint.clone(), to };
            if kept.is_empty() { vec![narrow, Edit::ReleaseEndpoint { service, endpoint }] } else { vec![narrow] }
        }
        Entry::Eip(_) | Entry::Own(_) | Entry::Ipv6(_) | Entry::Dnat(..) => Vec::new(),
    }
}

/// Runs again on the edited network and lists what else is lost.
fn plan(network: &Network, readings: &Readings, report: &Report, goal: &Goal, edits: Vec<Edit>) -> Plan {
    let later = edited(network, &edits);
    let groups: BTreeSet<Id> = edits
        .iter()
        .filter_map(|edit| match edit {
            Edit::RemoveRule { group, .. } | Edit::NarrowRule { group, .. } | Edit::AddRule { group, .. } => {
                Some(group.clone())
            }
            _ => None,
        })
        .collect();
    // An edit is one of a group's rules or of the entry itself; no plan mixes them.
    let after = match groups.is_empty() {
        true => reach::from_internet(&later, readings),
        false => reach::again(report.clone(), &later, readings, &groups),
    };
    let mut also_cut = Vec::new();
    for change in changed::reports(report, &after) {
        let aimed =
            (&change.entry, change.destination, &change.target) == (&goal.entry, goal.destination, &goal.target);
        let packets = if aimed { change.lost.subtract(&goal.packets) } else { change.lost };
        if !packets.is_empty() {
            also_cut.push(Loss {
                entry: change.entry,
                destination: change.destination,
                target: change.target,
                packets,
            });
        }
    }
    let cut_inside = if groups.is_empty() {
        PacketSet::empty()
    } else {
        let all = |network: &Network| {
            let estate = Estate::of(network);
            let senders: Vec<_> = network.enis.iter().collect();
            let receivers: Vec<_> = network
                .enis
                .iter()
                .filter(|eni| eni.groups.known().is_some_and(|own| own.iter().any(|id| groups.contains(id))))
                .collect();
            inside_sets(&estate, readings, &senders, &receivers, &PacketSet::all())
        };
        all(network).0.subtract(&all(&later).1)
    };
    Plan { edits, also_cut, cut_inside }
}

fn with_rules(network: &mut Network, group: &Id, change: impl FnOnce(&mut Vec<Rule>)) {
    for item in network.groups.items.iter_mut().filter(|item| item.id == *group) {
        if let Seen::Known(rules) = &mut item.rules {
            return change(rules);
        }
    }
}

fn with_listener(network: &mut Network, balancer: &Id, listener: &Id, change: impl FnOnce(&mut Listener)) {
    for item in network.balancers.items.iter_mut().filter(|item| item.id == *balancer) {
        if let Seen::Known(listeners) = &mut item.listeners
            && let Some(found) = listeners.iter_mut().find(|found| found.id == *listener)
        {
            return change(found);
        }
    }
}

fn with_endpoint(network: &mut Network, service: &Id, endpoint: &Id, change: impl FnOnce(&mut ServiceEndpoint)) {
    for item in network.services.items.iter_mut().filter(|item| item.id == *service) {
        if let Seen::Known(endpoints) = &mut item.endpoints
            && let Some(found) = endpoints.iter_mut().find(|found| found.id == *endpoint)
        {
            return change(found);
        }
    }
}

fn apply(network: &mut Network, edit: &Edit) {
    match edit {
        Edit::RemoveRule { group, rule } => with_rules(network, group, |rules| rules.retain(|known| known.id != *rule)),
        Edit::NarrowRule { group, rule, to } => with_rules(network, group, |rules| {
            for known in rules.iter_mut().filter(|known| known.id == *rule) {
                known.peer = Peer::Nets(to.clone());
            }
        }),
        Edit::AddRule { group, rule } => with_rules(network, group, |rules| rules.push((**rule).clone())),
        Edit::UnbindEip(id) => {
            network.eips.items.iter_mut().filter(|eip| eip.id == *id).for_each(|eip| eip.bound = Seen::Absent)
        }
        Edit::ReleaseAddress { interface, address } => {
            for eni in network.enis.items.iter_mut().filter(|eni| eni.id == *interface) {
                eni.public.retain(|own| IpAddr::V4(own.public) != *address);
                eni.ipv6
                    .iter_mut()
                    .filter(|own| IpAddr::V6(own.address) == *address)
                    .for_each(|own| own.bandwidth = Seen::Known(false));
            }
        }
        Edit::RemoveDnat { nat, entry } => {
            for item in network.nats.items.iter_mut().filter(|item| item.id == *nat) {
                if let Seen::Known(entries) = &mut item.dnat {
                    entries.retain(|known| known.id != *entry);
                }
            }
        }
        Edit::StopListener { balancer, listener } => {
            with_listener(network, balancer, listener, |found| found.running = Seen::Known(false))
        }
        Edit::WhiteList { balancer, listener, to } => {
            let id: Id = format!("{listener} white list").into();
            network.access_lists.items.retain(|list| list.id != id);
            network.access_lists.items.push(AccessList { id: id.clone(), entries: Seen::Known(to.clone()) });
            with_listener(network, balancer, listener, |found| {
                found.access =
                    Seen::Known(AccessControl { kind: AccessKind::White, lists: Seen::Known(vec![id]), legacy: false });
            });
        }
        Edit::NarrowAllowList { service, endpoint, to } => with_endpoint(network, service, endpoint, |found| {
            found.allow = Seen::Known(to.clone());
            found.bare.clear();
        }),
        Edit::ReleaseEndpoint { service, endpoint } => {
            with_endpoint(network, service, endpoint, |found| found.public = Seen::Known(false))
        }
    }
}
