//! Rule fields as sets: what a field surely covers, what it may cover, and why the two differ.

use super::filters::of_version;
use super::routes::Partition;
use rustc_hash::FxHashMap;

use crate::assume::{Assumption, Readings, Reasons, Truth, missing};
use crate::model::{Eni, Estate, Id, Peer, PortMatch, Protocol, Seen, ServiceEndpoint};
use crate::set::{Addresses, Family, Match, Ports, Protocols, Ranges, internet};

/// A set known from below and from above.
#[derive(Clone, Debug)]
pub(super) struct Bounds<S> {
    pub(super) sure: S,
    /// `None` when the set is known exactly.
    pub(super) possible: Option<(S, Reasons)>,
}

impl<S> Bounds<S> {
    pub(super) const fn exact(sure: S) -> Self {
        Self { sure, possible: None }
    }

    pub(super) const fn between(sure: S, possible: S, why: Reasons) -> Self {
        Self { sure, possible: Some((possible, why)) }
    }

    pub(super) fn most(&self) -> &S {
        self.possible.as_ref().map_or(&self.sure, |(possible, _)| possible)
    }
}

/// Where a rule's fields lie in a flow.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) enum Face {
    /// The rule sees the flow arrive: its peer is the source.
    In,
    /// The rule sees the flow leave: its peer is the destination.
    Out,
    /// The rule sees the reply leave: its peer is the flow's source, its ports the flow's source ports.
    InReply,
    /// The rule sees the reply arrive: its peer is the flow's destination, its ports the flow's source ports.
    OutReply,
}

/// The fields of one rule as bounds.
pub(super) struct Fields {
    pub(super) protocols: Bounds<Protocols>,
    pub(super) ports: Bounds<Ports>,
    pub(super) source_ports: Bounds<Ports>,
    pub(super) own: Bounds<Addresses>,
    pub(super) peer: Bounds<Addresses>,
}

impl Fields {
    /// What the rule surely matches, and what it may match when that differs.
    pub(super) fn matches(&self, face: Face) -> Bounds<Match> {
        let place = |protocols: Protocols, ports: &Ports, source_ports: &Ports, own: &Addresses, peer: &Addresses| {
            let (source, destination) = match face {
                Face::In | Face::InReply => (peer, own),
                Face::Out | Face::OutReply => (own, peer),
            };
            let (source_ports, ports) = match face {
                Face::In | Face::Out => (source_ports, ports),
                Face::InReply | Face::OutReply => (ports, source_ports),
            };
            Match {
                source: source.clone(),
                destination: destination.clone(),
                protocols,
                source_ports: source_ports.clone(),
                ports: ports.clone(),
            }
        };
        let sure =
            place(self.protocols.sure, &self.ports.sure, &self.source_ports.sure, &self.own.sure, &self.peer.sure);
        let mut why = Reasons::new();
        let mut doubtful = false;
        let mut note = |reasons: Option<&Reasons>| {
            doubtful |= reasons.is_some();
            why.extend(reasons.into_iter().flatten().cloned());
        };
        note(self.protocols.possible.as_ref().map(|(_, why)| why));
        note(self.ports.possible.as_ref().map(|(_, why)| why));
        note(self.source_ports.possible.as_ref().map(|(_, why)| why));
        note(self.own.possible.as_ref().map(|(_, why)| why));
        note(self.peer.possible.as_ref().map(|(_, why)| why));
        if !doubtful {
            return Bounds::exact(sure);
        }
        Bounds::between(
            sure,
            place(
                *self.protocols.most(),
                self.ports.most(),
                self.source_ports.most(),
                self.own.most(),
                self.peer.most(),
            ),
            why,
        )
    }
}

/// The estate with the sets that every rule needs.
pub(super) struct Reader<'a> {
    pub(super) estate: &'a Estate<'a>,
    pub(super) readings: &'a Readings,
    /// Sources that the internet can have (M-3).
    pub(super) internet: Addresses,
    /// Everything else.
    pub(super) inside: Addresses,
    /// What listed interfaces hold, by VPC, when there may be others.
    held: FxHashMap<Id, Addresses>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(estate: &'a Estate<'a>, readings: &'a Readings) -> Self {
        let own = Addresses::from_nets(estate.net.vpcs.iter().flat_map(|vpc| vpc.cidrs.iter().copied()));
        let internet = internet().subtract(&own);
        let inside = Addresses::all().subtract(&internet);
        let mut by_vpc: FxHashMap<Id, Vec<&Eni>> = FxHashMap::default();
        for eni in estate.net.enis.iter().filter(|_| !estate.net.enis.missing.is_empty()) {
            if let Some(vpc) = eni.vpc.known().filter(|vpc| estate.vpc(vpc).is_some()) {
                by_vpc.entry(vpc.clone()).or_default().push(eni);
            }
        }
        let held = by_vpc.into_iter().map(|(vpc, enis)| (vpc, addresses(enis.into_iter()))).collect();
        Self { estate, readings, internet, inside, held }
    }

    /// SG-8, under the reading of `A-ALLPROTO`.
    pub(super) fn group_protocols(&self, protocol: &Seen<Protocol>, id: &Id) -> Bounds<Protocols> {
        match protocol {
            Seen::Known(Protocol::All) => match self.readings.of(Assumption::AllProtocols) {
                Truth::Yes => Bounds::exact(Protocols::ALL),
                Truth::No => Bounds::exact(Protocols::NAMED),
                Truth::Unknown(why) => Bounds::between(Protocols::NAMED, Protocols::ALL, why),
            },
            other => plain_protocols(other, id),
        }
    }

    /// SG-9, SG-10.
    pub(super) fn ports(&self, ports: &PortMatch) -> Bounds<Ports> {
        match ports {
            PortMatch::All => Bounds::exact(Ranges::all()),
            PortMatch::Ranges(ranges) => Bounds::exact(Ranges::collect(ranges.iter().copied())),
            PortMatch::Missing(what) => Bounds::between(Ranges::empty(), Ranges::all(), missing(what.clone())),
            PortMatch::List(id) => match self.estate.port_list(id).map(|list| &list.entries) {
                Some(Seen::Known(ranges)) => Bounds::exact(Ranges::collect(ranges.iter().copied())),
                Some(Seen::Absent) => Bounds::exact(Ranges::empty()),
                Some(Seen::Missing(what)) => Bounds::between(Ranges::empty(), Ranges::all(), missing(what.clone())),
                None => Bounds::between(Ranges::empty(), Ranges::all(), missing(format!("port list {id}"))),
            },
        }
    }

    /// SG-12 to SG-16; `vpc` is the network in which group members are looked for.
    pub(super) fn peer(&self, peer: &Peer, vpc: Option<&Seen<Id>>) -> Bounds<Addresses> {
        match peer {
            Peer::Nets(nets) => Bounds::exact(Addresses::from_nets(nets.iter().copied())),
            Peer::Missing(what) => Bounds::between(Addresses::empty(), Addresses::all(), missing(what.clone())),
            Peer::Prefixes(id) => match self.estate.prefix_list(id).map(|list| &list.entries) {
                Some(Seen::Known(nets)) => Bounds::exact(Addresses::from_nets(nets.iter().copied())),
                Some(Seen::Absent) => Bounds::exact(Addresses::empty()),
                Some(Seen::Missing(what)) => {
                    Bounds::between(Addresses::empty(), Addresses::all(), missing(what.clone()))
                }
                None => Bounds::between(Addresses::empty(), Addresses::all(), missing(format!("prefix list {id}"))),
            },
            Peer::Group(id) => vpc.map_or_else(|| Bounds::exact(Addresses::empty()), |vpc| self.members(id, vpc)),
            Peer::ForeignGroup(id) => Bounds::between(
                Addresses::empty(),
                self.inside.clone(),
                missing(format!("members of group {id} of another account")),
            ),
        }
    }

    /// DB-1, under the reading of `A-BAREENTRY`: the clients that are listed, and those that an entry without a prefix
    /// may admit besides.
    pub(super) fn admitted<A: Family>(&self, endpoint: &ServiceEndpoint, listed: Ranges<A>) -> Partition<A> {
        let whole = endpoint.bare.iter().map(|version| of_version(*version));
        let whole = whole.fold(Addresses::empty(), |all, one| all.union(&one));
        let rest = A::of(&whole).subtract(&listed);
        vec![(rest, self.readings.of(Assumption::BareEntry)), (listed, Truth::Yes)]
    }

    /// SG-14: the private addresses of the members of a group in one network.
    pub(super) fn members(&self, group: &Id, vpc: &Seen<Id>) -> Bounds<Addresses> {
        let members = self.estate.members(group);
        let sure = addresses(members.iter().filter(|eni| vpc.gap().is_none() && eni.vpc == *vpc).copied());
        let mut why = Reasons::new();
        // Of whom the network or the groups are not known may be a member; so may every one of the group when its own
        // network is not known.
        let mut doubtful: Vec<&Eni> = Vec::new();
        for eni in members.iter().filter(|eni| vpc.gap().is_some() || eni.vpc.gap().is_some()).copied() {
            doubtful.push(eni);
            why.extend([vpc.gap(), eni.vpc.gap()].into_iter().flatten().flat_map(|what| missing(what.clone())));
        }
        let may_be = |eni: &&&Eni| vpc.gap().is_some() || eni.vpc.gap().is_some() || eni.vpc == *vpc;
        for eni in self.estate.ungrouped().iter().filter(may_be).copied() {
            doubtful.push(eni);
            why.extend(eni.groups.gap().into_iter().flat_map(|what| missing(what.clone())));
        }
        let mut possible = sure.union(&addresses(doubtful.iter().copied()));
        if let Some(what) = self.estate.net.enis.missing.first() {
            // What a listed interface of the network holds, no other holds.
            let held = vpc.known().and_then(|vpc| self.held.get(vpc)).cloned().unwrap_or_default();
            possible = possible.union(&self.inside.subtract(&held));
            why.extend(missing(what.clone()));
        }
        if possible == sure { Bounds::exact(sure) } else { Bounds::between(sure, possible, why) }
    }
}

/// Protocols where `all` has one meaning (NACL-7, CFW-2).
pub(super) fn plain_protocols(protocol: &Seen<Protocol>, id: &Id) -> Bounds<Protocols> {
    match protocol {
        Seen::Known(protocol) => Bounds::exact(match protocol {
            Protocol::Tcp => Protocols::TCP,
            Protocol::Udp => Protocols::UDP,
            Protocol::Icmp => Protocols::ICMP,
            Protocol::Icmpv6 => Protocols::ICMPV6,
            Protocol::Gre => Protocols::GRE,
            Protocol::All => Protocols::ALL,
        }),
        Seen::Absent => Bounds::between(
            Protocols::ALL.subtract(Protocols::ALL),
            Protocols::ALL,
            missing(format!("protocol of {id}")),
        ),
        Seen::Missing(what) => {
            Bounds::between(Protocols::ALL.subtract(Protocols::ALL), Protocols::ALL, missing(what.clone()))
        }
    }
}

/// The private addresses of interfaces.
pub(super) fn addresses<'e>(enis: impl Iterator<Item = &'e Eni>) -> Addresses {
    let (mut v4, mut v6) = (Vec::new(), Vec::new());
    for eni in enis {
        v4.extend(eni.addresses.iter().map(|own| (u32::from(*own), u32::from(*own))));
        v6.extend(eni.ipv6.iter().map(|own| (u128::from(own.address), u128::from(own.address))));
    }
    Addresses { v4: Ranges::collect(v4), v6: Ranges::collect(v6) }
}
