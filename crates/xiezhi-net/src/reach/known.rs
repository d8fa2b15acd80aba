//! Sets of flows that are known from below and from above.

use std::sync::Arc;

use super::band::{Band, Filter, packets};
use super::routes::{Partition, split};
use crate::assume::{Reasons, Truth};
use crate::set::{Cover, Family, Layer, Match, Ranges, Space};

/// A set known from below and from above, with the reasons for the difference.
#[derive(Clone)]
pub(crate) struct Known<A: Family> {
    pub(crate) sure: Space<A>,
    pub(crate) may: Space<A>,
    pub(crate) doubts: Vec<(Reasons, Space<A>)>,
}

impl<A: Family> Known<A> {
    pub(super) fn of(filter: &Filter<A>) -> Self {
        Self { sure: filter.sure.clone(), may: filter.may.clone(), doubts: filter.doubts.clone() }
    }

    pub(super) fn exactly(rule: &Match) -> Self {
        let space = rule.blocks().iter().fold(Space::default(), |all, block| Cover::union(&all, &block.space()));
        Self { sure: space.clone(), may: space, doubts: Vec::new() }
    }

    pub(super) fn everything() -> Self {
        Self::exactly(&Match::everything())
    }

    pub(super) fn unknown(why: Reasons) -> Self {
        let all = Self::everything().may;
        Self { sure: Space::default(), may: all.clone(), doubts: vec![(why, all)] }
    }

    pub(crate) fn nothing() -> Self {
        Self { sure: Space::default(), may: Space::default(), doubts: Vec::new() }
    }

    pub(super) fn and(&self, other: &Self) -> Self {
        let may = Cover::intersect(&self.may, &other.may);
        let doubts =
            self.doubts.iter().chain(&other.doubts).map(|(why, set)| (why.clone(), Cover::intersect(set, &may)));
        let doubts = doubts.filter(|(_, set)| !Cover::is_empty(set)).collect();
        Self { sure: Cover::intersect(&self.sure, &other.sure), may, doubts }
    }

    pub(crate) fn or(&self, other: &Self) -> Self {
        let doubts = self.doubts.iter().chain(&other.doubts).cloned().collect();
        Self { sure: Cover::union(&self.sure, &other.sure), may: Cover::union(&self.may, &other.may), doubts }
    }

    pub(super) fn either(&self, other: &Self, why: &Reasons) -> Self {
        let (sure, may) = (Cover::intersect(&self.sure, &other.sure), Cover::union(&self.may, &other.may));
        let mut doubts: Vec<_> = self.doubts.iter().chain(&other.doubts).cloned().collect();
        doubts.push((why.clone(), Cover::subtract(&may, &sure)));
        Self { sure, may, doubts }
    }

    pub(super) fn without(&self, block: &Match) -> Self {
        let gone = Self::exactly(block).may;
        let cut = |set: &Space<A>| Cover::subtract(set, &gone);
        Self {
            sure: cut(&self.sure),
            may: cut(&self.may),
            doubts: self.doubts.iter().map(|(why, set)| (why.clone(), cut(set))).collect(),
        }
    }

    /// The flows that are among some others.
    pub(crate) fn among(&self, wanted: &Space<A>) -> Self {
        let within = |set: &Space<A>| Cover::intersect(set, wanted);
        Self {
            sure: within(&self.sure),
            may: within(&self.may),
            doubts: self.doubts.iter().map(|(why, set)| (why.clone(), within(set))).collect(),
        }
    }

    /// The flows if a condition holds.
    pub(super) fn given(&self, condition: &Truth) -> Self {
        match condition {
            Truth::Yes => self.clone(),
            Truth::No => Self::nothing(),
            Truth::Unknown(why) => {
                let mut doubts = self.doubts.clone();
                doubts.push((why.clone(), self.may.clone()));
                Self { sure: Space::default(), may: self.may.clone(), doubts }
            }
        }
    }

    /// The flows from some sources.
    pub(super) fn sending(&self, sources: &Ranges<A>) -> Self {
        self.by_source(|from| from.intersect(sources))
    }

    /// The flows as their senders see them, when every source is rewritten to one address.
    pub(super) fn sent_by(&self, source: A) -> Self {
        self.by_source(|from| if from.contains(source) { Ranges::all() } else { Ranges::empty() })
    }

    fn by_source(&self, change: impl Fn(&Ranges<A>) -> Ranges<A>) -> Self {
        let change =
            |set: &Space<A>| set.map(|inner| Arc::new(inner.map(|ports| ports.map(|sources| sources.map(&change)))));
        let doubts = self.doubts.iter().map(|(why, set)| (why.clone(), change(set)));
        let doubts = doubts.filter(|(_, set)| !Cover::is_empty(set)).collect();
        Self { sure: change(&self.sure), may: change(&self.may), doubts }
    }

    /// The flows to some destinations.
    pub(super) fn only(&self, destinations: &Ranges<A>) -> Self {
        Self {
            sure: self.sure.only(destinations),
            may: self.may.only(destinations),
            doubts: self.doubts.iter().map(|(why, set)| (why.clone(), set.only(destinations))).collect(),
        }
    }

    /// The flows to one destination.
    pub(super) fn at(&self, destination: A) -> Band<A> {
        let here = |set: &Space<A>| set.at(destination).cloned().unwrap_or_default();
        let doubts = self.doubts.iter().map(|(why, set)| (why.clone(), here(set)));
        let doubts = doubts.filter(|(_, set)| !Cover::is_empty(&**set)).collect();
        Band { sure: here(&self.sure), may: here(&self.may), doubts, parts: Arc::default(), open: false }
    }

    /// The flows to one destination that may be any of a region: sure is what is sure for each.
    pub(super) fn anywhere(&self, region: &Ranges<A>, why: &Reasons) -> Self {
        let covered = region.is_subset(&self.sure.keys());
        let inner = self.sure.iter().map(|(_, _, inner)| inner.clone()).reduce(|one, other| one.intersect(&other));
        let sure = match inner.filter(|_| covered) {
            Some(inner) => Layer::over(region, &inner),
            None => Space::default(),
        };
        let mut doubts = self.doubts.clone();
        doubts.push((why.clone(), Cover::subtract(&self.may, &sure)));
        doubts.retain(|(_, set)| !Cover::is_empty(set));
        Self { sure, may: self.may.clone(), doubts }
    }

    /// Why packets may pass but not surely.
    pub(crate) fn reasons(&self) -> Reasons {
        let gap = Cover::subtract(&self.may, &self.sure);
        self.doubts
            .iter()
            .filter(|(_, set)| !Cover::is_empty(&Cover::intersect(set, &gap)))
            .flat_map(|(why, _)| why.iter().cloned())
            .collect()
    }
}

/// Which side of a flow a partition speaks of.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    Source,
    Destination,
}

/// The flows for which a partition of one of their addresses holds.
pub(super) fn reached<A: Family>(partition: &Partition<A>, end: End) -> Known<A> {
    let (sure, may, doubts) = split(partition);
    let space = |ranges: &Ranges<A>| {
        let (source, destination) =
            if end == End::Source { (ranges.clone(), Ranges::all()) } else { (Ranges::all(), ranges.clone()) };
        Layer::over(&destination, &Arc::new(packets(&source, &Ranges::all(), &Ranges::all(), &Ranges::all())))
    };
    Known {
        sure: space(&sure),
        may: space(&may),
        doubts: doubts.into_iter().map(|(why, ranges)| (why, space(&ranges))).collect(),
    }
}
