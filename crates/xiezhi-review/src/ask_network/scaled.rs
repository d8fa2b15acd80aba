//! Instances that the scaling groups and node pools of a configuration make: nothing lists them, so a part of the estate
//! to which they may belong is not whole.

use xiezhi_model::service::ack::NodePool;
use xiezhi_model::service::ess::{ScalingConfiguration, ScalingGroup};
use xiezhi_model::{Fact, Link, List, Resource};
use xiezhi_net::model::Id;

use super::{Ground, Open, short};
use crate::analyse::network::id_of;

/// Where instances of a scaling group or node pool may be; `None` for what is not known.
pub(super) struct Made {
    vswitches: Option<Vec<Id>>,
    groups: Option<Vec<Id>>,
    /// Whether the internet may reach one: by an address of its own, or by load balancers that they join.
    pub(super) published: bool,
}

impl Made {
    /// Whether one may be in a security group.
    pub(super) fn in_group(&self, group: &Id) -> bool {
        self.groups.as_ref().is_none_or(|groups| groups.contains(group))
    }

    /// Whether one may be in a vSwitch.
    pub(super) fn in_vswitch(&self, vswitch: &Id) -> bool {
        self.vswitches.as_ref().is_none_or(|vswitches| vswitches.contains(vswitch))
    }

    /// Whether one may be in a VPC.
    pub(super) fn in_vpc(&self, ground: &Ground, vpc: &Id) -> bool {
        let of = |id: &Id| ground.network.vswitches.iter().find(|vswitch| vswitch.id == *id);
        self.vswitches.as_ref().is_none_or(|all| all.iter().any(|id| of(id).is_none_or(|one| one.vpc == *vpc)))
    }
}

/// The scaling groups and node pools whose instances may belong to a part. An account's own answers list its instances.
/// Source: ESS CreateScalingGroup `VSwitchIds`, CreateScalingConfiguration `SecurityGroupIds`, `InternetMaxBandwidthOut`;
/// CS CreateClusterNodePool `scaling_group`.
pub(super) fn scaled(ground: &Ground, may: impl Fn(&Made) -> bool) -> Vec<Open> {
    let groups = ground.inventory.all::<ScalingGroup>().iter().filter(|group| !group.head.set.is_empty());
    let groups = groups.filter(|group| may(&made(ground, group))).map(|group| &group.head);
    let pools = ground.inventory.all::<NodePool>().iter().filter(|pool| !pool.head.set.is_empty());
    let pools = pools.filter(|pool| may(&nodes(ground, pool))).map(|pool| &pool.head);
    let open = |head| Open { what: short(id_of(head).as_str()), code: "scaled".to_owned() };
    groups.chain(pools).map(open).collect()
}

/// Load balancers that the cluster makes for its services lead to nodes by answers of the load balancer alone: what a
/// configuration says of the nodes is whether they get addresses of their own.
fn nodes(ground: &Ground, pool: &NodePool) -> Made {
    Made {
        vswitches: ids(ground, pool, &pool.vswitches),
        groups: ids(ground, pool, &pool.security_groups),
        published: pool.public_ip.value() != Some(&false),
    }
}

fn made(ground: &Ground, group: &ScalingGroup) -> Made {
    let inventory = &ground.inventory;
    let own = id_of(&group.head);
    let of = |one: &&ScalingConfiguration| {
        let link = one.scaling_group.value();
        let found = link.map(|link| inventory.follow_as::<ScalingGroup>(Some(&one.head), &link.target));
        // A configuration whose group nobody knows may be this one's.
        found.is_none_or(|found| found.is_some_and(|found| id_of(&found.head) == own))
    };
    let configurations: Vec<&ScalingConfiguration> =
        inventory.all::<ScalingConfiguration>().iter().filter(of).collect();
    let mut groups = (!configurations.is_empty()).then(Vec::new);
    for one in &configurations {
        groups = groups.zip(ids(ground, *one, &one.security_groups)).map(|(mut all, more)| {
            all.extend(more);
            all
        });
    }
    let joins = group.load_balancers.value().is_none_or(|list| !list.items.is_empty() || list.more.is_some());
    let public = configurations.iter().any(|one| one.internet_bandwidth_out.value() != Some(&0));
    Made {
        vswitches: ids(ground, group, &group.vswitches),
        groups,
        published: joins || public || configurations.is_empty(),
    }
}

/// What a list names; `None` when there may be more.
fn ids<R: Resource, T: Resource>(ground: &Ground, of: &T, list: &Fact<List<Link<R>>>) -> Option<Vec<Id>> {
    let list = list.value().filter(|list| list.more.is_none())?;
    let follow = |link: &Link<R>| {
        let found = ground.inventory.follow_as::<R>(Some(of.head()), &link.target);
        found.map_or_else(|| Id::from(link.target.as_str()), |found| id_of(found.head()))
    };
    Some(list.items.iter().map(follow).collect())
}
