//! Whether the address plan keeps public, private and inner vSwitches apart, and joined VPCs.

use xiezhi_model::service::vpc;
use xiezhi_net::assume::Truth;
use xiezhi_net::model::Id;
use xiezhi_net::segment::{self, Tier};

use super::{Answer, Ground, Open, PREFIXES, Part, Question, Verdict, all, short};
use crate::analyse::network::plan::{Placed, placed};

/// Whether the address plan keeps apart what it should: a part for each vSwitch, and for each two VPCs that overlap.
#[must_use]
pub fn separated(ground: &Ground) -> Answer {
    let network = &ground.network;
    let mut parts: Vec<Part> = placed(&ground.inventory, network, |what| ground.reason_of(what))
        .iter()
        .map(|placed| vswitch(ground, placed))
        .collect();
    for overlap in segment::overlaps(network) {
        let (joined, verdict) = match &overlap.joined {
            Truth::Yes => ("true", Verdict::No),
            Truth::No => ("false", Verdict::Yes),
            Truth::Unknown(_) => ("unknown", Verdict::Undecided),
        };
        let because = match &overlap.joined {
            Truth::Unknown(why) => ground.because(why),
            Truth::Yes | Truth::No => Vec::new(),
        };
        parts.push(Part {
            subject: format!("{} {}", short(overlap.vpcs.0.as_str()), short(overlap.vpcs.1.as_str())),
            verdict,
            facts: vec![("overlap", overlap.addresses.describe(PREFIXES)), ("joined", joined.to_owned())],
            packet: None,
            hops: Vec::new(),
            because,
        });
    }
    let mut unseen: Vec<Open> = Vec::new();
    for kind in [vpc::Vpc::SCHEMA, vpc::VSwitch::SCHEMA] {
        let gaps = ground.inventory.gaps(kind);
        unseen.extend(gaps.iter().map(|gap| {
            let place = [Some(kind.kind), gap.of.as_deref(), gap.region.as_deref()];
            let what = place.into_iter().flatten().collect::<Vec<_>>().join(" ");
            Open { what: short(&what), code: gap.reason.code().to_owned() }
        }));
    }
    unseen.sort();
    unseen.dedup();
    let verdict = all(&parts, &unseen);
    ground.answer(Question::Separated, verdict, parts, unseen)
}

fn vswitch(ground: &Ground, placed: &Placed) -> Part {
    let subnet = &placed.subnet;
    let cidrs = ground.network.vswitches.iter().filter(|one| one.id == subnet.vswitch).flat_map(|one| &one.cidrs);
    let cidrs: Vec<String> = cidrs.map(ToString::to_string).collect();
    let names = |ids: &[Id]| ids.iter().map(|id| short(id.as_str())).collect::<Vec<_>>().join(" ");
    let tier = placed.tier(|what| ground.reason_of(what)).unwrap_or("unknown");
    let mut facts = vec![("vpc", short(subnet.vpc.as_str())), ("cidr", cidrs.join(" ")), ("tier", tier.to_owned())];
    for (name, ids) in
        [("published", &subnet.published), ("unpublished", &placed.unpublished), ("stores", &placed.stores)]
    {
        if !ids.is_empty() {
            facts.push((name, names(ids)));
        }
    }
    if let Some(route) = &subnet.way_out {
        facts.push(("way-out", short(route.as_str())));
    }
    let (verdict, mut because) = match &placed.mixed {
        Ok(true) => (Verdict::No, Vec::new()),
        Ok(false) => (Verdict::Yes, Vec::new()),
        Err(_) if !subnet.gaps.is_empty() => (Verdict::Undecided, ground.because(&subnet.gaps)),
        Err((what, reason)) => {
            (Verdict::Undecided, vec![Open { what: short(what.as_str()), code: reason.code().to_owned() }])
        }
    };
    if let Tier::Unknown(why) = &subnet.tier {
        because.extend(ground.because(why));
        because.sort();
        because.dedup();
    }
    Part { subject: short(subnet.vswitch.as_str()), verdict, facts, packet: None, hops: Vec::new(), because }
}
