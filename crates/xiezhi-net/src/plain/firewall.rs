//! Cloud Firewall (section 5), one packet at a time.

use std::net::IpAddr;

use super::filters::{Decision, Outcome};
use super::matching::{Judge, agree, number_of, stated, unknown};
use crate::assume::{Assumption, Truth};
use crate::model::{Boundary, Direction, FirewallAction, IpVersion, Protocol, Seen};
use crate::set::Flow;

impl Judge<'_> {
    /// CFW-1 to CFW-4 on the internet boundary, for packets to a public address.
    pub(super) fn internet_boundary(&self, flow: &Flow) -> Decision {
        self.at_boundary(flow.destination, Direction::Ingress, flow)
    }

    /// The same before a public address, for packets to it or from it.
    pub(super) fn at_boundary(&self, public: IpAddr, direction: Direction, flow: &Flow) -> Decision {
        let firewall = &self.estate.net.firewall;
        let boundary = if direction == Direction::Ingress { &firewall.internet } else { &firewall.outward };
        let on = match &firewall.assets {
            Seen::Absent => Truth::No,
            Seen::Missing(what) => unknown(what.clone()),
            Seen::Known(assets) => assets
                .iter()
                .find(|asset| asset.address == public)
                .map_or(Truth::No, |asset| stated(&asset.on, || Truth::No)),
        };
        match on {
            Truth::No => Decision::new(Truth::Yes, "CFW-1", None),
            Truth::Yes => self.boundary(boundary, Some(direction), flow),
            Truth::Unknown(why) => {
                let mut decision = self.boundary(boundary, Some(direction), flow);
                decision.passes = agree([decision.passes, Truth::Yes], || Truth::Unknown(why));
                decision
            }
        }
    }

    /// CFW-2 to CFW-4: policies by order, first match, no match allows. A policy for an application or
    /// domain lets traffic that it cannot identify pass in loose mode and steps aside in strict mode;
    /// reachable means that some traffic passes.
    pub(super) fn boundary(&self, boundary: &Boundary, direction: Option<Direction>, flow: &Flow) -> Decision {
        let policies = match &boundary.policies {
            Seen::Known(policies) => policies,
            Seen::Absent => return Decision::new(Truth::Yes, "CFW-3", None),
            Seen::Missing(what) => return Decision::new(unknown(what.clone()), "CFW-2", None),
        };
        let mut ordered: Vec<_> = policies
            .iter()
            .filter(|policy| policy.enabled && direction.is_none_or(|direction| policy.direction == direction))
            .collect();
        ordered.sort_by_key(|policy| policy.order);
        let mut outcome = Outcome { sure: None, possible: Vec::new() };
        for policy in ordered {
            if IpVersion::of(flow.source) != policy.version {
                continue;
            }
            let protocol = match &policy.protocol {
                Seen::Known(Protocol::All) => Truth::Yes,
                Seen::Known(protocol) => Truth::known(number_of(*protocol) == Some(flow.protocol)),
                Seen::Absent => unknown(format!("protocol of {}", policy.id)),
                Seen::Missing(what) => unknown(what.clone()),
            };
            let mut matched = protocol
                .and(self.port(&policy.ports, flow.protocol, flow.port))
                .and(self.peer(&policy.source, None, flow.source))
                .and(self.peer(&policy.destination, None, flow.destination));
            if matched.is_no() {
                continue;
            }
            if !policy.permanent {
                matched = matched.and(unknown(format!("times at which policy {} holds", policy.id)));
            }
            // What the policy does to traffic that the client can choose: accept (stop), drop (stop) or step aside.
            let mut effects: Vec<Option<bool>> = Vec::new();
            match policy.action {
                FirewallAction::Accept => effects.push(Some(true)),
                FirewallAction::Monitor => {
                    let stops = self.readings.of(Assumption::FirewallMonitor);
                    if !stops.is_no() {
                        effects.push(Some(true));
                    }
                    if !stops.is_yes() {
                        effects.push(None);
                    }
                    if let Truth::Unknown(_) = stops {
                        matched = matched.and(stops);
                    }
                }
                FirewallAction::Drop => {
                    let narrow = match &policy.narrow {
                        Seen::Known(narrow) => Truth::known(*narrow),
                        Seen::Absent => Truth::No,
                        Seen::Missing(what) => unknown(what.clone()),
                    };
                    let strict = match &boundary.strict {
                        Seen::Known(strict) => Truth::known(*strict),
                        Seen::Absent => unknown("engine mode of Cloud Firewall"),
                        Seen::Missing(what) => unknown(what.clone()),
                    };
                    if !narrow.is_yes() {
                        effects.push(Some(false));
                    }
                    if !narrow.is_no() {
                        if !strict.is_yes() {
                            effects.push(Some(true));
                        }
                        if !strict.is_no() {
                            effects.push(None);
                        }
                        if let Truth::Unknown(_) = strict {
                            matched = matched.and(strict);
                        }
                    }
                    if let Truth::Unknown(_) = narrow {
                        matched = matched.and(narrow);
                    }
                }
            }
            match (matched, effects.as_slice()) {
                (Truth::Yes, [Some(accept)]) => {
                    outcome.sure = Some((Truth::known(*accept), "CFW-2".into(), Some(policy.id.clone())));
                    break;
                }
                (Truth::Unknown(why), effects) => {
                    outcome.possible.extend(effects.iter().flatten().map(|accept| (*accept, why.clone())))
                }
                _ => {}
            }
        }
        outcome.decision(Decision::new(Truth::Yes, "CFW-3", None))
    }
}
