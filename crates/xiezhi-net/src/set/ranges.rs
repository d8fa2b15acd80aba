//! Sorted, disjoint, merged ranges of numbers: ports, protocols and addresses.

use std::fmt;

use super::layer::Cover;

/// A number that can stand on an axis of a packet set.
pub trait Number: Copy + Ord + fmt::Debug + std::hash::Hash + Send + Sync + 'static {
    /// The smallest value of the axis.
    const MIN: Self;
    /// The largest value of the axis.
    const MAX: Self;
    /// The value one above, or `None` at the top of the axis.
    fn above(self) -> Option<Self>;
    /// The value one below, or `None` at the bottom of the axis.
    fn below(self) -> Option<Self>;
}

macro_rules! number {
    ($($kind:ty),*) => {$(
        impl Number for $kind {
            const MIN: Self = <$kind>::MIN;
            const MAX: Self = <$kind>::MAX;
            fn above(self) -> Option<Self> {
                self.checked_add(1)
            }
            fn below(self) -> Option<Self> {
                self.checked_sub(1)
            }
        }
    )*};
}
number!(u8, u16, u32, u128);

/// A set of numbers as sorted, disjoint, merged, inclusive ranges. Equal sets are equal values.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Ranges<N>(Vec<(N, N)>);

/// A set of TCP or UDP ports.
pub type Ports = Ranges<u16>;

impl<N: Number> Default for Ranges<N> {
    fn default() -> Self {
        Self::empty()
    }
}

impl<N: fmt::Debug> fmt::Debug for Ranges<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.iter().map(|(low, high)| (low, high))).finish()
    }
}

impl<N: Number> Ranges<N> {
    /// The set with nothing in it.
    #[must_use]
    pub const fn empty() -> Self {
        Self(Vec::new())
    }

    /// The whole axis.
    #[must_use]
    pub fn all() -> Self {
        Self(vec![(N::MIN, N::MAX)])
    }

    /// One number.
    #[must_use]
    pub fn one(number: N) -> Self {
        Self(vec![(number, number)])
    }

    /// The numbers from `low` to `high`, both included; empty when `low` is above `high`.
    #[must_use]
    pub fn between(low: N, high: N) -> Self {
        if low > high { Self::empty() } else { Self(vec![(low, high)]) }
    }

    /// The union of inclusive ranges in any order; a range that runs backwards counts as empty.
    #[must_use]
    pub fn collect(ranges: impl IntoIterator<Item = (N, N)>) -> Self {
        let mut sorted: Vec<(N, N)> = ranges.into_iter().filter(|(low, high)| low <= high).collect();
        sorted.sort_unstable();
        let mut out = Self(Vec::with_capacity(sorted.len()));
        for (low, high) in sorted {
            out.append(low, high);
        }
        out
    }

    /// Adds a range whose `low` is not below any earlier `low`.
    fn append(&mut self, low: N, high: N) {
        if let Some(last) = self.0.last_mut()
            && last.1.above().is_none_or(|next| low <= next)
        {
            last.1 = last.1.max(high);
            return;
        }
        self.0.push((low, high));
    }

    /// Whether nothing is in the set.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether the number is in the set.
    #[must_use]
    pub fn contains(&self, number: N) -> bool {
        let next = self.0.partition_point(|(low, _)| *low <= number);
        next.checked_sub(1).and_then(|at| self.0.get(at)).is_some_and(|(_, high)| number <= *high)
    }

    /// The inclusive ranges, ascending.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (N, N)> + '_ {
        self.0.iter().copied()
    }

    /// The smallest number, if any.
    #[must_use]
    pub fn first(&self) -> Option<N> {
        self.0.first().map(|(low, _)| *low)
    }

    /// How many separate ranges the set has.
    #[must_use]
    pub fn pieces(&self) -> usize {
        self.0.len()
    }

    /// What either set holds.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        if self.is_empty() {
            return other.clone();
        }
        if other.is_empty() {
            return self.clone();
        }
        let mut out = Self(Vec::with_capacity(self.0.len().saturating_add(other.0.len())));
        let (mut left, mut right) = (self.0.iter().peekable(), other.0.iter().peekable());
        loop {
            let next = match (left.peek(), right.peek()) {
                (None, None) => return out,
                (Some(a), Some(b)) if a.0 <= b.0 => left.next(),
                (Some(_), None) => left.next(),
                _ => right.next(),
            };
            if let Some((low, high)) = next {
                out.append(*low, *high);
            }
        }
    }

    /// What both sets hold.
    #[must_use]
    pub fn intersect(&self, other: &Self) -> Self {
        let mut out = Vec::new();
        let (mut left, mut right) = (self.0.iter(), other.0.iter());
        let (mut a, mut b) = (left.next(), right.next());
        while let (Some(x), Some(y)) = (a, b) {
            let (low, high) = (x.0.max(y.0), x.1.min(y.1));
            if low <= high {
                out.push((low, high));
            }
            if x.1 < y.1 {
                a = left.next();
            } else {
                b = right.next();
            }
        }
        Self(out)
    }

    /// What this set holds and the other does not.
    #[must_use]
    pub fn subtract(&self, other: &Self) -> Self {
        let mut out = Vec::with_capacity(self.0.len());
        let mut cuts = other.0.iter().peekable();
        for (low, high) in &self.0 {
            let mut from = Some(*low);
            while cuts.peek().is_some_and(|cut| cut.1 < *low) {
                cuts.next();
            }
            while let (Some(start), Some(cut)) = (from, cuts.peek()) {
                if cut.0 > *high {
                    break;
                }
                if let Some(end) = cut.0.below()
                    && start <= end
                {
                    out.push((start, end));
                }
                from = cut.1.above().map(|next| next.max(start)).filter(|next| next <= high);
                if cut.1 <= *high {
                    cuts.next();
                } else {
                    break;
                }
            }
            if let Some(start) = from
                && start <= *high
            {
                out.push((start, *high));
            }
        }
        Self(out)
    }

    /// What this set does not hold.
    #[must_use]
    pub fn complement(&self) -> Self {
        Self::all().subtract(self)
    }

    /// Whether every number of this set is in the other.
    #[must_use]
    pub fn is_subset(&self, other: &Self) -> bool {
        self.0.iter().all(|(low, high)| {
            let next = other.0.partition_point(|(start, _)| start <= low);
            next.checked_sub(1).and_then(|at| other.0.get(at)).is_some_and(|(_, end)| high <= end)
        })
    }

    /// Whether the two sets share a number.
    #[must_use]
    pub fn meets(&self, other: &Self) -> bool {
        let (mut left, mut right) = (self.0.iter(), other.0.iter());
        let (mut a, mut b) = (left.next(), right.next());
        while let (Some(x), Some(y)) = (a, b) {
            if x.0.max(y.0) <= x.1.min(y.1) {
                return true;
            }
            if x.1 < y.1 {
                a = left.next();
            } else {
                b = right.next();
            }
        }
        false
    }
}

impl<N: Number> Cover for Ranges<N> {
    fn is_empty(&self) -> bool {
        self.is_empty()
    }
    fn union(&self, other: &Self) -> Self {
        self.union(other)
    }
    fn intersect(&self, other: &Self) -> Self {
        self.intersect(other)
    }
    fn subtract(&self, other: &Self) -> Self {
        self.subtract(other)
    }
    fn is_subset(&self, other: &Self) -> bool {
        self.is_subset(other)
    }
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests {
    use super::*;

    fn ranges(bits: u8) -> Ranges<u8> {
        Ranges::collect(
            (0..8).filter(|bit| bits >> bit & 1 == 1).map(|bit| if bit == 7 { (255, 255) } else { (bit, bit) }),
        )
    }

    #[test]
    fn every_operation_agrees_with_membership_on_all_pairs_of_small_sets() {
        for a in 0..=255 {
            for b in 0..=255 {
                let (x, y) = (ranges(a), ranges(b));
                assert_eq!(x.union(&y), ranges(a | b));
                assert_eq!(x.intersect(&y), ranges(a & b));
                assert_eq!(x.subtract(&y), ranges(a & !b));
                assert_eq!(x.is_subset(&y), a & !b == 0);
                assert_eq!(x.meets(&y), a & b != 0);
            }
        }
    }

    #[test]
    fn neighbouring_ranges_merge_so_that_equal_sets_are_equal_values() {
        assert_eq!(Ranges::<u16>::collect([(0, 9), (10, 20)]), Ranges::between(0, 20));
        assert_eq!(Ranges::<u32>::collect([(0x8000_0000, u32::MAX), (0, 0x7fff_ffff)]), Ranges::all());
    }

    #[test]
    fn the_complement_reaches_both_ends_of_the_axis() {
        assert_eq!(Ranges::<u8>::between(0, 254).complement(), Ranges::one(255));
        assert_eq!(Ranges::<u8>::all().complement(), Ranges::empty());
        assert!(Ranges::<u8>::between(9, 3).is_empty());
    }
}
