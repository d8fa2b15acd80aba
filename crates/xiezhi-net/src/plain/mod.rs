//! The plain evaluator: one packet at a time, straight from the reference, nothing clever.
//!
//! It is written to be read beside the reference and shares no ordering or set code with [`crate::reach`];
//! every witness of the engine is confirmed here, and the path of an answer is the path found here.
//!
//! ```
//! use xiezhi_net::{assume::{Readings, Truth}, model::*, plain, set::Flow};
//! let rule = RuleFields { ip_protocol: Some("tcp"), port_range: Some("22/22"), cidr: Some("0.0.0.0/0"), ..RuleFields::default() };
//! let network = Network {
//!     vpcs: vec![Vpc { id: "vpc-1".into(), cidrs: vec!["10.0.0.0/16".parse().unwrap()], ipv4_gateway: Seen::Absent, ipv6_gateway: Seen::Absent }].into(),
//!     groups: vec![SecurityGroup { id: "sg-1".into(), vpc: Some("vpc-1".into()), kind: Seen::Absent, inner: Seen::Known(Policy::Drop),
//!         rules: Seen::Known(vec![rule.rule("sgr-1", Direction::Ingress)]) }].into(),
//!     enis: vec![Eni { id: "eni-1".into(), instance: Some("i-1".into()), vpc: Seen::Known("vpc-1".into()), vswitch: Seen::Absent,
//!         addresses: vec!["10.0.0.5".parse().unwrap()], ipv6: vec![], public: vec![], groups: Seen::Known(vec!["sg-1".into()]) }].into(),
//!     eips: vec![Eip { id: "eip-1".into(), address: "47.1.2.3".parse().unwrap(), locked: false,
//!         bound: Seen::Known(Binding { to: Bound::Instance("i-1".into()), private: None, mode: EipMode::Nat }) }].into(),
//!     ..Network::default()
//! };
//! let ssh = Flow { source: "8.8.8.8".parse().unwrap(), destination: "47.1.2.3".parse().unwrap(), protocol: 6, source_port: 50_000, port: 22 };
//! let traces = plain::from_internet(&network, &Readings::default(), &ssh);
//! assert_eq!(traces[0].verdict, Truth::Yes);
//! assert_eq!(traces[0].hops.last().unwrap().rule, Some("sgr-1".into()));
//! let telnet = Flow { port: 23, ..ssh };
//! assert_eq!(plain::from_internet(&network, &Readings::default(), &telnet)[0].verdict, Truth::No);
//! ```

mod balance;
mod filters;
mod inside;
mod matching;
mod relay;

use std::net::IpAddr;

use filters::{Decision, GroupDefault};
pub(crate) use matching::Judge;
use matching::{agree, unknown};

use crate::assume::{Assumption, Readings, Truth};
use crate::model::{
    Bound, Direction, Dnat, Eip, EipMode, Eni, Estate, HaVip, Id, IpVersion, Ipv6, Mapping, Nat, Network, NextHop, Nic,
    Seen, Service, ServiceEndpoint, VSwitch,
};
use crate::path::{Entry, Hop, Target, Trace};
use crate::set::Flow;

/// Answers for many packets over one network.
pub struct Evaluator<'a> {
    estate: Estate<'a>,
    readings: &'a Readings,
}

impl<'a> Evaluator<'a> {
    /// An evaluator for a network under some readings of the assumptions.
    #[must_use]
    pub fn new(network: &'a Network, readings: &'a Readings) -> Self {
        Self { estate: Estate::of(network), readings }
    }

    /// Every way that a flow from the internet takes through the estate: one trace for each entry and
    /// target that its destination address can mean; several backends of one listener give several
    /// traces with one target, of which the balancer chooses. A source that the internet cannot send
    /// (M-3) gives none.
    #[must_use]
    pub fn from_internet(&self, flow: &Flow) -> Vec<Trace> {
        Judge { estate: &self.estate, readings: self.readings }.internet_traces(flow)
    }

    /// The way of a flow between two interfaces, named by their ids; `None` when one is not in evidence
    /// or the flow's addresses are not theirs.
    #[must_use]
    pub fn between(&self, from: &Id, to: &Id, flow: &Flow) -> Option<Trace> {
        Judge { estate: &self.estate, readings: self.readings }.between(
            self.estate.eni(from)?,
            self.estate.eni(to)?,
            flow,
        )
    }
}

impl Evaluator<'_> {
    /// The ways of a flow from an interface to a listener of a load balancer at one of its private addresses, and by it
    /// to each server behind; none when the flow's addresses are not theirs or the listener does not take it.
    #[must_use]
    pub fn relayed(&self, from: &Id, balancer: &Id, listener: &Id, flow: &Flow) -> Vec<Trace> {
        let balancer = self.estate.balancer(balancer);
        let listener =
            balancer.and_then(|balancer| balancer.listeners.known()?.iter().find(|known| known.id == *listener));
        match (self.estate.eni(from), balancer, listener) {
            (Some(from), Some(balancer), Some(listener)) => {
                Judge { estate: &self.estate, readings: self.readings }.relayed(from, balancer, listener, flow)
            }
            _ => Vec::new(),
        }
    }

    /// The way of a flow from an interface to a private endpoint of a managed service; `None` when one
    /// is not in evidence or the flow's addresses are not theirs.
    #[must_use]
    pub fn to_endpoint(&self, from: &Id, service: &Id, endpoint: &Id, flow: &Flow) -> Option<Trace> {
        let service = self.estate.service(service)?;
        let endpoint = service.endpoints.known()?.iter().find(|known| known.id == *endpoint)?;
        Judge { estate: &self.estate, readings: self.readings }.to_endpoint(
            self.estate.eni(from)?,
            service,
            endpoint,
            flow,
        )
    }
}

/// [`Evaluator::from_internet`] for one packet.
#[must_use]
pub fn from_internet(network: &Network, readings: &Readings, flow: &Flow) -> Vec<Trace> {
    Evaluator::new(network, readings).from_internet(flow)
}

/// [`Evaluator::between`] for one packet.
#[must_use]
pub fn between(network: &Network, readings: &Readings, from: &Id, to: &Id, flow: &Flow) -> Option<Trace> {
    Evaluator::new(network, readings).between(from, to, flow)
}

/// A walk along hops; it stops at the first that surely drops.
pub(crate) struct Walk {
    hops: Vec<Hop>,
    verdict: Truth,
}

impl Walk {
    fn new() -> Self {
        Self { hops: Vec::new(), verdict: Truth::Yes }
    }

    fn stopped(&self) -> bool {
        self.verdict.is_no()
    }

    fn hop(&mut self, at: &Id, packet: &Flow, decide: impl FnOnce() -> Decision) {
        if self.stopped() {
            return;
        }
        let Decision { passes, law, rule } = decide();
        self.verdict = std::mem::replace(&mut self.verdict, Truth::No).and(passes.clone());
        self.hops.push(Hop { at: at.clone(), law, rule, packet: *packet, passes });
    }

    fn end(self, entry: Option<Entry>, target: Target) -> Trace {
        Trace { entry, target, hops: self.hops, verdict: self.verdict }
    }
}

/// The reply to a packet.
fn reply(flow: &Flow) -> Flow {
    Flow {
        source: flow.destination,
        destination: flow.source,
        protocol: flow.protocol,
        source_port: flow.port,
        port: flow.source_port,
    }
}

impl Judge<'_> {
    pub(crate) fn internet_traces(&self, flow: &Flow) -> Vec<Trace> {
        if !self.is_internet(flow.source) {
            return Vec::new();
        }
        let net = self.estate.net;
        let mut traces = Vec::new();
        for eip in net.eips.iter().filter(|eip| eip.address == flow.destination) {
            traces.extend(self.through_eip(eip, flow));
        }
        for eni in &net.enis {
            for own in eni.public.iter().filter(|own| IpAddr::V4(own.public) == flow.destination) {
                traces.push(self.through_own(eni, own.private.into(), flow));
            }
            for own in eni.ipv6.iter().filter(|own| IpAddr::V6(own.address) == flow.destination) {
                traces.push(self.through_ipv6(eni, own, flow));
            }
        }
        for nat in net.nats.iter().filter(|nat| !nat.intranet) {
            for entry in
                nat.dnat.known().into_iter().flatten().filter(|entry| IpAddr::V4(entry.external) == flow.destination)
            {
                traces.extend(self.through_dnat(nat, entry, flow));
            }
        }
        for balancer in net.balancers.iter().filter(|balancer| self.estate.fronts(balancer).contains(&flow.destination))
        {
            for listener in balancer.listeners.known().into_iter().flatten() {
                traces.extend(self.through_listener(balancer, listener, flow));
            }
        }
        for service in &net.services {
            for endpoint in service
                .endpoints
                .known()
                .into_iter()
                .flatten()
                .filter(|endpoint| endpoint.address.unwrap_or(crate::path::UNRESOLVED) == flow.destination)
            {
                traces.extend(self.through_endpoint(service, endpoint, flow));
            }
        }
        traces
    }

    /// The traces of a flow that enters at a known entry.
    pub(crate) fn through(&self, entry: &Entry, flow: &Flow) -> Vec<Trace> {
        let estate = self.estate;
        match entry {
            Entry::Eip(_) => estate.eip(flow.destination).map_or_else(Vec::new, |eip| self.through_eip(eip, flow)),
            Entry::Own(id) => {
                let eni = estate.eni(id);
                let own = eni.and_then(|eni| eni.public.iter().find(|own| IpAddr::V4(own.public) == flow.destination));
                eni.zip(own).map(|(eni, own)| self.through_own(eni, own.private.into(), flow)).into_iter().collect()
            }
            Entry::Ipv6(id) => {
                let eni = estate.eni(id);
                let own = eni.and_then(|eni| eni.ipv6.iter().find(|own| IpAddr::V6(own.address) == flow.destination));
                eni.zip(own).map(|(eni, own)| self.through_ipv6(eni, own, flow)).into_iter().collect()
            }
            Entry::Dnat(nat, id) => {
                let nat = estate.nat(nat);
                let entry = nat.and_then(|nat| nat.dnat.known()?.iter().find(|entry| entry.id == *id));
                nat.zip(entry).and_then(|(nat, entry)| self.through_dnat(nat, entry, flow)).into_iter().collect()
            }
            Entry::Listener(balancer, id) => {
                let balancer = estate.balancer(balancer);
                let listener = balancer
                    .and_then(|balancer| balancer.listeners.known()?.iter().find(|listener| listener.id == *id));
                balancer
                    .zip(listener)
                    .map_or_else(Vec::new, |(balancer, listener)| self.through_listener(balancer, listener, flow))
            }
            Entry::Endpoint(service, id) => {
                let service = estate.service(service);
                let endpoint =
                    service.and_then(|service| service.endpoints.known()?.iter().find(|endpoint| endpoint.id == *id));
                service
                    .zip(endpoint)
                    .and_then(|(service, endpoint)| self.through_endpoint(service, endpoint, flow))
                    .into_iter()
                    .collect()
            }
        }
    }

    /// PUB-3, PUB-4: an EIP that stands for an interface or a high-availability address.
    fn through_eip(&self, eip: &Eip, flow: &Flow) -> Vec<Trace> {
        let entry = Some(Entry::Eip(eip.id.clone()));
        let Some(binding) = eip.bound.known() else { return Vec::new() };
        if let Bound::HaVip(id) = &binding.to {
            return self
                .estate
                .net
                .havips
                .iter()
                .filter(|havip| havip.id == *id)
                .flat_map(|havip| self.through_havip(eip, havip, flow))
                .collect();
        }
        let Some((eni, private)) = self.estate.interface_of(eip) else {
            let Bound::Address(vpc, address) = &binding.to else { return Vec::new() };
            let mut walk = Walk::new();
            walk.hop(&eip.id, flow, || self.internet_boundary(flow));
            walk.hop(vpc, flow, || {
                Decision::new(unknown(format!("the interface that holds {address} in {vpc}")), "PUB-3", None)
            });
            return vec![walk.end(entry, Target::Address(vpc.clone(), (*address).into()))];
        };
        let cut_through = binding.mode == EipMode::CutThrough;
        let own = if cut_through { eip.address } else { private };
        let inner = Flow { destination: own, ..*flow };
        let mut walk = Walk::new();
        walk.hop(&eip.id, flow, || self.internet_boundary(flow));
        if !cut_through {
            self.gateway(&mut walk, eni, own, flow);
        }
        self.enter(&mut walk, eni, &inner, Nic::Intranet, !cut_through);
        vec![walk.end(entry, Target::Interface(eni.id.clone()))]
    }

    fn through_havip(&self, eip: &Eip, havip: &HaVip, flow: &Flow) -> Vec<Trace> {
        let members = havip.members.known().into_iter().flatten().filter_map(|id| self.estate.interface(id));
        let inner = Flow { destination: havip.address.into(), ..*flow };
        members
            .map(|eni| {
                let mut walk = Walk::new();
                walk.hop(&eip.id, flow, || self.internet_boundary(flow));
                walk.hop(&havip.id, &inner, || {
                    Decision::new(unknown(format!("which member holds {}", havip.id)), "PUB-3", None)
                });
                self.gateway(&mut walk, eni, havip.address.into(), flow);
                self.enter(&mut walk, eni, &inner, Nic::Intranet, true);
                walk.end(Some(Entry::Eip(eip.id.clone())), Target::Interface(eni.id.clone()))
            })
            .collect()
    }

    /// A public address of the instance itself; in the classic network a second interface (SG-2).
    fn through_own(&self, eni: &Eni, private: IpAddr, flow: &Flow) -> Trace {
        let mut walk = Walk::new();
        walk.hop(&eni.id, flow, || self.internet_boundary(flow));
        if eni.vpc == Seen::Absent {
            self.enter(&mut walk, eni, flow, Nic::Internet, true);
        } else {
            self.gateway(&mut walk, eni, private, flow);
            self.enter(&mut walk, eni, &Flow { destination: private, ..*flow }, Nic::Intranet, true);
        }
        walk.end(Some(Entry::Own(eni.id.clone())), Target::Interface(eni.id.clone()))
    }

    /// V6-1, V6-2: a public IPv6 address.
    fn through_ipv6(&self, eni: &Eni, own: &Ipv6, flow: &Flow) -> Trace {
        let mut walk = Walk::new();
        walk.hop(&eni.id, flow, || self.internet_boundary(flow));
        walk.hop(own.id.as_ref().unwrap_or(&eni.id), flow, || {
            let public = match &own.bandwidth {
                Seen::Known(bought) => Truth::known(*bought),
                Seen::Absent => Truth::No,
                Seen::Missing(what) => unknown(what.clone()),
            };
            Decision::new(public, "V6-1", None)
        });
        let vpc = eni.vpc.known().and_then(|id| self.estate.vpc(id));
        let gateway = match vpc.map(|vpc| &vpc.ipv6_gateway) {
            Some(seen) => seen.clone(),
            None => Seen::Missing(format!("VPC of {}", eni.id).into()),
        };
        walk.hop(own.id.as_ref().unwrap_or(&eni.id), flow, || {
            let blocked = match &own.egress_only {
                Seen::Absent => Truth::No,
                Seen::Missing(what) => unknown(what.clone()),
                Seen::Known(targets) if own.id.as_ref().is_some_and(|id| targets.contains(id)) => Truth::Yes,
                Seen::Known(targets) if gateway.known().is_some_and(|id| targets.contains(id)) => {
                    self.readings.of(Assumption::Ipv6EgressOnly)
                }
                Seen::Known(_) => Truth::No,
            };
            Decision::new(not(blocked), "V6-1", None)
        });
        self.out_by(
            &mut walk,
            eni,
            flow,
            &gateway,
            |hop, id| matches!(hop, NextHop::Ipv6Gateway(other) if other == id),
        );
        self.enter(&mut walk, eni, flow, Nic::Intranet, true);
        walk.end(Some(Entry::Ipv6(eni.id.clone())), Target::Interface(eni.id.clone()))
    }

    /// A route from the interface's table to a gateway that must exist and be known.
    fn out_by(&self, walk: &mut Walk, eni: &Eni, flow: &Flow, gateway: &Seen<Id>, is: impl Fn(&NextHop, &Id) -> bool) {
        let back = reply(flow);
        match gateway {
            Seen::Absent => walk.hop(&eni.id, &back, || Decision::new(Truth::No, "M-1", None)),
            Seen::Missing(what) => walk.hop(&eni.id, &back, || Decision::new(unknown(what.clone()), "M-1", None)),
            Seen::Known(id) => self.routed(walk, eni, &back, &|hop| self.toward(hop, is(hop, id))),
        }
    }

    /// One hop: the interface's route table leads to the destination of `packet` by a wanted next hop.
    fn routed(&self, walk: &mut Walk, eni: &Eni, packet: &Flow, wanted: &dyn Fn(&NextHop) -> Truth) {
        match self.vswitch(eni) {
            Ok(Some(vswitch)) => self.routed_from(walk, vswitch, packet, wanted),
            Ok(None) => {
                walk.hop(&eni.id, packet, || Decision::new(unknown(format!("vSwitch of {}", eni.id)), "RT-1", None))
            }
            Err(why) => walk.hop(&eni.id, packet, || Decision::new(why, "RT-1", None)),
        }
    }

    fn routed_from(&self, walk: &mut Walk, vswitch: &VSwitch, packet: &Flow, wanted: &dyn Fn(&NextHop) -> Truth) {
        let (at, decision) = self.route_of(vswitch, packet.destination, wanted);
        walk.hop(&at, packet, || decision);
    }

    /// RT-1: the decision of the one table of a vSwitch.
    fn route_of(&self, vswitch: &VSwitch, address: IpAddr, wanted: &dyn Fn(&NextHop) -> Truth) -> (Id, Decision) {
        match &vswitch.table {
            Seen::Known(id) => match self.estate.table(id) {
                Some(table) => (id.clone(), self.leads(table, address, wanted)),
                None => (id.clone(), Decision::new(unknown(format!("route table {id}")), "RT-1", None)),
            },
            Seen::Absent => {
                (vswitch.id.clone(), Decision::new(unknown(format!("route table of {}", vswitch.id)), "RT-1", None))
            }
            Seen::Missing(what) => (vswitch.id.clone(), Decision::new(unknown(what.clone()), "RT-1", None)),
        }
    }

    /// The vSwitch of an interface; `None` when it has none, as in the classic network.
    fn vswitch(&self, eni: &Eni) -> Result<Option<&VSwitch>, Truth> {
        match &eni.vswitch {
            Seen::Absent => Ok(None),
            Seen::Missing(what) => Err(unknown(what.clone())),
            Seen::Known(id) => self.estate.vswitch(id).map(Some).ok_or_else(|| unknown(format!("vSwitch {id}"))),
        }
    }

    /// PUB-1, PUB-2, RT-1, RT-5: the IPv4 gateway between the internet and a private address.
    fn gateway(&self, walk: &mut Walk, eni: &Eni, private: IpAddr, flow: &Flow) {
        let Some(vpc) = eni.vpc.known().and_then(|id| self.estate.vpc(id)) else {
            return walk.hop(&eni.id, flow, || Decision::new(unknown(format!("VPC of {}", eni.id)), "PUB-1", None));
        };
        match &vpc.ipv4_gateway {
            Seen::Absent => walk.hop(&vpc.id, flow, || Decision::new(Truth::Yes, "PUB-1", None)),
            Seen::Missing(what) => {
                // Without a gateway the packet passes; with one, only if the table leads to it.
                let (at, decision) = match self.vswitch(eni) {
                    Ok(Some(vswitch)) => self.route_of(vswitch, flow.source, &|hop| {
                        self.toward(hop, matches!(hop, NextHop::Ipv4Gateway(_)))
                    }),
                    _ => (vpc.id.clone(), Decision::new(unknown(what.clone()), "PUB-2", None)),
                };
                walk.hop(&at, flow, || Decision {
                    passes: agree([decision.passes, Truth::Yes], || unknown(what.clone())),
                    law: "PUB-2".into(),
                    rule: None,
                });
            }
            Seen::Known(id) => {
                if let Some(table) = self.estate.gateway_table(id) {
                    walk.hop(&table.id, flow, || {
                        let decision = self.leads(table, private, &|hop| Truth::known(is_middlebox(hop)));
                        Decision {
                            passes: not(decision.passes).or(self.readings.of(Assumption::Middlebox)),
                            law: "RT-5".into(),
                            rule: decision.rule,
                        }
                    });
                }
                self.routed(walk, eni, &reply(flow), &|hop| {
                    self.toward(hop, matches!(hop, NextHop::Ipv4Gateway(other) if other == id))
                });
            }
        }
    }

    /// Whether a next hop brings a packet to where it must go: it is the goal, or an appliance that may hand it on (RT-5).
    fn toward(&self, hop: &NextHop, goal: bool) -> Truth {
        if !goal && is_middlebox(hop) { self.readings.of(Assumption::Middlebox) } else { Truth::known(goal) }
    }

    /// The last stretch: network ACL of the vSwitch, security groups, and the ACL again for the reply
    /// (NACL-4; the reply is free at a security group, SG-20).
    fn enter(&self, walk: &mut Walk, eni: &Eni, packet: &Flow, nic: Nic, acl: bool) {
        let vswitch = if acl { self.vswitch(eni) } else { Ok(None) };
        self.at_acl(walk, eni, &vswitch, Direction::Ingress, packet);
        walk.hop(&eni.id, packet, || self.groups(eni, Direction::Ingress, nic, packet, GroupDefault::OfGroups));
        self.at_acl(walk, eni, &vswitch, Direction::Egress, &reply(packet));
    }

    fn at_acl(
        &self,
        walk: &mut Walk,
        eni: &Eni,
        vswitch: &Result<Option<&VSwitch>, Truth>,
        direction: Direction,
        packet: &Flow,
    ) {
        match vswitch {
            Ok(None) => {}
            Err(why) => walk.hop(&eni.id, packet, || Decision::new(why.clone(), "NACL-1", None)),
            Ok(Some(vswitch)) => {
                let (at, decision) = self.acl(vswitch, direction, packet);
                walk.hop(&at, packet, || decision);
            }
        }
    }

    /// NAT-1 to NAT-4, NAT-7: a DNAT entry; `None` when it does not concern the flow.
    fn through_dnat(&self, nat: &Nat, entry: &Dnat, flow: &Flow) -> Option<Trace> {
        let (port, mapped) = match &entry.mapping {
            Mapping::Whole => (flow.port, Truth::Yes),
            Mapping::Ports { protocol, external, internal } => {
                let same = matching::number_of(*protocol) == Some(flow.protocol);
                if !same || flow.port < external.0 || flow.port > external.1 {
                    return None;
                }
                (internal.saturating_add(flow.port.saturating_sub(external.0)), Truth::Yes)
            }
            Mapping::Missing(what) => (flow.port, unknown(what.clone())),
        };
        let via = Some(Entry::Dnat(nat.id.clone(), entry.id.clone()));
        let mut walk = Walk::new();
        walk.hop(&nat.id, flow, || self.internet_boundary(flow));
        self.nat_gateway(&mut walk, nat, flow);
        walk.hop(&nat.id, flow, || Decision::new(mapped, "NAT-1", Some(&entry.id)));
        let Some(eni) = self.estate.at(&nat.vpc, entry.internal.into()) else {
            walk.hop(&nat.vpc, flow, || {
                Decision::new(
                    unknown(format!("the interface that holds {} in {}", entry.internal, nat.vpc)),
                    "NAT-1",
                    None,
                )
            });
            return Some(walk.end(via, Target::Address(nat.vpc.clone(), entry.internal.into())));
        };
        let target = Target::Interface(eni.id.clone());
        let inner = Flow { destination: entry.internal.into(), port, ..*flow };
        let beside = self.estate.own_eip(eni, entry.internal.into()).is_some()
            || eni.public.iter().any(|own| own.private == entry.internal);
        if beside {
            walk.hop(&eni.id, &inner, || Decision::new(self.readings.of(Assumption::DnatBesideEip), "NAT-3", None));
        }
        let back = reply(&inner);
        self.routed(&mut walk, eni, &back, &|hop| self.toward(hop, matches!(hop, NextHop::Nat(id) if *id == nat.id)));
        if walk.stopped() {
            return Some(walk.end(via, target));
        }
        // A-DNATSRC: with the client's address, or with an address of the gateway.
        let alone = |packet: Flow| {
            let mut walk = Walk::new();
            self.enter(&mut walk, eni, &packet, Nic::Intranet, true);
            walk
        };
        let kept = alone(inner);
        let rewritten = match &nat.addresses {
            Seen::Known(own) => {
                agree(own.iter().map(|own| alone(Flow { source: (*own).into(), ..inner }).verdict), || {
                    unknown(format!("which address {} uses", nat.id))
                })
            }
            Seen::Absent => unknown(format!("private addresses of {}", nat.id)),
            Seen::Missing(what) => unknown(what.clone()),
        };
        let whole = self.choose(Assumption::DnatSource, kept.verdict.clone(), rewritten);
        if whole == kept.verdict {
            walk.hops.extend(kept.hops);
            walk.verdict = walk.verdict.and(whole);
        } else {
            walk.hop(&eni.id, &inner, || Decision::new(whole, "NAT-4", None));
        }
        Some(walk.end(via, target))
    }

    /// PUB-2 for a NAT gateway: its own vSwitch needs the route when an IPv4 gateway is active.
    fn nat_gateway(&self, walk: &mut Walk, nat: &Nat, flow: &Flow) {
        let Some(vpc) = self.estate.vpc(&nat.vpc) else {
            return walk.hop(&nat.id, flow, || Decision::new(unknown(format!("VPC {}", nat.vpc)), "PUB-1", None));
        };
        let decision = match &vpc.ipv4_gateway {
            Seen::Absent => Decision::new(Truth::Yes, "PUB-1", None),
            seen => {
                let is = |hop: &NextHop| {
                    self.toward(
                        hop,
                        matches!(hop, NextHop::Ipv4Gateway(other) if seen.known().is_none_or(|id| id == other)),
                    )
                };
                let decision = match nat.vswitch.known().and_then(|id| self.estate.vswitch(id)) {
                    Some(vswitch) => self.route_of(vswitch, flow.source, &is).1,
                    None => Decision::new(unknown(format!("vSwitch of {}", nat.id)), "PUB-2", None),
                };
                match seen.gap() {
                    Some(what) => {
                        Decision { passes: agree([decision.passes, Truth::Yes], || unknown(what.clone())), ..decision }
                    }
                    None => decision,
                }
            }
        };
        walk.hop(&vpc.id, flow, || decision);
    }

    /// Section 7: a public endpoint of a managed service, and its allow-list.
    fn through_endpoint(&self, service: &Service, endpoint: &ServiceEndpoint, flow: &Flow) -> Option<Trace> {
        if flow.protocol != 6 || flow.source.is_ipv4() != flow.destination.is_ipv4() {
            return None;
        }
        let mut walk = Walk::new();
        walk.hop(&service.id, flow, || {
            let public = match &endpoint.public {
                Seen::Known(public) => Truth::known(*public),
                Seen::Absent => Truth::No,
                Seen::Missing(what) => unknown(what.clone()),
            };
            Decision::new(public, "DB-3", Some(&endpoint.id))
        });
        walk.hop(&service.id, flow, || Decision::new(self.listens(endpoint, flow.port), "DB-3", Some(&endpoint.id)));
        walk.hop(&service.id, flow, || Decision::new(self.allowed(endpoint, flow.source), "DB-1", Some(&endpoint.id)));
        Some(walk.end(
            Some(Entry::Endpoint(service.id.clone(), endpoint.id.clone())),
            Target::Endpoint(service.id.clone(), endpoint.id.clone()),
        ))
    }

    /// DB-3: whether an endpoint has a port; one that is not in evidence is assumed to be the product's documented one.
    pub(super) fn listens(&self, endpoint: &ServiceEndpoint, port: u16) -> Truth {
        let among = |ports: &[(u16, u16)]| ports.iter().any(|(low, high)| *low <= port && port <= *high);
        match &endpoint.ports {
            Seen::Known(ports) => Truth::known(among(ports)),
            Seen::Absent => Truth::No,
            Seen::Missing(what) if among(&endpoint.usual) => {
                self.choose(Assumption::DefaultPort, Truth::Yes, unknown(what.clone()))
            }
            Seen::Missing(what) => unknown(what.clone()),
        }
    }

    /// DB-1: the union of IP groups, or the private address of a member of a linked group.
    fn allowed(&self, endpoint: &ServiceEndpoint, client: IpAddr) -> Truth {
        let listed = match &endpoint.allow {
            Seen::Known(nets) if nets.iter().any(|net| net.trunc().contains(&client)) => Truth::Yes,
            Seen::Known(_) if endpoint.bare.contains(&IpVersion::of(client)) => self.readings.of(Assumption::BareEntry),
            Seen::Known(_) => Truth::No,
            Seen::Absent => return Truth::Yes,
            Seen::Missing(what) => unknown(what.clone()),
        };
        let linked = match &endpoint.allow_groups {
            _ if self.is_internet(client) => Truth::No,
            Seen::Absent => Truth::No,
            Seen::Missing(what) => unknown(what.clone()),
            Seen::Known(groups) => {
                let member = |group: &Id| {
                    self.estate
                        .members(group)
                        .iter()
                        .any(|eni| eni.addresses.iter().any(|own| IpAddr::V4(*own) == client))
                };
                match self.estate.net.enis.missing.first() {
                    _ if groups.iter().any(member) => Truth::Yes,
                    Some(what) if !groups.is_empty() => unknown(what.clone()),
                    _ => Truth::No,
                }
            }
        };
        listed.or(linked)
    }
}

/// The opposite; unknown stays unknown.
fn not(truth: Truth) -> Truth {
    match truth {
        Truth::Yes => Truth::No,
        Truth::No => Truth::Yes,
        unknown @ Truth::Unknown(_) => unknown,
    }
}

/// RT-5: next hops that are appliances of the tenant.
const fn is_middlebox(hop: &NextHop) -> bool {
    matches!(hop, NextHop::Instance(_) | NextHop::Interface(_) | NextHop::HaVip(_) | NextHop::BalancerEndpoint(_))
}
