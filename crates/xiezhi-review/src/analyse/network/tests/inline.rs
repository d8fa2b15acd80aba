//! Endpoints of Gateway Load Balancers, from every source.

use super::*;
use xiezhi_net::model::{InlineEndpoint, NextHop};

const ANSWERS: &[(&str, &str)] = &[
    (
        "privatelink-ListVpcEndpoints-cn-hangzhou.json",
        r#"{"TotalCount":1,"NextToken":"","Endpoints":[{"EndpointId":"ep-1","VpcId":"vpc-1","EndpointType":"GatewayLoadBalancer","ServiceId":"epsrv-1","ServiceName":"s","ConnectionStatus":"Connected"}]}"#,
    ),
    (
        "privatelink-ListVpcEndpointZones-cn-hangzhou-ep-1.json",
        r#"{"NextToken":"","Zones":[{"ZoneId":"cn-hangzhou-h","VSwitchId":"vsw-1","EniId":"eni-ep","EniIp":"10.0.1.77"}]}"#,
    ),
    (
        "privatelink-ListVpcEndpointServices-cn-hangzhou.json",
        r#"{"TotalCount":1,"NextToken":"","Services":[{"ServiceId":"epsrv-1","AutoAcceptEnabled":false,"ServiceResourceType":"gwlb"}]}"#,
    ),
    (
        "privatelink-ListVpcEndpointServiceResources-cn-hangzhou-epsrv-1.json",
        r#"{"NextToken":"","Resources":[{"ResourceId":"gwlb-1","ResourceType":"gwlb","ZoneId":"cn-hangzhou-h"}]}"#,
    ),
    (
        "gwlb-ListLoadBalancers-cn-hangzhou.json",
        r#"{"TotalCount":1,"NextToken":"","LoadBalancers":[{"LoadBalancerId":"gwlb-1","VpcId":"vpc-2","LoadBalancerStatus":"Active","ZoneMappings":[]}]}"#,
    ),
    (
        "gwlb-ListListeners-cn-hangzhou.json",
        r#"{"TotalCount":1,"NextToken":"","Listeners":[{"ListenerId":"lsn-1","LoadBalancerId":"gwlb-1","ServerGroupId":"sgp-1","ListenerStatus":"Running"}]}"#,
    ),
    (
        "gwlb-ListServerGroups-cn-hangzhou.json",
        r#"{"TotalCount":1,"NextToken":"","ServerGroups":[{"ServerGroupId":"sgp-1","ServerGroupType":"Ip","VpcId":"vpc-2"}]}"#,
    ),
    (
        "gwlb-ListServerGroupServers-cn-hangzhou.json",
        r#"{"TotalCount":2,"NextToken":"","Servers":[{"ServerGroupId":"sgp-1","ServerId":"172.16.1.10","ServerIp":"172.16.1.10","ServerType":"Ip","Port":6081,"Status":"Available"},
        {"ServerGroupId":"sgp-2","ServerId":"172.16.9.9","ServerIp":"172.16.9.9","ServerType":"Ip","Port":6081,"Status":"Available"}]}"#,
    ),
];

/// The only endpoint, without one of the answers, or with another text in them.
fn endpoint(without: &str, (old, new): (&str, &str)) -> InlineEndpoint {
    let kept = API.iter().chain(ANSWERS).filter(|(name, _)| !name.starts_with(without) || without.is_empty());
    let files: Vec<(&str, String)> = kept.map(|(name, text)| (*name, text.replace(old, new))).collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (*name, text.as_str())).collect();
    let network = super::super::network(&estate(&files));
    let [endpoint] = network.inline_endpoints.items.as_slice() else { panic!("{:?}", network.inline_endpoints) };
    assert!(network.private_endpoints.items.is_empty(), "it answers nobody");
    endpoint.clone()
}

#[test]
fn api_answers_say_where_an_endpoint_stands_and_which_appliances_are_behind_it() {
    let found = endpoint("", ("", ""));
    assert_eq!(found.vswitches, Seen::Known(vec!["vsw-1".into()]));
    assert_eq!(found.connected, Seen::Known(true));
    assert_eq!(found.appliances, Seen::Known(vec!["172.16.1.10".into()]));
    assert_eq!(endpoint("", ("\"Connected\"", "\"Pending\"")).connected, Seen::Known(false));
    assert_eq!(
        endpoint("", (r#""ServerGroupId":"sgp-1","ServerId""#, r#""ServerGroupId":"sgp-3","ServerId""#)).appliances,
        Seen::Known(vec![])
    );
}

#[test]
fn what_nobody_listed_of_an_endpoint_is_missing_and_never_empty() {
    assert!(endpoint("privatelink-ListVpcEndpointZones", ("", "")).vswitches.gap().is_some());
    for answer in [
        "privatelink-ListVpcEndpointServiceResources",
        "gwlb-ListLoadBalancers",
        "gwlb-ListListeners",
        "gwlb-ListServerGroupServers",
    ] {
        assert!(endpoint(answer, ("", "")).appliances.gap().is_some(), "{answer}");
    }
    let elsewhere = endpoint("", (r#""ServiceId":"epsrv-1","ServiceName""#, r#""ServiceId":"epsrv-9","ServiceName""#));
    assert_eq!(elsewhere.appliances, Seen::Absent, "a service of somebody else");
}

#[test]
fn a_template_says_the_same() {
    let network = super::super::network(&estate(&[(
        "stack.yml",
        r#"
ROSTemplateFormatVersion: '2015-09-01'
Resources:
  Vpc: {Type: ALIYUN::ECS::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  Gate: {Type: ALIYUN::ECS::VSwitch, Properties: {VpcId: {Ref: Vpc}, CidrBlock: 10.0.9.0/24, ZoneId: cn-hangzhou-h}}
  Balancer: {Type: ALIYUN::GWLB::LoadBalancer, Properties: {VpcId: {Ref: Vpc}}}
  Group:
    Type: ALIYUN::GWLB::ServerGroup
    Properties: {VpcId: {Ref: Vpc}, ServerGroupType: Ip, Servers: [{ServerId: 10.0.9.5, ServerIp: 10.0.9.5, ServerType: Ip}]}
  Listener: {Type: ALIYUN::GWLB::Listener, Properties: {LoadBalancerId: {Ref: Balancer}, ServerGroupId: {Ref: Group}}}
  Service:
    Type: ALIYUN::PrivateLink::VpcEndpointService
    Properties: {AutoAcceptEnabled: true, ServiceResourceType: gwlb, Resource: [{ResourceId: {Ref: Balancer}, ResourceType: gwlb, ZoneId: cn-hangzhou-h}]}
  Endpoint:
    Type: ALIYUN::PrivateLink::VpcEndpoint
    Properties: {EndpointType: GatewayLoadBalancer, VpcId: {Ref: Vpc}, ServiceId: {Ref: Service}, Zone: [{ZoneId: cn-hangzhou-h, VSwitchId: {Ref: Gate}}]}
"#,
    )]));
    let [found] = network.inline_endpoints.items.as_slice() else { panic!("{:?}", network.inline_endpoints) };
    assert_eq!(found.vswitches, Seen::Known(vec!["stack.yml#Gate".into()]));
    assert_eq!(found.connected, Seen::Known(true));
    assert_eq!(found.appliances, Seen::Known(vec!["10.0.9.5".into()]));
}

#[test]
fn a_table_that_steers_an_ipv6_gateway_names_the_gateway() {
    let files = [
        (
            "vpc-DescribeIpv6Gateways-cn-hangzhou.json",
            r#"{"TotalCount":1,"PageNumber":1,"PageSize":10,"Ipv6Gateways":{"Ipv6Gateway":[{"Ipv6GatewayId":"ipv6gw-1","VpcId":"vpc-1","Status":"Available"}]}}"#,
        ),
        (
            "vpc-DescribeRouteTableList-cn-hangzhou.json",
            r#"{"TotalCount":1,"PageNumber":1,"PageSize":10,"RouterTableList":{"RouterTableListType":[{"RouteTableId":"vtb-gw","VpcId":"vpc-1","RouteTableType":"Custom","AssociateType":"Gateway","GatewayIds":{"GatewayIds":["ipv6gw-1"]},"VSwitchIds":{"VSwitchId":[]}}]}}"#,
        ),
        (
            "vpc-DescribeRouteEntryList-cn-hangzhou-vtb-gw.json",
            r#"{"NextToken":"","RouteEntrys":{"RouteEntry":[{"RouteEntryId":"rte-1","DestinationCidrBlock":"2408:4001::/64","Type":"Custom","Status":"Available","NextHops":{"NextHop":[{"NextHopType":"GatewayLoadBalancerEndpoint","NextHopId":"ep-1"}]}}]}}"#,
        ),
    ];
    let files: Vec<(&str, &str)> = API.iter().chain(ANSWERS).copied().chain(files).collect();
    let network = super::super::network(&estate(&files));
    let table = &network.route_tables.items[0];
    assert_eq!(table.gateway, Some("ipv6gw-1".into()));
    assert_eq!(table.routes.known().unwrap()[0].next, Seen::Known(vec![NextHop::BalancerEndpoint("ep-1".into())]));
}
