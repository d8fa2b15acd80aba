//! What the internet reaches, by which way, and what changed between two pieces of evidence.

use std::collections::BTreeMap;
use std::net::IpAddr;

use xiezhi_model::service::{alb, eci, ecs, eip, nlb, slb};
use xiezhi_model::{Head, Resource};
use xiezhi_net::assume::{Assumption, Readings, Reason as Doubt, Reasons, Truth};
use xiezhi_net::model::{Id, Network, ServiceEndpoint};
use xiezhi_net::path::Target;
use xiezhi_net::plain;
use xiezhi_net::reach::{Exposure, MANAGEMENT_PORTS, Report, blind};
use xiezhi_net::set::{Flow, Match, PacketSet, Protocols, Ranges};

use super::endpoints;
use super::relays::no_listener;
use super::scaled::scaled;
use super::services;
use super::zones::Part as Zone;
use super::{Answer, AskError, Ground, Part, Question, Verdict, any, entry, hops, instances, packet, target};
use crate::analyse::network::id_of;

/// The packets to some ports; all of them when none is named.
pub(super) fn to(ports: &[u16]) -> PacketSet {
    if ports.is_empty() {
        return PacketSet::all();
    }
    PacketSet::from(Match {
        protocols: Protocols::PORTED,
        ports: Ranges::collect(ports.iter().map(|port| (*port, *port))),
        ..Match::everything()
    })
}

/// What a question names: ids of instances, interfaces or load balancers, or a public address.
pub(super) struct Meant {
    ids: Vec<Id>,
    address: Option<IpAddr>,
}

impl Meant {
    pub(super) fn of(ground: &Ground, name: &str) -> Result<Self, AskError> {
        if let Ok(address) = name.parse() {
            return Ok(Self { ids: Vec::new(), address: Some(address) });
        }
        let mut ids = Vec::new();
        let inventory = &ground.inventory;
        named::<ecs::Instance>(inventory.all(), name, &mut ids);
        named::<ecs::NetworkInterface>(inventory.all(), name, &mut ids);
        named::<eci::ContainerGroup>(inventory.all(), name, &mut ids);
        ids.extend(services::named(ground, name).into_iter().map(|service| service.id.clone()));
        named::<slb::LoadBalancer>(inventory.all(), name, &mut ids);
        named::<alb::LoadBalancer>(inventory.all(), name, &mut ids);
        named::<nlb::LoadBalancer>(inventory.all(), name, &mut ids);
        if ids.is_empty() && (Zone::of(ground, name).is_ok() || endpoints::named(ground, name).is_some()) {
            return Err(AskError::new(
                format!(
                    "`{name}` is in the evidence, but has no public address of its own that the internet could reach: ask \
                     `reach` with `--from` what reaches it inside, or name an instance or load balancer"
                ),
                format!(
                    "`{name}` 在证据中，但它本身没有可供互联网访问的公网地址：请用 `reach` 加 `--from` 询问内网中何者可达，\
                     或改为指明实例或负载均衡"
                ),
            ));
        }
        if ids.is_empty() {
            return Err(AskError::new(
                format!(
                    "the evidence has no instance, interface, load balancer or managed service `{name}`: name it by id, \
                     name, Terraform address or public address"
                ),
                format!(
                    "证据中没有实例、网卡、负载均衡或托管服务 `{name}`：请用 ID、名称、Terraform 地址或公网地址指明"
                ),
            ));
        }
        Ok(Self { ids, address: None })
    }

    /// The resources that are meant; for a public address, whatever has it.
    pub(super) fn heads<'g>(&self, ground: &'g Ground) -> Vec<&'g Head> {
        let inventory = &ground.inventory;
        let all = [
            heads(inventory.all::<ecs::Instance>()),
            heads(inventory.all::<ecs::NetworkInterface>()),
            heads(inventory.all::<eci::ContainerGroup>()),
            heads(inventory.all::<slb::LoadBalancer>()),
            heads(inventory.all::<alb::LoadBalancer>()),
            heads(inventory.all::<nlb::LoadBalancer>()),
        ];
        let eips = inventory.all::<eip::Eip>().iter().filter(|eip| {
            let own = eip.address.value().and_then(|text| text.parse::<IpAddr>().ok());
            own.is_some() && own == self.address
        });
        let named = all.into_iter().flatten().filter(|head| self.ids.contains(&id_of(head)));
        named.chain(eips.map(|eip| &eip.head)).collect()
    }

    pub(super) fn is(&self, of: &BTreeMap<&Id, &Id>, exposure: &Exposure) -> bool {
        if self.address == Some(exposure.destination) {
            return true;
        }
        self.is_target(of, &exposure.target)
    }

    fn is_target(&self, of: &BTreeMap<&Id, &Id>, target: &Target) -> bool {
        match target {
            Target::Interface(id) => self.ids.iter().any(|meant| meant == id || of.get(id) == Some(&meant)),
            Target::Listener(balancer, _) => self.ids.contains(balancer),
            Target::Endpoint(service, _) => self.ids.contains(service),
            Target::Address(..) | Target::Other(_) | Target::Internet(_) => false,
        }
    }
}

fn heads<R: Resource>(all: &[R]) -> Vec<&Head> {
    all.iter().map(Resource::head).collect()
}

/// Whether a resource is called so: by id, name or address in a configuration.
pub(super) fn fits(head: &Head, name: &str) -> bool {
    head.id.value().is_some_and(|id| id == name)
        || head.name.value().is_some_and(|own| own == name)
        || head.address == name
}

fn named<R: Resource>(all: &[R], name: &str, ids: &mut Vec<Id>) {
    ids.extend(all.iter().map(Resource::head).filter(|head| fits(head, name)).map(id_of));
}

/// One exposure, for the packets that are asked about; `None` when none of them may arrive.
pub(super) fn part(ground: &Ground, of: &BTreeMap<&Id, &Id>, exposure: &Exposure, wanted: &PacketSet) -> Option<Part> {
    let (certain, possible) = (exposure.certain().intersect(wanted), exposure.possible().intersect(wanted));
    if possible.is_empty() {
        return None;
    }
    let sure = !certain.is_empty();
    let shown = if sure { &certain } else { &possible };
    // The library's own witness when it is among the packets asked about; else one of those, walked by the same rules.
    let own = exposure.witness.as_ref().filter(|witness| shown.contains(&witness.flow));
    let walked = own.map(|witness| (witness.flow, witness.trace.clone())).or_else(|| {
        let flow = shown.witness_on(&MANAGEMENT_PORTS)?;
        let traces = plain::from_internet(&ground.network, &Readings::default(), &flow).into_iter();
        let mut fitting = traces.filter(|trace| trace.target == exposure.target && trace.verdict.is_yes() == sure);
        Some((flow, fitting.find(|trace| !trace.verdict.is_no())?))
    });
    let mut because = Reasons::new();
    if !sure || certain != possible {
        because.extend(exposure.reasons_among(wanted));
        if let Truth::Unknown(more) = &exposure.verdict {
            because.extend(more.iter().cloned());
        }
    }
    because.extend(assumed_port(&ground.network, &exposure.target));
    let mut facts = vec![
        ("address", super::address(exposure.destination)),
        ("through", entry(&exposure.entry)),
        ("ports", ports(shown)),
        ("sources", super::sources(&ground.network, shown)),
    ];
    if exposure.locked {
        facts.push(("locked", "true".to_owned()));
    }
    Some(Part {
        subject: target(of, &exposure.target),
        // Without a packet that the plain evaluator confirms nothing is claimed.
        verdict: if sure && walked.is_some() { Verdict::Yes } else { Verdict::Undecided },
        facts,
        packet: walked.as_ref().map(|(flow, _)| packet(flow)),
        hops: walked.map(|(_, trace)| hops(&trace)).unwrap_or_default(),
        because: ground.because(&because),
    })
}

/// DB-3: that an endpoint whose port is not in evidence has its product's documented one.
fn assumed_port(network: &Network, target: &Target) -> Reasons {
    let Target::Endpoint(service, endpoint) = target else { return Reasons::new() };
    let services = network.services.iter().filter(|one| one.id == *service);
    let mut endpoints = services.filter_map(|one| one.endpoints.known()).flatten().filter(|one| one.id == *endpoint);
    endpoints.find_map(port_doubts).unwrap_or_default()
}

/// Why the ports of an endpoint are not sure; `None` when evidence has them.
pub(super) fn port_doubts(endpoint: &ServiceEndpoint) -> Option<Reasons> {
    let what = endpoint.ports.gap()?;
    Some(Reasons::from([Doubt::Missing(what.clone()), Doubt::Assumption(Assumption::DefaultPort)]))
}

/// The ports of a set, as `tcp/22 udp/53 icmp`.
pub(super) fn ports(set: &PacketSet) -> String {
    let mut out = Vec::new();
    for (number, name) in [(6, "tcp"), (17, "udp")] {
        out.extend(set.ports(number).iter().map(|(first, last)| match first == last {
            true => format!("{name}/{first}"),
            false => format!("{name}/{first}-{last}"),
        }));
    }
    let protocols = set.protocols();
    out.extend(
        [(1, "icmp"), (58, "icmpv6"), (47, "gre")]
            .iter()
            .filter(|(n, _)| protocols.contains(*n))
            .map(|(_, n)| (*n).to_owned()),
    );
    out.join(" ")
}

/// Whether the internet reaches a target, on one port when it is given.
pub fn reach(ground: &Ground, name: &str, port: Option<u16>) -> Result<Answer, AskError> {
    let meant = Meant::of(ground, name)?;
    let report = ground.report();
    let of = instances(&ground.network);
    let wanted = to(port.as_slice());
    let exposures = || report.exposures.iter().filter(|exposure| meant.is(&of, exposure));
    let mut parts: Vec<Part> = exposures().filter_map(|exposure| part(ground, &of, exposure, &wanted)).collect();
    let unseen = ground.unseen(&report.blind, Some(&meant.heads(ground)), false);
    let verdict = any(&parts, &unseen);
    if parts.is_empty() {
        parts.extend(stopped(ground, &meant, &report, &of, port));
        let balancers = ground.network.balancers.iter().filter(|one| meant.ids.contains(&one.id));
        parts.extend(balancers.filter_map(|balancer| no_listener(balancer, port)));
    }
    Ok(ground.answer(Question::Reach { target: name.to_owned(), port }, verdict, parts, unseen))
}

/// Where packets to the target's public addresses stop: the counter-example of a "no".
fn stopped(ground: &Ground, meant: &Meant, report: &Report, of: &BTreeMap<&Id, &Id>, port: Option<u16>) -> Vec<Part> {
    let network = &ground.network;
    let mine =
        network.enis.iter().filter(|eni| meant.ids.iter().any(|id| *id == eni.id || eni.instance.as_ref() == Some(id)));
    let mut addresses: Vec<IpAddr> = mine.flat_map(|eni| eni.public.iter().map(|own| IpAddr::V4(own.public))).collect();
    addresses.extend(report.exposures.iter().filter(|one| meant.is(of, one)).map(|one| one.destination));
    addresses.extend(meant.address);
    addresses.extend(network.eips.iter().filter(|eip| bound_to(eip, meant)).map(|eip| eip.address));
    addresses.sort();
    addresses.dedup();
    let mut out = Vec::new();
    let mut packets: Vec<(IpAddr, u8, u16)> = addresses.iter().map(|one| (*one, 6, port.unwrap_or(22))).collect();
    packets.extend(forwarded(ground, meant, of).into_iter().filter(|(_, _, own)| port.is_none_or(|port| port == *own)));
    for (destination, protocol, port) in packets {
        let source = if destination.is_ipv4() {
            IpAddr::V4([1, 0, 0, 0].into())
        } else {
            IpAddr::V6("2600::".parse().unwrap_or(std::net::Ipv6Addr::LOCALHOST))
        };
        let flow = Flow { source, destination, protocol, source_port: 40_000, port };
        let direct = addresses.contains(&destination);
        let concerns = |target: &Target| direct || meant.is_target(of, target);
        for trace in plain::from_internet(network, &Readings::default(), &flow) {
            if !concerns(&trace.target) {
                continue;
            }
            out.push(Part {
                subject: target(of, &trace.target),
                verdict: super::verdict(&trace.verdict),
                facts: vec![("address", super::address(destination))],
                packet: Some(packet(&flow)),
                hops: hops(&trace),
                because: Vec::new(),
            });
        }
    }
    out
}

/// Packets that load balancers and NAT gateways would hand to the target: public address, protocol and port.
fn forwarded(ground: &Ground, meant: &Meant, of: &BTreeMap<&Id, &Id>) -> Vec<(IpAddr, u8, u16)> {
    use xiezhi_net::model::{BackendTo, Bound, Mapping, Protocol};
    let network = &ground.network;
    let mine = |id: &Id| meant.ids.iter().any(|named| named == id || of.get(id) == Some(&named));
    let held = |address: IpAddr| {
        network.enis.iter().any(|eni| mine(&eni.id) && eni.addresses.iter().any(|own| IpAddr::V4(*own) == address))
    };
    let leads = |to: &BackendTo| match to {
        BackendTo::Instance(id) | BackendTo::Interface(id) => mine(id),
        BackendTo::Address(address) => held(*address),
        BackendTo::Other(_) => false,
    };
    let number = |protocol: Protocol| if protocol == Protocol::Udp { 17 } else { 6 };
    let mut all = Vec::new();
    for balancer in &network.balancers {
        let bound = network
            .eips
            .iter()
            .filter(|eip| eip.bound.known().is_some_and(|binding| binding.to == Bound::Balancer(balancer.id.clone())));
        let own = balancer.public.known().into_iter().flatten().copied();
        let fronts: Vec<IpAddr> = own.chain(bound.map(|eip| eip.address)).collect();
        for listener in balancer.listeners.known().into_iter().flatten() {
            let backends = || listener.backends.known().into_iter().flatten();
            if meant.ids.contains(&balancer.id) || backends().any(|backend| leads(&backend.to)) {
                let protocol = number(listener.protocol.transport());
                all.extend(fronts.iter().map(|front| (*front, protocol, listener.ports.0)));
            }
        }
    }
    for entry in network.nats.iter().filter_map(|nat| nat.dnat.known()).flatten() {
        if held(entry.internal.into())
            && let Mapping::Ports { protocol, external, .. } = &entry.mapping
        {
            all.push((entry.external.into(), number(*protocol), external.0));
        }
    }
    all
}

fn bound_to(eip: &xiezhi_net::model::Eip, meant: &Meant) -> bool {
    use xiezhi_net::model::Bound;
    eip.bound.known().is_some_and(|binding| match &binding.to {
        Bound::Instance(id) | Bound::Interface(id) | Bound::Balancer(id) => meant.ids.contains(id),
        _ => false,
    })
}

/// Everything that the internet reaches, on some ports when they are given.
#[must_use]
pub fn exposed(ground: &Ground, wanted: &[u16]) -> Answer {
    let report = ground.report();
    let of = instances(&ground.network);
    let set = to(wanted);
    let mut parts: Vec<Part> =
        report.exposures.iter().filter_map(|exposure| part(ground, &of, exposure, &set)).collect();
    let manages = |part: &Part| {
        let port = part.packet.as_ref().and_then(|packet| packet.rsplit(':').next()?.parse::<u16>().ok());
        !port.is_some_and(|port| MANAGEMENT_PORTS.contains(&port))
    };
    // Management ports first; the rest stays in the order of the network.
    parts.sort_by_key(|part| (part.verdict != Verdict::Yes, manages(part)));
    let mut unseen = ground.unseen(&report.blind, None, true);
    unseen.extend(scaled(ground, |made| made.published));
    let verdict = any(&parts, &unseen);
    ground.answer(Question::Exposed { ports: wanted.to_vec(), from: None }, verdict, parts, unseen)
}

/// What the internet reaches differently in two pieces of evidence of one estate.
#[must_use]
pub fn changed(before: &Ground, after: &Ground) -> Answer {
    let changes = xiezhi_net::changed::between(&before.network, &after.network, &Readings::default());
    let of = instances(&after.network);
    let parts: Vec<Part> = changes
        .iter()
        .map(|change| {
            let mut facts = vec![("address", super::address(change.destination)), ("through", entry(&change.entry))];
            for (name, set) in [("gained", &change.gained), ("lost", &change.lost)] {
                if !set.is_empty() {
                    facts.push((name, format!("{} from {}", ports(set), super::sources(&after.network, set))));
                }
            }
            let causes: Vec<String> = change.causes.iter().map(|id| super::short(id.as_str())).collect();
            facts.push(("causes", causes.join(" ")));
            let settled = !change.gained.is_empty() || !change.lost.is_empty();
            let mut because = change.reasons.clone();
            because.extend(assumed_port(&before.network, &change.target));
            because.extend(assumed_port(&after.network, &change.target));
            Part {
                subject: target(&of, &change.target),
                verdict: if settled { Verdict::Yes } else { Verdict::Undecided },
                facts,
                packet: change.witness.as_ref().map(|witness| packet(&witness.flow)),
                hops: change.witness.as_ref().map(|witness| hops(&witness.trace)).unwrap_or_default(),
                because: after.because(&because),
            }
        })
        .collect();
    let mut unseen = before.unseen(&blind(&before.network), None, true);
    unseen.extend(after.unseen(&blind(&after.network), None, true));
    unseen.sort();
    unseen.dedup();
    let verdict = any(&parts, &unseen);
    let mut answer = after.answer(Question::Changed, verdict, parts, unseen);
    answer.not_read = crate::ask::not_read(&[&before.inventory, &after.inventory]);
    answer
}
