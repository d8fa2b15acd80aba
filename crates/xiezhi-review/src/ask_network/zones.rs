//! The parts of an estate that a question names: instances, interfaces, security groups, vSwitches, VPCs, ranges.

use std::collections::BTreeSet;
use std::net::IpAddr;

use ipnet::IpNet;
use xiezhi_model::service::{eci, ecs, vpc};
use xiezhi_model::{Head, Resource, Schema};
use xiezhi_net::model::{Eni, Id, Seen, net};
use xiezhi_net::segment::Zone;
use xiezhi_net::set::Addresses;

use super::paths::fits;
use super::scaled::{Made, scaled};
use super::{AskError, Ground, Open};
use crate::analyse::evidence_gap;
use crate::analyse::network::{INTERFACES, id_of, is_placeholder};

/// A named part: its interfaces, and why there may be more of them.
pub(super) struct Part {
    pub(super) interfaces: Vec<Id>,
    /// The addresses that are meant, of those that the interfaces have; every one unless a range was named.
    pub(super) addresses: Option<Addresses>,
    pub(super) open: Vec<Open>,
}

impl Part {
    /// The part that a question names.
    pub(super) fn of(ground: &Ground, name: &str) -> Result<Self, AskError> {
        if let Some(range) = net(name) {
            return Ok(Self::range(ground, range));
        }
        let inventory = &ground.inventory;
        let machines = named(inventory.all::<ecs::Instance>(), name)
            .chain(named(inventory.all::<ecs::NetworkInterface>(), name))
            .chain(named(inventory.all::<eci::ContainerGroup>(), name));
        let machines: Vec<Self> = machines.map(|head| machine(ground, head)).collect();
        if let Some(all) = machines.into_iter().reduce(Self::and) {
            return Ok(all);
        }
        let groups = named(inventory.all::<ecs::SecurityGroup>(), name).map(|head| in_group(ground, head));
        let vswitches = named(inventory.all::<vpc::VSwitch>(), name).map(|head| in_vswitch(ground, head));
        let vpcs = named(inventory.all::<vpc::Vpc>(), name).map(|head| in_vpc(ground, head));
        let mut found: Vec<Self> = groups.chain(vswitches).chain(vpcs).collect();
        match (found.pop(), found.len()) {
            (Some(one), 0) => Ok(one),
            (Some(_), more) => {
                let all = more.saturating_add(1);
                Err(AskError::new(
                    format!("`{name}` is the name of {all} security groups, vSwitches or VPCs: name one by its id"),
                    format!("有 {all} 个安全组、交换机或专有网络名为 `{name}`：请用 ID 指明其一"),
                ))
            }
            (None, _) => Err(AskError::new(
                format!(
                    "the evidence has no instance, interface, security group, vSwitch, VPC, load balancer, PrivateLink \
                     endpoint or managed service `{name}`: name it by id, name or Terraform address, or give a private \
                     address or range"
                ),
                format!(
                    "证据中没有实例、网卡、安全组、交换机、专有网络、负载均衡、私网连接终端节点或托管服务 `{name}`：\
                     请用 ID、名称或 Terraform 地址指明，或给出私网地址或地址段"
                ),
            )),
        }
    }

    /// Every interface of the estate.
    pub(super) fn everywhere(ground: &Ground) -> Self {
        let interfaces = ground.network.enis.iter().map(|eni| eni.id.clone()).collect();
        let mut open = lists(ground, None);
        open.extend(scaled(ground, |_| true));
        Self { interfaces, addresses: None, open }
    }

    /// Both parts together.
    fn and(mut self, other: Self) -> Self {
        self.interfaces.extend(other.interfaces);
        self.open.extend(other.open);
        self
    }

    /// The interfaces with an address in a range, in any VPC.
    fn range(ground: &Ground, range: IpNet) -> Self {
        let inside = |eni: &&Eni| addresses(eni).any(|address| range.contains(&address));
        let enis = ground.network.enis.iter().filter(inside);
        let mut open = lists(ground, None);
        open.extend(scaled(ground, |_| true));
        // An interface without an address may get one of the range.
        let unassigned = ground.network.enis.iter().filter(|eni| addresses(eni).any(is_placeholder));
        let may = unassigned.filter(|eni| {
            let vswitch = eni.vswitch.known().and_then(|id| ground.network.vswitches.iter().find(|one| one.id == *id));
            vswitch.is_none_or(|vswitch| {
                let meets = |block: &IpNet| block.contains(&range.network()) || range.contains(&block.network());
                vswitch.cidrs.is_empty() || vswitch.cidrs.iter().any(meets)
            })
        });
        open.extend(may.map(|eni| Open {
            what: format!("address of {}", super::short(eni.id.as_str())),
            code: xiezhi_model::Reason::NotInEvidence.code().to_owned(),
        }));
        Self {
            interfaces: enis.map(|eni| eni.id.clone()).collect(),
            addresses: Some(Addresses::from_nets([range])),
            open,
        }
    }

    /// Some interfaces, whatever their instances have besides.
    pub(super) fn interfaces(enis: &[Eni]) -> Self {
        Self { interfaces: enis.iter().map(|eni| eni.id.clone()).collect(), addresses: None, open: Vec::new() }
    }

    /// The zone of the part.
    pub(super) fn zone(&self) -> Zone {
        Zone::Interfaces(self.interfaces.clone())
    }

    /// The interfaces themselves, in the order of the network.
    pub(super) fn enis<'g>(&self, ground: &'g Ground) -> Vec<&'g Eni> {
        self.zone().interfaces(&ground.network)
    }
}

fn named<'g, R: Resource>(all: &'g [R], name: &str) -> impl Iterator<Item = &'g Head> {
    let name = name.to_owned();
    all.iter().map(Resource::head).filter(move |head| fits(head, &name))
}

fn addresses(eni: &Eni) -> impl Iterator<Item = IpAddr> {
    let v4 = eni.addresses.iter().map(|own| IpAddr::V4(*own));
    v4.chain(eni.ipv6.iter().map(|own| IpAddr::V6(own.address)))
}

/// The lists of interfaces that are not complete, near a resource or anywhere.
fn lists(ground: &Ground, head: Option<&Head>) -> Vec<Open> {
    let mut all = BTreeSet::new();
    for kind in INTERFACES {
        match head {
            Some(head) => {
                if let Some(reason) = evidence_gap(&ground.inventory, kind, head) {
                    all.insert(Open { what: kind.kind.to_owned(), code: reason.code().to_owned() });
                }
            }
            None => {
                let gaps = ground.inventory.gaps(kind);
                all.extend(gaps.iter().map(|gap| Open {
                    what: place(kind, gap.of.as_deref(), gap.region.as_deref()),
                    code: gap.reason.code().to_owned(),
                }));
            }
        }
    }
    all.into_iter().collect()
}

fn place(kind: &Schema, of: Option<&str>, region: Option<&str>) -> String {
    [Some(kind.kind), of, region].into_iter().flatten().collect::<Vec<_>>().join(" ")
}

fn in_group(ground: &Ground, head: &Head) -> Part {
    let holds = |eni: &Eni, own: &Id| match &eni.groups {
        Seen::Known(groups) => Seen::Known(groups.contains(own)),
        Seen::Absent => Seen::Known(false),
        Seen::Missing(what) => Seen::Missing(what.clone()),
    };
    members(ground, head, holds, Made::in_group)
}

fn in_vswitch(ground: &Ground, head: &Head) -> Part {
    members(ground, head, |eni, own| is(&eni.vswitch, own), Made::in_vswitch)
}

fn in_vpc(ground: &Ground, head: &Head) -> Part {
    members(ground, head, |eni, own| is(&eni.vpc, own), |made, own| made.in_vpc(ground, own))
}

fn is(seen: &Seen<Id>, own: &Id) -> Seen<bool> {
    match seen {
        Seen::Known(id) => Seen::Known(id == own),
        Seen::Absent => Seen::Known(false),
        Seen::Missing(what) => Seen::Missing(what.clone()),
    }
}

/// The interfaces of an instance or container group, or one interface.
fn machine(ground: &Ground, head: &Head) -> Part {
    let own = id_of(head);
    let enis = ground.network.enis.iter().filter(|eni| eni.id == own || eni.instance.as_ref() == Some(&own));
    let instance = ground.inventory.all::<ecs::Instance>().iter().find(|instance| id_of(&instance.head) == own);
    // Further interfaces of an instance are named by itself, or listed.
    let further = instance.and_then(|instance| instance.secondary_interfaces.reason());
    let gap = further.filter(|_| evidence_gap(&ground.inventory, ecs::NetworkInterface::SCHEMA, head).is_some());
    let open =
        gap.map(|reason| Open { what: ecs::NetworkInterface::SCHEMA.kind.to_owned(), code: reason.code().to_owned() });
    Part { interfaces: enis.map(|eni| eni.id.clone()).collect(), addresses: None, open: open.into_iter().collect() }
}

/// The interfaces of which something holds; those of which nobody knows, and those that a scaling group may make, leave
/// the part open.
fn members(
    ground: &Ground,
    head: &Head,
    holds: impl Fn(&Eni, &Id) -> Seen<bool>,
    may: impl Fn(&Made, &Id) -> bool,
) -> Part {
    let own = id_of(head);
    let mut open = lists(ground, Some(head));
    open.extend(scaled(ground, |made| may(made, &own)));
    let mut interfaces = Vec::new();
    for eni in &ground.network.enis {
        match holds(eni, &own) {
            Seen::Known(true) => interfaces.push(eni.id.clone()),
            Seen::Known(false) | Seen::Absent => {}
            Seen::Missing(what) => open.push(ground.gap(&what)),
        }
    }
    Part { interfaces, addresses: None, open }
}
