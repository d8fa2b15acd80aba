//! In which zones a Kubernetes cluster lies: those of the vSwitches of its control plane and of its node pools. Source: ACK,
//! "Suggested configurations for creating HA clusters"; a vSwitch lies in one zone (VPC CreateVSwitch `ZoneId`).

use std::collections::BTreeMap;

use xiezhi_model::service::ack::{Cluster, NodePool};
use xiezhi_model::service::vpc::VSwitch;
use xiezhi_model::{Fact, Head, Inventory, Label, Link, List, Reason, State, Text};

use super::evidence::Listed;
use super::{Analysis, derived, in_words};

/// See the module.
pub(super) struct ClusterZones;

const NAME: &str = "cluster zones";

/// So many zones are wanted; what matters below is whether there may be as many.
const WANTED: usize = 3;

impl Analysis for ClusterZones {
    fn name(&self) -> &'static str {
        NAME
    }

    fn run(&self, inventory: &mut Inventory) {
        let pools = Listed::of::<NodePool>(inventory);
        let zones: Vec<_> = inventory.all::<Cluster>().iter().map(|cluster| of(inventory, cluster, &pools)).collect();
        inventory.all_mut::<Cluster>().iter_mut().zip(zones).for_each(|(cluster, zones)| cluster.zones = zones);
    }
}

/// The vSwitches found so far, each with its zone where that is known.
struct Found {
    zones: BTreeMap<Text, Option<Text>>,
    /// Why there may be more vSwitches.
    more: Option<Reason>,
    label: Label,
}

impl Found {
    fn take(&mut self, inventory: &Inventory, from: &Head, vswitches: &Fact<List<Link<VSwitch>>>) {
        self.label = self.label.weakest(vswitches.origin.label);
        let list = match &vswitches.state {
            State::Known(list) => list,
            State::Absent => return,
            State::Unknown(reason) => {
                self.more = Some(reason.clone());
                return;
            }
        };
        self.more = self.more.take().or_else(|| list.more.clone());
        for link in &list.items {
            let vswitch = inventory.follow_as::<VSwitch>(Some(from), &link.target);
            let zone = vswitch.and_then(|vswitch| vswitch.zone.value().cloned());
            self.zones.entry(link.target.clone()).or_insert(zone);
        }
    }
}

fn of(inventory: &Inventory, cluster: &Cluster, pools: &Listed) -> Fact<List<Text>> {
    let mut found = Found { zones: BTreeMap::new(), more: None, label: cluster.head.origin.label };
    found.take(inventory, &cluster.head, &cluster.vswitches);
    for pool in inventory.all::<NodePool>() {
        match &pool.cluster.state {
            State::Known(link) if cluster.head.is(&link.target) => found.take(inventory, &pool.head, &pool.vswitches),
            State::Known(_) | State::Absent => {}
            State::Unknown(reason) => found.more = Some(reason.clone()),
        }
    }
    found.more = found.more.or_else(|| pools.gap_of(&cluster.head).cloned());
    let mut zones: Vec<Text> = found.zones.values().flatten().cloned().collect();
    let untold: Vec<&Text> =
        found.zones.iter().filter(|(_, zone)| zone.is_none()).map(|(vswitch, _)| vswitch).collect();
    let mut more = found.more;
    if !untold.is_empty() && more.is_none() && found.zones.len() < WANTED {
        zones.extend(untold.iter().map(|vswitch| Text::from(format!("that of {}", short(vswitch)))));
    } else if !untold.is_empty() {
        more = more.or(Some(Reason::NotInEvidence));
    }
    zones.sort();
    zones.dedup();
    let proof = in_words(
        format!("the zones of {} vSwitches", found.zones.len()),
        format!("{} 个交换机所在的可用区", found.zones.len()),
    );
    let origin = derived(NAME, proof, found.label);
    match (zones.is_empty(), more) {
        (true, Some(reason)) => Fact::unknown(reason, origin),
        (_, more) => Fact::known(List { items: zones, more }, origin),
    }
}

/// The name of a target without the evidence set before it.
fn short(target: &str) -> &str {
    target.rsplit_once('#').map_or(target, |(_, address)| address)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analyse::tests::{listed, terraform};

    fn zones(text: &str) -> String {
        listed(&terraform(text).all::<Cluster>()[0].zones)
    }

    const SWITCHES: &str = r#"
resource "alicloud_vswitch" "a" { zone_id = "cn-hangzhou-h" }
resource "alicloud_vswitch" "b" { zone_id = "cn-hangzhou-i" }
"#;

    #[test]
    fn a_cluster_lies_in_the_zones_of_its_vswitches_and_of_those_of_its_pools() {
        let cluster = r#"resource "alicloud_cs_managed_kubernetes" "k" { vswitch_ids = [alicloud_vswitch.a.id] }"#;
        assert_eq!(zones(&format!("{SWITCHES}{cluster}")), "cn-hangzhou-h");
        let pool = r#"
resource "alicloud_cs_kubernetes_node_pool" "p" {
  cluster_id  = alicloud_cs_managed_kubernetes.k.id
  vswitch_ids = [alicloud_vswitch.b.id]
}"#;
        assert_eq!(zones(&format!("{SWITCHES}{cluster}{pool}")), "cn-hangzhou-h cn-hangzhou-i");
    }

    #[test]
    fn two_vswitches_are_two_zones_at_most_and_three_may_be_any_number() {
        let cluster =
            |ids: &str| format!(r#"resource "alicloud_cs_managed_kubernetes" "k" {{ vswitch_ids = [{ids}] }}"#);
        assert_eq!(zones(&cluster(r#""vsw-1", "vsw-2""#)), "that of vsw-1 that of vsw-2");
        assert!(zones(&cluster(r#""vsw-1", "vsw-2", "vsw-3""#)).starts_with("unknown"));
    }
}
