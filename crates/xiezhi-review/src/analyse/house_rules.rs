//! Where the estate breaks a rule that the organisation made for itself: regions, VPCs of NAT gateways, closed ports. The
//! rules stand in `attest.toml`; without one nothing is concluded of it.

use xiezhi_model::service::account::Account;
use xiezhi_model::service::ecs::SecurityGroup;
use xiezhi_model::service::nat::Gateway;
use xiezhi_model::service::port::PortRange;
use xiezhi_model::service::vpc::Vpc;
use xiezhi_model::{Fact, Head, Inventory, List, Reason, State, Text, service};

use super::evidence::{Listed, called};
use super::{Analysis, derived, in_words};

/// See the module.
pub(super) struct HouseRules;

const NAME: &str = "house rules";

impl Analysis for HouseRules {
    fn name(&self) -> &'static str {
        NAME
    }

    fn run(&self, inventory: &mut Inventory) {
        let found: Vec<[Fact<List<Text>>; 3]> = inventory
            .all::<Account>()
            .iter()
            .map(|account| {
                let own = |head: &Head| match (account.head.id.value(), head.account.value()) {
                    (Some(id), Some(of)) => id == of,
                    _ => true,
                };
                [
                    broken(&account.rule_regions, |regions| elsewhere(inventory, regions, &own)),
                    broken(&account.rule_nat_vpcs, |vpcs| gateways(inventory, vpcs, &account.head, &own)),
                    broken(&account.rule_closed_ports, |ports| opened(inventory, ports, &account.head, &own)),
                ]
            })
            .collect();
        for (account, [regions, gateways, ports]) in inventory.all_mut::<Account>().iter_mut().zip(found) {
            account.outside_regions = regions;
            account.nat_elsewhere = gateways;
            account.closed_ports_open = ports;
        }
    }
}

/// What breaks a rule; absent where there is none.
fn broken(rule: &Fact<List<Text>>, find: impl Fn(&[Text]) -> List<Text>) -> Fact<List<Text>> {
    let origin = derived(NAME, in_words("the rule of attest.toml", "attest.toml 中的规则"), rule.origin.label);
    match &rule.state {
        State::Known(list) if list.items.is_empty() => Fact::absent(origin),
        State::Known(list) => {
            let mut found = find(&list.items);
            found.items.sort();
            found.items.dedup();
            Fact::known(found, origin)
        }
        State::Absent => Fact::absent(origin),
        State::Unknown(reason) => Fact::unknown(reason.clone(), origin),
    }
}

/// The resources in other regions. What no listing covers may stand anywhere.
fn elsewhere(inventory: &Inventory, regions: &[Text], own: &impl Fn(&Head) -> bool) -> List<Text> {
    let gap = service::KINDS
        .iter()
        .filter(|schema| schema.scope == xiezhi_model::Scope::Regional)
        .find_map(|schema| inventory.gaps(schema).into_iter().next());
    let mut found = List { items: vec![], more: gap.map(|gap| gap.reason) };
    for (kind, table) in inventory.kinds() {
        for record in (0..table.count()).filter_map(|at| table.record(at)) {
            let Some(head) = record.resource_head().filter(|head| own(head)) else { continue };
            match &head.region.state {
                State::Known(region) if region.as_str() == "global" || regions.contains(region) => {}
                State::Known(region) => found.items.push(format!("{kind} {} ({region})", called(head)).into()),
                _ => {}
            }
        }
    }
    found
}

fn gateways(inventory: &Inventory, vpcs: &[Text], account: &Head, own: &impl Fn(&Head) -> bool) -> List<Text> {
    let listed = Listed::of::<Gateway>(inventory);
    let mut found = List { items: vec![], more: listed.account(account).err() };
    for gateway in inventory.all::<Gateway>().iter().filter(|gateway| own(&gateway.head)) {
        let vpc = match &gateway.vpc.state {
            State::Known(link) => match inventory.follow_as::<Vpc>(Some(&gateway.head), &link.target) {
                Some(vpc) => vpc.head.id.clone(),
                None if link.target.contains('#') => Fact::unknown(Reason::NotInEvidence, gateway.vpc.origin.clone()),
                None => Fact::known(link.target.clone(), gateway.vpc.origin.clone()),
            },
            State::Absent => continue,
            State::Unknown(reason) => Fact::unknown(reason.clone(), gateway.vpc.origin.clone()),
        };
        match vpc.state {
            State::Known(vpc) if vpcs.contains(&vpc) => {}
            State::Known(_) => found.items.push(called(&gateway.head)),
            State::Absent => {}
            State::Unknown(reason) => found.more = Some(reason),
        }
    }
    found
}

/// A port of the list: `tcp/9000`.
fn port_of(text: &str) -> Option<(bool, i64)> {
    let (protocol, port) = text.split_once('/')?;
    let tcp = match protocol.trim().to_ascii_lowercase().as_str() {
        "tcp" => true,
        "udp" => false,
        _ => return None,
    };
    Some((tcp, port.trim().parse::<u16>().ok()?.into()))
}

fn opened(inventory: &Inventory, ports: &[Text], account: &Head, own: &impl Fn(&Head) -> bool) -> List<Text> {
    let listed = Listed::of::<SecurityGroup>(inventory);
    let mut found = List { items: vec![], more: listed.account(account).err() };
    for text in ports {
        let Some((tcp, port)) = port_of(text) else {
            found.more = Some(Reason::not_understood(format!("the port `{text}` of the rules")));
            continue;
        };
        for group in inventory.all::<SecurityGroup>().iter().filter(|group| own(&group.head)) {
            let open = if tcp { &group.internet_tcp } else { &group.internet_udp };
            match &open.state {
                State::Known(list) if list.items.iter().any(|range| holds(range, port)) => {
                    found.items.push(format!("{} {text}", called(&group.head)).into());
                }
                State::Known(list) => found.more = found.more.take().or_else(|| list.more.clone()),
                State::Absent => {}
                State::Unknown(reason) => found.more = Some(reason.clone()),
            }
        }
    }
    found
}

fn holds(range: &PortRange, port: i64) -> bool {
    range.first.value().is_some_and(|first| *first <= port) && range.last.value().is_some_and(|last| port <= *last)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analyse::tests::{estate, listed};

    fn rules(rest: &str) -> String {
        format!(
            "version = 1\naccount = \"1000000000000001\"\n[signed]\nname = \"Li Hua\"\nrole = \"CISO\"\ndate = \"2026-11-01\"\n[rules]\n{rest}\n"
        )
    }

    const GATEWAYS: (&str, &str) = (
        "vpc-DescribeNatGateways-cn-hangzhou.json",
        r#"{"TotalCount":2,"PageNumber":1,"PageSize":50,"NatGateways":{"NatGateway":[
            {"NatGatewayId":"ngw-1","VpcId":"vpc-1","RegionId":"cn-hangzhou"},
            {"NatGatewayId":"ngw-2","VpcId":"vpc-2","RegionId":"cn-hangzhou"}]}}"#,
    );
    const GROUP: (&str, &str) = (
        "ecs-DescribeSecurityGroupAttribute-cn-hangzhou-sg-1.json",
        r#"{"SecurityGroupId":"sg-1","VpcId":"vpc-1","RegionId":"cn-hangzhou","Permissions":{"Permission":[
            {"Direction":"ingress","Policy":"Accept","IpProtocol":"TCP","PortRange":"9000/9100","SourceCidrIp":"0.0.0.0/0","Priority":"1"}]}}"#,
    );

    #[test]
    fn what_breaks_a_rule_is_named_and_what_nobody_listed_leaves_it_open() {
        let attest =
            rules("regions = [\"cn-beijing\"]\nnat_vpcs = [\"vpc-1\"]\nclosed_ports = [\"tcp/9000\", \"udp/9000\"]");
        let inventory = estate(&[("attest.toml", &attest), GATEWAYS, GROUP]);
        let account = &inventory.all::<Account>()[0];
        assert!(listed(&account.nat_elsewhere).starts_with("ngw-2"), "{}", listed(&account.nat_elsewhere));
        assert!(listed(&account.closed_ports_open).starts_with("sg-1 tcp/9000"));
        let outside = account.outside_regions.value().unwrap();
        assert!(outside.items.iter().any(|item| item == "nat.gateway ngw-1 (cn-hangzhou)"), "{outside:?}");
        assert!(outside.more.is_some(), "nobody listed every kind of resource");
    }

    #[test]
    fn a_rule_that_nobody_made_is_unknown_and_an_empty_one_is_none() {
        let inventory = estate(&[("attest.toml", &rules("nat_vpcs = []")), GATEWAYS]);
        let account = &inventory.all::<Account>()[0];
        assert_eq!(listed(&account.nat_elsewhere), "absent");
        assert!(account.outside_regions.reason().is_some());
    }
}
