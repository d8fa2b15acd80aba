//! Cloud Firewall as a filter over packet sets (section 5).

use super::band::{Clause, Filter};
use super::fields::{Bounds, Face, Fields, Reader, plain_protocols};
use super::filters::of_version;
use crate::assume::{Assumption, Reasons, Truth, missing};
use crate::model::{Boundary, Direction, FirewallAction, FirewallPolicy, Seen};
use crate::set::{Family, Match, Ranges};

impl Reader<'_> {
    /// CFW-2 to CFW-4: one boundary. What a policy for an application or domain does depends on the
    /// engine mode; reachable means that some traffic passes.
    pub(super) fn boundary_filter<A: Family>(&self, boundary: &Boundary, direction: Option<Direction>) -> Filter<A> {
        let everything = || Match::everything().blocks();
        let policies = match &boundary.policies {
            Seen::Known(policies) => policies.as_slice(),
            Seen::Absent => &[],
            Seen::Missing(what) => {
                return Filter::first_match(&[Clause {
                    accept: true,
                    sure: Vec::new(),
                    possible: Some((everything(), missing(what.clone()))),
                    rule: None,
                    law: "CFW-2",
                }]);
            }
        };
        let mut ordered: Vec<&FirewallPolicy> = policies
            .iter()
            .filter(|policy| policy.enabled && direction.is_none_or(|wanted| policy.direction == wanted))
            .collect();
        ordered.sort_by_key(|policy| policy.order);
        let mut clauses = Vec::new();
        for policy in ordered {
            let family = of_version(policy.version);
            let (source, destination) = (self.peer(&policy.source, None), self.peer(&policy.destination, None));
            let fields = Fields {
                protocols: plain_protocols(&policy.protocol, &policy.id),
                ports: self.ports(&policy.ports),
                source_ports: Bounds::exact(Ranges::all()),
                own: destination,
                peer: Bounds {
                    sure: source.sure.intersect(&family),
                    possible: source.possible.map(|(set, why)| (set.intersect(&family), why)),
                },
            };
            let matches = fields.matches(Face::In);
            let (effects, doubt) = self.effects(policy, &boundary.strict);
            let mut why: Reasons = doubt;
            if !policy.permanent {
                why.extend(missing(format!("times at which policy {} holds", policy.id)));
            }
            let certain = why.is_empty() && matches.possible.is_none();
            why.extend(matches.possible.as_ref().into_iter().flat_map(|(_, why)| why.iter().cloned()));
            let most = matches.most().blocks();
            // A policy that stops for sure keeps its sure part only when nothing else is in doubt.
            let stops_surely =
                effects.len() == 1 && policy.permanent && self.effects(policy, &boundary.strict).1.is_empty();
            for accept in effects {
                let sure = if stops_surely { matches.sure.blocks() } else { Vec::new() };
                let possible = if certain { None } else { Some((most.clone(), why.clone())) };
                clauses.push(Clause { accept, sure, possible, rule: Some(policy.id.clone()), law: "CFW-2" });
            }
        }
        clauses.push(Clause { accept: true, sure: everything(), possible: None, rule: None, law: "CFW-3" });
        Filter::first_match(&clauses)
    }

    /// The ways in which a policy may end evaluation (drop first), and why there is more than one or
    /// why it may step aside instead.
    fn effects(&self, policy: &FirewallPolicy, strict: &Seen<bool>) -> (Vec<bool>, Reasons) {
        match policy.action {
            FirewallAction::Accept => (vec![true], Reasons::new()),
            FirewallAction::Monitor => match self.readings.of(Assumption::FirewallMonitor) {
                Truth::Yes => (vec![true], Reasons::new()),
                Truth::No => (Vec::new(), Reasons::new()),
                Truth::Unknown(why) => (vec![true], why),
            },
            FirewallAction::Drop => {
                let (narrow, mut why) = match &policy.narrow {
                    Seen::Known(narrow) => (Some(*narrow), Reasons::new()),
                    Seen::Absent => (Some(false), Reasons::new()),
                    Seen::Missing(what) => (None, missing(what.clone())),
                };
                if narrow == Some(false) {
                    return (vec![false], why);
                }
                let mode = match strict {
                    Seen::Known(strict) => Some(*strict),
                    Seen::Absent => {
                        why.extend(missing("engine mode of Cloud Firewall"));
                        None
                    }
                    Seen::Missing(what) => {
                        why.extend(missing(what.clone()));
                        None
                    }
                };
                let mut effects = Vec::new();
                if narrow.is_none() {
                    effects.push(false);
                }
                if mode != Some(true) {
                    effects.push(true);
                }
                (effects, why)
            }
        }
    }
}
