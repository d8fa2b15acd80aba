//! Three-valued verdicts, the reasons that make one unknown, and the register of assumptions.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// A rule of the platform that official material leaves open or contradicts. Each has two readings.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Assumption {
    /// `ALL` in a security-group rule covers protocols without a name in the list (SG-8).
    AllProtocols,
    /// TCP 25 leaves the platform although rules allow it (SG-23).
    MailPort,
    /// The intra-group accept also overrides custom egress drops (SG-24).
    InnerEgress,
    /// A custom route wins over a propagated one with the same prefix (RT-3).
    RouteTie,
    /// An instance that is a route's next hop forwards everything (RT-5).
    Middlebox,
    /// DNAT leaves the client's source address as it is (NAT-4).
    DnatSource,
    /// A DNAT entry still works when its private address has an EIP of its own (NAT-3).
    DnatBesideEip,
    /// Behind an IPv4 gateway, too, SNAT does not serve an address that has a public one of its own (PUB-6).
    SnatBesideEip,
    /// A layer-4 CLB flow is subject to the backend's security groups (CLB-6).
    ClbLayer4Groups,
    /// Backends accept an ALB's local addresses only where their groups do (ALB-5).
    AlbLocal,
    /// A Cloud Firewall policy in monitor mode ends evaluation and allows (CFW-2).
    FirewallMonitor,
    /// An IPv6 egress-only rule whose target is the gateway blocks every address behind it (V6-1).
    Ipv6EgressOnly,
    /// An empty legacy CLB white list admits nobody (CLB-3).
    ClbLegacyList,
    /// An NLB server group whose setting was not read preserves client addresses (NLB-2).
    NlbPreserve,
    /// VPC peering does not forward to a third network (TR-1).
    PeeringTransit,
    /// A managed service whose port is not in evidence listens on the one that documentation gives its product (DB-3).
    DefaultPort,
    /// `0.0.0.0` or `::` without a prefix in an allow-list stands for everybody (DB-1).
    BareEntry,
}

impl Assumption {
    /// Every assumption, in order.
    pub const ALL: [Self; 17] = [
        Self::AllProtocols,
        Self::MailPort,
        Self::InnerEgress,
        Self::RouteTie,
        Self::Middlebox,
        Self::DnatSource,
        Self::DnatBesideEip,
        Self::SnatBesideEip,
        Self::ClbLayer4Groups,
        Self::AlbLocal,
        Self::FirewallMonitor,
        Self::Ipv6EgressOnly,
        Self::ClbLegacyList,
        Self::NlbPreserve,
        Self::PeeringTransit,
        Self::DefaultPort,
        Self::BareEntry,
    ];

    /// The name used in reports and in the reference.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::AllProtocols => "A-ALLPROTO",
            Self::MailPort => "A-TCP25",
            Self::InnerEgress => "A-INNER-EGRESS",
            Self::RouteTie => "A-RTTIE",
            Self::Middlebox => "A-MIDBOX",
            Self::DnatSource => "A-DNATSRC",
            Self::DnatBesideEip => "A-DNATEIP",
            Self::SnatBesideEip => "A-SNATEIP",
            Self::ClbLayer4Groups => "A-CLB4SG",
            Self::AlbLocal => "A-ALBLOCAL",
            Self::FirewallMonitor => "A-CFWLOG",
            Self::Ipv6EgressOnly => "A-V6EGRESS",
            Self::ClbLegacyList => "A-CLBLEGACY",
            Self::NlbPreserve => "A-NLBPRESERVE",
            Self::PeeringTransit => "A-PEERTRANSIT",
            Self::DefaultPort => "A-DEFAULTPORT",
            Self::BareEntry => "A-BAREENTRY",
        }
    }

    /// The two readings: the one the variant states, and the other.
    #[must_use]
    pub const fn readings(self) -> [&'static str; 2] {
        match self {
            Self::AllProtocols => {
                ["`ALL` covers every IP protocol", "`ALL` covers TCP, UDP, ICMP, ICMPv6 and GRE only"]
            }
            Self::MailPort => ["outbound TCP 25 is blocked", "outbound TCP 25 was unblocked for the account"],
            Self::InnerEgress => ["the intra-group accept overrides custom egress drops", "it works on ingress only"],
            Self::RouteTie => ["the custom route wins", "the propagated route wins"],
            Self::Middlebox => ["the appliance forwards everything", "the appliance forwards nothing"],
            Self::DnatSource => {
                ["DNAT keeps the client's source address", "the backend sees an address of the NAT gateway"]
            }
            Self::DnatBesideEip => ["the DNAT entry still works", "the EIP path replaces the DNAT entry"],
            Self::SnatBesideEip => [
                "SNAT does not serve an address that has a public one",
                "behind an IPv4 gateway the route to the NAT gateway decides",
            ],
            Self::ClbLayer4Groups => {
                ["the backend's groups filter layer-4 CLB flows", "CLB flows pass the backend's groups"]
            }
            Self::AlbLocal => {
                ["the backend's groups filter the ALB's addresses", "the ALB's addresses are accepted implicitly"]
            }
            Self::FirewallMonitor => {
                ["a monitor policy allows and ends evaluation", "evaluation continues with the next policy"]
            }
            Self::Ipv6EgressOnly => {
                ["a rule on the gateway blocks every address", "only rules on the address itself block"]
            }
            Self::ClbLegacyList => {
                ["an empty legacy white list admits nobody", "an empty legacy white list admits everybody"]
            }
            Self::NlbPreserve => ["client addresses are preserved", "backends see the NLB's address"],
            Self::PeeringTransit => {
                ["peering does not forward to a third network", "the peer forwards by its own route table"]
            }
            Self::DefaultPort => ["the service listens on its product's documented port", "it listens on another port"],
            Self::BareEntry => ["an entry `0.0.0.0` without a prefix admits everybody", "it admits nobody"],
        }
    }

    /// The experiment or call that would settle it.
    #[must_use]
    pub const fn settled_by(self) -> &'static str {
        match self {
            Self::DefaultPort => "the product's call for connection addresses, such as rds:DescribeDBInstanceNetInfo",
            Self::NlbPreserve => "nlb:ListServerGroups (`PreserveClientIpEnabled`)",
            Self::ClbLegacyList => "slb:DescribeListenerAccessControlAttribute and one connection attempt",
            Self::Ipv6EgressOnly => "vpc:DescribeIpv6EgressOnlyRules and one inbound connection attempt",
            Self::BareEntry => "one connection attempt from an address that no other entry admits",
            Self::MailPort => "one outbound connection attempt on port 25",
            Self::AllProtocols | Self::InnerEgress => "one packet between two test instances",
            _ => "nis:CreateAndAnalyzeNetworkPath on a sample path",
        }
    }
}

impl fmt::Display for Assumption {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// Why a verdict is unknown.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// The readings of an assumption disagree.
    Assumption(Assumption),
    /// Evidence that was not collected, by name.
    Missing(Arc<str>),
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Assumption(assumption) => assumption.fmt(f),
            Self::Missing(what) => write!(f, "not collected: {what}"),
        }
    }
}

/// The reasons of one verdict, in order.
pub type Reasons = BTreeSet<Reason>;

/// One reason as a set.
pub(crate) fn because(reason: Reason) -> Reasons {
    Reasons::from([reason])
}

/// Missing evidence as a set of reasons.
pub(crate) fn missing(what: impl Into<Arc<str>>) -> Reasons {
    because(Reason::Missing(what.into()))
}

/// A three-valued verdict (M-4). Unknown carries every reason; it is never turned into yes or no.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Truth {
    /// True in every reading and whatever the missing evidence says.
    Yes,
    /// False in every reading and whatever the missing evidence says.
    No,
    /// Depends on the reasons.
    Unknown(Reasons),
}

impl Truth {
    /// Both must hold: no wins, then unknown.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::No, _) | (_, Self::No) => Self::No,
            (Self::Yes, truth) | (truth, Self::Yes) => truth,
            (Self::Unknown(mut all), Self::Unknown(more)) => {
                all.extend(more);
                Self::Unknown(all)
            }
        }
    }

    /// One must hold: yes wins, then unknown.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Yes, _) | (_, Self::Yes) => Self::Yes,
            (Self::No, truth) | (truth, Self::No) => truth,
            (Self::Unknown(mut all), Self::Unknown(more)) => {
                all.extend(more);
                Self::Unknown(all)
            }
        }
    }

    /// Yes or no.
    #[must_use]
    pub const fn known(yes: bool) -> Self {
        if yes { Self::Yes } else { Self::No }
    }

    /// Whether it is certainly true.
    #[must_use]
    pub fn is_yes(&self) -> bool {
        *self == Self::Yes
    }

    /// Whether it is certainly false.
    #[must_use]
    pub fn is_no(&self) -> bool {
        *self == Self::No
    }
}

/// Which reading to take of an assumption. Those not named are read both ways, and a verdict on
/// which the readings disagree is unknown.
///
/// ```
/// use xiezhi_net::assume::{Assumption, Readings, Truth};
/// let both = Readings::default();
/// assert!(matches!(both.of(Assumption::ClbLayer4Groups), Truth::Unknown(_)));
/// let fixed = Readings::default().with(Assumption::ClbLayer4Groups, true);
/// assert_eq!(fixed.of(Assumption::ClbLayer4Groups), Truth::Yes);
/// assert_eq!(fixed.fixed(), vec![Assumption::ClbLayer4Groups]);
/// ```
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Readings(BTreeMap<Assumption, bool>);

impl Readings {
    /// The same readings with one fixed: `true` takes what the assumption states, `false` the other.
    #[must_use]
    pub fn with(mut self, assumption: Assumption, holds: bool) -> Self {
        self.0.insert(assumption, holds);
        self
    }

    /// Whether the assumption holds; unknown because of itself when it is read both ways. A documented default is
    /// taken: some port is open, and whoever names it names the assumption too.
    #[must_use]
    pub fn of(&self, assumption: Assumption) -> Truth {
        match self.0.get(&assumption) {
            Some(holds) => Truth::known(*holds),
            None if assumption == Assumption::DefaultPort => Truth::Yes,
            None => Truth::Unknown(because(Reason::Assumption(assumption))),
        }
    }

    /// The assumptions whose reading is fixed; every verdict made with these readings rests on them.
    #[must_use]
    pub fn fixed(&self) -> Vec<Assumption> {
        self.0.keys().copied().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_assumption_has_its_own_code_and_two_different_readings() {
        let codes: BTreeSet<_> = Assumption::ALL.iter().map(|a| a.code()).collect();
        assert_eq!(codes.len(), Assumption::ALL.len());
        for assumption in Assumption::ALL {
            let [first, second] = assumption.readings();
            assert_ne!(first, second);
            assert!(assumption.code().starts_with("A-"));
        }
    }

    #[test]
    fn unknown_never_becomes_yes_or_no_unless_the_other_side_decides() {
        let unknown = Truth::Unknown(missing("x"));
        assert_eq!(unknown.clone().and(Truth::Yes), unknown);
        assert_eq!(unknown.clone().or(Truth::No), unknown);
        assert_eq!(unknown.clone().and(Truth::No), Truth::No);
        assert_eq!(unknown.or(Truth::Yes), Truth::Yes);
    }
}
