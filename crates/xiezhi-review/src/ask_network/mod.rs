//! Questions about the network, web protection, encryption and audit of an estate, answered with proof.
//!
//! The reasoning is `xiezhi-net`'s and the analyses'; here evidence becomes their input, and what they find becomes
//! answers that carry a verdict, an evidence label, the witness packet and the way that it takes. An answer never turns
//! what was not looked at into yes or no.

mod close;
mod coverage;
mod endpoints;
mod inside;
mod listeners;
mod logs;
mod outcomes;
mod outside;
mod paths;
mod plan;
mod premises;
mod relays;
mod scaled;
mod senders;
mod services;
mod settle;
mod web;
mod zones;

use std::collections::BTreeMap;

use serde::Serialize;
use xiezhi_model::service::eci;
use xiezhi_model::{Batch, Head, Inventory, Label, Problem, Reason};
use xiezhi_net::assume::{Readings, Reason as Doubt, Reasons, Truth};
use xiezhi_net::model::{Id, Network};
use xiezhi_net::path::{Entry as WayIn, Target, Trace, UNRESOLVED};
use xiezhi_net::reach::{self, Report};
use xiezhi_net::set::{Addresses, PacketSet, internet};

use crate::analyse::network::{Built, SERVICES, id_of, is_placeholder, near};

pub use crate::ask::{AskError, Verdict};
pub use close::close;
pub use coverage::{audited, encrypted};
pub use inside::reach_from;
pub use outside::{INTERNET, leaves};
pub use paths::{changed, exposed, reach};
pub use plan::separated;
pub use premises::exposed_from;
pub use web::waf;
/// A rule of the platform that official material leaves open, with its two readings.
pub use xiezhi_net::assume::Assumption as OpenRule;

/// Stands for the address of a managed service's public endpoint, which the evidence does not hold.
pub const ENDPOINT: &str = "(public-endpoint)";
/// Stands for the address of a managed service's private endpoint, which the evidence does not hold.
pub const INNER: &str = "(private-endpoint)";
/// Stands for an address that the provider assigns when a configuration is applied.
pub const NOT_YET: &str = "(not-yet-assigned)";
/// How many prefixes of sources a line names.
const PREFIXES: usize = 4;

/// What was asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Question {
    /// Does the internet reach the target, on this port when one is given?
    Reach {
        /// The target as the question names it.
        target: String,
        /// The port.
        port: Option<u16>,
    },
    /// What inside the estate, or behind a private way to premises, reaches the target over private addresses, on this port when one is given?
    ReachFrom {
        /// Where packets start, as the question names it.
        from: Vec<String>,
        /// The target as the question names it.
        target: String,
        /// The port.
        port: Option<u16>,
    },
    /// What may leave for the internet, or for a part of it, on these ports when some are given?
    Leaves {
        /// Where packets start, as the question names it; empty for everywhere.
        from: Vec<String>,
        /// The range outside; [`INTERNET`] for all of it.
        to: String,
        /// The ports; empty for all.
        ports: Vec<u16>,
    },
    /// Does the address plan keep public, private and inner vSwitches and joined VPCs apart?
    Separated,
    /// What does the internet reach, or what do premises, on these ports when some are given?
    Exposed {
        /// The ports; empty for all.
        ports: Vec<u16>,
        /// The premises, as the question names them; none for the internet.
        #[serde(skip_serializing_if = "Option::is_none")]
        from: Option<String>,
    },
    /// Which smallest edits end what the internet reaches at the target?
    Close {
        /// The target as the question names it.
        target: String,
        /// The port.
        port: Option<u16>,
    },
    /// What does the internet reach in the second evidence and not in the first, or the other way round?
    Changed,
    /// Does WAF stand before every web application, and can it be bypassed?
    Waf,
    /// Is every store encrypted, and does every listener refuse old TLS?
    Encrypted,
    /// Are the events of every region kept, and what is logged beside?
    Audited,
}

/// One decision on the way of a packet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Hop {
    /// The resource that decides.
    pub at: String,
    /// The number of the rule of network semantics by which it decides.
    pub law: String,
    /// The deciding rule, entry or route; none when a default or a state decides.
    pub rule: Option<String>,
    /// Whether the packet passes.
    pub passes: Verdict,
}

/// One part of an answer: a way in, an edit, an application, a store, an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Part {
    /// What it is about.
    pub subject: String,
    /// The answer for it.
    pub verdict: Verdict,
    /// Facts in a fixed order, by name: `address`, `ports`, `sources`, `through`, `at-rest`, `ways` and their like.
    #[serde(serialize_with = "facts")]
    pub facts: Vec<(&'static str, String)>,
    /// The witness: the packet as the client sends it.
    pub packet: Option<String>,
    /// The way of the witness; up to where it stops when it does not arrive.
    pub hops: Vec<Hop>,
    /// Why it is open.
    pub because: Vec<Open>,
}

/// Something that leaves an answer open. In JSON the calls that would settle it stand beside.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Open {
    /// What was not looked at, or which rule of the platform is open.
    pub what: String,
    /// The reason's code, or the assumption's.
    pub code: String,
}

impl Serialize for Open {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Told<'a> {
            what: &'a str,
            code: &'a str,
            #[serde(skip_serializing_if = "Vec::is_empty")]
            calls: Vec<&'static str>,
        }
        Told { what: &self.what, code: &self.code, calls: self.calls() }.serialize(serializer)
    }
}

impl Open {
    /// The API calls that would settle it, `product:Action`, in order.
    #[must_use]
    pub fn calls(&self) -> Vec<&'static str> {
        settle::calls(&self.what, &self.code)
    }

    /// Something near a resource that could not be read.
    fn near(head: &Head, reason: &Reason) -> Self {
        Self { what: format!("ways in by {}", short(id_of(head).as_str())), code: reason.code().to_owned() }
    }
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Answer {
    /// What was asked.
    pub question: Question,
    /// The answer for everything together.
    pub verdict: Verdict,
    /// The weakest label of the evidence.
    #[serde(serialize_with = "label_code")]
    pub label: Label,
    /// The parts, in order.
    pub parts: Vec<Part>,
    /// What was not looked at that could add further parts.
    pub unseen: Vec<Open>,
    /// The open rules of the platform on which parts rest; in JSON with both readings.
    #[serde(serialize_with = "with_readings")]
    pub assumptions: Vec<OpenRule>,
    /// Types of resources that the evidence declares and nothing reads, with how many: no answer speaks of them.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub not_read: BTreeMap<String, u64>,
}

/// Facts as objects with `name` and `value`.
fn facts<S: serde::Serializer>(facts: &[(&'static str, String)], serializer: S) -> Result<S::Ok, S::Error> {
    #[derive(Serialize)]
    struct Named<'a> {
        name: &'a str,
        value: &'a str,
    }
    serializer.collect_seq(facts.iter().map(|(name, value)| Named { name, value }))
}

/// Open rules by code, with both readings.
fn with_readings<S: serde::Serializer>(rules: &[OpenRule], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(rules.iter().map(|rule| (rule.code(), rule.readings())))
}

fn label_code<S: serde::Serializer>(label: &Label, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(label.as_str())
}

/// Evidence, joined and analysed, with its network.
#[derive(Debug)]
pub struct Ground {
    inventory: Inventory,
    network: Network,
    missing: BTreeMap<std::sync::Arc<str>, Reason>,
    blind: Vec<(Head, Reason)>,
}

impl Ground {
    /// Joins and analyses evidence.
    #[must_use]
    pub fn new(batches: Vec<Batch>) -> Self {
        Self::of(crate::prepare(batches))
    }

    /// Joins evidence: enough for the questions about ways in and between, which need no other analysis.
    #[must_use]
    pub fn joined(batches: Vec<Batch>) -> Self {
        Self::of(crate::join(batches))
    }

    fn of(inventory: Inventory) -> Self {
        let Built { network, missing, blind } = crate::analyse::network::build(&inventory);
        Self { inventory, network, missing, blind }
    }

    /// What could not be read.
    #[must_use]
    pub fn problems(&self) -> &[Problem] {
        &self.inventory.problems
    }

    fn report(&self) -> Report {
        reach::from_internet(&self.network, &Readings::default())
    }

    /// The weakest label of anything that was listed.
    fn label(&self) -> Label {
        self.inventory.listings().iter().map(|listing| listing.origin.label).max().unwrap_or(Label::UserProvided)
    }

    fn open(&self, reason: &Doubt) -> Open {
        match reason {
            Doubt::Assumption(assumption) => Open { what: assumption.code().to_owned(), code: "assumption".to_owned() },
            Doubt::Missing(what) => {
                let code = self.missing.get(what).map_or("not-collected", |reason| reason.code());
                Open { what: short(what), code: code.to_owned() }
            }
        }
    }

    /// Why there may be more than was found: lists that are not complete, and what could not be read near the targets,
    /// or anywhere when none are given. Lists of managed services matter only to who asks for everything.
    fn unseen(&self, blind: &Reasons, targets: Option<&[&Head]>, services: bool) -> Vec<Open> {
        let beside =
            |reason: &&Doubt| services || !matches!(reason, Doubt::Missing(what) if what.starts_with(SERVICES));
        let mut all: Vec<Open> = blind.iter().filter(beside).map(|reason| self.open(reason)).collect();
        let concerns = |head: &Head| targets.is_none_or(|targets| targets.iter().any(|target| near(head, target)));
        let blind = self.blind.iter().filter(|(head, _)| concerns(head));
        let mut unread: Vec<Open> = blind.map(|(head, reason)| Open::near(head, reason)).collect();
        unread.sort();
        unread.dedup();
        all.extend(unread);
        if services {
            let groups = self.inventory.gaps(eci::ContainerGroup::SCHEMA);
            all.extend(groups.iter().map(|gap| Open {
                what: eci::ContainerGroup::SCHEMA.kind.to_owned(),
                code: gap.reason.code().to_owned(),
            }));
        }
        all
    }

    /// A piece of missing evidence by its name.
    fn gap(&self, what: &std::sync::Arc<str>) -> Open {
        self.open(&Doubt::Missing(std::sync::Arc::clone(what)))
    }

    /// Why a piece of evidence is missing, by its name.
    fn reason_of(&self, what: &str) -> Reason {
        self.missing.get(what).cloned().unwrap_or(Reason::NotCollected)
    }

    fn because(&self, reasons: &Reasons) -> Vec<Open> {
        reasons.iter().map(|reason| self.open(reason)).collect()
    }

    fn answer(&self, question: Question, verdict: Verdict, parts: Vec<Part>, unseen: Vec<Open>) -> Answer {
        let named = parts.iter().flat_map(|part| &part.because).filter(|open| open.code == "assumption");
        let codes: std::collections::BTreeSet<&str> = named.map(|open| open.what.as_str()).collect();
        let assumptions: Vec<OpenRule> = OpenRule::ALL.into_iter().filter(|rule| codes.contains(rule.code())).collect();
        // That other tenants share a guard's ranges is reasoned from documentation, as is what an open rule decides.
        let residual = parts.iter().any(|part| part.facts.iter().any(|(name, _)| *name == "residual"));
        let label = self.label();
        let label = if residual || !assumptions.is_empty() { label.weakest(Label::Inference) } else { label };
        let not_read = crate::ask::not_read(&[&self.inventory]);
        Answer { question, verdict, label, parts, unseen, assumptions, not_read }
    }
}

/// An id as people know it: without the configuration that it stands in.
fn short(id: &str) -> String {
    id.split(' ').map(|word| word.rsplit('#').next().unwrap_or(word)).collect::<Vec<_>>().join(" ")
}

fn verdict(truth: &Truth) -> Verdict {
    match truth {
        Truth::Yes => Verdict::Yes,
        Truth::No => Verdict::No,
        Truth::Unknown(_) => Verdict::Undecided,
    }
}

/// Yes when some part is yes; undecided when some is open or something was not looked at.
fn any(parts: &[Part], unseen: &[Open]) -> Verdict {
    let best = parts.iter().map(|part| part.verdict).max().unwrap_or(Verdict::No);
    if best == Verdict::No && !unseen.is_empty() { Verdict::Undecided } else { best }
}

/// No when some part is no; undecided when some is open or something was not looked at.
fn all(parts: &[Part], unseen: &[Open]) -> Verdict {
    let worst = parts.iter().map(|part| part.verdict).min().unwrap_or(Verdict::Yes);
    if worst == Verdict::Yes && !unseen.is_empty() { Verdict::Undecided } else { worst }
}

/// Addresses that nobody knows yet stand for themselves.
fn address(address: std::net::IpAddr) -> String {
    if address == UNRESOLVED {
        return ENDPOINT.to_owned();
    }
    if is_placeholder(address) { NOT_YET.to_owned() } else { address.to_string() }
}

fn packet(flow: &xiezhi_net::set::Flow) -> String {
    let text = flow.to_string();
    if flow.destination == UNRESOLVED {
        return text.replace(&format!("> {UNRESOLVED}"), &format!("> {ENDPOINT}"));
    }
    [flow.source, flow.destination]
        .iter()
        .filter(|one| is_placeholder(**one))
        .fold(text, |text, one| text.replace(&one.to_string(), NOT_YET))
}

fn hops(trace: &Trace) -> Vec<Hop> {
    let of = |hop: &xiezhi_net::path::Hop| Hop {
        at: short(hop.at.as_str()),
        law: hop.law.0.to_string(),
        rule: hop.rule.as_ref().map(|rule| short(rule.as_str())),
        passes: verdict(&hop.passes),
    };
    // Two laws of one number may decide at one place, and are one to the reader when they say the same.
    let mut all: Vec<Hop> = trace.hops.iter().map(of).collect();
    all.dedup();
    all
}

/// How a packet gets in: a word, then ids; [`crate::ask_network`] leaves the words to whoever prints.
fn entry(way: &WayIn) -> String {
    match way {
        WayIn::Eip(id) => format!("eip {}", short(id.as_str())),
        WayIn::Own(_) => "own-address".to_owned(),
        WayIn::Ipv6(_) => "ipv6-address".to_owned(),
        WayIn::Dnat(nat, entry) => format!("dnat {} {}", short(nat.as_str()), short(entry.as_str())),
        WayIn::Listener(_, listener) => format!("listener {}", short(listener.as_str())),
        WayIn::Endpoint(service, _) => format!("endpoint {}", short(service.as_str())),
    }
}

/// The sources of a set, in words for everyone outside the estate.
fn sources(network: &Network, set: &PacketSet) -> String {
    places(network, &set.sources())
}

/// Addresses: `internet` for everything outside the estate, else the first prefixes.
fn places(network: &Network, all: &Addresses) -> String {
    let own = Addresses::from_nets(network.vpcs.iter().flat_map(|vpc| vpc.cidrs.iter().copied()));
    let world = internet().subtract(&own);
    let whole = |any: bool, world: Addresses| any && world.is_subset(all);
    let v4 = whole(!all.v4.is_empty(), Addresses { v4: world.v4.clone(), ..Addresses::default() });
    let v6 = whole(!all.v6.is_empty(), Addresses { v6: world.v6.clone(), ..Addresses::default() });
    if v4 || v6 { "internet".to_owned() } else { all.describe(PREFIXES) }
}

/// The instance of an interface, else what the target is called.
fn target(of: &BTreeMap<&Id, &Id>, target: &Target) -> String {
    match target {
        Target::Interface(id) => of.get(id).map_or_else(|| short(id.as_str()), |instance| short(instance.as_str())),
        Target::Listener(_, id) | Target::Other(id) | Target::Endpoint(id, _) => short(id.as_str()),
        Target::Address(vpc, address) => format!("{address} in {}", short(vpc.as_str())),
        Target::Internet(_) => "internet".to_owned(),
    }
}

fn instances(network: &Network) -> BTreeMap<&Id, &Id> {
    network.enis.iter().filter_map(|eni| Some((&eni.id, eni.instance.as_ref()?))).collect()
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod assumption_tests;
#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod endpoint_tests;
#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod relay_tests;
#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod service_tests;
#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests;
