//! PrivateLink: who reaches, by an interface endpoint in one VPC, what stands behind a load balancer in another (PL-1).

use super::{Answer, Ground, Part, Verdict, reach_from};
use crate::analyse::tests::estate as estate_of;

/// A client in VPC 1, an endpoint beside it, and a server in VPC 2 behind a classic load balancer that is the endpoint's
/// service. No route joins the two. `change` replaces a text of one of the answers.
fn ground(change: &[(&str, &str, &str)]) -> Ground {
    let page = |list: &str, item: &str, rows: &[String]| {
        format!(
            r#"{{"TotalCount":{},"PageNumber":1,"PageSize":50,"{list}":{{"{item}":[{}]}}}}"#,
            rows.len(),
            rows.join(",")
        )
    };
    let instance = |id: &str, at: u8| {
        format!(
            r#"{{"InstanceId":"i-{id}","RegionId":"cn-hangzhou","Status":"Running","InstanceNetworkType":"vpc","VpcAttributes":{{"VpcId":"vpc-{at}","VSwitchId":"vsw-{at}","PrivateIpAddress":{{"IpAddress":["10.{at}.1.5"]}}}},"PublicIpAddress":{{"IpAddress":[]}},"EipAddress":{{"AllocationId":"","IpAddress":""}},"SecurityGroupIds":{{"SecurityGroupId":["sg-{id}"]}},"NetworkInterfaces":{{"NetworkInterface":[{{"NetworkInterfaceId":"eni-{id}","Type":"Primary"}}]}}}}"#
        )
    };
    let interface = |id: &str, at: u8, address: &str, of: &str| {
        format!(
            r#"{{"NetworkInterfaceId":"eni-{id}","InstanceId":"{of}","Type":"{}","Status":"InUse","VpcId":"vpc-{at}","VSwitchId":"vsw-{at}","PrivateIpAddress":"{address}","PrivateIpSets":{{"PrivateIpSet":[{{"PrivateIpAddress":"{address}","Primary":true}}]}},"Ipv6Sets":{{"Ipv6Set":[]}},"SecurityGroupIds":{{"SecurityGroupId":["sg-{id}"]}},"AssociatedPublicIp":{{}}}}"#,
            if of.is_empty() { "Secondary" } else { "Primary" }
        )
    };
    let vpc = |at: u8| {
        format!(
            r#"{{"VpcId":"vpc-{at}","RegionId":"cn-hangzhou","CidrBlock":"10.{at}.0.0/16","Ipv6CidrBlock":"","SecondaryCidrBlocks":{{"SecondaryCidrBlock":[]}},"UserCidrs":{{"UserCidr":[]}}}}"#
        )
    };
    let vswitch = |at: u8| {
        format!(
            r#"{{"VSwitchId":"vsw-{at}","VpcId":"vpc-{at}","CidrBlock":"10.{at}.1.0/24","Ipv6CidrBlock":"","NetworkAclId":"","ZoneId":"cn-hangzhou-h","RouteTable":{{"RouteTableId":"vtb-{at}"}}}}"#
        )
    };
    let group = |id: &str, at: u8| {
        format!(
            r#"{{"SecurityGroupId":"sg-{id}","VpcId":"vpc-{at}","SecurityGroupType":"normal","ServiceManaged":false}}"#
        )
    };
    let rules = |id: &str, at: u8, source: &str| {
        (
            format!("ecs-DescribeSecurityGroupAttribute-cn-hangzhou-sg-{id}.json"),
            format!(
                r#"{{"SecurityGroupId":"sg-{id}","VpcId":"vpc-{at}","InnerAccessPolicy":"Drop","Permissions":{{"Permission":[{{"SecurityGroupRuleId":"sgr-{id}","Direction":"ingress","Policy":"Accept","Priority":"1","IpProtocol":"TCP","PortRange":"80/80","SourceCidrIp":"{source}","NicType":"intranet"}}]}}}}"#
            ),
        )
    };
    let file = |name: &str, text: String| (format!("{name}-cn-hangzhou.json"), text);
    let mut files = vec![
        file("ecs-DescribeInstances", page("Instances", "Instance", &[instance("client", 1), instance("server", 2)])),
        file(
            "ecs-DescribeNetworkInterfaces",
            page(
                "NetworkInterfaceSets",
                "NetworkInterfaceSet",
                &[
                    interface("client", 1, "10.1.1.5", "i-client"),
                    interface("server", 2, "10.2.1.5", "i-server"),
                    interface("endpoint", 1, "10.1.1.90", ""),
                ],
            ),
        ),
        file(
            "ecs-DescribeSecurityGroups",
            page("SecurityGroups", "SecurityGroup", &[group("client", 1), group("server", 2), group("endpoint", 1)]),
        ),
        rules("client", 1, "192.168.0.0/16"),
        rules("server", 2, "192.168.0.0/16"),
        rules("endpoint", 1, "10.1.0.0/16"),
        file("vpc-DescribeVpcs", page("Vpcs", "Vpc", &[vpc(1), vpc(2)])),
        file("vpc-DescribeVSwitches", page("VSwitches", "VSwitch", &[vswitch(1), vswitch(2)])),
        file(
            "slb-DescribeLoadBalancers",
            page(
                "LoadBalancers",
                "LoadBalancer",
                &[r#"{"LoadBalancerId":"lb-1","LoadBalancerName":"inner","AddressType":"intranet","Address":"10.2.1.30","AddressIPVersion":"ipv4","NetworkType":"vpc","VpcId":"vpc-2","VSwitchId":"vsw-2","LoadBalancerStatus":"active"}"#.to_owned()],
            ),
        ),
        file("alb-ListLoadBalancers", r#"{"TotalCount":0,"MaxResults":100,"NextToken":"","LoadBalancers":[]}"#.to_owned()),
        file("nlb-ListLoadBalancers", r#"{"TotalCount":0,"MaxResults":100,"NextToken":"","LoadBalancers":[]}"#.to_owned()),
        (
            "slb-DescribeLoadBalancerAttribute-cn-hangzhou-lb-1.json".to_owned(),
            r#"{"LoadBalancerId":"lb-1","BackendServers":{"BackendServer":[{"ServerId":"i-server","Weight":100,"Type":"ecs"}]}}"#.to_owned(),
        ),
        file(
            "slb-DescribeLoadBalancerListeners",
            r#"{"TotalCount":1,"NextToken":"","MaxResults":100,"Listeners":[{"LoadBalancerId":"lb-1","ListenerPort":80,"ListenerProtocol":"http","BackendServerPort":80,"Status":"running","AclStatus":"off","AclType":"","AclIds":[],"AclId":"","HTTPListenerConfig":{"ListenerForward":"off"}}]}"#.to_owned(),
        ),
        file(
            "privatelink-ListVpcEndpoints",
            r#"{"TotalCount":1,"MaxResults":50,"NextToken":"","Endpoints":[{"EndpointId":"ep-1","EndpointName":"to-shop","EndpointType":"Interface","VpcId":"vpc-1","ServiceId":"epsrv-1","ServiceName":"com.aliyuncs.privatelink.cn-hangzhou.epsrv-1","ConnectionStatus":"Connected"}]}"#.to_owned(),
        ),
        (
            "privatelink-ListVpcEndpointZones-cn-hangzhou-EndpointId=ep-1.json".to_owned(),
            r#"{"TotalCount":1,"Zones":[{"ZoneId":"cn-hangzhou-h","VSwitchId":"vsw-1","EniId":"eni-endpoint","EniIp":"10.1.1.90"}]}"#.to_owned(),
        ),
        file(
            "privatelink-ListVpcEndpointServices",
            r#"{"TotalCount":1,"MaxResults":50,"NextToken":"","Services":[{"ServiceId":"epsrv-1","ServiceName":"shop","AutoAcceptEnabled":false,"ServiceResourceType":"slb"}]}"#.to_owned(),
        ),
        (
            "privatelink-ListVpcEndpointServiceResources-cn-hangzhou-ServiceId=epsrv-1.json".to_owned(),
            r#"{"TotalCount":1,"Resources":[{"ResourceId":"lb-1","ResourceType":"slb","ZoneId":"cn-hangzhou-h"}]}"#.to_owned(),
        ),
        ("ecs-DescribeRegions.json".to_owned(), r#"{"Regions":{"Region":[{"RegionId":"cn-hangzhou"}]}}"#.to_owned()),
    ];
    for (start, from, to) in change {
        let found = files.iter_mut().find(|(name, _)| name.starts_with(start)).unwrap_or_else(|| panic!("no {start}"));
        assert!(found.1.contains(from), "{start}: {from}");
        found.1 = found.1.replace(from, to);
    }
    files.retain(|(_, text)| !text.is_empty());
    let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    Ground::of(estate_of(&files))
}

fn ask(ground: &Ground, target: &str, port: u16) -> Answer {
    reach_from(ground, &["i-client"], target, Some(port)).unwrap()
}

fn by_endpoint(answer: &Answer) -> Option<&Part> {
    answer.parts.iter().find(|part| part.facts.contains(&("through", "endpoint ep-1".to_owned())))
}

#[test]
fn an_endpoint_leads_to_the_listener_and_the_server_of_another_vpc() {
    let ground = ground(&[]);
    let answer = ask(&ground, "lb-1", 80);
    let part = by_endpoint(&answer).expect("a way by the endpoint");
    assert_eq!((answer.verdict, part.verdict), (Verdict::Yes, Verdict::Yes), "{answer:#?}");
    assert_eq!(part.packet.as_deref(), Some("tcp 10.1.1.5:40000 > 10.1.1.90:80"));
    assert!(part.hops.iter().any(|hop| hop.law == "PL-1" && hop.passes == Verdict::Yes), "{:?}", part.hops);
    // A layer 7 listener talks to its server from the platform's own range, which no group rule admits or refuses here.
    let answer = ask(&ground, "i-server", 80);
    let part = by_endpoint(&answer).expect("a way by the endpoint");
    assert_eq!((answer.verdict, part.verdict), (Verdict::Yes, Verdict::Yes), "{answer:#?}");
}

#[test]
fn the_endpoint_s_own_group_and_the_connection_decide() {
    let refused =
        ground(&[("ecs-DescribeSecurityGroupAttribute-cn-hangzhou-sg-endpoint", "10.1.0.0/16", "172.16.0.0/12")]);
    assert!(by_endpoint(&ask(&refused, "lb-1", 80)).is_none());
    let pending = ground(&[("privatelink-ListVpcEndpoints", "Connected", "Pending")]);
    assert!(by_endpoint(&ask(&pending, "lb-1", 80)).is_none());
    // The listener takes one port.
    assert!(by_endpoint(&ask(&ground(&[]), "lb-1", 443)).is_none());
}

#[test]
fn a_listener_that_asks_for_the_client_s_address_leaves_the_way_by_an_endpoint_open() {
    let listed = ground(&[(
        "slb-DescribeLoadBalancerListeners",
        r#""AclStatus":"off","AclType":"","AclIds":[]"#,
        r#""AclStatus":"on","AclType":"white","AclIds":["acl-1"]"#,
    )]);
    let answer = ask(&listed, "lb-1", 80);
    assert_eq!(by_endpoint(&answer).map(|part| part.verdict), Some(Verdict::Undecided), "{answer:#?}");
    // At layer 4 the server would see an address that no document names.
    let layer4 =
        ground(&[("slb-DescribeLoadBalancerListeners", r#""ListenerProtocol":"http""#, r#""ListenerProtocol":"tcp""#)]);
    let answer = ask(&layer4, "i-server", 80);
    assert_eq!(by_endpoint(&answer).map(|part| part.verdict), Some(Verdict::Undecided), "{answer:#?}");
}

#[test]
fn endpoints_that_nobody_listed_are_named_as_missing() {
    let all = r#"{"TotalCount":1,"MaxResults":50,"NextToken":"","Endpoints":[{"EndpointId":"ep-1","EndpointName":"to-shop","EndpointType":"Interface","VpcId":"vpc-1","ServiceId":"epsrv-1","ServiceName":"com.aliyuncs.privatelink.cn-hangzhou.epsrv-1","ConnectionStatus":"Connected"}]}"#;
    let none = r#"{"TotalCount":0,"MaxResults":50,"NextToken":"","Endpoints":[]}"#;
    let zones = (
        "privatelink-ListVpcEndpointZones",
        r#"{"TotalCount":1,"Zones":[{"ZoneId":"cn-hangzhou-h","VSwitchId":"vsw-1","EniId":"eni-endpoint","EniIp":"10.1.1.90"}]}"#,
        "",
    );
    let open = |change: &[(&str, &str, &str)]| {
        let answer = ask(&ground(change), "lb-1", 80);
        assert!(by_endpoint(&answer).is_none() && answer.verdict != Verdict::Yes, "{answer:#?}");
        let gaps = answer.unseen.iter().filter(|open| open.what.contains("privatelink.endpoint"));
        gaps.flat_map(|open| open.calls()).collect::<Vec<_>>()
    };
    assert!(open(&[("privatelink-ListVpcEndpoints", all, none), zones]).is_empty());
    assert_eq!(open(&[("privatelink-ListVpcEndpoints", all, ""), zones]), ["privatelink:ListVpcEndpoints"]);
}

#[test]
fn an_endpoint_is_asked_about_by_its_id_its_name_and_its_service() {
    let ground = ground(&[]);
    for name in ["ep-1", "to-shop", "epsrv-1", "shop", "com.aliyuncs.privatelink.cn-hangzhou.epsrv-1"] {
        let answer = ask(&ground, name, 80);
        assert_eq!((answer.verdict, answer.parts.len()), (Verdict::Yes, 1), "{name}: {answer:#?}");
        assert_eq!(answer.parts[0].packet.as_deref(), Some("tcp 10.1.1.5:40000 > 10.1.1.90:80"), "{name}");
        assert_eq!(ask(&ground, name, 443).verdict, Verdict::No, "{name}");
    }
    assert!(reach_from(&ground, &["i-client"], "ep-2", None).is_err());
}

#[test]
fn a_no_shows_where_packets_to_an_endpoint_stop() {
    let pending = ground(&[("privatelink-ListVpcEndpoints", "Connected", "Pending")]);
    let answer = ask(&pending, "ep-1", 80);
    assert_eq!(answer.verdict, Verdict::No, "{answer:#?}");
    let stop = answer.parts[0].hops.last().unwrap();
    assert_eq!((stop.at.as_str(), stop.law.as_str(), stop.passes), ("ep-1", "PL-1", Verdict::No));
    let refused =
        ground(&[("ecs-DescribeSecurityGroupAttribute-cn-hangzhou-sg-endpoint", "10.1.0.0/16", "172.16.0.0/12")]);
    let answer = ask(&refused, "ep-1", 80);
    assert_eq!(answer.verdict, Verdict::No, "{answer:#?}");
    assert_eq!(answer.parts[0].hops.last().unwrap().at, "eni-endpoint");
}

#[test]
fn what_stands_behind_somebody_else_s_service_stays_open() {
    let mine = r#"{"TotalCount":1,"MaxResults":50,"NextToken":"","Services":[{"ServiceId":"epsrv-1","ServiceName":"shop","AutoAcceptEnabled":false,"ServiceResourceType":"slb"}]}"#;
    let none = r#"{"TotalCount":0,"MaxResults":50,"NextToken":"","Services":[]}"#;
    let other = ground(&[
        ("privatelink-ListVpcEndpointServices", mine, none),
        (
            "privatelink-ListVpcEndpointServiceResources",
            r#"{"TotalCount":1,"Resources":[{"ResourceId":"lb-1","ResourceType":"slb","ZoneId":"cn-hangzhou-h"}]}"#,
            "",
        ),
    ]);
    let answer = ask(&other, "ep-1", 80);
    assert_eq!(answer.verdict, Verdict::Undecided, "{answer:#?}");
    assert_eq!(answer.parts[0].because[0].what, "what stands behind ep-1");
    // What the endpoint's own group refuses arrives nowhere.
    assert_eq!(ask(&other, "ep-1", 443).verdict, Verdict::No);
}

#[test]
fn an_interface_of_an_endpoint_that_nobody_described_keeps_a_no_open() {
    let unseen = ground(&[("privatelink-ListVpcEndpointZones", "eni-endpoint", "eni-unseen")]);
    let answer = ask(&unseen, "ep-1", 80);
    assert_eq!(answer.verdict, Verdict::Undecided, "{answer:#?}");
    assert!(answer.unseen.iter().any(|open| open.what == "interfaces of ep-1"), "{:?}", answer.unseen);
}
