//! From an interface or from premises to an interface endpoint of PrivateLink, by it to a listener of the load balancer behind the service,
//! and to the servers behind that (PL-1), one packet at a time.

use super::Walk;
use super::filters::Decision;
use super::inside::holds;
use super::matching::{Judge, stated, unknown};
use crate::assume::Truth;
use crate::model::{Balancer, BalancerKind, Client, Eni, Listener, PrivateEndpoint, Seen};
use crate::path::{Target, Trace};
use crate::set::Flow;

impl Judge<'_> {
    /// The listener itself, and each server behind it; nothing when the endpoint has no such address or the listener does
    /// not take the flow.
    pub(crate) fn linked(
        &self,
        from: Client<'_>,
        endpoint: &PrivateEndpoint,
        balancer: &Balancer,
        listener: &Listener,
        flow: &Flow,
    ) -> Vec<Trace> {
        let own = endpoint.interfaces.iter().filter_map(|id| self.estate.eni(id));
        let other = |eni: &&Eni| !matches!(from, Client::Inside(from) if from.id == eni.id);
        let Some(at) = own.into_iter().filter(other).find(|eni| holds(eni, flow.destination)) else {
            return Vec::new();
        };
        if !Self::takes(balancer, listener, flow) {
            return Vec::new();
        }
        let reached = match from {
            Client::Inside(from) => self.between(from, at, flow),
            Client::Outside(from) => self.arriving(from, at, flow),
        };
        let Some(reached) = reached else { return Vec::new() };
        let mut walk = Walk { hops: reached.hops, verdict: reached.verdict };
        walk.hop(&endpoint.id, flow, || {
            let connected = stated(&endpoint.connected, || unknown(format!("state of {}", endpoint.id)));
            Decision::new(connected, "PL-1", Some(&endpoint.service))
        });
        if endpoint.balancers.known().is_some_and(|ids| ids.len() > 1) {
            walk.hop(&endpoint.id, flow, || {
                Decision::new(unknown(format!("which load balancer serves {}", endpoint.id)), "PL-1", None)
            });
        }
        walk.hop(&balancer.id, flow, || Self::running(listener));
        for refuses in self.by_client(balancer, listener) {
            // What lists and groups name is an address, and which one arrives nobody says.
            let open = match refuses {
                Some(what) => unknown(what),
                None => unknown(format!("the client address behind {}", endpoint.id)),
            };
            walk.hop(&balancer.id, flow, || Decision::new(open.clone(), "PL-1", None));
        }
        let mut traces = Vec::new();
        for backend in listener.backends.known().into_iter().flatten().filter(|_| !listener.redirect) {
            let mut walk = Walk { hops: walk.hops.clone(), verdict: walk.verdict.clone() };
            let hidden = match balancer.kind {
                BalancerKind::Clb => listener.protocol.is_layer7(),
                BalancerKind::Alb => true,
                BalancerKind::Nlb => listener.preserve_client == Seen::Known(false),
                BalancerKind::Gwlb => false,
            };
            let target = if hidden {
                self.backend(&mut walk, balancer, listener, backend, flow)
            } else {
                walk.hop(&balancer.id, flow, || {
                    let seen = unknown(format!("the client address behind {}", endpoint.id));
                    let takes = stated(&backend.takes_flows, || Truth::Yes);
                    Decision::new(takes.and(seen), "PL-1", None)
                });
                self.estate.backend_target(balancer, backend)
            };
            traces.push(walk.end(None, target));
        }
        traces.insert(0, walk.end(None, Target::Listener(balancer.id.clone(), listener.id.clone())));
        traces
    }

    /// What before a listener asks for the client's address: what is missing of it, or nothing but the address itself.
    fn by_client(&self, balancer: &Balancer, listener: &Listener) -> Vec<Option<String>> {
        let mut all = Vec::new();
        match &listener.access {
            Seen::Absent => {}
            Seen::Known(_) => all.push(None),
            Seen::Missing(what) => all.push(Some(what.to_string())),
        }
        if matches!(balancer.kind, BalancerKind::Alb | BalancerKind::Nlb) {
            match &balancer.groups {
                Seen::Absent => {}
                Seen::Known(groups) => all.extend(groups.first().map(|_| None)),
                Seen::Missing(what) => all.push(Some(what.to_string())),
            }
        }
        if balancer.kind == BalancerKind::Nlb {
            let ids = balancer.vswitches.known().map_or(&[][..], Vec::as_slice);
            match &balancer.vswitches {
                Seen::Missing(what) => all.push(Some(what.to_string())),
                _ if ids.is_empty() => all.push(Some(format!("vSwitches of {}", balancer.id))),
                _ => {}
            }
            for id in ids {
                match self.estate.vswitch(id).map(|vswitch| &vswitch.acl) {
                    Some(Seen::Absent) => {}
                    Some(Seen::Known(_)) => all.push(None),
                    Some(Seen::Missing(what)) => all.push(Some(what.to_string())),
                    None => all.push(Some(format!("vSwitch {id}"))),
                }
            }
        }
        all
    }
}
