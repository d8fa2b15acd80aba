//! What the internet reaches of each instance: ports with a witness packet and its path as proof.
//!
//! A port counts as reached by the internet when strangers reach it: when its admitted sources are more than a list of
//! named networks could be ([`STRANGERS_V4`]). A port that only an office or a WAF's ranges reach is not exposed.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use rustc_hash::{FxHashMap, FxHashSet};
use xiezhi_model::service::port::OpenPorts;
use xiezhi_model::service::{alb, eci, ecs, eip, nat, nlb, slb, vpc};
use xiezhi_model::{Fact, Head, Inventory, Label, List, Reason};
use xiezhi_net::assume::{Assumption, Readings, Reason as Doubt, Truth};
use xiezhi_net::model::{BackendTo, Eni, Id, Mapping, Network, SecurityGroup, Seen};
use xiezhi_net::path::{Entry, Target};
use xiezhi_net::reach::{self, Exposure, MANAGEMENT_PORTS, Report};
use xiezhi_net::set::{Match, PacketSet, Ports, Protocols, Ranges};

use super::super::evidence::Listed;
use super::super::{Proof, derived, in_words};
use super::convert::{Converter, id_of, is_placeholder};

/// From how many IPv4 addresses on a set of sources is "the internet": a /8. Allow-lists of offices, partners and cloud
/// proxies are far smaller; the choice is ours.
const STRANGERS_V4: u64 = 1 << 24;

/// The same for IPv6: a /24, more than any one provider is allotted by default (a /32).
const STRANGERS_V6: u128 = 1 << 104;

/// What was concluded, in the order of the inventory.
pub(super) struct Concluded {
    pub(super) instances: Vec<(Fact<List<OpenPorts>>, Fact<bool>)>,
    container_groups: Vec<Fact<List<OpenPorts>>>,
}

/// Concludes for every instance and container group.
pub(super) fn conclude(analysis: &str, converter: &Converter<'_>, network: &Network, report: &Report) -> Concluded {
    let of_eni: FxHashMap<&Id, &Id> =
        network.enis.iter().filter_map(|eni| Some((&eni.id, eni.instance.as_ref()?))).collect();
    // Where the address that a NAT gateway would show to servers is not in evidence, the reading that needs none is
    // claimed, with its name.
    let rests = |exposure: &Exposure| exposure.reasons().contains(&Doubt::Assumption(Assumption::DnatSource));
    let kept = report
        .exposures
        .iter()
        .any(rests)
        .then(|| reach::from_internet(network, &Readings::default().with(Assumption::DnatSource, true)));
    let kept: FxHashMap<_, &Exposure> =
        kept.iter().flat_map(|report| &report.exposures).map(|exposure| (exposure.key(), exposure)).collect();
    let mut by_instance: FxHashMap<&Id, Vec<Way>> = FxHashMap::default();
    for exposure in &report.exposures {
        if let Target::Interface(eni) = &exposure.target
            && let Some(instance) = of_eni.get(eni)
        {
            let fixed = kept.get(&exposure.key()).filter(|_| rests(exposure));
            let way = match fixed {
                Some(exposure) => Way { exposure, assumed: Some(Assumption::DnatSource) },
                None => Way { exposure, assumed: None },
            };
            by_instance.entry(instance).or_default().push(way);
        }
    }
    let mut enis_of: FxHashMap<&Id, Vec<&Eni>> = FxHashMap::default();
    for eni in &network.enis {
        if let Some(instance) = &eni.instance {
            enis_of.entry(instance).or_default().push(eni);
        }
    }
    let asked = Asked {
        analysis,
        converter,
        network,
        by_instance,
        enis: network.enis.iter().map(|eni| (&eni.id, eni)).collect(),
        enis_of,
        narrowed: narrowed(network),
        ways: Ways::of(converter.inventory),
    };
    let inventory = converter.inventory;
    Concluded {
        instances: inventory.all::<ecs::Instance>().iter().map(|instance| asked.of(&instance.head)).collect(),
        container_groups: inventory.all::<eci::ContainerGroup>().iter().map(|group| asked.of(&group.head).0).collect(),
    }
}

/// Writes what was concluded into the inventory.
pub(super) fn fill(inventory: &mut Inventory, concluded: Concluded) {
    for (instance, (ports, management)) in inventory.all_mut::<ecs::Instance>().iter_mut().zip(concluded.instances) {
        instance.internet_ports = ports;
        instance.internet_management = management;
    }
    let groups = inventory.all_mut::<eci::ContainerGroup>().iter_mut();
    groups.zip(concluded.container_groups).for_each(|(group, ports)| group.internet_ports = ports);
}

/// The listings without which there may be more ways in.
pub(super) struct Ways<'a> {
    listed: Vec<(&'static str, Listed)>,
    /// A way in may name an interface that is attached to the instance.
    interfaces: &'a [ecs::NetworkInterface],
}

impl<'a> Ways<'a> {
    pub(super) fn of(inventory: &'a Inventory) -> Self {
        let listed = vec![
            ("EIPs", Listed::of::<eip::Eip>(inventory)),
            ("NAT gateways", Listed::of::<nat::Gateway>(inventory)),
            ("DNAT entries", Listed::of::<nat::ForwardEntry>(inventory)),
            ("classic load balancers", Listed::of::<slb::LoadBalancer>(inventory)),
            ("application load balancers", Listed::of::<alb::LoadBalancer>(inventory)),
            ("network load balancers", Listed::of::<nlb::LoadBalancer>(inventory)),
            ("high-availability addresses", Listed::of::<vpc::HaVip>(inventory)),
        ];
        Self { listed, interfaces: inventory.all() }
    }

    pub(super) fn gap(&self, head: &Head) -> Option<&Reason> {
        let declared = |own: &&Head| own.set == head.set && !own.address.is_empty();
        let interfaces = || self.interfaces.iter().map(|interface| &interface.head).filter(declared);
        self.listed.iter().find_map(|(_, listed)| {
            listed.gap_of(head).or_else(|| interfaces().find_map(|interface| listed.gap_of(interface)))
        })
    }
}

/// An exposure of an instance, and the assumption whose reading was fixed to find it.
struct Way<'a> {
    exposure: &'a Exposure,
    assumed: Option<Assumption>,
}

struct Asked<'a> {
    analysis: &'a str,
    converter: &'a Converter<'a>,
    network: &'a Network,
    by_instance: FxHashMap<&'a Id, Vec<Way<'a>>>,
    enis: FxHashMap<&'a Id, &'a Eni>,
    enis_of: FxHashMap<&'a Id, Vec<&'a Eni>>,
    /// The groups with a rule that speaks of own addresses.
    narrowed: FxHashSet<&'a Id>,
    ways: Ways<'a>,
}

fn narrowed(network: &Network) -> FxHashSet<&Id> {
    let speaks = |group: &&SecurityGroup| {
        group.rules.known().into_iter().flatten().any(|rule| !matches!(rule.own, Seen::Absent))
    };
    network.groups.iter().filter(speaks).map(|group| &group.id).collect()
}

/// The ports of one protocol that the internet reaches: surely, and for some way of completing the evidence.
#[derive(Default)]
struct Reached {
    sure: Ports,
    may: Ports,
}

impl Asked<'_> {
    fn of(&self, head: &Head) -> (Fact<List<OpenPorts>>, Fact<bool>) {
        let own = id_of(head);
        let empty = Vec::new();
        let exposures = self.by_instance.get(&own).unwrap_or(&empty);
        let mut reached: BTreeMap<u8, Reached> = BTreeMap::new();
        let mut label = self.label(&own);
        let mut assumed: BTreeSet<Assumption> = BTreeSet::new();
        let mut doubt: Option<Reason> = None;
        let mut proof: Option<(bool, String)> = None;
        for Way { exposure, assumed: fixed } in exposures {
            let (sure, assumptions, why) = self.claimed(exposure);
            label = label.weakest(self.entry_label(exposure));
            let mut claims = false;
            for protocol in [6, 17] {
                let entry = reached.entry(protocol).or_default();
                let certain = self.inside(exposure, protocol, &strangers(&sure, protocol));
                claims |= !certain.is_empty();
                let possible = self.inside(exposure, protocol, &strangers(&exposure.possible(), protocol));
                entry.may = entry.may.union(&possible).union(&certain);
                entry.sure = entry.sure.union(&certain);
            }
            if claims {
                assumed.extend(assumptions);
                assumed.extend(*fixed);
                let management = exposure.witness.as_ref().is_some_and(|witness| manages(witness.flow.port));
                if proof.as_ref().is_none_or(|(before, _)| management && !before) {
                    proof = Some((management, self.path(exposure)));
                }
            } else if why.is_some() {
                doubt = doubt.or(why);
            }
        }
        let unseen = self.converter.blind_near(head).or_else(|| self.ways.gap(head)).cloned();
        let codes: Vec<&str> = assumed.iter().map(|assumption| assumption.code()).collect();
        if !codes.is_empty() {
            label = label.weakest(Label::Inference);
        }
        let found = proof.map_or_else(
            || in_words("no way in from the internet was found", "未发现来自互联网的入口"),
            |(_, path)| Proof::from(path),
        );
        let codes = codes.join(", ");
        let proof = match codes.is_empty() {
            true => found,
            false => Proof::of(&[found, in_words(format!("assuming {codes}"), format!("假设 {codes}"))]),
        };
        let origin = derived(self.analysis, proof, label);
        let open = reached.values().any(|reached| reached.sure != reached.may);
        let open = open.then(|| doubt.unwrap_or(Reason::NotInEvidence));
        let more = open.or(unseen);
        let mut items = Vec::new();
        for (protocol, reached) in &reached {
            let name = if *protocol == 6 { "tcp" } else { "udp" };
            items.extend(reached.sure.iter().map(|(first, last)| OpenPorts {
                protocol: Fact::known(name.into(), origin.clone()),
                first: Fact::known(first.into(), origin.clone()),
                last: Fact::known(last.into(), origin.clone()),
            }));
        }
        let manages_any = |ports: &Ports| MANAGEMENT_PORTS.iter().any(|port| manages(*port) && ports.contains(*port));
        let management = if reached.values().any(|reached| manages_any(&reached.sure)) {
            Fact::known(true, origin.clone())
        } else if let Some(reason) = &more
            && (reached.values().any(|reached| manages_any(&reached.may)) || self.blinded(head))
        {
            Fact::unknown(reason.clone(), origin.clone())
        } else {
            Fact::known(false, origin.clone())
        };
        (Fact::known(List { items, more }, origin), management)
    }

    fn blinded(&self, head: &Head) -> bool {
        self.converter.blind_near(head).is_some() || self.ways.gap(head).is_some()
    }

    /// What an exposure lets in for certain, the assumptions under which more is claimed, and why the rest is not.
    ///
    /// Where only open questions about the platform stand in the way, the exposed reading is claimed and named: it is
    /// the one to be refuted. Whether an NLB keeps client addresses is a setting that evidence can show, so its absence
    /// is missing evidence (NLB-2).
    fn claimed(&self, exposure: &Exposure) -> (PacketSet, Vec<Assumption>, Option<Reason>) {
        if self.narrowed_to_unknown(exposure) {
            return (PacketSet::empty(), Vec::new(), Some(Reason::NotInEvidence));
        }
        let mut assumptions = Vec::new();
        let mut missing: Option<Reason> = None;
        // What is open for other protocols only bears on no port.
        let ported = Match { protocols: Protocols::PORTED, ..Match::everything() };
        let mut reasons = exposure.reasons_among(&PacketSet::from(ported));
        if let Truth::Unknown(more) = &exposure.verdict {
            reasons.extend(more.iter().filter(|reason| matches!(reason, Doubt::Missing(_))).cloned());
        }
        for reason in &reasons {
            match reason {
                Doubt::Assumption(Assumption::NlbPreserve) => missing = missing.or(Some(Reason::NotInEvidence)),
                Doubt::Assumption(assumption) => assumptions.push(*assumption),
                Doubt::Missing(what) => missing = missing.or_else(|| Some(self.converter.reason_of(what))),
            }
        }
        match missing {
            None => (exposure.possible(), assumptions, None),
            Some(reason) if exposure.verdict.is_yes() => (exposure.certain(), Vec::new(), Some(reason)),
            Some(reason) => (PacketSet::empty(), Vec::new(), Some(reason)),
        }
    }

    /// Whether a rule of the target's groups speaks of own addresses that nobody knows yet.
    fn narrowed_to_unknown(&self, exposure: &Exposure) -> bool {
        let Target::Interface(target) = &exposure.target else { return false };
        let Some(eni) = self.enis.get(target) else { return false };
        if !eni.addresses.iter().any(|address| is_placeholder(IpAddr::V4(*address))) {
            return false;
        }
        eni.groups.known().into_iter().flatten().any(|id| self.narrowed.contains(id))
    }

    /// The ports at the instance for ports at the front.
    fn inside(&self, exposure: &Exposure, protocol: u8, front: &Ports) -> Ports {
        match &exposure.entry {
            Entry::Dnat(nat, entry) => {
                let nat = self.network.nats.iter().find(|one| one.id == *nat);
                let entries = nat.and_then(|nat| nat.dnat.known()).into_iter().flatten();
                match entries.into_iter().find(|one| one.id == *entry).map(|entry| &entry.mapping) {
                    Some(Mapping::Ports { external, internal, .. }) => {
                        let shift = |port: u16| internal.saturating_add(port.saturating_sub(external.0));
                        let within = front.intersect(&Ranges::between(external.0, external.1));
                        Ranges::collect(within.iter().map(|(low, high)| (shift(low), shift(high))))
                    }
                    _ => front.clone(),
                }
            }
            Entry::Listener(balancer, listener) => {
                let balancer = self.network.balancers.iter().find(|one| one.id == *balancer);
                let listeners = balancer.and_then(|balancer| balancer.listeners.known()).into_iter().flatten();
                let Some(listener) = listeners.into_iter().find(|one| one.id == *listener) else {
                    return front.clone();
                };
                if front.is_empty() || (protocol == 17 && listener.protocol.is_layer7()) {
                    return Ports::empty();
                }
                let Target::Interface(target) = &exposure.target else { return front.clone() };
                let instance = self.enis.get(target).and_then(|eni| eni.instance.as_ref());
                let mut ports = Ports::empty();
                for backend in listener.backends.known().into_iter().flatten() {
                    let meant = match &backend.to {
                        BackendTo::Instance(id) | BackendTo::Interface(id) => Some(id) == instance || id == target,
                        BackendTo::Address(_) => true,
                        BackendTo::Other(_) => false,
                    };
                    if meant {
                        ports = ports.union(&backend.port.map_or_else(|| front.clone(), Ranges::one));
                    }
                }
                ports
            }
            Entry::Eip(_) | Entry::Own(_) | Entry::Ipv6(_) | Entry::Endpoint(..) => front.clone(),
        }
    }

    /// The witness packet and the decisions on its way.
    fn path(&self, exposure: &Exposure) -> String {
        let Some(witness) = &exposure.witness else { return "no witness".to_owned() };
        let mut flow = witness.flow.to_string();
        if is_placeholder(witness.flow.destination) {
            flow = flow.replace(&witness.flow.destination.to_string(), "(address not yet assigned)");
        }
        let through = match &exposure.entry {
            Entry::Eip(id) => format!("EIP {id}"),
            Entry::Own(_) => "its own public address".to_owned(),
            Entry::Ipv6(_) => "its IPv6 address".to_owned(),
            Entry::Dnat(nat, entry) => format!("DNAT entry {entry} of {nat}"),
            Entry::Listener(_, listener) => format!("listener {listener}"),
            Entry::Endpoint(service, _) => format!("endpoint of {service}"),
        };
        let hops: Vec<String> = witness
            .trace
            .hops
            .iter()
            .map(|hop| match &hop.rule {
                Some(rule) => format!("{} by {rule} [{}]", hop.at, hop.law.0),
                None => format!("{} [{}]", hop.at, hop.law.0),
            })
            .collect();
        // A proof stands beside its resource, whose configuration is named there.
        let text = format!("{flow} through {through}: {}", hops.join(", "));
        match self.set_of(exposure) {
            Some(set) => text.replace(&format!("{set}#"), ""),
            None => text,
        }
    }

    /// The configuration in whose words the target of an exposure is named.
    fn set_of<'e>(&self, exposure: &'e Exposure) -> Option<&'e str> {
        let Target::Interface(target) = &exposure.target else { return None };
        target.as_str().split_once('#').map(|(set, _)| set)
    }

    /// The weakest label of what was read of an instance, its interfaces and their groups.
    fn label(&self, own: &Id) -> Label {
        let mut label = self.converter.label(own).unwrap_or(Label::UserProvided);
        for eni in self.enis_of.get(own).into_iter().flatten() {
            for id in std::iter::once(&eni.id).chain(eni.groups.known().into_iter().flatten()) {
                label = label.weakest(self.converter.label(id).unwrap_or(label));
            }
        }
        label
    }

    fn entry_label(&self, exposure: &Exposure) -> Label {
        let ids: Vec<&Id> = match &exposure.entry {
            Entry::Eip(id) | Entry::Own(id) | Entry::Ipv6(id) => vec![id],
            Entry::Dnat(one, two) | Entry::Listener(one, two) | Entry::Endpoint(one, two) => vec![one, two],
        };
        ids.into_iter().filter_map(|id| self.converter.label(id)).max().unwrap_or(Label::Live)
    }
}

/// Whether a port is one of administration or of a data store. 8443 serves web applications as often, so it does not
/// count (reference, section 9.2).
fn manages(port: u16) -> bool {
    port != 8443 && MANAGEMENT_PORTS.contains(&port)
}

/// The ports of a protocol that strangers reach in a set.
pub(super) fn strangers(set: &PacketSet, protocol: u8) -> Ports {
    let boxes = set.boxes();
    let met = boxes.iter().filter(|one| one.protocols.0 <= protocol && protocol <= one.protocols.1).filter(|one| {
        let v4 = one.source.v4.iter().fold(0_u64, |sum, (low, high)| {
            sum.saturating_add(u64::from(high).saturating_sub(u64::from(low)).saturating_add(1))
        });
        let v6 = one
            .source
            .v6
            .iter()
            .fold(0_u128, |sum, (low, high)| sum.saturating_add(high.saturating_sub(low).saturating_add(1)));
        v4 >= STRANGERS_V4 || v6 >= STRANGERS_V6
    });
    Ranges::collect(met.map(|one| one.ports))
}
