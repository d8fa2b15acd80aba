//! Network ACLs, flow logs, EIPs, NAT, VPN, CEN and PrivateLink in ROS templates. Source: ROS documentation,
//! `ALIYUN::VPC::*`, `ALIYUN::CEN::*`, `ALIYUN::PrivateLink::*`.

use xiezhi_model::service::cen::{Attachment, AttachmentZone, VbrHealthCheck};
use xiezhi_model::service::ecs::Instance;
use xiezhi_model::service::eip::Eip;
use xiezhi_model::service::nat::{ForwardEntry, Gateway, SnatEntry};
use xiezhi_model::service::privatelink::{Endpoint, EndpointPlace, Service};
use xiezhi_model::service::vpc::{FlowLog, NetworkAcl, VSwitch};
use xiezhi_model::service::vpn;
use xiezhi_model::{Fact, Link, List, Reason, State, Text};

use crate::api::vpc::entries;
use crate::fields::{Fields, documented};
use crate::sink::Sink;
use crate::terraform::Block;
use crate::terraform::map::ecs::texts_of_records;
use crate::terraform::map::eip::{bound_type, eip_mode, type_of};
use crate::terraform::map::vpc::{only, resource_type};
use crate::words::{lower, ports, target, values};

/// The resource types of networks beside VPC and vSwitch.
pub const BLOCKS: &[Block] = &[
    Block { name: "ALIYUN::VPC::NetworkAcl", kind: Some(NetworkAcl::SCHEMA), read: network_acl },
    Block { name: "ALIYUN::VPC::FlowLog", kind: Some(FlowLog::SCHEMA), read: flow_log },
    Block { name: "ALIYUN::VPC::EIP", kind: Some(Eip::SCHEMA), read: eip },
    Block { name: "ALIYUN::VPC::EIPAssociation", kind: None, read: eip_association },
    Block { name: "ALIYUN::VPC::NatGateway", kind: Some(Gateway::SCHEMA), read: nat_gateway },
    // The older names of the same three. Source: ROS documentation, ALIYUN::ECS::{NatGateway,ForwardEntry,SNatEntry}.
    Block { name: "ALIYUN::ECS::NatGateway", kind: Some(Gateway::SCHEMA), read: nat_gateway },
    Block { name: "ALIYUN::ECS::ForwardEntry", kind: Some(ForwardEntry::SCHEMA), read: forward_entry },
    Block { name: "ALIYUN::ECS::SNatEntry", kind: Some(SnatEntry::SCHEMA), read: old_snat_entry },
    Block { name: "ALIYUN::VPC::ForwardEntry", kind: Some(ForwardEntry::SCHEMA), read: forward_entry },
    Block { name: "ALIYUN::VPC::SnatEntry", kind: Some(SnatEntry::SCHEMA), read: snat_entry },
    Block { name: "ALIYUN::VPC::VpnGateway", kind: Some(vpn::Gateway::SCHEMA), read: vpn_gateway },
    Block { name: "ALIYUN::VPC::VpnConnection", kind: Some(vpn::Connection::SCHEMA), read: vpn_connection },
    Block { name: "ALIYUN::VPC::VpnRouteEntry", kind: None, read: vpn_route },
    Block { name: "ALIYUN::VPC::VpnPbrRouteEntry", kind: None, read: vpn_policy },
    Block { name: "ALIYUN::VPC::SslVpnServer", kind: Some(vpn::SslServer::SCHEMA), read: ssl_server },
    Block { name: "ALIYUN::CEN::TransitRouterVpcAttachment", kind: Some(Attachment::SCHEMA), read: vpc_attachment },
    Block { name: "ALIYUN::CEN::TransitRouterPeerAttachment", kind: Some(Attachment::SCHEMA), read: peer_attachment },
    Block { name: "ALIYUN::CEN::CenVbrHealthCheck", kind: Some(VbrHealthCheck::SCHEMA), read: vbr_health_check },
    Block { name: "ALIYUN::PrivateLink::VpcEndpoint", kind: Some(Endpoint::SCHEMA), read: endpoint },
    Block { name: "ALIYUN::PrivateLink::VpcEndpointService", kind: Some(Service::SCHEMA), read: endpoint_service },
];

fn network_acl(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let custom = |list: &str, cidr: &str| {
        // Which entries a new ACL begins with the page of the type does not state.
        if !f.has(list) {
            return f.unknown(Reason::NotInEvidence);
        }
        entries(f, list, cidr).map(|mut list| {
            list.items.iter_mut().for_each(|entry| entry.entry_type = f.known("custom".into()));
            list
        })
    };
    sink.put(f, f.unknown(Reason::NotInEvidence), |a: &mut NetworkAcl| {
        a.head.name = f.opt_text("NetworkAclName");
        a.vpc = f.link("VpcId");
        a.ingress = custom("IngressAclEntries", "SourceCidrIp");
        a.egress = custom("EgressAclEntries", "DestinationCidrIp");
        a.vswitches = f.unknown(Reason::NotInEvidence);
    });
}

fn flow_log(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.unknown(Reason::NotInEvidence), |l: &mut FlowLog| {
        l.head.name = f.opt_text("FlowLogName");
        l.resource_type = resource_type(f.text("ResourceType"));
        let kind = l.resource_type.clone();
        l.vpc = only(f, &kind, "vpc", f.link("ResourceId"));
        l.vswitch = only(f, &kind, "vswitch", f.link("ResourceId"));
        l.network_interface = only(f, &kind, "network-interface", f.link("ResourceId"));
        l.active = documented("VPC CreateFlowLog: active once made").known(true);
        l.traffic = lower(f.text("TrafficType"));
        l.project = target(f.link::<FlowLog>("ProjectName"));
        l.logstore = target(f.link::<FlowLog>("LogStoreName"));
    });
}

fn eip(f: &Fields<'_>, sink: &mut Sink<'_>) {
    const PAGE: &str = "ROS ALIYUN::VPC::EIP";
    sink.put(f, f.unknown(Reason::NotInEvidence), |e: &mut Eip| {
        e.head.name = f.opt_text("Name");
        e.bandwidth = f.int_or("Bandwidth", 5, "VPC AllocateEipAddress");
        e.deletion_protection = f.bool_or("DeletionProtection", false, PAGE);
        e.security_protection = f.opt_texts("SecurityProtectionTypes");
        e.bound_type = documented(PAGE).absent();
        e.bound_to = documented(PAGE).absent();
        e.load_balancer = documented(PAGE).absent();
        e.private_ip = documented(PAGE).absent();
        e.mode = documented(PAGE).known("nat".into());
    });
}

/// What an EIP is bound to: by the word for it, else by the type of the resource that the template names, or the form of
/// an id.
fn eip_binding(f: &Fields<'_>, sink: &Sink<'_>) -> Fact<Text> {
    const TYPES: &[(&str, &str)] = &[
        ("ALIYUN::ECS::Instance", "ecs-instance"),
        ("ALIYUN::ECS::InstanceClone", "ecs-instance"),
        ("ALIYUN::ECS::InstanceGroup", "ecs-instance"),
        ("ALIYUN::ECS::InstanceGroupClone", "ecs-instance"),
        ("ALIYUN::SLB::LoadBalancer", "slb-instance"),
        ("ALIYUN::SLB::LoadBalancerClone", "slb-instance"),
        ("ALIYUN::VPC::NatGateway", "nat"),
        ("ALIYUN::ECS::NatGateway", "nat"),
        ("ALIYUN::ECS::NetworkInterface", "network-interface"),
        ("ALIYUN::VPC::HaVip", "ha-vip"),
        ("ALIYUN::ECS::HaVip", "ha-vip"),
    ];
    if f.has("InstanceType") {
        return bound_type(f.text("InstanceType"));
    }
    let named = target(f.link::<Instance>("InstanceId"));
    match named.value().and_then(|text| sink.type_of(text)) {
        Some(own) => match TYPES.iter().find(|(name, _)| *own == *name) {
            Some((_, word)) => f.known((*word).into()),
            None => f.unknown(Reason::not_understood(format!("an EIP bound to `{own}`"))),
        },
        None => type_of(&named),
    }
}

fn eip_association(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let kind = eip_binding(f, sink);
    let eip = f.link::<Eip>("AllocationId");
    sink.on(&eip, |e: &mut Eip| {
        e.bound_to = target(f.link::<Instance>("InstanceId"));
        e.bound_type = kind.clone();
        e.load_balancer = only(f, &kind, "slb-instance", f.link("InstanceId"));
        e.private_ip = f.opt_text("PrivateIpAddress");
        e.mode = eip_mode(f.text_or("Mode", "NAT", "VPC AssociateEipAddress"));
    });
    let known = kind.value().map(|kind| kind == "ecs-instance");
    let named = target(f.link::<Instance>("InstanceId"));
    // A resource of the template is of its own type.
    if known.unwrap_or_else(|| named.value().is_none_or(|text| sink.type_of(text).is_none())) {
        sink.on(&f.link("InstanceId"), |i: &mut Instance| i.eip = eip.clone());
    }
}

fn nat_gateway(f: &Fields<'_>, sink: &mut Sink<'_>) {
    const PAGE: &str = "ROS ALIYUN::VPC::NatGateway";
    sink.put(f, f.unknown(Reason::NotInEvidence), |g: &mut Gateway| {
        g.head.name = f.opt_text("NatGatewayName");
        g.vpc = f.link("VpcId");
        g.vswitch = f.link("VSwitchId");
        g.network_type = lower(f.text_or("NetworkType", "internet", PAGE));
        g.nat_type = lower(f.text("NatType"));
        g.deletion_protection = f.bool_or("DeletionProtection", false, PAGE);
    });
}

/// The gateway whose table an expression names; a table's own id names none.
fn gateway_of(f: &Fields<'_>, path: &str) -> Fact<Link<Gateway>> {
    let link = f.link::<Gateway>(path);
    match &link.state {
        State::Known(to) if !to.target.contains('#') => f.unknown(Reason::NotInEvidence),
        _ => link,
    }
}

fn forward_entry(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.unknown(Reason::NotInEvidence), |e: &mut ForwardEntry| {
        e.head.name = f.opt_text("ForwardEntryName");
        e.table = target(f.link::<Gateway>("ForwardTableId"));
        e.gateway = gateway_of(f, "ForwardTableId");
        e.protocol = lower(f.text("IpProtocol"));
        e.external_ip = target(f.link::<Eip>("ExternalIp"));
        e.external_ports = ports(f.text("ExternalPort"), &e.protocol);
        e.internal_ip = target(f.link::<Eip>("InternalIp"));
        e.internal_ports = ports(f.text("InternalPort"), &e.protocol);
    });
}

/// One entry per vSwitch of `SourceVSwitchIds`: the stack creates and deletes an entry with each member of the list.
/// Source: ROS ALIYUN::VPC::SnatEntry `SourceVSwitchIds` (`List`, not beside `SourceCIDR`).
fn snat_entry(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let vswitches = f.links::<VSwitch>("SourceVSwitchIds");
    let list = match &vswitches.state {
        State::Known(list) => list,
        State::Absent => return snat_entry_of(f, sink, &SNAT, f.absent()),
        State::Unknown(reason) => return snat_entry_of(f, sink, &SNAT, f.unknown(reason.clone())),
    };
    match (list.items.as_slice(), &list.more) {
        ([], None) => snat_entry_of(f, sink, &SNAT, f.absent()),
        ([one], None) => snat_entry_of(f, sink, &SNAT, f.known(one.clone())),
        (items, more) => {
            for (at, vswitch) in items.iter().enumerate() {
                sink.part(&format!("SourceVSwitchIds[{at}]"), |sink| {
                    snat_entry_of(f, sink, &SNAT, f.known(vswitch.clone()));
                });
            }
            if let Some(reason) = more {
                snat_entry_of(f, sink, &SNAT, f.unknown(reason.clone()));
            }
        }
    }
}

/// The properties of an SNAT entry that its two types call differently.
struct SnatNames {
    table: &'static str,
    address: &'static str,
}

const SNAT: SnatNames = SnatNames { table: "SnatTableId", address: "SnatIp" };

/// The older type: one vSwitch, `SourceVSwitchId`. Source: ROS ALIYUN::ECS::SNatEntry.
fn old_snat_entry(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let names = SnatNames { table: "SNatTableId", address: "SNatIp" };
    snat_entry_of(f, sink, &names, f.link("SourceVSwitchId"));
}

fn snat_entry_of(f: &Fields<'_>, sink: &mut Sink<'_>, names: &SnatNames, vswitch: Fact<Link<VSwitch>>) {
    sink.put(f, f.unknown(Reason::NotInEvidence), |e: &mut SnatEntry| {
        e.head.name = f.opt_text("SnatEntryName");
        e.table = target(f.link::<Gateway>(names.table));
        e.gateway = gateway_of(f, names.table);
        e.source_cidr = f.opt_text("SourceCIDR");
        e.source_vswitch = vswitch;
        e.addresses = match target(f.link::<Eip>(names.address)).state {
            State::Known(one) if one.contains('#') => f.known(List::complete(vec![one])),
            _ => f.texts(names.address),
        };
    });
}

fn vpn_gateway(f: &Fields<'_>, sink: &mut Sink<'_>) {
    const PAGE: &str = "ROS ALIYUN::VPC::VpnGateway";
    sink.put(f, f.unknown(Reason::NotInEvidence), |g: &mut vpn::Gateway| {
        g.head.name = f.opt_text("Name");
        g.vpc = f.link("VpcId");
        g.vswitch = f.link("VSwitchId");
        g.second_vswitch = f.link("DisasterRecoveryVSwitchId");
        g.ssl_vpn = f.bool_or("EnableSsl", false, PAGE);
        g.ipsec_vpn = f.bool_or("EnableIpsec", true, PAGE);
        g.network_type = lower(f.text_or("NetworkType", "public", PAGE));
        g.policies = documented(PAGE).known(List::complete(vec![]));
        g.routes = documented(PAGE).known(List::complete(vec![]));
    });
}

/// Source: ROS ALIYUN::VPC::VpnRouteEntry.
fn vpn_route(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let route = vpn::Route { source: f.absent(), destination: f.text("RouteDest"), connection: f.link("NextHop") };
    sink.append(&f.link("VpnGatewayId"), |g: &mut vpn::Gateway| &mut g.routes, vec![route], None);
}

/// Source: ROS ALIYUN::VPC::VpnPbrRouteEntry.
fn vpn_policy(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let route =
        vpn::Route { source: f.text("RouteSource"), destination: f.text("RouteDest"), connection: f.link("NextHop") };
    sink.append(&f.link("VpnGatewayId"), |g: &mut vpn::Gateway| &mut g.policies, vec![route], None);
}

fn vpn_connection(f: &Fields<'_>, sink: &mut Sink<'_>) {
    const PAGE: &str = "ROS ALIYUN::VPC::VpnConnection";
    let encryption = |of: &Fields<'_>, path: &str| -> Fact<Text> { lower(of.text_or(path, "aes", PAGE)) };
    sink.put(f, f.unknown(Reason::NotInEvidence), |c: &mut vpn::Connection| {
        c.head.name = f.opt_text("Name");
        c.gateway = f.link("VpnGatewayId");
        c.local = f.texts("LocalSubnet");
        c.remote = f.texts("RemoteSubnet");
        let two = f.has("TunnelOptionsSpecification");
        let own = |block: &str, path: &str| {
            if two && !f.has(block) { documented(PAGE).absent() } else { encryption(f, path) }
        };
        c.ike_encryption = own("IkeConfig", "IkeConfig.IkeEncAlg");
        c.ipsec_encryption = own("IpsecConfig", "IpsecConfig.IpsecEncAlg");
        c.tunnels = f.opt_records("TunnelOptionsSpecification", |t| vpn::Tunnel {
            role: lower(t.text("Role")),
            ike_encryption: encryption(&t, "TunnelIkeConfig.IkeEncAlg"),
            ipsec_encryption: encryption(&t, "TunnelIpsecConfig.IpsecEncAlg"),
            established: t.unknown(Reason::NotInEvidence),
        });
        c.health_check = f.bool_or("HealthCheckConfig.Enable", false, PAGE);
        c.writes_routes = f.bool_or("AutoConfigRoute", true, PAGE);
        let bgp = if f.has("EnableTunnelsBgp") { "EnableTunnelsBgp" } else { "BgpConfig.EnableBgp" };
        c.bgp = f.bool_or(bgp, false, PAGE);
    });
}

fn ssl_server(f: &Fields<'_>, sink: &mut Sink<'_>) {
    const PAGE: &str = "ROS ALIYUN::VPC::SslVpnServer";
    sink.put(f, f.unknown(Reason::NotInEvidence), |s: &mut vpn::SslServer| {
        s.head.name = f.opt_text("Name");
        s.gateway = f.link("VpnGatewayId");
        s.cipher = lower(f.text_or("Cipher", "AES-128-CBC", PAGE));
        s.two_factor = f.bool_or("EnableMultiFactorAuth", false, PAGE);
        s.local = f.texts("LocalSubnet");
        s.client_cidr = f.text("ClientIpPool");
    });
}

fn attachment(f: &Fields<'_>, sink: &mut Sink<'_>, kind: &str, attached: Fact<Text>) {
    sink.put(f, f.unknown(Reason::NotInEvidence), |a: &mut Attachment| {
        a.head.name = f.opt_text("TransitRouterAttachmentName");
        a.transit_router = f.link("TransitRouterId");
        a.attached_type = f.known(kind.into());
        a.vpc = if kind == "vpc" { f.link("VpcId") } else { f.absent() };
        a.attached = attached;
        a.zones = if kind == "vpc" {
            f.records("ZoneMappings", |z| AttachmentZone { zone: z.text("ZoneId"), vswitch: z.link("VSwitchId") })
        } else {
            f.known(List::complete(vec![]))
        };
        a.bandwidth = if kind == "peer" { f.int("Bandwidth") } else { f.absent() };
        a.publishes_routes = if kind == "vpc" { f.bool("AutoPublishRouteEnabled") } else { f.absent() };
    });
}

fn vpc_attachment(f: &Fields<'_>, sink: &mut Sink<'_>) {
    attachment(f, sink, "vpc", target(f.link::<Attachment>("VpcId")));
}

fn peer_attachment(f: &Fields<'_>, sink: &mut Sink<'_>) {
    attachment(f, sink, "peer", target(f.link::<Attachment>("PeerTransitRouterId")));
}

fn vbr_health_check(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.unknown(Reason::NotInEvidence), |h: &mut VbrHealthCheck| {
        h.cen = f.link("CenId");
        h.vbr = target(f.link::<VbrHealthCheck>("VbrInstanceId"));
    });
}

fn endpoint(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.unknown(Reason::NotInEvidence), |e: &mut Endpoint| {
        e.head.name = f.opt_text("EndpointName");
        e.vpc = f.link("VpcId");
        e.endpoint_type = lower(f.text_or("EndpointType", "Interface", "ROS ALIYUN::PrivateLink::VpcEndpoint"));
        e.service = f.link("ServiceId");
        e.service_name = f.opt_text("ServiceName");
        e.security_groups = f.links("SecurityGroupId");
        e.zones = texts_of_records(f, "Zone", "ZoneId");
        // The service makes them, and no resource of a template is one: `places` says where they stand.
        e.interfaces = f.unknown(Reason::NotInEvidence);
        // Nor does it say whether the provider's side has accepted it.
        e.connection = f.unknown(Reason::NotInEvidence);
        e.places = f.opt_records("Zone", |z| EndpointPlace {
            zone: z.text("ZoneId"),
            vswitch: z.link("VSwitchId"),
            address: z.text("Ip"),
        });
    });
}

fn endpoint_service(f: &Fields<'_>, sink: &mut Sink<'_>) {
    const PAGE: &str = "ROS ALIYUN::PrivateLink::VpcEndpointService";
    sink.put(f, f.unknown(Reason::NotInEvidence), |s: &mut Service| {
        s.auto_accept = f.bool_or("AutoAcceptEnabled", false, PAGE);
        s.resource_type = lower(f.text_or("ServiceResourceType", "slb", PAGE));
        s.resources = f.opt_records("Resource", |r| target(r.link::<Service>("ResourceId"))).map(values);
        s.zones = texts_of_records(f, "Resource", "ZoneId");
    });
}
