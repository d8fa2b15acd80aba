//! Random estates with every way out to the internet.

#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::missing_docs_in_private_items
)]

use xiezhi_net::model::*;

use super::{Dice, Holes, firewall, gap, net, plumbing};

/// ACLs, routes, gateways, EIPs of every binding, IPv6, SNAT, the internet boundary of Cloud Firewall, other networks, and
/// an instance of the classic network.
pub fn outbound(dice: &mut Dice, holes: Holes) -> Network {
    let mut network = plumbing(dice, holes);
    outward_rules(dice, &mut network);
    translation(dice, holes, &mut network);
    network.firewall = boundary(dice, holes);
    elsewhere(dice, holes, &mut network);
    if dice.once_in(3) {
        shared_gateway(dice, holes, &mut network);
    }
    let mut classic = network.enis.items[0].clone();
    (classic.id, classic.instance) = ("eni-9".into(), Some("i-9".into()));
    (classic.vpc, classic.vswitch, classic.ipv6) = (Seen::Absent, Seen::Absent, vec![]);
    classic.addresses = vec!["10.9.9.9".parse().unwrap()];
    classic.public = vec![Mapped { public: "47.1.0.9".parse().unwrap(), private: "10.9.9.9".parse().unwrap() }];
    network.enis.items.push(classic);
    if holes.hit(dice) {
        network.eips.missing.push("vpc:DescribeEipAddresses page 2".into());
    }
    if holes.hit(dice) {
        network.eips.items.push(Eip {
            id: "eip-u".into(),
            address: "47.1.0.8".parse().unwrap(),
            bound: Seen::Missing(gap(dice)),
            locked: false,
        });
    }
    network
}

/// Some inbound rules become outbound ones, and more tables lead to the NAT gateway. Without a wide accept and with an ACL
/// everywhere nearly everything would be dropped.
fn outward_rules(dice: &mut Dice, network: &mut Network) {
    for group in &mut network.groups.items {
        if let Seen::Known(rules) = &mut group.rules {
            for rule in rules.iter_mut().filter(|_| dice.once_in(3)) {
                rule.direction = Direction::Egress;
            }
            if !dice.once_in(4) {
                rules.push(Rule {
                    id: format!("{}/out", group.id).into(),
                    direction: Direction::Egress,
                    policy: Seen::Known(Policy::Accept),
                    priority: Seen::Known(*dice.pick(&[1, 50, 100])),
                    protocol: Seen::Known(Protocol::All),
                    ports: PortMatch::All,
                    source_ports: PortMatch::All,
                    peer: Peer::Nets(vec![net("0.0.0.0/0"), net("::/0")]),
                    own: Seen::Absent,
                    nic: if dice.once_in(4) { Nic::Internet } else { Nic::Intranet },
                });
            }
        }
    }
    for vswitch in network.vswitches.items.iter_mut().filter(|_| dice.once_in(2)) {
        vswitch.acl = Seen::Absent;
    }
    // Behind an IPv4 gateway a NAT gateway needs two tables that fit each other: most that use one have none.
    let natted = dice.once_in(2);
    if natted {
        network.vpcs.items[0].ipv4_gateway = Seen::Absent;
    }
    for table in &mut network.route_tables.items {
        if let Seen::Known(routes) = &mut table.routes
            && natted
        {
            routes.retain(|route| route.destination != net("0.0.0.0/0") && dice.once_in(2));
            routes.push(Route {
                id: format!("{}/out", table.id).into(),
                destination: net("0.0.0.0/0"),
                next: Seen::Known(vec![NextHop::Nat("ngw-1".into())]),
                origin: RouteOrigin::Own,
            });
        }
    }
}

fn translation(dice: &mut Dice, holes: Holes, network: &mut Network) {
    let sources =
        ["10.0.0.0/16", "10.0.0.0/16", "10.0.1.0/24", "10.0.2.0/24", "10.0.1.4/32", "10.0.1.104/31", "10.0.2.106/32"];
    let entries = (0..dice.roll(6))
        .map(|at| {
            let source = net(dice.pick::<&str>(&sources));
            let addresses = (0..=dice.roll(2)).map(|_| dice.pick(&["47.1.0.6", "47.1.0.16", "47.1.0.1"]));
            let addresses = addresses.map(|text| text.parse().unwrap()).collect();
            Snat {
                id: format!("snat-{at}").into(),
                source: if dice.once_in(20) { Seen::Absent } else { holes.seen(dice, source) },
                addresses: if dice.once_in(20) { Seen::Absent } else { holes.seen(dice, addresses) },
            }
        })
        .collect();
    let nat = &mut network.nats.items[0];
    nat.snat = if dice.once_in(12) { Seen::Absent } else { holes.seen(dice, entries) };
    nat.intranet = dice.once_in(20);
    if holes.hit(dice) {
        nat.dnat = Seen::Missing(gap(dice));
    }
    // A mapping of the whole address takes the place of SNAT, so it stays rare.
    if let Seen::Known(dnat) = &mut nat.dnat {
        dnat.retain(|entry| entry.mapping != Mapping::Whole || dice.once_in(2));
    }
    if dice.once_in(12) {
        nat.id = "ngw-2".into();
    }
}

/// The internet boundary with policies for what leaves.
fn boundary(dice: &mut Dice, holes: Holes) -> Firewall {
    let mut all = firewall(dice, holes).firewall;
    if let Seen::Known(policies) = &mut all.internet.policies {
        for policy in policies.iter_mut() {
            std::mem::swap(&mut policy.source, &mut policy.destination);
            policy.direction = if dice.once_in(6) { Direction::Ingress } else { Direction::Egress };
            if policy.version == IpVersion::V6 {
                policy.source = Peer::Nets(vec![net("::/0")]);
            } else if dice.once_in(2) {
                policy.source = Peer::Nets(vec![net("47.1.0.6/32")]);
            }
        }
    }
    if let Seen::Known(assets) = &mut all.assets {
        for address in ["47.1.0.6", "47.1.0.7", "2408:4001::5", "47.1.0.3", "47.1.0.16"] {
            if dice.once_in(2) {
                let on = holes.seen(dice, true);
                assets.push(FirewallAsset { address: address.parse().unwrap(), on });
            }
        }
    }
    all.outward = std::mem::take(&mut all.internet);
    let nat = firewall(dice, holes).firewall.internet;
    let policies = nat.policies.known().cloned().unwrap_or_default().into_iter();
    let outward = policies.map(|policy| FirewallPolicy {
        direction: Direction::Egress,
        destination: policy.source,
        source: Peer::Nets(vec![net(dice.pick::<&str>(&["0.0.0.0/0", "10.0.1.0/24", "10.0.2.6/32"]))]),
        ..policy
    });
    let outward = outward.collect();
    let on = !dice.once_in(4);
    let border = NatBoundary {
        id: "proxy-1".into(),
        nat: "ngw-1".into(),
        on: holes.seen(dice, on),
        boundary: Boundary { policies: Seen::Known(outward), ..nat },
    };
    all.nats = if dice.once_in(4) { holes.seen(dice, vec![border]) } else { Seen::Absent };
    all
}

/// The vSwitches by which a transit router enters the second VPC.
fn attached_vswitches(dice: &mut Dice, holes: Holes) -> Seen<Vec<Id>> {
    let ids: Vec<Id> = match dice.roll(6) {
        0 => vec![],
        1 => vec!["vsw-9".into()],
        2 => vec!["vsw-3".into(), "vsw-4".into()],
        _ => vec!["vsw-3".into()],
    };
    holes.seen(dice, ids)
}

/// A NAT gateway of the second VPC to which the first one's routes lead over the transit router, and back.
fn shared_gateway(dice: &mut Dice, holes: Holes, network: &mut Network) {
    let route = |id: &str, to: &str, next: NextHop| Route {
        id: id.into(),
        destination: net(to),
        next: Seen::Known(vec![next]),
        origin: RouteOrigin::Own,
    };
    // In most of these estates every link of the way is there.
    let whole = !dice.once_in(3);
    let link = |dice: &mut Dice| whole || !dice.once_in(3);
    if let (true, Some(router)) = (whole, network.transit_routers.items.first_mut()) {
        let to =
            |text: &str, next: &str| TransitRoute { id: text.into(), destination: net(text), next: Some(next.into()) };
        if let Seen::Known(tables) = &mut router.tables {
            tables[0].routes = Seen::Known(vec![to("0.0.0.0/0", "att-2"), to("10.0.0.0/16", "att-1")]);
        }
        if let Seen::Known(attachments) = &mut router.attachments {
            attachments[1].vswitches = Seen::Known(vec!["vsw-3".into()]);
        }
    }
    if link(dice)
        && let Seen::Known(routes) = &mut network.route_tables.items[0].routes
    {
        routes.retain(|known| known.destination.prefix_len() > 1 && !whole && dice.once_in(2));
        routes.push(route("out-1", "0.0.0.0/0", NextHop::Attachment("att-1".into())));
    }
    if let Seen::Known(routes) = &mut network.route_tables.items[1].routes {
        if link(dice) {
            routes.retain(|known| known.destination.prefix_len() > 1 && !whole && dice.once_in(2));
            routes.push(route("out-2", "0.0.0.0/0", NextHop::Nat("ngw-9".into())));
        }
        if link(dice) {
            let to = *dice.pick(&["10.0.0.0/16", "10.0.0.0/16", "10.0.2.0/24"]);
            let next =
                if dice.once_in(3) { NextHop::Peering("pcc-1".into()) } else { NextHop::Attachment("att-2".into()) };
            routes.retain(|known| known.destination != net(to));
            routes.push(route("back-2", to, next));
        }
    }
    let mut other = network.route_tables.items[1].clone();
    other.id = "vtb-4".into();
    if let (Seen::Known(routes), true) = (&mut other.routes, dice.once_in(2)) {
        routes.clear();
    }
    network.route_tables.items.push(other);
    network.vswitches.items.push(VSwitch {
        id: "vsw-4".into(),
        vpc: "vpc-2".into(),
        cidrs: vec![net("10.1.4.0/24")],
        acl: Seen::Absent,
        table: Seen::Known("vtb-4".into()),
    });
    let mut nat = Nat { id: "ngw-9".into(), vpc: "vpc-2".into(), dnat: Seen::Absent, ..network.nats.items[0].clone() };
    if let (Seen::Known(entries), true) = (&mut nat.snat, whole) {
        entries.push(Snat {
            id: "snat-all".into(),
            source: Seen::Known(net("10.0.0.0/8")),
            addresses: Seen::Known(vec!["47.1.0.26".parse().unwrap()]),
        });
    }
    nat.intranet = dice.once_in(20);
    nat.vswitch = if dice.once_in(12) { Seen::Absent } else { holes.seen(dice, "vsw-3".into()) };
    network.nats.items.push(nat);
    if dice.once_in(3) {
        let boundary = firewall(dice, holes).firewall.internet;
        network.firewall.between_vpcs = Seen::Known(vec![VpcBoundary {
            id: "vfw-1".into(),
            vpcs: vec!["vpc-1".into(), "vpc-2".into()],
            pair: dice.once_in(2),
            on: Seen::Known(true),
            boundary,
        }]);
    }
}

/// A peering, a transit router and a VPN to which routes may lead.
fn elsewhere(dice: &mut Dice, holes: Holes, network: &mut Network) {
    let active = dice.once_in(2);
    network.peerings.items.push(Peering {
        id: "pcc-1".into(),
        vpcs: ("vpc-1".into(), "vpc-2".into()),
        active: if dice.once_in(5) { Seen::Absent } else { holes.seen(dice, active) },
    });
    let remote = vec![net(dice.pick::<&str>(&["0.0.0.0/0", "8.0.0.0/8", "10.2.0.0/16"]))];
    network.vpns.items.push(Premises {
        id: "vco-1".into(),
        door: Door::Gateway { gateway: "vpn-1".into(), vpc: Seen::Known("vpc-1".into()) },
        local: Seen::Absent,
        remote: holes.seen(dice, remote),
        up: holes.seen(dice, true),
    });
    if dice.once_in(4) {
        return;
    }
    let attachment = |id: &str, to: Attached| Attachment {
        id: id.into(),
        to,
        table: Seen::Known("rtb-1".into()),
        vswitches: Seen::Absent,
    };
    let mut routes = ["8.0.0.0/8", "0.0.0.0/0", "8.8.8.8/32"]
        .map(|to| TransitRoute {
            id: to.into(),
            destination: net(to),
            next: dice
                .pick(&[None, Some("att-1"), Some("att-2"), Some("att-2"), Some("att-2"), Some("att-3"), Some("att-4")])
                .map(Id::from),
        })
        .to_vec();
    if !dice.once_in(4) {
        let back = *dice.pick(&["10.0.0.0/16", "10.0.0.0/16", "10.0.1.0/24"]);
        routes.push(TransitRoute { id: "back".into(), destination: net(back), next: Some("att-1".into()) });
    }
    let hub = attached_vswitches(dice, holes);
    network.transit_routers.items.push(TransitRouter {
        id: "tr-1".into(),
        attachments: Seen::Known(vec![
            attachment("att-1", Attached::Vpc("vpc-1".into())),
            Attachment { vswitches: hub, ..attachment("att-2", Attached::Vpc("vpc-2".into())) },
            attachment("att-3", Attached::Edge("vbr-1".into())),
            attachment("att-4", Attached::Router("att-4".into())),
        ]),
        tables: Seen::Known(vec![TransitTable { id: "rtb-1".into(), routes: holes.seen(dice, routes) }]),
    });
}
