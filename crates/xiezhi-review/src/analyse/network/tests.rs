use xiezhi_model::service::ecs::Instance;
use xiezhi_model::service::port::OpenPorts;
use xiezhi_model::{Fact, Inventory, Label, List};
use xiezhi_net::assume::{Readings, Truth};
use xiezhi_net::model::{FirewallAction, Mapping, Seen, VpcBoundary};
use xiezhi_net::reach;

use super::super::tests::{estate, one, shown, terraform};

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

/// The instance behind Cloud Firewall, its address switched so, with these policies of the internet boundary.
fn behind_firewall(switch: &str, policies: &[&str]) -> String {
    let assets = format!(
        r#"{{"TotalCount":1,"Assets":[{{"InternetAddress":"47.1.2.3","ProtectStatus":"{switch}","BindInstanceId":"i-1","RegionID":"cn-hangzhou","ResourceType":"EcsEIP","Name":"e"}}]}}"#
    );
    const USUAL: &[(&str, &str)] = &[
        ("Proto", "TCP"),
        ("ApplicationName", "ANY"),
        ("SourceType", "net"),
        ("DestinationType", "net"),
        ("Destination", "0.0.0.0/0"),
        ("DestPortType", "port"),
        ("DestPort", "22/22"),
        ("Release", "true"),
    ];
    let policies: Vec<String> = policies
        .iter()
        .enumerate()
        .map(|(at, own)| {
            let usual = USUAL.iter().filter(|(key, _)| !own.contains(&format!("\"{key}\":")));
            let usual: Vec<String> = usual.map(|(key, value)| format!(r#""{key}":"{value}""#)).collect();
            format!(r#"{{"AclUuid":"acl-{at}","Description":"p","Order":{},{},{own}}}"#, at + 1, usual.join(","))
        })
        .collect();
    let policies = format!(
        r#"{{"TotalCount":"{}","PageNo":"1","PageSize":"50","Policys":[{}]}}"#,
        policies.len(),
        policies.join(",")
    );
    let mut files: Vec<(&str, &str)> = API.iter().filter(|(name, _)| !name.starts_with("cloudfw")).copied().collect();
    files.push(("cloudfw-DescribeUserBuyVersion.json", r#"{"UserStatus":true,"Version":3,"LogStatus":true}"#));
    files.push(("cloudfw-DescribeAssetList.json", &assets));
    files.push(("cloudfw-DescribeControlPolicy.json", &policies));
    let report = reach::from_internet(&super::network(&estate(&files)), &Readings::default());
    match report.on_ports(&[22]).next().map(|exposure| &exposure.verdict) {
        None => "closed".to_owned(),
        Some(Truth::Yes) => "open".to_owned(),
        Some(verdict) => format!("{verdict:?}"),
    }
}

#[test]
fn a_policy_of_cloud_firewall_that_drops_closes_an_address_that_is_switched_in_and_no_other() {
    let drop = r#""Direction":"in","AclAction":"drop","Source":"0.0.0.0/0""#;
    assert_eq!(behind_firewall("open", &[drop]), "closed");
    assert_eq!(behind_firewall("closed", &[drop]), "open");
}

#[test]
fn policies_of_cloud_firewall_go_by_order_and_what_none_meets_passes() {
    let office = r#""Direction":"in","AclAction":"accept","Source":"203.0.113.0/24""#;
    let drop = r#""Direction":"in","AclAction":"drop","Source":"0.0.0.0/0""#;
    let all = r#""Direction":"in","AclAction":"accept","Source":"0.0.0.0/0""#;
    assert_eq!(behind_firewall("open", &[office, drop]), "closed");
    assert_eq!(behind_firewall("open", &[all, drop]), "open");
    assert_eq!(behind_firewall("open", &[office]), "open");
}

#[test]
fn a_drop_for_an_application_or_a_disabled_one_closes_nothing() {
    let http = r#""Direction":"in","AclAction":"drop","Source":"0.0.0.0/0","ApplicationName":"HTTP""#;
    assert_eq!(behind_firewall("open", &[http]), "open");
    let off = r#""Direction":"in","AclAction":"drop","Source":"0.0.0.0/0","Release":"false""#;
    assert_eq!(behind_firewall("open", &[off]), "open");
}

#[test]
fn what_cloud_firewall_does_at_times_by_place_or_unasked_is_open() {
    let daily = r#""Direction":"in","AclAction":"drop","Source":"0.0.0.0/0","RepeatType":"Daily""#;
    let place = r#""Direction":"in","AclAction":"drop","Source":"[\"BJ11\"]","SourceType":"location""#;
    let out = r#""Direction":"out","AclAction":"drop","Source":"0.0.0.0/0""#;
    for policy in [daily, place, out] {
        let found = behind_firewall("open", &[policy]);
        assert!(found.starts_with("Unknown"), "{policy}: {found}");
    }
}

/// Two VPCs of a CEN with a firewall before the first, in this state, and one policy.
fn between_vpcs(status: &str, kind: &str, policy: &str) -> Seen<Vec<VpcBoundary>> {
    let firewall = format!(
        r#"{{"TotalCount":1,"VpcFirewalls":[{{"VpcFirewallId":"vfw-1","VpcFirewallName":"f","FirewallSwitchStatus":"{status}","CenId":"cen-1",
        "ConnectType":"cen","LocalVpc":{{"NetworkInstanceId":"vpc-1","VpcId":"vpc-1"}},"PeerVpc":{{"VpcId":"vpc-2"}},"AclConfig":{{"StrictMode":1}}}}]}}"#
    );
    let none = r#"{"TotalCount":0,"VpcFirewalls":[],"VpcTrFirewalls":[]}"#;
    let policies = format!(
        r#"{{"TotalCount":1,"Policys":[{{"AclUuid":"acl-1","Description":"p","AclAction":"{policy}","Proto":"TCP","ApplicationName":"ANY","Source":"10.0.0.0/8","SourceType":"net",
        "Destination":"10.1.0.0/16","DestinationType":"net","DestPort":"22/22","DestPortType":"port","Order":1,"Release":"true"}}]}}"#
    );
    let mut files: Vec<(&str, &str)> = vec![
        ("cloudfw-DescribeUserBuyVersion.json", r#"{"UserStatus":true,"Version":3,"LogStatus":true}"#),
        ("cloudfw-DescribeVpcFirewallCenList.json", if kind == "cen" { &firewall } else { none }),
        ("cloudfw-DescribeVpcFirewallList.json", if kind == "express" { &firewall } else { none }),
        ("cloudfw-DescribeVpcFirewallControlPolicy-cen-1.json", &policies),
    ];
    if kind != "unasked" {
        files.push(("cloudfw-DescribeTrFirewallsV2List.json", none));
    }
    super::network(&estate(&files)).firewall.between_vpcs
}

#[test]
fn a_firewall_before_a_vpc_stands_between_it_and_others_with_the_policies_of_its_cen() {
    let Seen::Known(all) = between_vpcs("opened", "cen", "drop") else { panic!("not read") };
    let [one] = all.as_slice() else { panic!("{all:?}") };
    let policies = one.boundary.policies.known().unwrap_or_else(|| panic!("{:?}", one.boundary.policies));
    assert_eq!(
        (one.vpcs.len(), one.pair, &one.on, &one.boundary.strict),
        (1, false, &Seen::Known(true), &Seen::Known(true))
    );
    assert_eq!((policies.len(), policies[0].action), (1, FirewallAction::Drop));
    let Seen::Known(all) = between_vpcs("closed", "cen", "drop") else { panic!("not read") };
    assert_eq!(all[0].on, Seen::Known(false));
    let Seen::Known(all) = between_vpcs("opening", "cen", "drop") else { panic!("not read") };
    assert!(all[0].on.gap().is_some(), "{:?}", all[0].on);
}

#[test]
fn a_firewall_at_express_connect_stands_between_two_vpcs_only_and_its_unasked_policies_are_open() {
    let Seen::Known(all) = between_vpcs("opened", "express", "drop") else { panic!("not read") };
    assert_eq!((all[0].vpcs.len(), all[0].pair), (2, true));
    assert!(all[0].boundary.policies.gap().is_some());
}

#[test]
fn firewalls_between_vpcs_that_were_not_listed_leave_every_way_between_open() {
    assert!(between_vpcs("opened", "unasked", "drop").gap().is_some());
}

#[test]
fn the_engine_mode_of_the_internet_boundary_is_read_and_otherwise_open() {
    let mode = |answer: Option<&str>| {
        let mut files =
            vec![("cloudfw-DescribeUserBuyVersion.json", r#"{"UserStatus":true,"Version":3,"LogStatus":true}"#)];
        files.extend(answer.map(|answer| ("cloudfw-DescribePolicyAdvancedConfig.json", answer)));
        super::network(&estate(&files)).firewall.internet.strict
    };
    assert_eq!(mode(Some(r#"{"InternetSwitch":"on","RequestId":"x"}"#)), Seen::Known(true));
    assert_eq!(mode(Some(r#"{"InternetSwitch":"off","RequestId":"x"}"#)), Seen::Known(false));
    assert!(mode(Some(r#"{"InternetSwitch":"tn6","RequestId":"x"}"#)).gap().is_some());
    assert!(mode(None).gap().is_some());
}

#[test]
fn a_configuration_with_cloud_firewall_does_not_say_which_addresses_it_guards() {
    let firewall = r#"
resource "alicloud_cloud_firewall_instance" "c" {
  payment_type = "Subscription"
  spec         = "premium_version"
}
resource "alicloud_cloud_firewall_control_policy" "p" {
  direction        = "in"
  application_name = "ANY"
  acl_action       = "drop"
  source           = "0.0.0.0/0"
  source_type      = "net"
  destination      = "0.0.0.0/0"
  destination_type = "net"
  proto            = "ANY"
  order            = 1
}
"#;
    let found = terraform(&instance("22/22", "0.0.0.0/0", &format!("{EIP}{firewall}")));
    assert_eq!(shown(&of(&found).internet_management), "unknown: not-in-this-evidence");
}

/// The endpoints of the managed services in a configuration, as name and allow-list.
fn endpoints(text: &str) -> Vec<(String, Seen<bool>, Seen<Vec<String>>)> {
    let network = super::network(&terraform(text));
    let all = network.services.items.iter().flat_map(|service| service.endpoints.known().unwrap());
    let shown = |nets: &Vec<ipnet::IpNet>| nets.iter().map(ToString::to_string).collect();
    all.map(|endpoint| {
        let allow = match &endpoint.allow {
            Seen::Known(nets) => Seen::Known(shown(nets)),
            Seen::Absent => Seen::Absent,
            Seen::Missing(what) => Seen::Missing(what.clone()),
        };
        let name = endpoint.id.as_str().rsplit('#').next().unwrap_or_default().to_owned();
        (name, endpoint.public.clone(), allow)
    })
    .collect()
}

fn database(list: &str) -> String {
    format!(
        r#"
resource "alicloud_vpc" "v" {{ cidr_block = "10.0.0.0/16" }}
resource "alicloud_vswitch" "s" {{
  vpc_id     = alicloud_vpc.v.id
  cidr_block = "10.0.1.0/24"
  zone_id    = "cn-hangzhou-h"
}}
resource "alicloud_db_instance" "d" {{
  engine           = "MySQL"
  engine_version   = "8.0"
  instance_type    = "mysql.n2.medium.1"
  instance_storage = 50
  vswitch_id       = alicloud_vswitch.s.id
  security_ips     = ["{list}"]
}}
resource "alicloud_db_connection" "c" {{ instance_id = alicloud_db_instance.d.id }}
"#
    )
}

#[test]
fn db_1_an_entry_that_is_said_to_stand_for_everyone_admits_everyone() {
    for everyone in ["0.0.0.0/0", "%"] {
        let all = endpoints(&database(everyone));
        let [(name, public, allow), _] = all.as_slice() else { panic!("{all:?}") };
        assert_eq!((name.as_str(), public), ("alicloud_db_instance.d (public)", &Seen::Known(true)));
        assert_eq!(allow, &Seen::Known(vec!["0.0.0.0/0".to_owned()]), "{everyone}");
    }
    assert!(endpoints(&database("moon"))[0].2.gap().is_some());
}

#[test]
fn db_1_whom_the_zero_address_without_a_prefix_admits_is_left_to_a_named_assumption() {
    use xiezhi_net::model::IpVersion;
    for (entry, version) in [("0.0.0.0", IpVersion::V4), ("::", IpVersion::V6)] {
        let network = super::network(&terraform(&database(entry)));
        let endpoints = network.services.items[0].endpoints.known().unwrap();
        assert!(endpoints.iter().all(|endpoint| endpoint.bare == [version]), "{entry}");
        assert!(endpoints.iter().all(|endpoint| endpoint.allow.known().is_some_and(|nets| nets.len() == 1)));
    }
    let network = super::network(&terraform(&database("0.0.0.0/0")));
    assert!(network.services.items[0].endpoints.known().unwrap().iter().all(|endpoint| endpoint.bare.is_empty()));
}

#[test]
fn a_database_has_an_endpoint_inside_with_an_address_of_its_vswitch() {
    let network = super::network(&terraform(&database("10.0.1.0/24")));
    let private = &network.services.items[0].endpoints.known().unwrap()[1];
    assert_eq!(private.public, Seen::Known(false));
    assert_eq!(private.within.iter().map(ToString::to_string).collect::<Vec<_>>(), ["10.0.1.0/24"]);
    assert!(private.vpc.is_some());
}

#[test]
fn kibana_and_api_servers_are_endpoints_of_their_own() {
    let search = r#"
resource "alicloud_elasticsearch_instance" "es" {
  vswitch_id                   = "vsw-1"
  version                      = "7.10_with_X-Pack"
  enable_kibana_public_network = true
  kibana_whitelist             = ["0.0.0.0/0"]
}
"#;
    let all = endpoints(search);
    let kibana = all.iter().find(|(name, ..)| name.ends_with("(kibana)")).unwrap();
    assert_eq!((&kibana.1, &kibana.2), (&Seen::Known(true), &Seen::Known(vec!["0.0.0.0/0".to_owned()])));
    let cluster = r#"
resource "alicloud_cs_managed_kubernetes" "k" {
  worker_vswitch_ids = ["vsw-1"]
  service_cidr       = "172.21.0.0/20"
}
"#;
    let all = endpoints(cluster);
    let [(name, public, allow)] = all.as_slice() else { panic!("{all:?}") };
    assert_eq!((name.as_str(), public), ("alicloud_cs_managed_kubernetes.k (API server)", &Seen::Known(true)));
    assert!(allow.gap().is_some(), "a template does not hold the access control of the load balancer");
}

/// An API server behind a load balancer whose listener has access control so.
fn api_server(acl: &str, entries: &str) -> Seen<Vec<ipnet::IpNet>> {
    let listener = format!(
        r#"{{"TotalCount":1,"NextToken":"","Listeners":[{{"LoadBalancerId":"lb-1","ListenerPort":6443,"ListenerProtocol":"tcp","BackendServerPort":6443,"Status":"running",{acl}}}]}}"#
    );
    let list = format!(
        r#"{{"AclId":"acl-1","AclName":"a","AddressIPVersion":"ipv4","AclEntrys":{{"AclEntry":[{entries}]}}}}"#
    );
    let files = [
        (
            "cs-DescribeClusterDetail-c1.json",
            r#"{"cluster_id":"c1","name":"k","region_id":"cn-hangzhou","cluster_type":"ManagedKubernetes","current_version":"1.32.1-aliyun.1",
            "master_url":"{\"api_server_endpoint\":\"https://47.1.2.9:6443\",\"intranet_api_server_endpoint\":\"https://10.0.0.3:6443\"}"}"#,
        ),
        (
            "slb-DescribeLoadBalancerAttribute-cn-hangzhou-lb-1.json",
            r#"{"LoadBalancerId":"lb-1","LoadBalancerStatus":"active","RegionId":"cn-hangzhou","Address":"10.0.0.3","AddressType":"intranet","NetworkType":"vpc","VpcId":"vpc-1"}"#,
        ),
        ("slb-DescribeLoadBalancerListeners-cn-hangzhou-lb-1.json", &listener),
        ("slb-DescribeAccessControlListAttribute-cn-hangzhou-acl-1.json", &list),
        (
            "vpc-DescribeEipAddresses-cn-hangzhou.json",
            r#"{"TotalCount":1,"PageNumber":1,"PageSize":10,"EipAddresses":{"EipAddress":[{"AllocationId":"eip-9","IpAddress":"47.1.2.9","RegionId":"cn-hangzhou","InstanceId":"lb-1","InstanceType":"SlbInstance","Status":"InUse"}]}}"#,
        ),
    ];
    let network = super::network(&estate(&files));
    let clusters = network.services.items.iter().filter(|service| service.product == "ack");
    let mut endpoints = clusters.flat_map(|service| service.endpoints.known().unwrap());
    let endpoint = endpoints.next().unwrap();
    assert_eq!((endpoint.address, endpoint.public.clone()), (Some("47.1.2.9".parse().unwrap()), Seen::Known(true)));
    endpoint.allow.clone()
}

#[test]
fn ack_1_the_access_control_of_the_listener_is_the_white_list_of_the_api_server() {
    let on = r#""AclStatus":"on","AclType":"white","AclIds":["acl-1"]"#;
    let office = r#"{"AclEntryIP":"198.18.0.0/15"}"#;
    assert_eq!(api_server(r#""AclStatus":"off""#, office), Seen::Absent);
    assert_eq!(api_server(on, office), Seen::Known(vec!["198.18.0.0/15".parse().unwrap()]));
    assert_eq!(api_server(on, ""), Seen::Absent, "CLB-3");
    let black = on.replace("white", "black");
    assert!(api_server(&black, office).gap().is_some());
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
