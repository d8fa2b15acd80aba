//! Security groups and prefix lists in ROS templates. Source: ROS documentation, `ALIYUN::ECS::SecurityGroup*`,
//! `ALIYUN::ECS::JoinSecurityGroup`, `ALIYUN::ECS::PrefixList`.

use xiezhi_model::service::ecs::{Instance, NetworkInterface, PrefixList, Rule, SecurityGroup};
use xiezhi_model::{Fact, Key, Link, List, Reason, Resource, State};

use crate::fields::{Fields, documented};
use crate::sink::Sink;
use crate::terraform::Block;
use crate::terraform::map::ecs::texts_of_records;
use crate::words::{lower, one_item, one_link, ports, targets};

/// The resource types of security groups.
pub const BLOCKS: &[Block] = &[
    Block { name: "ALIYUN::ECS::SecurityGroup", kind: Some(SecurityGroup::SCHEMA), read: security_group },
    Block { name: "ALIYUN::ECS::SecurityGroupIngress", kind: None, read: ingress },
    Block { name: "ALIYUN::ECS::SecurityGroupEgress", kind: None, read: egress },
    Block { name: "ALIYUN::ECS::SecurityGroupIngresses", kind: None, read: ingresses },
    Block { name: "ALIYUN::ECS::SecurityGroupEgresses", kind: None, read: egresses },
    Block { name: "ALIYUN::ECS::JoinSecurityGroup", kind: None, read: join },
    Block { name: "ALIYUN::ECS::PrefixList", kind: Some(PrefixList::SCHEMA), read: prefix_list },
];

const GROUP: &str = "ROS ALIYUN::ECS::SecurityGroup";
const RULE: &str = "ROS ALIYUN::ECS::SecurityGroupIngress";
const INNER: &str =
    "ECS CreateSecurityGroup: members of a basic group reach each other, those of an advanced one do not";

fn security_group(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("SecurityGroupId"), |group: &mut SecurityGroup| {
        group.head.name = f.opt_text("SecurityGroupName");
        group.vpc = f.link("VpcId");
        group.group_type = lower(f.text_or("SecurityGroupType", "normal", GROUP));
        // A template cannot set the inner access policy. Source: ECS CreateSecurityGroup, ModifySecurityGroupPolicy.
        group.inner_access = match group.group_type.value().map(|kind| kind.as_str()) {
            Some("normal") => documented(INNER).known("accept".into()),
            Some("enterprise") => documented(INNER).known("drop".into()),
            _ => f.unknown(Reason::NotInEvidence),
        };
        let mut rules = documented(GROUP).known(List::complete(vec![]));
        for (path, direction) in [("SecurityGroupIngress", "ingress"), ("SecurityGroupEgress", "egress")] {
            if f.has(path) {
                let said = f.records(path, |rule| read_rule(&rule, direction));
                rules = joined(rules, said);
            }
        }
        group.rules = rules;
        group.service_managed = f.known(false);
    });
}

/// The rules of both directions as one list; what cannot be read of one leaves the whole list open.
fn joined(a: Fact<List<Rule>>, b: Fact<List<Rule>>) -> Fact<List<Rule>> {
    let origin = if a.origin.is_default() { b.origin } else { a.origin };
    let mut list = List::complete(vec![]);
    for state in [a.state, b.state] {
        match state {
            State::Known(more) => {
                list.items.extend(more.items);
                list.more = list.more.or(more.more);
            }
            State::Absent => {}
            State::Unknown(reason) => list.more = Some(reason),
        }
    }
    Fact::known(list, origin)
}

fn read_rule(f: &Fields<'_>, direction: &str) -> Rule {
    let protocol = lower(f.text("IpProtocol"));
    let far = |ingress: &'static str, egress: &'static str| if direction == "ingress" { ingress } else { egress };
    Rule {
        id: f.absent(),
        direction: f.known(direction.into()),
        policy: lower(f.text_or("Policy", "accept", RULE)),
        priority: f.int_or("Priority", 1, RULE),
        ports: ports(f.text("PortRange"), &protocol),
        port_list: f.absent(),
        source_ports: if f.has("SourcePortRange") { ports(f.text("SourcePortRange"), &protocol) } else { f.absent() },
        cidr: f.opt_text(far("SourceCidrIp", "DestCidrIp")),
        ipv6_cidr: f.opt_text(far("Ipv6SourceCidrIp", "Ipv6DestCidrIp")),
        group: f.link(far("SourceGroupId", "DestGroupId")),
        group_account: f.opt_text(far("SourceGroupOwnerId", "DestGroupOwnerId")),
        prefix_list: f.link(far("SourcePrefixListId", "DestPrefixListId")),
        own_cidr: f.opt_text(far("DestCidrIp", "SourceCidrIp")),
        nic_type: lower(f.opt_text("NicType")),
        protocol,
    }
}

fn ingress(f: &Fields<'_>, sink: &mut Sink<'_>) {
    add_rules(f, sink, one_rule(f, "ingress"));
}

fn egress(f: &Fields<'_>, sink: &mut Sink<'_>) {
    add_rules(f, sink, one_rule(f, "egress"));
}

fn one_rule(f: &Fields<'_>, direction: &str) -> Fact<List<Rule>> {
    f.known(List::complete(vec![read_rule(f, direction)]))
}

/// Several rules at once. Source: ROS documentation, `ALIYUN::ECS::SecurityGroupIngresses`.
fn ingresses(f: &Fields<'_>, sink: &mut Sink<'_>) {
    add_rules(f, sink, f.records("Permissions", |rule| read_rule(&rule, "ingress")));
}

fn egresses(f: &Fields<'_>, sink: &mut Sink<'_>) {
    add_rules(f, sink, f.records("Permissions", |rule| read_rule(&rule, "egress")));
}

fn add_rules(f: &Fields<'_>, sink: &mut Sink<'_>, rules: Fact<List<Rule>>) {
    let group = f.link::<SecurityGroup>("SecurityGroupId");
    // Nobody can write rules into a group that a service manages.
    sink.on(&group, |group: &mut SecurityGroup| group.service_managed = f.known(false));
    sink.extend(&group, |group: &mut SecurityGroup| &mut group.rules, rules);
    // A group that the template does not declare may have rules that it does not show.
    if let Some(link) = group.value() {
        let (key, origin) = (Key::target(&link.target), group.origin.clone());
        sink.batch.later(move |batch| {
            batch.edit::<SecurityGroup>(&key, &origin, |group| {
                if group.head.address.is_empty()
                    && let State::Known(list) = &mut group.rules.state
                {
                    list.more.get_or_insert(Reason::NotInEvidence);
                }
            });
        });
    }
}

/// Puts instances and interfaces into a group. Source: ROS documentation, `ALIYUN::ECS::JoinSecurityGroup`:
/// `InstanceIdList` counts only without `InstanceId`.
fn join(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let group = f.link::<SecurityGroup>("SecurityGroupId");
    let instances = if f.has("InstanceId") { one_link(f.link("InstanceId")) } else { f.links("InstanceIdList") };
    append_each(sink, instances, |i: &mut Instance| &mut i.security_groups, &group);
    let interfaces = f.links("NetworkInterfaceList");
    append_each(sink, interfaces, |n: &mut NetworkInterface| &mut n.security_groups, &group);
}

fn append_each<R: Resource, T: Resource>(
    sink: &mut Sink<'_>,
    several: Fact<List<Link<R>>>,
    list: fn(&mut R) -> &mut Fact<List<Link<T>>>,
    member: &Fact<Link<T>>,
) {
    for target in targets(several) {
        let (items, more) = one_item(member.clone());
        sink.append(&target, list, items, more);
    }
}

fn prefix_list(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("PrefixListId"), |p: &mut PrefixList| {
        p.head.name = f.opt_text("PrefixListName");
        p.family = lower(f.text("AddressFamily"));
        p.entries = texts_of_records(f, "Entries", "Cidr");
    });
}
