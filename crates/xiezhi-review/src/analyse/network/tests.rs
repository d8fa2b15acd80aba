use xiezhi_model::service::ecs::Instance;
use xiezhi_model::service::port::OpenPorts;
use xiezhi_model::{Fact, Inventory, Label, List};
use xiezhi_net::assume::{Readings, Truth};
use xiezhi_net::model::{FirewallAction, Mapping, Seen, VpcBoundary};
use xiezhi_net::reach;

use super::super::tests::{estate, one, shown, terraform};

mod firewall;
mod inline;
mod outward;
mod services;
mod transit;

/// A VPC with one instance whose group admits `port` from `source`, and an EIP on it.
fn instance(port: &str, source: &str, more: &str) -> String {
    format!(
        r#"
resource "alicloud_vpc" "v" {{ cidr_block = "10.0.0.0/16" }}
resource "alicloud_vswitch" "s" {{
  vpc_id     = alicloud_vpc.v.id
  cidr_block = "10.0.1.0/24"
  zone_id    = "cn-hangzhou-h"
}}
resource "alicloud_security_group" "g" {{
  vpc_id              = alicloud_vpc.v.id
  inner_access_policy = "Drop"
}}
resource "alicloud_security_group_rule" "r" {{
  security_group_id = alicloud_security_group.g.id
  type              = "ingress"
  ip_protocol       = "tcp"
  port_range        = "{port}"
  cidr_ip           = "{source}"
}}
resource "alicloud_instance" "i" {{
  instance_name   = "web"
  vswitch_id      = alicloud_vswitch.s.id
  security_groups = [alicloud_security_group.g.id]
  image_id        = "ubuntu_24_04_x64"
}}
{more}
"#
    )
}

const EIP: &str = r#"
resource "alicloud_eip_address" "e" {}
resource "alicloud_eip_association" "a" {
  allocation_id = alicloud_eip_address.e.id
  instance_id   = alicloud_instance.i.id
}
"#;

/// The ports as `tcp/22, udp/1-1024`.
fn opened(fact: &Fact<List<OpenPorts>>) -> String {
    let number = |fact: &Fact<i64>| fact.value().unwrap().to_string();
    let one = |open: &OpenPorts| match (open.protocol.value().unwrap(), number(&open.first), number(&open.last)) {
        (protocol, first, last) if first == last => format!("{protocol}/{first}"),
        (protocol, first, last) => format!("{protocol}/{first}-{last}"),
    };
    fact.value().unwrap().items.iter().map(one).collect::<Vec<_>>().join(", ")
}

fn of(inventory: &Inventory) -> &Instance {
    one::<Instance>(inventory, "alicloud_instance.i")
}

#[test]
fn an_eip_and_an_open_group_make_a_port_reachable_and_the_proof_names_packet_and_rule() {
    let inventory = terraform(&instance("22/22", "0.0.0.0/0", EIP));
    let found = of(&inventory);
    assert_eq!(opened(&found.internet_ports), "tcp/22");
    assert_eq!(shown(&found.internet_management), "true");
    let proof = found.internet_management.origin.source.name.as_str();
    assert!(proof.starts_with("network: tcp ") && proof.contains(":22 through EIP"), "{proof}");
    assert!(proof.contains("rule 1"), "{proof}");
}

#[test]
fn without_a_public_address_nothing_is_reachable() {
    let inventory = terraform(&instance("22/22", "0.0.0.0/0", ""));
    assert_eq!(opened(&of(&inventory).internet_ports), "");
    assert_eq!(shown(&of(&inventory).internet_management), "false");
}

#[test]
fn a_public_address_of_the_instance_itself_counts_though_nobody_knows_it_yet() {
    let text = instance("80/80", "0.0.0.0/0", "").replace("image_id ", "internet_max_bandwidth_out = 5\n  image_id ");
    let inventory = terraform(&text);
    assert_eq!(opened(&of(&inventory).internet_ports), "tcp/80");
    assert_eq!(shown(&of(&inventory).internet_management), "false");
    assert!(of(&inventory).internet_ports.origin.source.name.contains("address not yet assigned"));
}

#[test]
fn a_port_that_only_an_office_reaches_is_not_exposed() {
    let inventory = terraform(&instance("22/22", "203.0.113.0/24", EIP));
    assert_eq!(shown(&of(&inventory).internet_management), "false");
}

#[test]
fn a_dnat_entry_leads_to_the_port_behind_it() {
    let more = r#"
resource "alicloud_nat_gateway" "n" {
  vpc_id     = alicloud_vpc.v.id
  vswitch_id = alicloud_vswitch.s.id
}
resource "alicloud_eip_address" "e" {}
resource "alicloud_eip_association" "a" {
  allocation_id = alicloud_eip_address.e.id
  instance_id   = alicloud_nat_gateway.n.id
}
resource "alicloud_forward_entry" "f" {
  forward_table_id = alicloud_nat_gateway.n.forward_table_ids
  external_ip      = alicloud_eip_address.e.ip_address
  external_port    = "2222"
  ip_protocol      = "tcp"
  internal_ip      = alicloud_instance.i.private_ip
  internal_port    = "22"
}
resource "alicloud_route_entry" "d" {
  route_table_id        = alicloud_vpc.v.route_table_id
  destination_cidrblock = "0.0.0.0/0"
  nexthop_type          = "NatGateway"
  nexthop_id            = alicloud_nat_gateway.n.id
}
"#;
    let inventory = terraform(&instance("22/22", "0.0.0.0/0", more));
    let found = of(&inventory);
    assert_eq!(opened(&found.internet_ports), "tcp/22");
    assert_eq!(found.internet_ports.origin.label, Label::Inference);
    assert!(found.internet_ports.origin.source.name.contains("A-DNATSRC"));
}

#[test]
fn a_listener_leads_to_the_servers_behind_it() {
    let more = r#"
resource "alicloud_slb_load_balancer" "l" { address_type = "internet" }
resource "alicloud_slb_backend_server" "b" {
  load_balancer_id = alicloud_slb_load_balancer.l.id
  backend_servers {
    server_id = alicloud_instance.i.id
    weight    = 100
  }
}
resource "alicloud_slb_listener" "h" {
  load_balancer_id = alicloud_slb_load_balancer.l.id
  frontend_port    = 80
  backend_port     = 9200
  protocol         = "http"
}
"#;
    let inventory = terraform(&instance("22/22", "10.0.0.0/8", more));
    assert_eq!(opened(&of(&inventory).internet_ports), "tcp/9200");
    assert_eq!(shown(&of(&inventory).internet_management), "true");
}

const API: &[(&str, &str)] = &[
    (
        "ecs-DescribeInstances-cn-hangzhou.json",
        r#"{"TotalCount":1,"PageNumber":1,"PageSize":10,"Instances":{"Instance":[{"InstanceId":"i-1","RegionId":"cn-hangzhou","Status":"Running",
        "InstanceNetworkType":"vpc","VpcAttributes":{"VpcId":"vpc-1","VSwitchId":"vsw-1","PrivateIpAddress":{"IpAddress":["10.0.1.5"]}},
        "PublicIpAddress":{"IpAddress":[]},"EipAddress":{"AllocationId":"eip-1","IpAddress":"47.1.2.3"},"InternetMaxBandwidthOut":0,
        "SecurityGroupIds":{"SecurityGroupId":["sg-1"]},"NetworkInterfaces":{"NetworkInterface":[{"NetworkInterfaceId":"eni-1","Type":"Primary"}]}}]}}"#,
    ),
    (
        "ecs-DescribeNetworkInterfaces-cn-hangzhou.json",
        r#"{"TotalCount":1,"PageNumber":1,"PageSize":10,"NetworkInterfaceSets":{"NetworkInterfaceSet":[{"NetworkInterfaceId":"eni-1","InstanceId":"i-1","Type":"Primary",
        "Status":"InUse","VpcId":"vpc-1","VSwitchId":"vsw-1","PrivateIpAddress":"10.0.1.5","PrivateIpSets":{"PrivateIpSet":[{"PrivateIpAddress":"10.0.1.5","Primary":true}]},
        "Ipv6Sets":{"Ipv6Set":[]},"SecurityGroupIds":{"SecurityGroupId":["sg-1"]},"AssociatedPublicIp":{}}]}}"#,
    ),
    (
        "ecs-DescribeSecurityGroups-cn-hangzhou.json",
        r#"{"TotalCount":1,"PageNumber":1,"PageSize":10,"SecurityGroups":{"SecurityGroup":[{"SecurityGroupId":"sg-1","VpcId":"vpc-1","SecurityGroupType":"normal","ServiceManaged":false}]}}"#,
    ),
    (
        "ecs-DescribeSecurityGroupAttribute-cn-hangzhou-sg-1.json",
        r#"{"SecurityGroupId":"sg-1","VpcId":"vpc-1","InnerAccessPolicy":"Drop","Permissions":{"Permission":[{"SecurityGroupRuleId":"sgr-1","Direction":"ingress","Policy":"Accept",
        "Priority":"1","IpProtocol":"TCP","PortRange":"22/22","SourceCidrIp":"0.0.0.0/0","NicType":"intranet"}]}}"#,
    ),
    (
        "vpc-DescribeVpcs-cn-hangzhou.json",
        r#"{"TotalCount":1,"PageNumber":1,"PageSize":10,"Vpcs":{"Vpc":[{"VpcId":"vpc-1","RegionId":"cn-hangzhou","CidrBlock":"10.0.0.0/16","Ipv6CidrBlock":"","SecondaryCidrBlocks":{"SecondaryCidrBlock":[]},"UserCidrs":{"UserCidr":[]}}]}}"#,
    ),
    (
        "vpc-DescribeVSwitches-cn-hangzhou.json",
        r#"{"TotalCount":1,"PageNumber":1,"PageSize":10,"VSwitches":{"VSwitch":[{"VSwitchId":"vsw-1","VpcId":"vpc-1","CidrBlock":"10.0.1.0/24","Ipv6CidrBlock":"","NetworkAclId":"","ZoneId":"cn-hangzhou-h","RouteTable":{"RouteTableId":"vtb-1"}}]}}"#,
    ),
    (
        "vpc-DescribeEipAddresses-cn-hangzhou.json",
        r#"{"TotalCount":1,"PageNumber":1,"PageSize":10,"EipAddresses":{"EipAddress":[{"AllocationId":"eip-1","IpAddress":"47.1.2.3","InstanceId":"i-1","InstanceType":"EcsInstance","Mode":"NAT","RegionId":"cn-hangzhou","Status":"InUse"}]}}"#,
    ),
    ("vpc-ListIpv4Gateways-cn-hangzhou.json", r#"{"TotalCount":"0","MaxResults":"10","Ipv4GatewayModels":[]}"#),
    ("cloudfw-DescribeUserBuyVersion.json", r#"{"UserStatus":false,"Version":"","LogStatus":false}"#),
];

#[test]
fn api_answers_prove_reach_with_the_rule_s_own_id() {
    let inventory = estate(API);
    let found = one::<Instance>(&inventory, "i-1");
    assert_eq!(shown(&found.internet_management), "true");
    let proof = found.internet_management.origin.source.name.as_str();
    assert!(proof.contains("47.1.2.3:22 through EIP eip-1") && proof.contains("sgr-1"), "{proof}");
    assert_eq!(found.internet_management.origin.label, Label::UserProvided);
}

#[test]
fn taking_evidence_away_makes_the_answer_unknown_and_nothing_else() {
    let mut unknowns = 0;
    for (without, _) in API {
        let files: Vec<_> = API.iter().filter(|(name, _)| name != without).copied().collect();
        let inventory = estate(&files);
        let Some(found) = inventory.all::<Instance>().first() else { continue };
        if found.head.id.value().is_none() {
            continue;
        }
        match found.internet_management.value() {
            None => unknowns += 1,
            Some(true) => {}
            Some(false) => panic!("false without {without}"),
        }
    }
    assert!(unknowns >= 5, "{unknowns}");
}

#[test]
fn nat_1_ranges_of_unequal_length_are_not_understood() {
    let entry = |inside: &str| {
        let text = format!(
            r#"
resource "alicloud_nat_gateway" "n" {{
  vpc_id   = alicloud_vpc.v.id
  nat_type = "Enhanced"
}}
resource "alicloud_forward_entry" "f" {{
  forward_table_id = alicloud_nat_gateway.n.forward_table_ids
  external_ip      = "47.1.2.3"
  external_port    = "2220/2230"
  ip_protocol      = "tcp"
  internal_ip      = "10.0.1.5"
  internal_port    = "{inside}"
}}
"#
        );
        let network = super::network(&terraform(&instance("22/22", "0.0.0.0/0", &text)));
        network.nats.items[0].dnat.known().unwrap()[0].mapping.clone()
    };
    assert!(matches!(entry("20/30"), Mapping::Ports { .. }));
    assert!(matches!(entry("20/25"), Mapping::Missing(_)));
}

#[test]
fn an_entry_of_a_network_acl_for_a_family_that_is_not_understood_decides_nothing() {
    let acl = |family: &str| {
        let text = format!(
            r#"
resource "alicloud_network_acl" "n" {{
  vpc_id = alicloud_vpc.v.id
  ingress_acl_entries {{
    policy         = "accept"
    protocol       = "tcp"
    port           = "22/22"
    source_cidr_ip = "0.0.0.0/0"
    ip_version     = "{family}"
  }}
}}
"#
        );
        let network = super::network(&terraform(&instance("22/22", "0.0.0.0/0", &text)));
        network.acls.items[0].ingress.clone()
    };
    assert!(acl("IPV4").known().is_some() && acl("IPV6").known().is_some());
    assert!(acl("IPV9").gap().is_some());
}
