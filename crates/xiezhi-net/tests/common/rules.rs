//! Random rules, ACLs and route tables.

#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::missing_docs_in_private_items
)]

use xiezhi_net::model::*;

use super::{Dice, Holes, NETS, NETS6, PORTS, gap, net};

pub fn peer(dice: &mut Dice, holes: Holes, groups: bool, v6: bool) -> Peer {
    if holes.hit(dice) {
        return Peer::Missing(gap(dice));
    }
    match dice.roll(12) {
        0 => Peer::Prefixes((*dice.pick(&["pl-1", "pl-2", "pl-none"])).into()),
        1 if groups => Peer::Group((*dice.pick(&["sg-0", "sg-1", "sg-2"])).into()),
        2 if groups && holes.0 > 0 => Peer::ForeignGroup("sg-foreign".into()),
        3..=5 if v6 => Peer::Nets(dice.some(&NETS6, 2).iter().map(|text| net(text)).collect()),
        _ => Peer::Nets(dice.some(&NETS, 2).iter().map(|text| net(text)).collect()),
    }
}

pub fn ports(dice: &mut Dice, holes: Holes) -> PortMatch {
    if holes.hit(dice) {
        return PortMatch::Missing(gap(dice));
    }
    match dice.roll(8) {
        0 => PortMatch::All,
        1 => PortMatch::List((*dice.pick(&["prl-1", "prl-2"])).into()),
        _ => PortMatch::Ranges(dice.some(&PORTS, 2)),
    }
}

pub fn protocol(dice: &mut Dice, holes: Holes) -> Seen<Protocol> {
    let protocol = *dice.pick(&[
        Protocol::Tcp,
        Protocol::Tcp,
        Protocol::Tcp,
        Protocol::Udp,
        Protocol::All,
        Protocol::Icmp,
        Protocol::Gre,
        Protocol::Icmpv6,
    ]);
    holes.seen(dice, protocol)
}

pub fn rule(dice: &mut Dice, holes: Holes, id: String) -> Rule {
    Rule {
        id: id.into(),
        direction: if dice.once_in(4) { Direction::Egress } else { Direction::Ingress },
        policy: match dice.roll(5) {
            0 => Seen::Absent,
            1 | 2 => holes.seen(dice, Policy::Drop),
            _ => holes.seen(dice, Policy::Accept),
        },
        priority: if dice.once_in(6) {
            Seen::Absent
        } else {
            let priority = *dice.pick(&[1, 2, 3, 50, 99, 100, 101, 110]);
            holes.seen(dice, priority)
        },
        protocol: protocol(dice, holes),
        ports: ports(dice, holes),
        source_ports: if dice.once_in(8) { ports(dice, holes) } else { PortMatch::All },
        peer: peer(dice, holes, true, true),
        own: match dice.roll(10) {
            0 => Seen::Known(vec![net("10.0.1.4/32")]),
            1 if holes.hit(dice) => Seen::Missing(gap(dice)),
            _ => Seen::Absent,
        },
        nic: if dice.once_in(8) { Nic::Internet } else { Nic::Intranet },
    }
}

pub fn group(dice: &mut Dice, holes: Holes, id: &str, kind: GroupKind, rules: u64) -> SecurityGroup {
    let count = dice.roll(rules);
    let mut rules: Vec<Rule> = (0..count).map(|at| rule(dice, holes, format!("{id}/{at}"))).collect();
    if dice.once_in(2) {
        // Without a wide accept nearly everything is dropped and agreement would mean little.
        let wide = |at: &str, protocol: Protocol, nets: &[&str], priority: u32| Rule {
            id: format!("{id}/{at}").into(),
            direction: Direction::Ingress,
            policy: Seen::Known(Policy::Accept),
            priority: Seen::Known(priority),
            protocol: Seen::Known(protocol),
            ports: PortMatch::All,
            source_ports: PortMatch::All,
            peer: Peer::Nets(nets.iter().map(|text| net(text)).collect()),
            own: Seen::Absent,
            nic: Nic::Intranet,
        };
        let priority = *dice.pick(&[1, 50, 100]);
        rules.push(wide("tcp", Protocol::Tcp, &["0.0.0.0/0", "::/0"], priority));
        rules.push(wide("udp", Protocol::Udp, &["0.0.0.0/0"], priority));
    }
    let inner = if dice.once_in(2) { Policy::Accept } else { Policy::Drop };
    SecurityGroup {
        id: id.into(),
        vpc: Some("vpc-1".into()),
        kind: if kind == GroupKind::Basic && dice.once_in(3) { Seen::Absent } else { holes.seen(dice, kind) },
        inner: if dice.once_in(10) { Seen::Absent } else { holes.seen(dice, inner) },
        rules: holes.seen(dice, rules),
    }
}

pub fn acl(dice: &mut Dice, holes: Holes, id: &str) -> NetworkAcl {
    let entries = |dice: &mut Dice, way: &str| {
        let mut list: Vec<AclEntry> = (0..dice.roll(5))
            .map(|at| {
                let version = if dice.once_in(4) { IpVersion::V6 } else { IpVersion::V4 };
                AclEntry {
                    id: format!("{id}/{way}/{at}").into(),
                    policy: if dice.once_in(3) { Policy::Drop } else { Policy::Accept },
                    protocol: protocol(dice, holes),
                    ports: ports(dice, holes),
                    peer: peer(dice, holes, false, version == IpVersion::V6),
                    version,
                }
            })
            .collect();
        if !dice.once_in(3) {
            for (version, all) in [(IpVersion::V4, "0.0.0.0/0"), (IpVersion::V6, "::/0")] {
                list.push(AclEntry {
                    id: format!("{id}/{way}/all").into(),
                    policy: Policy::Accept,
                    protocol: Seen::Known(Protocol::All),
                    ports: PortMatch::All,
                    peer: Peer::Nets(vec![net(all)]),
                    version,
                });
            }
        }
        list
    };
    let (ingress, egress) = (entries(dice, "in"), entries(dice, "out"));
    NetworkAcl { id: id.into(), ingress: holes.seen(dice, ingress), egress: holes.seen(dice, egress) }
}

pub fn table(dice: &mut Dice, holes: Holes, id: &str) -> RouteTable {
    let hops = [
        NextHop::Ipv4Gateway("igw-1".into()),
        NextHop::Ipv4Gateway("igw-1".into()),
        NextHop::Nat("ngw-1".into()),
        NextHop::Instance("i-0".into()),
        NextHop::BalancerEndpoint("ep-gwlb".into()),
        NextHop::Peering("pcc-1".into()),
        NextHop::Attachment("att-1".into()),
        NextHop::Vpn("vpn-1".into()),
        NextHop::Interface("eni-0".into()),
        NextHop::Nat("ngw-1".into()),
    ];
    let mut routes = Vec::new();
    for at in 0..dice.roll(6) {
        let destination = net(dice.pick::<&str>(&[
            "0.0.0.0/0",
            "0.0.0.0/1",
            "8.0.0.0/8",
            "47.0.0.0/8",
            "10.1.0.0/16",
            "10.1.2.0/24",
            "10.2.0.0/16",
            "8.8.8.8/32",
        ]));
        let next = dice.some(&hops, 2);
        let origin = if dice.once_in(5) { RouteOrigin::Propagated } else { RouteOrigin::Own };
        routes.push(Route {
            id: format!("{id}/{at}").into(),
            destination,
            next: if dice.once_in(15) { Seen::Absent } else { holes.seen(dice, next) },
            origin,
        });
    }
    if !dice.once_in(4) {
        let next = dice.pick(&hops[..3]).clone();
        routes.push(Route {
            id: format!("{id}/d").into(),
            destination: net("0.0.0.0/0"),
            next: Seen::Known(vec![next]),
            origin: RouteOrigin::Own,
        });
    }
    if !dice.once_in(3) {
        routes.push(Route {
            id: format!("{id}/6").into(),
            destination: net("::/0"),
            next: Seen::Known(vec![NextHop::Ipv6Gateway("ipv6gw-1".into())]),
            origin: RouteOrigin::Own,
        });
    }
    RouteTable { id: id.into(), vpc: "vpc-1".into(), gateway: None, routes: holes.seen(dice, routes) }
}
