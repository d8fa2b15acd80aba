//! Routes, gateways and the last stretch to an interface (sections 3.1 to 3.4), one packet at a time.

use std::net::IpAddr;

use super::filters::{Decision, GroupDefault};
use super::inline::INLINE;
use super::matching::{Judge, agree, unknown};
use super::{Walk, reply};
use crate::assume::{Assumption, Truth};
use crate::model::{Direction, Eni, Id, NextHop, Nic, Seen, VSwitch};
use crate::set::Flow;

impl Judge<'_> {
    /// A route from the interface's table to a gateway that must exist and be known.
    pub(super) fn out_by(
        &self,
        walk: &mut Walk,
        eni: &Eni,
        flow: &Flow,
        gateway: &Seen<Id>,
        is: impl Fn(&NextHop, &Id) -> bool,
    ) {
        let back = reply(flow);
        match gateway {
            Seen::Absent => walk.hop(&eni.id, &back, || Decision::new(Truth::No, "M-1", None)),
            Seen::Missing(what) => walk.hop(&eni.id, &back, || Decision::new(unknown(what.clone()), "M-1", None)),
            Seen::Known(id) => {
                self.steered(walk, id, flow.destination, flow);
                self.routed(walk, eni, &back, &|hop| self.toward(hop, is(hop, id)));
            }
        }
    }

    /// The interface's route table leads to the destination of `packet` by a wanted next hop.
    pub(super) fn routed(&self, walk: &mut Walk, eni: &Eni, packet: &Flow, wanted: &dyn Fn(&NextHop) -> Truth) {
        match self.vswitch(eni) {
            Ok(Some(vswitch)) => self.routed_from(walk, vswitch, packet, wanted),
            Ok(None) => {
                walk.hop(&eni.id, packet, || Decision::new(unknown(format!("vSwitch of {}", eni.id)), "RT-1", None))
            }
            Err(why) => walk.hop(&eni.id, packet, || Decision::new(why, "RT-1", None)),
        }
    }

    pub(super) fn routed_from(
        &self,
        walk: &mut Walk,
        vswitch: &VSwitch,
        packet: &Flow,
        wanted: &dyn Fn(&NextHop) -> Truth,
    ) {
        for (at, decision) in self.stretch(vswitch, packet.destination, wanted, INLINE) {
            walk.hop(&at, packet, || decision);
        }
    }

    /// RT-1: the decision of the one table of a vSwitch.
    pub(super) fn route_of(
        &self,
        vswitch: &VSwitch,
        address: IpAddr,
        wanted: &dyn Fn(&NextHop) -> Truth,
    ) -> (Id, Decision) {
        match &vswitch.table {
            Seen::Known(id) => match self.estate.table(id) {
                Some(table) => (id.clone(), self.leads(table, address, wanted)),
                None => (id.clone(), Decision::new(unknown(format!("route table {id}")), "RT-1", None)),
            },
            Seen::Absent => {
                (vswitch.id.clone(), Decision::new(unknown(format!("route table of {}", vswitch.id)), "RT-1", None))
            }
            Seen::Missing(what) => (vswitch.id.clone(), Decision::new(unknown(what.clone()), "RT-1", None)),
        }
    }

    /// The vSwitch of an interface; `None` when it has none, as in the classic network.
    pub(super) fn vswitch(&self, eni: &Eni) -> Result<Option<&VSwitch>, Truth> {
        match &eni.vswitch {
            Seen::Absent => Ok(None),
            Seen::Missing(what) => Err(unknown(what.clone())),
            Seen::Known(id) => self.estate.vswitch(id).map(Some).ok_or_else(|| unknown(format!("vSwitch {id}"))),
        }
    }

    /// PUB-1, PUB-2, RT-1, RT-5: the IPv4 gateway between the internet and a private address.
    pub(super) fn gateway(&self, walk: &mut Walk, eni: &Eni, private: IpAddr, flow: &Flow) {
        let Some(vpc) = eni.vpc.known().and_then(|id| self.estate.vpc(id)) else {
            return walk.hop(&eni.id, flow, || Decision::new(unknown(format!("VPC of {}", eni.id)), "PUB-1", None));
        };
        match &vpc.ipv4_gateway {
            Seen::Absent => walk.hop(&vpc.id, flow, || Decision::new(Truth::Yes, "PUB-1", None)),
            Seen::Missing(what) => {
                // Without a gateway the packet passes; with one, only if the table leads to it.
                let (at, decision) = match self.vswitch(eni) {
                    Ok(Some(vswitch)) => self.route_of(vswitch, flow.source, &|hop| {
                        self.toward(hop, matches!(hop, NextHop::Ipv4Gateway(_)))
                    }),
                    _ => (vpc.id.clone(), Decision::new(unknown(what.clone()), "PUB-2", None)),
                };
                walk.hop(&at, flow, || Decision {
                    passes: agree([decision.passes, Truth::Yes], || unknown(what.clone())),
                    law: "PUB-2".into(),
                    rule: None,
                });
            }
            Seen::Known(id) => {
                self.steered(walk, id, private, flow);
                self.routed(walk, eni, &reply(flow), &|hop| {
                    self.toward(hop, matches!(hop, NextHop::Ipv4Gateway(other) if other == id))
                });
            }
        }
    }

    /// RT-1, RT-5, GWLB-1: the table that hands to an appliance what enters through a gateway.
    pub(super) fn steered(&self, walk: &mut Walk, gateway: &Id, private: IpAddr, flow: &Flow) {
        let Some(table) = self.estate.gateway_table(gateway) else { return };
        walk.hop(&table.id, flow, || {
            let decision = self.by_table(table, private, &|hop| Truth::known(is_middlebox(hop)));
            let handed = self.by_table(table, private, &|hop| match self.estate.inline(hop) {
                Some(endpoint) => self.given_back(endpoint),
                None if is_middlebox(hop) => self.readings.of(Assumption::Middlebox),
                None => Truth::No,
            });
            Decision { passes: not(decision.passes).or(handed.passes), law: "RT-5".into(), rule: decision.rule }
        });
    }

    /// Whether a next hop brings a packet to where it must go: it is the goal, or an appliance that may hand it on (RT-5).
    pub(super) fn toward(&self, hop: &NextHop, goal: bool) -> Truth {
        if !goal && is_middlebox(hop) { self.readings.of(Assumption::Middlebox) } else { Truth::known(goal) }
    }

    /// The last stretch: network ACL of the vSwitch, security groups, and the ACL again for the reply
    /// (NACL-4; the reply is free at a security group, SG-20).
    pub(super) fn enter(&self, walk: &mut Walk, eni: &Eni, packet: &Flow, nic: Nic, acl: bool) {
        let vswitch = if acl { self.vswitch(eni) } else { Ok(None) };
        self.at_acl(walk, eni, &vswitch, Direction::Ingress, packet);
        walk.hop(&eni.id, packet, || self.groups(eni, Direction::Ingress, nic, packet, GroupDefault::OfGroups));
        self.at_acl(walk, eni, &vswitch, Direction::Egress, &reply(packet));
    }

    pub(super) fn at_acl(
        &self,
        walk: &mut Walk,
        eni: &Eni,
        vswitch: &Result<Option<&VSwitch>, Truth>,
        direction: Direction,
        packet: &Flow,
    ) {
        match vswitch {
            Ok(None) => {}
            Err(why) => walk.hop(&eni.id, packet, || Decision::new(why.clone(), "NACL-1", None)),
            Ok(Some(vswitch)) => {
                let (at, decision) = self.acl(vswitch, direction, packet);
                walk.hop(&at, packet, || decision);
            }
        }
    }
}

/// The opposite; unknown stays unknown.
pub(super) fn not(truth: Truth) -> Truth {
    match truth {
        Truth::Yes => Truth::No,
        Truth::No => Truth::Yes,
        unknown @ Truth::Unknown(_) => unknown,
    }
}

/// RT-5: next hops that are appliances of the tenant.
pub(super) const fn is_middlebox(hop: &NextHop) -> bool {
    matches!(hop, NextHop::Instance(_) | NextHop::Interface(_) | NextHop::HaVip(_) | NextHop::BalancerEndpoint(_))
}
