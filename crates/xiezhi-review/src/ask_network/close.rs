//! The smallest edits that end what the internet reaches at a target, proven by running the engine again.

use ipnet::IpNet;
use xiezhi_model::SourceKind;
use xiezhi_model::service::ecs::SecurityGroup;
use xiezhi_net::assume::Readings;
use xiezhi_net::close::{Edit, Goal, Plan, plans};
use xiezhi_net::model::{Id, Peer, Policy, PortMatch, Protocol, Rule};
use xiezhi_net::set::Addresses;

use super::paths::{Meant, part, ports, to};
use super::{Answer, AskError, Ground, Part, Question, Verdict, address, entry, instances, short, target};
use crate::analyse::network::id_of;

/// How many plans of one way are shown.
const PLANS: usize = 3;

/// Which edits end what the internet reaches at a target, on one port when it is given; `keep` may go on.
pub fn close(ground: &Ground, name: &str, port: Option<u16>, keep: &[&str]) -> Result<Answer, AskError> {
    let meant = Meant::of(ground, name)?;
    let keep = Addresses::parse(keep)
        .map_err(|text| AskError::new(format!("`{text}` is no range of addresses"), format!("`{text}` 不是地址段")))?;
    let report = ground.report();
    let of = instances(&ground.network);
    let wanted = to(port.as_slice());
    let readings = Readings::default();
    let mut parts = Vec::new();
    let mut closed = true;
    for exposure in report.exposures.iter().filter(|exposure| meant.is(&of, exposure)) {
        let Some(way) = part(ground, &of, exposure, &wanted) else { continue };
        let mut goal = Goal::everything(exposure, keep.clone());
        goal.packets = goal.packets.intersect(&wanted);
        if goal.packets.is_empty() {
            continue;
        }
        let found = plans(&ground.network, &readings, &report, &goal);
        closed &= !found.is_empty();
        if found.is_empty() {
            parts.push(Part { verdict: Verdict::Undecided, ..way });
            continue;
        }
        for plan in found.iter().take(PLANS) {
            parts.push(shown(ground, &way, plan));
        }
    }
    let unseen = ground.unseen(&report.blind, Some(&meant.heads(ground)), false);
    let verdict = match (parts.is_empty(), closed) {
        (true, _) if unseen.is_empty() => Verdict::No,
        (true, _) | (false, false) => Verdict::Undecided,
        (false, true) => Verdict::Yes,
    };
    Ok(ground.answer(Question::Close { target: name.to_owned(), port }, verdict, parts, unseen))
}

fn shown(ground: &Ground, way: &Part, plan: &Plan) -> Part {
    let of = instances(&ground.network);
    let mut facts: Vec<(&'static str, String)> =
        way.facts.iter().filter(|(name, _)| matches!(*name, "address" | "through")).cloned().collect();
    for edit in &plan.edits {
        facts.push(("edit", described(ground, edit)));
        facts.extend(declared(ground, edit).map(|place| ("declared-at", place)));
    }
    for loss in &plan.also_cut {
        let whom = target(&of, &loss.target);
        facts.push(("also-cut", format!("{} at {whom} through {}", ports(&loss.packets), entry(&loss.entry))));
    }
    if !plan.cut_inside.is_empty() {
        facts.push(("cut-inside", ports(&plan.cut_inside)));
    }
    Part {
        subject: way.subject.clone(),
        verdict: Verdict::Yes,
        facts,
        packet: None,
        hops: Vec::new(),
        because: Vec::new(),
    }
}

/// An edit in words of the API, which are the same in every language: the operation and the parameters that name what it
/// changes. Source: API references of ECS, VPC and the load balancers.
fn described(ground: &Ground, edit: &Edit) -> String {
    let id = |id: &Id| short(id.as_str());
    match edit {
        Edit::RemoveRule { group, rule } => format!("RevokeSecurityGroup {}", named(ground, group, rule)),
        Edit::NarrowRule { group, rule, to } => {
            let key =
                if to.iter().any(|net| matches!(net, IpNet::V6(_))) { "Ipv6SourceCidrIp" } else { "SourceCidrIp" };
            format!("ModifySecurityGroupRule {}: {key}={}", named(ground, group, rule), list(to))
        }
        Edit::AddRule { group, rule } => {
            format!("AuthorizeSecurityGroup SecurityGroupId={} {}", id(group), parameters(rule))
        }
        Edit::UnbindEip(eip) => format!("UnassociateEipAddress AllocationId={}", id(eip)),
        Edit::ReleaseAddress { interface, address: one } => format!("release {} of {}", address(*one), id(interface)),
        Edit::RemoveDnat { nat, entry } => {
            format!("DeleteForwardEntry ForwardEntryId={} NatGatewayId={}", id(entry), id(nat))
        }
        Edit::StopListener { listener, .. } => format!("StopLoadBalancerListener {}", id(listener)),
        Edit::WhiteList { listener, to, .. } => format!("access list (white) on {} with {}", id(listener), list(to)),
        Edit::NarrowAllowList { service, endpoint, to } => {
            format!("allow list of {} {} = {}", id(service), id(endpoint), list(to))
        }
        Edit::ReleaseEndpoint { service, endpoint } => format!("release endpoint {} of {}", id(endpoint), id(service)),
    }
}

/// A rule by its id where it has one, else by what it says, as the API finds rules without id.
fn named(ground: &Ground, group: &Id, rule: &Id) -> String {
    let of = format!("SecurityGroupId={}", short(group.as_str()));
    // Source: ECS, DescribeSecurityGroupAttribute `SecurityGroupRuleId`.
    if rule.as_str().starts_with("sgr-") {
        return format!("{of} SecurityGroupRuleId={rule}");
    }
    let groups = &ground.network.groups;
    let found = groups.iter().find(|one| one.id == *group).and_then(|one| one.rules.known());
    match found.and_then(|rules| rules.iter().find(|one| one.id == *rule)) {
        Some(rule) => format!("{of} {}", parameters(rule)),
        None => format!("{of} {}", short(rule.as_str())),
    }
}

/// What an inbound rule says, as parameters of the API.
fn parameters(rule: &Rule) -> String {
    let protocol = rule.protocol.known().map_or("ALL", |protocol| match protocol {
        Protocol::Tcp => "TCP",
        Protocol::Udp => "UDP",
        Protocol::Icmp => "ICMP",
        Protocol::Icmpv6 => "ICMPv6",
        Protocol::Gre => "GRE",
        Protocol::All => "ALL",
    });
    let ports = match &rule.ports {
        PortMatch::Ranges(ranges) => {
            let ranges = ranges.iter().map(|(first, last)| format!("{first}/{last}"));
            format!("PortRange={}", ranges.collect::<Vec<_>>().join(","))
        }
        PortMatch::List(id) => format!("PortRangeListId={}", short(id.as_str())),
        PortMatch::All | PortMatch::Missing(_) => "PortRange=-1/-1".to_owned(),
    };
    let peer = match &rule.peer {
        Peer::Nets(nets) => {
            let (old, new): (Vec<IpNet>, Vec<IpNet>) = nets.iter().partition(|net| matches!(net, IpNet::V4(_)));
            let of = |key: &str, nets: &[IpNet]| (!nets.is_empty()).then(|| format!("{key}={}", list(nets)));
            let both = [of("SourceCidrIp", &old), of("Ipv6SourceCidrIp", &new)];
            both.into_iter().flatten().collect::<Vec<_>>().join(" ")
        }
        Peer::Group(id) | Peer::ForeignGroup(id) => format!("SourceGroupId={}", short(id.as_str())),
        Peer::Prefixes(id) => format!("SourcePrefixListId={}", short(id.as_str())),
        Peer::Missing(_) => String::new(),
    };
    let policy = if rule.policy.known() == Some(&Policy::Drop) { "drop" } else { "accept" };
    let priority = rule.priority.known().copied().unwrap_or(1);
    format!("IpProtocol={protocol} {ports} {peer} Policy={policy} Priority={priority}")
}

fn list(nets: &[IpNet]) -> String {
    nets.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
}

/// Where code declares what the edit changes: an edit in the console would be undone by the next run.
fn declared(ground: &Ground, edit: &Edit) -> Option<String> {
    let (Edit::RemoveRule { group, rule } | Edit::NarrowRule { group, rule, .. }) = edit else { return None };
    let groups = ground.inventory.all::<SecurityGroup>();
    let group = groups.iter().find(|one| id_of(&one.head) == *group)?;
    let rules = &group.rules.value()?.items;
    let known = ground.network.groups.iter().find(|one| one.id == id_of(&group.head))?.rules.known()?;
    // Rules without an id go by their number in the list.
    let by_id = rules.iter().find(|one| one.id.value().is_some_and(|id| id.as_str() == rule.as_str()));
    let number = rule.as_str().rsplit_once(" rule ").and_then(|(_, number)| number.parse::<usize>().ok());
    let by_number = number.and_then(|number| rules.get(number.checked_sub(1)?));
    let origin = &by_id.or(by_number).filter(|_| known.iter().any(|one| one.id == *rule))?.protocol.origin;
    (origin.source.kind != SourceKind::Api).then(|| origin.to_string())
}
