//! The ways to the internet that routes open (sections 3.2, 3.5 and 3.6): NAT gateways in the network or past a transit
//! router, and next hops that nobody follows; one packet at a time.

use std::collections::BTreeSet;
use std::net::IpAddr;

use super::filters::Decision;
use super::inside::LONGEST;
use super::matching::{Judge, agree, stated, unknown};
use super::ways::{is_middlebox, not};
use super::{Walk, reply};
use crate::assume::{Assumption, Truth};
use crate::model::{Attached, Attachment, Eni, Id, Nat, NextHop, Nic, RouteTable, Seen};
use crate::path::{Exit, Trace};
use crate::set::Flow;

/// Whether a next hop of a network is the way out that is asked for.
type ExitTo<'e> = &'e dyn Fn(&NextHop, Option<&Id>) -> Truth;

impl Judge<'_> {
    /// NAT-6, NAT-7: by a NAT gateway to which the routes lead and that translates the source.
    pub(super) fn by_nat(&self, from: &Eni, id: &Id, flow: &Flow) -> Trace {
        let exit = Exit::Nat(id.clone());
        let mut walk = Walk::new();
        self.leave(&mut walk, from, flow, Nic::Intranet, true);
        walk.hop(&from.id, flow, || {
            let beside = || not(self.readings.of(Assumption::SnatBesideEip));
            Decision::new(self.unpublished(from, flow.source, beside), "PUB-6", None)
        });
        let exit_to = |hop: &NextHop, network: Option<&Id>| {
            let elsewhere = |nat: &Nat| network.is_some_and(|network| nat.vpc != *network);
            let named = matches!(hop, NextHop::Nat(other) if other == id);
            Truth::known(named && !self.estate.nat(id).is_some_and(elsewhere))
        };
        self.followed(&mut walk, from, flow, &exit_to, None);
        let Some(nat) = self.estate.nat(id) else {
            walk.hop(id, flow, || Decision::new(unknown(format!("NAT gateway {id}")), "NAT-7", None));
            return self.answered(walk, from, flow, true, exit);
        };
        let elsewhere = from.vpc.known().is_some_and(|here| *here != nat.vpc);
        if elsewhere {
            self.vpc_boundaries(&mut walk, from, &Seen::Known(nat.vpc.clone()), flow);
        }
        self.nat_boundaries(&mut walk, id, flow);
        let (translated, rule, publics) = self.translation(nat, flow.source);
        walk.hop(id, flow, || {
            let here = match &from.vpc {
                Seen::Known(_) => Truth::known(!nat.intranet),
                Seen::Absent => Truth::No,
                Seen::Missing(what) => unknown(what.clone()),
            };
            Decision::new(here.and(translated), "NAT-6", rule.as_ref())
        });
        self.nat_gateway(&mut walk, nat, &reply(flow));
        let shown = publics.iter().find_map(|one| one.as_ref().ok()).map_or(flow.source, |one| (*one).into());
        walk.hop(id, &Flow { source: shown, ..*flow }, || self.pool_boundary(nat, &publics, flow));
        if elsewhere {
            // NAT-7: the reply leaves by the table of the gateway's vSwitch.
            walk.hop(id, &reply(flow), || self.way(&nat.interface(), &from.vpc, flow.source));
        }
        self.answered(walk, from, flow, true, exit)
    }

    /// The routes of the interface, and past a transit router those of the network that the packet enters. What is missing
    /// at a router is asked for where the router itself is.
    fn followed(&self, walk: &mut Walk, from: &Eni, flow: &Flow, exit: ExitTo<'_>, next: Option<&Id>) {
        let here = from.vpc.known();
        let vswitch = self.vswitch(from).ok().flatten();
        if let Some(NextHop::Attachment(id)) = vswitch.and_then(|one| self.only_hop(one, flow.destination)) {
            self.routed(walk, from, flow, &|_| Truth::Yes);
            return walk.hop(id, flow, || {
                let passes = self.past_router(id, here, flow.destination, exit, next == Some(id));
                Decision::new(passes, "TR-2", None)
            });
        }
        self.routed(walk, from, flow, &|hop| match hop {
            NextHop::Attachment(id) => self.past_router(id, here, flow.destination, exit, next == Some(id)),
            hop => exit(hop, here),
        });
    }

    /// TR-2: whether a packet that enters a transit router leaves by a way out of a VPC that it attaches.
    fn past_router(&self, hop: &Id, here: Option<&Id>, address: IpAddr, exit: ExitTo<'_>, asked: bool) -> Truth {
        let open = |why| if asked { why } else { Truth::No };
        let entered = match self.forwarded(hop, address, LONGEST) {
            Err(why) => return open(why),
            Ok(None) => return Truth::No,
            Ok(Some(entered)) => entered,
        };
        let Attachment { to: Attached::Vpc(vpc), .. } = entered else {
            let (Attached::Edge(id) | Attached::Router(id) | Attached::Vpc(id)) = &entered.to;
            return open(unknown(format!("where {id} leads")));
        };
        // What comes back to its own network gets nowhere.
        if here == Some(vpc) {
            return Truth::No;
        }
        match self.estate.tables_of(&entered.vswitches, &entered.id) {
            Err(what) => open(unknown(what)),
            Ok(tables) => {
                let each =
                    tables.into_iter().map(|table| self.leads(table, address, &|hop| exit(hop, Some(vpc))).passes);
                agree(each, || unknown(format!("which vSwitch has the packet at {}", entered.id)))
            }
        }
    }

    /// A next hop that leads elsewhere than to a gateway.
    pub(super) fn by_route(&self, from: &Eni, next: &Id, flow: &Flow) -> Trace {
        let mut walk = Walk::new();
        self.leave(&mut walk, from, flow, Nic::Intranet, true);
        if flow.source.is_ipv4() {
            walk.hop(&from.id, flow, || {
                Decision::new(self.unpublished(from, flow.source, || Truth::Yes), "PUB-6", None)
            });
        }
        let exit_to = |hop: &NextHop, _: Option<&Id>| match hop.id() {
            Some(id) if id == next => self.onward(hop, flow.destination),
            _ => Truth::No,
        };
        self.followed(&mut walk, from, flow, &exit_to, Some(next));
        self.answered(walk, from, flow, true, Exit::Route(next.clone()))
    }

    /// Whether a packet may get to the internet by a next hop that is no gateway; never surely.
    fn onward(&self, hop: &NextHop, address: IpAddr) -> Truth {
        match hop {
            hop if is_middlebox(hop) => {
                self.choose(Assumption::Middlebox, unknown("where the appliance forwards to"), Truth::No)
            }
            NextHop::RouterInterface(id) | NextHop::Ecr(id) | NextHop::Attachment(id) => {
                unknown(format!("where {id} leads"))
            }
            NextHop::Vpn(id) => self.tunnelled(id, address),
            NextHop::Peering(id) => {
                let Some(peering) = self.estate.net.peerings.iter().find(|peering| peering.id == *id) else {
                    return unknown(format!("VPC peering connection {id}"));
                };
                let active = stated(&peering.active, || unknown(format!("status of VPC peering connection {id}")));
                let forwarded = unknown(format!("the route table by which {id} would forward"));
                active.and(self.choose(Assumption::PeeringTransit, Truth::No, forwarded))
            }
            _ => Truth::No,
        }
    }

    /// The NAT gateways of the interface's network, and those that its routes name.
    pub(super) fn nats_of(&self, from: &Eni) -> BTreeSet<Id> {
        let near = self.estate.net.nats.iter().filter(|nat| from.vpc.known() == Some(&nat.vpc) && !nat.intranet);
        let mut all: BTreeSet<Id> = near.map(|nat| nat.id.clone()).collect();
        for hop in self.hops_of(from) {
            if let NextHop::Nat(id) = hop {
                all.insert(id.clone());
            }
        }
        all
    }

    /// Where the interface's routes may lead otherwise: next hops that are no gateway, and what is not in evidence.
    pub(super) fn onward_of(&self, from: &Eni) -> BTreeSet<Id> {
        use NextHop::{GatewayEndpoint, Ipv4Gateway, Ipv6Gateway, Local, Nat};
        let mut all = BTreeSet::new();
        for hop in self.hops_of(from) {
            let followed =
                self.estate.inline(hop).is_some_and(|one| self.estate.tables_of(&one.vswitches, &one.id).is_ok());
            if !followed && !matches!(hop, Local | Nat(_) | Ipv4Gateway(_) | Ipv6Gateway(_) | GatewayEndpoint(_)) {
                all.extend(hop.id().cloned());
            }
        }
        for table in self.tables_from(from) {
            let unread = table.routes.known().is_some_and(|all| all.iter().any(|one| one.next.gap().is_some()));
            if unread || table.routes.gap().is_some() {
                all.insert(table.id.clone());
            }
        }
        let own = self.vswitch(from).ok().flatten().and_then(|vswitch| self.estate.table(vswitch.table.known()?));
        if own.is_none() {
            all.insert(from.id.clone());
        }
        all
    }

    /// The tables that may decide on what an interface sends.
    fn tables_from(&self, from: &Eni) -> Vec<&RouteTable> {
        let table = self.vswitch(from).ok().flatten().and_then(|vswitch| self.estate.table(vswitch.table.known()?));
        table.map_or_else(Vec::new, |table| self.estate.tables_from(table))
    }

    fn hops_of(&self, from: &Eni) -> Vec<&NextHop> {
        self.tables_from(from).into_iter().flat_map(RouteTable::next_hops).collect()
    }
}
