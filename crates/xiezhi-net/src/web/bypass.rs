//! The hunt for ways around one guard, case by case (reference, section 6.2).

use std::collections::BTreeSet;

use super::resolve::{Behind, Origins};
use super::{Case, Effect, WEB_PORTS, Way, apps, covers_name, egress};
use crate::assume::{Reason, Reasons, Truth, missing};
use crate::model::{BalancerKind, Guard, GuardKind, Mapping, RecordTo, RuleState, Seen};
use crate::path::{Entry, Target};
use crate::plain::Judge;
use crate::reach::{Exposure, Report, Witness};
use crate::set::{Addresses, Match, PacketSet, Protocols, Ranges, internet};

/// An allow-list that holds at most this many IPv4 addresses beyond the guard's own is taken for a
/// list that drifted (case 13), a larger one for an open origin (cases 1 to 3).
const DRIFT: u64 = 1 << 20;

pub(super) struct Hunt<'h, 'e, 'a> {
    pub(super) judge: &'h Judge<'e>,
    pub(super) report: &'h Report,
    pub(super) origins: &'h Origins<'e, 'a>,
    pub(super) guard: &'h Guard,
}

fn seen(value: &Seen<bool>, what: impl FnOnce() -> String) -> Truth {
    match value {
        Seen::Known(value) => Truth::known(*value),
        Seen::Absent => Truth::Unknown(missing(what())),
        Seen::Missing(gap) => Truth::Unknown(missing(gap.clone())),
    }
}

fn not(truth: Truth) -> Truth {
    match truth {
        Truth::Yes => Truth::No,
        Truth::No => Truth::Yes,
        unknown @ Truth::Unknown(_) => unknown,
    }
}

fn from(sources: &Addresses) -> PacketSet {
    PacketSet::from(Match { source: sources.clone(), ..Match::everything() })
}

fn to_ports(ports: impl IntoIterator<Item = u16>) -> PacketSet {
    PacketSet::from(Match {
        protocols: Protocols::PORTED,
        ports: Ranges::collect(ports.into_iter().map(|port| (port, port))),
        ..Match::everything()
    })
}

fn gaps(missing: &[std::sync::Arc<str>]) -> Reasons {
    missing.iter().cloned().map(Reason::Missing).collect()
}

impl Hunt<'_, '_, '_> {
    pub(super) fn ways(&self) -> Vec<Way> {
        let behind = self.origins.behind(self.guard);
        let mut ways = self.network_ways(&behind);
        ways.extend(self.state_ways());
        ways.extend(self.name_ways(&behind));
        ways.extend(self.chain_and_apps());
        ways.extend(self.later_ways());
        ways.retain(|way| !way.verdict.is_no());
        ways.sort_by(|a, b| (a.case, &a.subjects).cmp(&(b.case, &b.subjects)));
        ways
    }

    fn is_proxy(&self) -> bool {
        matches!(self.guard.kind, GuardKind::WafProxy | GuardKind::Cdn | GuardKind::AntiDdosProxy)
    }

    fn is_waf(&self) -> bool {
        matches!(self.guard.kind, GuardKind::WafProxy | GuardKind::WafNative | GuardKind::WafTransparent)
    }

    fn state(&self, case: Case, verdict: Truth) -> Way {
        Way {
            case,
            effect: Effect::Bypass,
            verdict,
            subjects: vec![self.guard.id.to_string()],
            packets: PacketSet::empty(),
            witness: None,
        }
    }

    /// The guards that forward to this one: public DNS points at the first of a chain.
    fn before(&self) -> impl Iterator<Item = &Guard> {
        let guards = self.judge.estate.net.web.guards.iter();
        guards.filter(|guard| guard.forwards_to.as_ref() == Some(&self.guard.id))
    }

    /// What reaches the origin of a later guard of the chain without that one does so without this one too.
    fn later_ways(&self) -> Vec<Way> {
        let mut passed = BTreeSet::from([&self.guard.id]);
        let (mut guard, mut ways) = (self.guard, Vec::new());
        while let Some(next) = guard.forwards_to.as_ref().filter(|next| passed.insert(next)) {
            let Some(found) = self.judge.estate.net.web.guards.iter().find(|guard| guard.id == *next) else { break };
            guard = found;
            let later = Hunt { guard, ..*self };
            let bypasses = later.network_ways(&self.origins.behind(guard)).into_iter();
            ways.extend(bypasses.filter(|way| way.effect == Effect::Bypass));
        }
        ways
    }

    /// Cases 9, 10, 11.
    fn state_ways(&self) -> Vec<Way> {
        let id = &self.guard.id;
        let mut ways = vec![self.state(Case::Paused, not(seen(&self.guard.running, || format!("state of {id}"))))];
        if self.is_proxy() {
            let own = seen(&self.guard.dns, || format!("DNS status of {id}"));
            let dns = self.before().map(|first| seen(&first.dns, || format!("DNS status of {}", first.id)));
            ways.push(self.state(Case::Dns, not(dns.fold(own, Truth::or))));
        }
        if self.is_waf() {
            let verdict = match &self.guard.rules {
                Seen::Known(state) => Truth::known(*state != RuleState::Enforcing),
                Seen::Absent => Truth::Unknown(missing(format!("rules of {id}"))),
                Seen::Missing(what) => Truth::Unknown(missing(what.clone())),
            };
            ways.push(self.state(Case::NotEnforcing, verdict));
        }
        ways
    }

    /// Case 12: names that point at the same origin and have no guard of their own.
    fn name_ways(&self, behind: &Behind) -> Vec<Way> {
        let web = &self.judge.estate.net.web;
        if !self.is_proxy() || behind.addresses.is_empty() {
            return Vec::new();
        }
        let guarded: BTreeSet<&str> = web.guards.iter().filter_map(|guard| guard.domain.as_deref()).collect();
        let is_guarded = |name: &str| guarded.iter().any(|one| covers_name(one, name));
        let mut ways = Vec::new();
        let mut unread = gaps(&web.names.missing);
        for name in web.names.iter().filter(|name| !is_guarded(&name.name)) {
            let Some(records) = name.records.known() else {
                unread.extend(name.records.gap().cloned().map(Reason::Missing));
                continue;
            };
            let (mut addresses, mut unresolved) = (BTreeSet::new(), BTreeSet::new());
            // A name that is itself the origin's name of this guard is how the guard finds it.
            let is_origin = self
                .guard
                .origins
                .known()
                .into_iter()
                .flatten()
                .any(|origin| origin.to == RecordTo::Name(name.name.clone()));
            for record in records {
                self.origins.addresses(record, 16, &mut addresses, &mut unresolved);
            }
            if !is_origin && addresses.iter().any(|address| behind.addresses.contains(address)) {
                ways.push(Way { subjects: vec![name.name.clone()], ..self.state(Case::SiblingName, Truth::Yes) });
            }
        }
        if !unread.is_empty() && ways.is_empty() {
            ways.push(self.state(Case::SiblingName, Truth::Unknown(unread)));
        }
        ways
    }

    /// Cases 15 and 17.
    fn chain_and_apps(&self) -> Vec<Way> {
        let web = &self.judge.estate.net.web;
        let mut ways = Vec::new();
        if let Some(next) = &self.guard.forwards_to {
            let verdict = match web.guards.iter().find(|guard| guard.id == *next) {
                Some(guard) => not(seen(&guard.only_from_upstream, || {
                    format!("whether {next} takes requests from {} only", self.guard.id)
                })),
                None => Truth::Unknown(missing(format!("guard {next}"))),
            };
            ways.push(Way { subjects: vec![next.to_string()], ..self.state(Case::Chain, verdict) });
        }
        for app in &web.apps {
            if apps::stands_before(self.guard, app) && !apps::sees_every_name(self.guard, app) {
                let verdict = seen(&app.default_domain, || format!("default domain of {}", app.id));
                ways.push(Way { subjects: vec![app.id.to_string()], ..self.state(Case::DefaultDomain, verdict) });
            }
        }
        ways
    }

    /// Cases 1 to 8, 13 and 14: packets that reach the same interfaces or load balancers.
    fn network_ways(&self, behind: &Behind) -> Vec<Way> {
        let mut ways = Vec::new();
        if self.is_proxy() {
            let mut unclear = Reasons::new();
            unclear.extend(self.guard.origins.gap().cloned().map(Reason::Missing));
            unclear.extend(behind.unresolved.iter().flat_map(|name| missing(format!("the address of origin {name}"))));
            if !unclear.is_empty() {
                ways.push(self.state(Case::OriginGroup, Truth::Unknown(unclear)));
            }
        }
        for exposure in &self.report.exposures {
            let meant = match &exposure.target {
                Target::Interface(id) => {
                    behind.interfaces.contains(id)
                        && !matches!(&exposure.entry, Entry::Listener(balancer, _) if behind.balancers.contains(balancer))
                }
                Target::Listener(balancer, _) => behind.balancers.contains(balancer),
                Target::Endpoint(..) | Target::Address(..) | Target::Other(_) | Target::Internet(_) => false,
            };
            if meant {
                ways.extend(self.around(behind, exposure));
            }
        }
        ways
    }

    /// The packets of an exposure that serve the application.
    fn serving(&self, behind: &Behind, exposure: &Exposure) -> PacketSet {
        match &exposure.entry {
            // Every listener of a balancer serves its backends, but for those that forward nothing (CLB-2).
            Entry::Listener(balancer, id) => match self.judge.estate.listener(balancer, id) {
                Some(listener) if listener.redirect => PacketSet::empty(),
                _ => PacketSet::all(),
            },
            Entry::Dnat(nat, id) => {
                let entry =
                    self.judge.estate.nat(nat).and_then(|nat| nat.dnat.known()?.iter().find(|entry| entry.id == *id));
                match entry.map(|entry| &entry.mapping) {
                    Some(Mapping::Ports { external, internal, .. }) => to_ports(
                        behind
                            .ports
                            .iter()
                            .filter_map(|port| port.checked_sub(*internal)?.checked_add(external.0))
                            .filter(|port| *port <= external.1),
                    ),
                    _ => to_ports(behind.ports.iter().copied()),
                }
            }
            _ => to_ports(behind.ports.iter().copied()),
        }
    }

    fn case(&self, behind: &Behind, exposure: &Exposure) -> Case {
        let at_origin = behind.addresses.contains(&exposure.destination);
        match &exposure.entry {
            Entry::Ipv6(_) if !at_origin || !self.is_proxy() => Case::Ipv6,
            Entry::Dnat(..) if !at_origin => Case::DnatEntry,
            Entry::Listener(id, listener) => {
                let balancer = self.judge.estate.balancer(id);
                let ports = self.judge.estate.listener(id, listener).map(|listener| listener.ports);
                let named: BTreeSet<u16> = self
                    .guard
                    .origins
                    .known()
                    .into_iter()
                    .flatten()
                    .flat_map(|origin| origin.ports.iter().copied())
                    .collect();
                let is_origin_port =
                    ports.is_some_and(|(low, high)| named.iter().any(|port| low <= *port && *port <= high));
                match balancer.map(|balancer| balancer.kind) {
                    _ if !at_origin || !is_origin_port => Case::OtherListener,
                    Some(BalancerKind::Clb) => Case::ClbAccess,
                    _ => Case::BalancerGroup,
                }
            }
            _ if at_origin => Case::OriginGroup,
            _ => Case::OtherAddress,
        }
    }

    fn around(&self, behind: &Behind, exposure: &Exposure) -> Vec<Way> {
        let case = self.case(behind, exposure);
        let serving = self.serving(behind, exposure);
        let (certain, possible) = (exposure.certain().intersect(&serving), exposure.possible().intersect(&serving));
        let subjects = vec![exposure.destination.to_string(), target_name(&exposure.target)];
        match self.guard.kind {
            // Inspection inside the balancer: whatever goes through it is inspected.
            GuardKind::WafNative => match &exposure.entry {
                Entry::Listener(balancer, _) if self.guard.resource.as_ref() == Some(balancer) => Vec::new(),
                _ => self.found(case, exposure, certain, possible, Reasons::new()),
            },
            GuardKind::WafTransparent => self.unredirected(behind, case, exposure, certain, possible),
            GuardKind::WafProxy | GuardKind::Cdn | GuardKind::AntiDdosProxy => {
                let at_origin = matches!(case, Case::OriginGroup | Case::ClbAccess | Case::BalancerGroup);
                match egress(self.guard) {
                    Err(why) => {
                        // No guard talks from every address: an exposure to all of them is a bypass.
                        let (sources, world) = (certain.sources(), self.world());
                        let open = if exposure.destination.is_ipv4() {
                            sources.v4 == world.v4
                        } else {
                            sources.v6 == world.v6
                        };
                        self.found(case, exposure, if open { certain } else { PacketSet::empty() }, possible, why)
                    }
                    Ok(own) => {
                        let rest = |set: &PacketSet| set.subtract(&from(&own));
                        let (beyond, maybe) = (rest(&certain), rest(&possible));
                        let mut ways = Vec::new();
                        if at_origin {
                            ways.extend(self.drift(&own, &certain, &possible, &subjects));
                        }
                        let drifted = at_origin && !maybe.is_empty() && count(&maybe.sources()) <= DRIFT;
                        ways.extend(self.found(
                            if drifted { Case::Drift } else { case },
                            exposure,
                            beyond,
                            maybe,
                            Reasons::new(),
                        ));
                        ways
                    }
                }
            }
        }
    }

    fn world(&self) -> Addresses {
        let own = self.judge.estate.net.vpcs.iter().flat_map(|vpc| vpc.cidrs.iter().copied());
        internet().subtract(&Addresses::from_nets(own))
    }

    /// Case 7: on a transparently protected address, only redirected ports are covered (EDGE-2). A web port that
    /// is open counts as an application here as in [`super::applications`]: two answers about one port agree.
    fn unredirected(
        &self,
        behind: &Behind,
        case: Case,
        exposure: &Exposure,
        certain: PacketSet,
        possible: PacketSet,
    ) -> Vec<Way> {
        let here = exposure.destination.is_ipv4() && behind.addresses.contains(&exposure.destination);
        if !here {
            return self.found(case, exposure, certain, possible, Reasons::new());
        }
        let (redirected, doubt) = self.redirected();
        let rest = |set: &PacketSet| set.subtract(&to_ports(redirected.iter().copied()));
        let (certain, possible) = if matches!(exposure.entry, Entry::Listener(..)) {
            (rest(&certain), rest(&possible))
        } else {
            let web = to_ports(behind.ports.iter().copied().chain(WEB_PORTS));
            (rest(&exposure.certain().intersect(&web)), rest(&exposure.possible().intersect(&web)))
        };
        let certain = if doubt.is_empty() { certain } else { PacketSet::empty() };
        self.found(Case::UnredirectedPort, exposure, certain, possible, doubt)
    }

    /// The ports of the protected address that WAF surely redirects, for all objects of the same resource together
    /// (there may be one for each port), and why there may be more.
    fn redirected(&self) -> (BTreeSet<u16>, Reasons) {
        let guards = &self.judge.estate.net.web.guards;
        let (mut ports, mut doubt) = (BTreeSet::new(), gaps(&guards.missing));
        let same = |one: &&Guard| one.kind == GuardKind::WafTransparent && one.resource == self.guard.resource;
        for one in guards.iter().filter(same) {
            match &one.ports {
                Seen::Known(own) => ports.extend(own),
                Seen::Absent => doubt.extend(missing(format!("redirected ports of {}", one.id))),
                Seen::Missing(what) => doubt.extend(missing(what.clone())),
            }
        }
        (ports, doubt)
    }

    /// Cases 13 (missing ranges) and 14: the origin's allow-list against the guard's addresses.
    fn drift(&self, own: &Addresses, certain: &PacketSet, possible: &PacketSet, subjects: &[String]) -> Vec<Way> {
        let mut ways = Vec::new();
        let v4 = Addresses { v4: own.v4.clone(), ..Addresses::default() };
        let lost = v4.subtract(&possible.sources());
        if !possible.is_empty() && !lost.is_empty() {
            let mut subjects = subjects.to_vec();
            subjects.push(lost.describe(8));
            ways.push(Way { effect: Effect::Outage, subjects, ..self.state(Case::Drift, Truth::Yes) });
        }
        let locked = !certain.is_empty() && possible.subtract(&from(own)).is_empty();
        if locked {
            let shared =
                seen(&self.guard.shared_egress, || format!("whether egress addresses of {} are shared", self.guard.id));
            let marked = seen(&self.guard.marks_requests, || format!("whether {} marks requests", self.guard.id));
            ways.push(Way {
                effect: Effect::Residual,
                subjects: subjects.to_vec(),
                ..self.state(Case::SharedEgress, shared.and(not(marked)))
            });
        }
        ways
    }

    /// A way through the network, with a witness that the plain evaluator confirms.
    fn found(
        &self,
        case: Case,
        exposure: &Exposure,
        certain: PacketSet,
        possible: PacketSet,
        doubt: Reasons,
    ) -> Vec<Way> {
        let (sure, packets) = if certain.is_empty() { (false, possible) } else { (true, certain) };
        let Some(flow) = packets.witness_on(&WEB_PORTS) else { return Vec::new() };
        let traces = self
            .judge
            .through(&exposure.entry, &flow)
            .into_iter()
            .filter(|trace| trace.target == exposure.target && !trace.verdict.is_no());
        let witness =
            traces.filter(|trace| !sure || trace.verdict.is_yes()).map(|trace| Witness { flow, trace }).next();
        let verdict = match (&witness, sure) {
            (None, _) => Truth::Unknown(missing("a confirmation of the witness by the plain evaluator")),
            (Some(_), true) => Truth::Yes,
            (Some(_), false) => Truth::Unknown(exposure.reasons().into_iter().chain(doubt).collect()),
        };
        let subjects = vec![exposure.destination.to_string(), target_name(&exposure.target)];
        vec![Way { case, effect: Effect::Bypass, verdict, subjects, packets, witness }]
    }
}

fn target_name(target: &Target) -> String {
    match target {
        Target::Interface(id) | Target::Other(id) | Target::Listener(_, id) | Target::Endpoint(_, id) => id.to_string(),
        Target::Address(vpc, address) => format!("{address} in {vpc}"),
        Target::Internet(_) => "the internet".to_owned(),
    }
}

/// How many IPv4 addresses a set holds; every IPv6 prefix counts as many.
fn count(addresses: &Addresses) -> u64 {
    let v4 = addresses
        .v4
        .iter()
        .map(|(low, high)| u64::from(high).saturating_sub(u64::from(low)).saturating_add(1))
        .fold(0, u64::saturating_add);
    if addresses.v6.is_empty() { v4 } else { v4.max(DRIFT.saturating_add(1)) }
}
