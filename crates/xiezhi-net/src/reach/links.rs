//! Ways from one network to another as packet sets: routes, peering, transit routers and tunnels (sections 3.2 and 3.6).

use super::entries::seen_bool;
use super::fields::Reader;
use super::inside::Inside;
use super::routes::Partition;
use super::side::{is_appliance, vswitch_of};
use crate::assume::{Assumption, Reasons, Truth, missing};
use crate::model::{Attached, Attachment, Door, Eni, Id, NextHop, Premises, Seen};
use crate::set::{Addresses, Family, Ranges};

/// How often a packet may pass from one transit router to the next before it counts as a loop.
pub(super) const LONGEST: u8 = 8;

/// Where a way over transit routers is to lead.
#[derive(Clone, Copy)]
pub(super) enum Goal<'g> {
    /// A VPC.
    Vpc(&'g Id),
    /// Premises behind this attachment.
    Edge(&'g Id),
}

/// By which attachment packets leave a transit router for something else than a router; nothing where they are dropped.
pub(super) type Out<'a> = Result<Option<&'a Attachment>, Reasons>;

impl<'a, A: Family> Inside<'_, 'a, A> {
    /// Whether routes lead from one interface to addresses of a network.
    pub(super) fn way(&self, from: &Eni, to: &Seen<Id>, region: &Ranges<A>) -> Partition<A> {
        let uniform = |truth: Truth| Reader::uniform(region, truth);
        let (here, there) = match (&from.vpc, to) {
            (Seen::Known(here), Seen::Known(there)) => (here, there),
            (Seen::Absent, Seen::Absent) => return uniform(Truth::Yes),
            (Seen::Missing(what), _) | (_, Seen::Missing(what)) => {
                return uniform(Truth::Unknown(missing(what.clone())));
            }
            _ => return uniform(Truth::No),
        };
        if here == there {
            return uniform(Truth::Yes);
        }
        self.led(from, here, region, &|hop, region| self.arrives(hop, here, there, region))
    }

    /// The addresses of a region by whether the routes of an interface lead to a wanted next hop; what is in its own VPC
    /// leads nowhere else.
    pub(super) fn led(
        &self,
        from: &Eni,
        here: &Id,
        region: &Ranges<A>,
        wanted: &dyn Fn(&NextHop, &Ranges<A>) -> Partition<A>,
    ) -> Partition<A> {
        let near = self
            .reader
            .estate
            .net
            .vswitches
            .iter()
            .filter(|vswitch| vswitch.vpc == *here)
            .flat_map(|vswitch| vswitch.cidrs.iter().copied());
        let near = Addresses::from_nets(near);
        let far = region.subtract(A::of(&near));
        let mut out = Reader::uniform(&region.intersect(A::of(&near)), Truth::No);
        let vswitch = match vswitch_of(self.reader, from) {
            Ok(Some(vswitch)) => vswitch,
            Ok(None) => {
                return [out, Reader::uniform(&far, Truth::Unknown(missing(format!("vSwitch of {}", from.id))))]
                    .concat();
            }
            Err(why) => return [out, Reader::uniform(&far, Truth::Unknown(why))].concat(),
        };
        match self.reader.table_of(vswitch) {
            Err(why) => out.extend(Reader::uniform(&far, Truth::Unknown(why))),
            Ok(table) => out.extend(self.reader.routed(table, &far, wanted)),
        }
        out
    }

    /// Whether a next hop of VPC `here` brings packets for a region to VPC `there`.
    pub(super) fn arrives(&self, hop: &NextHop, here: &Id, there: &Id, region: &Ranges<A>) -> Partition<A> {
        let uniform = |truth: Truth| Reader::uniform(region, truth);
        match hop {
            NextHop::Peering(id) => {
                let Some(peering) = self.reader.estate.net.peerings.iter().find(|peering| peering.id == *id) else {
                    return uniform(Truth::Unknown(missing(format!("VPC peering connection {id}"))));
                };
                let active = match &peering.active {
                    Seen::Known(active) => Truth::known(*active),
                    Seen::Absent => Truth::Unknown(missing(format!("status of VPC peering connection {id}"))),
                    Seen::Missing(what) => Truth::Unknown(missing(what.clone())),
                };
                let (a, b) = &peering.vpcs;
                if (a == here && b == there) || (b == here && a == there) {
                    uniform(active)
                } else if a == here || b == here {
                    let forwarded = Truth::Unknown(missing(format!("the route table by which {id} would forward")));
                    uniform(active.and(self.reader.read(Assumption::PeeringTransit, &Truth::No, &forwarded)))
                } else {
                    uniform(Truth::No)
                }
            }
            NextHop::Attachment(id) => self.transit(id, Goal::Vpc(there), region),
            NextHop::Vpn(id) => self.tunnelled(id, region),
            NextHop::RouterInterface(id) | NextHop::Ecr(id) => {
                uniform(Truth::Unknown(missing(format!("where {id} leads"))))
            }
            NextHop::Instance(_) | NextHop::Interface(_) | NextHop::HaVip(_) | NextHop::BalancerEndpoint(_) => {
                uniform(self.reader.read(
                    Assumption::Middlebox,
                    &Truth::Unknown(missing("where the appliance forwards to")),
                    &Truth::No,
                ))
            }
            _ => uniform(Truth::No),
        }
    }

    /// Whether packets may get to the internet by a next hop of VPC `here` that is no gateway; never surely.
    pub(super) fn onward(&self, hop: &NextHop, region: &Ranges<A>) -> Partition<A> {
        let reader = self.reader;
        let uniform = |truth: Truth| Reader::uniform(region, truth);
        match hop {
            hop if is_appliance(hop) => {
                let forwarded = Truth::Unknown(missing("where the appliance forwards to"));
                uniform(reader.read(Assumption::Middlebox, &forwarded, &Truth::No))
            }
            NextHop::RouterInterface(id) | NextHop::Ecr(id) | NextHop::Attachment(id) => {
                uniform(Truth::Unknown(missing(format!("where {id} leads"))))
            }
            NextHop::Vpn(id) => self.tunnelled(id, region),
            NextHop::Peering(id) => {
                let peering = reader.estate.net.peerings.iter().find(|peering| peering.id == *id);
                let Some(peering) = peering else {
                    return uniform(Truth::Unknown(missing(format!("VPC peering connection {id}"))));
                };
                let open = Truth::Unknown(missing(format!("status of VPC peering connection {id}")));
                let forwarded = Truth::Unknown(missing(format!("the route table by which {id} would forward")));
                let read = reader.read(Assumption::PeeringTransit, &Truth::No, &forwarded);
                uniform(seen_bool(&peering.active, open).and(read))
            }
            _ => uniform(Truth::No),
        }
    }

    /// TR-3: where the selectors of a tunnel lead, a VPC of the estate may be the far side.
    fn tunnelled(&self, gateway: &Id, region: &Ranges<A>) -> Partition<A> {
        let vpns = &self.reader.estate.net.vpns;
        if let Some(what) = vpns.missing.first() {
            return Reader::uniform(region, Truth::Unknown(missing(what.clone())));
        }
        let through = |one: &&Premises| matches!(&one.door, Door::Gateway { gateway: own, .. } if own == gateway);
        let open = || vpns.iter().filter(through).filter(|one| one.up != Seen::Known(false));
        let stated = Addresses::from_nets(open().filter_map(|one| one.remote.known()).flatten().copied());
        let silent = open().any(|one| one.remote.known().is_none());
        let far = if silent { Ranges::all() } else { A::of(&stated).clone() };
        let unknown = Truth::Unknown(missing(format!("the far side of VPN gateway {gateway}")));
        let selected = Reader::uniform(&region.intersect(&far), unknown);
        [selected, Reader::uniform(&region.subtract(&far), Truth::No)].concat()
    }

    /// TR-2: whether packets that enter by an attachment get to a goal.
    pub(super) fn transit(&self, attachment: &Id, goal: Goal<'_>, region: &Ranges<A>) -> Partition<A> {
        let reached = |out: Out<'_>| match out {
            Err(why) => Truth::Unknown(why),
            Ok(None) => Truth::No,
            Ok(Some(out)) => match (&out.to, goal) {
                (Attached::Vpc(vpc), Goal::Vpc(there)) => Truth::known(vpc == there),
                (Attached::Edge(_), Goal::Edge(own)) => Truth::known(out.id == *own),
                _ => Truth::No,
            },
        };
        self.forwarded(attachment, region, LONGEST).into_iter().map(|(part, out)| (part, reached(out))).collect()
    }

    /// TR-2: longest prefix in the table of the attachment by which packets enter.
    pub(super) fn forwarded(&self, attachment: &Id, region: &Ranges<A>, left: u8) -> Vec<(Ranges<A>, Out<'a>)> {
        let gap = |what: String| vec![(region.clone(), Err(missing(what)))];
        let nowhere = || vec![(region.clone(), Ok(None))];
        let Some(left) = left.checked_sub(1) else {
            return gap("an end of the loop of transit routers".to_owned());
        };
        let routers = self.reader.estate.net.transit_routers.iter();
        let found = routers.filter_map(|router| Some((router, router.attachments.known()?))).find_map(
            |(router, attachments)| {
                attachments.iter().find(|item| item.id == *attachment).map(|entered| (router, attachments, entered))
            },
        );
        let Some((router, attachments, entered)) = found else {
            return gap(format!("transit router attachment {attachment}"));
        };
        let (table, tables) = match (&entered.table, &router.tables) {
            (Seen::Missing(what), _) => return gap(what.to_string()),
            (Seen::Absent, _) | (Seen::Known(_), Seen::Absent) => return nowhere(),
            (Seen::Known(_), Seen::Missing(what)) => return gap(what.to_string()),
            (Seen::Known(table), Seen::Known(tables)) => (table, tables),
        };
        let routes = match tables.iter().find(|item| item.id == *table).map(|table| &table.routes) {
            None => return gap(format!("transit router table {table}")),
            Some(Seen::Missing(what)) => return gap(what.to_string()),
            Some(Seen::Absent) => return nowhere(),
            Some(Seen::Known(routes)) => routes,
        };
        // The last of equal prefixes is the one that the plain evaluator picks; the provider has only one.
        let mut ordered: Vec<_> = routes.iter().rev().collect();
        ordered.sort_by_key(|route| std::cmp::Reverse(route.destination.prefix_len()));
        let (mut rest, mut out) = (region.clone(), Vec::new());
        for route in ordered {
            let covered = Addresses::from_nets([route.destination]);
            let here = rest.intersect(A::of(&covered));
            if here.is_empty() {
                continue;
            }
            rest = rest.subtract(&here);
            let Some(next) = &route.next else {
                out.push((here, Ok(None)));
                continue;
            };
            match attachments.iter().find(|item| item.id == *next) {
                None => out.push((here, Err(missing(format!("attachment {next}"))))),
                Some(Attachment { to: Attached::Router(other), .. }) => out.extend(self.forwarded(other, &here, left)),
                Some(attached) => out.push((here, Ok(Some(attached)))),
            }
        }
        out.push((rest, Ok(None)));
        out
    }
}
