//! Interval layers: maps from ranges of one axis to a set over the remaining axes.

use std::sync::Arc;

use super::ranges::{Number, Ranges};

/// What a layer can hold: a set with the usual operations.
pub(crate) trait Cover: Clone + PartialEq {
    fn is_empty(&self) -> bool;
    fn union(&self, other: &Self) -> Self;
    fn intersect(&self, other: &Self) -> Self;
    fn subtract(&self, other: &Self) -> Self;
    fn is_subset(&self, other: &Self) -> bool;
}

/// Sorted, disjoint ranges of `K`, each with a non-empty set below; equal neighbours are merged.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) struct Layer<K, C>(Vec<(K, K, C)>);

/// Protocol, destination port, source port, source ranges of one address family.
pub(crate) type Inner<A> = Layer<u8, Layer<u16, Layer<u16, Ranges<A>>>>;
/// A packet set of one family; the part below the destination is shared between destinations.
pub(crate) type Space<A> = Layer<A, Arc<Inner<A>>>;

impl<K, C> Default for Layer<K, C> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<K: Number, C: Cover> Layer<K, C> {
    /// The same set below over all `keys`.
    pub(crate) fn over(keys: &Ranges<K>, below: &C) -> Self {
        if below.is_empty() {
            return Self::default();
        }
        Self(keys.iter().map(|(low, high)| (low, high, below.clone())).collect())
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (K, K, &C)> {
        self.0.iter().map(|(low, high, below)| (*low, *high, below))
    }

    /// The set below one key.
    pub(crate) fn at(&self, key: K) -> Option<&C> {
        let next = self.0.partition_point(|(low, _, _)| *low <= key);
        let (_, high, below) = self.0.get(next.checked_sub(1)?)?;
        (key <= *high).then_some(below)
    }

    /// The keys under which something lies.
    pub(crate) fn keys(&self) -> Ranges<K> {
        Ranges::collect(self.0.iter().map(|(low, high, _)| (*low, *high)))
    }

    fn push(&mut self, low: K, high: K, below: C) {
        if below.is_empty() {
            return;
        }
        if let Some(last) = self.0.last_mut()
            && last.1.above() == Some(low)
            && last.2 == below
        {
            last.1 = high;
            return;
        }
        self.0.push((low, high, below));
    }

    /// Walks both layers side by side; `left` and `right` say whether parts of only one side stay.
    fn zip(&self, other: &Self, left: bool, right: bool, both: impl Fn(&C, &C) -> C) -> Self {
        let mut out = Self(Vec::with_capacity(self.0.len().max(other.0.len())));
        let mut ours = self.0.iter().map(|(low, high, below)| (*low, *high, below));
        let mut theirs = other.0.iter().map(|(low, high, below)| (*low, *high, below));
        let (mut a, mut b) = (ours.next(), theirs.next());
        loop {
            match (a, b) {
                (None, None) => return out,
                (Some((low, high, below)), None) => {
                    if !left {
                        return out;
                    }
                    out.push(low, high, below.clone());
                    a = ours.next();
                }
                (None, Some((low, high, below))) => {
                    if !right {
                        return out;
                    }
                    out.push(low, high, below.clone());
                    b = theirs.next();
                }
                (Some((al, ah, ac)), Some((bl, bh, bc))) => {
                    if al < bl {
                        let end = bl.below().map_or(ah, |end| end.min(ah));
                        if left {
                            out.push(al, end, ac.clone());
                        }
                        a = if ah < bl { ours.next() } else { Some((bl, ah, ac)) };
                    } else if bl < al {
                        let end = al.below().map_or(bh, |end| end.min(bh));
                        if right {
                            out.push(bl, end, bc.clone());
                        }
                        b = if bh < al { theirs.next() } else { Some((al, bh, bc)) };
                    } else {
                        let end = ah.min(bh);
                        out.push(al, end, both(ac, bc));
                        a = end
                            .above()
                            .filter(|next| *next <= ah)
                            .map_or_else(|| ours.next(), |next| Some((next, ah, ac)));
                        b = end
                            .above()
                            .filter(|next| *next <= bh)
                            .map_or_else(|| theirs.next(), |next| Some((next, bh, bc)));
                    }
                }
            }
        }
    }

    /// Keeps what lies over `keys`.
    pub(crate) fn only(&self, keys: &Ranges<K>) -> Self {
        let mut out = Self::default();
        let (mut ours, mut wanted) = (self.0.iter(), keys.iter());
        let (mut a, mut b) = (ours.next(), wanted.next());
        while let (Some((al, ah, below)), Some((bl, bh))) = (a, b) {
            let (low, high) = ((*al).max(bl), (*ah).min(bh));
            if low <= high {
                out.push(low, high, below.clone());
            }
            if *ah < bh {
                a = ours.next();
            } else {
                b = wanted.next();
            }
        }
        out
    }

    /// Rewrites every set below; parts that become empty disappear.
    pub(crate) fn map<D: Cover>(&self, mut change: impl FnMut(&C) -> D) -> Layer<K, D> {
        let mut out = Layer(Vec::with_capacity(self.0.len()));
        for (low, high, below) in &self.0 {
            out.push(*low, *high, change(below));
        }
        out
    }

    /// Takes what lies over `keys` out of this layer: `take` removes from a set below and returns
    /// what it removed. Only the entries that `keys` touch are visited. Neighbours are not merged
    /// again, so compare only after [`Self::tidy`].
    pub(crate) fn take(&mut self, keys: &Ranges<K>, take: &mut impl FnMut(&mut C) -> C) -> Self {
        let mut taken = Self::default();
        for (low, high) in keys.iter() {
            let from = self.0.partition_point(|(_, end, _)| *end < low);
            let to = self.0.partition_point(|(start, _, _)| *start <= high);
            if from >= to {
                continue;
            }
            let mut kept = Vec::new();
            for (start, end, mut below) in self.0.splice(from..to, []).collect::<Vec<_>>() {
                if let Some(edge) = low.below()
                    && start <= edge
                {
                    kept.push((start, edge, below.clone()));
                }
                let after = high.above().filter(|edge| *edge <= end).map(|edge| (edge, end, below.clone()));
                let hit = take(&mut below);
                let (start, end) = (start.max(low), end.min(high));
                taken.push(start, end, hit);
                if !below.is_empty() {
                    kept.push((start, end, below));
                }
                kept.extend(after);
            }
            self.0.splice(from..from, kept);
        }
        taken
    }

    /// Merges equal neighbours again after [`Self::take`].
    pub(crate) fn tidy(&self, below: impl Fn(&C) -> C) -> Self {
        self.map(below)
    }
}

impl<K: Number, C: Cover> Cover for Layer<K, C> {
    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
    fn union(&self, other: &Self) -> Self {
        self.zip(other, true, true, Cover::union)
    }
    fn intersect(&self, other: &Self) -> Self {
        self.zip(other, false, false, Cover::intersect)
    }
    fn subtract(&self, other: &Self) -> Self {
        self.zip(other, true, false, Cover::subtract)
    }
    fn is_subset(&self, other: &Self) -> bool {
        self.subtract(other).is_empty()
    }
}

impl<C: Cover> Cover for Arc<C> {
    fn is_empty(&self) -> bool {
        (**self).is_empty()
    }
    fn union(&self, other: &Self) -> Self {
        if Self::ptr_eq(self, other) || other.is_empty() {
            return Self::clone(self);
        }
        if Cover::is_empty(self) {
            return Self::clone(other);
        }
        Self::new((**self).union(other))
    }
    fn intersect(&self, other: &Self) -> Self {
        if Self::ptr_eq(self, other) { Self::clone(self) } else { Self::new((**self).intersect(other)) }
    }
    fn subtract(&self, other: &Self) -> Self {
        if other.is_empty() { Self::clone(self) } else { Self::new((**self).subtract(other)) }
    }
    fn is_subset(&self, other: &Self) -> bool {
        Self::ptr_eq(self, other) || (**self).is_subset(other)
    }
}

/// One box of one family: a product of ranges. An axis of a portless protocol must hold port 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Block<A> {
    pub(crate) source: Ranges<A>,
    pub(crate) destination: Ranges<A>,
    pub(crate) protocols: Ranges<u8>,
    pub(crate) source_ports: Ranges<u16>,
    pub(crate) ports: Ranges<u16>,
}

impl<A: Number> Block<A> {
    pub(crate) fn space(&self) -> Space<A> {
        let sources = Layer::over(&self.source_ports, &self.source);
        let inner = Layer::over(&self.protocols, &Layer::over(&self.ports, &sources));
        Layer::over(&self.destination, &Arc::new(inner))
    }
}

impl<A: Number> Space<A> {
    /// Takes one box out of this set and returns what was there.
    pub(crate) fn take_block(&mut self, block: &Block<A>) -> Self {
        self.take(&block.destination, &mut |inner: &mut Arc<Inner<A>>| {
            let inner = Arc::make_mut(inner);
            Arc::new(inner.take(&block.protocols, &mut |ports| {
                ports.take(&block.ports, &mut |sources| {
                    sources.take(&block.source_ports, &mut |from| {
                        let hit = from.intersect(&block.source);
                        if !hit.is_empty() {
                            *from = from.subtract(&block.source);
                        }
                        hit
                    })
                })
            }))
        })
    }

    /// The canonical form after any number of [`Self::take_block`].
    pub(crate) fn canonical(&self) -> Self {
        self.tidy(|inner| Arc::new(inner.tidy(|ports| ports.tidy(|sources| sources.tidy(Clone::clone)))))
    }
}
