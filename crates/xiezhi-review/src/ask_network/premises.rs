//! What premises outside the estate reach inside, and what inside reaches premises: over VPN gateways, transit routers and
//! leased lines (network semantics TR-3).

use std::net::IpAddr;

use ipnet::IpNet;
use xiezhi_model::service::expressconnect::{BorderRouter, RouterInterface};
use xiezhi_model::service::{cen, vpn};
use xiezhi_model::{Head, Reason, Resource, Schema};
use xiezhi_net::assume::Readings;
use xiezhi_net::model::{Door, Eni, Id, Network, Premises, Seen, Service, ServiceEndpoint, net};
use xiezhi_net::path::Trace;
use xiezhi_net::plain::Evaluator;
use xiezhi_net::premises;
use xiezhi_net::segment::Crossing;
use xiezhi_net::set::{Addresses, Flow, Match, PacketSet};

use super::inside::{SHOWN, arrives_at, doubts, in_each_outcome};
use super::paths::{fits, port_doubts, ports, to};
use super::relays;
use super::scaled::scaled;
use super::senders::Senders;
use super::services::to_endpoint;
use super::zones::Part as Zone;
use super::{Answer, AskError, Ground, Open, PREFIXES, Part, Question, any, hops, instances, packet, short};
use crate::analyse::network::links::learning;
use crate::analyse::network::{id_of, is_placeholder};

/// Types of configurations and templates by which premises may be joined and that nothing reads, by their first letters.
const UNREAD_WAYS: [&str; 8] = [
    "alicloud_express_connect_router_",
    "alicloud_vpn_ipsec_server",
    "alicloud_sag_",
    "alicloud_cloud_connect_network",
    "ALIYUN::ExpressConnect",
    "ALIYUN::CEN::",
    "ALIYUN::SAG::",
    "ALIYUN::VPC::RouterInterface",
];

/// What a question calls all premises together.
const ALL: &str = "premises";

/// Premises that a question names.
pub(super) struct Named<'g> {
    pub(super) premises: Vec<&'g Premises>,
    /// The addresses that are meant, when the question gives a range.
    pub(super) addresses: Option<Addresses>,
    /// Why there may be more of them.
    pub(super) open: Vec<Open>,
}

impl<'g> Named<'g> {
    /// The premises that a question names: all of them, those behind a VPN gateway, connection, server, border router,
    /// attachment or router interface, or those that may have an address; `None` when the name is of nothing of the kind.
    pub(super) fn of(ground: &'g Ground, name: &str) -> Option<Self> {
        let all = || ground.network.premises();
        if name == ALL {
            return Some(Self { premises: all().collect(), addresses: None, open: unlisted(ground) });
        }
        if let Some(range) = net(name) {
            // What a vSwitch has is the estate's own.
            let mut blocks = ground.network.vswitches.iter().flat_map(|vswitch| &vswitch.cidrs);
            if blocks.any(|block| block.contains(&range)) {
                return None;
            }
            let premises: Vec<&Premises> = all().filter(|one| may_have(one, range)).collect();
            let (addresses, open) = (Some(Addresses::from_nets([range])), unlisted(ground));
            return (!premises.is_empty() || !open.is_empty()).then_some(Self { premises, addresses, open });
        }
        let meant = doors(ground, name)?;
        let premises: Vec<&Premises> =
            all().filter(|one| meant.contains(&one.id) || meant.contains(at(&one.door))).collect();
        // More may stand behind a gateway than was listed; every other name is of one way.
        let gateway = ground.inventory.all::<vpn::Gateway>().iter().any(|one| fits(&one.head, name));
        let open = if gateway || premises.is_empty() { unlisted(ground) } else { Vec::new() };
        Some(Self { premises, addresses: None, open })
    }

    /// An address that premises may have: of the range that is meant or of those that they state; of premises that state
    /// none, the first that some route leads to.
    pub(super) fn sample(&self, network: &Network, premises: &Premises) -> Option<IpAddr> {
        let meant = self.addresses.as_ref().and_then(|all| Some(IpAddr::V4(all.v4.first()?.into())));
        let stated = premises.remote.known().into_iter().flatten();
        let mut stated = stated.filter(|net| net.prefix_len() > 0 && net.addr().is_ipv4());
        meant.or_else(|| stated.find_map(|net| net.hosts().next())).or_else(|| learned(network))
    }

    /// What of these is asked about, with the sources or destinations on their side.
    fn asked(&self, inward: bool, zone: &Zone, port: Option<u16>) -> PacketSet {
        let far = self.addresses.clone().unwrap_or_else(Addresses::all);
        let near = zone.addresses.clone().unwrap_or_else(Addresses::all);
        let (source, destination) = if inward { (far, near) } else { (near, far) };
        let asked = PacketSet::from(Match { source, destination, ..Match::everything() });
        to(port.as_slice()).intersect(&asked)
    }
}

/// Where a door stands: what a question may name.
const fn at(door: &Door) -> &Id {
    match door {
        Door::Gateway { gateway: id, .. } | Door::Attachment(id) | Door::Interface(id) | Door::Ecr(id) => id,
    }
}

/// Whether premises may have an address of a range; of those whose ranges nothing states routes decide.
fn may_have(premises: &Premises, range: IpNet) -> bool {
    let meets = |net: &IpNet| net.contains(&range.network()) || range.contains(&net.network());
    premises.remote.known().is_none_or(|nets| nets.iter().any(meets))
}

/// The ids of resources of this name that lead to premises; `None` when there are none.
fn doors(ground: &Ground, name: &str) -> Option<Vec<Id>> {
    fn named<R: Resource>(all: &[R], name: &str) -> impl Iterator<Item = Id> {
        let heads = all.iter().map(Resource::head);
        heads.filter(move |head: &&Head| fits(head, name)).map(id_of).collect::<Vec<_>>().into_iter()
    }
    let inventory = &ground.inventory;
    let attachments: Vec<&cen::Attachment> = inventory.all::<cen::Attachment>().iter().collect();
    let edges = attachments.into_iter().filter(|one| {
        fits(&one.head, name) && one.attached_type.value().is_none_or(|kind| kind != "vpc" && kind != "peer")
    });
    let found = named(inventory.all::<vpn::Gateway>(), name)
        .chain(named(inventory.all::<vpn::Connection>(), name))
        .chain(named(inventory.all::<vpn::SslServer>(), name))
        .chain(named(inventory.all::<BorderRouter>(), name))
        .chain(named(inventory.all::<RouterInterface>(), name))
        .chain(edges.map(|one| id_of(&one.head)));
    let mut all: Vec<Id> = found.collect();
    // What is only named by what leads there, such as a border router of another account.
    all.extend(ground.network.premises().filter(|one| one.id.as_str() == name).map(|one| one.id.clone()));
    (!all.is_empty()).then_some(all)
}

/// Lists that are not complete: a way in that nobody saw.
fn unlisted(ground: &Ground) -> Vec<Open> {
    let kinds: [&Schema; 4] =
        [vpn::Connection::SCHEMA, vpn::SslServer::SCHEMA, cen::Attachment::SCHEMA, RouterInterface::SCHEMA];
    let gaps = kinds.into_iter().flat_map(|kind| {
        let gaps = ground.inventory.gaps(kind);
        gaps.into_iter().map(move |gap| Open { what: kind.kind.to_owned(), code: gap.reason.code().to_owned() })
    });
    let network = &ground.network;
    let unread =
        network.vpns.missing.iter().chain(&network.edges.missing).filter(|what| !what.starts_with("the list of "));
    let mut all: Vec<Open> = gaps.chain(unread.map(|what| ground.gap(what))).collect();
    let types = crate::ask::not_read(&[&ground.inventory]).into_keys();
    let ways = types.filter(|name| UNREAD_WAYS.iter().any(|way| name.starts_with(way)));
    all.extend(ways.map(|what| Open { what, code: Reason::not_understood("").code().to_owned() }));
    all.sort();
    all.dedup();
    all
}

/// What comes from premises to a part of the estate.
pub(super) fn arriving(ground: &Ground, from: &Named<'_>, (name, goal): (&str, &Zone), port: Option<u16>) -> Vec<Part> {
    from.premises.iter().filter_map(|premises| arriving_by(ground, from, premises, (name, goal), port)).collect()
}

/// What comes by one way from premises to a part of the estate.
pub(super) fn arriving_by(
    ground: &Ground,
    from: &Named<'_>,
    premises: &Premises,
    (name, goal): (&str, &Zone),
    port: Option<u16>,
) -> Option<Part> {
    let wanted = from.asked(true, goal, port);
    in_each_outcome(ground, &goal.interfaces.iter().collect::<Vec<_>>(), |network| {
        let crossing = premises::arriving(network, &Readings::default(), premises, &goal.zone(), &wanted);
        let walked = walked(&crossing).or_else(|| stops(network, from, premises, goal, port, true));
        let at = walked.as_ref().map(|(flow, _)| flow.destination);
        Some(told(ground, premises, arrives_at(network, name, at, goal), &crossing, walked))
    })
}

/// What comes from premises to a private endpoint of a managed service.
pub(super) fn at_service(
    ground: &Ground,
    from: &Named<'_>,
    service: &Service,
    endpoint: &ServiceEndpoint,
    ports: &[u16],
) -> Vec<Part> {
    let far = from.addresses.clone().unwrap_or_else(Addresses::all);
    let asked = PacketSet::from(Match { source: far, ..Match::everything() }).intersect(&to(ports));
    let (network, readings) = (&ground.network, Readings::default());
    let one = |premises: &Premises| {
        let crossing = premises::to_endpoint(network, &readings, premises, &service.id, &endpoint.id, &asked)?;
        let walked = walked(&crossing);
        let shown = walked.as_ref().map(|(flow, _)| to_endpoint(flow, endpoint));
        let mut part = told(ground, premises, short(endpoint.id.as_str()), &crossing, walked);
        part.packet = shown;
        // The address of the endpoint is said by the packet, as far as it is known.
        part.facts.retain(|(name, _)| *name != "destinations");
        // Where nothing passes no port matters.
        if part.verdict != super::Verdict::No {
            part.because.extend(ground.because(&port_doubts(endpoint).unwrap_or_default()));
            part.because.sort();
            part.because.dedup();
        }
        Some(part)
    };
    from.premises.iter().filter_map(|premises| one(premises)).collect()
}

/// What goes from a part of the estate to premises.
pub(super) fn leaving(ground: &Ground, (start, from): (&str, &Zone), goal: &Named<'_>, port: Option<u16>) -> Vec<Part> {
    let wanted = goal.asked(false, from, port);
    let interfaces: Vec<&Id> = from.interfaces.iter().collect();
    let one = |premises: &Premises| {
        in_each_outcome(ground, &interfaces, |network| {
            let crossing = premises::leaving(network, &Readings::default(), &from.zone(), premises, &wanted);
            let walked = walked(&crossing).or_else(|| stops(network, goal, premises, from, port, false));
            let mut part = told(ground, premises, short(premises.id.as_str()), &crossing, walked);
            for (_, value) in part.facts.iter_mut().filter(|(name, _)| *name == "from") {
                *value = start.to_owned();
            }
            Some(part)
        })
    };
    goal.premises.iter().filter_map(|premises| one(premises)).collect()
}

/// One part: what passes between premises and interfaces.
fn told(
    ground: &Ground,
    premises: &Premises,
    subject: String,
    crossing: &Crossing,
    walked: Option<(Flow, Trace)>,
) -> Part {
    let shown = if crossing.certain.is_empty() { &crossing.possible } else { &crossing.certain };
    let mut facts = vec![("from", short(premises.id.as_str()))];
    if premises.up == Seen::Known(false) {
        facts.push(("connection", "down".to_owned()));
    }
    if !shown.is_empty() {
        facts.push(("ports", ports(shown)));
        facts.push(("sources", shown.sources().describe(PREFIXES)));
        facts.push(("destinations", shown.destinations().describe(PREFIXES)));
    }
    Part {
        subject,
        verdict: super::verdict(&crossing.verdict),
        facts,
        packet: walked.as_ref().map(|(flow, _)| packet(flow)),
        hops: walked.map(|(_, trace)| hops(&trace)).unwrap_or_default(),
        because: ground.because(&doubts(crossing)),
    }
}

fn walked(crossing: &Crossing) -> Option<(Flow, Trace)> {
    crossing.witness.as_ref().map(|witness| (witness.flow, witness.trace.clone()))
}

/// Where a packet between premises and the first interface stops: the counter-example of a "no".
fn stops(
    network: &Network,
    named: &Named<'_>,
    premises: &Premises,
    zone: &Zone,
    port: Option<u16>,
    inward: bool,
) -> Option<(Flow, Trace)> {
    let readings = Readings::default();
    let evaluator = Evaluator::new(network, &readings);
    let far = named.sample(network, premises)?;
    zone.zone().interfaces(network).into_iter().find_map(|eni| {
        let own = IpAddr::V4(*eni.addresses.first()?);
        let (source, destination) = if inward { (far, own) } else { (own, far) };
        let flow = Flow { source, destination, protocol: 6, source_port: 40_000, port: port.unwrap_or(SHOWN) };
        let trace = match inward {
            true => evaluator.arriving(premises, &eni.id, &flow),
            false => evaluator.leaving(&eni.id, premises, &flow),
        };
        trace.map(|trace| (flow, trace))
    })
}

fn learned(network: &Network) -> Option<IpAddr> {
    let routes = network.transit_routers.iter().filter_map(|router| router.tables.known()).flatten();
    let routes = routes.filter_map(|table| table.routes.known()).flatten().map(|route| route.destination);
    let own = network.route_tables.iter().filter_map(|table| table.routes.known()).flatten();
    let all = own.map(|route| route.destination).chain(routes);
    let inside = |net: &IpNet| network.vpcs.iter().flat_map(|vpc| &vpc.cidrs).any(|cidr| cidr.contains(&net.network()));
    let mut named = all.filter(|net| net.prefix_len() > 0 && net.addr().is_ipv4() && !inside(net));
    named.find_map(|net| net.hosts().next())
}

/// Transit routers that may write routes into the tables of VPCs which the evidence does not show, between premises at a
/// transit router and interfaces.
pub(super) fn hidden<'v>(ground: &Ground, named: &Named<'_>, vpcs: impl Iterator<Item = &'v Id> + Clone) -> Vec<Open> {
    let over_router = |one: &Premises| matches!(one.door, Door::Attachment(_)) && one.up != Seen::Known(false);
    if !named.premises.iter().copied().any(over_router) {
        return Vec::new();
    }
    let all = learning(&ground.inventory).into_iter().filter(|(_, vpc)| vpcs.clone().any(|own| own == vpc));
    let code = Reason::NotInEvidence.code();
    all.map(|(attachment, _)| Open { what: short(attachment.as_str()), code: code.to_owned() }).collect()
}

/// The addresses that any of some premises may reach.
fn reached(network: &Network, named: &Named<'_>) -> Addresses {
    let everyone = Zone::interfaces(&network.enis.items).zone();
    let all = named.premises.iter().map(|premises| {
        let crossing = premises::arriving(network, &Readings::default(), premises, &everyone, &PacketSet::all());
        crossing.possible.destinations()
    });
    all.fold(Addresses::empty(), |all, one| all.union(&one))
}

/// Whether an interface has one of some addresses, or one that nobody knows yet.
fn may_be(eni: &Eni, reached: &Addresses) -> bool {
    let v4 = eni.addresses.iter().map(|own| IpAddr::V4(*own));
    let mut own = v4.chain(eni.ipv6.iter().map(|own| IpAddr::V6(own.address)));
    own.any(|own| reached.contains(own) || is_placeholder(own))
}

/// Everything that premises reach, on some ports when they are given: one part for each way and instance.
pub fn exposed_from(ground: &Ground, name: &str, wanted: &[u16]) -> Result<Answer, AskError> {
    let Some(named) = Named::of(ground, name) else {
        return Err(AskError::new(
            format!(
                "the evidence has no premises `{name}`: say `premises` for all of them, or name a VPN gateway, IPsec \
                 connection, SSL-VPN server, border router, router interface or attachment, or give an address or range \
                 outside"
            ),
            format!(
                "证据中没有名为 `{name}` 的外部网络：用 `premises` 表示全部，或指明 VPN 网关、IPsec 连接、SSL 服务端、\
                 边界路由器、路由器接口或转发路由器连接，或给出外部的地址或地址段"
            ),
        ));
    };
    let network = &ground.network;
    let of = instances(network);
    let mut unseen = named.open.clone();
    let mut parts = Vec::new();
    let reached = reached(network, &named);
    for eni in network.enis.iter().filter(|eni| may_be(eni, &reached)) {
        let goal = Zone::interfaces(std::slice::from_ref(eni));
        let called = short(of.get(&eni.id).map_or(eni.id.as_str(), |instance| instance.as_str()));
        let asked = named.asked(true, &goal, None).intersect(&to(wanted));
        let found = named.premises.iter().filter_map(|premises| {
            in_each_outcome(ground, &[&eni.id], |network| {
                let crossing = premises::arriving(network, &Readings::default(), premises, &goal.zone(), &asked);
                Some(told(ground, premises, called.clone(), &crossing, walked(&crossing)))
            })
        });
        parts.extend(found.filter(|part| part.verdict != super::Verdict::No));
    }
    for service in &network.services {
        for endpoint in service.endpoints.known().into_iter().flatten() {
            let found = at_service(ground, &named, service, endpoint, wanted);
            parts.extend(found.into_iter().filter(|part| part.verdict != super::Verdict::No));
        }
        unseen.extend(service.endpoints.gap().map(|what| ground.gap(what)));
    }
    unseen.extend(hidden(ground, &named, network.vpcs.iter().map(|vpc| &vpc.id)));
    if !named.premises.is_empty() {
        unseen.extend(scaled(ground, |_| true));
    }
    unseen.extend(network.enis.missing.iter().chain(&network.services.missing).map(|what| ground.gap(what)));
    for balancer in relays::inside(network) {
        for premises in &named.premises {
            let from = Senders::Outside(&named, premises);
            match relays::everything(ground, from, balancer, wanted) {
                Ok(found) => parts.extend(found),
                Err(open) => unseen.push(open),
            }
        }
        if !named.premises.is_empty() {
            unseen.extend(relays::unread(ground, balancer));
        }
    }
    if network.balancers.iter().next().is_some() && !named.premises.is_empty() {
        unseen.extend(relays::endpoints_unread(ground));
    }
    parts.sort_by_key(|part| part.verdict != super::Verdict::Yes);
    unseen.sort();
    unseen.dedup();
    let verdict = any(&parts, &unseen);
    let from = Some(name.to_owned());
    Ok(ground.answer(Question::Exposed { ports: wanted.to_vec(), from }, verdict, parts, unseen))
}
