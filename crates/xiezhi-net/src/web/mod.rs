//! Web applications on the internet: what stands before them, and whether it can be bypassed.
//!
//! The catalogue of bypasses is [`Case`] (reference, section 6.2). A guard is bypassed when the engine
//! finds packets that reach its origin without it, in every reading; it is closed when none may.
//!
//! ```
//! use xiezhi_net::{assume::{Readings, Truth}, model::*, reach, web::{self, Case}};
//! let network: Network = serde_json::from_str(r#"{
//!     "vpcs": {"items": [{"id": "vpc-1"}]},
//!     "enis": {"items": [{"id": "eni-1", "vpc": {"known": "vpc-1"}, "addresses": ["10.0.0.5"], "groups": {"known": ["sg-1"]}}]},
//!     "eips": {"items": [{"id": "eip-1", "address": "47.1.2.3", "bound": {"known": {"to": {"interface": "eni-1"}}}}]},
//!     "groups": {"items": [{"id": "sg-1", "vpc": "vpc-1", "kind": {"known": "basic"}, "inner": {"known": "drop"}, "rules": {"known": [
//!         {"id": "r-1", "direction": "ingress", "protocol": {"known": "tcp"}, "ports": {"ranges": [[80, 80]]}, "peer": {"nets": ["0.0.0.0/0"]}}]}}]},
//!     "web": {"guards": {"items": [{"id": "waf-1", "kind": "waf-proxy", "domain": "shop.example", "dns": {"known": true}, "running": {"known": true},
//!         "rules": {"known": "enforcing"}, "egress": {"known": ["39.96.0.0/16"]},
//!         "origins": {"known": [{"to": {"address": "47.1.2.3"}, "ports": [80]}]}}]}}
//! }"#).unwrap();
//! let readings = Readings::default();
//! let report = reach::from_internet(&network, &readings);
//! let guarded = web::guards(&network, &readings, &report);
//! assert_eq!(guarded[0].bypassable, Truth::Yes);
//! assert_eq!(guarded[0].ways[0].case, Case::OriginGroup);
//! assert_eq!(guarded[0].ways[0].witness.as_ref().unwrap().flow.port, 80);
//! ```

mod apps;
mod bypass;
mod ddos;
mod resolve;

use std::net::IpAddr;

use crate::assume::{Readings, Reasons, Truth, missing};
use crate::model::{AppKind, Estate, Guard, GuardKind, Id, Network, RuleState, Seen};
use crate::path::{Entry, Target};
use crate::plain::Judge;
use crate::reach::{Report, Witness};
use crate::set::{Addresses, Match, PacketSet, Protocols, Ranges};

pub use apps::{Deciding, app_behind_waf, covers_name};
pub use ddos::{Scrubbed, ddos_covered, ddos_gaps};

use bypass::Hunt;
use resolve::{Behind, Origins};

/// Ports on which web applications are usually served.
pub const WEB_PORTS: [u16; 16] =
    [80, 443, 8080, 8443, 8000, 8001, 8008, 8081, 8088, 8090, 8888, 9000, 9080, 9443, 3000, 7001];

/// The catalogue of bypasses, in the order of the reference, section 6.2.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Case {
    /// 1: the origin's security group is open beyond the guard's addresses.
    OriginGroup,
    /// 2: the origin is a CLB listener whose access control is off or empty.
    ClbAccess,
    /// 3: the origin is an ALB or NLB whose groups only allow.
    BalancerGroup,
    /// 4: another public IPv4 address leads to the same interface.
    OtherAddress,
    /// 5: a DNAT entry leads to the same private port.
    DnatEntry,
    /// 6: a public IPv6 address leads to the same interface.
    Ipv6,
    /// 7: a port of a transparently protected address that is not redirected.
    UnredirectedPort,
    /// 8: another listener, or another load balancer, before the same backend.
    OtherListener,
    /// 9: public DNS does not point at the guard.
    Dns,
    /// 10: the guard is paused or expired.
    Paused,
    /// 11: no rule of the guard blocks.
    NotEnforcing,
    /// 12: another name on the same origin without a guard.
    SiblingName,
    /// 13: the origin's allow-list differs from the guard's addresses of today.
    Drift,
    /// 14: the allow-list holds addresses that other tenants of the guard share.
    SharedEgress,
    /// 15: in a chain, a later guard takes requests that did not pass the first.
    Chain,
    /// 16: Anti-DDoS covers the load balancer but not public addresses of its backends.
    DdosBackends,
    /// 17: the provider's default domain answers beside the protected one.
    DefaultDomain,
}

impl Case {
    /// The number in the reference's catalogue.
    #[must_use]
    pub const fn number(self) -> u8 {
        match self {
            Self::OriginGroup => 1,
            Self::ClbAccess => 2,
            Self::BalancerGroup => 3,
            Self::OtherAddress => 4,
            Self::DnatEntry => 5,
            Self::Ipv6 => 6,
            Self::UnredirectedPort => 7,
            Self::OtherListener => 8,
            Self::Dns => 9,
            Self::Paused => 10,
            Self::NotEnforcing => 11,
            Self::SiblingName => 12,
            Self::Drift => 13,
            Self::SharedEgress => 14,
            Self::Chain => 15,
            Self::DdosBackends => 16,
            Self::DefaultDomain => 17,
        }
    }
}

/// What a way around a guard means.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Effect {
    /// Requests reach the application without the guard, or the guard does not act.
    Bypass,
    /// Requests through the guard do not reach the application.
    Outage,
    /// Closed against everybody but other tenants of the same guard; an inference, not a proof.
    Residual,
}

/// One way around a guard, or a reason to doubt it.
#[derive(Clone, Debug)]
pub struct Way {
    /// The case of the catalogue.
    pub case: Case,
    /// What it means.
    pub effect: Effect,
    /// Yes when it is proven, unknown when it rests on the reasons.
    pub verdict: Truth,
    /// What it concerns: ids, addresses or names, in order.
    pub subjects: Vec<String>,
    /// The packets that pass, for ways through the network.
    pub packets: PacketSet,
    /// A packet with its way, confirmed by the plain evaluator, for ways through the network.
    pub witness: Option<Witness>,
}

/// A guard and the ways around it.
#[derive(Clone, Debug)]
pub struct Guarded {
    /// The guard.
    pub guard: Id,
    /// Whether it can be bypassed: yes with a proven way, no only when no way may exist.
    pub bypassable: Truth,
    /// The ways, in the order of the catalogue.
    pub ways: Vec<Way>,
}

/// Every guard with the ways around it, in the order of the network. `report` is the exposure of the
/// same network under the same readings.
#[must_use]
pub fn guards(network: &Network, readings: &Readings, report: &Report) -> Vec<Guarded> {
    let estate = Estate::of(network);
    let judge = Judge { estate: &estate, readings };
    let origins = Origins::of(&estate);
    let guarded = |guard: &Guard| {
        let ways = Hunt { judge: &judge, report, origins: &origins, guard }.ways();
        let mut bypassable = ways
            .iter()
            .filter(|way| way.effect == Effect::Bypass)
            .map(|way| way.verdict.clone())
            .fold(Truth::No, Truth::or);
        if bypassable.is_no() && !report.blind.is_empty() {
            bypassable = Truth::Unknown(report.blind.clone());
        }
        Guarded { guard: guard.id.clone(), bypassable, ways }
    };
    network.web.guards.iter().map(guarded).collect()
}

/// An application that the internet reaches.
#[derive(Clone, Debug)]
pub struct Application {
    /// What it is.
    pub what: What,
    /// Its public address, when it has one in the network.
    pub address: Option<IpAddr>,
    /// The web ports on which it may be reached; empty for applications by name.
    pub ports: Ranges<u16>,
    /// The packets to these ports that surely arrive; empty for applications by name.
    pub certain: PacketSet,
    /// The packets to these ports that may arrive.
    pub possible: PacketSet,
    /// Whether it surely is reached.
    pub reached: Truth,
    /// Why packets only may arrive, where some do.
    pub open: Reasons,
    /// The guards before it.
    pub guards: Vec<Cover>,
    /// Whether Anti-DDoS beyond the free basic protection covers the address.
    pub ddos: Truth,
}

/// The kinds of applications.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum What {
    /// An interface of the network, by entry.
    Interface(Id),
    /// A listener of a load balancer.
    Listener(Id, Id),
    /// An application without an address in the network.
    App(Id, AppKind),
}

/// A guard before an application.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Cover {
    /// The guard.
    pub guard: Id,
    /// Its kind.
    pub kind: GuardKind,
    /// The ports it takes; `None` when all of the application's, or when nobody knows which.
    pub ports: Option<Ranges<u16>>,
    /// Whether it runs and its rules block; open when nobody knows on which ports.
    pub enforcing: Truth,
}

impl Cover {
    /// Whether it is a WAF.
    #[must_use]
    pub const fn is_waf(&self) -> bool {
        matches!(self.kind, GuardKind::WafProxy | GuardKind::WafNative | GuardKind::WafTransparent)
    }
}

/// On which ports WAF stands before an application.
#[derive(Clone, Debug, Default)]
pub struct WafPorts {
    /// Where a WAF surely runs and blocks.
    pub surely: Ranges<u16>,
    /// Where one may, beside these.
    pub perhaps: Ranges<u16>,
    /// Why it only may.
    pub open: Reasons,
}

impl Application {
    /// On which ports of the application WAF runs and blocks: of every WAF before it together, since one that redirects
    /// ports has an object for each. Whether a proxy can be bypassed is another question: see [`guards`].
    #[must_use]
    pub fn waf_ports(&self) -> WafPorts {
        let mut all = WafPorts::default();
        for cover in self.guards.iter().filter(|cover| cover.is_waf()) {
            let ports = cover.ports.clone().unwrap_or_else(|| self.ports.clone());
            match &cover.enforcing {
                Truth::Yes => all.surely = all.surely.union(&ports),
                Truth::No => {}
                Truth::Unknown(reasons) => {
                    all.perhaps = all.perhaps.union(&ports);
                    all.open.extend(reasons.iter().cloned());
                }
            }
        }
        all
    }

    /// Whether WAF blocks before every port of an application with an address.
    #[must_use]
    pub fn behind_waf(&self) -> Truth {
        let waf = self.waf_ports();
        if self.ports.subtract(&waf.surely).is_empty() {
            return Truth::Yes;
        }
        let certain = self.certain.ports(6).union(&self.certain.ports(17));
        if certain.subtract(&waf.surely).subtract(&waf.perhaps).is_empty() {
            return Truth::Unknown(waf.open.into_iter().chain(self.open.iter().cloned()).collect());
        }
        Truth::No
    }
}

/// Whether a guard runs and blocks. CDN and Anti-DDoS proxies have no rules of this kind: running is enough.
#[must_use]
pub fn enforcing(guard: &Guard) -> Truth {
    let gap = |what: &str| Truth::Unknown(missing(format!("{what} of {}", guard.id)));
    let running = match &guard.running {
        Seen::Known(running) => Truth::known(*running),
        Seen::Absent => gap("state"),
        Seen::Missing(what) => Truth::Unknown(missing(what.clone())),
    };
    let rules = match (&guard.kind, &guard.rules) {
        (GuardKind::Cdn | GuardKind::AntiDdosProxy, _) => Truth::Yes,
        (_, Seen::Known(state)) => Truth::known(*state == RuleState::Enforcing),
        (_, Seen::Absent) => gap("rules"),
        (_, Seen::Missing(what)) => Truth::Unknown(missing(what.clone())),
    };
    running.and(rules)
}

/// A guard before an address. Ports that nobody knows leave open whether it acts on any one.
fn cover(guard: &Guard) -> Cover {
    let (ports, known) = match (&guard.kind, &guard.ports) {
        // Inside a product it sees all of it, or the listeners that lead to what it inspects.
        (GuardKind::WafNative, Seen::Absent) => (None, Truth::Yes),
        (GuardKind::WafNative, Seen::Known(ports)) => (Some(ports.clone()), Truth::Yes),
        (_, Seen::Absent) => (None, Truth::Unknown(missing(format!("ports of {}", guard.id)))),
        (_, Seen::Missing(what)) => (None, Truth::Unknown(missing(what.clone()))),
        (GuardKind::WafTransparent, Seen::Known(ports)) => (Some(ports.clone()), Truth::Yes),
        // A proxy talks to its origins on ports of their own.
        (_, Seen::Known(ports)) => {
            let origins = guard.origins.known().into_iter().flatten().flat_map(|origin| &origin.ports);
            (Some(ports.iter().chain(origins).copied().collect()), Truth::Yes)
        }
    };
    Cover {
        guard: guard.id.clone(),
        kind: guard.kind,
        ports: ports.map(|ports: Vec<u16>| Ranges::collect(ports.into_iter().map(|port| (port, port)))),
        enforcing: enforcing(guard).and(known),
    }
}

/// Every application that may be reached from the internet on a web port, with what stands before it.
#[must_use]
pub fn applications(network: &Network, report: &Report) -> Vec<Application> {
    let estate = Estate::of(network);
    let origins = Origins::of(&estate);
    let behind: Vec<(&Guard, Behind)> = network.web.guards.iter().map(|guard| (guard, origins.behind(guard))).collect();
    let web = PacketSet::from(Match {
        protocols: Protocols::PORTED,
        ports: Ranges::collect(WEB_PORTS.map(|port| (port, port))),
        ..Match::everything()
    });
    let scrubbed = Scrubbed::of(network);
    let mut all = Vec::new();
    for exposure in &report.exposures {
        let (what, open) = match (&exposure.entry, &exposure.target) {
            (Entry::Listener(..), Target::Listener(balancer, id)) => {
                let listener = estate.listener(balancer, id);
                if listener.is_some_and(|listener| listener.redirect) {
                    continue;
                }
                let layer7 = listener.is_some_and(|listener| listener.protocol.is_layer7());
                let open = exposure.possible();
                (What::Listener(balancer.clone(), id.clone()), if layer7 { open } else { open.intersect(&web) })
            }
            (Entry::Eip(_) | Entry::Own(_) | Entry::Ipv6(_) | Entry::Dnat(..), Target::Interface(id)) => {
                (What::Interface(id.clone()), exposure.possible().intersect(&web))
            }
            _ => continue,
        };
        if open.is_empty() {
            continue;
        }
        let before = behind.iter().filter(|(guard, behind)| resolve::protects(guard, behind, exposure));
        let guards = before.map(|(guard, _)| cover(guard));
        let certain = exposure.certain().intersect(&open);
        let reached = if certain.is_empty() { Truth::Unknown(exposure.reasons()) } else { Truth::Yes };
        all.push(Application {
            what,
            address: Some(exposure.destination),
            ports: open.ports(6).union(&open.ports(17)),
            certain,
            possible: open,
            reached,
            open: exposure.reasons(),
            guards: guards.collect(),
            ddos: scrubbed.before(exposure.destination),
        });
    }
    for app in &network.web.apps {
        let named = || network.web.guards.iter().filter(|guard| apps::stands_before(guard, app));
        let guards = named().map(|guard| Cover {
            guard: guard.id.clone(),
            kind: guard.kind,
            ports: None,
            enforcing: enforcing(guard),
        });
        let proxies = named().filter(|guard| guard.kind == GuardKind::AntiDdosProxy);
        let ddos = proxies.map(enforcing).fold(Truth::No, Truth::or);
        let own = app.domains.known().is_some_and(|domains| !domains.is_empty());
        let default = match &app.default_domain {
            Seen::Known(answers) => Truth::known(*answers),
            Seen::Absent => Truth::Unknown(missing(format!("default domain of {}", app.id))),
            Seen::Missing(what) => Truth::Unknown(missing(what.clone())),
        };
        let reached = Truth::known(own).or(default);
        if !reached.is_no() {
            all.push(Application {
                what: What::App(app.id.clone(), app.kind),
                address: None,
                ports: Ranges::empty(),
                certain: PacketSet::empty(),
                possible: PacketSet::empty(),
                reached,
                open: Reasons::new(),
                guards: guards.collect(),
                ddos,
            });
        }
    }
    all
}

/// The sources that a proxy uses towards origins.
fn egress(guard: &Guard) -> Result<Addresses, Reasons> {
    match &guard.egress {
        Seen::Known(nets) => Ok(Addresses::from_nets(nets.iter().copied())),
        Seen::Absent => Err(missing(format!("egress addresses of {}", guard.id))),
        Seen::Missing(what) => Err(missing(what.clone())),
    }
}
