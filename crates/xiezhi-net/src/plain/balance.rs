//! Load balancers (section 4), one packet at a time.

use std::net::IpAddr;

use ipnet::IpNet;

use super::filters::{Decision, GroupDefault};
use super::matching::{Judge, agree, number_of, stated, unknown};
use super::{Walk, reply};
use crate::assume::{Assumption, Truth};
use crate::model::{
    AccessControl, AccessKind, Backend, BackendTo, Balancer, BalancerKind, Direction, Eni, Listener, Nic, Peer,
    PortMatch, Seen, VSwitch,
};
use crate::path::{Entry, Target, Trace};
use crate::set::Flow;

/// The range from which CLB talks to backends at layer 7 (CLB-5).
const PLATFORM: &str = "100.64.0.0/10";

impl Judge<'_> {
    /// The listener itself, and each server behind it; nothing when the listener does not take the flow.
    pub(super) fn through_listener(&self, balancer: &Balancer, listener: &Listener, flow: &Flow) -> Vec<Trace> {
        if !Self::takes(balancer, listener, flow) {
            return Vec::new();
        }
        let entry = Some(Entry::Listener(balancer.id.clone(), listener.id.clone()));
        let mut front = Walk::new();
        self.front(&mut front, balancer, listener, flow);
        self.behind(front, entry, balancer, listener, flow)
    }

    /// Whether a listener is there for a packet at all.
    pub(super) fn takes(balancer: &Balancer, listener: &Listener, flow: &Flow) -> bool {
        number_of(listener.protocol.transport()) == Some(flow.protocol)
            && listener.ports.0 <= flow.port
            && flow.port <= listener.ports.1
            && balancer.kind != BalancerKind::Gwlb
            && flow.source.is_ipv4() == flow.destination.is_ipv4()
    }

    /// From before a listener to itself and to each server behind it.
    pub(super) fn behind(
        &self,
        front: Walk,
        entry: Option<Entry>,
        balancer: &Balancer,
        listener: &Listener,
        flow: &Flow,
    ) -> Vec<Trace> {
        let mut traces = Vec::new();
        if !listener.redirect {
            for backend in listener.backends.known().into_iter().flatten() {
                let mut walk = Walk { hops: front.hops.clone(), verdict: front.verdict.clone() };
                let target = self.backend(&mut walk, balancer, listener, backend, flow);
                traces.push(walk.end(entry.clone(), target));
            }
        }
        traces.insert(0, front.end(entry, Target::Listener(balancer.id.clone(), listener.id.clone())));
        traces
    }

    /// What stands before the listener: firewall, gateway, state, groups, network ACL, access control.
    fn front(&self, walk: &mut Walk, balancer: &Balancer, listener: &Listener, flow: &Flow) {
        walk.hop(&balancer.id, flow, || self.internet_boundary(flow));
        if balancer.kind != BalancerKind::Clb {
            walk.hop(&balancer.id, flow, || self.balancer_groups(balancer, flow));
        }
        if balancer.kind == BalancerKind::Nlb {
            // NLB-3: the vSwitch that serves the address is one of those of the balancer.
            let decision = match &balancer.vswitches {
                Seen::Known(ids) if !ids.is_empty() => {
                    let each = ids.iter().map(|id| match self.estate.vswitch(id) {
                        None => unknown(format!("vSwitch {id}")),
                        Some(vswitch) => self
                            .acl(vswitch, Direction::Ingress, flow)
                            .1
                            .passes
                            .and(self.acl(vswitch, Direction::Egress, &reply(flow)).1.passes),
                    });
                    agree(each, || unknown(format!("the vSwitch of {} that serves {}", balancer.id, flow.destination)))
                }
                Seen::Missing(what) => unknown(what.clone()),
                _ => unknown(format!("vSwitches of {}", balancer.id)),
            };
            walk.hop(&balancer.id, flow, || Decision::new(decision, "NLB-3", None));
        }
        self.listening(walk, balancer, listener, flow);
    }

    /// The listener's state and access control.
    pub(super) fn listening(&self, walk: &mut Walk, balancer: &Balancer, listener: &Listener, flow: &Flow) {
        walk.hop(&balancer.id, flow, || Self::running(listener));
        walk.hop(&balancer.id, flow, || match &listener.access {
            Seen::Absent => Decision::new(Truth::Yes, "CLB-3", None),
            Seen::Missing(what) => Decision::new(unknown(what.clone()), "CLB-3", None),
            Seen::Known(access) => Decision::new(
                self.access(access, flow.source),
                if balancer.kind == BalancerKind::Clb { "CLB-3" } else { "ALB-4" },
                Some(&listener.id),
            ),
        });
    }

    /// CLB-2: whether a listener runs.
    pub(super) fn running(listener: &Listener) -> Decision {
        let running = stated(&listener.running, || unknown(format!("state of listener {}", listener.id)));
        Decision::new(running, "CLB-2", Some(&listener.id))
    }

    /// CLB-3, ALB-4: a white list without entries admits everybody, but for the legacy mechanism.
    fn access(&self, access: &AccessControl, client: IpAddr) -> Truth {
        let lists = match &access.lists {
            Seen::Known(lists) => lists.as_slice(),
            Seen::Absent => &[],
            Seen::Missing(what) => return unknown(what.clone()),
        };
        let mut entries: Vec<IpNet> = Vec::new();
        let mut gaps = Truth::No;
        for id in lists {
            match self.estate.access_list(id).map(|list| &list.entries) {
                Some(Seen::Known(nets)) => entries.extend(nets),
                Some(Seen::Absent) => {}
                Some(Seen::Missing(what)) => gaps = gaps.or(unknown(what.clone())),
                None => gaps = gaps.or(unknown(format!("access control list {id}"))),
            }
        }
        let listed = entries.iter().any(|net| net.trunc().contains(&client));
        match access.kind {
            AccessKind::White if listed => Truth::Yes,
            AccessKind::White if !gaps.is_no() => gaps,
            AccessKind::White if entries.is_empty() && access.legacy => {
                self.choose(Assumption::ClbLegacyList, Truth::No, Truth::Yes)
            }
            AccessKind::White => Truth::known(entries.is_empty()),
            AccessKind::Black if listed => Truth::No,
            AccessKind::Black if !gaps.is_no() => gaps,
            AccessKind::Black => Truth::Yes,
        }
    }

    /// From the balancer to one server.
    pub(super) fn backend(
        &self,
        walk: &mut Walk,
        balancer: &Balancer,
        listener: &Listener,
        backend: &Backend,
        flow: &Flow,
    ) -> Target {
        let (eni, own) = match &backend.to {
            BackendTo::Other(id) => {
                walk.hop(&balancer.id, flow, || {
                    Decision::new(unknown(format!("what stands behind backend {id}")), "CLB-7", Some(id))
                });
                return Target::Other(id.clone());
            }
            BackendTo::Instance(id) | BackendTo::Interface(id) => {
                let eni = self.estate.interface(id);
                match eni.and_then(|eni| Some((eni, IpAddr::V4(*eni.addresses.first()?)))) {
                    Some(found) => found,
                    None => {
                        walk.hop(&balancer.id, flow, || {
                            Decision::new(unknown(format!("interface of backend {id}")), "CLB-7", Some(id))
                        });
                        return Target::Other(id.clone());
                    }
                }
            }
            BackendTo::Address(address) => match balancer.vpc.known().map(|vpc| (vpc, self.estate.at(vpc, *address))) {
                Some((_, Some(eni))) => (eni, *address),
                found => {
                    walk.hop(&balancer.id, flow, || {
                        Decision::new(unknown(format!("the interface that holds {address}")), "CLB-7", None)
                    });
                    return found.map_or_else(
                        || Target::Other(address.to_string().into()),
                        |(vpc, _)| Target::Address(vpc.clone(), *address),
                    );
                }
            },
        };
        let target = Target::Interface(eni.id.clone());
        walk.hop(&balancer.id, flow, || Decision::new(stated(&backend.takes_flows, || Truth::Yes), "CLB-7", None));
        if walk.stopped() {
            return target;
        }
        let protocol = if listener.protocol.is_layer7() || listener.protocol.transport() == crate::model::Protocol::Tcp
        {
            6
        } else {
            flow.protocol
        };
        let inner = Flow { destination: own, port: backend.port.unwrap_or(flow.port), protocol, ..*flow };
        match balancer.kind {
            BalancerKind::Clb if listener.protocol.is_layer7() => self.with_platform(walk, eni, &inner),
            BalancerKind::Clb => self.with_client(walk, eni, &inner, Some(Assumption::ClbLayer4Groups)),
            BalancerKind::Alb => self.with_local(walk, balancer, eni, &inner, Some(Assumption::AlbLocal)),
            BalancerKind::Nlb | BalancerKind::Gwlb => {
                let alone = |step: &dyn Fn(&mut Walk)| {
                    let mut walk = Walk::new();
                    step(&mut walk);
                    walk
                };
                let client = || alone(&|walk| self.with_client(walk, eni, &inner, None));
                let local = || alone(&|walk| self.with_local(walk, balancer, eni, &inner, None));
                let part = match &listener.preserve_client {
                    Seen::Known(true) => client(),
                    Seen::Known(false) => local(),
                    // NLB-2: never assumed.
                    Seen::Absent | Seen::Missing(_) => {
                        let (client, local) = (client(), local());
                        let verdict = self.choose(Assumption::NlbPreserve, client.verdict.clone(), local.verdict);
                        Walk { hops: client.hops, verdict }
                    }
                };
                walk.hops.extend(part.hops);
                walk.verdict = std::mem::replace(&mut walk.verdict, Truth::No).and(part.verdict);
            }
        }
        target
    }

    /// The client's own address arrives at the backend (CLB layer 4, NLB with preserved addresses).
    fn with_client(&self, walk: &mut Walk, eni: &Eni, packet: &Flow, doubt: Option<Assumption>) {
        if packet.source.is_ipv4() != packet.destination.is_ipv4() {
            return walk.hop(&eni.id, packet, || {
                Decision::new(unknown("the client address that backends of an IPv6 listener see"), "CLB-5", None)
            });
        }
        let vswitch = self.vswitch(eni);
        self.at_acl(walk, eni, &vswitch, Direction::Ingress, packet);
        walk.hop(&eni.id, packet, || {
            let mut decision = self.groups(eni, Direction::Ingress, Nic::Intranet, packet, GroupDefault::OfGroups);
            if let Some(doubt) = doubt {
                decision.passes = self.choose(doubt, decision.passes, Truth::Yes);
            }
            decision
        });
        self.at_acl(walk, eni, &vswitch, Direction::Egress, &reply(packet));
    }

    /// CLB-5, CLB-6: layer 7 arrives from the platform's range, which only a custom drop can refuse.
    fn with_platform(&self, walk: &mut Walk, eni: &Eni, packet: &Flow) {
        let vswitch = self.vswitch(eni);
        let (addresses, ports) = self.corners(eni, &vswitch, PLATFORM);
        let each = addresses
            .iter()
            .flat_map(|source| ports.iter().map(move |port| Flow { source: *source, source_port: *port, ..*packet }))
            .map(|packet| {
                let mut part = Walk::new();
                self.at_acl(&mut part, eni, &vswitch, Direction::Ingress, &packet);
                part.hop(&eni.id, &packet, || {
                    self.groups(eni, Direction::Ingress, Nic::Intranet, &packet, GroupDefault::Accept)
                });
                self.at_acl(&mut part, eni, &vswitch, Direction::Egress, &reply(&packet));
                part
            });
        self.any_of(
            walk,
            eni,
            packet,
            each.collect(),
            "CLB-6",
            "the address and port from which the balancer talks to its backend",
        );
    }

    /// ALB-5, NLB-2: the balancer's local addresses arrive at the backend.
    fn with_local(&self, walk: &mut Walk, balancer: &Balancer, eni: &Eni, packet: &Flow, doubt: Option<Assumption>) {
        let local = match &balancer.local {
            Seen::Known(local) => local,
            Seen::Absent => {
                return walk.hop(&eni.id, packet, || {
                    Decision::new(unknown(format!("local addresses of {}", balancer.id)), "ALB-5", None)
                });
            }
            Seen::Missing(what) => {
                return walk.hop(&eni.id, packet, || Decision::new(unknown(what.clone()), "ALB-5", None));
            }
        };
        let vswitch = self.vswitch(eni);
        let ports = self.corners(eni, &vswitch, PLATFORM).1;
        let mut parts = Vec::new();
        for source in local.iter().filter(|source| source.is_ipv4() == packet.destination.is_ipv4()) {
            // NACL-3: not filtered within one vSwitch.
            let same = matches!(&vswitch, Ok(Some(vswitch)) if vswitch.cidrs.iter().any(|net| net.contains(source)));
            let filter = if same { Ok(None) } else { vswitch.clone() };
            for port in &ports {
                let packet = Flow { source: *source, source_port: *port, ..*packet };
                let mut part = Walk::new();
                self.at_acl(&mut part, eni, &filter, Direction::Ingress, &packet);
                part.hop(&eni.id, &packet, || {
                    let mut decision =
                        self.groups(eni, Direction::Ingress, Nic::Intranet, &packet, GroupDefault::OfGroups);
                    if let Some(doubt) = doubt {
                        decision.passes = self.choose(doubt, decision.passes, Truth::Yes);
                    }
                    decision
                });
                self.at_acl(&mut part, eni, &filter, Direction::Egress, &reply(&packet));
                parts.push(part);
            }
        }
        self.any_of(
            walk,
            eni,
            packet,
            parts,
            "ALB-5",
            "the address and port from which the balancer talks to its backend",
        );
    }

    /// The balancer chooses one of these packets; nobody sees which.
    fn any_of(
        &self,
        walk: &mut Walk,
        eni: &Eni,
        packet: &Flow,
        parts: Vec<Walk>,
        law: &'static str,
        doubt: &'static str,
    ) {
        let verdict = agree(parts.iter().map(|part| part.verdict.clone()), || unknown(doubt));
        match parts.into_iter().next() {
            Some(first) if first.verdict == verdict => {
                walk.hops.extend(first.hops);
                walk.verdict = std::mem::replace(&mut walk.verdict, Truth::No).and(verdict);
            }
            _ => walk.hop(&eni.id, packet, || Decision::new(verdict, law, None)),
        }
    }

    /// One source address and source port for every way in which rules can tell sources of a range
    /// apart: the first of the range, and both edges of every prefix and port range that rules name.
    fn corners(&self, eni: &Eni, vswitch: &Result<Option<&VSwitch>, Truth>, range: &str) -> (Vec<IpAddr>, Vec<u16>) {
        let Some(range) = crate::model::net(range) else { return (Vec::new(), Vec::new()) };
        let mut addresses = vec![range.network()];
        let mut ports = vec![1_u16];
        let mut peers: Vec<&Peer> = Vec::new();
        let mut matches: Vec<&PortMatch> = Vec::new();
        for group in eni.groups.known().into_iter().flatten().filter_map(|id| self.estate.group(id)) {
            for rule in group.rules.known().into_iter().flatten() {
                peers.push(&rule.peer);
                matches.push(&rule.source_ports);
            }
        }
        if let Some(acl) =
            vswitch.as_ref().ok().and_then(|vswitch| vswitch.as_ref()?.acl.known()).and_then(|id| self.estate.acl(id))
        {
            for entry in [&acl.ingress, &acl.egress].into_iter().filter_map(|entries| entries.known()).flatten() {
                peers.push(&entry.peer);
                matches.push(&entry.ports);
            }
        }
        let mut edges = |net: &IpNet| {
            let last: Option<IpAddr> = match net.trunc() {
                IpNet::V4(net) => u32::from(net.broadcast()).checked_add(1).map(|next| IpAddr::V4(next.into())),
                IpNet::V6(_) => None,
            };
            addresses.extend([Some(net.network()), last].into_iter().flatten().filter(|edge| range.contains(edge)));
        };
        // NACL-6: the exempt destinations lie inside the platform's range.
        for text in ["100.100.2.128/28", "100.100.2.112/28", "100.100.100.200/32"] {
            if let Some(net) = crate::model::net(text) {
                edges(&net);
            }
        }
        for peer in peers {
            match peer {
                Peer::Nets(nets) => nets.iter().for_each(&mut edges),
                Peer::Prefixes(id) => self
                    .estate
                    .prefix_list(id)
                    .and_then(|list| list.entries.known())
                    .into_iter()
                    .flatten()
                    .for_each(&mut edges),
                Peer::Group(group) => self
                    .estate
                    .members(group)
                    .iter()
                    .flat_map(|eni| &eni.addresses)
                    .for_each(|own| edges(&IpNet::from(IpAddr::V4(*own)))),
                Peer::ForeignGroup(_) | Peer::Missing(_) => {}
            }
        }
        for ranges in matches {
            let ranges = match ranges {
                PortMatch::Ranges(ranges) => Some(ranges),
                PortMatch::List(id) => self.estate.port_list(id).and_then(|list| list.entries.known()),
                PortMatch::All | PortMatch::Missing(_) => None,
            };
            for (low, high) in ranges.into_iter().flatten() {
                ports.extend([Some(*low).filter(|low| *low > 0), high.checked_add(1)].into_iter().flatten());
            }
        }
        addresses.sort_unstable();
        addresses.dedup();
        ports.sort_unstable();
        ports.dedup();
        (addresses, ports)
    }
}
