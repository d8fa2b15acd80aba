//! What a transit router's table of code learns from the VPC attached to it.

use super::*;

/// What a table knows that learns from the VPC `v`, which has one vSwitch of its own; `more` stands beside.
fn learned(more: &str) -> Option<Vec<String>> {
    let text = format!(
        r#"
variable "elsewhere" {{ type = string }}
resource "alicloud_vpc" "v" {{ cidr_block = "10.0.0.0/16" }}
resource "alicloud_vpc" "w" {{ cidr_block = "10.1.0.0/16" }}
resource "alicloud_vswitch" "s" {{
  vpc_id     = alicloud_vpc.v.id
  cidr_block = "10.0.1.0/24"
  zone_id    = "cn-hangzhou-h"
}}
resource "alicloud_cen_instance" "c" {{}}
resource "alicloud_cen_transit_router" "tr" {{ cen_id = alicloud_cen_instance.c.id }}
resource "alicloud_cen_transit_router_route_table" "t" {{
  transit_router_id = alicloud_cen_transit_router.tr.transit_router_id
}}
resource "alicloud_cen_transit_router_vpc_attachment" "v" {{
  transit_router_id = alicloud_cen_transit_router.tr.transit_router_id
  vpc_id            = alicloud_vpc.v.id
}}
resource "alicloud_cen_transit_router_route_table_propagation" "v" {{
  transit_router_route_table_id = alicloud_cen_transit_router_route_table.t.transit_router_route_table_id
  transit_router_attachment_id  = alicloud_cen_transit_router_vpc_attachment.v.transit_router_attachment_id
}}
{more}
"#
    );
    let network = super::super::network(&terraform(&text));
    let tables = network.transit_routers.items[0].tables.known().unwrap();
    let routes = tables[0].routes.known()?;
    Some(routes.iter().map(|route| route.destination.to_string()).collect())
}

fn beside(vpc: &str, range: &str) -> String {
    format!(
        r#"
resource "alicloud_vswitch" "u" {{
  vpc_id     = {vpc}
  cidr_block = {range}
  zone_id    = "cn-hangzhou-h"
}}
"#
    )
}

#[test]
fn a_table_learns_the_ranges_of_the_vswitches_of_the_vpc_and_of_no_other() {
    let known = |ranges: &[&str]| Some(ranges.iter().map(|range| (*range).to_owned()).collect::<Vec<_>>());
    assert_eq!(learned(""), known(&["10.0.1.0/24"]));
    assert_eq!(learned(&beside("alicloud_vpc.v.id", "\"10.0.2.0/24\"")), known(&["10.0.1.0/24", "10.0.2.0/24"]));
    assert_eq!(learned(&beside("alicloud_vpc.w.id", "\"10.1.2.0/24\"")), known(&["10.0.1.0/24"]));
}

#[test]
fn a_vswitch_of_unknown_vpc_or_range_leaves_open_what_a_table_learns() {
    for (vpc, range) in [("var.elsewhere", "\"10.0.2.0/24\""), ("alicloud_vpc.v.id", "var.elsewhere")] {
        assert_eq!(learned(&beside(vpc, range)), None, "{vpc} {range}");
    }
    // What another VPC holds adds nothing.
    assert_eq!(learned(&beside("alicloud_vpc.w.id", "var.elsewhere")), Some(vec!["10.0.1.0/24".to_owned()]));
}
