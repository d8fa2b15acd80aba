//! Routes over sets of addresses (section 3.2), and what assumptions make of two answers.

use std::cmp::Reverse;

use ipnet::IpNet;

use super::entries::{not, seen_bool};
use super::fields::Reader;
use super::side::is_appliance;
use crate::assume::{Assumption, Reasons, Truth, missing};
use crate::model::{Id, InlineEndpoint, NextHop, RouteOrigin, RouteTable, Seen, VSwitch};
use crate::set::{Addresses, Family, Ranges};

/// How many appliances in line a packet may pass before that counts as a loop.
const INLINE: u8 = 8;

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
        let leads = |wanted: &dyn Fn(&NextHop) -> Truth| {
            let by = |hop: &NextHop, region: &Ranges<A>| Self::uniform(region, wanted(hop));
            let found = self.by_table(table, &Ranges::one(private), &by).into_iter().next();
            found.map_or(Truth::No, |(_, truth)| truth)
        };
        let direct = not(leads(&|hop| Truth::known(is_appliance(hop))));
        direct.or(leads(&|hop| match self.estate.inline(hop) {
            Some(endpoint) => self.given_back(endpoint),
            None if is_appliance(hop) => self.readings.of(Assumption::Middlebox),
            None => Truth::No,
        }))
    }

    /// GWLB-1, RT-5: whether an endpoint of a Gateway Load Balancer gives packets back.
    fn given_back(&self, endpoint: &InlineEndpoint) -> Truth {
        let gap = |what: String| Truth::Unknown(missing(what));
        let up = seen_bool(&endpoint.connected, gap(format!("state of {}", endpoint.id)));
        let served = match &endpoint.appliances {
            Seen::Known(appliances) if appliances.is_empty() => {
                gap(format!("what happens without an appliance behind {}", endpoint.id))
            }
            _ => Truth::Yes,
        };
        self.read(Assumption::Middlebox, &up.and(served), &Truth::No)
    }

    /// GWLB-1: what the table of the vSwitch of such an endpoint makes of what comes back to it.
    fn beyond<A: Family>(
        &self,
        endpoint: &InlineEndpoint,
        region: &Ranges<A>,
        wanted: &dyn Fn(&NextHop, &Ranges<A>) -> Partition<A>,
        left: u8,
    ) -> Partition<A> {
        let unknown = |why: Reasons| Self::uniform(region, Truth::Unknown(why));
        let Some(left) = left.checked_sub(1) else { return unknown(missing("an end of the loop of appliances")) };
        let tables = match self.estate.tables_of(&endpoint.vswitches, &endpoint.id) {
            Ok(tables) => tables.into_iter(),
            Err(what) => return unknown(missing(what)),
        };
        let each = tables.map(|table| {
            self.by_table(table, region, &|hop: &NextHop, region: &Ranges<A>| self.by_hop(hop, region, wanted, left))
        });
        Self::whichever(region, each, missing(format!("which vSwitch has the packet at {}", endpoint.id)))
    }

    /// What several tables make of a region when nobody knows which of them a packet meets.
    pub(super) fn whichever<A: Family>(
        region: &Ranges<A>,
        each: impl Iterator<Item = Partition<A>>,
        which: Reasons,
    ) -> Partition<A> {
        let one_of = |x: &Truth, y: &Truth| {
            if x == y && !matches!(x, Truth::Unknown(_)) {
                return x.clone();
            }
            let open =
                [x, y].into_iter().filter_map(|one| if let Truth::Unknown(why) = one { Some(why) } else { None });
            Truth::Unknown(open.flatten().chain(&which).cloned().collect())
        };
        let all = each.reduce(|one, other| refine(&one, &other, one_of));
        all.unwrap_or_else(|| Self::uniform(region, Truth::Unknown(which.clone())))
    }

    /// What a next hop is wanted for; past an endpoint of a Gateway Load Balancer in evidence the rest of the way decides.
    fn by_hop<A: Family>(
        &self,
        hop: &NextHop,
        region: &Ranges<A>,
        wanted: &dyn Fn(&NextHop, &Ranges<A>) -> Partition<A>,
        left: u8,
    ) -> Partition<A> {
        let Some(endpoint) = self.estate.inline(hop) else { return wanted(hop, region) };
        let back = self.given_back(endpoint);
        let rest = self.beyond(endpoint, region, wanted, left).into_iter();
        rest.map(|(part, truth)| (part, truth.and(back.clone()))).collect()
    }

    /// RT-2 to RT-5: the region's addresses by whether the table leads to a wanted next hop, past appliances in line too.
    pub(super) fn routed<A: Family>(
        &self,
        table: &RouteTable,
        region: &Ranges<A>,
        wanted: &dyn Fn(&NextHop, &Ranges<A>) -> Partition<A>,
    ) -> Partition<A> {
        self.by_table(table, region, &|hop: &NextHop, region: &Ranges<A>| self.by_hop(hop, region, wanted, INLINE))
    }

    /// RT-2 to RT-4: the region's addresses by what the table's next hops make of them.
    fn by_table<A: Family>(
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
