//! Routes over sets of addresses (section 3.2), and what assumptions make of two answers.

use std::cmp::Reverse;

use ipnet::IpNet;

use super::fields::Reader;
use super::side::is_appliance;
use crate::assume::{Assumption, Reasons, Truth, missing};
use crate::model::{Id, NextHop, RouteOrigin, RouteTable, Seen, VSwitch};
use crate::set::{Addresses, Family, Ranges};

/// Addresses by what happens to packets for them.
pub(super) type Partition<A> = Vec<(Ranges<A>, Truth)>;

/// Where something surely holds, where it may hold, and why the two differ.
type Split<A> = (Ranges<A>, Ranges<A>, Vec<(Reasons, Ranges<A>)>);

/// The sets of a partition: where it surely holds, where it may hold, and why.
pub(super) fn split<A: Family>(partition: &Partition<A>) -> Split<A> {
    let (mut sure, mut may, mut doubts) = (Ranges::empty(), Ranges::empty(), Vec::new());
    for (region, truth) in partition {
        match truth {
            Truth::Yes => {
                sure = sure.union(region);
                may = may.union(region);
            }
            Truth::No => {}
            Truth::Unknown(why) => {
                may = may.union(region);
                doubts.push((why.clone(), region.clone()));
            }
        }
    }
    (sure, may, doubts)
}

/// Refines two partitions of the same region and joins their truths.
pub(super) fn refine<A: Family>(
    left: &Partition<A>,
    right: &Partition<A>,
    join: impl Fn(&Truth, &Truth) -> Truth,
) -> Partition<A> {
    let mut out = Vec::new();
    for (a, x) in left {
        for (b, y) in right {
            let both = a.intersect(b);
            if !both.is_empty() {
                out.push((both, join(x, y)));
            }
        }
    }
    out
}

impl Reader<'_> {
    /// The truth under the two readings of an assumption.
    pub(super) fn read(&self, assumption: Assumption, first: &Truth, second: &Truth) -> Truth {
        match self.readings.of(assumption) {
            Truth::Yes => first.clone(),
            Truth::No => second.clone(),
            Truth::Unknown(mut why) => {
                if first == second && !matches!(first, Truth::Unknown(_)) {
                    return first.clone();
                }
                for side in [first, second] {
                    if let Truth::Unknown(more) = side {
                        why.extend(more.iter().cloned());
                    }
                }
                Truth::Unknown(why)
            }
        }
    }

    /// RT-1: the one table of a vSwitch.
    pub(super) fn table_of(&self, vswitch: &VSwitch) -> Result<&RouteTable, Reasons> {
        match &vswitch.table {
            Seen::Known(id) => self.estate.table(id).ok_or_else(|| missing(format!("route table {id}"))),
            Seen::Absent => Err(missing(format!("route table of {}", vswitch.id))),
            Seen::Missing(what) => Err(missing(what.clone())),
        }
    }

    /// RT-1, RT-5: whether what enters by a gateway comes to a private address: no table of the gateway hands it to an
    /// appliance first, or the appliance hands it on.
    pub(super) fn steered<A: Family>(&self, gateway: &Id, private: A) -> Truth {
        let Some(table) = self.estate.gateway_table(gateway) else { return Truth::Yes };
        let steered = self.routed(table, &Ranges::one(private), &|hop, region| {
            Self::uniform(region, Truth::known(is_appliance(hop)))
        });
        let direct = match steered.into_iter().next() {
            Some((_, Truth::Yes)) => Truth::No,
            Some((_, Truth::Unknown(why))) => Truth::Unknown(why),
            Some((_, Truth::No)) | None => Truth::Yes,
        };
        direct.or(self.readings.of(Assumption::Middlebox))
    }

    /// RT-2 to RT-4: the region's addresses by whether the table leads to a wanted next hop.
    pub(super) fn routed<A: Family>(
        &self,
        table: &RouteTable,
        region: &Ranges<A>,
        wanted: &dyn Fn(&NextHop, &Ranges<A>) -> Partition<A>,
    ) -> Partition<A> {
        let routes = match &table.routes {
            Seen::Known(routes) => routes.as_slice(),
            Seen::Absent => &[],
            Seen::Missing(what) => return vec![(region.clone(), Truth::Unknown(missing(what.clone())))],
        };
        let mut prefixes: Vec<IpNet> = routes.iter().map(|route| route.destination.trunc()).collect();
        prefixes.sort_by_key(|net| (Reverse(net.prefix_len()), *net));
        prefixes.dedup();
        let mut rest = region.clone();
        let mut out = Vec::new();
        for prefix in prefixes {
            let covered = Addresses::from_nets([prefix]);
            let here = rest.intersect(A::of(&covered));
            if here.is_empty() {
                continue;
            }
            rest = rest.subtract(&here);
            let of = |origin: RouteOrigin| {
                let mut same = routes
                    .iter()
                    .filter(|route| route.origin == origin && route.destination.trunc() == prefix)
                    .peekable();
                same.peek()?;
                let none: Partition<A> = vec![(here.clone(), Truth::No)];
                Some(same.fold(none, |all, route| {
                    let hops: Partition<A> = match &route.next {
                        Seen::Known(hops) => hops.iter().fold(vec![(here.clone(), Truth::No)], |all, hop| {
                            refine(&all, &wanted(hop, &here), |x, y| x.clone().or(y.clone()))
                        }),
                        Seen::Absent => vec![(here.clone(), Truth::No)],
                        Seen::Missing(what) => vec![(here.clone(), Truth::Unknown(missing(what.clone())))],
                    };
                    refine(&all, &hops, |x, y| x.clone().or(y.clone()))
                }))
            };
            match (of(RouteOrigin::Own), of(RouteOrigin::Propagated)) {
                (Some(own), Some(propagated)) => {
                    out.extend(refine(&own, &propagated, |x, y| self.read(Assumption::RouteTie, x, y)))
                }
                (Some(one), None) | (None, Some(one)) => out.extend(one),
                (None, None) => {}
            }
        }
        if !rest.is_empty() {
            out.push((rest, Truth::No));
        }
        out
    }

    /// The same answer for a whole region.
    pub(super) fn uniform<A: Family>(region: &Ranges<A>, truth: Truth) -> Partition<A> {
        vec![(region.clone(), truth)]
    }
}
