//! Flows from an interface out to the internet (sections 3.2 to 3.5, SG-23, CFW-1), one packet at a time.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use super::filters::{Decision, GroupDefault};
use super::matching::{Judge, agree, stated, unknown};
use super::ways::not;
use super::{Walk, reply};
use crate::assume::{Assumption, Truth};
use crate::model::{Bound, Direction, Eip, EipMode, Eni, Id, Ipv6, Mapping, Nat, NextHop, Nic, Seen};
use crate::path::{Exit, Target, Trace};
use crate::set::Flow;

/// A public address that a packet may carry outside, or what is missing of it.
pub(super) type Public = Result<Ipv4Addr, Arc<str>>;

impl Judge<'_> {
    /// Every way that a flow of an interface may take to the internet: one trace for each. Its source is an address that
    /// the interface holds, in its own network; none for a destination that is not on the internet.
    pub(crate) fn outside(&self, from: &Eni, flow: &Flow) -> Vec<Trace> {
        if !self.is_internet(flow.destination) || flow.source.is_ipv4() != flow.destination.is_ipv4() {
            return Vec::new();
        }
        let mut traces = Vec::new();
        let classic = from.vpc == Seen::Absent;
        for own in &from.public {
            // SG-2: in the classic network the public address is a second interface of the instance.
            let seen = if classic { own.public } else { own.private };
            if IpAddr::V4(seen) == flow.source {
                traces.push(self.by_address(
                    Walk::new(),
                    from,
                    flow,
                    own.public.into(),
                    Exit::Own(from.id.clone()),
                    classic,
                ));
            }
        }
        if classic {
            return traces;
        }
        for eip in &self.estate.net.eips {
            traces.extend(self.by_eip(from, eip, flow));
        }
        for own in from.ipv6.iter().filter(|own| IpAddr::V6(own.address) == flow.source) {
            traces.push(self.by_ipv6(from, own, flow));
        }
        if super::inside::holds(from, flow.source) {
            for nat in self.nats_of(from).into_iter().filter(|_| flow.source.is_ipv4()) {
                traces.push(self.by_nat(from, &nat, flow));
            }
            for next in self.onward_of(from) {
                traces.push(self.by_route(from, &next, flow));
            }
        }
        traces
    }

    /// Security group, platform and network ACL before a packet leaves the interface.
    pub(super) fn leave(&self, walk: &mut Walk, from: &Eni, flow: &Flow, nic: Nic, acl: bool) {
        walk.hop(&from.id, flow, || self.groups(from, Direction::Egress, nic, flow, GroupDefault::OfGroups));
        if flow.protocol == 6 && flow.port == 25 {
            walk.hop(&from.id, flow, || Decision::new(not(self.readings.of(Assumption::MailPort)), "SG-23", None));
        }
        if acl {
            self.at_acl(walk, from, &self.vswitch(from), Direction::Egress, flow);
        }
    }

    /// NACL-4: the reply comes back into the vSwitch.
    pub(super) fn answered(&self, mut walk: Walk, from: &Eni, flow: &Flow, acl: bool, exit: Exit) -> Trace {
        if acl {
            self.at_acl(&mut walk, from, &self.vswitch(from), Direction::Ingress, &reply(flow));
        }
        walk.end(None, Target::Internet(exit))
    }

    /// PUB-1, PUB-2, PUB-4: by a public IPv4 address that stands for the sender's.
    fn by_address(&self, mut walk: Walk, from: &Eni, flow: &Flow, public: IpAddr, exit: Exit, classic: bool) -> Trace {
        self.leave(&mut walk, from, flow, if classic { Nic::Internet } else { Nic::Intranet }, true);
        if !classic {
            self.gateway(&mut walk, from, flow.source, &reply(flow));
        }
        let outer = Flow { source: public, ..*flow };
        let at = match &exit {
            Exit::Eip(id) => id,
            _ => &from.id,
        };
        walk.hop(at, &outer, || self.at_boundary(public, Direction::Egress, &outer));
        self.answered(walk, from, flow, true, exit)
    }

    /// PUB-3: by an EIP, when it stands for the source.
    fn by_eip(&self, from: &Eni, eip: &Eip, flow: &Flow) -> Option<Trace> {
        let binding = eip.bound.known().filter(|_| eip.address.is_ipv4() == flow.source.is_ipv4())?;
        let exit = Exit::Eip(eip.id.clone());
        if let Bound::HaVip(id) = &binding.to {
            let havip = self.estate.net.havips.iter().find(|havip| havip.id == *id)?;
            let mut members = havip.members.known()?.iter().filter_map(|id| self.estate.interface(id));
            if IpAddr::V4(havip.address) != flow.source || !members.any(|eni| eni.id == from.id) {
                return None;
            }
            let mut walk = Walk::new();
            // Only the member that holds the address sends from it.
            walk.hop(&havip.id, flow, || {
                Decision::new(unknown(format!("which member holds {}", havip.id)), "PUB-3", None)
            });
            return Some(self.by_address(walk, from, flow, eip.address, exit, false));
        }
        let (eni, private) = self.estate.interface_of(eip)?;
        if eni.id != from.id {
            return None;
        }
        if binding.mode != EipMode::CutThrough {
            return (private == flow.source)
                .then(|| self.by_address(Walk::new(), from, flow, eip.address, exit, false));
        }
        // NACL-2: the interface itself holds the public address, and no network ACL applies.
        if eip.address != flow.source {
            return None;
        }
        let mut walk = Walk::new();
        self.leave(&mut walk, from, flow, Nic::Intranet, false);
        walk.hop(&eip.id, flow, || self.at_boundary(eip.address, Direction::Egress, flow));
        Some(self.answered(walk, from, flow, false, exit))
    }

    /// V6-1, V6-2: by an IPv6 address with bandwidth; an egress-only rule keeps nothing from leaving.
    fn by_ipv6(&self, from: &Eni, own: &Ipv6, flow: &Flow) -> Trace {
        let mut walk = Walk::new();
        self.leave(&mut walk, from, flow, Nic::Intranet, true);
        walk.hop(own.id.as_ref().unwrap_or(&from.id), flow, || {
            Decision::new(stated(&own.bandwidth, || Truth::No), "V6-1", None)
        });
        let gateway = match from.vpc.known().and_then(|id| self.estate.vpc(id)) {
            Some(vpc) => vpc.ipv6_gateway.clone(),
            None => Seen::Missing(format!("VPC of {}", from.id).into()),
        };
        self.out_by(
            &mut walk,
            from,
            &reply(flow),
            &gateway,
            |hop, id| matches!(hop, NextHop::Ipv6Gateway(other) if other == id),
        );
        walk.hop(&from.id, flow, || self.at_boundary(flow.source, Direction::Egress, flow));
        self.answered(walk, from, flow, true, Exit::Ipv6(from.id.clone()))
    }

    /// CFW-1: the boundaries before a NAT gateway, which see the private source.
    pub(super) fn nat_boundaries(&self, walk: &mut Walk, nat: &Id, flow: &Flow) {
        let borders = match &self.estate.net.firewall.nats {
            Seen::Absent => return,
            Seen::Missing(what) => return walk.hop(nat, flow, || Decision::new(unknown(what.clone()), "CFW-1", None)),
            Seen::Known(borders) => borders,
        };
        for border in borders.iter().filter(|border| border.nat == *nat) {
            walk.hop(&border.id, flow, || match &border.on {
                Seen::Known(true) => self.boundary(&border.boundary, None, flow),
                Seen::Known(false) | Seen::Absent => Decision::new(Truth::Yes, "CFW-1", None),
                Seen::Missing(what) => {
                    let decision = self.boundary(&border.boundary, None, flow);
                    let passes = agree([decision.passes, Truth::Yes], || unknown(what.clone()));
                    Decision { passes, ..decision }
                }
            });
        }
    }

    /// CFW-1 for whichever address of a NAT gateway the packet gets.
    pub(super) fn pool_boundary(&self, nat: &Nat, publics: &[Public], flow: &Flow) -> Decision {
        let unread = |what: Arc<str>| match &self.estate.net.firewall.assets {
            Seen::Absent => Decision::new(Truth::Yes, "CFW-1", None),
            _ => Decision::new(unknown(what), "CFW-1", None),
        };
        let mut each: Vec<Decision> = publics
            .iter()
            .map(|public| match public {
                Ok(address) => {
                    let address = IpAddr::V4(*address);
                    self.at_boundary(address, Direction::Egress, &Flow { source: address, ..*flow })
                }
                Err(what) => unread(Arc::clone(what)),
            })
            .collect();
        match each.len() {
            0 => unread(format!("public addresses of {}", nat.id).into()),
            1 => each.remove(0),
            _ => {
                let passes = each.into_iter().map(|one| one.passes);
                let why = || unknown(format!("which address {} uses", nat.id));
                Decision::new(agree(passes, why), "CFW-1", None)
            }
        }
    }

    /// PUB-6: whether an address is without a public one of its own, so that routes decide; behind an IPv4 gateway routes
    /// decide for others too, and `beside` says whether the way is theirs.
    pub(super) fn unpublished(&self, from: &Eni, source: IpAddr, beside: impl Fn() -> Truth) -> Truth {
        let net = self.estate.net;
        let mut eips = net.eips.iter().filter_map(|eip| self.estate.interface_of(eip));
        let published = eips.any(|(eni, private)| eni.id == from.id && private == source)
            || from.public.iter().any(|own| IpAddr::V4(own.private) == source);
        if !published {
            let unseen = net.eips.missing.iter().chain(net.eips.iter().filter_map(|eip| eip.bound.gap()));
            return unseen.map(|what| unknown(Arc::clone(what))).fold(Truth::Yes, Truth::and);
        }
        match from.vpc.known().and_then(|id| self.estate.vpc(id)).map(|vpc| &vpc.ipv4_gateway) {
            Some(Seen::Absent) => Truth::No,
            Some(Seen::Known(_)) => beside(),
            Some(Seen::Missing(what)) => agree([Truth::No, beside()], || unknown(Arc::clone(what))),
            None => agree([Truth::No, beside()], || unknown(format!("VPC of {}", from.id))),
        }
    }

    /// Whether a NAT gateway translates a source, by which entry, and the addresses that the packet may get: a DNAT entry
    /// of the whole address (PUB-6), else the SNAT entry with the longest source (NAT-6).
    pub(super) fn translation(&self, nat: &Nat, source: IpAddr) -> (Truth, Option<Id>, Vec<Public>) {
        let mut publics: Vec<Public> = Vec::new();
        let mut maybe = Truth::No;
        if let Seen::Missing(what) = &nat.dnat {
            publics.push(Err(Arc::clone(what)));
            maybe = maybe.or(unknown(Arc::clone(what)));
        }
        for entry in nat.dnat.known().into_iter().flatten().filter(|entry| IpAddr::V4(entry.internal) == source) {
            match &entry.mapping {
                Mapping::Whole => return (Truth::Yes, Some(entry.id.clone()), vec![Ok(entry.external)]),
                Mapping::Ports { .. } => {}
                Mapping::Missing(what) => {
                    publics.push(Ok(entry.external));
                    maybe = maybe.or(unknown(Arc::clone(what)));
                }
            }
        }
        let entries = match &nat.snat {
            Seen::Known(entries) => entries.as_slice(),
            Seen::Absent => &[],
            Seen::Missing(what) => {
                publics.push(Err(Arc::clone(what)));
                return (maybe.or(unknown(Arc::clone(what))), None, publics);
            }
        };
        let holding =
            entries.iter().filter_map(|entry| entry.source.known()).filter(|net| net.trunc().contains(&source));
        let longest = holding.map(|net| net.prefix_len()).max();
        let mut best = None;
        for entry in entries {
            let counts = match &entry.source {
                Seen::Known(net) => net.trunc().contains(&source) && Some(net.prefix_len()) == longest,
                Seen::Absent | Seen::Missing(_) => true,
            };
            if !counts {
                continue;
            }
            match &entry.source {
                Seen::Known(_) => best = best.or_else(|| Some(entry.id.clone())),
                Seen::Absent => maybe = maybe.or(unknown(format!("source of {}", entry.id))),
                Seen::Missing(what) => maybe = maybe.or(unknown(Arc::clone(what))),
            }
            match &entry.addresses {
                Seen::Known(own) => publics.extend(own.iter().copied().map(Ok)),
                Seen::Absent => publics.push(Err(format!("addresses of {}", entry.id).into())),
                Seen::Missing(what) => publics.push(Err(Arc::clone(what))),
            }
        }
        publics.sort();
        publics.dedup();
        let truth = if best.is_some() { Truth::Yes } else { maybe };
        (truth, best, publics)
    }
}
