//! Security groups, their rules, prefix lists and port lists (reference, section 2).

use std::sync::Arc;

use ipnet::IpNet;
use serde::{Deserialize, Serialize};

use super::{Id, Seen, net};

/// A security group.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SecurityGroup {
    /// The group's id.
    pub id: Id,
    /// The VPC it belongs to; `None` means classic network (SG-2).
    pub vpc: Option<Id>,
    /// Basic (`normal`) or advanced (`enterprise`); absent means basic (section 2.1).
    #[serde(default)]
    pub kind: Seen<GroupKind>,
    /// `InnerAccessPolicy`; ignored for advanced groups, where it is fixed at drop (section 2.3).
    /// Absent counts as not collected: no document states what a missing field means.
    #[serde(default)]
    pub inner: Seen<Policy>,
    /// The rules of both directions, in any order.
    #[serde(default)]
    pub rules: Seen<Vec<Rule>>,
}

/// The type of a security group.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum GroupKind {
    /// Basic: egress is open by default, members may reach each other.
    Basic,
    /// Advanced: both directions are closed by default.
    Advanced,
}

/// Accept or drop.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Policy {
    /// The packet passes.
    Accept,
    /// The packet is dropped silently (SG-3).
    Drop,
}

/// Towards or away from the member.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    /// Packets to the member.
    Ingress,
    /// Packets from the member.
    Egress,
}

/// The protocol of a rule (SG-8, NACL-7).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Protocol {
    /// TCP.
    Tcp,
    /// UDP.
    Udp,
    /// ICMP for IPv4.
    Icmp,
    /// ICMP for IPv6.
    Icmpv6,
    /// GRE.
    Gre,
    /// Every protocol; see `A-ALLPROTO`.
    All,
}

impl Protocol {
    /// Reads a protocol name in any case.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Some(match text.trim().to_ascii_lowercase().as_str() {
            "tcp" => Self::Tcp,
            "udp" => Self::Udp,
            "icmp" => Self::Icmp,
            "icmpv6" => Self::Icmpv6,
            "gre" => Self::Gre,
            "all" | "-1" | "any" => Self::All,
            _ => return None,
        })
    }
}

/// The ports of a rule. Protocols without ports ignore it.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PortMatch {
    /// Every port.
    #[default]
    All,
    /// These inclusive ranges.
    Ranges(Vec<(u16, u16)>),
    /// The entries of a port list (SG-10).
    List(Id),
    /// Not collected or not understood.
    Missing(Arc<str>),
}

/// The other side of a rule.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Peer {
    /// These prefixes; host bits are masked (SG-13).
    Nets(Vec<IpNet>),
    /// The private addresses of the members of a group (SG-14).
    Group(Id),
    /// The members of a group of another account, which evidence does not list (SG-14).
    ForeignGroup(Id),
    /// The entries of a prefix list (SG-16) or address book (CFW-8).
    Prefixes(Id),
    /// Not collected or not understood.
    Missing(Arc<str>),
}

/// Which interface of a classic instance a rule governs (SG-2). In a VPC always intranet.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Nic {
    /// The private interface; in a VPC it governs public traffic too.
    #[default]
    Intranet,
    /// The public interface of a classic instance.
    Internet,
}

/// One security-group rule.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Rule {
    /// The rule's id, or any name that is unique within the network.
    pub id: Id,
    /// Ingress or egress.
    pub direction: Direction,
    /// Absent means accept (SG-3).
    #[serde(default)]
    pub policy: Seen<Policy>,
    /// Smaller wins; absent means 1 (SG-4).
    #[serde(default)]
    pub priority: Seen<u32>,
    /// The protocol; absent counts as not collected, the field is mandatory.
    pub protocol: Seen<Protocol>,
    /// Destination ports (SG-9).
    #[serde(default)]
    pub ports: PortMatch,
    /// Source ports (SG-11).
    #[serde(default)]
    pub source_ports: PortMatch,
    /// Source for ingress, destination for egress.
    pub peer: Peer,
    /// The member's own addresses to which the rule is narrowed; absent means all (SG-11).
    #[serde(default)]
    pub own: Seen<Vec<IpNet>>,
    /// The interface of a classic instance.
    #[serde(default)]
    pub nic: Nic,
}

/// A prefix list or address book.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PrefixList {
    /// The list's id.
    pub id: Id,
    /// Its entries; absent means an empty list.
    pub entries: Seen<Vec<IpNet>>,
}

/// A port list.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PortList {
    /// The list's id.
    pub id: Id,
    /// Its inclusive ranges; absent means an empty list.
    pub entries: Seen<Vec<(u16, u16)>>,
}

/// The fields of a rule as `DescribeSecurityGroupAttribute` and templates give them, so that every
/// reader applies the same precedence (SG-9 to SG-13). An empty text counts as not present.
///
/// ```
/// use xiezhi_net::model::{Direction, Peer, PortMatch, RuleFields};
/// let fields = RuleFields {
///     ip_protocol: Some("TCP"), port_range: Some("22/23,443/443"), port_range_list: Some("prl-1"),
///     cidr: Some("10.159.6.18/12"), group: Some("sg-2"), ..RuleFields::default()
/// };
/// let rule = fields.rule("sgr-1", Direction::Ingress);
/// assert_eq!(rule.ports, PortMatch::Ranges(vec![(22, 23), (443, 443)]));
/// assert_eq!(rule.peer, Peer::Nets(vec!["10.144.0.0/12".parse().unwrap()]));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct RuleFields<'a> {
    /// `Policy`.
    pub policy: Option<&'a str>,
    /// `Priority`.
    pub priority: Option<&'a str>,
    /// `IpProtocol`.
    pub ip_protocol: Option<&'a str>,
    /// `PortRange`.
    pub port_range: Option<&'a str>,
    /// `PortRangeListId`.
    pub port_range_list: Option<&'a str>,
    /// `SourcePortRange`.
    pub source_port_range: Option<&'a str>,
    /// `SourceCidrIp` for ingress, `DestCidrIp` for egress.
    pub cidr: Option<&'a str>,
    /// `Ipv6SourceCidrIp` for ingress, `Ipv6DestCidrIp` for egress.
    pub ipv6_cidr: Option<&'a str>,
    /// `SourceGroupId` for ingress, `DestGroupId` for egress.
    pub group: Option<&'a str>,
    /// Whether the group belongs to another account (`SourceGroupOwnerAccount` and its kin).
    pub foreign_group: bool,
    /// `SourcePrefixListId` for ingress, `DestPrefixListId` for egress.
    pub prefix_list: Option<&'a str>,
    /// `DestCidrIp` or `Ipv6DestCidrIp` for ingress, the source fields for egress.
    pub own_cidr: Option<&'a str>,
    /// `NicType`.
    pub nic_type: Option<&'a str>,
}

fn present(text: Option<&str>) -> Option<&str> {
    text.map(str::trim).filter(|text| !text.is_empty())
}

impl RuleFields<'_> {
    /// The rule that these fields describe. What cannot be understood becomes missing evidence that
    /// quotes the text.
    #[must_use]
    pub fn rule(&self, id: &str, direction: Direction) -> Rule {
        let unclear =
            |field: &str, text: &str| -> Arc<str> { format!("{field} `{text}` of rule {id} is not understood").into() };
        let policy = match present(self.policy).map(str::to_ascii_lowercase).as_deref() {
            None => Seen::Absent,
            Some("accept") => Seen::Known(Policy::Accept),
            Some("drop") => Seen::Known(Policy::Drop),
            Some(other) => Seen::Missing(unclear("policy", other)),
        };
        let priority = match present(self.priority) {
            None => Seen::Absent,
            Some(text) => match text.parse() {
                Ok(priority) if priority > 0 => Seen::Known(priority),
                _ => Seen::Missing(unclear("priority", text)),
            },
        };
        let protocol = match present(self.ip_protocol) {
            None => Seen::Missing(format!("protocol of rule {id}").into()),
            Some(text) => Protocol::parse(text).map_or_else(|| Seen::Missing(unclear("protocol", text)), Seen::Known),
        };
        let ported =
            !matches!(protocol, Seen::Known(Protocol::Icmp | Protocol::Icmpv6 | Protocol::Gre | Protocol::All));
        let ports = match (present(self.port_range), present(self.port_range_list)) {
            _ if !ported => PortMatch::All,
            (Some(text), _) => port_ranges(text).unwrap_or_else(|| PortMatch::Missing(unclear("port range", text))),
            (None, Some(list)) => PortMatch::List(list.into()),
            (None, None) => PortMatch::Missing(format!("port range of rule {id}").into()),
        };
        let source_ports = match present(self.source_port_range) {
            None => PortMatch::All,
            _ if !ported => PortMatch::All,
            Some(text) => port_ranges(text).unwrap_or_else(|| PortMatch::Missing(unclear("source port range", text))),
        };
        let cidrs: Vec<&str> = [present(self.cidr), present(self.ipv6_cidr)].into_iter().flatten().collect();
        let peer = if !cidrs.is_empty() {
            match cidrs.iter().map(|text| net(text).ok_or(*text)).collect::<Result<Vec<_>, _>>() {
                Ok(nets) => Peer::Nets(nets),
                Err(text) => Peer::Missing(unclear("address range", text)),
            }
        } else if let Some(group) = present(self.group) {
            if self.foreign_group { Peer::ForeignGroup(group.into()) } else { Peer::Group(group.into()) }
        } else if let Some(list) = present(self.prefix_list) {
            Peer::Prefixes(list.into())
        } else {
            Peer::Missing(format!("source or destination of rule {id}").into())
        };
        let own = match present(self.own_cidr) {
            None => Seen::Absent,
            Some(text) => {
                net(text).map_or_else(|| Seen::Missing(unclear("address range", text)), |net| Seen::Known(vec![net]))
            }
        };
        let internet = present(self.nic_type).is_some_and(|text| text.eq_ignore_ascii_case("internet"));
        Rule {
            id: id.into(),
            direction,
            policy,
            priority,
            protocol,
            ports,
            source_ports,
            peer,
            own,
            nic: if internet { Nic::Internet } else { Nic::Intranet },
        }
    }
}

/// Reads `lo/hi`, a single port, or a comma list of them; `-1/-1` means every port (SG-9, CLB and NAT
/// use the same writing). `None` when a part is not a port range or runs backwards.
#[must_use]
pub fn port_ranges(text: &str) -> Option<PortMatch> {
    let mut ranges = Vec::new();
    for part in text.split(',').map(str::trim) {
        let (low, high) = part.split_once('/').unwrap_or((part, part));
        if (low, high) == ("-1", "-1") {
            return Some(PortMatch::All);
        }
        let (low, high) = (low.parse::<u16>().ok()?, high.parse::<u16>().ok()?);
        if low > high {
            return None;
        }
        ranges.push((low, high));
    }
    Some(PortMatch::Ranges(ranges))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_range_beside_a_port_list_makes_the_list_ignored_vector_9() {
        let fields = RuleFields {
            ip_protocol: Some("tcp"),
            port_range: Some("80/80"),
            port_range_list: Some("prl-22"),
            cidr: Some("0.0.0.0/0"),
            ..RuleFields::default()
        };
        assert_eq!(fields.rule("r", Direction::Ingress).ports, PortMatch::Ranges(vec![(80, 80)]));
        let fields = RuleFields { port_range: None, ..fields };
        assert_eq!(fields.rule("r", Direction::Ingress).ports, PortMatch::List("prl-22".into()));
    }

    #[test]
    fn minus_one_with_tcp_means_all_ports_and_a_backward_range_is_missing_evidence() {
        assert_eq!(port_ranges("-1/-1"), Some(PortMatch::All));
        assert_eq!(port_ranges("200/1"), None);
        let fields = RuleFields {
            ip_protocol: Some("TCP"),
            port_range: Some("200/1"),
            cidr: Some("0.0.0.0/0"),
            ..RuleFields::default()
        };
        assert!(matches!(fields.rule("r", Direction::Ingress).ports, PortMatch::Missing(_)));
    }

    #[test]
    fn an_address_range_outranks_a_group_and_a_group_outranks_a_prefix_list() {
        let all = RuleFields {
            ip_protocol: Some("all"),
            cidr: Some("10.0.0.0/8"),
            group: Some("sg-a"),
            prefix_list: Some("pl-a"),
            ..RuleFields::default()
        };
        assert!(matches!(all.rule("r", Direction::Ingress).peer, Peer::Nets(_)));
        let no_range = RuleFields { cidr: None, ..all };
        assert_eq!(no_range.rule("r", Direction::Ingress).peer, Peer::Group("sg-a".into()));
        let list_only = RuleFields { group: None, ..no_range };
        assert_eq!(list_only.rule("r", Direction::Ingress).peer, Peer::Prefixes("pl-a".into()));
    }

    #[test]
    fn host_bits_of_an_address_range_are_masked_vector_19() {
        let fields = RuleFields { ip_protocol: Some("all"), cidr: Some("10.159.6.18/12"), ..RuleFields::default() };
        assert_eq!(fields.rule("r", Direction::Ingress).peer, Peer::Nets(vec!["10.144.0.0/12".parse().unwrap()]));
    }
}
