//! The graph of footholds: plain edges, and edges that need two footholds at once. Forward chaining with unit costs finds the cheapest
//! derivation of every node (Knuth's generalisation of Dijkstra's algorithm).

use std::collections::{BTreeMap, BTreeSet};

use super::Edge;

/// A derivation of the nodes that can be reached.
#[derive(Debug, Clone)]
pub(crate) struct Closure {
    /// Cost of each node; `u32::MAX` when it is not reached.
    pub cost: Vec<u32>,
    /// The edge by which each node was reached.
    pub by: Vec<Option<u32>>,
}

/// Edges by the nodes that they need.
#[derive(Debug, Default)]
pub(crate) struct Graph {
    pub edges: Vec<Edge>,
    /// Edges that need a node.
    pub of: Vec<Vec<u32>>,
}

impl Graph {
    pub fn add(&mut self, edge: Edge) {
        let number = u32::try_from(self.edges.len()).unwrap_or(u32::MAX);
        for node in edge.needs.iter().flatten() {
            let at = *node as usize;
            if self.of.len() <= at {
                self.of.resize_with(at.saturating_add(1), Vec::new);
            }
            if let Some(list) = self.of.get_mut(at) {
                list.push(number);
            }
        }
        self.edges.push(edge);
    }

    /// Everything reachable from some nodes; `perhaps` also walks edges that missing evidence leaves open, at a cost that never lets
    /// such an edge hide a sure path of any length. With a goal, only what can lead to it for less than the bound is walked.
    pub fn closure(&self, starts: &[u32], nodes: usize, perhaps: bool, goal: Option<&Goal<'_>>) -> Closure {
        let mut cost = vec![u32::MAX; nodes];
        let mut by = vec![None; nodes];
        let mut done = vec![false; nodes];
        let mut queue: BTreeSet<(u32, u32)> = BTreeSet::new();
        for start in starts {
            if let Some(slot) = cost.get_mut(*start as usize) {
                *slot = 0;
                queue.insert((0, *start));
            }
        }
        while let Some((_, node)) = queue.pop_first() {
            if let Some(slot) = done.get_mut(node as usize) {
                if *slot {
                    continue;
                }
                *slot = true;
            }
            if goal.is_some_and(|goal| goal.node == node) {
                break;
            }
            for number in self.of.get(node as usize).into_iter().flatten() {
                let Some(edge) = self.edges.get(*number as usize) else { continue };
                if !edge.sure && !perhaps {
                    continue;
                }
                // Every foothold that the edge needs must be settled; the dearest decides.
                let mut dearest = Some(0_u32);
                for need in edge.needs.iter().flatten() {
                    let settled = done.get(*need as usize).copied().unwrap_or(false);
                    dearest = if settled {
                        dearest.map(|d| d.saturating_add(cost.get(*need as usize).copied().unwrap_or(0)))
                    } else {
                        None
                    };
                    if dearest.is_none() {
                        break;
                    }
                }
                let Some(before) = dearest else { continue };
                let total = before.saturating_add(step(edge));
                if goal.is_some_and(|goal| total.saturating_add(at(goal.least, edge.to)) >= goal.below) {
                    continue;
                }
                if let Some(slot) = cost.get_mut(edge.to as usize)
                    && total < *slot
                {
                    *slot = total;
                    queue.insert((total, edge.to));
                    if let Some(via) = by.get_mut(edge.to as usize) {
                        *via = Some(*number);
                    }
                }
            }
        }
        Closure { cost, by }
    }

    /// What is known of every node about one goal, found once for all starts; `perhaps` as in [`Graph::closure`].
    pub fn ways_to(&self, goal: u32, nodes: usize, perhaps: bool) -> Ways {
        let mut into: Vec<Vec<u32>> = vec![Vec::new(); nodes];
        for (number, edge) in (0_u32..).zip(&self.edges).filter(|(_, edge)| edge.sure || perhaps) {
            if let Some(list) = into.get_mut(edge.to as usize) {
                list.push(number);
            }
        }
        let (cost, next) = self.back(&into, goal, |edge| edge.needs.iter().flatten().count() == 1);
        let (least, _) = self.back(&into, goal, |_| true);
        Ways { cost, next, least }
    }

    /// Costs to a goal and the next edge on the way there, over the edges that are let through, as if each needed just one foothold.
    fn back(&self, into: &[Vec<u32>], goal: u32, through: impl Fn(&Edge) -> bool) -> (Vec<u32>, Vec<Option<u32>>) {
        let mut cost = vec![u32::MAX; into.len()];
        let mut next = vec![None; into.len()];
        let mut queue = BTreeSet::from([(0, goal)]);
        if let Some(slot) = cost.get_mut(goal as usize) {
            *slot = 0;
        }
        while let Some((before, node)) = queue.pop_first() {
            if at(&cost, node) < before {
                continue;
            }
            for number in into.get(node as usize).into_iter().flatten() {
                let Some(edge) = self.edges.get(*number as usize).filter(|edge| through(edge)) else { continue };
                let total = before.saturating_add(step(edge));
                for from in edge.needs.iter().flatten() {
                    if let Some(slot) = cost.get_mut(*from as usize).filter(|slot| total < **slot) {
                        *slot = total;
                        queue.insert((total, *from));
                        if let Some(via) = next.get_mut(*from as usize) {
                            *via = Some(*number);
                        }
                    }
                }
            }
        }
        (cost, next)
    }

    /// The cheapest derivation of a goal from one node; `None` when there is none.
    pub fn cheapest(&self, ways: &Ways, start: u32, goal: u32, perhaps: bool) -> Option<Derivation> {
        // Where even the bound is not below the plain way, edges that need two footholds cannot better it.
        let (cost, least) = (at(&ways.cost, start), at(&ways.least, start));
        if least < cost {
            let bound = Goal { node: goal, least: &ways.least, below: cost };
            let closure = self.closure(&[start], ways.cost.len(), perhaps, Some(&bound));
            if at(&closure.cost, goal) != u32::MAX {
                return Some(self.derivation(&closure, goal));
            }
        }
        let mut found = Derivation::default();
        let mut node = start;
        while node != goal {
            let number = ways.next.get(node as usize).copied().flatten()?;
            let edge = self.edges.get(number as usize)?;
            found.order.push(number);
            found.by.insert(edge.to, number);
            node = edge.to;
        }
        Some(found)
    }

    /// How a node was reached.
    pub fn derivation(&self, closure: &Closure, node: u32) -> Derivation {
        let mut found = Derivation::default();
        let mut open = vec![(node, false)];
        while let Some((at, expanded)) = open.pop() {
            let Some(Some(number)) = closure.by.get(at as usize) else { continue };
            if expanded {
                if found.by.insert(at, *number).is_none() {
                    found.order.push(*number);
                }
                continue;
            }
            if found.by.contains_key(&at) {
                continue;
            }
            open.push((at, true));
            if let Some(edge) = self.edges.get(*number as usize) {
                open.extend(edge.needs.iter().flatten().map(|need| (*need, false)));
            }
        }
        found
    }
}

/// The cost of an edge; one that missing evidence leaves open costs more than any sure way.
fn step(edge: &Edge) -> u32 {
    u32::from(edge.costs).saturating_add(if edge.sure { 0 } else { 10_000 })
}

/// What a closure looks for: a node, a lower bound of each node's cost to it, and the cost that must be undercut.
pub(crate) struct Goal<'w> {
    pub node: u32,
    pub least: &'w [u32],
    pub below: u32,
}

/// Every node's ways to one goal. Costs are `u32::MAX` where there is no way.
#[derive(Debug)]
pub(crate) struct Ways {
    /// The cost of the cheapest way over edges that need one foothold alone.
    cost: Vec<u32>,
    /// The next edge on that way.
    next: Vec<Option<u32>>,
    /// A lower bound of the cost of any derivation: an edge that needs two footholds is taken to need either.
    least: Vec<u32>,
}

fn at(costs: &[u32], node: u32) -> u32 {
    costs.get(node as usize).copied().unwrap_or(u32::MAX)
}

/// The edges that derive a node, each after those it needs, and the edge by which each node on the way was reached.
#[derive(Debug, Clone, Default)]
pub(crate) struct Derivation {
    pub order: Vec<u32>,
    pub by: BTreeMap<u32, u32>,
}
