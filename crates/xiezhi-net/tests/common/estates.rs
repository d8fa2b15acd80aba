//! Random estates from several generators.

#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::missing_docs_in_private_items
)]

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::IpNet;

use xiezhi_net::model::*;

use super::rules::{acl, group, peer, ports, protocol, table};
use super::{Dice, Holes, NETS, PORTS, gap, ip, net};

fn lists(dice: &mut Dice, holes: Holes, network: &mut Network) {
    for id in ["pl-1", "pl-2"] {
        let entries = dice.some(&NETS, 3).iter().map(|text| net(text)).collect();
        network.prefix_lists.items.push(PrefixList {
            id: id.into(),
            entries: if dice.once_in(5) { Seen::Absent } else { holes.seen(dice, entries) },
        });
    }
    for id in ["prl-1", "prl-2"] {
        let entries = dice.some(&PORTS, 3);
        network.port_lists.items.push(PortList {
            id: id.into(),
            entries: if dice.once_in(5) { Seen::Absent } else { holes.seen(dice, entries) },
        });
    }
}

fn eni(dice: &mut Dice, holes: Holes, at: u8, vpc: &str, vswitch: &str, address: Ipv4Addr) -> Eni {
    let groups: Vec<Id> = (0..=dice.roll(2)).map(|_| Id::from(*dice.pick(&["sg-0", "sg-1", "sg-2"]))).collect();
    let second = Ipv4Addr::from(u32::from(address) + 100);
    Eni {
        id: format!("eni-{at}").into(),
        instance: Some(format!("i-{at}").into()),
        vpc: holes.seen(dice, vpc.into()),
        vswitch: holes.seen(dice, vswitch.into()),
        addresses: vec![address, second],
        ipv6: vec![],
        public: vec![],
        groups: holes.seen(dice, groups),
    }
}

/// Two VPCs with three vSwitches and a few interfaces; every generator starts from it.
fn base(dice: &mut Dice, holes: Holes, rules: u64) -> Network {
    let mut network = Network::default();
    lists(dice, holes, &mut network);
    let kind = if dice.once_in(4) { GroupKind::Advanced } else { GroupKind::Basic };
    for id in ["sg-0", "sg-1", "sg-2"] {
        let group = group(dice, holes, id, kind, rules);
        if !(holes.0 > 0 && dice.once_in(12)) {
            network.groups.items.push(group);
        }
    }
    for (id, cidr) in [("vpc-1", "10.0.0.0/16"), ("vpc-2", "10.1.0.0/16")] {
        network.vpcs.items.push(Vpc {
            id: id.into(),
            cidrs: vec![net(cidr), net("2408:4001::/40")],
            ipv4_gateway: Seen::Absent,
            ipv6_gateway: Seen::Absent,
        });
    }
    for (id, vpc, cidr) in
        [("vsw-1", "vpc-1", "10.0.1.0/24"), ("vsw-2", "vpc-1", "10.0.2.0/24"), ("vsw-3", "vpc-2", "10.1.2.0/24")]
    {
        network.vswitches.items.push(VSwitch {
            id: id.into(),
            vpc: vpc.into(),
            cidrs: vec![net(cidr)],
            acl: Seen::Absent,
            table: Seen::Known(format!("vtb-{vpc}").into()),
        });
    }
    for id in ["vtb-vpc-1", "vtb-vpc-2"] {
        let mut table = table(dice, holes, id);
        table.vpc = id.trim_start_matches("vtb-").into();
        network.route_tables.items.push(table);
    }
    for (at, (vpc, vswitch, address)) in [
        ("vpc-1", "vsw-1", "10.0.1.4"),
        ("vpc-1", "vsw-1", "10.0.1.5"),
        ("vpc-1", "vsw-2", "10.0.2.6"),
        ("vpc-2", "vsw-3", "10.1.2.7"),
    ]
    .into_iter()
    .enumerate()
    {
        let eni = eni(dice, holes, at as u8, vpc, vswitch, address.parse().unwrap());
        network.enis.items.push(eni);
    }
    if holes.hit(dice) && dice.once_in(2) {
        network.enis.missing.push("ecs:DescribeNetworkInterfaces page 2".into());
    }
    network
}

fn bind(network: &mut Network, id: &str, address: &str, to: Bound, private: Option<&str>, mode: EipMode) {
    let binding = Binding { to, private: private.map(|text| text.parse().unwrap()), mode };
    network.eips.items.push(Eip { id: id.into(), address: ip(address), bound: Seen::Known(binding), locked: false });
}

/// Groups and rules: an interface with two EIPs, one of them for its secondary address, and a classic instance.
pub fn groups(dice: &mut Dice, holes: Holes) -> Network {
    let mut network = base(dice, holes, 9);
    bind(&mut network, "eip-0", "47.1.0.1", Bound::Instance("i-0".into()), None, EipMode::Nat);
    bind(&mut network, "eip-1", "47.1.0.2", Bound::Interface("eni-0".into()), Some("10.0.1.104"), EipMode::Multi);
    let mut classic = eni(dice, holes, 9, "", "", "10.9.9.9".parse().unwrap());
    (classic.vpc, classic.vswitch) = (Seen::Absent, Seen::Absent);
    classic.public = vec![Mapped { public: "47.1.0.9".parse().unwrap(), private: "10.9.9.9".parse().unwrap() }];
    network.enis.items.push(classic);
    network
}

/// An endpoint of a Gateway Load Balancer in a vSwitch of its own, or in several; in some estates nobody saw it.
fn in_line(dice: &mut Dice, holes: Holes, network: &mut Network) {
    let mut table = table(dice, holes, "vtb-ep");
    if let Seen::Known(routes) = &mut table.routes {
        // Behind an appliance most go on; some come back to it.
        let again = dice.once_in(6);
        for route in routes.iter_mut() {
            let known =
                route.next.known().is_some_and(|hops| hops.contains(&NextHop::BalancerEndpoint("ep-gwlb".into())));
            if known && !again {
                route.next = Seen::Known(vec![NextHop::Nat("ngw-1".into())]);
            }
        }
    }
    network.route_tables.items.push(table);
    network.vswitches.items.push(VSwitch {
        id: "vsw-ep".into(),
        vpc: "vpc-1".into(),
        cidrs: vec![net("10.0.9.0/24")],
        acl: Seen::Absent,
        table: holes.seen(dice, "vtb-ep".into()),
    });
    if dice.once_in(4) {
        return;
    }
    let vswitches = match dice.roll(8) {
        0 => vec![],
        1 => vec!["vsw-ep".into(), "vsw-2".into()],
        _ => vec!["vsw-ep".into()],
    };
    let appliances = match dice.roll(5) {
        0 => Seen::Absent,
        1 => Seen::Known(vec![]),
        _ => holes.seen(dice, vec!["i-fw".into()]),
    };
    let connected = if dice.once_in(8) { Seen::Absent } else { Seen::Known(!dice.once_in(8)) };
    network.inline_endpoints.items.push(InlineEndpoint {
        id: "ep-gwlb".into(),
        vswitches: holes.seen(dice, vswitches),
        connected,
        appliances,
    });
}

/// ACLs, routes, gateways, IPv6, cut-through, virtual addresses and NAT.
pub fn plumbing(dice: &mut Dice, holes: Holes) -> Network {
    let mut network = base(dice, holes, 5);
    for id in ["nacl-1", "nacl-2"] {
        let acl = acl(dice, holes, id);
        network.acls.items.push(acl);
    }
    for vswitch in &mut network.vswitches.items {
        vswitch.acl = match dice.roll(3) {
            0 => Seen::Absent,
            1 => Seen::Known("nacl-1".into()),
            _ => holes.seen(dice, "nacl-2".into()),
        };
    }
    in_line(dice, holes, &mut network);
    network.vpcs.items[0].ipv6_gateway =
        if dice.once_in(8) { Seen::Absent } else { holes.seen(dice, "ipv6gw-1".into()) };
    if dice.once_in(2) {
        network.vpcs.items[0].ipv4_gateway = holes.seen(dice, "igw-1".into());
        if dice.once_in(3) {
            let mut steering = table(dice, holes, "vtb-gw");
            steering.gateway = Some("igw-1".into());
            if let Seen::Known(routes) = &mut steering.routes {
                routes.push(Route {
                    id: "vtb-gw/x".into(),
                    destination: net("10.0.1.0/24"),
                    next: Seen::Known(vec![
                        dice.pick(&[
                            NextHop::Local,
                            NextHop::Instance("i-1".into()),
                            NextHop::BalancerEndpoint("ep-gwlb".into()),
                        ])
                        .clone(),
                    ]),
                    origin: RouteOrigin::Own,
                });
            }
            network.route_tables.items.push(steering);
        }
    }
    if dice.once_in(3) {
        let next = dice.pick(&[NextHop::Local, NextHop::BalancerEndpoint("ep-gwlb".into())]).clone();
        let route = Route {
            id: "vtb-gw6/x".into(),
            destination: net(dice.pick::<&str>(&["2408:4001::/64", "::/0", "2408:4001::9/128"])),
            next: Seen::Known(vec![next]),
            origin: RouteOrigin::Own,
        };
        network.route_tables.items.push(RouteTable {
            id: "vtb-gw6".into(),
            vpc: "vpc-1".into(),
            gateway: Some("ipv6gw-1".into()),
            routes: holes.seen(dice, vec![route]),
        });
    }
    bind(&mut network, "eip-0", "47.1.0.1", Bound::Instance("i-0".into()), None, EipMode::Nat);
    bind(&mut network, "eip-c", "47.1.0.3", Bound::Interface("eni-1".into()), None, EipMode::CutThrough);
    bind(&mut network, "eip-h", "47.1.0.4", Bound::HaVip("havip-1".into()), None, EipMode::Nat);
    bind(
        &mut network,
        "eip-a",
        "47.1.0.5",
        Bound::Address("vpc-1".into(), dice.pick(&["10.0.2.6", "10.0.2.9"]).parse().unwrap()),
        None,
        EipMode::Nat,
    );
    bind(&mut network, "eip-n", "47.1.0.6", Bound::Nat("ngw-1".into()), None, EipMode::Nat);
    network.havips.items.push(HaVip {
        id: "havip-1".into(),
        vpc: "vpc-1".into(),
        address: "10.0.1.200".parse().unwrap(),
        members: Seen::Known(vec!["i-0".into(), "eni-1".into()]),
    });
    let public = dice.once_in(4);
    let bandwidth = holes.seen(dice, !public);
    let egress_only = match dice.roll(5) {
        0 => Seen::Known(vec!["ipv6-0".into()]),
        1 => Seen::Known(vec!["ipv6gw-1".into()]),
        _ => holes.seen(dice, vec![]),
    };
    network.enis.items[0].ipv6.push(Ipv6 {
        id: Some("ipv6-0".into()),
        address: "2408:4001::5".parse().unwrap(),
        bandwidth,
        egress_only,
    });
    network.enis.items[2]
        .public
        .push(Mapped { public: "47.1.0.7".parse().unwrap(), private: "10.0.2.6".parse().unwrap() });
    let mapping = |dice: &mut Dice| match dice.roll(5) {
        0 => Mapping::Whole,
        1 => Mapping::Ports { protocol: Protocol::Udp, external: (53, 60), internal: 22 },
        2 => Mapping::Ports { protocol: Protocol::Tcp, external: (8000, 8100), internal: 20 },
        _ => Mapping::Ports {
            protocol: Protocol::Tcp,
            external: (22, 22),
            internal: *PORTS.map(|(low, _)| low).get(dice.roll(12) as usize).unwrap(),
        },
    };
    let dnat = ["10.0.1.4", "10.0.1.5", "10.0.2.6", "10.0.1.99"]
        .into_iter()
        .enumerate()
        .map(|(at, internal)| Dnat {
            id: format!("fwd-{at}").into(),
            external: "47.1.0.6".parse().unwrap(),
            internal: internal.parse().unwrap(),
            mapping: if holes.hit(dice) { Mapping::Missing(gap(dice)) } else { mapping(dice) },
        })
        .collect();
    let addresses = if dice.once_in(3) {
        vec!["10.0.2.250".parse().unwrap()]
    } else {
        vec!["10.0.2.250".parse().unwrap(), "10.0.1.251".parse().unwrap()]
    };
    network.nats.items.push(Nat {
        id: "ngw-1".into(),
        vpc: "vpc-1".into(),
        vswitch: holes.seen(dice, "vsw-2".into()),
        intranet: false,
        addresses: holes.seen(dice, addresses),
        dnat: Seen::Known(dnat),
        snat: Seen::Absent,
    });
    network
}

/// Load balancers of every kind before backends of every kind.
pub fn balancers(dice: &mut Dice, holes: Holes) -> Network {
    let mut network = base(dice, holes, 6);
    let nacl = acl(dice, holes, "nacl-1");
    network.acls.items.push(nacl);
    for vswitch in &mut network.vswitches.items {
        vswitch.acl = if dice.once_in(2) { Seen::Absent } else { holes.seen(dice, "nacl-1".into()) };
    }
    for id in ["acl-1", "acl-2"] {
        let entries: Vec<IpNet> =
            if dice.once_in(3) { vec![] } else { dice.some(&NETS, 3).iter().map(|text| net(text)).collect() };
        network.access_lists.items.push(AccessList {
            id: id.into(),
            entries: if dice.once_in(6) { Seen::Absent } else { holes.seen(dice, entries) },
        });
    }
    let kinds = [BalancerKind::Clb, BalancerKind::Alb, BalancerKind::Nlb, BalancerKind::Clb];
    for (at, kind) in kinds.into_iter().enumerate() {
        let listeners = (0..=dice.roll(3))
            .map(|number| {
                let protocol = match kind {
                    BalancerKind::Alb => {
                        *dice.pick(&[ListenerProtocol::Http, ListenerProtocol::Https, ListenerProtocol::Quic])
                    }
                    BalancerKind::Nlb => {
                        *dice.pick(&[ListenerProtocol::Tcp, ListenerProtocol::Udp, ListenerProtocol::TcpSsl])
                    }
                    _ => *dice.pick(&[
                        ListenerProtocol::Tcp,
                        ListenerProtocol::Udp,
                        ListenerProtocol::Http,
                        ListenerProtocol::Https,
                    ]),
                };
                let low = *dice.pick(&[22, 80, 443, 1000]);
                let targets = [
                    BackendTo::Instance("i-0".into()),
                    BackendTo::Interface("eni-1".into()),
                    BackendTo::Instance("i-2".into()),
                    BackendTo::Address(ip("10.0.2.6")),
                    BackendTo::Address(ip("10.0.1.77")),
                    BackendTo::Other("fc-1".into()),
                    BackendTo::Instance("i-unseen".into()),
                ];
                let backends = (0..dice.roll(4))
                    .map(|_| {
                        let takes = !dice.once_in(6);
                        Backend {
                            to: dice.pick(&targets).clone(),
                            port: if dice.once_in(4) { None } else { Some(*dice.pick(&[22, 80, 8080, 3306])) },
                            takes_flows: holes.seen(dice, takes),
                        }
                    })
                    .collect();
                let (running, preserve) = (!dice.once_in(8), dice.once_in(2));
                let access = AccessControl {
                    kind: if dice.once_in(2) { AccessKind::White } else { AccessKind::Black },
                    lists: if dice.once_in(6) {
                        Seen::Absent
                    } else {
                        let ids = dice.some(
                            &["acl-1".into(), "acl-2".into(), "acl-unseen".into()][..if holes.0 > 0 { 3 } else { 2 }],
                            2,
                        );
                        holes.seen(dice, ids)
                    },
                    legacy: dice.once_in(4),
                };
                Listener {
                    id: format!("lb-{at}/{number}").into(),
                    protocol,
                    ports: if kind == BalancerKind::Nlb && dice.once_in(2) { (low, low + 60) } else { (low, low) },
                    running: holes.seen(dice, running),
                    redirect: dice.once_in(8),
                    access: if dice.once_in(3) { Seen::Absent } else { holes.seen(dice, access) },
                    backends: holes.seen(dice, backends),
                    preserve_client: if dice.once_in(3) { Seen::Absent } else { holes.seen(dice, preserve) },
                }
            })
            .collect();
        let local = dice.some(&[ip("10.0.1.20"), ip("10.0.2.20"), ip("10.0.1.21")], 2);
        let vswitches = dice.some(&["vsw-1".into(), "vsw-2".into()], 1);
        let groups = dice.some(&["sg-0".into(), "sg-1".into(), "sg-2".into()], 2);
        network.balancers.items.push(Balancer {
            id: format!("lb-{at}").into(),
            kind,
            vpc: Seen::Known("vpc-1".into()),
            public: Seen::Known(if at == 3 {
                vec![]
            } else {
                vec![
                    IpAddr::V4(Ipv4Addr::new(47, 2, 0, at as u8)),
                    IpAddr::V6(Ipv6Addr::new(0x2408, 0x4002, 0, 0, 0, 0, 0, at as u16)),
                ]
            }),
            private: vec![],
            local: if dice.once_in(10) { Seen::Absent } else { holes.seen(dice, local) },
            vswitches: holes.seen(dice, vswitches),
            groups: if dice.once_in(2) { Seen::Absent } else { holes.seen(dice, groups) },
            listeners: Seen::Known(listeners),
        });
    }
    bind(&mut network, "eip-lb", "47.2.0.33", Bound::Balancer("lb-3".into()), None, EipMode::Nat);
    network
}

/// Cloud Firewall before interfaces, and managed services with allow-lists.
pub fn firewall(dice: &mut Dice, holes: Holes) -> Network {
    let mut network = base(dice, holes, 4);
    bind(&mut network, "eip-0", "47.1.0.1", Bound::Instance("i-0".into()), None, EipMode::Nat);
    bind(&mut network, "eip-1", "47.1.0.2", Bound::Instance("i-1".into()), None, EipMode::Nat);
    let policies = (0..dice.roll(7))
        .map(|at| {
            let (narrow, v6) = (dice.once_in(3), dice.once_in(8));
            FirewallPolicy {
                id: format!("cfw-{at}").into(),
                order: ((at * 7) % 11) as u32,
                direction: if dice.once_in(6) { Direction::Egress } else { Direction::Ingress },
                action: *dice.pick(&[
                    FirewallAction::Accept,
                    FirewallAction::Drop,
                    FirewallAction::Drop,
                    FirewallAction::Monitor,
                ]),
                enabled: !dice.once_in(6),
                permanent: !dice.once_in(8),
                source: peer(dice, holes, false, v6),
                destination: if dice.once_in(2) {
                    Peer::Nets(vec![net("0.0.0.0/0")])
                } else {
                    Peer::Nets(vec![net("47.1.0.1/32")])
                },
                protocol: protocol(dice, holes),
                ports: ports(dice, holes),
                narrow: holes.seen(dice, narrow),
                version: if v6 { IpVersion::V6 } else { IpVersion::V4 },
            }
        })
        .collect();
    let strict = dice.once_in(2);
    network.firewall.internet = Boundary {
        strict: if dice.once_in(6) { Seen::Absent } else { holes.seen(dice, strict) },
        policies: holes.seen(dice, policies),
    };
    network.firewall.assets = if dice.once_in(8) {
        Seen::Absent
    } else {
        let on = !dice.once_in(6);
        let assets = vec![
            FirewallAsset { address: ip("47.1.0.1"), on: Seen::Known(on) },
            FirewallAsset { address: ip("47.1.0.2"), on: holes.seen(dice, on) },
        ];
        holes.seen(dice, assets)
    };
    let endpoints = (0..3)
        .map(|at| {
            let public = !dice.once_in(4);
            let (allow, ports) = (dice.some(&NETS, 3).iter().map(|text| net(text)).collect(), dice.some(&PORTS, 2));
            ServiceEndpoint {
                id: format!("rds-1/{at}").into(),
                public: holes.seen(dice, public),
                address: if at == 2 { None } else { Some(IpAddr::V4(Ipv4Addr::new(47, 3, 0, at))) },
                within: vec![],
                vpc: None,
                ports: holes.seen(dice, ports),
                usual: if dice.once_in(2) { vec![(3306, 3306)] } else { vec![] },
                allow: if dice.once_in(8) { Seen::Absent } else { holes.seen(dice, allow) },
                bare: if dice.once_in(4) { vec![IpVersion::V4] } else { vec![] },
                allow_groups: Seen::Known(vec!["sg-0".into()]),
            }
        })
        .collect();
    network.services.items.push(Service {
        id: "rds-1".into(),
        product: "rds".into(),
        endpoints: Seen::Known(endpoints),
    });
    network
}

/// A generator: it makes an estate out of choices and a rate of missing evidence.
pub type Generator = fn(&mut Dice, Holes) -> Network;

/// Every generator by name.
pub const GENERATORS: [(&str, Generator); 4] =
    [("groups", groups), ("plumbing", plumbing), ("balancers", balancers), ("firewall", firewall)];
