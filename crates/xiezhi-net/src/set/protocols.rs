//! Sets of IP protocol numbers.

use super::ranges::Ranges;

/// A set of IP protocol numbers.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Protocols([u64; 4]);

impl Protocols {
    /// ICMP for IPv4, protocol number 1.
    pub const ICMP: Self = Self([1 << 1, 0, 0, 0]);
    /// TCP, protocol number 6.
    pub const TCP: Self = Self([1 << 6, 0, 0, 0]);
    /// UDP, protocol number 17.
    pub const UDP: Self = Self([1 << 17, 0, 0, 0]);
    /// GRE, protocol number 47.
    pub const GRE: Self = Self([1 << 47, 0, 0, 0]);
    /// ICMP for IPv6, protocol number 58.
    pub const ICMPV6: Self = Self([1 << 58, 0, 0, 0]);
    /// Every protocol number.
    pub const ALL: Self = Self([u64::MAX; 4]);
    /// The five protocols that have a name in rules: TCP, UDP, ICMP, ICMPv6 and GRE (SG-8).
    pub const NAMED: Self = Self([1 << 1 | 1 << 6 | 1 << 17 | 1 << 47 | 1 << 58, 0, 0, 0]);
    /// TCP and UDP: the protocols whose ports rules can match.
    pub const PORTED: Self = Self([1 << 6 | 1 << 17, 0, 0, 0]);

    /// Whether a protocol number is in the set.
    #[must_use]
    pub fn contains(self, protocol: u8) -> bool {
        let word = usize::from(protocol >> 6);
        self.0.get(word).is_some_and(|bits| bits >> (protocol & 63) & 1 == 1)
    }

    /// What both sets hold.
    #[must_use]
    pub fn intersect(self, other: Self) -> Self {
        let [a, b, c, d] = self.0;
        let [e, f, g, h] = other.0;
        Self([a & e, b & f, c & g, d & h])
    }

    /// What this set holds and the other does not.
    #[must_use]
    pub fn subtract(self, other: Self) -> Self {
        let [a, b, c, d] = other.0;
        self.intersect(Self([!a, !b, !c, !d]))
    }

    pub(crate) fn ranges(self) -> Ranges<u8> {
        if self == Self::ALL {
            return Ranges::all();
        }
        Ranges::collect((0..=u8::MAX).filter(|protocol| self.contains(*protocol)).map(|protocol| (protocol, protocol)))
    }
}
