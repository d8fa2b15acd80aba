//! Sets of IPv4 and IPv6 addresses.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::IpNet;

use super::ranges::{Number, Ranges};

/// A set of addresses of both families, kept apart: an IPv4 range never holds an IPv6 address (M-2).
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Addresses {
    /// The IPv4 part, as numbers in host order.
    pub v4: Ranges<u32>,
    /// The IPv6 part, as numbers in host order.
    pub v6: Ranges<u128>,
}

impl Addresses {
    /// No address.
    #[must_use]
    pub fn empty() -> Self {
        Self::default()
    }

    /// Every address of both families.
    #[must_use]
    pub fn all() -> Self {
        Self { v4: Ranges::all(), v6: Ranges::all() }
    }

    /// One address.
    #[must_use]
    pub fn one(address: IpAddr) -> Self {
        Self::from_nets([IpNet::from(address)])
    }

    /// The union of prefixes; host bits are masked (SG-13).
    #[must_use]
    pub fn from_nets(nets: impl IntoIterator<Item = IpNet>) -> Self {
        let (mut v4, mut v6) = (Vec::new(), Vec::new());
        for net in nets {
            match net {
                IpNet::V4(net) => v4.push((u32::from(net.network()), u32::from(net.broadcast()))),
                IpNet::V6(net) => v6.push((u128::from(net.network()), u128::from(net.broadcast()))),
            }
        }
        Self { v4: Ranges::collect(v4), v6: Ranges::collect(v6) }
    }

    /// The union of prefixes and bare addresses given as text, or the first text that is neither.
    ///
    /// # Errors
    /// Returns the text that is not an address or a prefix.
    pub fn parse(texts: &[&str]) -> Result<Self, String> {
        texts
            .iter()
            .map(|text| crate::model::net(text).ok_or_else(|| (*text).to_owned()))
            .collect::<Result<Vec<_>, _>>()
            .map(Self::from_nets)
    }

    /// Whether no address is in the set.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.v4.is_empty() && self.v6.is_empty()
    }

    /// Whether the address is in the set.
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        match address {
            IpAddr::V4(address) => self.v4.contains(address.into()),
            IpAddr::V6(address) => self.v6.contains(address.into()),
        }
    }

    /// What either set holds.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        Self { v4: self.v4.union(&other.v4), v6: self.v6.union(&other.v6) }
    }

    /// What both sets hold.
    #[must_use]
    pub fn intersect(&self, other: &Self) -> Self {
        Self { v4: self.v4.intersect(&other.v4), v6: self.v6.intersect(&other.v6) }
    }

    /// What this set holds and the other does not.
    #[must_use]
    pub fn subtract(&self, other: &Self) -> Self {
        Self { v4: self.v4.subtract(&other.v4), v6: self.v6.subtract(&other.v6) }
    }

    /// Whether every address of this set is in the other.
    #[must_use]
    pub fn is_subset(&self, other: &Self) -> bool {
        self.v4.is_subset(&other.v4) && self.v6.is_subset(&other.v6)
    }

    /// Whether the sets share an address.
    #[must_use]
    pub fn meets(&self, other: &Self) -> bool {
        self.v4.meets(&other.v4) || self.v6.meets(&other.v6)
    }

    /// The smallest set of prefixes that covers exactly this set, IPv4 first, ascending.
    #[must_use]
    pub fn nets(&self) -> Vec<IpNet> {
        let v4 = self
            .v4
            .iter()
            .flat_map(|(low, high)| ipnet::Ipv4Subnets::new(Ipv4Addr::from(low), Ipv4Addr::from(high), 0))
            .map(IpNet::V4);
        let v6 = self
            .v6
            .iter()
            .flat_map(|(low, high)| ipnet::Ipv6Subnets::new(Ipv6Addr::from(low), Ipv6Addr::from(high), 0))
            .map(IpNet::V6);
        v4.chain(v6).collect()
    }
}

impl Addresses {
    /// 100.64.0.0/10, from which CLB talks to backends at layer 7 (CLB-5).
    pub(crate) fn platform() -> Self {
        Self { v4: Ranges::between(0x6440_0000, 0x647f_ffff), ..Self::empty() }
    }

    /// The resolvers 100.100.2.128/28 and 100.100.2.112/28 and the metadata service 100.100.100.200, which no network
    /// ACL filters (NACL-6).
    pub(crate) fn never_filtered() -> Self {
        let v4 = [(0x6464_0270, 0x6464_028f), (0x6464_64c8, 0x6464_64c8)];
        Self { v4: Ranges::collect(v4), ..Self::empty() }
    }
}

/// The two address families, for code that is written once for both.
pub(crate) trait Family: Number {
    /// The part of a set that belongs to this family.
    fn of(addresses: &Addresses) -> &Ranges<Self>;
    /// The number of an address of this family.
    fn number(address: IpAddr) -> Option<Self>;
    fn address(self) -> IpAddr;
}

impl Family for u32 {
    fn of(addresses: &Addresses) -> &Ranges<Self> {
        &addresses.v4
    }
    fn number(address: IpAddr) -> Option<Self> {
        match address {
            IpAddr::V4(address) => Some(address.into()),
            IpAddr::V6(_) => None,
        }
    }
    fn address(self) -> IpAddr {
        IpAddr::V4(self.into())
    }
}

impl Family for u128 {
    fn of(addresses: &Addresses) -> &Ranges<Self> {
        &addresses.v6
    }
    fn number(address: IpAddr) -> Option<Self> {
        match address {
            IpAddr::V6(address) => Some(address.into()),
            IpAddr::V4(_) => None,
        }
    }
    fn address(self) -> IpAddr {
        IpAddr::V6(self.into())
    }
}

/// Prefixes that are never a source on the internet (M-3; IANA special-purpose registries).
pub(crate) const NOT_INTERNET_V4: [(u32, u8); 14] = [
    (0x0000_0000, 8),
    (0x0a00_0000, 8),
    (0x6440_0000, 10),
    (0x7f00_0000, 8),
    (0xa9fe_0000, 16),
    (0xac10_0000, 12),
    (0xc000_0000, 24),
    (0xc000_0200, 24),
    (0xc0a8_0000, 16),
    (0xc612_0000, 15),
    (0xc633_6400, 24),
    (0xcb00_7100, 24),
    (0xe000_0000, 4),
    (0xf000_0000, 4),
];

/// Global unicast IPv6 and the documentation prefixes inside it (RFC 4291, RFC 3849, RFC 9637).
const GLOBAL_V6: (u128, u8) = (0x2000 << 112, 3);
const DOCUMENTATION_V6: [(u128, u8); 2] = [(0x2001_0db8 << 96, 32), (0x3fff << 112, 20)];

/// Unicast addresses that packets from the internet can carry (M-3), before user CIDRs are removed.
#[must_use]
pub fn internet() -> Addresses {
    let v4 = NOT_INTERNET_V4
        .iter()
        .filter_map(|(address, length)| ipnet::Ipv4Net::new(Ipv4Addr::from(*address), *length).ok())
        .map(IpNet::V4);
    let v6 = DOCUMENTATION_V6
        .iter()
        .filter_map(|(address, length)| ipnet::Ipv6Net::new(Ipv6Addr::from(*address), *length).ok())
        .map(IpNet::V6);
    let global = ipnet::Ipv6Net::new(Ipv6Addr::from(GLOBAL_V6.0), GLOBAL_V6.1).ok().map(IpNet::V6);
    let base = Addresses { v4: Ranges::all(), v6: Addresses::from_nets(global).v6 };
    base.subtract(&Addresses::from_nets(v4.chain(v6)))
}
