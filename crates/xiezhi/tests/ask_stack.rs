//! `xiezhi ask` about the network of a ROS template: routes, gateways and public addresses as the template declares them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod asking;

use asking::run;
use std::path::Path;

fn stack() -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/estates/stack").to_str().unwrap().to_owned()
}

/// The template with one text put for another.
fn changed(from: &str, to: &str) -> tempfile::TempDir {
    let text = std::fs::read_to_string(Path::new(&stack()).join("stack.yaml")).unwrap();
    assert!(text.contains(from), "{from}");
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("stack.yaml"), text.replacen(from, to, 1)).unwrap();
    folder
}

#[test]
fn the_internet_reaches_what_has_an_address_and_nothing_stays_open() {
    let (_, text, notes) = run(&["exposed", &stack()]);
    assert_eq!(notes, "");
    assert!(text.starts_with("Ways in from the internet that are proven: 2; that stay open: 0."), "{text}");
    assert!(text.contains("Bastion  [yes]") && text.contains("ports: tcp/22"), "{text}");
    assert!(text.contains("through: EIP Eip") && text.contains("ports: tcp/443"), "{text}");
    assert!(run(&["reach", "Database", &stack()]).1.starts_with("No: the internet does not reach Database."));
}

#[test]
fn a_route_to_the_nat_gateway_makes_a_private_tier_and_its_own_table_is_named() {
    let (_, text, _) = run(&["separated", &stack()]);
    assert!(text.contains("route to the internet: BackTable route 1") && text.contains("tier: private"), "{text}");
}

#[test]
fn whether_a_declared_ipv4_gateway_is_on_cannot_be_told_from_a_template() {
    let gateway = "  Gateway:\n    Type: ALIYUN::VPC::Ipv4Gateway\n    Properties: { VpcId: { Ref: Vpc } }\n  Front:";
    let folder = changed("  Front:", gateway);
    let (_, text, _) = run(&["exposed", folder.path().to_str().unwrap()]);
    assert!(
        text.starts_with("Nothing is proven to be reached, and not everything was told. Targets that stay open: 2."),
        "{text}"
    );
}

#[test]
fn a_table_whose_routes_cannot_be_read_leaves_what_hangs_on_it_open() {
    let folder = changed(
        "RouteTableId: { 'Fn::GetAtt': [BackTable, RouteTableId] }\n      DestinationCidrBlock",
        "RouteTableId: { Ref: SomeParameter }\n      DestinationCidrBlock",
    );
    let (_, text, _) = run(&["separated", folder.path().to_str().unwrap()]);
    assert!(!text.contains("tier: private"), "{text}");
}

/// A server with an IPv6 address whose group lets everyone in.
const SIX: &str = r#"
resource "alicloud_vpc" "v" {
  cidr_block  = "10.0.0.0/16"
  enable_ipv6 = true
}
resource "alicloud_vswitch" "s" {
  vpc_id               = alicloud_vpc.v.id
  cidr_block           = "10.0.1.0/24"
  zone_id              = "cn-hangzhou-h"
  ipv6_cidr_block_mask = 1
}
resource "alicloud_vpc_ipv6_gateway" "six" { vpc_id = alicloud_vpc.v.id }
resource "alicloud_route_entry" "out" {
  route_table_id        = alicloud_vpc.v.route_table_id
  destination_cidrblock = "::/0"
  nexthop_type          = "IPv6Gateway"
  nexthop_id            = alicloud_vpc_ipv6_gateway.six.id
}
resource "alicloud_security_group" "g" { vpc_id = alicloud_vpc.v.id }
resource "alicloud_security_group_rule" "ssh" {
  security_group_id = alicloud_security_group.g.id
  type              = "ingress"
  ip_protocol       = "tcp"
  port_range        = "22/22"
  ipv6_cidr_ip      = "::/0"
}
resource "alicloud_instance" "server" {
  instance_name              = "server"
  image_id                   = "centos_7"
  instance_type              = "ecs.g7.large"
  vswitch_id                 = alicloud_vswitch.s.id
  security_groups            = [alicloud_security_group.g.id]
  internet_max_bandwidth_out = 0
  ipv6_addresses             = ["2408:4005:300:1::5"]
}
"#;

#[test]
fn bandwidth_for_an_ipv6_address_that_nobody_can_name_may_be_the_server_s() {
    let answer = |more: &str| {
        let folder = asking::terraform(&format!("{SIX}{more}"));
        run(&["reach", "server:22", folder.path().to_str().unwrap()]).1
    };
    let none = answer("");
    assert!(none.starts_with("No: the internet does not reach port 22 of server."), "{none}");
    // The number of an address that is allocated is known only afterwards; one of a data source is not in evidence.
    let made = r#"
resource "alicloud_vpc_ipv6_address" "a" { vswitch_id = alicloud_vswitch.s.id }
resource "alicloud_vpc_ipv6_internet_bandwidth" "wide" {
  ipv6_address_id = alicloud_vpc_ipv6_address.a.id
  ipv6_gateway_id = alicloud_vpc_ipv6_gateway.six.id
  bandwidth       = 10
}
"#;
    let found = r#"
data "alicloud_vpc_ipv6_addresses" "all" { status = "Available" }
resource "alicloud_vpc_ipv6_internet_bandwidth" "wide" {
  ipv6_address_id = data.alicloud_vpc_ipv6_addresses.all.addresses.0.id
  ipv6_gateway_id = alicloud_vpc_ipv6_gateway.six.id
  bandwidth       = 10
}
"#;
    for bought in [made, found] {
        let text = answer(bought);
        assert!(text.starts_with("Cannot tell whether the internet reaches port 22 of server."), "{bought}{text}");
    }
}

#[test]
fn bandwidth_of_an_ipv6_address_in_a_template_is_read() {
    let wide = |address: &str| {
        let block = format!(
            "  Wide:\n    Type: ALIYUN::VPC::Ipv6InternetBandwidth\n    Properties: {{ Ipv6AddressId: {address}, \
             Ipv6GatewayId: ipv6gw-1, Bandwidth: 10 }}\n  Front:"
        );
        changed("  Front:", &block)
    };
    for address in ["ipv6-bp1", "{ Ref: SomeParameter }"] {
        let folder = wide(address);
        let (_, text, _) = run(&["exposed", "--format", "json", folder.path().to_str().unwrap()]);
        let answer: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert!(answer.get("not_read").is_none(), "{address}: {text}");
    }
}

#[test]
fn an_endpoint_of_a_template_has_an_interface_in_each_of_its_zones() {
    let endpoint = |address: &str| {
        let end = format!(
            "  Endpoint:\n    Type: ALIYUN::PrivateLink::VpcEndpoint\n    Properties:\n      VpcId: {{ Ref: Vpc }}\n      \
             ServiceName: com.aliyuncs.privatelink.cn-hangzhou.epsrv-bp1\n      SecurityGroupId: [ {{ Ref: Data }} ]\n      \
             Zone: [ {{ ZoneId: cn-hangzhou-h, VSwitchId: {{ Ref: Front }}, Ip: {address} }} ]\n  Front:"
        );
        changed("  Front:", &end)
    };
    let folder = endpoint("10.0.1.40");
    let ask = |port: &str| run(&["reach", port, "--from", "Bastion", folder.path().to_str().unwrap()]).1;
    let open = ask("Endpoint:5432");
    assert!(open.starts_with("Cannot tell") && open.contains("> 10.0.1.40:5432"), "{open}");
    assert!(ask("Endpoint:22").starts_with("No:"), "{}", ask("Endpoint:22"));
}
