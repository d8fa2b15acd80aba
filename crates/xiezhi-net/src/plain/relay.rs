//! From an interface or from premises to a load balancer over its private addresses, and by it to the servers behind (section 4), one
//! packet at a time.

use super::filters::{Decision, GroupDefault};
use super::inside::holds;
use super::matching::{Judge, agree, unknown};
use super::premises::door;
use super::{Walk, reply};
use crate::assume::Truth;
use crate::model::{
    Balancer, BalancerKind, Client, Direction, Eni, GroupKind, Id, Listener, Nic, Policy, Premises, Seen,
};
use crate::path::Trace;
use crate::set::Flow;

impl Judge<'_> {
    /// The listener itself, and each server behind it; nothing when it does not take the flow.
    pub(crate) fn relayed(
        &self,
        from: Client<'_>,
        balancer: &Balancer,
        listener: &Listener,
        flow: &Flow,
    ) -> Vec<Trace> {
        if !balancer.private.contains(&flow.destination) || !Self::takes(balancer, listener, flow) {
            return Vec::new();
        }
        let mut walk = match from {
            Client::Inside(from) if holds(from, flow.source) => self.to_front(from, balancer, flow),
            Client::Inside(_) => return Vec::new(),
            Client::Outside(from) => self.to_front_from(from, balancer, flow),
        };
        if balancer.kind != BalancerKind::Clb {
            walk.hop(&balancer.id, flow, || self.relay_groups(from, balancer, flow));
        }
        if balancer.kind == BalancerKind::Nlb {
            walk.hop(&balancer.id, flow, || Decision::new(self.relay_acl(from, balancer, flow), "NLB-3", None));
        }
        self.listening(&mut walk, balancer, listener, flow);
        self.behind(walk, None, balancer, listener, flow)
    }

    /// From an interface to a private address of a load balancer, and back.
    fn to_front(&self, from: &Eni, balancer: &Balancer, flow: &Flow) -> Walk {
        let abroad = from.vpc != balancer.vpc;
        let vswitch = self.vswitch(from);
        // NACL-3: an address of the client's vSwitch is not filtered.
        let near =
            matches!(&vswitch, Ok(Some(vswitch)) if vswitch.cidrs.iter().any(|net| net.contains(&flow.destination)));
        let mut walk = Walk::new();
        walk.hop(&from.id, flow, || self.groups(from, Direction::Egress, Nic::Intranet, flow, GroupDefault::OfGroups));
        if !near {
            self.at_acl(&mut walk, from, &vswitch, Direction::Egress, flow);
        }
        walk.hop(&from.id, flow, || self.way(from, &balancer.vpc, flow.destination));
        if abroad {
            self.vpc_boundaries(&mut walk, from, &balancer.vpc, flow);
            walk.hop(&balancer.id, &reply(flow), || {
                let own = self.estate.front(balancer, flow.destination);
                Self::way_back(balancer, self.way(&own, &from.vpc, flow.source))
            });
        }
        if !near {
            self.at_acl(&mut walk, from, &vswitch, Direction::Ingress, &reply(flow));
        }
        walk
    }

    /// The same from premises.
    fn to_front_from(&self, from: &Premises, balancer: &Balancer, flow: &Flow) -> Walk {
        let own = self.estate.front(balancer, flow.destination);
        let mut walk = Walk::new();
        self.carried(&mut walk, from, (flow.destination, flow.source), flow);
        walk.hop(door(from), flow, || self.inward(from, &own, flow.destination));
        self.edge_boundaries(&mut walk, from, &own, flow);
        walk.hop(&balancer.id, &reply(flow), || Self::way_back(balancer, self.outward(&own, from, flow.source)));
        self.handed(&mut walk, from, (flow.destination, flow.source), &reply(flow));
        walk
    }

    /// That replies go by the table of the vSwitch that holds the address no document says: where it does not lead back,
    /// they may still find their way.
    fn way_back(balancer: &Balancer, by_table: Decision) -> Decision {
        let otherwise = unknown(format!("the way back from {}", balancer.id));
        Decision { passes: by_table.passes.or(otherwise), ..by_table }
    }

    /// ALB-2; whether a shared group's intra-group policy covers the balancer as well is not documented.
    fn relay_groups(&self, from: Client<'_>, balancer: &Balancer, flow: &Flow) -> Decision {
        if let Some(what) = balancer.vpc.gap() {
            return Decision::new(unknown(what.clone()), "ALB-2", None);
        }
        let mut decision = self.balancer_groups(balancer, flow);
        let open = |id: &&Id| {
            self.estate.group(id).is_none_or(|group| {
                group.inner != Seen::Known(Policy::Drop) && group.kind != Seen::Known(GroupKind::Advanced)
            })
        };
        let shared = |id: &&Id| match from {
            Client::Inside(from) => from.groups.known().is_some_and(|groups| groups.contains(id)),
            Client::Outside(_) => false,
        };
        let mut own = balancer.groups.known().into_iter().flatten().filter(shared);
        if let Some(id) = own.find(open) {
            decision.passes = agree([decision.passes, Truth::Yes], || {
                unknown(format!("whether the intra-group policy of {id} covers {}", balancer.id))
            });
        }
        decision
    }

    /// NLB-3: the network ACL of the vSwitch that holds the address, unless the client is in it (NACL-3).
    fn relay_acl(&self, from: Client<'_>, balancer: &Balancer, flow: &Flow) -> Truth {
        let ids = match &balancer.vswitches {
            Seen::Known(ids) if !ids.is_empty() => ids,
            Seen::Missing(what) => return unknown(what.clone()),
            _ => return unknown(format!("vSwitches of {}", balancer.id)),
        };
        let serves = |id: &&Id| {
            let vswitch = self.estate.vswitch(id);
            vswitch.is_some_and(|vswitch| vswitch.cidrs.iter().any(|net| net.contains(&flow.destination)))
        };
        let some = ids.iter().any(|id| serves(&id));
        let each = ids.iter().filter(|id| !some || serves(id)).map(|id| match self.estate.vswitch(id) {
            _ if matches!(from, Client::Inside(from) if from.vswitch.known() == Some(id)) => Truth::Yes,
            None => unknown(format!("vSwitch {id}")),
            Some(vswitch) => {
                let back = self.acl(vswitch, Direction::Egress, &reply(flow)).1.passes;
                self.acl(vswitch, Direction::Ingress, flow).1.passes.and(back)
            }
        });
        agree(each, || unknown(format!("the vSwitch of {} that serves {}", balancer.id, flow.destination)))
    }
}
