//! The smallest edits that end what the internet reaches at a target, proven by running the engine again.

use xiezhi_net::assume::Readings;
use xiezhi_net::close::{Edit, Goal, Plan, plans};
use xiezhi_net::model::Policy;
use xiezhi_net::set::Addresses;

use super::paths::{Meant, part, ports, to};
use super::{Answer, AskError, Ground, Part, Question, Verdict, address, entry, instances, short, target};

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
    facts.extend(plan.edits.iter().map(|edit| ("edit", described(edit))));
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

/// An edit in words of the API, which are the same in every language.
fn described(edit: &Edit) -> String {
    let list = |nets: &[ipnet::IpNet]| nets.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
    let id = |id: &xiezhi_net::model::Id| short(id.as_str());
    match edit {
        Edit::RemoveRule { group, rule } => format!("RevokeSecurityGroup {} rule={}", id(group), id(rule)),
        Edit::NarrowRule { group, rule, to } => {
            format!("ModifySecurityGroupRule {} rule={} source={}", id(group), id(rule), list(to))
        }
        Edit::AddRule { group, rule } => {
            let policy = if rule.policy.known() == Some(&Policy::Drop) { "drop" } else { "accept" };
            let priority = rule.priority.known().copied().unwrap_or(1);
            let peer = match &rule.peer {
                xiezhi_net::model::Peer::Nets(nets) => list(nets),
                _ => String::new(),
            };
            let ports = match &rule.ports {
                xiezhi_net::model::PortMatch::Ranges(ranges) => {
                    ranges.iter().map(|(first, last)| format!("{first}/{last}")).collect::<Vec<_>>().join(",")
                }
                _ => "-1/-1".to_owned(),
            };
            format!(
                "AuthorizeSecurityGroup {} policy={policy} priority={priority} port={ports} source={peer}",
                id(group)
            )
        }
        Edit::UnbindEip(eip) => format!("UnassociateEipAddress {}", id(eip)),
        Edit::ReleaseAddress { interface, address: one } => format!("release {} of {}", address(*one), id(interface)),
        Edit::RemoveDnat { nat, entry } => format!("DeleteForwardEntry {} of {}", id(entry), id(nat)),
        Edit::StopListener { listener, .. } => format!("StopLoadBalancerListener {}", id(listener)),
        Edit::WhiteList { listener, to, .. } => format!("access list (white) on {} with {}", id(listener), list(to)),
        Edit::NarrowAllowList { service, endpoint, to } => {
            format!("allow list of {} {} = {}", id(service), id(endpoint), list(to))
        }
        Edit::ReleaseEndpoint { service, endpoint } => format!("release endpoint {} of {}", id(endpoint), id(service)),
    }
}
