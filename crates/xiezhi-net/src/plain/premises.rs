//! Between interfaces of the estate and premises outside it (TR-3), one packet at a time.

use std::net::IpAddr;

use ipnet::IpNet;

use super::filters::{Decision, GroupDefault};
use super::inside::holds;
use super::matching::{Judge, agree, stated, unknown};
use super::ways::is_middlebox;
use super::{Walk, reply};
use crate::assume::{Assumption, Truth};
use crate::model::{
    Attached, Attachment, Direction, Door, Eni, Id, NextHop, Nic, Premises, Seen, Service, ServiceEndpoint,
};
use crate::path::{Target, Trace};
use crate::set::Flow;

/// Addresses of private networks (RFC 1918, RFC 4193): what premises have that nothing states. 100.64.0.0/10 is the
/// platform's own (RT-2).
const PRIVATE: [&str; 4] = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"];

impl Judge<'_> {
    /// Selectors and state of the way, then into the VPC, ACL, groups; then the reply by ACL and routes (M-1).
    pub(crate) fn arriving(&self, from: &Premises, to: &Eni, flow: &Flow) -> Option<Trace> {
        if !holds(to, flow.destination) || flow.source.is_ipv4() != flow.destination.is_ipv4() {
            return None;
        }
        let back = reply(flow);
        let vswitch = self.vswitch(to);
        let mut walk = Walk::new();
        self.carried(&mut walk, from, (flow.destination, flow.source), flow);
        walk.hop(door(from), flow, || self.inward(from, to, flow.destination));
        self.edge_boundaries(&mut walk, from, to, flow);
        self.at_acl(&mut walk, to, &vswitch, Direction::Ingress, flow);
        walk.hop(&to.id, flow, || self.groups(to, Direction::Ingress, Nic::Intranet, flow, GroupDefault::OfGroups));
        self.at_acl(&mut walk, to, &vswitch, Direction::Egress, &back);
        walk.hop(&to.id, &back, || self.outward(to, from, flow.source));
        self.handed(&mut walk, from, (flow.destination, flow.source), &back);
        Some(walk.end(None, Target::Interface(to.id.clone())))
    }

    /// The other way round: groups, ACL, routes out; then the reply into the VPC.
    pub(crate) fn leaving(&self, from: &Eni, to: &Premises, flow: &Flow) -> Option<Trace> {
        if !holds(from, flow.source) || flow.source.is_ipv4() != flow.destination.is_ipv4() {
            return None;
        }
        let back = reply(flow);
        let vswitch = self.vswitch(from);
        let mut walk = Walk::new();
        walk.hop(&from.id, flow, || self.groups(from, Direction::Egress, Nic::Intranet, flow, GroupDefault::OfGroups));
        self.at_acl(&mut walk, from, &vswitch, Direction::Egress, flow);
        walk.hop(&from.id, flow, || self.outward(from, to, flow.destination));
        self.handed(&mut walk, to, (flow.source, flow.destination), flow);
        self.edge_boundaries(&mut walk, to, from, flow);
        self.carried(&mut walk, to, (flow.source, flow.destination), flow);
        walk.hop(door(to), &back, || self.inward(to, from, flow.source));
        self.at_acl(&mut walk, from, &vswitch, Direction::Ingress, &back);
        Some(walk.end(None, Target::Other(to.id.clone())))
    }

    /// To a private endpoint of a managed service (section 7): no group and no ACL (NACL-2), but the allow-list; the reply
    /// by the table of the vSwitch that holds the address.
    pub(crate) fn arriving_at(
        &self,
        from: &Premises,
        service: &Service,
        endpoint: &ServiceEndpoint,
        flow: &Flow,
    ) -> Option<Trace> {
        let vpc = endpoint.vpc.as_ref()?;
        let taken = endpoint.address.is_none() && self.estate.at(vpc, flow.destination).is_some();
        if flow.protocol != 6 || taken || !endpoint.answers_at(flow.destination) {
            return None;
        }
        if flow.source.is_ipv4() != flow.destination.is_ipv4() {
            return None;
        }
        let mut walk = Walk::new();
        self.carried(&mut walk, from, (flow.destination, flow.source), flow);
        walk.hop(&service.id, flow, || {
            let public = stated(&endpoint.public, || Truth::No);
            Decision::new(super::not(public), "DB-3", Some(&endpoint.id))
        });
        let own = self.estate.holder(vpc, flow.destination).map(|vswitch| endpoint.interface(vpc, vswitch));
        if let Some(own) = &own {
            walk.hop(door(from), flow, || self.inward(from, own, flow.destination));
            self.edge_boundaries(&mut walk, from, own, flow);
        }
        walk.hop(&service.id, flow, || Decision::new(self.listens(endpoint, flow.port), "DB-3", Some(&endpoint.id)));
        walk.hop(&service.id, flow, || Decision::new(self.allowed(endpoint, flow.source), "DB-1", Some(&endpoint.id)));
        walk.hop(&service.id, &reply(flow), || match &own {
            Some(own) => self.outward(own, from, flow.source),
            None => Decision::new(unknown(format!("vSwitch of {}", endpoint.id)), "RT-1", None),
        });
        if own.is_some() {
            self.handed(&mut walk, from, (flow.destination, flow.source), &reply(flow));
        }
        Some(walk.end(None, Target::Endpoint(service.id.clone(), endpoint.id.clone())))
    }

    /// TR-3: the way is up and carries packets between these two addresses.
    pub(super) fn carried(&self, walk: &mut Walk, premises: &Premises, (near, far): (IpAddr, IpAddr), flow: &Flow) {
        walk.hop(&premises.id, flow, || {
            let own = match &premises.local {
                Seen::Known(nets) => Truth::known(nets.iter().any(|net| net.trunc().contains(&near))),
                Seen::Absent => Truth::Yes,
                Seen::Missing(what) => unknown(what.clone()),
            };
            let silent = || self.may_be_premises(far);
            let theirs = match &premises.remote {
                Seen::Known(nets) => Truth::known(nets.iter().any(|net| match net.prefix_len() {
                    0 => net.contains(&far) && silent(),
                    _ => net.trunc().contains(&far),
                })),
                Seen::Absent => Truth::known(silent()),
                Seen::Missing(what) if silent() => unknown(what.clone()),
                Seen::Missing(_) => Truth::No,
            };
            let up = stated(&premises.up, || unknown(format!("state of {}", premises.id)));
            Decision::new(own.and(theirs).and(up), "TR-3", None)
        });
    }

    /// Whether premises whose ranges nothing states may have an address: a private one, one of the estate's plan, or one
    /// to which some route leads by name.
    fn may_be_premises(&self, address: IpAddr) -> bool {
        let net = self.estate.net;
        let named = |route: &IpNet| route.prefix_len() > 0 && route.trunc().contains(&address);
        let by_table = net
            .route_tables
            .iter()
            .filter_map(|table| table.routes.known())
            .flatten()
            .any(|one| named(&one.destination));
        let tables = net.transit_routers.iter().filter_map(|router| router.tables.known()).flatten();
        let by_router = tables.filter_map(|table| table.routes.known()).flatten().any(|one| named(&one.destination));
        PRIVATE.iter().any(|prefix| prefix.parse::<IpNet>().is_ok_and(|net| net.contains(&address)))
            || net.vpcs.iter().flat_map(|vpc| &vpc.cidrs).any(|cidr| cidr.contains(&address))
            || by_table
            || by_router
    }

    /// From the door to the network of an interface.
    pub(super) fn inward(&self, from: &Premises, to: &Eni, address: IpAddr) -> Decision {
        let here = match &to.vpc {
            Seen::Known(here) => here,
            Seen::Absent => return Decision::new(Truth::No, "RT-2", None),
            Seen::Missing(what) => return Decision::new(unknown(what.clone()), "RT-2", None),
        };
        match &from.door {
            Door::Gateway { vpc: Seen::Known(vpc), .. } if vpc == here => Decision::new(Truth::Yes, "RT-2", None),
            Door::Gateway { gateway, vpc: Seen::Known(_) } => {
                Decision::new(unknown(format!("the way from {gateway} on into {here}")), "RT-2", None)
            }
            Door::Gateway { gateway, vpc: Seen::Absent } => {
                Decision::new(unknown(format!("VPC of {gateway}")), "RT-2", None)
            }
            Door::Gateway { vpc: Seen::Missing(what), .. } => Decision::new(unknown(what.clone()), "RT-2", None),
            Door::Attachment(own) => {
                let reaches = |out: &Attachment| Truth::known(out.to == Attached::Vpc(here.clone()));
                Decision::new(self.transit(own, &reaches, address), "TR-2", None)
            }
            // That the far side sends to the VPC is its own matter.
            Door::Interface(_) | Door::Ecr(_) => Decision::new(Truth::Yes, "RT-2", None),
        }
    }

    /// From an interface to the door.
    pub(super) fn outward(&self, from: &Eni, to: &Premises, address: IpAddr) -> Decision {
        match &from.vpc {
            Seen::Absent => Decision::new(Truth::No, "RT-2", None),
            Seen::Missing(what) => Decision::new(unknown(what.clone()), "RT-2", None),
            Seen::Known(here) => self.led(from, here, address, &|hop| self.through_door(hop, here, to, address)),
        }
    }

    fn through_door(&self, hop: &NextHop, here: &Id, to: &Premises, address: IpAddr) -> Truth {
        match hop {
            NextHop::Vpn(id) => Truth::known(matches!(&to.door, Door::Gateway { gateway, .. } if gateway == id)),
            NextHop::RouterInterface(id) | NextHop::Ecr(id) => {
                let leads_to = |one: &Premises| match (&one.door, hop) {
                    (Door::Interface(own), NextHop::RouterInterface(_)) | (Door::Ecr(own), NextHop::Ecr(_)) => {
                        own == id
                    }
                    _ => false,
                };
                match self.estate.net.premises().any(leads_to) {
                    true => Truth::known(leads_to(to)),
                    false => unknown(format!("where {id} leads")),
                }
            }
            NextHop::Attachment(id) if matches!(&to.door, Door::Attachment(_)) => {
                let reaches = |out: &Attachment| {
                    let edge = matches!(&out.to, Attached::Edge(_));
                    Truth::known(edge && to.door == Door::Attachment(out.id.clone()))
                };
                self.transit(id, &reaches, address)
            }
            NextHop::Attachment(_) | NextHop::Peering(_) => match &to.door {
                Door::Gateway { vpc: Seen::Known(vpc), .. } if vpc == here => Truth::No,
                Door::Gateway { gateway, vpc: Seen::Known(vpc) } => {
                    self.arrives(hop, here, vpc, address).and(unknown(format!("the way from {vpc} on to {gateway}")))
                }
                Door::Gateway { gateway, vpc: Seen::Absent } => unknown(format!("VPC of {gateway}")),
                Door::Gateway { vpc: Seen::Missing(what), .. } => unknown(what.clone()),
                Door::Attachment(_) | Door::Interface(_) | Door::Ecr(_) => Truth::No,
            },
            hop if is_middlebox(hop) => {
                self.choose(Assumption::Middlebox, unknown("where the appliance forwards to"), Truth::No)
            }
            _ => Truth::No,
        }
    }

    /// CFW-1: a firewall of a VPC may stand before what comes from outside over a transit router; no field says so.
    pub(super) fn edge_boundaries(&self, walk: &mut Walk, premises: &Premises, eni: &Eni, flow: &Flow) {
        let Some(here) = eni.vpc.known() else { return };
        if matches!(premises.door, Door::Gateway { .. }) {
            return;
        }
        match &self.estate.net.firewall.between_vpcs {
            Seen::Absent => {}
            Seen::Missing(what) => walk.hop(&eni.id, flow, || Decision::new(unknown(what.clone()), "CFW-1", None)),
            Seen::Known(boundaries) => {
                for boundary in boundaries.iter().filter(|one| !one.pair && one.vpcs.contains(here)) {
                    if matches!(&boundary.on, Seen::Known(false) | Seen::Absent) {
                        continue;
                    }
                    walk.hop(&boundary.id, flow, || {
                        let decision = self.boundary(&boundary.boundary, None, flow);
                        let open = || unknown(format!("whether {} stands before {}", boundary.id, premises.id));
                        Decision { passes: agree([decision.passes, Truth::Yes], open), ..decision }
                    });
                }
            }
        }
    }
}

pub(super) fn door(premises: &Premises) -> &Id {
    match &premises.door {
        Door::Gateway { gateway, .. } => gateway,
        Door::Attachment(id) | Door::Interface(id) | Door::Ecr(id) => id,
    }
}
