//! Flows between interfaces of the estate (sections 3.2 and 3.6), one packet at a time.

use std::net::IpAddr;

use super::filters::{Decision, GroupDefault};
use super::matching::{Judge, unknown};
use super::ways::is_middlebox;
use super::{Walk, reply};
use crate::assume::{Assumption, Truth};
use crate::model::{Attached, Attachment, Direction, Door, Eni, Id, NextHop, Nic, Seen, Service, ServiceEndpoint};
use crate::path::{Target, Trace};
use crate::set::Flow;

/// How often a packet may pass from one transit router to the next before it counts as a loop.
pub(super) const LONGEST: u8 = 8;

pub(super) fn holds(eni: &Eni, address: IpAddr) -> bool {
    eni.addresses.iter().any(|own| IpAddr::V4(*own) == address)
        || eni.ipv6.iter().any(|own| IpAddr::V6(own.address) == address)
}

impl Judge<'_> {
    /// SG-egress, ACL, route, boundary, ACL, SG-ingress; then the reply by routes and ACLs.
    pub(crate) fn between(&self, from: &Eni, to: &Eni, flow: &Flow) -> Option<Trace> {
        if !holds(from, flow.source) || !holds(to, flow.destination) {
            return None;
        }
        let back = reply(flow);
        let (out, into) = (self.vswitch(from), self.vswitch(to));
        // NACL-3: traffic within one vSwitch is not filtered.
        let same = from.vswitch.known().is_some() && from.vswitch == to.vswitch;
        let mut walk = Walk::new();
        walk.hop(&from.id, flow, || self.groups(from, Direction::Egress, Nic::Intranet, flow, GroupDefault::OfGroups));
        if !same {
            self.at_acl(&mut walk, from, &out, Direction::Egress, flow);
        }
        walk.hop(&from.id, flow, || self.way(from, &to.vpc, flow.destination));
        self.vpc_boundaries(&mut walk, from, &to.vpc, flow);
        if !same {
            self.at_acl(&mut walk, to, &into, Direction::Ingress, flow);
        }
        walk.hop(&to.id, flow, || self.groups(to, Direction::Ingress, Nic::Intranet, flow, GroupDefault::OfGroups));
        if !same {
            self.at_acl(&mut walk, to, &into, Direction::Egress, &back);
        }
        walk.hop(&to.id, &back, || self.way(to, &from.vpc, flow.source));
        if !same {
            self.at_acl(&mut walk, from, &out, Direction::Ingress, &back);
        }
        Some(walk.end(None, Target::Interface(to.id.clone())))
    }

    /// A private endpoint of a managed service from an interface (section 7): groups and ACL of the client, the way where
    /// the client is in another VPC, then the allow-list; the reply by the table of the vSwitch that holds the address. The
    /// service has neither groups nor ACL (NACL-2).
    pub(crate) fn to_endpoint(
        &self,
        from: &Eni,
        service: &Service,
        endpoint: &ServiceEndpoint,
        flow: &Flow,
    ) -> Option<Trace> {
        if flow.protocol != 6 || !holds(from, flow.source) || !endpoint.answers_at(flow.destination) {
            return None;
        }
        // What an interface holds is nobody else's.
        let held = endpoint.vpc.as_ref().is_some_and(|vpc| self.estate.at(vpc, flow.destination).is_some());
        if endpoint.address.is_none() && held {
            return None;
        }
        let vswitch = self.vswitch(from);
        // NACL-3: an endpoint with an address of the client's vSwitch is not filtered by it.
        let near =
            matches!(&vswitch, Ok(Some(vswitch)) if vswitch.cidrs.iter().any(|net| net.contains(&flow.destination)));
        let mut walk = Walk::new();
        walk.hop(&service.id, flow, || {
            let private = match &endpoint.public {
                Seen::Known(public) => Truth::known(!*public),
                Seen::Absent => Truth::Yes,
                Seen::Missing(what) => unknown(what.clone()),
            };
            let placed = match (&from.vpc, &endpoint.vpc) {
                (Seen::Known(_), Some(_)) => Truth::Yes,
                (Seen::Missing(what), _) => unknown(what.clone()),
                (_, None) => unknown(format!("VPC of endpoint {}", endpoint.id)),
                (Seen::Absent, Some(_)) => Truth::No,
            };
            Decision::new(private.and(placed), "DB-3", Some(&endpoint.id))
        });
        walk.hop(&service.id, flow, || Decision::new(self.listens(endpoint, flow.port), "DB-3", Some(&endpoint.id)));
        walk.hop(&from.id, flow, || self.groups(from, Direction::Egress, Nic::Intranet, flow, GroupDefault::OfGroups));
        if !near {
            self.at_acl(&mut walk, from, &vswitch, Direction::Egress, flow);
        }
        let abroad = endpoint.vpc.as_ref().filter(|there| from.vpc.known().is_some_and(|here| here != *there));
        if let Some(there) = abroad {
            let there = Seen::Known(there.clone());
            walk.hop(&from.id, flow, || self.way(from, &there, flow.destination));
            self.vpc_boundaries(&mut walk, from, &there, flow);
        }
        walk.hop(&service.id, flow, || Decision::new(self.allowed(endpoint, flow.source), "DB-1", Some(&endpoint.id)));
        if let Some(there) = abroad {
            walk.hop(&service.id, &reply(flow), || match self.estate.holder(there, flow.destination) {
                Some(vswitch) => self.way(&endpoint.interface(there, vswitch), &from.vpc, flow.source),
                None => Decision::new(unknown(format!("vSwitch of {}", endpoint.id)), "RT-1", None),
            });
        }
        if !near {
            self.at_acl(&mut walk, from, &vswitch, Direction::Ingress, &reply(flow));
        }
        Some(walk.end(None, Target::Endpoint(service.id.clone(), endpoint.id.clone())))
    }

    /// Whether routes lead from one interface to an address of a network.
    pub(super) fn way(&self, from: &Eni, to: &Seen<Id>, address: IpAddr) -> Decision {
        let (here, there) = match (&from.vpc, to) {
            (Seen::Known(here), Seen::Known(there)) => (here, there),
            (Seen::Absent, Seen::Absent) => return Decision::new(Truth::Yes, "RT-2", None),
            (Seen::Missing(what), _) | (_, Seen::Missing(what)) => {
                return Decision::new(unknown(what.clone()), "RT-2", None);
            }
            _ => return Decision::new(Truth::No, "RT-2", None),
        };
        // RT-2: no route diverts traffic between vSwitches of one VPC.
        if here == there {
            return Decision::new(Truth::Yes, "RT-2", None);
        }
        self.led(from, here, address, &|hop| self.arrives(hop, here, there, address))
    }

    /// Whether the routes of an interface lead a packet out of its VPC by a wanted next hop.
    pub(super) fn led(&self, from: &Eni, here: &Id, address: IpAddr, wanted: &dyn Fn(&NextHop) -> Truth) -> Decision {
        // A local vSwitch with the same addresses keeps the packet.
        if self
            .estate
            .net
            .vswitches
            .iter()
            .any(|vswitch| vswitch.vpc == *here && vswitch.cidrs.iter().any(|net| net.contains(&address)))
        {
            return Decision::new(Truth::No, "RT-2", None);
        }
        match self.vswitch(from) {
            Ok(Some(vswitch)) => self.route_of(vswitch, address, wanted).1,
            Ok(None) => Decision::new(unknown(format!("vSwitch of {}", from.id)), "RT-1", None),
            Err(why) => Decision::new(why, "RT-1", None),
        }
    }

    /// Whether a next hop of VPC `here` brings a packet to VPC `there`.
    pub(super) fn arrives(&self, hop: &NextHop, here: &Id, there: &Id, address: IpAddr) -> Truth {
        match hop {
            NextHop::Peering(id) => {
                let Some(peering) = self.estate.net.peerings.iter().find(|peering| peering.id == *id) else {
                    return unknown(format!("VPC peering connection {id}"));
                };
                let active = match &peering.active {
                    Seen::Known(active) => Truth::known(*active),
                    Seen::Absent => unknown(format!("status of VPC peering connection {id}")),
                    Seen::Missing(what) => unknown(what.clone()),
                };
                let (a, b) = &peering.vpcs;
                if (a, b) == (here, there) || (b, a) == (here, there) {
                    active
                } else if a == here || b == here {
                    active.and(self.choose(
                        Assumption::PeeringTransit,
                        Truth::No,
                        unknown(format!("the route table by which {id} would forward")),
                    ))
                } else {
                    Truth::No
                }
            }
            NextHop::Attachment(id) => {
                let reaches = |out: &Attachment| Truth::known(matches!(&out.to, Attached::Vpc(vpc) if vpc == there));
                self.transit(id, &reaches, address)
            }
            NextHop::Vpn(id) => self.tunnelled(id, address),
            // The far side may be a VPC of the estate.
            NextHop::RouterInterface(id) | NextHop::Ecr(id) => unknown(format!("where {id} leads")),
            hop if is_middlebox(hop) => {
                self.choose(Assumption::Middlebox, unknown("where the appliance forwards to"), Truth::No)
            }
            _ => Truth::No,
        }
    }

    /// TR-3: the far side of a tunnel may be a VPC of the estate, for the addresses that its selectors name.
    pub(super) fn tunnelled(&self, gateway: &Id, address: IpAddr) -> Truth {
        let vpns = &self.estate.net.vpns;
        if let Some(what) = vpns.missing.first() {
            return unknown(what.clone());
        }
        let selected = vpns.iter().any(|one| {
            let through = matches!(&one.door, Door::Gateway { gateway: own, .. } if own == gateway);
            let named = one.remote.known().is_none_or(|nets| nets.iter().any(|net| net.trunc().contains(&address)));
            through && named && one.up != Seen::Known(false)
        });
        if selected { unknown(format!("the far side of VPN gateway {gateway}")) } else { Truth::No }
    }

    /// TR-2: whether a packet that enters by an attachment reaches what is attached.
    pub(super) fn transit(&self, attachment: &Id, reaches: &dyn Fn(&Attachment) -> Truth, address: IpAddr) -> Truth {
        match self.forwarded(attachment, address, LONGEST) {
            Ok(Some(out)) => reaches(out),
            Ok(None) => Truth::No,
            Err(why) => why,
        }
    }

    /// TR-2: by which attachment the packet leaves, by the table associated with the one by which it enters; by none where
    /// it is dropped.
    pub(super) fn forwarded(&self, attachment: &Id, address: IpAddr, left: u8) -> Result<Option<&Attachment>, Truth> {
        let left = left.checked_sub(1).ok_or_else(|| unknown("an end of the loop of transit routers"))?;
        for router in &self.estate.net.transit_routers {
            let attachments = match &router.attachments {
                Seen::Known(attachments) => attachments,
                Seen::Absent => continue,
                Seen::Missing(_) => continue,
            };
            let Some(entered) = attachments.iter().find(|item| item.id == *attachment) else { continue };
            let table = match &entered.table {
                Seen::Known(id) => id,
                Seen::Absent => return Ok(None),
                Seen::Missing(what) => return Err(unknown(what.clone())),
            };
            let tables = match &router.tables {
                Seen::Known(tables) => tables,
                Seen::Absent => return Ok(None),
                Seen::Missing(what) => return Err(unknown(what.clone())),
            };
            let Some(table) = tables.iter().find(|item| item.id == *table) else {
                return Err(unknown(format!("transit router table {table}")));
            };
            let routes = match &table.routes {
                Seen::Known(routes) => routes,
                Seen::Absent => return Ok(None),
                Seen::Missing(what) => return Err(unknown(what.clone())),
            };
            let best = routes
                .iter()
                .filter(|route| route.destination.trunc().contains(&address))
                .max_by_key(|route| route.destination.prefix_len());
            let Some(next) = best.and_then(|route| route.next.as_ref()) else { return Ok(None) };
            let Some(out) = attachments.iter().find(|item| item.id == *next) else {
                return Err(unknown(format!("attachment {next}")));
            };
            return match &out.to {
                Attached::Router(other) => self.forwarded(other, address, left),
                Attached::Vpc(_) | Attached::Edge(_) => Ok(Some(out)),
            };
        }
        Err(unknown(format!("transit router attachment {attachment}")))
    }

    /// CFW-1: boundaries between VPCs see what leaves one VPC for another through a transit router.
    pub(super) fn vpc_boundaries(&self, walk: &mut Walk, from: &Eni, to: &Seen<Id>, flow: &Flow) {
        let (Some(here), Some(there)) = (from.vpc.known(), to.known()) else { return };
        if here == there {
            return;
        }
        match &self.estate.net.firewall.between_vpcs {
            Seen::Absent => {}
            Seen::Missing(what) => walk.hop(&from.id, flow, || Decision::new(unknown(what.clone()), "CFW-1", None)),
            Seen::Known(boundaries) => {
                // CFW-1: what a peering connection carries passes no firewall between VPCs; which way a packet takes is
                // not followed here.
                let peered = self.estate.peered(here, there);
                for boundary in boundaries.iter().filter(|boundary| boundary.stands_between(here, there)) {
                    walk.hop(&boundary.id, flow, || match &boundary.on {
                        Seen::Known(true) if peered => {
                            let decision = self.boundary(&boundary.boundary, None, flow);
                            let why = || unknown(format!("whether the peering leads past {}", boundary.id));
                            Decision { passes: super::agree([decision.passes, Truth::Yes], why), ..decision }
                        }
                        Seen::Known(true) => self.boundary(&boundary.boundary, None, flow),
                        Seen::Known(false) | Seen::Absent => Decision::new(Truth::Yes, "CFW-1", None),
                        Seen::Missing(what) => {
                            let decision = self.boundary(&boundary.boundary, None, flow);
                            Decision {
                                passes: super::agree([decision.passes, Truth::Yes], || unknown(what.clone())),
                                ..decision
                            }
                        }
                    });
                }
            }
        }
    }
}
