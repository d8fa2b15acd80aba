//! Answers read off the graph: paths, administrators, blast radius.

use super::super::graph::{Closure, Derivation};
use super::super::rules::pattern;
use super::super::{BlastRadius, Foothold, Path, Start, Step};
use super::{ADMINISTRATOR, Escalation, OUTSIDE, at};
use crate::ask::Truth;
use crate::decide::Gap;
use crate::estate::Principal;

impl Escalation<'_> {
    pub(super) fn node(&self, start: Start) -> u32 {
        match start {
            Start::User(i) => at(self.users_at, i),
            Start::AccessKey(i) => self.keys.get(&i).copied().unwrap_or_else(|| at(self.users_at, i)),
            Start::Role(i) => at(self.roles_at, i),
            Start::Host(i) => at(self.hosts_at, i),
            Start::Outside => OUTSIDE,
        }
    }

    /// Does the start lead to administrator, and by which shortest path?
    #[must_use]
    pub fn administrator(&self, start: Start) -> Path {
        self.path(self.node(start))
    }

    pub(super) fn path(&self, node: u32) -> Path {
        let (truth, derivation) = self.find(node);
        let mut gaps: Vec<Gap> = match truth {
            Truth::Unknown => derivation
                .order
                .iter()
                .filter_map(|number| self.graph.edges.get(*number as usize))
                .flat_map(|edge| edge.proof.gaps.iter().cloned())
                .collect(),
            _ => Vec::new(),
        };
        gaps.sort();
        gaps.dedup();
        Path { truth, steps: self.steps(&derivation), gaps }
    }

    /// Whether a node leads to administrator, and the cheapest derivation of that.
    fn find(&self, node: u32) -> (Truth, Derivation) {
        for (perhaps, truth, ways) in [(false, Truth::Yes, &self.sure_ways), (true, Truth::Unknown, &self.ways)] {
            let ways = ways.get_or_init(|| self.graph.ways_to(ADMINISTRATOR, self.names.len(), perhaps));
            if let Some(derivation) = self.graph.cheapest(ways, node, ADMINISTRATOR, perhaps) {
                return (truth, derivation);
            }
        }
        (Truth::No, Derivation::default())
    }

    pub(super) fn reached(&self, closure: &Closure, node: u32) -> bool {
        closure.cost.get(node as usize).is_some_and(|cost| *cost != u32::MAX)
    }

    pub(super) fn name(&self, node: u32) -> Option<Foothold> {
        self.names.get(node as usize).cloned().flatten()
    }

    pub(super) fn steps(&self, derivation: &Derivation) -> Vec<Step> {
        let order = &derivation.order;
        let edge_of = |number: &u32| self.graph.edges.get(*number as usize);
        // The named foothold behind a bookkeeping node, and the one in front of it.
        let behind = |mut node: u32| loop {
            if let Some(name) = self.name(node) {
                return Some(name);
            }
            node = edge_of(derivation.by.get(&node)?)?.needs.iter().flatten().copied().next()?;
        };
        let before = |node: u32| {
            self.name(node).or_else(|| {
                let edge = order.iter().filter_map(edge_of).find(|e| e.needs.contains(&Some(node)))?;
                self.name(edge.to)
            })
        };
        order
            .iter()
            .filter_map(edge_of)
            .filter_map(|edge| {
                let id = edge.pattern?;
                let mut from: Vec<Foothold> = edge.needs.iter().flatten().filter_map(|n| behind(*n)).collect();
                from.dedup();
                Some(Step {
                    pattern: id,
                    from,
                    to: before(edge.to)?,
                    grants: edge.proof.grants.clone(),
                    conditions: edge.proof.conditions.clone(),
                    witness: edge.proof.witness.clone(),
                    depends_on: edge.proof.depends_on.clone(),
                    by_twin: edge.proof.by_twin.clone(),
                    basis: edge.proof.basis.or_else(|| pattern(id).map(|rule| rule.basis)),
                })
            })
            .collect()
    }

    /// Every principal that is, or can become, administrator, or of which that is not known; users first, in the order of the lists.
    #[must_use]
    pub fn administrators(&self) -> Vec<(Principal, Path)> {
        let users = (0..self.estate.users.items.len()).map(|i| (Principal::User(i), Start::User(i)));
        let roles = (0..self.estate.roles.items.len()).map(|i| (Principal::Role(i), Start::Role(i)));
        users
            .chain(roles)
            .map(|(principal, start)| (principal, self.administrator(start)))
            .filter(|(_, path)| path.truth != Truth::No)
            .collect()
    }

    /// Everything that a foothold leads to.
    #[must_use]
    pub fn blast_radius(&self, start: Start) -> BlastRadius {
        let node = self.node(start);
        let name = match start {
            Start::AccessKey(i) => {
                let user = self.estate.users.items.get(i);
                user.map_or(Foothold::Outside, |user| Foothold::AccessKey(user.name.clone()))
            }
            _ => self.name(node).unwrap_or(Foothold::Outside),
        };
        let sure = self.graph.closure(&[node], self.names.len(), false, None);
        let mut reached: Vec<(Foothold, u32)> = Vec::new();
        let mut powers = Vec::new();
        for (other, cost) in sure.cost.iter().enumerate().filter(|(_, cost)| **cost != u32::MAX) {
            let other = u32::try_from(other).unwrap_or(u32::MAX);
            if other != node
                && let Some(foothold) = self.name(other)
            {
                reached.push((foothold, *cost));
            }
            for power in self.powers.get(&other).into_iter().flatten() {
                let whose = self.named_before(&sure, other).unwrap_or_else(|| name.clone());
                powers.push((whose, power.clone()));
            }
        }
        reached.sort_by(|a, b| a.1.cmp(&b.1).then_with(|| a.0.cmp(&b.0)));
        let perhaps = self.graph.closure(&[node], self.names.len(), true, None);
        let open = (0..self.names.len())
            .filter_map(|n| u32::try_from(n).ok())
            .filter(|n| self.reached(&perhaps, *n) && !self.reached(&sure, *n))
            .filter_map(|n| self.name(n))
            .collect();
        BlastRadius { start: name, reached, perhaps: open, powers, administrator: self.path(node) }
    }

    pub(super) fn named_before(&self, closure: &Closure, mut node: u32) -> Option<Foothold> {
        loop {
            if let Some(name) = self.name(node) {
                return Some(name);
            }
            let number = closure.by.get(node as usize).copied().flatten()?;
            node = self.graph.edges.get(number as usize)?.needs.iter().flatten().copied().next()?;
        }
    }

    /// Number of nodes and edges.
    #[must_use]
    pub fn size(&self) -> (usize, usize) {
        (self.names.len(), self.graph.edges.len())
    }
}
