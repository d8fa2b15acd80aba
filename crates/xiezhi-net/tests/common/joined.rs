//! Random estates whose VPCs are joined with each other and with premises.

#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::missing_docs_in_private_items
)]

use xiezhi_net::model::*;

use super::estates::{firewall, plumbing};
use super::{Dice, Holes, ip, net};

/// Peerings and a transit router between the two VPCs of an estate of ACLs and routes.
pub fn joined(dice: &mut Dice, holes: Holes) -> Network {
    let mut network = plumbing(dice, holes);
    let active = if dice.once_in(5) { Seen::Absent } else { Seen::Known(!dice.once_in(5)) };
    network.peerings.items.push(Peering {
        id: "pcc-1".into(),
        vpcs: ("vpc-1".into(), if dice.once_in(6) { "vpc-3".into() } else { "vpc-2".into() }),
        active,
    });
    let route = |id: &str, to: &str, next: Option<&str>| TransitRoute {
        id: id.into(),
        destination: net(to),
        next: next.map(Id::from),
    };
    let mut routes = vec![route("t1", "10.0.0.0/16", Some("att-1")), route("t2", "10.1.0.0/16", Some("att-2"))];
    if dice.once_in(3) {
        routes.push(route("t3", "10.1.2.0/24", *dice.pick(&[None, Some("att-1"), Some("att-3")])));
    }
    let attachment = |id: &str, to: Attached| Attachment {
        id: id.into(),
        to,
        table: Seen::Known("rtb-1".into()),
        vswitches: Seen::Absent,
    };
    network.transit_routers.items.push(TransitRouter {
        id: "tr-1".into(),
        attachments: Seen::Known(vec![
            attachment("att-1", Attached::Vpc("vpc-1".into())),
            attachment("att-2", Attached::Vpc("vpc-2".into())),
            attachment("att-3", Attached::Router("att-3".into())),
        ]),
        tables: Seen::Known(vec![TransitTable {
            id: "rtb-1".into(),
            routes: if dice.once_in(8) {
                Seen::Missing("cbn:ListTransitRouterRouteEntries".into())
            } else {
                Seen::Known(routes)
            },
        }]),
    });
    for (table, to, hop) in [(0, "10.1.0.0/16", "att-1"), (1, "10.0.0.0/16", "att-2")] {
        if let Seen::Known(routes) = &mut network.route_tables.items[table].routes {
            let next = if dice.once_in(2) { NextHop::Attachment(hop.into()) } else { NextHop::Peering("pcc-1".into()) };
            routes.push(Route {
                id: format!("x-{table}").into(),
                destination: net(to),
                next: Seen::Known(vec![next]),
                origin: RouteOrigin::Own,
            });
        }
    }
    if dice.once_in(3) {
        let mut source = firewall(dice, holes).firewall.internet;
        if let Seen::Known(policies) = &mut source.policies {
            for policy in policies.iter_mut() {
                policy.destination = Peer::Nets(vec![net("10.1.0.0/16")]);
            }
        }
        network.firewall.between_vpcs = Seen::Known(vec![VpcBoundary {
            id: "vfw-1".into(),
            vpcs: if dice.once_in(2) { vec!["vpc-2".into()] } else { vec!["vpc-1".into(), "vpc-2".into()] },
            pair: dice.once_in(3),
            on: Seen::Known(true),
            boundary: source,
        }]);
    }
    network
}

/// Ranges of premises and of the cloud side: some overlap, some touch nothing.
const FAR: [&str; 7] =
    ["192.168.0.0/16", "192.168.7.0/24", "192.168.7.128/25", "10.1.0.0/16", "172.16.0.0/12", "25.0.0.0/8", "0.0.0.0/0"];
const NEAR: [&str; 5] = ["10.0.0.0/8", "10.0.0.0/16", "10.0.1.0/24", "10.0.1.4/31", "0.0.0.0/0"];

fn ranges(dice: &mut Dice, holes: Holes, pool: &[&str]) -> Seen<Vec<ipnet::IpNet>> {
    let nets = dice.some(pool, 2).iter().map(|text| net(text)).collect();
    holes.seen(dice, nets)
}

/// Such an estate with premises at every kind of door: two connections and the clients of one VPN gateway, an attachment
/// of the transit router, a router interface, an Express Connect Router.
pub fn abroad(dice: &mut Dice, holes: Holes) -> Network {
    let mut network = joined(dice, holes);
    // Where nothing may pass nothing is compared: most estates admit the far side.
    if !dice.once_in(6) {
        let open = |direction| {
            let fields = RuleFields {
                ip_protocol: Some("all"),
                port_range: Some("-1/-1"),
                cidr: Some("0.0.0.0/0"),
                priority: Some("1"),
                ..RuleFields::default()
            };
            fields.rule("sgr-open", direction)
        };
        for group in &mut network.groups.items {
            if let Seen::Known(rules) = &mut group.rules {
                rules.retain(|rule| rule.policy != Seen::Known(Policy::Drop));
                rules.extend([open(Direction::Ingress), open(Direction::Egress)]);
            }
        }
        for vswitch in network.vswitches.items.iter_mut().filter(|_| !dice.once_in(3)) {
            vswitch.acl = Seen::Absent;
        }
    }
    let vpc = match dice.roll(8) {
        0 => Seen::Known("vpc-2".into()),
        1 => Seen::Absent,
        _ => holes.seen(dice, "vpc-1".into()),
    };
    let gateway = Door::Gateway { gateway: "vpn-1".into(), vpc };
    let up = |dice: &mut Dice| match dice.roll(9) {
        0 => Seen::Known(false),
        1 => Seen::Absent,
        _ => holes.seen(dice, true),
    };
    for id in ["vco-1", "vco-2"] {
        let (local, remote) = (ranges(dice, holes, &NEAR), ranges(dice, holes, &FAR));
        let up = up(dice);
        network.vpns.items.push(Premises { id: id.into(), door: gateway.clone(), local, remote, up });
    }
    let table = vpn_table(dice, holes);
    network.vpn_tables.items.extend(table);
    let others = [
        ("vss-1", gateway),
        ("vbr-1", Door::Attachment("att-4".into())),
        ("vbr-2", Door::Interface("ri-1".into())),
        ("ecr-1", Door::Ecr("ecr-1".into())),
    ];
    for (id, door) in others {
        let local = if dice.once_in(3) { ranges(dice, holes, &NEAR) } else { Seen::Absent };
        let remote = if dice.once_in(3) { ranges(dice, holes, &FAR) } else { Seen::Absent };
        let up = up(dice);
        network.edges.items.push(Premises { id: id.into(), door, local, remote, up });
    }
    let router = &mut network.transit_routers.items[0];
    if let Seen::Known(attachments) = &mut router.attachments {
        let table = if dice.once_in(10) { Seen::Absent } else { holes.seen(dice, "rtb-1".into()) };
        attachments.push(Attachment {
            id: "att-4".into(),
            to: Attached::Edge("vbr-1".into()),
            table,
            vswitches: Seen::Absent,
        });
    }
    if let Seen::Known(tables) = &mut router.tables
        && let Seen::Known(routes) = &mut tables[0].routes
    {
        for (at, to) in dice.some(&FAR[..6], 2).iter().enumerate() {
            let next = *dice.pick(&[Some("att-4"), Some("att-4"), Some("att-4"), None, Some("att-2"), Some("att-9")]);
            routes.push(TransitRoute {
                id: format!("far-{at}").into(),
                destination: net(to),
                next: next.map(Id::from),
            });
        }
    }
    let hops = [
        NextHop::Vpn("vpn-1".into()),
        NextHop::Attachment("att-1".into()),
        NextHop::RouterInterface("ri-1".into()),
        NextHop::Ecr("ecr-1".into()),
    ];
    let strangers =
        [NextHop::Vpn("vpn-9".into()), NextHop::RouterInterface("ri-9".into()), NextHop::Instance("i-1".into())];
    for table in network.route_tables.items.iter_mut() {
        let Seen::Known(routes) = &mut table.routes else { continue };
        for (at, to) in FAR.iter().enumerate() {
            // A default route of its own stays mostly.
            if dice.once_in(3) || (*to == "0.0.0.0/0" && !dice.once_in(4)) {
                continue;
            }
            let mut next = vec![dice.pick(&hops).clone()];
            if dice.once_in(6) {
                next.push(dice.pick(&strangers).clone());
            }
            routes.retain(|route| route.destination != net(to));
            let origin = if dice.once_in(4) { RouteOrigin::Propagated } else { RouteOrigin::Own };
            let (id, destination) = (format!("{}/far-{at}", table.id).into(), net(to));
            routes.push(Route { id, destination, next: holes.seen(dice, next), origin });
        }
    }
    network
}

/// Routes of the VPN gateway, mostly to its first connection; none once in a while.
fn vpn_table(dice: &mut Dice, holes: Holes) -> Option<VpnTable> {
    if dice.once_in(12) {
        return None;
    }
    let route = |dice: &mut Dice, kind: &str, at: usize, to: &str| {
        let source = (kind == "pbr").then(|| net(dice.pick::<&str>(&NEAR)));
        let next = *dice.pick(&["vco-1", "vco-1", "vco-1", "vco-2", "vco-2", "vco-9"]);
        let next = holes.seen(dice, next.into());
        VpnRoute { id: format!("{kind}-{at}").into(), source, destination: net(to), next }
    };
    let all = |dice: &mut Dice, kind: &str, most: u64| -> Vec<VpnRoute> {
        let to = dice.some(&FAR, most);
        to.iter().enumerate().map(|(at, to)| route(dice, kind, at, to)).collect()
    };
    let mut routes = all(dice, "vr", 2);
    if !dice.once_in(4) {
        routes.push(VpnRoute {
            id: "vr-all".into(),
            source: None,
            destination: net("0.0.0.0/0"),
            next: Seen::Known("vco-1".into()),
        });
    }
    let policies = if !dice.once_in(3) { vec![] } else { all(dice, "pbr", 2) };
    let policies = if dice.once_in(8) { Seen::Absent } else { holes.seen(dice, policies) };
    Some(VpnTable { gateway: "vpn-1".into(), policies, routes: holes.seen(dice, routes) })
}

/// A private endpoint of a managed service in the first VPC: at one address, or somewhere in a range.
pub fn endpoint(dice: &mut Dice) -> ServiceEndpoint {
    let allow = match dice.roll(5) {
        0 => Seen::Absent,
        1 => Seen::Missing("rds:DescribeDBInstanceIPArrayList".into()),
        2 => Seen::Known(vec![net("127.0.0.1/32")]),
        _ => Seen::Known(vec![net(dice.pick::<&str>(&["10.0.0.0/8", "10.0.1.0/24", "0.0.0.0/0"]))]),
    };
    ServiceEndpoint {
        id: "e-1".into(),
        public: if dice.once_in(8) { Seen::Missing("kind of e-1".into()) } else { Seen::Known(dice.once_in(8)) },
        address: match dice.roll(3) {
            0 => None,
            _ => Some(ip(dice.pick::<&str>(&["10.0.1.90", "10.0.2.90"]))),
        },
        within: vec![net(dice.pick::<&str>(&["10.0.1.0/24", "10.0.2.0/24", "10.0.0.0/16"]))],
        vpc: if dice.once_in(8) { None } else { Some("vpc-1".into()) },
        ports: if dice.once_in(8) {
            Seen::Missing("port of e-1".into())
        } else {
            Seen::Known(vec![(3306, 3306), (80, 8080)])
        },
        usual: if dice.once_in(2) { vec![(3306, 3306)] } else { vec![] },
        allow,
        bare: if dice.once_in(4) { vec![IpVersion::V4] } else { vec![] },
        allow_groups: if dice.once_in(2) { Seen::Absent } else { Seen::Known(vec!["sg-1".into()]) },
    }
}
