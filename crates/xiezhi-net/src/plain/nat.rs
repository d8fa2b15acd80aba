//! NAT gateways (section 3.5), one packet at a time.

use super::filters::Decision;
use super::matching::{self, Judge, agree, unknown};
use super::{Walk, reply};
use crate::assume::{Assumption, Truth};
use crate::model::{Dnat, Mapping, Nat, NextHop, Nic, Seen};
use crate::path::{Entry, Target, Trace};
use crate::set::Flow;

impl Judge<'_> {
    /// NAT-1 to NAT-4, NAT-7: a DNAT entry; `None` when it does not concern the flow.
    pub(super) fn through_dnat(&self, nat: &Nat, entry: &Dnat, flow: &Flow) -> Option<Trace> {
        let (port, mapped) = match &entry.mapping {
            Mapping::Whole => (flow.port, Truth::Yes),
            Mapping::Ports { protocol, external, internal } => {
                let same = matching::number_of(*protocol) == Some(flow.protocol);
                if !same || flow.port < external.0 || flow.port > external.1 {
                    return None;
                }
                (internal.saturating_add(flow.port.saturating_sub(external.0)), Truth::Yes)
            }
            Mapping::Missing(what) => (flow.port, unknown(what.clone())),
        };
        let via = Some(Entry::Dnat(nat.id.clone(), entry.id.clone()));
        let mut walk = Walk::new();
        walk.hop(&nat.id, flow, || self.internet_boundary(flow));
        self.nat_gateway(&mut walk, nat, flow);
        walk.hop(&nat.id, flow, || Decision::new(mapped, "NAT-1", Some(&entry.id)));
        let Some(eni) = self.estate.at(&nat.vpc, entry.internal.into()) else {
            walk.hop(&nat.vpc, flow, || {
                Decision::new(
                    unknown(format!("the interface that holds {} in {}", entry.internal, nat.vpc)),
                    "NAT-1",
                    None,
                )
            });
            return Some(walk.end(via, Target::Address(nat.vpc.clone(), entry.internal.into())));
        };
        let target = Target::Interface(eni.id.clone());
        let inner = Flow { destination: entry.internal.into(), port, ..*flow };
        let beside = self.estate.own_eip(eni, entry.internal.into()).is_some()
            || eni.public.iter().any(|own| own.private == entry.internal);
        if beside {
            walk.hop(&eni.id, &inner, || Decision::new(self.readings.of(Assumption::DnatBesideEip), "NAT-3", None));
        }
        let back = reply(&inner);
        self.routed(&mut walk, eni, &back, &|hop| self.toward(hop, matches!(hop, NextHop::Nat(id) if *id == nat.id)));
        if walk.stopped() {
            return Some(walk.end(via, target));
        }
        // A-DNATSRC: with the client's address, or with an address of the gateway.
        let alone = |packet: Flow| {
            let mut walk = Walk::new();
            self.enter(&mut walk, eni, &packet, Nic::Intranet, true);
            walk
        };
        let kept = alone(inner);
        let rewritten = match &nat.addresses {
            Seen::Known(own) => {
                agree(own.iter().map(|own| alone(Flow { source: (*own).into(), ..inner }).verdict), || {
                    unknown(format!("which address {} uses", nat.id))
                })
            }
            Seen::Absent => unknown(format!("private addresses of {}", nat.id)),
            Seen::Missing(what) => unknown(what.clone()),
        };
        let whole = self.choose(Assumption::DnatSource, kept.verdict.clone(), rewritten);
        if whole == kept.verdict {
            walk.hops.extend(kept.hops);
            walk.verdict = walk.verdict.and(whole);
        } else {
            walk.hop(&eni.id, &inner, || Decision::new(whole, "NAT-4", None));
        }
        Some(walk.end(via, target))
    }

    /// PUB-2 for a NAT gateway: its own vSwitch needs the route when an IPv4 gateway is active.
    pub(super) fn nat_gateway(&self, walk: &mut Walk, nat: &Nat, flow: &Flow) {
        let Some(vpc) = self.estate.vpc(&nat.vpc) else {
            return walk.hop(&nat.id, flow, || Decision::new(unknown(format!("VPC {}", nat.vpc)), "PUB-1", None));
        };
        let decision = match &vpc.ipv4_gateway {
            Seen::Absent => Decision::new(Truth::Yes, "PUB-1", None),
            seen => {
                let is = |hop: &NextHop| {
                    self.toward(
                        hop,
                        matches!(hop, NextHop::Ipv4Gateway(other) if seen.known().is_none_or(|id| id == other)),
                    )
                };
                let decision = match nat.vswitch.known().and_then(|id| self.estate.vswitch(id)) {
                    Some(vswitch) => self.route_of(vswitch, flow.source, &is).1,
                    None => Decision::new(unknown(format!("vSwitch of {}", nat.id)), "PUB-2", None),
                };
                match seen.gap() {
                    Some(what) => {
                        Decision { passes: agree([decision.passes, Truth::Yes], || unknown(what.clone())), ..decision }
                    }
                    None => decision,
                }
            }
        };
        walk.hop(&vpc.id, flow, || decision);
    }
}
