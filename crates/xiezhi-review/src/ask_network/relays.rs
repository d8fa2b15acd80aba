//! What is reached inside by load balancers: their listeners over private addresses, and the servers behind (section 4).

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use xiezhi_model::service::{alb, nlb};
use xiezhi_model::{Fact, List, Reason, Resource, Text};
use xiezhi_net::assume::{Reason as Doubt, Reasons};
use xiezhi_net::model::{BackendTo, Balancer, BalancerKind, Eni, Id, Listener, Network, PrivateEndpoint, Protocol};
use xiezhi_net::path::{Target, Trace};
use xiezhi_net::reach::{MANAGEMENT_PORTS, Witness};
use xiezhi_net::relay::Relay;
use xiezhi_net::set::{Flow, Match, PacketSet, Protocols, Ranges};

use super::endpoints::policy_of;
use super::inside::doubts;
use super::outcomes::{Outcome, Outcomes, agreed, outcomes, places};
use super::paths::{Meant, ports as ports_of, to};
use super::senders::Senders;
use super::zones::Part as Zone;
use super::{AskError, Ground, Open, PREFIXES, Part, Verdict, hops, instances, packet, short, target};
use crate::analyse::network::id_of;

/// The load balancers that a question names, by id, name or Terraform address.
pub(super) fn named<'g>(ground: &'g Ground, name: &str) -> Vec<&'g Balancer> {
    let Ok(meant) = Meant::of(ground, name) else { return Vec::new() };
    let ids: Vec<Id> = meant.heads(ground).into_iter().map(id_of).collect();
    ground.network.balancers.iter().filter(|balancer| ids.contains(&balancer.id)).collect()
}

/// What could not be read of a balancer: listeners, servers, its address type.
pub(super) fn unread(ground: &Ground, balancer: &Balancer) -> Vec<Open> {
    let own = ground.blind.iter().filter(|(head, _)| id_of(head) == balancer.id);
    own.map(|(head, reason)| Open::near(head, reason)).chain(ipv6_unassigned(ground, balancer)).collect()
}

/// That a dual-stack load balancer has an IPv6 address which nobody knows yet, where something sends IPv6.
fn ipv6_unassigned(ground: &Ground, balancer: &Balancer) -> Option<Open> {
    fn of<R: Resource>(
        all: &[R],
        balancer: &Balancer,
        kind: impl Fn(&R) -> (&Fact<Text>, &Fact<List<alb::Zone>>),
    ) -> bool {
        let mut mine = all.iter().filter(|one| id_of(one.head()) == balancer.id).map(kind);
        mine.any(|(kind, zones)| {
            let mut zones = zones.value().into_iter().flat_map(|list| &list.items);
            let stated = zones.any(|zone| zone.ipv6_addresses.value().is_some_and(|list| !list.items.is_empty()));
            kind.value().is_some() && !stated
        })
    }
    let inventory = &ground.inventory;
    let open = of(inventory.all::<alb::LoadBalancer>(), balancer, |one| (&one.ipv6_address_type, &one.zones))
        || of(inventory.all::<nlb::LoadBalancer>(), balancer, |one| (&one.ipv6_address_type, &one.zones));
    let sends = ground.network.enis.iter().any(|eni| !eni.ipv6.is_empty());
    (open && sends).then(|| Open {
        what: format!("IPv6 address of {}", short(balancer.id.as_str())),
        code: Reason::NotInEvidence.code().to_owned(),
    })
}

/// A load balancer without a listener on a port, with those that it has.
pub(super) fn no_listener(balancer: &Balancer, port: Option<u16>) -> Option<Part> {
    let listeners = balancer.listeners.known()?;
    let takes = |one: &Listener| port.is_none_or(|port| one.ports.0 <= port && port <= one.ports.1);
    if listeners.iter().any(takes) {
        return None;
    }
    let ported = |one: &Listener| {
        let protocols = if one.protocol.transport() == Protocol::Udp { Protocols::UDP } else { Protocols::TCP };
        let ports = Ranges::between(one.ports.0, one.ports.1);
        ports_of(&PacketSet::from(Match { protocols, ports, ..Match::everything() }))
    };
    let mut all: Vec<String> = listeners.iter().map(ported).collect();
    all.sort();
    all.dedup();
    Some(Part {
        subject: short(balancer.id.as_str()),
        verdict: Verdict::No,
        facts: vec![("listens-on", if all.is_empty() { "none".to_owned() } else { all.join(" ") })],
        packet: None,
        hops: Vec::new(),
        because: Vec::new(),
    })
}

/// The load balancers that have private addresses: all but classic ones with a public address of their own (CLB-1).
pub(super) fn inside(network: &Network) -> impl Iterator<Item = &Balancer> {
    let outside = |balancer: &Balancer| {
        balancer.kind == BalancerKind::Clb && balancer.public.known().is_some_and(|addresses| !addresses.is_empty())
    };
    network.balancers.iter().filter(move |balancer| !outside(balancer))
}

/// A load balancer that hands packets on, and nobody followed who reaches it.
pub(super) fn not_followed(id: &Id) -> Open {
    Open { what: short(id.as_str()), code: "relay".to_owned() }
}

/// Whether evidence says where a balancer is reached inside: at an address, or in vSwitches that will give it one.
fn placed(balancer: &Balancer) -> bool {
    balancer.kind != BalancerKind::Gwlb && !(balancer.private.is_empty() && places(balancer).is_empty())
}

/// Where packets enter.
#[derive(Clone, Copy)]
enum Front<'g> {
    /// At one of the private addresses of the balancer itself.
    Own(usize),
    /// At an interface of an endpoint that leads to it (PL-1).
    Endpoint(&'g PrivateEndpoint, &'g Id),
}

impl Front<'_> {
    fn is(self, network: &Network, balancer: &Id, address: IpAddr) -> bool {
        match self {
            Self::Own(at) => {
                let own = network.balancers.iter().find(|one| one.id == *balancer);
                own.and_then(|own| own.private.get(at)) == Some(&address)
            }
            Self::Endpoint(_, at) => network.enis.iter().any(|eni| eni.id == *at && holds(eni, address)),
        }
    }

    const fn endpoint(&self) -> Option<&PrivateEndpoint> {
        match self {
            Self::Own(_) => None,
            Self::Endpoint(endpoint, _) => Some(endpoint),
        }
    }
}

/// A way to a listener or to what stands behind it.
#[derive(Clone, Copy)]
struct Way<'g> {
    from: Senders<'g>,
    front: Front<'g>,
    balancer: &'g Balancer,
    listener: &'g Listener,
    target: &'g Target,
}

/// What the engine finds in every outcome of what nobody knows yet.
struct Found<'g> {
    each: Vec<(Outcome<'g>, Vec<Relay>)>,
    open: Vec<Open>,
}

impl<'g> Found<'g> {
    /// By a balancer's own addresses.
    fn own(ground: &'g Ground, from: Senders<'_>, behind: &[&Id], balancer: &'g Balancer) -> Result<Self, Open> {
        if !placed(balancer) {
            return Err(not_followed(&balancer.id));
        }
        let interfaces: Vec<&Id> = from.interfaces().iter().chain(behind.iter().copied()).collect();
        let outcomes = outcomes(ground, &interfaces, Some(balancer))?;
        Ok(Self::of(outcomes, |network| from.relays(network, &balancer.id)))
    }

    /// By an endpoint.
    fn linked(
        ground: &'g Ground,
        from: Senders<'_>,
        behind: &[&Id],
        (endpoint, balancer): (&PrivateEndpoint, &Balancer),
    ) -> Result<Self, Open> {
        let interfaces: Vec<&Id> =
            from.interfaces().iter().chain(&endpoint.interfaces).chain(behind.iter().copied()).collect();
        let outcomes = outcomes(ground, &interfaces, None)?;
        Ok(Self::of(outcomes, |network| from.linked(network, &endpoint.id, &balancer.id)))
    }

    fn of(outcomes: Outcomes<'g>, find: impl Fn(&Network) -> Vec<Relay>) -> Self {
        let each = outcomes.each.into_iter().map(|outcome| {
            let found = find(&outcome.network);
            (outcome, found)
        });
        Self { each: each.collect(), open: outcomes.open }
    }

    /// What some packet may reach by a listener, in some outcome.
    fn targets(&self, listener: &Id) -> BTreeSet<Target> {
        let all = self.each.iter().flat_map(|(_, found)| found);
        all.filter(|relay| relay.listener == *listener).map(|relay| relay.target.clone()).collect()
    }

    /// One way, however the addresses turn out that nobody knows yet; `None` when no packet goes it.
    fn part(&self, ground: &Ground, way: &Way<'_>, wanted: &PacketSet) -> Option<Part> {
        let parts = self.each.iter().map(|(outcome, found)| {
            let network: &Network = &outcome.network;
            let mut here = found.iter().filter(|relay| {
                let own = relay.listener == way.listener.id && relay.target == *way.target;
                own && way.front.is(network, &way.balancer.id, relay.front)
            });
            let part = here.find_map(|relay| part((ground, network), way, relay, wanted));
            outcome.written(part.unwrap_or_else(|| Part {
                subject: short(way.listener.id.as_str()),
                verdict: Verdict::No,
                facts: Vec::new(),
                packet: None,
                hops: Vec::new(),
                because: Vec::new(),
            }))
        });
        let parts: Vec<Part> = parts.collect();
        // What is shown of a way that is open in one outcome and closed in another is the open one.
        let shown = parts.iter().find(|part| part.verdict != Verdict::No).cloned();
        let verdict = agreed(parts, &self.open)?;
        let shown = shown?;
        Some(Part { verdict: verdict.verdict, because: merged(&shown.because, verdict.because), ..shown })
    }
}

fn merged(own: &[Open], more: Vec<Open>) -> Vec<Open> {
    let mut all = own.to_vec();
    all.extend(more);
    all.sort();
    all.dedup();
    all
}

/// The interfaces of a part of the estate to which listeners of a balancer hand packets.
fn behind<'z>(ground: &Ground, balancer: &Balancer, goal: &'z Zone) -> Vec<&'z Id> {
    let of = instances(&ground.network);
    let servers = || {
        let listeners = balancer.listeners.known().into_iter().flatten();
        listeners.filter_map(|listener| listener.backends.known()).flatten().map(|backend| &backend.to)
    };
    let enis: BTreeMap<&Id, &Eni> = goal.enis(ground).into_iter().map(|eni| (&eni.id, eni)).collect();
    let mine = |id: &&Id| {
        servers().any(|to| match to {
            BackendTo::Instance(server) | BackendTo::Interface(server) => server == *id || of.get(*id) == Some(&server),
            BackendTo::Address(address) => enis.get(*id).is_some_and(|eni| holds(eni, *address)),
            BackendTo::Other(_) => false,
        })
    };
    goal.interfaces.iter().filter(mine).collect()
}

/// What senders reach of a goal by a balancer. A port is the one at the server or at the listener.
pub(super) fn by_balancer(
    ground: &Ground,
    from: Senders<'_>,
    goal: &Zone,
    balancer: &Balancer,
    port: Option<u16>,
) -> Result<Vec<Part>, Open> {
    let behind = behind(ground, balancer, goal);
    let found = Found::own(ground, from, &behind, balancer)?;
    let mine = |target: &Target| matches!(target, Target::Interface(eni) if behind.contains(&eni));
    Ok(by_fronts(ground, from, &found, (balancer, None), &Asked { target: &mine, ports: port.as_slice() }))
}

/// Which of what is found is asked about.
struct Asked<'q> {
    /// Whether a target is.
    target: &'q dyn Fn(&Target) -> bool,
    /// The ports, at the listener or at a server; all when there are none.
    ports: &'q [u16],
}

/// The ways by every front of a balancer, or of an endpoint that leads to it, to wanted targets.
fn by_fronts(
    ground: &Ground,
    from: Senders<'_>,
    found: &Found<'_>,
    (balancer, endpoint): (&Balancer, Option<&PrivateEndpoint>),
    asked: &Asked<'_>,
) -> Vec<Part> {
    let of = instances(&ground.network);
    let fronts: Vec<Front<'_>> = match endpoint {
        Some(endpoint) => endpoint.interfaces.iter().map(|at| Front::Endpoint(endpoint, at)).collect(),
        None => (0..balancer.private.len().max(places(balancer).len())).map(Front::Own).collect(),
    };
    let mut all = Vec::new();
    for listener in balancer.listeners.known().into_iter().flatten() {
        for target in found.targets(&listener.id).iter().filter(|target| (asked.target)(target)) {
            let behind = asked.ports.iter().any(|port| leads_to(listener, target, &of, *port));
            let wanted = if behind { from.asked() } else { to(asked.ports).intersect(&from.asked()) };
            let ways = fronts.iter().map(|front| Way { from, front: *front, balancer, listener, target });
            all.extend(ways.filter_map(|way| found.part(ground, &way, &wanted)));
        }
    }
    all
}

/// What senders reach by the interface endpoints of PrivateLink that lead to a balancer (PL-1): of a goal behind it when
/// one is given, else its listeners; and what could not be told.
pub(super) fn by_endpoints(
    ground: &Ground,
    from: Senders<'_>,
    goal: Option<&Zone>,
    balancer: &Balancer,
    port: Option<u16>,
) -> (Vec<Part>, Vec<Open>) {
    let leads = |endpoint: &&PrivateEndpoint| endpoint.balancers.known().is_some_and(|ids| ids.contains(&balancer.id));
    let (mut parts, mut open) = (Vec::new(), Vec::new());
    for endpoint in ground.network.private_endpoints.iter().filter(leads) {
        match by_endpoint(ground, from, goal, (endpoint, balancer), port) {
            Ok(found) => parts.extend(found),
            Err(why) => open.push(why),
        }
    }
    (parts, open)
}

/// What senders reach by one endpoint: of a goal behind the balancer when one is given, else the balancer's listeners.
pub(super) fn by_endpoint(
    ground: &Ground,
    from: Senders<'_>,
    goal: Option<&Zone>,
    (endpoint, balancer): (&PrivateEndpoint, &Balancer),
    port: Option<u16>,
) -> Result<Vec<Part>, Open> {
    let behind = goal.map_or_else(Vec::new, |goal| behind(ground, balancer, goal));
    let found = Found::linked(ground, from, &behind, (endpoint, balancer))?;
    let mine = |target: &Target| match (target, goal) {
        (Target::Interface(eni), Some(_)) => behind.contains(&eni),
        (Target::Listener(..), None) => true,
        _ => false,
    };
    Ok(by_fronts(ground, from, &found, (balancer, Some(endpoint)), &Asked { target: &mine, ports: port.as_slice() }))
}

/// Everything that senders reach by a balancer on some ports, at its own addresses and by endpoints.
pub(super) fn everything(
    ground: &Ground,
    from: Senders<'_>,
    balancer: &Balancer,
    ports: &[u16],
) -> Result<Vec<Part>, Open> {
    let everyone = Zone::interfaces(&ground.network.enis.items);
    let behind = behind(ground, balancer, &everyone);
    let any = |_: &Target| true;
    let own = Found::own(ground, from, &behind, balancer)?;
    let mut all = by_fronts(ground, from, &own, (balancer, None), &Asked { target: &any, ports });
    let leads = |endpoint: &&PrivateEndpoint| endpoint.balancers.known().is_some_and(|ids| ids.contains(&balancer.id));
    for endpoint in ground.network.private_endpoints.iter().filter(leads) {
        let found = Found::linked(ground, from, &behind, (endpoint, balancer))?;
        all.extend(by_fronts(ground, from, &found, (balancer, Some(endpoint)), &Asked { target: &any, ports }));
    }
    Ok(all)
}

fn holds(eni: &Eni, address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => eni.addresses.contains(&address),
        IpAddr::V6(address) => eni.ipv6.iter().any(|own| own.address == address),
    }
}

/// Why there may be endpoints that lead to a balancer beside those that are read.
pub(super) fn endpoints_unread(ground: &Ground) -> Vec<Open> {
    let endpoints = &ground.network.private_endpoints;
    let leads = endpoints.iter().filter_map(|endpoint| endpoint.balancers.gap());
    let reasons: Reasons = endpoints.missing.iter().chain(leads).cloned().map(Doubt::Missing).collect();
    ground.because(&reasons)
}

/// Whether a listener hands packets to this port of a target.
fn leads_to(listener: &Listener, target: &Target, of: &BTreeMap<&Id, &Id>, port: u16) -> bool {
    let Target::Interface(eni) = target else { return false };
    listener.backends.known().into_iter().flatten().any(|backend| {
        let same = match &backend.to {
            BackendTo::Instance(id) | BackendTo::Interface(id) => id == eni || of.get(eni) == Some(&id),
            BackendTo::Address(_) => true,
            BackendTo::Other(_) => false,
        };
        same && backend.port == Some(port)
    })
}

/// What senders reach at the listeners of a balancer.
pub(super) fn at_balancer(
    ground: &Ground,
    from: Senders<'_>,
    balancer: &Balancer,
    port: Option<u16>,
) -> Result<Vec<Part>, AskError> {
    if !placed(balancer) {
        let id = short(balancer.id.as_str());
        return Err(AskError::new(
            format!(
                "the evidence has no private address of `{id}` and no vSwitch that will give it one: give the answers of \
                 the API beside the configuration"
            ),
            format!("证据中没有 `{id}` 的私网地址，也没有将为其分配地址的交换机：请在配置之外同时提供 API 结果"),
        ));
    }
    let found = match Found::own(ground, from, &[], balancer) {
        Ok(found) => found,
        Err(open) => {
            return Ok(vec![Part {
                subject: short(balancer.id.as_str()),
                verdict: Verdict::Undecided,
                facts: vec![("from", from.name())],
                packet: None,
                hops: Vec::new(),
                because: vec![open],
            }]);
        }
    };
    let listeners = |target: &Target| matches!(target, Target::Listener(..));
    let parts =
        by_fronts(ground, from, &found, (balancer, None), &Asked { target: &listeners, ports: port.as_slice() });
    let stop =
        || found.each.first().and_then(|(outcome, _)| Some(outcome.written(stops(outcome, from, balancer, port)?)));
    let why = || stop().or_else(|| no_listener(balancer, port));
    Ok(if parts.is_empty() { why().into_iter().collect() } else { parts })
}

/// A part of the answer for one relay.
fn part((ground, network): (&Ground, &Network), way: &Way<'_>, relay: &Relay, wanted: &PacketSet) -> Option<Part> {
    let crossing = &relay.crossing;
    let (certain, possible) = (crossing.certain.intersect(wanted), crossing.possible.intersect(wanted));
    if possible.is_empty() {
        return None;
    }
    let sure = !certain.is_empty();
    let shown = if sure { &certain } else { &possible };
    // Without a packet that the plain evaluator confirms nothing is claimed; the crossing's own may not be among those
    // that are asked about.
    let own = crossing.witness.as_ref().filter(|witness| shown.contains(&witness.flow));
    let witness = own.cloned().or_else(|| walked(network, way, shown, sure));
    let of = instances(network);
    let mut facts = vec![
        ("from", way.from.name()),
        ("address", super::address(relay.front)),
        (
            "through",
            match way.front.endpoint() {
                Some(endpoint) => format!("endpoint {}", short(endpoint.id.as_str())),
                None => format!("listener {}", short(relay.listener.as_str())),
            },
        ),
        ("ports", ports_of(shown)),
        ("sources", shown.sources().describe(PREFIXES)),
    ];
    facts.extend(way.front.endpoint().and_then(|endpoint| policy_of(ground, endpoint)));
    Some(Part {
        subject: target(&of, &relay.target),
        verdict: if sure && witness.is_some() { Verdict::Yes } else { Verdict::Undecided },
        facts,
        packet: witness.as_ref().map(|witness| packet(&witness.flow)),
        hops: witness.map(|witness| hops(&witness.trace)).unwrap_or_default(),
        because: if certain == possible { Vec::new() } else { ground.because(&doubts(crossing)) },
    })
}

/// One of some packets to a listener, walked by the plain evaluator.
fn walked(network: &Network, way: &Way<'_>, shown: &PacketSet, sure: bool) -> Option<Witness> {
    let flow = shown.witness_on(&MANAGEMENT_PORTS)?;
    let endpoint = way.front.endpoint().map(|endpoint| &endpoint.id);
    let traces = way.from.walked(network, endpoint, (&way.balancer.id, &way.listener.id), &flow);
    let fits = |trace: &Trace| trace.target == *way.target && trace.verdict.is_yes() == sure && !trace.verdict.is_no();
    traces.into_iter().find(fits).map(|trace| Witness { flow, trace })
}

/// Where a packet to a listener stops: the counter-example of a "no".
fn stops(outcome: &Outcome<'_>, from: Senders<'_>, balancer: &Balancer, port: Option<u16>) -> Option<Part> {
    let network: &Network = &outcome.network;
    let destination = *network.balancers.iter().find(|one| one.id == balancer.id)?.private.first()?;
    let listeners = balancer.listeners.known().into_iter().flatten();
    let mut taking = listeners.filter(|one| port.is_none_or(|port| one.ports.0 <= port && port <= one.ports.1));
    let sources = from.sources(network);
    taking.find_map(|listener| {
        let protocol = if listener.protocol.transport() == xiezhi_net::model::Protocol::Udp { 17 } else { 6 };
        sources.iter().find_map(|source| {
            let port = port.unwrap_or(listener.ports.0);
            let flow = Flow { source: *source, destination, protocol, source_port: 40_000, port };
            let traces = from.walked(network, None, (&balancer.id, &listener.id), &flow);
            let trace = traces.into_iter().next()?;
            Some(Part {
                subject: short(listener.id.as_str()),
                verdict: super::verdict(&trace.verdict),
                facts: vec![("from", from.name()), ("address", super::address(destination))],
                packet: Some(packet(&flow)),
                hops: hops(&trace),
                because: Vec::new(),
            })
        })
    })
}
