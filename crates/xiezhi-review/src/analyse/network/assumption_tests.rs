//! Facts that rest on an open rule of the platform say so.

use xiezhi_model::service::ecs::Instance;
use xiezhi_model::{Label, Resource};
use xiezhi_net::assume::{Assumption, Readings};
use xiezhi_net::reach;

use super::convert::{Converter, id_of};
use super::exposure;
use crate::analyse::tests::{assumption_cases_of, one, terraform};

/// The cases that tell whether the internet reaches TCP ports of an instance.
const OF_INSTANCES: [Assumption; 8] = [
    Assumption::Middlebox,
    Assumption::DnatSource,
    Assumption::DnatBesideEip,
    Assumption::ClbLayer4Groups,
    Assumption::AlbLocal,
    Assumption::FirewallMonitor,
    Assumption::Ipv6EgressOnly,
    Assumption::ClbLegacyList,
];

#[test]
fn ports_of_an_instance_that_are_claimed_under_an_open_rule_name_it_and_are_an_inference() {
    let inventory = terraform(
        r#"
resource "alicloud_vpc" "v" { cidr_block = "10.0.0.0/16" }
resource "alicloud_security_group" "g" { vpc_id = alicloud_vpc.v.id }
resource "alicloud_vswitch" "s" {
  vpc_id     = alicloud_vpc.v.id
  cidr_block = "10.0.1.0/24"
  zone_id    = "cn-hangzhou-h"
}
resource "alicloud_instance" "i" {
  vswitch_id      = alicloud_vswitch.s.id
  security_groups = [alicloud_security_group.g.id]
}
"#,
    );
    let instance = id_of(one::<Instance>(&inventory, "alicloud_instance.i").head());
    let mut claimed = 0;
    for case in assumption_cases_of(instance.as_str()) {
        let report = reach::from_internet(&case.network, &Readings::default());
        let converter = Converter::new(&inventory);
        let concluded = exposure::conclude("network", &converter, &case.network, &report);
        let [(ports, _)] = concluded.instances.as_slice() else { panic!("one instance") };
        let named = ports.origin.source.name.contains(case.assumption.code());
        assert_eq!(
            named,
            OF_INSTANCES.contains(&case.assumption),
            "{:?}: {}",
            case.assumption,
            ports.origin.source.name
        );
        if named {
            assert_eq!(ports.origin.label, Label::Inference);
            assert!(ports.value().is_some_and(|list| !list.items.is_empty()));
            claimed += 1;
        }
        if case.assumption == Assumption::NlbPreserve {
            // A setting that evidence can show: not claimed, but left open.
            assert!(ports.value().is_some_and(|list| list.items.is_empty() && list.more.is_some()));
        }
    }
    assert_eq!(claimed, OF_INSTANCES.len());
}
