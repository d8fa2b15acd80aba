//! The ways to the internet that the routes of a network open: NAT gateways in it or past a transit router, and next hops
//! that nobody follows.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::entries::not;
use super::fields::{Reader, addresses};
use super::known::{End, Known, reached};
use super::links::LONGEST;
use super::outside::{Outside, Way};
use super::routes::Partition;
use super::side::vswitch_of;
use super::translate::{Translated, translations};
use crate::assume::{Assumption, Truth, missing};
use crate::model::{Attached, Attachment, Eni, Id, Nat, NextHop, RouteTable, Seen, VSwitch};
use crate::path::Exit;
use crate::set::{Cover, Family, Ranges};

impl<A: Family> Outside<'_, '_, A> {
    /// Ways that the route table of the vSwitch opens.
    pub(super) fn by_routes(&mut self, eni: &Eni) -> Vec<Way<A>> {
        let reader = self.reader();
        let own = addresses(std::iter::once(eni));
        let own = A::of(&own).clone();
        if own.is_empty() {
            return Vec::new();
        }
        let vswitch = vswitch_of(reader, eni).ok().flatten();
        let table = vswitch.and_then(|vswitch| reader.estate.table(vswitch.table.known()?));
        let mut exits = table.map_or_else(|| BTreeSet::from([Exit::Route(eni.id.clone())]), |table| self.exits(table));
        let near = reader.estate.net.nats.iter().filter(|nat| eni.vpc.known() == Some(&nat.vpc) && !nat.intranet);
        exits.extend(near.map(|nat| Exit::Nat(nat.id.clone())));
        let base = self.base(eni, false, true).sending(&own);
        let mut ways = Vec::new();
        for exit in exits {
            let routed = self.routed(eni, vswitch, &exit);
            let flows = base.and(&routed);
            if Cover::is_empty(&flows.may) {
                continue;
            }
            match &exit {
                Exit::Nat(id) => ways.push(self.by_nat(eni, id, &flows)),
                _ => {
                    let flows = self.unpublished(eni, &flows, &Truth::Yes);
                    ways.push(Way { exit, public: BTreeSet::new(), flows });
                }
            }
        }
        ways
    }

    /// Where a table may lead in the end.
    fn exits(&self, table: &RouteTable) -> BTreeSet<Exit> {
        let estate = self.reader().estate;
        let Some(table) = estate.table(&table.id) else { return BTreeSet::new() };
        let mut exits = BTreeSet::new();
        for table in estate.tables_from(table) {
            let mut routes = table.routes.known().into_iter().flatten();
            let open = table.routes.gap().is_some() || routes.any(|route| route.next.gap().is_some());
            exits.extend(open.then(|| Exit::Route(table.id.clone())));
            exits.extend(table.next_hops().filter_map(|hop| match hop {
                NextHop::Nat(id) => Some(Exit::Nat(id.clone())),
                NextHop::Local | NextHop::Ipv4Gateway(_) | NextHop::Ipv6Gateway(_) | NextHop::GatewayEndpoint(_) => {
                    None
                }
                hop => match estate.inline(hop) {
                    // What is past it is a way of its own.
                    Some(endpoint) if estate.tables_of(&endpoint.vswitches, &endpoint.id).is_ok() => None,
                    _ => hop.id().cloned().map(Exit::Route),
                },
            }));
        }
        exits
    }

    /// The flows that routes bring to a NAT gateway or to another next hop.
    fn routed(&mut self, eni: &Eni, vswitch: Option<&VSwitch>, exit: &Exit) -> Arc<Known<A>> {
        let reader = self.reader();
        let table = match vswitch.map(|vswitch| reader.table_of(vswitch)) {
            Some(Ok(table)) => table,
            Some(Err(why)) => return Arc::new(Known::unknown(why)),
            None => {
                let why = match &eni.vswitch {
                    Seen::Missing(what) => missing(what.clone()),
                    Seen::Known(id) => missing(format!("vSwitch {id}")),
                    Seen::Absent => missing(format!("vSwitch of {}", eni.id)),
                };
                return Arc::new(Known::unknown(why));
            }
        };
        let key = (table.id.clone(), eni.vpc.clone(), exit.clone());
        if let Some(known) = self.routes.get(&key) {
            return Arc::clone(known);
        }
        let here = eni.vpc.known();
        let partition = reader.routed(table, &Ranges::all(), &|hop, region| match hop {
            NextHop::Attachment(id) => self.past_router(id, here, exit, region),
            hop => self.at_hop(hop, here, exit, region),
        });
        let known = Arc::new(reached(&partition, End::Destination));
        self.routes.insert(key, Arc::clone(&known));
        known
    }

    /// Whether a next hop of a network is a way out.
    fn at_hop(&self, hop: &NextHop, network: Option<&Id>, exit: &Exit, region: &Ranges<A>) -> Partition<A> {
        let reader = self.reader();
        match (exit, hop) {
            (Exit::Nat(id), NextHop::Nat(other)) => {
                let elsewhere = |nat: &Nat| network.is_some_and(|network| nat.vpc != *network);
                Reader::uniform(region, Truth::known(id == other && !reader.estate.nat(id).is_some_and(elsewhere)))
            }
            (Exit::Route(id), hop) if hop.id() == Some(id) => self.inside.onward(hop, region),
            _ => Reader::uniform(region, Truth::No),
        }
    }

    /// TR-2: whether packets that enter a transit router leave by a way out of a VPC that it attaches.
    fn past_router(&self, hop: &Id, here: Option<&Id>, exit: &Exit, region: &Ranges<A>) -> Partition<A> {
        // What is missing on the way is the router's own matter, and no way by something else.
        let open = |why| if *exit == Exit::Route(hop.clone()) { Truth::Unknown(why) } else { Truth::No };
        let mut all = Vec::new();
        for (part, out) in self.inside.forwarded(hop, region, LONGEST) {
            match out {
                Err(why) => all.push((part, open(why))),
                Ok(None) => all.push((part, Truth::No)),
                Ok(Some(Attachment { to: Attached::Edge(id) | Attached::Router(id), .. })) => {
                    all.push((part, open(missing(format!("where {id} leads")))));
                }
                // What comes back to its own network gets nowhere.
                Ok(Some(Attachment { to: Attached::Vpc(vpc), .. })) if here == Some(vpc) => all.push((part, Truth::No)),
                Ok(Some(entered @ Attachment { to: Attached::Vpc(vpc), .. })) => {
                    all.extend(match self.reader().estate.tables_of(&entered.vswitches, &entered.id) {
                        Err(what) => Reader::uniform(&part, open(missing(what))),
                        Ok(tables) => self.entered(entered, vpc, &tables, exit, &part),
                    });
                }
            }
        }
        all
    }

    /// The same for a VPC that packets have entered by an attachment.
    fn entered(
        &self,
        by: &Attachment,
        vpc: &Id,
        tables: &[&RouteTable],
        exit: &Exit,
        region: &Ranges<A>,
    ) -> Partition<A> {
        let reader = self.reader();
        let at = |hop: &NextHop, region: &Ranges<A>| self.at_hop(hop, Some(vpc), exit, region);
        let each = tables.iter().map(|table| reader.routed(table, region, &at));
        Reader::whichever(region, each, missing(format!("which vSwitch has the packet at {}", by.id)))
    }

    /// NAT-6, NAT-7: the flows that a NAT gateway translates and lets out.
    fn by_nat(&mut self, eni: &Eni, id: &Id, flows: &Known<A>) -> Way<A> {
        let exit = Exit::Nat(id.clone());
        let reader = self.reader();
        let flows = self.unpublished(eni, flows, &not(reader.readings.of(Assumption::SnatBesideEip)));
        let mut way = Way { exit, public: BTreeSet::new(), flows: Known::nothing() };
        let Some(nat) = reader.estate.nat(id) else {
            way.flows = flows.given(&Truth::Unknown(missing(format!("NAT gateway {id}"))));
            return way;
        };
        let takes = match &eni.vpc {
            Seen::Known(_) => Truth::known(!nat.intranet),
            Seen::Absent => Truth::No,
            Seen::Missing(what) => Truth::Unknown(missing(what.clone())),
        };
        let flows = self.between_networks(eni, nat, flows.given(&takes));
        let flows = self.before_nat_gateway(id, &flows);
        let flows = self.at_nat_gateway(nat, &flows);
        if Cover::is_empty(&flows.may) {
            return way;
        }
        for Translated { sources, truth, publics } in translations(nat, eni) {
            let part = flows.sending(&sources).given(&truth);
            if Cover::is_empty(&part.may) {
                continue;
            }
            let part = self.past_boundaries(nat, &publics, &part);
            way.public.extend(publics.iter().filter_map(|public| public.as_ref().ok()).map(|public| public.address()));
            way.flows = way.flows.or(&part);
        }
        way
    }

    /// The flows from another network that firewalls between the two let pass and whose replies find the way back from the
    /// vSwitch of the NAT gateway (NAT-7).
    fn between_networks(&self, eni: &Eni, nat: &Nat, flows: Known<A>) -> Known<A> {
        if eni.vpc.known().is_none_or(|here| *here == nat.vpc) {
            return flows;
        }
        let flows = self.inside.boundaries(eni, &Seen::Known(nat.vpc.clone()), flows);
        let own = addresses(std::iter::once(eni));
        let back = self.inside.way(&nat.interface(), &eni.vpc, A::of(&own));
        flows.and(&reached(&back, End::Source))
    }
}
