//! VPC answers: networks, ACLs, routes, gateways, flow logs, peering.

use xiezhi_model::service::ecs::NetworkInterface;
use xiezhi_model::service::vpc::{
    AclEntry, FlowLog, GatewayEndpoint, HaVip, Ipv4Gateway, Ipv6Address, Ipv6Gateway, NetworkAcl, NextHop,
    PeerConnection, PrefixList, Route, RouteTable, VSwitch, Vpc,
};
use xiezhi_model::{Fact, Link, List};

use super::Call;
use crate::fields::Fields;
use crate::sink::Sink;
use crate::terraform::map::vpc::{hop_type, only, resource_type};
use crate::words::{kebab, lower, members, one_item, ports, subject, values};

/// The calls of VPC.
pub const CALLS: &[Call] = &[
    Call::listing("vpc", "DescribeVpcs", "Vpcs.Vpc", Vpc::SCHEMA, vpc),
    Call::listing("vpc", "DescribeVSwitches", "VSwitches.VSwitch", VSwitch::SCHEMA, vswitch),
    Call::listing("vpc", "DescribeNetworkAcls", "NetworkAcls.NetworkAcl", NetworkAcl::SCHEMA, network_acl),
    Call::each("vpc", "DescribeNetworkAclAttributes", "NetworkAclAttribute", network_acl),
    Call::listing(
        "vpc",
        "DescribeRouteTableList",
        "RouterTableList.RouterTableListType",
        RouteTable::SCHEMA,
        route_table,
    ),
    Call::each("vpc", "DescribeRouteEntryList", "RouteEntrys.RouteEntry", route_entry),
    Call::listing("vpc", "ListIpv4Gateways", "Ipv4GatewayModels", Ipv4Gateway::SCHEMA, ipv4_gateway),
    Call::listing("vpc", "DescribeIpv6Gateways", "Ipv6Gateways.Ipv6Gateway", Ipv6Gateway::SCHEMA, ipv6_gateway),
    Call::answer("vpc", "DescribeIpv6EgressOnlyRules", ipv6_egress_rules),
    Call::listing("vpc", "DescribeIpv6Addresses", "Ipv6Addresses.Ipv6Address", Ipv6Address::SCHEMA, ipv6_address),
    Call::listing("vpc", "DescribeHaVips", "HaVips.HaVip", HaVip::SCHEMA, ha_vip),
    Call::listing("vpc", "ListPrefixLists", "PrefixLists", PrefixList::SCHEMA, prefix_list),
    Call::each("vpc", "GetVpcPrefixListEntries", "PrefixListEntry", prefix_list_entry),
    Call::listing("vpc", "DescribeFlowLogs", "FlowLogs.FlowLog", FlowLog::SCHEMA, flow_log),
    Call::listing("vpcpeer", "ListVpcPeerConnections", "VpcPeerConnects", PeerConnection::SCHEMA, peer_connection),
    Call::listing("vpc", "ListVpcGatewayEndpoints", "Endpoints", GatewayEndpoint::SCHEMA, gateway_endpoint),
];

fn vpc(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("VpcId"), |v: &mut Vpc| {
        v.head.name = f.opt_text("VpcName");
        v.cidr = f.text("CidrBlock");
        v.secondary_cidrs = f.opt_texts("SecondaryCidrBlocks.SecondaryCidrBlock");
        v.user_cidrs = f.opt_texts("UserCidrs.UserCidr");
        v.ipv6_cidr = f.opt_text("Ipv6CidrBlock");
    });
}

fn vswitch(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("VSwitchId"), |v: &mut VSwitch| {
        v.head.name = f.opt_text("VSwitchName");
        v.vpc = f.link("VpcId");
        v.cidr = f.text("CidrBlock");
        v.ipv6_cidr = f.opt_text("Ipv6CidrBlock");
        v.zone = f.text("ZoneId");
        v.network_acl = f.link("NetworkAclId");
        v.route_table = f.link("RouteTable.RouteTableId");
    });
}

pub(crate) fn entries(f: &Fields<'_>, list: &str, cidr: &str) -> Fact<List<AclEntry>> {
    let mut order = 0_i64;
    f.records(list, |e| {
        order = order.saturating_add(1);
        let protocol = lower(e.text("Protocol"));
        AclEntry {
            order: e.known(order),
            id: e.opt_text("NetworkAclEntryId"),
            entry_type: lower(e.text("EntryType")),
            policy: lower(e.text("Policy")),
            ports: ports(e.text("Port"), &protocol),
            protocol,
            cidr: e.text(cidr),
            ip_version: lower(e.text_or("IpVersion", "ipv4", "VPC UpdateNetworkAclEntries")),
        }
    })
}

fn network_acl(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("NetworkAclId"), |a: &mut NetworkAcl| {
        a.head.name = f.opt_text("NetworkAclName");
        a.vpc = f.link("VpcId");
        a.ingress = entries(f, "IngressAclEntries.IngressAclEntry", "SourceCidrIp");
        a.egress = entries(f, "EgressAclEntries.EgressAclEntry", "DestinationCidrIp");
        a.vswitches = f
            .records("Resources.Resource", |r| {
                let bound = r.plain("ResourceType").is_none_or(|kind| kind.eq_ignore_ascii_case("VSwitch"));
                if bound { r.link("ResourceId") } else { r.absent() }
            })
            .map(values);
    });
}

fn route_table(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("RouteTableId"), |t: &mut RouteTable| {
        t.head.name = f.opt_text("RouteTableName");
        t.vpc = f.link("VpcId");
        t.table_type = lower(f.text("RouteTableType"));
        t.associate_type = lower(f.text("AssociateType"));
        t.vswitches = f.links("VSwitchIds.VSwitchId");
        t.gateway = match f.opt_texts("GatewayIds.GatewayIds").value().and_then(|ids| ids.items.first()) {
            Some(id) => f.known(id.clone()),
            None => f.absent(),
        };
    });
}

fn route_entry(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let table = subject(f, sink, "RouteTableId");
    let hop = |n: &Fields<'_>| NextHop { hop_type: hop_type(n.text("NextHopType")), target: n.opt_text("NextHopId") };
    let route = Route {
        id: f.opt_text("RouteEntryId"),
        destination: f.text("DestinationCidrBlock"),
        route_type: lower(f.text("Type")),
        status: lower(f.text("Status")),
        next_hops: if f.has("NextHops") {
            f.records("NextHops.NextHop", |n| hop(&n))
        } else {
            f.known(List::complete(vec![hop(f)]))
        },
    };
    sink.append(&table, |t: &mut RouteTable| &mut t.routes, vec![route], None);
}

fn ipv4_gateway(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("Ipv4GatewayId"), |g: &mut Ipv4Gateway| {
        g.head.name = f.opt_text("Ipv4GatewayName");
        g.vpc = f.link("VpcId");
        g.enabled = f.bool("Enabled");
        g.route_table = f.link("Ipv4GatewayRouteTableId");
    });
}

fn ipv6_gateway(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("Ipv6GatewayId"), |g: &mut Ipv6Gateway| {
        g.head.name = f.opt_text("Name");
        g.vpc = f.link("VpcId");
    });
}

fn ipv6_egress_rules(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let rules = f.records("Ipv6EgressOnlyRules.Ipv6EgressOnlyRule", |r| r.text("InstanceId")).map(values);
    let (items, more) = members(rules);
    let gateway = sink.param("Ipv6GatewayId").map(Link::id);
    sink.append(&gateway, |g: &mut Ipv6Gateway| &mut g.egress_only, items, more);
}

fn ipv6_address(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("Ipv6AddressId"), |a: &mut Ipv6Address| {
        a.head.name = f.opt_text("Ipv6AddressName");
        a.address = f.text("Ipv6Address");
        a.vpc = f.link("VpcId");
        a.instance = f.opt_text("AssociatedInstanceId");
        let private = f.plain("NetworkType").is_some_and(|kind| kind.eq_ignore_ascii_case("Private"));
        a.internet_bandwidth = if private { f.known(0) } else { f.int("Ipv6InternetBandwidth.Bandwidth") };
    });
}

fn ha_vip(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("HaVipId"), |h: &mut HaVip| {
        h.head.name = f.opt_text("Name");
        h.vpc = f.link("VpcId");
        h.vswitch = f.link("VSwitchId");
        h.address = f.text("IpAddress");
        h.members = f.opt_texts("AssociatedInstances.associatedInstance");
    });
}

fn prefix_list(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("PrefixListId"), |p: &mut PrefixList| p.head.name = f.opt_text("PrefixListName"));
}

fn prefix_list_entry(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let of = subject(f, sink, "PrefixListId");
    let (items, more) = one_item(f.text("Cidr"));
    sink.append(&of, |p: &mut PrefixList| &mut p.entries, items, more);
}

fn flow_log(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("FlowLogId"), |l: &mut FlowLog| {
        l.head.name = f.opt_text("FlowLogName");
        l.resource_type = resource_type(f.text("ResourceType"));
        let kind = l.resource_type.clone();
        l.vpc = only(f, &kind, "vpc", f.link("ResourceId"));
        l.vswitch = only(f, &kind, "vswitch", f.link("ResourceId"));
        l.network_interface = only(f, &kind, "network-interface", f.link::<NetworkInterface>("ResourceId"));
        l.active = f.flag("Status", &["Active"], &["Activating", "Inactive"]);
        l.traffic = lower(f.text("TrafficType"));
        l.project = f.opt_text("ProjectName");
        l.logstore = f.opt_text("LogStoreName");
    });
}

fn peer_connection(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("InstanceId"), |p: &mut PeerConnection| {
        p.head.name = f.opt_text("Name");
        p.vpc = f.link("Vpc.VpcId");
        p.accepting_vpc = f.link("AcceptingVpc.VpcId");
        p.accepting_account = f.text("AcceptingOwnerUid");
        p.status = kebab(f.text("Status"));
    });
}

fn gateway_endpoint(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("EndpointId"), |e: &mut GatewayEndpoint| {
        e.head.name = f.opt_text("EndpointName");
        e.vpc = f.link("VpcId");
        e.service = f.text("ServiceName");
        e.policy = f.opt_text("PolicyDocument");
    });
}
