//! VPC in Terraform. Source: terraform-provider-alicloud, `website/docs/r/{vpc*,vswitch,network_acl*,route_*,havip*}`.

use xiezhi_model::service::ecs::NetworkInterface;
use xiezhi_model::service::vpc::{
    AclEntry, FlowLog, GatewayEndpoint, HaVip, Ipv4Gateway, Ipv6Address, Ipv6Gateway, NetworkAcl, NextHop,
    PeerConnection, PrefixList, Route, RouteTable, VSwitch, Vpc,
};
use xiezhi_model::{Fact, Link, List, Reason, State, Text};

use super::ecs::{own_link, texts_of_records};
use crate::fields::{Fields, documented};
use crate::policy::opt_document;
use crate::sink::Sink;
use crate::terraform::Block;
use crate::words::{kebab, lower, one_item, ports, target};

/// The resource types of VPC.
pub const BLOCKS: &[Block] = &[
    Block { name: "alicloud_vpc", kind: Some(Vpc::SCHEMA), read: vpc },
    Block { name: "alicloud_vpc_ipv4_cidr_block", kind: None, read: ipv4_cidr_block },
    Block { name: "alicloud_vswitch", kind: Some(VSwitch::SCHEMA), read: vswitch },
    Block { name: "alicloud_network_acl", kind: Some(NetworkAcl::SCHEMA), read: network_acl },
    Block { name: "alicloud_network_acl_attachment", kind: None, read: network_acl_attachment },
    Block { name: "alicloud_vpc_network_acl_attachment", kind: None, read: vpc_network_acl_attachment },
    Block { name: "alicloud_network_acl_entries", kind: None, read: network_acl_entries },
    Block { name: "alicloud_route_table", kind: Some(RouteTable::SCHEMA), read: route_table },
    Block { name: "alicloud_route_table_attachment", kind: None, read: route_table_attachment },
    Block { name: "alicloud_vpc_gateway_route_table_attachment", kind: None, read: gateway_table_attachment },
    Block { name: "alicloud_route_entry", kind: None, read: route_entry },
    Block { name: "alicloud_vpc_route_entry", kind: None, read: route_entry },
    Block { name: "alicloud_vpc_ipv4_gateway", kind: Some(Ipv4Gateway::SCHEMA), read: ipv4_gateway },
    Block { name: "alicloud_vpc_ipv6_gateway", kind: Some(Ipv6Gateway::SCHEMA), read: ipv6_gateway },
    Block { name: "alicloud_vpc_ipv6_egress_rule", kind: None, read: ipv6_egress_rule },
    Block { name: "alicloud_vpc_ipv6_address", kind: Some(Ipv6Address::SCHEMA), read: ipv6_address },
    Block { name: "alicloud_vpc_ipv6_internet_bandwidth", kind: None, read: ipv6_bandwidth },
    Block { name: "alicloud_havip", kind: Some(HaVip::SCHEMA), read: ha_vip },
    Block { name: "alicloud_vpc_ha_vip", kind: Some(HaVip::SCHEMA), read: ha_vip },
    Block { name: "alicloud_havip_attachment", kind: None, read: ha_vip_attachment },
    Block { name: "alicloud_vpc_ha_vip_attachment", kind: None, read: ha_vip_attachment },
    Block { name: "alicloud_vpc_prefix_list", kind: Some(PrefixList::SCHEMA), read: prefix_list },
    Block { name: "alicloud_vpc_flow_log", kind: Some(FlowLog::SCHEMA), read: flow_log },
    Block { name: "alicloud_vpc_peer_connection", kind: Some(PeerConnection::SCHEMA), read: peer_connection },
    Block { name: "alicloud_vpc_peer_connection_accepter", kind: None, read: peer_accepter },
    Block { name: "alicloud_vpc_gateway_endpoint", kind: Some(GatewayEndpoint::SCHEMA), read: gateway_endpoint },
];

const VPC: &str = "terraform-provider-alicloud r/vpc";
const VSWITCH: &str = "terraform-provider-alicloud r/vswitch";
const ACL: &str = "terraform-provider-alicloud r/network_acl";
const TABLE: &str = "terraform-provider-alicloud r/route_table";

fn vpc(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("id"), |v: &mut Vpc| {
        v.head.name = f.opt_text(if f.has("vpc_name") { "vpc_name" } else { "name" });
        v.cidr = f.text("cidr_block");
        v.secondary_cidrs = if f.has("secondary_cidr_blocks") {
            f.opt_texts("secondary_cidr_blocks")
        } else {
            documented(VPC).known(List::complete(vec![]))
        };
        v.user_cidrs = f.opt_texts("user_cidrs");
        v.ipv6_cidr = if f.has("ipv6_cidr_block") {
            f.opt_text("ipv6_cidr_block")
        } else {
            match f.bool_or("enable_ipv6", false, VPC).value() {
                Some(false) => documented(VPC).absent(),
                _ => f.unknown(Reason::NotInEvidence),
            }
        };
    });
    // The system route table comes with the VPC; routes name it as an attribute of this block.
    let own = own_link::<Vpc>(f, sink);
    sink.put(f, f.text("route_table_id"), |t: &mut RouteTable| {
        t.table_type = f.known("system".into());
        t.associate_type = f.known("vswitch".into());
        t.vpc = own;
        t.gateway = f.absent();
        t.vswitches = f.unknown(Reason::NotInEvidence);
        t.routes = documented(TABLE).known(List::complete(vec![]));
    });
}

fn ipv4_cidr_block(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let (items, more) = one_item(f.text("secondary_cidr_block"));
    sink.append(&f.link("vpc_id"), |v: &mut Vpc| &mut v.secondary_cidrs, items, more);
}

fn vswitch(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("id"), |v: &mut VSwitch| {
        v.head.name = f.opt_text(if f.has("vswitch_name") { "vswitch_name" } else { "name" });
        v.vpc = f.link("vpc_id");
        v.cidr = f.text("cidr_block");
        v.ipv6_cidr = if f.has("ipv6_cidr_block") || f.has("ipv6_cidr_block_mask") {
            f.text("ipv6_cidr_block")
        } else {
            documented(VSWITCH).absent()
        };
        v.zone = f.text(if f.has("zone_id") { "zone_id" } else { "availability_zone" });
        v.network_acl = if f.has("network_acl_id") { f.link("network_acl_id") } else { documented(VSWITCH).absent() };
        // Without an attachment a vSwitch uses the system table of its VPC, which has the VPC's address.
        v.route_table = match f.link::<RouteTable>("vpc_id").value() {
            Some(link) if link.target.contains('#') => documented(VSWITCH).known(link.clone()),
            _ => f.unknown(Reason::NotInEvidence),
        };
    });
}

fn entries(f: &Fields<'_>, list: &str, cidr: &str) -> Fact<List<AclEntry>> {
    let mut order = 0_i64;
    f.records(list, |e| {
        order = order.saturating_add(1);
        let protocol = lower(e.text("protocol"));
        AclEntry {
            order: e.known(order),
            id: e.opt_text("network_acl_entry_id"),
            entry_type: lower(e.text_or("entry_type", "custom", ACL)),
            policy: lower(e.text("policy")),
            ports: ports(e.text("port"), &protocol),
            protocol,
            cidr: target(e.link::<PrefixList>(cidr)),
            ip_version: lower(e.text_or("ip_version", "ipv4", "VPC UpdateNetworkAclEntries")),
        }
    })
}

fn network_acl(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let own = own_link::<NetworkAcl>(f, sink);
    // The arguments are computed: which entries a new ACL begins with no page that was read states.
    let none = || f.unknown(Reason::NotInEvidence);
    sink.put(f, f.text("id"), |a: &mut NetworkAcl| {
        a.head.name = f.opt_text(if f.has("network_acl_name") { "network_acl_name" } else { "name" });
        a.vpc = f.link("vpc_id");
        a.ingress =
            if f.has("ingress_acl_entries") { entries(f, "ingress_acl_entries", "source_cidr_ip") } else { none() };
        a.egress =
            if f.has("egress_acl_entries") { entries(f, "egress_acl_entries", "destination_cidr_ip") } else { none() };
        a.vswitches = documented(ACL).known(List::complete(vec![]));
    });
    bind(f, sink, &own);
}

/// Binds the ACL to the vSwitches in `resources`.
fn bind(f: &Fields<'_>, sink: &mut Sink<'_>, acl: &Fact<Link<NetworkAcl>>) {
    for resource in f.each("resources") {
        bind_one(&resource.link("resource_id"), sink, acl);
    }
    if let Some(State::Unknown(reason)) = f.has("resources").then(|| f.texts("resources").state) {
        bind_one(&f.unknown(reason), sink, acl);
    }
}

fn bind_one(vswitch: &Fact<Link<VSwitch>>, sink: &mut Sink<'_>, acl: &Fact<Link<NetworkAcl>>) {
    sink.on(vswitch, |v: &mut VSwitch| v.network_acl = acl.clone());
    let (items, more) = one_item(vswitch.clone());
    sink.append(acl, |a: &mut NetworkAcl| &mut a.vswitches, items, more);
}

fn network_acl_attachment(f: &Fields<'_>, sink: &mut Sink<'_>) {
    bind(f, sink, &f.link("network_acl_id"));
}

fn vpc_network_acl_attachment(f: &Fields<'_>, sink: &mut Sink<'_>) {
    bind_one(&f.link("resource_id"), sink, &f.link("network_acl_id"));
}

fn network_acl_entries(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let acl = f.link::<NetworkAcl>("network_acl_id");
    // Source: VPC UpdateNetworkAclEntries: the entries of a direction are replaced as a whole.
    sink.on(&acl, |a: &mut NetworkAcl| {
        if f.has("ingress") {
            a.ingress = entries(f, "ingress", "source_cidr_ip");
        }
        if f.has("egress") {
            a.egress = entries(f, "egress", "destination_cidr_ip");
        }
    });
}

fn route_table(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("id"), |t: &mut RouteTable| {
        t.head.name = f.opt_text(if f.has("route_table_name") { "route_table_name" } else { "name" });
        t.vpc = f.link("vpc_id");
        t.table_type = f.known("custom".into());
        t.associate_type = lower(f.text_or("associate_type", "VSwitch", TABLE));
        t.gateway = documented(TABLE).absent();
        t.vswitches = documented(TABLE).known(List::complete(vec![]));
        t.routes = documented(TABLE).known(List::complete(vec![]));
    });
}

fn route_table_attachment(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let vswitch = f.link::<VSwitch>("vswitch_id");
    sink.on(&vswitch, |v: &mut VSwitch| v.route_table = f.link("route_table_id"));
    let (items, more) = one_item(vswitch);
    sink.append(&f.link("route_table_id"), |t: &mut RouteTable| &mut t.vswitches, items, more);
}

fn gateway_table_attachment(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let gateway = f.link::<Ipv4Gateway>("ipv4_gateway_id");
    sink.on(&f.link("route_table_id"), |t: &mut RouteTable| t.gateway = target(gateway.clone()));
    sink.on(&gateway, |g: &mut Ipv4Gateway| g.route_table = f.link("route_table_id"));
}

fn hop(f: &Fields<'_>, kind: &str, to: &str) -> NextHop {
    NextHop { hop_type: hop_type(f.text(kind)), target: target(f.link::<Vpc>(to)) }
}

/// One word per kind of next hop. Source: VPC CreateRouteEntry `NextHopType`.
pub(crate) fn hop_type(fact: Fact<Text>) -> Fact<Text> {
    fact.map(|word| match word.as_str() {
        "IPv6Gateway" | "Ipv6Gateway" => "ipv6-gateway".into(),
        "Ipv4Gateway" | "IPv4Gateway" => "ipv4-gateway".into(),
        "VpcPeer" => "vpc-peer".into(),
        "HaVip" => "ha-vip".into(),
        "NatGateway" => "nat-gateway".into(),
        "VpnGateway" => "vpn-gateway".into(),
        "RouterInterface" => "router-interface".into(),
        "NetworkInterface" => "network-interface".into(),
        "GatewayEndpoint" => "gateway-endpoint".into(),
        "GatewayLoadBalancerEndpoint" => "gateway-load-balancer-endpoint".into(),
        "TransitRouter" | "Attachment" => "attachment".into(),
        other => other.to_ascii_lowercase().into(),
    })
}

fn route_entry(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let destination = if f.has("destination_cidrblock") { "destination_cidrblock" } else { "destination_cidr_block" };
    let next_hops = if f.has("next_hops") {
        f.records("next_hops", |n| hop(&n, "nexthop_type", "nexthop_id"))
    } else if f.has("nexthop_type") {
        f.known(List::complete(vec![hop(f, "nexthop_type", "nexthop_id")]))
    } else {
        f.known(List::complete(vec![hop(f, "next_hop_type", "next_hop_id")]))
    };
    let route = Route {
        id: f.opt_text("route_entry_id"),
        destination: f.text(destination),
        route_type: f.known("custom".into()),
        status: lower(f.text_or("status", "Available", "terraform-provider-alicloud r/route_entry")),
        next_hops,
    };
    sink.append(&f.link("route_table_id"), |t: &mut RouteTable| &mut t.routes, vec![route], None);
}

fn ipv4_gateway(f: &Fields<'_>, sink: &mut Sink<'_>) {
    const PAGE: &str = "terraform-provider-alicloud r/vpc_ipv4_gateway";
    sink.put(f, f.text("id"), |g: &mut Ipv4Gateway| {
        g.head.name = f.opt_text("ipv4_gateway_name");
        g.vpc = f.link("vpc_id");
        g.enabled = f.bool_or("enabled", false, PAGE);
        g.route_table = if f.has("ipv4_gateway_route_table_id") {
            f.link("ipv4_gateway_route_table_id")
        } else {
            documented(PAGE).absent()
        };
    });
}

fn ipv6_gateway(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("id"), |g: &mut Ipv6Gateway| {
        g.head.name = f.opt_text("ipv6_gateway_name");
        g.vpc = f.link("vpc_id");
        g.egress_only = documented("terraform-provider-alicloud r/vpc_ipv6_gateway").known(List::complete(vec![]));
    });
}

fn ipv6_egress_rule(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let (items, more) = one_item(target(f.link::<Ipv6Address>("instance_id")));
    sink.append(&f.link("ipv6_gateway_id"), |g: &mut Ipv6Gateway| &mut g.egress_only, items, more);
}

fn ipv6_address(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("id"), |a: &mut Ipv6Address| {
        a.address = f.text("ipv6_address");
        a.vpc = if f.has("vpc_id") { f.link("vpc_id") } else { f.unknown(Reason::NotInEvidence) };
        a.instance = f.unknown(Reason::NotInEvidence);
        a.internet_bandwidth = documented("VPC AllocateIpv6InternetBandwidth: none until bought").known(0);
    });
}

fn ipv6_bandwidth(f: &Fields<'_>, sink: &mut Sink<'_>) {
    bandwidth_of(f, sink, &f.link("ipv6_address_id"), f.int("bandwidth"));
}

/// Internet bandwidth of an IPv6 address. When nobody can tell of which, it is of one that the evidence does not show.
pub(crate) fn bandwidth_of(f: &Fields<'_>, sink: &mut Sink<'_>, of: &Fact<Link<Ipv6Address>>, mbit: Fact<i64>) {
    if of.reason().is_some() {
        sink.put(f, f.unknown(Reason::NotInEvidence), |a: &mut Ipv6Address| a.internet_bandwidth = mbit.clone());
    }
    sink.on(of, |a: &mut Ipv6Address| a.internet_bandwidth = mbit);
}

fn ha_vip(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("id"), |h: &mut HaVip| {
        h.head.name = f.opt_text(if f.has("ha_vip_name") { "ha_vip_name" } else { "havip_name" });
        h.vpc = if f.has("vpc_id") { f.link("vpc_id") } else { f.unknown(Reason::NotInEvidence) };
        h.vswitch = f.link("vswitch_id");
        h.address = f.text("ip_address");
        h.members = documented("terraform-provider-alicloud r/vpc_ha_vip").known(List::complete(vec![]));
    });
}

fn ha_vip_attachment(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let (items, more) = one_item(target(f.link::<NetworkInterface>("instance_id")));
    let vip = f.link(if f.has("ha_vip_id") { "ha_vip_id" } else { "havip_id" });
    sink.append(&vip, |h: &mut HaVip| &mut h.members, items, more);
}

fn prefix_list(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("id"), |p: &mut PrefixList| {
        p.head.name = f.opt_text("prefix_list_name");
        p.entries = texts_of_records(f, "entrys", "cidr");
    });
}

fn flow_log(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("id"), |l: &mut FlowLog| {
        l.head.name = f.opt_text("flow_log_name");
        l.resource_type = resource_type(f.text("resource_type"));
        let kind = l.resource_type.clone();
        l.vpc = only(f, &kind, "vpc", f.link("resource_id"));
        l.vswitch = only(f, &kind, "vswitch", f.link("resource_id"));
        l.network_interface = only(f, &kind, "network-interface", f.link("resource_id"));
        l.active = f.flag_or("status", &["Active"], &["Inactive"], true, "VPC CreateFlowLog: active once made");
        l.traffic = lower(f.text("traffic_type"));
        l.project = target(f.link::<Vpc>("project_name"));
        l.logstore = target(f.link::<Vpc>("log_store_name"));
    });
}

/// `VPC`, `VSwitch`, `NetworkInterface` as the model writes them.
pub(crate) fn resource_type(fact: Fact<Text>) -> Fact<Text> {
    fact.map(|word| {
        if word.eq_ignore_ascii_case("NetworkInterface") {
            "network-interface".into()
        } else {
            word.to_ascii_lowercase()
        }
    })
}

/// The link when the kind is that word, else absent.
pub(crate) fn only<T>(f: &Fields<'_>, kind: &Fact<Text>, word: &str, fact: Fact<T>) -> Fact<T> {
    match &kind.state {
        State::Known(kind) if kind == word => fact,
        State::Known(_) | State::Absent => f.absent(),
        State::Unknown(reason) => f.unknown(reason.clone()),
    }
}

fn peer_connection(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("id"), |p: &mut PeerConnection| {
        p.head.name = f.opt_text("peer_connection_name");
        p.vpc = f.link("vpc_id");
        p.accepting_vpc = f.link("accepting_vpc_id");
        p.accepting_account = f.text("accepting_ali_uid");
        p.status = kebab(f.text("status"));
    });
}

/// Whoever declares the accepter accepts. Source: VpcPeer AcceptVpcPeerConnection.
fn peer_accepter(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.on(&f.link("instance_id"), |p: &mut PeerConnection| p.status = f.known("activated".into()));
}

fn gateway_endpoint(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("id"), |e: &mut GatewayEndpoint| {
        e.head.name = f.opt_text("gateway_endpoint_name");
        e.vpc = f.link("vpc_id");
        e.service = f.text("service_name");
        e.policy = opt_document(f, "policy_document");
    });
}
