//! Source translation of NAT gateways over sets of addresses (section 3.5).

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use crate::assume::{Reasons, Truth, missing};
use crate::model::{Eni, Mapping, Nat, Seen, Snat};
use crate::set::{Addresses, Family, Ranges};

/// A public address that a packet may carry outside, or what is missing of it.
pub(super) type Public<A> = Result<A, Arc<str>>;

/// What a NAT gateway does with some sources.
pub(super) struct Translated<A: Family> {
    pub(super) sources: Ranges<A>,
    /// Whether it translates them.
    pub(super) truth: Truth,
    /// What they may become.
    pub(super) publics: BTreeSet<Public<A>>,
}

/// Something of the evidence that may translate besides what is known to.
struct Perhaps<A: Family> {
    sources: Ranges<A>,
    why: Reasons,
    publics: Vec<Public<A>>,
}

/// What a NAT gateway does with the addresses of an interface: DNAT of a whole address first (PUB-6), then the SNAT
/// entries from the longest source down (NAT-6).
pub(super) fn translations<A: Family>(nat: &Nat, eni: &Eni) -> Vec<Translated<A>> {
    let number = |address: Ipv4Addr| A::number(address.into());
    let perhaps = perhaps(nat);
    let mut rest = Ranges::<A>::all();
    let mut settled: Vec<(Ranges<A>, bool, Vec<Public<A>>)> = Vec::new();
    for entry in nat.dnat.known().into_iter().flatten().filter(|entry| entry.mapping == Mapping::Whole) {
        if let Some((at, external)) = number(entry.internal).zip(number(entry.external)) {
            let here = rest.intersect(&Ranges::one(at));
            rest = rest.subtract(&here);
            settled.push((here, true, vec![Ok(external)]));
        }
    }
    // What is mapped whole has no other translation, whatever else is not in evidence.
    let whole = rest.complement();
    let mut known: Vec<_> = nat
        .snat
        .known()
        .into_iter()
        .flatten()
        .filter_map(|entry| Some((entry.source.known()?.trunc(), publics_of(entry))))
        .collect();
    known.sort_by_key(|(net, _)| Reverse((net.prefix_len(), *net)));
    for same in known.chunk_by(|(one, _), (other, _)| one == other) {
        let Some((net, _)) = same.first() else { continue };
        let covered = Addresses::from_nets([*net]);
        let here = rest.intersect(A::of(&covered));
        rest = rest.subtract(&here);
        settled.push((here, true, same.iter().flat_map(|(_, publics)| publics.iter().cloned()).collect()));
    }
    settled.push((rest, false, Vec::new()));
    let mut all: Vec<Translated<A>> = Vec::new();
    for own in eni.addresses.iter().filter_map(|own| A::number(IpAddr::V4(*own))) {
        let Some((_, sure, publics)) = settled.iter().find(|(here, ..)| here.contains(own)) else { continue };
        let mut publics: BTreeSet<Public<A>> = publics.iter().cloned().collect();
        let mut why = Reasons::new();
        for one in perhaps.iter().filter(|one| one.sources.contains(own) && !whole.contains(own)) {
            publics.extend(one.publics.iter().cloned());
            why.extend(one.why.iter().cloned());
        }
        let truth = match (*sure, why.is_empty()) {
            (true, _) => Truth::Yes,
            (false, false) => Truth::Unknown(why),
            (false, true) => continue,
        };
        let sources = Ranges::one(own);
        match all.iter_mut().find(|one| one.truth == truth && one.publics == publics) {
            Some(one) => one.sources = one.sources.union(&sources),
            None => all.push(Translated { sources, truth, publics }),
        }
    }
    all
}

fn perhaps<A: Family>(nat: &Nat) -> Vec<Perhaps<A>> {
    let every = |what: &Arc<str>, publics: Vec<Public<A>>| Perhaps {
        sources: Ranges::all(),
        why: missing(what.clone()),
        publics,
    };
    let mut all = Vec::new();
    match &nat.dnat {
        Seen::Absent => {}
        Seen::Missing(what) => all.push(every(what, vec![Err(Arc::clone(what))])),
        Seen::Known(entries) => {
            for entry in entries {
                let number = |address: Ipv4Addr| A::number(address.into());
                if let (Mapping::Missing(what), Some(at), Some(external)) =
                    (&entry.mapping, number(entry.internal), number(entry.external))
                {
                    all.push(Perhaps { sources: Ranges::one(at), ..every(what, vec![Ok(external)]) });
                }
            }
        }
    }
    match &nat.snat {
        Seen::Absent => {}
        Seen::Missing(what) => all.push(every(what, vec![Err(Arc::clone(what))])),
        Seen::Known(entries) => {
            for entry in entries {
                match &entry.source {
                    Seen::Known(_) => {}
                    Seen::Absent => all.push(every(&format!("source of {}", entry.id).into(), publics_of(entry))),
                    Seen::Missing(what) => all.push(every(what, publics_of(entry))),
                }
            }
        }
    }
    all
}

/// The public addresses of an SNAT entry.
fn publics_of<A: Family>(entry: &Snat) -> Vec<Public<A>> {
    match &entry.addresses {
        Seen::Known(all) => all.iter().filter_map(|address| A::number((*address).into())).map(Ok).collect(),
        Seen::Absent => vec![Err(format!("addresses of {}", entry.id).into())],
        Seen::Missing(what) => vec![Err(Arc::clone(what))],
    }
}
