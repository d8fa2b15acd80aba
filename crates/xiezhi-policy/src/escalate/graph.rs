//! The graph of footholds: plain edges, and edges that need two footholds at once. Forward chaining with unit costs finds the cheapest
//! derivation of every node (Knuth's generalisation of Dijkstra's algorithm).

use std::collections::BTreeMap;

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
    /// such an edge hide a sure path of any length. With a goal, only the nodes that can lead to it ([`Graph::towards`]) are walked.
    pub fn closure(&self, starts: &[u32], nodes: usize, perhaps: bool, goal: Option<(u32, &[bool])>) -> Closure {
        let mut cost = vec![u32::MAX; nodes];
        let mut by = vec![None; nodes];
        let mut done = vec![false; nodes];
        let mut queue: std::collections::BTreeSet<(u32, u32)> = std::collections::BTreeSet::new();
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
            if goal.is_some_and(|(goal, _)| goal == node) {
                break;
            }
            for number in self.of.get(node as usize).into_iter().flatten() {
                let Some(edge) = self.edges.get(*number as usize) else { continue };
                let leads = goal.is_none_or(|(_, towards)| towards.get(edge.to as usize).copied().unwrap_or(false));
                if !leads || (!edge.sure && !perhaps) {
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
                let step = u32::from(edge.costs).saturating_add(if edge.sure { 0 } else { 10_000 });
                let total = before.saturating_add(step);
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

    /// The nodes that a derivation of the goal can start from: every node with a way to it when an edge is taken to need just one of its
    /// footholds. Whatever is not among them does not lead there, with missing evidence or without.
    pub fn towards(&self, goal: u32, nodes: usize) -> Vec<bool> {
        let mut into: Vec<Vec<u32>> = vec![Vec::new(); nodes];
        for edge in &self.edges {
            if let Some(list) = into.get_mut(edge.to as usize) {
                list.extend(edge.needs.iter().flatten());
            }
        }
        let mut leads = vec![false; nodes];
        let mut open = vec![goal];
        while let Some(node) = open.pop() {
            if let Some(slot) = leads.get_mut(node as usize).filter(|slot| !**slot) {
                *slot = true;
                open.extend(into.get(node as usize).into_iter().flatten());
            }
        }
        leads
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

/// The edges that derive a node, each after those it needs, and the edge by which each node on the way was reached.
#[derive(Debug, Clone, Default)]
pub(crate) struct Derivation {
    pub order: Vec<u32>,
    pub by: BTreeMap<u32, u32>,
}
