//! What leaves for the internet, over API answers: SNAT, the internet border outwards, and firewalls before NAT gateways.

use super::*;
use xiezhi_net::outside::{blind, leaving};
use xiezhi_net::path::Exit;
use xiezhi_net::segment::Zone;
use xiezhi_net::set::PacketSet;

const GATEWAY: (&str, &str) = (
    "vpc-DescribeNatGateways-cn-hangzhou.json",
    r#"{"TotalCount":1,"PageNumber":1,"PageSize":10,"NatGateways":{"NatGateway":[{"NatGatewayId":"ngw-1","VpcId":"vpc-1","NetworkType":"internet",
    "NatGatewayPrivateInfo":{"VswitchId":"vsw-1","PrivateIpAddress":"10.0.1.250"},"ForwardTableIds":{"ForwardTableId":["ftb-1"]},"SnatTableIds":{"SnatTableId":["stb-1"]}}]}}"#,
);
const SNAT: (&str, &str) = (
    "vpc-DescribeSnatTableEntries-cn-hangzhou-stb-1.json",
    r#"{"TotalCount":1,"PageNumber":1,"PageSize":10,"SnatTableEntries":{"SnatTableEntry":[{"SnatEntryId":"snat-1","SnatTableId":"stb-1","SourceCIDR":"10.0.1.0/24","SnatIp":"47.1.2.9","NatGatewayId":"ngw-1"}]}}"#,
);
const FORWARDS: (&str, &str) = (
    "vpc-DescribeForwardTableEntries-cn-hangzhou-ftb-1.json",
    r#"{"TotalCount":0,"PageNumber":1,"PageSize":10,"ForwardTableEntries":{"ForwardTableEntry":[]}}"#,
);
const NO_EIP: (&str, &str) = (
    "vpc-DescribeEipAddresses-cn-hangzhou.json",
    r#"{"TotalCount":1,"PageNumber":1,"PageSize":10,"EipAddresses":{"EipAddress":[{"AllocationId":"eip-9","IpAddress":"47.1.2.9","InstanceId":"ngw-1","InstanceType":"Nat","Mode":"NAT","RegionId":"cn-hangzhou","Status":"InUse"}]}}"#,
);
const TABLES: (&str, &str) = (
    "vpc-DescribeRouteTableList-cn-hangzhou.json",
    r#"{"TotalCount":1,"PageNumber":1,"PageSize":10,"RouterTableList":{"RouterTableListType":[{"RouteTableId":"vtb-1","VpcId":"vpc-1","RouteTableType":"System","VSwitchIds":{"VSwitchId":["vsw-1"]}}]}}"#,
);

const REGIONS: (&str, &str) = ("ecs-DescribeRegions.json", r#"{"Regions":{"Region":[{"RegionId":"cn-hangzhou"}]}}"#);

fn routes(kind: &str, hop: &str) -> String {
    format!(
        r#"{{"NextToken":"","RouteEntrys":{{"RouteEntry":[{{"RouteEntryId":"rte-1","DestinationCidrBlock":"0.0.0.0/0","Type":"Custom","Status":"Available",
        "NextHops":{{"NextHop":[{{"NextHopType":"{kind}","NextHopId":"{hop}"}}]}}}}]}}}}"#
    )
}

/// By which ways, and how surely, the instance sends to TCP 443: without an EIP, behind the NAT gateway.
fn out(more: &[(&str, &str)]) -> Vec<String> {
    let named = |name: &str| more.iter().any(|(own, _)| *own == name);
    let by_gateway = routes("NatGateway", "ngw-1");
    let own = [
        REGIONS,
        GATEWAY,
        SNAT,
        FORWARDS,
        NO_EIP,
        TABLES,
        ("vpc-DescribeRouteEntryList-cn-hangzhou-vtb-1.json", &by_gateway),
    ];
    let own: Vec<(&str, &str)> = own.into_iter().filter(|(name, _)| !named(name)).collect();
    let base = API.iter().copied().filter(|(name, _)| !named(name) && own.iter().all(|(other, _)| other != name));
    let mut files: Vec<(&str, String)> = base.map(|(name, text)| (name, text.to_owned())).collect();
    for (name, text) in &mut files {
        if name.starts_with("ecs-DescribeInstances") {
            *text =
                text.replace(r#""EipAddress":{"AllocationId":"eip-1","IpAddress":"47.1.2.3"}"#, r#""EipAddress":{}"#);
        }
    }
    let files: Vec<(&str, &str)> =
        files.iter().map(|(name, text)| (*name, text.as_str())).chain(own).chain(more.iter().copied()).collect();
    let network = super::super::network(&estate(&files));
    let zone = Zone::Interface("eni-1".into());
    let unseen = blind(&network, &Readings::default(), &zone, &PacketSet::all());
    assert!(unseen.is_empty(), "{unseen:?}");
    let https = PacketSet::from(xiezhi_net::set::Match {
        protocols: xiezhi_net::set::Protocols::TCP,
        ports: xiezhi_net::set::Ranges::one(443),
        ..xiezhi_net::set::Match::everything()
    });
    let found = leaving(&network, &Readings::default(), &zone, &https).into_iter();
    found
        .map(|one| {
            let way = match one.exit {
                Exit::Nat(id) => format!("nat {id}"),
                other => format!("{other:?}"),
            };
            let sure = match one.crossing.verdict {
                Truth::Yes => "yes".to_owned(),
                other => format!("{other:?}"),
            };
            format!("{way}: {sure}")
        })
        .collect()
}

const IN_USE: (&str, &str) =
    ("cloudfw-DescribeUserBuyVersion.json", r#"{"UserStatus":true,"Version":3,"LogStatus":true}"#);
const NO_BORDERS: [(&str, &str); 3] = [
    IN_USE,
    (
        "cloudfw-DescribeAssetList.json",
        r#"{"TotalCount":1,"Assets":[{"InternetAddress":"47.1.2.9","ProtectStatus":"open","RegionID":"cn-hangzhou","ResourceType":"NatEIP","Name":"e"}]}"#,
    ),
    ("cloudfw-DescribeNatFirewallList.json", r#"{"TotalCount":0,"NatFirewallList":[]}"#),
];

fn policy(action: &str, source: &str) -> String {
    format!(
        r#"{{"TotalCount":"1","PageNo":"1","PageSize":"50","Policys":[{{"AclUuid":"acl-1","Description":"p","Order":1,"Direction":"out","AclAction":"{action}","Proto":"TCP",
        "ApplicationName":"ANY","ApplicationNameList":["ANY"],"Source":"{source}","SourceType":"net","Destination":"0.0.0.0/0","DestinationType":"net","DestPortType":"port","DestPort":"443/443","Release":"true","NatGatewayId":"ngw-1"}}]}}"#
    )
}

#[test]
fn an_instance_without_a_public_address_leaves_by_snat() {
    assert_eq!(out(&[]), ["nat ngw-1: yes"]);
}

#[test]
fn outbound_policies_of_the_internet_border_hold_for_the_address_of_the_nat_gateway() {
    let with = |text: &str| out(&[NO_BORDERS.as_slice(), &[("cloudfw-DescribeControlPolicy.json", text)]].concat());
    assert_eq!(with(&policy("drop", "47.1.2.9/32")), Vec::<String>::new());
    assert_eq!(with(&policy("drop", "47.1.2.8/32")), ["nat ngw-1: yes"]);
    let inbound = policy("drop", "0.0.0.0/0").replace(r#""Direction":"out""#, r#""Direction":"in""#);
    let open = with(&inbound);
    assert!(open[0].contains("outbound policies of the internet boundary"), "nobody asked for them: {open:?}");
}

fn behind_firewall(status: &str, text: &str, hop: (&str, &str)) -> Vec<String> {
    let list = format!(
        r#"{{"TotalCount":1,"NatFirewallList":[{{"ProxyId":"proxy-nat1","ProxyName":"p","ProxyStatus":"{status}","NatGatewayId":"ngw-1","NatGatewayName":"n","VpcId":"vpc-1","RegionId":"cn-hangzhou","StrictMode":0,
        "NatRouteEntryList":[{{"RouteTableId":"vtb-1","DestinationCidr":"0.0.0.0/0","NextHopType":"NatGateway","NextHopId":"ngw-1"}}]}}]}}"#
    );
    let route = routes(hop.0, hop.1);
    let outward = policy("accept", "0.0.0.0/0");
    out(&[
        NO_BORDERS[0],
        NO_BORDERS[1],
        ("cloudfw-DescribeNatFirewallList.json", &list),
        ("cloudfw-DescribeNatFirewallControlPolicy-ngw-1.json", text),
        ("cloudfw-DescribeControlPolicy.json", &outward),
        ("vpc-DescribeRouteEntryList-cn-hangzhou-vtb-1.json", &route),
    ])
}

#[test]
fn policies_before_a_nat_gateway_see_the_private_source_while_the_firewall_is_on() {
    let gateway = ("NatGateway", "ngw-1");
    assert_eq!(behind_firewall("normal", &policy("drop", "10.0.1.0/24"), gateway), Vec::<String>::new());
    assert_eq!(behind_firewall("normal", &policy("drop", "10.0.2.0/24"), gateway), ["nat ngw-1: yes"]);
    assert_eq!(behind_firewall("closed", &policy("drop", "10.0.1.0/24"), gateway), ["nat ngw-1: yes"]);
    let opening = behind_firewall("opening", &policy("drop", "10.0.1.0/24"), gateway);
    assert!(opening[0].contains("switch of proxy-nat1"), "{opening:?}");
}

#[test]
fn the_route_that_a_firewall_took_over_leads_to_its_gateway() {
    let own = ("NetworkInterface", "eni-of-the-firewall");
    assert_eq!(behind_firewall("normal", &policy("drop", "10.0.2.0/24"), own), ["nat ngw-1: yes"]);
    let off = behind_firewall("closed", &policy("drop", "10.0.2.0/24"), own);
    assert!(off[0].starts_with("Route") && off[0].contains("A-MIDBOX") || off[0].contains("Middlebox"), "{off:?}");
}

#[test]
fn a_firewall_at_which_nobody_looked_may_stand_before_the_gateway() {
    let outward = policy("accept", "0.0.0.0/0");
    let open = out(&[NO_BORDERS[0], NO_BORDERS[1], ("cloudfw-DescribeControlPolicy.json", &outward)]);
    assert!(open[0].contains("whether Cloud Firewall stands before NAT gateways"), "{open:?}");
}
