//! Networks of a given number of instances, as a bundle of API answers: one VPC for every 1,000 instances with four
//! vSwitches, two of them behind a network ACL; a security group of fifty rules for every five instances; a public
//! address on every tenth; a load balancer in front of twenty instances of each VPC.

use std::io::Write;

use serde_json::{Value, json};

const REGION: &str = "cn-hangzhou";
const ACCOUNT: &str = "1000000000000001";
const PAGE: usize = 100;
/// Instances of a VPC.
const OF_VPC: usize = 1_000;
/// Instances of a security group.
const OF_GROUP: usize = 5;
/// Rules of a security group.
const RULES: usize = 50;

/// A bundle (`xiezhi-evidence/1`). `changed` opens one port of one group.
pub fn dump(size: usize, changed: bool, out: &mut dyn Write) {
    let manifest = json!({"format": "xiezhi-evidence/1", "manifest": {
        "account": ACCOUNT, "regions": {"asked": [REGION], "complete": true}, "tool": "bench",
        "started": "2026-11-25T08:00:00Z", "finished": "2026-11-25T08:10:00Z"}});
    writeln!(out, "{manifest}").unwrap();
    let vpcs = size.div_ceil(OF_VPC);
    let groups = size.div_ceil(OF_GROUP);
    let mut call = |product: &str, action: &str, params: Value, answer: Value| {
        let record = json!({"product": product, "action": action, "region": REGION, "params": params, "answer": answer,
            "request_id": "4F2C9D1E-0000-4000-8000-000000000001"});
        writeln!(out, "{record}").unwrap();
    };
    for (product, action, list, member, row, count) in [
        ("vpc", "DescribeVpcs", "Vpcs", "Vpc", vpc as fn(usize) -> Value, vpcs),
        ("vpc", "DescribeVSwitches", "VSwitches", "VSwitch", vswitch, vpcs * 4),
        ("vpc", "DescribeNetworkAcls", "NetworkAcls", "NetworkAcl", network_acl, vpcs),
        ("vpc", "DescribeEipAddresses", "EipAddresses", "EipAddress", eip, size / 10),
        ("ecs", "DescribeInstances", "Instances", "Instance", instance, size),
        ("ecs", "DescribeNetworkInterfaces", "NetworkInterfaceSets", "NetworkInterfaceSet", interface, size),
        ("ecs", "DescribeSecurityGroups", "SecurityGroups", "SecurityGroup", group, groups),
        ("slb", "DescribeLoadBalancers", "LoadBalancers", "LoadBalancer", balancer, vpcs),
        ("vpc", "DescribeNatGateways", "NatGateways", "NatGateway", nothing, 0),
        ("vpc", "DescribeHaVips", "HaVips", "HaVip", nothing, 0),
        ("vpc", "DescribeIpv6Gateways", "Ipv6Gateways", "Ipv6Gateway", nothing, 0),
        ("vpc", "DescribeIpv6Addresses", "Ipv6Addresses", "Ipv6Address", nothing, 0),
    ] {
        for first in (0..count.max(1)).step_by(PAGE) {
            let page = first / PAGE + 1;
            let rows: Vec<Value> = (first..count.min(first + PAGE)).map(row).collect();
            let answer = json!({"TotalCount": count, "PageNumber": page, "PageSize": PAGE, list: {member: rows}});
            call(product, action, json!({"PageNumber": page.to_string(), "PageSize": PAGE.to_string()}), answer);
        }
    }
    call("vpc", "ListIpv4Gateways", json!({}), json!({"TotalCount": "0", "NextToken": "", "Ipv4GatewayModels": []}));
    call("alb", "ListLoadBalancers", json!({}), json!({"TotalCount": 0, "NextToken": "", "LoadBalancers": []}));
    call("nlb", "ListLoadBalancers", json!({}), json!({"TotalCount": 0, "NextToken": "", "LoadBalancers": []}));
    let firewall = json!({"UserStatus": false, "Version": "", "InstanceStatus": "", "IpNumber": 0});
    call("cloudfw", "DescribeUserBuyVersion", json!({}), firewall);
    for n in 0..groups {
        let mut rules: Vec<Value> = (0..RULES).map(|rule| permission(n, rule)).collect();
        if changed && n == 0 {
            rules.push(open("3389/3389", "sgr-opened"));
        }
        let answer = json!({"RegionId": REGION, "SecurityGroupId": group_id(n), "VpcId": vpc_id(n * OF_GROUP / OF_VPC),
            "InnerAccessPolicy": "Accept", "NextToken": "", "Permissions": {"Permission": rules}});
        call("ecs", "DescribeSecurityGroupAttribute", json!({"SecurityGroupId": group_id(n)}), answer);
    }
    for n in 0..vpcs {
        let named = json!({"LoadBalancerId": format!("lb-{n:06}")});
        let servers: Vec<Value> = (0..20.min(size))
            .map(|at| json!({"ServerId": instance_id((n * OF_VPC + at).min(size - 1)), "Weight": 100, "Type": "ecs"}))
            .collect();
        let attribute = json!({"LoadBalancerId": format!("lb-{n:06}"), "LoadBalancerStatus": "active",
            "RegionId": REGION, "Address": format!("47.96.{}.{}", n / 256, n % 256), "AddressType": "internet",
            "NetworkType": "classic", "VpcId": "", "BackendServers": {"BackendServer": servers},
            "ListenerPortsAndProtocol": {"ListenerPortAndProtocol": [{"ListenerPort": 443, "ListenerProtocol": "tcp"}]}});
        call("slb", "DescribeLoadBalancerAttribute", named.clone(), attribute);
        let listeners = json!({"TotalCount": 1, "NextToken": "", "Listeners": [{"LoadBalancerId": format!("lb-{n:06}"),
            "ListenerPort": 443, "ListenerProtocol": "tcp", "BackendServerPort": 8443, "Status": "running",
            "AclStatus": "off", "TCPListenerConfig": {"HealthCheck": "on"}}]});
        call("slb", "DescribeLoadBalancerListeners", named, listeners);
    }
}

fn instance_id(n: usize) -> String {
    format!("i-{n:06}")
}

fn group_id(n: usize) -> String {
    format!("sg-{n:06}")
}

fn vpc_id(n: usize) -> String {
    format!("vpc-{n:06}")
}

fn vswitch_id(n: usize) -> String {
    format!("vsw-{n:06}")
}

/// The vSwitch of an instance, of its VPC's four.
fn vswitch_of(instance: usize) -> usize {
    instance / OF_VPC * 4 + instance % 4
}

fn private_address(instance: usize) -> String {
    let at = instance % OF_VPC / 4 + 10;
    format!("10.{}.{}.{}", instance / OF_VPC, vswitch_of(instance) % 4 * 4 + at / 256, at % 256)
}

fn is_public(instance: usize) -> bool {
    instance.is_multiple_of(10)
}

fn public_address(n: usize) -> String {
    format!("47.{}.{}.{}", 100 + n / 65_536, n / 256 % 256, n % 256)
}

fn nothing(_: usize) -> Value {
    Value::Null
}

fn vpc(n: usize) -> Value {
    json!({"VpcId": vpc_id(n), "VpcName": format!("site-{n}"), "RegionId": REGION, "CidrBlock": format!("10.{n}.0.0/16"),
        "Status": "Available", "IsDefault": false, "OwnerId": 1_000_000_000_000_001_u64})
}

fn vswitch(n: usize) -> Value {
    let acl = if n % 4 < 2 { format!("nacl-{:06}", n / 4) } else { String::new() };
    json!({"VSwitchId": vswitch_id(n), "VSwitchName": format!("tier-{}", n % 4), "VpcId": vpc_id(n / 4),
        "CidrBlock": format!("10.{}.{}.0/22", n / 4, n % 4 * 4), "ZoneId": "cn-hangzhou-h", "Status": "Available",
        "NetworkAclId": acl, "AvailableIpAddressCount": 900,
        "RouteTable": {"RouteTableId": format!("vtb-{:06}", n / 4), "RouteTableType": "System"}})
}

fn network_acl(n: usize) -> Value {
    let entry = |policy: &str, port: &str, cidr: &str, key: &str| {
        json!({"NetworkAclEntryId": format!("nae-{n}-{port}"), "Policy": policy, "Protocol": "tcp", "Port": port,
            key: cidr, "IpVersion": "IPV4", "EntryType": "custom"})
    };
    let bound =
        |at: usize| json!({"ResourceId": vswitch_id(n * 4 + at), "ResourceType": "VSwitch", "Status": "BINDED"});
    json!({"NetworkAclId": format!("nacl-{n:06}"), "NetworkAclName": "tier", "VpcId": vpc_id(n), "Status": "Available",
        "IngressAclEntries": {"IngressAclEntry": [
            entry("drop", "23/23", "0.0.0.0/0", "SourceCidrIp"), entry("accept", "1/65535", "0.0.0.0/0", "SourceCidrIp")]},
        "EgressAclEntries": {"EgressAclEntry": [entry("accept", "1/65535", "0.0.0.0/0", "DestinationCidrIp")]},
        "Resources": {"Resource": [bound(0), bound(1)]}})
}

fn eip(n: usize) -> Value {
    json!({"AllocationId": format!("eip-{n:06}"), "IpAddress": public_address(n), "RegionId": REGION, "Status": "InUse",
        "InstanceId": instance_id(n * 10), "InstanceType": "EcsInstance", "Bandwidth": "5", "Mode": "NAT"})
}

fn instance(n: usize) -> Value {
    let eip = if is_public(n) {
        json!({"AllocationId": format!("eip-{:06}", n / 10), "IpAddress": public_address(n / 10), "Bandwidth": 5})
    } else {
        json!({"AllocationId": "", "IpAddress": "", "Bandwidth": 0})
    };
    json!({"InstanceId": instance_id(n), "InstanceName": format!("server-{n}"), "RegionId": REGION,
        "ZoneId": "cn-hangzhou-h", "Status": "Running", "InstanceType": "ecs.g7.large",
        "ImageId": "aliyun_3_x64_20G_alibase_20250117.vhd", "OSType": "linux", "InstanceNetworkType": "vpc",
        "VpcAttributes": {"VpcId": vpc_id(n / OF_VPC), "VSwitchId": vswitch_id(vswitch_of(n)),
            "PrivateIpAddress": {"IpAddress": [private_address(n)]}, "NatIpAddress": ""},
        "SecurityGroupIds": {"SecurityGroupId": [group_id(n / OF_GROUP)]}, "PublicIpAddress": {"IpAddress": []},
        "EipAddress": eip, "InternetMaxBandwidthOut": 0, "DeletionProtection": true,
        "MetadataOptions": {"HttpEndpoint": "enabled", "HttpTokens": "required", "HttpPutResponseHopLimit": 1},
        "CreationTime": "2024-03-01T00:00Z", "Tags": {"Tag": [{"TagKey": "env", "TagValue": "prod"}]},
        "NetworkInterfaces": {"NetworkInterface": [{"NetworkInterfaceId": format!("eni-{n:06}"),
            "MacAddress": "00:16:3e:00:00:05", "PrimaryIpAddress": private_address(n), "Type": "Primary"}]}})
}

fn interface(n: usize) -> Value {
    let associated = if is_public(n) {
        json!({"AllocationId": format!("eip-{:06}", n / 10), "PublicIpAddress": public_address(n / 10)})
    } else {
        json!({})
    };
    json!({"NetworkInterfaceId": format!("eni-{n:06}"), "InstanceId": instance_id(n), "Type": "Primary",
        "Status": "InUse", "VpcId": vpc_id(n / OF_VPC), "VSwitchId": vswitch_id(vswitch_of(n)),
        "PrivateIpAddress": private_address(n), "Ipv6Sets": {"Ipv6Set": []}, "OwnerId": ACCOUNT,
        "PrivateIpSets": {"PrivateIpSet": [{"PrivateIpAddress": private_address(n), "Primary": true}]},
        "SecurityGroupIds": {"SecurityGroupId": [group_id(n / OF_GROUP)]}, "AssociatedPublicIp": associated})
}

fn group(n: usize) -> Value {
    json!({"SecurityGroupId": group_id(n), "SecurityGroupName": format!("group-{n}"), "SecurityGroupType": "normal",
        "VpcId": vpc_id(n * OF_GROUP / OF_VPC), "ServiceManaged": false, "Description": ""})
}

fn balancer(n: usize) -> Value {
    json!({"LoadBalancerId": format!("lb-{n:06}"), "LoadBalancerName": format!("front-{n}"),
        "LoadBalancerStatus": "active", "Address": format!("47.96.{}.{}", n / 256, n % 256), "AddressType": "internet",
        "AddressIPVersion": "ipv4", "NetworkType": "classic", "VpcId": "", "VSwitchId": "", "RegionId": REGION})
}

fn open(ports: &str, id: &str) -> Value {
    rule("Accept", 1, ports, "0.0.0.0/0", id)
}

fn rule(policy: &str, priority: usize, ports: &str, source: &str, id: &str) -> Value {
    json!({"Direction": "ingress", "Policy": policy, "Priority": priority.to_string(), "IpProtocol": "TCP",
        "PortRange": ports, "SourcePortRange": "", "SourceCidrIp": source, "Ipv6SourceCidrIp": "", "SourceGroupId": "",
        "SourcePrefixListId": "", "DestCidrIp": "", "DestGroupId": "", "NicType": "intranet", "Description": "",
        "SecurityGroupRuleId": id, "CreateTime": "2024-03-01T00:00:00Z"})
}

/// Most rules let parts of the own network in; every second group opens a web port to the internet, every twentieth SSH,
/// and some addresses are dropped before.
fn permission(group: usize, at: usize) -> Value {
    let id = format!("sgr-{group}-{at}");
    match at {
        0 if group.is_multiple_of(2) => open("443/443", &id),
        1 if group.is_multiple_of(20) => open("22/22", &id),
        2 => rule("Drop", 1, "1/65535", &format!("198.18.{}.0/24", group % 256), &id),
        _ => {
            let port = 1_000 + (group * 7 + at * 131) % 30_000;
            let source = format!("10.{}.{}.0/24", (group + at) % 100, (group * 3 + at) % 256);
            rule("Accept", at % 100 + 1, &format!("{port}/{}", port + at % 9), &source, &id)
        }
    }
}
