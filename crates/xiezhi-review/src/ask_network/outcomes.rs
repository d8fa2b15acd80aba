//! How a network may turn out whose interfaces and load balancers have no addresses yet: the provider gives each one an
//! address of its vSwitch. What rules can tell apart there is looked at one by one, and only what holds in each is said.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr};

use ipnet::IpNet;
use xiezhi_model::Reason;
use xiezhi_net::model::{Balancer, BalancerKind, Bound, Eni, FirewallPolicy, Id, Network, Peer, Seen};

use super::{Ground, NOT_YET, Open, Part, Verdict, short};
use crate::analyse::network::is_placeholder;

/// From how many outcomes on none is looked at.
const MOST: usize = 64;

/// One outcome: the network, and the addresses in it that only stand for those that nobody knows yet.
pub(super) struct Outcome<'g> {
    pub(super) network: Cow<'g, Network>,
    stands: Vec<Ipv4Addr>,
}

/// Every outcome, and the addresses by which they differ.
pub(super) struct Outcomes<'g> {
    pub(super) each: Vec<Outcome<'g>>,
    pub(super) open: Vec<Open>,
}

/// What has no address yet, and the blocks that one may be of.
struct Unassigned<'g> {
    id: &'g Id,
    places: Vec<Place>,
}

/// One address that nobody knows yet: what stands for it, when something does, and its block.
struct Place {
    stands: Option<Ipv4Addr>,
    block: (u32, u32),
}

/// The outcomes for some interfaces and a load balancer; what stays open when they cannot be told.
pub(super) fn outcomes<'g>(
    ground: &'g Ground,
    interfaces: &[&Id],
    balancer: Option<&'g Balancer>,
) -> Result<Outcomes<'g>, Open> {
    let network = &ground.network;
    let wanted: BTreeSet<&Id> = interfaces.iter().copied().collect();
    let unassigned =
        |eni: &&Eni| wanted.contains(&eni.id) && eni.addresses.iter().any(|own| is_placeholder((*own).into()));
    let enis = network.enis.iter().filter(unassigned);
    let mut all = enis.map(|eni| of_interface(network, eni)).collect::<Result<Vec<Unassigned<'g>>, Open>>()?;
    if let Some(balancer) = balancer.filter(|balancer| balancer.private.is_empty()) {
        all.push(of_balancer(network, balancer)?);
    }
    let open: Vec<Open> = all.iter().map(|one| address_of(one.id)).collect();
    let Some(first) = open.first() else {
        let each = vec![Outcome { network: Cow::Borrowed(network), stands: Vec::new() }];
        return Ok(Outcomes { each, open });
    };
    let cuts = edges(network);
    let taken: BTreeSet<Ipv4Addr> = network.enis.iter().flat_map(|eni| eni.addresses.iter().copied()).collect();
    let places: Vec<(&Unassigned<'g>, &Place)> =
        all.iter().flat_map(|one| one.places.iter().map(move |place| (one, place))).collect();
    let (mut parts, mut count) = (Vec::with_capacity(places.len()), 1_usize);
    for (one, place) in &places {
        let mut atoms = atoms(place.block, &cuts);
        atoms.retain(|(low, high)| (*low..=*high).take(512).any(|at| !taken.contains(&Ipv4Addr::from(at))));
        count = count.saturating_mul(atoms.len());
        if count == 0 || count > MOST {
            return Err(address_of(one.id));
        }
        parts.push(atoms);
    }
    let mut each = Vec::with_capacity(count);
    for turn in 0..count {
        let mut network = network.clone();
        let (mut used, mut stands, mut rest) = (taken.clone(), Vec::new(), turn);
        for ((one, place), atoms) in places.iter().zip(&parts) {
            let at = rest.checked_rem(atoms.len()).unwrap_or(0);
            rest = rest.checked_div(atoms.len()).unwrap_or(0);
            let own = atoms.get(at).and_then(|(low, high)| {
                // Never two neighbours, which would be written as one range.
                let free = |at: &u32| (at & 1 == 1 || low == high) && !used.contains(&Ipv4Addr::from(*at));
                (*low..=*high).take(4_096).find(free).map(Ipv4Addr::from)
            });
            // An outcome in which the addresses do not suffice cannot come about.
            let Some(own) = own else { continue };
            used.insert(own);
            stands.push(own);
            match place.stands {
                Some(stood) => assign(&mut network, stood, own),
                None => front(&mut network, one.id, own),
            }
        }
        if stands.len() == places.len() {
            each.push(Outcome { network: Cow::Owned(network), stands });
        }
    }
    if each.is_empty() { Err(first.clone()) } else { Ok(Outcomes { each, open }) }
}

/// The addresses of an interface that nobody knows yet: all of its vSwitch.
fn of_interface<'g>(network: &'g Network, eni: &'g Eni) -> Result<Unassigned<'g>, Open> {
    let block = eni.vswitch.known().and_then(|id| block_of(network, id)).ok_or_else(|| address_of(&eni.id))?;
    let own = eni.addresses.iter().copied().filter(|own| is_placeholder(IpAddr::V4(*own)));
    let places = own.map(|own| Place { stands: Some(own), block }).collect();
    Ok(Unassigned { id: &eni.id, places })
}

/// The private addresses of a load balancer that nobody knows yet: one in each of its vSwitches (ALB and NLB
/// CreateLoadBalancer `ZoneMappings.VSwitchId`, SLB CreateLoadBalancer `VSwitchId`).
fn of_balancer<'g>(network: &'g Network, balancer: &'g Balancer) -> Result<Unassigned<'g>, Open> {
    let blocks = places(balancer).iter().map(|id| block_of(network, id)).collect::<Option<Vec<_>>>();
    let blocks = blocks.filter(|blocks| !blocks.is_empty()).ok_or_else(|| address_of(&balancer.id))?;
    let places = blocks.into_iter().map(|block| Place { stands: None, block }).collect();
    Ok(Unassigned { id: &balancer.id, places })
}

/// The vSwitches in which a load balancer has private addresses; none for a classic one that is public (CLB-1).
pub(super) fn places(balancer: &Balancer) -> &[Id] {
    balancer.vswitches.known().map_or(&[][..], Vec::as_slice)
}

fn block_of(network: &Network, vswitch: &Id) -> Option<(u32, u32)> {
    let vswitch = network.vswitches.iter().find(|one| one.id == *vswitch)?;
    vswitch.cidrs.iter().find_map(v4)
}

/// Gives a load balancer a private address; an ALB or NLB talks to its servers from the same vSwitch (ALB-5).
fn front(network: &mut Network, balancer: &Id, own: Ipv4Addr) {
    for balancer in network.balancers.items.iter_mut().filter(|one| one.id == *balancer) {
        balancer.private.push(own.into());
        if balancer.kind != BalancerKind::Clb {
            balancer.local = Seen::Known(balancer.private.clone());
        }
    }
}

/// Writes an address for one that stood for it, wherever the network names it.
fn assign(network: &mut Network, place: Ipv4Addr, own: Ipv4Addr) {
    let turn = |address: &mut Ipv4Addr| {
        if *address == place {
            *address = own;
        }
    };
    for eni in &mut network.enis.items {
        eni.addresses.iter_mut().for_each(turn);
        eni.public.iter_mut().for_each(|mapped| turn(&mut mapped.private));
    }
    for eip in &mut network.eips.items {
        if let Seen::Known(binding) = &mut eip.bound {
            binding.private.iter_mut().for_each(turn);
            if let Bound::Address(_, address) = &mut binding.to {
                turn(address);
            }
        }
    }
    for nat in &mut network.nats.items {
        if let Seen::Known(entries) = &mut nat.dnat {
            entries.iter_mut().for_each(|entry| turn(&mut entry.internal));
        }
    }
}

fn address_of(id: &Id) -> Open {
    Open { what: format!("address of {}", short(id.as_str())), code: Reason::NotInEvidence.code().to_owned() }
}

impl Outcome<'_> {
    /// A part in which stand-ins are written as what they are.
    pub(super) fn written(&self, mut part: Part) -> Part {
        for own in &self.stands {
            for (_, value) in &mut part.facts {
                *value = match *value == own.to_string() {
                    true => NOT_YET.to_owned(),
                    false => value.replace(&format!("{own}/32"), NOT_YET),
                };
            }
            part.packet = part.packet.map(|packet| packet.replace(&format!("{own}:"), &format!("{NOT_YET}:")));
        }
        part
    }
}

/// One part of all outcomes: the first when they agree, else an open one.
pub(super) fn agreed(parts: Vec<Part>, open: &[Open]) -> Option<Part> {
    let differ = parts.windows(2).any(|two| match two {
        [one, other] => one.verdict != other.verdict,
        _ => false,
    });
    let mut first = parts.into_iter().next()?;
    if differ {
        first.verdict = Verdict::Undecided;
        first.because.extend(open.iter().cloned());
    }
    Some(first)
}

fn v4(net: &IpNet) -> Option<(u32, u32)> {
    match net.trunc() {
        IpNet::V4(net) => Some((u32::from(net.network()), u32::from(net.broadcast()))),
        IpNet::V6(_) => None,
    }
}

/// The parts of a block that no prefix cuts.
fn atoms((low, high): (u32, u32), cuts: &BTreeSet<u32>) -> Vec<(u32, u32)> {
    // The provider keeps the first address and the last three of a block.
    let (low, high) = (low.saturating_add(1), high.saturating_sub(3));
    let mut starts: Vec<u32> = vec![low];
    starts.extend(cuts.range(low.saturating_add(1)..=high.max(low.saturating_add(1))).filter(|cut| **cut <= high));
    let ends = starts.iter().skip(1).map(|next| next.saturating_sub(1)).chain([high]);
    starts.iter().copied().zip(ends).filter(|(low, high)| low <= high).collect()
}

/// Where prefixes begin, and what follows their ends, in everything that can decide on a packet inside.
fn edges(network: &Network) -> BTreeSet<u32> {
    let mut nets: Vec<IpNet> = Vec::new();
    let mut of_peer = |peer: &Peer| {
        if let Peer::Nets(all) = peer {
            nets.extend(all);
        }
    };
    for rule in network.groups.iter().filter_map(|group| group.rules.known()).flatten() {
        of_peer(&rule.peer);
        if let Some(own) = rule.own.known() {
            of_peer(&Peer::Nets(own.clone()));
        }
    }
    for acl in &network.acls {
        let entries = [&acl.ingress, &acl.egress].into_iter().filter_map(|entries| entries.known()).flatten();
        entries.for_each(|entry| of_peer(&entry.peer));
    }
    for boundary in network.firewall.between_vpcs.known().into_iter().flatten() {
        let policies: Vec<&FirewallPolicy> = boundary.boundary.policies.known().into_iter().flatten().collect();
        policies.iter().for_each(|policy| {
            of_peer(&policy.source);
            of_peer(&policy.destination);
        });
    }
    let translated = network.nats.iter().filter_map(|nat| nat.snat.known()).flatten();
    nets.extend(translated.filter_map(|entry| entry.source.known()));
    nets.extend(network.prefix_lists.iter().filter_map(|list| list.entries.known()).flatten());
    nets.extend(network.vswitches.iter().flat_map(|vswitch| &vswitch.cidrs));
    for table in &network.route_tables {
        nets.extend(table.routes.known().into_iter().flatten().map(|route| route.destination));
    }
    for router in &network.transit_routers {
        let tables = router.tables.known().into_iter().flatten();
        let routes = tables.filter_map(|table| table.routes.known()).flatten();
        nets.extend(routes.map(|route| route.destination));
    }
    for endpoint in network.services.iter().filter_map(|service| service.endpoints.known()).flatten() {
        nets.extend(endpoint.allow.known().into_iter().flatten());
    }
    for premises in network.premises() {
        nets.extend(premises.local.known().into_iter().flatten());
    }
    for list in &network.access_lists {
        nets.extend(list.entries.known().into_iter().flatten());
    }
    nets.iter().filter_map(v4).flat_map(|(low, high)| [Some(low), high.checked_add(1)]).flatten().collect()
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests {
    use super::*;

    #[test]
    fn a_block_is_cut_where_a_prefix_ends_inside_it_and_nowhere_else() {
        let cuts = |texts: &[&str]| -> BTreeSet<u32> {
            let nets = texts.iter().filter_map(|text| v4(&text.parse().unwrap()));
            nets.flat_map(|(low, high)| [low, high + 1]).collect()
        };
        let block = v4(&"10.0.1.0/24".parse().unwrap()).unwrap();
        let count = |texts: &[&str]| atoms(block, &cuts(texts)).len();
        assert_eq!(count(&["10.0.0.0/16", "10.0.1.0/24", "10.0.2.0/24"]), 1);
        assert_eq!(count(&["10.0.1.0/25"]), 2);
        assert_eq!(count(&["10.0.1.9/32"]), 3);
    }
}
