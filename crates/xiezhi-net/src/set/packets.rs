//! Packets (first packets of flows) and exact sets of them.

use std::fmt;
use std::net::IpAddr;

use ipnet::IpNet;
use serde::{Deserialize, Serialize};

use super::addresses::{Addresses, Family};
use super::layer::{Block, Cover, Inner, Layer, Space};
use super::protocols::Protocols;
use super::ranges::{Ports, Ranges};

/// The first packet of a flow. Protocols without ports carry port 0 on both sides.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub struct Flow {
    /// Where the packet comes from.
    pub source: IpAddr,
    /// Where the packet goes to; same family as `source`.
    pub destination: IpAddr,
    /// The IP protocol number: 6 TCP, 17 UDP, 1 ICMP, 58 ICMPv6, 47 GRE.
    pub protocol: u8,
    /// The source port, 0 for protocols without ports.
    pub source_port: u16,
    /// The destination port, 0 for protocols without ports.
    pub port: u16,
}

impl fmt::Display for Flow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let side = |address: IpAddr, port: u16| match address {
            _ if port == 0 => address.to_string(),
            IpAddr::V4(address) => format!("{address}:{port}"),
            IpAddr::V6(address) => format!("[{address}]:{port}"),
        };
        write!(
            f,
            "{} {} > {}",
            protocol_name(self.protocol),
            side(self.source, self.source_port),
            side(self.destination, self.port)
        )
    }
}

/// The short name of a protocol, or its number.
fn protocol_name(protocol: u8) -> String {
    match protocol {
        1 => "icmp".to_owned(),
        6 => "tcp".to_owned(),
        17 => "udp".to_owned(),
        47 => "gre".to_owned(),
        58 => "icmpv6".to_owned(),
        other => format!("protocol {other}"),
    }
}

/// A product of ranges: what one rule matches. Ports constrain TCP and UDP only; protocols without
/// ports match as a whole when they are listed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Match {
    /// Source addresses.
    pub source: Addresses,
    /// Destination addresses.
    pub destination: Addresses,
    /// Protocol numbers.
    pub protocols: Protocols,
    /// Source ports of TCP and UDP.
    pub source_ports: Ports,
    /// Destination ports of TCP and UDP.
    pub ports: Ports,
}

impl Match {
    /// Every packet.
    #[must_use]
    pub fn everything() -> Self {
        Self {
            source: Addresses::all(),
            destination: Addresses::all(),
            protocols: Protocols::ALL,
            source_ports: Ranges::all(),
            ports: Ranges::all(),
        }
    }

    /// The boxes of one family: one for the protocols with ports, one for those without.
    pub(crate) fn blocks<A: Family>(&self) -> Vec<Block<A>> {
        let (source, destination) = (A::of(&self.source), A::of(&self.destination));
        if source.is_empty() || destination.is_empty() {
            return Vec::new();
        }
        let block = |protocols: Protocols, source_ports: &Ports, ports: &Ports| Block {
            source: source.clone(),
            destination: destination.clone(),
            protocols: protocols.ranges(),
            source_ports: source_ports.clone(),
            ports: ports.clone(),
        };
        let zero = Ranges::one(0);
        [
            block(self.protocols.intersect(Protocols::PORTED), &self.source_ports, &self.ports),
            block(self.protocols.subtract(Protocols::PORTED), &zero, &zero),
        ]
        .into_iter()
        .filter(|block| !(block.protocols.is_empty() || block.ports.is_empty() || block.source_ports.is_empty()))
        .collect()
    }
}

/// An exact set of packets of both families. Equal sets are equal values.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct PacketSet {
    pub(crate) v4: Space<u32>,
    pub(crate) v6: Space<u128>,
}

impl From<Match> for PacketSet {
    fn from(rule: Match) -> Self {
        fn space<A: Family>(rule: &Match) -> Space<A> {
            rule.blocks().iter().fold(Space::default(), |all, block| all.union(&block.space()))
        }
        Self { v4: space(&rule), v6: space(&rule) }
    }
}

/// One box of a packet set, for display: ranges on every axis.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Boxes {
    /// Destination addresses.
    pub destination: Addresses,
    /// Protocol numbers, inclusive.
    pub protocols: (u8, u8),
    /// Destination ports, inclusive; 0 to 0 for protocols without ports.
    pub ports: (u16, u16),
    /// Source ports, inclusive; 0 to 0 for protocols without ports.
    pub source_ports: (u16, u16),
    /// Source addresses.
    pub source: Addresses,
}

impl PacketSet {
    /// No packet.
    #[must_use]
    pub fn empty() -> Self {
        Self::default()
    }

    /// Every packet.
    #[must_use]
    pub fn all() -> Self {
        Self::from(Match::everything())
    }

    /// Whether no packet is in the set.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        Cover::is_empty(&self.v4) && Cover::is_empty(&self.v6)
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

    /// Whether every packet of this set is in the other.
    #[must_use]
    pub fn is_subset(&self, other: &Self) -> bool {
        self.subtract(other).is_empty()
    }

    /// Whether the packet is in the set. Ports of protocols without ports are read as 0.
    #[must_use]
    pub fn contains(&self, flow: &Flow) -> bool {
        fn inside<A: Family>(space: &Space<A>, flow: &Flow) -> Option<bool> {
            let ported = Protocols::PORTED.contains(flow.protocol);
            let (source_port, port) = if ported { (flow.source_port, flow.port) } else { (0, 0) };
            let inner = space.at(A::number(flow.destination)?)?;
            Some(inner.at(flow.protocol)?.at(port)?.at(source_port)?.contains(A::number(flow.source)?))
        }
        inside(&self.v4, flow).or_else(|| inside(&self.v6, flow)).unwrap_or(false)
    }

    /// Some packet of the set, or `None` when it is empty. See [`Self::witness_on`] for the choice.
    #[must_use]
    pub fn witness(&self) -> Option<Flow> {
        self.witness_on(&[])
    }

    /// Some packet of the set, if possible to one of `ports` over TCP or UDP, in their order; then
    /// TCP, UDP and other protocols by number; from a port of 1024 or above when there is one.
    #[must_use]
    pub fn witness_on(&self, ports: &[u16]) -> Option<Flow> {
        witness(&self.v4, ports).or_else(|| witness(&self.v6, ports))
    }

    /// The ports of one protocol on which the set holds any packet.
    #[must_use]
    pub fn ports(&self, protocol: u8) -> Ports {
        fn of<A: Family>(space: &Space<A>, protocol: u8) -> Ports {
            space
                .iter()
                .filter_map(|(_, _, inner)| inner.at(protocol))
                .fold(Ranges::empty(), |all, layer| all.union(&layer.keys()))
        }
        of(&self.v4, protocol).union(&of(&self.v6, protocol))
    }

    /// The protocols of which the set holds any packet, ascending ranges.
    #[must_use]
    pub fn protocols(&self) -> Ranges<u8> {
        fn of<A: Family>(space: &Space<A>) -> Ranges<u8> {
            space.iter().fold(Ranges::empty(), |all, (_, _, inner)| all.union(&inner.keys()))
        }
        of(&self.v4).union(&of(&self.v6))
    }

    /// The source addresses of all packets of the set.
    #[must_use]
    pub fn sources(&self) -> Addresses {
        fn of<A: Family>(space: &Space<A>) -> Ranges<A> {
            let mut all = Vec::new();
            let mut last: Option<&Ranges<A>> = None;
            for (_, _, inner) in space.iter() {
                for (_, _, ports) in inner.iter() {
                    for (_, _, from) in ports.iter() {
                        for (_, _, source) in from.iter() {
                            if last != Some(source) {
                                all.extend(source.iter());
                                last = Some(source);
                            }
                        }
                    }
                }
            }
            Ranges::collect(all)
        }
        Addresses { v4: of(&self.v4), v6: of(&self.v6) }
    }

    /// The destination addresses of all packets of the set.
    #[must_use]
    pub fn destinations(&self) -> Addresses {
        Addresses { v4: self.v4.keys(), v6: self.v6.keys() }
    }

    /// The set as disjoint boxes, IPv4 first, in ascending order of every axis.
    #[must_use]
    pub fn boxes(&self) -> Vec<Boxes> {
        let mut out = Vec::new();
        boxes(&self.v4, &mut out, |source, destination| {
            (Addresses { v4: source, ..Addresses::default() }, Addresses { v4: destination, ..Addresses::default() })
        });
        boxes(&self.v6, &mut out, |source, destination| {
            (Addresses { v6: source, ..Addresses::default() }, Addresses { v6: destination, ..Addresses::default() })
        });
        out
    }
}

fn boxes<A: Family>(
    space: &Space<A>,
    out: &mut Vec<Boxes>,
    sides: impl Fn(Ranges<A>, Ranges<A>) -> (Addresses, Addresses),
) {
    for (low, high, inner) in space.iter() {
        for (first, last, ports) in inner.iter() {
            for (from, to, sources) in ports.iter() {
                for (start, end, source) in sources.iter() {
                    let (source, destination) = sides(source.clone(), Ranges::between(low, high));
                    out.push(Boxes {
                        destination,
                        protocols: (first, last),
                        ports: (from, to),
                        source_ports: (start, end),
                        source,
                    });
                }
            }
        }
    }
}

fn witness<A: Family>(space: &Space<A>, wanted: &[u16]) -> Option<Flow> {
    const ORDER: [u8; 5] = [6, 17, 1, 58, 47];
    let (destination, _, inner) = space.iter().next()?;
    let flow = |protocol: u8, port: u16| packet(inner, destination, protocol, port);
    let preferred = wanted.iter().find_map(|port| flow(6, *port).or_else(|| flow(17, *port)));
    preferred
        .or_else(|| ORDER.iter().find_map(|protocol| flow(*protocol, inner.at(*protocol)?.iter().next()?.0)))
        .or_else(|| {
            let (protocol, _, ports) = inner.iter().next()?;
            flow(protocol, ports.iter().next()?.0)
        })
}

fn packet<A: Family>(inner: &Inner<A>, destination: A, protocol: u8, port: u16) -> Option<Flow> {
    let sources: &Layer<u16, Ranges<A>> = inner.at(protocol)?.at(port)?;
    let high = sources.iter().find(|(_, end, _)| *end >= 40_000).map(|(start, _, from)| (start.max(40_000), from));
    let (source_port, from) = high.or_else(|| sources.iter().last().map(|(_, end, from)| (end, from)))?;
    Some(Flow { source: from.first()?.address(), destination: destination.address(), protocol, source_port, port })
}

impl Addresses {
    /// The prefixes of one source set as text, at most `limit` of them, for messages.
    #[must_use]
    pub fn describe(&self, limit: usize) -> String {
        let nets = self.nets();
        let mut text = nets.iter().take(limit).map(IpNet::to_string).collect::<Vec<_>>().join(", ");
        if nets.len() > limit {
            text.push_str(", …");
        }
        text
    }
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests {
    use super::*;

    /// A small, repeatable generator of boxes.
    struct Dice(u64);
    impl Dice {
        fn roll(&mut self, below: u64) -> u64 {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (self.0 >> 33) % below
        }
        fn rule(&mut self) -> Match {
            let net = |dice: &mut Self| match dice.roll(4) {
                0 => Addresses::all(),
                1 => Addresses::parse(&["10.0.0.0/8", "2001:db8::/32"]).unwrap(),
                2 => Addresses::parse(&["10.1.0.0/16", "8.0.0.0/7"]).unwrap(),
                _ => Addresses::parse(&["10.1.2.3", "2001:db8::7"]).unwrap(),
            };
            let ports = |dice: &mut Self| match dice.roll(3) {
                0 => Ranges::all(),
                1 => Ranges::collect([(22, 23), (80, 443)]),
                _ => Ranges::between(23, 100),
            };
            Match {
                source: net(self),
                destination: net(self),
                protocols: *[Protocols::ALL, Protocols::TCP, Protocols::UDP, Protocols::ICMP, Protocols::NAMED]
                    .get(self.roll(5) as usize)
                    .unwrap(),
                source_ports: ports(self),
                ports: ports(self),
            }
        }
        fn flow(&mut self) -> Flow {
            let v4 =
                ["10.1.2.3", "10.1.0.0", "10.0.0.0", "10.255.255.255", "11.0.0.0", "9.255.255.255", "7.255.255.255"];
            let v6 = ["2001:db8::7", "2001:db8::8", "2001:db9::", "::"];
            let pool: &[&str] = if self.roll(2) == 0 { &v4 } else { &v6 };
            let ports = [0, 21, 22, 23, 24, 79, 80, 100, 101, 443, 444, 65535];
            let protocol = [6, 17, 1, 58, 47, 50][self.roll(6) as usize];
            let mut pick = |pool: &[&str]| pool[self.roll(pool.len() as u64) as usize].parse().unwrap();
            let (source, destination) = (pick(pool), pick(pool));
            let mut port = || {
                if protocol == 6 || protocol == 17 { ports[self.roll(12) as usize] } else { 0 }
            };
            Flow { source, destination, protocol, source_port: port(), port: port() }
        }
    }

    fn matches(rule: &Match, flow: &Flow) -> bool {
        let ported = flow.protocol == 6 || flow.protocol == 17;
        rule.protocols.contains(flow.protocol)
            && rule.source.contains(flow.source)
            && rule.destination.contains(flow.destination)
            && (!ported || rule.ports.contains(flow.port) && rule.source_ports.contains(flow.source_port))
    }

    #[test]
    fn operations_agree_with_membership_and_laws_on_random_sets() {
        let mut dice = Dice(7);
        let (mut inside, mut outside) = (0_u32, 0_u32);
        for _ in 0..400 {
            let rules: Vec<Match> = (0..4).map(|_| dice.rule()).collect();
            let [a, b, c, d] = [0, 1, 2, 3].map(|at: usize| PacketSet::from(rules[at].clone()));
            let (x, y) = (a.union(&b), c.union(&d));
            assert_eq!(x.union(&y), d.union(&c).union(&b).union(&a));
            assert_eq!(x.subtract(&y).union(&x.intersect(&y)), x);
            assert_eq!(PacketSet::all().subtract(&PacketSet::all().subtract(&x)), x);
            assert!(x.intersect(&y).is_subset(&x) && x.is_subset(&x.union(&y)));
            for set in [&x, &y, &x.subtract(&y), &x.intersect(&y)] {
                if let Some(flow) = set.witness_on(&[22]) {
                    assert!(set.contains(&flow), "{flow} is not in {set:?}");
                }
            }
            for _ in 0..40 {
                let flow = dice.flow();
                let hit = |at: usize| matches(&rules[at], &flow);
                let (left, right) = (hit(0) || hit(1), hit(2) || hit(3));
                assert_eq!(x.contains(&flow), left);
                assert_eq!(x.subtract(&y).contains(&flow), left && !right);
                assert_eq!(x.intersect(&y).contains(&flow), left && right);
                if left { inside += 1 } else { outside += 1 }
            }
        }
        assert!(inside > 2_000 && outside > 2_000, "{inside} inside, {outside} outside");
    }

    #[test]
    fn taking_boxes_out_one_by_one_equals_subtracting_them() {
        let mut dice = Dice(11);
        for _ in 0..300 {
            let mut rest = PacketSet::all();
            let mut expected = PacketSet::all();
            for _ in 0..5 {
                let rule = dice.rule();
                let set = PacketSet::from(rule.clone());
                let mut hit = PacketSet::empty();
                for block in rule.blocks() {
                    hit.v4 = hit.v4.union(&rest.v4.take_block(&block));
                }
                for block in rule.blocks() {
                    hit.v6 = hit.v6.union(&rest.v6.take_block(&block));
                }
                let hit = PacketSet { v4: hit.v4.canonical(), v6: hit.v6.canonical() };
                assert_eq!(hit, expected.intersect(&set));
                expected = expected.subtract(&set);
            }
            assert_eq!(PacketSet { v4: rest.v4.canonical(), v6: rest.v6.canonical() }, expected);
        }
    }

    #[test]
    fn an_ipv4_range_never_holds_an_ipv6_packet() {
        let rule = Match { source: Addresses::parse(&["0.0.0.0/0"]).unwrap(), ..Match::everything() };
        assert!(
            PacketSet::from(rule)
                .intersect(&PacketSet::from(Match {
                    source: Addresses::parse(&["::/0"]).unwrap(),
                    ..Match::everything()
                }))
                .is_empty()
        );
    }

    #[test]
    fn a_rule_for_icmp_ignores_its_ports() {
        let rule = PacketSet::from(Match { protocols: Protocols::ICMP, ports: Ranges::one(22), ..Match::everything() });
        let echo = Flow {
            source: "8.8.8.8".parse().unwrap(),
            destination: "10.0.0.1".parse().unwrap(),
            protocol: 1,
            source_port: 0,
            port: 0,
        };
        assert!(rule.contains(&echo) && !rule.contains(&Flow { protocol: 6, port: 22, ..echo }));
    }
}
