//! VPCs, vSwitches, network ACLs, route tables and gateways.

use ipnet::IpNet;
use xiezhi_model::service::vpc::{self, AclEntry as Entry, Ipv4Gateway, Ipv6Gateway, Vpc};
use xiezhi_model::service::{cloudfw, nat};
use xiezhi_model::{Fact, Head, Link, List, Reason, SourceKind, State, Text};
use xiezhi_net::model::{
    AclEntry, Id, IpVersion, NetworkAcl, NextHop, Peer, PortMatch, Protocol, Route, RouteOrigin, RouteTable, Seen,
    VSwitch, net,
};

use super::super::evidence::Listed;
use super::convert::{Converter, id_of, ranges};
use super::groups::policy;

/// The VPCs, with their gateways.
pub(super) fn vpcs(converter: &mut Converter<'_>) -> Vec<xiezhi_net::model::Vpc> {
    let inventory = converter.inventory;
    let (of_v4, of_v6) = (Listed::of::<Ipv4Gateway>(inventory), Listed::of::<Ipv6Gateway>(inventory));
    let v4: Vec<Gateway<'_>> = inventory
        .all::<Ipv4Gateway>()
        .iter()
        .map(|gateway| Gateway { head: &gateway.head, vpc: &gateway.vpc, enabled: Some(&gateway.enabled) })
        .collect();
    let v6: Vec<Gateway<'_>> = inventory
        .all::<Ipv6Gateway>()
        .iter()
        .map(|gateway| Gateway { head: &gateway.head, vpc: &gateway.vpc, enabled: None })
        .collect();
    inventory
        .all::<Vpc>()
        .iter()
        .map(|vpc| {
            let mut cidrs: Vec<IpNet> = [&vpc.cidr, &vpc.ipv6_cidr].iter().filter_map(|c| net(c.value()?)).collect();
            for list in [&vpc.secondary_cidrs, &vpc.user_cidrs] {
                cidrs.extend(list.value().into_iter().flat_map(|list| &list.items).filter_map(|text| net(text)));
            }
            xiezhi_net::model::Vpc {
                id: id_of(&vpc.head),
                cidrs,
                ipv4_gateway: gateway(converter, &vpc.head, "IPv4 gateway", &v4, &of_v4),
                ipv6_gateway: gateway(converter, &vpc.head, "IPv6 gateway", &v6, &of_v6),
            }
        })
        .collect()
}

struct Gateway<'a> {
    head: &'a Head,
    vpc: &'a Fact<Link<Vpc>>,
    /// Whether it is activated; `None` for a kind that always is.
    enabled: Option<&'a Fact<bool>>,
}

/// The gateway of a VPC: found, certainly none, or missing because one may be its own.
fn gateway(converter: &mut Converter<'_>, vpc: &Head, what: &str, all: &[Gateway<'_>], listed: &Listed) -> Seen<Id> {
    let own = id_of(vpc);
    let mut doubt = listed.gap_of(vpc).cloned();
    for gateway in all {
        let of = match &gateway.vpc.state {
            State::Known(link) => Some(converter.follow(gateway.head, link)),
            State::Absent => continue,
            State::Unknown(reason) => {
                doubt = doubt.or_else(|| Some(reason.clone()));
                None
            }
        };
        if of.as_ref() != Some(&own) {
            continue;
        }
        match gateway.enabled.map(|enabled| &enabled.state) {
            None | Some(State::Known(true)) => {
                converter.rests(&own, gateway.vpc);
                return Seen::Known(id_of(gateway.head));
            }
            Some(State::Known(false) | State::Absent) => {}
            Some(State::Unknown(reason)) => doubt = doubt.or_else(|| Some(reason.clone())),
        }
    }
    match doubt {
        Some(reason) => Seen::Missing(converter.gap(format!("{what} of {own}"), &reason)),
        None => Seen::Absent,
    }
}

/// The vSwitches. One whose VPC is not known cannot be placed, and what stands in it has an unknown VPC.
pub(super) fn vswitches(converter: &mut Converter<'_>) -> Vec<VSwitch> {
    let inventory = converter.inventory;
    let mut all = Vec::new();
    for vswitch in inventory.all::<vpc::VSwitch>() {
        let Seen::Known(vpc) = converter.link(&vswitch.head, "VPC", &vswitch.vpc) else { continue };
        all.push(VSwitch {
            id: id_of(&vswitch.head),
            vpc,
            cidrs: [&vswitch.cidr, &vswitch.ipv6_cidr].iter().filter_map(|cidr| net(cidr.value()?)).collect(),
            acl: converter.link(&vswitch.head, "network ACL", &vswitch.network_acl),
            table: table_of(converter, vswitch),
        });
    }
    all
}

/// The route table that a vSwitch names, else the one that names it.
fn table_of(converter: &mut Converter<'_>, vswitch: &vpc::VSwitch) -> Seen<Id> {
    let own = id_of(&vswitch.head);
    if vswitch.route_table.reason().is_some() {
        for table in converter.inventory.all::<vpc::RouteTable>() {
            let named = table.vswitches.value().into_iter().flat_map(|list| &list.items);
            if named.map(|link| converter.follow(&table.head, link)).any(|id| id == own) {
                return Seen::Known(id_of(&table.head));
            }
        }
    }
    converter.link(&vswitch.head, "route table", &vswitch.route_table)
}

/// The network ACLs, their entries in order.
pub(super) fn acls(converter: &mut Converter<'_>) -> Vec<NetworkAcl> {
    let inventory = converter.inventory;
    inventory
        .all::<vpc::NetworkAcl>()
        .iter()
        .map(|acl| NetworkAcl {
            id: id_of(&acl.head),
            ingress: entries(converter, &acl.head, "ingress entries", &acl.ingress),
            egress: entries(converter, &acl.head, "egress entries", &acl.egress),
        })
        .collect()
}

fn entries(converter: &mut Converter<'_>, acl: &Head, what: &str, fact: &Fact<List<Entry>>) -> Seen<Vec<AclEntry>> {
    let own = id_of(acl);
    let inventory = converter.inventory;
    let read = |list: &List<Entry>| {
        if let Some(reason) = &list.more {
            return Err(reason.clone());
        }
        let mut ordered: Vec<(i64, AclEntry)> = Vec::with_capacity(list.items.len());
        for (at, item) in list.items.iter().enumerate() {
            let order = known(&item.order, "the order")?;
            let name =
                item.id.value().map_or_else(|| format!("{own} {what} {}", at.saturating_add(1)), Text::to_string);
            let word = known(&item.protocol, "the protocol")?;
            let protocol =
                Protocol::parse(&word).ok_or_else(|| Reason::not_understood(format!("the protocol `{word}`")))?;
            let ports = match protocol {
                Protocol::Tcp | Protocol::Udp => PortMatch::Ranges(ranges(&known(&item.ports, "the ports")?)?),
                _ => PortMatch::All,
            };
            let far = known(&item.cidr, "the range")?;
            let peer = match net(&far) {
                Some(net) => Peer::Nets(vec![net]),
                None => {
                    let list = inventory.follow_as::<vpc::PrefixList>(Some(acl), &far);
                    Peer::Prefixes(list.map_or_else(|| Id::from(far.as_str()), |list| id_of(&list.head)))
                }
            };
            let version = match known(&item.ip_version, "the family")?.as_str() {
                "ipv6" => IpVersion::V6,
                "ipv4" => IpVersion::V4,
                other => return Err(Reason::not_understood(format!("the family `{other}`"))),
            };
            let policy = policy(&known(&item.policy, "the policy")?)?;
            let entry = AclEntry { id: name.into(), policy, protocol: Seen::Known(protocol), ports, peer, version };
            ordered.push((order, entry));
        }
        ordered.sort_by_key(|(order, _)| *order);
        Ok(ordered.into_iter().map(|(_, entry)| entry).collect())
    };
    converter.seen(&own, what, fact, read)
}

/// The value of a field that decides; why it is not known otherwise.
pub(super) fn known<T: Clone>(fact: &Fact<T>, what: &str) -> Result<T, Reason> {
    match &fact.state {
        State::Known(value) => Ok(value.clone()),
        State::Absent => Err(Reason::not_understood(format!("{what} is not there"))),
        State::Unknown(reason) => Err(reason.clone()),
    }
}

/// The route tables, with the routes that are available. A VPN gateway may publish those to the ranges behind it.
pub(super) fn route_tables(converter: &mut Converter<'_>, behind: Vec<(IpNet, Seen<Id>)>) -> Vec<RouteTable> {
    let inventory = converter.inventory;
    let mut all = Vec::new();
    let mut defaults = system_defaults(converter);
    defaults.extend(behind.into_iter().map(|(destination, vpc)| SystemDefault {
        destination,
        vpcs: vec![vpc],
        in_custom: true,
    }));
    for table in inventory.all::<vpc::RouteTable>() {
        let Seen::Known(vpc) = converter.link(&table.head, "VPC", &table.vpc) else { continue };
        let id = id_of(&table.head);
        let routes = converter.seen(&id, "routes", &table.routes, |list| routes(inventory, &table.head, list));
        let routes = with_system_defaults(converter, table, &vpc, routes, &defaults);
        let routes = led_back(converter, &id, routes);
        let gateway = table.gateway.value().map(|name| {
            let v4 = inventory.follow_as::<Ipv4Gateway>(Some(&table.head), name).map(|gateway| &gateway.head);
            let v6 = || inventory.follow_as::<Ipv6Gateway>(Some(&table.head), name).map(|gateway| &gateway.head);
            v4.or_else(v6).map_or_else(|| Id::from(name.as_str()), id_of)
        });
        all.push(RouteTable { id, vpc, gateway, routes });
    }
    all
}

/// The routes of a table as they lead past Cloud Firewall: a firewall before a NAT gateway takes over the routes to the
/// gateway while it is on, so that these name an interface of its own. Source: Cloud Firewall, CreateSecurityProxy
/// `NatRouteEntryList` (the routes that are switched) and "NAT firewalls" (routes are switched when one is turned on).
fn led_back(converter: &Converter<'_>, table: &Id, routes: Seen<Vec<Route>>) -> Seen<Vec<Route>> {
    let Seen::Known(mut list) = routes else { return routes };
    for firewall in converter.inventory.all::<cloudfw::NatFirewall>() {
        let (Some(true), Some(link)) = (firewall.active.value(), firewall.gateway.value()) else { continue };
        let nat = converter.follow(&firewall.head, link);
        for text in firewall.routes.value().into_iter().flat_map(|routes| &routes.items) {
            let switched = text.split_once(' ').and_then(|(of, to)| Some((Id::from(of), net(to)?)));
            let Some((_, destination)) = switched.filter(|(of, _)| of == table) else { continue };
            for route in list.iter_mut().filter(|route| route.destination == destination) {
                if matches!(route.next.known().map(Vec::as_slice), Some([NextHop::Interface(_)])) {
                    route.next = Seen::Known(vec![NextHop::Nat(nat.clone())]);
                }
            }
        }
    }
    Seen::Known(list)
}

/// A route that the system adds by itself in some VPCs, or may, and code does not declare.
struct SystemDefault {
    destination: IpNet,
    /// The VPCs of the gateways for which it is added; of one that is not known, any.
    vpcs: Vec<Seen<Id>>,
    /// Whether tables of the user's own have it too.
    in_custom: bool,
}

/// `::/0` in a VPC with an IPv6 gateway, `0.0.0.0/0` in the system table of one with an internet NAT gateway. Source: VPC,
/// "Create and manage an IPv6 gateway" (IPv6 routes); NAT Gateway, CreateNatGateway and "Create and manage an Internet
/// NAT gateway" (only for the first, and only where no such route stands yet).
fn system_defaults(converter: &mut Converter<'_>) -> Vec<SystemDefault> {
    let inventory = converter.inventory;
    let v6 = inventory.all::<Ipv6Gateway>().iter();
    let of_v6 = v6.map(|one| converter.link(&one.head, "VPC", &one.vpc)).collect();
    let nats = inventory.all::<nat::Gateway>().iter();
    let to_internet = nats.filter(|one| one.network_type.value().is_none_or(|kind| kind != "intranet"));
    let of_nat = to_internet.map(|one| converter.link(&one.head, "VPC", &one.vpc)).collect();
    vec![
        SystemDefault { destination: IpNet::V6(ipnet::Ipv6Net::default()), vpcs: of_v6, in_custom: true },
        SystemDefault { destination: IpNet::V4(ipnet::Ipv4Net::default()), vpcs: of_nat, in_custom: false },
    ]
}

/// The routes of a table that code declares, with those of the system that it leaves out: whether they stand is open.
fn with_system_defaults(
    converter: &mut Converter<'_>,
    table: &vpc::RouteTable,
    vpc: &Id,
    routes: Seen<Vec<Route>>,
    defaults: &[SystemDefault],
) -> Seen<Vec<Route>> {
    let Seen::Known(mut list) = routes else { return routes };
    if table.head.origin.source.kind == SourceKind::Api {
        return Seen::Known(list);
    }
    let custom = table.table_type.value().is_some_and(|kind| kind == "custom");
    for default in defaults.iter().filter(|default| default.in_custom || !custom) {
        let here = default.vpcs.iter().any(|of| of.known().is_none_or(|of| of == vpc));
        // A declared route to a VPN gateway that covers the range is the one that was meant.
        let covers = |route: &Route| {
            let to_vpn = route.next.known().is_some_and(|hops| hops.iter().any(|hop| matches!(hop, NextHop::Vpn(_))));
            to_vpn && route.destination.contains(&default.destination)
        };
        if here && list.iter().all(|route| route.destination != default.destination && !covers(route)) {
            let id = id_of(&table.head);
            let open = converter.gap(format!("routes of {id}"), &Reason::NotInEvidence);
            list.push(Route {
                id: format!("{id} {}", default.destination).into(),
                destination: default.destination,
                next: Seen::Missing(open),
                origin: RouteOrigin::Own,
            });
        }
    }
    Seen::Known(list)
}

fn routes(inventory: &xiezhi_model::Inventory, table: &Head, list: &List<vpc::Route>) -> Result<Vec<Route>, Reason> {
    if let Some(reason) = &list.more {
        return Err(reason.clone());
    }
    let mut all = Vec::with_capacity(list.items.len());
    for (at, route) in list.items.iter().enumerate() {
        if known(&route.status, "the status")? != "available" {
            continue;
        }
        let text = known(&route.destination, "the destination")?;
        let destination = net(&text).ok_or_else(|| Reason::not_understood(format!("the destination `{text}`")))?;
        let hops = known(&route.next_hops, "the next hop")?;
        if let Some(reason) = &hops.more {
            return Err(reason.clone());
        }
        let next: Result<Vec<NextHop>, Reason> = hops.items.iter().map(|hop| next_hop(inventory, table, hop)).collect();
        let name = route
            .id
            .value()
            .map_or_else(|| format!("{} route {}", id_of(table), at.saturating_add(1)), Text::to_string);
        let learned = route.route_type.value().is_some_and(|kind| matches!(kind.as_str(), "bgp" | "cen" | "ecr"));
        all.push(Route {
            id: name.into(),
            destination,
            next: Seen::Known(next?),
            origin: if learned { RouteOrigin::Propagated } else { RouteOrigin::Own },
        });
    }
    Ok(all)
}

fn next_hop(inventory: &xiezhi_model::Inventory, table: &Head, hop: &vpc::NextHop) -> Result<NextHop, Reason> {
    use xiezhi_model::service::expressconnect::RouterInterface;
    use xiezhi_model::service::{cen, ecs, nat, privatelink, vpn};
    let kind = known(&hop.hop_type, "the kind of next hop")?;
    if kind == "local" {
        return Ok(NextHop::Local);
    }
    let target = known(&hop.target, "the next hop")?;
    let from = Some(table);
    let plain = || Id::from(target.as_str());
    fn head<R: xiezhi_model::Resource>(found: Option<&R>) -> Option<Id> {
        found.map(|found| id_of(found.head()))
    }
    Ok(match kind.as_str() {
        "instance" => {
            NextHop::Instance(head(inventory.follow_as::<ecs::Instance>(from, &target)).unwrap_or_else(plain))
        }
        "network-interface" => {
            NextHop::Interface(head(inventory.follow_as::<ecs::NetworkInterface>(from, &target)).unwrap_or_else(plain))
        }
        "ha-vip" => NextHop::HaVip(head(inventory.follow_as::<vpc::HaVip>(from, &target)).unwrap_or_else(plain)),
        "nat-gateway" => NextHop::Nat(head(inventory.follow_as::<nat::Gateway>(from, &target)).unwrap_or_else(plain)),
        "ipv4-gateway" => {
            NextHop::Ipv4Gateway(head(inventory.follow_as::<Ipv4Gateway>(from, &target)).unwrap_or_else(plain))
        }
        "ipv6-gateway" => {
            NextHop::Ipv6Gateway(head(inventory.follow_as::<Ipv6Gateway>(from, &target)).unwrap_or_else(plain))
        }
        "vpn-gateway" => NextHop::Vpn(head(inventory.follow_as::<vpn::Gateway>(from, &target)).unwrap_or_else(plain)),
        "vpc-peer" => {
            NextHop::Peering(head(inventory.follow_as::<vpc::PeerConnection>(from, &target)).unwrap_or_else(plain))
        }
        "router-interface" => {
            NextHop::RouterInterface(head(inventory.follow_as::<RouterInterface>(from, &target)).unwrap_or_else(plain))
        }
        "attachment" => {
            NextHop::Attachment(head(inventory.follow_as::<cen::Attachment>(from, &target)).unwrap_or_else(plain))
        }
        "gateway-endpoint" => NextHop::GatewayEndpoint(plain()),
        "ecr" => NextHop::Ecr(plain()),
        "gateway-load-balancer-endpoint" => NextHop::BalancerEndpoint(
            head(inventory.follow_as::<privatelink::Endpoint>(from, &target)).unwrap_or_else(plain),
        ),
        other => return Err(Reason::not_understood(format!("the next hop `{other}`"))),
    })
}
