//! Networks, addresses, balancers, gateways and delivery. Source: CloudRec, collector for Alibaba Cloud, `vpc`, `vpcpeer`,
//! `cen`, `pl`, `loadbalance`, `cloudapi`, `apig`, `mse`, `cdn`, `dcdn`, `dns`.

use super::asset::{Asset, asset, list, member, whole};

pub(super) const ASSETS: &[Asset] = &[
    asset(
        &["Vpc", "VpcAttribute|Vpc.VpcId"],
        ("Vpc", "VpcId"),
        "VpcId",
        &[member("Vpc", "vpc:DescribeVpcs", "Vpcs.Vpc")],
    ),
    // An address of ENS and one of the VPC differ by the region that they name.
    asset(
        &["EipAddress.AllocationId|EipAddress.IpAddress", "!EipAddress.EnsRegionId", "!LoadBalancer"],
        ("EipAddress", "AllocationId"),
        "AllocationId",
        &[member("EipAddress", "vpc:DescribeEipAddresses", "EipAddresses.EipAddress")],
    ),
    asset(
        &["NatGateway", "!NatGateway.EnsRegionId"],
        ("NatGateway", "NatGatewayId"),
        "NatGatewayId",
        &[
            member("NatGateway", "vpc:DescribeNatGateways", "NatGateways.NatGateway"),
            whole("ForwardTableEntry", "vpc:DescribeForwardTableEntries", "ForwardTableEntries.ForwardTableEntry")
                .of("NatGatewayId"),
            whole("SnatTableEntry", "vpc:DescribeSnatTableEntries", "SnatTableEntries.SnatTableEntry")
                .of("NatGatewayId"),
        ],
    ),
    asset(
        &["VpnGateway"],
        ("VpnGateway", "VpnGatewayId"),
        "VpnGatewayId",
        &[member("VpnGateway", "vpc:DescribeVpnGateways", "VpnGateways.VpnGateway")],
    ),
    asset(
        &["VpnConnection"],
        ("VpnConnection", "VpnConnectionId"),
        "VpnConnectionId",
        &[member("VpnConnection", "vpc:DescribeVpnConnections", "VpnConnections.VpnConnection")],
    ),
    asset(
        &["PhysicalConnection"],
        ("PhysicalConnection", "PhysicalConnectionId"),
        "PhysicalConnectionId",
        &[member(
            "PhysicalConnection",
            "vpc:DescribePhysicalConnections",
            "PhysicalConnectionSet.PhysicalConnectionType",
        )],
    ),
    asset(
        &["VpcPeerConnection"],
        ("VpcPeerConnection", "InstanceId"),
        "InstanceId",
        &[member("VpcPeerConnection", "vpcpeer:ListVpcPeerConnections", "VpcPeerConnects")],
    ),
    asset(
        &["Cen", "TransitRouter|Flowlog|VbrHealthCheck|Cen.CenId"],
        ("Cen", "CenId"),
        "CenId",
        &[
            member("Cen", "cbn:DescribeCens", "Cens.Cen"),
            whole("TransitRouter", "cbn:ListTransitRouters", "TransitRouters").of("CenId"),
            list("VbrHealthCheck[][]", "cbn:DescribeCenVbrHealthCheck", "VbrHealthChecks.VbrHealthCheck").of("CenId"),
        ],
    ),
    // The security groups are those of the first endpoint.
    asset(
        &["EndpointService"],
        ("EndpointService", "ServiceId"),
        "ServiceId",
        &[
            member("EndpointService", "privatelink:ListVpcEndpointServices", "Services"),
            whole("Endpoint", "privatelink:ListVpcEndpoints", "Endpoints"),
            whole("SecurityGroup", "privatelink:ListVpcEndpointSecurityGroups", "SecurityGroups")
                .with(&[("EndpointId", "{Endpoint[].EndpointId}")]),
        ],
    ),
    asset(
        &[
            "LoadBalancer",
            "LoadBalancerAttribute|Listeners",
            "EipAddress|Listeners[].AclList|LoadBalancer.LoadBalancerSpec",
        ],
        ("LoadBalancer", "LoadBalancerId"),
        "LoadBalancerId",
        &[
            member("LoadBalancer", "slb:DescribeLoadBalancers", "LoadBalancers.LoadBalancer"),
            whole("LoadBalancerAttribute", "slb:DescribeLoadBalancerAttribute", "").of("LoadBalancerId"),
            list("Listeners[].Listener", "slb:DescribeLoadBalancerListeners", "Listeners").of("LoadBalancerId"),
            whole("Listeners[].AclList[]", "slb:DescribeAccessControlListAttribute", ""),
            whole("EipAddress", "vpc:DescribeEipAddresses", "EipAddresses.EipAddress"),
        ],
    ),
    asset(
        &[
            "LoadBalancer",
            "Listeners",
            "Endpoint|Listeners[].ListenerAttribute.ListenerAttributeDetail|Listeners[].ListenerAttribute.AclList",
        ],
        ("LoadBalancer", "LoadBalancerId"),
        "LoadBalancerIds",
        &[
            member("LoadBalancer", "alb:ListLoadBalancers", "LoadBalancers"),
            whole("LoadBalancerAttribute", "alb:GetLoadBalancerAttribute", "").of("LoadBalancerId"),
            list("Listeners[].Listener", "alb:ListListeners", "Listeners").of("LoadBalancerId"),
            whole("Listeners[].ListenerAttribute.ListenerAttributeDetail", "alb:GetListenerAttribute", "")
                .of("LoadBalancerId")
                .with(&[("ListenerId", "{ListenerId}")]),
            whole("Listeners[].ListenerAttribute.AclList[]", "alb:ListAclEntries", "").with(&[("AclId", "{AclId}")]),
        ],
    ),
    asset(
        &["LoadBalancer", "LoadBalancerAttribute", "Listeners"],
        ("LoadBalancer", "LoadBalancerId"),
        "LoadBalancerIds",
        &[
            member("LoadBalancer", "nlb:ListLoadBalancers", "LoadBalancers"),
            whole("LoadBalancerAttribute", "nlb:GetLoadBalancerAttribute", "").of("LoadBalancerId"),
            list("Listeners[].Listener", "nlb:ListListeners", "Listeners").of("LoadBalancerId"),
            whole("Listeners[].ServerGroupServers", "nlb:ListServerGroupServers", "Servers"),
        ],
    ),
    asset(
        &["Instance", "Acl", "LogInfo"],
        ("Instance", "InstanceId"),
        "InstanceId",
        &[
            member("Instance", "cloudapi:DescribeInstances", "Instances.InstanceAttribute"),
            whole("LogInfo", "cloudapi:DescribeLogConfig", "LogInfos.LogInfo"),
        ],
    ),
    asset(
        &["ApiSummary", "ApiInfo"],
        ("ApiSummary", "ApiId"),
        "ApiId",
        &[
            member("ApiSummary", "cloudapi:DescribeApis", "ApiSummarys.ApiSummary"),
            whole("ApiInfo", "cloudapi:DescribeApi", "").of("ApiId"),
        ],
    ),
    // The detail of a domain names what the list does by the same keys.
    asset(
        &["Domain.domainId|Domain.forceHttps|Domain.tlsMin"],
        ("Domain", "domainId"),
        "domainId",
        &[member("Domain", "apig:ListDomains", "data.items")],
    ),
    asset(
        &["Cluster", "Config", "!AssociatedResource"],
        ("Cluster", "InstanceId"),
        "InstanceId",
        &[whole("Cluster", "mse:QueryClusterDetail", "Data"), whole("Config", "mse:QueryConfig", "Data")],
    ),
    asset(
        &["Gateway", "GatewaySlb|Gateway.GatewayUniqueId"],
        ("Gateway", "GatewayUniqueId"),
        "GatewayUniqueId",
        &[member("Gateway", "mse:ListGateway", "Data.Result")],
    ),
    asset(
        &["UserDomains", "DomainConfig"],
        ("UserDomains", "DomainName"),
        "DomainName",
        &[
            member("UserDomains", "cdn:DescribeUserDomains", "Domains.PageData"),
            whole("DomainConfig", "cdn:DescribeCdnDomainConfigs", "DomainConfigs.DomainConfig"),
        ],
    ),
    asset(
        &["Domains", "DomainConfigs"],
        ("Domains", "DomainName"),
        "DomainName",
        &[
            member("Domains", "dcdn:DescribeDcdnUserDomains", "Domains.PageData"),
            whole("DomainConfigs", "dcdn:DescribeDcdnDomainConfigs", "DomainConfigs.DomainConfig"),
        ],
    ),
    asset(
        &["DomainInfo", "ResourceRecords"],
        ("DomainInfo", "DomainName"),
        "DomainName",
        &[
            member("DomainInfo", "alidns:DescribeDomains", "Domains.Domain"),
            whole("ResourceRecords", "alidns:DescribeDomainRecords", "DomainRecords.Record"),
        ],
    ),
];
