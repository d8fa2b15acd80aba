//! The ways around guards, and what else their origins let in or refuse. Source: network semantics §6.2, the catalogue
//! of bypasses: cases 1 to 17 by [`xiezhi_net::web`].

use rustc_hash::FxHashMap;
use xiezhi_model::service::{alb, cdn, ddos, esa, nlb, slb, waf};
use xiezhi_model::{Fact, Head, Inventory, Label, List, Reason, Resource, Text};
use xiezhi_net::assume::{Readings, Reason as Doubt, Reasons, Truth};
use xiezhi_net::model::{Guard, Id, Network};
use xiezhi_net::reach::Report;
use xiezhi_net::web::{self, Case, Effect, Guarded, Way};

use super::super::evidence::Listed;
use super::super::{Proof, derived, in_words};
use super::convert::{Converter, id_of, is_placeholder};
use super::web::guard_id;
use super::web_facts::Texts;

/// Why a verdict is open: missing evidence before open questions about the platform.
pub(super) fn reason_of(converter: &Converter<'_>, reasons: &Reasons) -> Reason {
    super::plan::first(reasons, |what| converter.reason_of(what))
}

/// What is concluded of one guard.
pub(super) struct Around {
    bypasses: Texts,
    shared_with: Texts,
    refusals: Texts,
}

/// Writes the ways around guards into the inventory.
pub(super) fn fill(inventory: &mut Inventory, found: &mut FxHashMap<Id, Around>) {
    guarded(inventory, found, |one: &mut waf::Domain, around| {
        (one.bypasses, one.shared_with, one.refusals) = (around.bypasses, around.shared_with, around.refusals);
    });
    guarded(inventory, found, |one: &mut waf::ProtectedObject, around| one.bypasses = around.bypasses);
    guarded(inventory, found, |one: &mut cdn::Domain, around| one.bypasses = around.bypasses);
    guarded(inventory, found, |one: &mut cdn::DynamicDomain, around| one.bypasses = around.bypasses);
    guarded(inventory, found, |one: &mut esa::Record, around| one.bypasses = around.bypasses);
    guarded(inventory, found, |one: &mut ddos::Domain, around| one.bypasses = around.bypasses);
    // What ESA does not proxy it does not guard.
    for record in inventory.all_mut::<esa::Record>() {
        if record.proxied.value() == Some(&false) {
            let proof = in_words("requests do not go through ESA", "请求不经过 ESA");
            record.bypasses = Fact::absent(derived(NAME, proof, record.proxied.origin.label));
        }
    }
}

const NAME: &str = "network";

/// Writes what was found of the guards of one kind.
fn guarded<R: Resource>(inventory: &mut Inventory, found: &mut FxHashMap<Id, Around>, write: impl Fn(&mut R, Around)) {
    for one in inventory.all_mut::<R>() {
        if let Some(around) = found.remove(&guard_id::<R>(one.head())) {
            write(one, around);
        }
    }
}

/// What leads around each guard, and what its origins let in or refuse beside.
pub(super) fn around(
    name: &str,
    converter: &Converter<'_>,
    network: &Network,
    report: &Report,
) -> FxHashMap<Id, Around> {
    // Managed services are no origins of web applications.
    let blind: Reasons = report
        .blind
        .iter()
        .filter(|reason| !matches!(reason, Doubt::Missing(what) if what.starts_with(super::SERVICES)))
        .cloned()
        .collect();
    let by_id: FxHashMap<&Id, &Guard> = network.web.guards.iter().map(|guard| (&guard.id, guard)).collect();
    let conclude = |Guarded { guard, ways, .. }: Guarded| {
        let label = converter.label(&guard).unwrap_or(Label::UserProvided);
        // Without its origins or its own ranges nobody can tell what an origin lets in or refuses beside.
        let mut unclear = blind.clone();
        if let Some(stated) = by_id.get(&guard) {
            let gaps = [stated.origins.gap(), stated.egress.gap()];
            unclear.extend(gaps.into_iter().flatten().cloned().map(Doubt::Missing));
        }
        let unresolved = ways.iter().filter(|way| way.case == Case::OriginGroup && way.witness.is_none());
        unclear.extend(unresolved.flat_map(|way| reasons(&way.verdict)));
        let pick = |effect: Effect, open: &Reasons, none: Proof, label: Label, line: fn(&Way) -> String| {
            let (mut items, mut open) = (Vec::new(), open.clone());
            for way in ways.iter().filter(|way| way.effect == effect) {
                match &way.verdict {
                    Truth::Yes => items.push(Text::from(line(way))),
                    other => open.extend(reasons(other)),
                }
            }
            let more = (!open.is_empty()).then(|| reason_of(converter, &open));
            let proof = items.first().map_or(none, Proof::from);
            Fact::known(List { items, more }, derived(name, proof, label))
        };
        let around = Around {
            bypasses: pick(
                Effect::Bypass,
                &blind,
                in_words("no way around it is proven", "未证实存在绕过路径"),
                label,
                described,
            ),
            // That other tenants send through the same ranges is documentation, not observation.
            shared_with: pick(
                Effect::Residual,
                &unclear,
                in_words("no origin rests on shared ranges alone", "没有源站仅依赖共享回源地址段"),
                label.weakest(Label::Inference),
                place,
            ),
            refusals: pick(
                Effect::Outage,
                &unclear,
                in_words("no origin refuses its ranges", "没有源站拒绝其回源地址段"),
                label,
                place,
            ),
        };
        (guard, around)
    };
    web::guards(network, &Readings::default(), report).into_iter().map(conclude).collect()
}

/// Why a verdict is open.
pub(super) fn reasons(verdict: &Truth) -> Reasons {
    if let Truth::Unknown(reasons) = verdict { reasons.clone() } else { Reasons::new() }
}

/// The origin that a way concerns, and the ranges where it is about some.
fn place(way: &Way) -> String {
    let subjects = way.subjects.iter().filter(|one| !one.parse().is_ok_and(is_placeholder));
    format!("case {}: {}", way.case.number(), subjects.cloned().collect::<Vec<_>>().join(" "))
}

/// One way in a line: the case of the catalogue and the packet, or what it concerns.
pub(super) fn described(way: &Way) -> String {
    let case = format!("case {}", way.case.number());
    match &way.witness {
        Some(witness) if is_placeholder(witness.flow.destination) => {
            format!("{case}: port {} of {}", witness.flow.port, way.subjects.last().map_or("", String::as_str))
        }
        Some(witness) => format!("{case}: {} reaches {}", witness.flow, way.subjects.last().map_or("", String::as_str)),
        None => format!("{case}: {}", way.subjects.join(", ")),
    }
}

/// Servers behind load balancers that Anti-DDoS covers, with public addresses of their own that it does not (case 16).
pub(super) struct Fronts {
    classic: Vec<Texts>,
    application: Vec<Texts>,
    network: Vec<Texts>,
}

impl Fronts {
    /// Concludes for every load balancer; `unseen` says why there may be more of them around one.
    pub(super) fn of(
        name: &str,
        converter: &Converter<'_>,
        network: &Network,
        unseen: impl Fn(&Head) -> Option<Reason>,
    ) -> Self {
        let covered = web::ddos_covered(network);
        let gaps = web::ddos_gaps(network);
        let unlisted = network.web.ddos.missing.first().map(|what| converter.reason_of(what));
        let listed = Listed::of::<ddos::OriginInstance>(converter.inventory).label;
        let fronted = |head: &Head| {
            let id = id_of(head);
            let label = converter.label(&id).unwrap_or(head.origin.label).weakest(listed);
            if !covered.contains(&id) {
                let proof = in_words("Anti-DDoS does not stand before it", "其前没有 DDoS 原生防护");
                return match unlisted.clone().or_else(|| unseen(head)) {
                    Some(reason) => Fact::unknown(reason, derived(name, "", label)),
                    None => Fact::absent(derived(name, proof, label)),
                };
            }
            let own = gaps.iter().filter(|way| way.subjects.first().is_some_and(|one| *one == *id.as_str()));
            let mut items = Vec::new();
            for way in own.filter(|way| way.verdict.is_yes()) {
                items.push(Text::from(way.subjects.iter().skip(1).cloned().collect::<Vec<_>>().join(" ")));
            }
            let proof = match items.first() {
                Some(first) => in_words(
                    format!("Anti-DDoS covers the load balancer and not {first} behind it"),
                    format!("DDoS 防护覆盖了负载均衡，但未覆盖其后的 {first}"),
                ),
                None => in_words(
                    "no server behind it has a public address without Anti-DDoS",
                    "其后端服务器没有未受 DDoS 防护的公网地址",
                ),
            };
            let more = unlisted.clone().or_else(|| unseen(head));
            Fact::known(List { items, more }, derived(name, proof, label))
        };
        let inventory = converter.inventory;
        Self {
            classic: inventory.all::<slb::LoadBalancer>().iter().map(|one| fronted(&one.head)).collect(),
            application: inventory.all::<alb::LoadBalancer>().iter().map(|one| fronted(&one.head)).collect(),
            network: inventory.all::<nlb::LoadBalancer>().iter().map(|one| fronted(&one.head)).collect(),
        }
    }

    /// Writes what was concluded into the inventory.
    pub(super) fn fill(self, inventory: &mut Inventory) {
        let Self { classic, application, network } = self;
        let all = inventory.all_mut::<slb::LoadBalancer>().iter_mut().zip(classic);
        all.for_each(|(one, ways)| one.ddos_bypasses = ways);
        let all = inventory.all_mut::<alb::LoadBalancer>().iter_mut().zip(application);
        all.for_each(|(one, ways)| one.ddos_bypasses = ways);
        let all = inventory.all_mut::<nlb::LoadBalancer>().iter_mut().zip(network);
        all.for_each(|(one, ways)| one.ddos_bypasses = ways);
    }
}
