//! Whether one rule matches one packet: field by field, in three values.

use std::net::IpAddr;

use ipnet::IpNet;

use crate::assume::{Assumption, Readings, Truth, missing};
use crate::model::{Eni, Estate, Id, Peer, PortMatch, Protocol, Seen};

/// The estate and the readings under which it is judged.
pub(crate) struct Judge<'a> {
    pub(crate) estate: &'a Estate<'a>,
    pub(crate) readings: &'a Readings,
}

/// Unknown because this evidence is missing.
pub(super) fn unknown(what: impl Into<std::sync::Arc<str>>) -> Truth {
    Truth::Unknown(missing(what))
}

/// What a switch says; `absent` when the evidence states none.
pub(super) fn stated(switch: &Seen<bool>, absent: impl FnOnce() -> Truth) -> Truth {
    match switch {
        Seen::Known(on) => Truth::known(*on),
        Seen::Absent => absent(),
        Seen::Missing(what) => unknown(what.clone()),
    }
}

/// All agree, or it depends on which one counts.
pub(super) fn agree(truths: impl IntoIterator<Item = Truth>, otherwise: impl FnOnce() -> Truth) -> Truth {
    let mut all: Vec<Truth> = truths.into_iter().collect();
    let Some(first) = all.pop() else { return otherwise() };
    if all.iter().all(|truth| *truth == first) && !matches!(first, Truth::Unknown(_)) {
        return first;
    }
    let mut reasons = match otherwise() {
        Truth::Unknown(reasons) => reasons,
        Truth::Yes | Truth::No => Default::default(),
    };
    for truth in all.into_iter().chain([first]) {
        if let Truth::Unknown(more) = truth {
            reasons.extend(more);
        }
    }
    Truth::Unknown(reasons)
}

/// Special-purpose IPv4 prefixes that no packet from the internet carries as source (M-3).
const NOT_INTERNET: [&str; 14] = [
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.0.0.0/24",
    "192.0.2.0/24",
    "192.168.0.0/16",
    "198.18.0.0/15",
    "198.51.100.0/24",
    "203.0.113.0/24",
    "224.0.0.0/4",
    "240.0.0.0/4",
];

fn within(prefix: &str, address: IpAddr) -> bool {
    prefix.parse::<IpNet>().is_ok_and(|net| net.contains(&address))
}

impl Judge<'_> {
    /// M-3: whether an address can be the source of a packet from the internet.
    pub(crate) fn is_internet(&self, address: IpAddr) -> bool {
        let public = match address {
            IpAddr::V4(_) => !NOT_INTERNET.iter().any(|prefix| within(prefix, address)),
            IpAddr::V6(_) => {
                within("2000::/3", address) && !within("2001:db8::/32", address) && !within("3fff::/20", address)
            }
        };
        public && !self.estate.net.vpcs.iter().flat_map(|vpc| &vpc.cidrs).any(|net| net.contains(&address))
    }

    /// SG-8: whether a security-group rule's protocol covers a protocol number.
    pub(super) fn protocol(&self, rule: &Seen<Protocol>, id: &Id, number: u8) -> Truth {
        let named = matches!(number, 1 | 6 | 17 | 47 | 58);
        match rule {
            Seen::Known(Protocol::All) if named => Truth::Yes,
            Seen::Known(Protocol::All) => self.readings.of(Assumption::AllProtocols),
            Seen::Known(protocol) => Truth::known(number_of(*protocol) == Some(number)),
            Seen::Absent => unknown(format!("protocol of {id}")),
            Seen::Missing(what) => unknown(what.clone()),
        }
    }

    /// SG-9, SG-10: whether a port is matched. Protocols without ports ignore the field.
    pub(super) fn port(&self, ports: &PortMatch, protocol: u8, port: u16) -> Truth {
        if protocol != 6 && protocol != 17 {
            return Truth::Yes;
        }
        let within =
            |ranges: &[(u16, u16)]| Truth::known(ranges.iter().any(|(low, high)| *low <= port && port <= *high));
        match ports {
            PortMatch::All => Truth::Yes,
            PortMatch::Ranges(ranges) => within(ranges),
            PortMatch::Missing(what) => unknown(what.clone()),
            PortMatch::List(id) => match self.estate.port_list(id).map(|list| &list.entries) {
                None => unknown(format!("port list {id}")),
                Some(Seen::Known(ranges)) => within(ranges),
                Some(Seen::Absent) => Truth::No,
                Some(Seen::Missing(what)) => unknown(what.clone()),
            },
        }
    }

    /// SG-12 to SG-16: whether an address is the peer of a rule of `eni`.
    pub(super) fn peer(&self, peer: &Peer, vpc: Option<&Seen<Id>>, address: IpAddr) -> Truth {
        let within = |nets: &[IpNet]| Truth::known(nets.iter().any(|net| net.trunc().contains(&address)));
        match peer {
            Peer::Nets(nets) => within(nets),
            Peer::Missing(what) => unknown(what.clone()),
            Peer::Prefixes(id) => match self.estate.prefix_list(id).map(|list| &list.entries) {
                None => unknown(format!("prefix list {id}")),
                Some(Seen::Known(nets)) => within(nets),
                Some(Seen::Absent) => Truth::No,
                Some(Seen::Missing(what)) => unknown(what.clone()),
            },
            Peer::Group(id) => vpc.map_or(Truth::No, |vpc| self.is_member(id, vpc, address)),
            Peer::ForeignGroup(id) if !self.is_internet(address) => {
                unknown(format!("members of group {id} of another account"))
            }
            Peer::ForeignGroup(_) => Truth::No,
        }
    }

    /// SG-14: whether an address is a private address of a member of a group, in a network.
    pub(super) fn is_member(&self, group: &Id, vpc: &Seen<Id>, address: IpAddr) -> Truth {
        let holds = |other: &Eni| {
            let own = other
                .addresses
                .iter()
                .map(|own| IpAddr::V4(*own))
                .chain(other.ipv6.iter().map(|own| IpAddr::V6(own.address)));
            own.into_iter().any(|own| own == address)
        };
        // A network that is not known may be the same.
        let near = |other: &Eni| match (&other.vpc, vpc) {
            (Seen::Missing(what), _) | (_, Seen::Missing(what)) => unknown(what.clone()),
            (here, there) => Truth::known(here == there),
        };
        let named = self.estate.members(group).iter().filter(|other| holds(other)).map(|other| near(other));
        let unread = self.estate.ungrouped().iter().filter(|other| holds(other)).map(|other| {
            let groups = other.groups.gap().map_or(Truth::No, |what| unknown(what.clone()));
            near(other).and(groups)
        });
        let member = named.chain(unread).fold(Truth::No, Truth::or);
        if !member.is_no() {
            return member;
        }
        // What a listed interface of the network holds, no other holds.
        let taken = vpc.known().is_some_and(|vpc| self.estate.at(vpc, address).is_some());
        match self.estate.net.enis.missing.first() {
            Some(what) if !taken && !self.is_internet(address) => unknown(what.clone()),
            _ => Truth::No,
        }
    }
}

/// The protocol number of a name; `None` for all.
pub(super) const fn number_of(protocol: Protocol) -> Option<u8> {
    match protocol {
        Protocol::Tcp => Some(6),
        Protocol::Udp => Some(17),
        Protocol::Icmp => Some(1),
        Protocol::Icmpv6 => Some(58),
        Protocol::Gre => Some(47),
        Protocol::All => None,
    }
}
