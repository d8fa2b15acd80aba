//! What two snapshots differ in, as packet sets.
//!
//! ```
//! use xiezhi_net::{assume::Readings, changed, model::*};
//! let before: Network = serde_json::from_str(r#"{
//!     "vpcs": {"items": [{"id": "vpc-1"}]},
//!     "enis": {"items": [{"id": "eni-1", "vpc": {"known": "vpc-1"}, "addresses": ["10.0.0.5"], "groups": {"known": ["sg-1"]}}]},
//!     "eips": {"items": [{"id": "eip-1", "address": "47.1.2.3", "bound": {"known": {"to": {"interface": "eni-1"}}}}]},
//!     "groups": {"items": [{"id": "sg-1", "vpc": "vpc-1", "kind": {"known": "basic"}, "inner": {"known": "drop"}, "rules": {"known": []}}]}
//! }"#).unwrap();
//! let mut after = before.clone();
//! let opened = RuleFields { ip_protocol: Some("tcp"), port_range: Some("22/22"), cidr: Some("0.0.0.0/0"), ..RuleFields::default() };
//! after.groups.items[0].rules = Seen::Known(vec![opened.rule("r-1", Direction::Ingress)]);
//! let changes = changed::between(&before, &after, &Readings::default());
//! assert_eq!(changes.len(), 1);
//! assert_eq!(changes[0].gained.ports(6).iter().collect::<Vec<_>>(), [(22, 22)]);
//! assert_eq!(changes[0].causes, ["sg-1".into()]);
//! assert!(changes[0].lost.is_empty());
//! ```

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use crate::assume::{Readings, Reasons, Truth};
use crate::model::{Estate, Id, Listing, Network, Peer, PortMatch, SecurityGroup};
use crate::path::{Entry, Target};
use crate::plain::Judge;
use crate::reach::{self, Exposure, MANAGEMENT_PORTS, Report, Witness};
use crate::set::PacketSet;

/// What changed at one target through one entry.
#[derive(Clone, Debug)]
pub struct Change {
    /// The entry.
    pub entry: Entry,
    /// The public address.
    pub destination: IpAddr,
    /// The target.
    pub target: Target,
    /// Packets that surely arrive now and surely did not before.
    pub gained: PacketSet,
    /// Packets that surely arrived before and surely do not now.
    pub lost: PacketSet,
    /// Whether the sets also differ in a way that rests on assumptions or missing evidence.
    pub unsettled: bool,
    /// Those assumptions and that evidence; none when everything is settled.
    pub reasons: Reasons,
    /// A gained packet with its way in the later snapshot, confirmed by the plain evaluator.
    pub witness: Option<Witness>,
    /// The changed objects that the exposure rests on; every changed object when none can be singled out.
    pub causes: Vec<Id>,
}

/// What the internet reaches differently in two snapshots, in the order of entries. Equal snapshots
/// give nothing, and swapping the snapshots swaps gains and losses.
#[must_use]
pub fn between(before: &Network, after: &Network, readings: &Readings) -> Vec<Change> {
    let old = reach::from_internet(before, readings);
    let new = match only_groups(before, after) {
        Some(groups) => reach::again(old.clone(), after, readings, &groups),
        None => reach::from_internet(after, readings),
    };
    let mut changes = reports(&old, &new);
    let objects = objects(before, after);
    let (earlier, later) = (Estate::of(before), Estate::of(after));
    let judge = Judge { estate: &later, readings };
    for change in &mut changes {
        change.witness = change.gained.witness_on(&MANAGEMENT_PORTS).and_then(|flow| {
            let traces = judge.through(&change.entry, &flow).into_iter();
            traces
                .filter(|trace| trace.target == change.target && trace.verdict.is_yes())
                .map(|trace| Witness { flow, trace })
                .next()
        });
        if change.witness.is_none() {
            change.unsettled |= !change.gained.is_empty();
            change.gained = PacketSet::empty();
        }
        let mut related: BTreeSet<Id> = related(&earlier, change);
        related.extend(self::related(&later, change));
        let singled: Vec<Id> = objects.intersection(&related).cloned().collect();
        change.causes = if singled.is_empty() { objects.iter().cloned().collect() } else { singled };
    }
    changes.retain(|change| !change.gained.is_empty() || !change.lost.is_empty() || change.unsettled);
    changes
}

/// The security groups that differ, when nothing else does that exposures can hang on.
fn only_groups(before: &Network, after: &Network) -> Option<BTreeSet<Id>> {
    let bare = |group: &SecurityGroup| (group.id.clone(), group.vpc.clone());
    // Named one by one, so that a new part of the network cannot be forgotten here.
    let Network {
        groups,
        vpcs,
        vswitches,
        enis,
        prefix_lists,
        port_lists,
        acls,
        route_tables,
        eips,
        havips,
        nats,
        balancers,
        access_lists,
        peerings,
        transit_routers,
        vpns,
        vpn_tables,
        edges,
        private_endpoints,
        inline_endpoints,
        services,
        firewall,
        web: _,
    } = before;
    let same = groups.missing == after.groups.missing
        && groups.iter().map(bare).eq(after.groups.iter().map(bare))
        && *vpcs == after.vpcs
        && *vswitches == after.vswitches
        && *enis == after.enis
        && *prefix_lists == after.prefix_lists
        && *port_lists == after.port_lists
        && *acls == after.acls
        && *route_tables == after.route_tables
        && *eips == after.eips
        && *havips == after.havips
        && *nats == after.nats
        && *balancers == after.balancers
        && *access_lists == after.access_lists
        && *peerings == after.peerings
        && *transit_routers == after.transit_routers
        && *vpns == after.vpns
        && *vpn_tables == after.vpn_tables
        && *edges == after.edges
        && *private_endpoints == after.private_endpoints
        && *inline_endpoints == after.inline_endpoints
        && *services == after.services
        && *firewall == after.firewall;
    let pairs = groups.iter().zip(after.groups.iter());
    same.then(|| pairs.filter(|(old, new)| old != new).map(|(old, _)| old.id.clone()).collect())
}

/// What identifies an exposure in both snapshots.
type Key<'r> = (&'r Entry, IpAddr, &'r Target);

/// The differences of two reports; without witness and causes, which need the networks.
#[must_use]
pub fn reports(before: &Report, after: &Report) -> Vec<Change> {
    let mut pairs: BTreeMap<Key<'_>, (Option<&Exposure>, Option<&Exposure>)> = BTreeMap::new();
    for exposure in &before.exposures {
        pairs.entry(exposure.key()).or_default().0 = Some(exposure);
    }
    for exposure in &after.exposures {
        pairs.entry(exposure.key()).or_default().1 = Some(exposure);
    }
    let sets = |exposure: Option<&Exposure>| {
        // A report holds every way in that may let something pass: none there is none at all.
        exposure.map_or_else(
            || (PacketSet::empty(), PacketSet::empty()),
            |exposure| (exposure.certain(), exposure.possible()),
        )
    };
    let change = |((entry, destination, target), (old, new)): (Key<'_>, _)| {
        let ((old_certain, old_possible), (new_certain, new_possible)) = (sets(old), sets(new));
        if old_certain == new_certain && old_possible == new_possible {
            return None;
        }
        let (gained, lost) = (new_certain.subtract(&old_possible), old_certain.subtract(&new_possible));
        let settled = old_certain == old_possible && new_certain == new_possible;
        let reasons =
            if settled { Reasons::new() } else { [old, new].into_iter().flatten().flat_map(doubts).collect() };
        Some(Change {
            entry: entry.clone(),
            destination,
            target: target.clone(),
            gained,
            lost,
            unsettled: !settled,
            reasons,
            witness: None,
            causes: Vec::new(),
        })
    };
    pairs.into_iter().filter_map(change).collect()
}

/// Everything that leaves an exposure open.
fn doubts(exposure: &Exposure) -> Reasons {
    let mut all = exposure.reasons();
    if let Truth::Unknown(more) = &exposure.verdict {
        all.extend(more.iter().cloned());
    }
    all
}

/// The ids of objects that exist in one snapshot only or differ.
#[must_use]
pub fn objects(before: &Network, after: &Network) -> BTreeSet<Id> {
    fn listing<T: PartialEq>(all: &mut BTreeSet<Id>, before: &Listing<T>, after: &Listing<T>, id: impl Fn(&T) -> &Id) {
        let old: BTreeMap<&Id, &T> = before.iter().map(|item| (id(item), item)).collect();
        let new: BTreeMap<&Id, &T> = after.iter().map(|item| (id(item), item)).collect();
        for key in old.keys().chain(new.keys()) {
            if old.get(key) != new.get(key) {
                all.insert((*key).clone());
            }
        }
    }
    let mut all = BTreeSet::new();
    listing(&mut all, &before.vpcs, &after.vpcs, |item| &item.id);
    listing(&mut all, &before.vswitches, &after.vswitches, |item| &item.id);
    listing(&mut all, &before.enis, &after.enis, |item| &item.id);
    listing(&mut all, &before.groups, &after.groups, |item| &item.id);
    listing(&mut all, &before.prefix_lists, &after.prefix_lists, |item| &item.id);
    listing(&mut all, &before.port_lists, &after.port_lists, |item| &item.id);
    listing(&mut all, &before.acls, &after.acls, |item| &item.id);
    listing(&mut all, &before.route_tables, &after.route_tables, |item| &item.id);
    listing(&mut all, &before.eips, &after.eips, |item| &item.id);
    listing(&mut all, &before.havips, &after.havips, |item| &item.id);
    listing(&mut all, &before.nats, &after.nats, |item| &item.id);
    listing(&mut all, &before.balancers, &after.balancers, |item| &item.id);
    listing(&mut all, &before.access_lists, &after.access_lists, |item| &item.id);
    listing(&mut all, &before.peerings, &after.peerings, |item| &item.id);
    listing(&mut all, &before.transit_routers, &after.transit_routers, |item| &item.id);
    listing(&mut all, &before.vpns, &after.vpns, |item| &item.id);
    listing(&mut all, &before.vpn_tables, &after.vpn_tables, |item| &item.gateway);
    listing(&mut all, &before.edges, &after.edges, |item| &item.id);
    listing(&mut all, &before.private_endpoints, &after.private_endpoints, |item| &item.id);
    listing(&mut all, &before.inline_endpoints, &after.inline_endpoints, |item| &item.id);
    listing(&mut all, &before.services, &after.services, |item| &item.id);
    if before.firewall != after.firewall {
        all.insert("cloud firewall".into());
    }
    all
}

/// The objects on which an exposure can rest: its entry, its target, and what filters on the way.
fn related(estate: &Estate<'_>, change: &Change) -> BTreeSet<Id> {
    let mut all: BTreeSet<Id> = BTreeSet::from(["cloud firewall".into()]);
    match &change.entry {
        Entry::Eip(id)
        | Entry::Own(id)
        | Entry::Ipv6(id)
        | Entry::Dnat(id, _)
        | Entry::Listener(id, _)
        | Entry::Endpoint(id, _) => {
            all.insert(id.clone());
        }
    }
    if let Entry::Listener(id, listener) = &change.entry
        && let Some(balancer) = estate.balancer(id)
    {
        all.extend(balancer.groups.known().into_iter().flatten().cloned());
        let listeners = balancer.listeners.known().into_iter().flatten().filter(|item| item.id == *listener);
        all.extend(listeners.filter_map(|item| item.access.known()?.lists.known()).flatten().cloned());
    }
    if let Target::Interface(id) = &change.target
        && let Some(eni) = estate.eni(id)
    {
        all.insert(id.clone());
        all.extend(eni.groups.known().into_iter().flatten().cloned());
        all.extend(eni.vpc.known().cloned());
        if let Some(vswitch) = eni.vswitch.known().and_then(|id| estate.vswitch(id)) {
            all.insert(vswitch.id.clone());
            all.extend(vswitch.acl.known().cloned());
            all.extend(vswitch.table.known().cloned());
        }
    }
    let mut lists = Vec::new();
    for group in all.iter().filter_map(|id| estate.group(id)) {
        for rule in group.rules.known().into_iter().flatten() {
            if let Peer::Prefixes(list) = &rule.peer {
                lists.push(list.clone());
            }
            if let PortMatch::List(list) = &rule.ports {
                lists.push(list.clone());
            }
        }
    }
    for acl in all.iter().filter_map(|id| estate.acl(id)) {
        let entries = [&acl.ingress, &acl.egress].into_iter().filter_map(|entries| entries.known()).flatten();
        lists.extend(
            entries.filter_map(|entry| if let Peer::Prefixes(list) = &entry.peer { Some(list.clone()) } else { None }),
        );
    }
    all.extend(lists);
    all
}
